/* Proves providers/definition/request.c, series.c, address.c, keep.c and send.c on a definition that says what TSheets does not: what the
 * parent's rows and long lists become, bodies, forms of values, rows that are left out here. */
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
#include "decoding.h"
#include "providers/definition/keep.h"
#include "providers/definition/request.h"
#include "providers/definition/variables.h"

static struct definition *definition;

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://h' prefix='/{Area}'>\n"
    "<variable name='Area' standard='a b'/><variable name='Mine' standard='7'/>\n"
    "<paging name='offsets' kind='offset' parameter='skip' size='take' largest='50'/><paging name='cursor' kind='token' parameter='cursor' next='/next'/>\n"
    "<table name='Parents' path='/parents' rows='/*' description=''><column name='Id' type='bigint' at='id' key='yes'/><column name='Code' type='string' at='code'/></table>\n"
    "<table name='Children' path='/parents/{Code}/children' rows='/*' paging='no' parent='Parents' description=''><column name='Id' type='bigint' at='id'/>"
    "<column name='Code' type='string' from='Parents.Code'/></table>\n"
    "<table name='Grouped' path='/grouped' rows='/*' paging='no' needs='parents' parent='Parents' also='none' description=''><column name='Id' type='bigint' at='id'/>"
    "<column name='Parent' type='bigint' at='p' from='Parents.Id'><filter op='= in' parameter='parents' prefix='n' separator='[]' most='3'/></column></table>\n"
    "<table name='Long' path='/long' rows='/*' paging='no' needs='codes' parent='Parents' description=''>"
    "<column name='Code' type='string' at='p' from='Parents.Code'><filter op='= in' parameter='codes' separator=','/></column></table>\n"
    "<table name='Forms' path='/forms' rows='/*' paging='offsets' description=''><parameter name='mine' value='{Mine}'/><column name='Id' type='bigint' at='id'/>"
    "<column name='Iso' type='timestamp' at='a'><filter op='=' parameter='iso' prefix='at:'/></column>"
    "<column name='Seconds' type='timestamp' at='b'><filter op='>' parameter='seconds' form='seconds' shift='-10'/></column>"
    "<column name='Zulu' type='timestamp' at='c'><filter op='&lt;' parameter='zulu' form='zulu' shift='10'/></column>"
    "<column name='Compact' type='timestamp' at='d'><filter op='=' parameter='compact' form='compact-offset'/></column>"
    "<column name='Day' type='timestamp' at='e'><filter op='=' parameter='day' form='day'/></column>"
    "<column name='Kind' type='string' at='f'><filter op='= in' parameter='kind' prefix='k.' map='big=1 small=2' separator='|'/></column>"
    "<column name='Name' type='string' at='g'><filter op='like' parameter='name' prefix='~' wildcard='%25'/></column>"
    "<column name='Sum' type='decimal(12,4)' at='j'><filter op='= in' parameter='sum' separator=','/></column>"
    "<column name='Any' type='string' at='h'><filter op='like' parameter='any' anywhere='yes' wildcard=''/></column>"
    "<column name='Gone' type='date' at='i'><filter op='null' parameter='gone' prefix='no'/><filter op='not-null' parameter='gone' prefix='yes'/></column></table>\n"
    "<table name='Along' path='/along' rows='/*' paging='no' description=''><parameter name='period' value='all'/><column name='Id' type='bigint' at='id'/>"
    "<column name='Day' type='date' at='d'><filter op='= &gt; &gt;=' parameter='from' with='period=custom to=2099-12-31'/>"
    "<filter op='= &lt; &lt;=' parameter='to' with='period=custom mine={Mine}'/></column></table>\n"
    "<table name='Posted' path='/posted' method='POST' body='/q/0' rows='/*' paging='cursor' description=''><parameter name='unit' value='{Mine}'/>"
    "<column name='Id' type='bigint' at='id'><filter op='= in' parameter='ids' separator='[]'/></column></table>\n"
    "<table name='Cells' path='/cells/{Board}' rows='/*' paging='no' description=''><column name='Id' type='bigint' at='id'/><column name='Board' type='string'/></table>\n"
    "<table name='Kept' path='/kept' rows='/*' description=''><endpoint name='one' path='/kept/{Id}' rows='/'/><column name='Id' type='bigint' at='id'/>"
    "<column name='Area' type='bigint' at='area' standard='{Mine}'/><column name='Size' type='bigint' at='size'/></table>\n"
    "</provider>\n";

static int open_definition(void **state)
{
    (void)state;
    definition = decoding_define(text);
    return 0;
}

static int close_definition(void **state)
{
    (void)state;
    definition_close(definition);
    return 0;
}

#define TEXT(literal) {.text = (literal), .length = sizeof (literal) - 1, .storage = STORAGE_TEXT}
#define WHOLE(number) {.integer = (number), .storage = STORAGE_INTEGER}
#define NOTHING {.storage = STORAGE_NULL}

struct asked {
    const char *column;
    enum filter_op op;
    struct value values[4];
    size_t count;
};

struct bench {
    struct variables variables;
    struct requests requests;
    struct buffer url, body;
    struct error err;
};

static bool start(struct bench *bench, const char *table, const struct asked *asked, size_t count, bool all)
{
    struct filter filters[4];
    bool wanted[16] = {true};
    struct scan_request request = {.table = &definition_table(definition, table)->table, .wanted = wanted, .filters = filters, .filter_count = count, .limit = -1};
    struct request_context context = {.definition = definition, .variables = &bench->variables};

    static const char *values[2];
    values[0] = values[1] = NULL;
    *bench = (struct bench){.variables = {.definition = definition, .values = values}};
    buffer_init(&bench->url, 1 << 16);
    buffer_init(&bench->body, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        filters[i] = (struct filter){.column = table_column(request.table, asked[i].column), .op = asked[i].op, .values = asked[i].values, .value_count = asked[i].count};
        request.named |= table_naming(request.table, (size_t)filters[i].column);
    }
    return requests_open(&bench->requests, &context, &request, all, &bench->err);
}

static void stop(struct bench *bench)
{
    requests_close(&bench->requests);
    variables_close(&bench->variables);
    buffer_clear(&bench->url);
    buffer_clear(&bench->body);
}

static const char *url_of(struct bench *bench, const struct series *series, const char *token)
{
    struct page_place place = {.page = 2, .offset = 100, .token = token};

    buffer_reset(&bench->url);
    buffer_reset(&bench->body);
    if (!requests_url(&bench->requests, series, &place, &bench->url, &bench->body, &bench->err))
        fail_msg("%s", bench->err.message);
    return buffer_text(&bench->url);
}

static void values_have_their_forms(void **state)
{
    static const struct { struct asked asked[2]; size_t count; const char *expected; } cases[] = {
        {{{"Iso", FILTER_EQUAL, {TEXT("2024-02-29 10:20:30.5")}, 1}}, 1, "&iso=at%3A2024-02-29T10%3A20%3A30.5%2B00%3A00"},
        {{{"Seconds", FILTER_GREATER, {TEXT("1970-01-02 00:00:05")}, 1}}, 1, "&seconds=86395"},
        {{{"Zulu", FILTER_LESS, {TEXT("2024-02-28 23:59:55")}, 1}}, 1, "&zulu=2024-02-29T00%3A00%3A05Z"},
        {{{"Compact", FILTER_EQUAL, {TEXT("2024-02-29 10:20:30")}, 1}}, 1, "&compact=2024-02-29T10%3A20%3A30%2B0000"},
        {{{"Day", FILTER_EQUAL, {TEXT("2024-02-29 10:20:30")}, 1}}, 1, "&day=2024-02-29"},
        {{{"Kind", FILTER_IN, {TEXT("small"), TEXT("big")}, 2}}, 1, "&kind=k.1%7Ck.2"},
        {{{"Kind", FILTER_EQUAL, {TEXT("huge")}, 1}}, 1, ""},
        {{{"Name", FILTER_LIKE, {TEXT("Ab%")}, 1}}, 1, "&name=~Ab%2525"},
        {{{"Name", FILTER_LIKE, {TEXT("%b")}, 1}}, 1, ""},
        {{{"Sum", FILTER_EQUAL, {TEXT("1200.5000")}, 1}}, 1, "&sum=1200.5"},
        {{{"Sum", FILTER_IN, {TEXT("100"), TEXT("0.0000"), TEXT("-7.0010")}, 3}}, 1, "&sum=-7.001%2C0%2C100"},
        {{{"Any", FILTER_LIKE, {TEXT("a_long%x")}, 1}}, 1, "&any=long"},
        {{{"Any", FILTER_LIKE, {TEXT("%_")}, 1}}, 1, ""},
        {{{"Gone", FILTER_IS_NULL, {NOTHING}, 0}}, 1, "&gone=no"},
        {{{"Gone", FILTER_IS_NOT_NULL, {NOTHING}, 0}}, 1, "&gone=yes"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct series series;
        char expected[200];
        if (!start(&bench, "Forms", cases[i].asked, cases[i].count, false))
            fail_msg("%s", bench.err.message);
        assert_true(requests_series(&bench.requests, &series, &bench.err));
        snprintf(expected, sizeof expected, "https://h/a b/forms?mine=7%s&take=50&skip=100", cases[i].expected);
        assert_string_equal(url_of(&bench, &series, NULL), expected);
        series_close(&series);
        stop(&bench);
    }
}

/* What goes along with a filter takes the table's place, and gives way to another condition. */
static void settings_go_along_with_filters(void **state)
{
    static const struct { struct asked asked[2]; size_t count; const char *expected; } cases[] = {
        {{{"Day", FILTER_GREATER_EQUAL, {TEXT("2024-02-01")}, 1}}, 1, "from=2024-02-01&period=custom&to=2099-12-31"},
        {{{"Day", FILTER_LESS, {TEXT("2024-03-01")}, 1}}, 1, "period=custom&to=2024-03-01&mine=7"},
        {{{"Day", FILTER_EQUAL, {TEXT("2024-02-29")}, 1}}, 1, "from=2024-02-29&to=2024-02-29&period=custom&mine=7"},
        {{{NULL, 0, {NOTHING}, 0}}, 0, "period=all"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct series series;
        if (!start(&bench, "Along", cases[i].asked, cases[i].count, false))
            fail_msg("%s", bench.err.message);
        assert_true(requests_series(&bench.requests, &series, &bench.err));
        const char *query = strchr(url_of(&bench, &series, NULL), '?') + 1;
        for (const char *at = cases[i].expected; *at; at += strcspn(at, "&") + (at[strcspn(at, "&")] == '&')) {
            char one[60];
            snprintf(one, sizeof one, "%.*s", (int)strcspn(at, "&"), at);
            if (!strstr(query, one) || strlen(query) != strlen(cases[i].expected))
                fail_msg("case %zu: %s instead of %s", i, query, cases[i].expected);
        }
        series_close(&series);
        stop(&bench);
    }
}

static void the_parents_rows_fill_addresses(void **state)
{
    static const struct { struct value value; const char *expected; } cases[] = {
        {TEXT("x/y ü"), "https://h/a b/parents/x%2Fy%20%C3%BC/children"}, {TEXT("?a=b#c"), "https://h/a b/parents/%3Fa%3Db%23c/children"},
        {TEXT(".."), NULL}, {TEXT("."), NULL}, {TEXT("..."), "https://h/a b/parents/.../children"}, {TEXT(""), NULL}, {NOTHING, NULL},
    };
    const struct table *table = &definition_table(definition, "Children")->table;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct value *values[8] = {0};
        struct bench bench;
        struct series series;
        bool empty;
        assert_true(start(&bench, "Children", NULL, 0, false));
        assert_true(bench.requests.route.walks);
        assert_int_equal(requests_feed_most(&bench.requests), 1); /* its cells repeat the one parent's code */
        assert_true(requests_series(&bench.requests, &series, &bench.err));
        values[table_column(table, "Code")] = &cases[i].value;
        assert_true(requests_feed(&bench.requests, &series, values, 1, false, &empty, &bench.err));
        assert_int_equal(empty, cases[i].expected == NULL);
        if (!empty) {
            assert_string_equal(url_of(&bench, &series, NULL), cases[i].expected);
            const struct value *echo = &series.echo[table_column(table, "Code")];
            assert_true(echo->storage == STORAGE_TEXT && strcmp(echo->text, cases[i].value.text) == 0 && echo->text != cases[i].value.text);
        }
        series_close(&series);
        stop(&bench);
    }
}

static void several_parents_share_a_request(void **state)
{
    const struct value ids[] = {WHOLE(5), NOTHING, WHOLE(7)};
    const struct value *values[8] = {0};
    struct bench bench;
    struct series series;
    bool empty;
    (void)state;

    assert_true(start(&bench, "Grouped", NULL, 0, false));
    assert_int_equal(requests_feed_most(&bench.requests), 2); /* with the one more value */
    values[table_column(&definition_table(definition, "Grouped")->table, "Parent")] = ids;
    assert_true(requests_series(&bench.requests, &series, &bench.err));
    assert_true(requests_feed(&bench.requests, &series, values, 3, true, &empty, &bench.err) && !empty);
    assert_string_equal(url_of(&bench, &series, NULL), "https://h/a b/grouped?parents=n5&parents=n7&parents=none");
    series_close(&series);
    assert_true(requests_series(&bench.requests, &series, &bench.err));
    assert_true(requests_feed(&bench.requests, &series, values, 1, false, &empty, &bench.err) && !empty);
    assert_string_equal(url_of(&bench, &series, NULL), "https://h/a b/grouped?parents=n5");
    series_close(&series);
    assert_true(requests_series(&bench.requests, &series, &bench.err));
    assert_true(requests_feed(&bench.requests, &series, values, 0, true, &empty, &bench.err) && !empty); /* there are no parents */
    assert_string_equal(url_of(&bench, &series, NULL), "https://h/a b/grouped?parents=none");
    series_close(&series);
    stop(&bench);
    assert_true(start(&bench, "Long", NULL, 0, false));
    assert_true(requests_feed_most(&bench.requests) > 1000 && requests_list_bytes(&bench.requests) < 8000);
    stop(&bench);
}

static void bodies_hold_what_urls_would(void **state)
{
    static const struct asked asked[] = {{"Id", FILTER_IN, {WHOLE(3), WHOLE(1), WHOLE(2)}, 3}};
    struct bench bench;
    struct series series;
    (void)state;

    assert_true(start(&bench, "Posted", asked, 1, false));
    assert_true(requests_series(&bench.requests, &series, &bench.err));
    assert_string_equal(url_of(&bench, &series, NULL), "https://h/a b/posted");
    assert_string_equal(buffer_text(&bench.body), "{\"q\":[{\"unit\":\"7\",\"ids\":[\"1\",\"2\",\"3\"]}]}");
    url_of(&bench, &series, "tok\"en");
    assert_string_equal(buffer_text(&bench.body), "{\"q\":[{\"unit\":\"7\",\"ids\":[\"1\",\"2\",\"3\"],\"cursor\":\"tok\\\"en\"}]}");
    assert_true(requests_list_bytes(&bench.requests) == SIZE_MAX);
    series_close(&series);
    stop(&bench);
}

/* A cell that stands in no page repeats what was asked for: one value at a time, whatever the list. */
static void lists_are_split_where_cells_repeat_them(void **state)
{
    static const struct asked asked[] = {{"Board", FILTER_IN, {TEXT("b"), TEXT(".."), TEXT("a"), TEXT("b")}, 4}};
    static const char *const expected[] = {"https://h/a b/cells/a", "https://h/a b/cells/b"};
    struct bench bench;
    bool more = true;
    size_t count = 0;
    (void)state;

    assert_true(start(&bench, "Cells", asked, 1, false));
    for (; more; count++) {
        struct series series;
        assert_true(count < 2 && requests_series(&bench.requests, &series, &bench.err));
        assert_string_equal(url_of(&bench, &series, NULL), expected[count]);
        const struct value *echo = &series.echo[table_column(&definition_table(definition, "Cells")->table, "Board")];
        assert_int_equal(echo->text[0], expected[count][strlen(expected[count]) - 1]);
        series_close(&series);
        assert_true(requests_next(&bench.requests, &more, &bench.err));
    }
    assert_int_equal(count, 2);
    stop(&bench);
}

/* A standard that the service does not apply, and conditions that nobody looks at again. */
static void rows_are_left_out_here(void **state)
{
    static const struct { struct asked asked; bool all; struct value id, area, size; bool kept; } cases[] = {
        {{NULL, 0, {NOTHING}, 0}, false, WHOLE(1), WHOLE(7), NOTHING, true}, {{NULL, 0, {NOTHING}, 0}, false, WHOLE(1), WHOLE(8), NOTHING, false},
        {{NULL, 0, {NOTHING}, 0}, false, WHOLE(1), NOTHING, NOTHING, false},
        {{"Id", FILTER_EQUAL, {WHOLE(1)}, 1}, false, WHOLE(1), WHOLE(7), NOTHING, true}, {{"Id", FILTER_EQUAL, {WHOLE(1)}, 1}, false, WHOLE(2), WHOLE(7), NOTHING, true},
        {{"Area", FILTER_IN, {WHOLE(9), WHOLE(8), NOTHING}, 3}, true, WHOLE(1), WHOLE(8), NOTHING, true}, {{"Area", FILTER_IN, {WHOLE(9), WHOLE(8)}, 2}, true, WHOLE(1), WHOLE(7), NOTHING, false},
        {{"Area", FILTER_NOT_EQUAL, {WHOLE(7)}, 1}, true, WHOLE(1), WHOLE(7), NOTHING, false}, {{"Area", FILTER_NOT_EQUAL, {WHOLE(7)}, 1}, true, WHOLE(1), WHOLE(6), NOTHING, true},
        {{"Area", FILTER_IS_NULL, {NOTHING}, 0}, true, WHOLE(1), NOTHING, NOTHING, true}, {{"Area", FILTER_IS_NOT_NULL, {NOTHING}, 0}, true, WHOLE(1), NOTHING, NOTHING, false},
        {{"Size", FILTER_LESS, {WHOLE(5)}, 1}, true, WHOLE(1), WHOLE(7), WHOLE(5), false}, {{"Size", FILTER_LESS_EQUAL, {WHOLE(5)}, 1}, true, WHOLE(1), WHOLE(7), WHOLE(5), true},
        {{"Size", FILTER_GREATER, {WHOLE(5)}, 1}, true, WHOLE(1), WHOLE(7), WHOLE(5), false}, {{"Size", FILTER_GREATER_EQUAL, {WHOLE(5)}, 1}, true, WHOLE(1), WHOLE(7), WHOLE(5), true},
        {{"Size", FILTER_GREATER, {WHOLE(5)}, 1}, true, WHOLE(1), WHOLE(7), NOTHING, false},
    };
    const struct table *table = &definition_table(definition, "Kept")->table;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct value id = cases[i].id, area = cases[i].area, size = cases[i].size, *cells[8] = {0};
        struct bench bench;
        struct series series;
        assert_true(start(&bench, "Kept", &cases[i].asked, cases[i].asked.column != NULL, cases[i].all));
        assert_true(requests_leave_out(&bench.requests));
        assert_true(requests_look_at(&bench.requests, table_column(table, "Area")) || cases[i].asked.column);
        cells[table_column(table, "Id")] = &id;
        cells[table_column(table, "Area")] = &area;
        cells[table_column(table, "Size")] = &size;
        assert_true(requests_series(&bench.requests, &series, &bench.err));
        if (requests_keep(&bench.requests, &series, cells, 0) != cases[i].kept)
            fail_msg("case %zu", i);
        series_close(&series);
        stop(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_forms),
        cmocka_unit_test(settings_go_along_with_filters),
        cmocka_unit_test(the_parents_rows_fill_addresses),
        cmocka_unit_test(several_parents_share_a_request),
        cmocka_unit_test(bodies_hold_what_urls_would),
        cmocka_unit_test(lists_are_split_where_cells_repeat_them),
        cmocka_unit_test(rows_are_left_out_here),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
