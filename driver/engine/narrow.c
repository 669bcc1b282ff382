/* What the conditions on one column come to together: a list loses the values that the others refuse, and where nothing is left,
 * or a column would have to be above its upper bound, there is nothing to ask for. Works on values, so parameters count too. */
#include "engine/narrow.h"

#include <string.h>

#include "base/datetime.h"

static bool is_lower(enum filter_op op)
{
    return op == FILTER_GREATER || op == FILTER_GREATER_EQUAL;
}

static bool is_upper(enum filter_op op)
{
    return op == FILTER_LESS || op == FILTER_LESS_EQUAL;
}

/* Whether a value of the column satisfies a condition on it; true where that can not be told from the values. */
static bool passes(const struct column *column, const struct value *value, const struct filter *filter)
{
    if (filter->op == FILTER_IS_NULL)
        return false;
    if (filter->op == FILTER_IS_NOT_NULL || filter->op == FILTER_LIKE)
        return true;
    for (size_t i = 0; i < filter->value_count; i++) {
        int order = value_compare(column->type.kind, value, &filter->values[i]);
        bool holds = filter->op == FILTER_NOT_EQUAL ? order != 0 : is_lower(filter->op) ? order > 0 : is_upper(filter->op) ? order < 0 : false;
        bool equal_counts = filter->op != FILTER_NOT_EQUAL && filter->op != FILTER_LESS && filter->op != FILTER_GREATER;
        if (holds || (order == 0 && equal_counts))
            return true;
    }
    return false;
}

/* Days of a date, or a whole number: kinds whose values can be counted. */
static bool as_number(enum type_kind kind, const struct value *value, int64_t *number)
{
    struct datetime date;

    if (kind == TYPE_DATE && value->storage == STORAGE_TEXT && datetime_parse_date(value->text, value->length, &date)) {
        *number = datetime_seconds(&date) / 86400;
        return true;
    }
    *number = value->integer;
    return type_is_whole(kind) && value->storage == STORAGE_INTEGER;
}

/* No value lies between two bounds. */
static bool is_empty(enum type_kind kind, const struct filter *lower, const struct filter *upper)
{
    int order = value_compare(kind, &lower->values[0], &upper->values[0]);
    bool open = lower->op == FILTER_GREATER, both_open = open && upper->op == FILTER_LESS;
    int64_t from, to;

    if (order > 0 || (order == 0 && (open || upper->op == FILTER_LESS)))
        return true;
    return order < 0 && both_open && as_number(kind, &lower->values[0], &from) && as_number(kind, &upper->values[0], &to) && to - 1 == from;
}

static bool contradict(const struct column *column, const struct filter *a, const struct filter *b)
{
    if (a->op == FILTER_IS_NULL)
        return b->op != FILTER_IS_NULL;
    if (a->op == FILTER_EQUAL)
        return !passes(column, &a->values[0], b);
    return is_lower(a->op) && is_upper(b->op) && is_empty(column->type.kind, a, b);
}

/* Takes out of a list what another condition refuses. The values are the list's own, so they are changed in place. */
static void shorten(const struct column *column, struct filter *list, const struct filter *other)
{
    struct value *values = (struct value *)list->values;
    size_t kept = 0;

    for (size_t i = 0; i < list->value_count; i++)
        if (passes(column, &values[i], other))
            values[kept++] = values[i];
    list->value_count = kept;
}

/* Of two bounds on the same side the nearer one counts, whichever the service takes. `a` keeps its operator, so it takes over only a bound
 * that leaves out no more by it. */
static void tighten(const struct column *column, struct filter *a, const struct filter *b)
{
    bool lower = is_lower(a->op) && is_lower(b->op), upper = is_upper(a->op) && is_upper(b->op);
    bool inclusive = a->op == FILTER_GREATER_EQUAL || a->op == FILTER_LESS_EQUAL;

    if (!(lower || upper) || !(inclusive || a->op == b->op))
        return;
    int order = value_compare(column->type.kind, &b->values[0], &a->values[0]);
    if (lower ? order > 0 : order < 0)
        a->values = b->values;
}

bool narrow_filters(const struct table *table, struct filter *filters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct column *column = &table->columns[filters[i].column];
        if (filters[i].op == FILTER_IS_NULL && !column->nullable && !column->pseudo)
            return false;
        for (size_t j = 0; j < count && !column->pseudo; j++) {
            if (i == j || filters[i].column != filters[j].column)
                continue;
            if (filters[i].op == FILTER_IN)
                shorten(column, &filters[i], &filters[j]);
            else if (contradict(column, &filters[i], &filters[j]))
                return false;
            else
                tighten(column, &filters[i], &filters[j]);
        }
        if (filters[i].op == FILTER_IN && filters[i].value_count == 0)
            return false;
    }
    return true;
}
