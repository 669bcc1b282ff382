/* SQL_INTERVAL_STRUCT: from texts and numbers and back (ODBC reference, Appendix D, "Interval Data Types"). No column of ours has an
 * interval type; these are for the C side. */
#ifndef ODBC_INTERVAL_H
#define ODBC_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

struct decimal;

enum interval_result { INTERVAL_EXACT, INTERVAL_CUT /* trailing fields or a fraction were lost */, INTERVAL_OVERFLOW, INTERVAL_NONE };

enum { INTERVAL_TEXT = 64, INTERVAL_LEADING = 2, INTERVAL_FRACTION = 6 /* the default precisions */, INTERVAL_LEADING_MOST = 9 };

bool interval_is_type(SQLSMALLINT c_type);
bool interval_is_single(SQLSMALLINT c_type);    /* it has one field */
bool interval_has_seconds(SQLSMALLINT c_type);
bool interval_is_of_months(SQLSMALLINT c_type); /* the others are of seconds */

/* How an interval is to look: its C type, the digits of its leading field and those of its fraction of seconds. */
struct interval_form {
    SQLSMALLINT c_type;
    int leading, fraction;
};

/* Reads "1-06", "3 04:05:06.7", "04:05" and their like, or a literal with its fields: INTERVAL '3 04' DAY TO HOUR.
 * INTERVAL_NONE: it is none, or it is of months where days are wanted. */
enum interval_result interval_from_text(const char *text, size_t length, const struct interval_form *form, SQL_INTERVAL_STRUCT *interval);

/* A number of the one field. */
enum interval_result interval_from_decimal(const struct decimal *decimal, const struct interval_form *form, SQL_INTERVAL_STRUCT *interval);

/* The same length of time with other fields. INTERVAL_NONE: one is of months, the other of days. */
enum interval_result interval_convert(const SQL_INTERVAL_STRUCT *given, const struct interval_form *own, const struct interval_form *form,
                                      SQL_INTERVAL_STRUCT *interval);

/* Prints "-3 04:05:06.7". Returns the length; 0 when the fields hold no interval. out: INTERVAL_TEXT bytes. */
size_t interval_print(const SQL_INTERVAL_STRUCT *interval, const struct interval_form *form, char *out);

#endif
