#include "providers/csv/number.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_EXPONENT = 10000, REAL_TEXT = 400 };

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static void trim(const char **text, const char **end)
{
    while (*text < *end && (**text == ' ' || **text == '\t'))
        ++*text;
    while (*end > *text && ((*end)[-1] == ' ' || (*end)[-1] == '\t'))
        --*end;
}

/* Digits while they are read: the first 19 in one register. */
struct digits {
    uint64_t low;
    decimal_magnitude all;        /* once there are more */
    int count;                    /* without zeros in front */
};

static bool add_digit(struct digits *digits, char byte)
{
    unsigned digit = (unsigned)(byte - '0');

    if (digits->count < 19) {
        digits->low = digits->low * 10 + digit;
        digits->count += digits->low != 0;
        return true;
    }
    digits->all = (digits->count == 19 ? digits->low : digits->all) * 10 + digit;
    return ++digits->count <= DECIMAL_DIGITS;
}

/* Behind the letter. */
static bool read_exponent(const char **at, const char *end, struct csv_number *number)
{
    bool negative = *at < end && **at == '-';
    int exponent = 0;

    number->has_exponent = true;
    number->signed_exponent = *at < end && (**at == '-' || **at == '+');
    *at += number->signed_exponent;
    if (*at == end)
        return false;
    for (; *at < end && is_digit(**at); ++*at)
        if (exponent < LARGEST_EXPONENT)
            exponent = exponent * 10 + (**at - '0');
    number->exponent = negative ? -exponent : exponent;
    return true;
}

/* The bytes of a mark between thousands, 0 when there is none; exactly three digits must follow it. */
static size_t group_length(const char *at, const char *end, char group)
{
    static const struct { char group; const char *mark; } others[] = {{' ', "\u00a0"}, {' ', "\u202f"}, {'\'', "\u2019"}};
    size_t left = (size_t)(end - at), length = group && *at == group;

    for (size_t i = 0; !length && i < sizeof others / sizeof others[0]; i++)
        if (group == others[i].group && left >= strlen(others[i].mark) && memcmp(at, others[i].mark, strlen(others[i].mark)) == 0)
            length = strlen(others[i].mark);
    if (!length || left < length + 3 || (left > length + 3 && is_digit(at[length + 3])))
        return 0;
    return is_digit(at[length]) && is_digit(at[length + 1]) && is_digit(at[length + 2]) ? length : 0;
}

/* The digits before the point; *count of them. False when there are too many. */
static bool read_whole(const char **at, const char *end, char group, struct digits *digits, int *count)
{
    int since = 0; /* the last mark */
    bool grouped = false;

    for (*count = 0; *at < end;) {
        if (is_digit(**at)) {
            if (!add_digit(digits, *(*at)++))
                return false;
            ++*count;
            since++;
            continue;
        }
        size_t length = group_length(*at, end, group);
        if (!length || (grouped ? since != 3 : since < 1 || since > 3))
            break;
        *at += length;
        grouped = true;
        since = 0;
    }
    return true;
}

bool csv_number_read(const char *text, size_t length, char point, char group, struct csv_number *number)
{
    const char *at = text, *end = text + length;
    struct digits digits = {0};
    int before;

    trim(&at, &end);
    *number = (struct csv_number){.negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        number->padded = *at++ == '+';
    const char *first = at;
    if (!read_whole(&at, end, group, &digits, &before))
        return false;
    number->whole = digits.count;
    number->padded |= before > 1 && *first == '0';
    if (at < end && *at == point) {
        number->has_point = true;
        for (at++; at < end && is_digit(*at); at++, number->fraction++)
            if (!add_digit(&digits, *at))
                return false;
    }
    if (before + number->fraction == 0)
        return false;
    if (at < end && (*at == 'e' || *at == 'E') && (at++, !read_exponent(&at, end, number)))
        return false;
    number->digits = digits.count > 19 ? digits.all : digits.low;
    return at == end && number->fraction <= LARGEST_EXPONENT;
}

bool csv_number_scaled(const struct csv_number *number, int scale, decimal_digits *scaled)
{
    static const decimal_magnitude most = (decimal_magnitude)10000000000000000000ULL * 10000000000000000000ULL; /* 10^38 */
    decimal_magnitude digits = number->digits;

    if (digits)
        for (int i = number->fraction - number->exponent - scale; i != 0; i += i < 0 ? 1 : -1) {
            if (i > 0 && digits % 10)
                return false;
            if (i < 0 && digits >= most / 10)
                return false;
            digits = i > 0 ? digits / 10 : digits * 10;
        }
    *scaled = number->negative ? -(decimal_digits)digits : (decimal_digits)digits;
    return true;
}

/* Whatever has no quick way: by the library, written as the C locale has it. What stands between thousands is taken for granted: the
 * number has been read, or is none. */
static bool read_slowly(const char *text, size_t length, char point, char group, locale_t c, double *real)
{
    char copy[REAL_TEXT], *stop;
    const char *at = text, *end = text + length;
    size_t used = 0;
    bool zero = true, power = false;

    trim(&at, &end);
    while (at < end && used + 1 < sizeof copy) {
        size_t mark = group_length(at, end, group);
        if (!mark && !is_digit(*at) && *at != point && !strchr("+-eE", *at))
            return false;
        power |= *at == 'e' || *at == 'E';
        zero &= power || *at < '1' || *at > '9';
        if (!mark)
            copy[used++] = *at == point ? '.' : *at;
        at += mark ? mark : 1;
    }
    copy[used] = '\0';
    if (at < end || used == 0)
        return false;
    *real = strtod_l(copy, &stop, c);
    return stop == copy + used && isfinite(*real) && (*real == 0) == zero;
}

/* Where the digits and the power of ten are both exact as doubles, so is one division or product of them rounded as the number itself. */
bool csv_real_read(const char *text, size_t length, char point, char group, locale_t c, double *real)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct csv_number number;

    if (!csv_number_read(text, length, point, group, &number))
        return read_slowly(text, length, point, '\0', c, real); /* it may have more digits than a decimal */
    int exponent = number.exponent - number.fraction;
    if (number.digits > (decimal_magnitude)1 << 53 || exponent < -22 || exponent > 22)
        return read_slowly(text, length, point, group, c, real);
    double digits = (double)(uint64_t)number.digits;
    *real = exponent < 0 ? digits / powers[-exponent] : digits * powers[exponent];
    if (number.negative)
        *real = -*real;
    return true;
}
