/* Reads the texts of shapes into items, and writes records by them. */
#include "test/sandbox/basecamp_shape.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/server.h"

enum source {
    FROM_MEMBER, FROM_DERIVED, FROM_API, FROM_APP, FROM_SAME, FROM_PARENT, FROM_BUCKET, FROM_CREATOR, FROM_ONE, FROM_EACH, FROM_ALL,
    FROM_COUNT, FROM_MOMENT
};

struct item {
    char *name;
    bool optional;
    enum source source;
    char *what;                 /* a member, a path, kinds */
    json_t *standard;           /* of a member */
    derive_function *derive;
    const struct shape *shape;  /* of an inner object or its elements */
};

struct shape {
    const char *name;
    struct item *items;
    size_t count;
    bool kept;
};

struct shapes {
    const struct shape_source *source;
    struct shape *all;
    size_t count;
};

/* ---- Values that every product derives ---- */

static json_t *derive_id(const struct view *view, const struct record *record)
{
    (void)view;
    return json_integer(record->id);
}

static json_t *derive_type(const struct view *view, const struct record *record)
{
    (void)view;
    return json_string(record->kind->type ? record->kind->type : record->kind->name);
}

static json_t *derive_title(const struct view *view, const struct record *record)
{
    char *title = record_title(record);
    json_t *json = json_string(title);
    (void)view;
    free(title);
    return json;
}

static json_t *derive_status(const struct view *view, const struct record *record)
{
    static const char *const names[] = {"active", "archived", "trashed"};
    (void)view;
    return json_string(names[record_standing(record)]);
}

static json_t *derive_trashed(const struct view *view, const struct record *record)
{
    (void)view;
    return json_boolean(record_standing(record) == STANDING_TRASHED);
}

static json_t *derive_created(const struct view *view, const struct record *record)
{
    return shape_moment(view, record->created);
}

static json_t *derive_updated(const struct view *view, const struct record *record)
{
    return shape_moment(view, record->updated);
}

static json_t *derive_position(const struct view *view, const struct record *record)
{
    (void)view;
    return record->position > 0 ? json_integer(record->position) : json_null();
}

static json_t *derive_url(const struct view *view, const struct record *record)
{
    return record->kind->path ? shape_api_url(view, record->kind->path, record) : json_null();
}

static json_t *derive_app_url(const struct view *view, const struct record *record)
{
    const char *path = record->kind->app_path ? record->kind->app_path : record->kind->path;
    return path ? shape_app_url(view, path, record) : json_null();
}

static json_t *derive_parent_id(const struct view *view, const struct record *record)
{
    (void)view;
    return record->parent ? json_integer(record->parent->id) : json_null();
}

static const struct derivation common[] = {
    {"id", derive_id}, {"type", derive_type}, {"title", derive_title}, {"status", derive_status}, {"trashed", derive_trashed},
    {"created_at", derive_created}, {"updated_at", derive_updated}, {"position", derive_position}, {"url", derive_url},
    {"app_url", derive_app_url}, {"parent_id", derive_parent_id}, {NULL, NULL},
};

/* ---- Reading the texts ---- */

static void mistaken(const char *shape, const char *piece)
{
    fprintf(stderr, "restodbc-sandbox: shape %s: \"%s\" is not understood\n", shape, piece);
    abort();
}

static derive_function *find_derivation(const struct derivation *derivations, const char *name)
{
    for (; derivations->name; derivations++)
        if (strcmp(derivations->name, name) == 0)
            return derivations->derive;
    return NULL;
}

const struct shape *shapes_find(const struct shapes *shapes, const char *name)
{
    for (size_t i = 0; i < shapes->count; i++)
        if (strcmp(shapes->all[i].name, name) == 0)
            return &shapes->all[i];
    mistaken(name, "no shape of that name");
    return NULL;
}

static char *text_piece(const char *text, size_t length)
{
    char *piece = zeroed(length + 1, 1);
    memcpy(piece, text, length);
    return piece;
}

/* "assignee_ids:Person": the last ':' divides, for kinds have "::" in their names. */
static void read_what_and_shape(const struct shapes *shapes, struct item *item, const char *rest)
{
    const char *colon = strrchr(rest, ':');
    item->what = text_piece(rest, colon ? (size_t)(colon - rest) : 0);
    item->shape = shapes_find(shapes, colon ? colon + 1 : rest);
}

static void read_source(const struct shapes *shapes, const char *shape, struct item *item, const char *text)
{
    static const struct { const char *word; enum source source; } words[] = {
        {"parent:", FROM_PARENT}, {"bucket:", FROM_BUCKET}, {"creator:", FROM_CREATOR}, {"one:", FROM_ONE}, {"each:", FROM_EACH},
        {"all:", FROM_ALL}, {"count:", FROM_COUNT}, {"moment:", FROM_MOMENT},
    };

    if (*text == '#') {
        item->what = text_copy(item->name);
        item->standard = json_loads(text + 1, JSON_DECODE_ANY, NULL);
        if (!item->standard)
            mistaken(shape, text);
    } else if (*text == '.') {
        item->what = text_copy(text + 1);
    } else if (*text == '@') {
        item->source = FROM_DERIVED;
        item->derive = find_derivation(common, text + 1);
        for (size_t i = 0; !item->derive && shapes->source->derivations[i]; i++)
            item->derive = find_derivation(shapes->source->derivations[i], text + 1);
        if (!item->derive)
            mistaken(shape, text);
    } else if (*text == '/' || strncmp(text, "{within}", 8) == 0) {
        item->source = FROM_API;
        item->what = text_copy(text);
    } else if (*text == '~') {
        item->source = FROM_APP;
        item->what = text_copy(text + 1);
    } else if (*text == '{') {
        char *name = text_piece(text + 1, strlen(text) - 2);
        item->source = FROM_SAME;
        item->shape = shapes_find(shapes, name);
        free(name);
    } else {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            size_t length = strlen(words[i].word);
            if (strncmp(text, words[i].word, length) != 0)
                continue;
            item->source = words[i].source;
            if (item->source == FROM_COUNT || item->source == FROM_MOMENT)
                item->what = text_copy(text + length);
            else
                read_what_and_shape(shapes, item, text + length);
            return;
        }
        mistaken(shape, text);
    }
}

static void read_items(struct shapes *shapes, struct shape *shape, const char *members)
{
    for (const char *at = members; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        char *piece = text_piece(at, length), *equals = strchr(piece, '=');
        at += length;
        if (isupper((unsigned char)piece[0])) {
            const struct shape_text *text = shapes->source->shapes;
            while (text->name && strcmp(text->name, piece) != 0)
                text++;
            if (!text->name)
                mistaken(shape->name, piece);
            read_items(shapes, shape, text->members);
            free(piece);
            continue;
        }
        shape->items = realloc(shape->items, (shape->count + 1) * sizeof *shape->items);
        if (!shape->items)
            abort();
        struct item *item = &shape->items[shape->count++];
        bool optional = *piece == '?';
        *item = (struct item){.optional = optional,
                              .name = text_piece(piece + optional, equals ? (size_t)(equals - piece) - optional : strlen(piece) - optional)};
        if (equals)
            read_source(shapes, shape->name, item, equals + 1);
        else
            item->what = text_copy(item->name);
        free(piece);
    }
}

struct shapes *shapes_open(const struct shape_source *source)
{
    struct shapes *shapes = zeroed(1, sizeof *shapes);
    shapes->source = source;
    while (source->shapes[shapes->count].name)
        shapes->count++;
    shapes->all = zeroed(shapes->count, sizeof *shapes->all);
    for (size_t i = 0; i < shapes->count; i++) {
        const char *name = shapes->all[i].name = source->shapes[i].name, *kept = strstr(source->kept, name);
        shapes->all[i].kept = kept && (kept == source->kept || kept[-1] == '|') && strchr("|", kept[strlen(name)]);
    }
    for (size_t i = 0; i < shapes->count; i++)
        read_items(shapes, &shapes->all[i], source->shapes[i].members);
    return shapes;
}

void shapes_close(struct shapes *shapes)
{
    for (size_t i = 0; i < shapes->count; i++) {
        for (size_t j = 0; j < shapes->all[i].count; j++) {
            struct item *item = &shapes->all[i].items[j];
            free(item->name);
            free(item->what);
            json_decref(item->standard);
        }
        free(shapes->all[i].items);
    }
    free(shapes->all);
    free(shapes);
}

/* ---- Writing ---- */

/* "-jason-fried" of "Jason Fried": how paths of Basecamp 2 follow an id. */
static void write_slug(FILE *out, const struct record *record)
{
    char *title = record_title(record);
    bool gap = true;
    for (const char *c = title; *c; c++) {
        bool plain = isalnum((unsigned char)*c);
        if (plain && gap)
            fputc('-', out);
        if (plain)
            fputc(tolower((unsigned char)*c), out);
        gap = !plain;
    }
    free(title);
}

static void write_path(FILE *out, const char *path, const struct record *record)
{
    for (; *path; path++) {
        if (*path != '{') {
            fputc(*path, out);
            continue;
        }
        if (strncmp(path, "{slug}", 6) == 0)
            write_slug(out, record);
        else if (strncmp(path, "{within}", 8) == 0)
            write_path(out, record->bucket->kind->path, record->bucket);
        else
            fprintf(out, "%lld", (long long)(path[1] == 'b' ? record->bucket : path[1] == 'p' ? record->parent : record)->id);
        path = strchr(path, '}');
    }
}

static json_t *write_url(const char *base, const char *path, const char *end, const struct record *record)
{
    char *url = NULL;
    size_t length;
    FILE *out = open_memstream(&url, &length);

    if (!out)
        abort();
    fputs(base, out);
    write_path(out, path, record);
    fputs(end, out);
    fclose(out);
    json_t *json = json_string(url);
    free(url);
    return json;
}

json_t *shape_api_url(const struct view *view, const char *path, const struct record *record)
{
    return write_url(view->api, path, ".json", record);
}

json_t *shape_app_url(const struct view *view, const char *path, const struct record *record)
{
    return write_url(view->app, path, "", record);
}

json_t *shape_moment(const struct view *view, int64_t milliseconds)
{
    return view->shapes->source->moment(milliseconds);
}

static json_t *written_or_null(const struct view *view, const struct shape *shape, const struct record *record)
{
    return record ? shape_write(view, shape, record) : json_null();
}

static json_t *write_each(const struct view *view, const struct shape *shape, const json_t *ids)
{
    json_t *list = json_array(), *id;
    size_t i;
    json_array_foreach(ids, i, id) {
        const struct record *record = store_find(view->store, json_integer_value(id));
        if (record)
            json_array_append_new(list, shape_write(view, shape, record));
    }
    return list;
}

static json_t *write_all(const struct view *view, const struct item *item, const struct record *record)
{
    json_t *list = json_array();
    for (const struct record *child = record->first; child; child = child->next)
        if (!child->gone && child->standing == STANDING_ACTIVE && kind_is(child->kind, item->what))
            json_array_append_new(list, shape_write(view, item->shape, child));
    return list;
}

static json_t *write_item(const struct view *view, const struct item *item, const struct record *record)
{
    json_t *value;

    switch (item->source) {
    case FROM_MEMBER:
        value = record_get(record, item->what);
        return value ? json_incref(value) : item->standard ? json_incref(item->standard) : json_null();
    case FROM_DERIVED: return item->derive(view, record);
    case FROM_API: return shape_api_url(view, item->what, record);
    case FROM_APP: return shape_app_url(view, item->what, record);
    case FROM_SAME: return shape_write(view, item->shape, record);
    case FROM_PARENT: return written_or_null(view, item->shape, record->parent == record->bucket ? NULL : record->parent);
    case FROM_BUCKET: return written_or_null(view, item->shape, record->bucket);
    case FROM_CREATOR: return written_or_null(view, item->shape, record->creator);
    case FROM_ONE: return written_or_null(view, item->shape, store_find(view->store, record_number(record, item->what)));
    case FROM_EACH: return write_each(view, item->shape, record_get(record, item->what));
    case FROM_ALL: return write_all(view, item, record);
    case FROM_COUNT: return json_integer((json_int_t)record_count(record, item->what));
    case FROM_MOMENT:
        value = record_get(record, item->what);
        return json_is_integer(value) ? shape_moment(view, json_integer_value(value)) : json_null();
    }
    return json_null();
}

json_t *shape_write(const struct view *view, const struct shape *shape, const struct record *record)
{
    if (shape->kept && record->portrait && record->portrait_of == shape)
        return json_incref(record->portrait);

    json_t *object = json_object();
    for (size_t i = 0; i < shape->count; i++) {
        const struct item *item = &shape->items[i];
        json_t *value = write_item(view, item, record);
        if (item->optional && json_is_null(value))
            continue;
        json_object_set_new_nocheck(object, item->name, value);
    }
    if (shape->kept) {      /* the portrait is no part of what the record is */
        struct record *kept = (struct record *)record;
        json_decref(kept->portrait);
        kept->portrait = json_incref(object);
        kept->portrait_of = shape;
    }
    return object;
}

json_t *shape_write_named(const struct view *view, const char *name, const struct record *record)
{
    return shape_write(view, shapes_find(view->shapes, name), record);
}

json_t *shape_write_listed(const struct view *view, const struct record *record)
{
    return shape_write_named(view, record->kind->listed, record);
}

json_t *shape_write_whole(const struct view *view, const struct record *record)
{
    return shape_write_named(view, record->kind->whole ? record->kind->whole : record->kind->listed, record);
}
