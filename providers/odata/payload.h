/* Pages of rows in JSON, in all forms that the versions have: what a page says besides its rows, and where its rows and their values are. */
#ifndef PROVIDERS_ODATA_PAYLOAD_H
#define PROVIDERS_ODATA_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/odata/tables.h"
#include "providers/rows/shape.h"

struct arena;
struct error;
struct odata_context;

/* What a page says besides its rows. The texts are in the arena that they were read into. */
struct odata_facts {
    const char *next;                /* the address of the page after it, as it is written; or NULL */
    const char *delta;               /* where changes are asked for */
    const char *base;                /* what addresses in it are relative to: its context; or NULL */
    int64_t count;                   /* of rows in all; -1 = not told */
    bool failure;                    /* it is an error that the service reports */
};

/* Reads them without looking at the rows. False: 08S01 malformed, HY001. */
bool odata_facts_read(const char *body, size_t length, struct arena *arena, struct odata_facts *facts, struct error *err);

/* What a page's JSON holds. */
enum odata_content {
    CONTENT_MANY,                    /* an array of rows, in one of its envelopes */
    CONTENT_ONE,                     /* one row */
    CONTENT_INNER_MANY,              /* what stood inside of a parent: an array */
    CONTENT_INNER_RESULTS,           /* the same as V2 and V3 have it: an object around the array */
    CONTENT_INNER_ONE,               /* one row */
    CONTENTS
};

/* The form of a table's rows. Everything lives in the arena and as long as the table. False when out of memory. */
bool odata_shape(const struct odata_table *table, enum odata_content content, enum odata_version version, struct arena *arena, struct shape *shape);

/* The form of the parents' rows of a view: their columns as the table `parents` has them, which are the view's parent columns, then what
 * stands inside of them as JSON, then the address of more of that. */
bool odata_parent_shape(const struct odata_table *view, enum odata_version version, struct arena *arena, struct table *parents, struct shape *shape);

/* The form in which a column of that kind is written. */
enum shape_form odata_form(enum edm edm, bool collection, const struct type *type);

/* The place of a value by the names of members that lead to it, divided by slashes; but not in the name that ends with a remark. */
bool odata_place(struct arena *arena, const char *path, const char *remark, struct place *place);

#endif
