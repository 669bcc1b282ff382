/* What every test of the ODBC room starts with: handles on the fake service, and checks that say what the driver had to say. */
#ifndef TEST_ODBC_SESSION_H
#define TEST_ODBC_SESSION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

struct session {
    SQLHENV env;
    SQLHDBC dbc;
    SQLHSTMT stmt;
};

/* cmocka's setup and teardown: a statement on a connection to the fake service, ODBC 3.80; and the same for an ODBC 2 application. */
int session_open(void **state);
int session_open_odbc2(void **state);
int session_close(void **state);

/* The SQLSTATE of a record ("" when there is none) and its message. */
const char *session_state(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number);
const char *session_message(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number);

/* A failing call, and which SQLSTATE its first record must have. */
#define FAILS(stmt, call, sqlstate)                                              \
    do {                                                                         \
        assert_int_equal((call), SQL_ERROR);                                     \
        assert_string_equal(session_state(SQL_HANDLE_STMT, (stmt), 1), sqlstate); \
    } while (0)

/* A call that succeeds; otherwise the driver's message is the failure. */
#define WORKS(stmt, call)                                                           \
    do {                                                                            \
        SQLRETURN worked = (call);                                                  \
        if (!SQL_SUCCEEDED(worked))                                                 \
            fail_msg("%s gives %d: %s", #call, worked, session_message(SQL_HANDLE_STMT, (stmt), 1)); \
    } while (0)

/* Closes what is open and executes. */
void session_query(const struct session *session, const char *sql);

/* A cell of the present row as UTF-8; "(null)" for NULL. Static. */
const char *session_cell(const struct session *session, SQLUSMALLINT column);

SQLCHAR *text(const char *string);

#endif
