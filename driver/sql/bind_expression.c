/* Types and nullability of every kind of expression but function calls. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/scope.h"
#include "sql/typing.h"

static const struct type boolean = {.kind = TYPE_BOOLEAN};

static void set_type(struct expression *expression, struct type type, bool nullable)
{
    expression->typed = true;
    expression->type = type;
    expression->nullable = nullable;
}

static bool any_nullable(const struct expression *expression)
{
    for (size_t i = 0; i < expression->operand_count; i++)
        if (expression->operands[i]->nullable)
            return true;
    return false;
}

static bool bind_operands(struct binder *binder, struct scope *scope, struct expression *expression)
{
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!bind_expression(binder, scope, &expression->operands[i]))
            return false;
    return true;
}

/* The operands' addresses, for functions that look at operands from several places. */
static struct expression ***addresses(struct binder *binder, struct expression *expression)
{
    struct expression ***list = arena_array(binder->arena, expression->operand_count + 1, sizeof *list);
    if (!list) {
        error_memory(binder->err);
        return NULL;
    }
    for (size_t i = 0; i < expression->operand_count; i++)
        list[i] = &expression->operands[i];
    return list;
}

bool bind_as_condition(struct binder *binder, struct expression **expression)
{
    struct expression *condition = *expression;
    char name[48];

    bind_open(binder, condition, &boolean);
    if (condition->type.kind == TYPE_BOOLEAN)
        return true;
    bool truth = condition->kind == EXPRESSION_LITERAL && condition->value.storage == STORAGE_INTEGER &&
                 (condition->value.integer == 0 || condition->value.integer == 1);
    if (truth)
        return bind_convert(binder, expression, &boolean);
    type_print(&condition->type, name, sizeof name);
    return bind_error(binder, condition->at, "42000", "A condition is expected here, but this is a value of type %s; compare it with something", name);
}

bool bind_condition(struct binder *binder, struct scope *scope, struct expression **expression)
{
    return bind_expression(binder, scope, expression) && bind_as_condition(binder, expression);
}

static bool bind_conditions(struct binder *binder, struct scope *scope, struct expression *expression)
{
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!bind_condition(binder, scope, &expression->operands[i]))
            return false;
    set_type(expression, boolean, any_nullable(expression));
    return true;
}

static bool refuse_arithmetic(struct binder *binder, const struct expression *expression, const struct type *a, const struct type *b)
{
    static const char *const signs[] = {[OPERATOR_ADD] = "+", [OPERATOR_SUBTRACT] = "-", [OPERATOR_MULTIPLY] = "*",
                                        [OPERATOR_DIVIDE] = "/", [OPERATOR_MODULO] = "%"};
    char left[48], right[48];
    const char *advice = "";

    type_print(a, left, sizeof left);
    type_print(b, right, sizeof right);
    if (type_is_datetime(a->kind) || type_is_datetime(b->kind))
        advice = "; use TIMESTAMPADD or TIMESTAMPDIFF";
    else if (type_is_text(a->kind) || type_is_text(b->kind))
        advice = expression->op == OPERATOR_ADD ? "; texts are joined with ||, and CAST makes numbers of them" : "; use CAST";
    return bind_error(binder, expression->at, "42000", "The operator %s does not take %s and %s%s", signs[expression->op], left, right,
                      advice);
}

/* A ? beside an operator is a number like the other side; when both are ?, doubles. */
static bool bind_arithmetic(struct binder *binder, struct scope *scope, struct expression **place)
{
    struct expression *expression = *place;
    const struct type number = {.kind = TYPE_DOUBLE};
    struct type result;
    bool done;

    for (size_t i = 0; i < 2; i++)
        if (expression->operands[i]->kind != EXPRESSION_INTERVAL && !bind_expression(binder, scope, &expression->operands[i]))
            return false;
    if (!bind_datetime_arithmetic(binder, scope, place, &done))
        return false;
    if (done)
        return true;
    for (size_t i = 0; i < 2; i++) {
        struct expression *other = expression->operands[1 - i];
        struct type beside = bind_type_beside(other);
        if (expression->op != OPERATOR_MULTIPLY && expression->op != OPERATOR_DIVIDE)
            bind_exactly(binder, expression->operands[i]);
        bind_open_number(binder, expression->operands[i], other->typed && type_is_number(beside.kind) ? &beside : &number);
        if (other->typed && !type_is_text(other->type.kind) && !bind_number_literal(binder, &expression->operands[i]))
            return false;
    }
    struct type left = typing_of(expression->operands[0]), right = typing_of(expression->operands[1]);
    if (!typing_arithmetic(expression->op, &left, &right, &result))
        return refuse_arithmetic(binder, expression, &left, &right);
    for (size_t i = 0; i < 2 && result.kind == TYPE_DOUBLE; i++)
        if (!bind_convert(binder, &expression->operands[i], &result))
            return false;
    for (size_t i = 0; i < 2 && result.kind == TYPE_DECIMAL; i++) {
        struct type own = typing_of(expression->operands[i]);
        own = typing_as_decimal(&own);
        if (!bind_convert(binder, &expression->operands[i], &own))
            return false;
    }
    set_type(expression, result, any_nullable(expression));
    return true;
}

static bool bind_negate(struct binder *binder, struct scope *scope, struct expression *expression)
{
    if (!bind_operands(binder, scope, expression))
        return false;
    struct expression *operand = expression->operands[0];
    if (!operand->typed) {
        expression->nullable = true;
        return true;
    }
    if (!bind_number_literal(binder, &expression->operands[0]))
        return false;
    operand = expression->operands[0];
    if (!type_is_number(operand->type.kind))
        return bind_error(binder, expression->at, "42000", "The sign - needs a number, but this is a value of type %s", type_kind_name(operand->type.kind));
    struct type type = operand->type;
    if (type_is_whole(type.kind))
        type.kind = TYPE_BIGINT;
    set_type(expression, type, operand->nullable);
    return true;
}

/* Others than text are written out first. */
static bool bind_text(struct binder *binder, struct expression **expression)
{
    bind_open_string(binder, *expression);
    if (type_is_text((*expression)->type.kind))
        return true;
    struct type text = {.kind = TYPE_STRING, .size = typing_text_length(&(*expression)->type)};
    return bind_convert(binder, expression, &text);
}

static bool bind_concatenate(struct binder *binder, struct scope *scope, struct expression *expression)
{
    if (!bind_operands(binder, scope, expression))
        return false;
    for (size_t i = 0; i < 2; i++)
        if (!bind_text(binder, &expression->operands[i]))
            return false;
    int32_t left = typing_text_length(&expression->operands[0]->type), right = typing_text_length(&expression->operands[1]->type);
    bool bounded = left && right && left <= INT32_MAX - right;
    set_type(expression, (struct type){.kind = TYPE_STRING, .size = bounded ? left + right : 0}, any_nullable(expression));
    return true;
}

/* The text that a column of a service has for "any value", or NULL. */
static const char *any_of(const struct expression *column)
{
    const struct source *source = column->kind == EXPRESSION_COLUMN ? column->source : NULL;
    const struct source_column *shown = source ? &source->columns[column->column] : NULL;

    return shown && shown->table ? shown->table->columns[shown->column].any : NULL;
}

static bool reads_rows(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_COLUMN || expression->query)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (reads_rows(expression->operands[i]))
            return true;
    return false;
}

/* Whether the value that such a column is compared with is that text: the comparison is true for all of them then, but the service is to know
 * of it. A parameter's value is known once the statement is prepared for it; any other that is worked out later must not come to that. */
static bool is_any(struct binder *binder, const char *any, const struct expression *column, struct expression *value)
{
    if (value->kind == EXPRESSION_LITERAL)
        return value->value.storage == STORAGE_TEXT && strcmp(value->value.text, any) == 0;
    if (value->kind == EXPRESSION_PARAMETER) {
        binder->parameters[value->parameter].any = any;
        return binder->parameters[value->parameter].every;
    }
    if (type_is_text(column->type.kind) && !reads_rows(value)) {
        value->never = any;
        value->never_of = column->source->columns[column->column].name;
    }
    return false;
}

/* The column that is compared with such a text by = or IN, or NULL. */
static struct expression *find_any(struct binder *binder, struct expression *comparison)
{
    bool equal = comparison->kind == EXPRESSION_COMPARE && comparison->op == OPERATOR_EQUAL, found = false;
    size_t columns = equal ? 2 : comparison->kind == EXPRESSION_IN && !comparison->negated;

    for (size_t i = 0; i < columns; i++) {
        struct expression *column = comparison->operands[i];
        const char *any = any_of(column);
        for (size_t j = 0; any && j < comparison->operand_count; j++)
            found = (j != i && is_any(binder, any, column, comparison->operands[j])) || found;
        if (found)
            return column;
    }
    return NULL;
}

static bool has_text(const struct expression *comparison)
{
    for (size_t i = 0; i < comparison->operand_count; i++)
        if (comparison->operands[i]->kind == EXPRESSION_LITERAL && comparison->operands[i]->value.storage == STORAGE_TEXT)
            return true;
    return false;
}

static bool bind_comparison(struct binder *binder, struct scope *scope, struct expression *expression)
{
    bool by_order = expression->kind == EXPRESSION_BETWEEN ||
                    (expression->op >= OPERATOR_LESS && expression->op <= OPERATOR_GREATER_EQUAL);
    struct expression ***operands = bind_operands(binder, scope, expression) ? addresses(binder, expression) : NULL;
    struct expression *all = operands ? find_any(binder, expression) : NULL;
    struct type beside = all ? bind_type_beside(all) : boolean;

    for (size_t i = 0; all && has_text(expression) && i < expression->operand_count; i++)
        bind_open(binder, expression->operands[i], &beside); /* the text needs be none of the column's values */
    if (!operands || !((all && has_text(expression))
                       || bind_comparable(binder, operands, expression->operand_count, by_order, expression->at, &expression->decimal_order)))
        return false;
    if (all) {
        expression->operands[0] = all;
        expression->operand_count = 1;
        expression->kind = EXPRESSION_IS_NULL;
        expression->negated = true;
        set_type(expression, boolean, false);
        return true;
    }
    bool never_null = expression->op == OPERATOR_SAME || expression->op == OPERATOR_DIFFERENT;
    set_type(expression, boolean, !never_null && any_nullable(expression));
    return true;
}

static bool bind_like(struct binder *binder, struct scope *scope, struct expression *expression)
{
    if (!bind_operands(binder, scope, expression))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!bind_text(binder, &expression->operands[i]))
            return false;
    const struct expression *escape = expression->operand_count == 3 ? expression->operands[2] : NULL;
    if (escape && escape->kind == EXPRESSION_LITERAL && typing_text_length(&escape->type) != 1)
        return bind_error(binder, escape->at, "22019", "The escape character of LIKE must be one character");
    set_type(expression, boolean, any_nullable(expression));
    return true;
}

static bool bind_inner_query(struct binder *binder, struct scope *scope, struct expression *expression, bool one_column)
{
    struct query *query = expression->query;

    if (!bind_query(binder, query, scope) || !bind_finish(binder, query))
        return false;
    return !one_column || query->column_count == 1 ||
           bind_error(binder, expression->at, "42000", "The subquery must have one column, but has %zu", query->column_count);
}

/* The one column of a query as something to compare with. */
static struct expression *query_column(struct binder *binder, struct expression *expression)
{
    if (expression->rows)
        return scope_column(binder, expression->rows, 0, expression->at);
    struct source *rows = arena_alloc(binder->arena, sizeof *rows);
    if (!rows) {
        error_memory(binder->err);
        return NULL;
    }
    rows->alias = "";
    rows->printed = arena_printf(binder->arena, "t%u", ++binder->source_count);
    rows->query = expression->query;
    rows->columns = expression->query->columns;
    rows->column_count = expression->query->column_count;
    expression->rows = rows;
    return scope_column(binder, rows, 0, expression->at);
}

/* A text is compared with a number digit by digit, which IN (query) can not do. */
static bool check_query_type(struct binder *binder, const struct expression *in, const struct expression *left, const struct expression *row)
{
    if (!bind_is_text_beside_number(left, row) && !bind_is_text_beside_number(row, left))
        return true;
    return bind_error(binder, in->at, "42000", "A text and a number can not be compared by IN (SELECT …); use CAST to bring them to one type");
}

static bool check_row_width(struct binder *binder, const struct expression *expression)
{
    return expression->query->column_count == expression->operand_count ||
           bind_error(binder, expression->at, "42000", "The subquery must have %zu columns, but has %zu", expression->operand_count,
                      expression->query->column_count);
}

/* (a, b) IN (query): each pair of columns gets one type. */
static bool bind_row_in_query(struct binder *binder, struct scope *scope, struct expression *expression)
{
    struct query *query = expression->query;
    bool nullable = false, decimal;

    if (!bind_operands(binder, scope, expression) || !bind_inner_query(binder, scope, expression, false))
        return false;
    if (!check_row_width(binder, expression) || !query_column(binder, expression))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++) {
        struct expression *row = scope_column(binder, expression->rows, i, expression->at), *compared = row;
        struct expression **pair[] = {&expression->operands[i], &compared};
        struct type common;
        if (row && !check_query_type(binder, expression, expression->operands[i], row))
            return false;
        if (!row || !bind_comparable(binder, pair, 2, false, expression->at, &decimal))
            return false;
        if (compared != row && !bind_query_column(binder, query, i, &compared->type))
            return false;
        const struct type *a = &expression->operands[i]->type, *b = &query->columns[i].type;
        if (decimal && typing_common(a, b, &common) &&
            (!bind_convert(binder, &expression->operands[i], &common) || !bind_query_column(binder, query, i, &common)))
            return false;
        nullable = nullable || expression->operands[i]->nullable || query->columns[i].nullable;
    }
    set_type(expression, boolean, nullable);
    return true;
}

/* a IN (query): when the types differ, the query's column is cast where it is selected, so that `a` can stay as it is. */
static bool bind_in_query(struct binder *binder, struct scope *scope, struct expression *expression)
{
    struct query *query = expression->query;

    if (expression->operand_count > 1)
        return bind_row_in_query(binder, scope, expression);
    if (!bind_operands(binder, scope, expression) || !bind_inner_query(binder, scope, expression, true))
        return false;
    struct expression *row = query_column(binder, expression), *compared = row;
    struct expression **pair[] = {&expression->operands[0], &compared};
    if (row && !check_query_type(binder, expression, expression->operands[0], row))
        return false;
    if (!row || !bind_comparable(binder, pair, 2, false, expression->at, &expression->decimal_order))
        return false;
    if (compared != row && !bind_query_column(binder, query, 0, &compared->type))
        return false;
    set_type(expression, boolean, expression->operands[0]->nullable || query->columns[0].nullable);
    return true;
}

/* (a, b) op [ANY | ALL] (query): the columns that the parser has left open are those of the query. */
static bool bind_row_quantified(struct binder *binder, struct scope *scope, struct expression *expression)
{
    if (!bind_operands(binder, scope, expression) || !bind_inner_query(binder, scope, expression, false) ||
        !check_row_width(binder, expression) || !query_column(binder, expression))
        return false;
    for (size_t i = 0; i < expression->row->operand_count; i++) {
        const struct expression *column = scope_column(binder, expression->rows, i, expression->at);
        if (!column)
            return false;
        *expression->row->operands[i] = *column;
        expression->row->operands[i]->bound = true;
    }
    if (!bind_expression(binder, scope, &expression->comparison))
        return false;
    expression->operands[0] = expression->comparison;
    expression->operand_count = 1;
    set_type(expression, boolean, expression->single || expression->comparison->nullable);
    return true;
}

static bool bind_quantified(struct binder *binder, struct scope *scope, struct expression *expression)
{
    if (!expression->single && expression->op == (expression->all ? OPERATOR_NOT_EQUAL : OPERATOR_EQUAL)) {
        expression->kind = EXPRESSION_IN_QUERY; /* = ANY is IN, <> ALL is NOT IN */
        expression->negated = expression->all;
        return bind_in_query(binder, scope, expression);
    }
    if (expression->row)
        return bind_row_quantified(binder, scope, expression);
    if (!bind_operands(binder, scope, expression) || !bind_inner_query(binder, scope, expression, true))
        return false;
    struct expression *comparison = arena_alloc(binder->arena, sizeof *comparison);
    struct expression **operands = arena_array(binder->arena, 2, sizeof *operands);
    if (!comparison || !operands)
        return error_memory(binder->err);
    operands[0] = expression->operands[0];
    operands[1] = query_column(binder, expression);
    if (!operands[1])
        return false;
    comparison->kind = EXPRESSION_COMPARE;
    comparison->op = expression->op;
    comparison->at = expression->at;
    comparison->depth = expression->depth;
    comparison->operands = operands;
    comparison->operand_count = 2;
    struct expression **pair[] = {&operands[0], &operands[1]};
    if (!bind_comparable(binder, pair, 2, comparison->op >= OPERATOR_LESS, expression->at, &comparison->decimal_order))
        return false;
    set_type(comparison, boolean, any_nullable(comparison));
    expression->operands[0] = comparison;
    set_type(expression, boolean, comparison->nullable);
    return true;
}

static bool bind_subquery(struct binder *binder, struct scope *scope, struct expression *expression)
{
    bool exists = expression->kind == EXPRESSION_EXISTS;

    if (!bind_inner_query(binder, scope, expression, !exists))
        return false;
    set_type(expression, exists ? boolean : expression->query->columns[0].type, !exists);
    return true;
}

/* The operand of a simple CASE is compared with each WHEN; the THENs and ELSE have a common type. */
static bool bind_case(struct binder *binder, struct scope *scope, struct expression *expression)
{
    size_t first = expression->simple ? 1 : 0, compared = 0, result = 0;
    struct expression ***tests = addresses(binder, expression), ***results = addresses(binder, expression);

    if (!tests || !results || !bind_operands(binder, scope, expression))
        return false;
    if (expression->simple)
        tests[compared++] = &expression->operands[0];
    for (size_t i = first; i < expression->operand_count; i++) {
        bool is_result = (i - first) % 2 == 1 || (expression->has_else && i + 1 == expression->operand_count);
        if (is_result)
            results[result++] = &expression->operands[i];
        else if (expression->simple)
            tests[compared++] = &expression->operands[i];
        else if (!bind_as_condition(binder, &expression->operands[i]))
            return false;
    }
    if (expression->simple && !bind_comparable(binder, tests, compared, false, expression->at, &expression->decimal_order))
        return false;
    if (!bind_common(binder, results, result, expression->at, &expression->typed, &expression->type))
        return false;
    expression->nullable = !expression->has_else;
    for (size_t i = 0; i < result; i++)
        expression->nullable = expression->nullable || (*results[i])->nullable;
    return true;
}

/* TRY_CAST: NULL where CAST would be an error, so even a literal is cast only when the statement runs. */
static bool bind_try_cast(struct binder *binder, struct expression *cast)
{
    char from[48], to[48];

    bind_open_string(binder, cast->operands[0]);
    if (!typing_castable(&cast->operands[0]->type, &cast->type)) {
        type_print(&cast->operands[0]->type, from, sizeof from);
        type_print(&cast->type, to, sizeof to);
        return bind_error(binder, cast->at, "42000", "A value of type %s can not be converted to %s", from, to);
    }
    set_type(cast, cast->type, true);
    return true;
}

/* VARCHAR alone is as long as the texts can be that the value becomes; VARBINARY has a byte for two digits. */
static int32_t size_of(const struct type *from, const struct type *to)
{
    if (to->size || (to->kind != TYPE_STRING && to->kind != TYPE_BINARY))
        return to->size;
    if (to->kind == TYPE_STRING)
        return typing_text_length(from);
    return from->kind == TYPE_BINARY ? from->size : typing_text_length(from) / 2;
}

static bool bind_cast(struct binder *binder, struct scope *scope, struct expression **expression)
{
    struct expression *cast = *expression;
    struct type wanted = cast->type, given = wanted;

    if (!bind_operands(binder, scope, cast))
        return false;
    bind_loosen(&given);
    if (cast->operands[0]->kind == EXPRESSION_PARAMETER)
        bind_open(binder, cast->operands[0], &given);
    if (cast->operands[0]->typed && !cast->unbounded)
        cast->type.size = wanted.size = size_of(&cast->operands[0]->type, &wanted);
    if (cast->or_null)
        return bind_try_cast(binder, cast);
    if (!bind_convert(binder, &cast->operands[0], &wanted)) {
        if (strcmp(binder->err->sqlstate, "22007") == 0)
            memcpy(binder->err->sqlstate, "22018", sizeof binder->err->sqlstate); /* the state of a cast, whatever the type */
        return false;
    }
    if (!bind_declare(binder, &cast->operands[0], &wanted, cast->unbounded))
        return false;
    *expression = cast->operands[0];
    return true;
}

/* NULLIF is its first argument, and so of its type, whatever it is compared with (SQL-92 6.9). */
static bool bind_call_of_function(struct binder *binder, struct scope *scope, struct expression **place)
{
    struct expression *call = *place;
    bool keeps = name_equal(call->name.parts[0], "NULLIF") && call->operand_count == 2;

    if (!keeps)
        return bind_function(binder, scope, call);
    if (!bind_expression(binder, scope, &call->operands[0]))
        return false;
    bool typed = call->operands[0]->typed;
    struct type first = call->operands[0]->type;
    if (!bind_function(binder, scope, call))
        return false;
    return !typed || !type_is_number(first.kind) || call->type.kind == first.kind || bind_convert(binder, place, &first);
}

static bool bind_kind(struct binder *binder, struct scope *scope, struct expression **place)
{
    struct expression *expression = *place;

    switch (expression->kind) {
    case EXPRESSION_LITERAL:
    case EXPRESSION_PARAMETER:
        return true;
    case EXPRESSION_COLUMN:
        return scope_resolve(binder, scope, expression);
    case EXPRESSION_NEGATE:
        return bind_negate(binder, scope, expression);
    case EXPRESSION_NOT:
    case EXPRESSION_LOGICAL:
        return bind_conditions(binder, scope, expression);
    case EXPRESSION_ARITHMETIC:
        return bind_arithmetic(binder, scope, place);
    case EXPRESSION_CONCATENATE:
        return bind_concatenate(binder, scope, expression);
    case EXPRESSION_IS_NULL:
        if (!bind_operands(binder, scope, expression))
            return false;
        bind_open_string(binder, expression->operands[0]);
        set_type(expression, boolean, false);
        return true;
    case EXPRESSION_IS_TRUTH:
        if (!bind_conditions(binder, scope, expression))
            return false;
        set_type(expression, boolean, false);
        return true;
    case EXPRESSION_COMPARE:
    case EXPRESSION_BETWEEN:
    case EXPRESSION_IN:
        return bind_comparison(binder, scope, expression);
    case EXPRESSION_LIKE:
        return bind_like(binder, scope, expression);
    case EXPRESSION_IN_QUERY:
        return bind_in_query(binder, scope, expression);
    case EXPRESSION_QUANTIFIED:
        return bind_quantified(binder, scope, expression);
    case EXPRESSION_EXISTS:
    case EXPRESSION_SUBQUERY:
        return bind_subquery(binder, scope, expression);
    case EXPRESSION_CASE:
        return bind_case(binder, scope, expression);
    case EXPRESSION_CAST:
        return bind_cast(binder, scope, place);
    case EXPRESSION_FUNCTION:
        return bind_call_of_function(binder, scope, place);
    case EXPRESSION_ROW:
        return bind_error(binder, expression->at, "42000", "A list in parentheses can only be compared with another one, or stand in front of IN; "
                          "as a value it has no meaning here");
    case EXPRESSION_INTERVAL:
        return bind_error(binder, expression->at, "42000", "An interval can only be added to a date, time or timestamp, or subtracted from it, as in "
                          "CURRENT_DATE - INTERVAL '7' DAY");
    }
    return true;
}

bool bind_expression(struct binder *binder, struct scope *scope, struct expression **expression)
{
    if ((*expression)->bound)
        return true;
    if (!bind_kind(binder, scope, expression))
        return false;
    (*expression)->bound = true;
    return true;
}
