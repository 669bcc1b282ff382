/* Calls of functions as SQLite must see them: aggregates by the type they work on, FILTER, windows. */
#include <string.h>

#include "sql/print.h"

static void print_bound(struct buffer *out, const struct frame_bound *bound)
{
    static const char *const words[] = {
        [BOUND_UNBOUNDED_PRECEDING] = "UNBOUNDED PRECEDING", [BOUND_PRECEDING] = " PRECEDING", [BOUND_CURRENT_ROW] = "CURRENT ROW",
        [BOUND_FOLLOWING] = " FOLLOWING", [BOUND_UNBOUNDED_FOLLOWING] = "UNBOUNDED FOLLOWING",
    };
    if (bound->distance)
        print_expression(out, bound->distance, LEVEL_OR);
    buffer_append_text(out, words[bound->kind]);
}

static void print_window(struct buffer *out, const struct window *window)
{
    buffer_append_text(out, " OVER (");
    if (window->partition_count) {
        buffer_append_text(out, "PARTITION BY ");
        print_list(out, window->partition, window->partition_count);
    }
    if (window->order_count) {
        buffer_append_text(out, window->partition_count ? " ORDER BY " : "ORDER BY ");
        print_order(out, window->order, window->order_count, POSITION_NUMBER, NULL);
    }
    if (window->unit) {
        buffer_printf(out, "%s%s ", window->partition_count || window->order_count ? " " : "", window->unit);
        if (window->end.kind != BOUND_NONE)
            buffer_append_text(out, "BETWEEN ");
        print_bound(out, &window->start);
        if (window->end.kind != BOUND_NONE) {
            buffer_append_text(out, " AND ");
            print_bound(out, &window->end);
        }
        if (window->exclude)
            buffer_printf(out, " EXCLUDE %s", window->exclude);
    }
    buffer_append_char(out, ')');
}

static bool is_decimal_aggregate(const struct expression *call)
{
    enum function_result result = call->function->result;
    return (result == RESULT_SUM || result == RESULT_AVERAGE) && call->type.kind == TYPE_DECIMAL;
}

static const char *engine_name(const struct expression *call)
{
    bool sum = call->function->result == RESULT_SUM;

    if (!sum && call->function->result != RESULT_AVERAGE)
        return call->function->engine_name;
    switch (call->operands[0]->type.kind) {
    case TYPE_DECIMAL:
        return sum ? "sum_decimal" : "average_decimal";
    case TYPE_DOUBLE:
        return sum ? "sum_double" : "average_double";
    default:
        return sum ? "sum_integer" : "average_integer";
    }
}

static void print_filter(struct buffer *out, const struct expression *call)
{
    if (!call->filter)
        return;
    buffer_append_text(out, " FILTER (WHERE ");
    print_condition(out, call->filter, LEVEL_OR);
    buffer_append_char(out, ')');
}

/* string_join(x, 'how', separator, keys…): see sql/functions.h. */
static void print_string_join(struct buffer *out, const struct expression *call)
{
    buffer_append_text(out, "string_join(");
    print_expression(out, call->operands[0], LEVEL_OR);
    buffer_printf(out, ", '%s", call->distinct ? "u" : "-");
    for (size_t i = 0; i < call->order_count; i++) {
        const struct order_item *item = &call->order[i];
        bool nulls_last = item->nulls == NULLS_DEFAULT ? item->descending : item->nulls == NULLS_LAST;
        buffer_printf(out, "%c%c%c", item->descending ? 'd' : 'a', nulls_last ? 'l' : 'f', item->decimal ? 'n' : '-');
    }
    buffer_append_text(out, "', ");
    if (call->operand_count > 1)
        print_expression(out, call->operands[1], LEVEL_OR);
    else
        buffer_append_text(out, call->function->name[0] == 'G' ? "','" : "''");
    for (size_t i = 0; i < call->order_count; i++) {
        buffer_append_text(out, ", ");
        print_expression(out, call->order[i].expression, LEVEL_OR);
    }
    buffer_append_char(out, ')');
    print_filter(out, call);
}

/* percentile(x, share) */
static void print_percentile(struct buffer *out, const struct expression *call)
{
    bool median = call->order_count == 0;

    buffer_append_text(out, "percentile(");
    print_expression(out, median ? call->operands[0] : call->order[0].expression, LEVEL_OR);
    buffer_append_text(out, median ? ", 0.5" : call->order[0].descending ? ", 1.0 - " : ", ");
    if (!median)
        print_expression(out, call->operands[0], LEVEL_PRODUCT);
    buffer_append_char(out, ')');
    print_filter(out, call);
}

/* The call that an operand is, if its operands may stand in its place: f(f(a, b), c) is f(a, b, c), because SQLite's parser goes only
 * some thirty calls deep. NULL for none. */
static const struct expression *same_call(const struct expression *call, size_t operand)
{
    static const char *const names[] = {"coalesce", "max", "min", "fn_concat", "fn_replace"};
    const struct expression *inner = print_without_casts(call->operands[operand]);
    bool replace = strcmp(call->function->engine_name, "fn_replace") == 0;

    if (inner->kind != EXPRESSION_FUNCTION || call->function->aggregate || inner->function->aggregate ||
        strcmp(inner->function->engine_name, call->function->engine_name) != 0 || (replace && operand > 0))
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(call->function->engine_name, names[i]) == 0)
            return inner;
    return NULL;
}

/* room: how many more arguments than its own the call may get. */
static void print_operands(struct buffer *out, const struct expression *call, size_t *room)
{
    for (size_t i = 0; i < call->operand_count; i++) {
        const struct expression *inner = same_call(call, i);
        buffer_append_text(out, i ? ", " : "");
        if (inner && inner->operand_count <= *room) {
            *room -= inner->operand_count;
            print_operands(out, inner, room);
        } else {
            print_expression(out, call->operands[i], LEVEL_OR);
        }
    }
}

void print_function(struct buffer *out, const struct expression *call)
{
    enum { MOST_ARGUMENTS = 127 /* SQLite's bound */ };

    if (strcmp(call->function->engine_name, "string_join") == 0) {
        print_string_join(out, call);
        return;
    }
    if (strcmp(call->function->engine_name, "percentile") == 0) {
        print_percentile(out, call);
        return;
    }
    buffer_printf(out, "%s(%s", engine_name(call), call->distinct ? "DISTINCT " : "");
    if (call->star)
        buffer_append_char(out, '*');
    if (call->word)
        buffer_printf(out, "'%s'%s", call->word, call->operand_count ? ", " : "");
    if (call->decimal_order) {
        print_expression(out, call->operands[0], LEVEL_CONCATENATION);
        buffer_append_text(out, " COLLATE decimal");
        buffer_append_text(out, call->operand_count > 1 ? ", " : "");
        print_list(out, call->operands + 1, call->operand_count - 1);
    } else {
        size_t room = call->operand_count < MOST_ARGUMENTS ? MOST_ARGUMENTS - call->operand_count : 0;
        print_operands(out, call, &room);
    }
    if (is_decimal_aggregate(call) && !call->distinct)
        buffer_printf(out, ", %d", (int)call->type.scale);
    buffer_append_char(out, ')');
    print_filter(out, call);
    if (call->window)
        print_window(out, call->window);
}
