/* Pages of records, one after the other. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "http/url.h"
#include "providers/script/csv_pages.h"
#include "providers/script/info.h"
#include "providers/script/outline.h"
#include "providers/script/records.h"
#include "providers/script/world.h"
#include "providers/script/xml.h"

enum { LONGEST_URL = 64 << 10, LARGEST_PAGE = 256 << 20 };

struct record_pages {
    const struct record_request *request;
    const bool *wanted;                  /* copied; or NULL */
    struct cancel *cancel;
    struct warnings *warnings;
    struct answer answer;                /* the present page */
    struct buffer json;                  /* made of its XML */
    struct arena arena;                  /* of the form */
    struct path names;
    struct outline *outline;
    struct table discovered;
    struct shape shape;
    struct decoder *decoder;             /* NULL: the form is not known yet */
    bool in_page, over;
    struct buffer url;                   /* that the present page was asked by */
    int64_t number, offset, elements;    /* of the next page; elements: of the present */
    size_t row;                          /* of the present batch */
    bool *needed;
    struct csv_pages *csv;               /* delimited text is read by it; or NULL */
};

bool record_pages_open(const struct record_request *request, const bool *wanted, struct cancel *cancel, struct warnings *warnings, struct record_pages **pages,
                struct error *err)
{
    struct record_pages *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->request = request;
    made->wanted = wanted;
    made->cancel = cancel;
    made->warnings = warnings;
    made->number = request->paging.first;
    buffer_init(&made->json, LARGEST_PAGE);
    buffer_init(&made->url, LONGEST_URL);
    if (request->csv && !csv_pages_open(request, wanted, cancel, warnings, &made->csv, err)) {
        record_pages_close(made);
        return false;
    }
    *pages = made;
    return true;
}

static void end_page(struct record_pages *pages)
{
    answer_clear(&pages->answer);
    pages->in_page = false;
}

void record_pages_close(struct record_pages *pages)
{
    if (!pages)
        return;
    csv_pages_close(pages->csv);
    decoder_close(pages->decoder);
    end_page(pages);
    buffer_clear(&pages->json);
    buffer_clear(&pages->url);
    free(pages->needed);
    arena_clear(&pages->arena);
    free(pages);
}

const struct value *const *record_pages_cells(const struct record_pages *pages)
{
    return pages->csv ? csv_pages_cells(pages->csv) : (const struct value *const *)decoder_cells(pages->decoder);
}

const struct table *record_pages_table(const struct record_pages *pages)
{
    if (pages->csv)
        return csv_pages_table(pages->csv);
    return pages->request->table ? &pages->request->table->table : pages->decoder ? &pages->discovered : NULL;
}

const struct shape *record_pages_shape(const struct record_pages *pages)
{
    return pages->decoder ? &pages->shape : NULL;
}

const struct outline *record_pages_outline(const struct record_pages *pages, const struct path **names)
{
    *names = &pages->names;
    return pages->outline;
}

/* --- the form of a page --- */

static bool set_page_paths(struct record_pages *pages)
{
    const struct record_paging *paging = &pages->request->paging;
    const struct path *next = paging->next.length ? &paging->next : paging->token.length ? &paging->token : NULL;

    pages->shape.next = next;
    pages->shape.next_count = next != NULL;
    pages->shape.more = paging->more.length ? &paging->more : NULL;
    pages->shape.more_count = paging->more.length != 0;
    return true;
}

/* XML is made JSON; which of its elements are records must be known for that, or found. */
static bool make_json(struct record_pages *pages, const char **body, size_t *length, struct error *err)
{
    buffer_reset(&pages->json);
    if (!xml_lists_to_json(pages->answer.body, pages->answer.length, &pages->request->path, pages->request->lists, &pages->json, err))
        return error_prefix(err, "%s: ", pages->answer.url);
    *body = buffer_text(&pages->json);
    *length = pages->json.length;
    return true;
}

static bool open_decoder(struct record_pages *pages, const struct row_place *place, const struct outline *outline, struct error *err)
{
    const struct record_request *request = pages->request;

    if (request->table ? !form_declared(&pages->arena, request->table, request->kind != RECORDS_XML, place, &pages->shape, err)
                       : !form_discovered(&pages->arena, outline, request->name, request->model, request->strings, place, &pages->discovered, &pages->shape, err))
        return false;
    set_page_paths(pages);
    size_t count = pages->shape.table->column_count;
    free(pages->needed);
    pages->needed = calloc(count + 1, sizeof *pages->needed);
    if (!pages->needed)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        pages->needed[i] = pages->shape.columns[i].at_count && (!pages->wanted || pages->wanted[i]);
    return decoder_open(&pages->shape, pages->needed, pages->warnings, &pages->decoder, err);
}

/* *found false: there are no records in the page, nor a place for them. */
static bool find_form(struct record_pages *pages, const char *body, size_t length, bool *found, struct error *err)
{
    const struct record_request *request = pages->request;
    struct row_place place;

    decoder_close(pages->decoder);
    pages->decoder = NULL;
    arena_reset(&pages->arena);
    if (!outline_read(body, length, request->depth, request->kind == RECORDS_XML, &pages->arena, &pages->outline, err))
        return error_prefix(err, "%s: ", pages->answer.url);
    bool done = form_records(&pages->arena, pages->outline, request->has_path ? &request->path : NULL, &pages->names, &place, found);
    if (done && *found && request->model == FORM_FLATTENED && !request->table) {
        struct path innermost, names;
        done = form_innermost(&pages->arena, pages->outline, &pages->names, &innermost)
               && form_records(&pages->arena, pages->outline, &innermost, &names, &place, found);
    }
    if (!done)
        return error_memory(err);
    return !*found || open_decoder(pages, &place, pages->outline, err);
}

/* --- asking --- */

static bool add_page_parameters(struct record_pages *pages, struct error *err)
{
    const struct record_paging *paging = &pages->request->paging;
    char text[32];
    bool done = true;

    if (paging->size_parameter && paging->size) {
        snprintf(text, sizeof text, "%ld", paging->size);
        done = url_add_parameter(&pages->url, paging->size_parameter, text, false);
    }
    if (paging->number_parameter) {
        snprintf(text, sizeof text, "%" PRId64, pages->number);
        done = done && url_add_parameter(&pages->url, paging->number_parameter, text, false);
    }
    if (paging->offset_parameter) {
        snprintf(text, sizeof text, "%" PRId64, pages->offset);
        done = done && url_add_parameter(&pages->url, paging->offset_parameter, text, false);
    }
    return done || error_set(err, "HY000", "an address is longer than %d bytes", LONGEST_URL);
}

/* Makes the address of the page that comes next; next: what the last one says of it, or NULL. */
static bool make_url(struct record_pages *pages, const char *next, struct error *err)
{
    const struct record_request *request = pages->request;
    struct buffer before = pages->url;
    bool first = before.length == 0, done;

    buffer_init(&pages->url, LONGEST_URL);
    if (next && request->paging.next.length) {
        done = url_resolve(before.length ? buffer_text(&before) : request->ask.url, next, &pages->url)
               || error_set(err, "08S01", "%s: what tells the next page is no address", request->ask.url);
        /* An address out of an answer may lead to the hosts alone that the script may ask. */
        if (done && !url_same_origin(request->ask.url, buffer_text(&pages->url)))
            done = world_check_host(request->world, request->script, request->input, buffer_text(&pages->url), err);
        if (done && strcmp(buffer_text(&before), buffer_text(&pages->url)) == 0)
            done = error_set(err, "08S01", "%s: a page says that it comes after itself", request->ask.url);
    } else {
        done = (buffer_append_text(&pages->url, request->ask.url) || error_memory(err)) && add_page_parameters(pages, err);
        if (done && next && request->paging.token_parameter)
            done = url_add_parameter(&pages->url, request->paging.token_parameter, next, false) || error_memory(err);
        if (done && !first && strcmp(buffer_text(&before), buffer_text(&pages->url)) == 0)
            done = error_set(err, "08S01", "%s: a page says that it comes after itself", request->ask.url);
    }
    buffer_clear(&before);
    return done;
}

bool record_request_print(const struct record_request *request, struct buffer *out, struct error *err)
{
    struct record_pages pages = {.request = request, .number = request->paging.first};
    bool done = true;

    if (request->text || request->ask.file)
        return buffer_append_text(out, request->ask.file ? request->ask.file : "data of the script") || error_memory(err);
    if (!make_url(&pages, NULL, err))
        return false;
    buffer_printf(out, "%s ", request->ask.method);
    done = url_print_hidden(out, buffer_text(&pages.url));
    buffer_clear(&pages.url);
    return done || error_memory(err);
}

static bool fetch(struct record_pages *pages, const char *next, struct error *err)
{
    const struct record_request *request = pages->request;
    const char *body;
    size_t length;
    bool found = true;

    bool made = make_url(pages, next, err);
    end_page(pages);
    if (!made || !ask_send(&request->ask, request->world, buffer_text(&pages->url), pages->cancel, &pages->answer, err))
        return false;
    if (pages->answer.status >= 400)
        return answer_refused(&request->ask, request->world, &pages->answer, err);
    body = pages->answer.body;
    length = pages->answer.length;
    if (length == 0) {
        pages->over = true;
        return true;
    }
    if (request->kind == RECORDS_XML && !make_json(pages, &body, &length, err))
        return false;
    if ((request->kind == RECORDS_XML || !pages->decoder) && !find_form(pages, body, length, &found, err))
        return false;
    if (!found) {
        pages->over = true;
        return true;
    }
    if (!decoder_page(pages->decoder, body, length, err))
        return error_prefix(err, "%s: ", pages->answer.url);
    pages->in_page = true;
    pages->elements = 0;
    return true;
}

/* At a page's end: whether another one follows; *next what it says of it, in memory of its own, or NULL. */
static bool comes_more(struct record_pages *pages, char **next, struct error *err)
{
    const struct record_paging *paging = &pages->request->paging;
    const char *told = decoder_next_page(pages->decoder);

    *next = NULL;
    pages->elements = decoder_elements(pages->decoder);
    if (paging->next.length || paging->token.length) {
        pages->over = !told || !*told || (paging->more.length && !decoder_more(pages->decoder));
        if (!pages->over && !(*next = strdup(told)))
            return error_memory(err);
        return true;
    }
    bool counts = paging->number_parameter || paging->offset_parameter;
    pages->over = !counts || pages->elements == 0 || (paging->more.length ? !decoder_more(pages->decoder) : paging->size && pages->elements < paging->size);
    pages->number++;
    pages->offset += pages->elements;
    return true;
}

/* The next page, or the end of all. */
static bool advance(struct record_pages *pages, struct error *err)
{
    char *next = NULL;

    if (!cancel_check(pages->cancel, err))
        return false;
    if (pages->url.length && !comes_more(pages, &next, err))
        return false;
    bool done = pages->over || fetch(pages, next, err);
    free(next);
    return done;
}

bool record_pages_next(struct record_pages *pages, size_t *rows, struct error *err)
{
    bool found = true;

    if (pages->csv)
        return csv_pages_next(pages->csv, rows, err);
    *rows = 0;
    while (!pages->over && *rows == 0) {
        if (!pages->in_page && !advance(pages, err))
            return false;
        if (!pages->in_page)
            continue;
        if (pages->decoder)
            decoder_batch(pages->decoder);
        for (found = true; *rows < DECODE_ROWS; ++*rows) {
            if (!decoder_next(pages->decoder, *rows, &found, err))
                return error_prefix(err, "%s: ", pages->answer.url);
            if (!found)
                break;
        }
        /* The page stays until its rows have been looked at. */
        if (!found)
            pages->in_page = false;
    }
    return true;
}
