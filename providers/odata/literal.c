#include "providers/odata/literal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/datetime.h"
#include "oauth/base64.h"
#include "providers/odata/tables.h"

void odata_quote(struct buffer *out, const char *text, size_t length)
{
    buffer_append_char(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            buffer_append_char(out, '\'');
        buffer_append_char(out, text[i]);
    }
    buffer_append_char(out, '\'');
}

/* "2024-02-29T23:59:59.5", at the service's own offset where it has one. */
static bool print_moment(struct buffer *out, const struct literal_form *form, const struct value *value, bool local)
{
    struct datetime moment;
    char text[DATETIME_TEXT];

    if (!datetime_parse_timestamp(value->text, value->length, &moment, NULL))
        return false;
    if (local && form->zone_known) {
        uint32_t nanosecond = moment.nanosecond;
        if (!datetime_from_seconds(datetime_seconds(&moment) + form->zone * 60, &moment))
            return false;
        moment.nanosecond = nanosecond;
    }
    size_t length = datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
    text[10] = 'T';
    return buffer_append(out, text, length);
}

/* "PT8H1M5.5S" */
static bool print_duration_of_day(struct buffer *out, const struct value *value)
{
    struct datetime time;
    char fraction[12];
    size_t digits = 9;

    if (!datetime_parse_time(value->text, value->length, &time))
        return false;
    snprintf(fraction, sizeof fraction, "%09u", time.nanosecond);
    while (digits && fraction[digits - 1] == '0')
        digits--;
    return buffer_printf(out, "PT%dH%dM%d%s%.*sS", time.hour, time.minute, time.second, digits ? "." : "", (int)digits, fraction);
}

static bool is_duration(const struct value *value)
{
    size_t start = value->length && value->text[0] == '-';

    return value->length > start + 1 && value->text[start] == 'P' && strspn(value->text + start + 1, "0123456789DTHMS.") == value->length - start - 1;
}

static bool is_member(const struct odata_type *type, const char *text, size_t length)
{
    for (const struct odata_member *member = type->members; member; member = member->next)
        if (strlen(member->name) == length && memcmp(member->name, text, length) == 0)
            return true;
    return false;
}

/* Only names that the enumeration has, or numbers, can be written. */
static bool print_enum(struct buffer *out, const struct odata_type *type, const struct value *value)
{
    const char *at = value->text;

    if (!value->length)
        return false;
    while (*at) {
        size_t length = strcspn(at, ",");
        bool number = length && strspn(at + (*at == '-'), "0123456789") == length - (*at == '-');
        if (!number && !is_member(type, at, length))
            return false;
        at += length + (at[length] == ',');
    }
    return buffer_printf(out, "%s.%s'%s'", type->space, type->name, value->text);
}

static bool print_binary(struct buffer *out, const struct literal_form *form, const struct value *value)
{
    if (form->version == ODATA_V4)
        return buffer_append_text(out, "binary'") && base64url_encode(out, value->text, value->length) && buffer_append_char(out, '\'');
    buffer_append_text(out, "X'");
    for (uint32_t i = 0; i < value->length; i++)
        buffer_printf(out, "%02X", (unsigned char)value->text[i]);
    return buffer_append_char(out, '\'');
}

static bool print_number(struct buffer *out, const struct value *value, const char *suffix)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (value->storage == STORAGE_REAL && !isfinite(value->real))
        return false;
    const char *text = value_as_text(value, scratch, &length);
    if (value->storage == STORAGE_TEXT && memchr(text, '.', length)) { /* a decimal has all the zeros that its type has room for */
        while (text[length - 1] == '0')
            length--;
        length -= text[length - 1] == '.';
    }
    return buffer_append(out, text, length) && buffer_append_text(out, suffix);
}

/* Around what the older versions name and V4 does not. */
static bool wrapped(struct buffer *out, const char *name, bool written)
{
    return written && (!name || buffer_append_char(out, '\''));
}

static bool open_wrap(struct buffer *out, const char *name)
{
    if (name)
        buffer_printf(out, "%s'", name);
    return true;
}

static bool print(struct buffer *out, const struct literal_form *form, const struct odata_column *column, const struct value *value)
{
    bool v4 = form->version == ODATA_V4;
    const char *name;

    switch (column->edm) {
    case EDM_BOOLEAN:
        return buffer_append_text(out, value->integer ? "true" : "false");
    case EDM_BYTE: case EDM_SBYTE: case EDM_INT16: case EDM_INT32:
        return print_number(out, value, "");
    case EDM_INT64:
        return print_number(out, value, v4 ? "" : "L");
    case EDM_SINGLE:
        return print_number(out, value, v4 ? "" : "f");
    case EDM_DOUBLE:
        return print_number(out, value, v4 ? "" : "d");
    case EDM_DECIMAL:
        return print_number(out, value, v4 ? "" : "M");
    case EDM_STRING:
        odata_quote(out, value->text, value->length);
        return true;
    case EDM_GUID:
        name = v4 ? NULL : "guid";
        return wrapped(out, name, open_wrap(out, name) && buffer_append(out, value->text, value->length));
    case EDM_DATE_TIME:
        if (column->day)
            return buffer_printf(out, "datetime'%.*sT00:00:00'", (int)value->length, value->text);
        return wrapped(out, "datetime", open_wrap(out, "datetime") && print_moment(out, form, value, true));
    case EDM_DATE_TIME_OFFSET:
        name = v4 ? NULL : "datetimeoffset";
        return wrapped(out, name, open_wrap(out, name) && print_moment(out, form, value, false) && buffer_append_char(out, 'Z'));
    case EDM_TIME:
        return wrapped(out, "time", open_wrap(out, "time") && print_duration_of_day(out, value));
    case EDM_DATE: case EDM_TIME_OF_DAY:
        return buffer_append(out, value->text, value->length);
    case EDM_DURATION:
        return is_duration(value) && buffer_printf(out, "duration'%.*s'", (int)value->length, value->text);
    case EDM_ENUM:
        return print_enum(out, column->type, value);
    case EDM_BINARY:
        return print_binary(out, form, value);
    default:
        return false;
    }
}

bool odata_literal(struct buffer *out, const struct literal_form *form, const struct odata_column *column, const struct type *type,
                   const struct value *value)
{
    size_t before = out->length;

    if (value->storage == type_storage(type->kind) && !column->collection && print(out, form, column, value))
        return true;
    buffer_cut(out, before);
    return false;
}

void odata_json_string(struct buffer *out, const char *text, size_t length)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"' || text[i] == '\\')
            buffer_append_char(out, '\\');
        if ((unsigned char)text[i] < ' ')
            buffer_printf(out, "\\u%04x", text[i]);
        else
            buffer_append_char(out, text[i]);
    }
    buffer_append_char(out, '"');
}

/* What a literal has without its quotes and the name in front of them. */
static void append_bare(struct buffer *out, const struct literal_form *form, const struct odata_column *column, const struct type *type,
                        const struct value *value)
{
    struct buffer literal;

    buffer_init(&literal, 1 << 20);
    if (odata_literal(&literal, form, column, type, value)) {
        const char *start = strchr(literal.data, '\''), *end = start ? strrchr(literal.data, '\'') : NULL;
        start = start ? start + 1 : literal.data;
        odata_json_string(out, start, end ? (size_t)(end - start) : literal.length);
    } else {
        buffer_append_text(out, "null");
    }
    buffer_clear(&literal);
}

void odata_json(struct buffer *out, const struct literal_form *form, const struct odata_column *column, const struct type *type, const struct value *value)
{
    bool texts = form->version != ODATA_V4; /* numbers that JavaScript can not hold */

    if (value_is_null(value)) {
        buffer_append_text(out, "null");
        return;
    }
    if (type->kind == TYPE_JSON) {
        buffer_append(out, value->text, value->length);
        return;
    }
    switch (column->edm) {
    case EDM_BOOLEAN:
        buffer_append_text(out, value->integer ? "true" : "false");
        return;
    case EDM_INT64: case EDM_DECIMAL:
        buffer_append_text(out, texts ? "\"" : "");
        print_number(out, value, "");
        buffer_append_text(out, texts ? "\"" : "");
        return;
    case EDM_BYTE: case EDM_SBYTE: case EDM_INT16: case EDM_INT32: case EDM_SINGLE: case EDM_DOUBLE:
        if (!print_number(out, value, ""))
            buffer_append_text(out, value->real > 0 ? "\"INF\"" : value->real < 0 ? "\"-INF\"" : "\"NaN\"");
        return;
    case EDM_STRING:
        odata_json_string(out, value->text, value->length);
        return;
    case EDM_BINARY:
        buffer_append_char(out, '"');
        if (form->version == ODATA_V4)
            base64url_encode(out, value->text, value->length);
        else
            base64_encode(out, value->text, value->length);
        buffer_append_char(out, '"');
        return;
    default:
        append_bare(out, form, column, type, value);
    }
}

void odata_encode(struct buffer *out, const char *text, size_t length, bool in_path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'(),:;=@!*$/";
    size_t plain_count = sizeof plain - 1 - in_path; /* the slash is the last */

    for (size_t i = 0; i < length; i++) {
        if (text[i] && memchr(plain, text[i], plain_count))
            buffer_append_char(out, text[i]);
        else
            buffer_printf(out, "%%%02X", (unsigned char)text[i]);
    }
}
