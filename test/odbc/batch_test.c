/* Proves batches, `SELECT …; SELECT …; CALL …`: one result after the other by SQLMoreResults, each described anew. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_service.h"

static const char batch[] = "SELECT Id, Name FROM People WHERE Id = ?; {call Echo(?, 5)}; SELECT Amount FROM Everything WHERE Id = ?;";

static SQLINTEGER ids[2];
static char said[20];

static void bind_parameters(const struct session *session)
{
    WORKS(session->stmt, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &ids[0], 0, NULL));
    WORKS(session->stmt, SQLBindParameter(session->stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, said, sizeof said, NULL));
    WORKS(session->stmt, SQLBindParameter(session->stmt, 3, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_BIGINT, 0, 0, &ids[1], 0, NULL));
    ids[0] = 2;
    ids[1] = 1;
    strcpy(said, "hello");
}

static const char *label(const struct session *session, SQLUSMALLINT column)
{
    static SQLCHAR name[40];
    WORKS(session->stmt, SQLDescribeCol(session->stmt, column, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    return (const char *)name;
}

static void has_columns(const struct session *session, SQLSMALLINT wanted)
{
    SQLSMALLINT count;
    WORKS(session->stmt, SQLNumResultCols(session->stmt, &count));
    assert_int_equal(count, wanted);
}

/* From the first result, executed, to the end. */
static void walk(const struct session *session)
{
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 2), "Bob");
    WORKS(stmt, SQLMoreResults(stmt));
    has_columns(session, 2);
    assert_string_equal(label(session, 1), "Text");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "hello");
    assert_string_equal(session_cell(session, 2), "5");
    assert_int_equal(SQLFetch(stmt), SQL_NO_DATA);
    WORKS(stmt, SQLMoreResults(stmt));
    has_columns(session, 1);
    assert_string_equal(label(session, 1), "Amount");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "1234.5600");
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    assert_int_equal(atomic_load(&fake_counters.scans), 0);
}

static void every_statement_gives_a_result_of_its_own(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLSMALLINT count, type;

    bind_parameters(session);
    WORKS(stmt, SQLPrepare(stmt, text(batch), SQL_NTS));
    WORKS(stmt, SQLNumParams(stmt, &count));
    assert_int_equal(count, 3);
    WORKS(stmt, SQLDescribeParam(stmt, 2, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_WLONGVARCHAR);
    WORKS(stmt, SQLDescribeParam(stmt, 3, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_BIGINT);
    has_columns(session, 2);
    assert_string_equal(label(session, 1), "Id");
    for (int again = 0; again < 3; again++) {
        WORKS(stmt, SQLExecute(stmt));
        walk(session);
        has_columns(session, 2); /* the first is described again */
        assert_string_equal(label(session, 2), "Name");
    }
    WORKS(stmt, SQLExecDirect(stmt, text(batch), SQL_NTS));
    walk(session);
    FAILS(stmt, SQLExecute(stmt), "HY010");
}

static void closing_the_cursor_discards_the_rest(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    bind_parameters(session);
    WORKS(stmt, SQLPrepare(stmt, text(batch), SQL_NTS));
    for (int way = 0; way < 4; way++) {
        WORKS(stmt, SQLExecute(stmt));
        if (way >= 2)
            WORKS(stmt, SQLMoreResults(stmt));
        WORKS(stmt, way % 2 ? SQLCloseCursor(stmt) : SQLFreeStmt(stmt, SQL_CLOSE));
        assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
        assert_string_equal(label(session, 2), "Name");
    }
    WORKS(stmt, SQLExecute(stmt));
    walk(session);
}

static void an_error_in_a_later_statement_ends_the_batch(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLPrepare(stmt, text("SELECT 1; SELECT 1 / (Id - 1) FROM People; SELECT 3"), SQL_NTS));
    for (int again = 0; again < 2; again++) {
        WORKS(stmt, SQLExecute(stmt));
        WORKS(stmt, SQLFetch(stmt));
        FAILS(stmt, SQLMoreResults(stmt), "22012");
        FAILS(stmt, SQLFetch(stmt), "HY010");
        assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    }
    WORKS(stmt, SQLExecDirect(stmt, text("SELECT 1; SELECT 1 / (Id - 1) FROM People; SELECT 3"), SQL_NTS));
    FAILS(stmt, SQLMoreResults(stmt), "22012");
    session_query(session, "SELECT 4");
    FAILS(stmt, SQLExecDirect(stmt, text("SELECT 1"), SQL_NTS), "24000");
    SQLFreeStmt(stmt, SQL_CLOSE);
    FAILS(stmt, SQLPrepare(stmt, text("SELECT 1; SELECT Nothing FROM People"), SQL_NTS), "42S22");
    FAILS(stmt, SQLPrepare(stmt, text(" ;; "), SQL_NTS), "42000");
}

static void results_without_columns_are_results_too(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    char name[40];

    WORKS(stmt, SQLExecDirect(stmt, text("CALL Silent(); SELECT 2; CALL Silent()"), SQL_NTS));
    has_columns(session, 0);
    FAILS(stmt, SQLFetch(stmt), "24000");
    WORKS(stmt, SQLMoreResults(stmt));
    WORKS(stmt, SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION, name, sizeof name, NULL));
    assert_string_equal(name, "SELECT CURSOR");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "2");
    WORKS(stmt, SQLMoreResults(stmt));
    WORKS(stmt, SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION, name, sizeof name, NULL));
    assert_string_equal(name, "CALL");
    has_columns(session, 0);
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
}

static void static_cursors_scroll_in_each_result(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0));
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People WHERE Id < 4; SELECT Name FROM People WHERE Id > 8"), SQL_NTS));
    for (int again = 0; again < 2; again++) {
        WORKS(stmt, SQLExecute(stmt));
        WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
        assert_string_equal(session_cell(session, 1), "3");
        WORKS(stmt, SQLMoreResults(stmt));
        WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
        assert_string_equal(session_cell(session, 1), "Jan");
        WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_FIRST, 0));
        assert_string_equal(session_cell(session, 1), "Ines");
        assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    }
}

static void late_data_reaches_later_statements(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLLEN late = SQL_DATA_AT_EXEC;
    SQLPOINTER token;

    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &late, 0, &late));
    assert_int_equal(SQLExecDirect(stmt, text("SELECT 1; CALL Echo(?)"), SQL_NTS), SQL_NEED_DATA);
    FAILS(stmt, SQLMoreResults(stmt), "HY010");
    assert_int_equal(SQLParamData(stmt, &token), SQL_NEED_DATA);
    WORKS(stmt, SQLPutData(stmt, text("late"), 4));
    WORKS(stmt, SQLParamData(stmt, &token));
    WORKS(stmt, SQLMoreResults(stmt));
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "late");
}

/* A query stands in the log as it is; the arguments of a CALL may be secrets, also behind a query. */
static void the_log_hides_the_texts_of_a_batch(void **state)
{
    struct session *session = *state;
    char path[] = "/tmp/restodbc-batch-XXXXXX", string[100], log[4096];
    SQLHDBC dbc;
    SQLHSTMT stmt;

    int file = mkstemp(path);
    assert_true(file >= 0);
    snprintf(string, sizeof string, "Provider=Fake;Logfile=%s", path);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, session->env, &dbc), SQL_SUCCESS);
    assert_int_equal(SQLDriverConnect(dbc, NULL, text(string), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
    WORKS(stmt, SQLExecDirect(stmt, text("SELECT 'shown'"), SQL_NTS));
    SQLFreeStmt(stmt, SQL_CLOSE);
    WORKS(stmt, SQLExecDirect(stmt, text("SELECT 1; CALL Echo('hush')"), SQL_NTS));
    SQLFreeStmt(stmt, SQL_CLOSE);
    WORKS(stmt, SQLExecDirect(stmt, text("SELECT 1 AS \"it's\"; CALL Echo('hu''sh') -- isn't it"), SQL_NTS));
    SQLFreeStmt(stmt, SQL_CLOSE);
    FAILS(stmt, SQLExecDirect(stmt, text("CALL Echo(\"hush\")"), SQL_NTS), "42000");
    FAILS(stmt, SQLExecDirect(stmt, text("CALL Echo('hush, 5)"), SQL_NTS), "42000");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    ssize_t length = read(file, log, sizeof log - 1);
    close(file);
    unlink(path);
    assert_true(length > 0);
    log[length] = '\0';
    assert_non_null(strstr(log, "SELECT 'shown'"));
    assert_non_null(strstr(log, "SELECT 1; CALL Echo('***')"));
    assert_non_null(strstr(log, "SELECT 1 AS '***'; CALL Echo('***') -- isn't it"));
    assert_null(strstr(log, "hush"));
    assert_null(strstr(log, "hu''sh"));
}

static void info_says_so(void **state)
{
    struct session *session = *state;
    SQLUINTEGER support;
    SQLCHAR answer[2];

    assert_int_equal(SQLGetInfo(session->dbc, SQL_BATCH_SUPPORT, &support, sizeof support, NULL), SQL_SUCCESS);
    assert_int_equal(support, SQL_BS_SELECT_EXPLICIT | SQL_BS_SELECT_PROC | SQL_BS_ROW_COUNT_EXPLICIT);
    assert_int_equal(SQLGetInfo(session->dbc, SQL_MULT_RESULT_SETS, answer, sizeof answer, NULL), SQL_SUCCESS);
    assert_string_equal((char *)answer, "Y");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_statement_gives_a_result_of_its_own, session_open, session_close),
        cmocka_unit_test_setup_teardown(closing_the_cursor_discards_the_rest, session_open, session_close),
        cmocka_unit_test_setup_teardown(an_error_in_a_later_statement_ends_the_batch, session_open, session_close),
        cmocka_unit_test_setup_teardown(results_without_columns_are_results_too, session_open, session_close),
        cmocka_unit_test_setup_teardown(static_cursors_scroll_in_each_result, session_open, session_close),
        cmocka_unit_test_setup_teardown(late_data_reaches_later_statements, session_open, session_close),
        cmocka_unit_test_setup_teardown(the_log_hides_the_texts_of_a_batch, session_open, session_close),
        cmocka_unit_test_setup_teardown(info_says_so, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
