/* Threads with connections of their own that ask and ask, over a service that fails now and then and tokens that do not live long. Every
 * answer is the one that the same query had before the faults began, or an error that a fault of the service explains; memory and
 * descriptors do not grow. soak.py brings the service and orders the faults. */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sql.h>
#include <sqlext.h>

enum { THREADS = 8, CONNECTIONS = 4, QUERIES = 12, PATIENCE = 180 /* seconds that one query may take */ };

static const struct {
    const char *sql;
    bool scrolls, takes_parameter;
} queries[QUERIES] = {
    {"SELECT COUNT(*) FROM Groups", false, false},
    {"SELECT Id, Name FROM Groups", true, false},
    {"SELECT Id, UserName FROM Users ORDER BY Id", false, false},
    {"SELECT Id, Name FROM JobCodes WHERE Id > ?", false, true},
    {"SELECT g.Name, COUNT(*) FROM Users u JOIN Groups g ON g.Id = u.GroupId GROUP BY g.Name ORDER BY 1", false, false},
    {"SELECT COUNT(*), SUM(Duration) FROM Timesheets", false, false},
    {"SELECT UserId, SUM(Duration) FROM Timesheets GROUP BY UserId ORDER BY UserId", false, false},
    {"SELECT Id, Duration FROM Timesheets ORDER BY Id DESC LIMIT 20", true, false},
    {"SELECT t.Id, j.Name FROM Timesheets t JOIN JobCodes j ON j.Id = t.JobCodeId ORDER BY t.Id LIMIT 50", false, false},
    {"SELECT Id FROM Users WHERE Id NOT IN (SELECT UserId FROM Timesheets WHERE UserId IS NOT NULL) ORDER BY Id", false, false},
    {"SELECT COUNT(*) FROM Timesheets WHERE UserId = (SELECT MIN(Id) FROM Users WHERE Id > ?)", false, true},
    {"SELECT Id, Name FROM Groups UNION ALL SELECT Id, Name FROM JobCodes ORDER BY 1", false, false},
};

#ifdef __SANITIZE_THREAD__
/* gcc's ThreadSanitizer does not know this way to take a lock, and takes each unlock after it for a fault. It knows this one. */
int pthread_mutex_clocklock(pthread_mutex_t *lock, clockid_t clock, const struct timespec *until)
{
    struct timespec now, there;

    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &there);
    long long left = (until->tv_sec - now.tv_sec) * 1000000000LL + until->tv_nsec - now.tv_nsec + there.tv_nsec;
    if (left > 0) {
        there.tv_sec += left / 1000000000LL;
        there.tv_nsec = left % 1000000000LL;
    }
    return pthread_mutex_timedlock(lock, &there);
}
#endif

static char *connection_string;
static uint64_t wanted[QUERIES];
static atomic_long right, failures, wrong, connects;
static atomic_bool over;
static atomic_llong busy_since[THREADS];     /* seconds; 0 = between two queries */
static SQLHENV env;

static SQLCHAR *text(const char *string)
{
    return (SQLCHAR *)(uintptr_t)string;
}

static long long seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* Whether a fault of the service explains it: none of those that are ordered has another meaning. */
static bool is_explained(SQLSMALLINT type, SQLHANDLE handle)
{
    static const char *const states[] = {"08S01", "42S02"};
    SQLCHAR state[6] = "", message[400] = "";

    SQLGetDiagRec(type, handle, 1, state, NULL, message, sizeof message, NULL);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp((char *)state, states[i]) == 0)
            return true;
    printf("not explained: %s %s\n", (char *)state, (char *)message);
    return false;
}

static SQLHDBC open_connection(const char *string)
{
    SQLHDBC dbc = NULL;

    SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc);
    if (!SQL_SUCCEEDED(SQLDriverConnect(dbc, NULL, text(string), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT))) {
        atomic_fetch_add(is_explained(SQL_HANDLE_DBC, dbc) ? &failures : &wrong, 1);
        SQLFreeHandle(SQL_HANDLE_DBC, dbc);
        return NULL;
    }
    atomic_fetch_add(&connects, 1);
    return dbc;
}

static void close_connection(SQLHDBC dbc)
{
    if (SQLDisconnect(dbc) != SQL_SUCCESS || SQLFreeHandle(SQL_HANDLE_DBC, dbc) != SQL_SUCCESS)
        atomic_fetch_add(&wrong, 1);
}

static uint64_t mix(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    return hash;
}

/* All rows as one number; false when something failed. */
static bool ask(SQLHSTMT stmt, size_t query, uint64_t *hash)
{
    SQLINTEGER parameter = 5;
    SQLSMALLINT columns;
    SQLRETURN result;

    *hash = 14695981039346656037u;
    if (queries[query].scrolls)
        SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0);
    if (queries[query].takes_parameter)
        SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &parameter, 0, NULL);
    if (!SQL_SUCCEEDED(SQLExecDirect(stmt, text(queries[query].sql), SQL_NTS)))
        return false;
    SQLNumResultCols(stmt, &columns);
    while (SQL_SUCCEEDED(result = SQLFetch(stmt)))
        for (SQLSMALLINT i = 1; i <= columns; i++) {
            char cell[300];
            SQLLEN length;
            if (!SQL_SUCCEEDED(SQLGetData(stmt, (SQLUSMALLINT)i, SQL_C_CHAR, cell, sizeof cell, &length)))
                return false;
            *hash = length == SQL_NULL_DATA ? mix(*hash, "~", 2) : mix(*hash, cell, strlen(cell) + 1);
        }
    return result == SQL_NO_DATA;
}

static void one_query(SQLHDBC dbc, size_t query)
{
    SQLHSTMT stmt = NULL;
    uint64_t hash;

    if (SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) != SQL_SUCCESS) {
        atomic_fetch_add(&wrong, 1);
        return;
    }
    if (!ask(stmt, query, &hash)) {
        atomic_fetch_add(is_explained(SQL_HANDLE_STMT, stmt) ? &failures : &wrong, 1);
    } else if (hash != wanted[query]) {
        printf("another answer: %s\n", queries[query].sql);
        atomic_fetch_add(&wrong, 1);
    } else {
        atomic_fetch_add(&right, 1);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, stmt);
}

static void *works(void *argument)
{
    size_t number = (size_t)(uintptr_t)argument;
    uint32_t seed = 2463534242u + (uint32_t)number * 7919;
    SQLHDBC connections[CONNECTIONS] = {NULL};

    while (!atomic_load(&over)) {
        SQLHDBC *dbc = &connections[next_random(&seed) % CONNECTIONS];
        atomic_store(&busy_since[number], seconds_now());
        if (*dbc && next_random(&seed) % 20 == 0) {
            close_connection(*dbc);
            *dbc = NULL;
        }
        if (!*dbc)
            *dbc = open_connection(connection_string);
        if (*dbc)
            one_query(*dbc, next_random(&seed) % QUERIES);
        atomic_store(&busy_since[number], 0);
    }
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (connections[i])
            close_connection(connections[i]);
    return NULL;
}

static long open_descriptors(void)
{
    long count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static long resident_kilobytes(void)
{
    long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &all, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

struct most { long kilobytes, descriptors; };

static void look(struct most *most)
{
    long kilobytes = resident_kilobytes(), descriptors = open_descriptors();
    most->kilobytes = kilobytes > most->kilobytes ? kilobytes : most->kilobytes;
    most->descriptors = descriptors > most->descriptors ? descriptors : most->descriptors;
    for (int i = 0; i < THREADS; i++) {
        long long since = atomic_load(&busy_since[i]);
        if (since && seconds_now() - since > PATIENCE) {
            printf("thread %d has been at one query for %d s\n", i, PATIENCE);
            exit(1);
        }
    }
}

/* The first connection signs in. */
static void learn_answers(const char *login)
{
    SQLHDBC dbc = open_connection(login);
    for (size_t i = 0; i < QUERIES; i++) {
        SQLHSTMT stmt = NULL;
        if (!dbc || SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) != SQL_SUCCESS || !ask(stmt, i, &wanted[i])) {
            printf("no answer without faults: %s\n", queries[i].sql);
            exit(1);
        }
        SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    }
    close_connection(dbc);
}

int main(void)
{
    pthread_t threads[THREADS];
    struct most early = {0, 0}, late = {0, 0};
    const char *told = getenv("SOAK_SECONDS"), *judged = getenv("SOAK_MEMORY"), *login = getenv("RESTODBC_TEST_LOGIN");

    setvbuf(stdout, NULL, _IOLBF, 0);
    connection_string = getenv("RESTODBC_TEST_STRING");
    long seconds = told ? strtol(told, NULL, 10) : 0;
    if (!connection_string || !login || seconds < 10)
        return 2;
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0);
    learn_answers(login);
    printf("ready\n");
    if (getchar() == EOF) /* until the faults have been ordered */
        return 2;

    long long start = seconds_now();
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, works, (void *)(uintptr_t)i) != 0)
            abort();
    for (long long passed; (passed = seconds_now() - start) < seconds; sleep(1))
        look(passed * 2 < seconds ? &early : &late);
    atomic_store(&over, true);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
    printf("%ld right answers, %ld explained failures, %ld wrong, %ld connects; at most %ld KiB and %ld descriptors in the first half, %ld KiB and "
           "%ld in the second\n", atomic_load(&right), atomic_load(&failures), atomic_load(&wrong), atomic_load(&connects), early.kilobytes,
           early.descriptors, late.kilobytes, late.descriptors);
    bool grown = late.descriptors > early.descriptors * 3 / 2 + 16 || (judged && late.kilobytes > early.kilobytes + early.kilobytes / 4 + 8192);
    return atomic_load(&wrong) || grown || !atomic_load(&right) ? 1 : 0;
}
