/* $filter: conditions of a query in OData's language, long lists in pieces. */
#ifndef PROVIDERS_ODATA_FILTER_H
#define PROVIDERS_ODATA_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/plan.h"

struct buffer;

/* One condition. */
struct odata_term {
    const char *text;                /* encoded; NULL for a list */
    const char *path;                /* of a list, encoded */
    const struct value *values;      /* of a list, sorted, each once */
    const char **literals;           /* of these, encoded */
    size_t count, first, end;        /* those of the present request */
    size_t most_values, most_room;   /* of a piece: values, bytes */
    size_t filter;                   /* which of the scan's filters it is */
    bool alone;                      /* it is none of them but one of its terms, which the engine looks at in any case */
    const struct odata_column *column;
    bool exact;                      /* nobody looks at it again */
    bool function;                   /* it calls one */
    bool calculation;                /* others than those of LIKE, or it calculates */
    bool in;                         /* its text has the operator `in` */
    bool left_out;                   /* it is not sent: whoever made it must look at it */
};

struct odata_filter {
    struct odata_term *terms;
    size_t count;
    struct odata_term *split;        /* a list that does not fit into one request, or NULL */
    bool none;                       /* no row can satisfy the conditions */
    bool use_in;                     /* lists by the operator `in` */
};

/* What the conditions are of. */
struct odata_filter_source {
    const struct odata_context *context;
    const struct odata_table *table;
    const struct filter *filters;
    const bool *exact;               /* per filter */
    const enum odata_where *where;
    size_t count;
    const struct term *const *terms; /* further conditions on the rows themselves */
    size_t term_count;
    const char *const *names;        /* per filter: what stands for values that are not known; NULL: all are known */
    const char *navigation;          /* the rows' own conditions are written behind it: "Category/Name"; or NULL */
};

/* Writes down those filters that have a place. where: of which place; the columns of WHERE_PARENT are taken from the parent's table.
 * Everything lives in the arena. False when out of memory. */
bool odata_filter_make(struct odata_filter *filter, const struct odata_filter_source *source, enum odata_where where, struct arena *arena);

/* Appends one condition as odata_filter_make writes it, a list in full. name: what stands for its value; or NULL. False: it can not be told,
 * and nothing is appended. */
bool odata_filter_one(const struct odata_context *context, const struct odata_table *table, const struct filter *filter, const char *navigation,
                      const char *name, struct buffer *out);

/* Sees to it that the text is not longer than `most` bytes (-1: any length): splits the longest list, and leaves out what still does not
 * fit. */
void odata_filter_fit(struct odata_filter *filter, const struct odata_context *context, long most);

/* Appends the present text, encoded, with `and` in front where something stands before it; nothing when there is nothing to say. */
void odata_filter_print(const struct odata_filter *filter, struct buffer *out, bool *begun);

/* Moves to the list's next piece; false when there is none. */
bool odata_filter_next(struct odata_filter *filter);

/* Whether a row can belong to the present piece of the list: so that it comes only once, whatever the service takes for equal. */
bool odata_filter_keeps(const struct odata_term *list, size_t first, size_t end, enum type_kind kind, const struct value *cell);

#endif
