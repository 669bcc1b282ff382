#include "base/decimal.h"

#include <limits.h>

enum { MOST_DIGITS = 38 };

static decimal_digits power_of_ten(int exponent)
{
    decimal_digits power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static decimal_magnitude magnitude(decimal_digits number)
{
    return number < 0 ? (decimal_magnitude)0 - (decimal_magnitude)number : (decimal_magnitude)number;
}

static decimal_digits with_sign(decimal_magnitude size, bool negative)
{
    return negative ? -(decimal_digits)size : (decimal_digits)size;
}

static bool fits(decimal_magnitude size)
{
    return size < (decimal_magnitude)power_of_ten(MOST_DIGITS);
}

/* One digit more: not asked of the product whether it fits, because past 128 bits it would begin anew. */
static bool append_digit(decimal_magnitude *size, unsigned digit)
{
    if (*size >= (decimal_magnitude)power_of_ten(MOST_DIGITS - 1))
        return false;
    *size = *size * 10 + digit;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads "e[+-]digits" at *at up to end into *exponent; nothing there is exponent 0. */
static bool read_exponent(const char **at, const char *end, int *exponent)
{
    *exponent = 0;
    if (*at == end || (**at != 'e' && **at != 'E'))
        return true;
    const char *p = *at + 1;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    for (; p < end && is_digit(*p); p++)
        if (*exponent < 10000)
            *exponent = *exponent * 10 + (*p - '0');
    if (negative)
        *exponent = -*exponent;
    *at = p;
    return true;
}

bool decimal_parse(const char *text, size_t length, struct decimal *result)
{
    const char *at = text, *end = text + length;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;

    decimal_magnitude size = 0;
    long scale = 0;
    bool any = false, point = false;
    for (; at < end && (is_digit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        if (!append_digit(&size, (unsigned)(*at - '0')))
            return false;
        scale += point;
    }
    int exponent;
    if (!any || !read_exponent(&at, end, &exponent) || at != end)
        return false;

    scale -= exponent;
    if (size == 0 && (scale < 0 || scale > MOST_DIGITS))
        scale = 0;
    for (; scale < 0; scale++)
        if (!append_digit(&size, 0))
            return false;
    for (; scale > MOST_DIGITS; scale--) {
        if (size % 10)
            return false;
        size /= 10;
    }
    result->unscaled = with_sign(size, negative);
    result->scale = (int)scale;
    return true;
}

size_t decimal_print(const struct decimal *decimal, char *out)
{
    char digits[MOST_DIGITS + 2];
    int count = 0;
    size_t at = 0;

    for (decimal_magnitude rest = magnitude(decimal->unscaled); rest || count <= decimal->scale; rest /= 10)
        digits[count++] = (char)('0' + (int)(rest % 10));
    if (decimal->unscaled < 0)
        out[at++] = '-';
    while (count > 0) {
        if (count == decimal->scale)
            out[at++] = '.';
        out[at++] = digits[--count];
    }
    out[at] = '\0';
    return at;
}

static decimal_magnitude divide_rounding(decimal_magnitude a, decimal_magnitude b)
{
    decimal_magnitude quotient = a / b, rest = a % b;
    return rest >= b - rest ? quotient + 1 : quotient;
}

bool decimal_rescale(const struct decimal *decimal, int scale, struct decimal *result)
{
    decimal_magnitude size = magnitude(decimal->unscaled);
    bool negative = decimal->unscaled < 0;

    for (int step = decimal->scale; step < scale; step++)
        if (!append_digit(&size, 0))
            return false;
    if (decimal->scale > scale)
        size = divide_rounding(size, (decimal_magnitude)power_of_ten(decimal->scale - scale));
    result->unscaled = with_sign(size, negative);
    result->scale = scale;
    return true;
}

static bool add(const struct decimal *a, const struct decimal *b, int sign, struct decimal *result)
{
    struct decimal left, right;
    int scale = a->scale > b->scale ? a->scale : b->scale;

    if (!decimal_rescale(a, scale, &left) || !decimal_rescale(b, scale, &right))
        return false;
    decimal_digits sum;
    if (__builtin_add_overflow(left.unscaled, sign * right.unscaled, &sum) || !fits(magnitude(sum)))
        return false;
    *result = (struct decimal){sum, scale};
    return true;
}

bool decimal_add(const struct decimal *a, const struct decimal *b, struct decimal *result)
{
    return add(a, b, 1, result);
}

bool decimal_subtract(const struct decimal *a, const struct decimal *b, struct decimal *result)
{
    return add(a, b, -1, result);
}

/* Numbers of up to 76 digits, as two halves of 128 bits: what products and dividends need in between. */
struct wide {
    decimal_magnitude high, low;
};

static struct wide multiply_wide(decimal_magnitude a, decimal_magnitude b)
{
    const decimal_magnitude mask = ~(decimal_magnitude)0 >> 64;
    decimal_magnitude a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
    decimal_magnitude low = a0 * b0, middle = a1 * b0 + (low >> 64), other = a0 * b1 + (middle & mask);
    return (struct wide){a1 * b1 + (middle >> 64) + (other >> 64), other << 64 | (low & mask)};
}

/* Bit by bit: n / divisor with its remainder; false when the quotient needs more than 128 bits. */
static bool divide_wide(struct wide n, decimal_magnitude divisor, decimal_magnitude *quotient, decimal_magnitude *rest)
{
    if (n.high >= divisor)
        return false;
    *quotient = 0;
    *rest = n.high;
    for (int bit = 127; bit >= 0; bit--) {
        bool carry = *rest >> 127;
        *rest = *rest << 1 | (n.low >> bit & 1);
        *quotient <<= 1;
        if (carry || *rest >= divisor) {
            *rest -= divisor;
            *quotient |= 1;
        }
    }
    return true;
}

/* n / divisor rounded half away from zero; false past 38 digits. */
static bool round_wide(struct wide n, decimal_magnitude divisor, decimal_magnitude *result)
{
    decimal_magnitude rest;
    if (!divide_wide(n, divisor, result, &rest) || !fits(*result))
        return false;
    if (rest >= divisor - rest)
        ++*result;
    return fits(*result);
}

bool decimal_multiply(const struct decimal *a, const struct decimal *b, struct decimal *result)
{
    struct wide product = multiply_wide(magnitude(a->unscaled), magnitude(b->unscaled));
    int scale = a->scale + b->scale;
    decimal_magnitude size = 0;

    for (int cut = scale > MOST_DIGITS ? scale - MOST_DIGITS : 0; cut <= scale && cut <= MOST_DIGITS; cut++)
        if (round_wide(product, (decimal_magnitude)power_of_ten(cut), &size)) {
            *result = (struct decimal){with_sign(size, (a->unscaled < 0) != (b->unscaled < 0)), scale - cut};
            return true;
        }
    return false;
}

bool decimal_divide(const struct decimal *a, const struct decimal *b, int scale, struct decimal *result)
{
    if (b->unscaled == 0)
        return false;
    /* a/10^as / (b/10^bs) = a * 10^(scale+bs-as) / b, at the wanted scale */
    int shift = scale + b->scale - a->scale;
    decimal_magnitude top = magnitude(a->unscaled), bottom = magnitude(b->unscaled), size = 0;
    bool negative = (a->unscaled < 0) != (b->unscaled < 0);

    for (; shift > MOST_DIGITS; shift--)
        if (!append_digit(&top, 0))
            return false;
    if (shift < 0) {
        struct wide divisor = multiply_wide(bottom, (decimal_magnitude)power_of_ten(-shift > MOST_DIGITS ? MOST_DIGITS : -shift));
        if (divisor.high || -shift > MOST_DIGITS)
            size = 0; /* a has at most 38 digits, so the quotient is below a half */
        else
            size = divide_rounding(top, divisor.low);
    } else if (!round_wide(multiply_wide(top, (decimal_magnitude)power_of_ten(shift)), bottom, &size)) {
        return false;
    }
    *result = (struct decimal){with_sign(size, negative), scale};
    return true;
}

static int compare_wide(struct wide a, struct wide b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    int sign_a = a->unscaled < 0 ? -1 : a->unscaled > 0;
    int sign_b = b->unscaled < 0 ? -1 : b->unscaled > 0;
    if (sign_a != sign_b)
        return sign_a < sign_b ? -1 : 1;

    int scale = a->scale > b->scale ? a->scale : b->scale;
    struct wide left = multiply_wide(magnitude(a->unscaled), (decimal_magnitude)power_of_ten(scale - a->scale));
    struct wide right = multiply_wide(magnitude(b->unscaled), (decimal_magnitude)power_of_ten(scale - b->scale));
    return sign_a < 0 ? compare_wide(right, left) : compare_wide(left, right);
}

double decimal_to_double(const struct decimal *decimal)
{
    /* Both parts exact as doubles: one correctly rounded division. Otherwise the wider type rounds first, to 64 bits. */
    if (magnitude(decimal->unscaled) < ((decimal_magnitude)1 << 53) && decimal->scale <= 22)
        return (double)decimal->unscaled / (double)power_of_ten(decimal->scale);
    return (double)((long double)decimal->unscaled / (long double)power_of_ten(decimal->scale));
}

bool decimal_to_integer(const struct decimal *decimal, long long *integer, bool *exact)
{
    decimal_digits power = power_of_ten(decimal->scale);
    decimal_digits whole = decimal->unscaled / power;
    if (whole > LLONG_MAX || whole < LLONG_MIN)
        return false;
    *integer = (long long)whole;
    if (exact)
        *exact = decimal->unscaled % power == 0;
    return true;
}
