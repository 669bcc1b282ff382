/* ROLLUP, CUBE and GROUPING SETS: each grouping is a SELECT of its own, in which the keys that it is not by are NULL. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/binder.h"

const struct sql_function bind_grouping_function = {"GROUPING", "grouping", 1, 31, "a", RESULT_BIGINT, NULLS_NEVER, false};

static bool is_among(struct expression *const *keys, size_t count, const struct expression *expression)
{
    for (size_t i = 0; i < count; i++)
        if (bind_same(keys[i], expression))
            return true;
    return false;
}

static bool make_literal(struct binder *binder, struct expression **place, const struct type *type, struct value value)
{
    struct expression *literal = arena_alloc(binder->arena, sizeof *literal);

    if (!literal)
        return error_memory(binder->err);
    *literal = (struct expression){.kind = EXPRESSION_LITERAL, .at = (*place)->at, .depth = 1, .bound = true, .typed = true, .type = *type,
                                   .value = value, .nullable = value_is_null(&value)};
    *place = literal;
    return true;
}

/* GROUPING(a, b): a bit for each, 1 where it is NULL because the grouping is not by it. */
static bool tell_grouping(struct binder *binder, const struct select *select, struct expression **place)
{
    const struct expression *call = *place;
    const struct type bigint = {.kind = TYPE_BIGINT};
    int64_t bits = 0;

    for (size_t i = 0; i < call->operand_count; i++) {
        bool present = is_among(select->groups, select->group_count, call->operands[i]);
        if (!present && !is_among(select->absent, select->absent_count, call->operands[i]))
            return bind_error(binder, call->operands[i]->at, "42000", "GROUPING takes what GROUP BY is by");
        bits = bits * 2 + !present;
    }
    return make_literal(binder, place, &bigint, value_integer(bits));
}

bool bind_set(struct binder *binder, const struct select *select, struct expression **place)
{
    struct expression *expression = *place;

    if (expression->function == &bind_grouping_function)
        return tell_grouping(binder, select, place);
    if (is_among(select->groups, select->group_count, expression))
        return true;
    if (is_among(select->absent, select->absent_count, expression))
        return make_literal(binder, place, &expression->type, value_null());
    if (select->sets && expression->window)
        return bind_error(binder, expression->at, "42000", "OVER can not stand beside ROLLUP, CUBE and GROUPING SETS; put the grouped query into a derived table");
    if (expression->kind == EXPRESSION_FUNCTION && expression->function && expression->function->aggregate)
        return true;
    if (expression->operand_count == 0)
        return true;
    struct expression **operands = arena_array(binder->arena, expression->operand_count, sizeof *operands);
    struct expression *copy = arena_alloc(binder->arena, sizeof *copy);
    if (!operands || !copy)
        return error_memory(binder->err);
    *copy = *expression; /* it may be a key as well, by its alias or position */
    copy->operands = operands;
    for (size_t i = 0; i < copy->operand_count; i++) {
        operands[i] = expression->operands[i];
        if (!bind_set(binder, select, &operands[i]))
            return false;
    }
    *place = copy;
    return true;
}
