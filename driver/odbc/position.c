/* What is done on rows of the rowset: SQLSetPos, SQLBulkOperations, SQLGetData (ODBC reference, "Positioning the cursor",
 * "Fetching rows with bookmarks", "Getting long data"). Results are read-only. */
#include <string.h>

#include "base/value.h"
#include "odbc/convert_to_c.h"
#include "odbc/cursor.h"
#include "odbc/handle.h"
#include "odbc/interval.h"
#include "odbc/rowset.h"
#include "odbc/statement.h"
#include "odbc/types.h"

/* Makes a row of the rowset (from 1) the one that is read. */
static SQLRETURN go_to(struct odbc_statement *statement, SQLULEN row)
{
    struct error err; /* not cleared: it is large, and this runs for each cell */
    bool there;

    if (!cursor_reach(statement, statement->cursor.at.first + row - 1, &there, &err))
        return diagnostics_error(&statement->handle, &err);
    return SQL_SUCCESS;
}

/* --- SQLSetPos --------------------------------------------------------------------------------------------------------- */

static application_status *status_array(const struct odbc_statement *statement)
{
    return statement->extended ? NULL : statement->ird->content.array_status;
}

static bool is_ignored(const struct odbc_statement *statement, SQLULEN row)
{
    const application_status *operations = statement->ard->content.array_status;
    return operations && operations[row] == SQL_ROW_IGNORE;
}

/* A static cursor does not see changes, so refreshing is converting once more, perhaps into other buffers. */
static SQLRETURN refresh(struct odbc_statement *statement, SQLULEN first, SQLULEN last, bool all)
{
    application_status *status = status_array(statement);
    application_count *count = statement->ird->content.rows_processed;
    SQLRETURN worst = SQL_SUCCESS;
    SQLULEN done = 0, good = 0;

    for (SQLULEN row = first; row <= last; row++) {
        if (all && is_ignored(statement, row - 1))
            continue;
        SQLRETURN result = go_to(statement, row);
        if (result == SQL_SUCCESS)
            result = rowset_convert(statement, row - 1);
        if (status)
            status[row - 1] = rowset_status(result);
        done++;
        good += result != SQL_ERROR;
        if (result != SQL_SUCCESS && worst != SQL_ERROR)
            worst = result;
    }
    diagnostics_at(&statement->handle.diagnostics, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
    if (all && count && !statement->extended)
        *count = done;
    return worst == SQL_ERROR && good > 0 ? SQL_SUCCESS_WITH_INFO : worst;
}

static SQLRETURN check_position(struct odbc_statement *statement, SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock)
{
    struct odbc_handle *handle = &statement->handle;

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open || !statement->on_row)
        return diagnostics_fail(handle, "24000", "The cursor is not on a row");
    if (operation > SQL_ADD)
        return diagnostics_fail(handle, "HY092", "SQLSetPos knows no operation %u", operation);
    if (operation != SQL_POSITION && operation != SQL_REFRESH) /* SQL_ADD is of ODBC 2 */
        return diagnostics_fail(handle, operation == SQL_ADD ? "HYC00" : "HY092",
                                "Results can not be changed through a cursor: they are read-only");
    if (lock != SQL_LOCK_NO_CHANGE)
        return diagnostics_fail(handle, lock <= SQL_LOCK_UNLOCK ? "HYC00" : "HY092", "Rows can not be locked");
    if (row > statement->cursor.size) /* of the last fetch: the attribute is for the next one */
        return diagnostics_fail(handle, "HY107", "The rowset has no row %llu", (unsigned long long)row);
    if (row > statement->cursor.rows)
        return diagnostics_fail(handle, "HY109", "The result ended before row %llu of the rowset", (unsigned long long)row);
    if (row == 0 && operation == SQL_POSITION)
        return diagnostics_fail(handle, "HY109", "The cursor can not be positioned on row 0: rows start at 1");
    /* The row that a forward-only cursor is on is the only one that it still has. */
    if (!cursor_scrolls(statement) && (operation == SQL_REFRESH || statement->cursor.size > 1))
        return diagnostics_fail(handle, "HY109", "The cursor is forward-only: set SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC");
    return SQL_SUCCESS;
}

SQLRETURN position_set(struct odbc_statement *statement, SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock)
{
    SQLRETURN result = check_position(statement, row, operation, lock);

    if (result != SQL_SUCCESS)
        return result;
    memset(&statement->progress, 0, sizeof statement->progress);
    if (row > 0)
        statement->cursor.current = row;
    if (operation == SQL_POSITION)
        return SQL_SUCCESS;
    return row ? refresh(statement, row, row, false) : refresh(statement, 1, statement->cursor.rows, true);
}

/* --- SQLBulkOperations -------------------------------------------------------------------------------------------------- */

static SQLRETURN fetch_one(struct odbc_statement *statement, SQLULEN row)
{
    struct odbc_descriptor *ard = &statement->ard->content;
    SQLSMALLINT c_type = cursor_bookmark_as(statement, ard->records[0].concise_type);
    const void *bookmark = rowset_data(ard, 0, c_type, row);
    struct error err = {0};
    uint64_t number, wide;
    SQLUINTEGER narrow;

    diagnostics_at(&statement->handle.diagnostics, (SQLLEN)row + 1, 0);
    if (!cursor_bookmark_type(c_type) || (c_type == SQL_C_VARBOOKMARK && ard->records[0].octet_length < CURSOR_BOOKMARK_SIZE))
        return diagnostics_fail(&statement->handle, "HY111", "Column 0 is bound to a buffer that can not hold a bookmark of %d bytes",
                                (int)CURSOR_BOOKMARK_SIZE);
    if (c_type == SQL_C_ULONG) {
        memcpy(&narrow, bookmark, sizeof narrow);
        wide = narrow;
        bookmark = &wide;
    }
    if (!cursor_bookmarked(statement, bookmark, &number, &err))
        return diagnostics_error(&statement->handle, &err);
    if (number == 0)
        return diagnostics_fail(&statement->handle, "HY111", "The bookmark is none of this cursor");
    return rowset_convert_in_bulk(statement, row);
}

/* No row can be left out: the row operation array is SQLSetPos's alone. */
static SQLRETURN fetch_by_bookmark(struct odbc_statement *statement)
{
    const struct odbc_descriptor *ird = &statement->ird->content;
    SQLULEN size = statement->ard->content.array_size, bad = 0;
    SQLRETURN worst = SQL_SUCCESS;

    for (SQLULEN row = 0; row < size; row++) {
        SQLRETURN result = fetch_one(statement, row);
        if (ird->array_status)
            ird->array_status[row] = rowset_status(result);
        bad += result == SQL_ERROR;
        if (result != SQL_SUCCESS)
            worst = SQL_SUCCESS_WITH_INFO;
    }
    diagnostics_at(&statement->handle.diagnostics, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
    if (ird->rows_processed)
        *ird->rows_processed = size;
    return bad == size ? SQL_ERROR : worst;
}

SQLRETURN position_bulk(struct odbc_statement *statement, SQLSMALLINT operation)
{
    struct odbc_handle *handle = &statement->handle;
    const struct odbc_record *bookmark = descriptor_bookmark(&statement->ard->content);

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open)
        return diagnostics_fail(handle, "24000", "The statement has no result");
    if (!statement->fetched) /* Appendix B: only after SQLFetch or SQLFetchScroll */
        return diagnostics_fail(handle, "HY010", "SQLBulkOperations follows SQLFetch or SQLFetchScroll");
    if (operation == SQL_ADD || operation == SQL_UPDATE_BY_BOOKMARK || operation == SQL_DELETE_BY_BOOKMARK)
        return diagnostics_fail(handle, "HY092", "Results can not be changed through a cursor: they are read-only");
    if (operation != SQL_FETCH_BY_BOOKMARK)
        return diagnostics_fail(handle, "HY092", "SQLBulkOperations knows no operation %d", (int)operation);
    if (statement->use_bookmarks == SQL_UB_OFF || !bookmark || !bookmark->data)
        return diagnostics_fail(handle, "HY092", "Fetching by bookmark needs SQL_ATTR_USE_BOOKMARKS, and column 0 bound");
    if (!cursor_scrolls(statement))
        return diagnostics_fail(handle, "HYC00", "The cursor is forward-only: set SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC");
    memset(&statement->progress, 0, sizeof statement->progress);
    statement_begin_work(statement);
    SQLRETURN result = fetch_by_bookmark(statement);
    return result;
}

/* --- SQLGetData --------------------------------------------------------------------------------------------------------- */

static SQLRETURN check_data(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLLEN room)
{
    struct odbc_handle *handle = &statement->handle;

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open)
        return diagnostics_fail(handle, "24000", "The statement has no result to read from");
    if (!statement->on_row)
        return diagnostics_fail(handle, "24000", "The cursor is not on a row: call SQLFetch first");
    if (!cursor_scrolls(statement) && statement->cursor.size > 1)
        return diagnostics_fail(handle, "HY109", "The cursor is forward-only and its rowset has more than one row: set "
                                                 "SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC, or SQL_ATTR_ROW_ARRAY_SIZE to 1");
    if (number == 0 && statement->use_bookmarks == SQL_UB_OFF)
        return diagnostics_fail(handle, "07009", "Column 0 is the bookmark, and SQL_ATTR_USE_BOOKMARKS is off");
    if (number != 0 && !descriptor_record(&statement->ird->content, number))
        return diagnostics_fail(handle, "07009", "There is no column %u: the result has %d", number,
                                (int)statement->ird->content.count);
    if (c_type != SQL_ARD_TYPE && !type_is_c(c_type))
        return diagnostics_fail(handle, "HY003", "%d is no C type", (int)c_type);
    if (number == 0 && c_type != SQL_C_DEFAULT && !cursor_bookmark_type(c_type))
        return diagnostics_fail(handle, "HY003", "A bookmark is SQL_C_VARBOOKMARK or SQL_C_BOOKMARK, not C type %d", (int)c_type);
    if (room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length is negative");
    return SQL_SUCCESS;
}

static SQLRETURN give_bookmark(struct odbc_statement *statement, struct c_target *target)
{
    struct odbc_record column;

    cursor_describe_bookmark(statement, &column);
    target->c_type = cursor_bookmark_as(statement, target->c_type);
    bool bytes = target->c_type == SQL_C_VARBOOKMARK;
    struct value value = bytes ? value_blob(&statement->present, sizeof statement->present)
                               : value_integer((int64_t)statement->present);
    column.type.kind = bytes ? TYPE_BINARY : TYPE_BIGINT;
    return convert_to_c(&statement->handle, &column, &value, target, 0, &statement->progress);
}

SQLRETURN position_data(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER buffer, SQLLEN room,
                        SQLLEN *length)
{
    struct odbc_handle *handle = &statement->handle;
    const struct odbc_record *column = descriptor_record(&statement->ird->content, number);
    const struct odbc_record *bound = descriptor_record(&statement->ard->content, number);
    struct error err; /* not cleared: it is large, and this runs for each cell */
    struct value value;

    c_type = type_code_modern(c_type);
    SQLRETURN result = check_data(statement, number, c_type, room);
    if (result == SQL_SUCCESS)
        result = go_to(statement, statement->cursor.current);
    if (result != SQL_SUCCESS)
        return result;
    if (!statement->progress.begun || statement->progress.column != number) {
        memset(&statement->progress, 0, sizeof statement->progress);
        statement->progress.begun = true;
        statement->progress.column = number;
    }
    struct c_target target = {.c_type = c_type, .buffer = buffer, .room = room, .length = length, .indicator = length, .scale = -1};
    diagnostics_at(&handle->diagnostics, (SQLLEN)statement->cursor.current, number);
    if (number == 0)
        return give_bookmark(statement, &target);
    if (!cursor_value(statement, (size_t)number - 1, &value, &err))
        return diagnostics_error(handle, &err);
    if (c_type == SQL_ARD_TYPE) {
        if (!bound)
            return diagnostics_fail(handle, "07009", "SQL_ARD_TYPE was asked for, but column %u has no descriptor record", number);
        target.c_type = bound->concise_type;
    }
    if (interval_is_type(target.c_type))
        target.precision = INTERVAL_FRACTION;
    if (bound && bound->concise_type == target.c_type && (target.c_type == SQL_C_NUMERIC || interval_is_type(target.c_type))) {
        target.precision = bound->precision;
        target.scale = bound->scale;
        target.interval_precision = bound->interval_precision;
    }
    return convert_to_c(handle, column, &value, &target, statement->max_length, &statement->progress);
}
