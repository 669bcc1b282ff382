/* Wide and narrow: the W functions answer as the others do, in characters where the reference says characters, in bytes where bytes. */
#include "chapter.h"

static const SQLWCHAR sql_text[] = {'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', 0xEB, 0xD83D, 0xDE00, '\'', ' ', 'A', 'S', ' ', '"', 0xE9, '"', 0};

static SQLWCHAR *as_input(const SQLWCHAR *string)
{
    return (SQLWCHAR *)(uintptr_t)string;
}

static void executes(struct session *session)
{
    SQLWCHAR value[8] = {0};
    SQLLEN length = 0;
    OK(session, SQLExecDirectW(session->stmt, as_input(sql_text), SQL_NTS));
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLGetData(session->stmt, 1, SQL_C_WCHAR, value, sizeof value, &length));
    assert_int_equal(length, 6);
    assert_true(value[0] == 0xEB && value[1] == 0xD83D && value[2] == 0xDE00 && value[3] == 0);
}

static void name_in_characters(struct session *session)
{
    SQLWCHAR name[8] = {0};
    SQLSMALLINT length = 0;
    OK(session, SQLPrepareW(session->stmt, as_input(sql_text), SQL_NTS));
    OK(session, SQLDescribeColW(session->stmt, 1, name, 8, &length, NULL, NULL, NULL, NULL));
    assert_int_equal(length, 1);
    assert_int_equal(name[0], 0xE9);
}

static void narrow_is_utf8(struct session *session)
{
    SQLCHAR name[8] = "";
    OK(session, SQLPrepareW(session->stmt, as_input(sql_text), SQL_NTS));
    OK(session, SQLDescribeCol(session->stmt, 1, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    assert_string_equal((char *)name, "\xC3\xA9");
}

static void attribute_in_bytes(struct session *session)
{
    SQLWCHAR label[20] = {0};
    SQLSMALLINT length = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT FirstName FROM Users"), SQL_NTS));
    OK(session, SQLColAttributeW(session->stmt, 1, SQL_DESC_LABEL, label, sizeof label, &length, NULL));
    assert_int_equal(length, 18);
    assert_memory_equal(label, wide("FirstName"), 20);
}

static void info_in_bytes(struct session *session)
{
    SQLWCHAR name[4] = {0};
    SQLSMALLINT length = 0;
    DBC_WARNS(session->dbc, SQLGetInfoW(session->dbc, SQL_DBMS_NAME, name, sizeof name, &length), "01004");
    assert_int_equal(length, 14);
    assert_memory_equal(name, wide("TSh"), 8);
}

static void connects(struct session *session)
{
    SQLHDBC dbc = new_connection(session->env);
    SQLWCHAR out[400] = {0};
    SQLSMALLINT length = 0;
    DBC_OK(dbc, SQLDriverConnectW(dbc, NULL, wide("DSN=sandbox"), SQL_NTS, out, 400, &length, SQL_DRIVER_NOPROMPT));
    assert_memory_equal(out, wide("DSN=sandbox"), 22);
    assert_int_equal(out[length], 0);
    DBC_OK(dbc, SQLDisconnect(dbc));
    DBC_OK(dbc, SQLConnectW(dbc, wide("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    DBC_OK(dbc, SQLDisconnect(dbc));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

static void catalog(struct session *session)
{
    OK(session, SQLTablesW(session->stmt, NULL, 0, NULL, 0, wide("Users"), SQL_NTS, wide("TABLE"), SQL_NTS));
    assert_int_equal(count_rows(session), 1);
    OK(session, SQLCloseCursor(session->stmt));
    OK(session, SQLColumnsW(session->stmt, NULL, 0, NULL, 0, wide("Users"), 5, wide("Id"), 2));
    assert_int_equal(count_rows(session), 1);
    OK(session, SQLCloseCursor(session->stmt));
    OK(session, SQLPrimaryKeysW(session->stmt, NULL, 0, NULL, 0, wide("Users"), SQL_NTS));
    assert_int_equal(count_rows(session), 1);
}

static void native(struct session *session)
{
    SQLWCHAR out[100] = {0};
    SQLINTEGER length = 0;
    DBC_OK(session->dbc, SQLNativeSqlW(session->dbc, wide("SELECT '{x'"), SQL_NTS, out, 100, &length));
    assert_int_equal(length, 11);
    assert_memory_equal(out, wide("SELECT '{x'"), 24);
}

static void cursor_name(struct session *session)
{
    SQLWCHAR name[20] = {0};
    SQLSMALLINT length = 0;
    OK(session, SQLSetCursorNameW(session->stmt, wide("mine"), SQL_NTS));
    OK(session, SQLGetCursorNameW(session->stmt, name, 20, &length));
    assert_int_equal(length, 4);
    assert_memory_equal(name, wide("mine"), 10);
}

static void half_a_pair(struct session *session)
{
    static const SQLWCHAR broken[] = {'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', 0xD83D, '\'', 0};
    SQLRETURN result = SQLExecDirectW(session->stmt, as_input(broken), SQL_NTS);
    assert_true(result == SQL_ERROR || SQL_SUCCEEDED(result));     /* told or replaced, never a crash */
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    first_row(session, "SELECT 1");
}

static void mixed(struct session *session)
{
    SQLWCHAR state[6] = {0};
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT Nothing FROM Users"), SQL_NTS), SQL_ERROR);
    assert_int_equal(SQLGetDiagRecW(SQL_HANDLE_STMT, session->stmt, 1, state, NULL, NULL, 0, NULL), SQL_SUCCESS);
    assert_memory_equal(state, wide("42S22"), 12);
}

static const struct rule rules[] = {
    {"SQLExecDirect: the wide form takes surrogate pairs", executes},
    {"SQLExecDirect: half a surrogate pair does no harm", half_a_pair},
    {"SQLDescribeCol: the wide form counts characters", name_in_characters},
    {"SQLDescribeCol: the narrow form is UTF-8", narrow_is_utf8},
    {"SQLColAttribute: the wide form counts bytes", attribute_in_bytes},
    {"SQLGetInfo: the wide form counts bytes, and cuts at characters", info_in_bytes},
    {"SQLDriverConnect: the wide form counts characters; likewise SQLConnect", connects},
    {"SQLTables: the wide form; likewise SQLColumns and SQLPrimaryKeys", catalog},
    {"SQLNativeSql: the wide form counts characters", native},
    {"SQLSetCursorName: the wide form; likewise SQLGetCursorName", cursor_name},
    {"SQLGetDiagRec: the wide form after a narrow call", mixed},
};

int main(void)
{
    RULES(rules);
    return chapter_run("wide and narrow");
}
