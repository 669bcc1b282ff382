#include "providers/script/info.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/name.h"

enum { MOST_COLUMNS = 2000 };

/* The text of a parameter of info's children, by any of its names. */
static const char *word(const struct element *element, const char *const *names)
{
    for (; *names; names++) {
        const struct element_parameter *parameter = element_parameter(element, *names);
        if (parameter)
            return parameter->raw;
    }
    return NULL;
}

#define WORD(element, ...) word(element, (const char *const[]){__VA_ARGS__, NULL})

static bool is_true(const char *text)
{
    return text && (name_equal(text, "true") || name_equal(text, "yes") || strcmp(text, "1") == 0);
}

static const char *description_of(const struct element *element)
{
    const char *text = WORD(element, "desc", "description");
    return text ? text : "";
}

/* How many digits of a second moments have. */
static struct type with_scale(struct type type, const char *scale)
{
    bool told = (type.kind == TYPE_TIME || type.kind == TYPE_TIMESTAMP) && scale && scale[0] >= '0' && scale[0] <= '9' && !scale[1];

    if (told)
        type.scale = (int16_t)(scale[0] - '0');
    return type;
}

struct type info_type(const char *name, const char *size, const char *scale)
{
    static const struct { const char *names; struct type type; } types[] = {
        {"int integer int32", {.kind = TYPE_INTEGER}}, {"long bigint int64", {.kind = TYPE_BIGINT}}, {"short smallint int16", {.kind = TYPE_SMALLINT}},
        {"byte tinyint", {.kind = TYPE_SMALLINT}}, {"double float real single", {.kind = TYPE_DOUBLE}}, {"boolean bool bit", {.kind = TYPE_BOOLEAN}},
        {"date", {.kind = TYPE_DATE}}, {"time", {.kind = TYPE_TIME, .scale = 3}}, {"datetime timestamp", {.kind = TYPE_TIMESTAMP, .scale = 3}},
        {"guid uuid uniqueidentifier", {.kind = TYPE_GUID}}, {"json", {.kind = TYPE_JSON}},
    };
    long width = size ? strtol(size, NULL, 10) : 0, digits = scale ? strtol(scale, NULL, 10) : 0;

    for (size_t i = 0; name && i < sizeof types / sizeof types[0]; i++)
        if (name_among(types[i].names, name))
            return with_scale(types[i].type, scale);
    if (name && name_among("decimal numeric money currency", name)) {
        bool given = width > 0 && width <= DECIMAL_DIGITS && digits >= 0 && digits <= width;
        return (struct type){.kind = TYPE_DECIMAL, .size = given ? (int32_t)width : DECIMAL_DIGITS, .scale = scale && given ? (int16_t)digits : 10};
    }
    bool bounded = width > 0 && width <= SIZE_UNBOUNDED;
    if (name && name_among("binary varbinary blob base64binary", name))
        return (struct type){.kind = TYPE_BINARY, .size = bounded ? (int32_t)width : 0};
    return (struct type){.kind = TYPE_STRING, .size = bounded ? (int32_t)width : 4000};
}

static struct type type_of(const struct element *element)
{
    return info_type(WORD(element, "type"), WORD(element, "columnsize", "precision", "size"), WORD(element, "scale"));
}

/* --- what a script looks at --- */

bool info_listens(const struct script *script, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = script->source; (at = strcasestr(at, "_input.")); at++) {
        const char *rest = at + 7;
        if (strncasecmp(rest, name, length) == 0 && strchr(" ]|\"'\t\r\n#.,;", rest[length]))
            return true;
    }
    return false;
}

static const char *setting_in(const struct element *element, const char *attribute)
{
    const char *found = NULL;

    if (element->keyword == KEYWORD_SET) {
        const char *name = element_literal(element, "attr"), *point = name ? strrchr(name, '.') : NULL;
        if (name && name_equal(point ? point + 1 : name, attribute))
            found = element_parameter(element, "value") ? element_literal(element, "value") : phrase_literal(&element->body);
    }
    for (const struct element *child = element->first; child && !found; child = child->next)
        found = setting_in(child, attribute);
    return found;
}

const char *info_setting(const struct script *script, const char *attribute)
{
    return setting_in(script->root, attribute);
}

/* --- tables --- */

static bool is(const struct element *element, const char *name)
{
    return name_equal(element->name, name);
}

/* The name of an input without the mark of several values. False: it stands for any. */
static bool input_name(const struct element *element, struct arena *arena, const char **name)
{
    const char *given = WORD(element, "name");

    *name = NULL;
    if (!given || !*given || given[strlen(given) - 1] == '*' || strchr(given, '@'))
        return true;
    size_t length = strlen(given);
    *name = arena_copy(arena, given, given[length - 1] == '#' ? length - 1 : length);
    return *name;
}

static const char *filter_parameter(const struct element *element, struct arena *arena)
{
    const char *filter = WORD(element, "filter");
    size_t length = filter ? strlen(filter) : 0;

    if (!length)
        return NULL;
    bool braces = filter[0] == '{' && filter[length - 1] == '}';
    return arena_copy(arena, filter + braces, length - (braces ? 2u : 0u));
}

/* "Table=Input, *=*" */
static bool is_listed(const char *listed, const char *table, const char *input)
{
    for (const char *at = listed ? listed : ""; *at;) {
        size_t length = strcspn(at, ",;");
        const char *equals = memchr(at, '=', length);
        if (equals) {
            const char *right = equals + 1;
            size_t left_length = (size_t)(equals - at), right_length = length - left_length - 1;
            while (left_length && (*at == ' ')) {
                at++;
                left_length--;
                length--;
            }
            bool table_fits = (left_length == 1 && *at == '*') || name_equal_length(at, left_length, table);
            if (table_fits && ((right_length == 1 && *right == '*') || name_equal_length(right, right_length, input)))
                return true;
        }
        at += length + (at[length] != '\0');
    }
    return false;
}

static size_t count_children(const struct element *info)
{
    size_t count = 0;

    for (const struct element *child = info ? info->first : NULL; child; child = child->next)
        count++;
    return count;
}

static bool is_taken(const struct column *columns, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (name_equal(columns[i].name, name))
            return true;
    return false;
}

static bool add_column(const struct script *script, const struct element *element, struct arena *arena, struct column *column, struct script_column *own)
{
    const char *path = WORD(element, "xPath"), *form = WORD(element, "dataFormat", "valueFormat");
    const char *name = WORD(element, "name"), *references = WORD(element, "references");

    *column = (struct column){.name = name, .description = description_of(element), .type = type_of(element), .nullable = true,
                              .key = is_true(WORD(element, "key")) ? 1 : 0};
    if (form && (name_equal(form, "aggregate") || name_equal(form, "json")))
        column->type = (struct type){.kind = TYPE_JSON};
    const char *point = references ? strrchr(references, '.') : NULL;
    if (point && point > references && point[1]) {
        column->references_table = arena_copy(arena, references, (size_t)(point - references));
        column->references_column = arena_text(arena, point + 1);
        if (!column->references_table || !column->references_column)
            return false;
    }
    *own = (struct script_column){.path = path, .parameter = filter_parameter(element, arena), .listens = info_listens(script, name), .joins = true};
    return true;
}

static const char *fault_at(const struct script *script, const struct element *element, struct arena *arena, const char *what)
{
    return arena_printf(arena, "%s:%d:%d: %s", script->file, element->place.line, element->place.column, what);
}

/* Whether there is a nested script of one of these verbs. */
static bool has_script(const struct element *element, const char *verbs)
{
    for (const struct element *child = element->first; child; child = child->next) {
        const char *methods = child->keyword == KEYWORD_SCRIPT ? element_literal(child, "method") : NULL;
        for (const char *word = methods ? methods : ""; *word;) {
            char verb[16] = "";
            size_t length = strcspn(word, ", ;|");
            snprintf(verb, sizeof verb, "%.*s", (int)(length < sizeof verb ? length : sizeof verb - 1), word);
            if (*verb && name_among(verbs, verb))
                return true;
            word += length + (word[length] != '\0');
        }
    }
    return false;
}

bool info_table(const struct script *script, const char *name, const char *listed, struct arena *arena, struct script_table *made, struct error *err)
{
    size_t most = count_children(script->info) + 1, count = 0;
    struct column *columns = arena_array(arena, most, sizeof *columns);
    struct script_column *own = arena_array(arena, most, sizeof *own);
    const char *fault = NULL;

    if (!columns || !own)
        return error_memory(err);
    for (const struct element *child = script->info ? script->info->first : NULL; child && !fault; child = child->next) {
        const char *given = WORD(child, "name");
        if (!is(child, "attr"))
            continue;
        if (!given || !*given)
            fault = fault_at(script, child, arena, "a column has no name");
        else if (is_taken(columns, count, given))
            fault = fault_at(script, child, arena, arena_printf(arena, "there are two columns %s", given));
        else if (count == MOST_COLUMNS)
            fault = fault_at(script, child, arena, "there are too many columns");
        else if (!add_column(script, child, arena, &columns[count], &own[count]))
            return error_memory(err);
        else
            count++;
    }
    size_t plain = count;
    for (const struct element *child = script->info ? script->info->first : NULL; child && !fault; child = child->next) {
        const char *input;
        if (!is(child, "input"))
            continue;
        if (!input_name(child, arena, &input))
            return error_memory(err);
        if (!input)
            continue;
        for (size_t i = 0; i < plain; i++)
            if (name_equal(columns[i].name, input))
                own[i].listens = true;
        if (is_taken(columns, count, input))
            continue;
        own[count] = (struct script_column){.path = "", .parameter = filter_parameter(child, arena), .listens = true};
        columns[count++] = (struct column){.name = input, .description = description_of(child), .type = type_of(child), .nullable = true, .pseudo = true,
                                           .listed = is_listed(listed, name, input)};
    }
    if (!fault && plain == 0)
        fault = arena_printf(arena, "%s:1:1: the script declares no columns", script->file);
    bool changes = has_script(script->root, "POST PUT PATCH MERGE DELETE");
    const char *title = script->info ? description_of(script->info) : "";
    *made = (struct script_table){.script = script, .columns = own};
    made->table = (struct table){.name = arena_text(arena, name), .description = title, .kind = changes ? TABLE_TABLE : TABLE_VIEW, .fault = fault, .columns = columns,
                                 .column_count = count, .definition = made};
    return made->table.name || error_memory(err);
}

/* --- procedures --- */

bool info_procedure(const struct script *script, const char *name, struct arena *arena, struct script_procedure *made, struct error *err)
{
    size_t most = count_children(script->info) + 1, inputs_made = 0, outputs_made = 0;
    struct procedure_input *inputs = arena_array(arena, most, sizeof *inputs);
    struct procedure_output *outputs = arena_array(arena, most + 1, sizeof *outputs);
    bool any = false;

    *made = (struct script_procedure){.script = script, .other = -1};
    if (!inputs || !outputs)
        return error_memory(err);
    for (const struct element *child = script->info ? script->info->first : NULL; child; child = child->next) {
        const char *given = WORD(child, "name"), *input;
        if (!given || !*given)
            continue;
        if (is(child, "input")) {
            if (!input_name(child, arena, &input))
                return error_memory(err);
            if (!input)
                continue;
            inputs[inputs_made++] = (struct procedure_input){.name = input, .description = description_of(child), .type = type_of(child),
                                                             .required = is_true(WORD(child, "req", "required")) && !WORD(child, "def", "default"),
                                                             .standard = WORD(child, "def", "default")};
        } else if (is(child, "output")) {
            if (given[strlen(given) - 1] == '*')
                any = true;
            else
                outputs[outputs_made++] = (struct procedure_output){.name = given, .description = description_of(child), .type = type_of(child)};
        }
    }
    if (any || !outputs_made) {
        made->other = (int)outputs_made;
        outputs[outputs_made++] = (struct procedure_output){.name = "Other", .description = "What else the script has pushed.", .type = {.kind = TYPE_JSON}};
    }
    made->procedure = (struct procedure){.name = arena_text(arena, name), .description = script->info ? description_of(script->info) : "",
                                         .inputs = inputs, .input_count = inputs_made, .outputs = outputs, .output_count = outputs_made, .definition = made};
    return made->procedure.name || error_memory(err);
}

/* --- inputs --- */

static bool is_allowed(const char *values, const char *value)
{
    for (const char *at = values; *at;) {
        at += strspn(at, " ");
        size_t length = strcspn(at, ",");
        size_t end = length;
        while (end && at[end - 1] == ' ')
            end--;
        if (name_equal_length(at, end, value))
            return true;
        at += length + (at[length] != '\0');
    }
    return false;
}

bool info_fill_input(const struct script *script, struct item *input, struct error *err)
{
    for (const struct element *child = script->info ? script->info->first : NULL; child; child = child->next) {
        const char *name = is(child, "input") ? WORD(child, "name") : NULL;
        if (!name || strpbrk(name, "*#@"))
            continue;
        const char *standard = WORD(child, "def", "default"), *values = WORD(child, "values"), *given = item_first(input, name);
        if (!given && standard && !item_set(input, name, standard))
            return error_memory(err);
        if (!given && !standard && is_true(WORD(child, "req", "required")))
            return error_set(err, "42000", "%s:%d:%d: the input %s is required", script->file, child->place.line, child->place.column, name);
        if (given && *given && values && *values && !is_allowed(values, given))
            return error_set(err, "22023", "%s: the input %s takes one of %s, not \"%.60s\"", script->file, name, values, given);
    }
    return true;
}
