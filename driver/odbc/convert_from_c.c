#include "odbc/convert_from_c.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/value.h"
#include "odbc/interval.h"
#include "odbc/numeric.h"
#include "odbc/text.h"
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

static bool read_text(const struct c_data *data, bool wide, struct arena *arena, struct value *value, struct error *err)
{
    SQLLEN length = data->length;
    const char *text;
    size_t bytes;

    if (length != SQL_NTS && (length < 0 || length > INT_MAX))
        return error_set(err, "HY090", "A data length of %lld is neither a length nor SQL_NTS", (long long)length);
    if (wide && length != SQL_NTS)
        length /= (SQLLEN)sizeof(SQLWCHAR);
    struct text_in in = {data->pointer, (SQLINTEGER)length, wide};
    if (!text_read(&in, arena, &text, &bytes, err))
        return false;
    *value = value_text(text, bytes);
    return true;
}

static bool read_bytes(const struct c_data *data, struct arena *arena, struct value *value, struct error *err)
{
    if (data->length != SQL_NTS && (data->length < 0 || data->length > INT_MAX))
        return error_set(err, "HY090", "A data length of %lld is neither a length nor SQL_NTS", (long long)data->length);
    size_t length = data->length == SQL_NTS ? strlen(data->pointer) : (size_t)data->length;
    const char *copy = arena_copy(arena, data->pointer, length);
    if (!copy)
        return error_memory(err);
    *value = value_blob(copy, length);
    return true;
}

static bool keep_text(struct arena *arena, const char *text, size_t length, struct value *value, struct error *err)
{
    const char *copy = arena_copy(arena, text, length);
    if (!copy)
        return error_memory(err);
    *value = value_text(copy, length);
    return true;
}

static bool keep_decimal(const struct decimal *decimal, struct arena *arena, struct type *from, struct value *value, struct error *err)
{
    char text[DECIMAL_TEXT];
    from->kind = TYPE_DECIMAL;
    from->size = DECIMAL_DIGITS;
    from->scale = (int16_t)decimal->scale;
    return keep_text(arena, text, decimal_print(decimal, text), value, err);
}

static bool read_integer(const struct c_data *data, struct arena *arena, struct type *from, struct value *value, struct error *err)
{
    union { SQLSCHAR s1; SQLCHAR u1; SQLSMALLINT s2; SQLUSMALLINT u2; SQLINTEGER s4; SQLUINTEGER u4; SQLBIGINT s8; SQLUBIGINT u8; } c;
    const void *p = data->pointer;

    from->kind = TYPE_BIGINT;
    switch (data->c_type) {
    case SQL_C_TINYINT:
    case SQL_C_STINYINT:
        memcpy(&c.s1, p, sizeof c.s1);
        *value = value_integer(c.s1);
        return true;
    case SQL_C_UTINYINT:
        memcpy(&c.u1, p, sizeof c.u1);
        *value = value_integer(c.u1);
        return true;
    case SQL_C_SHORT:
    case SQL_C_SSHORT:
        memcpy(&c.s2, p, sizeof c.s2);
        *value = value_integer(c.s2);
        return true;
    case SQL_C_USHORT:
        memcpy(&c.u2, p, sizeof c.u2);
        *value = value_integer(c.u2);
        return true;
    case SQL_C_LONG:
    case SQL_C_SLONG:
        memcpy(&c.s4, p, sizeof c.s4);
        *value = value_integer(c.s4);
        return true;
    case SQL_C_ULONG:
        memcpy(&c.u4, p, sizeof c.u4);
        *value = value_integer(c.u4);
        return true;
    case SQL_C_SBIGINT:
        memcpy(&c.s8, p, sizeof c.s8);
        *value = value_integer(c.s8);
        return true;
    default:
        memcpy(&c.u8, p, sizeof c.u8);
        if (c.u8 <= INT64_MAX) {
            *value = value_integer((int64_t)c.u8);
            return true;
        }
        struct decimal large = {.unscaled = (decimal_digits)c.u8, .scale = 0};
        return keep_decimal(&large, arena, from, value, err);
    }
}

static bool bad_moment(struct error *err)
{
    return error_set(err, "22007", "The structure holds no date or time that exists");
}

static bool fill_date(struct datetime *moment, int year, int month, int day)
{
    moment->year = year;
    moment->month = month;
    moment->day = day;
    return datetime_valid_date(year, month, day);
}

static bool fill_time(struct datetime *moment, int hour, int minute, int second, SQLUINTEGER nanosecond)
{
    moment->hour = hour;
    moment->minute = minute;
    moment->second = second;
    moment->nanosecond = nanosecond;
    return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && nanosecond <= 999999999;
}

static bool read_moment(const struct c_data *data, struct arena *arena, struct type *from, struct value *value, struct error *err)
{
    struct datetime moment = {.year = 1, .month = 1, .day = 1};
    SQL_TIMESTAMP_STRUCT stamp;
    SQL_DATE_STRUCT date;
    SQL_TIME_STRUCT time;
    char text[DATETIME_TEXT];
    size_t length;

    from->scale = TIMESTAMP_FRACTION;
    switch (data->c_type) {
    case SQL_C_TYPE_DATE:
        from->kind = TYPE_DATE;
        memcpy(&date, data->pointer, sizeof date);
        if (!fill_date(&moment, date.year, date.month, date.day))
            return bad_moment(err);
        length = datetime_print_date(&moment, text);
        break;
    case SQL_C_TYPE_TIME:
        from->kind = TYPE_TIME;
        memcpy(&time, data->pointer, sizeof time);
        if (!fill_time(&moment, time.hour, time.minute, time.second, 0))
            return bad_moment(err);
        length = datetime_print_time(&moment, TIMESTAMP_FRACTION, text);
        break;
    default:
        from->kind = TYPE_TIMESTAMP;
        memcpy(&stamp, data->pointer, sizeof stamp);
        if (!fill_date(&moment, stamp.year, stamp.month, stamp.day) ||
            !fill_time(&moment, stamp.hour, stamp.minute, stamp.second, stamp.fraction))
            return bad_moment(err);
        length = datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
        break;
    }
    return keep_text(arena, text, length, value, err);
}

static bool read_guid(const struct c_data *data, struct arena *arena, struct value *value, struct error *err)
{
    SQLGUID guid;
    char text[40];

    memcpy(&guid, data->pointer, sizeof guid);
    snprintf(text, sizeof text, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)guid.Data1, guid.Data2, guid.Data3,
             guid.Data4[0], guid.Data4[1], guid.Data4[2], guid.Data4[3], guid.Data4[4], guid.Data4[5], guid.Data4[6], guid.Data4[7]);
    return keep_text(arena, text, 36, value, err);
}

/* Reads the buffer as what it is: a value of the type that its C type stands for. */
static bool read_c(const struct c_data *data, struct arena *arena, struct type *from, struct value *value, struct error *err)
{
    struct decimal decimal;
    double real;
    float narrow;

    switch (data->c_type) {
    case SQL_C_CHAR:
    case SQL_C_WCHAR:
        from->kind = TYPE_STRING;
        return read_text(data, data->c_type == SQL_C_WCHAR, arena, value, err);
    case SQL_C_BINARY:
        from->kind = TYPE_BINARY;
        return read_bytes(data, arena, value, err);
    case SQL_C_BIT:
        from->kind = TYPE_BOOLEAN;
        if (*(const SQLCHAR *)data->pointer > 1)
            return error_set(err, "22003", "A bit is 0 or 1, not %u", *(const SQLCHAR *)data->pointer);
        *value = value_integer(*(const SQLCHAR *)data->pointer);
        return true;
    case SQL_C_FLOAT:
        memcpy(&narrow, data->pointer, sizeof narrow);
        from->kind = TYPE_DOUBLE;
        *value = value_real((double)narrow);
        return true;
    case SQL_C_DOUBLE:
        memcpy(&real, data->pointer, sizeof real);
        from->kind = TYPE_DOUBLE;
        *value = value_real(real);
        return true;
    case SQL_C_NUMERIC:
        if (!numeric_read(data->pointer, &decimal))
            return error_set(err, "22003", "The SQL_NUMERIC_STRUCT holds more than %d digits", DECIMAL_DIGITS);
        return keep_decimal(&decimal, arena, from, value, err);
    case SQL_C_TYPE_DATE:
    case SQL_C_TYPE_TIME:
    case SQL_C_TYPE_TIMESTAMP:
        return read_moment(data, arena, from, value, err);
    case SQL_C_GUID:
        from->kind = TYPE_GUID;
        return read_guid(data, arena, value, err);
    default:
        return read_integer(data, arena, from, value, err);
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

    if (!is_number(from->kind) || (to->kind != TYPE_BOOLEAN && to->kind != TYPE_INTEGER && to->kind != TYPE_BIGINT))
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
    return keep_decimal(&decimal, arena, &own, value, err);
}

/* An interval is a text, or, where it has one field, an exact number. */
static bool convert_interval(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value,
                             struct error *err)
{
    const struct interval_form form = {data->c_type, 0, data->precision};
    SQL_INTERVAL_STRUCT interval;
    struct decimal decimal;
    struct type from = {0};
    char text[INTERVAL_TEXT];

    memcpy(&interval, data->pointer, sizeof interval);
    size_t length = interval_print(&interval, &form, text);
    if (length == 0)
        return error_set(err, "22015", "A field of the interval is larger than it can be");
    if (to->kind == TYPE_STRING || to->kind == TYPE_JSON)
        return keep_text(arena, text, length, value, err);
    if ((to->kind != TYPE_INTEGER && to->kind != TYPE_BIGINT && to->kind != TYPE_DECIMAL) || !interval_is_single(data->c_type))
        return error_set(err, "07006", "C type %d, an interval, can not be converted to %s", (int)data->c_type, type_kind_name(to->kind));
    interval_to_decimal(&interval, &form, &decimal);
    if (!keep_decimal(&decimal, arena, &from, value, err))
        return false;
    struct value number = *value;
    return value_cast(&from, &number, to, arena, value, err);
}

/* SQL_C_BINARY for a parameter of a type of fixed size is the value as it lies in memory (Appendix D, "C to SQL: Binary"). */
static bool convert_memory(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value,
                           struct error *err)
{
    struct c_data plain = *data;
    size_t size;

    plain.c_type = convert_default_c_type(data->sql_type);
    size = type_c_size(plain.c_type);
    if (data->length != (SQLLEN)size)
        return error_set(err, "22003", "%lld bytes were given for a value of %zu", (long long)data->length, size);
    return convert_from_c(&plain, to, arena, value, err);
}

bool convert_from_c(const struct c_data *data, const struct type *to, struct arena *arena, struct value *value, struct error *err)
{
    struct type from = {0};

    if (data->length == SQL_NULL_DATA) {
        *value = value_null();
        return true;
    }
    if (data->length == SQL_DEFAULT_PARAM)
        return error_set(err, "07S01", "There is no default value that SQL_DEFAULT_PARAM could stand for");
    if (!data->pointer)
        return error_set(err, "HY009", "No data buffer is bound, and the indicator does not say NULL");
    if (interval_is_type(data->c_type))
        return convert_interval(data, to, arena, value, err);
    if (data->c_type == SQL_C_BINARY && type_c_size(convert_default_c_type(data->sql_type)))
        return convert_memory(data, to, arena, value, err);
    if (!read_c(data, arena, &from, value, err))
        return false;
    if (!can_convert(from.kind, to->kind))
        return error_set(err, "07006", "C type %d can not be converted to %s", (int)data->c_type, type_kind_name(to->kind));
    if (loses_part(from.kind, value, to->kind))
        return error_set(err, "22008", "The timestamp \"%s\" has more than a %s", value->text, type_kind_name(to->kind));
    /* What a value is compared with does not bound it: a longer text, or a finer time, just is not equal. */
    struct type target = *to;
    if (target.kind == TYPE_TIME || target.kind == TYPE_TIMESTAMP)
        target.scale = TIMESTAMP_FRACTION;
    if (from.kind == TYPE_BINARY && (type_is_text(to->kind) || to->kind == TYPE_DECIMAL)) {
        from.kind = TYPE_STRING; /* bytes bound for a text column are that text */
        struct c_data text = {.c_type = SQL_C_CHAR, .pointer = value->text, .length = value->length};
        if (!read_text(&text, false, arena, value, err))
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
        if (value_from_text(&target, value->text, value->length, arena, value, err))
            return true;
        if (strcmp(err->sqlstate, "22007") == 0) /* a parameter's text is the application's value, no literal (Appendix D) */
            memcpy(err->sqlstate, "22018", sizeof err->sqlstate);
        return false;
    }
    struct value read = *value;
    return value_cast(&from, &read, &target, arena, value, err) && keeps_number(&from, &read, to, value, arena, err);
}
