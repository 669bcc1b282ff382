#include "odbc/cursor.h"

#include <string.h>

#include "base/error.h"
#include "base/value.h"
#include "engine/engine.h"
#include "odbc/handle.h"
#include "odbc/kept_rows.h"
#include "odbc/rows.h"

bool cursor_scrolls(const struct odbc_statement *statement)
{
    return statement->cursor_type != SQL_CURSOR_FORWARD_ONLY;
}

/* --- rows by number ----------------------------------------------------------------------------------------------------- */

/* Moves the query to its next row. A failure ends the cursor but is never taken for its end: every later call tells it again. */
static bool read_on(struct odbc_statement *statement, bool *row, struct error *err)
{
    *row = false;
    if (statement->failed) {
        *err = statement->failure;
        return false;
    }
    if (statement->row_pending) {
        statement->row_pending = false;
        *row = true;
    } else if (!statement->at_end && !query_step(statement->query, row, err)) {
        statement->failed = true;
        statement->failure = *err;
        return false;
    }
    statement->at_end = !*row;
    statement->row_number += *row;
    return true;
}

static bool reach_kept(struct odbc_statement *statement, uint64_t number, bool *there, struct error *err)
{
    struct odbc_rows *kept = statement->kept;

    while (kept->row_count < number && !statement->at_end) {
        bool row;
        if (!read_on(statement, &row, err))
            return false;
        if (row && !kept_rows_add(kept, statement->query, err)) {
            statement->failed = true; /* the row is gone */
            statement->failure = *err;
            return false;
        }
    }
    *there = number <= kept->row_count;
    return true;
}

static uint64_t catalog_count(const struct odbc_statement *statement)
{
    uint64_t count = statement->rows->row_count;
    return statement->max_rows && statement->max_rows < count ? statement->max_rows : count;
}

bool cursor_reach(struct odbc_statement *statement, uint64_t number, bool *there, struct error *err)
{
    statement->present = number;
    if (statement->rows) {
        *there = number <= catalog_count(statement);
        return true;
    }
    if (!statement->kept && cursor_scrolls(statement)) {
        statement->kept = kept_rows_new((size_t)statement->ird->content.count);
        if (!statement->kept)
            return error_memory(err);
    }
    if (statement->kept)
        return reach_kept(statement, number, there, err);
    if (number <= statement->row_number) {
        *there = number == statement->row_number && !statement->at_end;
        return true;
    }
    return read_on(statement, there, err);
}

bool cursor_value(struct odbc_statement *statement, size_t column, struct value *value, struct error *err)
{
    const struct odbc_rows *rows = statement->rows ? statement->rows : statement->kept;

    if (!rows)
        return query_value(statement->query, column, value, err);
    *value = rows->cells[(statement->present - 1) * rows->column_count + column];
    return true;
}

size_t cursor_at_hand(const struct odbc_statement *statement)
{
    if (statement->rows || statement->kept || statement->at_end || statement->failed)
        return 1;
    return 1 + query_following(statement->query);
}

const struct value *cursor_cells_at_hand(const struct odbc_statement *statement, size_t column)
{
    return query_cells(statement->query, column);
}

void cursor_pass_at_hand(struct odbc_statement *statement, size_t rows)
{
    query_pass(statement->query, rows);
    statement->row_number += rows;
    statement->present += rows;
}

/* --- where a rowset starts ---------------------------------------------------------------------------------------------- */

static bool count_rows(struct odbc_statement *statement, uint64_t *count, struct error *err)
{
    bool there;

    if (!cursor_reach(statement, UINT64_MAX, &there, err))
        return false;
    *count = statement->rows ? catalog_count(statement) : statement->kept->row_count;
    return true;
}

static bool start_at(struct odbc_statement *statement, uint64_t number, struct cursor_target *target, struct error *err)
{
    bool there;

    if (!cursor_reach(statement, number, &there, err))
        return false;
    target->place = there ? CURSOR_ON : CURSOR_AFTER;
    target->first = number;
    return true;
}

static bool start_at_first(struct odbc_statement *statement, bool overlaps, struct cursor_target *target, struct error *err)
{
    if (!start_at(statement, 1, target, err))
        return false;
    target->overlaps = overlaps && target->place == CURSOR_ON;
    return true;
}

static uint64_t magnitude(SQLLEN offset)
{
    return offset < 0 ? 0 - (uint64_t)offset : (uint64_t)offset;
}

static bool find_absolute(struct odbc_statement *statement, SQLLEN offset, SQLULEN size, struct cursor_target *target,
                          struct error *err)
{
    uint64_t last, back = magnitude(offset);

    if (offset == 0)
        return true;
    if (offset > 0)
        return start_at(statement, (uint64_t)offset, target, err);
    if (!count_rows(statement, &last, err))
        return false;
    if (back <= last)
        return start_at(statement, last - back + 1, target, err);
    return back > size || start_at_first(statement, true, target, err);
}

static bool find_relative(struct odbc_statement *statement, SQLLEN offset, SQLULEN size, struct cursor_target *target,
                          struct error *err)
{
    const struct odbc_cursor *cursor = &statement->cursor;
    uint64_t distance = magnitude(offset);

    if (cursor->at.place != CURSOR_ON) {
        target->place = cursor->at.place;
        if (cursor->at.place == CURSOR_BEFORE ? offset <= 0 : offset >= 0)
            return true;
        target->place = CURSOR_BEFORE;
        return find_absolute(statement, offset, size, target, err);
    }
    if (offset >= 0)
        return start_at(statement, cursor->at.first + distance, target, err);
    if (distance < cursor->at.first)
        return start_at(statement, cursor->at.first - distance, target, err);
    return cursor->at.first == 1 || distance > size || start_at_first(statement, true, target, err);
}

/* The `size` rows that end with row `last`. */
static bool end_with(struct odbc_statement *statement, uint64_t last, SQLULEN size, bool overlaps, struct cursor_target *target,
                     struct error *err)
{
    if (last >= size)
        return start_at(statement, last - size + 1, target, err);
    return start_at_first(statement, overlaps, target, err);
}

static bool find_prior(struct odbc_statement *statement, SQLULEN size, struct cursor_target *target, struct error *err)
{
    const struct odbc_cursor *cursor = &statement->cursor;
    uint64_t last;

    if (cursor->at.place == CURSOR_BEFORE || (cursor->at.place == CURSOR_ON && cursor->at.first == 1))
        return true;
    if (cursor->at.place == CURSOR_ON)
        return end_with(statement, cursor->at.first - 1, size, true, target, err);
    return count_rows(statement, &last, err) && end_with(statement, last, size, true, target, err);
}

static bool find_next(struct odbc_statement *statement, struct cursor_target *target, struct error *err)
{
    const struct odbc_cursor *cursor = &statement->cursor;

    target->place = CURSOR_AFTER;
    if (cursor->at.place == CURSOR_AFTER)
        return true;
    return start_at(statement, cursor->at.place == CURSOR_ON ? cursor->at.first + cursor->size : 1, target, err);
}

bool cursor_find(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset, uint64_t base, SQLULEN size,
                 struct cursor_target *target, struct error *err)
{
    uint64_t last;

    *target = (struct cursor_target){.place = CURSOR_BEFORE};
    switch (orientation) {
    case SQL_FETCH_FIRST:
        return start_at(statement, 1, target, err);
    case SQL_FETCH_LAST:
        return count_rows(statement, &last, err) && end_with(statement, last, size, false, target, err);
    case SQL_FETCH_PRIOR:
        return find_prior(statement, size, target, err);
    case SQL_FETCH_ABSOLUTE:
        return find_absolute(statement, offset, size, target, err);
    case SQL_FETCH_RELATIVE:
        return find_relative(statement, offset, size, target, err);
    case SQL_FETCH_BOOKMARK:
        if (offset < 0)
            return magnitude(offset) >= base || start_at(statement, base - magnitude(offset), target, err);
        return start_at(statement, base + magnitude(offset), target, err);
    default:
        return find_next(statement, target, err);
    }
}

/* --- bookmarks ---------------------------------------------------------------------------------------------------------- */

bool cursor_bookmarked(struct odbc_statement *statement, const void *bookmark, uint64_t *row, struct error *err)
{
    bool there = false;

    memcpy(row, bookmark, sizeof *row);
    if (*row >= 1 && !cursor_reach(statement, *row, &there, err))
        return false;
    if (!there)
        *row = 0;
    return true;
}

bool cursor_describe_bookmark(const struct odbc_statement *statement, struct odbc_record *record)
{
    bool variable = statement->use_bookmarks == SQL_UB_VARIABLE;

    if (statement->use_bookmarks == SQL_UB_OFF)
        return false;
    memset(record, 0, sizeof *record);
    record->concise_type = variable ? SQL_BINARY : SQL_INTEGER;
    record->length = variable ? CURSOR_BOOKMARK_SIZE : 10;
    record->precision = variable ? 0 : 10;
    record->octet_length = variable ? CURSOR_BOOKMARK_SIZE : (SQLLEN)sizeof(SQLINTEGER);
    record->radix = variable ? 0 : 10;
    record->nullable = SQL_NO_NULLS;
    record->type.kind = variable ? TYPE_BINARY : TYPE_BIGINT;
    record->name = record->base_column = record->table = record->base_table = record->catalog = "";
    return true;
}

bool cursor_bookmark_type(SQLSMALLINT c_type)
{
    return c_type == SQL_C_VARBOOKMARK || c_type == SQL_C_BOOKMARK || c_type == SQL_C_ULONG;
}

SQLSMALLINT cursor_bookmark_as(const struct odbc_statement *statement, SQLSMALLINT c_type)
{
    if (c_type != SQL_C_DEFAULT)
        return c_type;
    return statement->use_bookmarks == SQL_UB_VARIABLE ? SQL_C_VARBOOKMARK : SQL_C_BOOKMARK;
}
