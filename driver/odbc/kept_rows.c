#include "odbc/kept_rows.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/value.h"
#include "engine/engine.h"
#include "odbc/rows.h"

struct odbc_rows *kept_rows_new(size_t column_count)
{
    struct odbc_rows *rows = calloc(1, sizeof *rows);
    if (rows)
        rows->column_count = column_count;
    return rows;
}

static bool copy_cells(struct odbc_rows *rows, struct value *cells, struct query *query, struct error *err)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        if (!query_value(query, i, &cells[i], err))
            return false;
        if (cells[i].storage != STORAGE_TEXT && cells[i].storage != STORAGE_BLOB)
            continue;
        cells[i].text = arena_copy(&rows->arena, cells[i].text, cells[i].length);
        if (!cells[i].text)
            return error_memory(err);
    }
    return true;
}

bool kept_rows_add(struct odbc_rows *rows, struct query *query, struct error *err)
{
    struct value *cells = rows_grow(rows);

    if (!cells)
        return error_memory(err);
    if (copy_cells(rows, cells, query, err))
        return true;
    rows->row_count--; /* half a row is none */
    return false;
}
