/* A result set in memory: what the catalog functions answer with. */
#ifndef ODBC_ROWS_H
#define ODBC_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>

#include "base/arena.h"
#include "base/value.h"

struct error;
struct odbc_statement;
struct service;

/* A column of the result: SQL_WVARCHAR with its size, SQL_SMALLINT or SQL_INTEGER. */
struct odbc_row_column {
    const char *name;
    const char *name2;       /* in ODBC 2 */
    SQLSMALLINT code;
    int size;
    bool nullable;
};

struct odbc_rows {
    struct arena arena;      /* the cells' texts that are not static or the names' */
    const struct service *names;  /* of the connection when the result was made, held; NULL where it tells of none */
    struct value *cells;     /* row-major */
    size_t column_count;
    size_t row_count, capacity;
};

/* Makes the statement's result an empty one with these columns and opens its cursor. SQL_ERROR with 24000 or HY010 when the statement
 * is not in a state for it. */
SQLRETURN rows_begin(struct odbc_statement *statement, const char *function, const struct odbc_row_column *columns, size_t count);

/* Adds a row of NULLs and returns its cells; NULL when out of memory. */
struct value *rows_grow(struct odbc_rows *rows);

/* Likewise to the statement's result; when out of memory that is dropped, with the record added. */
struct value *rows_add(struct odbc_statement *statement);

/* A cell of text, which is borrowed: NULL for NULL. */
struct value rows_text(const char *text);

/* Sorts the rows by some columns, given by index, ended by -1; texts as bytes, NULL first. */
void rows_sort(struct odbc_rows *rows, const int *order);

void rows_close(struct odbc_rows *rows);

#endif
