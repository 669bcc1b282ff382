/* Cursors: the rows of the present result by their numbers, and where a rowset of them starts (ODBC reference, "Scrollable Cursors").
 *
 * A forward-only cursor passes over the engine's rows and keeps none. A static one keeps every row that it has read, so that it can go
 * back; it reads no further than it has to. */
#ifndef ODBC_CURSOR_H
#define ODBC_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sql.h>
#include <sqlext.h>

struct error;
struct odbc_record;
struct odbc_statement;
struct value;

/* A bookmark is the number of its row, in the bytes of a uint64_t. */
enum { CURSOR_BOOKMARK_SIZE = sizeof(uint64_t) };

/* Whether it is a static cursor. */
bool cursor_scrolls(const struct odbc_statement *statement);

/* Makes row `number` (from 1) the one that cursor_value reads. *there is false past the end. A forward-only cursor can be asked for
 * the present row and the next one. False: the failure of the query, the same one each time it is met. */
bool cursor_reach(struct odbc_statement *statement, uint64_t number, bool *there, struct error *err);

/* A cell of that row. Lives as long as the row is the present one. */
bool cursor_value(struct odbc_statement *statement, size_t column, struct value *value, struct error *err);

/* How many rows from the present one on lie beside each other, so that each column's cells can be read one after the other: 1 where only
 * the present one is at hand. A forward-only cursor over a plain scan has more. */
size_t cursor_at_hand(const struct odbc_statement *statement);
/* Where some do: the column's cells of these rows, or NULL when all are NULL; and the way to the row that lies so many further on. */
const struct value *cursor_cells_at_hand(const struct odbc_statement *statement, size_t column);
void cursor_pass_at_hand(struct odbc_statement *statement, size_t rows);

/* Where a rowset starts. */
struct cursor_target {
    enum { CURSOR_BEFORE, CURSOR_ON, CURSOR_AFTER } place;
    uint64_t first;     /* the number of its first row; CURSOR_ON */
    bool overlaps;      /* it would have begun before the first row, and begins with it: 01S06 */
};

/* Finds the rowset of `size` rows that an orientation and offset mean, by the tables of SQLFetchScroll's "Positioning the Cursor". The
 * cursor stays where it is. base: the row of the bookmark, for SQL_FETCH_BOOKMARK. False: the query's failure. */
bool cursor_find(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset, uint64_t base, SQLULEN size,
                 struct cursor_target *target, struct error *err);

/* The row that a bookmark at this address means; 0 for none that this cursor could have given out. False: the query's failure. */
bool cursor_bookmarked(struct odbc_statement *statement, const void *bookmark, uint64_t *row, struct error *err);

/* Column 0 as SQLDescribeCol and the descriptors show it. False when bookmarks are off. */
bool cursor_describe_bookmark(const struct odbc_statement *statement, struct odbc_record *record);

/* Whether a bookmark can be had as this C type. */
bool cursor_bookmark_type(SQLSMALLINT c_type);

/* The C type itself, or for SQL_C_DEFAULT the one that the statement's bookmarks have. */
SQLSMALLINT cursor_bookmark_as(const struct odbc_statement *statement, SQLSMALLINT c_type);

#endif
