/* Rows of a query that stay in memory: what a static cursor scrolls over, and the results of a statement that was executed for several
 * sets of parameters at once. */
#ifndef ODBC_KEPT_ROWS_H
#define ODBC_KEPT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct odbc_rows;
struct query;

/* An empty store; NULL when out of memory. Ended by rows_close. */
struct odbc_rows *kept_rows_new(size_t column_count);

/* Adds a copy of the query's present row. False: HY001, or what the query says of a cell. */
bool kept_rows_add(struct odbc_rows *rows, struct query *query, struct error *err);

#endif
