/* Fetching: SQLBindCol, SQLFetch, SQLFetchScroll, SQLExtendedFetch, SQLSetPos; rowsets, binding by column and by row, offsets. */
#include "chapter.h"

enum { BLOCK = 4 };
#define TEN "SELECT a FROM (SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 " \
            "UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9 UNION ALL SELECT 10) t ORDER BY a"

static void to_the_end(struct session *session)
{
    query(session, TEN);
    assert_int_equal(count_rows(session), 10);
    NO_DATA(session, SQLFetch(session->stmt));      /* and stays there */
}

static void no_rows(struct session *session)
{
    query(session, "SELECT 1 WHERE 1 = 0");
    NO_DATA(session, SQLFetch(session->stmt));
}

static void by_column(struct session *session)
{
    SQLINTEGER values[BLOCK];
    SQLLEN lengths[BLOCK];
    SQLULEN fetched = 77;
    SQLUSMALLINT status[BLOCK];
    static const SQLULEN wanted[] = {4, 4, 2};
    SQLINTEGER next = 1;

    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, number(BLOCK), 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, lengths));
    query(session, TEN);
    for (int turn = 0; turn < 3; turn++) {
        OK(session, SQLFetch(session->stmt));
        assert_int_equal(fetched, wanted[turn]);
        for (SQLULEN i = 0; i < BLOCK; i++) {
            assert_int_equal(status[i], i < fetched ? SQL_ROW_SUCCESS : SQL_ROW_NOROW);
            if (i < fetched) {
                assert_int_equal(values[i], next++);
                assert_int_equal(lengths[i], 4);
            }
        }
    }
    NO_DATA(session, SQLFetch(session->stmt));
    assert_int_equal(fetched, 0);
}

struct record {
    SQLINTEGER value;
    SQLLEN length;
    SQLCHAR text[12];
    SQLLEN text_length;
};

static void by_row(struct session *session)
{
    struct record records[BLOCK];
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, number(BLOCK), 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_TYPE, number(sizeof records[0]), 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &records[0].value, 0, &records[0].length));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, records[0].text, sizeof records[0].text, &records[0].text_length));
    query(session, "SELECT a, 'x' || CAST(a AS VARCHAR(5)) FROM (" "SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4" ") t ORDER BY a");
    OK(session, SQLFetch(session->stmt));
    for (int i = 0; i < BLOCK; i++) {
        char wanted[] = {'x', (char)('1' + i), '\0'};
        assert_int_equal(records[i].value, i + 1);
        assert_string_equal((char *)records[i].text, wanted);
        assert_int_equal(records[i].text_length, 2);
    }
}

static void texts_by_column(struct session *session)
{
    SQLCHAR texts[BLOCK][8];
    SQLLEN lengths[BLOCK];
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, number(BLOCK), 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, texts, 8, lengths));
    query(session, TEN);
    OK(session, SQLFetch(session->stmt));
    assert_string_equal((char *)texts[0], "1");
    assert_string_equal((char *)texts[3], "4");
    assert_int_equal(lengths[3], 1);
}

static void offset(struct session *session)
{
    SQLINTEGER values[2] = {0, 0};
    SQLLEN shift = sizeof(SQLINTEGER);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &shift, 0));
    query(session, TEN);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 0);
    assert_int_equal(values[1], 1);
    shift = 0;
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 2);
}

static void one_bad_row(struct session *session)
{
    SQLINTEGER values[BLOCK];
    SQLUSMALLINT status[BLOCK];
    SQLULEN fetched = 0;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, number(3), 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, "SELECT '1' UNION ALL SELECT 'x' UNION ALL SELECT '3'");
    WARNS(session, SQLFetch(session->stmt), "22018");
    assert_int_equal(fetched, 3);
    assert_int_equal(status[0], SQL_ROW_SUCCESS);
    assert_int_equal(status[1], SQL_ROW_ERROR);
    assert_int_equal(status[2], SQL_ROW_SUCCESS);
    assert_int_equal(values[2], 3);
}

static void unbound_is_untouched(struct session *session)
{
    SQLINTEGER value = 7;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, NULL, 0, NULL));
    query(session, TEN);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 7);
}

static void columns_that_do_not_exist(struct session *session)
{
    SQLINTEGER value = 7;
    OK(session, SQLBindCol(session->stmt, 5, SQL_C_SLONG, &value, 0, NULL));
    query(session, TEN);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 7);
}

static void bad_bindings(struct session *session)
{
    SQLINTEGER value;
    FAILS(session, SQLBindCol(session->stmt, 1, 4711, &value, 0, NULL), "HY003");
    FAILS(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, &value, -1, NULL), "HY090");
}

static void length_alone(struct session *session)
{
    SQLLEN length = 77;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, NULL, 0, &length));
    query(session, "SELECT 'abc'");
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(length, 3);
}

static void truncation(struct session *session)
{
    SQLCHAR value[3];
    SQLLEN length = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, value, sizeof value, &length));
    query(session, "SELECT 'abcdef'");
    WARNS(session, SQLFetch(session->stmt), "01004");
    assert_string_equal((char *)value, "ab");
    assert_int_equal(length, 6);
}

static void scroll_next(struct session *session)
{
    query(session, TEN);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_NEXT, 0));
    assert_string_equal(cell(session, 1), "1");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "2");
}

struct orientation {
    const char *rule;
    SQLSMALLINT orientation;
};

static const struct orientation orientations[] = {
    {"SQLFetchScroll: SQL_FETCH_FIRST of a forward-only cursor is HY106", SQL_FETCH_FIRST},
    {"SQLFetchScroll: SQL_FETCH_LAST of a forward-only cursor is HY106", SQL_FETCH_LAST},
    {"SQLFetchScroll: SQL_FETCH_PRIOR of a forward-only cursor is HY106", SQL_FETCH_PRIOR},
    {"SQLFetchScroll: SQL_FETCH_ABSOLUTE of a forward-only cursor is HY106", SQL_FETCH_ABSOLUTE},
    {"SQLFetchScroll: SQL_FETCH_RELATIVE of a forward-only cursor is HY106", SQL_FETCH_RELATIVE},
    {"SQLFetchScroll: an orientation that does not exist is HY106", 77},
};

static void is_refused(struct session *session, const void *row)
{
    query(session, TEN);
    FAILS(session, SQLFetchScroll(session->stmt, ((const struct orientation *)row)->orientation, 1), "HY106");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "1");
}

static void extended(struct session *session)
{
    SQLINTEGER values[BLOCK];
    SQLULEN fetched = 0;
    SQLUSMALLINT status[BLOCK];
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ROWSET_SIZE, number(BLOCK), 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, TEN);
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &fetched, status));
    assert_int_equal(fetched, BLOCK);
    assert_int_equal(values[3], 4);
    assert_int_equal(status[3], SQL_ROW_SUCCESS);
}

static void not_mixed(struct session *session)
{
    SQLULEN fetched = 0;
    SQLUSMALLINT status[1];
    query(session, TEN);
    OK(session, SQLFetch(session->stmt));
    FAILS(session, SQLExtendedFetch(session->stmt, SQL_FETCH_NEXT, 0, &fetched, status), "HY010");
}

static void positions(struct session *session)
{
    first_row(session, TEN);
    OK(session, SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    FAILS(session, SQLSetPos(session->stmt, 5, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY107");
    FAILS(session, SQLSetPos(session->stmt, 1, 77, SQL_LOCK_NO_CHANGE), "HY092");
}

static void changes_are_refused(struct session *session)
{
    first_row(session, TEN);
    assert_int_equal(SQLSetPos(session->stmt, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE), SQL_ERROR);
    assert_int_equal(SQLBulkOperations(session->stmt, SQL_ADD), SQL_ERROR);
    OK(session, SQLFetch(session->stmt));
}

static const struct rule rules[] = {
    {"SQLFetch: goes to the end and stays there with SQL_NO_DATA", to_the_end},
    {"SQLFetch: an empty result is SQL_NO_DATA at once", no_rows},
    {"SQLFetch: a rowset bound by column fills values, lengths, status and the count; the last one is short", by_column},
    {"SQLFetch: a rowset bound by row fills structures", by_row},
    {"SQLFetch: one bad row of several is SQL_SUCCESS_WITH_INFO, its status SQL_ROW_ERROR", one_bad_row},
    {"SQLFetch: a value that does not fit is 01004 with the whole length", truncation},
    {"SQLBindCol: texts bound by column lie a buffer length apart", texts_by_column},
    {"SQLBindCol: SQL_ATTR_ROW_BIND_OFFSET_PTR moves the buffers", offset},
    {"SQLBindCol: a null pointer unbinds", unbound_is_untouched},
    {"SQLBindCol: a column behind the result's last is not looked at", columns_that_do_not_exist},
    {"SQLBindCol: a C type that does not exist is HY003, a negative length HY090", bad_bindings},
    {"SQLBindCol: a length without a buffer tells the length alone", length_alone},
    {"SQLFetchScroll: SQL_FETCH_NEXT goes with SQLFetch", scroll_next},
    {"SQLExtendedFetch: reads rowsets of SQL_ROWSET_SIZE", extended},
    {"SQLExtendedFetch: on a cursor that SQLFetch reads is HY010", not_mixed},
    {"SQLSetPos: positions on a row; one that does not exist is HY107, an operation HY092", positions},
    {"SQLBulkOperations: results can not be changed, and are read on afterwards; likewise SQLSetPos", changes_are_refused},
};

int main(void)
{
    EACH(is_refused, orientations);
    RULES(rules);
    return chapter_run("fetching");
}
