#include "providers/definition/series.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/body.h"
#include "providers/definition/cells.h"
#include "providers/definition/send.h"

enum { URL_LIST = 3000 /* bytes of one list: servers take URLs of 8 KiB */ };

size_t requests_list_bytes(const struct requests *requests)
{
    return requests->route.endpoint->json_body ? SIZE_MAX : URL_LIST;
}

bool series_copy_value(struct arena *arena, struct value *value)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    value->text = arena_copy(arena, value->text, value->length);
    return value->text != NULL;
}

bool requests_can_address(const struct requests *requests, size_t parameter, const char *sent)
{
    return !requests->table->parameters[parameter].in_path || (strcmp(sent, ".") != 0 && strcmp(sent, "..") != 0);
}

void list_choose(struct request_list *list)
{
    size_t bytes = 0;

    list->end = list->first;
    while (list->end < list->count && list->end - list->first < list->most) {
        bytes += strlen(list->sent[list->end]) + 1;
        if (bytes > list->bytes && list->end > list->first)
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

bool list_write(struct requests *requests, const struct request_list *list)
{
    /* A text that is nothing fills a hole of a path, but is no parameter. */
    if (list->end - list->first == 1 && !list->sent[list->first][0] && !requests->table->parameters[list->parameter].in_path) {
        requests->values[list->parameter] = NULL;
        requests->echo[list->column] = list->values[list->first];
        return true;
    }
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

const struct definition_filter *requests_feeding_filter(const struct requests *requests, size_t column, size_t parameter)
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
        if (!column_is_gathered(table, column, endpoint, requests->wanted, &requests->conditions))
            continue;
        if (!column_stands(table, column, endpoint) && !table->table.columns[column].pseudo)
            return 1; /* its cells tell which of the parent's rows they belong to */
        for (size_t i = 0; i < table->parameter_count; i++) {
            const struct definition_filter *filter = endpoint->fed >> i & 1 ? requests_feeding_filter(requests, column, i) : NULL;
            size_t room = !filter ? SIZE_MAX : filter->separator ? filter->most - (endpoint->also != NULL) : 1;
            most = room < most ? room : most;
        }
    }
    return most == SIZE_MAX || most == 0 ? 1 : most;
}

static bool feed_parameter(const struct requests *requests, struct series *series, size_t column, size_t parameter,
                           const struct definition_filter *filter, const struct value *values, size_t count, bool also, bool *empty,
                           struct error *err)
{
    const char **sent = arena_array(&series->arena, count + 1, sizeof *sent);
    size_t made = 0;

    if (!sent)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (value_is_null(&values[i]))
            continue;
        switch (send_value(&series->arena, &requests->table->table.columns[column], filter, false, &values[i], &sent[made])) {
        case SENT: made += requests_can_address(requests, parameter, sent[made]); break;
        case NO_MEMORY: return error_memory(err);
        default: break;
        }
    }
    if (also)
        sent[made++] = requests->route.endpoint->also;
    *empty |= made == 0;
    series->values[parameter] = join(&series->arena, sent, made, divider(filter->separator ? filter->separator : ""));
    return series->values[parameter] || error_memory(err);
}

bool requests_feed(const struct requests *requests, struct series *series, const struct value *const *values, size_t count, bool also,
                   bool *empty, struct error *err)
{
    const struct definition_table *table = requests->table;
    const struct definition_endpoint *endpoint = requests->route.endpoint;

    *empty = false;
    for (size_t column = 0; column < table->table.column_count; column++) {
        if (!values[column])
            continue;
        if (count == 1) {
            series->echo[column] = values[column][0];
            if (!series_copy_value(&series->arena, &series->echo[column]))
                return error_memory(err);
        }
        for (size_t i = 0; i < table->parameter_count; i++) {
            const struct definition_filter *filter = endpoint->fed >> i & 1 ? requests_feeding_filter(requests, column, i) : NULL;
            if (filter && !feed_parameter(requests, series, column, i, filter, values[column], count, also, empty, err))
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
        list_choose(list);
        if (!list_write(requests, list))
            return error_memory(err);
    }
    return true;
}
