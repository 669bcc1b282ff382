/* The form of a table's pages: where in the JSON the rows stand, where in a row the cells, and where a page says what comes after it. */
#ifndef PROVIDERS_ROWS_SHAPE_H
#define PROVIDERS_ROWS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/rows/path.h"
#include "table/service.h"

/* Belongs to the struct column of the same index. */
struct shape_column {
    const struct place *at;          /* where its value may stand, the last one found counts; none: not in the page */
    size_t at_count;
    bool join;                       /* an array of scalars becomes a text with commas */
    const struct value *empty;       /* values that mean NULL */
    size_t empty_count;
};

struct shape {
    const struct table *table;       /* names and types of the columns */
    const struct shape_column *columns;
    const struct row_place *rows;    /* the first of these that a page has */
    size_t row_count;                /* at least 1 */
    const struct path *more;         /* where a page may say that there are more */
    size_t more_count;
    const struct path *next;         /* where it may tell the next page's address, or the token to ask for it by */
    size_t next_count;
    const struct path *total;        /* where it may tell how many rows there are in all */
    size_t total_count;
};

#endif
