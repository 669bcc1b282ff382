/* Dates and intervals under + and -, as calls of TIMESTAMPADD and TIMESTAMPDIFF:
 * moment ± interval, date or timestamp ± a number of days, date - date (days between them). */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/binder.h"

static bool is_datetime(const struct expression *expression)
{
    return expression->typed && type_is_datetime(expression->type.kind);
}

static struct expression *negated(struct binder *binder, struct expression *count)
{
    struct expression *negate = arena_alloc(binder->arena, sizeof *negate);
    struct expression **operand = arena_array(binder->arena, 1, sizeof *operand);
    if (!negate || !operand) {
        error_memory(binder->err);
        return NULL;
    }
    *operand = count;
    negate->kind = EXPRESSION_NEGATE;
    negate->at = count->at;
    negate->depth = (uint16_t)(count->depth + 1);
    negate->operands = operand;
    negate->operand_count = 1;
    return negate;
}

bool bind_become_call(struct binder *binder, struct scope *scope, struct expression *expression, const char *name, const char *unit,
                      struct expression *first, struct expression *second)
{
    struct expression **operands = arena_array(binder->arena, 2, sizeof *operands);
    if (!operands)
        return error_memory(binder->err);
    operands[0] = first;
    operands[1] = second;
    expression->kind = EXPRESSION_FUNCTION;
    expression->op = OPERATOR_NONE;
    expression->name = (struct name){{name}, 1};
    expression->function = sql_function_find(name, strlen(name));
    expression->word = strcmp(unit, "weekday") == 0 || strcmp(unit, "dayofyear") == 0 ? "day" : unit;
    expression->operands = operands;
    expression->operand_count = 2;
    return bind_function(binder, scope, expression);
}

/* A whole literal turns its sign at once, so that the call stays a constant. */
static struct expression *signed_count(struct binder *binder, struct expression *count, bool minus)
{
    if (!minus)
        return count;
    bool whole = count->kind == EXPRESSION_LITERAL && count->value.storage == STORAGE_INTEGER && count->value.integer != INT64_MIN;
    if (!whole)
        return negated(binder, count);
    struct expression *copy = arena_alloc(binder->arena, sizeof *copy);
    if (!copy) {
        error_memory(binder->err);
        return NULL;
    }
    *copy = *count;
    copy->value.integer = -copy->value.integer;
    return copy;
}

/* What is added to a time leaves a time. */
static bool add_units(struct binder *binder, struct scope *scope, struct expression **place, const char *unit, struct expression *count,
                      struct expression *moment)
{
    const struct type stamp = {.kind = TYPE_TIMESTAMP, .scale = TIMESTAMP_FRACTION};
    struct expression *signed_number = signed_count(binder, count, (*place)->op == OPERATOR_SUBTRACT);

    bind_open(binder, moment, &stamp);
    struct type before = moment->type;
    if (!signed_number || !bind_become_call(binder, scope, *place, "TIMESTAMPADD", unit, signed_number, moment))
        return false;
    if (before.kind != TYPE_TIME)
        return true;
    if (strcmp(unit, "frac_second") == 0 || strcmp(unit, "microsecond") == 0 || strcmp(unit, "millisecond") == 0)
        before.scale = TIMESTAMP_FRACTION;
    (*place)->bound = true;
    return bind_convert(binder, place, &before);
}

static bool is_days(const struct expression *expression)
{
    return !expression->typed || type_is_whole(expression->type.kind);
}

bool bind_datetime_arithmetic(struct binder *binder, struct scope *scope, struct expression **place, bool *done)
{
    const struct type date = {.kind = TYPE_DATE};
    struct expression *expression = *place, *left = expression->operands[0], *right = expression->operands[1];
    bool minus = expression->op == OPERATOR_SUBTRACT;

    *done = true;
    if (expression->op == OPERATOR_ADD || minus) {
        if (right->kind == EXPRESSION_INTERVAL && left->kind != EXPRESSION_INTERVAL)
            return add_units(binder, scope, place, right->word, right->operands[0], left);
        if (left->kind == EXPRESSION_INTERVAL && right->kind != EXPRESSION_INTERVAL && !minus)
            return add_units(binder, scope, place, left->word, left->operands[0], right);
        if (is_datetime(left) && left->type.kind != TYPE_TIME && is_days(right))
            return add_units(binder, scope, place, "day", right, left);
        if (is_datetime(right) && right->type.kind != TYPE_TIME && is_days(left) && !minus)
            return add_units(binder, scope, place, "day", left, right);
        for (size_t i = 0; i < 2 && minus; i++) {
            const struct expression *text = expression->operands[i], *other = expression->operands[1 - i];
            bool literal = text->kind == EXPRESSION_LITERAL && text->typed && text->type.kind == TYPE_STRING;
            if (literal && is_datetime(other) && other->type.kind == TYPE_DATE && !bind_convert(binder, &expression->operands[i], &date))
                return false;
        }
        left = expression->operands[0];
        right = expression->operands[1];
        if (minus && is_datetime(left) && left->type.kind == TYPE_DATE && is_datetime(right) && right->type.kind == TYPE_DATE)
            return bind_become_call(binder, scope, expression, "TIMESTAMPDIFF", "day", right, left);
    }
    *done = false;
    for (size_t i = 0; i < 2; i++) /* says what an interval can be used for */
        if (expression->operands[i]->kind == EXPRESSION_INTERVAL)
            return bind_expression(binder, scope, &expression->operands[i]);
    return true;
}
