/* Pages whose rows can not be read on the way past them: rows inside of rows, rows that are no objects, cells that are a member's name.
 * Such a page is gone through once to find where its rows are, and what stands around each. */
#ifndef PROVIDERS_ROWS_NESTED_H
#define PROVIDERS_ROWS_NESTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/rows/tree.h"

struct nested;

/* Whether the needed columns, or the places of the rows, ask for this way. */
bool nested_is_needed(const struct shape *shape, const bool *needed);

/* reading, needed: outlive it. False when out of memory. */
bool nested_open(const struct row_reading *reading, const bool *needed, struct nested **nested, struct error *err);
void nested_close(struct nested *nested);

/* Finds the rows of the page that the reader is at the start of, at one of the shape's places. *found tells whether the place was in
 * the page at all; its rows may still be none. What surrounds the rows lives in texts until the next page. */
bool nested_page(struct nested *nested, const struct row_place *place, bool *found, struct error *err);

/* Reads the next row into cells[column][row]; *more is false when there is none. */
bool nested_next(struct nested *nested, struct value *const *cells, size_t row, bool *more, struct error *err);

/* Elements of the outermost level: what a service counts when it divides its rows into pages. */
int64_t nested_elements(const struct nested *nested);

/* The bytes of the page, by their offsets, that hold its rows. */
void nested_span(const struct nested *nested, uint64_t *start, uint64_t *end);

#endif
