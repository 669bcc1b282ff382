/* The numeric functions of ODBC (Appendix E, Numeric Functions). A text among their arguments is a decimal. */
#include <math.h>

#include "base/decimal.h"
#include "engine/function.h"
#include "engine/state.h"

static const double pi = 3.14159265358979323846;

static void not_in_domain(sqlite3_context *context, const char *name, const char *rule)
{
    function_fail(context, "22003", "%s is not defined for this argument: it must be %s", name, rule);
}

/* A double, where NaN and infinity are out of range. */
static void result_real(sqlite3_context *context, const char *name, double result)
{
    if (isfinite(result))
        sqlite3_result_double(context, result);
    else
        function_fail(context, "22003", "The result of %s is out of range", name);
}

#define REAL_FUNCTION(function, label, rule, domain, expression)                               \
    static void function(sqlite3_context *context, int count, sqlite3_value **arguments)       \
    {                                                                                          \
        double x = sqlite3_value_double(arguments[0]);                                         \
        (void)count;                                                                           \
        if (domain)                                                                            \
            result_real(context, label, expression);                                           \
        else                                                                                   \
            not_in_domain(context, label, rule);                                               \
    }

REAL_FUNCTION(fn_acos, "ACOS", "between -1 and 1", x >= -1 && x <= 1, acos(x))
REAL_FUNCTION(fn_asin, "ASIN", "between -1 and 1", x >= -1 && x <= 1, asin(x))
REAL_FUNCTION(fn_atan, "ATAN", "", true, atan(x))
REAL_FUNCTION(fn_cos, "COS", "", true, cos(x))
REAL_FUNCTION(fn_cot, "COT", "other than 0", x != 0, 1 / tan(x))
REAL_FUNCTION(fn_degrees, "DEGREES", "", true, x * (180 / pi))
REAL_FUNCTION(fn_exp, "EXP", "", true, exp(x))
REAL_FUNCTION(fn_log, "LOG", "greater than 0", x > 0, log(x))
REAL_FUNCTION(fn_log10, "LOG10", "greater than 0", x > 0, log10(x))
REAL_FUNCTION(fn_radians, "RADIANS", "", true, x * (pi / 180))
REAL_FUNCTION(fn_sin, "SIN", "", true, sin(x))
REAL_FUNCTION(fn_sqrt, "SQRT", "0 or greater", x >= 0, sqrt(x))
REAL_FUNCTION(fn_tan, "TAN", "", true, tan(x))

static void fn_atan2(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    result_real(context, "ATAN2", atan2(sqlite3_value_double(arguments[0]), sqlite3_value_double(arguments[1])));
}

static void fn_power(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double base = sqlite3_value_double(arguments[0]), exponent = sqlite3_value_double(arguments[1]);
    (void)count;
    if (base == 0 && exponent < 0)
        function_fail(context, "22012", "POWER: 0 can not be raised to a negative power");
    else if (base < 0 && exponent != floor(exponent))
        not_in_domain(context, "POWER", "0 or greater, or the power whole");
    else
        result_real(context, "POWER", pow(base, exponent));
}

static void fn_pi(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    (void)arguments;
    sqlite3_result_double(context, pi);
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t number = *state += 0x9e3779b97f4a7c15ULL;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
    number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
    return number ^ number >> 31;
}

/* RAND(seed) starts a sequence that RAND() goes on with; without a seed every execution has its own. 0 <= result < 1. */
static void fn_rand(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct query *query = function_query(context);

    if (count == 1 && sqlite3_value_type(arguments[0]) != SQLITE_NULL)
        query->random = (uint64_t)sqlite3_value_int64(arguments[0]);
    else if (!query->random_known)
        sqlite3_randomness(sizeof query->random, &query->random);
    query->random_known = true;
    sqlite3_result_double(context, (double)(next_random(&query->random) >> 11) * 0x1p-53);
}

/* Numbers of all three kinds. */

static bool read_decimal(sqlite3_context *context, sqlite3_value *argument, struct decimal *decimal)
{
    struct value text;
    if (!function_text(context, argument, &text))
        return false;
    if (decimal_parse(text.text, text.length, decimal))
        return true;
    function_fail(context, "22018", "\"%.40s\" is no number", text.text);
    return false;
}

static void result_decimal(sqlite3_context *context, const struct decimal *decimal)
{
    char text[DECIMAL_TEXT];
    size_t length = decimal_print(decimal, text);
    function_result_text(context, text, length);
}

static void fn_abs(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct decimal decimal;
    int64_t integer;
    (void)count;

    switch (sqlite3_value_type(arguments[0])) {
    case SQLITE_INTEGER:
        integer = sqlite3_value_int64(arguments[0]);
        if (integer == INT64_MIN)
            function_fail(context, "22003", "The result of ABS is out of range");
        else
            sqlite3_result_int64(context, integer < 0 ? -integer : integer);
        return;
    case SQLITE_FLOAT:
        sqlite3_result_double(context, fabs(sqlite3_value_double(arguments[0])));
        return;
    default:
        if (!read_decimal(context, arguments[0], &decimal))
            return;
        if (decimal.unscaled < 0)
            decimal.unscaled = -decimal.unscaled;
        result_decimal(context, &decimal);
    }
}

static void fn_sign(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct decimal decimal;
    (void)count;

    if (sqlite3_value_type(arguments[0]) == SQLITE_TEXT) {
        if (read_decimal(context, arguments[0], &decimal))
            sqlite3_result_int(context, (decimal.unscaled > 0) - (decimal.unscaled < 0));
        return;
    }
    double number = sqlite3_value_double(arguments[0]);
    sqlite3_result_int(context, (number > 0) - (number < 0));
}

enum cut { CUT_NEAREST /* half away from zero */, CUT_TO_ZERO, CUT_DOWN, CUT_UP };

/* Cuts a decimal after `places` digits (before the point when negative); the scale stays. False when it no longer fits. */
static bool cut_decimal(struct decimal *decimal, int64_t places, enum cut cut)
{
    if (places >= decimal->scale)
        return true;
    if (places < decimal->scale - DECIMAL_DIGITS) { /* nothing but the direction is left */
        bool away = (cut == CUT_DOWN && decimal->unscaled < 0) || (cut == CUT_UP && decimal->unscaled > 0);
        decimal->unscaled = 0;
        return !away;
    }

    decimal_digits unit = 1, limit = 1;
    for (int64_t i = places; i < decimal->scale; i++)
        unit *= 10;
    for (int i = 0; i < DECIMAL_DIGITS; i++)
        limit *= 10;
    decimal_digits rest = decimal->unscaled % unit, base = decimal->unscaled - rest;
    bool negative = rest < 0;
    decimal_digits size = negative ? -rest : rest;
    bool away = size != 0 && ((cut == CUT_NEAREST && size >= unit - size) || (cut == CUT_DOWN && negative) ||
                              (cut == CUT_UP && !negative));
    if (away) {
        decimal_digits room = limit - 1 - (negative ? -base : base);
        if (room < unit)
            return false;
        base += negative ? -unit : unit;
    }
    decimal->unscaled = base;
    return true;
}

static double cut_whole(double number, enum cut cut)
{
    switch (cut) {
    case CUT_NEAREST:
        return round(number);
    case CUT_TO_ZERO:
        return trunc(number);
    case CUT_DOWN:
        return floor(number);
    default:
        return ceil(number);
    }
}

/* A double is cut as the number that its shortest text says, so that ROUND(2.675, 2) is 2.68; one that has no such text of
 * 38 digits is either too large to have a fraction or too small to matter. */
static double cut_real(double number, int64_t places, enum cut cut)
{
    char text[VALUE_SCRATCH];
    struct decimal decimal;

    if (places == 0)
        return cut_whole(number, cut);
    if (decimal_parse(text, value_print_real(number, text), &decimal) && cut_decimal(&decimal, places, cut))
        return decimal_to_double(&decimal);
    if (places > 300)
        return number;
    if (places < -308)
        return 0;
    double unit = pow(10, (double)(places < 0 ? -places : places));
    double scaled = places < 0 ? number / unit : number * unit;
    if (!isfinite(scaled) || fabs(scaled) >= 9007199254740992.0)
        return number;
    return places < 0 ? cut_whole(scaled, cut) * unit : cut_whole(scaled, cut) / unit;
}

static void cut_number(sqlite3_context *context, const char *name, sqlite3_value *argument, int64_t places, enum cut cut,
                       bool to_whole)
{
    struct decimal decimal;
    long long integer;

    switch (sqlite3_value_type(argument)) {
    case SQLITE_FLOAT:
        sqlite3_result_double(context, cut_real(sqlite3_value_double(argument), places, cut));
        return;
    case SQLITE_INTEGER:
        decimal = (struct decimal){.unscaled = sqlite3_value_int64(argument)};
        if (cut_decimal(&decimal, places, cut) && decimal_to_integer(&decimal, &integer, NULL)) {
            sqlite3_result_int64(context, integer);
            return;
        }
        break;
    default:
        if (!read_decimal(context, argument, &decimal))
            return;
        if (cut_decimal(&decimal, places, cut) && decimal_rescale(&decimal, to_whole ? 0 : decimal.scale, &decimal)) {
            result_decimal(context, &decimal);
            return;
        }
    }
    function_fail(context, "22003", "The result of %s is out of range", name);
}

static void fn_ceiling(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    cut_number(context, "CEILING", arguments[0], 0, CUT_UP, true);
}

static void fn_floor(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    cut_number(context, "FLOOR", arguments[0], 0, CUT_DOWN, true);
}

static void fn_round(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    cut_number(context, "ROUND", arguments[0], count > 1 ? sqlite3_value_int64(arguments[1]) : 0, CUT_NEAREST, false);
}

static void fn_truncate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t places = count > 1 ? sqlite3_value_int64(arguments[1]) : 0;
    cut_number(context, "TRUNCATE", arguments[0], places, CUT_TO_ZERO, false);
}

const struct function number_functions[] = {
    {"fn_abs", 1, fn_abs, 0},
    {"fn_acos", 1, fn_acos, 0},
    {"fn_asin", 1, fn_asin, 0},
    {"fn_atan", 1, fn_atan, 0},
    {"fn_atan2", 2, fn_atan2, 0},
    {"fn_ceiling", 1, fn_ceiling, 0},
    {"fn_cos", 1, fn_cos, 0},
    {"fn_cot", 1, fn_cot, 0},
    {"fn_degrees", 1, fn_degrees, 0},
    {"fn_exp", 1, fn_exp, 0},
    {"fn_floor", 1, fn_floor, 0},
    {"fn_log", 1, fn_log, 0},
    {"fn_log10", 1, fn_log10, 0},
    {"fn_pi", 0, fn_pi, 0},
    {"fn_power", 2, fn_power, 0},
    {"fn_radians", 1, fn_radians, 0},
    {"fn_rand", -1, fn_rand, FUNCTION_NULLS | FUNCTION_VARIES},
    {"fn_round", -1, fn_round, 0},
    {"fn_sign", 1, fn_sign, 0},
    {"fn_sin", 1, fn_sin, 0},
    {"fn_sqrt", 1, fn_sqrt, 0},
    {"fn_tan", 1, fn_tan, 0},
    {"fn_truncate", -1, fn_truncate, 0},
    {0},
};
