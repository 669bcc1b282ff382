/* Proves system/system.c and system/tables.c: the system tables stand beside a service's own, and are filled without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/property.h"
#include "system/system.h"

static const struct column columns[] = {
    {.name = "Id", .description = "The key", .type = {TYPE_BIGINT, 0, 0}, .key = true},
    {.name = "Amount", .description = "", .type = {TYPE_DECIMAL, 12, 3}, .nullable = true},
    {.name = "Since", .description = "", .type = {TYPE_DATE, 0, 0}, .pseudo = true},
    {.name = "OwnerId", .description = "", .type = {TYPE_BIGINT, 0, 0}, .references_table = "Zebras", .references_column = "Id"},
};

static bool closed;

static void close_service(struct service *service)
{
    (void)service;
    closed = true;
}

static const struct service_class class = {.close = close_service}; /* whatever else is called of it breaks the test */
static struct service inner;
static const struct table ants = {.name = "ants", .description = "Small", .service = &inner, .columns = columns, .column_count = 4};
static const struct table own_sys = {.name = "SYS_Tables", .description = "", .service = &inner, .columns = columns, .column_count = 1};
static const struct table zebras = {.name = "Zebras", .description = "", .kind = TABLE_VIEW, .service = &inner, .columns = columns, .column_count = 1};
static const struct table *const two[] = {&ants, &zebras}, *const three[] = {&ants, &own_sys, &zebras};

static struct service *open_around(const struct table *const *tables, size_t count, const struct properties *properties)
{
    struct service *service = NULL;
    struct error err = {0};

    inner = (struct service){.class = &class, .name = "Zoo", .title = "The Zoo", .user = "me", .tables = tables, .table_count = count};
    closed = false;
    assert_true(system_open(&inner, properties, &service, &err));
    return service;
}

/* All rows of a table as "a|b\n", NULL as "~". */
static const char *rows_of(const struct service *service, const char *name, const char *const *wanted_columns)
{
    static char out[8192];
    const struct table *table = service_table(service, name);
    bool wanted[32] = {false};
    int shown[32];
    size_t count = 0, used = 0;
    struct scan *scan;
    struct batch batch;
    struct error err = {0};

    for (; wanted_columns[count]; count++) {
        shown[count] = table_column(table, wanted_columns[count]);
        assert_true(shown[count] >= 0);
        wanted[shown[count]] = true;
    }
    struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
    struct plan plan = {0};
    assert_true(table->service->class->plan(table, &plan, &err));
    assert_true(scan_open(&request, &scan, &err));
    out[0] = '\0';
    while (scan_next(table, scan, &batch, &err) && batch.row_count) {
        for (size_t i = 0; i < table->column_count; i++)
            assert_int_equal(wanted[i], batch.cells[i] != NULL);
        for (size_t row = 0; row < batch.row_count; row++)
            for (size_t i = 0; i < count; i++) {
                char scratch[VALUE_SCRATCH];
                size_t length;
                const struct value *value = &batch.cells[shown[i]][row];
                const char *text = value_is_null(value) ? "~" : value_as_text(value, scratch, &length);
                used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", text, i + 1 < count ? "|" : "\n");
            }
    }
    scan_close(table, scan);
    return out;
}
#define ROWS(service, name, ...) rows_of(service, name, (const char *const[]){__VA_ARGS__, NULL})

static void tables_stand_beside_the_services_own_by_name(void **state)
{
    struct properties properties;
    (void)state;

    properties_init(&properties);
    struct service *service = open_around(two, 2, &properties);
    assert_int_equal(service->table_count, 10);
    assert_string_equal(service->tables[0]->name, "ants");
    assert_string_equal(service->tables[1]->name, "sys_connection_props");
    assert_string_equal(service->tables[9]->name, "Zebras");
    assert_ptr_equal(service_table(service, "ANTS"), &ants);
    assert_ptr_equal(service_table(service, "ants")->service, &inner);
    assert_ptr_equal(service_table(service, "SYS_TABLES")->service, service);
    assert_string_equal(ROWS(service, "sys_tables", "CatalogName", "SchemaName", "TableName", "TableType", "Description"),
                        "Zoo|~|ants|TABLE|Small\n"
                        "Zoo|~|sys_connection_props|SYSTEM TABLE|The connection properties and what they are set to\n"
                        "Zoo|~|sys_foreignkeys|SYSTEM TABLE|The columns that refer to other tables\n"
                        "Zoo|~|sys_information|SYSTEM TABLE|This driver and what it is connected to\n"
                        "Zoo|~|sys_primarykeys|SYSTEM TABLE|The columns of the primary keys\n"
                        "Zoo|~|sys_procedureparameters|SYSTEM TABLE|The inputs and results of the procedures\n"
                        "Zoo|~|sys_procedures|SYSTEM TABLE|The procedures\n"
                        "Zoo|~|sys_tablecolumns|SYSTEM TABLE|The columns of all tables\n"
                        "Zoo|~|sys_tables|SYSTEM TABLE|All tables\n"
                        "Zoo|~|Zebras|VIEW|\n");
    service->class->close(service);
    assert_true(closed);
}

static void a_name_that_the_service_has_stays_the_services(void **state)
{
    struct properties properties;
    (void)state;

    properties_init(&properties);
    struct service *service = open_around(three, 3, &properties);
    assert_int_equal(service->table_count, 10);
    assert_ptr_equal(service_table(service, "sys_tables"), &own_sys);
    service->class->close(service);
}

static void columns_and_keys_are_those_of_the_definition(void **state)
{
    struct properties properties;
    (void)state;

    properties_init(&properties);
    struct service *service = open_around(two, 2, &properties);
    const char *rows = ROWS(service, "sys_tablecolumns", "TableName", "ColumnName", "DataTypeName", "DataType", "Length", "NumericPrecision",
                            "NumericScale", "IsNullable", "Ordinal", "IsReadOnly", "IsKey");
    const char *wanted = "ants|Id|BIGINT|-5|19|19|0|0|1|1|1\n"
                         "ants|Amount|DECIMAL|3|12|12|3|1|2|1|0\n"
                         "ants|OwnerId|BIGINT|-5|19|19|0|0|3|1|0\n"
                         "sys_connection_props|Name|VARCHAR|-9|128|~|~|0|1|1|1\n";
    assert_memory_equal(rows, wanted, strlen(wanted));
    assert_string_equal(ROWS(service, "sys_foreignkeys", "TableName", "ColumnName", "PrimaryKeyName", "ForeignKeyName", "ReferencedTableName",
                             "ReferencedColumnName"),
                        "ants|OwnerId|PK_Zebras|FK_ants_OwnerId|Zebras|Id\n");
    rows = ROWS(service, "sys_primarykeys", "TableName", "ColumnName", "KeySeq", "KeyName");
    assert_memory_equal(rows, "ants|Id|1|PK_ants\n", 18);
    assert_string_equal(ROWS(service, "sys_information", "Product", "Version", "Datasource", "CatalogName", "UserName"),
                        "restodbc|" PACKAGE_VERSION "|The Zoo|Zoo|me\n");
    service->class->close(service);
}

static void secrets_are_never_shown(void **state)
{
    static const char text[] = "Provider=Zoo;PWD=hush;OAuthClientSecret=hush;OAuthAccessToken=hush;OAuthRefreshToken=hush;"
                               "OAuthVerifier=hush;PKCEVerifier=hush;ProxyPassword=hush;Timeout=7";
    struct properties properties;
    struct error err;
    (void)state;

    properties_init(&properties);
    assert_true(properties_read_string(&properties, text, strlen(text), NULL, NULL, &err));
    struct service *service = open_around(two, 2, &properties);
    const char *rows = ROWS(service, "sys_connection_props", "Name", "Type", "Default", "Values", "Value", "Required", "Category", "Sensitivity");
    assert_null(strstr(rows, "hush"));
    assert_non_null(strstr(rows, "\nPassword|string|~|~|***|0|Authentication|1\n"));
    assert_non_null(strstr(rows, "\nOAuthAccessToken|string|~|~|***|0|OAuth|1\n"));
    assert_non_null(strstr(rows, "\nProvider|string|~|~|Zoo|1|Service|0\n"));
    assert_non_null(strstr(rows, "\nTimeout|number|60|0 to 86400|7|0|Transport|0\n"));
    assert_non_null(strstr(rows, "\nInitiateOAuth|choice|OFF|OFF REFRESH GETANDREFRESH|OFF|0|OAuth|0\n"));
    assert_non_null(strstr(rows, "\nConnectOnOpen|boolean|false|true false|false|0|Transport|0\n"));
    assert_non_null(strstr(rows, "\nSSLServerCert|string|~|~|~|0|TLS|0\n"));
    assert_non_null(strstr(rows, "\nVerbosity|number|1|1 to 5|1|0|Log|0\n"));
    service->class->close(service);
    properties_clear(&properties);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_stand_beside_the_services_own_by_name),
        cmocka_unit_test(a_name_that_the_service_has_stays_the_services),
        cmocka_unit_test(columns_and_keys_are_those_of_the_definition),
        cmocka_unit_test(secrets_are_never_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
