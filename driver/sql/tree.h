/* The typed tree of a statement. The parser makes it, the binder resolves its names and fills in types, the printer writes it out.
 * Everything lives in the statement's arena; nothing here is shared between statements. */
#ifndef SQL_TREE_H
#define SQL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/type.h"
#include "base/value.h"
#include "sql/functions.h"
#include "table/service.h"

struct query;
struct scope;
struct select;
struct source;

enum expression_kind {
    EXPRESSION_LITERAL,
    EXPRESSION_PARAMETER,
    EXPRESSION_COLUMN,       /* name → source, column */
    EXPRESSION_NEGATE,       /* −a */
    EXPRESSION_NOT,
    EXPRESSION_ARITHMETIC,   /* a op b */
    EXPRESSION_CONCATENATE,  /* a || b */
    EXPRESSION_COMPARE,      /* a op b */
    EXPRESSION_LOGICAL,      /* AND or OR of two or more */
    EXPRESSION_IS_NULL,
    EXPRESSION_IS_TRUTH,     /* a IS TRUE, a IS FALSE: the wanted truth is `truth` */
    EXPRESSION_BETWEEN,      /* a BETWEEN b AND c */
    EXPRESSION_LIKE,         /* a LIKE b [ESCAPE c] */
    EXPRESSION_IN,           /* a IN (b, c…) */
    EXPRESSION_IN_QUERY,     /* a IN (query), (a, b) IN (query) */
    EXPRESSION_QUANTIFIED,   /* a op ANY|ALL (query), (a, b) op [ANY|ALL] (query); the binder makes its operand the comparison with one row of
                              * the query */
    EXPRESSION_EXISTS,
    EXPRESSION_SUBQUERY,     /* a query's one value */
    EXPRESSION_CASE,         /* searched: when, then, when, then… [else]; simple: operand first */
    EXPRESSION_CAST,
    EXPRESSION_FUNCTION,     /* scalar, aggregate or window function */
    EXPRESSION_ROW,          /* (a, b): only where rows are compared, which the parser makes comparisons of their columns; or the columns of a
                              * query that a row is compared with */
    EXPRESSION_INTERVAL,     /* INTERVAL '3' DAY: how many (an operand) of what (`word`); only beside + and - */
};

enum operator {
    OPERATOR_NONE,
    OPERATOR_ADD, OPERATOR_SUBTRACT, OPERATOR_MULTIPLY, OPERATOR_DIVIDE, OPERATOR_MODULO,
    OPERATOR_EQUAL, OPERATOR_NOT_EQUAL, OPERATOR_LESS, OPERATOR_LESS_EQUAL, OPERATOR_GREATER, OPERATOR_GREATER_EQUAL,
    OPERATOR_SAME, OPERATOR_DIFFERENT,   /* IS NOT DISTINCT FROM, IS DISTINCT FROM */
    OPERATOR_AND, OPERATOR_OR,
};

/* A possibly qualified name: the last part is the object, those before it are its qualifiers. */
enum { NAME_PARTS = 4 };
struct name {
    const char *parts[NAME_PARTS];
    unsigned count;
};

/* ORDER BY inside a query or a window. */
struct order_item {
    struct expression *expression;
    size_t ordinal;          /* 1-based position in the select list, 0 when the expression is ordered by itself */
    bool descending;
    bool decimal;            /* to be ordered as numbers held in decimal texts (COLLATE decimal) */
    enum { NULLS_DEFAULT, NULLS_FIRST, NULLS_LAST } nulls;
};

enum bound_kind { BOUND_NONE, BOUND_UNBOUNDED_PRECEDING, BOUND_PRECEDING, BOUND_CURRENT_ROW, BOUND_FOLLOWING, BOUND_UNBOUNDED_FOLLOWING };

struct frame_bound {
    enum bound_kind kind;
    struct expression *distance;   /* of BOUND_PRECEDING and BOUND_FOLLOWING */
};

struct window {
    const char *base;              /* the name of the window that this one is or begins as; NULL for none */
    struct expression **partition;
    size_t partition_count;
    struct order_item *order;
    size_t order_count;
    const char *unit;              /* "ROWS", "RANGE" or "GROUPS"; NULL without a frame */
    struct frame_bound start, end; /* end BOUND_NONE: not written */
    const char *exclude;           /* "CURRENT ROW", "GROUP", "TIES"; NULL for none */
};

struct expression {
    enum expression_kind kind;
    enum operator op;
    bool negated;              /* NOT LIKE, NOT IN, IS NOT NULL, NOT EXISTS… */
    bool distinct;             /* COUNT(DISTINCT x) */
    bool star;                 /* COUNT(*) */
    bool all;                  /* quantified: ALL rather than ANY */
    bool single;               /* quantified: neither; the query has one row at most */
    bool simple;               /* CASE with an operand */
    bool truth;
    bool has_else;
    bool exact;                /* CAST of a text to a decimal that keeps all its digits, whatever the type says; only compared */
    bool unbounded;            /* CAST to a text or bytes without a bound: TEXT, LONGVARCHAR; VARCHAR alone is as long as its values can be */
    bool or_null;              /* CAST: TRY_CAST, NULL where CAST is an error */
    bool bound;                /* the binder is through with it */
    bool decimal_order;        /* compare as numbers held in decimal texts (COLLATE decimal) */
    uint16_t depth;            /* levels below and including this one */
    uint32_t at;               /* offset in the statement's text */

    /* Known after binding. An expression without a type (NULL, a parameter nothing is known of) takes the one it is used with. */
    bool typed;
    bool nullable;
    struct type type;

    struct expression **operands;
    size_t operand_count;

    struct value value;                    /* LITERAL: canonical for the type */
    size_t parameter;                      /* PARAMETER: its index */
    struct name name;                      /* COLUMN, FUNCTION: as written */
    struct source *source;                 /* COLUMN */
    size_t column;                         /* COLUMN: index in the source */
    struct query *query;                   /* IN_QUERY, QUANTIFIED, EXISTS, SUBQUERY */
    struct source *rows;                   /* QUANTIFIED: the query as its comparison sees it */
    struct expression *comparison;         /* QUANTIFIED, of a row: its comparison with the columns in `row`, */
    struct expression *row;                /* which the binder makes those of the query */
    const struct sql_function *function;   /* FUNCTION */
    const char *never;                     /* a text that its value must not come to, compared with a column of this name; or NULL */
    const char *never_of;
    const char *word;                      /* FUNCTION: the interval word that is its first argument, in lower case; INTERVAL: its unit */
    struct window *window;                 /* FUNCTION with OVER */
    struct expression *filter;             /* aggregate: FILTER (WHERE …) */
    struct order_item *order;              /* aggregate: WITHIN GROUP (ORDER BY …) */
    size_t order_count;
};

/* A column that a table, derived table or common table expression offers. */
struct source_column {
    const char *name;
    struct type type;
    bool nullable;
    bool pseudo;
    const struct table *table;   /* the base table's column behind it, unchanged; or NULL */
    int column;
};

/* A leaf of a FROM clause. */
struct source {
    const char *alias;           /* by which the statement knows it */
    const char *printed;         /* by which the engine's text knows it; unique in the statement */
    const struct table *table;   /* a base table, or */
    struct query *query;         /* a derived table, or */
    const struct table *view;    /* then the view that it stands for, or NULL */
    struct common_table *common; /* a common table expression */
    const struct source_column *columns;
    size_t column_count;
    const struct select *owner;  /* the SELECT in whose FROM it stands */
    bool outer;                  /* on the side of an outer join that can be missing */
    uint64_t named;              /* of a base table: see table_naming */
    const char *widened;         /* by which name the engine knows the table as it is read with these; NULL: by its own */
    struct source *next_widened; /* of those that may have any */
    const char *grouped;         /* its rows are groups that the service makes, which the engine knows by this name; further columns stand
                                  * behind the table's then, see aggregate.h. NULL: they are the table's rows */
};

enum join_kind { JOIN_COMMA, JOIN_CROSS, JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL };

/* FROM: a leaf, or a join of two. */
struct from {
    uint32_t at;
    uint16_t depth;
    /* leaf */
    struct name name;            /* of a base table or common table expression */
    struct query *query;         /* or a derived table */
    const char *alias;           /* NULL when none is written */
    const char **column_aliases;
    size_t column_alias_count;
    struct source *source;       /* filled by the binder */
    /* join */
    bool is_join;
    enum join_kind join;
    struct from *left, *right;
    bool natural;
    const char **using;
    size_t using_count;
    struct expression *condition;  /* ON, or made of USING; NULL for none */
};

struct select_item {
    struct expression *expression; /* NULL for a star, until the binder expands it */
    const char *alias;
    const char *label;             /* alias or column name; NULL for other expressions. Filled by the binder */
    const char *star_of;           /* "t" of t.*; NULL for a plain star */
    bool star;
    uint32_t at;
};

/* WINDOW name AS (…) */
struct named_window {
    const char *name;
    struct window *window;
    uint32_t at;
};

/* One SELECT … FROM … WHERE … GROUP BY … HAVING; or one row of VALUES, which is a SELECT without FROM. */
struct select {
    uint32_t at;
    bool distinct;
    struct name into;              /* SELECT … INTO: in the first SELECT of a statement only; there its statement takes it away */
    uint32_t into_at;
    bool into_temporary;
    bool values;                   /* written as VALUES (…) */
    struct expression *top;
    bool top_percent, top_ties;    /* TOP n PERCENT, TOP n WITH TIES */
    struct select_item *items;
    size_t item_count;
    struct from *from;             /* NULL for SELECT 1 */
    struct expression *where;
    struct expression **groups;
    size_t group_count;
    struct expression **absent;    /* keys that only other groupings of the same SELECT are by */
    size_t absent_count;
    size_t set_count;              /* groupings that GROUP BY has */
    bool sets;                     /* by ROLLUP, CUBE, GROUPING SETS */
    struct expression *having;
    struct named_window *windows;
    size_t window_count;
    bool grouped;                  /* has GROUP BY or aggregates: one row per group */
    struct scope *scope;
};

/* A query with INTERSECT ALL or EXCEPT ALL has two terms. */
enum set_operator { SET_UNION, SET_UNION_ALL, SET_INTERSECT, SET_EXCEPT, SET_INTERSECT_ALL, SET_EXCEPT_ALL };

/* One term of a query: a SELECT, or a query in parentheses. */
struct query_term {
    enum set_operator set;         /* how it is joined to the terms before it; of the first: meaningless */
    struct select *select;         /* or */
    struct query *query;
    const char *printed;           /* the name of that in the engine's text, likewise t1, t2… */
};

struct common_table {
    const char *name;
    const char *printed;
    uint32_t at;
    const char **column_aliases;
    size_t column_alias_count;
    struct query *query;
    bool recursive;
    const struct source_column *columns;   /* NULL until they are known */
    size_t column_count;
    unsigned use_count;
    unsigned dead_count;                   /* uses whose rows nobody can see; counted by prune.c */
    unsigned select_count;                 /* SELECTs in it, with those of the common tables that it uses at each use; 0 until they are known */
};

/* [WITH …] term { UNION … term } [ORDER BY …] [LIMIT …] */
struct query {
    uint32_t at;
    uint16_t depth;                /* levels of expressions, joins and queries in it */
    struct common_table *common;
    size_t common_count;
    bool recursive;
    struct query_term *terms;
    size_t term_count;
    struct order_item *order;
    size_t order_count;
    struct expression *limit, *offset;
    bool percent;                  /* the limit is a share of the rows */
    bool ties;                     /* rows equal to the last one in ORDER BY come too */
    bool of_sets;                  /* its terms are the groupings of one SELECT */
    /* Known after binding: what it yields. Labels as source_column.name. */
    struct source_column *columns;
    size_t column_count;
};

/* CALL and its other spellings. */
struct call_item {
    const char *name;              /* of a named argument, or NULL */
    struct expression *value;      /* literal or parameter; NULL for DEFAULT */
    uint32_t at;
};

struct call {
    struct name name;
    uint32_t at;
    int returns;                   /* the parameter that is the ? of {? = call …}, or -1 */
    struct call_item *items;
    size_t item_count;
};

#endif
