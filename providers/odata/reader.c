#include "providers/odata/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/space.h"
#include "http/url.h"
#include "providers/odata/atom.h"
#include "providers/odata/options.h"
#include "providers/odata/payload.h"
#include "providers/rows/decode.h"

enum { LARGEST_URL = 64 << 10 };

/* More rows inside of a parent. */
struct inner {
    struct inner *next;
    const char *address;
    struct value *echo;
};

struct odata_reader {
    const struct odata_context *context;
    const struct odata_table *table;
    struct warnings *warnings;
    bool *needed;
    struct arena arena;              /* shapes and cells */
    struct arena texts;              /* of the present batch */
    struct arena page;               /* of the present page */
    struct value **cells;
    struct shape shapes[CONTENTS];
    struct decoder *decoders[CONTENTS];
    struct table parents;
    struct shape parent_shape;
    struct decoder *parent_decoder;
    struct atom *atom, *atom_inside;

    enum odata_page_kind kind;
    const char *url, *base;
    const struct value *echo;
    struct decoder *present;         /* whose page has rows left; NULL */
    struct atom *present_atom;
    bool parents_left;
    int64_t entities;                /* of the page, so far */
    const struct value *parent;      /* columns of the parent whose rows are read, by the table's columns */
    struct inner *first_inner, **last_inner;
};

bool odata_reader_open(const struct odata_context *context, const struct odata_table *table, const bool *needed, struct warnings *warnings,
                       struct odata_reader **reader, struct error *err)
{
    struct odata_reader *made = calloc(1, sizeof *made);
    size_t count = table->table.column_count;

    if (!made)
        return error_memory(err);
    made->context = context;
    made->table = table;
    made->warnings = warnings;
    made->needed = arena_array(&made->arena, count + 1, sizeof *made->needed);
    made->cells = arena_array(&made->arena, count + 1, sizeof *made->cells);
    bool done = made->needed && made->cells;
    for (size_t i = 0; done && i < count; i++) {
        made->needed[i] = needed[i];
        if (needed[i])
            made->cells[i] = arena_array(&made->arena, READER_ROWS, sizeof **made->cells);
        done = !needed[i] || made->cells[i];
    }
    if (!done) {
        odata_reader_close(made);
        return error_memory(err);
    }
    *reader = made;
    return true;
}

void odata_reader_close(struct odata_reader *reader)
{
    if (!reader)
        return;
    for (size_t i = 0; i < CONTENTS; i++)
        decoder_close(reader->decoders[i]);
    decoder_close(reader->parent_decoder);
    atom_close(reader->atom);
    atom_close(reader->atom_inside);
    arena_clear(&reader->page);
    arena_clear(&reader->texts);
    arena_clear(&reader->arena);
    free(reader);
}

const char *odata_resolve(struct arena *arena, const char *url, const char *base, const char *reference)
{
    struct buffer whole, address;
    const char *result = NULL;

    buffer_init(&whole, LARGEST_URL);
    buffer_init(&address, LARGEST_URL);
    if (base && url_resolve(url, base, &whole) && !whole.failed) {
        char *fragment = strchr(whole.data, '#'); /* of the context: what the rows are of */
        if (fragment)
            *fragment = '\0';
        url = whole.data;
    }
    if (url_resolve(url, reference, &address))
        result = arena_copy(arena, buffer_text(&address), address.length);
    buffer_clear(&whole);
    buffer_clear(&address);
    return result;
}

/* Decoders, which are made when they are first needed. */

static struct decoder *decoder_for(struct odata_reader *reader, enum odata_content content, struct error *err)
{
    struct decoder **decoder = &reader->decoders[content];
    struct shape *shape = &reader->shapes[content];
    size_t count = reader->table->table.column_count;

    if (*decoder)
        return *decoder;
    bool *own = arena_array(&reader->arena, count + 1, sizeof *own);
    if (!own || !odata_shape(reader->table, content, reader->context->version, &reader->arena, shape)) {
        error_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        own[i] = reader->needed[i] && (shape->columns[i].at_count || reader->table->columns[i].role == ROLE_REST);
    return decoder_open(shape, own, reader->warnings, decoder, err) ? *decoder : NULL;
}

static bool open_parents(struct odata_reader *reader, struct error *err)
{
    const struct odata_table *table = reader->table;

    if (reader->parent_decoder)
        return true;
    bool *wanted = arena_array(&reader->arena, table->parent_count + 3, sizeof *wanted);
    if (!wanted || !odata_parent_shape(table, reader->context->version, &reader->arena, &reader->parents, &reader->parent_shape))
        return error_memory(err);
    /* More rows inside are asked for by the parent's key. */
    for (size_t i = 0; i < table->parent_count + 2; i++)
        wanted[i] = i >= table->parent_count || reader->needed[i] || table->table.columns[i].key;
    return decoder_open(&reader->parent_shape, wanted, reader->warnings, &reader->parent_decoder, err);
}

/* Pages. */

static bool begin_json(struct odata_reader *reader, const char *body, size_t length, struct odata_page_facts *facts, struct error *err)
{
    struct odata_facts told;

    if (!odata_facts_read(body, length, &reader->page, &told, err))
        return strcmp(err->sqlstate, "HY001") == 0 ? false : error_prefix(err, "Table %s: ", reader->table->table.name);
    /* V4 has addresses relative to the context, the others to the request. */
    reader->base = reader->context->version == ODATA_V4 ? told.base : NULL;
    *facts = (struct odata_page_facts){.count = told.count, .failure = told.failure};
    if (told.failure)
        return true;
    if (told.next && !(facts->next = odata_resolve(&reader->page, reader->url, reader->base, told.next)))
        return error_set(err, "08S01", "Table %s: the service's link to the next page is no address: %.200s", reader->table->table.name, told.next);
    if (told.delta)
        facts->delta = odata_resolve(&reader->page, reader->url, reader->base, told.delta);
    if (reader->kind == PAGE_PARENTS) {
        reader->parents_left = true;
        if (!open_parents(reader, err))
            return false;
        decoder_batch(reader->parent_decoder);
        return decoder_page(reader->parent_decoder, body, length, err);
    }
    reader->present = decoder_for(reader, reader->kind == PAGE_ROW ? CONTENT_ONE : CONTENT_MANY, err);
    return reader->present && decoder_page(reader->present, body, length, err);
}

static bool begin_atom(struct odata_reader *reader, const char *body, size_t length, struct odata_page_facts *facts, struct error *err)
{
    struct atom **atom = reader->kind == PAGE_PARENTS ? &reader->atom_inside : &reader->atom;
    struct atom_facts told;

    if (!*atom && !atom_open(reader->table, reader->needed, reader->kind == PAGE_PARENTS, reader->warnings, atom, err))
        return false;
    if (!atom_page(*atom, body, length, reader->url, &told, err))
        return false;
    *facts = (struct odata_page_facts){.next = told.next, .delta = told.delta, .count = told.count, .failure = told.failure};
    if (!told.is_page && !told.failure)
        return error_set(err, "08S01", "Table %s: %.*s answered with XML that is no feed of this service", reader->table->table.name,
                         (int)strcspn(reader->url, "?"), reader->url);
    reader->present_atom = *atom;
    reader->entities = told.entries;
    return true;
}

bool odata_reader_page(struct odata_reader *reader, enum odata_page_kind kind, const char *body, size_t length, const char *url,
                       const struct value *echo, struct odata_page_facts *facts, struct error *err)
{
    const char *start = space_skip_lead(body, length);

    arena_reset(&reader->page);
    reader->kind = kind;
    reader->url = url;
    reader->base = NULL;
    reader->echo = echo;
    reader->parent = NULL;
    reader->present = NULL;
    reader->present_atom = NULL;
    reader->parents_left = false;
    reader->entities = 0;
    reader->first_inner = NULL;
    reader->last_inner = &reader->first_inner;
    *facts = (struct odata_page_facts){.count = -1};
    return start < body + length && *start == '<' ? begin_atom(reader, body, length, facts, err) : begin_json(reader, body, length, facts, err);
}

bool odata_reader_spans(const struct odata_reader *reader)
{
    return !reader->atom && !reader->atom_inside;
}

void odata_reader_batch(struct odata_reader *reader)
{
    arena_reset(&reader->texts);
    for (size_t i = 0; i < CONTENTS; i++)
        if (reader->decoders[i])
            decoder_batch(reader->decoders[i]);
}

/* Cells. */

/* The names of a number's members: one, or several of flags that make it up. */
static void print_members(const struct odata_type *type, long long number, struct buffer *out)
{
    for (const struct odata_member *member = type->members; member; member = member->next)
        if (member->value == number) {
            buffer_append_text(out, member->name);
            return;
        }
    for (const struct odata_member *member = type->flags ? type->members : NULL; member; member = member->next)
        if (member->value && (number & member->value) == member->value) {
            buffer_printf(out, "%s%s", out->length ? "," : "", member->name);
            number &= ~member->value;
        }
    if (number)
        buffer_reset(out);
}

/* Members of enumerations come by name or number, several of them with blanks between. */
static bool name_members(struct odata_reader *reader, const struct odata_type *type, struct value *cell)
{
    struct buffer text;
    char *end;

    if (!cell->length || (!memchr(cell->text, ' ', cell->length) && !strchr("-0123456789", cell->text[0])))
        return true;
    buffer_init(&text, 1 << 16);
    long long number = strtoll(cell->text, &end, 10);
    if (*end == '\0')
        print_members(type, number, &text);
    for (const char *at = cell->text; *end && *at; at++)
        if (*at != ' ')
            buffer_append_char(&text, *at);
    const char *copy = text.length ? arena_copy(&reader->texts, text.data, text.length) : cell->text;
    if (text.length && copy)
        *cell = value_text(copy, text.length);
    buffer_clear(&text);
    return copy;
}

/* A moment without an offset, at the service's own, is brought to UTC. */
static bool to_utc(struct odata_reader *reader, struct value *cell)
{
    struct datetime moment;
    char text[DATETIME_TEXT];

    if (!datetime_parse_timestamp(cell->text, cell->length, &moment, NULL))
        return true;
    uint32_t nanosecond = moment.nanosecond;
    if (!datetime_from_seconds(datetime_seconds(&moment) - reader->context->form.zone * 60, &moment))
        return true;
    moment.nanosecond = nanosecond;
    size_t length = datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
    const char *copy = arena_copy(&reader->texts, text, length);
    if (copy)
        *cell = value_text(copy, length);
    return copy;
}

/* What a value means beyond its form. */
static bool finish(struct odata_reader *reader, size_t column, struct value *cell)
{
    const struct odata_column *detail = &reader->table->columns[column];

    if (cell->storage != STORAGE_TEXT)
        return true;
    if (detail->edm == EDM_ENUM && !detail->collection)
        return name_members(reader, detail->type, cell);
    if (detail->edm == EDM_DATE_TIME && !detail->day && reader->context->form.zone_known && !detail->collection)
        return to_utc(reader, cell);
    if ((detail->role == ROLE_MEDIA_LINK || detail->role == ROLE_STREAM) && cell->length) {
        const char *address = odata_resolve(&reader->texts, reader->url, reader->base, cell->text);
        if (address)
            *cell = value_text(address, strlen(address));
    }
    return true;
}

static bool needs_finish(const struct odata_reader *reader, size_t column)
{
    const struct odata_column *detail = &reader->table->columns[column];
    return detail->edm == EDM_ENUM || detail->role == ROLE_MEDIA_LINK || detail->role == ROLE_STREAM
           || (detail->edm == EDM_DATE_TIME && reader->context->form.zone_known);
}

/* Values from outside of the page outlive it. */
static bool copy_value(struct odata_reader *reader, struct value *value)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    value->text = arena_copy(&reader->texts, value->text, value->length);
    return value->text;
}

static bool fill_row(struct odata_reader *reader, size_t row, struct value *const *decoded, size_t from, const struct value *kept, struct error *err)
{
    const struct odata_table *table = reader->table;

    for (size_t i = 0; i < table->table.column_count; i++) {
        struct value *cell = reader->cells[i] ? &reader->cells[i][row] : NULL;
        if (!cell)
            continue;
        *cell = kept ? kept[i] : decoded[i] ? decoded[i][from] : value_null();
        bool outside = table->columns[i].role == ROLE_PARENT || table->columns[i].role == ROLE_SEARCH || table->columns[i].role == ROLE_INPUT;
        if (outside) {
            const struct value *echo = reader->parent && table->columns[i].role == ROLE_PARENT ? reader->parent : reader->echo;
            *cell = kept && reader->kind == PAGE_PARENTS && table->columns[i].role == ROLE_PARENT ? kept[i] : echo ? echo[i] : value_null();
            if (!copy_value(reader, cell))
                return error_memory(err);
        }
        if (needs_finish(reader, i) && !finish(reader, i, cell))
            return error_memory(err);
    }
    return true;
}

/* Rows inside of parents. */

static bool keep_inner(struct odata_reader *reader, const char *address, const struct value *parent, struct error *err)
{
    struct inner *inner = arena_alloc(&reader->page, sizeof *inner);
    size_t count = reader->table->table.column_count;

    if (!inner || !(inner->echo = arena_array(&reader->page, count + 1, sizeof *inner->echo)))
        return error_memory(err);
    inner->address = odata_resolve(&reader->page, reader->url, reader->base, address);
    if (!inner->address)
        return error_set(err, "08S01", "Table %s: the service's link to the next page is no address: %.200s", reader->table->table.name, address);
    for (size_t i = 0; i < count; i++)
        inner->echo[i] = i < reader->table->parent_count ? parent[i] : value_null();
    *reader->last_inner = inner;
    reader->last_inner = &inner->next;
    return true;
}

/* Starts on what is inside of a parent, which has just been read into the parent decoder's first row. */
static bool enter_parent(struct odata_reader *reader, struct error *err)
{
    const struct odata_table *table = reader->table;
    struct value *const *cells = decoder_cells(reader->parent_decoder);
    struct value *parent = arena_array(&reader->page, table->table.column_count + 1, sizeof *parent);
    const struct value *inside = &cells[table->parent_count][0], *next = &cells[table->parent_count + 1][0];
    struct odata_facts told = {.count = -1};

    if (!parent)
        return error_memory(err);
    for (size_t i = 0; i < table->table.column_count; i++)
        parent[i] = i < table->parent_count && cells[i] ? cells[i][0] : value_null();
    reader->parent = parent;
    reader->present = NULL;
    if (!value_is_null(next) && next->length && !keep_inner(reader, next->text, parent, err))
        return false;
    if (value_is_null(inside) || (inside->text[0] != '{' && inside->text[0] != '['))
        return true;
    enum odata_content content = inside->text[0] == '[' ? CONTENT_INNER_MANY : table->many ? CONTENT_INNER_RESULTS : CONTENT_INNER_ONE;
    if (content == CONTENT_INNER_RESULTS) {
        if (!odata_facts_read(inside->text, inside->length, &reader->page, &told, err))
            return false;
        if (told.next && !keep_inner(reader, told.next, parent, err))
            return false;
    }
    reader->present = decoder_for(reader, content, err);
    return reader->present && decoder_page(reader->present, inside->text, inside->length, err);
}

/* Whether an object stands for something that the service did not put inside, but only tells where it is. */
static bool is_deferred(const struct odata_reader *reader)
{
    const struct value *inside = &decoder_cells(reader->parent_decoder)[reader->table->parent_count][0];
    return inside->storage == STORAGE_TEXT && inside->length > 14 && strncmp(inside->text, "{\"__deferred\":", 14) == 0;
}

static bool next_parent(struct odata_reader *reader, struct error *err)
{
    bool found;

    if (!decoder_next(reader->parent_decoder, 0, &found, err))
        return false;
    reader->parents_left = found;
    if (!found)
        return true;
    reader->entities++;
    if (is_deferred(reader))
        return error_set(err, "08S01", "Table %s: the service does not put %s inside of its entities although it was asked to: set SupportsExpand=false",
                         reader->table->table.name, reader->table->navigation->name);
    return enter_parent(reader, err);
}

static bool is_alien(const struct odata_reader *reader, const struct decoder *decoder, struct error *err)
{
    if (decoder_has_rows(decoder))
        return true;
    return error_set(err, "08S01", "Table %s: %.*s answered with JSON that is no page of this service. Is the URL property right?",
                     reader->table->table.name, (int)strcspn(reader->url, "?"), reader->url);
}

bool odata_reader_next(struct odata_reader *reader, size_t row, bool *found, struct error *err)
{
    *found = false;
    if (reader->present_atom) {
        const struct value *kept = atom_next(reader->present_atom);
        *found = kept;
        return !kept || fill_row(reader, row, NULL, 0, kept, err);
    }
    for (;;) {
        if (reader->present) {
            if (!decoder_next(reader->present, row, found, err))
                return false;
            reader->entities += *found && reader->kind != PAGE_PARENTS;
            if (*found)
                return fill_row(reader, row, decoder_cells(reader->present), row, NULL, err);
            if (reader->kind != PAGE_PARENTS && !is_alien(reader, reader->present, err))
                return false;
            reader->present = NULL;
        }
        if (!reader->parents_left)
            return true;
        if (!next_parent(reader, err))
            return false;
        if (!reader->parents_left && !is_alien(reader, reader->parent_decoder, err))
            return false;
    }
}

int64_t odata_reader_entities(const struct odata_reader *reader)
{
    return reader->entities;
}

struct value *const *odata_reader_cells(const struct odata_reader *reader)
{
    return reader->cells;
}

bool odata_reader_inner(struct odata_reader *reader, const char **address, const struct value **echo)
{
    struct inner *inner = reader->first_inner;

    if (reader->present_atom)
        return atom_inner(reader->present_atom, address, echo);
    if (!inner)
        return false;
    reader->first_inner = inner->next;
    *address = inner->address;
    *echo = inner->echo;
    return true;
}
