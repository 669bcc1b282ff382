/* One reading of a table: request after request, page after page, batch after batch. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "http/client.h"
#include "oauth/credential.h"
#include "providers/definition/decode.h"
#include "providers/definition/failure.h"
#include "providers/definition/request.h"
#include "providers/definition/service.h"

enum { LARGEST_URL = 64 << 10 };

struct scan {
    const struct described_service *service;
    const struct definition_table *table;
    struct cancel *cancel;
    struct requests requests;
    struct decoder *decoder;
    struct http_lane *lane;
    struct http_exchange *exchange;      /* the page being decoded; NULL between pages */
    struct http_exchange *previous;      /* the page before it, to see whether the service repeats itself */
    struct http_response response;
    const char *previous_rows;
    size_t previous_length;
    bool *wanted;
    const struct value **cells;          /* of the batch, per column */
    struct value **echo;                 /* columns that inputs echo into, DECODE_ROWS long */
    int64_t page;                        /* counts from 0 */
    int64_t page_rows;                   /* rows of the present page so far */
    int64_t limit, yielded;
    bool done;
    struct scan_counts counts;
    struct arena arena;
};

static bool prepare_cells(struct scan *scan, const struct scan_request *request, struct error *err)
{
    const struct table *table = request->table;
    bool *needed = arena_array(&scan->arena, table->column_count, sizeof *needed);

    scan->wanted = arena_array(&scan->arena, table->column_count, sizeof *scan->wanted);
    scan->cells = arena_array(&scan->arena, table->column_count, sizeof *scan->cells);
    scan->echo = arena_array(&scan->arena, table->column_count, sizeof *scan->echo);
    if (!needed || !scan->wanted || !scan->cells || !scan->echo)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        scan->wanted[i] = request->wanted[i];
        needed[i] = !table->columns[i].pseudo && (request->wanted[i] || requests_look_at(&scan->requests, (int)i));
        if (!table->columns[i].pseudo || !request->wanted[i])
            continue;
        scan->echo[i] = arena_array(&scan->arena, DECODE_ROWS, sizeof *scan->echo[i]);
        if (!scan->echo[i])
            return error_memory(err);
    }
    if (!decoder_open(scan->service->definition, scan->table, needed, &scan->decoder, err))
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
            buffer_printf(&text, " %s=%s", scan->table->parameters[i].name, scan->requests.values[i]);
    log_write(scan->service->log, LOG_REQUEST, "provider", "%s: %s%s", scan->table->table.name,
              scan->requests.none ? "no row can satisfy the conditions; nothing is requested"
              : text.length || text.failed ? "conditions that the service applies:" : "the service applies no condition",
              scan->requests.none ? "" : text.failed ? " (too many to show)" : buffer_text(&text));
    buffer_clear(&text);
}

bool described_scan_open(const struct scan_request *request, struct scan **scan, struct error *err)
{
    const struct described_service *service = (const struct described_service *)request->table->service;
    struct scan *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->service = service;
    made->table = request->table->definition;
    made->cancel = request->cancel;
    made->limit = request->limit;
    if (!requests_open(&made->requests, service->definition, service->url, service->page_size, request, err)) {
        free(made);
        return false;
    }
    if (!prepare_cells(made, request, err) || !http_lane_borrow(service->http, &made->lane, err)) {
        described_scan_close(made);
        return false;
    }
    made->done = made->requests.none;
    log_filters(made);
    *scan = made;
    return true;
}

void described_scan_close(struct scan *scan)
{
    if (!scan)
        return;
    if (scan->exchange)
        http_finish(scan->exchange);
    if (scan->previous)
        http_finish(scan->previous);
    if (scan->lane)
        http_lane_return(scan->lane);
    decoder_close(scan->decoder);
    requests_close(&scan->requests);
    arena_clear(&scan->arena);
    free(scan);
}

void described_scan_count(const struct scan *scan, struct scan_counts *counts)
{
    *counts = scan->counts;
}

static bool fetch(struct scan *scan, struct error *err)
{
    static const struct http_header accept[] = {{"Accept", "application/json"}};
    struct buffer url;

    buffer_init(&url, LARGEST_URL);
    if (!requests_url(&scan->requests, scan->page, &url)) {
        buffer_clear(&url);
        return error_set(err, "HY000", "Table %s: the conditions make a URL that is too long: use shorter ones", scan->table->table.name);
    }
    struct http_request request = {
        .method = "GET",
        .url = buffer_text(&url),
        .headers = accept,
        .header_count = 1,
        .signer = scan->service->credential ? credential_signer(scan->service->credential) : NULL,
        .safe_to_repeat = true,
        .follow_redirects = true,
    };
    bool started = http_start(scan->lane, &request, scan->cancel, &scan->exchange, err);
    buffer_clear(&url);
    if (!started) {
        scan->exchange = NULL;
        return false;
    }
    int64_t asked = clock_milliseconds();
    bool answered = http_wait(scan->exchange, scan->cancel, &scan->response, err);
    scan->counts.requests++;
    scan->counts.milliseconds += clock_milliseconds() - asked;
    scan->counts.bytes += answered ? (int64_t)scan->response.body_length : 0;
    if (!answered) {
        const char *sent = http_exchange_url(scan->exchange);
        return strncmp(err->sqlstate, "08", 2) != 0
               ? false : error_prefix(err, "Table %s (%.*s): ", scan->table->table.name, (int)strcspn(sent, "?"), sent);
    }
    if (scan->response.status != 200 || failure_is_page(&scan->response))
        return failure_set(scan->service->definition, scan->table->table.name, &scan->response, err);
    decoder_page(scan->decoder, scan->response.body, scan->response.body_length);
    scan->page_rows = 0;
    return true;
}

static void drop_pages(struct scan *scan)
{
    if (scan->exchange)
        http_finish(scan->exchange);
    if (scan->previous)
        http_finish(scan->previous);
    scan->exchange = scan->previous = NULL;
    scan->previous_rows = NULL;
    scan->previous_length = 0;
}

/* JSON, but not the service's: taken for a page it would be a table without rows. */
static bool not_a_page(const struct scan *scan, struct error *err)
{
    const struct definition_path *rows = &scan->table->rows;
    struct buffer place;

    buffer_init(&place, 200);
    for (size_t i = 0; i + 1 < rows->length; i++)
        buffer_printf(&place, "/%s", rows->names[i]);
    error_set(err, "08S01", "Table %s: %.*s answered with JSON that is no page of this service: there is no object%s%s in it. "
              "Is the URL property right?", scan->table->table.name, (int)strcspn(scan->response.url, "?"), scan->response.url,
              place.length ? " at " : "", buffer_text(&place));
    buffer_clear(&place);
    return false;
}

/* The page has been decoded: what comes next? Another page, another part of a split list, or nothing. */
static bool end_page(struct scan *scan, struct error *err)
{
    const char *table = scan->table->table.name;
    size_t length;
    const char *rows = decoder_row_bytes(scan->decoder, &length);

    if (!decoder_has_rows(scan->decoder) && failure_in_body(scan->service->definition, &scan->response))
        return failure_set(scan->service->definition, table, &scan->response, err);
    if (!decoder_is_page(scan->decoder))
        return not_a_page(scan, err);

    if (scan->table->paged && decoder_more(scan->decoder) && scan->page_rows > 0) {
        if (scan->previous && length == scan->previous_length && memcmp(rows, scan->previous_rows, length) == 0)
            return error_set(err, "08S01", "Table %s: the service sends the same page again and again (page %lld)", table,
                             (long long)(scan->service->definition->paging.first + scan->page));
        if (scan->previous)
            http_finish(scan->previous);
        scan->previous = scan->exchange;
        scan->previous_rows = rows;
        scan->previous_length = length;
        scan->exchange = NULL;
        scan->page++;
        return true;
    }

    bool more;
    drop_pages(scan);
    scan->page = 0;
    if (!requests_next(&scan->requests, &more, err))
        return false;
    scan->done = !more;
    return true;
}

/* Adds rows to the batch until it is full or the page ends. */
static bool fill(struct scan *scan, size_t *count, struct error *err)
{
    bool found = true;

    while (*count < DECODE_ROWS && !scan->done) {
        if (!decoder_next(scan->decoder, *count, &found, err))
            return error_prefix(err, "%.*s: ", (int)strcspn(scan->response.url, "?"), scan->response.url);
        if (!found)
            return end_page(scan, err);
        scan->page_rows++;
        if (scan->requests.split && !requests_keep(&scan->requests, decoder_cells(scan->decoder), *count))
            continue;
        ++*count;
        if (scan->limit >= 0 && ++scan->yielded == scan->limit)
            scan->done = true;
    }
    return true;
}

bool described_scan_next(struct scan *scan, struct batch *batch, struct error *err)
{
    size_t count = 0;

    decoder_batch(scan->decoder);
    while (count == 0 && !scan->done) {
        if (!scan->exchange && !fetch(scan, err)) {
            scan->done = true;
            return false;
        }
        for (size_t i = 0; i < scan->table->table.column_count; i++)
            for (size_t row = 0; scan->echo[i] && row < DECODE_ROWS; row++)
                scan->echo[i][row] = scan->requests.echo[i];
        if (!fill(scan, &count, err)) {
            scan->done = true;
            return false;
        }
    }
    batch->row_count = count;
    batch->cells = scan->cells;
    return true;
}
