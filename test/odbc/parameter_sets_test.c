/* Proves arrays of parameters: column-wise, row-wise and shifted, sets left out, sets that fail, data at execution, a result for each
 * set through SQLMoreResults; and the IPD that SQLPrepare fills by itself. */
#include "session.h"

#include <stdio.h>
#include <string.h>

static SQLUSMALLINT statuses[8];
static SQLULEN processed;

static void use_sets(SQLHSTMT stmt, SQLULEN count)
{
    memset(statuses, 0x77, sizeof statuses);
    processed = 77;
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)count, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAM_STATUS_PTR, statuses, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0));
}

static void bind_integers(SQLHSTMT stmt, SQLUSMALLINT number, SQLINTEGER *values, SQLLEN *indicators)
{
    WORKS(stmt, SQLBindParameter(stmt, number, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, indicators));
}

/* The rows of the present result, their first column, joined. */
static const char *rows_of(const struct session *session)
{
    static char joined[512];
    SQLRETURN result;

    joined[0] = '\0';
    while (SQL_SUCCEEDED(result = SQLFetch(session->stmt)))
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s,", session_cell(session, 1));
    assert_int_equal(result, SQL_NO_DATA);
    return joined;
}

static void each_set_has_its_result(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER values[3] = {2, 9, 4};

    use_sets(stmt, 3);
    bind_integers(stmt, 1, values, NULL);
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People WHERE Id < ? ORDER BY Id"), SQL_NTS));
    for (int round = 0; round < 2; round++) {
        assert_int_equal(SQLExecute(stmt), SQL_SUCCESS);
        assert_int_equal(processed, 3);
        for (int i = 0; i < 3; i++)
            assert_int_equal(statuses[i], SQL_PARAM_SUCCESS);
        values[1] = 0; /* the arrays are the application's again */
        assert_string_equal(rows_of(session), "1,");
        assert_int_equal(SQLMoreResults(stmt), SQL_SUCCESS);
        assert_string_equal(rows_of(session), "1,2,3,4,5,6,7,8,");
        assert_int_equal(SQLMoreResults(stmt), SQL_SUCCESS);
        assert_string_equal(rows_of(session), "1,2,3,");
        assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
        FAILS(stmt, SQLFetch(stmt), "HY010");
        values[1] = 9;
    }
    WORKS(stmt, SQLExecute(stmt));
    WORKS(stmt, SQLCloseCursor(stmt)); /* gives up the others */
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
}

struct set {
    SQLINTEGER number;
    SQLLEN text_length;
    char text[12];
};

static void structures_are_bound_row_by_row_with_an_offset(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    struct set sets[4] = {{0, 0, ""}, {1, 3, "one"}, {2, SQL_NTS, "two"}, {3, SQL_NULL_DATA, ""}};
    SQLLEN offset = sizeof sets[0];

    use_sets(stmt, 3);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAM_BIND_TYPE, (SQLPOINTER)sizeof sets[0], 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset, 0));
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 12, 0, sets[0].text, 12, &sets[0].text_length));
    bind_integers(stmt, 2, &sets[0].number, NULL);
    assert_int_equal(SQLExecDirect(stmt, text("CALL Echo(?, ?)"), SQL_NTS), SQL_SUCCESS_WITH_INFO);
    assert_int_equal(statuses[2], SQL_PARAM_ERROR); /* Text is required */
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "one");
    assert_string_equal(session_cell(session, 2), "1");
    assert_int_equal(SQLMoreResults(stmt), SQL_SUCCESS);
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "two");
    assert_string_equal(session_cell(session, 2), "2");
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
}

static void texts_lie_as_far_apart_as_their_buffers_are_long(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    char texts[3][6] = {"Bob", "Cleo", "Hansel"};
    SQLLEN lengths[3] = {SQL_NTS, 4, 4};

    use_sets(stmt, 3);
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 6, 0, texts, 6, lengths));
    session_query(session, "SELECT Name FROM People WHERE Name = ?");
    assert_string_equal(rows_of(session), "Bob,");
    WORKS(stmt, SQLMoreResults(stmt));
    assert_string_equal(rows_of(session), "Cleo,");
    WORKS(stmt, SQLMoreResults(stmt));
    assert_string_equal(rows_of(session), "Hans,");
}

static void sets_are_left_out(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER values[3] = {1, 2, 3};
    SQLUSMALLINT operations[3] = {SQL_PARAM_IGNORE, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE};

    use_sets(stmt, 3);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAM_OPERATION_PTR, operations, 0));
    bind_integers(stmt, 1, values, NULL);
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People WHERE Id = ?"), SQL_NTS));
    assert_int_equal(SQLExecute(stmt), SQL_SUCCESS);
    assert_int_equal(statuses[0], SQL_PARAM_UNUSED);
    assert_int_equal(statuses[1], SQL_PARAM_SUCCESS);
    assert_int_equal(statuses[2], SQL_PARAM_UNUSED);
    assert_string_equal(rows_of(session), "2,");
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
    operations[1] = SQL_PARAM_IGNORE;
    assert_int_equal(SQLExecute(stmt), SQL_SUCCESS);
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
}

/* Who asked for no statuses could not know which of the sets failed. */
static void a_bad_set_is_an_error_where_statuses_are_not_asked_for(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    char texts[3][8] = {"1", "none", "3"};
    SQLLEN lengths[3] = {SQL_NTS, SQL_NTS, SQL_NTS};

    use_sets(stmt, 3);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_PARAM_STATUS_PTR, NULL, 0));
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0, texts, 8, lengths));
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People WHERE Id = ?"), SQL_NTS));
    assert_int_equal(SQLExecute(stmt), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "22018");
    assert_int_equal(processed, 3);
}

static void a_bad_set_does_not_spoil_the_others(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    char texts[3][8] = {"1", "none", "3"};
    SQLLEN lengths[3] = {SQL_NTS, SQL_NTS, SQL_NTS};
    SQLLEN row = 0;

    use_sets(stmt, 3);
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0, texts, 8, lengths));
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People WHERE Id = ?"), SQL_NTS));
    assert_int_equal(SQLExecute(stmt), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "22018");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, 2);
    assert_int_equal(statuses[0], SQL_PARAM_SUCCESS);
    assert_int_equal(statuses[1], SQL_PARAM_ERROR);
    assert_int_equal(statuses[2], SQL_PARAM_SUCCESS);
    assert_int_equal(processed, 3);
    assert_string_equal(rows_of(session), "1,");
    WORKS(stmt, SQLMoreResults(stmt));
    assert_string_equal(rows_of(session), "3,");
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);

    memcpy(texts[0], "no", 3);
    memcpy(texts[2], "no", 3);
    FAILS(stmt, SQLExecute(stmt), "22018");
    assert_int_equal(statuses[2], SQL_PARAM_ERROR);
    memcpy(texts[2], "3", 2);
    WORKS(stmt, SQLExecute(stmt)); /* what was prepared stays prepared */
}

static void data_at_execution_is_asked_for_set_by_set(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER numbers[2] = {5, 6};
    SQLLEN lengths[2] = {SQL_DATA_AT_EXEC, SQL_DATA_AT_EXEC};
    SQLPOINTER token;
    char place[1];

    use_sets(stmt, 2);
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, place, 0, lengths));
    bind_integers(stmt, 2, numbers, NULL);
    assert_int_equal(SQLExecDirect(stmt, text("CALL Echo(?, ?)"), SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLParamData(stmt, &token), SQL_NEED_DATA);
    assert_ptr_equal(token, place);
    assert_int_equal(processed, 1);
    WORKS(stmt, SQLPutData(stmt, text("fi"), 2));
    WORKS(stmt, SQLPutData(stmt, text("ve"), 2));
    assert_int_equal(SQLParamData(stmt, &token), SQL_NEED_DATA);
    assert_int_equal(processed, 2);
    WORKS(stmt, SQLPutData(stmt, text("six"), SQL_NTS));
    assert_int_equal(SQLParamData(stmt, &token), SQL_SUCCESS);
    assert_string_equal(rows_of(session), "five,");
    WORKS(stmt, SQLMoreResults(stmt));
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "six");
    assert_string_equal(session_cell(session, 2), "6");
}

static void a_batch_gives_its_results_for_every_set(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER values[2] = {3, 8};
    SQLSMALLINT columns;

    use_sets(stmt, 2);
    bind_integers(stmt, 1, values, NULL);
    bind_integers(stmt, 2, values, NULL);
    session_query(session, "SELECT Id FROM People WHERE Id = ?; SELECT Name, Id FROM People WHERE Id = ?");
    for (int i = 0; i < 2; i++) {
        WORKS(stmt, SQLNumResultCols(stmt, &columns));
        assert_int_equal(columns, 1);
        assert_string_equal(rows_of(session), i ? "8," : "3,");
        WORKS(stmt, SQLMoreResults(stmt));
        WORKS(stmt, SQLNumResultCols(stmt, &columns));
        assert_int_equal(columns, 2);
        assert_string_equal(rows_of(session), i ? "Hans," : "Cleo,");
        assert_int_equal(SQLMoreResults(stmt), i ? SQL_NO_DATA : SQL_SUCCESS);
    }
}

static void results_of_sets_scroll(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER values[2] = {3, 5};

    use_sets(stmt, 2);
    bind_integers(stmt, 1, values, NULL);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0));
    session_query(session, "SELECT Id FROM People WHERE Id < ? ORDER BY Id DESC");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
    assert_string_equal(session_cell(session, 1), "1");
    WORKS(stmt, SQLMoreResults(stmt));
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 2));
    assert_string_equal(session_cell(session, 1), "3");
}

static void procedures_without_rows_run_for_every_set(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLSMALLINT columns;

    use_sets(stmt, 3); /* without parameters there is one execution */
    session_query(session, "CALL Silent()");
    WORKS(stmt, SQLNumResultCols(stmt, &columns));
    assert_int_equal(columns, 0);
    assert_int_equal(processed, 77);
    assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
}

static void preparing_fills_the_ipd_when_asked(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLHDESC ipd;
    SQLSMALLINT type = 0, count = 0;
    SQLUINTEGER able = 0;

    assert_int_equal(SQLGetConnectAttr(session->dbc, SQL_ATTR_AUTO_IPD, &able, 0, NULL), SQL_SUCCESS);
    assert_int_equal(able, SQL_TRUE);
    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, NULL));
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM Everything WHERE Day = ? AND Amount > ?"), SQL_NTS));
    assert_int_equal(SQLGetDescField(ipd, 0, SQL_DESC_COUNT, &count, 0, NULL), SQL_SUCCESS);
    assert_int_equal(count, 0);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ENABLE_AUTO_IPD, (SQLPOINTER)SQL_TRUE, 0));
    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM Everything WHERE Day = ? AND Amount > ?"), SQL_NTS));
    assert_int_equal(SQLGetDescField(ipd, 0, SQL_DESC_COUNT, &count, 0, NULL), SQL_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(SQLGetDescField(ipd, 1, SQL_DESC_CONCISE_TYPE, &type, 0, NULL), SQL_SUCCESS);
    assert_int_equal(type, SQL_TYPE_DATE);
    assert_int_equal(SQLGetDescField(ipd, 2, SQL_DESC_CONCISE_TYPE, &type, 0, NULL), SQL_SUCCESS);
    assert_int_equal(type, SQL_DECIMAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_set_has_its_result, session_open, session_close),
        cmocka_unit_test_setup_teardown(structures_are_bound_row_by_row_with_an_offset, session_open, session_close),
        cmocka_unit_test_setup_teardown(texts_lie_as_far_apart_as_their_buffers_are_long, session_open, session_close),
        cmocka_unit_test_setup_teardown(sets_are_left_out, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_bad_set_is_an_error_where_statuses_are_not_asked_for, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_bad_set_does_not_spoil_the_others, session_open, session_close),
        cmocka_unit_test_setup_teardown(data_at_execution_is_asked_for_set_by_set, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_batch_gives_its_results_for_every_set, session_open, session_close),
        cmocka_unit_test_setup_teardown(results_of_sets_scroll, session_open, session_close),
        cmocka_unit_test_setup_teardown(procedures_without_rows_run_for_every_set, session_open, session_close),
        cmocka_unit_test_setup_teardown(preparing_fills_the_ipd_when_asked, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
