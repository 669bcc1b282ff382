/* SQLEndTran, and the connection attributes about transactions. What takes part in them are the workspace and the temporary tables; a
 * service knows none. */
#include <pthread.h>

#include "engine/engine.h"
#include "odbc/attributes.h"
#include "odbc/connect.h"
#include "odbc/handle.h"
#include "odbc/statement.h"

void transaction_close_cursors(struct odbc_connection *connection, const struct odbc_statement *but)
{
    for (struct odbc_statement *statement = connection->statements; statement; statement = statement->next) {
        if (statement == but || pthread_mutex_trylock(statement->handle.lock) != 0)
            continue;
        if (statement->cursor_open && !statement->needs_data)
            statement_close(statement);
        pthread_mutex_unlock(statement->handle.lock);
    }
}

static SQLRETURN end(struct odbc_connection *connection, struct odbc_handle *handle, SQLSMALLINT completion)
{
    struct error err = {0};

    if (connect_awaits_data(connection))
        return diagnostics_fail(handle, "HY010", "A statement of this connection awaits parameter data: cancel it first");
    if (!engine_end(connection->engine, completion == SQL_COMMIT, &connection->cancel, &err))
        return diagnostics_error(handle, &err);
    if (completion == SQL_ROLLBACK)
        transaction_close_cursors(connection, NULL);
    return SQL_SUCCESS;
}

static bool is_completion(struct odbc_handle *handle, SQLSMALLINT completion)
{
    if (completion == SQL_COMMIT || completion == SQL_ROLLBACK)
        return true;
    diagnostics_fail(handle, "HY012", "%d is neither SQL_COMMIT nor SQL_ROLLBACK", (int)completion);
    return false;
}

SQLRETURN transaction_end(struct odbc_connection *connection, SQLSMALLINT completion)
{
    if (!connection->connected)
        return diagnostics_fail(&connection->handle, "08003", "The connection is not open");
    if (!is_completion(&connection->handle, completion))
        return SQL_ERROR;
    return end(connection, &connection->handle, completion);
}

SQLRETURN transaction_end_all(struct odbc_environment *environment, SQLSMALLINT completion)
{
    SQLRETURN result = SQL_SUCCESS;

    if (!is_completion(&environment->handle, completion))
        return SQL_ERROR;
    for (struct odbc_connection *connection = environment->first; connection; connection = connection->following) {
        pthread_mutex_lock(connection->handle.lock);
        if (connection->connected && end(connection, &environment->handle, completion) == SQL_ERROR)
            result = SQL_ERROR;
        pthread_mutex_unlock(connection->handle.lock);
    }
    return result;
}

SQLRETURN transaction_set_autocommit(struct odbc_connection *connection, SQLUINTEGER autocommit)
{
    struct error err = {0};

    if (connection->connected &&
        !engine_set_autocommit(connection->engine, autocommit == SQL_AUTOCOMMIT_ON, &connection->cancel, &err))
        return diagnostics_error(&connection->handle, &err);
    connection->autocommit = autocommit;
    return SQL_SUCCESS;
}

SQLRETURN transaction_set_isolation(struct odbc_connection *connection, SQLUINTEGER isolation)
{
    struct odbc_handle *handle = &connection->handle;

    if (connection->connected && engine_in_transaction(connection->engine))
        return diagnostics_fail(handle, "HY011", "The isolation can not change while a transaction is open");
    switch (isolation) {
    case SQL_TXN_SERIALIZABLE:
        return SQL_SUCCESS;
    case SQL_TXN_READ_UNCOMMITTED:
    case SQL_TXN_READ_COMMITTED:
    case SQL_TXN_REPEATABLE_READ:
        return diagnostics_warn(handle, "01S02", "Transactions are always SQL_TXN_SERIALIZABLE, which isolates more");
    default:
        return diagnostics_fail(handle, "HY024", "There is no isolation level %u", (unsigned)isolation);
    }
}
