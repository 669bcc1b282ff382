/* What the driver says of itself: SQLGetInfo, SQLGetFunctions, SQLGetTypeInfo, SQLNativeSql. */
#include "chapter.h"

#include <stdlib.h>

/* unixODBC's headers leave this one out. */
#ifndef SQL_RETURN_ESCAPE_CLAUSE
#define SQL_RETURN_ESCAPE_CLAUSE 180
#endif

/* MANAGERS: the driver manager answers it itself, and unixODBC 2.3.11 not alike in both forms. HANDLE: it tells the driver's handle. */
enum kind { TEXT, SHORT, LONG, MANAGERS, HANDLE };

struct key {
    const char *rule;
    SQLUSMALLINT key;
    enum kind kind;
};

#define KEY(name, kind) {"SQLGetInfo: " #name " is answered in its documented form, A and W alike", name, kind},
static const struct key keys[] = {
#include "info_keys.h"
};
#undef KEY

/* A number comes whole, whatever was there before, and nothing behind it is touched. */
static void number_is_whole(struct session *session, const struct key *key)
{
    static const unsigned char before[2] = {0x5A, 0xA5};
    const size_t size = key->kind == SHORT ? sizeof(SQLUSMALLINT) : sizeof(SQLUINTEGER);
    unsigned char told[4][16];

    for (int i = 0; i < 4; i++) {
        SQLSMALLINT length = 0;
        memset(told[i], before[i % 2], sizeof told[i]);
        DBC_OK(session->dbc, i < 2 ? SQLGetInfo(session->dbc, key->key, told[i], 0, &length)
                                   : SQLGetInfoW(session->dbc, key->key, told[i], 0, &length));
        assert_memory_equal(told[i], told[0], size);
        assert_int_equal(told[i][size], before[i % 2]);
        assert_int_equal(length, size);
    }
}

static void handle_is_told(struct session *session, const struct key *key)
{
    SQLHDESC desc = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &desc, 0, NULL));
    for (int i = 0; i < 2; i++) {
        void *handle = key->key == SQL_DRIVER_HDESC ? desc : key->key == SQL_DRIVER_HSTMT ? session->stmt : NULL;
        DBC_OK(session->dbc, i ? SQLGetInfoW(session->dbc, key->key, &handle, sizeof handle, NULL)
                               : SQLGetInfo(session->dbc, key->key, &handle, sizeof handle, NULL));
        assert_non_null(handle);
        assert_ptr_not_equal(handle, desc);
        assert_ptr_not_equal(handle, session->stmt);
    }
}

static void answered_alike(struct session *session, const void *row)
{
    const struct key *key = row;
    unsigned char narrow[512], broad[1024];
    SQLSMALLINT length = -1, broad_length = -1;

    if (key->kind == HANDLE) {
        handle_is_told(session, key);
        return;
    }
    if (key->kind == SHORT || key->kind == LONG) {
        number_is_whole(session, key);
        return;
    }
    memset(narrow, 0x5A, sizeof narrow);
    memset(broad, 0x5A, sizeof broad);
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, key->key, narrow, sizeof narrow, &length));
    DBC_OK(session->dbc, SQLGetInfoW(session->dbc, key->key, broad, sizeof broad, &broad_length));
    assert_int_equal(broad_length, length * 2);
    if (key->kind == MANAGERS)
        return;
    assert_int_equal(length, strlen((char *)narrow));
    for (int i = 0; i <= length; i++) {
        SQLWCHAR unit;
        memcpy(&unit, broad + 2 * i, 2);
        assert_int_equal(unit, narrow[i]);
    }
}

struct word {
    const char *rule;
    SQLUSMALLINT key;
    const char *wanted;
};

static const struct word words[] = {
    {"SQLGetInfo: SQL_DRIVER_NAME is the file of the driver", SQL_DRIVER_NAME, "librestodbc.so"},
    {"SQLGetInfo: SQL_DRIVER_ODBC_VER is 03.80", SQL_DRIVER_ODBC_VER, "03.80"},
    {"SQLGetInfo: SQL_DBMS_NAME is the service", SQL_DBMS_NAME, "TSheets"},
    {"SQLGetInfo: SQL_DATABASE_NAME is the current catalog", SQL_DATABASE_NAME, "TSheets"},
    {"SQLGetInfo: SQL_DATA_SOURCE_NAME is the DSN of the connection", SQL_DATA_SOURCE_NAME, "sandbox"},
    {"SQLGetInfo: SQL_IDENTIFIER_QUOTE_CHAR is the double quote of SQL-92", SQL_IDENTIFIER_QUOTE_CHAR, "\""},
    {"SQLGetInfo: SQL_SEARCH_PATTERN_ESCAPE is the backslash", SQL_SEARCH_PATTERN_ESCAPE, "\\"},
    {"SQLGetInfo: SQL_CATALOG_NAME is Y where catalogs exist", SQL_CATALOG_NAME, "Y"},
    {"SQLGetInfo: SQL_CATALOG_NAME_SEPARATOR is the dot", SQL_CATALOG_NAME_SEPARATOR, "."},
    {"SQLGetInfo: SQL_DESCRIBE_PARAMETER is Y since parameters can be described", SQL_DESCRIBE_PARAMETER, "Y"},
    {"SQLGetInfo: SQL_COLUMN_ALIAS is Y", SQL_COLUMN_ALIAS, "Y"},
    {"SQLGetInfo: SQL_PROCEDURES is Y", SQL_PROCEDURES, "Y"},
    {"SQLGetInfo: SQL_LIKE_ESCAPE_CLAUSE is Y", SQL_LIKE_ESCAPE_CLAUSE, "Y"},
};

static void word_is(struct session *session, const void *row)
{
    const struct word *word = row;
    SQLCHAR value[200] = "";
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, word->key, value, sizeof value, NULL));
    assert_string_equal((char *)value, word->wanted);
}

struct native {
    const char *rule, *sql, *absent;
};

static const struct native natives[] = {
    {"SQLNativeSql: {d} is translated", "SELECT {d '2024-02-29'}", "{d"},
    {"SQLNativeSql: {t} is translated", "SELECT {t '12:34:56'}", "{t"},
    {"SQLNativeSql: {ts} is translated", "SELECT {ts '2024-02-29 12:34:56'}", "{ts"},
    {"SQLNativeSql: {fn} is translated", "SELECT {fn UCASE('a')}", "{fn"},
    {"SQLNativeSql: nested {fn} are translated", "SELECT {fn UCASE({fn LCASE('a')})}", "{"},
    {"SQLNativeSql: {oj} is translated", "SELECT 1 FROM {oj Users a LEFT OUTER JOIN Users b ON a.Id = b.Id}", "{oj"},
    {"SQLNativeSql: {escape} is translated", "SELECT 1 FROM Users WHERE Username LIKE 'a!%' {escape '!'}", "{escape"},
    {"SQLNativeSql: {call} is translated", "{call GetOAuthAuthorizationURL('WEB')}", "{call"},
    {"SQLNativeSql: {guid} is translated", "SELECT {guid '01234567-89ab-cdef-0123-456789abcdef'}", "{guid"},
};

static void is_translated(struct session *session, const void *row)
{
    const struct native *native = row;
    SQLCHAR out[500] = "";
    SQLINTEGER length = 0;
    DBC_OK(session->dbc, SQLNativeSql(session->dbc, text(native->sql), SQL_NTS, out, sizeof out, &length));
    assert_int_equal(length, strlen((char *)out));
    if (strstr((char *)out, native->absent))
        fail_msg("%s is left in %s", native->absent, (char *)out);
}

static void native_leaves_texts(struct session *session)
{
    SQLCHAR out[100] = "";
    DBC_OK(session->dbc, SQLNativeSql(session->dbc, text("SELECT '{fn x}'"), SQL_NTS, out, sizeof out, NULL));
    assert_string_equal((char *)out, "SELECT '{fn x}'");
}

static void native_is_cut(struct session *session)
{
    SQLCHAR out[100];
    SQLINTEGER length = 0;
    memset(out, 'Z', sizeof out);
    DBC_WARNS(session->dbc, SQLNativeSql(session->dbc, text("SELECT 12345"), SQL_NTS, out, 8, &length), "01004");
    assert_string_equal((char *)out, "SELECT ");
    assert_int_equal(out[8], 'Z');
    assert_int_equal(length, 12);
}

static void native_null(struct session *session)
{
    SQLINTEGER length = 0;
    DBC_FAILS(session->dbc, SQLNativeSql(session->dbc, NULL, SQL_NTS, NULL, 0, &length), "HY009");
}

static void info_is_cut(struct session *session)
{
    SQLCHAR out[100];
    SQLSMALLINT length = 0;
    memset(out, 'Z', sizeof out);
    DBC_WARNS(session->dbc, SQLGetInfo(session->dbc, SQL_DRIVER_NAME, out, 6, &length), "01004");
    assert_string_equal((char *)out, "libre");
    assert_int_equal(out[6], 'Z');
    assert_int_equal(length, 14);
}

static void info_tells_its_length(struct session *session)
{
    SQLSMALLINT length = 0;
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_DRIVER_NAME, NULL, 0, &length));
    assert_int_equal(length, 14);
}

static void old_number_of_outer_joins(struct session *session)
{
    SQLUINTEGER now = 0, then = 0;
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_OJ_CAPABILITIES, &now, sizeof now, NULL));
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, 65003, &then, sizeof then, NULL));
    assert_int_equal(then, now);
}

static void no_such_info(struct session *session)
{
    SQLCHAR out[100];
    DBC_FAILS(session->dbc, SQLGetInfo(session->dbc, 29999, out, sizeof out, NULL), "HY096");
}

/* --- SQLGetFunctions ---------------------------------------------------------------------------------------------------- */

static void functions_agree(struct session *session)
{
    SQLUSMALLINT bits[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE], one = 7, flags[101];
    memset(bits, 0x5A, sizeof bits);
    memset(flags, 0x5A, sizeof flags);
    DBC_OK(session->dbc, SQLGetFunctions(session->dbc, SQL_API_ODBC3_ALL_FUNCTIONS, bits));
    DBC_OK(session->dbc, SQLGetFunctions(session->dbc, SQL_API_ALL_FUNCTIONS, flags));
    assert_int_equal(flags[100], 0x5A5A);
    for (SQLUSMALLINT id = 1; id < 16 * SQL_API_ODBC3_ALL_FUNCTIONS_SIZE; id++) {
        if (id == SQL_API_ODBC3_ALL_FUNCTIONS || SQLGetFunctions(session->dbc, id, &one) == SQL_ERROR)
            continue; /* the driver manager knows no function of this number */
        if ((one == SQL_TRUE) != (SQL_FUNC_EXISTS(bits, id) == SQL_TRUE))
            fail_msg("function %u: alone %u, in the bits %d", id, one, SQL_FUNC_EXISTS(bits, id));
        if (id < 100 && (one == SQL_TRUE) != (flags[id] == SQL_TRUE))
            fail_msg("function %u: alone %u, in the flags %u", id, one, flags[id]);
    }
}

struct function {
    const char *rule;
    SQLUSMALLINT id;
};

#define FUNCTION(name, id) {"SQLGetFunctions: " #name " is there", id}
static const struct function functions[] = {
    FUNCTION(SQLBindCol, SQL_API_SQLBINDCOL), FUNCTION(SQLBindParameter, SQL_API_SQLBINDPARAMETER),
    FUNCTION(SQLCancel, SQL_API_SQLCANCEL), FUNCTION(SQLCloseCursor, SQL_API_SQLCLOSECURSOR),
    FUNCTION(SQLColAttribute, SQL_API_SQLCOLATTRIBUTE), FUNCTION(SQLColumnPrivileges, SQL_API_SQLCOLUMNPRIVILEGES),
    FUNCTION(SQLColumns, SQL_API_SQLCOLUMNS), FUNCTION(SQLConnect, SQL_API_SQLCONNECT),
    FUNCTION(SQLCopyDesc, SQL_API_SQLCOPYDESC), FUNCTION(SQLDescribeCol, SQL_API_SQLDESCRIBECOL),
    FUNCTION(SQLDescribeParam, SQL_API_SQLDESCRIBEPARAM), FUNCTION(SQLDriverConnect, SQL_API_SQLDRIVERCONNECT),
    FUNCTION(SQLEndTran, SQL_API_SQLENDTRAN), FUNCTION(SQLExecDirect, SQL_API_SQLEXECDIRECT),
    FUNCTION(SQLExecute, SQL_API_SQLEXECUTE), FUNCTION(SQLExtendedFetch, SQL_API_SQLEXTENDEDFETCH),
    FUNCTION(SQLFetch, SQL_API_SQLFETCH), FUNCTION(SQLFetchScroll, SQL_API_SQLFETCHSCROLL),
    FUNCTION(SQLForeignKeys, SQL_API_SQLFOREIGNKEYS), FUNCTION(SQLGetConnectAttr, SQL_API_SQLGETCONNECTATTR),
    FUNCTION(SQLGetCursorName, SQL_API_SQLGETCURSORNAME), FUNCTION(SQLGetData, SQL_API_SQLGETDATA),
    FUNCTION(SQLGetDescField, SQL_API_SQLGETDESCFIELD), FUNCTION(SQLGetDescRec, SQL_API_SQLGETDESCREC),
    FUNCTION(SQLGetDiagField, SQL_API_SQLGETDIAGFIELD), FUNCTION(SQLGetDiagRec, SQL_API_SQLGETDIAGREC),
    FUNCTION(SQLGetInfo, SQL_API_SQLGETINFO), FUNCTION(SQLGetStmtAttr, SQL_API_SQLGETSTMTATTR),
    FUNCTION(SQLGetTypeInfo, SQL_API_SQLGETTYPEINFO), FUNCTION(SQLMoreResults, SQL_API_SQLMORERESULTS),
    FUNCTION(SQLNativeSql, SQL_API_SQLNATIVESQL), FUNCTION(SQLNumParams, SQL_API_SQLNUMPARAMS),
    FUNCTION(SQLNumResultCols, SQL_API_SQLNUMRESULTCOLS), FUNCTION(SQLParamData, SQL_API_SQLPARAMDATA),
    FUNCTION(SQLPrepare, SQL_API_SQLPREPARE), FUNCTION(SQLPrimaryKeys, SQL_API_SQLPRIMARYKEYS),
    FUNCTION(SQLProcedureColumns, SQL_API_SQLPROCEDURECOLUMNS), FUNCTION(SQLProcedures, SQL_API_SQLPROCEDURES),
    FUNCTION(SQLPutData, SQL_API_SQLPUTDATA), FUNCTION(SQLRowCount, SQL_API_SQLROWCOUNT),
    FUNCTION(SQLSetConnectAttr, SQL_API_SQLSETCONNECTATTR), FUNCTION(SQLSetCursorName, SQL_API_SQLSETCURSORNAME),
    FUNCTION(SQLSetDescField, SQL_API_SQLSETDESCFIELD), FUNCTION(SQLSetDescRec, SQL_API_SQLSETDESCREC),
    FUNCTION(SQLSetPos, SQL_API_SQLSETPOS), FUNCTION(SQLSetStmtAttr, SQL_API_SQLSETSTMTATTR),
    FUNCTION(SQLSpecialColumns, SQL_API_SQLSPECIALCOLUMNS), FUNCTION(SQLStatistics, SQL_API_SQLSTATISTICS),
    FUNCTION(SQLTablePrivileges, SQL_API_SQLTABLEPRIVILEGES), FUNCTION(SQLTables, SQL_API_SQLTABLES),
};

static void function_is_there(struct session *session, const void *row)
{
    SQLUSMALLINT there = 7;
    DBC_OK(session->dbc, SQLGetFunctions(session->dbc, ((const struct function *)row)->id, &there));
    assert_int_equal(there, SQL_TRUE);
}

/* --- SQLGetTypeInfo ------------------------------------------------------------------------------------------------------ */

struct type {
    const char *rule;
    SQLSMALLINT type;
};

static const struct type types[] = {
    {"SQLGetTypeInfo: SQL_BIT has a row", SQL_BIT},
    {"SQLGetTypeInfo: SQL_TINYINT has a row", SQL_TINYINT},
    {"SQLGetTypeInfo: SQL_SMALLINT has a row", SQL_SMALLINT},
    {"SQLGetTypeInfo: SQL_INTEGER has a row", SQL_INTEGER},
    {"SQLGetTypeInfo: SQL_BIGINT has a row", SQL_BIGINT},
    {"SQLGetTypeInfo: SQL_DOUBLE has a row", SQL_DOUBLE},
    {"SQLGetTypeInfo: SQL_DECIMAL has a row", SQL_DECIMAL},
    {"SQLGetTypeInfo: SQL_WVARCHAR has a row", SQL_WVARCHAR},
    {"SQLGetTypeInfo: SQL_WLONGVARCHAR has a row", SQL_WLONGVARCHAR},
    {"SQLGetTypeInfo: SQL_VARBINARY has a row", SQL_VARBINARY},
    {"SQLGetTypeInfo: SQL_GUID has a row", SQL_GUID},
    {"SQLGetTypeInfo: SQL_TYPE_DATE has a row", SQL_TYPE_DATE},
    {"SQLGetTypeInfo: SQL_TYPE_TIME has a row", SQL_TYPE_TIME},
    {"SQLGetTypeInfo: SQL_TYPE_TIMESTAMP has a row", SQL_TYPE_TIMESTAMP},
};

static void type_has_a_row(struct session *session, const void *row)
{
    const struct type *type = row;
    OK(session, SQLGetTypeInfo(session->stmt, type->type));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(strtol(cell(session, 2), NULL, 10), type->type);
    assert_true(strlen(cell(session, 1)) > 0);
    assert_true(strtol(cell(session, 3), NULL, 10) >= 0);
}

static void nineteen_columns(struct session *session)
{
    static const char *const names[] = {"TYPE_NAME", "DATA_TYPE", "COLUMN_SIZE", "LITERAL_PREFIX", "LITERAL_SUFFIX", "CREATE_PARAMS",
                                        "NULLABLE", "CASE_SENSITIVE", "SEARCHABLE", "UNSIGNED_ATTRIBUTE", "FIXED_PREC_SCALE",
                                        "AUTO_UNIQUE_VALUE", "LOCAL_TYPE_NAME", "MINIMUM_SCALE", "MAXIMUM_SCALE", "SQL_DATA_TYPE",
                                        "SQL_DATETIME_SUB", "NUM_PREC_RADIX", "INTERVAL_PRECISION"};
    SQLSMALLINT columns = 0;
    OK(session, SQLGetTypeInfo(session->stmt, SQL_ALL_TYPES));
    OK(session, SQLNumResultCols(session->stmt, &columns));
    assert_int_equal(columns, 19);
    for (SQLUSMALLINT i = 0; i < 19; i++) {
        SQLCHAR name[40];
        OK(session, SQLDescribeCol(session->stmt, (SQLUSMALLINT)(i + 1), name, sizeof name, NULL, NULL, NULL, NULL, NULL));
        assert_string_equal((char *)name, names[i]);
    }
}

static void types_in_order(struct session *session)
{
    long before = -1000;
    OK(session, SQLGetTypeInfo(session->stmt, SQL_ALL_TYPES));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        long type = strtol(cell(session, 2), NULL, 10);
        assert_true(type >= before);
        before = type;
    }
    assert_true(before > 0);
}

static void a_type_that_is_not_there(struct session *session)
{
    OK(session, SQLGetTypeInfo(session->stmt, SQL_INTERVAL_YEAR));
    assert_int_equal(count_rows(session), 0);
}

static void no_such_type(struct session *session)
{
    FAILS(session, SQLGetTypeInfo(session->stmt, 4711), "HY004");
}

static const struct rule rules[] = {
    {"SQLNativeSql: what stands in a text literal is left alone", native_leaves_texts},
    {"SQLNativeSql: a short buffer is 01004 with the whole length", native_is_cut},
    {"SQLNativeSql: no text is HY009", native_null},
    {"SQLGetInfo: a short buffer is 01004, cut and terminated, with the whole length", info_is_cut},
    {"SQLGetInfo: without a buffer the length is told", info_tells_its_length},
    {"SQLGetInfo: the number that SQL_OJ_CAPABILITIES had in ODBC 2.01 is answered alike", old_number_of_outer_joins},
    {"SQLGetInfo: an information type that does not exist is HY096", no_such_info},
    {"SQLGetFunctions: one function, the bits of ODBC 3 and the flags of ODBC 2 agree", functions_agree},
    {"SQLGetTypeInfo: has the 19 columns of ODBC 3 in their order", nineteen_columns},
    {"SQLGetTypeInfo: rows are ordered by DATA_TYPE", types_in_order},
    {"SQLGetTypeInfo: a type that the source does not have is an empty result", a_type_that_is_not_there},
    {"SQLGetTypeInfo: a number that is no type is HY004", no_such_type},
};

int main(void)
{
    EACH(answered_alike, keys);
    EACH(word_is, words);
    EACH(is_translated, natives);
    EACH(function_is_there, functions);
    EACH(type_has_a_row, types);
    RULES(rules);
    return chapter_run("info and functions");
}
