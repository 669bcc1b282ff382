/* Statistical aggregates: variance, deviation, covariance, correlation by Welford's method, which also takes rows away again
 * (window frames); and percentiles, which keep all values. */
#include <math.h>
#include <stdlib.h>

#include "engine/function.h"

struct moments {
    int64_t count;
    double mean_x, mean_y;
    double xx, yy, xy;    /* sums of the products of the distances from the means */
};

static void change_moments(struct moments *moments, double x, double y, int sign)
{
    if (sign < 0 && moments->count <= 1) {
        *moments = (struct moments){0};
        return;
    }
    double from_x = x - moments->mean_x, from_y = y - moments->mean_y;
    moments->count += sign;
    moments->mean_x += sign * from_x / (double)moments->count;
    moments->mean_y += sign * from_y / (double)moments->count;
    moments->xx += sign * from_x * (x - moments->mean_x);
    moments->yy += sign * from_y * (y - moments->mean_y);
    moments->xy += sign * from_x * (y - moments->mean_y);
}

static void change(sqlite3_context *context, int count, sqlite3_value **arguments, int sign)
{
    struct moments *moments = sqlite3_aggregate_context(context, sizeof *moments);

    if (!moments) {
        function_fail_memory(context);
        return;
    }
    if (count > 1 && sqlite3_value_type(arguments[1]) == SQLITE_NULL)
        return;
    change_moments(moments, sqlite3_value_double(arguments[0]), count > 1 ? sqlite3_value_double(arguments[1]) : 0, sign);
}

static void add(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    change(context, count, arguments, 1);
}

static void take(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    change(context, count, arguments, -1);
}

static void result(sqlite3_context *context, double value)
{
    if (isfinite(value))
        sqlite3_result_double(context, value);
    else
        function_fail(context, "22003", "A variance, deviation or covariance is past every double");
}

/* What is taken away again may leave less than nothing. */
static double variance(const struct moments *moments, int64_t less)
{
    return fmax(moments->xx, 0) / (double)(moments->count - less);
}

#define MOMENT_FUNCTION(function, least, expression)                                        \
    static void function(sqlite3_context *context)                                          \
    {                                                                                       \
        const struct moments *moments = sqlite3_aggregate_context(context, 0);              \
        if (moments && moments->count >= (least))                                           \
            result(context, expression);                                                    \
    }

MOMENT_FUNCTION(var_pop, 1, variance(moments, 0))
MOMENT_FUNCTION(var_samp, 2, variance(moments, 1))
MOMENT_FUNCTION(stddev_pop, 1, sqrt(variance(moments, 0)))
MOMENT_FUNCTION(stddev_samp, 2, sqrt(variance(moments, 1)))
MOMENT_FUNCTION(covar_pop, 1, moments->xy / (double)moments->count)
MOMENT_FUNCTION(covar_samp, 2, moments->xy / (double)(moments->count - 1))

/* NULL where one side does not vary. */
static void corr(sqlite3_context *context)
{
    const struct moments *moments = sqlite3_aggregate_context(context, 0);
    if (moments && moments->count >= 1 && moments->xx > 0 && moments->yy > 0)
        result(context, fmax(-1, fmin(1, moments->xy / sqrt(moments->xx) / sqrt(moments->yy))));
}

/* Percentiles */

struct sample {
    double *values;
    size_t count, room;
    double share;
};

static void add_to_sample(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct sample *sample = sqlite3_aggregate_context(context, sizeof *sample);
    (void)count;

    if (!sample) {
        function_fail_memory(context);
        return;
    }
    sample->share = sqlite3_value_type(arguments[1]) == SQLITE_NULL ? NAN : sqlite3_value_double(arguments[1]);
    if (sample->count == sample->room) {
        size_t room = sample->room ? sample->room * 2 : 64;
        double *larger = room > SIZE_MAX / sizeof *larger ? NULL : realloc(sample->values, room * sizeof *larger);
        if (!larger) {
            function_fail_memory(context);
            return;
        }
        sample->values = larger;
        sample->room = room;
    }
    sample->values[sample->count++] = sqlite3_value_double(arguments[0]);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void percentile(sqlite3_context *context)
{
    struct sample *sample = sqlite3_aggregate_context(context, 0);

    if (!sample || sample->count == 0)
        return;
    if (!(sample->share >= 0 && sample->share <= 1)) {
        function_fail(context, "22003", "The share of PERCENTILE_CONT must be from 0 to 1");
    } else {
        qsort(sample->values, sample->count, sizeof *sample->values, compare_doubles);
        double place = sample->share * (double)(sample->count - 1), below = floor(place);
        size_t at = (size_t)below, next = at + 1 < sample->count ? at + 1 : at;
        double low = sample->values[at], high = sample->values[next], part = place - below;
        sqlite3_result_double(context, low == high ? low : low * (1 - part) + high * part);
    }
    free(sample->values);
    *sample = (struct sample){0};
}

const struct aggregate statistical_aggregates[] = {
    {"var_pop", 1, add, take, var_pop},
    {"var_samp", 1, add, take, var_samp},
    {"stddev_pop", 1, add, take, stddev_pop},
    {"stddev_samp", 1, add, take, stddev_samp},
    {"covar_pop", 2, add, take, covar_pop},
    {"covar_samp", 2, add, take, covar_samp},
    {"corr", 2, add, take, corr},
    {"percentile", 2, add_to_sample, NULL, percentile},
    {0},
};
