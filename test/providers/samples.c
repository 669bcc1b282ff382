/* `make check-samples`: decodes payloads that a service's documentation shows, or that were typed again after it, through the definition,
 * and tells for each resource how many of their members some column reads. A member that none reads, a value that does not fit its
 * column, a sample that no line speaks of and a table without a sample are failures.
 *
 * The arguments are lists, one for a service. A list names what belongs together, a line each:
 *
 *   definition providers/shop/shop.xml   the definition, below the source tree
 *   schema V3                            which of its schemas; may be missing
 *   samples shop/payloads                where the samples stand, below the folder that SAMPLES= names
 *   fixtures test/providers/samples/shop.json   what is taken without SAMPLES: an object, file name → payload
 *   Orders.list*: Orders OrderLines      files, and the tables and procedures that read them
 *   Orders.whole*: Orders@one            an answer of the table's endpoint of that name; without one, of whichever there is
 *   Orders.one* in /orders/0: Orders     the file is one part of a page, which stands there
 *   out files *-request*: why            files that nothing reads
 *   out /meta: why                       members that nothing reads, with all that is inside: a pattern of paths, * is one name
 *   unseen Orders: why                   a table without a sample
 */
#include <dirent.h>
#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/warnings.h"
#include "providers/definition/definition.h"
#include "providers/rows/decode.h"
#include "samples_list.h"
#include "sources.h"

enum { MOST_RESOURCES = 200, LONGEST_PATH = 2048 };

struct resource {
    char name[64];
    unsigned samples, rows, members, unread;
};

struct run {
    struct sample_list list;
    struct definition *definition;
    struct resource resources[MOST_RESOURCES];
    size_t resource_count;
    json_t *seen;                    /* tables that have read rows */
    unsigned failures;
};

/* ---- Which members columns read: paths of a page, in an object ---- */

static const char *below(const char *path, const char *name, char *room)
{
    snprintf(room, LONGEST_PATH, "%s/%s", path, name);
    return room;
}

static void mark(json_t *read, const json_t *value, const char *path)
{
    char room[LONGEST_PATH], number[24];
    const char *name;
    json_t *inner;
    size_t i;

    json_object_set_new(read, path, json_true());
    json_object_foreach((json_t *)value, name, inner)
        mark(read, inner, below(path, name, room));
    json_array_foreach(value, i, inner) {
        snprintf(number, sizeof number, "%zu", i);
        mark(read, inner, below(path, number, room));
    }
}

static bool meets(const json_t *element, const struct path_step *step)
{
    for (size_t i = 0; i < step->condition_count; i++) {
        const json_t *member = json_object_get(element, step->conditions[i].key);
        const char *text = json_is_true(member) ? "true" : json_is_false(member) ? "false" : json_string_value(member);
        if (!text || strcmp(text, step->conditions[i].value) != 0)
            return false;
    }
    return true;
}

/* Goes along a path; *path grows with it. NULL when it is not there. */
static const json_t *along(const json_t *value, const struct path *steps, char *path)
{
    char room[LONGEST_PATH];

    for (size_t i = 0; i < steps->length && value; i++) {
        const struct path_step *step = &steps->steps[i];
        value = json_object_get(value, step->name);
        strcpy(path, below(path, step->name, room));
        if (step->condition_count == 0 || !json_is_array(value))
            continue;
        size_t chosen = 0;
        while (chosen < json_array_size(value) && !meets(json_array_get(value, chosen), step))
            chosen++;
        snprintf(room, sizeof room, "%zu", chosen);
        strcat(strcat(path, "/"), room);
        value = json_array_get(value, chosen);
    }
    return value;
}

/* Where one is: the rows around the row, the outermost first. */
struct row_stack {
    const json_t *page;              /* what is around them all */
    const json_t *values[16];
    char paths[16][LONGEST_PATH];
    size_t depth;
};

static void mark_cells(json_t *read, const struct definition_table *table, const struct shape *shape, const struct row_stack *stack)
{
    char path[LONGEST_PATH];

    for (size_t i = 0; i < table->table.column_count; i++)
        for (size_t j = 0; j < shape->columns[i].at_count; j++) {
            const struct place *place = &shape->columns[i].at[j];
            if (place->up > stack->depth || place->kind == PLACE_KEY || place->kind == PLACE_INDEX)
                continue;
            bool page = place->up == stack->depth;
            size_t at = page ? 0 : stack->depth - 1 - place->up;
            const json_t *from = page ? stack->page : stack->values[at];
            strcpy(path, page ? "" : stack->paths[at]);
            const json_t *value = place->kind == PLACE_SELF ? from : along(from, &place->path, path);
            if (value)
                mark(read, value, path);
        }
}

static void mark_rows(json_t *read, const struct definition_table *table, const struct shape *shape, const struct row_place *place, size_t level,
                      struct row_stack *stack)
{
    char path[LONGEST_PATH], number[24];
    const char *name;
    json_t *inner;
    size_t i;

    strcpy(path, stack->depth ? stack->paths[stack->depth - 1] : "");
    const json_t *value = along(stack->values[stack->depth ? stack->depth - 1 : 0], &place->levels[level], path);
    if (!value)
        return;
    json_object_set_new(read, path, json_true());
    bool last = level + 1 == place->level_count;
    size_t depth = stack->depth++;
    if (last && !place->many) {
        stack->values[depth] = value;
        strcpy(stack->paths[depth], path);
        mark_cells(read, table, shape, stack);
    }
    for (void *member = json_object_iter((json_t *)value); member && (!last || place->many); member = json_object_iter_next((json_t *)value, member)) {
        name = json_object_iter_key(member);
        stack->values[depth] = json_object_iter_value(member);
        below(path, name, stack->paths[depth]);
        if (last)
            mark_cells(read, table, shape, stack);
        else
            mark_rows(read, table, shape, place, level + 1, stack);
    }
    json_array_foreach(value, i, inner) {
        snprintf(number, sizeof number, "%zu", i);
        stack->values[depth] = inner;
        below(path, number, stack->paths[depth]);
        if (last)
            mark_cells(read, table, shape, stack);
        else
            mark_rows(read, table, shape, place, level + 1, stack);
    }
    stack->depth = depth;
}

static void mark_paging(json_t *read, const json_t *page, const struct path *paths, size_t count)
{
    char path[LONGEST_PATH];
    for (size_t i = 0; i < count; i++) {
        path[0] = '\0';
        const json_t *value = along(page, &paths[i], path);
        if (value)
            mark(read, value, path);
    }
}

/* ---- Decoding ---- */

/* Decodes a page as one endpoint has it. The rows there are; -1 after telling what is wrong. */
static int decode(struct run *run, const char *sample, const struct definition_table *table, const struct shape *shape, const char *body)
{
    struct warnings warnings = {0};
    struct decoder *decoder;
    struct error err = {0};
    bool needed[1024], found = true;
    int rows = 0;

    for (size_t i = 0; i < table->table.column_count; i++)
        needed[i] = true;
    if (!decoder_open(shape, needed, &warnings, &decoder, &err))
        abort();
    bool good = decoder_page(decoder, body, strlen(body), &err);
    while (good && found) {
        decoder_batch(decoder);
        good = decoder_next(decoder, 0, &found, &err);
        rows += good && found;
    }
    if (!good)
        printf("  %s: %s\n", sample, err.message);
    for (const struct warning *warning; (warning = warnings_next(&warnings)); good = false)
        printf("  %s: %s\n", sample, warning->message);
    run->failures += !good;
    warnings_clear(&warnings);
    decoder_close(decoder);
    return good ? rows : -1;
}

/* What one table or procedure reads of a page. The number of rows. */
static unsigned read_by(struct run *run, const char *sample, const struct definition_table *table, const struct shape *shape, const json_t *page,
                        json_t *read)
{
    static struct row_stack stack;
    char *body = json_dumps(page, JSON_COMPACT);
    int rows = decode(run, sample, table, shape, body);

    free(body);
    for (size_t i = 0; i < shape->row_count; i++) {
        stack.depth = 0;
        stack.values[0] = stack.page = page;
        mark_rows(read, table, shape, &shape->rows[i], 0, &stack);
    }
    mark_paging(read, page, shape->more, shape->more_count);
    mark_paging(read, page, shape->next, shape->next_count);
    mark_paging(read, page, shape->total, shape->total_count);
    if (rows > 0)
        json_object_set_new(run->seen, table->table.name, json_true());
    return rows > 0 ? (unsigned)rows : 0;
}

static const struct definition_procedure *procedure_named(const struct definition *definition, const char *name)
{
    for (size_t i = 0; i < definition->procedure_count; i++)
        if (name_equal(definition->procedures[i]->procedure.name, name))
            return definition->procedures[i];
    return NULL;
}

/* Whether a page can be of an endpoint: a list of a table that has single rows too, or the other way round, is not. */
static bool fits(const struct definition_table *table, const struct shape *shape, const json_t *page)
{
    const struct row_place *place = &shape->rows[0];
    bool list = place->level_count == 1 && place->levels[0].length == 0 && place->many;
    return table->endpoint_count == 1 || (json_is_array(page) ? place->levels[0].length == 0 && place->many : !list);
}

/* All that the named reader reads: of a table, as each of its endpoints has it, or that behind @. */
static unsigned read_page(struct run *run, const char *sample, const char *named, const json_t *page, json_t *read)
{
    char reader[128];
    size_t length = strcspn(named, "@");
    const char *endpoint = named[length] ? named + length + 1 : NULL;

    snprintf(reader, sizeof reader, "%.*s", (int)length, named);
    const struct definition_table *table = definition_table(run->definition, reader);
    const struct definition_procedure *procedure = procedure_named(run->definition, reader);
    unsigned rows = 0;

    if (procedure) {
        struct definition_table answer = {.table = procedure->answer};
        return read_by(run, sample, &answer, &procedure->shape, page, read);
    }
    if (!table || table->table.fault) {
        printf("  %s: there is no table %s%s%s\n", sample, reader, table ? ": " : "", table ? table->table.fault : "");
        run->failures++;
        return 0;
    }
    for (size_t i = 0; i < table->endpoint_count; i++) {
        if (endpoint && strcmp(table->endpoints[i].name, endpoint) != 0)
            continue;
        const struct shape *shape = &table->endpoints[i].shape;
        unsigned here = fits(table, shape, page) ? read_by(run, sample, table, shape, page, read) : 0;
        rows = here > rows ? here : rows;
    }
    return rows;
}

/* ---- What was not read ---- */

static bool is_left_out(struct run *run, const char *path)
{
    for (size_t i = 0; i < run->list.member_count; i++)
        if (fnmatch(run->list.members[i].pattern, path, FNM_PATHNAME | FNM_LEADING_DIR) == 0) {
            run->list.members[i].used++;
            return true;
        }
    return false;
}

/* Counts the values that are no objects or arrays with something in them. */
static void count_members(struct run *run, struct resource *resource, const char *sample, const json_t *value, const json_t *read,
                          const char *path)
{
    char room[LONGEST_PATH], number[24];
    const char *name;
    json_t *inner;
    size_t i;

    json_object_foreach((json_t *)value, name, inner)
        count_members(run, resource, sample, inner, read, below(path, name, room));
    json_array_foreach(value, i, inner) {
        snprintf(number, sizeof number, "%zu", i);
        count_members(run, resource, sample, inner, read, below(path, number, room));
    }
    if (json_object_size(value) || json_array_size(value))
        return;
    if (json_object_get(read, path)) {
        resource->members++;
    } else if (!is_left_out(run, path)) {
        resource->members++;
        resource->unread++;
        run->failures++;
        printf("  %s: nothing reads %s\n", sample, path);
    }
}

static struct resource *resource_of(struct run *run, const char *sample)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(sample, "."), sample);
    for (size_t i = 0; i < run->resource_count; i++)
        if (strcmp(run->resources[i].name, name) == 0)
            return &run->resources[i];
    if (run->resource_count == MOST_RESOURCES)
        abort();
    struct resource *resource = &run->resources[run->resource_count++];
    snprintf(resource->name, sizeof resource->name, "%s", name);
    return resource;
}

/* The page that a part of it stands in: "/results/users/1". Takes the part. */
static json_t *page_around(json_t *part, const char *place)
{
    char *names = text_copied(place ? place : "", place ? strlen(place) : 0);
    for (char *slash; (slash = strrchr(names, '/')); *slash = '\0') {
        bool index = strcmp(slash + 1, "0") == 0;
        part = index ? json_pack("[o]", part) : json_pack("{s:o}", slash + 1, part);
    }
    free(names);
    return part;
}

static void take_sample(struct run *run, const char *sample, json_t *payload)
{
    struct resource *resource = resource_of(run, sample);
    const struct sample_line *line = NULL;

    for (size_t i = 0; i < run->list.file_count; i++)
        if (fnmatch(run->list.files[i].pattern, sample, 0) == 0) {
            run->list.files[i].used++;
            return;
        }
    for (size_t i = 0; i < run->list.line_count && !line; i++)
        if (fnmatch(run->list.lines[i].pattern, sample, 0) == 0)
            line = &run->list.lines[i];
    if (!line || !payload) {
        printf("  %s: %s\n", sample, payload ? "no line of the list is about it" : "is no JSON");
        run->failures++;
        return;
    }
    json_t *page = page_around(json_incref(payload), line->place), *read = json_object();
    char *readers = text_copied(line->readers, strlen(line->readers)), *rest;
    for (char *reader = strtok_r(readers, " ", &rest); reader; reader = strtok_r(NULL, " ", &rest))
        resource->rows += read_page(run, sample, reader, page, read);
    resource->samples++;
    count_members(run, resource, sample, page, read, "");
    free(readers);
    json_decref(read);
    json_decref(page);
}

/* ---- All of them ---- */

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The files of a folder, by name. */
static bool take_folder(struct run *run, const char *folder)
{
    DIR *directory = opendir(folder);
    char *names[4000], path[LONGEST_PATH];
    size_t count = 0;

    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (entry->d_name[0] != '.' && strstr(entry->d_name, ".json") && count < sizeof names / sizeof names[0])
            names[count++] = text_copied(entry->d_name, strlen(entry->d_name));
    if (!directory)
        return false;
    closedir(directory);
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        json_t *payload = json_load_file(path, JSON_DECODE_ANY, NULL);
        take_sample(run, names[i], payload);
        json_decref(payload);
        free(names[i]);
    }
    return count > 0;
}

static bool take_fixtures(struct run *run, const char *path)
{
    json_error_t where;
    json_t *all = json_load_file(path, 0, &where), *payload;
    const char *name;

    if (!all)
        fprintf(stderr, "%s:%d: %s\n", path, where.line, where.text);
    json_object_foreach(all, name, payload)
        take_sample(run, name, payload);
    bool done = json_object_size(all) > 0;
    json_decref(all);
    return done;
}

/* Tables that no sample had rows for. */
static void look_for_unseen(struct run *run, bool fixtures)
{
    for (size_t i = 0; i < run->definition->table_count; i++) {
        const char *name = run->definition->tables[i]->table.name, *why = NULL;
        if (json_object_get(run->seen, name))
            continue;
        for (size_t j = 0; j < run->list.table_count; j++)
            if (name_equal(run->list.tables[j].pattern, name))
                why = run->list.tables[j].why;
        printf("  %s: no sample%s%s\n", name, why ? ": " : "", why ? why : "");
        run->failures += fixtures && !why;
    }
}

/* Rounded down: 100 is all. */
static unsigned percent(unsigned members, unsigned unread)
{
    return members ? 100 * (members - unread) / members : 100;
}

static void print_coverage(const struct run *run, const char *from)
{
    unsigned samples = 0, members = 0, unread = 0;

    printf("%s\n%-36s %7s %6s %8s %6s\n", from, "", "samples", "rows", "members", "read");
    for (size_t i = 0; i < run->resource_count; i++) {
        const struct resource *resource = &run->resources[i];
        if (!resource->samples)
            continue;
        printf("%-36s %7u %6u %8u %5u%%\n", resource->name, resource->samples, resource->rows, resource->members,
               percent(resource->members, resource->unread));
        samples += resource->samples;
        members += resource->members;
        unread += resource->unread;
    }
    printf("%-36s %7u %6s %8u %5u%%\n", "all", samples, "", members, percent(members, unread));
    for (size_t i = 0; i < run->list.file_count; i++)
        if (run->list.files[i].used)
            printf("left out: %u files %s: %s\n", run->list.files[i].used, run->list.files[i].pattern, run->list.files[i].why);
    for (size_t i = 0; i < run->list.member_count; i++)
        if (run->list.members[i].used)
            printf("left out: %u members %s: %s\n", run->list.members[i].used, run->list.members[i].pattern, run->list.members[i].why);
    if (run->failures)
        printf("%u failures\n", run->failures);
}

static bool check_list(const char *path)
{
    static struct run run;
    const char *root = getenv("SAMPLES");
    char from[LONGEST_PATH];
    struct error err = {0};

    run = (struct run){.seen = json_object()};
    bool done = sample_list_read(path, &run.list);
    if (done && !definition_open(source_path(run.list.definition), source_path("providers/provider.rng"), run.list.schema, &run.definition, &err)) {
        fprintf(stderr, "%s\n", err.message);
        done = false;
    }
    if (done) {
        bool fixtures = !root || !*root || !run.list.samples;
        if (fixtures)
            snprintf(from, sizeof from, "%s", source_path(run.list.fixtures));
        else
            snprintf(from, sizeof from, "%s/%s", root, run.list.samples);
        if (!(fixtures ? take_fixtures(&run, from) : take_folder(&run, from))) {
            fprintf(stderr, "%s: there are no samples\n", from);
            run.failures++;
        }
        look_for_unseen(&run, fixtures);
        print_coverage(&run, from);
        done = run.failures == 0;
    }
    definition_close(run.definition);
    json_decref(run.seen);
    sample_list_clear(&run.list);
    return done;
}

int main(int argc, char **argv)
{
    bool good = argc > 1;
    for (int i = 1; i < argc; i++)
        good &= check_list(argv[i]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
