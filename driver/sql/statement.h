/* SQL text → a typed statement: the one entrance to this room.
 *
 * lexer → parser (tree) → binder (names, types) → printer (text for the engine's SQLite). */
#ifndef SQL_STATEMENT_H
#define SQL_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "table/service.h"

struct arena;
struct error;

enum statement_kind {
    STATEMENT_SELECT,
    STATEMENT_CALL,
    STATEMENT_CHANGE,        /* INSERT, UPDATE, DELETE: no rows, but a number of changed ones */
    STATEMENT_DEFINE,        /* CREATE, ALTER, DROP of a table, index or view; also CREATE TABLE … AS and SELECT … INTO */
    STATEMENT_TRANSACTION,   /* COMMIT, ROLLBACK, SAVEPOINT… */
    STATEMENT_EXPLAIN,       /* EXPLAIN [ANALYZE] of a query: rows that tell how it is run */
};

enum nullability { NULLABLE_NO, NULLABLE_YES, NULLABLE_UNKNOWN };

/* A column of the result, known after preparing. */
struct result_column {
    const char *label;              /* alias, or the column's name, or "Expr1", "Expr2"… by position */
    struct type type;
    enum nullability nullable;
    const struct table *table;      /* the base table's column it shows unchanged; NULL for expressions */
    int column;
    const char *table_alias;        /* "" for expressions */
};

struct parameter {
    struct type type;               /* of what it is compared with, stored into or passed to; string when nothing tells */
    enum nullability nullable;
    bool output;                    /* the `?` of `{? = call p()}` */
    bool compared;                  /* it is compared with something: a value finer than its type may stay so */
    bool exact;                     /* its value becomes part of another: digits past the scale of its type are an error, not kept */
    bool open;                      /* its type is the one that it was bound with: nothing in the text tells one (SELECT ?), or any
                                     * number will do (Total * ?) */
    const char *any;                /* the text that stands for every value of what it is compared with (struct column.any), or NULL */
    bool every;                     /* its value is that text: the statement is prepared for that */
    struct type bound;              /* open: as which it was bound when the text was prepared; string for not at all */
};

/* A column that a query compares with a parameter: its value is none of another table. */
struct asked_column {
    const struct table *table;
    int column;
};

/* A table as a query reads it that names columns of it, see table_naming. */
struct widened_table {
    const struct table *table;
    uint64_t named;
    const char *name;               /* in engine_sql */
};

/* Two columns that a query compares with =: rows of one table are found by those of the other. */
struct join_key {
    const struct table *tables[2];  /* one may be NULL: what is compared then changes from row to row, but is no column of a table */
    int columns[2];
};

/* One input of a called procedure. */
struct call_argument {
    int parameter;                  /* index of the `?`, or -1 for the constant `value` */
    struct value value;             /* canonical for the input's type; STORAGE_NULL where nothing was given */
};

/* What a STATEMENT_DEFINE does. */
enum define_action {
    DEFINE_NOTHING,          /* IF [NOT] EXISTS spared it: success without an effect; engine_sql is NULL */
    DEFINE_CREATE_TABLE,     /* engine_sql; then fill_sql, if any */
    DEFINE_ALTER_TABLE,      /* engine_sql */
    DEFINE_DROP_TABLE,       /* engine_sql */
    DEFINE_CREATE_INDEX,     /* engine_sql */
    DEFINE_DROP_INDEX,       /* engine_sql; only SQLite knows whether the index exists ("no such index": 42S12) */
    DEFINE_CREATE_VIEW,      /* stores view_query under name, in the place of one of that name where `replace` is set; engine_sql is NULL */
    DEFINE_DROP_VIEW,        /* forgets the view `name`; engine_sql is NULL */
};

enum transaction_action {
    TRANSACTION_BEGIN, TRANSACTION_COMMIT, TRANSACTION_ROLLBACK,
    TRANSACTION_SAVEPOINT, TRANSACTION_RELEASE, TRANSACTION_ROLLBACK_TO,   /* of `name` */
};

/* The columns of EXPLAIN's result. */
enum explain_column {
    EXPLAIN_STEP, EXPLAIN_TABLE, EXPLAIN_REQUEST, EXPLAIN_SERVICE_FILTERS, EXPLAIN_LOCAL_FILTERS, EXPLAIN_ORDER_BY, EXPLAIN_LIMIT,
    EXPLAIN_PAGING, EXPLAIN_NOT_PUSHED,
    EXPLAIN_COLUMNS,
    EXPLAIN_REQUESTS = EXPLAIN_COLUMNS, EXPLAIN_BYTES, EXPLAIN_ROWS, EXPLAIN_MILLISECONDS,   /* of EXPLAIN ANALYZE */
    EXPLAIN_ANALYZE_COLUMNS,
};

/* A condition on one table of an explained query, in words. */
struct explained_condition {
    const char *alias;              /* of the table in engine_sql */
    int column;                     /* when it compares one column with something; else -1 */
    enum filter_op op;
    bool never;                     /* nothing of the following: the table is not read, because a condition around it is never true */
    const char *text;               /* the whole */
    const char *other;              /* what the column is compared with; NULL when column is -1 */
    const struct call_argument *values;   /* of FILTER_IN over constants */
    size_t value_count;
};

struct statement {
    enum statement_kind kind;
    /* Its own piece of the batch's text, without the semicolon, and how many of the batch's parameters stand before it: so it can be
     * prepared again alone when tables have changed. */
    size_t text_at, text_length;
    size_t first_parameter;
    struct result_column *columns;
    size_t column_count;
    struct parameter *parameters;   /* in order of their `?`; those of the whole batch, shared by all its statements */
    size_t parameter_count;
    struct statement *next;         /* the next of the batch; NULL behind the last */

    /* STATEMENT_SELECT, STATEMENT_CHANGE, STATEMENT_DEFINE: one statement of SQLite */
    const char *engine_sql;         /* parameters are ?1, ?2…; names as below; functions those of engine/functions */
    const struct table **tables;    /* every base table read, each once: those of PLACE_SERVICE are to be declared before */
    size_t table_count;
    const struct widened_table *widened;  /* names under which some of them are to be declared besides */
    size_t widened_count;
    const bool *repeated;           /* per table: it is read in several places of the statement */
    const struct join_key *join_keys;
    size_t join_key_count;
    const struct asked_column *asked;     /* columns that are compared with parameters */
    size_t asked_count;
    const struct term *const *terms;   /* told(column, n) in engine_sql is about the n-th, from 0, and about the column's table */
    size_t term_count;
    bool plain;                     /* STATEMENT_SELECT: all rows of the one service's table in `tables`, of which the result's columns are
                                     * some: engine_sql is not needed for that */
    bool bounded;                   /* ends with a LIMIT: not all rows may be looked at */

    /* STATEMENT_CHANGE, and STATEMENT_DEFINE where it is about a table that exists */
    const struct table *target;     /* the table that is changed, altered, dropped, indexed; NULL for others */

    const char *command;            /* of those two: "INSERT", "UPDATE WHERE", "DELETE WHERE", "CREATE TABLE", "DROP VIEW"…, as
                                       SQL_DIAG_DYNAMIC_FUNCTION tells it */

    /* STATEMENT_DEFINE */
    enum define_action define;
    enum table_place place;         /* where it happens (DEFINE_DROP_INDEX: PLACE_SERVICE when the text does not tell) */
    const char *fill_sql;           /* AS SELECT, SELECT … INTO: the INSERT that is run behind engine_sql, in one transaction with it and with
                                       the same parameters; it can be compiled only once engine_sql has been run. Else NULL */
    size_t rows_at;                 /* where the query of an INSERT … SELECT begins, in fill_sql or a STATEMENT_CHANGE's engine_sql; 0: nowhere */
    const char *view_query;         /* DEFINE_CREATE_VIEW: what becomes its struct table's `query` */
    bool replace;
    bool cascade;                   /* DEFINE_DROP_TABLE: CASCADE is written */
    bool refers;                    /* it defines foreign keys; only SQLite knows whether they lead to keys */

    /* STATEMENT_DEFINE, STATEMENT_TRANSACTION */
    const char *name;               /* of the table, index, view or savepoint; NULL where there is none */

    /* STATEMENT_TRANSACTION */
    enum transaction_action transaction;

    /* STATEMENT_EXPLAIN */
    struct statement *explained;    /* the STATEMENT_SELECT that is explained, not of the batch */
    bool analyze;                   /* it is run, too */
    const struct explained_condition *conditions;
    size_t condition_count;
    const char *const *term_words;  /* per term of `explained`: the condition in words */

    /* STATEMENT_CALL */
    const struct procedure *procedure;
    struct call_argument *arguments;  /* one per declared input */
};

/* Prepares a batch, which most often is one statement: `SELECT …; SELECT …; CALL …`. *statement is the first.
 *
 * In engine_sql a base table stands as "<name>" in double quotes exactly as in struct table, "workspace"."<name>" and "temp"."<name>" for
 * those of the other places, a column likewise. Every expression whose
 * SQLite semantics differ from ours is printed as a call of an engine function (see sql/functions.h for the list both rooms share).
 *
 * A statement of a batch is bound as if the STATEMENT_DEFINEs before it had been executed, so its engine_sql can be compiled only then.
 * Statements other than SELECT, CALL and EXPLAIN have column_count 0.
 *
 * bound  the types that the application has bound its parameters with, for those whose type nothing in the text tells; a parameter
 *        past bound_count is a string
 * every  parameters whose value is the text that stands for every one, see struct parameter; NULL: none
 * aggregate  services that can group are asked for groups, as sql/aggregate.h tells
 * Everything lives in the arena; table and procedure pointers are the service's.
 * False: 42000 syntax (line and column, what was found, what was expected), 42S02 unknown table, 42S22 unknown column (each naming the
 * nearest that exists), 42000 ambiguous column / wrong arguments, 22018 a literal that does not fit what it is compared with; 42S01 a table
 * or view that exists already, 42S21 a column twice, 21S01 another number of values than of columns, 22001 and 22003 a literal that does
 * not fit the column that it is stored in, 42000 a table that can not be changed… */
bool statement_prepare(const char *text, size_t length, const struct type *bound, size_t bound_count, const bool *every,
                       const struct service *service, bool aggregate, struct arena *arena, struct statement **statement, struct error *err);

/* SQLNativeSql: the text with every ODBC escape translated to plain SQL, otherwise as it stands. */
bool statement_native(const char *text, size_t length, struct arena *arena, const char **native, struct error *err);

#endif
