#include "providers/definition/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "http/url.h"
#include "providers/definition/failure.h"
#include "providers/definition/link.h"
#include "providers/definition/service.h"
#include "providers/definition/walk.h"

enum {
    LARGEST_URL = 64 << 10, LARGEST_BODY = 4 << 20,
    WAITING = 3,                     /* pages that may be asked for and not read, for each that may be under way */
    EMPTY_PAGES = 100,               /* one after the other, of a run that says that there are more */
    SURE_PAGES = 6,                  /* pages of a run after which more are expected before it has told so */
};

struct run {
    struct series series;
    struct page_place next;          /* the page to be asked for next */
    char *token;                     /* next.token, owned */
    int64_t read, rows;              /* pages and rows that have been read */
    int64_t empty;                   /* the pages without rows that have been read last */
    int64_t total;                   /* rows in all; -1 = not known */
    int64_t size;                    /* rows of a full page: as asked for, until the service shows that it is otherwise; 0 = not known */
    unsigned asked;                  /* pages under way or waiting to be read */
    bool ended;
    struct http_exchange *previous;  /* the page read last, to see whether the service repeats itself */
    const char *previous_rows;
    size_t previous_length;
    const char *previous_body;
    size_t previous_body_length;
    uint64_t *seen;                  /* hashes of the tokens that have been followed */
    size_t seen_count;
};

struct asked_page {
    struct asked_page *next;
    struct run *run;
    struct sent_request sent;        /* its exchange is NULL once the run has it as the previous one */
    int64_t number;
};

struct pages {
    const struct described_service *service;
    struct requests *requests;
    struct walk *walk;
    struct http_lane *lane;
    struct flight *flight;
    bool ahead;                      /* pages may be asked for that nobody has come for yet */
    struct asked_page *first;        /* in the order in which they are read */
    size_t count;                    /* of them, and of the present one until it is answered */
    struct run *due;                 /* the run whose next page must be asked for before another is read; or NULL */
    struct run *latest;              /* the run begun last, as long as it is asked for more pages; else NULL */
    bool lists_begun;                /* series of the present parents have been asked for */
    bool no_more_runs;
    const struct value *const *fed;  /* the present parents' values */
    size_t fed_count, fed_groups;    /* fed_groups: how often there have been some */
    struct asked_page *present;      /* the page being read */
    struct page page;
    int64_t limit, rows, read;       /* rows and pages read so far */
    struct scan_counts counts;
};

bool pages_open(const struct described_service *service, struct requests *requests, struct walk *walk, struct http_lane *lane,
                int64_t limit, bool ahead, struct pages **pages, struct error *err)
{
    struct pages *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    if (!flight_join((struct flights *)&service->flights, requests->cancel, (size_t)service->concurrent, &made->flight, err)) {
        free(made);
        return false;
    }
    made->service = service;
    made->requests = requests;
    made->walk = walk;
    made->lane = lane;
    made->limit = limit;
    made->ahead = ahead;
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
    flight_remove(pages->flight, &page->sent);
    if (page->sent.exchange)
        http_finish(page->sent.exchange);
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
        if (pages->due == pages->present->run)
            pages->due = NULL;
        page_close(pages, pages->present);
    }
    if (pages->due)
        run_close(pages->due);
    flight_leave((struct flights *)&pages->service->flights, pages->flight);
    free(pages);
}

/* Asking. */

/* The URL of a run's next page, and the body where one is sent. *told: the URL is the service's own word. */
static bool next_request(const struct pages *pages, const struct run *run, struct buffer *url, struct buffer *body, bool *told,
                         struct error *err)
{
    enum paging_kind kind = pages->requests->route.endpoint->paging->kind;

    *told = run->next.token && (kind == PAGING_LINK || kind == PAGING_NEXT);
    if (!requests_url(pages->requests, &run->series, &run->next, url, body, err))
        return false;
    if (*told) {
        buffer_reset(url);
        buffer_append_text(url, run->next.token);
    }
    return !url->failed || error_memory(err);
}

static bool send(struct pages *pages, const struct run *run, struct http_exchange **exchange, struct error *err)
{
    struct buffer url, body;
    bool told;

    buffer_init(&url, LARGEST_URL);
    buffer_init(&body, LARGEST_BODY);
    bool done = next_request(pages, run, &url, &body, &told, err);
    if (done) {
        const struct described_request request = {
            .method = pages->requests->route.endpoint->method, .url = buffer_text(&url), .own_url = !told,
            .content_type = body.length ? "application/json" : NULL, .body = buffer_text(&body), .body_length = body.length,
        };
        done = described_send(pages->service, pages->lane, &request, pages->requests->cancel, exchange, err);
    }
    buffer_clear(&url);
    buffer_clear(&body);
    return done;
}

/* Where the page after the one just asked for will be, by the way in which the service counts them in its links. Its own word, when the
 * page has come, is what counts. */
static bool guess_next(const struct pages *pages, struct run *run, struct error *err)
{
    const char *counter = pages->requests->route.endpoint->paging->ahead;
    struct buffer url;

    if (!counter || !run->token)
        return true;
    buffer_init(&url, LARGEST_URL);
    char *guess = link_count_up(run->token, counter, &url) ? strdup(buffer_text(&url)) : NULL;
    bool failed = url.failed;
    buffer_clear(&url);
    free(run->token);
    run->next.token = run->token = guess;
    return !failed || error_memory(err);
}

/* Asks for a run's next page, which is read before all others, or after them. There is room for it. */
static bool ask(struct pages *pages, struct run *run, bool in_front, struct error *err)
{
    struct asked_page *page = calloc(1, sizeof *page), **place = &pages->first;

    if (!page)
        return error_memory(err);
    page->run = run;
    page->number = run->next.page;
    if (!send(pages, run, &page->sent.exchange, err)) {
        free(page);
        return false;
    }
    flight_add(pages->flight, &page->sent);
    pages->counts.requests++;
    run->asked++;
    run->next.page++;
    run->next.offset += run->size;
    while (*place && !in_front)
        place = &(*place)->next;
    page->next = *place;
    *place = page;
    pages->count++;
    return guess_next(pages, run, err);
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
    pages->no_more_runs = pages->fed_count == 0 && !(pages->requests->route.endpoint->also && pages->fed_groups == 0);
    pages->fed_groups++;
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
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;
    run->total = -1;
    run->size = pages->requests->page_size ? pages->requests->page_size : paging->largest;
    if (!requests_series(pages->requests, &run->series, err)) {
        free(run);
        return false;
    }
    pages->lists_begun = true;
    bool also = pages->requests->route.endpoint->also && pages->fed_groups == 1; /* its rows come once */
    if (pages->walk && !requests_feed(pages->requests, &run->series, pages->fed, pages->fed_count, also, &empty, err)) {
        run_close(run);
        return false;
    }
    if (empty || !flight_make_room(pages->flight, pages->requests->cancel, err) || !ask(pages, run, false, err)) {
        run_close(run);
        return empty;
    }
    pages->latest = run;
    return true;
}

/* Rows of so many pages, where the service's pages grow. */
static int64_t rows_of_pages(const struct definition_paging *paging, int64_t pages)
{
    int64_t rows = 0;

    for (size_t i = 0; i + 1 < paging->size_count && pages > 0; i++, pages--)
        rows += paging->sizes[i];
    return rows + pages * paging->sizes[paging->size_count - 1];
}

/* Whether a run's next page may be asked for although none has told that there is one. */
static bool expects_page(const struct pages *pages, const struct run *run)
{
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;
    enum paging_kind kind = paging->kind;

    if (kind == PAGING_LINK && paging->ahead && run != pages->due && !run->ended)
        return run->next.token && run->rows == rows_of_pages(paging, run->read) && rows_of_pages(paging, run->next.page) < run->total;
    if (run->ended || run == pages->due || run->size == 0 || kind == PAGING_NONE || kind >= PAGING_LINK)
        return false;
    if (kind == PAGING_OFFSET && !pages->requests->page_size)
        return false; /* rows may be missing between pages whose size is only a guess */
    if (run->total >= 0)
        return run->next.page * run->size < run->total;
    return run->read >= SURE_PAGES && run->asked < run->read / 2;
}

/* How many pages may be asked for and not read yet: no more than have been read, so that a reader who stops early has cost little. Some
 * more than may be under way, since those that come early wait for those before them. */
static size_t window(const struct pages *pages)
{
    int64_t most = !pages->ahead || pages->read < 1 ? 1 : pages->read;

    if (most > WAITING * pages->service->concurrent)
        most = WAITING * pages->service->concurrent;
    if (pages->limit < 0)
        return (size_t)most;
    if (pages->read == 0)
        return 1;
    int64_t left = pages->limit - pages->rows, each = pages->rows / pages->read;
    int64_t wanted = each > 0 ? (left + each - 1) / each : pages->read + 1;
    return (size_t)(wanted < 1 ? 1 : wanted < most ? wanted : most);
}

/* Asks for what may be asked for now; for one page in any case, when none is under way. */
static bool top_up(struct pages *pages, struct error *err)
{
    for (size_t most = window(pages); pages->count < most && (pages->count == 0 || flight_has_room(pages->flight));) {
        if (pages->latest && expects_page(pages, pages->latest)) {
            if (!flight_make_room(pages->flight, pages->requests->cancel, err) || !ask(pages, pages->latest, false, err))
                return false;
        } else if (pages->no_more_runs) {
            break;
        } else if (!begin_run(pages, err)) {
            return false;
        }
    }
    return true;
}

/* While one page is waited for, others are asked for as those under way come in. */
static bool ask_meanwhile(void *context, struct error *err)
{
    return top_up(context, err);
}

/* The page that must come next although others are under way already. */
static bool ask_due(struct pages *pages, struct error *err)
{
    struct run *run = pages->due;

    if (!run)
        return true;
    if (!flight_make_room(pages->flight, pages->requests->cancel, err) || !ask(pages, run, true, err))
        return false;
    pages->due = NULL;
    return true;
}

/* Reading. */

static bool failed(struct pages *pages, struct http_exchange *exchange, struct error *err)
{
    const char *sent = http_exchange_url(exchange), *table = pages->requests->table->table.name;

    return strncmp(err->sqlstate, "08", 2) != 0
           ? false : error_prefix(err, "Table %s (%.*s): ", table, (int)strcspn(sent, "?"), sent);
}

/* Whether the service has ignored the page's number, where that means that there is one page only. */
static bool is_end_by_repeating(const struct pages *pages, const struct run *run)
{
    const struct http_response *response = &pages->page.response;

    return pages->requests->route.endpoint->paging->repeats && run->previous && response->status == 200
           && response->body_length == run->previous_body_length && memcmp(response->body, run->previous_body, response->body_length) == 0;
}

static bool wait_for(struct pages *pages, struct asked_page *asked, struct error *err)
{
    const struct definition *definition = pages->service->definition;
    struct page *page = &pages->page;
    int64_t began = clock_milliseconds();

    *page = (struct page){.series = &asked->run->series, .number = asked->number};
    bool answered = flight_wait(&asked->sent, ask_meanwhile, pages, pages->requests->cancel, &page->response, err);
    pages->counts.milliseconds += clock_milliseconds() - began;
    pages->counts.bytes += answered ? (int64_t)page->response.body_length : 0;
    if (!answered)
        return failed(pages, asked->sent.exchange, err);
    page->missing = page->response.status == 404 && pages->requests->route.endpoint->missing
                    && !failure_in_header(definition, &page->response);
    if (page->response.status == 204 || is_end_by_repeating(pages, asked->run))
        page->missing = true;
    if (page->missing || (page->response.status == 200 && !failure_is_page(&page->response)))
        return true;
    return failure_of_table(definition, pages->requests->table, &page->response, err);
}

bool pages_next(struct pages *pages, const struct page **page, struct error *err)
{
    *page = NULL;
    if (pages->present) {
        struct asked_page *present = pages->present;
        pages->present = NULL;
        page_close(pages, present);
    }
    if (!ask_due(pages, err) || !top_up(pages, err))
        return false;
    struct asked_page *asked = pages->first;
    if (!asked)
        return true;
    pages->first = asked->next;
    pages->present = asked;
    bool answered = wait_for(pages, asked, err);
    pages->count--;
    if (!answered)
        return false;
    *page = &pages->page;
    return true;
}

/* The number of rows in all by the header field that tells it; -1 when it is no number. */
static int64_t header_total(const struct definition_paging *paging, const struct http_response *response)
{
    const char *field = http_response_header(response, paging->total_header);
    char *end = NULL;
    long long number = field && field[0] ? strtoll(field, &end, 10) : -1;
    return number >= 0 && *end == '\0' ? number : -1;
}

static uint64_t hash(const char *text)
{
    uint64_t result = 14695981039346656037u;

    for (; *text; text++)
        result = (result ^ (unsigned char)*text) * 1099511628211u;
    return result;
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

/* The page of that number, when it has been asked for already. */
static const struct asked_page *find_asked(const struct pages *pages, const struct run *run, int64_t number)
{
    for (const struct asked_page *page = pages->first; page; page = page->next)
        if (page->run == run && page->number == number)
            return page;
    return NULL;
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
        token = url_resolve(http_exchange_url(pages->present->sent.exchange), next, &url) ? strdup(buffer_text(&url)) : NULL;
        bool wrong = !token && !url.failed;
        buffer_clear(&url);
        if (wrong) {
            buffer_init(&url, LARGEST_URL);
            url_print_hidden(&url, next);
            error_set(err, "08S01", "Table %s: the service's link to the next page is no address: %.200s", table, buffer_text(&url));
            buffer_clear(&url);
            return false;
        }
    }
    if (!token)
        return error_memory(err);
    const struct asked_page *guessed = find_asked(pages, run, pages->present->number + 1);
    if (guessed && kind == PAGING_LINK && strcmp(http_exchange_url(guessed->sent.exchange), token) == 0) {
        free(token);
        return true;
    }
    if (guessed) { /* it is elsewhere */
        drop_rest(pages, run);
        run->next.page = pages->present->number + 1;
    }
    free(run->token);
    run->token = token;
    run->next.token = token;
    return true;
}

/* Whether the run goes on behind the page just read. */
static bool goes_on(const struct pages *pages, const struct run *run, const struct page_report *report)
{
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;

    if (pages->page.missing)
        return false;
    switch (paging->kind) {
    case PAGING_NUMBER: case PAGING_OFFSET:
        if (report->rows == 0 && (paging->end != END_MORE || paging->kind == PAGING_OFFSET))
            return false;
        if (paging->end == END_MORE)
            return report->more;
        if (run->total >= 0)
            return run->rows < run->total;
        return paging->end == END_EMPTY || report->rows >= run->size;
    case PAGING_LINK: case PAGING_NEXT: case PAGING_TOKEN:
        return report->next;
    default:
        return false;
    }
}

static bool is_repeated(const struct run *run, const struct page_report *report)
{
    return run->previous && report->row_length == run->previous_length && report->rows > 0
           && memcmp(report->row_bytes, run->previous_rows, report->row_length) == 0;
}

/* The service's pages are of another size than was asked for. What has been asked by row numbers ahead would leave some out. */
static void learn_size(struct pages *pages, struct run *run, int64_t rows)
{
    if (rows == run->size)
        return;
    run->size = rows;
    if (pages->requests->route.endpoint->paging->kind != PAGING_OFFSET)
        return;
    drop_rest(pages, run);
    run->next.page = pages->present->number + 1;
    run->next.offset = run->rows;
}

/* Keeps the page's rows until the run's next page has come, to see whether it is another one. */
static void keep_previous(struct pages *pages, struct run *run, const struct page_report *report)
{
    struct asked_page *present = pages->present;

    if (run->previous)
        http_finish(run->previous);
    flight_remove(pages->flight, &present->sent);
    run->previous = present->sent.exchange;
    run->previous_rows = report->row_bytes;
    run->previous_length = report->row_length;
    run->previous_body = pages->page.response.body;
    run->previous_body_length = pages->page.response.body_length;
    present->sent.exchange = NULL;
}

static void end_run(struct pages *pages, struct run *run)
{
    run->ended = true;
    if (pages->latest == run)
        pages->latest = NULL;
    drop_rest(pages, run);
}

/* The run goes on: its next page is asked for now, if there is room and it is not too early, else when somebody comes for it. */
static bool go_on(struct pages *pages, struct run *run, struct error *err)
{
    if (run->asked > 1)
        return true;
    pages->due = run;
    bool early = pages->read > 1 && pages->count < window(pages) && flight_has_room(pages->flight);
    return !early || ask_due(pages, err);
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
    run->rows += report.rows;
    run->read++;
    run->empty = report.rows ? 0 : run->empty + 1;
    if (report.total < 0 && paging->total_header)
        report.total = header_total(paging, &pages->page.response);
    if (report.total >= 0)
        run->total = report.total;
    if (paging->kind == PAGING_LINK && !pages->page.missing)
        report.next = link = link_next(&pages->page.response);
    bool done = true, more = goes_on(pages, run, &report);
    if (more && (is_repeated(run, &report) || run->empty > EMPTY_PAGES))
        done = error_set(err, "08S01", run->empty ? "Table %s: the service sends pages without rows again and again (page %lld)"
                                                  : "Table %s: the service sends the same page again and again (page %lld)",
                         pages->requests->table->table.name, (long long)(paging->first + present->number));
    done = done && (!more || !report.next || follow(pages, run, report.next, err));
    free(link);
    if (!done)
        return false;
    if (!more) {
        end_run(pages, run);
        return true;
    }
    if (report.rows)
        learn_size(pages, run, report.rows);
    keep_previous(pages, run, &report);
    return go_on(pages, run, err);
}

bool pages_total(struct pages *pages, pages_read_total *read, void *context, int64_t *total, struct error *err)
{
    const struct definition_paging *paging = pages->requests->route.endpoint->paging;
    int64_t page_size = pages->requests->page_size;
    const struct page *page;

    *total = -1;
    pages->requests->page_size = paging->size ? 1 : page_size;
    bool done = pages_next(pages, &page, err);
    if (done && page) {
        *total = page->missing ? 0 : paging->total_header ? header_total(paging, &page->response) : -1;
        done = *total >= 0 || read(context, &page->response, total, err);
    } else if (done) {
        *total = 0;
    }
    pages->requests->page_size = page_size;
    if (done && page) { /* the page itself was not wanted */
        end_run(pages, pages->present->run);
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
