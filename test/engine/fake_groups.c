#include "fake_groups.h"

#include <string.h>

#include "base/decimal.h"

bool fake_groups_possible(const struct table *table, const struct aggregation *aggregation)
{
    (void)table;
    for (size_t i = 0; i < aggregation->aggregate_count; i++)
        if (aggregation->aggregates[i].function == AGGREGATE_AVERAGE)
            return false;
    return true;
}

static bool same(enum type_kind kind, const struct value *a, const struct value *b)
{
    return value_is_null(a) || value_is_null(b) ? value_is_null(a) && value_is_null(b) : value_compare(kind, a, b) == 0;
}

static struct value *find_group(const struct table *table, const struct aggregation *aggregation, struct value **groups, size_t *made,
                                const struct value *row, struct arena *arena)
{
    size_t width = aggregation->group_count + aggregation->aggregate_count;

    for (size_t i = 0; i < *made; i++) {
        bool all = true;
        for (size_t j = 0; j < aggregation->group_count; j++)
            all = all && same(table->columns[aggregation->groups[j]].type.kind, &groups[i][j], &row[aggregation->groups[j]]);
        if (all)
            return groups[i];
    }
    struct value *group = groups[(*made)++] = arena_array(arena, width, sizeof *group);
    for (size_t j = 0; j < width; j++) {
        bool counts = j >= aggregation->group_count && aggregation->aggregates[j - aggregation->group_count].function <= AGGREGATE_COUNT;
        group[j] = j < aggregation->group_count ? row[aggregation->groups[j]] : counts ? value_integer(0) : value_null();
    }
    return group;
}

static struct value add(enum type_kind kind, const struct value *a, const struct value *b, struct arena *arena)
{
    struct decimal left, right, sum;
    char text[DECIMAL_TEXT];

    if (value_is_null(a))
        return *b;
    if (kind == TYPE_DOUBLE)
        return value_real(a->real + b->real);
    if (kind != TYPE_DECIMAL)
        return value_integer(a->integer + b->integer);
    decimal_parse(a->text, a->length, &left);
    decimal_parse(b->text, b->length, &right);
    decimal_add(&left, &right, &sum);
    size_t length = decimal_print(&sum, text);
    return value_text(arena_copy(arena, text, length), length);
}

static void take(const struct table *table, const struct aggregate_column *aggregate, struct value *result, const struct value *row,
                 struct arena *arena)
{
    if (aggregate->function == AGGREGATE_COUNT_ROWS) {
        result->integer++;
        return;
    }
    enum type_kind kind = table->columns[aggregate->column].type.kind;
    const struct value *cell = &row[aggregate->column];
    if (value_is_null(cell))
        return;
    int order = value_is_null(result) || aggregate->function == AGGREGATE_COUNT || aggregate->function == AGGREGATE_SUM
                ? 0 : value_compare(kind, cell, result);
    switch (aggregate->function) {
    case AGGREGATE_COUNT: result->integer++; break;
    case AGGREGATE_SUM: *result = add(kind, result, cell, arena); break;
    case AGGREGATE_LEAST: *result = value_is_null(result) || order < 0 ? *cell : *result; break;
    default: *result = value_is_null(result) || order > 0 ? *cell : *result; break;
    }
}

struct value **fake_groups(const struct table *table, const struct aggregation *aggregation, struct value *const *rows, size_t count,
                           struct arena *arena, size_t *made)
{
    struct value **groups = arena_array(arena, count + 1, sizeof *groups);
    struct value *nothing = arena_array(arena, table->column_count, sizeof *nothing);

    *made = 0;
    if (aggregation->group_count == 0)
        find_group(table, aggregation, groups, made, nothing, arena); /* one row also of no rows */
    for (size_t i = 0; i < count; i++) {
        struct value *group = find_group(table, aggregation, groups, made, rows[i], arena);
        for (size_t j = 0; j < aggregation->aggregate_count; j++)
            take(table, &aggregation->aggregates[j], &group[aggregation->group_count + j], rows[i], arena);
    }
    return groups;
}
