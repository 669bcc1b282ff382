/* Expressions as SQLite must see them: operators whose meaning differs from SQL's become calls of engine functions,
 * conditions on columns stay what SQLite can hand to a virtual table. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/value.h"
#include "sql/aggregate.h"
#include "sql/print.h"
#include "sql/typing.h"

static const char *const comparisons[] = {
    [OPERATOR_EQUAL] = " = ", [OPERATOR_NOT_EQUAL] = " <> ", [OPERATOR_LESS] = " < ", [OPERATOR_LESS_EQUAL] = " <= ",
    [OPERATOR_GREATER] = " > ", [OPERATOR_GREATER_EQUAL] = " >= ", [OPERATOR_SAME] = " IS ", [OPERATOR_DIFFERENT] = " IS NOT ",
};

static void print_quoted(struct buffer *out, const char *text, size_t length, char quote)
{
    buffer_append_char(out, quote);
    for (const char *end = text + length; text < end;) {
        const char *next = memchr(text, quote, (size_t)(end - text));
        size_t run = next ? (size_t)(next - text) + 1 : (size_t)(end - text);
        buffer_append(out, text, run);
        if (next)
            buffer_append_char(out, quote);
        text += run;
    }
    buffer_append_char(out, quote);
}

void print_name(struct buffer *out, const char *name)
{
    print_quoted(out, name, strlen(name), '"');
}

void print_text(struct buffer *out, const char *text)
{
    print_quoted(out, text, strlen(text), '\'');
}

/* A double without a point or exponent would be read as a whole number. */
static void print_real(struct buffer *out, double real)
{
    char text[VALUE_SCRATCH];
    size_t length = value_print_real(real, text);

    if (strpbrk(text, "ni")) { /* inf: value_from_text lets no literal be one, but arithmetic on literals might */
        buffer_append_text(out, real > 0 ? "9e999" : "-9e999");
        return;
    }
    buffer_append(out, text, length);
    if (!strpbrk(text, ".e"))
        buffer_append_text(out, ".0");
}

static void print_literal(struct buffer *out, const struct value *value)
{
    switch ((enum storage)value->storage) {
    case STORAGE_NULL:
        buffer_append_text(out, "NULL");
        break;
    case STORAGE_INTEGER:
        buffer_printf(out, "%" PRId64, value->integer);
        break;
    case STORAGE_REAL:
        print_real(out, value->real);
        break;
    case STORAGE_TEXT:
        print_quoted(out, value->text, value->length, '\'');
        break;
    case STORAGE_BLOB:
        buffer_append_text(out, "X'");
        for (uint32_t i = 0; i < value->length; i++)
            buffer_printf(out, "%02X", (unsigned)(unsigned char)value->text[i]);
        buffer_append_char(out, '\'');
        break;
    }
}

static void print_column(struct buffer *out, const struct expression *column)
{
    print_name(out, column->source->printed);
    buffer_append_char(out, '.');
    size_t own = column->source->grouped ? column->source->table->column_count : SIZE_MAX;
    if (column->column == own + AGGREGATE_HOW)
        buffer_append_text(out, "\"#\"");
    else if (column->column >= own)
        buffer_printf(out, "\"r%zu\"", column->column - own - AGGREGATE_FIRST);
    else if (column->source->table)
        print_name(out, column->source->table->columns[column->column].name);
    else
        buffer_printf(out, "\"c%zu\"", column->column + 1);
}

static bool is_negative(const struct expression *literal)
{
    return literal->value.storage == STORAGE_INTEGER ? literal->value.integer < 0
                                                     : literal->value.storage == STORAGE_REAL && literal->value.real < 0;
}

/* c BETWEEN a AND b is printed as c >= a AND c <= b: beside a BETWEEN SQLite does not let a virtual table see the LIMIT that its two
 * halves leave possible. */
static bool is_two_bounds(const struct expression *expression)
{
    return expression->kind == EXPRESSION_BETWEEN && !expression->negated && expression->operands[0]->kind == EXPRESSION_COLUMN;
}

static bool changes_nothing(const struct expression *cast)
{
    return typing_same_storage(&cast->operands[0]->type, &cast->type);
}

static enum print_level level_of(const struct expression *expression)
{
    if (is_two_bounds(expression))
        return LEVEL_AND;
    switch (expression->kind) {
    case EXPRESSION_LOGICAL:
        return expression->op == OPERATOR_OR ? LEVEL_OR : LEVEL_AND;
    case EXPRESSION_NOT:
        return LEVEL_NOT;
    case EXPRESSION_COMPARE:
        return expression->op >= OPERATOR_LESS && expression->op <= OPERATOR_GREATER_EQUAL ? LEVEL_ORDER : LEVEL_EQUALITY;
    case EXPRESSION_IS_NULL:
    case EXPRESSION_IS_TRUTH:
    case EXPRESSION_BETWEEN:
    case EXPRESSION_LIKE:
    case EXPRESSION_IN:
    case EXPRESSION_IN_QUERY:
        return LEVEL_EQUALITY;
    case EXPRESSION_ARITHMETIC:
        return LEVEL_PRIMARY; /* a function */
    case EXPRESSION_CONCATENATE:
        return LEVEL_CONCATENATION;
    case EXPRESSION_NEGATE:
        return expression->type.kind == TYPE_DOUBLE ? LEVEL_UNARY : LEVEL_PRIMARY;
    case EXPRESSION_LITERAL:
        return is_negative(expression) ? LEVEL_UNARY : LEVEL_PRIMARY;
    case EXPRESSION_CAST:
        if (changes_nothing(expression))
            return level_of(expression->operands[0]);
        return LEVEL_PRIMARY;
    default:
        return LEVEL_PRIMARY;
    }
}

static const char *collation(const struct expression *expression)
{
    return expression->decimal_order ? " COLLATE decimal" : "";
}

void print_list(struct buffer *out, struct expression *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_append_text(out, ", ");
        print_expression(out, list[i], LEVEL_OR);
    }
}

/* A long chain is printed as a balanced tree, because SQLite bounds the depth of an expression. */
static void print_chain(struct buffer *out, const struct expression *chain, size_t from, size_t to)
{
    enum { FLAT = 16 };
    bool is_or = chain->op == OPERATOR_OR;
    const char *word = is_or ? " OR " : " AND ";

    if (to - from <= FLAT) {
        for (size_t i = from; i < to; i++) {
            if (i > from)
                buffer_append_text(out, word);
            print_condition(out, chain->operands[i], is_or ? LEVEL_AND : LEVEL_NOT);
        }
        return;
    }
    size_t middle = from + (to - from) / 2;
    buffer_append_char(out, '(');
    print_chain(out, chain, from, middle);
    buffer_printf(out, ")%s(", word);
    print_chain(out, chain, middle, to);
    buffer_append_char(out, ')');
}

const struct expression *print_without_casts(const struct expression *expression)
{
    while (expression->kind == EXPRESSION_CAST && changes_nothing(expression))
        expression = expression->operands[0];
    return expression;
}

static enum type_kind arithmetic_kind(const struct expression *expression)
{
    enum type_kind kind = expression->type.kind;
    return kind == TYPE_DECIMAL || kind == TYPE_DOUBLE ? kind : TYPE_BIGINT;
}

/* Whether a sum of decimals has room for all their digits. */
static bool is_exact(const struct expression *sum)
{
    return sum->type.scale >= sum->operands[0]->type.scale && sum->type.scale >= sum->operands[1]->type.scale;
}

/* Whether (a op b) op c may be printed as one call: the same steps, so that it comes to the same. Both are of one kind of number, or a
 * cast stood between them. */
static bool is_same_chain(const struct expression *chain, const struct expression *left)
{
    enum type_kind kind = arithmetic_kind(chain);

    if (left->kind != EXPRESSION_ARITHMETIC)
        return false;
    if (chain->op == OPERATOR_MULTIPLY)
        return left->op == OPERATOR_MULTIPLY && kind != TYPE_DECIMAL;
    return (chain->op == OPERATOR_ADD || chain->op == OPERATOR_SUBTRACT) && (left->op == OPERATOR_ADD || left->op == OPERATOR_SUBTRACT) &&
           (kind != TYPE_DECIMAL || is_exact(left));
}

/* integer_add(a, b, …), decimal_add(a, b, …, scale), double_add(a, b, …); integer_chain('+-', a, b, c) for a + b - c. The terms of a chain
 * stand side by side, because SQLite's parser goes only some thirty calls deep. */
static void print_arithmetic(struct buffer *out, const struct expression *expression)
{
    enum { MOST_TERMS = 100 /* below SQLite's bound on arguments, 127 */ };
    static const char *const operators[] = {
        [OPERATOR_ADD] = "add", [OPERATOR_SUBTRACT] = "subtract", [OPERATOR_MULTIPLY] = "multiply",
        [OPERATOR_DIVIDE] = "divide", [OPERATOR_MODULO] = "modulo",
    };
    const struct expression *steps[MOST_TERMS] = {expression};
    enum type_kind kind = arithmetic_kind(expression);
    size_t count = 1;
    bool mixed = false;

    for (; count < MOST_TERMS - 1; count++) {
        const struct expression *left = print_without_casts(steps[count - 1]->operands[0]);
        if (!is_same_chain(steps[count - 1], left))
            break;
        mixed = mixed || left->op != expression->op;
        steps[count] = left;
    }
    buffer_printf(out, "%s_%s(%s", kind == TYPE_DOUBLE ? "double" : kind == TYPE_DECIMAL ? "decimal" : "integer",
                  mixed ? "chain" : operators[expression->op], mixed ? "'" : "");
    for (size_t i = count; mixed && i > 0; i--)
        buffer_append_char(out, steps[i - 1]->op == OPERATOR_ADD ? '+' : '-');
    buffer_append_text(out, mixed ? "', " : "");
    print_expression(out, steps[count - 1]->operands[0], LEVEL_OR);
    for (size_t i = count; i > 0; i--) {
        buffer_append_text(out, ", ");
        print_expression(out, steps[i - 1]->operands[1], LEVEL_OR);
    }
    if (kind == TYPE_DECIMAL)
        buffer_printf(out, ", %d", (int)expression->type.scale);
    buffer_append_char(out, ')');
}

static void print_negate(struct buffer *out, const struct expression *expression)
{
    if (expression->type.kind == TYPE_DOUBLE) {
        buffer_append_char(out, '-');
        print_expression(out, expression->operands[0], LEVEL_PRIMARY);
        return;
    }
    buffer_append_text(out, expression->type.kind == TYPE_DECIMAL ? "decimal_negate(" : "integer_negate(");
    print_expression(out, expression->operands[0], LEVEL_OR);
    buffer_append_char(out, ')');
}

static void print_cast(struct buffer *out, const struct expression *cast, enum print_level level)
{
    const struct expression *operand = cast->operands[0];
    char from[48], to[48];

    if (cast->exact) {
        buffer_append_text(out, "number_of_text(");
        print_expression(out, operand, LEVEL_OR);
        buffer_append_char(out, ')');
        return;
    }
    if (changes_nothing(cast)) {
        print_expression(out, operand, level);
        return;
    }
    type_print(&operand->type, from, sizeof from);
    type_print(&cast->type, to, sizeof to);
    buffer_append_text(out, cast->or_null ? "try_cast_value(" : "cast_value(");
    print_expression(out, operand, LEVEL_OR);
    buffer_printf(out, ", '%s', '%s')", from, to);
}

static void print_subquery(struct buffer *out, const struct query *query)
{
    buffer_append_char(out, '(');
    print_query(out, query, false);
    buffer_append_char(out, ')');
}

/* Whether a query can have no more than one row: nothing has to make sure of it then. */
static bool has_one_row(const struct query *query)
{
    const struct select *select = query->term_count == 1 ? query->terms[0].select : NULL;
    const struct expression *limit = query->limit;

    if (limit && limit->kind == EXPRESSION_LITERAL && limit->value.storage == STORAGE_INTEGER && limit->value.integer <= 1 &&
        !query->percent && !query->ties)
        return true;
    return select && (!select->from || (select->grouped && select->group_count == 0));
}

static void print_single_value(struct buffer *out, const struct query *query)
{
    if (has_one_row(query)) {
        print_subquery(out, query);
        return;
    }
    buffer_append_text(out, "(SELECT single_value(1, \"c1\") FROM (");
    print_query(out, query, true);
    buffer_append_text(out, "))");
}

/* One pass over the query's rows, with SQL's three truth values: ANY is true when one row is, else unknown when one row is. A row that is
 * compared with a query of one row is unknown when there is none. */
static void print_quantified(struct buffer *out, const struct expression *expression)
{
    if (expression->single)
        buffer_append_text(out, "(SELECT single_value(1, \"v\") FROM (SELECT ");
    else
        buffer_printf(out, "(SELECT CASE WHEN %s(\"v\") = %d THEN %d WHEN count(\"v\") < count(*) THEN NULL ELSE %d END FROM (SELECT ",
                      expression->all ? "min" : "max", !expression->all, !expression->all, expression->all);
    print_expression(out, expression->operands[0], LEVEL_OR);
    buffer_append_text(out, " AS \"v\" FROM (");
    print_query(out, expression->query, true);
    buffer_append_text(out, ") AS ");
    print_name(out, expression->rows->printed);
    buffer_append_text(out, "))");
}

static void print_two_bounds(struct buffer *out, const struct expression *between)
{
    static const char *const signs[] = {" >= ", " <= "};

    for (size_t i = 0; i < 2; i++) {
        buffer_append_text(out, i ? " AND " : "");
        print_column(out, between->operands[0]);
        buffer_append_text(out, signs[i]);
        print_expression(out, between->operands[i + 1], between->decimal_order ? LEVEL_CONCATENATION : LEVEL_ORDER + 1);
        buffer_append_text(out, collation(between));
    }
}

static void print_test(struct buffer *out, const struct expression *test)
{
    struct expression *const *operands = test->operands;
    const char *not = test->negated ? " NOT" : "";

    if (is_two_bounds(test)) {
        print_two_bounds(out, test);
        return;
    }
    if (test->kind == EXPRESSION_IS_TRUTH) {
        print_expression(out, operands[0], LEVEL_ORDER);
        buffer_printf(out, " IS%s %d", not, test->truth);
        return;
    }
    bool row = test->kind == EXPRESSION_IN_QUERY && test->operand_count > 1;
    buffer_append_text(out, row ? "(" : "");
    if (row)
        print_list(out, operands, test->operand_count);
    else
        print_expression(out, operands[0], LEVEL_ORDER);
    buffer_append_text(out, row ? ")" : "");
    switch (test->kind) {
    case EXPRESSION_IS_NULL:
        buffer_printf(out, " IS%s NULL", not);
        break;
    case EXPRESSION_BETWEEN:
        buffer_printf(out, "%s%s BETWEEN ", collation(test), not);
        print_expression(out, operands[1], LEVEL_ORDER);
        buffer_append_text(out, " AND ");
        print_expression(out, operands[2], LEVEL_ORDER);
        break;
    case EXPRESSION_LIKE:
        buffer_printf(out, "%s LIKE ", not);
        print_expression(out, operands[1], LEVEL_ORDER);
        if (test->operand_count == 3) {
            buffer_append_text(out, " ESCAPE ");
            print_expression(out, operands[2], LEVEL_ORDER);
        }
        break;
    default:
        buffer_printf(out, "%s%s IN (", collation(test), not);
        if (test->kind == EXPRESSION_IN_QUERY)
            print_query(out, test->query, false);
        else
            print_list(out, operands + 1, test->operand_count - 1);
        buffer_append_char(out, ')');
    }
}

static void print_not(struct buffer *out, const struct expression *operand)
{
    if (operand->kind == EXPRESSION_COLUMN) {
        print_column(out, operand);
        buffer_append_text(out, " = 0");
        return;
    }
    buffer_append_text(out, "NOT ");
    print_condition(out, operand, LEVEL_PRIMARY);
}

static void print_bare(struct buffer *out, const struct expression *expression, enum print_level level)
{
    switch (expression->kind) {
    case EXPRESSION_LITERAL:
        print_literal(out, &expression->value);
        break;
    case EXPRESSION_PARAMETER:
        buffer_printf(out, "?%zu", expression->parameter + 1);
        break;
    case EXPRESSION_COLUMN:
        print_column(out, expression);
        break;
    case EXPRESSION_NEGATE:
        print_negate(out, expression);
        break;
    case EXPRESSION_NOT:
        print_not(out, expression->operands[0]);
        break;
    case EXPRESSION_ARITHMETIC:
        print_arithmetic(out, expression);
        break;
    case EXPRESSION_CONCATENATE:
        print_expression(out, expression->operands[0], LEVEL_CONCATENATION);
        buffer_append_text(out, " || ");
        print_expression(out, expression->operands[1], LEVEL_UNARY);
        break;
    case EXPRESSION_COMPARE:
        print_expression(out, expression->operands[0], level_of(expression) + 1);
        buffer_append_text(out, comparisons[expression->op]);
        print_expression(out, expression->operands[1], expression->decimal_order ? LEVEL_CONCATENATION : level_of(expression) + 1);
        buffer_append_text(out, collation(expression));
        break;
    case EXPRESSION_LOGICAL:
        print_chain(out, expression, 0, expression->operand_count);
        break;
    case EXPRESSION_IS_NULL:
    case EXPRESSION_IS_TRUTH:
    case EXPRESSION_BETWEEN:
    case EXPRESSION_LIKE:
    case EXPRESSION_IN:
    case EXPRESSION_IN_QUERY:
        print_test(out, expression);
        break;
    case EXPRESSION_QUANTIFIED:
        print_quantified(out, expression);
        break;
    case EXPRESSION_EXISTS:
        buffer_append_text(out, "EXISTS ");
        print_subquery(out, expression->query);
        break;
    case EXPRESSION_SUBQUERY:
        print_single_value(out, expression->query);
        break;
    case EXPRESSION_CASE:
        print_case(out, expression);
        break;
    case EXPRESSION_CAST:
        print_cast(out, expression, level);
        break;
    case EXPRESSION_FUNCTION:
        print_function(out, expression);
        break;
    case EXPRESSION_ROW:
    case EXPRESSION_INTERVAL: /* the binder leaves none */
        break;
    }
}

/* Whether COLLATE decimal stands somewhere in it. */
static bool holds_collation(const struct expression *expression)
{
    if (expression->decimal_order)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (holds_collation(expression->operands[i]))
            return true;
    return false;
}

/* Whether an operand may be printed as part of the expression around it: CASE in CASE, COALESCE in COALESCE. */
static bool may_dissolve(const struct expression *expression, const struct expression *operand)
{
    return operand->kind == expression->kind &&
           (operand->kind == EXPRESSION_CASE ||
            (operand->kind == EXPRESSION_FUNCTION && strcmp(operand->function->engine_name, expression->function->engine_name) == 0));
}

/* SQLite takes a COLLATE anywhere within an expression for the order of its result: in CASE WHEN a < b COLLATE decimal THEN 'x' END
 * too. Texts and dates that are made of such a comparison say that theirs is another. */
static bool needs_own_order(const struct expression *expression)
{
    enum type_kind kind = expression->type.kind;
    bool made = expression->kind == EXPRESSION_CASE || expression->kind == EXPRESSION_CAST || expression->kind == EXPRESSION_FUNCTION;

    if (!made || kind == TYPE_DECIMAL || type_storage(kind) != STORAGE_TEXT)
        return false;
    if (expression->decimal_order)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++) {
        enum type_kind operand = expression->operands[i]->type.kind;
        bool has_own = operand != TYPE_DECIMAL && type_storage(operand) == STORAGE_TEXT;
        if (has_own ? may_dissolve(expression, print_without_casts(expression->operands[i])) && needs_own_order(print_without_casts(expression->operands[i]))
                    : holds_collation(expression->operands[i]))
            return true;
    }
    return false;
}

/* x, unless it is the text that it must not come to. */
static void print_never(struct buffer *out, const struct expression *expression)
{
    const struct value texts[] = {value_text(expression->never, strlen(expression->never)), value_text(expression->never_of, strlen(expression->never_of))};

    buffer_append_text(out, "other_than(");
    print_bare(out, expression, LEVEL_OR);
    for (size_t i = 0; i < 2; i++) {
        buffer_append_char(out, ',');
        print_literal(out, &texts[i]);
    }
    buffer_append_char(out, ')');
}

void print_expression(struct buffer *out, const struct expression *expression, enum print_level level)
{
    if (expression->never) {
        print_never(out, expression);
        return;
    }
    if (needs_own_order(expression)) {
        buffer_append_text(out, level > LEVEL_CONCATENATION ? "(" : "");
        print_bare(out, expression, LEVEL_PRIMARY);
        buffer_append_text(out, level > LEVEL_CONCATENATION ? " COLLATE binary)" : " COLLATE binary");
        return;
    }
    bool parentheses = level_of(expression) < level;

    if (parentheses)
        buffer_append_char(out, '(');
    print_bare(out, expression, parentheses ? LEVEL_OR : level);
    if (parentheses)
        buffer_append_char(out, ')');
}

void print_condition(struct buffer *out, const struct expression *expression, enum print_level level)
{
    if (expression->kind != EXPRESSION_COLUMN) {
        print_expression(out, expression, level);
        return;
    }
    if (level > LEVEL_EQUALITY)
        buffer_append_char(out, '(');
    print_column(out, expression);
    buffer_append_text(out, " = 1");
    if (level > LEVEL_EQUALITY)
        buffer_append_char(out, ')');
}
