/* Rowsets: the rows that one fetch brings into the bound buffers (ODBC reference, "Block Cursors"). */
#ifndef ODBC_ROWSET_H
#define ODBC_ROWSET_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

struct odbc_descriptor;
struct odbc_record;
struct odbc_statement;

/* Where a bound thing of row or parameter set `row` (from 0) lies: column-wise its elements follow each other, row-wise the structures. */
void *rowset_place(const struct odbc_descriptor *descriptor, void *pointer, SQLULEN row, size_t element);

/* Where the bound data of a record lies. */
void *rowset_data(const struct odbc_descriptor *descriptor, SQLSMALLINT number, SQLSMALLINT c_type, SQLULEN row);

/* Fills the bound buffers of row `row` (from 0) of the rowset from the row that cursor_reach made the present one.
 * The worst of the columns' results. */
SQLRETURN rowset_convert(struct odbc_statement *statement, SQLULEN row);

/* Likewise, but for the columns whose length says SQL_COLUMN_IGNORE (SQLBulkOperations). */
SQLRETURN rowset_convert_in_bulk(struct odbc_statement *statement, SQLULEN row);

/* SQL_ROW_SUCCESS and its like. */
SQLUSMALLINT rowset_status(SQLRETURN result);

/* Whether anything of a column is bound: its data, or a length or indicator alone. */
bool rowset_is_bound(const struct odbc_record *record);

#endif
