/* Groups of rows, and aggregates over them, without a detour through the engine: no row has to leave the reader. */
#ifndef PROVIDERS_CSV_GROUP_H
#define PROVIDERS_CSV_GROUP_H

#include <stdbool.h>

#include "table/service.h"

struct csv_groups;
struct csv_reader;
struct error;

/* COUNT, SUM, AVG, MIN and MAX can be had, COUNT(DISTINCT …) can not. */
bool csv_groups_possible(const struct table *table, const struct aggregation *aggregation);

/* Marks the columns whose cells are needed. */
void csv_groups_want(const struct aggregation *aggregation, bool *wanted);

bool csv_groups_open(const struct csv_reader *reader, const struct aggregation *aggregation, struct csv_groups **groups, struct error *err);
void csv_groups_close(struct csv_groups *groups);   /* NULL is none */

/* At the first call reads all rows. False: those of the reader; NOT_AGGREGATED for more groups than memory should be used for, and for
 * results that their types can not hold: the engine finds the words for it. */
bool csv_groups_next(struct csv_groups *groups, struct csv_reader *reader, struct batch *batch, struct error *err);

#endif
