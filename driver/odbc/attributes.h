/* Attributes of environments, connections and statements. */
#ifndef ODBC_ATTRIBUTES_H
#define ODBC_ATTRIBUTES_H

#include <stdbool.h>

#include <sql.h>

struct odbc_connection;
struct odbc_environment;
struct odbc_statement;
struct text_in;
struct text_out;

SQLRETURN environment_set(struct odbc_environment *environment, SQLINTEGER attribute, SQLPOINTER value);
SQLRETURN environment_get(struct odbc_environment *environment, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER *length);

SQLRETURN connection_set(struct odbc_connection *connection, SQLINTEGER attribute, SQLPOINTER value, const struct text_in *text);
SQLRETURN connection_get(struct odbc_connection *connection, SQLINTEGER attribute, SQLPOINTER value, const struct text_out *text);

SQLRETURN statement_set(struct odbc_statement *statement, SQLINTEGER attribute, SQLPOINTER value);
SQLRETURN statement_get(struct odbc_statement *statement, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER *length);

/* SQLEndTran: everything is committed at once and nothing can be rolled back, so there is never anything to do. */
SQLRETURN transaction_end(struct odbc_connection *connection, SQLSMALLINT completion);

#endif
