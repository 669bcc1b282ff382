/* Proves odbc/types.c: every SQL type of ODBC can be cast to, declared, described and stored, and keeps its range. */
#include "session.h"

#include <stdio.h>
#include <string.h>

#define NTS(string) text(string), SQL_NTS

static SQLSMALLINT described(const struct session *session, SQLUSMALLINT column, SQLULEN *size)
{
    SQLSMALLINT type, digits, nullable, length;

    WORKS(session->stmt, SQLDescribeCol(session->stmt, column, NULL, 0, &length, &type, size, &digits, &nullable));
    return type;
}

/* ODBC's names of types, as CONVERT takes them, and what the result is described as: a type with all values of the one named. */
static void every_type_can_be_converted_to(void **state)
{
    static const struct { const char *name, *value; SQLSMALLINT type; SQLULEN size; const char *shown; } cases[] = {
        {"SQL_CHAR", "12.5", SQL_WVARCHAR, 6, "12.5"},
        {"SQL_VARCHAR", "12.5", SQL_WVARCHAR, 6, "12.5"},
        {"SQL_WCHAR", "'abc'", SQL_WVARCHAR, 3, "abc"},
        {"SQL_WVARCHAR", "{d '2024-02-29'}", SQL_WVARCHAR, 10, "2024-02-29"},
        {"SQL_LONGVARCHAR", "'abc'", SQL_WLONGVARCHAR, 1073741823, "abc"},
        {"SQL_WLONGVARCHAR", "12", SQL_WLONGVARCHAR, 1073741823, "12"},
        {"SQL_VARCHAR(3)", "'abc '", 0, 0, "22001"},
        {"SQL_CHAR(5)", "'abc'", SQL_WVARCHAR, 5, "abc"},
        {"SQL_BIT", "5", SQL_BIT, 1, "1"},
        {"SQL_TINYINT", "'-128'", SQL_TINYINT, 3, "-128"},
        {"SQL_TINYINT", "128", 0, 0, "22003"},
        {"SQL_SMALLINT", "32767.9", SQL_SMALLINT, 5, "32767"},
        {"SQL_SMALLINT", "70000", 0, 0, "22003"},
        {"SQL_INTEGER", "-2147483648", SQL_INTEGER, 10, "-2147483648"},
        {"SQL_INTEGER", "3000000000", 0, 0, "22003"},
        {"SQL_BIGINT", "'9223372036854775807'", SQL_BIGINT, 19, "9223372036854775807"},
        {"SQL_BIGINT", "1e19", 0, 0, "22003"},
        {"SQL_DECIMAL(5,2)", "1.255", SQL_DECIMAL, 5, "1.26"},
        {"SQL_NUMERIC(5,2)", "'1.25'", SQL_DECIMAL, 5, "1.25"},
        {"SQL_NUMERIC(3,2)", "10", 0, 0, "22003"},
        {"SQL_DECIMAL", "7", SQL_DECIMAL, 38, "7"},
        {"SQL_REAL", "0.1", SQL_DOUBLE, 15, "0.1"},
        {"SQL_FLOAT", "1", SQL_DOUBLE, 15, "1"},
        {"SQL_DOUBLE", "'1e300'", SQL_DOUBLE, 15, "1e+300"},
        {"SQL_DOUBLE", "'one'", 0, 0, "22018"},
        {"SQL_BINARY", "'4142'", SQL_VARBINARY, 2, "4142"},
        {"SQL_VARBINARY(4)", "X'41'", SQL_VARBINARY, 4, "41"},
        {"SQL_LONGVARBINARY", "X'41'", SQL_LONGVARBINARY, 1073741823, "41"},
        {"SQL_DATE", "'2024-02-29'", SQL_TYPE_DATE, 10, "2024-02-29"},
        {"SQL_TYPE_DATE", "{ts '2024-02-29 12:00:00'}", SQL_TYPE_DATE, 10, "2024-02-29"},
        {"SQL_TIME", "'12:34:56'", SQL_TYPE_TIME, 8, "12:34:56"},
        {"SQL_TYPE_TIME", "{ts '2024-02-29 12:00:00'}", SQL_TYPE_TIME, 8, "12:00:00"},
        {"SQL_TIMESTAMP", "{d '2024-02-29'}", SQL_TYPE_TIMESTAMP, 26, "2024-02-29 00:00:00"},
        {"SQL_TYPE_TIMESTAMP(0)", "'2024-02-29 12:00:00'", SQL_TYPE_TIMESTAMP, 19, "2024-02-29 12:00:00"},
        {"SQL_GUID", "'01234567-89AB-CDEF-0123-456789ABCDEF'", SQL_GUID, 36, "01234567-89ab-cdef-0123-456789abcdef"},
    };
    struct session *session = *state;
    char sql[200];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLULEN size;
        snprintf(sql, sizeof sql, "SELECT {fn CONVERT(%s, %s)}", cases[i].value, cases[i].name);
        SQLFreeStmt(session->stmt, SQL_CLOSE);
        if (cases[i].type == 0) {
            FAILS(session->stmt, SQLExecDirect(session->stmt, NTS(sql)), cases[i].shown);
            continue;
        }
        session_query(session, sql);
        SQLSMALLINT type = described(session, 1, &size);
        WORKS(session->stmt, SQLFetch(session->stmt));
        const char *shown = session_cell(session, 1);
        if (type != cases[i].type || size != cases[i].size || strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s: type %d(%d), \"%s\"", sql, type, (int)size, shown);
    }
}

struct listed_type {
    char name[40], params[40];
    SQLSMALLINT code;
};

/* What SQLGetTypeInfo tells, as far as a type is written by it. */
static size_t list_types(const struct session *session, struct listed_type *types, size_t room)
{
    size_t count = 0;

    WORKS(session->stmt, SQLGetTypeInfo(session->stmt, SQL_ALL_TYPES));
    for (; SQLFetch(session->stmt) == SQL_SUCCESS; count++) {
        assert_true(count < room);
        SQLINTEGER code;
        WORKS(session->stmt, SQLGetData(session->stmt, 2, SQL_C_SLONG, &code, 0, NULL));
        types[count].code = (SQLSMALLINT)code;
        snprintf(types[count].name, sizeof types[count].name, "%s", session_cell(session, 1));
        const char *params = session_cell(session, 6);
        const char *length = strcmp(params, "(null)") == 0 ? "" : strcmp(params, "precision,scale") == 0 ? "(10,2)" : "(20)";
        snprintf(types[count].params, sizeof types[count].params, "%s", length);
    }
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    return count;
}

/* A type that SQLGetTypeInfo lists is what CAST and CREATE TABLE make under its name, for SQLDescribeCol, SQLDescribeParam and
 * SQLColumns alike. */
static void every_type_that_is_listed_can_be_made(void **state)
{
    struct session *session = *state;
    struct listed_type types[40];
    size_t count = list_types(session, types, sizeof types / sizeof types[0]);
    char sql[200];

    assert_int_equal(count, 15);
    for (size_t i = 0; i < count; i++) {
        SQLSMALLINT type, digits, nullable;
        SQLULEN size;
        SQLINTEGER code;
        snprintf(sql, sizeof sql, "SELECT CAST(NULL AS %.39s%.39s)", types[i].name, types[i].params);
        session_query(session, sql);
        assert_int_equal(described(session, 1, &size), types[i].code);
        WORKS(session->stmt, SQLFetch(session->stmt));
        assert_string_equal(session_cell(session, 1), "(null)");

        snprintf(sql, sizeof sql, "CREATE TABLE #made (c %.39s%.39s); INSERT INTO #made VALUES (NULL); SELECT c FROM #made", types[i].name, types[i].params);
        session_query(session, sql);
        WORKS(session->stmt, SQLMoreResults(session->stmt));
        WORKS(session->stmt, SQLMoreResults(session->stmt));
        assert_int_equal(described(session, 1, &size), types[i].code);
        SQLFreeStmt(session->stmt, SQL_CLOSE);
        WORKS(session->stmt, SQLPrepare(session->stmt, NTS("INSERT INTO #made VALUES (?)")));
        WORKS(session->stmt, SQLDescribeParam(session->stmt, 1, &type, &size, &digits, &nullable));
        assert_int_equal(type, types[i].code);
        WORKS(session->stmt, SQLColumns(session->stmt, NULL, 0, NULL, 0, NTS("#made"), NULL, 0));
        WORKS(session->stmt, SQLFetch(session->stmt));
        WORKS(session->stmt, SQLGetData(session->stmt, 5, SQL_C_SLONG, &code, 0, NULL));
        assert_int_equal(code, types[i].code);
        assert_string_equal(session_cell(session, 6), types[i].name);
        session_query(session, "DROP TABLE #made");
    }
}

static void small_numbers_are_described_by_their_size(void **state)
{
    static const struct { SQLUSMALLINT field; SQLLEN small, tiny; } cases[] = {
        {SQL_DESC_CONCISE_TYPE, SQL_SMALLINT, SQL_TINYINT}, {SQL_DESC_LENGTH, 5, 3}, {SQL_DESC_PRECISION, 5, 3}, {SQL_DESC_OCTET_LENGTH, 2, 1},
        {SQL_DESC_DISPLAY_SIZE, 6, 4}, {SQL_DESC_NUM_PREC_RADIX, 10, 10}, {SQL_DESC_UNSIGNED, SQL_FALSE, SQL_FALSE},
    };
    struct session *session = *state;
    struct { SQLSMALLINT number, after; } small = {0, 77};
    struct { SQLSCHAR number, after; } tiny = {0, 77};
    SQLLEN length;

    session_query(session, "SELECT CAST(-32768 AS SMALLINT), CAST(-128 AS TINYINT)");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (SQLUSMALLINT column = 1; column <= 2; column++) {
            SQLLEN value = -1;
            WORKS(session->stmt, SQLColAttribute(session->stmt, column, cases[i].field, NULL, 0, NULL, &value));
            assert_int_equal(value, column == 1 ? cases[i].small : cases[i].tiny);
        }
    WORKS(session->stmt, SQLFetch(session->stmt));
    WORKS(session->stmt, SQLGetData(session->stmt, 1, SQL_C_DEFAULT, &small, sizeof small, &length));
    assert_int_equal(length, 2);
    WORKS(session->stmt, SQLGetData(session->stmt, 2, SQL_C_DEFAULT, &tiny, sizeof tiny, &length));
    assert_int_equal(length, 1);
    assert_int_equal(small.number, -32768);
    assert_int_equal(small.after, 77);
    assert_int_equal(tiny.number, -128);
    assert_int_equal(tiny.after, 77);
}

/* What is stored in a column of 16 or 8 bits has them. */
static void small_columns_keep_their_range(void **state)
{
    static const struct { const char *statement, *sqlstate; } cases[] = {
        {"INSERT INTO #small VALUES (32767, 127)", NULL},
        {"INSERT INTO #small VALUES (-32768, -128)", NULL},
        {"INSERT INTO #small VALUES (32768, 0)", "22003"},
        {"INSERT INTO #small VALUES (0, -129)", "22003"},
        {"INSERT INTO #small VALUES ('70000', 0)", "22003"},
        {"INSERT INTO #small SELECT Id * 70000, 0 FROM Everything WHERE Id = 1", "22003"},
        {"INSERT INTO #small (Tiny) SELECT Small FROM #small", "22003"},
        {"INSERT INTO #small (Small) SELECT Tiny FROM #small", NULL},
        {"UPDATE #small SET Small = Small + 1", "22003"},
        {"UPDATE #small SET Tiny = -Tiny", "22003"},
        {"UPDATE #small SET Tiny = Tiny / 2 WHERE Tiny IS NOT NULL", NULL},
    };
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER number = 32768;

    session_query(session, "CREATE TABLE #small (Small SMALLINT, Tiny TINYINT)");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLFreeStmt(stmt, SQL_CLOSE);
        if (cases[i].sqlstate)
            FAILS(stmt, SQLExecDirect(stmt, NTS(cases[i].statement)), cases[i].sqlstate);
        else
            WORKS(stmt, SQLExecDirect(stmt, NTS(cases[i].statement)));
    }
    WORKS(stmt, SQLPrepare(stmt, NTS("INSERT INTO #small (Small) VALUES (?)")));
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &number, 0, NULL));
    FAILS(stmt, SQLExecute(stmt), "22003");
    number = -5;
    WORKS(stmt, SQLExecute(stmt));
    SQLFreeStmt(stmt, SQL_RESET_PARAMS);
    session_query(session, "SELECT COUNT(*), MAX(Small), MIN(Small), MAX(Tiny), MIN(Tiny) FROM #small");
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "5");
    assert_string_equal(session_cell(session, 2), "32767");
    assert_string_equal(session_cell(session, 3), "-32768");
    assert_string_equal(session_cell(session, 4), "63");
    assert_string_equal(session_cell(session, 5), "-64");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_type_can_be_converted_to, session_open, session_close),
        cmocka_unit_test_setup_teardown(every_type_that_is_listed_can_be_made, session_open, session_close),
        cmocka_unit_test_setup_teardown(small_numbers_are_described_by_their_size, session_open, session_close),
        cmocka_unit_test_setup_teardown(small_columns_keep_their_range, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
