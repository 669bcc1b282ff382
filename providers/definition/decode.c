/* A page is walked along a tree of the member names that matter: one tree for what surrounds the rows, one for a row. */
#include "providers/definition/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "json/reader.h"
#include "providers/definition/coerce.h"

enum node_kind {
    NODE_INNER,    /* only its members matter */
    NODE_ROWS,     /* its elements or members are rows */
    NODE_ROW,      /* it is the one row */
    NODE_MORE,     /* it says whether there are more pages */
    NODE_COLUMN,   /* it is a cell */
};

struct node {
    enum node_kind kind;
    int column;
    const char *name;
    size_t name_length;
    struct node *child, *next;
};

struct decoder {
    const struct definition_table *table;
    struct arena arena;           /* the trees and the cells */
    struct arena texts;           /* of the present batch */
    struct json_reader *reader;
    const char *body;
    size_t body_length;
    struct node *envelope, *row;
    struct value **cells;
    const struct node *nodes[JSON_DEPTH + 1]; /* the envelope's node of each open level; NULL = of no interest */
    int depth;
    const struct node *coming;    /* node of the value that comes next */
    const struct node *around;    /* the node that holds the rows' own; NULL when the rows' is the whole body */
    bool more, has_rows, is_page;
    uint64_t rows_start, rows_end;
};

/* Building the trees. */

static struct node *add_child(struct decoder *decoder, struct node *parent, const char *name)
{
    struct node **end = &parent->child;

    for (; *end; end = &(*end)->next)
        if (strcmp((*end)->name, name) == 0)
            return *end;
    struct node *node = arena_alloc(&decoder->arena, sizeof *node);
    if (!node)
        return NULL;
    node->name = name;
    node->name_length = strlen(name);
    *end = node;
    return node;
}

static struct node *add_path(struct decoder *decoder, struct node *root, const struct definition_path *path, enum node_kind kind)
{
    struct node *node = root;
    for (size_t i = 0; i < path->length && node; i++)
        node = add_child(decoder, node, path->names[i]);
    if (node)
        node->kind = kind;
    return node;
}

static bool build(struct decoder *decoder, const struct definition *definition, const bool *needed)
{
    const struct definition_table *table = decoder->table;

    decoder->envelope = arena_alloc(&decoder->arena, sizeof *decoder->envelope);
    decoder->row = arena_alloc(&decoder->arena, sizeof *decoder->row);
    decoder->cells = arena_array(&decoder->arena, table->table.column_count, sizeof *decoder->cells);
    if (!decoder->envelope || !decoder->row || !decoder->cells)
        return false;
    for (size_t i = 0; table->paged && i < definition->paging.more_count; i++)
        if (!add_path(decoder, decoder->envelope, &definition->paging.more[i], NODE_MORE))
            return false;
    if (!add_path(decoder, decoder->envelope, &table->rows, table->many ? NODE_ROWS : NODE_ROW))
        return false;
    if (table->rows.length) {
        const struct definition_path around = {table->rows.names, table->rows.length - 1};
        decoder->around = add_path(decoder, decoder->envelope, &around, NODE_INNER);
    }

    for (size_t column = 0; column < table->table.column_count; column++) {
        if (!needed[column])
            continue;
        decoder->cells[column] = arena_array(&decoder->arena, DECODE_ROWS, sizeof **decoder->cells);
        if (!decoder->cells[column])
            return false;
        for (size_t i = 0; i < table->columns[column].at_count; i++) {
            struct node *node = add_path(decoder, decoder->row, &table->columns[column].at[i], NODE_COLUMN);
            if (!node)
                return false;
            node->column = (int)column;
        }
    }
    return true;
}

bool decoder_open(const struct definition *definition, const struct definition_table *table, const bool *needed,
                  struct decoder **decoder, struct error *err)
{
    struct decoder *made = calloc(1, sizeof *made);
    if (!made)
        return error_memory(err);
    made->table = table;
    made->reader = json_open("", 0);
    if (!made->reader || !build(made, definition, needed)) {
        decoder_close(made);
        return error_memory(err);
    }
    *decoder = made;
    return true;
}

void decoder_close(struct decoder *decoder)
{
    if (!decoder)
        return;
    json_close(decoder->reader);
    arena_clear(&decoder->texts);
    arena_clear(&decoder->arena);
    free(decoder);
}

void decoder_page(struct decoder *decoder, const char *body, size_t length)
{
    json_restart(decoder->reader, body, length);
    decoder->body = body;
    decoder->body_length = length;
    decoder->depth = 0;
    decoder->coming = decoder->envelope;
    decoder->more = decoder->has_rows = decoder->is_page = false;
    decoder->rows_start = decoder->rows_end = 0;
}

void decoder_batch(struct decoder *decoder)
{
    arena_reset(&decoder->texts);
}

/* A row. */

/* The child of that name. Services send members in the same order every time, so that the search mostly starts where it ends. */
static const struct node *find(const struct node *parent, const struct node *after, const struct json_text *name)
{
    const struct node *start = after && after->next ? after->next : parent->child;

    for (const struct node *node = start; node; node = node->next)
        if (node->name_length == name->length && memcmp(node->name, name->bytes, name->length) == 0)
            return node;
    for (const struct node *node = parent->child; node != start; node = node->next)
        if (node->name_length == name->length && memcmp(node->name, name->bytes, name->length) == 0)
            return node;
    return NULL;
}

/* Reads the value at a node of the row's tree; depth is bounded by the paths of the definition. */
static bool read_members(struct decoder *decoder, const struct node *parent, size_t row, struct error *err);

static bool read_node(struct decoder *decoder, const struct node *node, size_t row, struct error *err)
{
    if (node->kind == NODE_COLUMN)
        return coerce_value(&decoder->table->table, node->column, &decoder->table->columns[node->column], decoder->reader,
                            &decoder->texts, &decoder->cells[node->column][row], err);

    switch (json_next(decoder->reader, NULL, err)) {
    case JSON_EVENT_OBJECT: return read_members(decoder, node, row, err);
    case JSON_EVENT_ERROR: return false;
    case JSON_EVENT_ARRAY: break;
    default: return true; /* null, "" and the like: an empty object, its columns stay NULL */
    }
    enum json_event event = json_next(decoder->reader, NULL, err);
    if (event == JSON_EVENT_ARRAY_END || event == JSON_EVENT_ERROR)
        return event == JSON_EVENT_ARRAY_END;
    return error_set(err, "22018", "Table %s: the service sent an array as \"%s\" where an object is expected",
                     decoder->table->table.name, node->name);
}

/* Reads the members of an object whose start has been read. */
static bool read_members(struct decoder *decoder, const struct node *parent, size_t row, struct error *err)
{
    const struct node *last = NULL;
    struct json_text name;

    for (;;) {
        enum json_event event = json_next(decoder->reader, &name, err);
        if (event == JSON_EVENT_OBJECT_END)
            return true;
        if (event == JSON_EVENT_ERROR)
            return false;
        const struct node *node = find(parent, last, &name);
        if (node)
            last = node;
        if (node ? !read_node(decoder, node, row, err) : !json_skip(decoder->reader, err))
            return false;
    }
}

static bool read_row(struct decoder *decoder, size_t row, struct error *err)
{
    const struct table *table = &decoder->table->table;

    for (size_t column = 0; column < table->column_count; column++)
        if (decoder->cells[column])
            decoder->cells[column][row] = value_null();
    if (!read_members(decoder, decoder->row, row, err))
        return false;
    for (size_t column = 0; column < table->column_count; column++)
        if (decoder->cells[column] && !table->columns[column].nullable && !table->columns[column].pseudo
            && value_is_null(&decoder->cells[column][row]))
            return error_set(err, "22002", "Column %s of table %s: the service sent a row without it",
                             table->columns[column].name, table->name);
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
    return error_set(err, "08S01", "Table %s: the service sent %s where a row is expected, at byte %llu", decoder->table->table.name,
                     what, (unsigned long long)json_offset(decoder->reader));
}

/* Services write what is empty as null, "" or [] also where an object belongs; the body itself is never so. */
static void note_surroundings(struct decoder *decoder, const struct node *node, const struct node *parent, enum json_event event,
                              const struct json_text *text)
{
    if (node && node == decoder->around)
        decoder->is_page = event == JSON_EVENT_OBJECT ||
                           (node != decoder->envelope && (event == JSON_EVENT_ARRAY || event == JSON_EVENT_NULL ||
                                                          (event == JSON_EVENT_STRING && text->length == 0)));
    else if (!node && parent && parent == decoder->around)
        decoder->is_page = false; /* an element of an array that should have been an object */
}

/* Takes one event of the envelope. *found when a row has been read. */
static bool take(struct decoder *decoder, enum json_event event, const struct json_text *text, size_t row, bool *found,
                 struct error *err)
{
    const struct node *parent = decoder->depth ? decoder->nodes[decoder->depth - 1] : NULL;
    bool in_rows = parent && parent->kind == NODE_ROWS;
    const struct node *node = decoder->coming;

    if (event == JSON_EVENT_MEMBER) {
        decoder->coming = parent && parent->kind == NODE_INNER ? find(parent, NULL, text) : NULL;
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
        if (event == JSON_EVENT_OBJECT) {
            if (decoder->rows_end == 0)
                decoder->rows_start = json_offset(decoder->reader) - 1;
            *found = true;
            return read_row(decoder, row, err);
        }
        if (event == JSON_EVENT_NULL || (!in_rows && event == JSON_EVENT_STRING && text->length == 0))
            return true;
        return misplaced(decoder, event == JSON_EVENT_ARRAY ? "an array" : "a single value", err);
    }
    if (node && node->kind == NODE_MORE)
        decoder->more = event == JSON_EVENT_TRUE || (event == JSON_EVENT_NUMBER && !(text->length == 1 && text->bytes[0] == '0'))
                        || (event == JSON_EVENT_STRING && text->length > 0 && text->bytes[0] != '0' && text->bytes[0] != 'f');
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

bool decoder_next(struct decoder *decoder, size_t row, bool *found, struct error *err)
{
    struct json_text text = {0};

    *found = false;
    while (!*found) {
        enum json_event event = json_next(decoder->reader, &text, err);
        if (event == JSON_EVENT_END)
            return true;
        if (event == JSON_EVENT_ERROR || !take(decoder, event, &text, row, found, err)) {
            if (strcmp(err->sqlstate, "08S01") == 0 && strncmp(err->message, "The JSON", 8) == 0)
                error_prefix(err, "Table %s: ", decoder->table->table.name);
            return false;
        }
    }
    return true;
}

struct value *const *decoder_cells(const struct decoder *decoder)
{
    return decoder->cells;
}

bool decoder_more(const struct decoder *decoder)
{
    return decoder->more;
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
