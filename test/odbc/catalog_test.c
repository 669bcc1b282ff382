/* Proves the catalog functions, column descriptions, descriptors and diagnostics; and the ODBC 2 forms of them. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All rows of the present result as "a|b\nc|d\n" of some columns. Static. */
static const char *listed(const struct session *session, const SQLUSMALLINT *columns)
{
    static char out[8192];
    size_t used = 0;

    out[0] = '\0';
    while (SQLFetch(session->stmt) == SQL_SUCCESS) {
        for (const SQLUSMALLINT *column = columns; *column; column++)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", session_cell(session, *column), column[1] ? "|" : "\n");
    }
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    return out;
}
#define LISTED(...) listed(session, (const SQLUSMALLINT[]){__VA_ARGS__, 0})
#define NTS(string) text(string), SQL_NTS

/* The service's own and those that are the driver's. */
#define SYSTEM_TABLES \
    "Broken\nsys_connection_props\nsys_foreignkeys\nsys_information\nsys_primarykeys\nsys_procedureparameters\nsys_procedures\n" \
    "sys_tablecolumns\nsys_tables\n"

static void tables_are_listed_as_asked(void **state)
{
    static const struct { const char *catalog, *schema, *table, *types, *names; } cases[] = {
        {NULL, NULL, NULL, NULL, SYSTEM_TABLES "Endless\nEverything\nPeople\nPets\nOld_Pets\n"},
        {NULL, NULL, "P%", NULL, "People\nPets\n"},
        {NULL, NULL, "p%", NULL, "People\nPets\n"},
        {NULL, NULL, "P_ts", NULL, "Pets\n"},
        {NULL, NULL, "%e%ts", NULL, "Pets\nOld_Pets\n"},
        {NULL, NULL, "Old\\_Pets", NULL, "Old_Pets\n"},
        {NULL, NULL, "Pet\\%", NULL, ""},
        {NULL, NULL, "", NULL, ""},
        {"Fake", NULL, "Pets", NULL, "Pets\n"},
        {"F%", "%", "Pets", NULL, "Pets\n"},
        {"Other", NULL, "Pets", NULL, ""},
        {"", NULL, "Pets", NULL, ""},
        {NULL, "", "Pets", NULL, "Pets\n"},
        {NULL, "dbo", "Pets", NULL, ""},
        {NULL, NULL, NULL, "VIEW", "Old_Pets\n"},
        {NULL, NULL, NULL, "'VIEW'", "Old_Pets\n"},
        {NULL, NULL, NULL, "'VIEW', 'SYSTEM TABLE'", SYSTEM_TABLES "Old_Pets\n"},
        {"%", NULL, NULL, "TABLE,VIEW", "Endless\nEverything\nPeople\nPets\nOld_Pets\n"},
        {NULL, NULL, "Pe%", "VIEW,TABLE,%,", "People\nPets\n"},
        {NULL, NULL, NULL, "SYNONYM", ""},
        {NULL, NULL, "Pets", "", "Pets\n"},
    };
    struct session *session = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WORKS(session->stmt, SQLTables(session->stmt, NTS(cases[i].catalog), NTS(cases[i].schema), NTS(cases[i].table), NTS(cases[i].types)));
        const char *names = LISTED(3);
        if (strcmp(names, cases[i].names) != 0)
            fail_msg("case %zu gives\n%s", i, names);
    }
    WORKS(session->stmt, SQLTables(session->stmt, NTS("%"), NTS(""), NTS(""), NTS("")));
    assert_string_equal(LISTED(1, 3), "Fake|(null)\n");
    WORKS(session->stmt, SQLTables(session->stmt, NTS(""), NTS("%"), NTS(""), NTS("")));
    assert_string_equal(LISTED(2), "");
    WORKS(session->stmt, SQLTables(session->stmt, NTS(""), NTS(""), NTS(""), NTS("%")));
    assert_string_equal(LISTED(4), "LOCAL TEMPORARY\nSYSTEM TABLE\nTABLE\nVIEW\n");
    SQLWCHAR pets[] = {'P', 'e', 't', 's', 'x'};
    WORKS(session->stmt, SQLTablesW(session->stmt, NULL, 0, NULL, 0, pets, 4, NULL, 0));
    assert_string_equal(LISTED(1, 2, 3, 4, 5), "Fake|(null)|Pets|TABLE|\n");
}

static void identifiers_are_no_patterns(void **state)
{
    struct session *session = *state;

    WORKS(session->stmt, SQLSetStmtAttr(session->stmt, SQL_ATTR_METADATA_ID, (SQLPOINTER)SQL_TRUE, 0));
    WORKS(session->stmt, SQLColumns(session->stmt, NTS("Fake"), NTS(""), NTS(" OLD_PETS "), NTS("Id")));
    assert_string_equal(LISTED(3, 4), "Old_Pets|Id\n");
    WORKS(session->stmt, SQLColumns(session->stmt, NTS("\"Fake\""), NTS(""), NTS("\"Pets\""), NTS("%")));
    assert_string_equal(LISTED(3, 4), "");
    FAILS(session->stmt, SQLColumns(session->stmt, NTS("Fake"), NTS(""), NULL, 0, NTS("Id")), "HY009");
    FAILS(session->stmt, SQLColumns(session->stmt, NULL, 0, NTS(""), NTS("Pets"), NTS("Id")), "HY009");
    FAILS(session->stmt, SQLColumns(session->stmt, NTS("Fake"), NULL, 0, NTS("Pets"), NTS("Id")), "HY009");
}

static void columns_are_described_as_in_results(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLHSTMT other;
    SQLSMALLINT count;

    WORKS(stmt, SQLColumns(stmt, NULL, 0, NULL, 0, NTS("Everything"), NULL, 0));
    assert_string_equal(LISTED(4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18),
                        "Id|-5|BIGINT|19|8|0|10|0|-5|(null)|(null)|1|NO\n"
                        "Flag|-7|BIT|1|1|0|(null)|1|-7|(null)|(null)|2|YES\n"
                        "Count|4|INTEGER|10|4|0|10|1|4|(null)|(null)|3|YES\n"
                        "Big|-5|BIGINT|19|8|0|10|1|-5|(null)|(null)|4|YES\n"
                        "Ratio|8|DOUBLE|15|8|(null)|10|1|8|(null)|(null)|5|YES\n"
                        "Amount|3|DECIMAL|19|21|4|10|1|3|(null)|(null)|6|YES\n"
                        "Day|91|DATE|10|6|(null)|(null)|1|9|1|(null)|7|YES\n"
                        "Clock|92|TIME|12|6|3|(null)|1|9|2|(null)|8|YES\n"
                        "Moment|93|TIMESTAMP|26|16|6|(null)|1|9|3|(null)|9|YES\n"
                        "Name|-9|VARCHAR|40|160|(null)|(null)|1|-9|(null)|160|10|YES\n"
                        "Notes|-10|LONGVARCHAR|1073741823|2147483646|(null)|(null)|1|-10|(null)|2147483646|11|YES\n"
                        "Bytes|-3|VARBINARY|20|20|(null)|(null)|1|-3|(null)|20|12|YES\n"
                        "Token|-11|GUID|36|16|(null)|(null)|1|-11|(null)|(null)|13|YES\n"
                        "Document|-10|LONGVARCHAR|1073741823|2147483646|(null)|(null)|1|-10|(null)|2147483646|14|YES\n");

    /* The same by SQLDescribeCol and SQLColAttribute, and known to SQLGetTypeInfo. */
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other), SQL_SUCCESS);
    WORKS(other, SQLPrepare(other, NTS("SELECT * FROM Everything")));
    WORKS(other, SQLNumResultCols(other, &count));
    assert_int_equal(count, 14); /* without the pseudo column */
    WORKS(stmt, SQLColumns(stmt, NULL, 0, NULL, 0, NTS("Everything"), NULL, 0));
    for (SQLUSMALLINT i = 1; i <= 14; i++) {
        SQLCHAR name[40], type_name[40], base[40];
        SQLSMALLINT length, type, digits, nullable;
        SQLULEN size;
        SQLLEN number;
        WORKS(stmt, SQLFetch(stmt));
        WORKS(other, SQLDescribeCol(other, i, name, sizeof name, &length, &type, &size, &digits, &nullable));
        assert_string_equal((char *)name, session_cell(session, 4));
        assert_int_equal(type, atoi(session_cell(session, 5)));
        assert_int_equal(size, atol(session_cell(session, 7)));
        assert_int_equal(nullable, atoi(session_cell(session, 11)));
        const char *scale = session_cell(session, 9);
        assert_int_equal(digits, strcmp(scale, "(null)") == 0 ? 0 : atoi(scale));
        WORKS(other, SQLColAttribute(other, i, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &number));
        assert_int_equal(number, type);
        WORKS(other, SQLColAttribute(other, i, SQL_DESC_OCTET_LENGTH, NULL, 0, NULL, &number));
        assert_int_equal(number, atol(session_cell(session, 8)));
        WORKS(other, SQLColAttribute(other, i, SQL_DESC_TYPE_NAME, type_name, sizeof type_name, NULL, NULL));
        assert_string_equal((char *)type_name, session_cell(session, 6));
        WORKS(other, SQLColAttribute(other, i, SQL_DESC_BASE_COLUMN_NAME, base, sizeof base, NULL, NULL));
        assert_string_equal((char *)base, (char *)name);
        WORKS(other, SQLColAttribute(other, i, SQL_DESC_BASE_TABLE_NAME, base, sizeof base, NULL, NULL));
        assert_string_equal((char *)base, "Everything");
    }
    FAILS(other, SQLColAttribute(other, 1, 1211, NULL, 0, NULL, NULL), "HY091");
    FAILS(other, SQLColAttribute(other, 1, 1212, NULL, 0, NULL, NULL), "HY091");
    FAILS(other, SQLColAttribute(other, 15, SQL_DESC_LABEL, NULL, 0, NULL, NULL), "07009");
    FAILS(other, SQLColAttribute(other, 0, SQL_DESC_LABEL, NULL, 0, NULL, NULL), "07009");
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

static void assert_measures(SQLHSTMT stmt, SQLLEN characters, SQLLEN octets, SQLLEN shown)
{
    const struct { SQLUSMALLINT field; SQLLEN wanted; } cases[] = {
        {SQL_DESC_LENGTH, characters}, {SQL_DESC_OCTET_LENGTH, octets}, {SQL_DESC_DISPLAY_SIZE, shown}};

    WORKS(stmt, SQLPrepare(stmt, NTS("SELECT 'ten things' AS Text")));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLLEN number = -1;
        WORKS(stmt, SQLColAttribute(stmt, 1, cases[i].field, NULL, 0, NULL, &number));
        assert_int_equal(number, cases[i].wanted);
    }
}

/* An application makes its buffers as large as it is told, and an ANSI application gets UTF-8: four bytes for a character at most. */
static void texts_are_measured_in_the_applications_encoding(void **state)
{
    struct session *session = *state;
    SQLWCHAR string[] = u"Provider=Fake";
    SQLHDBC dbc;
    SQLHSTMT stmt;

    assert_measures(session->stmt, 10, 40, 40);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, session->env, &dbc), SQL_SUCCESS);
    assert_int_equal(SQLDriverConnectW(dbc, NULL, string, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
    assert_measures(stmt, 10, 20, 10);
    SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    SQLDisconnect(dbc);
    /* Where the driver manager calls only wide functions, it says for whom. */
    assert_int_equal(SQLSetConnectAttr(dbc, SQL_ATTR_ANSI_APP, (SQLPOINTER)SQL_AA_TRUE, 0), SQL_SUCCESS);
    assert_int_equal(SQLDriverConnectW(dbc, NULL, string, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
    assert_measures(stmt, 10, 40, 40);
    SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    SQLDisconnect(dbc);
    SQLFreeHandle(SQL_HANDLE_DBC, dbc);
}

static void keys_are_known(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    WORKS(stmt, SQLPrimaryKeys(stmt, NULL, 0, NULL, 0, NTS("Pets")));
    assert_string_equal(LISTED(3, 4, 5, 6), "Pets|Id|1|PK_Pets\n");
    /* "" is for tables without a catalog where some have one (SQLPrimaryKeys); here all are in one, so that nothing is asked by it. */
    WORKS(stmt, SQLPrimaryKeys(stmt, NTS(""), NTS(""), NTS("Pets")));
    assert_string_equal(LISTED(3, 4), "Pets|Id\n");
    WORKS(stmt, SQLPrimaryKeys(stmt, NTS("Elsewhere"), NTS(""), NTS("Pets")));
    assert_string_equal(LISTED(3), "");
    WORKS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NTS("Pets")));
    assert_string_equal(LISTED(3, 4, 7, 8, 9, 10, 11, 12, 13, 14), "People|Id|Pets|OwnerId|1|3|3|FK_Pets_OwnerId|PK_People|7\n");
    WORKS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NTS("people"), NULL, 0, NULL, 0, NULL, 0));
    assert_string_equal(LISTED(7, 8), "Old_Pets|OwnerId\nPets|OwnerId\n");
    WORKS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NTS("Pets"), NULL, 0, NULL, 0, NTS("Pets")));
    assert_string_equal(LISTED(7), "");
    FAILS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0), "HY009");
    WORKS(stmt, SQLForeignKeys(stmt, NTS("Elsewhere"), NULL, 0, NTS("People"), NULL, 0, NULL, 0, NULL, 0));
    assert_string_equal(LISTED(7), "");
    WORKS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NTS("People"), NTS("Elsewhere"), NULL, 0, NTS("Pets")));
    assert_string_equal(LISTED(7), "");
    /* No table has an empty name: it stands for none, also beside a catalog that is not ours. */
    WORKS(stmt, SQLForeignKeys(stmt, NTS(""), NTS(""), NTS(""), NULL, 0, NULL, 0, NTS("Pets")));
    assert_string_equal(LISTED(3, 4, 7, 8), "People|Id|Pets|OwnerId\n");
    WORKS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NTS("People"), NULL, 0, NULL, 0, NTS("")));
    assert_string_equal(LISTED(7, 8), "Old_Pets|OwnerId\nPets|OwnerId\n");
    FAILS(stmt, SQLForeignKeys(stmt, NULL, 0, NULL, 0, NTS(""), NULL, 0, NULL, 0, NTS("")), "HY009");
    FAILS(stmt, SQLPrimaryKeys(stmt, NULL, 0, NULL, 0, NULL, 0), "HY009");
    WORKS(stmt, SQLSpecialColumns(stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, NTS("Pets"), SQL_SCOPE_CURROW, SQL_NULLABLE));
    assert_string_equal(LISTED(1, 2, 3, 8), "2|Id|4|1\n");
    WORKS(stmt, SQLSpecialColumns(stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, NTS("Pets"), SQL_SCOPE_SESSION, SQL_NO_NULLS));
    assert_string_equal(LISTED(2), "Id\n");
    WORKS(stmt, SQLSpecialColumns(stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, NTS("Broken"), SQL_SCOPE_CURROW, SQL_NULLABLE));
    assert_string_equal(LISTED(2), "Id\n");
    WORKS(stmt, SQLSpecialColumns(stmt, SQL_BEST_ROWID, NULL, 0, NULL, 0, NTS("Broken"), SQL_SCOPE_CURROW, SQL_NO_NULLS));
    assert_string_equal(LISTED(2), "");
    WORKS(stmt, SQLSpecialColumns(stmt, SQL_ROWVER, NULL, 0, NULL, 0, NTS("Pets"), SQL_SCOPE_CURROW, SQL_NULLABLE));
    assert_string_equal(LISTED(2), "");
    FAILS(stmt, SQLSpecialColumns(stmt, 9, NULL, 0, NULL, 0, NTS("Pets"), 0, 0), "HY097");
    FAILS(stmt, SQLSpecialColumns(stmt, 1, NULL, 0, NULL, 0, NTS("Pets"), 9, 0), "HY098");
    FAILS(stmt, SQLSpecialColumns(stmt, 1, NULL, 0, NULL, 0, NTS("Pets"), 0, 9), "HY099");
    WORKS(stmt, SQLStatistics(stmt, NULL, 0, NULL, 0, NTS("Pets"), SQL_INDEX_ALL, SQL_QUICK));
    assert_string_equal(LISTED(4, 6, 7, 8, 9), "(null)|(null)|0|(null)|(null)\n0|PK_Pets|3|1|Id\n");
    FAILS(stmt, SQLStatistics(stmt, NULL, 0, NULL, 0, NTS("Pets"), 7, SQL_QUICK), "HY100");
    FAILS(stmt, SQLStatistics(stmt, NULL, 0, NULL, 0, NTS("Pets"), SQL_INDEX_ALL, 7), "HY101");
    WORKS(stmt, SQLTablePrivileges(stmt, NULL, 0, NULL, 0, NTS("Pets")));
    assert_string_equal(LISTED(3, 5, 6, 7), "Pets|me|SELECT|NO\n");
    WORKS(stmt, SQLColumnPrivileges(stmt, NULL, 0, NULL, 0, NTS("Pets"), NTS("%")));
    assert_string_equal(LISTED(3, 4, 6, 7, 8), "Pets|Id|me|SELECT|NO\nPets|OwnerId|me|SELECT|NO\n");
}

static void procedures_are_listed(void **state)
{
    struct session *session = *state;

    WORKS(session->stmt, SQLProcedures(session->stmt, NULL, 0, NULL, 0, NTS("%")));
    assert_string_equal(LISTED(1, 3, 4, 6, 7, 8), "Fake|Echo|2|1|Says it again|1\nFake|Silent|1|0||1\n");
    WORKS(session->stmt, SQLProcedureColumns(session->stmt, NULL, 0, NULL, 0, NTS("Echo"), NULL, 0));
    assert_string_equal(LISTED(4, 5, 6, 12, 14, 18, 19),
                        "Text|1|-10|0|(null)|1|NO\nNumber|1|4|1|7|2|YES\nText|3|-10|1|(null)|1|YES\nNumber|3|4|1|(null)|2|YES\n");
    /* _ is one character, of however many bytes. */
    WORKS(session->stmt, SQLProcedureColumns(session->stmt, NULL, 0, NULL, 0, NTS("Silent"), NTS("Gr__e")));
    assert_string_equal(LISTED(4, 14), "Größe|'it''s'\n");
    WORKS(session->stmt, SQLProcedureColumns(session->stmt, NULL, 0, NULL, 0, NTS("Silent"), NTS("%ö_e")));
    assert_string_equal(LISTED(4), "Größe\n");
    WORKS(session->stmt, SQLProcedureColumns(session->stmt, NULL, 0, NULL, 0, NTS("Silent"), NTS("Gr____e")));
    assert_string_equal(LISTED(4), "");
}

static void types_are_listed(void **state)
{
    struct session *session = *state;

    WORKS(session->stmt, SQLGetTypeInfo(session->stmt, SQL_ALL_TYPES));
    assert_string_equal(LISTED(1, 2), "GUID|-11\nLONGVARCHAR|-10\nVARCHAR|-9\nBIT|-7\nTINYINT|-6\nBIGINT|-5\nLONGVARBINARY|-4\nVARBINARY|-3\n"
                                      "DECIMAL|3\nINTEGER|4\nSMALLINT|5\nDOUBLE|8\nDATE|91\nTIME|92\nTIMESTAMP|93\n");
    WORKS(session->stmt, SQLGetTypeInfo(session->stmt, SQL_TIMESTAMP));
    assert_string_equal(LISTED(1, 2, 3, 4, 5, 14, 15, 16, 17), "TIMESTAMP|93|29|{ts '|'}|0|9|9|3\n");
    WORKS(session->stmt, SQLGetTypeInfo(session->stmt, SQL_INTERVAL_DAY));
    assert_string_equal(LISTED(1), "");
    FAILS(session->stmt, SQLGetTypeInfo(session->stmt, 1234), "HY004");
}

static void parameters_are_described(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLSMALLINT count, type, digits, nullable;
    SQLULEN size;

    WORKS(stmt, SQLPrepare(stmt, NTS("SELECT * FROM Everything WHERE Amount > ? AND Name = ? AND Moment = ?")));
    WORKS(stmt, SQLNumParams(stmt, &count));
    assert_int_equal(count, 3);
    WORKS(stmt, SQLDescribeParam(stmt, 1, &type, &size, &digits, &nullable));
    assert_int_equal(type, SQL_DECIMAL);
    assert_int_equal(size, 19);
    assert_int_equal(digits, 4);
    WORKS(stmt, SQLDescribeParam(stmt, 3, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_TYPE_TIMESTAMP);
    FAILS(stmt, SQLDescribeParam(stmt, 4, &type, NULL, NULL, NULL), "07009");
    FAILS(stmt, SQLDescribeParam(stmt, 0, &type, NULL, NULL, NULL), "07009");
    FAILS(stmt, SQLBindParameter(stmt, 0, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 1, 0, text(""), 0, NULL), "07009");
    FAILS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, 1234, SQL_VARCHAR, 1, 0, text(""), 0, NULL), "HY003");
    FAILS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, 1234, 1, 0, text(""), 0, NULL), "HY004");
    FAILS(stmt, SQLBindParameter(stmt, 1, 77, SQL_C_CHAR, SQL_VARCHAR, 1, 0, text(""), 0, NULL), "HY105");
}

static void descriptors_are_the_store_of_bindings(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLHDESC ard, ird, mine;
    SQLINTEGER id = 0, copied = 0;
    SQLSMALLINT small, type, subtype;
    SQLCHAR name[20];
    SQLLEN length;

    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_IMP_ROW_DESC, &ird, 0, NULL));
    assert_int_equal(SQLGetDescField(ird, 1, SQL_DESC_NAME, name, sizeof name, NULL), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DESC, ird, 1), "HY007");

    assert_int_equal(SQLSetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)SQL_C_SLONG, 0), SQL_SUCCESS);
    assert_int_equal(SQLSetDescField(ard, 1, SQL_DESC_DATA_PTR, &id, 0), SQL_SUCCESS);
    session_query(session, "SELECT Id, Moment FROM Everything");
    WORKS(stmt, SQLFetch(stmt));
    assert_int_equal(id, 1);

    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &mine), SQL_SUCCESS);
    assert_int_equal(SQLCopyDesc(ard, mine), SQL_SUCCESS);
    assert_int_equal(SQLSetDescField(mine, 1, SQL_DESC_DATA_PTR, &copied, 0), SQL_SUCCESS);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, mine, 0));
    WORKS(stmt, SQLFetch(stmt));
    assert_int_equal(id, 1);
    assert_int_equal(copied, 2);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, mine), SQL_SUCCESS); /* the statement's own comes back */
    WORKS(stmt, SQLFetch(stmt));
    assert_int_equal(id, 3);

    assert_int_equal(SQLGetDescRec(ird, 2, name, sizeof name, &small, &type, &subtype, &length, NULL, NULL, NULL), SQL_SUCCESS);
    assert_string_equal((char *)name, "Moment");
    assert_int_equal(type, SQL_DATETIME);
    assert_int_equal(subtype, SQL_CODE_TIMESTAMP);
    assert_int_equal(SQLGetDescRec(ird, 3, name, sizeof name, NULL, NULL, NULL, NULL, NULL, NULL, NULL), SQL_NO_DATA);
    assert_int_equal(SQLSetDescField(ird, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)SQL_INTEGER, 0), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DESC, ird, 1), "HY016");
    assert_int_equal(SQLSetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)1234, 0), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DESC, ard, 1), "HY021");
    assert_int_equal(SQLSetDescField(ard, -1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)SQL_C_LONG, 0), SQL_ERROR);
    assert_int_equal(SQLGetDescField(ird, 1, 4711, name, sizeof name, NULL), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DESC, ird, 1), "HY091");
    assert_int_equal(SQLCopyDesc(ird, ard), SQL_SUCCESS);
    assert_int_equal(SQLCopyDesc(ard, ird), SQL_ERROR);
}

static void records_tell_everything(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLCHAR buffer[300];
    SQLWCHAR wide[300];
    SQLSMALLINT length, full;
    SQLINTEGER number, code;
    SQLRETURN returned;
    SQLLEN row;

    FAILS(stmt, SQLExecDirect(stmt, NTS("SELECT x FROM People")), "42S22");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_NUMBER, &number, 0, NULL), SQL_SUCCESS);
    assert_int_equal(number, 1);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_RETURNCODE, &returned, 0, NULL), SQL_SUCCESS);
    assert_int_equal(returned, SQL_ERROR);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_CLASS_ORIGIN, buffer, sizeof buffer, &length), SQL_SUCCESS);
    assert_string_equal((char *)buffer, "ISO 9075");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_SUBCLASS_ORIGIN, buffer, sizeof buffer, &length), SQL_SUCCESS);
    assert_string_equal((char *)buffer, "ODBC 3.0");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_CONNECTION_NAME, buffer, sizeof buffer, &length), SQL_SUCCESS);
    assert_string_equal((char *)buffer, "Fake");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, SQL_NO_ROW_NUMBER);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, buffer, &number, NULL, 0, &full), SQL_SUCCESS);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, NULL, NULL, buffer, 20, &length), SQL_SUCCESS_WITH_INFO);
    assert_string_equal((char *)buffer, "[restodbc][Fake]The");
    assert_int_equal(length, full);
    assert_int_equal(SQLGetDiagRecW(SQL_HANDLE_STMT, stmt, 1, wide, NULL, wide + 10, 200, &length), SQL_SUCCESS);
    assert_int_equal(length, full); /* characters */
    assert_int_equal(SQLGetDiagFieldW(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_MESSAGE_TEXT, wide, sizeof wide, &length), SQL_SUCCESS);
    assert_int_equal(length, full * 2); /* bytes */
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 2, buffer, &number, NULL, 0, NULL), SQL_NO_DATA);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 0, buffer, &number, NULL, 0, NULL), SQL_ERROR);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, buffer, &number, buffer, -1, NULL), SQL_ERROR);
    session_query(session, "SELECT Id FROM People");
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), ""); /* forgotten by the next call */
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION, buffer, sizeof buffer, &length), SQL_SUCCESS);
    assert_string_equal((char *)buffer, "SELECT CURSOR");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, NULL), SQL_SUCCESS);
    assert_int_equal(code, SQL_DIAG_SELECT_CURSOR);

    /* Many warnings of one call; an error that comes last stands first. */
    char name[2];
    SQLLEN lengths;
    SQLINTEGER bad;
    WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    for (SQLUSMALLINT i = 1; i <= 8; i++)
        WORKS(stmt, SQLBindCol(stmt, i, SQL_C_CHAR, name, sizeof name, &lengths));
    WORKS(stmt, SQLBindCol(stmt, 9, SQL_C_SLONG, &bad, 0, &lengths));
    session_query(session, "SELECT Name, Name, Name, Name, Name, Name, Name, Name, Name FROM Everything WHERE Id = 1");
    FAILS(stmt, SQLFetch(stmt), "22018");
    for (SQLSMALLINT i = 2; i <= 9; i++)
        assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, i), "01004");
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 10), "");
}

static void cursor_names_are_checked(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt, other;
    SQLCHAR name[30];
    SQLSMALLINT length;

    WORKS(stmt, SQLGetCursorName(stmt, name, sizeof name, &length));
    assert_int_equal(strncmp((char *)name, "SQL_CUR", 7), 0);
    WORKS(stmt, SQLSetCursorName(stmt, NTS("mine")));
    WORKS(stmt, SQLGetCursorName(stmt, name, sizeof name, &length));
    assert_string_equal((char *)name, "mine");
    FAILS(stmt, SQLSetCursorName(stmt, NTS("SQL_CURx")), "34000");
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other), SQL_SUCCESS);
    FAILS(other, SQLSetCursorName(other, NTS("mine")), "3C000");
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

static void odbc2_applications_see_their_own_codes(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLSMALLINT type;
    SQLCHAR name[40];
    SQLLEN number;
    SQL_TIMESTAMP_STRUCT moment;

    FAILS(stmt, SQLExecDirect(stmt, NTS("SELECT * FROM Nowhere")), "S0002");
    FAILS(stmt, SQLExecDirect(stmt, NTS("SELECT x FROM People")), "S0022");
    FAILS(stmt, SQLExecDirect(stmt, NTS("SELEKT")), "37000");
    FAILS(stmt, SQLExecute(stmt), "S1010");
    session_query(session, "SELECT Moment, Day FROM Everything");
    WORKS(stmt, SQLDescribeCol(stmt, 1, NULL, 0, NULL, &type, NULL, NULL, NULL));
    assert_int_equal(type, SQL_TIMESTAMP);
    WORKS(stmt, SQLColAttribute(stmt, 2, SQL_COLUMN_TYPE, NULL, 0, NULL, &number));
    assert_int_equal(number, SQL_DATE);
    WORKS(stmt, SQLColAttribute(stmt, 1, SQL_COLUMN_PRECISION, NULL, 0, NULL, &number));
    assert_int_equal(number, 26);
    WORKS(stmt, SQLFetch(stmt));
    WORKS(stmt, SQLGetData(stmt, 1, SQL_C_TIMESTAMP, &moment, 0, NULL));
    assert_int_equal(moment.fraction, 123456000);
    SQLFreeStmt(stmt, SQL_CLOSE);
    WORKS(stmt, SQLColumns(stmt, NULL, 0, NULL, 0, NTS("Everything"), NTS("Day")));
    WORKS(stmt, SQLDescribeCol(stmt, 1, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    assert_string_equal((char *)name, "TABLE_QUALIFIER");
    assert_string_equal(LISTED(5), "9\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_are_listed_as_asked, session_open, session_close),
        cmocka_unit_test_setup_teardown(identifiers_are_no_patterns, session_open, session_close),
        cmocka_unit_test_setup_teardown(columns_are_described_as_in_results, session_open, session_close),
        cmocka_unit_test_setup_teardown(texts_are_measured_in_the_applications_encoding, session_open, session_close),
        cmocka_unit_test_setup_teardown(keys_are_known, session_open, session_close),
        cmocka_unit_test_setup_teardown(procedures_are_listed, session_open, session_close),
        cmocka_unit_test_setup_teardown(types_are_listed, session_open, session_close),
        cmocka_unit_test_setup_teardown(parameters_are_described, session_open, session_close),
        cmocka_unit_test_setup_teardown(descriptors_are_the_store_of_bindings, session_open, session_close),
        cmocka_unit_test_setup_teardown(records_tell_everything, session_open, session_close),
        cmocka_unit_test_setup_teardown(cursor_names_are_checked, session_open, session_close),
        cmocka_unit_test_setup_teardown(odbc2_applications_see_their_own_codes, session_open_odbc2, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
