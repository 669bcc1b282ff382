#include "providers/definition/variables.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/definition/definition.h"
#include "providers/definition/template.h"
#include "providers/definition/text.h"

enum { LONGEST_VALUE = 4096 };

/* The value of a property; NULL when it is not set, or to nothing, as in many odbc.ini. */
static const char *value_of(const struct properties *properties, const char *property)
{
    const char *given = properties_named(properties, property);
    return given && given[0] ? given : NULL;
}

/* The value of the first case whose property is set so; a property that has cases only takes values of theirs, or a whole URL. */
static bool from_cases(const struct definition_variable *variable, const struct properties *properties, const char **value,
                       struct error *err)
{
    struct buffer allowed;

    for (size_t i = 0; i < variable->case_count; i++) {
        const char *given = value_of(properties, variable->cases[i].property);
        if (given && name_among(variable->cases[i].is, given)) {
            *value = variable->cases[i].value;
            return true;
        }
    }
    for (size_t i = 0; i < variable->case_count; i++) {
        const char *property = variable->cases[i].property, *given = value_of(properties, property);
        if (!given || strstr(given, "://") || (variable->property && name_equal(variable->property, property)))
            continue;
        buffer_init(&allowed, 400);
        for (size_t j = 0; j < variable->case_count; j++) {
            const char *words = name_equal(variable->cases[j].property, property) ? variable->cases[j].is : "";
            for (size_t length; (words = text_word(words, &length)); words += length)
                buffer_printf(&allowed, "%s%.*s", allowed.length ? ", " : "", (int)length, words);
        }
        error_set(err, "HY000", "%s=%.80s is not possible: it can be %s", property, given, buffer_text(&allowed));
        buffer_clear(&allowed);
        return false;
    }
    return true;
}

static bool from_properties(struct variables *variables, size_t at, const struct properties *properties, struct error *err)
{
    const struct definition_variable *variable = &variables->definition->variables[at];
    const char *value = NULL;

    const char *other = properties_other_text(properties, variable->name, &variables->arena);
    if (other) {
        variables->values[at] = other;
        return true;
    }
    if (!from_cases(variable, properties, &value, err))
        return false;
    if (!value && variable->property)
        value = value_of(properties, variable->property);
    if (!value)
        return true;
    variables->values[at] = arena_text(&variables->arena, value);
    return variables->values[at] || error_memory(err);
}

/* Every name that Other gives a value to must be somebody's. */
static bool check_other(const struct variables *variables, const struct properties *properties, struct error *err)
{
    const struct definition *definition = variables->definition;
    char name[PROPERTY_OTHER_NAME];

    for (size_t i = 0; properties_other_name(properties, i, name); i++) {
        bool known = false;
        for (size_t j = 0; j < definition->variable_count; j++)
            known |= name_equal(definition->variables[j].name, name);
        if (!known)
            return error_set(err, "HY000", "Other=%s=… is not possible: %s knows no such switch", name, definition->name);
    }
    return true;
}

bool variables_open(struct variables *variables, const struct definition *definition, const struct properties *properties,
                    struct error *err)
{
    variables->definition = definition;
    variables->values = arena_array(&variables->arena, definition->variable_count + 1, sizeof *variables->values);
    if (!variables->values)
        return error_memory(err);
    for (size_t i = 0; i < definition->variable_count; i++)
        if (!from_properties(variables, i, properties, err))
            return false;
    return check_other(variables, properties, err);
}

void variables_close(struct variables *variables)
{
    arena_clear(&variables->arena);
}

const char *variables_known(struct variables *variables, size_t at)
{
    pthread_mutex_lock(&variables->lock);
    const char *value = variables->values[at];
    pthread_mutex_unlock(&variables->lock);
    return value;
}

/* Keeps a value; the first one stays when two threads have looked it up at once. */
static const char *keep(struct variables *variables, size_t at, const char *value, struct error *err)
{
    pthread_mutex_lock(&variables->lock);
    if (!variables->values[at])
        variables->values[at] = arena_text(&variables->arena, value);
    value = variables->values[at];
    pthread_mutex_unlock(&variables->lock);
    if (!value)
        error_memory(err);
    return value;
}

void variables_property(const struct definition_variable *variable, char *text, size_t room)
{
    if (variable->property || variable->case_count)
        snprintf(text, room, "%s", variable->property ? variable->property : variable->cases[0].property);
    else
        snprintf(text, room, "Other=%s=…", variable->name);
}

static const char *missing(const struct variables *variables, const struct definition_variable *variable, struct error *err)
{
    char property[2 * PROPERTY_OTHER_NAME];

    variables_property(variable, property, sizeof property);
    error_set(err, "HY000", "%s: nothing tells %s%s%s%s%s; set the connection property %s", variables->definition->name, variable->name,
              variable->description[0] ? ", " : "", variable->description, variable->table ? ": there is no row for it in " : "",
              variable->table ? variable->table : "", property);
    return NULL;
}

const char *variables_get(struct variables *variables, size_t at, struct cancel *cancel, struct error *err)
{
    const struct definition_variable *variable = &variables->definition->variables[at];
    const char *value = variables_known(variables, at);
    struct arena arena = {0};
    struct buffer text;

    if (value)
        return value;
    buffer_init(&text, LONGEST_VALUE);
    bool told = variable->token && variables->token && variables->token(variables->context, variable->token, &text);
    value = told ? keep(variables, at, buffer_text(&text), err) : NULL;
    buffer_clear(&text);
    if (told)
        return value;
    if (variable->table && variables->look_up) {
        if (!variables->look_up(variables->context, variable, &arena, &value, cancel, err)) {
            arena_clear(&arena);
            return NULL;
        }
        bool found = value != NULL;
        value = found ? keep(variables, at, value, err) : NULL;
        arena_clear(&arena);
        if (found)
            return value;
    }
    if (!variable->standard.source)
        return missing(variables, variable, err);
    buffer_init(&text, LONGEST_VALUE);
    bool filled = variables_fill(variables, &variable->standard, cancel, &text, err);
    value = filled ? keep(variables, at, buffer_text(&text), err) : NULL;
    buffer_clear(&text);
    return value;
}

/* Ways to fill a hole. */
enum filling_way { FILL_ASKING, FILL_KNOWN, FILL_STANDARD, FILL_SHOWN };

struct filling {
    struct variables *variables;
    struct cancel *cancel;
    enum filling_way way;
    struct arena *arena;             /* of the last two */
};

static const char *hole(void *context, const struct template_part *part, bool *plain, struct error *err)
{
    const struct filling *filling = context;
    const struct definition_variable *variable = &filling->variables->definition->variables[part->index];
    const char *known;
    (void)plain;

    switch (filling->way) {
    case FILL_ASKING:
        return variables_get(filling->variables, part->index, filling->cancel, err);
    case FILL_KNOWN:
        return variables_known(filling->variables, part->index);
    case FILL_STANDARD:
        known = variables_known(filling->variables, part->index);
        return known || !variable->standard.source ? known : variables_standard_text(filling->variables, &variable->standard, filling->arena);
    default:
        known = variables_shown(filling->variables, part->index, filling->arena);
        return known ? known : arena_printf(filling->arena, "{%s}", variable->name);
    }
}

bool variables_fill(struct variables *variables, const struct template *template, struct cancel *cancel, struct buffer *out,
                    struct error *err)
{
    struct filling filling = {.variables = variables, .cancel = cancel, .way = FILL_ASKING};
    return template_fill(template, hole, &filling, false, out, err);
}

static const char *fill(struct filling *filling, const struct template *template, struct arena *arena)
{
    struct error unused = {0};
    struct buffer text;

    buffer_init(&text, LONGEST_VALUE);
    const char *result = template_fill(template, hole, filling, false, &text, &unused) ? arena_text(arena, buffer_text(&text)) : NULL;
    buffer_clear(&text);
    return result;
}

const char *variables_known_text(struct variables *variables, const struct template *template, struct arena *arena)
{
    struct filling filling = {.variables = variables, .way = FILL_KNOWN};
    return fill(&filling, template, arena);
}

const char *variables_standard_text(struct variables *variables, const struct template *template, struct arena *arena)
{
    struct filling filling = {.variables = variables, .way = FILL_STANDARD, .arena = arena};
    return fill(&filling, template, arena);
}

const char *variables_shown_text(struct variables *variables, const struct template *template, struct arena *arena)
{
    struct filling filling = {.variables = variables, .way = FILL_SHOWN, .arena = arena};
    return fill(&filling, template, arena);
}

static bool is_secret(const char *property)
{
    for (int i = 0; i < PROPERTY_COUNT && property; i++)
        if (property_info((enum property)i)->secret && name_equal(property_info((enum property)i)->name, property))
            return true;
    return false;
}

const char *variables_shown(struct variables *variables, size_t at, struct arena *arena)
{
    const struct definition_variable *variable = &variables->definition->variables[at];
    const char *known = variables_known(variables, at);

    if (known)
        return is_secret(variable->property) ? "***" : known;
    /* Nobody else will tell it. */
    return !variable->table && !variable->token && variable->standard.source ? variables_standard_text(variables, &variable->standard, arena) : NULL;
}
