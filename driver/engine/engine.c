/* A connection's SQLite: opening, the lock that orders its users, and its failures in our words. */
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "engine/state.h"

enum {
    PROGRESS_STEPS = 4000,             /* SQLite's instructions between two looks at the cancel: well below a millisecond */
    LOCK_LOOK_NANOSECONDS = 20000000,  /* how long a wait for the lock goes without one */
};

/* Ends local work, which makes no requests that could see the cancel. */
static int progress(void *context)
{
    struct engine *engine = context;
    struct query *query = engine->running;
    struct error unused;
    return query && !engine->uninterrupted && !cancel_check(query->cancel, &unused);
}

static bool open_database(struct engine *engine, struct error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(":memory:", &engine->database, flags, NULL);

    if (code == SQLITE_NOMEM || !engine->database)
        return error_memory(err);
    if (code != SQLITE_OK)
        return error_set(err, "HY000", "SQLite can not be opened: %s", sqlite3_errmsg(engine->database));
    sqlite3_extended_result_codes(engine->database, 0);
    sqlite3_db_config(engine->database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL); /* "x" is a name, never a text */
    sqlite3_progress_handler(engine->database, PROGRESS_STEPS, progress, engine);
    return functions_register(engine, err);
}

bool engine_open(struct service *service, const struct engine_options *options, struct cancel *cancel, struct engine **result,
                 struct error *err)
{
    if (sqlite3_libversion_number() < SQLITE_VERSION_NUMBER / 1000 * 1000)
        return error_set(err, "HY000", "The SQLite library is version %s, but this driver was built for %s or newer",
                         sqlite3_libversion(), SQLITE_VERSION);
    if (!sqlite3_threadsafe())
        return error_set(err, "HY000", "The SQLite library was built without threads; install the one of the distribution");

    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return error_memory(err);
    engine->service = service;
    engine->options = *options;
    engine->process = getpid();
    engine->characters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    pthread_mutex_init(&engine->lock, NULL);
    pthread_mutex_init(&engine->short_lock, NULL);
    if (!open_database(engine, err) || !workspace_open(engine, options, cancel, err)) {
        engine_close(engine);
        return false;
    }
    *result = engine;
    return true;
}

struct given_up {
    sqlite3_stmt *program;
    struct given_up *next;
};

/* Called with the lock. */
static void free_given_up(struct engine *engine)
{
    pthread_mutex_lock(&engine->short_lock);
    struct given_up *one = engine->given_up;
    engine->given_up = NULL;
    pthread_mutex_unlock(&engine->short_lock);
    while (one) {
        struct given_up *next = one->next;
        sqlite3_finalize(one->program);
        free(one);
        one = next;
    }
}

void engine_close(struct engine *engine)
{
    if (!engine)
        return;
    if (!engine_is_forked(engine)) {
        free_given_up(engine);
        sqlite3_close(engine->database);
    }
    pthread_mutex_destroy(&engine->lock);
    pthread_mutex_destroy(&engine->short_lock);
    if (engine->characters)
        freelocale(engine->characters);
    arena_clear(&engine->scratch);
    arena_clear(&engine->kept);
    names_release(engine->names);
    free(engine->declared);
    free(engine);
}

bool engine_is_forked(const struct engine *engine)
{
    return engine->file_workspace && getpid() != engine->process;
}

bool engine_enter(struct query *query, struct error *err)
{
    struct engine *engine = query->engine;

    if (engine_is_forked(engine))
        return error_set(err, "HY000", "Workspace=%s was opened by the process %ld, of which this one is a fork: open the connection in the process that uses it",
                         engine->place_of_workspace, (long)engine->process);
    for (;;) {
        struct timespec until;
        if (pthread_mutex_trylock(&engine->lock) == 0)
            break;
        if (!cancel_check(query->cancel, err))
            return false;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOCK_LOOK_NANOSECONDS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_mutex_timedlock(&engine->lock, &until) == 0)
            break;
    }
    engine->running = query;
    return true;
}

void engine_enter_always(struct query *query)
{
    pthread_mutex_lock(&query->engine->lock);
    query->engine->running = query;
}

void engine_leave(struct engine *engine)
{
    free_given_up(engine);
    engine->running = NULL;
    pthread_mutex_unlock(&engine->lock);
}

void engine_give_up(struct engine *engine, sqlite3_stmt *program)
{
    if (!program || engine_is_forked(engine))
        return;
    struct given_up *one = malloc(sizeof *one);
    if (!one) {
        pthread_mutex_lock(&engine->lock);
        sqlite3_finalize(program);
        engine_leave(engine);
        return;
    }
    one->program = program;
    pthread_mutex_lock(&engine->short_lock);
    one->next = engine->given_up;
    engine->given_up = one;
    pthread_mutex_unlock(&engine->short_lock);
    if (pthread_mutex_trylock(&engine->lock) == 0)
        engine_leave(engine);
}

static bool speaks_of_a_limit(const char *message)
{
    static const char *const words[] = {"too many", "too large", "too big", "at most", "stack overflow"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(message, words[i]))
            return true;
    return false;
}

static bool tell_failure(struct query *query, int code, struct error *err)
{
    const char *message = sqlite3_errmsg(query->engine->database);

    if (query->failure.sqlstate[0]) {
        *err = query->failure;
        return false;
    }
    if (!native_failure(query, code, message, err))
        return false;
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return error_memory(err);
    case SQLITE_INTERRUPT:
        if (cancel_check(query->cancel, err))
            error_set(err, "HY008", "The operation was cancelled");
        return false;
    case SQLITE_TOOBIG:
        return error_set(err, "54000", "A text, a value or the statement is longer than the engine can hold (%s)", message);
    case SQLITE_MISMATCH:
        return error_set(err, "22018", "LIMIT and OFFSET must be whole numbers");
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return error_set(err, "HY000", "The engine can not write its temporary file (%s); make room where SQLITE_TMPDIR or TMPDIR says",
                         message);
    default:
        break;
    }
    if (strstr(message, "frame starting offset") || strstr(message, "frame ending offset"))
        return error_set(err, "22013", "A frame's distance is a number that is not below zero; of ROWS and GROUPS a whole one");
    if (strstr(message, "integer overflow"))
        return error_set(err, "22003", "A whole number is out of range");
    if (speaks_of_a_limit(message))
        return error_set(err, "54000", "The statement is larger than the engine can run: %s", message);
    return error_set(err, "HY000", "The engine can not run the statement: %s", message);
}

bool engine_failure(struct query *query, int code, struct error *err)
{
    tell_failure(query, code, err);
    transaction_look(query->engine, err);
    return false;
}
