/* Proves what the driver itself tells an ODBC 2 application, without a driver manager, which maps SQLSTATEs, type codes and functions of
 * its own (ODBC reference, Appendix A "SQLSTATE Mappings", Appendix G "Driver Guidelines for Backward Compatibility"). */
#include "session.h"

#include <string.h>

#include "fake_service.h"

struct mapped {
    SQLRETURN (*call)(const struct session *session);
    const char *state;
};

static SQLRETURN run_sql(const struct session *s, const char *sql)
{
    SQLRETURN result = SQLExecDirect(s->stmt, text(sql), SQL_NTS);
    return result == SQL_SUCCESS ? SQLFetch(s->stmt) : result;
}

static SQLRETURN set(const struct session *s, SQLINTEGER attribute, SQLULEN value)
{
    return SQLSetStmtAttr(s->stmt, attribute, (SQLPOINTER)(uintptr_t)value, 0);
}

static SQLRETURN syntax(const struct session *s) { return run_sql(s, "SELEKT 1"); }
static SQLRETURN no_table(const struct session *s) { return run_sql(s, "SELECT 1 FROM Nowhere"); }
static SQLRETURN no_column(const struct session *s) { return run_sql(s, "SELECT Nothing FROM People"); }
static SQLRETURN too_large(const struct session *s) { return run_sql(s, "SELECT CAST(3000000000 AS INTEGER)"); }
static SQLRETURN no_number(const struct session *s) { return run_sql(s, "SELECT CAST('x' AS INTEGER)"); }
static SQLRETURN no_date(const struct session *s) { return run_sql(s, "SELECT CAST('2024-02-30' AS DATE)"); }
static SQLRETURN out_of_sequence(const struct session *s) { return SQLExecute(s->stmt); }
static SQLRETURN no_cursor(const struct session *s) { return SQLCloseCursor(s->stmt); }
static SQLRETURN bad_cursor(const struct session *s) { return set(s, SQL_ATTR_CURSOR_TYPE, 77); }
static SQLRETURN asynchronous(const struct session *s) { return set(s, SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON); }
static SQLRETURN unknown_attribute(const struct session *s) { return set(s, 999, 1); }
static SQLRETURN replaced(const struct session *s) { return set(s, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_KEYSET_DRIVEN); }
static SQLRETURN bad_c_type(const struct session *s) { return SQLBindCol(s->stmt, 1, 777, NULL, 0, NULL); }
static SQLRETURN bad_type(const struct session *s) { return SQLGetTypeInfo(s->stmt, 777); }
static SQLRETURN no_text(const struct session *s) { return SQLPrepare(s->stmt, NULL, SQL_NTS); }
static SQLRETURN bad_length(const struct session *s) { return SQLPrepare(s->stmt, text("SELECT 1"), -7); }
static SQLRETURN bad_parameter(const struct session *s) { return SQLBindParameter(s->stmt, 0, SQL_PARAM_INPUT, SQL_C_LONG, SQL_INTEGER, 0, 0, NULL, 0, NULL); }
static SQLRETURN bad_index(const struct session *s) { return SQLStatistics(s->stmt, NULL, 0, NULL, 0, text("People"), SQL_NTS, 77, SQL_QUICK); }
static SQLRETURN bad_accuracy(const struct session *s) { return SQLStatistics(s->stmt, NULL, 0, NULL, 0, text("People"), SQL_NTS, SQL_INDEX_ALL, 77); }
static SQLRETURN bad_scope(const struct session *s)
{
    return SQLSpecialColumns(s->stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("People"), SQL_NTS, 77, SQL_NULLABLE);
}
static SQLRETURN bad_nullable(const struct session *s)
{
    return SQLSpecialColumns(s->stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("People"), SQL_NTS, SQL_SCOPE_CURROW, 77);
}
static SQLRETURN bad_column(const struct session *s)
{
    char word[9];
    SQLRETURN result = run_sql(s, "SELECT Id FROM People");
    return SQL_SUCCEEDED(result) ? SQLGetData(s->stmt, 9, SQL_C_CHAR, word, sizeof word, NULL) : result;
}
static SQLRETURN no_result(const struct session *s)
{
    SQLRETURN result = SQLPrepare(s->stmt, text("{call Silent}"), SQL_NTS);
    return SQL_SUCCEEDED(result) ? SQLDescribeCol(s->stmt, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL) : result;
}
static SQLRETURN timed_out(const struct session *s)
{
    SQLRETURN result = set(s, SQL_ATTR_QUERY_TIMEOUT, 1);
    return SQL_SUCCEEDED(result) ? run_sql(s, "SELECT Id FROM Endless") : result;
}
static void cancel_now(void *stmt) { SQLCancel(stmt); }
static SQLRETURN cancelled(const struct session *s)
{
    fake_counters.context = s->stmt;
    fake_counters.on_plan = cancel_now;
    SQLRETURN result = run_sql(s, "SELECT Id FROM People");
    fake_counters.on_plan = NULL;
    return result;
}

static const struct mapped mapped[] = {
    {syntax, "37000"}, {no_table, "S0002"}, {no_column, "S0022"}, {too_large, "22003"}, {no_number, "22005"}, {no_date, "22005"},
    {out_of_sequence, "S1010"}, {no_cursor, "24000"}, {bad_cursor, "S1009"}, {asynchronous, "S1C00"}, {unknown_attribute, "S1092"},
    {replaced, "01S02"}, {bad_c_type, "S1003"}, {bad_type, "S1004"}, {no_text, "S1009"}, {bad_length, "S1090"}, {bad_parameter, "S1093"},
    {bad_index, "S1100"}, {bad_accuracy, "S1101"}, {bad_scope, "S1098"}, {bad_nullable, "S1099"}, {bad_column, "S1002"}, {no_result, "24000"},
    {timed_out, "S1T00"}, {cancelled, "S1008"},
};

static void sqlstates_are_the_old_ones(void **state)
{
    const struct session *session = *state;
    for (size_t i = 0; i < sizeof mapped / sizeof mapped[0]; i++) {
        struct session one = *session;
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &one.stmt), SQL_SUCCESS);
        SQLRETURN result = mapped[i].call(&one);
        const char *found = session_state(SQL_HANDLE_STMT, one.stmt, 1);
        if (result != (strncmp(mapped[i].state, "01", 2) == 0 ? SQL_SUCCESS_WITH_INFO : SQL_ERROR) || strcmp(found, mapped[i].state) != 0)
            print_error("number %zu gives %d %s in place of %s\n", i, result, found, mapped[i].state);
        assert_string_equal(found, mapped[i].state);
        assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, one.stmt), SQL_SUCCESS);
    }
}

static void dates_have_the_old_codes(void **state)
{
    static const struct { const char *column; SQLSMALLINT code; } dates[] = {{"Day", SQL_DATE}, {"Clock", SQL_TIME}, {"Moment", SQL_TIMESTAMP}};
    const struct session *session = *state;

    session_query(session, "SELECT Day, Clock, Moment FROM Everything");
    for (SQLUSMALLINT i = 1; i <= 3; i++) {
        SQLSMALLINT type = 0;
        SQLLEN concise = 0, old = 0;
        WORKS(session->stmt, SQLDescribeCol(session->stmt, i, NULL, 0, NULL, &type, NULL, NULL, NULL));
        WORKS(session->stmt, SQLColAttribute(session->stmt, i, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &concise));
        WORKS(session->stmt, SQLColAttribute(session->stmt, i, SQL_COLUMN_TYPE, NULL, 0, NULL, &old));
        assert_int_equal(type, dates[i - 1].code);
        assert_int_equal(concise, dates[i - 1].code);
        assert_int_equal(old, dates[i - 1].code);
    }
    for (size_t i = 0; i < 3; i++) {
        SQLSMALLINT code = 0;
        WORKS(session->stmt, SQLFreeStmt(session->stmt, SQL_CLOSE));
        WORKS(session->stmt, SQLColumns(session->stmt, NULL, 0, NULL, 0, text("Everything"), SQL_NTS, text(dates[i].column), SQL_NTS));
        WORKS(session->stmt, SQLFetch(session->stmt));
        WORKS(session->stmt, SQLGetData(session->stmt, 5, SQL_C_SHORT, &code, 0, NULL));
        assert_int_equal(code, dates[i].code);
        WORKS(session->stmt, SQLFreeStmt(session->stmt, SQL_CLOSE));
        WORKS(session->stmt, SQLGetTypeInfo(session->stmt, dates[i].code));
        WORKS(session->stmt, SQLFetch(session->stmt));
        WORKS(session->stmt, SQLGetData(session->stmt, 2, SQL_C_SHORT, &code, 0, NULL));
        assert_int_equal(code, dates[i].code);
    }
}

static void columns_answer_to_the_old_identifiers(void **state)
{
    static const struct { SQLUSMALLINT identifier; SQLLEN value; } wanted[] = {
        {SQL_COLUMN_COUNT, 2}, {SQL_COLUMN_LENGTH, 21}, {SQL_COLUMN_PRECISION, 19}, {SQL_COLUMN_SCALE, 4}, {SQL_COLUMN_NULLABLE, SQL_NULLABLE},
        {SQL_COLUMN_UNSIGNED, SQL_FALSE}, {SQL_COLUMN_MONEY, SQL_FALSE}, {SQL_COLUMN_AUTO_INCREMENT, SQL_FALSE}, {SQL_COLUMN_DISPLAY_SIZE, 21},
    };
    const struct session *session = *state;
    SQLCHAR name[40] = "";

    session_query(session, "SELECT Amount, Name FROM Everything");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        SQLLEN value = 777;
        WORKS(session->stmt, SQLColAttribute(session->stmt, 1, wanted[i].identifier, NULL, 0, NULL, &value));
        if (value != wanted[i].value)
            print_error("identifier %d is %ld\n", wanted[i].identifier, (long)value);
        assert_int_equal(value, wanted[i].value);
    }
    WORKS(session->stmt, SQLColAttribute(session->stmt, 2, SQL_COLUMN_NAME, name, sizeof name, NULL, NULL));
    assert_string_equal((char *)name, "Name");
}

static void setting_a_parameter_without_a_length_works(void **state)
{
    const struct session *session = *state;
    SQL_DATE_STRUCT date = {2024, 2, 29};
    /* As the driver manager maps SQLSetParam. */
    WORKS(session->stmt, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_DATE, SQL_DATE, 10, 0, &date, SQL_SETPARAM_VALUE_MAX, NULL));
    session_query(session, "SELECT CAST(? AS DATE)");
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_string_equal(session_cell(session, 1), "2024-02-29");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sqlstates_are_the_old_ones, session_open_odbc2, session_close),
        cmocka_unit_test_setup_teardown(dates_have_the_old_codes, session_open_odbc2, session_close),
        cmocka_unit_test_setup_teardown(columns_answer_to_the_old_identifiers, session_open_odbc2, session_close),
        cmocka_unit_test_setup_teardown(setting_a_parameter_without_a_length_works, session_open_odbc2, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
