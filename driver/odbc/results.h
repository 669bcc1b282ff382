/* What a result's columns are called and like: the fields of the implementation row descriptor. */
#ifndef ODBC_RESULTS_H
#define ODBC_RESULTS_H

#include <stdbool.h>

#include <sql.h>
#include <sqlext.h>

struct odbc_record;

/* The text of a SQL_DESC_ field of a described column; NULL when the field is not a text. Static, or as long as the record. */
const char *results_text_field(const struct odbc_record *record, SQLUSMALLINT field);

/* The number of a SQL_DESC_ or SQL_COLUMN_ field; false when there is no such field. Types in their ODBC 3 form. */
bool results_number_field(const struct odbc_record *record, SQLUSMALLINT field, SQLLEN *number);

/* Whether a column field of this number exists. */
bool results_is_field(SQLUSMALLINT field);

#endif
