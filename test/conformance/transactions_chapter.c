/* Transactions: SQLEndTran, SQL_ATTR_AUTOCOMMIT, SQL_ATTR_TXN_ISOLATION, and what the rows of tables of one's own tell of it: row counts,
 * SQL_NO_DATA, cursors at the end of a transaction. */
#include "chapter.h"

/* A connection that has only a workspace in memory, with a table T of one column and two rows. */
static SQLHDBC workspace(struct session *session, struct session *own)
{
    SQLHDBC dbc = new_connection(session->env);
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text("Driver=RestODBC;Workspace=:memory:"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    *own = (struct session){.env = session->env, .dbc = dbc};
    DBC_OK(dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &own->stmt));
    query(own, "CREATE TABLE T (A INTEGER PRIMARY KEY)");
    query(own, "INSERT INTO T VALUES (1), (2)");
    return dbc;
}

static void leave(struct session *own)
{
    DBC_OK(own->dbc, SQLEndTran(SQL_HANDLE_DBC, own->dbc, SQL_ROLLBACK));
    DBC_OK(own->dbc, SQLDisconnect(own->dbc));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, own->dbc), SQL_SUCCESS);
}

static void autocommit(struct session *own, SQLULEN mode)
{
    DBC_OK(own->dbc, SQLSetConnectAttr(own->dbc, SQL_ATTR_AUTOCOMMIT, number(mode), SQL_IS_UINTEGER));
}

static void expect_rows(struct session *own, const char *wanted)
{
    SQLFreeStmt(own->stmt, SQL_CLOSE);
    first_row(own, "SELECT COUNT(*) FROM T");
    assert_string_equal(cell(own, 1), wanted);
    OK(own, SQLFreeStmt(own->stmt, SQL_CLOSE));
}

static void commits(struct session *session)
{
    struct session own;
    workspace(session, &own);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    query(&own, "INSERT INTO T VALUES (3)");
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_COMMIT));
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_ROLLBACK));
    expect_rows(&own, "3");
    leave(&own);
}

static void rolls_back(struct session *session)
{
    struct session own;
    workspace(session, &own);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    query(&own, "DELETE FROM T");
    query(&own, "DROP TABLE T");
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_ROLLBACK));
    expect_rows(&own, "2");
    leave(&own);
}

static void ends_all(struct session *session)
{
    struct session own, other;
    workspace(session, &own);
    workspace(session, &other);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    autocommit(&other, SQL_AUTOCOMMIT_OFF);
    query(&own, "DELETE FROM T");
    query(&other, "DELETE FROM T WHERE A = 1");
    ENV_OK(session->env, SQLEndTran(SQL_HANDLE_ENV, session->env, SQL_ROLLBACK));
    expect_rows(&own, "2");
    expect_rows(&other, "2");
    query(&own, "DELETE FROM T");
    query(&other, "DELETE FROM T WHERE A = 1");
    ENV_OK(session->env, SQLEndTran(SQL_HANDLE_ENV, session->env, SQL_COMMIT));
    ENV_OK(session->env, SQLEndTran(SQL_HANDLE_ENV, session->env, SQL_ROLLBACK));
    expect_rows(&own, "0");
    expect_rows(&other, "1");
    leave(&other);
    leave(&own);
}

static void has_no_effect(struct session *session)
{
    struct session own;
    workspace(session, &own);
    query(&own, "DELETE FROM T WHERE A = 1");
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_ROLLBACK));
    expect_rows(&own, "1");
    leave(&own);
}

static void refuses_another_end(struct session *session)
{
    DBC_FAILS(session->dbc, SQLEndTran(SQL_HANDLE_DBC, session->dbc, 7), "HY012");
}

static void turning_on_commits(struct session *session)
{
    struct session own;
    workspace(session, &own);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    query(&own, "INSERT INTO T VALUES (3)");
    autocommit(&own, SQL_AUTOCOMMIT_ON);
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_ROLLBACK));
    expect_rows(&own, "3");
    leave(&own);
}

static void open_at_disconnect(struct session *session)
{
    struct session own;
    workspace(session, &own);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    query(&own, "INSERT INTO T VALUES (3)");
    DBC_FAILS(own.dbc, SQLDisconnect(own.dbc), "25000");
    expect_rows(&own, "3");
    leave(&own);
}

static void service_begins_none(struct session *session)
{
    SQLHDBC dbc = new_connection(session->env);
    struct session own = {.env = session->env, .dbc = dbc};
    DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    DBC_OK(dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &own.stmt));
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    first_row(&own, "SELECT Id FROM Users");
    DBC_OK(dbc, SQLDisconnect(dbc));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

static void isolation_while_open(struct session *session)
{
    struct session own;
    SQLUINTEGER isolation = 0;
    workspace(session, &own);
    DBC_OK(own.dbc, SQLSetConnectAttr(own.dbc, SQL_ATTR_TXN_ISOLATION, number(SQL_TXN_SERIALIZABLE), SQL_IS_UINTEGER));
    DBC_WARNS(own.dbc, SQLSetConnectAttr(own.dbc, SQL_ATTR_TXN_ISOLATION, number(SQL_TXN_READ_COMMITTED), SQL_IS_UINTEGER), "01S02");
    DBC_OK(own.dbc, SQLGetConnectAttr(own.dbc, SQL_ATTR_TXN_ISOLATION, &isolation, sizeof isolation, NULL));
    assert_int_equal(isolation, SQL_TXN_SERIALIZABLE);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    query(&own, "INSERT INTO T VALUES (3)");
    DBC_FAILS(own.dbc, SQLSetConnectAttr(own.dbc, SQL_ATTR_TXN_ISOLATION, number(SQL_TXN_SERIALIZABLE), SQL_IS_UINTEGER), "HY011");
    leave(&own);
}

static void cursor_over_commit(struct session *session)
{
    struct session own;
    SQLUSMALLINT behavior = 99;
    workspace(session, &own);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    DBC_OK(own.dbc, SQLGetInfo(own.dbc, SQL_CURSOR_COMMIT_BEHAVIOR, &behavior, sizeof behavior, NULL));
    assert_int_equal(behavior, SQL_CB_PRESERVE);
    first_row(&own, "SELECT A FROM T ORDER BY A");
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_COMMIT));
    OK(&own, SQLFetch(own.stmt));
    assert_string_equal(cell(&own, 1), "2");
    OK(&own, SQLCloseCursor(own.stmt));
    leave(&own);
}

static void cursor_over_rollback(struct session *session)
{
    struct session own;
    SQLUSMALLINT behavior = 99;
    workspace(session, &own);
    autocommit(&own, SQL_AUTOCOMMIT_OFF);
    DBC_OK(own.dbc, SQLGetInfo(own.dbc, SQL_CURSOR_ROLLBACK_BEHAVIOR, &behavior, sizeof behavior, NULL));
    assert_int_equal(behavior, SQL_CB_CLOSE);
    OK(&own, SQLPrepare(own.stmt, text("SELECT A FROM T ORDER BY A"), SQL_NTS));
    OK(&own, SQLExecute(own.stmt));
    OK(&own, SQLFetch(own.stmt));
    DBC_OK(own.dbc, SQLEndTran(SQL_HANDLE_DBC, own.dbc, SQL_ROLLBACK));
    OK(&own, SQLExecute(own.stmt));
    OK(&own, SQLFetch(own.stmt));
    assert_string_equal(cell(&own, 1), "1");
    OK(&own, SQLCloseCursor(own.stmt));
    leave(&own);
}

static void read_only_mode(struct session *session)
{
    struct session own;
    workspace(session, &own);
    DBC_OK(own.dbc, SQLSetConnectAttr(own.dbc, SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_ONLY), SQL_IS_UINTEGER));
    FAILS(&own, SQLExecDirect(own.stmt, text("DELETE FROM T"), SQL_NTS), "42000");
    DBC_OK(own.dbc, SQLSetConnectAttr(own.dbc, SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_WRITE), SQL_IS_UINTEGER));
    query(&own, "DELETE FROM T");
    leave(&own);
}

/* --- row counts -------------------------------------------------------------------------------------------------------- */

static const struct counted {
    const char *rule, *sql;
    SQLRETURN result;
    SQLLEN count;
    const char *function;
    SQLINTEGER code;
} counts[] = {
    {"SQLRowCount: an INSERT tells its rows", "INSERT INTO T VALUES (3), (4), (5)", SQL_SUCCESS, 3, "INSERT", SQL_DIAG_INSERT},
    {"SQLRowCount: an UPDATE tells the rows that it found", "UPDATE T SET A = A + 10 WHERE A = 1", SQL_SUCCESS, 1, "UPDATE WHERE", SQL_DIAG_UPDATE_WHERE},
    {"SQLRowCount: a DELETE tells the rows that it took", "DELETE FROM T", SQL_SUCCESS, 2, "DELETE WHERE", SQL_DIAG_DELETE_WHERE},
    {"SQLExecDirect: an UPDATE of no rows is SQL_NO_DATA", "UPDATE T SET A = 1 WHERE A = 99", SQL_NO_DATA, 0, "UPDATE WHERE", SQL_DIAG_UPDATE_WHERE},
    {"SQLExecDirect: a DELETE of no rows is SQL_NO_DATA", "DELETE FROM T WHERE A = 99", SQL_NO_DATA, 0, "DELETE WHERE", SQL_DIAG_DELETE_WHERE},
    {"SQLExecDirect: an INSERT of no rows succeeds", "INSERT INTO T SELECT A FROM T WHERE A = 99", SQL_SUCCESS, 0, "INSERT", SQL_DIAG_INSERT},
    {"SQLRowCount: CREATE TABLE has no count", "CREATE TABLE U (A INTEGER)", SQL_SUCCESS, -1, "CREATE TABLE", SQL_DIAG_CREATE_TABLE},
    {"SQLRowCount: DROP TABLE has no count", "DROP TABLE T", SQL_SUCCESS, -1, "DROP TABLE", SQL_DIAG_DROP_TABLE},
    {"SQLRowCount: CREATE VIEW has no count", "CREATE VIEW V AS SELECT A FROM T", SQL_SUCCESS, -1, "CREATE VIEW", SQL_DIAG_CREATE_VIEW},
    {"SQLRowCount: CREATE INDEX has no count", "CREATE INDEX I ON T (A)", SQL_SUCCESS, -1, "CREATE INDEX", SQL_DIAG_CREATE_INDEX},
};

static void tells_count(struct session *session, const void *row)
{
    const struct counted *counted = row;
    struct session own;
    SQLLEN count = 77, diagnosed = 77;
    SQLCHAR function[40] = "";
    SQLINTEGER code = 77;
    SQLSMALLINT columns = 77;

    workspace(session, &own);
    OK(&own, SQLFreeStmt(own.stmt, SQL_CLOSE));
    ON(SQL_HANDLE_STMT, own.stmt, SQLExecDirect(own.stmt, text(counted->sql), SQL_NTS), counted->result, "");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, own.stmt, 0, SQL_DIAG_ROW_COUNT, &diagnosed, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, own.stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION, function, sizeof function, NULL), SQL_SUCCESS);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, own.stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, NULL), SQL_SUCCESS);
    assert_int_equal(diagnosed, counted->count);
    assert_string_equal((char *)function, counted->function);
    assert_int_equal(code, counted->code);
    OK(&own, SQLRowCount(own.stmt, &count));
    assert_int_equal(count, counted->count);
    OK(&own, SQLNumResultCols(own.stmt, &columns));
    assert_int_equal(columns, 0);
    leave(&own);
}

static void batch_of_changes(struct session *session)
{
    struct session own;
    SQLLEN count = 77;
    workspace(session, &own);
    query(&own, "INSERT INTO T VALUES (3); DELETE FROM T WHERE A = 99; SELECT A FROM T; DELETE FROM T");
    OK(&own, SQLRowCount(own.stmt, &count));
    assert_int_equal(count, 1);
    OK(&own, SQLMoreResults(own.stmt));
    OK(&own, SQLRowCount(own.stmt, &count));
    assert_int_equal(count, 0);
    OK(&own, SQLMoreResults(own.stmt));
    assert_int_equal(count_rows(&own), 3);
    OK(&own, SQLMoreResults(own.stmt));
    OK(&own, SQLRowCount(own.stmt, &count));
    assert_int_equal(count, 3);
    NO_DATA(&own, SQLMoreResults(own.stmt));
    leave(&own);
}

static void array_of_changes(struct session *session)
{
    struct session own;
    SQLINTEGER values[] = {3, 1, 4};
    SQLUSMALLINT status[] = {77, 77, 77};
    SQLULEN processed = 0;
    SQLLEN count = 77;

    workspace(session, &own);
    OK(&own, SQLFreeStmt(own.stmt, SQL_CLOSE));
    OK(&own, SQLSetStmtAttr(own.stmt, SQL_ATTR_PARAMSET_SIZE, number(3), 0));
    OK(&own, SQLSetStmtAttr(own.stmt, SQL_ATTR_PARAM_STATUS_PTR, status, 0));
    OK(&own, SQLSetStmtAttr(own.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0));
    OK(&own, SQLBindParameter(own.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, NULL));
    WARNS(&own, SQLExecDirect(own.stmt, text("INSERT INTO T VALUES (?)"), SQL_NTS), "23000");
    assert_int_equal(processed, 3);
    assert_int_equal(status[0], SQL_PARAM_SUCCESS);
    assert_int_equal(status[1], SQL_PARAM_ERROR);
    assert_int_equal(status[2], SQL_PARAM_SUCCESS);
    OK(&own, SQLRowCount(own.stmt, &count));
    assert_int_equal(count, 1);
    OK(&own, SQLMoreResults(own.stmt));
    NO_DATA(&own, SQLMoreResults(own.stmt));
    OK(&own, SQLSetStmtAttr(own.stmt, SQL_ATTR_PARAMSET_SIZE, number(1), 0));
    expect_rows(&own, "4");
    leave(&own);
}

static const struct rule rules[] = {
    {"SQLEndTran: SQL_COMMIT keeps what was changed", commits},
    {"SQLEndTran: SQL_ROLLBACK undoes what was changed and defined", rolls_back},
    {"SQLEndTran: on an environment, of all its connections", ends_all},
    {"SQLEndTran: has no effect with autocommit on", has_no_effect},
    {"SQLEndTran: another completion is HY012", refuses_another_end},
    {"SQLEndTran: a cursor stays open over a commit, as SQL_CURSOR_COMMIT_BEHAVIOR says", cursor_over_commit},
    {"SQLEndTran: a rollback closes cursors and leaves statements prepared, as SQL_CURSOR_ROLLBACK_BEHAVIOR says", cursor_over_rollback},
    {"SQLSetConnectAttr: SQL_ATTR_AUTOCOMMIT turned on commits what is open", turning_on_commits},
    {"SQLSetConnectAttr: SQL_ATTR_TXN_ISOLATION is serializable, and HY011 while a transaction is open", isolation_while_open},
    {"SQLSetConnectAttr: SQL_ATTR_ACCESS_MODE read-only refuses changes of the workspace", read_only_mode},
    {"SQLDisconnect: an open transaction is 25000", open_at_disconnect},
    {"SQLDisconnect: reading a service begins no transaction", service_begins_none},
    {"SQLMoreResults: leads over changes with their row counts, also one of no rows", batch_of_changes},
    {"SQLRowCount: an array of parameters has a count for each set, and a status", array_of_changes},
};

int main(void)
{
    RULES(rules);
    EACH(tells_count, counts);
    return chapter_run("Transactions");
}
