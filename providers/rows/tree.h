/* The member names that matter, as a tree, so that a JSON value is walked once and what nobody wants is skipped. */
#ifndef PROVIDERS_ROWS_TREE_H
#define PROVIDERS_ROWS_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "json/reader.h"
#include "providers/rows/shape.h"

struct arena;
struct error;
struct order;
struct warnings;

enum node_kind {
    NODE_INNER,    /* only its members matter */
    NODE_ROWS,     /* its elements or members are rows */
    NODE_ROW,      /* it is the one row */
    NODE_MORE,     /* it says whether there are more pages */
    NODE_NEXT,     /* it says how the next page is asked for */
    NODE_TOTAL,    /* it says how many rows there are */
    NODE_COLUMN,   /* it is a cell */
};

/* A column that collects from the elements of an array: "assignees", a star, "id". */
struct gathering {
    int column;
    struct path rest;                /* from each element on */
    struct gathering *next;
};

/* One more column that reads the same member. */
struct twin {
    int column;
    struct twin *next;
};

struct node {
    enum node_kind kind;
    int column;
    struct twin *twins;
    const char *name;
    size_t name_length;
    struct node *child, *next;
    struct order *order;             /* in which its members come; of one that has children */
    struct gathering *gatherings;    /* columns of this one's elements together, when its value is an array */
    const struct path_step *choice;  /* of a node that stands for chosen elements of its parent's array, else NULL */
    struct node *choices;            /* such nodes, when this one's value is an array to choose from, or an object that must fit */
    size_t choice_count;
    size_t number;                   /* of such a node: its place among its parent's */
};

/* The node that a path leads to from the root, made with all those on the way. NULL when out of memory. */
struct node *tree_add(struct arena *arena, struct node *root, const struct path *path, enum node_kind kind);

/* Makes the value there a column's cell; several columns may read the same one. False when out of memory. */
bool tree_add_column(struct arena *arena, struct node *root, const struct path *path, int column);

/* The child of that name. after: where the search begins, since services send members in the same order every time; or NULL. */
const struct node *tree_find(const struct node *parent, const struct node *after, const struct json_text *name);

/* The members of a row that are not known by name, as JSON. */
struct rest {
    const struct shape_rest *shape;
    const struct node *root;         /* of the row: they are members of the row itself */
    struct buffer text;              /* "{\"a\":1,\"b\":2" */
};

/* What reading a row needs. */
struct row_reading {
    struct json_reader *reader;
    const struct shape *shape;
    struct arena *texts;             /* gets the texts of cells */
    struct warnings *warnings;       /* of values that do not fit; NULL: they are errors */
    struct rest *rest;               /* gets the members that nobody knows; NULL: they are skipped */
};

/* Reads the members of an object whose start has been read into cells[column][row]. False: as coerce_value, 22018 for an array where
 * an object is expected. */
bool tree_read_members(const struct row_reading *reading, const struct node *parent, struct value *const *cells, size_t row,
                       struct error *err);

#endif
