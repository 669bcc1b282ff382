#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run_init(struct run *run, int64_t max_rows)
{
    *run = (struct run){0};
    fake_service_init(&run->fake);
    cancel_init(&run->cancel);
    buffer_init(&run->rows, 1 << 20);
    struct engine_options options = {.max_rows = max_rows, .pushdown = true};
    if (!engine_open(&run->fake.service, &options, &run->cancel, &run->engine, &run->err)) {
        fprintf(stderr, "%s: %s\n", run->err.sqlstate, run->err.message);
        exit(1);
    }
}

void run_clear(struct run *run)
{
    engine_close(run->engine);
    buffer_clear(&run->rows);
    cancel_clear(&run->cancel);
    fake_service_clear(&run->fake);
    arena_clear(&run->arena);
}

struct statement *run_statement(struct run *run, const char *sql, const char *types, size_t parameters)
{
    struct statement *statement = arena_alloc(&run->arena, sizeof *statement);
    struct result_column *columns = arena_array(&run->arena, 80, sizeof *columns);
    char *words = arena_text(&run->arena, types), *rest;

    *statement = (struct statement){
        .kind = STATEMENT_SELECT, .engine_sql = arena_text(&run->arena, sql), .columns = columns,
        .parameters = arena_array(&run->arena, parameters + 1, sizeof *statement->parameters), .parameter_count = parameters,
        .tables = (const struct table **)run->fake.service.tables, .table_count = run->fake.service.table_count,
    };
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        struct result_column *column = &columns[statement->column_count++];
        *column = (struct result_column){.label = word, .nullable = NULLABLE_UNKNOWN, .column = -1, .table_alias = ""};
        if (!type_parse(word, &column->type))
            column->type = (struct type){.kind = TYPE_STRING};
    }
    return statement;
}

static bool append_row(struct run *run, struct query *query)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    for (size_t i = 0; i < query_statement(query)->column_count; i++) {
        struct value value;
        if (!query_value(query, i, &value, &run->err))
            return false;
        const char *text = value_as_text(&value, scratch, &length);
        if (i > 0)
            buffer_append_char(&run->rows, '|');
        if (value_is_null(&value))
            buffer_append_char(&run->rows, '~');
        else
            buffer_append(&run->rows, text, length);
    }
    return true;
}

const char *run_rows(struct run *run, struct query *query, int64_t max_rows)
{
    const char *semicolon = "";
    bool row;

    run->err = (struct error){0};
    buffer_reset(&run->rows);
    bool ok = query_execute(query, max_rows, &run->err);
    while (ok && (ok = query_step(query, &row, &run->err)) && row) {
        buffer_append_text(&run->rows, semicolon);
        ok = append_row(run, query);
        semicolon = ";";
    }
    if (!ok) {
        buffer_reset(&run->rows);
        buffer_printf(&run->rows, "error %s", run->err.sqlstate);
    }
    query_reset(query);
    return buffer_text(&run->rows);
}

static const char *run_and_close(struct run *run, bool prepared, struct query *query)
{
    if (!prepared) {
        buffer_reset(&run->rows);
        buffer_printf(&run->rows, "error %s", run->err.sqlstate);
        return buffer_text(&run->rows);
    }
    run_rows(run, query, 0);
    query_close(query);
    return buffer_text(&run->rows);
}

const char *run_sql(struct run *run, const char *sql, const char *types)
{
    struct query *query = NULL;

    buffer_reset(&run->fake.log);
    run->err = (struct error){0};
    bool prepared = query_open(run->engine, run_statement(run, sql, types, 0), &run->cancel, &query, &run->err);
    return run_and_close(run, prepared, query);
}

const char *run_text(struct run *run, const char *sql)
{
    struct query *query = NULL;

    buffer_reset(&run->fake.log);
    run->err = (struct error){0};
    bool prepared = query_prepare(run->engine, sql, strlen(sql), NULL, 0, &run->cancel, &query, &run->err);
    return run_and_close(run, prepared, query);
}

const char *run_log(const struct run *run)
{
    return buffer_text(&run->fake.log);
}
