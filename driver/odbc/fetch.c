/* Binding columns and fetching rowsets: SQLBindCol, SQLFetch, SQLFetchScroll, SQLExtendedFetch (ODBC reference, "Retrieving Results"). */
#include <string.h>

#include "odbc/bulk.h"
#include "odbc/cursor.h"
#include "odbc/handle.h"
#include "odbc/rowset.h"
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
    if (number == 0 && statement->use_bookmarks == SQL_UB_OFF)
        return diagnostics_fail(handle, "07009", "Column 0 is the bookmark, and SQL_ATTR_USE_BOOKMARKS is off");
    if (number > 32767)
        return diagnostics_fail(handle, "07009", "There can be no column %u", number);
    if (!type_is_c(c_type))
        return diagnostics_fail(handle, "HY003", "%d is no C type", (int)c_type);
    if (number == 0 && !cursor_bookmark_type(c_type))
        return diagnostics_fail(handle, "HY003", "A bookmark is SQL_C_VARBOOKMARK or SQL_C_BOOKMARK, not C type %d", (int)c_type);
    if (room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length of column %u is negative", number);
    if (!value && !length) { /* unbinding; the last records go with it */
        struct odbc_record *record = number ? descriptor_record(ard, number) : descriptor_bookmark(ard);
        if (record) {
            record->data = NULL;
            record->octet_length_pointer = record->indicator_pointer = NULL;
        }
        while (ard->count > 0 && !rowset_is_bound(&ard->records[ard->count]))
            descriptor_cut(ard, (SQLSMALLINT)(ard->count - 1));
        return SQL_SUCCESS;
    }
    if (!descriptor_reach(ard, (SQLSMALLINT)number))
        return diagnostics_fail(handle, "HY001", "Out of memory");
    struct odbc_record *record = number ? descriptor_record(ard, number) : descriptor_bookmark(ard);
    record_set_type(record, c_type);
    record->data = value;
    record->octet_length = room;
    record->octet_length_pointer = length;
    record->indicator_pointer = length;
    return SQL_SUCCESS;
}

/* --- a rowset --------------------------------------------------------------------------------------------------------- */

struct rowset {
    SQLULEN size;
    application_count *fetched;
    application_status *status;
};

/* Of the rows read so far. */
struct outcome {
    SQLULEN bad;
    SQLRETURN worst;
};

/* SQLExtendedFetch announces the errors of a row by 01S01, and succeeds with that even when no row is without. */
static void announce_error(struct odbc_statement *statement, SQLULEN row)
{
    if (!statement->extended)
        return;
    diagnostics_at(&statement->handle.diagnostics, (SQLLEN)row + 1, SQL_NO_COLUMN_NUMBER);
    diagnostics_warn(&statement->handle, "01S01", "Row %llu of the rowset could not be read", (unsigned long long)row + 1);
}

/* What became of a row of the rowset. */
static void note_row(struct odbc_statement *statement, const struct rowset *rowset, SQLULEN row, SQLRETURN result, struct outcome *outcome)
{
    if (rowset->status)
        rowset->status[row] = rowset_status(result);
    if (result == SQL_ERROR) {
        outcome->bad++;
        announce_error(statement, row);
    }
    if (result != SQL_SUCCESS)
        outcome->worst = SQL_SUCCESS_WITH_INFO;
}

/* Reads the rows at hand, as many as the rowset still takes: by columns, and again row by row those of which there is something to say.
 * Returns how many. */
static SQLULEN read_at_hand(struct odbc_statement *statement, const struct rowset *rowset, SQLULEN row, SQLULEN count, struct outcome *outcome)
{
    bool odd[BULK_ROWS];
    SQLULEN passed = 0;

    count = count > BULK_ROWS ? BULK_ROWS : count;
    bool any = bulk_convert(statement, row, count, odd);
    for (SQLULEN i = 0; i < count; i++) {
        SQLRETURN result = SQL_SUCCESS;
        if (any && odd[i]) {
            cursor_pass_at_hand(statement, i - passed);
            passed = i;
            result = rowset_convert(statement, row + i);
        }
        note_row(statement, rowset, row + i, result, outcome);
    }
    cursor_pass_at_hand(statement, count - 1 - passed);
    return count;
}

/* Reads the rows from `first` on into the bound buffers. */
static SQLRETURN read_rowset(struct odbc_statement *statement, uint64_t first, const struct rowset *rowset)
{
    struct odbc_cursor *cursor = &statement->cursor;
    struct odbc_diagnostics *diagnostics = &statement->handle.diagnostics;
    struct outcome outcome = {0, SQL_SUCCESS};
    SQLULEN rows = 0;
    bool there = true, failed = false, by_columns = rowset->size > 1 && bulk_can(statement);

    while (rows < rowset->size && !failed) {
        struct error err; /* not cleared: it is large, and this runs for each row */
        SQLRETURN row;
        failed = !cursor_reach(statement, first + rows, &there, &err);
        if (!failed && !there)
            break;
        SQLULEN left = rowset->size - rows, at_hand = failed || !by_columns ? 1 : cursor_at_hand(statement);
        if (at_hand > 1 && left > 1) {
            rows += read_at_hand(statement, rowset, rows, at_hand < left ? at_hand : left, &outcome);
            continue;
        }
        if (failed) {
            diagnostics_at(diagnostics, (SQLLEN)rows + 1, SQL_COLUMN_NUMBER_UNKNOWN);
            row = diagnostics_error(&statement->handle, &err);
        } else {
            row = rowset_convert(statement, rows);
        }
        note_row(statement, rowset, rows, row, &outcome);
        rows++;
    }
    if (rowset->fetched)
        *rowset->fetched = rows;
    for (SQLULEN row = rows; rowset->status && row < rowset->size; row++)
        rowset->status[row] = SQL_ROW_NOROW;
    diagnostics_at(diagnostics, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
    cursor->at = (struct cursor_target){.place = CURSOR_ON, .first = first};
    cursor->size = rowset->size;
    cursor->rows = rows - failed;
    cursor->current = 1;
    statement->on_row = cursor->rows > 0;
    return outcome.bad == rows && !statement->extended ? SQL_ERROR : outcome.worst;
}

/* No rowset there: before the first row, or behind the last. */
static SQLRETURN leave_rows(struct odbc_statement *statement, const struct cursor_target *target, const struct rowset *rowset)
{
    statement->cursor.at = *target;
    if (rowset->fetched)
        *rowset->fetched = 0;
    for (SQLULEN row = 0; rowset->status && row < rowset->size; row++)
        rowset->status[row] = SQL_ROW_NOROW;
    return SQL_NO_DATA;
}

/* The row that SQL_FETCH_BOOKMARK starts from. SQLFetchScroll is given it by SQL_ATTR_FETCH_BOOKMARK_PTR, and an offset beside it;
 * the ODBC 2 function is given the bookmark itself for an offset. */
static SQLRETURN find_bookmark(struct odbc_statement *statement, SQLLEN *offset, uint64_t *base)
{
    struct odbc_handle *handle = &statement->handle;
    uint64_t given = (uint64_t)*offset;
    const void *bookmark = statement->extended ? &given : statement->fetch_bookmark;
    struct error err;

    if (!bookmark)
        return diagnostics_fail(handle, "HY111", "SQL_ATTR_FETCH_BOOKMARK_PTR points to no bookmark");
    if (!cursor_bookmarked(statement, bookmark, base, &err))
        return diagnostics_error(handle, &err);
    if (*base == 0)
        return diagnostics_fail(handle, "HY111", "The bookmark is none of this cursor");
    if (statement->extended)
        *offset = 0;
    return SQL_SUCCESS;
}

static SQLRETURN move(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset, const struct rowset *rowset)
{
    struct odbc_handle *handle = &statement->handle;
    struct cursor_target target;
    struct error err;
    uint64_t base = 0;

    memset(&statement->progress, 0, sizeof statement->progress);
    if (orientation == SQL_FETCH_BOOKMARK && find_bookmark(statement, &offset, &base) != SQL_SUCCESS)
        return SQL_ERROR;
    bool was_on_row = statement->on_row;
    statement->on_row = false;
    if (!cursor_find(statement, orientation, offset, base, rowset->size, &target, &err)) {
        statement->on_row = was_on_row && cursor_scrolls(statement); /* SQLFetch: an error of the whole function leaves the position */
        if (rowset->fetched)
            *rowset->fetched = 0;
        return diagnostics_error(handle, &err);
    }
    if (target.place != CURSOR_ON)
        return leave_rows(statement, &target, rowset);
    SQLRETURN result = read_rowset(statement, target.first, rowset);
    if (target.overlaps && result != SQL_ERROR)
        return diagnostics_warn(handle, "01S06", "The rowset would have begun before the first row of the result; it begins with it");
    return result;
}

/* --- the three functions ---------------------------------------------------------------------------------------------- */

static SQLRETURN check_cursor(struct odbc_statement *statement, bool extended)
{
    struct odbc_handle *handle = &statement->handle;
    const struct odbc_record *bookmark = descriptor_bookmark(&statement->ard->content);

    if (statement->needs_data || !statement->executed)
        return diagnostics_fail(handle, "HY010", "Nothing has been executed on this statement");
    if (!statement->cursor_open)
        return diagnostics_fail(handle, "24000", "The statement has no result to fetch from");
    if (extended ? statement->fetched : statement->extended)
        return diagnostics_fail(handle, "HY010", "SQLExtendedFetch can not be mixed with SQLFetch or SQLFetchScroll on one cursor");
    if (bookmark && bookmark->data && statement->use_bookmarks == SQL_UB_OFF)
        return diagnostics_fail(handle, "07009", "Column 0, the bookmark, is bound, and SQL_ATTR_USE_BOOKMARKS is off");
    return SQL_SUCCESS;
}

static SQLRETURN check_orientation(struct odbc_statement *statement, SQLSMALLINT orientation)
{
    struct odbc_handle *handle = &statement->handle;

    switch (orientation) {
    case SQL_FETCH_NEXT:
        return SQL_SUCCESS;
    case SQL_FETCH_FIRST:
    case SQL_FETCH_LAST:
    case SQL_FETCH_PRIOR:
    case SQL_FETCH_ABSOLUTE:
    case SQL_FETCH_RELATIVE:
    case SQL_FETCH_BOOKMARK:
        break;
    default:
        return diagnostics_fail(handle, "HY106", "There is no fetch orientation %d", (int)orientation);
    }
    if (!cursor_scrolls(statement))
        return diagnostics_fail(handle, "HY106", "The cursor is forward-only: only SQL_FETCH_NEXT is possible");
    if (orientation == SQL_FETCH_BOOKMARK && statement->use_bookmarks == SQL_UB_OFF)
        return diagnostics_fail(handle, "HY106", "SQL_FETCH_BOOKMARK needs SQL_ATTR_USE_BOOKMARKS");
    return SQL_SUCCESS;
}

static SQLRETURN fetch(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset, bool extended,
                       const struct rowset *rowset)
{
    SQLRETURN result = check_cursor(statement, extended);
    if (result == SQL_SUCCESS)
        result = check_orientation(statement, orientation);
    if (result != SQL_SUCCESS)
        return result;
    statement->extended = extended;
    statement->fetched = !extended;
    statement_begin_work(statement);
    result = move(statement, orientation, offset, rowset);
    return result == SQL_ERROR ? result : statement_tell(statement, result);
}

SQLRETURN fetch_scroll(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset)
{
    const struct odbc_descriptor *ird = &statement->ird->content;
    const struct rowset rowset = {statement->ard->content.array_size, ird->rows_processed, ird->array_status};

    return fetch(statement, orientation, offset, false, &rowset);
}

SQLRETURN fetch_next(struct odbc_statement *statement)
{
    return fetch_scroll(statement, SQL_FETCH_NEXT, 0);
}

SQLRETURN fetch_extended(struct odbc_statement *statement, SQLUSMALLINT orientation, SQLLEN offset, SQLULEN *fetched,
                         SQLUSMALLINT *status)
{
    const struct rowset rowset = {statement->rowset_size, fetched, status};

    return fetch(statement, (SQLSMALLINT)orientation, offset, true, &rowset);
}
