/* What lies in a C buffer, as a value of the type that its C type stands for: integers as bigint, structures as dates and times,
 * intervals as their text. */
#ifndef ODBC_C_VALUE_H
#define ODBC_C_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

struct arena;
struct decimal;
struct error;
struct type;
struct value;

struct c_data {
    SQLSMALLINT c_type;            /* in ODBC 3 form, not SQL_C_DEFAULT */
    const void *pointer;
    SQLLEN length;                 /* bytes, SQL_NTS or SQL_NULL_DATA */
    SQLSMALLINT precision, scale;  /* of SQL_C_NUMERIC; precision also of the fraction of an interval */

    /* The SQL type that the application bound (IPD). */
    SQLSMALLINT sql_type;          /* SQL_UNKNOWN_TYPE where it told none */
    SQLULEN size;                  /* ColumnSize: characters, bytes, digits; 0 = not told */
    SQLSMALLINT digits;            /* DecimalDigits, also of a fraction of seconds */
    SQLINTEGER leading;            /* digits of an interval's leading field; 0 = not told */
};

/* Reads the buffer. Texts of the value live in the arena.
 * False: 22003, 22007 (22008 where the bound type is a text), 22015, 22018, HY090, HY001. */
bool c_value_read(const struct c_data *data, struct arena *arena, struct type *type, struct value *value, struct error *err);

/* A text of SQL_C_CHAR or, when `wide`, SQL_C_WCHAR, brought to UTF-8. */
bool c_value_read_text(const struct c_data *data, bool wide, struct arena *arena, struct value *value, struct error *err);

/* Values whose text is copied into the arena. False: HY001. */
bool c_value_keep_text(struct arena *arena, const char *text, size_t length, struct value *value, struct error *err);
bool c_value_keep_decimal(const struct decimal *decimal, struct arena *arena, struct type *type, struct value *value, struct error *err);

#endif
