/* The parser's tree, before anything is bound: as SQL that parses to the same tree, and as a text that tells all of it. */
#ifndef TEST_SQL_UNPARSE_H
#define TEST_SQL_UNPARSE_H

#include "base/buffer.h"
#include "sql/tree.h"

void unparse_query(struct buffer *out, const struct query *query);

/* Everything that the parser says of a query but its places in the text, as (kind part part …). */
void dump_query(struct buffer *out, const struct query *query);

#endif
