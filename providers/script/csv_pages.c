#include "providers/script/csv_pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "providers/csv/place.h"
#include "providers/csv/single.h"
#include "providers/csv/stream.h"
#include "providers/rows/coerce.h"
#include "providers/script/info.h"
#include "providers/script/records.h"
#include "providers/script/world.h"

enum { WINDOW = 512 << 10, LARGEST_BEGINNING = 64 << 20 };

/* An answer that is asked for once and read twice: what its columns are found by is kept, and comes again before the rest. */
struct web {
    struct csv_opener opener;
    const struct record_request *request;
    struct cancel *cancel;
    struct answer answer;
    bool asked;
    struct buffer beginning;
    const char *bytes;                /* that came and are still to be read */
    size_t left;
};

struct web_stream {
    struct csv_stream stream;
    struct web *web;
    bool keeps;                       /* it is the first reading */
    size_t at;                        /* in the beginning */
};

struct text {
    struct csv_opener opener;
    const struct record_request *request;
};

struct csv_pages {
    const struct record_request *request;
    const bool *wanted;
    struct cancel *cancel;
    struct warnings *warnings;
    struct web web;
    struct text text;
    struct arena arena, texts;        /* texts: of the present rows */
    struct csv_single *single;        /* NULL: not opened yet */
    const struct table *table;
    const struct value *const *found; /* as they are read */
    size_t count, next;               /* rows of these, and how many were given */
    const struct value **cells;       /* of the rows that are given */
    struct value **made;              /* per declared column that is not simply read: DECODE_ROWS values */
    const char *missing;              /* a column that is wanted, and nowhere; or NULL */
    struct shape shape;               /* of declared columns, to make values of texts */
};

/* --- where the bytes come from --- */

static bool read_on(struct web *web, struct error *err)
{
    return web->left || http_read(web->answer.exchange, web->cancel, &web->bytes, &web->left, err) || error_prefix(err, "%s: ", web->answer.url);
}

static bool web_read(struct csv_stream *stream_, char *out, size_t room, size_t *got, struct error *err)
{
    struct web_stream *stream = (struct web_stream *)stream_;
    struct web *web = stream->web;
    size_t again = web->beginning.length - stream->at;

    if (!stream->keeps && again) {
        *got = again < room ? again : room;
        memcpy(out, web->beginning.data + stream->at, *got);
        stream->at += *got;
        return true;
    }
    if (!read_on(web, err))
        return false;
    *got = web->left < room ? web->left : room;
    if (*got)
        memcpy(out, web->bytes, *got);
    if (*got && stream->keeps && !buffer_append(&web->beginning, web->bytes, *got))
        return error_set(err, "HY000", "%s: more than %d MiB are looked at for the columns: set RowScanDepth", web->answer.url, LARGEST_BEGINNING >> 20);
    web->bytes += *got;
    web->left -= *got;
    return true;
}

static void close_stream(struct csv_stream *stream)
{
    free(stream);
}

static bool web_open(struct csv_opener *opener, struct cancel *cancel, struct csv_stream **result, struct error *err)
{
    struct web *web = (struct web *)opener;
    const struct record_request *request = web->request;
    bool first = !web->asked;
    (void)cancel;

    if (first) {
        web->asked = true;
        if (!ask_begin(&request->ask, request->world, WINDOW, web->cancel, &web->answer, err))
            return false;
        if (web->answer.status < 200 || web->answer.status >= 300)
            return answer_refused(&request->ask, request->world, &web->answer, err);
    }
    struct web_stream *stream = malloc(sizeof *stream);
    if (!stream)
        return error_memory(err);
    *stream = (struct web_stream){.stream = {web_read, close_stream, NULL}, .web = web, .keeps = first};
    *result = &stream->stream;
    return true;
}

static bool text_open(struct csv_opener *opener, struct cancel *cancel, struct csv_stream **stream, struct error *err)
{
    const struct record_request *request = ((struct text *)opener)->request;
    (void)cancel;

    return csv_memory_open(request->text, request->text_length, 0, stream, err);
}

/* --- opening --- */

bool csv_pages_open(const struct record_request *request, const bool *wanted, struct cancel *cancel, struct warnings *warnings, struct csv_pages **pages,
                    struct error *err)
{
    struct csv_pages *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->request = request;
    made->wanted = wanted;
    made->cancel = cancel;
    made->warnings = warnings;
    made->web = (struct web){.opener = {web_open}, .request = request, .cancel = cancel};
    made->text = (struct text){.opener = {text_open}, .request = request};
    buffer_init(&made->web.beginning, LARGEST_BEGINNING);
    *pages = made;
    return true;
}

void csv_pages_close(struct csv_pages *pages)
{
    if (!pages)
        return;
    csv_single_close(pages->single);
    answer_clear(&pages->web.answer);
    buffer_clear(&pages->web.beginning);
    arena_clear(&pages->texts);
    arena_clear(&pages->arena);
    free(pages);
}

/* Whether cells of a kind are read as texts first: files of this machine have no columns of it. */
static bool is_made(enum type_kind kind)
{
    return kind == TYPE_JSON || kind == TYPE_BINARY;
}

/* Takes the columns that the script declares for those of the same name, or of other:xPath. */
static bool declare(struct csv_pages *pages, bool *wanted, struct error *err)
{
    const struct script_table *own = pages->request->table;
    const struct table *table = &own->table;
    size_t count = table->column_count;
    struct column *columns = arena_array(&pages->arena, count + 1, sizeof *columns);
    struct shape_column *shapes = arena_array(&pages->arena, count + 1, sizeof *shapes);
    const char **names = arena_array(&pages->arena, count + 1, sizeof *names);
    bool *there = arena_array(&pages->arena, count + 1, sizeof *there);

    if (!columns || !shapes || !names || !there)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const char *path = own->columns[i].path;
        columns[i] = table->columns[i];
        if (is_made(columns[i].type.kind))
            columns[i].type = (struct type){.kind = TYPE_STRING};
        names[i] = columns[i].pseudo || (path && !*path) ? NULL : path ? path : columns[i].name;
    }
    if (!csv_single_declare(pages->single, columns, names, count, there, err))
        return false;
    pages->shape = (struct shape){.table = table, .columns = shapes};
    for (size_t i = 0; i < count; i++) {
        bool asked = !pages->wanted || pages->wanted[i], given = names[i] && !there[i] && pages->request->given[i];
        wanted[i] = asked && there[i];
        if (asked && (given || (there[i] && is_made(table->columns[i].type.kind)))
            && !(pages->made[i] = arena_array(&pages->arena, DECODE_ROWS, sizeof **pages->made)))
            return error_memory(err);
        if (asked && pages->wanted && names[i] && !there[i] && !given && !own->columns[i].listens && !own->columns[i].parameter)
            pages->missing = names[i];
    }
    return true;
}

static bool begin(struct csv_pages *pages, struct error *err)
{
    const struct record_request *request = pages->request;
    const char *url = request->ask.url;
    const char *name = request->text ? "data" : request->ask.file ? request->ask.file : arena_copy(&pages->arena, url, strcspn(url, "?#"));
    struct csv_opener *opener = request->text ? &pages->text.opener : &pages->web.opener;

    if (!name)
        return error_memory(err);
    if (!csv_single_open(request->csv, request->world->log, name, request->text ? NULL : request->ask.file, opener, &pages->single, err))
        return false;
    pages->table = request->table ? &request->table->table : csv_single_table(pages->single);
    size_t count = pages->table->column_count;
    bool *wanted = arena_array(&pages->arena, count + 1, sizeof *wanted);
    pages->cells = arena_array(&pages->arena, count + 1, sizeof *pages->cells);
    pages->made = arena_array(&pages->arena, count + 1, sizeof *pages->made);
    if (!wanted || !pages->cells || !pages->made)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        wanted[i] = !pages->wanted || pages->wanted[i];
    return (!request->table || declare(pages, wanted, err)) && csv_single_read(pages->single, wanted, pages->cancel, pages->warnings, err);
}

/* --- rows --- */

/* The cells of a column that are no cells of the text as they are. */
static bool make_column(struct csv_pages *pages, size_t column, size_t rows, struct error *err)
{
    const struct value *read = pages->found[column] ? pages->found[column] + pages->next : NULL;
    const char *given = read ? NULL : pages->request->given[column];
    struct value *made = pages->made[column];

    for (size_t i = 0; i < rows; i++) {
        const char *text = read ? read[i].text : given;
        if (!read && i) {
            made[i] = made[0];
        } else if (read && value_is_null(&read[i])) {
            made[i] = value_null();
        } else if (!coerce_key(&pages->shape, (int)column, text, read ? read[i].length : strlen(given), &pages->texts, pages->warnings, &made[i], err)) {
            return false;
        }
    }
    pages->cells[column] = made;
    return true;
}

bool csv_pages_next(struct csv_pages *pages, size_t *rows, struct error *err)
{
    *rows = 0;
    if (!pages->single && !begin(pages, err))
        return false;
    if (pages->next == pages->count) {
        pages->next = 0;
        if (!csv_single_next(pages->single, &pages->found, &pages->count, err))
            return false;
    }
    size_t given = pages->count - pages->next < DECODE_ROWS ? pages->count - pages->next : DECODE_ROWS;
    if (given && pages->missing)
        return error_set(err, "HY000", "Table %s: there is no column %s in %s; other:xPath tells by which name it is there", pages->table->name, pages->missing,
                         csv_single_table(pages->single)->name);
    arena_reset(&pages->texts);
    for (size_t i = 0; given && i < pages->table->column_count; i++) {
        pages->cells[i] = pages->found[i] ? pages->found[i] + pages->next : NULL;
        if (pages->made[i] && !make_column(pages, i, given, err))
            return false;
    }
    pages->next += given;
    *rows = given;
    return true;
}

const struct value *const *csv_pages_cells(const struct csv_pages *pages)
{
    return pages->cells;
}

const struct table *csv_pages_table(const struct csv_pages *pages)
{
    return pages->table;
}
