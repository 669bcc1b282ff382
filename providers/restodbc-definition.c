/* restodbc-definition: what a definition's author asks. `check` tells every fault, `tables` what there is to query.
 *
 * Faults go to the standard error as "file:line: …"; the exit status is 1 when there are some, 2 for a wrong call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "providers/definition/definition.h"

/* One run. */
struct run {
    struct arena arena;
    const char *grammar;             /* NULL: beside the definition's folder, else the installed one */
    const char *schema;              /* NULL: every one */
    const char **told;               /* faults that have been told: schemas share files */
    size_t told_count;
};

static int usage(FILE *to)
{
    fputs("usage: restodbc-definition check [--grammar FILE] FILE...\n"
          "       restodbc-definition tables [--grammar FILE] [--schema NAME] FILE\n", to);
    return to == stdout ? 0 : 2;
}

static void out_of_memory(void)
{
    fputs("restodbc-definition: out of memory\n", stderr);
    exit(2);
}

static void tell(void *context, const char *fault)
{
    struct run *run = context;

    for (size_t i = 0; i < run->told_count; i++)
        if (strcmp(run->told[i], fault) == 0)
            return;
    const char **told = realloc(run->told, (run->told_count + 1) * sizeof *told);
    if (!told || !(told[run->told_count] = arena_text(&run->arena, fault)))
        out_of_memory();
    run->told = told;
    run->told_count++;
    fprintf(stderr, "%s\n", fault);
}

/* The grammar stands beside the folder that the definition is in, as the driver looks for it below Location, or where it is installed. */
static const char *grammar_for(struct run *run, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *beside = arena_printf(&run->arena, "%.*s../provider.rng", slash ? (int)(slash - file) + 1 : 0, file);

    if (!beside)
        out_of_memory();
    return run->grammar ? run->grammar : access(beside, R_OK) == 0 ? beside : PKGDATADIR "/providers/provider.rng";
}

/* NULL when it can not be used; all faults have been told then. */
static struct definition *open_one(struct run *run, const char *file, const char *schema)
{
    struct definition *definition;
    struct error err = {0};

    if (definition_inspect(file, grammar_for(run, file), schema, tell, run, &definition, &err))
        return definition;
    tell(run, err.message); /* unless it has been */
    return NULL;
}

static size_t usable_tables(const struct definition *definition)
{
    size_t count = 0;
    for (size_t i = 0; i < definition->table_count; i++)
        count += !definition->tables[i]->table.fault;
    return count;
}

/* One definition in all its schemas. */
static void check(struct run *run, const char *file)
{
    size_t before = run->told_count, schemas = 1;

    for (size_t i = 0; i < schemas; i++) {
        struct definition *definition = open_one(run, file, NULL);
        if (definition && i > 0) {
            struct definition *other = open_one(run, file, definition->schemas[i]);
            definition_close(definition);
            definition = other;
        }
        if (!definition)
            return;
        schemas = definition->schema_count ? definition->schema_count : 1;
        if (run->told_count == before)
            printf("%s: %s%s%s has %zu tables and %zu procedures\n", file, definition->name, definition->schema ? " " : "",
                   definition->schema ? definition->schema : "", usable_tables(definition), definition->procedure_count);
        definition_close(definition);
    }
}

/* "Id  bigint  key, = in". */
static void print_column(const struct definition_table *table, size_t at)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];
    char type[40];
    unsigned ops = 0;

    type_print(&column->type, type, sizeof type);
    printf("  %-32s %-16s%s%s", column->name, type, column->key ? " key" : "", column->pseudo ? " input" : "");
    if (column->references_table)
        printf(" -> %s.%s", column->references_table, column->references_column);
    for (size_t i = 0; i < detail->filter_count; i++)
        ops |= detail->filters[i].ops;
    for (int op = FILTER_EQUAL; op <= FILTER_IS_NOT_NULL; op++)
        if (ops >> op & 1)
            printf(" %s", definition_op_name((enum filter_op)op));
    putchar('\n');
}

static void print_table(const struct definition_table *table)
{
    printf("%s%s\n", table->table.name, table->table.kind == TABLE_VIEW ? " (view)" : "");
    for (size_t i = 0; i < table->endpoint_count; i++) {
        const struct definition_endpoint *endpoint = &table->endpoints[i];
        printf("  %s %s%s%s\n", endpoint->method, endpoint->path.source[0] ? endpoint->path.source : "/", endpoint->parent ? " for each row of " : "",
               endpoint->parent ? endpoint->parent->table.name : "");
    }
    for (size_t i = 0; i < table->table.column_count; i++)
        print_column(table, i);
}

static void tables(struct run *run, const char *file)
{
    struct definition *definition = open_one(run, file, run->schema);

    if (!definition)
        return;
    for (size_t i = 0; i < definition->table_count; i++)
        if (!definition->tables[i]->table.fault)
            print_table(definition->tables[i]);
    for (size_t i = 0; i < definition->procedure_count; i++) {
        const struct procedure *procedure = &definition->procedures[i]->procedure;
        printf("%s(", procedure->name);
        for (size_t j = 0; j < procedure->input_count; j++)
            printf("%s%s", j ? ", " : "", procedure->inputs[j].name);
        puts(")");
    }
    definition_close(definition);
}

int main(int count, char **words)
{
    struct run run = {0};
    const char *command = count > 1 ? words[1] : "";
    bool checks = strcmp(command, "check") == 0;
    int at = 2;

    if (strcmp(command, "--help") == 0)
        return usage(stdout);
    if (!checks && strcmp(command, "tables") != 0)
        return usage(stderr);
    for (; at + 1 < count && words[at][0] == '-'; at += 2) {
        const char **option = strcmp(words[at], "--grammar") == 0 ? &run.grammar : strcmp(words[at], "--schema") == 0 && !checks ? &run.schema : NULL;
        if (!option)
            return usage(stderr);
        *option = words[at + 1];
    }
    if (at >= count || words[at][0] == '-' || (!checks && at + 1 != count))
        return usage(stderr);
    for (; at < count; at++)
        checks ? check(&run, words[at]) : tables(&run, words[at]);
    bool faulty = run.told_count > 0;
    free(run.told);
    arena_clear(&run.arena);
    return faulty ? 1 : 0;
}
