#include "providers/definition/custom.h"

#include <jansson.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/definition/failure.h"
#include "providers/definition/lookup.h"
#include "providers/definition/pages.h"
#include "providers/definition/text.h"
#include "providers/definition/walk.h"

enum { MOST_FIELDS = 500, MOST_PAGES = 10 /* that are looked at for fields */ };

/* The fields of one table. */
struct fields {
    struct arena *arena;
    const struct definition_custom *custom;
    const char *names[MOST_FIELDS], *keys[MOST_FIELDS];
    size_t count;
    bool out_of_memory;
};

static bool add_field(struct fields *fields, const char *name, size_t name_length, const char *key, size_t key_length)
{
    for (size_t i = 0; i < fields->count; i++)
        if (name_equal_length(key, key_length, fields->keys[i]))
            return true;
    if (fields->count == MOST_FIELDS || name_length == 0)
        return fields->count < MOST_FIELDS;
    fields->names[fields->count] = arena_printf(fields->arena, "%s%.*s", fields->custom->prefix, (int)name_length, name);
    fields->keys[fields->count] = arena_copy(fields->arena, key, key_length);
    fields->out_of_memory |= !fields->names[fields->count] || !fields->keys[fields->count];
    fields->count++;
    return !fields->out_of_memory;
}

/* Whether a field is one of the table's: its column `where` has one of the words. */
static bool is_of_table(const struct definition_custom *custom, const struct value *where)
{
    const char *words = custom->is;
    char word[128];

    for (size_t length; (words = text_word(words, &length)); words += length)
        if (length < sizeof word && (memcpy(word, words, length), word[length] = '\0', lookup_has_text(where, word)))
            return true;
    return false;
}

static bool take_field(void *context, const struct value *values)
{
    struct fields *fields = context;
    char scratch[VALUE_SCRATCH], key_scratch[VALUE_SCRATCH];
    size_t length, key_length;
    const char *name = value_as_text(&values[0], scratch, &length), *key = value_as_text(&values[1], key_scratch, &key_length);

    if (fields->custom->where && !is_of_table(fields->custom, &values[2]))
        return true;
    return add_field(fields, name, length, key, key_length);
}

/* Members that are another form of the member before them. */
static bool is_skipped(const char *name, const char *suffix)
{
    size_t length = strlen(name), suffix_length = suffix ? strlen(suffix) : 0;
    return suffix_length && length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

/* The member names of the object that `at`, without its last step, leads to in a row. */
static bool take_members(struct fields *fields, const json_t *row, const struct path *at)
{
    const char *name;
    json_t *member;

    for (size_t i = 0; row && i + 1 < at->length; i++)
        row = json_object_get(row, at->steps[i].name);
    json_object_foreach((json_t *)row, name, member)
        if (!is_skipped(name, fields->custom->skip) && !add_field(fields, name, strlen(name), name, strlen(name)))
            return false;
    return true;
}

/* Goes through the rows below a value, which stand at a place from some level on. *found: there were some. */
static bool sample_level(struct fields *fields, const json_t *value, const struct row_place *place, size_t level, bool *found)
{
    bool last = level + 1 == place->level_count;
    const struct path *path = &place->levels[level];
    const char *name;
    json_t *row;
    size_t index;

    for (size_t i = 0; value && i < path->length; i++)
        value = json_object_get(value, path->steps[i].name);
    if (last && !place->many) {
        *found |= json_is_object(value);
        return take_members(fields, value, &fields->custom->at);
    }
    json_array_foreach((json_t *)value, index, row) {
        *found = true;
        if (!(last ? take_members(fields, row, &fields->custom->at) : sample_level(fields, row, place, level + 1, found)))
            return false;
    }
    json_object_foreach((json_t *)value, name, row) {
        *found = true;
        if (!(last ? take_members(fields, row, &fields->custom->at) : sample_level(fields, row, place, level + 1, found)))
            return false;
    }
    return true;
}

/* The rows of a page, at the first of their places that has some. */
static bool sample_page(struct fields *fields, const struct shape *shape, const struct http_response *response)
{
    json_t *body = json_loadb(response->body, response->body_length, 0, NULL);
    bool found = false;

    for (size_t i = 0; i < shape->row_count && !found; i++)
        sample_level(fields, body, &shape->rows[i], 0, &found);
    json_decref(body);
    return found;
}

/* Reads pages until one has rows. */
static bool sample_pages(struct fields *fields, const struct definition *definition, const struct requests *requests, struct pages *pages,
                         struct error *err)
{
    struct page_report nothing = {.total = -1};
    const struct page *page;

    for (int i = 0; i < MOST_PAGES; i++) {
        if (!pages_next(pages, &page, err))
            return false;
        if (!page || (!page->missing && sample_page(fields, &requests->route.endpoint->shape, &page->response)))
            return true;
        if (!page->missing && failure_in_body(definition, &page->response))
            return failure_of_table(definition, requests->table, &page->response, err);
        if (!pages_report(pages, &nothing, err))
            return false;
    }
    return true;
}

/* Finds the fields in the first rows of the table itself. A table that can not be read without a condition shows none. */
static bool sample(struct described_service *service, struct definition_table *table, struct fields *fields, struct cancel *cancel,
                   struct error *err)
{
    struct scan_request request = {.table = &table->table, .limit = -1, .cancel = cancel};
    struct requests requests;
    struct http_lane *lane = NULL;
    struct walk *walk = NULL;
    struct pages *pages = NULL;

    request.wanted = arena_array(&service->arena, table->table.column_count + 1, sizeof(bool));
    if (!request.wanted)
        return error_memory(err);
    if (!requests_open(&requests, &service->context, &request, false, err)) {
        bool needs_condition = strcmp(err->sqlstate, "42000") == 0;
        if (needs_condition)
            *err = (struct error){0};
        return needs_condition;
    }
    bool done = http_lane_borrow(service->http, &lane, err)
                && (!requests.route.walks || walk_open(&requests, lane, false, NULL, &walk, err))
                && pages_open(service, &requests, walk, lane, 1, false, &pages, err)
                && sample_pages(fields, service->definition, &requests, pages, err);
    pages_close(pages);
    walk_close(walk);
    if (lane)
        http_lane_return(lane);
    requests_close(&requests);
    return done;
}

/* A name that no column of the table has. */
static const char *free_name(struct described_service *service, const struct column *columns, size_t count, const char *wished)
{
    const char *name = wished;

    for (int number = 2;; number++) {
        bool taken = false;
        for (size_t i = 0; i < count; i++)
            taken |= name_equal(columns[i].name, name);
        if (!taken)
            return name;
        name = arena_printf(&service->arena, "%s_%d", wished, number);
        if (!name)
            return NULL;
    }
}

/* A text with the key for its {}. NULL when out of memory. */
static const char *with_key(struct arena *arena, const char *text, const char *key)
{
    const char *hole = strstr(text, "{}");
    return hole ? arena_printf(arena, "%.*s%s%s", (int)(hole - text), text, key, hole + 2) : text;
}

/* Where a field's value stands: `at` with its key for {}. */
static bool field_place(struct described_service *service, const struct definition_custom *custom, const char *key, struct shape_column *place)
{
    struct arena *arena = &service->arena;
    struct place *at = arena_alloc(arena, sizeof *at);
    struct path_step *steps = arena_array(arena, custom->at.length, sizeof *steps);

    if (!at || !steps)
        return false;
    for (size_t i = 0; i < custom->at.length; i++) {
        const struct path_step *step = &custom->at.steps[i];
        struct path_condition *conditions = arena_array(arena, step->condition_count, sizeof *conditions);
        steps[i] = (struct path_step){with_key(arena, step->name, key), conditions, step->condition_count};
        if (!conditions || !steps[i].name)
            return false;
        for (size_t j = 0; j < step->condition_count; j++) {
            conditions[j] = (struct path_condition){step->conditions[j].key, with_key(arena, step->conditions[j].value, key)};
            if (!conditions[j].value)
                return false;
        }
    }
    *at = (struct place){.kind = PLACE_MEMBER, .path = {steps, custom->at.length}};
    *place = (struct shape_column){.at = at, .at_count = 1, .join = true, .empty = custom->empty, .empty_count = custom->empty_count};
    return true;
}

static bool append(struct described_service *service, struct definition_table *table, const struct fields *fields)
{
    size_t old = table->table.column_count, count = old + fields->count;
    struct column *columns = arena_array(&service->arena, count, sizeof *columns);
    struct definition_column *details = arena_array(&service->arena, count, sizeof *details);
    struct shape_column *places = arena_array(&service->arena, count, sizeof *places);

    if (!columns || !details || !places)
        return false;
    memcpy(columns, table->table.columns, old * sizeof *columns);
    memcpy(details, table->columns, old * sizeof *details);
    memcpy(places, table->places, old * sizeof *places);
    for (size_t i = 0; i < fields->count; i++) {
        const char *name = free_name(service, columns, old + i, fields->names[i]);
        if (!name || !field_place(service, table->custom, fields->keys[i], &places[old + i]))
            return false;
        details[old + i].with = table->custom->with;
        columns[old + i] = (struct column){.name = name, .description = "A field of the account's own", .type = {.kind = TYPE_STRING},
                                           .nullable = true};
    }
    table->table.columns = columns;
    table->table.column_count = count;
    table->columns = details;
    table->places = places;
    for (size_t i = 0; i < table->endpoint_count; i++)
        ((struct definition_endpoint *)table->endpoints)[i].shape.columns = places;
    return true;
}

/* The service's own word that this may not be read, or that there is nothing of that kind. */
static bool is_refusal(const struct error *err)
{
    return strncmp(err->sqlstate, "42", 2) == 0 || strcmp(err->sqlstate, "HY000") == 0;
}

static bool find_fields(struct described_service *service, struct definition_table *table, struct fields *fields, struct cancel *cancel, struct error *err)
{
    const struct definition_custom *custom = table->custom;
    const char *const columns[] = {custom->name, custom->key, custom->where};

    fields->arena = &service->arena;
    fields->custom = custom;
    const struct definition_table *lister = custom->table ? definition_table(service->definition, custom->table) : NULL;
    bool done = lister ? lookup_read(service, lister, columns, custom->where ? 3 : 2, NULL, NULL, take_field, fields, cancel, err)
                       : sample(service, table, fields, cancel, err);
    if (!done && custom->optional && is_refusal(err)) {
        *err = (struct error){0};
        return true;
    }
    if (!done)
        return error_prefix(err, "The custom fields of table %s: ", table->table.name);
    return !fields->out_of_memory || error_memory(err);
}

/* The fields of the table that this one has its own like. */
static const struct fields *fields_like(const struct described_service *service, struct fields *const *found, const char *like)
{
    for (size_t i = 0; i < service->definition->table_count; i++)
        if (name_equal(service->definition->tables[i]->table.name, like))
            return found[i];
    return NULL;
}

bool custom_fields_add(struct described_service *service, struct cancel *cancel, struct error *err)
{
    size_t count = service->definition->table_count;
    struct fields **found = arena_array(&service->arena, count, sizeof *found);

    if (!found)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct definition_table *table = service->definition->tables[i];
        if (!table->custom || table->table.fault || table->custom->like)
            continue;
        found[i] = arena_alloc(&service->arena, sizeof **found);
        if (!found[i])
            return error_memory(err);
        if (!find_fields(service, table, found[i], cancel, err))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct definition_table *table = service->definition->tables[i];
        const struct fields *fields = table->custom && table->custom->like ? fields_like(service, found, table->custom->like) : found[i];
        if (fields && fields->count && !table->table.fault && !append(service, table, fields))
            return error_memory(err);
    }
    return true;
}

/* One pair of the list. */
static bool list_pair(struct described_service *service, const char *table, size_t table_length, const char *column, size_t column_length)
{
    bool all_tables = table_length == 1 && *table == '*', all_columns = column_length == 1 && *column == '*';
    bool found = all_tables && all_columns;

    for (size_t i = 0; i < service->definition->table_count; i++) {
        const struct table *one = &service->definition->tables[i]->table;
        for (size_t j = 0; (all_tables || name_equal_length(table, table_length, one->name)) && j < one->column_count; j++) {
            struct column *input = (struct column *)&one->columns[j];
            if (!input->pseudo || !(all_columns || name_equal_length(column, column_length, input->name)))
                continue;
            input->listed = true;
            found = true;
        }
    }
    return found;
}

bool pseudo_columns_list(struct described_service *service, const char *list, struct error *err)
{
    while (*(list += strspn(list, " ;,"))) {
        size_t length = strcspn(list, ";,"), equals = strcspn(list, "=;,");
        if (equals == length || !list_pair(service, list, equals, list + equals + 1, length - equals - 1))
            return error_set(err, "HY000", "PseudoColumns=%.*s is not possible: it takes pairs Table=Input with inputs that there are, or *=* for all",
                             (int)(length > 80 ? 80 : length), list);
        list += length;
    }
    return true;
}
