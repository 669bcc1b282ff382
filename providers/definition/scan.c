/* One reading of a table: page after page, batch after batch. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "http/client.h"
#include "oauth/credential.h"
#include "providers/definition/cells.h"
#include "providers/definition/exist.h"
#include "providers/definition/failure.h"
#include "providers/definition/keep.h"
#include "providers/definition/pages.h"
#include "providers/definition/service.h"
#include "providers/definition/walk.h"
#include "providers/rows/decode.h"

struct scan {
    const struct described_service *service;
    const struct definition_table *table;
    struct requests requests;
    struct decoder *decoder;
    struct http_lane *lane;
    bool own_lane;
    struct walk *walk;
    struct pages *pages;
    const struct page *page;             /* the one being decoded; NULL between pages */
    const struct value **cells;          /* of the batch, per column */
    struct value **echo;                 /* columns that stand in no page, DECODE_ROWS long */
    int *fallbacks;                      /* columns that stand in pages, but not in every row */
    size_t fallback_count;
    int64_t limit, yielded;
    size_t room;                         /* rows of the next batch: few at first where the application waits for them */
    bool counts_only;                    /* nobody looks at any cell, and the service may tell the number of rows at once */
    int64_t counted;                     /* rows still to be yielded of that number */
    bool done;
    bool demanding;                      /* see described_scan_demand */
    bool found;                          /* the service has sent a row */
    struct warnings *warnings;           /* of the statement, or NULL */
    struct arena arena;
};

enum { FIRST_ROWS = 16 };

_Static_assert(FIRST_ROWS * 64 == DECODE_ROWS, "batches grow to the whole room by steps of four");

static bool prepare_cells(struct scan *scan, const struct scan_request *request, struct error *err)
{
    const struct table *table = request->table;
    bool *needed = arena_array(&scan->arena, table->column_count + 1, sizeof *needed);

    scan->cells = arena_array(&scan->arena, table->column_count + 1, sizeof *scan->cells);
    scan->echo = arena_array(&scan->arena, table->column_count + 1, sizeof *scan->echo);
    scan->fallbacks = arena_array(&scan->arena, table->column_count + 1, sizeof *scan->fallbacks);
    if (!needed || !scan->cells || !scan->echo || !scan->fallbacks)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        bool in_page = column_stands(scan->table, i, scan->requests.route.endpoint);
        needed[i] = in_page && (request->wanted[i] || requests_look_at(&scan->requests, (int)i));
        if (needed[i] && column_falls_back(scan->table, i, scan->requests.route.endpoint, scan->requests.route.walks))
            scan->fallbacks[scan->fallback_count++] = (int)i;
        if (in_page || !request->wanted[i])
            continue;
        scan->echo[i] = arena_array(&scan->arena, DECODE_ROWS, sizeof *scan->echo[i]);
        if (!scan->echo[i])
            return error_memory(err);
    }
    if (!decoder_open(&scan->requests.route.endpoint->shape, needed, request->warnings, &scan->decoder, err))
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        if (request->wanted[i])
            scan->cells[i] = scan->echo[i] ? scan->echo[i] : decoder_cells(scan->decoder)[i];
    return true;
}

static void log_filters(const struct scan *scan)
{
    struct buffer text;

    if (!log_wants(scan->service->log, LOG_REQUEST))
        return;
    buffer_init(&text, 4096);
    for (size_t i = 0; i < scan->table->parameter_count; i++)
        if (scan->requests.pushed >> i & 1)
            buffer_printf(&text, " %s=%s", scan->table->parameters[i].name, scan->requests.values[i] ? scan->requests.values[i] : "");
    log_write(scan->service->log, LOG_REQUEST, "provider", "%s: %s%s", scan->table->table.name,
              scan->requests.none ? "no row can satisfy the conditions; nothing is requested"
              : text.length || text.failed ? "conditions that the service applies:" : "the service applies no condition",
              scan->requests.none ? "" : text.failed ? " (too many to show)" : buffer_text(&text));
    buffer_clear(&text);
}

/* Whether the number of rows is all that is asked for, and can be told by the service. */
static bool counts_only(const struct scan *scan, const struct scan_request *request)
{
    const struct definition_paging *paging = scan->requests.route.endpoint->paging;

    const struct shape *shape = &scan->requests.route.endpoint->shape;

    if ((!paging->total_count && !paging->total_header) || requests_leave_out(&scan->requests) || scan->walk || request->limit >= 0)
        return false;
    for (size_t i = 0; i < shape->row_count; i++)
        if (shape->rows[i].level_count > 1 || shape->rows[i].below.length)
            return false; /* what is counted is around the rows */
    for (size_t i = 0; i < request->table->column_count; i++)
        if (request->wanted[i])
            return false;
    return true;
}

static bool open_scan(struct scan *scan, const struct scan_request *request, struct http_lane *lane, bool ahead, struct error *err)
{
    if (!prepare_cells(scan, request, err))
        return false;
    scan->lane = lane;
    scan->own_lane = !lane;
    if (!lane && !http_lane_borrow(scan->service->http, &scan->lane, err))
        return false;
    scan->done = scan->requests.none;
    log_filters(scan);
    if (scan->done)
        return true;
    if (scan->requests.route.walks
        && !walk_open(&scan->requests, scan->lane, ahead && request->limit < 0, request->warnings, &scan->walk, err))
        return false;
    if (!pages_open(scan->service, &scan->requests, scan->walk, scan->lane, request->limit, ahead, &scan->pages, err))
        return false;
    scan->counts_only = counts_only(scan, request);
    scan->counted = -1;
    return true;
}

bool described_scan_open_within(const struct scan_request *request, struct http_lane *lane, bool ahead, struct scan **scan,
                                struct error *err)
{
    const struct described_service *service = (const struct described_service *)request->table->service;
    struct scan *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->service = service;
    made->table = request->table->definition;
    made->limit = request->limit;
    made->room = request->hurried ? FIRST_ROWS : DECODE_ROWS;
    made->warnings = request->warnings;
    if (!requests_open(&made->requests, &service->context, request, lane != NULL, err)) {
        free(made);
        return false;
    }
    if (!open_scan(made, request, lane, ahead, err)) {
        described_scan_close(made);
        return false;
    }
    *scan = made;
    return true;
}

bool described_scan_open(const struct scan_request *request, struct scan **scan, struct error *err)
{
    return described_scan_open_within(request, NULL, true, scan, err);
}

void described_scan_demand(struct scan *scan)
{
    scan->demanding = true;
}

void described_scan_close(struct scan *scan)
{
    if (!scan)
        return;
    pages_close(scan->pages);
    walk_close(scan->walk);
    if (scan->lane && scan->own_lane)
        http_lane_return(scan->lane);
    decoder_close(scan->decoder);
    requests_close(&scan->requests);
    arena_clear(&scan->arena);
    free(scan);
}

void described_scan_count(const struct scan *scan, struct scan_counts *counts)
{
    *counts = (struct scan_counts){0};
    if (scan->pages)
        pages_count(scan->pages, counts);
}

/* JSON, but not the service's: taken for a page it would be a table without rows. */
static bool not_a_page(const struct scan *scan, struct error *err)
{
    const struct path *rows = &scan->requests.route.endpoint->shape.rows[0].levels[0];
    const char *url = scan->page->response.url;
    struct buffer place;

    buffer_init(&place, 200);
    for (size_t i = 0; i + 1 < rows->length; i++)
        buffer_printf(&place, "/%s", rows->steps[i].name);
    error_set(err, "08S01", "Table %s: %.*s answered with JSON that is no page of this service: there is no object%s%s in it. "
              "Is the URL property right?", scan->table->table.name, (int)strcspn(url, "?"), url,
              place.length ? " at " : "", buffer_text(&place));
    buffer_clear(&place);
    return false;
}

/* The page has been decoded: says what it held, and what it says of the pages after it. */
static bool end_page(struct scan *scan, struct error *err)
{
    const struct page *page = scan->page;
    struct page_report report = {.total = -1};

    if (page->missing && scan->demanding)
        return failure_of_table(scan->service->definition, scan->table, &page->response, err);
    if (!page->missing) {
        if (!decoder_has_rows(scan->decoder) && failure_in_body(scan->service->definition, &page->response))
            return failure_of_table(scan->service->definition, scan->table, &page->response, err);
        if (!decoder_is_page(scan->decoder))
            return not_a_page(scan, err);
        report.rows = decoder_elements(scan->decoder);
        report.row_bytes = decoder_row_bytes(scan->decoder, &report.row_length);
        report.more = decoder_more(scan->decoder);
        report.next = decoder_next_page(scan->decoder);
        report.total = decoder_total(scan->decoder);
    }
    bool done = pages_report(scan->pages, &report, err);
    scan->page = NULL;
    return done;
}

/* What is wrong with a row; or with the whole answer, when that is an error in the place of one row. */
static bool bad_row(const struct scan *scan, struct error *err)
{
    const struct http_response *response = &scan->page->response;

    if (strcmp(err->sqlstate, "HY001") != 0 && failure_in_body(scan->service->definition, response))
        return failure_of_table(scan->service->definition, scan->table, response, err);
    return error_prefix(err, "%.*s: ", (int)strcspn(response->url, "?"), response->url);
}

/* A row that does not say what it was asked by, or whose row of the parent's it belongs to. */
static void fall_back(struct scan *scan, size_t row)
{
    for (size_t i = 0; i < scan->fallback_count; i++) {
        struct value *cell = &decoder_cells(scan->decoder)[scan->fallbacks[i]][row];
        if (value_is_null(cell))
            *cell = scan->page->series->echo[scan->fallbacks[i]];
    }
}

/* Adds rows to the batch until it is full or the page ends. */
static bool fill(struct scan *scan, size_t *count, struct error *err)
{
    bool found = true;

    while (*count < scan->room && !scan->done) {
        if (scan->page->missing)
            return end_page(scan, err);
        if (!decoder_next(scan->decoder, *count, &found, err))
            return bad_row(scan, err);
        if (!found)
            return end_page(scan, err);
        scan->found = true;
        fall_back(scan, *count);
        if (requests_leave_out(&scan->requests) && !requests_keep(&scan->requests, scan->page->series, decoder_cells(scan->decoder), *count))
            continue;
        for (size_t i = 0; i < scan->table->table.column_count; i++)
            if (scan->echo[i])
                scan->echo[i][*count] = scan->page->series->echo[i];
        ++*count;
        if (scan->limit >= 0 && ++scan->yielded == scan->limit)
            scan->done = true;
    }
    return true;
}

/* Goes on to the next page. */
static bool next_page(struct scan *scan, struct error *err)
{
    if (!pages_next(scan->pages, &scan->page, err))
        return false;
    if (!scan->page) {
        scan->done = true;
        return true;
    }
    const char *url = scan->page->response.url;
    return scan->page->missing || decoder_page(scan->decoder, scan->page->response.body, scan->page->response.body_length, err)
           || error_prefix(err, "%.*s: ", (int)strcspn(url, "?"), url);
}

static bool read_total(void *context, const struct http_response *response, int64_t *total, struct error *err)
{
    struct scan *scan = context;
    bool found;

    if (!decoder_page(scan->decoder, response->body, response->body_length, err))
        return false;
    do {
        if (!decoder_next(scan->decoder, 0, &found, err))
            return false;
    } while (found);
    if (!decoder_has_rows(scan->decoder) && failure_in_body(scan->service->definition, response))
        return failure_of_table(scan->service->definition, scan->table, response, err);
    *total = decoder_total(scan->decoder);
    return true;
}

/* Rows that only their number is known of. */
static bool yield_counted(struct scan *scan, struct batch *batch, struct error *err)
{
    if (scan->counted < 0) {
        int64_t total;
        if (!pages_total(scan->pages, read_total, scan, &total, err))
            return false;
        scan->counts_only = total >= 0;
        scan->counted = total;
        if (!scan->counts_only)
            return true;
    }
    scan->found = scan->found || scan->counted > 0;
    batch->row_count = scan->counted < DECODE_ROWS ? (size_t)scan->counted : DECODE_ROWS;
    batch->cells = scan->cells;
    scan->counted -= (int64_t)batch->row_count;
    scan->done = batch->row_count == 0;
    return true;
}

/* No row came: of a value that the query's text or a property says, for which the service is silent when it does not know it, is seen whether it
 * does. Values from other tables are there. */
static bool see_values(struct scan *scan, struct error *err)
{
    const struct requests *requests = &scan->requests;

    if (scan->found || requests->none)
        return true;
    scan->found = true; /* once is enough */
    for (size_t i = 0; i < scan->table->parameter_count; i++) {
        int at = requests->route.condition[i];
        if (at < 0 || !requests->route.filter[i]->silent)
            continue;
        const struct filter *filter = &requests->filters[at];
        if (filter->op == FILTER_EQUAL && filter->value_count == 1 && filter->said
            && !exist_check(scan->service, scan->table, (size_t)filter->column, filter->values, scan->warnings, requests->cancel, err))
            return false;
    }
    return true;
}

bool described_scan_next(struct scan *scan, struct batch *batch, struct error *err)
{
    size_t count = 0;

    *batch = (struct batch){0};
    if (scan->warnings && scan->service->credential)
        credential_warn(scan->service->credential, scan->warnings);
    if (scan->counts_only && !scan->done) {
        if (!yield_counted(scan, batch, err)) {
            scan->done = true;
            return false;
        }
        if (scan->counts_only)
            return !scan->done || see_values(scan, err);
    }
    decoder_batch(scan->decoder);
    while (count == 0 && !scan->done)
        if ((!scan->page && !next_page(scan, err)) || (scan->page && !fill(scan, &count, err))) {
            scan->done = true;
            return false;
        }
    if (scan->room < DECODE_ROWS)
        scan->room *= 4;
    batch->row_count = count;
    batch->cells = scan->cells;
    return !scan->done || count || see_values(scan, err);
}
