/* CREATE TABLE … AS SELECT and SELECT … INTO: the table that holds what the query yields, and the INSERT that fills it. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/change_tree.h"
#include "sql/declared_type.h"
#include "sql/place.h"
#include "sql/print.h"
#include "sql/push.h"

/* The query's columns, under the names that are given; whether a value may be NULL is left open. */
static bool take_columns(struct binder *binder, const struct definition *definition, struct table *table)
{
    const struct query *query = definition->query;
    struct column *columns = arena_array(binder->arena, query->column_count + 1, sizeof *columns);

    if (!columns)
        return error_memory(binder->err);
    if (definition->names.count && definition->names.count != query->column_count)
        return bind_error(binder, definition->names.at[0], "21S02", "%zu column names are given for the %zu columns of the query",
                          definition->names.count, query->column_count);
    for (size_t i = 0; i < query->column_count; i++) {
        const char *name = definition->names.count ? definition->names.names[i] : query->columns[i].name;
        if (!bind_new_name(binder, name, definition->at))
            return false;
        for (size_t j = 0; j < i; j++)
            if (name_equal(columns[j].name, name))
                return bind_error(binder, definition->at, "42S21", "The table %.128s would have two columns %.128s; AS gives one of them another "
                                  "name", table->name, name);
        columns[i] = (struct column){.name = name, .description = "", .type = query->columns[i].type, .nullable = true};
        if (type_is_whole(columns[i].type.kind))
            columns[i].type.size = 0;
    }
    table->columns = columns;
    table->column_count = query->column_count;
    return true;
}

static const char *print_table(struct binder *binder, const struct table *table)
{
    char type[DECLARED_TYPE_ROOM];
    struct buffer out;

    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, "CREATE TABLE ");
    print_place(&out, table->place, table->name);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        buffer_append_text(&out, i ? ", " : " (");
        print_name(&out, column->name);
        declared_type_print(&column->type, type);
        buffer_printf(&out, " %s%s", type, column->type.kind == TYPE_DECIMAL ? " COLLATE decimal" : "");
    }
    buffer_append_char(&out, ')');
    return bind_printed(binder, &out);
}

static const char *print_fill(struct binder *binder, const struct table *table, const struct query *query, size_t *rows_at)
{
    struct buffer out;

    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, "INSERT INTO ");
    print_place(&out, table->place, table->name);
    *rows_at = out.length;
    buffer_append_char(&out, ' ');
    print_query(&out, query, false);
    return bind_printed(binder, &out);
}

bool bind_filled_table(struct binder *binder, struct definition *definition, struct table *table, struct statement *statement)
{
    if (!bind_query(binder, definition->query, NULL) || !bind_finish(binder, definition->query) || !take_columns(binder, definition, table) ||
        !push_query(binder, definition->query, statement))
        return false;
    statement->engine_sql = print_table(binder, table);
    if (!statement->engine_sql || definition->without_data)
        return statement->engine_sql != NULL;
    statement->fill_sql = print_fill(binder, table, definition->query, &statement->rows_at);
    return statement->fill_sql != NULL;
}
