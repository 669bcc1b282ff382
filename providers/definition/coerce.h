/* One JSON value as a column's canonical value: lenient in form, never in meaning. */
#ifndef PROVIDERS_DEFINITION_COERCE_H
#define PROVIDERS_DEFINITION_COERCE_H

#include <stdbool.h>

#include "json/reader.h"
#include "table/service.h"

struct arena;
struct definition_column;
struct error;

/* Reads the value that comes next in the reader.
 *
 *   any type     null → NULL; an empty array or object → NULL
 *   not string   "" → NULL; numbers and booleans may be written as strings
 *   boolean      true, false, 0, 1 and the words for them
 *   date, timestamp   all zeros → NULL; an offset is brought to UTC
 *   string       numbers and booleans as they are written; arrays of scalars where the column joins them: "1,2,3"
 *   json         any value, as compact JSON text; "" → NULL
 *   and whatever the definition calls empty → NULL
 * The result's text is in the arena. False: 22018 naming table, column and value, 08S01 for malformed JSON. */
bool coerce_value(const struct table *table, int column, const struct definition_column *detail, struct json_reader *reader,
                  struct arena *arena, struct value *result, struct error *err);

#endif
