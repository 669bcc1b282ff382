/* Frames of RANGE with a distance. SQLite knows distances between whole numbers and doubles, so what has the same order and the same
 * distances stands in the place of other keys: of a decimal the number of its last digits, of a moment the microseconds since year 1. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/binder.h"

static const struct type bigint = {.kind = TYPE_BIGINT};

enum { KEY_DIGITS = 18 /* of a bigint */, FINEST_FRACTION = 6 };

static struct expression *new_call(struct binder *binder, struct scope *scope, const char *name, const char *unit, struct expression *first,
                                   struct expression *second)
{
    struct expression *call = arena_alloc(binder->arena, sizeof *call);

    if (!call) {
        error_memory(binder->err);
        return NULL;
    }
    call->at = second->at;
    call->depth = (uint16_t)(second->depth + 1);
    return bind_become_call(binder, scope, call, name, unit, first, second) ? call : NULL;
}

static struct expression *literal_of(struct binder *binder, struct type type, struct value value, uint32_t at)
{
    struct expression *literal = arena_alloc(binder->arena, sizeof *literal);

    if (!literal) {
        error_memory(binder->err);
        return NULL;
    }
    *literal = (struct expression){.kind = EXPRESSION_LITERAL, .at = at, .depth = 1, .bound = true, .typed = true, .type = type, .value = value};
    return literal;
}

/* place × factor, a bigint. */
static bool times(struct binder *binder, struct scope *scope, struct expression **place, struct expression *factor)
{
    struct expression *product = arena_alloc(binder->arena, sizeof *product);
    struct expression **operands = arena_array(binder->arena, 2, sizeof *operands);

    if (!product || !operands)
        return error_memory(binder->err);
    operands[0] = *place;
    operands[1] = factor;
    *product = (struct expression){.kind = EXPRESSION_ARITHMETIC, .op = OPERATOR_MULTIPLY, .at = (*place)->at, .operands = operands, .operand_count = 2,
                                   .depth = (uint16_t)((*place)->depth + 1)};
    *place = product;
    return factor && bind_expression(binder, scope, place) && bind_convert(binder, place, &bigint);
}

/* ---- Moments ---- */

/* Microseconds of a unit; 0 for one that has no length of its own. */
static int64_t length_of(const char *unit)
{
    static const struct { const char *unit; int64_t length; } units[] = {
        {"microsecond", 1}, {"millisecond", 1000}, {"second", 1000000}, {"minute", 60000000}, {"hour", 3600000000}, {"day", 86400000000},
        {"weekday", 86400000000}, {"dayofyear", 86400000000}, {"week", 604800000000},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return units[i].length;
    return 0;
}

/* An interval, or a number of days, becomes microseconds. */
static bool time_distance(struct binder *binder, struct expression **place)
{
    const struct expression *distance = *place;
    const char *unit = distance->kind == EXPRESSION_INTERVAL ? distance->word : "day";
    struct expression *count = distance->kind == EXPRESSION_INTERVAL ? distance->operands[0] : *place;
    bool literal = count->kind == EXPRESSION_LITERAL && count->value.storage == STORAGE_INTEGER;
    int64_t length = length_of(unit), product;

    if (strcmp(unit, "frac_second") == 0 && literal && count->value.integer % 1000 == 0) {
        *place = literal_of(binder, bigint, value_integer(count->value.integer / 1000), distance->at);
        return *place;
    }
    if (strcmp(unit, "frac_second") == 0)
        return bind_error(binder, distance->at, "42000", "The distance of a frame is told to the microsecond");
    if (length == 0)
        return bind_error(binder, distance->at, "42000", "Months and years have no one length, so they are no distance of a frame; write a number of days");
    if (!literal) /* SQLite takes no call of a function here */
        return bind_error(binder, distance->at, "42000", "Beside a date or time, a frame's distance is an interval or a whole number of days, written out");
    if (__builtin_mul_overflow(count->value.integer, length, &product))
        return bind_error(binder, distance->at, "22003", "The distance of the frame is out of range");
    *place = literal_of(binder, bigint, value_integer(product), distance->at);
    return *place;
}

static bool time_range(struct binder *binder, struct scope *scope, struct window *window, struct expression **key)
{
    struct type type = {.kind = (*key)->type.kind};
    bool time = type.kind == TYPE_TIME;
    const char *start = time ? "00:00:00" : type.kind == TYPE_DATE ? "0001-01-01" : "0001-01-01 00:00:00";

    if ((*key)->type.scale > FINEST_FRACTION)
        return bind_error(binder, (*key)->at, "42000", "RANGE with a distance knows microseconds; write CAST(x AS %s(6)) in its ORDER BY", time ? "TIME" : "TIMESTAMP");
    struct expression *first = literal_of(binder, type, value_text(start, strlen(start)), (*key)->at);
    *key = first ? new_call(binder, scope, "TIMESTAMPDIFF", "microsecond", first, *key) : NULL;
    return *key && (!window->start.distance || time_distance(binder, &window->start.distance)) &&
           (!window->end.distance || time_distance(binder, &window->end.distance));
}

/* ---- Decimals ---- */

static int16_t scale_of(const struct expression *distance)
{
    return distance && distance->type.kind == TYPE_DECIMAL ? distance->type.scale : 0;
}

static bool check_decimal(struct binder *binder, const struct expression *distance)
{
    return !distance || (distance->kind == EXPRESSION_LITERAL && type_is_exact_number(distance->type.kind)) ||
           bind_error(binder, distance->at, "42000", "Beside a decimal, a frame's distance is a number without exponent, written out");
}

/* The distance as so many digits of the scale. */
static bool decimal_distance(struct binder *binder, struct expression **place, int scale)
{
    const struct value *value = &(*place)->value;
    bool whole = value->storage == STORAGE_INTEGER;
    int64_t digits = whole ? value->integer : 0;
    bool fits = true;

    for (size_t i = 0; !whole && i < value->length && fits; i++)
        if (value->text[i] != '.')
            fits = !__builtin_mul_overflow(digits, 10, &digits) && !__builtin_add_overflow(digits, value->text[i] - '0', &digits);
    for (int i = scale_of(*place); i < scale && fits; i++)
        fits = !__builtin_mul_overflow(digits, 10, &digits);
    if (!fits)
        return bind_error(binder, (*place)->at, "22003", "The distance of the frame is out of range");
    *place = literal_of(binder, bigint, value_integer(digits), (*place)->at);
    return *place;
}

static bool decimal_range(struct binder *binder, struct scope *scope, struct window *window, struct expression **key)
{
    struct type type = (*key)->type;
    struct expression **distances[] = {&window->start.distance, &window->end.distance};
    char text[KEY_DIGITS + 2] = "1";

    int scale = type.scale;
    for (size_t i = 0; i < 2; i++) {
        if (!check_decimal(binder, *distances[i]))
            return false;
        scale = scale_of(*distances[i]) > scale ? scale_of(*distances[i]) : scale;
    }
    if (type.size - type.scale + scale > KEY_DIGITS)
        return bind_error(binder, (*key)->at, "42000", "RANGE with a distance knows decimals of %d digits; write CAST(x AS DECIMAL(%d,s)) or CAST(x AS DOUBLE) in "
                          "its ORDER BY", KEY_DIGITS, KEY_DIGITS);
    memset(text + 1, '0', (size_t)scale);
    const char *power = arena_text(binder->arena, text);
    if (!power)
        return error_memory(binder->err);
    for (size_t i = 0; i < 2; i++)
        if (*distances[i] && !decimal_distance(binder, distances[i], scale))
            return false;
    struct type factor = {.kind = TYPE_DECIMAL, .size = scale + 1};
    return times(binder, scope, key, literal_of(binder, factor, value_text(power, strlen(power)), (*key)->at));
}

bool bind_range(struct binder *binder, struct scope *scope, struct window *window, bool *done)
{
    const struct expression *key = window->order_count == 1 ? window->order[0].expression : NULL;
    bool decimal = key && key->type.kind == TYPE_DECIMAL;

    *done = decimal || (key && type_is_datetime(key->type.kind));
    if (!*done)
        return true;
    struct order_item *order = arena_array(binder->arena, 1, sizeof *order); /* a window of the WINDOW clause shares its own with others */
    if (!order)
        return error_memory(binder->err);
    order[0] = window->order[0];
    order[0].decimal = false;
    window->order = order;
    return decimal ? decimal_range(binder, scope, window, &order[0].expression) : time_range(binder, scope, window, &order[0].expression);
}
