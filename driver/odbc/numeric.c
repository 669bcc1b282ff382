#include "odbc/numeric.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

static decimal_digits power_of_ten(int exponent)
{
    decimal_digits power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

bool number_from_value(enum type_kind kind, const struct value *value, struct number *number)
{
    static const struct type real = {.kind = TYPE_DOUBLE};
    struct value parsed;
    struct error err;
    const char *text = value->text;
    size_t length = value->length;

    number->kind = NUMBER_DECIMAL;
    switch (value->storage) {
    case STORAGE_INTEGER:
        number->decimal = (struct decimal){.unscaled = value->integer, .scale = 0};
        return true;
    case STORAGE_REAL:
        number->kind = NUMBER_REAL;
        number->real = value->real;
        return true;
    case STORAGE_TEXT:
        break;
    default:
        return false;
    }
    if (kind == TYPE_STRING || kind == TYPE_JSON) {
        while (length > 0 && *text == ' ') {
            text++;
            length--;
        }
        while (length > 0 && text[length - 1] == ' ')
            length--;
    } else if (kind != TYPE_DECIMAL) {
        return false;
    }
    if (decimal_parse(text, length, &number->decimal))
        return true;
    number->kind = NUMBER_REAL;
    number->real = INFINITY;
    if (value_from_text(&real, text, length, NULL, &parsed, &err))
        number->real = parsed.real;
    else if (strcmp(err.sqlstate, "22003") != 0)
        return false;
    return true;
}

enum number_result number_to_whole(const struct number *number, decimal_digits smallest, decimal_digits largest,
                                   decimal_digits *whole)
{
    bool cut;

    if (number->kind == NUMBER_REAL) {
        double truncated = trunc(number->real);
        if (!(truncated > -1e20 && truncated < 1e20)) /* also for what is no number */
            return NUMBER_OUT_OF_RANGE;
        *whole = (decimal_digits)truncated;
        cut = truncated != number->real;
    } else {
        decimal_digits power = power_of_ten(number->decimal.scale);
        *whole = number->decimal.unscaled / power;
        cut = number->decimal.unscaled % power != 0;
    }
    if (*whole < smallest || *whole > largest)
        return NUMBER_OUT_OF_RANGE;
    return cut ? NUMBER_CUT : NUMBER_EXACT;
}

enum number_result number_to_bit(const struct number *number, decimal_digits *bit)
{
    bool negative = number->kind == NUMBER_REAL ? number->real < 0 : number->decimal.unscaled < 0;
    return negative ? NUMBER_OUT_OF_RANGE : number_to_whole(number, 0, 1, bit);
}

double number_to_double(const struct number *number)
{
    return number->kind == NUMBER_REAL ? number->real : decimal_to_double(&number->decimal);
}

/* A double as the decimal that its shortest text spells. */
static bool to_decimal(const struct number *number, struct decimal *decimal)
{
    char text[VALUE_SCRATCH];

    if (number->kind == NUMBER_DECIMAL) {
        *decimal = number->decimal;
        return true;
    }
    return isfinite(number->real) && decimal_parse(text, value_print_real(number->real, text), decimal);
}

enum number_result number_to_numeric(const struct number *number, int precision, int scale, SQL_NUMERIC_STRUCT *numeric)
{
    struct decimal decimal;
    bool cut = false;

    if (!to_decimal(number, &decimal))
        return NUMBER_OUT_OF_RANGE;
    if (precision < 1 || precision > DECIMAL_DIGITS)
        precision = DECIMAL_DIGITS;
    if (scale < 0 || scale > DECIMAL_DIGITS)
        scale = 0;
    if (decimal.scale > scale) {
        decimal_digits power = power_of_ten(decimal.scale - scale);
        cut = decimal.unscaled % power != 0;
        decimal.unscaled /= power;
        decimal.scale = scale;
    } else if (!decimal_rescale(&decimal, scale, &decimal)) {
        return NUMBER_OUT_OF_RANGE;
    }

    bool negative = decimal.unscaled < 0;
    decimal_magnitude magnitude = negative ? -(decimal_magnitude)decimal.unscaled : (decimal_magnitude)decimal.unscaled;
    if (precision < DECIMAL_DIGITS && magnitude >= (decimal_magnitude)power_of_ten(precision))
        return NUMBER_OUT_OF_RANGE;
    memset(numeric, 0, sizeof *numeric);
    numeric->precision = (SQLCHAR)precision;
    numeric->scale = (SQLSCHAR)scale;
    numeric->sign = !negative;
    for (size_t i = 0; i < SQL_MAX_NUMERIC_LEN; i++, magnitude >>= 8)
        numeric->val[i] = (SQLCHAR)(magnitude & 0xFF);
    return cut ? NUMBER_CUT : NUMBER_EXACT;
}

bool numeric_read(const void *pointer, struct decimal *decimal)
{
    SQL_NUMERIC_STRUCT numeric;
    decimal_magnitude magnitude = 0;

    memcpy(&numeric, pointer, sizeof numeric);
    for (size_t i = SQL_MAX_NUMERIC_LEN; i-- > 0;)
        magnitude = magnitude << 8 | numeric.val[i];
    for (; numeric.scale < 0; numeric.scale++) {
        if (magnitude >= (decimal_magnitude)power_of_ten(DECIMAL_DIGITS - 1))
            return false;
        magnitude *= 10;
    }
    if (magnitude >= (decimal_magnitude)power_of_ten(DECIMAL_DIGITS) || numeric.scale > DECIMAL_DIGITS)
        return false;
    decimal->unscaled = numeric.sign ? (decimal_digits)magnitude : -(decimal_digits)magnitude;
    decimal->scale = numeric.scale;
    return true;
}
