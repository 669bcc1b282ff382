#include "providers/definition/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/text.h"

int line_of(const xmlNode *node)
{
    return (int)xmlGetLineNo(node);
}

const char *attribute(struct reading *reading, xmlNode *node, const char *name)
{
    xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
    if (!text)
        return NULL;
    const char *copy = arena_text(reading->arena, (const char *)text);
    reading->out_of_memory |= !copy;
    xmlFree(text);
    return copy;
}

const char *attribute_or(struct reading *reading, xmlNode *node, const char *name, const char *standard)
{
    const char *text = attribute(reading, node, name);
    return text ? text : standard;
}

bool attribute_flag(struct reading *reading, xmlNode *node, const char *name, bool standard)
{
    const char *text = attribute(reading, node, name);
    return text ? strcmp(text, "yes") == 0 : standard;
}

int64_t attribute_number(struct reading *reading, xmlNode *node, const char *name, int64_t standard)
{
    const char *text = attribute(reading, node, name);
    return text ? strtoll(text, NULL, 10) : standard;
}

bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

size_t count_elements(const xmlNode *parent, const char *name)
{
    size_t result = 0;
    for (const xmlNode *node = parent->children; node; node = node->next)
        result += is_element(node, name);
    return result;
}

bool reading_fault(struct reading *reading, const xmlNode *node, const char *format, ...)
{
    char what[768];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return definition_fault(reading->file, line_of(node), reading->err, "%s", what);
}

bool reading_memory(struct reading *reading)
{
    return error_memory(reading->err);
}

/* What a reader of the small languages says is wrong with an attribute. */
static bool wrong_text(struct reading *reading, const xmlNode *node, const char *name, const char *text, const char *wrong)
{
    return wrong ? reading_fault(reading, node, "%s=\"%.100s\": %s", name, text, wrong) : reading_memory(reading);
}

bool reading_variable(void *context, const char *name, size_t length, struct template_part *part)
{
    const struct reading *reading = context;

    for (size_t i = 0; i < reading->definition->variable_count; i++)
        if (name_equal_length(name, length, reading->definition->variables[i].name)) {
            *part = (struct template_part){.kind = PART_VARIABLE, .index = i};
            return true;
        }
    return false;
}

bool attribute_template(struct reading *reading, xmlNode *node, const char *name, struct template *result)
{
    const char *text = attribute(reading, node, name), *wrong;

    if (!text)
        return true;
    return template_read(reading->arena, text, reading_variable, reading, result, &wrong) || wrong_text(reading, node, name, text, wrong);
}

bool attribute_path(struct reading *reading, xmlNode *node, const char *name, struct path *path)
{
    const char *text = attribute_or(reading, node, name, ""), *wrong;
    return path_read(reading->arena, text, strlen(text), path, &wrong) || wrong_text(reading, node, name, text, wrong);
}

bool attribute_paths(struct reading *reading, xmlNode *node, const char *name, const struct path **paths, size_t *count)
{
    const char *text = attribute_or(reading, node, name, ""), *wrong;
    struct path *made = arena_array(reading->arena, text_word_count(text), sizeof *made);

    if (!made)
        return reading_memory(reading);
    *paths = made;
    *count = 0;
    for (size_t length; (text = text_word(text, &length)); text += length)
        if (!path_read(reading->arena, text, length, &made[(*count)++], &wrong))
            return wrong_text(reading, node, name, text, wrong);
    return true;
}

bool attribute_places(struct reading *reading, xmlNode *node, const char *name, const struct place **places, size_t *count)
{
    const char *text = attribute_or(reading, node, name, ""), *wrong;
    struct place *made = arena_array(reading->arena, text_word_count(text), sizeof *made);

    if (!made)
        return reading_memory(reading);
    *places = made;
    *count = 0;
    for (size_t length; (text = text_word(text, &length)); text += length)
        if (!place_read(reading->arena, text, length, &made[(*count)++], &wrong))
            return wrong_text(reading, node, name, text, wrong);
    return true;
}

bool attribute_row_places(struct reading *reading, xmlNode *node, const char *text, const struct row_place **places, size_t *count)
{
    struct row_place *made = arena_array(reading->arena, text_word_count(text) + 1, sizeof *made);
    const char *wrong, *whole = text;

    if (!made)
        return reading_memory(reading);
    *places = made;
    *count = 0;
    for (size_t length; (text = text_word(text, &length)); text += length) {
        bool root = length == 1 && *text == '/';
        if (!row_place_read(reading->arena, text, root ? 0 : length, &made[(*count)++], &wrong))
            return wrong_text(reading, node, "rows", whole, wrong);
    }
    if (*count == 0 && !row_place_read(reading->arena, "", 0, &made[(*count)++], &wrong))
        return wrong_text(reading, node, "rows", whole, wrong);
    return true;
}

bool reading_parameter(struct reading *reading, const xmlNode *node, const char *name, bool in_path, size_t *index)
{
    struct definition_table *table = reading->table;

    for (*index = 0; *index < table->parameter_count; ++*index)
        if (table->parameters[*index].in_path == in_path && strcmp(table->parameters[*index].name, name) == 0)
            return true;
    if (table->parameter_count == DEFINITION_PARAMETERS)
        return reading_fault(reading, node, "table %s has more than %d parameters", table->table.name, DEFINITION_PARAMETERS);
    reading->parameters[table->parameter_count++] = (struct definition_parameter){name, in_path};
    return true;
}

bool read_settings(struct reading *reading, xmlNode *parent, const struct definition_setting **settings, size_t *count)
{
    struct definition_setting *made = arena_array(reading->arena, parent ? count_elements(parent, "parameter") : 0, sizeof *made);

    *settings = made;
    *count = 0;
    if (!made)
        return reading_memory(reading);
    for (xmlNode *node = parent ? parent->children : NULL; node; node = node->next) {
        if (!is_element(node, "parameter"))
            continue;
        struct definition_setting *setting = &made[(*count)++];
        if (!reading_parameter(reading, node, attribute_or(reading, node, "name", ""), false, &setting->parameter)
            || !attribute_template(reading, node, "value", &setting->value))
            return false;
    }
    return true;
}
