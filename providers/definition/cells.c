#include "providers/definition/cells.h"

#include "providers/definition/plan.h"

uint32_t endpoint_bit(const struct definition_table *table, const struct definition_endpoint *endpoint)
{
    return (uint32_t)1 << (endpoint - table->endpoints);
}

bool column_stands(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint)
{
    return table->places[column].at_count && !(table->columns[column].absent & endpoint_bit(table, endpoint));
}

bool column_fills(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint, uint64_t parameters)
{
    const struct definition_column *detail = &table->columns[column];

    for (size_t i = 0; i < detail->filter_count; i++)
        if ((detail->filters[i].endpoints & endpoint_bit(table, endpoint)) && (detail->filters[i].ops & 1u << FILTER_EQUAL)
            && (parameters >> detail->filters[i].parameter & 1))
            return true;
    return false;
}

int column_from(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint)
{
    const struct definition_column *detail = &table->columns[column];

    if (endpoint->details)
        return (int)column;
    for (size_t i = 0; i < detail->from_count; i++)
        if (detail->from[i].table == endpoint->parent)
            return detail->from[i].column;
    return -1;
}

bool conditions_name(const struct plan_condition *conditions, size_t count, size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (conditions[i].column == (int)column)
            return true;
    return false;
}

bool column_is_gathered(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint, const bool *wanted,
                        const struct conditions *conditions)
{
    if (!endpoint->details)
        return column_from(table, column, endpoint) >= 0;
    /* Of its own table's rows only what the details do not tell. */
    bool looked_at = (wanted && wanted[column]) || conditions_name(conditions->list, conditions->count, column);
    return column_fills(table, column, endpoint, endpoint->fed) || (looked_at && !column_stands(table, column, endpoint));
}

bool column_falls_back(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint, bool walks)
{
    uint64_t holes = 0;

    for (size_t i = 0; i < table->parameter_count; i++)
        holes |= (uint64_t)table->parameters[i].in_path << i;
    return column_fills(table, column, endpoint, holes & endpoint->needs) || (walks && column_from(table, column, endpoint) >= 0);
}
