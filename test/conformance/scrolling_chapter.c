/* Scrolling in static cursors: SQLFetchScroll with the tables of "Positioning the Cursor", SQLExtendedFetch and how the two do not mix,
 * errors in the rows of a rowset and their diagnostics, what bounds a cursor. */
#include "chapter.h"

enum { MOST = 16 };
#define TEN "SELECT a FROM (SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 " \
            "UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9 UNION ALL SELECT 10) t ORDER BY a"

static SQLINTEGER values[MOST];
static SQLUSMALLINT statuses[MOST];
static SQLULEN fetched;

static void set(struct session *session, SQLINTEGER attribute, SQLULEN value)
{
    OK(session, SQLSetStmtAttr(session->stmt, attribute, number(value), 0));
}

/* A static cursor over SQL, with its first column bound; the arrays hold nothing that a fetch could have left there. */
static void open_static(struct session *session, const char *sql, SQLULEN size)
{
    memset(values, 0x55, sizeof values);
    memset(statuses, 0x55, sizeof statuses);
    fetched = 77;
    set(session, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, size);
    set(session, SQL_ROWSET_SIZE, size);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, statuses, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, sql);
}

/* --- where a rowset starts -------------------------------------------------------------------------------------------- */

struct step {
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLULEN size;
    SQLINTEGER first;     /* the value of the rowset's first row; 0 = SQL_NO_DATA */
    SQLULEN rows;
    const char *warning;
};

struct walk {
    const char *rule;
    struct step steps[4];
};

static const struct walk walks[] = {
    {"SQLFetchScroll: SQL_FETCH_NEXT before the start gives the first rowset", {{SQL_FETCH_NEXT, 0, 4, 1, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_NEXT goes on by the rowset, the last of which is short",
     {{SQL_FETCH_NEXT, 0, 4, 1, 4, ""}, {SQL_FETCH_NEXT, 0, 4, 5, 4, ""}, {SQL_FETCH_NEXT, 0, 4, 9, 2, ""}, {SQL_FETCH_NEXT, 0, 4, 0, 0, ""}}},
    {"SQLFetchScroll: SQL_FETCH_NEXT after the end stays there", {{SQL_FETCH_ABSOLUTE, 11, 4, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 4, 0, 0, ""}}},
    {"SQLFetchScroll: SQL_FETCH_NEXT after a change of the rowset size goes on behind the rowset of the old size",
     {{SQL_FETCH_FIRST, 0, 3, 1, 3, ""}, {SQL_FETCH_NEXT, 0, 5, 4, 5, ""}, {SQL_FETCH_NEXT, 0, 1, 9, 1, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR before the start stays there", {{SQL_FETCH_PRIOR, 0, 4, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 4, 1, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR of the first rowset goes before the start",
     {{SQL_FETCH_FIRST, 0, 4, 1, 4, ""}, {SQL_FETCH_PRIOR, 0, 4, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 4, 1, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR that would begin before the start begins with the first row: 01S06",
     {{SQL_FETCH_ABSOLUTE, 4, 4, 4, 4, ""}, {SQL_FETCH_PRIOR, 0, 4, 1, 4, "01S06"}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR that just begins with the first row has no warning",
     {{SQL_FETCH_ABSOLUTE, 5, 4, 5, 4, ""}, {SQL_FETCH_PRIOR, 0, 4, 1, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR goes back by the rowset", {{SQL_FETCH_ABSOLUTE, 9, 4, 9, 2, ""}, {SQL_FETCH_PRIOR, 0, 4, 5, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR after a change of the rowset size goes back by the new size",
     {{SQL_FETCH_ABSOLUTE, 7, 4, 7, 4, ""}, {SQL_FETCH_PRIOR, 0, 2, 5, 2, ""}, {SQL_FETCH_PRIOR, 0, 3, 2, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR after the end gives the last rowset", {{SQL_FETCH_ABSOLUTE, 11, 4, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 4, 7, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_PRIOR after the end of fewer rows than a rowset begins with the first: 01S06",
     {{SQL_FETCH_ABSOLUTE, 11, 12, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 12, 1, 10, "01S06"}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE before the start with a positive offset is SQL_FETCH_ABSOLUTE", {{SQL_FETCH_RELATIVE, 3, 2, 3, 2, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE before the start with 0 or less stays there",
     {{SQL_FETCH_RELATIVE, 0, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, -1, 2, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 2, 1, 2, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE with a negative offset from the first row goes before the start",
     {{SQL_FETCH_FIRST, 0, 2, 1, 2, ""}, {SQL_FETCH_RELATIVE, -1, 2, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 2, 1, 2, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE beyond the first row by at most the rowset begins with it: 01S06",
     {{SQL_FETCH_ABSOLUTE, 3, 4, 3, 4, ""}, {SQL_FETCH_RELATIVE, -4, 4, 1, 4, "01S06"}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE beyond the first row by more than the rowset goes before the start",
     {{SQL_FETCH_ABSOLUTE, 3, 4, 3, 4, ""}, {SQL_FETCH_RELATIVE, -5, 4, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 4, 1, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE 0 gives the rowset again",
     {{SQL_FETCH_ABSOLUTE, 4, 2, 4, 2, ""}, {SQL_FETCH_RELATIVE, 0, 2, 4, 2, ""}, {SQL_FETCH_RELATIVE, 0, 4, 4, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE goes forth and back from the rowset's first row",
     {{SQL_FETCH_ABSOLUTE, 3, 4, 3, 4, ""}, {SQL_FETCH_RELATIVE, 5, 4, 8, 3, ""}, {SQL_FETCH_RELATIVE, -6, 4, 2, 4, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE behind the last row goes after the end",
     {{SQL_FETCH_ABSOLUTE, 9, 2, 9, 2, ""}, {SQL_FETCH_RELATIVE, 2, 2, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 2, 9, 2, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE after the end with a negative offset is SQL_FETCH_ABSOLUTE",
     {{SQL_FETCH_ABSOLUTE, 11, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, -3, 2, 8, 2, ""}}},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE after the end with 0 or more stays there",
     {{SQL_FETCH_ABSOLUTE, 11, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, 0, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, 5, 2, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 2, 9, 2, ""}}},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE counts from the first row", {{SQL_FETCH_ABSOLUTE, 10, 3, 10, 1, ""}, {SQL_FETCH_ABSOLUTE, 1, 3, 1, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE below zero counts from the last row",
     {{SQL_FETCH_ABSOLUTE, -1, 3, 10, 1, ""}, {SQL_FETCH_ABSOLUTE, -4, 3, 7, 3, ""}, {SQL_FETCH_ABSOLUTE, -10, 3, 1, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE below zero beyond the first row by more than the rowset goes before the start",
     {{SQL_FETCH_ABSOLUTE, -11, 3, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 3, 1, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE below zero of fewer rows than a rowset begins with the first: 01S06",
     {{SQL_FETCH_ABSOLUTE, -11, 12, 1, 10, "01S06"}, {SQL_FETCH_ABSOLUTE, -12, 12, 1, 10, "01S06"}, {SQL_FETCH_ABSOLUTE, -13, 12, 0, 0, ""}}},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE 0 goes before the start", {{SQL_FETCH_ABSOLUTE, 5, 3, 5, 3, ""}, {SQL_FETCH_ABSOLUTE, 0, 3, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 3, 1, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE behind the last row goes after the end", {{SQL_FETCH_ABSOLUTE, 11, 3, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 3, 8, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_FIRST gives the first rowset from anywhere",
     {{SQL_FETCH_FIRST, 0, 3, 1, 3, ""}, {SQL_FETCH_LAST, 0, 3, 8, 3, ""}, {SQL_FETCH_FIRST, 0, 3, 1, 3, ""}}},
    {"SQLFetchScroll: SQL_FETCH_LAST gives a whole rowset that ends with the last row", {{SQL_FETCH_LAST, 0, 4, 7, 4, ""}, {SQL_FETCH_NEXT, 0, 4, 0, 0, ""}}},
    {"SQLFetchScroll: SQL_FETCH_LAST of fewer rows than a rowset gives them all", {{SQL_FETCH_LAST, 0, 12, 1, 10, ""}}},
};

static void takes(struct session *session, const struct step *step, bool extended)
{
    SQLULEN *count = extended ? &fetched : NULL;

    memset(values, 0, sizeof values);
    memset(statuses, 0x55, sizeof statuses);
    fetched = 77;
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, step->size);
    set(session, SQL_ROWSET_SIZE, step->size);
    SQLRETURN result = extended ? SQLExtendedFetch(session->stmt, (SQLUSMALLINT)step->orientation, step->offset, count, statuses)
                                : SQLFetchScroll(session->stmt, step->orientation, step->offset);
    ON(SQL_HANDLE_STMT, session->stmt, result,
       !step->first ? SQL_NO_DATA : *step->warning ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS, step->warning);
    assert_int_equal(values[0], step->first);
    assert_int_equal(fetched, step->rows);
    for (SQLULEN i = 0; i < step->size; i++) {
        assert_int_equal(statuses[i], i < step->rows ? SQL_ROW_SUCCESS : SQL_ROW_NOROW);
        assert_int_equal(values[i], i < step->rows ? step->first + (SQLINTEGER)i : 0);
    }
}

static void is_walked(struct session *session, const void *row)
{
    const struct walk *walk = row;
    for (int extended = 0; extended < 2; extended++) {
        SQLFreeStmt(session->stmt, SQL_CLOSE);
        open_static(session, TEN, 1);
        for (size_t i = 0; i < 4 && walk->steps[i].size; i++)
            takes(session, &walk->steps[i], extended);
    }
}

/* --- rules of their own ------------------------------------------------------------------------------------------------- */

static const SQLSMALLINT orientations[] = {SQL_FETCH_NEXT, SQL_FETCH_PRIOR, SQL_FETCH_FIRST, SQL_FETCH_LAST, SQL_FETCH_ABSOLUTE, SQL_FETCH_RELATIVE};

static void no_rows(struct session *session)
{
    open_static(session, "SELECT 1 WHERE 1 = 0", 3);
    for (size_t i = 0; i < sizeof orientations / sizeof orientations[0]; i++)
        for (SQLLEN offset = -1; offset <= 1; offset++) {
            fetched = 77;
            NO_DATA(session, SQLFetchScroll(session->stmt, orientations[i], offset));
            assert_int_equal(fetched, 0);
            assert_int_equal(statuses[2], SQL_ROW_NOROW);
        }
}

static void row_numbers(struct session *session)
{
    SQLULEN row = 0;
    open_static(session, TEN, 3);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 6));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &row, 0, NULL));
    assert_int_equal(row, 6);
    NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 11));
    FAILS(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &row, 0, NULL), "24000");
}

static void no_such_orientation(struct session *session)
{
    open_static(session, TEN, 2);
    FAILS(session, SQLFetchScroll(session->stmt, 77, 1), "HY106");
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, 0), "HY106"); /* bookmarks are off */
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0));
    assert_int_equal(values[0], 1);
}

static void before_executing(struct session *session)
{
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0), "HY010");
    FAILS(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &fetched, statuses), "HY010");
    OK(session, SQLPrepare(session->stmt, text("SELECT 1"), SQL_NTS));
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0), "HY010");
}

static void fetch_goes_with_scroll(struct session *session)
{
    open_static(session, TEN, 2);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 4));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 6);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_PRIOR, 0));
    assert_int_equal(values[0], 4);
}

static void max_rows(struct session *session)
{
    set(session, SQL_ATTR_MAX_ROWS, 6);
    open_static(session, TEN, 4);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_LAST, 0));
    assert_int_equal(values[0], 3);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 5));
    assert_int_equal(fetched, 2);
    assert_int_equal(statuses[2], SQL_ROW_NOROW);
    NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 7));
}

static void max_rows_of_a_catalog_function(struct session *session)
{
    SQLLEN length = 0;
    SQLCHAR name[100];
    set(session, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(session, SQL_ATTR_MAX_ROWS, 3);
    OK(session, SQLTables(session->stmt, NULL, 0, NULL, 0, text("%"), SQL_NTS, NULL, 0));
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_LAST, 0));
    OK(session, SQLGetData(session->stmt, 3, SQL_C_CHAR, name, sizeof name, &length));
    assert_true(length > 0);
    NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 4));
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 3));
    assert_string_equal(cell(session, 3), (char *)name);
}

static void rowset_sizes_are_two(struct session *session)
{
    open_static(session, TEN, 2);
    set(session, SQL_ROWSET_SIZE, 5);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0));
    assert_int_equal(fetched, 2);
    OK(session, SQLCloseCursor(session->stmt));
    query(session, TEN);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &fetched, statuses));
    assert_int_equal(fetched, 5);
}

static void fetch_then_extended(struct session *session)
{
    open_static(session, TEN, 2);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_LAST, 0));
    FAILS(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &fetched, statuses), "HY010");
    OK(session, SQLCloseCursor(session->stmt));
    query(session, TEN);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &fetched, statuses));
}

static void extended_then_fetch(struct session *session)
{
    open_static(session, TEN, 2);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_LAST, 0, &fetched, statuses));
    FAILS(session, SQLFetch(session->stmt), "HY010");
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0), "HY010");
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_FIRST, 0, &fetched, statuses));
    assert_int_equal(values[0], 1);
}

static void extended_leaves_the_attributes_alone(struct session *session)
{
    SQLULEN count = 0;
    SQLUSMALLINT own[2] = {77, 77};
    open_static(session, TEN, 2);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &count, own));
    assert_int_equal(count, 2);
    assert_int_equal(own[1], SQL_ROW_SUCCESS);
    assert_int_equal(fetched, 77);
    assert_int_equal(statuses[0], 0x5555);
}

/* --- errors in rows ------------------------------------------------------------------------------------------------------ */

#define BAD_SECOND "SELECT '1' AS a, 'far too long' AS b UNION ALL SELECT 'x', 'y' UNION ALL SELECT '3', 'z'"

static SQLLEN diagnosed_row(struct session *session, SQLSMALLINT record)
{
    SQLLEN row = -77;
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, record, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    return row;
}

static SQLINTEGER diagnosed_column(struct session *session, SQLSMALLINT record)
{
    SQLINTEGER column = -77;
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, record, SQL_DIAG_COLUMN_NUMBER, &column, 0, NULL), SQL_SUCCESS);
    return column;
}

static void is_diagnosed(struct session *session, SQLSMALLINT record, const char *state, SQLLEN row, SQLINTEGER column)
{
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, record), state);
    assert_int_equal(diagnosed_row(session, record), row);
    assert_int_equal(diagnosed_column(session, record), column);
}

static SQLCHAR texts[3][6];

static void open_bad(struct session *session, const char *sql)
{
    open_static(session, sql, 3);
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, texts, sizeof texts[0], NULL));
}

static void an_error_in_a_row(struct session *session)
{
    open_bad(session, "SELECT '1', 'a' UNION ALL SELECT 'x', 'b' UNION ALL SELECT '3', 'c'");
    WARNS(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0), "22018");
    is_diagnosed(session, 1, "22018", 2, 1);
    assert_int_equal(fetched, 3);
    assert_int_equal(statuses[0], SQL_ROW_SUCCESS);
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
    assert_int_equal(statuses[2], SQL_ROW_SUCCESS);
    assert_string_equal((char *)texts[1], "b");        /* the row's other columns are there */
    assert_int_equal(values[2], 3);
}

static void records_in_order_of_rows(struct session *session)
{
    open_bad(session, BAD_SECOND);
    WARNS(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0), "01004");
    is_diagnosed(session, 1, "01004", 1, 2);
    is_diagnosed(session, 2, "22018", 2, 1);
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 3), "");
    assert_int_equal(statuses[0], SQL_ROW_SUCCESS_WITH_INFO);
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
}

static void errors_before_warnings_of_a_row(struct session *session)
{
    open_bad(session, "SELECT '1', 'a' UNION ALL SELECT 'x', 'far too long' UNION ALL SELECT '3', 'c'");
    WARNS(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0), "22018");
    is_diagnosed(session, 1, "22018", 2, 1);
    is_diagnosed(session, 2, "01004", 2, 2);
}

static void all_rows_fail(struct session *session)
{
    open_bad(session, "SELECT 'x', 'a' UNION ALL SELECT 'y', 'b'");
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0), "22018");
    is_diagnosed(session, 1, "22018", 1, 1);
    is_diagnosed(session, 2, "22018", 2, 1);
    assert_int_equal(fetched, 2);
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
    assert_int_equal(statuses[2], SQL_ROW_NOROW);
}

static void overlap_stands_before_the_rows(struct session *session)
{
    open_bad(session, BAD_SECOND);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    WARNS(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 2), "22018");
    WARNS(session, SQLFetchScroll(session->stmt, SQL_FETCH_PRIOR, 0), "01S06");
    is_diagnosed(session, 1, "01S06", SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
    is_diagnosed(session, 2, "01004", 1, 2);
    is_diagnosed(session, 3, "22018", 2, 1);
}

static void extended_marks_the_row(struct session *session)
{
    open_bad(session, BAD_SECOND);
    WARNS(session, SQLExtendedFetch(session->stmt, SQL_FETCH_FIRST, 0, &fetched, statuses), "01004");
    is_diagnosed(session, 1, "01004", 1, 2);
    is_diagnosed(session, 2, "01S01", 2, SQL_NO_COLUMN_NUMBER);
    is_diagnosed(session, 3, "22018", 2, 1);
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
}

static void extended_with_all_rows_bad(struct session *session)
{
    open_bad(session, "SELECT 'x', 'a' UNION ALL SELECT 'y', 'b'");
    WARNS(session, SQLExtendedFetch(session->stmt, SQL_FETCH_FIRST, 0, &fetched, statuses), "01S01");
    is_diagnosed(session, 1, "01S01", 1, SQL_NO_COLUMN_NUMBER);
    is_diagnosed(session, 2, "22018", 1, 1);
    is_diagnosed(session, 3, "01S01", 2, SQL_NO_COLUMN_NUMBER);
    assert_int_equal(fetched, 2);
}

static void goes_on_after_a_bad_row(struct session *session)
{
    open_bad(session, BAD_SECOND);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 1);
    WARNS(session, SQLFetch(session->stmt), "01004");
    FAILS(session, SQLFetch(session->stmt), "22018");
    assert_string_equal(cell(session, 1), "x");          /* the cursor is on the row nevertheless */
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 3);
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_PRIOR, 0), "22018");
}

static const struct rule rules[] = {
    {"SQLFetchScroll: every orientation of an empty result is SQL_NO_DATA, with no rows fetched and SQL_ROW_NOROW", no_rows},
    {"SQLFetchScroll: SQL_ATTR_ROW_NUMBER is that of the rowset's first row; 24000 after the end", row_numbers},
    {"SQLFetchScroll: an orientation that does not exist, or SQL_FETCH_BOOKMARK without bookmarks, is HY106", no_such_orientation},
    {"SQLFetchScroll: before executing it is HY010; likewise SQLExtendedFetch", before_executing},
    {"SQLFetchScroll: SQLFetch goes on where it went", fetch_goes_with_scroll},
    {"SQLFetchScroll: SQL_ATTR_MAX_ROWS is where a cursor ends", max_rows},
    {"SQLFetchScroll: SQL_ATTR_MAX_ROWS is where the result of a catalog function ends", max_rows_of_a_catalog_function},
    {"SQLExtendedFetch: has the size of SQL_ROWSET_SIZE, where SQLFetchScroll has SQL_ATTR_ROW_ARRAY_SIZE", rowset_sizes_are_two},
    {"SQLExtendedFetch: after SQLFetchScroll it is HY010, until the cursor is closed", fetch_then_extended},
    {"SQLExtendedFetch: SQLFetch and SQLFetchScroll after it are HY010", extended_then_fetch},
    {"SQLExtendedFetch: fills the arrays that it is given, not those of the attributes", extended_leaves_the_attributes_alone},
    {"SQLExtendedFetch: a row in error is 01S01 and the error's own SQLSTATE after it", extended_marks_the_row},
    {"SQLExtendedFetch: every row in error is SQL_SUCCESS_WITH_INFO and 01S01 all the same", extended_with_all_rows_bad},
    {"SQLFetchScroll: an error in a row is SQL_ROW_ERROR and SQL_SUCCESS_WITH_INFO, told by row and column number", an_error_in_a_row},
    {"SQLFetchScroll: errors in all rows are SQL_ERROR", all_rows_fail},
    {"SQLFetchScroll: after an error in a row the cursor goes on", goes_on_after_a_bad_row},
    {"SQLGetDiagRec: the records of a rowset stand in the order of its rows", records_in_order_of_rows},
    {"SQLGetDiagRec: among the records of a row errors stand before warnings", errors_before_warnings_of_a_row},
    {"SQLGetDiagRec: records of no row stand before those of rows", overlap_stands_before_the_rows},
};

int main(void)
{
    EACH(is_walked, walks);
    RULES(rules);
    return chapter_run("scrolling");
}
