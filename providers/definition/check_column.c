/* Whether columns and their filters fit together. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/check.h"

/* What a filter must not promise or ask. NULL when all is well. */
static const char *filter_fault(const struct column *column, const struct definition_filter *filter)
{
    const unsigned equalities = 1u << FILTER_EQUAL | 1u << FILTER_IN;

    if (filter->exact_ops & ~filter->ops)
        return "is exact for an operator that it does not have";
    if (check_serves(filter->ops, FILTER_LIKE) && (!filter->wildcard || column->type.kind != TYPE_STRING))
        return "can serve \"like\" only on a string and with a wildcard";
    if (check_serves(filter->exact_ops, FILTER_LIKE))
        return "can not be exact for \"like\"";
    if (filter->separator && !filter->separator[0])
        return "has an empty separator";
    if ((check_serves(filter->ops, FILTER_IS_NULL) || check_serves(filter->ops, FILTER_IS_NOT_NULL)) && !filter->prefix[0])
        return "serves \"null\" or \"not-null\" and so needs the prefix that is sent for it";
    if (filter->anywhere && !check_serves(filter->ops, FILTER_LIKE))
        return "has anywhere, but does not serve \"like\"";
    if (filter->form != SENT_PLAIN && column->type.kind != TYPE_TIMESTAMP)
        return "has a form, which only timestamps have";
    if (check_serves(filter->ops, FILTER_NOT_EQUAL) && filter->map)
        return "can not serve \"<>\" with a map";
    if ((filter->each || filter->several) && (!filter->map || filter->separator))
        return "asks for each of several texts and so needs a map and no separator";
    if (filter->shift && column->type.kind != TYPE_TIMESTAMP)
        return "can be shifted only on a timestamp";
    if (filter->shift && filter->exact_ops)
        return "is shifted and so can not be exact";
    if (filter->silent && (!column->references_table || !check_serves(filter->ops, FILTER_EQUAL)))
        return "is silent of values that there are not, and so serves \"=\" on a column with references";
    if (column->pseudo && (filter->ops & ~equalities))
        return "of an input serves \"=\" and \"in\" only";
    /* Services differ in case, spaces, and what they do with an empty text or a separator inside a value. */
    if (filter->exact_ops && type_is_text(column->type.kind) && !filter->map)
        return "on a text can be exact only with a map of all its values";
    return NULL;
}

static bool check_filters(const struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];

    for (size_t i = 0; i < detail->filter_count; i++) {
        const struct definition_filter *filter = &detail->filters[i];
        const char *name = table->parameters[filter->parameter].name;
        const char *fault = filter_fault(column, filter);
        if (!fault && table->parameters[filter->parameter].in_path && !filter->endpoints)
            fault = "has no parameter, and no path has a hole of that name";
        if (fault)
            return definition_fault(detail->file, detail->line, err, "the filter by \"%s\" on %s.%s %s", name, table->table.name,
                                    column->name, fault);
        for (size_t j = 0; j < i; j++)
            if (detail->filters[j].parameter == filter->parameter && (detail->filters[j].endpoints & filter->endpoints)
                && (detail->filters[j].ops & filter->ops))
                return definition_fault(detail->file, detail->line, err, "%s.%s has two filters by \"%s\" for the same operator",
                                        table->table.name, column->name, name);
    }
    return true;
}

static bool check_reference(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    struct column *column = (struct column *)&table->table.columns[at];
    const struct told_at place = {table->columns[at].file, table->columns[at].line};

    if (!column->references_table)
        return true;
    const struct definition_table *other = check_find_table(definition, table, place, column->references_table, err);
    if (!other)
        return false;
    if (other->table.fault) {
        column->references_table = column->references_column = NULL;
        return true;
    }
    return check_find_column(other, column->references_column, table, place, err) >= 0;
}

static bool check_from(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    const struct definition_column *detail = &table->columns[at];
    const struct told_at place = {detail->file, detail->line};

    for (size_t i = 0; i < detail->from_count; i++) {
        struct definition_from *from = &detail->from[i];
        from->table = check_find_table(definition, table, place, from->table_name, err);
        if (!from->table)
            return false;
        from->column = check_find_column(from->table, from->column_name, table, place, err);
        if (from->column < 0)
            return false;
        const struct type *own = &table->table.columns[at].type, *theirs = &from->table->table.columns[from->column].type;
        if (own->kind != theirs->kind)
            return definition_fault(detail->file, detail->line, err, "%s.%s comes from %s.%s, which is of another type", table->table.name,
                                    table->table.columns[at].name, from->table_name, from->column_name);
    }
    return true;
}

/* Whether the places fit the column, and those of the rows. */
static bool check_places(const struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct shape_column *shown = &table->places[at];
    bool number = column->type.kind == TYPE_INTEGER || column->type.kind == TYPE_BIGINT;

    for (size_t i = 0; i < shown->at_count; i++) {
        const struct place *place = &shown->at[i];
        for (size_t j = 0; j < place->path.length && !shown->join; j++)
            if (path_step_is_star(&place->path.steps[j]))
                return definition_fault(table->columns[at].file, table->columns[at].line, err, "%s.%s has one value of several elements (*) and so needs join",
                                        table->table.name, column->name);
        if ((place->kind == PLACE_INDEX || place->kind == PLACE_DEPTH) && !number)
            return definition_fault(table->columns[at].file, table->columns[at].line, err, "%s.%s is a place in a list (#) or a tree (^) and so an integer or bigint",
                                    table->table.name, column->name);
        if (place->kind == PLACE_KEY && column->type.kind == TYPE_JSON)
            return definition_fault(table->columns[at].file, table->columns[at].line, err, "%s.%s is the name of a member (@), which is no json",
                                    table->table.name, column->name);
        for (size_t j = 0; j < table->endpoint_count; j++)
            for (size_t k = 0; k < table->endpoints[j].shape.row_count; k++) {
                const struct row_place *rows = &table->endpoints[j].shape.rows[k];
                size_t furthest = rows->level_count - (place->kind == PLACE_MEMBER ? 0 : 1);
                if ((place->kind == PLACE_ANCESTOR || place->kind == PLACE_DEPTH) && !rows->below.length)
                    return definition_fault(table->columns[at].file, table->columns[at].line, err, "%s.%s is told by a tree (^), which the rows of the table are not",
                                            table->table.name, column->name);
                if (place->up > furthest && !rows->below.length)
                    return definition_fault(table->columns[at].file, table->columns[at].line, err, "%s.%s stands further out than the rows of the table are in",
                                            table->table.name, column->name);
            }
    }
    return true;
}

static bool check_unless(struct definition_table *table, size_t at, struct error *err)
{
    const struct definition_column *detail = &table->columns[at];
    const struct told_at place = {detail->file, detail->line};

    if (detail->unless_count && !detail->standard.source)
        return definition_fault(detail->file, detail->line, err, "%s.%s has unless, but no standard to do without", table->table.name,
                                table->table.columns[at].name);
    for (size_t i = 0; i < detail->unless_count; i++) {
        detail->unless[i] = check_find_column(table, detail->unless_names[i], table, place, err);
        if (detail->unless[i] < 0)
            return false;
        ((struct column *)table->table.columns)[detail->unless[i]].widens = true;
    }
    return true;
}

bool check_column(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];
    const struct shape_column *place = &table->places[at];

    for (size_t i = 0; i < at; i++) {
        const struct column *other = &table->table.columns[i];
        if (name_equal(other->name, column->name))
            return definition_fault(detail->file, detail->line, err, "table %s has two columns named %s", table->table.name, column->name);
    }
    if (column->type.kind == TYPE_BINARY)
        return definition_fault(detail->file, detail->line, err, "%s.%s is binary, which JSON has not", table->table.name, column->name);
    if (place->join && column->type.kind != TYPE_STRING)
        return definition_fault(detail->file, detail->line, err, "%s.%s joins values but is not a string", table->table.name, column->name);
    if (column->any && place->at_count == 0 && detail->from_count == 0)
        return definition_fault(detail->file, detail->line, err, "%s.%s has a word for any value, and so needs at or from", table->table.name,
                                column->name);
    if (column->any && !detail->standard.source)
        return definition_fault(detail->file, detail->line, err, "%s.%s has a word for any value, but no standard one", table->table.name,
                                column->name);
    if (!check_places(table, at, err) || !check_unless(table, at, err))
        return false;
    if (!column->pseudo && place->at_count == 0 && detail->filter_count == 0 && detail->from_count == 0)
        return definition_fault(detail->file, detail->line, err, "%s.%s stands nowhere: it needs at, from or a filter", table->table.name,
                                column->name);
    return check_filters(table, at, err) && check_reference(definition, table, at, err) && check_from(definition, table, at, err);
}

/* By what an endpoint's rows get the column's value when no page tells it. */
static bool has_cell(const struct definition_table *table, size_t at, const struct definition_endpoint *endpoint, uint32_t bit)
{
    const struct definition_column *detail = &table->columns[at];

    for (size_t i = 0; i < detail->from_count; i++)
        if (detail->from[i].table == endpoint->parent)
            return true;
    for (size_t i = 0; i < detail->filter_count; i++) {
        const struct definition_filter *filter = &detail->filters[i];
        bool asked = endpoint->needs >> filter->parameter & 1 || detail->standard.source;
        if ((filter->endpoints & bit) && check_serves(filter->ops, FILTER_EQUAL) && asked)
            return true;
    }
    return false;
}

bool check_cells(const struct definition_table *table, size_t at, struct error *err)
{
    const struct definition_column *detail = &table->columns[at];
    const struct column *column = &table->table.columns[at];
    const unsigned equalities = 1u << FILTER_EQUAL | 1u << FILTER_IN;

    if (column->pseudo || table->places[at].at_count)
        return true;
    if (detail->absent)
        return definition_fault(detail->file, detail->line, err, "%s.%s stands in the pages of some endpoints, and so needs at", table->table.name, column->name);
    for (size_t i = 0; i < detail->filter_count; i++)
        if (detail->filters[i].ops & ~equalities)
            return definition_fault(detail->file, detail->line, err, "%s.%s stands in no page: its filters serve \"=\" and \"in\" only",
                                    table->table.name, column->name);
    for (size_t i = 0; i < table->endpoint_count; i++)
        if (!has_cell(table, at, &table->endpoints[i], (uint32_t)1 << i))
            return definition_fault(detail->file, detail->line, err, "%s.%s has no value in the rows of %s: it needs at, or to come from the "
                                    "endpoint's parent, or to fill what its requests need", table->table.name, column->name,
                                    table->endpoints[i].name[0] ? table->endpoints[i].name : table->endpoints[i].path.source);
    return true;
}

bool check_custom(const struct definition *definition, const struct definition_table *table, struct error *err)
{
    const struct definition_custom *custom = table->custom;

    if (!custom)
        return true;
    const struct told_at place = {table->file, custom->line};
    if (custom->like) {
        const struct definition_table *other = check_find_table(definition, table, place, custom->like, err);
        bool has_some = other && (other->table.fault || (other->custom && !other->custom->table && !other->custom->like));
        return !other || has_some ? has_some
                                  : definition_fault(table->file, custom->line, err, "%s has fields like %s, which finds none in its own rows",
                                                     table->table.name, custom->like);
    }
    if (!custom->table) {
        bool plain = custom->at.length && strcmp(custom->at.steps[custom->at.length - 1].name, "{}") == 0;
        for (size_t i = 0; i < custom->at.length; i++)
            plain &= custom->at.steps[i].condition_count == 0;
        return plain || definition_fault(table->file, custom->line, err, "the custom fields of %s are found in its rows, and so stand at …/{}",
                                         table->table.name);
    }
    const struct definition_table *lister = check_find_table(definition, table, place, custom->table, err);
    if (!lister)
        return false;
    const char *const names[] = {custom->name, custom->key, custom->where};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !lister->table.fault; i++)
        if (names[i] && check_find_column(lister, names[i], table, place, err) < 0)
            return false;
    return true;
}
