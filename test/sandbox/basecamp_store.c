/* Keeps records by kind, by id and by what they lie in. */
#include "test/sandbox/basecamp_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/server.h"

struct store_kind {
    struct record **records;
    size_t count, room;
};

static size_t kind_count(const struct kind *kinds)
{
    size_t count = 0;
    while (kinds[count].name)
        count++;
    return count;
}

struct store *store_open(const struct kind *kinds, int64_t now, const int64_t first_ids[SEQUENCES])
{
    struct store *store = zeroed(1, sizeof *store);
    store->kinds = kinds;
    store->now = store->changed = now;
    memcpy(store->next_id, first_ids, sizeof store->next_id);
    store->by_kind = zeroed(kind_count(kinds), sizeof *store->by_kind);
    store->index_size = 1024;
    store->index = zeroed(store->index_size, sizeof(struct record *));
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    for (size_t k = 0; store->kinds[k].name; k++) {
        struct store_kind *kind = &store->by_kind[k];
        for (size_t i = 0; i < kind->count; i++) {
            json_decref(kind->records[i]->portrait);
            json_decref(kind->records[i]->members);
            free(kind->records[i]);
        }
        free(kind->records);
    }
    free(store->by_kind);
    free(store->index);
    free(store);
}

const struct kind *store_kind(const struct store *store, const char *name)
{
    for (const struct kind *kind = store->kinds; kind->name; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    fprintf(stderr, "restodbc-sandbox: there is no kind %s\n", name);
    abort();
}

static size_t slot_of(const struct store *store, int64_t id)
{
    uint64_t mixed = (uint64_t)id * 0x9E3779B97F4A7C15u;
    return (size_t)(mixed >> 20) & (store->index_size - 1);
}

static void index_put(struct store *store, struct record *record)
{
    size_t slot = slot_of(store, record->id);
    while (store->index[slot])
        slot = (slot + 1) & (store->index_size - 1);
    store->index[slot] = record;
}

static void index_add(struct store *store, struct record *record)
{
    if (2 * ++store->count > store->index_size) {
        struct record **old = store->index;
        size_t size = store->index_size;
        store->index_size *= 2;
        store->index = zeroed(store->index_size, sizeof(struct record *));
        for (size_t i = 0; i < size; i++)
            if (old[i])
                index_put(store, old[i]);
        free(old);
    }
    index_put(store, record);
}

static void attach(struct record *record, struct record *parent)
{
    record->parent = parent;
    if (!parent)
        return;
    if (parent->last)
        parent->last->next = record;
    else
        parent->first = record;
    parent->last = record;
}

struct record *store_add(struct store *store, const char *kind_name, struct record *parent, json_t *members)
{
    struct record *record = zeroed(1, sizeof *record);
    const struct kind *kind = store_kind(store, kind_name);
    struct store_kind *all = &store->by_kind[kind - store->kinds];

    record->kind = kind;
    record->id = store->next_id[kind->sequence]++;
    record->creator = store->me;
    record->created = record->updated = store->now;
    record->members = members ? members : json_object();
    attach(record, parent);
    record->bucket = kind->traits & KIND_BUCKET ? record : parent ? parent->bucket : NULL;
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 16;
        all->records = realloc(all->records, all->room * sizeof(struct record *));
        if (!all->records)
            abort();
    }
    all->records[all->count++] = record;
    index_add(store, record);
    return record;
}

struct record *store_find(const struct store *store, int64_t id)
{
    for (size_t slot = slot_of(store, id); store->index[slot]; slot = (slot + 1) & (store->index_size - 1))
        if (store->index[slot]->id == id)
            return store->index[slot]->gone ? NULL : store->index[slot];
    return NULL;
}

struct record *const *store_all(const struct store *store, const struct kind *kind, size_t *count)
{
    const struct store_kind *all = &store->by_kind[kind - store->kinds];
    *count = all->count;
    return all->records;
}

static void forget_portrait(struct record *record)
{
    json_decref(record->portrait);
    record->portrait = NULL;
}

void store_touch(struct store *store, struct record *record)
{
    store->now += 1000;
    store->changed = store->now;
    record->updated = store->now;
    forget_portrait(record);
    if (record->bucket) {
        record->bucket->updated = store->now;
        forget_portrait(record->bucket);
    }
}

enum standing record_standing(const struct record *record)
{
    enum standing worst = STANDING_ACTIVE;
    for (; record; record = record->parent)
        if (record->standing > worst)
            worst = record->standing;
    return worst;
}

static bool same_name(const char *name, const char *piece, size_t length)
{
    return name && strlen(name) == length && strncmp(name, piece, length) == 0;
}

bool kind_is(const struct kind *kind, const char *names)
{
    for (const char *at = names;; at++) {
        size_t length = strcspn(at, "|");
        if (same_name(kind->name, at, length) || same_name(kind->family, at, length) ||
            ((kind->traits & KIND_RECORDING) && same_name("Recording", at, length)))
            return true;
        at += length;
        if (!*at)
            return false;
    }
}

void record_move(struct record *record, struct record *parent)
{
    struct record *old = record->parent, *before = NULL;
    for (struct record *at = old ? old->first : NULL; at && at != record; at = at->next)
        before = at;
    if (old) {
        if (before)
            before->next = record->next;
        else
            old->first = record->next;
        if (old->last == record)
            old->last = before;
    }
    record->next = NULL;
    attach(record, parent);
}

size_t record_count(const struct record *record, const char *kinds)
{
    size_t count = 0;
    for (const struct record *child = record->first; child; child = child->next)
        count += !child->gone && child->standing == STANDING_ACTIVE && kind_is(child->kind, kinds);
    return count;
}

json_t *record_get(const struct record *record, const char *name)
{
    return json_object_get(record->members, name);
}

const char *record_text(const struct record *record, const char *name)
{
    return json_string_value(record_get(record, name));
}

int64_t record_number(const struct record *record, const char *name)
{
    return json_integer_value(record_get(record, name));
}

bool record_true(const struct record *record, const char *name)
{
    return json_is_true(record_get(record, name));
}

void record_set(struct record *record, const char *name, json_t *value)
{
    json_object_set_new(record->members, name, value);
    forget_portrait(record);
}

char *record_title(const struct record *record)
{
    const char *own = record->kind->title ? record_text(record, record->kind->title) : NULL;
    if (own)
        return text_copy(own);
    if (record->kind->title || !record->parent)
        return text_copy("");

    char *answered = record_title(record->parent);
    size_t room = strlen(answered) + 5;
    char *title = zeroed(room, 1);
    snprintf(title, room, "Re: %s", answered);
    free(answered);
    return title;
}

static size_t place_in(const json_t *list, int64_t id)
{
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element)
        if (json_integer_value(element) == id)
            return i;
    return json_array_size(list);
}

bool record_lists(const struct record *record, const char *name, int64_t id)
{
    const json_t *list = record_get(record, name);
    return place_in(list, id) < json_array_size(list);
}

void record_enlist(struct record *record, const char *name, int64_t id, bool wanted)
{
    json_t *list = record_get(record, name);
    if (!list) {
        list = json_array();
        record_set(record, name, list);
    }
    size_t place = place_in(list, id);
    if (wanted && place == json_array_size(list))
        json_array_append_new(list, json_integer(id));
    else if (!wanted)
        json_array_remove(list, place);
    forget_portrait(record);
}
