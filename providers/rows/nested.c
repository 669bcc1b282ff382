#include "providers/rows/nested.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "providers/rows/coerce.h"

/* The page, an element or member on the way to the rows, or a row itself. */
struct around {
    const struct around *outer;
    const char *key;                 /* the member's name; NULL in an array */
    size_t key_length;
    int64_t index;
    unsigned depth;                  /* in a tree of rows, from 1; 0 = it is in none */
    struct value *cells;             /* of the columns that stand in it, by `own` of its level; NULL for a row that is not one of a tree */
};

struct found_row {
    struct json_mark mark;
    struct around place;
};

/* What to read of the elements of one level. */
struct level {
    struct node tree;
    int *own;                        /* the columns in it */
    size_t own_count;
    struct value **cells;            /* per column of the table, for tree_read_members */
};

struct nested {
    const struct row_reading *reading;
    const bool *needed;
    struct arena arena;              /* the trees */
    struct arena page;               /* what surrounds the rows of this page */
    struct level levels[PATH_LEVELS + 1]; /* by how far around the row: [0] is the row itself */
    struct level anywhere;           /* in a tree: what stands around a row, however far */
    bool tree;                       /* this page's rows are one */
    bool self, keys;                 /* some wanted column is the row itself, or a member's name */
    bool scalars;                    /* rows need not be objects */
    struct found_row *rows;
    size_t row_count, row_room, next;
    int64_t elements;
    uint64_t start, end;
};

/* Rows of which a column is the row itself, or its name, need not be objects; whether that column is wanted or not. */
static bool may_be_scalars(const struct shape *shape)
{
    for (size_t column = 0; column < shape->table->column_count; column++)
        for (size_t i = 0; i < shape->columns[column].at_count; i++) {
            const struct place *place = &shape->columns[column].at[i];
            if (place->kind == PLACE_SELF || (place->kind == PLACE_KEY && place->up == 0))
                return true;
        }
    return false;
}

bool nested_is_needed(const struct shape *shape, const bool *needed)
{
    if (may_be_scalars(shape))
        return true;
    for (size_t i = 0; i < shape->row_count; i++)
        if (shape->rows[i].level_count > 1 || shape->rows[i].below.length)
            return true;
    for (size_t column = 0; column < shape->table->column_count; column++)
        for (size_t i = 0; needed[column] && i < shape->columns[column].at_count; i++)
            if (shape->columns[column].at[i].kind != PLACE_MEMBER || shape->columns[column].at[i].up)
                return true;
    return false;
}

static bool add_to_level(struct nested *nested, struct level *level, int column, const struct place *place, struct error *err)
{
    size_t columns = nested->reading->shape->table->column_count;

    if (!level->own) {
        level->own = arena_array(&nested->arena, columns, sizeof *level->own);
        level->cells = arena_array(&nested->arena, columns, sizeof *level->cells);
    }
    if (!level->own || !level->cells || !tree_add_column(&nested->arena, &level->tree, &place->path, column))
        return error_memory(err);
    for (size_t i = 0; i < level->own_count; i++)
        if (level->own[i] == column)
            return true;
    level->own[level->own_count++] = column;
    return true;
}

static bool add_place(struct nested *nested, int column, const struct place *place, struct error *err)
{
    nested->self |= place->kind == PLACE_SELF;
    nested->keys |= place->kind == PLACE_KEY;
    bool around = place->kind == PLACE_ANCESTOR || (place->kind == PLACE_MEMBER && place->up);
    return (place->kind != PLACE_MEMBER || add_to_level(nested, &nested->levels[place->up], column, place, err))
           && (!around || add_to_level(nested, &nested->anywhere, column, place, err));
}

bool nested_open(const struct row_reading *reading, const bool *needed, struct nested **nested, struct error *err)
{
    const struct shape *shape = reading->shape;
    struct nested *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->reading = reading;
    made->needed = needed;
    made->scalars = may_be_scalars(shape);
    for (size_t column = 0; column < shape->table->column_count; column++)
        for (size_t i = 0; needed[column] && i < shape->columns[column].at_count; i++)
            if (!add_place(made, (int)column, &shape->columns[column].at[i], err)) {
                nested_close(made);
                return false;
            }
    *nested = made;
    return true;
}

void nested_close(struct nested *nested)
{
    if (!nested)
        return;
    arena_clear(&nested->page);
    arena_clear(&nested->arena);
    free(nested->rows);
    free(nested);
}

/* Reads the columns that stand in the element that comes next, and stays in front of it. */
static bool read_around(struct nested *nested, struct level *level, struct around *around, struct error *err)
{
    const struct row_reading *reading = nested->reading;
    struct row_reading kept = *reading;
    struct json_mark before = json_mark_here(reading->reader);

    if (!level->own_count)
        return true;
    around->cells = arena_array(&nested->page, level->own_count, sizeof *around->cells);
    if (!around->cells)
        return error_memory(err);
    for (size_t i = 0; i < level->own_count; i++) {
        around->cells[i] = value_null();
        level->cells[level->own[i]] = &around->cells[i];
    }
    kept.texts = &nested->page;
    enum json_event event = json_next(reading->reader, NULL, err);
    if (event == JSON_EVENT_ERROR || (event == JSON_EVENT_OBJECT && !tree_read_members(&kept, &level->tree, level->cells, 0, err)))
        return false;
    json_back(reading->reader, &before);
    return true;
}

static bool add_row(struct nested *nested, const struct around *place, struct error *err)
{
    if (nested->row_count == nested->row_room) {
        size_t room = nested->row_room ? nested->row_room * 2 : 256;
        struct found_row *rows = realloc(nested->rows, room * sizeof *rows);
        if (!rows)
            return error_memory(err);
        nested->rows = rows;
        nested->row_room = room;
    }
    nested->rows[nested->row_count++] = (struct found_row){json_mark_here(nested->reading->reader), *place};
    return true;
}

struct walk {
    struct nested *nested;
    const struct row_place *place;
    bool found;
    struct error *err;
};

static bool walk_level(struct walk *walk, size_t level, const struct around *outer);
static bool follow(struct walk *walk, size_t level, const struct path *path, size_t step, const struct around *outer);

/* Takes a row of a tree, and those in it. */
static bool take_branch(struct walk *walk, size_t level, const struct around *place)
{
    struct nested *nested = walk->nested;
    struct around *kept = arena_alloc(&nested->page, sizeof *kept);

    if (!kept)
        return error_memory(walk->err);
    *kept = *place;
    kept->depth++;
    if (!read_around(nested, &nested->anywhere, kept, walk->err) || !add_row(nested, kept, walk->err)
        || !follow(walk, level, &walk->place->below, 0, kept))
        return false;
    nested->end = json_offset(nested->reading->reader);
    return true;
}

/* Takes the element that comes next: a row, or what rows are in. */
static bool take_element(struct walk *walk, size_t level, const struct around *outer, const struct json_text *key, int64_t index)
{
    struct nested *nested = walk->nested;
    struct json_reader *reader = nested->reading->reader;
    struct around place = {.outer = outer, .index = index, .depth = outer->depth};
    bool last = level + 1 == walk->place->level_count;

    if (key && nested->keys) {
        place.key = arena_copy(&nested->page, key->bytes, key->length);
        place.key_length = key->length;
        if (!place.key)
            return error_memory(walk->err);
    }
    if (!last) {
        struct around *kept = arena_alloc(&nested->page, sizeof *kept);
        if (!kept)
            return error_memory(walk->err);
        *kept = place;
        struct level *around = nested->tree ? &nested->anywhere : &nested->levels[walk->place->level_count - 1 - level];
        if (!read_around(nested, around, kept, walk->err))
            return false;
        return walk_level(walk, level + 1, kept);
    }
    struct json_mark before = json_mark_here(reader);
    enum json_event event = json_next(reader, NULL, walk->err);
    json_back(reader, &before);
    if (event == JSON_EVENT_ERROR)
        return false;
    if (event != JSON_EVENT_OBJECT && event != JSON_EVENT_NULL && !nested->scalars)
        return error_set(walk->err, "08S01", "Table %s: the service sent %s where a row is expected, at byte %llu",
                         nested->reading->shape->table->name, event == JSON_EVENT_ARRAY ? "an array" : "a single value",
                         (unsigned long long)json_offset(reader));
    if (event != JSON_EVENT_NULL || nested->scalars) {
        if (nested->row_count == 0)
            nested->start = json_offset(reader);
        if (nested->tree)
            return take_branch(walk, level, &place);
        if (!add_row(nested, &place, walk->err))
            return false;
    }
    if (!json_skip(reader, walk->err))
        return false;
    nested->end = json_offset(reader);
    return true;
}

/* Takes what the path of a level leads to: its elements, its members, or itself. */
static bool take_container(struct walk *walk, size_t level, const struct around *outer)
{
    struct json_reader *reader = walk->nested->reading->reader;
    bool last = level + 1 == walk->place->level_count;
    struct json_text key;

    if (level == 0)
        walk->found = true;
    bool counts = level == 0 && outer->depth == 0;
    struct json_mark start = json_mark_here(reader);
    enum json_event event = json_next(reader, NULL, walk->err);
    if (event == JSON_EVENT_ERROR)
        return false;
    if (last && !walk->place->many && event != JSON_EVENT_ARRAY) { /* an array of one may stand in the place of the object */
        json_back(reader, &start);
        walk->nested->elements += counts;
        return take_element(walk, level, outer, NULL, 0);
    }
    if (event != JSON_EVENT_OBJECT && event != JSON_EVENT_ARRAY)
        return true; /* null, "" and the like: nothing is in it */
    for (int64_t index = 0;; index++) {
        struct json_mark before = json_mark_here(reader);
        enum json_event next = json_next(reader, &key, walk->err);
        if (next == JSON_EVENT_ERROR)
            return false;
        if (next == JSON_EVENT_OBJECT_END || next == JSON_EVENT_ARRAY_END)
            return true;
        walk->nested->elements += counts;
        if (event == JSON_EVENT_ARRAY)
            json_back(reader, &before);
        if (!take_element(walk, level, outer, event == JSON_EVENT_OBJECT ? &key : NULL, index))
            return false;
    }
}

/* Goes along a path from the value that comes next, and passes over the rest of that value. */
static bool follow(struct walk *walk, size_t level, const struct path *path, size_t step, const struct around *outer)
{
    struct json_reader *reader = walk->nested->reading->reader;
    struct json_text name;

    if (step == path->length)
        return take_container(walk, level, outer);
    struct json_mark before = json_mark_here(reader);
    enum json_event event = json_next(reader, NULL, walk->err);
    if (event != JSON_EVENT_OBJECT) {
        json_back(reader, &before);
        return event != JSON_EVENT_ERROR && json_skip(reader, walk->err);
    }
    const struct path_step *wanted = &path->steps[step];
    for (;;) {
        event = json_next(reader, &name, walk->err);
        if (event == JSON_EVENT_OBJECT_END || event == JSON_EVENT_ERROR)
            return event == JSON_EVENT_OBJECT_END;
        bool here = strlen(wanted->name) == name.length && memcmp(wanted->name, name.bytes, name.length) == 0;
        if (here ? !follow(walk, level, path, step + 1, outer) : !json_skip(reader, walk->err))
            return false;
    }
}

static bool walk_level(struct walk *walk, size_t level, const struct around *outer)
{
    return follow(walk, level, &walk->place->levels[level], 0, outer);
}

bool nested_page(struct nested *nested, const struct row_place *place, bool *found, struct error *err)
{
    struct walk walk = {nested, place, false, err};

    arena_reset(&nested->page);
    nested->row_count = nested->next = 0;
    nested->tree = place->below.length > 0;
    nested->elements = 0;
    nested->start = nested->end = 0;
    struct around *page = arena_alloc(&nested->page, sizeof *page);
    if (!page)
        return error_memory(err);
    struct level *around = nested->tree ? &nested->anywhere : &nested->levels[place->level_count];
    bool done = read_around(nested, around, page, err) && walk_level(&walk, 0, page);
    *found = walk.found;
    return done;
}

static const struct around *above(const struct around *around, unsigned up)
{
    while (around && up--)
        around = around->outer;
    return around;
}

/* What a place of a column is seen from. */
static const struct around *around_of(const struct place *place, const struct around *row)
{
    if (place->kind != PLACE_ANCESTOR)
        return above(row, place->up);
    while (row && row->depth > place->depth)
        row = row->outer;
    return row && row->depth == place->depth ? row : NULL;
}

/* A text from outside the row as a cell. */
static bool read_key(struct nested *nested, int column, const struct around *around, struct value *cell, struct error *err)
{
    const struct row_reading *reading = nested->reading;

    return !around || !around->key
           || coerce_key(reading->shape, column, around->key, around->key_length, reading->texts, reading->warnings, cell, err);
}

/* Fills the cells that are not members of the row. */
static bool fill_around(struct nested *nested, const struct around *row_place, struct value *const *cells, size_t row, struct error *err)
{
    const struct shape *shape = nested->reading->shape;

    for (size_t column = 0; column < shape->table->column_count; column++) {
        for (size_t i = 0; nested->needed[column] && i < shape->columns[column].at_count; i++) {
            const struct place *place = &shape->columns[column].at[i];
            const struct around *around = around_of(place, row_place);
            struct value *cell = &cells[column][row];
            if (place->kind == PLACE_DEPTH)
                *cell = value_integer(row_place->depth);
            if (place->kind == PLACE_KEY && !read_key(nested, (int)column, around, cell, err))
                return false;
            if (place->kind == PLACE_INDEX && around)
                *cell = value_integer(around->index);
            bool inside = place->kind == PLACE_ANCESTOR || (place->kind == PLACE_MEMBER && place->up);
            if (!inside || !around || !around->cells)
                continue;
            const struct level *level = nested->tree ? &nested->anywhere : &nested->levels[place->up];
            for (size_t j = 0; j < level->own_count; j++)
                if (level->own[j] == (int)column && !value_is_null(&around->cells[j]))
                    *cell = around->cells[j];
        }
    }
    return true;
}

/* Reads the row itself as a cell, for columns that are it. */
static bool fill_self(struct nested *nested, const struct json_mark *mark, struct value *const *cells, size_t row, struct error *err)
{
    const struct row_reading *reading = nested->reading;
    const struct shape *shape = reading->shape;

    for (size_t column = 0; nested->self && column < shape->table->column_count; column++)
        for (size_t i = 0; nested->needed[column] && i < shape->columns[column].at_count; i++) {
            if (shape->columns[column].at[i].kind != PLACE_SELF)
                continue;
            json_back(reading->reader, mark);
            if (!coerce_value(shape, (int)column, reading->reader, reading->texts, reading->warnings, &cells[column][row], err))
                return false;
        }
    return true;
}

bool nested_next(struct nested *nested, struct value *const *cells, size_t row, bool *more, struct error *err)
{
    const struct row_reading *reading = nested->reading;

    *more = nested->next < nested->row_count;
    if (!*more)
        return true;
    const struct found_row *found = &nested->rows[nested->next++];
    if (nested->levels[0].own_count) {
        json_back(reading->reader, &found->mark);
        if (json_next(reading->reader, NULL, err) == JSON_EVENT_OBJECT
            && !tree_read_members(reading, &nested->levels[0].tree, cells, row, err))
            return false;
    }
    return fill_around(nested, &found->place, cells, row, err) && fill_self(nested, &found->mark, cells, row, err);
}

int64_t nested_elements(const struct nested *nested)
{
    return nested->elements;
}

void nested_span(const struct nested *nested, uint64_t *start, uint64_t *end)
{
    *start = nested->start;
    *end = nested->end;
}
