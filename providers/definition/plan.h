/* Which condition of a query each parameter of a table carries. */
#ifndef PROVIDERS_DEFINITION_PLAN_H
#define PROVIDERS_DEFINITION_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/definition.h"

struct error;

/* Per parameter of the table: the condition it carries (-1 = none) and by which filter of the condition's column. */
struct pushdown {
    int condition[DEFINITION_PARAMETERS];
    const struct definition_filter *filter[DEFINITION_PARAMETERS];
};

/* Hands the parameters out, each to one condition: inputs first, then equalities, lists, ranges, patterns. Sets `taken` and `exact` of
 * the conditions. Shown the same conditions again, or only those it took, it comes to the same result. */
void pushdown_assign(const struct definition_table *table, struct plan_condition *conditions, size_t count, struct pushdown *pushdown);

/* service_class.plan for a table of a definition. */
bool definition_plan(const struct definition *definition, const struct table *table, struct plan *plan, struct error *err);

#endif
