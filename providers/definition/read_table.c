/* Tables. */
#include <string.h>

#include "base/error.h"
#include "providers/definition/reading.h"
#include "providers/definition/text.h"

static bool read_require(struct reading *reading, xmlNode *node, struct definition_require *require)
{
    struct definition_table *table = reading->table;
    const char *parameter = attribute(reading, node, "parameter");
    const char *words = attribute_or(reading, node, "any", "");

    for (size_t length; (words = text_word(words, &length)); words += length) {
        size_t i = 0;
        while (i < table->parameter_count
               && (strlen(table->parameters[i].name) != length || memcmp(table->parameters[i].name, words, length) != 0))
            i++;
        if (i == table->parameter_count)
            return reading_fault(reading, node, "table %s requires the parameter \"%.*s\", which no filter of it sets", table->table.name,
                                 (int)length, words);
        require->any |= (uint64_t)1 << i;
    }
    if (!read_endpoint_names(reading, node, table->listing, &require->endpoints))
        return false;
    if (!parameter)
        return true;
    struct definition_setting *standard = arena_alloc(reading->arena, sizeof *standard);
    if (!standard)
        return reading_memory(reading);
    require->standard = standard;
    return reading_parameter(reading, node, parameter, false, &standard->parameter)
           && attribute_template(reading, node, "value", &standard->value);
}

static bool read_order(struct reading *reading, xmlNode *node, struct definition_order *order)
{
    struct definition_table *table = reading->table;
    const char *column = attribute_or(reading, node, "column", "");

    order->column = table_column(&table->table, column);
    if (order->column < 0)
        return reading_fault(reading, node, "table %s is ordered by %s, a column that it does not have", table->table.name, column);
    order->descending = strcmp(attribute_or(reading, node, "direction", "asc"), "desc") == 0;
    return read_endpoint_names(reading, node, table->listing, &order->endpoints)
           && read_settings(reading, node, &order->settings, &order->setting_count);
}

static bool read_custom(struct reading *reading, xmlNode *node)
{
    struct definition_custom *custom = arena_alloc(reading->arena, sizeof *custom);
    const struct column column = {.type = {.kind = TYPE_STRING}, .nullable = true};
    struct shape_column place = {0};

    if (!custom || !read_empty_values(reading, &column, &place))
        return reading_memory(reading);
    *custom = (struct definition_custom){
        .table = attribute(reading, node, "table"),
        .name = attribute(reading, node, "name"),
        .key = attribute(reading, node, "key"),
        .where = attribute(reading, node, "where"),
        .is = attribute(reading, node, "is"),
        .prefix = attribute_or(reading, node, "prefix", ""),
        .skip = attribute(reading, node, "skip"),
        .like = attribute(reading, node, "like"),
        .empty = place.empty,
        .empty_count = place.empty_count,
        .optional = attribute_flag(reading, node, "optional", false),
        .line = line_of(node),
    };
    reading->table->custom = custom;
    return attribute_path(reading, node, "at", &custom->at) && read_with(reading, node, &custom->with);
}

/* The pages of an endpoint: its rows, the table's cells, and what its paging looks for. */
static void complete_shapes(struct definition_table *table, const struct shape_column *places)
{
    struct definition_endpoint *endpoints = (struct definition_endpoint *)table->endpoints;

    for (size_t i = 0; i < table->endpoint_count; i++) {
        const struct definition_paging *paging = endpoints[i].paging;
        struct shape *shape = &endpoints[i].shape;
        shape->table = &table->table;
        shape->columns = places;
        shape->more = paging->more;
        shape->more_count = paging->more_count;
        shape->next = paging->next;
        shape->next_count = paging->next_count;
        shape->total = paging->total;
        shape->total_count = paging->total_count;
    }
}

/* Which parameters each endpoint can carry. */
static void complete_masks(struct definition_table *table)
{
    struct definition_endpoint *endpoints = (struct definition_endpoint *)table->endpoints;

    for (size_t i = 0; i < table->endpoint_count; i++) {
        endpoints[i].carries |= endpoints[i].needs;
        for (size_t j = 0; j < endpoints[i].setting_count; j++)
            endpoints[i].carries |= (uint64_t)1 << endpoints[i].settings[j].parameter;
        for (size_t column = 0; column < table->table.column_count; column++)
            for (size_t j = 0; j < table->columns[column].filter_count; j++) {
                const struct definition_filter *filter = &table->columns[column].filters[j];
                if (!(filter->endpoints >> i & 1))
                    continue;
                endpoints[i].carries |= (uint64_t)1 << filter->parameter;
                for (size_t k = 0; k < filter->with_count; k++)
                    endpoints[i].carries |= (uint64_t)1 << filter->with[k].parameter;
            }
    }
}

static size_t count_columns(const xmlNode *node)
{
    return count_elements(node, "column") + count_elements(node, "input");
}

/* The group that a <use> names; NULL with a fault. */
static const struct column_group *find_group(struct reading *reading, xmlNode *use)
{
    const char *name = attribute_or(reading, use, "columns", "");

    for (const struct column_group *group = reading->groups; group; group = group->next)
        if (strcmp(group->name, name) == 0)
            return group;
    reading_fault(reading, use, "there are no columns \"%s\" to use", name);
    return NULL;
}

/* How many columns a table has, with those that it uses. */
static bool count_all_columns(struct reading *reading, xmlNode *node, size_t *count)
{
    *count = count_columns(node);
    for (xmlNode *child = node->children; child; child = child->next) {
        const struct column_group *group = is_element(child, "use") ? find_group(reading, child) : NULL;
        if (is_element(child, "use") && !group)
            return false;
        *count += group ? count_columns(group->node) : 0;
    }
    return true;
}

/* The columns of a table in their order, those of a group where it is used. */
static bool read_columns(struct reading *reading, xmlNode *node, struct column *columns, struct definition_column *details,
                         struct shape_column *places, size_t *made)
{
    for (xmlNode *child = node->children; child; child = child->next) {
        if (is_element(child, "column") || is_element(child, "input")) {
            if (!read_column(reading, child, &columns[*made], &details[*made], &places[*made]))
                return false;
            ++*made;
        } else if (is_element(child, "use")) {
            const struct column_group *group = find_group(reading, child);
            const char *file = reading->file;
            reading->file = group->file;
            bool done = read_columns(reading, group->node, columns, details, places, made);
            reading->file = file;
            if (!done)
                return false;
        }
    }
    return true;
}

bool read_table(struct reading *reading, xmlNode *node, struct definition_table *table)
{
    struct arena *arena = reading->arena;
    size_t columns_made = 0, orders_made = 0, requires_made = 0, column_count;

    if (!count_all_columns(reading, node, &column_count))
        return false;

    struct column *columns = arena_array(arena, column_count, sizeof *columns);
    struct definition_column *details = arena_array(arena, column_count, sizeof *details);
    struct shape_column *places = arena_array(arena, column_count, sizeof *places);
    struct definition_order *orders = arena_array(arena, count_elements(node, "order"), sizeof *orders);
    struct definition_require *requires = arena_array(arena, count_elements(node, "require"), sizeof *requires);
    reading->parameters = arena_array(arena, DEFINITION_PARAMETERS, sizeof *reading->parameters);
    if (!columns || !details || !places || !orders || !requires || !reading->parameters)
        return reading_memory(reading);

    reading->table = table;
    *table = (struct definition_table){
        .table = {
            .name = attribute_or(reading, node, "name", ""),
            .description = attribute_or(reading, node, "description", ""),
            .kind = strcmp(attribute_or(reading, node, "kind", "table"), "view") == 0 ? TABLE_VIEW : TABLE_TABLE,
            .columns = columns,
            .column_count = column_count,
            .definition = table,
        },
        .columns = details,
        .places = places,
        .parameters = reading->parameters,
        .orders = orders,
        .order_count = count_elements(node, "order"),
        .requires = requires,
        .require_count = count_elements(node, "require"),
        .scope = attribute_or(reading, node, "scope", reading->scope),
        .file = reading->file,
        .line = line_of(node),
    };
    /* The file's parameters and the table's own come first in every request. */
    const struct definition_setting *own;
    size_t own_count;
    if (!read_endpoint_heads(reading, node) || !read_settings(reading, reading->shared, &own, &own_count)
        || !read_settings(reading, node, &own, &own_count))
        return false;
    if (!read_columns(reading, node, columns, details, places, &columns_made) || !read_endpoint_bodies(reading, node))
        return false;
    for (xmlNode *child = node->children; child; child = child->next) {
        if (is_element(child, "require") && !read_require(reading, child, &requires[requires_made++]))
            return false;
        if (is_element(child, "order") && !read_order(reading, child, &orders[orders_made++]))
            return false;
        if (is_element(child, "custom-fields") && !read_custom(reading, child))
            return false;
    }
    complete_shapes(table, places);
    complete_masks(table);
    return true;
}
