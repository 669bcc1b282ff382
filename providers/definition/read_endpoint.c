/* Endpoints: the ways to ask for a table's rows. A table with a path has one without a name, and those of its <endpoint> elements. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/reading.h"
#include "providers/definition/text.h"

static uint32_t listing_endpoints(const struct definition_table *table)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < table->endpoint_count; i++) {
        const struct shape *shape = &table->endpoints[i].shape;
        for (size_t j = 0; j < shape->row_count; j++)
            if (shape->rows[j].many)
                bits |= (uint32_t)1 << i;
    }
    return bits ? bits : UINT32_MAX >> (DEFINITION_ENDPOINTS - table->endpoint_count);
}

bool read_endpoint_names(struct reading *reading, xmlNode *node, uint32_t standard, uint32_t *bits)
{
    const struct definition_table *table = reading->table;
    const char *words = attribute(reading, node, "endpoint");

    *bits = words ? 0 : standard;
    for (size_t length; words && (words = text_word(words, &length)); words += length) {
        size_t i = 0;
        while (i < table->endpoint_count
               && (strlen(table->endpoints[i].name) != length || memcmp(table->endpoints[i].name, words, length) != 0))
            i++;
        if (i == table->endpoint_count)
            return reading_fault(reading, node, "table %s has no endpoint \"%.*s\"", table->table.name, (int)length, words);
        *bits |= (uint32_t)1 << i;
    }
    return true;
}

/* The endpoint that the <table> itself tells, or that of an <endpoint>. */
static bool read_head(struct reading *reading, xmlNode *table, xmlNode *node, struct definition_endpoint *endpoint)
{
    const char *rows = attribute(reading, node, "rows");
    struct shape *shape = &endpoint->shape;

    endpoint->name = node == table ? "" : attribute_or(reading, node, "name", "");
    endpoint->line = line_of(node);
    if (!rows)
        rows = attribute_or(reading, table, "rows", "");
    return attribute_row_places(reading, node, rows, &shape->rows, &shape->row_count);
}

bool read_endpoint_heads(struct reading *reading, xmlNode *table)
{
    bool own = xmlHasProp(table, (const xmlChar *)"path");
    size_t most = count_elements(table, "endpoint") + own, made = 0;
    struct definition_endpoint *endpoints = arena_array(reading->arena, most, sizeof *endpoints);

    if (!endpoints)
        return reading_memory(reading);
    if (most > DEFINITION_ENDPOINTS || most == 0)
        return reading_fault(reading, table, most ? "the table has more than %d endpoints" : "the table has neither path nor endpoint",
                             DEFINITION_ENDPOINTS);
    reading->table->endpoints = endpoints;
    if (own && !read_head(reading, table, table, &endpoints[made++]))
        return false;
    for (xmlNode *node = table->children; node; node = node->next)
        if (is_element(node, "endpoint") && !read_head(reading, table, node, &endpoints[made++]))
            return false;
    reading->table->endpoint_count = made;
    for (size_t i = 0; i < made; i++)
        for (size_t j = 0; j < endpoints[i].shape.row_count; j++)
            reading->table->many |= endpoints[i].shape.rows[j].many;
    reading->table->listing = listing_endpoints(reading->table);
    return true;
}

struct hole_context {
    struct reading *reading;
    xmlNode *node;
    struct definition_endpoint *endpoint;
    uint32_t bit;
};

/* Of the filters that tell how the hole of their column is filled the one that names the endpoint, else the first; NULL when none tells. */
static struct definition_filter *filling_filter(struct definition_column *detail, size_t parameter, uint32_t bit)
{
    struct definition_filter *first = NULL;

    for (size_t i = 0; i < detail->filter_count; i++) {
        struct definition_filter *filter = &detail->filters[i];
        if (filter->parameter == parameter && (filter->endpoints & bit))
            return filter;
        first = first || filter->parameter != parameter ? first : filter;
    }
    return first;
}

/* A hole of an endpoint's path that a column fills: equality with it becomes a filter. */
static bool add_hole(const struct hole_context *context, int column, struct template_part *part)
{
    struct reading *reading = context->reading;
    struct definition_table *table = reading->table;
    struct definition_column *detail = (struct definition_column *)&table->columns[column];
    const struct column *shown = &table->table.columns[column];
    bool text = type_is_text(shown->type.kind);
    size_t parameter;

    if (!reading_parameter(reading, context->node, shown->name, true, &parameter))
        return false;
    *part = (struct template_part){.kind = PART_PARAMETER, .index = parameter};
    context->endpoint->needs |= (uint64_t)1 << parameter;
    struct definition_filter *filling = filling_filter(detail, parameter, context->bit);
    for (size_t i = 0; i < detail->filter_count; i++)
        detail->filters[i].endpoints &= detail->filters[i].parameter == parameter ? UINT32_MAX : ~context->bit;
    if (filling) {
        filling->endpoints |= context->bit;
        return true;
    }
    unsigned ops = 1u << FILTER_EQUAL | 1u << FILTER_IN;
    detail->filters[detail->filter_count++] = (struct definition_filter){
        .ops = ops, .exact_ops = text ? 0 : ops, .parameter = parameter, .endpoints = context->bit, .most = 1, .prefix = "",
    };
    return true;
}

static bool name_hole(void *context_, const char *name, size_t length, struct template_part *part)
{
    const struct hole_context *context = context_;
    const struct table *table = &context->reading->table->table;

    for (size_t i = 0; i < table->column_count; i++)
        if (name_equal_length(name, length, table->columns[i].name))
            return add_hole(context, (int)i, part);
    return reading_variable(context->reading, name, length, part);
}

static bool read_paging_name(struct reading *reading, xmlNode *node, xmlNode *table, struct definition_endpoint *endpoint)
{
    static const struct definition_paging none = {.name = "no", .kind = PAGING_NONE};
    const struct definition *definition = reading->definition;
    const char *name = attribute(reading, node, "paging");
    bool many = endpoint->shape.rows[0].many;

    if (!name && node != table)
        name = many ? attribute(reading, table, "paging") : "no";
    if (!name)
        name = !many ? "no" : reading->paging ? reading->paging : definition->paging_count ? definition->pagings[0].name : "no";
    endpoint->paging = &none;
    if (strcmp(name, "no") == 0)
        return true;
    for (size_t i = 0; i < definition->paging_count; i++)
        if (strcmp(definition->pagings[i].name, name) == 0) {
            endpoint->paging = &definition->pagings[i];
            return true;
        }
    return reading_fault(reading, node, "there is no paging \"%s\"", name);
}

/* Parameters that the endpoint needs by their names. */
static bool read_needs(struct reading *reading, xmlNode *node, struct definition_endpoint *endpoint)
{
    const struct definition_table *table = reading->table;
    const char *words = attribute_or(reading, node, "needs", "");

    for (size_t length; (words = text_word(words, &length)); words += length) {
        size_t i = 0;
        while (i < table->parameter_count
               && (table->parameters[i].in_path || strlen(table->parameters[i].name) != length
                   || memcmp(table->parameters[i].name, words, length) != 0))
            i++;
        if (i == table->parameter_count)
            return reading_fault(reading, node, "table %s needs the parameter \"%.*s\", which no filter of it sets", table->table.name,
                                 (int)length, words);
        endpoint->needs |= (uint64_t)1 << i;
    }
    return true;
}

/* "Enabled Name=vault" */
static bool read_parent_ifs(struct reading *reading, xmlNode *node, struct definition_endpoint *endpoint)
{
    const char *words = attribute_or(reading, node, "parent-if", "");

    endpoint->parent_ifs = arena_array(reading->arena, text_word_count(words), sizeof *endpoint->parent_ifs);
    if (!endpoint->parent_ifs)
        return reading_memory(reading);
    for (size_t length; (words = text_word(words, &length)); words += length) {
        struct definition_condition *condition = &endpoint->parent_ifs[endpoint->parent_if_count++];
        const char *equals = memchr(words, '=', length);
        condition->name = arena_copy(reading->arena, words, equals ? (size_t)(equals - words) : length);
        condition->is = equals ? arena_copy(reading->arena, equals + 1, length - (size_t)(equals + 1 - words)) : NULL;
        if (!condition->name || (equals && !condition->is))
            return reading_memory(reading);
    }
    return true;
}

/* Columns of which the endpoint knows the standard only. */
static bool read_standards(struct reading *reading, xmlNode *node, struct definition_endpoint *endpoint)
{
    const struct definition_table *table = reading->table;
    const char *words = attribute_or(reading, node, "only-standard", "");
    int *columns = arena_array(reading->arena, text_word_count(words), sizeof *columns);

    if (!columns)
        return reading_memory(reading);
    endpoint->standards = columns;
    for (size_t length; (words = text_word(words, &length)); words += length) {
        size_t i = 0;
        while (i < table->table.column_count && !(name_equal_length(words, length, table->table.columns[i].name) && table->columns[i].standard.source))
            i++;
        if (i == table->table.column_count)
            return reading_fault(reading, node, "only-standard names %.*s, which is no column of %s with a standard", (int)length, words,
                                 table->table.name);
        columns[endpoint->standard_count++] = (int)i;
    }
    return true;
}

/* The file's parameters go with every request, the table's own with every list, an endpoint's with it alone. */
static bool read_endpoint_settings(struct reading *reading, xmlNode *table, xmlNode *node, struct definition_endpoint *endpoint, bool lists)
{
    xmlNode *const places[] = {reading->shared, lists ? table : NULL, node == table ? NULL : node};
    enum { PLACES = sizeof places / sizeof places[0] };
    const struct definition_setting *found[PLACES];
    size_t counts[PLACES], count = 0;

    for (size_t i = 0; i < PLACES; i++) {
        if (!read_settings(reading, places[i], &found[i], &counts[i]))
            return false;
        count += counts[i];
    }
    struct definition_setting *settings = arena_array(reading->arena, count, sizeof *settings);
    if (!settings)
        return reading_memory(reading);
    endpoint->settings = settings;
    endpoint->setting_count = count;
    for (size_t i = 0; i < PLACES; settings += counts[i++])
        if (counts[i])
            memcpy(settings, found[i], counts[i] * sizeof *settings);
    return true;
}

static bool read_body(struct reading *reading, xmlNode *table, xmlNode *node, struct definition_endpoint *endpoint, uint32_t bit)
{
    struct hole_context context = {reading, node, endpoint, bit};
    const char *path = attribute_or(reading, node, "path", ""), *wrong;
    const char *body = attribute(reading, node, "body");

    if (!template_read(reading->arena, path, name_hole, &context, &endpoint->path, &wrong))
        return wrong && !reading->err->sqlstate[0] ? reading_fault(reading, node, "path=\"%.100s\": %s", path, wrong)
               : reading->err->sqlstate[0] ? false : reading_memory(reading);
    endpoint->url = reading->url;
    endpoint->method = attribute_or(reading, node, "method", "GET");
    endpoint->json_body = body != NULL;
    endpoint->parent_name = attribute(reading, node, "parent");
    endpoint->also = attribute(reading, node, "also");
    endpoint->details = attribute_flag(reading, node, "details", false);
    endpoint->rows = (double)attribute_number(reading, node, "estimate", 0);
    if (!attribute_template(reading, node, "url", &endpoint->url) || !attribute_path(reading, node, "body", &endpoint->body_at)
        || !read_paging_name(reading, node, table, endpoint) || !read_needs(reading, node, endpoint)
        || !read_parent_ifs(reading, node, endpoint) || !read_standards(reading, node, endpoint))
        return false;
    endpoint->missing = attribute_flag(reading, node, "missing", endpoint->needs != 0);

    return read_endpoint_settings(reading, table, node, endpoint, reading->table->listing & bit || node == table);
}

bool read_endpoint_bodies(struct reading *reading, xmlNode *table)
{
    struct definition_endpoint *endpoints = (struct definition_endpoint *)reading->table->endpoints;
    size_t made = 0;

    if (xmlHasProp(table, (const xmlChar *)"path") && !read_body(reading, table, table, &endpoints[made], 1u))
        return false;
    made += xmlHasProp(table, (const xmlChar *)"path") != NULL;
    for (xmlNode *node = table->children; node; node = node->next) {
        if (!is_element(node, "endpoint"))
            continue;
        if (!read_body(reading, table, node, &endpoints[made], (uint32_t)1 << made))
            return false;
        made++;
    }
    return true;
}
