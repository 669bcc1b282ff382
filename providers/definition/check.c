/* Whether a definition fits together: what a grammar can not see. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/definition.h"

static const char *const op_names[] = {
    [FILTER_EQUAL] = "=", [FILTER_IN] = "in", [FILTER_LESS] = "<", [FILTER_LESS_EQUAL] = "<=", [FILTER_GREATER] = ">",
    [FILTER_GREATER_EQUAL] = ">=", [FILTER_NOT_EQUAL] = "<>", [FILTER_LIKE] = "like",
};

const char *definition_op_name(enum filter_op op)
{
    return (size_t)op < sizeof op_names / sizeof op_names[0] ? op_names[op] : "is null";
}

static bool serves(unsigned ops, enum filter_op op)
{
    return ops >> op & 1;
}

/* What a filter must not promise or ask. NULL when all is well. */
static const char *filter_fault(const struct column *column, const struct definition_filter *filter)
{
    const unsigned equalities = 1u << FILTER_EQUAL | 1u << FILTER_IN;

    if (filter->exact_ops & ~filter->ops)
        return "is exact for an operator that it does not have";
    if (serves(filter->ops, FILTER_LIKE) && (!filter->wildcard || !filter->wildcard[0] || column->type.kind != TYPE_STRING))
        return "can serve \"like\" only on a string and with a wildcard";
    if (serves(filter->exact_ops, FILTER_LIKE))
        return "can not be exact for \"like\"";
    if (filter->separator && !filter->separator[0])
        return "has an empty separator";
    if (serves(filter->ops, FILTER_NOT_EQUAL) && filter->map)
        return "can not serve \"<>\" with a map";
    if (filter->shift && column->type.kind != TYPE_TIMESTAMP)
        return "can be shifted only on a timestamp";
    if (filter->shift && filter->exact_ops)
        return "is shifted and so can not be exact";
    if (column->pseudo && (filter->ops & ~equalities))
        return "of an input serves \"=\" and \"in\" only";
    /* Services differ in case, spaces, and what they do with an empty text or a separator inside a value. */
    if (filter->exact_ops && type_is_text(column->type.kind) && !filter->map)
        return "on a text can be exact only with a map of all its values";
    return NULL;
}

static bool check_filters(const struct definition *definition, const struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];

    for (size_t i = 0; i < detail->filter_count; i++) {
        const struct definition_filter *filter = &detail->filters[i];
        const char *name = table->parameters[filter->parameter].name;
        const char *fault = filter_fault(column, filter);
        if (fault)
            return definition_fault(definition, detail->line, err, "the filter by \"%s\" on %s.%s %s", name, table->table.name,
                                    column->name, fault);
        for (size_t j = 0; j < i; j++)
            if (detail->filters[j].parameter == filter->parameter)
                return definition_fault(definition, detail->line, err, "%s.%s has two filters by \"%s\"", table->table.name,
                                        column->name, name);
    }
    return true;
}

/* Whether one path is the beginning of the other, so that both can not be read at once. */
static bool overlap(const struct definition_path *a, const struct definition_path *b)
{
    size_t shared = a->length < b->length ? a->length : b->length;
    for (size_t i = 0; i < shared; i++)
        if (strcmp(a->names[i], b->names[i]) != 0)
            return false;
    return true;
}

static bool columns_overlap(const struct definition_column *a, const struct definition_column *b)
{
    for (size_t i = 0; i < a->at_count; i++)
        for (size_t j = 0; j < b->at_count; j++)
            if (overlap(&a->at[i], &b->at[j]))
                return true;
    return false;
}

static bool check_reference(const struct definition *definition, const struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    struct name_guess guess = {.wanted = column->references_table};

    if (!column->references_table)
        return true;
    for (size_t i = 0; i < definition->table_count; i++) {
        const struct table *other = &definition->tables[i]->table;
        name_guess_show(&guess, other->name);
        if (strcmp(other->name, column->references_table) != 0)
            continue;
        if (table_column(other, column->references_column) >= 0)
            return true;
        return definition_fault(definition, table->columns[at].line, err, "%s.%s references %s.%s, a column that there is not",
                                table->table.name, column->name, other->name, column->references_column);
    }
    return definition_fault(definition, table->columns[at].line, err, "%s.%s references the table %s, which there is not%s%s%s",
                            table->table.name, column->name, column->references_table, guess.best ? "; is " : "",
                            guess.best ? guess.best : "", guess.best ? " meant?" : "");
}

static bool check_column(const struct definition *definition, const struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];

    for (size_t i = 0; i < at; i++) {
        const struct column *other = &table->table.columns[i];
        if (name_equal(other->name, column->name))
            return definition_fault(definition, detail->line, err, "table %s has two columns named %s", table->table.name, column->name);
        if (columns_overlap(&table->columns[i], detail))
            return definition_fault(definition, detail->line, err, "%s.%s and %s.%s read the same member", table->table.name,
                                    other->name, table->table.name, column->name);
    }
    if (column->type.kind == TYPE_BINARY)
        return definition_fault(definition, detail->line, err, "%s.%s is binary, which JSON has not", table->table.name, column->name);
    if (detail->join && column->type.kind != TYPE_STRING)
        return definition_fault(definition, detail->line, err, "%s.%s joins values but is not a string", table->table.name, column->name);
    return check_filters(definition, table, at, err) && check_reference(definition, table, at, err);
}

static bool check_parameters(const struct definition *definition, const struct definition_table *table, struct error *err)
{
    const char *const paging[] = {definition->paging.number, definition->paging.size};

    for (size_t i = 0; table->paged && i < table->parameter_count; i++)
        for (size_t j = 0; j < 2; j++)
            if (paging[j] && strcmp(table->parameters[i].name, paging[j]) == 0)
                return definition_fault(definition, table->line, err, "table %s sets the parameter \"%s\", which is for paging",
                                        table->table.name, paging[j]);
    return true;
}

static bool check_table(const struct definition *definition, const struct definition_table *table, struct error *err)
{
    for (size_t i = 0; i < definition->table_count && definition->tables[i] != table; i++)
        if (name_equal(definition->tables[i]->table.name, table->table.name))
            return definition_fault(definition, table->line, err, "there are two tables named %s", table->table.name);
    for (size_t i = 0; i < table->table.column_count; i++)
        if (!check_column(definition, table, i, err))
            return false;
    for (size_t i = 0; i < table->order_count; i++) {
        const struct column *column = &table->table.columns[table->orders[i].column];
        if (column->nullable)
            return definition_fault(definition, table->line, err, "table %s is ordered by %s, which may be NULL: the service may place NULL elsewhere",
                                    table->table.name, column->name);
    }
    return check_parameters(definition, table, err);
}

static int by_name(const void *a, const void *b)
{
    const struct definition_table *const *left = a, *const *right = b;
    return strcmp((*left)->table.name, (*right)->table.name);
}

bool definition_check(struct definition *definition, struct error *err)
{
    bool found = !definition->check;

    for (size_t i = 0; i < definition->table_count; i++) {
        if (!check_table(definition, definition->tables[i], err))
            return false;
        found |= definition->check && strcmp(definition->tables[i]->table.name, definition->check) == 0;
    }
    if (!found)
        return definition_fault(definition, 1, err, "check names the table %s, which there is not", definition->check);
    qsort((void *)definition->tables, definition->table_count, sizeof definition->tables[0], by_name);
    return true;
}
