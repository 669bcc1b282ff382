/* Conditions one by one: written as comparisons of a bare column with a value wherever they mean that. */
#include <stdio.h>
#include <string.h>

#include "base/datetime.h"
#include "base/error.h"
#include "sql/push.h"

static enum operator opposite(enum operator op)
{
    switch (op) {
    case OPERATOR_EQUAL: return OPERATOR_NOT_EQUAL;
    case OPERATOR_NOT_EQUAL: return OPERATOR_EQUAL;
    case OPERATOR_LESS: return OPERATOR_GREATER_EQUAL;
    case OPERATOR_LESS_EQUAL: return OPERATOR_GREATER;
    case OPERATOR_GREATER: return OPERATOR_LESS_EQUAL;
    case OPERATOR_GREATER_EQUAL: return OPERATOR_LESS;
    case OPERATOR_SAME: return OPERATOR_DIFFERENT;
    case OPERATOR_DIFFERENT: return OPERATOR_SAME;
    case OPERATOR_AND: return OPERATOR_OR;
    case OPERATOR_OR: return OPERATOR_AND;
    default: return op;
    }
}

static bool is_boolean_column(const struct expression *expression)
{
    return expression->kind == EXPRESSION_COLUMN && expression->type.kind == TYPE_BOOLEAN;
}

/* column = 1 or column = 0 */
static bool equals_truth(struct binder *binder, struct expression **condition, struct expression *column, bool truth)
{
    const struct type boolean = {.kind = TYPE_BOOLEAN};
    struct expression *value = push_literal(binder, &boolean, value_integer(truth));

    *condition = value ? push_pair(binder, EXPRESSION_COMPARE, OPERATOR_EQUAL, column, value) : NULL;
    return *condition;
}

/* Whether a condition can be turned around in place: it is NULL for the same rows either way. */
static bool can_turn(const struct expression *condition)
{
    switch (condition->kind) {
    case EXPRESSION_COMPARE:
        return condition->op >= OPERATOR_EQUAL && condition->op <= OPERATOR_DIFFERENT;
    case EXPRESSION_NOT:
    case EXPRESSION_LOGICAL:
    case EXPRESSION_IN:
    case EXPRESSION_IS_NULL:
    case EXPRESSION_LIKE:
        return true;
    default:
        return is_boolean_column(condition);
    }
}

static bool simplify(struct binder *binder, struct expression **place, bool negated);

/* The nodes may be shared with the select list, so each is copied before it changes. */
static struct expression *copy_of(struct binder *binder, const struct expression *expression)
{
    struct expression *copy = arena_alloc(binder->arena, sizeof *copy);
    struct expression **operands = arena_array(binder->arena, expression->operand_count + 1, sizeof *operands);

    if (!copy || !operands) {
        error_memory(binder->err);
        return NULL;
    }
    *copy = *expression;
    if (expression->operand_count)
        memcpy(operands, expression->operands, expression->operand_count * sizeof *operands);
    copy->operands = operands;
    return copy;
}

/* A boolean column against 0 or 1. */
static bool simplify_boolean(struct binder *binder, struct expression **place)
{
    const struct expression *compare = *place;
    struct expression *column = compare->operands[0], *value = compare->operands[1];

    if (compare->op != OPERATOR_NOT_EQUAL || !is_boolean_column(column) || value->kind != EXPRESSION_LITERAL ||
        value->value.storage != STORAGE_INTEGER || value->value.integer < 0 || value->value.integer > 1)
        return true;
    return equals_truth(binder, place, column, !value->value.integer);
}

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_OPEN };

static enum truth compare_literals(const struct expression *compare)
{
    const struct expression *a = compare->operands[0], *b = compare->operands[1];

    if (a->kind != EXPRESSION_LITERAL || b->kind != EXPRESSION_LITERAL || compare->op > OPERATOR_GREATER_EQUAL)
        return TRUTH_OPEN;
    if (value_is_null(&a->value) || value_is_null(&b->value))
        return TRUTH_FALSE;
    bool whole = a->value.storage == STORAGE_INTEGER && b->value.storage == STORAGE_INTEGER;
    if (!whole && a->type.kind != b->type.kind)
        return TRUTH_OPEN;
    int order = value_compare(whole ? TYPE_BIGINT : a->type.kind, &a->value, &b->value);
    switch (compare->op) {
    case OPERATOR_EQUAL: return order == 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case OPERATOR_NOT_EQUAL: return order != 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case OPERATOR_LESS: return order < 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case OPERATOR_LESS_EQUAL: return order <= 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case OPERATOR_GREATER: return order > 0 ? TRUTH_TRUE : TRUTH_FALSE;
    case OPERATOR_GREATER_EQUAL: return order >= 0 ? TRUTH_TRUE : TRUTH_FALSE;
    default: return TRUTH_OPEN;
    }
}

/* TRUTH_FALSE stands for NULL too. */
static enum truth truth_of(const struct expression *condition)
{
    if (condition->kind == EXPRESSION_LITERAL)
        return condition->value.storage == STORAGE_INTEGER && condition->value.integer  ? TRUTH_TRUE
               : condition->value.storage == STORAGE_INTEGER || value_is_null(&condition->value) ? TRUTH_FALSE
                                                                                                  : TRUTH_OPEN;
    if (condition->kind == EXPRESSION_COMPARE)
        return compare_literals(condition);
    if (condition->kind == EXPRESSION_EXISTS && prune_is_empty(condition->query))
        return condition->negated ? TRUTH_TRUE : TRUTH_FALSE;
    if (condition->kind != EXPRESSION_LOGICAL)
        return TRUTH_OPEN;
    enum truth decisive = condition->op == OPERATOR_AND ? TRUTH_FALSE : TRUTH_TRUE, whole = decisive == TRUTH_FALSE ? TRUTH_TRUE : TRUTH_FALSE;
    for (size_t i = 0; i < condition->operand_count; i++) {
        enum truth one = truth_of(condition->operands[i]);
        if (one == decisive)
            return decisive;
        if (one == TRUTH_OPEN)
            whole = TRUTH_OPEN;
    }
    return whole;
}

/* Takes out of AND what is always true, out of OR what never is. */
static void drop_decided(struct expression **place)
{
    struct expression *chain = *place;
    enum truth idle = chain->op == OPERATOR_AND ? TRUTH_TRUE : TRUTH_FALSE;
    size_t kept = 0;

    for (size_t i = 0; i < chain->operand_count; i++)
        if (truth_of(chain->operands[i]) != idle || (kept == 0 && i + 1 == chain->operand_count))
            chain->operands[kept++] = chain->operands[i];
    chain->operand_count = kept;
    if (kept == 1)
        *place = chain->operands[0];
}

static bool simplify_turned(struct binder *binder, struct expression **place)
{
    struct expression *turned = copy_of(binder, *place);
    if (!turned)
        return false;

    *place = turned;
    if (turned->kind == EXPRESSION_COMPARE) {
        turned->op = opposite(turned->op);
        return simplify_boolean(binder, place);
    }
    if (turned->kind != EXPRESSION_LOGICAL) {
        turned->negated = !turned->negated;
        return true;
    }
    turned->op = opposite(turned->op);
    for (size_t i = 0; i < turned->operand_count; i++)
        if (!simplify(binder, &turned->operands[i], true))
            return false;
    drop_decided(place);
    return true;
}

static bool simplify(struct binder *binder, struct expression **place, bool negated)
{
    struct expression *condition = *place;

    if (condition->kind == EXPRESSION_NOT && (negated || can_turn(condition->operands[0]))) {
        *place = condition->operands[0];
        return simplify(binder, place, !negated);
    }
    if (is_boolean_column(condition))
        return equals_truth(binder, place, condition, !negated);
    if (negated && can_turn(condition))
        return simplify_turned(binder, place);
    if (negated) {
        struct expression **operand = arena_array(binder->arena, 1, sizeof *operand);
        struct expression *not = arena_alloc(binder->arena, sizeof *not);
        if (!operand || !not)
            return error_memory(binder->err);
        *operand = condition;
        *not = (struct expression){.kind = EXPRESSION_NOT, .operands = operand, .operand_count = 1, .at = condition->at, .bound = true,
                                   .typed = true, .type = {.kind = TYPE_BOOLEAN}, .nullable = true, .depth = (uint16_t)(condition->depth + 1)};
        *place = not;
        return true;
    }
    if (condition->kind == EXPRESSION_IS_TRUTH && !condition->negated && can_turn(condition->operands[0])) {
        *place = condition->operands[0];
        return simplify(binder, place, !condition->truth);
    }
    if (condition->kind == EXPRESSION_COMPARE)
        return simplify_boolean(binder, place);
    if (condition->kind != EXPRESSION_LOGICAL)
        return true;
    if (!(condition = copy_of(binder, condition)))
        return false;
    *place = condition;
    for (size_t i = 0; i < condition->operand_count; i++)
        if (!simplify(binder, &condition->operands[i], false))
            return false;
    drop_decided(place);
    return true;
}

bool simplify_condition(struct binder *binder, struct expression **condition)
{
    return simplify(binder, condition, false);
}

bool simplify_is_never(const struct expression *condition)
{
    return truth_of(condition) == TRUTH_FALSE;
}

/* ---- What follows for the bare column ---- */

static struct expression *bound_on(struct binder *binder, struct expression *column, enum operator op, const char *text)
{
    const char *copy = arena_text(binder->arena, text);
    struct expression *value = copy ? push_literal(binder, &column->type, value_text(copy, strlen(copy))) : NULL;

    if (!copy)
        error_memory(binder->err);
    return value ? push_pair(binder, EXPRESSION_COMPARE, op, column, value) : NULL;
}

/* A day of a date column or the midnight of a timestamp one. */
static bool add_bound(struct binder *binder, struct expression **implied, struct expression *column, enum operator op, int64_t days)
{
    char text[DATETIME_TEXT + 16];
    struct datetime moment;

    if (!datetime_from_seconds(days * 86400, &moment))
        return true;
    if (column->type.kind == TYPE_DATE)
        text[datetime_print_date(&moment, text)] = '\0';
    else
        text[datetime_print_timestamp(&moment, column->type.scale, text)] = '\0';
    struct expression *bound = bound_on(binder, column, op, text);
    return bound && push_and(binder, implied, bound);
}

static bool is_moment(const struct expression *expression)
{
    return expression->kind == EXPRESSION_COLUMN && (expression->type.kind == TYPE_DATE || expression->type.kind == TYPE_TIMESTAMP);
}

/* The days at which the values begin and end for which `part op value` holds; `end` is the first day past them. */
static bool imply_days(struct binder *binder, struct expression **implied, struct expression *column, enum operator op, int64_t start, int64_t end)
{
    bool from = op == OPERATOR_EQUAL || op == OPERATOR_GREATER || op == OPERATOR_GREATER_EQUAL;
    bool to = op == OPERATOR_EQUAL || op == OPERATOR_LESS || op == OPERATOR_LESS_EQUAL;

    if (from && !add_bound(binder, implied, column, OPERATOR_GREATER_EQUAL, op == OPERATOR_GREATER ? end : start))
        return false;
    bool date = column->type.kind == TYPE_DATE;
    int64_t past = op == OPERATOR_LESS ? start : end;
    return !to || add_bound(binder, implied, column, date ? OPERATOR_LESS_EQUAL : OPERATOR_LESS, date ? past - 1 : past);
}

/* YEAR(c), EXTRACT(YEAR FROM c) */
static bool is_year(const struct expression *call)
{
    if (call->kind != EXPRESSION_FUNCTION || !call->function || call->operand_count != 1 || !is_moment(call->operands[0]))
        return false;
    return strcmp(call->function->engine_name, "fn_year") == 0 ||
           (strcmp(call->function->engine_name, "fn_extract") == 0 && call->word && strcmp(call->word, "year") == 0);
}

/* YEAR(c) op 2024 */
static bool imply_year(struct binder *binder, const struct expression *call, enum operator op, const struct value *year, struct expression **implied)
{
    if (year->storage != STORAGE_INTEGER || year->integer < 1 || year->integer > 9998)
        return true;
    return imply_days(binder, implied, call->operands[0], op, datetime_days((int)year->integer, 1, 1), datetime_days((int)year->integer + 1, 1, 1));
}

/* YEAR(c) IN (2023, 2024): from the first to the last of them. */
static bool imply_years(struct binder *binder, const struct expression *in, struct expression **implied)
{
    const struct expression *first = in->operands[1], *last = first;
    struct expression *more = NULL;

    for (size_t i = 1; i < in->operand_count; i++) {
        const struct expression *year = in->operands[i];
        if (year->kind != EXPRESSION_LITERAL || year->value.storage != STORAGE_INTEGER)
            return true;
        first = year->value.integer < first->value.integer ? year : first;
        last = year->value.integer > last->value.integer ? year : last;
    }
    if (!imply_year(binder, in->operands[0], OPERATOR_GREATER_EQUAL, &first->value, implied) ||
        !imply_year(binder, in->operands[0], OPERATOR_LESS_EQUAL, &last->value, &more))
        return false;
    return !more || push_and(binder, implied, more);
}

/* A bound by a moment, as one by its day: the day itself stays, and whether its midnight counts is checked here. */
static enum operator whole_day(enum operator op)
{
    return op == OPERATOR_GREATER ? OPERATOR_GREATER_EQUAL : op == OPERATOR_LESS ? OPERATOR_LESS_EQUAL : op;
}

/* CAST(c AS DATE) op DATE '…' of a timestamp; CAST(c AS TIMESTAMP) op TIMESTAMP '…' of a date. */
static bool imply_cast(struct binder *binder, const struct expression *cast, enum operator op, const struct value *value, struct expression **implied)
{
    struct expression *column = cast->operands[0];
    struct datetime moment;

    if (value->storage != STORAGE_TEXT)
        return true;
    if (column->type.kind == TYPE_TIMESTAMP && cast->type.kind == TYPE_DATE) {
        if (!datetime_parse_date(value->text, value->length, &moment))
            return true;
        int64_t day = datetime_days(moment.year, moment.month, moment.day);
        return imply_days(binder, implied, column, op, day, day + 1);
    }
    if (column->type.kind != TYPE_DATE || cast->type.kind != TYPE_TIMESTAMP || !datetime_parse_timestamp(value->text, value->length, &moment, NULL))
        return true;
    int64_t day = datetime_days(moment.year, moment.month, moment.day);
    return imply_days(binder, implied, column, whole_day(op), day, day + 1);
}

/* The same value in every row: GETDATE(), CURRENT_TIMESTAMP - INTERVAL '7' DAY. */
static bool is_fixed(const struct expression *expression)
{
    bool call = expression->kind == EXPRESSION_FUNCTION && expression->function && !expression->function->aggregate && !expression->window &&
                strcmp(expression->function->engine_name, "fn_rand") != 0;

    if (!call && expression->kind != EXPRESSION_CAST)
        return push_is_constant(expression);
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!is_fixed(expression->operands[i]))
            return false;
    return true;
}

/* CAST(c AS TIMESTAMP) op a moment, of a date: the day of that moment and what lies on its side. */
static bool imply_day(struct binder *binder, const struct expression *cast, enum operator op, struct expression *moment, struct expression **implied)
{
    struct expression *day = arena_alloc(binder->arena, sizeof *day);
    struct expression **operand = arena_array(binder->arena, 1, sizeof *operand);

    if (!day || !operand)
        return error_memory(binder->err);
    *operand = moment;
    *day = (struct expression){.kind = EXPRESSION_CAST, .operands = operand, .operand_count = 1, .at = moment->at, .bound = true, .typed = true,
                               .type = {.kind = TYPE_DATE}, .nullable = moment->nullable, .depth = (uint16_t)(moment->depth + 1)};
    *implied = push_pair(binder, EXPRESSION_COMPARE, whole_day(op), cast->operands[0], day);
    return *implied;
}

bool simplify_imply(struct binder *binder, const struct expression *condition, struct expression **implied)
{
    static const enum operator mirrored[] = {
        [OPERATOR_EQUAL] = OPERATOR_EQUAL, [OPERATOR_LESS] = OPERATOR_GREATER, [OPERATOR_LESS_EQUAL] = OPERATOR_GREATER_EQUAL,
        [OPERATOR_GREATER] = OPERATOR_LESS, [OPERATOR_GREATER_EQUAL] = OPERATOR_LESS_EQUAL,
    };
    *implied = NULL;
    if (condition->kind == EXPRESSION_BETWEEN && !condition->negated) {
        struct expression *low = push_pair(binder, EXPRESSION_COMPARE, OPERATOR_GREATER_EQUAL, condition->operands[0], condition->operands[1]);
        struct expression *high = push_pair(binder, EXPRESSION_COMPARE, OPERATOR_LESS_EQUAL, condition->operands[0], condition->operands[2]);
        struct expression *more;
        if (!low || !high || !simplify_imply(binder, low, implied) || !simplify_imply(binder, high, &more))
            return false;
        return !more || push_and(binder, implied, more);
    }
    if (condition->kind == EXPRESSION_IN && !condition->negated && is_year(condition->operands[0]))
        return imply_years(binder, condition, implied);
    if (condition->kind != EXPRESSION_COMPARE || condition->op == OPERATOR_NOT_EQUAL || condition->op > OPERATOR_GREATER_EQUAL)
        return true;
    struct expression *side = condition->operands[0], *value = condition->operands[1];
    enum operator op = condition->op;
    if (is_fixed(side)) {
        struct expression *other = side;
        side = value;
        value = other;
        op = mirrored[op];
    }
    if (side->kind == EXPRESSION_CAST && side->type.kind == TYPE_TIMESTAMP && side->operands[0]->kind == EXPRESSION_COLUMN &&
        side->operands[0]->type.kind == TYPE_DATE && value->kind == EXPRESSION_FUNCTION && value->type.kind == TYPE_TIMESTAMP && is_fixed(value))
        return imply_day(binder, side, op, value, implied);
    if (value->kind != EXPRESSION_LITERAL || side->operand_count == 0 || !is_moment(side->operands[0]))
        return true;
    if (side->kind == EXPRESSION_CAST)
        return imply_cast(binder, side, op, &value->value, implied);
    if (is_year(side))
        return imply_year(binder, side, op, &value->value, implied);
    return true;
}
