/* Groups of the fake service's rows, made the plain way. */
#ifndef TEST_ENGINE_FAKE_GROUPS_H
#define TEST_ENGINE_FAKE_GROUPS_H

#include "base/arena.h"
#include "table/service.h"

/* What this service can do: all but AVG, which it says beforehand. COUNT(DISTINCT …) it refuses only when it is asked. */
bool fake_groups_possible(const struct table *table, const struct aggregation *aggregation);

/* The groups of count rows, as rows of their own: the groups' values, then the aggregates. */
struct value **fake_groups(const struct table *table, const struct aggregation *aggregation, struct value *const *rows, size_t count,
                           struct arena *arena, size_t *made);

#endif
