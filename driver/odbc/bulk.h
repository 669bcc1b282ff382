/* Filling the bound buffers column by column, for the conversions that are nearly all of them in practice and only where they go without
 * a remark. Whatever else there is to say about a cell (it is cut, it does not fit) is for convert_to_c, row by row. */
#ifndef ODBC_BULK_H
#define ODBC_BULK_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

enum { BULK_ROWS = 512 /* the most rows at once */ };

struct odbc_statement;

/* Whether all that is bound can be filled this way, the odd cell left aside. */
bool bulk_can(const struct odbc_statement *statement);

/* Fills the bound buffers of `count` rows (at most BULK_ROWS) of the rowset, from row `row` on, from the cursor's rows at hand. odd[i] is
 * set for each row that has a cell left for convert_to_c, which is then to convert the whole row. Returns whether there is one. */
bool bulk_convert(const struct odbc_statement *statement, SQLULEN row, size_t count, bool *odd);

#endif
