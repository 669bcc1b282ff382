/* Between binding and printing: a bound query is written so that more of it reaches the services. Its answer stays the same. */
#ifndef SQL_PUSH_H
#define SQL_PUSH_H

#include "sql/binder.h"

/* Rewrites conditions into forms that a virtual table sees, and repeats conditions where they follow from others: over equal columns
 * of a join, for what a derived table yields, for the bare column behind a conversion. Finds what the engine should know: columns
 * that are joined, tables that are read in several places. False: HY001. */
bool push_query(struct binder *binder, struct query *query, struct statement *statement);

/* Whether a window function stands in an expression. */
bool push_has_window(const struct expression *expression);

/* push.c's part that looks at one condition alone. */

/* Takes NOT out of comparisons and makes tests of boolean columns equalities. The result is true for the same rows as before, and
 * may stand only where NULL counts as false. False: HY001. */
bool simplify_condition(struct binder *binder, struct expression **condition);
/* Whether a condition is false or NULL whatever the rows are. */
bool simplify_is_never(const struct expression *condition);
/* What follows from a comparison around a bare column, as a further condition on that column; *implied NULL for nothing. */
bool simplify_imply(struct binder *binder, const struct expression *condition, struct expression **implied);

/* push_note.c's part: what the engine should know. */
struct push_notes {
    struct binder *binder;
    bool *repeated;             /* per table of the binder */
    bool *seen;
    struct join_key *keys;
    size_t key_count, key_room;
    struct asked_column *asked;
    size_t asked_count, asked_room;
};

/* The base table's column that a column shows unchanged. */
bool push_base_of(const struct expression *expression, const struct table **table, int *column);
/* False, as of the next: HY001. */
bool push_notes_begin(struct push_notes *notes, struct binder *binder);
/* An expression anywhere in the query, without its operands. */
bool push_note_test(struct push_notes *notes, const struct expression *test);
void push_note_table(struct push_notes *notes, const struct table *table);
void push_notes_end(const struct push_notes *notes, struct statement *statement);

/* prune.c's part. */

/* Takes away what is read in vain: what stands under a condition that is never true, or in a query of which no row is wanted. False: HY001. */
bool prune_unseen(struct binder *binder, struct query *query);
/* Whether a query that prune_unseen has been through has no rows whatever the tables hold. */
bool prune_is_empty(const struct query *query);

/* tell.c's part: conditions that SQLite does not show to a table, and services take all the same. */

/* Adds hints to WHERE and to the ON of joins by which services are told of their conditions. False, as of tell_end: HY001. */
bool tell_select(struct binder *binder, struct select *select);
/* Whether a condition is such a hint, which is always true. */
bool tell_is_hint(const struct expression *condition);
/* Puts what has been told into the statement. */
bool tell_end(const struct binder *binder, struct statement *statement);

/* Makers of bound expressions; NULL with HY001. */
struct expression *push_pair(struct binder *binder, enum expression_kind kind, enum operator op, struct expression *a, struct expression *b);
struct expression *push_literal(struct binder *binder, const struct type *type, struct value value);
/* *condition AND more; *condition may be NULL. */
bool push_and(struct binder *binder, struct expression **condition, struct expression *more);
/* Whether an expression has the same value for all rows of a statement's execution. */
bool push_is_constant(const struct expression *expression);

#endif
