/* Conditions that SQLite does not show to a virtual table, because they are no comparison of one column with values: services that have a
 * word for such are told of them beside it. A condition c becomes c AND told(column, n); the function is true, and where it is planned
 * with, the engine shows the service term n of the statement. */
#include <string.h>

#include "base/error.h"
#include "sql/push.h"
#include "sql/scope.h"

enum { MOST_TOLD = 100, MOST_NODES = 2000 /* of a term */, MOST_DEEP = 40 };

/* What is at hand while one condition becomes a term about one source. */
struct telling {
    struct binder *binder;
    const struct source *source;
    size_t nodes;
    bool memory;                    /* there is none left */
};

static const struct sql_function told_function = {"TOLD", "told", 2, 2, "ai", RESULT_BOOLEAN, NULLS_NEVER, false};

bool tell_is_hint(const struct expression *condition)
{
    return condition->kind == EXPRESSION_FUNCTION && condition->function == &told_function;
}

static struct term *make(struct telling *telling, enum term_kind kind, size_t count)
{
    struct term *term = NULL;
    const struct term **operands = NULL;

    if (telling->memory || ++telling->nodes > MOST_NODES)
        return NULL;
    term = arena_alloc(telling->binder->arena, sizeof *term);
    operands = arena_array(telling->binder->arena, count + 1, sizeof(const struct term *));
    telling->memory = !term || !operands;
    if (telling->memory)
        return NULL;
    *term = (struct term){.kind = kind, .parameter = -1, .column = -1, .operands = operands, .count = count};
    return term;
}

/* ---- What is compared ---- */

static const struct term *tell_operand(struct telling *telling, const struct expression *expression);

/* The SELECT of a derived table or view each of whose rows is made of one row inside, and of nothing else; NULL for all other sources. A
 * condition on its rows may as well hold inside. */
static struct select *open_select(const struct source *source)
{
    const struct query *query = source->query;
    struct select *select = query && !query->limit && !query->offset && !query->common_count && query->term_count == 1 ? query->terms[0].select : NULL;

    if (!select || select->top || select->grouped || !select->from)
        return NULL;
    for (size_t i = 0; i < select->item_count; i++)
        if (!select->items[i].expression || push_has_window(select->items[i].expression))
            return NULL;
    return select;
}

static const struct term *tell_column(struct telling *telling, const struct expression *column)
{
    const struct select *select = open_select(column->source);

    if (select && column->source != telling->source)
        return column->column < select->item_count ? tell_operand(telling, select->items[column->column].expression) : NULL;
    if (column->source != telling->source || telling->source->table->columns[column->column].pseudo)
        return NULL;
    struct term *term = make(telling, TERM_COLUMN, 0);
    if (term) {
        term->column = (int)column->column;
        term->type = telling->source->table->columns[column->column].type;
    }
    return term;
}

static const struct term *tell_value(struct telling *telling, const struct expression *expression)
{
    struct term *term = make(telling, TERM_VALUE, 0);

    if (!term)
        return NULL;
    term->type = expression->type;
    if (expression->kind == EXPRESSION_PARAMETER)
        term->parameter = (int)expression->parameter;
    else
        term->value = expression->value;
    return term;
}

/* Whether a cast changes no number: what services compare and calculate with needs none. */
static bool keeps_number(const struct type *from, const struct type *to)
{
    if (from->kind == TYPE_BOOLEAN || !type_is_number(from->kind) || !type_is_number(to->kind))
        return false;
    if (type_is_whole(from->kind))
        return type_is_whole(to->kind) ? from->kind <= to->kind : to->kind == TYPE_DECIMAL || from->kind != TYPE_BIGINT;
    return from->kind == to->kind && (from->kind == TYPE_DOUBLE || (from->scale <= to->scale && from->size - from->scale <= to->size - to->scale));
}

static const struct term *tell_cast(struct telling *telling, const struct expression *cast)
{
    const struct type *from = &cast->operands[0]->type;
    bool text = from->kind == TYPE_STRING && cast->type.kind == TYPE_STRING && (!cast->type.size || (from->size && from->size <= cast->type.size));

    return !cast->exact && (text || keeps_number(from, &cast->type)) ? tell_operand(telling, cast->operands[0]) : NULL;
}

static const struct term *tell_call(struct telling *telling, enum term_function function, const struct type *type, struct expression *const *operands,
                                    size_t count)
{
    struct term *term = make(telling, TERM_CALL, count);

    if (!term)
        return NULL;
    term->function = function;
    term->type = *type;
    for (size_t i = 0; i < count; i++)
        if (!(term->operands[i] = tell_operand(telling, operands[i])))
            return NULL;
    return term;
}

static const struct term *tell_arithmetic(struct telling *telling, const struct expression *expression)
{
    static const enum term_function functions[] = {
        [OPERATOR_ADD] = TERM_ADD, [OPERATOR_SUBTRACT] = TERM_SUBTRACT, [OPERATOR_MULTIPLY] = TERM_MULTIPLY, [OPERATOR_DIVIDE] = TERM_DIVIDE,
        [OPERATOR_MODULO] = TERM_MODULO,
    };
    return tell_call(telling, functions[expression->op], &expression->type, expression->operands, expression->operand_count);
}

/* LEFT(x, n) */
static const struct term *tell_left(struct telling *telling, const struct expression *left)
{
    const struct type integer = {.kind = TYPE_INTEGER};
    struct expression *one = push_literal(telling->binder, &integer, value_integer(1));
    struct expression *operands[] = {left->operands[0], one, left->operands[1]};

    telling->memory |= !one;
    return one ? tell_call(telling, TERM_SUBSTRING, &left->type, operands, 3) : NULL;
}

static bool is_zero(const struct expression *expression)
{
    return expression->kind == EXPRESSION_LITERAL && expression->value.storage == STORAGE_INTEGER && expression->value.integer == 0;
}

/* EXTRACT(MONTH FROM x), and the rest of what has a name. */
static const struct term *tell_function(struct telling *telling, const struct expression *call)
{
    static const struct { const char *engine_name; enum term_function function; size_t most; } functions[] = {
        {"fn_ucase", TERM_UPPER, 1}, {"fn_lcase", TERM_LOWER, 1}, {"fn_trim", TERM_TRIM, 1}, {"fn_concat", TERM_CONCAT, 100},
        {"fn_substring", TERM_SUBSTRING, 3}, {"fn_length", TERM_LENGTH, 1}, {"fn_char_length", TERM_CHARACTERS, 1}, {"fn_locate", TERM_LOCATE, 2},
        {"fn_year", TERM_YEAR, 1}, {"fn_month", TERM_MONTH, 1}, {"fn_dayofmonth", TERM_DAY, 1}, {"fn_hour", TERM_HOUR, 1},
        {"fn_minute", TERM_MINUTE, 1}, {"fn_second", TERM_SECOND, 1}, {"fn_floor", TERM_FLOOR, 1}, {"fn_ceiling", TERM_CEILING, 1},
    };
    static const struct { const char *word; enum term_function function; } parts[] = {
        {"year", TERM_YEAR}, {"month", TERM_MONTH}, {"day", TERM_DAY}, {"hour", TERM_HOUR}, {"minute", TERM_MINUTE}, {"second", TERM_SECOND},
    };
    const char *name = call->function->engine_name;

    if (call->function->aggregate || call->window || call->filter || call->operand_count == 0)
        return NULL;
    if (strcmp(name, "fn_left") == 0)
        return tell_left(telling, call);
    if (strcmp(name, "fn_round") == 0 && (call->operand_count == 1 || is_zero(call->operands[1])))
        return tell_call(telling, TERM_ROUND, &call->type, call->operands, 1);
    for (size_t i = 0; strcmp(name, "fn_extract") == 0 && call->word && i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(parts[i].word, call->word) == 0)
            return tell_call(telling, parts[i].function, &call->type, call->operands, 1);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].engine_name, name) == 0 && call->operand_count <= functions[i].most)
            return tell_call(telling, functions[i].function, &call->type, call->operands, call->operand_count);
    return NULL;
}

/* NULL: it can not be told. */
static const struct term *tell_operand(struct telling *telling, const struct expression *expression)
{
    if (expression->depth > MOST_DEEP)
        return NULL;
    switch (expression->kind) {
    case EXPRESSION_COLUMN: return expression->source ? tell_column(telling, expression) : NULL;
    case EXPRESSION_LITERAL: case EXPRESSION_PARAMETER: return tell_value(telling, expression);
    case EXPRESSION_CAST: return tell_cast(telling, expression);
    case EXPRESSION_ARITHMETIC: return tell_arithmetic(telling, expression);
    case EXPRESSION_CONCATENATE: return tell_call(telling, TERM_CONCAT, &expression->type, expression->operands, expression->operand_count);
    case EXPRESSION_FUNCTION: return tell_function(telling, expression);
    default: return NULL;
    }
}

/* ---- Tests ---- */

static const struct term *tell_condition(struct telling *telling, const struct expression *condition);

static const struct term *tell_test(struct telling *telling, enum filter_op op, struct expression *const *operands, size_t count)
{
    struct term *test = make(telling, TERM_TEST, count);

    if (!test)
        return NULL;
    test->op = op;
    for (size_t i = 0; i < count; i++)
        if (!(test->operands[i] = tell_operand(telling, operands[i])))
            return NULL;
    return term_first_column(test) < 0 ? NULL : test;
}

static bool op_of(enum operator op, enum filter_op *filter)
{
    switch (op) {
    case OPERATOR_EQUAL: *filter = FILTER_EQUAL; return true;
    case OPERATOR_NOT_EQUAL: *filter = FILTER_NOT_EQUAL; return true;
    case OPERATOR_LESS: *filter = FILTER_LESS; return true;
    case OPERATOR_LESS_EQUAL: *filter = FILTER_LESS_EQUAL; return true;
    case OPERATOR_GREATER: *filter = FILTER_GREATER; return true;
    case OPERATOR_GREATER_EQUAL: *filter = FILTER_GREATER_EQUAL; return true;
    default: return false;
    }
}

/* An ALL or ANY of at most so many operands, that has none yet. */
static struct term *begin_chain(struct telling *telling, enum term_kind kind, size_t most)
{
    struct term *term = make(telling, kind, most);

    if (term)
        term->count = 0;
    return term;
}

/* One that can not be told is NULL: ALL does without it, ANY can not. */
static bool add_link(struct term *term, const struct term *one)
{
    if (one)
        term->operands[term->count++] = one;
    return one || term->kind == TERM_ALL;
}

/* What it has come to. */
static const struct term *end_chain(const struct term *term)
{
    return term->count > 1 ? term : term->count == 1 ? term->operands[0] : NULL;
}

/* The same operand against each of the others. */
static const struct term *tell_each(struct telling *telling, const struct expression *test, enum term_kind kind, const enum filter_op ops[2])
{
    struct term *term = begin_chain(telling, kind, test->operand_count - 1);

    for (size_t i = 1; term && i < test->operand_count; i++) {
        struct expression *const operands[] = {test->operands[0], test->operands[i]};
        if (!add_link(term, tell_test(telling, ops[i == 1 ? 0 : 1], operands, 2)))
            return NULL;
    }
    return term ? end_chain(term) : NULL;
}

static const struct term *tell_chain(struct telling *telling, const struct expression *chain)
{
    struct term *term = begin_chain(telling, chain->op == OPERATOR_AND ? TERM_ALL : TERM_ANY, chain->operand_count);

    for (size_t i = 0; term && i < chain->operand_count; i++)
        if (!add_link(term, tell_condition(telling, chain->operands[i])))
            return NULL;
    return term ? end_chain(term) : NULL;
}

/* NULL: it can not be told. What is told holds wherever the condition is true. */
static const struct term *tell_condition(struct telling *telling, const struct expression *condition)
{
    static const enum filter_op inside[] = {FILTER_GREATER_EQUAL, FILTER_LESS_EQUAL}, outside[] = {FILTER_LESS, FILTER_GREATER},
                                unequal[] = {FILTER_NOT_EQUAL, FILTER_NOT_EQUAL};
    enum filter_op op;

    if (condition->depth > MOST_DEEP)
        return NULL;
    switch (condition->kind) {
    case EXPRESSION_LOGICAL:
        return tell_chain(telling, condition);
    case EXPRESSION_COMPARE:
        return op_of(condition->op, &op) ? tell_test(telling, op, condition->operands, 2) : NULL;
    case EXPRESSION_IS_NULL:
        return tell_test(telling, condition->negated ? FILTER_IS_NOT_NULL : FILTER_IS_NULL, condition->operands, 1);
    case EXPRESSION_BETWEEN:
        return tell_each(telling, condition, condition->negated ? TERM_ANY : TERM_ALL, condition->negated ? outside : inside);
    case EXPRESSION_IN:
        return condition->negated ? tell_each(telling, condition, TERM_ALL, unequal)
                                  : tell_test(telling, FILTER_IN, condition->operands, condition->operand_count);
    case EXPRESSION_LIKE: {
        struct term *like = condition->operand_count == 2 ? (struct term *)tell_test(telling, FILTER_LIKE, condition->operands, 2) : NULL;
        if (like)
            like->negated = condition->negated;
        return like;
    }
    default:
        return NULL;
    }
}

/* ---- Which conditions ---- */

/* Of a table, also through derived tables that show it as it is. */
static bool is_column(const struct expression *expression)
{
    const struct select *select = expression->kind == EXPRESSION_COLUMN && expression->source ? open_select(expression->source) : NULL;

    if (select)
        return expression->column < select->item_count && is_column(select->items[expression->column].expression);
    return expression->kind == EXPRESSION_COLUMN;
}

/* One column against values that are known when the table is read: SQLite shows that by itself. */
static bool is_plain(const struct expression *test)
{
    size_t column = test->kind == EXPRESSION_COMPARE && !is_column(test->operands[0]) ? 1 : 0;

    if (test->kind == EXPRESSION_COMPARE ? test->op > OPERATOR_GREATER_EQUAL : test->kind != EXPRESSION_IS_NULL && test->negated)
        return false;
    if (test->operand_count <= column || !is_column(test->operands[column]))
        return false;
    for (size_t i = 0; i < test->operand_count; i++)
        if (i != column && !push_is_constant(test->operands[i]))
            return false;
    return true;
}

/* a = 1 OR a = 2, of which SQLite makes a list. */
static bool is_list(const struct expression *chain)
{
    const struct expression *first = chain->operands[0];

    for (size_t i = 0; i < chain->operand_count; i++) {
        const struct expression *one = chain->operands[i];
        bool equal = (one->kind == EXPRESSION_COMPARE && one->op == OPERATOR_EQUAL) || one->kind == EXPRESSION_IN;
        if (!equal || !is_plain(one) || !is_column(one->operands[0]) || !is_column(first->operands[0]) || !bind_same(one->operands[0], first->operands[0]))
            return false;
    }
    return true;
}

static bool keep(struct telling *telling, const struct term *term, const struct expression *part, size_t *number)
{
    struct binder *binder = telling->binder;

    if (binder->told_count == binder->told_room) {
        size_t room = binder->told_room ? binder->told_room * 2 : 8;
        struct told *larger = arena_array(binder->arena, room, sizeof *larger);
        if (!larger)
            return error_memory(binder->err);
        if (binder->told_count)
            memcpy(larger, binder->told, binder->told_count * sizeof *larger);
        binder->told = larger;
        binder->told_room = room;
    }
    *number = binder->told_count;
    binder->told[binder->told_count++] = (struct told){term, part, telling->source};
    return true;
}

/* told(column, n) */
static struct expression *make_hint(struct telling *telling, int column, size_t number, uint32_t at)
{
    const struct type integer = {.kind = TYPE_INTEGER};
    struct binder *binder = telling->binder;
    struct expression *hint = arena_alloc(binder->arena, sizeof *hint);
    struct expression **operands = arena_array(binder->arena, 2, sizeof *operands);

    if (!hint || !operands) {
        error_memory(binder->err);
        return NULL;
    }
    operands[0] = scope_column(binder, (struct source *)telling->source, (size_t)column, at);
    operands[1] = push_literal(binder, &integer, value_integer((int64_t)number));
    *hint = (struct expression){.kind = EXPRESSION_FUNCTION, .function = &told_function, .operands = operands, .operand_count = 2, .at = at, .bound = true,
                                .typed = true, .type = {.kind = TYPE_BOOLEAN}, .depth = 2};
    return operands[0] && operands[1] ? hint : NULL;
}

static bool tell_of(struct binder *binder, const struct source *source, const struct expression *part, struct expression **where)
{
    struct telling telling = {.binder = binder, .source = source};
    size_t number = 0;

    if (!source->table || source->table->place != PLACE_SERVICE || !source->table->service->class || !source->table->service->class->takes_terms
        || binder->told_count == MOST_TOLD)
        return true;
    const struct term *term = tell_condition(&telling, part);
    if (telling.memory)
        return error_memory(binder->err);
    if (!term)
        return true;
    if (!keep(&telling, term, part, &number))
        return false;
    struct expression *hint = make_hint(&telling, term_first_column(term), number, part->at);
    return hint && push_and(binder, where, hint);
}

/* missing: rows of a side that may be missing are asked for, too: SQLite keeps hints about a table away then, but not those inside of others. */
static bool tell_sources(struct binder *binder, const struct from *from, const struct expression *part, bool missing, struct expression **where)
{
    if (from->is_join)
        return tell_sources(binder, from->left, part, missing, where) && tell_sources(binder, from->right, part, missing, where);
    struct select *inside = missing && from->source->outer ? NULL : open_select(from->source);
    return inside ? tell_sources(binder, inside->from, part, true, &inside->where) : tell_of(binder, from->source, part, where);
}

static bool tell_parts(struct binder *binder, const struct from *from, const struct expression *part, bool missing, struct expression **where)
{
    if (part->kind == EXPRESSION_LOGICAL && part->op == OPERATOR_AND) {
        for (size_t i = 0; i < part->operand_count; i++)
            if (!tell_parts(binder, from, part->operands[i], missing, where))
                return false;
        return true;
    }
    bool list = part->kind == EXPRESSION_LOGICAL && is_list(part);
    struct expression *implied = NULL;
    if (list || (part->kind != EXPRESSION_LOGICAL && is_plain(part)) || part->kind == EXPRESSION_LITERAL)
        return true;
    if (!simplify_imply(binder, part, &implied))
        return false;
    return implied || tell_sources(binder, from, part, missing, where); /* a range that follows says as much */
}

/* What ON says of a side whose rows come all the same is none of its service's business. */
static const struct from *side_of(const struct from *join)
{
    switch (join->join) {
    case JOIN_LEFT: return join->right;
    case JOIN_RIGHT: case JOIN_FULL: return NULL;
    default: return join;
    }
}

static bool tell_joins(struct binder *binder, struct from *from)
{
    if (!from->is_join)
        return true;
    const struct from *side = side_of(from);
    bool missing = from->join != JOIN_LEFT || from->right->is_join; /* what is missing in it anyway may not become more */
    return (!from->condition || !side || tell_parts(binder, side, from->condition, missing, &from->condition)) && tell_joins(binder, from->left)
           && tell_joins(binder, from->right);
}

bool tell_select(struct binder *binder, struct select *select)
{
    return !select->from || ((!select->where || tell_parts(binder, select->from, select->where, true, &select->where)) && tell_joins(binder, select->from));
}

bool tell_end(const struct binder *binder, struct statement *statement)
{
    const struct term **terms = arena_array(binder->arena, binder->told_count + 1, sizeof(const struct term *));

    if (!terms)
        return error_memory(binder->err);
    for (size_t i = 0; i < binder->told_count; i++)
        terms[i] = binder->told[i].term;
    statement->terms = terms;
    statement->term_count = binder->told_count;
    return true;
}
