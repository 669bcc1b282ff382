/* Prints what the driver says of itself, for doc/odbc.md: a line for every function and for every information type. */
#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>

/* unixODBC's headers leave this one out. */
#ifndef SQL_RETURN_ESCAPE_CLAUSE
#define SQL_RETURN_ESCAPE_CLAUSE 180
#endif

enum kind { TEXT, SHORT, LONG, MANAGERS, HANDLE };

struct key {
    const char *name;
    SQLUSMALLINT key;
    enum kind kind;
};

#define KEY(name, kind) {#name, name, kind},
static const struct key keys[] = {
#include "info_keys.h"
};

static const struct key functions[] = {
#define KEY_OF(name, id) {#name, id, SHORT}
    KEY_OF(SQLAllocConnect, SQL_API_SQLALLOCCONNECT), KEY_OF(SQLAllocEnv, SQL_API_SQLALLOCENV),
    KEY_OF(SQLAllocHandle, SQL_API_SQLALLOCHANDLE), KEY_OF(SQLAllocHandleStd, SQL_API_SQLALLOCHANDLESTD),
    KEY_OF(SQLAllocStmt, SQL_API_SQLALLOCSTMT), KEY_OF(SQLBindCol, SQL_API_SQLBINDCOL), KEY_OF(SQLBindParam, SQL_API_SQLBINDPARAM),
    KEY_OF(SQLBindParameter, SQL_API_SQLBINDPARAMETER), KEY_OF(SQLBrowseConnect, SQL_API_SQLBROWSECONNECT),
    KEY_OF(SQLBulkOperations, SQL_API_SQLBULKOPERATIONS), KEY_OF(SQLCancel, SQL_API_SQLCANCEL),
    KEY_OF(SQLCancelHandle, SQL_API_SQLCANCELHANDLE), KEY_OF(SQLCloseCursor, SQL_API_SQLCLOSECURSOR),
    KEY_OF(SQLColAttribute, SQL_API_SQLCOLATTRIBUTE), KEY_OF(SQLColAttributes, SQL_API_SQLCOLATTRIBUTES),
    KEY_OF(SQLColumnPrivileges, SQL_API_SQLCOLUMNPRIVILEGES), KEY_OF(SQLColumns, SQL_API_SQLCOLUMNS),
    KEY_OF(SQLConnect, SQL_API_SQLCONNECT), KEY_OF(SQLCopyDesc, SQL_API_SQLCOPYDESC),
    KEY_OF(SQLDataSources, SQL_API_SQLDATASOURCES), KEY_OF(SQLDescribeCol, SQL_API_SQLDESCRIBECOL),
    KEY_OF(SQLDescribeParam, SQL_API_SQLDESCRIBEPARAM), KEY_OF(SQLDisconnect, SQL_API_SQLDISCONNECT),
    KEY_OF(SQLDriverConnect, SQL_API_SQLDRIVERCONNECT), KEY_OF(SQLDrivers, SQL_API_SQLDRIVERS),
    KEY_OF(SQLEndTran, SQL_API_SQLENDTRAN), KEY_OF(SQLError, SQL_API_SQLERROR), KEY_OF(SQLExecDirect, SQL_API_SQLEXECDIRECT),
    KEY_OF(SQLExecute, SQL_API_SQLEXECUTE), KEY_OF(SQLExtendedFetch, SQL_API_SQLEXTENDEDFETCH), KEY_OF(SQLFetch, SQL_API_SQLFETCH),
    KEY_OF(SQLFetchScroll, SQL_API_SQLFETCHSCROLL), KEY_OF(SQLForeignKeys, SQL_API_SQLFOREIGNKEYS),
    KEY_OF(SQLFreeConnect, SQL_API_SQLFREECONNECT), KEY_OF(SQLFreeEnv, SQL_API_SQLFREEENV),
    KEY_OF(SQLFreeHandle, SQL_API_SQLFREEHANDLE), KEY_OF(SQLFreeStmt, SQL_API_SQLFREESTMT),
    KEY_OF(SQLGetConnectAttr, SQL_API_SQLGETCONNECTATTR), KEY_OF(SQLGetConnectOption, SQL_API_SQLGETCONNECTOPTION),
    KEY_OF(SQLGetCursorName, SQL_API_SQLGETCURSORNAME), KEY_OF(SQLGetData, SQL_API_SQLGETDATA),
    KEY_OF(SQLGetDescField, SQL_API_SQLGETDESCFIELD), KEY_OF(SQLGetDescRec, SQL_API_SQLGETDESCREC),
    KEY_OF(SQLGetDiagField, SQL_API_SQLGETDIAGFIELD), KEY_OF(SQLGetDiagRec, SQL_API_SQLGETDIAGREC),
    KEY_OF(SQLGetEnvAttr, SQL_API_SQLGETENVATTR), KEY_OF(SQLGetFunctions, SQL_API_SQLGETFUNCTIONS),
    KEY_OF(SQLGetInfo, SQL_API_SQLGETINFO), KEY_OF(SQLGetStmtAttr, SQL_API_SQLGETSTMTATTR),
    KEY_OF(SQLGetStmtOption, SQL_API_SQLGETSTMTOPTION), KEY_OF(SQLGetTypeInfo, SQL_API_SQLGETTYPEINFO),
    KEY_OF(SQLMoreResults, SQL_API_SQLMORERESULTS), KEY_OF(SQLNativeSql, SQL_API_SQLNATIVESQL),
    KEY_OF(SQLNumParams, SQL_API_SQLNUMPARAMS), KEY_OF(SQLNumResultCols, SQL_API_SQLNUMRESULTCOLS),
    KEY_OF(SQLParamData, SQL_API_SQLPARAMDATA), KEY_OF(SQLParamOptions, SQL_API_SQLPARAMOPTIONS),
    KEY_OF(SQLPrepare, SQL_API_SQLPREPARE), KEY_OF(SQLPrimaryKeys, SQL_API_SQLPRIMARYKEYS),
    KEY_OF(SQLProcedureColumns, SQL_API_SQLPROCEDURECOLUMNS), KEY_OF(SQLProcedures, SQL_API_SQLPROCEDURES),
    KEY_OF(SQLPutData, SQL_API_SQLPUTDATA), KEY_OF(SQLRowCount, SQL_API_SQLROWCOUNT),
    KEY_OF(SQLSetConnectAttr, SQL_API_SQLSETCONNECTATTR), KEY_OF(SQLSetConnectOption, SQL_API_SQLSETCONNECTOPTION),
    KEY_OF(SQLSetCursorName, SQL_API_SQLSETCURSORNAME), KEY_OF(SQLSetDescField, SQL_API_SQLSETDESCFIELD),
    KEY_OF(SQLSetDescRec, SQL_API_SQLSETDESCREC), KEY_OF(SQLSetEnvAttr, SQL_API_SQLSETENVATTR),
    KEY_OF(SQLSetParam, SQL_API_SQLSETPARAM), KEY_OF(SQLSetPos, SQL_API_SQLSETPOS),
    KEY_OF(SQLSetScrollOptions, SQL_API_SQLSETSCROLLOPTIONS), KEY_OF(SQLSetStmtAttr, SQL_API_SQLSETSTMTATTR),
    KEY_OF(SQLSetStmtOption, SQL_API_SQLSETSTMTOPTION), KEY_OF(SQLSpecialColumns, SQL_API_SQLSPECIALCOLUMNS),
    KEY_OF(SQLStatistics, SQL_API_SQLSTATISTICS), KEY_OF(SQLTablePrivileges, SQL_API_SQLTABLEPRIVILEGES),
    KEY_OF(SQLTables, SQL_API_SQLTABLES), KEY_OF(SQLTransact, SQL_API_SQLTRANSACT),
};

static void print_key(SQLHDBC dbc, const struct key *key)
{
    union { char text[4096]; SQLUSMALLINT narrow; SQLUINTEGER wide; } value = {{0}};

    if (key->kind == HANDLE) /* SQL_DRIVER_HSTMT and SQL_DRIVER_HDESC take one */
        printf("info\t%s\t%u\tmanager\t\n", key->name, key->key);
    else if (SQLGetInfo(dbc, key->key, &value, sizeof value, NULL) != SQL_SUCCESS)
        printf("info\t%s\t%u\tnone\t\n", key->name, key->key);
    else if (key->kind == MANAGERS)
        printf("info\t%s\t%u\tmanager\t\n", key->name, key->key);
    else if (key->kind == TEXT)
        printf("info\t%s\t%u\ttext\t%s\n", key->name, key->key, value.text);
    else
        printf("info\t%s\t%u\tnumber\t%u\n", key->name, key->key, key->kind == SHORT ? value.narrow : value.wide);
}

int main(void)
{
    SQLHENV env = NULL;
    SQLHDBC dbc = NULL;
    SQLCHAR source[] = "sandbox";

    if (SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env) != SQL_SUCCESS ||
        SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(intptr_t)SQL_OV_ODBC3_80, 0) != SQL_SUCCESS ||
        SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc) != SQL_SUCCESS ||
        !SQL_SUCCEEDED(SQLConnect(dbc, source, SQL_NTS, NULL, 0, NULL, 0)))
        return 1;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        SQLUSMALLINT there = SQL_FALSE;
        SQLGetFunctions(dbc, functions[i].key, &there);
        printf("function\t%s\t%u\t%s\t\n", functions[i].name, functions[i].key, there == SQL_TRUE ? "yes" : "no");
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        print_key(dbc, &keys[i]);
    SQLDisconnect(dbc);
    SQLFreeHandle(SQL_HANDLE_DBC, dbc);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
    return 0;
}
