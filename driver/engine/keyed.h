/* When a join asks a table for one key after the other, reading the table whole may cost fewer requests.
 *
 * How large a table is, nobody knows beforehand. So a reading of the whole is tried after as many scans by key as it may
 * have batches: after 4, 16, 64… scans, and given up when it turns out to be longer. A join then costs a third more
 * scans than by key alone at the most, and often far fewer. */
#ifndef ENGINE_KEYED_H
#define ENGINE_KEYED_H

#include "engine/filter.h"
#include "engine/replay.h"

struct cancel;

/* To be called when a scan is about to be opened that was not kept. True with *known: its rows are `batch` without any
 * request; true without: open it. False when cancelled or out of memory. */
bool keyed_find(struct replay *replay, const struct table *table, const char *text, const struct scan_plan *plan,
                const struct filters *filters, const bool *wanted, struct cancel *cancel, struct batch *batch, bool *known,
                struct error *err);

#endif
