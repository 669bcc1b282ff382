/* Runs queries through the driver manager with columns bound, a thousand rows at a time, and tells how long each took: its rows, the seconds that
 * passed and those of the processor, the best of three. For `make bench`. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sql.h>
#include <sqlext.h>

enum { ROWS = 1000, ROOM = 256, COLUMNS = 64, TIMES = 3 };

static int failed(SQLSMALLINT kind, SQLHANDLE handle)
{
    SQLCHAR state[6], message[1000];
    SQLINTEGER native;
    SQLSMALLINT length;

    if (SQL_SUCCEEDED(SQLGetDiagRec(kind, handle, 1, state, &native, message, sizeof message, &length)))
        fprintf(stderr, "%s %s\n", (char *)state, (char *)message);
    return 1;
}

static double clock_of(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The C type that suits a column. */
static SQLSMALLINT c_type_of(SQLSMALLINT type)
{
    switch (type) {
    case SQL_BIT: return SQL_C_BIT;
    case SQL_INTEGER: return SQL_C_SLONG;
    case SQL_BIGINT: return SQL_C_SBIGINT;
    case SQL_DOUBLE: return SQL_C_DOUBLE;
    case SQL_TYPE_DATE: return SQL_C_TYPE_DATE;
    case SQL_TYPE_TIME: return SQL_C_TYPE_TIME;
    case SQL_TYPE_TIMESTAMP: return SQL_C_TYPE_TIMESTAMP;
    default: return SQL_C_CHAR;
    }
}

static char room[COLUMNS][ROWS * ROOM];
static SQLLEN lengths[COLUMNS][ROWS];

static int run(SQLHSTMT statement, char *sql)
{
    double best = 1e9, cpu = 1e9;
    int64_t rows = 0;

    for (int time = 0; time < TIMES; time++) {
        double wall_start = clock_of(CLOCK_MONOTONIC), cpu_start = clock_of(CLOCK_PROCESS_CPUTIME_ID);
        SQLSMALLINT count;
        SQLULEN got;
        if (!SQL_SUCCEEDED(SQLExecDirect(statement, (SQLCHAR *)sql, SQL_NTS)) || !SQL_SUCCEEDED(SQLNumResultCols(statement, &count)))
            return failed(SQL_HANDLE_STMT, statement);
        for (SQLSMALLINT i = 0; i < count && i < COLUMNS; i++) {
            SQLSMALLINT type, digits, nullable;
            SQLULEN size;
            SQLDescribeCol(statement, (SQLUSMALLINT)(i + 1), NULL, 0, NULL, &type, &size, &digits, &nullable);
            SQLSMALLINT c_type = c_type_of(type);
            SQLBindCol(statement, (SQLUSMALLINT)(i + 1), c_type, room[i], ROOM, lengths[i]);
        }
        SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &got, 0);
        SQLRETURN result;
        for (rows = 0; SQL_SUCCEEDED(result = SQLFetch(statement)); rows += (int64_t)got)
            ;
        if (result != SQL_NO_DATA)
            return failed(SQL_HANDLE_STMT, statement);
        SQLFreeStmt(statement, SQL_CLOSE);
        SQLFreeStmt(statement, SQL_UNBIND);
        double wall = clock_of(CLOCK_MONOTONIC) - wall_start, used = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
        best = wall < best ? wall : best;
        cpu = used < cpu ? used : cpu;
    }
    printf("%lld %.4f %.4f\n", (long long)rows, best, cpu);
    return 0;
}

int main(int count, char **arguments)
{
    SQLHENV environment;
    SQLHDBC connection;
    SQLHSTMT statement;

    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
    if (count < 3 || !SQL_SUCCEEDED(SQLDriverConnect(connection, NULL, (SQLCHAR *)arguments[1], SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT)))
        return failed(SQL_HANDLE_DBC, connection);
    SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
    SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)(intptr_t)ROWS, 0);
    int status = 0;
    for (int i = 2; i < count && !status; i++)
        status = run(statement, arguments[i]);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    SQLDisconnect(connection);
    SQLFreeHandle(SQL_HANDLE_DBC, connection);
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
    return status;
}
