/* Proves providers/definition/plan.c and request.c on TSheets: which conditions are taken, which are exact, and what is sent for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/keep.h"
#include "providers/definition/plan.h"
#include "providers/definition/request.h"
#include "providers/definition/variables.h"
#include "sources.h"

enum { MOST = 8 };

static struct definition *tsheets;

static int open_definition(void **state)
{
    struct error err = {0};
    (void)state;
    return definition_open(source_path("providers/tsheets/tsheets.xml"), source_path("providers/provider.rng"), NULL, &tsheets, &err) ? 0 : -1;
}

static int close_definition(void **state)
{
    (void)state;
    definition_close(tsheets);
    return 0;
}

static const struct table *find(const char *name)
{
    for (size_t i = 0; i < tsheets->table_count; i++)
        if (strcmp(tsheets->tables[i]->table.name, name) == 0)
            return &tsheets->tables[i]->table;
    fail_msg("no table %s", name);
    return NULL;
}

/* A condition as a test writes it: "UserId in", "Date >=", "Active = ?" where ? makes it unusable. */
static struct plan_condition condition(const struct table *table, const char *text)
{
    char column[64], op[8], usable[4] = "";
    struct plan_condition made = {0};

    sscanf(text, "%63s %7s %3s", column, op, usable);
    made.column = table_column(table, column);
    assert_true(made.column >= 0);
    while (strcmp(definition_op_name(made.op), op) != 0)
        made.op++;
    made.usable = usable[0] == '\0';
    return made;
}

static void takes_what_the_service_can(void **state)
{
    /* expected: a letter per condition: - not taken, t taken, e taken and exact */
    static const struct { const char *table; const char *conditions[MOST]; const char *expected; } cases[] = {
        {"Timesheets", {NULL}, ""},
        {"Timesheets", {"UserId in", "Date >=", "Date <="}, "eee"},
        {"Timesheets", {"UserId =", "Date =", "OnTheClock ="}, "eee"},
        {"Timesheets", {"Date >", "Date <"}, "tt"},                       /* the service includes the bound */
        {"Timesheets", {"Date >=", "Date >="}, "e-"},                     /* one parameter, one condition */
        {"Timesheets", {"Date >=", "Date =", "Date <="}, "-e-"},          /* the equality has both parameters */
        {"Timesheets", {"Date in", "Duration =", "Notes like"}, "---"},
        {"Timesheets", {"JobcodeId in"}, "t"},                            /* includes children */
        {"Timesheets", {"LastModified >", "LastModified <="}, "tt"},
        {"Timesheets", {"LastModified ="}, "t"},
        {"Timesheets", {"UserId = ?", "Date >="}, "-e"},                  /* value not known yet */
        {"Timesheets", {"UserId <>"}, "-"},
        {"Timesheets", {"PayrollIds in", "GroupIds =", "JobCodeType ="}, "eee"},
        {"Users", {"Active =", "ActiveStatus ="}, "-e"},                  /* inputs come first */
        {"Users", {"Id in", "Id <>", "GroupId <>"}, "ett"},
        {"Users", {"FirstName like", "FirstName ="}, "-t"},
        {"Users", {"LastName like", "Username in", "EmployeeNumber ="}, "tte"},
        {"Groups", {"Name in", "Active =", "ManagedBy in"}, "tee"},
        {"JobCodes", {"Type =", "ParentId in", "Name like", "Name in"}, "eet-"},
        {"JobcodeAssignments", {"UserId in", "JobcodeId =", "Active =", "Id ="}, "tte-"},
        {"UserPermissions", {"UserId =", "Admin ="}, "e-"},
        {"CurrentUser", {"Id ="}, "-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct table *table = find(cases[i].table);
        struct plan_condition conditions[MOST];
        struct plan plan = {.conditions = conditions};
        struct error err = {0};
        char got[MOST + 1] = "";
        while (cases[i].conditions[plan.condition_count]) {
            conditions[plan.condition_count] = condition(table, cases[i].conditions[plan.condition_count]);
            plan.condition_count++;
        }
        if (!definition_plan(table, NULL, &plan, &err))
            fail_msg("case %zu: %s", i, err.message);
        for (size_t j = 0; j < plan.condition_count; j++)
            got[j] = conditions[j].exact ? 'e' : conditions[j].taken ? 't' : '-';
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("case %zu, %s: %s instead of %s", i, cases[i].table, got, cases[i].expected);
    }
}

static double requests_of(const char *table_name, const char *first, const char *second)
{
    const struct table *table = find(table_name);
    struct plan_condition conditions[2];
    struct plan plan = {.conditions = conditions};
    struct error err = {0};

    if (first)
        conditions[plan.condition_count++] = condition(table, first);
    if (second)
        conditions[plan.condition_count++] = condition(table, second);
    assert_true(definition_plan(table, NULL, &plan, &err));
    return plan.requests;
}

static void each_filter_makes_it_cheaper(void **state)
{
    (void)state;
    double all = requests_of("Timesheets", NULL, NULL), since = requests_of("Timesheets", "Date >=", NULL);
    assert_true(since < all);
    assert_true(requests_of("Timesheets", "Date >=", "UserId =") < since);
    assert_true(requests_of("Timesheets", "Id =", NULL) == 1);
    assert_true(requests_of("CurrentUser", NULL, NULL) == 1);
}

static bool takes_order(const char *table_name, const char *column, bool descending, const char *with)
{
    const struct table *table = find(table_name);
    struct plan_condition conditions[1];
    struct plan_order order = {table_column(table, column), descending};
    struct plan plan = {.conditions = conditions, .order = &order, .order_count = 1};
    struct error err = {0};

    if (with)
        conditions[plan.condition_count++] = condition(table, with);
    assert_true(definition_plan(table, NULL, &plan, &err));
    return plan.order_taken;
}

static void takes_an_order_that_the_service_has(void **state)
{
    (void)state;
    assert_true(takes_order("TimesheetsDeleted", "Date", false, NULL));
    assert_true(takes_order("TimesheetsDeleted", "Date", true, "Date >="));
    assert_false(takes_order("TimesheetsDeleted", "Date", true, "UserId in")); /* may become several requests */
    assert_false(takes_order("TimesheetsDeleted", "Id", false, NULL));
    assert_false(takes_order("Timesheets", "Date", false, NULL));
}

static void refuses_what_can_not_be_read(void **state)
{
    const struct table *table = find("Timesheets");
    struct plan_condition conditions[1];
    struct plan plan = {.conditions = conditions, .condition_count = 1};
    struct error err = {0};
    (void)state;

    conditions[0] = condition(table, "GroupIds > ");
    assert_false(definition_plan(table, NULL, &plan, &err));
    assert_string_equal(err.sqlstate, "42000");
    assert_non_null(strstr(err.message, "GroupIds of table Timesheets is only an input"));
    conditions[0] = condition(table, "GroupIds = ?");
    assert_false(definition_plan(table, NULL, &plan, &err));

    struct definition_table strict = *(const struct definition_table *)table->definition;
    struct definition_require without_default = strict.requires[0];
    without_default.standard = NULL;
    strict.requires = &without_default;
    strict.table.definition = &strict;
    plan.condition_count = 0;
    assert_false(definition_plan(&strict.table, NULL, &plan, &err));
    assert_string_equal(err.message, "Table Timesheets can only be read with a condition on Id or LastModified or Date, as in WHERE Id = …");
}

/* The URL's query for one filter or two; "none" when nothing is to be requested, "22023 …" on failure. */
struct asked {
    const char *column;
    enum filter_op op;
    struct value values[4];
    size_t count;
};

#define TEXT(literal) {.text = (literal), .length = sizeof (literal) - 1, .storage = STORAGE_TEXT}
#define WHOLE(number) {.integer = (number), .storage = STORAGE_INTEGER}
#define NOTHING {.storage = STORAGE_NULL}

/* What is the same for all requests here. */
static struct request_context context(int64_t page_size)
{
    static struct variables variables;
    variables.definition = tsheets;
    return (struct request_context){.definition = tsheets, .url = "", .page_size = page_size, .variables = &variables};
}

static bool print_url(const struct requests *requests, int64_t page, struct buffer *out, struct error *err)
{
    struct page_place place = {.page = page};
    struct series series;
    struct buffer body;

    buffer_init(&body, 4096);
    bool done = requests_series(requests, &series, err) && requests_url(requests, &series, &place, out, &body, err);
    series_close(&series);
    buffer_clear(&body);
    return done;
}

static void ask(const char *table_name, const struct asked *asked, size_t count, int64_t limit, int64_t page, struct buffer *out)
{
    const struct table *table = find(table_name);
    struct filter filters[2];
    bool wanted[64] = {false};
    struct scan_request request = {.table = table, .wanted = wanted, .filters = filters, .limit = limit};
    struct requests requests;
    struct error err = {0};

    for (size_t i = 0; i < count; i++)
        filters[request.filter_count++] = (struct filter){.column = table_column(table, asked[i].column), .op = asked[i].op, .values = asked[i].values, .value_count = asked[i].count};
    buffer_reset(out);
    struct request_context same = context(0);
    if (!requests_open(&requests, &same, &request, false, &err)) {
        buffer_printf(out, "%s %s", err.sqlstate, err.message);
        return;
    }
    if (requests.none)
        buffer_append_text(out, "none");
    else
        assert_true(print_url(&requests, page, out, &err));
    requests_close(&requests);
}

static void sends_what_was_asked_for(void **state)
{
#define PAGE "&limit=200&page=1"
#define SHEETS "/timesheets?supplemental_data=no&on_the_clock=both"
#define USERS "/users?supplemental_data=no&active=both"
    static const struct { const char *table; struct asked asked[2]; size_t count; const char *expected; } cases[] = {
        {"Timesheets", {{0}}, 0, SHEETS "&start_date=1970-01-01" PAGE},
        {"Timesheets", {{"UserId", FILTER_IN, {WHOLE(7), WHOLE(3), WHOLE(7), NOTHING}, 4}, {"Date", FILTER_EQUAL, {TEXT("2024-02-29")}, 1}}, 2,
         SHEETS "&user_ids=3%2C7&start_date=2024-02-29&end_date=2024-02-29" PAGE},
        {"Timesheets", {{"Id", FILTER_EQUAL, {WHOLE(135288482)}, 1}}, 1, SHEETS "&ids=135288482" PAGE},
        {"Timesheets", {{"OnTheClock", FILTER_EQUAL, {WHOLE(0)}, 1}}, 1,
         "/timesheets?supplemental_data=no&on_the_clock=no&start_date=1970-01-01" PAGE},
        /* Inclusive or not is not documented: a second more on both sides, fractions cut. */
        {"Timesheets", {{"LastModified", FILTER_GREATER, {TEXT("2024-03-01 00:00:00")}, 1}}, 1,
         SHEETS "&modified_since=2024-02-29T23%3A59%3A59%2B00%3A00" PAGE},
        {"Timesheets", {{"LastModified", FILTER_LESS, {TEXT("2024-03-01 00:00:00.75")}, 1}}, 1,
         SHEETS "&modified_before=2024-03-01T00%3A00%3A01%2B00%3A00" PAGE},
        {"Timesheets", {{"UserId", FILTER_EQUAL, {NOTHING}, 1}}, 1, "none"},
        {"Timesheets", {{"UserId", FILTER_IN, {NOTHING, NOTHING}, 2}}, 1, "none"},
        {"Timesheets", {{"UserId", FILTER_IN, {NOTHING}, 0}}, 1, "none"},
        {"Timesheets", {{"JobCodeType", FILTER_EQUAL, {TEXT("PTO")}, 1}}, 1,
         SHEETS "&start_date=1970-01-01&jobcode_type=pto" PAGE},
        {"Timesheets", {{"JobCodeType", FILTER_EQUAL, {TEXT("holiday")}, 1}}, 1,
         "22023 JobCodeType of table Timesheets can not be \"holiday\"; it can be regular, pto, paid_break, unpaid_break or all"},
        {"Timesheets", {{"GroupIds", FILTER_EQUAL, {TEXT("1,2")}, 1}}, 1, "22023 GroupIds of table Timesheets can not be \"1,2\""},
        {"Users", {{"Active", FILTER_EQUAL, {WHOLE(1)}, 1}}, 1, "/users?supplemental_data=no&active=yes" PAGE},
        {"Users", {{"FirstName", FILTER_LIKE, {TEXT("Ma%y_")}, 1}}, 1, USERS "&first_name=Ma%2A" PAGE},
        {"Users", {{"FirstName", FILTER_LIKE, {TEXT("Mary")}, 1}}, 1, USERS "&first_name=Mary" PAGE},
        {"Users", {{"FirstName", FILTER_LIKE, {TEXT("%a")}, 1}}, 1, USERS PAGE},      /* nothing to narrow by */
        {"Users", {{"FirstName", FILTER_LIKE, {TEXT("a*b%")}, 1}}, 1, USERS "&first_name=a%2A" PAGE},
        {"Users", {{"FirstName", FILTER_EQUAL, {TEXT("")}, 1}}, 1, USERS PAGE},       /* empty would mean no filter or an error */
        {"Users", {{"Username", FILTER_IN, {TEXT("b"), TEXT("a&c=d")}, 2}}, 1, USERS "&usernames=a%26c%3Dd%2Cb" PAGE},
        {"Users", {{"Username", FILTER_IN, {TEXT("b"), TEXT("Smith, Bob")}, 2}}, 1, USERS PAGE}, /* no way to write that comma */
        {"Users", {{"Id", FILTER_NOT_EQUAL, {WHOLE(5)}, 1}}, 1, USERS "&not_ids=5" PAGE},
        {"JobCodes", {{"Type", FILTER_EQUAL, {TEXT("pto")}, 1}}, 1, "/jobcodes?supplemental_data=no&active=both&type=pto" PAGE},
        {"JobCodes", {{"Type", FILTER_EQUAL, {TEXT("all")}, 1}}, 1, "none"},          /* no jobcode is of type "all" */
        {"CurrentUser", {{0}}, 0, "/current_user"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask(cases[i].table, cases[i].asked, cases[i].count, -1, 0, &out);
        assert_string_equal(buffer_text(&out), cases[i].expected);
    }
    buffer_clear(&out);
}

static void fits_the_page_to_the_limit(void **state)
{
    static const struct { int64_t limit; const char *expected; } cases[] = {
        {-1, "&limit=200&page=3"}, {10, "&limit=10&page=3"}, {200, "&limit=200&page=3"}, {201, "&limit=101&page=3"},
        {250, "&limit=125&page=3"}, {1000, "&limit=200&page=3"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask("Groups", NULL, 0, cases[i].limit, 2, &out);
        assert_non_null(strstr(buffer_text(&out), cases[i].expected));
    }
    ask("Groups", NULL, 0, 0, 0, &out);
    assert_string_equal(buffer_text(&out), "none");
    buffer_clear(&out);
}

static void splits_long_lists(void **state)
{
    const struct table *table = find("Users");
    struct value ids[250], groups[150];
    struct filter filters[] = {
        {.column = table_column(table, "Id"), .op = FILTER_IN, .values = ids, .value_count = 250},
        {.column = table_column(table, "GroupId"), .op = FILTER_IN, .values = groups, .value_count = 150},
    };
    bool wanted[64] = {false};
    struct scan_request request = {.table = table, .wanted = wanted, .filters = filters, .filter_count = 2, .limit = -1};
    struct requests requests;
    struct error err = {0};
    unsigned char seen[250][150] = {{0}};
    int count = 0;
    bool more = true;
    (void)state;

    for (int i = 0; i < 250; i++)
        ids[i] = value_integer(10000 - i);
    for (int i = 0; i < 150; i++)
        groups[i] = value_integer(i);
    struct request_context same = context(0);
    assert_true(requests_open(&requests, &same, &request, false, &err));
    assert_true(requests.split);
    assert_true(requests_look_at(&requests, filters[0].column));
    for (; more; count++) {
        const struct request_list *id = &requests.lists[0], *group = &requests.lists[1];
        assert_true(id->end - id->first <= 100 && group->end - group->first <= 100);
        for (size_t i = id->first; i < id->end; i++)
            for (size_t j = group->first; j < group->end; j++)
                seen[i][j]++;
        /* A row stays only in the request that asked for it. */
        struct value id_cell = id->values[id->first], group_cell = group->values[group->end - 1];
        struct value *cells[64] = {0};
        cells[filters[0].column] = &id_cell;
        cells[filters[1].column] = &group_cell;
        struct series series;
        assert_true(requests_series(&requests, &series, &err));
        assert_true(requests_keep(&requests, &series, cells, 0));
        id_cell.integer--;
        assert_false(requests_keep(&requests, &series, cells, 0));
        id_cell = value_null();
        assert_false(requests_keep(&requests, &series, cells, 0));
        series_close(&series);
        assert_true(requests_next(&requests, &more, &err));
    }
    assert_int_equal(count, 6);
    for (int i = 0; i < 250; i++)
        for (int j = 0; j < 150; j++)
            assert_int_equal(seen[i][j], 1);
    requests_close(&requests);
}

static void asks_for_custom_fields_only_when_they_are_wanted(void **state)
{
    const struct table *table = find("JobCodes");
    bool wanted[64] = {false};
    struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
    struct requests requests;
    struct error err = {0};
    struct buffer url;
    (void)state;

    buffer_init(&url, 4096);
    wanted[table_column(table, "CustomFields")] = true;
    struct request_context same = context(50);
    assert_true(requests_open(&requests, &same, &request, false, &err));
    assert_true(print_url(&requests, 0, &url, &err));
    assert_string_equal(buffer_text(&url), "/jobcodes?supplemental_data=no&active=both&type=all&customfields=true&limit=50&page=1");
    requests_close(&requests);
    buffer_clear(&url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_the_service_can),
        cmocka_unit_test(each_filter_makes_it_cheaper),
        cmocka_unit_test(takes_an_order_that_the_service_has),
        cmocka_unit_test(refuses_what_can_not_be_read),
        cmocka_unit_test(sends_what_was_asked_for),
        cmocka_unit_test(fits_the_page_to_the_limit),
        cmocka_unit_test(splits_long_lists),
        cmocka_unit_test(asks_for_custom_fields_only_when_they_are_wanted),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
