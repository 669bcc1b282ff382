/* EXPLAIN: what SQLite was told about reading the tables of a query, written down while it plans, and what became of it. */
#ifndef ENGINE_EXPLAIN_H
#define ENGINE_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "table/service.h"

struct query;
struct error;

/* A condition as it was shown to the service. */
struct explain_term {
    struct plan_condition condition;
    bool known;                  /* its one value is in the text of the query: */
    struct value value;
};

/* A term of the statement that the service was shown. */
struct explain_told {
    size_t number;
    bool taken;
};

/* One way to read a table. */
struct explain_scan {
    const struct table *table;
    struct explain_term *terms;
    size_t term_count;
    uint64_t named;              /* see table_naming */
    struct explain_told *told;
    size_t told_count;
    const struct plan_order *order;
    size_t order_count;
    bool order_taken;
    bool limited, limit_taken;   /* the query has a LIMIT here */
    int64_t limit;               /* rows, with those of the OFFSET; -1 = not known */
    uint64_t wanted;             /* as in struct scan_plan */
    const struct aggregation *aggregation; /* the scan yields groups; NULL: rows */
    /* of EXPLAIN ANALYZE */
    int64_t rows;
    struct scan_counts counts;
};

/* All ways that were thought of, numbered from 1 as SQLite's idxNum. */
struct explain_record {
    struct arena arena;
    struct explain_scan **scans;
    size_t count, room;
    size_t next;                 /* the number given last */
    bool counting;               /* planned once more, to be run: the numbers are given again in the same order */
};

/* A new way, zeroed but for its number; NULL when out of memory. *number is its number. While counting, NULL is no failure. */
struct explain_scan *explain_note(struct explain_record *record, int *number);
/* By number; NULL when there is none. record may be NULL. */
struct explain_scan *explain_find(const struct explain_record *record, int number);
/* Adds what a scan has cost; counts may be NULL. */
void explain_count(const struct table *table, const struct scan *scan, struct scan_counts *counts);

/* Runs a STATEMENT_EXPLAIN; its rows come into query->result. */
bool explain_run(struct query *query, struct error *err);

#endif
