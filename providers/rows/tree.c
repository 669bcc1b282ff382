#include "providers/rows/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/warnings.h"
#include "providers/rows/coerce.h"
#include "providers/rows/order.h"

/* Building. */

static struct node *add_child(struct arena *arena, struct node *parent, const char *name)
{
    struct node **end = &parent->child;

    for (; *end; end = &(*end)->next)
        if (strcmp((*end)->name, name) == 0)
            return *end;
    struct node *node = arena_alloc(arena, sizeof *node);
    if (!node || (!parent->order && !(parent->order = order_open(arena))))
        return NULL;
    node->name = name;
    node->name_length = strlen(name);
    *end = node;
    return node;
}

static bool same_choice(const struct path_step *a, const struct path_step *b)
{
    if (a->condition_count != b->condition_count)
        return false;
    for (size_t i = 0; i < a->condition_count; i++)
        if (strcmp(a->conditions[i].key, b->conditions[i].key) != 0 || strcmp(a->conditions[i].value, b->conditions[i].value) != 0)
            return false;
    return true;
}

static struct node *add_choice(struct arena *arena, struct node *parent, const struct path_step *step)
{
    struct node **end = &parent->choices;

    for (; *end; end = &(*end)->next)
        if (same_choice((*end)->choice, step))
            return *end;
    struct node *node = arena_alloc(arena, sizeof *node);
    if (!node)
        return NULL;
    node->name = step->name;
    node->choice = step;
    node->number = parent->choice_count++;
    *end = node;
    return node;
}

/* The node that the first steps of a path lead to. */
static struct node *add_steps(struct arena *arena, struct node *root, const struct path *path, size_t count)
{
    struct node *node = root;

    for (size_t i = 0; i < count && node; i++) {
        const struct path_step *step = &path->steps[i];
        if (!path_step_is_self(step))
            node = add_child(arena, node, step->name);
        if (node && step->condition_count)
            node = add_choice(arena, node, step);
    }
    return node;
}

struct node *tree_add(struct arena *arena, struct node *root, const struct path *path, enum node_kind kind)
{
    struct node *node = add_steps(arena, root, path, path->length);

    if (node)
        node->kind = kind;
    return node;
}

static bool add_gathering(struct arena *arena, struct node *node, const struct path *path, size_t star, int column)
{
    struct gathering *made = arena_alloc(arena, sizeof *made);

    if (!made)
        return false;
    *made = (struct gathering){column, {path->steps + star + 1, path->length - star - 1}, node->gatherings};
    node->gatherings = made;
    return true;
}

bool tree_add_column(struct arena *arena, struct node *root, const struct path *path, int column)
{
    size_t star = 0;

    while (star < path->length && !path_step_is_star(&path->steps[star]))
        star++;
    struct node *node = add_steps(arena, root, path, star);
    if (!node || star < path->length)
        return node && add_gathering(arena, node, path, star, column);
    if (node->kind == NODE_COLUMN) {
        struct twin *twin = arena_alloc(arena, sizeof *twin);
        if (!twin)
            return false;
        *twin = (struct twin){column, node->twins};
        node->twins = twin;
        return true;
    }
    node->kind = NODE_COLUMN;
    node->column = column;
    return true;
}

/* Most names that are not meant differ at the end, of those of one length. */
static inline bool is_named(const struct node *node, const struct json_text *name)
{
    size_t length = name->length;
    return node->name_length == length && (length == 0 || (node->name[length - 1] == name->bytes[length - 1] && memcmp(node->name, name->bytes, length) == 0));
}

const struct node *tree_find(const struct node *parent, const struct node *after, const struct json_text *name)
{
    const struct node *start = after && after->next ? after->next : parent->child;

    for (const struct node *node = start; node; node = node->next)
        if (is_named(node, name))
            return node;
    for (const struct node *node = parent->child; node != start; node = node->next)
        if (is_named(node, name))
            return node;
    return NULL;
}

/* Reading. */

/* Whether a scalar is what a condition asks for. */
static bool is_text(enum json_event event, const struct json_text *text, const char *wanted)
{
    switch (event) {
    case JSON_EVENT_TRUE: return strcmp(wanted, "true") == 0;
    case JSON_EVENT_FALSE: return strcmp(wanted, "false") == 0;
    case JSON_EVENT_NULL: return strcmp(wanted, "null") == 0;
    case JSON_EVENT_STRING: case JSON_EVENT_NUMBER:
        return strlen(wanted) == text->length && memcmp(wanted, text->bytes, text->length) == 0;
    default: return false;
    }
}

/* Reads an element's members to see whether it is the chosen one. Ends behind the element. */
static bool fits(const struct row_reading *reading, const struct path_step *choice, bool *result, struct error *err)
{
    size_t met = 0;

    for (;;) {
        struct json_text name, text;
        enum json_event event = json_next(reading->reader, &name, err);
        size_t i = 0;
        if (event == JSON_EVENT_ERROR)
            return false;
        if (event == JSON_EVENT_OBJECT_END)
            break;
        while (i < choice->condition_count && (strlen(choice->conditions[i].key) != name.length
                                               || memcmp(choice->conditions[i].key, name.bytes, name.length) != 0))
            i++;
        struct json_mark mark = json_mark_here(reading->reader);
        if (i < choice->condition_count) {
            event = json_next(reading->reader, &text, err);
            if (event == JSON_EVENT_ERROR)
                return false;
            met += is_text(event, &text, choice->conditions[i].value);
            json_back(reading->reader, &mark);
        }
        if (!json_skip(reading->reader, err))
            return false;
    }
    *result = met >= choice->condition_count;
    return true;
}

static bool read_node(const struct row_reading *reading, const struct node *node, struct value *const *cells, size_t row,
                      struct error *err);

/* Reads the elements of an array, whose start has been read, of which each choice takes the first that fits. */
static bool read_choices(const struct row_reading *reading, const struct node *node, struct value *const *cells, size_t row,
                         struct error *err)
{
    bool few[64] = {false}, *taken = few;

    if (node->choice_count > sizeof few && !(taken = arena_array(reading->texts, node->choice_count, sizeof *taken)))
        return error_memory(err);
    for (;;) {
        struct json_mark before = json_mark_here(reading->reader);
        enum json_event event = json_next(reading->reader, NULL, err);
        if (event == JSON_EVENT_ARRAY_END || event == JSON_EVENT_ERROR)
            return event == JSON_EVENT_ARRAY_END;
        json_back(reading->reader, &before);
        for (const struct node *choice = node->choices; choice && event == JSON_EVENT_OBJECT; choice = choice->next) {
            bool fitting;
            if (taken[choice->number])
                continue;
            json_next(reading->reader, NULL, err);
            if (!fits(reading, choice->choice, &fitting, err))
                return false;
            json_back(reading->reader, &before);
            if (!fitting)
                continue;
            taken[choice->number] = true;
            if (!read_node(reading, choice, cells, row, err))
                return false;
            json_back(reading->reader, &before);
        }
        if (!json_skip(reading->reader, err))
            return false;
    }
}

/* An array where an object belongs: its columns stay NULL, and that is told of. */
static bool pass_over_array(const struct row_reading *reading, const struct node *node, struct error *err)
{
    const char *table = reading->shape->table->name;
    char key[300];

    if (!reading->warnings)
        return error_set(err, "22018", "Table %s: the service sent an array as \"%s\" where an object is expected", table, node->name);
    snprintf(key, sizeof key, "array %.130s.%.130s", table, node->name);
    warnings_add(reading->warnings, key, "01000",
                 "Table %s: the service sent an array as \"%s\" where an object is expected; what would be in it is NULL here", table, node->name);
    return true;
}

/* Goes along a path from the value that comes next to the one there, which comes next then. *found is false when there is none. */
static bool step_in(const struct row_reading *reading, const struct path *path, size_t step, bool *found, struct error *err)
{
    struct json_text name;

    *found = step == path->length;
    if (*found)
        return true;
    enum json_event event = json_next(reading->reader, NULL, err);
    while (event == JSON_EVENT_OBJECT || event == JSON_EVENT_MEMBER) {
        event = json_next(reading->reader, &name, err);
        if (event != JSON_EVENT_MEMBER)
            break;
        if (strlen(path->steps[step].name) == name.length && memcmp(path->steps[step].name, name.bytes, name.length) == 0)
            return step_in(reading, path, step + 1, found, err);
        if (!json_skip(reading->reader, err))
            return false;
    }
    return event != JSON_EVENT_ERROR;
}

/* Appends the scalar that comes next; null is left out. *fits: it is one. */
static bool append_scalar(const struct row_reading *reading, struct buffer *joined, bool *fits, struct error *err)
{
    struct json_text text = {0};

    switch (json_next(reading->reader, &text, err)) {
    case JSON_EVENT_ERROR: return false;
    case JSON_EVENT_NULL: return true;
    case JSON_EVENT_TRUE: text = (struct json_text){"true", 4}; break;
    case JSON_EVENT_FALSE: text = (struct json_text){"false", 5}; break;
    case JSON_EVENT_STRING: case JSON_EVENT_NUMBER: break;
    default: *fits = false; return true;
    }
    if (joined->length)
        buffer_append_char(joined, ',');
    buffer_append(joined, text.bytes, text.length);
    return true;
}

/* Collects a member of all the elements that come, or of the members of an object, joined with commas. */
static bool gather(const struct row_reading *reading, const struct gathering *gathering, struct buffer *joined, bool *fits, struct error *err)
{
    enum json_event kind = json_next(reading->reader, NULL, err);

    while (kind == JSON_EVENT_ARRAY || kind == JSON_EVENT_OBJECT) {
        struct json_mark before = json_mark_here(reading->reader);
        enum json_event event = json_next(reading->reader, NULL, err);
        if (event == JSON_EVENT_ERROR || event == JSON_EVENT_ARRAY_END || event == JSON_EVENT_OBJECT_END)
            return event != JSON_EVENT_ERROR;
        if (kind == JSON_EVENT_ARRAY)
            json_back(reading->reader, &before);
        struct json_mark element = json_mark_here(reading->reader);
        bool found;
        if (!step_in(reading, &gathering->rest, 0, &found, err) || (found && !append_scalar(reading, joined, fits, err)))
            return false;
        json_back(reading->reader, &element);
        if (!json_skip(reading->reader, err))
            return false;
    }
    return kind != JSON_EVENT_ERROR;
}

/* Fills the columns that collect from the value that comes next, and stays in front of it. */
static bool read_gatherings(const struct row_reading *reading, const struct node *node, struct value *const *cells, size_t row,
                            struct error *err)
{
    enum { JOINED = 64 << 20 };
    struct json_mark before = json_mark_here(reading->reader);
    struct buffer joined;
    bool done = true;

    buffer_init(&joined, JOINED);
    for (const struct gathering *one = node->gatherings; one && done; one = one->next) {
        bool fits = true;
        buffer_reset(&joined);
        done = gather(reading, one, &joined, &fits, err) && (!joined.failed || error_memory(err));
        if (done && !fits)
            done = coerce_misfit(reading->shape, one->column, "an array or an object within an array", reading->warnings,
                                 &cells[one->column][row], err);
        else if (done && joined.length)
            done = coerce_key(reading->shape, one->column, buffer_text(&joined), joined.length, reading->texts, reading->warnings,
                              &cells[one->column][row], err);
        json_back(reading->reader, &before);
    }
    buffer_clear(&joined);
    return done;
}

static bool read_cell(const struct row_reading *reading, int column, struct value *const *cells, size_t row, struct error *err)
{
    return coerce_value(reading->shape, column, reading->reader, reading->texts, reading->warnings, &cells[column][row], err);
}

/* Reads the value at a node; depth is bounded by the paths of the definition. */
static bool read_node(const struct row_reading *reading, const struct node *node, struct value *const *cells, size_t row,
                      struct error *err)
{
    bool is_leaf = !node->child && !node->choices && !node->gatherings;

    if (node->kind == NODE_COLUMN && is_leaf && !node->twins)
        return read_cell(reading, node->column, cells, row, err);

    struct json_mark before = json_mark_here(reading->reader);
    if (node->kind == NODE_COLUMN && !read_cell(reading, node->column, cells, row, err))
        return false;
    for (const struct twin *twin = node->twins; twin; twin = twin->next) {
        json_back(reading->reader, &before);
        if (!read_cell(reading, twin->column, cells, row, err))
            return false;
    }
    if (node->kind == NODE_COLUMN && is_leaf)
        return true;
    if (node->kind == NODE_COLUMN)
        json_back(reading->reader, &before); /* other columns are inside of it */
    if (node->gatherings && !read_gatherings(reading, node, cells, row, err))
        return false;
    if (node->gatherings && !node->child && !node->choices)
        return json_skip(reading->reader, err);

    switch (json_next(reading->reader, NULL, err)) {
    case JSON_EVENT_OBJECT: return tree_read_members(reading, node, cells, row, err);
    case JSON_EVENT_ERROR: return false;
    case JSON_EVENT_ARRAY: break;
    default: return true; /* null, "" and the like: an empty object, its columns stay NULL */
    }
    if (node->choices)
        return read_choices(reading, node, cells, row, err);
    if (node->kind == NODE_COLUMN) {
        json_back(reading->reader, &before);
        return json_skip(reading->reader, err);
    }
    enum json_event event = json_next(reading->reader, NULL, err);
    if (event == JSON_EVENT_ARRAY_END || event == JSON_EVENT_ERROR)
        return event == JSON_EVENT_ARRAY_END;
    json_back(reading->reader, &before);
    return pass_over_array(reading, node, err) && json_skip(reading->reader, err);
}

/* Reads an object, whose start has been read, for those choices that it fits, and stays at its start. */
static bool read_as_choices(const struct row_reading *reading, const struct node *node, struct value *const *cells, size_t row,
                            struct error *err)
{
    struct json_mark start = json_mark_here(reading->reader);

    for (const struct node *choice = node->choices; choice; choice = choice->next) {
        bool fitting;
        if (!fits(reading, choice->choice, &fitting, err))
            return false;
        json_back(reading->reader, &start);
        if (fitting && !tree_read_members(reading, choice, cells, row, err))
            return false;
        json_back(reading->reader, &start);
    }
    return true;
}

/* A name as JSON has it. */
static void append_name(struct buffer *out, const char *name, size_t length)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '"' || name[i] == '\\')
            buffer_append_char(out, '\\');
        if ((unsigned char)name[i] < ' ')
            buffer_printf(out, "\\u%04x", name[i]);
        else
            buffer_append_char(out, name[i]);
    }
    buffer_append_text(out, "\":");
}

static bool is_rest(const struct shape_rest *shape, const struct json_text *name)
{
    bool remark = memchr(name->bytes, '@', name->length) || memchr(name->bytes, '.', name->length)
                  || (name->length > 2 && memcmp(name->bytes, "__", 2) == 0);

    for (size_t i = 0; i < shape->known_count && !remark; i++)
        remark = strlen(shape->known[i]) == name->length && memcmp(shape->known[i], name->bytes, name->length) == 0;
    return !remark;
}

/* Reads a member that no column asks for. */
static bool read_rest(const struct row_reading *reading, const struct node *parent, const struct json_text *name, struct error *err)
{
    struct rest *rest = reading->rest;
    struct json_text value;

    if (!rest || parent != rest->root || !is_rest(rest->shape, name))
        return json_skip(reading->reader, err);
    buffer_append_char(&rest->text, rest->text.length ? ',' : '{');
    append_name(&rest->text, name->bytes, name->length);
    if (!json_raw(reading->reader, &value, err))
        return false;
    return buffer_append(&rest->text, value.bytes, value.length) || error_memory(err);
}

bool tree_read_members(const struct row_reading *reading, const struct node *parent, struct value *const *cells, size_t row,
                       struct error *err)
{
    const struct node *last = NULL, *node;
    struct json_text name;
    size_t place = 0;

    if (parent->choices && !read_as_choices(reading, parent, cells, row, err))
        return false;
    if (!parent->child)
        return json_leave(reading->reader, err);
    for (;;) {
        if (!order_take(parent->order, &place, reading->reader, &name, &node)) {
            enum json_event event = json_next(reading->reader, &name, err);
            if (event == JSON_EVENT_OBJECT_END)
                return true;
            if (event == JSON_EVENT_ERROR)
                return false;
            node = tree_find(parent, last, &name);
            order_note(parent->order, &place, &name, node);
        }
        if (node)
            last = node;
        if (node ? !read_node(reading, node, cells, row, err) : !read_rest(reading, parent, &name, err))
            return false;
    }
}
