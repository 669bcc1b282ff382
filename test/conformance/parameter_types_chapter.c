/* Conversions of C data to the SQL type that a parameter was bound with (Appendix D, "Converting Data from C to SQL Data Types"), cell by
 * cell: the statement takes the parameter as a text, so what it sees is the value of the bound type. */
#include "chapter.h"

#include <stdio.h>
#include <time.h>

static const SQL_DATE_STRUCT a_date = {2024, 2, 29}, no_date = {2023, 2, 29};
static const SQL_TIME_STRUCT a_time = {12, 34, 56}, no_time = {12, 60, 0};
static const SQL_TIMESTAMP_STRUCT a_moment = {2024, 2, 29, 12, 34, 56, 500000000}, whole_second = {2024, 2, 29, 12, 34, 56, 0},
                                  midnight = {2024, 2, 29, 0, 0, 0, 0}, no_moment = {2024, 2, 30, 0, 0, 0, 0};
static const SQLSCHAR stiny = -7;
static const SQLCHAR utiny = 200, bit = 1, no_bit = 2;
static const SQLSMALLINT sshort = -300;
static const SQLUSMALLINT ushort_value = 60000;
static const SQLINTEGER slong = 70000, two = 2;
static const SQLUINTEGER ulong_value = 3000000000U;
static const SQLBIGINT sbig = -9000000000LL;
static const SQLUBIGINT ubig = 18446744073709551615ULL;
static const double real = 2.5, half = 0.5, one = 1, minus = -1, huge = 1e300;
static const float narrow_real = 0.5F;
static const SQL_NUMERIC_STRUCT numeric = {10, 2, 1, {0x40, 0xE2, 0x01}}, minus_numeric = {10, 2, 0, {0x40, 0xE2, 0x01}}; /* 1234.56 */
static const SQLGUID guid = {0x01234567, 0x89AB, 0xCDEF, {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}};
static const SQLWCHAR wide_digits[] = {' ', '4', '2', ' ', 0}, wide_word[] = {'a', 'b', 0}, pair[] = {0xD83D, 0xDE00, 'x', 0},
                      wide_literal[] = {'{', 'd', ' ', '\'', '2', '0', '2', '4', '-', '0', '2', '-', '2', '9', '\'', '}', 0};

struct conversion {
    const char *rule;
    SQLSMALLINT c_type, type;
    SQLULEN size;
    SQLSMALLINT digits;
    const void *value;
    SQLLEN length;
    const char *state;    /* "" success, 01xxx success with information, else an error */
    const char *wanted;
};

#define GUID_TEXT "01234567-89ab-cdef-0123-456789abcdef"

#define GIVES(c_type, type, size, digits, value, what, wanted) \
    {"SQLBindParameter: " #c_type " to " #type ": " what, c_type, type, size, digits, value, SQL_NTS, "", wanted}
#define WARNS_OF(c_type, type, size, digits, value, what, wanted) \
    {"SQLBindParameter: " #c_type " to " #type ": " what " is 01S07", c_type, type, size, digits, value, SQL_NTS, "01S07", wanted}
#define REFUSED(c_type, type, size, digits, value, what, state) \
    {"SQLBindParameter: " #c_type " to " #type ": " what " is " state, c_type, type, size, digits, value, SQL_NTS, state, NULL}
#define BYTES(type, size, bytes, length, what, state, wanted) \
    {"SQLBindParameter: SQL_C_BINARY to " #type ": " what, SQL_C_BINARY, type, size, 0, bytes, length, state, wanted}

static const struct conversion conversions[] = {
    /* C to SQL: Character */
    GIVES(SQL_C_CHAR, SQL_VARCHAR, 3, 0, "abc", "a text as long as the column", "abc"),
    GIVES(SQL_C_CHAR, SQL_CHAR, 0, 0, "abc", "a ColumnSize of 0 does not bind", "abc"),
    GIVES(SQL_C_CHAR, SQL_WVARCHAR, 2, 0, "\xC3\xAB\xE2\x82\xAC", "the length counts characters", "\xC3\xAB\xE2\x82\xAC"),
    GIVES(SQL_C_WCHAR, SQL_WVARCHAR, 2, 0, pair, "a surrogate pair is one character", "\xF0\x9F\x98\x80x"),
    REFUSED(SQL_C_CHAR, SQL_VARCHAR, 2, 0, "abc", "a text longer than the column", "22001"),
    REFUSED(SQL_C_CHAR, SQL_LONGVARCHAR, 2, 0, "abc", "a text longer than the column", "22001"),
    REFUSED(SQL_C_WCHAR, SQL_WCHAR, 1, 0, wide_word, "a text longer than the column", "22001"),
    REFUSED(SQL_C_WCHAR, SQL_WLONGVARCHAR, 1, 0, wide_word, "a text longer than the column", "22001"),
    GIVES(SQL_C_CHAR, SQL_INTEGER, 0, 0, " 42 ", "blanks around a number are ignored", "42"),
    GIVES(SQL_C_WCHAR, SQL_INTEGER, 0, 0, wide_digits, "blanks around a number are ignored", "42"),
    GIVES(SQL_C_CHAR, SQL_INTEGER, 0, 0, "4.2e1", "a number may have an exponent", "42"),
    GIVES(SQL_C_CHAR, SQL_TINYINT, 0, 0, "200", "a number that fits", "200"),
    GIVES(SQL_C_CHAR, SQL_SMALLINT, 0, 0, "-32768", "the least number", "-32768"),
    GIVES(SQL_C_CHAR, SQL_BIGINT, 0, 0, "9223372036854775807", "the greatest number", "9223372036854775807"),
    REFUSED(SQL_C_CHAR, SQL_INTEGER, 0, 0, "abc", "a text that is no number", "22018"),
    REFUSED(SQL_C_CHAR, SQL_INTEGER, 0, 0, "", "an empty text", "22018"),
    REFUSED(SQL_C_WCHAR, SQL_INTEGER, 0, 0, wide_word, "a text that is no number", "22018"),
    REFUSED(SQL_C_CHAR, SQL_INTEGER, 0, 0, "12.345", "digits after the point", "22001"),
    REFUSED(SQL_C_CHAR, SQL_INTEGER, 0, 0, "2147483648", "whole digits that do not fit", "22001"),
    REFUSED(SQL_C_CHAR, SQL_SMALLINT, 0, 0, "32768", "whole digits that do not fit", "22001"),
    REFUSED(SQL_C_CHAR, SQL_TINYINT, 0, 0, "256", "whole digits that do not fit", "22001"),
    REFUSED(SQL_C_CHAR, SQL_BIGINT, 0, 0, "9223372036854775808", "whole digits that do not fit", "22001"),
    GIVES(SQL_C_CHAR, SQL_DECIMAL, 6, 2, "1234.5", "the scale is filled", "1234.50"),
    GIVES(SQL_C_CHAR, SQL_NUMERIC, 6, 2, "1234.5600", "zeros after the point are no digits", "1234.56"),
    GIVES(SQL_C_CHAR, SQL_DECIMAL, 0, 0, "1234.5678", "a ColumnSize of 0 does not bind", "1234.5678"),
    GIVES(SQL_C_CHAR, SQL_DECIMAL, 5, 0, "12.75", "DecimalDigits of 0 do not bind a text", "12.75"),
    REFUSED(SQL_C_CHAR, SQL_DECIMAL, 4, 0, "123456", "digits past the precision, without DecimalDigits", "22001"),
    REFUSED(SQL_C_CHAR, SQL_DECIMAL, 6, 2, "1.234", "digits past the scale", "22001"),
    REFUSED(SQL_C_CHAR, SQL_DECIMAL, 6, 2, "12345", "digits past the precision", "22001"),
    REFUSED(SQL_C_CHAR, SQL_NUMERIC, 6, 2, "much", "a text that is no number", "22018"),
    GIVES(SQL_C_CHAR, SQL_DOUBLE, 15, 0, "2.5", "a number", "2.5"),
    GIVES(SQL_C_CHAR, SQL_REAL, 7, 0, "2.5", "a number", "2.5"),
    REFUSED(SQL_C_CHAR, SQL_REAL, 7, 0, "1e39", "a number out of range", "22003"),
    REFUSED(SQL_C_CHAR, SQL_FLOAT, 15, 0, "1e999", "a number out of range", "22003"),
    REFUSED(SQL_C_CHAR, SQL_DOUBLE, 15, 0, "abc", "a text that is no number", "22018"),
    GIVES(SQL_C_CHAR, SQL_BIT, 1, 0, "1", "1", "1"),
    GIVES(SQL_C_CHAR, SQL_BIT, 1, 0, "0.0", "a number that is 0", "0"),
    REFUSED(SQL_C_CHAR, SQL_BIT, 1, 0, "1.5", "a number between 0 and 2", "22001"),
    REFUSED(SQL_C_CHAR, SQL_BIT, 1, 0, "2", "2", "22003"),
    REFUSED(SQL_C_CHAR, SQL_BIT, 1, 0, "-0.5", "a negative number", "22003"),
    REFUSED(SQL_C_CHAR, SQL_BIT, 1, 0, "abc", "a text that is no number", "22018"),
    GIVES(SQL_C_CHAR, SQL_VARCHAR, 20, 0, "true", "a text stays one", "true"),
    GIVES(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "2024-02-29", "a date", "2024-02-29"),
    GIVES(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, " {d '2024-02-29'} ", "an ODBC literal of a date", "2024-02-29"),
    GIVES(SQL_C_WCHAR, SQL_TYPE_DATE, 10, 0, wide_literal, "an ODBC literal of a date", "2024-02-29"),
    GIVES(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "{ts '2024-02-29 00:00:00'}", "a timestamp at midnight", "2024-02-29"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "2024-02-29 12:34:56", "a timestamp with a time", "22008"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "{t '12:34:56'}", "a time", "22018"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "2023-02-29", "a day that does not exist", "22018"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "{d '12:34:56'}", "an ODBC literal of something else", "22018"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "{d '2024-02-29'", "an ODBC literal that does not end", "22018"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIME, 8, 0, "12:34:56", "a time", "12:34:56"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIME, 8, 0, "{t '12:34:56'}", "an ODBC literal of a time", "12:34:56"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIME, 8, 0, "2024-02-29 12:34:56", "of a timestamp the date is ignored", "12:34:56"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIME, 10, 1, "12:34:56.5", "a fraction that the DecimalDigits have", "12:34:56.5"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_TIME, 8, 0, "2024-02-29 12:34:56.5", "a fraction of a second", "22008"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_TIME, 8, 0, "2024-02-29", "a date", "22018"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_TIME, 8, 0, "25:00:00", "a time that does not exist", "22018"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 21, 1, "2024-02-29 12:34:56.5", "a timestamp", "2024-02-29 12:34:56.5"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 19, 0, "{ts '2024-02-29 12:34:56'}", "an ODBC literal of a timestamp", "2024-02-29 12:34:56"),
    GIVES(SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 19, 0, "{d '2024-02-29'}", "a date is midnight", "2024-02-29 00:00:00"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 19, 0, "2024-02-29 12:34:56.5", "a fraction finer than the DecimalDigits", "22008"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 19, 0, "{ts '2024-02-29'}", "a literal of a timestamp without a time", "22018"),
    REFUSED(SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 19, 0, "soon", "a text that is no timestamp", "22018"),
    GIVES(SQL_C_CHAR, SQL_GUID, 36, 0, "01234567-89AB-CDEF-0123-456789ABCDEF", "a GUID", GUID_TEXT),
    GIVES(SQL_C_CHAR, SQL_GUID, 36, 0, "{guid '01234567-89AB-CDEF-0123-456789ABCDEF'}", "an ODBC literal of a GUID", GUID_TEXT),
    REFUSED(SQL_C_CHAR, SQL_GUID, 36, 0, "01234567", "a text that is no GUID", "22018"),
    REFUSED(SQL_C_CHAR, SQL_VARBINARY, 1, 0, "6162", "more bytes than the column has", "22001"),
    REFUSED(SQL_C_CHAR, SQL_VARBINARY, 10, 0, "xy", "a text that is not hexadecimal", "22018"),

    /* C to SQL: Numeric */
    GIVES(SQL_C_SLONG, SQL_VARCHAR, 5, 0, &slong, "digits as a text", "70000"),
    REFUSED(SQL_C_SLONG, SQL_VARCHAR, 4, 0, &slong, "more digits than the column has characters", "22001"),
    REFUSED(SQL_C_SLONG, SQL_WVARCHAR, 4, 0, &slong, "more digits than the column has characters", "22001"),
    REFUSED(SQL_C_DOUBLE, SQL_CHAR, 2, 0, &real, "more digits than the column has characters", "22001"),
    REFUSED(SQL_C_SLONG, SQL_SMALLINT, 0, 0, &slong, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_SLONG, SQL_TINYINT, 0, 0, &slong, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_ULONG, SQL_INTEGER, 0, 0, &ulong_value, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_SBIGINT, SQL_INTEGER, 0, 0, &sbig, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_UBIGINT, SQL_BIGINT, 0, 0, &ubig, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_USHORT, SQL_SMALLINT, 0, 0, &ushort_value, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_SLONG, SQL_DECIMAL, 4, 0, &slong, "whole digits that do not fit", "22003"),
    REFUSED(SQL_C_NUMERIC, SQL_DECIMAL, 4, 1, &numeric, "whole digits that do not fit", "22003"),
    GIVES(SQL_C_STINYINT, SQL_TINYINT, 0, 0, &stiny, "a number that fits", "-7"),
    GIVES(SQL_C_UTINYINT, SQL_TINYINT, 0, 0, &utiny, "a number that fits", "200"),
    GIVES(SQL_C_SSHORT, SQL_SMALLINT, 0, 0, &sshort, "a number that fits", "-300"),
    GIVES(SQL_C_USHORT, SQL_INTEGER, 0, 0, &ushort_value, "a number that fits", "60000"),
    GIVES(SQL_C_ULONG, SQL_BIGINT, 0, 0, &ulong_value, "a number that fits", "3000000000"),
    GIVES(SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &sbig, "a number that fits", "-9000000000"),
    GIVES(SQL_C_UBIGINT, SQL_NUMERIC, 20, 0, &ubig, "a number that fits", "18446744073709551615"),
    GIVES(SQL_C_SLONG, SQL_DECIMAL, 8, 2, &slong, "the scale is filled", "70000.00"),
    WARNS_OF(SQL_C_DOUBLE, SQL_INTEGER, 0, 0, &real, "a fraction that is cut", "2"),
    WARNS_OF(SQL_C_FLOAT, SQL_BIGINT, 0, 0, &narrow_real, "a fraction that is cut", "0"),
    WARNS_OF(SQL_C_NUMERIC, SQL_INTEGER, 0, 0, &numeric, "a fraction that is cut", "1234"),
    WARNS_OF(SQL_C_NUMERIC, SQL_DECIMAL, 6, 1, &minus_numeric, "a fraction that is cut", "-1234.5"),
    WARNS_OF(SQL_C_DOUBLE, SQL_NUMERIC, 6, 0, &real, "a fraction that is cut", "2"),
    GIVES(SQL_C_DOUBLE, SQL_DECIMAL, 6, 2, &real, "a number that fits", "2.50"),
    GIVES(SQL_C_NUMERIC, SQL_DECIMAL, 0, 0, &numeric, "a ColumnSize of 0 does not bind", "1234.56"),
    GIVES(SQL_C_DOUBLE, SQL_REAL, 7, 0, &real, "a number in range", "2.5"),
    REFUSED(SQL_C_DOUBLE, SQL_REAL, 7, 0, &huge, "a number out of range", "22003"),
    REFUSED(SQL_C_DOUBLE, SQL_INTEGER, 0, 0, &huge, "whole digits that do not fit", "22003"),
    GIVES(SQL_C_DOUBLE, SQL_BIT, 1, 0, &one, "1", "1"),
    REFUSED(SQL_C_DOUBLE, SQL_BIT, 1, 0, &half, "a number between 0 and 2", "22001"),
    REFUSED(SQL_C_SLONG, SQL_BIT, 1, 0, &two, "2", "22003"),
    REFUSED(SQL_C_DOUBLE, SQL_BIT, 1, 0, &minus, "a negative number", "22003"),

    /* C to SQL: Bit */
    GIVES(SQL_C_BIT, SQL_VARCHAR, 1, 0, &bit, "a digit", "1"),
    GIVES(SQL_C_BIT, SQL_DECIMAL, 3, 1, &bit, "a number", "1.0"),
    GIVES(SQL_C_BIT, SQL_DOUBLE, 15, 0, &bit, "a number", "1"),
    GIVES(SQL_C_BIT, SQL_BIT, 1, 0, &bit, "itself", "1"),
    REFUSED(SQL_C_BIT, SQL_BIT, 1, 0, &no_bit, "2", "22003"),

    /* C to SQL: Binary */
    BYTES(SQL_VARCHAR, 3, "abc", 3, "bytes are the text", "", "abc"),
    BYTES(SQL_VARCHAR, 2, "abc", 3, "bytes longer than the column are 22001", "22001", NULL),
    BYTES(SQL_VARBINARY, 3, "abc", 3, "bytes as many as the column has", "", "abc"),
    BYTES(SQL_LONGVARBINARY, 2, "abc", 3, "bytes longer than the column are 22001", "22001", NULL),
    BYTES(SQL_INTEGER, 0, &slong, sizeof slong, "the value as it lies in memory", "", "70000"),
    BYTES(SQL_INTEGER, 0, &slong, 3, "another length than the type has is 22003", "22003", NULL),
    BYTES(SQL_DOUBLE, 15, &real, sizeof real, "the value as it lies in memory", "", "2.5"),
    BYTES(SQL_TYPE_DATE, 10, &a_date, sizeof a_date, "the value as it lies in memory", "", "2024-02-29"),
    BYTES(SQL_TYPE_DATE, 10, &a_date, 2, "another length than the type has is 22003", "22003", NULL),
    BYTES(SQL_DECIMAL, 0, "12.5", 4, "a decimal is the text of its digits", "", "12.5"),

    /* C to SQL: Date, Time, Timestamp */
    GIVES(SQL_C_TYPE_DATE, SQL_VARCHAR, 10, 0, &a_date, "a date as a text", "2024-02-29"),
    REFUSED(SQL_C_TYPE_DATE, SQL_VARCHAR, 9, 0, &a_date, "a column of less than 10 characters", "22001"),
    REFUSED(SQL_C_TYPE_DATE, SQL_VARCHAR, 10, 0, &no_date, "a date that does not exist", "22008"),
    REFUSED(SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &no_date, "a date that does not exist", "22007"),
    REFUSED(SQL_C_TYPE_DATE, SQL_TYPE_TIMESTAMP, 19, 0, &no_date, "a date that does not exist", "22007"),
    GIVES(SQL_C_TYPE_DATE, SQL_TYPE_TIMESTAMP, 19, 0, &a_date, "a date is midnight", "2024-02-29 00:00:00"),
    GIVES(SQL_C_TYPE_TIME, SQL_CHAR, 8, 0, &a_time, "a time as a text", "12:34:56"),
    REFUSED(SQL_C_TYPE_TIME, SQL_CHAR, 7, 0, &a_time, "a column of less than 8 characters", "22001"),
    REFUSED(SQL_C_TYPE_TIME, SQL_CHAR, 8, 0, &no_time, "a time that does not exist", "22008"),
    REFUSED(SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &no_time, "a time that does not exist", "22007"),
    GIVES(SQL_C_TYPE_TIMESTAMP, SQL_VARCHAR, 21, 0, &a_moment, "a timestamp as a text", "2024-02-29 12:34:56.5"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_VARCHAR, 20, 0, &a_moment, "a column too short for the fraction", "22001"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_VARCHAR, 18, 0, &whole_second, "a column of less than 19 characters", "22001"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_WVARCHAR, 30, 0, &no_moment, "a timestamp that does not exist", "22008"),
    GIVES(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, 10, 0, &midnight, "a time of midnight", "2024-02-29"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, 10, 0, &whole_second, "a time", "22008"),
    GIVES(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIME, 8, 0, &whole_second, "the date is ignored", "12:34:56"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIME, 8, 0, &a_moment, "a fraction of a second", "22008"),
    GIVES(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 21, 0, &a_moment, "the ColumnSize has room for the fraction", "2024-02-29 12:34:56.5"),
    GIVES(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 0, 0, &a_moment, "sizes of 0 do not bind", "2024-02-29 12:34:56.5"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 19, 0, &a_moment, "a fraction finer than the DecimalDigits", "22008"),
    REFUSED(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 19, 0, &no_moment, "a timestamp that does not exist", "22007"),

    /* C to SQL: GUID */
    GIVES(SQL_C_GUID, SQL_VARCHAR, 36, 0, &guid, "its text", GUID_TEXT),
    GIVES(SQL_C_GUID, SQL_GUID, 0, 0, &guid, "itself", GUID_TEXT),
    REFUSED(SQL_C_GUID, SQL_WVARCHAR, 35, 0, &guid, "a column of less than 36 characters", "22001"),

    /* Lengths */
    {"SQLBindParameter: a text may hold a zero character", SQL_C_CHAR, SQL_VARCHAR, 3, 0, "a\0b", 3, "", "a"},
    {"SQLBindParameter: half a character of SQL_C_WCHAR is HY090", SQL_C_WCHAR, SQL_WVARCHAR, 5, 0, wide_word, 3, "HY090", NULL},
    {"SQLBindParameter: the length of SQL_C_WCHAR is in bytes", SQL_C_WCHAR, SQL_WVARCHAR, 1, 0, wide_word, 2, "", "a"},
    {"SQLBindParameter: NULL has no type", SQL_C_CHAR, SQL_INTEGER, 0, 0, "abc", SQL_NULL_DATA, "", "(null)"},
    {"SQLBindParameter: SQL_DEFAULT_PARAM where there is no default is 07S01", SQL_C_CHAR, SQL_INTEGER, 0, 0, "1", SQL_DEFAULT_PARAM, "07S01", NULL},
    {"SQLBindParameter: a length below zero that means nothing is HY090", SQL_C_CHAR, SQL_VARCHAR, 5, 0, "abc", -50, "HY090", NULL},
};

static void bind(struct session *session, const struct conversion *c, void *data, SQLLEN *length)
{
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c->c_type, c->type, c->size, c->digits, data, 0, length));
}

static void judge(struct session *session, const struct conversion *c, SQLRETURN result)
{
    bool warned = strncmp(c->state, "01", 2) == 0;
    ON(SQL_HANDLE_STMT, session->stmt, result, !*c->state ? SQL_SUCCESS : warned ? SQL_SUCCESS_WITH_INFO : SQL_ERROR, c->state);
    if (!c->wanted)
        return;
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), c->wanted);
    OK(session, SQLCloseCursor(session->stmt));
}

/* Once from the buffer, once by SQLPutData. */
static void converts(struct session *session, const void *row)
{
    static SQLCHAR sql[] = "SELECT CAST(? AS VARCHAR(200))";
    const struct conversion *c = row;
    SQLLEN length = c->length, late = SQL_DATA_AT_EXEC;
    SQLPOINTER asked = NULL;

    bind(session, c, (void *)(uintptr_t)c->value, &length);
    judge(session, c, SQLExecDirect(session->stmt, sql, SQL_NTS));
    if (length < 0 && length != SQL_NTS && length != SQL_NULL_DATA)
        return;
    bind(session, c, (void *)(uintptr_t)c->value, &late);
    assert_int_equal(SQLExecDirect(session->stmt, sql, SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
    OK(session, SQLPutData(session->stmt, asked, length));
    judge(session, c, SQLParamData(session->stmt, &asked));
}

/* --- which types convert at all ------------------------------------------------------------------------------------------- */

enum { CHARACTER = 1, EXACT = 2, APPROXIMATE = 4, BIT = 8, BINARY = 16, DATE = 32, TIME = 64, TIMESTAMP = 128, GUID = 256, FIELD = 512, EVERY = 1023 };

static const struct { SQLSMALLINT type; unsigned family; } sql_types[] = {
    {SQL_CHAR, CHARACTER}, {SQL_VARCHAR, CHARACTER}, {SQL_LONGVARCHAR, CHARACTER}, {SQL_WCHAR, CHARACTER}, {SQL_WVARCHAR, CHARACTER},
    {SQL_WLONGVARCHAR, CHARACTER}, {SQL_DECIMAL, EXACT}, {SQL_NUMERIC, EXACT}, {SQL_TINYINT, EXACT}, {SQL_SMALLINT, EXACT},
    {SQL_INTEGER, EXACT}, {SQL_BIGINT, EXACT}, {SQL_REAL, APPROXIMATE}, {SQL_FLOAT, APPROXIMATE}, {SQL_DOUBLE, APPROXIMATE},
    {SQL_BIT, BIT}, {SQL_BINARY, BINARY}, {SQL_VARBINARY, BINARY}, {SQL_LONGVARBINARY, BINARY}, {SQL_TYPE_DATE, DATE},
    {SQL_TYPE_TIME, TIME}, {SQL_TYPE_TIMESTAMP, TIMESTAMP}, {SQL_GUID, GUID}, {SQL_INTERVAL_DAY, FIELD}, {SQL_INTERVAL_YEAR, FIELD},
};

struct families {
    const char *rule;
    SQLSMALLINT c_type;
    unsigned families;
};

#define CONVERTS(c_type, what, families) {"SQLBindParameter: " #c_type " converts to " what " alone, all else is 07006", c_type, families}
#define NUMBERS (CHARACTER | EXACT | APPROXIMATE | BIT)

static const struct families families[] = {
    {"SQLBindParameter: SQL_C_CHAR converts to every type", SQL_C_CHAR, EVERY},
    {"SQLBindParameter: SQL_C_WCHAR converts to every type", SQL_C_WCHAR, EVERY},
    {"SQLBindParameter: SQL_C_BINARY converts to every type", SQL_C_BINARY, EVERY},
    CONVERTS(SQL_C_BIT, "texts and numbers", NUMBERS),
    CONVERTS(SQL_C_STINYINT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_UTINYINT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_TINYINT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_SSHORT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_USHORT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_SHORT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_SLONG, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_ULONG, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_LONG, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_SBIGINT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_UBIGINT, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_NUMERIC, "texts, numbers and intervals of one field", NUMBERS | FIELD),
    CONVERTS(SQL_C_FLOAT, "texts and numbers", NUMBERS),
    CONVERTS(SQL_C_DOUBLE, "texts and numbers", NUMBERS),
    CONVERTS(SQL_C_TYPE_DATE, "texts, dates and timestamps", CHARACTER | DATE | TIMESTAMP),
    CONVERTS(SQL_C_TYPE_TIME, "texts, times and timestamps", CHARACTER | TIME | TIMESTAMP),
    CONVERTS(SQL_C_TYPE_TIMESTAMP, "texts, dates, times and timestamps", CHARACTER | DATE | TIME | TIMESTAMP),
    CONVERTS(SQL_C_GUID, "texts and GUIDs", CHARACTER | GUID),
};

static void converts_to(struct session *session, const void *row)
{
    const struct families *c = row;
    static char data[64];

    for (size_t i = 0; i < sizeof sql_types / sizeof sql_types[0]; i++) {
        SQLRETURN result = SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c->c_type, sql_types[i].type, 0, 0, data, 0, NULL);
        bool allowed = c->families & sql_types[i].family;
        if (result != (allowed ? SQL_SUCCESS : SQL_ERROR))
            print_error("C type %d to SQL type %d\n", c->c_type, sql_types[i].type);
        ON(SQL_HANDLE_STMT, session->stmt, result, allowed ? SQL_SUCCESS : SQL_ERROR, allowed ? "" : "07006");
    }
}

/* --- what the statement needs ----------------------------------------------------------------------------------------------- */

struct meeting {
    const char *rule, *sql;
    SQLSMALLINT c_type, type;
    SQLULEN size;
    SQLSMALLINT digits;
    const void *value;
    const char *state, *wanted;
};

/* A parameter that is bound as one type and meets another. */
static const struct meeting meetings[] = {
    {"SQLBindParameter: a text meets a number", "SELECT CASE WHEN ? = 42 THEN 'yes' END", SQL_C_CHAR, SQL_VARCHAR, 10, 0, "42", "", "yes"},
    {"SQLBindParameter: a text meets a date", "SELECT CASE WHEN ? = {d '2024-02-29'} THEN 'yes' END", SQL_C_CHAR, SQL_VARCHAR, 10, 0, "2024-02-29", "", "yes"},
    {"SQLBindParameter: a text that is an ODBC literal meets a date", "SELECT CASE WHEN ? = {d '2024-02-29'} THEN 'yes' END", SQL_C_CHAR, SQL_VARCHAR, 20, 0, "{d '2024-02-29'}", "", "yes"},
    {"SQLBindParameter: a text that is an ODBC literal meets a timestamp", "SELECT CASE WHEN ? = {ts '2024-02-29 12:34:56'} THEN 'yes' END", SQL_C_CHAR, SQL_VARCHAR, 40, 0, "{ts '2024-02-29 12:34:56'}", "", "yes"},
    {"SQLBindParameter: a text that is no date meets one: 22018", "SELECT CASE WHEN ? = {d '2024-02-29'} THEN 'yes' END", SQL_C_CHAR, SQL_VARCHAR, 10, 0, "soon", "22018", NULL},
    {"SQLBindParameter: a text that is no number meets one: 22018", "SELECT CASE WHEN ? = 42 THEN 'yes' END", SQL_C_CHAR, SQL_VARCHAR, 10, 0, "many", "22018", NULL},
    {"SQLBindParameter: a number that was bound as a text meets a date: 22018", "SELECT CASE WHEN ? = {d '2024-02-29'} THEN 'yes' END", SQL_C_SLONG, SQL_VARCHAR, 10, 0, &two, "22018", NULL},
    {"SQLBindParameter: a number meets a date: 07006", "SELECT CASE WHEN ? = {d '2024-02-29'} THEN 'yes' END", SQL_C_SLONG, SQL_INTEGER, 10, 0, &two, "07006", NULL},
    {"SQLBindParameter: a double with a fraction meets an integer: 22001, nothing is cut behind the application's back", "SELECT CASE WHEN ? = 2 THEN 'yes' END", SQL_C_DOUBLE, SQL_DOUBLE, 15, 0, &real, "22001", NULL},
    {"SQLBindParameter: a timestamp with a time meets a date: 22008", "SELECT CASE WHEN CAST(? AS DATE) = {d '2024-02-29'} THEN 'yes' END", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 21, 1, &a_moment, "22008", NULL},
    {"SQLBindParameter: a date meets a timestamp", "SELECT CASE WHEN ? = {ts '2024-02-29 00:00:00'} THEN 'yes' END", SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &a_date, "", "yes"},
    {"SQLBindParameter: hexadecimal digits that were bound as bytes are bytes", "SELECT CASE WHEN ? = X'00FF' THEN 'yes' END", SQL_C_CHAR, SQL_VARBINARY, 10, 0, "00ff", "", "yes"},
    {"SQLBindParameter: a hexadecimal digit that stands alone is not converted", "SELECT CASE WHEN ? = X'00FF' THEN 'yes' END", SQL_C_CHAR, SQL_VARBINARY, 10, 0, "00ff1", "", "yes"},
};

static void meets(struct session *session, const void *row)
{
    const struct meeting *m = row;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, m->c_type, m->type, m->size, m->digits, (void *)(uintptr_t)m->value, 0, NULL));
    ON(SQL_HANDLE_STMT, session->stmt, SQLExecDirect(session->stmt, text(m->sql), SQL_NTS), *m->state ? SQL_ERROR : SQL_SUCCESS, m->state);
    if (!m->wanted)
        return;
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), m->wanted);
}

static void today(char *out, size_t room)
{
    time_t now = time(NULL);
    struct tm at;
    assert_non_null(localtime_r(&now, &at));
    strftime(out, room, "%Y-%m-%d 12:34:56", &at);
}

/* Around midnight the day may be either. */
static void time_is_of_today(struct session *session)
{
    char before[32], after[32];

    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_TYPE_TIME, SQL_TYPE_TIMESTAMP, 19, 0, (void *)(uintptr_t)&a_time, 0, NULL));
    today(before, sizeof before);
    first_row(session, "SELECT CAST(? AS VARCHAR(40))");
    today(after, sizeof after);
    const char *got = cell(session, 1);
    assert_true(strcmp(got, before) == 0 || strcmp(got, after) == 0);
}

static void numeric_by_descriptor(struct session *session)
{
    SQL_NUMERIC_STRUCT value = numeric;
    SQLHDESC apd = NULL;

    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_NUMERIC, SQL_DECIMAL, 10, 4, &value, 0, NULL));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_PARAM_DESC, &apd, 0, NULL));
    DESC_OK(apd, SQLSetDescField(apd, 1, SQL_DESC_TYPE, number(SQL_C_NUMERIC), 0));
    DESC_OK(apd, SQLSetDescField(apd, 1, SQL_DESC_PRECISION, number(10), 0));
    DESC_OK(apd, SQLSetDescField(apd, 1, SQL_DESC_SCALE, number(2), 0));
    DESC_OK(apd, SQLSetDescField(apd, 1, SQL_DESC_DATA_PTR, &value, 0));
    first_row(session, "SELECT CAST(? AS VARCHAR(40))");
    assert_string_equal(cell(session, 1), "1234.5600");
}

static void type_by_descriptor(struct session *session)
{
    char value[] = "12.345";
    SQLHDESC ipd = NULL;

    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, value, 0, NULL));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, NULL));
    DESC_OK(ipd, SQLSetDescField(ipd, 1, SQL_DESC_CONCISE_TYPE, number(SQL_INTEGER), 0));
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT CAST(? AS VARCHAR(40))"), SQL_NTS), "22001");
}

static void check_column(struct session *session, SQLSMALLINT type, SQLULEN size, SQLSMALLINT digits)
{
    SQLSMALLINT got = 0, got_digits = -1;
    SQLULEN got_size = 0;
    OK(session, SQLDescribeCol(session->stmt, 1, NULL, 0, NULL, &got, &got_size, &got_digits, NULL));
    assert_int_equal(got, type);
    assert_int_equal(got_size, size);
    assert_int_equal(got_digits, digits);
}

static void check_parameter(struct session *session, SQLSMALLINT type, SQLULEN size, SQLSMALLINT digits)
{
    SQLSMALLINT got = 0, got_digits = -1, nullable = -1;
    SQLULEN got_size = 0;
    OK(session, SQLDescribeParam(session->stmt, 1, &got, &got_size, &got_digits, &nullable));
    assert_int_equal(got, type);
    assert_int_equal(got_size, size);
    assert_int_equal(got_digits, digits);
    assert_int_equal(nullable, SQL_NULLABLE);
}

static void bind_as(struct session *session, SQLSMALLINT c_type, SQLSMALLINT type, SQLULEN size, SQLSMALLINT digits, const void *value)
{
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c_type, type, size, digits, (void *)(uintptr_t)value, 0, NULL));
}

static void described_as_bound(struct session *session)
{
    OK(session, SQLPrepare(session->stmt, text("SELECT ?"), SQL_NTS));
    check_parameter(session, SQL_WLONGVARCHAR, 1073741823, 0);
    bind_as(session, SQL_C_NUMERIC, SQL_DECIMAL, 10, 2, &numeric);
    check_parameter(session, SQL_DECIMAL, 10, 2);
    bind_as(session, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 23, 3, &a_moment);
    check_parameter(session, SQL_TYPE_TIMESTAMP, 23, 3);
}

static void described_as_it_is_used(struct session *session)
{
    bind_as(session, SQL_C_CHAR, SQL_VARCHAR, 10, 0, "1");
    OK(session, SQLPrepare(session->stmt, text("SELECT 1 FROM Users WHERE Id = ?"), SQL_NTS));
    check_parameter(session, SQL_BIGINT, 19, 0);
}

static void column_has_the_bound_type(struct session *session)
{
    bind_as(session, SQL_C_SLONG, SQL_INTEGER, 0, 0, &slong);
    OK(session, SQLPrepare(session->stmt, text("SELECT ?"), SQL_NTS));
    check_column(session, SQL_INTEGER, 10, 0);
    OK(session, SQLExecute(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "70000");
}

static void column_follows_the_binding(struct session *session)
{
    OK(session, SQLPrepare(session->stmt, text("SELECT ?"), SQL_NTS));
    check_column(session, SQL_WLONGVARCHAR, 1073741823, 0);
    bind_as(session, SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &a_date);
    OK(session, SQLExecute(session->stmt));
    check_column(session, SQL_TYPE_DATE, 10, 0);
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "2024-02-29");
    OK(session, SQLCloseCursor(session->stmt));
    bind_as(session, SQL_C_NUMERIC, SQL_DECIMAL, 10, 4, &numeric);
    OK(session, SQLExecute(session->stmt));
    check_column(session, SQL_DECIMAL, 10, 4);
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "1234.5600");
    OK(session, SQLCloseCursor(session->stmt));
    bind_as(session, SQL_C_CHAR, SQL_VARCHAR, 5, 0, "abc");
    for (int round = 0; round < 2; round++) {
        OK(session, SQLExecute(session->stmt));
        check_column(session, SQL_WVARCHAR, 5, 0);
        OK(session, SQLFetch(session->stmt));
        assert_string_equal(cell(session, 1), "abc");
        OK(session, SQLCloseCursor(session->stmt));
    }
}

struct selected {
    const char *rule;
    SQLSMALLINT c_type, type;
    SQLULEN size;
    SQLSMALLINT digits;
    const void *value;
    SQLSMALLINT column;
    SQLULEN column_size;
    SQLSMALLINT column_digits;
    const char *wanted;
};

#define SELECTED(c_type, type, size, digits, value, column, column_size, column_digits, wanted) \
    {"SQLDescribeCol: SELECT ? bound as " #type " is a column of " #column, c_type, type, size, digits, value, column, column_size, column_digits, wanted}

static const struct selected selected[] = {
    SELECTED(SQL_C_BIT, SQL_BIT, 1, 0, &bit, SQL_BIT, 1, 0, "1"),
    SELECTED(SQL_C_UTINYINT, SQL_TINYINT, 0, 0, &utiny, SQL_SMALLINT, 5, 0, "200"),
    SELECTED(SQL_C_SSHORT, SQL_SMALLINT, 0, 0, &sshort, SQL_SMALLINT, 5, 0, "-300"),
    SELECTED(SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &sbig, SQL_BIGINT, 19, 0, "-9000000000"),
    SELECTED(SQL_C_DOUBLE, SQL_DOUBLE, 15, 0, &real, SQL_DOUBLE, 15, 0, "2.5"),
    SELECTED(SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &a_time, SQL_TYPE_TIME, 8, 0, "12:34:56"),
    SELECTED(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 21, 1, &a_moment, SQL_TYPE_TIMESTAMP, 21, 1, "2024-02-29 12:34:56.5"),
    SELECTED(SQL_C_GUID, SQL_GUID, 36, 0, &guid, SQL_GUID, 36, 0, GUID_TEXT),
    SELECTED(SQL_C_CHAR, SQL_VARBINARY, 10, 0, "00ff", SQL_VARBINARY, 10, 0, "00FF"),
    SELECTED(SQL_C_CHAR, SQL_WVARCHAR, 20, 0, "abc", SQL_WVARCHAR, 20, 0, "abc"),
};

static void is_selected(struct session *session, const void *row)
{
    const struct selected *c = row;
    bind_as(session, c->c_type, c->type, c->size, c->digits, c->value);
    first_row(session, "SELECT ?");
    check_column(session, c->column, c->column_size, c->column_digits);
    assert_string_equal(cell(session, 1), c->wanted);
}

static void zero_character(struct session *session)
{
    char given[] = "a\0b", got[8] = "";
    SQLLEN length = 3, told = 0;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 3, 0, given, 0, &length));
    first_row(session, "SELECT CAST(? AS VARCHAR(200))");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, got, sizeof got, &told));
    assert_int_equal(told, 3);
    assert_memory_equal(got, "a\0b", 4);
}

static void pair_in_pieces(struct session *session)
{
    SQLWCHAR units[3] = {0xD83D, 0xDE00, 'x'}, got[8];
    SQLLEN late = SQL_DATA_AT_EXEC, told = 0;
    SQLPOINTER asked = NULL;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 2, 0, units, 0, &late));
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
    for (size_t i = 0; i < 3; i++)
        OK(session, SQLPutData(session->stmt, &units[i], sizeof units[i]));
    OK(session, SQLParamData(session->stmt, &asked));
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLGetData(session->stmt, 1, SQL_C_WCHAR, got, sizeof got, &told));
    assert_int_equal(told, sizeof units);
    assert_memory_equal(got, units, sizeof units);
}

static void bound_type_in_a_query(struct session *session)
{
    bind_as(session, SQL_C_SLONG, SQL_INTEGER, 0, 0, &slong);
    first_row(session, "SELECT t.x + 1 FROM (SELECT ? AS x) t");
    check_column(session, SQL_BIGINT, 19, 0);
    assert_string_equal(cell(session, 1), "70001");
}

static const struct rule rules[] = {
    {"SQLExecDirect: a query in FROM that selects a parameter has a column of the type that was bound", bound_type_in_a_query},
    {"SQLBindParameter: a zero character goes there and back", zero_character},
    {"SQLPutData: a surrogate pair may come in two pieces", pair_in_pieces},
    {"SQLDescribeParam: a parameter whose type nothing tells is described as it was bound", described_as_bound},
    {"SQLDescribeParam: what a parameter is used for tells its type, however it was bound", described_as_it_is_used},
    {"SQLPrepare: the column of SELECT ? has the type that was bound before", column_has_the_bound_type},
    {"SQLExecute: the column of SELECT ? has the type that was bound since it was prepared", column_follows_the_binding},
    {"SQLBindParameter: a time that becomes a timestamp is one of today", time_is_of_today},
    {"SQLSetDescField: SQL_C_NUMERIC takes precision and scale of the APD", numeric_by_descriptor},
    {"SQLSetDescField: the type of the IPD is the type that data is converted to", type_by_descriptor},
};

int main(void)
{
    EACH(converts, conversions);
    EACH(converts_to, families);
    EACH(meets, meetings);
    EACH(is_selected, selected);
    RULES(rules);
    return chapter_run("parameters, by the SQL type that they were bound with");
}
