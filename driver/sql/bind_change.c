/* INSERT, UPDATE and DELETE: which table, which columns, and that what they get fits. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/change_tree.h"
#include "sql/place.h"
#include "sql/print.h"
#include "sql/print_change.h"
#include "sql/push.h"
#include "sql/scope.h"
#include "sql/typing.h"

static bool bind_target(struct binder *binder, struct change *change)
{
    struct source *source = arena_alloc(binder->arena, sizeof *source);

    if (!source || !(source->printed = arena_printf(binder->arena, "t%u", ++binder->source_count)))
        return error_memory(binder->err);
    struct common_sight *commons = binder->commons;
    size_t read = binder->table_count;
    binder->commons = NULL;
    bool found = scope_find_table(binder, &change->name, change->at, source);
    binder->commons = commons;
    binder->table_count = read;
    if (!found)
        return false;
    if (source->view || source->table->kind == TABLE_VIEW)
        return bind_error(binder, change->at, "42000", "%.128s is a view, which can only be read; change the tables that it reads",
                          change->name.parts[change->name.count - 1]);
    if (source->table->place == PLACE_SERVICE)
        return place_read_only(binder, source->table, change->at);
    source->alias = change->alias ? change->alias : source->table->name;
    change->source = source;
    return true;
}

static bool find_column(struct binder *binder, const struct table *table, const char *name, uint32_t at, size_t *column)
{
    struct name_guess guess = {.wanted = name};
    int found = table_column(table, name);

    if (found >= 0) {
        *column = (size_t)found;
        return true;
    }
    for (size_t i = 0; i < table->column_count; i++)
        name_guess_show(&guess, table->columns[i].name);
    return bind_error(binder, at, "42S22", "There is no column %.128s in %.128s%s%s%s", name, table->name, guess.best ? "; did you mean " : "",
                      guess.best ? guess.best : "", guess.best ? "?" : "");
}

/* The columns that are listed, or all. Behind them there is room for the rest of the table's. */
static bool bind_targets(struct binder *binder, struct change *change, bool all)
{
    const struct table *table = change->source->table;

    change->targets = arena_array(binder->arena, table->column_count + 1, sizeof *change->targets);
    if (!change->targets)
        return error_memory(binder->err);
    for (size_t i = 0; i < change->columns.count; i++) {
        size_t column = 0;
        if (!find_column(binder, table, change->columns.names[i], change->columns.at[i], &column))
            return false;
        for (size_t j = 0; j < i; j++)
            if (change->targets[j] == column)
                return bind_error(binder, change->columns.at[i], "42000", "The column %.128s is given twice", table->columns[column].name);
        change->targets[change->target_count++] = column;
    }
    for (size_t i = 0; all && i < table->column_count; i++)
        change->targets[change->target_count++] = i;
    return true;
}

/* Adds the columns that get nothing, but whose default only we can tell. */
static bool add_standards(struct binder *binder, struct change *change, struct expression ***standards, size_t *count)
{
    const struct table *table = change->source->table;

    *count = 0;
    *standards = arena_array(binder->arena, table->column_count + 1, sizeof **standards);
    if (!*standards)
        return error_memory(binder->err);
    for (size_t i = 0; i < table->column_count; i++) {
        bool given = bind_standard_is_constant(table->columns[i].standard);
        for (size_t j = 0; j < change->target_count && !given; j++)
            given = change->targets[j] == i;
        if (given)
            continue;
        struct expression *value = bind_standard(binder, &table->columns[i]);
        if (!value)
            return false;
        (*standards)[(*count)++] = value;
        change->targets[change->target_count++] = i;
    }
    return true;
}

static bool bind_value(struct binder *binder, struct scope *scope, struct expression **value, const struct column *column, uint32_t at)
{
    if (!*value)
        return (*value = bind_standard(binder, column)) != NULL;
    return bind_expression(binder, scope, value) && bind_stored(binder, value, column, at);
}

static bool wrong_width(struct binder *binder, const struct change *change, size_t width, uint32_t at)
{
    return bind_error(binder, at, "21S01", "%zu value%s given for %zu column%s of %.128s", width, width == 1 ? " is" : "s are",
                      change->target_count, change->target_count == 1 ? "" : "s", change->source->table->name);
}

static bool bind_rows(struct binder *binder, struct change *change)
{
    struct scope scope = {.no_aggregates = "VALUES", .no_windows = "VALUES"};
    const struct column *columns = change->source->table->columns;
    size_t given = change->width, standard_count;
    struct expression **standards, **values;

    if (change->row_count && given != change->target_count)
        return wrong_width(binder, change, given, change->value_at[0]);
    for (size_t i = 0; i < change->value_count; i++)
        if (!bind_value(binder, &scope, &change->values[i], &columns[change->targets[i % given]], change->value_at[i]))
            return false;
    if (!add_standards(binder, change, &standards, &standard_count))
        return false;
    if (change->row_count == 0)
        change->row_count = 1;
    change->width = change->target_count;
    values = arena_array(binder->arena, change->row_count * change->width + 1, sizeof *values);
    if (!values)
        return error_memory(binder->err);
    for (size_t r = 0; r < change->row_count; r++) {
        if (given)
            memcpy(values + r * change->width, change->values + r * given, given * sizeof *values);
        memcpy(values + r * change->width + given, standards, standard_count * sizeof *values);
    }
    change->values = values;
    return true;
}

/* Gives the column the type in every SELECT that yields it without one. *parameter: one may be a parameter's value. */
static void open_column(struct binder *binder, struct query *query, size_t column, const struct column *target, bool *parameter)
{
    for (size_t t = 0; t < query->term_count; t++) {
        struct query_term *term = &query->terms[t];
        if (term->query) {
            open_column(binder, term->query, column, target, parameter);
            continue;
        }
        struct expression *value = term->select->items[column].expression;
        if (value->typed)
            continue;
        bind_open(binder, value, &target->type);
        *parameter = *parameter || value->kind != EXPRESSION_LITERAL;
        if (value->kind == EXPRESSION_PARAMETER)
            binder->parameters[value->parameter].nullable = target->nullable ? NULLABLE_YES : NULLABLE_NO;
    }
}

static bool bind_selected(struct binder *binder, struct change *change)
{
    const struct column *columns = change->source->table->columns;
    struct query *query = change->query;
    size_t standard_count;
    char from[48], to[48];

    if (!bind_query(binder, query, NULL))
        return false;
    if (query->column_count != change->target_count)
        return wrong_width(binder, change, query->column_count, query->at);
    change->converted = arena_array(binder->arena, query->column_count + 1, sizeof *change->converted);
    if (!change->converted)
        return error_memory(binder->err);
    for (size_t i = 0; i < query->column_count; i++)
        open_column(binder, query, i, &columns[change->targets[i]], &change->converted[i]);
    if (!bind_finish(binder, query))
        return false;
    for (size_t i = 0; i < query->column_count; i++) {
        const struct column *column = &columns[change->targets[i]];
        if (!typing_castable(&query->columns[i].type, &column->type)) {
            type_print(&query->columns[i].type, from, sizeof from);
            type_print(&column->type, to, sizeof to);
            return bind_error(binder, query->at, "42000", "A value of type %s can not be stored in the column %.128s of type %s; use CAST", from,
                              column->name, to);
        }
        change->converted[i] = change->converted[i] || !print_change_fits(&query->columns[i].type, &column->type);
    }
    return add_standards(binder, change, &change->values, &standard_count);
}

static bool bind_insert(struct binder *binder, struct change *change)
{
    bool all = change->columns.count == 0 && (change->query || change->row_count > 0);

    return bind_targets(binder, change, all) && (change->query ? bind_selected(binder, change) : bind_rows(binder, change));
}

static bool bind_update_or_delete(struct binder *binder, struct change *change)
{
    struct scope scope = {.no_aggregates = change->kind == CHANGE_UPDATE ? "SET" : "WHERE"};
    const struct column *columns = change->source->table->columns;

    scope.no_windows = scope.no_aggregates;
    if (!scope_add_source(binder, &scope, change->source) || !bind_targets(binder, change, false))
        return false;
    for (size_t i = 0; i < change->value_count; i++)
        if (!bind_value(binder, &scope, &change->values[i], &columns[change->targets[i]], change->value_at[i]))
            return false;
    scope.no_aggregates = scope.no_windows = "WHERE";
    return !change->where || bind_condition(binder, &scope, &change->where);
}

bool bind_change(struct binder *binder, struct change *change, struct statement *statement)
{
    static const char *const commands[] = {[CHANGE_INSERT] = "INSERT", [CHANGE_UPDATE] = "UPDATE WHERE", [CHANGE_DELETE] = "DELETE WHERE"};
    struct buffer out;

    if (!bind_target(binder, change) ||
        !(change->kind == CHANGE_INSERT ? bind_insert(binder, change) : bind_update_or_delete(binder, change)))
        return false;
    if (change->query && !push_query(binder, change->query, statement))
        return false;
    buffer_init(&out, PRINT_LIMIT);
    print_change(&out, change, &statement->rows_at);
    statement->engine_sql = bind_printed(binder, &out);
    statement->target = change->source->table;
    statement->command = commands[change->kind];
    return statement->engine_sql != NULL;
}
