/* Proves that the system tables answer in SQL what the catalog functions answer, cell by cell. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_service.h"

enum { ROOM = 1 << 16 };

/* All rows of the present result, sorted, as "a|b\n"; the columns are those of the list, or all. */
static char *sorted(const struct session *session, const SQLUSMALLINT *columns)
{
    static const SQLUSMALLINT all[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    char *out = calloc(1, ROOM), *lines[512];
    size_t count = 0, used = 0;
    SQLSMALLINT width = 0;

    assert_non_null(out);
    WORKS(session->stmt, SQLNumResultCols(session->stmt, &width));
    for (SQLSMALLINT i = 0; columns && (i == 0 || columns[i]); i++)
        width = (SQLSMALLINT)(i + 1);
    while (SQLFetch(session->stmt) == SQL_SUCCESS && count < 512) {
        char line[2048];
        size_t length = 0;
        for (SQLSMALLINT i = 0; i < width; i++)
            length += (size_t)snprintf(line + length, sizeof line - length, "%s|", session_cell(session, columns ? columns[i] : all[i]));
        lines[count] = strdup(line);
        assert_non_null(lines[count++]);
    }
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && strcmp(lines[j - 1], lines[j]) > 0; j--) {
            char *line = lines[j];
            lines[j] = lines[j - 1];
            lines[j - 1] = line;
        }
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(out + used, ROOM - used, "%s\n", lines[i]);
        free(lines[i]);
    }
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    return out;
}

/* The catalog function has been called; the query must give the same. */
static void same_as(const struct session *session, const SQLUSMALLINT *columns, const char *query)
{
    char *wanted = sorted(session, columns);

    session_query(session, query);
    char *given = sorted(session, NULL);
    assert_true(strchr(wanted, '\n'));
    assert_string_equal(given, wanted);
    free(given);
    free(wanted);
}
#define SAME_AS(session, query, ...) same_as(session, (const SQLUSMALLINT[]){__VA_ARGS__, 0}, query)

static void they_answer_as_the_catalog_functions(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLTables(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    SAME_AS(session, "SELECT CatalogName, SchemaName, TableName, TableType, Description FROM sys_tables", 1, 2, 3, 4, 5);
    WORKS(stmt, SQLColumns(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    SAME_AS(session,
            "SELECT CatalogName, TableName, ColumnName, DataType, DataTypeName, Length, NumericScale, "
            "CASE WHEN NumericPrecision IS NOT NULL THEN 10 END, CASE WHEN IsNullable THEN 'YES' ELSE 'NO' END, Description, Ordinal "
            "FROM sys_tablecolumns",
            1, 3, 4, 5, 6, 7, 9, 10, 18, 12, 17);
    WORKS(stmt, SQLPrimaryKeys(stmt, NULL, 0, NULL, 0, text("Everything"), SQL_NTS));
    SAME_AS(session, "SELECT CatalogName, SchemaName, TableName, ColumnName, KeySeq, KeyName FROM sys_primarykeys WHERE TableName = 'Everything'",
            1, 2, 3, 4, 5, 6);
    WORKS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, text("People"), SQL_NTS, NULL, 0, NULL, 0, NULL, 0));
    SAME_AS(session,
            "SELECT ReferencedCatalogName, ReferencedTableName, ReferencedColumnName, CatalogName, TableName, ColumnName, KeySeq, "
            "ForeignKeyName, PrimaryKeyName FROM sys_foreignkeys",
            1, 3, 4, 5, 7, 8, 9, 12, 13);
    WORKS(stmt, SQLProcedures(stmt, NULL, 0, NULL, 0, NULL, 0));
    SAME_AS(session, "SELECT CatalogName, SchemaName, ProcedureName, Description FROM sys_procedures", 1, 2, 3, 7);
    WORKS(stmt, SQLProcedureColumns(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    SAME_AS(session,
            "SELECT ProcedureName, ColumnName, Direction, DataType, DataTypeName, Length, NumericScale, Description, \"Default\", Ordinal, "
            "CASE WHEN IsNullable THEN 'YES' ELSE 'NO' END FROM sys_procedureparameters",
            3, 4, 5, 6, 7, 8, 10, 13, 14, 18, 19);
    assert_int_equal(atomic_load(&fake_counters.scans), 0);
}

static void they_join_with_each_other_and_with_tables(void **state)
{
    struct session *session = *state;

    session_query(session, "SELECT t.TableType, COUNT(*) FROM sys_tablecolumns c JOIN sys_tables t ON t.TableName = c.TableName "
                           "WHERE t.TableName IN ('Pets', 'Old_Pets') GROUP BY t.TableType ORDER BY 1");
    char *rows = sorted(session, NULL);
    assert_string_equal(rows, "TABLE|2|\nVIEW|2|\n");
    free(rows);
    session_query(session, "SELECT p.Name, t.TableName FROM People p JOIN sys_tables t ON LENGTH(t.TableName) = p.Id WHERE t.TableType = 'TABLE'");
    rows = sorted(session, NULL);
    assert_string_equal(rows, "Dora|Pets|\nFinn|People|\nGerd|Endless|\nJan|Everything|\n");
    free(rows);
    session_query(session, "SELECT Name, Value FROM Fake.sys_connection_props WHERE Name IN ('Provider', 'User', 'Password')");
    rows = sorted(session, NULL);
    assert_string_equal(rows, "Password|(null)|\nProvider|Fake|\nUser|me|\n");
    free(rows);
    session_query(session, "SELECT TOP 1 * FROM sys_information");
    rows = sorted(session, NULL);
    assert_memory_equal(rows, "restodbc|", 9);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(they_answer_as_the_catalog_functions, session_open, session_close),
        cmocka_unit_test_setup_teardown(they_join_with_each_other_and_with_tables, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
