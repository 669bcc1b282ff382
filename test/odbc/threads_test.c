/* Proves that threads may use the driver at once: statements of their own on one connection, connections of their own, cancelling
 * each other, timing out; and that a process which forks after connecting may connect in the child. Run under ThreadSanitizer too. */
#include "session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fake_service.h"

enum { SHARING = 4, CONNECTING = 3, CANCELLING = 2, ROUNDS = 40 };

/* cmocka's checks belong to the main thread: the others count what went wrong. */
static atomic_int faults;
static _Atomic(const char *) first_fault;

static void expect(bool condition, const char *what)
{
    const char *none = NULL;
    if (condition)
        return;
    atomic_fetch_add(&faults, 1);
    atomic_compare_exchange_strong(&first_fault, &none, what);
}

static bool has_state(SQLHSTMT stmt, const char *wanted)
{
    SQLCHAR state[6] = "";
    SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, state, NULL, NULL, 0, NULL);
    return strcmp((char *)state, wanted) == 0;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static SQLHDBC connect_to_fake(SQLHENV env)
{
    SQLHDBC dbc = NULL;
    expect(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc) == SQL_SUCCESS, "a connection handle");
    expect(SQLDriverConnect(dbc, NULL, text("Provider=Fake;User=me"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT) == SQL_SUCCESS,
           "connecting");
    return dbc;
}

static void disconnect(SQLHDBC dbc)
{
    expect(SQLDisconnect(dbc) == SQL_SUCCESS, "disconnecting");
    expect(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS, "freeing a connection");
}

static void read_people(SQLHSTMT stmt)
{
    SQLINTEGER id = 0;
    SQLCHAR name[40] = "";
    int rows = 0;

    expect(SQLBindCol(stmt, 1, SQL_C_SLONG, &id, 0, NULL) == SQL_SUCCESS, "binding");
    expect(SQLExecDirect(stmt, text("SELECT Id, Name FROM People WHERE Id > 3 ORDER BY Id"), SQL_NTS) == SQL_SUCCESS, "executing");
    while (SQLFetch(stmt) == SQL_SUCCESS) {
        expect(id == 4 + rows, "rows in order");
        expect(SQLGetData(stmt, 2, SQL_C_CHAR, name, sizeof name, NULL) == SQL_SUCCESS && name[0], "SQLGetData");
        rows++;
    }
    expect(rows == 7, "seven rows");
    expect(SQLFreeStmt(stmt, SQL_CLOSE) == SQL_SUCCESS, "closing");
    expect(SQLFreeStmt(stmt, SQL_UNBIND) == SQL_SUCCESS, "unbinding");
}

/* A statement of its own on a connection that others use: queries, the catalog, names, diagnostics. */
static void *shares_a_connection(void *argument)
{
    SQLHDBC dbc = argument;
    SQLCHAR word[60];

    for (int round = 0; round < ROUNDS; round++) {
        SQLHSTMT stmt = NULL;
        SQLSMALLINT length;
        expect(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) == SQL_SUCCESS, "a statement handle");
        read_people(stmt);
        expect(SQLTables(stmt, NULL, 0, NULL, 0, text("P%"), SQL_NTS, NULL, 0) == SQL_SUCCESS, "SQLTables");
        expect(SQLFetch(stmt) == SQL_SUCCESS, "a table");
        expect(SQLFreeStmt(stmt, SQL_CLOSE) == SQL_SUCCESS, "closing");
        expect(SQLExecDirect(stmt, text("SELECT Nothing FROM People"), SQL_NTS) == SQL_ERROR && has_state(stmt, "42S22"), "an error of its own");
        expect(SQLGetInfo(dbc, SQL_DBMS_NAME, word, sizeof word, &length) == SQL_SUCCESS, "SQLGetInfo");
        expect(SQLGetCursorName(stmt, word, sizeof word, &length) == SQL_SUCCESS, "a cursor name");
        expect(SQLCancel(stmt) == SQL_SUCCESS, "cancelling nothing");
        expect(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS, "freeing a statement");
    }
    return NULL;
}

static void *connects_alone(void *argument)
{
    for (int round = 0; round < ROUNDS / 2; round++) {
        SQLHDBC dbc = connect_to_fake(argument);
        SQLHSTMT stmt = NULL;
        expect(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) == SQL_SUCCESS, "a statement handle");
        read_people(stmt);
        disconnect(dbc);
    }
    return NULL;
}

/* --- cancelling ---------------------------------------------------------------------------------------------------------- */

struct running {
    SQLHSTMT stmt;
    atomic_bool done;
    atomic_int cancelled;    /* how often it ended by HY008 */
};

static void *runs_without_end(void *argument)
{
    struct running *running = argument;
    for (int round = 0; round < 5; round++) {
        SQLRETURN result = SQLExecDirect(running->stmt, text("SELECT Id FROM Endless"), SQL_NTS);
        if (result == SQL_SUCCESS)
            result = SQLFetch(running->stmt);
        expect(result == SQL_ERROR && has_state(running->stmt, "HY008"), "HY008");
        atomic_fetch_add(&running->cancelled, 1);
        SQLFreeStmt(running->stmt, SQL_CLOSE);
    }
    atomic_store(&running->done, true);
    return NULL;
}

/* Cancels until the other is through; by SQLCancel and SQLCancelHandle in turn. */
static void *cancels(void *argument)
{
    const struct timespec moment = {.tv_nsec = 2000000};
    struct running *running = argument;
    for (unsigned turn = 0; !atomic_load(&running->done); turn++) {
        SQLRETURN result = turn % 2 ? SQLCancel(running->stmt) : SQLCancelHandle(SQL_HANDLE_STMT, running->stmt);
        expect(SQL_SUCCEEDED(result), "cancelling");
        nanosleep(&moment, NULL);
    }
    return NULL;
}

static void *times_out(void *argument)
{
    SQLHDBC dbc = connect_to_fake(argument);
    SQLHSTMT stmt = NULL;
    expect(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) == SQL_SUCCESS, "a statement handle");
    expect(SQLSetStmtAttr(stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)1, 0) == SQL_SUCCESS, "a timeout");
    SQLRETURN result = SQLExecDirect(stmt, text("SELECT Id FROM Endless"), SQL_NTS);
    if (result == SQL_SUCCESS)
        result = SQLFetch(stmt);
    expect(result == SQL_ERROR && has_state(stmt, "HYT00"), "HYT00");
    disconnect(dbc);
    return NULL;
}

static void all_at_once(void **state)
{
    struct session *session = *state;
    pthread_t threads[SHARING + CONNECTING + 2 * CANCELLING + 1];
    struct running running[CANCELLING];
    SQLHDBC own[CANCELLING];
    int count = 0;

    for (int i = 0; i < CANCELLING; i++) {
        own[i] = connect_to_fake(session->env);
        atomic_init(&running[i].done, false);
        atomic_init(&running[i].cancelled, 0);
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, own[i], &running[i].stmt), SQL_SUCCESS);
    }
    for (int i = 0; i < SHARING; i++)
        assert_int_equal(pthread_create(&threads[count++], NULL, shares_a_connection, session->dbc), 0);
    for (int i = 0; i < CONNECTING; i++)
        assert_int_equal(pthread_create(&threads[count++], NULL, connects_alone, session->env), 0);
    for (int i = 0; i < CANCELLING; i++) {
        assert_int_equal(pthread_create(&threads[count++], NULL, runs_without_end, &running[i]), 0);
        assert_int_equal(pthread_create(&threads[count++], NULL, cancels, &running[i]), 0);
    }
    assert_int_equal(pthread_create(&threads[count++], NULL, times_out, session->env), 0);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < CANCELLING; i++) {
        assert_int_equal(atomic_load(&running[i].cancelled), 5);
        disconnect(own[i]);
    }
    if (atomic_load(&faults))
        fail_msg("%d faults; the first: %s", atomic_load(&faults), atomic_load(&first_fault));
}

static void a_cancel_ends_the_wait_at_once(void **state)
{
    struct session *session = *state;
    const struct timespec moment = {.tv_nsec = 1000000};
    struct running running = {.stmt = session->stmt};
    pthread_t thread;

    atomic_init(&running.done, false);
    assert_int_equal(pthread_create(&thread, NULL, runs_without_end, &running), 0);
    double longest = 0;
    for (int round = 0; round < 5; round++) {
        while (!atomic_load(&fake_counters.waiting))
            nanosleep(&moment, NULL);
        double before = seconds_now();
        assert_true(SQL_SUCCEEDED(SQLCancel(session->stmt)));
        while (atomic_load(&running.cancelled) == round)
            nanosleep(&moment, NULL);
        double took = seconds_now() - before;
        longest = took > longest ? took : longest;
    }
    pthread_join(thread, NULL);
    print_message("the longest cancel took %.1f ms\n", longest * 1000);
    /* The wait has no end of its own, so that it ended at all is the proof; how long it took is the machine's to say. */
    assert_int_equal(atomic_load(&faults), 0);
}

static void cancel_from_plan(void *stmt)
{
    SQLCancel(stmt);
}

/* A cancel that comes while SQLExecDirect still prepares is meant for all of it: the execution that follows does not forget it. */
static void a_cancel_while_preparing_is_kept(void **state)
{
    struct session *session = *state;

    fake_counters.context = session->stmt;
    fake_counters.on_plan = cancel_from_plan;
    SQLRETURN result = SQLExecDirect(session->stmt, text("SELECT Id FROM People"), SQL_NTS);
    fake_counters.on_plan = NULL;
    assert_int_equal(result, SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_STMT, session->stmt, 1), "HY008");
    session_query(session, "SELECT Id FROM People"); /* and the next is not concerned */
    WORKS(session->stmt, SQLFetch(session->stmt));
}

static void a_child_connects_anew(void **state)
{
    struct session *session = *state;
    int status = -1;

    session_query(session, "SELECT Id FROM People");
    WORKS(session->stmt, SQLFetch(session->stmt));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        SQLHENV env = NULL;
        SQLHSTMT stmt = NULL;
        SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
        SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0);
        SQLHDBC dbc = connect_to_fake(env);
        expect(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) == SQL_SUCCESS, "a statement handle");
        read_people(stmt);
        disconnect(dbc);
        expect(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_SUCCESS, "freeing the environment");
        _exit(atomic_load(&faults) ? 1 : 0);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    WORKS(session->stmt, SQLFetch(session->stmt)); /* the parent goes on */
    assert_string_equal(session_cell(session, 1), "2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_child_connects_anew, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_cancel_while_preparing_is_kept, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_cancel_ends_the_wait_at_once, session_open, session_close),
        cmocka_unit_test_setup_teardown(all_at_once, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
