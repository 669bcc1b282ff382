#include "providers/definition/body.h"

#include <stdio.h>
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

static json_t *make_value(const struct body_member *member)
{
    const char *text = member->value;
    json_t *document = member->json ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

    if (document || !member->list)
        return document ? document : json_string(text);
    json_t *array = json_array();
    for (;;) {
        size_t length = strcspn(text, BODY_DIVIDER);
        json_array_append_new(array, json_stringn(text, length));
        if (!text[length])
            return array;
        text += length + 1;
    }
}

/* "search/name" is the member name of the object search. */
static bool put_member(json_t *object, const char *name, json_t *value)
{
    char piece[128];

    for (const char *slash; (slash = strchr(name, '/')) && (size_t)(slash - name) < sizeof piece; name = slash + 1) {
        snprintf(piece, sizeof piece, "%.*s", (int)(slash - name), name);
        json_t *inner = json_object_get(object, piece);
        if (!inner) {
            inner = json_object();
            json_object_set_new(object, piece, inner);
        }
        object = inner;
    }
    return json_object_set_new(object, name, value) == 0;
}

static int append(const char *bytes, size_t length, void *out)
{
    return buffer_append(out, bytes, length) ? 0 : -1;
}

bool body_print(const json_t *root, struct buffer *body)
{
    return json_dump_callback(root, append, body, JSON_COMPACT) == 0;
}

bool body_write(const struct path *at, const struct body_member *members, size_t count, struct buffer *body)
{
    json_t *root = json_object(), *object = root;

    if (root && at->length) {
        object = json_object();
        if (!body_put(root, at, object))
            object = NULL;
    }
    bool done = object;
    for (size_t i = 0; done && i < count; i++)
        done = put_member(object, members[i].name, make_value(&members[i]));
    done = done && body_print(root, body);
    json_decref(root);
    return done;
}
