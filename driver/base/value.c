#include "base/value.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/name.h"
#include "base/space.h"
#include "base/utf.h"

enum { QUOTED = 40 /* bytes of a bad value that a message shows */, NUMBER_TEXT = 400 };

static bool refuse(const struct type *type, const char *text, size_t length, const char *sqlstate, const char *why,
                   struct error *err)
{
    char name[40];
    int shown = (int)utf8_whole(text, length > QUOTED ? QUOTED : length);
    type_print(type, name, sizeof name);
    return error_set(err, sqlstate, "\"%.*s%s\" %s %s", shown, text, length > QUOTED ? "…" : "", why, name);
}

static bool no_such(const struct type *type, const char *text, size_t length, struct error *err)
{
    return refuse(type, text, length, type_is_datetime(type->kind) ? "22007" : "22018", "is not a value of type", err);
}

static bool out_of_range(const struct type *type, const char *text, size_t length, struct error *err)
{
    return refuse(type, text, length, "22003", "is out of the range of type", err);
}

static bool keep_text(const char *text, size_t length, struct arena *arena, struct value *result, struct error *err)
{
    if (length > UINT32_MAX - 1)
        return error_set(err, "22001", "A value of %zu bytes is too long: the most is 4 GiB", length);
    const char *copy = arena_copy(arena, text, length);
    if (!copy)
        return error_memory(err);
    *result = value_text(copy, length);
    return true;
}

static void trim(const char **text, size_t *length)
{
    while (*length && is_space(**text)) {
        ++*text;
        --*length;
    }
    while (*length && is_space((*text)[*length - 1]))
        --*length;
}

static bool read_boolean(const char *text, size_t length, int64_t *result)
{
    static const struct { const char *word; int value; } words[] = {
        {"1", 1}, {"0", 0}, {"true", 1}, {"false", 0}, {"t", 1}, {"f", 0}, {"yes", 1}, {"no", 0}, {"y", 1}, {"n", 0},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (name_equal_length(text, length, words[i].word)) {
            *result = words[i].value;
            return true;
        }
    return false;
}

/* strtod in the C locale, the whole text, decimal numbers only. */
static bool read_real(const char *text, size_t length, double *result)
{
    char copy[NUMBER_TEXT], *end;
    if (!length || length >= sizeof copy || strspn(text, "0123456789+-.eE") < length)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';

    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return false;
    *result = strtod_l(copy, &end, c);
    freelocale(c);
    return end == copy + length;
}

static bool integer_from_text(const struct type *type, const char *text, size_t length, struct value *result, struct error *err)
{
    struct decimal decimal;
    long long integer;
    bool exact;
    double real;

    if (!decimal_parse(text, length, &decimal))
        return read_real(text, length, &real) ? out_of_range(type, text, length, err) : no_such(type, text, length, err);
    if (!decimal_to_integer(&decimal, &integer, &exact))
        return out_of_range(type, text, length, err);
    if (!exact)
        return no_such(type, text, length, err);
    if (integer < type_least(type->kind) || integer > type_greatest(type->kind))
        return out_of_range(type, text, length, err);
    *result = value_integer(integer);
    return true;
}

static decimal_digits most_of(int precision)
{
    decimal_digits most = 1;
    while (precision-- > 0)
        most *= 10;
    return most;
}

static bool decimal_to_value(const struct type *type, const struct decimal *decimal, struct arena *arena, struct value *result,
                             struct error *err)
{
    char text[DECIMAL_TEXT];
    struct decimal scaled;

    decimal_print(decimal, text);
    if (!decimal_rescale(decimal, type->scale, &scaled) || scaled.unscaled >= most_of(type->size)
        || scaled.unscaled <= -most_of(type->size))
        return out_of_range(type, text, strlen(text), err);
    size_t length = decimal_print(&scaled, text);
    return keep_text(text, length, arena, result, err);
}

static bool decimal_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                              struct value *result, struct error *err)
{
    struct decimal decimal;
    double real;

    if (decimal_parse(text, length, &decimal))
        return decimal_to_value(type, &decimal, arena, result, err);
    if (!read_real(text, length, &real))
        return no_such(type, text, length, err);
    /* More digits than a decimal holds, such as 1e-60: what is left at this scale decides. */
    char shorter[VALUE_SCRATCH];
    if (fabs(real) >= 1e38)
        return out_of_range(type, text, length, err);
    size_t written = value_print_real(real, shorter);
    if (!decimal_parse(shorter, written, &decimal))
        decimal = (struct decimal){0, 0}; /* below 1e-38 */
    return decimal_to_value(type, &decimal, arena, result, err);
}

static bool datetime_to_value(const struct type *type, const struct datetime *datetime, struct arena *arena,
                              struct value *result, struct error *err)
{
    char out[DATETIME_TEXT];
    size_t length = type->kind == TYPE_DATE ? datetime_print_date(datetime, out)
        : type->kind == TYPE_TIME ? datetime_print_time(datetime, type->scale, out)
        : datetime_print_timestamp(datetime, type->scale, out);
    return keep_text(out, length, arena, result, err);
}

static bool datetime_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                               struct value *result, struct error *err)
{
    struct datetime value;
    bool read;

    if (type->kind == TYPE_TIME) {
        read = datetime_parse_time(text, length, &value);
    } else {
        read = datetime_parse_timestamp(text, length, &value, NULL);
        if (read && type->kind == TYPE_DATE && (value.hour || value.minute || value.second || value.nanosecond))
            return refuse(type, text, length, "22007", "has a time of day and is not a", err);
    }
    return read ? datetime_to_value(type, &value, arena, result, err) : no_such(type, text, length, err);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool guid_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                           struct value *result, struct error *err)
{
    const char *at = text;
    size_t rest = length;
    char guid[37];

    if (rest == 38 && at[0] == '{' && at[37] == '}') {
        at++;
        rest -= 2;
    }
    if (rest != 36)
        return no_such(type, text, length, err);
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? at[i] != '-' : hex_digit(at[i]) < 0)
            return no_such(type, text, length, err);
        guid[i] = at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] | 0x20) : at[i];
    }
    return keep_text(guid, 36, arena, result, err);
}

static bool binary_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                             struct value *result, struct error *err)
{
    char *bytes = arena_alloc(arena, length / 2 + 1);
    if (!bytes)
        return error_memory(err);
    if (length % 2)
        return no_such(type, text, length, err);
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return no_such(type, text, length, err);
        bytes[i / 2] = (char)(high << 4 | low);
    }
    if (type->size && length / 2 > (size_t)type->size)
        return refuse(type, text, length, "22001", "is too long for type", err);
    *result = value_blob(bytes, length / 2);
    return true;
}

static bool string_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                             struct value *result, struct error *err)
{
    if (type->kind == TYPE_STRING && type->size && length > (size_t)type->size && utf8_count(text, length) > (size_t)type->size)
        return refuse(type, text, length, "22001", "is too long for type", err);
    return keep_text(text, length, arena, result, err);
}

bool value_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                     struct value *result, struct error *err)
{
    int64_t boolean;
    double real;

    if (type->kind == TYPE_STRING || type->kind == TYPE_JSON)
        return string_from_text(type, text, length, arena, result, err);
    trim(&text, &length);
    switch (type->kind) {
    case TYPE_BOOLEAN:
        if (!read_boolean(text, length, &boolean))
            return no_such(type, text, length, err);
        *result = value_integer(boolean);
        return true;
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT:
        return integer_from_text(type, text, length, result, err);
    case TYPE_DOUBLE:
        if (!read_real(text, length, &real))
            return no_such(type, text, length, err);
        if (isinf(real))
            return out_of_range(type, text, length, err);
        *result = value_real(real);
        return true;
    case TYPE_DECIMAL:
        return decimal_from_text(type, text, length, arena, result, err);
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        return datetime_from_text(type, text, length, arena, result, err);
    case TYPE_GUID:
        return guid_from_text(type, text, length, arena, result, err);
    case TYPE_BINARY:
        return binary_from_text(type, text, length, arena, result, err);
    default:
        return string_from_text(type, text, length, arena, result, err);
    }
}

static bool impossible(const struct type *from, const struct type *to, struct error *err)
{
    return error_set(err, "07006", "A value of type %s can not be converted to %s", type_kind_name(from->kind), type_kind_name(to->kind));
}

static bool integer_from_real(const struct type *to, double real, struct value *result, struct error *err)
{
    char text[VALUE_SCRATCH];
    double whole = trunc(real), edge = -(double)type_least(to->kind);

    size_t length = value_print_real(real, text);
    if (!(whole >= -edge && whole < edge))
        return out_of_range(to, text, length, err);
    *result = value_integer((int64_t)whole);
    return true;
}

static bool integer_from_decimal(const struct type *to, const struct value *value, struct value *result, struct error *err)
{
    struct decimal decimal;
    long long integer;

    if (!decimal_parse(value->text, value->length, &decimal) || !decimal_to_integer(&decimal, &integer, NULL)
        || integer < type_least(to->kind) || integer > type_greatest(to->kind))
        return out_of_range(to, value->text, value->length, err);
    *result = value_integer(integer);
    return true;
}

static bool number_to_number(const struct type *from, const struct value *value, const struct type *to, struct arena *arena,
                             struct value *result, struct error *err)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    struct decimal decimal;

    if (to->kind == TYPE_DOUBLE) {
        if (from->kind == TYPE_DECIMAL)
            *result = decimal_parse(value->text, value->length, &decimal) ? value_real(decimal_to_double(&decimal)) : value_null();
        else
            *result = from->kind == TYPE_DOUBLE ? *value : value_real((double)value->integer);
        return true;
    }
    if (to->kind == TYPE_DECIMAL) {
        const char *text = value_as_text(value, scratch, &length);
        return decimal_from_text(to, text, length, arena, result, err);
    }
    if (from->kind == TYPE_DOUBLE)
        return integer_from_real(to, value->real, result, err);
    if (from->kind == TYPE_DECIMAL)
        return integer_from_decimal(to, value, result, err);
    if (value->integer < type_least(to->kind) || value->integer > type_greatest(to->kind)) {
        const char *text = value_as_text(value, scratch, &length);
        return out_of_range(to, text, length, err);
    }
    *result = *value;
    return true;
}

static bool number_to_boolean(const struct value *value, struct value *result)
{
    bool zero = value->storage == STORAGE_INTEGER ? value->integer == 0
        : value->storage == STORAGE_REAL ? value->real == 0
        : strspn(value->text, "-0.") == value->length;
    *result = value_integer(!zero);
    return true;
}

static void today(struct datetime *value)
{
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    value->year = local.tm_year + 1900;
    value->month = local.tm_mon + 1;
    value->day = local.tm_mday;
}

/* SQL-92 6.10: a date is midnight, a time is of today, a timestamp loses the part that its new type lacks. */
static bool datetime_to_datetime(const struct type *from, const struct value *value, const struct type *to, struct arena *arena,
                                 struct value *result, struct error *err)
{
    struct datetime datetime = {0};
    if (from->kind != to->kind && to->kind != TYPE_TIMESTAMP && from->kind != TYPE_TIMESTAMP)
        return impossible(from, to, err);
    bool read = from->kind == TYPE_TIME ? datetime_parse_time(value->text, value->length, &datetime)
        : datetime_parse_timestamp(value->text, value->length, &datetime, NULL);
    if (!read)
        return no_such(from, value->text, value->length, err);
    if (from->kind == TYPE_TIME && to->kind == TYPE_TIMESTAMP)
        today(&datetime);
    return datetime_to_value(to, &datetime, arena, result, err);
}

static bool hex_of_blob(const struct value *value, const struct type *to, struct arena *arena, struct value *result, struct error *err)
{
    static const char digits[] = "0123456789ABCDEF";
    char *hex = arena_alloc(arena, (size_t)value->length * 2 + 1);
    if (!hex)
        return error_memory(err);
    for (size_t i = 0; i < value->length; i++) {
        unsigned char byte = (unsigned char)value->text[i];
        hex[i * 2] = digits[byte >> 4];
        hex[i * 2 + 1] = digits[byte & 15];
    }
    return string_from_text(to, hex, (size_t)value->length * 2, arena, result, err);
}

bool value_cast(const struct type *from, const struct value *value, const struct type *to, struct arena *arena,
                struct value *result, struct error *err)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    bool from_number = type_is_number(from->kind) || from->kind == TYPE_BOOLEAN;

    if (value_is_null(value)) {
        *result = value_null();
        return true;
    }
    if (from->kind == TYPE_BINARY && to->kind == TYPE_BINARY) {
        if (to->size && value->length > (uint32_t)to->size)
            return error_set(err, "22001", "%u bytes are too long for binary(%d)", value->length, (int)to->size);
        *result = *value;
        return true;
    }
    if (from->kind == TYPE_BINARY)
        return type_is_text(to->kind) ? hex_of_blob(value, to, arena, result, err) : impossible(from, to, err);
    if (to->kind == TYPE_BINARY && !type_is_text(from->kind))
        return impossible(from, to, err);
    if (type_is_text(from->kind))
        return value_from_text(to, value->text, value->length, arena, result, err);
    if (to->kind == TYPE_STRING) {
        const char *text = value_as_text(value, scratch, &length);
        return string_from_text(to, text, length, arena, result, err);
    }
    if (type_is_datetime(from->kind) && type_is_datetime(to->kind))
        return datetime_to_datetime(from, value, to, arena, result, err);
    if (from_number && to->kind == TYPE_BOOLEAN)
        return number_to_boolean(value, result);
    if (from_number && type_is_number(to->kind))
        return number_to_number(from, value, to, arena, result, err);
    return impossible(from, to, err);
}

size_t value_print_real(double real, char *out)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c ? uselocale(c) : (locale_t)0;
    int length = 0;

    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(out, VALUE_SCRATCH, "%.*g", digits, real);
        if (strtod(out, NULL) == real)
            break;
    }
    if (c) {
        uselocale(before);
        freelocale(c);
    }
    return (size_t)length;
}

char *value_print_integer(int64_t integer, char room[VALUE_DIGITS], size_t *length)
{
    uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    char *end = room + VALUE_DIGITS - 1, *at = end;

    *end = '\0';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (integer < 0)
        *--at = '-';
    *length = (size_t)(end - at);
    return at;
}

const char *value_as_text(const struct value *value, char *scratch, size_t *length)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t used = 0;

    switch ((enum storage)value->storage) {
    case STORAGE_TEXT:
        *length = value->length;
        return value->text;
    case STORAGE_INTEGER:
        return value_print_integer(value->integer, scratch, length);
    case STORAGE_REAL:
        *length = value_print_real(value->real, scratch);
        return scratch;
    case STORAGE_BLOB:
        for (; used < value->length && used * 2 + 2 < VALUE_SCRATCH; used++) {
            unsigned char byte = (unsigned char)value->text[used];
            scratch[used * 2] = digits[byte >> 4];
            scratch[used * 2 + 1] = digits[byte & 15];
        }
        scratch[used * 2] = '\0';
        *length = used * 2;
        return scratch;
    case STORAGE_NULL:
        break;
    }
    *length = 0;
    scratch[0] = '\0';
    return scratch;
}

int value_compare(enum type_kind kind, const struct value *a, const struct value *b)
{
    struct decimal left, right;

    if (a->storage == STORAGE_INTEGER)
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    if (a->storage == STORAGE_REAL)
        return a->real < b->real ? -1 : a->real > b->real;
    if (kind == TYPE_DECIMAL && decimal_parse(a->text, a->length, &left) && decimal_parse(b->text, b->length, &right))
        return decimal_compare(&left, &right);
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = shorter ? memcmp(a->text, b->text, shorter) : 0;
    return order ? order : (a->length < b->length ? -1 : a->length > b->length);
}
