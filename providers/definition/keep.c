#include "providers/definition/keep.h"

#include "providers/definition/cells.h"

static bool is_among(enum type_kind kind, const struct filter *list, const struct value *cell)
{
    size_t low = 0, high = list->value_count; /* they are sorted */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = value_compare(kind, cell, &list->values[middle]);
        if (order == 0)
            return true;
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return false;
}

static bool holds(enum type_kind kind, const struct filter *check, const struct value *cell)
{
    if (check->op == FILTER_IS_NULL || check->op == FILTER_IS_NOT_NULL)
        return value_is_null(cell) == (check->op == FILTER_IS_NULL);
    if (value_is_null(cell) || check->value_count == 0)
        return false;
    if (check->op == FILTER_EQUAL || check->op == FILTER_IN)
        return is_among(kind, check, cell);
    int order = value_compare(kind, cell, &check->values[0]);
    switch (check->op) {
    case FILTER_LESS: return order < 0;
    case FILTER_LESS_EQUAL: return order <= 0;
    case FILTER_GREATER: return order > 0;
    case FILTER_GREATER_EQUAL: return order >= 0;
    default: return order != 0;
    }
}

static bool is_in_page(const struct requests *requests, int column)
{
    return column_stands(requests->table, (size_t)column, requests->route.endpoint);
}

bool requests_leave_out(const struct requests *requests)
{
    return requests->split || requests->check_count;
}

bool requests_look_at(const struct requests *requests, int column)
{
    for (size_t i = 0; i < requests->list_count && requests->split; i++)
        if (requests->lists[i].column == column)
            return is_in_page(requests, column);
    for (size_t i = 0; i < requests->check_count; i++)
        if (requests->checks[i].column == column)
            return is_in_page(requests, column);
    return false;
}

/* Whether another request asks for the value of a cell. */
static bool belongs_elsewhere(enum type_kind kind, const struct request_list *list, const struct range *range, const struct value *cell)
{
    if (value_is_null(cell) || value_compare(kind, cell, &list->values[range->first]) == 0)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (value_compare(kind, cell, &list->values[i]) == 0)
            return true;
    return false;
}

bool requests_keep(const struct requests *requests, const struct series *series, struct value *const *cells, size_t row)
{
    for (size_t i = 0; i < requests->list_count && requests->split; i++) {
        const struct request_list *list = &requests->lists[i];
        const struct range *range = &series->ranges[i];
        if (!is_in_page(requests, list->column))
            continue;
        enum type_kind kind = requests->table->table.columns[list->column].type.kind;
        const struct value *cell = &cells[list->column][row];
        if (list->each && !belongs_elsewhere(kind, list, range, cell))
            continue;
        if (value_is_null(cell) || value_compare(kind, cell, &list->values[range->first]) < 0
            || value_compare(kind, cell, &list->values[range->end - 1]) > 0)
            return false;
    }
    for (size_t i = 0; i < requests->check_count; i++) {
        const struct filter *check = &requests->checks[i];
        const struct value *cell = is_in_page(requests, check->column) ? &cells[check->column][row] : &series->echo[check->column];
        if (!holds(requests->table->table.columns[check->column].type.kind, check, cell))
            return false;
    }
    return true;
}
