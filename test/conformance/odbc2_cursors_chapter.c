/* Cursors of ODBC 2.x applications: statement options, SQLExtendedFetch, fixed bookmarks, SQLSetPos. */
#include "chapter.h"

enum { SIZE = 3 };
#define FIVE "SELECT a, t FROM (SELECT 1 AS a, 'one' AS t UNION ALL SELECT 2, 'two' UNION ALL SELECT 3, 'three' UNION ALL SELECT 4, 'four' " \
             "UNION ALL SELECT 5, 'x5') t ORDER BY a"

static SQLINTEGER values[SIZE];
static SQLUSMALLINT statuses[SIZE];
static SQLULEN fetched;

static void option(struct session *session, SQLUSMALLINT which, SQLULEN value)
{
    OK(session, SQLSetStmtOption(session->stmt, which, value));
}

static void open_static(struct session *session, const char *sql)
{
    memset(values, 0, sizeof values);
    option(session, SQL_CURSOR_TYPE, SQL_CURSOR_STATIC);
    option(session, SQL_ROWSET_SIZE, SIZE);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_LONG, values, 0, NULL));
    query(session, sql);
}

static SQLRETURN extended(struct session *session, SQLUSMALLINT orientation, SQLLEN offset)
{
    return SQLExtendedFetch(session->stmt, orientation, offset, &fetched, statuses);
}

static void scrolls(struct session *session)
{
    open_static(session, FIVE);
    OK(session, extended(session, SQL_FETCH_NEXT, 0));
    assert_int_equal(fetched, 3);
    OK(session, extended(session, SQL_FETCH_NEXT, 0));
    assert_int_equal(fetched, 2);
    assert_int_equal(values[0], 4);
    assert_int_equal(statuses[2], SQL_ROW_NOROW);
    OK(session, extended(session, SQL_FETCH_ABSOLUTE, -5));
    assert_int_equal(values[0], 1);
    OK(session, extended(session, SQL_FETCH_RELATIVE, 1));
    assert_int_equal(values[0], 2);
    WARNS(session, extended(session, SQL_FETCH_PRIOR, 0), "01S06");
    NO_DATA(session, extended(session, SQL_FETCH_ABSOLUTE, 6));
}

static void bad_orientation(struct session *session)
{
    open_static(session, FIVE);
    FAILS(session, extended(session, 77, 0), "S1106");
}

static void fixed_bookmarks(struct session *session)
{
    SQLULEN kept = 0;
    option(session, SQL_USE_BOOKMARKS, SQL_UB_ON);
    open_static(session, FIVE);
    OK(session, extended(session, SQL_FETCH_ABSOLUTE, 3));
    OK(session, SQLGetStmtOption(session->stmt, SQL_GET_BOOKMARK, &kept));
    OK(session, extended(session, SQL_FETCH_FIRST, 0));
    OK(session, extended(session, SQL_FETCH_BOOKMARK, (SQLLEN)kept));
    assert_int_equal(values[0], 3);
    FAILS(session, extended(session, SQL_FETCH_BOOKMARK, 99), "S1111");
}

static void bookmark_column(struct session *session)
{
    SQLULEN first = 0, second = 0;
    option(session, SQL_USE_BOOKMARKS, SQL_UB_ON);
    open_static(session, FIVE);
    OK(session, extended(session, SQL_FETCH_FIRST, 0));
    OK(session, SQLGetData(session->stmt, 0, SQL_C_BOOKMARK, &first, 0, NULL));
    OK(session, SQLSetPos(session->stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    OK(session, SQLGetData(session->stmt, 0, SQL_C_BOOKMARK, &second, 0, NULL));
    assert_true(first != second);
    OK(session, extended(session, SQL_FETCH_BOOKMARK, (SQLLEN)second));
    assert_int_equal(values[0], 2);
}

static void positions(struct session *session)
{
    open_static(session, FIVE);
    OK(session, extended(session, SQL_FETCH_FIRST, 0));
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    assert_string_equal(cell(session, 2), "three");
    FAILS(session, SQLSetPos(session->stmt, 4, SQL_POSITION, SQL_LOCK_NO_CHANGE), "S1107");
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_ADD, SQL_LOCK_NO_CHANGE), "S1C00");
    FAILS(session, SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE), "S1C00");
}

static void not_mixed(struct session *session)
{
    open_static(session, FIVE);
    OK(session, extended(session, SQL_FETCH_FIRST, 0));
    FAILS(session, SQLFetch(session->stmt), "S1010");
}

static void a_bad_row(struct session *session)
{
    SQLINTEGER numbers[SIZE];
    open_static(session, "SELECT '1' UNION ALL SELECT 'x' UNION ALL SELECT '3'");
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_LONG, numbers, 0, NULL));
    WARNS(session, extended(session, SQL_FETCH_FIRST, 0), "01S01");
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 2), "22005");
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
    assert_int_equal(numbers[2], 3);
}

static void replaced(struct session *session)
{
    SQLULEN value = 77;
    WARNS(session, SQLSetStmtOption(session->stmt, SQL_CURSOR_TYPE, SQL_CURSOR_DYNAMIC), "01S02");
    OK(session, SQLGetStmtOption(session->stmt, SQL_CURSOR_TYPE, &value));
    assert_int_equal(value, SQL_CURSOR_STATIC);
    WARNS(session, SQLSetStmtOption(session->stmt, SQL_CONCURRENCY, SQL_CONCUR_LOCK), "01S02");
    WARNS(session, SQLSetStmtOption(session->stmt, SQL_KEYSET_SIZE, 10), "01S02");
}

static void max_rows(struct session *session)
{
    option(session, SQL_MAX_ROWS, 2);
    query(session, FIVE);
    assert_int_equal(count_rows(session), 2);
}

static const struct rule rules[] = {
    {"SQLExtendedFetch: scrolls through the result of an ODBC 2 application", scrolls},
    {"SQLExtendedFetch: an orientation that does not exist is S1106 to an ODBC 2 application", bad_orientation},
    {"SQLExtendedFetch: SQL_FETCH_BOOKMARK takes the fixed bookmark of SQL_GET_BOOKMARK; one that is none is S1111", fixed_bookmarks},
    {"SQLGetData: column 0 is the fixed bookmark of an ODBC 2 application", bookmark_column},
    {"SQLSetPos: positions in an ODBC 2 application's rowset; its errors are S1107 and S1C00", positions},
    {"SQLFetch: after SQLExtendedFetch it is S1010 to an ODBC 2 application", not_mixed},
    {"SQLExtendedFetch: a row in error is 01S01 and then the old SQLSTATE", a_bad_row},
    {"SQLSetStmtOption: cursor types, concurrencies and keysets that can not be had are replaced: 01S02", replaced},
    {"SQLSetStmtOption: SQL_MAX_ROWS bounds a result", max_rows},
};

int main(void)
{
    chapter_version(SQL_OV_ODBC2);
    RULES(rules);
    return chapter_run("cursors of ODBC 2");
}
