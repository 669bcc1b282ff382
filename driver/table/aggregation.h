/* A struct aggregation as a text, by which it travels from the statement through SQLite to the scan: words divided by commas,
 *
 *   g<column>             a column of GROUP BY
 *   <letter><column>:<type>   an aggregate and the type of its result: c COUNT, d COUNT DISTINCT, s SUM, v AVG, l MIN, h MAX; n without a
 *                         column: COUNT(*)
 *
 * e.g. "g3,n:bigint,s7:decimal(38,2)". */
#ifndef TABLE_AGGREGATION_H
#define TABLE_AGGREGATION_H

#include <stdbool.h>
#include <stddef.h>

#include "table/service.h"

struct arena;
struct buffer;

/* How a table is called as a source of groups, by its name. */
#define AGGREGATION_NAME "%s#groups"

enum {
    AGGREGATION_COLUMNS = 32,     /* the most groups and aggregates together */
    AGGREGATION_WIDEST = 1900,    /* columns of a table: the engine's SQLite has room for 2000, those of the groups among them */
};

void aggregation_print(const struct aggregation *aggregation, struct buffer *out);

/* length: of the text. Everything lives in the arena. False when the text is none, or out of memory. */
bool aggregation_read(const char *text, size_t length, struct arena *arena, struct aggregation *aggregation);

#endif
