/* Whether the variables can be known: where they are looked up, and that finding one out does not need it already. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/definition/check.h"

static bool fault(const struct definition *definition, const struct definition_variable *variable, const char *what, const char *name,
                  struct error *err)
{
    return definition_fault(definition->file, variable->line, err, "the variable %s %s%s", variable->name, what, name);
}

static bool is_property(const char *name)
{
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (name_equal(property_info((enum property)i)->name, name))
            return true;
    return false;
}

static bool check_names(const struct definition *definition, size_t at, struct error *err)
{
    const struct definition_variable *variable = &definition->variables[at];

    for (size_t i = 0; i < at; i++)
        if (name_equal(definition->variables[i].name, variable->name))
            return fault(definition, variable, "stands there twice", "", err);
    if (variable->property && !is_property(variable->property))
        return fault(definition, variable, "takes the value of a connection property that there is not: ", variable->property, err);
    for (size_t i = 0; i < variable->case_count; i++)
        if (!is_property(variable->cases[i].property))
            return fault(definition, variable, "depends on a connection property that there is not: ", variable->cases[i].property, err);
    return true;
}

static bool check_lookup(const struct definition *definition, const struct definition_variable *variable, struct error *err)
{
    const struct definition_table *table = variable->table ? definition_table(definition, variable->table) : NULL;
    const char *const names[] = {variable->column, variable->where, variable->label, variable->prefer};

    if (!variable->table)
        return true;
    if (!table)
        return fault(definition, variable, "is looked up in a table that there is not: ", variable->table, err);
    if (table->table.fault)
        return true; /* told already; whoever needs the variable is told again */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i] && table_column(&table->table, names[i]) < 0)
            return fault(definition, variable, "is looked up by a column that its table has not: ", names[i], err);
    if (variable->prefer && table->table.columns[table_column(&table->table, variable->prefer)].type.kind != TYPE_BOOLEAN)
        return fault(definition, variable, "prefers by a column that is not boolean: ", variable->prefer, err);
    return true;
}

/* What must be known before something else can be: gone through depth first. */
struct search {
    const struct definition *definition;
    size_t wanted;                   /* the variable that must not be met */
    bool asks;                       /* any that is looked up, or told by the token's reply, must not be met either */
    bool *seen;                      /* variables that have been looked at */
};

static bool meets_variable(struct search *search, size_t variable);

static bool meets_in_template(struct search *search, const struct template *template)
{
    for (size_t i = 0; i < template->part_count; i++)
        if (template->parts[i].kind == PART_VARIABLE && meets_variable(search, template->parts[i].index))
            return true;
    return false;
}

static bool meets_in_settings(struct search *search, const struct definition_setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (meets_in_template(search, &settings[i].value))
            return true;
    return false;
}

/* What every request of the service carries. */
static bool meets_in_service(struct search *search)
{
    const struct definition *definition = search->definition;

    for (size_t i = 0; i < definition->header_count; i++)
        if (meets_in_template(search, &definition->headers[i].value))
            return true;
    return false;
}

static bool meets_in_table(struct search *search, const struct definition_table *table, unsigned depth)
{
    const struct definition *definition = search->definition;

    for (size_t i = 0; i < table->endpoint_count; i++) {
        const struct definition_endpoint *endpoint = &table->endpoints[i];
        bool own = endpoint->url.source;
        if (meets_in_template(search, &endpoint->path) || meets_in_template(search, own ? &endpoint->url : &definition->url)
            || (!own && meets_in_template(search, &definition->prefix))
            || meets_in_settings(search, endpoint->settings, endpoint->setting_count)
            || (endpoint->parent && !endpoint->details && depth < 9 && meets_in_table(search, endpoint->parent, depth + 1)))
            return true;
    }
    for (size_t i = 0; i < table->require_count; i++)
        if (table->requires[i].standard && meets_in_settings(search, table->requires[i].standard, 1))
            return true;
    for (size_t i = 0; i < table->table.column_count; i++)
        if (meets_in_template(search, &table->columns[i].standard))
            return true;
    return meets_in_service(search);
}

static bool meets_variable(struct search *search, size_t at)
{
    const struct definition_variable *variable = &search->definition->variables[at];

    if (at == search->wanted || (search->asks && (variable->table || variable->token)))
        return true;
    if (search->seen[at])
        return false;
    search->seen[at] = true;
    const struct definition_table *table = variable->table ? definition_table(search->definition, variable->table) : NULL;
    return meets_in_template(search, &variable->standard) || meets_in_template(search, &variable->is) || (table && meets_in_table(search, table, 0));
}

/* Whether finding out a variable needs it. */
static bool is_circular(struct definition *definition, size_t at, bool *circular, struct error *err)
{
    const struct definition_variable *variable = &definition->variables[at];
    const struct definition_table *table = variable->table ? definition_table(definition, variable->table) : NULL;
    struct search search = {.definition = definition, .wanted = at};

    search.seen = arena_array(&definition->arena, definition->variable_count, sizeof *search.seen);
    if (!search.seen)
        return error_memory(err);
    *circular = meets_in_template(&search, &variable->standard) || meets_in_template(&search, &variable->is) || (table && meets_in_table(&search, table, 0));
    return true;
}

/* One signs in before anything can be asked. */
static bool check_oauth(struct definition *definition, struct error *err)
{
    const struct template *const places[] = {&definition->issuer, &definition->request_token, &definition->authorize, &definition->token,
                                             &definition->refresh, &definition->device, &definition->revoke};
    struct search search = {.definition = definition, .wanted = SIZE_MAX, .asks = true};

    search.seen = arena_array(&definition->arena, definition->variable_count, sizeof *search.seen);
    if (!search.seen)
        return error_memory(err);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (meets_in_template(&search, places[i]))
            return definition_fault(definition->file, definition->oauth_line, err,
                                    "%s: one signs in before a variable can be looked up or told by the token's reply", places[i]->source);
    return true;
}

bool check_variables(struct definition *definition, struct error *err)
{
    bool circular;

    for (size_t i = 0; i < definition->variable_count; i++) {
        const struct definition_variable *variable = &definition->variables[i];
        if (!check_names(definition, i, err) || !check_lookup(definition, variable, err) || !is_circular(definition, i, &circular, err))
            return false;
        if (circular)
            return fault(definition, variable, "can not be found out without knowing it already", "", err);
    }
    return check_oauth(definition, err);
}
