/* The entry points without text arguments. */
#include "odbc/entry.h"

#include "odbc/attributes.h"
#include "odbc/connect.h"
#include "odbc/info.h"
#include "odbc/statement.h"

/* --- handles ---------------------------------------------------------------------------------------------------------- */

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE parent, SQLHANDLE *handle)
{
    return handle_alloc(type, parent, handle);
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle)
{
    return handle_free(type, handle);
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT handle, SQLUSMALLINT option)
{
    if (option == SQL_DROP)
        return handle_free(SQL_HANDLE_STMT, handle);
    ON(statement, handle, statement_free(self, option));
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC handle)
{
    ON(connection, handle, connect_end(self));
}

SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length)
{
    (void)length; /* no attribute is a text */
    ON(environment, handle, environment_set(self, attribute, value));
}

SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER room, SQLINTEGER *length)
{
    (void)room;
    ON(environment, handle, environment_get(self, attribute, value, length));
}

SQLRETURN SQL_API SQLGetFunctions(SQLHDBC handle, SQLUSMALLINT function, SQLUSMALLINT *supported)
{
    ON(connection, handle, info_functions(self, function, supported));
}

SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT completion)
{
    if (type == SQL_HANDLE_DBC)
        ON(connection, handle, transaction_end(self, completion));
    if (type != SQL_HANDLE_ENV)
        return SQL_INVALID_HANDLE;
    ON(environment, handle, transaction_end_all(self, completion));
}

/* --- cancelling: from any thread, without the statement's lock, which the thread to be interrupted holds --------------- */

SQLRETURN SQL_API SQLCancel(SQLHSTMT handle)
{
    struct odbc_statement *statement = find_statement(handle);

    if (!statement)
        return SQL_INVALID_HANDLE;
    if (pthread_mutex_trylock(statement->handle.lock) != 0) { /* a call is under way: it shall end */
        cancel_request(&statement->cancel);
        return SQL_SUCCESS;
    }
    diagnostics_reset(&statement->handle.diagnostics);
    return leave(&statement->handle, __func__, statement_cancel(statement));
}

SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT type, SQLHANDLE handle)
{
    if (type == SQL_HANDLE_STMT)
        return SQLCancel(handle);
    struct odbc_connection *connection = type == SQL_HANDLE_DBC ? find_connection(handle) : NULL;
    if (!connection)
        return SQL_INVALID_HANDLE;
    if (atomic_load(&connection->busy))
        cancel_request(&connection->cancel);
    return SQL_SUCCESS;
}

/* --- executing -------------------------------------------------------------------------------------------------------- */

SQLRETURN SQL_API SQLExecute(SQLHSTMT handle)
{
    ON(statement, handle, statement_execute(self));
}

SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT handle)
{
    ON(statement, handle, statement_close_cursor(self));
}

SQLRETURN SQL_API SQLMoreResults(SQLHSTMT handle)
{
    ON(statement, handle, statement_more_results(self));
}

SQLRETURN SQL_API SQLRowCount(SQLHSTMT handle, SQLLEN *count)
{
    ON(statement, handle, statement_row_count(self, count));
}

SQLRETURN SQL_API SQLNumParams(SQLHSTMT handle, SQLSMALLINT *count)
{
    ON(statement, handle, parameters_count(self, count));
}

SQLRETURN SQL_API SQLDescribeParam(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits,
                                   SQLSMALLINT *nullable)
{
    ON(statement, handle, parameters_describe(self, number, type, size, digits, nullable));
}

SQLRETURN SQL_API SQLBindParameter(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT io, SQLSMALLINT c_type, SQLSMALLINT type,
                                   SQLULEN size, SQLSMALLINT digits, SQLPOINTER value, SQLLEN room, SQLLEN *length)
{
    ON(statement, handle, parameters_bind(self, number, io, c_type, type, size, digits, value, room, length));
}

SQLRETURN SQL_API SQLParamData(SQLHSTMT handle, SQLPOINTER *token)
{
    ON(statement, handle, parameters_next_late(self, token));
}

SQLRETURN SQL_API SQLPutData(SQLHSTMT handle, SQLPOINTER data, SQLLEN length)
{
    ON(statement, handle, parameters_put(self, data, length));
}

/* --- results ---------------------------------------------------------------------------------------------------------- */

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT handle, SQLSMALLINT *count)
{
    ON(statement, handle, results_column_count(self, count));
}

SQLRETURN SQL_API SQLBindCol(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN room, SQLLEN *length)
{
    ON(statement, handle, fetch_bind(self, number, c_type, value, room, length));
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT handle)
{
    ON(statement, handle, fetch_next(self));
}

SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT handle, SQLSMALLINT orientation, SQLLEN offset)
{
    ON(statement, handle, fetch_scroll(self, orientation, offset));
}

SQLRETURN SQL_API SQLExtendedFetch(SQLHSTMT handle, SQLUSMALLINT orientation, SQLLEN offset, SQLULEN *fetched, SQLUSMALLINT *status)
{
    ON(statement, handle, fetch_extended(self, orientation, offset, fetched, status));
}

SQLRETURN SQL_API SQLSetPos(SQLHSTMT handle, SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock)
{
    ON(statement, handle, position_set(self, row, operation, lock));
}

SQLRETURN SQL_API SQLBulkOperations(SQLHSTMT handle, SQLSMALLINT operation)
{
    ON(statement, handle, position_bulk(self, operation));
}

SQLRETURN SQL_API SQLGetData(SQLHSTMT handle, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN room, SQLLEN *length)
{
    ON(statement, handle, position_data(self, number, c_type, value, room, length));
}

/* --- descriptors ------------------------------------------------------------------------------------------------------ */

SQLRETURN SQL_API SQLSetDescRec(SQLHDESC handle, SQLSMALLINT number, SQLSMALLINT type, SQLSMALLINT subtype, SQLLEN length,
                                SQLSMALLINT precision, SQLSMALLINT scale, SQLPOINTER data, SQLLEN *octet_length, SQLLEN *indicator)
{
    ON_DESCRIPTOR(handle, descriptor_set_record(self, number, type, subtype, length, precision, scale, data, octet_length, indicator));
}

SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source, SQLHDESC target)
{
    return handle_copy_descriptor(source, target);
}
