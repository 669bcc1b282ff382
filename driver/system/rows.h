/* The rows of a system table while they are gathered: column by column, as a batch wants them. */
#ifndef SYSTEM_ROWS_H
#define SYSTEM_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/value.h"

struct system_rows {
    struct arena arena;       /* owns all of it, and the texts that fillers make */
    struct value **cells;     /* cells[column][row] */
    size_t column_count, row_count, capacity;
};

/* False when out of memory. The rows are cleared by arena_clear(&rows->arena). */
bool system_rows_open(struct system_rows *rows, size_t column_count);

/* Appends a row of column_count cells. Texts are borrowed. False when out of memory. */
bool system_rows_append(struct system_rows *rows, const struct value *cells);

/* A text, or NULL for NULL. */
struct value system_cell(const char *text);

#endif
