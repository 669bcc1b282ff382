#include "base/type.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"

static const struct {
    const char *name;
    enum storage storage;
    unsigned arguments; /* how many numbers may stand in parentheses */
} kinds[] = {
    [TYPE_BOOLEAN] = {"boolean", STORAGE_INTEGER, 0},
    [TYPE_TINYINT] = {"tinyint", STORAGE_INTEGER, 0},
    [TYPE_SMALLINT] = {"smallint", STORAGE_INTEGER, 0},
    [TYPE_INTEGER] = {"integer", STORAGE_INTEGER, 0},
    [TYPE_BIGINT] = {"bigint", STORAGE_INTEGER, 0},
    [TYPE_DOUBLE] = {"double", STORAGE_REAL, 0},
    [TYPE_DECIMAL] = {"decimal", STORAGE_TEXT, 2},
    [TYPE_DATE] = {"date", STORAGE_TEXT, 0},
    [TYPE_TIME] = {"time", STORAGE_TEXT, 1},
    [TYPE_TIMESTAMP] = {"timestamp", STORAGE_TEXT, 1},
    [TYPE_STRING] = {"string", STORAGE_TEXT, 1},
    [TYPE_BINARY] = {"binary", STORAGE_BLOB, 1},
    [TYPE_GUID] = {"guid", STORAGE_TEXT, 0},
    [TYPE_JSON] = {"json", STORAGE_TEXT, 0},
};

enum storage type_storage(enum type_kind kind)
{
    return kinds[kind].storage;
}

bool type_is_whole(enum type_kind kind)
{
    return kind >= TYPE_TINYINT && kind <= TYPE_BIGINT;
}

bool type_is_exact_number(enum type_kind kind)
{
    return type_is_whole(kind) || kind == TYPE_DECIMAL;
}

int64_t type_greatest(enum type_kind kind)
{
    switch (kind) {
    case TYPE_BOOLEAN: return 1;
    case TYPE_TINYINT: return INT8_MAX;
    case TYPE_SMALLINT: return INT16_MAX;
    case TYPE_INTEGER: return INT32_MAX;
    default: return INT64_MAX;
    }
}

int64_t type_least(enum type_kind kind)
{
    return kind == TYPE_BOOLEAN ? 0 : -type_greatest(kind) - 1;
}

bool type_is_number(enum type_kind kind)
{
    return type_is_exact_number(kind) || kind == TYPE_DOUBLE;
}

bool type_is_text(enum type_kind kind)
{
    return kind == TYPE_STRING || kind == TYPE_GUID || kind == TYPE_JSON;
}

bool type_is_datetime(enum type_kind kind)
{
    return kind == TYPE_DATE || kind == TYPE_TIME || kind == TYPE_TIMESTAMP;
}

const char *type_kind_name(enum type_kind kind)
{
    return kinds[kind].name;
}

static bool find_kind(const char *name, size_t length, enum type_kind *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (name_equal_length(name, length, kinds[i].name)) {
            *kind = (enum type_kind)i;
            return true;
        }
    return false;
}

bool type_parse(const char *text, struct type *type)
{
    int size = 0, scale = 0, end = 0;
    size_t length = strcspn(text, "(");
    struct type parsed = {0};

    if (!find_kind(text, length, &parsed.kind))
        return false;
    const char *arguments = text + length;
    unsigned count = 0;
    if (*arguments) {
        if (sscanf(arguments, "(%9d,%9d)%n", &size, &scale, &end) == 2 && end > 0)
            count = 2;
        else if (sscanf(arguments, "(%9d)%n", &size, &end) == 1 && end > 0)
            count = 1;
        if (count == 0 || arguments[end] || count > kinds[parsed.kind].arguments || size < 0 || scale < 0)
            return false;
    }

    switch (parsed.kind) {
    case TYPE_STRING:
    case TYPE_BINARY:
        parsed.size = size;
        if (count && size < 1) /* nothing fits; without a bound it is written without a number */
            return false;
        break;
    case TYPE_DECIMAL:
        parsed.size = count ? size : DECIMAL_DIGITS;
        parsed.scale = (int16_t)scale;
        if (parsed.size < 1 || parsed.size > DECIMAL_DIGITS || scale > parsed.size)
            return false;
        break;
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        if (size > TIMESTAMP_FRACTION)
            return false;
        parsed.scale = (int16_t)size;
        break;
    default:
        parsed.size = size;
    }
    *type = parsed;
    return true;
}

void type_print(const struct type *type, char *out, size_t room)
{
    const char *name = kinds[type->kind].name;
    if (type->kind == TYPE_DECIMAL)
        snprintf(out, room, "%s(%d,%d)", name, (int)type->size, (int)type->scale);
    else if ((type->kind == TYPE_TIME || type->kind == TYPE_TIMESTAMP) && type->scale)
        snprintf(out, room, "%s(%d)", name, (int)type->scale);
    else if ((type->kind == TYPE_STRING || type->kind == TYPE_BINARY) && type->size)
        snprintf(out, room, "%s(%d)", name, (int)type->size);
    else
        snprintf(out, room, "%s", name);
}

/* The codes are those of sql.h, which only driver/odbc may include. */
static const struct type_description descriptions[] = {
    [TYPE_BOOLEAN] = {"BIT", -7, 1, 0, -1},
    [TYPE_TINYINT] = {"TINYINT", -6, 3, 0, 10},
    [TYPE_SMALLINT] = {"SMALLINT", 5, 5, 0, 10},
    [TYPE_INTEGER] = {"INTEGER", 4, 10, 0, 10},
    [TYPE_BIGINT] = {"BIGINT", -5, 19, 0, 10},
    [TYPE_DOUBLE] = {"DOUBLE", 8, 15, -1, 10},
    [TYPE_DECIMAL] = {"DECIMAL", 3, 0, 0, 10},
    [TYPE_DATE] = {"DATE", 91, 10, -1, -1},
    [TYPE_TIME] = {"TIME", 92, 8, 0, -1},
    [TYPE_TIMESTAMP] = {"TIMESTAMP", 93, 19, 0, -1},
    [TYPE_STRING] = {"VARCHAR", -9, 0, -1, -1},
    [TYPE_BINARY] = {"VARBINARY", -3, 0, -1, -1},
    [TYPE_GUID] = {"GUID", -11, 36, -1, -1},
    [TYPE_JSON] = {"VARCHAR", -9, 0, -1, -1},
};

const char *type_literal(const struct type *type, const char *text, struct arena *arena)
{
    if (!text || !type_is_text(type->kind))
        return text;
    char *literal = arena_alloc(arena, 2 * strlen(text) + 3);
    if (!literal)
        return NULL;
    char *at = literal;
    *at++ = '\'';
    for (; *text; text++) {
        *at++ = *text;
        if (*text == '\'')
            *at++ = '\'';
    }
    *at = '\'';
    return literal;
}

void type_describe(const struct type *type, struct type_description *description)
{
    static const struct type_description longvarchar = {"LONGVARCHAR", -10, 0, -1, -1}, longvarbinary = {"LONGVARBINARY", -4, 0, -1, -1};
    int32_t bound = type->size > 0 ? type->size : SIZE_UNBOUNDED;

    *description = descriptions[type->kind];
    switch (type->kind) {
    case TYPE_DECIMAL:
        description->size = type->size;
        description->digits = type->scale;
        break;
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        description->size += type->scale > 0 ? type->scale + 1 : 0;
        description->digits = type->scale;
        break;
    case TYPE_BINARY:
        if (bound > SIZE_LONGEST_VARBINARY)
            *description = longvarbinary;
        description->size = bound;
        break;
    case TYPE_STRING:
    case TYPE_JSON:
        if (bound > SIZE_LONGEST_VARCHAR)
            *description = longvarchar;
        description->size = bound;
        break;
    default:
        break;
    }
}
