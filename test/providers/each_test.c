/* Proves what a map can say beside one text for each value: nothing to send, several texts for one value, and that all of them are asked for
 * where no condition says which; as parameters and as parts of a path. */
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
#include "providers/definition/plan.h"
#include "providers/definition/request.h"
#include "providers/definition/variables.h"

static struct definition *definition;

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://h'>\n"
    "<table name='Todos' path='/todos' rows='/*' description=''><column name='Id' type='bigint' at='id' nullable='no'/>"
    "<column name='Done' type='boolean' at='done'><filter op='=' parameter='done' map='false= true=true' each='yes' exact='yes'/></column>"
    "<column name='State' type='string' at='state' standard='active' any='*'>"
    "<filter op='= in' parameter='state' map='active= archived=archived trashed=trashed' each='yes' exact='yes'/></column>"
    "<order column='Id'><parameter name='sort' value='id'/></order></table>\n"
    "<table name='Projects' path='/projects{Archived}.json' rows='/*' description=''><column name='Id' type='bigint' at='id'/>"
    "<column name='Archived' type='boolean' at='archived' standard='false' any='*'>"
    "<filter op='= in' map='false= false=/drafts true=/old/archived' each='yes' exact='yes'/></column></table>\n"
    "<table name='Events' path='/events/{Past}' rows='/*' description=''><column name='Id' type='bigint' at='id'/>"
    "<input name='Past' type='boolean'><filter op='=' map='false=upcoming true=past' each='yes'/></input></table>\n"
    "<table name='Kinds' path='/all' rows='/*' description=''><column name='Id' type='bigint' at='id' nullable='no'/>"
    "<column name='Kind' type='string' at='kind'><filter op='= in' parameter='type' map='A=a B=b' each='yes'/></column></table>\n"
    "<table name='Both' rows='/*' description=''><endpoint name='one' path='/{Kind}/of/{In}'/><endpoint name='all' path='/{Kind}/all' estimate='5000'/>"
    "<column name='Id' type='bigint' at='id'/><column name='In' type='bigint' at='in'/><column name='Kind' type='string' at='kind'>"
    "<filter op='=' endpoint='all' map='A=as' each='yes'/><filter op='=' endpoint='one' map='B=bs' each='yes'/></column></table>\n"
    "<table name='Plain' path='/plain' rows='/*' description=''><parameter name='state' value='both'/><column name='Id' type='bigint' at='id' nullable='no'/>"
    "<column name='Open' type='boolean' at='open'><filter op='=' parameter='state' map='true=open false='/></column>"
    "<require any='state' parameter='state' value='none'/><order column='Id'><parameter name='sort' value='id'/></order></table>\n"
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
    struct value values[3];
    size_t count;
};

struct bench {
    struct variables variables;
    struct requests requests;
    struct error err;
};

static bool start(struct bench *bench, const char *table, const struct asked *asked, size_t count)
{
    static const char *values[1];
    struct filter filters[4];
    bool wanted[16] = {true};
    struct scan_request request = {.table = &definition_table(definition, table)->table, .wanted = wanted, .filters = filters, .filter_count = count, .limit = -1};

    *bench = (struct bench){.variables = {.definition = definition, .values = values}};
    struct request_context context = {.definition = definition, .variables = &bench->variables};
    for (size_t i = 0; i < count; i++) {
        filters[i] = (struct filter){.column = table_column(request.table, asked[i].column), .op = asked[i].op, .values = asked[i].values, .value_count = asked[i].count};
        request.named |= table_naming(request.table, (size_t)filters[i].column);
    }
    return requests_open(&bench->requests, &context, &request, false, &bench->err);
}

/* All requests, divided by spaces. */
static void print(struct bench *bench, struct buffer *out)
{
    struct page_place place = {0};
    struct buffer body, url;
    bool more = !bench->requests.none;

    buffer_init(&body, 4096);
    buffer_init(&url, 4096);
    while (more) {
        struct series series;
        buffer_reset(&url);
        assert_true(requests_series(&bench->requests, &series, &bench->err) && requests_url(&bench->requests, &series, &place, &url, &body, &bench->err));
        buffer_printf(out, "%s%s", out->length ? " " : "", buffer_text(&url) + strlen("https://h"));
        series_close(&series);
        assert_true(requests_next(&bench->requests, &more, &bench->err));
    }
    buffer_clear(&url);
    buffer_clear(&body);
}

static void each_text_is_asked_for(void **state)
{
    static const struct { const char *table; struct asked asked[2]; size_t count; const char *expected; } cases[] = {
        {"Todos", {{0}}, 0, "/todos /todos?done=true"},
        {"Todos", {{"Done", FILTER_EQUAL, {WHOLE(0)}, 1}}, 1, "/todos"},
        {"Todos", {{"Done", FILTER_EQUAL, {WHOLE(1)}, 1}}, 1, "/todos?done=true"},
        {"Todos", {{"Done", FILTER_EQUAL, {NOTHING}, 1}}, 1, ""},
        /* the state is named, but in a way that no request can say */
        {"Todos", {{"Done", FILTER_EQUAL, {WHOLE(1)}, 1}, {"State", FILTER_NOT_EQUAL, {TEXT("active")}, 1}}, 2,
         "/todos?done=true /todos?done=true&state=archived /todos?done=true&state=trashed"},
        {"Todos", {{"State", FILTER_IN, {TEXT("trashed"), TEXT("active"), NOTHING}, 3}}, 1,
         "/todos /todos?state=trashed /todos?done=true /todos?done=true&state=trashed"},
        {"Todos", {{"State", FILTER_EQUAL, {TEXT("odd")}, 1}}, 1, ""},                 /* no row is in such a state */
        {"Todos", {{"State", FILTER_IN, {TEXT("odd"), TEXT("trashed")}, 2}, {"Done", FILTER_EQUAL, {WHOLE(0)}, 1}}, 2, "/todos?state=trashed"},
        {"Projects", {{0}}, 0, "/projects.json /projects/drafts.json"},
        {"Projects", {{"Archived", FILTER_EQUAL, {WHOLE(1)}, 1}}, 1, "/projects/old/archived.json"},
        {"Projects", {{"Archived", FILTER_IN, {WHOLE(1), WHOLE(0)}, 2}}, 1, "/projects.json /projects/drafts.json /projects/old/archived.json"},
        {"Projects", {{"Archived", FILTER_IS_NOT_NULL, {NOTHING}, 0}}, 1, "/projects.json /projects/drafts.json /projects/old/archived.json"},
        {"Events", {{0}}, 0, "/events/upcoming /events/past"},
        {"Events", {{"Past", FILTER_EQUAL, {WHOLE(1)}, 1}}, 1, "/events/past"},
        {"Kinds", {{0}}, 0, "/all?type=a /all?type=b"},
        {"Kinds", {{"Kind", FILTER_EQUAL, {TEXT("C")}, 1}}, 1, "/all?type=a /all?type=b"}, /* may be there: the map need not have all */
        {"Both", {{0}}, 0, "/as/all"},                                                  /* the hole is filled as the endpoint says */
        {"Both", {{"In", FILTER_EQUAL, {WHOLE(7)}, 1}}, 1, "/bs/of/7"},
        {"Plain", {{0}}, 0, "/plain?state=both"},
        {"Plain", {{"Open", FILTER_EQUAL, {WHOLE(1)}, 1}}, 1, "/plain?state=open"},
        {"Plain", {{"Open", FILTER_EQUAL, {WHOLE(0)}, 1}}, 1, "/plain"},              /* nothing is sent, not even what is required otherwise */
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        buffer_reset(&out);
        if (!start(&bench, cases[i].table, cases[i].asked, cases[i].count))
            fail_msg("case %zu, %s: %s", i, cases[i].table, bench.err.message);
        print(&bench, &out);
        if (strcmp(buffer_text(&out), cases[i].expected) != 0)
            fail_msg("case %zu, %s: %s instead of %s", i, cases[i].table, buffer_text(&out), cases[i].expected);
        requests_close(&bench.requests);
    }
    buffer_clear(&out);
}

static bool keeps(const struct bench *bench, const struct series *series, struct value *done, struct value *state)
{
    struct value *cells[3] = {NULL, done, state};
    return requests_keep(&bench->requests, series, cells, 0);
}

/* A service may answer with more than it was asked for: a row stays in one answer, and in any that is asked for otherwise. */
static void a_row_comes_once(void **state)
{
    const struct asked archived = {"State", FILTER_EQUAL, {TEXT("archived")}, 1};
    struct value done = value_integer(1), open = value_integer(0), none = value_null(), odd = value_integer(7);
    struct value old = TEXT("archived"), active = TEXT("active");
    struct bench bench;
    struct series series[2];
    bool more;
    (void)state;

    assert_true(start(&bench, "Todos", &archived, 1));
    for (int i = 0; i < 2; i++)
        assert_true(requests_series(&bench.requests, &series[i], &bench.err) && requests_next(&bench.requests, &more, &bench.err));
    assert_true(requests_leave_out(&bench.requests));
    assert_true(requests_look_at(&bench.requests, 1));
    assert_true(keeps(&bench, &series[0], &open, &old));
    assert_false(keeps(&bench, &series[0], &done, &old));    /* which the other request brings */
    assert_true(keeps(&bench, &series[1], &done, &old));
    assert_false(keeps(&bench, &series[1], &open, &old));
    assert_true(keeps(&bench, &series[1], &none, &old));     /* of these nobody knows */
    assert_true(keeps(&bench, &series[1], &odd, &old));
    assert_false(keeps(&bench, &series[1], &done, &active)); /* that condition was named */
    series_close(&series[0]);
    series_close(&series[1]);
    requests_close(&bench.requests);
}

static double estimate(const char *table_name, const char *column, enum filter_op op, bool *order_taken)
{
    const struct definition_table *table = definition_table(definition, table_name);
    struct plan_condition conditions[1];
    struct plan_order order = {0, false};
    struct plan plan = {.conditions = conditions, .order = &order, .order_count = 1};
    struct error err = {0};

    if (column) {
        conditions[plan.condition_count++] = (struct plan_condition){.column = table_column(&table->table, column), .op = op, .usable = true};
        plan.named = table_naming(&table->table, (size_t)conditions[0].column);
    }
    assert_true(definition_plan(&table->table, NULL, &plan, &err));
    *order_taken = plan.order_taken;
    return plan.requests;
}

static void that_costs_and_is_in_no_order(void **state)
{
    bool taken;
    (void)state;

    assert_true(estimate("Todos", NULL, FILTER_EQUAL, &taken) == 2);
    assert_false(taken);
    assert_true(estimate("Todos", "State", FILTER_NOT_EQUAL, &taken) == 6);
    assert_true(estimate("Todos", "State", FILTER_IN, &taken) == 6);
    assert_true(estimate("Todos", "Done", FILTER_EQUAL, &taken) == 1);
    assert_true(taken);    /* one text of each map */
    assert_true(estimate("Plain", "Open", FILTER_EQUAL, &taken) == 1);
    assert_true(taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_asked_for),
        cmocka_unit_test(a_row_comes_once),
        cmocka_unit_test(that_costs_and_is_in_no_order),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
