/* From values to C buffers (ODBC reference, Appendix D, "Converting Data from SQL to C Data Types"). */
#ifndef ODBC_CONVERT_TO_C_H
#define ODBC_CONVERT_TO_C_H

#include <stdbool.h>

#include <sql.h>
#include <sqlext.h>

#include "odbc/application.h"

struct odbc_handle;
struct odbc_progress;
struct odbc_record;
struct value;

/* Where a column's data goes. */
struct c_target {
    SQLSMALLINT c_type;            /* SQL_C_DEFAULT: the one that the column's type has */
    void *buffer;                  /* may be NULL: only the length is wanted */
    SQLLEN room;                   /* bytes, for char, wchar and binary */
    application_length *length, *indicator; /* SQL_DESC_OCTET_LENGTH_PTR and SQL_DESC_INDICATOR_PTR; mostly the same */
    int precision, scale;          /* of SQL_C_NUMERIC; scale -1 = the column's own */
    int interval_precision;        /* of the interval types: the digits of the leading field; 0 = 2. Their fraction's are `precision`. */
    bool length_only;              /* a bound column without a buffer: nothing is missed by not writing it */
};

/* Converts a value of a described column.
 *
 * handle      gets the records: 01004, 01S07, 22002, 22003, 22015, 22018, 07006
 * longest     SQL_ATTR_MAX_LENGTH; 0 = no bound
 * progress    of SQLGetData, which gives a value out in pieces: each call goes on where the last ended, and the one after the last piece
 *             answers SQL_NO_DATA. NULL for a bound column, which gets the value's beginning.
 * SQL_SUCCESS, SQL_SUCCESS_WITH_INFO, SQL_NO_DATA or SQL_ERROR. */
SQLRETURN convert_to_c(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                       const struct c_target *target, SQLULEN longest, struct odbc_progress *progress);

#endif
