/* By which endpoint a table is asked, and which condition of a query each parameter carries. */
#ifndef PROVIDERS_DEFINITION_PLAN_H
#define PROVIDERS_DEFINITION_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/definition.h"

struct error;
struct variables;

/* The conditions that a table is asked under: those of the query, and those that stand in where the query names none of their columns. */
struct conditions {
    struct plan_condition *list;     /* the query's first, then the standard ones, each an equality with its column's `standard` */
    size_t count, own_count;
    uint64_t named;                  /* see table_naming */
};

/* Copies the query's conditions into the arena, with the standard ones of the table behind them, as far as the query names nothing that does
 * without. variables may be NULL. False when out of memory. */
bool conditions_open(struct conditions *conditions, const struct definition_table *table, const struct plan_condition *own, size_t count,
                     uint64_t named, struct variables *variables, struct arena *arena);

/* One way to ask. */
struct route {
    const struct definition_endpoint *endpoint;
    int condition[DEFINITION_PARAMETERS]; /* per parameter: the condition it carries; -1 = none */
    const struct definition_filter *filter[DEFINITION_PARAMETERS];
    bool each;                       /* a list that it carries costs a request for each value */
    bool walks;                      /* asked once for each row of the parent, which conditions on columns that come from it narrow */
    double requests, rows;           /* estimates */
};

/* Chooses the cheapest endpoint that can be asked under these conditions, and hands its parameters out, each to one condition: inputs
 * first, then equalities, lists, ranges, patterns. Sets `taken` and `exact` of the conditions.
 * wanted: per column, whether its cells will be looked at; NULL: that is not known. What only a parent knows need not be walked to when
 * nobody looks at it. False: 42000 when no endpoint can be asked so; names table, columns and an example. */
bool route_choose(const struct definition_table *table, struct conditions *conditions, const bool *wanted, struct variables *variables,
                  struct route *route, struct error *err);

/* The conditions of a walk that its parent is asked under: those on columns that come from it. origin: per condition of the parent the one it stands for. False when out of memory. */
bool route_parent_conditions(const struct definition_table *table, const struct definition_endpoint *endpoint,
                             const struct conditions *conditions, struct arena *arena, struct plan_condition **list, size_t *count,
                             size_t **origin);

/* What a walk names of the parent: what the query names, and what has its standard, of columns that come from it. */
uint64_t route_parent_named(const struct definition_table *table, const struct definition_endpoint *endpoint, const struct conditions *conditions);

/* Whether the endpoint yields rows in that order when it is asked by this route. planned: planning has said so, by conditions that a scan need
 * not see any more. */
const struct definition_order *route_order(const struct definition_table *table, const struct route *route,
                                           const struct conditions *conditions, bool planned, const struct plan_order *order, size_t order_count);

/* service_class.plan for a table of a definition. variables may be NULL. Shown only those conditions that it has taken, it comes to the
 * same result, and so does route_choose. */
bool definition_plan(const struct table *table, struct variables *variables, struct plan *plan, struct error *err);

#endif
