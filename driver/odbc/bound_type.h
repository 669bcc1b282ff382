/* The SQL type that an application binds a parameter with decides what its data may be: the tables "C to SQL" of Appendix D. */
#ifndef ODBC_BOUND_TYPE_H
#define ODBC_BOUND_TYPE_H

#include <stdbool.h>

struct arena;
struct c_data;
struct error;
struct type;
struct value;

/* The type of ours that a bound type is, for a parameter whose type nothing else tells: a string where there is none. */
void bound_type_describe(const struct c_data *data, struct type *type);

/* Brings what was read from the buffer to the bound type: type and value go in as c_value_read left them and come out as those of the
 * bound type. An interval comes out as its text. Sizes and digits that were not told do not bind; where no type was told, nothing
 * changes.
 *
 * cut  set when digits after the point were taken from a number that was no text
 * False: 22001, 22003, 22008, 22015, 22018 as the tables say, 07006, HY001. */
bool bound_type_convert(const struct c_data *data, struct arena *arena, struct type *type, struct value *value, bool *cut,
                        struct error *err);

#endif
