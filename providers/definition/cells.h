/* Where the cells of a column come from at an endpoint: its pages, the parent's rows, or what was asked for. */
#ifndef PROVIDERS_DEFINITION_CELLS_H
#define PROVIDERS_DEFINITION_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/definition/definition.h"

struct conditions;

/* The endpoint's bit in masks of the table's endpoints. */
uint32_t endpoint_bit(const struct definition_table *table, const struct definition_endpoint *endpoint);

/* Whether a column stands in the pages of an endpoint. */
bool column_stands(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint);

/* Whether equality with the column sets one of these parameters at the endpoint. */
bool column_fills(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint, uint64_t parameters);

/* The column of the endpoint's parent that a column comes from, or -1. */
int column_from(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint);

/* Whether a walk takes the column's value from the parent's rows. wanted (may be NULL), conditions: of the scan. */
bool column_is_gathered(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint, const bool *wanted,
                        const struct conditions *conditions);

/* Whether the column's cells, where they stand in no row of a page, are what filled the address or the parent's row says. */
bool column_falls_back(const struct definition_table *table, size_t column, const struct definition_endpoint *endpoint, bool walks);

/* Whether one of the conditions is on the column. */
bool conditions_name(const struct plan_condition *conditions, size_t count, size_t column);

#endif
