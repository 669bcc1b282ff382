/* A quick look at what an address answers: its records become a table, whose columns are found out. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
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
    if (place->kind == PLACE_INDEX) {
        buffer_append_text(&text, service->xml ? "/" : "/json/");
        for (size_t i = 0; i + place->up < rows->level_count; i++)
            put_steps(&text, &rows->levels[i], &first);
        buffer_append_char(&text, '#');
    } else if (place->up) {
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

/* A name that no other table has: with that of the one around it in front, or a number behind. */
static const char *free_name(struct script_service *service, const char *name, const struct shape *shape)
{
    const struct row_place *rows = &shape->rows[0];
    const char *made = name;
    bool taken = true;

    for (int number = 1; made && taken; number++) {
        const struct path *around = rows->level_count > 1 ? &rows->levels[rows->level_count - 2] : NULL;
        taken = false;
        for (size_t i = 0; i < service->quick_count; i++)
            taken |= name_equal(service->quick[i].table.name, made);
        if (taken && number == 1 && around && around->length)
            made = arena_printf(&service->arena, "%s_%s", around->steps[around->length - 1].name, name);
        else if (taken)
            made = arena_printf(&service->arena, "%s_%d", name, number + 1);
    }
    return made;
}

static bool keep_table(struct script_service *service, const char *uri, const struct table *found, const struct shape *shape, struct record_request *request,
                       struct error *err)
{
    struct script_table *quick = &service->quick[service->quick_count];
    struct column *columns = arena_array(&service->arena, found->column_count + 1, sizeof *columns);
    struct script_column *own = arena_array(&service->arena, found->column_count + 1, sizeof *own);
    const char *name = table_name(service, uri, shape);
    bool done = columns && own && name;

    for (size_t i = 0; done && i < found->column_count; i++) {
        columns[i] = found->columns[i];
        columns[i].name = arena_text(&service->arena, found->columns[i].name);
        own[i] = (struct script_column){.path = column_path(service, shape, &shape->columns[i].at[0])};
        done = columns[i].name && own[i].path;
        /* A record that is a value by itself has no path, which means something else in a script. */
        if (done && !*own[i].path)
            own[i].path = ".";
    }
    *quick = (struct script_table){.columns = own, .request = request, .records = records_path(service, shape)};
    quick->table = (struct table){.name = name ? free_name(service, name, shape) : NULL, .description = arena_text(&service->arena, uri), .kind = TABLE_VIEW,
                                  .columns = columns, .column_count = found->column_count, .definition = quick, .service = &service->service};
    service->quick_count++;
    /* From now on the columns are those that have been found, wherever the page has arrays. */
    request->table = quick;
    request->has_path = true;
    for (size_t i = 0, names = 0; i < shape->rows[0].level_count; i++) {
        names += shape->rows[0].levels[i].length;
        if (names < 64 && (shape->rows[0].many || i + 1 < shape->rows[0].level_count))
            request->lists |= (uint64_t)1 << names;
    }
    return (done && quick->table.name && quick->table.description && quick->records
            && form_names(&request->ask.arena, quick->records, !service->xml, &request->path))
           || error_memory(err);
}

static bool open_request(const struct script_service *service, const char *uri, struct record_request **request, struct error *err)
{
    struct item item;

    item_init(&item, NULL);
    bool done = (item_set(&item, "uri", uri) || error_memory(err))
                && record_request_open(&service->world, NULL, NULL, NULL, &item, service->xml ? RECORDS_XML : RECORDS_JSON, request, err);
    item_clear(&item);
    return done;
}

static bool make_room(struct script_service *service, size_t count, struct error *err)
{
    service->quick = arena_array(&service->arena, count, sizeof *service->quick);
    return service->quick || error_memory(err);
}

/* A table of each array of objects. */
static bool keep_lists(struct script_service *service, const char *uri, const struct record_pages *pages, bool texts, struct error *err)
{
    const struct path *names;
    const struct outline *outline = record_pages_outline(pages, &names);
    struct arena arena = {0};
    struct path *lists;
    size_t count;
    bool done = (form_lists(&arena, outline, names, &lists, &count) || error_memory(err)) && make_room(service, count, err);

    for (size_t i = 0; done && i < count; i++) {
        struct record_request *request = NULL;
        struct row_place place;
        struct table table;
        struct shape shape = {0};
        struct path way;
        bool found;
        done = form_records(&arena, outline, &lists[i], &way, &place, &found) || error_memory(err);
        if (!done || !found)
            continue;
        done = form_discovered(&arena, outline, "records", FORM_RELATIONAL, texts, &place, &table, &shape, err) && open_request(service, uri, &request, err);
        done = done && keep_table(service, uri, &table, &shape, request, err);
    }
    arena_clear(&arena);
    return done;
}

bool quick_tables_open(struct script_service *service, const char *uri, struct cancel *cancel, struct error *err)
{
    struct record_request *request = NULL;
    struct record_pages *pages = NULL;
    size_t rows;

    bool done = open_request(service, uri, &request, err) && record_pages_open(request, NULL, cancel, NULL, &pages, err)
                && record_pages_next(pages, &rows, err);
    if (done && !record_pages_shape(pages))
        done = error_set(err, "HY000", "%.300s: there are no records in the answer: say where they are by %s", uri, service->xml ? "XPath" : "JSONPath");
    if (done && request->model == FORM_RELATIONAL) {
        done = keep_lists(service, uri, pages, request->strings, err);
    } else if (done && make_room(service, 1, err)) {
        done = keep_table(service, uri, record_pages_table(pages), record_pages_shape(pages), request, err);
        request = NULL;
    } else {
        done = false;
    }
    record_pages_close(pages);
    record_request_close(request);
    return done;
}

void quick_tables_close(struct script_service *service)
{
    for (size_t i = 0; i < service->quick_count; i++)
        record_request_close(service->quick[i].request);
    service->quick_count = 0;
}
