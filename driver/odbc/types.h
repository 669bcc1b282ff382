/* How the driver's types look to ODBC: type codes, names, sizes (ODBC reference, Appendix D, "Column Size, Decimal Digits,
 * Transfer Octet Length, and Display Size"). SQLColumns, SQLGetTypeInfo, SQLDescribeCol and SQLColAttribute all read it here. */
#ifndef ODBC_TYPES_H
#define ODBC_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

#include "base/type.h"

struct odbc_handle;
struct odbc_record;

/* One row of SQLGetTypeInfo. Negative numbers stand for NULL. */
struct odbc_type {
    SQLSMALLINT code;              /* ODBC 3 concise type */
    const char *name;              /* as SQL's CAST takes it */
    SQLINTEGER size;               /* the greatest COLUMN_SIZE */
    const char *prefix, *suffix;   /* of literals; NULL = none */
    const char *create_params;
    SQLSMALLINT c_type;            /* SQL_C_DEFAULT means this */
    SQLSMALLINT case_sensitive, searchable, is_unsigned, fixed_scale, smallest_scale, largest_scale, radix;
};

extern const struct odbc_type odbc_types[];
extern const size_t odbc_type_count;

/* The row of a concise SQL type, also of one that only parameters have; NULL for intervals and for what is no SQL type. */
const struct odbc_type *odbc_type_find(SQLSMALLINT code);

/* Fills the type fields of an implementation record for a column or parameter of this type.
 * ansi  the application takes texts as bytes: their lengths in octets and on display are those of UTF-8 */
void record_describe(struct odbc_record *record, const struct type *type, bool ansi);

/* What the catalog functions, SQLDescribeCol and SQLColAttribute call COLUMN_SIZE, DECIMAL_DIGITS, BUFFER_LENGTH, DISPLAY_SIZE. */
SQLLEN record_decimal_digits(const struct odbc_record *record);
SQLLEN record_display_size(const struct odbc_record *record);

/* The verbose type (SQL_DATETIME) and subcode of a concise one, and back; 0 as subcode for the others. */
SQLSMALLINT type_verbose(SQLSMALLINT concise, SQLSMALLINT *subcode);
SQLSMALLINT type_concise(SQLSMALLINT verbose, SQLSMALLINT subcode);

/* ODBC 2 had other codes for dates and times: the code as the handle's application knows it, and any code in its ODBC 3 form. */
SQLSMALLINT type_code_shown(struct odbc_handle *handle, SQLSMALLINT code);
SQLSMALLINT type_code_modern(SQLSMALLINT code);

/* Whether a code is a C type or SQL type that ODBC defines, supported or not; in ODBC 3 form. */
bool type_is_c(SQLSMALLINT code);
bool type_is_sql(SQLSMALLINT code);

bool type_is_character(SQLSMALLINT type);

/* Whether Appendix D ("Converting Data from C to SQL Data Types") has a way from the C type to the SQL type; both in ODBC 3 form. */
bool type_c_converts(SQLSMALLINT c_type, SQLSMALLINT type);

/* Bytes that a C type of fixed size takes in a buffer; 0 for char, wchar and binary. */
size_t type_c_size(SQLSMALLINT code);

#endif
