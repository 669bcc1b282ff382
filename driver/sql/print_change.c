/* INSERT, UPDATE and DELETE as SQLite must see them: each value brought to its column's type by store_value where it is not of it. */
#include "sql/print_change.h"

#include <string.h>

#include "sql/change_tree.h"
#include "sql/place.h"
#include "sql/print.h"
#include "sql/typing.h"

/* The application brings a parameter to the column's type but for lengths, scales and fractions. */
static bool is_loose(const struct type *type)
{
    switch (type->kind) {
    case TYPE_STRING:
    case TYPE_BINARY:
        return type->size > 0;
    case TYPE_DECIMAL:
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        return true;
    default:
        return false;
    }
}

bool print_change_fits(const struct type *from, const struct type *to)
{
    bool clock = from->kind == TYPE_TIME || from->kind == TYPE_TIMESTAMP;

    return typing_same_storage(from, to) || (clock && from->kind == to->kind && from->scale <= to->scale);
}

/* Whether a parameter's value, as long as it is, may be that of the expression. */
static bool may_be_parameter(const struct expression *value)
{
    return value->kind == EXPRESSION_PARAMETER || value->kind == EXPRESSION_CASE || value->kind == EXPRESSION_NEGATE ||
           (value->kind == EXPRESSION_FUNCTION && value->function->result == RESULT_COMMON);
}

static bool needs_store(const struct expression *value, const struct type *to)
{
    if (value->kind == EXPRESSION_LITERAL) /* it has been brought to the type when it was bound */
        return false;
    return !print_change_fits(&value->type, to) || (may_be_parameter(value) && is_loose(to));
}

static void print_store_end(struct buffer *out, const struct type *from, const struct column *column)
{
    char name[48];

    type_print(from, name, sizeof name);
    buffer_printf(out, ", '%s', ", name);
    type_print(&column->type, name, sizeof name);
    buffer_printf(out, "'%s', ", name);
    print_text(out, column->name);
    buffer_append_char(out, ')');
}

static void print_stored(struct buffer *out, const struct expression *value, const struct column *column)
{
    bool convert = needs_store(value, &column->type);

    buffer_append_text(out, convert ? "store_value(" : "");
    print_expression(out, value, LEVEL_OR);
    if (convert)
        print_store_end(out, &value->type, column);
}

static const struct column *target(const struct change *change, size_t i)
{
    return &change->source->table->columns[change->targets[i]];
}

static void print_targets(struct buffer *out, const struct change *change)
{
    for (size_t i = 0; i < change->target_count; i++) {
        buffer_append_text(out, i ? ", " : " (");
        print_name(out, target(change, i)->name);
    }
    buffer_append_char(out, ')');
}

static void print_rows(struct buffer *out, const struct change *change)
{
    buffer_append_text(out, " VALUES ");
    for (size_t r = 0; r < change->row_count; r++) {
        buffer_append_text(out, r ? ", (" : "(");
        for (size_t i = 0; i < change->width; i++) {
            buffer_append_text(out, i ? ", " : "");
            print_stored(out, change->values[r * change->width + i], target(change, i));
        }
        buffer_append_char(out, ')');
    }
}

/* The query's columns, converted where they must be, and the defaults that it lacks. */
static void print_selected(struct buffer *out, const struct change *change)
{
    const struct query *query = change->query;
    bool direct = change->target_count == query->column_count;

    for (size_t i = 0; i < query->column_count; i++)
        direct = direct && !change->converted[i];
    buffer_append_char(out, ' ');
    if (direct) {
        print_query(out, query, false);
        return;
    }
    buffer_append_text(out, "SELECT ");
    for (size_t i = 0; i < change->target_count; i++) {
        buffer_append_text(out, i ? ", " : "");
        if (i >= query->column_count) {
            print_stored(out, change->values[i - query->column_count], target(change, i));
            continue;
        }
        buffer_append_text(out, change->converted[i] ? "store_value(" : "");
        buffer_printf(out, "\"q\".\"c%zu\"", i + 1);
        if (change->converted[i])
            print_store_end(out, &query->columns[i].type, target(change, i));
    }
    buffer_append_text(out, " FROM (");
    print_query(out, query, true);
    buffer_append_text(out, ") AS \"q\"");
}

static void print_insert(struct buffer *out, const struct change *change, size_t *rows_at)
{
    const struct table *table = change->source->table;

    buffer_append_text(out, "INSERT INTO ");
    print_place(out, table->place, table->name);
    if (change->target_count == 0) {
        buffer_append_text(out, " DEFAULT VALUES");
        return;
    }
    print_targets(out, change);
    if (!change->query) {
        print_rows(out, change);
        return;
    }
    *rows_at = out->length;
    print_selected(out, change);
}

static void print_assignments(struct buffer *out, const struct change *change)
{
    for (size_t i = 0; i < change->target_count; i++) {
        buffer_append_text(out, i ? ", " : " SET ");
        print_name(out, target(change, i)->name);
        buffer_append_text(out, " = ");
        print_stored(out, change->values[i], target(change, i));
    }
}

void print_change(struct buffer *out, const struct change *change, size_t *rows_at)
{
    const struct source *source = change->source;

    *rows_at = 0;
    if (change->kind == CHANGE_INSERT) {
        print_insert(out, change, rows_at);
        return;
    }
    buffer_append_text(out, change->kind == CHANGE_UPDATE ? "UPDATE " : "DELETE FROM ");
    print_place(out, source->table->place, source->table->name);
    buffer_append_text(out, " AS ");
    print_name(out, source->printed);
    print_assignments(out, change);
    if (change->where) {
        buffer_append_text(out, " WHERE ");
        print_condition(out, change->where, LEVEL_OR);
    }
}
