/* What an item says of records, and of pages. */
#include "providers/script/records.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"
#include "providers/csv/single.h"
#include "providers/script/info.h"
#include "providers/script/world.h"

enum { LONGEST_URL = 64 << 10, STANDARD_DEPTH = 100, LARGEST_DEPTH = 1000000 };

/* What the item says, else the connection's property. */
static const char *word(const struct record_request *request, const struct item *item, const char *name)
{
    const char *given = item_first(item, name);

    if (!given || !*given)
        given = properties_named(request->world->properties, name);
    return given && *given ? given : NULL;
}

static long number(const char *text, long standard, long largest)
{
    char *end;
    long given = text ? strtol(text, &end, 10) : standard;

    return !text || *end || given < 0 || given > largest ? standard : given;
}

static bool read_path(struct record_request *request, const struct item *item, const char *name, bool json, struct path *path, struct error *err)
{
    const char *text = item_first(item, name);

    *path = (struct path){0};
    return !text || !*text || form_names(&request->ask.arena, text, json, path) || error_memory(err);
}

/* The first of several paths that are divided by semicolons: those after it lead further in. */
static const char *last_path(struct arena *arena, const char *text)
{
    const char *last = strrchr(text, ';');

    return arena_text(arena, last && last[1] ? last + 1 : text);
}

static bool read_records(struct record_request *request, const struct item *item, struct error *err)
{
    const char *path = word(request, item, request->kind == RECORDS_XML ? "XPath" : "JSONPath"), *model = word(request, item, "DataModel");

    if (!path)
        path = item_first(item, "RepeatElement");
    if (!path || !*path)
        path = word(request, item, request->kind == RECORDS_XML ? "JSONPath" : "XPath");
    if (path) {
        const char *last = last_path(&request->ask.arena, path);
        if (!last || !form_names(&request->ask.arena, last + strspn(last, " "), request->kind != RECORDS_XML, &request->path))
            return error_memory(err);
        request->has_path = true;
    }
    request->model = model && name_equal(model, "FLATTENEDDOCUMENTS") ? FORM_FLATTENED
                     : model && name_equal(model, "RELATIONAL")       ? FORM_RELATIONAL : FORM_DOCUMENT;
    const char *depth = word(request, item, "RowScanDepth");
    request->depth = depth && strcmp(depth, "-1") == 0 ? 0 : (size_t)number(depth, STANDARD_DEPTH, LARGEST_DEPTH);
    const char *detection = word(request, item, "TypeDetectionScheme");
    request->strings = detection && name_equal(detection, "None");
    return true;
}

static const char *keep(struct record_request *request, const struct item *item, const char *name, bool *done)
{
    const char *given = item_first(item, name);
    const char *copy = given && *given ? arena_text(&request->ask.arena, given) : NULL;

    *done = *done && (copy || !given || !*given);
    return copy;
}

static bool read_paging(struct record_request *request, const struct item *item, struct error *err)
{
    struct record_paging *paging = &request->paging;
    const char *enabled = item_first(item, "EnablePaging");
    bool done = true;

    if (enabled && (name_equal(enabled, "false") || strcmp(enabled, "0") == 0))
        return true;
    paging->number_parameter = keep(request, item, "pagenumberparam", &done);
    paging->offset_parameter = keep(request, item, "pageoffsetparam", &done);
    paging->size_parameter = keep(request, item, "pagesizeparam", &done);
    paging->token_parameter = keep(request, item, "pagetokenparam", &done);
    long own = properties_number(request->world->properties, PROPERTY_PAGESIZE);
    paging->size = number(item_first(item, "pagesize"), paging->size_parameter ? own : 0, LONG_MAX);
    paging->first = number(item_first(item, "pagenumber"), 1, LONG_MAX);
    return (done || error_memory(err)) && read_path(request, item, "pagetokenpath", request->kind != RECORDS_XML, &paging->token, err)
           && read_path(request, item, "pageurlpath", request->kind != RECORDS_XML, &paging->next, err)
           && read_path(request, item, "hasmorepath", request->kind != RECORDS_XML, &paging->more, err);
}

/* What the columns are compared with, where the service can be asked by it. */
static bool add_filters(struct record_request *request, const struct item *input, struct error *err)
{
    const struct script_table *table = request->table;
    struct buffer url;

    if (!table || !input || request->ask.file || request->text)
        return true;
    buffer_init(&url, LONGEST_URL);
    bool done = buffer_append_text(&url, request->ask.url);
    for (size_t i = 0; done && i < table->table.column_count; i++) {
        const char *parameter = table->columns[i].parameter, *value = item_first(input, table->table.columns[i].name);
        if (parameter && value)
            done = url_add_parameter(&url, parameter, value, false);
    }
    done = done && (request->ask.url = arena_text(&request->ask.arena, buffer_text(&url)));
    buffer_clear(&url);
    return done || error_set(err, "HY000", "an address is longer than %d bytes", LONGEST_URL);
}

/* --- delimited text --- */

static const char *const accepted[] = {
    [RECORDS_JSON] = "application/json, */*;q=0.1", [RECORDS_XML] = "application/xml, text/xml;q=0.9, */*;q=0.1",
    [RECORDS_CSV] = "text/csv, */*;q=0.1",
};

static bool takes_text(const struct item *item)
{
    const char *uri = item_first(item, "uri"), *url = item_first(item, "url");

    return item_attribute(item, "data") && !(uri && *uri) && !(url && *url);
}

static bool read_text(struct record_request *request, const struct item *item, struct error *err)
{
    struct buffer text;

    request->ask = (struct ask){.method = "GET"};
    buffer_init(&text, ASK_LARGEST);
    bool done = item_value(item, "data", &text) && !text.failed;
    request->text = done ? arena_copy(&request->ask.arena, buffer_text(&text), text.length) : NULL;
    request->text_length = text.length;
    buffer_clear(&text);
    return request->text || error_memory(err);
}

/* The connection's properties, and the item's over them; and what the item has for declared columns, which is theirs where the text has none. */
static bool read_csv(struct record_request *request, const struct item *item, struct error *err)
{
    const struct table *table = request->table ? &request->table->table : NULL;

    if (!(request->csv = calloc(1, sizeof *request->csv)))
        return error_memory(err);
    if (!properties_copy(request->csv, request->world->properties, err))
        return false;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_info *info = property_info((enum property)i);
        const char *given = csv_single_property((enum property)i) ? item_first(item, info->name) : NULL;
        if (csv_single_property((enum property)i) && !given && info->alias)
            given = item_first(item, info->alias);
        if (given && !properties_override(request->csv, (enum property)i, given, err))
            return false;
    }
    if (!table)
        return true;
    bool done = true;
    request->given = arena_array(&request->ask.arena, table->column_count + 1, sizeof *request->given);
    for (size_t i = 0; request->given && i < table->column_count; i++)
        request->given[i] = keep(request, item, table->columns[i].name, &done);
    return (request->given && done) || error_memory(err);
}

/* --- opening --- */

bool record_request_open(const struct script_world *world, const struct script *script, const struct script_table *table, const struct item *input,
                         const struct item *item, enum record_kind kind, struct record_request **request, struct error *err)
{
    struct record_request *made = calloc(1, sizeof *made);
    struct item *copy = calloc(1, sizeof *copy);

    if (!made || !copy) {
        free(made);
        free(copy);
        return error_memory(err);
    }
    made->input = copy;
    made->script = script;
    made->world = world;
    made->kind = kind;
    made->table = table;
    made->name = "records";
    bool done = (kind == RECORDS_CSV && takes_text(item) ? read_text(made, item, err) : ask_read(&made->ask, world, script, input, item, NULL, accepted[kind], err))
                && (!input || item_copy(copy, input) || error_memory(err))
                && (kind == RECORDS_CSV ? read_csv(made, item, err) : read_records(made, item, err) && read_paging(made, item, err))
                && add_filters(made, input, err);
    if (done)
        *request = made;
    else
        record_request_close(made);
    return done;
}

void record_request_close(struct record_request *request)
{
    if (!request)
        return;
    ask_clear(&request->ask);
    if (request->csv)
        properties_clear(request->csv);
    free(request->csv);
    item_clear((struct item *)request->input);
    free((struct item *)request->input);
    free(request);
}
