/* Statements that change native tables or what is defined: each is done whole or not at all. */
#include <string.h>

#include "base/cancel.h"
#include "engine/state.h"

static const char savepoint[] = "SAVEPOINT \"restodbc statement\"";
static const char release[] = "RELEASE \"restodbc statement\"";
static const char undo[] = "ROLLBACK TO \"restodbc statement\"";

static bool may_change(const struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    enum table_place place = run->target ? run->target->place : run->place;

    if (!query->engine->read_only || place == PLACE_TEMPORARY)
        return true;
    return error_set(err, "42000", "The workspace is not changed: the connection is read-only (SQL_ATTR_ACCESS_MODE)");
}

/* Runs one text of SQLite with the query's parameters. */
static bool run_text(struct query *query, const char *text, struct error *err)
{
    sqlite3_stmt *program;

    query->failure = query->impossible = (struct error){0};
    query->hopeless = false;
    int code = sqlite3_prepare_v2(query->engine->database, text, -1, &program, NULL);
    if (code == SQLITE_OK)
        code = query_bind_all(query, program);
    while (code == SQLITE_OK || code == SQLITE_ROW)
        code = sqlite3_step(program);
    bool fine = code == SQLITE_DONE || query_failed(query, code, err);
    sqlite3_finalize(program);
    return fine;
}

static bool run_made(struct query *query, char *text, struct error *err)
{
    bool fine = text ? run_text(query, text, err) : error_memory(err);
    sqlite3_free(text);
    return fine;
}

static bool create_view(struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    const char *schema = place_schema(run->place);

    return run_made(query, sqlite3_mprintf("CREATE TABLE IF NOT EXISTS %s.restodbc_views(name TEXT PRIMARY KEY COLLATE NOCASE, "
                                           "query TEXT NOT NULL)", schema), err) &&
           run_made(query, sqlite3_mprintf("INSERT %s INTO %s.restodbc_views VALUES(%Q, %Q)", run->replace ? "OR REPLACE" : "", schema,
                                           run->name, run->view_query), err);
}

/* A view that another program made is SQLite's own. */
static bool drop_view(struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    const char *schema = place_schema(run->place);

    if (run->target && !run->target->query)
        return run_made(query, sqlite3_mprintf("DROP VIEW %s.\"%w\"", schema, run->name), err);
    return run_made(query, sqlite3_mprintf("DELETE FROM %s.restodbc_views WHERE name = %Q", schema, run->name), err);
}

/* A table that others refer to stays: SQLite would delete the rows of those, or leave them with a reference to nothing. It is asked now,
 * because statements of the batch before this one may have made or dropped such tables. */
static bool may_drop(struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    const char *name = run->target->name, *schema = place_schema(run->place);
    sqlite3 *database = query->engine->database;
    sqlite3_stmt *answer = NULL;
    bool fine = true;

    char *text = sqlite3_mprintf("SELECT m.name FROM %s.sqlite_master m, pragma_foreign_key_list(m.name, %Q) f WHERE m.type = 'table' "
                                 "AND f.\"table\" = %Q COLLATE NOCASE AND m.name <> %Q COLLATE NOCASE ORDER BY 1", schema, schema, name, name);
    if (!text)
        return error_memory(err);
    int code = sqlite3_prepare_v2(database, text, -1, &answer, NULL);
    sqlite3_free(text);
    if (code == SQLITE_OK)
        code = sqlite3_step(answer);
    const char *child = code == SQLITE_ROW ? (const char *)sqlite3_column_text(answer, 0) : NULL;
    if (child)
        fine = error_set(err, "42000", "The table %.128s can not be dropped: %.128s refers to it; drop %.128s first, or make it anew without "
                         "its foreign key%s", name, child, child, run->cascade ? " (CASCADE does not reach other tables here)" : "");
    else if (code != SQLITE_DONE)
        fine = code == SQLITE_ROW ? error_memory(err) : engine_failure(query, code, err);
    sqlite3_finalize(answer);
    return fine;
}

static bool run_steps(struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    struct engine *engine = query->engine;
    bool define = run->kind == STATEMENT_DEFINE;

    for (size_t i = 0; i < run->table_count; i++)
        if (run->tables[i]->place == PLACE_SERVICE && !vtab_declare(engine, run->tables[i], err))
            return false;
    if (define && run->define == DEFINE_CREATE_VIEW)
        return create_view(query, err);
    if (define && run->define == DEFINE_DROP_VIEW)
        return drop_view(query, err);
    if (define && run->define == DEFINE_DROP_TABLE && !may_drop(query, err))
        return false;
    if (run->engine_sql && !run_text(query, run->engine_sql, err))
        return false;
    if (define && run->fill_sql && !run_text(query, run->fill_sql, err))
        return false;
    if (!define || run->fill_sql)
        query->row_count = sqlite3_changes64(engine->database);
    return true;
}

/* Puts everything back as it was before the statement. Where SQLite had to roll the whole transaction back, that is told. */
static void give_up(struct query *query, bool within, struct error *err)
{
    struct engine *engine = query->engine;
    struct error unused;

    query->row_count = -1;
    if (sqlite3_get_autocommit(engine->database)) {
        transaction_undone(engine, &unused);
        if (within)
            error_prefix(err, "The whole transaction was rolled back: ");
        return;
    }
    if (within) {
        sqlite3_exec(engine->database, undo, NULL, NULL, NULL);
        sqlite3_exec(engine->database, release, NULL, NULL, NULL);
    } else {
        sqlite3_exec(engine->database, "ROLLBACK", NULL, NULL, NULL);
    }
}

static bool run_whole(struct query *query, struct error *err)
{
    struct engine *engine = query->engine;
    bool define = query->run->kind == STATEMENT_DEFINE;

    if (!may_change(query, err) || !transaction_begin(engine, err))
        return false;
    bool within = !sqlite3_get_autocommit(engine->database);
    if (!native_run(engine, savepoint, err))
        return false;
    if (!run_steps(query, err) || !native_run(engine, release, err)) {
        give_up(query, within, err);
        return false;
    }
    if (!define)
        return true;
    engine->defined = within;
    return names_build(engine, err);
}

bool change_run(struct query *query, struct error *err)
{
    const struct statement *run = query->run;

    query->row_count = -1;
    if (run->kind == STATEMENT_DEFINE && run->define == DEFINE_NOTHING)
        return true;
    if (!engine_enter(query, err))
        return false;
    bool fine = run_whole(query, err);
    engine_leave(query->engine);
    return fine;
}
