/* Preparing and executing: SQLPrepare, SQLExecute, SQLExecDirect, SQLFreeStmt, SQLRowCount, cursor names, and Appendix B's states. */
#include "chapter.h"

#include <stdio.h>

struct bad_text {
    const char *rule, *sql, *state;
};

static const struct bad_text bad_texts[] = {
    {"SQLExecDirect: a syntax error is 42000", "SELEKT 1", "42000"},
    {"SQLExecDirect: a text that ends too early is 42000", "SELECT 1 FROM", "42000"},
    {"SQLExecDirect: a literal without its end is 42000", "SELECT 'abc", "42000"},
    {"SQLExecDirect: an escape without its end is 42000", "SELECT {d '2024-01-01'", "42000"},
    {"SQLExecDirect: a table that does not exist is 42S02", "SELECT 1 FROM Nowhere", "42S02"},
    {"SQLExecDirect: a column that does not exist is 42S22", "SELECT Nothing FROM Users", "42S22"},
    {"SQLExecDirect: a qualified column that does not exist is 42S22", "SELECT u.Nothing FROM Users u", "42S22"},
    {"SQLExecDirect: a number divided by zero is 22012", "SELECT 1 / 0", "22012"},
    {"SQLExecDirect: a literal date that does not exist is 22007", "SELECT {d '2023-02-30'}", "22007"},
    {"SQLExecDirect: a text that is no number is 22018 when it is cast", "SELECT CAST('abc' AS INTEGER)", "22018"},
    {"SQLExecDirect: a number too large for its cast is 22003", "SELECT CAST(99999999999 AS INTEGER)", "22003"},
    {"SQLExecDirect: an ambiguous column is 42000", "SELECT Id FROM Users a, Users b", "42000"},
    {"SQLExecDirect: the probe of Microsoft Access for its configuration is 42S02", "SELECT Config, nValue FROM MSysConf", "42S02"},
};

static void text_is_refused(struct session *session, const void *row)
{
    const struct bad_text *bad = row;
    assert_int_equal(SQLExecDirect(session->stmt, text(bad->sql), SQL_NTS), SQL_ERROR);
    const char *state = state_of(SQL_HANDLE_STMT, session->stmt, 1);
    if (strcmp(state, bad->state) != 0)
        fail_msg("%s in place of %s: %s", state, bad->state, message_of(SQL_HANDLE_STMT, session->stmt, 1));
    first_row(session, "SELECT 1");                                 /* and the statement is good for the next */
    assert_string_equal(cell(session, 1), "1");
}

/* --- states: calls that must come after another (Appendix B) ----------------------------------------------------------------- */

enum before { NOTHING, PREPARED, OPEN, LATE };

static SQLLEN late_length = SQL_DATA_AT_EXEC;

static void bring_to(struct session *session, enum before before)
{
    switch (before) {
    case NOTHING: return;
    case PREPARED: OK(session, SQLPrepare(session->stmt, text("SELECT Id FROM Users"), SQL_NTS)); return;
    case OPEN: query(session, "SELECT Id FROM Users"); return;
    case LATE:
        OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &late_length, 0, &late_length));
        assert_int_equal(SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA);
        return;
    }
}

static SQLRETURN do_execute(SQLHSTMT s) { return SQLExecute(s); }
static SQLRETURN do_exec_direct(SQLHSTMT s) { return SQLExecDirect(s, text("SELECT 1"), SQL_NTS); }
static SQLRETURN do_prepare(SQLHSTMT s) { return SQLPrepare(s, text("SELECT 1"), SQL_NTS); }
static SQLRETURN do_fetch(SQLHSTMT s) { return SQLFetch(s); }
static SQLRETURN do_scroll(SQLHSTMT s) { return SQLFetchScroll(s, SQL_FETCH_NEXT, 0); }
static SQLRETURN do_close_cursor(SQLHSTMT s) { return SQLCloseCursor(s); }
static SQLRETURN do_close(SQLHSTMT s) { return SQLFreeStmt(s, SQL_CLOSE); }
static SQLRETURN do_unbind(SQLHSTMT s) { return SQLFreeStmt(s, SQL_UNBIND); }
static SQLRETURN do_reset(SQLHSTMT s) { return SQLFreeStmt(s, SQL_RESET_PARAMS); }
static SQLRETURN do_row_count(SQLHSTMT s) { SQLLEN n; return SQLRowCount(s, &n); }
static SQLRETURN do_columns(SQLHSTMT s) { SQLSMALLINT n; return SQLNumResultCols(s, &n); }
static SQLRETURN do_params(SQLHSTMT s) { SQLSMALLINT n; return SQLNumParams(s, &n); }
static SQLRETURN do_describe(SQLHSTMT s) { return SQLDescribeCol(s, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL); }
static SQLRETURN do_attribute(SQLHSTMT s) { SQLLEN n; return SQLColAttribute(s, 1, SQL_DESC_TYPE, NULL, 0, NULL, &n); }
static SQLRETURN do_describe_param(SQLHSTMT s) { return SQLDescribeParam(s, 1, NULL, NULL, NULL, NULL); }
static SQLRETURN do_tables(SQLHSTMT s) { return SQLTables(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN do_type_info(SQLHSTMT s) { return SQLGetTypeInfo(s, SQL_ALL_TYPES); }
static SQLRETURN do_param_data(SQLHSTMT s) { SQLPOINTER p; return SQLParamData(s, &p); }
static SQLRETURN do_put_data(SQLHSTMT s) { return SQLPutData(s, text("a"), 1); }
static SQLRETURN do_cursor_name(SQLHSTMT s) { return SQLSetCursorName(s, text("mine"), SQL_NTS); }
static SQLRETURN do_bind(SQLHSTMT s) { static SQLINTEGER v; return SQLBindCol(s, 1, SQL_C_SLONG, &v, 0, NULL); }
static SQLRETURN do_set(SQLHSTMT s) { return SQLSetStmtAttr(s, SQL_ATTR_QUERY_TIMEOUT, number(5), 0); }
static SQLRETURN do_more(SQLHSTMT s) { return SQLMoreResults(s); }
static SQLRETURN do_set_pos(SQLHSTMT s) { return SQLSetPos(s, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE); }
static SQLRETURN do_cancel(SQLHSTMT s) { return SQLCancel(s); }

struct transition {
    const char *rule;
    enum before before;
    SQLRETURN (*call)(SQLHSTMT stmt);
    SQLRETURN result;
    const char *state;
};

static const struct transition transitions[] = {
    {"SQLExecute: nothing prepared is HY010", NOTHING, do_execute, SQL_ERROR, "HY010"},
    {"SQLExecute: an open cursor is 24000", OPEN, do_execute, SQL_ERROR, "24000"},
    {"SQLExecute: while data is awaited it is HY010", LATE, do_execute, SQL_ERROR, "HY010"},
    {"SQLExecDirect: on a prepared statement it succeeds", PREPARED, do_exec_direct, SQL_SUCCESS, ""},
    {"SQLExecDirect: an open cursor is 24000", OPEN, do_exec_direct, SQL_ERROR, "24000"},
    {"SQLExecDirect: while data is awaited it is HY010", LATE, do_exec_direct, SQL_ERROR, "HY010"},
    {"SQLPrepare: prepares anew", PREPARED, do_prepare, SQL_SUCCESS, ""},
    {"SQLPrepare: an open cursor is 24000", OPEN, do_prepare, SQL_ERROR, "24000"},
    {"SQLPrepare: while data is awaited it is HY010", LATE, do_prepare, SQL_ERROR, "HY010"},
    {"SQLFetch: nothing executed is HY010", NOTHING, do_fetch, SQL_ERROR, "HY010"},
    {"SQLFetch: prepared only is HY010", PREPARED, do_fetch, SQL_ERROR, "HY010"},
    {"SQLFetch: while data is awaited it is HY010", LATE, do_fetch, SQL_ERROR, "HY010"},
    {"SQLFetchScroll: nothing executed is HY010", NOTHING, do_scroll, SQL_ERROR, "HY010"},
    {"SQLFetchScroll: SQL_FETCH_NEXT of an open cursor succeeds", OPEN, do_scroll, SQL_SUCCESS, ""},
    {"SQLFetchScroll: while data is awaited it is HY010", LATE, do_scroll, SQL_ERROR, "HY010"},
    {"SQLCloseCursor: no cursor is 24000", NOTHING, do_close_cursor, SQL_ERROR, "24000"},
    {"SQLCloseCursor: prepared only is 24000", PREPARED, do_close_cursor, SQL_ERROR, "24000"},
    {"SQLCloseCursor: an open cursor is closed", OPEN, do_close_cursor, SQL_SUCCESS, ""},
    {"SQLCloseCursor: while data is awaited it is HY010", LATE, do_close_cursor, SQL_ERROR, "HY010"},
    {"SQLFreeStmt: SQL_CLOSE without a cursor succeeds", NOTHING, do_close, SQL_SUCCESS, ""},
    {"SQLFreeStmt: SQL_CLOSE closes an open cursor", OPEN, do_close, SQL_SUCCESS, ""},
    {"SQLFreeStmt: SQL_CLOSE while data is awaited is HY010", LATE, do_close, SQL_ERROR, "HY010"},
    {"SQLFreeStmt: SQL_UNBIND succeeds at any time", OPEN, do_unbind, SQL_SUCCESS, ""},
    {"SQLFreeStmt: SQL_RESET_PARAMS succeeds at any time", OPEN, do_reset, SQL_SUCCESS, ""},
    {"SQLRowCount: nothing executed is HY010", NOTHING, do_row_count, SQL_ERROR, "HY010"},
    {"SQLRowCount: prepared only is HY010", PREPARED, do_row_count, SQL_ERROR, "HY010"},
    {"SQLRowCount: after executing it succeeds", OPEN, do_row_count, SQL_SUCCESS, ""},
    {"SQLNumResultCols: nothing prepared is HY010", NOTHING, do_columns, SQL_ERROR, "HY010"},
    {"SQLNumResultCols: prepared only succeeds", PREPARED, do_columns, SQL_SUCCESS, ""},
    {"SQLNumResultCols: while data is awaited it is HY010", LATE, do_columns, SQL_ERROR, "HY010"},
    {"SQLNumParams: nothing prepared is HY010", NOTHING, do_params, SQL_ERROR, "HY010"},
    {"SQLNumParams: prepared only succeeds", PREPARED, do_params, SQL_SUCCESS, ""},
    {"SQLDescribeCol: nothing prepared is HY010", NOTHING, do_describe, SQL_ERROR, "HY010"},
    {"SQLDescribeCol: prepared only succeeds", PREPARED, do_describe, SQL_SUCCESS, ""},
    {"SQLColAttribute: nothing prepared is HY010", NOTHING, do_attribute, SQL_ERROR, "HY010"},
    {"SQLColAttribute: prepared only succeeds", PREPARED, do_attribute, SQL_SUCCESS, ""},
    {"SQLDescribeParam: nothing prepared is HY010", NOTHING, do_describe_param, SQL_ERROR, "HY010"},
    {"SQLDescribeParam: a parameter that does not exist is 07009", PREPARED, do_describe_param, SQL_ERROR, "07009"},
    {"SQLTables: an open cursor is 24000", OPEN, do_tables, SQL_ERROR, "24000"},
    {"SQLTables: on a prepared statement it succeeds", PREPARED, do_tables, SQL_SUCCESS, ""},
    {"SQLTables: while data is awaited it is HY010", LATE, do_tables, SQL_ERROR, "HY010"},
    {"SQLGetTypeInfo: an open cursor is 24000", OPEN, do_type_info, SQL_ERROR, "24000"},
    {"SQLGetTypeInfo: while data is awaited it is HY010", LATE, do_type_info, SQL_ERROR, "HY010"},
    {"SQLParamData: no data awaited is HY010", NOTHING, do_param_data, SQL_ERROR, "HY010"},
    {"SQLParamData: an open cursor is HY010", OPEN, do_param_data, SQL_ERROR, "HY010"},
    {"SQLPutData: no data awaited is HY010", NOTHING, do_put_data, SQL_ERROR, "HY010"},
    {"SQLPutData: before SQLParamData it is HY010", LATE, do_put_data, SQL_ERROR, "HY010"},
    {"SQLSetCursorName: before anything it succeeds", NOTHING, do_cursor_name, SQL_SUCCESS, ""},
    {"SQLSetCursorName: an open cursor is 24000", OPEN, do_cursor_name, SQL_ERROR, "24000"},
    {"SQLSetCursorName: while data is awaited it is HY010", LATE, do_cursor_name, SQL_ERROR, "HY010"},
    {"SQLBindCol: before anything it succeeds", NOTHING, do_bind, SQL_SUCCESS, ""},
    {"SQLBindCol: with an open cursor it succeeds", OPEN, do_bind, SQL_SUCCESS, ""},
    {"SQLBindCol: while data is awaited it is HY010", LATE, do_bind, SQL_ERROR, "HY010"},
    {"SQLSetStmtAttr: while data is awaited it is HY010", LATE, do_set, SQL_ERROR, "HY010"},
    {"SQLMoreResults: nothing executed is SQL_NO_DATA", NOTHING, do_more, SQL_NO_DATA, ""},
    {"SQLMoreResults: one result is SQL_NO_DATA", OPEN, do_more, SQL_NO_DATA, ""},
    {"SQLMoreResults: while data is awaited it is HY010", LATE, do_more, SQL_ERROR, "HY010"},
    {"SQLSetPos: nothing executed is HY010", NOTHING, do_set_pos, SQL_ERROR, "HY010"},
    {"SQLSetPos: before the first row it is 24000", OPEN, do_set_pos, SQL_ERROR, "24000"},
    {"SQLCancel: nothing to cancel succeeds", NOTHING, do_cancel, SQL_SUCCESS, ""},
    {"SQLCancel: an open cursor is left as it is", OPEN, do_cancel, SQL_SUCCESS, ""},
    {"SQLCancel: data that is awaited is given up", LATE, do_cancel, SQL_SUCCESS, ""},
};

static void goes_over(struct session *session, const void *row)
{
    const struct transition *transition = row;
    bring_to(session, transition->before);
    ON(SQL_HANDLE_STMT, session->stmt, transition->call(session->stmt), transition->result, transition->state);
    if (transition->before == LATE)
        SQLCancel(session->stmt);
}

/* --- rules of their own -------------------------------------------------------------------------------------------------------- */

static void executes_again(struct session *session)
{
    OK(session, SQLPrepare(session->stmt, text("SELECT 42"), SQL_NTS));
    for (int i = 0; i < 3; i++) {
        OK(session, SQLExecute(session->stmt));
        OK(session, SQLFetch(session->stmt));
        assert_string_equal(cell(session, 1), "42");
        OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    }
}

static void direct_is_not_prepared(struct session *session)
{
    query(session, "SELECT 42");
    OK(session, SQLCloseCursor(session->stmt));
    FAILS(session, SQLExecute(session->stmt), "HY010");
}

static void a_failed_text_is_not_prepared(struct session *session)
{
    FAILS(session, SQLPrepare(session->stmt, text("SELECT 1 FROM Nowhere"), SQL_NTS), "42S02");
    FAILS(session, SQLExecute(session->stmt), "HY010");
}

static void a_length(struct session *session)
{
    OK(session, SQLExecDirect(session->stmt, text("SELECT 42 FROM Nowhere"), 9));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "42");
}

static void null_text(struct session *session)
{
    FAILS(session, SQLExecDirect(session->stmt, NULL, SQL_NTS), "HY009");
    FAILS(session, SQLPrepare(session->stmt, NULL, SQL_NTS), "HY009");
}

static void bad_length(struct session *session)
{
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT 1"), -7), "HY090");
    FAILS(session, SQLPrepare(session->stmt, text("SELECT 1"), -7), "HY090");
}

static void rows_unknown(struct session *session)
{
    SQLLEN rows = 7;
    query(session, "SELECT Id FROM Users");
    OK(session, SQLRowCount(session->stmt, &rows));
    assert_int_equal(rows, -1);
}

static void bindings_outlive_the_cursor(struct session *session)
{
    SQLINTEGER value = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    first_row(session, "SELECT 1");
    assert_int_equal(value, 1);
    first_row(session, "SELECT 2");
    assert_int_equal(value, 2);
    OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    OK(session, SQLFreeStmt(session->stmt, SQL_UNBIND));
    first_row(session, "SELECT 3");
    assert_int_equal(value, 2);
}

static void no_such_option(struct session *session)
{
    FAILS(session, SQLFreeStmt(session->stmt, 77), "HY092");
}

static void own_cursor_name(struct session *session)
{
    SQLCHAR name[40] = "";
    SQLSMALLINT length = 0;
    OK(session, SQLGetCursorName(session->stmt, name, sizeof name, &length));
    assert_memory_equal(name, "SQL_CUR", 7);
    assert_int_equal(length, strlen((char *)name));
}

static void cursor_name_is_kept(struct session *session)
{
    SQLCHAR name[40] = "";
    OK(session, SQLSetCursorName(session->stmt, text("mine"), SQL_NTS));
    OK(session, SQLGetCursorName(session->stmt, name, sizeof name, NULL));
    assert_string_equal((char *)name, "mine");
    WARNS(session, SQLGetCursorName(session->stmt, name, 3, NULL), "01004");
    assert_string_equal((char *)name, "mi");
}

static void cursor_name_of_another(struct session *session)
{
    SQLHSTMT other = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other));
    assert_int_equal(SQLSetCursorName(other, text("taken"), SQL_NTS), SQL_SUCCESS);
    FAILS(session, SQLSetCursorName(session->stmt, text("taken"), SQL_NTS), "3C000");
    SQLFreeHandle(SQL_HANDLE_STMT, other);
    OK(session, SQLSetCursorName(session->stmt, text("taken"), SQL_NTS));
}

static void cursor_name_of_the_driver(struct session *session)
{
    FAILS(session, SQLSetCursorName(session->stmt, text("SQL_CUR5"), SQL_NTS), "34000");
    FAILS(session, SQLSetCursorName(session->stmt, text("SQLCUR5"), SQL_NTS), "34000");
}

static void calls_a_procedure(struct session *session)
{
    SQLSMALLINT columns = 0;
    query(session, "{call GetOAuthAuthorizationURL('WEB')}");
    OK(session, SQLNumResultCols(session->stmt, &columns));
    assert_true(columns > 0);
    OK(session, SQLFetch(session->stmt));
    assert_memory_equal(cell(session, 1), "http", 4);
}

static void no_such_procedure(struct session *session)
{
    assert_int_equal(SQLExecDirect(session->stmt, text("{call Nothing()}"), SQL_NTS), SQL_ERROR);
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "42000");
}

static void two_cursors_interleave(struct session *session)
{
    SQLHSTMT other = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other));
    query(session, "SELECT Id FROM Users");
    assert_int_equal(SQLExecDirect(other, text("SELECT Id FROM Users"), SQL_NTS), SQL_SUCCESS);
    for (int i = 0; i < 3; i++) {
        OK(session, SQLFetch(session->stmt));
        assert_int_equal(SQLFetch(other), SQL_SUCCESS);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, other);
    OK(session, SQLFetch(session->stmt));
}

static const struct rule rules[] = {
    {"SQLExecute: a prepared statement is executed again and again", executes_again},
    {"SQLExecDirect: its statement is not prepared for SQLExecute", direct_is_not_prepared},
    {"SQLPrepare: a text that fails prepares nothing", a_failed_text_is_not_prepared},
    {"SQLExecDirect: a length ends the text before its NUL", a_length},
    {"SQLExecDirect: no text is HY009", null_text},
    {"SQLExecDirect: a negative length is HY090", bad_length},
    {"SQLExecDirect: a procedure's result is a cursor", calls_a_procedure},
    {"SQLExecDirect: a procedure that does not exist is 42000", no_such_procedure},
    {"SQLExecDirect: two statements of one connection read at the same time", two_cursors_interleave},
    {"SQLRowCount: of a query is -1 while it is not known", rows_unknown},
    {"SQLFreeStmt: bindings outlive a cursor until SQL_UNBIND", bindings_outlive_the_cursor},
    {"SQLFreeStmt: an option that does not exist is HY092", no_such_option},
    {"SQLGetCursorName: a cursor has a name of the driver's, beginning SQL_CUR", own_cursor_name},
    {"SQLSetCursorName: a name is kept, and cut with 01004", cursor_name_is_kept},
    {"SQLSetCursorName: the name of another cursor is 3C000", cursor_name_of_another},
    {"SQLSetCursorName: a name as the driver's own are is 34000", cursor_name_of_the_driver},
};

int main(void)
{
    EACH(text_is_refused, bad_texts);
    EACH(goes_over, transitions);
    RULES(rules);
    return chapter_run("preparing and executing");
}
