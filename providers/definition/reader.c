/* Reads a definition's elements, each into its structure.
 *
 * The grammar has seen to it that elements and attributes are there and have their form, so the code below looks only for what a
 * grammar can not know. */
#include "providers/definition/definition.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "providers/definition/document.h"
#include "providers/definition/text.h"

struct reading {
    struct definition *definition;
    struct arena *arena;
    struct value *empty_values;       /* of <empty>, with their kinds beside them */
    struct type *empty_types;
    size_t empty_count;
    struct definition_table *table;   /* the one being read */
    struct definition_parameter *parameters;
    bool out_of_memory;               /* an attribute could not be copied */
    struct error *err;
};

/* Attributes. */

static int line_of(const xmlNode *node)
{
    return (int)xmlGetLineNo(node);
}

/* The attribute's text in the arena, or NULL when it is not there or memory is out. */
static const char *attribute(struct reading *reading, xmlNode *node, const char *name)
{
    xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
    if (!text)
        return NULL;
    const char *copy = arena_text(reading->arena, (const char *)text);
    reading->out_of_memory |= !copy;
    xmlFree(text);
    return copy;
}

static const char *attribute_or(struct reading *reading, xmlNode *node, const char *name, const char *standard)
{
    const char *text = attribute(reading, node, name);
    return text ? text : standard;
}

static bool flag(struct reading *reading, xmlNode *node, const char *name, bool standard)
{
    const char *text = attribute(reading, node, name);
    return text ? strcmp(text, "yes") == 0 : standard;
}

static int64_t number(struct reading *reading, xmlNode *node, const char *name, int64_t standard)
{
    const char *text = attribute(reading, node, name);
    return text ? strtoll(text, NULL, 10) : standard;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static size_t count(const xmlNode *parent, const char *name)
{
    size_t result = 0;
    for (const xmlNode *node = parent->children; node; node = node->next)
        result += is_element(node, name);
    return result;
}

static bool out_of_memory(struct reading *reading)
{
    return error_memory(reading->err);
}

/* "name=value" into a setting. */
static bool read_setting(struct reading *reading, xmlNode *node, const char *name, const char *value,
                         struct definition_setting *setting)
{
    struct definition_table *table = reading->table;

    for (size_t i = 0; i < table->parameter_count; i++)
        if (strcmp(table->parameters[i].name, name) == 0) {
            *setting = (struct definition_setting){i, value};
            return true;
        }
    if (table->parameter_count == DEFINITION_PARAMETERS)
        return definition_fault(reading->definition, line_of(node), reading->err, "table %s has more than %d parameters",
                                table->table.name, DEFINITION_PARAMETERS);
    *setting = (struct definition_setting){table->parameter_count, value};
    reading->parameters[table->parameter_count++].name = name;
    return true;
}

static const struct definition_setting *read_settings(struct reading *reading, xmlNode *parent, size_t *setting_count)
{
    size_t made = 0;
    *setting_count = count(parent, "parameter");
    struct definition_setting *settings = arena_array(reading->arena, *setting_count, sizeof *settings);
    if (!settings) {
        out_of_memory(reading);
        return NULL;
    }
    for (xmlNode *node = parent->children; node; node = node->next)
        if (is_element(node, "parameter")
            && !read_setting(reading, node, attribute_or(reading, node, "name", ""), attribute_or(reading, node, "value", ""),
                             &settings[made++]))
            return NULL;
    return settings;
}

/* The provider's own elements. */

static void read_oauth(struct reading *reading, xmlNode *node)
{
    struct definition *definition = reading->definition;
    const char *client = attribute_or(reading, node, "client", "header");

    definition->has_oauth = true;
    definition->oauth = (struct oauth_profile){
        .provider = definition->name,
        .schemes = attribute_or(reading, node, "schemes", "OAuth"),
        .authorize_url = attribute(reading, node, "authorize"),
        .token_url = attribute(reading, node, "token"),
        .refresh_url = attribute(reading, node, "refresh"),
        .default_scope = attribute(reading, node, "scope"),
        .scope_separator = attribute_or(reading, node, "scope-separator", " "),
        .client_in_body = strcmp(client, "body") == 0,
        .pkce = flag(reading, node, "pkce", true),
        .bearer_on_refresh = flag(reading, node, "bearer-on-refresh", false),
        .authorize_params = attribute(reading, node, "parameters"),
    };
}

static bool read_paging(struct reading *reading, xmlNode *node)
{
    struct definition_paging *paging = &reading->definition->paging;

    *paging = (struct definition_paging){
        .number = attribute(reading, node, "number"),
        .first = number(reading, node, "first", 1),
        .size = attribute(reading, node, "size"),
        .largest = number(reading, node, "largest", 0),
    };
    return text_paths(reading->arena, attribute_or(reading, node, "more", ""), &paging->more, &paging->more_count)
           || out_of_memory(reading);
}

static bool read_empty(struct reading *reading, xmlNode *node)
{
    const char *type = attribute_or(reading, node, "type", ""), *value = attribute_or(reading, node, "value", "");
    size_t at = reading->empty_count++;
    struct error err = {0};

    if (!type_parse(type, &reading->empty_types[at]))
        return definition_fault(reading->definition, line_of(node), reading->err, "there is no type \"%s\"", type);
    if (!value_from_text(&reading->empty_types[at], value, strlen(value), reading->arena, &reading->empty_values[at], &err))
        return definition_fault(reading->definition, line_of(node), reading->err, "%s", err.message);
    return true;
}

static bool read_failure(struct reading *reading, xmlNode *node, struct definition_failure *failure)
{
    failure->status = (int)number(reading, node, "status", 0);
    if (failure->status) {
        failure->sqlstate = attribute_or(reading, node, "sqlstate", "HY000");
        failure->message = attribute_or(reading, node, "text", "");
        return true;
    }
    return (text_path(reading->arena, attribute_or(reading, node, "code", ""), &failure->code_at)
            && text_path(reading->arena, attribute_or(reading, node, "message", ""), &failure->message_at))
           || out_of_memory(reading);
}

/* Columns and their filters. */

static unsigned read_ops(const char *words)
{
    unsigned ops = 0;
    for (int op = FILTER_EQUAL; op <= FILTER_LIKE; op++)
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
        return out_of_memory(reading);
    filter->map = map;
    for (size_t length; (words = text_word(words, &length)); words += length) {
        const char *equals = memchr(words, '=', length);
        struct definition_map *pair = &map[filter->map_count++];
        struct error err = {0};
        if (!value_from_text(type, words, (size_t)(equals - words), reading->arena, &pair->value, &err))
            return definition_fault(reading->definition, line_of(node), reading->err, "in a map: %s", err.message);
        pair->sent = arena_copy(reading->arena, equals + 1, length - (size_t)(equals + 1 - words));
        if (!pair->sent)
            return out_of_memory(reading);
    }
    return true;
}

static bool read_filter(struct reading *reading, xmlNode *node, const struct type *type, struct definition_filter *filter)
{
    const char *exact = attribute_or(reading, node, "exact", "no");
    struct definition_setting setting;

    filter->ops = read_ops(attribute_or(reading, node, "op", ""));
    filter->exact_ops = strcmp(exact, "yes") == 0 ? filter->ops : strcmp(exact, "no") == 0 ? 0 : read_ops(exact);
    filter->separator = attribute(reading, node, "separator");
    filter->most = (size_t)number(reading, node, "most", filter->separator ? 1000000 : 1);
    filter->wildcard = attribute(reading, node, "wildcard");
    filter->shift = number(reading, node, "shift", 0);
    if (!read_setting(reading, node, attribute_or(reading, node, "parameter", ""), NULL, &setting))
        return false;
    filter->parameter = setting.parameter;
    return read_map(reading, node, type, filter);
}

/* A column that is never NULL takes even such a value as it stands. */
static bool read_empty_values(struct reading *reading, const struct column *column, struct definition_column *detail)
{
    struct value *values = arena_array(reading->arena, reading->empty_count, sizeof *values);
    if (!values)
        return out_of_memory(reading);
    for (size_t i = 0; i < reading->empty_count; i++)
        if (column->nullable && reading->empty_types[i].kind == column->type.kind)
            values[detail->empty_count++] = reading->empty_values[i];
    detail->empty = values;
    return true;
}

static bool read_with(struct reading *reading, xmlNode *node, struct definition_column *detail)
{
    const char *text = attribute(reading, node, "with");
    if (!text)
        return true;
    const char *equals = strchr(text, '=');
    struct definition_setting *setting = arena_alloc(reading->arena, sizeof *setting);
    char *name = arena_copy(reading->arena, text, (size_t)(equals - text));
    if (!setting || !name)
        return out_of_memory(reading);
    detail->with = setting;
    return read_setting(reading, node, name, equals + 1, setting);
}

static bool read_references(struct reading *reading, xmlNode *node, struct column *column)
{
    const char *text = attribute(reading, node, "references");
    if (!text)
        return true;
    const char *dot = strchr(text, '.');
    column->references_table = arena_copy(reading->arena, text, (size_t)(dot - text));
    column->references_column = dot + 1;
    return column->references_table || out_of_memory(reading);
}

static bool read_column(struct reading *reading, xmlNode *node, struct column *column, struct definition_column *detail)
{
    const char *type = attribute_or(reading, node, "type", "");

    detail->line = line_of(node);
    column->name = attribute_or(reading, node, "name", "");
    column->description = attribute_or(reading, node, "description", "");
    column->pseudo = is_element(node, "input");
    column->key = flag(reading, node, "key", false);
    column->nullable = flag(reading, node, "nullable", !column->key);
    detail->join = flag(reading, node, "join", false);
    if (!type_parse(type, &column->type))
        return definition_fault(reading->definition, detail->line, reading->err, "column %s: there is no type \"%s\"", column->name,
                                type);
    if (!read_references(reading, node, column) || !read_empty_values(reading, column, detail)
        || !read_with(reading, node, detail))
        return false;
    if (!text_paths(reading->arena, attribute_or(reading, node, "at", ""), &detail->at, &detail->at_count))
        return out_of_memory(reading);

    struct definition_filter *filters = arena_array(reading->arena, count(node, "filter"), sizeof *filters);
    if (!filters)
        return out_of_memory(reading);
    detail->filters = filters;
    for (xmlNode *child = node->children; child; child = child->next)
        if (is_element(child, "filter") && !read_filter(reading, child, &column->type, &filters[detail->filter_count++]))
            return false;
    return true;
}

/* Tables. */

static bool read_require(struct reading *reading, xmlNode *node)
{
    struct definition_table *table = reading->table;
    struct definition_require *require = arena_alloc(reading->arena, sizeof *require);
    const char *parameter = attribute(reading, node, "parameter");
    const char *words = attribute_or(reading, node, "any", "");

    if (!require)
        return out_of_memory(reading);
    table->require = require;
    for (size_t length; (words = text_word(words, &length)); words += length) {
        size_t i = 0;
        while (i < table->parameter_count
               && (strlen(table->parameters[i].name) != length || memcmp(table->parameters[i].name, words, length) != 0))
            i++;
        if (i == table->parameter_count)
            return definition_fault(reading->definition, line_of(node), reading->err,
                                    "table %s requires the parameter \"%.*s\", which no filter of it sets", table->table.name,
                                    (int)length, words);
        require->any |= (uint64_t)1 << i;
    }
    if (!parameter)
        return true;
    struct definition_setting *standard = arena_alloc(reading->arena, sizeof *standard);
    if (!standard)
        return out_of_memory(reading);
    require->standard = standard;
    return read_setting(reading, node, parameter, attribute_or(reading, node, "value", ""), standard);
}

static bool read_order(struct reading *reading, xmlNode *node, struct definition_order *order)
{
    struct definition_table *table = reading->table;
    const char *column = attribute_or(reading, node, "column", "");

    order->column = table_column(&table->table, column);
    if (order->column < 0)
        return definition_fault(reading->definition, line_of(node), reading->err, "table %s is ordered by %s, a column that it does not have",
                                table->table.name, column);
    order->descending = strcmp(attribute_or(reading, node, "direction", "asc"), "desc") == 0;
    order->settings = read_settings(reading, node, &order->setting_count);
    return order->settings != NULL;
}

static bool read_table(struct reading *reading, xmlNode *node, struct definition_table *table)
{
    struct arena *arena = reading->arena;
    const char *rows = attribute_or(reading, node, "rows", "");
    size_t rows_length = strlen(rows), columns_made = 0, orders_made = 0, setting_count;
    size_t column_count = count(node, "column") + count(node, "input");

    struct column *columns = arena_array(arena, column_count, sizeof *columns);
    struct definition_column *details = arena_array(arena, column_count, sizeof *details);
    struct definition_order *orders = arena_array(arena, count(node, "order"), sizeof *orders);
    reading->parameters = arena_array(arena, DEFINITION_PARAMETERS, sizeof *reading->parameters);
    if (!columns || !details || !orders || !reading->parameters)
        return out_of_memory(reading);

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
        .path = attribute_or(reading, node, "path", ""),
        .many = rows_length >= 2 && strcmp(rows + rows_length - 2, "/*") == 0,
        .paged = reading->definition->paging.number && flag(reading, node, "paged", true),
        .columns = details,
        .parameters = reading->parameters,
        .orders = orders,
        .order_count = count(node, "order"),
        .line = line_of(node),
    };
    const char *row_path = table->many ? arena_copy(arena, rows, rows_length - 2) : rows;
    if (!row_path || !text_path(arena, row_path, &table->rows))
        return out_of_memory(reading);

    const struct definition_setting *settings = read_settings(reading, node, &setting_count);
    if (!settings)
        return false;
    for (size_t i = 0; i < setting_count; i++)
        reading->parameters[settings[i].parameter].standard = settings[i].value;
    for (xmlNode *child = node->children; child; child = child->next)
        if (is_element(child, "column") || is_element(child, "input")) {
            if (!read_column(reading, child, &columns[columns_made], &details[columns_made]))
                return false;
            columns_made++;
        }
    for (xmlNode *child = node->children; child; child = child->next) {
        if (is_element(child, "require") && !read_require(reading, child))
            return false;
        if (is_element(child, "order") && !read_order(reading, child, &orders[orders_made++]))
            return false;
    }
    return true;
}

static bool read_provider(struct reading *reading, xmlNode *root)
{
    struct definition *definition = reading->definition;
    struct arena *arena = reading->arena;
    size_t table_count = count(root, "table"), failures_made = 0;

    definition->name = attribute_or(reading, root, "name", "");
    definition->title = attribute_or(reading, root, "title", "");
    definition->url = attribute_or(reading, root, "url", "");
    definition->check = attribute(reading, root, "check");

    struct definition_failure *failures = arena_array(arena, count(root, "failure"), sizeof *failures);
    struct definition_table **tables = arena_array(arena, table_count, sizeof *tables);
    reading->empty_values = arena_array(arena, count(root, "empty"), sizeof *reading->empty_values);
    reading->empty_types = arena_array(arena, count(root, "empty"), sizeof *reading->empty_types);
    if (!failures || !tables || !reading->empty_values || !reading->empty_types)
        return out_of_memory(reading);
    definition->failures = failures;
    definition->failure_count = count(root, "failure");
    definition->tables = tables;

    for (xmlNode *node = root->children; node; node = node->next) {
        if (is_element(node, "oauth"))
            read_oauth(reading, node);
        if (is_element(node, "limit")) {
            definition->limit_requests = number(reading, node, "requests", 0);
            definition->limit_seconds = number(reading, node, "seconds", 0);
        }
        if (is_element(node, "paging") && !read_paging(reading, node))
            return false;
        if (is_element(node, "empty") && !read_empty(reading, node))
            return false;
        if (is_element(node, "failure") && !read_failure(reading, node, &failures[failures_made++]))
            return false;
        if (is_element(node, "table")) {
            struct definition_table *table = arena_alloc(arena, sizeof *table);
            if (!table)
                return out_of_memory(reading);
            tables[definition->table_count++] = table;
            if (!read_table(reading, node, table))
                return false;
        }
    }
    return true;
}

static bool read_file(struct definition *definition, const char *schema, struct error *err)
{
    struct reading reading = {.definition = definition, .arena = &definition->arena, .err = err};

    xmlDoc *document = document_open(definition, schema, err);
    if (!document)
        return false;
    bool done = read_provider(&reading, xmlDocGetRootElement(document));
    document_close(document);
    return done && reading.out_of_memory ? error_memory(err) : done;
}

bool definition_open(const char *file, const char *schema, struct definition **definition, struct error *err)
{
    struct definition *made = calloc(1, sizeof *made);

    if (!made || !(made->file = arena_text(&made->arena, file))) {
        definition_close(made);
        return error_memory(err);
    }
    if (!read_file(made, schema, err) || !definition_check(made, err)) {
        definition_close(made);
        return false;
    }
    *definition = made;
    return true;
}

void definition_close(struct definition *definition)
{
    if (!definition)
        return;
    arena_clear(&definition->arena);
    free(definition);
}
