#include "providers/csv/single.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/csv/columns.h"
#include "providers/csv/reader.h"
#include "providers/csv/tables.h"
#include "providers/csv/unpack.h"

struct csv_single {
    struct csv_service service;       /* of nothing but this text */
    struct csv_table table;
    struct csv_place place;
    struct csv_reader reader;
    bool reads;
};

bool csv_single_property(enum property property)
{
    return property >= PROPERTY_FMT && property <= PROPERTY_EXTENDED_PROPERTIES;
}

static bool find_place(struct csv_single *single, const char *name, const char *path, struct csv_opener *opener, struct error *err)
{
    if (!path) {
        single->place = (struct csv_place){.name = name, .path = name, .opener = opener};
        return true;
    }
    if (csv_is_archive(path))
        return error_set(err, "HY000", "%.300s is an archive: scripts read single files", path);
    return csv_place_single(path, &single->service.arena, &single->place, err);
}

bool csv_single_open(const struct properties *properties, struct log *log, const char *name, const char *path, struct csv_opener *opener,
                     struct csv_single **result, struct error *err)
{
    struct csv_single *single = calloc(1, sizeof *single);

    if (!single)
        return error_memory(err);
    struct csv_service *service = &single->service;
    service->log = log;
    service->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    bool done = (service->c || error_memory(err)) && csv_options_read(properties, &service->arena, &service->options, err)
                && find_place(single, name, path, opener, err);
    if (done) {
        single->table = (struct csv_table){
            .table = {.name = name, .description = "", .kind = TABLE_TABLE, .service = &service->service, .definition = &single->table},
            .places = &single->place, .place_count = 1, .discovery = &single->place,
        };
        done = csv_columns_find(service, &single->table, err);
    }
    if (done)
        *result = single;
    else
        csv_single_close(single);
    return done;
}

void csv_single_close(struct csv_single *single)
{
    if (!single)
        return;
    if (single->reads)
        csv_reader_close(&single->reader);
    if (single->service.c)
        freelocale(single->service.c);
    arena_clear(&single->service.arena);
    free(single);
}

const struct table *csv_single_table(const struct csv_single *single)
{
    return &single->table.table;
}

bool csv_single_declare(struct csv_single *single, const struct column *columns, const char *const *names, size_t count, bool *there,
                        struct error *err)
{
    struct csv_table *table = &single->table;
    int32_t *fields = arena_array(&single->service.arena, count + 1, sizeof *fields);

    if (!fields)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        int found = names[i] ? table_column(&table->table, names[i]) : -1;
        there[i] = found >= 0;
        fields[i] = there[i] ? table->fields[found] : CSV_NO_FIELD;
    }
    table->fields = fields;
    table->table.columns = columns;
    table->table.column_count = count;
    return true;
}

bool csv_single_read(struct csv_single *single, const bool *wanted, struct cancel *cancel, struct warnings *warnings, struct error *err)
{
    const struct scan_request request = {.table = &single->table.table, .wanted = wanted, .limit = -1, .cancel = cancel, .warnings = warnings};

    single->reads = true;
    return csv_reader_open(&single->reader, &request, wanted, err);
}

bool csv_single_next(struct csv_single *single, const struct value *const **cells, size_t *count, struct error *err)
{
    if (!csv_reader_next(&single->reader, err))
        return false;
    *cells = single->reader.cells;
    *count = single->reader.row_count;
    return true;
}
