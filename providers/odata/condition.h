/* $filter: what is more than one column and values. OR, columns compared with each other, functions and arithmetic, as far as a service of any
 * make tells no less than SQL by them. */
#ifndef PROVIDERS_ODATA_CONDITION_H
#define PROVIDERS_ODATA_CONDITION_H

#include <stdbool.h>

#include "providers/odata/plan.h"
#include "table/term.h"

struct buffer;

/* What a text needs of a service. */
struct odata_condition_needs {
    bool function;                   /* startswith and its kin */
    bool calculation;                /* other functions, arithmetic */
    bool in;                         /* the operator */
};

/* Appends the condition, encoded, as what can be put beside others by `and`. navigation: as in struct odata_filter_source. Values that are
 * not known are written as ?. False: there is nothing to say, and nothing is appended. */
bool odata_condition_write(const struct odata_context *context, const struct odata_table *table, const struct term *term, const char *navigation,
                           struct buffer *out, struct odata_condition_needs *needs);

#endif
