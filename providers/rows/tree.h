/* The member names that matter, as a tree, so that a JSON value is walked once and what nobody wants is skipped. */
#ifndef PROVIDERS_ROWS_TREE_H
#define PROVIDERS_ROWS_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "json/reader.h"
#include "providers/rows/shape.h"

struct arena;
struct error;
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

struct node {
    enum node_kind kind;
    int column;
    const char *name;
    size_t name_length;
    struct node *child, *next;
    const struct path_step *choice;  /* of a node that stands for chosen elements of its parent's array, else NULL */
    struct node *choices;            /* such nodes, when this one's value is an array to choose from */
    size_t choice_count;
    size_t number;                   /* of such a node: its place among its parent's */
};

/* The node that a path leads to from the root, made with all those on the way. NULL when out of memory. */
struct node *tree_add(struct arena *arena, struct node *root, const struct path *path, enum node_kind kind);

/* The child of that name. after: where the search begins, since services send members in the same order every time; or NULL. */
const struct node *tree_find(const struct node *parent, const struct node *after, const struct json_text *name);

/* What reading a row needs. */
struct row_reading {
    struct json_reader *reader;
    const struct shape *shape;
    struct arena *texts;             /* gets the texts of cells */
    struct warnings *warnings;       /* of values that do not fit; NULL: they are errors */
};

/* Reads the members of an object whose start has been read into cells[column][row]. False: as coerce_value, 22018 for an array where
 * an object is expected. */
bool tree_read_members(const struct row_reading *reading, const struct node *parent, struct value *const *cells, size_t row,
                       struct error *err);

#endif
