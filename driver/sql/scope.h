/* Names: which sources and columns can be seen from a place in the statement. */
#ifndef SQL_SCOPE_H
#define SQL_SCOPE_H

#include "sql/binder.h"
#include "sql/tree.h"

/* A column that can be named without its table. The columns that a join with USING merges stand here once. */
struct visible_column {
    const char *name;
    const struct expression *value;   /* what the name stands for; copied at each use */
    bool pseudo;
};

struct scope {
    struct scope *outer;              /* of the query around this one, for correlated columns; or NULL */
    const struct select *select;
    struct source **sources;
    size_t source_count;
    struct visible_column *columns;
    size_t column_count;
    bool aliases;                     /* the select list's aliases can be named too, behind columns */
    const char *no_aggregates;        /* the clause in which aggregates can not stand ("WHERE"), or NULL */
    const char *no_windows;           /* likewise window functions */
    bool in_aggregate;                /* inside the argument of one */
    bool has_aggregates;              /* one was seen */
    bool tells_groupings;             /* GROUPING(…) was seen */
};

/* A name for the engine's text, t1, t2…: unique in the statement, and none that a table of the service has. NULL when out of memory. */
const char *scope_print_name(struct binder *binder);

/* Makes the scope of one leaf. */
bool scope_add_source(struct binder *binder, struct scope *scope, struct source *source);

/* Finds what a column expression names and turns it into that. False: 42S22, 42S02, 42000 ambiguous. */
bool scope_resolve(struct binder *binder, struct scope *scope, struct expression *expression);

/* The column of a source as a bound expression. */
struct expression *scope_column(struct binder *binder, struct source *source, size_t column, uint32_t at);

/* A bound copy of what a visible column stands for, at another place. */
struct expression *scope_use(struct binder *binder, const struct visible_column *column, uint32_t at);

/* The source of this name in the innermost scope; NULL with 42S02 when there is none. */
struct source *scope_find_source(struct binder *binder, const struct scope *scope, const char *name, uint32_t at);

/* Whether the qualifiers in front of the last `keep` parts of a name are none, or name the service. */
bool scope_is_catalog(const struct binder *binder, const struct name *name, unsigned keep);

/* A base table or common table expression by name. False with 42S02. */
bool scope_find_table(struct binder *binder, const struct name *name, uint32_t at, struct source *source);

#endif
