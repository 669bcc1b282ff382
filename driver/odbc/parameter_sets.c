#include "odbc/parameter_sets.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/engine.h"
#include "odbc/handle.h"
#include "odbc/kept_rows.h"
#include "odbc/rows.h"
#include "odbc/statement.h"

bool parameter_sets_wanted(struct odbc_statement *statement)
{
    return parameters_sets(statement) > 1 || parameters_ignored(statement, 0);
}

static struct odbc_result *add_result(struct odbc_statement *statement, struct query *query)
{
    if (statement->result_count == statement->result_capacity) {
        size_t capacity = statement->result_capacity ? statement->result_capacity * 2 : 16;
        struct odbc_result *grown = realloc(statement->results, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        statement->results = grown;
        statement->result_capacity = capacity;
    }
    struct odbc_result *result = &statement->results[statement->result_count++];
    *result = (struct odbc_result){.query = query};
    return result;
}

/* Executes one statement of the batch and keeps its rows. */
static bool keep_result(struct odbc_statement *statement, struct query *query, struct error *err)
{
    size_t columns = query_statement(query)->column_count;
    struct odbc_result *result = add_result(statement, query);
    bool row = columns > 0;

    if (!result || (columns > 0 && !(result->rows = kept_rows_new(columns))))
        return error_memory(err);
    bool done = query_execute(query, (int64_t)statement->max_rows, err);
    while (done && row) {
        done = query_step(query, &row, err);
        if (done && row)
            done = kept_rows_add(result->rows, query, err);
    }
    result->row_count = (SQLLEN)query_row_count(query);
    query_reset(query);
    return done;
}

static void drop_from(struct odbc_statement *statement, size_t first)
{
    while (statement->result_count > first)
        rows_close(statement->results[--statement->result_count].rows);
}

/* A set whose second statement fails has no result of its first either: it failed. */
static bool run_set(struct odbc_statement *statement, struct error *err)
{
    size_t before = statement->result_count;

    for (struct query *query = statement->batch; query; query = query_next(query))
        if (!keep_result(statement, query, err)) {
            drop_from(statement, before);
            return false;
        }
    return true;
}

/* What ends the whole execution, not one set's. */
static bool ends_all(const struct error *err)
{
    return strcmp(err->sqlstate, "HY008") == 0 || strcmp(err->sqlstate, "HYT00") == 0 || strcmp(err->sqlstate, "HY001") == 0;
}

struct tally {
    SQLULEN tried, failed;
    bool warned, ended;
};

static void run_all(struct odbc_statement *statement, struct tally *tally)
{
    struct odbc_handle *handle = &statement->handle;
    application_status *status = statement->ipd->content.array_status;
    SQLULEN sets = parameters_sets(statement);

    for (SQLULEN set = 0; status && set < sets; set++)
        status[set] = SQL_PARAM_UNUSED;
    for (SQLULEN set = 0; set < sets && !tally->ended; set++) {
        struct error err = {0};
        if (parameters_ignored(statement, set)) {
            parameters_finish(statement, set, SQL_PARAM_UNUSED);
            continue;
        }
        diagnostics_at(&handle->diagnostics, (SQLLEN)set + 1, SQL_NO_COLUMN_NUMBER);
        SQLRETURN gathered = parameters_gather(statement, set);
        bool done = gathered != SQL_ERROR, warned = gathered == SQL_SUCCESS_WITH_INFO;
        if (done && !run_set(statement, &err)) {
            diagnostics_error(handle, &err);
            tally->ended = ends_all(&err);
            done = false;
        }
        parameters_finish(statement, set, !done ? SQL_PARAM_ERROR : warned ? SQL_PARAM_SUCCESS_WITH_INFO : SQL_PARAM_SUCCESS);
        tally->tried++;
        tally->failed += !done;
        tally->warned = tally->warned || warned;
    }
    diagnostics_at(&handle->diagnostics, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
}

/* Makes a kept result the present one. */
static SQLRETURN open_result(struct odbc_statement *statement, size_t number)
{
    struct error err = {0};

    statement->result_at = number;
    statement->executed = true;
    statement->at_end = true; /* the query has no more rows than are kept */
    if (number >= statement->result_count)
        return SQL_SUCCESS; /* every set was left out */
    struct odbc_result *result = &statement->results[number];
    if (!statement_describe(statement, result->query, &err)) {
        statement_close(statement);
        return diagnostics_error(&statement->handle, &err);
    }
    statement_count_rows(statement, result->row_count);
    statement->kept = result->rows;
    statement->cursor_open = result->rows != NULL;
    result->rows = NULL;
    return SQL_SUCCESS;
}

SQLRETURN parameter_sets_run(struct odbc_statement *statement)
{
    struct tally tally = {0};

    statement_begin_work(statement);
    run_all(statement, &tally);
    statement_forget_late_data(statement);
    /* An application that asked for no statuses could not know which sets failed: success would lose its rows in silence. */
    bool unseen = tally.failed && !statement->ipd->content.array_status;
    if (tally.ended || unseen || (tally.tried && tally.failed == tally.tried)) {
        statement_close(statement);
        return SQL_ERROR;
    }
    SQLRETURN result = open_result(statement, 0);
    return result == SQL_SUCCESS && (tally.failed || tally.warned) ? SQL_SUCCESS_WITH_INFO : result;
}

bool parameter_sets_more(const struct odbc_statement *statement)
{
    return statement->results && statement->result_at + 1 < statement->result_count;
}

SQLRETURN parameter_sets_next(struct odbc_statement *statement)
{
    statement_end_result(statement);
    return open_result(statement, statement->result_at + 1);
}

void parameter_sets_forget(struct odbc_statement *statement)
{
    drop_from(statement, 0);
    free(statement->results);
    statement->results = NULL;
    statement->result_capacity = 0;
    statement->result_at = 0;
}
