#include "odbc/convert_from_c.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/value.h"
#include "odbc/bound_type.h"
#include "odbc/c_value.h"
#include "odbc/interval.h"
#include "odbc/moment.h"
#include "odbc/types.h"

SQLSMALLINT convert_default_c_type(SQLSMALLINT sql_type)
{
    switch (sql_type) {
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
        return SQL_C_WCHAR;
    case SQL_BIT:
        return SQL_C_BIT;
    case SQL_TINYINT:
        return SQL_C_STINYINT;
    case SQL_SMALLINT:
        return SQL_C_SSHORT;
    case SQL_INTEGER:
        return SQL_C_SLONG;
    case SQL_BIGINT:
        return SQL_C_SBIGINT;
    case SQL_REAL:
        return SQL_C_FLOAT;
    case SQL_FLOAT:
    case SQL_DOUBLE:
        return SQL_C_DOUBLE;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
        return SQL_C_BINARY;
    case SQL_TYPE_DATE:
    case SQL_TYPE_TIME:
    case SQL_TYPE_TIMESTAMP:
    case SQL_GUID:
        return sql_type; /* the codes are the same */
    default:
        return interval_is_type(sql_type) ? sql_type : SQL_C_CHAR;
    }
}

static bool is_number(enum type_kind kind)
{
    return type_is_number(kind) || kind == TYPE_BOOLEAN;
}

/* The families between which Appendix D converts; text goes everywhere and comes from everywhere. */
static bool can_convert(enum type_kind from, enum type_kind to)
{
    if (from == to || type_is_text(to) || from == TYPE_STRING || (from == TYPE_BINARY && to == TYPE_DECIMAL))
        return true;
    if (is_number(from))
        return is_number(to);
    if (from == TYPE_DATE || from == TYPE_TIME)
        return to == TYPE_TIMESTAMP;
    return from == TYPE_TIMESTAMP && type_is_datetime(to);
}

/* A timestamp that would lose its time, or its date, is refused: 22008. */
static bool loses_part(enum type_kind from, const struct value *value, enum type_kind to)
{
    struct datetime moment;

    if (from != TYPE_TIMESTAMP || !datetime_parse_timestamp(value->text, value->length, &moment, NULL))
        return false;
    if (to == TYPE_DATE)
        return moment.hour || moment.minute || moment.second || moment.nanosecond;
    return to == TYPE_TIME && moment.nanosecond;
}

/* A number whose fraction would be lost, or that is no bit, is refused: what is left of it would ask another question. */
static bool keeps_number(const struct type *from, const struct value *number, const struct type *to, const struct value *whole,
                         struct arena *arena, struct error *err)
{
    const struct type real = {.kind = TYPE_DOUBLE};
    char scratch[VALUE_SCRATCH];
    struct value back, size;
    size_t length;

    if (!is_number(from->kind) || (to->kind != TYPE_BOOLEAN && !type_is_whole(to->kind)))
        return true;
    if (!value_cast(to, whole, from, arena, &back, err) || !value_cast(from, number, &real, arena, &size, err))
        return false;
    if (value_compare(from->kind, number, &back) == 0 && !isnan(size.real))
        return true;
    const char *text = value_as_text(number, scratch, &length);
    if (to->kind == TYPE_BOOLEAN && !(size.real >= 0 && size.real < 2))
        return error_set(err, "22003", "A boolean is 0 or 1, not %.*s", (int)length, text);
    return error_set(err, "22001", "The value %.*s has a fraction, and here a value of type %s is expected; CAST(? AS DOUBLE) takes it as it is",
                     (int)length, text, type_kind_name(to->kind));
}

static bool is_negative(const char *text)
{
    return *text == '-';
}

/* 0.5000…0001 with more digits than a decimal can have: the last ones go, but what lies beside a round number stays beside it. */
static bool read_shortened(const char *text, size_t length, struct decimal *decimal)
{
    size_t whole = strcspn(text, ".");
    bool lost = false;

    while (length > whole) {
        lost = lost || (text[length - 1] != '0' && text[length - 1] != '.');
        if (!decimal_parse(text, --length, decimal))
            continue;
        if (lost && decimal->unscaled == 0)
            decimal->scale = DECIMAL_DIGITS;
        if (lost && decimal->unscaled % 10 == 0)
            decimal->unscaled += is_negative(text) ? -1 : 1;
        return true;
    }
    return false;
}

/* 1.5e-60: as near as a decimal comes, but not zero. */
static bool read_tiny(const char *text, size_t length, struct arena *arena, struct decimal *decimal)
{
    const struct type finest = {TYPE_DECIMAL, DECIMAL_DIGITS, DECIMAL_DIGITS};
    struct error ignored;
    struct value near;

    if (!value_from_text(&finest, text, length, arena, &near, &ignored) || !decimal_parse(near.text, near.length, decimal))
        return false;
    if (decimal->unscaled == 0 && strcspn(text, "123456789") < strcspn(text, "eE"))
        *decimal = (struct decimal){is_negative(text) ? -1 : 1, DECIMAL_DIGITS};
    return true;
}

/* A number that is finer than the decimal it meets is kept as it is: rounded, it would find what it does not equal.
 * *finer: so it was, and value has it. */
static bool keep_fraction(const struct value *number, const struct type *to, struct arena *arena, struct value *value, bool *finer,
                          struct error *err)
{
    char scratch[VALUE_SCRATCH];
    struct decimal decimal;
    struct type own;
    size_t length;
    const char *text = value_as_text(number, scratch, &length);

    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    *finer = false;
    bool plain = strspn(text, "+-0123456789.") >= length;
    if (!decimal_parse(text, length, &decimal) &&
        !(plain ? read_shortened(text, length, &decimal) : read_tiny(text, length, arena, &decimal)))
        return true;
    while (decimal.scale > to->scale && decimal.unscaled % 10 == 0) {
        decimal.unscaled /= 10;
        decimal.scale--;
    }
    decimal_digits above = decimal.unscaled; /* what is left of it above the digits that the type has before the point */
    for (int i = decimal.scale + to->size - to->scale; i > 0; i--)
        above /= 10;
    *finer = decimal.scale > to->scale && above == 0;
    if (!*finer)
        return true;
    return c_value_keep_decimal(&decimal, arena, &own, value, err);
}

/* SQL_C_BINARY for a parameter of a type of fixed size is the value as it lies in memory (Appendix D, "C to SQL: Binary"). */
static bool convert_memory(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, bool *cut,
                           struct error *err)
{
    struct c_data plain = *data;
    size_t size;

    plain.c_type = convert_default_c_type(data->sql_type);
    size = type_c_size(plain.c_type);
    if (data->length != (SQLLEN)size)
        return error_set(err, "22003", "%lld bytes were given for a value of %zu", (long long)data->length, size);
    return convert_from_c(&plain, to, arena, value, cut, err);
}

/* The value of the bound type as one of the type that the statement has for the parameter: nothing is lost on the way. */
static bool bring_to_wanted(const struct type *bound, const struct type *to, struct arena *arena, struct value *value, struct error *err)
{
    struct type from = *bound;

    if (!can_convert(from.kind, to->kind))
        return error_set(err, "07006", "The parameter was bound as %s, which can not be converted to %s, as the statement needs it",
                         type_kind_name(from.kind), type_kind_name(to->kind));
    if (loses_part(from.kind, value, to->kind))
        return error_set(err, "22008", "The timestamp \"%s\" has more than a %s", value->text, type_kind_name(to->kind));
    /* What a value is compared with does not bound it: a longer text, or a finer time, just is not equal. */
    struct type target = *to;
    if (target.kind == TYPE_TIME || target.kind == TYPE_TIMESTAMP)
        target.scale = TIMESTAMP_FRACTION;
    if (from.kind == TYPE_BINARY && (type_is_text(to->kind) || to->kind == TYPE_DECIMAL)) {
        from.kind = TYPE_STRING; /* bytes bound for a text column are that text */
        struct c_data text = {.c_type = SQL_C_CHAR, .pointer = value->text, .length = value->length};
        if (!c_value_read_text(&text, false, arena, value, err))
            return false;
    }
    if (to->kind == TYPE_DECIMAL) {
        bool finer;
        const struct value number = *value;
        if (!keep_fraction(&number, to, arena, value, &finer, err))
            return false;
        if (finer)
            return true;
    }
    if (from.kind == TYPE_STRING) {
        if (to->kind == TYPE_BINARY) { /* the characters are bytes in hexadecimal */
            struct value string = *value;
            return value_cast(&from, &string, to, arena, value, err);
        }
        if (target.kind == TYPE_STRING)
            target.size = 0;
        const char *text = value->text;
        size_t length = value->length;
        if (type_is_datetime(to->kind) && !moment_unescape("d", &text, &length) && !moment_unescape("t", &text, &length))
            moment_unescape("ts", &text, &length);
        if (value_from_text(&target, text, length, arena, value, err))
            return true;
        if (strcmp(err->sqlstate, "22007") == 0) /* a parameter's text is the application's value, no literal (Appendix D) */
            memcpy(err->sqlstate, "22018", sizeof err->sqlstate);
        return false;
    }
    struct value read = *value;
    return value_cast(&from, &read, &target, arena, value, err) && keeps_number(&from, &read, to, value, arena, err);
}

bool convert_from_c(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, bool *cut,
                    struct error *err)
{
    struct type type = {0};

    if (data->length == SQL_NULL_DATA) {
        *value = value_null();
        return true;
    }
    if (data->length == SQL_DEFAULT_PARAM)
        return error_set(err, "07S01", "There is no default value that SQL_DEFAULT_PARAM could stand for");
    if (!data->pointer)
        return error_set(err, "HY009", "No data buffer is bound, and the indicator does not say NULL");
    if (data->c_type == SQL_C_BINARY && type_c_size(convert_default_c_type(data->sql_type)))
        return convert_memory(data, to, arena, value, cut, err);
    return c_value_read(data, arena, &type, value, err) && bound_type_convert(data, arena, &type, value, cut, err) &&
           bring_to_wanted(&type, to, arena, value, err);
}

/* A moment of a day is no date, but a date can be before it or after it: texts of both have the right order. */
bool convert_for_comparison(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, bool *cut,
                            struct error *err)
{
    const struct type stamp = {.kind = TYPE_TIMESTAMP, .scale = TIMESTAMP_FRACTION};
    struct error ignored = {0};
    struct value moment;
    bool time = data->sql_type == SQL_TYPE_TIME || data->sql_type == SQL_TIME;

    if (convert_from_c(data, to, arena, value, cut, err))
        return true;
    if (to->kind != TYPE_DATE || time || !convert_from_c(data, &stamp, arena, &moment, cut, &ignored))
        return false;
    *value = moment;
    *err = (struct error){0};
    return true;
}
