/* Conditions on cells: exactly what SQL makes of them. */
#ifndef PROVIDERS_CSV_FILTER_H
#define PROVIDERS_CSV_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "table/service.h"

struct arena;

/* One condition of a scan. */
struct csv_filter {
    int column;
    enum filter_op op;
    enum type_kind kind;              /* of the column */
    const struct value *values;       /* of FILTER_IN sorted */
    size_t value_count;
};

/* Copies a condition; everything lives in the arena. False when out of memory. */
bool csv_filter_make(const struct filter *from, const struct type *type, struct arena *arena, struct csv_filter *filter);

/* Whether a cell satisfies it. */
bool csv_filter_holds(const struct csv_filter *filter, const struct value *cell);

/* Order of two canonical values of one type, of a decimal also of one scale; both not NULL. */
int csv_compare(enum type_kind kind, const struct value *a, const struct value *b);

#endif
