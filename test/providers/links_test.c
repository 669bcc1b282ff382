/* Proves pages that links lead to and that are asked for ahead of the links, against a server that answers with bytes written down here:
 * what is guessed must be what the service says, else it counts for nothing; and services that do not page where they are thought to. */
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
#include "providers/definition/link.h"
#include "providers/definition/service.h"
#include "table/service.h"
#include "test/http/wire.h"

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<paging name='links' kind='link' total-header='X-Total' ahead='page' sizes='1 2'/>\n"
    "<paging name='numbers' parameter='page' largest='2' repeats='end'/>\n"
    "<table name='Linked' path='/t' rows='/*' paging='links' description=''><column name='Id' type='bigint' at='id'/></table>\n"
    "<table name='Numbered' path='/t' rows='/*' paging='numbers' description=''><column name='Id' type='bigint' at='id'/></table>\n"
    "</provider>\n";

enum { MOST = 8 };

struct reading {
    const char *table;
    int64_t limit;
    struct { const char *target, *link; int total; const char *body; } answers[MOST]; /* target, link: "page=2"; total: 0 = not told */
    const char *rows;                    /* each of the answers is asked for once */
};

static void start(struct service **service, struct properties *properties, const char *url)
{
    *service = decoding_open(text, properties, "URL=%s;RetryMax=0;MaxConcurrentRequests=3", url);
}

static void read_rows(struct service *service, const struct reading *reading, struct buffer *out)
{
    const struct table *table = service_table(service, reading->table);
    bool wanted[1] = {true};
    struct scan_request request = {.table = table, .wanted = wanted, .limit = reading->limit};
    struct batch batch = {0};
    struct error err = {0};
    struct scan *scan;

    assert_true(scan_open(&request, &scan, &err));
    while (scan_next(table, scan, &batch, &err) && batch.row_count)
        for (size_t row = 0; row < batch.row_count; row++)
            buffer_printf(out, "%s%lld", out->length ? "," : "", (long long)batch.cells[0][row].integer);
    buffer_append_text(out, err.message);
    scan_close(table, scan);
}

static size_t write_answers(const struct reading *reading, char targets[MOST][40], char bytes[MOST][400], struct wire_answer *answers)
{
    size_t count = 0;

    for (; count < MOST && reading->answers[count].body; count++) {
        char link[100] = "", total[40] = "";
        if (reading->answers[count].link)
            snprintf(link, sizeof link, "Link: </t?%s>; rel=\"next\"\r\n", reading->answers[count].link);
        if (reading->answers[count].total)
            snprintf(total, sizeof total, "X-Total: %d\r\n", reading->answers[count].total);
        snprintf(bytes[count], 400, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%s%sContent-Length: %zu\r\n\r\n%s", link, total,
                 strlen(reading->answers[count].body), reading->answers[count].body);
        snprintf(targets[count], 40, "/t%s%s", reading->answers[count].target ? "?" : "", reading->answers[count].target ? reading->answers[count].target : "");
        answers[count].target = targets[count];
        answers[count].bytes = bytes[count];
    }
    return count;
}

static int count_requests(const struct wire *wire, const char *target)
{
    char line[60];
    int count = 0;

    snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", target);
    for (int i = 0; i < wire->seen->requests; i++)
        count += strncmp(wire->seen->request[i], line, strlen(line)) == 0;
    return count;
}

static void run(const struct reading *readings, size_t count)
{
    struct buffer out;

    buffer_init(&out, 4096);
    for (size_t i = 0; i < count; i++) {
        struct wire_answer answers[MOST] = {{0}};
        char targets[MOST][40], bytes[MOST][400];
        size_t answer_count = write_answers(&readings[i], targets, bytes, answers);
        struct properties properties;
        struct service *service;
        struct wire wire;
        wire_start(&wire, answers, answer_count);
        start(&service, &properties, wire.url);
        buffer_reset(&out);
        read_rows(service, &readings[i], &out);
        if (strcmp(buffer_text(&out), readings[i].rows) != 0)
            fail_msg("case %zu: %s instead of %s", i, buffer_text(&out), readings[i].rows);
        for (size_t j = 0; j < answer_count; j++)
            if (count_requests(&wire, targets[j]) != 1)
                fail_msg("case %zu: %s was asked for %d times", i, targets[j], count_requests(&wire, targets[j]));
        assert_int_equal(wire.seen->requests, answer_count);
        service->class->close(service);
        properties_clear(&properties);
        wire_stop(&wire);
    }
    buffer_clear(&out);
}

#define ROWS1(a) "[{\"id\":" #a "}]"
#define ROWS2(a, b) "[{\"id\":" #a "},{\"id\":" #b "}]"

static void links_are_counted_up(void **state)
{
    static const struct reading readings[] = {
        {"Linked", -1, {{NULL, "page=2", 7, ROWS1(1)}, {"page=2", "page=3", 7, ROWS2(2, 3)}, {"page=3", "page=4", 7, ROWS2(4, 5)}, {"page=4", NULL, 7, ROWS2(6, 7)}},
         "1,2,3,4,5,6,7"},
        /* other words than those that were guessed: what was asked for in vain is not read */
        {"Linked", -1, {{NULL, "page=2", 7, ROWS1(1)}, {"page=2", "page=3", 7, ROWS2(2, 3)}, {"page=3", "page=9", 7, ROWS2(4, 5)}, {"page=4", NULL, 7, ROWS2(98, 99)},
                        {"page=9", NULL, 7, ROWS2(6, 7)}}, "1,2,3,4,5,6,7"},
        {"Linked", -1, {{NULL, "page=2", 7, ROWS1(1)}, {"page=2", "page=3", 7, ROWS2(2, 3)}, {"page=3", NULL, 7, ROWS2(4, 5)}, {"page=4", NULL, 7, ROWS2(98, 99)}}, "1,2,3,4,5"},
        /* nothing to count, no number of rows, pages of other sizes: nothing is guessed */
        {"Linked", -1, {{NULL, "c=a", 7, ROWS1(1)}, {"c=a", "c=b", 7, ROWS2(2, 3)}, {"c=b", "c=c", 7, ROWS2(4, 5)}, {"c=c", NULL, 7, ROWS2(6, 7)}}, "1,2,3,4,5,6,7"},
        {"Linked", -1, {{NULL, "page=2", 0, ROWS1(1)}, {"page=2", "page=3", 0, ROWS2(2, 3)}, {"page=3", "page=9", 0, ROWS2(4, 5)}, {"page=9", NULL, 0, ROWS2(6, 7)}}, "1,2,3,4,5,6,7"},
        {"Linked", -1, {{NULL, "page=2", 7, ROWS1(1)}, {"page=2", "page=3", 7, ROWS1(2)}, {"page=3", "page=9", 7, ROWS2(4, 5)}, {"page=9", NULL, 7, ROWS2(6, 7)}}, "1,2,4,5,6,7"},
        /* all rows are there: no page is asked for that nobody tells of */
        {"Linked", -1, {{NULL, "page=2", 5, ROWS1(1)}, {"page=2", "page=3", 5, ROWS2(2, 3)}, {"page=3", NULL, 5, ROWS2(4, 5)}}, "1,2,3,4,5"},
        {"Linked", 3, {{NULL, "page=2", 9, ROWS1(1)}, {"page=2", "page=3", 9, ROWS2(2, 3)}}, "1,2,3"},
    };
    (void)state;
    run(readings, sizeof readings / sizeof readings[0]);
}

static void who_ignores_the_number_has_one_page(void **state)
{
    static const struct reading readings[] = {
        {"Numbered", -1, {{"page=1", NULL, 0, "[{\"id\":1},{\"id\":2},{\"id\":3}]"}, {"page=2", NULL, 0, "[{\"id\":1},{\"id\":2},{\"id\":3}]"}}, "1,2,3"},
        {"Numbered", -1, {{"page=1", NULL, 0, ROWS2(1, 2)}, {"page=2", NULL, 0, ROWS2(1, 3)}, {"page=3", NULL, 0, ROWS2(1, 3)}}, "1,2,1,3"},
        {"Numbered", -1, {{"page=1", NULL, 0, ROWS1(1)}}, "1"},
    };
    (void)state;
    run(readings, sizeof readings / sizeof readings[0]);
}

static void addresses_are_counted_up(void **state)
{
    static const struct { const char *address, *parameter, *expected; } cases[] = {
        {"http://h/a?page=2", "page", "http://h/a?page=3"}, {"http://h/a?x=page=7&page=99&y=1", "page", "http://h/a?x=page=7&page=100&y=1"},
        {"http://h/a?page=9#page=1", "page", "http://h/a?page=10#page=1"}, {"http://h/page=2", "page", NULL}, {"http://h/?pages=2", "page", NULL},
        {"http://h/?page=", "page", NULL}, {"http://h/?page=2x", "page", NULL}, {"http://h/?page=1234567890", "page", NULL}, {"http://h/", "page", NULL},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 200);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_reset(&out);
        assert_int_equal(link_count_up(cases[i].address, cases[i].parameter, &out), cases[i].expected != NULL);
        assert_string_equal(buffer_text(&out), cases[i].expected ? cases[i].expected : "");
    }
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_counted_up),
        cmocka_unit_test(who_ignores_the_number_has_one_page),
        cmocka_unit_test(addresses_are_counted_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
