#include "providers/definition/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/cells.h"
#include "providers/definition/send.h"
#include "providers/definition/series.h"
#include "providers/definition/template.h"
#include "providers/definition/variables.h"

enum { LONGEST_SETTING = 4096 };

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
        if (!series_copy_value(arena, &copy[made++]))
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

/* What a hole of a path can not be filled with, no row has. */
static enum sending send_for(struct requests *requests, size_t parameter, const struct definition_filter *how, bool exact,
                             const struct column *column, const struct value *value, const char **sent)
{
    enum sending sending = send_value(&requests->arena, column, how, exact, value, sent);

    if (sending == SENT && !requests_can_address(requests, parameter, *sent))
        return IMPOSSIBLE;
    return sending == UNSENDABLE && requests->table->parameters[parameter].in_path ? IMPOSSIBLE : sending;
}

/* The text of a value of a map as a parameter: none where nothing is to be sent. */
static const char *as_parameter(const struct requests *requests, size_t parameter, const char *sent)
{
    return sent && (*sent || requests->table->parameters[parameter].in_path) ? sent : NULL;
}

/* Asks for the texts of a map in turn: those of the filter's values, or all of them where filter is NULL. A value that the map does not
 * have leaves the parameter alone, unless no row can have it. */
static bool push_mapped(struct requests *requests, size_t column, const struct definition_filter *how, bool exact, const struct filter *filter,
                        struct error *err)
{
    const struct column *shown = &requests->table->table.columns[column];
    struct value *values = arena_array(&requests->arena, how->map_count, sizeof *values);
    const char **sent = arena_array(&requests->arena, how->map_count, sizeof *sent);
    size_t count = 0;

    if (!values || !sent)
        return error_memory(err);
    for (size_t i = 0; filter && i < filter->value_count; i++) {
        const char *unused;
        if (value_is_null(&filter->values[i]))
            continue;
        switch (send_value(&requests->arena, shown, how, exact, &filter->values[i], &unused)) {
        case UNKNOWN: return unknown_value(requests, shown, how, &filter->values[i], err);
        case UNSENDABLE: return true;
        case NO_MEMORY: return error_memory(err);
        default: break;
        }
    }
    for (size_t i = 0; i < how->map_count; i++) {
        bool wanted = !filter;
        for (size_t j = 0; j < (filter ? filter->value_count : 0) && !wanted; j++)
            wanted = !value_is_null(&filter->values[j]) && send_is_mapped(shown, &how->map[i], &filter->values[j]);
        if (!wanted)
            continue;
        values[count] = how->map[i].value;
        sent[count] = how->prefix[0] && how->map[i].sent[0] ? arena_printf(&requests->arena, "%s%s", how->prefix, how->map[i].sent) : how->map[i].sent;
        if (!sent[count++])
            return error_memory(err);
    }
    requests->none |= count == 0;
    if (count == 0)
        return true;
    struct request_list *list = &requests->lists[requests->list_count++];
    *list = (struct request_list){.parameter = how->parameter, .column = (int)column, .values = values, .sent = sent, .count = count, .most = 1,
                                  .bytes = SIZE_MAX, .separator = "", .each = !filter};
    list_choose(list);
    requests->split |= list->end < list->count;
    requests->pushed |= (uint64_t)1 << how->parameter;
    return list_write(requests, list) || error_memory(err);
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

    /* Cells that stand in no page repeat what was asked for, so that it must be one value. */
    bool alone = !how->separator || (!column_stands(requests->table, (size_t)filter->column, requests->route.endpoint) && !column->pseudo);
    struct request_list *list = &requests->lists[requests->list_count++];
    *list = (struct request_list){
        .parameter = parameter, .column = filter->column, .values = values, .sent = sent, .count = kept,
        .most = alone ? 1 : how->most, .bytes = requests_list_bytes(requests), .separator = how->separator ? how->separator : "",
    };
    list_choose(list);
    requests->split |= list->end < list->count;
    requests->pushed |= (uint64_t)1 << parameter;
    return list_write(requests, list) || error_memory(err);
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
    requests->values[parameter] = as_parameter(requests, parameter, sent);
    requests->pushed |= (uint64_t)1 << parameter;
    if (filter->op == FILTER_EQUAL) {
        requests->echo[filter->column] = filter->values[0];
        return series_copy_value(&requests->arena, &requests->echo[filter->column]) || error_memory(err);
    }
    return true;
}

/* A template's text, in the arena. */
static const char *fill(struct requests *requests, const struct template *template, struct error *err)
{
    struct buffer text;
    const char *result;

    if (requests->describing) {
        result = variables_shown_text(requests->context.variables, template, &requests->arena);
        if (!result)
            error_memory(err);
        return result;
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
    if (!conditions_open(&requests->conditions, table, own, request->filter_count, request->named, requests->context.variables, arena))
        return error_memory(err);
    requests->filters = arena_array(arena, requests->conditions.count, sizeof *requests->filters);
    if (!requests->filters)
        return error_memory(err);
    if (request->filter_count)
        memcpy(requests->filters, request->filters, request->filter_count * sizeof *requests->filters);
    if (!route_choose(table, &requests->conditions, request->wanted, requests->context.variables, &requests->route, err))
        return false;
    for (size_t i = request->filter_count; i < requests->conditions.count; i++) {
        const struct plan_condition *condition = &requests->conditions.list[i];
        struct filter *filter = &requests->filters[i];
        struct value *value = arena_alloc(arena, sizeof *value);
        *filter = (struct filter){.column = condition->column, .op = FILTER_EQUAL, .values = value, .value_count = 1, .said = true};
        if (!value)
            return error_memory(err);
        if (!condition->taken && requests->table->table.columns[condition->column].pseudo) {
            filter->value_count = 0; /* an endpoint that does not know this input */
            continue;
        }
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
        requests->none |= !(names && names[i]) && filter_is_never_true(&request->filters[i]);
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
        bool exact = requests->conditions.list[at].exact, mapped = route->filter[i]->map && !route->filter[i]->separator;
        bool done = mapped && filter->op <= FILTER_IN ? push_mapped(requests, (size_t)filter->column, route->filter[i], exact, filter, err)
                    : filter->op == FILTER_IN ? push_list(requests, i, route->filter[i], exact, filter, err)
                                            : push_single(requests, i, route->filter[i], exact, filter, err);
        if (!done)
            return false;
    }
    return true;
}

/* Where the service must be told which rows, and no condition does so: all of them in turn. */
static bool push_each(struct requests *requests, struct error *err)
{
    const struct definition_table *table = requests->table;
    uint32_t bit = (uint32_t)1 << (requests->route.endpoint - table->endpoints);

    for (size_t column = 0; column < table->table.column_count; column++)
        for (size_t i = 0; i < table->columns[column].filter_count; i++) {
            const struct definition_filter *filter = &table->columns[column].filters[i];
            if ((filter->endpoints & bit) && filter->map && table->parameters[filter->parameter].in_path)
                requests->plain |= (uint64_t)1 << filter->parameter;
            bool open = filter->each && (filter->endpoints & bit) && !((requests->pushed | requests->named) >> filter->parameter & 1)
                        && !(requests->route.walks && requests->route.endpoint->fed >> filter->parameter & 1);
            if (open && !push_mapped(requests, column, filter, false, NULL, err))
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
        route_order(table, &requests->route, &requests->conditions, true, request->order, request->order_count);

    bool listing = table->listing >> (requests->route.endpoint - table->endpoints) & 1;
    for (size_t i = 0; listing && i < table->table.column_count; i++)
        if (request->wanted[i] && table->columns[i].with && !set(requests, table->columns[i].with, err))
            return false;
    for (size_t i = 0; order && i < order->setting_count; i++)
        if (!set(requests, &order->settings[i], err))
            return false;
    return true;
}

/* What goes along with the conditions that are sent. */
static bool set_along(struct requests *requests, struct error *err)
{
    uint64_t asked = requests->pushed | requests->named;

    for (size_t i = 0; i < requests->table->parameter_count; i++) {
        const struct definition_filter *filter = asked >> i & 1 && requests->route.condition[i] >= 0 ? requests->route.filter[i] : NULL;
        for (size_t j = 0; filter && j < filter->with_count; j++)
            if (!(asked >> filter->with[j].parameter & 1) && !set(requests, &filter->with[j], err))
                return false;
    }
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
            met = (require->any >> j & 1) && (requests->values[j] || requests->pushed >> j & 1);
        if (!met && !set(requests, require->standard, err))
            return false;
    }
    return true;
}

/* Whether only other endpoints tell a column: whoever asks those looks at it. */
static bool stands_elsewhere(const struct requests *requests, size_t column)
{
    return requests->table->places[column].at_count && !column_stands(requests->table, column, requests->route.endpoint);
}

/* What a scan looks at by itself: standards that the service does not apply exactly, which nobody else knows of, and where the caller does
 * not look again, or may have been told of another endpoint, all that is not exact. */
static bool collect_checks(struct requests *requests, bool all, struct error *err)
{
    const struct conditions *conditions = &requests->conditions;

    requests->checks = arena_array(&requests->arena, conditions->count, sizeof *requests->checks);
    if (!requests->checks)
        return error_memory(err);
    for (size_t i = 0; i < conditions->count; i++) {
        const struct plan_condition *condition = &conditions->list[i];
        struct filter *filter = &requests->filters[i];
        bool unknown = condition->op != FILTER_IS_NULL && condition->op != FILTER_IS_NOT_NULL && filter->value_count == 0;
        if (condition->exact || unknown || condition->op == FILTER_LIKE || (i < conditions->own_count && !all)
            || requests->table->table.columns[condition->column].pseudo || stands_elsewhere(requests, (size_t)condition->column))
            continue;
        struct value *values;
        size_t count;
        if (!distinct_values(&requests->arena, requests->table->table.columns[condition->column].type.kind, filter, &values, &count))
            return error_memory(err);
        requests->checks[requests->check_count++] =
            (struct filter){.column = condition->column, .op = condition->op, .values = values, .value_count = count};
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
                          bool check_all, const char *const *names, struct error *err)
{
    *requests = (struct requests){.context = *context, .table = request->table->definition, .cancel = request->cancel,
                                  .describing = names != NULL};
    requests->echo = arena_array(&requests->arena, request->table->column_count + 1, sizeof *requests->echo);
    requests->wanted = arena_array(&requests->arena, request->table->column_count + 1, sizeof *requests->wanted);
    bool done = (requests->echo && requests->wanted) || error_memory(err);
    for (size_t i = 0; done && i < request->table->column_count; i++)
        requests->echo[i] = value_null();
    if (done && request->table->column_count)
        memcpy(requests->wanted, request->wanted, request->table->column_count * sizeof *requests->wanted);
    done = done && collect_filters(requests, request, err) && set_standards(requests, err)
           && push_filters(requests, request, names, err) && (requests->none || push_each(requests, err)) && set_wanted(requests, request, err)
           && (requests->none || (set_along(requests, err) && set_required(requests, err)))
           && collect_checks(requests, check_all || requests->table->endpoint_count > 1 || requests->table->endpoints[0].parent, err);
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
                   bool check_all, struct error *err)
{
    return open_requests(requests, context, request, check_all, NULL, err);
}

bool requests_open_described(struct requests *requests, const struct request_context *context, const struct scan_request *request,
                             const char *const *names, struct error *err)
{
    return open_requests(requests, context, request, false, names, err);
}

void requests_close(struct requests *requests)
{
    arena_clear(&requests->arena);
}
