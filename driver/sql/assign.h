/* Assignment: how INSERT and UPDATE bring a value to the type of the column that it is stored in (SQL-92 9.2). */
#ifndef SQL_ASSIGN_H
#define SQL_ASSIGN_H

#include <stdbool.h>

#include "base/type.h"
#include "base/value.h"

struct arena;
struct error;

/* As value_cast, except that blanks at the end of a text which is too long are left out as far as they do not fit. A parameter's decimal
 * may have any scale.
 * False: 22001 a text or binary that is too long, 22003 a number out of range, 22007 and 22018 what is no such value. */
bool assign_value(const struct type *from, const struct value *value, const struct type *to, struct arena *arena, struct value *result,
                  struct error *err);

#endif
