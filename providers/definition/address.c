/* The URL and body of one request, and how EXPLAIN tells them. */
#include "providers/definition/request.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "providers/definition/body.h"
#include "providers/definition/cells.h"
#include "providers/definition/template.h"
#include "providers/definition/variables.h"

struct filling {
    const struct requests *requests;
    const struct series *series;
};

/* A hole that nothing is known for yet, as it is told in EXPLAIN. */
static const char *show_hole(const struct requests *requests, const char *name, struct error *err)
{
    const char *text = arena_printf((struct arena *)&requests->arena, "{%s}", name);

    if (!text)
        error_memory(err);
    return text;
}

static const char *variable_hole(const struct requests *requests, size_t variable, bool *plain, struct error *err)
{
    struct variables *variables = requests->context.variables;

    if (!requests->describing)
        return variables_get(variables, variable, requests->cancel, err);
    const char *known = variables_shown(variables, variable, (struct arena *)&requests->arena);
    *plain = *plain || !known;
    return known ? known : show_hole(requests, variables->definition->variables[variable].name, err);
}

static const char *hole(void *context, const struct template_part *part, bool *plain, struct error *err)
{
    const struct filling *filling = context;
    const struct requests *requests = filling->requests;

    if (part->kind == PART_VARIABLE)
        return variable_hole(requests, part->index, plain, err);
    const char *value = filling->series->values[part->index], *name = requests->table->parameters[part->index].name;
    /* What a map says is the definition's own word, and may be more than one part of a path. */
    *plain = *plain || !value || (requests->named >> part->index & 1) || requests->plain >> part->index & 1;
    if (!value && requests->describing)
        return show_hole(requests, name, err);
    if (!value)
        error_set(err, "HY000", "Table %s: nothing fills {%s} of its address", requests->table->table.name, name);
    return value;
}

static bool append_base(const struct requests *requests, struct filling *filling, struct buffer *url, struct error *err)
{
    const struct request_context *context = &requests->context;
    const struct definition_endpoint *endpoint = requests->route.endpoint;

    if (endpoint->url.source)
        return template_fill(&endpoint->url, hole, filling, false, url, err);
    bool done = context->url ? buffer_append_text(url, context->url) || error_memory(err)
                             : template_fill(&context->definition->url, hole, filling, false, url, err);
    return done && template_fill(&context->definition->prefix, hole, filling, false, url, err);
}

/* A parameter whose values stand each on its own is repeated. */
static void append_parameter(const char *name, const char *value, bool named, struct buffer *url)
{
    struct buffer piece;

    if (named) {
        url_add_parameter(url, name, "", false);
        buffer_append_text(url, value);
        return;
    }
    buffer_init(&piece, 1 << 20);
    for (;;) {
        size_t length = strcspn(value, BODY_DIVIDER);
        buffer_reset(&piece);
        buffer_append(&piece, value, length);
        url_add_parameter(url, name, buffer_text(&piece), false);
        if (!value[length])
            break;
        value += length + 1;
    }
    buffer_clear(&piece);
}

/* The parameters of paging, as text: none where a page is asked for by its URL. */
static size_t paging_parameters(const struct requests *requests, const struct page_place *place, const char *names[2], char numbers[2][24],
                                const char *values[2])
{
    const struct definition_paging *paging = requests->route.endpoint->paging;
    size_t count = 0;

    if (requests->page_size && paging->size) {
        names[count] = paging->size;
        snprintf(numbers[count], 24, "%lld", (long long)requests->page_size);
        values[count] = numbers[count];
        count++;
    }
    if (!paging->parameter || (paging->kind == PAGING_TOKEN && !place->token))
        return count;
    names[count] = paging->parameter;
    values[count] = numbers[count];
    if (paging->kind == PAGING_TOKEN)
        values[count] = place->token;
    else
        snprintf(numbers[count], 24, "%lld", (long long)(paging->first + (paging->kind == PAGING_NUMBER ? place->page : place->offset)));
    return count + 1;
}

/* Whether a parameter takes values each on its own. */
static bool is_list(const struct definition_table *table, size_t parameter)
{
    for (size_t i = 0; i < table->table.column_count; i++)
        for (size_t j = 0; j < table->columns[i].filter_count; j++) {
            const struct definition_filter *filter = &table->columns[i].filters[j];
            if (filter->parameter == parameter && filter->separator && strcmp(filter->separator, "[]") == 0)
                return true;
        }
    return false;
}

/* Whether its values are documents. */
static bool is_json(const struct definition_table *table, size_t parameter)
{
    for (size_t i = 0; i < table->table.column_count; i++)
        for (size_t j = 0; j < table->columns[i].filter_count; j++)
            if (table->columns[i].filters[j].parameter == parameter)
                return table->table.columns[i].type.kind == TYPE_JSON;
    return false;
}

bool requests_url(const struct requests *requests, const struct series *series, const struct page_place *place, struct buffer *url,
                  struct buffer *body, struct error *err)
{
    const struct definition_table *table = requests->table;
    const struct definition_endpoint *endpoint = requests->route.endpoint;
    struct filling filling = {requests, series};
    struct body_member members[DEFINITION_PARAMETERS + 2];
    char numbers[2][24];
    size_t count = 0;

    if (!append_base(requests, &filling, url, err) || !template_fill(&endpoint->path, hole, &filling, true, url, err))
        return false;
    for (size_t i = 0; i < table->parameter_count; i++)
        if (series->values[i] && !table->parameters[i].in_path) {
            if (!endpoint->json_body)
                append_parameter(table->parameters[i].name, series->values[i], requests->named >> i & 1, url);
            members[count++] = (struct body_member){table->parameters[i].name, series->values[i], is_list(table, i), is_json(table, i)};
        }
    const char *paging_names[2], *paging_values[2];
    size_t paging = paging_parameters(requests, place, paging_names, numbers, paging_values);
    for (size_t i = 0; i < paging; i++) {
        if (!endpoint->json_body)
            url_add_parameter(url, paging_names[i], paging_values[i], false);
        members[count++] = (struct body_member){paging_names[i], paging_values[i], false, false};
    }
    if (endpoint->json_body && !body_write(&endpoint->body_at, members, count, body))
        return error_memory(err);
    return !url->failed || error_set(err, "HY000", "Table %s: the conditions make a URL that is too long: use shorter ones", table->table.name);
}

/* EXPLAIN. */

static const char *describe_paging(const struct requests *requests, struct arena *arena)
{
    const struct definition_paging *paging = requests->route.endpoint->paging;
    const char *split = requests->split ? "; the list is split over several requests" : "";
    const char *size = requests->page_size ? arena_printf(arena, " of %lld rows", (long long)requests->page_size) : "";
    const char *parent = requests->route.walks ? arena_printf(arena, "; once for each row of %s", requests->route.endpoint->parent->table.name) : "";

    if (!size || !parent)
        return NULL;
    switch (paging->kind) {
    case PAGING_NUMBER:
        return arena_printf(arena, "pages%s, by %s=%lld, %lld…%s%s", size, paging->parameter, (long long)paging->first,
                            (long long)paging->first + 1, split, parent);
    case PAGING_OFFSET:
        return arena_printf(arena, "pages%s, by %s=%lld…%s%s", size, paging->parameter, (long long)paging->first, split, parent);
    case PAGING_LINK:
        return arena_printf(arena, "pages%s, by the Link field of each answer%s%s", size, split, parent);
    case PAGING_NEXT:
        return arena_printf(arena, "pages%s, by the address that each answer tells%s%s", size, split, parent);
    case PAGING_TOKEN:
        return arena_printf(arena, "pages%s, by %s, which each answer tells%s%s", size, paging->parameter, split, parent);
    default:
        return arena_printf(arena, "one answer%s%s", split, parent);
    }
}

/* In place of what the parent's rows will say, where that comes from. False when out of memory. */
static bool show_fed(struct requests *requests, struct series *series)
{
    const struct definition_table *table = requests->table;
    const struct definition_endpoint *endpoint = requests->route.endpoint;

    for (size_t column = 0; requests->route.walks && column < table->table.column_count; column++) {
        int from = column_from(table, column, endpoint);
        for (size_t i = 0; from >= 0 && i < table->parameter_count; i++) {
            if (!(endpoint->fed >> i & 1) || !requests_feeding_filter(requests, column, i))
                continue;
            series->values[i] = arena_printf(&requests->arena, "{%s.%s}", endpoint->parent->table.name,
                                             endpoint->parent->table.columns[from].name);
            requests->named |= (uint64_t)1 << i;
            if (!series->values[i])
                return false;
        }
    }
    return true;
}

/* "POST https://… {…}": the first request. */
static bool describe_request(struct requests *requests, struct series *series, struct arena *arena, const char **text, struct error *err)
{
    const char *method = requests->route.endpoint->method;
    struct page_place place = {0};
    struct buffer url, body;

    buffer_init(&url, 1 << 20);
    buffer_init(&body, 1 << 20);
    bool done = requests_url(requests, series, &place, &url, &body, err);
    if (done) {
        bool plain = strcmp(method, "GET") == 0;
        *text = arena_printf(arena, "%s%s%s%s%s", plain ? "" : method, plain ? "" : " ", buffer_text(&url), body.length ? " " : "",
                             buffer_text(&body));
        done = *text || error_memory(err);
    }
    buffer_clear(&url);
    buffer_clear(&body);
    return done;
}

/* "Status = 'active' (when not asked for)" */
static bool describe_standards(const struct requests *requests, struct arena *arena, const char **standards)
{
    char scratch[VALUE_SCRATCH];
    struct buffer text;
    size_t length;

    buffer_init(&text, 4096);
    for (size_t i = requests->conditions.own_count; i < requests->conditions.count; i++) {
        const struct column *column = &requests->table->table.columns[requests->filters[i].column];
        const struct value *value = requests->filters[i].values;
        if (!requests->conditions.list[i].taken && column->pseudo)
            continue; /* an endpoint that does not know it */
        const char *known = value_as_text(value, scratch, &length), *quote = value->storage == STORAGE_TEXT && requests->filters[i].value_count ? "'" : "";
        buffer_printf(&text, "%s%s = %s%.*s%s (when not asked for)", text.length ? " AND " : "", column->name, quote, (int)length, known, quote);
    }
    *standards = text.length ? arena_text(arena, buffer_text(&text)) : NULL;
    bool done = !text.length || *standards;
    buffer_clear(&text);
    return done;
}

bool requests_describe(const struct request_context *context, const struct scan_request *request, const char *const *names,
                       struct arena *arena, struct scan_description *description, struct error *err)
{
    struct requests requests;
    struct series series;

    if (!requests_open_described(&requests, context, request, names, err))
        return false;
    bool done = requests_series(&requests, &series, err);
    if (done) {
        done = show_fed(&requests, &series) || error_memory(err);
        if (requests.none)
            description->request = arena_text(arena, "none: no row can satisfy the conditions");
        else
            done = done && describe_request(&requests, &series, arena, &description->request, err);
        description->paging = describe_paging(&requests, arena);
        done = done && (describe_standards(&requests, arena, &description->standards) || error_memory(err));
        done = done && ((description->request && description->paging) || error_memory(err));
        series_close(&series);
    }
    requests_close(&requests);
    return done;
}
