/* When a join asks a table for one key after the other, fewer requests can do.
 *
 * Where the rows of the outer side that come next are known, because they came in the same batch, their keys are asked for together
 * with the present one, as a list. So are those of all rows of an outer side that was itself read by a list, and the keys of a list that stands beside the
 * comparison: k = outer.k AND k IN (1, 2, 3). The rows are divided by their key and kept, so that the scans for the other keys find them. No
 * more batches are read for a list than it has keys: if the rows of a key fill several, there is nothing to be gained.
 *
 * Otherwise, reading the table whole may cost less.
 *
 * How large a table is, nobody knows beforehand. So a reading of the whole is tried after as many scans by key as it may
 * have batches: after 4, 16, 64… scans, and given up when it turns out to be longer. A join then costs a third more
 * scans than by key alone at the most, and often far fewer. */
#ifndef ENGINE_KEYED_H
#define ENGINE_KEYED_H

#include "engine/filter.h"
#include "engine/replay.h"

struct cancel;
struct statement;

/* A cursor that stands on a row: where keys to come can be seen. */
struct reading {
    struct reading *next;
    const struct table *table;
    const struct batch *batch;
    size_t row;                     /* at or past batch->row_count: it stands nowhere */
};

/* A scan that is about to be opened, and was not kept. */
struct keyed_scan {
    const struct statement *statement;
    const struct reading *readings; /* all that are open; NULL where nothing may be asked for ahead */
    const struct table *table;
    const char *text;               /* the order of its plan */
    const struct scan_plan *plan;
    const struct filters *filters;
    const bool *wanted;
    struct cancel *cancel;
    struct warnings *warnings;
    struct scan_counts *counts;     /* what is read here is added; NULL = nobody asks */
};

/* True with *known: its rows are `batch` without any request more; true without: open it. False when cancelled or out of memory. */
bool keyed_find(struct replay *replay, const struct keyed_scan *scan, struct batch *batch, bool *known, struct error *err);

#endif
