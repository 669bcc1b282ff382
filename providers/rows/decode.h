/* Rows out of a page's JSON: the members that wanted columns ask for, coerced into canonical values; all else is skipped. */
#ifndef PROVIDERS_ROWS_DECODE_H
#define PROVIDERS_ROWS_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/rows/shape.h"

struct error;
struct warnings;

enum { DECODE_ROWS = 1024 /* the most rows in one batch */ };

struct decoder;

/* shape     outlives the decoder
 * needed    per column of the table: fill its cells. Copied.
 * warnings  gets what does not fit into its column; NULL: that is an error. Outlives the decoder. */
bool decoder_open(const struct shape *shape, const bool *needed, struct warnings *warnings, struct decoder **decoder, struct error *err);
void decoder_close(struct decoder *decoder);

/* Starts on a page, which is borrowed until the next one or decoder_close. The rows of an array or object that come one after the other
 * are read on the way; where rows are inside of rows the page is gone through first, which fails as decoder_next does. */
bool decoder_page(struct decoder *decoder, const char *body, size_t length, struct error *err);

/* Forgets the texts of all rows decoded so far: the start of a new batch. */
void decoder_batch(struct decoder *decoder);

/* Decodes the page's next row into cells[column][row] (row < DECODE_ROWS); *found is false at the page's end.
 * False: 08S01 malformed JSON with its byte offset, 22018 a value that its column can not hold, 22002 a missing one; each names the
 * table, the latter the column and the value. */
bool decoder_next(struct decoder *decoder, size_t row, bool *found, struct error *err);

/* The cells: an array of DECODE_ROWS values per needed column, NULL for the others. */
struct value *const *decoder_cells(const struct decoder *decoder);

/* At the page's end: whether it says that there are more; what it says of the next page, or NULL; how many rows there are in all, or -1. */
bool decoder_more(const struct decoder *decoder);
const char *decoder_next_page(const struct decoder *decoder);
int64_t decoder_total(const struct decoder *decoder);

/* At the page's end: how many elements it has of those that a service counts when it divides its rows into pages: its rows, those that are
 * null among them; where rows stand inside of rows, the outermost. */
int64_t decoder_elements(const struct decoder *decoder);

/* At the page's end: whether a place of rows was in it, and which of its bytes hold the rows (empty when there were none). */
bool decoder_has_rows(const struct decoder *decoder);
const char *decoder_row_bytes(const struct decoder *decoder, size_t *length);

/* At the page's end: whether what surrounds the place of the rows was in it. That place itself may be missing from a page without
 * rows; a body without its surroundings is some other document. */
bool decoder_is_page(const struct decoder *decoder);

#endif
