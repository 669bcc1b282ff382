/* Windows: names, what they are divided and ordered by, and frames that SQLite understands as SQL does. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/scope.h"

/* Adds what a window of the WINDOW clause says to one that begins as it. */
static bool inherit(struct binder *binder, struct window *window, const struct window *base, const char *name, uint32_t at)
{
    bool whole = !window->partition_count && !window->order_count && !window->unit;

    if (window->partition_count)
        return bind_error(binder, at, "42000", "The window %.128s already says PARTITION BY or leaves it out; it can not be added", name);
    if (window->order_count && base->order_count)
        return bind_error(binder, at, "42000", "The window %.128s already has an ORDER BY", name);
    if (!whole && base->unit)
        return bind_error(binder, at, "42000", "The window %.128s has a frame; nothing can be added to it", name);
    window->partition = base->partition;
    window->partition_count = base->partition_count;
    if (!window->order_count) {
        window->order = base->order;
        window->order_count = base->order_count;
    }
    if (whole) {
        window->unit = base->unit;
        window->start = base->start;
        window->end = base->end;
        window->exclude = base->exclude;
    }
    return true;
}

/* Replaces the name that a window begins as; the names that it may use are the first `count` of the WINDOW clause. */
static bool resolve(struct binder *binder, const struct select *select, struct window *window, size_t count, uint32_t at)
{
    const char *name = window->base;

    for (size_t i = 0; name && i < count; i++) {
        struct named_window *named = &select->windows[i];
        if (!name_equal(named->name, name))
            continue;
        window->base = NULL;
        return resolve(binder, select, named->window, i, named->at) && inherit(binder, window, named->window, name, at);
    }
    return !name || bind_error(binder, at, "42000", "There is no window %.128s in the WINDOW clause of this SELECT", name);
}

static bool check_distance(struct binder *binder, const struct window *window, struct expression **place)
{
    const struct type whole = {.kind = TYPE_BIGINT}, number = {.kind = TYPE_DOUBLE};
    bool range = strcmp(window->unit, "RANGE") == 0;
    struct expression *distance = *place;

    if (!distance)
        return true;
    if (distance->kind == EXPRESSION_INTERVAL)
        return bind_error(binder, distance->at, "42000", "An interval is the distance of RANGE, with ORDER BY of a date, time or timestamp");
    bind_open(binder, distance, range ? &number : &whole);
    if ((distance->kind != EXPRESSION_LITERAL && distance->kind != EXPRESSION_PARAMETER) || !type_is_number(distance->type.kind))
        return bind_error(binder, distance->at, "42000", "A frame's distance is a number or ?");
    if (!range)
        return distance->value.storage != STORAGE_REAL && distance->type.kind != TYPE_DECIMAL ? true
               : bind_error(binder, distance->at, "42000", "The distance of ROWS and GROUPS is a whole number");
    if (window->order_count != 1)
        return bind_error(binder, distance->at, "42000", "RANGE with a distance needs ORDER BY of one number, date or time");
    const struct expression *key = window->order[0].expression;
    if (!type_is_number(key->type.kind))
        return bind_error(binder, distance->at, "42000", "RANGE with a distance needs ORDER BY of a number, date, time or timestamp, not of %s",
                          type_kind_name(key->type.kind));
    return distance->type.kind != TYPE_DECIMAL || bind_convert(binder, place, &number);
}

static bool check_sign(struct binder *binder, const struct expression *distance)
{
    const struct expression *number = distance && distance->kind == EXPRESSION_INTERVAL ? distance->operands[0] : distance;
    if (!number || number->kind != EXPRESSION_LITERAL)
        return true;
    const struct value *value = &number->value;
    bool negative = (value->storage == STORAGE_INTEGER && value->integer < 0) || (value->storage == STORAGE_REAL && value->real < 0) ||
                    (value->storage == STORAGE_TEXT && value->length && value->text[0] == '-');
    return !negative || bind_error(binder, distance->at, "22013", "A frame's distance is not below zero; PRECEDING and FOLLOWING tell the direction");
}

static bool bind_frame(struct binder *binder, struct scope *scope, struct window *window, uint32_t at)
{
    bool done = false;

    if (!window->unit)
        return true;
    enum bound_kind end = window->end.kind == BOUND_NONE ? BOUND_CURRENT_ROW : window->end.kind;
    if (window->start.kind > end || window->start.kind == BOUND_UNBOUNDED_FOLLOWING || end == BOUND_UNBOUNDED_PRECEDING)
        return bind_error(binder, at, "42000", "The frame ends before it starts");
    if (strcmp(window->unit, "GROUPS") == 0 && !window->order_count)
        return bind_error(binder, at, "42000", "GROUPS needs ORDER BY");
    if (!check_sign(binder, window->start.distance) || !check_sign(binder, window->end.distance))
        return false;
    if (strcmp(window->unit, "RANGE") == 0 && (window->start.distance || window->end.distance) && !bind_range(binder, scope, window, &done))
        return false;
    return done || (check_distance(binder, window, &window->start.distance) && check_distance(binder, window, &window->end.distance));
}

bool bind_window(struct binder *binder, struct scope *scope, struct expression *call)
{
    struct window *window = call->window;

    if (!resolve(binder, scope->select, window, scope->select ? scope->select->window_count : 0, call->at))
        return false;
    for (size_t i = 0; i < window->partition_count; i++) {
        if (!bind_expression(binder, scope, &window->partition[i]))
            return false;
        bind_open_string(binder, window->partition[i]);
    }
    for (size_t i = 0; i < window->order_count; i++) {
        if (!bind_expression(binder, scope, &window->order[i].expression))
            return false;
        bind_open_string(binder, window->order[i].expression);
        window->order[i].decimal = window->order[i].expression->type.kind == TYPE_DECIMAL;
    }
    return bind_frame(binder, scope, window, call->at);
}
