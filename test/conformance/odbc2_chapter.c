/* ODBC 2.x applications: SQLSTATEs, type codes and functions of that version. */
#include "chapter.h"

struct mapped {
    const char *rule, *sql, *state;
};

/* What a statement is asked to do, and what SQLError then says to an application of that time. */
static const struct mapped mapped[] = {
    {"SQLError: a value that is too large is 22003", "SELECT CAST(3000000000 AS INTEGER)", "22003"},
    {"SQLError: a number that is none is 22005", "SELECT CAST('x' AS INTEGER)", "22005"},
    {"SQLError: a date that is none is 22005", "SELECT CAST('2024-02-30' AS DATE)", "22005"},
    {"SQLError: a division by zero is 22012", "SELECT 1 / 0", "22012"},
    {"SQLError: an unknown procedure is 37000", "{call Nothing()}", "37000"},
    {"SQLError: an unknown table is S0002", "SELECT 1 FROM Nowhere", "S0002"},
    {"SQLError: an unknown column is S0022", "SELECT Nothing FROM Users", "S0022"},
    {"SQLError: a syntax error is 37000", "SELEKT 1", "37000"},
};

static void is_mapped(struct session *session, const void *row)
{
    const struct mapped *m = row;
    SQLCHAR state[6] = "", message[300] = "";
    SQLRETURN result = SQLExecDirect(session->stmt, text(m->sql), SQL_NTS);
    if (result == SQL_SUCCESS)
        result = SQLFetch(session->stmt);
    assert_int_equal(result, SQL_ERROR);
    assert_int_equal(SQLError(session->env, session->dbc, session->stmt, state, NULL, message, sizeof message, NULL), SQL_SUCCESS);
    assert_string_equal((char *)state, m->state);
    assert_true(message[0] != 0);
}

static void dates_have_old_codes(struct session *session)
{
    SQLSMALLINT type = 0;
    query(session, "SELECT {d '2024-02-29'}, {t '12:34:56'}, {ts '2024-02-29 12:34:56'}");
    OK(session, SQLDescribeCol(session->stmt, 1, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_DATE);
    OK(session, SQLDescribeCol(session->stmt, 2, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_TIME);
    OK(session, SQLDescribeCol(session->stmt, 3, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_TIMESTAMP);
}

static void old_c_types(struct session *session)
{
    SQL_DATE_STRUCT date = {0};
    SQL_TIMESTAMP_STRUCT moment = {0};
    first_row(session, "SELECT {d '2024-02-29'}, {ts '2024-02-29 12:34:56'}");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_DATE, &date, 0, NULL));
    assert_true(date.year == 2024 && date.month == 2 && date.day == 29);
    OK(session, SQLGetData(session->stmt, 2, SQL_C_TIMESTAMP, &moment, 0, NULL));
    assert_true(moment.hour == 12 && moment.second == 56);
}

static void types_of_that_time(struct session *session)
{
    OK(session, SQLGetTypeInfo(session->stmt, SQL_DATE));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 2), "9");
}

static void columns_of_that_time(struct session *session)
{
    SQLCHAR name[40] = "";
    OK(session, SQLColumns(session->stmt, NULL, 0, NULL, 0, text("Timesheets"), SQL_NTS, text("Date"), SQL_NTS));
    OK(session, SQLDescribeCol(session->stmt, 1, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    assert_string_equal((char *)name, "TABLE_QUALIFIER");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 5), "9");
}

static void old_options(struct session *session)
{
    SQLULEN value = 77;
    OK(session, SQLSetStmtOption(session->stmt, SQL_QUERY_TIMEOUT, 5));
    OK(session, SQLGetStmtOption(session->stmt, SQL_QUERY_TIMEOUT, &value));
    assert_int_equal((SQLUINTEGER)value, 5);
    DBC_OK(session->dbc, SQLSetConnectOption(session->dbc, SQL_ACCESS_MODE, SQL_MODE_READ_ONLY));
}

static void options_of_a_connection(struct session *session)
{
    SQLULEN value = 77;
    SQLHSTMT later = NULL;
    DBC_OK(session->dbc, SQLSetConnectOption(session->dbc, SQL_MAX_ROWS, 3));
    OK(session, SQLGetStmtOption(session->stmt, SQL_MAX_ROWS, &value));
    assert_int_equal(value, 3);
    assert_int_equal(SQLAllocStmt(session->dbc, &later), SQL_SUCCESS);
    value = 77;
    assert_int_equal(SQLGetStmtOption(later, SQL_MAX_ROWS, &value), SQL_SUCCESS);
    assert_int_equal(value, 3);
    assert_int_equal(SQLFreeStmt(later, SQL_DROP), SQL_SUCCESS);
    query(session, "SELECT Id FROM Users");
    assert_int_equal(count_rows(session), 3);
    DBC_FAILS(session->dbc, SQLSetConnectOption(session->dbc, SQL_CURSOR_TYPE, SQL_CURSOR_STATIC), "24000");
    OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    DBC_OK(session->dbc, SQLSetConnectOption(session->dbc, SQL_MAX_ROWS, 0));
}

static void old_attributes(struct session *session)
{
    SQLLEN value = 0;
    query(session, "SELECT Id, FirstName FROM Users");
    OK(session, SQLColAttributes(session->stmt, 1, SQL_COLUMN_TYPE, NULL, 0, NULL, &value));
    assert_int_equal(value, SQL_BIGINT);
    OK(session, SQLColAttributes(session->stmt, 1, SQL_COLUMN_COUNT, NULL, 0, NULL, &value));
    assert_int_equal(value, 2);
}

static void old_transact(struct session *session)
{
    assert_int_equal(SQLTransact(session->env, session->dbc, SQL_COMMIT), SQL_SUCCESS);
}

static void old_statement(struct session *session)
{
    SQLHSTMT stmt = NULL;
    assert_int_equal(SQLAllocStmt(session->dbc, &stmt), SQL_SUCCESS);
    assert_int_equal(SQLFreeStmt(stmt, SQL_DROP), SQL_SUCCESS);
}

static void old_parameters(struct session *session)
{
    static SQLINTEGER value = 42;
    static SQLLEN length = 0;
    OK(session, SQLSetParam(session->stmt, 1, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, &length));
    first_row(session, "SELECT CAST(? AS INTEGER)");
    assert_string_equal(cell(session, 1), "42");
}

/* --- every SQLColAttributes identifier -------------------------------------------------------------------------------------- */

struct attribute {
    const char *rule;
    SQLUSMALLINT identifier;
    SQLUSMALLINT column; /* of: Id, FirstName, PayRate as DECIMAL(12,2), Created */
    SQLLEN value;
    const char *word; /* in place of the value */
};

static const struct attribute attributes[] = {
    {"SQLColAttributes: SQL_COLUMN_AUTO_INCREMENT", SQL_COLUMN_AUTO_INCREMENT, 1, SQL_FALSE, NULL},
    {"SQLColAttributes: SQL_COLUMN_CASE_SENSITIVE of a text", SQL_COLUMN_CASE_SENSITIVE, 2, SQL_TRUE, NULL},
    {"SQLColAttributes: SQL_COLUMN_CASE_SENSITIVE of a number", SQL_COLUMN_CASE_SENSITIVE, 1, SQL_FALSE, NULL},
    {"SQLColAttributes: SQL_COLUMN_COUNT", SQL_COLUMN_COUNT, 0, 4, NULL},
    {"SQLColAttributes: SQL_COLUMN_DISPLAY_SIZE", SQL_COLUMN_DISPLAY_SIZE, 1, 20, NULL},
    {"SQLColAttributes: SQL_COLUMN_LABEL", SQL_COLUMN_LABEL, 3, 0, "Rate"},
    {"SQLColAttributes: SQL_COLUMN_LENGTH of a bigint is that of its C type", SQL_COLUMN_LENGTH, 1, 8, NULL},
    {"SQLColAttributes: SQL_COLUMN_LENGTH of a timestamp is that of its structure", SQL_COLUMN_LENGTH, 4, 16, NULL},
    {"SQLColAttributes: SQL_COLUMN_MONEY", SQL_COLUMN_MONEY, 3, SQL_FALSE, NULL},
    {"SQLColAttributes: SQL_COLUMN_NAME", SQL_COLUMN_NAME, 2, 0, "FirstName"},
    {"SQLColAttributes: SQL_COLUMN_NULLABLE of a key", SQL_COLUMN_NULLABLE, 1, SQL_NO_NULLS, NULL},
    {"SQLColAttributes: SQL_COLUMN_OWNER_NAME, where there are no owners", SQL_COLUMN_OWNER_NAME, 1, 0, ""},
    {"SQLColAttributes: SQL_COLUMN_PRECISION of a decimal", SQL_COLUMN_PRECISION, 3, 12, NULL},
    {"SQLColAttributes: SQL_COLUMN_QUALIFIER_NAME", SQL_COLUMN_QUALIFIER_NAME, 1, 0, "TSheets"},
    {"SQLColAttributes: SQL_COLUMN_SCALE of a decimal", SQL_COLUMN_SCALE, 3, 2, NULL},
    {"SQLColAttributes: SQL_COLUMN_SEARCHABLE", SQL_COLUMN_SEARCHABLE, 2, SQL_SEARCHABLE, NULL},
    {"SQLColAttributes: SQL_COLUMN_TABLE_NAME", SQL_COLUMN_TABLE_NAME, 1, 0, "Users"},
    {"SQLColAttributes: SQL_COLUMN_TYPE of a timestamp is 11", SQL_COLUMN_TYPE, 4, SQL_TIMESTAMP, NULL},
    {"SQLColAttributes: SQL_COLUMN_TYPE_NAME", SQL_COLUMN_TYPE_NAME, 3, 0, "DECIMAL"},
    {"SQLColAttributes: SQL_COLUMN_UNSIGNED", SQL_COLUMN_UNSIGNED, 1, SQL_FALSE, NULL},
    {"SQLColAttributes: SQL_COLUMN_UPDATABLE", SQL_COLUMN_UPDATABLE, 1, SQL_ATTR_READONLY, NULL},
};

static void has_attribute(struct session *session, const void *row)
{
    const struct attribute *a = row;
    SQLCHAR word[60] = "?";
    SQLSMALLINT length = 0;
    SQLLEN value = 77;
    query(session, "SELECT Id, FirstName, CAST(PayRate AS DECIMAL(12,2)) AS Rate, Created FROM Users");
    OK(session, SQLColAttributes(session->stmt, a->column, a->identifier, a->word ? word : NULL, a->word ? sizeof word : 0, &length, &value));
    if (a->word) {
        assert_string_equal((char *)word, a->word);
        assert_int_equal(length, strlen(a->word));
    } else {
        assert_int_equal(value, a->value);
    }
}

/* --- every statement option ------------------------------------------------------------------------------------------------- */

struct option {
    const char *rule;
    SQLUSMALLINT option;
    SQLULEN initial, set, after;
    const char *state; /* of setting it; "" where it is taken as it is */
};

static const struct option options[] = {
    {"SQLGetStmtOption: SQL_QUERY_TIMEOUT is 0 until it is set", SQL_QUERY_TIMEOUT, 0, 7, 7, ""},
    {"SQLGetStmtOption: SQL_MAX_ROWS is 0 until it is set", SQL_MAX_ROWS, 0, 9, 9, ""},
    {"SQLGetStmtOption: SQL_NOSCAN is off until it is set", SQL_NOSCAN, SQL_NOSCAN_OFF, SQL_NOSCAN_ON, SQL_NOSCAN_ON, ""},
    {"SQLGetStmtOption: SQL_MAX_LENGTH is 0 until it is set", SQL_MAX_LENGTH, 0, 100, 100, ""},
    {"SQLGetStmtOption: SQL_BIND_TYPE is by column until it is set", SQL_BIND_TYPE, SQL_BIND_BY_COLUMN, 64, 64, ""},
    {"SQLGetStmtOption: SQL_CURSOR_TYPE is forward-only until it is set", SQL_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC,
     SQL_CURSOR_STATIC, ""},
    {"SQLGetStmtOption: SQL_CONCURRENCY is read-only", SQL_CONCURRENCY, SQL_CONCUR_READ_ONLY, SQL_CONCUR_READ_ONLY, SQL_CONCUR_READ_ONLY, ""},
    {"SQLGetStmtOption: SQL_KEYSET_SIZE is 0", SQL_KEYSET_SIZE, 0, 0, 0, ""},
    {"SQLGetStmtOption: SQL_ROWSET_SIZE is 1 until it is set", SQL_ROWSET_SIZE, 1, 5, 5, ""},
    {"SQLGetStmtOption: SQL_RETRIEVE_DATA is on until it is set", SQL_RETRIEVE_DATA, SQL_RD_ON, SQL_RD_OFF, SQL_RD_OFF, ""},
    {"SQLGetStmtOption: SQL_USE_BOOKMARKS is off until it is set", SQL_USE_BOOKMARKS, SQL_UB_OFF, SQL_UB_ON, SQL_UB_ON, ""},
    {"SQLSetStmtOption: SQL_ASYNC_ENABLE can not be had: S1C00", SQL_ASYNC_ENABLE, SQL_ASYNC_ENABLE_OFF, SQL_ASYNC_ENABLE_ON,
     SQL_ASYNC_ENABLE_OFF, "S1C00"},
    {"SQLSetStmtOption: a cursor type that there is not is S1009", SQL_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, 77, SQL_CURSOR_FORWARD_ONLY, "S1009"},
    {"SQLSetStmtOption: a keyset-driven cursor becomes a static one: 01S02", SQL_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_KEYSET_DRIVEN,
     SQL_CURSOR_STATIC, "01S02"},
};

static void has_option(struct session *session, const void *row)
{
    const struct option *o = row;
    SQLULEN value = 77;
    OK(session, SQLGetStmtOption(session->stmt, o->option, &value));
    assert_int_equal(value, o->initial);
    SQLRETURN wanted = !o->state[0] ? SQL_SUCCESS : strncmp(o->state, "01", 2) == 0 ? SQL_SUCCESS_WITH_INFO : SQL_ERROR;
    ON(SQL_HANDLE_STMT, session->stmt, SQLSetStmtOption(session->stmt, o->option, o->set), wanted, o->state);
    value = 77;
    OK(session, SQLGetStmtOption(session->stmt, o->option, &value));
    assert_int_equal(value, o->after);
}

static void unknown_options(struct session *session)
{
    SQLULEN value = 0;
    FAILS(session, SQLGetStmtOption(session->stmt, 999, &value), "S1092");
    FAILS(session, SQLSetStmtOption(session->stmt, 999, 1), "S1092");
    FAILS(session, SQLGetStmtOption(session->stmt, SQL_ROW_NUMBER, &value), "24000");
}

/* --- types ------------------------------------------------------------------------------------------------------------------- */

struct old_type {
    const char *rule;
    SQLSMALLINT code;
    const char *name;
};

static const struct old_type old_types[] = {
    {"SQLGetTypeInfo: type 9 is a date", SQL_DATE, "DATE"},
    {"SQLGetTypeInfo: type 10 is a time", SQL_TIME, "TIME"},
    {"SQLGetTypeInfo: type 11 is a timestamp", SQL_TIMESTAMP, "TIMESTAMP"},
};

static void lists_an_old_type(struct session *session, const void *row)
{
    const struct old_type *t = row;
    OK(session, SQLGetTypeInfo(session->stmt, t->code));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), t->name);
    SQLINTEGER code = 0;
    OK(session, SQLGetData(session->stmt, 2, SQL_C_LONG, &code, 0, NULL));
    assert_int_equal(code, t->code);
    NO_DATA(session, SQLFetch(session->stmt));
}

static void type_columns_of_that_time(struct session *session)
{
    static const struct { SQLUSMALLINT number; const char *name; } names[] = {{3, "PRECISION"}, {11, "MONEY"}, {12, "AUTO_INCREMENT"}};
    SQLCHAR name[40] = "";
    OK(session, SQLGetTypeInfo(session->stmt, SQL_ALL_TYPES));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        OK(session, SQLDescribeCol(session->stmt, names[i].number, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
        assert_string_equal((char *)name, names[i].name);
    }
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        SQLINTEGER code = 0;
        OK(session, SQLGetData(session->stmt, 2, SQL_C_LONG, &code, 0, NULL));
        assert_false(code >= SQL_TYPE_DATE && code <= SQL_TYPE_TIMESTAMP);
    }
}

struct names {
    const char *rule;
    SQLRETURN (*call)(SQLHSTMT stmt);
    SQLUSMALLINT column;
    const char *name;
};

static SQLRETURN tables(SQLHSTMT s) { return SQLTables(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS, NULL, 0); }
static SQLRETURN columns(SQLHSTMT s) { return SQLColumns(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS, NULL, 0); }
static SQLRETURN keys(SQLHSTMT s) { return SQLPrimaryKeys(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS); }
static SQLRETURN foreign(SQLHSTMT s) { return SQLForeignKeys(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, text("Timesheets"), SQL_NTS); }
static SQLRETURN statistics(SQLHSTMT s) { return SQLStatistics(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_INDEX_ALL, SQL_QUICK); }
static SQLRETURN special(SQLHSTMT s) { return SQLSpecialColumns(s, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE); }
static SQLRETURN procedures(SQLHSTMT s) { return SQLProcedures(s, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN inputs(SQLHSTMT s) { return SQLProcedureColumns(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0); }

static const struct names old_names[] = {
    {"SQLTables: column 1 is TABLE_QUALIFIER", tables, 1, "TABLE_QUALIFIER"},
    {"SQLTables: column 2 is TABLE_OWNER", tables, 2, "TABLE_OWNER"},
    {"SQLColumns: column 2 is TABLE_OWNER", columns, 2, "TABLE_OWNER"},
    {"SQLColumns: column 7 is PRECISION", columns, 7, "PRECISION"},
    {"SQLColumns: column 8 is LENGTH", columns, 8, "LENGTH"},
    {"SQLColumns: column 9 is SCALE", columns, 9, "SCALE"},
    {"SQLColumns: column 10 is RADIX", columns, 10, "RADIX"},
    {"SQLPrimaryKeys: column 1 is TABLE_QUALIFIER", keys, 1, "TABLE_QUALIFIER"},
    {"SQLForeignKeys: column 1 is PKTABLE_QUALIFIER", foreign, 1, "PKTABLE_QUALIFIER"},
    {"SQLForeignKeys: column 6 is FKTABLE_OWNER", foreign, 6, "FKTABLE_OWNER"},
    {"SQLStatistics: column 8 is SEQ_IN_INDEX", statistics, 8, "SEQ_IN_INDEX"},
    {"SQLStatistics: column 10 is COLLATION", statistics, 10, "COLLATION"},
    {"SQLSpecialColumns: column 5 is PRECISION", special, 5, "PRECISION"},
    {"SQLProcedures: column 1 is PROCEDURE_QUALIFIER", procedures, 1, "PROCEDURE_QUALIFIER"},
    {"SQLProcedureColumns: column 2 is PROCEDURE_OWNER", inputs, 2, "PROCEDURE_OWNER"},
};

static void has_old_name(struct session *session, const void *row)
{
    const struct names *n = row;
    SQLCHAR name[40] = "";
    OK(session, n->call(session->stmt));
    OK(session, SQLDescribeCol(session->stmt, n->column, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    assert_string_equal((char *)name, n->name);
}

struct enumeration {
    const char *rule, *qualifier, *type;
    SQLUSMALLINT column;
    const char *first;
};

static const struct enumeration enumerations[] = {
    {"SQLTables: a qualifier of % alone lists the qualifiers", "%", "", 1, "TSheets"},
    {"SQLTables: a type of % alone lists the types", "", "%", 4, "LOCAL TEMPORARY"},
};

static void enumerates(struct session *session, const void *row)
{
    const struct enumeration *e = row;
    OK(session, SQLTables(session->stmt, text(e->qualifier), SQL_NTS, text(""), SQL_NTS, text(""), SQL_NTS, text(e->type), SQL_NTS));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, e->column), e->first);
}

/* --- parameters -------------------------------------------------------------------------------------------------------------- */

struct old_parameter {
    const char *rule;
    SQLSMALLINT c_type, sql_type;
    const char *sql, *shown;
};

static const struct old_parameter typed_parameters[] = {
    {"SQLBindParameter: C and SQL type 9 are a date", SQL_C_DATE, SQL_DATE, "SELECT CAST(? AS DATE)", "2024-02-29"},
    {"SQLBindParameter: C and SQL type 10 are a time", SQL_C_TIME, SQL_TIME, "SELECT CAST(? AS TIME)", "12:34:56"},
    {"SQLBindParameter: C and SQL type 11 are a timestamp", SQL_C_TIMESTAMP, SQL_TIMESTAMP, "SELECT CAST(? AS TIMESTAMP)", "2024-02-29 12:34:56"},
    {"SQLBindParameter: SQL_C_DEFAULT of type 9 is a date structure", SQL_C_DEFAULT, SQL_DATE, "SELECT CAST(? AS DATE)", "2024-02-29"},
    {"SQLBindParameter: SQL_C_LONG without a sign in its name", SQL_C_LONG, SQL_INTEGER, "SELECT CAST(? AS INTEGER)", "42"},
    {"SQLBindParameter: SQL_C_SHORT without a sign in its name", SQL_C_SHORT, SQL_SMALLINT, "SELECT CAST(? AS INTEGER)", "42"},
    {"SQLBindParameter: SQL_C_TINYINT without a sign in its name", SQL_C_TINYINT, SQL_TINYINT, "SELECT CAST(? AS INTEGER)", "42"},
};

static void takes_old_type(struct session *session, const void *row)
{
    const struct old_parameter *p = row;
    static union { SQL_DATE_STRUCT date; SQL_TIME_STRUCT time; SQL_TIMESTAMP_STRUCT moment; SQLINTEGER number; SQLSMALLINT small; signed char tiny; } value;
    SQLSMALLINT type = p->c_type == SQL_C_DEFAULT ? p->sql_type : p->c_type;
    memset(&value, 0, sizeof value);
    switch (type) {
    case SQL_C_DATE: value.date = (SQL_DATE_STRUCT){2024, 2, 29}; break;
    case SQL_C_TIME: value.time = (SQL_TIME_STRUCT){12, 34, 56}; break;
    case SQL_C_TIMESTAMP: value.moment = (SQL_TIMESTAMP_STRUCT){2024, 2, 29, 12, 34, 56, 0}; break;
    case SQL_C_SHORT: value.small = 42; break;
    case SQL_C_TINYINT: value.tiny = 42; break;
    default: value.number = 42;
    }
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, p->c_type, p->sql_type, p->sql_type == SQL_TIMESTAMP ? 19 : 10, 0, &value, 0, NULL));
    first_row(session, p->sql);
    const char *shown = cell(session, 1);
    assert_int_equal(strncmp(shown, p->shown, strlen(p->shown)), 0);
}

static void old_parameter_arrays(struct session *session)
{
    static SQLINTEGER values[3] = {1, 2, 3};
    SQLULEN at = 0;
    assert_int_equal(SQLParamOptions(session->stmt, 3, &at), SQL_SUCCESS);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_LONG, SQL_INTEGER, 0, 0, values, 0, NULL));
    query(session, "SELECT CAST(? AS INTEGER)");
    for (int i = 0; i < 3; i++) {
        OK(session, SQLFetch(session->stmt));
        SQLINTEGER got = 0;
        OK(session, SQLGetData(session->stmt, 1, SQL_C_LONG, &got, 0, NULL));
        assert_int_equal(got, values[i]);
        if (i < 2)
            OK(session, SQLMoreResults(session->stmt));
    }
    assert_int_equal(at, 3);
    NO_DATA(session, SQLMoreResults(session->stmt));
}

static void bad_parameters(struct session *session)
{
    SQLINTEGER value = 0;
    SQLSMALLINT type = 0;
    FAILS(session, SQLBindParameter(session->stmt, 0, SQL_PARAM_INPUT, SQL_C_LONG, SQL_INTEGER, 0, 0, &value, 0, NULL), "S1093");
    OK(session, SQLPrepare(session->stmt, text("SELECT CAST(? AS INTEGER)"), SQL_NTS));
    FAILS(session, SQLDescribeParam(session->stmt, 2, &type, NULL, NULL, NULL), "S1093");
}

static void bound_dates(struct session *session)
{
    SQL_DATE_STRUCT date = {0};
    SQL_TIME_STRUCT time = {0};
    SQLLEN length = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_DATE, &date, 0, &length));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_DEFAULT, &time, 0, NULL));
    first_row(session, "SELECT {d '2024-02-29'}, {t '12:34:56'}");
    assert_true(date.year == 2024 && date.month == 2 && date.day == 29 && length == sizeof date);
    assert_true(time.hour == 12 && time.minute == 34 && time.second == 56);
}

/* --- handles, connections ----------------------------------------------------------------------------------------------------- */

static void old_handles(struct session *session)
{
    SQLHENV env = NULL;
    SQLHDBC dbc = NULL;
    SQLHSTMT stmt = NULL;
    SQLCHAR state[6] = "", message[300] = "";
    (void)session;
    assert_int_equal(SQLAllocEnv(&env), SQL_SUCCESS);
    assert_int_equal(SQLAllocConnect(env, &dbc), SQL_SUCCESS);
    assert_true(SQL_SUCCEEDED(SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0)));
    assert_int_equal(SQLAllocStmt(dbc, &stmt), SQL_SUCCESS);
    assert_int_equal(SQLExecDirect(stmt, text("SELECT 1 FROM Nowhere"), SQL_NTS), SQL_ERROR);
    assert_int_equal(SQLError(env, dbc, stmt, state, NULL, message, sizeof message, NULL), SQL_SUCCESS);
    assert_string_equal((char *)state, "S0002"); /* SQLAllocEnv makes an environment of ODBC 2 */
    assert_int_equal(SQLFreeStmt(stmt, SQL_DROP), SQL_SUCCESS);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeConnect(dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeEnv(env), SQL_SUCCESS);
}

static void errors_are_taken(struct session *session)
{
    SQLCHAR state[6] = "", message[300] = "";
    SQLINTEGER native = 77;
    SQLSMALLINT length = 0;
    assert_int_equal(SQLExecDirect(session->stmt, text("SELEKT"), SQL_NTS), SQL_ERROR);
    assert_int_equal(SQLError(SQL_NULL_HENV, SQL_NULL_HDBC, session->stmt, state, &native, message, sizeof message, &length), SQL_SUCCESS);
    assert_int_equal(length, strlen((char *)message));
    assert_int_equal(SQLError(SQL_NULL_HENV, SQL_NULL_HDBC, session->stmt, state, &native, message, sizeof message, &length), SQL_NO_DATA);
    assert_string_equal((char *)state, "00000");
}

static void connection_options(struct session *session)
{
    SQLUINTEGER value = 77;
    SQLCHAR name[60] = "";
    DBC_OK(session->dbc, SQLGetConnectOption(session->dbc, SQL_AUTOCOMMIT, &value));
    assert_int_equal(value, SQL_AUTOCOMMIT_ON);
    DBC_OK(session->dbc, SQLGetConnectOption(session->dbc, SQL_LOGIN_TIMEOUT, &value));
    DBC_OK(session->dbc, SQLGetConnectOption(session->dbc, SQL_CURRENT_QUALIFIER, name));
    assert_string_equal((char *)name, "TSheets");
    DBC_FAILS(session->dbc, SQLGetConnectOption(session->dbc, 9999, &value), "S1092");
}

static void old_scrolling(struct session *session)
{
    SQLULEN value = 77;
    OK(session, SQLSetScrollOptions(session->stmt, SQL_CONCUR_READ_ONLY, SQL_SCROLL_STATIC, 4));
    OK(session, SQLGetStmtOption(session->stmt, SQL_CURSOR_TYPE, &value));
    assert_int_equal(value, SQL_CURSOR_STATIC);
    OK(session, SQLGetStmtOption(session->stmt, SQL_ROWSET_SIZE, &value));
    assert_int_equal(value, 4);
    FAILS(session, SQLSetScrollOptions(session->stmt, 77, SQL_SCROLL_STATIC, 4), "S1108");
}

static const struct rule rules[] = {
    {"SQLAllocEnv: with SQLAllocConnect and SQLAllocStmt makes handles of an ODBC 2 application, which the old functions free", old_handles},
    {"SQLError: takes a record away; SQL_NO_DATA and 00000 when there is none left", errors_are_taken},
    {"SQLGetConnectOption: gives the attributes of the connection; an unknown one is S1092", connection_options},
    {"SQLSetScrollOptions: sets type, concurrency and rowset; a concurrency that there is not is S1108", old_scrolling},
    {"SQLGetStmtOption: an unknown option is S1092; SQL_ROW_NUMBER without a row is 24000", unknown_options},
    {"SQLGetTypeInfo: has the column names of ODBC 2, and no type code of ODBC 3 for a date", type_columns_of_that_time},
    {"SQLParamOptions: an array of parameters, and how far it has come", old_parameter_arrays},
    {"SQLBindParameter: a parameter number that can not be is S1093, also in SQLDescribeParam", bad_parameters},
    {"SQLBindCol: dates and times by their C types of ODBC 2, or by default", bound_dates},
    {"SQLDescribeCol: dates have the codes of ODBC 2", dates_have_old_codes},
    {"SQLGetData: the C types of ODBC 2 for dates", old_c_types},
    {"SQLGetTypeInfo: takes and gives the codes of ODBC 2", types_of_that_time},
    {"SQLColumns: the names of columns and the codes of ODBC 2", columns_of_that_time},
    {"SQLSetStmtOption: options are attributes", old_options},
    {"SQLSetConnectOption: a statement option is set for the statements of the connection, those there are and those to come", options_of_a_connection},
    {"SQLColAttributes: SQL_COLUMN_TYPE and SQL_COLUMN_COUNT", old_attributes},
    {"SQLTransact: is SQLEndTran", old_transact},
    {"SQLAllocStmt: is SQLAllocHandle; SQL_DROP frees", old_statement},
    {"SQLSetParam: is SQLBindParameter", old_parameters},
};

int main(void)
{
    chapter_version(SQL_OV_ODBC2);
    EACH(is_mapped, mapped);
    EACH(has_attribute, attributes);
    EACH(has_option, options);
    EACH(lists_an_old_type, old_types);
    EACH(has_old_name, old_names);
    EACH(enumerates, enumerations);
    EACH(takes_old_type, typed_parameters);
    RULES(rules);
    return chapter_run("ODBC 2.x applications");
}
