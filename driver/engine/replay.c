#include "engine/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum {
    REPLAY_BYTES = 32 << 20,   /* the most that one execution keeps */
    BUCKETS = 1024,
    FIRST_ROWS = 8,
};

struct replay_scan {
    struct replay_scan *next;
    const char *key;
    size_t key_length;
    const bool *wanted;
    size_t column_count;
    struct value **columns;
    size_t rows, room;
};

static void append_value(struct buffer *key, const struct value *value)
{
    bool text = value->storage == STORAGE_TEXT || value->storage == STORAGE_BLOB;

    buffer_append(key, &value->storage, sizeof value->storage);
    if (text)
        buffer_append(key, &value->length, sizeof value->length);
    buffer_append(key, text ? (const void *)value->text : &value->integer, text ? value->length : sizeof value->integer);
}

/* What makes two scans the same. */
static bool make_key(struct buffer *key, const struct table *table, const char *plan, const struct filters *filters)
{
    buffer_init(key, REPLAY_BYTES);
    buffer_append(key, &table, sizeof table);
    buffer_append(key, plan, strlen(plan) + 1);
    buffer_append(key, &filters->limit, sizeof filters->limit);
    for (size_t i = 0; i < filters->count; i++) {
        const struct filter *filter = &filters->list[i];
        buffer_append(key, &filter->column, sizeof filter->column);
        buffer_append(key, &filter->op, sizeof filter->op);
        buffer_append(key, &filter->value_count, sizeof filter->value_count);
        for (size_t j = 0; j < filter->value_count; j++)
            append_value(key, &filter->values[j]);
    }
    return !key->failed;
}

/* FNV-1a */
static size_t bucket_of(const char *key, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3ULL;
    return (hash ^ hash >> 32) % BUCKETS;
}

bool replay_find(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                 struct batch *batch)
{
    struct buffer key;
    bool found = false;

    if (!replay->buckets)
        return false;
    if (make_key(&key, table, plan, filters))
        for (const struct replay_scan *scan = replay->buckets[bucket_of(key.data, key.length)]; scan && !found; scan = scan->next) {
            if (scan->key_length != key.length || memcmp(scan->key, key.data, key.length) != 0)
                continue;
            *batch = (struct batch){.row_count = scan->rows, .cells = (const struct value **)scan->columns};
            found = true;
        }
    buffer_clear(&key);
    return found;
}

/* The first scan of an execution is the outermost loop, mostly, and comes back never: large results stream through. */
struct replay_scan *replay_begin(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                                 const bool *wanted)
{
    struct buffer key;
    struct replay_scan *scan = NULL;

    if (replay->begun++ == 0 || replay->bytes > REPLAY_BYTES)
        return NULL;
    if (!replay->buckets)
        replay->buckets = calloc(BUCKETS, sizeof(struct replay_scan *));
    if (replay->buckets && make_key(&key, table, plan, filters)) {
        scan = arena_alloc(&replay->arena, sizeof *scan);
        char *copy = arena_copy(&replay->arena, key.data, key.length);
        bool *columns_wanted = arena_array(&replay->arena, table->column_count + 1, sizeof *columns_wanted);
        struct value **columns = arena_array(&replay->arena, table->column_count + 1, sizeof *columns);
        if (scan && copy && columns_wanted && columns) {
            memcpy(columns_wanted, wanted, table->column_count * sizeof *wanted);
            *scan = (struct replay_scan){.key = copy, .key_length = key.length, .wanted = columns_wanted,
                                         .column_count = table->column_count, .columns = columns};
            replay->bytes += sizeof *scan + key.length + table->column_count * sizeof *columns;
        } else {
            scan = NULL;
        }
        buffer_clear(&key);
    }
    return scan;
}

static bool make_room(struct replay *replay, struct replay_scan *scan, size_t rows)
{
    size_t room = scan->room ? scan->room : FIRST_ROWS;

    if (rows <= scan->room)
        return true;
    while (room < rows)
        room *= 2;
    for (size_t i = 0; i < scan->column_count; i++) {
        if (!scan->wanted[i])
            continue;
        struct value *cells = arena_array(&replay->arena, room, sizeof *cells);
        if (!cells)
            return false;
        if (scan->rows)
            memcpy(cells, scan->columns[i], scan->rows * sizeof *cells);
        scan->columns[i] = cells;
        replay->bytes += room * sizeof *cells;
    }
    scan->room = room;
    return replay->bytes <= REPLAY_BYTES;
}

static bool add_column(struct replay *replay, const struct value *cells, size_t count, struct value *copies)
{
    for (size_t i = 0; i < count; i++) {
        copies[i] = cells ? cells[i] : value_null();
        if (copies[i].storage != STORAGE_TEXT && copies[i].storage != STORAGE_BLOB)
            continue;
        copies[i].text = arena_copy(&replay->arena, cells[i].text, cells[i].length);
        if (!copies[i].text)
            return false;
        replay->bytes += cells[i].length;
    }
    return true;
}

bool replay_add(struct replay *replay, struct replay_scan *scan, const struct batch *batch)
{
    if (!make_room(replay, scan, scan->rows + batch->row_count))
        return false;
    for (size_t i = 0; i < scan->column_count; i++)
        if (scan->wanted[i] && !add_column(replay, batch->cells[i], batch->row_count, scan->columns[i] + scan->rows))
            return false;
    scan->rows += batch->row_count;
    return true;
}

void replay_finish(struct replay *replay, struct replay_scan *scan)
{
    struct replay_scan **bucket = &replay->buckets[bucket_of(scan->key, scan->key_length)];
    scan->next = *bucket;
    *bucket = scan;
}

void replay_clear(struct replay *replay)
{
    free(replay->buckets);
    arena_clear(&replay->arena);
    *replay = (struct replay){0};
}
