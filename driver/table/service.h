/* The contract in the middle: what the SQL engine needs of a service, and a service gives.
 *
 * A service is one opened provider on one ODBC connection. It has tables and procedures; a table is read by a scan,
 * which yields batches. Nothing here knows SQL or HTTP. */
#ifndef TABLE_SERVICE_H
#define TABLE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/type.h"
#include "base/value.h"

struct cancel;
struct error;
struct scan;
struct term;
struct warnings;

struct column {
    const char *name;
    const char *description;        /* "" when there is none */
    struct type type;
    bool nullable;
    int key;                        /* its place in the primary key, from 1; 0: it is no part. A service's are all 1: as the columns stand */
    bool pseudo;                    /* only an input: usable in WHERE, not part of SELECT * */
    bool listed;                    /* such an input that the catalog lists among the columns all the same */
    const char *references_table;   /* of a service: a foreign key of this column alone, or NULL */
    const char *references_column;
    const char *standard;           /* what a new row gets when nothing is given, as SQL text; or NULL */
    bool automatic;                 /* a new row gets the next number when nothing is given */
    bool narrowed;                  /* the service shows rows of one value only, while the query does not name the column */
    bool widens;                    /* that a query names it brings rows that are left out else, by this or another column; see table_naming */
    const char *any;                /* a text that stands for every value where the column is compared with it ("*"), or NULL */
};

enum reference_action { REFERENCE_NO_ACTION, REFERENCE_CASCADE, REFERENCE_RESTRICT, REFERENCE_SET_NULL, REFERENCE_SET_DEFAULT };

/* A foreign key of a native table, which can be of several columns; columns by their place in the table. */
struct table_reference {
    const char *name;               /* that its definition gives; or NULL */
    const char *parent;             /* the table referred to, of the same service and place */
    const int *columns;
    const char *const *parent_columns;
    size_t column_count;
    enum reference_action on_update, on_delete;
};

/* An index of a native table; columns by their place in the table. */
struct table_index {
    const char *name;
    bool unique;
    bool constraint;                /* it is that of a UNIQUE in the table's definition */
    const int *columns;
    const bool *descending;         /* per column of the index */
    size_t column_count;
};

enum table_kind { TABLE_TABLE, TABLE_VIEW, TABLE_SYSTEM, TABLE_LOCAL_TEMPORARY };

/* Where the rows are: read from a service by scans, or in the connection's own SQLite database or its temporary one. */
enum table_place { PLACE_SERVICE, PLACE_WORKSPACE, PLACE_TEMPORARY };

struct service;

struct table {
    const char *name;
    const char *description;
    enum table_kind kind;
    enum table_place place;
    const char *fault;              /* why the table can not be used although its service has it: "file:line: …"; NULL for all others */
    const char *query;              /* of a view defined in SQL: its text, which stands for it where it is used; NULL for all others */
    struct service *service;        /* who reads it where the place is PLACE_SERVICE; its name is the table's catalog everywhere */
    const struct column *columns;   /* see table_complete */
    size_t column_count;
    const char *key_name;           /* that the definition gives the primary key; or NULL */
    const struct table_reference *references;   /* of a native table; a service's stand with its columns */
    size_t reference_count;
    const struct table_index *indexes;  /* of a native table; a service tells none */
    size_t index_count;
    const void *definition;         /* the service's own */
};

/* The operators that a service may be able to apply itself. */
enum filter_op {
    FILTER_EQUAL,
    FILTER_IN,            /* equal to any of several values */
    FILTER_LESS, FILTER_LESS_EQUAL, FILTER_GREATER, FILTER_GREATER_EQUAL,
    FILTER_NOT_EQUAL,
    FILTER_LIKE,          /* SQL pattern with % and _, no escape character, case-sensitive */
    FILTER_IS_NULL, FILTER_IS_NOT_NULL,
};

/* Planning: the engine shows the conditions of one way to run a query, the service says which it takes.
 * A `=` condition is shown as FILTER_IN when a list of values stands on its right. */
struct plan_condition {
    int column;
    enum filter_op op;
    bool usable;          /* its value will be known when the scan opens; an unusable one can not be taken */
    bool taken;           /* out: pass the value(s) to scan_open */
    bool exact;           /* out: taken, and every row the scan yields satisfies it, so that it is not checked again */
};

/* A condition of another kind, see table/term.h; only services that say so are shown any. It is checked again in any case. */
struct plan_term {
    const struct term *term;
    bool taken;           /* out: pass it to scan_open */
};

struct plan_order {
    int column;
    bool descending;
};

/* Rows that the service shall make of its own: one for each combination of values of some columns, with aggregates over the rows that
 * have them; one for all rows where there are no such columns, also when there are no rows. */
enum aggregate_function {
    AGGREGATE_COUNT_ROWS,             /* COUNT(*) */
    AGGREGATE_COUNT, AGGREGATE_COUNT_DISTINCT, AGGREGATE_SUM, AGGREGATE_AVERAGE, AGGREGATE_LEAST, AGGREGATE_GREATEST,
};

struct aggregate_column {
    enum aggregate_function function;
    int column;                       /* -1 for COUNT(*) */
    struct type type;                 /* of its result; exact, as SQL has it */
};

struct aggregation {
    const int *groups;                /* columns of GROUP BY */
    size_t group_count;
    const struct aggregate_column *aggregates;
    size_t aggregate_count;
};

struct plan {
    struct plan_condition *conditions;
    size_t condition_count;
    uint64_t named;                   /* columns that the query names, see table_naming; whatever becomes of the conditions */
    struct plan_term *terms;
    size_t term_count;
    const struct plan_order *order;   /* the order that the query wants, most significant first */
    size_t order_count;
    const struct aggregation *aggregation; /* the scan yields these groups in place of rows; NULL: rows. All conditions must be exact then */
    bool order_taken;                 /* out: there is such an order, and the scan will yield rows in it when asked */
    double requests;                  /* out: estimate of requests made */
    bool each;                        /* out: a list of values costs a request for each of them */
    double rows;                      /* out: estimate of rows yielded */
};

struct filter {
    int column;
    enum filter_op op;
    const struct value *values;       /* canonical, of the column's type; one, or any number for FILTER_IN, none for IS NULL */
    size_t value_count;
    bool said;                        /* of FILTER_EQUAL: the value stands in the query's text or is a parameter's, and is none of another table */
};

/* Whether no row can satisfy it, because it is held against NULL alone: nothing equals, exceeds or resembles NULL. */
bool filter_is_never_true(const struct filter *filter);

/* Guesses for plan.requests and plan.rows where nothing is known: the rows of a table, those of one parent, the values of a list; and how
 * much of `rows` a condition leaves. All services make the same, so that their plans compare. */
extern const double guess_rows, guess_children, guess_values;
double guess_share(const struct column *column, enum filter_op op, double rows);

/* What a scan shall read. Everything is borrowed for the duration of scan_open only. */
struct scan_request {
    const struct table *table;
    const bool *wanted;               /* per column of the table: its cells will be looked at */
    const struct filter *filters;     /* those that were taken at planning; all hold together (AND) */
    size_t filter_count;
    uint64_t named;                   /* as planned */
    const struct term *const *terms;  /* likewise, with their values */
    size_t term_count;
    const struct plan_order *order;   /* wanted of the service; none when planning did not take it */
    size_t order_count;
    const struct aggregation *aggregation; /* as planned. A batch's cells are then those of the groups, then of the aggregates; `wanted` means nothing */
    int64_t limit;                    /* no more rows than these will be fetched; -1 = no limit known */
    bool hurried;                     /* the rows go to the application as they come: the first should not wait for many */
    struct cancel *cancel;            /* outlives the scan; may be NULL */
    struct warnings *warnings;        /* what the application should know; outlives the scan; may be NULL */
};

/* Some decoded rows, column by column. Cells of columns that are not wanted are not there (NULL pointer). */
struct batch {
    size_t row_count;
    const struct value **cells;       /* cells[column][row]; values are canonical for the column's type, NULL storage = NULL */
};

/* The SQLSTATE, of our own, by which a scan says that the service can not group after all. No application sees it. */
#define NOT_AGGREGATED "RO001"

/* What a scan has cost up to now. */
struct scan_counts {
    int64_t requests;
    int64_t bytes;                    /* of the answers' bodies */
    int64_t milliseconds;             /* waiting for them */
};

/* How a scan would be made, in words for a user. */
struct scan_description {
    const char *request;              /* the URL of the first request; without secrets */
    const char *paging;               /* how more rows are asked for */
    const char *standards;            /* conditions that stand in because the query names no column of theirs, "Status = 'active'"; NULL: none */
};

/* A procedure: `CALL name(...)`. */
struct procedure_input {
    const char *name;
    const char *description;
    struct type type;
    bool required;
    const char *standard;             /* default value as text, or NULL */
};

struct procedure_output {
    const char *name;
    const char *description;
    struct type type;
};

struct procedure {
    const char *name;
    const char *description;
    struct service *service;
    const struct procedure_input *inputs;
    size_t input_count;
    const struct procedure_output *outputs;
    size_t output_count;
    const void *definition;
};

/* The rows of a procedure, to be filled by the service: row-major, output_count values a row, all in the arena. */
struct procedure_result {
    struct arena *arena;              /* given by the caller */
    struct value *values;
    size_t row_count;
};

struct service_class {
    bool takes_terms;                 /* it may be shown plan.terms */

    /* Fills in the columns of a table that is listed without them: a service of thousands of tables makes those that are looked at. Any
     * thread may ask, also again. What is found to be wrong with the table becomes its fault. NULL: the tables are whole from the start.
     * False when out of memory. */
    bool (*complete)(const struct table *table, struct error *err);

    /* Looks for a table that is not listed, because nobody could list them all: a file, by its path. Sets *table, which lives as long as the
     * service, or NULL where there is none of that name. Any thread may ask, also again. NULL: all tables are listed. */
    bool (*find)(struct service *service, const char *name, const struct table **table, struct error *err);

    /* Says which conditions and order it takes and what that costs. False with 42000 when the table can't be read this way:
     * a required filter is missing or not usable; the message names table, column and an example. */
    bool (*plan)(const struct table *table, struct plan *plan, struct error *err);

    /* Whether the service may be able to group a table so, as far as the table alone tells; `plan` has the last word, and a scan that
     * finds out that it is not so fails with NOT_AGGREGATED before it has yielded a batch: the engine then groups by itself. NULL: never. */
    bool (*aggregates)(const struct table *table, const struct aggregation *aggregation);

    bool (*scan_open)(const struct scan_request *request, struct scan **scan, struct error *err);

    /* The next batch: valid until the next call or scan_close. row_count 0 with true = the end. An error ends the scan.
     * Several scans of one service may be open at once, each used by one thread at a time. */
    bool (*scan_next)(struct scan *scan, struct batch *batch, struct error *err);
    void (*scan_close)(struct scan *scan);

    /* May be NULL where no requests are made. */
    void (*scan_count)(const struct scan *scan, struct scan_counts *counts);

    /* Tells what scan_open would ask for, without asking. names: per filter of the request what stands for values that are not
     * known yet (its value_count is 0 then), else NULL. The texts are in the arena. NULL where no requests are made. */
    bool (*describe)(const struct scan_request *request, const char *const *names, struct arena *arena,
                     struct scan_description *description, struct error *err);

    /* Runs a procedure. inputs: one value per declared input, NULL storage where none was given and there is no default. */
    bool (*call)(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result,
                 struct cancel *cancel, struct error *err);

    /* Makes sure that the service can be reached with what was given (ConnectOnOpen): one cheap request. */
    bool (*check)(struct service *service, struct cancel *cancel, struct error *err);

    void (*close)(struct service *service);
};

/* Each implementation puts this first in a struct of its own. */
struct service {
    const struct service_class *class;
    const char *name;                       /* what SQL_DATABASE_NAME and the catalog column say */
    const char *title;
    const char *user;                       /* who is logged in, as USER() and SQL_USER_NAME say; NULL = nobody knows */
    const struct table *const *tables;      /* sorted by name */
    size_t table_count;
    const struct procedure *const *procedures;  /* sorted by name */
    size_t procedure_count;
    bool workspace;                         /* tables, views and indexes can be made in a workspace */
    struct service *finder;                 /* whom to ask for tables that are not listed; NULL: all are. Pictures of a service keep it */
};

/* By name, case ignored; NULL when there is none. */
const struct table *service_table(const struct service *service, const char *name);
/* A table that is not listed: see service_class.find. *table NULL: there is none. */
bool service_find(const struct service *service, const char *name, const struct table **table, struct error *err);
const struct procedure *service_procedure(const struct service *service, const char *name);
/* As ODBC says it: TABLE, VIEW, SYSTEM TABLE. Static. */
const char *table_kind_name(enum table_kind kind);
/* The catalog that a table stands in: its service's name, Workspace or Temp; also of one that a statement is only about to make. */
const char *table_catalog(const struct table *table);
/* To be called before the columns, or the fault, of a table are looked at. False with HY001. */
bool table_complete(const struct table *table, struct error *err);
/* How plan.named and scan_request.named say that the query names a column, in a condition that can leave out rows of this table: a bit for
 * each column that widens (the last one for all that follow), 0 for the others. Decided by the query's text, once for each place where it
 * reads the table. */
uint64_t table_naming(const struct table *table, size_t column);
/* How the engine calls a table as such a place reads it: its name, and what is named. */
#define WIDENED_NAME "%s*%llx"
/* Index of a column, or -1. */
int table_column(const struct table *table, const char *name);
/* Tells every foreign key of a table, those of a service's columns as well, until it returns false; whether it never did. */
typedef bool reference_teller(void *context, const struct table *table, const struct table_reference *reference);
bool table_tell_references(const struct table *table, reference_teller *tell, void *context);

/* The column that follows in the primary key; column -1: the first. -1 at the end. */
int table_next_key(const struct table *table, int column);

/* What keys are called: as their definition says, else PK_<table> and FK_<table>_<first column>. NULL when out of memory. */
const char *table_key_name(const struct table *table, struct arena *arena);
const char *table_reference_name(const struct table *table, const struct table_reference *reference, struct arena *arena);
/* Sets *name to that of the primary key that a reference leads to, NULL when it leads to other columns. False: out of memory. */
bool table_parent_key_name(const struct service *service, const struct table *table, const struct table_reference *reference,
                           struct arena *arena, const char **name);

/* A service without any tables, for a connection that only has a workspace. name: static. */
bool service_open_empty(const char *name, struct service **service, struct error *err);

/* Thin calls through the class. */
bool scan_open(const struct scan_request *request, struct scan **scan, struct error *err);
bool scan_next(const struct table *table, struct scan *scan, struct batch *batch, struct error *err);
void scan_close(const struct table *table, struct scan *scan);

#endif
