/* The header field Link (RFC 8288). */
#ifndef PROVIDERS_DEFINITION_LINK_H
#define PROVIDERS_DEFINITION_LINK_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct http_response;

/* Finds the link with a relation ("next") in one field: `<…>; rel="next", <…>; rel="last"`. *target is its address within the field, of
 * length bytes, as it stands there. Links about something else than the answer (anchor) do not count. False when there is none. */
bool link_find(const char *field, const char *relation, const char **target, size_t *length);

/* The address of the next page in the fields of an answer, a copy; NULL when there is none or memory is out. */
char *link_next(const struct http_response *response);

/* Appends the address with the number that the parameter has in its query counted up by one: that of the page after. False when it has
 * no such parameter, or no number there. */
bool link_count_up(const char *address, const char *parameter, struct buffer *out);

#endif
