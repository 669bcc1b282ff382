#include "chapter.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_CASES = 700 };

struct proof {
    void (*prove)(struct session *session, const void *row);
    const void *row;
    const struct rule *rule;
};

static struct CMUnitTest cases[MOST_CASES];
static struct proof proofs[MOST_CASES];
static size_t case_count;
static SQLINTEGER application = SQL_OV_ODBC3_80;
static struct session shared;

void chapter_version(SQLINTEGER version)
{
    application = version;
}

static void run_case(void **state)
{
    const struct proof *proof = *state;
    if (proof->rule)
        proof->rule->prove(&shared);
    else
        proof->prove(&shared, proof->row);
}

static int before_case(void **state)
{
    (void)state;
    return SQLAllocHandle(SQL_HANDLE_STMT, shared.dbc, &shared.stmt) == SQL_SUCCESS ? 0 : -1;
}

static int after_case(void **state)
{
    SQLHSTMT stmt = shared.stmt;
    (void)state;
    shared.stmt = NULL;
    return !stmt || SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS ? 0 : -1;
}

static void add(const char *name, struct proof proof)
{
    if (case_count == MOST_CASES)
        abort();
    proofs[case_count] = proof;
    cases[case_count] = (struct CMUnitTest){name, run_case, before_case, after_case, &proofs[case_count]};
    case_count++;
}

void chapter_each(void (*prove)(struct session *session, const void *row), const void *rows, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const void *row = (const char *)rows + i * size;
        add(*(const char *const *)row, (struct proof){prove, row, NULL});
    }
}

void chapter_rules(const struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(rules[i].text, (struct proof){NULL, NULL, &rules[i]});
}

static int connect_shared(void **state)
{
    (void)state;
    shared.env = new_environment(application);
    shared.dbc = new_connection(shared.env);
    if (SQL_SUCCEEDED(SQLConnect(shared.dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0)))
        return 0;
    print_error("%s\n", message_of(SQL_HANDLE_DBC, shared.dbc, 1));
    return -1;
}

static int disconnect_shared(void **state)
{
    (void)state;
    return SQLDisconnect(shared.dbc) == SQL_SUCCESS && SQLFreeHandle(SQL_HANDLE_DBC, shared.dbc) == SQL_SUCCESS &&
                   SQLFreeHandle(SQL_HANDLE_ENV, shared.env) == SQL_SUCCESS
               ? 0
               : -1;
}

int chapter_run(const char *name)
{
    if (getenv("RESTODBC_TEST_LIST")) {
        for (size_t i = 0; i < case_count; i++)
            puts(cases[i].name);
        return 0;
    }
    return _cmocka_run_group_tests(name, cases, case_count, connect_shared, disconnect_shared);
}

/* --- checks ---------------------------------------------------------------------------------------------------------- */

const char *state_of(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number_of)
{
    static SQLCHAR state[6];
    if (!SQL_SUCCEEDED(SQLGetDiagRec(type, handle, number_of, state, NULL, NULL, 0, NULL)))
        state[0] = '\0'; /* the driver manager writes 00000 */
    return (const char *)state;
}

const char *message_of(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number_of)
{
    static SQLCHAR message[2048];
    message[0] = '\0';
    SQLGetDiagRec(type, handle, number_of, NULL, NULL, message, sizeof message, NULL);
    return (const char *)message;
}

void check_call(SQLRETURN got, SQLRETURN wanted, const char *state, SQLSMALLINT type, SQLHANDLE handle, const char *call,
                const char *file, int line)
{
    const char *found = got == SQL_INVALID_HANDLE ? "" : state_of(type, handle, 1);
    if (got == wanted && strcmp(found, state) == 0)
        return;
    print_error("%s gives %d %s in place of %d %s: %s\n", call, got, found, wanted, state,
                got == SQL_INVALID_HANDLE ? "" : message_of(type, handle, 1));
    _fail(file, line);
}

/* --- what applications do ---------------------------------------------------------------------------------------------- */

SQLCHAR *text(const char *string)
{
    return (SQLCHAR *)(uintptr_t)string;
}

SQLWCHAR *wide(const char *string)
{
    static SQLWCHAR strings[4][1024];
    static unsigned turn;
    SQLWCHAR *out = strings[turn++ % 4];
    size_t i = 0;
    for (; string[i] && i < 1023; i++)
        out[i] = (unsigned char)string[i];
    out[i] = 0;
    return out;
}

SQLPOINTER number(SQLULEN value)
{
    return (SQLPOINTER)(uintptr_t)value;
}

void query(struct session *session, const char *sql)
{
    SQLFreeStmt(session->stmt, SQL_CLOSE);
    OK(session, SQLExecDirect(session->stmt, text(sql), SQL_NTS));
}

void first_row(struct session *session, const char *sql)
{
    query(session, sql);
    OK(session, SQLFetch(session->stmt));
}

const char *cell(struct session *session, SQLUSMALLINT column)
{
    static char cells[4][4096];
    static unsigned turn;
    char *out = cells[turn++ % 4];
    SQLLEN length = 0;
    OK(session, SQLGetData(session->stmt, column, SQL_C_CHAR, out, sizeof cells[0], &length));
    return length == SQL_NULL_DATA ? "(null)" : out;
}

long count_rows(struct session *session)
{
    long rows = 0;
    SQLRETURN result;
    while (SQL_SUCCEEDED(result = SQLFetch(session->stmt)))
        rows++;
    assert_int_equal(result, SQL_NO_DATA);
    return rows;
}

SQLHENV new_environment(SQLINTEGER version)
{
    SQLHENV env = NULL;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env), SQL_SUCCESS);
    if (version)
        assert_int_equal(SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(intptr_t)version, 0), SQL_SUCCESS);
    return env;
}

SQLHDBC new_connection(SQLHENV env)
{
    SQLHDBC dbc = NULL;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    return dbc;
}

void free_handles(SQLHENV env, SQLHDBC dbc)
{
    if (dbc) {
        SQLDisconnect(dbc);
        assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    }
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, env), SQL_SUCCESS);
}
