#include "providers/definition/body.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static bool is_index(const char *name, size_t *index)
{
    char *end;

    if (name[0] < '0' || name[0] > '9' || strlen(name) > 3)
        return false;
    *index = (size_t)strtoul(name, &end, 10);
    return *end == '\0';
}

static json_t *child(json_t *parent, const char *name)
{
    size_t index;
    return json_is_array(parent) && is_index(name, &index) ? json_array_get(parent, index) : json_object_get(parent, name);
}

static bool put(json_t *parent, const char *name, json_t *value)
{
    size_t index;

    if (!json_is_array(parent))
        return json_object_set_new(parent, name, value) == 0;
    if (!is_index(name, &index)) {
        json_decref(value);
        return false;
    }
    while (json_array_size(parent) <= index)
        if (json_array_append_new(parent, json_null()) != 0) {
            json_decref(value);
            return false;
        }
    return json_array_set_new(parent, index, value) == 0;
}

bool body_put(json_t *root, const struct path *path, json_t *value)
{
    json_t *parent = root;
    size_t unused;

    if (!value)
        return false;
    for (size_t i = 0; i + 1 < path->length; i++) {
        json_t *next = child(parent, path->steps[i].name);
        if (!next || json_is_null(next)) {
            if (!put(parent, path->steps[i].name, is_index(path->steps[i + 1].name, &unused) ? json_array() : json_object())) {
                json_decref(value);
                return false;
            }
            next = child(parent, path->steps[i].name);
        }
        parent = next;
    }
    if (path->length == 0) {
        json_decref(value);
        return true;
    }
    return put(parent, path->steps[path->length - 1].name, value);
}

/* One text, or an array of several. */
static json_t *make_value(const char *text)
{
    size_t length = strcspn(text, BODY_DIVIDER);

    if (!text[length])
        return json_string(text);
    json_t *array = json_array();
    for (;; text += length + 1) {
        length = strcspn(text, BODY_DIVIDER);
        json_array_append_new(array, json_stringn(text, length));
        if (!text[length])
            return array;
    }
}

static int append(const char *bytes, size_t length, void *out)
{
    return buffer_append(out, bytes, length) ? 0 : -1;
}

bool body_print(const json_t *root, struct buffer *body)
{
    return json_dump_callback(root, append, body, JSON_COMPACT) == 0;
}

bool body_write(const struct path *at, const char *const *names, const char *const *values, size_t count, struct buffer *body)
{
    json_t *root = json_object(), *object = root;

    if (root && at->length) {
        object = json_object();
        if (!body_put(root, at, object))
            object = NULL;
    }
    bool done = object;
    for (size_t i = 0; done && i < count; i++)
        done = json_object_set_new(object, names[i], make_value(values[i])) == 0;
    done = done && body_print(root, body);
    json_decref(root);
    return done;
}
