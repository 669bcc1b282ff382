/* Proves providers/odata/plan.c and filter.c: which way a table is asked, which conditions are taken and which exact, and what $filter says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "http/url.h"
#include "providers/odata/filter.h"
#include "opened.h"
#include "written.h"

struct planned {
    struct odata_route route;
    struct plan_condition conditions[MOST];
    struct filter filters[MOST];
    enum odata_where where[MOST];
    bool exact[MOST];
    size_t count;
    char marks[MOST + 1];            /* - not taken, t taken, e taken and exact */
    struct odata_filter filter;
    struct buffer text;
};

/* Plans the conditions and writes $filter; the decoded text stays in planned->text. */
static bool plan(struct opened *opened, const struct odata_table *table, const char *const conditions[MOST], struct planned *planned, struct error *err)
{
    static struct written written[MOST];

    memset(planned, 0, sizeof *planned);
    buffer_init(&planned->text, 1 << 16);
    for (; planned->count < MOST && conditions[planned->count]; planned->count++) {
        write_condition(opened, &table->table, conditions[planned->count], &written[planned->count]);
        planned->conditions[planned->count] = written[planned->count].condition;
        planned->filters[planned->count] = written[planned->count].filter;
    }
    if (!odata_route_choose(&opened->context, table, planned->conditions, planned->count, false, &planned->route, &opened->arena, err))
        return false;
    for (size_t i = 0; i < planned->count; i++) {
        const struct plan_condition *condition = &planned->conditions[i];
        planned->marks[i] = condition->exact ? 'e' : condition->taken ? 't' : '-';
        planned->exact[i] = condition->exact;
        planned->where[i] = planned->route.where[i];
    }
    const struct odata_filter_source source = {.context = &opened->context, .table = table, .filters = planned->filters, .exact = planned->exact,
                                               .where = planned->where, .count = planned->count};
    assert_true(odata_filter_make(&planned->filter, &source, WHERE_FILTER, &opened->arena));
    odata_filter_fit(&planned->filter, &opened->context, opened->options.most_filter);
    return true;
}

static const char *decoded(struct planned *planned)
{
    struct buffer encoded;
    bool begun = false;

    buffer_init(&encoded, 1 << 16);
    odata_filter_print(&planned->filter, &encoded, &begun);
    buffer_reset(&planned->text);
    assert_true(url_decode(&planned->text, buffer_text(&encoded), encoded.length, false));
    buffer_clear(&encoded);
    return planned->filter.none ? "none" : buffer_text(&planned->text);
}

struct expected {
    const char *table, *conditions[MOST];
    enum odata_way way;
    const char *marks, *filter;
};

static void check(struct opened *opened, const struct expected *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct planned planned;
        struct error err = {0};
        if (!plan(opened, opened_table(opened, cases[i].table), cases[i].conditions, &planned, &err))
            fail_msg("case %zu: %s", i, err.message);
        const char *filter = decoded(&planned);
        if (planned.route.way != cases[i].way || strcmp(planned.marks, cases[i].marks) != 0 || strcmp(filter, cases[i].filter) != 0)
            fail_msg("case %zu (%s): way %d, %s, %s", i, cases[i].conditions[0] ? cases[i].conditions[0] : "", planned.route.way, planned.marks, filter);
        buffer_clear(&planned.text);
    }
}

static void v4_conditions(void **state)
{
    static const struct expected cases[] = {
        {"Categories", {NULL}, WAY_SET, "", ""},
        {"Categories", {"ID = 5"}, WAY_KEY, "e", ""},
        {"Categories", {"ID = 5", "Name = x"}, WAY_KEY, "e-", ""},
        {"Categories", {"ID = ?"}, WAY_SET, "-", ""},
        {"Categories", {"ID in 3,1,2,1"}, WAY_SET, "e", "ID in (1,2,3)"},
        {"Categories", {"ID in 3"}, WAY_SET, "e", "ID eq 3"},
        {"Categories", {"ID > 5", "ID <= 9"}, WAY_SET, "ee", "ID gt 5 and ID le 9"},
        {"Categories", {"ID <> 5"}, WAY_SET, "e", "ID ne 5"},
        {"Categories", {"ID null"}, WAY_SET, "e", "ID eq null"},
        {"Categories", {"ID = NULL"}, WAY_KEY, "e", ""},
        {"Categories", {"ID > NULL"}, WAY_SET, "e", "none"},
        {"Categories", {"ID in NULL"}, WAY_SET, "e", "none"},
        /* Texts: equality may be wider at the service, order is another one. */
        {"Categories", {"Name = O'Hara"}, WAY_SET, "t", "Name eq 'O''Hara'"},
        {"Categories", {"Name in a,b"}, WAY_SET, "t", "Name in ('a','b')"},
        {"Categories", {"Name > a", "Name <> a"}, WAY_SET, "--", ""},
        {"Categories", {"Name null"}, WAY_SET, "t", "Name eq null"},
        {"Categories", {"Name notnull"}, WAY_SET, "t", "Name ne null"},
        {"Categories", {"Name like a%"}, WAY_SET, "t", "startswith(Name,'a')"},
        {"Categories", {"Name like %a"}, WAY_SET, "t", "endswith(Name,'a')"},
        {"Categories", {"Name like %a%"}, WAY_SET, "t", "contains(Name,'a')"},
        {"Categories", {"Name like a%b_c%d"}, WAY_SET, "t", "startswith(Name,'a') and contains(Name,'b') and contains(Name,'c') and endswith(Name,'d')"},
        {"Categories", {"Name like abc"}, WAY_SET, "t", "Name eq 'abc'"},
        {"Categories", {"Name like %"}, WAY_SET, "t", ""},
        {"Categories", {"Name like it's %"}, WAY_SET, "t", "startswith(Name,'it''s ')"},
        /* All other types. */
        {"Products", {"Weight >= 1.5"}, WAY_SET, "e", "Weight ge 1.5"},
        {"Products", {"Weight <> 2"}, WAY_SET, "e", "Weight ne 2 and Weight ne null"},
        {"Products", {"Color = Red"}, WAY_SET, "e", "Color eq Shop.Model.Color'Red'"},
        {"Products", {"Color in Red,Blue"}, WAY_SET, "e", "Color in (Shop.Model.Color'Blue',Shop.Model.Color'Red')"},
        {"Products", {"Color <> Red"}, WAY_SET, "-", ""},        /* the service has only lists of it */
        {"Products", {"Color = Pink"}, WAY_SET, "e", ""},        /* whoever asks looks at it */
        {"Products", {"Rights = Read"}, WAY_SET, "t", "Rights eq Shop.Model.Rights'Read'"},
        {"Products", {"Since = 2024-02-29"}, WAY_SET, "e", "Since eq 2024-02-29"},
        {"Products", {"Changed > 2024-02-29T12:00:00.5"}, WAY_SET, "e", "Changed gt 2024-02-29T12:00:00.5Z"},
        {"Products", {"Changed in 2024-01-01"}, WAY_SET, "-", ""}, /* only ranges */
        {"Products", {"Opens < 08:30:00"}, WAY_SET, "e", "Opens lt 08:30:00"},
        {"Products", {"Lasts = P1D"}, WAY_SET, "t", "Lasts eq duration'P1D'"},
        {"Products", {"Lasts > P1D"}, WAY_SET, "-", ""},
        {"Products", {"Ratio = 5"}, WAY_SET, "-", ""},           /* the service says so */
        {"Products", {"Tags null", "Place null", "Photo null"}, WAY_SET, "---", ""},
        {"Products", {"Maker_City = Köln"}, WAY_SET, "t", "Maker/City eq 'Köln'"},
        {"Products", {"Maker_City null"}, WAY_SET, "t", "Maker/City eq null"},
        {"Products", {"Doors >= 3"}, WAY_SET, "t", "Shop.Model.Car/Doors ge 3"},
        {"Products", {"Doors null"}, WAY_SET, "-", ""},
        {"Products", {"Search = blue"}, WAY_SET, "e", ""},
        {"Products", {"Search = blue", "ID = 5"}, WAY_SET, "ee", "ID eq 5"},
        {"Best", {"ID = 5"}, WAY_SINGLE, "-", ""},
        /* What others lead to. */
        {"Products_Parts", {"Products_ID = 5", "Number like A%"}, WAY_DIRECT, "et", "startswith(Number,'A')"},
        {"Products_Parts", {"Products_ID in 5,6"}, WAY_DIRECT, "e", ""},
        {"Products_Parts", {"Number = A"}, WAY_EXPAND, "t", "Number eq 'A'"},
        {"Products_Parts", {"Products_ID > 5"}, WAY_EXPAND, "e", ""},
        {"Products_Category", {"Products_ID = 5", "Name = x"}, WAY_DIRECT, "e-", ""},
        {"Products_Category", {"ID > 7"}, WAY_EXPAND, "e", "ID gt 7"},
        {"Products_Parts_Screws", {"Products_ID = 5"}, WAY_WALK, "e", ""},
        {"Products_Parts_Screws", {"Products_ID = 5", "Products_Parts_Number = A", "Products_Parts_Where_City = K"}, WAY_DIRECT, "ett", ""},
        {"Best_Parts", {"Number = A"}, WAY_DIRECT, "t", "Number eq 'A'"},
        {"Best_Parts_Screws", {"Best_Parts_Number = A"}, WAY_WALK, "t", ""},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    opened_close(&opened);
}

static void v2_conditions(void **state)
{
    static const struct expected cases[] = {
        {"Categories", {"ID = 5"}, WAY_KEY, "e", ""},
        {"Categories", {"ID in 1,2"}, WAY_SET, "e", "(ID eq 1 or ID eq 2)"},
        {"Categories", {"Name like %a%"}, WAY_SET, "t", "substringof('a',Name)"},
        {"Categories", {"Name like a%"}, WAY_SET, "t", "startswith(Name,'a')"},
        {"Products", {"ID > 5"}, WAY_SET, "e", "ID gt 5L"},
        {"Products", {"ID > 5", "Price <= 10.5"}, WAY_SET, "ee", "ID gt 5L and Price le 10.5M"},
        {"Products", {"ID > 5", "Code = 672b8250-1e6e-4785-80cf-b94b572e42b3"}, WAY_SET, "e-", "ID gt 5L"}, /* sap:filterable */
        /* A day stands for all its moments, a moment of the rows for a millisecond. */
        {"Products", {"Since = 2024-02-29"}, WAY_SET, "e", "Since ge datetime'2024-02-29T00:00:00' and Since lt datetime'2024-03-01T00:00:00'"},
        {"Products", {"Since > 2024-02-29"}, WAY_SET, "e", "Since ge datetime'2024-03-01T00:00:00'"},
        {"Products", {"Since <= 2024-02-29"}, WAY_SET, "e", "Since lt datetime'2024-03-01T00:00:00'"},
        {"Products", {"Since <> 2024-02-29"}, WAY_SET, "e", "(Since lt datetime'2024-02-29T00:00:00' or Since ge datetime'2024-03-01T00:00:00')"},
        {"Products", {"Changed = 2024-02-29T12:00:00"}, WAY_SET, "e",
         "Changed ge datetime'2024-02-29T12:00:00' and Changed lt datetime'2024-02-29T12:00:00.001'"},
        {"Products", {"Changed = 2024-02-29T12:00:00.0005"}, WAY_SET, "e", "none"},
        {"Products", {"Changed >= 2024-02-29T12:00:00.0005"}, WAY_SET, "e", "Changed ge datetime'2024-02-29T12:00:00.001'"},
        {"Products", {"Changed > 2024-02-29T23:59:59.999"}, WAY_SET, "e", "Changed ge datetime'2024-03-01T00:00:00'"},
        {"Products", {"Changed < 2024-02-29T12:00:00"}, WAY_SET, "e", "Changed lt datetime'2024-02-29T12:00:00'"},
        {"Products", {"Changed <= 2024-02-29T12:00:00"}, WAY_SET, "e", "Changed lt datetime'2024-02-29T12:00:00.001'"},
        {"Products", {"ID > 1", "Opens = 08:01:00"}, WAY_SET, "ee", "ID gt 1L and Opens eq time'PT8H1M0S'"},
        {"Products", {"ID > 1", "Maker_Land_Code = DE", "Maker_Land_Code null"}, WAY_SET, "et-", "ID gt 1L and Maker/Land/Code eq 'DE'"},
        {"Products_Category", {"Products_ID > 5", "Name = x"}, WAY_EXPAND, "et", "Name eq 'x'"},
        {"Categories_Products", {"Price > 1"}, WAY_EXPAND, "-", ""}, /* nothing can be said of many inside */
        {"Categories_Products", {"Categories_ID = 1", "Price > 1"}, WAY_DIRECT, "ee", "Price gt 1M"},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v2.xml", &plain_options);
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    opened_close(&opened);
}

static void what_must_be_said_is_demanded(void **state)
{
    static const struct { const char *table, *conditions[MOST], *message; } cases[] = {
        {"Products", {NULL}, "Table Products can only be read with a condition on ID, as in WHERE ID = …"},
        {"Products_Category", {"Name = x"}, "Table Products can only be read with a condition on ID, as in WHERE ID = …"},
        {"Products", {"ID <> ?"}, "Table Products can only be read with a condition on ID, as in WHERE ID = …"},
        {"Categories", {"Search like a"}, "Search of table Categories is only an input: compare it with = to a value known in advance, as in Search = '…'"},
        {"Categories", {"Search = ?"}, "Search of table Categories is only an input: compare it with = to a value known in advance, as in Search = '…'"},
        {"Needy", {"A > 1"}, "Table Needy can only be read with a condition on B, as in WHERE B = …"},
        {"Hidden", {"A > 1"}, "Table Hidden can not be read by itself: the service shows its rows only as what others lead to"},
    };
    static const char *const document =
        "<edmx:Edmx Version='1.0' xmlns:edmx='e'><edmx:DataServices xmlns:m='m' m:DataServiceVersion='2.0'><Schema Namespace='S' xmlns:sap='s'>"
        "<EntityType Name='N'><Key><PropertyRef Name='A'/></Key><Property Name='A' Type='Edm.Int32' Nullable='false'/>"
        "<Property Name='B' Type='Edm.String' sap:required-in-filter='true'/></EntityType><EntityContainer Name='C'>"
        "<EntitySet Name='Needy' EntityType='S.N'/><EntitySet Name='Hidden' EntityType='S.N' sap:addressable='false'/></EntityContainer>"
        "</Schema></edmx:DataServices></edmx:Edmx>";
    struct opened shop, needy;
    (void)state;

    opened_file(&shop, "shop_v2.xml", &plain_options);
    opened_text(&needy, document, strlen(document), &plain_options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct opened *opened = service_table(&shop.service, cases[i].table) ? &shop : &needy;
        struct planned planned;
        struct error err = {0};
        if (plan(opened, opened_table(opened, cases[i].table), cases[i].conditions, &planned, &err))
            fail_msg("case %zu is possible", i);
        assert_string_equal(err.sqlstate, "42000");
        assert_string_equal(err.message, cases[i].message);
        buffer_clear(&planned.text);
    }
    const char *const by_key[MOST] = {"A = 1"};
    struct planned planned;
    struct error err = {0};
    assert_true(plan(&needy, opened_table(&needy, "Needy"), by_key, &planned, &err));
    buffer_clear(&planned.text);
    opened_close(&shop);
    opened_close(&needy);
}

/* Every value is asked for once, no request is longer than allowed. */
static void long_lists_are_split(void **state)
{
    static const struct { const char *file, *table, *column; long most; size_t largest; } cases[] = {
        {"shop_v4.xml", "Categories", "ID", 1500, 500}, {"shop_v4.xml", "Categories", "ID", 60, 500}, {"shop_v4.xml", "Categories", "ID", -1, 500},
        {"shop_v2.xml", "Categories", "ID", 1500, 50},  {"shop_v2.xml", "Categories", "ID", 10, 50},
    };
    char list[3000] = "";
    (void)state;

    for (int i = 1; i <= 300; i++)
        sprintf(list + strlen(list), "%s%d", i > 1 ? "," : "ID in ", i * 7);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_options options = plain_options;
        const char *const conditions[MOST] = {list, "Name like a%"};
        struct opened opened;
        struct planned planned;
        struct error err = {0};
        size_t seen = 0, requests = 0;
        options.most_filter = cases[i].most;
        opened_file(&opened, cases[i].file, &options);
        assert_true(plan(&opened, opened_table(&opened, cases[i].table), conditions, &planned, &err));
        const struct odata_term *term = &planned.filter.terms[0];
        do {
            const char *text = decoded(&planned);
            size_t length = term->end - term->first;
            if (length == 0 || length > cases[i].largest || (cases[i].most > 20 && strlen(text) > (size_t)cases[i].most))
                fail_msg("case %zu: %zu values in %zu bytes", i, length, strlen(text));
            assert_int_equal(term->first, seen);
            seen = term->end;
            requests++;
        } while (odata_filter_next(&planned.filter));
        assert_int_equal(seen, 300);
        assert_true(requests > 1 || cases[i].most < 0 || cases[i].most == 1500);
        buffer_clear(&planned.text);
        opened_close(&opened);
    }
}

static void what_does_not_fit_is_left_out(void **state)
{
    const char *const conditions[MOST] = {"ID > 1", "Name like %aaaaaaaaaaaaaaaaaaaaaaaaaaaa%", "Name = b"};
    struct odata_options options = plain_options;
    struct opened opened;
    struct planned planned;
    struct error err = {0};
    (void)state;

    options.most_filter = 40;
    opened_file(&opened, "shop_v4.xml", &options);
    assert_true(plan(&opened, opened_table(&opened, "Categories"), conditions, &planned, &err));
    /* First goes what is looked at again in any case. */
    assert_string_equal(decoded(&planned), "ID gt 1");
    assert_true(planned.filter.terms[1].left_out && planned.filter.terms[2].left_out);
    buffer_clear(&planned.text);
    opened_close(&opened);

    options.most_filter = 0;
    opened_file(&opened, "shop_v4.xml", &options);
    assert_true(plan(&opened, opened_table(&opened, "Categories"), conditions, &planned, &err));
    assert_string_equal(planned.marks, "---");
    buffer_clear(&planned.text);
    opened_close(&opened);
}

static void texts_can_be_exact(void **state)
{
    static const struct expected cases[] = {
        {"Categories", {"Name = x", "Name in a,b", "Name null", "Name like a%"}, WAY_SET, "eeet",
         "Name eq 'x' and Name in ('a','b') and Name eq null and startswith(Name,'a')"},
        {"Categories", {"Name > x", "Name <> x"}, WAY_SET, "--", ""},
    };
    struct odata_options options = plain_options;
    struct opened opened;
    (void)state;

    options.exact_text = true;
    opened_file(&opened, "shop_v4.xml", &options);
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    opened_close(&opened);
}

static void what_was_refused_is_not_asked_again(void **state)
{
    struct opened opened;
    struct odata_table *categories, *parts;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    categories = opened_table(&opened, "Categories");
    parts = opened_table(&opened, "Products_Parts");
    atomic_store(&categories->refused, REFUSED_KEY);
    atomic_store(&parts->refused, REFUSED_EXPAND);
    atomic_store(&opened.refused, REFUSED_IN | REFUSED_FUNCTIONS);
    const struct expected cases[] = {
        {"Categories", {"ID = 5"}, WAY_SET, "e", "ID eq 5"},
        {"Categories", {"ID in 1,2"}, WAY_SET, "e", "(ID eq 1 or ID eq 2)"},
        {"Categories", {"Name like a%", "Name like b"}, WAY_SET, "tt", "Name eq 'b'"},
        {"Products_Parts", {"Products_ID > 5"}, WAY_WALK, "e", ""},
    };
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    atomic_store(&categories->columns[0].filter_refused, true);
    const struct expected after = {"Categories", {"ID = 5", "Name = a"}, WAY_SET, "-t", "Name eq 'a'"};
    check(&opened, &after, 1);
    opened_close(&opened);
}

static void the_filters_functions_are_those_the_service_names(void **state)
{
    static const struct odata_name only = {NULL, "startswith"};
    struct odata_limits limits;
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    struct odata_table *categories = opened_table(&opened, "Categories");
    limits = *categories->limits;
    limits.functions = &only;
    categories->limits = &limits;
    const struct expected cases[] = {
        {"Categories", {"Name like a%b%"}, WAY_SET, "t", "startswith(Name,'a')"},
        {"Categories", {"Name like %b%"}, WAY_SET, "t", ""},
    };
    check(&opened, cases, sizeof cases / sizeof cases[0]);
    opened_close(&opened);
}

static void order_is_the_services_only_where_it_is_sqls(void **state)
{
    static const struct { const char *table, *conditions[MOST], *order[3]; bool taken; } cases[] = {
        {"Products", {NULL}, {"ID"}, true},
        {"Products", {NULL}, {"-ID"}, true},
        {"Products", {NULL}, {"Name"}, false},                  /* a text */
        {"Products", {NULL}, {"Weight"}, false},                /* can be NULL */
        {"Products", {"Weight > 1"}, {"Weight"}, true},
        {"Products", {"Weight > 1"}, {"Weight", "ID"}, true},
        {"Products", {"Weight > 1"}, {"Weight", "Name"}, false},
        {"Products", {"Weight null"}, {"Weight"}, false},
        {"Products", {"Since > 2024-01-01"}, {"Since"}, false}, /* the service says so */
        {"Products", {"ID in 1,2"}, {"ID"}, false},
        {"Products", {"ID = 1"}, {"ID"}, false},                /* by key */
        {"Products_Parts", {NULL}, {"Products_ID"}, false},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct odata_table *table = opened_table(&opened, cases[i].table);
        struct plan_order order[3];
        struct planned planned;
        struct error err = {0};
        size_t count = 0;
        assert_true(plan(&opened, table, cases[i].conditions, &planned, &err));
        for (; count < 3 && cases[i].order[count]; count++)
            order[count] = (struct plan_order){table_column(&table->table, cases[i].order[count] + (cases[i].order[count][0] == '-')),
                                               cases[i].order[count][0] == '-'};
        if (odata_route_ordered(&opened.context, table, &planned.route, planned.conditions, planned.count, order, count) != cases[i].taken)
            fail_msg("case %zu", i);
        buffer_clear(&planned.text);
    }
    opened_close(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v4_conditions),
        cmocka_unit_test(v2_conditions),
        cmocka_unit_test(what_must_be_said_is_demanded),
        cmocka_unit_test(long_lists_are_split),
        cmocka_unit_test(what_does_not_fit_is_left_out),
        cmocka_unit_test(texts_can_be_exact),
        cmocka_unit_test(what_was_refused_is_not_asked_again),
        cmocka_unit_test(the_filters_functions_are_those_the_service_names),
        cmocka_unit_test(order_is_the_services_only_where_it_is_sqls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
