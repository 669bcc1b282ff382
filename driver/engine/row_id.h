/* Identities of rows. The tables of a service have none, but SQLite compares them when it reads one table twice for one
 * result: for the sides of an OR, and for the unmatched rows of a RIGHT JOIN.
 *
 * Two scans for one FROM item look at the same columns, and both bring all rows with the content that their conditions let
 * pass. So a row is known by that content and by being the first, second, … with it. The identity is a 64-bit hash of both:
 * among a million rows two are confused once in 30 million queries. */
#ifndef ENGINE_ROW_ID_H
#define ENGINE_ROW_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;

/* How often each content was met. A zeroed struct is an empty one. */
struct row_ids {
    struct row_count *counts;
    size_t room, used;
};

/* The identity of a row of a batch, which has not been counted before. False when out of memory. */
bool row_ids_next(struct row_ids *ids, const struct batch *batch, const bool *wanted, size_t column_count, size_t row, int64_t *id);
void row_ids_clear(struct row_ids *ids);

#endif
