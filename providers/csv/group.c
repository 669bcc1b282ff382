#include "providers/csv/group.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/error.h"
#include "providers/csv/filter.h"
#include "providers/csv/reader.h"
#include "providers/csv/tables.h"

enum { FIRST_SLOTS = 1024, MOST_BYTES = 256 << 20, BATCH_ROWS = 4096 };

/* What one aggregate of one group has come to. */
struct state {
    union {
        struct value best;            /* of MIN and MAX */
        decimal_digits exact;         /* a sum of whole numbers, or of so many units of the decimals' last digit */
        struct { double total, lost; } real;  /* a sum by Neumaier, as the engine makes it */
    };
    int64_t count;                    /* values that are not NULL; rows for COUNT(*) */
};

struct group {
    uint64_t hash;
    struct value *keys;
    struct state *states;
};

struct aggregate {
    enum aggregate_function function;
    int column;
    struct type type;                 /* of the column */
    struct type result;
};

struct csv_groups {
    struct arena arena;
    int *keys;                        /* columns */
    struct aggregate *aggregates;
    size_t key_count, aggregate_count;
    struct group **slots;             /* by hash; a power of two of them, half empty at least */
    size_t slot_count;
    struct group **list;              /* as they came */
    size_t count, room;
    size_t bytes;                     /* that they take */
    bool read;
    size_t given;
    struct value **values;            /* of a batch, per key and aggregate */
    char *texts;                      /* of its decimals */
};

bool csv_groups_possible(const struct table *table, const struct aggregation *aggregation)
{
    for (size_t i = 0; i < aggregation->aggregate_count; i++) {
        const struct aggregate_column *aggregate = &aggregation->aggregates[i];
        if (aggregate->function == AGGREGATE_COUNT_ROWS || aggregate->function == AGGREGATE_COUNT)
            continue;
        if (aggregate->function == AGGREGATE_COUNT_DISTINCT)
            return false;
        if ((aggregate->function == AGGREGATE_SUM || aggregate->function == AGGREGATE_AVERAGE)
            && !type_is_number(table->columns[aggregate->column].type.kind))
            return false;
    }
    return true;
}

void csv_groups_want(const struct aggregation *aggregation, bool *wanted)
{
    for (size_t i = 0; i < aggregation->group_count; i++)
        wanted[aggregation->groups[i]] = true;
    for (size_t i = 0; i < aggregation->aggregate_count; i++)
        if (aggregation->aggregates[i].function != AGGREGATE_COUNT_ROWS)
            wanted[aggregation->aggregates[i].column] = true;
}

bool csv_groups_open(const struct csv_reader *reader, const struct aggregation *aggregation, struct csv_groups **result, struct error *err)
{
    struct csv_groups *groups = calloc(1, sizeof *groups);

    if (!groups)
        return error_memory(err);
    *result = groups;
    groups->key_count = aggregation->group_count;
    groups->aggregate_count = aggregation->aggregate_count;
    groups->slot_count = FIRST_SLOTS;
    groups->keys = arena_array(&groups->arena, groups->key_count + 1, sizeof *groups->keys);
    groups->aggregates = arena_array(&groups->arena, groups->aggregate_count + 1, sizeof *groups->aggregates);
    groups->slots = calloc(groups->slot_count, sizeof *groups->slots);
    if (!groups->keys || !groups->aggregates || !groups->slots)
        return error_memory(err);
    for (size_t i = 0; i < groups->key_count; i++)
        groups->keys[i] = aggregation->groups[i];
    for (size_t i = 0; i < groups->aggregate_count; i++) {
        const struct aggregate_column *from = &aggregation->aggregates[i];
        groups->aggregates[i] = (struct aggregate){.function = from->function, .column = from->column, .result = from->type};
        if (from->column >= 0)
            groups->aggregates[i].type = reader->table->table.columns[from->column].type;
    }
    return true;
}

void csv_groups_close(struct csv_groups *groups)
{
    if (!groups)
        return;
    free(groups->slots);
    free(groups->list);
    arena_clear(&groups->arena);
    free(groups);
}

static bool not_here(struct error *err)
{
    return error_set(err, NOT_AGGREGATED, "The groups are made elsewhere");
}

/* --- keys -------------------------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL;
    return hash ^ hash >> 29;
}

static uint64_t hash_value(uint64_t hash, const struct value *value)
{
    switch ((enum storage)value->storage) {
    case STORAGE_NULL:
        return mix(hash, 1);
    case STORAGE_INTEGER:
        return mix(hash, (uint64_t)value->integer);
    case STORAGE_REAL: {
        double real = value->real == 0 ? 0 : value->real; /* there are two zeros, which are equal */
        uint64_t word;
        memcpy(&word, &real, sizeof word);
        return mix(hash, word);
    }
    default:
        break;
    }
    const char *text = value->text;
    size_t left = value->length;
    for (; left >= 8; left -= 8, text += 8) {
        uint64_t word;
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    uint64_t word = value->length;
    for (; left; left--)
        word = word << 8 | (unsigned char)*text++;
    return mix(hash, word);
}

static bool equal_values(const struct value *a, const struct value *b)
{
    if (a->storage != b->storage)
        return false;
    switch ((enum storage)a->storage) {
    case STORAGE_NULL: return true;
    case STORAGE_INTEGER: return a->integer == b->integer;
    case STORAGE_REAL: return !(a->real < b->real) && !(a->real > b->real);
    default: return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
    }
}

static bool has_keys(const struct csv_groups *groups, const struct group *group, const struct csv_reader *reader, size_t row)
{
    for (size_t i = 0; i < groups->key_count; i++)
        if (!equal_values(&group->keys[i], &reader->cells[groups->keys[i]][row]))
            return false;
    return true;
}

static bool copy_value(struct csv_groups *groups, const struct value *from, struct value *to, struct error *err)
{
    *to = *from;
    if (from->storage != STORAGE_TEXT)
        return true;
    groups->bytes += from->length;
    to->text = arena_copy(&groups->arena, from->text, from->length);
    return to->text || error_memory(err);
}

static bool more_slots(struct csv_groups *groups, struct error *err)
{
    size_t count = groups->slot_count * 2;
    struct group **slots = calloc(count, sizeof *slots);

    if (!slots)
        return error_memory(err);
    for (size_t i = 0; i < groups->count; i++) {
        size_t slot = groups->list[i]->hash & (count - 1);
        while (slots[slot])
            slot = (slot + 1) & (count - 1);
        slots[slot] = groups->list[i];
    }
    free(groups->slots);
    groups->slots = slots;
    groups->slot_count = count;
    return true;
}

/* A new group, of the keys of a row; row: -1 for the group of all rows. */
static struct group *make_group(struct csv_groups *groups, const struct csv_reader *reader, size_t row, uint64_t hash, struct error *err)
{
    struct group *group = arena_alloc(&groups->arena, sizeof *group);
    struct value *keys = arena_array(&groups->arena, groups->key_count + 1, sizeof *keys);
    struct state *states = arena_array(&groups->arena, groups->aggregate_count + 1, sizeof *states);

    if (groups->count == groups->room) {
        size_t room = groups->room ? groups->room * 2 : 64;
        struct group **list = realloc(groups->list, room * sizeof *list);
        if (!list) {
            error_memory(err);
            return NULL;
        }
        groups->list = list;
        groups->room = room;
    }
    if (!group || !keys || !states) {
        error_memory(err);
        return NULL;
    }
    *group = (struct group){hash, keys, states};
    for (size_t i = 0; i < groups->key_count; i++)
        if (!copy_value(groups, &reader->cells[groups->keys[i]][row], &keys[i], err))
            return NULL;
    groups->bytes += sizeof *group + groups->key_count * sizeof *keys + groups->aggregate_count * sizeof *states + 64;
    if (groups->bytes > MOST_BYTES) {
        not_here(err);
        return NULL;
    }
    groups->list[groups->count++] = group;
    return group;
}

static struct group *find_group(struct csv_groups *groups, const struct csv_reader *reader, size_t row, struct error *err)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < groups->key_count; i++)
        hash = hash_value(hash, &reader->cells[groups->keys[i]][row]);
    size_t slot = hash & (groups->slot_count - 1);
    for (; groups->slots[slot]; slot = (slot + 1) & (groups->slot_count - 1))
        if (groups->slots[slot]->hash == hash && has_keys(groups, groups->slots[slot], reader, row))
            return groups->slots[slot];
    struct group *group = make_group(groups, reader, row, hash, err);
    if (!group)
        return NULL;
    groups->slots[slot] = group;
    return groups->count * 2 <= groups->slot_count || more_slots(groups, err) ? group : NULL;
}

/* --- aggregates -------------------------------------------------------------------------------------------------------- */

/* A canonical decimal as so many units of its last digit. */
static decimal_digits units(const struct value *value)
{
    const char *text = value->text, *end = text + value->length;
    bool negative = *text == '-';
    decimal_digits all = 0;

    text += negative;
    while (text < end) {
        int64_t some = 0, power = 1;
        for (int i = 0; i < 18 && text < end; text++) {
            if (*text == '.')
                continue;
            some = some * 10 + (*text - '0');
            power *= 10;
            i++;
        }
        all = all * power + some;
    }
    return negative ? -all : all;
}

static bool add(struct state *state, const struct aggregate *aggregate, const struct value *value, struct error *err)
{
    if (aggregate->type.kind == TYPE_DOUBLE) {
        double total = state->real.total + value->real;
        state->real.lost += fabs(state->real.total) >= fabs(value->real) ? state->real.total - total + value->real
                                                                         : value->real - total + state->real.total;
        state->real.total = total;
        return true;
    }
    decimal_digits number = aggregate->type.kind == TYPE_DECIMAL ? units(value) : value->integer;
    return !__builtin_add_overflow(state->exact, number, &state->exact) || not_here(err);
}

static bool keep_best(struct csv_groups *groups, struct state *state, const struct aggregate *aggregate, const struct value *value, struct error *err)
{
    if (state->count > 1) {
        int order = csv_compare(aggregate->type.kind, value, &state->best);
        if (aggregate->function == AGGREGATE_LEAST ? order >= 0 : order <= 0)
            return true;
    }
    if (groups->bytes > MOST_BYTES)
        return not_here(err);
    return copy_value(groups, value, &state->best, err);
}

static bool take_cell(struct csv_groups *groups, struct state *state, const struct aggregate *aggregate, const struct value *value, struct error *err)
{
    if (value_is_null(value))
        return true;
    state->count++;
    switch (aggregate->function) {
    case AGGREGATE_SUM: case AGGREGATE_AVERAGE:
        return add(state, aggregate, value, err);
    case AGGREGATE_LEAST: case AGGREGATE_GREATEST:
        return keep_best(groups, state, aggregate, value, err);
    default:
        return true;
    }
}

static bool take_rows(struct csv_groups *groups, const struct csv_reader *reader, struct error *err)
{
    for (size_t row = 0; row < reader->row_count; row++) {
        struct group *group = groups->key_count ? find_group(groups, reader, row, err) : groups->list[0];
        if (!group)
            return false;
        for (size_t i = 0; i < groups->aggregate_count; i++) {
            const struct aggregate *aggregate = &groups->aggregates[i];
            if (aggregate->function == AGGREGATE_COUNT_ROWS)
                group->states[i].count++;
            else if (!take_cell(groups, &group->states[i], aggregate, &reader->cells[aggregate->column][row], err))
                return false;
        }
    }
    return true;
}

static bool only_counts(const struct csv_groups *groups)
{
    for (size_t i = 0; i < groups->aggregate_count; i++)
        if (groups->aggregates[i].function != AGGREGATE_COUNT_ROWS)
            return false;
    return groups->key_count == 0;
}

static bool read_all(struct csv_groups *groups, struct csv_reader *reader, struct error *err)
{
    int64_t count;

    groups->read = true;
    if (groups->key_count == 0 && !make_group(groups, reader, 0, 0, err))
        return false;
    if (only_counts(groups) && csv_reader_counts(reader)) {
        if (!csv_reader_count(reader, &count, err))
            return false;
        for (size_t i = 0; i < groups->aggregate_count; i++)
            groups->list[0]->states[i].count = count;
        return true;
    }
    do
        if (!csv_reader_next(reader, err) || !take_rows(groups, reader, err))
            return false;
    while (reader->row_count);
    return true;
}

/* --- results ----------------------------------------------------------------------------------------------------------- */

static decimal_digits power_of_ten(int exponent)
{
    decimal_digits power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* A sum or an average as a decimal of the result's type. */
static bool exact_result(const struct state *state, const struct aggregate *aggregate, char *text, struct value *value, struct error *err)
{
    struct decimal sum = {state->exact, aggregate->type.scale}, rows = {state->count, 0}, result;
    decimal_digits most = power_of_ten(aggregate->result.size);

    if (state->exact >= power_of_ten(DECIMAL_DIGITS) || state->exact <= -power_of_ten(DECIMAL_DIGITS))
        return not_here(err);
    if (aggregate->function == AGGREGATE_SUM ? !decimal_rescale(&sum, aggregate->result.scale, &result)
                                             : !decimal_divide(&sum, &rows, aggregate->result.scale, &result))
        return not_here(err);
    if (result.unscaled >= most || result.unscaled <= -most)
        return not_here(err);
    *value = value_text(text, decimal_print(&result, text));
    return true;
}

static bool sum_result(const struct state *state, const struct aggregate *aggregate, char *text, struct value *value, struct error *err)
{
    bool average = aggregate->function == AGGREGATE_AVERAGE;

    if (aggregate->type.kind == TYPE_DOUBLE) {
        double sum = state->real.total + state->real.lost;
        *value = value_real(average ? sum / (double)state->count : sum);
        return isfinite(value->real) || not_here(err);
    }
    if (aggregate->type.kind == TYPE_DECIMAL)
        return exact_result(state, aggregate, text, value, err);
    if (average) {
        struct decimal sum = {state->exact, 0};
        *value = value_real(decimal_to_double(&sum) / (double)state->count);
        return true;
    }
    *value = value_integer((int64_t)state->exact);
    return (state->exact >= type_least(aggregate->result.kind) && state->exact <= type_greatest(aggregate->result.kind)) || not_here(err);
}

static bool result_of(const struct state *state, const struct aggregate *aggregate, char *text, struct value *value, struct error *err)
{
    switch (aggregate->function) {
    case AGGREGATE_COUNT_ROWS: case AGGREGATE_COUNT:
        *value = value_integer(state->count);
        return true;
    case AGGREGATE_LEAST: case AGGREGATE_GREATEST:
        *value = state->count ? state->best : value_null();
        return true;
    default:
        *value = value_null();
        return state->count == 0 || sum_result(state, aggregate, text, value, err);
    }
}

static bool make_room(struct csv_groups *groups, struct error *err)
{
    size_t columns = groups->key_count + groups->aggregate_count;

    groups->values = arena_array(&groups->arena, columns + 1, sizeof *groups->values);
    groups->texts = arena_array(&groups->arena, BATCH_ROWS * (groups->aggregate_count + 1), DECIMAL_TEXT);
    if (!groups->values || !groups->texts)
        return error_memory(err);
    for (size_t i = 0; i < columns; i++)
        if (!(groups->values[i] = arena_array(&groups->arena, BATCH_ROWS, sizeof **groups->values)))
            return error_memory(err);
    return true;
}

bool csv_groups_next(struct csv_groups *groups, struct csv_reader *reader, struct batch *batch, struct error *err)
{
    size_t count = 0;

    *batch = (struct batch){0};
    if (!groups->read && (!read_all(groups, reader, err) || !make_room(groups, err)))
        return false;
    for (; count < BATCH_ROWS && groups->given < groups->count; count++, groups->given++) {
        const struct group *group = groups->list[groups->given];
        for (size_t i = 0; i < groups->key_count; i++)
            groups->values[i][count] = group->keys[i];
        for (size_t i = 0; i < groups->aggregate_count; i++)
            if (!result_of(&group->states[i], &groups->aggregates[i], groups->texts + (count * groups->aggregate_count + i) * DECIMAL_TEXT,
                           &groups->values[groups->key_count + i][count], err))
                return false;
    }
    batch->row_count = count;
    batch->cells = (const struct value **)groups->values;
    return true;
}
