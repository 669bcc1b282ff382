#include "odbc/convert_to_c.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/utf.h"
#include "odbc/handle.h"
#include "odbc/interval.h"
#include "odbc/moment.h"
#include "odbc/numeric.h"
#include "odbc/types.h"

static SQLRETURN no_conversion(struct odbc_handle *handle, const struct odbc_record *column, SQLSMALLINT c_type)
{
    return diagnostics_fail(handle, "07006", "Column \"%s\" (%s) can not be converted to C type %d", column->name,
                            type_kind_name(column->type.kind), (int)c_type);
}

static SQLRETURN out_of_range(struct odbc_handle *handle, const struct odbc_record *column, SQLSMALLINT c_type)
{
    return diagnostics_fail(handle, "22003", "The value of column \"%s\" does not fit C type %d", column->name, (int)c_type);
}

static SQLRETURN not_such(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value, const char *what)
{
    return diagnostics_fail(handle, "22018", "\"%.*s\" in column \"%s\" is no %s", value->length > 40 ? 40 : (int)value->length,
                            value->storage == STORAGE_TEXT ? value->text : "", column->name, what);
}

static SQLRETURN fraction_cut(struct odbc_handle *handle, const struct odbc_record *column)
{
    return diagnostics_warn(handle, "01S07", "A fraction of the value of column \"%s\" was cut", column->name);
}

/* The indicator of data that is not NULL is its length, also when the two have places of their own. */
static void tell_length(const struct c_target *target, SQLLEN length)
{
    if (target->indicator && target->indicator != target->length)
        *target->indicator = 0;
    if (target->length)
        *target->length = length;
}

static SQLRETURN put_fixed(const struct c_target *target, const void *data, size_t size)
{
    if (target->buffer)
        memcpy(target->buffer, data, size);
    tell_length(target, (SQLLEN)size);
    return SQL_SUCCESS;
}

/* --- numbers ---------------------------------------------------------------------------------------------------------- */

static SQLRETURN put_integer(struct odbc_handle *handle, const struct odbc_record *column, const struct number *number,
                             const struct c_target *target)
{
    static const struct { SQLSMALLINT c_type; decimal_digits smallest, largest; } ranges[] = {
        {SQL_C_SLONG, INT32_MIN, INT32_MAX},   {SQL_C_LONG, INT32_MIN, INT32_MAX},   {SQL_C_ULONG, 0, UINT32_MAX},
        {SQL_C_SBIGINT, INT64_MIN, INT64_MAX}, {SQL_C_UBIGINT, 0, UINT64_MAX},       {SQL_C_SSHORT, INT16_MIN, INT16_MAX},
        {SQL_C_SHORT, INT16_MIN, INT16_MAX},   {SQL_C_USHORT, 0, UINT16_MAX},        {SQL_C_STINYINT, INT8_MIN, INT8_MAX},
        {SQL_C_TINYINT, INT8_MIN, INT8_MAX},   {SQL_C_UTINYINT, 0, UINT8_MAX},       {SQL_C_BIT, 0, 1},
    };
    decimal_digits whole = 0;

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (ranges[i].c_type != target->c_type)
            continue;
        enum number_result result = target->c_type == SQL_C_BIT
                                        ? number_to_bit(number, &whole)
                                        : number_to_whole(number, ranges[i].smallest, ranges[i].largest, &whole);
        if (result == NUMBER_OUT_OF_RANGE)
            return out_of_range(handle, column, target->c_type);
        /* The low bytes of the two's complement are the integer of any smaller width. */
        uint64_t bits = (uint64_t)whole;
        union { uint8_t b1; uint16_t b2; uint32_t b4; uint64_t b8; } narrow;
        size_t size = type_c_size(target->c_type);
        if (size == 1)
            narrow.b1 = (uint8_t)bits;
        else if (size == 2)
            narrow.b2 = (uint16_t)bits;
        else if (size == 4)
            narrow.b4 = (uint32_t)bits;
        else
            narrow.b8 = bits;
        put_fixed(target, &narrow, size);
        return result == NUMBER_CUT ? fraction_cut(handle, column) : SQL_SUCCESS;
    }
    return no_conversion(handle, column, target->c_type);
}

static SQLRETURN put_number(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                            const struct c_target *target)
{
    struct number number;
    SQL_NUMERIC_STRUCT numeric;
    double real;
    float narrow;

    if (type_is_datetime(column->type.kind) || column->type.kind == TYPE_BINARY || column->type.kind == TYPE_GUID)
        return no_conversion(handle, column, target->c_type);
    if (!number_from_value(column->type.kind, value, &number))
        return not_such(handle, column, value, "number");
    switch (target->c_type) {
    case SQL_C_DOUBLE:
        real = number_to_double(&number);
        return isinf(real) && column->type.kind != TYPE_DOUBLE ? out_of_range(handle, column, target->c_type)
                                                               : put_fixed(target, &real, sizeof real);
    case SQL_C_FLOAT:
        real = number_to_double(&number);
        if (fabs(real) > (double)FLT_MAX)
            return out_of_range(handle, column, target->c_type);
        narrow = (float)real;
        return put_fixed(target, &narrow, sizeof narrow);
    case SQL_C_NUMERIC: {
        int scale = target->scale >= 0                           ? target->scale
                    : number.kind == NUMBER_DECIMAL              ? number.decimal.scale
                                                                 : 0;
        enum number_result result = number_to_numeric(&number, target->precision, scale, &numeric);
        if (result == NUMBER_OUT_OF_RANGE)
            return out_of_range(handle, column, target->c_type);
        put_fixed(target, &numeric, sizeof numeric);
        return result == NUMBER_CUT ? fraction_cut(handle, column) : SQL_SUCCESS;
    }
    default:
        return put_integer(handle, column, &number, target);
    }
}

/* --- dates and times -------------------------------------------------------------------------------------------------- */

static SQLRETURN put_moment(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                            const struct c_target *target)
{
    enum type_kind kind = column->type.kind;
    struct moment read;
    bool cut = false;

    if (!type_is_datetime(kind) && kind != TYPE_STRING && kind != TYPE_JSON)
        return no_conversion(handle, column, target->c_type);
    if ((kind == TYPE_TIME && target->c_type == SQL_C_TYPE_DATE) || (kind == TYPE_DATE && target->c_type == SQL_C_TYPE_TIME))
        return no_conversion(handle, column, target->c_type);
    if (!moment_read(kind, value, &read))
        return not_such(handle, column, value, "date or time");
    struct datetime moment = read.at;

    if (target->c_type == SQL_C_TYPE_DATE) {
        if (!read.has_date)
            return not_such(handle, column, value, "date");
        SQL_DATE_STRUCT date = {(SQLSMALLINT)moment.year, (SQLUSMALLINT)moment.month, (SQLUSMALLINT)moment.day};
        cut = moment.hour || moment.minute || moment.second || moment.nanosecond;
        put_fixed(target, &date, sizeof date);
    } else if (target->c_type == SQL_C_TYPE_TIME) {
        if (!read.has_time)
            return not_such(handle, column, value, "time");
        SQL_TIME_STRUCT clock = {(SQLUSMALLINT)moment.hour, (SQLUSMALLINT)moment.minute, (SQLUSMALLINT)moment.second};
        cut = moment.nanosecond != 0;
        put_fixed(target, &clock, sizeof clock);
    } else {
        if (!read.has_date)
            moment_fill_today(&moment);
        SQL_TIMESTAMP_STRUCT stamp = {(SQLSMALLINT)moment.year, (SQLUSMALLINT)moment.month, (SQLUSMALLINT)moment.day,
                                      (SQLUSMALLINT)moment.hour, (SQLUSMALLINT)moment.minute, (SQLUSMALLINT)moment.second,
                                      moment.nanosecond};
        put_fixed(target, &stamp, sizeof stamp);
    }
    return cut ? fraction_cut(handle, column) : SQL_SUCCESS;
}

/* --- guid ------------------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_guid(const struct value *value, SQLGUID *guid)
{
    uint8_t bytes[16];
    size_t count = 0;
    const char *text = value->text;
    size_t length = value->length;

    if (length == 38 && text[0] == '{' && text[37] == '}') {
        text++;
        length -= 2;
    }
    if (length != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-')
                return false;
            continue;
        }
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[count++] = (uint8_t)(high << 4 | low);
        i++;
    }
    guid->Data1 = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    guid->Data2 = (uint16_t)(bytes[4] << 8 | bytes[5]);
    guid->Data3 = (uint16_t)(bytes[6] << 8 | bytes[7]);
    memcpy(guid->Data4, bytes + 8, 8);
    return true;
}

static SQLRETURN put_guid(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                          const struct c_target *target)
{
    SQLGUID guid;
    if (!type_is_text(column->type.kind))
        return no_conversion(handle, column, target->c_type);
    return read_guid(value, &guid) ? put_fixed(target, &guid, sizeof guid) : not_such(handle, column, value, "GUID");
}

/* --- intervals --------------------------------------------------------------------------------------------------------- */

/* From texts, and from exact numbers where the interval has one field. */
static SQLRETURN put_interval(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                              const struct c_target *target)
{
    const struct interval_form form = {target->c_type, target->interval_precision, target->precision};
    enum type_kind kind = column->type.kind;
    enum interval_result result;
    SQL_INTERVAL_STRUCT interval;
    struct number number;

    if (kind == TYPE_STRING || kind == TYPE_JSON) {
        result = interval_from_text(value->text, value->length, &form, &interval);
    } else {
        if (!interval_is_single(target->c_type) || !type_is_exact_number(kind) ||
            !number_from_value(kind, value, &number))
            return no_conversion(handle, column, target->c_type);
        result = interval_from_decimal(&number.decimal, &form, &interval);
    }
    if (result == INTERVAL_NONE)
        return not_such(handle, column, value, "interval of that type");
    if (result == INTERVAL_OVERFLOW)
        return diagnostics_fail(handle, "22015", "The leading field of the interval in column \"%s\" has more digits than "
                                                 "SQL_DESC_DATETIME_INTERVAL_PRECISION allows", column->name);
    put_fixed(target, &interval, sizeof interval);
    return result == INTERVAL_CUT ? fraction_cut(handle, column) : SQL_SUCCESS;
}

/* --- texts and bytes, whole or in pieces ------------------------------------------------------------------------------ */

static SQLRETURN truncated(struct odbc_handle *handle, const struct odbc_record *column, const struct c_target *target,
                           SQLLEN available)
{
    if (target->length_only)
        return SQL_SUCCESS;
    return diagnostics_warn(handle, "01004", "Column \"%s\" was cut: %lld bytes were left to read", column->name, (long long)available);
}

/* ANSI text: at least one whole character goes out when there is room for one; where there is not even that,
 * the pieces of a character, so that a reader with a tiny buffer gets on too. */
static SQLRETURN put_char(struct odbc_handle *handle, const struct odbc_record *column, const char *text, size_t length,
                          const struct c_target *target, struct odbc_progress *progress)
{
    size_t left = length - progress->offset;
    const char *from = text + progress->offset;

    tell_length(target, (SQLLEN)left);
    if (target->buffer && (size_t)target->room > left) {
        memcpy(target->buffer, from, left);
        ((char *)target->buffer)[left] = '\0';
        progress->offset = length;
        progress->done = true;
        return SQL_SUCCESS;
    }
    if (target->buffer && target->room > 0) {
        size_t room = (size_t)target->room - 1;
        size_t kept = utf8_whole(from, room);
        if (kept == 0)
            kept = room;
        memcpy(target->buffer, from, kept);
        ((char *)target->buffer)[kept] = '\0';
        progress->offset += kept;
    }
    return truncated(handle, column, target, (SQLLEN)left);
}

/* The code units of the character at the start of a text; *bytes gets its length. */
static void first_units(const char *text, size_t length, SQLWCHAR *pair, size_t *bytes)
{
    *bytes = 0;
    utf8_next(text, length, bytes);
    utf8_to_utf16(text, *bytes, pair, 2, NULL);
}

/* Likewise in code units: a surrogate pair is parted only where the room is for one unit. */
static SQLRETURN put_wide(struct odbc_handle *handle, const struct odbc_record *column, const char *text, size_t length,
                          const struct c_target *target, struct odbc_progress *progress)
{
    const char *from = text + progress->offset;
    size_t left = length - progress->offset;
    size_t units = utf16_units(from, left) - progress->half;
    size_t room = target->buffer && target->room > 0 ? (size_t)target->room / sizeof(SQLWCHAR) : 0;
    SQLWCHAR *out = target->buffer;
    SQLWCHAR pair[2];
    size_t written = 0, used = 0, more = 0;

    tell_length(target, (SQLLEN)(units * sizeof(SQLWCHAR)));
    if (room > 1) {
        if (progress->half) {
            first_units(from, left, pair, &used);
            out[written++] = pair[1];
            progress->half = false;
        }
        written += utf8_to_utf16(from + used, left - used, out + written, room - 1 - written, &more);
        used += more;
        if (written == 0 && left > 0) {
            first_units(from, left, pair, &more);
            out[written++] = pair[0];
            progress->half = true;
        }
        progress->offset += used;
    }
    if (room > 0)
        out[written] = 0;
    if (room <= units)
        return truncated(handle, column, target, (SQLLEN)(units * sizeof(SQLWCHAR)));
    progress->done = true;
    return SQL_SUCCESS;
}

static SQLRETURN put_binary(struct odbc_handle *handle, const struct odbc_record *column, const char *bytes, size_t length,
                            const struct c_target *target, struct odbc_progress *progress)
{
    size_t left = length - progress->offset;
    size_t kept = target->buffer && target->room > 0 ? (size_t)target->room : 0;

    if (kept > left)
        kept = left;
    if (kept)
        memcpy(target->buffer, bytes + progress->offset, kept);
    tell_length(target, (SQLLEN)left);
    progress->offset += kept;
    if (kept < left || (!target->buffer && left == 0))
        return truncated(handle, column, target, (SQLLEN)left);
    progress->done = true;
    return SQL_SUCCESS;
}

/* How much of a printed number or date must fit (Appendix D): the whole digits, the date or time without its fraction. */
static size_t least_length(enum type_kind kind, const char *text, size_t length)
{
    if (type_is_text(kind) || kind == TYPE_BINARY)
        return 0;
    const char *point = memchr(text, '.', length);
    const char *exponent = memchr(text, 'e', length);
    if (exponent || !point)
        return length;
    return (size_t)(point - text);
}

static SQLRETURN put_pieces(struct odbc_handle *handle, const struct odbc_record *column, const char *text, size_t length,
                            const struct c_target *target, struct odbc_progress *progress)
{
    enum type_kind kind = column->type.kind;
    bool wide = target->c_type == SQL_C_WCHAR;
    size_t unit = wide ? sizeof(SQLWCHAR) : 1;
    size_t least = kind == TYPE_GUID ? length : least_length(kind, text, length);

    if (target->room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length for column \"%s\" is negative", column->name);
    if (least && progress->offset == 0 && target->buffer && (size_t)target->room / unit <= least)
        return diagnostics_fail(handle, "22003", "The value of column \"%s\" needs a buffer for %zu characters", column->name,
                                length + 1);
    return wide ? put_wide(handle, column, text, length, target, progress)
                : put_char(handle, column, text, length, target, progress);
}

/* Bytes as text are hexadecimal digits; they are made piece by piece, so that no second copy of a large value is needed. */
static SQLRETURN put_hexadecimal(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                                 const struct c_target *target, struct odbc_progress *progress)
{
    static const char digits[] = "0123456789ABCDEF";
    bool wide = target->c_type == SQL_C_WCHAR;
    size_t unit = wide ? sizeof(SQLWCHAR) : 1;
    size_t length = (size_t)value->length * 2;
    size_t left = length - progress->offset;
    size_t room = target->buffer && target->room > 0 ? (size_t)target->room / unit : 0;
    size_t kept = room > left ? left : room ? room - 1 : 0;

    if (target->room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length for column \"%s\" is negative", column->name);
    /* Both digits of a byte come together: an even buffer has one place over (Appendix D, "SQL to C: Binary"). */
    if (room <= left && kept > 1)
        kept -= (progress->offset + kept) % 2;
    for (size_t i = 0; i < kept + (room > 0); i++) {
        size_t at = progress->offset + i;
        unsigned char byte = i < kept ? (unsigned char)value->text[at / 2] : 0;
        char digit = i < kept ? digits[at % 2 ? byte & 0xF : byte >> 4] : '\0';
        if (wide)
            ((SQLWCHAR *)target->buffer)[i] = (SQLWCHAR)digit;
        else
            ((char *)target->buffer)[i] = digit;
    }
    tell_length(target, (SQLLEN)(left * unit));
    progress->offset += kept;
    if (room <= left)
        return truncated(handle, column, target, (SQLLEN)(left * unit));
    progress->done = true;
    return SQL_SUCCESS;
}

/* SQL_C_BINARY of what is not bytes: texts as they are, everything else as its default C type lies in memory. */
static SQLRETURN put_raw(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                         const struct c_target *target, size_t length, struct odbc_progress *progress)
{
    enum type_kind kind = column->type.kind;
    union { SQL_TIMESTAMP_STRUCT stamp; SQLGUID guid; double real; int64_t integer; } raw;
    SQLLEN size = 0;

    if (target->room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length for column \"%s\" is negative", column->name);
    if (kind == TYPE_BINARY || kind == TYPE_STRING || kind == TYPE_JSON || kind == TYPE_DECIMAL)
        return put_binary(handle, column, value->text, length, target, progress);
    struct c_target whole = {.c_type = odbc_type_find(column->concise_type)->c_type, .buffer = &raw, .room = sizeof raw,
                             .length = &size, .indicator = &size};
    SQLRETURN result = convert_to_c(handle, column, value, &whole, 0, NULL);
    if (!SQL_SUCCEEDED(result))
        return result;
    if (target->buffer && target->room < size)
        return diagnostics_fail(handle, "22003", "The value of column \"%s\" needs a buffer of %lld bytes", column->name,
                                (long long)size);
    progress->done = true;
    return put_fixed(target, &raw, (size_t)size);
}

/* --- the entrance ------------------------------------------------------------------------------------------------------ */

static SQLRETURN put_null(struct odbc_handle *handle, const struct odbc_record *column, const struct c_target *target)
{
    if (!target->indicator)
        return diagnostics_fail(handle, "22002", "Column \"%s\" is NULL, and no indicator is bound to say so", column->name);
    *target->indicator = SQL_NULL_DATA;
    return SQL_SUCCESS;
}

static SQLRETURN put_text(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                          const struct c_target *target, SQLULEN longest, struct odbc_progress *progress)
{
    char scratch[VALUE_SCRATCH];
    size_t length = value->length;
    const char *text = value->text;

    if (value->storage == STORAGE_INTEGER || value->storage == STORAGE_REAL)
        text = value_as_text(value, scratch, &length);
    else if (longest && length > longest && (type_is_text(column->type.kind) || column->type.kind == TYPE_BINARY))
        length = value->storage == STORAGE_TEXT ? utf8_whole(text, longest) : longest;
    if (target->c_type == SQL_C_BINARY)
        return put_raw(handle, column, value, target, length, progress);
    if (value->storage == STORAGE_BLOB) {
        struct value cut = value_blob(text, length);
        return put_hexadecimal(handle, column, &cut, target, progress);
    }
    return put_pieces(handle, column, text, length, target, progress);
}

SQLRETURN convert_to_c(struct odbc_handle *handle, const struct odbc_record *column, const struct value *value,
                       const struct c_target *given, SQLULEN longest, struct odbc_progress *progress)
{
    struct odbc_progress start = {0};
    struct c_target target = *given;
    SQLRETURN result;

    if (!progress)
        progress = &start;
    if (progress->done)
        return SQL_NO_DATA;
    if (value_is_null(value)) {
        progress->done = true;
        return put_null(handle, column, &target);
    }
    if (target.c_type == SQL_C_DEFAULT) {
        const struct odbc_type *type = odbc_type_find(column->concise_type);
        target.c_type = type ? type->c_type : SQL_C_CHAR;
    }
    if (interval_is_type(target.c_type)) {
        result = put_interval(handle, column, value, &target);
        progress->done = SQL_SUCCEEDED(result);
        return result;
    }
    switch (target.c_type) {
    case SQL_C_CHAR:
    case SQL_C_WCHAR:
    case SQL_C_BINARY:
        return put_text(handle, column, value, &target, longest, progress);
    case SQL_C_TYPE_DATE:
    case SQL_C_TYPE_TIME:
    case SQL_C_TYPE_TIMESTAMP:
        result = put_moment(handle, column, value, &target);
        break;
    case SQL_C_GUID:
        result = put_guid(handle, column, value, &target);
        break;
    default:
        result = put_number(handle, column, value, &target);
        break;
    }
    progress->done = SQL_SUCCEEDED(result);
    return result;
}
