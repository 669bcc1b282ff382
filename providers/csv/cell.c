#include "providers/csv/cell.h"

#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/name.h"
#include "base/utf.h"
#include "providers/csv/moment.h"
#include "providers/csv/number.h"

/* --- texts ------------------------------------------------------------------------------------------------------------- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* A quoted field that does not end with its only closing quote, or has quotes within: written anew. Behind the closing quote the rest
 * stands as it is. */
static const char *unquote(const struct csv_cells *cells, const char *field, size_t length, size_t *size)
{
    const struct csv_format *format = cells->format;
    const char quote = (char)format->quote, escape = (char)format->escape;
    const char *at = field + 1, *end = field + length;
    char *text = arena_alloc(cells->arena, length + 1), *out = text;

    if (!text)
        return NULL;
    while (at < end) {
        if (escape != quote && *at == escape && at + 1 < end && (at[1] == quote || at[1] == escape)) {
            *out++ = at[1];
            at += 2;
        } else if (*at != quote) {
            *out++ = *at++;
        } else if (at + 1 < end && at[1] == quote) {
            *out++ = quote;
            at += 2;
        } else {
            at++;
            break;
        }
    }
    size_t rest = (size_t)(end - at);
    while (format->trim && rest && is_blank(at[rest - 1]))
        rest--;
    memcpy(out, at, rest);
    *size = (size_t)(out - text) + rest;
    text[*size] = '\0';
    return text;
}

static bool means_null(const struct csv_format *format, const char *text, size_t size)
{
    for (size_t i = 0; i < format->null_count; i++)
        if (strncmp(format->nulls[i], text, size) == 0 && format->nulls[i][size] == '\0')
            return true;
    return false;
}

enum csv_fit csv_cell_text(const struct csv_cells *cells, char *field, size_t length, const char **text, size_t *size, bool *null)
{
    const struct csv_format *format = cells->format;

    while (format->trim && length && is_blank(*field)) {
        field++;
        length--;
    }
    if (length && format->quote >= 0 && *field == (char)format->quote && format->delimiter_length) {
        const char *closing = memchr(field + 1, format->quote, length - 1);
        bool plain = closing == field + length - 1 && (format->escape == format->quote || !memchr(field, format->escape, length));
        if (plain) {
            field[length - 1] = '\0';
            *text = field + 1;
            *size = length - 2;
        } else if (!(*text = unquote(cells, field, length, size))) {
            return CSV_NO_MEMORY;
        }
    } else {
        while (format->trim && length && is_blank(field[length - 1]))
            length--;
        *text = field;
        *size = length;
        if (format->delimiter_length)
            field[length] = '\0';
        else if (!(*text = arena_copy(cells->arena, field, length))) /* the next field begins right behind */
            return CSV_NO_MEMORY;
    }
    if (*size > (size_t)format->longest_cell)
        return CSV_TOO_LONG;
    *null = *size == 0 ? format->empty_is_null : format->null_count && means_null(format, *text, *size);
    return CSV_FITS;
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

static bool keep(const struct csv_cells *cells, const char *text, size_t length, struct value *value)
{
    const char *copy = arena_copy(cells->arena, text, length);

    *value = copy ? value_text(copy, length) : value_null();
    return copy != NULL;
}

static bool is_ascii(const char *text, size_t length)
{
    uint64_t all = 0;

    for (; length >= 8; length -= 8, text += 8) {
        uint64_t word;
        memcpy(&word, text, sizeof word);
        all |= word;
    }
    for (; length; length--)
        all |= (unsigned char)*text++;
    return !(all & 0x8080808080808080ULL);
}

static enum csv_fit read_string(const struct type *type, const char *text, size_t length, struct value *value)
{
    if (!is_ascii(text, length) && !utf8_valid(text, length, NULL))
        return CSV_NO_TEXT;
    *value = value_text(text, length);
    return type->size && length > (size_t)type->size && utf8_count(text, length) > (size_t)type->size ? CSV_LONG : CSV_FITS;
}

static bool read_boolean(const char *text, size_t length, struct value *value)
{
    static const struct { const char *word; int value; } words[] = {
        {"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {"yes", 1}, {"no", 0}, {"t", 1}, {"f", 0}, {"y", 1}, {"n", 0}, {"-1", 1}, {"on", 1}, {"off", 0},
    };
    while (length && is_blank(*text)) {
        text++;
        length--;
    }
    while (length && is_blank(text[length - 1]))
        length--;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (name_equal_length(text, length, words[i].word)) {
            *value = value_integer(words[i].value);
            return true;
        }
    return false;
}

static bool read_integer(const struct csv_cells *cells, const struct type *type, const char *text, size_t length, struct value *value)
{
    int64_t smallest = type_least(type->kind), largest = type_greatest(type->kind);
    bool negative = length && *text == '-';
    size_t at = negative;
    int64_t integer = 0;
    decimal_digits exact;

    for (; at < length && at < 18 && text[at] >= '0' && text[at] <= '9'; at++)
        integer = integer * 10 + (text[at] - '0');
    if (at < length || at == negative) { /* more than the plain digits of most numbers */
        struct csv_number number;
        if (!csv_number_read(text, length, cells->format->point, cells->format->group, &number) || !csv_number_scaled(&number, 0, &exact)
            || exact < smallest || exact > largest)
            return false;
        *value = value_integer((int64_t)exact);
        return true;
    }
    *value = value_integer(negative ? -integer : integer);
    return value->integer >= smallest && value->integer <= largest;
}

static decimal_digits power_of_ten(int exponent)
{
    decimal_digits power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

bool csv_cell_decimal(const struct csv_cells *cells, const struct type *type, const char *text, size_t length, decimal_digits *unscaled)
{
    struct csv_number number;

    if (!csv_number_read(text, length, cells->format->point, cells->format->group, &number) || !csv_number_scaled(&number, type->scale, unscaled))
        return false;
    if (!number.has_exponent)
        return number.whole <= type->size - type->scale;
    decimal_digits most = power_of_ten(type->size);
    return *unscaled < most && *unscaled > -most;
}

/* Whether the text is a decimal's canonical form already: digits, a point, and as many digits behind it as the type has. */
static bool is_canonical_decimal(const struct type *type, const char *text, size_t length)
{
    size_t scale = (size_t)type->scale, whole = scale ? length - scale - 1 : length, at = length && *text == '-';

    if (length < scale + 2 || whole <= at || whole - at + scale > (size_t)type->size || (text[at] == '0' && whole > at + 1)
        || (scale && text[whole] != '.'))
        return false;
    unsigned some = 0; /* a digit that is not 0: there is no -0 */
    for (size_t i = at; i < length; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9 && i != whole)
            return false;
        some |= i != whole ? digit : 0;
    }
    return some || at == 0;
}

static enum csv_fit read_decimal(const struct csv_cells *cells, const struct type *type, const char *text, size_t length, struct value *value)
{
    struct decimal decimal = {.scale = type->scale};
    char out[DECIMAL_TEXT];

    if (cells->format->point == '.' && is_canonical_decimal(type, text, length)) {
        *value = value_text(text, length);
        return CSV_FITS;
    }
    if (!csv_cell_decimal(cells, type, text, length, &decimal.unscaled))
        return CSV_MISFITS;
    return keep(cells, out, decimal_print(&decimal, out), value) ? CSV_FITS : CSV_NO_MEMORY;
}

static bool read_two(const char *text, unsigned *number)
{
    unsigned tens = (unsigned)(unsigned char)text[0] - '0', ones = (unsigned)(unsigned char)text[1] - '0';

    *number = tens * 10 + ones;
    return tens <= 9 && ones <= 9;
}

/* "2024-02-29" */
static bool is_canonical_date(const char *text)
{
    unsigned century, year, month, day;

    return read_two(text, &century) && read_two(text + 2, &year) && text[4] == '-' && read_two(text + 5, &month) && text[7] == '-'
           && read_two(text + 8, &day) && datetime_valid_date((int)(century * 100 + year), (int)month, (int)day);
}

/* "23:59:59", with a fraction that has no zero at its end */
static bool is_canonical_time(const char *text, size_t length, int fraction)
{
    unsigned hour, minute, second;

    if (length < 8 || !read_two(text, &hour) || text[2] != ':' || !read_two(text + 3, &minute) || text[5] != ':' || !read_two(text + 6, &second)
        || hour > 23 || minute > 59 || second > 59)
        return false;
    if (length == 8)
        return true;
    for (size_t i = 9; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return text[8] == '.' && length > 9 && text[length - 1] != '0' && length - 9 <= (size_t)fraction;
}

static bool is_canonical_moment(const struct type *type, const char *text, size_t length)
{
    switch (type->kind) {
    case TYPE_DATE: return length == 10 && is_canonical_date(text);
    case TYPE_TIME: return is_canonical_time(text, length, type->scale);
    default: return length >= 19 && is_canonical_date(text) && text[10] == ' ' && is_canonical_time(text + 11, length - 11, type->scale);
    }
}

/* How a moment of a type can be read: as ISO 8601 has it, else in one of the other ways. */
static bool parse_moment(const struct csv_format *format, enum type_kind kind, const char *text, size_t length, struct datetime *moment)
{
    if (format->iso && (kind == TYPE_TIME ? datetime_parse_time(text, length, moment) : datetime_parse_timestamp(text, length, moment, NULL)))
        return true;
    for (size_t i = 0; i < format->moment_count; i++)
        if ((kind == TYPE_TIME ? format->moments[i].time : format->moments[i].date) && csv_moment_read(&format->moments[i], text, length, moment))
            return true;
    return false;
}

/* Digits of the second's fraction that there is no room for. */
static bool has_finer_fraction(uint32_t nanosecond, int fraction)
{
    uint32_t unit = 1000000000;

    while (fraction-- > 0)
        unit /= 10;
    return nanosecond % unit != 0;
}

static enum csv_fit read_moment(const struct csv_cells *cells, const struct type *type, const char *text, size_t length, struct value *value)
{
    struct datetime moment;
    char out[DATETIME_TEXT];
    size_t written;

    if (cells->format->iso && is_canonical_moment(type, text, length)) {
        *value = value_text(text, length);
        return CSV_FITS;
    }
    if (!parse_moment(cells->format, type->kind, text, length, &moment))
        return CSV_MISFITS;
    if (type->kind == TYPE_DATE) {
        if (moment.hour || moment.minute || moment.second || moment.nanosecond)
            return CSV_MISFITS;
        written = datetime_print_date(&moment, out);
    } else {
        if (has_finer_fraction(moment.nanosecond, type->scale))
            return CSV_MISFITS;
        written = type->kind == TYPE_TIME ? datetime_print_time(&moment, type->scale, out) : datetime_print_timestamp(&moment, type->scale, out);
    }
    return keep(cells, out, written, value) ? CSV_FITS : CSV_NO_MEMORY;
}

enum csv_fit csv_cell_value(const struct csv_cells *cells, const struct type *type, char *field, size_t length, struct value *value)
{
    const char *text;
    size_t size;
    bool null, fits;
    double real;

    *value = value_null();
    enum csv_fit fit = csv_cell_text(cells, field, length, &text, &size, &null);
    if (fit != CSV_FITS || null)
        return fit;
    if (size == 0 && type->kind != TYPE_STRING)
        return CSV_FITS; /* no other type has an empty value */
    switch (type->kind) {
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT:
        fits = read_integer(cells, type, text, size, value);
        break;
    case TYPE_DECIMAL:
        return read_decimal(cells, type, text, size, value);
    case TYPE_DOUBLE:
        fits = csv_real_read(text, size, cells->format->point, cells->format->group, cells->c, &real);
        if (fits)
            *value = value_real(real);
        break;
    case TYPE_BOOLEAN:
        fits = read_boolean(text, size, value);
        break;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        return read_moment(cells, type, text, size, value);
    case TYPE_GUID:
        fits = value_from_text(type, text, size, cells->arena, value, &(struct error){0});
        break;
    default:
        return read_string(type, text, size, value);
    }
    if (!fits)
        *value = value_null();
    return fits ? CSV_FITS : CSV_MISFITS;
}
