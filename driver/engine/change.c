/* Statements that change native tables or what is defined: each is done whole or not at all. */
#include <string.h>

#include "base/cancel.h"
#include "engine/state.h"

static const char savepoint[] = "SAVEPOINT \"restodbc statement\"";
static const char release[] = "RELEASE \"restodbc statement\"";
static const char undo[] = "ROLLBACK TO \"restodbc statement\"";

static bool changes_workspace(const struct statement *run)
{
    return (run->target ? run->target->place : run->place) != PLACE_TEMPORARY;
}

static bool may_change(const struct query *query, struct error *err)
{
    if (!changes_workspace(query->run))
        return true;
    if (workspace_is_gone(query->engine))
        return error_set(err, "HY000", "Workspace=%s was moved or deleted after it had been opened, so that nothing would stay: connect again",
                         query->engine->place_of_workspace);
    if (!query->engine->read_only)
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

/* The table of views may be one that a newer version made: its further columns are left to their defaults. */
static bool store_view(struct query *query, const char *schema, struct error *err)
{
    const struct statement *run = query->run;
    bool there = sqlite3_table_column_metadata(query->engine->database, schema, "restodbc_views", NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;

    return (there || run_made(query, sqlite3_mprintf("CREATE TABLE IF NOT EXISTS %s.restodbc_views(name TEXT PRIMARY KEY COLLATE NOCASE, "
                                                     "query TEXT NOT NULL)", schema), err)) &&
           (!run->replace ||
            run_made(query, sqlite3_mprintf("DELETE FROM %s.restodbc_views WHERE name = %Q COLLATE NOCASE", schema, run->name), err)) &&
           run_made(query, sqlite3_mprintf("INSERT INTO %s.restodbc_views(name, query) VALUES(%Q, %Q)", schema, run->name, run->view_query), err);
}

static bool create_view(struct query *query, struct error *err)
{
    if (store_view(query, place_schema(query->run->place), err))
        return true;
    int code = sqlite3_errcode(query->engine->database) & 0xff;
    if (code == SQLITE_ERROR || code == SQLITE_CONSTRAINT)
        error_prefix(err, "The view %.128s can not be kept in the table restodbc_views, which a newer version may have made: ", query->run->name);
    return false;
}

/* A view that another program made is SQLite's own. */
static bool drop_view(struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    const char *schema = place_schema(run->place);

    if (run->target && !run->target->query)
        return run_made(query, sqlite3_mprintf("DROP VIEW %s.\"%w\"", schema, run->name), err);
    return run_made(query, sqlite3_mprintf("DELETE FROM %s.restodbc_views WHERE name = %Q COLLATE NOCASE", schema, run->name), err);
}

/* SQLite would find out at the first row only. */
static bool leads_to_keys(struct query *query, struct error *err)
{
    const struct statement *run = query->run;

    return run_made(query, sqlite3_mprintf("PRAGMA %s.foreign_key_check(\"%w\")", place_schema(run->place), run->name), err);
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

/* SQLite drops nothing while a program of the connection reads. */
static bool nothing_reads(struct query *query, struct error *err)
{
    sqlite3 *database = query->engine->database;

    for (sqlite3_stmt *program = sqlite3_next_stmt(database, NULL); program; program = sqlite3_next_stmt(database, program))
        if (sqlite3_stmt_busy(program))
            return error_set(err, "HY000", "%s is not possible while a cursor of this connection is open: close all of them first",
                             query->run->command);
    return true;
}

/* What SQLite would refuse after having begun, or not at all. */
static bool is_allowed(struct query *query, struct error *err)
{
    const struct statement *run = query->run;
    bool table = run->kind == STATEMENT_DEFINE && run->define == DEFINE_DROP_TABLE;
    bool index = run->kind == STATEMENT_DEFINE && run->define == DEFINE_DROP_INDEX;

    return (!table || may_drop(query, err)) && (!(table || index) || nothing_reads(query, err));
}

/* The INSERT with the query that gives its rows; NULL when there is none. */
static const char *filling(const struct statement *run)
{
    return run->rows_at ? run->fill_sql ? run->fill_sql : run->engine_sql : NULL;
}

static bool run_steps(struct query *query, struct fill *fill, struct error *err)
{
    const struct statement *run = query->run;
    bool define = run->kind == STATEMENT_DEFINE;

    if (define && run->define == DEFINE_CREATE_VIEW)
        return create_view(query, err);
    if (define && run->define == DEFINE_DROP_VIEW)
        return drop_view(query, err);
    if ((define || !filling(run)) && run->engine_sql && !run_text(query, run->engine_sql, err))
        return false;
    if (define && run->refers && !leads_to_keys(query, err))
        return false;
    if (filling(run))
        return fill_store(query, filling(run), fill, err);
    if (!define)
        query->row_count = sqlite3_changes64(query->engine->database);
    return true;
}

/* Within a transaction of the application's the statement is a part of it, else one of its own. */
static bool begin(struct query *query, bool within, struct error *err)
{
    if (within)
        return native_run(query->engine, savepoint, err);
    return native_run(query->engine, changes_workspace(query->run) ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

/* Puts everything back as it was before the statement, unless SQLite has rolled all of it back already. Undoing can end the cursors of
 * others, so nothing is undone where nothing was written. */
static void give_up(struct query *query, bool within, bool written)
{
    sqlite3 *database = query->engine->database;

    query->row_count = -1;
    if (sqlite3_get_autocommit(database))
        return;
    if (!within) {
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
        return;
    }
    if (written)
        sqlite3_exec(database, undo, NULL, NULL, NULL);
    sqlite3_exec(database, release, NULL, NULL, NULL);
}

/* Runs the query of a filling statement, once. */
static bool gather(struct query *query, struct fill *fill, struct error *err)
{
    const char *insert = filling(query->run);

    return !insert || fill->rows || fill_gather(query, insert, fill, err);
}

static bool run_part(struct query *query, struct fill *fill, bool within, struct error *err)
{
    struct engine *engine = query->engine;
    bool define = query->run->kind == STATEMENT_DEFINE;
    struct error unused;

    if (!begin(query, within, err))
        return false;
    bool written = gather(query, fill, err) && is_allowed(query, err);
    bool fine = written && run_steps(query, fill, err) && (!define || names_build(engine, err));
    fill_clear(fill);
    if (fine && native_run(engine, within ? release : "COMMIT", err)) {
        engine->defined = engine->defined || (define && within);
        return true;
    }
    give_up(query, within, written);
    if (define && written)
        names_build(engine, &unused);
    return false;
}

static bool reads_native(const struct statement *run)
{
    for (size_t i = 0; i < run->table_count; i++)
        if (run->tables[i]->place != PLACE_SERVICE)
            return true;
    return false;
}

/* A query that only reads the service is run before anything is locked; any other behind the lock of a statement of its own, because a
 * file that is read already can not be waited for. */
static bool run_whole(struct query *query, struct error *err)
{
    struct engine *engine = query->engine;
    struct fill fill = {0};

    if (!may_change(query, err) || !vtab_declare(query->engine, query->run, err))
        return false;
    bool fine = (reads_native(query->run) || gather(query, &fill, err)) && transaction_begin(engine, changes_workspace(query->run), err);
    bool within = fine && !sqlite3_get_autocommit(engine->database);
    fine = fine && (!within || gather(query, &fill, err)) && run_part(query, &fill, within, err);
    fill_clear(&fill);
    return fine;
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
