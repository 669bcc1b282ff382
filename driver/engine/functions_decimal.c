/* Exact arithmetic: 64-bit integers and decimals of up to 38 digits, their sums and averages, the order of decimals. */
#include <string.h>

#include "base/decimal.h"
#include "engine/function.h"
#include "engine/state.h"

static void out_of_range(sqlite3_context *context, const char *operation)
{
    function_fail(context, "22003", "The result of %s is out of range; CAST an operand to a larger type", operation);
}

/* 64-bit integers */

static void integer_add(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t result = sqlite3_value_int64(arguments[0]);
    for (int i = 1; i < count; i++)
        if (__builtin_add_overflow(result, sqlite3_value_int64(arguments[i]), &result)) {
            out_of_range(context, "an addition of integers");
            return;
        }
    sqlite3_result_int64(context, result);
}

static void integer_subtract(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t result = sqlite3_value_int64(arguments[0]);
    for (int i = 1; i < count; i++)
        if (__builtin_sub_overflow(result, sqlite3_value_int64(arguments[i]), &result)) {
            out_of_range(context, "a subtraction of integers");
            return;
        }
    sqlite3_result_int64(context, result);
}

/* integer_chain('+-', a, b, c): a + b - c. */
static void integer_chain(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const unsigned char *signs = sqlite3_value_text(arguments[0]);
    int64_t result = sqlite3_value_int64(arguments[1]);
    for (int i = 2; i < count; i++) {
        int64_t next = sqlite3_value_int64(arguments[i]);
        bool minus = signs[i - 2] == '-';
        if (minus ? __builtin_sub_overflow(result, next, &result) : __builtin_add_overflow(result, next, &result)) {
            out_of_range(context, minus ? "a subtraction of integers" : "an addition of integers");
            return;
        }
    }
    sqlite3_result_int64(context, result);
}

static void integer_multiply(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t result = sqlite3_value_int64(arguments[0]);
    for (int i = 1; i < count; i++)
        if (__builtin_mul_overflow(result, sqlite3_value_int64(arguments[i]), &result)) {
            out_of_range(context, "a multiplication of integers");
            return;
        }
    sqlite3_result_int64(context, result);
}

static void integer_divide(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t a = sqlite3_value_int64(arguments[0]), b = sqlite3_value_int64(arguments[1]);
    (void)count;
    if (b == 0)
        function_zero_divisor(context);
    else if (a == INT64_MIN && b == -1)
        out_of_range(context, "a division of integers");
    else
        sqlite3_result_int64(context, a / b);
}

static void integer_modulo(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t a = sqlite3_value_int64(arguments[0]), b = sqlite3_value_int64(arguments[1]);
    (void)count;
    if (b == 0)
        function_zero_divisor(context);
    else
        sqlite3_result_int64(context, b == -1 ? 0 : a % b);
}

static void integer_negate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t result;
    (void)count;
    if (__builtin_sub_overflow((int64_t)0, sqlite3_value_int64(arguments[0]), &result))
        out_of_range(context, "the negation of an integer");
    else
        sqlite3_result_int64(context, result);
}

/* Decimals */

static bool read_decimal(sqlite3_context *context, sqlite3_value *argument, struct decimal *decimal)
{
    struct value text;
    if (!function_text(context, argument, &text))
        return false;
    if (decimal_parse(text.text, text.length, decimal))
        return true;
    function_fail(context, "22018", "\"%.40s\" is no decimal number of at most %d digits", text.text, DECIMAL_DIGITS);
    return false;
}

static void result_decimal(sqlite3_context *context, const struct decimal *decimal)
{
    char text[DECIMAL_TEXT];
    size_t length = decimal_print(decimal, text);
    function_result_text(context, text, length);
}

/* An operation on decimals from left to right; the result is brought to the scale that is the last argument.
 * signs: of which one is '-', that decimal is subtracted; NULL for none */
static void operate(sqlite3_context *context, int count, sqlite3_value **arguments, const char *name, const unsigned char *signs,
                    bool (*operation)(const struct decimal *a, const struct decimal *b, struct decimal *result))
{
    struct decimal result, next;
    if (!read_decimal(context, arguments[0], &result))
        return;
    bool fits = true;
    for (int i = 1; fits && i < count - 1; i++) {
        if (!read_decimal(context, arguments[i], &next))
            return;
        fits = (signs && signs[i - 1] == '-' ? decimal_subtract : operation)(&result, &next, &result);
    }
    if (!fits || !decimal_rescale(&result, sqlite3_value_int(arguments[count - 1]), &result))
        out_of_range(context, name);
    else
        result_decimal(context, &result);
}

static void fn_decimal_add(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    operate(context, count, arguments, "an addition of decimals", NULL, decimal_add);
}

static void fn_decimal_subtract(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    operate(context, count, arguments, "a subtraction of decimals", NULL, decimal_subtract);
}

static void fn_decimal_chain(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    operate(context, count - 1, arguments + 1, "a sum of decimals", sqlite3_value_text(arguments[0]), decimal_add);
}

static void fn_decimal_multiply(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    operate(context, count, arguments, "a multiplication of decimals", NULL, decimal_multiply);
}

static void fn_decimal_divide(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct decimal a, b, result;
    (void)count;
    if (!read_decimal(context, arguments[0], &a) || !read_decimal(context, arguments[1], &b))
        return;
    if (b.unscaled == 0)
        function_zero_divisor(context);
    else if (!decimal_divide(&a, &b, sqlite3_value_int(arguments[2]), &result))
        out_of_range(context, "a division of decimals");
    else
        result_decimal(context, &result);
}

/* The remainder has the sign of the dividend. */
static void fn_decimal_modulo(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct decimal a, b, result;
    (void)count;
    if (!read_decimal(context, arguments[0], &a) || !read_decimal(context, arguments[1], &b))
        return;
    if (b.unscaled == 0) {
        function_zero_divisor(context);
        return;
    }
    int scale = a.scale > b.scale ? a.scale : b.scale;
    if (decimal_rescale(&a, scale, &a) && decimal_rescale(&b, scale, &b)) {
        result = (struct decimal){.unscaled = a.unscaled % b.unscaled, .scale = scale};
        if (decimal_rescale(&result, sqlite3_value_int(arguments[2]), &result)) {
            result_decimal(context, &result);
            return;
        }
    }
    out_of_range(context, "a remainder of decimals");
}

static void fn_decimal_negate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct decimal a;
    (void)count;
    if (!read_decimal(context, arguments[0], &a))
        return;
    a.unscaled = -a.unscaled;
    result_decimal(context, &a);
}

/* Decimals by their value; texts that are none come after them, by their bytes. */
int decimal_collation(void *unused, int a_length, const void *a, int b_length, const void *b)
{
    struct decimal x, y;
    bool x_is = decimal_parse(a, (size_t)a_length, &x), y_is = decimal_parse(b, (size_t)b_length, &y);
    (void)unused;

    if (x_is && y_is)
        return decimal_compare(&x, &y);
    if (x_is != y_is)
        return x_is ? -1 : 1;
    int order = memcmp(a, b, (size_t)(a_length < b_length ? a_length : b_length));
    return order ? order : a_length - b_length;
}

/* Sums. SQLite aligns an aggregate's memory to 8 bytes only, so that the 128-bit total is kept as bytes. */
struct sum {
    unsigned char total[sizeof(struct decimal)];
    int64_t count;
    int64_t scale;       /* of the result; -1 while no row has told */
};

static struct decimal sum_total(const struct sum *sum)
{
    struct decimal total;
    memcpy(&total, sum->total, sizeof total);
    return total;
}

static struct sum *sum_of(sqlite3_context *context)
{
    struct sum *sum = sqlite3_aggregate_context(context, sizeof *sum);
    if (!sum)
        function_fail_memory(context);
    return sum;
}

static bool sum_change(struct sum *sum, const struct decimal *decimal, int sign)
{
    struct decimal total = sum_total(sum);
    if (!(sign > 0 ? decimal_add : decimal_subtract)(&total, decimal, &total))
        return false;
    memcpy(sum->total, &total, sizeof total);
    sum->count += sign;
    return true;
}

/* The scale of the result is the second argument; with DISTINCT, which allows one argument only, that of the decimals themselves. */
static void change_decimals(sqlite3_context *context, int count, sqlite3_value **arguments, int sign)
{
    struct sum *sum = sum_of(context);
    struct decimal decimal;

    if (!sum || !read_decimal(context, arguments[0], &decimal))
        return;
    sum->scale = count > 1 ? sqlite3_value_int64(arguments[1]) : decimal.scale;
    if (!sum_change(sum, &decimal, sign))
        out_of_range(context, "a sum of decimals");
}

static void add_decimal(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    change_decimals(context, count, arguments, 1);
}

/* AVG(DISTINCT decimal(p,s)) is decimal(38,max(s,6)). */
static void add_distinct_for_average(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    enum { LEAST_SCALE = 6 };
    change_decimals(context, count, arguments, 1);
    struct sum *sum = sqlite3_aggregate_context(context, 0);
    if (sum && sum->scale < LEAST_SCALE)
        sum->scale = LEAST_SCALE;
}

static void take_decimal(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    change_decimals(context, count, arguments, -1);
}

static void value_of_sum(sqlite3_context *context)
{
    const struct sum *sum = sqlite3_aggregate_context(context, 0);
    if (!sum || sum->count == 0)
        return;
    struct decimal total = sum_total(sum);
    if (!decimal_rescale(&total, (int)sum->scale, &total))
        out_of_range(context, "a sum of decimals");
    else
        result_decimal(context, &total);
}

static void value_of_average(sqlite3_context *context)
{
    const struct sum *sum = sqlite3_aggregate_context(context, 0);
    if (!sum || sum->count == 0)
        return;
    struct decimal total = sum_total(sum), rows = {.unscaled = sum->count}, average;
    if (!decimal_divide(&total, &rows, (int)sum->scale, &average))
        out_of_range(context, "an average of decimals");
    else
        result_decimal(context, &average);
}

/* 38 digits hold the sum of any number of 64-bit integers; it must fit 64 bits only where it is asked for. */
static void change_integers(sqlite3_context *context, sqlite3_value **arguments, int sign)
{
    struct sum *sum = sum_of(context);
    struct decimal integer = {.unscaled = sqlite3_value_int64(arguments[0])};

    if (sum && !sum_change(sum, &integer, sign))
        out_of_range(context, "a sum of integers");
}

static void add_integer(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    change_integers(context, arguments, 1);
}

static void take_integer(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    change_integers(context, arguments, -1);
}

static void value_of_integers(sqlite3_context *context)
{
    const struct sum *sum = sqlite3_aggregate_context(context, 0);
    long long result;

    if (!sum || sum->count == 0)
        return;
    struct decimal total = sum_total(sum);
    if (!decimal_to_integer(&total, &result, NULL))
        out_of_range(context, "a sum of integers");
    else
        sqlite3_result_int64(context, result);
}

/* The average of whole numbers is a double; their sum is exact, whatever it comes to. */
static void average_of_integers(sqlite3_context *context)
{
    const struct sum *sum = sqlite3_aggregate_context(context, 0);

    if (!sum || sum->count == 0)
        return;
    struct decimal total = sum_total(sum);
    sqlite3_result_double(context, decimal_to_double(&total) / (double)sum->count);
}

/* number_of_text(x) */
static void number_of_text(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct type real = {.kind = TYPE_DOUBLE};
    struct error err = {0};
    struct value text, value;
    struct decimal decimal;
    (void)count;

    if (!function_text(context, arguments[0], &text))
        return;
    const char *start = text.text, *end = start + text.length;
    while (start < end && *start == ' ')
        start++;
    while (end > start && end[-1] == ' ')
        end--;
    if (decimal_parse(start, (size_t)(end - start), &decimal))
        result_decimal(context, &decimal);
    else if (value_from_text(&real, text.text, text.length, &function_engine(context)->scratch, &value, &err))
        function_fail(context, "22003", "The number \"%.60s\" has more than %d digits; CAST it to DOUBLE", text.text, DECIMAL_DIGITS);
    else
        function_fail(context, "22018", "\"%.40s\" is compared with a number but is none", text.text);
}

const struct function decimal_functions[] = {
    {"number_of_text", 1, number_of_text, 0},
    {"integer_add", -1, integer_add, 0},
    {"integer_subtract", -1, integer_subtract, 0},
    {"integer_chain", -1, integer_chain, 0},
    {"integer_multiply", -1, integer_multiply, 0},
    {"integer_divide", 2, integer_divide, 0},
    {"integer_modulo", 2, integer_modulo, 0},
    {"integer_negate", 1, integer_negate, 0},
    {"decimal_add", -1, fn_decimal_add, 0},
    {"decimal_subtract", -1, fn_decimal_subtract, 0},
    {"decimal_chain", -1, fn_decimal_chain, 0},
    {"decimal_multiply", 3, fn_decimal_multiply, 0},
    {"decimal_divide", 3, fn_decimal_divide, 0},
    {"decimal_modulo", 3, fn_decimal_modulo, 0},
    {"decimal_negate", 1, fn_decimal_negate, 0},
    {0},
};

const struct aggregate decimal_aggregates[] = {
    {"sum_decimal", 2, add_decimal, take_decimal, value_of_sum},
    {"sum_decimal", 1, add_decimal, take_decimal, value_of_sum},
    {"average_decimal", 2, add_decimal, take_decimal, value_of_average},
    {"average_decimal", 1, add_distinct_for_average, take_decimal, value_of_average},
    {"sum_integer", 1, add_integer, take_integer, value_of_integers},
    {"average_integer", 1, add_integer, take_integer, average_of_integers},
    {0},
};
