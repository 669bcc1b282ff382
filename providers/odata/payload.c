#include "providers/odata/payload.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "json/reader.h"

/* Facts. */

static bool is(const struct json_text *text, const char *word)
{
    return strlen(word) == text->length && memcmp(text->bytes, word, text->length) == 0;
}

static bool is_any(const struct json_text *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is(text, words[i]))
            return true;
    return false;
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const next_names[] = {"@odata.nextLink", "@nextLink", "odata.nextLink", "__next"};
static const char *const delta_names[] = {"@odata.deltaLink", "@deltaLink", "odata.deltaLink", "__delta"};
static const char *const count_names[] = {"@odata.count", "@count", "odata.count", "__count"};
static const char *const context_names[] = {"@odata.context", "@context", "odata.metadata"};
static const char *const error_names[] = {"error", "odata.error"};

struct facts_reading {
    struct json_reader *reader;
    struct arena *arena;
    struct odata_facts *facts;
    struct error *err;
};

/* Reads the value that comes next as a text, or passes over it. */
static bool read_text(struct facts_reading *reading, const char **text)
{
    struct json_mark before = json_mark_here(reading->reader);
    struct json_text value;
    enum json_event event = json_next(reading->reader, &value, reading->err);

    if (event == JSON_EVENT_STRING || event == JSON_EVENT_NUMBER) {
        const char *copy = arena_copy(reading->arena, value.bytes, value.length);
        *text = value.length ? copy : *text;
        return copy || error_memory(reading->err);
    }
    if (event == JSON_EVENT_ERROR)
        return false;
    json_back(reading->reader, &before);
    return json_skip(reading->reader, reading->err);
}

static bool read_members(struct facts_reading *reading, bool outermost);

/* The envelope of V2: an object with the rows' array in it, the array itself, or one row. */
static bool read_envelope(struct facts_reading *reading)
{
    struct json_mark before = json_mark_here(reading->reader);
    enum json_event event = json_next(reading->reader, NULL, reading->err);

    if (event == JSON_EVENT_OBJECT)
        return read_members(reading, false);
    if (event == JSON_EVENT_ERROR)
        return false;
    json_back(reading->reader, &before);
    return json_skip(reading->reader, reading->err);
}

/* An entity can have a property of that name. */
static bool read_failure(struct facts_reading *reading, bool outermost)
{
    struct json_mark before = json_mark_here(reading->reader);
    enum json_event event = json_next(reading->reader, NULL, reading->err);

    if (event == JSON_EVENT_ERROR)
        return false;
    reading->facts->failure |= outermost && event == JSON_EVENT_OBJECT && !reading->facts->base;
    json_back(reading->reader, &before);
    return json_skip(reading->reader, reading->err);
}

static bool read_member(struct facts_reading *reading, const struct json_text *name, bool outermost)
{
    struct odata_facts *facts = reading->facts;
    const char *count = NULL;

    if (is_any(name, next_names, COUNT(next_names)))
        return read_text(reading, &facts->next);
    if (is_any(name, delta_names, COUNT(delta_names)))
        return read_text(reading, &facts->delta);
    if (is_any(name, context_names, COUNT(context_names)))
        return read_text(reading, &facts->base);
    if (is_any(name, count_names, COUNT(count_names))) {
        if (!read_text(reading, &count))
            return false;
        facts->count = count ? strtoll(count, NULL, 10) : -1;
        return true;
    }
    if (is_any(name, error_names, COUNT(error_names)))
        return read_failure(reading, outermost);
    if (outermost && is(name, "d"))
        return read_envelope(reading);
    return json_skip(reading->reader, reading->err);
}

/* The members of an object whose start has been read. */
static bool read_members(struct facts_reading *reading, bool outermost)
{
    struct json_text name;
    enum json_event event;

    while ((event = json_next(reading->reader, &name, reading->err)) == JSON_EVENT_MEMBER)
        if (!read_member(reading, &name, outermost))
            return false;
    return event == JSON_EVENT_OBJECT_END;
}

bool odata_facts_read(const char *body, size_t length, struct arena *arena, struct odata_facts *facts, struct error *err)
{
    struct facts_reading reading = {json_open(body, length), arena, facts, err};

    *facts = (struct odata_facts){.count = -1};
    if (!reading.reader)
        return error_memory(err);
    struct json_mark before = json_mark_here(reading.reader);
    enum json_event event = json_next(reading.reader, NULL, err);
    bool done = event == JSON_EVENT_OBJECT && read_members(&reading, true);
    if (event != JSON_EVENT_OBJECT && event != JSON_EVENT_ERROR) {
        json_back(reading.reader, &before);
        done = json_skip(reading.reader, err);
    }
    done = done && json_next(reading.reader, NULL, err) == JSON_EVENT_END;
    json_close(reading.reader);
    return done;
}

/* Shapes. */

bool odata_place(struct arena *arena, const char *path, const char *remark, struct place *place)
{
    size_t count = 1, made = 0;

    for (const char *at = path; *at; at++)
        count += *at == '/';
    struct path_step *steps = arena_array(arena, count, sizeof *steps);
    if (!steps)
        return false;
    for (const char *at = path; made < count; made++) {
        size_t length = strcspn(at, "/");
        bool last = made + 1 == count;
        steps[made].name = remark && last ? arena_printf(arena, "%.*s%s", (int)length, at, remark) : arena_copy(arena, at, length);
        if (!steps[made].name)
            return false;
        at += length + 1;
    }
    *place = (struct place){.kind = PLACE_MEMBER, .path = {steps, count}};
    return true;
}

enum shape_form odata_form(enum edm edm, bool collection, const struct type *type)
{
    if (collection)
        return FORM_LIST;
    switch (edm) {
    case EDM_BINARY: return FORM_BASE64;
    case EDM_DATE_TIME: case EDM_DATE_TIME_OFFSET: return FORM_MOMENT;
    case EDM_TIME: return FORM_TIME;
    case EDM_SINGLE: case EDM_DOUBLE: return FORM_REAL;
    default: return type->kind == TYPE_STRING && edm != EDM_STRING ? FORM_TEXT : FORM_PLAIN;
    }
}

/* Several places, the last that is found counts. A path may end with a remark, which belongs to its last name. */
struct place_text {
    const char *before, *remark;     /* before NULL: the column's own path */
};

static bool add_places(struct arena *arena, const char *path, const struct place_text *texts, size_t count, struct shape_column *shape)
{
    struct place *places = arena_array(arena, count, sizeof *places);

    if (!places)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *before = texts[i].before ? texts[i].before : path, *remark = texts[i].remark;
        if (remark && remark[0] == '/') { /* further names */
            before = arena_printf(arena, "%s%s", before, remark);
            remark = NULL;
        }
        if (!before || !odata_place(arena, before, remark, &places[i]))
            return false;
    }
    shape->at = places;
    shape->at_count = count;
    return true;
}

static bool shape_column(const struct odata_column *column, const struct type *type, struct arena *arena, struct shape_column *shape)
{
    static const struct place_text own[] = {{NULL, NULL}};
    static const struct place_text media[] = {{"__metadata/media_src", NULL}, {"odata.mediaReadLink", NULL}, {"@mediaReadLink", NULL},
                                              {"@odata.mediaReadLink", NULL}};
    static const struct place_text media_type[] = {{"__metadata/content_type", NULL}, {"odata.mediaContentType", NULL}, {"@mediaContentType", NULL},
                                                   {"@odata.mediaContentType", NULL}};
    static const struct place_text stream[] = {{NULL, "/__mediaresource/edit_media"}, {NULL, "@odata.mediaEditLink"}, {NULL, "/__mediaresource/media_src"},
                                               {NULL, "@mediaReadLink"}, {NULL, "@odata.mediaReadLink"}};
    static const struct place_text stream_type[] = {{NULL, "/__mediaresource/content_type"}, {NULL, "@mediaContentType"}, {NULL, "@odata.mediaContentType"}};

    shape->form = odata_form(column->edm, column->collection, type);
    switch (column->role) {
    case ROLE_PROPERTY: return add_places(arena, column->path, own, COUNT(own), shape);
    case ROLE_MEDIA_LINK: shape->form = FORM_PLAIN; return add_places(arena, "", media, COUNT(media), shape);
    case ROLE_MEDIA_TYPE: shape->form = FORM_PLAIN; return add_places(arena, "", media_type, COUNT(media_type), shape);
    case ROLE_STREAM: shape->form = FORM_PLAIN; return add_places(arena, column->path, stream, COUNT(stream), shape);
    case ROLE_STREAM_TYPE: shape->form = FORM_PLAIN; return add_places(arena, column->path, stream_type, COUNT(stream_type), shape);
    default: return true;
    }
}

static const struct path_step step_d = {.name = "d"}, step_value = {.name = "value"}, step_results = {.name = "results"};
static const struct path_step d_results[] = {{.name = "d"}, {.name = "results"}};
static const struct path path_root = {NULL, 0}, path_value = {&step_value, 1}, path_d = {&step_d, 1}, path_results = {&step_results, 1},
                         path_d_results = {d_results, 2};

static const struct row_place many_new[] = {{&path_value, 1, true, {NULL, 0}}, {&path_d_results, 1, true, {NULL, 0}}, {&path_results, 1, true, {NULL, 0}}, {&path_d, 1, true, {NULL, 0}}};
static const struct row_place many_old[] = {{&path_d_results, 1, true, {NULL, 0}}, {&path_value, 1, true, {NULL, 0}}, {&path_results, 1, true, {NULL, 0}}, {&path_d, 1, true, {NULL, 0}}};
static const struct row_place one_new[] = {{&path_root, 1, false, {NULL, 0}}};
static const struct row_place one_old[] = {{&path_d, 1, false, {NULL, 0}}, {&path_root, 1, false, {NULL, 0}}};
static const struct row_place inner_many[] = {{&path_root, 1, true, {NULL, 0}}};
static const struct row_place inner_results[] = {{&path_results, 1, true, {NULL, 0}}};

static void set_rows(struct shape *shape, enum odata_content content, enum odata_version version)
{
    bool old = version == ODATA_V2;

    switch (content) {
    case CONTENT_MANY:
        shape->rows = old ? many_old : many_new;
        shape->row_count = COUNT(many_old);
        return;
    case CONTENT_ONE:
        shape->rows = version == ODATA_V4 ? one_new : one_old;
        shape->row_count = version == ODATA_V4 ? COUNT(one_new) : COUNT(one_old);
        return;
    case CONTENT_INNER_MANY:
        shape->rows = inner_many;
        break;
    case CONTENT_INNER_RESULTS:
        shape->rows = inner_results;
        break;
    case CONTENT_INNER_ONE: case CONTENTS:
        shape->rows = one_new;
        break;
    }
    shape->row_count = 1;
}

/* The names of all that is declared. */
static bool set_rest(const struct odata_table *table, struct arena *arena, struct shape *shape)
{
    struct shape_rest *rest = NULL;
    const char **known = arena_array(arena, table->table.column_count, sizeof *known);
    size_t count = 0;

    if (!known)
        return false;
    for (size_t i = 0; i < table->table.column_count; i++) {
        const struct odata_column *column = &table->columns[i];
        if (column->role == ROLE_REST && !(rest = arena_alloc(arena, sizeof *rest)))
            return false;
        if (column->role == ROLE_REST)
            rest->column = (int)i;
        if (column->role == ROLE_PROPERTY || column->role == ROLE_STREAM) {
            known[count] = arena_copy(arena, column->path, strcspn(column->path, "/"));
            if (!known[count++])
                return false;
        }
    }
    if (!rest)
        return true;
    size_t navigations = 0;
    for (const struct odata_type *type = table->type; type; type = type->base)
        for (const struct odata_navigation *navigation = type->navigations; navigation; navigation = navigation->next)
            navigations++;
    const char **all = arena_array(arena, count + navigations, sizeof *all);
    if (!all)
        return false;
    if (count)
        memcpy(all, known, count * sizeof *all);
    for (const struct odata_type *type = table->type; type; type = type->base)
        for (const struct odata_navigation *navigation = type->navigations; navigation; navigation = navigation->next)
            all[count++] = navigation->name;
    rest->known = all;
    rest->known_count = count;
    shape->rest = rest;
    return true;
}

bool odata_shape(const struct odata_table *table, enum odata_content content, enum odata_version version, struct arena *arena, struct shape *shape)
{
    struct shape_column *columns = arena_array(arena, table->table.column_count, sizeof *columns);

    *shape = (struct shape){.table = &table->table, .columns = columns, .lenient = true};
    if (!columns)
        return false;
    for (size_t i = 0; i < table->table.column_count; i++)
        if (!shape_column(&table->columns[i], &table->table.columns[i].type, arena, &columns[i]))
            return false;
    set_rows(shape, content, version);
    return set_rest(table, arena, shape);
}

bool odata_parent_shape(const struct odata_table *view, enum odata_version version, struct arena *arena, struct table *parents, struct shape *shape)
{
    static const struct place_text own[] = {{NULL, NULL}}, next[] = {{NULL, "@nextLink"}, {NULL, "@odata.nextLink"}};
    size_t count = view->parent_count + 2;
    struct column *columns = arena_array(arena, count, sizeof *columns);
    struct shape_column *shapes = arena_array(arena, count, sizeof *shapes);

    if (!columns || !shapes)
        return false;
    for (size_t i = 0; i < view->parent_count; i++) {
        const struct odata_column *column = &view->parent->columns[view->columns[i].parent];
        columns[i] = view->table.columns[i];
        columns[i].nullable = true;
        if (!shape_column(column, &columns[i].type, arena, &shapes[i]))
            return false;
    }
    columns[view->parent_count] = (struct column){.name = view->navigation->name, .description = "", .type = {TYPE_JSON, 0, 0}, .nullable = true};
    columns[view->parent_count + 1] = (struct column){.name = "next", .description = "", .type = {TYPE_STRING, 0, 0}, .nullable = true};
    if (!add_places(arena, view->navigation->name, own, 1, &shapes[view->parent_count])
        || !add_places(arena, view->navigation->name, next, 2, &shapes[view->parent_count + 1]))
        return false;
    *parents = (struct table){.name = view->table.name, .columns = columns, .column_count = count};
    *shape = (struct shape){.table = parents, .columns = shapes, .lenient = true};
    set_rows(shape, view->parent->kind == TABLE_OF_SINGLETON ? CONTENT_ONE : CONTENT_MANY, version);
    return true;
}
