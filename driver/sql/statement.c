/* The way through the room: parse, bind, print. */
#include "sql/statement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/aggregate.h"
#include "sql/binder.h"
#include "sql/explain.h"
#include "sql/parser.h"
#include "sql/print.h"
#include "sql/push.h"

bool bind_error(struct binder *binder, uint32_t at, const char *sqlstate, const char *format, ...)
{
    char message[sizeof binder->err->message], state[6];
    va_list arguments;

    snprintf(state, sizeof state, "%s", sqlstate); /* it may stand in the very error that is about to be filled */
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return lexer_error(binder->text, at, binder->err, state, "%s", message);
}

/* Of the top query only: the alias by which a bare column's table is known. */
static const char *table_alias(const struct query *query, size_t column)
{
    const struct select *select = query->term_count == 1 ? query->terms[0].select : NULL;
    const struct expression *expression = select ? select->items[column].expression : NULL;
    return expression && expression->kind == EXPRESSION_COLUMN ? expression->source->alias : "";
}

static bool describe_columns(struct binder *binder, const struct query *query, struct statement *statement)
{
    statement->columns = arena_array(binder->arena, query->column_count, sizeof *statement->columns);
    if (!statement->columns)
        return error_memory(binder->err);
    statement->column_count = query->column_count;
    for (size_t i = 0; i < query->column_count; i++) {
        const struct source_column *column = &query->columns[i];
        statement->columns[i] = (struct result_column){
            .label = column->name,
            .type = column->type,
            .nullable = column->nullable ? NULLABLE_YES : NULLABLE_NO,
            .table = column->table,
            .column = column->column,
            .table_alias = table_alias(query, i),
        };
    }
    return true;
}

const char *bind_printed(struct binder *binder, struct buffer *out)
{
    bool whole = !out->failed, full = out->full;
    const char *text = whole ? arena_copy(binder->arena, buffer_text(out), out->length) : NULL;

    buffer_clear(out);
    if (full)
        error_set(binder->err, "42000", "The statement is too complex: its plan would need more than %d bytes", PRINT_LIMIT);
    else if (!text)
        error_memory(binder->err);
    return text;
}

static bool print_engine_sql(struct binder *binder, const struct query *query, struct statement *statement)
{
    struct buffer out;

    buffer_init(&out, PRINT_LIMIT);
    print_query(&out, query, false);
    statement->engine_sql = bind_printed(binder, &out);
    return statement->engine_sql != NULL;
}

static bool bind_select_statement(struct binder *binder, struct query *query, struct statement *statement);

/* EXPLAIN: the query is bound as if it stood alone. */
static bool bind_explain(struct binder *binder, const struct parsed *parsed, struct statement *statement)
{
    struct statement *explained = arena_alloc(binder->arena, sizeof *explained);

    if (!explained)
        return error_memory(binder->err);
    *explained = *statement;
    explained->kind = STATEMENT_SELECT;
    statement->explained = explained;
    statement->analyze = parsed->analyze;
    if (!bind_select_statement(binder, parsed->query, explained))
        return false;
    explained->plain = false; /* the engine's SQLite is asked how it would run it */
    explained->tables = binder->tables;
    explained->table_count = binder->table_count;
    return explain_describe(binder, parsed->query, statement);
}

/* See statement.plain. */
static bool is_plain(const struct query *query)
{
    const struct select *select = query->term_count == 1 ? query->terms[0].select : NULL;
    const struct source *source = select && select->from && !select->from->is_join ? select->from->source : NULL;

    if (!source || !source->table || source->table->place != PLACE_SERVICE || source->table->query || source->grouped || query->common_count || query->order_count
        || query->limit || query->offset || select->distinct || select->top || select->where || select->grouped || select->having || select->window_count
        || select->item_count != query->column_count)
        return false;
    for (size_t i = 0; i < select->item_count; i++) {
        const struct expression *shown = select->items[i].expression;
        if (!shown || shown->kind != EXPRESSION_COLUMN || shown->source != source || source->table->columns[shown->column].pseudo)
            return false;
    }
    return true;
}

static bool bind_select_statement(struct binder *binder, struct query *query, struct statement *statement)
{
    if (!bind_query(binder, query, NULL) || !bind_finish(binder, query) || !describe_columns(binder, query, statement) ||
        !push_query(binder, query, statement) || (binder->aggregate && !aggregate_query(binder, query)) || !print_engine_sql(binder, query, statement))
        return false;
    statement->plain = is_plain(query);
    return true;
}

static bool bind_kind(struct binder *binder, const struct parsed *parsed, struct statement *statement)
{
    switch (parsed->kind) {
    case STATEMENT_CALL:
        return bind_call(binder, parsed->call, statement);
    case STATEMENT_CHANGE:
        return bind_change(binder, parsed->change, statement);
    case STATEMENT_DEFINE:
        return bind_definition(binder, parsed->definition, statement);
    case STATEMENT_TRANSACTION:
        statement->transaction = parsed->transaction->action;
        statement->name = parsed->transaction->name;
        return true;
    case STATEMENT_EXPLAIN:
        return bind_explain(binder, parsed, statement);
    case STATEMENT_SELECT:
        break;
    }
    return bind_select_statement(binder, parsed->query, statement);
}

/* Makes one statement of the batch. The parameters are those of the whole batch. */
static bool bind_statement(struct binder *batch, const struct parsed *parsed, size_t parameter_count, struct statement **statement)
{
    struct binder binder = *batch;
    struct statement *bound = arena_alloc(batch->arena, sizeof *bound);

    if (!bound)
        return error_memory(batch->err);
    bound->kind = parsed->kind;
    bound->parameters = batch->parameters;
    bound->parameter_count = parameter_count;
    bound->text_at = parsed->text_at;
    bound->text_length = parsed->text_length;
    bound->first_parameter = parsed->first_parameter;
    *statement = bound;
    if (!bind_kind(&binder, parsed, bound))
        return false;
    bound->tables = binder.tables;
    bound->table_count = binder.table_count;
    batch->changes = binder.changes;
    return bind_widened(&binder, bound->explained ? bound->explained : bound);
}

bool statement_prepare(const char *text, size_t length, const struct type *bound, size_t bound_count, const bool *every,
                       const struct service *service, bool aggregate, struct arena *arena, struct statement **statement, struct error *err)
{
    struct binder binder = {.text = text, .service = service, .aggregate = aggregate, .arena = arena, .err = err, .bound = bound, .bound_count = bound_count};
    struct statement *first = NULL, **end = &first;
    struct parsed *parsed;
    size_t parameter_count;

    if (!sql_parse(text, length, arena, &parsed, &parameter_count, err))
        return false;
    binder.parameters = arena_array(arena, parameter_count + 1, sizeof *binder.parameters);
    if (!binder.parameters)
        return error_memory(err);
    for (size_t i = 0; i < parameter_count; i++)
        binder.parameters[i] = (struct parameter){.type = {.kind = TYPE_STRING}, .nullable = NULLABLE_YES, .every = every && every[i],
                                                  .bound = i < bound_count ? bound[i] : (struct type){.kind = TYPE_STRING}};

    for (; parsed; parsed = parsed->next) {
        if (!bind_statement(&binder, parsed, parameter_count, end))
            return false;
        end = &(*end)->next;
    }
    *statement = first;
    return true;
}
