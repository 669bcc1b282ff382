#include "odbc/c_value.h"

#include <limits.h>
#include <stdint.h>
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

bool c_value_read_text(const struct c_data *data, bool wide, struct arena *arena, struct value *value, struct error *err)
{
    SQLLEN length = data->length;
    const char *text;
    size_t bytes;

    if (length != SQL_NTS && (length < 0 || length > INT_MAX))
        return error_set(err, "HY090", "A data length of %lld is neither a length nor SQL_NTS", (long long)length);
    if (wide && length != SQL_NTS && length % (SQLLEN)sizeof(SQLWCHAR))
        return error_set(err, "HY090", "A data length of %lld bytes ends within a wide character", (long long)length);
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

bool c_value_keep_text(struct arena *arena, const char *text, size_t length, struct value *value, struct error *err)
{
    const char *copy = arena_copy(arena, text, length);
    if (!copy)
        return error_memory(err);
    *value = value_text(copy, length);
    return true;
}

bool c_value_keep_decimal(const struct decimal *decimal, struct arena *arena, struct type *from, struct value *value, struct error *err)
{
    char text[DECIMAL_TEXT];
    from->kind = TYPE_DECIMAL;
    from->size = DECIMAL_DIGITS;
    from->scale = (int16_t)decimal->scale;
    return c_value_keep_text(arena, text, decimal_print(decimal, text), value, err);
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
        return c_value_keep_decimal(&large, arena, from, value, err);
    }
}

static bool bad_moment(const struct c_data *data, struct error *err)
{
    return error_set(err, type_is_character(data->sql_type) ? "22008" : "22007", "The structure holds no date or time that exists");
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
            return bad_moment(data, err);
        length = datetime_print_date(&moment, text);
        break;
    case SQL_C_TYPE_TIME:
        from->kind = TYPE_TIME;
        memcpy(&time, data->pointer, sizeof time);
        if (!fill_time(&moment, time.hour, time.minute, time.second, 0))
            return bad_moment(data, err);
        length = datetime_print_time(&moment, TIMESTAMP_FRACTION, text);
        break;
    default:
        from->kind = TYPE_TIMESTAMP;
        memcpy(&stamp, data->pointer, sizeof stamp);
        if (!fill_date(&moment, stamp.year, stamp.month, stamp.day) ||
            !fill_time(&moment, stamp.hour, stamp.minute, stamp.second, stamp.fraction))
            return bad_moment(data, err);
        length = datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
        break;
    }
    return c_value_keep_text(arena, text, length, value, err);
}

static bool read_guid(const struct c_data *data, struct arena *arena, struct value *value, struct error *err)
{
    SQLGUID guid;
    char text[40];

    memcpy(&guid, data->pointer, sizeof guid);
    snprintf(text, sizeof text, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)guid.Data1, guid.Data2, guid.Data3,
             guid.Data4[0], guid.Data4[1], guid.Data4[2], guid.Data4[3], guid.Data4[4], guid.Data4[5], guid.Data4[6], guid.Data4[7]);
    return c_value_keep_text(arena, text, 36, value, err);
}

/* The text of an interval of one field is its number. */
static bool read_interval(const struct c_data *data, struct arena *arena, struct value *value, struct error *err)
{
    const struct interval_form form = {data->c_type, 0, data->precision};
    SQL_INTERVAL_STRUCT interval;
    char text[INTERVAL_TEXT];

    memcpy(&interval, data->pointer, sizeof interval);
    size_t length = interval_print(&interval, &form, text);
    if (length == 0)
        return error_set(err, "22015", "A field of the interval is larger than it can be");
    return c_value_keep_text(arena, text, length, value, err);
}

bool c_value_read(const struct c_data *data, struct arena *arena, struct type *from, struct value *value, struct error *err)
{
    struct decimal decimal;
    double real;
    float narrow;

    switch (data->c_type) {
    case SQL_C_CHAR:
    case SQL_C_WCHAR:
        from->kind = TYPE_STRING;
        return c_value_read_text(data, data->c_type == SQL_C_WCHAR, arena, value, err);
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
        return c_value_keep_decimal(&decimal, arena, from, value, err);
    case SQL_C_TYPE_DATE:
    case SQL_C_TYPE_TIME:
    case SQL_C_TYPE_TIMESTAMP:
        return read_moment(data, arena, from, value, err);
    case SQL_C_GUID:
        from->kind = TYPE_GUID;
        return read_guid(data, arena, value, err);
    default:
        if (!interval_is_type(data->c_type))
            return read_integer(data, arena, from, value, err);
        from->kind = TYPE_STRING;
        return read_interval(data, arena, value, err);
    }
}
