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

/* SQLEndTran, of a connection and of all connections of an environment. */
SQLRETURN transaction_end(struct odbc_connection *connection, SQLSMALLINT completion);
SQLRETURN transaction_end_all(struct odbc_environment *environment, SQLSMALLINT completion);

/* SQL_ATTR_AUTOCOMMIT and SQL_ATTR_TXN_ISOLATION. */
SQLRETURN transaction_set_autocommit(struct odbc_connection *connection, SQLUINTEGER autocommit);
SQLRETURN transaction_set_isolation(struct odbc_connection *connection, SQLUINTEGER isolation);

/* After a rollback: closes the cursors of the connection's statements (SQL_CB_CLOSE) but of one, which may be NULL. Those in use by another
 * thread are left; they end with 24000. The connection is locked. */
void transaction_close_cursors(struct odbc_connection *connection, const struct odbc_statement *but);

#endif
