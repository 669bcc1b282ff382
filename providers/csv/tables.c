#include "providers/csv/tables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/csv/columns.h"

/* --- the list ---------------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct table *const *first = a, *const *second = b;
    return strcasecmp((*first)->name, (*second)->name);
}

static void set_up(struct csv_service *service, struct csv_table *table, const char *name, const struct csv_place *places, size_t count)
{
    *table = (struct csv_table){
        .table = {.name = name, .description = "", .kind = TABLE_TABLE, .place = PLACE_SERVICE, .service = &service->service, .definition = table},
        .places = places, .place_count = count, .discovery = places,
    };
    atomic_init(&table->complete, false);
}

/* The place that MetadataDiscoveryURI names: a file of the table, or any other. */
static bool find_discovery(struct csv_service *service, struct csv_table *table, struct error *err)
{
    const char *wanted = service->options.discovery;
    struct csv_place *place = arena_alloc(&service->arena, sizeof *place);
    bool found = false;

    if (!place)
        return error_memory(err);
    for (size_t i = 0; i < table->place_count; i++)
        if (strcmp(table->places[i].name, wanted) == 0 || strcmp(table->places[i].path, wanted) == 0) {
            table->discovery = &table->places[i];
            return true;
        }
    if (!csv_place_look_up(&service->places, wanted, service->remote, &service->arena, place, &found, NULL, err))
        return false;
    if (!found && !service->remote) {
        *place = (struct csv_place){.name = wanted, .path = wanted};
        found = strncasecmp(wanted, "file://", 7) != 0 || (place->path = arena_text(&service->arena, wanted + 7));
    }
    table->discovery = place;
    return found || error_set(err, "HY000", "MetadataDiscoveryURI=%.200s leads to no file", wanted);
}

static bool list_aggregated(struct csv_service *service, struct error *err)
{
    struct csv_table *table = arena_alloc(&service->arena, sizeof *table);
    const struct table **tables = arena_array(&service->arena, 1, sizeof *tables);

    if (!table || !tables)
        return error_memory(err);
    set_up(service, table, "AggregatedFiles", service->places.list, service->places.count);
    if (service->options.discovery && !find_discovery(service, table, err))
        return false;
    tables[0] = &table->table;
    service->service.tables = tables;
    service->service.table_count = 1;
    return true;
}

/* Files whose names are the same but for case, or for what stands before a '/', get a number behind theirs. */
static bool number_names(struct csv_service *service, struct table **tables, size_t count, struct error *err)
{
    qsort(tables, count, sizeof *tables, by_name);
    for (size_t i = 1, equal = 1; i < count; i++) {
        equal = name_equal(tables[i]->name, tables[i - equal]->name) ? equal + 1 : 1;
        if (equal > 1 && !(tables[i]->name = arena_printf(&service->arena, "%s_%zu", tables[i - equal + 1]->name, equal)))
            return error_memory(err);
    }
    qsort(tables, count, sizeof *tables, by_name);
    return true;
}

bool csv_tables_list(struct csv_service *service, struct error *err)
{
    size_t count = service->places.count;
    struct table **tables = arena_array(&service->arena, count + 1, sizeof *tables);

    if (service->options.aggregate && count)
        return list_aggregated(service, err);
    if (!tables)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct csv_table *table = arena_alloc(&service->arena, sizeof *table);
        const char *name = csv_place_table(&service->options, &service->places, &service->places.list[i], &service->arena);
        if (!table || !name)
            return error_memory(err);
        set_up(service, table, name, &service->places.list[i], 1);
        tables[i] = &table->table;
    }
    if (!number_names(service, tables, count, err))
        return false;
    service->service.tables = (const struct table *const *)tables;
    service->service.table_count = count;
    return true;
}

/* --- by path ----------------------------------------------------------------------------------------------------------- */

static struct csv_table *known_table(struct csv_service *service, const char *name)
{
    for (size_t i = 0; i < service->service.table_count; i++) {
        struct csv_table *table = (struct csv_table *)service->service.tables[i]->definition;
        if (table->place_count == 1 && strcmp(table->places[0].name, name) == 0)
            return table;
    }
    for (size_t i = 0; i < service->found_count; i++)
        if (strcmp(service->found[i]->places[0].name, name) == 0)
            return service->found[i];
    return NULL;
}

/* Whether a name is another table's, but for case: names of tables are not told apart by it. */
static bool is_taken(const struct csv_service *service, const char *name)
{
    if (service_table(&service->service, name))
        return true;
    for (size_t i = 0; i < service->found_count; i++)
        if (name_equal(service->found[i]->table.name, name))
            return true;
    return false;
}

static bool keep(struct csv_service *service, struct csv_place *place, const struct table **result, struct error *err)
{
    struct csv_table *table = arena_alloc(&service->arena, sizeof *table);
    const char *name = place->name;

    for (size_t number = 2; name && is_taken(service, name); number++)
        name = arena_printf(&service->arena, "%s_%zu", place->name, number);
    if (service->found_count == service->found_room) {
        size_t room = service->found_room ? service->found_room * 2 : 8;
        struct csv_table **larger = realloc(service->found, room * sizeof *larger);
        if (!larger)
            return error_memory(err);
        service->found = larger;
        service->found_room = room;
    }
    if (!table || !name)
        return error_memory(err);
    set_up(service, table, name, place, 1);
    service->found[service->found_count++] = table;
    *result = &table->table;
    return true;
}

static bool look_up(struct csv_service *service, const char *name, const struct table **result, struct error *err)
{
    struct csv_place *place = arena_alloc(&service->arena, sizeof *place);
    bool found;

    if (!place)
        return error_memory(err);
    struct csv_table *known = known_table(service, name);
    if (known) {
        *result = &known->table;
        return true;
    }
    if (!csv_place_look_up(&service->places, name, service->remote, &service->arena, place, &found, NULL, err))
        return false;
    if (!found)
        return true;
    known = known_table(service, place->name);
    if (!known)
        return keep(service, place, result, err);
    *result = &known->table;
    return true;
}

bool csv_table_find(struct service *service_, const char *name, const struct table **table, struct error *err)
{
    struct csv_service *service = (struct csv_service *)service_;

    *table = NULL;
    pthread_mutex_lock(&service->lock);
    bool fine = look_up(service, name, table, err);
    pthread_mutex_unlock(&service->lock);
    return fine;
}

/* --- columns ----------------------------------------------------------------------------------------------------------- */

/* What may be over in a moment is no fault of the table's. */
static bool may_pass(const struct error *err)
{
    return strncmp(err->sqlstate, "08", 2) == 0 || strncmp(err->sqlstate, "HYT", 3) == 0 || strncmp(err->sqlstate, "28", 2) == 0
           || strcmp(err->sqlstate, "HY001") == 0 || strcmp(err->sqlstate, "HY008") == 0;
}

bool csv_table_complete(const struct table *table_, struct error *err)
{
    struct csv_service *service = (struct csv_service *)table_->service;
    struct csv_table *table = (struct csv_table *)table_->definition;
    bool fine = true;

    if (atomic_load_explicit(&table->complete, memory_order_acquire))
        return true;
    pthread_mutex_lock(&service->lock);
    if (!atomic_load_explicit(&table->complete, memory_order_relaxed)) {
        struct error why = {0};
        fine = csv_columns_find(service, table, &why);
        if (!fine && !may_pass(&why)) {
            table->table.fault = arena_text(&service->arena, why.message);
            fine = table->table.fault || error_memory(&why);
        }
        if (!fine)
            *err = why;
        atomic_store_explicit(&table->complete, fine, memory_order_release);
    }
    pthread_mutex_unlock(&service->lock);
    return fine;
}

void csv_table_match(const struct csv_table *table, const char *const *names, size_t count, int32_t *fields)
{
    for (size_t i = 0; i < table->table.column_count; i++) {
        int32_t field = table->fields[i];
        fields[i] = field;
        if (field < 0)
            continue;
        const char *name = table->header[field];
        if ((size_t)field < count && strcmp(names[field], name) == 0)
            continue; /* most files have the same columns in the same places */
        fields[i] = CSV_NO_FIELD;
        for (size_t j = 0; j < count && fields[i] < 0; j++)
            if (name_equal(names[j], name))
                fields[i] = (int32_t)j;
    }
}
