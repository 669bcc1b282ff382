#include "odbc/rowset.h"

#include "base/error.h"
#include "base/value.h"
#include "odbc/convert_to_c.h"
#include "odbc/cursor.h"
#include "odbc/handle.h"
#include "odbc/types.h"

void *rowset_place(const struct odbc_descriptor *descriptor, void *pointer, SQLULEN row, size_t element)
{
    if (!pointer)
        return NULL;
    SQLLEN offset = descriptor->bind_offset ? *descriptor->bind_offset : 0;
    return (char *)pointer + offset + row * (descriptor->bind_type == SQL_BIND_BY_COLUMN ? element : descriptor->bind_type);
}

void *rowset_data(const struct odbc_descriptor *descriptor, SQLSMALLINT number, SQLSMALLINT c_type, SQLULEN row)
{
    const struct odbc_record *record = &descriptor->records[number];
    size_t fixed = type_c_size(c_type);

    return rowset_place(descriptor, record->data, row, fixed ? fixed : (size_t)record->octet_length);
}

static SQLRETURN convert(struct odbc_statement *statement, SQLSMALLINT number, SQLSMALLINT c_type,
                         const struct odbc_record *column, const struct value *value, SQLULEN row)
{
    const struct odbc_descriptor *ard = &statement->ard->content;
    const struct odbc_record *bound = &ard->records[number];
    struct c_target target = {
        .c_type = c_type,
        .buffer = rowset_data(ard, number, c_type, row),
        .room = bound->octet_length,
        .length = rowset_place(ard, bound->octet_length_pointer, row, sizeof(SQLLEN)),
        .indicator = rowset_place(ard, bound->indicator_pointer, row, sizeof(SQLLEN)),
        .precision = bound->precision,
        .scale = bound->scale,
        .interval_precision = bound->interval_precision,
        .length_only = !bound->data,
    };
    return convert_to_c(&statement->handle, column, value, &target, statement->max_length, NULL);
}

static SQLRETURN convert_column(struct odbc_statement *statement, SQLSMALLINT number, SQLULEN row)
{
    const struct odbc_record *column = descriptor_record(&statement->ird->content, number);
    SQLSMALLINT c_type = statement->ard->content.records[number].concise_type;
    struct error err; /* not cleared: it is large, and this runs for each cell */
    struct value value;

    if (!cursor_value(statement, (size_t)number - 1, &value, &err))
        return diagnostics_error(&statement->handle, &err);
    if (c_type == SQL_C_DEFAULT)
        c_type = odbc_type_find(column->concise_type)->c_type;
    return convert(statement, number, c_type, column, &value, row);
}

static SQLRETURN convert_bookmark(struct odbc_statement *statement, SQLULEN row)
{
    SQLSMALLINT c_type = cursor_bookmark_as(statement, statement->ard->content.records[0].concise_type);
    struct odbc_record column;

    if (!cursor_describe_bookmark(statement, &column))
        return SQL_SUCCESS;
    bool bytes = c_type == SQL_C_VARBOOKMARK;
    struct value value = bytes ? value_blob(&statement->present, sizeof statement->present)
                               : value_integer((int64_t)statement->present);
    column.type.kind = bytes ? TYPE_BINARY : TYPE_BIGINT;
    return convert(statement, 0, c_type, &column, &value, row);
}

bool rowset_is_bound(const struct odbc_record *record)
{
    return record->data || record->octet_length_pointer || record->indicator_pointer;
}

/* Whether the application has marked a column of a row as none of its business. */
static bool is_ignored(const struct odbc_descriptor *ard, const struct odbc_record *record, SQLULEN row)
{
    const application_length *length = rowset_place(ard, record->octet_length_pointer, row, sizeof(SQLLEN));
    return length && *length == SQL_COLUMN_IGNORE;
}

static SQLRETURN convert_row(struct odbc_statement *statement, SQLULEN row, bool heed_ignored)
{
    const struct odbc_descriptor *ard = &statement->ard->content;
    SQLSMALLINT last = ard->count < statement->ird->content.count ? ard->count : statement->ird->content.count;
    SQLRETURN worst = SQL_SUCCESS;

    if (statement->retrieve_data == SQL_RD_OFF || !ard->records)
        return SQL_SUCCESS;
    for (SQLSMALLINT number = 0; number <= last; number++) {
        if (!rowset_is_bound(&ard->records[number]) || (heed_ignored && is_ignored(ard, &ard->records[number], row)))
            continue;
        diagnostics_at(&statement->handle.diagnostics, (SQLLEN)row + 1, number);
        SQLRETURN result = number ? convert_column(statement, number, row) : convert_bookmark(statement, row);
        if (result == SQL_ERROR || (result == SQL_SUCCESS_WITH_INFO && worst == SQL_SUCCESS))
            worst = result;
    }
    return worst;
}

SQLRETURN rowset_convert(struct odbc_statement *statement, SQLULEN row)
{
    return convert_row(statement, row, false);
}

SQLRETURN rowset_convert_in_bulk(struct odbc_statement *statement, SQLULEN row)
{
    return convert_row(statement, row, true);
}

SQLUSMALLINT rowset_status(SQLRETURN result)
{
    return result == SQL_ERROR ? SQL_ROW_ERROR : result == SQL_SUCCESS_WITH_INFO ? SQL_ROW_SUCCESS_WITH_INFO : SQL_ROW_SUCCESS;
}
