/* Reads a result set as an application does, and says how long that took: scan CONNECTION-STRING HOW SQL
 *
 * HOW: bound    blocks of 1000 rows into bound columns, numbers as numbers and all else as text
 *      text     the same, all as text
 *      wide     the same, all as UTF-16
 *      data     row by row with SQLGetData, as text
 *      first    the first row only
 * Prints: rows, bytes, seconds from SQLExecDirect to the end, seconds to the first row, peak KiB of memory. */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { BLOCK = 1000, ROOM = 512, MOST = 64 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(SQLRETURN result, SQLSMALLINT type, SQLHANDLE handle)
{
    SQLCHAR state[6], text[2000];
    SQLSMALLINT length;
    if (SQL_SUCCEEDED(result) || result == SQL_NO_DATA)
        return;
    if (SQLGetDiagRec(type, handle, 1, state, NULL, text, sizeof text, &length) == SQL_SUCCESS)
        fprintf(stderr, "%s %s\n", state, text);
    exit(1);
}

struct column {
    SQLSMALLINT type;
    size_t room;
    char *data;
    SQLLEN *lengths;
};

static SQLSMALLINT c_type(SQLSMALLINT type, const char *how)
{
    if (strcmp(how, "wide") == 0)
        return SQL_C_WCHAR;
    if (strcmp(how, "bound") != 0)
        return SQL_C_CHAR;
    switch (type) {
    case SQL_BIGINT:
        return SQL_C_SBIGINT;
    case SQL_INTEGER:
    case SQL_SMALLINT:
    case SQL_BIT:
        return SQL_C_SLONG;
    case SQL_DOUBLE:
        return SQL_C_DOUBLE;
    default:
        return SQL_C_CHAR;
    }
}

static void bind(SQLHSTMT statement, struct column *columns, SQLSMALLINT count, const char *how)
{
    for (SQLSMALLINT i = 0; i < count; i++) {
        SQLSMALLINT type = 0;
        check(SQLDescribeCol(statement, (SQLUSMALLINT)(i + 1), NULL, 0, NULL, &type, NULL, NULL, NULL), SQL_HANDLE_STMT, statement);
        columns[i].type = c_type(type, how);
        columns[i].room = columns[i].type == SQL_C_CHAR || columns[i].type == SQL_C_WCHAR ? ROOM : 8;
        columns[i].data = malloc(BLOCK * columns[i].room);
        columns[i].lengths = malloc(BLOCK * sizeof(SQLLEN));
        check(SQLBindCol(statement, (SQLUSMALLINT)(i + 1), columns[i].type, columns[i].data, (SQLLEN)columns[i].room, columns[i].lengths),
              SQL_HANDLE_STMT, statement);
    }
}

int main(int count, char **arguments)
{
    SQLHENV environment;
    SQLHDBC connection;
    SQLHSTMT statement;
    SQLSMALLINT columns = 0;
    static struct column bound[MOST];
    unsigned long long rows = 0, bytes = 0;
    double first = 0;

    if (count != 4)
        return 2;
    const char *how = arguments[2];
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
    double begun = now();
    check(SQLDriverConnect(connection, NULL, (SQLCHAR *)arguments[1], SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_HANDLE_DBC, connection);
    double connected = now();
    SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
    if (strcmp(how, "data") != 0 && strcmp(how, "first") != 0)
        SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)BLOCK, 0);
    double start = now();
    check(SQLExecDirect(statement, (SQLCHAR *)arguments[3], SQL_NTS), SQL_HANDLE_STMT, statement);
    check(SQLNumResultCols(statement, &columns), SQL_HANDLE_STMT, statement);

    if (strcmp(how, "data") == 0 || strcmp(how, "first") == 0) {
        static char text[ROOM];
        SQLRETURN result;
        while ((result = SQLFetch(statement)) != SQL_NO_DATA) {
            check(result, SQL_HANDLE_STMT, statement);
            for (SQLSMALLINT i = 1; i <= columns; i++) {
                SQLLEN length = 0;
                check(SQLGetData(statement, (SQLUSMALLINT)i, SQL_C_CHAR, text, sizeof text, &length), SQL_HANDLE_STMT, statement);
                bytes += length > 0 ? (unsigned long long)length : 0;
            }
            if (rows++ == 0)
                first = now() - start;
            if (strcmp(how, "first") == 0)
                break;
        }
    } else {
        SQLULEN fetched = 0;
        SQLRETURN result;
        SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
        bind(statement, bound, columns, how);
        while ((result = SQLFetch(statement)) != SQL_NO_DATA) {
            check(result, SQL_HANDLE_STMT, statement);
            for (SQLSMALLINT i = 0; i < columns; i++)
                for (SQLULEN row = 0; row < fetched; row++)
                    bytes += bound[i].lengths[row] > 0 ? (unsigned long long)bound[i].lengths[row] : 0;
            if (rows == 0)
                first = now() - start;
            rows += fetched;
        }
    }
    double end = now();
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%llu rows %llu bytes %.4f s first %.4f s connect %.4f s cpu %.3f s peak %ld KiB\n", rows, bytes, end - start, first, connected - begun,
           (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 + (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
           usage.ru_maxrss);
    return 0;
}
