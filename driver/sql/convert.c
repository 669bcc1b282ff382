/* Conversions that SQL implies: a literal takes the form of what it meets, a parameter its type, and only what is left is cast.
 * The aim everywhere: a column compared with a constant stays a bare column, so that the condition can reach the service. */
#include <string.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/error.h"
#include "sql/binder.h"
#include "sql/typing.h"

static bool is_literal(const struct expression *expression)
{
    return expression->kind == EXPRESSION_LITERAL && expression->typed;
}

static bool is_string_literal(const struct expression *expression)
{
    return is_literal(expression) && expression->type.kind == TYPE_STRING;
}

static bool shares_type(const struct expression *expression)
{
    return expression->kind == EXPRESSION_NEGATE ||
           (expression->kind == EXPRESSION_FUNCTION && expression->function->result == RESULT_COMMON);
}

static bool holds_parameter(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_PARAMETER)
        return true;
    bool inside = expression->kind == EXPRESSION_CASE || shares_type(expression);
    for (size_t i = 0; inside && i < expression->operand_count; i++)
        if (!expression->operands[i]->typed && holds_parameter(expression->operands[i]))
            return true;
    return false;
}

void bind_loosen(struct type *type)
{
    if (type->kind == TYPE_STRING || type->kind == TYPE_BINARY)
        type->size = 0;
    if (type->kind == TYPE_TIME || type->kind == TYPE_TIMESTAMP)
        type->scale = TIMESTAMP_FRACTION;
}

/* The digits that a literal happens to have are no bound for the parameter beside it. */
static struct type beside_literal(const struct type *type)
{
    return type->kind == TYPE_DECIMAL ? (struct type){.kind = TYPE_DOUBLE} : *type;
}

struct type bind_type_beside(const struct expression *other)
{
    return is_literal(other) ? beside_literal(&other->type) : other->type;
}

void bind_open(struct binder *binder, struct expression *expression, const struct type *type)
{
    const struct type number = {.kind = TYPE_DOUBLE};

    if (expression->typed)
        return;
    if (expression->kind == EXPRESSION_NEGATE && !type_is_number(type->kind))
        type = &number;
    expression->typed = true;
    expression->type = *type;
    if (type_is_whole(expression->type.kind))
        expression->type.size = 0;
    if (expression->kind == EXPRESSION_PARAMETER) {
        binder->parameters[expression->parameter].type = expression->type;
    } else if (expression->kind == EXPRESSION_CASE) {
        size_t first = expression->simple ? 1 : 0;
        for (size_t i = first; i < expression->operand_count; i++)
            if ((i - first) % 2 == 1 || (expression->has_else && i + 1 == expression->operand_count))
                bind_open(binder, expression->operands[i], type);
    } else if (shares_type(expression)) {
        for (size_t i = 0; i < expression->operand_count; i++)
            bind_open(binder, expression->operands[i], type);
    }
}

void bind_open_string(struct binder *binder, struct expression *expression)
{
    const struct type string = {.kind = TYPE_STRING};
    bind_open(binder, expression, &string);
}

/* ? or -?, in which nothing has told the type yet; or NULL. */
static struct expression *open_parameter(struct expression *expression)
{
    while (expression->kind == EXPRESSION_NEGATE && !expression->typed)
        expression = expression->operands[0];
    return expression->kind == EXPRESSION_PARAMETER && !expression->typed ? expression : NULL;
}

void bind_open_bound(struct binder *binder, struct expression *expression)
{
    const struct expression *parameter = open_parameter(expression);

    if (parameter) {
        binder->parameters[parameter->parameter].open = true;
        if (parameter->parameter < binder->bound_count)
            bind_open(binder, expression, &binder->bound[parameter->parameter]);
    }
    bind_open_string(binder, expression);
}

void bind_exactly(struct binder *binder, const struct expression *expression)
{
    if (expression->typed)
        return;
    if (expression->kind == EXPRESSION_PARAMETER)
        binder->parameters[expression->parameter].exact = true;
    for (size_t i = 0; i < expression->operand_count; i++)
        bind_exactly(binder, expression->operands[i]);
}

void bind_open_number(struct binder *binder, struct expression *expression, const struct type *beside)
{
    const struct expression *parameter = open_parameter(expression);

    if (parameter) {
        binder->parameters[parameter->parameter].open = true;
        if (parameter->parameter < binder->bound_count && type_is_number(binder->bound[parameter->parameter].kind))
            beside = &binder->bound[parameter->parameter];
    }
    bind_open(binder, expression, beside);
}

static bool wrap_cast(struct binder *binder, struct expression **expression, const struct type *type)
{
    struct expression *cast = arena_alloc(binder->arena, sizeof *cast);
    struct expression **operand = arena_array(binder->arena, 1, sizeof *operand);

    if (!cast || !operand)
        return error_memory(binder->err);
    *operand = *expression;
    cast->kind = EXPRESSION_CAST;
    cast->at = (*expression)->at;
    cast->depth = (uint16_t)((*expression)->depth + 1);
    cast->operands = operand;
    cast->operand_count = 1;
    cast->typed = true;
    cast->nullable = (*expression)->nullable;
    cast->type = *type;
    if (type_is_whole(cast->type.kind))
        cast->type.size = 0;
    *expression = cast;
    return true;
}

/* Literals may be shared (GROUP BY 1), so a changed one is a new one. */
static bool replace_literal(struct binder *binder, struct expression **literal, const struct type *type, const struct value *value)
{
    struct expression *copy = arena_alloc(binder->arena, sizeof *copy);
    if (!copy)
        return error_memory(binder->err);
    *copy = **literal;
    copy->type = *type;
    copy->value = *value;
    if (type_is_whole(type->kind))
        copy->type.size = 0;
    *literal = copy;
    return true;
}

static bool cast_literal(struct binder *binder, struct expression **literal, const struct type *type)
{
    struct error cause;
    struct value value;

    if (!value_cast(&(*literal)->type, &(*literal)->value, type, binder->arena, &value, &cause))
        return bind_error(binder, (*literal)->at, cause.sqlstate, "%s", cause.message);
    return replace_literal(binder, literal, type, &value);
}

bool bind_convert(struct binder *binder, struct expression **expression, const struct type *type)
{
    char from[48], to[48];

    bind_open(binder, *expression, type);
    struct type *present = &(*expression)->type;
    if (!typing_castable(present, type)) {
        type_print(present, from, sizeof from);
        type_print(type, to, sizeof to);
        return bind_error(binder, (*expression)->at, "42000", "A value of type %s can not be converted to %s", from, to);
    }
    bool of_today = present->kind == TYPE_TIME && type->kind == TYPE_TIMESTAMP;
    if (is_literal(*expression) && !of_today && (present->kind != type->kind || !typing_same_storage(present, type)))
        return cast_literal(binder, expression, type);
    return typing_same_storage(present, type) && present->kind == type->kind ? true : wrap_cast(binder, expression, type);
}

bool bind_declare(struct binder *binder, struct expression **expression, const struct type *type, bool unbounded)
{
    bool sized = type->kind == TYPE_STRING || type->kind == TYPE_BINARY || type->kind == TYPE_DECIMAL;

    if (!sized || (type->size == 0 && !unbounded) || (*expression)->type.size == type->size)
        return true;
    return is_literal(*expression) ? replace_literal(binder, expression, type, &(*expression)->value)
                                   : wrap_cast(binder, expression, type);
}

/* What a text says by itself when a number is wanted: a whole number, a decimal, or a double.
 * wanted: what the message says it is not. */
static bool number_of_text(struct binder *binder, struct expression **literal, const struct type *wanted)
{
    struct expression *old = *literal;
    struct decimal decimal;
    struct type type = {.kind = TYPE_DOUBLE};
    long long whole;
    struct error ignored;
    struct value value;
    bool exact = decimal_parse(old->value.text, old->value.length, &decimal);

    if (exact && decimal.scale == 0 && decimal_to_integer(&decimal, &whole, NULL)) {
        type.kind = whole >= INT32_MIN && whole <= INT32_MAX ? TYPE_INTEGER : TYPE_BIGINT;
        value = value_integer(whole);
        return replace_literal(binder, literal, &type, &value);
    }
    if (exact)
        type = (struct type){TYPE_DECIMAL, DECIMAL_DIGITS, (int16_t)decimal.scale};
    if (value_cast(&old->type, &old->value, &type, binder->arena, &value, &ignored))
        return replace_literal(binder, literal, &type, &value);
    return cast_literal(binder, literal, wanted);
}

bool bind_number_literal(struct binder *binder, struct expression **literal)
{
    const struct type number = {.kind = TYPE_DOUBLE};
    return !is_string_literal(*literal) || number_of_text(binder, literal, &number);
}

static int16_t fraction_digits(const struct value *value)
{
    const char *point = memchr(value->text, '.', value->length);
    return point ? (int16_t)(value->text + value->length - point - 1) : 0;
}

/* A string literal becomes a value of the kind it is compared with; for a date it may also be a timestamp. */
static bool literal_of_text(struct binder *binder, struct expression **literal, const struct type *target)
{
    struct type type = {.kind = target->kind};
    struct error cause;
    struct value value;

    if (type_is_text(target->kind) && target->kind != TYPE_GUID)
        return true;
    if (type_is_number(target->kind))
        return number_of_text(binder, literal, target);
    if (target->kind == TYPE_DATE) {
        if (value_from_text(&type, (*literal)->value.text, (*literal)->value.length, binder->arena, &value, &cause))
            return replace_literal(binder, literal, &type, &value);
        struct type stamp = {.kind = TYPE_TIMESTAMP, .scale = TIMESTAMP_FRACTION};
        if (!value_from_text(&stamp, (*literal)->value.text, (*literal)->value.length, binder->arena, &value, binder->err))
            return bind_error(binder, (*literal)->at, cause.sqlstate, "%s", cause.message);
        stamp.scale = fraction_digits(&value);
        return replace_literal(binder, literal, &stamp, &value);
    }
    if (target->kind == TYPE_TIME || target->kind == TYPE_TIMESTAMP)
        type.scale = TIMESTAMP_FRACTION;
    if (!cast_literal(binder, literal, &type))
        return false;
    if (type_is_datetime(target->kind))
        (*literal)->type.scale = fraction_digits(&(*literal)->value);
    return true;
}

static bool same_value(const struct type *type, const struct value *a, const struct value *b)
{
    return a->storage == b->storage && (value_is_null(a) || value_compare(type->kind, a, b) == 0);
}

/* Whether the literal is exactly a value of the type too; if so it becomes that. */
static bool literal_fits(struct binder *binder, struct expression **literal, const struct type *type, bool *fits)
{
    struct error ignored;
    struct value there, back;
    const struct type *own = &(*literal)->type;

    *fits = type_is_text(own->kind) && type_is_text(type->kind);
    if (*fits || !typing_castable(own, type))
        return true;
    *fits = value_cast(own, &(*literal)->value, type, binder->arena, &there, &ignored) &&
            value_cast(type, &there, own, binder->arena, &back, &ignored) && same_value(own, &(*literal)->value, &back);
    return !*fits || replace_literal(binder, literal, type, &there);
}

static bool mismatch(struct binder *binder, uint32_t at, const struct type *a, const struct type *b)
{
    char first[48], second[48];

    type_print(a, first, sizeof first);
    type_print(b, second, sizeof second);
    return bind_error(binder, at, "42000", "Values of the types %s and %s can not be compared or mixed; use CAST to bring them to one type", first,
                      second);
}

/* The common type of those that are typed and, by `literals`, literals or not. *have: there was one. */
static bool join_types(struct binder *binder, struct expression ***operands, size_t count, bool literals, uint32_t at, bool *have,
                       struct type *common)
{
    for (size_t i = 0; i < count; i++) {
        const struct expression *operand = *operands[i];
        struct type type = typing_of(operand), joined;
        if (!operand->typed || is_literal(operand) != literals || (literals && *have && operand->type.kind == TYPE_STRING))
            continue;
        if (*have && !typing_common(common, &type, &joined))
            return mismatch(binder, at, common, &type);
        *common = *have ? joined : type;
        *have = true;
    }
    return true;
}

/* Equal decimals of one scale are equal texts. Of several they would need COLLATE decimal, which SQLite's Bloom filters for joins do
 * not heed. */
static bool compares_as_stored(const struct type *from, const struct type *common, bool widened, bool any_scale)
{
    if (from->kind == common->kind && type_is_datetime(from->kind))
        return true; /* a fraction of any length, without zeros at its end */
    if (widened)
        return from->kind == common->kind && typing_same_storage(from, common) && from->scale == common->scale;
    if (from->kind == TYPE_DECIMAL || common->kind == TYPE_DECIMAL)
        return from->kind == common->kind && (any_scale || from->scale == common->scale);
    if (type_is_number(from->kind) || from->kind == TYPE_BOOLEAN)
        return true; /* SQLite compares whole numbers and doubles exactly */
    if (type_is_text(from->kind))
        return true;
    return from->kind == common->kind;
}

/* Literals that are exactly values of the common type become that; the others widen it. */
static bool settle_literals(struct binder *binder, struct expression ***operands, size_t count, uint32_t at, struct type *common,
                            bool *widened)
{
    struct type wider = *common, joined;
    bool fits;

    for (size_t i = 0; i < count; i++) {
        if (!is_literal(*operands[i]))
            continue;
        if (is_string_literal(*operands[i]) && !literal_of_text(binder, operands[i], common))
            return false;
        struct type own = typing_of(*operands[i]);
        if (!typing_common(common, &own, &joined))
            return mismatch(binder, at, common, &own);
        if (!literal_fits(binder, operands[i], common, &fits))
            return false;
        if (!fits) {
            *widened = true;
            if (!typing_common(&wider, &own, &wider))
                return mismatch(binder, at, common, &own);
        }
    }
    *common = wider;
    return true;
}

bool bind_is_text_beside_number(const struct expression *text, const struct expression *number)
{
    return text->typed && !is_literal(text) && text->type.kind == TYPE_STRING && number->typed && type_is_number(number->type.kind);
}

/* Texts that are compared with numbers become numbers, with all their digits (22018 for a text that is none). *any: there was one. */
static bool read_numbers(struct binder *binder, struct expression ***operands, size_t count, bool *any)
{
    struct type number;
    bool have = false;

    *any = false;
    for (size_t i = 0; i < count; i++) {
        struct type own = typing_of(*operands[i]);
        if ((*operands[i])->typed && type_is_number(own.kind)) {
            if (have)
                typing_common(&number, &own, &number);
            else
                number = own;
            have = true;
        }
    }
    if (!have)
        return true;
    if (number.kind != TYPE_DOUBLE)
        number = typing_as_decimal(&number);
    for (size_t i = 0; i < count; i++) {
        const struct expression *text = *operands[i];
        if (!text->typed || is_literal(text) || text->type.kind != TYPE_STRING)
            continue;
        if (!wrap_cast(binder, operands[i], &number))
            return false;
        (*operands[i])->exact = *any = number.kind == TYPE_DECIMAL;
    }
    return true;
}

bool bind_comparable(struct binder *binder, struct expression ***operands, size_t count, bool by_order, uint32_t at, bool *decimal)
{
    struct type common = {.kind = TYPE_STRING};
    bool have = false, widened = false, of_texts;

    *decimal = false;
    if (!read_numbers(binder, operands, count, &of_texts) || !join_types(binder, operands, count, false, at, &have, &common))
        return false;
    if (!have) { /* literals only: those that are no strings decide */
        for (size_t i = 0; i < count && !have; i++)
            if (is_literal(*operands[i]) && !is_string_literal(*operands[i])) {
                common = typing_of(*operands[i]);
                have = true;
            }
        if (!join_types(binder, operands, count, true, at, &have, &common))
            return false;
        for (size_t i = 0; i < count && common.kind == TYPE_DECIMAL; i++)
            if (!(*operands[i])->typed && holds_parameter(*operands[i]))
                common = beside_literal(&common);
    }
    for (size_t i = 0; i < count; i++) {
        if ((*operands[i])->kind == EXPRESSION_PARAMETER && !(*operands[i])->typed) /* not CAST(? AS DATE), which is one too */
            binder->parameters[(*operands[i])->parameter].compared = true;
        bind_open(binder, *operands[i], &common);
    }
    if (!settle_literals(binder, operands, count, at, &common, &widened))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct expression *operand = *operands[i];
        bool any_scale = operand->kind == EXPRESSION_PARAMETER && operand->type.kind == TYPE_DECIMAL && common.kind == TYPE_DECIMAL;
        bool as_stored = any_scale || operand->exact || compares_as_stored(&operand->type, &common, widened && !is_literal(operand), by_order || of_texts);
        if (!as_stored && !bind_convert(binder, operands[i], &common))
            return false;
    }
    *decimal = common.kind == TYPE_DECIMAL && (by_order || of_texts);
    return true;
}

/* A result that may be the value of a parameter is as large as that may be. */
static void make_room(struct binder *binder, struct expression ***operands, size_t count, bool of_literals, struct type *common)
{
    for (size_t i = 0; i < count; i++)
        if (!(*operands[i])->typed && holds_parameter(*operands[i])) {
            bind_exactly(binder, *operands[i]);
            *common = of_literals ? beside_literal(common) : *common;
            bind_loosen(common);
        }
}

bool bind_common(struct binder *binder, struct expression ***operands, size_t count, uint32_t at, bool *typed, struct type *common)
{
    *typed = false;
    *common = (struct type){.kind = TYPE_STRING};
    if (!join_types(binder, operands, count, false, at, typed, common))
        return false;
    bool of_literals = !*typed;
    for (size_t i = 0; i < count; i++) { /* numbers and the like among the literals, before the strings, which adapt */
        struct expression *operand = *operands[i];
        if (!is_literal(operand) || is_string_literal(operand))
            continue;
        struct type own = typing_of(operand), joined;
        if (*typed && !typing_common(common, &own, &joined))
            return mismatch(binder, at, common, &own);
        *common = *typed ? joined : own;
        *typed = true;
    }
    for (size_t i = 0; i < count; i++) {
        struct type joined;
        if (!is_string_literal(*operands[i]))
            continue;
        if (*typed && (common->kind == TYPE_TIME || common->kind == TYPE_TIMESTAMP) && !literal_of_text(binder, operands[i], common))
            return false;
        const struct expression *operand = *operands[i];
        if (*typed && !type_is_text(common->kind) && operand->type.kind != common->kind)
            continue;
        *common = *typed && typing_common(common, &operand->type, &joined) ? joined : operand->type;
        *typed = true;
    }
    for (size_t i = 0; i < count && *typed && type_is_number(common->kind); i++) {
        struct type joined, beside = of_literals ? beside_literal(common) : *common;
        if (!open_parameter(*operands[i]))
            continue;
        bind_exactly(binder, *operands[i]);
        bind_open_number(binder, *operands[i], &beside);
        if (typing_common(common, &(*operands[i])->type, &joined))
            *common = joined;
    }
    if (*typed)
        make_room(binder, operands, count, of_literals, common);
    if (type_is_whole(common->kind))
        common->size = 0;
    for (size_t i = 0; i < count && *typed; i++)
        if (!bind_convert(binder, operands[i], common))
            return false;
    return true;
}
