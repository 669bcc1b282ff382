#include "session.h"

#include <stdlib.h>
#include <string.h>

SQLCHAR *text(const char *string)
{
    return (SQLCHAR *)(uintptr_t)string;
}

static int open_version(void **state, SQLINTEGER version)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return -1;
    *state = session;
    if (SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &session->env) != SQL_SUCCESS ||
        SQLSetEnvAttr(session->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(intptr_t)version, 0) != SQL_SUCCESS ||
        SQLAllocHandle(SQL_HANDLE_DBC, session->env, &session->dbc) != SQL_SUCCESS)
        return -1;
    SQLRETURN result = SQLDriverConnect(session->dbc, NULL, text("Provider=Fake;User=me"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
    if (!SQL_SUCCEEDED(result)) {
        print_error("%s\n", session_message(SQL_HANDLE_DBC, session->dbc, 1));
        return -1;
    }
    return SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &session->stmt) == SQL_SUCCESS ? 0 : -1;
}

int session_open(void **state)
{
    return open_version(state, SQL_OV_ODBC3_80);
}

int session_open_odbc2(void **state)
{
    return open_version(state, SQL_OV_ODBC2);
}

int session_close(void **state)
{
    struct session *session = *state;
    bool closed = SQLFreeHandle(SQL_HANDLE_STMT, session->stmt) == SQL_SUCCESS && SQLDisconnect(session->dbc) == SQL_SUCCESS &&
                  SQLFreeHandle(SQL_HANDLE_DBC, session->dbc) == SQL_SUCCESS &&
                  SQLFreeHandle(SQL_HANDLE_ENV, session->env) == SQL_SUCCESS;
    free(session);
    return closed ? 0 : -1;
}

const char *session_state(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number)
{
    static SQLCHAR state[6];
    state[0] = '\0';
    SQLGetDiagRec(type, handle, number, state, NULL, NULL, 0, NULL);
    return (const char *)state;
}

const char *session_message(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number)
{
    static SQLCHAR message[2048];
    message[0] = '\0';
    SQLGetDiagRec(type, handle, number, NULL, NULL, message, sizeof message, NULL);
    return (const char *)message;
}

void session_query(const struct session *session, const char *sql)
{
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    WORKS(session->stmt, SQLExecDirect(session->stmt, text(sql), SQL_NTS));
}

const char *session_cell(const struct session *session, SQLUSMALLINT column)
{
    static char cells[4][4096];
    static unsigned turn;
    char *cell = cells[turn++ % 4];
    SQLLEN length;

    WORKS(session->stmt, SQLGetData(session->stmt, column, SQL_C_CHAR, cell, sizeof cells[0], &length));
    return length == SQL_NULL_DATA ? "(null)" : cell;
}
