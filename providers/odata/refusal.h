/* Options that a service refuses (400, 501 and their kin): it is asked again without them, once, and never again on this connection. */
#ifndef PROVIDERS_ODATA_REFUSAL_H
#define PROVIDERS_ODATA_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/odata/requests.h"

struct arena;
struct http_response;

/* One scan's attempts. A zeroed one is at the beginning. */
struct odata_refusal_attempts {
    unsigned out;                    /* bits of what is left out now */
    unsigned kept;                   /* of these, what stays out: without it the service found something else to refuse */
    unsigned tried;                  /* what has been left out in its turn since then */
    bool all;                        /* all of it at once has been tried */
    struct { struct odata_column *column; unsigned bit; } marks[64]; /* columns whose conditions or order are left out */
    size_t mark_count, kept_marks;
    uint64_t answer;                 /* what the service said last, in short */
};

/* Whether a response may mean that the service does not know or allow what it was asked. */
bool odata_is_refusal(const struct odata_requests *requests, const struct http_response *response);

/* Leaves out the next thing that the requests have and can do without: in place of the last one if the service still says the same, beside
 * it if it says something else now; at last all of it. False when there is nothing left: all is as it was before. */
bool odata_refusal_try(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, const struct http_response *response);

/* Nothing of what was left out was it: as it was before. */
void odata_refusal_undo(struct odata_refusal_attempts *attempts, const struct odata_requests *requests);

/* What has been refused for a table, in words for EXPLAIN: "; the service refuses $orderby"; "" for nothing. In the arena; NULL when out of
 * memory. */
const char *odata_refusal_describe(const struct odata_context *context, const struct odata_table *table, struct arena *arena);

/* "$orderby, $top" */
const char *odata_refusal_names(unsigned bits, char out[200]);

#endif
