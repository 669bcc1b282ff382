/* The form of a table's pages: where in the JSON the rows stand, where in a row the cells, and where a page says what comes after it. */
#ifndef PROVIDERS_ROWS_SHAPE_H
#define PROVIDERS_ROWS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/rows/path.h"
#include "table/service.h"

/* How a value is written where that is not as its type suggests. */
enum shape_form {
    FORM_PLAIN,
    FORM_BASE64,                     /* bytes, in either alphabet, padded or not */
    FORM_MOMENT,                     /* a timestamp or its day: also "/Date(milliseconds+minutes)/" */
    FORM_TIME,                       /* a time of day: also as what has passed of it, "PT8H1M30.5S" */
    FORM_REAL,                       /* a double: also "INF", "-INF"; "NaN" is NULL, with a warning */
    FORM_TEXT,                       /* a string: of whatever is no scalar its JSON text */
    FORM_LIST,                       /* json: an array, or an object that has it as its member "results" */
};

/* Belongs to the struct column of the same index. */
struct shape_column {
    const struct place *at;          /* where its value may stand, the last one found counts; none: not in the page */
    size_t at_count;
    enum shape_form form;
    bool join;                       /* an array of scalars becomes a text with commas */
    const struct value *empty;       /* values that mean NULL */
    size_t empty_count;
};

/* A column, of type json, that has the members of a row that are not known by name as an object. Names with '@' or '.' in them, or with
 * "__" at their beginning, are remarks about others and not among them. Not for rows inside of rows. */
struct shape_rest {
    int column;
    const char *const *known;
    size_t known_count;
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
    bool lenient;                    /* a row without a value that should be there has NULL, with a warning */
    const struct shape_rest *rest;   /* NULL: what no column asks for is skipped */
};

#endif
