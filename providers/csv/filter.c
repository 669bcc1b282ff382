#include "providers/csv/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/like.h"

/* Decimals of one scale: of two positive ones the longer text is the larger number. */
static int compare_decimals(const struct value *a, const struct value *b)
{
    bool negative = *a->text == '-';

    if (negative != (*b->text == '-'))
        return negative ? -1 : 1;
    int order = a->length != b->length ? (a->length < b->length ? -1 : 1) : memcmp(a->text, b->text, a->length);
    return negative ? -order : order;
}

int csv_compare(enum type_kind kind, const struct value *a, const struct value *b)
{
    return kind == TYPE_DECIMAL ? compare_decimals(a, b) : value_compare(kind, a, b);
}

static int by_decimal(const void *a, const void *b)
{
    return csv_compare(TYPE_DECIMAL, a, b);
}

static int by_value(const void *a, const void *b)
{
    return csv_compare(TYPE_STRING, a, b); /* numbers are told by how they are stored */
}

bool csv_filter_make(const struct filter *from, const struct type *type, struct arena *arena, struct csv_filter *filter)
{
    struct value *values = arena_array(arena, from->value_count + 1, sizeof *values);

    *filter = (struct csv_filter){.column = from->column, .op = from->op, .kind = type->kind, .values = values, .value_count = from->value_count};
    if (!values)
        return false;
    for (size_t i = 0; i < from->value_count; i++) {
        values[i] = from->values[i];
        if ((values[i].storage == STORAGE_TEXT || values[i].storage == STORAGE_BLOB)
            && !(values[i].text = arena_copy(arena, from->values[i].text, from->values[i].length)))
            return false;
    }
    if (from->op == FILTER_IN && from->value_count > 1)
        qsort(values, from->value_count, sizeof *values, type->kind == TYPE_DECIMAL ? by_decimal : by_value);
    return true;
}

static bool is_among(const struct csv_filter *filter, const struct value *cell)
{
    size_t low = 0, high = filter->value_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = csv_compare(filter->kind, cell, &filter->values[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool csv_filter_holds(const struct csv_filter *filter, const struct value *cell)
{
    const struct value *value = filter->values;

    if (value_is_null(cell))
        return filter->op == FILTER_IS_NULL;
    switch (filter->op) {
    case FILTER_IS_NULL: return false;
    case FILTER_IS_NOT_NULL: return true;
    case FILTER_IN: return is_among(filter, cell);
    case FILTER_EQUAL: return csv_compare(filter->kind, cell, value) == 0;
    case FILTER_NOT_EQUAL: return csv_compare(filter->kind, cell, value) != 0;
    case FILTER_LESS: return csv_compare(filter->kind, cell, value) < 0;
    case FILTER_LESS_EQUAL: return csv_compare(filter->kind, cell, value) <= 0;
    case FILTER_GREATER: return csv_compare(filter->kind, cell, value) > 0;
    case FILTER_GREATER_EQUAL: return csv_compare(filter->kind, cell, value) >= 0;
    case FILTER_LIKE: break;
    }
    const struct like_pattern pattern = {.text = value->text, .length = value->length};
    return like_matches(&pattern, cell->text, cell->length);
}
