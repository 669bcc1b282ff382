/* A page is walked along a tree of the member names that matter: one tree for what surrounds the rows, one for a row. */
#include "providers/rows/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/warnings.h"
#include "json/reader.h"
#include "providers/rows/nested.h"
#include "providers/rows/tree.h"

enum { LARGEST_REST = 64 << 20 };

/* What surrounds the rows where they stand at one of the shape's places. */
struct envelope {
    struct node root;
    const struct node *around;    /* the node that holds the rows' own; NULL when the rows' is the whole body */
};

struct decoder {
    const struct shape *shape;
    struct arena arena;           /* the trees and the cells */
    struct arena texts;           /* of the present batch */
    struct json_reader *reader;
    struct row_reading reading;
    const char *body;
    size_t body_length;
    struct envelope *envelopes;   /* one for each place of rows */
    size_t tried;                 /* the one that the present page is read by */
    struct node row;
    struct rest rest;
    struct nested *nested;        /* for rows that can not be read on the way, else NULL */
    struct value **cells;
    bool *needed;
    const struct node *nodes[JSON_DEPTH + 1]; /* the envelope's node of each open level; NULL = of no interest */
    int depth;
    const struct node *coming;    /* node of the value that comes next */
    bool more, has_rows, is_page;
    int64_t total, elements;
    const char *next_page;
    struct arena page;            /* texts of what surrounds the rows */
    uint64_t rows_start, rows_end;
};

/* Building the trees. */

static bool add_paths(struct decoder *decoder, struct node *root, const struct path *paths, size_t count, enum node_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (!tree_add(&decoder->arena, root, &paths[i], kind))
            return false;
    return true;
}

/* Where rows are found otherwise, the envelope only has what else a page says. */
static bool build_envelope(struct decoder *decoder, struct envelope *envelope, const struct row_place *place, bool with_rows)
{
    const struct shape *shape = decoder->shape;
    const struct path *rows = &place->levels[0];

    if (!add_paths(decoder, &envelope->root, shape->more, shape->more_count, NODE_MORE)
        || !add_paths(decoder, &envelope->root, shape->next, shape->next_count, NODE_NEXT)
        || !add_paths(decoder, &envelope->root, shape->total, shape->total_count, NODE_TOTAL))
        return false;
    if (with_rows && !tree_add(&decoder->arena, &envelope->root, rows, place->many ? NODE_ROWS : NODE_ROW))
        return false;
    if (rows->length) {
        const struct path around = {rows->steps, rows->length - 1};
        envelope->around = tree_add(&decoder->arena, &envelope->root, &around, NODE_INNER);
        return envelope->around;
    }
    return true;
}

static bool build_cells(struct decoder *decoder)
{
    const struct shape *shape = decoder->shape;

    for (size_t column = 0; column < shape->table->column_count; column++) {
        if (!decoder->needed[column])
            continue;
        decoder->cells[column] = arena_array(&decoder->arena, DECODE_ROWS, sizeof **decoder->cells);
        if (!decoder->cells[column])
            return false;
        for (size_t i = 0; !decoder->nested && i < shape->columns[column].at_count; i++)
            if (!tree_add_column(&decoder->arena, &decoder->row, &shape->columns[column].at[i].path, (int)column))
                return false;
    }
    return true;
}

static bool build(struct decoder *decoder, const bool *needed, struct error *err)
{
    const struct shape *shape = decoder->shape;
    size_t columns = shape->table->column_count;

    decoder->cells = arena_array(&decoder->arena, columns, sizeof *decoder->cells);
    decoder->needed = arena_array(&decoder->arena, columns, sizeof *decoder->needed);
    decoder->envelopes = arena_array(&decoder->arena, shape->row_count, sizeof *decoder->envelopes);
    if (!decoder->cells || !decoder->needed || !decoder->envelopes)
        return error_memory(err);
    if (columns)
        memcpy(decoder->needed, needed, columns * sizeof *needed);
    if (nested_is_needed(shape, decoder->needed) && !nested_open(&decoder->reading, decoder->needed, &decoder->nested, err))
        return false;
    for (size_t i = 0; i < shape->row_count; i++)
        if (!build_envelope(decoder, &decoder->envelopes[i], &shape->rows[i], !decoder->nested))
            return error_memory(err);
    return build_cells(decoder) || error_memory(err);
}

bool decoder_open(const struct shape *shape, const bool *needed, struct warnings *warnings, struct decoder **decoder, struct error *err)
{
    struct decoder *made = calloc(1, sizeof *made);
    if (!made)
        return error_memory(err);
    made->shape = shape;
    made->reader = json_open("", 0);
    made->rest = (struct rest){.shape = shape->rest, .root = &made->row, .text.limit = LARGEST_REST};
    made->reading = (struct row_reading){made->reader, shape, &made->texts, warnings,
                                         shape->rest && needed[shape->rest->column] ? &made->rest : NULL};
    if (!made->reader)
        error_memory(err);
    if (!made->reader || !build(made, needed, err)) {
        decoder_close(made);
        return false;
    }
    *decoder = made;
    return true;
}

void decoder_close(struct decoder *decoder)
{
    if (!decoder)
        return;
    nested_close(decoder->nested);
    json_close(decoder->reader);
    buffer_clear(&decoder->rest.text);
    arena_clear(&decoder->texts);
    arena_clear(&decoder->page);
    arena_clear(&decoder->arena);
    free(decoder);
}

/* Begins the page anew, by the place of rows that is tried now. */
static void begin(struct decoder *decoder)
{
    json_restart(decoder->reader, decoder->body, decoder->body_length);
    decoder->depth = 0;
    decoder->coming = &decoder->envelopes[decoder->tried].root;
    decoder->more = decoder->has_rows = decoder->is_page = false;
    decoder->next_page = NULL;
    decoder->total = -1;
    decoder->elements = 0;
    decoder->rows_start = decoder->rows_end = 0;
    arena_reset(&decoder->page);
}

void decoder_batch(struct decoder *decoder)
{
    arena_reset(&decoder->texts);
}

/* A service that says more of its rows than it holds: the rest of the row is no worse for that. */
static bool pass_missing(const struct decoder *decoder, size_t column)
{
    const struct table *table = decoder->shape->table;
    char key[300];

    if (!decoder->shape->lenient)
        return false;
    snprintf(key, sizeof key, "missing %.130s.%.130s", table->name, table->columns[column].name);
    if (decoder->reading.warnings)
        warnings_add(decoder->reading.warnings, key, "01000", "Column %s of table %s: the service sends rows without it, although it says that there are none; "
                     "it is NULL here", table->columns[column].name, table->name);
    return true;
}

/* What else the row has becomes the cell of its column. */
static bool keep_rest(struct decoder *decoder, size_t row)
{
    struct buffer *text = &decoder->rest.text;

    buffer_append_char(text, '}');
    const char *copy = text->failed ? NULL : arena_copy(&decoder->texts, text->data, text->length);
    if (copy)
        decoder->cells[decoder->rest.shape->column][row] = value_text(copy, text->length);
    return copy;
}

static bool read_row(struct decoder *decoder, size_t row, bool *found, struct error *err)
{
    const struct table *table = decoder->shape->table;

    for (size_t column = 0; column < table->column_count; column++)
        if (decoder->cells[column])
            decoder->cells[column][row] = value_null();
    *found = true;
    buffer_reset(&decoder->rest.text);
    if (decoder->nested ? !nested_next(decoder->nested, decoder->cells, row, found, err)
                        : !tree_read_members(&decoder->reading, &decoder->row, decoder->cells, row, err))
        return false;
    if (decoder->rest.text.length && !keep_rest(decoder, row))
        return error_memory(err);
    for (size_t column = 0; *found && column < table->column_count; column++)
        if (decoder->cells[column] && !table->columns[column].nullable && decoder->shape->columns[column].at_count
            && value_is_null(&decoder->cells[column][row]) && !pass_missing(decoder, column))
            return error_set(err, "22002", "Column %s of table %s: the service sent a row without it",
                             table->columns[column].name, table->name);
    if (!decoder->nested)
        decoder->rows_end = json_offset(decoder->reader);
    return true;
}

/* What surrounds the rows. */

/* Opens an object or array whose node is `node`. */
static void push(struct decoder *decoder, const struct node *node)
{
    decoder->nodes[decoder->depth++] = node;
    decoder->coming = NULL;
}

static bool misplaced(const struct decoder *decoder, const char *what, struct error *err)
{
    return error_set(err, "08S01", "Table %s: the service sent %s where a row is expected, at byte %llu", decoder->shape->table->name,
                     what, (unsigned long long)json_offset(decoder->reader));
}

/* Services write what is empty as null, "" or [] also where an object belongs; the body itself is never so. */
static void note_surroundings(struct decoder *decoder, const struct node *node, const struct node *parent, enum json_event event,
                              const struct json_text *text)
{
    const struct envelope *envelope = &decoder->envelopes[decoder->tried];

    if (node && node == envelope->around)
        decoder->is_page = event == JSON_EVENT_OBJECT ||
                           (node != &envelope->root && (event == JSON_EVENT_ARRAY || event == JSON_EVENT_NULL ||
                                                        (event == JSON_EVENT_STRING && text->length == 0)));
    else if (!node && parent && parent == envelope->around)
        decoder->is_page = false; /* an element of an array that should have been an object */
}

/* What the page says of the pages after it. */
static bool note_paging(struct decoder *decoder, const struct node *node, enum json_event event, const struct json_text *text)
{
    char digits[24];

    switch (node->kind) {
    case NODE_MORE:
        decoder->more = event == JSON_EVENT_TRUE || (event == JSON_EVENT_NUMBER && !(text->length == 1 && text->bytes[0] == '0'))
                        || (event == JSON_EVENT_STRING && text->length > 0 && text->bytes[0] != '0' && text->bytes[0] != 'f');
        return true;
    case NODE_NEXT:
        if ((event != JSON_EVENT_STRING && event != JSON_EVENT_NUMBER) || text->length == 0)
            return true;
        decoder->next_page = arena_copy(&decoder->page, text->bytes, text->length);
        return decoder->next_page;
    case NODE_TOTAL:
        if ((event == JSON_EVENT_STRING || event == JSON_EVENT_NUMBER) && text->length > 0 && text->length < sizeof digits - 1) {
            memcpy(digits, text->bytes, text->length);
            digits[text->length] = '\0';
            char *end;
            long long total = strtoll(digits, &end, 10);
            decoder->total = *end == '\0' && total >= 0 ? total : -1;
        }
        return true;
    default:
        return true;
    }
}

/* What is in an array that stands where the one row is expected. */
static const struct node one_in_an_array = {.kind = NODE_ROWS};

/* Takes one event of the envelope. *found when a row has been read. */
static bool take(struct decoder *decoder, enum json_event event, const struct json_text *text, size_t row, bool *found,
                 struct error *err)
{
    const struct node *parent = decoder->depth ? decoder->nodes[decoder->depth - 1] : NULL;
    bool in_rows = parent && parent->kind == NODE_ROWS;
    const struct node *node = decoder->coming;

    if (event == JSON_EVENT_MEMBER) {
        decoder->coming = parent && parent->kind == NODE_INNER ? tree_find(parent, NULL, text) : NULL;
        /* A whole value that nobody wants goes by at once. */
        return in_rows || decoder->coming || json_skip(decoder->reader, err);
    }
    if (event == JSON_EVENT_OBJECT_END || event == JSON_EVENT_ARRAY_END) {
        decoder->depth--;
        return true;
    }
    decoder->coming = NULL;
    note_surroundings(decoder, node, parent, event, text);

    if (in_rows || (node && node->kind == NODE_ROW)) {
        decoder->has_rows = true;
        decoder->elements++;
        if (event == JSON_EVENT_OBJECT) {
            if (decoder->rows_end == 0)
                decoder->rows_start = json_offset(decoder->reader) - 1;
            return read_row(decoder, row, found, err);
        }
        if (event == JSON_EVENT_NULL || (!in_rows && event == JSON_EVENT_STRING && text->length == 0))
            return true;
        if (event == JSON_EVENT_ARRAY && !in_rows) { /* an array of one, in the place of the object */
            decoder->elements--;
            push(decoder, &one_in_an_array);
            return true;
        }
        return misplaced(decoder, event == JSON_EVENT_ARRAY ? "an array" : "a single value", err);
    }
    if (node && !note_paging(decoder, node, event, text))
        return error_memory(err);
    if (node && node->kind == NODE_ROWS) {
        decoder->has_rows = true;
        if (event == JSON_EVENT_STRING && text->length > 0)
            return misplaced(decoder, "a text", err);
        if (event == JSON_EVENT_NUMBER || event == JSON_EVENT_TRUE || event == JSON_EVENT_FALSE)
            return misplaced(decoder, "a single value", err);
    }
    if (event == JSON_EVENT_OBJECT || event == JSON_EVENT_ARRAY)
        push(decoder, node);
    return true;
}

/* Walks on to the next row, or to the page's end. */
static bool walk(struct decoder *decoder, size_t row, bool *found, struct error *err)
{
    struct json_text text = {0};

    *found = false;
    while (!*found) {
        enum json_event event = json_next(decoder->reader, &text, err);
        if (event == JSON_EVENT_END)
            return true;
        if (event == JSON_EVENT_ERROR || !take(decoder, event, &text, row, found, err)) {
            if (strcmp(err->sqlstate, "08S01") == 0 && strncmp(err->message, "The JSON", 8) == 0)
                error_prefix(err, "Table %s: ", decoder->shape->table->name);
            return false;
        }
    }
    return true;
}

bool decoder_page(struct decoder *decoder, const char *body, size_t length, struct error *err)
{
    bool found = false;

    decoder->body = body;
    decoder->body_length = length;
    decoder->tried = 0;
    begin(decoder);
    if (!decoder->nested)
        return true;
    for (decoder->tried = 0; !found && decoder->tried < decoder->shape->row_count; decoder->tried++) {
        bool unused;
        begin(decoder);
        if (!walk(decoder, 0, &unused, err))
            return false;
        json_restart(decoder->reader, body, length);
        if (!nested_page(decoder->nested, &decoder->shape->rows[decoder->tried], &found, err))
            return false;
    }
    decoder->tried--;
    decoder->has_rows = found;
    decoder->elements = nested_elements(decoder->nested);
    nested_span(decoder->nested, &decoder->rows_start, &decoder->rows_end);
    return true;
}

bool decoder_next(struct decoder *decoder, size_t row, bool *found, struct error *err)
{
    if (decoder->nested)
        return read_row(decoder, row, found, err);
    for (;;) {
        if (!walk(decoder, row, found, err))
            return false;
        /* The rows are at none of the places tried so far: perhaps at the next. */
        if (*found || decoder->has_rows || decoder->tried + 1 == decoder->shape->row_count)
            return true;
        decoder->tried++;
        begin(decoder);
    }
}

struct value *const *decoder_cells(const struct decoder *decoder)
{
    return decoder->cells;
}

bool decoder_more(const struct decoder *decoder)
{
    return decoder->more;
}

const char *decoder_next_page(const struct decoder *decoder)
{
    return decoder->next_page;
}

int64_t decoder_total(const struct decoder *decoder)
{
    return decoder->total;
}

int64_t decoder_elements(const struct decoder *decoder)
{
    return decoder->elements;
}

bool decoder_has_rows(const struct decoder *decoder)
{
    return decoder->has_rows;
}

bool decoder_is_page(const struct decoder *decoder)
{
    return decoder->has_rows || decoder->is_page;
}

const char *decoder_row_bytes(const struct decoder *decoder, size_t *length)
{
    *length = (size_t)(decoder->rows_end - decoder->rows_start);
    return decoder->body + decoder->rows_start;
}
