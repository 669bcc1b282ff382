/* Bookmarks: SQL_ATTR_USE_BOOKMARKS, column 0, SQL_FETCH_BOOKMARK, SQLBulkOperations with SQL_FETCH_BY_BOOKMARK. */
#include "chapter.h"

enum { SIZE = 3 };
#define FIVE "SELECT a FROM (SELECT 10 AS a UNION ALL SELECT 20 UNION ALL SELECT 30 UNION ALL SELECT 40 UNION ALL SELECT 50) t ORDER BY a"

struct bookmark {
    SQLCHAR bytes[8];
};

static SQLINTEGER values[SIZE];
static SQLLEN lengths[SIZE], bookmark_lengths[SIZE];
static SQLUSMALLINT statuses[SIZE];
static SQLULEN fetched;
static struct bookmark bookmarks[SIZE];

static void set(struct session *session, SQLINTEGER attribute, SQLULEN value)
{
    OK(session, SQLSetStmtAttr(session->stmt, attribute, number(value), 0));
}

static void use(struct session *session, SQLULEN kind, SQLULEN size)
{
    set(session, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(session, SQL_ATTR_USE_BOOKMARKS, kind);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, size);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, statuses, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
}

/* The first rowset of FIVE, with bookmarks and values bound. */
static void first_rowset(struct session *session)
{
    memset(bookmarks, 0, sizeof bookmarks);
    use(session, SQL_UB_VARIABLE, SIZE);
    OK(session, SQLBindCol(session->stmt, 0, SQL_C_VARBOOKMARK, bookmarks, sizeof bookmarks[0], bookmark_lengths));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, lengths));
    query(session, FIVE);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0));
}

struct jump {
    const char *rule;
    SQLLEN offset;
    SQLINTEGER first;      /* 0 = SQL_NO_DATA */
};

static const struct jump jumps[] = {
    {"SQLFetchScroll: SQL_FETCH_BOOKMARK goes to the row of the bookmark", 0, 20},
    {"SQLFetchScroll: SQL_FETCH_BOOKMARK with a positive offset goes behind it", 2, 40},
    {"SQLFetchScroll: SQL_FETCH_BOOKMARK with a negative offset goes before it", -1, 10},
    {"SQLFetchScroll: SQL_FETCH_BOOKMARK with an offset before the first row is SQL_NO_DATA", -2, 0},
    {"SQLFetchScroll: SQL_FETCH_BOOKMARK with an offset behind the last row is SQL_NO_DATA", 4, 0},
};

static void is_reached(struct session *session, const void *row)
{
    const struct jump *jump = row;
    struct bookmark second;

    first_rowset(session);
    second = bookmarks[1];
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, &second, 0));
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_LAST, 0));
    if (!jump->first) {
        NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, jump->offset));
        assert_int_equal(fetched, 0);
        return;
    }
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, jump->offset));
    assert_int_equal(values[0], jump->first);
}

static void column_zero(struct session *session)
{
    first_rowset(session);
    assert_int_equal(bookmark_lengths[0], 8);
    assert_memory_not_equal(&bookmarks[0], &bookmarks[1], sizeof bookmarks[0]);
    assert_memory_not_equal(&bookmarks[1], &bookmarks[2], sizeof bookmarks[0]);
}

static void column_zero_by_get_data(struct session *session)
{
    struct bookmark got;
    SQLLEN length = 0;
    first_rowset(session);
    OK(session, SQLSetPos(session->stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    OK(session, SQLGetData(session->stmt, 0, SQL_C_VARBOOKMARK, &got, sizeof got, &length));
    assert_int_equal(length, 8);
    assert_memory_equal(&got, &bookmarks[1], sizeof got);
    OK(session, SQLSetPos(session->stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    memset(&got, 0, sizeof got);
    OK(session, SQLGetData(session->stmt, 0, SQL_C_DEFAULT, &got, sizeof got, &length));
    assert_memory_equal(&got, &bookmarks[1], sizeof got);
}

static void no_bookmarks(struct session *session)
{
    SQLCHAR bytes[8];
    SQLLEN value;
    FAILS(session, SQLBindCol(session->stmt, 0, SQL_C_VARBOOKMARK, bytes, sizeof bytes, NULL), "07009");
    first_row(session, FIVE);
    FAILS(session, SQLGetData(session->stmt, 0, SQL_C_VARBOOKMARK, bytes, sizeof bytes, NULL), "07009");
    FAILS(session, SQLColAttribute(session->stmt, 0, SQL_DESC_TYPE, NULL, 0, NULL, &value), "07009");
    FAILS(session, SQLDescribeCol(session->stmt, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL), "07009");
}

static void bound_when_off(struct session *session)
{
    SQLCHAR bytes[8];
    use(session, SQL_UB_VARIABLE, 1);
    OK(session, SQLBindCol(session->stmt, 0, SQL_C_VARBOOKMARK, bytes, sizeof bytes, NULL));
    set(session, SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF);
    query(session, FIVE);
    FAILS(session, SQLFetch(session->stmt), "07009");
}

struct field {
    const char *rule;
    SQLUSMALLINT field;
    SQLLEN variable, fixed;
};

static const struct field fields[] = {
    {"SQLColAttribute: SQL_DESC_CONCISE_TYPE of column 0 is SQL_BINARY, or SQL_INTEGER of fixed bookmarks", SQL_DESC_CONCISE_TYPE, SQL_BINARY, SQL_INTEGER},
    {"SQLColAttribute: SQL_DESC_TYPE of column 0 is SQL_BINARY, or SQL_INTEGER of fixed bookmarks", SQL_DESC_TYPE, SQL_BINARY, SQL_INTEGER},
    {"SQLColAttribute: SQL_DESC_LENGTH of column 0 is the bytes of a bookmark, or the digits of a fixed one", SQL_DESC_LENGTH, 8, 10},
    {"SQLColAttribute: SQL_DESC_OCTET_LENGTH of column 0 is the bytes of its type", SQL_DESC_OCTET_LENGTH, 8, 4},
    {"SQLColAttribute: SQL_DESC_DISPLAY_SIZE of column 0 is two characters a byte, or those of an integer", SQL_DESC_DISPLAY_SIZE, 16, 11},
    {"SQLColAttribute: SQL_DESC_NULLABLE of column 0 is SQL_NO_NULLS", SQL_DESC_NULLABLE, SQL_NO_NULLS, SQL_NO_NULLS},
    {"SQLColAttribute: SQL_DESC_UPDATABLE of column 0 is SQL_ATTR_READONLY", SQL_DESC_UPDATABLE, SQL_ATTR_READONLY, SQL_ATTR_READONLY},
    {"SQLColAttribute: SQL_DESC_UNNAMED of column 0 is SQL_UNNAMED", SQL_DESC_UNNAMED, SQL_UNNAMED, SQL_UNNAMED},
    {"SQLColAttribute: SQL_DESC_COUNT does not count column 0", SQL_DESC_COUNT, 1, 1},
};

static void is_described(struct session *session, const void *row)
{
    const struct field *field = row;
    for (int fixed = 0; fixed < 2; fixed++) {
        SQLLEN value = -77;
        SQLFreeHandle(SQL_HANDLE_STMT, session->stmt);
        DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &session->stmt));
        use(session, fixed ? SQL_UB_FIXED : SQL_UB_VARIABLE, 1);
        OK(session, SQLPrepare(session->stmt, text(FIVE), SQL_NTS));
        OK(session, SQLColAttribute(session->stmt, 0, field->field, NULL, 0, NULL, &value));
        assert_int_equal(value, fixed ? field->fixed : field->variable);
    }
}

static void described_by_record(struct session *session)
{
    SQLSMALLINT type = 0, nullable = 0;
    SQLLEN length = 0;
    SQLHDESC ird = NULL;
    use(session, SQL_UB_VARIABLE, 1);
    OK(session, SQLPrepare(session->stmt, text(FIVE), SQL_NTS));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_IMP_ROW_DESC, &ird, 0, NULL));
    DESC_OK(ird, SQLGetDescRec(ird, 0, NULL, 0, NULL, &type, NULL, &length, NULL, NULL, &nullable));
    assert_int_equal(type, SQL_BINARY);
    assert_int_equal(length, 8);
    assert_int_equal(nullable, SQL_NO_NULLS);
}

static void fixed(struct session *session)
{
    SQLULEN all[SIZE] = {0}, again = 0;
    SQLLEN length = 0;
    use(session, SQL_UB_FIXED, SIZE);
    OK(session, SQLBindCol(session->stmt, 0, SQL_C_BOOKMARK, all, 0, bookmark_lengths));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, FIVE);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 2));
    assert_true(all[0] != all[1] && all[1] != all[2]);
    OK(session, SQLSetPos(session->stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    OK(session, SQLGetData(session->stmt, 0, SQL_C_BOOKMARK, &again, 0, &length));
    assert_int_equal(again, all[2]);
    again = all[1];
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, &again, 0));
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, 0));
    assert_int_equal(values[0], 30);
}

static void of_that_time(struct session *session)
{
    SQLULEN bookmark = 0, count = 0;
    use(session, SQL_UB_FIXED, 1);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, FIVE);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_ABSOLUTE, 4, &count, statuses));
    assert_int_equal(SQLGetStmtOption(session->stmt, SQL_GET_BOOKMARK, &bookmark), SQL_SUCCESS);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_FIRST, 0, &count, statuses));
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_BOOKMARK, (SQLLEN)bookmark, &count, statuses));
    assert_int_equal(values[0], 40);
}

static void bad_bookmarks(struct session *session)
{
    struct bookmark none;
    memset(&none, 0xFF, sizeof none);
    first_rowset(session);
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, 0), "HY111");   /* there is no pointer */
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, &none, 0));
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, 0), "HY111");
    memset(&none, 0, sizeof none);
    FAILS(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, 0), "HY111");
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0));
    assert_int_equal(values[0], 40);
}

static void long_lived(struct session *session)
{
    struct bookmark third;
    first_rowset(session);
    third = bookmarks[2];
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_LAST, 0));
    NO_DATA(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, &third, 0));
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_BOOKMARK, 0));
    assert_int_equal(values[0], 30);
}

/* A record of the descriptor that no SQLBindCol has given a type. */
static void bound_by_pointer_alone(struct session *session)
{
    SQLHDESC ard = NULL;
    struct bookmark bound[1];
    memset(bound, 0, sizeof bound);
    use(session, SQL_UB_VARIABLE, 1);
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    DESC_OK(ard, SQLSetDescField(ard, 0, SQL_DESC_OCTET_LENGTH, number(sizeof bound[0]), 0));
    DESC_OK(ard, SQLSetDescField(ard, 0, SQL_DESC_DATA_PTR, bound, 0));
    query(session, FIVE);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(bound[0].bytes[0] | bound[0].bytes[7], 1);
    OK(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK));
}

/* --- SQLBulkOperations ---------------------------------------------------------------------------------------------------- */

static void by_bookmark(struct session *session)
{
    struct bookmark swap;
    first_rowset(session);
    swap = bookmarks[0];
    bookmarks[0] = bookmarks[2];
    bookmarks[2] = swap;
    memset(values, 0, sizeof values);
    OK(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK));
    assert_int_equal(values[0], 30);
    assert_int_equal(values[1], 20);
    assert_int_equal(values[2], 10);
    assert_int_equal(lengths[2], 4);
    assert_int_equal(fetched, 3);
    assert_int_equal(statuses[2], SQL_ROW_SUCCESS);
}

static void by_one_bad_bookmark(struct session *session)
{
    SQLLEN row = 0;
    first_rowset(session);
    memset(&bookmarks[1], 0xFF, sizeof bookmarks[1]);
    WARNS(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), "HY111");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, 2);
    assert_int_equal(statuses[0], SQL_ROW_SUCCESS);
    assert_int_equal(statuses[1], SQL_ROW_ERROR);
    memset(bookmarks, 0xFF, sizeof bookmarks);
    FAILS(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), "HY111");
}

static void by_bookmarks_of_a_new_size(struct session *session)
{
    first_rowset(session);
    bookmarks[0] = bookmarks[2];
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 1);
    memset(values, 0, sizeof values);
    OK(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK));
    assert_int_equal(values[0], 30);
    assert_int_equal(values[1], 0);
    assert_int_equal(fetched, 1);
}

static void rows_are_not_ignored(struct session *session)
{
    SQLUSMALLINT operations[SIZE] = {SQL_ROW_PROCEED, SQL_ROW_IGNORE, SQL_ROW_PROCEED};
    first_rowset(session);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_OPERATION_PTR, operations, 0));
    memset(values, 0, sizeof values);
    OK(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK));
    assert_int_equal(values[1], 20);
    assert_int_equal(fetched, 3);
}

static void columns_are_ignored(struct session *session)
{
    first_rowset(session);
    memset(values, 0, sizeof values);
    lengths[1] = SQL_COLUMN_IGNORE;
    OK(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK));
    assert_int_equal(values[0], 10);
    assert_int_equal(values[1], 0);
    assert_int_equal(lengths[1], SQL_COLUMN_IGNORE);
    assert_int_equal(values[2], 30);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_FIRST, 0));     /* which heeds no such thing */
    assert_int_equal(values[1], 20);
}

static void unbound(struct session *session)
{
    first_rowset(session);
    OK(session, SQLBindCol(session->stmt, 0, SQL_C_VARBOOKMARK, NULL, 0, NULL));
    FAILS(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), "HY092");
}

static void off(struct session *session)
{
    first_row(session, FIVE);
    FAILS(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), "HY092");
}

static void too_small(struct session *session)
{
    SQLCHAR narrow[4];
    use(session, SQL_UB_VARIABLE, 1);
    OK(session, SQLBindCol(session->stmt, 0, SQL_C_VARBOOKMARK, narrow, sizeof narrow, NULL));
    query(session, FIVE);
    WARNS(session, SQLFetch(session->stmt), "01004");
    FAILS(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), "HY111");
}

struct operation {
    const char *rule;
    SQLSMALLINT operation;
};

static const struct operation operations[] = {
    {"SQLBulkOperations: SQL_ADD to a read-only result is HY092", SQL_ADD},
    {"SQLBulkOperations: SQL_UPDATE_BY_BOOKMARK of a read-only result is HY092", SQL_UPDATE_BY_BOOKMARK},
    {"SQLBulkOperations: SQL_DELETE_BY_BOOKMARK of a read-only result is HY092", SQL_DELETE_BY_BOOKMARK},
    {"SQLBulkOperations: an operation that does not exist is HY092", 77},
};

static void is_refused(struct session *session, const void *row)
{
    first_rowset(session);
    FAILS(session, SQLBulkOperations(session->stmt, ((const struct operation *)row)->operation), "HY092");
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 2));
    assert_int_equal(values[0], 20);
}

static void before_fetching(struct session *session)
{
    FAILS(session, SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), "HY010");
    use(session, SQL_UB_VARIABLE, 1);
    query(session, FIVE);
    assert_int_equal(SQLBulkOperations(session->stmt, SQL_FETCH_BY_BOOKMARK), SQL_ERROR);
}

static const struct rule rules[] = {
    {"SQLBindCol: column 0 is a bookmark for each row", column_zero},
    {"SQLBindCol: column 0 while bookmarks are off is 07009; likewise SQLGetData, SQLColAttribute and SQLDescribeCol", no_bookmarks},
    {"SQLFetch: column 0 bound while bookmarks are off is 07009", bound_when_off},
    {"SQLGetData: column 0 is the bookmark that SQLBindCol gives", column_zero_by_get_data},
    {"SQLGetDescRec: record 0 of the IRD describes the bookmark", described_by_record},
    {"SQLSetStmtAttr: SQL_UB_FIXED gives bookmarks as SQL_C_BOOKMARK", fixed},
    {"SQLSetDescField: record 0 bound by its pointer alone has the bookmark's own type", bound_by_pointer_alone},
    {"SQLExtendedFetch: SQL_FETCH_BOOKMARK takes the bookmark of SQL_GET_BOOKMARK", of_that_time},
    {"SQLFetchScroll: a bookmark that is none is HY111, and the cursor stays", bad_bookmarks},
    {"SQLFetchScroll: bookmarks outlive scrolling to the end", long_lived},
    {"SQLBulkOperations: SQL_FETCH_BY_BOOKMARK fetches the rows in the order of the bookmarks", by_bookmark},
    {"SQLBulkOperations: a bad bookmark among good ones is SQL_SUCCESS_WITH_INFO and HY111 of its row; none good is SQL_ERROR", by_one_bad_bookmark},
    {"SQLBulkOperations: SQL_FETCH_BY_BOOKMARK has the present SQL_ATTR_ROW_ARRAY_SIZE", by_bookmarks_of_a_new_size},
    {"SQLBulkOperations: no row is left out, whatever SQL_ATTR_ROW_OPERATION_PTR says", rows_are_not_ignored},
    {"SQLBulkOperations: a column of SQL_COLUMN_IGNORE is not fetched", columns_are_ignored},
    {"SQLBulkOperations: SQL_FETCH_BY_BOOKMARK without column 0 bound is HY092", unbound},
    {"SQLBulkOperations: SQL_FETCH_BY_BOOKMARK while bookmarks are off is HY092", off},
    {"SQLBulkOperations: a bookmark in too small a buffer is HY111", too_small},
    {"SQLBulkOperations: before fetching it is refused", before_fetching},
};

int main(void)
{
    EACH(is_reached, jumps);
    EACH(is_described, fields);
    EACH(is_refused, operations);
    RULES(rules);
    return chapter_run("bookmarks");
}
