/* The virtual-table module: shows a service's table to SQLite.
 *
 * Each table is a module of its own under the table's name, eponymous-only: it is there without CREATE VIRTUAL TABLE and
 * leaves no trace in the schema. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "engine/cell.h"
#include "engine/filter.h"
#include "engine/keyed.h"
#include "engine/direct.h"
#include "engine/function.h"
#include "engine/plan.h"
#include "engine/row_id.h"
#include "engine/state.h"
#include "table/aggregation.h"
#include "table/term.h"

enum { DECLARATION_LIMIT = 1 << 20 };

/* What a module is registered with. */
struct source {
    struct engine *engine;
    const struct table *table;
    bool grouped;               /* its rows are groups, see plan_choose */
    uint64_t named;             /* the columns that are named where it is read, see table_naming */
};

struct vtab {
    sqlite3_vtab base;
    struct engine *engine;
    const struct table *table;
    bool grouped;
    uint64_t named;
};

struct cursor {
    sqlite3_vtab_cursor base;
    struct reading reading;     /* what other scans see of this one */
    struct query *query;
    struct arena arena;         /* plan and filters of the present scan */
    struct scan *scan;          /* NULL when the rows are those of an earlier scan, and at the end */
    struct replay_scan *kept;   /* the scan's rows are kept for later, see replay.h */
    struct batch batch;
    bool *wanted;
    const int *not_null;        /* see struct filters */
    size_t not_null_count;
    int64_t left;               /* rows that the query's LIMIT still lets it look at; -1 = any number */
    bool end;
    bool peek;                  /* see look_for_end */
    struct explain_scan *told;  /* of EXPLAIN ANALYZE, else NULL */
    struct row_ids ids;
    int64_t id;                 /* of the present row, once asked for */
    bool id_known;
};

static struct vtab *cursor_vtab(const struct cursor *cursor)
{
    return (struct vtab *)cursor->base.pVtab;
}

/* What SQLite hears of a failure; the cause itself stands in the running query. */
static int failed(const struct vtab *vtab)
{
    const struct error *failure = &vtab->engine->running->failure;
    return strcmp(failure->sqlstate, "HY001") == 0 ? SQLITE_NOMEM : SQLITE_ERROR;
}

static bool append_name(struct buffer *text, const char *name)
{
    buffer_append_char(text, '"');
    for (; *name; name++) {
        if (*name == '"')
            buffer_append_char(text, '"');
        buffer_append_char(text, *name);
    }
    return buffer_append_char(text, '"');
}

/* BLOB is SQLite's word for a column that changes no value on the way. */
static bool declare_columns(const struct table *table, bool grouped, struct buffer *text)
{
    buffer_append_text(text, "CREATE TABLE x(");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        if (i > 0)
            buffer_append_char(text, ',');
        append_name(text, column->name);
        buffer_append_text(text, column->pseudo || grouped ? " BLOB HIDDEN" : " BLOB");
        if (column->type.kind == TYPE_DECIMAL && !column->pseudo) /* SQLite forgets the collation of a hidden column */
            buffer_append_text(text, " COLLATE decimal");
    }
    buffer_append_text(text, grouped ? ",\"#\" BLOB HIDDEN" : "");
    for (int i = 0; grouped && i < AGGREGATION_COLUMNS; i++)
        buffer_printf(text, ",\"r%d\" BLOB", i);
    return buffer_append_char(text, ')');
}

static int connect_table(sqlite3 *database, void *context, int count, const char *const *arguments, sqlite3_vtab **result,
                         char **message)
{
    const struct source *source = context;
    struct buffer text;
    (void)count;
    (void)arguments;

    buffer_init(&text, DECLARATION_LIMIT);
    int code = declare_columns(source->table, source->grouped, &text) ? sqlite3_declare_vtab(database, buffer_text(&text)) : SQLITE_NOMEM;
    buffer_clear(&text);
    if (code != SQLITE_OK) {
        *message = sqlite3_mprintf("%s", sqlite3_errmsg(database));
        return code;
    }

    struct vtab *vtab = sqlite3_malloc(sizeof *vtab);
    if (!vtab)
        return SQLITE_NOMEM;
    *vtab = (struct vtab){.engine = source->engine, .table = source->table, .grouped = source->grouped, .named = source->named};
    *result = &vtab->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *base)
{
    sqlite3_free(base);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    struct vtab *vtab = (struct vtab *)base;
    return plan_choose(vtab->engine, vtab->table, vtab->grouped, vtab->named, info);
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **result)
{
    struct vtab *vtab = (struct vtab *)base;
    struct cursor *cursor = sqlite3_malloc(sizeof *cursor);

    if (!cursor)
        return SQLITE_NOMEM;
    struct query *query = vtab->engine->running;
    *cursor = (struct cursor){.end = true, .query = query, .reading = {query->readings, vtab->table, &cursor->batch, 0}};
    if (!vtab->grouped) /* nobody's keys are found among groups */
        query->readings = &cursor->reading;
    if (!vtab->grouped)
        query->scanning = cursor;
    *result = &cursor->base;
    return SQLITE_OK;
}

static void scan_end(struct cursor *cursor)
{
    const struct table *table = cursor_vtab(cursor)->table;

    if (cursor->scan && cursor->told)
        explain_count(table, cursor->scan, &cursor->told->counts);
    if (cursor->scan)
        scan_close(table, cursor->scan);
    cursor->scan = NULL;
}

static void end_scan(struct cursor *cursor)
{
    scan_end(cursor);
    cursor->kept = NULL;
    cursor->batch = (struct batch){0};
    cursor->end = true;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;
    struct reading **place = &cursor->query->readings;

    while (*place && *place != &cursor->reading)
        place = &(*place)->next;
    if (*place)
        *place = cursor->reading.next;
    if (cursor->query->scanning == cursor)
        cursor->query->scanning = cursor->query->direct = NULL;
    end_scan(cursor);
    row_ids_clear(&cursor->ids);
    arena_clear(&cursor->arena);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static bool left_out(const struct cursor *cursor)
{
    for (size_t i = 0; i < cursor->not_null_count; i++) {
        const struct value *cells = cursor->batch.cells[cursor->not_null[i]];
        if (!cells || value_is_null(&cells[cursor->reading.row]))
            return true;
    }
    return false;
}

/* A few rows by their keys, and groups, are mostly all in the first batch. To know it at once lets another place of the statement,
 * which asks for the same while this scan is still open, find them. */
static bool look_for_end(struct cursor *cursor, struct query *query)
{
    struct batch more = {0};

    cursor->peek = false;
    if (!scan_next(cursor_vtab(cursor)->table, cursor->scan, &more, &query->failure))
        return false;
    if (more.row_count && !replay_add(&query->replay, cursor->kept, &more))
        return error_memory(&query->failure); /* the first batch is gone already, and the rows kept are not whole */
    replay_rows(cursor->kept, &cursor->batch);
    if (more.row_count)
        return true;
    replay_finish(&query->replay, cursor->kept);
    cursor->kept = NULL;
    scan_end(cursor);
    return true;
}

/* The scan's next batch; none is left when its row_count is 0. */
static bool fetch(struct cursor *cursor, struct query *query)
{
    cursor->batch = (struct batch){0};
    cursor->reading.row = 0;
    if (!cursor->scan)
        return true;
    if (!cancel_check(query->cancel, &query->failure) ||
        !scan_next(cursor_vtab(cursor)->table, cursor->scan, &cursor->batch, &query->failure))
        return false;
    if (!cursor->kept)
        return true;
    if (cursor->batch.row_count == 0)
        replay_finish(&query->replay, cursor->kept);
    else if (!replay_add(&query->replay, cursor->kept, &cursor->batch))
        cursor->kept = NULL;
    else if (cursor->peek)
        return look_for_end(cursor, query);
    return true;
}

/* Moves to the first row at or after the present place that counts, through as many batches as that takes. */
static int settle(struct cursor *cursor)
{
    struct vtab *vtab = cursor_vtab(cursor);

    cursor->id_known = false;
    for (;;) {
        for (; cursor->reading.row < cursor->batch.row_count; cursor->reading.row++)
            if (!left_out(cursor)) {
                if (cursor->told)
                    cursor->told->rows++;
                return SQLITE_OK;
            }
        bool ok = fetch(cursor, vtab->engine->running);
        if (ok && cursor->batch.row_count > 0)
            continue;
        end_scan(cursor);
        return ok ? SQLITE_OK : failed(vtab);
    }
}

/* Whether the statement reads the table in several places. */
static bool is_repeated(const struct query *query, const struct table *table)
{
    for (size_t i = 0; query->run->repeated && i < query->run->table_count; i++)
        if (query->run->tables[i] == table)
            return query->run->repeated[i];
    return false;
}

/* Whether a scan is for rows by their keys. */
static bool has_keys(const struct table *table, const struct filters *filters)
{
    for (size_t i = 0; i < filters->count; i++)
        if (table->columns[filters->list[i].column].key && (filters->list[i].op == FILTER_EQUAL || filters->list[i].op == FILTER_IN))
            return true;
    return false;
}

static bool start_scan(struct cursor *cursor, const char *text, struct scan_plan *plan, const struct filters *filters,
                       struct error *err)
{
    struct vtab *vtab = cursor_vtab(cursor);
    struct query *query = vtab->engine->running;
    struct replay *replay = &query->replay;
    const struct table_use *use = query_use(query, vtab->table);
    size_t count = vtab->table->column_count;

    cursor->wanted = arena_array(&cursor->arena, count + 1, sizeof *cursor->wanted);
    if (!cursor->wanted || !use)
        return error_memory(err);
    /* All scans of a table look at the same columns, so that one can take the rows of another. */
    plan->wanted |= use->wanted;
    const char *named = strstr(text, " named:"); /* what else of the plan makes scans differ stands in their filters, or behind this */
    const char *terms = strstr(text, " term:");
    text = named ? named : terms ? terms : strstr(text, " order:");
    text = text ? text : "";
    for (size_t i = 0; i < count; i++)
        cursor->wanted[i] = plan_wants(plan, i);
    for (size_t i = 0; i < filters->not_null_count; i++)
        cursor->wanted[filters->not_null[i]] = true;

    struct cancel *cancel = query->cancel;
    const struct keyed_scan scan = {
        .statement = query->run, .readings = vtab->engine->options.pushdown ? query->readings : NULL, .table = vtab->table,
        .text = text, .plan = plan, .filters = filters, .wanted = cursor->wanted, .cancel = cancel, .warnings = &query->warnings,
        .counts = cursor->told ? &cursor->told->counts : NULL,
    };
    bool known;
    if (replay_find(replay, vtab->table, text, filters, &cursor->batch))
        return true;
    if (!keyed_find(replay, &scan, &cursor->batch, &known, err))
        return false;
    if (known)
        return true;
    struct scan_request request = {
        .table = vtab->table,
        .wanted = cursor->wanted,
        .filters = filters->list,
        .filter_count = filters->count,
        .named = plan->named,
        .terms = filters->terms,
        .term_count = filters->term_count,
        .order = plan->order,
        .order_count = plan->order_count,
        .limit = filters->limit,
        .cancel = cancel,
        .warnings = &query->warnings,
    };
    if (!cancel_check(request.cancel, err) || !scan_open(&request, &cursor->scan, err)) {
        cursor->scan = NULL;
        return false;
    }
    bool repeated = is_repeated(query, vtab->table);
    cursor->kept = replay_begin(replay, vtab->table, text, filters, cursor->wanted, repeated);
    cursor->peek = cursor->kept && repeated && has_keys(vtab->table, filters);
    return true;
}

/* Groups instead of rows. What narrowing finds out about the conditions holds for rows; of groups only the service knows. */
static bool start_groups(struct cursor *cursor, const char *text, const struct scan_plan *plan, const struct filters *filters,
                         struct error *err)
{
    struct vtab *vtab = cursor_vtab(cursor);
    struct replay *replay = &cursor->query->replay;
    const struct aggregation *aggregation = plan->aggregation;
    struct scan_request request = {
        .table = vtab->table, .filters = filters->list, .filter_count = filters->count,
        .aggregation = aggregation, .limit = -1, .cancel = cursor->query->cancel, .warnings = &cursor->query->warnings,
    };

    cursor->wanted = arena_array(&cursor->arena, vtab->table->column_count + 1, sizeof *cursor->wanted);
    request.wanted = cursor->wanted;
    if (!cursor->wanted)
        return error_memory(err);
    if (filters->nothing || filters->not_null_count)
        return error_set(err, NOT_AGGREGATED, "%s can not be grouped by its service", vtab->table->name);
    text = strstr(text, " groups:");
    if (replay_find(replay, vtab->table, text, filters, &cursor->batch))
        return true;
    if (!cancel_check(request.cancel, err) || !scan_open(&request, &cursor->scan, err)) {
        cursor->scan = NULL;
        return false;
    }
    cursor->kept = replay_begin_groups(replay, vtab->table, text, filters, aggregation->group_count + aggregation->aggregate_count);
    cursor->peek = cursor->kept && replay->begun > 1;
    return true;
}

/* The plan's terms, with the values of this execution. */
static bool build_terms(struct cursor *cursor, const struct scan_plan *plan, struct filters *filters, struct error *err)
{
    const struct query *query = cursor_vtab(cursor)->engine->running;

    filters->terms = arena_array(&cursor->arena, plan->term_count + 1, sizeof(const struct term *));
    if (!filters->terms)
        return error_memory(err);
    for (size_t i = 0; i < plan->term_count; i++) {
        const struct term *term = query->run->terms[plan->terms[i]];
        if (!(filters->terms[filters->term_count++] = term_copy(term, query->bindings ? query->bindings + query->first_parameter : NULL, &cursor->arena)))
            return error_memory(err);
    }
    return true;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int count, sqlite3_value **arguments)
{
    struct cursor *cursor = (struct cursor *)base;
    struct vtab *vtab = cursor_vtab(cursor);
    struct error *err = &vtab->engine->running->failure;
    struct scan_plan plan;
    struct filters filters;
    (void)count;

    end_scan(cursor);
    cursor->told = explain_find(vtab->engine->running->record, number);
    row_ids_clear(&cursor->ids);
    arena_reset(&cursor->arena);
    cursor->reading.row = 0;
    if (!plan_decode(text, &cursor->arena, &plan, err) ||
        !filters_build(vtab->table, &plan, arguments, &cursor->arena, &filters, err) || !build_terms(cursor, &plan, &filters, err))
        return failed(vtab);
    if (filters.nothing && !vtab->grouped)
        return SQLITE_OK;

    cursor->left = filters.limit;
    cursor->not_null = filters.not_null;
    cursor->not_null_count = vtab->grouped ? 0 : filters.not_null_count;
    if (vtab->grouped ? !start_groups(cursor, text, &plan, &filters, err) : !start_scan(cursor, text, &plan, &filters, err))
        return failed(vtab);
    cursor->end = false;
    return settle(cursor);
}

static int next_row(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;

    if (cursor->left > 0 && --cursor->left == 0) { /* never give too few rows in silence */
        const struct vtab *vtab = cursor_vtab(cursor);
        error_set(&vtab->engine->running->failure, "HY000", "The engine limited the scan of %s wrongly; please report the query",
                  vtab->table->name);
        return SQLITE_ERROR;
    }
    cursor->reading.row++;
    return settle(cursor);
}

bool cursor_step(struct cursor *cursor, bool *row, struct error *err)
{
    struct query *query = cursor->query;

    cursor->reading.row++;
    cursor->id_known = false;
    *row = cursor->reading.row < cursor->batch.row_count && !left_out(cursor);
    if (*row) {
        if (cursor->told)
            cursor->told->rows++;
        return true;
    }
    if (!engine_enter(query, err))
        return false;
    int code = settle(cursor);
    *row = code == SQLITE_OK && !cursor->end;
    bool ok = code == SQLITE_OK || engine_failure(query, code, err);
    engine_leave(query->engine);
    return ok;
}

const struct value *cursor_cells(const struct cursor *cursor, int column)
{
    const struct value *cells = cursor->batch.cells[column];
    return cells ? cells + cursor->reading.row : NULL;
}

size_t cursor_following(const struct cursor *cursor)
{
    return cursor->not_null_count ? 0 : cursor->batch.row_count - cursor->reading.row - 1;
}

void cursor_pass(struct cursor *cursor, size_t rows)
{
    cursor->reading.row += rows;
    cursor->id_known = false;
    if (cursor->told)
        cursor->told->rows += (int64_t)rows;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    return ((struct cursor *)base)->end;
}

/* SQLite copies the texts: it may keep a cell (MIN, GROUP BY) for longer than the batch lives. */
static int column_value(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct cursor *cursor = (const struct cursor *)base;
    const struct vtab *vtab = cursor_vtab(cursor);
    size_t results = vtab->grouped ? vtab->table->column_count + 1 : 0;

    if ((size_t)column < results) { /* a condition that the service was not told: it can not be looked at any more */
        error_set(&vtab->engine->running->failure, NOT_AGGREGATED, "%s can not be grouped by its service", vtab->table->name);
        return SQLITE_ERROR;
    }
    const struct value *cells = cursor->batch.cells[(size_t)column - results];

    if (cells)
        cell_result(context, &cells[cursor->reading.row]);
    return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
    struct cursor *cursor = (struct cursor *)base;
    size_t columns = cursor_vtab(cursor)->table->column_count;

    if (cursor_vtab(cursor)->grouped) {
        *id = (sqlite3_int64)cursor->reading.row;
        return SQLITE_OK;
    }
    if (!cursor->id_known && !row_ids_next(&cursor->ids, &cursor->batch, cursor->wanted, columns, cursor->reading.row, &cursor->id))
        return SQLITE_NOMEM;
    cursor->id_known = true;
    *id = cursor->id;
    return SQLITE_OK;
}

/* Calls of told(column, n) are shown to xBestIndex. */
static int find_function(sqlite3_vtab *base, int count, const char *name, void (**function)(sqlite3_context *, int, sqlite3_value **), void **context)
{
    const struct vtab *vtab = (const struct vtab *)base;

    if (count != 2 || vtab->grouped || !vtab->table->service->class->takes_terms || strcmp(name, "told") != 0)
        return 0;
    *function = function_told;
    *context = NULL;
    return SQLITE_INDEX_CONSTRAINT_FUNCTION;
}

static const sqlite3_module module = {
    .iVersion = 1,
    .xConnect = connect_table,
    .xBestIndex = best_index,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next_row,
    .xEof = at_end,
    .xColumn = column_value,
    .xRowid = row_id,
    .xFindFunction = find_function,
};

/* Registers the table as itself, as it is read with named columns, or as a source of groups. */
static bool declare(struct engine *engine, const struct table *table, uint64_t named, bool grouped, struct error *err)
{
    char *name = grouped ? sqlite3_mprintf(AGGREGATION_NAME, table->name)
                 : named ? sqlite3_mprintf(WIDENED_NAME, table->name, (unsigned long long)named) : sqlite3_mprintf("%s", table->name);
    struct source *source = malloc(sizeof *source);

    if (!source || !name) {
        sqlite3_free(name);
        free(source);
        return error_memory(err);
    }
    *source = (struct source){.engine = engine, .table = table, .grouped = grouped, .named = named};
    /* SQLite frees the source also when it fails. */
    int code = sqlite3_create_module_v2(engine->database, name, &module, source, free);
    sqlite3_free(name);
    if (code == SQLITE_NOMEM)
        return error_memory(err);
    return code == SQLITE_OK ||
           error_set(err, "HY000", "The engine can not take in table %s: %s", table->name, sqlite3_errmsg(engine->database));
}

static bool declare_once(struct engine *engine, const struct table *table, uint64_t named, struct error *err)
{
    for (size_t i = 0; i < engine->declared_count; i++)
        if (engine->declared[i].table == table && engine->declared[i].named == named)
            return true;

    int most = sqlite3_limit(engine->database, SQLITE_LIMIT_COLUMN, -1);
    if (table->column_count > (size_t)most)
        return error_set(err, "54000", "Table %s has %zu columns; with more than %d only SELECT a, b FROM can be run on it, without conditions, order and "
                         "groups", table->name, table->column_count, most);
    struct declared *declared = realloc(engine->declared, (engine->declared_count + 1) * sizeof *declared);
    if (!declared)
        return error_memory(err);
    engine->declared = declared;
    bool groups = !named && table->service->class->aggregates && table->column_count <= AGGREGATION_WIDEST;
    if (!declare(engine, table, named, false, err) || (groups && !declare(engine, table, 0, true, err)))
        return false;
    engine->declared[engine->declared_count++] = (struct declared){table, named};
    return true;
}

bool vtab_declare(struct engine *engine, const struct statement *statement, struct error *err)
{
    for (size_t i = 0; i < statement->table_count; i++)
        if (statement->tables[i]->place == PLACE_SERVICE && !declare_once(engine, statement->tables[i], 0, err))
            return false;
    for (size_t i = 0; i < statement->widened_count; i++)
        if (!declare_once(engine, statement->widened[i].table, statement->widened[i].named, err))
            return false;
    return true;
}
