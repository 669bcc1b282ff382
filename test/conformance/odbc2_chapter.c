/* ODBC 2.x applications: SQLSTATEs, type codes and functions of that version. */
#include "chapter.h"

struct mapped {
    const char *rule, *sql, *state;
};

static const struct mapped mapped[] = {
    {"SQLError: an unknown table is S0002", "SELECT 1 FROM Nowhere", "S0002"},
    {"SQLError: an unknown column is S0022", "SELECT Nothing FROM Users", "S0022"},
    {"SQLError: a syntax error is 37000", "SELEKT 1", "37000"},
};

static void is_mapped(struct session *session, const void *row)
{
    const struct mapped *m = row;
    SQLCHAR state[6] = "", message[300] = "";
    assert_int_equal(SQLExecDirect(session->stmt, text(m->sql), SQL_NTS), SQL_ERROR);
    assert_int_equal(SQLError(session->env, session->dbc, session->stmt, state, NULL, message, sizeof message, NULL), SQL_SUCCESS);
    assert_string_equal((char *)state, m->state);
    assert_true(message[0] != 0);
}

static void dates_have_old_codes(struct session *session)
{
    SQLSMALLINT type = 0;
    query(session, "SELECT {d '2024-02-29'}, {t '12:34:56'}, {ts '2024-02-29 12:34:56'}");
    OK(session, SQLDescribeCol(session->stmt, 1, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_DATE);
    OK(session, SQLDescribeCol(session->stmt, 2, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_TIME);
    OK(session, SQLDescribeCol(session->stmt, 3, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_TIMESTAMP);
}

static void old_c_types(struct session *session)
{
    SQL_DATE_STRUCT date = {0};
    SQL_TIMESTAMP_STRUCT moment = {0};
    first_row(session, "SELECT {d '2024-02-29'}, {ts '2024-02-29 12:34:56'}");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_DATE, &date, 0, NULL));
    assert_true(date.year == 2024 && date.month == 2 && date.day == 29);
    OK(session, SQLGetData(session->stmt, 2, SQL_C_TIMESTAMP, &moment, 0, NULL));
    assert_true(moment.hour == 12 && moment.second == 56);
}

static void types_of_that_time(struct session *session)
{
    OK(session, SQLGetTypeInfo(session->stmt, SQL_DATE));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 2), "9");
}

static void columns_of_that_time(struct session *session)
{
    SQLCHAR name[40] = "";
    OK(session, SQLColumns(session->stmt, NULL, 0, NULL, 0, text("Timesheets"), SQL_NTS, text("Date"), SQL_NTS));
    OK(session, SQLDescribeCol(session->stmt, 1, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    assert_string_equal((char *)name, "TABLE_QUALIFIER");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 5), "9");
}

static void old_options(struct session *session)
{
    SQLULEN value = 77;
    OK(session, SQLSetStmtOption(session->stmt, SQL_QUERY_TIMEOUT, 5));
    OK(session, SQLGetStmtOption(session->stmt, SQL_QUERY_TIMEOUT, &value));
    assert_int_equal((SQLUINTEGER)value, 5);
    DBC_OK(session->dbc, SQLSetConnectOption(session->dbc, SQL_ACCESS_MODE, SQL_MODE_READ_ONLY));
}

static void options_of_a_connection(struct session *session)
{
    SQLULEN value = 77;
    SQLHSTMT later = NULL;
    DBC_OK(session->dbc, SQLSetConnectOption(session->dbc, SQL_MAX_ROWS, 3));
    OK(session, SQLGetStmtOption(session->stmt, SQL_MAX_ROWS, &value));
    assert_int_equal(value, 3);
    assert_int_equal(SQLAllocStmt(session->dbc, &later), SQL_SUCCESS);
    value = 77;
    assert_int_equal(SQLGetStmtOption(later, SQL_MAX_ROWS, &value), SQL_SUCCESS);
    assert_int_equal(value, 3);
    assert_int_equal(SQLFreeStmt(later, SQL_DROP), SQL_SUCCESS);
    query(session, "SELECT Id FROM Users");
    assert_int_equal(count_rows(session), 3);
    DBC_FAILS(session->dbc, SQLSetConnectOption(session->dbc, SQL_CURSOR_TYPE, SQL_CURSOR_STATIC), "24000");
    OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    DBC_OK(session->dbc, SQLSetConnectOption(session->dbc, SQL_MAX_ROWS, 0));
}

static void old_attributes(struct session *session)
{
    SQLLEN value = 0;
    query(session, "SELECT Id, FirstName FROM Users");
    OK(session, SQLColAttributes(session->stmt, 1, SQL_COLUMN_TYPE, NULL, 0, NULL, &value));
    assert_int_equal(value, SQL_BIGINT);
    OK(session, SQLColAttributes(session->stmt, 1, SQL_COLUMN_COUNT, NULL, 0, NULL, &value));
    assert_int_equal(value, 2);
}

static void old_transact(struct session *session)
{
    assert_int_equal(SQLTransact(session->env, session->dbc, SQL_COMMIT), SQL_SUCCESS);
}

static void old_statement(struct session *session)
{
    SQLHSTMT stmt = NULL;
    assert_int_equal(SQLAllocStmt(session->dbc, &stmt), SQL_SUCCESS);
    assert_int_equal(SQLFreeStmt(stmt, SQL_DROP), SQL_SUCCESS);
}

static void old_parameters(struct session *session)
{
    static SQLINTEGER value = 42;
    static SQLLEN length = 0;
    OK(session, SQLSetParam(session->stmt, 1, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, &length));
    first_row(session, "SELECT CAST(? AS INTEGER)");
    assert_string_equal(cell(session, 1), "42");
}

static const struct rule rules[] = {
    {"SQLDescribeCol: dates have the codes of ODBC 2", dates_have_old_codes},
    {"SQLGetData: the C types of ODBC 2 for dates", old_c_types},
    {"SQLGetTypeInfo: takes and gives the codes of ODBC 2", types_of_that_time},
    {"SQLColumns: the names of columns and the codes of ODBC 2", columns_of_that_time},
    {"SQLSetStmtOption: options are attributes", old_options},
    {"SQLSetConnectOption: a statement option is set for the statements of the connection, those there are and those to come", options_of_a_connection},
    {"SQLColAttributes: SQL_COLUMN_TYPE and SQL_COLUMN_COUNT", old_attributes},
    {"SQLTransact: is SQLEndTran", old_transact},
    {"SQLAllocStmt: is SQLAllocHandle; SQL_DROP frees", old_statement},
    {"SQLSetParam: is SQLBindParameter", old_parameters},
};

int main(void)
{
    chapter_version(SQL_OV_ODBC2);
    EACH(is_mapped, mapped);
    RULES(rules);
    return chapter_run("ODBC 2.x applications");
}
