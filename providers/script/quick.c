/* A quick look at what an address answers: its records become a table, whose columns are found out. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "providers/script/records.h"
#include "providers/script/service.h"

enum { LONGEST_NAME = 64 };

/* A name as scripts' paths have it. */
static void put_step(struct buffer *out, const char *name)
{
    if (strpbrk(name, "/[]"))
        buffer_printf(out, "['%s']", name);
    else
        buffer_append_text(out, name);
}

static void put_steps(struct buffer *out, const struct path *path, bool *first)
{
    for (size_t i = 0; i < path->length; i++) {
        if (!*first)
            buffer_append_char(out, '/');
        *first = false;
        put_step(out, path->steps[i].name);
    }
}

/* The path of a column: from the record on, or from the document on where it stands around the record. */
static const char *column_path(struct script_service *service, const struct shape *shape, const struct place *place)
{
    const struct row_place *rows = &shape->rows[0];
    struct buffer text;
    bool first = true;

    buffer_init(&text, 4096);
    if (place->up) {
        buffer_append_text(&text, service->xml ? "/" : "/json/");
        for (size_t i = 0; i + place->up < rows->level_count; i++)
            put_steps(&text, &rows->levels[i], &first);
    }
    put_steps(&text, &place->path, &first);
    const char *made = text.failed ? NULL : arena_text(&service->arena, buffer_text(&text));
    buffer_clear(&text);
    return made;
}

static const char *records_path(struct script_service *service, const struct shape *shape)
{
    const struct row_place *rows = &shape->rows[0];
    struct buffer text;
    bool first = true;

    buffer_init(&text, 4096);
    buffer_append_text(&text, service->xml ? "/" : "/json");
    first = service->xml;
    for (size_t i = 0; i < rows->level_count; i++)
        put_steps(&text, &rows->levels[i], &first);
    const char *made = text.failed ? NULL : arena_text(&service->arena, buffer_text(&text));
    buffer_clear(&text);
    return made;
}

/* After the last name of the way to the records, else after the address. */
static const char *table_name(struct script_service *service, const char *uri, const struct shape *shape)
{
    const struct row_place *rows = &shape->rows[0];
    const char *end = uri + strcspn(uri, "?#"), *start, *scheme = strstr(uri, "://");

    for (size_t i = rows->level_count; i-- > 0;)
        if (rows->levels[i].length)
            return arena_text(&service->arena, rows->levels[i].steps[rows->levels[i].length - 1].name);
    while (end > uri && end[-1] == '/')
        end--;
    for (start = end; start > uri && start[-1] != '/';)
        start--;
    const char *point = memchr(start, '.', (size_t)(end - start));
    if (point && point > start)
        end = point;
    bool usable = end > start && end - start <= LONGEST_NAME && (!scheme || start > scheme + 3);
    return usable ? arena_copy(&service->arena, start, (size_t)(end - start)) : "records";
}

static bool keep_table(struct script_service *service, const char *uri, const struct table *found, const struct shape *shape, struct error *err)
{
    struct script_table *quick = &service->quick;
    struct column *columns = arena_array(&service->arena, found->column_count + 1, sizeof *columns);
    struct script_column *own = arena_array(&service->arena, found->column_count + 1, sizeof *own);
    bool done = columns && own;

    for (size_t i = 0; done && i < found->column_count; i++) {
        columns[i] = found->columns[i];
        columns[i].name = arena_text(&service->arena, found->columns[i].name);
        own[i] = (struct script_column){.path = column_path(service, shape, &shape->columns[i].at[0])};
        done = columns[i].name && own[i].path;
        /* A record that is a value by itself has no path, which means something else in a script. */
        if (done && !*own[i].path)
            own[i].path = ".";
    }
    quick->columns = own;
    quick->table = (struct table){.name = table_name(service, uri, shape), .description = arena_text(&service->arena, uri), .kind = TABLE_VIEW,
                                  .columns = columns, .column_count = found->column_count, .definition = quick, .service = &service->service};
    service->quick_path = records_path(service, shape);
    return (done && quick->table.name && quick->table.description && service->quick_path) || error_memory(err);
}

bool quick_table_open(struct script_service *service, const char *uri, struct cancel *cancel, struct error *err)
{
    struct record_pages *pages = NULL;
    struct item item;
    size_t rows;

    item_init(&item, NULL);
    bool done = (item_set(&item, "uri", uri) || error_memory(err))
                && record_request_open(&service->world, NULL, NULL, NULL, &item, service->xml ? RECORDS_XML : RECORDS_JSON, &service->quick_request, err);
    item_clear(&item);
    done = done && record_pages_open(service->quick_request, NULL, cancel, NULL, &pages, err) && record_pages_next(pages, &rows, err);
    if (done && !record_pages_shape(pages))
        done = error_set(err, "HY000", "%.300s: there are no records in the answer: say where they are by %s", uri, service->xml ? "XPath" : "JSONPath");
    done = done && keep_table(service, uri, record_pages_table(pages), record_pages_shape(pages), err);
    record_pages_close(pages);
    if (!done)
        return false;
    /* From now on the columns are those that have been found, wherever the page has arrays. */
    struct record_request *request = service->quick_request;
    request->table = &service->quick;
    request->has_path = true;
    return form_names(&request->ask.arena, service->quick_path, !service->xml, &request->path) || error_memory(err);
}
