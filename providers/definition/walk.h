/* Goes through the rows of a parent table, for the requests that are made once for each of them. */
#ifndef PROVIDERS_DEFINITION_WALK_H
#define PROVIDERS_DEFINITION_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/request.h"

struct error;
struct http_lane;
struct warnings;
struct walk;

/* requests: of the child, whose route walks; outlives the walk. lane: shared, so that both tables' requests are under way at once.
 * ahead: as of pages_open. */
bool walk_open(const struct requests *requests, struct http_lane *lane, bool ahead, struct warnings *warnings, struct walk **walk,
               struct error *err);
void walk_close(struct walk *walk);

/* The next rows, at most as many as one series serves: *values[column] are `count` values for each column of the child that comes from
 * the parent, NULL for the others; valid until the next call. *count is 0 at the end. */
bool walk_next(struct walk *walk, const struct value *const **values, size_t *count, struct error *err);

/* Adds what the parent's requests have cost. */
void walk_count(const struct walk *walk, struct scan_counts *counts);

#endif
