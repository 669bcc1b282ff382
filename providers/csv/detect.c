/* A type is found by what it excludes: each value rules out the types that can not hold it exactly as it is written. Numbers with zeros or
 * a plus sign in front are none (postal codes, telephone numbers), nor are those like 12E3, which may be a code, or 1.5E400, which no
 * double is near to; a number that has another number of digits behind the point than the others may be followed by one with still more. */
#include "providers/csv/detect.h"

#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/name.h"
#include "base/utf.h"
#include "providers/csv/moment.h"
#include "providers/csv/number.h"

enum {
    ROOM_SHORT = 127, SHORT = 255, ROOM_MIDDLE = 2000, MIDDLE = 4000, /* of strings, where more rows are to come */
    ROOM_INTEGER = 100000000,                                         /* likewise: whole numbers below are integers */
    ROOM_DECIMAL = 14, DECIMAL_USUAL = 18,
    DOUBLE_DIGITS = 15,                                               /* that every double keeps */
    SECOND_FRACTION = 6,
};

static void keep_only(struct csv_evidence *evidence, const bool possible[TYPE_JSON + 1])
{
    for (int kind = 0; kind <= TYPE_JSON; kind++)
        evidence->ruled_out[kind] |= !possible[kind];
}

static bool look_at_number(const struct csv_cells *cells, const char *text, size_t size, struct csv_evidence *evidence)
{
    const struct csv_format *format = cells->format;
    struct csv_number number;
    decimal_digits whole;
    double real;

    if (!csv_number_read(text, size, format->point, format->group, &number) || number.padded
        || (number.has_exponent && !number.has_point && !number.signed_exponent)
        || (number.has_exponent && !csv_real_read(text, size, format->point, format->group, cells->c, &real)))
        return false;
    bool is_whole = !number.has_point && !number.has_exponent;
    keep_only(evidence, (bool[TYPE_JSON + 1]){[TYPE_INTEGER] = is_whole, [TYPE_BIGINT] = is_whole, [TYPE_DECIMAL] = !number.has_exponent,
                                              [TYPE_DOUBLE] = true, [TYPE_STRING] = true});
    if (is_whole && csv_number_scaled(&number, 0, &whole)) {
        if (whole < evidence->least)
            evidence->least = whole;
        if (whole > evidence->most)
            evidence->most = whole;
    }
    if (number.whole > evidence->whole)
        evidence->whole = number.whole;
    if (number.has_point) {
        evidence->fractions_differ |= evidence->has_point && number.fraction != evidence->fraction;
        evidence->has_point = true;
        if (number.fraction > evidence->fraction)
            evidence->fraction = number.fraction;
    }
    return true;
}

/* Digits of the fraction of a second. */
static int fraction_digits(uint32_t nanosecond)
{
    int digits = TIMESTAMP_FRACTION;

    while (digits > 0 && nanosecond % 10 == 0) {
        nanosecond /= 10;
        digits--;
    }
    return digits;
}

/* ISO's times without seconds are not told from scores and ratios. */
static bool look_at_iso(const char *text, size_t size, struct datetime *moment, bool *date, bool *time)
{
    const char *colon = memchr(text, ':', size);

    *date = datetime_parse_timestamp(text, size, moment, NULL);
    *time = colon != NULL;
    if (*date)
        return true;
    return colon && memchr(colon + 1, ':', size - (size_t)(colon + 1 - text)) && datetime_parse_time(text, size, moment);
}

static bool look_at_moment(const struct csv_format *format, const char *text, size_t size, struct csv_evidence *evidence)
{
    struct datetime moment;
    bool date = false, time = false, found = format->iso && look_at_iso(text, size, &moment, &date, &time);

    for (size_t i = 0; !found && i < format->moment_count; i++) {
        found = csv_moment_read(&format->moments[i], text, size, &moment);
        date = format->moments[i].date;
        time = format->moments[i].time;
    }
    if (!found)
        return false;
    keep_only(evidence, (bool[TYPE_JSON + 1]){[TYPE_DATE] = !time, [TYPE_TIME] = !date, [TYPE_TIMESTAMP] = date, [TYPE_STRING] = true});
    int digits = fraction_digits(moment.nanosecond);
    if (digits > evidence->second_fraction)
        evidence->second_fraction = digits;
    return true;
}

static bool is_truth(const char *text, size_t size)
{
    return name_equal_length(text, size, "true") || name_equal_length(text, size, "false");
}

enum csv_fit csv_detect_look(const struct csv_cells *cells, char *field, size_t length, struct csv_evidence *evidence)
{
    const char *text;
    size_t size;
    bool null;
    char *copy = arena_copy(cells->arena, field, length + 1); /* what is found in it must be found again */

    if (!copy)
        return CSV_NO_MEMORY;
    enum csv_fit fit = csv_cell_text(cells, copy, length, &text, &size, &null);
    if (fit != CSV_FITS || null)
        return fit;
    int64_t characters = (int64_t)utf8_count(text, size);
    if (characters > evidence->longest)
        evidence->longest = characters;
    if (size == 0)
        return CSV_FITS; /* of any type but string it is NULL */
    evidence->seen = true;
    if (evidence->ruled_out[TYPE_BOOLEAN] && evidence->ruled_out[TYPE_DOUBLE] && evidence->ruled_out[TYPE_DATE] && evidence->ruled_out[TYPE_TIME]
        && evidence->ruled_out[TYPE_TIMESTAMP] && evidence->ruled_out[TYPE_DECIMAL])
        return CSV_FITS;
    if (!look_at_number(cells, text, size, evidence) && !look_at_moment(cells->format, text, size, evidence))
        keep_only(evidence, (bool[TYPE_JSON + 1]){[TYPE_BOOLEAN] = is_truth(text, size), [TYPE_STRING] = true});
    return CSV_FITS;
}

static struct type string_type(const struct csv_evidence *evidence, bool all)
{
    struct type type = {.kind = TYPE_STRING};

    if (all && evidence->longest <= MIDDLE)
        type.size = evidence->longest ? (int32_t)evidence->longest : SHORT;
    else if (evidence->longest <= ROOM_MIDDLE)
        type.size = evidence->longest <= ROOM_SHORT ? SHORT : MIDDLE;
    return type;
}

static struct type whole_type(const struct csv_evidence *evidence, bool all)
{
    int64_t least = all ? INT32_MIN : -ROOM_INTEGER, most = all ? INT32_MAX : ROOM_INTEGER;

    if (evidence->least >= least && evidence->most <= most)
        return (struct type){.kind = TYPE_INTEGER};
    if (evidence->least >= INT64_MIN && evidence->most <= INT64_MAX)
        return (struct type){.kind = TYPE_BIGINT};
    return (struct type){TYPE_DECIMAL, all ? evidence->whole : DECIMAL_DIGITS, 0};
}

static struct type number_type(const struct csv_evidence *evidence, bool all)
{
    int whole = evidence->whole ? evidence->whole : 1, digits = whole + evidence->fraction;
    bool exact = !evidence->ruled_out[TYPE_DECIMAL];

    if (!exact || (!all && evidence->fractions_differ && digits <= DOUBLE_DIGITS))
        return (struct type){.kind = TYPE_DOUBLE};
    if (digits > DECIMAL_DIGITS)
        return string_type(evidence, all);
    return (struct type){TYPE_DECIMAL, all ? digits : digits <= ROOM_DECIMAL ? DECIMAL_USUAL : DECIMAL_DIGITS, (int16_t)evidence->fraction};
}

struct type csv_detect_type(const struct csv_evidence *evidence, bool all, bool strings)
{
    const bool *out = evidence->ruled_out;
    int fraction = all ? evidence->second_fraction : evidence->second_fraction <= SECOND_FRACTION ? SECOND_FRACTION : TIMESTAMP_FRACTION;

    if (strings || !evidence->seen)
        return string_type(evidence, all);
    if (!out[TYPE_BOOLEAN])
        return (struct type){.kind = TYPE_BOOLEAN};
    if (!out[TYPE_BIGINT])
        return whole_type(evidence, all);
    if (!out[TYPE_DOUBLE])
        return number_type(evidence, all);
    if (!out[TYPE_DATE])
        return (struct type){.kind = TYPE_DATE};
    if (!out[TYPE_TIME])
        return (struct type){.kind = TYPE_TIME, .scale = (int16_t)fraction};
    if (!out[TYPE_TIMESTAMP])
        return (struct type){.kind = TYPE_TIMESTAMP, .scale = (int16_t)fraction};
    return string_type(evidence, all);
}
