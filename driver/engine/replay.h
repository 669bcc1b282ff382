/* Scans of one execution that were read to their end, kept for when SQLite asks for the same once more: it asks for the inner
 * side of a join, or for a subquery, once for each row around it. No request is made twice then. */
#ifndef ENGINE_REPLAY_H
#define ENGINE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/filter.h"

/* A scan being read, or its rows. */
struct replay_scan;

struct keyed;

/* A zeroed struct is an empty one. */
struct replay {
    struct replay_scan **buckets;
    struct keyed *series;   /* see keyed.h */
    struct arena arena;     /* of all scans */
    size_t bytes;           /* kept so far; past a bound no further scan is */
    size_t begun;           /* scans that were asked for */
};

/* The rows of the same scan as one batch, which lives until replay_clear. False when it was not kept. */
bool replay_find(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                 struct batch *batch);

/* Begins to keep a scan. NULL when that is not worth while or there is no memory: then it is just not kept.
 * repeated: the statement reads the table in several places. */
struct replay_scan *replay_begin(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                                 const bool *wanted, bool repeated);

/* The same, when it surely is worth while. */
struct replay_scan *replay_new(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                               const bool *wanted);

/* The same of groups, `columns` wide: there are fewer of them than rows. */
struct replay_scan *replay_begin_groups(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                                        size_t columns);

/* Keeps a batch more. False when the bound is reached: the scan is not kept then, and must not be told of again. */
bool replay_add(struct replay *replay, struct replay_scan *scan, const struct batch *batch);

/* Keeps some rows of a batch that is itself kept. False as above. */
bool replay_add_rows(struct replay *replay, struct replay_scan *scan, const struct batch *batch, const size_t *rows, size_t count);

/* The rows kept so far; they stay where they are until more are added. */
void replay_rows(const struct replay_scan *scan, struct batch *batch);

/* The scan came to its end: from now on it can be found. */
void replay_finish(struct replay *replay, struct replay_scan *scan);

/* Whether the bound is reached. */
bool replay_is_full(const struct replay *replay);

/* What makes two scans the same, as bytes in the arena. NULL when out of memory. */
const char *replay_key(const struct table *table, const char *plan, const struct filters *filters, struct arena *arena,
                       size_t *length);

void replay_clear(struct replay *replay);

#endif
