/* Proves static cursors: every orientation of SQLFetchScroll with the rowset rules of its page, bookmarks, SQLSetPos,
 * SQLBulkOperations, SQLGetData in a rowset of several rows. */
#include "session.h"

#include <stdio.h>
#include <string.h>

static void use_static(const struct session *session)
{
    WORKS(session->stmt, SQLSetStmtAttr(session->stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0));
}

static SQLULEN attribute(SQLHSTMT stmt, SQLINTEGER which)
{
    SQLULEN number = 77;
    WORKS(stmt, SQLGetStmtAttr(stmt, which, &number, 0, NULL));
    return number;
}

static SQLINTEGER ids[16];
static SQLUSMALLINT statuses[16];
static SQLULEN fetched;

static void bind_ids(SQLHSTMT stmt, SQLULEN size)
{
    memset(ids, 0, sizeof ids);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)size, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_STATUS_PTR, statuses, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, ids, 0, NULL));
}

/* --- the attributes ---------------------------------------------------------------------------------------------------- */

static void types_are_kept_or_replaced(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_FORWARD_ONLY);
    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_SCROLLABLE), SQL_NONSCROLLABLE);
    assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_KEYSET_DRIVEN, 0), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "01S02");
    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_STATIC);
    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_SCROLLABLE), SQL_SCROLLABLE);
    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_SENSITIVITY), SQL_INSENSITIVE);
    assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_FORWARD_ONLY, 0), SQL_SUCCESS);
    assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_DYNAMIC, 0), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "01S02");
    assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_SCROLLABLE, (SQLPOINTER)SQL_NONSCROLLABLE, 0), SQL_SUCCESS);
    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_FORWARD_ONLY);
    assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_SCROLLABLE, (SQLPOINTER)SQL_SCROLLABLE, 0), SQL_SUCCESS);
    assert_int_equal(attribute(stmt, SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_STATIC);
    FAILS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_SENSITIVITY, (SQLPOINTER)SQL_SENSITIVE, 0), "HYC00");
    FAILS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)9, 0), "HY024");
    assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_KEYSET_SIZE, (SQLPOINTER)5, 0), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "01S02");
    assert_int_equal(attribute(stmt, SQL_ATTR_KEYSET_SIZE), 0);
}

static void the_type_is_chosen_before_preparing(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM People"), SQL_NTS));
    FAILS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0), "HY011");
    FAILS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_VARIABLE, 0), "HY011");
    WORKS(stmt, SQLExecute(stmt));
    FAILS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0), "24000");
}

/* --- orientations ------------------------------------------------------------------------------------------------------ */

/* What "Positioning the Cursor" says of each condition, over the ten rows of People; a step is one fetch of a case. */
struct step {
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLULEN size;
    SQLINTEGER first;     /* Id of the rowset's first row; 0 = SQL_NO_DATA */
    SQLULEN rows;
    const char *warning;
};

static void rowsets_start_where_the_tables_say(void **state)
{
    static const struct step cases[][5] = {
        /* NEXT */
        {{SQL_FETCH_NEXT, 0, 4, 1, 4, ""}, {SQL_FETCH_NEXT, 0, 4, 5, 4, ""}, {SQL_FETCH_NEXT, 0, 4, 9, 2, ""},
         {SQL_FETCH_NEXT, 0, 4, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 4, 0, 0, ""}},
        /* the size of the last fetch decides where the next begins, not the new one */
        {{SQL_FETCH_FIRST, 0, 3, 1, 3, ""}, {SQL_FETCH_NEXT, 0, 5, 4, 5, ""}, {SQL_FETCH_NEXT, 0, 1, 9, 1, ""}},
        /* PRIOR */
        {{SQL_FETCH_PRIOR, 0, 4, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 4, 1, 4, ""}, {SQL_FETCH_PRIOR, 0, 4, 0, 0, ""},
         {SQL_FETCH_NEXT, 0, 4, 1, 4, ""}},
        {{SQL_FETCH_ABSOLUTE, 3, 4, 3, 4, ""}, {SQL_FETCH_PRIOR, 0, 4, 1, 4, "01S06"}},
        {{SQL_FETCH_ABSOLUTE, 7, 4, 7, 4, ""}, {SQL_FETCH_PRIOR, 0, 4, 3, 4, ""}, {SQL_FETCH_PRIOR, 0, 2, 1, 2, ""}},
        {{SQL_FETCH_ABSOLUTE, 11, 4, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 4, 7, 4, ""}},
        {{SQL_FETCH_ABSOLUTE, 99, 12, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 12, 1, 10, "01S06"}},
        /* RELATIVE */
        {{SQL_FETCH_RELATIVE, 3, 2, 3, 2, ""}, {SQL_FETCH_RELATIVE, 2, 2, 5, 2, ""}, {SQL_FETCH_RELATIVE, 0, 2, 5, 2, ""},
         {SQL_FETCH_RELATIVE, -3, 2, 2, 2, ""}, {SQL_FETCH_RELATIVE, 9, 2, 0, 0, ""}},
        {{SQL_FETCH_RELATIVE, 0, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, -1, 2, 0, 0, ""}, {SQL_FETCH_FIRST, 0, 2, 1, 2, ""},
         {SQL_FETCH_RELATIVE, -1, 2, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 2, 1, 2, ""}},
        {{SQL_FETCH_ABSOLUTE, 3, 5, 3, 5, ""}, {SQL_FETCH_RELATIVE, -4, 5, 1, 5, "01S06"}},
        {{SQL_FETCH_ABSOLUTE, 3, 2, 3, 2, ""}, {SQL_FETCH_RELATIVE, -4, 2, 0, 0, ""}, {SQL_FETCH_NEXT, 0, 2, 1, 2, ""}},
        {{SQL_FETCH_ABSOLUTE, 11, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, 1, 2, 0, 0, ""}, {SQL_FETCH_RELATIVE, -2, 2, 9, 2, ""}},
        /* ABSOLUTE */
        {{SQL_FETCH_ABSOLUTE, -1, 3, 10, 1, ""}, {SQL_FETCH_ABSOLUTE, -10, 3, 1, 3, ""}, {SQL_FETCH_ABSOLUTE, -11, 3, 0, 0, ""},
         {SQL_FETCH_NEXT, 0, 3, 1, 3, ""}, {SQL_FETCH_ABSOLUTE, 0, 3, 0, 0, ""}},
        {{SQL_FETCH_ABSOLUTE, -11, 12, 1, 10, "01S06"}, {SQL_FETCH_ABSOLUTE, 10, 12, 10, 1, ""}},
        /* FIRST, LAST */
        {{SQL_FETCH_LAST, 0, 4, 7, 4, ""}, {SQL_FETCH_FIRST, 0, 4, 1, 4, ""}, {SQL_FETCH_LAST, 0, 16, 1, 10, ""},
         {SQL_FETCH_NEXT, 0, 4, 0, 0, ""}, {SQL_FETCH_PRIOR, 0, 1, 10, 1, ""}},
    };
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    use_static(session);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        session_query(session, "SELECT Id FROM People ORDER BY Id");
        for (size_t j = 0; j < 5 && cases[i][j].size; j++) {
            const struct step *step = &cases[i][j];
            bind_ids(stmt, step->size);
            SQLRETURN result = SQLFetchScroll(stmt, step->orientation, step->offset);
            SQLRETURN expected = !step->first ? SQL_NO_DATA : *step->warning ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
            if (result != expected || ids[0] != step->first || fetched != step->rows)
                fail_msg("case %zu, step %zu gives %d, row %d, %d rows", i, j, result, (int)ids[0], (int)fetched);
            assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), step->warning);
            if (step->first) {
                assert_int_equal(attribute(stmt, SQL_ATTR_ROW_NUMBER), step->first);
                assert_int_equal(ids[step->rows - 1], step->first + (SQLINTEGER)step->rows - 1);
                assert_int_equal(statuses[step->rows - 1], SQL_ROW_SUCCESS);
            }
            if (step->rows < step->size)
                assert_int_equal(statuses[step->rows], SQL_ROW_NOROW);
        }
    }
}

static void an_empty_result_has_no_rowset_anywhere(void **state)
{
    static const SQLSMALLINT orientations[] = {SQL_FETCH_FIRST, SQL_FETCH_LAST, SQL_FETCH_NEXT, SQL_FETCH_PRIOR, SQL_FETCH_ABSOLUTE};
    const struct session *session = *state;

    use_static(session);
    session_query(session, "SELECT Id FROM People WHERE Id > 1000");
    for (size_t i = 0; i < sizeof orientations / sizeof orientations[0]; i++)
        assert_int_equal(SQLFetchScroll(session->stmt, orientations[i], 1), SQL_NO_DATA);
}

static void a_forward_only_cursor_only_goes_forward(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER id;

    session_query(session, "SELECT Id FROM People ORDER BY Id");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_PRIOR, 0), "HY106");
    FAILS(stmt, SQLFetchScroll(stmt, 99, 0), "HY106");
    bind_ids(stmt, 3);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0));
    assert_int_equal(attribute(stmt, SQL_ATTR_ROW_NUMBER), 1);
    FAILS(stmt, SQLSetPos(stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY109");
    FAILS(stmt, SQLGetData(stmt, 1, SQL_C_SLONG, &id, 0, NULL), "HY109");
}

static void extended_fetch_scrolls_likewise(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER rows[4] = {0};
    SQLULEN count;
    SQLUSMALLINT status[4];

    use_static(session);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_FIXED, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ROWSET_SIZE, (SQLPOINTER)4, 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, rows, 0, NULL));
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    WORKS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_LAST, 0, &count, status));
    assert_int_equal(rows[0], 7);
    assert_int_equal(count, 4);
    assert_int_equal(SQLExtendedFetch(stmt, SQL_FETCH_RELATIVE, -9, &count, status), SQL_NO_DATA);
    WORKS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_BOOKMARK, 6, &count, status));
    assert_int_equal(rows[0], 6);
    WORKS(stmt, SQLSetPos(stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    assert_string_equal(session_cell(session, 1), "8");
    assert_int_equal(attribute(stmt, SQL_GET_BOOKMARK), 8);
    FAILS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_BOOKMARK, 11, &count, status), "HY111");
}

/* --- in the rowset ------------------------------------------------------------------------------------------------------ */

static void any_row_of_a_rowset_is_read_in_pieces(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    char piece[3];
    SQLLEN left;

    use_static(session);
    bind_ids(stmt, 4);
    session_query(session, "SELECT Id, Name FROM People ORDER BY Id");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 2));
    assert_string_equal(session_cell(session, 2), "Bob");
    WORKS(stmt, SQLSetPos(stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    assert_int_equal(attribute(stmt, SQL_ATTR_ROW_NUMBER), 3);
    assert_int_equal(SQLGetData(stmt, 2, SQL_C_CHAR, piece, sizeof piece, &left), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(piece, "Cl");
    assert_int_equal(left, 4);
    assert_int_equal(SQLGetData(stmt, 2, SQL_C_CHAR, piece, sizeof piece, &left), SQL_SUCCESS);
    assert_string_equal(piece, "eo");
    assert_int_equal(SQLGetData(stmt, 2, SQL_C_CHAR, piece, sizeof piece, &left), SQL_NO_DATA);
    WORKS(stmt, SQLSetPos(stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE)); /* begins the row's columns again */
    assert_string_equal(session_cell(session, 2), "Cleo");
    FAILS(stmt, SQLSetPos(stmt, 5, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY107");
    FAILS(stmt, SQLSetPos(stmt, 0, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY109");
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE), "HY092");
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE), "HYC00");
    FAILS(stmt, SQLSetPos(stmt, 1, 9, SQL_LOCK_NO_CHANGE), "HY092");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 9));
    FAILS(stmt, SQLSetPos(stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY109"); /* only two rows came */
}

static void refreshing_fills_the_buffers_again(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLUSMALLINT operations[3] = {SQL_ROW_PROCEED, SQL_ROW_IGNORE, SQL_ROW_PROCEED};

    use_static(session);
    bind_ids(stmt, 3);
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 4));
    memset(ids, 0, sizeof ids);
    WORKS(stmt, SQLSetPos(stmt, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(ids[0], 0);
    assert_int_equal(ids[1], 5);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_OPERATION_PTR, operations, 0));
    memset(ids, 0, sizeof ids);
    WORKS(stmt, SQLSetPos(stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(ids[0], 4);
    assert_int_equal(ids[1], 0);
    assert_int_equal(ids[2], 6);
}

/* --- bookmarks ----------------------------------------------------------------------------------------------------------- */

static void rows_are_found_again_by_their_bookmarks(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLCHAR bookmarks[3][8], kept[8];
    SQLLEN lengths[3];
    SQLSMALLINT type;
    SQLULEN size;

    use_static(session);
    FAILS(stmt, SQLBindCol(stmt, 0, SQL_C_VARBOOKMARK, bookmarks, 8, lengths), "07009");
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_VARIABLE, 0));
    FAILS(stmt, SQLBindCol(stmt, 0, SQL_C_CHAR, bookmarks, 8, lengths), "HY003");
    WORKS(stmt, SQLBindCol(stmt, 0, SQL_C_VARBOOKMARK, bookmarks, 8, lengths));
    bind_ids(stmt, 3);
    session_query(session, "SELECT Id FROM People ORDER BY Id DESC");
    WORKS(stmt, SQLDescribeCol(stmt, 0, NULL, 0, NULL, &type, &size, NULL, NULL));
    assert_int_equal(type, SQL_BINARY);
    assert_int_equal(size, 8);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0));
    assert_int_equal(lengths[1], 8);
    memcpy(kept, bookmarks[1], 8); /* Id 9 */
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, kept, 0));
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
    assert_int_equal(ids[0], 3);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, 0));
    assert_int_equal(ids[0], 9);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, 2));
    assert_int_equal(ids[0], 7);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, -1));
    assert_int_equal(ids[0], 10);
    assert_int_equal(SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, -2), SQL_NO_DATA);
    assert_int_equal(SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, 9), SQL_NO_DATA);
    memset(kept, 0xFF, 8);
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, 0), "HY111");
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, NULL, 0));
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_BOOKMARK, 0), "HY111");
}

static void a_bookmark_is_also_read_by_getdata(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLCHAR bookmark[8];
    SQLULEN fixed;
    SQLLEN length;
    uint64_t row;

    use_static(session);
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 4));
    FAILS(stmt, SQLGetData(stmt, 0, SQL_C_VARBOOKMARK, bookmark, 8, &length), "07009");
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_VARIABLE, 0));
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 4));
    assert_int_equal(SQLGetData(stmt, 0, SQL_C_VARBOOKMARK, bookmark, 8, &length), SQL_SUCCESS);
    assert_int_equal(SQLGetData(stmt, 0, SQL_C_VARBOOKMARK, bookmark, 8, &length), SQL_NO_DATA);
    memcpy(&row, bookmark, sizeof row);
    assert_int_equal(row, 4);
    FAILS(stmt, SQLGetData(stmt, 0, SQL_C_CHAR, bookmark, 8, &length), "HY003");
    WORKS(stmt, SQLFetch(stmt));
    assert_int_equal(SQLGetData(stmt, 0, SQL_C_BOOKMARK, &fixed, 0, &length), SQL_SUCCESS);
    assert_int_equal(fixed, 5);
}

static void rows_are_fetched_in_bulk_by_bookmark(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    uint64_t bookmarks[4] = {0};

    use_static(session);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_VARIABLE, 0));
    bind_ids(stmt, 4);
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    FAILS(stmt, SQLBulkOperations(stmt, SQL_FETCH_BY_BOOKMARK), "HY010");
    WORKS(stmt, SQLFetch(stmt));
    FAILS(stmt, SQLBulkOperations(stmt, SQL_FETCH_BY_BOOKMARK), "HY092"); /* column 0 is not bound */
    FAILS(stmt, SQLBulkOperations(stmt, SQL_ADD), "HY092");
    FAILS(stmt, SQLBulkOperations(stmt, 99), "HY092");
    WORKS(stmt, SQLBindCol(stmt, 0, SQL_C_VARBOOKMARK, bookmarks, 8, NULL));
    bookmarks[0] = 9;
    bookmarks[1] = 2;
    bookmarks[2] = 77;
    bookmarks[3] = 10;
    assert_int_equal(SQLBulkOperations(stmt, SQL_FETCH_BY_BOOKMARK), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "HY111");
    assert_int_equal(ids[0], 9);
    assert_int_equal(ids[1], 2);
    assert_int_equal(ids[3], 10);
    assert_int_equal(statuses[1], SQL_ROW_SUCCESS);
    assert_int_equal(statuses[2], SQL_ROW_ERROR);
    assert_int_equal(fetched, 4);
}

static void the_bookmark_has_a_descriptor_record(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLHDESC ard, ird;
    SQLSMALLINT type = 0;
    uint64_t bookmark = 0;

    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_IMP_ROW_DESC, &ird, 0, NULL));
    use_static(session);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_VARIABLE, 0));
    assert_int_equal(SQLSetDescField(ard, 0, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)SQL_C_VARBOOKMARK, 0), SQL_SUCCESS);
    assert_int_equal(SQLSetDescField(ard, 0, SQL_DESC_OCTET_LENGTH, (SQLPOINTER)8, 0), SQL_SUCCESS);
    assert_int_equal(SQLSetDescField(ard, 0, SQL_DESC_DATA_PTR, &bookmark, 0), SQL_SUCCESS);
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    assert_int_equal(SQLGetDescField(ird, 0, SQL_DESC_TYPE, &type, 0, NULL), SQL_SUCCESS);
    assert_int_equal(type, SQL_BINARY);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
    assert_int_equal(bookmark, 10);
    WORKS(stmt, SQLFreeStmt(stmt, SQL_UNBIND)); /* leaves the bookmark bound */
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_PRIOR, 0));
    assert_int_equal(bookmark, 9);
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_OFF, 0));
    session_query(session, "SELECT Id FROM People");
    FAILS(stmt, SQLFetch(stmt), "07009");
}

/* --- states (Appendix B) ------------------------------------------------------------------------------------------------ */

static void rows_are_worked_on_only_where_there_are_some(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    FAILS(stmt, SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY010");
    FAILS(stmt, SQLBulkOperations(stmt, SQL_FETCH_BY_BOOKMARK), "HY010");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_FIRST, 0), "HY010");
    WORKS(stmt, SQLPrepare(stmt, text("CALL Silent()"), SQL_NTS));
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY010");
    WORKS(stmt, SQLExecute(stmt));
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "24000");
    FAILS(stmt, SQLBulkOperations(stmt, SQL_FETCH_BY_BOOKMARK), "24000");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_FIRST, 0), "24000");
}

static void after_the_end_there_is_no_row(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLULEN number;

    use_static(session);
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    FAILS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_ROW_NUMBER, &number, 0, NULL), "24000");
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), "24000");
    assert_int_equal(SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 11), SQL_NO_DATA);
    FAILS(stmt, SQLSetPos(stmt, 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE), "24000");
    FAILS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_ROW_NUMBER, &number, 0, NULL), "24000");
    FAILS(stmt, SQLGetStmtAttr(stmt, SQL_GET_BOOKMARK, &number, 0, NULL), "HY024");
}

/* --- everything has rows ------------------------------------------------------------------------------------------------ */

static void catalog_results_scroll_and_are_bounded(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLLEN indicator;
    char name[4];

    use_static(session);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_MAX_ROWS, (SQLPOINTER)3, 0));
    WORKS(stmt, SQLTables(stmt, NULL, 0, NULL, 0, NULL, 0, text("TABLE"), SQL_NTS));
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
    assert_int_equal(attribute(stmt, SQL_ATTR_ROW_NUMBER), 3);
    assert_string_equal(session_cell(session, 3), "People");
    assert_int_equal(SQLFetch(stmt), SQL_NO_DATA);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_PRIOR, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_MAX_LENGTH, (SQLPOINTER)2, 0));
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_PRIOR, 0));
    WORKS(stmt, SQLGetData(stmt, 3, SQL_C_CHAR, name, sizeof name, &indicator));
    assert_string_equal(name, "Ev");
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_MAX_LENGTH, (SQLPOINTER)0, 0));
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
    assert_string_equal(session_cell(session, 1), "3");
}

/* What broke stays broken, and what was read before it can still be read. */
static void a_failure_leaves_the_rows_before_it(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    use_static(session);
    session_query(session, "SELECT Id FROM Broken");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0), "08S01");
    FAILS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 3), "08S01");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_ABSOLUTE, 2));
    assert_string_equal(session_cell(session, 1), "2");
    FAILS(stmt, SQLFetch(stmt), "08S01");
    assert_string_equal(session_cell(session, 1), "2"); /* the cursor has stayed */
    assert_int_equal(attribute(stmt, SQL_ATTR_ROW_NUMBER), 2);
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_FIRST, 0));
}

static void what_is_read_later_does_not_spoil_what_is_kept(void **state)
{
    const struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    use_static(session);
    session_query(session, "SELECT * FROM Everything ORDER BY Id");
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_LAST, 0));
    WORKS(stmt, SQLFetchScroll(stmt, SQL_FETCH_FIRST, 0));
    char kept[15][4096];
    for (SQLUSMALLINT column = 1; column <= 14; column++)
        snprintf(kept[column], sizeof kept[column], "%s", session_cell(session, column));
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_FORWARD_ONLY, 0));
    session_query(session, "SELECT * FROM Everything ORDER BY Id");
    WORKS(stmt, SQLFetch(stmt));
    for (SQLUSMALLINT column = 1; column <= 14; column++)
        assert_string_equal(session_cell(session, column), kept[column]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types_are_kept_or_replaced, session_open, session_close),
        cmocka_unit_test_setup_teardown(the_type_is_chosen_before_preparing, session_open, session_close),
        cmocka_unit_test_setup_teardown(rowsets_start_where_the_tables_say, session_open, session_close),
        cmocka_unit_test_setup_teardown(an_empty_result_has_no_rowset_anywhere, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_forward_only_cursor_only_goes_forward, session_open, session_close),
        cmocka_unit_test_setup_teardown(extended_fetch_scrolls_likewise, session_open, session_close),
        cmocka_unit_test_setup_teardown(any_row_of_a_rowset_is_read_in_pieces, session_open, session_close),
        cmocka_unit_test_setup_teardown(refreshing_fills_the_buffers_again, session_open, session_close),
        cmocka_unit_test_setup_teardown(rows_are_found_again_by_their_bookmarks, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_bookmark_is_also_read_by_getdata, session_open, session_close),
        cmocka_unit_test_setup_teardown(rows_are_fetched_in_bulk_by_bookmark, session_open, session_close),
        cmocka_unit_test_setup_teardown(the_bookmark_has_a_descriptor_record, session_open, session_close),
        cmocka_unit_test_setup_teardown(rows_are_worked_on_only_where_there_are_some, session_open, session_close),
        cmocka_unit_test_setup_teardown(after_the_end_there_is_no_row, session_open, session_close),
        cmocka_unit_test_setup_teardown(catalog_results_scroll_and_are_bounded, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_failure_leaves_the_rows_before_it, session_open, session_close),
        cmocka_unit_test_setup_teardown(what_is_read_later_does_not_spoil_what_is_kept, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
