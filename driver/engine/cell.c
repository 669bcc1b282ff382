#include "engine/cell.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"

bool cell_read(sqlite3_value *from, struct value *value, struct error *err)
{
    switch (sqlite3_value_type(from)) {
    case SQLITE_INTEGER:
        *value = value_integer(sqlite3_value_int64(from));
        return true;
    case SQLITE_FLOAT:
        *value = value_real(sqlite3_value_double(from));
        return true;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(from);
        if (!text)
            return error_memory(err);
        *value = value_text(text, (size_t)sqlite3_value_bytes(from));
        return true;
    }
    case SQLITE_BLOB: {
        const void *bytes = sqlite3_value_blob(from);
        *value = value_blob(bytes ? bytes : "", (size_t)sqlite3_value_bytes(from));
        return true;
    }
    default:
        *value = value_null();
        return true;
    }
}

void cell_result(sqlite3_context *context, const struct value *value)
{
    switch ((enum storage)value->storage) {
    case STORAGE_INTEGER:
        sqlite3_result_int64(context, value->integer);
        return;
    case STORAGE_REAL:
        sqlite3_result_double(context, value->real);
        return;
    case STORAGE_TEXT:
        /* A length of -1 tells SQLite of the terminator and saves it from adding one when the text is read. */
        if (value->length && memchr(value->text, '\0', value->length))
            sqlite3_result_text64(context, value->text, value->length, SQLITE_TRANSIENT, SQLITE_UTF8);
        else
            sqlite3_result_text(context, value->text, -1, SQLITE_TRANSIENT);
        return;
    case STORAGE_BLOB:
        sqlite3_result_blob64(context, value->length ? value->text : "", value->length, SQLITE_TRANSIENT);
        return;
    case STORAGE_NULL:
        break;
    }
    sqlite3_result_null(context);
}

int cell_bind(sqlite3_stmt *program, int parameter, const struct value *value)
{
    switch ((enum storage)value->storage) {
    case STORAGE_INTEGER:
        return sqlite3_bind_int64(program, parameter, value->integer);
    case STORAGE_REAL:
        return sqlite3_bind_double(program, parameter, value->real);
    case STORAGE_TEXT:
        return sqlite3_bind_text64(program, parameter, value->text, value->length, SQLITE_TRANSIENT, SQLITE_UTF8);
    case STORAGE_BLOB:
        return sqlite3_bind_blob64(program, parameter, value->length ? value->text : "", value->length, SQLITE_TRANSIENT);
    case STORAGE_NULL:
        break;
    }
    return sqlite3_bind_null(program, parameter);
}

static bool no_such_value(const struct type *type, const struct value *value, struct error *err)
{
    char name[64], scratch[VALUE_SCRATCH];
    size_t length;
    const char *text = value_as_text(value, scratch, &length);

    type_print(type, name, sizeof name);
    return error_set(err, "HY000", "The engine computed \"%.*s\" where the result is a %s; please report the query",
                     (int)(length < 40 ? length : 40), text, name);
}

static bool out_of_range(const struct type *type, struct error *err)
{
    char name[64];
    type_print(type, name, sizeof name);
    return error_set(err, "22003", "A computed value does not fit its type, %s; CAST it to a larger one", name);
}

static bool whole(const struct type *type, struct value *value, struct error *err)
{
    if (value->storage == STORAGE_REAL) {
        if (!(value->real >= -9223372036854775808.0 && value->real < 9223372036854775808.0))
            return out_of_range(type, err);
        *value = value_integer((int64_t)value->real);
    }
    if (value->storage == STORAGE_TEXT) {
        struct decimal decimal;
        long long integer;
        if (!decimal_parse(value->text, value->length, &decimal))
            return no_such_value(type, value, err);
        if (!decimal_to_integer(&decimal, &integer, NULL))
            return out_of_range(type, err);
        *value = value_integer(integer);
    }
    if (value->storage != STORAGE_INTEGER)
        return no_such_value(type, value, err);
    if (type->kind == TYPE_BOOLEAN)
        value->integer = value->integer != 0;
    if (value->integer < type_least(type->kind) || value->integer > type_greatest(type->kind))
        return out_of_range(type, err);
    return true;
}

static bool real(const struct type *type, struct value *value, struct error *err)
{
    struct decimal decimal;

    if (value->storage == STORAGE_INTEGER)
        *value = value_real((double)value->integer);
    else if (value->storage == STORAGE_TEXT && decimal_parse(value->text, value->length, &decimal))
        *value = value_real(decimal_to_double(&decimal));
    if (value->storage == STORAGE_REAL && !isfinite(value->real))
        return out_of_range(type, err);
    return value->storage == STORAGE_REAL || no_such_value(type, value, err);
}

/* Ten to the digits-th power, up to 38. */
static decimal_digits power_of_ten(int digits)
{
    decimal_digits power = 1;
    while (digits-- > 0)
        power *= 10;
    return power;
}

static bool exact(const struct type *type, bool computed, struct value *value, struct arena *arena, struct error *err)
{
    char scratch[VALUE_SCRATCH];
    struct decimal decimal;
    size_t length;

    if (value->storage == STORAGE_TEXT && !computed)
        return true;
    if (value->storage == STORAGE_BLOB)
        return no_such_value(type, value, err);
    const char *text = value_as_text(value, scratch, &length);
    if (!decimal_parse(text, length, &decimal))
        return no_such_value(type, value, err);
    if (!decimal_rescale(&decimal, type->scale, &decimal))
        return out_of_range(type, err);
    decimal_digits bound = power_of_ten(type->size);
    if (decimal.unscaled >= bound || decimal.unscaled <= -bound)
        return out_of_range(type, err);

    char *out = arena_alloc(arena, DECIMAL_TEXT);
    if (!out)
        return error_memory(err);
    *value = value_text(out, decimal_print(&decimal, out));
    return true;
}

/* Fractions of a second past the type's scale are cut; equal times stay equal texts. */
static bool cut_fraction(const struct type *type, struct value *value, struct arena *arena, struct error *err)
{
    const char *point = memchr(value->text, '.', value->length);
    if (!point || value->length - (size_t)(point - value->text) - 1 <= (size_t)type->scale)
        return true;

    size_t length = (size_t)(point - value->text) + 1 + (size_t)type->scale;
    while (value->text[length - 1] == '0')
        length--;
    if (value->text[length - 1] == '.')
        length--;
    char *out = arena_copy(arena, value->text, length);
    if (!out)
        return error_memory(err);
    *value = value_text(out, length);
    return true;
}

bool cell_canonical(const struct type *type, bool computed, struct value *value, struct arena *arena, struct error *err)
{
    if (value_is_null(value))
        return true;
    switch (type->kind) {
    case TYPE_BOOLEAN:
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT:
        return whole(type, value, err);
    case TYPE_DOUBLE:
        return real(type, value, err);
    case TYPE_DECIMAL:
        return exact(type, computed, value, arena, err);
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        if (value->storage == STORAGE_TEXT && computed)
            return cut_fraction(type, value, arena, err);
        break;
    case TYPE_DATE:
    case TYPE_STRING:
    case TYPE_GUID:
    case TYPE_JSON:
        break;
    case TYPE_BINARY:
        if (value->storage == STORAGE_TEXT)
            value->storage = STORAGE_BLOB;
        return value->storage == STORAGE_BLOB || no_such_value(type, value, err);
    }

    if (value->storage == STORAGE_INTEGER || value->storage == STORAGE_REAL) {
        char scratch[VALUE_SCRATCH];
        size_t length;
        if (type->kind != TYPE_STRING)
            return no_such_value(type, value, err);
        const char *text = value_as_text(value, scratch, &length);
        char *out = arena_copy(arena, text, length);
        if (!out)
            return error_memory(err);
        *value = value_text(out, length);
    }
    return value->storage == STORAGE_TEXT || no_such_value(type, value, err);
}
