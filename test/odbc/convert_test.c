/* Proves the conversions of Appendix D: every column type to C, C to parameters, and SQLGetData in pieces of every size. */
#include "session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- to C ------------------------------------------------------------------------------------------------------------- */

union cell {
    char bytes[256];
    SQLSCHAR s1;
    SQLCHAR u1;
    SQLSMALLINT s2;
    SQLUSMALLINT u2;
    SQLINTEGER s4;
    SQLUINTEGER u4;
    SQLBIGINT s8;
    SQLUBIGINT u8;
    float f;
    double d;
    SQL_DATE_STRUCT date;
    SQL_TIME_STRUCT time;
    SQL_TIMESTAMP_STRUCT stamp;
    SQL_NUMERIC_STRUCT numeric;
    SQLGUID guid;
};

/* What is in the buffer, for a person to read. */
static const char *shown(SQLSMALLINT c_type, const union cell *cell, SQLLEN length)
{
    static char out[300];

    switch (c_type) {
    case SQL_C_CHAR:
        snprintf(out, sizeof out, "%s", cell->bytes);
        break;
    case SQL_C_BINARY:
        out[0] = '\0';
        for (SQLLEN i = 0; i < length; i++)
            snprintf(out + 2 * i, 3, "%02X", (unsigned char)cell->bytes[i]);
        break;
    case SQL_C_STINYINT:
    case SQL_C_TINYINT:
        snprintf(out, sizeof out, "%d", cell->s1);
        break;
    case SQL_C_BIT:
    case SQL_C_UTINYINT:
        snprintf(out, sizeof out, "%u", cell->u1);
        break;
    case SQL_C_SSHORT:
        snprintf(out, sizeof out, "%d", cell->s2);
        break;
    case SQL_C_USHORT:
        snprintf(out, sizeof out, "%u", cell->u2);
        break;
    case SQL_C_SLONG:
        snprintf(out, sizeof out, "%d", (int)cell->s4);
        break;
    case SQL_C_ULONG:
        snprintf(out, sizeof out, "%u", (unsigned)cell->u4);
        break;
    case SQL_C_SBIGINT:
        snprintf(out, sizeof out, "%lld", (long long)cell->s8);
        break;
    case SQL_C_UBIGINT:
        snprintf(out, sizeof out, "%llu", (unsigned long long)cell->u8);
        break;
    case SQL_C_FLOAT:
        snprintf(out, sizeof out, "%g", (double)cell->f);
        break;
    case SQL_C_DOUBLE:
        snprintf(out, sizeof out, "%.15g", cell->d);
        break;
    case SQL_C_TYPE_DATE:
    case SQL_C_DATE:
        snprintf(out, sizeof out, "%04d-%02u-%02u", cell->date.year, cell->date.month, cell->date.day);
        break;
    case SQL_C_TYPE_TIME:
    case SQL_C_TIME:
        snprintf(out, sizeof out, "%02u:%02u:%02u", cell->time.hour, cell->time.minute, cell->time.second);
        break;
    case SQL_C_TYPE_TIMESTAMP:
    case SQL_C_TIMESTAMP:
        snprintf(out, sizeof out, "%04d-%02u-%02u %02u:%02u:%02u.%09u", cell->stamp.year, cell->stamp.month, cell->stamp.day,
                 cell->stamp.hour, cell->stamp.minute, cell->stamp.second, (unsigned)cell->stamp.fraction);
        break;
    case SQL_C_NUMERIC:
        snprintf(out, sizeof out, "%c%u e-%d", cell->numeric.sign ? '+' : '-',
                 (unsigned)(cell->numeric.val[0] | cell->numeric.val[1] << 8 | cell->numeric.val[2] << 16), cell->numeric.scale);
        break;
    case SQL_C_GUID:
        snprintf(out, sizeof out, "%08x-%04x-%04x-%02x%02x", (unsigned)cell->guid.Data1, cell->guid.Data2, cell->guid.Data3,
                 cell->guid.Data4[0], cell->guid.Data4[7]);
        break;
    default:
        snprintf(out, sizeof out, "?");
        break;
    }
    return out;
}

static void every_type_converts_to_c(void **state)
{
    static const struct {
        const char *column;
        int row;
        SQLSMALLINT c_type;
        SQLLEN room;
        const char *sqlstate;   /* "" success, 01xxx warning, else error */
        const char *shown;
        SQLLEN length;
    } cases[] = {
        {"Flag", 1, SQL_C_BIT, 1, "", "1", 1},
        {"Flag", 1, SQL_C_CHAR, 2, "", "1", 1},
        {"Flag", 1, SQL_C_SLONG, 0, "", "1", 4},
        {"Flag", 1, SQL_C_TYPE_DATE, 0, "07006", NULL, 0},
        {"Count", 1, SQL_C_SLONG, 0, "", "-42", 4},
        {"Count", 1, SQL_C_STINYINT, 0, "", "-42", 1},
        {"Count", 1, SQL_C_UTINYINT, 0, "22003", NULL, 0},
        {"Count", 3, SQL_C_TINYINT, 0, "22003", NULL, 0},
        {"Count", 3, SQL_C_SSHORT, 0, "", "300", 2},
        {"Count", 3, SQL_C_USHORT, 0, "", "300", 2},
        {"Count", 1, SQL_C_ULONG, 0, "22003", NULL, 0},
        {"Count", 3, SQL_C_BIT, 0, "22003", NULL, 0},
        {"Count", 1, SQL_C_DOUBLE, 0, "", "-42", 8},
        {"Count", 1, SQL_C_CHAR, 4, "", "-42", 3},
        {"Count", 1, SQL_C_CHAR, 3, "22003", NULL, 0},
        {"Count", 1, SQL_C_NUMERIC, 0, "", "-42 e-0", 19},
        {"Count", 1, SQL_C_GUID, 0, "07006", NULL, 0},
        {"Big", 1, SQL_C_SBIGINT, 0, "", "9000000000", 8},
        {"Big", 1, SQL_C_UBIGINT, 0, "", "9000000000", 8},
        {"Big", 3, SQL_C_UBIGINT, 0, "22003", NULL, 0},
        {"Big", 1, SQL_C_SLONG, 0, "22003", NULL, 0},
        {"Big", 1, SQL_C_FLOAT, 0, "", "9e+09", 4},
        {"Ratio", 1, SQL_C_DOUBLE, 0, "", "2.5", 8},
        {"Ratio", 1, SQL_C_CHAR, 20, "", "2.5", 3},
        {"Ratio", 1, SQL_C_SLONG, 0, "01S07", "2", 4},
        {"Ratio", 3, SQL_C_SLONG, 0, "22003", NULL, 0},
        {"Ratio", 3, SQL_C_FLOAT, 0, "22003", NULL, 0},
        {"Ratio", 1, SQL_C_NUMERIC, 0, "01S07", "+2 e-0", 19},
        {"Amount", 1, SQL_C_CHAR, 20, "", "1234.5600", 9},
        {"Amount", 1, SQL_C_CHAR, 7, "01004", "1234.5", 9},
        {"Amount", 1, SQL_C_CHAR, 4, "22003", NULL, 0},
        {"Amount", 1, SQL_C_DOUBLE, 0, "", "1234.56", 8},
        {"Amount", 1, SQL_C_SLONG, 0, "01S07", "1234", 4},
        {"Amount", 3, SQL_C_STINYINT, 0, "01S07", "0", 1},
        {"Amount", 1, SQL_C_NUMERIC, 0, "", "+12345600 e-4", 19},
        {"Amount", 3, SQL_C_NUMERIC, 0, "", "-5000 e-4", 19},
        {"Day", 1, SQL_C_TYPE_DATE, 0, "", "2024-02-29", 6},
        {"Day", 1, SQL_C_DATE, 0, "", "2024-02-29", 6},
        {"Day", 1, SQL_C_TYPE_TIMESTAMP, 0, "", "2024-02-29 00:00:00.000000000", 16},
        {"Day", 1, SQL_C_TYPE_TIME, 0, "07006", NULL, 0},
        {"Day", 1, SQL_C_CHAR, 11, "", "2024-02-29", 10},
        {"Day", 1, SQL_C_CHAR, 10, "22003", NULL, 0},
        {"Day", 1, SQL_C_SLONG, 0, "07006", NULL, 0},
        {"Clock", 1, SQL_C_TYPE_TIME, 0, "01S07", "23:59:58", 6},
        {"Clock", 1, SQL_C_TYPE_DATE, 0, "07006", NULL, 0},
        {"Clock", 1, SQL_C_CHAR, 20, "", "23:59:58.125", 12},
        {"Clock", 1, SQL_C_CHAR, 9, "01004", "23:59:58", 12},
        {"Moment", 1, SQL_C_TYPE_TIMESTAMP, 0, "", "2024-02-29 23:59:58.123456000", 16},
        {"Moment", 1, SQL_C_TIMESTAMP, 0, "", "2024-02-29 23:59:58.123456000", 16},
        {"Moment", 1, SQL_C_TYPE_DATE, 0, "01S07", "2024-02-29", 6},
        {"Moment", 3, SQL_C_TYPE_DATE, 0, "", "9999-12-31", 6},
        {"Moment", 1, SQL_C_TYPE_TIME, 0, "01S07", "23:59:58", 6},
        {"Moment", 1, SQL_C_CHAR, 27, "", "2024-02-29 23:59:58.123456", 26},
        {"Moment", 1, SQL_C_CHAR, 20, "01004", "2024-02-29 23:59:58", 26},
        {"Moment", 1, SQL_C_CHAR, 19, "22003", NULL, 0},
        {"Name", 1, SQL_C_CHAR, 64, "", "Zo\xC3\xAB \xE2\x82\xAC\xF0\x9F\x98\x80!", 13},
        {"Name", 1, SQL_C_CHAR, 8, "01004", "Zo\xC3\xAB ", 13},
        {"Name", 1, SQL_C_SLONG, 0, "22018", NULL, 0},
        {"Name", 1, SQL_C_TYPE_DATE, 0, "22018", NULL, 0},
        {"Name", 1, SQL_C_GUID, 0, "22018", NULL, 0},
        {"Name", 3, SQL_C_SLONG, 0, "01S07", "17", 4},
        {"Name", 3, SQL_C_DOUBLE, 0, "", "17.5", 8},
        {"Name", 3, SQL_C_BIT, 0, "22003", NULL, 0},
        {"Name", 3, SQL_C_BINARY, 20, "", "31372E35", 4},
        {"Notes", 3, SQL_C_TYPE_DATE, 0, "", "2021-03-04", 6},
        {"Bytes", 1, SQL_C_BINARY, 3, "", "00FF10", 3},
        {"Bytes", 1, SQL_C_BINARY, 2, "01004", "00FF", 3},
        {"Bytes", 1, SQL_C_CHAR, 10, "", "00FF10", 6},
        {"Bytes", 1, SQL_C_CHAR, 4, "01004", "00", 6},
        {"Bytes", 1, SQL_C_SLONG, 0, "07006", NULL, 0},
        {"Token", 1, SQL_C_GUID, 0, "", "01234567-89ab-cdef-01ef", 16},
        {"Token", 1, SQL_C_CHAR, 37, "", "01234567-89ab-cdef-0123-456789abcdef", 36},
        {"Token", 1, SQL_C_CHAR, 36, "22003", NULL, 0},
        {"Token", 1, SQL_C_SLONG, 0, "07006", NULL, 0},
        {"Document", 1, SQL_C_CHAR, 20, "", "{\"a\":1}", 7},
        {"Count", 1, SQL_C_INTERVAL_DAY_TO_HOUR, 0, "07006", NULL, 0},
        {"Name", 1, SQL_C_INTERVAL_DAY, 0, "22018", NULL, 0},
        {"Count", 1, 1234, 0, "HY003", NULL, 0},
    };
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[100];
        union cell cell;
        SQLLEN length = -99;

        memset(&cell, 0x5A, sizeof cell);
        snprintf(sql, sizeof sql, "SELECT %s FROM Everything WHERE Id = %d", cases[i].column, cases[i].row);
        session_query(session, sql);
        WORKS(stmt, SQLFetch(stmt));
        SQLRETURN result = SQLGetData(stmt, 1, cases[i].c_type, &cell, cases[i].room, &length);
        const char *sqlstate = session_state(SQL_HANDLE_STMT, stmt, 1);
        if (strcmp(sqlstate, cases[i].sqlstate) != 0)
            fail_msg("case %zu: %s to %d gives \"%s\", not \"%s\"", i, cases[i].column, cases[i].c_type, sqlstate, cases[i].sqlstate);
        assert_int_equal(result, !*cases[i].sqlstate ? SQL_SUCCESS : !cases[i].shown ? SQL_ERROR : SQL_SUCCESS_WITH_INFO);
        if (!cases[i].shown)
            continue;
        SQLLEN kept = cases[i].room && cases[i].room < length ? cases[i].room : length;
        if (strcmp(shown(cases[i].c_type, &cell, kept), cases[i].shown) != 0 && cases[i].c_type != SQL_C_NUMERIC)
            fail_msg("case %zu: %s to %d gives \"%s\", not \"%s\"", i, cases[i].column, cases[i].c_type,
                     shown(cases[i].c_type, &cell, kept), cases[i].shown);
        if (cases[i].c_type == SQL_C_NUMERIC)
            assert_string_equal(shown(SQL_C_NUMERIC, &cell, kept), cases[i].shown);
        assert_int_equal(length, cases[i].length);
    }
}

static void null_needs_an_indicator(void **state)
{
    struct session *session = *state;
    static const SQLSMALLINT c_types[] = {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_SLONG, SQL_C_BINARY, SQL_C_TYPE_DATE, SQL_C_GUID, SQL_C_DEFAULT};
    char buffer[64];

    for (size_t i = 0; i < sizeof c_types / sizeof c_types[0]; i++) {
        SQLLEN length = 0;
        session_query(session, "SELECT Name FROM Everything WHERE Id = 2");
        WORKS(session->stmt, SQLFetch(session->stmt));
        FAILS(session->stmt, SQLGetData(session->stmt, 1, c_types[i], buffer, sizeof buffer, NULL), "22002");
        session_query(session, "SELECT Name FROM Everything WHERE Id = 2");
        WORKS(session->stmt, SQLFetch(session->stmt));
        WORKS(session->stmt, SQLGetData(session->stmt, 1, c_types[i], buffer, sizeof buffer, &length));
        assert_int_equal(length, SQL_NULL_DATA);
        assert_int_equal(SQLGetData(session->stmt, 1, c_types[i], buffer, sizeof buffer, &length), SQL_NO_DATA);
    }
}

/* --- pieces ----------------------------------------------------------------------------------------------------------- */

/* Reads a column in pieces of `room` bytes and joins them; checks lengths, warnings and terminators on the way. */
static size_t read_in_pieces(SQLHSTMT stmt, SQLSMALLINT c_type, SQLLEN room, size_t total, char *joined)
{
    size_t unit = c_type == SQL_C_WCHAR ? 2 : 1, end = c_type == SQL_C_BINARY ? 0 : unit;
    size_t got = 0;

    for (unsigned piece = 0;; piece++) {
        char buffer[128];
        SQLLEN length = -99;
        memset(buffer, 0x5A, sizeof buffer);
        SQLRETURN result = SQLGetData(stmt, 1, c_type, buffer, room, &length);
        if (result == SQL_NO_DATA)
            return got;
        assert_true(piece < 200);
        assert_true(SQL_SUCCEEDED(result));
        assert_int_equal(length, total - got); /* what is left, counted before this piece */
        for (size_t i = (size_t)room; i < sizeof buffer; i++)
            assert_int_equal(buffer[i], 0x5A); /* nothing past the end */
        size_t fits = ((size_t)room - end) / unit * unit;
        if (result == SQL_SUCCESS) {
            assert_true((size_t)length <= fits);
        } else {
            assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "01004");
            assert_true((size_t)length > fits);
        }
        size_t kept = 0;
        if (c_type == SQL_C_CHAR)
            kept = strlen(buffer);
        else if (c_type == SQL_C_BINARY)
            kept = (size_t)length < (size_t)room ? (size_t)length : (size_t)room;
        else
            while (memcmp(buffer + kept, "\0\0", 2) != 0)
                kept += 2;
        assert_true(kept <= fits);
        assert_true(kept > 0 || total == 0);
        memcpy(joined + got, buffer, kept);
        got += kept;
    }
}

static void texts_come_in_pieces_of_every_size(void **state)
{
    static const SQLWCHAR wide[] = {'Z', 'o', 0xEB, ' ', 0x20AC, 0xD83D, 0xDE00, '!'};
    static const char narrow[] = "Zo\xC3\xAB \xE2\x82\xAC\xF0\x9F\x98\x80!";
    struct session *session = *state;
    char joined[256];

    for (SQLLEN room = 2; room < 40; room++) {
        session_query(session, "SELECT Name FROM Everything WHERE Id = 1");
        WORKS(session->stmt, SQLFetch(session->stmt));
        assert_int_equal(read_in_pieces(session->stmt, SQL_C_CHAR, room, sizeof narrow - 1, joined), sizeof narrow - 1);
        assert_memory_equal(joined, narrow, sizeof narrow - 1);
    }
    for (SQLLEN room = 4; room < 40; room++) { /* odd ones too */
        session_query(session, "SELECT Name FROM Everything WHERE Id = 1");
        WORKS(session->stmt, SQLFetch(session->stmt));
        assert_int_equal(read_in_pieces(session->stmt, SQL_C_WCHAR, room, sizeof wide, joined), sizeof wide);
        assert_memory_equal(joined, wide, sizeof wide);
    }
    for (SQLLEN room = 1; room < 10; room++) {
        session_query(session, "SELECT Bytes FROM Everything WHERE Id = 1");
        WORKS(session->stmt, SQLFetch(session->stmt));
        assert_int_equal(read_in_pieces(session->stmt, SQL_C_BINARY, room, 3, joined), 3);
        assert_memory_equal(joined, "\x00\xFF\x10", 3);
    }
    for (SQLLEN room = 2; room < 10; room++) {
        session_query(session, "SELECT Bytes FROM Everything WHERE Id = 1");
        WORKS(session->stmt, SQLFetch(session->stmt));
        assert_int_equal(read_in_pieces(session->stmt, SQL_C_CHAR, room, 6, joined), 6);
        assert_memory_equal(joined, "00FF10", 6);
    }
}

/* A character is parted only where the buffer could not hold it whole. */
static void pieces_end_at_whole_characters(void **state)
{
    struct session *session = *state;
    char buffer[16];
    SQLWCHAR wide[8];
    SQLLEN length;

    session_query(session, "SELECT Name FROM Everything WHERE Id = 1");
    WORKS(session->stmt, SQLFetch(session->stmt));
    WORKS(session->stmt, SQLGetData(session->stmt, 1, SQL_C_CHAR, buffer, 8, &length));
    assert_string_equal(buffer, "Zo\xC3\xAB ");
    WORKS(session->stmt, SQLGetData(session->stmt, 1, SQL_C_CHAR, buffer, 8, &length));
    assert_string_equal(buffer, "\xE2\x82\xAC\xF0\x9F\x98\x80");
    assert_int_equal(length, 8);
    session_query(session, "SELECT Name FROM Everything WHERE Id = 1");
    WORKS(session->stmt, SQLFetch(session->stmt));
    WORKS(session->stmt, SQLGetData(session->stmt, 1, SQL_C_WCHAR, wide, 14, &length));
    assert_int_equal(wide[5], 0); /* five units, not half of the pair */
    assert_int_equal(length, 16);
    /* No room at all tells the length and moves nothing. */
    WORKS(session->stmt, SQLGetData(session->stmt, 1, SQL_C_WCHAR, wide, 0, &length));
    assert_int_equal(length, 6);
    WORKS(session->stmt, SQLGetData(session->stmt, 1, SQL_C_WCHAR, wide, 16, &length));
    assert_int_equal(wide[0], 0xD83D);
    assert_int_equal(wide[2], '!');
}

static void max_length_cuts_without_a_warning(void **state)
{
    struct session *session = *state;
    char buffer[32];
    SQLLEN length;

    WORKS(session->stmt, SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_LENGTH, (SQLPOINTER)3, 0));
    session_query(session, "SELECT Name, Big FROM Everything WHERE Id = 1");
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_int_equal(SQLGetData(session->stmt, 1, SQL_C_CHAR, buffer, sizeof buffer, &length), SQL_SUCCESS);
    assert_string_equal(buffer, "Zo"); /* the third byte is half a character */
    assert_int_equal(SQLGetData(session->stmt, 2, SQL_C_CHAR, buffer, sizeof buffer, &length), SQL_SUCCESS);
    assert_string_equal(buffer, "9000000000"); /* numbers are never cut */
}

/* --- from C ----------------------------------------------------------------------------------------------------------- */

/* Binds one parameter and tells how many rows of Everything satisfy the condition, or the SQLSTATE of the failure. */
static const char *matching(const struct session *session, const char *condition, SQLSMALLINT c_type, SQLSMALLINT sql_type, const void *data,
                            SQLLEN length)
{
    static char answer[8];
    char sql[200];

    SQLFreeStmt(session->stmt, SQL_CLOSE);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM Everything WHERE %s", condition);
    bool digits = sql_type == SQL_NUMERIC;
    WORKS(session->stmt, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c_type, sql_type, digits ? 20 : 0, digits ? 4 : 0,
                                          (SQLPOINTER)(uintptr_t)data, 0, &length));
    if (SQLExecDirect(session->stmt, text(sql), SQL_NTS) != SQL_SUCCESS)
        return session_state(SQL_HANDLE_STMT, session->stmt, 1);
    WORKS(session->stmt, SQLFetch(session->stmt));
    snprintf(answer, sizeof answer, "%s", session_cell(session, 1));
    return answer;
}

static void every_c_type_converts_to_parameters(void **state)
{
    static const SQLSCHAR minus_42 = -42;
    static const SQLCHAR three_u1 = 3, two = 2, one_bit = 1;
    static const SQLSMALLINT three_hundred = 300;
    static const SQLUSMALLINT three_hundred_u = 300;
    static const SQLINTEGER minus_42_long = -42;
    static const SQLUINTEGER huge = 4000000000u;
    static const SQLBIGINT nine_billion = 9000000000;
    static const SQLUBIGINT past_bigint = 18446744073709551615u;
    static const float two_and_half_f = 2.5f;
    static const double two_and_half = 2.5;
    static const SQL_NUMERIC_STRUCT amount = {9, 4, 1, {0x40, 0x61, 0xBC}}; /* 12345664, that is 1234.5664 */
    static const SQL_NUMERIC_STRUCT exact = {9, 2, 1, {0x40, 0xE2, 0x01}}; /* 123456, that is 1234.56 */
    static const SQL_DATE_STRUCT day = {2024, 2, 29}, no_day = {2023, 2, 29};
    static const SQL_TIME_STRUCT clock = {0, 0, 0}, no_clock = {24, 0, 0};
    static const SQL_TIMESTAMP_STRUCT moment = {2024, 2, 29, 23, 59, 58, 123456000}, midnight = {2024, 2, 29, 0, 0, 0, 0};
    static const SQL_TIMESTAMP_STRUCT moment_later = {2024, 2, 29, 23, 59, 58, 123456789};
    static const double nearly = 1234.56004, speck = 1.2345678901234567e-60, three = 3, half = 0.5, one = 1, no_number = NAN;
    static const SQLGUID guid = {0x01234567, 0x89ab, 0xcdef, {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}};
    static const SQLWCHAR name[] = {'Z', 'o', 0xEB, ' ', 0x20AC, 0xD83D, 0xDE00, '!', 0};
    static const struct {
        const char *condition;
        SQLSMALLINT c_type, sql_type;
        const void *data;
        SQLLEN length;
        const char *answer;
    } cases[] = {
        {"Count = ?", SQL_C_STINYINT, SQL_TINYINT, &minus_42, 0, "1"},
        {"Id = ?", SQL_C_UTINYINT, SQL_TINYINT, &three_u1, 0, "1"},
        {"Count = ?", SQL_C_SSHORT, SQL_SMALLINT, &three_hundred, 0, "1"},
        {"Count = ?", SQL_C_USHORT, SQL_SMALLINT, &three_hundred_u, 0, "1"},
        {"Count = ?", SQL_C_SLONG, SQL_INTEGER, &minus_42_long, 0, "1"},
        {"Count = ?", SQL_C_LONG, SQL_INTEGER, &minus_42_long, 0, "1"},
        {"Count = ?", SQL_C_DEFAULT, SQL_INTEGER, &minus_42_long, 0, "1"},
        {"Big > ?", SQL_C_ULONG, SQL_BIGINT, &huge, 0, "1"},
        {"Count = ?", SQL_C_ULONG, SQL_BIGINT, &huge, 0, "22003"},
        {"Big = ?", SQL_C_SBIGINT, SQL_BIGINT, &nine_billion, 0, "1"},
        {"Big = ?", SQL_C_UBIGINT, SQL_BIGINT, &past_bigint, 0, "22003"},
        {"Amount < ?", SQL_C_UBIGINT, SQL_BIGINT, &past_bigint, 0, "22003"}, /* decimal(19,4) has 15 whole digits */
        {"Id = ?", SQL_C_DOUBLE, SQL_DOUBLE, &three, 0, "1"},
        {"Count < ?", SQL_C_DOUBLE, SQL_DOUBLE, &two_and_half, 0, "22001"}, /* 2 instead would be another question */
        {"Big = ?", SQL_C_NUMERIC, SQL_NUMERIC, &exact, 0, "22001"},
        {"Count < CAST(? AS DOUBLE)", SQL_C_DOUBLE, SQL_DOUBLE, &two_and_half, 0, "1"},
        {"Ratio = ?", SQL_C_DOUBLE, SQL_DOUBLE, &no_number, 0, "22003"},
        {"Ratio = ?", SQL_C_FLOAT, SQL_REAL, &two_and_half_f, 0, "1"},
        {"Ratio = ?", SQL_C_DOUBLE, SQL_DOUBLE, &two_and_half, 0, "1"},
        {"Amount > ?", SQL_C_DOUBLE, SQL_DOUBLE, &two_and_half, 0, "1"},
        {"Amount = ?", SQL_C_NUMERIC, SQL_NUMERIC, &exact, 0, "1"},
        {"Amount < ?", SQL_C_NUMERIC, SQL_NUMERIC, &amount, 0, "2"},
        /* Finer than the column: nothing equals it, and the order is that of the number itself. */
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, " 1234.56 ", SQL_NTS, "1"},
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, "1234.560000000", SQL_NTS, "1"},
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56004", SQL_NTS, "0"},
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, " 1234.55996 ", SQL_NTS, "0"},
        {"Amount = ?", SQL_C_DOUBLE, SQL_DOUBLE, &nearly, 0, "0"},
        {"Amount < ?", SQL_C_DOUBLE, SQL_DOUBLE, &nearly, 0, "2"},
        {"Amount >= ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56004", SQL_NTS, "0"},
        {"Amount > ?", SQL_C_CHAR, SQL_VARCHAR, "1234.55996", SQL_NTS, "1"},
        {"Amount <> ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56004", SQL_NTS, "2"},
        {"Amount IN (?, 7)", SQL_C_CHAR, SQL_VARCHAR, "1234.56004", SQL_NTS, "0"},
        {"Amount IN (1234.560039, ?)", SQL_C_CHAR, SQL_VARCHAR, "1234.5600004", SQL_NTS, "0"},
        {"Amount BETWEEN -0.5 AND ?", SQL_C_CHAR, SQL_VARCHAR, "1234.55996", SQL_NTS, "1"},
        {"Amount + 0.0000 = ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56004", SQL_NTS, "0"},
        {"Amount + ? = 1234.5601", SQL_C_CHAR, SQL_VARCHAR, "0.0001", SQL_NTS, "1"},
        {"Amount + ? = 1234.5601", SQL_C_CHAR, SQL_VARCHAR, "0.00012", SQL_NTS, "22001"}, /* not rounded */
        {"Amount + ? > 1234.56009", SQL_C_DOUBLE, SQL_DOUBLE, &speck, 0, "0"}, /* of the type that it is bound with */
        {"COALESCE(Ratio, Amount, ?) = 2.5", SQL_C_CHAR, SQL_VARCHAR, "0.00012", SQL_NTS, "1"},
        {"COALESCE(Amount, ?) = 0.00012", SQL_C_CHAR, SQL_VARCHAR, "0.00012", SQL_NTS, "22001"},
        {"CASE WHEN Id = 2 THEN ? ELSE Amount END = 0.0001", SQL_C_CHAR, SQL_VARCHAR, "0.0001", SQL_NTS, "1"},
        {"CASE WHEN Id = 2 THEN ? ELSE Amount END = 0.0001", SQL_C_CHAR, SQL_VARCHAR, "0.00014", SQL_NTS, "22001"},
        {"COALESCE(Amount, ?) = 12.34", SQL_C_NUMERIC, SQL_NUMERIC, &exact, 0, "0"},
        {"Amount * ? > 61.72", SQL_C_CHAR, SQL_VARCHAR, "0.05000001", SQL_NTS, "1"},
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56000000000000000000000000000000000000000000000000", SQL_NTS, "1"},
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, "1234.5600000000000000000000000000000001000000000000000", SQL_NTS, "0"},
        {"Amount = ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56000000000000000000000000000000000000000000000000001", SQL_NTS, "0"},
        {"Amount < ?", SQL_C_CHAR, SQL_VARCHAR, "1234.56000000000000000000000000000000000000000000000000001", SQL_NTS, "2"},
        {"Amount > ?", SQL_C_CHAR, SQL_VARCHAR, "1234.5599999999999999999999999999999999999999999999999999", SQL_NTS, "1"},
        {"Amount > ?", SQL_C_CHAR, SQL_VARCHAR, "-0.5000000000000000000000000000000000000000000000000001", SQL_NTS, "2"},
        {"Amount - Amount > ?", SQL_C_CHAR, SQL_VARCHAR, "-0.000000000000000000000000000000000000000000000000001", SQL_NTS, "2"},
        {"Amount - Amount = ?", SQL_C_DOUBLE, SQL_DOUBLE, &speck, 0, "0"},
        {"Amount - Amount < ?", SQL_C_DOUBLE, SQL_DOUBLE, &speck, 0, "2"},
        {"Amount - Amount > ?", SQL_C_CHAR, SQL_VARCHAR, " -1.5e-200 ", SQL_NTS, "2"},
        {"Amount - Amount = ?", SQL_C_CHAR, SQL_VARCHAR, "0.000000000000000000000000000000000000000000000000e-9", SQL_NTS, "2"},
        {"Amount < ?", SQL_C_CHAR, SQL_VARCHAR, "1e300", SQL_NTS, "22003"},
        {"Amount < ?", SQL_C_CHAR, SQL_VARCHAR, "much", SQL_NTS, "22018"},
        {"Amount < ?", SQL_C_CHAR, SQL_VARCHAR, "999999999999999.99999", SQL_NTS, "2"}, /* rounded, it would be out of range */
        {"Amount < ?", SQL_C_CHAR, SQL_VARCHAR, "1000000000000000.00001", SQL_NTS, "22003"},
        {"Flag = ?", SQL_C_BIT, SQL_BIT, &one_bit, 0, "1"},
        {"Flag = ?", SQL_C_BIT, SQL_BIT, &two, 0, "22003"},
        {"Flag = ?", SQL_C_DOUBLE, SQL_DOUBLE, &one, 0, "1"},
        {"Flag = ?", SQL_C_DOUBLE, SQL_DOUBLE, &half, 0, "22001"},
        {"Flag = ?", SQL_C_DOUBLE, SQL_DOUBLE, &no_number, 0, "22003"},
        {"Flag = ?", SQL_C_STINYINT, SQL_TINYINT, &minus_42, 0, "22003"},
        {"Flag = ?", SQL_C_NUMERIC, SQL_NUMERIC, &exact, 0, "22003"},
        {"Day = ?", SQL_C_TYPE_DATE, SQL_TYPE_DATE, &day, 0, "1"},
        {"Day = ?", SQL_C_DATE, SQL_DATE, &day, 0, "1"},
        {"Day = ?", SQL_C_TYPE_DATE, SQL_TYPE_DATE, &no_day, 0, "22007"},
        {"Day = ?", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &midnight, 0, "1"},
        {"Day = ?", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &moment, 0, "0"},
        {"Day < ?", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &moment, 0, "2"}, /* the midnight before it */
        {"Day >= ?", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &moment, 0, "0"},
        {"Day < ?", SQL_C_CHAR, SQL_VARCHAR, "2024-02-29 00:00:01", SQL_NTS, "2"},
        {"Day < ?", SQL_C_CHAR, SQL_VARCHAR, "2024-2-29", SQL_NTS, "1"},
        {"COALESCE(Day, ?) = DATE '2024-02-29'", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &moment, 0, "22008"},
        {"Clock = ?", SQL_C_TYPE_TIME, SQL_TYPE_TIME, &clock, 0, "1"},
        {"Clock = ?", SQL_C_TYPE_TIME, SQL_TYPE_TIME, &no_clock, 0, "22007"},
        {"Day = ?", SQL_C_TYPE_TIME, SQL_TYPE_TIME, &clock, 0, "07006"},
        {"Moment = ?", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &moment, 0, "1"},
        {"Moment = ?", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, &moment_later, 0, "0"},
        {"Moment = ?", SQL_C_CHAR, SQL_VARCHAR, "2024-02-29 23:59:58.1234561", SQL_NTS, "0"},
        {"Clock = ?", SQL_C_CHAR, SQL_VARCHAR, "00:00:00.0001", SQL_NTS, "0"},
        {"Moment > ?", SQL_C_TYPE_DATE, SQL_TYPE_DATE, &day, 0, "2"},
        {"Token = ?", SQL_C_GUID, SQL_GUID, &guid, 0, "1"},
        {"Token = ?", SQL_C_CHAR, SQL_CHAR, "01234567-89AB-CDEF-0123-456789ABCDEF", SQL_NTS, "1"},
        {"Name = ?", SQL_C_WCHAR, SQL_WVARCHAR, name, SQL_NTS, "1"},
        {"Name = ?", SQL_C_WCHAR, SQL_WVARCHAR, name, 16, "1"},
        {"Name = ?", SQL_C_WCHAR, SQL_WVARCHAR, name, 14, "0"},
        {"Name = ?", SQL_C_CHAR, SQL_VARCHAR, "Zo\xC3\xAB \xE2\x82\xAC\xF0\x9F\x98\x80!", SQL_NTS, "1"},
        {"Name = ?", SQL_C_CHAR, SQL_VARCHAR, "a text that is much longer than the forty characters of the column", SQL_NTS, "0"},
        {"Name = ?", SQL_C_CHAR, SQL_VARCHAR, "\xFF", SQL_NTS, "22018"},
        {"Name = ?", SQL_C_CHAR, SQL_VARCHAR, "x", -17, "HY090"},
        {"Name = ?", SQL_C_CHAR, SQL_VARCHAR, "x", SQL_NULL_DATA, "0"},
        {"Name = ?", SQL_C_CHAR, SQL_VARCHAR, "x", SQL_DEFAULT_PARAM, "07S01"},
        {"Name = ?", SQL_C_DOUBLE, SQL_DOUBLE, &two_and_half, 0, "0"},
        {"Count = ?", SQL_C_CHAR, SQL_VARCHAR, " 300 ", SQL_NTS, "1"},
        {"Count = ?", SQL_C_CHAR, SQL_VARCHAR, "many", SQL_NTS, "22018"},
        {"Moment = ?", SQL_C_CHAR, SQL_VARCHAR, "2024-02-29T23:59:58.123456Z", SQL_NTS, "1"},
        {"Bytes = ?", SQL_C_BINARY, SQL_VARBINARY, "\x00\xFF\x10", 3, "1"},
        {"Bytes = ?", SQL_C_CHAR, SQL_VARCHAR, "00ff10", SQL_NTS, "1"},
        {"Name = ?", SQL_C_BINARY, SQL_VARBINARY, "17.5", 4, "1"},
        {"Count = ?", SQL_C_BINARY, SQL_VARBINARY, "17.5", 4, "07006"},
    };
    struct session *session = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = matching(session, cases[i].condition, cases[i].c_type, cases[i].sql_type, cases[i].data, cases[i].length);
        if (strcmp(answer, cases[i].answer) != 0)
            fail_msg("case %zu: %s with C type %d gives %s, not %s: %s", i, cases[i].condition, cases[i].c_type, answer, cases[i].answer,
                     session_message(SQL_HANDLE_STMT, session->stmt, 1));
    }
}

static void data_comes_at_execution(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLLEN late = SQL_LEN_DATA_AT_EXEC(100), known = sizeof(SQLINTEGER);
    SQLINTEGER id = 1;
    int token;
    SQLPOINTER asked = NULL;

    WORKS(stmt, SQLPrepare(stmt, text("SELECT Id FROM Everything WHERE Name = ? AND Id = ?"), SQL_NTS));
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, &token, 0, &late));
    WORKS(stmt, SQLBindParameter(stmt, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, &id, 0, &known));
    for (int round = 0; round < 2; round++) {
        assert_int_equal(SQLExecute(stmt), SQL_NEED_DATA);
        FAILS(stmt, SQLExecute(stmt), "HY010");
        FAILS(stmt, SQLFetch(stmt), "HY010");
        FAILS(stmt, SQLPutData(stmt, text("x"), 1), "HY010");
        assert_int_equal(SQLParamData(stmt, &asked), SQL_NEED_DATA);
        assert_ptr_equal(asked, &token);
        FAILS(stmt, SQLParamData(stmt, &asked), "HY010");
        if (round == 0) { /* given up, and then begun anew */
            WORKS(stmt, SQLCancel(stmt));
            continue;
        }
        WORKS(stmt, SQLPutData(stmt, text("Zo\xC3"), SQL_NTS)); /* a character may come in two pieces */
        WORKS(stmt, SQLPutData(stmt, text("\xAB \xE2\x82\xAC\xF0\x9F\x98\x80!junk"), 10));
        FAILS(stmt, SQLPutData(stmt, NULL, SQL_NULL_DATA), "HY020");
        FAILS(stmt, SQLPutData(stmt, text("x"), -7), "HY090");
        assert_int_equal(SQLParamData(stmt, &asked), SQL_SUCCESS);
    }
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "1");
    SQLFreeStmt(stmt, SQL_CLOSE);
    SQLFreeStmt(stmt, SQL_RESET_PARAMS);
    FAILS(stmt, SQLExecute(stmt), "07002");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_type_converts_to_c, session_open, session_close),
        cmocka_unit_test_setup_teardown(null_needs_an_indicator, session_open, session_close),
        cmocka_unit_test_setup_teardown(texts_come_in_pieces_of_every_size, session_open, session_close),
        cmocka_unit_test_setup_teardown(pieces_end_at_whole_characters, session_open, session_close),
        cmocka_unit_test_setup_teardown(max_length_cuts_without_a_warning, session_open, session_close),
        cmocka_unit_test_setup_teardown(every_c_type_converts_to_parameters, session_open, session_close),
        cmocka_unit_test_setup_teardown(data_comes_at_execution, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
