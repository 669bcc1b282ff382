#include "providers/definition/pages.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "http/url.h"
#include "providers/definition/failure.h"
#include "providers/definition/service.h"
#include "providers/definition/walk.h"

enum {
    LARGEST_URL = 64 << 10, LARGEST_BODY = 4 << 20,
    EAGER_PAGES = 3,                 /* pages of a run after which the next one is asked for before anybody wants it */
    SURE_PAGES = 6,                  /* pages of a run after which more are expected before it has told so */
};

struct run {
    struct series series;
    struct page_place next;          /* the page to be asked for next */
    char *token;                     /* next.token, owned */
    int64_t read;                    /* pages that have been read */
    int64_t total;                   /* rows in all; -1 = not known */
    unsigned asked;                  /* pages under way or waiting to be read */
    bool ended;
    struct http_exchange *previous;  /* the page read last, to see whether the service repeats itself */
    const char *previous_rows;
    size_t previous_length;
    uint64_t *seen;                  /* hashes of the tokens that have been followed */
    size_t seen_count;
};

struct asked_page {
    struct asked_page *next;
    struct run *run;
    struct http_exchange *exchange;
    int64_t number;
};

struct pages {
    const struct described_service *service;
    struct requests *requests;
    struct walk *walk;
    struct http_lane *lane;
    struct asked_page *first;        /* in the order in which they are read */
    size_t count;
    struct run *latest;              /* the run begun last, as long as it is asked for more pages; else NULL */
    bool lists_begun;                /* series of the present parents have been asked for */
    bool no_more_runs;
    const struct value *const *fed;  /* the present parents' values */
    size_t fed_count;
    struct asked_page *present;      /* the page being read */
    struct run *resumed;             /* whose next page is to be asked for when somebody wants it; NULL: none */
    struct page page;
    int64_t limit, rows, read;       /* rows and pages read so far */
    struct scan_counts counts;
};

bool pages_open(const struct described_service *service, struct requests *requests, struct walk *walk, struct http_lane *lane,
                int64_t limit, struct pages **pages, struct error *err)
{
    struct pages *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->service = service;
    made->requests = requests;
    made->walk = walk;
    made->lane = lane;
    made->limit = limit;
    made->no_more_runs = requests->none;
    *pages = made;
    return true;
}

/* Runs. */

static void run_close(struct run *run)
{
    series_close(&run->series);
    if (run->previous)
        http_finish(run->previous);
    free(run->token);
    free(run->seen);
    free(run);
}

static void let_go(struct pages *pages, struct run *run)
{
    if (--run->asked == 0 && run->ended) {
        if (pages->latest == run)
            pages->latest = NULL;
        run_close(run);
    }
}

static void page_close(struct pages *pages, struct asked_page *page)
{
    if (page->exchange)
        http_finish(page->exchange);
    let_go(pages, page->run);
    free(page);
}

void pages_close(struct pages *pages)
{
    if (!pages)
        return;
    for (struct asked_page *page = pages->first, *next; page; page = next) {
        next = page->next;
        page->run->ended = true;
        page_close(pages, page);
    }
    if (pages->present) {
        pages->present->run->ended = true;
        page_close(pages, pages->present);
    }
    free(pages);
}

/* Asking. */

/* The page goes in front of all others, or behind them. */
static bool ask(struct pages *pages, struct run *run, bool in_front, struct error *err)
{
    const struct definition_endpoint *endpoint = pages->requests->route.endpoint;
    struct asked_page *page = calloc(1, sizeof *page);
    struct buffer url, body;

    if (!page)
        return error_memory(err);
    *page = (struct asked_page){.run = run, .number = run->next.page};
    buffer_init(&url, LARGEST_URL);
    buffer_init(&body, LARGEST_BODY);
    bool told = run->next.token && (endpoint->paging->kind == PAGING_LINK || endpoint->paging->kind == PAGING_NEXT);
    bool done = told ? buffer_append_text(&url, run->next.token) || error_memory(err)
                     : requests_url(pages->requests, &run->series, &run->next, &url, &body, err);
    if (done) {
        const struct described_request request = {
            .method = endpoint->method, .url = buffer_text(&url), .own_url = !told, .content_type = body.length ? "application/json" : NULL,
            .body = buffer_text(&body), .body_length = body.length,
        };
        done = described_send(pages->service, pages->lane, &request, pages->requests->cancel, &page->exchange, err);
    }
    buffer_clear(&url);
    buffer_clear(&body);
    if (!done) {
        free(page);
        return false;
    }
    pages->counts.requests++;
    run->asked++;
    run->next.page++;
    run->next.offset += pages->requests->page_size;
    struct asked_page **place = &pages->first;
    while (*place && !in_front)
        place = &(*place)->next;
    page->next = *place;
    *place = page;
    pages->count++;
    return true;
}

/* The next parents, when the series of the present ones are all begun. */
static bool next_parents(struct pages *pages, struct error *err)
{
    if (!pages->walk) {
        pages->no_more_runs = true;
        return true;
    }
    if (!walk_next(pages->walk, &pages->fed, &pages->fed_count, err))
        return false;
    pages->no_more_runs = pages->fed_count == 0;
    return true;
}

/* Goes on to the next series: other parts of the lists, or the next parents. */
static bool advance(struct pages *pages, struct error *err)
{
    bool more = false;

    if (pages->walk && !pages->lists_begun)
        return next_parents(pages, err);
    if (pages->lists_begun && !requests_next(pages->requests, &more, err))
        return false;
    if (!more && pages->lists_begun) {
        pages->lists_begun = false;
        return next_parents(pages, err);
    }
    return true;
}

/* Begins one more run, unless there is none. */
static bool begin_run(struct pages *pages, struct error *err)
{
    if (!advance(pages, err))
        return false;
    if (pages->no_more_runs)
        return true;
    struct run *run = calloc(1, sizeof *run);
    bool empty = false;

    if (!run)
        return error_memory(err);
    run->total = -1;
    if (!requests_series(pages->requests, &run->series, err)) {
        free(run);
        return false;
    }
    pages->lists_begun = true;
    if (pages->walk && !requests_feed(pages->requests, &run->series, pages->fed, pages->fed_count, &empty, err)) {
        run_close(run);
        return false;
    }
    if (empty || !ask(pages, run, false, err)) {
        run_close(run);
        return empty;
    }
    pages->latest = run;
    return true;
}

/* Whether a run's next page may be asked for although none has told that there is one. */
static bool expects_page(const struct pages *pages, const struct run *run)
{
    enum paging_kind kind = pages->requests->route.endpoint->paging->kind;

    if (run->ended || (kind != PAGING_NUMBER && kind != PAGING_OFFSET) || !pages->requests->page_size)
        return false;
    if (run->total >= 0)
        return run->next.page * pages->requests->page_size < run->total;
    return run->read >= SURE_PAGES && run->asked < run->read / 2;
}

/* How many pages are worth being under way. */
static size_t window(const struct pages *pages)
{
    size_t most = (size_t)pages->service->concurrent;

    if (pages->limit < 0)
        return most;
    if (pages->read == 0)
        return 1;
    int64_t left = pages->limit - pages->rows, each = pages->rows / pages->read;
    int64_t wanted = each > 0 ? (left + each - 1) / each : pages->read + 1;
    return wanted < 1 ? 1 : wanted < (int64_t)most ? (size_t)wanted : most;
}

static bool top_up(struct pages *pages, struct error *err)
{
    for (size_t most = window(pages); pages->count < most;) {
        size_t before = pages->count;
        if (pages->latest && expects_page(pages, pages->latest)) {
            if (!ask(pages, pages->latest, false, err))
                return false;
        } else if (pages->no_more_runs) {
            break;
        } else if (!begin_run(pages, err)) {
            return false;
        }
        if (pages->count == before && pages->no_more_runs)
            break;
    }
    return true;
}

/* Reading. */

static bool failed(struct pages *pages, struct http_exchange *exchange, struct error *err)
{
    const char *sent = http_exchange_url(exchange), *table = pages->requests->table->table.name;

    return strncmp(err->sqlstate, "08", 2) != 0
           ? false : error_prefix(err, "Table %s (%.*s): ", table, (int)strcspn(sent, "?"), sent);
}

static bool wait_for(struct pages *pages, struct asked_page *asked, struct error *err)
{
    const struct definition *definition = pages->service->definition;
    struct page *page = &pages->page;
    int64_t began = clock_milliseconds();

    *page = (struct page){.series = &asked->run->series, .number = asked->number};
    bool answered = http_wait(asked->exchange, pages->requests->cancel, &page->response, err);
    pages->counts.milliseconds += clock_milliseconds() - began;
    pages->counts.bytes += answered ? (int64_t)page->response.body_length : 0;
    if (!answered)
        return failed(pages, asked->exchange, err);
    page->missing = page->response.status == 404 && pages->requests->route.endpoint->missing
                    && !failure_in_header(definition, &page->response);
    if (page->response.status == 204)
        page->missing = true;
    if (page->missing || (page->response.status == 200 && !failure_is_page(&page->response)))
        return true;
    return failure_set(definition, "Table", pages->requests->table->table.name, &page->response, err);
}

bool pages_next(struct pages *pages, const struct page **page, struct error *err)
{
    *page = NULL;
    struct run *resumed = pages->resumed;
    pages->resumed = NULL;
    if (resumed && !ask(pages, resumed, true, err))
        return false;
    if (pages->present) {
        struct asked_page *present = pages->present;
        pages->present = NULL;
        page_close(pages, present);
    }
    if (!top_up(pages, err))
        return false;
    struct asked_page *asked = pages->first;
    if (!asked)
        return true;
    pages->first = asked->next;
    pages->count--;
    pages->present = asked;
    if (!wait_for(pages, asked, err))
        return false;
    *page = &pages->page;
    return true;
}

/* The target of a field "Link: <https://…?page=2>; rel="next"" (RFC 8288). A copy; NULL when there is none or memory is out. */
static char *next_link(const struct http_response *response)
{
    const char *at = http_response_header(response, "Link");

    while (at && (at = strchr(at, '<'))) {
        const char *end = strchr(at, '>');
        if (!end)
            return NULL;
        const char *next = strchr(end, '<'), *rel = strcasestr(end, "rel=");
        if (rel && (!next || rel < next)) {
            rel += 4 + (rel[4] == '"');
            if (strncasecmp(rel, "next", 4) == 0 && end > at + 1)
                return strndup(at + 1, (size_t)(end - at - 1));
        }
        at = end;
    }
    return NULL;
}

static uint64_t hash(const char *text)
{
    uint64_t result = 14695981039346656037u;

    for (; *text; text++)
        result = (result ^ (unsigned char)*text) * 1099511628211u;
    return result;
}

/* Remembers the address of the next page. */
static bool follow(struct pages *pages, struct run *run, const char *next, struct error *err)
{
    enum paging_kind kind = pages->requests->route.endpoint->paging->kind;
    const char *table = pages->requests->table->table.name;
    uint64_t mark = hash(next);

    for (size_t i = 0; i < run->seen_count; i++)
        if (run->seen[i] == mark)
            return error_set(err, "08S01", "Table %s: the service's links to further pages lead in a circle (page %lld)", table,
                             (long long)run->read);
    uint64_t *seen = realloc(run->seen, (run->seen_count + 1) * sizeof *seen);
    if (!seen)
        return error_memory(err);
    run->seen = seen;
    run->seen[run->seen_count++] = mark;

    char *token;
    if (kind == PAGING_TOKEN) {
        token = strdup(next);
    } else {
        struct buffer url;
        buffer_init(&url, LARGEST_URL);
        token = url_resolve(http_exchange_url(pages->present->exchange), next, &url) ? strdup(buffer_text(&url)) : NULL;
        bool wrong = !token && !url.failed;
        buffer_clear(&url);
        if (wrong)
            return error_set(err, "08S01", "Table %s: the service's link to the next page is no address: %.200s", table, next);
    }
    if (!token)
        return error_memory(err);
    free(run->token);
    run->token = token;
    run->next.token = token;
    return true;
}

/* Rows of a full page. */
static int64_t full_page(const struct pages *pages)
{
    return pages->requests->page_size ? pages->requests->page_size : pages->requests->route.endpoint->paging->largest;
}

/* Whether the run goes on behind the page just read. */
static bool goes_on(const struct pages *pages, const struct run *run, const struct page_report *report)
{
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;

    if (pages->page.missing)
        return false;
    switch (paging->kind) {
    case PAGING_NUMBER: case PAGING_OFFSET:
        if (report->rows == 0)
            return false;
        if (paging->end == END_MORE)
            return report->more;
        if (paging->end == END_EMPTY)
            return true;
        return run->total >= 0 ? (pages->present->number + 1) * full_page(pages) < run->total : report->rows >= full_page(pages);
    case PAGING_LINK: case PAGING_NEXT: case PAGING_TOKEN:
        return report->next;
    default:
        return false;
    }
}

/* Pages that were asked for in vain. */
static void drop_rest(struct pages *pages, struct run *run)
{
    struct asked_page **place = &pages->first;

    while (*place) {
        struct asked_page *page = *place;
        if (page->run != run) {
            place = &page->next;
            continue;
        }
        *place = page->next;
        pages->count--;
        page_close(pages, page);
    }
}

static bool is_repeated(const struct run *run, const struct page_report *report)
{
    return run->previous && report->row_length == run->previous_length && report->rows > 0
           && memcmp(report->row_bytes, run->previous_rows, report->row_length) == 0;
}

bool pages_report(struct pages *pages, const struct page_report *report_, struct error *err)
{
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;
    struct asked_page *present = pages->present;
    struct run *run = present->run;
    struct page_report report = *report_;
    char *link = NULL;

    pages->rows += report.rows;
    pages->read++;
    run->read++;
    if (report.total >= 0)
        run->total = report.total;
    if (paging->kind == PAGING_LINK && !pages->page.missing)
        report.next = link = next_link(&pages->page.response);
    if (!goes_on(pages, run, &report)) {
        free(link);
        run->ended = true;
        if (pages->latest == run)
            pages->latest = NULL;
        drop_rest(pages, run);
        return true;
    }
    if (is_repeated(run, &report)) {
        free(link);
        return error_set(err, "08S01", "Table %s: the service sends the same page again and again (page %lld)",
                         pages->requests->table->table.name, (long long)(paging->first + present->number));
    }
    bool done = !report.next || follow(pages, run, report.next, err);
    free(link);
    if (!done)
        return false;
    if (run->previous)
        http_finish(run->previous);
    if (!pages->requests->page_size)
        run->next.offset += report.rows;
    run->previous = present->exchange;
    run->previous_rows = report.row_bytes;
    run->previous_length = report.row_length;
    present->exchange = NULL;
    if (run->asked > 1)
        return true;
    if (run->read < EAGER_PAGES) {
        pages->resumed = run;
        return true;
    }
    return ask(pages, run, true, err);
}

bool pages_total(struct pages *pages, pages_read_total *read, void *context, int64_t *total, struct error *err)
{
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;
    int64_t page_size = pages->requests->page_size;
    const struct page *page;
    char *end;

    *total = -1;
    pages->requests->page_size = paging->size ? 1 : page_size;
    bool done = pages_next(pages, &page, err);
    if (done && page) {
        const char *field = paging->total_header ? http_response_header(&page->response, paging->total_header) : NULL;
        long long number = field && field[0] ? strtoll(field, &end, 10) : -1;
        if (page->missing)
            *total = 0;
        else if (number >= 0 && *end == '\0')
            *total = number;
        else
            done = read(context, &page->response, total, err);
    } else if (done) {
        *total = 0;
    }
    pages->requests->page_size = page_size;
    if (done && page) { /* the page itself was not wanted */
        struct page_report nothing = {.total = -1};
        done = pages_report(pages, &nothing, err);
        pages->read = 0;
        if (*total < 0)
            pages->no_more_runs = pages->lists_begun = false;
    }
    return done;
}

void pages_count(const struct pages *pages, struct scan_counts *counts)
{
    *counts = pages->counts;
    if (pages->walk)
        walk_count(pages->walk, counts);
}
