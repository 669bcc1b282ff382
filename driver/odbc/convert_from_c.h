/* From C buffers to values (ODBC reference, Appendix D, "Converting Data from C to SQL Data Types"). */
#ifndef ODBC_CONVERT_FROM_C_H
#define ODBC_CONVERT_FROM_C_H

#include <stdbool.h>

#include <sql.h>
#include <sqlext.h>

#include "base/type.h"

struct arena;
struct error;
struct value;

struct c_data {
    SQLSMALLINT c_type;          /* in ODBC 3 form, not SQL_C_DEFAULT */
    SQLSMALLINT sql_type;        /* of the parameter, as the application declares it; 0 where it did not */
    const void *pointer;
    SQLLEN length;               /* bytes, SQL_NTS or SQL_NULL_DATA */
    SQLSMALLINT precision, scale;  /* of SQL_C_NUMERIC; precision also of the fraction of an interval */
};

/* The C type that SQL_C_DEFAULT means for a parameter of this SQL type. */
SQLSMALLINT convert_default_c_type(SQLSMALLINT sql_type);

/* Reads the data as a canonical value of a type; what it needs beyond itself lives in the arena. A decimal keeps the digits that it
 * has past the type's scale, a time likewise (see query_bind).
 * False: 07006 the types can not be converted, 22018, 22003, 22007, 22008, 22001 the data does not fit, HY090, HY009, HY001. */
bool convert_from_c(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, struct error *err);

#endif
