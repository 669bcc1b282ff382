/* SQLSetPos: positioning and refreshing in a rowset, what can not be changed or locked; SQLGetData in a block cursor. */
#include "chapter.h"

enum { SIZE = 4 };
#define SIX "SELECT a, t FROM (SELECT 1 AS a, 'one' AS t UNION ALL SELECT 2, 'two' UNION ALL SELECT 3, 'three' UNION ALL SELECT 4, 'four' " \
            "UNION ALL SELECT 5, 'five' UNION ALL SELECT 6, 'six') t ORDER BY a"

static SQLINTEGER values[SIZE];
static SQLUSMALLINT statuses[SIZE];
static SQLULEN fetched;

static void set(struct session *session, SQLINTEGER attribute, SQLULEN value)
{
    OK(session, SQLSetStmtAttr(session->stmt, attribute, number(value), 0));
}

static void open_static(struct session *session, const char *sql)
{
    memset(values, 0, sizeof values);
    set(session, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, statuses, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, sql);
}

static void first_rowset(struct session *session)
{
    open_static(session, SIX);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0));
}

struct refused {
    const char *rule;
    SQLSETPOSIROW row;
    SQLUSMALLINT operation, lock;
    const char *state;
};

static const struct refused refusals[] = {
    {"SQLSetPos: SQL_UPDATE of a read-only result is HY092", 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE, "HY092"},
    {"SQLSetPos: SQL_DELETE of a read-only result is HY092", 1, SQL_DELETE, SQL_LOCK_NO_CHANGE, "HY092"},
    {"SQLSetPos: SQL_UPDATE of all rows of a read-only rowset is HY092", 0, SQL_UPDATE, SQL_LOCK_NO_CHANGE, "HY092"},
    {"SQLSetPos: SQL_ADD of ODBC 2 is HYC00", 1, SQL_ADD, SQL_LOCK_NO_CHANGE, "HYC00"},
    {"SQLSetPos: an operation that does not exist is HY092", 1, 77, SQL_LOCK_NO_CHANGE, "HY092"},
    {"SQLSetPos: SQL_LOCK_EXCLUSIVE is HYC00", 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE, "HYC00"},
    {"SQLSetPos: SQL_LOCK_UNLOCK is HYC00", 1, SQL_REFRESH, SQL_LOCK_UNLOCK, "HYC00"},
    {"SQLSetPos: a lock type that does not exist is HY092", 1, SQL_POSITION, 77, "HY092"},
    {"SQLSetPos: SQL_POSITION on a row behind the rowset is HY107", SIZE + 1, SQL_POSITION, SQL_LOCK_NO_CHANGE, "HY107"},
    {"SQLSetPos: SQL_REFRESH of a row behind the rowset is HY107", SIZE + 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE, "HY107"},
    {"SQLSetPos: SQL_POSITION on row 0 is HY109", 0, SQL_POSITION, SQL_LOCK_NO_CHANGE, "HY109"},
};

static void is_refused(struct session *session, const void *row)
{
    const struct refused *refused = row;
    first_rowset(session);
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    FAILS(session, SQLSetPos(session->stmt, refused->row, refused->operation, refused->lock), refused->state);
    assert_string_equal(cell(session, 2), "three");    /* the position is what it was */
}

static void each_row(struct session *session)
{
    static const char *const words[] = {"one", "two", "three", "four"};
    first_rowset(session);
    assert_string_equal(cell(session, 2), "one");      /* a fetch positions on the first */
    for (SQLSETPOSIROW row = SIZE; row >= 1; row--) {
        SQLULEN present = 0;
        OK(session, SQLSetPos(session->stmt, row, SQL_POSITION, SQL_LOCK_NO_CHANGE));
        assert_string_equal(cell(session, 2), words[row - 1]);
        OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &present, 0, NULL));
        assert_int_equal(present, row);
    }
}

static void fetching_goes_on(struct session *session)
{
    first_rowset(session);
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0));
    assert_int_equal(values[0], 5);
    assert_string_equal(cell(session, 2), "five");
}

static void rows_that_did_not_come(struct session *session)
{
    first_rowset(session);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(fetched, 2);
    OK(session, SQLSetPos(session->stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    FAILS(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY109");
    FAILS(session, SQLSetPos(session->stmt, 3, SQL_REFRESH, SQL_LOCK_NO_CHANGE), "HY109");
}

static void without_row(struct session *session)
{
    assert_int_equal(SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_ERROR);
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "HY010");
    open_static(session, SIX);
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "24000");
    NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 7));
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "24000");
    NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 0));
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE), "24000");
}

static void forward_only(struct session *session)
{
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    FAILS(session, SQLSetPos(session->stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY109");
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE), "HY109");
    OK(session, SQLFetch(session->stmt));
}

/* "SQLSetPos operates on a rowset that has already been set": the attribute is for the next fetch. */
static void size_of_the_last_fetch(struct session *session)
{
    first_rowset(session);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    OK(session, SQLSetPos(session->stmt, 4, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    assert_string_equal(cell(session, 2), "four");
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 10);
    FAILS(session, SQLSetPos(session->stmt, 5, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY107");
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 1);
    memset(values, 0, sizeof values);
    OK(session, SQLSetPos(session->stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(values[3], 4);
}

static void refresh_of_one(struct session *session)
{
    first_rowset(session);
    memset(values, 0, sizeof values);
    memset(statuses, 0x55, sizeof statuses);
    OK(session, SQLSetPos(session->stmt, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(values[0], 0);
    assert_int_equal(values[1], 2);
    assert_int_equal(statuses[0], 0x5555);
    assert_int_equal(statuses[1], SQL_ROW_SUCCESS);
    assert_string_equal(cell(session, 2), "two");      /* and positions on it */
}

static void refresh_of_all(struct session *session)
{
    first_rowset(session);
    memset(values, 0, sizeof values);
    OK(session, SQLSetPos(session->stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    for (int i = 0; i < SIZE; i++)
        assert_int_equal(values[i], i + 1);
}

static void refresh_but_not_all(struct session *session)
{
    SQLUSMALLINT operations[SIZE] = {SQL_ROW_PROCEED, SQL_ROW_IGNORE, SQL_ROW_PROCEED, SQL_ROW_IGNORE};
    first_rowset(session);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_OPERATION_PTR, operations, 0));
    memset(values, 0, sizeof values);
    OK(session, SQLSetPos(session->stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(values[0], 1);
    assert_int_equal(values[1], 0);
    assert_int_equal(values[2], 3);
    assert_int_equal(values[3], 0);
    assert_int_equal(fetched, 2);
    OK(session, SQLSetPos(session->stmt, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE)); /* one row is always meant */
    assert_int_equal(values[1], 2);
}

static void refresh_into_new_buffers(struct session *session)
{
    SQLCHAR texts[SIZE][8] = {""};
    SQLLEN lengths[SIZE] = {0};
    first_rowset(session);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, NULL, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, texts, sizeof texts[0], lengths));
    OK(session, SQLSetPos(session->stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_string_equal((char *)texts[0], "one");
    assert_string_equal((char *)texts[3], "four");
    assert_int_equal(lengths[2], 5);
}

static void refresh_of_a_bad_row(struct session *session)
{
    SQLLEN row = 0;
    open_static(session, "SELECT '1' UNION ALL SELECT 'x' UNION ALL SELECT '3'");
    WARNS(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0), "22018");
    WARNS(session, SQLSetPos(session->stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE), "22018");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, 2);
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
    FAILS(session, SQLSetPos(session->stmt, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE), "22018");
    OK(session, SQLSetPos(session->stmt, 3, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
}

static void after_extended(struct session *session)
{
    SQLULEN count = 0;
    SQLUSMALLINT own[SIZE];
    open_static(session, SIX);
    set(session, SQL_ROWSET_SIZE, 3);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_ABSOLUTE, 2, &count, own));
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    assert_string_equal(cell(session, 2), "four");
    FAILS(session, SQLSetPos(session->stmt, 4, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY107");
}

/* --- SQLGetData in a block cursor ------------------------------------------------------------------------------------------ */

static void pieces_begin_again(struct session *session)
{
    SQLCHAR piece[3];
    first_rowset(session);
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    WARNS(session, SQLGetData(session->stmt, 2, SQL_C_CHAR, piece, sizeof piece, NULL), "01004");
    assert_string_equal((char *)piece, "th");
    WARNS(session, SQLGetData(session->stmt, 2, SQL_C_CHAR, piece, sizeof piece, NULL), "01004");
    assert_string_equal((char *)piece, "re");
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    WARNS(session, SQLGetData(session->stmt, 2, SQL_C_CHAR, piece, sizeof piece, NULL), "01004");
    assert_string_equal((char *)piece, "th");
}

static void bound_and_in_any_order(struct session *session)
{
    first_rowset(session);
    OK(session, SQLSetPos(session->stmt, 4, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    assert_string_equal(cell(session, 2), "four");
    assert_string_equal(cell(session, 1), "4");
}

static void block_of_a_forward_only_cursor(struct session *session)
{
    SQLCHAR piece[10];
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    FAILS(session, SQLGetData(session->stmt, 2, SQL_C_CHAR, piece, sizeof piece, NULL), "HY109");
}

static void error_tells_its_row(struct session *session)
{
    SQLINTEGER value, column = 0;
    SQLLEN row = 0;
    first_rowset(session);
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    FAILS(session, SQLGetData(session->stmt, 2, SQL_C_SLONG, &value, 0, NULL), "22018");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, SQL_DIAG_COLUMN_NUMBER, &column, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, 3);
    assert_int_equal(column, 2);
}

static const struct rule rules[] = {
    {"SQLSetPos: SQL_POSITION makes a row the one that SQLGetData and SQL_ATTR_ROW_NUMBER mean", each_row},
    {"SQLSetPos: does not change where the next rowset begins", fetching_goes_on},
    {"SQLSetPos: a row of the rowset behind the result's last is HY109", rows_that_did_not_come},
    {"SQLSetPos: before executing it is HY010; before the first fetch, before the start and after the end 24000", without_row},
    {"SQLSetPos: in the rowset of a forward-only cursor it is HY109", forward_only},
    {"SQLSetPos: the rowset is that of the last fetch, whatever SQL_ATTR_ROW_ARRAY_SIZE has become", size_of_the_last_fetch},
    {"SQLSetPos: SQL_REFRESH of a row fills its buffers and status again and positions on it", refresh_of_one},
    {"SQLSetPos: SQL_REFRESH of row 0 fills the buffers of all rows", refresh_of_all},
    {"SQLSetPos: SQL_REFRESH of row 0 leaves out the rows of SQL_ROW_IGNORE, and SQL_ATTR_ROWS_FETCHED_PTR counts the others", refresh_but_not_all},
    {"SQLSetPos: SQL_REFRESH fills what has been bound since the fetch", refresh_into_new_buffers},
    {"SQLSetPos: an error of one row of several is SQL_SUCCESS_WITH_INFO, of a single one SQL_ERROR", refresh_of_a_bad_row},
    {"SQLSetPos: after SQLExtendedFetch its rowset is meant", after_extended},
    {"SQLGetData: SQLSetPos begins a column's pieces again", pieces_begin_again},
    {"SQLGetData: in a block cursor gives bound columns, and columns in any order", bound_and_in_any_order},
    {"SQLGetData: in the rowset of a forward-only cursor it is HY109", block_of_a_forward_only_cursor},
    {"SQLGetData: an error tells the row of the rowset and the column", error_tells_its_row},
};

int main(void)
{
    EACH(is_refused, refusals);
    RULES(rules);
    return chapter_run("positions");
}
