#include "odbc/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf.h"
#include "odbc/handle.h"
#include "odbc/text.h"
#include "table/service.h"

void diagnostics_init(struct odbc_diagnostics *diagnostics)
{
    memset(diagnostics, 0, sizeof *diagnostics);
    diagnostics->records = diagnostics->inside;
    diagnostics->capacity = DIAGNOSTICS_INSIDE;
    diagnostics_reset(diagnostics);
}

void diagnostics_clear(struct odbc_diagnostics *diagnostics)
{
    if (diagnostics->records != diagnostics->inside)
        free(diagnostics->records);
    arena_clear(&diagnostics->messages);
}

void diagnostics_reset(struct odbc_diagnostics *diagnostics)
{
    if (diagnostics->count)
        arena_reset(&diagnostics->messages);
    diagnostics->count = 0;
    diagnostics_at(diagnostics, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
}

void diagnostics_at(struct odbc_diagnostics *diagnostics, SQLLEN row, SQLINTEGER column)
{
    diagnostics->row = row;
    diagnostics->column = column;
}

static bool is_warning(const char *sqlstate)
{
    return strncmp(sqlstate, "01", 2) == 0;
}

/* The order of the records of a call (SQLGetDiagField, "Sequence of Status Records"): those of no row, then row by row; of a row the
 * errors before the warnings. 01S01, which only announces the errors of its row, stands before them (SQLExtendedFetch). */
static bool goes_before(const struct odbc_diagnostics *diagnostics, const char *sqlstate, const struct odbc_diagnostic *other)
{
    if (diagnostics->row != other->row)
        return diagnostics->row < other->row;
    if (strcmp(sqlstate, "01S01") == 0)
        return strcmp(other->sqlstate, "01S01") != 0;
    return !is_warning(sqlstate) && is_warning(other->sqlstate) && strcmp(other->sqlstate, "01S01") != 0;
}

static bool make_room(struct odbc_diagnostics *diagnostics)
{
    if (diagnostics->count < diagnostics->capacity)
        return true;
    if (diagnostics->capacity >= DIAGNOSTICS_MOST)
        return false;

    bool inside = diagnostics->records == diagnostics->inside;
    size_t capacity = diagnostics->capacity * 4;
    struct odbc_diagnostic *grown = realloc(inside ? NULL : diagnostics->records, capacity * sizeof *grown);
    if (!grown)
        return false;
    if (inside)
        memcpy(grown, diagnostics->inside, sizeof diagnostics->inside);
    diagnostics->records = grown;
    diagnostics->capacity = capacity;
    return true;
}

static void add(struct odbc_diagnostics *diagnostics, const char *sqlstate, SQLINTEGER native, const char *message)
{
    if (!make_room(diagnostics)) {
        if (is_warning(sqlstate))
            return;
        diagnostics->count--; /* an error is worth more than the last record */
    }
    size_t at = diagnostics->count;
    while (at > 0 && goes_before(diagnostics, sqlstate, &diagnostics->records[at - 1]))
        at--;
    struct odbc_diagnostic *record = &diagnostics->records[at];
    memmove(record + 1, record, (diagnostics->count - at) * sizeof *record);

    const char *copy = arena_text(&diagnostics->messages, message);
    snprintf(record->sqlstate, sizeof record->sqlstate, "%s", sqlstate);
    record->native = native;
    record->message = copy ? copy : "Out of memory";
    record->row = diagnostics->row;
    record->column = diagnostics->column;
    diagnostics->count++;
}

SQLRETURN diagnostics_error(struct odbc_handle *handle, const struct error *err)
{
    const struct odbc_connection *connection = handle_connection(handle);
    struct error shown = *err;
    if (connection)
        log_redact(connection->log, shown.message);
    add(&handle->diagnostics, shown.sqlstate, shown.native, shown.message);
    return SQL_ERROR;
}

static void add_formatted(struct odbc_handle *handle, const char *sqlstate, const char *format, va_list arguments)
{
    char message[sizeof((struct error *)NULL)->message];
    int written = vsnprintf(message, sizeof message, format, arguments);
    if (written >= 0 && (size_t)written >= sizeof message)
        message[utf8_whole(message, sizeof message - 1)] = '\0';
    add(&handle->diagnostics, sqlstate, 0, message);
}

SQLRETURN diagnostics_fail(struct odbc_handle *handle, const char *sqlstate, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(handle, sqlstate, format, arguments);
    va_end(arguments);
    return SQL_ERROR;
}

SQLRETURN diagnostics_warn(struct odbc_handle *handle, const char *sqlstate, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(handle, sqlstate, format, arguments);
    va_end(arguments);
    return SQL_SUCCESS_WITH_INFO;
}

/* What an ODBC 2 application expects instead (ODBC reference, Appendix A, "SQLSTATE Mappings"). */
static const char *sqlstate_shown(struct odbc_handle *handle, const char *sqlstate)
{
    static const struct { const char *three, *two; } mapped[] = {
        {"01S03", "01001"}, {"01S04", "01001"}, {"07005", "24000"}, {"07009", "S1002"}, {"22007", "22008"}, {"22018", "22005"},
        {"42000", "37000"},
        {"42S01", "S0001"}, {"42S02", "S0002"}, {"42S11", "S0011"}, {"42S12", "S0012"}, {"42S21", "S0021"}, {"42S22", "S0022"},
        {"HY000", "S1000"}, {"HY001", "S1001"}, {"HY003", "S1003"}, {"HY004", "S1004"}, {"HY007", "S1010"}, {"HY008", "S1008"},
        {"HY009", "S1009"}, {"HY010", "S1010"}, {"HY011", "S1011"}, {"HY012", "S1012"}, {"HY013", "S1000"}, {"HY014", "S1000"},
        {"HY015", "S1015"}, {"HY016", "S1000"}, {"HY017", "S1000"}, {"HY018", "S1010"}, {"HY019", "22003"}, {"HY020", "22003"},
        {"HY021", "S1000"}, {"HY024", "S1009"}, {"HY090", "S1090"}, {"HY091", "S1091"}, {"HY092", "S1092"}, {"HY095", "S1095"},
        {"HY096", "S1096"}, {"HY097", "S1097"}, {"HY098", "S1098"}, {"HY099", "S1099"}, {"HY100", "S1100"}, {"HY101", "S1101"},
        {"HY103", "S1103"}, {"HY104", "S1104"}, {"HY105", "S1105"}, {"HY106", "S1106"}, {"HY107", "S1107"}, {"HY108", "S1108"},
        {"HY109", "S1109"}, {"HY110", "S1110"}, {"HY111", "S1111"}, {"HYC00", "S1C00"}, {"HYT00", "S1T00"}, {"HYT01", "S1T00"},
    };

    if (handle_is_odbc2(handle))
        for (size_t i = 0; i < sizeof mapped / sizeof mapped[0]; i++)
            if (strcmp(mapped[i].three, sqlstate) == 0)
                return mapped[i].two;
    return sqlstate;
}

/* "[vendor][data source]text", as the reference's "Diagnostic Messages" wants it. */
static const char *message_shown(struct odbc_handle *handle, const struct odbc_diagnostic *record, struct arena *arena)
{
    const struct odbc_connection *connection = handle_connection(handle);
    const char *text = connection && connection->connected
                           ? arena_printf(arena, "[restodbc][%s]%s", connection->service->name, record->message)
                           : arena_printf(arena, "[restodbc]%s", record->message);
    return text ? text : record->message;
}

SQLRETURN diagnostics_record(struct odbc_handle *handle, SQLSMALLINT number, const struct text_out *sqlstate, SQLINTEGER *native,
                             const struct text_out *message)
{
    if (number < 1 || (message->buffer && message->room < 0))
        return SQL_ERROR;
    if ((size_t)number > handle->diagnostics.count)
        return SQL_NO_DATA;

    const struct odbc_diagnostic *record = &handle->diagnostics.records[number - 1];
    if (native)
        *native = record->native;
    text_write(NULL, sqlstate, sqlstate_shown(handle, record->sqlstate), 5);
    const char *text = message_shown(handle, record, &handle->scratch);
    return text_write(NULL, message, text, strlen(text));
}

static SQLRETURN header_field(struct odbc_handle *handle, SQLSMALLINT field, SQLPOINTER value, const struct text_out *text)
{
    const struct odbc_diagnostics *diagnostics = &handle->diagnostics;
    bool of_statement = handle->magic == HANDLE_STATEMENT;

    switch (field) {
    case SQL_DIAG_RETURNCODE:
        if (value)
            *(SQLRETURN *)value = diagnostics->returned;
        return SQL_SUCCESS;
    case SQL_DIAG_NUMBER:
        if (value)
            *(SQLINTEGER *)value = (SQLINTEGER)diagnostics->count;
        return SQL_SUCCESS;
    case SQL_DIAG_ROW_COUNT:
    case SQL_DIAG_CURSOR_ROW_COUNT:
        if (of_statement && value)
            *(SQLLEN *)value = diagnostics->row_count;
        return of_statement ? SQL_SUCCESS : SQL_ERROR;
    case SQL_DIAG_DYNAMIC_FUNCTION: {
        const char *function = diagnostics->function ? diagnostics->function : "";
        return of_statement ? text_write(NULL, text, function, strlen(function)) : SQL_ERROR;
    }
    case SQL_DIAG_DYNAMIC_FUNCTION_CODE:
        if (of_statement && value)
            *(SQLINTEGER *)value = diagnostics->function_code;
        return of_statement ? SQL_SUCCESS : SQL_ERROR;
    default:
        return SQL_ERROR;
    }
}

static bool is_header_field(SQLSMALLINT field)
{
    return field == SQL_DIAG_RETURNCODE || field == SQL_DIAG_NUMBER || field == SQL_DIAG_ROW_COUNT ||
           field == SQL_DIAG_CURSOR_ROW_COUNT || field == SQL_DIAG_DYNAMIC_FUNCTION || field == SQL_DIAG_DYNAMIC_FUNCTION_CODE;
}

/* "IM" is ODBC's own class; every other class is the standard's. */
static const char *class_origin(const char *sqlstate)
{
    return strncmp(sqlstate, "IM", 2) == 0 ? "ODBC 3.0" : "ISO 9075";
}

/* The subclasses that ODBC added (SQLGetDiagField, SQL_DIAG_SUBCLASS_ORIGIN). */
static const char *subclass_origin(const char *sqlstate)
{
    static const char *const added[] = {"07S", "08S", "21S", "25S", "42S", "01S", "HY095", "HY097", "HY098", "HY099", "HY100",
                                        "HY101", "HY105", "HY107", "HY109", "HY110", "HY111", "HYT", "IM"};
    for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
        if (strncmp(sqlstate, added[i], strlen(added[i])) == 0)
            return "ODBC 3.0";
    return "ISO 9075";
}

SQLRETURN diagnostics_field(struct odbc_handle *handle, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                            const struct text_out *text)
{
    const struct odbc_connection *connection = handle_connection(handle);

    if (is_header_field(field))
        return header_field(handle, field, value, text);
    if (number < 1 || (text->buffer && text->room < 0))
        return SQL_ERROR;
    if ((size_t)number > handle->diagnostics.count)
        return SQL_NO_DATA;

    const struct odbc_diagnostic *record = &handle->diagnostics.records[number - 1];
    const char *answer;
    switch (field) {
    case SQL_DIAG_SQLSTATE:
        answer = sqlstate_shown(handle, record->sqlstate);
        break;
    case SQL_DIAG_MESSAGE_TEXT:
        answer = message_shown(handle, record, &handle->scratch);
        break;
    case SQL_DIAG_CLASS_ORIGIN:
        answer = class_origin(record->sqlstate);
        break;
    case SQL_DIAG_SUBCLASS_ORIGIN:
        answer = subclass_origin(record->sqlstate);
        break;
    case SQL_DIAG_CONNECTION_NAME:
        answer = connection && connection->connected ? connection->service->name : "";
        break;
    case SQL_DIAG_SERVER_NAME:
        answer = connection && connection->source_name ? connection->source_name : "";
        break;
    case SQL_DIAG_NATIVE:
        if (value)
            *(SQLINTEGER *)value = record->native;
        return SQL_SUCCESS;
    case SQL_DIAG_ROW_NUMBER:
        if (value)
            *(SQLLEN *)value = record->row;
        return SQL_SUCCESS;
    case SQL_DIAG_COLUMN_NUMBER:
        if (value)
            *(SQLINTEGER *)value = record->column;
        return SQL_SUCCESS;
    default:
        return SQL_ERROR;
    }
    return text_write(NULL, text, answer, strlen(answer));
}
