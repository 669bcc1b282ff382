/* Arithmetic of doubles, their sums and averages. SQLite's own operators let an overflow become an infinity and an undefined result
 * NULL; SQL has an error for both. */
#include <math.h>

#include "engine/function.h"

static void result_double(sqlite3_context *context, double result, const char *operation)
{
    if (isfinite(result))
        sqlite3_result_double(context, result);
    else
        function_fail(context, "22003", "The result of %s is out of range: no double is that large", operation);
}

static void double_add(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double result = sqlite3_value_double(arguments[0]);
    for (int i = 1; i < count; i++)
        result += sqlite3_value_double(arguments[i]);
    result_double(context, result, "an addition of doubles");
}

static void double_subtract(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double result = sqlite3_value_double(arguments[0]);
    for (int i = 1; i < count; i++)
        result -= sqlite3_value_double(arguments[i]);
    result_double(context, result, "a subtraction of doubles");
}

/* double_chain('+-', a, b, c): a + b - c. */
static void double_chain(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const unsigned char *signs = sqlite3_value_text(arguments[0]);
    double result = sqlite3_value_double(arguments[1]);
    for (int i = 2; i < count; i++)
        result += signs[i - 2] == '-' ? -sqlite3_value_double(arguments[i]) : sqlite3_value_double(arguments[i]);
    result_double(context, result, "a sum of doubles");
}

static void double_multiply(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double result = sqlite3_value_double(arguments[0]);
    for (int i = 1; i < count; i++)
        result *= sqlite3_value_double(arguments[i]);
    result_double(context, result, "a multiplication of doubles");
}

static void double_divide(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double divisor = sqlite3_value_double(arguments[1]);
    (void)count;
    if (divisor == 0)
        function_zero_divisor(context);
    else
        result_double(context, sqlite3_value_double(arguments[0]) / divisor, "a division of doubles");
}

/* The remainder has the sign of the dividend. */
static void double_modulo(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double divisor = sqlite3_value_double(arguments[1]);
    (void)count;
    if (divisor == 0)
        function_zero_divisor(context);
    else
        result_double(context, fmod(sqlite3_value_double(arguments[0]), divisor), "a remainder of doubles");
}

/* A sum by Neumaier: what an addition rounds away is kept beside the total, so that the order of rows hardly matters. */
struct sum {
    double total, lost;
    int64_t count;
};

static void change(sqlite3_context *context, sqlite3_value **arguments, int sign)
{
    struct sum *sum = sqlite3_aggregate_context(context, sizeof *sum);
    if (!sum) {
        function_fail_memory(context);
        return;
    }
    double number = sign * sqlite3_value_double(arguments[0]), total = sum->total + number;
    sum->lost += fabs(sum->total) >= fabs(number) ? sum->total - total + number : number - total + sum->total;
    sum->total = total;
    sum->count += sign;
    if (!isfinite(total))
        result_double(context, total, "a sum of doubles");
}

static void add(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    change(context, arguments, 1);
}

static void take(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    change(context, arguments, -1);
}

static void value_of_sum(sqlite3_context *context)
{
    const struct sum *sum = sqlite3_aggregate_context(context, 0);
    if (sum && sum->count)
        result_double(context, sum->total + sum->lost, "a sum of doubles");
}

static void value_of_average(sqlite3_context *context)
{
    const struct sum *sum = sqlite3_aggregate_context(context, 0);
    if (sum && sum->count)
        result_double(context, (sum->total + sum->lost) / (double)sum->count, "an average of doubles");
}

const struct function double_functions[] = {
    {"double_add", -1, double_add, 0},
    {"double_subtract", -1, double_subtract, 0},
    {"double_chain", -1, double_chain, 0},
    {"double_multiply", -1, double_multiply, 0},
    {"double_divide", 2, double_divide, 0},
    {"double_modulo", 2, double_modulo, 0},
    {0},
};

const struct aggregate double_aggregates[] = {
    {"sum_double", 1, add, take, value_of_sum},
    {"average_double", 1, add, take, value_of_average},
    {0},
};
