/* Whether a definition fits together: what a grammar can not see. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/name.h"
#include "http/url.h"
#include "providers/definition/cells.h"
#include "providers/definition/check.h"

static const char *const op_names[] = {
    [FILTER_EQUAL] = "=", [FILTER_IN] = "in", [FILTER_LESS] = "<", [FILTER_LESS_EQUAL] = "<=", [FILTER_GREATER] = ">",
    [FILTER_GREATER_EQUAL] = ">=", [FILTER_NOT_EQUAL] = "<>", [FILTER_LIKE] = "like",
    [FILTER_IS_NULL] = "null", [FILTER_IS_NOT_NULL] = "not-null",
};

const char *definition_op_name(enum filter_op op)
{
    return op_names[op];
}

bool check_serves(unsigned ops, enum filter_op op)
{
    return ops >> op & 1;
}

const struct definition_table *check_find_table(const struct definition *definition, const struct definition_table *from, struct told_at at,
                                                const char *name, struct error *err)
{
    struct name_guess guess = {.wanted = name};

    for (size_t i = 0; i < definition->table_count; i++)
        if (strcmp(definition->tables[i]->table.name, name) == 0)
            return definition->tables[i];
    for (size_t i = 0; i < definition->table_count; i++)
        name_guess_show(&guess, definition->tables[i]->table.name);
    definition_fault(at.file, at.line, err, "%s names the table %s, which there is not%s%s%s", from->table.name, name,
                     guess.best ? "; is " : "", guess.best ? guess.best : "", guess.best ? " meant?" : "");
    return NULL;
}

int check_find_column(const struct definition_table *table, const char *name, const struct definition_table *from, struct told_at at,
                      struct error *err)
{
    int column = table_column(&table->table, name);

    if (column < 0)
        definition_fault(at.file, at.line, err, "%s names %s.%s, a column that there is not%s%.300s", from->table.name, table->table.name, name,
                         table->table.fault ? ", because the table is unusable: " : "", table->table.fault ? table->table.fault : "");
    return column;
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

/* Which of the parameters that an endpoint needs a column that comes from the parent fills. */
static uint64_t filled_by(const struct definition_table *table, size_t at, const struct definition_endpoint *endpoint, uint32_t bit)
{
    const struct definition_column *detail = &table->columns[at];
    uint64_t filled = 0;

    for (size_t i = 0; i < detail->filter_count; i++)
        if ((detail->filters[i].endpoints & bit) && check_serves(detail->filters[i].ops, FILTER_EQUAL))
            filled |= (uint64_t)1 << detail->filters[i].parameter & endpoint->needs;
    return filled;
}

static bool comes_from(const struct definition_column *detail, const struct definition_table *parent)
{
    for (size_t i = 0; i < detail->from_count; i++)
        if (detail->from[i].table == parent)
            return true;
    return false;
}

/* Which parameters a parent's rows can fill, and whether conditions alone can do without it. */
static bool check_fed(const struct definition_table *table, struct definition_endpoint *endpoint, uint32_t bit, struct error *err)
{
    bool lists = true;

    endpoint->fed = 0;
    for (size_t at = 0; at < table->table.column_count; at++) {
        if (!endpoint->details && !comes_from(&table->columns[at], endpoint->parent))
            continue;
        uint64_t filled = filled_by(table, at, endpoint, bit);
        if (endpoint->fed & filled)
            return definition_fault(table->file, endpoint->line, err, "two columns of %s that come from %s fill the same parameter",
                                    table->table.name, endpoint->parent_name);
        endpoint->fed |= filled;
        for (size_t i = 0; i < table->columns[at].filter_count; i++) {
            const struct definition_filter *filter = &table->columns[at].filters[i];
            if (filled >> filter->parameter & 1 && (filter->endpoints & bit))
                lists &= filter->separator && filter->most > 1;
        }
        /* A cell that only the parent knows. */
        if (!endpoint->details && !column_stands(table, at, endpoint) && !filled)
            endpoint->direct = false;
    }
    if (!endpoint->fed)
        return definition_fault(table->file, endpoint->line, err, "%s is found through %s, but no column that comes from it fills what its requests need",
                                table->table.name, endpoint->parent_name);
    if (endpoint->also && !lists)
        return definition_fault(table->file, endpoint->line, err, "also adds to a list, but %s takes one value only", table->table.name);
    return true;
}

static bool check_parent(const struct definition *definition, struct definition_table *table, struct definition_endpoint *endpoint,
                         uint32_t bit, struct error *err)
{
    endpoint->direct = true;
    if (endpoint->details && endpoint->parent_name && endpoint->parent_name != table->table.name) /* but for an earlier look at it */
        return definition_fault(table->file, endpoint->line, err, "an endpoint with details is asked for each row of its own table, and has no other parent");
    if (endpoint->details)
        endpoint->parent_name = table->table.name;
    if (!endpoint->parent_name)
        return true;
    endpoint->parent = check_find_table(definition, table, (struct told_at){table->file, endpoint->line}, endpoint->parent_name, err);
    if (!endpoint->parent)
        return false;
    if (endpoint->parent->table.fault)
        return definition_fault(table->file, endpoint->line, err, "%s is found through %s, which is unusable: %.400s", table->table.name,
                                endpoint->parent_name, endpoint->parent->table.fault);
    for (size_t i = 0; i < endpoint->parent_if_count; i++) {
        endpoint->parent_ifs[i].column = check_find_column(endpoint->parent, endpoint->parent_ifs[i].name, table, (struct told_at){table->file, endpoint->line}, err);
        if (endpoint->parent_ifs[i].column < 0)
            return false;
    }
    return check_fed(table, endpoint, bit, err);
}

static bool check_endpoint(const struct definition *definition, struct definition_table *table, size_t at, struct error *err)
{
    struct definition_endpoint *endpoint = (struct definition_endpoint *)&table->endpoints[at];

    for (size_t i = 0; i < at; i++)
        if (strcmp(table->endpoints[i].name, endpoint->name) == 0)
            return definition_fault(table->file, endpoint->line, err, "table %s has two endpoints named %s", table->table.name, endpoint->name);
    if (endpoint->json_body && strcmp(endpoint->method, "POST") != 0)
        return definition_fault(table->file, endpoint->line, err, "a request with a body needs method=\"POST\"");
    return check_parent(definition, table, endpoint, (uint32_t)1 << at, err);
}

enum { DEEPEST = 8 /* parents above one another */ };

/* Whether the way up from a table, by whatever parents, ends within so many steps. */
static bool ends_within(const struct definition_table *table, unsigned steps)
{
    for (size_t i = 0; i < table->endpoint_count; i++)
        if (table->endpoints[i].parent && !table->endpoints[i].details && (steps == 0 || !ends_within(table->endpoints[i].parent, steps - 1)))
            return false;
    return true;
}

static bool check_depth(const struct definition_table *table, struct error *err)
{
    return ends_within(table, DEEPEST)
           || definition_fault(table->file, table->line, err, "table %s is found through itself, or through more than %d tables",
                               table->table.name, DEEPEST);
}

/* Columns that some pages do not have must be had together somehow, for who wants all. */
static bool check_details(const struct definition_table *table, struct error *err)
{
    bool details = false, whole = false;
    size_t partial = SIZE_MAX;

    for (size_t i = 0; i < table->endpoint_count; i++) {
        bool tells = true;
        for (size_t at = 0; at < table->table.column_count; at++) {
            bool absent = table->columns[at].absent >> i & 1;
            tells &= !absent;
            partial = absent && partial == SIZE_MAX ? at : partial;
        }
        details |= table->endpoints[i].details;
        whole |= tells && table->listing >> i & 1;
    }
    if (partial == SIZE_MAX || details || whole)
        return true;
    return definition_fault(table->file, table->columns[partial].line, err, "%s.%s stands in the rows of some endpoints only: one that lists rows "
                            "must have all columns, or one must tell details of each row", table->table.name, table->table.columns[partial].name);
}

static bool check_table(const struct definition *definition, struct definition_table *table, struct error *err)
{
    for (size_t i = 0; i < definition->table_count && definition->tables[i] != table; i++)
        if (name_equal(definition->tables[i]->table.name, table->table.name))
            return definition_fault(table->file, table->line, err, "there are two tables named %s", table->table.name);
    if (strncasecmp(table->table.name, "sys_", 4) == 0)
        return definition_fault(table->file, table->line, err, "table %s: names with sys_ are those of the driver's own tables", table->table.name);
    for (size_t i = 0; i < table->table.column_count; i++)
        if (!check_column(definition, table, i, err))
            return false;
    for (size_t i = 0; i < table->endpoint_count; i++)
        if (!check_endpoint(definition, table, i, err))
            return false;
    for (size_t i = 0; i < table->table.column_count; i++)
        if (!check_cells(table, i, err))
            return false;
    return check_details(table, err) && check_parameters(table, err) && check_custom(definition, table, err) && check_depth(table, err);
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
    definition_tell(definition, err);
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
            if (table->table.fault || check_table(definition, table, err))
                continue;
            if (!put_out(definition, table, err))
                return false;
            changed = true;
        }
    }
    return true;
}

/* Who names a column that comes from a parent names the parent's, when it is walked through. */
static void pass_on_widening(const struct definition *definition)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < definition->table_count; i++) {
            const struct definition_table *table = definition->tables[i];
            for (size_t at = 0; at < table->table.column_count; at++)
                for (size_t j = 0; j < table->columns[at].from_count && !table->table.columns[at].widens; j++) {
                    const struct definition_from *from = &table->columns[at].from[j];
                    if (from->table->table.fault || !from->table->table.columns[from->column].widens)
                        continue;
                    ((struct column *)table->table.columns)[at].widens = changed = true;
                }
        }
    }
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

static bool check_sign_in(const struct definition *definition, struct error *err)
{
    const char *missing = definition->has_oauth && name_among(definition->oauth.schemes, "OAuth") ? missing_endpoint(definition) : NULL;

    if (!missing)
        return true;
    return definition_fault(definition->file, definition->oauth_line, err,
                            "oauth names neither %s nor, for OAuth 2.0, an issuer that could tell it", missing);
}

/* What is made of variables is looked at when it is asked for. */
static bool check_url(const struct definition *definition, struct error *err)
{
    struct error why = {0};
    const char *url = definition->url.source;

    return !url || strchr(url, '{') || url_is_allowed(url, "url", &why) || definition_fault(definition->file, definition->line, err, "%s", why.message);
}

static bool check_pagings(const struct definition *definition, struct error *err)
{
    for (size_t i = 0; i < definition->paging_count; i++) {
        if (strcmp(definition->pagings[i].name, "no") == 0)
            return definition_fault(definition->file, definition->pagings[i].line, err, "a paging can not be named \"no\", which means none");
        for (size_t j = 0; j < i; j++)
            if (strcmp(definition->pagings[i].name, definition->pagings[j].name) == 0)
                return definition_fault(definition->file, definition->pagings[i].line, err, "there are two pagings named \"%s\"",
                                        definition->pagings[i].name);
    }
    return true;
}

static bool check_check(const struct definition *definition, struct error *err)
{
    return !definition->check || definition_table(definition, definition->check)
           || definition_fault(definition->file, definition->line, err, "check names the table %s, which there is not", definition->check);
}

bool definition_check(struct definition *definition, struct error *err)
{
    if (!check_tables(definition, err))
        return false;
    pass_on_widening(definition);
    bool done = (check_sign_in(definition, err) || definition_condemn(definition, err))
                && (check_url(definition, err) || definition_condemn(definition, err))
                && (check_check(definition, err) || definition_condemn(definition, err))
                && (check_pagings(definition, err) || definition_condemn(definition, err))
                && (check_variables(definition, err) || definition_condemn(definition, err));
    for (size_t i = 0; done && i < definition->procedure_count; i++)
        done = check_procedure(definition, i, err) || definition_condemn(definition, err);
    if (!done)
        return false;
    if (definition->fatal.sqlstate[0]) {
        *err = definition->fatal;
        return false;
    }
    if (!is_usable(definition, err))
        return false;
    qsort(definition->tables, definition->table_count, sizeof definition->tables[0], by_name);
    if (definition->procedure_count)
        qsort(definition->procedures, definition->procedure_count, sizeof definition->procedures[0], by_procedure_name);
    return true;
}
