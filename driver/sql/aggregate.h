/* Groups that the service may make itself: between pushing conditions and printing. */
#ifndef SQL_AGGREGATE_H
#define SQL_AGGREGATE_H

#include "sql/binder.h"

/* The columns by which the engine knows a source whose rows are groups, numbered behind those of its table: how the rows are grouped,
 * to be compared with a text of table/aggregation.h, and the groups and aggregates themselves, in that order. */
enum { AGGREGATE_HOW, AGGREGATE_FIRST };

/* Turns every SELECT of a query, at whatever depth, that groups the rows of one table of a service which may be able to do that, into a
 * SELECT from the groups: only where its conditions are such that the service can be asked for exactly them. False: HY001. */
bool aggregate_query(struct binder *binder, struct query *query);

#endif
