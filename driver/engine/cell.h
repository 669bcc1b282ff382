/* Values between SQLite and the house. */
#ifndef ENGINE_CELL_H
#define ENGINE_CELL_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/value.h"

struct arena;
struct error;

/* Looks at a value of SQLite's as it is stored; text and blobs stay SQLite's and live as long as it says.
 * False with HY001 when SQLite has no memory for the text. */
bool cell_read(sqlite3_value *from, struct value *value, struct error *err);

/* Gives a value as the result of a function or column; SQLite copies its text or blob. */
void cell_result(sqlite3_context *context, const struct value *value);

/* Binds a parameter; SQLite copies the value. Returns SQLite's code. */
int cell_bind(sqlite3_stmt *program, int parameter, const struct value *value);

/* Brings a cell of SQLite's into the canonical form of its type: 22003 when it does not fit, HY000 when SQLite
 * computed something else altogether. computed: an expression's, whose decimals and fractions may have other scales.
 * New text lives in the arena. */
bool cell_canonical(const struct type *type, bool computed, struct value *value, struct arena *arena, struct error *err);

#endif
