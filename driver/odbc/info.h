/* What the driver says of itself: SQLGetInfo, SQLGetFunctions, SQLGetTypeInfo. */
#ifndef ODBC_INFO_H
#define ODBC_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

struct odbc_connection;
struct odbc_statement;
struct text_out;

/* Writes into value, or, for the texts, into text. */
SQLRETURN info_get(struct odbc_connection *connection, SQLUSMALLINT type, SQLPOINTER value, const struct text_out *text);

/* The entry points of the driver, as SQLGetFunctions numbers them. The one list: a test holds it against the symbols of the built driver. */
struct odbc_function {
    SQLUSMALLINT id;
    const char *name;
    bool wide;            /* has a W form */
};
extern const struct odbc_function odbc_functions[];
extern const size_t odbc_function_count;

SQLRETURN info_functions(struct odbc_connection *connection, SQLUSMALLINT function, SQLUSMALLINT *supported);

SQLRETURN info_types(struct odbc_statement *statement, SQLSMALLINT type);

#endif
