/* Proves that entry points may be called in any order: the right SQLSTATE by Appendix B, never a crash, nothing leaked. */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "fake_service.h"

static void null_and_foreign_handles_are_invalid(void **state)
{
    struct session *session = *state;
    const SQLHANDLE wrong[] = {SQL_NULL_HANDLE, session->env, session->dbc};
    SQLSMALLINT count;

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(SQLExecDirect(wrong[i], text("SELECT 1"), SQL_NTS), SQL_INVALID_HANDLE);
        assert_int_equal(SQLFetch(wrong[i]), SQL_INVALID_HANDLE);
        assert_int_equal(SQLCancel(wrong[i]), SQL_INVALID_HANDLE);
        assert_int_equal(SQLTablesW(wrong[i], NULL, 0, NULL, 0, NULL, 0, NULL, 0), SQL_INVALID_HANDLE);
        assert_int_equal(SQLNumResultCols(wrong[i], &count), SQL_INVALID_HANDLE);
        assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, wrong[i]), SQL_INVALID_HANDLE);
        assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, wrong[i], 1, NULL, NULL, NULL, 0, NULL), SQL_INVALID_HANDLE);
    }
    assert_int_equal(SQLDisconnect(session->stmt), SQL_INVALID_HANDLE);
    assert_int_equal(SQLSetEnvAttr(session->dbc, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)3, 0), SQL_INVALID_HANDLE);
    assert_int_equal(SQLFreeHandle(77, session->stmt), SQL_INVALID_HANDLE);
    assert_int_equal(SQLEndTran(SQL_HANDLE_STMT, session->stmt, SQL_COMMIT), SQL_INVALID_HANDLE);
}

static void a_fresh_statement_refuses_what_needs_an_execution(void **state)
{
    SQLHSTMT stmt = ((struct session *)*state)->stmt;
    SQLSMALLINT count;
    SQLLEN rows;
    char buffer[8];

    FAILS(stmt, SQLExecute(stmt), "HY010");
    FAILS(stmt, SQLFetch(stmt), "HY010");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0), "HY010");
    FAILS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_NEXT, 0, NULL, NULL), "HY010");
    FAILS(stmt, SQLGetData(stmt, 1, SQL_C_CHAR, buffer, sizeof buffer, NULL), "HY010");
    FAILS(stmt, SQLNumResultCols(stmt, &count), "HY010");
    FAILS(stmt, SQLNumParams(stmt, &count), "HY010");
    FAILS(stmt, SQLDescribeParam(stmt, 1, NULL, NULL, NULL, NULL), "HY010");
    FAILS(stmt, SQLDescribeCol(stmt, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL), "HY010");
    FAILS(stmt, SQLRowCount(stmt, &rows), "HY010");
    FAILS(stmt, SQLCloseCursor(stmt), "24000");
    FAILS(stmt, SQLParamData(stmt, NULL), "HY010");
    FAILS(stmt, SQLPutData(stmt, buffer, 1), "HY010");
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY010");
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    assert_int_equal(SQLFreeStmt(stmt, SQL_CLOSE), SQL_SUCCESS);
    assert_int_equal(SQLCancel(stmt), SQL_SUCCESS);
    FAILS(stmt, SQLFreeStmt(stmt, 99), "HY092");
}

static void an_open_cursor_refuses_another_execution(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People"), SQL_NTS));
    WORKS(stmt, SQLExecute(stmt));
    FAILS(stmt, SQLExecute(stmt), "24000");
    FAILS(stmt, SQLPrepare(stmt, text("SELECT 1"), SQL_NTS), "24000");
    FAILS(stmt, SQLExecDirect(stmt, text("SELECT 1"), SQL_NTS), "24000");
    FAILS(stmt, SQLTables(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0), "24000");
    FAILS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0), "24000");
    FAILS(stmt, SQLGetData(stmt, 1, SQL_C_CHAR, NULL, 0, NULL), "24000");
    WORKS(stmt, SQLFetch(stmt));
    FAILS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_NEXT, 0, NULL, NULL), "HY010");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_PRIOR, 0), "HY106");
    FAILS(stmt, SQLFetchScroll(stmt, 77, 0), "HY106");
    WORKS(stmt, SQLCloseCursor(stmt));
    FAILS(stmt, SQLFetch(stmt), "HY010");
    WORKS(stmt, SQLExecute(stmt)); /* still prepared */
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    WORKS(stmt, SQLExecute(stmt));
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    WORKS(stmt, SQLExecDirect(stmt, text("SELECT 1"), SQL_NTS));
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    FAILS(stmt, SQLExecute(stmt), "HY010"); /* SQLExecDirect leaves nothing prepared */
}

static void a_failed_text_leaves_the_statement_usable(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    FAILS(stmt, SQLExecDirect(stmt, text("SELECT * FROM Nowhere"), SQL_NTS), "42S02");
    FAILS(stmt, SQLExecDirect(stmt, text("SELECT Nothing FROM People"), SQL_NTS), "42S22");
    FAILS(stmt, SQLPrepare(stmt, text("SELEKT"), SQL_NTS), "42000");
    FAILS(stmt, SQLPrepare(stmt, NULL, SQL_NTS), "HY009");
    FAILS(stmt, SQLPrepare(stmt, text("SELECT 1"), -7), "HY090");
    FAILS(stmt, SQLPrepare(stmt, text("SELECT '\xC3'"), SQL_NTS), "22018");
    FAILS(stmt, SQLExecute(stmt), "HY010");
    session_query(session, "SELECT Name FROM People WHERE Id = 3");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "Cleo");
}

static void lengths_of_texts_are_honoured(void **state)
{
    struct session *session = *state;
    const SQLWCHAR wide[] = {'S', 'E', 'L', 'E', 'C', 'T', ' ', '2', 'x', 'x'};

    WORKS(session->stmt, SQLExecDirectW(session->stmt, (SQLWCHAR *)(uintptr_t)wide, 8));
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_string_equal(session_cell(session, 1), "2");
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    WORKS(session->stmt, SQLExecDirect(session->stmt, text("SELECT 3junk("), 8));
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_string_equal(session_cell(session, 1), "3");
}

static void handles_are_freed_in_order_only(void **state)
{
    struct session *session = *state;
    SQLHDESC ard;

    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, session->env), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_ENV, session->env, 1), "HY010");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, session->dbc), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "HY010");
    WORKS(session->stmt, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, ard), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DESC, ard, 1), "HY017");
}

static void disconnecting_frees_what_is_left(void **state)
{
    SQLHENV env;
    SQLHDBC dbc;
    SQLHSTMT stmt[3];
    SQLHDESC desc;
    int services = atomic_load(&fake_counters.services);

    (void)state;
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_ERROR); /* no version yet */
    assert_string_equal(session_state(SQL_HANDLE_ENV, env, 1), "HY010");
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt[0]), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08003");
    assert_int_equal(SQLDisconnect(dbc), SQL_ERROR);
    assert_int_equal(SQLDriverConnect(dbc, NULL, text("Provider=Fake"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    assert_int_equal(SQLDriverConnect(dbc, NULL, text("Provider=Fake"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08002");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt[i]), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, dbc, &desc), SQL_SUCCESS);
    WORKS(stmt[1], SQLSetStmtAttr(stmt[1], SQL_ATTR_APP_ROW_DESC, desc, 0));
    WORKS(stmt[0], SQLExecDirect(stmt[0], text("SELECT * FROM People"), SQL_NTS));
    WORKS(stmt[1], SQLTables(stmt[1], NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    WORKS(stmt[2], SQLPrepare(stmt[2], text("SELECT * FROM People WHERE Id = ?"), SQL_NTS));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt[1]), SQL_SUCCESS);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, env), SQL_SUCCESS);
    assert_int_equal(atomic_load(&fake_counters.services), services);
    assert_int_equal(atomic_load(&fake_counters.scans), 0);
}

/* One call of each kind, with the arguments of a careless application. */
static void call_something(unsigned which, SQLHSTMT stmt, SQLHDESC desc)
{
    static char buffer[64];
    static SQLLEN length;
    static SQLSMALLINT small;
    SQLPOINTER token;

    switch (which % 32) {
    case 0: SQLExecDirect(stmt, text("SELECT * FROM Everything"), SQL_NTS); break;
    case 1: SQLPrepare(stmt, text("SELECT Id FROM People WHERE Id = ? OR Name = ?"), SQL_NTS); break;
    case 2: SQLExecute(stmt); break;
    case 3: SQLFetch(stmt); break;
    case 4: SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0); break;
    case 5: SQLExtendedFetch(stmt, SQL_FETCH_NEXT, 0, NULL, NULL); break;
    case 6: SQLGetData(stmt, 1, SQL_C_CHAR, buffer, 3, &length); break;
    case 7: SQLGetData(stmt, 10, SQL_C_WCHAR, buffer, 4, &length); break;
    case 8: length = 1; SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, buffer, 8, &length); break;
    case 9: length = SQL_DATA_AT_EXEC; SQLBindParameter(stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, buffer, 8, &length); break;
    case 10: SQLParamData(stmt, &token); break;
    case 11: SQLPutData(stmt, buffer, 3); break;
    case 12: SQLCancel(stmt); break;
    case 13: SQLCloseCursor(stmt); break;
    case 14: SQLFreeStmt(stmt, SQL_CLOSE); break;
    case 15: SQLFreeStmt(stmt, SQL_UNBIND); break;
    case 16: SQLFreeStmt(stmt, SQL_RESET_PARAMS); break;
    case 17: SQLMoreResults(stmt); break;
    case 18: SQLTables(stmt, NULL, 0, NULL, 0, text("%"), SQL_NTS, NULL, 0); break;
    case 19: SQLColumns(stmt, NULL, 0, NULL, 0, text("P%"), SQL_NTS, NULL, 0); break;
    case 20: SQLGetTypeInfo(stmt, SQL_ALL_TYPES); break;
    case 21: SQLBindCol(stmt, 1, SQL_C_CHAR, buffer, sizeof buffer, &length); break;
    case 22: SQLBindCol(stmt, 1, SQL_C_CHAR, NULL, 0, NULL); break;
    case 23: SQLColAttribute(stmt, 1, SQL_DESC_LABEL, buffer, sizeof buffer, &small, NULL); break;
    case 24: SQLDescribeCol(stmt, 2, (SQLCHAR *)buffer, sizeof buffer, NULL, NULL, NULL, NULL, NULL); break;
    case 25: SQLSetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, desc, 0); break;
    case 26: SQLSetStmtAttr(stmt, SQL_ATTR_APP_PARAM_DESC, SQL_NULL_HDESC, 0); break;
    case 27: SQLSetDescField(desc, 1, SQL_DESC_TYPE, (SQLPOINTER)SQL_C_LONG, 0); break;
    case 28: SQLSetDescField(desc, 0, SQL_DESC_COUNT, (SQLPOINTER)0, 0); break;
    case 29: SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE); break;
    case 30: SQLExecDirect(stmt, text("{call Echo(?)}"), SQL_NTS); break;
    default: SQLRowCount(stmt, &length); break;
    }
}

static void no_order_of_calls_breaks_anything(void **state)
{
    struct session *session = *state;
    SQLHDESC desc;
    uint32_t random = 12345;

    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &desc), SQL_SUCCESS);
    for (unsigned i = 0; i < 20000; i++) {
        random = random * 1664525 + 1013904223; /* the same sequence in every run */
        call_something(random >> 24, session->stmt, desc);
    }
    SQLCancel(session->stmt);
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, desc), SQL_SUCCESS);
    SQLFreeStmt(session->stmt, SQL_UNBIND);
    session_query(session, "SELECT 1");
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_string_equal(session_cell(session, 1), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(null_and_foreign_handles_are_invalid, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_fresh_statement_refuses_what_needs_an_execution, session_open, session_close),
        cmocka_unit_test_setup_teardown(an_open_cursor_refuses_another_execution, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_failed_text_leaves_the_statement_usable, session_open, session_close),
        cmocka_unit_test_setup_teardown(lengths_of_texts_are_honoured, session_open, session_close),
        cmocka_unit_test_setup_teardown(handles_are_freed_in_order_only, session_open, session_close),
        cmocka_unit_test(disconnecting_frees_what_is_left),
        cmocka_unit_test_setup_teardown(no_order_of_calls_breaks_anything, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
