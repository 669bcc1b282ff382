/* The requests of one scan: their addresses, one series of pages after the other. */
#ifndef PROVIDERS_ODATA_REQUESTS_H
#define PROVIDERS_ODATA_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/odata/filter.h"
#include "providers/odata/reader.h"
#include "table/service.h"

struct buffer;
struct error;
struct odata_groups;
struct odata_service;

struct odata_requests {
    const struct odata_service *service;
    const struct odata_table *table;
    struct arena arena;              /* what the scan was asked for */
    struct arena made;               /* what was made of it; anew after a refusal */
    struct scan_request request;     /* copied, all that it points to */
    const char *const *names;        /* see service_class.describe */

    struct odata_route route;
    struct odata_filter own, parent; /* conditions on the rows themselves; on the entities that lead to them */
    bool *needed;                    /* per column: wanted, or looked at by the scan itself */
    bool *unsent;                    /* per filter: the service is not told, so that the scan looks at it itself */
    bool all_sent;                   /* none is */
    bool ordered;                    /* the service is asked for the order */
    bool sorts;                      /* the scan has promised an order that the service is not asked for */
    bool counts;                     /* only how many rows there are is asked for */
    bool none;                       /* no row can satisfy the conditions */
    const char *prefer;              /* or NULL */
    struct odata_groups *groups;     /* the rows are groups; or NULL */
    size_t count_columns;            /* there is one row, of so many columns, that each hold the number of rows; 0: not so */
    int list;                        /* filter whose values each have an address of their own (WAY_DIRECT); -1: none */
    size_t next_value;
    bool started, ended;             /* of the series */
};

/* Works out the requests of a scan, which is copied but for cancel and warnings. names: per filter what stands for values that are not
 * known; not NULL where the requests are only to be described. False: 42000 and others of planning, HY001. */
bool odata_requests_open(struct odata_requests *requests, const struct odata_service *service, const struct scan_request *request,
                         const char *const *names, struct error *err);
void odata_requests_close(struct odata_requests *requests);

/* Works them out once more, after something was refused. */
bool odata_requests_again(struct odata_requests *requests, struct error *err);

/* Requests that differ only in the page they ask for. */
struct odata_series {
    struct arena arena;
    const char *path;                /* after the service's root, encoded: "/Products", "/Products(1)/Parts" */
    struct value *echo;              /* per column: what is in no page */
    size_t first, end;               /* of a split list */
    const char *filter, *parent_filter; /* encoded, "" for none */
};

/* The next series; *more is false when there is none. A walk's series come from the parent's rows instead: values, per column of the
 * parent's table; NULL for all other ways. The series is given back with odata_series_close. */
bool odata_requests_next(struct odata_requests *requests, const struct value *parent, struct odata_series *series, bool *more, struct error *err);
void odata_series_close(struct odata_series *series);

/* Appends the address of a page. skip: rows before it, with top rows at most, where the client makes the pages; top 0: it does not. */
bool odata_requests_url(const struct odata_requests *requests, const struct odata_series *series, int64_t skip, int64_t top, struct buffer *url,
                        struct error *err);

/* What its pages hold. */
enum odata_page_kind odata_requests_kind(const struct odata_requests *requests);

/* What Accept says. */
const char *odata_requests_accept(const struct odata_requests *requests);

/* The filter on which a split list is, or NULL. */
const struct odata_term *odata_requests_split(const struct odata_requests *requests);

#endif
