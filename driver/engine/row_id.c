#include "engine/row_id.h"

#include <stdlib.h>
#include <string.h>

#include "table/service.h"

struct row_count {
    uint64_t content;    /* 0 = an empty place */
    uint64_t count;
};

/* The finalizer of MurmurHash3: every bit of the input changes half of the output's. */
static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53ULL;
    return hash ^ hash >> 33;
}

static uint64_t hash_value(uint64_t hash, const struct value *value)
{
    uint64_t word = 0;

    hash = mix(hash ^ value->storage);
    if (value->storage == STORAGE_INTEGER || value->storage == STORAGE_REAL) {
        memcpy(&word, &value->integer, sizeof word);
        return mix(hash ^ word);
    }
    if (value->storage == STORAGE_NULL)
        return hash;
    for (uint32_t at = 0; at < value->length; at += 8) {
        uint32_t left = value->length - at;
        word = 0;
        memcpy(&word, value->text + at, left < 8 ? left : 8);
        hash = mix(hash ^ word);
    }
    return mix(hash ^ value->length);
}

static struct row_count *place(struct row_count *counts, size_t room, uint64_t content)
{
    size_t at = content & (room - 1);
    while (counts[at].content && counts[at].content != content)
        at = (at + 1) & (room - 1);
    return &counts[at];
}

static bool grow(struct row_ids *ids)
{
    size_t room = ids->room ? ids->room * 2 : 256;
    struct row_count *counts = calloc(room, sizeof *counts);

    if (!counts)
        return false;
    for (size_t i = 0; i < ids->room; i++)
        if (ids->counts[i].content)
            *place(counts, room, ids->counts[i].content) = ids->counts[i];
    free(ids->counts);
    ids->counts = counts;
    ids->room = room;
    return true;
}

bool row_ids_next(struct row_ids *ids, const struct batch *batch, const bool *wanted, size_t column_count, size_t row, int64_t *id)
{
    uint64_t content = 0x9e3779b97f4a7c15ULL;

    if (ids->used * 2 >= ids->room && !grow(ids))
        return false;
    for (size_t i = 0; i < column_count; i++)
        if (wanted[i] && batch->cells[i])
            content = hash_value(content, &batch->cells[i][row]);
    if (content == 0)
        content = 1;

    struct row_count *count = place(ids->counts, ids->room, content);
    ids->used += count->content == 0;
    count->content = content;
    *id = (int64_t)mix(content + count->count++);
    return true;
}

void row_ids_clear(struct row_ids *ids)
{
    free(ids->counts);
    *ids = (struct row_ids){0};
}
