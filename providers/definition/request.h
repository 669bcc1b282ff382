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

/* A parameter's list of values of which each request carries some. They are sorted and without doubles, but for those of a map, of which
 * each request carries one. */
struct request_list {
    size_t parameter;
    int column;
    const struct value *values;
    const char *const *sent;         /* the same as they go into the request */
    size_t count;
    size_t most, bytes;              /* in one request */
    const char *separator;
    size_t first, end;               /* those of the present request */
    bool each;                       /* no condition has named them: they are all that there is to ask for */
};

struct requests {
    struct request_context context;
    const struct definition_table *table;
    struct route route;
    struct cancel *cancel;
    bool describing;                 /* variables that are not known are shown by their names */
    struct arena arena;
    bool *wanted;                    /* per column: its cells will be looked at */
    struct filter *filters;          /* of the query and the standard ones */
    struct conditions conditions;    /* of the same index */
    bool none;                       /* no row can satisfy the conditions: there is nothing to request */
    uint64_t named;                  /* parameters whose value is only a name for it, see requests_describe */
    uint64_t plain;                  /* those that stand in a path as they are: texts of a map */
    bool split;                      /* some list needs several requests */
    const char *values[DEFINITION_PARAMETERS]; /* what each parameter says; NULL = not sent */
    uint64_t pushed;                 /* parameters that carry a condition */
    struct request_list lists[DEFINITION_PARAMETERS];
    size_t list_count;
    struct value *echo;              /* per column: what the cells hold that stand in no page */
    int64_t page_size;               /* 0 = the page's size is not told */
    struct filter *checks;           /* conditions that the scan looks at itself, see keep.h */
    size_t check_count;
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
 * check_all: nobody looks at the filters again, so that the scan does.
 * False: 22023 for a value that an input does not know; those of variables_get. */
bool requests_open(struct requests *requests, const struct request_context *context, const struct scan_request *request,
                   bool check_all, struct error *err);
/* The same for requests_describe: the service is asked nothing. names: see service_class.describe. */
bool requests_open_described(struct requests *requests, const struct request_context *context, const struct scan_request *request,
                             const char *const *names, struct error *err);
void requests_close(struct requests *requests);

/* service_class.describe: the first URL, and the paging. */
bool requests_describe(const struct request_context *context, const struct scan_request *request, const char *const *names,
                       struct arena *arena, struct scan_description *description, struct error *err);

/* The present series. It is given back with series_close. */
bool requests_series(const struct requests *requests, struct series *series, struct error *err);
void series_close(struct series *series);

/* Sets in a series what the parent's rows say: values[column] of count rows, for columns that come from it (NULL pointers for others).
 * also: the endpoint's one more value goes with them. *empty: some parameter has no value that can be sent, so that there is nothing to ask. */
bool requests_feed(const struct requests *requests, struct series *series, const struct value *const *values, size_t count, bool also,
                   bool *empty, struct error *err);
/* How many of the parent's rows one series can serve, and how many bytes their values may have together. */
size_t requests_feed_most(const struct requests *requests);
size_t requests_list_bytes(const struct requests *requests);
/* The filter by which a column fills a parameter at the route's endpoint, or NULL. */
const struct definition_filter *requests_feeding_filter(const struct requests *requests, size_t column, size_t parameter);

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

#endif
