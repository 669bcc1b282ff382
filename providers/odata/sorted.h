/* Rows that are put in order here, because the service has refused an order that it was expected to know. */
#ifndef PROVIDERS_ODATA_SORTED_H
#define PROVIDERS_ODATA_SORTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "table/service.h"

/* A zeroed one is empty. */
struct sorted {
    struct arena arena;
    struct value **rows;             /* a value per column that is kept, else NULL storage */
    size_t count, room, next;
};

/* Copies the rows of a batch. False when out of memory. */
bool sorted_add(struct sorted *sorted, const struct table *table, const struct batch *batch);

/* Orders all; rows without a value come first, or last where descending. */
void sorted_order(struct sorted *sorted, const struct table *table, const struct plan_order *order, size_t order_count);

/* Fills cells[column][0…] with the next rows, at most `most`; returns how many. */
size_t sorted_next(struct sorted *sorted, const struct table *table, struct value *const *cells, size_t most);

void sorted_clear(struct sorted *sorted);

#endif
