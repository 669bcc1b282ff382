#include "providers/definition/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/name.h"
#include "http/url.h"
#include "providers/definition/plan.h"

/* Bytes of one list in one request: servers take URLs of 8 KiB. */
enum { LIST_BYTES = 3000 };

/* What became of a value on its way into a request. */
enum sending {
    SENT,
    UNSENDABLE,     /* the service can not be asked for it: the condition is left to the engine */
    IMPOSSIBLE,     /* no row has it */
    UNKNOWN,        /* an input that does not know it */
    NO_MEMORY,
};

static enum sending send_timestamp(struct arena *arena, const struct value *value, int64_t shift, const char **sent)
{
    char text[DATETIME_TEXT + 8];
    struct datetime moment;

    if (!datetime_parse_timestamp(value->text, value->length, &moment, NULL))
        return UNSENDABLE;
    if (shift && !datetime_from_seconds(datetime_seconds(&moment) + shift, &moment))
        return UNSENDABLE;
    size_t length = datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
    text[10] = 'T';
    memcpy(text + length, "+00:00", 7);
    *sent = arena_text(arena, text);
    return *sent ? SENT : NO_MEMORY;
}

static enum sending send_mapped(const struct column *column, const struct definition_filter *filter, const struct value *value,
                                bool exact, const char **sent)
{
    for (size_t i = 0; i < filter->map_count; i++) {
        const struct value *known = &filter->map[i].value;
        bool same = column->pseudo && known->storage == STORAGE_TEXT ? name_equal(known->text, value->text)
                                                                    : value_compare(column->type.kind, known, value) == 0;
        if (same) {
            *sent = filter->map[i].sent;
            return SENT;
        }
    }
    return column->pseudo ? UNKNOWN : exact ? IMPOSSIBLE : UNSENDABLE;
}

/* Brings a value into the form that the service wants. */
static enum sending send_value(struct arena *arena, const struct column *column, const struct definition_filter *filter, bool exact,
                               const struct value *value, const char **sent)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (filter->map)
        return send_mapped(column, filter, value, exact, sent);
    if (column->type.kind == TYPE_TIMESTAMP)
        return send_timestamp(arena, value, filter->shift, sent);

    const char *text = value_as_text(value, scratch, &length);
    /* A service may take an empty parameter for none, and knows no way to write a separator within a value. */
    if (length == 0 || memchr(text, '\0', length) || (filter->separator && strstr(text, filter->separator)))
        return column->pseudo ? UNKNOWN : UNSENDABLE;
    *sent = arena_copy(arena, text, length);
    return *sent ? SENT : NO_MEMORY;
}

/* The plain beginning of a LIKE pattern, and the wildcard for its rest. */
static enum sending send_pattern(struct arena *arena, const struct definition_filter *filter, const struct value *pattern,
                                 const char **sent)
{
    size_t length = strcspn(pattern->text, "%_");
    const char *wildcard = strstr(pattern->text, filter->wildcard);

    if (wildcard && (size_t)(wildcard - pattern->text) < length)
        length = (size_t)(wildcard - pattern->text);
    if (length == 0)
        return UNSENDABLE;
    *sent = arena_printf(arena, "%.*s%s", (int)length, pattern->text, length < pattern->length ? filter->wildcard : "");
    return *sent ? SENT : NO_MEMORY;
}

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

/* Writes a list's present values into its parameter, and into the echo of an input. */
static bool write_list(struct requests *requests, const struct request_list *list)
{
    struct buffer text;

    buffer_init(&text, 1 << 20);
    for (size_t i = list->first; i < list->end; i++)
        buffer_printf(&text, "%s%s", i > list->first ? list->separator : "", list->sent[i]);
    const char *written = text.failed ? NULL : arena_copy(&requests->arena, buffer_text(&text), text.length);
    size_t length = text.length;
    buffer_clear(&text);
    if (!written)
        return false;

    requests->values[list->parameter] = written;
    const struct column *column = &requests->table->table.columns[list->column];
    if (list->end - list->first == 1)
        requests->echo[list->column] = list->values[list->first];
    else if (column->type.kind == TYPE_STRING)
        requests->echo[list->column] = value_text(written, length);
    return true;
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
        switch (send_value(&requests->arena, column, how, exact, &values[i], &sent[kept])) {
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

    enum sending sending = filter->op == FILTER_LIKE ? send_pattern(&requests->arena, how, filter->values, &sent)
                                                     : send_value(&requests->arena, column, how, exact, filter->values, &sent);
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

static bool push_filters(struct requests *requests, const struct scan_request *request, const char *const *names, struct error *err)
{
    struct pushdown pushdown;
    struct plan_condition *conditions = arena_array(&requests->arena, request->filter_count, sizeof *conditions);

    if (!conditions)
        return error_memory(err);
    for (size_t i = 0; i < request->filter_count; i++) {
        conditions[i] = (struct plan_condition){.column = request->filters[i].column, .op = request->filters[i].op, .usable = true};
        requests->none |= !(names && names[i]) && is_never_true(&request->filters[i]);
    }
    if (requests->none)
        return true;
    pushdown_assign(requests->table, conditions, request->filter_count, &pushdown);
    for (size_t i = 0; i < requests->table->parameter_count; i++) {
        if (pushdown.condition[i] < 0)
            continue;
        const struct filter *filter = &request->filters[pushdown.condition[i]];
        if (names && names[pushdown.condition[i]]) {
            requests->values[i] = names[pushdown.condition[i]];
            requests->named |= (uint64_t)1 << i;
            continue;
        }
        bool exact = conditions[pushdown.condition[i]].exact;
        bool done = filter->op == FILTER_IN ? push_list(requests, i, pushdown.filter[i], exact, filter, err)
                                            : push_single(requests, i, pushdown.filter[i], exact, filter, err);
        if (!done)
            return false;
    }
    return true;
}

static void set_wanted(struct requests *requests, const struct scan_request *request)
{
    const struct definition_table *table = requests->table;

    for (size_t i = 0; i < table->table.column_count; i++)
        if (request->wanted[i] && table->columns[i].with)
            requests->values[table->columns[i].with->parameter] = table->columns[i].with->value;
    for (size_t i = 0; i < table->order_count && request->order_count == 1; i++) {
        const struct definition_order *order = &table->orders[i];
        if (order->column != request->order[0].column || order->descending != request->order[0].descending)
            continue;
        for (size_t j = 0; j < order->setting_count; j++)
            requests->values[order->settings[j].parameter] = order->settings[j].value;
    }
}

static void set_required(struct requests *requests)
{
    const struct definition_require *require = requests->table->require;

    if (!require || !require->standard)
        return;
    for (size_t i = 0; i < requests->table->parameter_count; i++)
        if ((require->any >> i & 1) && requests->values[i])
            return;
    requests->values[require->standard->parameter] = require->standard->value;
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

static bool open_requests(struct requests *requests, const struct definition *definition, const char *url, int64_t page_size,
                          const struct scan_request *request, const char *const *names, struct error *err)
{
    const struct definition_table *table = request->table->definition;

    *requests = (struct requests){.definition = definition, .table = table, .url = url};
    requests->echo = arena_array(&requests->arena, request->table->column_count, sizeof *requests->echo);
    if (!requests->echo)
        return error_memory(err);
    for (size_t i = 0; i < request->table->column_count; i++)
        requests->echo[i] = value_null();
    for (size_t i = 0; i < table->parameter_count; i++)
        requests->values[i] = table->parameters[i].standard;
    if (!push_filters(requests, request, names, err)) {
        requests_close(requests);
        return false;
    }
    requests->none |= request->limit == 0;
    set_wanted(requests, request);
    set_required(requests);
    if (table->paged)
        requests->page_size = choose_page_size(&definition->paging, page_size, request->limit);
    return true;
}

bool requests_open(struct requests *requests, const struct definition *definition, const char *url, int64_t page_size,
                   const struct scan_request *request, struct error *err)
{
    return open_requests(requests, definition, url, page_size, request, NULL, err);
}

bool requests_describe(const struct definition *definition, const char *url, int64_t page_size, const struct scan_request *request,
                       const char *const *names, struct arena *arena, struct scan_description *description, struct error *err)
{
    struct requests requests;
    struct buffer text;

    if (!open_requests(&requests, definition, url, page_size, request, names, err))
        return false;
    buffer_init(&text, 1 << 20);
    bool whole = requests_url(&requests, 0, &text);
    description->request = requests.none ? arena_text(arena, "none: no row can satisfy the conditions")
                           : whole ? arena_copy(arena, buffer_text(&text), text.length) : arena_text(arena, requests.table->path);
    description->paging = !requests.table->paged ? arena_text(arena, "one answer")
                          : requests.page_size ? arena_printf(arena, "pages of %lld rows, by %s=%lld, %lld…%s", (long long)requests.page_size,
                                                              definition->paging.number, (long long)definition->paging.first,
                                                              (long long)definition->paging.first + 1,
                                                              requests.split ? "; the list is split over several requests" : "")
                                               : arena_printf(arena, "pages, by %s", definition->paging.number);
    buffer_clear(&text);
    requests_close(&requests);
    return (description->request && description->paging) || error_memory(err);
}

void requests_close(struct requests *requests)
{
    arena_clear(&requests->arena);
}

bool requests_url(const struct requests *requests, int64_t page, struct buffer *url)
{
    const struct definition_paging *paging = &requests->definition->paging;
    char number[24];

    buffer_printf(url, "%s%s", requests->url, requests->table->path);
    for (size_t i = 0; i < requests->table->parameter_count; i++)
        if (requests->values[i]) {
            bool named = requests->named >> i & 1;
            url_add_parameter(url, requests->table->parameters[i].name, named ? "" : requests->values[i], false);
            buffer_append_text(url, named ? requests->values[i] : "");
        }
    if (requests->table->paged) {
        if (requests->page_size) {
            snprintf(number, sizeof number, "%lld", (long long)requests->page_size);
            url_add_parameter(url, paging->size, number, false);
        }
        snprintf(number, sizeof number, "%lld", (long long)(paging->first + page));
        url_add_parameter(url, paging->number, number, false);
    }
    return !url->failed;
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

bool requests_keep(const struct requests *requests, struct value *const *cells, size_t row)
{
    for (size_t i = 0; i < requests->list_count; i++) {
        const struct request_list *list = &requests->lists[i];
        if (!requests_look_at(requests, list->column))
            continue;
        enum type_kind kind = requests->table->table.columns[list->column].type.kind;
        const struct value *cell = &cells[list->column][row];
        if (value_is_null(cell) || value_compare(kind, cell, &list->values[list->first]) < 0
            || value_compare(kind, cell, &list->values[list->end - 1]) > 0)
            return false;
    }
    return true;
}

bool requests_look_at(const struct requests *requests, int column)
{
    for (size_t i = 0; i < requests->list_count; i++)
        if (requests->lists[i].column == column)
            return requests->split && !requests->table->table.columns[column].pseudo;
    return false;
}
