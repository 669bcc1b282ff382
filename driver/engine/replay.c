#include "engine/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum {
    REPLAY_BYTES = 32 << 20,   /* the most that one execution keeps */
    BUCKETS = 1024,
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
            replay_rows(scan, batch);
            found = true;
        }
    buffer_clear(&key);
    return found;
}

/* wanted: NULL for all columns. */
static struct replay_scan *make_scan(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                                     const bool *wanted, size_t count)
{
    size_t length;

    if (!replay->buckets)
        replay->buckets = calloc(BUCKETS, sizeof(struct replay_scan *));
    struct replay_scan *scan = arena_alloc(&replay->arena, sizeof *scan);
    const char *key = replay_key(table, plan, filters, &replay->arena, &length);
    bool *columns_wanted = arena_array(&replay->arena, count + 1, sizeof *columns_wanted);
    struct value **columns = arena_array(&replay->arena, count + 1, sizeof *columns);
    if (!replay->buckets || !scan || !key || !columns_wanted || !columns)
        return NULL;
    for (size_t i = 0; i < count; i++)
        columns_wanted[i] = !wanted || wanted[i];
    *scan = (struct replay_scan){.key = key, .key_length = length, .wanted = columns_wanted, .column_count = count, .columns = columns};
    replay->bytes += sizeof *scan + length + count * sizeof *columns;
    return scan;
}

struct replay_scan *replay_new(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                               const bool *wanted)
{
    return make_scan(replay, table, plan, filters, wanted, table->column_count);
}

/* The first scan of an execution is the outermost loop, mostly, and comes back never: large results stream through. */
struct replay_scan *replay_begin(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                                 const bool *wanted, bool repeated)
{
    if ((replay->begun++ == 0 && !repeated) || replay_is_full(replay))
        return NULL;
    return replay_new(replay, table, plan, filters, wanted);
}

struct replay_scan *replay_begin_groups(struct replay *replay, const struct table *table, const char *plan, const struct filters *filters,
                                        size_t columns)
{
    replay->begun++;
    return replay_is_full(replay) ? NULL : make_scan(replay, table, plan, filters, NULL, columns);
}

bool replay_is_full(const struct replay *replay)
{
    return replay->bytes > REPLAY_BYTES;
}

const char *replay_key(const struct table *table, const char *plan, const struct filters *filters, struct arena *arena,
                       size_t *length)
{
    struct buffer key;
    const char *copy = make_key(&key, table, plan, filters) ? arena_copy(arena, key.data, key.length) : NULL;

    *length = key.length;
    buffer_clear(&key);
    return copy;
}

static bool make_room(struct replay *replay, struct replay_scan *scan, size_t rows)
{
    size_t room = scan->room ? scan->room : rows;

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
    return !replay_is_full(replay);
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

bool replay_add_rows(struct replay *replay, struct replay_scan *scan, const struct batch *batch, const size_t *rows, size_t count)
{
    if (!make_room(replay, scan, scan->rows + count))
        return false;
    for (size_t i = 0; i < scan->column_count; i++)
        for (size_t j = 0; scan->wanted[i] && j < count; j++)
            scan->columns[i][scan->rows + j] = batch->cells[i][rows[j]];
    scan->rows += count;
    return true;
}

void replay_rows(const struct replay_scan *scan, struct batch *batch)
{
    *batch = (struct batch){.row_count = scan->rows, .cells = (const struct value **)scan->columns};
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
