/* Conversions of SQL data to C (Appendix D): every case once by SQLGetData and once by SQLBindCol. */
#include "chapter.h"

#include <stdio.h>

struct conversion {
    const char *rule, *sql;
    SQLSMALLINT c_type;
    SQLLEN room;           /* of character and binary buffers */
    const char *state;     /* "" success, 01xxx success with information, else an error */
    const char *wanted;    /* the value as shown by show(); NULL where there is none */
    SQLLEN length;         /* the indicator; -2 = not looked at */
};

enum { ANY = -2 };

#define TO_CHAR(what, sql, wanted, length) {"SQLGetData: " what " to SQL_C_CHAR", sql, SQL_C_CHAR, 100, "", wanted, length}
#define TO_WCHAR(what, sql, wanted, length) {"SQLGetData: " what " to SQL_C_WCHAR", sql, SQL_C_WCHAR, 200, "", wanted, length}
#define FITS(what, sql, type, wanted, size) {"SQLGetData: " what " to " #type, sql, type, 0, "", wanted, size}
#define WARNED(what, sql, type, state, wanted) {"SQLGetData: " what " to " #type " is " state, sql, type, 0, state, wanted, ANY}
#define REFUSED(what, sql, type, state) {"SQLGetData: " what " to " #type " is " state, sql, type, 100, state, NULL, ANY}

#define DECIMAL "CAST('1234.56' AS DECIMAL(10,2))"
#define STAMP "{ts '2024-02-29 12:34:56.5'}"
#define GUID_TEXT "01234567-89ab-cdef-0123-456789abcdef"

static const struct conversion conversions[] = {
    /* integers */
    TO_CHAR("an integer", "SELECT 42", "42", 2),
    TO_CHAR("a negative integer", "SELECT -42", "-42", 3),
    TO_WCHAR("an integer", "SELECT 42", "42", 4),
    TO_CHAR("a big integer", "SELECT 9223372036854775807", "9223372036854775807", 19),
    {"SQLGetData: whole digits that do not fit SQL_C_CHAR are 22003", "SELECT 12345", SQL_C_CHAR, 4, "22003", NULL, ANY},
    {"SQLGetData: whole digits that do not fit SQL_C_WCHAR are 22003", "SELECT 12345", SQL_C_WCHAR, 8, "22003", NULL, ANY},
    FITS("an integer", "SELECT 42", SQL_C_SLONG, "42", 4),
    FITS("an integer", "SELECT 42", SQL_C_LONG, "42", 4),
    FITS("an integer", "SELECT 42", SQL_C_ULONG, "42", 4),
    FITS("an integer", "SELECT 42", SQL_C_SSHORT, "42", 2),
    FITS("an integer", "SELECT 42", SQL_C_USHORT, "42", 2),
    FITS("an integer", "SELECT 42", SQL_C_STINYINT, "42", 1),
    FITS("an integer", "SELECT 42", SQL_C_UTINYINT, "42", 1),
    FITS("an integer", "SELECT 42", SQL_C_SBIGINT, "42", 8),
    FITS("an integer", "SELECT 42", SQL_C_UBIGINT, "42", 8),
    FITS("an integer", "SELECT 42", SQL_C_DOUBLE, "42", 8),
    FITS("an integer", "SELECT 42", SQL_C_FLOAT, "42", 4),
    FITS("an integer", "SELECT 42", SQL_C_NUMERIC, "+42/0", sizeof(SQL_NUMERIC_STRUCT)),
    FITS("an integer 1", "SELECT 1", SQL_C_BIT, "1", 1),
    FITS("an integer", "SELECT 42", SQL_C_DEFAULT, "42", ANY),
    REFUSED("an integer above 1", "SELECT 42", SQL_C_BIT, "22003"),
    REFUSED("an integer too large", "SELECT 300", SQL_C_STINYINT, "22003"),
    REFUSED("a negative integer", "SELECT -1", SQL_C_UTINYINT, "22003"),
    REFUSED("an integer too large", "SELECT 40000", SQL_C_SSHORT, "22003"),
    REFUSED("a negative integer", "SELECT -1", SQL_C_USHORT, "22003"),
    REFUSED("an integer too large", "SELECT 3000000000", SQL_C_SLONG, "22003"),
    REFUSED("a negative integer", "SELECT -1", SQL_C_ULONG, "22003"),
    REFUSED("a negative integer", "SELECT -1", SQL_C_UBIGINT, "22003"),
    REFUSED("an integer", "SELECT 42", SQL_C_TYPE_DATE, "07006"),
    REFUSED("an integer", "SELECT 42", SQL_C_TYPE_TIME, "07006"),
    REFUSED("an integer", "SELECT 42", SQL_C_TYPE_TIMESTAMP, "07006"),
    REFUSED("an integer", "SELECT 42", SQL_C_GUID, "07006"),

    /* decimals */
    TO_CHAR("a decimal", "SELECT " DECIMAL, "1234.56", 7),
    TO_WCHAR("a decimal", "SELECT " DECIMAL, "1234.56", 14),
    TO_CHAR("a decimal below one", "SELECT CAST('-0.05' AS DECIMAL(5,2))", "-0.05", 5),
    {"SQLGetData: a decimal whose fraction does not fit SQL_C_CHAR is cut: 01004", "SELECT " DECIMAL, SQL_C_CHAR, 6, "01004", "1234.", 7},
    {"SQLGetData: a decimal whose whole digits do not fit SQL_C_CHAR is 22003", "SELECT " DECIMAL, SQL_C_CHAR, 4, "22003", NULL, ANY},
    WARNED("a fraction", "SELECT " DECIMAL, SQL_C_SLONG, "01S07", "1234"),
    WARNED("a fraction", "SELECT " DECIMAL, SQL_C_SBIGINT, "01S07", "1234"),
    WARNED("a fraction", "SELECT " DECIMAL, SQL_C_SSHORT, "01S07", "1234"),
    WARNED("a fraction between 0 and 2", "SELECT CAST('1.5' AS DECIMAL(3,1))", SQL_C_BIT, "01S07", "1"),
    REFUSED("a negative decimal", "SELECT CAST('-1.5' AS DECIMAL(3,1))", SQL_C_BIT, "22003"),
    REFUSED("a decimal below 0", "SELECT CAST('-0.5' AS DECIMAL(3,1))", SQL_C_BIT, "22003"),
    REFUSED("a double below 0", "SELECT CAST(-0.5 AS DOUBLE)", SQL_C_BIT, "22003"),
    REFUSED("a decimal too large", "SELECT CAST('99999999999' AS DECIMAL(12,0))", SQL_C_SLONG, "22003"),
    FITS("a decimal", "SELECT " DECIMAL, SQL_C_DOUBLE, "1234.56", 8),
    FITS("a decimal", "SELECT " DECIMAL, SQL_C_NUMERIC, "+123456/2", sizeof(SQL_NUMERIC_STRUCT)),
    FITS("a negative decimal", "SELECT -" DECIMAL, SQL_C_NUMERIC, "-123456/2", sizeof(SQL_NUMERIC_STRUCT)),
    REFUSED("a decimal", "SELECT " DECIMAL, SQL_C_TYPE_DATE, "07006"),

    /* doubles */
    TO_CHAR("a double", "SELECT CAST(2.5 AS DOUBLE)", "2.5", 3),
    FITS("a double", "SELECT CAST(2.5 AS DOUBLE)", SQL_C_DOUBLE, "2.5", 8),
    FITS("a double", "SELECT CAST(2.5 AS DOUBLE)", SQL_C_FLOAT, "2.5", 4),
    WARNED("a fraction of a double", "SELECT CAST(2.5 AS DOUBLE)", SQL_C_SLONG, "01S07", "2"),
    REFUSED("a double too large", "SELECT CAST(1e300 AS DOUBLE)", SQL_C_SBIGINT, "22003"),
    REFUSED("a double too large", "SELECT CAST(1e300 AS DOUBLE)", SQL_C_FLOAT, "22003"),
    REFUSED("a double", "SELECT CAST(2.5 AS DOUBLE)", SQL_C_TYPE_TIMESTAMP, "07006"),

    /* bits */
    TO_CHAR("a true bit", "SELECT CAST(1 AS BIT)", "1", 1),
    TO_CHAR("a false bit", "SELECT CAST(0 AS BIT)", "0", 1),
    TO_WCHAR("a bit", "SELECT CAST(1 AS BIT)", "1", 2),
    FITS("a bit", "SELECT CAST(1 AS BIT)", SQL_C_BIT, "1", 1),
    FITS("a bit", "SELECT CAST(1 AS BIT)", SQL_C_SLONG, "1", 4),
    FITS("a bit", "SELECT CAST(1 AS BIT)", SQL_C_DOUBLE, "1", 8),
    REFUSED("a bit", "SELECT CAST(1 AS BIT)", SQL_C_TYPE_DATE, "07006"),
    REFUSED("a bit", "SELECT CAST(1 AS BIT)", SQL_C_GUID, "07006"),

    /* texts */
    TO_CHAR("text", "SELECT 'abc'", "abc", 3),
    TO_WCHAR("text", "SELECT 'abc'", "abc", 6),
    TO_CHAR("an empty text", "SELECT ''", "", 0),
    {"SQLGetData: a text that does not fit SQL_C_CHAR is cut: 01004 with the whole length", "SELECT 'abcdef'", SQL_C_CHAR, 4, "01004", "abc", 6},
    {"SQLGetData: a text that does not fit SQL_C_WCHAR is cut: 01004 with the whole length", "SELECT 'abcdef'", SQL_C_WCHAR, 8, "01004", "abc", 12},
    {"SQLGetData: a text into a buffer of one character has room for the NUL alone", "SELECT 'abc'", SQL_C_CHAR, 1, "01004", "", 3},
    FITS("a text of digits", "SELECT '42'", SQL_C_SLONG, "42", 4),
    FITS("a text of digits between spaces", "SELECT ' 42 '", SQL_C_SLONG, "42", 4),
    FITS("a text of digits", "SELECT '-42'", SQL_C_SBIGINT, "-42", 8),
    FITS("a text with an exponent", "SELECT '1.5e2'", SQL_C_DOUBLE, "150", 8),
    FITS("a text of a number", "SELECT '12.50'", SQL_C_NUMERIC, "+1250/2", sizeof(SQL_NUMERIC_STRUCT)),
    FITS("a text 1", "SELECT '1'", SQL_C_BIT, "1", 1),
    WARNED("a text with a fraction", "SELECT '42.7'", SQL_C_SLONG, "01S07", "42"),
    REFUSED("a text that is no number", "SELECT 'abc'", SQL_C_SLONG, "22018"),
    REFUSED("a text that is no number", "SELECT 'abc'", SQL_C_DOUBLE, "22018"),
    REFUSED("a text that is no number", "SELECT 'abc'", SQL_C_NUMERIC, "22018"),
    REFUSED("an empty text", "SELECT ''", SQL_C_SLONG, "22018"),
    REFUSED("a text of a number too large", "SELECT '99999999999'", SQL_C_SLONG, "22003"),
    REFUSED("a text that is neither 0 nor 1", "SELECT 'x'", SQL_C_BIT, "22018"),
    WARNED("a text between 0 and 2", "SELECT '1.5'", SQL_C_BIT, "01S07", "1"),
    REFUSED("a text below 0", "SELECT '-0.5'", SQL_C_BIT, "22003"),
    REFUSED("a text of 2", "SELECT '2'", SQL_C_BIT, "22003"),
    REFUSED("a text of a number past every double", "SELECT '1e999'", SQL_C_DOUBLE, "22003"),
    REFUSED("a text of a number past every double", "SELECT '-1e999'", SQL_C_SLONG, "22003"),
    REFUSED("a text of a number past every double", "SELECT '1e999'", SQL_C_NUMERIC, "22003"),
    REFUSED("a text of a number past every float", "SELECT '1e39'", SQL_C_FLOAT, "22003"),
    FITS("a text of a date", "SELECT '2024-02-29'", SQL_C_TYPE_DATE, "2024-2-29", 6),
    FITS("a text of a time", "SELECT '12:34:56'", SQL_C_TYPE_TIME, "12:34:56", 6),
    FITS("a text of a timestamp", "SELECT '2024-02-29 12:34:56'", SQL_C_TYPE_TIMESTAMP, "2024-2-29 12:34:56.0", 16),
    FITS("a text of a date", "SELECT '2024-02-29'", SQL_C_TYPE_TIMESTAMP, "2024-2-29 0:0:0.0", 16),
    REFUSED("a text that is no date", "SELECT 'abc'", SQL_C_TYPE_DATE, "22018"),
    REFUSED("a day that does not exist", "SELECT '2023-02-29'", SQL_C_TYPE_DATE, "22018"),
    REFUSED("a text that is no time", "SELECT '25:00:00'", SQL_C_TYPE_TIME, "22018"),
    REFUSED("a text that is no timestamp", "SELECT 'yesterday'", SQL_C_TYPE_TIMESTAMP, "22018"),
    WARNED("a text of a timestamp with a time", "SELECT '2024-02-29 12:34:56'", SQL_C_TYPE_DATE, "01S07", "2024-2-29"),
    FITS("a text that is an ODBC literal", "SELECT '{d ''2024-02-29''}'", SQL_C_TYPE_DATE, "2024-2-29", 6),
    FITS("a text that is an ODBC literal", "SELECT ' { t ''12:34:56'' } '", SQL_C_TYPE_TIME, "12:34:56", 6),
    FITS("a text that is an ODBC literal", "SELECT '{ts ''2024-02-29 12:34:56''}'", SQL_C_TYPE_TIMESTAMP, "2024-2-29 12:34:56.0", 16),
    FITS("a text that is an ODBC literal of a date", "SELECT '{d ''2024-02-29''}'", SQL_C_TYPE_TIMESTAMP, "2024-2-29 0:0:0.0", 16),
    REFUSED("a text that is an ODBC literal of a time", "SELECT '{t ''12:34:56''}'", SQL_C_TYPE_DATE, "22018"),
    REFUSED("a text that is an ODBC literal of a date", "SELECT '{d ''2024-02-29''}'", SQL_C_TYPE_TIME, "22018"),
    REFUSED("a text of a date alone", "SELECT '2024-02-29'", SQL_C_TYPE_TIME, "22018"),
    FITS("a text of a guid", "SELECT '" GUID_TEXT "'", SQL_C_GUID, GUID_TEXT, 16),
    REFUSED("a text that is no guid", "SELECT 'abc'", SQL_C_GUID, "22018"),

    /* dates and times */
    TO_CHAR("a date", "SELECT {d '2024-02-29'}", "2024-02-29", 10),
    TO_WCHAR("a date", "SELECT {d '2024-02-29'}", "2024-02-29", 20),
    {"SQLGetData: a date that does not fit SQL_C_CHAR is 22003", "SELECT {d '2024-02-29'}", SQL_C_CHAR, 10, "22003", NULL, ANY},
    FITS("a date", "SELECT {d '2024-02-29'}", SQL_C_TYPE_DATE, "2024-2-29", 6),
    FITS("a date", "SELECT {d '2024-02-29'}", SQL_C_DATE, "2024-2-29", 6),
    FITS("a date", "SELECT {d '2024-02-29'}", SQL_C_TYPE_TIMESTAMP, "2024-2-29 0:0:0.0", 16),
    REFUSED("a date", "SELECT {d '2024-02-29'}", SQL_C_TYPE_TIME, "07006"),
    REFUSED("a date", "SELECT {d '2024-02-29'}", SQL_C_SLONG, "07006"),
    REFUSED("a date", "SELECT {d '2024-02-29'}", SQL_C_DOUBLE, "07006"),
    REFUSED("a date", "SELECT {d '2024-02-29'}", SQL_C_GUID, "07006"),
    TO_CHAR("a time", "SELECT {t '12:34:56'}", "12:34:56", 8),
    FITS("a time", "SELECT {t '12:34:56'}", SQL_C_TYPE_TIME, "12:34:56", 6),
    REFUSED("a time", "SELECT {t '12:34:56'}", SQL_C_TYPE_DATE, "07006"),
    REFUSED("a time", "SELECT {t '12:34:56'}", SQL_C_SLONG, "07006"),
    FITS("a timestamp", "SELECT " STAMP, SQL_C_TYPE_TIMESTAMP, "2024-2-29 12:34:56.500000000", 16),
    FITS("a timestamp at midnight", "SELECT {ts '2024-02-29 00:00:00'}", SQL_C_TYPE_DATE, "2024-2-29", 6),
    WARNED("a timestamp with a time", "SELECT " STAMP, SQL_C_TYPE_DATE, "01S07", "2024-2-29"),
    WARNED("a timestamp with a fraction", "SELECT " STAMP, SQL_C_TYPE_TIME, "01S07", "12:34:56"),
    FITS("a timestamp without a fraction", "SELECT {ts '2024-02-29 12:34:56'}", SQL_C_TYPE_TIME, "12:34:56", 6),
    REFUSED("a timestamp", "SELECT " STAMP, SQL_C_SLONG, "07006"),
    {"SQLGetData: a timestamp whose seconds do not fit SQL_C_CHAR is 22003", "SELECT " STAMP, SQL_C_CHAR, 19, "22003", NULL, ANY},

    /* guids and bytes */
    TO_CHAR("a guid", "SELECT {guid '" GUID_TEXT "'}", GUID_TEXT, 36),
    FITS("a guid", "SELECT {guid '" GUID_TEXT "'}", SQL_C_GUID, GUID_TEXT, 16),
    {"SQLGetData: a guid that does not fit SQL_C_CHAR is 22003", "SELECT {guid '" GUID_TEXT "'}", SQL_C_CHAR, 36, "22003", NULL, ANY},
    REFUSED("a guid", "SELECT {guid '" GUID_TEXT "'}", SQL_C_SLONG, "07006"),
    REFUSED("a guid", "SELECT {guid '" GUID_TEXT "'}", SQL_C_TYPE_DATE, "07006"),
    TO_CHAR("bytes as hexadecimal digits", "SELECT X'00FF10'", "00FF10", 6),
    TO_WCHAR("bytes as hexadecimal digits", "SELECT X'00FF10'", "00FF10", 12),
    {"SQLGetData: bytes to SQL_C_BINARY", "SELECT X'00FF10'", SQL_C_BINARY, 100, "", "00FF10", 3},
    {"SQLGetData: bytes that do not fit SQL_C_BINARY are cut: 01004 with the whole length", "SELECT X'00FF10'", SQL_C_BINARY, 2, "01004", "00FF", 3},
    {"SQLGetData: bytes that do not fit SQL_C_CHAR are cut at whole bytes: 01004", "SELECT X'00FF10'", SQL_C_CHAR, 4, "01004", "00", 6},
    REFUSED("bytes", "SELECT X'00FF10'", SQL_C_SLONG, "07006"),
    REFUSED("bytes", "SELECT X'00FF10'", SQL_C_TYPE_DATE, "07006"),
    {"SQLGetData: text to SQL_C_BINARY is its bytes", "SELECT 'abc'", SQL_C_BINARY, 100, "", "616263", ANY},

    /* NULL */
    {"SQLGetData: NULL to SQL_C_CHAR is the indicator alone", "SELECT CAST(NULL AS VARCHAR(5))", SQL_C_CHAR, 100, "", NULL, SQL_NULL_DATA},
    {"SQLGetData: NULL to SQL_C_SLONG is the indicator alone", "SELECT CAST(NULL AS INTEGER)", SQL_C_SLONG, 0, "", NULL, SQL_NULL_DATA},
    {"SQLGetData: NULL to SQL_C_TYPE_DATE is the indicator alone", "SELECT CAST(NULL AS DATE)", SQL_C_TYPE_DATE, 0, "", NULL, SQL_NULL_DATA},
    {"SQLGetData: NULL to SQL_C_NUMERIC is the indicator alone", "SELECT CAST(NULL AS DECIMAL(5,2))", SQL_C_NUMERIC, 0, "", NULL, SQL_NULL_DATA},
    {"SQLGetData: NULL to SQL_C_BINARY is the indicator alone", "SELECT CAST(NULL AS VARBINARY(5))", SQL_C_BINARY, 100, "", NULL, SQL_NULL_DATA},
    {"SQLGetData: NULL to SQL_C_GUID is the indicator alone", "SELECT CAST(NULL AS GUID)", SQL_C_GUID, 0, "", NULL, SQL_NULL_DATA},
};

union buffer {
    unsigned char bytes[512];
    SQLWCHAR wide[256];
    SQLSCHAR stiny;
    SQLSMALLINT sshort;
    SQLUSMALLINT ushort_value;
    SQLINTEGER slong;
    SQLUINTEGER ulong_value;
    SQLBIGINT sbig;
    SQLUBIGINT ubig;
    float real;
    double wide_real;
    SQL_DATE_STRUCT date;
    SQL_TIME_STRUCT time;
    SQL_TIMESTAMP_STRUCT moment;
    SQL_NUMERIC_STRUCT numeric;
    SQLGUID guid;
};

static void show_numeric(const SQL_NUMERIC_STRUCT *numeric, char *out, size_t room)
{
    unsigned long long value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | numeric->val[i];
    snprintf(out, room, "%c%llu/%d", numeric->sign ? '+' : '-', value, numeric->scale);
}

/* The value as text, so that a table can say what is wanted. */
static void show(const union buffer *b, SQLSMALLINT c_type, SQLLEN length, SQLLEN room, char *out, size_t space)
{
    const SQLGUID *g = &b->guid;
    size_t bytes = length == SQL_NO_TOTAL || length > room ? (size_t)room : (size_t)length, i;

    switch (c_type) {
    case SQL_C_CHAR: snprintf(out, space, "%s", (const char *)b->bytes); return;
    case SQL_C_WCHAR:
        for (i = 0; b->wide[i] && i + 1 < space; i++)
            out[i] = (char)b->wide[i];
        out[i] = '\0';
        return;
    case SQL_C_BINARY:
        for (i = 0; i < bytes; i++)
            snprintf(out + 2 * i, 3, "%02X", b->bytes[i]);
        out[2 * bytes] = '\0';
        return;
    case SQL_C_STINYINT: snprintf(out, space, "%d", b->stiny); return;
    case SQL_C_UTINYINT: case SQL_C_BIT: snprintf(out, space, "%u", b->bytes[0]); return;
    case SQL_C_SSHORT: snprintf(out, space, "%d", b->sshort); return;
    case SQL_C_USHORT: snprintf(out, space, "%u", b->ushort_value); return;
    case SQL_C_SLONG: case SQL_C_LONG: case SQL_C_DEFAULT: snprintf(out, space, "%d", b->slong); return;
    case SQL_C_ULONG: snprintf(out, space, "%u", b->ulong_value); return;
    case SQL_C_SBIGINT: snprintf(out, space, "%lld", (long long)b->sbig); return;
    case SQL_C_UBIGINT: snprintf(out, space, "%llu", (unsigned long long)b->ubig); return;
    case SQL_C_FLOAT: snprintf(out, space, "%g", (double)b->real); return;
    case SQL_C_DOUBLE: snprintf(out, space, "%.12g", b->wide_real); return;
    case SQL_C_NUMERIC: show_numeric(&b->numeric, out, space); return;
    case SQL_C_TYPE_DATE: case SQL_C_DATE:
        snprintf(out, space, "%d-%u-%u", b->date.year, b->date.month, b->date.day);
        return;
    case SQL_C_TYPE_TIME: snprintf(out, space, "%u:%02u:%02u", b->time.hour, b->time.minute, b->time.second); return;
    case SQL_C_TYPE_TIMESTAMP:
        snprintf(out, space, "%d-%u-%u %u:%u:%u.%u", b->moment.year, b->moment.month, b->moment.day, b->moment.hour, b->moment.minute,
                 b->moment.second, b->moment.fraction);
        return;
    case SQL_C_GUID:
        snprintf(out, space, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", g->Data1, g->Data2, g->Data3, g->Data4[0], g->Data4[1],
                 g->Data4[2], g->Data4[3], g->Data4[4], g->Data4[5], g->Data4[6], g->Data4[7]);
        return;
    default: snprintf(out, space, "?"); return;
    }
}

static void judge(const struct conversion *c, const union buffer *buffer, SQLLEN length, size_t room)
{
    char shown[600];
    if (c->length != ANY)
        assert_int_equal(length, c->length);
    if (c->wanted) {
        show(buffer, c->c_type, length, c->room, shown, sizeof shown);
        assert_string_equal(shown, c->wanted);
    }
    for (size_t i = room; i < room + 16 && room; i++)   /* nothing is written past the buffer */
        assert_int_equal(buffer->bytes[i], 0x5A);
}

static SQLRETURN wanted_result(const struct conversion *c)
{
    return !*c->state ? SQL_SUCCESS : strncmp(c->state, "01", 2) == 0 ? SQL_SUCCESS_WITH_INFO : SQL_ERROR;
}

static void converts(struct session *session, const void *row)
{
    const struct conversion *c = row;
    union buffer buffer;
    SQLLEN length = 0;

    memset(&buffer, 0x5A, sizeof buffer);
    first_row(session, c->sql);
    ON(SQL_HANDLE_STMT, session->stmt, SQLGetData(session->stmt, 1, c->c_type, &buffer, c->room, &length), wanted_result(c), c->state);
    judge(c, &buffer, length, (size_t)c->room);

    memset(&buffer, 0x5A, sizeof buffer);
    length = 0;
    OK(session, SQLCloseCursor(session->stmt));
    OK(session, SQLBindCol(session->stmt, 1, c->c_type, &buffer, c->room, &length));
    query(session, c->sql);
    if (c->c_type == SQL_C_NUMERIC && c->wanted && !strstr(c->wanted, "/0")) {
        WARNS(session, SQLFetch(session->stmt), "01S07"); /* a column bound so has scale 0 until its descriptor says otherwise */
        assert_int_equal(buffer.numeric.scale, 0);
        return;
    }
    ON(SQL_HANDLE_STMT, session->stmt, SQLFetch(session->stmt), wanted_result(c), c->state);
    judge(c, &buffer, length, (size_t)c->room);
}

static void null_without_indicator(struct session *session)
{
    SQLINTEGER value = 7;
    first_row(session, "SELECT CAST(NULL AS INTEGER)");
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL), "22002");
    OK(session, SQLCloseCursor(session->stmt));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    query(session, "SELECT CAST(NULL AS INTEGER)");
    FAILS(session, SQLFetch(session->stmt), "22002");
    assert_int_equal(value, 7);
}

static void numeric_by_descriptor(struct session *session)
{
    SQLHDESC ard = NULL;
    SQL_NUMERIC_STRUCT value;
    SQLLEN length = 0;
    char shown[60];

    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_NUMERIC, &value, sizeof value, &length));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_TYPE, number(SQL_C_NUMERIC), 0));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_PRECISION, number(10), 0));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_SCALE, number(4), 0));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_DATA_PTR, &value, 0));
    query(session, "SELECT CAST('12.5' AS DECIMAL(10,2))");
    OK(session, SQLFetch(session->stmt));
    show_numeric(&value, shown, sizeof shown);
    assert_string_equal(shown, "+125000/4");
}

static const struct rule rules[] = {
    {"SQLFetch: NULL without an indicator is 22002", null_without_indicator},
    {"SQLSetDescField: SQL_C_NUMERIC takes precision and scale of the ARD", numeric_by_descriptor},
};

int main(void)
{
    EACH(converts, conversions);
    RULES(rules);
    return chapter_run("conversions to C");
}
