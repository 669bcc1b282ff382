/* Options that a service refuses (400, 501 and their kin): it is asked again without them, once, and never again on this connection. */
#ifndef PROVIDERS_ODATA_REFUSAL_H
#define PROVIDERS_ODATA_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/requests.h"

struct arena;
struct http_response;

/* One scan's attempts. A zeroed one is at the beginning. */
struct odata_refusal_attempts {
    unsigned tried;                  /* bits of what has been left out, each in its turn */
    unsigned present;                /* the last of them */
    struct odata_column *marked[32]; /* whose conditions were left out last */
    size_t marked_count;
};

/* Whether a response may mean that the service does not know or allow what it was asked. */
bool odata_is_refusal(const struct odata_requests *requests, const struct http_response *response);

/* Leaves out the next thing that the requests have and can do without, in place of the last one, which was not it. False when there is
 * nothing left: all is as it was before. */
bool odata_refusal_try(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, const struct http_response *response);

/* What was left out last was not it: as it was before. */
void odata_refusal_undo(struct odata_refusal_attempts *attempts, const struct odata_requests *requests);

/* What has been refused for a table, in words for EXPLAIN: "; the service refuses $orderby"; "" for nothing. In the arena; NULL when out of
 * memory. */
const char *odata_refusal_describe(const struct odata_context *context, const struct odata_table *table, struct arena *arena);

/* "$orderby" */
const char *odata_refusal_name(unsigned bit);

#endif
