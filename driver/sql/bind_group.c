/* GROUP BY's rule: outside aggregates, only what is grouped by can be used. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/scope.h"

static bool same_literal(const struct expression *a, const struct expression *b)
{
    if (a->type.kind != b->type.kind || a->value.storage != b->value.storage)
        return false;
    return a->value.storage == STORAGE_NULL || value_compare(a->type.kind, &a->value, &b->value) == 0;
}

static bool same_operands(const struct expression *a, const struct expression *b)
{
    if (a->operand_count != b->operand_count)
        return false;
    for (size_t i = 0; i < a->operand_count; i++)
        if (!bind_same(a->operands[i], b->operands[i]))
            return false;
    return true;
}

bool bind_same(const struct expression *a, const struct expression *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->op != b->op || a->negated != b->negated || a->distinct != b->distinct || a->star != b->star ||
        a->simple != b->simple || a->truth != b->truth || a->has_else != b->has_else || a->query || b->query || a->window || b->window || a->or_null != b->or_null ||
        a->filter || b->filter || a->order_count || b->order_count)
        return false;
    switch (a->kind) {
    case EXPRESSION_LITERAL:
        return same_literal(a, b);
    case EXPRESSION_PARAMETER:
        return a->parameter == b->parameter;
    case EXPRESSION_COLUMN:
        return a->source == b->source && a->column == b->column;
    case EXPRESSION_CAST:
        return a->type.kind == b->type.kind && a->type.size == b->type.size && a->type.scale == b->type.scale && same_operands(a, b);
    case EXPRESSION_FUNCTION:
        return a->function == b->function && (a->word == b->word || (a->word && b->word && strcmp(a->word, b->word) == 0)) &&
               same_operands(a, b);
    default:
        return same_operands(a, b);
    }
}

struct check {
    struct binder *binder;
    const struct select *select;
};

static bool check_query(struct check *check, const struct query *query);

static bool check_list(struct check *check, struct expression *const *list, size_t count);

static bool check_order(struct check *check, const struct order_item *order, size_t count);

static bool ungrouped(struct check *check, const struct expression *column)
{
    const char *name = column->source->columns[column->column].name;
    return bind_error(check->binder, column->at, "42000",
                      check->select->group_count ? "The column %.128s stands neither in GROUP BY nor in an aggregate"
                                                 : "The column %.128s stands beside an aggregate; put it in GROUP BY or in an aggregate",
                      name);
}

static bool check_expression(struct check *check, const struct expression *expression)
{
    for (size_t i = 0; i < check->select->group_count; i++)
        if (bind_same(check->select->groups[i], expression))
            return true;
    if (expression->kind == EXPRESSION_COLUMN)
        return expression->source->owner != check->select || ungrouped(check, expression);
    if (expression->kind == EXPRESSION_FUNCTION && expression->function->aggregate && !expression->window)
        return true;
    if (!check_list(check, expression->operands, expression->operand_count))
        return false;
    if (expression->window && (!check_list(check, expression->window->partition, expression->window->partition_count) ||
                               !check_order(check, expression->window->order, expression->window->order_count)))
        return false;
    if (expression->filter && !check_expression(check, expression->filter))
        return false;
    return !expression->query || check_query(check, expression->query);
}

static bool check_list(struct check *check, struct expression *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!check_expression(check, list[i]))
            return false;
    return true;
}

static bool check_order(struct check *check, const struct order_item *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!order[i].ordinal && !check_expression(check, order[i].expression))
            return false;
    return true;
}

static bool check_from(struct check *check, const struct from *from)
{
    if (!from->is_join)
        return !from->query || check_query(check, from->query);
    return check_from(check, from->left) && check_from(check, from->right) && (!from->condition || check_expression(check, from->condition));
}

/* A subquery may use columns of the query around it; those count as used there. */
static bool check_inner_select(struct check *check, const struct select *select)
{
    for (size_t i = 0; i < select->item_count; i++)
        if (!check_expression(check, select->items[i].expression))
            return false;
    return (!select->from || check_from(check, select->from)) && (!select->where || check_expression(check, select->where)) &&
           check_list(check, select->groups, select->group_count) && (!select->having || check_expression(check, select->having));
}

static bool check_query(struct check *check, const struct query *query)
{
    for (size_t i = 0; i < query->term_count; i++) {
        const struct query_term *term = &query->terms[i];
        if (!(term->select ? check_inner_select(check, term->select) : check_query(check, term->query)))
            return false;
    }
    return check_order(check, query->order, query->order_count);
}

bool bind_grouping(struct binder *binder, const struct select *select, const struct order_item *order, size_t order_count)
{
    struct check check = {binder, select};

    for (size_t i = 0; i < select->item_count; i++)
        if (!check_expression(&check, select->items[i].expression))
            return false;
    return (!select->having || check_expression(&check, select->having)) && check_order(&check, order, order_count);
}
