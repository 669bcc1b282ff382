/* The requests of one scan: which parameters they carry, how long lists are split, one URL after the other. */
#ifndef PROVIDERS_DEFINITION_REQUEST_H
#define PROVIDERS_DEFINITION_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/definition/definition.h"

struct buffer;
struct error;

/* A parameter's list of values, sorted and without doubles, of which each request carries some. */
struct request_list {
    size_t parameter;
    int column;
    const struct value *values;
    const char *const *sent;         /* the same as they go into the request */
    size_t count;
    size_t most;                     /* in one request */
    const char *separator;
    size_t first, end;               /* those of the present request */
};

struct requests {
    const struct definition *definition;
    const struct definition_table *table;
    const char *url;                 /* of the provider, as the connection has it */
    struct arena arena;
    bool none;                       /* no row can satisfy the conditions: there is nothing to request */
    uint64_t named;                  /* parameters whose value is only a name for it, see requests_describe */
    bool split;                      /* some list needs several requests */
    const char *values[DEFINITION_PARAMETERS]; /* what each parameter says; NULL = not sent */
    uint64_t pushed;                 /* parameters that carry a condition */
    struct request_list lists[DEFINITION_PARAMETERS];
    size_t list_count;
    struct value *echo;              /* per column: what an input's cells hold */
    int64_t page_size;               /* 0 = the page's size is not told */
};

/* Works out the requests of a scan. Everything in `request` is copied.
 * page_size  Pagesize property, 0 = as large as the service allows
 * False: 22023 for a value that an input does not know. */
bool requests_open(struct requests *requests, const struct definition *definition, const char *url, int64_t page_size,
                   const struct scan_request *request, struct error *err);
void requests_close(struct requests *requests);

/* service_class.describe: the first URL, and the paging. */
bool requests_describe(const struct definition *definition, const char *url, int64_t page_size, const struct scan_request *request,
                       const char *const *names, struct arena *arena, struct scan_description *description, struct error *err);

/* Appends the URL of the present request's page; page counts from 0. */
bool requests_url(const struct requests *requests, int64_t page, struct buffer *url);

/* Moves to the next request that split lists need; *more is false when there is none. */
bool requests_next(struct requests *requests, bool *more, struct error *err);

/* Where lists are split, a row belongs to the one request whose values hold it, so that it comes only once even when the service
 * answers with more than was asked for. cells[column][row]. */
bool requests_keep(const struct requests *requests, struct value *const *cells, size_t row);

/* Whether requests_keep looks at a column. */
bool requests_look_at(const struct requests *requests, int column);

#endif
