/* What every chapter of the conformance suite stands on: a connection through the driver manager, a fresh statement for each rule,
 * and one case for each row of a table of rules.
 *
 * A rule is told in words of ours, after the function of the ODBC 3.8 reference that it belongs to: "SQLFetch: …". The words are the
 * name of the case, and doc/odbc.md lists them by function. */
#ifndef TEST_CONFORMANCE_CHAPTER_H
#define TEST_CONFORMANCE_CHAPTER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

struct session {
    SQLHENV env;
    SQLHDBC dbc;
    SQLHSTMT stmt;
};

/* A rule with a proof of its own. */
struct rule {
    const char *text;
    void (*prove)(struct session *session);
};

/* The version that the application asks for; SQL_OV_ODBC3_80 unless told. */
void chapter_version(SQLINTEGER version);

/* One case for each row; a row begins with the text of its rule. */
void chapter_each(void (*prove)(struct session *session, const void *row), const void *rows, size_t size, size_t count);
#define EACH(prove, rows) chapter_each(prove, rows, sizeof(rows)[0], sizeof(rows) / sizeof(rows)[0])
void chapter_rules(const struct rule *rules, size_t count);
#define RULES(rules) chapter_rules(rules, sizeof(rules) / sizeof(rules)[0])

/* Runs the cases, or only prints their names when RESTODBC_TEST_LIST is set; what main() returns. */
int chapter_run(const char *name);

/* --- checks ---------------------------------------------------------------------------------------------------------- */

/* The SQLSTATE and the message of a record; "" when there is none. Static. */
const char *state_of(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number);
const char *message_of(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number);

/* That a call gave `wanted`, with this SQLSTATE in the first record ("" = no record). */
void check_call(SQLRETURN got, SQLRETURN wanted, const char *state, SQLSMALLINT type, SQLHANDLE handle, const char *call,
                const char *file, int line);

#define ON(type, handle, call, result, state) check_call(call, result, state, type, handle, #call, __FILE__, __LINE__)
#define OK(session, call) ON(SQL_HANDLE_STMT, (session)->stmt, call, SQL_SUCCESS, "")
#define WARNS(session, call, state) ON(SQL_HANDLE_STMT, (session)->stmt, call, SQL_SUCCESS_WITH_INFO, state)
#define FAILS(session, call, state) ON(SQL_HANDLE_STMT, (session)->stmt, call, SQL_ERROR, state)
#define NO_DATA(session, call) ON(SQL_HANDLE_STMT, (session)->stmt, call, SQL_NO_DATA, "")
#define DBC_OK(dbc, call) ON(SQL_HANDLE_DBC, dbc, call, SQL_SUCCESS, "")
#define DBC_WARNS(dbc, call, state) ON(SQL_HANDLE_DBC, dbc, call, SQL_SUCCESS_WITH_INFO, state)
#define DBC_FAILS(dbc, call, state) ON(SQL_HANDLE_DBC, dbc, call, SQL_ERROR, state)
#define ENV_OK(env, call) ON(SQL_HANDLE_ENV, env, call, SQL_SUCCESS, "")
#define ENV_FAILS(env, call, state) ON(SQL_HANDLE_ENV, env, call, SQL_ERROR, state)
#define DESC_OK(desc, call) ON(SQL_HANDLE_DESC, desc, call, SQL_SUCCESS, "")
#define DESC_FAILS(desc, call, state) ON(SQL_HANDLE_DESC, desc, call, SQL_ERROR, state)

/* --- what applications do ---------------------------------------------------------------------------------------------- */

SQLCHAR *text(const char *string);

/* ASCII as UTF-16. Static; four can be in use at once. */
SQLWCHAR *wide(const char *string);
SQLPOINTER number(SQLULEN value);

/* Executes; and executes and moves to the first row. */
void query(struct session *session, const char *sql);
void first_row(struct session *session, const char *sql);

/* A cell of the present row as text; "(null)" for NULL. Static; four can be in use at once. */
const char *cell(struct session *session, SQLUSMALLINT column);

/* Reads on to the end; how many rows there were. */
long count_rows(struct session *session);

/* An environment of `version` and, when `dbc` is given, a connection handle; free_handles disconnects and frees. */
SQLHENV new_environment(SQLINTEGER version);
SQLHDBC new_connection(SQLHENV env);
void free_handles(SQLHENV env, SQLHDBC dbc);

#endif
