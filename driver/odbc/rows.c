#include "odbc/rows.h"

#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "odbc/handle.h"
#include "odbc/statement.h"
#include "odbc/types.h"

static bool describe(struct odbc_statement *statement, const struct odbc_row_column *columns, size_t count)
{
    struct odbc_descriptor *ird = &statement->ird->content;
    bool odbc2 = handle_is_odbc2(&statement->handle);

    descriptor_cut(ird, 0);
    if (!descriptor_reach(ird, (SQLSMALLINT)count))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct odbc_record *record = descriptor_record(ird, (SQLLEN)i + 1);
        bool text = columns[i].code == SQL_WVARCHAR;
        struct type type = {.kind = text ? TYPE_STRING : columns[i].code == SQL_SMALLINT ? TYPE_SMALLINT : TYPE_INTEGER, .size = columns[i].size};

        record_describe(record, &type, statement->connection->ansi);
        record->name = odbc2 && columns[i].name2 ? columns[i].name2 : columns[i].name;
        record->base_column = record->name;
        record->table = record->base_table = record->catalog = "";
        record->nullable = columns[i].nullable ? SQL_NULLABLE : SQL_NO_NULLS;
    }
    return true;
}

SQLRETURN rows_begin(struct odbc_statement *statement, const char *function, const struct odbc_row_column *columns, size_t count)
{
    struct error err = {0};

    if (statement->needs_data)
        return diagnostics_fail(&statement->handle, "HY010", "%s can not be called while parameter data is awaited", function);
    if (statement->cursor_open)
        return diagnostics_fail(&statement->handle, "24000", "A cursor is open on this statement: close it before calling %s", function);

    statement_forget(statement);
    statement->rows = calloc(1, sizeof *statement->rows);
    if (!statement->rows || !describe(statement, columns, count)) {
        statement_forget(statement);
        return diagnostics_fail(&statement->handle, "HY001", "Out of memory");
    }
    statement->rows->column_count = count;
    statement_begin_work(statement);
    if (!engine_names(statement->connection->engine, &statement->cancel, &statement->rows->names, &err)) {
        statement->rows->names = NULL;
        statement_forget(statement);
        return diagnostics_error(&statement->handle, &err);
    }
    statement_open_cursor(statement);
    return SQL_SUCCESS;
}

struct value *rows_grow(struct odbc_rows *rows)
{
    if (rows->row_count == rows->capacity) {
        size_t capacity = rows->capacity ? rows->capacity * 2 : 64;
        if (capacity > SIZE_MAX / sizeof *rows->cells / (rows->column_count ? rows->column_count : 1))
            return NULL;
        struct value *grown = realloc(rows->cells, capacity * rows->column_count * sizeof *grown);
        if (!grown)
            return NULL;
        rows->cells = grown;
        rows->capacity = capacity;
    }
    struct value *cells = rows->cells + rows->row_count++ * rows->column_count;
    for (size_t i = 0; i < rows->column_count; i++)
        cells[i] = value_null();
    return cells;
}

struct value *rows_add(struct odbc_statement *statement)
{
    struct value *cells = rows_grow(statement->rows);
    if (!cells) {
        statement_forget(statement);
        diagnostics_fail(&statement->handle, "HY001", "Out of memory");
    }
    return cells;
}

struct value rows_text(const char *text)
{
    return text ? value_text(text, strlen(text)) : value_null();
}

static int compare_cells(const struct value *a, const struct value *b)
{
    if (a->storage != b->storage)
        return a->storage < b->storage ? -1 : 1;
    if (a->storage == STORAGE_INTEGER)
        return (a->integer > b->integer) - (a->integer < b->integer);
    return a->storage == STORAGE_TEXT ? strcmp(a->text, b->text) : 0;
}

static int compare_rows(const void *a, const void *b, void *order)
{
    for (const int *column = order; *column >= 0; column++) {
        int result = compare_cells((const struct value *)a + *column, (const struct value *)b + *column);
        if (result)
            return result;
    }
    return 0;
}

void rows_sort(struct odbc_rows *rows, const int *order)
{
    int keys[8];
    size_t count = 0;

    while (count < 7 && order[count] >= 0) {
        keys[count] = order[count];
        count++;
    }
    keys[count] = -1;
    if (rows->row_count > 1)
        qsort_r(rows->cells, rows->row_count, rows->column_count * sizeof *rows->cells, compare_rows, keys);
}

void rows_close(struct odbc_rows *rows)
{
    if (!rows)
        return;
    arena_clear(&rows->arena);
    engine_names_release(rows->names);
    free(rows->cells);
    free(rows);
}
