/* Rows read past SQLite: a SELECT of which SQLite does nothing but hand over rows of one table of the service, because all conditions are the
 * service's. Once SQLite has opened the scan, its further rows are read past it, as many at once as lie beside each other in a batch.
 *
 * Whether a program is one is read off its own instructions, so nothing is guessed: between the scan's opening and its next row there may
 * only be the copying of columns and the handing over. A program that looks otherwise is run by SQLite as ever. */
#ifndef ENGINE_DIRECT_H
#define ENGINE_DIRECT_H

#include <stdbool.h>
#include <stddef.h>

struct cursor;
struct error;
struct query;

/* Finds out for the query's new program, whose text is given; called with the lock. Sets query->columns, NULL where it is none. False:
 * HY001. */
bool direct_find(struct query *query, const char *text, struct error *err);

/* What vtab.c tells of the open scan of such a program. */

/* Moves to the scan's next row; takes the lock only where the batch is at its end. */
bool cursor_step(struct cursor *cursor, bool *row, struct error *err);
/* The column's cell in the present row, and behind it those of the following rows of the batch; NULL when all are NULL. */
const struct value *cursor_cells(const struct cursor *cursor, int column);
/* How many rows of the batch follow the present one. 0 where some of them might have to be left out. */
size_t cursor_following(const struct cursor *cursor);
/* Moves on so many rows, of which at least as many follow. */
void cursor_pass(struct cursor *cursor, size_t rows);

#endif
