#include "system/rows.h"

#include <string.h>

bool system_rows_open(struct system_rows *rows, size_t column_count)
{
    *rows = (struct system_rows){.column_count = column_count};
    rows->cells = arena_array(&rows->arena, column_count, sizeof *rows->cells);
    return rows->cells;
}

static bool grow(struct system_rows *rows)
{
    size_t capacity = rows->capacity ? rows->capacity * 2 : 64;

    for (size_t i = 0; i < rows->column_count; i++) {
        struct value *larger = arena_array(&rows->arena, capacity, sizeof *larger);
        if (!larger)
            return false;
        if (rows->row_count)
            memcpy(larger, rows->cells[i], rows->row_count * sizeof *larger);
        rows->cells[i] = larger;
    }
    rows->capacity = capacity;
    return true;
}

bool system_rows_append(struct system_rows *rows, const struct value *cells)
{
    if (rows->row_count == rows->capacity && !grow(rows))
        return false;
    for (size_t i = 0; i < rows->column_count; i++)
        rows->cells[i][rows->row_count] = cells[i];
    rows->row_count++;
    return true;
}

struct value system_cell(const char *text)
{
    return text ? value_text(text, strlen(text)) : value_null();
}
