#include "providers/odata/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "providers/odata/failure.h"
#include "providers/odata/refusal.h"
#include "providers/odata/service.h"

enum { LARGEST_URL = 64 << 10, CLIENT_PAGE = 1000 /* rows, where the client makes the pages and nobody says how many */ };

/* The pages of one series: they differ only in which rows of it they have. */
struct run {
    struct odata_series series;
    bool counted;                    /* the client asks for its pages by number: there may be more of them */
    int64_t skip;                    /* of the next such page */
    int64_t rows;                    /* that have been read */
    unsigned holders;                /* pages under way or being read */
    uint64_t *seen;                  /* hashes of the addresses that have been followed */
    size_t seen_count;
};

struct asked {
    struct asked *next;
    struct run *run;
    struct http_exchange *exchange;
    bool own;                        /* asked for by an address of our own making */
    int64_t rows;                    /* of a page of the client's making, up to this part of it */
    struct value *echo;              /* of rows inside of a parent; else the series' */
    struct arena arena;
};

/* Goes through the rows of the parents. */
struct walk {
    struct scan *scan;
    const struct table *table;
    struct batch batch;
    size_t row;
    struct value *values;            /* of the present row, per column */
};

struct odata_pages {
    struct odata_requests *requests;
    struct http_lane *lane;
    struct asked *first;             /* in the order in which they are read */
    size_t count;
    struct asked *present;
    struct run *latest;              /* the run begun last, while the client may ask for more of its pages */
    bool no_more_runs;
    struct asked *follower;          /* the page that the present one leads to */
    struct walk walk;
    struct odata_page page;
    struct odata_refusal_attempts attempts;
    struct error first_error;        /* the service's first word, before anything was left out */
    int64_t read;                    /* pages */
    struct scan_counts counts;
    struct arena arena;
};

/* Walks. */

/* The conditions that narrow the parent, as it knows them. */
static bool open_walk(struct odata_pages *pages, struct error *err)
{
    const struct odata_requests *requests = pages->requests;
    const struct odata_table *table = requests->table, *parent = table->parent;
    const struct scan_request *request = &requests->request;
    struct filter *filters = arena_array(&pages->arena, request->filter_count + 1, sizeof *filters);
    bool *wanted = arena_array(&pages->arena, parent->table.column_count + 1, sizeof *wanted);
    size_t count = 0;

    pages->walk.values = arena_array(&pages->arena, parent->table.column_count + 1, sizeof *pages->walk.values);
    if (!filters || !wanted || !pages->walk.values)
        return error_memory(err);
    for (size_t i = 0; i < request->filter_count; i++) {
        if (requests->route.where[i] != WHERE_PARENT)
            continue;
        filters[count] = request->filters[i];
        filters[count++].column = table->columns[request->filters[i].column].parent;
    }
    for (size_t i = 0; i < table->parent_count; i++)
        if (table->table.columns[i].key || requests->needed[i])
            wanted[table->columns[i].parent] = true;
    const struct scan_request above = {.table = &parent->table, .wanted = wanted, .filters = filters, .filter_count = count, .limit = -1,
                                       .cancel = request->cancel, .warnings = request->warnings};
    pages->walk.table = &parent->table;
    return odata_scan_open_within(&above, pages->lane, &pages->walk.scan, err);
}

/* The next parent's columns; NULL at the end. */
static bool next_parent(struct odata_pages *pages, const struct value **parent, struct error *err)
{
    struct walk *walk = &pages->walk;

    *parent = NULL;
    if (!walk->scan && !open_walk(pages, err))
        return false;
    if (walk->row == walk->batch.row_count) {
        if (!odata_scan_next(walk->scan, &walk->batch, err))
            return false;
        walk->row = 0;
        if (!walk->batch.row_count)
            return true;
    }
    for (size_t i = 0; i < walk->table->column_count; i++)
        walk->values[i] = walk->batch.cells[i] ? walk->batch.cells[i][walk->row] : value_null();
    walk->row++;
    *parent = walk->values;
    return true;
}

static void add_counts(struct odata_pages *pages)
{
    struct scan_counts counts;

    if (!pages->walk.scan)
        return;
    odata_scan_count(pages->walk.scan, &counts);
    pages->counts.requests += counts.requests;
    pages->counts.bytes += counts.bytes;
    pages->counts.milliseconds += counts.milliseconds;
}

static void close_walk(struct odata_pages *pages)
{
    add_counts(pages);
    if (pages->walk.scan)
        odata_scan_close(pages->walk.scan);
    pages->walk = (struct walk){0};
}

/* Runs. */

bool odata_pages_open(struct odata_requests *requests, struct http_lane *lane, struct odata_pages **pages, struct error *err)
{
    struct odata_pages *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->requests = requests;
    made->lane = lane;
    made->no_more_runs = requests->none;
    *pages = made;
    return true;
}

static void release(struct odata_pages *pages, struct run *run)
{
    if (--run->holders > 0 || pages->latest == run)
        return;
    odata_series_close(&run->series);
    free(run->seen);
    free(run);
}

/* No page of it will be asked for by number any more. */
static void end_counting(struct odata_pages *pages, struct run *run)
{
    run->counted = false;
    if (pages->latest != run)
        return;
    pages->latest = NULL;
    run->holders++;
    release(pages, run);
}

static void close_asked(struct odata_pages *pages, struct asked *asked)
{
    if (asked->exchange)
        http_finish(asked->exchange);
    release(pages, asked->run);
    arena_clear(&asked->arena);
    free(asked);
}

static void close_all(struct odata_pages *pages)
{
    while (pages->first) {
        struct asked *asked = pages->first;
        pages->first = asked->next;
        close_asked(pages, asked);
    }
    if (pages->present)
        close_asked(pages, pages->present);
    pages->present = NULL;
    if (pages->latest)
        end_counting(pages, pages->latest);
    pages->count = 0;
    close_walk(pages);
}

void odata_pages_close(struct odata_pages *pages)
{
    if (!pages)
        return;
    close_all(pages);
    arena_clear(&pages->arena);
    free(pages);
}

/* Asking. */

static bool start(struct odata_pages *pages, struct asked *asked, const char *url, struct error *err)
{
    const struct odata_request request = {.method = "GET", .url = url, .accept = odata_requests_accept(pages->requests), .prefer = pages->requests->prefer,
                                          .once = pages->attempts.out != 0};

    if (!odata_send(pages->requests->service, pages->lane, &request, pages->requests->request.cancel, &asked->exchange, err))
        return false;
    pages->counts.requests++;
    return true;
}

/* The page goes in front of all others, or behind them. */
static void place(struct odata_pages *pages, struct asked *asked, bool in_front)
{
    struct asked **at = &pages->first;

    while (*at && !in_front)
        at = &(*at)->next;
    asked->next = *at;
    *at = asked;
    asked->run->holders++;
    pages->count++;
}

static int64_t client_page(const struct odata_pages *pages)
{
    const struct odata_requests *requests = pages->requests;
    bool pages_here = requests->service->options.client_paging && !requests->counts && requests->table->limits->skip && requests->table->limits->top
                      && odata_requests_kind(requests) != PAGE_ROW && !requests->groups;
    return !pages_here ? 0 : requests->service->options.page_size ? requests->service->options.page_size : CLIENT_PAGE;
}

static bool ask(struct odata_pages *pages, struct run *run, struct error *err)
{
    struct asked *asked = calloc(1, sizeof *asked);
    int64_t top = client_page(pages);
    struct buffer url;

    if (!asked)
        return error_memory(err);
    *asked = (struct asked){.run = run, .own = true};
    buffer_init(&url, LARGEST_URL);
    bool done = odata_requests_url(pages->requests, &run->series, run->skip, top, &url, err) && start(pages, asked, buffer_text(&url), err);
    buffer_clear(&url);
    if (!done) {
        free(asked);
        return false;
    }
    run->skip += top;
    place(pages, asked, false);
    return true;
}

static bool begin_run(struct odata_pages *pages, struct error *err)
{
    const struct value *parent = NULL;
    bool walks = pages->requests->route.way == WAY_WALK, more = false;
    struct run *run = calloc(1, sizeof *run);

    if (!run)
        return error_memory(err);
    if (pages->latest)
        end_counting(pages, pages->latest);
    bool done = !walks || next_parent(pages, &parent, err);
    if (done && walks && !parent)
        pages->no_more_runs = true;
    else
        done = done && odata_requests_next(pages->requests, parent, &run->series, &more, err);
    if (done && !more && !walks)
        pages->no_more_runs = true;
    run->counted = client_page(pages) > 0;
    if (!done || !more || !ask(pages, run, err)) {
        odata_series_close(&run->series);
        free(run);
        return done && !more;
    }
    if (run->counted)
        pages->latest = run;
    return true;
}

/* Whether one more page of the client's making may be asked for. */
static bool wants_more(const struct odata_pages *pages)
{
    const struct odata_requests *requests = pages->requests;
    const struct run *run = pages->latest;
    bool limited = requests->request.limit >= 0 && requests->all_sent && !requests->sorts;
    return run && run->counted && !(limited && run->skip >= requests->request.limit);
}

/* No more pages ahead than have been read: an application may want only the first. */
static size_t window(const struct odata_pages *pages)
{
    size_t most = (size_t)pages->requests->service->options.concurrent;
    size_t now = (size_t)pages->read + 1;
    return now < most ? now : most;
}

static bool top_up(struct odata_pages *pages, struct error *err)
{
    for (size_t most = window(pages); pages->count < most;) {
        if (wants_more(pages) && pages->latest->rows) {
            if (!ask(pages, pages->latest, err))
                return false;
        } else if (pages->no_more_runs || wants_more(pages)) {
            break;
        } else if (!begin_run(pages, err)) {
            return false;
        }
    }
    return true;
}

/* Answers. */

static bool failed(const struct odata_pages *pages, struct error *err)
{
    return strncmp(err->sqlstate, "08", 2) != 0 ? false : error_prefix(err, "Table %s: ", pages->requests->table->table.name);
}

static bool refuse_groups(struct odata_pages *pages, const struct http_response *response, struct error *err)
{
    bool counts = pages->requests->count_columns;

    atomic_fetch_or(&((struct odata_table *)pages->requests->table)->refused, counts ? REFUSED_COUNT : REFUSED_APPLY);
    return error_set(err, NOT_AGGREGATED, "The service refuses %s on %s (%d)", counts ? "/$count" : "$apply", pages->requests->table->table.name,
                     response->status);
}

/* Asks once more without something that the service may have refused. *again: there was something. */
static bool begin_anew(struct odata_pages *pages, const struct http_response *response, bool *again, struct error *err)
{
    struct odata_requests *requests = pages->requests;

    *again = false;
    if (!pages->first_error.sqlstate[0])
        odata_failure_set("Table", requests->table->table.name, response, &pages->first_error);
    if (!odata_refusal_try(&pages->attempts, requests, response)) {
        *err = pages->first_error;
        return false;
    }
    close_all(pages);
    struct error unfit = {0};
    if (!odata_requests_again(requests, &unfit)) { /* without it the table can not be read: the service's first word counts */
        odata_refusal_undo(&pages->attempts, requests);
        *err = strcmp(unfit.sqlstate, "HY001") == 0 ? unfit : pages->first_error;
        return false;
    }
    pages->no_more_runs = requests->none;
    *again = true;
    return true;
}

static bool wait_for(struct odata_pages *pages, struct asked *asked, bool *again, struct error *err)
{
    struct odata_requests *requests = pages->requests;
    struct odata_page *page = &pages->page;
    int64_t began = clock_milliseconds();

    *again = false;
    *page = (struct odata_page){.echo = asked->echo ? asked->echo : asked->run->series.echo, .first = asked->run->series.first, .end = asked->run->series.end,
                                .kind = asked->echo ? PAGE_ROWS : odata_requests_kind(requests),
                                .counts = requests->counts};
    bool answered = http_wait(asked->exchange, requests->request.cancel, &page->response, err);
    pages->counts.milliseconds += clock_milliseconds() - began;
    pages->counts.bytes += answered ? (int64_t)page->response.body_length : 0;
    if (!answered)
        return failed(pages, err);
    bool entity = requests->route.way == WAY_KEY || requests->route.way == WAY_DIRECT || requests->route.way == WAY_WALK;
    page->missing = page->response.status == 204 || (page->response.status == 404 && entity && !requests->counts);
    if (page->missing || page->response.status == 200)
        return true;
    bool refused = asked->own && pages->read == 0 && odata_is_refusal(requests, &page->response);
    if (refused && (requests->groups || requests->count_columns))
        return refuse_groups(pages, &page->response, err);
    if (refused)
        return begin_anew(pages, &page->response, again, err);
    if (pages->attempts.out) {
        odata_refusal_undo(&pages->attempts, requests);
        *err = pages->first_error;
        return false;
    }
    return odata_failure_set("Table", requests->table->table.name, &page->response, err);
}

/* What was left out was it. */
static void note_refusal(struct odata_pages *pages)
{
    char names[200];

    if (!pages->attempts.out || pages->read)
        return;
    log_write(pages->requests->service->log, LOG_REQUEST, "provider", "%s: the service refuses %s; it is not asked for that again on this connection",
              pages->requests->table->table.name, odata_refusal_names(pages->attempts.out, names));
    pages->attempts.out = 0;
}

bool odata_pages_next(struct odata_pages *pages, const struct odata_page **page, struct error *err)
{
    bool again;

    *page = NULL;
    do {
        if (pages->present) {
            struct asked *present = pages->present;
            pages->present = NULL;
            close_asked(pages, present);
        }
        if (!top_up(pages, err))
            return false;
        struct asked *asked = pages->first;
        if (!asked)
            return true;
        pages->first = asked->next;
        pages->count--;
        pages->present = asked;
        pages->follower = NULL;
        if (!wait_for(pages, asked, &again, err))
            return false;
    } while (again);
    note_refusal(pages);
    pages->read++;
    *page = &pages->page;
    return true;
}

static uint64_t hash(const char *text)
{
    uint64_t result = 14695981039346656037u;

    for (; *text; text++)
        result = (result ^ (unsigned char)*text) * 1099511628211u;
    return result;
}

static bool note_address(struct odata_pages *pages, struct run *run, const char *address, struct error *err)
{
    uint64_t mark = hash(address);

    for (size_t i = 0; i < run->seen_count; i++)
        if (run->seen[i] == mark)
            return error_set(err, "08S01", "Table %s: the service's links to further pages lead in a circle (page %lld)", pages->requests->table->table.name,
                             (long long)pages->read);
    uint64_t *seen = realloc(run->seen, (run->seen_count + 1) * sizeof *seen);
    if (!seen)
        return error_memory(err);
    run->seen = seen;
    run->seen[run->seen_count++] = mark;
    return true;
}

static bool copy_value(struct arena *arena, struct value *value)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    value->text = arena_copy(arena, value->text, value->length);
    return value->text;
}

/* Asks for the page at an address that the service has told. */
static bool ask_link(struct odata_pages *pages, const char *address, const struct value *echo, struct error *err)
{
    struct asked *present = pages->present, *asked = calloc(1, sizeof *asked);
    size_t columns = pages->requests->table->table.column_count;

    if (!asked)
        return error_memory(err);
    *asked = (struct asked){.run = present->run};
    bool done = note_address(pages, present->run, address, err);
    if (done && echo) {
        asked->echo = arena_array(&asked->arena, columns + 1, sizeof *asked->echo);
        done = asked->echo || error_memory(err);
        for (size_t i = 0; done && i < columns; i++) {
            asked->echo[i] = echo[i];
            done = copy_value(&asked->arena, &asked->echo[i]) || error_memory(err);
        }
    }
    if (!done || !start(pages, asked, address, err)) {
        arena_clear(&asked->arena);
        free(asked);
        return done ? failed(pages, err) : false;
    }
    place(pages, asked, true);
    return true;
}

bool odata_pages_follow(struct odata_pages *pages, const char *next, struct error *err)
{
    if (!next)
        return true;
    if (!ask_link(pages, next, pages->present->echo, err))
        return false;
    pages->follower = pages->first;
    return true;
}

bool odata_pages_add(struct odata_pages *pages, const char *address, const struct value *echo, struct error *err)
{
    return ask_link(pages, address, echo, err);
}

/* Pages that were asked for in vain. */
static void drop_counted(struct odata_pages *pages, struct run *run)
{
    for (struct asked **at = &pages->first; *at;) {
        struct asked *asked = *at;
        if (asked->run != run || !asked->own) {
            at = &asked->next;
            continue;
        }
        *at = asked->next;
        pages->count--;
        close_asked(pages, asked);
    }
}

void odata_pages_ended(struct odata_pages *pages, int64_t rows)
{
    struct asked *present = pages->present;
    struct run *run = present->run;

    present->rows += rows;
    if (!run->counted || present->echo)
        return;
    run->rows += rows;
    if (pages->follower) { /* the service makes smaller pages of its own: what follows belongs to this one */
        pages->follower->rows = present->rows;
        return;
    }
    if (present->rows >= client_page(pages))
        return;
    /* The last page; or the service sends fewer rows than it was asked for, and has more behind those. */
    drop_counted(pages, run);
    run->skip = run->rows;
    if (present->rows == 0)
        end_counting(pages, run);
}

void odata_pages_count(const struct odata_pages *pages, struct scan_counts *counts)
{
    *counts = pages->counts;
    if (pages->walk.scan) {
        struct scan_counts above;
        odata_scan_count(pages->walk.scan, &above);
        counts->requests += above.requests;
        counts->bytes += above.bytes;
        counts->milliseconds += above.milliseconds;
    }
}
