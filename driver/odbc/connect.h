/* Connecting and disconnecting. */
#ifndef ODBC_CONNECT_H
#define ODBC_CONNECT_H

#include <sql.h>

struct odbc_connection;
struct text_in;
struct text_out;

/* SQLDriverConnect without dialogs: what is missing is an error that says so. */
SQLRETURN connect_with_string(struct odbc_connection *connection, const struct text_in *string, const struct text_out *completed,
                              SQLUSMALLINT completion);

/* SQLConnect: a DSN, with User and Password beside it. */
SQLRETURN connect_with_name(struct odbc_connection *connection, const struct text_in *name, const struct text_in *user,
                            const struct text_in *password);

SQLRETURN connect_end(struct odbc_connection *connection);

#endif
