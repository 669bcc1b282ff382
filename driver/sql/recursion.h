/* Recursive common tables: which ones are, and what types their steps may have. */
#ifndef SQL_RECURSION_H
#define SQL_RECURSION_H

#include "sql/binder.h"
#include "sql/tree.h"

/* Whether a query behind its first term reads the table that it defines: then that term is its start and the others its step. */
bool recursion_reads_itself(const struct common_table *common);

/* Whether a common table may use itself: WITH RECURSIVE says so; without the word it may where its name would mean nothing else. */
bool recursion_sees_itself(const struct binder *binder, const struct common_table *common, bool recursive);

/* Whether the steps of a recursive query compute a column, other than by CAST: a text in it has no bound then. */
bool recursion_lengthens(const struct query *query, size_t column);

/* Whether values of a type would be rounded in silence to be of another. */
bool recursion_rounds(const struct type *from, const struct type *to);

#endif
