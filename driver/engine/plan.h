/* From SQLite's question "how would you read this table?" to a scan of the service.
 *
 * The answer travels from planning to execution in idxStr, a text that EXPLAIN QUERY PLAN shows. It is words divided by spaces:
 *
 *   wanted:<hex>     columns whose cells will be looked at: bit i stands for column i, bit 63 for all from 63 on; always first
 *   <column>:<op>    a filter; its value is the next argument of xFilter. op: eq in lt le gt ge ne like null notnull;
 *                    the argument of `in` is a whole list (sqlite3_vtab_in), those of `null` and `notnull` mean nothing
 *   <column>:<op>?   the same, but only to be held against the other conditions, not to be sent: two that contradict each other
 *                    need no request
 *   <column>:<op>!   its value is said by the query, see struct filter
 *   named:<hex>      the columns that the query names, see table_naming; not there when it names none
 *   term:<number>    a term of the statement that the service takes
 *   order:<column>:asc|desc   a column of the order asked of the service, most significant first
 *   limit            the next argument is the query's LIMIT
 *   offset           the next argument is its OFFSET, which SQLite applies itself: so many rows more are needed
 *   groups:<how>     the rows are groups, see table/aggregation.h
 *
 * e.g. "wanted:b 0:in 3:ge order:3:desc limit". */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "table/service.h"

struct engine;

struct planned_filter {
    int column;
    enum filter_op op;
    bool watched;
    bool said;              /* see struct filter */
};

struct scan_plan {
    uint64_t wanted;
    struct planned_filter *filters;
    size_t filter_count;
    uint64_t named;
    size_t *terms;               /* their numbers */
    size_t term_count;
    struct plan_order *order;
    size_t order_count;
    bool limit, offset;
    const struct aggregation *aggregation;   /* NULL: rows */
};

/* xBestIndex. grouped: of the table as a source of groups: its own columns are only for conditions, and behind them stand "#", which is
 * compared with how the rows are grouped (table/aggregation.h), and the results. named: see table_naming. SQLITE_CONSTRAINT when the service can't read the table this way; why stands in the running query. */
int plan_choose(struct engine *engine, const struct table *table, bool grouped, uint64_t named, sqlite3_index_info *info);

/* Reads idxStr back. False with HY001, or HY000 when the text is not one that plan_choose wrote. */
bool plan_decode(const char *text, struct arena *arena, struct scan_plan *plan, struct error *err);

/* Whether a column's cells will be looked at. */
bool plan_wants(const struct scan_plan *plan, size_t column);

#endif
