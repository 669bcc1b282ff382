/* Inputs, and columns with a standard: where the service must hear of a condition.
 *
 * An input is a column that a table is only asked by. The service hears of one when it is compared by itself, in an AND of conditions
 * on rows that are always there. Anywhere else there would be nothing to compare with, and the answer would be silently wrong. */
#include "sql/binder.h"

/* One WHERE or ON. */
struct clause {
    struct binder *binder;
    const struct select *select;
    const struct from *on;      /* the join of an ON; NULL for WHERE */
};

static bool is_input(const struct clause *clause, const struct expression *expression)
{
    return expression->kind == EXPRESSION_COLUMN && expression->source && expression->source->owner == clause->select &&
           expression->source->columns[expression->column].pseudo;
}

static bool refuse(const struct clause *clause, const struct expression *input)
{
    const char *name = input->source->columns[input->column].name;
    return bind_error(clause->binder, input->at, "42000",
                      "%.128s is only an input of %.128s: compare it by itself, as in %.128s = '…' AND …; not below OR, NOT or a function, "
                      "with a column of its own table, or on the side of an outer join that may be missing",
                      name, input->source->table ? input->source->table->name : input->source->alias, name);
}

static bool has_none(const struct clause *clause, const struct expression *expression)
{
    if (is_input(clause, expression))
        return refuse(clause, expression);
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!has_none(clause, expression->operands[i]))
            return false;
    return true;
}

static bool uses(const struct expression *expression, const struct source *source)
{
    if (expression->kind == EXPRESSION_COLUMN && expression->source == source)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (uses(expression->operands[i], source))
            return true;
    return false;
}

/* Whether rows of the source can be missing behind these joins. */
static bool may_be_missing(const struct from *from, const struct source *source)
{
    if (!from->is_join)
        return false;
    bool left = bind_holds(from->left, source), right = bind_holds(from->right, source);
    if ((left && (from->join == JOIN_RIGHT || from->join == JOIN_FULL)) || (right && (from->join == JOIN_LEFT || from->join == JOIN_FULL)))
        return true;
    return (left && may_be_missing(from->left, source)) || (right && may_be_missing(from->right, source));
}

static bool is_heard(const struct clause *clause, const struct source *source)
{
    if (!clause->on)
        return !may_be_missing(clause->select->from, source);
    switch (clause->on->join) {
    case JOIN_LEFT:
        return bind_holds(clause->on->right, source) && !may_be_missing(clause->on->right, source);
    case JOIN_RIGHT:
    case JOIN_FULL:
        return false;
    default:
        return !may_be_missing(clause->on, source);
    }
}

/* a = b, a IN (…): an input may be an operand, but not be deeper, nor meet its own table. */
static bool check_comparison(const struct clause *clause, const struct expression *comparison)
{
    for (size_t i = 0; i < comparison->operand_count; i++) {
        const struct expression *operand = comparison->operands[i];
        if (!is_input(clause, operand)) {
            if (!has_none(clause, operand))
                return false;
            continue;
        }
        if (comparison->negated || !is_heard(clause, operand->source))
            return refuse(clause, operand);
        for (size_t j = 0; j < comparison->operand_count; j++)
            if (j != i && uses(comparison->operands[j], operand->source))
                return refuse(clause, operand);
    }
    return true;
}

/* a = 1 OR a = 2, which is a list. */
static bool is_list(const struct clause *clause, const struct expression *any)
{
    const struct expression *first = NULL;

    for (size_t i = 0; i < any->operand_count; i++) {
        const struct expression *one = any->operands[i];
        if (one->kind != EXPRESSION_COMPARE || one->op != OPERATOR_EQUAL || !is_input(clause, one->operands[0]))
            return false;
        if (first && (one->operands[0]->source != first->source || one->operands[0]->column != first->column))
            return false;
        first = one->operands[0];
    }
    return true;
}

static bool check_condition(const struct clause *clause, const struct expression *condition)
{
    switch (condition->kind) {
    case EXPRESSION_LOGICAL:
        if (condition->op == OPERATOR_OR && !is_list(clause, condition))
            return has_none(clause, condition);
        for (size_t i = 0; i < condition->operand_count; i++)
            if (!check_condition(clause, condition->operands[i]))
                return false;
        return true;
    case EXPRESSION_COLUMN:
        return !is_input(clause, condition) || is_heard(clause, condition->source) || refuse(clause, condition);
    case EXPRESSION_NOT:
        return condition->operands[0]->kind == EXPRESSION_COLUMN ? check_condition(clause, condition->operands[0])
                                                                 : has_none(clause, condition);
    case EXPRESSION_COMPARE:
    case EXPRESSION_BETWEEN:
    case EXPRESSION_LIKE:
    case EXPRESSION_IN:
    case EXPRESSION_IN_QUERY:
        return check_comparison(clause, condition);
    default:
        return has_none(clause, condition);
    }
}

/* ---- Columns with a standard ---- */

/* Of these a service shows some rows only, while no condition names the column (struct column.narrowed). Where there is no word for all of
 * them, the service has to hear of the condition: it hears of one that compares the column by itself. */
static bool has_standard(const struct clause *clause, const struct expression *expression)
{
    if (expression->kind != EXPRESSION_COLUMN || !expression->source || expression->source->owner != clause->select)
        return false;
    const struct source_column *shown = &expression->source->columns[expression->column];
    const struct column *column = shown->table && shown->column >= 0 ? &shown->table->columns[shown->column] : NULL;
    return column && column->narrowed && !column->any;
}

static bool same_column(const struct expression *a, const struct expression *b)
{
    return a->source == b->source && a->column == b->column;
}

/* Whether a condition lets the service hear of the column. */
static bool names(const struct expression *condition, const struct expression *column)
{
    bool compares = false;

    switch (condition->kind) {
    case EXPRESSION_LOGICAL:
        for (size_t i = 0; i < condition->operand_count; i++) {
            bool one = names(condition->operands[i], column);
            if (one == (condition->op == OPERATOR_AND))
                return one;
        }
        return condition->op == OPERATOR_OR; /* all parts of an OR do: it is a list */
    case EXPRESSION_COMPARE:
        compares = condition->op >= OPERATOR_EQUAL && condition->op <= OPERATOR_GREATER_EQUAL;
        break;
    case EXPRESSION_BETWEEN: case EXPRESSION_IN: case EXPRESSION_IN_QUERY:
        compares = !condition->negated;
        break;
    case EXPRESSION_LIKE:
        compares = !condition->negated && condition->operand_count == 2;
        break;
    case EXPRESSION_IS_NULL:
        compares = true;
        break;
    default:
        break;
    }
    for (size_t i = 0; compares && i < condition->operand_count; i++) {
        bool first_only = condition->kind != EXPRESSION_COMPARE && i > 0;
        if (!first_only && condition->operands[i]->kind == EXPRESSION_COLUMN && same_column(condition->operands[i], column))
            return true;
    }
    return false;
}

/* Whether an OR of such comparisons is one of equalities, which is a list; others are not heard of. */
static bool is_named_in(const struct clause *clause, const struct expression *condition, const struct expression *column)
{
    if (condition->kind == EXPRESSION_LOGICAL && condition->op == OPERATOR_AND) {
        for (size_t i = 0; i < condition->operand_count; i++)
            if (is_named_in(clause, condition->operands[i], column))
                return true;
        return false;
    }
    if (condition->kind == EXPRESSION_LOGICAL)
        for (size_t i = 0; i < condition->operand_count; i++)
            if (condition->operands[i]->kind != EXPRESSION_COMPARE || condition->operands[i]->op != OPERATOR_EQUAL)
                return false;
    return is_heard(clause, column->source) && names(condition, column);
}

static bool is_named_in_joins(const struct clause *where, const struct from *from, const struct expression *column)
{
    if (!from->is_join)
        return false;
    const struct clause on = {where->binder, where->select, from};
    return (from->condition && is_named_in(&on, from->condition, column)) || is_named_in_joins(where, from->left, column) ||
           is_named_in_joins(where, from->right, column);
}

static bool check_named(const struct clause *clause, const struct expression *expression)
{
    const struct select *select = clause->select;

    if (has_standard(clause, expression) && (!clause->on || is_heard(clause, expression->source))) {
        const struct clause where = {clause->binder, select, NULL};
        if ((select->where && is_named_in(&where, select->where, expression)) || is_named_in_joins(&where, select->from, expression))
            return true;
        const struct source_column *shown = &expression->source->columns[expression->column];
        return bind_error(clause->binder, expression->at, "42000",
                          "%.128s shows rows of one %.128s only, unless it is compared by itself: that is not so below OR, NOT or a function, nor on "
                          "the side of an outer join that may be missing",
                          shown->table->name, shown->name);
    }
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!check_named(clause, expression->operands[i]))
            return false;
    return true;
}

/* ---- The clauses of a SELECT ---- */

static bool check_joins(struct binder *binder, const struct select *select, const struct from *from)
{
    if (!from->is_join)
        return true;
    const struct clause clause = {binder, select, from};
    if (from->condition && (!check_condition(&clause, from->condition) || !check_named(&clause, from->condition)))
        return false;
    return check_joins(binder, select, from->left) && check_joins(binder, select, from->right);
}

bool bind_inputs(struct binder *binder, const struct select *select)
{
    const struct clause clause = {binder, select, NULL};

    if (!select->from || !check_joins(binder, select, select->from))
        return !select->from;
    return !select->where || (check_condition(&clause, select->where) && check_named(&clause, select->where));
}
