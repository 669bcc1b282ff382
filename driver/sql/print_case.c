/* CASE as SQLite must see it: nested ones as branches of one, because BI tools nest them deeper than SQLite's parser goes. */
#include "sql/print.h"

/* A simple CASE over a column is also a searched one: its operand is no work to look at again. */
static bool is_searched(const struct expression *expression)
{
    return expression->kind == EXPRESSION_CASE && (!expression->simple || expression->operands[0]->kind == EXPRESSION_COLUMN);
}

static size_t first_branch(const struct expression *expression)
{
    return expression->simple ? 1 : 0;
}

/* The CASE that a branch's result is, if it can be part of the one around it; else NULL. */
static const struct expression *nested(const struct expression *result)
{
    const struct expression *inner = print_without_casts(result);
    return is_searched(inner) ? inner : NULL;
}

static unsigned depth_from(const struct expression *expression, size_t i)
{
    unsigned depth = 0;

    for (; i < expression->operand_count; i++)
        if (expression->operands[i]->depth > depth)
            depth = expression->operands[i]->depth;
    return depth;
}

static void print_when(struct buffer *out, const struct expression *expression, size_t i)
{
    if (!expression->simple) {
        print_condition(out, expression->operands[i], LEVEL_OR);
        return;
    }
    print_expression(out, expression->operands[0], LEVEL_ORDER);
    buffer_append_text(out, expression->decimal_order ? " COLLATE decimal = " : " = ");
    print_expression(out, expression->operands[i], LEVEL_ORDER);
}

static void print_result(struct buffer *out, const char *word, const struct expression *result)
{
    buffer_append_text(out, word);
    print_expression(out, result, LEVEL_OR);
}

/* WHEN … THEN … from an operand on, and ELSE. A CASE in ELSE goes on with its own branches. So does one that is deep in THEN, once
 * what stands behind it is taken out of the way: CASE WHEN a THEN (deep) ELSE b END is CASE WHEN not a THEN b (deep's branches) END. */
static void print_branches(struct buffer *out, const struct expression *expression, size_t i)
{
    enum { DEEP = 6 };

    for (; i + 1 < expression->operand_count; i += 2) {
        const struct expression *deep = nested(expression->operands[i + 1]);
        bool turned = deep && deep->depth > DEEP && deep->depth > depth_from(expression, i + 2);

        buffer_append_text(out, turned ? " WHEN CASE WHEN " : " WHEN ");
        print_when(out, expression, i);
        if (!turned) {
            print_result(out, " THEN ", expression->operands[i + 1]);
            continue;
        }
        buffer_append_text(out, " THEN 0 ELSE 1 END THEN ");
        if (i + 3 < expression->operand_count) {
            buffer_append_text(out, "CASE");
            print_branches(out, expression, i + 2);
            buffer_append_text(out, " END");
        } else if (expression->has_else) {
            print_expression(out, expression->operands[i + 2], LEVEL_OR);
        } else {
            buffer_append_text(out, "NULL");
        }
        print_branches(out, deep, first_branch(deep));
        return;
    }
    const struct expression *other = expression->has_else ? nested(expression->operands[i]) : NULL;
    if (other)
        print_branches(out, other, first_branch(other));
    else if (expression->has_else)
        print_result(out, " ELSE ", expression->operands[i]);
}

static bool holds_case(const struct expression *expression)
{
    for (size_t i = first_branch(expression) + 1; i < expression->operand_count; i++)
        if (nested(expression->operands[i]))
            return true;
    return false;
}

void print_case(struct buffer *out, const struct expression *expression)
{
    buffer_append_text(out, "CASE");
    if (!expression->simple || (is_searched(expression) && holds_case(expression))) {
        print_branches(out, expression, first_branch(expression));
    } else {
        print_result(out, " ", expression->operands[0]);
        buffer_append_text(out, expression->decimal_order ? " COLLATE decimal" : "");
        for (size_t i = 1; i + 1 < expression->operand_count; i += 2) {
            print_result(out, " WHEN ", expression->operands[i]);
            print_result(out, " THEN ", expression->operands[i + 1]);
        }
        if (expression->has_else)
            print_result(out, " ELSE ", expression->operands[expression->operand_count - 1]);
    }
    buffer_append_text(out, " END");
}
