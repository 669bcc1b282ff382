/* From C buffers to values (ODBC reference, Appendix D, "Converting Data from C to SQL Data Types"), in three steps: what lies in the
 * buffer (c_value), the same as a value of the SQL type that the application bound (bound_type), and that as one of the type that the
 * statement has for the parameter. */
#ifndef ODBC_CONVERT_FROM_C_H
#define ODBC_CONVERT_FROM_C_H

#include <stdbool.h>

#include <sql.h>
#include <sqlext.h>

#include "base/type.h"
#include "odbc/c_value.h"

struct arena;
struct error;
struct value;

/* The C type that SQL_C_DEFAULT means for a parameter of this SQL type. */
SQLSMALLINT convert_default_c_type(SQLSMALLINT sql_type);

/* Reads the data as a canonical value of a type; what it needs beyond itself lives in the arena. A decimal keeps the digits that it
 * has past the type's scale, a time likewise (see query_bind).
 * cut  set when the bound type took the fraction of a number, which is 01S07; else left alone
 * False: 07006 the types can not be converted, 22018, 22003, 22007, 22008, 22001, 22015 the data does not fit, HY090, HY009, HY001. */
bool convert_from_c(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, bool *cut,
                    struct error *err);

/* The same for a value that is only compared: a date may then be a moment within a day (a timestamp's text), which no date equals. */
bool convert_for_comparison(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, bool *cut,
                            struct error *err);

#endif
