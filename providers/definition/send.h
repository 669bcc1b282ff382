/* A value on its way into a request: brought into the form that the service wants. */
#ifndef PROVIDERS_DEFINITION_SEND_H
#define PROVIDERS_DEFINITION_SEND_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/definition.h"

/* What became of it. */
enum sending {
    SENT,
    UNSENDABLE,     /* the service can not be asked for it: the condition is left to the engine */
    IMPOSSIBLE,     /* no row has it */
    UNKNOWN,        /* an input that does not know it */
    NO_MEMORY,
};

/* Whether a value is the one of a pair of a map. */
bool send_is_mapped(const struct column *column, const struct definition_map *pair, const struct value *value);

/* exact  the service's answer is not checked again, so that a value which the map does not know can not occur
 * The text is in the arena, or the definition's own. */
enum sending send_value(struct arena *arena, const struct column *column, const struct definition_filter *filter, bool exact,
                        const struct value *value, const char **sent);

/* The plain beginning of a LIKE pattern, and the wildcard for its rest; or its longest plain piece, where that may stand anywhere. */
enum sending send_pattern(struct arena *arena, const struct definition_filter *filter, const struct value *pattern, const char **sent);

#endif
