#include "odbc/connect.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <odbcinst.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/name.h"
#include "engine/engine.h"
#include "odbc/handle.h"
#include "odbc/text.h"
#include "providers/provider.h"
#include "system/system.h"
#include "table/service.h"

enum { CONNECTION_STRING_LIMIT = 256 * 1024, INI_KEYS = 8192, INI_VALUE = 16384 };

void connect_warn(void *context, const char *message)
{
    struct odbc_connection *connection = context;
    diagnostics_warn(&connection->handle, "01S00", "%s", message);
}

/* --- odbc.ini and odbcinst.ini ---------------------------------------------------------------------------------------- */

/* What may stand in a section for the driver manager and its tools; not for us. */
static bool is_managers_key(const char *key)
{
    static const char *const keys[] = {"Driver", "Driver64", "Description", "Setup", "Setup64", "Trace", "TraceFile", "TraceOptions",
                                       "Threading", "UsageCount", "FileUsage", "CPTimeout", "CPTimeToLive", "CPReuse", "DMEnvAttr",
                                       "DMStmtAttr", "DMConnAttr", "DontDLClose", "DisableGetFunctions", "IANAAppCodePage"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (name_equal(keys[i], key))
            return true;
    return false;
}

/* Takes every key of a section that is a property and not set yet. */
static bool read_section(struct odbc_connection *connection, const char *section, const char *file, bool warn, struct error *err)
{
    char *keys = calloc(2, INI_KEYS);
    char *value = malloc(INI_VALUE);
    bool read = keys && value;

    if (!read)
        error_memory(err);
    if (read)
        SQLGetPrivateProfileString(section, NULL, "", keys, INI_KEYS, file);
    for (const char *key = keys; read && *key; key += strlen(key) + 1) {
        bool known;
        if (is_managers_key(key))
            continue;
        SQLGetPrivateProfileString(section, key, "", value, INI_VALUE, file);
        read = properties_set(&connection->properties, key, value, false, &known, err);
        if (!read)
            error_prefix(err, "[%s] of %s: ", section, file);
        else if (!known && warn)
            diagnostics_warn(&connection->handle, "01S00", "[%s] of %s sets \"%s\", which is no connection property", section, file,
                             property_name_may_be(key, strlen(key)) ? key : "…");
    }
    if (value)
        explicit_bzero(value, INI_VALUE); /* it may have been a secret */
    free(keys);
    free(value);
    return read;
}

/* The string wins over the DSN, the DSN over the driver's section. */
bool connect_read_sections(struct odbc_connection *connection, struct error *err)
{
    const struct properties *properties = &connection->properties;
    const char *dsn = properties_text(properties, PROPERTY_DSN);
    const char *driver = properties_text(properties, PROPERTY_DRIVER);
    char of_dsn[1024] = "";

    if (dsn && *dsn) {
        if (!read_section(connection, dsn, "odbc.ini", true, err))
            return false;
        SQLGetPrivateProfileString(dsn, "Driver", "", of_dsn, sizeof of_dsn, "odbc.ini");
        if (!driver)
            driver = of_dsn;
    }
    if (!driver || !*driver || strchr(driver, '/')) /* a path names a file, not a section */
        return true;
    return read_section(connection, driver, "odbcinst.ini", false, err);
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

void connect_close(struct odbc_connection *connection)
{
    connection->connected = connection->browsing = false;
    if (connection->engine)
        engine_close(connection->engine);
    if (connection->service)
        connection->service->class->close(connection->service);
    if (connection->log)
        log_close(connection->log);
    connection->engine = NULL;
    connection->service = NULL;
    connection->log = NULL;
    properties_clear(&connection->properties);
    free(connection->source_name);
    connection->source_name = NULL;
}

static bool open_log(struct odbc_connection *connection, struct error *err)
{
    const struct properties *properties = &connection->properties;

    if (!log_open(properties_text(properties, PROPERTY_LOGFILE), (int)properties_number(properties, PROPERTY_VERBOSITY),
                  &connection->log, err)) {
        connection->log = NULL;
        return false;
    }
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (properties->values[i] && property_info((enum property)i)->secret)
            log_hide(connection->log, properties->values[i]);
    return true;
}

/* With a workspace alone there is no service to query. */
static bool open_provided(struct odbc_connection *connection, struct service **service, struct error *err)
{
    const struct properties *properties = &connection->properties;

    if (!properties_text(properties, PROPERTY_PROVIDER) && properties_text(properties, PROPERTY_WORKSPACE))
        return service_open_empty("Workspace", service, err);
    return provider_open(properties, connection->log, &connection->cancel, service, err);
}

static bool open_service(struct odbc_connection *connection, struct error *err)
{
    const struct properties *properties = &connection->properties;
    const char *dsn = properties_text(properties, PROPERTY_DSN);
    long max_rows = properties_number(properties, PROPERTY_MAX_ROWS);

    connection->source_name = strdup(dsn ? dsn : "");
    if (!connection->source_name)
        return error_memory(err);
    if (!open_log(connection, err))
        return false;
    struct service *provided;
    if (!open_provided(connection, &provided, err))
        return false;
    if (!system_open(provided, properties, &connection->service, err)) {
        connection->service = provided; /* close_all ends it */
        return false;
    }
    if (properties_flag(properties, PROPERTY_CONNECT_ON_OPEN) &&
        !connection->service->class->check(connection->service, &connection->cancel, err))
        return false;
    const struct engine_options options = {
        .max_rows = max_rows > 0 ? max_rows : 0,
        .workspace = properties_text(properties, PROPERTY_WORKSPACE),
        .views = properties_text(properties, PROPERTY_USER_DEFINED_VIEWS),
        .busy_milliseconds = properties_number(properties, PROPERTY_TIMEOUT) * 1000,
        .pushdown = properties_other(properties, "Pushdown", true),
    };
    if (!engine_open(connection->service, &options, &connection->cancel, &connection->engine, err)) {
        connection->engine = NULL;
        return false;
    }
    system_follow(connection->service, engine_running_names, connection->engine);
    engine_set_read_only(connection->engine, connection->access_mode == SQL_MODE_READ_ONLY);
    return connection->autocommit == SQL_AUTOCOMMIT_ON || engine_set_autocommit(connection->engine, false, &connection->cancel, err);
}

SQLRETURN connect_open(struct odbc_connection *connection)
{
    struct error err = {0};
    bool open;

    cancel_reset(&connection->cancel);
    connection->cancel.deadline =
        connection->login_timeout ? clock_milliseconds() + (int64_t)connection->login_timeout * 1000 : 0;
    atomic_store(&connection->busy, true);
    open = (connection->browsing || connect_read_sections(connection, &err)) && open_service(connection, &err);
    atomic_store(&connection->busy, false);
    /* The service may keep the cancel for work that belongs to the connection: that has no deadline. */
    connection->cancel.deadline = 0;
    cancel_reset(&connection->cancel);

    if (open) {
        connection->browsing = false;
        connection->connected = true;
        log_write(connection->log, LOG_QUERY, "odbc", "connected to %s", connection->service->name);
        return SQL_SUCCESS;
    }
    if (strcmp(err.sqlstate, "HYT00") == 0 && connection->login_timeout)
        error_set(&err, "HYT00", "The login timeout (SQL_ATTR_LOGIN_TIMEOUT) of %u s expired", (unsigned)connection->login_timeout);
    if (connection->log)
        log_write(connection->log, LOG_QUERY, "odbc", "connecting failed: %s %s", err.sqlstate, err.message);
    log_redact(connection->log, err.message); /* while the secrets are still known */
    connect_close(connection);
    return diagnostics_error(&connection->handle, &err);
}

SQLRETURN connect_complete(struct odbc_connection *connection, const struct text_out *completed)
{
    struct buffer string;
    SQLRETURN result;

    buffer_init(&string, CONNECTION_STRING_LIMIT);
    properties_print(&connection->properties, &string);
    result = string.failed ? diagnostics_fail(&connection->handle, "HY001", "Out of memory")
                           : text_write(&connection->handle, completed, buffer_text(&string), string.length);
    if (string.data)
        explicit_bzero(string.data, string.length);
    buffer_clear(&string);
    return result;
}

SQLRETURN connect_with_string(struct odbc_connection *connection, const struct text_in *string, const struct text_out *completed,
                              SQLUSMALLINT completion)
{
    struct odbc_handle *handle = &connection->handle;
    struct error err = {0};
    const char *text;
    size_t length;

    if (connection->connected || connection->browsing)
        return diagnostics_fail(handle, "08002", "The connection is already open or being browsed by SQLBrowseConnect");
    if (completion > SQL_DRIVER_COMPLETE_REQUIRED)
        return diagnostics_fail(handle, "HY110", "There is no driver completion %u", completion);
    if (completed->buffer && completed->room < 0)
        return diagnostics_fail(handle, "HY090", "The length of the buffer for the completed string is negative");
    if (!text_read(string, &handle->scratch, &text, &length, &err))
        return diagnostics_error(handle, &err);
    connection->ansi = connection->ansi_app || !string->wide;
    if (!properties_read_string(&connection->properties, text ? text : "", length, connect_warn, connection, &err)) {
        properties_clear(&connection->properties);
        return diagnostics_error(handle, &err);
    }
    SQLRETURN result = connect_open(connection);
    if (result != SQL_SUCCESS)
        return result;
    result = connect_complete(connection, completed);
    if (result == SQL_ERROR)
        connect_close(connection);
    return result;
}

static bool set_argument(struct odbc_connection *connection, const char *name, const struct text_in *in, struct error *err)
{
    const char *text;
    size_t length;
    bool known;

    if (!text_read(in, &connection->handle.scratch, &text, &length, err))
        return false;
    return length == 0 || properties_set(&connection->properties, name, text, true, &known, err);
}

SQLRETURN connect_with_name(struct odbc_connection *connection, const struct text_in *name, const struct text_in *user,
                            const struct text_in *password)
{
    struct odbc_handle *handle = &connection->handle;
    struct error err = {0};

    if (connection->connected || connection->browsing)
        return diagnostics_fail(handle, "08002", "The connection is already open or being browsed by SQLBrowseConnect");
    connection->ansi = connection->ansi_app || !name->wide;
    if (!set_argument(connection, "DSN", name, &err) || !set_argument(connection, "User", user, &err) ||
        !set_argument(connection, "Password", password, &err)) {
        properties_clear(&connection->properties);
        return diagnostics_error(handle, &err);
    }
    return connect_open(connection);
}

bool connect_awaits_data(struct odbc_connection *connection)
{
    bool awaits = false;

    for (struct odbc_statement *statement = connection->statements; statement && !awaits; statement = statement->next) {
        if (pthread_mutex_trylock(statement->handle.lock) != 0)
            continue; /* it is executing */
        awaits = statement->needs_data;
        pthread_mutex_unlock(statement->handle.lock);
    }
    return awaits;
}

/* Whether no statement is in use by a call; a record is added if one is. */
static bool all_are_idle(struct odbc_connection *connection)
{
    for (struct odbc_statement *statement = connection->statements; statement; statement = statement->next) {
        if (pthread_mutex_trylock(statement->handle.lock) != 0) {
            diagnostics_fail(&connection->handle, "HY010", "A statement of this connection is still executing: cancel it first");
            return false;
        }
        pthread_mutex_unlock(statement->handle.lock);
    }
    return true;
}

/* Ends the statements and descriptors that are left. */
static void drop_children(struct odbc_connection *connection)
{
    while (connection->statements) {
        struct odbc_statement *statement = connection->statements;
        connection->statements = statement->next;
        statement_destroy(statement);
    }
    while (connection->descriptors) {
        struct odbc_descriptor_handle *descriptor = connection->descriptors;
        connection->descriptors = descriptor->next;
        descriptor_destroy(descriptor);
    }
}

/* unixODBC gives its own handles up and frees none of ours. */
SQLRETURN connect_reset(struct odbc_connection *connection)
{
    if (!all_are_idle(connection))
        return SQL_ERROR;
    drop_children(connection);
    struct error err = {0};
    if (connection->engine && !engine_reset(connection->engine, &connection->cancel, &err))
        return diagnostics_error(&connection->handle, &err);
    connection->access_mode = SQL_MODE_READ_WRITE;
    connection->autocommit = SQL_AUTOCOMMIT_ON;
    connection->isolation = SQL_TXN_SERIALIZABLE;
    connection->metadata_id = SQL_FALSE;
    connection->login_timeout = 0;
    connection->quiet_mode = NULL;
    memset(connection->statement_options, 0, sizeof connection->statement_options);
    return SQL_SUCCESS;
}

SQLRETURN connect_end(struct odbc_connection *connection)
{
    struct odbc_handle *handle = &connection->handle;

    if (connection->browsing) { /* SQLBrowseConnect is given up */
        connect_close(connection);
        return SQL_SUCCESS;
    }
    if (!connection->connected)
        return diagnostics_fail(handle, "08003", "The connection is not open");
    if (!all_are_idle(connection))
        return SQL_ERROR;
    if (connect_awaits_data(connection))
        return diagnostics_fail(handle, "HY010", "A statement of this connection awaits parameter data: cancel it first");
    if (engine_in_transaction(connection->engine))
        return diagnostics_fail(handle, "25000", "A transaction is open on this connection: commit it or roll it back first (SQLEndTran)");
    drop_children(connection);
    log_write(connection->log, LOG_QUERY, "odbc", "disconnected");
    connect_close(connection);
    return SQL_SUCCESS;
}
