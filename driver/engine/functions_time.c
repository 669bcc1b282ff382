/* The time, date and interval functions of ODBC (Appendix E, Time, Date, and Interval Functions).
 *
 * Weeks are those of ISO 8601 (Monday to Sunday, 1 to 53, week 1 has the year's first Thursday); only DAYOFWEEK counts from
 * Sunday = 1, as ODBC says. TIMESTAMPDIFF counts the boundaries between the two moments: 23:59 and 00:01 of the next day
 * are a day apart; its weeks begin on Sunday as in SQL Server. */
#include <string.h>
#include <time.h>

#include "base/datetime.h"
#include "engine/function.h"
#include "engine/state.h"

enum unit {
    UNIT_FRACTION, UNIT_MICROSECOND, UNIT_MILLISECOND, UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER,
    UNIT_YEAR, UNIT_DAYOFYEAR, UNIT_WEEKDAY,
    UNIT_NONE,
};

static const char *const unit_words[] = {
    [UNIT_FRACTION] = "frac_second", [UNIT_SECOND] = "second", [UNIT_MINUTE] = "minute", [UNIT_HOUR] = "hour",
    [UNIT_DAY] = "day", [UNIT_WEEK] = "week", [UNIT_MONTH] = "month", [UNIT_QUARTER] = "quarter", [UNIT_YEAR] = "year",
    [UNIT_MICROSECOND] = "microsecond", [UNIT_MILLISECOND] = "millisecond", [UNIT_DAYOFYEAR] = "dayofyear", [UNIT_WEEKDAY] = "weekday",
};

enum shape { SHAPE_DATE, SHAPE_TIME, SHAPE_TIMESTAMP };

/* Local time, read once in an execution. */
static const struct datetime *now(struct query *query)
{
    if (!query->now_known) {
        struct timespec clock;
        struct tm local;
        clock_gettime(CLOCK_REALTIME, &clock);
        localtime_r(&clock.tv_sec, &local);
        query->now = (struct datetime){
            .year = local.tm_year + 1900, .month = local.tm_mon + 1, .day = local.tm_mday,
            .hour = local.tm_hour, .minute = local.tm_min, .second = local.tm_sec < 60 ? local.tm_sec : 59,
            .nanosecond = (uint32_t)clock.tv_nsec,
        };
        query->now_known = true;
    }
    return &query->now;
}

/* Reads a canonical date, time or timestamp. A time stands on the present day, as ODBC has it for interval functions. */
static bool read_moment(sqlite3_context *context, sqlite3_value *argument, struct datetime *moment, enum shape *shape)
{
    struct value text;

    if (!function_text(context, argument, &text))
        return false;
    *moment = (struct datetime){0};
    if (text.length > 2 && text.text[2] == ':') {
        const struct datetime *today = now(function_query(context));
        *shape = SHAPE_TIME;
        if (datetime_parse_time(text.text, text.length, moment)) {
            moment->year = today->year;
            moment->month = today->month;
            moment->day = today->day;
            return true;
        }
    } else {
        *shape = text.length <= 10 ? SHAPE_DATE : SHAPE_TIMESTAMP;
        if (datetime_parse_timestamp(text.text, text.length, moment, NULL))
            return true;
    }
    function_fail(context, "22007", "\"%.40s\" is no date, time or timestamp", text.text);
    return false;
}

static bool read_unit(sqlite3_context *context, sqlite3_value *argument, enum unit *unit)
{
    struct value word;

    if (!function_text(context, argument, &word))
        return false;
    for (*unit = UNIT_FRACTION; *unit < UNIT_NONE; (*unit)++)
        if (strcmp(word.text, unit_words[*unit]) == 0)
            return true;
    function_fail(context, "42000", "\"%.40s\" is no interval of a timestamp; there are frac_second, second, minute, hour, day, week, "
                  "month, quarter and year", word.text);
    return false;
}

/* Parts of a moment */

static int64_t day_number(const struct datetime *moment)
{
    return datetime_days(moment->year, moment->month, moment->day);
}

/* 0 = Sunday; 1970-01-01 was a Thursday. */
static int weekday(int64_t day)
{
    return (int)(((day + 4) % 7 + 7) % 7);
}

static int day_of_year(const struct datetime *moment)
{
    return (int)(day_number(moment) - datetime_days(moment->year, 1, 1)) + 1;
}

/* The week belongs to the year of its Thursday. */
static int iso_week(const struct datetime *moment)
{
    int64_t day = day_number(moment);
    int64_t thursday = day - (weekday(day) + 6) % 7 + 3;
    int year, month, day_of_month;

    datetime_from_days(thursday, &year, &month, &day_of_month);
    return (int)((thursday - datetime_days(year, 1, 1)) / 7) + 1;
}

static int year_of(const struct datetime *moment) { return moment->year; }
static int quarter_of(const struct datetime *moment) { return (moment->month - 1) / 3 + 1; }
static int month_of(const struct datetime *moment) { return moment->month; }
static int day_of(const struct datetime *moment) { return moment->day; }
static int hour_of(const struct datetime *moment) { return moment->hour; }
static int minute_of(const struct datetime *moment) { return moment->minute; }
static int second_of(const struct datetime *moment) { return moment->second; }
static int fraction_of(const struct datetime *moment) { return (int)moment->nanosecond; }
static int microsecond_of(const struct datetime *moment) { return (int)(moment->nanosecond / 1000); }
static int millisecond_of(const struct datetime *moment) { return (int)(moment->nanosecond / 1000000); }
static int weekday_of(const struct datetime *moment) { return weekday(day_number(moment)) + 1; }

static void result_part(sqlite3_context *context, sqlite3_value *argument, int (*part)(const struct datetime *moment))
{
    struct datetime moment;
    enum shape shape;
    if (read_moment(context, argument, &moment, &shape))
        sqlite3_result_int(context, part(&moment));
}

#define PART_FUNCTION(function, part)                                                     \
    static void function(sqlite3_context *context, int count, sqlite3_value **arguments)  \
    {                                                                                     \
        (void)count;                                                                      \
        result_part(context, arguments[0], part);                                         \
    }

PART_FUNCTION(fn_dayofmonth, day_of)
PART_FUNCTION(fn_dayofweek, weekday_of)
PART_FUNCTION(fn_dayofyear, day_of_year)
PART_FUNCTION(fn_hour, hour_of)
PART_FUNCTION(fn_minute, minute_of)
PART_FUNCTION(fn_month, month_of)
PART_FUNCTION(fn_quarter, quarter_of)
PART_FUNCTION(fn_second, second_of)
PART_FUNCTION(fn_week, iso_week)
PART_FUNCTION(fn_year, year_of)

static void fn_extract(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    static int (*const parts[])(const struct datetime *moment) = {
        [UNIT_FRACTION] = fraction_of, [UNIT_SECOND] = second_of, [UNIT_MINUTE] = minute_of, [UNIT_HOUR] = hour_of,
        [UNIT_DAY] = day_of, [UNIT_WEEK] = iso_week, [UNIT_MONTH] = month_of, [UNIT_QUARTER] = quarter_of, [UNIT_YEAR] = year_of,
        [UNIT_MICROSECOND] = microsecond_of, [UNIT_MILLISECOND] = millisecond_of, [UNIT_DAYOFYEAR] = day_of_year, [UNIT_WEEKDAY] = weekday_of,
    };
    enum unit unit;
    (void)count;
    if (read_unit(context, arguments[0], &unit))
        result_part(context, arguments[1], parts[unit]);
}

static void fn_dayname(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    static const char *const names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    struct datetime moment;
    enum shape shape;
    (void)count;
    if (!read_moment(context, arguments[0], &moment, &shape))
        return;
    const char *name = names[weekday(day_number(&moment))];
    function_result_text(context, name, strlen(name));
}

static void fn_monthname(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    static const char *const names[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                                        "October", "November", "December"};
    struct datetime moment;
    enum shape shape;
    (void)count;
    if (!read_moment(context, arguments[0], &moment, &shape))
        return;
    const char *name = names[moment.month - 1];
    function_result_text(context, name, strlen(name));
}

/* Intervals */

static int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Adds count seconds and nanoseconds. False when out of range. */
static bool add_seconds(struct datetime *moment, int64_t count, int64_t nanoseconds)
{
    int64_t total = (int64_t)moment->nanosecond + nanoseconds % 1000000000, seconds;
    if (__builtin_add_overflow(datetime_seconds(moment), count, &seconds) ||
        __builtin_add_overflow(seconds, nanoseconds / 1000000000 + divide_down(total, 1000000000), &seconds))
        return false;
    if (!datetime_from_seconds(seconds, moment))
        return false;
    moment->nanosecond = (uint32_t)(total - divide_down(total, 1000000000) * 1000000000);
    return true;
}

static bool add_units(struct datetime *moment, enum unit unit, int64_t count)
{
    static const int64_t sizes[] = {
        [UNIT_FRACTION] = 0, [UNIT_SECOND] = 1, [UNIT_MINUTE] = 60, [UNIT_HOUR] = 3600, [UNIT_DAY] = 86400, [UNIT_WEEK] = 604800,
        [UNIT_MONTH] = 1, [UNIT_QUARTER] = 3, [UNIT_YEAR] = 12,
    };
    int64_t total;

    if (unit == UNIT_FRACTION)
        return add_seconds(moment, 0, count);
    if (unit == UNIT_MICROSECOND)
        return add_seconds(moment, count / 1000000, count % 1000000 * 1000);
    if (unit == UNIT_MILLISECOND)
        return add_seconds(moment, count / 1000, count % 1000 * 1000000);
    if (__builtin_mul_overflow(count, sizes[unit], &total))
        return false;
    if (unit < UNIT_MONTH)
        return add_seconds(moment, total, 0);
    return total >= -200000 && total <= 200000 && datetime_add_months(moment, total);
}

/* TIMESTAMPADD(unit, count, moment): a date stays a date when whole days are added. */
static void fn_timestampadd(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct datetime moment;
    enum shape shape;
    enum unit unit;
    char text[DATETIME_TEXT];
    (void)count;

    if (!read_unit(context, arguments[0], &unit) || !read_moment(context, arguments[2], &moment, &shape))
        return;
    if (!add_units(&moment, unit, sqlite3_value_int64(arguments[1]))) {
        function_fail(context, "22008", "The result of TIMESTAMPADD lies outside the years 1 to 9999");
        return;
    }
    size_t length = shape == SHAPE_DATE && unit >= UNIT_DAY ? datetime_print_date(&moment, text)
                                                            : datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
    function_result_text(context, text, length);
}

/* On which tick of a unit's clock a moment lies. */
static int64_t tick(const struct datetime *moment, enum unit unit)
{
    switch (unit) {
    case UNIT_FRACTION:
    case UNIT_SECOND:
        return datetime_seconds(moment);
    case UNIT_MICROSECOND: /* years 1 to 9999 leave room */
        return datetime_seconds(moment) * 1000000 + microsecond_of(moment);
    case UNIT_MILLISECOND:
        return datetime_seconds(moment) * 1000 + millisecond_of(moment);
    case UNIT_MINUTE:
        return divide_down(datetime_seconds(moment), 60);
    case UNIT_HOUR:
        return divide_down(datetime_seconds(moment), 3600);
    case UNIT_DAY:
        return day_number(moment);
    case UNIT_WEEK:
        return divide_down(day_number(moment) + 4, 7);
    case UNIT_MONTH:
        return moment->year * 12 + moment->month;
    case UNIT_QUARTER:
        return moment->year * 4 + quarter_of(moment);
    default:
        return moment->year;
    }
}

/* TIMESTAMPDIFF(unit, from, to) */
static void fn_timestampdiff(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct datetime from, to;
    enum shape shape;
    enum unit unit;
    (void)count;

    if (!read_unit(context, arguments[0], &unit) || !read_moment(context, arguments[1], &from, &shape) ||
        !read_moment(context, arguments[2], &to, &shape))
        return;
    int64_t difference = tick(&to, unit) - tick(&from, unit);
    if (unit == UNIT_FRACTION &&
        (__builtin_mul_overflow(difference, (int64_t)1000000000, &difference) ||
         __builtin_add_overflow(difference, (int64_t)to.nanosecond - (int64_t)from.nanosecond, &difference))) {
        function_fail(context, "22003", "TIMESTAMPDIFF: so many nanoseconds do not fit a BIGINT; ask for seconds");
        return;
    }
    sqlite3_result_int64(context, difference);
}

/* DATE_TRUNC(unit, moment): where the unit that the moment lies in began. Weeks begin on Monday. */
static void fn_date_trunc(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct datetime moment;
    enum shape shape;
    enum unit unit;
    char text[DATETIME_TEXT];
    (void)count;

    if (!read_unit(context, arguments[0], &unit) || !read_moment(context, arguments[1], &moment, &shape))
        return;
    if (unit == UNIT_QUARTER)
        moment.month = (quarter_of(&moment) - 1) * 3 + 1;
    if (unit == UNIT_WEEK) {
        int64_t monday = day_number(&moment) - (weekday(day_number(&moment)) + 6) % 7;
        if (monday < datetime_days(1, 1, 1)) {
            function_fail(context, "22008", "The result of DATE_TRUNC lies outside the years 1 to 9999");
            return;
        }
        datetime_from_days(monday, &moment.year, &moment.month, &moment.day);
    }
    moment.month = unit == UNIT_YEAR ? 1 : moment.month;
    moment.day = unit == UNIT_YEAR || unit == UNIT_QUARTER || unit == UNIT_MONTH ? 1 : moment.day;
    moment.hour = unit >= UNIT_DAY ? 0 : moment.hour;
    moment.minute = unit >= UNIT_HOUR ? 0 : moment.minute;
    moment.second = unit >= UNIT_MINUTE ? 0 : moment.second;
    moment.nanosecond = 0;
    function_result_text(context, text, shape == SHAPE_DATE ? datetime_print_date(&moment, text) : datetime_print_timestamp(&moment, 0, text));
}

/* DATENAME(unit, moment): the name of a month or weekday, the number of what has no name. */
static void fn_datename(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    enum unit unit;

    if (!read_unit(context, arguments[0], &unit))
        return;
    if (unit == UNIT_MONTH)
        fn_monthname(context, 1, arguments + 1);
    else if (unit == UNIT_WEEKDAY)
        fn_dayname(context, 1, arguments + 1);
    else
        fn_extract(context, count, arguments);
}

/* DATEFROMPARTS(year, month, day) */
static void fn_date_from_parts(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t parts[3];
    char text[DATETIME_TEXT];
    (void)count;

    for (int i = 0; i < 3; i++) {
        parts[i] = sqlite3_value_int64(arguments[i]);
        parts[i] = parts[i] < 0 || parts[i] > 99999 ? 0 : parts[i];
    }
    struct datetime date = {.year = (int)parts[0], .month = (int)parts[1], .day = (int)parts[2]};
    if (!datetime_valid_date(date.year, date.month, date.day))
        function_fail(context, "22008", "There is no date of year %lld, month %lld, day %lld", (long long)sqlite3_value_int64(arguments[0]),
                      (long long)sqlite3_value_int64(arguments[1]), (long long)sqlite3_value_int64(arguments[2]));
    else
        function_result_text(context, text, datetime_print_date(&date, text));
}

/* EOMONTH(moment [, months later]): the last day of the month. */
static void fn_last_day(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct datetime moment;
    enum shape shape;
    char text[DATETIME_TEXT];

    if (!read_moment(context, arguments[0], &moment, &shape))
        return;
    moment.day = 1;
    if (count > 1 && !add_units(&moment, UNIT_MONTH, sqlite3_value_int64(arguments[1]))) {
        function_fail(context, "22008", "The result of EOMONTH lies outside the years 1 to 9999");
        return;
    }
    moment.day = 31;
    while (!datetime_valid_date(moment.year, moment.month, moment.day))
        moment.day--;
    function_result_text(context, text, datetime_print_date(&moment, text));
}

/* ISDATE(text): whether CAST makes a date or timestamp of it. */
static void fn_isdate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct datetime moment;
    struct value text;
    (void)count;

    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        sqlite3_result_int(context, 0);
    else if (function_text(context, arguments[0], &text))
        sqlite3_result_int(context, datetime_parse_timestamp(text.text, text.length, &moment, NULL));
}

/* The present */

static void utc_timestamp_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct timespec clock;
    struct tm utc;
    char text[DATETIME_TEXT];
    const struct datetime *local = now(function_query(context)); /* so that the two are of one moment */
    (void)count;
    (void)arguments;

    struct tm given = {.tm_year = local->year - 1900, .tm_mon = local->month - 1, .tm_mday = local->day, .tm_hour = local->hour,
                       .tm_min = local->minute, .tm_sec = local->second, .tm_isdst = -1};
    clock.tv_sec = mktime(&given);
    gmtime_r(&clock.tv_sec, &utc);
    struct datetime moment = {utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, 0};
    function_result_text(context, text, datetime_print_timestamp(&moment, 0, text));
}

static void current_date_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[DATETIME_TEXT];
    (void)count;
    (void)arguments;
    function_result_text(context, text, datetime_print_date(now(function_query(context)), text));
}

/* The digits of a fraction that were asked for. */
static bool read_precision(sqlite3_context *context, int count, sqlite3_value **arguments, int standard, int *fraction)
{
    int64_t given = count ? sqlite3_value_int64(arguments[0]) : standard;
    *fraction = (int)given;
    if (given >= 0 && given <= TIMESTAMP_FRACTION)
        return true;
    function_fail(context, "42000", "The present can be told with 0 to %d digits of a second, not %lld", TIMESTAMP_FRACTION,
                  (long long)given);
    return false;
}

static void current_time_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[DATETIME_TEXT];
    int fraction;
    if (read_precision(context, count, arguments, 0, &fraction))
        function_result_text(context, text, datetime_print_time(now(function_query(context)), fraction, text));
}

static void current_timestamp_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[DATETIME_TEXT];
    int fraction;
    if (read_precision(context, count, arguments, 6, &fraction))
        function_result_text(context, text, datetime_print_timestamp(now(function_query(context)), fraction, text));
}

const struct function time_functions[] = {
    {"fn_date_from_parts", 3, fn_date_from_parts, 0},
    {"fn_date_trunc", 2, fn_date_trunc, 0},
    {"fn_datename", 2, fn_datename, 0},
    {"fn_isdate", 1, fn_isdate, FUNCTION_NULLS},
    {"fn_last_day", -1, fn_last_day, 0},
    {"utc_timestamp_value", 0, utc_timestamp_value, 0},
    {"fn_dayname", 1, fn_dayname, 0},
    {"fn_dayofmonth", 1, fn_dayofmonth, 0},
    {"fn_dayofweek", 1, fn_dayofweek, 0},
    {"fn_dayofyear", 1, fn_dayofyear, 0},
    {"fn_extract", 2, fn_extract, 0},
    {"fn_hour", 1, fn_hour, 0},
    {"fn_minute", 1, fn_minute, 0},
    {"fn_month", 1, fn_month, 0},
    {"fn_monthname", 1, fn_monthname, 0},
    {"fn_quarter", 1, fn_quarter, 0},
    {"fn_second", 1, fn_second, 0},
    {"fn_timestampadd", 3, fn_timestampadd, 0},
    {"fn_timestampdiff", 3, fn_timestampdiff, 0},
    {"fn_week", 1, fn_week, 0},
    {"fn_year", 1, fn_year, 0},
    {"current_date_value", 0, current_date_value, 0},
    {"current_time_value", -1, current_time_value, 0},
    {"current_timestamp_value", -1, current_timestamp_value, 0},
    {0},
};
