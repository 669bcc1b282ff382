/* Contradictions and overlaps between the conditions of one scan. */
#ifndef ENGINE_NARROW_H
#define ENGINE_NARROW_H

#include <stdbool.h>
#include <stddef.h>

#include "table/service.h"

/* Shortens lists by the other conditions on their column, and makes of several bounds the nearest. False when no row can satisfy all of them. The lists of values belong
 * to the caller and are changed; values are canonical for their columns. */
bool narrow_filters(const struct table *table, struct filter *filters, size_t count);

#endif
