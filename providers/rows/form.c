#include "providers/rows/form.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/name.h"

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool form_base64(const char *text, size_t length, struct arena *arena, struct value *result, struct error *err)
{
    unsigned char *bytes = arena_alloc(arena, length / 4 * 3 + 4);
    size_t made = 0, digits = 0, padding = 0;
    uint32_t bits = 0;

    if (!bytes)
        return error_memory(err);
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r\n", text[i]) && text[i])
            continue;
        if (text[i] == '=') {
            padding++;
            continue;
        }
        int digit = base64_digit(text[i]);
        if (digit < 0 || padding)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        if (++digits % 4 == 0) {
            bytes[made++] = (unsigned char)(bits >> 16);
            bytes[made++] = (unsigned char)(bits >> 8);
            bytes[made++] = (unsigned char)bits;
            bits = 0;
        }
    }
    size_t rest = digits % 4;
    if (rest == 1 || padding > 2 || (padding && rest + padding != 4))
        return false;
    if (rest >= 2)
        bytes[made++] = (unsigned char)(bits >> (rest == 2 ? 4 : 10));
    if (rest == 3)
        bytes[made++] = (unsigned char)(bits >> 2);
    *result = value_blob(bytes, made);
    return true;
}

/* A whole number at *at; moves behind it. */
static bool read_number(const char **at, const char *end, int64_t *number)
{
    const char *start = *at;
    bool negative = *at < end && **at == '-';

    *number = 0;
    for (*at += negative; *at < end && **at >= '0' && **at <= '9' && *at - start < 18; ++*at)
        *number = *number * 10 + (**at - '0');
    bool read = *at > start + negative;
    *number = negative ? -*number : *number;
    return read;
}

bool form_moment(const char *text, size_t length, bool day, char out[FORM_ROOM], size_t *written)
{
    const char *at = text, *end = text + length;
    struct datetime moment;
    int64_t milliseconds, minutes;

    if (length >= 9 && memcmp(at, "/Date(", 6) == 0 && memcmp(end - 2, ")/", 2) == 0) {
        at += 6;
        end -= 2;
        if (!read_number(&at, end, &milliseconds))
            return false;
        if (at < end && (*at == '+' || *at == '-')) {
            at++;
            if (!read_number(&at, end, &minutes))
                return false;
        }
        int64_t seconds = milliseconds >= 0 ? milliseconds / 1000 : -((-milliseconds + 999) / 1000);
        if (at != end || !datetime_from_seconds(seconds, &moment))
            return false;
        moment.nanosecond = (uint32_t)(milliseconds - seconds * 1000) * 1000000;
    } else if (!day || !datetime_parse_timestamp(text, length, &moment, NULL)) {
        return false; /* a moment as its type is written */
    }
    *written = day ? datetime_print_date(&moment, out) : datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, out);
    return true;
}

/* "8H": a number in front of its unit. Nothing is read, and 0 given, when the unit is another. */
static bool read_part(const char **at, const char *end, char unit, int64_t *number)
{
    const char *start = *at;

    if (!read_number(at, end, number) || *at == end || **at != unit) {
        *at = start;
        *number = 0;
        return true;
    }
    ++*at;
    return *number >= 0;
}

bool form_time(const char *text, size_t length, char out[FORM_ROOM], size_t *written)
{
    const char *at = text, *end = text + length;
    int64_t days, hours, minutes, seconds = 0;
    char fraction[12] = "";
    size_t digits = 0;

    if (length < 3 || *at++ != 'P' || !read_part(&at, end, 'D', &days) || (at < end && *at++ != 'T') || !read_part(&at, end, 'H', &hours)
        || !read_part(&at, end, 'M', &minutes))
        return false;
    bool has_seconds = at < end;
    if (has_seconds && (!read_number(&at, end, &seconds) || seconds < 0))
        return false;
    if (at < end && *at == '.')
        for (at++; at < end && *at >= '0' && *at <= '9'; at++)
            if (digits < 9)
                fraction[digits++] = *at;
    if (has_seconds && (at == end || *at++ != 'S'))
        return false;
    if (at != end || days || hours > 23 || minutes > 59 || seconds > 59)
        return false;
    *written = (size_t)snprintf(out, FORM_ROOM, "%02d:%02d:%02d%s%s", (int)hours, (int)minutes, (int)seconds, digits ? "." : "", fraction);
    return true;
}

bool form_real(const char *text, size_t length, struct value *result)
{
    static const struct { const char *word; double real; } words[] = {
        {"INF", INFINITY}, {"+INF", INFINITY}, {"-INF", -INFINITY}, {"Infinity", INFINITY}, {"-Infinity", -INFINITY},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (name_equal_length(text, length, words[i].word)) {
            *result = value_real(words[i].real);
            return true;
        }
    *result = value_null();
    return name_equal_length(text, length, "NaN");
}
