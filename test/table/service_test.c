/* Proves table/service.c: names are found without case, and calls reach the table's own service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "table/service.h"

static int opened, stepped, closed;

static bool open_scan(const struct scan_request *request, struct scan **scan, struct error *err)
{
    (void)err;
    opened++;
    *scan = (struct scan *)(uintptr_t)request->table;
    return true;
}

static bool next(struct scan *scan, struct batch *batch, struct error *err)
{
    (void)scan;
    stepped++;
    *batch = (struct batch){0};
    return error_set(err, "08S01", "cut off");
}

static void close_scan(struct scan *scan)
{
    assert_non_null(scan);
    closed++;
}

static const struct service_class fake = {.scan_open = open_scan, .scan_next = next, .scan_close = close_scan};
static const struct column columns[] = {{.name = "Id"}, {.name = "LastName"}};
static struct service service;
static const struct table users = {.name = "Users", .service = &service, .columns = columns, .column_count = 2};
static const struct table *const tables[] = {&users};
static const struct procedure renew = {.name = "RefreshOAuthAccessToken", .service = &service};
static const struct procedure *const procedures[] = {&renew};
static struct service service = {.class = &fake, .tables = tables, .table_count = 1, .procedures = procedures, .procedure_count = 1};

static void finds_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(service_table(&service, "uSERS"), &users);
    assert_null(service_table(&service, "User"));
    assert_ptr_equal(service_procedure(&service, "refreshoauthaccesstoken"), &renew);
    assert_null(service_procedure(&service, ""));
    assert_int_equal(table_column(&users, "lastname"), 1);
    assert_int_equal(table_column(&users, "Name"), -1);
}

static void reaches_the_service(void **state)
{
    struct scan_request request = {.table = &users, .limit = -1};
    struct scan *scan;
    struct batch batch;
    struct error err = {0};
    (void)state;
    assert_true(scan_open(&request, &scan, &err));
    assert_false(scan_next(&users, scan, &batch, &err));
    assert_string_equal(err.message, "cut off");
    scan_close(&users, scan);
    assert_true(opened == 1 && stepped == 1 && closed == 1);
}

static struct table late;

static bool complete(const struct table *table, struct error *err)
{
    assert_ptr_equal(table, &late);
    late.columns = columns;
    late.column_count = 2;
    return late.name[0] ? true : error_memory(err);
}

static void completes_tables_that_are_listed_without_columns(void **state)
{
    static const struct service_class lazy = {.complete = complete};
    static struct service lister = {.class = &lazy};
    struct error err = {0};
    (void)state;
    late = (struct table){.name = "Late", .service = &lister};
    assert_true(table_complete(&late, &err));
    assert_int_equal(table_column(&late, "Id"), 0);
    late.name = "";
    assert_false(table_complete(&late, &err));
    assert_string_equal(err.sqlstate, "HY001");
    late = (struct table){.name = "Own", .place = PLACE_WORKSPACE, .service = &lister};
    assert_true(table_complete(&late, &err)); /* not the service's */
    assert_int_equal(late.column_count, 0);
    assert_true(table_complete(&users, &err)); /* whole from the start */
}

static const struct table hidden = {.name = "Hidden", .columns = columns, .column_count = 2};

static bool find_hidden(struct service *finder, const char *name, const struct table **table, struct error *err)
{
    assert_ptr_equal(finder->user, finder); /* it is the service itself, not a picture of it */
    if (name[0] == '!')
        return error_set(err, "08S01", "cut off");
    *table = name[0] == 'H' ? &hidden : NULL;
    return true;
}

static void looks_for_tables_that_are_not_listed(void **state)
{
    static const struct service_class finding = {.find = find_hidden};
    struct service own = {.class = &finding, .finder = &own}, picture;
    const struct table *table = &users;
    struct error err = {0};
    (void)state;

    own.user = (const char *)&own;
    picture = own;
    assert_true(service_find(&service, "Hidden", &table, &err)); /* all of its tables are listed */
    assert_null(table);
    assert_true(service_find(&picture, "Hidden", &table, &err));
    assert_ptr_equal(table, &hidden);
    assert_true(service_find(&picture, "none", &table, &err));
    assert_null(table);
    assert_false(service_find(&picture, "!", &table, &err));
    assert_string_equal(err.sqlstate, "08S01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_name),
        cmocka_unit_test(reaches_the_service),
        cmocka_unit_test(completes_tables_that_are_listed_without_columns),
        cmocka_unit_test(looks_for_tables_that_are_not_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
