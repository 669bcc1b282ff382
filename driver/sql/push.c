#include "sql/push.h"

#include <string.h>

#include "base/error.h"
#include "sql/scope.h"

/* What is at hand while a statement is gone through. */
struct push {
    struct binder *binder;
    struct push_notes notes;
};

/* The joins of one FROM whose conditions hold for every row that WHERE sees. */
struct inner {
    struct expression **conditions;   /* of WHERE and of inner joins, without AND */
    size_t count, room;
};

struct expression *push_pair(struct binder *binder, enum expression_kind kind, enum operator op, struct expression *a, struct expression *b)
{
    struct expression *pair = arena_alloc(binder->arena, sizeof *pair);
    struct expression **operands = arena_array(binder->arena, 2, sizeof *operands);

    if (!pair || !operands) {
        error_memory(binder->err);
        return NULL;
    }
    operands[0] = a;
    operands[1] = b;
    *pair = (struct expression){.kind = kind, .op = op, .operands = operands, .operand_count = 2, .at = a->at, .bound = true, .typed = true,
                                .type = {.kind = TYPE_BOOLEAN}, .nullable = true, .depth = (uint16_t)((a->depth > b->depth ? a->depth : b->depth) + 1)};
    return pair;
}

struct expression *push_literal(struct binder *binder, const struct type *type, struct value value)
{
    struct expression *literal = arena_alloc(binder->arena, sizeof *literal);

    if (!literal) {
        error_memory(binder->err);
        return NULL;
    }
    *literal = (struct expression){.kind = EXPRESSION_LITERAL, .bound = true, .typed = true, .type = *type, .value = value, .depth = 1,
                                   .nullable = value_is_null(&value)};
    return literal;
}

bool push_and(struct binder *binder, struct expression **condition, struct expression *more)
{
    if (*condition)
        more = push_pair(binder, EXPRESSION_LOGICAL, OPERATOR_AND, *condition, more);
    if (more)
        *condition = more;
    return more;
}

bool push_is_constant(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_LITERAL || expression->kind == EXPRESSION_PARAMETER)
        return true;
    if (expression->kind != EXPRESSION_CAST && expression->kind != EXPRESSION_NEGATE && expression->kind != EXPRESSION_ARITHMETIC)
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!push_is_constant(expression->operands[i]))
            return false;
    return true;
}

/* ---- Conditions that follow ---- */

static bool add_condition(struct push *push, struct inner *inner, struct expression *condition)
{
    if (condition->kind == EXPRESSION_LOGICAL && condition->op == OPERATOR_AND) {
        for (size_t i = 0; i < condition->operand_count; i++)
            if (!add_condition(push, inner, condition->operands[i]))
                return false;
        return true;
    }
    if (inner->count == inner->room) {
        size_t room = inner->room ? inner->room * 2 : 16;
        struct expression **larger = arena_array(push->binder->arena, room, sizeof(struct expression *));
        if (!larger)
            return error_memory(push->binder->err);
        if (inner->count)
            memcpy(larger, inner->conditions, inner->count * sizeof(struct expression *));
        inner->conditions = larger;
        inner->room = room;
    }
    inner->conditions[inner->count++] = condition;
    return true;
}

static bool is_inner(const struct from *from)
{
    return from->join == JOIN_COMMA || from->join == JOIN_CROSS || from->join == JOIN_INNER;
}

static bool collect_inner(struct push *push, const struct from *from, struct inner *inner)
{
    if (!from->is_join)
        return true;
    if (is_inner(from))
        return (!from->condition || add_condition(push, inner, from->condition)) && collect_inner(push, from->left, inner) &&
               collect_inner(push, from->right, inner);
    return from->join != JOIN_LEFT || collect_inner(push, from->left, inner);
}

static bool is_column_of(const struct expression *expression, const struct from *side)
{
    return expression->kind == EXPRESSION_COLUMN && expression->source && (!side || bind_holds(side, expression->source));
}

static bool same_column(const struct expression *a, const struct expression *b)
{
    return a->kind == EXPRESSION_COLUMN && b->kind == EXPRESSION_COLUMN && a->source == b->source && a->column == b->column;
}

static bool is_equality(const struct expression *condition)
{
    return condition->kind == EXPRESSION_COMPARE && condition->op == OPERATOR_EQUAL &&
           condition->operands[0]->kind == EXPRESSION_COLUMN && condition->operands[1]->kind == EXPRESSION_COLUMN &&
           (condition->operands[0]->type.kind == condition->operands[1]->type.kind ||
            (type_is_whole(condition->operands[0]->type.kind) && type_is_whole(condition->operands[1]->type.kind))) &&
           !condition->operands[0]->source->columns[condition->operands[0]->column].pseudo &&
           !condition->operands[1]->source->columns[condition->operands[1]->column].pseudo;
}

/* column op constants: which holds for whatever equals the column, too. */
static bool is_about_column(const struct expression *condition)
{
    bool kind = (condition->kind == EXPRESSION_COMPARE && condition->op >= OPERATOR_EQUAL && condition->op <= OPERATOR_GREATER_EQUAL &&
                 condition->op != OPERATOR_NOT_EQUAL) ||
                ((condition->kind == EXPRESSION_IN || condition->kind == EXPRESSION_BETWEEN) && !condition->negated);
    if (!kind || condition->operands[0]->kind != EXPRESSION_COLUMN)
        return false;
    for (size_t i = 1; i < condition->operand_count; i++)
        if (!push_is_constant(condition->operands[i]))
            return false;
    return true;
}

/* The same condition about another column. */
static struct expression *about(struct push *push, const struct expression *condition, struct expression *column)
{
    struct expression *copy = arena_alloc(push->binder->arena, sizeof *copy);
    struct expression **operands = arena_array(push->binder->arena, condition->operand_count, sizeof *operands);

    if (!copy || !operands) {
        error_memory(push->binder->err);
        return NULL;
    }
    memcpy(operands, condition->operands, condition->operand_count * sizeof *operands);
    operands[0] = column;
    *copy = *condition;
    copy->operands = operands;
    return copy;
}

static bool is_there(const struct inner *inner, const struct expression *condition)
{
    for (size_t i = 0; i < inner->count; i++)
        if (bind_same(inner->conditions[i], condition))
            return true;
    return false;
}

enum { MOST_CONDITIONS = 64 /* past which nothing is derived any more: the work grows with their product */ };

/* a = b AND a op 5 gives b op 5, for all columns that are joined without outer joins. */
static bool repeat_over_equals(struct push *push, struct inner *inner, struct expression **where)
{
    for (size_t i = 0; i < inner->count && inner->count < MOST_CONDITIONS; i++)
        for (size_t j = 0; j < inner->count && is_about_column(inner->conditions[i]); j++) {
            const struct expression *equal = inner->conditions[j];
            for (int side = 0; is_equality(equal) && side < 2; side++) {
                if (!same_column(equal->operands[side], inner->conditions[i]->operands[0]))
                    continue;
                struct expression *more = about(push, inner->conditions[i], equal->operands[!side]);
                if (!more)
                    return false;
                if (!is_there(inner, more) && (!add_condition(push, inner, more) || !push_and(push->binder, where, more)))
                    return false;
            }
        }
    return true;
}

/* ---- The rows of VALUES ---- */

static bool is_compared(const struct inner *conditions, const struct source *source, size_t column)
{
    for (size_t i = 0; i < conditions->count; i++)
        for (int side = 0; is_equality(conditions->conditions[i]) && side < 2; side++)
            if (conditions->conditions[i]->operands[side]->source == source && conditions->conditions[i]->operands[side]->column == column)
                return true;
    return false;
}

/* Whether a column is what the rows of another table are found by. */
static bool is_join_key(struct push *push, const struct from *from, const struct inner *inner, const struct source *source, size_t column)
{
    struct inner on = {0};

    if (is_compared(inner, source, column))
        return true;
    if (!from->is_join)
        return false;
    return (from->join == JOIN_LEFT && from->condition && add_condition(push, &on, from->condition) && is_compared(&on, source, column)) ||
           is_join_key(push, from->left, inner, source, column) || is_join_key(push, from->right, inner, source, column);
}

/* column IN (the values that a query has there). *in stays NULL when they are many. Others than constants are repeated nowhere. */
static bool values_of(struct push *push, struct source *source, const struct query *query, size_t column, struct expression **in)
{
    enum { MOST_VALUES = 1000 };
    struct expression *list = arena_alloc(push->binder->arena, sizeof *list);
    struct expression **operands;

    *in = NULL;
    if (query->term_count > MOST_VALUES)
        return true;
    if (!list || !(operands = arena_array(push->binder->arena, query->term_count + 1, sizeof *operands)))
        return error_memory(push->binder->err);
    for (size_t i = 0; i < query->term_count; i++) {
        const struct select *select = query->terms[i].select;
        if (!select)
            return true;
        operands[i + 1] = select->items[column].expression;
    }
    operands[0] = scope_column(push->binder, source, column, query->at);
    *list = (struct expression){.kind = EXPRESSION_IN, .operands = operands, .operand_count = query->term_count + 1, .at = query->at, .bound = true,
                                .typed = true, .type = {.kind = TYPE_BOOLEAN}, .nullable = true, .depth = 2};
    *in = list;
    return operands[0];
}

/* What equals a column of VALUES can only be what stands there: that is as good as a condition on the column. */
static bool add_values(struct push *push, const struct from *whole, const struct from *part, struct inner *inner)
{
    if (part->is_join)
        return add_values(push, whole, part->left, inner) && add_values(push, whole, part->right, inner);
    struct source *source = part->source;
    const struct query *query = source->common ? source->common->query : source->query;
    for (size_t column = 0; query && column < source->column_count && inner->count < MOST_CONDITIONS; column++) {
        struct expression *in;
        if (!is_join_key(push, whole, inner, source, column))
            continue;
        if (!values_of(push, source, query, column, &in) || (in && !add_condition(push, inner, in)))
            return false;
    }
    return true;
}

/* The same for the side of a LEFT JOIN that can be missing: into its ON. */
static bool repeat_into_outer(struct push *push, const struct inner *inner, struct from *from)
{
    struct inner on = {0};

    if (!from->is_join)
        return true;
    if (from->join != JOIN_LEFT && !is_inner(from))
        return true;
    if (from->join == JOIN_LEFT && from->condition) {
        if (!add_condition(push, &on, from->condition))
            return false;
        size_t written = on.count;
        for (size_t i = 0; i < written && written < MOST_CONDITIONS; i++)
            for (size_t j = 0; is_equality(on.conditions[i]) && j < inner->count && j < MOST_CONDITIONS; j++)
                for (int side = 0; side < 2; side++) {
                    struct expression *left = on.conditions[i]->operands[side], *right = on.conditions[i]->operands[!side];
                    if (!is_about_column(inner->conditions[j]) || !same_column(left, inner->conditions[j]->operands[0]) ||
                        !is_column_of(left, from->left) || !is_column_of(right, from->right))
                        continue;
                    struct expression *more = about(push, inner->conditions[j], right);
                    if (!more)
                        return false;
                    if (!is_there(&on, more) && (!add_condition(push, &on, more) || !push_and(push->binder, &from->condition, more)))
                        return false;
                }
    }
    return repeat_into_outer(push, inner, from->left) && (from->join == JOIN_LEFT || repeat_into_outer(push, inner, from->right));
}

/* ---- Into derived tables ---- */

bool push_has_window(const struct expression *expression)
{
    if (expression->window)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (push_has_window(expression->operands[i]))
            return true;
    return false;
}

/* Whether rows of a SELECT may be left out by what it shows in a column, before they are grouped. */
static bool lets_in(const struct select *select, size_t column)
{
    if (select->top || select->items[column].expression->kind != EXPRESSION_COLUMN)
        return false;
    for (size_t i = 0; i < select->item_count; i++)
        if (push_has_window(select->items[i].expression))
            return false;
    bool grouped = !select->grouped;
    for (size_t i = 0; i < select->group_count && !grouped; i++)
        grouped = bind_same(select->groups[i], select->items[column].expression);
    return grouped;
}

/* A condition on a derived table's column, once more inside of it. SQLite does this itself but for the missing side of a LEFT JOIN. */
static bool repeat_inside(struct push *push, const struct expression *condition)
{
    const struct expression *column = condition->operands[0];
    struct query *query = column->source->query;

    if (!query || query->limit || query->offset || query->common_count)
        return true;
    for (size_t i = 0; i < query->term_count; i++)
        if (!query->terms[i].select || (i > 0 && query->terms[i].set != SET_UNION && query->terms[i].set != SET_UNION_ALL))
            return true;
    for (size_t i = 0; i < query->term_count; i++) {
        struct select *select = query->terms[i].select;
        if (!lets_in(select, column->column) || select->items[column->column].expression->type.kind != column->type.kind)
            continue;
        struct expression *more = about(push, condition, select->items[column->column].expression);
        if (!more || !push_and(push->binder, &select->where, more))
            return false;
    }
    return true;
}

static bool repeat_inside_outer(struct push *push, struct from *from)
{
    struct inner on = {0};

    if (!from->is_join)
        return true;
    if (from->join == JOIN_LEFT && from->condition) {
        if (!add_condition(push, &on, from->condition))
            return false;
        for (size_t i = 0; i < on.count; i++)
            if (is_about_column(on.conditions[i]) && is_column_of(on.conditions[i]->operands[0], from->right) && !repeat_inside(push, on.conditions[i]))
                return false;
    }
    return repeat_inside_outer(push, from->left) && repeat_inside_outer(push, from->right);
}

/* ---- Conditions that are never true ---- */

/* The first table of a side that can be missing: a condition on it keeps all of the side away. */
static struct source *first_source(const struct from *from)
{
    while (from->is_join) {
        if (!is_inner(from) && from->join != JOIN_LEFT)
            return NULL;
        from = from->left;
    }
    return from->source;
}

/* LEFT JOIN t ON 1 = 0: SQLite would read t and then drop its rows. That no column equals NULL, it asks of t before reading. */
static bool keep_away(struct push *push, struct from *join)
{
    struct source *source = join->join == JOIN_LEFT ? first_source(join->right) : join->join == JOIN_RIGHT ? first_source(join->left) : NULL;
    struct inner on = {0};
    bool never = false;

    if (!source || !join->condition)
        return true;
    if (!add_condition(push, &on, join->condition))
        return false;
    for (size_t i = 0; i < on.count; i++)
        never = never || simplify_is_never(on.conditions[i]);
    struct expression *column = never ? scope_column(push->binder, source, 0, join->at) : NULL;
    struct expression *null = column ? push_literal(push->binder, &column->type, value_null()) : NULL;
    struct expression *equal = null ? push_pair(push->binder, EXPRESSION_COMPARE, OPERATOR_EQUAL, column, null) : NULL;
    if (!never)
        return true;
    return equal && push_and(push->binder, &join->condition, equal) && (source->table || repeat_inside(push, equal));
}

/* ---- The walk ---- */

static bool push_one(struct push *push, struct query *query);

static bool push_expression(struct push *push, struct expression *expression)
{
    if (!push_note_test(&push->notes, expression))
        return false;
    if (expression->query && !push_one(push, expression->query))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!push_expression(push, expression->operands[i]))
            return false;
    return true;
}

/* The condition simplified, with what follows from its parts. */
static bool push_condition(struct push *push, struct expression **condition)
{
    struct inner parts = {0};

    if (!simplify_condition(push->binder, condition) || !add_condition(push, &parts, *condition))
        return false;
    for (size_t i = 0; i < parts.count; i++) {
        struct expression *implied;
        if (!simplify_imply(push->binder, parts.conditions[i], &implied) || (implied && !push_and(push->binder, condition, implied)))
            return false;
    }
    return true;
}

static bool simplify_from(struct push *push, struct from *from)
{
    if (!from->is_join)
        return true;
    return (!from->condition || push_condition(push, &from->condition)) && keep_away(push, from) && simplify_from(push, from->left) &&
           simplify_from(push, from->right);
}

static bool push_from(struct push *push, struct from *from)
{
    if (from->is_join)
        return (!from->condition || push_expression(push, from->condition)) && push_from(push, from->left) && push_from(push, from->right);
    if (from->source->table)
        push_note_table(&push->notes, from->source->table);
    return !from->source->query || push_one(push, from->source->query);
}

static bool push_select(struct push *push, struct select *select)
{
    if (select->where && !push_condition(push, &select->where))
        return false;
    if (select->from) {
        struct inner inner = {0};
        if (select->where)
            bind_outer_joins(select->from, select->where); /* simplified, it may reject more missing rows */
        if (!simplify_from(push, select->from) || (select->where && !add_condition(push, &inner, select->where)) ||
            !collect_inner(push, select->from, &inner) || !add_values(push, select->from, select->from, &inner) ||
            !repeat_over_equals(push, &inner, &select->where) || !repeat_into_outer(push, &inner, select->from) ||
            !repeat_inside_outer(push, select->from) || !push_from(push, select->from))
            return false;
    }
    if (!tell_select(push->binder, select))
        return false;
    if (select->where && !push_expression(push, select->where))
        return false;
    if (select->having && !push_expression(push, select->having))
        return false;
    for (size_t i = 0; i < select->item_count; i++)
        if (!push_expression(push, select->items[i].expression))
            return false;
    return true;
}

static bool push_one(struct push *push, struct query *query)
{
    for (size_t i = 0; i < query->common_count; i++)
        if (!push_one(push, query->common[i].query))
            return false;
    for (size_t i = 0; i < query->term_count; i++)
        if (!(query->terms[i].select ? push_select(push, query->terms[i].select) : push_one(push, query->terms[i].query)))
            return false;
    for (size_t i = 0; i < query->order_count; i++)
        if (!push_expression(push, query->order[i].expression))
            return false;
    return true;
}

bool push_query(struct binder *binder, struct query *query, struct statement *statement)
{
    struct push push = {.binder = binder};

    if (!push_notes_begin(&push.notes, binder) || !prune_unseen(binder, query) || !push_one(&push, query))
        return false;
    push_notes_end(&push.notes, statement);
    if (!tell_end(binder, statement))
        return false;
    statement->bounded = query->limit;
    return true;
}
