/* One JSON value as a column's canonical value: lenient in form, never in meaning. */
#ifndef PROVIDERS_ROWS_COERCE_H
#define PROVIDERS_ROWS_COERCE_H

#include <stdbool.h>

#include "json/reader.h"
#include "providers/rows/shape.h"

struct arena;
struct error;
struct warnings;

/* Reads the value that comes next in the reader, which is over a document in memory.
 *
 *   any type     null → NULL; an empty array or object → NULL
 *   not string   "" → NULL; numbers and booleans may be written as strings
 *   boolean      true, false, 0, 1 and the words for them
 *   date, timestamp   all zeros, false → NULL; an offset is brought to UTC
 *   string       numbers and booleans as they are written; where the column joins, arrays of scalars: "1,2,3", and
 *                what is nested deeper as compact JSON text
 *   json         any value, as compact JSON text; "" → NULL
 *   or as the shape's form of the column says
 *   and whatever the shape calls empty → NULL
 *
 * A value that can not be taken is NULL and a warning, the first time in its column; it is an error where the column can not be NULL
 * and where warnings is NULL. A string that is longer than its column is kept whole, with a warning.
 * The result's text is in the arena. False: 22018 naming table, column and value, 08S01 for malformed JSON. */
bool coerce_value(const struct shape *shape, int column, struct json_reader *reader, struct arena *arena, struct warnings *warnings,
                  struct value *result, struct error *err);

/* The same for a text that is no value itself: the name of a member. */
bool coerce_key(const struct shape *shape, int column, const char *text, size_t length, struct arena *arena, struct warnings *warnings,
                struct value *result, struct error *err);

/* A value that fits into no column of that kind; what: as it is told of. */
bool coerce_misfit(const struct shape *shape, int column, const char *what, struct warnings *warnings, struct value *result, struct error *err);

#endif
