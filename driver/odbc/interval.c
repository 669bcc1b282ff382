#include "odbc/interval.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/name.h"

enum field { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELDS };

static const char *const names[FIELDS] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
static const uint64_t seconds_of[FIELDS] = {0, 0, 86400, 3600, 60, 1};
static const uint64_t largest[FIELDS] = {0, 11, 0, 23, 59, 59};   /* where it is not the leading field */

struct span { enum field first, last; };

/* In the order of SQL_CODE_YEAR and its like. */
static const struct span spans[] = {
    {YEAR, YEAR},  {MONTH, MONTH}, {DAY, DAY},    {HOUR, HOUR},    {MINUTE, MINUTE}, {SECOND, SECOND}, {YEAR, MONTH},
    {DAY, HOUR},   {DAY, MINUTE},  {DAY, SECOND}, {HOUR, MINUTE},  {HOUR, SECOND},   {MINUTE, SECOND},
};

static const struct span *span_of(SQLSMALLINT c_type)
{
    return &spans[c_type - SQL_INTERVAL_YEAR];
}

bool interval_is_type(SQLSMALLINT c_type)
{
    return c_type >= SQL_INTERVAL_YEAR && c_type <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

bool interval_is_single(SQLSMALLINT c_type)
{
    return span_of(c_type)->first == span_of(c_type)->last;
}

bool interval_has_seconds(SQLSMALLINT c_type)
{
    return span_of(c_type)->last == SECOND;
}

bool interval_is_of_months(SQLSMALLINT c_type)
{
    return span_of(c_type)->last <= MONTH;
}

static uint64_t power_of_ten(int exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static int fraction_digits(const struct interval_form *form)
{
    return form->fraction < 0 ? 0 : form->fraction > 9 ? 9 : form->fraction;
}

/* --- an interval as one length ----------------------------------------------------------------------------------------- */

struct length {
    bool negative, of_months;
    uint64_t whole;          /* months or seconds */
    uint32_t nanoseconds;
};

static SQLUINTEGER *place_of(SQL_INTERVAL_STRUCT *interval, enum field field)
{
    switch (field) {
    case YEAR:
        return &interval->intval.year_month.year;
    case MONTH:
        return &interval->intval.year_month.month;
    case DAY:
        return &interval->intval.day_second.day;
    case HOUR:
        return &interval->intval.day_second.hour;
    case MINUTE:
        return &interval->intval.day_second.minute;
    default:
        return &interval->intval.day_second.second;
    }
}

static enum interval_result fill(const struct length *length, const struct interval_form *form, SQL_INTERVAL_STRUCT *interval)
{
    const struct span *span = span_of(form->c_type);
    uint64_t rest = length->whole, nanoseconds = length->nanoseconds;
    int leading = form->leading < 1 ? INTERVAL_LEADING : form->leading > INTERVAL_LEADING_MOST ? INTERVAL_LEADING_MOST : form->leading;

    if (length->of_months != (span->first <= MONTH))
        return INTERVAL_NONE;
    memset(interval, 0, sizeof *interval);
    interval->interval_type = (SQLINTERVAL)(form->c_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR);
    for (enum field field = span->first; field <= span->last; field++) {
        uint64_t unit = field == YEAR ? 12 : field == MONTH ? 1 : seconds_of[field];
        if (field == span->first && rest / unit >= power_of_ten(leading))
            return INTERVAL_OVERFLOW;
        *place_of(interval, field) = (SQLUINTEGER)(rest / unit);
        rest %= unit;
    }
    if (span->last == SECOND) {
        uint64_t unit = power_of_ten(9 - fraction_digits(form));
        interval->intval.day_second.fraction = (SQLUINTEGER)(nanoseconds / unit);
        nanoseconds %= unit;
    }
    interval->interval_sign = length->negative && (length->whole || length->nanoseconds) ? SQL_TRUE : SQL_FALSE;
    return rest || nanoseconds ? INTERVAL_CUT : INTERVAL_EXACT;
}

/* --- texts ------------------------------------------------------------------------------------------------------------- */

struct reader {
    const char *at, *end;
};

static void skip_spaces(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);

    skip_spaces(reader);
    if ((size_t)(reader->end - reader->at) < length || !name_equal_length(reader->at, length, word))
        return false;
    reader->at += length;
    return true;
}

/* Up to ten digits. */
static bool take_number(struct reader *reader, uint64_t *number)
{
    const char *start = reader->at;

    *number = 0;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9' && reader->at - start < 10)
        *number = *number * 10 + (uint64_t)(*reader->at++ - '0');
    return reader->at > start;
}

static bool take_fraction(struct reader *reader, uint32_t *nanoseconds)
{
    uint32_t unit = 100000000;
    const char *start = reader->at;

    for (; reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9'; reader->at++, unit /= 10)
        *nanoseconds += (uint32_t)(*reader->at - '0') * unit;
    return reader->at > start;
}

/* FIELD, FIELD(p), FIELD(p,s) */
static bool take_field(struct reader *reader, enum field *field)
{
    uint64_t digits;

    for (int i = 0; i < FIELDS; i++) {
        if (!take_word(reader, names[i]))
            continue;
        *field = (enum field)i;
        skip_spaces(reader);
        if (!take(reader, '('))
            return true;
        if (!take_number(reader, &digits) || (take(reader, ',') && !take_number(reader, &digits)))
            return false;
        return take(reader, ')');
    }
    return false;
}

static bool take_sign(struct reader *reader)
{
    skip_spaces(reader);
    if (take(reader, '-'))
        return true;
    take(reader, '+');
    return false;
}

/* What stands between the quotes: numbers, and how they are divided. */
struct numbers {
    uint64_t list[4];
    size_t count;
    bool year_month;         /* 1-06 */
    bool days;               /* the first stands apart: 3 04:05 */
    bool has_fraction;
    uint32_t nanoseconds;
};

static bool take_numbers(struct reader *reader, struct numbers *numbers)
{
    *numbers = (struct numbers){.count = 1};
    if (!take_number(reader, &numbers->list[0]))
        return false;
    if (take(reader, '-')) {
        numbers->year_month = true;
        numbers->count = 2;
        return take_number(reader, &numbers->list[1]);
    }
    if (reader->end - reader->at > 1 && *reader->at == ' ' && reader->at[1] >= '0' && reader->at[1] <= '9') {
        reader->at++;
        numbers->days = true;
        if (!take_number(reader, &numbers->list[numbers->count++]))
            return false;
    }
    while (numbers->count < 4 && take(reader, ':'))
        if (!take_number(reader, &numbers->list[numbers->count++]))
            return false;
    numbers->has_fraction = take(reader, '.');
    return !numbers->has_fraction || take_fraction(reader, &numbers->nanoseconds);
}

/* The field that the first number is. Where the text does not say, what is wanted decides: "04:05" may be hours or minutes. */
static enum field first_field(const struct numbers *numbers, const struct span *wanted)
{
    if (numbers->year_month)
        return YEAR;
    if (numbers->days)
        return DAY;
    if (numbers->count == 3)
        return HOUR;
    if (numbers->count == 2)
        return wanted->first >= MINUTE ? MINUTE : HOUR;
    return wanted->first;
}

/* Brings the numbers to one length. False when they are no interval of these fields. */
static bool measure(const struct numbers *numbers, enum field first, struct length *length)
{
    enum field last = (enum field)(first + numbers->count - 1);

    if (last > SECOND || (first <= MONTH && last > MONTH) || numbers->year_month != (first == YEAR && numbers->count == 2) ||
        (numbers->days && first != DAY) || (first == DAY && numbers->count > 1 && !numbers->days) ||
        (numbers->has_fraction && last != SECOND))
        return false;
    length->of_months = first <= MONTH;
    length->nanoseconds = numbers->nanoseconds;
    for (size_t i = 0; i < numbers->count; i++) {
        enum field field = (enum field)(first + i);
        if (i > 0 && numbers->list[i] > largest[field])
            return false;
        length->whole += numbers->list[i] * (field == YEAR ? 12 : field == MONTH ? 1 : seconds_of[field]);
    }
    return true;
}

/* A literal: INTERVAL [sign] '[sign] numbers' FIELD [TO FIELD], perhaps in braces. */
static bool read_literal(struct reader *reader, bool braces, struct length *length)
{
    struct numbers numbers;
    enum field first, last;

    length->negative = take_sign(reader);
    skip_spaces(reader);
    if (!take(reader, '\''))
        return false;
    length->negative ^= take_sign(reader);
    if (!take_numbers(reader, &numbers) || !take(reader, '\'') || !take_field(reader, &first))
        return false;
    last = first;
    if (take_word(reader, "TO") && !take_field(reader, &last))
        return false;
    skip_spaces(reader);
    if (braces && !take(reader, '}'))
        return false;
    return first + numbers.count - 1 == (size_t)last && measure(&numbers, first, length);
}

enum interval_result interval_from_text(const char *text, size_t length, const struct interval_form *form, SQL_INTERVAL_STRUCT *interval)
{
    struct reader reader = {text, text + length};
    struct length read = {0};
    struct numbers numbers;
    bool valid;

    skip_spaces(&reader);
    bool braces = take(&reader, '{');
    if (take_word(&reader, "INTERVAL")) {
        valid = read_literal(&reader, braces, &read);
    } else {
        read.negative = take_sign(&reader);
        valid = !braces && take_numbers(&reader, &numbers) && measure(&numbers, first_field(&numbers, span_of(form->c_type)), &read);
    }
    skip_spaces(&reader);
    return valid && reader.at == reader.end ? fill(&read, form, interval) : INTERVAL_NONE;
}

/* --- numbers ------------------------------------------------------------------------------------------------------------ */

enum interval_result interval_from_decimal(const struct decimal *decimal, const struct interval_form *form, SQL_INTERVAL_STRUCT *interval)
{
    const struct span *span = span_of(form->c_type);
    struct length length = {.negative = decimal->unscaled < 0, .of_months = span->first <= MONTH};
    decimal_digits power = 1, magnitude = length.negative ? -decimal->unscaled : decimal->unscaled;
    struct decimal fraction;

    for (int i = 0; i < decimal->scale; i++)
        power *= 10;
    if (magnitude / power >= 10000000000)
        return INTERVAL_OVERFLOW;
    uint64_t unit = span->first == YEAR ? 12 : span->first == MONTH ? 1 : seconds_of[span->first];
    length.whole = (uint64_t)(magnitude / power) * unit;
    fraction = (struct decimal){.unscaled = magnitude % power, .scale = decimal->scale};
    bool lost = fraction.unscaled != 0;
    if (span->first == SECOND && lost) {
        decimal_digits cut = 1;
        for (; fraction.scale > 9; fraction.scale--)
            cut *= 10;
        lost = fraction.unscaled % cut != 0;
        length.nanoseconds = (uint32_t)(fraction.unscaled / cut) * (uint32_t)power_of_ten(9 - fraction.scale);
    }
    enum interval_result result = fill(&length, form, interval);
    return result == INTERVAL_EXACT && lost ? INTERVAL_CUT : result;
}

enum interval_result interval_convert(const SQL_INTERVAL_STRUCT *given, const struct interval_form *own, const struct interval_form *form,
                                      SQL_INTERVAL_STRUCT *interval)
{
    SQL_INTERVAL_STRUCT copy = *given;
    const struct span *span = span_of(own->c_type);
    struct length length = {.negative = given->interval_sign == SQL_TRUE, .of_months = span->first <= MONTH};

    for (enum field field = span->first; field <= span->last; field++)
        length.whole += *place_of(&copy, field) * (field == YEAR ? 12 : field == MONTH ? 1 : seconds_of[field]);
    if (span->last == SECOND)
        length.nanoseconds = (uint32_t)(copy.intval.day_second.fraction * power_of_ten(9 - fraction_digits(own)));
    return fill(&length, form, interval);
}

size_t interval_print(const SQL_INTERVAL_STRUCT *interval, const struct interval_form *form, char *out)
{
    SQL_INTERVAL_STRUCT copy = *interval;
    const struct span *span = span_of(form->c_type);
    int digits = fraction_digits(form);
    size_t length = (size_t)snprintf(out, INTERVAL_TEXT, "%s%u", interval->interval_sign == SQL_TRUE ? "-" : "",
                                     (unsigned)*place_of(&copy, span->first));

    for (enum field field = (enum field)(span->first + 1); field <= span->last; field++) {
        unsigned number = *place_of(&copy, field);
        if (number > largest[field])
            return 0;
        length += (size_t)snprintf(out + length, INTERVAL_TEXT - length, "%c%02u", field == MONTH ? '-' : field == HOUR ? ' ' : ':',
                                   number);
    }
    if (span->last == SECOND && copy.intval.day_second.fraction) {
        if (copy.intval.day_second.fraction >= power_of_ten(digits))
            return 0;
        length += (size_t)snprintf(out + length, INTERVAL_TEXT - length, ".%0*u", digits, (unsigned)copy.intval.day_second.fraction);
        while (out[length - 1] == '0')
            out[--length] = '\0';
    }
    return length;
}
