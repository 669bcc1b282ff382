/* Proves intervals: from texts, literals and numbers, back to texts and numbers, with what is cut and what is too large; and bytes that
 * are a value as it lies in memory. */
#include "session.h"

#include <stdio.h>
#include <string.h>

#include "odbc/interval.h"

/* As "sign leading|second|third|fourth fraction", fields that the type does not have left out by its printed form. */
static void texts_become_intervals(void **state)
{
    static const struct { const char *text; SQLSMALLINT type; enum interval_result result; const char *shown; } cases[] = {
        {"7", SQL_C_INTERVAL_YEAR, INTERVAL_EXACT, "7"},
        {"-7", SQL_C_INTERVAL_MONTH, INTERVAL_EXACT, "-7"},
        {"1-06", SQL_C_INTERVAL_YEAR_TO_MONTH, INTERVAL_EXACT, "1-06"},
        {"1-6", SQL_C_INTERVAL_MONTH, INTERVAL_EXACT, "18"},
        {"1-6", SQL_C_INTERVAL_YEAR, INTERVAL_CUT, "1"},
        {"1-12", SQL_C_INTERVAL_YEAR_TO_MONTH, INTERVAL_NONE, ""},
        {"3 04:05:06.789", SQL_C_INTERVAL_DAY_TO_SECOND, INTERVAL_EXACT, "3 04:05:06.789"},
        {" -3 4:5:6 ", SQL_C_INTERVAL_DAY_TO_SECOND, INTERVAL_EXACT, "-3 04:05:06"},
        {"3 04:05:06", SQL_C_INTERVAL_DAY_TO_HOUR, INTERVAL_CUT, "3 04"},
        {"3 04", SQL_C_INTERVAL_HOUR, INTERVAL_EXACT, "76"},
        {"3 04:05", SQL_C_INTERVAL_DAY_TO_MINUTE, INTERVAL_EXACT, "3 04:05"},
        {"04:05", SQL_C_INTERVAL_HOUR_TO_MINUTE, INTERVAL_EXACT, "4:05"},
        {"04:05", SQL_C_INTERVAL_MINUTE_TO_SECOND, INTERVAL_EXACT, "4:05"},
        {"04:05:06", SQL_C_INTERVAL_HOUR_TO_SECOND, INTERVAL_EXACT, "4:05:06"},
        {"12.5", SQL_C_INTERVAL_SECOND, INTERVAL_EXACT, "12.5"},
        {"12.1234567", SQL_C_INTERVAL_SECOND, INTERVAL_CUT, "12.123456"},
        {"12.5", SQL_C_INTERVAL_MINUTE, INTERVAL_NONE, ""},
        {"99", SQL_C_INTERVAL_DAY, INTERVAL_EXACT, "99"},
        {"100", SQL_C_INTERVAL_DAY, INTERVAL_OVERFLOW, ""},
        {"4:60", SQL_C_INTERVAL_HOUR_TO_MINUTE, INTERVAL_NONE, ""},
        {"1-06", SQL_C_INTERVAL_DAY, INTERVAL_NONE, ""},
        {"", SQL_C_INTERVAL_DAY, INTERVAL_NONE, ""},
        {"one", SQL_C_INTERVAL_DAY, INTERVAL_NONE, ""},
        {"1:2:3:4", SQL_C_INTERVAL_DAY_TO_SECOND, INTERVAL_NONE, ""},
        {"99999999999", SQL_C_INTERVAL_DAY, INTERVAL_NONE, ""},
        {"INTERVAL '3 04' DAY TO HOUR", SQL_C_INTERVAL_DAY_TO_HOUR, INTERVAL_EXACT, "3 04"},
        {"interval -'04:05' minute(2) to second(3)", SQL_C_INTERVAL_SECOND, INTERVAL_OVERFLOW, ""},
        {"{INTERVAL '-04:05' MINUTE TO SECOND}", SQL_C_INTERVAL_MINUTE, INTERVAL_CUT, "-4"},
        {"INTERVAL '3 04' DAY TO MINUTE", SQL_C_INTERVAL_DAY_TO_HOUR, INTERVAL_NONE, ""},
        {"INTERVAL '3' FORTNIGHT", SQL_C_INTERVAL_DAY, INTERVAL_NONE, ""},
        {"{INTERVAL '3' DAY", SQL_C_INTERVAL_DAY, INTERVAL_NONE, ""},
        {"-0", SQL_C_INTERVAL_DAY, INTERVAL_EXACT, "0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct interval_form form = {cases[i].type, INTERVAL_LEADING, INTERVAL_FRACTION};
        SQL_INTERVAL_STRUCT interval;
        char shown[INTERVAL_TEXT] = "";
        enum interval_result result = interval_from_text(cases[i].text, strlen(cases[i].text), &form, &interval);
        if (result == INTERVAL_EXACT || result == INTERVAL_CUT) {
            assert_int_equal(interval.interval_type, cases[i].type - SQL_INTERVAL_YEAR + SQL_IS_YEAR);
            interval_print(&interval, &form, shown);
        }
        if (result != cases[i].result || strcmp(shown, cases[i].shown) != 0)
            fail_msg("\"%s\" as %d gives %d, \"%s\"", cases[i].text, cases[i].type, (int)result, shown);
    }
}

static void columns_are_read_as_intervals(void **state)
{
    static const struct { const char *column; SQLSMALLINT type; const char *sqlstate; SQLUINTEGER day, hour; } cases[] = {
        {"'3 04:00:00'", SQL_C_INTERVAL_DAY_TO_HOUR, "", 3, 4},
        {"'3 04:05:06'", SQL_C_INTERVAL_DAY_TO_HOUR, "01S07", 3, 4},
        {"'333 04'", SQL_C_INTERVAL_DAY_TO_HOUR, "22015", 0, 0},
        {"'soon'", SQL_C_INTERVAL_DAY_TO_HOUR, "22018", 0, 0},
        {"Id", SQL_C_INTERVAL_DAY, "", 3, 0},
        {"CAST(Id AS DECIMAL(5,2)) + 0.25", SQL_C_INTERVAL_DAY, "01S07", 3, 0},
        {"Id", SQL_C_INTERVAL_DAY_TO_HOUR, "07006", 0, 0},
        {"CAST(Id AS DOUBLE)", SQL_C_INTERVAL_DAY, "07006", 0, 0},
    };
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQL_INTERVAL_STRUCT interval;
        SQLLEN length = 0;
        char sql[128];

        memset(&interval, 0, sizeof interval);
        snprintf(sql, sizeof sql, "SELECT %s FROM People WHERE Id = 3", cases[i].column);
        session_query(session, sql);
        WORKS(stmt, SQLFetch(stmt));
        SQLRETURN result = SQLGetData(stmt, 1, cases[i].type, &interval, sizeof interval, &length);
        assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), cases[i].sqlstate);
        assert_int_equal(result, !*cases[i].sqlstate ? SQL_SUCCESS : cases[i].sqlstate[0] == '0' && cases[i].sqlstate[1] == '1'
                                                                         ? SQL_SUCCESS_WITH_INFO : SQL_ERROR);
        if (SQL_SUCCEEDED(result))
            assert_int_equal(length, sizeof interval);
        assert_int_equal(interval.intval.day_second.day, cases[i].day);
        assert_int_equal(interval.intval.day_second.hour, cases[i].hour);
    }
}

static void a_bound_column_has_the_precision_of_its_record(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQL_INTERVAL_STRUCT interval;
    SQLHDESC ard;

    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_INTERVAL_DAY_TO_SECOND, &interval, 0, NULL));
    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    assert_int_equal(SQLSetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_PRECISION, (SQLPOINTER)4, 0), SQL_SUCCESS);
    assert_int_equal(SQLSetDescField(ard, 1, SQL_DESC_PRECISION, (SQLPOINTER)2, 0), SQL_SUCCESS);
    assert_int_equal(SQLSetDescField(ard, 1, SQL_DESC_DATA_PTR, &interval, 0), SQL_SUCCESS);
    session_query(session, "SELECT '-1234 00:00:01.25' FROM People WHERE Id = 3");
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
    assert_int_equal(interval.intval.day_second.day, 1234);
    assert_int_equal(interval.intval.day_second.fraction, 25);
    assert_int_equal(interval.interval_sign, SQL_TRUE);
}

static void intervals_are_parameters(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQL_INTERVAL_STRUCT interval;

    memset(&interval, 0, sizeof interval);
    interval.interval_type = SQL_IS_DAY_TO_SECOND;
    interval.interval_sign = SQL_TRUE;
    interval.intval.day_second.day = 3;
    interval.intval.day_second.minute = 5;
    interval.intval.day_second.fraction = 250000;
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_DAY_TO_SECOND, SQL_VARCHAR, 40, 0, &interval, 0, NULL));
    session_query(session, "CALL Echo(?)");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "-3 00:05:00.25");
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    interval.intval.day_second.minute = 60;
    FAILS(stmt, SQLExecDirect(stmt, text("CALL Echo(?)"), SQL_NTS), "22015");
    FAILS(stmt, SQLExecDirect(stmt, text("SELECT Id FROM People WHERE Id = ?"), SQL_NTS), "22015");
    interval.intval.day_second.minute = 5;
    FAILS(stmt, SQLExecDirect(stmt, text("SELECT Id FROM People WHERE Id = ?"), SQL_NTS), "22018"); /* as a text it is no number */
    FAILS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_DAY_TO_SECOND, SQL_INTEGER, 0, 0, &interval, 0, NULL), "07006");
    interval.interval_sign = SQL_FALSE;
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_DAY, SQL_INTEGER, 0, 0, &interval, 0, NULL));
    session_query(session, "SELECT Name FROM People WHERE Id = ?");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "Cleo");
}

static void bytes_may_be_a_value_in_memory(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLBIGINT id = 3;
    SQLLEN length = sizeof id;

    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_BIGINT, 0, 0, &id, sizeof id, &length));
    session_query(session, "SELECT Name FROM People WHERE Id = ?");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "Cleo");
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    length = 3;
    FAILS(stmt, SQLExecDirect(stmt, text("SELECT Name FROM People WHERE Id = ?"), SQL_NTS), "22003");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_intervals),
        cmocka_unit_test_setup_teardown(columns_are_read_as_intervals, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_bound_column_has_the_precision_of_its_record, session_open, session_close),
        cmocka_unit_test_setup_teardown(intervals_are_parameters, session_open, session_close),
        cmocka_unit_test_setup_teardown(bytes_may_be_a_value_in_memory, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
