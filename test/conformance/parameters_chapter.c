/* Parameters: SQLBindParameter, SQLDescribeParam, SQLNumParams, SQLParamData, SQLPutData, and conversions from C (Appendix D). */
#include "chapter.h"

static const SQL_DATE_STRUCT a_date = {2024, 2, 29}, no_date = {2023, 2, 29};
static const SQL_TIME_STRUCT a_time = {12, 34, 56}, no_time = {25, 0, 0};
static const SQL_TIMESTAMP_STRUCT a_moment = {2024, 2, 29, 12, 34, 56, 500000000}, midnight = {2024, 2, 29, 0, 0, 0, 0};
static const SQLINTEGER slong = -42;
static const SQLUINTEGER ulong_value = 3000000000U;
static const SQLSMALLINT sshort = -42;
static const SQLBIGINT sbig = -9000000000LL;
static const SQLUBIGINT ubig = 18446744073709551615ULL;
static const SQLSCHAR stiny = -7;
static const SQLCHAR utiny = 200, bit = 1;
static const double real = 2.5, huge = 1e300;
static const float narrow_real = 0.5F;
static const SQL_NUMERIC_STRUCT numeric = {10, 2, 1, {0x40, 0xE2, 0x01}};        /* 1234.56 */
static const SQLGUID guid = {0x01234567, 0x89AB, 0xCDEF, {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}};
static const SQLWCHAR wide_text[] = {'Z', 0xEB, 0xD83D, 0xDE00, 0};

struct conversion {
    const char *rule;
    SQLSMALLINT c_type, type;
    SQLULEN size;
    SQLSMALLINT digits;
    const void *value;
    SQLLEN length;
    const char *sql;      /* with one parameter */
    const char *state;    /* "" success */
    const char *wanted;   /* the first column as text */
};

#define GIVES(what, c_type, type, size, digits, value, sql, wanted) \
    {"SQLBindParameter: " what, c_type, type, size, digits, value, SQL_NTS, sql, "", wanted}
#define REFUSED(what, c_type, type, size, digits, value, sql, state) \
    {"SQLBindParameter: " what " is " state, c_type, type, size, digits, value, SQL_NTS, sql, state, NULL}

static const struct conversion conversions[] = {
    GIVES("SQL_C_CHAR to SQL_VARCHAR", SQL_C_CHAR, SQL_VARCHAR, 20, 0, "abc", "SELECT ?", "abc"),
    GIVES("SQL_C_CHAR to SQL_WVARCHAR", SQL_C_CHAR, SQL_WVARCHAR, 20, 0, "Zo\xC3\xAB", "SELECT ?", "Zo\xC3\xAB"),
    GIVES("SQL_C_WCHAR to SQL_WVARCHAR, with a surrogate pair", SQL_C_WCHAR, SQL_WVARCHAR, 20, 0, wide_text, "SELECT ?", "Z\xC3\xAB\xF0\x9F\x98\x80"),
    GIVES("SQL_C_CHAR to SQL_INTEGER", SQL_C_CHAR, SQL_INTEGER, 0, 0, "42", "SELECT CAST(? AS INTEGER) + 1", "43"),
    GIVES("SQL_C_CHAR to SQL_DECIMAL", SQL_C_CHAR, SQL_DECIMAL, 10, 2, "12.34", "SELECT CAST(? AS DECIMAL(10,2))", "12.34"),
    GIVES("SQL_C_CHAR to SQL_TYPE_DATE", SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "2024-02-29", "SELECT CAST(? AS DATE)", "2024-02-29"),
    GIVES("SQL_C_CHAR to SQL_TYPE_TIMESTAMP", SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 19, 0, "2024-02-29 12:34:56", "SELECT CAST(? AS TIMESTAMP(0))", "2024-02-29 12:34:56"),
    GIVES("SQL_C_CHAR to SQL_BIT", SQL_C_CHAR, SQL_BIT, 1, 0, "1", "SELECT CAST(? AS BIT)", "1"),
    GIVES("SQL_C_CHAR to SQL_GUID", SQL_C_CHAR, SQL_GUID, 36, 0, "01234567-89AB-CDEF-0123-456789ABCDEF", "SELECT CAST(? AS GUID)", "01234567-89ab-cdef-0123-456789abcdef"),
    GIVES("SQL_C_CHAR of hexadecimal digits to SQL_VARBINARY", SQL_C_CHAR, SQL_VARBINARY, 20, 0, "00ff", "SELECT CAST(? AS VARBINARY(20))", "00FF"),
    GIVES("SQL_C_SLONG to SQL_INTEGER", SQL_C_SLONG, SQL_INTEGER, 0, 0, &slong, "SELECT CAST(? AS INTEGER)", "-42"),
    GIVES("SQL_C_SLONG to SQL_VARCHAR", SQL_C_SLONG, SQL_VARCHAR, 20, 0, &slong, "SELECT ?", "-42"),
    GIVES("SQL_C_SLONG to SQL_DOUBLE", SQL_C_SLONG, SQL_DOUBLE, 15, 0, &slong, "SELECT CAST(? AS DOUBLE) = -42", "1"),
    GIVES("SQL_C_ULONG to SQL_BIGINT", SQL_C_ULONG, SQL_BIGINT, 0, 0, &ulong_value, "SELECT CAST(? AS BIGINT)", "3000000000"),
    GIVES("SQL_C_SSHORT to SQL_INTEGER", SQL_C_SSHORT, SQL_INTEGER, 0, 0, &sshort, "SELECT CAST(? AS INTEGER)", "-42"),
    GIVES("SQL_C_SBIGINT to SQL_BIGINT", SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &sbig, "SELECT CAST(? AS BIGINT)", "-9000000000"),
    GIVES("SQL_C_UBIGINT to SQL_DECIMAL", SQL_C_UBIGINT, SQL_DECIMAL, 20, 0, &ubig, "SELECT CAST(? AS DECIMAL(20,0))", "18446744073709551615"),
    GIVES("SQL_C_STINYINT to SQL_SMALLINT", SQL_C_STINYINT, SQL_SMALLINT, 0, 0, &stiny, "SELECT CAST(? AS INTEGER)", "-7"),
    GIVES("SQL_C_UTINYINT to SQL_INTEGER", SQL_C_UTINYINT, SQL_INTEGER, 0, 0, &utiny, "SELECT CAST(? AS INTEGER)", "200"),
    GIVES("SQL_C_BIT to SQL_BIT", SQL_C_BIT, SQL_BIT, 1, 0, &bit, "SELECT CAST(? AS BIT)", "1"),
    GIVES("SQL_C_BIT to SQL_INTEGER", SQL_C_BIT, SQL_INTEGER, 1, 0, &bit, "SELECT CAST(? AS INTEGER)", "1"),
    GIVES("SQL_C_DOUBLE to SQL_DOUBLE", SQL_C_DOUBLE, SQL_DOUBLE, 15, 0, &real, "SELECT CAST(? AS DOUBLE)", "2.5"),
    GIVES("SQL_C_FLOAT to SQL_REAL", SQL_C_FLOAT, SQL_REAL, 7, 0, &narrow_real, "SELECT CAST(? AS DOUBLE)", "0.5"),
    GIVES("SQL_C_DOUBLE to SQL_VARCHAR", SQL_C_DOUBLE, SQL_VARCHAR, 20, 0, &real, "SELECT ?", "2.5"),
    GIVES("SQL_C_NUMERIC to SQL_DECIMAL", SQL_C_NUMERIC, SQL_DECIMAL, 10, 2, &numeric, "SELECT CAST(? AS DECIMAL(10,2))", "1234.56"),
    GIVES("SQL_C_TYPE_DATE to SQL_TYPE_DATE", SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &a_date, "SELECT CAST(? AS DATE)", "2024-02-29"),
    GIVES("SQL_C_TYPE_DATE to SQL_VARCHAR", SQL_C_TYPE_DATE, SQL_VARCHAR, 20, 0, &a_date, "SELECT ?", "2024-02-29"),
    GIVES("SQL_C_TYPE_DATE to SQL_TYPE_TIMESTAMP is midnight", SQL_C_TYPE_DATE, SQL_TYPE_TIMESTAMP, 19, 0, &a_date, "SELECT CAST(? AS TIMESTAMP(0))", "2024-02-29 00:00:00"),
    GIVES("SQL_C_TYPE_TIME to SQL_TYPE_TIME", SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &a_time, "SELECT CAST(? AS TIME)", "12:34:56"),
    GIVES("SQL_C_TYPE_TIMESTAMP to SQL_TYPE_TIMESTAMP", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 21, 1, &a_moment, "SELECT CAST(? AS TIMESTAMP(1))", "2024-02-29 12:34:56.5"),
    GIVES("SQL_C_TYPE_TIMESTAMP at midnight to SQL_TYPE_DATE", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, 10, 0, &midnight, "SELECT CAST(? AS DATE)", "2024-02-29"),
    GIVES("SQL_C_GUID to SQL_GUID", SQL_C_GUID, SQL_GUID, 36, 0, &guid, "SELECT CAST(? AS GUID)", "01234567-89ab-cdef-0123-456789abcdef"),
    {"SQLBindParameter: SQL_C_BINARY to SQL_VARBINARY, with a zero byte", SQL_C_BINARY, SQL_VARBINARY, 20, 0, "\x00\xFF\x10", 3, "SELECT CAST(? AS VARBINARY(20))", "", "00FF10"},
    {"SQLBindParameter: a length ends SQL_C_CHAR before its NUL", SQL_C_CHAR, SQL_VARCHAR, 20, 0, "abcdef", 3, "SELECT ?", "", "abc"},
    {"SQLBindParameter: SQL_NULL_DATA is NULL", SQL_C_CHAR, SQL_VARCHAR, 20, 0, "abc", SQL_NULL_DATA, "SELECT CASE WHEN CAST(? AS VARCHAR(20)) IS NULL THEN 'null' END", "", "null"},
    REFUSED("SQL_C_CHAR that is no number to SQL_INTEGER", SQL_C_CHAR, SQL_INTEGER, 0, 0, "abc", "SELECT CAST(? AS INTEGER)", "22018"),
    REFUSED("SQL_C_CHAR too large to SQL_INTEGER", SQL_C_CHAR, SQL_INTEGER, 0, 0, "99999999999", "SELECT CAST(? AS INTEGER)", "22001"),
    REFUSED("SQL_C_CHAR that is no date to SQL_TYPE_DATE", SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "tomorrow", "SELECT CAST(? AS DATE)", "22018"),
    REFUSED("SQL_C_CHAR that is no guid to SQL_GUID", SQL_C_CHAR, SQL_GUID, 36, 0, "abc", "SELECT CAST(? AS GUID)", "22018"),
    REFUSED("SQL_C_DOUBLE too large to SQL_INTEGER", SQL_C_DOUBLE, SQL_INTEGER, 0, 0, &huge, "SELECT CAST(? AS INTEGER)", "22003"),
    REFUSED("SQL_C_TYPE_DATE that does not exist to SQL_TYPE_DATE", SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &no_date, "SELECT CAST(? AS DATE)", "22007"),
    REFUSED("SQL_C_TYPE_TIME that does not exist to SQL_TYPE_TIME", SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &no_time, "SELECT CAST(? AS TIME)", "22007"),
    REFUSED("SQL_C_TYPE_TIMESTAMP with a time to SQL_TYPE_DATE", SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, 10, 0, &a_moment, "SELECT CAST(? AS DATE)", "22008"),
};

static void converts(struct session *session, const void *row)
{
    const struct conversion *c = row;
    SQLLEN length = c->length;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c->c_type, c->type, c->size, c->digits, (SQLPOINTER)(uintptr_t)c->value, 0, &length));
    if (*c->state) {
        FAILS(session, SQLExecDirect(session->stmt, text(c->sql), SQL_NTS), c->state);
        return;
    }
    first_row(session, c->sql);
    assert_string_equal(cell(session, 1), c->wanted);
}

struct pair {
    const char *rule;
    SQLSMALLINT c_type, type;
};

static const struct pair pairs[] = {
    {"SQLBindParameter: SQL_C_TYPE_DATE to SQL_INTEGER is 07006", SQL_C_TYPE_DATE, SQL_INTEGER},
    {"SQLBindParameter: SQL_C_TYPE_DATE to SQL_TYPE_TIME is 07006", SQL_C_TYPE_DATE, SQL_TYPE_TIME},
    {"SQLBindParameter: SQL_C_SLONG to SQL_TYPE_DATE is 07006", SQL_C_SLONG, SQL_TYPE_DATE},
    {"SQLBindParameter: SQL_C_GUID to SQL_INTEGER is 07006", SQL_C_GUID, SQL_INTEGER},
    {"SQLBindParameter: SQL_C_SLONG to SQL_GUID is 07006", SQL_C_SLONG, SQL_GUID},
    {"SQLBindParameter: SQL_C_TYPE_TIME to SQL_TYPE_DATE is 07006", SQL_C_TYPE_TIME, SQL_TYPE_DATE},
    {"SQLBindParameter: SQL_C_TYPE_TIMESTAMP to SQL_DOUBLE is 07006", SQL_C_TYPE_TIMESTAMP, SQL_DOUBLE},
};

static void has_no_conversion(struct session *session, const void *row)
{
    const struct pair *pair = row;
    char value[64] = {0};
    FAILS(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, pair->c_type, pair->type, 10, 0, value, 0, NULL), "07006");
}

static SQLRETURN bind(struct session *session, SQLUSMALLINT at, SQLSMALLINT io, SQLSMALLINT c_type, SQLSMALLINT type)
{
    static SQLINTEGER value = 1;
    return SQLBindParameter(session->stmt, at, io, c_type, type, 10, 0, &value, 0, NULL);
}

static void bad_bindings(struct session *session)
{
    FAILS(session, bind(session, 0, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER), "07009");
    FAILS(session, bind(session, 1, SQL_PARAM_INPUT, 4711, SQL_INTEGER), "HY003");
    FAILS(session, bind(session, 1, SQL_PARAM_INPUT, SQL_C_SLONG, 4711), "HY004");
    FAILS(session, bind(session, 1, 77, SQL_C_SLONG, SQL_INTEGER), "HY105");
}

static void nothing_bound(struct session *session)
{
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), "07002");
    OK(session, bind(session, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER));
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT ?, ?"), SQL_NTS), "07002");
}

static void counted(struct session *session)
{
    SQLSMALLINT count = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT '?' FROM Users WHERE Id = ? AND Username = ?"), SQL_NTS));
    OK(session, SQLNumParams(session->stmt, &count));
    assert_int_equal(count, 2);
}

static void described(struct session *session)
{
    SQLSMALLINT type = 0, digits = 7, nullable = 7;
    SQLULEN size = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT 1 FROM Users WHERE Id = ? AND FirstName = ? AND HireDate > ?"), SQL_NTS));
    OK(session, SQLDescribeParam(session->stmt, 1, &type, &size, &digits, &nullable));
    assert_int_equal(type, SQL_BIGINT);
    assert_int_equal(size, 19);
    OK(session, SQLDescribeParam(session->stmt, 2, &type, &size, &digits, &nullable));
    assert_int_equal(type, SQL_WVARCHAR);
    OK(session, SQLDescribeParam(session->stmt, 3, &type, &size, &digits, &nullable));
    assert_int_equal(type, SQL_TYPE_DATE);
    FAILS(session, SQLDescribeParam(session->stmt, 0, &type, &size, &digits, &nullable), "07009");
    FAILS(session, SQLDescribeParam(session->stmt, 4, &type, &size, &digits, &nullable), "07009");
}

static void other_values(struct session *session)
{
    SQLINTEGER value = 1;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, NULL));
    OK(session, SQLPrepare(session->stmt, text("SELECT CAST(? AS INTEGER)"), SQL_NTS));
    for (value = 1; value < 4; value++) {
        SQLINTEGER got = 0;
        OK(session, SQLExecute(session->stmt));
        OK(session, SQLFetch(session->stmt));
        OK(session, SQLGetData(session->stmt, 1, SQL_C_SLONG, &got, 0, NULL));
        assert_int_equal(got, value);
        OK(session, SQLCloseCursor(session->stmt));
    }
}

static void data_in_pieces(struct session *session)
{
    static SQLINTEGER token = 7;
    SQLLEN late = SQL_LEN_DATA_AT_EXEC(6);
    SQLPOINTER asked = NULL;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &token, 0, &late));
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
    assert_ptr_equal(asked, &token);
    OK(session, SQLPutData(session->stmt, text("abc"), 3));
    OK(session, SQLPutData(session->stmt, text("def"), SQL_NTS));
    OK(session, SQLParamData(session->stmt, &asked));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "abcdef");
}

static void two_late_parameters(struct session *session)
{
    static char first, second;
    SQLLEN late = SQL_DATA_AT_EXEC;
    SQLPOINTER asked = NULL;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &first, 0, &late));
    OK(session, SQLBindParameter(session->stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &second, 0, &late));
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT ?, ?"), SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
    assert_ptr_equal(asked, &first);
    OK(session, SQLPutData(session->stmt, text("a"), 1));
    assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
    assert_ptr_equal(asked, &second);
    OK(session, SQLPutData(session->stmt, NULL, SQL_NULL_DATA));
    OK(session, SQLParamData(session->stmt, &asked));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "a");
    assert_string_equal(cell(session, 2), "(null)");
}

static void late_data_is_given_up(struct session *session)
{
    static char token;
    SQLLEN late = SQL_DATA_AT_EXEC;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &token, 0, &late));
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA);
    OK(session, SQLCancel(session->stmt));
    OK(session, SQLFreeStmt(session->stmt, SQL_RESET_PARAMS));
    first_row(session, "SELECT 1");
}

static void offset_of_parameters(struct session *session)
{
    SQLINTEGER values[2] = {1, 2};
    SQLLEN offset = sizeof(SQLINTEGER);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, NULL));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset, 0));
    first_row(session, "SELECT CAST(? AS INTEGER)");
    assert_string_equal(cell(session, 1), "2");
}

static void bindings_can_be_reset(struct session *session)
{
    OK(session, bind(session, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER));
    OK(session, SQLFreeStmt(session->stmt, SQL_RESET_PARAMS));
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), "07002");
}

static const struct rule rules[] = {
    {"SQLBindParameter: parameter 0 is 07009, a C type HY003, an SQL type HY004, a direction HY105 when it does not exist", bad_bindings},
    {"SQLBindParameter: a parameter without a binding is 07002 at execution", nothing_bound},
    {"SQLBindParameter: each execution reads the buffer anew", other_values},
    {"SQLBindParameter: SQL_ATTR_PARAM_BIND_OFFSET_PTR moves the buffers", offset_of_parameters},
    {"SQLBindParameter: SQL_RESET_PARAMS takes the bindings away", bindings_can_be_reset},
    {"SQLNumParams: counts markers, not question marks in texts", counted},
    {"SQLDescribeParam: a parameter has the type of what it meets; one that does not exist is 07009", described},
    {"SQLPutData: data comes in pieces", data_in_pieces},
    {"SQLParamData: asks for one parameter after the other, by the pointer that was bound", two_late_parameters},
    {"SQLCancel: gives up a statement that awaits data", late_data_is_given_up},
};

int main(void)
{
    EACH(converts, conversions);
    EACH(has_no_conversion, pairs);
    RULES(rules);
    return chapter_run("parameters and conversions from C");
}
