/* SQLGetData: pieces of any size, order of columns, what is left, and its states. */
#include "chapter.h"

#include <stdio.h>
#include <stdlib.h>

#define MIXED "Zo\xC3\xAB \xE2\x82\xAC\xF0\x9F\x98\x80 e\xCC\x81!"   /* two, three and four bytes; a combining mark */

static bool is_whole_utf8(const unsigned char *s)
{
    while (*s) {
        int more = *s < 0x80 ? 0 : *s >= 0xF0 ? 3 : *s >= 0xE0 ? 2 : *s >= 0xC0 ? 1 : -1;
        if (more < 0)
            return false;
        for (s++; more > 0; more--, s++)
            if ((*s & 0xC0) != 0x80)
                return false;
    }
    return true;
}

struct pieces {
    const char *rule;
    SQLLEN room;
};

static const struct pieces narrow_pieces[] = {
    {"SQLGetData: SQL_C_CHAR in pieces of 4 bytes never splits a UTF-8 sequence where it fits", 5},
    {"SQLGetData: SQL_C_CHAR in pieces of 5 bytes never splits a UTF-8 sequence", 6},
    {"SQLGetData: SQL_C_CHAR in pieces of 6 bytes never splits a UTF-8 sequence", 7},
    {"SQLGetData: SQL_C_CHAR in pieces of 7 bytes never splits a UTF-8 sequence", 8},
    {"SQLGetData: SQL_C_CHAR in pieces of 11 bytes never splits a UTF-8 sequence", 12},
    {"SQLGetData: SQL_C_CHAR in pieces of 63 bytes never splits a UTF-8 sequence", 64},
};

static void joins_narrow(struct session *session, const void *row)
{
    SQLLEN room = ((const struct pieces *)row)->room, length = 0;
    unsigned char whole[400] = "", piece[80];
    SQLRETURN result;
    int turns = 0;

    first_row(session, "SELECT {fn REPEAT('" MIXED "', 5)}");
    while ((result = SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, room, &length)) == SQL_SUCCESS_WITH_INFO) {
        assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "01004");
        assert_true(is_whole_utf8(piece));
        assert_true(length == SQL_NO_TOTAL || length >= room);
        strcat((char *)whole, (char *)piece);
        assert_true(++turns < 200);
    }
    assert_int_equal(result, SQL_SUCCESS);
    assert_int_equal(length, strlen((char *)piece));
    strcat((char *)whole, (char *)piece);
    assert_string_equal((char *)whole, MIXED MIXED MIXED MIXED MIXED);
    NO_DATA(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, room, &length));
}

static const struct pieces wide_pieces[] = {
    {"SQLGetData: SQL_C_WCHAR in pieces of 2 units never splits a surrogate pair", 6},
    {"SQLGetData: SQL_C_WCHAR in pieces of 3 units never splits a surrogate pair", 8},
    {"SQLGetData: SQL_C_WCHAR in pieces of 4 units never splits a surrogate pair", 10},
    {"SQLGetData: SQL_C_WCHAR in a buffer of an odd number of bytes", 11},
    {"SQLGetData: SQL_C_WCHAR in pieces of 31 units never splits a surrogate pair", 64},
};

static void joins_wide(struct session *session, const void *row)
{
    SQLLEN room = ((const struct pieces *)row)->room, length = 0;
    SQLWCHAR piece[40], whole[200];
    size_t units = 0;
    SQLRETURN result;

    first_row(session, "SELECT {fn REPEAT('" MIXED "', 5)}");
    do {
        result = SQLGetData(session->stmt, 1, SQL_C_WCHAR, piece, room, &length);
        assert_true(SQL_SUCCEEDED(result));
        size_t here = 0;
        while (piece[here])
            whole[units++] = piece[here++];
        assert_true(here == 0 || (piece[here - 1] & 0xFC00) != 0xD800);     /* no first half alone */
        assert_true(here > 0);
    } while (result == SQL_SUCCESS_WITH_INFO);
    assert_int_equal(units, 5 * 11);
    for (size_t i = 0; i < units; i++) {
        static const SQLWCHAR wanted[] = {'Z', 'o', 0xEB, ' ', 0x20AC, 0xD83D, 0xDE00, ' ', 'e', 0x301, '!'};
        assert_int_equal(whole[i], wanted[i % 11]);
    }
    NO_DATA(session, SQLGetData(session->stmt, 1, SQL_C_WCHAR, piece, room, &length));
}

static const struct pieces byte_pieces[] = {
    {"SQLGetData: SQL_C_BINARY in pieces of 1 byte", 1},
    {"SQLGetData: SQL_C_BINARY in pieces of 2 bytes", 2},
    {"SQLGetData: SQL_C_BINARY in pieces of 7 bytes", 7},
};

static void joins_bytes(struct session *session, const void *row)
{
    static const unsigned char wanted[] = {0x00, 0xFF, 0x10, 0x00, 0x20, 0x30, 0x00};
    SQLLEN room = ((const struct pieces *)row)->room, length = 0, left = 7;
    unsigned char piece[8], whole[8];
    size_t at = 0;
    SQLRETURN result;

    first_row(session, "SELECT X'00FF1000203000'");
    do {
        result = SQLGetData(session->stmt, 1, SQL_C_BINARY, piece, room, &length);
        assert_true(SQL_SUCCEEDED(result));
        assert_int_equal(length, left);                 /* what was left before this call */
        size_t here = (size_t)(left < room ? left : room);
        memcpy(whole + at, piece, here);
        at += here;
        left -= (SQLLEN)here;
    } while (result == SQL_SUCCESS_WITH_INFO);
    assert_int_equal(at, 7);
    assert_memory_equal(whole, wanted, 7);
}

static void the_length_shrinks(struct session *session)
{
    SQLCHAR piece[4];
    SQLLEN length = 0;
    first_row(session, "SELECT 'abcdefgh'");
    WARNS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, 4, &length), "01004");
    assert_int_equal(length, 8);
    WARNS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, 4, &length), "01004");
    assert_int_equal(length, 5);
    OK(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, 4, &length));
    assert_int_equal(length, 2);
    assert_string_equal((char *)piece, "gh");
}

static void zero_room_tells_the_length(struct session *session)
{
    SQLCHAR none[1] = {'Z'};
    SQLLEN length = 0;
    first_row(session, "SELECT 'abcdefgh'");
    WARNS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, none, 0, &length), "01004");
    assert_int_equal(length, 8);
    assert_int_equal(none[0], 'Z');
    assert_string_equal(cell(session, 1), "abcdefgh");
}

static void fixed_once(struct session *session)
{
    SQLINTEGER value = 0;
    first_row(session, "SELECT 42");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    NO_DATA(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
}

static void null_once(struct session *session)
{
    SQLINTEGER value = 0;
    SQLLEN length = 0;
    first_row(session, "SELECT CAST(NULL AS INTEGER)");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, &length));
    assert_int_equal(length, SQL_NULL_DATA);
    NO_DATA(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, &length));
}

static void empty_once(struct session *session)
{
    SQLCHAR piece[4] = "x";
    SQLLEN length = 9;
    first_row(session, "SELECT ''");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, sizeof piece, &length));
    assert_int_equal(length, 0);
    assert_string_equal((char *)piece, "");
    NO_DATA(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, sizeof piece, &length));
}

static void any_order(struct session *session)
{
    first_row(session, "SELECT 1, 2, 3");
    assert_string_equal(cell(session, 3), "3");
    assert_string_equal(cell(session, 1), "1");
    assert_string_equal(cell(session, 2), "2");
}

static void another_column_begins_anew(struct session *session)
{
    SQLCHAR piece[4];
    first_row(session, "SELECT 'abcdef', 'x'");
    WARNS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, 4, NULL), "01004");
    assert_string_equal(cell(session, 2), "x");
    WARNS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, 4, NULL), "01004");
    assert_string_equal((char *)piece, "abc");
}

static void bound_columns_too(struct session *session)
{
    SQLINTEGER bound = 0, got = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &bound, 0, NULL));
    first_row(session, "SELECT 42");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &got, 0, NULL));
    assert_int_equal(got, 42);
    assert_int_equal(bound, 42);
}

static void type_of_the_descriptor(struct session *session)
{
    SQLINTEGER bound = 0, got = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &bound, 0, NULL));
    first_row(session, "SELECT '42'");
    OK(session, SQLGetData(session->stmt, 1, SQL_ARD_TYPE, &got, 0, NULL));
    assert_int_equal(got, 42);
}

static void no_such_column(struct session *session)
{
    SQLINTEGER value = 0;
    first_row(session, "SELECT 42");
    FAILS(session, SQLGetData(session->stmt, 2, SQL_C_SLONG, &value, 0, NULL), "07009");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
}

static void no_such_type(struct session *session)
{
    SQLINTEGER value = 0;
    first_row(session, "SELECT 42");
    FAILS(session, SQLGetData(session->stmt, 1, 4711, &value, 0, NULL), "HY003");
}

static void negative_room(struct session *session)
{
    SQLCHAR value[4];
    first_row(session, "SELECT 42");
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, value, -1, NULL), "HY090");
}

static void before_the_first_row(struct session *session)
{
    SQLINTEGER value = 0;
    query(session, "SELECT 42");
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL), "24000");
}

static void behind_the_last_row(struct session *session)
{
    SQLINTEGER value = 0;
    first_row(session, "SELECT 42");
    NO_DATA(session, SQLFetch(session->stmt));
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL), "24000");
}

static void before_executing(struct session *session)
{
    SQLINTEGER value = 0;
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL), "HY010");
    OK(session, SQLPrepare(session->stmt, text("SELECT 42"), SQL_NTS));
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL), "HY010");
}

static void failing_leaves_the_row(struct session *session)
{
    SQLINTEGER value = 0;
    first_row(session, "SELECT 'abc'");
    FAILS(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL), "22018");
    assert_string_equal(cell(session, 1), "abc");
}

static void a_long_text(struct session *session)
{
    enum { LONG = 500000 };
    char *all = malloc(LONG + 10);
    SQLLEN length = 0;
    first_row(session, "SELECT {fn REPEAT('0123456789', 50000)}");
    assert_non_null(all);
    OK(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, all, LONG + 10, &length));
    assert_int_equal(length, LONG);
    assert_int_equal(strlen(all), LONG);
    assert_memory_equal(all + LONG - 10, "0123456789", 10);
    free(all);
}

static void zero_inside(struct session *session)
{
    char given[] = "ab\0cd", piece[4];
    SQLWCHAR units[8];
    static const SQLWCHAR wanted[] = {'a', 'b', 0, 'c', 'd', 0};
    SQLLEN length = 5, told = 0;
    for (SQLUSMALLINT i = 1; i <= 2; i++)
        OK(session, SQLBindParameter(session->stmt, i, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 5, 0, given, 0, &length));
    first_row(session, "SELECT CAST(? AS VARCHAR(20)), CAST(? AS VARCHAR(20))");
    WARNS(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, sizeof piece, &told), "01004");
    assert_int_equal(told, 5);
    assert_memory_equal(piece, "ab\0", 4);
    OK(session, SQLGetData(session->stmt, 1, SQL_C_CHAR, piece, sizeof piece, &told));
    assert_int_equal(told, 2);
    assert_string_equal(piece, "cd");
    OK(session, SQLGetData(session->stmt, 2, SQL_C_WCHAR, units, sizeof units, &told));
    assert_int_equal(told, 10);
    assert_memory_equal(units, wanted, sizeof wanted);
}

static const struct rule rules[] = {
    {"SQLGetData: a zero character inside a text is a character, in pieces and in both widths", zero_inside},
    {"SQLGetData: the length told is what was left before the call", the_length_shrinks},
    {"SQLGetData: a buffer of length 0 tells the length and takes nothing", zero_room_tells_the_length},
    {"SQLGetData: a value of fixed length is read once, then SQL_NO_DATA", fixed_once},
    {"SQLGetData: NULL is read once, then SQL_NO_DATA", null_once},
    {"SQLGetData: an empty text is read once, then SQL_NO_DATA", empty_once},
    {"SQLGetData: columns in any order (SQL_GD_ANY_ORDER)", any_order},
    {"SQLGetData: another column in between begins the first anew", another_column_begins_anew},
    {"SQLGetData: bound columns too (SQL_GD_BOUND)", bound_columns_too},
    {"SQLGetData: SQL_ARD_TYPE takes the type of the descriptor", type_of_the_descriptor},
    {"SQLGetData: a column that does not exist is 07009 and does no harm", no_such_column},
    {"SQLGetData: a C type that does not exist is HY003", no_such_type},
    {"SQLGetData: a negative buffer length is HY090", negative_room},
    {"SQLGetData: before the first row it is 24000", before_the_first_row},
    {"SQLGetData: behind the last row it is 24000", behind_the_last_row},
    {"SQLGetData: on a statement that was not executed it is HY010", before_executing},
    {"SQLGetData: after a failed conversion the value can be read in another type", failing_leaves_the_row},
    {"SQLGetData: half a million characters in one piece", a_long_text},
};

int main(void)
{
    EACH(joins_narrow, narrow_pieces);
    EACH(joins_wide, wide_pieces);
    EACH(joins_bytes, byte_pieces);
    RULES(rules);
    return chapter_run("SQLGetData");
}
