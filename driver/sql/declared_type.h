/* The types of columns as a SQLite database declares them. */
#ifndef SQL_DECLARED_TYPE_H
#define SQL_DECLARED_TYPE_H

#include <stddef.h>

#include "base/type.h"

enum { DECLARED_TYPE_ROOM = 64 };

/* What a column of this type is declared with: a word that gives SQLite the affinity, then our type: "INT integer", "TEXT decimal(10,2)",
 * "REAL double", "BLOB binary(10)". out has DECLARED_TYPE_ROOM bytes. A decimal's column also needs COLLATE decimal. */
void declared_type_print(const struct type *type, char *out);

/* The type of a column by what it is declared with: our own form, any name that SQL knows (VARCHAR(20), DATETIME…), or else by SQLite's
 * rules of affinity (sqlite.org/datatype3.html, 3.1). INTEGER and INT are bigint, because SQLite's are of 64 bits, TINYINT and SMALLINT integer,
 * because it bounds none; DECIMAL and NUMERIC without digits are double, because it rounds nothing there. text may be NULL: a string. */
void declared_type_read(const char *text, struct type *type);

#endif
