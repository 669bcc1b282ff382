#include "providers/script/net_moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/buffer.h"

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
                                     "December"};
static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

enum { FILE_EPOCH_DAYS = 134774 /* from 1601-01-01 to 1970-01-01 */, TICKS = 10000000 };

/* What a single letter stands for. */
static const char *standard_format(const char *format)
{
    static const struct { char letter; const char *format; } formats[] = {
        {'d', "MM/dd/yyyy"}, {'D', "dddd, dd MMMM yyyy"}, {'f', "dddd, dd MMMM yyyy HH:mm"}, {'F', "dddd, dd MMMM yyyy HH:mm:ss"},
        {'g', "MM/dd/yyyy HH:mm"}, {'G', "MM/dd/yyyy HH:mm:ss"}, {'r', "ddd, dd MMM yyyy HH:mm:ss 'GMT'"}, {'R', "ddd, dd MMM yyyy HH:mm:ss 'GMT'"},
        {'s', "yyyy-MM-dd'T'HH:mm:ss"}, {'t', "HH:mm"}, {'T', "HH:mm:ss"}, {'u', "yyyy-MM-dd HH:mm:ss'Z'"}, {'o', "yyyy-MM-dd'T'HH:mm:ss.fffffff"},
        {'M', "MMMM dd"}, {'m', "MMMM dd"}, {'y', "yyyy MMMM"}, {'Y', "yyyy MMMM"},
    };
    for (size_t i = 0; format[0] && !format[1] && i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].letter == format[0])
            return formats[i].format;
    return format;
}

static int weekday(const struct datetime *moment)
{
    return (int)(((datetime_days(moment->year, moment->month, moment->day) + 4) % 7 + 7) % 7);
}

static size_t run_of(const char *at)
{
    size_t length = 1;
    while (at[length] == *at)
        length++;
    return length;
}

static void print_zone(int zone, size_t width, struct buffer *out)
{
    int minutes = abs(zone);

    buffer_append_char(out, zone < 0 ? '-' : '+');
    buffer_printf(out, width > 1 ? "%02d" : "%d", minutes / 60);
    if (width > 2)
        buffer_printf(out, ":%02d", minutes % 60);
}

static void print_field(const struct datetime *moment, int zone, char field, size_t width, struct buffer *out)
{
    int number = 0, hour = moment->hour % 12 ? moment->hour % 12 : 12;
    char fraction[16];

    switch (field) {
    case 'y':
        buffer_printf(out, width <= 2 ? "%02d" : "%04d", width <= 2 ? moment->year % 100 : moment->year);
        return;
    case 'M':
        if (width > 2) {
            buffer_printf(out, width == 3 ? "%.3s" : "%s", months[moment->month - 1]);
            return;
        }
        number = moment->month;
        break;
    case 'd':
        if (width > 2) {
            buffer_printf(out, width == 3 ? "%.3s" : "%s", days[weekday(moment)]);
            return;
        }
        number = moment->day;
        break;
    case 'H': number = moment->hour; break;
    case 'h': number = hour; break;
    case 'm': number = moment->minute; break;
    case 's': number = moment->second; break;
    case 't': buffer_append(out, moment->hour < 12 ? "AM" : "PM", width > 1 ? 2 : 1); return;
    case 'z': print_zone(zone, width, out); return;
    case 'K': print_zone(zone, 3, out); return;
    case 'f':
        snprintf(fraction, sizeof fraction, "%09u", moment->nanosecond);
        buffer_append(out, fraction, width < 9 ? width : 9);
        return;
    default: return;
    }
    buffer_printf(out, width > 1 ? "%02d" : "%d", number);
}

bool net_moment_print(const struct datetime *moment, int zone, const char *format, struct buffer *out)
{
    if (strcasecmp(format, "file") == 0) {
        int64_t seconds = datetime_seconds(moment) + (int64_t)FILE_EPOCH_DAYS * 86400;
        buffer_printf(out, "%lld", (long long)(seconds * TICKS + moment->nanosecond / 100));
        return true;
    }
    for (const char *c = standard_format(format); *c;) {
        if (*c == '\'' || *c == '"') {
            const char *end = strchr(c + 1, *c);
            if (!end)
                return false;
            buffer_append(out, c + 1, (size_t)(end - c - 1));
            c = end + 1;
        } else if (*c == '\\' && c[1]) {
            buffer_append_char(out, c[1]);
            c += 2;
        } else if (strchr("yMdHhmstzKf", *c)) {
            size_t width = run_of(c);
            print_field(moment, zone, *c, width, out);
            c += width;
        } else {
            buffer_append_char(out, *c++);
        }
    }
    return true;
}

/* --- reading --- */

static bool read_digits(const char **text, size_t least, size_t most, int *number)
{
    size_t count = 0;

    *number = 0;
    for (; count < most && **text >= '0' && **text <= '9'; count++, (*text)++)
        *number = *number * 10 + (**text - '0');
    return count >= least;
}

/* One of some names, or their first three letters; *number from 1. */
static bool read_name(const char **text, const char *const *names, int count, int *number)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(*text, names[i], length) == 0 || (length = 3, strncasecmp(*text, names[i], 3) == 0)) {
            *text += length;
            *number = i + 1;
            return true;
        }
    }
    return false;
}

static bool read_zone(const char **text, int *zone)
{
    int hours, minutes = 0;
    char sign = **text;

    *zone = 0;
    if (sign == 'Z' || sign == 'z') {
        ++*text;
        return true;
    }
    if (sign != '+' && sign != '-')
        return false;
    ++*text;
    if (!read_digits(text, 1, 2, &hours))
        return false;
    if (**text == ':')
        ++*text;
    read_digits(text, 0, 2, &minutes);
    *zone = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    return hours <= 14 && minutes < 60;
}

struct parsed {
    struct datetime moment;
    int zone;
    bool afternoon, morning;
};

static bool read_field(const char **text, char field, size_t width, struct parsed *parsed)
{
    struct datetime *m = &parsed->moment;
    int number;

    switch (field) {
    case 'y':
        if (!read_digits(text, width <= 2 ? 2 : 4, width <= 2 ? 2 : 4, &m->year))
            return false;
        if (width <= 2)
            m->year += m->year < 50 ? 2000 : 1900;
        return true;
    case 'M': return width > 2 ? read_name(text, months, 12, &m->month) : read_digits(text, width, 2, &m->month);
    case 'd': return width > 2 ? read_name(text, days, 7, &number) : read_digits(text, width, 2, &m->day);
    case 'H': case 'h': return read_digits(text, width > 1 ? 2 : 1, 2, &m->hour);
    case 'm': return read_digits(text, width > 1 ? 2 : 1, 2, &m->minute);
    case 's': return read_digits(text, width > 1 ? 2 : 1, 2, &m->second);
    case 'f': {
        const char *start = *text;
        if (!read_digits(text, 1, 9, &number))
            return false;
        for (size_t i = (size_t)(*text - start); i < 9; i++)
            number *= 10;
        m->nanosecond = (uint32_t)number;
        return true;
    }
    case 't':
        parsed->afternoon = **text == 'P' || **text == 'p';
        parsed->morning = **text == 'A' || **text == 'a';
        *text += (parsed->afternoon || parsed->morning) + (width > 1 && ((*text)[0] && ((*text)[1] == 'M' || (*text)[1] == 'm')));
        return parsed->afternoon || parsed->morning;
    default: return read_zone(text, &parsed->zone);
    }
}

static bool settle(struct parsed *parsed, struct datetime *moment)
{
    struct datetime *m = &parsed->moment;

    if (parsed->afternoon && m->hour < 12)
        m->hour += 12;
    if (parsed->morning && m->hour == 12)
        m->hour = 0;
    if (!datetime_valid_date(m->year, m->month, m->day) || m->hour > 23 || m->minute > 59 || m->second > 59)
        return false;
    uint32_t nanosecond = m->nanosecond;
    if (!datetime_from_seconds(datetime_seconds(m) - (int64_t)parsed->zone * 60, moment))
        return false;
    moment->nanosecond = nanosecond;
    return true;
}

static bool read_by(const char *text, const char *format, struct datetime *moment)
{
    struct parsed parsed = {.moment = {.year = 1970, .month = 1, .day = 1}};

    for (const char *c = standard_format(format); *c;) {
        if (*c == '\'' || *c == '"') {
            const char *end = strchr(c + 1, *c);
            size_t length = end ? (size_t)(end - c - 1) : 0;
            if (!end || strncmp(text, c + 1, length) != 0)
                return false;
            text += length;
            c = end + 1;
        } else if (strchr("yMdHhmstzKf", *c)) {
            size_t width = run_of(c);
            if (!read_field(&text, *c, width, &parsed))
                return false;
            c += width;
        } else {
            c += *c == '\\' && c[1];
            if (*text++ != *c++)
                return false;
        }
    }
    return !*text && settle(&parsed, moment);
}

static bool read_file_time(const char *text, struct datetime *moment)
{
    char *end;
    long long ticks = strtoll(text, &end, 10);

    if (*end || end == text || ticks < 0 || !datetime_from_seconds(ticks / TICKS - (int64_t)FILE_EPOCH_DAYS * 86400, moment))
        return false;
    moment->nanosecond = (uint32_t)(ticks % TICKS * 100);
    return true;
}

bool net_moment_read(const char *text, const char *format, struct datetime *moment)
{
    static const char *const usual[] = {"MM/dd/yyyy HH:mm:ss", "M/d/yyyy h:mm:ss tt", "M/d/yyyy h:mm tt", "M/d/yyyy H:mm", "M/d/yyyy", "r",
                                        "ddd, d MMM yyyy HH:mm:ss z", "d MMM yyyy HH:mm:ss", "d MMM yyyy", "MMMM d, yyyy", "yyyyMMdd'T'HHmmss",
                                        "yyyyMMdd'T'HHmmssK", "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd", "yyyyMMdd", "HH:mm:ss", "HH:mm"};

    if (format && strcasecmp(format, "file") == 0)
        return read_file_time(text, moment);
    if (format && *format)
        return read_by(text, format, moment);
    if (datetime_parse_timestamp(text, strlen(text), moment, NULL))
        return true;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (read_by(text, usual[i], moment))
            return true;
    return false;
}

int net_moment_zone(const struct datetime *utc)
{
    time_t seconds = (time_t)datetime_seconds(utc);
    struct tm local;

    return localtime_r(&seconds, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}
