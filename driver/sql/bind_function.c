/* Function calls: which function, how many arguments, of which types; aggregates and windows where they may stand. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/scope.h"
#include "sql/typing.h"

static const struct sql_function *find_function(const struct expression *call)
{
    const char *name = call->name.parts[0];
    size_t length = strlen(name);
    const struct sql_function *function = call->function;

    if (call->window && (!function || !function->aggregate))
        function = sql_window_function_find(name, length);
    else if (!function && (name_equal(name, "GROUPING") || name_equal(name, "GROUPING_ID")))
        function = &bind_grouping_function;
    return function;
}

static bool no_function(struct binder *binder, const struct expression *call)
{
    const char *name = call->name.parts[0];
    struct name_guess guess = {.wanted = name};

    if (sql_window_function_find(name, strlen(name)))
        return bind_error(binder, call->at, "42000", "%s needs OVER (…) behind it", name);
    if (call->function)
        return bind_error(binder, call->at, "42000", "%s can not have OVER behind it; aggregates and ranking functions can", name);
    for (size_t i = 0; i < sql_function_count; i++)
        name_guess_show(&guess, sql_functions[i].name);
    return bind_error(binder, call->at, "42000", "There is no function %.128s%s%s%s", name, guess.best ? "; did you mean " : "",
                      guess.best ? guess.best : "", guess.best ? "?" : "");
}

static bool check_count(struct binder *binder, const struct expression *call)
{
    const struct sql_function *function = call->function;
    int given = (int)call->operand_count + (call->word ? 1 : 0);
    bool count_all = call->star && strcmp(function->engine_name, "count") == 0;
    char wanted[48];

    if (call->star)
        return count_all || bind_error(binder, call->at, "42000", "Only COUNT takes a *; %s does not", function->name);
    if (call->distinct && !function->aggregate)
        return bind_error(binder, call->at, "42000", "Only aggregates take DISTINCT; %s does not", function->name);
    if (call->distinct && call->window)
        return bind_error(binder, call->at, "42000", "DISTINCT is not possible with OVER; take it in a derived table and join that");
    bool pairs = function->smallest == 2 && function->arguments[0] == 'f';
    if (call->distinct && pairs)
        return bind_error(binder, call->at, "42000", "%s takes no DISTINCT; SELECT DISTINCT the pairs in a derived table", function->name);
    int smallest = function->smallest == 0 && function->aggregate ? 1 : function->smallest;
    if (given >= smallest && (function->largest < 0 || given <= function->largest))
        return true;
    if (function->largest < 0)
        snprintf(wanted, sizeof wanted, "at least %d", smallest);
    else if (smallest == function->largest)
        snprintf(wanted, sizeof wanted, "%d", smallest);
    else
        snprintf(wanted, sizeof wanted, "%d to %d", smallest, function->largest);
    return bind_error(binder, call->at, "42000", "%s takes %s argument%s, but %d %s given", function->name, wanted,
                      strcmp(wanted, "1") == 0 ? "" : "s", given, given == 1 ? "is" : "are");
}

static bool wrong_argument(struct binder *binder, const struct expression *call, const struct expression *argument, const char *wanted)
{
    char type[48];
    type_print(&argument->type, type, sizeof type);
    return bind_error(binder, argument->at, "42000", "%s needs %s here, but this is a value of type %s; use CAST", call->function->name, wanted, type);
}

static bool to_kind(struct binder *binder, const struct expression *call, struct expression **argument, enum type_kind kind,
                    const char *wanted)
{
    struct type type = {.kind = kind};

    bind_open(binder, *argument, &type);
    if (!typing_castable(&(*argument)->type, &type))
        return wrong_argument(binder, call, *argument, wanted);
    if (kind == TYPE_STRING) {
        if (type_is_text((*argument)->type.kind))
            return true;
        type.size = typing_text_length(&(*argument)->type);
    }
    if (kind == TYPE_BIGINT && type_is_whole((*argument)->type.kind))
        return true;
    return bind_convert(binder, argument, &type);
}

static bool to_number(struct binder *binder, const struct expression *call, struct expression **argument)
{
    const struct type number = {.kind = TYPE_DOUBLE}, integer = {.kind = TYPE_INTEGER};

    bind_open_number(binder, *argument, &number);
    if (!bind_number_literal(binder, argument))
        return false;
    if ((*argument)->type.kind == TYPE_BOOLEAN)
        return bind_convert(binder, argument, &integer);
    return type_is_number((*argument)->type.kind) || wrong_argument(binder, call, *argument, "a number");
}

static bool to_datetime(struct binder *binder, const struct expression *call, struct expression **argument)
{
    const struct type stamp = {.kind = TYPE_TIMESTAMP, .scale = TIMESTAMP_FRACTION};

    bind_open(binder, *argument, &stamp);
    if (type_is_datetime((*argument)->type.kind))
        return true;
    if (!type_is_text((*argument)->type.kind))
        return wrong_argument(binder, call, *argument, "a date, time or timestamp");
    return bind_convert(binder, argument, &stamp);
}

/* See sql/functions.h for the letters. */
static bool bind_argument(struct binder *binder, const struct expression *call, char letter, struct expression **argument)
{
    switch (letter) {
    case 'b':
        if ((*argument)->typed && (*argument)->type.kind == TYPE_BINARY)
            return true;
        return to_kind(binder, call, argument, TYPE_STRING, "a string or bytes");
    case 's':
        return to_kind(binder, call, argument, TYPE_STRING, "a string");
    case 'i':
        return to_kind(binder, call, argument, TYPE_BIGINT, "a whole number");
    case 'f':
        return to_kind(binder, call, argument, TYPE_DOUBLE, "a number");
    case 'n':
        return to_number(binder, call, argument);
    case 't':
        return to_datetime(binder, call, argument);
    case 'c':
        return true; /* all of them together, afterwards */
    default:
        bind_open_string(binder, *argument);
        return true;
    }
}

/* NULLIF of a whole number and a double: SQLite compares them exactly as they are, and brought to one type they might lose digits. */
static bool compares_exactly(const struct expression *call)
{
    if (strcmp(call->function->engine_name, "nullif") != 0 || !call->operands[0]->typed || !call->operands[1]->typed)
        return false;
    enum type_kind a = call->operands[0]->type.kind, b = call->operands[1]->type.kind;
    return (a == TYPE_DOUBLE && type_is_whole(b)) || (b == TYPE_DOUBLE && type_is_whole(a));
}

/* common_type: the type of the arguments that are brought to one, when there are such and they have one. */
static bool bind_arguments(struct binder *binder, struct scope *scope, struct expression *call, struct type *common_type, bool *has_common)
{
    const char *letters = call->function->arguments;
    size_t known = strlen(letters), skipped = call->word ? 1 : 0, common_count = 0;
    struct expression ***common = arena_array(binder->arena, call->operand_count + 1, sizeof *common);
    bool typed;

    if (!common)
        return error_memory(binder->err);
    for (size_t i = 0; i < call->operand_count; i++) {
        size_t place = i + skipped;
        char letter = known ? letters[place < known ? place : known - 1] : 'a';
        if (!bind_expression(binder, scope, &call->operands[i]) || !bind_argument(binder, call, letter, &call->operands[i]))
            return false;
        if (letter == 'c')
            common[common_count++] = &call->operands[i];
    }
    call->typed = true;
    *has_common = false;
    if (common_count == 0 || compares_exactly(call))
        return true;
    if (!bind_common(binder, common, common_count, call->at, &typed, common_type))
        return false;
    call->typed = *has_common = typed;
    return true;
}

static bool is_nullable(const struct expression *call)
{
    bool any = false, all = true;

    for (size_t i = 0; i < call->operand_count; i++) {
        any = any || call->operands[i]->nullable;
        all = all && call->operands[i]->nullable;
    }
    switch (call->function->nulls) {
    case NULLS_NEVER: return false;
    case NULLS_STRICT: return any;
    case NULLS_IF_ALL: return all;
    case NULLS_MAYBE: break;
    }
    return true;
}

/* Aggregates and windows: whether they may stand here. */
static bool check_place(struct binder *binder, struct scope *scope, const struct expression *call)
{
    const char *name = call->function->name;

    if (call->window)
        return !scope->no_windows || bind_error(binder, call->at, "42000",
                                                "%s … OVER can not stand in %s; only the select list and ORDER BY can hold it",
                                                name, scope->no_windows);
    if (!call->function->aggregate && call->function != &bind_grouping_function)
        return true;
    if (scope->no_aggregates)
        return bind_error(binder, call->at, "42000", "The aggregate %s can not stand in %s%s", name, scope->no_aggregates,
                          strcmp(scope->no_aggregates, "WHERE") == 0 ? "; use HAVING" : "");
    if (scope->in_aggregate)
        return bind_error(binder, call->at, "42000", "The aggregate %s stands inside another aggregate", name);
    scope->has_aggregates = scope->has_aggregates || call->function->aggregate;
    scope->tells_groupings = scope->tells_groupings || !call->function->aggregate;
    return true;
}

/* LISTAGG(x, ',') WITHIN GROUP (ORDER BY y), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) */
static bool bind_aggregate_order(struct binder *binder, struct scope *scope, struct expression *call)
{
    const struct type number = {.kind = TYPE_DOUBLE};
    bool percentile = strcmp(call->function->engine_name, "percentile") == 0 && call->function->largest == 1 && call->function->arguments[0] == 'f';
    bool joins = strcmp(call->function->engine_name, "string_join") == 0;

    if (percentile && strcmp(call->function->name, "MEDIAN") != 0 && call->order_count != 1)
        return bind_error(binder, call->at, "42000", "%s needs WITHIN GROUP (ORDER BY x) behind it", call->function->name);
    if (call->order_count && (!(percentile || joins) || strcmp(call->function->name, "MEDIAN") == 0))
        return bind_error(binder, call->at, "42000", "%s takes no ORDER BY", call->function->name);
    for (size_t i = 0; i < call->order_count; i++) {
        struct order_item *item = &call->order[i];
        if (!bind_expression(binder, scope, &item->expression))
            return false;
        bind_open_string(binder, item->expression);
        item->decimal = item->expression->type.kind == TYPE_DECIMAL;
        if (percentile && !type_is_number(item->expression->type.kind))
            return wrong_argument(binder, call, item->expression, "a number");
        if (percentile && !bind_convert(binder, &item->expression, &number))
            return false;
    }
    return true;
}

/* FILTER and ORDER BY of an aggregate, whose own arguments are bound. */
static bool bind_aggregate(struct binder *binder, struct scope *scope, struct expression *call)
{
    if (call->filter && !call->function->aggregate)
        return bind_error(binder, call->at, "42000", "Only aggregates take FILTER; %s does not", call->function->name);
    if (call->filter && !bind_condition(binder, scope, &call->filter))
        return false;
    if (!bind_aggregate_order(binder, scope, call))
        return false;
    bool plain_only = strcmp(call->function->engine_name, "string_join") == 0 || strcmp(call->function->engine_name, "percentile") == 0;
    return !plain_only || !call->window ||
           bind_error(binder, call->at, "42000", "%s can not have OVER behind it; group by the columns in a derived table and join it",
                      call->function->name);
}

bool bind_function(struct binder *binder, struct scope *scope, struct expression *call)
{
    const struct sql_function *function = find_function(call);

    if (!function)
        return no_function(binder, call);
    call->function = function;
    if (!check_count(binder, call) || !check_place(binder, scope, call))
        return false;
    if (function->result == RESULT_MODULO) {
        call->kind = EXPRESSION_ARITHMETIC;
        call->op = OPERATOR_MODULO;
        return bind_expression(binder, scope, &call);
    }

    bool plain_aggregate = function->aggregate && !call->window, outside = scope->in_aggregate;
    struct type common = {0};
    bool has_common = false;
    scope->in_aggregate = outside || plain_aggregate;
    bool bound = bind_arguments(binder, scope, call, &common, &has_common) && bind_aggregate(binder, scope, call);
    scope->in_aggregate = outside;
    if (!bound || (call->window && !bind_window(binder, scope, call)))
        return false;
    /* The arguments need not have the common type themselves, where their values look the same. NULLIF gives only its first. */
    if (call->typed)
        call->type = has_common && strcmp(function->engine_name, "nullif") != 0 ? common : typing_function(call);
    call->nullable = is_nullable(call);
    bool chooses = function->aggregate || function->engine_name[0] == 'm'; /* min, max, of rows or of arguments */
    call->decimal_order = chooses && function->result == RESULT_COMMON && call->type.kind == TYPE_DECIMAL;
    return true;
}
