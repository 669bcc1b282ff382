/* Proves providers/odata/requests.c, address.c, aggregate.c and refusal.c: the addresses that scans ask for, in each way and version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "http/client.h"
#include "http/url.h"
#include "providers/odata/aggregate.h"
#include "providers/odata/refusal.h"
#include "providers/odata/requests.h"
#include "providers/odata/service.h"
#include "opened.h"
#include "written.h"

enum { MOST_COLUMNS = 64 };

/* One scan of a table of a service that is only asked for addresses. */
struct asked {
    struct odata_service service;
    struct odata_requests requests;
    struct scan_request request;
    struct written written[MOST];
    struct plan_condition conditions[MOST];
    struct filter filters[MOST];
    struct plan_order order[3];
    bool wanted[MOST_COLUMNS];
};

/* columns: "ID,Name"; "*" all, "" none. order: "ID,-Name" or NULL. */
static void want(const struct table *table, const char *columns, bool wanted[MOST_COLUMNS])
{
    char copy[300];

    memset(wanted, strcmp(columns, "*") == 0, MOST_COLUMNS * sizeof *wanted);
    snprintf(copy, sizeof copy, "%s", strcmp(columns, "*") == 0 ? "" : columns);
    for (char *name = strtok(copy, ","); name; name = strtok(NULL, ","))
        wanted[table_column(table, name)] = true;
}

static size_t read_order(const struct table *table, const char *text, struct plan_order *order)
{
    char copy[100];
    size_t count = 0;

    snprintf(copy, sizeof copy, "%s", text ? text : "");
    for (char *name = strtok(copy, ","); name; name = strtok(NULL, ","))
        order[count++] = (struct plan_order){table_column(table, name + (*name == '-')), *name == '-'};
    return count;
}

static void ask(struct opened *opened, const char *name, const char *columns, const char *const conditions[MOST], const char *order, int64_t limit,
                struct asked *asked)
{
    const struct odata_table *table = opened_table(opened, name);
    struct odata_route route;
    struct error err = {0};
    size_t count = 0;

    memset(asked, 0, sizeof *asked);
    asked->service = (struct odata_service){.options = opened->options, .model = opened->model, .context = opened->context};
    asked->service.options.url = "https://h/s";
    asked->service.context.options = &asked->service.options;
    asked->request = (struct scan_request){.table = &table->table, .wanted = asked->wanted, .filters = asked->filters, .order = asked->order, .limit = limit};
    want(&table->table, columns, asked->wanted);
    for (; count < MOST && conditions[count]; count++) {
        write_condition(opened, &table->table, conditions[count], &asked->written[count]);
        asked->conditions[count] = asked->written[count].condition;
    }
    if (!odata_route_choose(&asked->service.context, table, asked->conditions, count, false, &route, &opened->arena, &err))
        fail_msg("%s: %s", name, err.message);
    for (size_t i = 0; i < count; i++)
        if (asked->conditions[i].taken)
            asked->filters[asked->request.filter_count++] = asked->written[i].filter;
    asked->request.order_count = read_order(&table->table, order, asked->order);
    if (!odata_requests_open(&asked->requests, &asked->service, &asked->request, NULL, &err))
        fail_msg("%s: %s", name, err.message);
}

/* The addresses of all series after the service's own, decoded, divided by blanks. */
static const char *addresses(struct asked *asked, int64_t skip, int64_t top, struct buffer *text)
{
    bool more;
    struct error err = {0};

    buffer_init(text, 1 << 20);
    for (;;) {
        struct odata_series series;
        struct buffer url;
        buffer_init(&url, 1 << 16);
        assert_true(odata_requests_next(&asked->requests, NULL, &series, &more, &err));
        if (!more)
            return buffer_text(text);
        assert_true(odata_requests_url(&asked->requests, &series, skip, top, &url, &err));
        assert_memory_equal(buffer_text(&url), "https://h/s", 11);
        for (const char *c = buffer_text(&url); *c; c++)
            if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\"<>\\^`{|}", *c))
                fail_msg("not encoded: %s", buffer_text(&url));
        if (text->length)
            buffer_append_char(text, ' ');
        assert_true(url_decode(text, buffer_text(&url) + 11, url.length - 11, false));
        buffer_clear(&url);
        odata_series_close(&series);
    }
}

struct expected {
    const char *table, *columns, *conditions[MOST], *order;
    int64_t limit;
    const char *addresses;
};

static void check_paged(struct opened *opened, const struct expected *cases, size_t count, int64_t skip, int64_t top)
{
    for (size_t i = 0; i < count; i++) {
        struct asked asked;
        struct buffer text;
        ask(opened, cases[i].table, cases[i].columns, cases[i].conditions, cases[i].order, cases[i].limit, &asked);
        const char *found = addresses(&asked, skip, top, &text);
        if (strcmp(found, cases[i].addresses) != 0)
            fail_msg("case %zu (%s): %s", i, cases[i].table, found);
        buffer_clear(&text);
        odata_requests_close(&asked.requests);
    }
}

static void check(struct opened *opened, const struct expected *cases, size_t count)
{
    check_paged(opened, cases, count, 0, 0);
}

static void addresses_of_v4(void **state)
{
    static const struct expected cases[] = {
        {"Categories", "ID,Name", {NULL}, NULL, -1, "/Categories?$select=ID,Name"},
        {"Categories", "Name", {"ID = 5"}, NULL, -1, "/Categories(5)?$select=Name"},
        {"Categories", "*", {NULL}, NULL, -1, "/Categories"}, /* with what nobody knows */
        {"Categories", "", {NULL}, NULL, -1, "/Categories/$count"},
        {"Categories", "", {"ID > 5", "Name like a%"}, NULL, -1, "/Categories/$count?$filter=ID gt 5 and startswith(Name,'a')"},
        {"Categories", "", {NULL}, NULL, 5, "/Categories?$select=ID&$top=5"},
        {"Categories", "ID", {"Name = 50% & more+#?/ü"}, NULL, -1, "/Categories?$select=ID&$filter=Name eq '50% & more+#?/ü'"},
        {"Categories", "ID", {"ID > 5"}, "-ID", 10, "/Categories?$select=ID&$filter=ID gt 5&$orderby=ID desc&$top=10"},
        {"Categories", "ID", {"ID = NULL"}, NULL, -1, ""},
        {"Categories", "ID", {NULL}, NULL, 0, ""},
        /* Limits of the service: no $top for Products. */
        {"Products", "ID,Maker_City", {NULL}, NULL, 10, "/Products?$select=ID,Maker"},
        {"Products", "ID,Doors", {NULL}, NULL, -1, "/Products?$select=ID,Shop.Model.Car/Doors"},
        {"Products", "ID", {"Search = red"}, NULL, -1, "/Products?$select=ID&$search=red"},
        {"Best", "Name", {NULL}, NULL, -1, "/Best?$select=Name"},
        /* What others lead to. */
        {"Products_Parts", "Number", {"Products_ID = 5"}, NULL, -1, "/Products(5)/Parts?$select=Number"},
        {"Products_Parts", "Number", {"Products_ID = 5", "Number = a'b"}, NULL, -1, "/Products(5)/Parts?$select=Number&$filter=Number eq 'a''b'"},
        {"Products_Parts", "Products_ID,Number", {"Products_ID in 5,7,5"}, NULL, -1,
         "/Products(5)/Parts?$select=Number /Products(7)/Parts?$select=Number"},
        {"Products_Parts", "", {"Products_ID = 5"}, NULL, -1, "/Products(5)/Parts/$count"},
        {"Products_Parts", "Products_ID,Number", {NULL}, NULL, -1, "/Products?$select=ID&$expand=Parts($select=Number)"},
        {"Products_Parts", "Number", {"Number = x", "Products_ID > 3"}, NULL, -1,
         "/Products?$select=ID&$expand=Parts($select=Number;$filter=Number eq 'x')&$filter=ID gt 3"},
        {"Products_Category", "Name", {"ID > 3"}, NULL, -1, "/Products?$select=ID&$expand=Category($select=Name)&$filter=Category/ID gt 3"},
        {"Products_Category", "Name", {"Products_ID = 5"}, NULL, -1, "/Products(5)/Category?$select=Name"},
        {"Products_Parts_Screws", "ID", {"Products_ID = 5", "Products_Parts_Number = A/B", "Products_Parts_Where_City = K"}, NULL, -1,
         "/Products(5)/Parts(Number='A/B',City='K')/Screws"},
        {"Best_Parts", "Number", {NULL}, NULL, -1, "/Best/Parts?$select=Number"},
        {"Best_Parts", "", {NULL}, NULL, -1, "/Best/Parts/$count"},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    opened_close(&opened);
}

static void addresses_of_v2(void **state)
{
    static const struct expected cases[] = {
        {"Categories", "*", {NULL}, NULL, -1, "/Categories"},
        {"Categories", "Name", {"ID in 1,2"}, "ID", 10, "/Categories?$filter=(ID eq 1 or ID eq 2)"},
        {"Categories", "ID", {"Search = red"}, NULL, -1, "/Categories?$select=ID&search=red"},
        {"Products", "ID,Maker_Land_Code", {"ID > 5"}, NULL, 3, "/Products?$select=ID,Maker&$filter=ID gt 5L&$top=3"},
        {"Products", "Name", {"ID = 5"}, NULL, -1, "/Products(5L)?$select=Name"},
        {"Categories_Products", "ID,Name", {NULL}, NULL, -1, "/Categories?$select=ID,Products/ID,Products/Name&$expand=Products"},
        {"Categories_Products", "ID", {"Categories_ID = 1", "Price > 1"}, NULL, -1, "/Categories(1)/Products?$select=ID&$filter=Price gt 1M"},
        {"Products_Category", "Name", {"Products_ID > 5", "Name = x"}, NULL, -1,
         "/Products?$select=ID,Category/Name&$expand=Category&$filter=ID gt 5L and Category/Name eq 'x'"},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v2.xml", &plain_options);
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    opened_close(&opened);
}

static void pages_made_by_the_client_have_an_order(void **state)
{
    static const struct expected first[] = {
        {"Categories", "Name", {NULL}, NULL, -1, "/Categories?$select=Name&$orderby=ID&$top=100"},
        {"Categories", "Name", {NULL}, "-ID", 30, "/Categories?$select=Name&$orderby=ID desc&$top=30"},
        {"Products", "Name", {"Weight > 1"}, "Weight", -1, "/Products?$select=Name&$filter=Weight gt 1&$orderby=Weight,ID&$top=100"},
        {"Products_Parts", "Number", {"Products_ID = 5"}, NULL, -1, "/Products(5)/Parts?$select=Number&$orderby=Number,Where/City&$top=100"},
        {"Products_Parts", "Number", {NULL}, NULL, -1, "/Products?$select=ID&$expand=Parts($select=Number)&$orderby=ID&$top=100"},
    };
    static const struct expected third[] = {
        {"Categories", "Name", {NULL}, NULL, -1, "/Categories?$select=Name&$orderby=ID&$skip=200&$top=100"},
        {"Categories", "Name", {NULL}, NULL, 250, "/Categories?$select=Name&$orderby=ID&$skip=200&$top=50"},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    check_paged(&opened, first, sizeof first / sizeof first[0], 0, 100);
    check_paged(&opened, third, sizeof third / sizeof third[0], 200, 100);
    opened_close(&opened);
}

static void options_of_the_connection_are_heeded(void **state)
{
    static const struct expected cases[] = {
        {"Products_Parts", "Number", {NULL}, NULL, -1, ""}, /* SupportsExpand=false: it is walked from the parents' rows */
        {"Products", "ID,Name", {NULL}, NULL, -1, "/Products?k=v&w=%20"},
        {"Categories", "ID", {NULL}, NULL, -1, "/Categories?$select=ID&k=v&w=%20"},
        {"Products", "*", {NULL}, NULL, -1, "/Products?k=v&w=%20"},
    };
    struct odata_options options = plain_options;
    struct opened opened;
    struct asked asked;
    struct buffer text;
    (void)state;

    options.most_select = 5;
    options.query = "k=v&w=%2520";
    options.expand = false;
    opened_file(&opened, "shop_v4.xml", &options);
    check(&opened, cases + 1, 3);
    ask(&opened, "Products_Parts", "Number", cases[0].conditions, NULL, -1, &asked);
    assert_int_equal(asked.requests.route.way, WAY_WALK);
    odata_requests_close(&asked.requests);
    opened_close(&opened);

    /* Lists in pieces. */
    options = plain_options;
    options.most_filter = 28;
    opened_file(&opened, "shop_v4.xml", &options);
    const char *const conditions[MOST] = {"ID in 1,2,3,4,5,6"};
    ask(&opened, "Categories", "Name", conditions, NULL, -1, &asked);
    assert_string_equal(addresses(&asked, 0, 0, &text),
                        "/Categories?$select=ID,Name&$filter=ID in (1,2) /Categories?$select=ID,Name&$filter=ID in (3,4) "
                        "/Categories?$select=ID,Name&$filter=ID in (5,6)");
    buffer_clear(&text);
    odata_requests_close(&asked.requests);
    opened_close(&opened);
}

/* Groups. */

static void groups_are_asked_for_with_apply(void **state)
{
    static const struct { const char *groups[2]; enum aggregate_function function; const char *column; const char *filter, *expected; } cases[] = {
        {{"Color"}, AGGREGATE_COUNT_ROWS, NULL, "", "groupby((Color),aggregate($count as restodbcCount))"},
        {{"Color", "Maker_City"}, AGGREGATE_SUM, "CategoryID", "",
         "groupby((Color,Maker/City),aggregate($count as restodbcCount,CategoryID with sum as restodbc0))"},
        {{NULL}, AGGREGATE_GREATEST, "Weight", "ID%20gt%205", "filter(ID gt 5)/aggregate($count as restodbcCount,Weight with max as restodbc0)"},
        {{"Color"}, AGGREGATE_AVERAGE, "ID", "", "groupby((Color),aggregate($count as restodbcCount,ID with sum as restodbc0))"},
        {{NULL}, AGGREGATE_COUNT_DISTINCT, "ID", "", "aggregate($count as restodbcCount,ID with countdistinct as restodbc0)"},
        {{NULL}, AGGREGATE_COUNT, "Weight", "", NULL},          /* services differ in NULL */
        {{"Tags"}, AGGREGATE_COUNT_ROWS, NULL, "", NULL},
        {{"Doors"}, AGGREGATE_COUNT_ROWS, NULL, "", NULL},
        {{NULL}, AGGREGATE_SUM, "Name", "", NULL},
        {{NULL}, AGGREGATE_LEAST, "Name", "", NULL},            /* in whose order? */
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    const struct odata_table *products = opened_table(&opened, "Products");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct aggregate_column aggregate = {.function = cases[i].function, .column = -1, .type = {TYPE_BIGINT, 0, 0}};
        int groups[2];
        struct aggregation aggregation = {.groups = groups, .aggregates = &aggregate, .aggregate_count = 1};
        struct odata_groups *made;
        struct buffer encoded, text;
        struct error err = {0};
        for (; aggregation.group_count < 2 && cases[i].groups[aggregation.group_count]; aggregation.group_count++)
            groups[aggregation.group_count] = table_column(&products->table, cases[i].groups[aggregation.group_count]);
        if (cases[i].column) {
            aggregate.column = table_column(&products->table, cases[i].column);
            if (aggregate.function != AGGREGATE_COUNT && aggregate.function != AGGREGATE_COUNT_DISTINCT)
                aggregate.type = products->table.columns[aggregate.column].type;
            if (aggregate.function == AGGREGATE_AVERAGE)
                aggregate.type = (struct type){TYPE_DECIMAL, 38, 6};
        }
        if (odata_can_aggregate(&opened.context, products, &aggregation) != (cases[i].expected != NULL))
            fail_msg("case %zu", i);
        if (!cases[i].expected)
            continue;
        assert_true(odata_groups_open(&opened.context, products, &aggregation, &made, &err));
        buffer_init(&encoded, 1 << 16);
        buffer_init(&text, 1 << 16);
        odata_groups_apply(made, cases[i].filter, &encoded);
        assert_true(url_decode(&text, buffer_text(&encoded), encoded.length, false));
        assert_string_equal(buffer_text(&text), cases[i].expected);
        buffer_clear(&encoded);
        buffer_clear(&text);
        odata_groups_close(made);
    }
    opened_close(&opened);
}

/* What answers to $apply can be: groups, or something else that shows that the service has not understood. */
static void groups_are_read(void **state)
{
    static const struct { const char *body; const char *expected; } cases[] = {
        {"{\"value\":[{\"Color\":\"Red\",\"restodbcCount\":2,\"restodbc1\":\"10\"},{\"Color\":null,\"restodbcCount\":1,\"restodbc1\":null}]}",
         "Red 2 5.000000|NULL 1 NULL|"},
        {"{\"value\":[{\"Color\":\"Blue\",\"restodbcCount\":3,\"restodbc1\":10}]}", "Blue 3 3.333333|"},
        {"{\"value\":[]}", ""},
        {"{\"value\":[{\"ID\":1,\"Color\":\"Red\"}]}", "not"},
        {"{\"value\":[{\"Color\":\"Red\",\"restodbcCount\":\"many\"}]}", "not"},
        {"{\"d\":[]}", "not"},
        {"<html>", "not"},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    const struct odata_table *products = opened_table(&opened, "Products");
    const int groups[] = {table_column(&products->table, "Color")};
    const struct aggregate_column aggregates[] = {
        {AGGREGATE_COUNT_ROWS, -1, {TYPE_BIGINT, 0, 0}},
        {AGGREGATE_AVERAGE, table_column(&products->table, "ID"), {TYPE_DECIMAL, 38, 6}},
    };
    const struct aggregation aggregation = {groups, 1, aggregates, 2};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_groups *made;
        struct odata_page_facts facts;
        struct error err = {0};
        char text[200] = "";
        bool found = true;
        assert_true(odata_groups_open(&opened.context, products, &aggregation, &made, &err));
        bool done = odata_groups_page(made, cases[i].body, strlen(cases[i].body), "https://h/s/Products", &facts, &err);
        for (size_t row = 0; done && found; row++) {
            done = odata_groups_next(made, row, &found, &err);
            for (size_t column = 0; done && found && column < 3; column++) {
                const struct value *cell = &odata_groups_cells(made)[column][row];
                char number[32];
                snprintf(number, sizeof number, "%lld", (long long)cell->integer);
                bool is_text = cell->storage == STORAGE_TEXT;
                snprintf(text + strlen(text), sizeof text - strlen(text), "%.*s%s", is_text ? (int)cell->length : 20,
                         value_is_null(cell) ? "NULL" : is_text ? cell->text : number, column == 2 ? "|" : " ");
            }
        }
        if (!done) {
            assert_string_equal(err.sqlstate, NOT_AGGREGATED);
            snprintf(text, sizeof text, "not");
        }
        if (strcmp(text, cases[i].expected) != 0)
            fail_msg("case %zu: %s", i, text);
        odata_groups_close(made);
    }
    opened_close(&opened);
}

/* Refusals. */

static struct http_response answer(int status, const char *body)
{
    return (struct http_response){.status = status, .body = body, .body_length = strlen(body)};
}

/* What is left out, one after the other, until nothing can be. */
static void options_are_left_out_one_by_one(void **state)
{
    static const struct { const char *table, *columns, *conditions[MOST], *order; int64_t limit; int status; const char *body, *expected; } cases[] = {
        {"Categories", "Name", {"ID > 5", "Name like a%"}, "ID", 5, 400, "", "functions of $filter; $orderby; IEEE754Compatible; $select; $top; $filter; all; "},
        {"Categories", "Name", {"ID in 1,2"}, NULL, -1, 501, "", "in of $filter; $select; $filter; all; "},
        {"Categories", "Name", {"ID = 1"}, NULL, -1, 400, "", "$select; access by key; $filter; all; "},
        {"Categories", "", {NULL}, NULL, -1, 404, "", "/$count; $select; all; "},
        {"Categories", "ID", {NULL}, NULL, -1, 400, "", "IEEE754Compatible; $select; all; "},
        {"Products_Parts", "Number", {"Products_ID > 3"}, NULL, -1, 400, "", "options inside of $expand; $select; $expand; all; "},
        /* What the message names comes first. */
        {"Categories", "Name", {"ID > 5"}, "ID", 5, 400, "{\"error\":{\"code\":\"1\",\"message\":\"The query option '$top' is not allowed\"}}",
         "$top; $orderby; IEEE754Compatible; $select; $filter; all; "},
        {"Categories", "Name", {"ID > 5"}, "ID", -1, 400, "{\"error\":{\"code\":\"1\",\"message\":\"$orderby: no\"}}", "$orderby; IEEE754Compatible; $select; $filter; all; "},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_refusal_attempts attempts = {0};
        struct opened opened;
        struct asked asked;
        struct error err = {0};
        char text[300] = "", names[200];
        opened_file(&opened, "shop_v4.xml", &plain_options);
        ask(&opened, cases[i].table, cases[i].columns, cases[i].conditions, cases[i].order, cases[i].limit, &asked);
        struct http_response response = answer(cases[i].status, cases[i].body);
        assert_true(odata_is_refusal(&asked.requests, &response));
        while (odata_refusal_try(&attempts, &asked.requests, &response)) {
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s; ", attempts.all ? "all" : odata_refusal_names(attempts.out, names));
            assert_true(odata_requests_again(&asked.requests, &err));
        }
        if (strcmp(text, cases[i].expected) != 0)
            fail_msg("case %zu: %s", i, text);
        /* In the end all is as it was: it was none of them. */
        assert_true(odata_requests_again(&asked.requests, &err));
        assert_int_equal(atomic_load(&opened.refused), 0);
        assert_string_equal(odata_refusal_describe(&opened.context, asked.requests.table, &opened.arena), "");
        odata_requests_close(&asked.requests);
        opened_close(&opened);
    }
}

/* It says something else as soon as what it refused first is out: that stays out. */
static void answers_that_change_show_the_way(void **state)
{
    static const char *const bodies[] = {"{\"error\":{\"message\":\"$select!\"}}", "{\"error\":{\"message\":\"sorting!\"}}", "{\"error\":{\"message\":\"$filter!\"}}"};
    static const char *const expected[] = {"$select", "$orderby, $select", "$orderby, $select, $filter"};
    const char *const conditions[MOST] = {"ID > 5"};
    struct odata_refusal_attempts attempts = {0};
    struct opened opened;
    struct asked asked;
    struct error err = {0};
    char names[200];
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    ask(&opened, "Categories", "Name", conditions, "ID", -1, &asked);
    for (size_t i = 0; i < 3; i++) {
        struct http_response response = answer(400, bodies[i]);
        assert_true(odata_refusal_try(&attempts, &asked.requests, &response));
        assert_string_equal(odata_refusal_names(attempts.out, names), expected[i]);
        assert_true(odata_requests_again(&asked.requests, &err));
    }
    odata_refusal_undo(&attempts, &asked.requests);
    assert_string_equal(odata_refusal_describe(&opened.context, asked.requests.table, &opened.arena), "");
    odata_requests_close(&asked.requests);
    opened_close(&opened);
}

static void what_is_left_out_is_told_and_done_here(void **state)
{
    const char *const conditions[MOST] = {"ID > 5"};
    const struct http_response response = answer(400, "{\"error\":{\"message\":\"$filter? $orderby?\"}}");
    struct odata_refusal_attempts attempts = {0};
    struct opened opened;
    struct asked asked;
    struct buffer text;
    struct error err = {0};
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    ask(&opened, "Categories", "Name", conditions, "ID", 5, &asked);
    assert_true(asked.requests.ordered && asked.requests.all_sent);
    assert_true(odata_refusal_try(&attempts, &asked.requests, &response));
    assert_true(odata_requests_again(&asked.requests, &err));
    assert_string_equal(addresses(&asked, 0, 0, &text), "/Categories?$select=ID,Name&$filter=ID gt 5");
    buffer_clear(&text);
    assert_true(asked.requests.sorts && !asked.requests.ordered && asked.requests.all_sent);
    assert_true(odata_refusal_try(&attempts, &asked.requests, &response));
    assert_true(odata_requests_again(&asked.requests, &err));
    assert_string_equal(addresses(&asked, 0, 0, &text), "/Categories?$select=ID,Name&$orderby=ID");
    buffer_clear(&text);
    assert_true(!asked.requests.sorts && asked.requests.unsent[0] && asked.requests.needed[0]);
    assert_string_equal(odata_refusal_describe(&opened.context, asked.requests.table, &opened.arena), "; the service refuses $filter of ID");
    odata_requests_close(&asked.requests);
    opened_close(&opened);
}

static void other_answers_are_no_refusals(void **state)
{
    static const struct { int status; const char *body; bool counts, expected; } cases[] = {
        {400, "", false, true}, {405, "", false, true}, {406, "", false, true}, {415, "", false, true}, {501, "", false, true},
        {404, "", false, false}, {404, "", true, true}, {500, "", false, true}, {502, "", true, false}, {503, "", true, false}, {403, "", true, false},
    };
    const char *const none[MOST] = {NULL};
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct asked asked;
        const struct http_response response = answer(cases[i].status, cases[i].body);
        ask(&opened, "Categories", cases[i].counts ? "" : "ID", none, NULL, -1, &asked);
        if (odata_is_refusal(&asked.requests, &response) != cases[i].expected)
            fail_msg("case %zu", i);
        odata_requests_close(&asked.requests);
    }
    opened_close(&opened);
}

static void accept_asks_for_what_is_needed(void **state)
{
    static const struct { const char *file, *table, *columns; enum odata_format format; const char *expected; } cases[] = {
        {"shop_v4.xml", "Categories", "Name", FORMAT_ANY, "application/json;odata.metadata=minimal"},
        {"shop_v4.xml", "Categories", "ID", FORMAT_ANY, "application/json;odata.metadata=minimal;IEEE754Compatible=true"},
        {"shop_v4.xml", "Products", "Photo", FORMAT_ANY, "application/json;odata.metadata=full"},
        {"shop_v4.xml", "Categories", "", FORMAT_ANY, "text/plain, */*;q=0.5"},
        {"shop_v2.xml", "Categories", "Name", FORMAT_ANY, "application/json"},
        {"shop_v2.xml", "Categories", "Name", FORMAT_ATOM, "application/atom+xml,application/xml;q=0.9"},
    };
    const char *const none[MOST] = {NULL};
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_options options = plain_options;
        struct opened opened;
        struct asked asked;
        options.format = cases[i].format;
        opened_file(&opened, cases[i].file, &options);
        asked.service.refused = 0;
        ask(&opened, cases[i].table, cases[i].columns, none, NULL, -1, &asked);
        assert_string_equal(odata_requests_accept(&asked.requests), cases[i].expected);
        odata_requests_close(&asked.requests);
        opened_close(&opened);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_v4),
        cmocka_unit_test(addresses_of_v2),
        cmocka_unit_test(pages_made_by_the_client_have_an_order),
        cmocka_unit_test(options_of_the_connection_are_heeded),
        cmocka_unit_test(groups_are_asked_for_with_apply),
        cmocka_unit_test(groups_are_read),
        cmocka_unit_test(options_are_left_out_one_by_one),
        cmocka_unit_test(answers_that_change_show_the_way),
        cmocka_unit_test(what_is_left_out_is_told_and_done_here),
        cmocka_unit_test(other_answers_are_no_refusals),
        cmocka_unit_test(accept_asks_for_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
