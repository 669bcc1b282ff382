#include "system/system.h"

#include <stdlib.h>
#include <strings.h>

#include "base/error.h"
#include "system/tables.h"

/* The service around another one. */
struct system_service {
    struct service service;
    struct service *inner;
    struct subject subject;
    const struct service *(*present)(void *context);   /* NULL: the service itself */
    void *context;
    struct table own[SYSTEM_TABLES];
    const struct table **tables;    /* the inner service's and our own */
};

struct scan {
    struct system_rows rows;
    const struct value **wanted;    /* the columns of rows that were asked for */
    bool given;
};

/* All rows are at hand: no condition is worth taking. */
static bool plan(const struct table *table, struct plan *plan, struct error *err)
{
    (void)table;
    (void)err;
    plan->requests = 0;
    plan->rows = 100;
    return true;
}

static void close_scan(struct scan *scan)
{
    arena_clear(&scan->rows.arena);
    free(scan);
}

static bool open_scan(const struct scan_request *request, struct scan **result, struct error *err)
{
    const struct system_service *service = (const struct system_service *)request->table->service;
    const struct system_table *system = request->table->definition;
    struct scan *scan = calloc(1, sizeof *scan);
    struct subject subject = service->subject;

    if (!scan)
        return error_memory(err);
    if (service->present)
        subject.service = service->present(service->context);
    if (!system_rows_open(&scan->rows, system->column_count) || !system->fill(&subject, &scan->rows) ||
        !(scan->wanted = arena_array(&scan->rows.arena, system->column_count, sizeof *scan->wanted))) {
        close_scan(scan);
        return error_memory(err);
    }
    for (size_t i = 0; i < system->column_count; i++)
        scan->wanted[i] = request->wanted[i] ? scan->rows.cells[i] : NULL;
    *result = scan;
    return true;
}

static bool next_batch(struct scan *scan, struct batch *batch, struct error *err)
{
    (void)err;
    *batch = (struct batch){.row_count = scan->given ? 0 : scan->rows.row_count, .cells = scan->wanted};
    scan->given = true;
    return true;
}

static bool check(struct service *service, struct cancel *cancel, struct error *err)
{
    struct service *inner = ((struct system_service *)service)->inner;
    return inner->class->check(inner, cancel, err);
}

static void close_service(struct service *service)
{
    struct system_service *system = (struct system_service *)service;

    system->inner->class->close(system->inner);
    free(system->tables);
    free(system);
}

/* Procedures are the inner service's: each says so, and is called there. */
static const struct service_class class = {
    .plan = plan, .scan_open = open_scan, .scan_next = next_batch, .scan_close = close_scan, .check = check, .close = close_service,
};

static int by_name(const void *a, const void *b)
{
    const struct table *const *first = a, *const *second = b;
    return strcasecmp((*first)->name, (*second)->name);
}

static bool list_tables(struct system_service *system, struct error *err)
{
    const struct service *inner = system->inner;
    size_t count = inner->table_count;

    system->tables = calloc(inner->table_count + SYSTEM_TABLES, sizeof *system->tables);
    if (!system->tables)
        return error_memory(err);
    for (size_t i = 0; i < inner->table_count; i++)
        system->tables[i] = inner->tables[i];
    for (size_t i = 0; i < SYSTEM_TABLES; i++) {
        const struct system_table *own = &system_tables[i];
        if (service_table(inner, own->name))
            continue;
        system->own[i] = (struct table){
            .name = own->name, .description = own->description, .kind = TABLE_SYSTEM, .service = &system->service,
            .columns = own->columns, .column_count = own->column_count, .definition = own,
        };
        system->tables[count++] = &system->own[i];
    }
    qsort(system->tables, count, sizeof *system->tables, by_name);
    system->service.tables = system->tables;
    system->service.table_count = count;
    return true;
}

bool system_open(struct service *inner, const struct properties *properties, struct service **service, struct error *err)
{
    struct system_service *system = calloc(1, sizeof *system);

    if (!system)
        return error_memory(err);
    system->service = *inner;
    system->service.class = &class;
    system->inner = inner;
    system->subject = (struct subject){&system->service, properties};
    if (!list_tables(system, err)) {
        free(system);
        return false;
    }
    *service = &system->service;
    return true;
}

void system_follow(struct service *service, const struct service *(*present)(void *context), void *context)
{
    struct system_service *system = (struct system_service *)service;

    system->present = present;
    system->context = context;
}
