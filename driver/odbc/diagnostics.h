/* The diagnostic area of a handle: what SQLGetDiagRec and SQLGetDiagField show (ODBC reference, "Diagnostics"). */
#ifndef ODBC_DIAGNOSTICS_H
#define ODBC_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

#include "base/arena.h"
#include "base/error.h"

struct odbc_handle;
struct text_out;

struct odbc_diagnostic {
    char sqlstate[6];
    SQLINTEGER native;
    const char *message;   /* without the "[restodbc]" in front; in the area's arena */
    SQLLEN row;
    SQLINTEGER column;
};

/* A fresh area keeps its first records inside itself, so that even "out of memory" can be told. */
enum { DIAGNOSTICS_INSIDE = 4, DIAGNOSTICS_MOST = 1000 };

struct odbc_diagnostics {
    struct odbc_diagnostic inside[DIAGNOSTICS_INSIDE];
    struct odbc_diagnostic *records;    /* errors first, then warnings, each in the order they came */
    size_t count, capacity;
    struct arena messages;
    SQLLEN row;                         /* what the next record says of row and column */
    SQLINTEGER column;
    SQLRETURN returned;                 /* SQL_DIAG_RETURNCODE */
    SQLLEN row_count;                   /* SQL_DIAG_ROW_COUNT, SQL_DIAG_CURSOR_ROW_COUNT */
    const char *function;               /* SQL_DIAG_DYNAMIC_FUNCTION; static */
    SQLINTEGER function_code;
};

void diagnostics_init(struct odbc_diagnostics *diagnostics);
void diagnostics_clear(struct odbc_diagnostics *diagnostics);

/* Forgets the records of the call before. */
void diagnostics_reset(struct odbc_diagnostics *diagnostics);

/* Says which row of the rowset (from 1) and column the next records are about; SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER for none. */
void diagnostics_at(struct odbc_diagnostics *diagnostics, SQLLEN row, SQLINTEGER column);

/* Adds a record for an error, with the connection's secrets taken out of it: a service may say back what it was sent. Always SQL_ERROR,
 * so that a function can return it. */
SQLRETURN diagnostics_error(struct odbc_handle *handle, const struct error *err);
SQLRETURN diagnostics_fail(struct odbc_handle *handle, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a warning (class 01). Always SQL_SUCCESS_WITH_INFO. */
SQLRETURN diagnostics_warn(struct odbc_handle *handle, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* SQLGetDiagRec and SQLGetDiagField on a handle that is already locked. */
SQLRETURN diagnostics_record(struct odbc_handle *handle, SQLSMALLINT number, const struct text_out *sqlstate, SQLINTEGER *native,
                             const struct text_out *message);
SQLRETURN diagnostics_field(struct odbc_handle *handle, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                            const struct text_out *text);

#endif
