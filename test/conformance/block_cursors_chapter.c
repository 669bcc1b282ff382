/* Block cursors: rowsets bound by column and by row, offsets, pointers apart for length and indicator, bindings that change between
 * fetches, and the statement attributes that bound or stop what is retrieved. */
#include "chapter.h"

enum { SIZE = 3 };
#define SIX "SELECT a, t FROM (SELECT 1 AS a, 'one' AS t UNION ALL SELECT 2, 'two' UNION ALL SELECT 3, NULL UNION ALL SELECT 4, 'four' " \
            "UNION ALL SELECT 5, 'five' UNION ALL SELECT 6, 'six') t ORDER BY a"

static void set(struct session *session, SQLINTEGER attribute, SQLULEN value)
{
    OK(session, SQLSetStmtAttr(session->stmt, attribute, number(value), 0));
}

static SQLHDESC ard_of(struct session *session)
{
    SQLHDESC ard = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    return ard;
}

/* A value of each kind of size: what lies beside each other bound by column, and in structures bound by row. */
struct every {
    SQLCHAR text[12];
    SQLLEN text_length;
    SQLINTEGER number;
    SQLLEN number_length;
    SQLDOUBLE real;
    SQL_DATE_STRUCT date;
    SQLCHAR bytes[5];
    SQLLEN bytes_length;
    SQLWCHAR wide[6];
};

#define ROW(n) "SELECT " n " AS a, 't" n "' AS t, " n " + 0.5 AS d, {d '2024-01-0" n "'} AS m, X'0" n "0" n "' AS b"
#define EVERY "SELECT t, a, CAST(d AS DOUBLE), m, b, t FROM (" ROW("1") " UNION ALL " ROW("2") " UNION ALL " ROW("3") " UNION ALL " ROW("4") ") t ORDER BY a"

static void is_row(int n, const SQLCHAR *text_value, SQLLEN text_length, SQLINTEGER number_value, SQLDOUBLE real, const SQL_DATE_STRUCT *date,
                   const SQLCHAR *bytes, SQLLEN bytes_length, const SQLWCHAR *wide_value)
{
    char wanted[] = {'t', (char)('0' + n), '\0'};
    assert_string_equal((const char *)text_value, wanted);
    assert_int_equal(text_length, 2);
    assert_int_equal(number_value, n);
    assert_true(real > n + 0.4 && real < n + 0.6);
    assert_int_equal(date->day, n);
    assert_int_equal(bytes_length, 2);
    assert_true(bytes[0] == n && bytes[1] == n);
    assert_true(wide_value[0] == 't' && wide_value[1] == '0' + n && wide_value[2] == 0);
}

static void every_kind_by_column(struct session *session)
{
    SQLCHAR texts[SIZE][12], bytes[SIZE][5];
    SQLLEN text_lengths[SIZE], bytes_lengths[SIZE];
    SQLINTEGER numbers[SIZE];
    SQLDOUBLE reals[SIZE];
    SQL_DATE_STRUCT dates[SIZE];
    SQLWCHAR wides[SIZE][6];
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, texts, sizeof texts[0], text_lengths));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_SLONG, numbers, 999, NULL));  /* a length that fixed types do not look at */
    OK(session, SQLBindCol(session->stmt, 3, SQL_C_DOUBLE, reals, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 4, SQL_C_TYPE_DATE, dates, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 5, SQL_C_BINARY, bytes, sizeof bytes[0], bytes_lengths));
    OK(session, SQLBindCol(session->stmt, 6, SQL_C_WCHAR, wides, sizeof wides[0], NULL));
    query(session, EVERY);
    OK(session, SQLFetch(session->stmt));
    for (int i = 0; i < SIZE; i++)
        is_row(i + 1, texts[i], text_lengths[i], numbers[i], reals[i], &dates[i], bytes[i], bytes_lengths[i], wides[i]);
    OK(session, SQLFetch(session->stmt));
    is_row(4, texts[0], text_lengths[0], numbers[0], reals[0], &dates[0], bytes[0], bytes_lengths[0], wides[0]);
    is_row(2, texts[1], text_lengths[1], numbers[1], reals[1], &dates[1], bytes[1], bytes_lengths[1], wides[1]); /* as it was */
}

static void bind_every(struct session *session, struct every *first)
{
    set(session, SQL_ATTR_ROW_BIND_TYPE, sizeof *first);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, first->text, sizeof first->text, &first->text_length));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_SLONG, &first->number, 0, &first->number_length));
    OK(session, SQLBindCol(session->stmt, 3, SQL_C_DOUBLE, &first->real, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 4, SQL_C_TYPE_DATE, &first->date, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 5, SQL_C_BINARY, first->bytes, sizeof first->bytes, &first->bytes_length));
    OK(session, SQLBindCol(session->stmt, 6, SQL_C_WCHAR, first->wide, sizeof first->wide, NULL));
}

static void is_every(int n, const struct every *row)
{
    is_row(n, row->text, row->text_length, row->number, row->real, &row->date, row->bytes, row->bytes_length, row->wide);
    assert_int_equal(row->number_length, 4);
}

static void every_kind_by_row(struct session *session)
{
    struct every rows[SIZE];
    memset(rows, 0, sizeof rows);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    bind_every(session, rows);
    query(session, EVERY);
    OK(session, SQLFetch(session->stmt));
    for (int i = 0; i < SIZE; i++)
        is_every(i + 1, &rows[i]);
}

static void offset_by_row(struct session *session)
{
    struct every rows[2 * SIZE];
    SQLLEN offset = SIZE * sizeof rows[0];
    memset(rows, 0, sizeof rows);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0));
    bind_every(session, rows);
    query(session, EVERY);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(rows[0].number, 0);
    assert_int_equal(rows[0].text_length, 0);
    for (int i = 0; i < SIZE; i++)
        is_every(i + 1, &rows[SIZE + i]);
    offset = 0;                                         /* read at each fetch */
    OK(session, SQLFetch(session->stmt));
    is_every(4, &rows[0]);
}

/* The same number of bytes is added to every pointer. */
static void offset_by_column(struct session *session)
{
    SQLINTEGER values[8] = {0};
    SQLLEN lengths[8] = {0}, offset = 8;
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, lengths));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 0);
    assert_int_equal(values[2], 1);
    assert_int_equal(values[3], 2);
    assert_int_equal(lengths[0], 0);
    assert_int_equal(lengths[1], 4);
    assert_int_equal(lengths[2], 4);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, NULL, 0));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 3);
}

static void offset_leaves_null_pointers(struct session *session)
{
    SQLINTEGER values[4] = {0};
    SQLLEN offset = 8;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[2], 1);
}

static void pointers_apart(struct session *session)
{
    SQLCHAR texts[SIZE][8];
    SQLLEN lengths[SIZE] = {77, 77, 77}, indicators[SIZE] = {77, 77, 77};
    SQLHDESC ard = ard_of(session);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, texts, sizeof texts[0], NULL));
    DESC_OK(ard, SQLSetDescField(ard, 2, SQL_DESC_OCTET_LENGTH_PTR, lengths, 0));
    DESC_OK(ard, SQLSetDescField(ard, 2, SQL_DESC_INDICATOR_PTR, indicators, 0));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(lengths[0], 3);
    assert_int_equal(indicators[0], 0);
    assert_int_equal(indicators[2], SQL_NULL_DATA);
    assert_int_equal(lengths[2], 77);                   /* NULL has no length */
}

static void null_without_indicator(struct session *session)
{
    SQLCHAR texts[SIZE][8];
    SQLUSMALLINT status[SIZE];
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, texts, sizeof texts[0], NULL));
    query(session, SIX);
    WARNS(session, SQLFetch(session->stmt), "22002");
    assert_int_equal(status[1], SQL_ROW_SUCCESS);
    assert_int_equal(status[2], SQL_ROW_ERROR);
}

static void status_of_each_row(struct session *session)
{
    SQLCHAR texts[SIZE][4];
    SQLLEN lengths[SIZE];
    SQLUSMALLINT status[SIZE];
    SQLULEN fetched = 0;
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, texts, sizeof texts[0], lengths));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    WARNS(session, SQLFetch(session->stmt), "01004");
    assert_int_equal(status[0], SQL_ROW_SUCCESS_WITH_INFO);
    assert_int_equal(status[1], SQL_ROW_SUCCESS_WITH_INFO);
    assert_int_equal(status[2], SQL_ROW_SUCCESS);
    assert_string_equal((char *)texts[0], "fou");
    assert_int_equal(lengths[0], 4);
    assert_int_equal(fetched, 3);
}

static void rebound_between(struct session *session)
{
    SQLINTEGER first[SIZE] = {0}, second[SIZE] = {0};
    SQLCHAR texts[SIZE][8] = {""};
    SQLLEN lengths[SIZE];
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, first, 0, NULL));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, second, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, texts, sizeof texts[0], lengths));
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(first[2], 3);
    assert_int_equal(second[0], 4);
    assert_int_equal(second[1], 5);
    assert_int_equal(second[2], 0);
    assert_string_equal((char *)texts[1], "five");
}

static void unbound_between(struct session *session)
{
    SQLINTEGER values[1] = {0};
    SQLCHAR word[8] = "";
    SQLLEN length = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, word, sizeof word, &length));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, NULL, 0, NULL));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(values[0], 1);
    assert_string_equal((char *)word, "two");
    OK(session, SQLFreeStmt(session->stmt, SQL_UNBIND));
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal((char *)word, "two");
}

static void unbinding_lowers_the_count(struct session *session)
{
    SQLINTEGER value;
    SQLSMALLINT count = 0;
    SQLHDESC ard = ard_of(session);
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_SLONG, &value, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 5, SQL_C_SLONG, &value, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 5, SQL_C_SLONG, NULL, 0, NULL));
    DESC_OK(ard, SQLGetDescField(ard, 0, SQL_DESC_COUNT, &count, 0, NULL));
    assert_int_equal(count, 2);
    OK(session, SQLFreeStmt(session->stmt, SQL_UNBIND));
    DESC_OK(ard, SQLGetDescField(ard, 0, SQL_DESC_COUNT, &count, 0, NULL));
    assert_int_equal(count, 0);
}

static void attributes_are_fields(struct session *session)
{
    SQLULEN size = 0;
    SQLINTEGER type = 0;
    SQLLEN offset = 0;
    SQLPOINTER pointer = NULL;
    SQLHDESC ard = ard_of(session);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, 7);
    set(session, SQL_ATTR_ROW_BIND_TYPE, 48);
    DESC_OK(ard, SQLGetDescField(ard, 0, SQL_DESC_ARRAY_SIZE, &size, 0, NULL));
    assert_int_equal(size, 7);
    DESC_OK(ard, SQLGetDescField(ard, 0, SQL_DESC_BIND_TYPE, &type, 0, NULL));
    assert_int_equal(type, 48);
    DESC_OK(ard, SQLSetDescField(ard, 0, SQL_DESC_BIND_OFFSET_PTR, &offset, 0));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, &offset);
    DESC_OK(ard, SQLSetDescField(ard, 0, SQL_DESC_ARRAY_SIZE, number(3), 0));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, &size, 0, NULL));
    assert_int_equal(size, 3);
    DESC_FAILS(ard, SQLSetDescField(ard, 0, SQL_DESC_ARRAY_SIZE, number(0), 0), "HY024");
}

static void large(struct session *session)
{
    enum { LARGE = 500 };
    SQLINTEGER values[LARGE];
    SQLUSMALLINT status[LARGE];
    SQLULEN fetched = 0;
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, LARGE);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, NULL));
    query(session, SIX);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(fetched, 6);
    assert_int_equal(values[5], 6);
    assert_int_equal(status[6], SQL_ROW_NOROW);
    assert_int_equal(status[LARGE - 1], SQL_ROW_NOROW);
}

/* --- what is not retrieved ------------------------------------------------------------------------------------------------- */

static void retrieve_off(struct session *session)
{
    SQLINTEGER values[SIZE] = {7, 7, 7};
    SQLLEN lengths[SIZE] = {7, 7, 7};
    SQLUSMALLINT status[SIZE];
    SQLULEN fetched = 0;
    set(session, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(session, SQL_ATTR_RETRIEVE_DATA, SQL_RD_OFF);
    set(session, SQL_ATTR_ROW_ARRAY_SIZE, SIZE);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, lengths));
    query(session, SIX);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_ABSOLUTE, 2));
    assert_int_equal(fetched, 3);
    assert_int_equal(status[2], SQL_ROW_SUCCESS);
    assert_int_equal(values[0], 7);
    assert_int_equal(lengths[2], 7);
    assert_string_equal(cell(session, 1), "2");         /* the rowset is there all the same */
    set(session, SQL_ATTR_RETRIEVE_DATA, SQL_RD_ON);
    OK(session, SQLFetchScroll(session->stmt, SQL_FETCH_RELATIVE, 0));
    assert_int_equal(values[0], 2);
}

struct cut {
    const char *rule, *sql;
    SQLSMALLINT c_type;
    SQLLEN length;
    const char *bytes;
};

static const struct cut cuts[] = {
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH cuts a text, and its length with it", "SELECT 'abcdef'", SQL_C_CHAR, 3, "abc"},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH leaves a shorter text alone", "SELECT 'ab'", SQL_C_CHAR, 2, "ab"},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH cuts bytes", "SELECT X'6162636465'", SQL_C_BINARY, 3, "abc"},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH does not cut numbers", "SELECT 123456", SQL_C_CHAR, 6, "123456"},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH does not cut dates", "SELECT {d '2024-02-29'}", SQL_C_CHAR, 10, "2024-02-29"},
};

static void is_cut(struct session *session, const void *row)
{
    const struct cut *cut = row;
    char bound[20] = "", got[20] = "";
    SQLLEN length = 0;
    set(session, SQL_ATTR_MAX_LENGTH, 3);
    OK(session, SQLBindCol(session->stmt, 1, cut->c_type, bound, sizeof bound, &length));
    query(session, cut->sql);
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(length, cut->length);
    assert_memory_equal(bound, cut->bytes, (size_t)cut->length);
    length = 0;
    OK(session, SQLGetData(session->stmt, 1, cut->c_type, got, sizeof got, &length));
    assert_int_equal(length, cut->length);
    assert_memory_equal(got, cut->bytes, (size_t)cut->length);
}

static void noscan(struct session *session)
{
    set(session, SQL_ATTR_NOSCAN, SQL_NOSCAN_ON);
    first_row(session, "SELECT '{d ''no escape''}'");
    assert_string_equal(cell(session, 1), "{d 'no escape'}");
}

static const struct rule rules[] = {
    {"SQLFetch: a rowset bound by column has elements of the type's size, or of the buffer length of texts and bytes", every_kind_by_column},
    {"SQLFetch: a rowset bound by row has elements of the size of SQL_ATTR_ROW_BIND_TYPE", every_kind_by_row},
    {"SQLFetch: SQL_ATTR_ROW_BIND_OFFSET_PTR is read at each fetch and moves buffers and lengths bound by row", offset_by_row},
    {"SQLFetch: SQL_ATTR_ROW_BIND_OFFSET_PTR adds the same bytes to buffers and lengths bound by column", offset_by_column},
    {"SQLFetch: SQL_ATTR_ROW_BIND_OFFSET_PTR leaves null pointers null", offset_leaves_null_pointers},
    {"SQLFetch: SQL_DESC_INDICATOR_PTR and SQL_DESC_OCTET_LENGTH_PTR apart are filled apart", pointers_apart},
    {"SQLFetch: NULL without an indicator is 22002 of its row", null_without_indicator},
    {"SQLFetch: a truncated value is SQL_ROW_SUCCESS_WITH_INFO of its row", status_of_each_row},
    {"SQLFetch: bindings and the rowset size that change between fetches hold from the next one", rebound_between},
    {"SQLFetch: columns unbound between fetches are left alone; likewise all after SQL_UNBIND", unbound_between},
    {"SQLFetch: a rowset larger than the result ends with SQL_ROW_NOROW", large},
    {"SQLBindCol: unbinding the highest column lowers SQL_DESC_COUNT to the next", unbinding_lowers_the_count},
    {"SQLSetStmtAttr: SQL_ATTR_ROW_ARRAY_SIZE, _BIND_TYPE and _BIND_OFFSET_PTR are fields of the ARD", attributes_are_fields},
    {"SQLSetStmtAttr: SQL_ATTR_RETRIEVE_DATA off fetches a rowset without filling buffers, also in a static cursor", retrieve_off},
    {"SQLSetStmtAttr: SQL_ATTR_NOSCAN on leaves the text as it is", noscan},
};

int main(void)
{
    EACH(is_cut, cuts);
    RULES(rules);
    return chapter_run("block cursors");
}
