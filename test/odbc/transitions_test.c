/* Proves the state transitions of the ODBC reference (Appendix B) on the entry points themselves, which the driver manager hides:
 * every function on a statement in each of its states, on a connection, an environment and a descriptor in theirs. */
#include "session.h"

#include <stdio.h>
#include <string.h>

/* --- statements ----------------------------------------------------------------------------------------------------------- */

enum state { S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, STATES };

static const char *const state_names[STATES] = {
    "S1, allocated", "S2, prepared without a result", "S3, prepared with a result", "S4, executed without a result", "S5, executed",
    "S6, fetched", "S7, fetched by SQLExtendedFetch", "S8, data needed", "S9, data to be put", "S10, data being put"};

static void bring_to(SQLHSTMT stmt, enum state state)
{
    static SQLLEN later = SQL_DATA_AT_EXEC;
    static char token[8];
    SQLPOINTER given;

    if (state == S1)
        return;
    if (state == S2 || state == S4) {
        WORKS(stmt, SQLPrepare(stmt, text("{call Silent}"), SQL_NTS));
        if (state == S4)
            WORKS(stmt, SQLExecute(stmt));
        return;
    }
    bool late = state >= S8;
    WORKS(stmt, SQLPrepare(stmt, text(late ? "SELECT Id, Name FROM People WHERE Name > ?" : "SELECT Id, Name FROM People"), SQL_NTS));
    if (state == S3)
        return;
    if (!late) {
        WORKS(stmt, SQLExecute(stmt));
        if (state == S6)
            WORKS(stmt, SQLFetch(stmt));
        if (state == S7)
            WORKS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_NEXT, 0, NULL, NULL));
        return;
    }
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, token, 0, &later));
    assert_int_equal(SQLExecute(stmt), SQL_NEED_DATA);
    if (state > S8) {
        assert_int_equal(SQLParamData(stmt, &given), SQL_NEED_DATA);
        assert_ptr_equal(given, token);
    }
    if (state == S10)
        WORKS(stmt, SQLPutData(stmt, text("C"), 1));
}

static char buffer[256];
static SQLLEN length;
static SQLSMALLINT small;

static SQLRETURN bind_column(SQLHSTMT s) { return SQLBindCol(s, 1, SQL_C_CHAR, buffer, sizeof buffer, &length); }
static SQLRETURN bind_parameter(SQLHSTMT s) { return SQLBindParameter(s, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 9, 0, buffer, 9, NULL); }
static SQLRETURN bulk(SQLHSTMT s) { return SQLBulkOperations(s, SQL_FETCH_BY_BOOKMARK); }
static SQLRETURN cancel(SQLHSTMT s) { return SQLCancel(s); }
static SQLRETURN cancel_handle(SQLHSTMT s) { return SQLCancelHandle(SQL_HANDLE_STMT, s); }
static SQLRETURN close_cursor(SQLHSTMT s) { return SQLCloseCursor(s); }
static SQLRETURN column_attribute(SQLHSTMT s) { return SQLColAttribute(s, 1, SQL_DESC_LABEL, buffer, sizeof buffer, &small, NULL); }
static SQLRETURN column_attribute_wide(SQLHSTMT s) { return SQLColAttributeW(s, 1, SQL_DESC_LABEL, buffer, sizeof buffer, &small, NULL); }
static SQLRETURN column_count_attribute(SQLHSTMT s) { return SQLColAttribute(s, 0, SQL_DESC_COUNT, NULL, 0, NULL, &length); }
static SQLRETURN column_privileges(SQLHSTMT s) { return SQLColumnPrivileges(s, NULL, 0, NULL, 0, text("People"), SQL_NTS, NULL, 0); }
static SQLRETURN columns(SQLHSTMT s) { return SQLColumns(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN describe_column(SQLHSTMT s) { return SQLDescribeCol(s, 1, (SQLCHAR *)buffer, 9, &small, NULL, NULL, NULL, NULL); }
static SQLRETURN describe_parameter(SQLHSTMT s) { return SQLDescribeParam(s, 1, &small, NULL, NULL, NULL); }
static SQLRETURN execute_direct(SQLHSTMT s) { return SQLExecDirect(s, text("SELECT 1"), SQL_NTS); }
static SQLRETURN execute(SQLHSTMT s) { return SQLExecute(s); }
static SQLRETURN extended_fetch(SQLHSTMT s) { return SQLExtendedFetch(s, SQL_FETCH_NEXT, 0, NULL, NULL); }
static SQLRETURN fetch(SQLHSTMT s) { return SQLFetch(s); }
static SQLRETURN fetch_scroll(SQLHSTMT s) { return SQLFetchScroll(s, SQL_FETCH_NEXT, 0); }
static SQLRETURN foreign_keys(SQLHSTMT s) { return SQLForeignKeys(s, NULL, 0, NULL, 0, text("People"), SQL_NTS, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN free_close(SQLHSTMT s) { return SQLFreeStmt(s, SQL_CLOSE); }
static SQLRETURN free_unbind(SQLHSTMT s) { return SQLFreeStmt(s, SQL_UNBIND); }
static SQLRETURN free_reset(SQLHSTMT s) { return SQLFreeStmt(s, SQL_RESET_PARAMS); }
static SQLRETURN get_cursor_name(SQLHSTMT s) { return SQLGetCursorName(s, (SQLCHAR *)buffer, sizeof buffer, &small); }
static SQLRETURN get_data(SQLHSTMT s) { return SQLGetData(s, 1, SQL_C_CHAR, buffer, sizeof buffer, &length); }
static SQLRETURN get_row_number(SQLHSTMT s) { return SQLGetStmtAttr(s, SQL_ATTR_ROW_NUMBER, buffer, 0, NULL); }
static SQLRETURN get_attribute(SQLHSTMT s) { return SQLGetStmtAttr(s, SQL_ATTR_NOSCAN, buffer, 0, NULL); }
static SQLRETURN type_info(SQLHSTMT s) { return SQLGetTypeInfo(s, SQL_ALL_TYPES); }
static SQLRETURN more_results(SQLHSTMT s) { return SQLMoreResults(s); }
static SQLRETURN number_of_parameters(SQLHSTMT s) { return SQLNumParams(s, &small); }
static SQLRETURN number_of_columns(SQLHSTMT s) { return SQLNumResultCols(s, &small); }
static SQLRETURN parameter_data(SQLHSTMT s) { SQLPOINTER token; return SQLParamData(s, &token); }
static SQLRETURN prepare(SQLHSTMT s) { return SQLPrepare(s, text("SELECT 1"), SQL_NTS); }
static SQLRETURN primary_keys(SQLHSTMT s) { return SQLPrimaryKeys(s, NULL, 0, NULL, 0, text("People"), SQL_NTS); }
static SQLRETURN procedures(SQLHSTMT s) { return SQLProcedures(s, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN procedure_columns(SQLHSTMT s) { return SQLProcedureColumns(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN put_data(SQLHSTMT s) { return SQLPutData(s, text("x"), 1); }
static SQLRETURN row_count(SQLHSTMT s) { return SQLRowCount(s, &length); }
static SQLRETURN set_cursor_name(SQLHSTMT s) { return SQLSetCursorName(s, text("mine"), SQL_NTS); }
static SQLRETURN set_position(SQLHSTMT s) { return SQLSetPos(s, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE); }
static SQLRETURN set_attribute(SQLHSTMT s) { return SQLSetStmtAttr(s, SQL_ATTR_NOSCAN, (SQLPOINTER)SQL_NOSCAN_ON, 0); }
static SQLRETURN set_cursor_type(SQLHSTMT s) { return SQLSetStmtAttr(s, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0); }
static SQLRETURN set_bookmarks(SQLHSTMT s) { return SQLSetStmtAttr(s, SQL_ATTR_USE_BOOKMARKS, (SQLPOINTER)SQL_UB_VARIABLE, 0); }
static SQLRETURN special_columns(SQLHSTMT s)
{
    return SQLSpecialColumns(s, SQL_BEST_ROWID, NULL, 0, NULL, 0, text("People"), SQL_NTS, SQL_SCOPE_SESSION, SQL_NULLABLE);
}
static SQLRETURN statistics(SQLHSTMT s) { return SQLStatistics(s, NULL, 0, NULL, 0, text("People"), SQL_NTS, SQL_INDEX_ALL, SQL_QUICK); }
static SQLRETURN table_privileges(SQLHSTMT s) { return SQLTablePrivileges(s, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN tables(SQLHSTMT s) { return SQLTables(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0); }
static SQLRETURN free_handle(SQLHSTMT s) { return SQLFreeHandle(SQL_HANDLE_STMT, s); }
static SQLRETURN drop(SQLHSTMT s) { return SQLFreeStmt(s, SQL_DROP); }

#define OK ""           /* SQL_SUCCESS, with or without information, or SQL_NO_DATA */
#define MORE "more"     /* SQL_NEED_DATA */
#define ANY NULL        /* the rows of the reference say nothing of the state: what the call answers is another matter */
#define AWAITED "HY010", "HY010", "HY010"
#define CATALOG OK, OK, OK, OK, "24000", "24000", "24000", AWAITED

static const struct transition {
    const char *name;
    SQLRETURN (*call)(SQLHSTMT stmt);
    const char *wanted[STATES];
} transitions[] = {
    /*                                      S1       S2       S3       S4       S5       S6       S7       S8 to S10 */
    {"SQLBindCol", bind_column,            {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLBindParameter", bind_parameter,   {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLBulkOperations", bulk,            {"HY010", "HY010", "HY010", "24000", ANY,     ANY,     "HY010", AWAITED}},
    {"SQLCancel", cancel,                  {OK,      OK,      OK,      OK,      OK,      OK,      OK,      OK, OK, OK}},
    {"SQLCancelHandle", cancel_handle,     {OK,      OK,      OK,      OK,      OK,      OK,      OK,      OK, OK, OK}},
    {"SQLCloseCursor", close_cursor,       {"24000", "24000", "24000", "24000", OK,      OK,      OK,      AWAITED}},
    {"SQLColAttribute", column_attribute,  {"HY010", "07005", OK,      "07005", OK,      OK,      OK,      AWAITED}},
    {"SQLColAttributeW", column_attribute_wide, {"HY010", "07005", OK, "07005", OK,      OK,      OK,      AWAITED}},
    {"SQLColAttribute, SQL_DESC_COUNT", column_count_attribute, {"HY010", OK, OK, OK, OK, OK,     OK,      AWAITED}},
    {"SQLColumnPrivileges", column_privileges, {CATALOG}},
    {"SQLColumns", columns,                {CATALOG}},
    {"SQLDescribeCol", describe_column,    {"HY010", "07005", OK,      "07005", OK,      OK,      OK,      AWAITED}},
    {"SQLDescribeParam", describe_parameter, {"HY010", ANY,   ANY,     ANY,     ANY,     ANY,     ANY,     AWAITED}},
    {"SQLExecDirect", execute_direct,      {OK,      OK,      OK,      OK,      "24000", "24000", "24000", AWAITED}},
    {"SQLExecute", execute,                {"HY010", OK,      OK,      OK,      "24000", "24000", "24000", AWAITED}},
    {"SQLExtendedFetch", extended_fetch,   {"HY010", "HY010", "HY010", "24000", OK,      "HY010", OK,      AWAITED}},
    {"SQLFetch", fetch,                    {"HY010", "HY010", "HY010", "24000", OK,      OK,      "HY010", AWAITED}},
    {"SQLFetchScroll", fetch_scroll,       {"HY010", "HY010", "HY010", "24000", OK,      OK,      "HY010", AWAITED}},
    {"SQLForeignKeys", foreign_keys,       {CATALOG}},
    {"SQLFreeStmt, SQL_CLOSE", free_close, {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLFreeStmt, SQL_UNBIND", free_unbind, {OK,    OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLFreeStmt, SQL_RESET_PARAMS", free_reset, {OK, OK,    OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLGetCursorName", get_cursor_name,  {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLGetData", get_data,               {"HY010", "HY010", "HY010", "24000", "24000", OK,      OK,      AWAITED}},
    {"SQLGetStmtAttr", get_attribute,      {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLGetStmtAttr, SQL_ATTR_ROW_NUMBER", get_row_number, {"24000", "24000", "24000", "24000", "24000", OK, OK, AWAITED}},
    {"SQLGetTypeInfo", type_info,          {CATALOG}},
    {"SQLMoreResults", more_results,       {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLNumParams", number_of_parameters, {"HY010", OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLNumResultCols", number_of_columns, {"HY010", OK,     OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLParamData", parameter_data,       {"HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", MORE, "HY010", OK}},
    {"SQLPrepare", prepare,                {OK,      OK,      OK,      OK,      "24000", "24000", "24000", AWAITED}},
    {"SQLPrimaryKeys", primary_keys,       {CATALOG}},
    {"SQLProcedureColumns", procedure_columns, {CATALOG}},
    {"SQLProcedures", procedures,          {CATALOG}},
    {"SQLPutData", put_data,               {"HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", OK, OK}},
    {"SQLRowCount", row_count,             {"HY010", "HY010", "HY010", OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLSetCursorName", set_cursor_name,  {OK,      OK,      OK,      "24000", "24000", "24000", "24000", AWAITED}},
    {"SQLSetPos", set_position,            {"HY010", "HY010", "HY010", "24000", "24000", OK,      OK,      AWAITED}},
    {"SQLSetStmtAttr", set_attribute,      {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLSetStmtAttr, SQL_ATTR_CURSOR_TYPE", set_cursor_type, {OK, "HY011", "HY011", "24000", "24000", "24000", "24000", "HY011", "HY011", "HY011"}},
    {"SQLSetStmtAttr, SQL_ATTR_USE_BOOKMARKS", set_bookmarks, {OK, "HY011", "HY011", "24000", "24000", "24000", "24000", "HY011", "HY011", "HY011"}},
    {"SQLSpecialColumns", special_columns, {CATALOG}},
    {"SQLStatistics", statistics,          {CATALOG}},
    {"SQLTablePrivileges", table_privileges, {CATALOG}},
    {"SQLTables", tables,                  {CATALOG}},
    /* These two free what they succeed on. */
    {"SQLFreeHandle", free_handle,         {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
    {"SQLFreeStmt, SQL_DROP", drop,        {OK,      OK,      OK,      OK,      OK,      OK,      OK,      AWAITED}},
};

/* What is wrong with the answer; NULL when it is as the table says. */
static bool as_wanted(SQLRETURN result, const char *state, const char *wanted)
{
    if (!wanted)
        return true;
    if (strcmp(wanted, MORE) == 0)
        return result == SQL_NEED_DATA;
    return *wanted ? result == SQL_ERROR && strcmp(state, wanted) == 0 : SQL_SUCCEEDED(result) || result == SQL_NO_DATA;
}

static void functions_in_every_state(void **state)
{
    struct session *session = *state;
    int wrong = 0;

    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++)
        for (int in = S1; in < STATES; in++) {
            const struct transition *transition = &transitions[i];
            SQLHSTMT stmt = NULL;
            assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt), SQL_SUCCESS);
            bring_to(stmt, (enum state)in);
            SQLRETURN result = transition->call(stmt);
            bool freed = (transition->call == free_handle || transition->call == drop) && result == SQL_SUCCESS;
            const char *found = freed ? "" : session_state(SQL_HANDLE_STMT, stmt, 1);
            if (!as_wanted(result, found, transition->wanted[in])) {
                print_error("%s in %s gives %d %s in place of %s\n", transition->name, state_names[in], result, found, transition->wanted[in]);
                wrong++;
            }
            if (!freed) {
                SQLCancel(stmt);
                assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
            }
        }
    assert_int_equal(wrong, 0);
}

/* A call that is refused for the state leaves the state: what was awaited or open still is. */
static void a_refusal_changes_nothing(void **state)
{
    struct session *session = *state;

    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++) {
        SQLHSTMT stmt = NULL;
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt), SQL_SUCCESS);
        if (transitions[i].wanted[S10] && strcmp(transitions[i].wanted[S10], OK) != 0) {
            bring_to(stmt, S10);
            assert_int_equal(transitions[i].call(stmt), SQL_ERROR);
            assert_int_equal(SQLParamData(stmt, NULL), SQL_SUCCESS);
            WORKS(stmt, SQLFetch(stmt));
            WORKS(stmt, SQLGetData(stmt, 2, SQL_C_CHAR, buffer, sizeof buffer, NULL));
            assert_string_equal(buffer, "Cleo");
            WORKS(stmt, SQLCloseCursor(stmt));
        }
        if (transitions[i].wanted[S6] && strcmp(transitions[i].wanted[S6], OK) != 0) {
            SQLFreeStmt(stmt, SQL_RESET_PARAMS);
            bring_to(stmt, S6);
            assert_int_equal(transitions[i].call(stmt), SQL_ERROR);
            WORKS(stmt, SQLFetch(stmt));
            WORKS(stmt, SQLGetData(stmt, 2, SQL_C_CHAR, buffer, sizeof buffer, NULL));
            assert_string_equal(buffer, "Bob");
        }
        assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
    }
}

/* Where a call leads: what SQLExecute says then tells "prepared" from "allocated". */
static void closing_leads_back(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    static const enum state open[] = {S4, S5, S6, S7};

    for (size_t i = 0; i < 4; i++) {
        bring_to(stmt, open[i]);
        WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
        WORKS(stmt, SQLExecute(stmt));
        assert_int_equal(SQLMoreResults(stmt), SQL_NO_DATA);
        WORKS(stmt, SQLExecute(stmt));
        WORKS(stmt, SQLFreeStmt(stmt, SQL_CLOSE));
        WORKS(stmt, SQLExecDirect(stmt, text("SELECT Id FROM People"), SQL_NTS));
        WORKS(stmt, SQLCloseCursor(stmt));
        FAILS(stmt, SQLExecute(stmt), "HY010");
    }
    for (int awaiting = S8; awaiting <= S10; awaiting++) {
        bring_to(stmt, (enum state)awaiting);
        WORKS(stmt, SQLCancel(stmt));
        assert_int_equal(SQLExecute(stmt), SQL_NEED_DATA); /* still prepared */
        WORKS(stmt, SQLCancel(stmt));
        assert_int_equal(SQLExecDirect(stmt, text("SELECT Id FROM People WHERE Name > ?"), SQL_NTS), SQL_NEED_DATA);
        WORKS(stmt, SQLCancel(stmt));
        FAILS(stmt, SQLExecute(stmt), "HY010");
        WORKS(stmt, SQLFreeStmt(stmt, SQL_RESET_PARAMS));
    }
}

/* --- descriptors ----------------------------------------------------------------------------------------------------------- */

static void descriptors_in_every_state(void **state)
{
    static const SQLINTEGER kinds[] = {SQL_ATTR_APP_ROW_DESC, SQL_ATTR_APP_PARAM_DESC, SQL_ATTR_IMP_ROW_DESC, SQL_ATTR_IMP_PARAM_DESC};
    struct session *session = *state;
    int wrong = 0;

    for (int in = S1; in < STATES; in++)
        for (size_t kind = 0; kind < 4; kind++) {
            SQLHSTMT stmt = NULL;
            SQLHDESC desc = NULL, own = NULL;
            SQLSMALLINT count;
            assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt), SQL_SUCCESS);
            assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &own), SQL_SUCCESS);
            WORKS(stmt, SQLGetStmtAttr(stmt, kinds[kind], &desc, 0, NULL));
            bring_to(stmt, (enum state)in);

            bool ird = kinds[kind] == SQL_ATTR_IMP_ROW_DESC, awaited = in >= S8, blank = ird && in == S1;
            const char *get = awaited ? "HY010" : blank ? "HY007" : OK;
            const char *set = awaited ? "HY010" : ird ? "HY016" : OK;
            struct {
                const char *name, *wanted;
                SQLRETURN result;
                SQLHDESC told;
                char state[6];
            } calls[] = {
                {"SQLGetDescField", get, 0, desc, ""},   {"SQLGetDescRec", get, 0, desc, ""}, {"SQLSetDescField", set, 0, desc, ""},
                {"SQLSetDescRec", set, 0, desc, ""},     {"SQLCopyDesc from it", get, 0, desc, ""}, {"SQLCopyDesc to it", set, 0, desc, ""},
                {"SQLFreeHandle", "HY017", 0, desc, ""},
            };
            for (size_t i = 0; i < 7; i++) {
                switch (i) {
                case 0: calls[i].result = SQLGetDescField(desc, 1, SQL_DESC_TYPE, &count, 0, NULL); break;
                case 1: calls[i].result = SQLGetDescRec(desc, 1, NULL, 0, NULL, &small, NULL, NULL, NULL, NULL, NULL); break;
                case 2: calls[i].result = SQLSetDescField(desc, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)SQL_CHAR, 0); break;
                case 3: calls[i].result = SQLSetDescRec(desc, 1, SQL_CHAR, 0, 9, 0, 0, NULL, NULL, NULL); break;
                case 4: calls[i].result = SQLCopyDesc(desc, own); break;
                case 5: calls[i].result = SQLCopyDesc(own, desc); break;
                default: calls[i].result = SQLFreeHandle(SQL_HANDLE_DESC, desc); break;
                }
                snprintf(calls[i].state, sizeof calls[i].state, "%s", session_state(SQL_HANDLE_DESC, desc, 1));
                if (!as_wanted(calls[i].result, calls[i].state, calls[i].wanted)) {
                    print_error("%s of descriptor %zu in %s gives %d %s in place of %s\n", calls[i].name, kind, state_names[in],
                                calls[i].result, calls[i].state, calls[i].wanted);
                    wrong++;
                }
            }
            SQLCancel(stmt);
            assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
            assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_SUCCESS);
        }
    assert_int_equal(wrong, 0);
}

/* --- connections and environments -------------------------------------------------------------------------------------------- */

enum connection_state { C2, C3, C4, C5, CONNECTION_STATES };

static SQLHDBC connection_in(SQLHENV env, enum connection_state state)
{
    SQLHDBC dbc = NULL;
    SQLHSTMT stmt;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    if (state == C3)
        assert_int_equal(SQLBrowseConnect(dbc, text("DRIVER=RestODBC"), SQL_NTS, (SQLCHAR *)buffer, sizeof buffer, &small), SQL_NEED_DATA);
    if (state >= C4)
        assert_int_equal(SQLDriverConnect(dbc, NULL, text("Provider=Fake"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    if (state == C5)
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
    return dbc;
}

static SQLRETURN alloc_statement(SQLHDBC d) { SQLHSTMT made; return SQLAllocHandle(SQL_HANDLE_STMT, d, &made); }
static SQLRETURN alloc_descriptor(SQLHDBC d) { SQLHDESC made; return SQLAllocHandle(SQL_HANDLE_DESC, d, &made); }
static SQLRETURN connect(SQLHDBC d) { return SQLConnect(d, text("none"), SQL_NTS, NULL, 0, NULL, 0); }
static SQLRETURN driver_connect(SQLHDBC d) { return SQLDriverConnect(d, NULL, text("Provider=Fake"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT); }
static SQLRETURN browse(SQLHDBC d) { return SQLBrowseConnect(d, text("DRIVER=RestODBC"), SQL_NTS, (SQLCHAR *)buffer, sizeof buffer, &small); }
static SQLRETURN disconnect(SQLHDBC d) { return SQLDisconnect(d); }
static SQLRETURN cancel_connection(SQLHDBC d) { return SQLCancelHandle(SQL_HANDLE_DBC, d); }
static SQLRETURN end_transaction(SQLHDBC d) { return SQLEndTran(SQL_HANDLE_DBC, d, SQL_COMMIT); }
static SQLRETURN free_connection(SQLHDBC d) { return SQLFreeHandle(SQL_HANDLE_DBC, d); }
static SQLRETURN connection_attribute(SQLHDBC d) { return SQLGetConnectAttr(d, SQL_ATTR_LOGIN_TIMEOUT, buffer, 0, NULL); }
static SQLRETURN functions(SQLHDBC d) { SQLUSMALLINT there; return SQLGetFunctions(d, SQL_API_SQLFETCH, &there); }
static SQLRETURN info(SQLHDBC d) { return SQLGetInfo(d, SQL_DBMS_NAME, buffer, sizeof buffer, &small); }
static SQLRETURN info_of_version(SQLHDBC d) { return SQLGetInfo(d, SQL_ODBC_VER, buffer, sizeof buffer, &small); }
static SQLRETURN native(SQLHDBC d) { return SQLNativeSql(d, text("SELECT 1"), SQL_NTS, (SQLCHAR *)buffer, sizeof buffer, NULL); }
static SQLRETURN set_connection_attribute(SQLHDBC d) { return SQLSetConnectAttr(d, SQL_ATTR_LOGIN_TIMEOUT, (SQLPOINTER)9, 0); }

static const struct connection_transition {
    const char *name;
    SQLRETURN (*call)(SQLHDBC dbc);
    const char *wanted[CONNECTION_STATES];
} connection_transitions[] = {
    /*                                                  C2       C3       C4       C5 */
    {"SQLAllocHandle of a statement", alloc_statement,  {"08003", "08003", OK,      OK}},
    {"SQLAllocHandle of a descriptor", alloc_descriptor, {"08003", "08003", OK,     OK}},
    {"SQLBrowseConnect", browse,                        {MORE,    MORE,    "08002", "08002"}},
    {"SQLCancelHandle", cancel_connection,              {OK,      OK,      OK,      OK}},
    {"SQLConnect", connect,                             {ANY,     "08002", "08002", "08002"}},
    {"SQLDisconnect", disconnect,                       {"08003", OK,      OK,      OK}},
    {"SQLDriverConnect", driver_connect,                {OK,      "08002", "08002", "08002"}},
    {"SQLEndTran", end_transaction,                     {"08003", "08003", OK,      OK}},
    {"SQLGetConnectAttr", connection_attribute,         {OK,      OK,      OK,      OK}},
    {"SQLGetFunctions", functions,                      {"HY010", "HY010", OK,      OK}},
    {"SQLGetInfo", info,                                {"08003", "08003", OK,      OK}},
    {"SQLGetInfo, SQL_ODBC_VER", info_of_version,       {OK,      OK,      OK,      OK}},
    {"SQLNativeSql", native,                            {"08003", "08003", OK,      OK}},
    {"SQLSetConnectAttr", set_connection_attribute,     {OK,      OK,      OK,      OK}},
    {"SQLFreeHandle", free_connection,                  {OK,      "HY010", "HY010", "HY010"}},
};

static void connections_in_every_state(void **state)
{
    struct session *session = *state;
    int wrong = 0;

    for (size_t i = 0; i < sizeof connection_transitions / sizeof connection_transitions[0]; i++)
        for (int in = C2; in < CONNECTION_STATES; in++) {
            const struct connection_transition *transition = &connection_transitions[i];
            SQLHDBC dbc = connection_in(session->env, (enum connection_state)in);
            SQLRETURN result = transition->call(dbc);
            bool freed = transition->call == free_connection && result == SQL_SUCCESS;
            const char *found = freed ? "" : session_state(SQL_HANDLE_DBC, dbc, 1);
            if (!as_wanted(result, found, transition->wanted[in])) {
                print_error("%s in C%d gives %d %s in place of %s\n", transition->name, in + 2, result, found, transition->wanted[in]);
                wrong++;
            }
            if (!freed) {
                SQLDisconnect(dbc);
                assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
            }
        }
    assert_int_equal(wrong, 0);
}

static void disconnecting_while_data_is_awaited(void **state)
{
    struct session *session = *state;

    for (int awaiting = S8; awaiting <= S10; awaiting++) {
        bring_to(session->stmt, (enum state)awaiting);
        assert_int_equal(SQLDisconnect(session->dbc), SQL_ERROR);
        assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "HY010");
        assert_int_equal(SQLEndTran(SQL_HANDLE_DBC, session->dbc, SQL_COMMIT), SQL_ERROR);
        assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "HY010");
        WORKS(session->stmt, SQLCancel(session->stmt));
    }
}

static void environments(void **state)
{
    SQLHENV env = NULL;
    SQLHDBC dbc = NULL;

    (void)state;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_ENV, env, 1), "HY010");
    assert_int_equal(SQLEndTran(SQL_HANDLE_ENV, env, SQL_COMMIT), SQL_SUCCESS);
    assert_int_equal(SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    assert_int_equal(SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC2, 0), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_ENV, env, 1), "HY010");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, env), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_ENV, env, 1), "HY010");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, env), SQL_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(functions_in_every_state, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_refusal_changes_nothing, session_open, session_close),
        cmocka_unit_test_setup_teardown(closing_leads_back, session_open, session_close),
        cmocka_unit_test_setup_teardown(descriptors_in_every_state, session_open, session_close),
        cmocka_unit_test_setup_teardown(connections_in_every_state, session_open, session_close),
        cmocka_unit_test_setup_teardown(disconnecting_while_data_is_awaited, session_open, session_close),
        cmocka_unit_test(environments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
