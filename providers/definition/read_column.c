/* Columns, inputs and their filters. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/reading.h"
#include "providers/definition/text.h"

static unsigned read_ops(const char *words)
{
    unsigned ops = 0;
    for (int op = FILTER_EQUAL; op <= FILTER_IS_NOT_NULL; op++)
        if (text_has_word(words, definition_op_name((enum filter_op)op)))
            ops |= 1u << op;
    return ops;
}

static bool read_map(struct reading *reading, xmlNode *node, const struct type *type, struct definition_filter *filter)
{
    const char *words = attribute(reading, node, "map");
    if (!words)
        return true;

    size_t most = text_word_count(words);
    struct definition_map *map = arena_array(reading->arena, most, sizeof *map);
    if (!map)
        return reading_memory(reading);
    filter->map = map;
    for (size_t length; (words = text_word(words, &length)); words += length) {
        const char *equals = memchr(words, '=', length);
        struct definition_map *pair = &map[filter->map_count++];
        struct error err = {0};
        if (!value_from_text(type, words, (size_t)(equals - words), reading->arena, &pair->value, &err))
            return reading_fault(reading, node, "in a map: %s", err.message);
        pair->sent = arena_copy(reading->arena, equals + 1, length - (size_t)(equals + 1 - words));
        if (!pair->sent)
            return reading_memory(reading);
        for (size_t i = 0; i + 1 < filter->map_count; i++)
            filter->several |= value_compare(type->kind, &map[i].value, &pair->value) == 0;
    }
    return true;
}

static enum sent_form read_form(const char *word)
{
    static const char *const forms[] = {
        [SENT_PLAIN] = "iso", [SENT_COMPACT_OFFSET] = "compact-offset", [SENT_ZULU] = "zulu", [SENT_SECONDS] = "seconds", [SENT_DAY] = "day",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i], word) == 0)
            return (enum sent_form)i;
    return SENT_PLAIN;
}

/* "parameter=value" */
static bool read_setting(struct reading *reading, xmlNode *node, const char *text, size_t length, template_names *names, struct definition_setting *setting)
{
    const char *equals = memchr(text, '=', length), *wrong;
    char *name = arena_copy(reading->arena, text, (size_t)(equals - text));
    char *value = arena_copy(reading->arena, equals + 1, length - (size_t)(equals + 1 - text));

    if (!name || !value)
        return reading_memory(reading);
    if (!template_read(reading->arena, value, names, reading, &setting->value, &wrong))
        return wrong ? reading_fault(reading, node, "with=\"%.100s\": %s", value, wrong) : reading_memory(reading);
    return reading_parameter(reading, node, name, false, &setting->parameter);
}

/* What goes along with a filter: "period=custom until=2099-12-31" */
static bool read_along(struct reading *reading, xmlNode *node, struct definition_filter *filter)
{
    const char *words = attribute_or(reading, node, "with", "");
    struct definition_setting *settings = arena_array(reading->arena, text_word_count(words), sizeof *settings);

    if (!settings)
        return reading_memory(reading);
    filter->with = settings;
    for (size_t length; (words = text_word(words, &length)); words += length)
        if (!read_setting(reading, node, words, length, reading_variable, &settings[filter->with_count++]))
            return false;
    return true;
}

/* Without a parameter it says how the hole of the column's name in a path is filled; the paths that have it tell the endpoints. */
static bool read_filter(struct reading *reading, xmlNode *node, const struct column *column, struct definition_filter *filter)
{
    const char *exact = attribute_or(reading, node, "exact", "no"), *parameter = attribute(reading, node, "parameter");

    filter->ops = read_ops(attribute_or(reading, node, "op", ""));
    filter->exact_ops = strcmp(exact, "yes") == 0 ? filter->ops : strcmp(exact, "no") == 0 ? 0 : read_ops(exact);
    filter->separator = attribute(reading, node, "separator");
    filter->most = (size_t)attribute_number(reading, node, "most", filter->separator ? 1000000 : 1);
    filter->wildcard = attribute(reading, node, "wildcard");
    filter->anywhere = attribute_flag(reading, node, "anywhere", false);
    filter->prefix = attribute_or(reading, node, "prefix", "");
    filter->shift = attribute_number(reading, node, "shift", 0);
    filter->form = read_form(attribute_or(reading, node, "form", "iso"));
    filter->each = attribute_flag(reading, node, "each", false);
    filter->silent = attribute_flag(reading, node, "silent", false);
    return reading_parameter(reading, node, parameter ? parameter : column->name, !parameter, &filter->parameter)
           && read_endpoint_names(reading, node, parameter ? reading->table->listing : 0, &filter->endpoints)
           && read_along(reading, node, filter) && read_map(reading, node, &column->type, filter);
}

/* A column that is never NULL takes even such a value as it stands. */
bool read_empty_values(struct reading *reading, const struct column *column, struct shape_column *place)
{
    struct value *values = arena_array(reading->arena, reading->empty_count, sizeof *values);
    if (!values)
        return reading_memory(reading);
    for (size_t i = 0; i < reading->empty_count; i++)
        if (column->nullable && reading->empty_types[i].kind == column->type.kind)
            values[place->empty_count++] = reading->empty_values[i];
    place->empty = values;
    return true;
}

bool read_with(struct reading *reading, xmlNode *node, const struct definition_setting **with)
{
    const char *text = attribute(reading, node, "with");
    if (!text)
        return true;
    struct definition_setting *setting = arena_alloc(reading->arena, sizeof *setting);
    if (!setting)
        return reading_memory(reading);
    *with = setting;
    return read_setting(reading, node, text, strlen(text), NULL, setting);
}

/* "Table.Column" */
static bool split_name(struct reading *reading, const char *text, size_t length, const char **table, const char **column)
{
    const char *dot = memchr(text, '.', length);

    *table = arena_copy(reading->arena, text, (size_t)(dot - text));
    *column = arena_copy(reading->arena, dot + 1, length - (size_t)(dot + 1 - text));
    return (*table && *column) || reading_memory(reading);
}

static bool read_references(struct reading *reading, xmlNode *node, struct column *column)
{
    const char *text = attribute(reading, node, "references");
    return !text || split_name(reading, text, strlen(text), &column->references_table, &column->references_column);
}

static bool read_from(struct reading *reading, xmlNode *node, struct definition_column *detail)
{
    const char *words = attribute_or(reading, node, "from", "");

    detail->from = arena_array(reading->arena, text_word_count(words), sizeof *detail->from);
    if (!detail->from)
        return reading_memory(reading);
    for (size_t length; (words = text_word(words, &length)); words += length) {
        struct definition_from *from = &detail->from[detail->from_count++];
        if (!split_name(reading, words, length, &from->table_name, &from->column_name))
            return false;
    }
    return true;
}

/* Columns by which a query does without the standard. */
static bool read_unless(struct reading *reading, xmlNode *node, struct definition_column *detail)
{
    const char *words = attribute_or(reading, node, "unless", "");
    const char **names = arena_array(reading->arena, text_word_count(words), sizeof *names);

    detail->unless = arena_array(reading->arena, text_word_count(words), sizeof *detail->unless);
    if (!names || !detail->unless)
        return reading_memory(reading);
    detail->unless_names = names;
    for (size_t length; (words = text_word(words, &length)); words += length)
        if (!(names[detail->unless_count++] = arena_copy(reading->arena, words, length)))
            return reading_memory(reading);
    return true;
}

/* The endpoints in whose pages it stands: all, unless it says which. */
static bool read_absent(struct reading *reading, xmlNode *node, struct definition_column *detail)
{
    uint32_t all = UINT32_MAX >> (DEFINITION_ENDPOINTS - reading->table->endpoint_count), present;

    if (!read_endpoint_names(reading, node, all, &present))
        return false;
    detail->absent = all & ~present;
    return true;
}

bool read_column(struct reading *reading, xmlNode *node, struct column *column, struct definition_column *detail, struct shape_column *place)
{
    const char *type = attribute_or(reading, node, "type", "");

    detail->file = reading->file;
    detail->line = line_of(node);
    column->name = attribute_or(reading, node, "name", "");
    column->description = attribute_or(reading, node, "description", "");
    column->pseudo = is_element(node, "input");
    column->key = attribute_flag(reading, node, "key", false);
    column->nullable = attribute_flag(reading, node, "nullable", !column->key);
    place->join = attribute_flag(reading, node, "join", false);
    column->any = attribute(reading, node, "any");
    if (!type_parse(type, &column->type))
        return reading_fault(reading, node, "column %s: there is no type \"%s\"", column->name, type);
    if (!read_references(reading, node, column) || !read_empty_values(reading, column, place) || !read_with(reading, node, &detail->with) || !read_absent(reading, node, detail)
        || !read_unless(reading, node, detail)
        || !read_from(reading, node, detail) || !attribute_places(reading, node, "at", &place->at, &place->at_count)
        || !attribute_template(reading, node, "standard", &detail->standard))
        return false;
    column->widens = detail->standard.source;
    column->narrowed = !column->pseudo && column->widens;

    /* There is room for what the holes of paths add. */
    size_t most = count_elements(node, "filter") + reading->table->endpoint_count;
    detail->filters = arena_array(reading->arena, most, sizeof *detail->filters);
    if (!detail->filters)
        return reading_memory(reading);
    for (xmlNode *child = node->children; child; child = child->next)
        if (is_element(child, "filter") && !read_filter(reading, child, column, &detail->filters[detail->filter_count++]))
            return false;
    return true;
}
