/* SQLNativeSql. */
#ifndef ODBC_NATIVE_H
#define ODBC_NATIVE_H

#include <sql.h>

struct odbc_connection;
struct text_in;
struct text_out;

/* The text with its ODBC escapes translated. */
SQLRETURN native_text(struct odbc_connection *connection, const struct text_in *text, const struct text_out *native);

#endif
