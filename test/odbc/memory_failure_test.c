/* Proves that no allocation is relied upon: over connecting, preparing, executing, fetching and the catalog, the n-th allocation of the
 * driver and of SQLite fails, for each n. A call then fails with HY001, or what it gives is right all the same; called once more it
 * succeeds, and nothing is left behind. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "fake_service.h"

/* --- allocations that fail: the linker leads the driver's own here (--wrap), SQLite is told --- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

static bool counting;
static unsigned long counted, failing;      /* the number of the one that fails; 0 = none */
static bool failed;

static bool fails(void)
{
    if (!counting || ++counted != failing)
        return false;
    failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
    return fails() ? NULL : __real_strndup(text, length);
}

static sqlite3_mem_methods plain;

static void *engine_malloc(int size)
{
    return fails() ? NULL : plain.xMalloc(size);
}

static void *engine_realloc(void *old, int size)
{
    return fails() ? NULL : plain.xRealloc(old, size);
}

static void lead_sqlite_here(void)
{
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain), SQLITE_OK);
    sqlite3_mem_methods methods = plain;
    methods.xMalloc = engine_malloc;
    methods.xRealloc = engine_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
}

/* --- calls, each of which may find no memory --- */

static unsigned long refusals;

/* Judges the result of a call; true when it has to be called once more, which finds memory again. */
static bool no_room(SQLRETURN result, SQLSMALLINT type, SQLHANDLE handle, const char *call)
{
    if (SQL_SUCCEEDED(result) || (result == SQL_NO_DATA && !failed))
        return false;
    counting = false;
    if (!failed || !handle)
        fail_msg("%s gives %d at allocation %lu: %s %s", call, result, failing, session_state(type, handle, 1), session_message(type, handle, 1));
    if (strcmp(session_state(type, handle, 1), "HY001") != 0)
        fail_msg("%s, allocation %lu: %s %s instead of HY001", call, failing, session_state(type, handle, 1), session_message(type, handle, 1));
    refusals++;
    failing = 0;
    failed = false;
    return true;
}

#define CALL(type, handle, call)                                                                                                              \
    do {                                                                                                                                      \
        counting = true;                                                                                                                      \
        SQLRETURN called = (call);                                                                                                            \
        counting = false;                                                                                                                     \
        if (no_room(called, (type), (handle), #call)) {                                                                                       \
            called = (call);                                                                                                                  \
            if (!SQL_SUCCEEDED(called))                                                                                                       \
                fail_msg("%s, again: %d %s %s", #call, called, session_state((type), (handle), 1), session_message((type), (handle), 1));     \
        }                                                                                                                                     \
    } while (0)
#define STMT(call) CALL(SQL_HANDLE_STMT, stmt, call)

/* A query from its text to its last row, whose first columns are put together; a failed fetch gives the cursor up, and all is done again. */
static void query(SQLHSTMT stmt, const char *sql, const char *wanted)
{
    for (int turn = 0;; turn++) {
        char found[1000] = "";
        SQLRETURN result;
        assert_true(turn < 3);
        STMT(SQLExecDirect(stmt, text(sql), SQL_NTS));
        for (;;) {
            SQLCHAR cell[200];
            SQLLEN length;
            counting = true;
            result = SQLFetch(stmt);
            if (SQL_SUCCEEDED(result))
                result = SQLGetData(stmt, 1, SQL_C_CHAR, cell, sizeof cell, &length);
            counting = false;
            if (!SQL_SUCCEEDED(result))
                break;
            size_t used = strlen(found);
            snprintf(found + used, sizeof found - used, "%s,", length == SQL_NULL_DATA ? "~" : (char *)cell);
        }
        bool again = result != SQL_NO_DATA && no_room(result, SQL_HANDLE_STMT, stmt, sql);
        assert_int_equal(SQLFreeStmt(stmt, SQL_CLOSE), SQL_SUCCESS);
        if (again)
            continue;
        if (strcmp(found, wanted) != 0)
            fail_msg("%s, allocation %lu: %s instead of %s", sql, failing, found, wanted);
        return;
    }
}

static void with_parameters(SQLHSTMT stmt)
{
    SQLINTEGER low = 3, id;
    SQLCHAR name[40], pattern[] = "%a%";
    SQLLEN length = SQL_NTS, got;
    SQLSMALLINT columns, parameters;

    STMT(SQLPrepare(stmt, text("SELECT Id, Name FROM People WHERE Id > ? AND Name LIKE ? ORDER BY Name DESC"), SQL_NTS));
    STMT(SQLNumResultCols(stmt, &columns));
    STMT(SQLNumParams(stmt, &parameters));
    assert_int_equal(columns, 2);
    assert_int_equal(parameters, 2);
    STMT(SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &low, 0, NULL));
    STMT(SQLBindParameter(stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, pattern, sizeof pattern, &length));
    STMT(SQLBindCol(stmt, 1, SQL_C_SLONG, &id, 0, &got));
    STMT(SQLBindCol(stmt, 2, SQL_C_CHAR, name, sizeof name, &got));
    STMT(SQLExecute(stmt));
    STMT(SQLFetch(stmt));
    assert_int_equal(id, 10);
    assert_string_equal(name, "Jan");
    assert_int_equal(SQLFreeStmt(stmt, SQL_CLOSE), SQL_SUCCESS);
    assert_int_equal(SQLFreeStmt(stmt, SQL_UNBIND), SQL_SUCCESS);
    assert_int_equal(SQLFreeStmt(stmt, SQL_RESET_PARAMS), SQL_SUCCESS);
}

static void scrolled(SQLHDBC dbc)
{
    SQLHSTMT stmt = NULL;
    SQLINTEGER id;
    SQLLEN got;

    CALL(SQL_HANDLE_DBC, dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt));
    STMT(SQLSetStmtAttr(stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0));
    for (SQLRETURN result = SQL_ERROR; !SQL_SUCCEEDED(result);) {
        STMT(SQLExecDirect(stmt, text("SELECT Id FROM People"), SQL_NTS));
        counting = true;
        result = SQLFetchScroll(stmt, SQL_FETCH_LAST, 0);
        if (SQL_SUCCEEDED(result))
            result = SQLFetchScroll(stmt, SQL_FETCH_FIRST, 0);
        counting = false;
        if (no_room(result, SQL_HANDLE_STMT, stmt, "SQLFetchScroll")) /* a cursor that broke stays so */
            assert_int_equal(SQLFreeStmt(stmt, SQL_CLOSE), SQL_SUCCESS);
    }
    STMT(SQLGetData(stmt, 1, SQL_C_SLONG, &id, 0, &got));
    assert_int_equal(id, 1);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
}

static void the_catalog(SQLHSTMT stmt)
{
    static SQLWCHAR people[] = {'P', 'e', 'o', 'p', 'l', 'e', 0};
    STMT(SQLTables(stmt, NULL, 0, NULL, 0, text("P%"), SQL_NTS, NULL, 0));
    STMT(SQLFetch(stmt));
    assert_int_equal(SQLFreeStmt(stmt, SQL_CLOSE), SQL_SUCCESS);
    STMT(SQLColumnsW(stmt, NULL, 0, NULL, 0, people, SQL_NTS, NULL, 0));
    STMT(SQLFetch(stmt));
    assert_int_equal(SQLFreeStmt(stmt, SQL_CLOSE), SQL_SUCCESS);
}

static void life(void)
{
    SQLHENV env = NULL;
    SQLHDBC dbc = NULL;
    SQLHSTMT stmt = NULL;

    counting = true;
    SQLRETURN made = SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    counting = false;
    if (made == SQL_ERROR && failed) { /* there is no handle that could tell why */
        failing = 0;
        failed = false;
        made = SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
    }
    assert_int_equal(made, SQL_SUCCESS);
    CALL(SQL_HANDLE_ENV, env, SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0));
    CALL(SQL_HANDLE_ENV, env, SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc));
    CALL(SQL_HANDLE_DBC, dbc, SQLDriverConnect(dbc, NULL, text("Provider=Fake;User=me;Workspace=:memory:"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    CALL(SQL_HANDLE_DBC, dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt));
    query(stmt, "SELECT Name FROM People", "Ada,Bob,Cleo,Dora,Emil,Finn,Gerd,Hans,Ines,Jan,");
    query(stmt, "SELECT p.Name FROM People p JOIN Pets t ON t.OwnerId = p.Id WHERE t.Id = 2", "Ada,");
    query(stmt, "SELECT UPPER(Name) FROM Everything WHERE Amount > 1 ORDER BY Day", "ZOË €😀!,");
    query(stmt, "SELECT COUNT(*) FROM People GROUP BY Id % 2 HAVING COUNT(*) > 1", "5,5,");
    query(stmt, "WITH x AS (SELECT Id FROM Pets) SELECT Id FROM x UNION SELECT Id FROM People WHERE Id BETWEEN 9 AND 10", "1,2,9,10,");
    query(stmt, "{call Echo('again', 3)}", "again,");
    query(stmt, "SELECT CAST(SUM(Amount) AS VARCHAR(40)) FROM Everything", "1234.0600,");
    with_parameters(stmt);
    scrolled(dbc);
    the_catalog(stmt);
    STMT(SQLExecDirect(stmt, text("CREATE TABLE Mine (Id INT, Word VARCHAR(9))"), SQL_NTS));
    STMT(SQLExecDirect(stmt, text("INSERT INTO Mine VALUES (1, 'one'), (2, 'two')"), SQL_NTS));
    query(stmt, "SELECT Word FROM Mine ORDER BY Id", "one,two,");
    counting = true;
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
    counting = false;
    CALL(SQL_HANDLE_DBC, dbc, SQLDisconnect(dbc));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, env), SQL_SUCCESS);
    assert_int_equal(atomic_load(&fake_counters.services), 0);
    assert_int_equal(atomic_load(&fake_counters.scans), 0);
}

/* NTH: only that one, with a debugger at hand. */
static void each_allocation_may_fail(void **state)
{
    const char *told = getenv("NTH");
    (void)state;

    counted = failing = 0;
    life();                     /* what is made once for the process */
    counted = 0;
    life();
    unsigned long all = counted;
    assert_true(all > 1000);
    for (unsigned long n = told ? strtoul(told, NULL, 10) : 1; n <= (told ? strtoul(told, NULL, 10) : all); n++) {
        counted = 0;
        failing = n;
        failed = false;
        life();
    }
    print_message("%lu allocations, %lu of them could not be done without\n", all, refusals);
    assert_true(told || refusals > all / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_may_fail)};
    lead_sqlite_here();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
