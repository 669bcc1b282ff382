/* Formatters of dates and times. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/script/formatter.h"
#include "providers/script/net_moment.h"

typedef const struct formatter self;

static const char sortable[] = "yyyy-MM-dd'T'HH:mm:ss";

static bool put_moment(self *s, struct formatting *f, const struct datetime *moment, int zone, const char *format, struct error *err)
{
    return net_moment_print(moment, zone, *format ? format : sortable, f->out)
           || formatter_refuse(s, err, "can not use the format \"%.60s\"", format);
}

/* The value, as the parameter of that number says that it is written. */
static bool read_value(self *s, const struct formatting *f, size_t format, struct datetime *moment, struct error *err)
{
    return net_moment_read(f->value, formatter_argument(f, format, NULL), moment)
           || formatter_refuse(s, err, "needs a date or time, not \"%.60s\"", f->value);
}

static struct datetime now(void)
{
    struct timespec clock;
    struct datetime moment;

    clock_gettime(CLOCK_REALTIME, &clock);
    datetime_from_seconds(clock.tv_sec, &moment);
    moment.nanosecond = (uint32_t)clock.tv_nsec;
    return moment;
}

static bool shift(struct datetime *moment, int64_t seconds)
{
    uint32_t nanosecond = moment->nanosecond;
    if (!datetime_from_seconds(datetime_seconds(moment) + seconds, moment))
        return false;
    moment->nanosecond = nanosecond;
    return true;
}

/* The present, in local time or (which 1) in UTC. */
static bool apply_now(self *s, struct formatting *f, struct error *err)
{
    struct datetime moment = now();
    int zone = s->which ? 0 : net_moment_zone(&moment);

    shift(&moment, (int64_t)zone * 60);
    return put_moment(s, f, &moment, zone, formatter_argument(f, 0, ""), err);
}

static bool apply_to_date(self *s, struct formatting *f, struct error *err)
{
    struct datetime moment;

    return read_value(s, f, 1, &moment, err) && put_moment(s, f, &moment, 0, formatter_argument(f, 0, ""), err);
}

static bool apply_file_time(self *s, struct formatting *f, struct error *err)
{
    struct datetime moment;

    return read_value(s, f, 0, &moment, err) && put_moment(s, f, &moment, 0, "file", err);
}

/* Between the machine's local time and UTC. */
static bool apply_zone(self *s, struct formatting *f, struct error *err)
{
    struct datetime moment;

    if (!read_value(s, f, 1, &moment, err))
        return false;
    int zone = net_moment_zone(&moment);
    if (!shift(&moment, (s->which ? -1 : 1) * (int64_t)zone * 60))
        return formatter_refuse(s, err, "leaves the years that there are");
    return put_moment(s, f, &moment, s->which ? 0 : zone, formatter_argument(f, 0, ""), err);
}

static bool add(struct datetime *moment, const char *interval, long number)
{
    static const struct { const char *name; long seconds; } units[] = {
        {"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}, {"week", 604800},
    };
    if (name_equal(interval, "year"))
        return datetime_add_months(moment, (int64_t)number * 12);
    if (name_equal(interval, "month"))
        return datetime_add_months(moment, number);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (name_equal(interval, units[i].name))
            return shift(moment, (int64_t)number * units[i].seconds);
    int64_t milliseconds = number + moment->nanosecond / 1000000;
    int64_t seconds = milliseconds / 1000 - (milliseconds % 1000 < 0);
    moment->nanosecond = (uint32_t)((milliseconds - seconds * 1000) * 1000000) + moment->nanosecond % 1000000;
    return shift(moment, seconds);
}

static bool check_interval(self *s, const char *interval, struct error *err)
{
    return name_among("year month week day hour minute second millisecond", interval)
           || formatter_refuse(s, err, "knows the intervals year, month, week, day, hour, minute, second and millisecond, not \"%.40s\"", interval);
}

/* (interval, number, format of the result, format of the value) */
static bool apply_add(self *s, struct formatting *f, struct error *err)
{
    const char *interval = formatter_argument(f, 0, "day");
    struct datetime moment;
    long number;

    if (!check_interval(s, interval, err) || !formatter_number(s, f, 1, 1, -2000000000, 2000000000, &number, err) || !read_value(s, f, 3, &moment, err))
        return false;
    if (!add(&moment, interval, s->which ? -number : number))
        return formatter_refuse(s, err, "leaves the years that there are");
    return put_moment(s, f, &moment, 0, formatter_argument(f, 2, ""), err);
}

/* (interval, other moment, format): how many whole ones lie between the value and the other, which is the present when not given. */
static bool apply_difference(self *s, struct formatting *f, struct error *err)
{
    const char *interval = formatter_argument(f, 0, "day"), *text = formatter_argument(f, 1, "");
    struct datetime moment, other = now();

    if (!check_interval(s, interval, err) || !read_value(s, f, 2, &moment, err))
        return false;
    if (*text && !net_moment_read(text, formatter_argument(f, 2, NULL), &other))
        return formatter_refuse(s, err, "needs a date or time, not \"%.60s\"", text);
    int64_t seconds = datetime_seconds(&other) - datetime_seconds(&moment);
    int64_t months = (int64_t)(other.year - moment.year) * 12 + other.month - moment.month;
    int64_t result = name_equal(interval, "year") ? months / 12
                     : name_equal(interval, "month") ? months
                     : name_equal(interval, "week") ? seconds / 604800
                     : name_equal(interval, "day") ? seconds / 86400
                     : name_equal(interval, "hour") ? seconds / 3600
                     : name_equal(interval, "minute") ? seconds / 60
                     : name_equal(interval, "second") ? seconds
                     : seconds * 1000 + ((int64_t)other.nanosecond - (int64_t)moment.nanosecond) / 1000000;
    buffer_printf(f->out, "%lld", (long long)result);
    return true;
}

enum { PART_YEAR, PART_MONTH, PART_DAY, PART_HOUR, PART_MINUTE, PART_SECOND, PART_DAY_OF_WEEK, PART_DAY_OF_YEAR };

static bool apply_part(self *s, struct formatting *f, struct error *err)
{
    static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    struct datetime m;

    if (!read_value(s, f, 0, &m, err))
        return false;
    int64_t day = datetime_days(m.year, m.month, m.day);
    switch (s->which) {
    case PART_YEAR: buffer_printf(f->out, "%d", m.year); break;
    case PART_MONTH: buffer_printf(f->out, "%d", m.month); break;
    case PART_DAY: buffer_printf(f->out, "%d", m.day); break;
    case PART_HOUR: buffer_printf(f->out, "%d", m.hour); break;
    case PART_MINUTE: buffer_printf(f->out, "%d", m.minute); break;
    case PART_SECOND: buffer_printf(f->out, "%d", m.second); break;
    case PART_DAY_OF_WEEK: buffer_append_text(f->out, days[((day + 4) % 7 + 7) % 7]); break;
    case PART_DAY_OF_YEAR: buffer_printf(f->out, "%d", (int)(day - datetime_days(m.year, 1, 1)) + 1); break;
    }
    return true;
}

static bool apply_leap(self *s, struct formatting *f, struct error *err)
{
    char *end;
    long year = strtol(f->value, &end, 10);
    struct datetime moment;

    if (*end || end == f->value) {
        if (!read_value(s, f, 2, &moment, err))
            return false;
        year = moment.year;
    }
    formatter_answer(f, year >= 1 && year <= 9999 && datetime_valid_date((int)year, 2, 29), 0);
    return true;
}

/* -1, 0 or 1: the value lies before, at or after the other. */
static bool apply_compare(self *s, struct formatting *f, struct error *err)
{
    const char *text = formatter_argument(f, 0, "");
    struct datetime moment, other = now();

    if (!read_value(s, f, 1, &moment, err))
        return false;
    if (*text && !net_moment_read(text, formatter_argument(f, 1, NULL), &other))
        return formatter_refuse(s, err, "needs a date or time, not \"%.60s\"", text);
    int64_t a = datetime_seconds(&moment), b = datetime_seconds(&other);
    int order = a != b ? (a > b) - (a < b) : (moment.nanosecond > other.nanosecond) - (moment.nanosecond < other.nanosecond);
    buffer_printf(f->out, "%d", order);
    return true;
}

static const struct formatter formatters[] = {
    {"date", 0, 1, apply_now, 0},
    {"now", 0, 1, apply_now, 0},
    {"utcnow", 0, 1, apply_now, 1},
    {"dateutc", 0, 1, apply_now, 1},
    {"todate", 0, 2, apply_to_date, 0},
    {"filetime", 0, 1, apply_file_time, 0},
    {"toutc", 0, 2, apply_zone, 1},
    {"tolocal", 0, 2, apply_zone, 0},
    {"dateadd", 0, 4, apply_add, 0},
    {"datesub", 0, 4, apply_add, 1},
    {"datediff", 0, 3, apply_difference, 0},
    {"year", 0, 1, apply_part, PART_YEAR},
    {"month", 0, 1, apply_part, PART_MONTH},
    {"day", 0, 1, apply_part, PART_DAY},
    {"hour", 0, 1, apply_part, PART_HOUR},
    {"minute", 0, 1, apply_part, PART_MINUTE},
    {"second", 0, 1, apply_part, PART_SECOND},
    {"dayofweek", 0, 1, apply_part, PART_DAY_OF_WEEK},
    {"dayofyear", 0, 1, apply_part, PART_DAY_OF_YEAR},
    {"isleap", 0, 2, apply_leap, 0},
    {"compare", 0, 2, apply_compare, 0},
};

const struct formatter_family formatters_of_moments = {formatters, sizeof formatters / sizeof formatters[0]};
