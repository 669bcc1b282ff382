/* A bound INSERT, UPDATE or DELETE → the text for the engine's SQLite. */
#ifndef SQL_PRINT_CHANGE_H
#define SQL_PRINT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/type.h"

struct buffer;
struct change;

/* Whether every value of one type is, as it stands, one of the other: it needs no store_value. */
bool print_change_fits(const struct type *from, const struct type *to);

/* Failure shows in the buffer. *rows_at: where the query of an INSERT … SELECT begins; 0 for all others. */
void print_change(struct buffer *out, const struct change *change, size_t *rows_at);

#endif
