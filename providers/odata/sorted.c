#include "providers/odata/sorted.h"

#include <stdlib.h>
#include <string.h>

struct ordering {
    const struct table *table;
    const struct plan_order *order;
    size_t count;
};

static bool add_row(struct sorted *sorted, const struct table *table, const struct batch *batch, size_t row)
{
    struct value *values = arena_array(&sorted->arena, table->column_count + 1, sizeof *values);

    if (!values)
        return false;
    if (sorted->count == sorted->room) {
        size_t room = sorted->room ? sorted->room * 2 : 1024;
        struct value **rows = realloc(sorted->rows, room * sizeof *rows);
        if (!rows)
            return false;
        sorted->rows = rows;
        sorted->room = room;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        values[i] = batch->cells[i] ? batch->cells[i][row] : value_null();
        bool bytes = values[i].storage == STORAGE_TEXT || values[i].storage == STORAGE_BLOB;
        if (bytes && !(values[i].text = arena_copy(&sorted->arena, values[i].text, values[i].length)))
            return false;
    }
    sorted->rows[sorted->count++] = values;
    return true;
}

bool sorted_add(struct sorted *sorted, const struct table *table, const struct batch *batch)
{
    for (size_t row = 0; row < batch->row_count; row++)
        if (!add_row(sorted, table, batch, row))
            return false;
    return true;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct ordering *ordering = context;
    const struct value *first = *(struct value *const *)a, *second = *(struct value *const *)b;

    for (size_t i = 0; i < ordering->count; i++) {
        int column = ordering->order[i].column;
        const struct value *x = &first[column], *y = &second[column];
        int order = value_is_null(x) || value_is_null(y) ? value_is_null(y) - value_is_null(x)
                    : value_compare(ordering->table->columns[column].type.kind, x, y);
        if (order)
            return ordering->order[i].descending ? -order : order;
    }
    return 0;
}

void sorted_order(struct sorted *sorted, const struct table *table, const struct plan_order *order, size_t order_count)
{
    struct ordering ordering = {table, order, order_count};

    if (sorted->count)
        qsort_r(sorted->rows, sorted->count, sizeof *sorted->rows, compare, &ordering);
}

size_t sorted_next(struct sorted *sorted, const struct table *table, struct value *const *cells, size_t most)
{
    size_t made = 0;

    for (; made < most && sorted->next < sorted->count; made++, sorted->next++)
        for (size_t i = 0; i < table->column_count; i++)
            if (cells[i])
                cells[i][made] = sorted->rows[sorted->next][i];
    return made;
}

void sorted_clear(struct sorted *sorted)
{
    free(sorted->rows);
    arena_clear(&sorted->arena);
    *sorted = (struct sorted){0};
}
