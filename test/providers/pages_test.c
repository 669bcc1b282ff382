/* Proves providers/definition/pages.c and walk.c against a server that answers with bytes written down here: how each kind of paging goes on
 * and ends, what is asked for ahead, services that repeat themselves, and a parent's rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "decoding.h"
#include "providers/definition/service.h"
#include "table/service.h"
#include "test/http/wire.h"

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<paging name='short' parameter='page' size='n' largest='2'/>\n"
    "<paging name='more' parameter='page' first='0' more='/more'/>\n"
    "<paging name='empty' parameter='page' end='empty'/>\n"
    "<paging name='total' kind='offset' parameter='at' size='n' largest='2' total='/total'/>\n"
    "<paging name='header' parameter='page' end='empty' total-header='X-Total'/>\n"
    "<paging name='link' kind='link'/>\n<paging name='next' kind='next' next='/next /meta/next'/>\n"
    "<paging name='token' kind='token' parameter='t' next='/next'/>\n"
    "<table name='Short' path='/t' rows='/r/*' paging='short' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='More' path='/t' rows='/r/*' paging='more' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Empty' path='/t' rows='/r/*' paging='empty' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Total' path='/t' rows='/r/*' paging='total' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Header' path='/t' rows='/r/*' paging='header' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Link' path='/t' rows='/r/*' paging='link' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Next' path='/t' rows='/r/*' paging='next' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Token' path='/t' rows='/r/*' paging='token' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
    "<table name='Posted' path='/t' rows='/r/*' paging='next' method='POST' body='/' description=''><parameter name='a' value='b'/><column name='Id' type='bigint' at='id'/></table>\n"
    "<table name='Parents' path='/p' rows='/r/*' paging='link' description=''><column name='Id' type='bigint' at='id' key='yes'/><column name='Has' type='boolean' at='has'/></table>\n"
    "<table name='Children' path='/p/{Parent}/c' rows='/r/*' paging='no' parent='Parents' parent-if='Has' description=''><column name='Id' type='bigint' at='id'/>"
    "<column name='Parent' type='bigint' from='Parents.Id'/></table>\n"
    "</provider>\n";

struct bench {
    struct wire wire;
    struct properties properties;
    struct service *service;
    struct error err;
};

static void start(struct bench *bench, const struct wire_answer *answers, size_t count)
{
    wire_start(&bench->wire, answers, count);
    bench->err = (struct error){0};
    bench->service = decoding_open(text, &bench->properties, "URL=%s;RetryMax=0;MaxConcurrentRequests=4", bench->wire.url);
}

static void stop(struct bench *bench)
{
    bench->service->class->close(bench->service);
    properties_clear(&bench->properties);
    wire_stop(&bench->wire);
}

/* "1,2,3" and the error, if one came. */
static void read_table(struct bench *bench, const char *name, int64_t limit, struct buffer *out)
{
    const struct table *table = service_table(bench->service, name);
    bool wanted[4] = {true};
    struct scan_request request = {.table = table, .wanted = wanted, .limit = limit};
    struct scan *scan;
    struct batch batch = {0};

    buffer_reset(out);
    bench->err = (struct error){0};
    assert_true(scan_open(&request, &scan, &bench->err));
    bool going;
    while ((going = scan_next(table, scan, &batch, &bench->err)) && batch.row_count)
        for (size_t row = 0; row < batch.row_count; row++)
            buffer_printf(out, "%s%lld", out->length ? "," : "", (long long)batch.cells[0][row].integer);
    if (!going)
        buffer_printf(out, "!%s %s", bench->err.sqlstate, bench->err.message);
    scan_close(table, scan);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
#define PAGE(body) {.bytes = OK "\r\n" body, .close = true}
#define PAGE_WITH(head, body) {.bytes = OK head "\r\n" body, .close = true}
#define ROWS2(a, b) "{\"r\":[{\"id\":" #a "},{\"id\":" #b "}]}"

enum { MOST = 6 };

struct reading {
    const char *table;
    struct wire_answer answers[MOST];
    size_t count;
    const char *rows;
    const char *requests[MOST];      /* as far as they are told */
};

static void run_readings(const struct reading *readings, size_t count)
{
    struct buffer out;

    buffer_init(&out, 4096);
    for (size_t i = 0; i < count; i++) {
        const struct reading *reading = &readings[i];
        struct bench bench;
        int asked = 0;
        start(&bench, reading->answers, reading->count);
        read_table(&bench, reading->table, -1, &out);
        if (reading->rows[0] == '!' || strchr(reading->rows, '!')) {
            if (!strstr(buffer_text(&out), reading->rows))
                fail_msg("case %zu, %s: %s instead of %s", i, reading->table, buffer_text(&out), reading->rows);
        } else if (strcmp(buffer_text(&out), reading->rows) != 0) {
            fail_msg("case %zu, %s: %s instead of %s", i, reading->table, buffer_text(&out), reading->rows);
        }
        for (; asked < MOST && reading->requests[asked]; asked++) {
            char expected[200];
            snprintf(expected, sizeof expected, "%s HTTP/1.1\r\n", reading->requests[asked]);
            if (strncmp(bench.wire.seen->request[asked], expected, strlen(expected)) != 0)
                fail_msg("case %zu, %s, request %d: %.100s instead of %s", i, reading->table, asked, bench.wire.seen->request[asked], expected);
        }
        assert_int_equal(bench.wire.seen->requests, asked);
        stop(&bench);
    }
    buffer_clear(&out);
}

static void each_kind_goes_on_and_ends(void **state)
{
    static const struct reading readings[] = {
        {"Short", {PAGE(ROWS2(1, 2)), PAGE("{\"r\":[{\"id\":3}]}")}, 2, "1,2,3", {"GET /t?n=2&page=1", "GET /t?n=2&page=2"}},
        {"Short", {PAGE(ROWS2(1, 2)), PAGE("{\"r\":[]}")}, 2, "1,2", {"GET /t?n=2&page=1", "GET /t?n=2&page=2"}},
        {"Short", {PAGE("{\"r\":[{\"id\":1},null]}"), PAGE("{\"r\":[]}")}, 2, "1", {"GET /t?n=2&page=1", "GET /t?n=2&page=2"}}, /* a full page */
        {"More", {PAGE("{\"r\":[{\"id\":1}],\"more\":true}"), PAGE("{\"r\":[{\"id\":2}],\"more\":false}")}, 2, "1,2", {"GET /t?page=0", "GET /t?page=1"}},
        {"More", {PAGE("{\"r\":[],\"more\":true}"), PAGE("{\"r\":[{\"id\":3}],\"more\":false}")}, 2, "3", {"GET /t?page=0", "GET /t?page=1"}},
        {"Empty", {PAGE("{\"r\":[{\"id\":1}]}"), PAGE(ROWS2(2, 3)), PAGE("{\"r\":[]}")}, 3, "1,2,3", {"GET /t?page=1", "GET /t?page=2", "GET /t?page=3"}},
        {"Empty", {PAGE("{\"r\":[{\"id\":1}]}"), {.bytes = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", .close = true}}, 2, "1", {"GET /t?page=1", "GET /t?page=2"}},
        {"Header", {PAGE_WITH("X-Total: 2\r\n", "{\"r\":[{\"id\":1}]}"), PAGE_WITH("X-Total: 2\r\n", "{\"r\":[{\"id\":2}]}")}, 2, "1,2", {"GET /t?page=1", "GET /t?page=2"}},
        {"Header", {PAGE_WITH("X-Total: many\r\n", "{\"r\":[{\"id\":1}]}"), PAGE("{\"r\":[]}")}, 2, "1", {"GET /t?page=1", "GET /t?page=2"}},
        {"Total", {PAGE("{\"total\":3,\"r\":[{\"id\":1},{\"id\":2}]}"), PAGE("{\"total\":3,\"r\":[{\"id\":3}]}")}, 2, "1,2,3", {"GET /t?n=2&at=0", "GET /t?n=2&at=2"}},
        /* smaller pages than were asked for, and larger ones: the offsets follow */
        {"Total", {PAGE("{\"total\":3,\"r\":[{\"id\":1}]}"), PAGE("{\"total\":3,\"r\":[{\"id\":2}]}"), PAGE("{\"total\":3,\"r\":[{\"id\":3}]}")}, 3, "1,2,3",
         {"GET /t?n=2&at=0", "GET /t?n=2&at=1", "GET /t?n=2&at=2"}},
        {"Total", {PAGE("{\"total\":4,\"r\":[{\"id\":1},{\"id\":2},{\"id\":3}]}"), PAGE("{\"total\":4,\"r\":[{\"id\":4}]}")}, 2, "1,2,3,4", {"GET /t?n=2&at=0", "GET /t?n=2&at=3"}},
        {"Link", {PAGE_WITH("Link: <?page=9>; rel=last\r\nlink: <a>;rel=prev , <t?page=2>  ; foo ; rel = \"x NEXT\"\r\n", "{\"r\":[{\"id\":1}]}"), PAGE("{\"r\":[{\"id\":2}]}")}, 2, "1,2",
         {"GET /t", "GET /t?page=2"}},
        {"Link", {PAGE_WITH("Link: <//127.0.0.1:1/t>; rel=prev\r\n", "{\"r\":[{\"id\":1}]}")}, 1, "1", {"GET /t"}},
        {"Link", {PAGE_WITH("Link: </other/t?x=%20>; rel=next\r\n", "{\"r\":[]}"), PAGE("{\"r\":[{\"id\":2}]}")}, 2, "2", {"GET /t", "GET /other/t?x=%20"}},
        {"Next", {PAGE("{\"next\":\"t?c=1\",\"r\":[]}"), PAGE("{\"meta\":{\"next\":\"?c=2\"},\"r\":[{\"id\":1}]}"), PAGE("{\"next\":\"\",\"meta\":{\"next\":null},\"r\":[{\"id\":2}]}")}, 3, "1,2",
         {"GET /t", "GET /t?c=1", "GET /t?c=2"}},
        {"Token", {PAGE("{\"next\":\"a b&c\",\"r\":[{\"id\":1}]}"), PAGE("{\"next\":7,\"r\":[{\"id\":2}]}"), PAGE("{\"next\":false,\"r\":[{\"id\":3}]}")}, 3, "1,2,3",
         {"GET /t", "GET /t?t=a%20b%26c", "GET /t?t=7"}},
        {"Posted", {PAGE("{\"next\":\"/t?c=1\",\"r\":[{\"id\":1}]}"), PAGE("{\"r\":[{\"id\":2}]}")}, 2, "1,2", {"POST /t", "POST /t?c=1"}},
    };
    (void)state;
    run_readings(readings, sizeof readings / sizeof readings[0]);
}

static void services_that_repeat_themselves_end(void **state)
{
    static const struct reading readings[] = {
        {"Short", {PAGE(ROWS2(1, 2)), PAGE(ROWS2(1, 2))}, 2, "1,2!08S01 Table Short: the service sends the same page again and again (page 2)", {"GET /t?n=2&page=1", "GET /t?n=2&page=2"}},
        {"Token", {PAGE("{\"next\":\"x\",\"r\":[{\"id\":1}]}"), PAGE("{\"next\":\"x\",\"r\":[{\"id\":2}]}")}, 2, "!08S01 Table Token: the service's links to further pages lead in a circle (page 2)",
         {"GET /t", "GET /t?t=x"}},
        {"Next", {PAGE("{\"next\":\"/t?c=1\",\"r\":[{\"id\":1}]}"), PAGE("{\"next\":\"/t?c=2\",\"r\":[{\"id\":2}]}"), PAGE("{\"next\":\"/t?c=1\",\"r\":[{\"id\":3}]}")}, 3,
         "!08S01 Table Next: the service's links to further pages lead in a circle (page 3)", {"GET /t", "GET /t?c=1", "GET /t?c=2"}},
        {"Link", {PAGE_WITH("Link: <http://[::1>; rel=next\r\n", "{\"r\":[{\"id\":1}]}")}, 1, "!08S01 Table Link: the service's link to the next page is no address: http://[::1", {"GET /t"}},
    };
    (void)state;
    run_readings(readings, sizeof readings / sizeof readings[0]);
}

static int asked(const struct bench *bench)
{
    return atomic_load(&bench->wire.seen->requests);
}

/* The first pages are asked for when somebody comes for them, later ones ahead, and of many pages more than have told so. */
static void pages_are_asked_for_ahead_of_need(void **state)
{
    static struct wire_answer answers[20];
    static char bodies[20][300];
    struct bench bench;
    bool wanted[4] = {true};
    struct scan *scan;
    struct batch batch;
    (void)state;

    for (int i = 0; i < 20; i++) {
        snprintf(bodies[i], sizeof bodies[i], OK "\r\n{\"r\":[{\"id\":%d},{\"id\":%d}],\"total\":40}", 2 * i, 2 * i + 1);
        answers[i] = (struct wire_answer){.bytes = bodies[i], .close = true};
    }
    start(&bench, answers, 20);
    const struct table *table = service_table(bench.service, "Short");
    struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
    assert_true(scan_open(&request, &scan, &bench.err));
    assert_int_equal(asked(&bench), 0);
    for (int page = 1; page <= 12; page++) {
        assert_true(scan_next(table, scan, &batch, &bench.err));
        assert_int_equal(batch.cells[0][0].integer, 2 * page - 2);
        assert_true(page > 1 || asked(&bench) == 1);
        assert_true(asked(&bench) <= 2 * page && asked(&bench) <= page + 4 * 3); /* never further ahead than it has read */
    }
    scan_close(table, scan);
    stop(&bench);

    start(&bench, answers, 20); /* a LIMIT is never asked past */
    struct buffer out;
    buffer_init(&out, 4096);
    read_table(&bench, "Short", 7, &out);
    assert_string_equal(buffer_text(&out), "0,1,2,3,4,5,6");
    assert_int_equal(asked(&bench), 4);
    buffer_clear(&out);
    stop(&bench);
}

/* Counted without reading, where the service tells the number; else the pages are read after all. */
static void counts_by_the_total(void **state)
{
    static const struct { const char *table; struct wire_answer answers[3]; size_t count; int64_t rows; const char *first; } cases[] = {
        {"Total", {PAGE("{\"total\":1030,\"r\":[{\"id\":1}]}")}, 1, 1030, "GET /t?n=1&at=0"},
        {"Header", {PAGE_WITH("X-Total: 5\r\n", "{\"r\":[{\"id\":1}]}")}, 1, 5, "GET /t?page=1"},
        {"Header", {PAGE_WITH("X-Total: 0\r\n", "{\"r\":[]}")}, 1, 0, "GET /t?page=1"},
        {"Total", {PAGE("{\"r\":[{\"id\":1}]}"), PAGE(ROWS2(1, 2)), PAGE("{\"r\":[{\"id\":3}]}")}, 3, 3, "GET /t?n=1&at=0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        bool wanted[4] = {false};
        struct scan *scan;
        struct batch batch = {0};
        int64_t rows = 0;
        start(&bench, cases[i].answers, cases[i].count);
        const struct table *table = service_table(bench.service, cases[i].table);
        struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
        assert_true(scan_open(&request, &scan, &bench.err));
        do {
            if (!scan_next(table, scan, &batch, &bench.err))
                fail_msg("%s", bench.err.message);
            rows += (int64_t)batch.row_count;
        } while (batch.row_count);
        assert_int_equal(rows, cases[i].rows);
        assert_int_equal(asked(&bench), cases[i].count);
        assert_memory_equal(bench.wire.seen->request[0], cases[i].first, strlen(cases[i].first));
        scan_close(table, scan);
        stop(&bench);
    }
}

static void walks_through_the_parents_rows(void **state)
{
    static const struct reading readings[] = {
        {"Children", {PAGE_WITH("Link: </p?page=2>; rel=next\r\n", "{\"r\":[{\"id\":5,\"has\":true},{\"id\":6,\"has\":false},{\"id\":7}]}"), PAGE("{\"r\":[{\"id\":50},{\"id\":51}]}"),
                      PAGE("{\"r\":[{\"id\":8,\"has\":1}]}"), {.bytes = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", .close = true}}, 4, "50,51",
         {"GET /p", "GET /p/5/c", "GET /p?page=2", "GET /p/8/c"}},
        {"Children", {PAGE("{\"r\":[]}")}, 1, "", {"GET /p"}},
        {"Children", {PAGE("{\"r\":[{\"id\":5,\"has\":true}]}"), {.bytes = "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n", .close = true}}, 2, "!08S01 Table Children: ", {"GET /p", "GET /p/5/c"}},
        {"Children", {{.bytes = "HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n", .close = true}}, 1, "!08S01 Table Parents: ", {"GET /p"}},
    };
    (void)state;
    run_readings(readings, sizeof readings / sizeof readings[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_goes_on_and_ends),
        cmocka_unit_test(services_that_repeat_themselves_end),
        cmocka_unit_test(pages_are_asked_for_ahead_of_need),
        cmocka_unit_test(counts_by_the_total),
        cmocka_unit_test(walks_through_the_parents_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
