/* Tree → typed tree: names become columns, every expression gets its type and nullability, conversions that SQL implies are made explicit. */
#ifndef SQL_BINDER_H
#define SQL_BINDER_H

#include "sql/statement.h"
#include "sql/tree.h"
#include "table/term.h"

struct scope;

/* The common table expressions in sight, the innermost first. */
struct common_sight {
    struct common_sight *outer;
    struct common_table *common;
};

/* The views that are being expanded, the innermost first. */
struct view_sight {
    const struct view_sight *outer;
    const struct table *view;
};

struct table_change;

/* A condition that a service is told of beside SQLite: see push.h, tell.c's part. */
struct told {
    const struct term *term;
    const struct expression *part;        /* the condition */
    const struct source *source;          /* whose service it is */
};

struct binder {
    const char *text;
    const struct service *service;
    bool aggregate;             /* see statement_prepare */
    struct arena *arena;
    struct error *err;
    struct parameter *parameters;
    const struct type *bound;   /* what the application bound, see statement_prepare */
    size_t bound_count;
    const struct table **tables;
    size_t table_count, table_room;
    struct source *widened;     /* base tables of which conditions may bring more rows */
    struct common_sight *commons;
    const struct view_sight *views;
    unsigned view_count;                  /* that have been expanded */
    uint16_t view_depth;                  /* levels of the queries of those in sight */
    const struct table_change *changes;   /* by earlier statements of the batch: sql/place.h */
    unsigned source_count;   /* names t1, t2… that have been given out */
    unsigned common_count;
    struct told *told;
    size_t told_count, told_room;
    unsigned select_count;   /* so many are bound; a common table counts at each use, because SQLite plans each use anew */
};

/* Binds a query. Columns that nothing gives a type (SELECT ?, SELECT NULL) stay open until bind_finish. */
bool bind_query(struct binder *binder, struct query *query, struct scope *outer);
/* Makes what is still open a string and completes query->columns. */
bool bind_finish(struct binder *binder, struct query *query);
/* Brings one column of a bound query to a type, in every SELECT that yields it. */
bool bind_query_column(struct binder *binder, struct query *query, size_t column, const struct type *type);

bool bind_from(struct binder *binder, struct from *from, struct scope *scope);
/* Makes outer joins inner, or half of a full one, where a bound WHERE is never true of the rows that these would add. */
void bind_outer_joins(struct from *from, const struct expression *where);
/* Whether a source is among those that are joined. */
bool bind_holds(const struct from *from, const struct source *source);
/* Notes for the tables of a bound SELECT which of their columns conditions name (table_naming). An ON counts only for the tables whose rows it
 * can leave out, as the joins are written. False: HY001. */
bool bind_naming(struct binder *binder, const struct select *select, const struct from *from);
bool bind_naming_in(struct binder *binder, const struct select *select, const struct expression *condition);
/* Tells the statement what came of it. */
bool bind_widened(struct binder *binder, struct statement *statement);
/* Checks that inputs stand in WHERE and ON only where the service hears of them. */
bool bind_inputs(struct binder *binder, const struct select *select);

/* Binds one expression in place; *expression may be replaced. */
bool bind_expression(struct binder *binder, struct scope *scope, struct expression **expression);
/* Binds one that must be true or false. */
bool bind_condition(struct binder *binder, struct scope *scope, struct expression **expression);
/* Makes an already bound one a condition. */
bool bind_as_condition(struct binder *binder, struct expression **expression);
bool bind_function(struct binder *binder, struct scope *scope, struct expression *call);
/* The window of a call. */
bool bind_window(struct binder *binder, struct scope *scope, struct expression *call);
/* What RANGE with a distance needs where its ORDER BY is a decimal, a date or a time, in a window that is otherwise bound; *done: it was one. */
bool bind_range(struct binder *binder, struct scope *scope, struct window *window, bool *done);
/* Makes the expression a call of a function of two operands, bound ones, besides its unit. */
bool bind_become_call(struct binder *binder, struct scope *scope, struct expression *expression, const char *name, const char *unit,
                      struct expression *first, struct expression *second);
/* a + b and a - b of dates and intervals, both bound; *done: it was such a one and *place is typed. */
bool bind_datetime_arithmetic(struct binder *binder, struct scope *scope, struct expression **place, bool *done);

/* Makes NULL of the keys that one of several groupings is not by, and tells what GROUPING(…) is; both are bound. */
bool bind_set(struct binder *binder, const struct select *select, struct expression **expression);
extern const struct sql_function bind_grouping_function;
/* Checks that outside aggregates only grouped expressions are used. */
bool bind_grouping(struct binder *binder, const struct select *select, const struct order_item *order, size_t order_count);
/* Whether two bound expressions always have the same value in one row. */
bool bind_same(const struct expression *a, const struct expression *b);

/* Conversions. */

/* Gives an expression that has no type yet this one. No effect on others. */
void bind_open(struct binder *binder, struct expression *expression, const struct type *type);
/* The same for what becomes part of a number: ? has the number type that it is bound with, or else the one of what stands beside it. */
void bind_open_number(struct binder *binder, struct expression *expression, const struct type *beside);
/* Before it is opened: the digits of its parameters go into a result that may have no room for more than their type has. */
void bind_exactly(struct binder *binder, const struct expression *expression);
/* Takes the bounds off a type that no parameter's value keeps to: the length of a text, the fraction of a time. */
void bind_loosen(struct type *type);
/* What a parameter becomes beside this operand. */
struct type bind_type_beside(const struct expression *other);
/* Gives one that has no type yet the type string. */
void bind_open_string(struct binder *binder, struct expression *expression);
/* Gives a parameter that has no type yet the one that the application bound, or else the type string. */
void bind_open_bound(struct binder *binder, struct expression *expression);
/* Brings an expression to a type: literals at once, others by a CAST around them. 42000 when the types do not convert. */
bool bind_convert(struct binder *binder, struct expression **expression, const struct type *type);
/* Makes the size that CAST names the size of an expression of that kind which is shorter; its value stays. A size of 0 is one when
 * `unbounded`. */
bool bind_declare(struct binder *binder, struct expression **expression, const struct type *type, bool unbounded);
/* A string literal that has to be a number becomes one. */
bool bind_number_literal(struct binder *binder, struct expression **literal);
/* Makes operands comparable; the columns among them stay bare wherever that is exact. *decimal: compare with COLLATE decimal.
 * by_order: for <, >, BETWEEN rather than equality. `at` is where a mismatch is reported. */
bool bind_comparable(struct binder *binder, struct expression ***operands, size_t count, bool by_order, uint32_t at, bool *decimal);
/* Whether the first is a text, and no literal, that the second, a number, is compared with. */
bool bind_is_text_beside_number(const struct expression *text, const struct expression *number);
/* Brings results (of CASE, COALESCE) to their common type; open ones stay open when all are. */
bool bind_common(struct binder *binder, struct expression ***operands, size_t count, uint32_t at, bool *typed, struct type *common);

/* An error at an offset of the statement's text. Returns false. */
bool bind_error(struct binder *binder, uint32_t at, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The query of a view stands for it: binds it into the source. False: 42000 a view that uses itself, and whatever is wrong with its query,
 * with the view's name in front. */
bool bind_view(struct binder *binder, const struct table *view, uint32_t at, struct source *source);

/* What is stored into a column: a literal takes its type at once, a parameter is described by it; of others is checked that they convert. */
bool bind_stored(struct binder *binder, struct expression **value, const struct column *column, uint32_t at);
/* The default that a column's definition names (struct column, standard), bound. NULL with the error set. */
struct expression *bind_standard(struct binder *binder, const struct column *column);
/* Whether SQLite itself gives a column its default: it is a constant. */
bool bind_standard_is_constant(const char *standard);

struct change;
struct definition;
/* INSERT, UPDATE, DELETE. */
bool bind_change(struct binder *binder, struct change *change, struct statement *statement);
/* CREATE, ALTER, DROP. */
bool bind_definition(struct binder *binder, struct definition *definition, struct statement *statement);
/* The columns of CREATE TABLE and ALTER TABLE ADD: fills table->columns, and prints what stands between the parentheses, or behind ADD. */
struct buffer;
bool bind_columns(struct binder *binder, struct definition *definition, struct table *table, struct buffer *out);
/* A name that is given to something new is no longer than the catalog functions say that names are: 42000. */
bool bind_new_name(struct binder *binder, const char *name, uint32_t at);
/* CREATE TABLE … AS SELECT and SELECT … INTO: table->columns from the query, engine_sql and fill_sql. */
bool bind_filled_table(struct binder *binder, struct definition *definition, struct table *table, struct statement *statement);

/* What was printed becomes a text of the arena, and the buffer is cleared. NULL with the error set. */
const char *bind_printed(struct binder *binder, struct buffer *out);

/* A call's arguments against the procedure's inputs. */
bool bind_call(struct binder *binder, const struct call *call, struct statement *statement);

#endif
