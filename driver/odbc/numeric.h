/* Numbers between their canonical form and C: the whole part that fits an integer, SQL_NUMERIC_STRUCT. */
#ifndef ODBC_NUMERIC_H
#define ODBC_NUMERIC_H

#include <stdbool.h>

#include <sql.h>
#include <sqlext.h>

#include "base/decimal.h"
#include "base/type.h"
#include "base/value.h"

/* A number in whichever form holds it exactly. */
struct number {
    enum { NUMBER_DECIMAL, NUMBER_REAL } kind;
    struct decimal decimal;
    double real;
};

enum number_result { NUMBER_EXACT, NUMBER_CUT /* a fraction was lost */, NUMBER_OUT_OF_RANGE };

/* The number that a value is or, for texts, spells; an infinite one when it is past every double. False when a text is no number. */
bool number_from_value(enum type_kind kind, const struct value *value, struct number *number);

/* The part before the point, between smallest and largest. */
enum number_result number_to_whole(const struct number *number, decimal_digits smallest, decimal_digits largest,
                                   decimal_digits *whole);

/* Likewise 0 or 1: what is below 0 is out of range even where only a fraction is. */
enum number_result number_to_bit(const struct number *number, decimal_digits *bit);

double number_to_double(const struct number *number);

/* Brings the number to a precision and scale; digits past the scale are cut. */
enum number_result number_to_numeric(const struct number *number, int precision, int scale, SQL_NUMERIC_STRUCT *numeric);

/* Reads a SQL_NUMERIC_STRUCT. False past 38 digits. A negative scale means zeros before the point. */
bool numeric_read(const void *pointer, struct decimal *decimal);

#endif
