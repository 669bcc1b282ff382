/* A long life through the driver manager, with real requests; life.py runs it against a sandbox. What it is told to do:
 *   life cycles COUNT            connects, queries and disconnects so often; the memory it holds must not grow
 *   life pooled COUNT            likewise where the driver manager pools; unixODBC 2.3.11 itself keeps 32 KB for every connection that it
 *                                takes from its pool, so the memory of the process is not judged
 *   life fork                    forks while a statement is open: the child connects anew, the parent goes on */
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sql.h>
#include <sqlext.h>

enum { SAMPLES = 10 /* of the memory held, in the second half of the cycles */ };

static SQLCHAR source[] = "sandbox", count_sql[] = "SELECT COUNT(*) FROM Groups", ids_sql[] = "SELECT Id FROM Groups";

static SQLHENV new_environment(void)
{
    SQLHENV env = NULL;
    if (SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env) != SQL_SUCCESS)
        return NULL;
    SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(intptr_t)SQL_OV_ODBC3_80, 0);
    return env;
}

static bool tell(SQLSMALLINT type, SQLHANDLE handle, const char *what)
{
    SQLCHAR state[6] = "", message[500] = "";
    SQLGetDiagRec(type, handle, 1, state, NULL, message, sizeof message, NULL);
    printf("%s: %s %s\n", what, (char *)state, (char *)message);
    return false;
}

/* Connects, counts the groups, disconnects. */
static bool cycle(SQLHENV env, SQLINTEGER *groups)
{
    SQLHDBC dbc = NULL;
    SQLHSTMT stmt = NULL;

    if (SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc) != SQL_SUCCESS)
        return tell(SQL_HANDLE_ENV, env, "a connection handle");
    if (!SQL_SUCCEEDED(SQLConnect(dbc, source, SQL_NTS, NULL, 0, NULL, 0)))
        return tell(SQL_HANDLE_DBC, dbc, "SQLConnect");
    if (SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) != SQL_SUCCESS)
        return tell(SQL_HANDLE_DBC, dbc, "a statement handle");
    bool done = SQLExecDirect(stmt, count_sql, SQL_NTS) == SQL_SUCCESS && SQLFetch(stmt) == SQL_SUCCESS &&
                SQLGetData(stmt, 1, SQL_C_SLONG, groups, 0, NULL) == SQL_SUCCESS;
    if (!done)
        tell(SQL_HANDLE_STMT, stmt, "a query");
    return SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS && SQLDisconnect(dbc) == SQL_SUCCESS &&
           SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS && done;
}

static long resident_kilobytes(void)
{
    long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &all, &resident) != 2)
        resident = -1;
    if (file)
        fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* AddressSanitizer has an allocator of its own, and keeps what was freed. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static long heap_kilobytes(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return (long)(__sanitizer_get_current_allocated_bytes() / 1024);
    struct mallinfo2 info = mallinfo2();
    return (long)((info.uordblks + info.hblkhd) / 1024);
}

/* A plateau: over the second half of the cycles, when every cache is warm, neither the heap in use nor the resident memory is higher at
 * the end than at its highest before, but for what one block of the C library is. A leak of 16 bytes a cycle would be 800 KB. (libodbcinst keeps what it read
 * of odbc.ini for some 20 seconds: over thousands of cycles it has to have run for longer before it holds no more.) */
static int cycles(long count, bool judged)
{
    enum { BLOCK = 132 /* KB that malloc takes at once */ };
    SQLHENV env = new_environment();
    SQLINTEGER groups = 0, first = 0;
    long heap_most = 0, resident_most = 0, heap = 0, resident = 0;

    for (long i = 0; i < count; i++) {
        if (!cycle(env, &groups) || groups < 1 || (first && groups != first))
            return 1;
        first = groups;
        long sample = count / 2 / SAMPLES;
        if (i < count / 2 || (sample && (i - count / 2) % sample != 0))
            continue;
        heap = heap_kilobytes();
        resident = resident_kilobytes();
        if (i < count / 2 + 3 * sample) { /* what comes to be compared with */
            heap_most = heap > heap_most ? heap : heap_most;
            resident_most = resident > resident_most ? resident : resident_most;
        }
    }
    SQLFreeHandle(SQL_HANDLE_ENV, env);
    printf("%ld cycles: heap %ld KB, then %ld KB; resident %ld KB, then %ld KB\n", count, heap_most, heap, resident_most, resident);
    return !judged ? 0 : heap > heap_most + BLOCK || (!__sanitizer_get_current_allocated_bytes && resident > resident_most + 2 * BLOCK);
}

static bool next_id(SQLHSTMT stmt)
{
    SQLBIGINT id = 0;
    return SQLFetch(stmt) == SQL_SUCCESS && SQLGetData(stmt, 1, SQL_C_SBIGINT, &id, 0, NULL) == SQL_SUCCESS && id > 0;
}

/* Three children, one after the other: one leaves the parent's handles alone and queries on a connection of its own; one just ends, by
 * exit(), with all that a library may do there; one connects after the parent has read on. */
static int forks(void)
{
    SQLHENV env = new_environment();
    SQLHDBC dbc = NULL;
    SQLHSTMT stmt = NULL;
    SQLINTEGER before = 0, groups = 0;

    if (!cycle(env, &before) || SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc) != SQL_SUCCESS ||
        !SQL_SUCCEEDED(SQLConnect(dbc, source, SQL_NTS, NULL, 0, NULL, 0)) || SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) != SQL_SUCCESS ||
        SQLExecDirect(stmt, ids_sql, SQL_NTS) != SQL_SUCCESS || !next_id(stmt))
        return 1;
    for (int round = 0; round < 3; round++) {
        int status = -1;
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            if (round == 1)
                exit(0);
            SQLHENV own = new_environment();
            bool done = own && cycle(own, &groups) && groups == before && SQLFreeHandle(SQL_HANDLE_ENV, own) == SQL_SUCCESS;
            fflush(NULL);
            _exit(done ? 0 : 1);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
            printf("child %d ended with %d\n", round, status);
            return 1;
        }
        if (!next_id(stmt)) { /* the page that was being read, and the requests for others, are whole */
            tell(SQL_HANDLE_STMT, stmt, "the parent");
            return 1;
        }
    }
    long rows = 4;
    while (next_id(stmt))
        rows++;
    bool ended = SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS && SQLDisconnect(dbc) == SQL_SUCCESS &&
                 SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS && cycle(env, &groups) && groups == before && rows == before;
    SQLFreeHandle(SQL_HANDLE_ENV, env);
    printf("%ld rows of %d\n", rows, (int)before);
    return ended ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "fork") == 0)
        return forks();
    bool pooled = argc > 1 && strcmp(argv[1], "pooled") == 0;
    if (argc < 3 || (!pooled && strcmp(argv[1], "cycles") != 0))
        return 2;
    return cycles(strtol(argv[2], NULL, 10), !pooled);
}
