/* Paths into JSON: the names of members that lead from one value to another inside of it. */
#ifndef PROVIDERS_ROWS_PATH_H
#define PROVIDERS_ROWS_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* What an element must have to be chosen: a member of that name with that text. */
struct path_condition {
    const char *key, *value;
};

enum { PATH_LEVELS = 7 /* the most * in the place of rows, and the most ../ of a column */ };

/* One name of a path. Of an array of objects it can choose the first element that fits: "dock[name=vault,enabled=true]"; and of an
 * object, whether it counts at all. */
struct path_step {
    const char *name;
    const struct path_condition *conditions;
    size_t condition_count;          /* 0: nothing is chosen, the value is no array */
};

/* In a place of a column: each element of the array before it, written as a star; and the row itself, as in ".[done=true]/when". */
bool path_step_is_star(const struct path_step *step);
bool path_step_is_self(const struct path_step *step);

struct path {
    const struct path_step *steps;
    size_t length;
};

/* Takes length bytes such as "permissions/admin" or "/results/more" apart; the path lives in the arena. A slash may stand within the
 * brackets of a choice. False with *wrong a static text for malformed brackets, or NULL when out of memory. */
bool path_read(struct arena *arena, const char *text, size_t length, struct path *path, const char **wrong);

/* Where a column's value stands, seen from a row. */
enum place_kind {
    PLACE_MEMBER,                    /* at the path below the row, an element around it, or the page: "id", "../id", "../../date" */
    PLACE_KEY,                       /* the name of the member that the row or the element around it is: "@", "../@" */
    PLACE_SELF,                      /* the row itself: "." */
    PLACE_INDEX,                     /* its place within the array or object, from 0: "#", "../#" */
    PLACE_ANCESTOR,                  /* at the path below a row of a tree that the row is in, or is: "^1/name" */
    PLACE_DEPTH,                     /* how deep in a tree the row is, from 1: "^" */
};

struct place {
    enum place_kind kind;
    unsigned up;                     /* how far around the row: to the element of the * before, and from that of the first to the page */
    unsigned depth;                  /* of PLACE_ANCESTOR: 1 is the outermost, 0 what the tree is in */
    struct path path;                /* of PLACE_MEMBER and PLACE_ANCESTOR */
};

bool place_read(struct arena *arena, const char *text, size_t length, struct place *place, const char **wrong);

/* Where rows stand in a page: "/results/users" and a *. Between two levels every element or member is gone through. With a name behind
 * two stars, "/report/ **lines" without the blank, the rows are a tree: each may have further ones in that member. */
struct row_place {
    const struct path *levels;       /* the path to each * in turn, from the element of the one before */
    size_t level_count;              /* at least 1 */
    bool many;                       /* the last level ends in a *, else it is one row itself */
    struct path below;               /* of a tree: from a row to those in it; length 0 = it is none */
};

bool row_place_read(struct arena *arena, const char *text, size_t length, struct row_place *place, const char **wrong);

#endif
