/* Transactions over native tables: SQLite's, begun and ended as ODBC has it (ODBC reference, "Transactions in ODBC"). */
#include <string.h>

#include "base/cancel.h"
#include "engine/state.h"

static bool is_open(const struct engine *engine)
{
    return !sqlite3_get_autocommit(engine->database);
}

static bool begin(struct engine *engine, const char *text, struct error *err)
{
    engine->open = native_run(engine, text, err);
    return engine->open;
}

bool transaction_begin(struct engine *engine, bool write, struct error *err)
{
    return !(engine->manual || engine->begun) || is_open(engine) || begin(engine, write ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

/* After a rollback of all or of a part. */
static bool undone(struct engine *engine, struct error *err)
{
    engine->open = is_open(engine);
    engine->rollbacks++;
    if (!engine->defined)
        return true;
    engine->defined = engine->open;
    return names_build(engine, err);
}

void transaction_look(struct engine *engine, struct error *err)
{
    struct error unused;

    if (!engine->open || is_open(engine))
        return;
    engine->begun = false;
    undone(engine, &unused);
    error_prefix(err, "The whole transaction was rolled back: ");
}

/* Another process reads the file, or the cancel came while that was waited for: nothing is lost. */
static bool commit_open(struct engine *engine, struct error *err)
{
    if (native_run(engine, "COMMIT", err)) {
        engine->open = engine->defined = false;
        return true;
    }
    if (is_open(engine) && (strcmp(err->sqlstate, "HYT00") == 0 || strcmp(err->sqlstate, "HY008") == 0))
        error_prefix(err, "The transaction is still open, and the commit can be tried again: ");
    return false;
}

static bool end(struct engine *engine, bool commit, struct error *err)
{
    bool fine = !is_open(engine) || (commit ? commit_open(engine, err) : native_run(engine, "ROLLBACK", err) && undone(engine, err));

    engine->begun = engine->begun && is_open(engine);
    return fine;
}

/* Of a savepoint: the verb with its name. */
static bool with_name(struct engine *engine, const char *verb, const char *name, struct error *err)
{
    char *text = sqlite3_mprintf("%s \"%w\"", verb, name);
    if (!text)
        return error_memory(err);
    bool fine = native_run(engine, text, err);
    sqlite3_free(text);
    return fine;
}

static bool needs_transaction(const struct engine *engine, struct error *err)
{
    return is_open(engine) || engine->manual || engine->begun ||
           error_set(err, "25000", "A savepoint needs a transaction: turn autocommit off or say BEGIN first");
}

static bool act(struct engine *engine, const struct statement *statement, struct error *err)
{
    switch (statement->transaction) {
    case TRANSACTION_BEGIN:
        if (is_open(engine) || engine->begun)
            return error_set(err, "25000", "A transaction is open already: COMMIT or ROLLBACK ends it");
        engine->begun = true;
        return true;
    case TRANSACTION_COMMIT:
        return end(engine, true, err);
    case TRANSACTION_ROLLBACK:
        return end(engine, false, err);
    case TRANSACTION_SAVEPOINT:
        return needs_transaction(engine, err) && transaction_begin(engine, false, err) && with_name(engine, "SAVEPOINT", statement->name, err);
    case TRANSACTION_RELEASE:
        return with_name(engine, "RELEASE", statement->name, err);
    case TRANSACTION_ROLLBACK_TO:
        return with_name(engine, "ROLLBACK TO", statement->name, err) && undone(engine, err);
    }
    return true;
}

bool transaction_run(struct query *query, struct error *err)
{
    if (!engine_enter(query, err))
        return false;
    bool fine = act(query->engine, query->run, err);
    engine_leave(query->engine);
    return fine;
}

bool engine_end(struct engine *engine, bool commit, struct cancel *cancel, struct error *err)
{
    struct query work = {.engine = engine, .cancel = cancel};

    if (!engine_enter(&work, err))
        return false;
    bool fine = end(engine, commit, err);
    engine_leave(engine);
    return fine;
}

bool engine_set_autocommit(struct engine *engine, bool on, struct cancel *cancel, struct error *err)
{
    struct query work = {.engine = engine, .cancel = cancel};

    if (!engine_enter(&work, err))
        return false;
    bool fine = !on || !engine->manual || end(engine, true, err);
    if (fine)
        engine->manual = !on;
    engine_leave(engine);
    return fine;
}

bool engine_in_transaction(struct engine *engine)
{
    if (engine_is_forked(engine))
        return false;
    pthread_mutex_lock(&engine->lock);
    bool open = is_open(engine) || engine->begun;
    pthread_mutex_unlock(&engine->lock);
    return open;
}

static bool drop_each(struct engine *engine, struct error *err)
{
    const struct service *names = &engine->names->service;

    for (size_t i = 0; i < names->table_count; i++) {
        const struct table *table = names->tables[i];
        if (table->place != PLACE_TEMPORARY || table->query)
            continue;
        char *text = sqlite3_mprintf("DROP %s temp.\"%w\"", table->kind == TABLE_VIEW ? "VIEW" : "TABLE", table->name);
        bool fine = text ? native_run(engine, text, err) : error_memory(err);
        sqlite3_free(text);
        if (!fine)
            return false;
    }
    return native_run(engine, "DROP TABLE IF EXISTS temp.restodbc_views", err);
}

/* All go, so what they refer to matters no more: in the order of their names a table would go before those that refer to it. */
static bool drop_temporary(struct engine *engine, struct error *err)
{
    if (!native_run(engine, "PRAGMA foreign_keys = OFF", err))
        return false;
    bool fine = drop_each(engine, err);
    struct error unused;
    return native_run(engine, "PRAGMA foreign_keys = ON", fine ? err : &unused) && fine;
}

bool engine_reset(struct engine *engine, struct cancel *cancel, struct error *err)
{
    struct query work = {.engine = engine, .cancel = cancel};

    if (!engine_enter(&work, err))
        return false;
    bool fine = end(engine, false, err);
    engine->manual = engine->read_only = false;
    fine = fine && drop_temporary(engine, err) && names_build(engine, err);
    engine_leave(engine);
    return fine;
}
