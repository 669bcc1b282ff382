#include "providers/csv/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"
#include "providers/csv/group.h"
#include "providers/csv/reader.h"
#include "providers/csv/remote.h"
#include "providers/csv/tables.h"

struct scan {
    struct csv_reader reader;
    struct csv_groups *groups;        /* NULL: rows are wanted */
    int64_t limit;                    /* rows that are still wanted; -1 = all */
    int64_t milliseconds;             /* in the scan's own functions */
};

enum { USUAL_ROWS = 10000, READINGS = 10 /* what reading a file costs, in requests */ };

/* Every condition is applied to the cells as they are read, and exactly. What that saves is guessed: the file is read whole all the same. */
bool csv_plan(const struct table *table, struct plan *plan, struct error *err)
{
    double rows = USUAL_ROWS;

    if (!table_complete(table, err))
        return false;
    if (table->fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", table->name, table->fault);
    for (size_t i = 0; i < plan->condition_count; i++) {
        struct plan_condition *condition = &plan->conditions[i];
        if (!condition->usable)
            continue;
        condition->taken = condition->exact = true;
        rows /= condition->op == FILTER_EQUAL || condition->op == FILTER_IN ? 10 : 2;
    }
    plan->requests = READINGS;
    plan->rows = rows < 1 ? 1 : rows;
    return true;
}

bool csv_aggregates(const struct table *table, const struct aggregation *aggregation)
{
    struct error unused = {0};
    return table_complete(table, &unused) && !table->fault && csv_groups_possible(table, aggregation);
}

static bool open_groups(struct scan *scan, const struct scan_request *request, struct error *err)
{
    bool *wanted = calloc(request->table->column_count + 1, sizeof *wanted);

    if (!wanted)
        return error_memory(err);
    csv_groups_want(request->aggregation, wanted);
    bool fine = csv_reader_open(&scan->reader, request, wanted, err);
    free(wanted);
    return fine && csv_groups_open(&scan->reader, request->aggregation, &scan->groups, err);
}

bool csv_scan_open(const struct scan_request *request, struct scan **result, struct error *err)
{
    struct scan *scan = calloc(1, sizeof *scan);

    if (!scan)
        return error_memory(err);
    scan->limit = request->limit;
    if (!(request->aggregation ? open_groups(scan, request, err) : csv_reader_open(&scan->reader, request, request->wanted, err))) {
        csv_scan_close(scan);
        return false;
    }
    *result = scan;
    return true;
}

static bool next_rows(struct scan *scan, struct batch *batch, struct error *err)
{
    *batch = (struct batch){0};
    if (scan->limit == 0)
        return true;
    if (!csv_reader_next(&scan->reader, err))
        return false;
    batch->row_count = scan->reader.row_count;
    batch->cells = scan->reader.cells;
    if (scan->limit > 0) {
        if (batch->row_count > (size_t)scan->limit)
            batch->row_count = (size_t)scan->limit;
        scan->limit -= (int64_t)batch->row_count;
    }
    return true;
}

bool csv_scan_next(struct scan *scan, struct batch *batch, struct error *err)
{
    int64_t start = clock_milliseconds();
    bool fine = scan->groups ? csv_groups_next(scan->groups, &scan->reader, batch, err) : next_rows(scan, batch, err);

    scan->milliseconds += clock_milliseconds() - start;
    return fine;
}

void csv_scan_close(struct scan *scan)
{
    csv_groups_close(scan->groups);
    csv_reader_close(&scan->reader);
    free(scan);
}

/* Files of this machine are no requests, but their bytes count. */
void csv_scan_count(const struct scan *scan, struct scan_counts *counts)
{
    const struct csv_reader *reader = &scan->reader;

    *counts = (struct scan_counts){
        .requests = reader->service->remote ? reader->requests : 0,
        .bytes = reader->bytes + (reader->open ? reader->rows.received : 0), .milliseconds = scan->milliseconds,
    };
}

bool csv_describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                  struct error *err)
{
    const struct csv_table *table = request->table->definition;
    const struct csv_place *place = table->place_count ? &table->places[0] : NULL;
    (void)names;

    *description = (struct scan_description){.request = "", .paging = table->place_count > 1 ? arena_printf(arena, "%zu files", table->place_count) : NULL};
    if (place)
        description->request = arena_printf(arena, "%s%s%s%s", place->remote ? "GET " : "", place->path, place->entry ? ": " : "",
                                            place->entry ? place->entry : "");
    return (description->request && (table->place_count <= 1 || description->paging)) || error_memory(err);
}
