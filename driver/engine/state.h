/* What the files of this room share: the connection's SQLite and the query that it works for. */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <locale.h>
#include <pthread.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/error.h"
#include "engine/engine.h"
#include "engine/replay.h"

/* sqlite3_vtab_in and friends came with 3.38, RIGHT and FULL JOIN with 3.39. */
#if SQLITE_VERSION_NUMBER < 3039000
#error "SQLite 3.39 or newer is needed"
#endif

struct engine {
    struct service *service;
    struct engine_options options;   /* its texts are not kept */
    sqlite3 *database;            /* opened without SQLite's own mutexes: touched only by who holds the lock */
    pthread_mutex_t lock;
    struct query *running;        /* on whose behalf SQLite works at this moment; set with the lock */
    locale_t characters;          /* for upper and lower case of all scripts, whatever the process's locale; 0 when there is none */
    struct arena scratch;         /* for one function call at a time; used with the lock */
    const struct table **declared; /* those that SQLite knows */
    size_t declared_count;
};

enum query_state { QUERY_IDLE, QUERY_OPEN, QUERY_ENDED };

struct query {
    struct engine *engine;
    const struct statement *statement;
    struct arena arena;           /* owns the statement when query_prepare made it */
    struct cancel *cancel;
    struct value *bindings;       /* one per parameter; text and blobs are malloc'd copies; the batch's first query owns them */
    struct query *following;      /* of the same batch, owned */
    enum query_state state;
    int64_t cap;                  /* the most rows of this execution; 0 = no bound */
    int64_t returned;             /* rows given so far */
    struct value *row;            /* the cells of the present row, as SQLite has them */
    struct arena cells;           /* cells of the present row that had to be converted */

    /* SELECT */
    sqlite3_stmt *program;
    bool capped;                  /* the program ends with a LIMIT of our own, for the cap */
    struct error failure;         /* the first cause why SQLite's call fails, told by a scan or a function */
    struct error impossible;      /* why a way to run the statement was refused at planning */
    bool hopeless;                /* … and it was refused with all conditions usable */
    struct datetime now;          /* local time of this execution, once asked for */
    bool now_known;
    uint64_t random;              /* state of RAND(), once seeded */
    bool random_known;
    uint64_t *wanted;             /* per table of the statement, as in struct scan_plan: by any of the program's scans */
    struct reading *readings;     /* cursors that are open */
    struct replay replay;         /* scans of this execution that may be asked for again */

    /* CALL */
    struct arena answer;
    struct procedure_result result;
    size_t next;                  /* the row after the present one */
};

/* Takes the lock for query's work with SQLite. Waiting for another query's work ends with the cancel's error. */
bool engine_enter(struct query *query, struct error *err);
/* The same, whatever the cancel says: for closing. */
void engine_enter_always(struct query *query);
void engine_leave(struct engine *engine);

/* Fills *err from what made SQLite return code: the query's first cause, its cancel, or SQLite's own words. Called with the lock.
 * Returns false. */
bool engine_failure(struct query *query, int code, struct error *err);

/* Makes sure that SQLite knows a table. Called with the lock. */
bool vtab_declare(struct engine *engine, const struct table *table, struct error *err);

/* Registers every SQL function and collation. */
bool functions_register(struct engine *engine, struct error *err);

/* Runs query's procedure; its rows come into query->result. */
bool call_run(struct query *query, struct error *err);

#endif
