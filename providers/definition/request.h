/* The requests of one scan: which parameters they carry, how long lists are split, one series of pages after the other. */
#ifndef PROVIDERS_DEFINITION_REQUEST_H
#define PROVIDERS_DEFINITION_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/definition/definition.h"
#include "providers/definition/plan.h"

struct buffer;
struct cancel;
struct error;
struct variables;

/* What is the same for all requests of a connection. */
struct request_context {
    const struct definition *definition;
    const char *url;                 /* of the service, in place of the definition's; NULL: that */
    int64_t page_size;               /* Pagesize; 0 = as large as the service allows */
    struct variables *variables;
};

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
    struct request_context context;
    const struct definition_table *table;
    struct route route;
    struct cancel *cancel;
    bool describing;                 /* variables that are not known are shown by their names */
    struct arena arena;
    struct filter *filters;          /* of the query and the standard ones */
    struct conditions conditions;    /* of the same index */
    bool none;                       /* no row can satisfy the conditions: there is nothing to request */
    uint64_t named;                  /* parameters whose value is only a name for it, see requests_describe */
    bool split;                      /* some list needs several requests */
    const char *values[DEFINITION_PARAMETERS]; /* what each parameter says; NULL = not sent */
    uint64_t pushed;                 /* parameters that carry a condition */
    struct request_list lists[DEFINITION_PARAMETERS];
    size_t list_count;
    struct value *echo;              /* per column: what the cells hold that stand in no page */
    int64_t page_size;               /* 0 = the page's size is not told */
};

/* Some values of each list. */
struct range {
    size_t first, end;
};

/* Requests that differ only in the page they ask for. */
struct series {
    struct arena arena;
    const char *values[DEFINITION_PARAMETERS];
    struct range *ranges;            /* per list */
    struct value *echo;              /* per column */
};

/* Works out the requests of a scan. Everything in `request` is copied but the cancel. May ask the service for variables.
 * False: 22023 for a value that an input does not know; those of variables_get. */
bool requests_open(struct requests *requests, const struct request_context *context, const struct scan_request *request,
                   struct error *err);
void requests_close(struct requests *requests);

/* service_class.describe: the first URL, and the paging. */
bool requests_describe(const struct request_context *context, const struct scan_request *request, const char *const *names,
                       struct arena *arena, struct scan_description *description, struct error *err);

/* The present series. It is given back with series_close. */
bool requests_series(const struct requests *requests, struct series *series, struct error *err);
void series_close(struct series *series);

/* Sets in a series what the parent's rows say: values[column] of count rows, for columns that come from it (NULL pointers for others).
 * *empty: some parameter has no value that can be sent, so that there is nothing to ask. */
bool requests_feed(const struct requests *requests, struct series *series, const struct value *const *values, size_t count, bool *empty,
                   struct error *err);
/* How many of the parent's rows one series can serve. */
size_t requests_feed_most(const struct requests *requests);

/* Moves to the next series that split lists need; *more is false when there is none, and the first one is the present one again. */
bool requests_next(struct requests *requests, bool *more, struct error *err);

/* Where one page is found. */
struct page_place {
    int64_t page;                    /* counts from 0 */
    int64_t offset;                  /* rows before it */
    const char *token;               /* what the page before it told, or NULL */
};

/* Appends the URL of a page of a series, and the body where the endpoint sends one. */
bool requests_url(const struct requests *requests, const struct series *series, const struct page_place *place, struct buffer *url,
                  struct buffer *body, struct error *err);

/* Where lists are split, a row belongs to the one series whose values hold it, so that it comes only once even when the service
 * answers with more than was asked for. cells[column][row]. */
bool requests_keep(const struct requests *requests, const struct series *series, struct value *const *cells, size_t row);

/* Whether requests_keep looks at a column. */
bool requests_look_at(const struct requests *requests, int column);

#endif
