/* A query that only shows columns of one service's table needs no SQLite: the cells go from the scan's batch to the application. It is also not
 * bound to the number of columns that SQLite can hold. */
#include <stdlib.h>

#include "base/cancel.h"
#include "engine/state.h"

bool plain_plan(const struct query *query, struct error *err)
{
    const struct table *table = query->run->tables[0];
    struct plan plan = {.requests = 1, .rows = 1};

    return table->service->class->plan(table, &plan, err);
}

static bool open_scan(struct query *query, struct error *err)
{
    const struct statement *statement = query->run;
    const struct table *table = statement->tables[0];
    bool *wanted = calloc(table->column_count + 1, sizeof *wanted);
    struct scan_request request = {
        .table = table, .wanted = wanted, .limit = query->cap > 0 ? query->cap : -1, .hurried = true, .cancel = query->cancel,
        .warnings = &query->warnings,
    };

    if (!wanted)
        return error_memory(err);
    for (size_t i = 0; i < statement->column_count; i++)
        wanted[statement->columns[i].column] = true;
    bool opened = scan_open(&request, &query->scan, err);
    free(wanted);
    if (!opened)
        query->scan = NULL;
    return opened;
}

/* The rows before it were all given. Called with the lock. */
static bool next_batch(struct query *query, struct error *err)
{
    query->batch = (struct batch){0};
    query->batch_row = 0;
    return cancel_check(query->cancel, err) && (query->scan || open_scan(query, err))
           && scan_next(query->run->tables[0], query->scan, &query->batch, err);
}

bool plain_step(struct query *query, bool *row, struct error *err)
{
    if (query->batch.row_count > query->batch_row + 1) {
        query->batch_row++;
        *row = true;
        return true;
    }
    if (!engine_enter(query, err))
        return false;
    bool fine = next_batch(query, err);
    engine_leave(query->engine);
    *row = fine && query->batch.row_count > 0;
    return fine;
}

void plain_close(struct query *query)
{
    if (query->scan && !engine_is_forked(query->engine)) {
        engine_enter_always(query);
        scan_close(query->run->tables[0], query->scan);
        engine_leave(query->engine);
    }
    query->scan = NULL;
    query->batch = (struct batch){0};
    query->batch_row = 0;
}
