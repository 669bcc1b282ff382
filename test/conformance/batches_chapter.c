/* Batches: several statements in one text, and SQLMoreResults from one result to the next. */
#include "chapter.h"

#define CALL "{call GetOAuthAuthorizationURL('WEB')}"
#define BATCH "SELECT 1 AS one, 'a' AS letter; SELECT 'x' AS other UNION ALL SELECT 'y'; " CALL

static void has(struct session *session, SQLSMALLINT columns, const char *name)
{
    SQLSMALLINT count = 77, length = 0;
    SQLCHAR found[100] = "";
    OK(session, SQLNumResultCols(session->stmt, &count));
    assert_int_equal(count, columns);
    OK(session, SQLDescribeCol(session->stmt, 1, found, sizeof found, &length, NULL, NULL, NULL, NULL));
    assert_string_equal((char *)found, name);
}

static SQLSMALLINT columns_of(struct session *session)
{
    SQLSMALLINT count = 77;
    OK(session, SQLNumResultCols(session->stmt, &count));
    return count;
}

static void through_all(struct session *session)
{
    has(session, 2, "one");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 2), "a");
    NO_DATA(session, SQLFetch(session->stmt));
    OK(session, SQLMoreResults(session->stmt));
    has(session, 1, "other");
    assert_int_equal(count_rows(session), 2);
    OK(session, SQLMoreResults(session->stmt));
    assert_true(columns_of(session) >= 1);
    OK(session, SQLFetch(session->stmt));
    assert_true(strlen(cell(session, 1)) > 0);
    NO_DATA(session, SQLMoreResults(session->stmt));
    NO_DATA(session, SQLMoreResults(session->stmt));
}

static void executed_at_once(struct session *session)
{
    query(session, BATCH);
    through_all(session);
    query(session, BATCH);
    through_all(session);
}

static void prepared(struct session *session)
{
    OK(session, SQLPrepare(session->stmt, text(BATCH), SQL_NTS));
    for (int again = 0; again < 2; again++) {
        has(session, 2, "one");
        OK(session, SQLExecute(session->stmt));
        through_all(session);
    }
}

static void without_reading(struct session *session)
{
    query(session, BATCH);
    OK(session, SQLMoreResults(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "x");
    OK(session, SQLMoreResults(session->stmt));
    NO_DATA(session, SQLMoreResults(session->stmt));
}

static void cursor_is_closed_behind_the_last(struct session *session)
{
    query(session, "SELECT 1; SELECT 2");
    OK(session, SQLMoreResults(session->stmt));
    NO_DATA(session, SQLMoreResults(session->stmt));
    assert_int_equal(SQLFetch(session->stmt), SQL_ERROR);
    OK(session, SQLExecDirect(session->stmt, text("SELECT 3"), SQL_NTS));
}

static void row_counts(struct session *session)
{
    query(session, "SELECT 1; SELECT 2");
    for (int result = 0; result < 2; result++) {
        SQLLEN rows = 77;
        OK(session, SQLRowCount(session->stmt, &rows));
        assert_int_equal(rows, -1);
        assert_int_equal(SQLMoreResults(session->stmt), result ? SQL_NO_DATA : SQL_SUCCESS);
    }
}

static void described_anew(struct session *session)
{
    SQLLEN type = 0;
    SQLSMALLINT count = 0;
    SQLHDESC ird = NULL;
    query(session, "SELECT 1 AS a, 2 AS b; SELECT {d '2024-02-29'} AS c");
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_IMP_ROW_DESC, &ird, 0, NULL));
    DESC_OK(ird, SQLGetDescField(ird, 0, SQL_DESC_COUNT, &count, 0, NULL));
    assert_int_equal(count, 2);
    OK(session, SQLMoreResults(session->stmt));
    DESC_OK(ird, SQLGetDescField(ird, 0, SQL_DESC_COUNT, &count, 0, NULL));
    assert_int_equal(count, 1);
    OK(session, SQLColAttribute(session->stmt, 1, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &type));
    assert_int_equal(type, SQL_TYPE_DATE);
    FAILS(session, SQLColAttribute(session->stmt, 2, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &type), "07009");
}

static void bindings_stay(struct session *session)
{
    SQLINTEGER value = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    query(session, "SELECT 1; SELECT 2");
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 1);
    OK(session, SQLMoreResults(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 2);
}

static void error_in_the_second(struct session *session)
{
    query(session, "SELECT 1; SELECT 1 / (Id - Id) FROM Users; SELECT 3");
    OK(session, SQLFetch(session->stmt));
    FAILS(session, SQLMoreResults(session->stmt), "22012");
    NO_DATA(session, SQLMoreResults(session->stmt));
    query(session, "SELECT 4");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "4");
}

static void error_in_the_text_of_the_second(struct session *session)
{
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT 1; SELECT Nothing FROM Users"), SQL_NTS), "42S22");
    FAILS(session, SQLPrepare(session->stmt, text("SELECT 1; SELEKT 2"), SQL_NTS), "42000");
    query(session, "SELECT 5");
}

static void closed_in_the_middle(struct session *session)
{
    OK(session, SQLPrepare(session->stmt, text(BATCH), SQL_NTS));
    for (int way = 0; way < 2; way++) {
        OK(session, SQLExecute(session->stmt));
        OK(session, SQLMoreResults(session->stmt));
        OK(session, way ? SQLCloseCursor(session->stmt) : SQLFreeStmt(session->stmt, SQL_CLOSE));
        NO_DATA(session, SQLMoreResults(session->stmt));
        has(session, 2, "one");
    }
    OK(session, SQLExecute(session->stmt));
    through_all(session);
}

static void executing_in_the_middle(struct session *session)
{
    query(session, "SELECT 1; SELECT 2");
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT 3"), SQL_NTS), "24000");
    OK(session, SQLMoreResults(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "2");
}

static void parameters_run_through(struct session *session)
{
    SQLINTEGER first = 41, second = 5;
    SQLCHAR word[] = "hello";
    SQLSMALLINT count = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT CAST(? AS INTEGER) + 1; SELECT CAST(? AS VARCHAR(10)), CAST(? AS INTEGER)"), SQL_NTS));
    OK(session, SQLNumParams(session->stmt, &count));
    assert_int_equal(count, 3);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &first, 0, NULL));
    OK(session, SQLBindParameter(session->stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, word, sizeof word, NULL));
    OK(session, SQLBindParameter(session->stmt, 3, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &second, 0, NULL));
    for (int again = 0; again < 2; again++) {
        OK(session, SQLExecute(session->stmt));
        OK(session, SQLFetch(session->stmt));
        assert_string_equal(cell(session, 1), "42");
        OK(session, SQLMoreResults(session->stmt));
        OK(session, SQLFetch(session->stmt));
        assert_string_equal(cell(session, 1), "hello");
        assert_string_equal(cell(session, 2), again ? "6" : "5");
        NO_DATA(session, SQLMoreResults(session->stmt));
        second = 6;
    }
}

static void scrolls(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0));
    query(session, "SELECT 1 UNION ALL SELECT 2; SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5");
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_LAST, 0));
    assert_string_equal(cell(session, 1), "2");
    OK(session, SQLMoreResults(session->stmt));
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "24000");
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, -2));
    assert_string_equal(cell(session, 1), "4");
}

static void fetching_functions_may_change(struct session *session)
{
    SQLULEN count = 0;
    SQLUSMALLINT status[1];
    query(session, "SELECT 1; SELECT 2");
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLMoreResults(session->stmt));
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &count, status));
    assert_int_equal(count, 1);
}

static void bounded(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_ROWS, number(2), 0));
    query(session, "SELECT Id FROM Users; SELECT Id FROM Users");
    assert_int_equal(count_rows(session), 2);
    OK(session, SQLMoreResults(session->stmt));
    assert_int_equal(count_rows(session), 2);
}

static void empty_statements(struct session *session)
{
    query(session, "SELECT 1;; SELECT 2; ");
    OK(session, SQLMoreResults(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "2");
    NO_DATA(session, SQLMoreResults(session->stmt));
}

static void semicolons_in_quotes(struct session *session)
{
    first_row(session, "SELECT 'a;b' AS \"c;d\" -- e;f");
    assert_string_equal(cell(session, 1), "a;b");
    NO_DATA(session, SQLMoreResults(session->stmt));
}

static void info(struct session *session)
{
    SQLUINTEGER support = 77, counts = 77;
    SQLCHAR many[2] = "";
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_BATCH_SUPPORT, &support, sizeof support, NULL));
    assert_int_equal(support, SQL_BS_SELECT_EXPLICIT | SQL_BS_SELECT_PROC | SQL_BS_ROW_COUNT_EXPLICIT);
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_BATCH_ROW_COUNT, &counts, sizeof counts, NULL));
    assert_int_equal(counts, SQL_BRC_EXPLICIT);
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_MULT_RESULT_SETS, many, sizeof many, NULL));
    assert_string_equal((char *)many, "Y");
}

static const struct rule rules[] = {
    {"SQLMoreResults: goes through the results of SQLExecDirect's SELECT, SELECT and CALL", executed_at_once},
    {"SQLMoreResults: goes through the results of a prepared batch, each time anew", prepared},
    {"SQLMoreResults: discards the rows that were not read", without_reading},
    {"SQLMoreResults: behind the last result the cursor is closed", cursor_is_closed_behind_the_last},
    {"SQLMoreResults: SQLRowCount of each SELECT is -1", row_counts},
    {"SQLMoreResults: describes the next result, also in the IRD", described_anew},
    {"SQLMoreResults: leaves columns bound", bindings_stay},
    {"SQLMoreResults: an error of the second statement is told, and the batch is over", error_in_the_second},
    {"SQLExecDirect: a mistake in the second statement of a batch is told before the first is executed; likewise SQLPrepare", error_in_the_text_of_the_second},
    {"SQLCloseCursor: discards the rest of a batch; likewise SQL_CLOSE", closed_in_the_middle},
    {"SQLExecDirect: while a batch has a cursor open it is 24000", executing_in_the_middle},
    {"SQLPrepare: the parameters of a batch are counted through", parameters_run_through},
    {"SQLMoreResults: a static cursor scrolls in each result", scrolls},
    {"SQLMoreResults: the next result can be read by SQLExtendedFetch where the last was by SQLFetch", fetching_functions_may_change},
    {"SQLMoreResults: SQL_ATTR_MAX_ROWS bounds each result", bounded},
    {"SQLMoreResults: an empty statement has no result", empty_statements},
    {"SQLMoreResults: a semicolon in quotes or a comment ends no statement", semicolons_in_quotes},
    {"SQLGetInfo: SQL_BATCH_SUPPORT, SQL_BATCH_ROW_COUNT and SQL_MULT_RESULT_SETS tell of batches", info},
};

int main(void)
{
    RULES(rules);
    return chapter_run("batches");
}
