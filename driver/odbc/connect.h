/* Connecting and disconnecting. */
#ifndef ODBC_CONNECT_H
#define ODBC_CONNECT_H

#include <stdbool.h>

#include <sql.h>

struct error;
struct odbc_connection;
struct text_in;
struct text_out;

/* SQLDriverConnect without dialogs: what is missing is an error that says so. */
SQLRETURN connect_with_string(struct odbc_connection *connection, const struct text_in *string, const struct text_out *completed,
                              SQLUSMALLINT completion);

/* SQLConnect: a DSN, with User and Password beside it. */
SQLRETURN connect_with_name(struct odbc_connection *connection, const struct text_in *name, const struct text_in *user,
                            const struct text_in *password);

/* SQLBrowseConnect: one step. SQL_NEED_DATA with what is still to be told as a browse result string, or, when nothing is, the
 * connection as of SQLDriverConnect. An error ends the browsing. */
SQLRETURN connect_browse(struct odbc_connection *connection, const struct text_in *string, const struct text_out *result);

/* Whether a statement of the connection awaits parameter data; the connection is locked. */
bool connect_awaits_data(struct odbc_connection *connection);

SQLRETURN connect_end(struct odbc_connection *connection);

/* Makes an open connection as it was when it had just been opened, without statements: the driver manager's pool hands it on
 * (SQL_ATTR_RESET_CONNECTION). HY010 while a statement is executing. */
SQLRETURN connect_reset(struct odbc_connection *connection);

/* --- shared by the files of this chapter --- */

/* The connection's 01S00 for a property that was not taken. */
void connect_warn(void *connection, const char *message);

/* Takes what odbc.ini and odbcinst.ini say: the string wins over the DSN, the DSN over the driver's section. */
bool connect_read_sections(struct odbc_connection *connection, struct error *err);

/* Opens the connection with its properties. On failure there are none any more. */
SQLRETURN connect_open(struct odbc_connection *connection);
void connect_close(struct odbc_connection *connection);

/* Writes the completed connection string. */
SQLRETURN connect_complete(struct odbc_connection *connection, const struct text_out *completed);

#endif
