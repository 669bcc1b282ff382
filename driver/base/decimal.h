/* Exact decimal arithmetic up to 38 digits. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

__extension__ typedef __int128 decimal_digits;
__extension__ typedef unsigned __int128 decimal_magnitude;

/* unscaled / 10^scale; |unscaled| < 10^38, 0 <= scale <= 38. */
struct decimal {
    decimal_digits unscaled;
    int scale;
};

enum { DECIMAL_TEXT = 44 /* room for sign, 38 digits, leading zero, point, NUL */ };

/* Reads digits with optional sign, point and exponent ("-1.5e3"); the scale is as many digits as are written
 * (trailing zeros kept, leading zeros dropped). False when it is no number or needs more than 38 digits. */
bool decimal_parse(const char *text, size_t length, struct decimal *result);

/* Writes the canonical text (see value.h) into out, room DECIMAL_TEXT; returns its length. */
size_t decimal_print(const struct decimal *decimal, char *out);

/* Each is false when the result needs more than 38 digits (22003 is the caller's to say); divide also for a zero
 * divisor, which the caller tests first. Scales: sum max(a,b); product a+b, reduced (rounded half away from zero) when it
 * would need more than 38 digits; quotient as asked for, rounded likewise. */
bool decimal_add(const struct decimal *a, const struct decimal *b, struct decimal *result);
bool decimal_subtract(const struct decimal *a, const struct decimal *b, struct decimal *result);
bool decimal_multiply(const struct decimal *a, const struct decimal *b, struct decimal *result);
bool decimal_divide(const struct decimal *a, const struct decimal *b, int scale, struct decimal *result);

/* Changes the scale, rounding half away from zero. False when the digits no longer fit. */
bool decimal_rescale(const struct decimal *decimal, int scale, struct decimal *result);

int decimal_compare(const struct decimal *a, const struct decimal *b);

double decimal_to_double(const struct decimal *decimal);

/* The whole part as 64 bits when it fits; `exact` (may be NULL) tells whether there was no fraction. */
bool decimal_to_integer(const struct decimal *decimal, long long *integer, bool *exact);

#endif
