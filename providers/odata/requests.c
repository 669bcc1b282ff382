#include "providers/odata/requests.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/odata/address.h"
#include "providers/odata/aggregate.h"
#include "providers/odata/service.h"
#include "table/term.h"

/* Copies. */

static bool copy_value(struct arena *arena, struct value *value)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    value->text = arena_copy(arena, value->text, value->length);
    return value->text;
}

static bool copy_filters(struct odata_requests *requests, const struct scan_request *request)
{
    struct filter *filters = arena_array(&requests->arena, request->filter_count + 1, sizeof *filters);

    if (!filters)
        return false;
    for (size_t i = 0; i < request->filter_count; i++) {
        struct value *values = arena_array(&requests->arena, request->filters[i].value_count + 1, sizeof *values);
        filters[i] = request->filters[i];
        filters[i].values = values;
        if (!values)
            return false;
        for (size_t j = 0; j < filters[i].value_count; j++) {
            values[j] = request->filters[i].values[j];
            if (!copy_value(&requests->arena, &values[j]))
                return false;
        }
    }
    requests->request.filters = filters;
    return true;
}

static bool copy_terms(struct odata_requests *requests, const struct scan_request *request)
{
    const struct term **terms = arena_array(&requests->arena, request->term_count + 1, sizeof(const struct term *));

    for (size_t i = 0; terms && i < request->term_count; i++)
        if (!(terms[i] = term_copy(request->terms[i], NULL, &requests->arena)))
            return false;
    requests->request.terms = terms;
    return terms;
}

static bool copy_request(struct odata_requests *requests, const struct scan_request *request)
{
    size_t columns = requests->table->table.column_count;
    bool *wanted = arena_array(&requests->arena, columns + 1, sizeof *wanted);
    struct plan_order *order = arena_array(&requests->arena, request->order_count + 1, sizeof *order);

    requests->request = *request;
    if (!wanted || !order || !copy_filters(requests, request))
        return false;
    if (columns)
        memcpy(wanted, request->wanted, columns * sizeof *wanted);
    if (request->order_count)
        memcpy(order, request->order, request->order_count * sizeof *order);
    if (!copy_terms(requests, request))
        return false;
    requests->request.wanted = wanted;
    requests->request.order = order;
    return true;
}

/* Working out. */

static bool plan_again(struct odata_requests *requests, struct plan_condition **conditions, struct error *err)
{
    const struct scan_request *request = &requests->request;
    struct plan_condition *list = arena_array(&requests->made, request->filter_count + 1, sizeof *list);

    if (!list)
        return error_memory(err);
    for (size_t i = 0; i < request->filter_count; i++)
        list[i] = (struct plan_condition){.column = request->filters[i].column, .op = request->filters[i].op, .usable = true};
    *conditions = list;
    return odata_route_choose(&requests->service->context, requests->table, list, request->filter_count, requests->groups || requests->count_columns,
                              &requests->route, &requests->made, err);
}

/* What a filter on the rows is written behind, where they are inside of others and those are filtered: "Category/Name". */
static const char *navigation_of(const struct odata_requests *requests)
{
    bool inside = requests->route.way == WAY_EXPAND && !requests->table->many;
    return inside ? requests->table->navigation->name : NULL;
}

static bool make_filters(struct odata_requests *requests, const struct plan_condition *conditions)
{
    const struct odata_context *context = &requests->service->context;
    size_t count = requests->request.filter_count;
    bool *exact = arena_array(&requests->made, count + 1, sizeof *exact);
    const struct odata_filter_source source = {
        .context = context, .table = requests->table, .filters = requests->request.filters, .exact = exact, .where = requests->route.where,
        .count = count, .names = requests->names, .navigation = navigation_of(requests),
        .terms = requests->request.terms, .term_count = requests->route.filters && odata_may_tell(requests->table) ? requests->request.term_count : 0,
    };
    if (!exact)
        return false;
    for (size_t i = 0; i < count; i++)
        exact[i] = conditions[i].exact;
    requests->parent = (struct odata_filter){0};
    if (!odata_filter_make(&requests->own, &source, WHERE_FILTER, &requests->made)
        || (requests->route.way == WAY_EXPAND && !odata_filter_make(&requests->parent, &source, WHERE_PARENT, &requests->made)))
        return false;
    odata_filter_fit(&requests->parent, context, context->options->most_filter);
    odata_filter_fit(&requests->own, context, context->options->most_filter);
    /* One list is split; and none where each value or parent has an address of its own. */
    if (requests->own.split && (requests->parent.split || requests->list >= 0 || requests->route.way == WAY_WALK)) {
        requests->own.split->left_out = true;
        requests->own.split = NULL;
    }
    requests->none |= requests->own.none || requests->parent.none;
    return true;
}

static void mark_left_out(struct odata_requests *requests, const struct odata_filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->terms[i].left_out && !filter->terms[i].alone)
            requests->unsent[filter->terms[i].filter] = true;
}

/* Which conditions the scan must look at itself: they were taken when the query was planned, and are not sent now. A pattern is looked at
 * by the engine in any case. */
static void find_unsent(struct odata_requests *requests)
{
    const struct scan_request *request = &requests->request;

    for (size_t i = 0; i < request->filter_count; i++) {
        requests->unsent[i] = requests->route.where[i] == WHERE_NOWHERE;
        requests->none |= !(requests->names && requests->names[i]) && filter_is_never_true(&request->filters[i]);
    }
    mark_left_out(requests, &requests->own);
    mark_left_out(requests, &requests->parent);
    for (size_t i = 0; i < request->filter_count; i++) {
        requests->unsent[i] = requests->unsent[i] && request->filters[i].op != FILTER_LIKE;
        requests->all_sent = requests->all_sent && !requests->unsent[i];
    }
}

static bool is_split(const struct odata_requests *requests)
{
    return requests->own.split || requests->parent.split || requests->list >= 0;
}

static bool can_count(const struct odata_requests *requests)
{
    const struct scan_request *request = &requests->request;
    enum odata_way way = requests->route.way;

    if (requests->count_columns)
        return true;
    if ((way != WAY_SET && !(way == WAY_DIRECT && requests->table->many)) || request->aggregation || request->limit >= 0 || is_split(requests))
        return false;
    for (size_t i = 0; i < requests->table->table.column_count; i++)
        if (requests->needed[i])
            return false;
    return requests->table->limits->count && !(atomic_load(&requests->table->refused) & REFUSED_COUNT);
}

static void find_needed(struct odata_requests *requests)
{
    const struct scan_request *request = &requests->request;
    const struct odata_term *split = odata_requests_split(requests);

    for (size_t i = 0; i < requests->table->table.column_count; i++)
        requests->needed[i] = request->wanted[i] && !requests->count_columns;
    for (size_t i = 0; i < request->filter_count; i++)
        if (requests->unsent[i])
            requests->needed[request->filters[i].column] = true;
    if (split)
        requests->needed[request->filters[split->filter].column] = true;
    for (size_t i = 0; requests->sorts && i < request->order_count; i++)
        requests->needed[request->order[i].column] = true;
}

/* A list of the parent's keys: each has its own address. */
static void find_list(struct odata_requests *requests)
{
    requests->list = -1;
    for (size_t i = 0; requests->route.way == WAY_DIRECT && i < requests->request.filter_count; i++)
        if (requests->route.where[i] == WHERE_PARENT && requests->request.filters[i].op == FILTER_IN && !(requests->names && requests->names[i]))
            requests->list = (int)i;
}

static bool set_prefer(struct odata_requests *requests)
{
    const struct odata_service *service = requests->service;
    bool pages = requests->route.way != WAY_KEY && requests->route.way != WAY_SINGLE && !requests->counts;

    requests->prefer = NULL;
    if (service->context.version != ODATA_V4 || !service->options.page_size || service->options.client_paging || !pages)
        return true;
    requests->prefer = arena_printf(&requests->made, "odata.maxpagesize=%lld", (long long)service->options.page_size);
    return requests->prefer;
}

bool odata_requests_again(struct odata_requests *requests, struct error *err)
{
    const struct scan_request *request = &requests->request;
    const struct odata_context *context = &requests->service->context;
    struct plan_condition *conditions = NULL;

    arena_reset(&requests->made);
    requests->none = requests->started = requests->ended = false;
    requests->all_sent = true;
    requests->next_value = 0;
    requests->unsent = arena_array(&requests->made, request->filter_count + 1, sizeof *requests->unsent);
    requests->needed = arena_array(&requests->made, requests->table->table.column_count + 1, sizeof *requests->needed);
    if (!requests->unsent || !requests->needed)
        return error_memory(err);
    if (!plan_again(requests, &conditions, err))
        return false;
    find_list(requests);
    if (!make_filters(requests, conditions))
        return error_memory(err);
    find_unsent(requests);
    if ((requests->groups && (!requests->all_sent || is_split(requests))) || (requests->count_columns && !requests->all_sent))
        return error_set(err, NOT_AGGREGATED, "The conditions on %s do not fit into one request", requests->table->table.name);
    requests->ordered = odata_route_ordered(context, requests->table, &requests->route, conditions, request->filter_count, request->order, request->order_count);
    requests->sorts = request->order_count && !requests->ordered;
    find_needed(requests);
    requests->counts = can_count(requests);
    requests->none |= request->limit == 0;
    return set_prefer(requests) || error_memory(err);
}

bool odata_requests_open(struct odata_requests *requests, const struct odata_service *service, const struct scan_request *request,
                         const char *const *names, struct error *err)
{
    *requests = (struct odata_requests){.service = service, .table = request->table->definition, .names = names};
    bool done = copy_request(requests, request) || error_memory(err);
    requests->request.aggregation = NULL;
    if (request->aggregation && odata_is_count(request->aggregation))
        requests->count_columns = request->aggregation->aggregate_count;
    else if (done && request->aggregation)
        done = odata_groups_open(&service->context, requests->table, request->aggregation, &requests->groups, err);
    if (requests->groups)
        requests->request.aggregation = odata_groups_aggregation(requests->groups);
    if (done && odata_requests_again(requests, err))
        return true;
    odata_requests_close(requests);
    return false;
}

void odata_requests_close(struct odata_requests *requests)
{
    odata_groups_close(requests->groups);
    arena_clear(&requests->made);
    arena_clear(&requests->arena);
}

const struct odata_term *odata_requests_split(const struct odata_requests *requests)
{
    return requests->own.split ? requests->own.split : requests->parent.split;
}

/* Series. */

/* The value that a column has by the conditions; NULL: none tells it. */
static const struct value *told(const struct odata_requests *requests, int column)
{
    const struct scan_request *request = &requests->request;

    for (size_t i = 0; i < request->filter_count; i++)
        if (request->filters[i].column == column && request->filters[i].op == FILTER_EQUAL && request->filters[i].value_count)
            return &request->filters[i].values[0];
    return requests->list >= 0 && request->filters[requests->list].column == column ? &request->filters[requests->list].values[requests->next_value] : NULL;
}

static const char *name_of(const struct odata_requests *requests, int column)
{
    for (size_t i = 0; requests->names && i < requests->request.filter_count; i++)
        if (requests->request.filters[i].column == column && requests->names[i])
            return requests->names[i];
    return NULL;
}

/* What stands in no page: the parent's key, the inputs. */
static bool set_echo(const struct odata_requests *requests, const struct value *parent, struct odata_series *series)
{
    const struct odata_table *table = requests->table;

    series->echo = arena_array(&series->arena, table->table.column_count + 1, sizeof *series->echo);
    if (!series->echo)
        return false;
    for (size_t i = 0; i < table->table.column_count; i++) {
        const struct odata_column *column = &table->columns[i];
        const struct value *value = column->role == ROLE_PARENT && parent ? &parent[column->parent] : column->role != ROLE_PROPERTY ? told(requests, (int)i) : NULL;
        series->echo[i] = value ? *value : value_null();
        if (!copy_value(&series->arena, &series->echo[i]))
            return false;
    }
    return true;
}

/* For EXPLAIN: keys that only the rows of the parent will tell are shown by their columns. */
static bool name_unknown(const struct odata_requests *requests, struct odata_series *series, const char *names[64])
{
    const struct table *table = &requests->table->table;

    for (size_t i = 0; i < table->column_count && i < 64; i++) {
        names[i] = name_of(requests, (int)i);
        if (names[i] || !requests->names || requests->table->columns[i].role != ROLE_PARENT || !value_is_null(&series->echo[i]))
            continue;
        if (!(names[i] = arena_printf(&series->arena, "{%s}", table->columns[i].name)))
            return false;
    }
    return true;
}

static bool set_path(const struct odata_requests *requests, struct odata_series *series, bool *possible)
{
    const char *names[64] = {0};
    struct buffer path;

    buffer_init(&path, 64 << 10);
    struct odata_address address = {.context = &requests->service->context, .table = requests->table, .echo = series->echo, .names = names};
    struct value *keys = arena_array(&series->arena, requests->table->table.column_count + 1, sizeof *keys);
    if (!keys || !name_unknown(requests, series, names))
        return false;
    for (size_t i = 0; i < requests->table->table.column_count; i++) {
        const struct value *value = requests->table->columns[i].role == ROLE_PROPERTY ? told(requests, (int)i) : &series->echo[i];
        keys[i] = value ? *value : value_null();
    }
    address.echo = keys;
    *possible = odata_address_print(&address, requests->route.way, &path);
    series->path = path.failed ? NULL : arena_copy(&series->arena, buffer_text(&path), path.length);
    buffer_clear(&path);
    return series->path;
}

static const char *print_filter(const struct odata_filter *filter, struct odata_series *series)
{
    struct buffer text;
    bool begun = false;

    buffer_init(&text, 1 << 20);
    odata_filter_print(filter, &text, &begun);
    const char *copy = text.failed ? NULL : arena_copy(&series->arena, buffer_text(&text), text.length);
    buffer_clear(&text);
    return copy;
}

/* Moves on to the next piece of a list, or the next value of one of the parent's keys. */
static void advance(struct odata_requests *requests)
{
    if (!requests->started) {
        requests->started = true;
        return;
    }
    if (requests->list >= 0) {
        const struct filter *list = &requests->request.filters[requests->list];
        requests->ended = ++requests->next_value >= list->value_count;
        return;
    }
    requests->ended = !odata_filter_next(&requests->own) && !odata_filter_next(&requests->parent);
}

static bool is_repeated(const struct filter *list, enum type_kind kind, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (!value_is_null(&list->values[i]) && value_compare(kind, &list->values[i], &list->values[at]) == 0)
            return true;
    return value_is_null(&list->values[at]);
}

bool odata_requests_next(struct odata_requests *requests, const struct value *parent, struct odata_series *series, bool *more, struct error *err)
{
    bool possible = false;

    *series = (struct odata_series){0};
    *more = false;
    if (requests->none)
        return true;
    while (!possible) {
        if (!parent)
            advance(requests);
        if (!parent && requests->ended)
            return true;
        if (requests->list >= 0) {
            const struct filter *list = &requests->request.filters[requests->list];
            if (is_repeated(list, requests->table->table.columns[list->column].type.kind, requests->next_value))
                continue;
        }
        arena_reset(&series->arena);
        const struct odata_term *split = odata_requests_split(requests);
        if (split) {
            series->first = split->first;
            series->end = split->end;
        }
        if (!set_echo(requests, parent, series) || !set_path(requests, series, &possible) || !(series->filter = print_filter(&requests->own, series))
            || !(series->parent_filter = print_filter(&requests->parent, series))) {
            odata_series_close(series);
            return error_memory(err);
        }
        possible |= requests->names != NULL;
        if (!possible && parent) /* a parent without a key that can be written leads to nothing */
            return true;
    }
    *more = true;
    return true;
}

void odata_series_close(struct odata_series *series)
{
    arena_clear(&series->arena);
    *series = (struct odata_series){0};
}

enum odata_page_kind odata_requests_kind(const struct odata_requests *requests)
{
    switch (requests->route.way) {
    case WAY_EXPAND: return PAGE_PARENTS;
    case WAY_KEY: case WAY_SINGLE: return PAGE_ROW;
    case WAY_SET: return PAGE_ROWS;
    default: return requests->table->many ? PAGE_ROWS : PAGE_ROW;
    }
}

const char *odata_requests_accept(const struct odata_requests *requests)
{
    bool exact = requests->groups != NULL, files = false;

    if (requests->counts)
        return "text/plain, */*;q=0.5";
    for (size_t i = 0; i < requests->table->table.column_count; i++) {
        const struct odata_column *column = &requests->table->columns[i];
        if (!requests->needed[i])
            continue;
        exact |= column->edm == EDM_INT64 || column->edm == EDM_DECIMAL;
        files |= column->role == ROLE_MEDIA_LINK || column->role == ROLE_MEDIA_TYPE || column->role == ROLE_STREAM || column->role == ROLE_STREAM_TYPE;
    }
    return odata_accept_rows(requests->service, exact, files);
}
