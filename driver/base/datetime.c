#include "base/datetime.h"

#include <stdio.h>
#include <string.h>

#include "base/space.h"

struct cursor {
    const char *at, *end;
};

static bool number(struct cursor *c, int smallest, int largest, int *result)
{
    int digits = 0, value = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && digits < largest) {
        value = value * 10 + (*c->at++ - '0');
        digits++;
    }
    *result = value;
    return digits >= smallest;
}

static bool mark(struct cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static void skip_spaces(struct cursor *c)
{
    while (c->at < c->end && is_space(*c->at))
        c->at++;
}

static struct cursor trimmed(const char *text, size_t length)
{
    struct cursor c = {text, text + length};
    skip_spaces(&c);
    while (c.end > c.at && is_space(c.end[-1]))
        c.end--;
    return c;
}

static bool read_date(struct cursor *c, struct datetime *value)
{
    return number(c, 4, 4, &value->year) && mark(c, '-') && number(c, 1, 2, &value->month) && mark(c, '-')
        && number(c, 1, 2, &value->day) && datetime_valid_date(value->year, value->month, value->day);
}

static bool read_fraction(struct cursor *c, uint32_t *nanosecond)
{
    uint32_t unit = 100000000;
    const char *start = c->at;
    *nanosecond = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        *nanosecond += (uint32_t)(*c->at - '0') * unit;
        unit /= 10;
    }
    return c->at > start;
}

static bool read_time(struct cursor *c, struct datetime *value)
{
    value->second = 0;
    value->nanosecond = 0;
    if (!number(c, 1, 2, &value->hour) || !mark(c, ':') || !number(c, 2, 2, &value->minute))
        return false;
    if (mark(c, ':')) {
        if (!number(c, 2, 2, &value->second))
            return false;
        if (mark(c, '.') && !read_fraction(c, &value->nanosecond))
            return false;
    }
    return value->hour < 24 && value->minute < 60 && value->second < 60;
}

/* "Z", "+02:00", "+0200", "+02"; *seconds east of UTC. Nothing there: *had false. */
static bool read_offset(struct cursor *c, int *seconds, bool *had)
{
    int hours, minutes = 0;
    *had = c->at < c->end;
    *seconds = 0;
    if (!*had || mark(c, 'Z') || mark(c, 'z'))
        return true;
    bool west = mark(c, '-');
    if (!west && !mark(c, '+'))
        return false;
    if (!number(c, 2, 2, &hours))
        return false;
    if (c->at < c->end) {
        mark(c, ':');
        if (!number(c, 2, 2, &minutes))
            return false;
    }
    if (hours > 18 || minutes > 59)
        return false;
    *seconds = (hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

bool datetime_parse_date(const char *text, size_t length, struct datetime *result)
{
    struct cursor c = trimmed(text, length);
    struct datetime value = {0};
    if (!read_date(&c, &value) || c.at != c.end)
        return false;
    *result = value;
    return true;
}

bool datetime_parse_time(const char *text, size_t length, struct datetime *result)
{
    struct cursor c = trimmed(text, length);
    struct datetime value = {.year = 1970, .month = 1, .day = 1};
    if (!read_time(&c, &value) || c.at != c.end)
        return false;
    *result = value;
    return true;
}

static bool pair(const char *text, int *value)
{
    unsigned tens = (unsigned char)text[0] - (unsigned)'0', ones = (unsigned char)text[1] - (unsigned)'0';
    *value = (int)(tens * 10 + ones);
    return tens <= 9 && ones <= 9;
}

/* Reads by place what services send by the million: 2024-02-29T23:59:59, perhaps with Z or +02:00 behind it. False: it is written otherwise,
 * or is none. */
static bool read_by_place(const char *text, size_t length, struct datetime *value, int *offset, bool *had)
{
    int century, year, hours = 0, minutes = 0;

    if ((length != 19 && length != 20 && length != 25) || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ')
        || text[13] != ':' || text[16] != ':' || !pair(text, &century) || !pair(text + 2, &year) || !pair(text + 5, &value->month)
        || !pair(text + 8, &value->day) || !pair(text + 11, &value->hour) || !pair(text + 14, &value->minute) || !pair(text + 17, &value->second))
        return false;
    if (length == 20 && text[19] != 'Z')
        return false;
    if (length == 25 && ((text[19] != '+' && text[19] != '-') || text[22] != ':' || !pair(text + 20, &hours) || !pair(text + 23, &minutes)))
        return false;
    value->year = century * 100 + year;
    value->nanosecond = 0;
    *had = length > 19;
    *offset = (hours * 60 + minutes) * (length == 25 && text[19] == '-' ? -60 : 60);
    return datetime_valid_date(value->year, value->month, value->day) && value->hour < 24 && value->minute < 60 && value->second < 60
           && hours <= 18 && minutes <= 59;
}

static bool read_timestamp(const char *text, size_t length, struct datetime *value, int *offset, bool *had)
{
    struct cursor c = trimmed(text, length);

    *value = (struct datetime){0};
    *offset = 0;
    *had = false;
    if (!read_date(&c, value))
        return false;
    if (c.at == c.end)
        return true;
    if (!mark(&c, 'T') && !mark(&c, 't')) {
        if (!is_space(*c.at))
            return false;
        skip_spaces(&c);
    }
    if (!read_time(&c, value))
        return false;
    skip_spaces(&c);
    return read_offset(&c, offset, had) && c.at == c.end;
}

/* Moves a moment by so many seconds; most moves stay within the day. */
static bool move(struct datetime *value, int seconds)
{
    uint32_t nanosecond = value->nanosecond;
    int of_day = value->hour * 3600 + value->minute * 60 + value->second + seconds;

    if (of_day >= 0 && of_day < 86400) {
        value->hour = of_day / 3600;
        value->minute = of_day / 60 % 60;
        value->second = of_day % 60;
        return true;
    }
    bool fits = datetime_from_seconds(datetime_seconds(value) + seconds, value);
    value->nanosecond = nanosecond;
    return fits;
}

bool datetime_parse_timestamp(const char *text, size_t length, struct datetime *result, bool *had_offset)
{
    struct datetime value;
    int offset;
    bool had;

    if (!read_by_place(text, length, &value, &offset, &had) && !read_timestamp(text, length, &value, &offset, &had))
        return false;
    if (offset && !move(&value, -offset))
        return false;
    if (had_offset)
        *had_offset = had;
    *result = value;
    return true;
}

/* Dates and times are printed by the million: snprintf would take most of that time. Writes so many digits and ends the text. */
static char *put_digits(char *out, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
    out[count] = '\0';
    return out + count;
}

size_t datetime_print_date(const struct datetime *value, char *out)
{
    char *at = put_digits(out, value->year, 4);
    *at++ = '-';
    at = put_digits(at, value->month, 2);
    *at++ = '-';
    return (size_t)(put_digits(at, value->day, 2) - out);
}

size_t datetime_print_time(const struct datetime *value, int fraction, char *out)
{
    char digits[16], *at = put_digits(out, value->hour, 2);
    *at++ = ':';
    at = put_digits(at, value->minute, 2);
    *at++ = ':';
    size_t length = (size_t)(put_digits(at, value->second, 2) - out);
    if (value->nanosecond == 0)
        return length;
    put_digits(digits, (int)(value->nanosecond % 1000000000u), 9);
    int kept = fraction < 9 ? fraction : 9;
    while (kept > 0 && digits[kept - 1] == '0')
        kept--;
    if (kept > 0) {
        out[length++] = '.';
        memcpy(out + length, digits, (size_t)kept);
        length += (size_t)kept;
        out[length] = '\0';
    }
    return length;
}

size_t datetime_print_timestamp(const struct datetime *value, int fraction, char *out)
{
    char time[DATETIME_TEXT];
    size_t length = datetime_print_date(value, out);
    size_t rest = datetime_print_time(value, fraction, time);
    out[length++] = ' ';
    memcpy(out + length, time, rest + 1);
    return length + rest;
}

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && leap(year));
}

bool datetime_valid_date(int year, int month, int day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

/* Counting years from March puts the leap day at the end of the year. */
int64_t datetime_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    int64_t era = y / 400, in_era = y % 400;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + (153 * m + 2) / 5 + day - 1 - 719468;
}

void datetime_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t in_era = z - era * 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t of_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

int64_t datetime_seconds(const struct datetime *value)
{
    return datetime_days(value->year, value->month, value->day) * 86400 + value->hour * 3600 + value->minute * 60 + value->second;
}

bool datetime_from_seconds(int64_t seconds, struct datetime *value)
{
    static const int64_t first = -62135596800, last = 253402300799; /* 0001-01-01 00:00:00, 9999-12-31 23:59:59 */
    if (seconds < first || seconds > last)
        return false;
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    *value = (struct datetime){.hour = (int)(rest / 3600), .minute = (int)(rest / 60 % 60), .second = (int)(rest % 60)};
    datetime_from_days(days, &value->year, &value->month, &value->day);
    return true;
}

bool datetime_add_months(struct datetime *value, int64_t months)
{
    if (months > 120000 || months < -120000)
        return false;
    int64_t count = (int64_t)value->year * 12 + value->month - 1 + months;
    if (count < 12 || count >= 120000)
        return false;
    value->year = (int)(count / 12);
    value->month = (int)(count % 12) + 1;
    int last = month_days(value->year, value->month);
    if (value->day > last)
        value->day = last;
    return true;
}
