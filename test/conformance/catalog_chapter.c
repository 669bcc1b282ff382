/* Catalog functions: their columns, arguments as patterns and identifiers, and what they say of the service's tables. */
#include "chapter.h"

#include <stdlib.h>

static SQLRETURN tables(SQLHSTMT s, const char *catalog, const char *schema, const char *table, const char *type)
{
    return SQLTables(s, text(catalog), SQL_NTS, text(schema), SQL_NTS, text(table), SQL_NTS, text(type), SQL_NTS);
}

static SQLRETURN all_tables(SQLHSTMT s) { return tables(s, NULL, NULL, NULL, NULL); }
static SQLRETURN all_columns(SQLHSTMT s) { return SQLColumns(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS, NULL, 0); }
static SQLRETURN primary(SQLHSTMT s) { return SQLPrimaryKeys(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS); }
static SQLRETURN foreign(SQLHSTMT s) { return SQLForeignKeys(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, text("Timesheets"), SQL_NTS); }
static SQLRETURN statistics(SQLHSTMT s) { return SQLStatistics(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_INDEX_ALL, SQL_QUICK); }
static SQLRETURN special(SQLHSTMT s) { return SQLSpecialColumns(s, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE); }
static SQLRETURN procedures(SQLHSTMT s) { return SQLProcedures(s, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN procedure_columns(SQLHSTMT s) { return SQLProcedureColumns(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN table_privileges(SQLHSTMT s) { return SQLTablePrivileges(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS); }
static SQLRETURN column_privileges(SQLHSTMT s) { return SQLColumnPrivileges(s, NULL, 0, NULL, 0, text("Users"), SQL_NTS, NULL, 0); }

struct shape {
    const char *rule;
    SQLRETURN (*call)(SQLHSTMT stmt);
    const char *names[20];
    bool rows;
};

static const struct shape shapes[] = {
    {"SQLTables: has the columns of the reference in their order", all_tables,
     {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS"}, true},
    {"SQLColumns: has the columns of the reference in their order", all_columns,
     {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "BUFFER_LENGTH", "DECIMAL_DIGITS",
      "NUM_PREC_RADIX", "NULLABLE", "REMARKS", "COLUMN_DEF", "SQL_DATA_TYPE", "SQL_DATETIME_SUB", "CHAR_OCTET_LENGTH",
      "ORDINAL_POSITION", "IS_NULLABLE"}, true},
    {"SQLPrimaryKeys: has the columns of the reference in their order", primary,
     {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "KEY_SEQ", "PK_NAME"}, true},
    {"SQLForeignKeys: has the columns of the reference in their order", foreign,
     {"PKTABLE_CAT", "PKTABLE_SCHEM", "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_CAT", "FKTABLE_SCHEM", "FKTABLE_NAME", "FKCOLUMN_NAME",
      "KEY_SEQ", "UPDATE_RULE", "DELETE_RULE", "FK_NAME", "PK_NAME", "DEFERRABILITY"}, true},
    {"SQLStatistics: has the columns of the reference in their order", statistics,
     {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "NON_UNIQUE", "INDEX_QUALIFIER", "INDEX_NAME", "TYPE", "ORDINAL_POSITION", "COLUMN_NAME",
      "ASC_OR_DESC", "CARDINALITY", "PAGES", "FILTER_CONDITION"}, true},
    {"SQLSpecialColumns: has the columns of the reference in their order", special,
     {"SCOPE", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "BUFFER_LENGTH", "DECIMAL_DIGITS", "PSEUDO_COLUMN"}, true},
    {"SQLProcedures: has the columns of the reference in their order", procedures,
     {"PROCEDURE_CAT", "PROCEDURE_SCHEM", "PROCEDURE_NAME", "NUM_INPUT_PARAMS", "NUM_OUTPUT_PARAMS", "NUM_RESULT_SETS", "REMARKS",
      "PROCEDURE_TYPE"}, true},
    {"SQLProcedureColumns: has the columns of the reference in their order", procedure_columns,
     {"PROCEDURE_CAT", "PROCEDURE_SCHEM", "PROCEDURE_NAME", "COLUMN_NAME", "COLUMN_TYPE", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE",
      "BUFFER_LENGTH", "DECIMAL_DIGITS", "NUM_PREC_RADIX", "NULLABLE", "REMARKS", "COLUMN_DEF", "SQL_DATA_TYPE", "SQL_DATETIME_SUB",
      "CHAR_OCTET_LENGTH", "ORDINAL_POSITION", "IS_NULLABLE"}, true},
    {"SQLTablePrivileges: has the columns of the reference in their order", table_privileges,
     {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE"}, true},
    {"SQLColumnPrivileges: has the columns of the reference in their order", column_privileges,
     {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE"}, true},
};

static void has_its_shape(struct session *session, const void *row)
{
    const struct shape *shape = row;
    SQLSMALLINT columns = 0;
    OK(session, shape->call(session->stmt));
    OK(session, SQLNumResultCols(session->stmt, &columns));
    for (SQLUSMALLINT i = 0; i < 20 && shape->names[i]; i++) {
        SQLCHAR name[60] = "";
        OK(session, SQLDescribeCol(session->stmt, (SQLUSMALLINT)(i + 1), name, sizeof name, NULL, NULL, NULL, NULL, NULL));
        assert_string_equal((char *)name, shape->names[i]);
        columns--;
    }
    assert_int_equal(columns, 0);
    if (shape->rows)
        assert_true(count_rows(session) > 0);
}

/* --- SQLTables by its arguments ------------------------------------------------------------------------------------------ */

struct listing {
    const char *rule, *catalog, *schema, *table, *type;
    long rows;     /* -1 = some */
};

static const struct listing listings[] = {
    {"SQLTables: a whole name finds one table", NULL, NULL, "Users", NULL, 1},
    {"SQLTables: a name that is nobody's finds none", NULL, NULL, "Nowhere", NULL, 0},
    {"SQLTables: % stands for any characters", NULL, NULL, "User%", NULL, -1},
    {"SQLTables: _ stands for one character", NULL, NULL, "User_", NULL, 1},
    {"SQLTables: an escaped _ stands for itself", NULL, NULL, "User\\_", NULL, 0},
    {"SQLTables: all catalogs (SQL_ALL_CATALOGS)", "%", "", "", NULL, 1},
    {"SQLTables: all table types (SQL_ALL_TABLE_TYPES)", "", "", "", "%", -1},
    {"SQLTables: all schemas (SQL_ALL_SCHEMAS) are none", "", "%", "", NULL, 0},
    {"SQLTables: the type TABLE", NULL, NULL, "Users", "TABLE", 1},
    {"SQLTables: the type in quotes", NULL, NULL, "Users", "'TABLE'", 1},
    {"SQLTables: several types", NULL, NULL, "Users", "TABLE,VIEW", 1},
    {"SQLTables: the types of LibreOffice, with a comma at the end", NULL, NULL, "Users", "VIEW,TABLE,%,", 1},
    {"SQLTables: % among other types is all of them", NULL, NULL, "Users", "VIEW,%", 1},
    {"SQLTables: types in quotes, with spaces between", NULL, NULL, "Users", " 'VIEW' , 'TABLE' ", 1},
    {"SQLTables: a type that nobody has finds nothing", NULL, NULL, NULL, "SYNONYM", 0},
    {"SQLTables: a type is no pattern", NULL, NULL, "Users", "T%", 0},
    {"SQLTables: an empty list of types is all of them", NULL, NULL, "Users", "", 1},
    {"SQLTables: a pattern may stand for the catalog", "TS%", NULL, "Users", NULL, 1},
    {"SQLTables: without a catalog there are no tables", "", NULL, "Users", NULL, 0},
    {"SQLTables: without a schema are all of them", NULL, "", "Users", NULL, 1},
    {"SQLTables: a schema has none of them", NULL, "dbo", "Users", NULL, 0},
    {"SQLTables: % as the schema is also none", NULL, "%", "Users", NULL, 1},
    {"SQLTables: an empty name is no table's", NULL, NULL, "", NULL, 0},
    {"SQLTables: % as the catalog with NULL beside it are all tables, not all catalogs", "%", NULL, "Users", NULL, 1},
    {"SQLTables: a name beyond ASCII finds none", NULL, NULL, "名前", NULL, 0},
    {"SQLTables: an escape in front of another character counts for nothing", NULL, NULL, "Us\\ers", NULL, 1},
    {"SQLTables: letters match in either case", NULL, NULL, "uSERS", NULL, 1},
    {"SQLTables: a type that a table does not have", NULL, NULL, "Users", "VIEW", 0},
    {"SQLTables: a view is of the type VIEW", NULL, NULL, "CurrentUser", "VIEW", 1},
    {"SQLTables: the catalog by its name", "TSheets", NULL, "Users", NULL, 1},
    {"SQLTables: another catalog has no tables", "Elsewhere", NULL, "Users", NULL, 0},
    {"SQLTables: the catalog % with types, as Excel asks", "%", NULL, "Users", "TABLE,VIEW", 1},
};

static void lists(struct session *session, const void *row)
{
    const struct listing *l = row;
    OK(session, tables(session->stmt, l->catalog, l->schema, l->table, l->type));
    long rows = count_rows(session);
    if (l->rows < 0)
        assert_true(rows > 0);
    else
        assert_int_equal(rows, l->rows);
}

/* --- SQLColumns by column -------------------------------------------------------------------------------------------------- */

struct column {
    const char *rule, *table, *column;
    long type, size;
    const char *nullable;
};

static const struct column columns[] = {
    {"SQLColumns: a key of type bigint", "Users", "Id", SQL_BIGINT, 19, "NO"},
    {"SQLColumns: a text of 255 characters", "Users", "FirstName", SQL_WVARCHAR, 255, "YES"},
    {"SQLColumns: a text without a bound", "Timesheets", "Notes", SQL_WLONGVARCHAR, 0, "YES"},
    {"SQLColumns: a boolean", "Users", "Active", SQL_BIT, 1, "YES"},
    {"SQLColumns: an integer", "Timesheets", "Duration", SQL_INTEGER, 10, "YES"},
    {"SQLColumns: a double", "Users", "PayRate", SQL_DOUBLE, 15, "YES"},
    {"SQLColumns: a date", "Timesheets", "Date", SQL_TYPE_DATE, 10, "NO"},
    {"SQLColumns: a timestamp", "Timesheets", "StartTime", SQL_TYPE_TIMESTAMP, 0, "YES"},
};

/* What SQLColumns says is what SQLDescribeCol says and what SQLGetTypeInfo calls it. */
static void is_told_alike(struct session *session, const void *row)
{
    const struct column *c = row;
    SQLSMALLINT type = 0, digits = 0, nullable = 0;
    SQLULEN size = 0;
    char sql[200], name[60], type_name[60];
    SQLCHAR attribute[60] = "";

    OK(session, SQLColumns(session->stmt, NULL, 0, NULL, 0, text(c->table), SQL_NTS, text(c->column), SQL_NTS));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 4), c->column);
    assert_int_equal(strtol(cell(session, 5), NULL, 10), c->type);
    strcpy(type_name, cell(session, 6));
    unsigned long told = strtoul(cell(session, 7), NULL, 10);
    if (c->size)
        assert_int_equal(told, c->size);
    long is_nullable = strtol(cell(session, 11), NULL, 10);
    assert_string_equal(cell(session, 18), c->nullable);
    NO_DATA(session, SQLFetch(session->stmt));
    OK(session, SQLCloseCursor(session->stmt));

    strcpy(sql, "SELECT \"");
    strcat(strcat(strcat(sql, c->column), "\" FROM "), c->table);
    OK(session, SQLPrepare(session->stmt, text(sql), SQL_NTS));
    OK(session, SQLDescribeCol(session->stmt, 1, (SQLCHAR *)name, sizeof name, NULL, &type, &size, &digits, &nullable));
    assert_int_equal(type, c->type);
    assert_int_equal(size, told);
    assert_int_equal(nullable, is_nullable);
    OK(session, SQLColAttribute(session->stmt, 1, SQL_DESC_TYPE_NAME, attribute, sizeof attribute, NULL, NULL));
    assert_string_equal((char *)attribute, type_name);
    OK(session, SQLGetTypeInfo(session->stmt, (SQLSMALLINT)c->type));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), type_name);
}

/* --- rules of their own ------------------------------------------------------------------------------------------------------ */

static void key_of_users(struct session *session)
{
    OK(session, primary(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 3), "Users");
    assert_string_equal(cell(session, 4), "Id");
    assert_string_equal(cell(session, 5), "1");
    NO_DATA(session, SQLFetch(session->stmt));
}

static void parents_of_timesheets(struct session *session)
{
    bool users = false;
    char before[100] = "";
    OK(session, foreign(session->stmt));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        const char *parent = cell(session, 3);
        assert_true(strcmp(before, parent) <= 0);
        strcpy(before, parent);
        assert_string_equal(cell(session, 7), "Timesheets");
        users = users || (strcmp(parent, "Users") == 0 && strcmp(cell(session, 8), "UserId") == 0);
    }
    assert_true(users);
}

static void children_of_users(struct session *session)
{
    bool timesheets = false;
    char before[100] = "";
    OK(session, SQLForeignKeys(session->stmt, NULL, 0, NULL, 0, text("Users"), SQL_NTS, NULL, 0, NULL, 0, NULL, 0));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        assert_string_equal(cell(session, 3), "Users");
        const char *child = cell(session, 7);
        assert_true(strcmp(before, child) <= 0);
        strcpy(before, child);
        timesheets = timesheets || strcmp(child, "Timesheets") == 0;
    }
    assert_true(timesheets);
}

static void both_tables(struct session *session)
{
    int keys = 0;
    OK(session, SQLForeignKeys(session->stmt, NULL, 0, NULL, 0, text("Groups"), SQL_NTS, NULL, 0, NULL, 0, text("Users"), SQL_NTS));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        assert_string_equal(cell(session, 3), "Groups");
        assert_string_equal(cell(session, 7), "Users");
        keys++;
    }
    assert_int_equal(keys, 1);
}

static void neither_table(struct session *session)
{
    FAILS(session, SQLForeignKeys(session->stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0), "HY009");
}

static void no_table(struct session *session)
{
    FAILS(session, SQLPrimaryKeys(session->stmt, NULL, 0, NULL, 0, NULL, 0), "HY009");
    FAILS(session, SQLStatistics(session->stmt, NULL, 0, NULL, 0, NULL, 0, SQL_INDEX_ALL, SQL_QUICK), "HY009");
    FAILS(session, SQLSpecialColumns(session->stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, NULL, 0, SQL_SCOPE_CURROW, SQL_NULLABLE), "HY009");
}

static void bad_statistics(struct session *session)
{
    FAILS(session, SQLStatistics(session->stmt, NULL, 0, NULL, 0, text("Users"), SQL_NTS, 77, SQL_QUICK), "HY100");
    FAILS(session, SQLStatistics(session->stmt, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_INDEX_ALL, 77), "HY101");
}

static void index_of_users(struct session *session)
{
    OK(session, statistics(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(strtol(cell(session, 7), NULL, 10), SQL_TABLE_STAT);
    assert_string_equal(cell(session, 6), "(null)");
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 3), "Users");
    assert_int_equal(strtol(cell(session, 4), NULL, 10), SQL_FALSE); /* NON_UNIQUE */
    assert_int_equal(strtol(cell(session, 7), NULL, 10), SQL_INDEX_OTHER);
    assert_string_equal(cell(session, 8), "1");
    assert_string_equal(cell(session, 9), "Id");
    NO_DATA(session, SQLFetch(session->stmt));
}

static void index_of_no_table(struct session *session)
{
    OK(session, SQLStatistics(session->stmt, NULL, 0, NULL, 0, text("Nowhere"), SQL_NTS, SQL_INDEX_UNIQUE, SQL_QUICK));
    NO_DATA(session, SQLFetch(session->stmt));
}

static void row_id_of_users(struct session *session)
{
    OK(session, SQLSpecialColumns(session->stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(strtol(cell(session, 1), NULL, 10), SQL_SCOPE_SESSION);
    assert_string_equal(cell(session, 2), "Id");
    assert_int_equal(strtol(cell(session, 3), NULL, 10), SQL_BIGINT);
    assert_int_equal(strtol(cell(session, 8), NULL, 10), SQL_PC_NOT_PSEUDO);
    NO_DATA(session, SQLFetch(session->stmt));
}

static void privileges_of_columns(struct session *session)
{
    OK(session, SQLColumnPrivileges(session->stmt, NULL, 0, NULL, 0, text("Users"), SQL_NTS, text("First%"), SQL_NTS));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 4), "FirstName");
    assert_string_equal(cell(session, 7), "SELECT");
    NO_DATA(session, SQLFetch(session->stmt));
}

static void bad_special(struct session *session)
{
    FAILS(session, SQLSpecialColumns(session->stmt, 77, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE), "HY097");
    FAILS(session, SQLSpecialColumns(session->stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("Users"), SQL_NTS, 77, SQL_NULLABLE), "HY098");
    FAILS(session, SQLSpecialColumns(session->stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_SCOPE_CURROW, 77), "HY099");
}

static void no_row_version(struct session *session)
{
    OK(session, SQLSpecialColumns(session->stmt, SQL_ROWVER, NULL, 0, NULL, 0, text("Users"), SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE));
    assert_int_equal(count_rows(session), 0);
}

static void negative_lengths(struct session *session)
{
    FAILS(session, SQLTables(session->stmt, NULL, 0, NULL, 0, text("Users"), -7, NULL, 0), "HY090");
    FAILS(session, SQLColumns(session->stmt, NULL, 0, NULL, 0, text("Users"), -7, NULL, 0), "HY090");
    FAILS(session, SQLPrimaryKeys(session->stmt, NULL, 0, NULL, 0, text("Users"), -7), "HY090");
}

static void identifiers(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_METADATA_ID, number(SQL_TRUE), 0));
    OK(session, tables(session->stmt, "TSheets", "", "users", NULL));
    assert_int_equal(count_rows(session), 1);
    OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    OK(session, tables(session->stmt, "TSheets", "", "User_", NULL));
    assert_int_equal(count_rows(session), 0);
    OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    OK(session, tables(session->stmt, "TSheets", "", "\"Users\"", NULL));
    assert_int_equal(count_rows(session), 1);
}

static void null_identifier(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_METADATA_ID, number(SQL_TRUE), 0));
    FAILS(session, SQLColumns(session->stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0), "HY009");
}

static SQLRETURN by_identifiers(SQLHSTMT s, int function, const char *catalog, const char *schema, const char *table)
{
#define PLACE text(catalog), SQL_NTS, text(schema), SQL_NTS, text(table), SQL_NTS
    switch (function) {
    case 0: return SQLTables(s, PLACE, NULL, 0);
    case 1: return SQLColumns(s, PLACE, text("Id"), SQL_NTS);
    case 2: return SQLPrimaryKeys(s, PLACE);
    case 3: return SQLForeignKeys(s, PLACE, NULL, 0, NULL, 0, NULL, 0);
    case 4: return SQLForeignKeys(s, NULL, 0, NULL, 0, NULL, 0, PLACE);
    case 5: return SQLStatistics(s, PLACE, SQL_INDEX_ALL, SQL_QUICK);
    case 6: return SQLSpecialColumns(s, SQL_BEST_ROWID, PLACE, SQL_SCOPE_CURROW, SQL_NULLABLE);
    case 7: return SQLProcedures(s, PLACE);
    case 8: return SQLProcedureColumns(s, PLACE, text("State"), SQL_NTS);
    case 9: return SQLTablePrivileges(s, PLACE);
    default: return SQLColumnPrivileges(s, PLACE, text("Id"), SQL_NTS);
    }
#undef PLACE
}

/* "Users" or a procedure, as identifiers: each function finds it, quoted or not, and takes NULL for none of its parts. */
static void all_take_identifiers(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_METADATA_ID, number(SQL_TRUE), 0));
    for (int function = 0; function <= 10; function++) {
        bool procedure = function == 7 || function == 8;
        const char *plain = procedure ? " getoauthaccesstoken " : " users ", *quoted = procedure ? "\"GetOAuthAccessToken\"" : "\"Users\"";
        OK(session, by_identifiers(session->stmt, function, "tsheets", "", plain));
        assert_true(count_rows(session) > 0);
        OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
        OK(session, by_identifiers(session->stmt, function, "\"TSheets\"", "", quoted));
        assert_true(count_rows(session) > 0);
        OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
        OK(session, by_identifiers(session->stmt, function, "%", "", plain));
        assert_int_equal(count_rows(session), 0);
        OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
        FAILS(session, by_identifiers(session->stmt, function, NULL, "", plain), "HY009");
        FAILS(session, by_identifiers(session->stmt, function, "TSheets", NULL, plain), "HY009");
        FAILS(session, by_identifiers(session->stmt, function, "TSheets", "", NULL), "HY009");
    }
}

/* All columns of all functions: the type codes of the reference; a text is as wide as SQLGetInfo says of names, and more. */
struct types {
    const char *rule;
    SQLRETURN (*call)(SQLHSTMT stmt);
    const char *types;     /* a letter for each column: V a text, S SQL_SMALLINT, I SQL_INTEGER; small where it is never NULL */
};

static SQLRETURN type_info(SQLHSTMT s) { return SQLGetTypeInfo(s, SQL_ALL_TYPES); }

static const struct types typed[] = {
    {"SQLTables: each column has the type of the reference", all_tables, "VVVVV"},
    {"SQLColumns: each column has the type of the reference", all_columns, "VVvvsvIISSsVVsSIiV"},
    {"SQLPrimaryKeys: each column has the type of the reference", primary, "VVvvsV"},
    {"SQLForeignKeys: each column has the type of the reference", foreign, "VVvvVVvvsSSVVS"},
    {"SQLStatistics: each column has the type of the reference", statistics, "VVvSVVsSVVIIV"},
    {"SQLSpecialColumns: each column has the type of the reference", special, "SvsvIISS"},
    {"SQLProcedures: each column has the type of the reference", procedures, "VVvIIIVS"},
    {"SQLProcedureColumns: each column has the type of the reference", procedure_columns, "VVvvssvIISSsVVsSIiV"},
    {"SQLTablePrivileges: each column has the type of the reference", table_privileges, "VVvVvvV"},
    {"SQLColumnPrivileges: each column has the type of the reference", column_privileges, "VVvvVvvV"},
    {"SQLGetTypeInfo: each column has the type of the reference", type_info, "vsIVVVsssSsSVSSsSIS"},
};

static void has_its_types(struct session *session, const void *row)
{
    const struct types *wanted = row;
    SQLSMALLINT width = 0;

    OK(session, wanted->call(session->stmt));
    OK(session, SQLNumResultCols(session->stmt, &width));
    assert_int_equal(width, strlen(wanted->types));
    for (SQLSMALLINT i = 0; i < width; i++) {
        SQLSMALLINT type = 0, nullable = 0;
        char letter = wanted->types[i];
        bool never = letter >= 'a';
        OK(session, SQLDescribeCol(session->stmt, (SQLUSMALLINT)(i + 1), NULL, 0, NULL, &type, NULL, NULL, &nullable));
        letter = (char)(never ? letter - 'a' + 'A' : letter);
        assert_int_equal(type, letter == 'V' ? SQL_WVARCHAR : letter == 'S' ? SQL_SMALLINT : SQL_INTEGER);
        assert_int_equal(nullable, never ? SQL_NO_NULLS : SQL_NULLABLE);
    }
}

/* What a column says of its width holds for every row. */
static void widths_hold(struct session *session)
{
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        SQLSMALLINT width = 0;
        OK(session, typed[i].call(session->stmt));
        OK(session, SQLNumResultCols(session->stmt, &width));
        while (SQLFetch(session->stmt) == SQL_SUCCESS) {
            for (SQLUSMALLINT column = 1; column <= width; column++) {
                SQLULEN size = 0;
                OK(session, SQLDescribeCol(session->stmt, column, NULL, 0, NULL, NULL, &size, NULL, NULL));
                assert_true(strlen(cell(session, column)) <= (size > 6 ? size : 6)); /* "(null)" */
            }
        }
        OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    }
}

static void privileges_in_order(struct session *session)
{
    char before[200] = "";
    OK(session, column_privileges(session->stmt));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        const char *now = cell(session, 4);
        assert_true(strcmp(before, now) < 0);
        strcpy(before, now);
    }
    assert_true(*before);
}

static void defaults_are_literals(struct session *session)
{
    OK(session, SQLProcedureColumns(session->stmt, NULL, 0, NULL, 0, text("GetOAuthAccessToken"), SQL_NTS, text("AuthMode"), SQL_NTS));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 14), "'APP'");
}

static void in_order(struct session *session)
{
    char before[200] = "";
    OK(session, all_tables(session->stmt));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        char now[200];
        strcpy(now, cell(session, 4));
        strcat(strcat(now, "."), cell(session, 3));
        assert_true(strcmp(before, now) < 0);
        strcpy(before, now);
    }
    assert_true(*before);
}

static void columns_in_order(struct session *session)
{
    long position = 0;
    OK(session, all_columns(session->stmt));
    while (SQLFetch(session->stmt) == SQL_SUCCESS)
        assert_int_equal(strtol(cell(session, 17), NULL, 10), ++position);
    assert_true(position > 10);
}

static void inputs_and_outputs(struct session *session)
{
    int inputs = 0, outputs = 0;
    OK(session, SQLProcedureColumns(session->stmt, NULL, 0, NULL, 0, text("GetOAuthAccessToken"), SQL_NTS, NULL, 0));
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        long kind = strtol(cell(session, 5), NULL, 10);
        inputs += kind == SQL_PARAM_INPUT;
        outputs += kind == SQL_RESULT_COL;
    }
    assert_true(inputs > 0);
    assert_true(outputs > 0);
}

static void oauth_procedures(struct session *session)
{
    OK(session, SQLProcedures(session->stmt, NULL, 0, NULL, 0, text("%OAuth%"), SQL_NTS));
    assert_true(count_rows(session) >= 3);
}

static void select_only(struct session *session)
{
    OK(session, table_privileges(session->stmt));
    while (SQLFetch(session->stmt) == SQL_SUCCESS)
        assert_string_equal(cell(session, 6), "SELECT");
}

static const struct rule rules[] = {
    {"SQLTables: rows are ordered by TABLE_TYPE, then by name", in_order},
    {"SQLColumns: rows are ordered by ORDINAL_POSITION, from 1", columns_in_order},
    {"SQLPrimaryKeys: the key of a table with its position", key_of_users},
    {"SQLForeignKeys: the keys of a table that refer to others, ordered by their tables", parents_of_timesheets},
    {"SQLForeignKeys: the keys of others that refer to a table, ordered by their tables", children_of_users},
    {"SQLForeignKeys: both tables named give the keys between them", both_tables},
    {"SQLForeignKeys: neither table named is HY009", neither_table},
    {"SQLPrimaryKeys: no table named is HY009; likewise SQLStatistics and SQLSpecialColumns", no_table},
    {"SQLStatistics: a row for the table (SQL_TABLE_STAT), then the unique index of its key", index_of_users},
    {"SQLStatistics: a table that does not exist has no rows", index_of_no_table},
    {"SQLSpecialColumns: SQL_BEST_ROWID is the key, good for the session", row_id_of_users},
    {"SQLColumnPrivileges: what can only be read has SELECT alone; the column is a pattern", privileges_of_columns},
    {"SQLStatistics: a kind that does not exist is HY100, an accuracy HY101", bad_statistics},
    {"SQLSpecialColumns: a kind that does not exist is HY097, a scope HY098, a nullability HY099", bad_special},
    {"SQLSpecialColumns: no column changes with its row (SQL_ROWVER)", no_row_version},
    {"SQLTables: a negative length is HY090; likewise SQLColumns and SQLPrimaryKeys", negative_lengths},
    {"SQLTables: SQL_ATTR_METADATA_ID makes arguments identifiers, without patterns", identifiers},
    {"SQLColumns: SQL_ATTR_METADATA_ID with no identifier is HY009", null_identifier},
    {"SQLTables: SQL_ATTR_METADATA_ID makes identifiers of the arguments of all catalog functions; none may be NULL (HY009)", all_take_identifiers},
    {"SQLColumns: no catalog function has a value longer than its column", widths_hold},
    {"SQLColumnPrivileges: rows are ordered by the name of the column", privileges_in_order},
    {"SQLProcedureColumns: a default is a literal (COLUMN_DEF)", defaults_are_literals},
    {"SQLProcedureColumns: inputs and the columns of the result", inputs_and_outputs},
    {"SQLProcedures: lists the OAuth procedures by a pattern", oauth_procedures},
    {"SQLTablePrivileges: what can only be read has SELECT alone", select_only},
};

int main(void)
{
    EACH(has_its_shape, shapes);
    EACH(has_its_types, typed);
    EACH(lists, listings);
    EACH(is_told_alike, columns);
    RULES(rules);
    return chapter_run("catalog");
}
