#include "sql/assign.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"

/* The bytes that are left when blanks behind the first `size` characters go; the whole when something else stands there. */
static size_t without_blanks(const struct value *text, int32_t size)
{
    size_t at = 0;

    for (int32_t count = 0; at < text->length && count < size; count++)
        do
            at++;
        while (at < text->length && ((unsigned char)text->text[at] & 0xc0) == 0x80);
    for (size_t i = at; i < text->length; i++)
        if (text->text[i] != ' ')
            return text->length;
    return at;
}

static bool assign_text(const struct value *value, const struct type *to, struct arena *arena, struct value *result, struct error *err)
{
    size_t length = to->size ? without_blanks(value, to->size) : value->length;

    if (length == value->length)
        return value_from_text(to, value->text, value->length, arena, result, err);
    const char *text = arena_copy(arena, value->text, length);
    if (!text)
        return error_memory(err);
    *result = value_text(text, length);
    return true;
}

bool assign_value(const struct type *from, const struct value *value, const struct type *to, struct arena *arena, struct value *result,
                  struct error *err)
{
    if (value->storage == STORAGE_TEXT && to->kind == TYPE_STRING && type_is_text(from->kind))
        return assign_text(value, to, arena, result, err);
    if (value->storage == STORAGE_TEXT && from->kind == TYPE_DECIMAL && to->kind == TYPE_DECIMAL)
        return value_from_text(to, value->text, value->length, arena, result, err);
    return value_cast(from, value, to, arena, result, err);
}
