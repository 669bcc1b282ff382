/* Cursors: binding columns, moving, reading (ODBC reference, "Retrieving Results"). Forward only; a rowset may have many rows. */
#include <string.h>

#include "base/value.h"
#include "odbc/convert_to_c.h"
#include "odbc/handle.h"
#include "odbc/statement.h"
#include "odbc/types.h"

SQLRETURN fetch_bind(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN room,
                     SQLLEN *length)
{
    struct odbc_handle *handle = &statement->handle;
    struct odbc_descriptor *ard = &statement->ard->content;

    c_type = type_code_modern(c_type);
    if (statement->needs_data)
        return diagnostics_fail(handle, "HY010", "SQLBindCol can not be called while parameter data is awaited");
    if (number == 0)
        return diagnostics_fail(handle, "07009", "Bookmarks are not supported: columns start at 1");
    if (number > 32767)
        return diagnostics_fail(handle, "07009", "There can be no column %u", number);
    if (!type_is_c(c_type))
        return diagnostics_fail(handle, "HY003", "%d is no C type", (int)c_type);
    if (room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length of column %u is negative", number);
    if (!value && !length) { /* unbinding; the last records go with it */
        struct odbc_record *record = descriptor_record(ard, number);
        if (record) {
            record->data = NULL;
            record->octet_length_pointer = record->indicator_pointer = NULL;
        }
        while (ard->count > 0 && !ard->records[ard->count].data && !ard->records[ard->count].octet_length_pointer)
            descriptor_cut(ard, (SQLSMALLINT)(ard->count - 1));
        return SQL_SUCCESS;
    }
    if (!descriptor_reach(ard, (SQLSMALLINT)number))
        return diagnostics_fail(handle, "HY001", "Out of memory");
    struct odbc_record *record = descriptor_record(ard, number);
    record_set_type(record, c_type);
    record->data = value;
    record->octet_length = room;
    record->octet_length_pointer = length;
    record->indicator_pointer = length;
    return SQL_SUCCESS;
}

/* --- one row ---------------------------------------------------------------------------------------------------------- */

/* Where a bound thing of row `row` (from 0) lies. */
static void *place(const struct odbc_descriptor *ard, void *pointer, SQLULEN row, size_t element)
{
    if (!pointer)
        return NULL;
    size_t offset = ard->bind_offset ? (size_t)*ard->bind_offset : 0;
    return (char *)pointer + offset + row * (ard->bind_type == SQL_BIND_BY_COLUMN ? element : ard->bind_type);
}

static SQLRETURN convert_bound(struct odbc_statement *statement, SQLSMALLINT number, SQLULEN row)
{
    const struct odbc_descriptor *ard = &statement->ard->content;
    const struct odbc_record *bound = &ard->records[number];
    const struct odbc_record *column = descriptor_record(&statement->ird->content, number);
    struct error err = {0};
    struct value value;

    if (!statement_value(statement, (size_t)number - 1, &value, &err))
        return diagnostics_error(&statement->handle, &err);
    SQLSMALLINT c_type = bound->concise_type;
    if (c_type == SQL_C_DEFAULT)
        c_type = odbc_type_find(column->concise_type)->c_type;
    size_t fixed = type_c_size(c_type);
    struct c_target target = {
        .c_type = c_type,
        .buffer = place(ard, bound->data, row, fixed ? fixed : (size_t)bound->octet_length),
        .room = bound->octet_length,
        .length = place(ard, bound->octet_length_pointer, row, sizeof(SQLLEN)),
        .indicator = place(ard, bound->indicator_pointer, row, sizeof(SQLLEN)),
        .precision = bound->precision,
        .scale = bound->scale,
        .length_only = !bound->data,
    };
    return convert_to_c(&statement->handle, column, &value, &target, statement->max_length, NULL);
}

/* Fills the bound buffers of one row; the worst of the columns' results. */
static SQLRETURN convert_row(struct odbc_statement *statement, SQLULEN row)
{
    const struct odbc_descriptor *ard = &statement->ard->content;
    SQLSMALLINT last = ard->count < statement->ird->content.count ? ard->count : statement->ird->content.count;
    SQLRETURN worst = SQL_SUCCESS;

    if (statement->retrieve_data == SQL_RD_OFF)
        return SQL_SUCCESS;
    for (SQLSMALLINT number = 1; number <= last; number++) {
        const struct odbc_record *bound = &ard->records[number];
        if (!bound->data && !bound->octet_length_pointer && !bound->indicator_pointer)
            continue;
        diagnostics_at(&statement->handle.diagnostics, (SQLLEN)row + 1, number);
        SQLRETURN result = convert_bound(statement, number, row);
        if (result == SQL_ERROR || (result == SQL_SUCCESS_WITH_INFO && worst == SQL_SUCCESS))
            worst = result;
    }
    return worst;
}

/* --- a rowset --------------------------------------------------------------------------------------------------------- */

struct rowset {
    SQLULEN size;
    SQLULEN *fetched;
    SQLUSMALLINT *status;
};

static SQLUSMALLINT status_of(SQLRETURN result)
{
    return result == SQL_ERROR ? SQL_ROW_ERROR : result == SQL_SUCCESS_WITH_INFO ? SQL_ROW_SUCCESS_WITH_INFO : SQL_ROW_SUCCESS;
}

/* A failure ends the cursor but is never taken for its end: every later call tells it again. */
static SQLRETURN fail(struct odbc_statement *statement, const struct error *err)
{
    if (!statement->failed) {
        statement->failed = true;
        statement->failure = *err;
    }
    return diagnostics_error(&statement->handle, &statement->failure);
}

static SQLRETURN read_rowset(struct odbc_statement *statement, const struct rowset *rowset)
{
    struct odbc_diagnostics *diagnostics = &statement->handle.diagnostics;
    SQLULEN rows = 0, bad = 0;
    bool more = true;
    SQLRETURN result = SQL_SUCCESS;

    while (rows < rowset->size && more) {
        struct error err = {0};
        if (!statement_step(statement, &more, &err)) {
            diagnostics_at(diagnostics, (SQLLEN)rows + 1, SQL_COLUMN_NUMBER_UNKNOWN);
            fail(statement, &err);
            if (rowset->status)
                rowset->status[rows] = SQL_ROW_ERROR;
            rows++;
            bad++;
            break;
        }
        if (!more)
            break;
        SQLRETURN row = convert_row(statement, rows);
        if (rowset->status)
            rowset->status[rows] = status_of(row);
        bad += row == SQL_ERROR;
        if (row != SQL_SUCCESS)
            result = SQL_SUCCESS_WITH_INFO;
        rows++;
    }
    if (rowset->fetched)
        *rowset->fetched = rows;
    for (SQLULEN row = rows; rowset->status && row < rowset->size; row++)
        rowset->status[row] = SQL_ROW_NOROW;
    diagnostics_at(diagnostics, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
    statement->on_row = rows > 0 && !statement->failed;
    if (rows == 0)
        return SQL_NO_DATA;
    if (bad)
        return bad == rows ? SQL_ERROR : SQL_SUCCESS_WITH_INFO;
    return result;
}

static SQLRETURN move(struct odbc_statement *statement, const struct rowset *rowset)
{
    struct odbc_handle *handle = &statement->handle;

    memset(&statement->progress, 0, sizeof statement->progress);
    if (statement->failed) {
        statement->on_row = false;
        if (rowset->fetched)
            *rowset->fetched = 0;
        return diagnostics_error(handle, &statement->failure);
    }
    statement_begin_work(statement);
    SQLRETURN result = read_rowset(statement, rowset);
    statement_end_work(statement);
    return result;
}

static SQLRETURN check_cursor(struct odbc_statement *statement, bool extended)
{
    struct odbc_handle *handle = &statement->handle;

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open)
        return diagnostics_fail(handle, "24000", "The statement has no result to fetch from");
    if (extended ? statement->fetched : statement->extended)
        return diagnostics_fail(handle, "HY010", "SQLExtendedFetch can not be mixed with SQLFetch or SQLFetchScroll on one cursor");
    return SQL_SUCCESS;
}

static SQLRETURN fetch_rows(struct odbc_statement *statement)
{
    const struct odbc_descriptor *ird = &statement->ird->content;
    struct rowset rowset = {statement->ard->content.array_size, ird->rows_processed, ird->array_status};

    statement->fetched = true;
    return move(statement, &rowset);
}

SQLRETURN fetch_next(struct odbc_statement *statement)
{
    SQLRETURN result = check_cursor(statement, false);
    return result == SQL_SUCCESS ? fetch_rows(statement) : result;
}

static SQLRETURN check_orientation(struct odbc_statement *statement, SQLSMALLINT orientation)
{
    switch (orientation) {
    case SQL_FETCH_NEXT:
        return SQL_SUCCESS;
    case SQL_FETCH_FIRST:
    case SQL_FETCH_LAST:
    case SQL_FETCH_PRIOR:
    case SQL_FETCH_ABSOLUTE:
    case SQL_FETCH_RELATIVE:
    case SQL_FETCH_BOOKMARK:
        return diagnostics_fail(&statement->handle, "HY106", "The cursor is forward-only: only SQL_FETCH_NEXT is possible");
    default:
        return diagnostics_fail(&statement->handle, "HY106", "There is no fetch orientation %d", (int)orientation);
    }
}

SQLRETURN fetch_scroll(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset)
{
    (void)offset; /* SQL_FETCH_NEXT has none */
    SQLRETURN result = check_cursor(statement, false);
    if (result == SQL_SUCCESS)
        result = check_orientation(statement, orientation);
    return result == SQL_SUCCESS ? fetch_rows(statement) : result;
}

SQLRETURN fetch_extended(struct odbc_statement *statement, SQLUSMALLINT orientation, SQLLEN offset, SQLULEN *fetched,
                         SQLUSMALLINT *status)
{
    struct rowset rowset = {statement->rowset_size, fetched, status};

    (void)offset;
    SQLRETURN result = check_cursor(statement, true);
    if (result == SQL_SUCCESS)
        result = check_orientation(statement, (SQLSMALLINT)orientation);
    if (result != SQL_SUCCESS)
        return result;
    statement->extended = true;
    return move(statement, &rowset);
}

static SQLULEN rowset_size(const struct odbc_statement *statement)
{
    return statement->extended ? statement->rowset_size : statement->ard->content.array_size;
}

SQLRETURN fetch_position(struct odbc_statement *statement, SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock)
{
    struct odbc_handle *handle = &statement->handle;

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open || !statement->on_row)
        return diagnostics_fail(handle, "24000", "The cursor is not on a row");
    if (operation != SQL_POSITION)
        return diagnostics_fail(handle, operation <= SQL_ADD ? "HYC00" : "HY092",
                                "SQLSetPos can only position: results can not be changed through a cursor");
    if (lock != SQL_LOCK_NO_CHANGE)
        return diagnostics_fail(handle, lock <= SQL_LOCK_UNLOCK ? "HYC00" : "HY092", "Rows can not be locked");
    if (row > rowset_size(statement))
        return diagnostics_fail(handle, "HY107", "The rowset has no row %llu", (unsigned long long)row);
    if (row != 1 || rowset_size(statement) > 1)
        return diagnostics_fail(handle, "HYC00", "Rows of a rowset can not be positioned on: set SQL_ATTR_ROW_ARRAY_SIZE to 1");
    return SQL_SUCCESS;
}

/* --- SQLGetData -------------------------------------------------------------------------------------------------------- */

static SQLRETURN check_data(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLLEN room)
{
    struct odbc_handle *handle = &statement->handle;

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open)
        return diagnostics_fail(handle, "24000", "The statement has no result to read from");
    if (!statement->on_row)
        return diagnostics_fail(handle, "24000", "The cursor is not on a row: call SQLFetch first");
    if (rowset_size(statement) > 1)
        return diagnostics_fail(handle, "HYC00", "SQLGetData reads rowsets of one row only: set SQL_ATTR_ROW_ARRAY_SIZE to 1");
    if (!descriptor_record(&statement->ird->content, number))
        return diagnostics_fail(handle, "07009", "There is no column %u: the result has %d%s", number,
                                (int)statement->ird->content.count, number == 0 ? ", and bookmarks are not supported" : "");
    if (c_type != SQL_ARD_TYPE && !type_is_c(c_type))
        return diagnostics_fail(handle, "HY003", "%d is no C type", (int)c_type);
    if (room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length is negative");
    return SQL_SUCCESS;
}

SQLRETURN fetch_data(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER buffer, SQLLEN room,
                     SQLLEN *length)
{
    struct odbc_handle *handle = &statement->handle;
    const struct odbc_record *column = descriptor_record(&statement->ird->content, number);
    const struct odbc_record *bound = descriptor_record(&statement->ard->content, number);
    struct error err = {0};
    struct value value;

    c_type = type_code_modern(c_type);
    SQLRETURN result = check_data(statement, number, c_type, room);
    if (result != SQL_SUCCESS)
        return result;
    if (statement->progress.column != number) {
        memset(&statement->progress, 0, sizeof statement->progress);
        statement->progress.column = number;
    }
    if (!statement_value(statement, (size_t)number - 1, &value, &err))
        return diagnostics_error(handle, &err);
    struct c_target target = {.c_type = c_type, .buffer = buffer, .room = room, .length = length, .indicator = length, .scale = -1};
    if (c_type == SQL_ARD_TYPE) {
        if (!bound)
            return diagnostics_fail(handle, "07009", "SQL_ARD_TYPE was asked for, but column %u has no descriptor record", number);
        target.c_type = bound->concise_type;
    }
    if (bound && bound->concise_type == SQL_C_NUMERIC) {
        target.precision = bound->precision;
        target.scale = bound->scale;
    }
    diagnostics_at(&handle->diagnostics, 1, number);
    return convert_to_c(handle, column, &value, &target, statement->max_length, &statement->progress);
}
