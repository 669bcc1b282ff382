/* EXPLAIN: what its result looks like, and a query's conditions in words. */
#ifndef SQL_EXPLAIN_H
#define SQL_EXPLAIN_H

#include "sql/binder.h"

/* Gives the statement of an EXPLAIN its columns and the conditions of its bound and pushed query. False: HY001. */
bool explain_describe(struct binder *binder, const struct query *query, struct statement *statement);

#endif
