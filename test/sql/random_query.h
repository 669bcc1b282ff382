/* Random queries, by the grammar of SELECT, over rows that they hold themselves (VALUES), so that any connection can run them. */
#ifndef TEST_SQL_RANDOM_QUERY_H
#define TEST_SQL_RANDOM_QUERY_H

#include <stdint.h>

#include "base/buffer.h"

/* Writes the query of a seed: the same each time. Most are right in their types, so that they can also be answered. */
void random_query(struct buffer *out, uint64_t seed);

#endif
