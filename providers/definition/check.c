/* Whether a definition fits together: what a grammar can not see. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/definition.h"

static const char *const op_names[] = {
    [FILTER_EQUAL] = "=", [FILTER_IN] = "in", [FILTER_LESS] = "<", [FILTER_LESS_EQUAL] = "<=", [FILTER_GREATER] = ">",
    [FILTER_GREATER_EQUAL] = ">=", [FILTER_NOT_EQUAL] = "<>", [FILTER_LIKE] = "like",
    [FILTER_IS_NULL] = "null", [FILTER_IS_NOT_NULL] = "not-null",
};

const char *definition_op_name(enum filter_op op)
{
    return op_names[op];
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
    if (serves(filter->ops, FILTER_LIKE) && (!filter->wildcard || column->type.kind != TYPE_STRING))
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

static bool check_filters(const struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];

    for (size_t i = 0; i < detail->filter_count; i++) {
        const struct definition_filter *filter = &detail->filters[i];
        const char *name = table->parameters[filter->parameter].name;
        const char *fault = filter_fault(column, filter);
        if (fault)
            return definition_fault(table->file, detail->line, err, "the filter by \"%s\" on %s.%s %s", name, table->table.name,
                                    column->name, fault);
        for (size_t j = 0; j < i; j++)
            if (detail->filters[j].parameter == filter->parameter && (detail->filters[j].endpoints & filter->endpoints)
                && (detail->filters[j].ops & filter->ops))
                return definition_fault(table->file, detail->line, err, "%s.%s has two filters by \"%s\" for the same operator",
                                        table->table.name, column->name, name);
    }
    return true;
}

static bool same_step(const struct path_step *a, const struct path_step *b)
{
    if (strcmp(a->name, b->name) != 0 || a->condition_count != b->condition_count)
        return false;
    for (size_t i = 0; i < a->condition_count; i++)
        if (strcmp(a->conditions[i].key, b->conditions[i].key) != 0 || strcmp(a->conditions[i].value, b->conditions[i].value) != 0)
            return false;
    return true;
}

/* Whether both are one place. */
static bool overlap(const struct place *a, const struct place *b)
{
    if (a->kind != PLACE_MEMBER || b->kind != PLACE_MEMBER || a->up != b->up || a->path.length != b->path.length)
        return false;
    for (size_t i = 0; i < a->path.length; i++)
        if (!same_step(&a->path.steps[i], &b->path.steps[i]))
            return false;
    return true;
}

static bool columns_overlap(const struct shape_column *a, const struct shape_column *b)
{
    for (size_t i = 0; i < a->at_count; i++)
        for (size_t j = 0; j < b->at_count; j++)
            if (overlap(&a->at[i], &b->at[j]))
                return true;
    return false;
}

/* The table of that name; says so, with a guess, when there is none. */
static const struct definition_table *find_table(const struct definition *definition, const struct definition_table *from, int line,
                                                 const char *name, struct error *err)
{
    struct name_guess guess = {.wanted = name};

    for (size_t i = 0; i < definition->table_count; i++) {
        name_guess_show(&guess, definition->tables[i]->table.name);
        if (strcmp(definition->tables[i]->table.name, name) == 0)
            return definition->tables[i];
    }
    definition_fault(from->file, line, err, "%s names the table %s, which there is not%s%s%s", from->table.name, name,
                     guess.best ? "; is " : "", guess.best ? guess.best : "", guess.best ? " meant?" : "");
    return NULL;
}

/* The column of that name in another table, or -1 with the fault. A table that is unusable itself has none. */
static int find_column(const struct definition_table *table, const char *name, const struct definition_table *from, int line,
                       struct error *err)
{
    int column = table_column(&table->table, name);

    if (column < 0)
        definition_fault(from->file, line, err, "%s names %s.%s, a column that there is not%s%.300s", from->table.name, table->table.name, name,
                         table->table.fault ? ", because the table is unusable: " : "", table->table.fault ? table->table.fault : "");
    return column;
}

static bool check_reference(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    struct column *column = (struct column *)&table->table.columns[at];
    int line = table->columns[at].line;

    if (!column->references_table)
        return true;
    const struct definition_table *other = find_table(definition, table, line, column->references_table, err);
    if (!other)
        return false;
    if (other->table.fault) {
        column->references_table = column->references_column = NULL;
        return true;
    }
    return find_column(other, column->references_column, table, line, err) >= 0;
}

static bool check_from(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    const struct definition_column *detail = &table->columns[at];

    for (size_t i = 0; i < detail->from_count; i++) {
        struct definition_from *from = &detail->from[i];
        from->table = find_table(definition, table, detail->line, from->table_name, err);
        if (!from->table)
            return false;
        from->column = find_column(from->table, from->column_name, table, detail->line, err);
        if (from->column < 0)
            return false;
        const struct type *own = &table->table.columns[at].type, *theirs = &from->table->table.columns[from->column].type;
        if (own->kind != theirs->kind)
            return definition_fault(table->file, detail->line, err, "%s.%s comes from %s.%s, which is of another type", table->table.name,
                                    table->table.columns[at].name, from->table_name, from->column_name);
    }
    return true;
}

static bool check_column(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    const struct column *column = &table->table.columns[at];
    const struct definition_column *detail = &table->columns[at];
    const struct shape_column *place = &table->places[at];

    for (size_t i = 0; i < at; i++) {
        const struct column *other = &table->table.columns[i];
        if (name_equal(other->name, column->name))
            return definition_fault(table->file, detail->line, err, "table %s has two columns named %s", table->table.name, column->name);
        if (columns_overlap(&table->places[i], place))
            return definition_fault(table->file, detail->line, err, "%s.%s and %s.%s read the same member", table->table.name,
                                    other->name, table->table.name, column->name);
    }
    if (column->type.kind == TYPE_BINARY)
        return definition_fault(table->file, detail->line, err, "%s.%s is binary, which JSON has not", table->table.name, column->name);
    if (place->join && column->type.kind != TYPE_STRING)
        return definition_fault(table->file, detail->line, err, "%s.%s joins values but is not a string", table->table.name, column->name);
    if (column->any && !detail->standard.source)
        return definition_fault(table->file, detail->line, err, "%s.%s has a word for any value, but no standard one", table->table.name,
                                column->name);
    if (!column->pseudo && place->at_count == 0 && detail->filter_count == 0 && detail->from_count == 0)
        return definition_fault(table->file, detail->line, err, "%s.%s stands nowhere: it needs at, from or a filter", table->table.name,
                                column->name);
    return check_filters(table, at, err) && check_reference(definition, table, at, err) && check_from(definition, table, at, err);
}

static bool check_parameters(const struct definition_table *table, struct error *err)
{
    for (size_t i = 0; i < table->endpoint_count; i++) {
        const struct definition_paging *paging = table->endpoints[i].paging;
        const char *const names[] = {paging->parameter, paging->size};
        for (size_t j = 0; j < table->parameter_count; j++)
            for (size_t k = 0; k < 2; k++)
                if (names[k] && !table->parameters[j].in_path && (table->endpoints[i].carries >> j & 1)
                    && strcmp(table->parameters[j].name, names[k]) == 0)
                    return definition_fault(table->file, table->line, err, "table %s sets the parameter \"%s\", which is for paging",
                                            table->table.name, names[k]);
    }
    return true;
}

/* Which parameters a parent's rows can fill, and whether conditions alone can do without it. */
static bool check_parent(const struct definition *definition, struct definition_table *table, struct definition_endpoint *endpoint,
                         uint32_t bit, struct error *err)
{
    endpoint->direct = true;
    endpoint->parent_if = -1;
    if (!endpoint->parent_name)
        return true;
    endpoint->parent = find_table(definition, table, endpoint->line, endpoint->parent_name, err);
    if (!endpoint->parent)
        return false;
    if (endpoint->parent->table.fault)
        return definition_fault(table->file, endpoint->line, err, "%s is found through %s, which is unusable: %.400s", table->table.name,
                                endpoint->parent_name, endpoint->parent->table.fault);
    if (endpoint->parent_if_name) {
        endpoint->parent_if = find_column(endpoint->parent, endpoint->parent_if_name, table, endpoint->line, err);
        if (endpoint->parent_if < 0)
            return false;
    }
    for (size_t at = 0; at < table->table.column_count; at++) {
        const struct definition_column *detail = &table->columns[at];
        bool from = false;
        for (size_t i = 0; i < detail->from_count; i++)
            from |= detail->from[i].table == endpoint->parent;
        if (!from)
            continue;
        uint64_t filled = 0;
        for (size_t i = 0; i < detail->filter_count; i++)
            if ((detail->filters[i].endpoints & bit) && serves(detail->filters[i].ops, FILTER_EQUAL))
                filled |= (uint64_t)1 << detail->filters[i].parameter & endpoint->needs;
        endpoint->fed |= filled;
        /* A cell that only the parent knows. */
        if (table->places[at].at_count == 0 && !filled)
            endpoint->direct = false;
    }
    if (!endpoint->fed)
        return definition_fault(table->file, endpoint->line, err, "%s is found through %s, but no column that comes from it fills what its requests need",
                                table->table.name, endpoint->parent_name);
    return true;
}

enum { DEEPEST = 8 /* parents above one another */ };

static bool check_depth(const struct definition_table *table, struct error *err)
{
    const struct definition_table *at[DEEPEST + 1] = {table};

    for (size_t depth = 0; depth < DEEPEST; depth++) {
        const struct definition_table *parent = NULL;
        for (size_t i = 0; i < at[depth]->endpoint_count && !parent; i++)
            parent = at[depth]->endpoints[i].parent;
        if (!parent)
            return true;
        if (parent == table)
            break;
        at[depth + 1] = parent;
    }
    return definition_fault(table->file, table->line, err, "table %s is found through itself, or through more than %d tables",
                            table->table.name, DEEPEST);
}

static bool check_table(const struct definition *definition, struct definition_table *table, struct error *err)
{
    for (size_t i = 0; i < definition->table_count && definition->tables[i] != table; i++)
        if (name_equal(definition->tables[i]->table.name, table->table.name))
            return definition_fault(table->file, table->line, err, "there are two tables named %s", table->table.name);
    for (size_t i = 0; i < table->table.column_count; i++)
        if (!check_column(definition, table, i, err))
            return false;
    for (size_t i = 0; i < table->order_count; i++) {
        const struct column *column = &table->table.columns[table->orders[i].column];
        if (column->nullable)
            return definition_fault(table->file, table->line, err, "table %s is ordered by %s, which may be NULL: the service may place NULL elsewhere",
                                    table->table.name, column->name);
    }
    struct definition_endpoint *endpoints = (struct definition_endpoint *)table->endpoints;
    for (size_t i = 0; i < table->endpoint_count; i++)
        if (!check_parent(definition, table, &endpoints[i], (uint32_t)1 << i, err))
            return false;
    return check_parameters(table, err);
}

static int by_name(const void *a, const void *b)
{
    const struct definition_table *const *left = a, *const *right = b;
    return strcmp((*left)->table.name, (*right)->table.name);
}

static int by_procedure_name(const void *a, const void *b)
{
    const struct definition_procedure *const *left = a, *const *right = b;
    return strcmp((*left)->procedure.name, (*right)->procedure.name);
}

const struct definition_table *definition_table(const struct definition *definition, const char *name)
{
    for (size_t i = 0; i < definition->table_count; i++)
        if (name_equal(definition->tables[i]->table.name, name))
            return definition->tables[i];
    return NULL;
}

/* A table that does not fit is unusable, and so are those that are found through it; the others stay. */
static bool put_out(struct definition *definition, struct definition_table *table, struct error *err)
{
    table->table.fault = arena_text(&definition->arena, err->message);
    table->table.column_count = 0;
    *err = (struct error){0};
    return table->table.fault || error_memory(err);
}

static bool check_tables(struct definition *definition, struct error *err)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < definition->table_count; i++) {
            struct definition_table *table = definition->tables[i];
            if (table->table.fault || (check_table(definition, table, err) && check_depth(table, err)))
                continue;
            if (!put_out(definition, table, err))
                return false;
            changed = true;
        }
    }
    return true;
}

static bool names_variable(const struct template *template, size_t variable)
{
    for (size_t i = 0; i < template->part_count; i++)
        if (template->parts[i].kind == PART_VARIABLE && template->parts[i].index == variable)
            return true;
    return false;
}

/* Whether a table can only be read when the variable is known already. */
static bool depends_on(const struct definition *definition, const struct definition_table *table, size_t variable)
{
    for (size_t i = 0; i < table->endpoint_count; i++) {
        const struct definition_endpoint *endpoint = &table->endpoints[i];
        bool own = endpoint->url.source;
        if (names_variable(&endpoint->path, variable) || names_variable(own ? &endpoint->url : &definition->url, variable)
            || (!own && names_variable(&definition->prefix, variable)))
            return true;
    }
    return false;
}

static bool check_variables(const struct definition *definition, struct error *err)
{
    for (size_t i = 0; i < definition->variable_count; i++) {
        const struct definition_variable *variable = &definition->variables[i];
        const struct definition_table *table = variable->table ? definition_table(definition, variable->table) : NULL;
        const char *const names[] = {variable->column, variable->where, variable->label, variable->prefer};
        if (!variable->table)
            continue;
        if (!table)
            return definition_fault(definition->file, variable->line, err, "the variable %s is looked up in %s, a table that there is not",
                                    variable->name, variable->table);
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            if (names[j] && !table->table.fault && table_column(&table->table, names[j]) < 0)
                return definition_fault(definition->file, variable->line, err, "the variable %s is looked up by %s.%s, a column that there is not",
                                        variable->name, variable->table, names[j]);
        if (depends_on(definition, table, i))
            return definition_fault(definition->file, variable->line, err, "the variable %s is looked up in %s, whose address needs it",
                                    variable->name, variable->table);
    }
    return true;
}

/* Where nothing can be used, the first fault is the definition's own. */
static bool is_usable(const struct definition *definition, struct error *err)
{
    const struct definition_table *first = NULL;

    for (size_t i = 0; i < definition->table_count; i++) {
        if (!definition->tables[i]->table.fault)
            return true;
        first = first ? first : definition->tables[i];
    }
    return !first || definition->procedure_count || error_set(err, "HY000", "%s", first->table.fault);
}

/* Which endpoint the sign-in lacks; NULL when it lacks none. */
static const char *missing_endpoint(const struct definition *definition)
{
    const char *versions = definition->oauth.versions ? definition->oauth.versions : "2.0";
    const char *grants = definition->oauth.grants ? definition->oauth.grants : "CODE";
    bool first = name_among(versions, "1.0"), second = name_among(versions, "2.0"), issuer = definition->issuer.source;

    if (first && !definition->request_token.source)
        return "request-token";
    if (!definition->authorize.source && (first || (second && name_among(grants, "CODE") && !issuer)))
        return "authorize";
    if (!definition->token.source && (first || !issuer))
        return "token";
    if (second && name_among(grants, "DEVICE") && !definition->device.source && !issuer)
        return "device";
    return NULL;
}

static bool check_oauth(const struct definition *definition, struct error *err)
{
    const char *missing = definition->has_oauth && name_among(definition->oauth.schemes, "OAuth") ? missing_endpoint(definition) : NULL;

    if (!missing)
        return true;
    return definition_fault(definition->file, definition->oauth_line, err,
                            "oauth names neither %s nor, for OAuth 2.0, an issuer that could tell it", missing);
}

bool definition_check(struct definition *definition, struct error *err)
{
    if (!check_oauth(definition, err))
        return false;
    if (definition->check && !definition_table(definition, definition->check))
        return definition_fault(definition->file, 1, err, "check names the table %s, which there is not", definition->check);
    if (!check_tables(definition, err) || !is_usable(definition, err) || !check_variables(definition, err))
        return false;
    qsort(definition->tables, definition->table_count, sizeof definition->tables[0], by_name);
    if (definition->procedure_count)
        qsort(definition->procedures, definition->procedure_count, sizeof definition->procedures[0], by_procedure_name);
    return true;
}
