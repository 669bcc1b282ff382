/* The header field Link (RFC 8288). */
#ifndef PROVIDERS_DEFINITION_LINK_H
#define PROVIDERS_DEFINITION_LINK_H

#include <stdbool.h>
#include <stddef.h>

/* Finds the link with a relation ("next") in one field: `<…>; rel="next", <…>; rel="last"`. *target is its address within the field, of
 * length bytes, as it stands there. Links about something else than the answer (anchor) do not count. False when there is none. */
bool link_find(const char *field, const char *relation, const char **target, size_t *length);

#endif
