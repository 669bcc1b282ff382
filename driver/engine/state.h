/* What the files of this room share: the connection's SQLite and the query that it works for. */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <locale.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/warnings.h"
#include "engine/engine.h"
#include "engine/explain.h"
#include "engine/names.h"
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
    pthread_mutex_t short_lock;   /* guards the two below, for moments only, so that neither waits for a query */
    struct given_up *given_up;    /* programs to be freed by whoever leaves the lock next */
    struct names *names;          /* the present picture; replaced with both locks */
    locale_t characters;          /* for upper and lower case of all scripts, whatever the process's locale; 0 when there is none */
    struct arena scratch;         /* for one function call at a time; used with the lock */
    struct declared {
        const struct table *table;
        uint64_t named;           /* as which it is read, see table_naming */
    } *declared;                  /* those that SQLite knows */
    size_t declared_count;

    struct service workspace, temporary;  /* the catalogs of native tables: they have no class, nothing is scanned */
    bool has_workspace, file_workspace;
    bool protected_workspace;     /* its file can only be read */
    struct arena kept;            /* texts of the options, and the views of UserDefinedViews */
    struct engine_view *views;
    size_t view_count;
    const char *place_of_workspace;  /* the file, or :memory: */
    pid_t process;                /* that opened it */

    bool manual;                  /* SQL_ATTR_AUTOCOMMIT is off */
    bool read_only;               /* SQL_ATTR_ACCESS_MODE */
    bool begun;                   /* by BEGIN; SQLite's begins with the first statement that needs it, so that its file is locked no sooner */
    bool open;                    /* the application's transaction is one of SQLite's by now */
    bool defined;                 /* it has changed definitions */
    bool uninterrupted;           /* SQLite makes a step that must not be given up */
    unsigned rollbacks;           /* so many have ended cursors over native tables */
    int64_t busy_since;           /* clock_milliseconds() when the present wait for a lock began */
    bool waited_out;              /* it ended because its time was over */
};

/* How SQLite and SQL write the names of the places. */
const char *place_schema(enum table_place place);

enum query_state { QUERY_IDLE, QUERY_OPEN, QUERY_ENDED };

struct query {
    struct engine *engine;
    const struct statement *statement;
    struct arena arena;           /* owns the statement when query_prepare made it */
    struct cancel *cancel;
    struct value *bindings;       /* one per parameter; text and blobs are malloc'd copies; the batch's first query owns them */
    struct query *following;      /* of the same batch, owned */
    const struct source_text *source;  /* what the batch was prepared from; NULL when a statement was given */
    struct names *names;          /* that `statement` was bound with, held; NULL likewise */
    bool aggregate;               /* services may have been asked for groups: NOT_AGGREGATED is no failure yet */
    bool deferred;                /* a statement before it in the batch defines something: it is compiled when executed */
    const struct statement *run;  /* what is executed: `statement`, or that prepared again with newer names */
    size_t first_parameter;       /* of the batch's bindings, that run's ?1 stands for */
    struct arena renewed;         /* owns `run` then */
    struct names *renewed_names;
    int64_t row_count;            /* rows changed by the last execution; -1 = it is none that changes rows */
    unsigned rollbacks;           /* of the engine, when it was executed */
    enum query_state state;
    int64_t cap;                  /* the most rows of this execution; 0 = no bound */
    int64_t returned;             /* rows given so far */
    struct value *row;            /* the cells of the present row, as SQLite has them */
    struct arena cells;           /* cells of the present row that had to be converted */

    /* SELECT */
    sqlite3_stmt *program;
    bool stepping;                /* it has made a step since it was last reset: scans of it may be open */
    bool capped;                  /* the program ends with a LIMIT of our own, for the cap */
    int *columns;                 /* malloc'd: the table's column that each result column is, where the program only hands over rows; else NULL */
    struct cursor *scanning;      /* the cursor that was opened last, while it is open */
    struct cursor *direct;        /* the same once rows are read past SQLite, see direct.h; else NULL */
    struct error failure;         /* the first cause why SQLite's call fails, told by a scan or a function */
    struct error impossible;      /* why a way to run the statement was refused at planning */
    bool hopeless;                /* … and it was refused with all conditions usable */
    struct datetime now;          /* local time of this execution, once asked for */
    bool now_known;
    uint64_t random;              /* state of RAND(), once seeded */
    bool random_known;
    struct table_use *uses;       /* malloc'd: the tables that are read */
    size_t use_count;
    struct explain_record *record; /* of a query that is explained, else NULL */
    struct reading *readings;     /* cursors that are open */
    struct replay replay;         /* scans of this execution that may be asked for again */
    struct scan *scan;            /* of a plain one, once it has made a step; and its present row */
    struct batch batch;
    size_t batch_row;
    struct warnings warnings;     /* of this execution */

    /* CALL */
    struct arena answer;
    struct procedure_result result;
    size_t next;                  /* the row after the present one */
};

/* A table that a query reads. */
struct table_use {
    const struct table *table;
    uint64_t wanted;              /* as in struct scan_plan: by any of its scans */
};

/* That of a table, made when there is none yet. NULL when out of memory. */
struct table_use *query_use(struct query *query, const struct table *table);

/* The text of a batch as it was given to query_prepare, in the arena of its first query. */
struct source_text {
    const char *text;
    size_t length;
    const struct type *bound;
    size_t bound_count;
};

/* Takes the lock for query's work with SQLite. Waiting for another query's work ends with the cancel's error. HY000 in the wrong process. */
bool engine_enter(struct query *query, struct error *err);
/* The same, whatever the cancel says: for closing, in the right process. */
void engine_enter_always(struct query *query);
void engine_leave(struct engine *engine);

/* Whether this process is a fork of the one that opened a workspace's file. SQLite bears no use of it here, not even closing: two processes
 * would undo each other's halves. So nothing is done with it, and what is SQLite's is not freed. */
bool engine_is_forked(const struct engine *engine);

/* Frees a program that is not stepping, or NULL. Never waits: another statement may hold the lock for as long as its service takes to
 * answer, and one that was cancelled must not wait for that. */
void engine_give_up(struct engine *engine, sqlite3_stmt *program);

/* Fills *err from what made SQLite return code: the query's first cause, its cancel, or SQLite's own words. Called with the lock.
 * Returns false. */
bool engine_failure(struct query *query, int code, struct error *err);

/* The same for what SQLite says about native tables: constraints, locks, files, names. True when it said nothing of the kind. */
bool native_failure(struct query *query, int code, const char *message, struct error *err);

/* Opens the workspace and reads all names. Called while the engine is opened. */
bool workspace_open(struct engine *engine, const struct engine_options *options, struct cancel *cancel, struct error *err);

/* Whether a locked file is waited for. Called with the lock. */
void workspace_wait(struct engine *engine, bool wait);

/* Whether the file that is open is no longer the one that the property names. Called with the lock. */
bool workspace_is_gone(struct engine *engine);

/* Runs a text of ours, without results. Called with the lock. */
bool native_run(struct engine *engine, const char *text, struct error *err);

/* A question about a schema and one of its tables, or NULL, which stand for :schema and :table in it. Called with the lock, as the next. */
bool native_ask(struct engine *engine, const char *question, const char *schema, const char *table, sqlite3_stmt **answer,
                struct error *err);
/* Ends an answer of which the last step gave code; false with the error set unless all was fine. */
bool native_answered(struct engine *engine, sqlite3_stmt *answer, int code, bool fine, struct error *err);
/* A cell of an answer, "" for NULL. NULL when out of memory. */
char *native_copy(struct arena *arena, sqlite3_stmt *answer, int column);

/* Fills in the columns, references and indexes of a table or view of SQLite. Called with the lock. */
bool native_describe(struct engine *engine, const char *schema, struct table *table, struct arena *arena, struct error *err);

/* Binds the parameters of query->run to a program of it. */
int query_bind_all(struct query *query, sqlite3_stmt *program);

/* Makes sure that `run` is bound with the present names: prepares it again otherwise. */
bool query_renew(struct query *query, struct error *err);

/* Whether an error says that a service can not group after all. */
bool query_refused_groups(const struct error *err);

/* Prepares `run` again so that all grouping is done here. Only while no row of the execution has been given. */
bool query_group_here(struct query *query, struct error *err);

/* engine_failure, or why the service's table can not be read this way. Called with the lock. */
bool query_failed(struct query *query, int code, struct error *err);

/* Runs a STATEMENT_CHANGE or STATEMENT_DEFINE: all of it or nothing. */
bool change_run(struct query *query, struct error *err);

/* The rows of an INSERT … SELECT or SELECT … INTO on their way. */
struct fill {
    sqlite3_stmt *rows;
    bool more;                    /* it stands at a row */
};

/* Runs the query in an INSERT, as query->run->rows_at tells, to its end. Nothing is written. Called with the lock, as the next is. */
bool fill_gather(struct query *query, const char *insert, struct fill *fill, struct error *err);
/* Stores the rows; query->row_count tells how many. */
bool fill_store(struct query *query, const char *insert, struct fill *fill, struct error *err);
void fill_clear(struct fill *fill);

/* Runs a STATEMENT_TRANSACTION. */
bool transaction_run(struct query *query, struct error *err);

/* Begins a transaction if there shall be one, by BEGIN or without autocommit, and none is open: before anything native is read or changed. write: the workspace will be,
 * so its file is locked now, which can be waited for. Called with the lock. */
bool transaction_begin(struct engine *engine, bool write, struct error *err);

/* If SQLite has rolled back the application's transaction, as it must when a disk is full or a change is interrupted: the names are as
 * they were, and the error tells it. Called with the lock. */
void transaction_look(struct engine *engine, struct error *err);

/* Whether a statement reads or changes native tables. */
bool statement_is_native(const struct statement *statement);

/* Brings a cell of a native table, which another program may have written, to its column's type: 22018 naming both. */
bool native_cell(const struct result_column *shown, struct value *value, struct arena *arena, struct error *err);

/* Makes sure that SQLite knows the service's tables that a statement reads. Called with the lock. */
bool vtab_declare(struct engine *engine, const struct statement *statement, struct error *err);

/* Where run->plain: whether its table can be read so, the next row of it, and the end of that. The first and last step, and each that needs
 * another batch, take the lock. A row's cells live until the next step. */
bool plain_plan(const struct query *query, struct error *err);
bool plain_step(struct query *query, bool *row, struct error *err);
void plain_close(struct query *query);

/* Registers every SQL function and collation. */
bool functions_register(struct engine *engine, struct error *err);

/* Runs query's procedure; its rows come into query->result. */
bool call_run(struct query *query, struct error *err);

#endif
