/* Outer joins that WHERE makes inner: a condition that no missing row satisfies leaves nothing of the join's outer rows.
 *
 * SQLite does the same for its own tables but not for virtual ones, so that a condition on the side that may be missing would
 * never reach the service, and an input, which is nothing but such a condition, would find no rows. */
#include "sql/binder.h"

/* A column, also behind casts, which leave NULL what it is. */
static const struct source *source_of(const struct expression *expression)
{
    while (expression->kind == EXPRESSION_CAST)
        expression = expression->operands[0];
    return expression->kind == EXPRESSION_COLUMN ? expression->source : NULL;
}

bool bind_holds(const struct from *from, const struct source *source)
{
    return from->is_join ? bind_holds(from->left, source) || bind_holds(from->right, source) : from->source == source;
}

/* Whether the condition is never true where all columns of `side` are NULL. */
static bool rejects_missing(const struct expression *condition, const struct from *side)
{
    size_t looked_at = 1;

    switch (condition->kind) {
    case EXPRESSION_LOGICAL:
        for (size_t i = 0; i < condition->operand_count; i++)
            if (rejects_missing(condition->operands[i], side) != (condition->op == OPERATOR_OR))
                return condition->op == OPERATOR_AND;
        return condition->op == OPERATOR_OR;
    case EXPRESSION_COLUMN:
        return condition->source && bind_holds(side, condition->source);
    case EXPRESSION_NOT:
        return condition->operands[0]->kind == EXPRESSION_COLUMN && rejects_missing(condition->operands[0], side);
    case EXPRESSION_COMPARE:
        if (condition->op == OPERATOR_SAME || condition->op == OPERATOR_DIFFERENT)
            return false;
        looked_at = 2;
        break;
    case EXPRESSION_LIKE:
        looked_at = 2;
        break;
    case EXPRESSION_IS_NULL:
        if (!condition->negated)
            return false;
        break;
    case EXPRESSION_IS_TRUTH:
    case EXPRESSION_IN_QUERY: /* NOT IN is true of NULL when the query has no rows */
        if (condition->negated)
            return false;
        break;
    case EXPRESSION_BETWEEN:
    case EXPRESSION_IN:
        break;
    default:
        return false;
    }
    for (size_t i = 0; i < looked_at; i++) {
        const struct source *source = source_of(condition->operands[i]);
        if (source && bind_holds(side, source))
            return true;
    }
    return false;
}

void bind_outer_joins(struct from *from, const struct expression *where)
{
    enum { MOST_LEVELS = 64 /* as many tables as SQLite joins */ };

    if (!from->is_join || from->depth > MOST_LEVELS)
        return;
    bool left_alone = (from->join == JOIN_LEFT || from->join == JOIN_FULL) && !rejects_missing(where, from->right);
    bool right_alone = (from->join == JOIN_RIGHT || from->join == JOIN_FULL) && !rejects_missing(where, from->left);
    if (from->join == JOIN_LEFT || from->join == JOIN_RIGHT || from->join == JOIN_FULL)
        from->join = left_alone && right_alone ? JOIN_FULL : left_alone ? JOIN_LEFT : right_alone ? JOIN_RIGHT : JOIN_INNER;
    bind_outer_joins(from->left, where);
    bind_outer_joins(from->right, where);
}
