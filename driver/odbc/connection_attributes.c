/* SQLSetEnvAttr, SQLGetEnvAttr, SQLSetConnectAttr, SQLGetConnectAttr. */
#include <pthread.h>
#include <string.h>

#include "base/name.h"
#include "engine/engine.h"
#include "odbc/attributes.h"
#include "odbc/connect.h"
#include "odbc/handle.h"
#include "odbc/text.h"
#include "table/service.h"

/* --- the environment -------------------------------------------------------------------------------------------------- */

SQLRETURN environment_set(struct odbc_environment *environment, SQLINTEGER attribute, SQLPOINTER value)
{
    struct odbc_handle *handle = &environment->handle;
    SQLINTEGER number = (SQLINTEGER)(SQLLEN)value;

    switch (attribute) {
    case SQL_ATTR_ODBC_VERSION:
        if (number != SQL_OV_ODBC2 && number != SQL_OV_ODBC3 && number != SQL_OV_ODBC3_80)
            return diagnostics_fail(handle, "HY024", "There is no ODBC version %d", (int)number);
        if (environment->connections)
            return diagnostics_fail(handle, "HY010", "The ODBC version can not change while connection handles are allocated");
        environment->version = number;
        return SQL_SUCCESS;
    case SQL_ATTR_CONNECTION_POOLING:
        environment->pooling = (SQLUINTEGER)number;
        return SQL_SUCCESS;
    case SQL_ATTR_CP_MATCH:
        environment->pooling_match = (SQLUINTEGER)number;
        return SQL_SUCCESS;
    case SQL_ATTR_OUTPUT_NTS:
        return number == SQL_TRUE ? SQL_SUCCESS
                                  : diagnostics_fail(handle, "HYC00", "Texts are always returned with a NUL at their end");
    default:
        return diagnostics_fail(handle, "HY092", "There is no environment attribute %d", (int)attribute);
    }
}

SQLRETURN environment_get(struct odbc_environment *environment, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER *length)
{
    SQLINTEGER answer;

    switch (attribute) {
    case SQL_ATTR_ODBC_VERSION:
        answer = environment->version;
        break;
    case SQL_ATTR_CONNECTION_POOLING:
        answer = (SQLINTEGER)environment->pooling;
        break;
    case SQL_ATTR_CP_MATCH:
        answer = (SQLINTEGER)environment->pooling_match;
        break;
    case SQL_ATTR_OUTPUT_NTS:
        answer = SQL_TRUE;
        break;
    default:
        return diagnostics_fail(&environment->handle, "HY092", "There is no environment attribute %d", (int)attribute);
    }
    if (value)
        *(SQLINTEGER *)value = answer;
    if (length)
        *length = sizeof answer;
    return SQL_SUCCESS;
}

/* --- connections ------------------------------------------------------------------------------------------------------ */

static SQLRETURN set_catalog(struct odbc_connection *connection, const struct text_in *in)
{
    struct odbc_handle *handle = &connection->handle;
    struct error err = {0};
    const char *text;
    size_t length;

    if (!text_read(in, &handle->scratch, &text, &length, &err))
        return diagnostics_error(handle, &err);
    if (!connection->connected || !text || name_equal(text, connection->service->name))
        return SQL_SUCCESS; /* before connecting it can not be known; there is only one to choose */
    return diagnostics_fail(handle, "3D000", "There is no catalog \"%.80s\": this connection has only \"%s\"", text,
                            connection->service->name);
}

/* An ODBC 2 application sets statement options for a whole connection: for its statements so far and those to come (ODBC reference,
 * "SQLSetConnectOption Mapping"). Statements tell themselves what they can not take. */
static bool is_statement_option(struct odbc_connection *connection, SQLINTEGER attribute)
{
    return handle_is_odbc2(&connection->handle) && attribute >= SQL_QUERY_TIMEOUT && attribute <= SQL_USE_BOOKMARKS;
}

static SQLRETURN set_statement_option(struct odbc_connection *connection, SQLINTEGER option, SQLPOINTER value)
{
    struct odbc_handle *handle = &connection->handle;
    SQLRETURN result = SQL_SUCCESS;

    for (struct odbc_statement *statement = connection->statements; statement && result != SQL_ERROR; statement = statement->next) {
        if (pthread_mutex_trylock(statement->handle.lock) != 0)
            return diagnostics_fail(handle, "HY010", "A statement of this connection is still executing");
        diagnostics_reset(&statement->handle.diagnostics);
        result = statement_set(statement, option, value);
        const struct odbc_diagnostic *told = statement->handle.diagnostics.records;
        if (result == SQL_ERROR)
            diagnostics_fail(handle, told->sqlstate, "%s", told->message);
        pthread_mutex_unlock(statement->handle.lock);
    }
    if (result == SQL_ERROR)
        return SQL_ERROR;
    connection->statement_options[option].set = true;
    connection->statement_options[option].value = (SQLULEN)value;
    return SQL_SUCCESS;
}

SQLRETURN connection_set(struct odbc_connection *connection, SQLINTEGER attribute, SQLPOINTER value, const struct text_in *text)
{
    struct odbc_handle *handle = &connection->handle;
    SQLUINTEGER number = (SQLUINTEGER)(SQLULEN)value;

    switch (attribute) {
    case SQL_ATTR_ACCESS_MODE:
        if (number != SQL_MODE_READ_WRITE && number != SQL_MODE_READ_ONLY)
            return diagnostics_fail(handle, "HY024", "SQL_ATTR_ACCESS_MODE can not be %u", (unsigned)number);
        connection->access_mode = number;
        if (connection->connected)
            engine_set_read_only(connection->engine, number == SQL_MODE_READ_ONLY);
        return SQL_SUCCESS;
    case SQL_ATTR_AUTOCOMMIT:
        if (number != SQL_AUTOCOMMIT_ON && number != SQL_AUTOCOMMIT_OFF)
            return diagnostics_fail(handle, "HY024", "SQL_ATTR_AUTOCOMMIT can not be %u", (unsigned)number);
        return transaction_set_autocommit(connection, number);
    case SQL_ATTR_LOGIN_TIMEOUT:
        connection->login_timeout = number;
        return SQL_SUCCESS;
    case SQL_ATTR_CONNECTION_TIMEOUT:
        return number == 0 ? SQL_SUCCESS
                           : diagnostics_warn(handle, "01S02", "Use the connection property Timeout; "
                                                               "SQL_ATTR_CONNECTION_TIMEOUT stays 0");
    case SQL_ATTR_CURRENT_CATALOG:
        return set_catalog(connection, text);
    case SQL_ATTR_METADATA_ID:
        if (number != SQL_TRUE && number != SQL_FALSE)
            return diagnostics_fail(handle, "HY024", "SQL_ATTR_METADATA_ID can not be %u", (unsigned)number);
        connection->metadata_id = number;
        return SQL_SUCCESS;
    case SQL_ATTR_PACKET_SIZE:
        if (connection->connected)
            return diagnostics_fail(handle, "HY011", "The packet size can not change while the connection is open");
        connection->packet_size = number;
        return SQL_SUCCESS;
    case SQL_ATTR_QUIET_MODE:
        connection->quiet_mode = value;
        return SQL_SUCCESS;
    case SQL_ATTR_TXN_ISOLATION:
        return transaction_set_isolation(connection, number);
    case SQL_ATTR_ASYNC_ENABLE:
        return number == SQL_ASYNC_ENABLE_OFF ? SQL_SUCCESS
                                              : diagnostics_fail(handle, "HYC00", "Asynchronous execution is not supported");
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
        return number == SQL_ASYNC_DBC_ENABLE_OFF ? SQL_SUCCESS
                                                  : diagnostics_fail(handle, "HYC00", "Asynchronous execution is not supported");
    case SQL_ATTR_ANSI_APP: /* the driver manager tells, where it calls the wide functions for an ANSI application */
        connection->ansi_app = number == SQL_AA_TRUE;
        return SQL_SUCCESS;
    case SQL_ATTR_ODBC_CURSORS:
    case SQL_ATTR_TRACE:
    case SQL_ATTR_TRACEFILE:
        return SQL_SUCCESS;
    case SQL_ATTR_RESET_CONNECTION:
        return connect_reset(connection);
    case SQL_ATTR_TRANSLATE_LIB:
    case SQL_ATTR_TRANSLATE_OPTION:
    case SQL_ATTR_ENLIST_IN_DTC:
        return diagnostics_fail(handle, "HYC00", "Connection attribute %d is not supported", (int)attribute);
    case SQL_ATTR_AUTO_IPD:
    case SQL_ATTR_CONNECTION_DEAD:
        return diagnostics_fail(handle, "HY092", "Connection attribute %d can only be read", (int)attribute);
    default:
        if (is_statement_option(connection, attribute))
            return set_statement_option(connection, attribute, value);
        return diagnostics_fail(handle, "HY092", "There is no connection attribute %d", (int)attribute);
    }
}

static SQLRETURN give_number(SQLPOINTER value, const struct text_out *text, SQLUINTEGER number)
{
    if (value)
        *(SQLUINTEGER *)value = number;
    if (text->length32)
        *text->length32 = sizeof number;
    return SQL_SUCCESS;
}

SQLRETURN connection_get(struct odbc_connection *connection, SQLINTEGER attribute, SQLPOINTER value, const struct text_out *text)
{
    struct odbc_handle *handle = &connection->handle;

    switch (attribute) {
    case SQL_ATTR_ACCESS_MODE:
        return give_number(value, text, connection->access_mode);
    case SQL_ATTR_AUTOCOMMIT:
        return give_number(value, text, connection->autocommit);
    case SQL_ATTR_LOGIN_TIMEOUT:
        return give_number(value, text, connection->login_timeout);
    case SQL_ATTR_CONNECTION_TIMEOUT:
        return give_number(value, text, 0);
    case SQL_ATTR_METADATA_ID:
        return give_number(value, text, connection->metadata_id);
    case SQL_ATTR_PACKET_SIZE:
        return give_number(value, text, connection->packet_size);
    case SQL_ATTR_TXN_ISOLATION:
        return give_number(value, text, (SQLUINTEGER)connection->isolation);
    case SQL_ATTR_ASYNC_ENABLE:
        return give_number(value, text, SQL_ASYNC_ENABLE_OFF);
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
        return give_number(value, text, SQL_ASYNC_DBC_ENABLE_OFF);
    case SQL_ATTR_AUTO_IPD:
        return give_number(value, text, SQL_TRUE);
    case SQL_ATTR_CONNECTION_DEAD: /* each request makes or reuses a connection of its own, so there is none to die */
        return give_number(value, text, connection->connected ? (SQLUINTEGER)SQL_CD_FALSE : (SQLUINTEGER)SQL_CD_TRUE);
    case SQL_ATTR_ODBC_CURSORS:
        return give_number(value, text, SQL_CUR_USE_DRIVER);
    case SQL_ATTR_QUIET_MODE:
        if (value)
            *(SQLPOINTER *)value = connection->quiet_mode;
        return SQL_SUCCESS;
    case SQL_ATTR_TRANSLATE_LIB:
    case SQL_ATTR_TRANSLATE_OPTION:
    case SQL_ATTR_ENLIST_IN_DTC:
        return diagnostics_fail(handle, "HYC00", "Connection attribute %d is not supported", (int)attribute);
    case SQL_ATTR_CURRENT_CATALOG: {
        const char *name = connection->connected ? connection->service->name : "";
        return text_write(handle, text, name, strlen(name));
    }
    default:
        return diagnostics_fail(handle, "HY092", "There is no connection attribute %d", (int)attribute);
    }
}
