/* Runs engine SQL against the fake service and tells rows as text: cells divided by '|', rows by ';', NULL as "~". */
#ifndef TEST_ENGINE_RUN_H
#define TEST_ENGINE_RUN_H

#include "base/error.h"
#include "engine/engine.h"
#include "engine/query.h"
#include "fake_service.h"

struct run {
    struct fake_service fake;
    struct engine *engine;
    struct cancel cancel;
    struct arena arena;      /* statements; lives until run_clear */
    struct buffer rows;
    struct error err;        /* "" when all went well */
};

void run_init(struct run *run, int64_t max_rows);
void run_clear(struct run *run);

/* A statement made by hand. types: the result's columns, e.g. "bigint string(10)", divided by spaces. */
struct statement *run_statement(struct run *run, const char *sql, const char *types, size_t parameters);

/* Executes a query and takes all rows. */
const char *run_rows(struct run *run, struct query *query, int64_t max_rows);

/* All of it: the rows, or "error <SQLSTATE>". The log holds only this run's scans. */
const char *run_sql(struct run *run, const char *sql, const char *types);

/* The same for SQL as applications write it. */
const char *run_text(struct run *run, const char *sql);

/* The scans since the last run_sql or run_text began. */
const char *run_log(const struct run *run);

#endif
