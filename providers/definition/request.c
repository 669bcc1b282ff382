#include "providers/definition/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "providers/definition/body.h"
#include "providers/definition/send.h"
#include "providers/definition/template.h"
#include "providers/definition/variables.h"

/* Bytes of one list in one request: servers take URLs of 8 KiB. */
enum { LIST_BYTES = 3000, LONGEST_SETTING = 4096 };

static bool unknown_value(const struct requests *requests, const struct column *column, const struct definition_filter *filter,
                          const struct value *value, struct error *err)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    struct buffer known;

    buffer_init(&known, 400);
    for (size_t i = 0; i < filter->map_count; i++)
        buffer_printf(&known, "%s%s", i == 0 ? "; it can be " : i + 1 < filter->map_count ? ", " : " or ",
                      value_as_text(&filter->map[i].value, scratch, &length));
    const char *text = value_as_text(value, scratch, &length);
    error_set(err, "22023", "%s of table %s can not be \"%.60s\"%s", column->name, requests->table->table.name, text,
              buffer_text(&known));
    buffer_clear(&known);
    return false;
}

static int by_value(const void *a, const void *b, void *kind)
{
    return value_compare(*(const enum type_kind *)kind, a, b);
}

static bool copy_value(struct arena *arena, struct value *value)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    value->text = arena_copy(arena, value->text, value->length);
    return value->text != NULL;
}

/* The values of a filter that are not NULL, in the arena, sorted, each once. False when out of memory. */
static bool distinct_values(struct arena *arena, enum type_kind kind, const struct filter *filter, struct value **values, size_t *count)
{
    size_t made = 0, kept = 0;

    struct value *copy = arena_array(arena, filter->value_count, sizeof *copy);
    if (!copy)
        return false;
    for (size_t i = 0; i < filter->value_count; i++) {
        if (value_is_null(&filter->values[i]))
            continue;
        copy[made] = filter->values[i];
        if (!copy_value(arena, &copy[made++]))
            return false;
    }
    qsort_r(copy, made, sizeof *copy, by_value, &kind);
    for (size_t i = 0; i < made; i++)
        if (kept == 0 || value_compare(kind, &copy[kept - 1], &copy[i]) != 0)
            copy[kept++] = copy[i];
    *values = copy;
    *count = kept;
    return true;
}

/* Chooses the values of the list's next request. */
static void choose(struct request_list *list)
{
    size_t bytes = 0;

    list->end = list->first;
    while (list->end < list->count && list->end - list->first < list->most) {
        bytes += strlen(list->sent[list->end]) + 1;
        if (bytes > LIST_BYTES && list->end > list->first)
            break;
        list->end++;
    }
}

/* Several values as one text. */
static const char *join(struct arena *arena, const char *const *sent, size_t count, const char *separator)
{
    struct buffer text;

    buffer_init(&text, 1 << 20);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s%s", i ? separator : "", sent[i]);
    const char *written = text.failed ? NULL : arena_copy(arena, buffer_text(&text), text.length);
    buffer_clear(&text);
    return written;
}

/* What stands between values inside a parameter's text until it is written: those of "[]" are taken apart again then. */
static const char *divider(const char *separator)
{
    return strcmp(separator, "[]") == 0 ? BODY_DIVIDER : separator;
}

/* Writes a list's present values into its parameter, and into the echo of a column that stands in no page. */
static bool write_list(struct requests *requests, const struct request_list *list)
{
    const char *written = join(&requests->arena, &list->sent[list->first], list->end - list->first, divider(list->separator));

    if (!written)
        return false;
    requests->values[list->parameter] = written;
    const struct column *column = &requests->table->table.columns[list->column];
    if (list->end - list->first == 1)
        requests->echo[list->column] = list->values[list->first];
    else if (column->type.kind == TYPE_STRING && column->pseudo)
        requests->echo[list->column] = value_text(written, strlen(written));
    return true;
}

/* A value that can not be an address has no row. */
static bool is_no_address(const struct requests *requests, size_t parameter, const char *sent)
{
    return requests->table->parameters[parameter].in_path && (strcmp(sent, ".") == 0 || strcmp(sent, "..") == 0);
}

/* What a hole of a path can not be filled with, no row has. */
static enum sending send_for(struct requests *requests, size_t parameter, const struct definition_filter *how, bool exact,
                             const struct column *column, const struct value *value, const char **sent)
{
    enum sending sending = send_value(&requests->arena, column, how, exact, value, sent);

    if (sending == SENT && is_no_address(requests, parameter, *sent))
        return IMPOSSIBLE;
    return sending == UNSENDABLE && requests->table->parameters[parameter].in_path ? IMPOSSIBLE : sending;
}

static bool push_list(struct requests *requests, size_t parameter, const struct definition_filter *how, bool exact,
                      const struct filter *filter, struct error *err)
{
    const struct column *column = &requests->table->table.columns[filter->column];
    struct value *values;
    size_t count, kept = 0;

    if (!distinct_values(&requests->arena, column->type.kind, filter, &values, &count))
        return error_memory(err);
    const char **sent = arena_array(&requests->arena, count, sizeof *sent);
    if (!sent)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        switch (send_for(requests, parameter, how, exact, column, &values[i], &sent[kept])) {
        case SENT: values[kept++] = values[i]; break;
        case IMPOSSIBLE: break;
        case UNSENDABLE: return true;
        case UNKNOWN: return unknown_value(requests, column, how, &values[i], err);
        case NO_MEMORY: return error_memory(err);
        }
    }
    if (kept == 0) {
        requests->none = true;
        return true;
    }

    struct request_list *list = &requests->lists[requests->list_count++];
    *list = (struct request_list){
        .parameter = parameter, .column = filter->column, .values = values, .sent = sent, .count = kept,
        .most = how->separator ? how->most : 1, .separator = how->separator ? how->separator : "",
    };
    choose(list);
    requests->split |= list->end < list->count;
    requests->pushed |= (uint64_t)1 << parameter;
    return write_list(requests, list) || error_memory(err);
}

static bool push_single(struct requests *requests, size_t parameter, const struct definition_filter *how, bool exact,
                        const struct filter *filter, struct error *err)
{
    const struct column *column = &requests->table->table.columns[filter->column];
    const char *sent = NULL;
    enum sending sending;

    if (filter->op == FILTER_IS_NULL || filter->op == FILTER_IS_NOT_NULL) {
        sent = how->prefix;
        sending = SENT;
    } else if (filter->op == FILTER_LIKE) {
        sending = send_pattern(&requests->arena, how, filter->values, &sent);
    } else {
        sending = send_for(requests, parameter, how, exact, column, filter->values, &sent);
    }
    switch (sending) {
    case UNSENDABLE: return true;
    case IMPOSSIBLE: requests->none = true; return true;
    case UNKNOWN: return unknown_value(requests, column, how, filter->values, err);
    case NO_MEMORY: return error_memory(err);
    case SENT: break;
    }
    requests->values[parameter] = sent;
    requests->pushed |= (uint64_t)1 << parameter;
    if (filter->op == FILTER_EQUAL) {
        requests->echo[filter->column] = filter->values[0];
        return copy_value(&requests->arena, &requests->echo[filter->column]) || error_memory(err);
    }
    return true;
}

/* Nothing equals, exceeds or resembles NULL. */
static bool is_never_true(const struct filter *filter)
{
    for (size_t i = 0; i < filter->value_count; i++)
        if (!value_is_null(&filter->values[i]))
            return false;
    return filter->op != FILTER_IS_NULL && filter->op != FILTER_IS_NOT_NULL;
}

/* A template's text, in the arena. */
static const char *fill(struct requests *requests, const struct template *template, struct error *err)
{
    struct buffer text;
    const char *result;

    if (requests->describing) {
        result = variables_known_text(requests->context.variables, template, &requests->arena);
        return result ? result : template->source;
    }
    buffer_init(&text, LONGEST_SETTING);
    result = variables_fill(requests->context.variables, template, requests->cancel, &text, err)
             ? arena_copy(&requests->arena, buffer_text(&text), text.length) : NULL;
    buffer_clear(&text);
    if (!result && !err->sqlstate[0])
        error_memory(err);
    return result;
}

/* The filters of the query, and behind them those of columns that have a standard and that the query does not name. */
static bool collect_filters(struct requests *requests, const struct scan_request *request, struct error *err)
{
    const struct definition_table *table = requests->table;
    struct arena *arena = &requests->arena;
    struct plan_condition *own = arena_array(arena, request->filter_count, sizeof *own);

    if (!own)
        return error_memory(err);
    for (size_t i = 0; i < request->filter_count; i++)
        own[i] = (struct plan_condition){.column = request->filters[i].column, .op = request->filters[i].op, .usable = true};
    if (!conditions_open(&requests->conditions, table, own, request->filter_count, requests->context.variables, arena))
        return error_memory(err);
    requests->filters = arena_array(arena, requests->conditions.count, sizeof *requests->filters);
    if (!requests->filters)
        return error_memory(err);
    if (request->filter_count)
        memcpy(requests->filters, request->filters, request->filter_count * sizeof *requests->filters);
    if (!route_choose(table, &requests->conditions, requests->context.variables, &requests->route, err))
        return false;
    for (size_t i = request->filter_count; i < requests->conditions.count; i++) {
        const struct plan_condition *condition = &requests->conditions.list[i];
        struct filter *filter = &requests->filters[i];
        struct value *value = arena_alloc(arena, sizeof *value);
        *filter = (struct filter){.column = condition->column, .op = FILTER_EQUAL, .values = value, .value_count = 1};
        if (!condition->taken)
            continue;
        if (!value)
            return error_memory(err);
        const char *text = fill(requests, &table->columns[condition->column].standard, err);
        if (!text)
            return false;
        struct error unfit = {0};
        if (value_from_text(&table->table.columns[condition->column].type, text, strlen(text), arena, value, &unfit))
            continue;
        if (!requests->describing) {
            *err = unfit;
            return error_prefix(err, "%s of table %s: ", table->table.columns[condition->column].name, table->table.name);
        }
        filter->value_count = 0; /* only its name is known */
        *value = value_text(text, strlen(text));
    }
    return true;
}

static bool push_filters(struct requests *requests, const struct scan_request *request, const char *const *names, struct error *err)
{
    const struct route *route = &requests->route;

    for (size_t i = 0; i < request->filter_count; i++)
        requests->none |= !(names && names[i]) && is_never_true(&request->filters[i]);
    if (requests->none)
        return true;
    for (size_t i = 0; i < requests->table->parameter_count; i++) {
        int at = route->condition[i];
        if (at < 0)
            continue;
        const struct filter *filter = &requests->filters[at];
        if (names && (size_t)at < request->filter_count && names[at]) {
            requests->values[i] = names[at];
            requests->named |= (uint64_t)1 << i;
            continue;
        }
        if (requests->describing && filter->op == FILTER_EQUAL && filter->value_count == 0) {
            requests->values[i] = filter->values[0].text;
            requests->named |= (uint64_t)1 << i;
            continue;
        }
        bool exact = requests->conditions.list[at].exact;
        bool done = filter->op == FILTER_IN ? push_list(requests, i, route->filter[i], exact, filter, err)
                                            : push_single(requests, i, route->filter[i], exact, filter, err);
        if (!done)
            return false;
    }
    return true;
}

/* Settings of the endpoint, of wanted columns and of an order. */
static bool set(struct requests *requests, const struct definition_setting *setting, struct error *err)
{
    const char *text = fill(requests, &setting->value, err);

    if (text)
        requests->values[setting->parameter] = text;
    return text;
}

static bool set_standards(struct requests *requests, struct error *err)
{
    const struct definition_endpoint *endpoint = requests->route.endpoint;

    for (size_t i = 0; i < endpoint->setting_count; i++)
        if (!set(requests, &endpoint->settings[i], err))
            return false;
    return true;
}

static bool set_wanted(struct requests *requests, const struct scan_request *request, struct error *err)
{
    const struct definition_table *table = requests->table;
    const struct definition_order *order =
        route_order(table, &requests->route, &requests->conditions, request->order, request->order_count);

    bool listing = table->listing >> (requests->route.endpoint - table->endpoints) & 1;
    for (size_t i = 0; listing && i < table->table.column_count; i++)
        if (request->wanted[i] && table->columns[i].with && !set(requests, table->columns[i].with, err))
            return false;
    for (size_t i = 0; order && i < order->setting_count; i++)
        if (!set(requests, &order->settings[i], err))
            return false;
    return true;
}

static bool set_required(struct requests *requests, struct error *err)
{
    const struct definition_table *table = requests->table;
    uint32_t bit = (uint32_t)1 << (requests->route.endpoint - table->endpoints);

    for (size_t i = 0; i < table->require_count; i++) {
        const struct definition_require *require = &table->requires[i];
        bool met = !(require->endpoints & bit) || !require->standard;
        for (size_t j = 0; j < table->parameter_count && !met; j++)
            met = (require->any >> j & 1) && requests->values[j];
        if (!met && !set(requests, require->standard, err))
            return false;
    }
    return true;
}

/* As large as is allowed; smaller when fewer rows are wanted, and even when those need several pages. */
static int64_t choose_page_size(const struct definition_paging *paging, int64_t wished, int64_t limit)
{
    int64_t size = wished > 0 && wished < paging->largest ? wished : paging->largest;

    if (!paging->size || limit < 0)
        return paging->size ? size : 0;
    if (limit == 0)
        return 1;
    int64_t pages = (limit - 1) / size + 1;
    return (limit - 1) / pages + 1;
}

static bool open_requests(struct requests *requests, const struct request_context *context, const struct scan_request *request,
                          const char *const *names, struct error *err)
{
    *requests = (struct requests){.context = *context, .table = request->table->definition, .cancel = request->cancel,
                                  .describing = names != NULL};
    requests->echo = arena_array(&requests->arena, request->table->column_count + 1, sizeof *requests->echo);
    bool done = requests->echo || error_memory(err);
    for (size_t i = 0; done && i < request->table->column_count; i++)
        requests->echo[i] = value_null();
    done = done && collect_filters(requests, request, err) && set_standards(requests, err)
           && push_filters(requests, request, names, err) && set_wanted(requests, request, err)
           && (requests->none || set_required(requests, err));
    if (!done) {
        requests_close(requests);
        return false;
    }
    requests->none |= request->limit == 0;
    if (requests->route.endpoint->paging->kind != PAGING_NONE)
        requests->page_size = choose_page_size(requests->route.endpoint->paging, context->page_size, requests->route.walks ? -1 : request->limit);
    return true;
}

bool requests_open(struct requests *requests, const struct request_context *context, const struct scan_request *request,
                   struct error *err)
{
    return open_requests(requests, context, request, NULL, err);
}

void requests_close(struct requests *requests)
{
    arena_clear(&requests->arena);
}

bool requests_series(const struct requests *requests, struct series *series, struct error *err)
{
    size_t columns = requests->table->table.column_count;

    *series = (struct series){0};
    series->ranges = arena_array(&series->arena, requests->list_count, sizeof *series->ranges);
    series->echo = arena_array(&series->arena, columns + 1, sizeof *series->echo);
    if (!series->ranges || !series->echo) {
        series_close(series);
        return error_memory(err);
    }
    memcpy(series->values, requests->values, sizeof series->values);
    for (size_t i = 0; i < requests->list_count; i++)
        series->ranges[i] = (struct range){requests->lists[i].first, requests->lists[i].end};
    for (size_t i = 0; i < columns; i++)
        series->echo[i] = requests->echo[i];
    return true;
}

void series_close(struct series *series)
{
    arena_clear(&series->arena);
}

/* The filter by which a column fills a parameter at this endpoint. */
static const struct definition_filter *feeding_filter(const struct requests *requests, size_t column, size_t parameter)
{
    const struct definition_column *detail = &requests->table->columns[column];
    uint32_t bit = (uint32_t)1 << (requests->route.endpoint - requests->table->endpoints);

    for (size_t i = 0; i < detail->filter_count; i++)
        if (detail->filters[i].parameter == parameter && (detail->filters[i].endpoints & bit)
            && (detail->filters[i].ops & 1u << FILTER_EQUAL))
            return &detail->filters[i];
    return NULL;
}

size_t requests_feed_most(const struct requests *requests)
{
    const struct definition_table *table = requests->table;
    const struct definition_endpoint *endpoint = requests->route.endpoint;
    size_t most = SIZE_MAX;

    for (size_t column = 0; column < table->table.column_count; column++) {
        if (column_from(table, column, endpoint->parent) < 0)
            continue;
        if (table->places[column].at_count == 0 && !table->table.columns[column].pseudo)
            return 1; /* its cells tell which of the parent's rows they belong to */
        for (size_t i = 0; i < table->parameter_count; i++) {
            const struct definition_filter *filter = endpoint->fed >> i & 1 ? feeding_filter(requests, column, i) : NULL;
            size_t room = !filter ? SIZE_MAX : filter->separator ? filter->most - (endpoint->also != NULL) : 1;
            most = room < most ? room : most;
        }
    }
    return most == SIZE_MAX || most == 0 ? 1 : most;
}

static bool feed_parameter(const struct requests *requests, struct series *series, size_t column, size_t parameter,
                           const struct definition_filter *filter, const struct value *values, size_t count, bool *empty, struct error *err)
{
    const char **sent = arena_array(&series->arena, count + 1, sizeof *sent);
    size_t made = 0;

    if (!sent)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (value_is_null(&values[i]))
            continue;
        switch (send_value(&series->arena, &requests->table->table.columns[column], filter, false, &values[i], &sent[made])) {
        case SENT: made += !is_no_address(requests, parameter, sent[made]); break;
        case NO_MEMORY: return error_memory(err);
        default: break;
        }
    }
    *empty |= made == 0;
    if (made && requests->route.endpoint->also)
        sent[made++] = requests->route.endpoint->also;
    series->values[parameter] = join(&series->arena, sent, made, divider(filter->separator ? filter->separator : ""));
    return series->values[parameter] || error_memory(err);
}

bool requests_feed(const struct requests *requests, struct series *series, const struct value *const *values, size_t count, bool *empty,
                   struct error *err)
{
    const struct definition_table *table = requests->table;
    const struct definition_endpoint *endpoint = requests->route.endpoint;

    *empty = false;
    for (size_t column = 0; column < table->table.column_count; column++) {
        if (!values[column])
            continue;
        if (count == 1) {
            series->echo[column] = values[column][0];
            if (!copy_value(&series->arena, &series->echo[column]))
                return error_memory(err);
        }
        for (size_t i = 0; i < table->parameter_count; i++) {
            const struct definition_filter *filter = endpoint->fed >> i & 1 ? feeding_filter(requests, column, i) : NULL;
            if (filter && !feed_parameter(requests, series, column, i, filter, values[column], count, empty, err))
                return false;
        }
    }
    return true;
}

bool requests_next(struct requests *requests, bool *more, struct error *err)
{
    /* Like the wheels of an odometer: the first list that has values left moves on, those before it start over. */
    *more = false;
    for (size_t i = 0; i < requests->list_count && !*more; i++) {
        struct request_list *list = &requests->lists[i];
        *more = list->end < list->count;
        list->first = *more ? list->end : 0;
        choose(list);
        if (!write_list(requests, list))
            return error_memory(err);
    }
    return true;
}

/* URLs. */

struct filling {
    const struct requests *requests;
    const struct series *series;
};

static const char *hole(void *context, const struct template_part *part, struct error *err)
{
    const struct filling *filling = context;

    struct variables *variables = filling->requests->context.variables;
    if (part->kind == PART_VARIABLE && filling->requests->describing) {
        const char *known = variables_known(variables, part->index);
        return known ? known : variables->definition->variables[part->index].name;
    }
    if (part->kind == PART_VARIABLE)
        return variables_get(variables, part->index, filling->requests->cancel, err);
    const char *value = filling->series->values[part->index];
    if (!value)
        error_set(err, "HY000", "Table %s: nothing fills {%s} of its address", filling->requests->table->table.name,
                  filling->requests->table->parameters[part->index].name);
    return value;
}

static bool append_base(const struct requests *requests, struct filling *filling, struct buffer *url, struct error *err)
{
    const struct request_context *context = &requests->context;
    const struct definition_endpoint *endpoint = requests->route.endpoint;

    if (endpoint->url.source)
        return template_fill(&endpoint->url, hole, filling, true, url, err);
    if (context->url ? !buffer_append_text(url, context->url)
                     : !template_fill(&context->definition->url, hole, filling, true, url, err))
        return context->url ? error_memory(err) : false;
    return template_fill(&context->definition->prefix, hole, filling, true, url, err);
}

/* Names are shown as they are, between the values that are encoded. */
static void append_path(const struct requests *requests, const struct series *series, struct buffer *url)
{
    const struct template *path = &requests->route.endpoint->path;

    for (size_t i = 0; i < path->part_count; i++) {
        const struct template_part *part = &path->parts[i];
        const char *value = part->kind == PART_PARAMETER ? series->values[part->index] : NULL;
        if (part->kind == PART_TEXT)
            buffer_append_text(url, part->text);
        else if (value && (requests->named >> part->index & 1))
            buffer_append_text(url, value);
        else if (value)
            url_encode(url, value, strlen(value));
        else if (part->kind == PART_PARAMETER)
            buffer_printf(url, "{%s}", requests->table->parameters[part->index].name);
    }
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

bool requests_url(const struct requests *requests, const struct series *series, const struct page_place *place, struct buffer *url,
                  struct buffer *body, struct error *err)
{
    const struct definition_table *table = requests->table;
    const struct definition_endpoint *endpoint = requests->route.endpoint;
    struct filling filling = {requests, series};
    const char *names[DEFINITION_PARAMETERS + 2], *values[DEFINITION_PARAMETERS + 2];
    char numbers[2][24];
    size_t count = 0;

    if (!append_base(requests, &filling, url, err))
        return false;
    if (requests->named || (requests->route.walks && !series->echo))
        append_path(requests, series, url);
    else if (!template_fill(&endpoint->path, hole, &filling, true, url, err))
        return false;
    for (size_t i = 0; i < table->parameter_count; i++)
        if (series->values[i] && !table->parameters[i].in_path) {
            if (!endpoint->json_body)
                append_parameter(table->parameters[i].name, series->values[i], requests->named >> i & 1, url);
            names[count] = table->parameters[i].name;
            values[count++] = series->values[i];
        }
    const char *paging_names[2], *paging_values[2];
    size_t paging = paging_parameters(requests, place, paging_names, numbers, paging_values);
    for (size_t i = 0; i < paging; i++) {
        if (!endpoint->json_body)
            url_add_parameter(url, paging_names[i], paging_values[i], false);
        names[count] = paging_names[i];
        values[count++] = paging_values[i];
    }
    if (endpoint->json_body && !body_write(&endpoint->body_at, names, values, count, body))
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

bool requests_describe(const struct request_context *context, const struct scan_request *request, const char *const *names,
                       struct arena *arena, struct scan_description *description, struct error *err)
{
    struct requests requests;
    struct series series;
    struct page_place place = {0};
    struct buffer url, body;

    if (!open_requests(&requests, context, request, names, err))
        return false;
    buffer_init(&url, 1 << 20);
    buffer_init(&body, 1 << 20);
    bool done = requests_series(&requests, &series, err);
    if (done) {
        series.echo = NULL; /* nothing is fed: holes of the path are shown */
        bool whole = requests.none || requests_url(&requests, &series, &place, &url, &body, err);
        const char *method = strcmp(requests.route.endpoint->method, "GET") == 0 ? "" : arena_printf(arena, "%s ", requests.route.endpoint->method);
        description->request = requests.none ? arena_text(arena, "none: no row can satisfy the conditions")
                               : whole && method ? arena_printf(arena, "%s%s%s%s", method, buffer_text(&url), body.length ? " " : "", buffer_text(&body))
                                                 : arena_text(arena, requests.route.endpoint->path.source);
        description->paging = describe_paging(&requests, arena);
        series_close(&series);
        done = (description->request && description->paging) || error_memory(err);
    }
    buffer_clear(&url);
    buffer_clear(&body);
    requests_close(&requests);
    return done;
}

/* Rows that come by several series. */

bool requests_keep(const struct requests *requests, const struct series *series, struct value *const *cells, size_t row)
{
    for (size_t i = 0; i < requests->list_count; i++) {
        const struct request_list *list = &requests->lists[i];
        const struct range *range = &series->ranges[i];
        if (!requests_look_at(requests, list->column))
            continue;
        enum type_kind kind = requests->table->table.columns[list->column].type.kind;
        const struct value *cell = &cells[list->column][row];
        if (value_is_null(cell) || value_compare(kind, cell, &list->values[range->first]) < 0
            || value_compare(kind, cell, &list->values[range->end - 1]) > 0)
            return false;
    }
    return true;
}

bool requests_look_at(const struct requests *requests, int column)
{
    for (size_t i = 0; i < requests->list_count; i++)
        if (requests->lists[i].column == column)
            return requests->split && requests->table->places[column].at_count > 0;
    return false;
}
