#include "table/service.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/name.h"

const struct table *service_table(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->table_count; i++)
        if (name_equal(service->tables[i]->name, name))
            return service->tables[i];
    return NULL;
}

bool service_find(const struct service *service, const char *name, const struct table **table, struct error *err)
{
    *table = NULL;
    return !service->finder || service->finder->class->find(service->finder, name, table, err);
}

const struct procedure *service_procedure(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->procedure_count; i++)
        if (name_equal(service->procedures[i]->name, name))
            return service->procedures[i];
    return NULL;
}

const char *table_kind_name(enum table_kind kind)
{
    static const char *const names[] = {[TABLE_TABLE] = "TABLE", [TABLE_VIEW] = "VIEW", [TABLE_SYSTEM] = "SYSTEM TABLE",
                                        [TABLE_LOCAL_TEMPORARY] = "LOCAL TEMPORARY"};
    return names[kind];
}

const char *table_catalog(const struct table *table)
{
    switch (table->place) {
    case PLACE_WORKSPACE:
        return "Workspace";
    case PLACE_TEMPORARY:
        return "Temp";
    case PLACE_SERVICE:
        break;
    }
    return table->service->name;
}

bool table_complete(const struct table *table, struct error *err)
{
    bool listed = table->place == PLACE_SERVICE && table->service && table->service->class && table->service->class->complete;
    return !listed || table->service->class->complete(table, err);
}

int table_column(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (name_equal(table->columns[i].name, name))
            return (int)i;
    return -1;
}

int table_next_key(const struct table *table, int column)
{
    int place = column < 0 ? 0 : table->columns[column].key, next = -1;

    for (int i = 0; i < (int)table->column_count; i++) {
        int key = table->columns[i].key;
        bool after = key > place || (key == place && i > column);
        if (key && after && (next < 0 || key < table->columns[next].key))
            next = i;
    }
    return next;
}

bool table_tell_references(const struct table *table, reference_teller *tell, void *context)
{
    for (size_t i = 0; i < table->reference_count; i++)
        if (!tell(context, table, &table->references[i]))
            return false;
    for (int i = 0; i < (int)table->column_count; i++) {
        const struct column *column = &table->columns[i];
        const struct table_reference alone = {.parent = column->references_table, .columns = &i, .parent_columns = &column->references_column,
                                              .column_count = 1};
        if (column->references_table && !column->pseudo && !tell(context, table, &alone))
            return false;
    }
    return true;
}

const char *table_key_name(const struct table *table, struct arena *arena)
{
    return table->key_name ? table->key_name : arena_printf(arena, "PK_%s", table->name);
}

const char *table_reference_name(const struct table *table, const struct table_reference *reference, struct arena *arena)
{
    return reference->name ? reference->name : arena_printf(arena, "FK_%s_%s", table->name, table->columns[reference->columns[0]].name);
}

static bool leads_to_key(const struct table_reference *reference, const struct table *parent)
{
    size_t width = 0;

    for (size_t i = 0; i < parent->column_count; i++)
        width += parent->columns[i].key > 0;
    for (size_t i = 0; i < reference->column_count; i++) {
        int column = table_column(parent, reference->parent_columns[i]);
        if (column < 0 || !parent->columns[column].key)
            return false;
    }
    return width == reference->column_count;
}

bool table_parent_key_name(const struct service *service, const struct table *table, const struct table_reference *reference,
                           struct arena *arena, const char **name)
{
    *name = NULL;
    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *parent = service->tables[i];
        struct error unused;
        if (parent->place != table->place || !name_equal(parent->name, reference->parent))
            continue;
        if (!table_complete(parent, &unused))
            return false;
        if (!leads_to_key(reference, parent))
            return true;
        *name = table_key_name(parent, arena);
        return *name != NULL;
    }
    return true;
}

uint64_t table_naming(const struct table *table, size_t column)
{
    unsigned place = 0;

    if (!table->columns[column].widens)
        return 0;
    for (size_t i = 0; i < column && place < 63; i++)
        place += table->columns[i].widens;
    return (uint64_t)1 << place;
}

bool filter_is_never_true(const struct filter *filter)
{
    for (size_t i = 0; i < filter->value_count; i++)
        if (!value_is_null(&filter->values[i]))
            return false;
    return filter->op != FILTER_IS_NULL && filter->op != FILTER_IS_NOT_NULL;
}

/* So many rows that a condition which the service takes is always worth it. */
const double guess_rows = 10000, guess_children = 20, guess_values = 25;

double guess_share(const struct column *column, enum filter_op op, double rows)
{
    switch (op) {
    case FILTER_EQUAL: return column->key ? 1 / rows : column->type.kind == TYPE_BOOLEAN ? 0.5 : 0.05;
    case FILTER_IN: return column->key ? guess_values / rows : 0.2;
    case FILTER_LIKE: return 0.2;
    case FILTER_NOT_EQUAL: return 0.95;
    case FILTER_IS_NULL: return 0.1;
    case FILTER_IS_NOT_NULL: return 0.9;
    default: return 0.4;
    }
}

bool scan_open(const struct scan_request *request, struct scan **scan, struct error *err)
{
    return request->table->service->class->scan_open(request, scan, err);
}

bool scan_next(const struct table *table, struct scan *scan, struct batch *batch, struct error *err)
{
    return table->service->class->scan_next(scan, batch, err);
}

void scan_close(const struct table *table, struct scan *scan)
{
    table->service->class->scan_close(scan);
}

static bool reach_nothing(struct service *service, struct cancel *cancel, struct error *err)
{
    (void)service;
    (void)cancel;
    (void)err;
    return true;
}

static void close_empty(struct service *service)
{
    free(service);
}

bool service_open_empty(const char *name, struct service **result, struct error *err)
{
    static const struct service_class nothing = {.check = reach_nothing, .close = close_empty};
    struct service *service = calloc(1, sizeof *service);

    if (!service)
        return error_memory(err);
    service->class = &nothing;
    service->name = service->title = name;
    *result = service;
    return true;
}
