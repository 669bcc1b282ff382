/* Numbers as files write them: with a point or comma of their culture, with marks between thousands. */
#ifndef PROVIDERS_CSV_NUMBER_H
#define PROVIDERS_CSV_NUMBER_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/decimal.h"
#include "base/type.h"

struct csv_number {
    decimal_magnitude digits;     /* all of them as one whole number, below 10^38 */
    int whole, fraction;          /* how many stand before and behind the point; zeros in front are not counted among the whole ones */
    int exponent;
    bool negative;
    bool has_point, has_exponent;
    bool signed_exponent;
    bool padded;                  /* there is a plus sign, or a zero in front of other digits */
};

/* Spaces and tabs around it are allowed.
 * point  what stands before the fraction
 * group  what may stand between digits of the whole part, three by three from its end: ' ' means all spaces that are used for that, '\''
 *        both apostrophes; '\0': nothing
 * False when it is no number, or needs more than 38 digits. */
bool csv_number_read(const char *text, size_t length, char point, char group, struct csv_number *number);

/* The number times 10 to the power of `scale`, where that is whole and below 10^38. */
bool csv_number_scaled(const struct csv_number *number, int scale, decimal_digits *scaled);

/* The double that is nearest to the number in the text. c: the C locale. False when it is none, or beyond all doubles, be it
 * so small that only 0 is nearer. */
bool csv_real_read(const char *text, size_t length, char point, char group, locale_t c, double *real);

#endif
