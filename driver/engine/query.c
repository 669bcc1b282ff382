/* A statement on its way: planned, bound, executed, stepped through. */
#include "engine/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "engine/cell.h"
#include "engine/direct.h"
#include "engine/state.h"

/* The statement with our own LIMIT around it, so that it reaches the scan where nothing stands between. */
static const char capped_form[] = "SELECT * FROM (%s) LIMIT ?%d";

bool query_failed(struct query *query, int code, struct error *err)
{
    const char *message = sqlite3_errmsg(query->engine->database);

    if (query->impossible.sqlstate[0] && !query->failure.sqlstate[0] && strstr(message, "no query solution")) {
        *err = query->impossible;
        return false;
    }
    return engine_failure(query, code, err);
}

struct table_use *query_use(struct query *query, const struct table *table)
{
    for (size_t i = 0; i < query->use_count; i++)
        if (query->uses[i].table == table)
            return &query->uses[i];
    struct table_use *larger = realloc(query->uses, (query->use_count + 1) * sizeof *larger);
    if (!larger)
        return NULL;
    query->uses = larger;
    larger[query->use_count] = (struct table_use){.table = table};
    return &larger[query->use_count++];
}

/* Makes the program; called with the lock. */
static bool compile(struct query *query, bool capped, struct error *err)
{
    const struct statement *statement = query->run;
    char *text = capped ? sqlite3_mprintf(capped_form, statement->engine_sql, (int)statement->parameter_count + 1) : NULL;

    if (capped && !text)
        return error_memory(err);
    sqlite3_finalize(query->program);
    query->program = NULL;
    query->failure = query->impossible = (struct error){0};
    query->hopeless = false;
    int code = sqlite3_prepare_v2(query->engine->database, capped ? text : statement->engine_sql, -1, &query->program, NULL);
    if (code != SQLITE_OK) {
        sqlite3_free(text);
        return query_failed(query, code, err);
    }
    query->capped = capped;
    bool found = direct_find(query, capped ? text : statement->engine_sql, err);
    sqlite3_free(text);
    if (!found)
        return false;
    if (!query->program || (size_t)sqlite3_column_count(query->program) != statement->column_count)
        return error_set(err, "HY000", "The engine sees %d columns where the statement has %zu; please report the query",
                         sqlite3_column_count(query->program), statement->column_count);
    return true;
}

/* Called with the lock. */
static bool declare_and_compile(struct query *query, bool capped, struct error *err)
{
    const struct statement *statement = query->run;

    if (statement->plain)
        return plain_plan(query, err);
    return vtab_declare(query->engine, statement, err) && compile(query, capped, err);
}

static bool prepare_select(struct query *query, struct error *err)
{
    if (!engine_enter(query, err))
        return false;
    bool ok = declare_and_compile(query, query->engine->options.max_rows > 0, err);
    engine_leave(query->engine);
    return ok;
}

static bool open_one(struct engine *engine, const struct statement *statement, bool deferred, struct cancel *cancel,
                     struct value *bindings, struct query **result, struct error *err)
{
    struct query *query = *result = calloc(1, sizeof *query);
    if (!query)
        return error_memory(err);
    query->engine = engine;
    query->statement = query->run = statement;
    query->row_count = -1;
    query->deferred = deferred;
    query->cancel = cancel;
    query->bindings = bindings;
    query->row = calloc(statement->column_count + 1, sizeof *query->row);
    if (!query->row)
        return error_memory(err);
    return statement->kind != STATEMENT_SELECT || deferred || prepare_select(query, err);
}

bool query_open(struct engine *engine, const struct statement *statement, struct cancel *cancel, struct query **result,
                struct error *err)
{
    struct value *bindings = calloc(statement->parameter_count + 1, sizeof *bindings);
    struct query *first = NULL, **end = &first;
    bool ok = bindings || error_memory(err), deferred = false;

    for (; ok && statement; statement = statement->next) {
        ok = open_one(engine, statement, deferred, cancel, bindings, end, err);
        if (ok)
            end = &(*end)->following;
        deferred = deferred || statement->kind == STATEMENT_DEFINE;
    }
    if (!ok) {
        if (!first)
            free(bindings);
        query_close(first);
        return false;
    }
    *result = first;
    return true;
}

static void forget_binding(struct value *value)
{
    if (value->storage == STORAGE_TEXT || value->storage == STORAGE_BLOB)
        free((char *)value->text);
    *value = value_null();
}

static void close_one(struct query *query)
{
    query_reset(query);
    engine_give_up(query->engine, query->program);
    free(query->row);
    free(query->columns);
    free(query->uses);
    names_release(query->names);
    names_release(query->renewed_names);
    arena_clear(&query->renewed);
    arena_clear(&query->cells);
    arena_clear(&query->answer);
    warnings_clear(&query->warnings);
    free(query);
}

void query_close(struct query *query)
{
    if (!query)
        return;
    struct arena statements = query->arena;
    for (size_t i = 0; i < query->statement->parameter_count; i++)
        forget_binding(&query->bindings[i]);
    free(query->bindings);
    while (query) {
        struct query *following = query->following;
        close_one(query);
        query = following;
    }
    arena_clear(&statements);
}

struct query *query_next(const struct query *query)
{
    return query->following;
}

const struct statement *query_statement(const struct query *query)
{
    return query->statement;
}

bool query_bind(struct query *query, size_t parameter, const struct value *value, struct error *err)
{
    struct value copy = *value;

    if (parameter >= query->statement->parameter_count)
        return error_set(err, "07009", "Parameter %zu was bound, but the statement has %zu", parameter + 1,
                         query->statement->parameter_count);
    if (value->storage == STORAGE_TEXT || value->storage == STORAGE_BLOB) {
        char *text = malloc((size_t)value->length + 1);
        if (!text)
            return error_memory(err);
        memcpy(text, value->text, value->length);
        text[value->length] = '\0';
        copy.text = text;
    }
    forget_binding(&query->bindings[parameter]);
    query->bindings[parameter] = copy;
    return true;
}

/* The tighter of two bounds, of which 0 is none. */
static int64_t tighter(int64_t a, int64_t b)
{
    if (a <= 0 || b <= 0)
        return a > b ? a : b;
    return a < b ? a : b;
}

int query_bind_all(struct query *query, sqlite3_stmt *program)
{
    /* SQLite knows the parameters up to the last one that this statement of the batch has. */
    size_t known = (size_t)sqlite3_bind_parameter_count(program);
    int code = SQLITE_OK;

    for (size_t i = 0; code == SQLITE_OK && i < query->run->parameter_count && i < known; i++)
        code = cell_bind(program, (int)i + 1, &query->bindings[query->first_parameter + i]);
    return code;
}

/* Called with the lock. */
static bool start_select(struct query *query, struct error *err)
{
    if (statement_is_native(query->run) && !transaction_begin(query->engine, false, err))
        return false;
    if (query->run->plain)
        return true;
    if ((!query->program || query->capped != (query->cap > 0)) && !declare_and_compile(query, query->cap > 0, err))
        return false;

    int code = query_bind_all(query, query->program);
    if (code == SQLITE_OK && query->capped)
        code = sqlite3_bind_int64(query->program, (int)query->run->parameter_count + 1, query->cap);
    return code == SQLITE_OK || engine_failure(query, code, err);
}

static bool run_select(struct query *query, struct error *err)
{
    if (!engine_enter(query, err))
        return false;
    bool ok = start_select(query, err);
    query->rollbacks = query->engine->rollbacks;
    engine_leave(query->engine);
    return ok;
}

bool query_execute(struct query *query, int64_t max_rows, struct error *err)
{
    query_reset(query);
    query->cap = tighter(query->engine->options.max_rows, max_rows);
    query->failure = (struct error){0};
    query->now_known = query->random_known = false;
    query->row_count = -1;
    warnings_clear(&query->warnings);
    if (!query_renew(query, err))
        return false;

    bool ok = false;
    switch (query->run->kind) {
    case STATEMENT_CALL:
        ok = call_run(query, err);
        break;
    case STATEMENT_CHANGE:
    case STATEMENT_DEFINE:
        ok = change_run(query, err);
        break;
    case STATEMENT_TRANSACTION:
        ok = transaction_run(query, err);
        break;
    case STATEMENT_EXPLAIN:
        ok = explain_run(query, err) || (query_refused_groups(err) && query_group_here(query, err) && explain_run(query, err));
        break;
    case STATEMENT_SELECT:
        ok = run_select(query, err) || (query_refused_groups(err) && query_group_here(query, err) && run_select(query, err));
        break;
    }
    if (ok)
        query->state = QUERY_OPEN;
    return ok;
}

int64_t query_row_count(const struct query *query)
{
    return query->row_count;
}

/* Called with the lock. */
static void reset_program(struct query *query)
{
    query->direct = NULL;
    sqlite3_reset(query->program);
    query->stepping = false;
}

/* Looks at the whole row while the lock is held, so that reading its cells needs none. */
static bool take_row(struct query *query, struct error *err)
{
    for (size_t i = 0; i < query->statement->column_count; i++)
        if (!cell_read(sqlite3_column_value(query->program, (int)i), &query->row[i], err))
            return false;
    return true;
}

static bool step_select(struct query *query, bool *row, struct error *err)
{
    bool ok = true;

    if (!engine_enter(query, err))
        return false;
    if (query->rollbacks != query->engine->rollbacks && statement_is_native(query->run)) {
        reset_program(query);
        engine_leave(query->engine);
        return error_set(err, "24000", "The transaction was rolled back, which ended this cursor");
    }
    query->stepping = true;
    int code = sqlite3_step(query->program);
    if (code == SQLITE_ROW) {
        *row = true;
        query->direct = query->columns ? query->scanning : NULL;
        ok = query->direct || take_row(query, err);
    } else if (code != SQLITE_DONE) {
        ok = engine_failure(query, code, err);
    }
    if (!ok || code != SQLITE_ROW)
        reset_program(query);
    engine_leave(query->engine);
    return ok;
}

/* CALL and EXPLAIN have all rows at once. */
static bool has_kept_rows(const struct query *query)
{
    return query->statement->kind == STATEMENT_CALL || query->statement->kind == STATEMENT_EXPLAIN;
}

static void step_call(struct query *query, bool *row)
{
    size_t count = query->statement->column_count;

    *row = query->next < query->result.row_count;
    if (*row && count)
        memcpy(query->row, query->result.values + query->next * count, count * sizeof *query->row);
    query->next++;
}

/* A service that was asked for groups can not make them after all. */
static bool start_again(struct query *query, struct error *err)
{
    replay_clear(&query->replay);
    query->failure = (struct error){0};
    return query_group_here(query, err) && run_select(query, err);
}

bool query_step(struct query *query, bool *row, struct error *err)
{
    bool ok = true;

    *row = false;
    if (query->state == QUERY_IDLE)
        return error_set(err, "HY010", "The statement was not executed");
    if (query->state == QUERY_ENDED)
        return true;
    arena_reset(&query->cells);
    if (query->cap == 0 || query->returned < query->cap) {
        if (has_kept_rows(query))
            step_call(query, row);
        else if (query->direct)
            ok = cursor_step(query->direct, row, err);
        else if (query->statement->kind == STATEMENT_SELECT && query->run->plain)
            ok = plain_step(query, row, err);
        else if (query->program)
            ok = step_select(query, row, err);
        if (!ok && query_refused_groups(err) && query->returned == 0)
            ok = start_again(query, err) && step_select(query, row, err);
    }
    if (*row && ok) {
        query->returned++;
        return true;
    }
    *row = false;
    if (ok)
        query_reset(query);
    query->state = QUERY_ENDED;
    return ok;
}

/* Whether the present row lies in a batch of the service's scan. */
static bool is_past_sqlite(const struct query *query)
{
    return query->direct || query->run->plain;
}

bool query_value(struct query *query, size_t column, struct value *value, struct error *err)
{
    if (query->state != QUERY_OPEN || query->returned == 0)
        return error_set(err, "24000", "There is no present row");
    if (column >= query->statement->column_count)
        return error_set(err, "07009", "There is no column %zu; the result has %zu", column + 1, query->statement->column_count);

    if (is_past_sqlite(query)) {
        const struct value *cells = query_cells(query, column);
        *value = cells ? *cells : value_null();
        return true;
    }
    const struct result_column *shown = &query->statement->columns[column];
    *value = query->row[column];
    if (shown->table && shown->table->place != PLACE_SERVICE)
        return native_cell(shown, value, &query->cells, err);
    return has_kept_rows(query) ||
           cell_canonical(&shown->type, shown->table == NULL, value, &query->cells, err);
}

size_t query_following(const struct query *query)
{
    size_t following = 0;

    if (query->state != QUERY_OPEN)
        return 0;
    if (query->direct)
        following = cursor_following(query->direct);
    else if (query->run->plain && query->batch.row_count)
        following = query->batch.row_count - query->batch_row - 1;
    return query->cap > 0 && (uint64_t)(query->cap - query->returned) < following ? (size_t)(query->cap - query->returned) : following;
}

const struct value *query_cells(const struct query *query, size_t column)
{
    if (query->direct)
        return cursor_cells(query->direct, query->columns[column]);
    const struct value *cells = query->batch.cells[query->run->columns[column].column];
    return cells ? cells + query->batch_row : NULL;
}

void query_pass(struct query *query, size_t rows)
{
    if (query->direct)
        cursor_pass(query->direct, rows);
    else
        query->batch_row += rows;
    query->returned += (int64_t)rows;
}

const struct warning *query_warning(struct query *query)
{
    return warnings_next(&query->warnings);
}

void query_reset(struct query *query)
{
    if (query->stepping && !engine_is_forked(query->engine)) {
        engine_enter_always(query);
        reset_program(query);
        engine_leave(query->engine);
    }
    plain_close(query);
    replay_clear(&query->replay);
    arena_reset(&query->cells);
    arena_reset(&query->answer);
    query->result = (struct procedure_result){0};
    query->next = 0;
    query->returned = 0;
    query->state = QUERY_IDLE;
}
