#include "odbc/statement.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/name.h"
#include "base/utf.h"
#include "base/warnings.h"
#include "engine/engine.h"
#include "odbc/attributes.h"
#include "odbc/handle.h"
#include "odbc/parameter_sets.h"
#include "odbc/rows.h"
#include "odbc/text.h"
#include "odbc/types.h"
#include "sql/lexer.h"

enum { LOGGED_TEXT = 65536 /* bytes of a statement that is shown with its texts hidden */ };

/* --- states --------------------------------------------------------------------------------------------------------- */

void statement_end_result(struct odbc_statement *statement)
{
    if (statement->executed && statement->query)
        log_write(statement->connection->log, LOG_QUERY, "odbc", "%p: %llu rows in %" PRId64 " ms", (void *)statement,
                  (unsigned long long)statement->row_number, clock_milliseconds() - statement->started);
    if (statement->query)
        query_reset(statement->query);
    statement->row_count = -1;
    statement->executed = false;
    statement->cursor_open = false;
    statement->row_pending = false;
    statement->on_row = false;
    statement->at_end = false;
    statement->failed = false;
    statement->extended = false;
    statement->fetched = false;
    statement->row_number = 0;
    statement->present = 0;
    statement->cursor = (struct odbc_cursor){0};
    rows_close(statement->kept);
    statement->kept = NULL;
    memset(&statement->progress, 0, sizeof statement->progress);
}

static void end_execution(struct odbc_statement *statement)
{
    statement_end_result(statement);
    parameter_sets_forget(statement);
}

void statement_forget(struct odbc_statement *statement)
{
    end_execution(statement);
    if (statement->batch)
        query_close(statement->batch);
    rows_close(statement->rows);
    free(statement->text);
    statement->text = NULL;
    statement->batch = statement->query = NULL;
    statement->rows = NULL;
    statement->prepared_once = false;
    statement->handle.diagnostics.function = NULL;
    statement->handle.diagnostics.function_code = SQL_DIAG_UNKNOWN_STATEMENT;
    statement->handle.diagnostics.row_count = -1;
    descriptor_cut(&statement->implicit[DESCRIPTOR_IRD].content, 0);
}

void statement_open_cursor(struct odbc_statement *statement)
{
    statement->executed = true;
    statement->cursor_open = true;
}

void statement_forget_late_data(struct odbc_statement *statement)
{
    for (size_t i = 0; i < statement->late_count; i++)
        free(statement->late[i].bytes);
    free(statement->late);
    statement->late = NULL;
    statement->late_count = 0;
    statement->late_at = 0;
    statement->needs_data = false;
}

void statement_begin_work(struct odbc_statement *statement)
{
    statement->cancel.deadline =
        statement->query_timeout ? clock_milliseconds() + (int64_t)statement->query_timeout * 1000 : 0;
}

/* --- preparing ------------------------------------------------------------------------------------------------------- */

static bool describe_columns(struct odbc_statement *statement, struct error *err)
{
    const struct statement *text = query_statement(statement->query);
    struct odbc_descriptor *ird = &statement->ird->content;

    if (text->column_count > 32767)
        return error_set(err, "54011", "The result would have %zu columns; 32767 are the most", text->column_count);
    descriptor_cut(ird, 0);
    if (!descriptor_reach(ird, (SQLSMALLINT)text->column_count))
        return error_memory(err);
    for (size_t i = 0; i < text->column_count; i++) {
        const struct result_column *column = &text->columns[i];
        struct odbc_record *record = descriptor_record(ird, (SQLLEN)i + 1);
        record_describe(record, &column->type, statement->connection->ansi);
        record->name = column->label;
        record->base_column = column->table ? column->table->columns[column->column].name : "";
        record->base_table = column->table ? column->table->name : "";
        record->catalog = column->table ? table_catalog(column->table) : "";
        record->table = column->table_alias ? column->table_alias : "";
        record->automatic = column->table && column->table->columns[column->column].automatic;
        record->nullable = column->nullable == NULLABLE_NO    ? SQL_NO_NULLS
                           : column->nullable == NULLABLE_YES ? SQL_NULLABLE
                                                              : SQL_NULLABLE_UNKNOWN;
    }
    return true;
}

/* The ODBC reference, SQLGetDiagField, "Values of the Dynamic Function Fields". */
static const char *function_name(const struct statement *text, SQLINTEGER *code)
{
    static const struct { const char *name; SQLINTEGER code; } names[] = {
        {"SELECT CURSOR", SQL_DIAG_SELECT_CURSOR}, {"CALL", SQL_DIAG_CALL},                 {"INSERT", SQL_DIAG_INSERT},
        {"UPDATE WHERE", SQL_DIAG_UPDATE_WHERE},   {"DELETE WHERE", SQL_DIAG_DELETE_WHERE}, {"CREATE TABLE", SQL_DIAG_CREATE_TABLE},
        {"ALTER TABLE", SQL_DIAG_ALTER_TABLE},     {"DROP TABLE", SQL_DIAG_DROP_TABLE},     {"CREATE INDEX", SQL_DIAG_CREATE_INDEX},
        {"DROP INDEX", SQL_DIAG_DROP_INDEX},       {"CREATE VIEW", SQL_DIAG_CREATE_VIEW},   {"DROP VIEW", SQL_DIAG_DROP_VIEW},
    };
    const char *name = text->kind == STATEMENT_SELECT || text->kind == STATEMENT_EXPLAIN ? "SELECT CURSOR"
                       : text->kind == STATEMENT_CALL                                    ? "CALL"
                                                                                         : text->command;

    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, name) == 0) {
            *code = names[i].code;
            return names[i].name;
        }
    *code = SQL_DIAG_UNKNOWN_STATEMENT;
    return "";
}

bool statement_describe(struct odbc_statement *statement, struct query *query, struct error *err)
{
    struct odbc_diagnostics *diagnostics = &statement->handle.diagnostics;

    statement->query = query;
    if (!describe_columns(statement, err))
        return false;
    diagnostics->function = function_name(query_statement(query), &diagnostics->function_code);
    return true;
}

/* The rest of a batch is given up with it: what is executed next is its first statement again. */
void statement_close(struct odbc_statement *statement)
{
    struct error err;

    if (!statement->prepared_once) {
        statement_forget(statement);
        return;
    }
    end_execution(statement);
    if (statement->query != statement->batch && !statement_describe(statement, statement->batch, &err))
        statement_forget(statement);
}

/* The text with *** for everything in quotes; what can not be read is left out. */
static void hide_quoted(const char *text, size_t length, struct buffer *shown)
{
    struct lexer lexer = {text, (uint32_t)length, 0};
    struct token token;
    struct error ignored;
    uint32_t from = 0, end = 0;

    while (lexer_next(&lexer, &token, &ignored)) {
        if (token.kind == TOKEN_END) {
            buffer_append(shown, text + from, length - from);
            return;
        }
        end = token.at + token.length;
        if (token.kind != TOKEN_STRING && token.kind != TOKEN_QUOTED && token.kind != TOKEN_BINARY)
            continue;
        buffer_append(shown, text + from, token.at - from);
        buffer_append_text(shown, "'***'");
        from = end;
    }
    buffer_append(shown, text + from, end - from);
    buffer_append_text(shown, "…");
}

/* A query is logged as it is. The texts in anything else, also a batch, are not: a CALL may have tokens and codes for arguments. */
static void log_text(const struct odbc_statement *statement, const char *text, size_t length)
{
    struct log *log = statement->connection->log;
    const char *word = text + strspn(text, " \t\r\n(");
    struct buffer shown;

    if (!log_wants(log, LOG_QUERY))
        return;
    if (!strchr(text, ';') && (name_equal_length(word, 6, "SELECT") || name_equal_length(word, 4, "WITH"))) {
        log_write(log, LOG_QUERY, "odbc", "%p: %s", (const void *)statement, text);
        return;
    }
    buffer_init(&shown, LOGGED_TEXT);
    if (length <= LOGGED_TEXT)
        hide_quoted(text, length, &shown);
    log_write(log, LOG_QUERY, "odbc", "%p: %s", (const void *)statement,
              shown.failed || length > LOGGED_TEXT ? "(too long to show)" : buffer_text(&shown));
    buffer_clear(&shown);
}

static bool keep_text(struct odbc_statement *statement, const char *text, size_t length, struct error *err)
{
    if (!parameters_are_open(statement))
        return true;
    statement->text = strndup(text, length);
    statement->text_length = length;
    return statement->text || error_memory(err);
}

bool statement_load(struct odbc_statement *statement, const char *text, size_t length, struct error *err)
{
    size_t bound_count;

    statement_forget(statement);
    log_text(statement, text, length);
    const struct type *bound = parameters_bound_types(statement, &bound_count);
    if (!bound)
        return error_memory(err);
    statement_begin_work(statement);
    bool prepared = query_prepare(statement->connection->engine, text, length, bound, bound_count, &statement->cancel,
                                  &statement->batch, err);
    if (!prepared)
        statement->batch = NULL;
    if (!prepared || !statement_describe(statement, statement->batch, err) || !keep_text(statement, text, length, err)) {
        statement_forget(statement);
        return false;
    }
    return true;
}

/* Parameters that take their type from their binding were bound anew: the text is prepared again with what they are now. */
static bool load_again(struct odbc_statement *statement, struct error *err)
{
    char *text = statement->text;

    statement->text = NULL;
    bool loaded = statement_load(statement, text, statement->text_length, err);
    free(text);
    statement->prepared_once = loaded;
    return loaded;
}

static SQLRETURN read_and_load(struct odbc_statement *statement, const struct text_in *in, const char *function)
{
    struct odbc_handle *handle = &statement->handle;
    struct error err = {0};
    const char *text;
    size_t length;

    if (statement->needs_data)
        return diagnostics_fail(handle, "HY010", "%s can not be called while parameter data is awaited", function);
    if (statement->cursor_open)
        return diagnostics_fail(handle, "24000", "A cursor is open on this statement: close it before calling %s", function);
    if (!in->pointer)
        return diagnostics_fail(handle, "HY009", "No SQL text was given");
    if (in->length == 0)
        return diagnostics_fail(handle, "HY090", "The SQL text has length 0");
    if (!text_read(in, &handle->scratch, &text, &length, &err) || !statement_load(statement, text, length, &err))
        return diagnostics_error(handle, &err);
    return SQL_SUCCESS;
}

SQLRETURN statement_prepare_text(struct odbc_statement *statement, const struct text_in *text)
{
    SQLRETURN result = read_and_load(statement, text, "SQLPrepare");
    if (result != SQL_SUCCESS)
        return result;
    statement->prepared_once = true;
    if (!statement->auto_ipd || parameters_populate(statement))
        return SQL_SUCCESS;
    statement_forget(statement);
    return diagnostics_fail(&statement->handle, "HY001", "Out of memory");
}

/* --- executing ------------------------------------------------------------------------------------------------------- */

void statement_count_rows(struct odbc_statement *statement, int64_t count)
{
    statement->row_count = statement->handle.diagnostics.row_count = (SQLLEN)count;
}

/* ROLLBACK as SQL ends the other cursors as SQLEndTran does. */
static void close_rolled_back(struct odbc_statement *statement)
{
    const struct statement *text = query_statement(statement->query);
    struct odbc_connection *connection = statement->connection;

    if (text->kind != STATEMENT_TRANSACTION ||
        (text->transaction != TRANSACTION_ROLLBACK && text->transaction != TRANSACTION_ROLLBACK_TO))
        return;
    pthread_mutex_lock(connection->handle.lock);
    transaction_close_cursors(connection, statement);
    pthread_mutex_unlock(connection->handle.lock);
}

/* Executing already asks for the first row, so that what the service refuses is told by SQLExecute:
 * many applications do not look at the result of SQLFetch. */
static bool execute(struct odbc_statement *statement, struct error *err)
{
    bool result_set = query_statement(statement->query)->column_count > 0;
    bool row = false;

    statement->started = clock_milliseconds();
    if (!query_execute(statement->query, (int64_t)statement->max_rows, err))
        return false;
    if (result_set && !query_step(statement->query, &row, err))
        return false;
    statement->executed = true;
    statement->cursor_open = result_set;
    statement->row_pending = row;
    statement->at_end = !row;
    statement_count_rows(statement, query_row_count(statement->query));
    close_rolled_back(statement);
    return true;
}

SQLRETURN statement_tell(struct odbc_statement *statement, SQLRETURN result)
{
    const struct warning *warning;

    while (statement->query && (warning = query_warning(statement->query))) {
        diagnostics_warn(&statement->handle, warning->sqlstate, "%s", warning->message);
        result = result == SQL_SUCCESS ? SQL_SUCCESS_WITH_INFO : result;
    }
    return result;
}

/* An UPDATE or DELETE of no rows succeeds with SQL_NO_DATA in ODBC 3, unless a batch goes on behind it. */
static SQLRETURN success(struct odbc_statement *statement, SQLRETURN result)
{
    const struct statement *text = query_statement(statement->query);

    if (result != SQL_SUCCESS || text->kind != STATEMENT_CHANGE || statement->row_count != 0 || text->next ||
        handle_is_odbc2(&statement->handle) || !text->command || strcmp(text->command, "INSERT") == 0)
        return result;
    return SQL_NO_DATA;
}

SQLRETURN statement_run(struct odbc_statement *statement)
{
    struct error err = {0};

    SQLRETURN checked = parameters_check(statement);
    if (checked == SQL_NEED_DATA)
        return checked;
    if (checked == SQL_SUCCESS && parameter_sets_wanted(statement))
        return parameter_sets_run(statement);
    statement_begin_work(statement);
    SQLRETURN gathered = checked == SQL_ERROR ? SQL_ERROR : parameters_gather(statement, 0);
    if (gathered == SQL_ERROR) {
        statement_forget_late_data(statement);
        parameters_finish(statement, 0, SQL_PARAM_ERROR);
        return SQL_ERROR;
    }
    bool done = execute(statement, &err);
    statement_forget_late_data(statement);
    parameters_finish(statement, 0, !done ? SQL_PARAM_ERROR : gathered == SQL_SUCCESS ? SQL_PARAM_SUCCESS : SQL_PARAM_SUCCESS_WITH_INFO);
    if (done)
        return statement_tell(statement, success(statement, gathered));
    statement_close(statement);
    return diagnostics_error(&statement->handle, &err);
}

SQLRETURN statement_execute_text(struct odbc_statement *statement, const struct text_in *text)
{
    SQLRETURN result = read_and_load(statement, text, "SQLExecDirect");
    if (result == SQL_SUCCESS)
        result = statement_run(statement);
    if (result == SQL_ERROR && !statement->cursor_open && !statement->needs_data)
        statement_forget(statement);
    return result;
}

SQLRETURN statement_execute(struct odbc_statement *statement)
{
    struct odbc_handle *handle = &statement->handle;
    struct error err = {0};

    if (statement->needs_data)
        return diagnostics_fail(handle, "HY010", "SQLExecute can not be called while parameter data is awaited");
    if (statement->cursor_open)
        return diagnostics_fail(handle, "24000", "A cursor is open on this statement: close it before executing again");
    if (!statement->query || !statement->prepared_once)
        return diagnostics_fail(handle, "HY010", "Nothing is prepared on this statement: call SQLPrepare first");
    if (statement->executed) /* without a cursor: what results there are still are given up */
        statement_close(statement);
    if (!statement->query)
        return diagnostics_fail(handle, "HY001", "Out of memory");
    if (statement->text && parameters_rebound(statement) && !load_again(statement, &err))
        return diagnostics_error(handle, &err);
    return statement_run(statement);
}

/* --- ending ---------------------------------------------------------------------------------------------------------- */

/* What is left of SQLCancel once the statement's lock is free: data at execution is given up; anything else goes on as it was
 * (ODBC 3.5: "no effect"). */
SQLRETURN statement_cancel(struct odbc_statement *statement)
{
    if (!statement->needs_data)
        return SQL_SUCCESS;
    statement_forget_late_data(statement);
    statement_close(statement);
    return SQL_SUCCESS;
}

SQLRETURN statement_close_cursor(struct odbc_statement *statement)
{
    if (statement->needs_data)
        return diagnostics_fail(&statement->handle, "HY010", "SQLCloseCursor can not be called while parameter data is awaited");
    if (!statement->cursor_open)
        return diagnostics_fail(&statement->handle, "24000", "No cursor is open on this statement");
    statement_close(statement);
    return SQL_SUCCESS;
}

SQLRETURN statement_free(struct odbc_statement *statement, SQLUSMALLINT option)
{
    if (statement->needs_data)
        return diagnostics_fail(&statement->handle, "HY010", "SQLFreeStmt can not be called while parameter data is awaited");
    switch (option) {
    case SQL_CLOSE:
        statement_close(statement);
        return SQL_SUCCESS;
    case SQL_UNBIND:
        descriptor_cut(&statement->ard->content, 0);
        return SQL_SUCCESS;
    case SQL_RESET_PARAMS:
        descriptor_cut(&statement->apd->content, 0);
        descriptor_cut(&statement->ipd->content, 0);
        return SQL_SUCCESS;
    default:
        return diagnostics_fail(&statement->handle, "HY092", "SQLFreeStmt knows no option %d", (int)option);
    }
}

/* Describes and executes the next statement of a batch, with the parameters that the first was given. */
static SQLRETURN run_next(struct odbc_statement *statement, struct query *next)
{
    struct error err = {0};

    end_execution(statement);
    statement_begin_work(statement);
    bool done = statement_describe(statement, next, &err) && execute(statement, &err);
    if (done)
        return statement_tell(statement, SQL_SUCCESS);
    statement_close(statement);
    return diagnostics_error(&statement->handle, &err);
}

/* The next result of what was executed: the next that is kept of several sets of parameters, or that of the batch's next statement.
 * At the end all is closed. */
SQLRETURN statement_more_results(struct odbc_statement *statement)
{
    if (statement->needs_data)
        return diagnostics_fail(&statement->handle, "HY010", "SQLMoreResults can not be called while parameter data is awaited");
    if (!statement->executed)
        return SQL_NO_DATA;
    if (parameter_sets_more(statement))
        return parameter_sets_next(statement);
    struct query *next = statement->query && !statement->results ? query_next(statement->query) : NULL;
    if (next)
        return run_next(statement, next);
    statement_close(statement);
    return SQL_NO_DATA;
}

/* The number of rows of a SELECT is not known before they are read: -1, as the reference allows. */
SQLRETURN statement_row_count(struct odbc_statement *statement, SQLLEN *count)
{
    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(&statement->handle, "HY010", "Nothing has been executed on this statement");
    if (count)
        *count = statement->row_count;
    return SQL_SUCCESS;
}

/* Gives the name to the statement unless another has it. The connection's lock guards the names of all its statements. */
static bool take_cursor_name(struct odbc_statement *statement, char *name)
{
    struct odbc_connection *connection = statement->connection;
    bool taken = false;

    pthread_mutex_lock(connection->handle.lock);
    for (const struct odbc_statement *other = connection->statements; other; other = other->next)
        taken = taken || (other != statement && other->cursor_name && strcmp(other->cursor_name, name) == 0);
    if (!taken) {
        free(statement->cursor_name);
        statement->cursor_name = name;
    }
    pthread_mutex_unlock(connection->handle.lock);
    return !taken;
}

SQLRETURN statement_set_cursor_name(struct odbc_statement *statement, const struct text_in *name)
{
    struct odbc_handle *handle = &statement->handle;
    struct error err = {0};
    const char *text;
    size_t length;

    if (statement->needs_data)
        return diagnostics_fail(handle, "HY010", "SQLSetCursorName can not be called while parameter data is awaited");
    if (statement->executed)
        return diagnostics_fail(handle, "24000", "The statement is executed: the name of its cursor can not change");
    if (!text_read(name, &handle->scratch, &text, &length, &err))
        return diagnostics_error(handle, &err);
    if (!text)
        return diagnostics_fail(handle, "HY009", "No cursor name was given");
    if (length == 0 || strncmp(text, "SQL_CUR", 7) == 0 || strncmp(text, "SQLCUR", 6) == 0)
        return diagnostics_fail(handle, "34000", "\"%.60s\" can not name a cursor: it is empty or starts as the driver's own names do",
                                text);

    if (utf8_count(text, length) > STATEMENT_CURSOR_NAME)
        return diagnostics_fail(handle, "34000", "A cursor's name has %d characters at most", STATEMENT_CURSOR_NAME);

    char *copy = strdup(text);
    if (!copy)
        return diagnostics_fail(handle, "HY001", "Out of memory");
    if (!take_cursor_name(statement, copy)) {
        SQLRETURN result = diagnostics_fail(handle, "3C000", "Another cursor of this connection is called \"%.60s\"", copy);
        free(copy);
        return result;
    }
    return SQL_SUCCESS;
}

SQLRETURN statement_get_cursor_name(struct odbc_statement *statement, const struct text_out *name)
{
    char own[32];

    if (statement->needs_data)
        return diagnostics_fail(&statement->handle, "HY010", "SQLGetCursorName can not be called while parameter data is awaited");
    snprintf(own, sizeof own, "SQL_CUR%u", statement->cursor_number);
    const char *text = statement->cursor_name ? statement->cursor_name : own;
    return text_write(&statement->handle, name, text, strlen(text));
}
