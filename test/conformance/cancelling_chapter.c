/* Cancelling, timeouts and threads over the driver manager: a query without an end is ended by another thread or by its timeout. */
#include "chapter.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* A join of everything with everything: runs for hours on any machine. */
#define ENDLESS "SELECT COUNT(*) FROM Users a, Users b, Users c, Users d, Users e, Users f"

struct cancelling {
    SQLHSTMT stmt;
    bool by_handle;
    atomic_bool done;
};

static void *cancels(void *argument)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    struct cancelling *c = argument;
    while (!atomic_load(&c->done)) {
        if (c->by_handle)
            SQLCancelHandle(SQL_HANDLE_STMT, c->stmt);
        else
            SQLCancel(c->stmt);
        nanosleep(&moment, NULL);
    }
    return NULL;
}

static void ended(struct session *session, bool by_handle)
{
    struct cancelling c = {.stmt = session->stmt, .by_handle = by_handle};
    pthread_t thread;
    atomic_init(&c.done, false);
    assert_int_equal(pthread_create(&thread, NULL, cancels, &c), 0);
    SQLRETURN result = SQLExecDirect(session->stmt, text(ENDLESS), SQL_NTS);
    atomic_store(&c.done, true);
    pthread_join(thread, NULL);
    assert_int_equal(result, SQL_ERROR);
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "HY008");
    first_row(session, "SELECT 1");
    assert_string_equal(cell(session, 1), "1");
}

static void cancel(struct session *session)
{
    ended(session, false);
}

static void cancel_handle(struct session *session)
{
    ended(session, true);
}

/* unixODBC counts the statement as awaiting data still, unless SQLCancel is used: it is freed then. */
static void handle_awaits_data(struct session *session)
{
    SQLLEN late = SQL_DATA_AT_EXEC;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &late, 0, &late));
    ON(SQL_HANDLE_STMT, session->stmt, SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA, "");
    OK(session, SQLCancelHandle(SQL_HANDLE_STMT, session->stmt));
    FAILS(session, SQLParamData(session->stmt, NULL), "HY010");
}

static void handle_at_rest(struct session *session)
{
    first_row(session, "SELECT Id FROM Users");
    OK(session, SQLCancelHandle(SQL_HANDLE_STMT, session->stmt));
    DBC_OK(session->dbc, SQLCancelHandle(SQL_HANDLE_DBC, session->dbc));
    OK(session, SQLFreeStmt(session->stmt, SQL_CLOSE));
    first_row(session, "SELECT 1");
}

static void not_a_handle(struct session *session)
{
    assert_int_equal(SQLCancelHandle(SQL_HANDLE_STMT, NULL), SQL_INVALID_HANDLE);
    assert_int_equal(SQLCancelHandle(SQL_HANDLE_STMT, session->dbc), SQL_INVALID_HANDLE);
    assert_int_equal(SQLCancelHandle(SQL_HANDLE_DBC, session->stmt), SQL_INVALID_HANDLE);
    assert_int_equal(SQLCancelHandle(SQL_HANDLE_ENV, session->env), SQL_INVALID_HANDLE);
}

static void connection_leaves_statements(struct session *session)
{
    first_row(session, "SELECT Id FROM Users ORDER BY Id");
    DBC_OK(session->dbc, SQLCancelHandle(SQL_HANDLE_DBC, session->dbc));
    assert_true(count_rows(session) > 0);
}

static void timeout(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_QUERY_TIMEOUT, number(1), 0));
    FAILS(session, SQLExecDirect(session->stmt, text(ENDLESS), SQL_NTS), "HYT00");
    first_row(session, "SELECT 1");
}

static void nothing_to_cancel(struct session *session)
{
    first_row(session, "SELECT Id FROM Users");
    OK(session, SQLCancel(session->stmt));
    first_row(session, "SELECT 1");     /* unixODBC counts the cursor as closed, the driver leaves it open: both may go on */
}

struct reader {
    SQLHSTMT stmt;
    long rows;
};

static void *reads(void *argument)
{
    struct reader *reader = argument;
    if (SQLExecDirect(reader->stmt, text("SELECT Id FROM Users"), SQL_NTS) == SQL_SUCCESS)
        while (SQLFetch(reader->stmt) == SQL_SUCCESS)
            reader->rows++;
    return NULL;
}

static void threads_share_a_connection(struct session *session)
{
    enum { MANY = 4 };
    struct reader readers[MANY] = {{0}};
    pthread_t threads[MANY];
    for (int i = 0; i < MANY; i++) {
        DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &readers[i].stmt));
        assert_int_equal(pthread_create(&threads[i], NULL, reads, &readers[i]), 0);
    }
    for (int i = 0; i < MANY; i++) {
        pthread_join(threads[i], NULL);
        assert_true(readers[i].rows > 0);
        assert_int_equal(readers[i].rows, readers[0].rows);
        assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, readers[i].stmt), SQL_SUCCESS);
    }
}

static const struct rule rules[] = {
    {"SQLCancel: from another thread ends a running query with HY008", cancel},
    {"SQLCancel: between two rows succeeds and leaves a statement that can be used", nothing_to_cancel},
    {"SQLCancelHandle: of a statement, from another thread, ends a running query with HY008", cancel_handle},
    {"SQLCancelHandle: of a statement that awaits parameter data gives the execution up", handle_awaits_data},
    {"SQLCancelHandle: with nothing under way succeeds and leaves a statement and a connection that can be used", handle_at_rest},
    {"SQLCancelHandle: of a connection leaves its statements and their cursors alone", connection_leaves_statements},
    {"SQLCancelHandle: what is no statement or connection is SQL_INVALID_HANDLE", not_a_handle},
    {"SQLSetStmtAttr: SQL_ATTR_QUERY_TIMEOUT ends a running query with HYT00", timeout},
    {"SQLFetch: threads read statements of their own on one connection", threads_share_a_connection},
};

int main(void)
{
    RULES(rules);
    return chapter_run("cancelling, timeouts and threads");
}
