#include "providers/csv/moment.h"

#include <string.h>
#include <strings.h>

enum { FIRST_OF_CENTURY = 30 };

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                                     "November", "December"};

static bool add(struct csv_moments *moments, enum moment_part_kind kind, int digits, char literal)
{
    if (moments->count == MOMENT_PARTS)
        return false;
    moments->parts[moments->count].kind = kind;
    moments->parts[moments->count].digits = digits;
    moments->parts[moments->count++].literal = literal;
    return true;
}

static bool add_literals(struct csv_moments *moments, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!add(moments, MOMENT_LITERAL, 1, text[i]))
            return false;
    return true;
}

/* Whether the small m are months: there is no hour before them. A pattern that writes months as M has minutes in all of them. */
static bool are_months(const struct csv_moments *moments, bool capital)
{
    for (size_t i = 0; i < moments->count; i++)
        if (moments->parts[i].kind == MOMENT_HOUR)
            return false;
    return !capital;
}

/* The part that a letter, repeated so often, stands for. */
static bool add_letters(struct csv_moments *moments, char letter, int count, bool capital)
{
    switch (letter) {
    case 'y': case 'Y':
        return (count == 2 || count == 4) && add(moments, MOMENT_YEAR, count, 0);
    case 'M':
        return count <= 4 && add(moments, count > 2 ? MOMENT_MONTH_NAME : MOMENT_MONTH, count, 0);
    case 'm':
        if (are_months(moments, capital))
            return count <= 4 && add(moments, count > 2 ? MOMENT_MONTH_NAME : MOMENT_MONTH, count, 0);
        return count <= 2 && add(moments, MOMENT_MINUTE, count, 0);
    case 'n': case 'N':
        return count <= 2 && add(moments, MOMENT_MINUTE, count, 0);
    case 'd': case 'D':
        return count <= 2 && add(moments, MOMENT_DAY, count, 0);
    case 'h': case 'H':
        return count <= 2 && add(moments, MOMENT_HOUR, count, 0);
    case 's': case 'S':
        return count <= 2 && add(moments, MOMENT_SECOND, count, 0);
    case 'f': case 'F':
        return count <= TIMESTAMP_FRACTION && add(moments, MOMENT_FRACTION, count, 0);
    case 't':
        return count <= 2 && add(moments, MOMENT_HALF, 2, 0);
    default:
        return false;
    }
}

bool csv_moments_read(const char *pattern, struct csv_moments *moments)
{
    bool capital = strchr(pattern, 'M') && strchr(pattern, 'm'), has[MOMENT_HALF + 1] = {false};

    *moments = (struct csv_moments){0};
    while (*pattern) {
        size_t length = 1;
        if (*pattern == '\'' || *pattern == '"') {
            const char *end = strchr(pattern + 1, *pattern);
            if (!end || !add_literals(moments, pattern + 1, (size_t)(end - pattern) - 1))
                return false;
            pattern = end + 1;
            continue;
        }
        if (strncasecmp(pattern, "AM/PM", 5) == 0) {
            length = 5;
            if (!add(moments, MOMENT_HALF, 2, 0))
                return false;
        } else if (strchr("yYMmnNdDhHsSfFt", *pattern)) {
            while (pattern[length] == *pattern)
                length++;
            if (!add_letters(moments, *pattern, (int)length, capital))
                return false;
        } else if (!add_literals(moments, pattern, 1)) {
            return false;
        }
        pattern += length;
    }
    for (size_t i = 0; i < moments->count; i++) {
        if (moments->parts[i].kind != MOMENT_LITERAL && has[moments->parts[i].kind])
            return false;
        has[moments->parts[i].kind] = true;
    }
    moments->date = has[MOMENT_YEAR] && has[MOMENT_DAY] && (has[MOMENT_MONTH] != has[MOMENT_MONTH_NAME]);
    moments->time = has[MOMENT_HOUR];
    moments->halves = has[MOMENT_HALF];
    bool part_of_date = has[MOMENT_YEAR] || has[MOMENT_MONTH] || has[MOMENT_MONTH_NAME] || has[MOMENT_DAY];
    bool part_of_time = has[MOMENT_MINUTE] || has[MOMENT_SECOND] || has[MOMENT_FRACTION] || has[MOMENT_HALF];
    return moments->count && moments->date == part_of_date && (moments->time || !part_of_time) && (moments->date || moments->time);
}

/* At least and at most so many digits. */
static bool read_digits(const char **at, const char *end, int least, int most, int *number)
{
    int count = 0;

    *number = 0;
    for (; *at < end && **at >= '0' && **at <= '9' && count < most; ++*at, count++)
        *number = *number * 10 + (**at - '0');
    return count >= least;
}

static bool read_name(const char **at, const char *end, int digits, int *month)
{
    for (int i = 0; i < 12; i++) {
        size_t length = digits == 3 ? 3 : strlen(months[i]);
        if ((size_t)(end - *at) >= length && strncasecmp(*at, months[i], length) == 0) {
            *at += length;
            *month = i + 1;
            return true;
        }
    }
    return false;
}

static bool read_fraction(const char **at, const char *end, int most, uint32_t *nanosecond)
{
    uint32_t unit = 100000000;
    int count = 0;

    for (; *at < end && **at >= '0' && **at <= '9' && count < most; ++*at, count++) {
        *nanosecond += (uint32_t)(**at - '0') * unit;
        unit /= 10;
    }
    return count > 0;
}

static bool read_half(const char **at, const char *end, bool *afternoon)
{
    if (end - *at < 2 || ((*at)[1] | 0x20) != 'm' || (((*at)[0] | 0x20) != 'a' && ((*at)[0] | 0x20) != 'p'))
        return false;
    *afternoon = ((*at)[0] | 0x20) == 'p';
    *at += 2;
    return true;
}

static bool read_part(const struct csv_moments *moments, size_t part, const char **at, const char *end, struct datetime *moment, bool *afternoon)
{
    int digits = moments->parts[part].digits, least = digits == 1 ? 1 : digits, most = digits == 1 ? 2 : digits;

    switch (moments->parts[part].kind) {
    case MOMENT_YEAR:
        if (!read_digits(at, end, digits, digits, &moment->year))
            return false;
        if (digits == 2)
            moment->year += moment->year < FIRST_OF_CENTURY ? 2000 : 1900;
        return true;
    case MOMENT_MONTH: return read_digits(at, end, least, most, &moment->month);
    case MOMENT_MONTH_NAME: return read_name(at, end, digits, &moment->month);
    case MOMENT_DAY: return read_digits(at, end, least, most, &moment->day);
    case MOMENT_HOUR: return read_digits(at, end, least, most, &moment->hour);
    case MOMENT_MINUTE: return read_digits(at, end, least, most, &moment->minute);
    case MOMENT_SECOND: return read_digits(at, end, least, most, &moment->second);
    case MOMENT_FRACTION: return read_fraction(at, end, digits, &moment->nanosecond);
    case MOMENT_HALF: return read_half(at, end, afternoon);
    case MOMENT_LITERAL: break;
    }
    return *at < end && *(*at)++ == moments->parts[part].literal;
}

bool csv_moment_read(const struct csv_moments *moments, const char *text, size_t length, struct datetime *result)
{
    const char *at = text, *end = text + length;
    struct datetime moment = {.year = 1970, .month = 1, .day = 1};
    bool afternoon = false;

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    for (size_t i = 0; i < moments->count; i++)
        if (!read_part(moments, i, &at, end, &moment, &afternoon))
            return false;
    if (moments->halves) {
        if (moment.hour < 1 || moment.hour > 12)
            return false;
        moment.hour = moment.hour % 12 + (afternoon ? 12 : 0);
    }
    if (at != end || !datetime_valid_date(moment.year, moment.month, moment.day) || moment.hour > 23 || moment.minute > 59 || moment.second > 59)
        return false;
    *result = moment;
    return true;
}
