/* Runs statements: SELECT on embedded SQLite over virtual tables, CALL on the service. The only room that includes sqlite3.h. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sql/statement.h"

struct cancel;
struct engine;
struct error;
struct query;

/* What a connection says about how its engine works. */
struct engine_options {
    int64_t max_rows;           /* MaxRows property, 0 = no bound */
    const char *workspace;      /* Workspace property: ":memory:", a file, or NULL when there is none */
    const char *views;          /* UserDefinedViews property: a JSON file, or NULL */
    int64_t busy_milliseconds;  /* how long to wait for a file that another process has locked; 0 = no bound but the query's */
    bool pushdown;              /* false: a service is asked only for what its tables can not be read without */
};

/* One per ODBC connection; the service must outlive it. Calls for different queries of one engine may come from different threads:
 * the engine's lock orders them. The options are copied, their texts only looked at. cancel: of opening; may be NULL. */
bool engine_open(struct service *service, const struct engine_options *options, struct cancel *cancel, struct engine **engine,
                 struct error *err);
/* All queries must be closed. */
void engine_close(struct engine *engine);

/* The names of the connection as they are now: the service's tables, views, workspace and temporary tables as one service, whose tables
 * are sorted by name and where several have one by precedence: temporary, service, workspace. It stays as it is until it is released,
 * also when the tables change. cancel: of the wait for a locked file. */
bool engine_names(struct engine *engine, struct cancel *cancel, const struct service **names, struct error *err);
void engine_names_release(const struct service *names);   /* NULL is none */

/* The names that the query now running was bound with: what a system table tells of while it is scanned. engine: a struct engine. */
const struct service *engine_running_names(void *engine);

/* Whether tables, views and indexes can be made to stay. */
bool engine_has_workspace(const struct engine *engine);
/* The same, unless its file is write-protected. */
bool engine_can_change(const struct engine *engine);

/* Transactions over the workspace and the temporary tables. Without autocommit the first statement that reads or changes them begins one;
 * turning autocommit on commits one that is open. */
bool engine_set_autocommit(struct engine *engine, bool on, struct cancel *cancel, struct error *err);
bool engine_in_transaction(struct engine *engine);

/* Ends the open transaction, if any. A commit that fails (HYT00, 40001, 23000) leaves it open; after HYT00 it can be tried again. A
 * rollback ends the cursors over native tables: their next step is 24000. */
bool engine_end(struct engine *engine, bool commit, struct cancel *cancel, struct error *err);

/* Refuses changes of the workspace (SQL_ATTR_ACCESS_MODE). */
void engine_set_read_only(struct engine *engine, bool read_only);

/* Rolls back and drops the temporary tables: for the connection's next user. All queries must be closed. */
bool engine_reset(struct engine *engine, struct cancel *cancel, struct error *err);

/* Parses, binds, types and plans. Nothing is sent to the service. cancel outlives the query.
 * bound: the types of parameters that the text does not tell, see statement_prepare.
 * A text with several statements gives as many queries, which share their parameters: *query is the first, query_next leads on. */
bool query_prepare(struct engine *engine, const char *text, size_t length, const struct type *bound, size_t bound_count,
                   struct cancel *cancel, struct query **query, struct error *err);
/* Closes the first query of a batch and with it all the others. */
void query_close(struct query *query);

/* The query of the batch's next statement, or NULL. Owned by the first. */
struct query *query_next(const struct query *query);

/* Columns, parameters, kind. Valid until query_close. */
const struct statement *query_statement(const struct query *query);

/* Sets a parameter, of the whole batch, for the next execution; value is canonical for the parameter's type and is copied,
 * except that a decimal may have more digits after the point than the type: it is compared as it is. Unset ones are NULL. */
bool query_bind(struct query *query, size_t parameter, const struct value *value, struct error *err);

/* Whether what was told of the statement, its parameters' types above all, is still so. False: why not; HY000 says to prepare it again.
 * For who finds that a value does not fit: the execution itself looks, too. */
bool query_is_current(struct query *query, struct error *err);

/* Starts execution: a SELECT is planned and ready (requests start with the first step), a CALL runs.
 * max_rows: SQL_ATTR_MAX_ROWS, 0 = no bound. */
bool query_execute(struct query *query, int64_t max_rows, struct error *err);

/* How many rows the execution changed; -1 for one that changes none (SELECT, CALL, CREATE…). */
int64_t query_row_count(const struct query *query);

/* Moves to the next row. True with *row false at the end. False: the first cause, e.g. of the service's request. */
bool query_step(struct query *query, bool *row, struct error *err);

/* A cell of the present row in its column's canonical form, as query_statement()->columns[i].type says.
 * Valid until the next step, reset or close. */
bool query_value(struct query *query, size_t column, struct value *value, struct error *err);

/* Rows in bulk: how many rows lie beside the present one, so that the cells of each column follow each other; 0 where that is not so.
 * query_cells: the column's cell in the present row and behind it those of the rows that follow, or NULL when all of them are NULL; only
 * where some follow. query_pass moves on so many of them at once. */
size_t query_following(const struct query *query);
const struct value *query_cells(const struct query *query, size_t column);
void query_pass(struct query *query, size_t rows);

/* What else the application should know of the execution so far, one after the other; NULL when it knows all. Also at its end. */
const struct warning *query_warning(struct query *query);

/* Ends an execution: closes scans, cancels what is in flight; bindings stay. */
void query_reset(struct query *query);

#endif
