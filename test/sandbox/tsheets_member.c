#include "test/sandbox/tsheets_member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const json_t *member_of(const json_t *object, const char *name)
{
    char step[40];
    for (;;) {
        size_t length = strcspn(name, ".");
        snprintf(step, sizeof step, "%.*s", (int)length, name);
        object = json_object_get(object, step);
        if (!name[length] || !object)
            return object;
        name += length + 1;
    }
}

int64_t number_of(const json_t *value)
{
    if (json_is_integer(value))
        return json_integer_value(value);
    if (json_is_real(value))
        return (int64_t)json_real_value(value);
    return json_is_string(value) ? strtoll(json_string_value(value), NULL, 10) : json_is_true(value);
}

int64_t member_number(const json_t *object, const char *name)
{
    return number_of(member_of(object, name));
}

const char *member_text(const json_t *object, const char *name)
{
    return json_string_value(member_of(object, name));
}
