#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"
#include "local_database.h"
#include "sql/declared_type.h"

static void first_argument(sqlite3_context *context, int count, sqlite3_value **values)
{
    if (count > 0)
        sqlite3_result_value(context, values[0]);
    else
        sqlite3_result_text(context, "2024-05-06 07:08:09", -1, SQLITE_STATIC);
}

static void sum_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    double *sum = sqlite3_aggregate_context(context, sizeof *sum);
    (void)count;
    *sum += sqlite3_value_double(values[0]);
}

static void sum_value(sqlite3_context *context)
{
    double *sum = sqlite3_aggregate_context(context, sizeof *sum);
    sqlite3_result_double(context, *sum);
}

static int compare(void *data, int a_length, const void *a, int b_length, const void *b)
{
    (void)data, (void)a, (void)b;
    return a_length - b_length;
}

static void make_table(sqlite3 *db, const struct table *table)
{
    static const char *const schemas[] = {[PLACE_SERVICE] = "main", [PLACE_WORKSPACE] = "workspace", [PLACE_TEMPORARY] = "temp"};
    char type[DECLARED_TYPE_ROOM], *sql = sqlite3_mprintf("CREATE TABLE %s.\"%w\" (", schemas[table->place], table->name);

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        declared_type_print(&column->type, type);
        sql = sqlite3_mprintf("%z%s\"%w\" %s%s%s%s", sql, i ? ", " : "", column->name, column->automatic ? "INTEGER PRIMARY KEY" : type,
                              column->nullable || column->automatic ? "" : " NOT NULL", column->standard ? " DEFAULT " : "",
                              column->standard && !strchr(column->standard, '(') ? column->standard : column->standard ? "1" : "");
    }
    sql = sqlite3_mprintf("%z)", sql);
    local_database_run(db, sql);
    sqlite3_free(sql);
    for (size_t i = 0; i < table->index_count; i++) {
        sql = sqlite3_mprintf("CREATE INDEX %s.\"%w\" ON \"%w\" (\"%w\")", schemas[table->place], table->indexes[i].name, table->name,
                              table->columns[table->indexes[i].columns[0]].name);
        local_database_run(db, sql);
        sqlite3_free(sql);
    }
}

sqlite3 *local_database_open(void)
{
    static const char *const scalars[] = {
        "store_value", "cast_value", "integer_add", "decimal_add", "decimal_multiply", "fn_abs", "fn_ucase", "current_date_value", "current_time_value",
        "current_timestamp_value",
    };
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        sqlite3_create_function(db, scalars[i], -1, SQLITE_UTF8, NULL, first_argument, NULL, NULL);
    sqlite3_create_function(db, "sum_integer", 1, SQLITE_UTF8, NULL, NULL, sum_step, sum_value);
    sqlite3_create_collation(db, "decimal", SQLITE_UTF8, NULL, compare);
    local_database_run(db, "ATTACH ':memory:' AS workspace");
    for (size_t i = 0; i < fake_local_service.table_count; i++)
        if (!fake_local_service.tables[i]->query)
            make_table(db, fake_local_service.tables[i]);
    return db;
}

void local_database_run(sqlite3 *db, const char *sql)
{
    local_database_value(db, sql);
}

const char *local_database_value(sqlite3 *db, const char *sql)
{
    static char value[256];
    sqlite3_stmt *statement = NULL;

    snprintf(value, sizeof value, "(none)");
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW && sqlite3_column_text(statement, 0))
        snprintf(value, sizeof value, "%s", (const char *)sqlite3_column_text(statement, 0));
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return value;
}
