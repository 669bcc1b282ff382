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

/* Starts execution: a SELECT is planned and ready (requests start with the first step), a CALL runs.
 * max_rows: SQL_ATTR_MAX_ROWS, 0 = no bound. */
bool query_execute(struct query *query, int64_t max_rows, struct error *err);

/* Moves to the next row. True with *row false at the end. False: the first cause, e.g. of the service's request. */
bool query_step(struct query *query, bool *row, struct error *err);

/* A cell of the present row in its column's canonical form, as query_statement()->columns[i].type says.
 * Valid until the next step, reset or close. */
bool query_value(struct query *query, size_t column, struct value *value, struct error *err);

/* Ends an execution: closes scans, cancels what is in flight; bindings stay. */
void query_reset(struct query *query);

#endif
