/* Calls the driver through the driver manager in orders that applications really use, and in some that they should not.
 *
 * The connection string comes from DSN=sandbox of the configuration that order_test.py prepares; the number of groups and users is
 * told by the environment (GROUPS, USERS). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
    SQLHENV environment;
    SQLHDBC connection;
    SQLHSTMT statement;
};

static SQLCHAR *text(const char *words)
{
    return (SQLCHAR *)(uintptr_t)words;
}

static void succeeds(SQLRETURN result, SQLSMALLINT kind, SQLHANDLE handle, const char *what)
{
    SQLCHAR state[6] = "", message[1024] = "";
    SQLINTEGER native = 0;
    if (result == SQL_SUCCESS)
        return;
    SQLGetDiagRec(kind, handle, 1, state, &native, message, sizeof message, NULL);
    fail_msg("%s gave %d: %s %s", what, result, (char *)state, (char *)message);
}

#define OK(session, call) succeeds(call, SQL_HANDLE_STMT, (session)->statement, #call)

static void state_is(SQLSMALLINT kind, SQLHANDLE handle, const char *wanted)
{
    SQLCHAR state[6] = "", message[1024] = "";
    SQLINTEGER native;
    assert_int_equal(SQLGetDiagRec(kind, handle, 1, state, &native, message, sizeof message, NULL), SQL_SUCCESS);
    if (strcmp((char *)state, wanted) != 0)
        fail_msg("SQLSTATE %s in place of %s: %s", (char *)state, wanted, (char *)message);
}

static long told(const char *name)
{
    const char *value = getenv(name);
    assert_non_null(value);
    return strtol(value, NULL, 10);
}

static int set_up(void **state)
{
    struct session *session = calloc(1, sizeof *session);
    assert_non_null(session);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &session->environment), SQL_SUCCESS);
    assert_int_equal(SQLSetEnvAttr(session->environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(intptr_t)SQL_OV_ODBC3, 0), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, session->environment, &session->connection), SQL_SUCCESS);
    succeeds(SQLConnect(session->connection, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0), SQL_HANDLE_DBC, session->connection, "SQLConnect");
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->connection, &session->statement), SQL_SUCCESS);
    *state = session;
    return 0;
}

static int tear_down(void **state)
{
    struct session *session = *state;
    if (session->statement)
        SQLFreeHandle(SQL_HANDLE_STMT, session->statement);
    SQLDisconnect(session->connection);
    SQLFreeHandle(SQL_HANDLE_DBC, session->connection);
    SQLFreeHandle(SQL_HANDLE_ENV, session->environment);
    free(session);
    return 0;
}

static long count_rows(struct session *session)
{
    long rows = 0;
    SQLRETURN result;
    while ((result = SQLFetch(session->statement)) == SQL_SUCCESS || result == SQL_SUCCESS_WITH_INFO)
        rows++;
    assert_int_equal(result, SQL_NO_DATA);
    return rows;
}

static void prepares_then_describes_before_execution(void **state)
{
    struct session *s = *state;
    SQLSMALLINT columns = 0, type = 0, digits = 0, nullable = 0, parameters = 0, length = 0;
    SQLULEN size = 0;
    SQLCHAR name[64];

    OK(s, SQLPrepare(s->statement, text("SELECT Id, FirstName AS Given, HireDate FROM Users WHERE Id = ? AND Active = ?"), SQL_NTS));
    OK(s, SQLNumResultCols(s->statement, &columns));
    assert_int_equal(columns, 3);
    OK(s, SQLDescribeCol(s->statement, 2, name, sizeof name, &length, &type, &size, &digits, &nullable));
    assert_string_equal((char *)name, "Given");
    assert_int_equal(length, 5);
    assert_int_equal(type, SQL_WVARCHAR);
    assert_true(size > 0);
    OK(s, SQLDescribeCol(s->statement, 3, NULL, 0, &length, &type, &size, &digits, &nullable));
    assert_int_equal(type, SQL_TYPE_DATE);
    assert_int_equal(size, 10);
    OK(s, SQLNumParams(s->statement, &parameters));
    assert_int_equal(parameters, 2);
    OK(s, SQLDescribeParam(s->statement, 2, &type, &size, &digits, &nullable));
    assert_int_equal(type, SQL_BIT);
    assert_int_equal(SQLFetch(s->statement), SQL_ERROR);    /* not executed */
    state_is(SQL_HANDLE_STMT, s->statement, "HY010");
}

static void binds_before_and_after_preparing(void **state)
{
    struct session *s = *state;
    SQLINTEGER wanted = 510004;
    SQLBIGINT id = 0;
    SQLCHAR name[64] = "";
    SQLLEN id_length = 0, name_length = 0;

    OK(s, SQLBindParameter(s->statement, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &wanted, 0, NULL));
    OK(s, SQLBindCol(s->statement, 1, SQL_C_SBIGINT, &id, 0, &id_length));
    OK(s, SQLPrepare(s->statement, text("SELECT Id, Username FROM Users WHERE Id = ?"), SQL_NTS));
    OK(s, SQLBindCol(s->statement, 2, SQL_C_CHAR, name, sizeof name, &name_length));
    OK(s, SQLExecute(s->statement));
    OK(s, SQLFetch(s->statement));
    assert_int_equal(id, 510004);
    assert_string_equal((char *)name, "user1");
    assert_int_equal(name_length, 5);
    assert_int_equal(SQLFetch(s->statement), SQL_NO_DATA);
    OK(s, SQLCloseCursor(s->statement));

    wanted = 510007;                                        /* the same plan, another value */
    OK(s, SQLExecute(s->statement));
    OK(s, SQLFetch(s->statement));
    assert_int_equal(id, 510007);
    OK(s, SQLFreeStmt(s->statement, SQL_CLOSE));
    OK(s, SQLFreeStmt(s->statement, SQL_UNBIND));
    id = 0;
    OK(s, SQLExecute(s->statement));
    OK(s, SQLFetch(s->statement));
    assert_int_equal(id, 0);                                /* unbound: untouched */
    OK(s, SQLFreeStmt(s->statement, SQL_CLOSE));
    OK(s, SQLFreeStmt(s->statement, SQL_RESET_PARAMS));
    assert_int_equal(SQLExecute(s->statement), SQL_ERROR);
    state_is(SQL_HANDLE_STMT, s->statement, "07002");
}

static void gets_data_in_pieces(void **state)
{
    struct session *s = *state;
    SQLCHAR piece[1000];
    SQLLEN length = 0;
    SQLRETURN result;
    size_t total = 0, pieces = 0;

    OK(s, SQLExecDirect(s->statement, text("SELECT Notes FROM Timesheets WHERE {fn LENGTH(Notes)} > 3000 ORDER BY Id LIMIT 1"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    while ((result = SQLGetData(s->statement, 1, SQL_C_CHAR, piece, sizeof piece, &length)) == SQL_SUCCESS_WITH_INFO) {
        state_is(SQL_HANDLE_STMT, s->statement, "01004");
        assert_true(length == SQL_NO_TOTAL || length >= (SQLLEN)sizeof piece);
        total += strlen((char *)piece);
        pieces++;
    }
    assert_int_equal(result, SQL_SUCCESS);
    assert_int_equal((size_t)length, strlen((char *)piece));
    total += strlen((char *)piece);
    assert_true(pieces >= 5);
    assert_int_equal(total, told("LONG_NOTE"));
    assert_int_equal(SQLGetData(s->statement, 1, SQL_C_CHAR, piece, sizeof piece, &length), SQL_NO_DATA);
    assert_int_equal(SQLFetch(s->statement), SQL_NO_DATA);
}

static void asks_the_catalog_between_rows(void **state)
{
    struct session *s = *state;
    SQLHSTMT other = NULL;
    SQLCHAR name[64];
    SQLLEN length;
    long rows = 1;
    int tables = 0;

    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Groups"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, s->connection, &other), SQL_SUCCESS);
    assert_int_equal(SQLTables(other, NULL, 0, NULL, 0, text("%"), SQL_NTS, NULL, 0), SQL_SUCCESS);
    while (SQLFetch(other) == SQL_SUCCESS) {
        assert_int_equal(SQLGetData(other, 3, SQL_C_CHAR, name, sizeof name, &length), SQL_SUCCESS);
        tables += strcmp((char *)name, "Users") == 0 || strcmp((char *)name, "Timesheets") == 0;
    }
    assert_int_equal(tables, 2);
    SQLFreeStmt(other, SQL_CLOSE);
    assert_int_equal(SQLColumns(other, NULL, 0, NULL, 0, text("Users"), SQL_NTS, text("Id"), SQL_NTS), SQL_SUCCESS);
    assert_int_equal(SQLFetch(other), SQL_SUCCESS);
    assert_int_equal(SQLGetData(other, 4, SQL_C_CHAR, name, sizeof name, &length), SQL_SUCCESS);
    assert_string_equal((char *)name, "Id");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, other), SQL_SUCCESS);
    rows += count_rows(s);                                  /* the first statement goes on where it was */
    assert_int_equal(rows, told("GROUPS"));
}

static void two_statements_take_turns(void **state)
{
    struct session *s = *state;
    SQLHSTMT other = NULL;
    SQLINTEGER id;
    SQLLEN length;
    long mine = 0, others = 0;
    SQLRETURN a = SQL_SUCCESS, b = SQL_SUCCESS;

    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, s->connection, &other), SQL_SUCCESS);
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Users"), SQL_NTS));
    assert_int_equal(SQLExecDirect(other, text("SELECT Id FROM Groups ORDER BY Id"), SQL_NTS), SQL_SUCCESS);
    while (a == SQL_SUCCESS || b == SQL_SUCCESS) {
        if (a == SQL_SUCCESS && (a = SQLFetch(s->statement)) == SQL_SUCCESS) {
            assert_int_equal(SQLGetData(s->statement, 1, SQL_C_SLONG, &id, 0, &length), SQL_SUCCESS);
            assert_int_equal(id, 510001 + 3 * mine++);
        }
        if (b == SQL_SUCCESS && (b = SQLFetch(other)) == SQL_SUCCESS)
            others++;
    }
    assert_int_equal(mine, told("USERS"));
    assert_int_equal(others, told("GROUPS"));
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

static void fetches_blocks(void **state)
{
    enum { BLOCK = 7 };
    struct session *s = *state;
    SQLINTEGER ids[BLOCK];
    SQLLEN lengths[BLOCK];
    SQLULEN fetched = 0;
    SQLUSMALLINT status[BLOCK];
    long total = 0;
    SQLRETURN result;

    OK(s, SQLSetStmtAttr(s->statement, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)(intptr_t)BLOCK, 0));
    OK(s, SQLSetStmtAttr(s->statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(s, SQLSetStmtAttr(s->statement, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(s, SQLBindCol(s->statement, 1, SQL_C_SLONG, ids, 0, lengths));
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Users ORDER BY Id"), SQL_NTS));
    while ((result = SQLFetch(s->statement)) == SQL_SUCCESS) {
        for (SQLULEN row = 0; row < fetched; row++) {
            assert_int_equal(ids[row], 510001 + 3 * (total + (long)row));
            assert_int_equal(status[row], SQL_ROW_SUCCESS);
        }
        total += (long)fetched;
    }
    assert_int_equal(result, SQL_NO_DATA);
    assert_int_equal(total, told("USERS"));
}

static void survives_calls_in_the_wrong_order(void **state)
{
    struct session *s = *state;
    SQLINTEGER number = 0;
    SQLLEN length = 0;
    SQLSMALLINT columns = 7;

    assert_int_equal(SQLExecute(s->statement), SQL_ERROR);  /* nothing prepared */
    state_is(SQL_HANDLE_STMT, s->statement, "HY010");
    assert_int_equal(SQLFetch(s->statement), SQL_ERROR);
    assert_int_equal(SQLCloseCursor(s->statement), SQL_ERROR);
    state_is(SQL_HANDLE_STMT, s->statement, "24000");
    OK(s, SQLFreeStmt(s->statement, SQL_CLOSE));            /* this one may always be called */
    OK(s, SQLCancel(s->statement));                         /* and this one */
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Groups"), SQL_NTS));
    assert_int_equal(SQLGetData(s->statement, 1, SQL_C_SLONG, &number, 0, &length), SQL_ERROR);     /* before the first row */
    OK(s, SQLFetch(s->statement));
    assert_int_equal(SQLGetData(s->statement, 9, SQL_C_SLONG, &number, 0, &length), SQL_ERROR);     /* no such column */
    state_is(SQL_HANDLE_STMT, s->statement, "07009");
    assert_int_equal(SQLExecDirect(s->statement, text("SELECT 1"), SQL_NTS), SQL_ERROR);            /* the cursor is open */
    state_is(SQL_HANDLE_STMT, s->statement, "24000");
    OK(s, SQLNumResultCols(s->statement, &columns));
    assert_int_equal(columns, 1);
    assert_int_equal(SQLMoreResults(s->statement), SQL_NO_DATA);
    assert_int_equal(SQLFetch(s->statement), SQL_ERROR);    /* SQLMoreResults has closed it */
    OK(s, SQLExecDirect(s->statement, text("SELECT 1"), SQL_NTS));
    OK(s, SQLCancel(s->statement));
    OK(s, SQLFreeStmt(s->statement, SQL_CLOSE));
    assert_int_equal(SQLExecDirect(s->statement, text("SELECT Id FROM Nowhere"), SQL_NTS), SQL_ERROR);
    state_is(SQL_HANDLE_STMT, s->statement, "42S02");
    state_is(SQL_HANDLE_STMT, s->statement, "42S02");       /* reading a record does not use it up */
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Groups"), SQL_NTS));
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, s->statement, 1, NULL, NULL, NULL, 0, NULL), SQL_NO_DATA);
    assert_int_equal(count_rows(s), told("GROUPS"));
}

static void closes_in_the_middle(void **state)
{
    struct session *s = *state;
    OK(s, SQLExecDirect(s->statement, text("SELECT t.Id FROM Timesheets t JOIN Users u ON u.Id = t.UserId"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    OK(s, SQLFreeStmt(s->statement, SQL_CLOSE));
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Timesheets"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    SQLFreeHandle(SQL_HANDLE_STMT, s->statement);           /* with its cursor open */
    s->statement = NULL;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, s->connection, &s->statement), SQL_SUCCESS);
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Users"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    succeeds(SQLDisconnect(s->connection), SQL_HANDLE_DBC, s->connection, "SQLDisconnect");     /* frees the statement */
    s->statement = NULL;
    succeeds(SQLConnect(s->connection, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0), SQL_HANDLE_DBC, s->connection, "SQLConnect");
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, s->connection, &s->statement), SQL_SUCCESS);
    OK(s, SQLExecDirect(s->statement, text("SELECT Id FROM Groups"), SQL_NTS));
    assert_int_equal(count_rows(s), told("GROUPS"));
}

static void converts_into_many_buffers(void **state)
{
    struct session *s = *state;
    SQL_DATE_STRUCT date = {0};
    SQL_TIMESTAMP_STRUCT moment = {0};
    SQLCHAR bytes[40] = "";
    SQLWCHAR wide[40] = {0};
    double real = 0;
    unsigned char bit = 7;
    SQLLEN length = 0;

    OK(s, SQLExecDirect(s->statement, text("SELECT {d '2024-02-29'}, {ts '2024-02-29 12:34:56'}, 42, 'x', Active, Id FROM Users "
                                           "WHERE Id = 510001"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    OK(s, SQLGetData(s->statement, 1, SQL_C_TYPE_DATE, &date, 0, &length));
    assert_true(date.year == 2024 && date.month == 2 && date.day == 29);
    OK(s, SQLGetData(s->statement, 2, SQL_C_TYPE_TIMESTAMP, &moment, 0, &length));
    assert_true(moment.hour == 12 && moment.minute == 34 && moment.second == 56 && moment.fraction == 0);
    OK(s, SQLGetData(s->statement, 3, SQL_C_DOUBLE, &real, 0, &length));
    assert_true(real > 41.9 && real < 42.1);
    OK(s, SQLGetData(s->statement, 4, SQL_C_WCHAR, wide, sizeof wide, &length));
    assert_true(wide[0] == 'x' && wide[1] == 0 && length == (SQLLEN)sizeof(SQLWCHAR));
    OK(s, SQLGetData(s->statement, 5, SQL_C_BIT, &bit, 0, &length));
    assert_int_equal(bit, 1);
    OK(s, SQLGetData(s->statement, 6, SQL_C_CHAR, bytes, sizeof bytes, &length));
    assert_string_equal((char *)bytes, "510001");
    OK(s, SQLFreeStmt(s->statement, SQL_CLOSE));
    OK(s, SQLExecDirect(s->statement, text("SELECT FirstName FROM Users WHERE Id = 510001"), SQL_NTS));
    OK(s, SQLFetch(s->statement));
    assert_int_equal(SQLGetData(s->statement, 1, SQL_C_SLONG, &real, 0, &length), SQL_ERROR);       /* "Ada" is no number */
    state_is(SQL_HANDLE_STMT, s->statement, "22018");
}

static void tells_the_truth_about_functions(void **state)
{
    struct session *s = *state;
    SQLUSMALLINT supported[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE] = {0};
    SQLCHAR value[128] = "";
    SQLSMALLINT length = 0;

    succeeds(SQLGetFunctions(s->connection, SQL_API_ODBC3_ALL_FUNCTIONS, supported), SQL_HANDLE_DBC, s->connection, "SQLGetFunctions");
    assert_true(SQL_FUNC_EXISTS(supported, SQL_API_SQLFETCH));
    assert_true(SQL_FUNC_EXISTS(supported, SQL_API_SQLDESCRIBEPARAM));
    succeeds(SQLGetInfo(s->connection, SQL_DBMS_NAME, value, sizeof value, &length), SQL_HANDLE_DBC, s->connection, "SQLGetInfo");
    assert_true(length > 0);
    succeeds(SQLGetInfo(s->connection, SQL_DRIVER_NAME, value, sizeof value, &length), SQL_HANDLE_DBC, s->connection, "SQLGetInfo");
    assert_non_null(strstr((char *)value, "librestodbc.so"));
    succeeds(SQLGetInfo(s->connection, SQL_IDENTIFIER_QUOTE_CHAR, value, sizeof value, &length), SQL_HANDLE_DBC, s->connection, "SQLGetInfo");
    assert_string_equal((char *)value, "\"");
    assert_int_equal(SQLGetInfo(s->connection, 65000, value, sizeof value, &length), SQL_ERROR);
    state_is(SQL_HANDLE_DBC, s->connection, "HY096");
    OK(s, SQLGetTypeInfo(s->statement, SQL_ALL_TYPES));
    assert_true(count_rows(s) >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prepares_then_describes_before_execution, set_up, tear_down),
        cmocka_unit_test_setup_teardown(binds_before_and_after_preparing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gets_data_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asks_the_catalog_between_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_statements_take_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fetches_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(survives_calls_in_the_wrong_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(closes_in_the_middle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(converts_into_many_buffers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_the_truth_about_functions, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
