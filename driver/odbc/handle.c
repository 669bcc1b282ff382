#include "odbc/handle.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "odbc/attributes.h"
#include "odbc/rows.h"
#include "odbc/statement.h"

void handle_init(struct odbc_handle *handle, enum handle_magic magic)
{
    handle->magic = magic;
    pthread_mutex_init(&handle->own, NULL);
    handle->lock = &handle->own;
    diagnostics_init(&handle->diagnostics);
}

void handle_clear(struct odbc_handle *handle)
{
    handle->magic = 0;
    diagnostics_clear(&handle->diagnostics);
    arena_clear(&handle->scratch);
    pthread_mutex_destroy(&handle->own);
}

static struct odbc_handle *find(SQLHANDLE given, enum handle_magic magic)
{
    struct odbc_handle *handle = given;
    return handle && handle->magic == magic ? handle : NULL;
}

static struct odbc_handle *lock(struct odbc_handle *handle)
{
    if (handle)
        pthread_mutex_lock(handle->lock);
    return handle;
}

static struct odbc_handle *enter(SQLHANDLE given, enum handle_magic magic)
{
    struct odbc_handle *handle = lock(find(given, magic));
    if (handle) {
        diagnostics_reset(&handle->diagnostics);
        arena_reset(&handle->scratch);
    }
    return handle;
}

/* `handle` is the first member of each, so that the one pointer is the other. */
struct odbc_environment *enter_environment(SQLHANDLE handle)
{
    return (struct odbc_environment *)enter(handle, HANDLE_ENVIRONMENT);
}

struct odbc_connection *enter_connection(SQLHANDLE handle)
{
    return (struct odbc_connection *)enter(handle, HANDLE_CONNECTION);
}

/* From here on a request to cancel is meant for this call, whichever of its steps it comes in; one from before is not. */
struct odbc_statement *enter_statement(SQLHANDLE handle)
{
    struct odbc_statement *statement = (struct odbc_statement *)enter(handle, HANDLE_STATEMENT);
    if (statement)
        cancel_reset(&statement->cancel);
    return statement;
}

struct odbc_descriptor_handle *enter_descriptor_handle(SQLHANDLE handle)
{
    return (struct odbc_descriptor_handle *)enter(handle, HANDLE_DESCRIPTOR);
}

static enum handle_magic magic_of(SQLSMALLINT type)
{
    switch (type) {
    case SQL_HANDLE_ENV:
        return HANDLE_ENVIRONMENT;
    case SQL_HANDLE_DBC:
        return HANDLE_CONNECTION;
    case SQL_HANDLE_STMT:
        return HANDLE_STATEMENT;
    case SQL_HANDLE_DESC:
        return HANDLE_DESCRIPTOR;
    default:
        return (enum handle_magic)-1;
    }
}

struct odbc_handle *enter_handle(SQLSMALLINT type, SQLHANDLE handle)
{
    return enter(handle, magic_of(type));
}

struct odbc_handle *look_at_handle(SQLSMALLINT type, SQLHANDLE handle)
{
    return lock(find(handle, magic_of(type)));
}

struct odbc_statement *find_statement(SQLHANDLE handle)
{
    return (struct odbc_statement *)find(handle, HANDLE_STATEMENT);
}

struct odbc_connection *find_connection(SQLHANDLE handle)
{
    return (struct odbc_connection *)find(handle, HANDLE_CONNECTION);
}

struct odbc_connection *handle_connection(struct odbc_handle *handle)
{
    switch (handle->magic) {
    case HANDLE_CONNECTION:
        return (struct odbc_connection *)handle;
    case HANDLE_STATEMENT:
        return ((struct odbc_statement *)handle)->connection;
    case HANDLE_DESCRIPTOR:
        return ((struct odbc_descriptor_handle *)handle)->connection;
    default:
        return NULL;
    }
}

bool handle_is_odbc2(struct odbc_handle *handle)
{
    const struct odbc_connection *connection = handle_connection(handle);
    const struct odbc_environment *environment = connection ? connection->environment : (struct odbc_environment *)handle;
    return environment->version == SQL_OV_ODBC2;
}

static const char *result_name(SQLRETURN result)
{
    switch (result) {
    case SQL_SUCCESS:
        return "SQL_SUCCESS";
    case SQL_SUCCESS_WITH_INFO:
        return "SQL_SUCCESS_WITH_INFO";
    case SQL_NO_DATA:
        return "SQL_NO_DATA";
    case SQL_NEED_DATA:
        return "SQL_NEED_DATA";
    default:
        return "SQL_ERROR";
    }
}

static void log_call(struct odbc_handle *handle, const char *function, SQLRETURN result)
{
    const struct odbc_connection *connection = handle_connection(handle);
    const struct odbc_diagnostics *diagnostics = &handle->diagnostics;

    if (!connection || !connection->log)
        return;
    if (log_wants(connection->log, LOG_CALL))
        log_write(connection->log, LOG_CALL, "odbc", "%s %p: %s", function, (void *)handle, result_name(result));
    if (result == SQL_ERROR)
        for (size_t i = 0; i < diagnostics->count; i++)
            log_write(connection->log, LOG_QUERY, "odbc", "%s failed: %s %s", function, diagnostics->records[i].sqlstate,
                      diagnostics->records[i].message);
}

SQLRETURN leave(struct odbc_handle *handle, const char *function, SQLRETURN result)
{
    if (result == SQL_SUCCESS && handle->diagnostics.count > 0)
        result = SQL_SUCCESS_WITH_INFO;
    handle->diagnostics.returned = result;
    log_call(handle, function, result);
    pthread_mutex_unlock(handle->lock);
    return result;
}

void stop_looking(struct odbc_handle *handle)
{
    pthread_mutex_unlock(handle->lock);
}

static SQLRETURN alloc_environment(SQLHANDLE *handle)
{
    struct odbc_environment *environment = calloc(1, sizeof *environment);
    if (!environment)
        return SQL_ERROR;
    handle_init(&environment->handle, HANDLE_ENVIRONMENT);
    *handle = environment;
    return SQL_SUCCESS;
}

static SQLRETURN alloc_connection(struct odbc_environment *environment, SQLHANDLE *handle)
{
    if (!environment->version)
        return diagnostics_fail(&environment->handle, "HY010",
                                "SQL_ATTR_ODBC_VERSION must be set before a connection handle is allocated");
    struct odbc_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return diagnostics_fail(&environment->handle, "HY001", "Out of memory");
    handle_init(&connection->handle, HANDLE_CONNECTION);
    cancel_init(&connection->cancel);
    atomic_init(&connection->busy, false);
    properties_init(&connection->properties);
    connection->environment = environment;
    connection->autocommit = SQL_AUTOCOMMIT_ON;
    connection->access_mode = SQL_MODE_READ_WRITE;
    connection->isolation = SQL_TXN_SERIALIZABLE;
    environment->connections++;
    connection->following = environment->first;
    environment->first = connection;
    *handle = connection;
    return SQL_SUCCESS;
}

static void init_descriptor(struct odbc_descriptor_handle *descriptor, struct odbc_connection *connection, enum descriptor_role role)
{
    handle_init(&descriptor->handle, HANDLE_DESCRIPTOR);
    descriptor->connection = connection;
    descriptor->role = role;
    descriptor_init(&descriptor->content);
}

static void clear_descriptor(struct odbc_descriptor_handle *descriptor)
{
    descriptor_clear(&descriptor->content);
    handle_clear(&descriptor->handle);
}

static SQLRETURN alloc_statement(struct odbc_connection *connection, SQLHANDLE *handle)
{
    if (!connection->connected)
        return diagnostics_fail(&connection->handle, "08003", "The connection is not open: connect before allocating a statement");
    struct odbc_statement *statement = calloc(1, sizeof *statement);
    if (!statement)
        return diagnostics_fail(&connection->handle, "HY001", "Out of memory");
    handle_init(&statement->handle, HANDLE_STATEMENT);
    cancel_init(&statement->cancel);
    for (int role = 0; role < 4; role++) {
        init_descriptor(&statement->implicit[role], connection, (enum descriptor_role)role);
        statement->implicit[role].statement = statement;
        statement->implicit[role].handle.lock = &statement->handle.own;
    }
    statement->ard = &statement->implicit[DESCRIPTOR_ARD];
    statement->apd = &statement->implicit[DESCRIPTOR_APD];
    statement->ird = &statement->implicit[DESCRIPTOR_IRD];
    statement->ipd = &statement->implicit[DESCRIPTOR_IPD];
    statement->retrieve_data = SQL_RD_ON;
    statement->metadata_id = connection->metadata_id;
    statement->rowset_size = 1;
    statement->row_count = statement->handle.diagnostics.row_count = -1;
    statement->connection = connection;
    statement->next = connection->statements;
    statement->cursor_number = connection->statements ? connection->statements->cursor_number + 1 : 1;
    connection->statements = statement;
    for (SQLINTEGER option = 0; option <= SQL_USE_BOOKMARKS; option++)
        if (connection->statement_options[option].set)
            statement_set(statement, option, (SQLPOINTER)connection->statement_options[option].value);
    diagnostics_reset(&statement->handle.diagnostics);
    *handle = statement;
    return SQL_SUCCESS;
}

static SQLRETURN alloc_descriptor(struct odbc_connection *connection, SQLHANDLE *handle)
{
    if (!connection->connected)
        return diagnostics_fail(&connection->handle, "08003", "The connection is not open: connect before allocating a descriptor");
    struct odbc_descriptor_handle *descriptor = calloc(1, sizeof *descriptor);
    if (!descriptor)
        return diagnostics_fail(&connection->handle, "HY001", "Out of memory");
    init_descriptor(descriptor, connection, DESCRIPTOR_ARD); /* ARD and APD are alike; it becomes what it is set to */
    descriptor->next = connection->descriptors;
    connection->descriptors = descriptor;
    *handle = descriptor;
    return SQL_SUCCESS;
}

SQLRETURN handle_alloc(SQLSMALLINT type, SQLHANDLE parent, SQLHANDLE *handle)
{
    struct odbc_environment *environment;
    struct odbc_connection *connection;

    if (handle)
        *handle = SQL_NULL_HANDLE;
    switch (type) {
    case SQL_HANDLE_ENV:
        return handle ? alloc_environment(handle) : SQL_ERROR;
    case SQL_HANDLE_DBC:
        environment = enter_environment(parent);
        if (!environment)
            return SQL_INVALID_HANDLE;
        return leave(&environment->handle, "SQLAllocHandle",
                     handle ? alloc_connection(environment, handle)
                            : diagnostics_fail(&environment->handle, "HY009", "No place was given for the new handle"));
    case SQL_HANDLE_STMT:
    case SQL_HANDLE_DESC:
        connection = enter_connection(parent);
        if (!connection)
            return SQL_INVALID_HANDLE;
        if (!handle)
            return leave(&connection->handle, "SQLAllocHandle",
                         diagnostics_fail(&connection->handle, "HY009", "No place was given for the new handle"));
        return leave(&connection->handle, "SQLAllocHandle",
                     type == SQL_HANDLE_STMT ? alloc_statement(connection, handle) : alloc_descriptor(connection, handle));
    default:
        environment = enter_environment(parent);
        if (environment)
            return leave(&environment->handle, "SQLAllocHandle",
                         diagnostics_fail(&environment->handle, "HY092", "There is no handle type %d", (int)type));
        return SQL_INVALID_HANDLE;
    }
}

static SQLRETURN free_environment(SQLHANDLE handle)
{
    struct odbc_environment *environment = enter_environment(handle);
    if (!environment)
        return SQL_INVALID_HANDLE;
    if (environment->connections)
        return leave(&environment->handle, "SQLFreeHandle",
                     diagnostics_fail(&environment->handle, "HY010", "%u connection handles of this environment are still allocated",
                                      environment->connections));
    pthread_mutex_unlock(environment->handle.lock);
    handle_clear(&environment->handle);
    free(environment);
    return SQL_SUCCESS;
}

static SQLRETURN free_connection(SQLHANDLE handle)
{
    struct odbc_connection *connection = enter_connection(handle);
    if (!connection)
        return SQL_INVALID_HANDLE;
    if (connection->connected || connection->browsing)
        return leave(&connection->handle, "SQLFreeHandle",
                     diagnostics_fail(&connection->handle, "HY010", "The connection is still open: call SQLDisconnect first"));

    struct odbc_environment *environment = connection->environment;
    pthread_mutex_unlock(connection->handle.lock);
    pthread_mutex_lock(environment->handle.lock);
    environment->connections--;
    struct odbc_connection **place = &environment->first;
    while (*place != connection)
        place = &(*place)->following;
    *place = connection->following;
    pthread_mutex_unlock(environment->handle.lock);

    properties_clear(&connection->properties);
    cancel_clear(&connection->cancel);
    handle_clear(&connection->handle);
    free(connection->source_name);
    free(connection);
    return SQL_SUCCESS;
}

void statement_destroy(struct odbc_statement *statement)
{
    statement_forget(statement);
    statement_forget_late_data(statement);
    for (int role = 0; role < 4; role++)
        clear_descriptor(&statement->implicit[role]);
    cancel_clear(&statement->cancel);
    handle_clear(&statement->handle);
    free(statement->cursor_name);
    free(statement);
}

void descriptor_destroy(struct odbc_descriptor_handle *descriptor)
{
    clear_descriptor(descriptor);
    free(descriptor);
}

static SQLRETURN free_statement(SQLHANDLE handle)
{
    struct odbc_statement *statement = enter_statement(handle);
    if (!statement)
        return SQL_INVALID_HANDLE;

    if (statement->needs_data)
        return leave(&statement->handle, "SQLFreeHandle",
                     diagnostics_fail(&statement->handle, "HY010", "The statement awaits parameter data: cancel it first"));
    /* The statement's lock was free, so nobody executes on it; the connection's lock is taken only for the list. */
    struct odbc_connection *connection = statement->connection;
    pthread_mutex_unlock(statement->handle.lock);
    pthread_mutex_lock(connection->handle.lock);
    for (struct odbc_statement **link = &connection->statements; *link; link = &(*link)->next)
        if (*link == statement) {
            *link = statement->next;
            break;
        }
    pthread_mutex_unlock(connection->handle.lock);
    statement_destroy(statement);
    return SQL_SUCCESS;
}

/* Gives statements that use the descriptor their own back. False when one of them is executing. */
static bool release_descriptor(struct odbc_connection *connection, const struct odbc_descriptor_handle *descriptor)
{
    for (struct odbc_statement *statement = connection->statements; statement; statement = statement->next) {
        if (statement->ard != descriptor && statement->apd != descriptor)
            continue;
        if (pthread_mutex_trylock(statement->handle.lock) != 0)
            return false;
        if (statement->ard == descriptor)
            statement->ard = &statement->implicit[DESCRIPTOR_ARD];
        if (statement->apd == descriptor)
            statement->apd = &statement->implicit[DESCRIPTOR_APD];
        pthread_mutex_unlock(statement->handle.lock);
    }
    return true;
}

static SQLRETURN free_descriptor(SQLHANDLE handle)
{
    struct odbc_descriptor_handle *descriptor = enter_descriptor_handle(handle);
    if (!descriptor)
        return SQL_INVALID_HANDLE;
    if (descriptor->statement)
        return leave(&descriptor->handle, "SQLFreeHandle",
                     diagnostics_fail(&descriptor->handle, "HY017",
                                      "This descriptor belongs to its statement and is freed with it"));

    struct odbc_connection *connection = descriptor->connection;
    pthread_mutex_lock(connection->handle.lock);
    bool released = release_descriptor(connection, descriptor);
    if (released)
        for (struct odbc_descriptor_handle **link = &connection->descriptors; *link; link = &(*link)->next)
            if (*link == descriptor) {
                *link = descriptor->next;
                break;
            }
    pthread_mutex_unlock(connection->handle.lock);
    if (!released)
        return leave(&descriptor->handle, "SQLFreeHandle",
                     diagnostics_fail(&descriptor->handle, "HY010", "A statement that uses this descriptor is still executing"));
    pthread_mutex_unlock(descriptor->handle.lock);
    descriptor_destroy(descriptor);
    return SQL_SUCCESS;
}

SQLRETURN handle_free(SQLSMALLINT type, SQLHANDLE handle)
{
    switch (type) {
    case SQL_HANDLE_ENV:
        return free_environment(handle);
    case SQL_HANDLE_DBC:
        return free_connection(handle);
    case SQL_HANDLE_STMT:
        return free_statement(handle);
    case SQL_HANDLE_DESC:
        return free_descriptor(handle);
    default:
        return SQL_INVALID_HANDLE;
    }
}

SQLRETURN handle_copy_descriptor(SQLHANDLE source, SQLHANDLE target)
{
    struct odbc_descriptor copy;

    struct odbc_descriptor_handle *from = enter_descriptor_handle(source);
    if (!from)
        return SQL_INVALID_HANDLE;
    if (descriptor_awaits_data(from))
        return leave(&from->handle, "SQLCopyDesc", SQL_ERROR);
    if (from->role == DESCRIPTOR_IRD && from->statement && !from->statement->query && !from->statement->rows)
        return leave(&from->handle, "SQLCopyDesc",
                     diagnostics_fail(&from->handle, "HY007", "The statement is neither prepared nor executed: nothing is described"));
    descriptor_init(&copy);
    bool copied = descriptor_reach(&copy, from->content.count);
    if (copied && from->content.records)
        memcpy(copy.records, from->content.records, ((size_t)from->content.count + 1) * sizeof *copy.records);
    copy.array_size = from->content.array_size;
    copy.array_status = from->content.array_status;
    copy.bind_offset = from->content.bind_offset;
    copy.bind_type = from->content.bind_type;
    copy.rows_processed = from->content.rows_processed;
    SQLRETURN result = leave(&from->handle, "SQLCopyDesc",
                             copied ? SQL_SUCCESS : diagnostics_fail(&from->handle, "HY001", "Out of memory"));

    struct odbc_descriptor_handle *to = copied ? enter_descriptor_handle(target) : NULL;
    if (to)
        result = leave(&to->handle, "SQLCopyDesc", descriptor_awaits_data(to) ? SQL_ERROR : descriptor_copy(&copy, to));
    else if (copied)
        result = SQL_INVALID_HANDLE;
    descriptor_clear(&copy);
    return result;
}
