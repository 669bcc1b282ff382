/* Threads of all kinds at once over real HTTP transfers that stall: statements of their own on one connection, connections of their own,
 * logins, ended by SQLCancel, SQLCancelHandle and timeouts, while others go on working. stalled.py runs it against a sandbox that never
 * answers for some tables. Linked with the entry points themselves, so that ThreadSanitizer sees everything of ours. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <sql.h>
#include <sqlext.h>

enum {
    SHARING = 4,        /* threads with a statement of their own on one connection */
    ALONE = 3,          /* threads with a connection of their own */
    TIMING_OUT = 2,     /* one on the shared connection, one on its own */
    LOGGING_IN = 2,
    ROUNDS = 6,
    PATIENCE = 240,     /* seconds after which what hangs has failed */
};

/* The sandbox keeps silent before its answer, in the middle of a page, and asks for a pause. */
static const char *const stalled_tables[] = {"Users", "JobCodes", "Timesheets"};

static char *connection_string, *login_string; /* the second asks the service for something while it connects */
static unsigned short sandbox_port;
static int group_count;
static SQLHENV env;
static SQLHDBC shared;

static atomic_int faults, cancels_seen, timeouts_seen;
static atomic_long longest_microseconds;

static void expect(bool condition, SQLSMALLINT type, SQLHANDLE handle, const char *what)
{
    SQLCHAR state[6] = "", message[300] = "";
    if (condition)
        return;
    atomic_fetch_add(&faults, 1);
    if (handle)
        SQLGetDiagRec(type, handle, 1, state, NULL, message, sizeof message, NULL);
    printf("not so: %s: %s %s\n", what, (char *)state, (char *)message);
}

static void pause_for(long milliseconds)
{
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

static long microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static SQLCHAR *text(const char *string)
{
    return (SQLCHAR *)(uintptr_t)string;
}

static bool has_state(SQLSMALLINT type, SQLHANDLE handle, const char *wanted)
{
    SQLCHAR state[6] = "";
    SQLGetDiagRec(type, handle, 1, state, NULL, NULL, 0, NULL);
    return strcmp((char *)state, wanted) == 0;
}

/* Whether a request with this in it has come to the sandbox, which does not answer it: the transfer is under way. */
static bool has_come(const char *wanted)
{
    static const char request[] = "GET /_log HTTP/1.0\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(sandbox_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    enum { ROOM = 1 << 20 };
    char *log = calloc(1, ROOM);
    size_t length = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (log && fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)(sizeof request - 1))
        for (ssize_t got; length < ROOM - 1 && (got = recv(fd, log + length, ROOM - 1 - length, 0)) > 0;)
            length += (size_t)got;
    if (fd >= 0)
        close(fd);
    bool come = log && strstr(log, wanted);
    free(log);
    return come;
}

static SQLHDBC connect_to_sandbox(void)
{
    SQLHDBC dbc = NULL;
    expect(SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc) == SQL_SUCCESS, SQL_HANDLE_ENV, env, "a connection handle");
    expect(SQL_SUCCEEDED(SQLDriverConnect(dbc, NULL, text(connection_string), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT)),
           SQL_HANDLE_DBC, dbc, "connecting");
    return dbc;
}

static SQLHSTMT new_statement(SQLHDBC dbc)
{
    SQLHSTMT stmt = NULL;
    expect(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) == SQL_SUCCESS, SQL_HANDLE_DBC, dbc, "a statement handle");
    return stmt;
}

static void disconnect(SQLHDBC dbc)
{
    expect(SQLDisconnect(dbc) == SQL_SUCCESS, SQL_HANDLE_DBC, dbc, "disconnecting");
    expect(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS, 0, NULL, "freeing a connection");
}

static void count_groups(SQLHSTMT stmt)
{
    SQLINTEGER groups = 0;
    expect(SQLExecDirect(stmt, text("SELECT COUNT(*) FROM Groups"), SQL_NTS) == SQL_SUCCESS && SQLFetch(stmt) == SQL_SUCCESS &&
               SQLGetData(stmt, 1, SQL_C_SLONG, &groups, 0, NULL) == SQL_SUCCESS && groups == group_count,
           SQL_HANDLE_STMT, stmt, "a query that is answered");
    SQLFreeStmt(stmt, SQL_CLOSE);
}

/* --- statements that are cancelled ------------------------------------------------------------------------------------------- */

struct runner {
    int number;
    SQLHDBC dbc; /* NULL: one of its own */
    SQLHSTMT stmt;
    pthread_mutex_t lock; /* over the rest: a cancel is not to hit a query that shall go through */
    bool stalled, done;
    int round;
    long cancelled_at;
};

static int key_of(const struct runner *runner, int round)
{
    return 710000000 + runner->number * 1000 + round;
}

static void stall(struct runner *runner, int round)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT Id FROM %s WHERE Id = %d", stalled_tables[(runner->number + round) % 3], key_of(runner, round));
    pthread_mutex_lock(&runner->lock);
    runner->stalled = true;
    runner->round = round;
    runner->cancelled_at = 0;
    pthread_mutex_unlock(&runner->lock);

    SQLRETURN result = SQLExecDirect(runner->stmt, text(sql), SQL_NTS);
    if (result == SQL_SUCCESS)
        result = SQLFetch(runner->stmt);
    long ended = microseconds_now();

    pthread_mutex_lock(&runner->lock);
    runner->stalled = false;
    long took = runner->cancelled_at ? ended - runner->cancelled_at : 0;
    pthread_mutex_unlock(&runner->lock);
    long longest = atomic_load(&longest_microseconds);
    while (took > longest && !atomic_compare_exchange_weak(&longest_microseconds, &longest, took))
        ;
    expect(result == SQL_ERROR && has_state(SQL_HANDLE_STMT, runner->stmt, "HY008"), SQL_HANDLE_STMT, runner->stmt, "HY008");
    atomic_fetch_add(&cancels_seen, 1);
    SQLFreeStmt(runner->stmt, SQL_CLOSE);
}

static void *runs(void *argument)
{
    struct runner *runner = argument;
    for (int round = 0; round < ROUNDS; round++) {
        stall(runner, round);
        count_groups(runner->stmt);
    }
    pthread_mutex_lock(&runner->lock);
    runner->done = true;
    pthread_mutex_unlock(&runner->lock);
    return NULL;
}

/* In even rounds one cancel, when the request has come; in odd ones a hail of them, wherever the statement is: before it begins, in the
 * queue for the connection, in its transfer. SQLCancel and SQLCancelHandle in turn. */
static void *cancels(void *argument)
{
    struct runner *runner = argument;
    char wanted[40];
    int sent_in = -1;
    for (unsigned turn = 0;; turn++) {
        pthread_mutex_lock(&runner->lock);
        int round = runner->round;
        bool stalled = runner->stalled, done = runner->done;
        pthread_mutex_unlock(&runner->lock);
        if (done)
            return NULL;
        snprintf(wanted, sizeof wanted, "ids=%d", key_of(runner, round));
        bool due = stalled && (round % 2 || (sent_in != round && has_come(wanted)));
        pthread_mutex_lock(&runner->lock);
        if (due && runner->stalled && runner->round == round) {
            if (sent_in != round && round % 2 == 0)
                runner->cancelled_at = microseconds_now();
            sent_in = round;
            SQLRETURN result = turn % 2 ? SQLCancel(runner->stmt) : SQLCancelHandle(SQL_HANDLE_STMT, runner->stmt);
            expect(SQL_SUCCEEDED(result), 0, NULL, "cancelling");
        }
        pthread_mutex_unlock(&runner->lock);
        pause_for(3);
    }
}

/* --- timeouts, logins, and one who only works ---------------------------------------------------------------------------------- */

static void *times_out(void *argument)
{
    SQLHDBC dbc = argument ? argument : connect_to_sandbox();
    SQLHSTMT stmt = new_statement(dbc);

    expect(SQLSetStmtAttr(stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)1, 0) == SQL_SUCCESS, SQL_HANDLE_STMT, stmt, "a timeout");
    for (int round = 0; round < 2; round++) {
        SQLRETURN result = SQLExecDirect(stmt, text("SELECT Id FROM Users WHERE Id = 720000000"), SQL_NTS);
        if (result == SQL_SUCCESS)
            result = SQLFetch(stmt);
        expect(result == SQL_ERROR && has_state(SQL_HANDLE_STMT, stmt, "HYT00"), SQL_HANDLE_STMT, stmt, "HYT00");
        atomic_fetch_add(&timeouts_seen, 1);
        SQLFreeStmt(stmt, SQL_CLOSE);
    }
    expect(SQLSetStmtAttr(stmt, SQL_ATTR_QUERY_TIMEOUT, NULL, 0) == SQL_SUCCESS, SQL_HANDLE_STMT, stmt, "no timeout");
    count_groups(stmt);
    SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    if (!argument)
        disconnect(dbc);
    return NULL;
}

struct login {
    SQLHDBC dbc;
    atomic_bool done;
};

static void *logs_in(void *argument)
{
    struct login *login = argument;
    for (int round = 0; round < 3; round++) {
        SQLRETURN result = SQLDriverConnect(login->dbc, NULL, text(login_string), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
        expect(result == SQL_ERROR && has_state(SQL_HANDLE_DBC, login->dbc, "HY008"), SQL_HANDLE_DBC, login->dbc, "HY008 of a login");
        atomic_fetch_add(&cancels_seen, 1);
    }
    atomic_store(&login->done, true);
    return NULL;
}

/* From the first request of a login on, at any moment. */
static void *cancels_login(void *argument)
{
    struct login *login = argument;
    while (!has_come("/current_user"))
        pause_for(20);
    while (!atomic_load(&login->done)) {
        pause_for(20);
        SQLCancelHandle(SQL_HANDLE_DBC, login->dbc);
    }
    return NULL;
}

static void *asks_the_catalog(void *argument)
{
    SQLHDBC dbc = argument;
    for (int round = 0; round < 10 * ROUNDS; round++) {
        SQLCHAR word[60];
        SQLHSTMT stmt = new_statement(dbc);
        expect(SQLTables(stmt, NULL, 0, NULL, 0, text("G%"), SQL_NTS, NULL, 0) == SQL_SUCCESS && SQLFetch(stmt) == SQL_SUCCESS, SQL_HANDLE_STMT,
               stmt, "SQLTables");
        SQLFreeStmt(stmt, SQL_CLOSE);
        expect(SQLGetInfo(dbc, SQL_DBMS_NAME, word, sizeof word, NULL) == SQL_SUCCESS, SQL_HANDLE_DBC, dbc, "SQLGetInfo");
        expect(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS, 0, NULL, "freeing a statement");
    }
    return NULL;
}

static void start(pthread_t *thread, void *(*function)(void *), void *argument)
{
    if (pthread_create(thread, NULL, function, argument) != 0)
        abort();
}

int main(void)
{
    static struct runner runners[SHARING + ALONE];
    static struct login logins[LOGGING_IN];
    pthread_t threads[2 * (SHARING + ALONE + LOGGING_IN) + TIMING_OUT + 1];
    int count = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    connection_string = getenv("RESTODBC_TEST_STRING");
    login_string = getenv("RESTODBC_TEST_LOGIN");
    const char *port = getenv("SANDBOX_PORT"), *groups = getenv("GROUPS");
    if (!connection_string || !login_string || !port || !groups)
        return 2;
    sandbox_port = (unsigned short)strtoul(port, NULL, 10);
    group_count = (int)strtol(groups, NULL, 10);
    alarm(PATIENCE);

    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0);
    shared = connect_to_sandbox();
    for (int i = 0; i < SHARING + ALONE; i++) {
        runners[i].number = i;
        runners[i].dbc = i < SHARING ? shared : connect_to_sandbox();
        runners[i].stmt = new_statement(runners[i].dbc);
        pthread_mutex_init(&runners[i].lock, NULL);
        start(&threads[count++], runs, &runners[i]);
        start(&threads[count++], cancels, &runners[i]);
    }
    for (int i = 0; i < LOGGING_IN; i++) {
        atomic_init(&logins[i].done, false);
        SQLAllocHandle(SQL_HANDLE_DBC, env, &logins[i].dbc);
        start(&threads[count++], logs_in, &logins[i]);
        start(&threads[count++], cancels_login, &logins[i]);
    }
    start(&threads[count++], times_out, NULL);
    start(&threads[count++], times_out, shared);
    start(&threads[count++], asks_the_catalog, shared);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);

    for (int i = 0; i < SHARING + ALONE; i++) {
        if (runners[i].dbc != shared)
            disconnect(runners[i].dbc);
        pthread_mutex_destroy(&runners[i].lock);
    }
    for (int i = 0; i < LOGGING_IN; i++)
        SQLFreeHandle(SQL_HANDLE_DBC, logins[i].dbc);
    disconnect(shared);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
    printf("%d cancelled, %d timed out; the longest from a cancel to the end of its transfer: %.1f ms\n", atomic_load(&cancels_seen),
           atomic_load(&timeouts_seen), (double)atomic_load(&longest_microseconds) / 1000);
    return atomic_load(&faults) ? 1 : 0;
}
