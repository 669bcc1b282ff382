/* One reading of a table: page after page, batch after batch. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/space.h"
#include "oauth/credential.h"
#include "providers/odata/aggregate.h"
#include "providers/odata/failure.h"
#include "providers/odata/pages.h"
#include "providers/odata/refusal.h"
#include "providers/odata/service.h"
#include "providers/odata/sorted.h"

struct scan {
    const struct odata_service *service;
    const struct odata_table *table;
    struct odata_requests requests;
    struct odata_pages *pages;
    struct odata_reader *reader;     /* from the first page on */
    struct http_lane *lane;
    bool own_lane;
    const struct odata_page *page;   /* the one being read; NULL between pages */
    const struct value **cells;      /* of the batch, per column */
    struct sorted sorted;
    bool sorting, in_order;          /* all rows are read first; they have been */
    int64_t counted;                 /* rows of which only the number is known, still to be given; -1 = none */
    struct value total;              /* where the number itself is what is wanted */
    int64_t yielded;
    bool any;                        /* a row has been found */
    bool done;
    struct arena arena;
};

/* Opening. */

static void log_filters(const struct scan *scan)
{
    struct buffer text;
    bool begun = false;

    if (!log_wants(scan->service->log, LOG_REQUEST))
        return;
    buffer_init(&text, 4096);
    odata_filter_print(&scan->requests.parent, &text, &begun);
    odata_filter_print(&scan->requests.own, &text, &begun);
    log_write(scan->service->log, LOG_REQUEST, "provider", "%s: %s%s", scan->table->table.name,
              scan->requests.none ? "no row can satisfy the conditions; nothing is requested"
              : text.length || text.failed ? "conditions that the service applies: " : "the service applies no condition",
              scan->requests.none ? "" : text.failed ? "too many to show" : buffer_text(&text));
    buffer_clear(&text);
}

static bool open_scan(struct scan *scan, struct http_lane *lane, struct error *err)
{
    const struct aggregation *aggregation = scan->requests.request.aggregation;
    size_t columns = aggregation ? aggregation->group_count + aggregation->aggregate_count
                     : scan->requests.count_columns ? scan->requests.count_columns : scan->table->table.column_count;

    scan->cells = arena_array(&scan->arena, columns + 1, sizeof *scan->cells);
    if (!scan->cells)
        return error_memory(err);
    for (size_t i = 0; i < scan->requests.count_columns; i++)
        scan->cells[i] = &scan->total;
    scan->total = value_integer(0);
    scan->lane = lane;
    scan->own_lane = !lane;
    if (!lane && !http_lane_borrow(scan->service->http, &scan->lane, err))
        return false;
    log_filters(scan);
    return odata_pages_open(&scan->requests, scan->lane, &scan->pages, err);
}

bool odata_scan_open_within(const struct scan_request *request, struct http_lane *lane, struct scan **scan, struct error *err)
{
    struct scan *made;

    if (!table_complete(request->table, err))
        return false;
    if (request->table->fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", request->table->name, request->table->fault);
    if (!(made = calloc(1, sizeof *made)))
        return error_memory(err);
    made->service = (const struct odata_service *)request->table->service;
    made->table = request->table->definition;
    made->counted = -1;
    if (!odata_requests_open(&made->requests, made->service, request, NULL, err)) {
        free(made);
        return false;
    }
    if (!open_scan(made, lane, err)) {
        odata_scan_close(made);
        return false;
    }
    *scan = made;
    return true;
}

bool odata_scan_open(const struct scan_request *request, struct scan **scan, struct error *err)
{
    return odata_scan_open_within(request, NULL, scan, err);
}

void odata_scan_close(struct scan *scan)
{
    if (!scan)
        return;
    if (scan->requests.request.warnings && scan->service->credential)
        credential_warn(scan->service->credential, scan->requests.request.warnings);
    odata_pages_close(scan->pages);
    if (scan->lane && scan->own_lane)
        http_lane_return(scan->lane);
    odata_reader_close(scan->reader);
    odata_requests_close(&scan->requests);
    sorted_clear(&scan->sorted);
    arena_clear(&scan->arena);
    free(scan);
}

void odata_scan_count(const struct scan *scan, struct scan_counts *counts)
{
    *counts = (struct scan_counts){0};
    if (scan->pages)
        odata_pages_count(scan->pages, counts);
}

/* Rows. */

/* From the first page on it is settled what is asked for, and so what is looked at. */
static bool open_reader(struct scan *scan, struct error *err)
{
    const struct scan_request *request = &scan->requests.request;

    if (scan->reader || scan->requests.groups)
        return true;
    scan->sorting = scan->requests.sorts;
    if (!odata_reader_open(&scan->service->context, scan->table, scan->requests.needed, request->warnings, &scan->reader, err))
        return false;
    for (size_t i = 0; i < scan->table->table.column_count; i++)
        scan->cells[i] = odata_reader_cells(scan->reader)[i];
    return true;
}

static bool read_failure(const struct scan *scan, struct error *err)
{
    return odata_failure_set("Table", scan->table->table.name, &scan->page->response, err);
}

/* An answer that breaks off may say why. */
static bool explain_break(const struct scan *scan, struct error *err)
{
    const struct http_response *response = &scan->page->response;
    struct odata_words words;

    if (strcmp(err->sqlstate, "08S01") != 0 || !odata_words_find(response->body, response->body_length, &words))
        return false;
    return read_failure(scan, err);
}

static bool begin_page(struct scan *scan, struct error *err)
{
    const struct http_response *response = &scan->page->response;
    struct odata_page_facts facts = {.count = -1};

    if (scan->page->missing)
        return odata_pages_follow(scan->pages, NULL, err);
    bool read = scan->requests.groups
        ? odata_groups_page(scan->requests.groups, response->body, response->body_length, response->url, &facts, err)
        : odata_reader_page(scan->reader, scan->page->kind, response->body, response->body_length, response->url, scan->page->echo, &facts, err);
    if (!read)
        return explain_break(scan, err);
    if (facts.failure)
        return read_failure(scan, err);
    return odata_pages_follow(scan->pages, facts.next, err);
}

static bool end_page(struct scan *scan, struct error *err)
{
    const struct value *echo;
    const char *more;

    while (!scan->page->missing && scan->reader && odata_reader_inner(scan->reader, &more, &echo))
        if (!odata_pages_add(scan->pages, more, echo, err))
            return false;
    odata_pages_ended(scan->pages, scan->reader && !scan->page->missing ? odata_reader_entities(scan->reader) : 0);
    scan->page = NULL;
    return true;
}

static bool next_page(struct scan *scan, struct error *err)
{
    if (!odata_pages_next(scan->pages, &scan->page, err))
        return false;
    if (!scan->page) {
        scan->done = true;
        return true;
    }
    if (scan->page->counts)
        return true;
    return open_reader(scan, err) && begin_page(scan, err);
}

/* Conditions that the service was not told of. */

static bool holds(const struct filter *filter, enum type_kind kind, const struct value *cell)
{
    bool null = value_is_null(cell);

    if (filter->op == FILTER_IS_NULL || filter->op == FILTER_IS_NOT_NULL)
        return null == (filter->op == FILTER_IS_NULL);
    if (null)
        return false;
    for (size_t i = 0; i < filter->value_count; i++) {
        if (value_is_null(&filter->values[i]))
            continue;
        int order = value_compare(kind, cell, &filter->values[i]);
        switch (filter->op) {
        case FILTER_EQUAL: case FILTER_IN:
            if (order == 0)
                return true;
            break;
        case FILTER_LESS: return order < 0;
        case FILTER_LESS_EQUAL: return order <= 0;
        case FILTER_GREATER: return order > 0;
        case FILTER_GREATER_EQUAL: return order >= 0;
        case FILTER_NOT_EQUAL: return order != 0;
        default: return true;
        }
    }
    return false;
}

static bool keeps(const struct scan *scan, size_t row)
{
    const struct odata_requests *requests = &scan->requests;
    const struct odata_term *split = odata_requests_split(requests);

    for (size_t i = 0; i < requests->request.filter_count; i++) {
        const struct filter *filter = &requests->request.filters[i];
        if (requests->unsent[i] && !holds(filter, scan->table->table.columns[filter->column].type.kind, &scan->cells[filter->column][row]))
            return false;
    }
    if (!split)
        return true;
    int column = requests->request.filters[split->filter].column;
    return odata_filter_keeps(split, scan->page->first, scan->page->end, scan->table->table.columns[column].type.kind, &scan->cells[column][row]);
}

/* Adds rows to the batch until it is full or the page ends. */
static bool fill(struct scan *scan, size_t *count, struct error *err)
{
    int64_t limit = scan->requests.request.limit;
    bool found = !scan->page->missing;

    while (*count < READER_ROWS && !scan->done) {
        if (found && !(scan->requests.groups ? odata_groups_next(scan->requests.groups, *count, &found, err) : odata_reader_next(scan->reader, *count, &found, err)))
            return explain_break(scan, err);
        if (!found)
            return end_page(scan, err);
        scan->any = true;
        if (!scan->requests.groups && !keeps(scan, *count))
            continue;
        ++*count;
        if (limit >= 0 && !scan->sorting && ++scan->yielded == limit)
            scan->done = true;
    }
    return true;
}

/* The number of rows as a plain text, or as JSON that says no more. */
static bool read_count(struct scan *scan, struct error *err)
{
    const struct http_response *response = &scan->page->response;
    const char *start = space_skip_lead(response->body, response->body_length);
    const char *digits = start + (*start == '"');
    char *end;
    long long count = strtoll(digits, &end, 10);

    if (end == digits || count < 0 || end[strspn(end, " \t\r\n\"")])
        return error_set(err, "08S01", "Table %s: the service answered \"%.40s\" when it was asked for the number of rows", scan->table->table.name, start);
    scan->page = NULL;
    scan->total.integer += count;
    if (!scan->requests.count_columns)
        scan->counted = count;
    return true;
}

static void start_batch(struct scan *scan)
{
    if (scan->reader)
        odata_reader_batch(scan->reader);
    if (scan->requests.groups)
        odata_groups_batch(scan->requests.groups);
}

static void give_groups(struct scan *scan)
{
    const struct aggregation *aggregation = scan->requests.request.aggregation;

    for (size_t i = 0; i < aggregation->group_count + aggregation->aggregate_count; i++)
        scan->cells[i] = odata_groups_cells(scan->requests.groups)[i];
}

static bool next_rows(struct scan *scan, struct batch *batch, struct error *err)
{
    size_t count = 0;

    start_batch(scan);
    if (scan->requests.groups)
        give_groups(scan);
    while (count < READER_ROWS && !scan->done && scan->counted < 0) {
        if (!scan->page) {
            if (count && (scan->requests.groups || !odata_reader_spans(scan->reader)))
                break; /* the next page takes the place of this one's rows */
            if (!next_page(scan, err))
                return false;
            if (scan->page && scan->page->counts && !read_count(scan, err))
                return false;
            continue;
        }
        if (!fill(scan, &count, err))
            return false;
        if (count && !scan->page)
            break; /* rows are given before the next page is waited for */
    }
    if (scan->done && scan->requests.count_columns && !scan->any) {
        scan->any = true;
        count = 1;
    }
    if (count == 0 && scan->done && scan->requests.groups && !scan->any) {
        scan->any = true;
        count = odata_groups_empty(scan->requests.groups, 0);
    }
    batch->row_count = count;
    batch->cells = scan->cells;
    return true;
}

/* All rows, in an order that the service does not know. */
static bool sort_rows(struct scan *scan, struct batch *first, struct error *err)
{
    const struct scan_request *request = &scan->requests.request;

    for (struct batch batch = *first; batch.row_count;) {
        if (!sorted_add(&scan->sorted, &scan->table->table, &batch))
            return error_memory(err);
        if (!next_rows(scan, &batch, err))
            return false;
    }
    sorted_order(&scan->sorted, &scan->table->table, request->order, request->order_count);
    scan->in_order = true;
    return true;
}

static void give_sorted(struct scan *scan, struct batch *batch)
{
    int64_t limit = scan->requests.request.limit, left = limit < 0 ? READER_ROWS : limit - scan->yielded;

    batch->row_count = sorted_next(&scan->sorted, &scan->table->table, odata_reader_cells(scan->reader), left < READER_ROWS ? (size_t)left : READER_ROWS);
    batch->cells = scan->cells;
    scan->yielded += (int64_t)batch->row_count;
}

/* Rows that only their number is known of. */
static void give_counted(struct scan *scan, struct batch *batch)
{
    batch->row_count = scan->counted < READER_ROWS ? (size_t)scan->counted : READER_ROWS;
    batch->cells = scan->cells;
    scan->counted -= (int64_t)batch->row_count;
}

bool odata_scan_next(struct scan *scan, struct batch *batch, struct error *err)
{
    *batch = (struct batch){0};
    if (scan->in_order) {
        give_sorted(scan, batch);
        return true;
    }
    if (scan->counted < 0 && !next_rows(scan, batch, err)) {
        scan->done = true;
        return false;
    }
    if (scan->counted >= 0) {
        give_counted(scan, batch);
    } else if (scan->sorting) {
        if (!sort_rows(scan, batch, err)) {
            scan->done = true;
            return false;
        }
        *batch = (struct batch){0};
        give_sorted(scan, batch);
    }
    return true;
}

/* EXPLAIN. */

static const char *describe_paging(const struct odata_requests *requests, struct arena *arena)
{
    const struct odata_options *options = &requests->service->options;
    const char *refused = odata_refusal_describe(&requests->service->context, requests->table, arena);
    const char *split = odata_requests_split(requests) ? "; the list is split over several requests"
                        : requests->list >= 0 ? "; once for each value of the list" : "";
    const char *walks = requests->route.way == WAY_WALK ? arena_printf(arena, "; once for each row of %s", requests->table->parent->table.name) : "";
    const char *pages;

    if (requests->counts)
        pages = "the number of rows alone";
    else if (odata_requests_kind(requests) == PAGE_ROW)
        pages = "one answer";
    else if (options->client_paging)
        pages = arena_printf(arena, "pages of %lld rows, by $skip and $top", (long long)(options->page_size ? options->page_size : 1000));
    else if (requests->prefer)
        pages = arena_printf(arena, "pages of %lld rows if the service agrees, by the address that each answer tells", (long long)options->page_size);
    else
        pages = "pages as the service makes them, by the address that each answer tells";
    return refused && walks && pages ? arena_printf(arena, "%s%s%s%s", pages, split, walks, refused) : NULL;
}

bool odata_describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                    struct error *err)
{
    const struct odata_service *service = (const struct odata_service *)request->table->service;
    struct odata_requests requests;
    struct odata_series series = {0};
    const char *const *shown = names ? names : arena_array(arena, request->filter_count + 1, sizeof *shown);
    struct value *unknown = NULL;
    struct buffer url;
    bool more = false;

    if (!shown)
        return error_memory(err);
    if (!table_complete(request->table, err) || !odata_requests_open(&requests, service, request, shown, err))
        return false;
    if (requests.route.way == WAY_WALK) {
        size_t columns = requests.table->parent->table.column_count;
        unknown = arena_array(arena, columns + 1, sizeof *unknown);
        for (size_t i = 0; unknown && i < columns; i++)
            unknown[i] = value_null();
    }
    buffer_init(&url, 1 << 20);
    bool done = (requests.route.way != WAY_WALK || unknown) || error_memory(err);
    done = done && odata_requests_next(&requests, unknown, &series, &more, err);
    if (done && more) {
        int64_t page = service->options.client_paging && !requests.counts && odata_requests_kind(&requests) != PAGE_ROW
                       ? (service->options.page_size ? service->options.page_size : 1000) : 0;
        done = odata_requests_url(&requests, &series, 0, page, &url, err);
    }
    if (done) {
        description->request = more ? arena_text(arena, buffer_text(&url)) : arena_text(arena, "none: no row can satisfy the conditions");
        description->paging = describe_paging(&requests, arena);
        done = (description->request && description->paging) || error_memory(err);
    }
    odata_series_close(&series);
    buffer_clear(&url);
    odata_requests_close(&requests);
    return done;
}
