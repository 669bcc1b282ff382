/* What is stored into a column: values by the rules of assignment, and the column's default. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/assign.h"
#include "sql/binder.h"
#include "sql/parser.h"
#include "sql/scope.h"
#include "sql/typing.h"

static bool store_literal(struct binder *binder, struct expression **value, const struct column *column)
{
    struct expression *stored = arena_alloc(binder->arena, sizeof *stored);
    struct error cause;

    if (!stored)
        return error_memory(binder->err);
    *stored = **value;
    stored->type = column->type;
    if (!assign_value(&(*value)->type, &(*value)->value, &column->type, binder->arena, &stored->value, &cause))
        return bind_error(binder, (*value)->at, cause.sqlstate, "The column %.128s: %s", column->name, cause.message);
    *value = stored;
    return true;
}

bool bind_stored(struct binder *binder, struct expression **value, const struct column *column, uint32_t at)
{
    struct expression *expression = *value;
    bool parameter = expression->kind == EXPRESSION_PARAMETER && !expression->typed;
    char from[48], to[48];

    bind_open(binder, expression, &column->type);
    if (parameter)
        binder->parameters[expression->parameter].nullable = column->nullable ? NULLABLE_YES : NULLABLE_NO;
    if (!typing_castable(&expression->type, &column->type)) {
        type_print(&expression->type, from, sizeof from);
        type_print(&column->type, to, sizeof to);
        return bind_error(binder, at, "42000", "A value of type %s can not be stored in the column %.128s of type %s; use CAST", from,
                          column->name, to);
    }
    return expression->kind != EXPRESSION_LITERAL || store_literal(binder, value, column);
}

/* Parses what stands in a definition as if it were the list of a SELECT. */
static struct expression *parse_standard(struct binder *inside, const char *standard)
{
    struct parsed *parsed;
    size_t parameter_count;

    inside->text = arena_printf(inside->arena, "SELECT %s", standard);
    if (!inside->text) {
        error_memory(inside->err);
        return NULL;
    }
    if (!sql_parse(inside->text, strlen(inside->text), inside->arena, &parsed, &parameter_count, inside->err))
        return NULL;
    const struct select *select = parsed->kind == STATEMENT_SELECT && !parsed->next && !parameter_count ? parsed->query->terms[0].select : NULL;
    if (!select || select->item_count != 1 || select->items[0].star || select->from) {
        error_set(inside->err, "42000", "It must be one value");
        return NULL;
    }
    return select->items[0].expression;
}

struct expression *bind_standard(struct binder *binder, const struct column *column)
{
    struct binder inside = *binder;
    struct scope scope = {.no_aggregates = "DEFAULT", .no_windows = "DEFAULT"};
    struct expression *value = parse_standard(&inside, column->standard ? column->standard : "NULL");

    if (!value || !bind_expression(&inside, &scope, &value) || !bind_stored(&inside, &value, column, value->at)) {
        error_prefix(binder->err, "The default of the column %.128s: ", column->name);
        return NULL;
    }
    return value;
}

bool bind_standard_is_constant(const char *standard)
{
    const char prefix[] = "CURRENT_";

    return !standard || !name_equal_length(standard, strnlen(standard, strlen(prefix)), prefix);
}
