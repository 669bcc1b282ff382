/* Expressions: from OR at the top down to what stands between operators. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

static struct expression *parse_not(struct parser *parser);

static struct expression *binary(struct parser *parser, enum expression_kind kind, enum operator op, uint32_t at,
                                 struct expression *left, struct expression *right)
{
    struct expression *expression = right ? parser_new(parser, kind, at) : NULL;
    if (!expression || !parser_operand(parser, expression, left) || !parser_operand(parser, expression, right))
        return NULL;
    expression->op = op;
    return expression;
}

/* One node for a whole chain of ANDs or ORs, so that a thousand of them are one level. */
static struct expression *parse_chain(struct parser *parser, const char *word, enum operator op,
                                      struct expression *(*parse_part)(struct parser *))
{
    struct expression *first = parse_part(parser), *chain = NULL;
    bool more = first != NULL;

    while (more) {
        uint32_t at = parser->token.at;
        if (!parser_take_word(parser, word, &more))
            return NULL;
        if (!more)
            break;
        if (!chain) {
            chain = parser_new(parser, EXPRESSION_LOGICAL, at);
            if (!chain || !parser_operand(parser, chain, first))
                return NULL;
            chain->op = op;
        }
        if (!parser_operand(parser, chain, parse_part(parser)))
            return NULL;
    }
    return chain ? chain : first;
}

static struct expression *parse_and(struct parser *parser)
{
    return parse_chain(parser, "AND", OPERATOR_AND, parse_not);
}

struct expression *parse_expression(struct parser *parser)
{
    return parse_chain(parser, "OR", OPERATOR_OR, parse_and);
}

/* IN has been read. */
static bool parse_in(struct parser *parser, struct expression *in)
{
    bool query, more = true;

    if (!parser_at_mark(parser, '('))
        return parser_expected(parser, "( with a list or a query");
    if (!parser_parenthesis_holds_query(parser, &query) || !parser_advance(parser))
        return false;
    if (query) {
        in->kind = EXPRESSION_IN_QUERY;
        if (!parser_inner_query(parser, in))
            return false;
    }
    while (!query && more)
        if (!parser_operand(parser, in, parse_expression(parser)) || !parser_take_mark(parser, ',', &more))
            return false;
    return parser_need_mark(parser, ')');
}

/* (a, b) IN …: in front of a query the columns become its operands, in front of a list it becomes comparisons. */
static struct expression *parse_row_in(struct parser *parser, struct expression *in, uint32_t start)
{
    struct expression *row = in->operands[0];

    if (in->kind == EXPRESSION_IN)
        return parse_row_list(parser, start, in);
    in->operands = row->operands;
    in->operand_count = row->operand_count;
    return in;
}

/* x ILIKE y: LIKE of both in lower case. */
static bool lower_operands(struct parser *parser, struct expression *like)
{
    for (size_t i = 0; i < 2; i++) {
        struct expression *lower = parser_new(parser, EXPRESSION_FUNCTION, like->at);
        if (!lower || !parser_operand(parser, lower, like->operands[i]))
            return false;
        lower->name = (struct name){{"LOWER"}, 1};
        lower->function = sql_function_find("LOWER", strlen("LOWER"));
        like->operands[i] = lower;
    }
    return parser_depth(parser, like->at, like->operands[1]->depth, &like->depth) &&
           parser_depth(parser, like->at, like->operands[0]->depth, &like->depth);
}

/* LIKE has been read. */
static bool parse_like(struct parser *parser, struct expression *like)
{
    bool braces, escape;

    if (!parser_operand(parser, like, parse_additive(parser)) || !parser_take_mark(parser, '{', &braces))
        return false;
    if (braces && !parser_at_word(parser, "ESCAPE"))
        return parser_expected(parser, "escape");
    if (!parser_take_word(parser, "ESCAPE", &escape))
        return false;
    if (!escape)
        return true;
    return parser_operand(parser, like, parse_additive(parser)) && (!braces || parser_need_mark(parser, '}'));
}

static struct expression *finish_comparison(struct parser *parser, enum operator op, uint32_t start, uint32_t at, struct expression *left,
                                            struct expression *right)
{
    if (right && (left->kind == EXPRESSION_ROW || right->kind == EXPRESSION_ROW))
        return parse_row_comparison(parser, op, start, at, left, right);
    return binary(parser, EXPRESSION_COMPARE, op, at, left, right);
}

/* Predicates of other databases. */
static bool refuse_predicate(struct parser *parser)
{
    static const char *const words[] = {"SIMILAR", "REGEXP", "RLIKE", "GLOB", "OVERLAPS"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (parser_at_word(parser, words[i]))
            return !parser_error(parser, parser->token.at, "42000", "%s is not possible; %s", words[i],
                                 i == 4 ? "compare the beginnings and ends with <" : "patterns are those of LIKE: % and _");
    return false;
}

/* IS has been read: [NOT] NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM. */
static struct expression *parse_is(struct parser *parser, struct expression *left, uint32_t start, uint32_t at)
{
    bool negated, found;
    struct expression *is = parser_new(parser, EXPRESSION_IS_NULL, at);

    if (!is || !parser_operand(parser, is, left) || !parser_take_word(parser, "NOT", &negated))
        return NULL;
    is->negated = negated;
    if (left->kind == EXPRESSION_ROW && parser_at_word(parser, "NULL"))
        return parser_advance(parser) ? parse_row_is_null(parser, is) : NULL;
    if (parser_at_word(parser, "NULL") || parser_at_word(parser, "UNKNOWN"))
        return parser_advance(parser) ? is : NULL;
    if (!parser_take_word(parser, "DISTINCT", &found))
        return NULL;
    if (found) {
        if (!parser_need_word(parser, "FROM"))
            return NULL;
        return finish_comparison(parser, negated ? OPERATOR_SAME : OPERATOR_DIFFERENT, start, at, left, parse_additive(parser));
    }
    is->kind = EXPRESSION_IS_TRUTH;
    is->truth = parser_at_word(parser, "TRUE");
    if (!is->truth && !parser_at_word(parser, "FALSE")) {
        parser_expected(parser, "NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
        return NULL;
    }
    return parser_advance(parser) ? is : NULL;
}

/* BETWEEN, IN or LIKE, with NOT in front. *found false: none of them stands here. */
static struct expression *parse_predicate_word(struct parser *parser, struct expression *left, uint32_t start, bool *found)
{
    static const struct { const char *word; enum expression_kind kind; } words[] = {
        {"BETWEEN", EXPRESSION_BETWEEN}, {"IN", EXPRESSION_IN}, {"LIKE", EXPRESSION_LIKE},
        {"ILIKE", EXPRESSION_LIKE},
    };
    uint32_t at = parser->token.at;
    bool negated, done = false;

    if (!parser_take_word(parser, "NOT", &negated))
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!parser_take_word(parser, words[i].word, found))
            return NULL;
        if (!*found)
            continue;
        struct expression *test = parser_new(parser, words[i].kind, at);
        if (!test || !parser_operand(parser, test, left))
            return NULL;
        test->negated = negated;
        if (words[i].kind == EXPRESSION_BETWEEN)
            done = parser_operand(parser, test, parse_additive(parser)) && parser_need_word(parser, "AND") &&
                   parser_operand(parser, test, parse_additive(parser));
        else
            done = words[i].kind == EXPRESSION_IN ? parse_in(parser, test) : parse_like(parser, test);
        if (done && words[i].word[0] == 'I' && words[i].kind == EXPRESSION_LIKE)
            done = lower_operands(parser, test);
        if (done && left->kind == EXPRESSION_ROW && words[i].kind == EXPRESSION_IN)
            return parse_row_in(parser, test, start);
        if (done && left->kind == EXPRESSION_ROW && words[i].kind == EXPRESSION_BETWEEN)
            return parse_row_between(parser, start, test);
        return done ? test : NULL;
    }
    if (refuse_predicate(parser))
        return NULL;
    if (negated)
        parser_expected(parser, "BETWEEN, IN or LIKE");
    return negated ? NULL : left;
}

static enum operator comparison(const struct parser *parser)
{
    if (parser->token.kind != TOKEN_OPERATOR)
        return OPERATOR_NONE;
    switch (parser->token.mark) {
    case '=': return OPERATOR_EQUAL;
    case MARK_NOT_EQUAL: return OPERATOR_NOT_EQUAL;
    case '<': return OPERATOR_LESS;
    case MARK_LESS_EQUAL: return OPERATOR_LESS_EQUAL;
    case '>': return OPERATOR_GREATER;
    case MARK_GREATER_EQUAL: return OPERATOR_GREATER_EQUAL;
    default: return OPERATOR_NONE;
    }
}

/* The operator is the present token: its right side, or ANY, SOME, ALL (query). */
static struct expression *parse_comparison(struct parser *parser, struct expression *left, uint32_t start, enum operator op)
{
    uint32_t at = parser->token.at;
    struct token next;

    if (!parser_advance(parser))
        return NULL;
    bool all = parser_at_word(parser, "ALL");
    if (!all && !parser_at_word(parser, "ANY") && !parser_at_word(parser, "SOME"))
        return finish_comparison(parser, op, start, at, left, parse_additive(parser));
    if (!parser_peek(parser, &next))
        return NULL;
    if (next.kind != TOKEN_OPERATOR || next.mark != '(')
        return finish_comparison(parser, op, start, at, left, parse_additive(parser));

    struct expression *quantified = parser_new(parser, EXPRESSION_QUANTIFIED, at);
    if (!quantified || !parser_operand(parser, quantified, left) || !parser_advance(parser) || !parser_need_mark(parser, '('))
        return NULL;
    quantified->op = op;
    quantified->all = all;
    if (!parser_inner_query(parser, quantified) || !parser_need_mark(parser, ')'))
        return NULL;
    return left->kind == EXPRESSION_ROW ? parse_row_quantified(parser, start, quantified) : quantified;
}

static struct expression *parse_predicate(struct parser *parser)
{
    uint32_t start = parser->token.at;
    struct expression *left = parse_additive(parser);
    bool found = left != NULL;

    while (left && found) {
        uint32_t at = parser->token.at;
        enum operator op = comparison(parser);
        if (op != OPERATOR_NONE) {
            left = parse_comparison(parser, left, start, op);
            continue;
        }
        if (!parser_take_word(parser, "IS", &found))
            return NULL;
        left = found ? parse_is(parser, left, start, at) : parse_predicate_word(parser, left, start, &found);
    }
    return left;
}

static struct expression *parse_not(struct parser *parser)
{
    uint32_t at = parser->token.at;
    bool negated;

    if (!parser_take_word(parser, "NOT", &negated))
        return NULL;
    if (!negated)
        return parse_predicate(parser);
    struct expression *not = parser_enter(parser) ? parser_new(parser, EXPRESSION_NOT, at) : NULL;
    if (!not || !parser_operand(parser, not, parse_not(parser)))
        return NULL;
    parser_leave(parser);
    return not;
}

static struct expression *parse_unary(struct parser *parser)
{
    uint32_t at = parser->token.at;
    bool minus = parser_at_mark(parser, '-');

    if (!minus && !parser_at_mark(parser, '+'))
        return parse_primary(parser);
    if (!parser_advance(parser) || !parser_enter(parser))
        return NULL;
    bool number = parser->token.kind == TOKEN_WHOLE || parser->token.kind == TOKEN_DECIMAL || parser->token.kind == TOKEN_FLOAT;
    struct expression *operand = minus && number ? parse_literal(parser, true) : parse_unary(parser);
    parser_leave(parser);
    if (!minus || number || !operand)
        return operand;
    struct expression *negate = parser_new(parser, EXPRESSION_NEGATE, at);
    if (operand->kind == EXPRESSION_INTERVAL) {
        if (!negate || !parser_operand(parser, negate, operand->operands[0]))
            return NULL;
        operand->operands[0] = negate;
        return parser_depth(parser, at, negate->depth, &operand->depth) ? operand : NULL;
    }
    return negate && parser_operand(parser, negate, operand) ? negate : NULL;
}

/* INTERVAL '1' DAY * n: an interval of so many. */
static struct expression *times_interval(struct parser *parser, uint32_t at, struct expression *left, struct expression *right)
{
    struct expression *interval = left->kind == EXPRESSION_INTERVAL ? left : right, *other = interval == left ? right : left;
    struct expression *count = binary(parser, EXPRESSION_ARITHMETIC, OPERATOR_MULTIPLY, at, interval->operands[0], other);

    if (!count)
        return NULL;
    interval->operands[0] = count;
    return parser_depth(parser, at, count->depth, &interval->depth) ? interval : NULL;
}

static struct expression *parse_multiplicative(struct parser *parser)
{
    struct expression *left = parse_unary(parser);

    while (left) {
        enum operator op = parser_at_mark(parser, '*')   ? OPERATOR_MULTIPLY
                           : parser_at_mark(parser, '/') ? OPERATOR_DIVIDE
                           : parser_at_mark(parser, '%') ? OPERATOR_MODULO
                                                         : OPERATOR_NONE;
        uint32_t at = parser->token.at;
        if (op == OPERATOR_NONE)
            break;
        struct expression *right = parser_advance(parser) ? parse_unary(parser) : NULL;
        bool interval = right && op == OPERATOR_MULTIPLY && (left->kind == EXPRESSION_INTERVAL || right->kind == EXPRESSION_INTERVAL);
        left = interval ? times_interval(parser, at, left, right) : binary(parser, EXPRESSION_ARITHMETIC, op, at, left, right);
    }
    if (left && parser_at_word(parser, "COLLATE")) {
        parser_error(parser, parser->token.at, "42000", "COLLATE is not possible: texts are compared and ordered by their characters' codes; for a "
                     "comparison without regard to case write LOWER(x) on both sides");
        return NULL;
    }
    return left;
}

struct expression *parse_additive(struct parser *parser)
{
    struct expression *left = parse_multiplicative(parser);

    while (left) {
        bool concatenate = parser_at_mark(parser, MARK_CONCATENATE);
        enum operator op = parser_at_mark(parser, '+')   ? OPERATOR_ADD
                           : parser_at_mark(parser, '-') ? OPERATOR_SUBTRACT
                                                         : OPERATOR_NONE;
        uint32_t at = parser->token.at;
        if (op == OPERATOR_NONE && !concatenate)
            break;
        enum expression_kind kind = concatenate ? EXPRESSION_CONCATENATE : EXPRESSION_ARITHMETIC;
        left = parser_advance(parser) ? binary(parser, kind, op, at, left, parse_multiplicative(parser)) : NULL;
    }
    return left;
}

/* CASE [x] WHEN a THEN b … [ELSE c] END */
static struct expression *parse_case(struct parser *parser)
{
    struct expression *expression = parser_new(parser, EXPRESSION_CASE, parser->token.at);
    bool more = true;

    if (!expression || !parser_advance(parser))
        return NULL;
    expression->simple = !parser_at_word(parser, "WHEN");
    if (expression->simple && !parser_operand(parser, expression, parse_expression(parser)))
        return NULL;
    if (!parser_at_word(parser, "WHEN")) {
        parser_expected(parser, "WHEN");
        return NULL;
    }
    while (more) {
        if (!parser_need_word(parser, "WHEN") || !parser_operand(parser, expression, parse_expression(parser)) ||
            !parser_need_word(parser, "THEN") || !parser_operand(parser, expression, parse_expression(parser)))
            return NULL;
        more = parser_at_word(parser, "WHEN");
    }
    if (!parser_take_word(parser, "ELSE", &expression->has_else) ||
        (expression->has_else && !parser_operand(parser, expression, parse_expression(parser))))
        return NULL;
    return parser_need_word(parser, "END") ? expression : NULL;
}

/* (a, b…, the first of them read. */
static struct expression *parse_row(struct parser *parser, struct expression *first, uint32_t at)
{
    struct expression *row = parser_new(parser, EXPRESSION_ROW, at);
    bool more = true;

    if (!row || !parser_operand(parser, row, first))
        return NULL;
    for (;;) {
        if (!parser_take_mark(parser, ',', &more))
            return NULL;
        if (!more)
            return row;
        if (!parser_operand(parser, row, parse_expression(parser)))
            return NULL;
    }
}

/* ROW (a, b…) */
static struct expression *parse_row_word(struct parser *parser)
{
    uint32_t at = parser->token.at;
    struct expression *first = parser_advance(parser) && parser_need_mark(parser, '(') ? parse_expression(parser) : NULL;
    struct expression *row = first ? parse_row(parser, first, at) : NULL;

    if (!row || !parser_need_mark(parser, ')'))
        return NULL;
    return row->operand_count == 1 ? first : row;
}

static struct expression *parse_parenthesis(struct parser *parser)
{
    uint32_t at = parser->token.at;
    struct expression *inside;
    bool query;

    if (!parser_parenthesis_holds_query(parser, &query) || !parser_advance(parser))
        return NULL;
    if (query) {
        inside = parser_new(parser, EXPRESSION_SUBQUERY, at);
        if (!inside || !parser_inner_query(parser, inside))
            return NULL;
    } else {
        inside = parse_expression(parser);
        if (!inside)
            return NULL;
        if (parser_at_mark(parser, ',') && !(inside = parse_row(parser, inside, at)))
            return NULL;
    }
    return parser_need_mark(parser, ')') ? inside : NULL;
}

static struct expression *parse_exists(struct parser *parser)
{
    struct expression *exists = parser_new(parser, EXPRESSION_EXISTS, parser->token.at);

    if (!exists || !parser_advance(parser) || !parser_need_mark(parser, '('))
        return NULL;
    return parser_inner_query(parser, exists) && parser_need_mark(parser, ')') ? exists : NULL;
}

static struct expression *parse_parameter(struct parser *parser)
{
    struct expression *parameter = parser_new(parser, EXPRESSION_PARAMETER, parser->token.at);
    if (!parameter || !parser_advance(parser))
        return NULL;
    parameter->parameter = parser->parameter_count++;
    parameter->nullable = true;
    return parameter;
}

static struct expression *parse_column(struct parser *parser)
{
    struct expression *column = parser_new(parser, EXPRESSION_COLUMN, parser->token.at);
    return column && parser_qualified_name(parser, "a column name", &column->name) ? column : NULL;
}

/* A word that is no keyword here: a function, a literal such as DATE '2024-02-29', or a column. */
static struct expression *parse_word(struct parser *parser)
{
    static const struct { const char *word; enum type_kind kind; } datetimes[] = {
        {"DATE", TYPE_DATE}, {"TIME", TYPE_TIME}, {"TIMESTAMP", TYPE_TIMESTAMP},
    };
    static const char *const niladic[] = {"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP",
                                           "CURRENT_USER", "SESSION_USER", "SYSTEM_USER"};
    struct token next;

    if (!parser_peek(parser, &next))
        return NULL;
    if (next.kind == TOKEN_OPERATOR && next.mark == '(')
        return parser_at_word(parser, "ROW") ? parse_row_word(parser) : parse_function(parser);
    if (next.kind == TOKEN_STRING)
        for (size_t i = 0; i < sizeof datetimes / sizeof datetimes[0]; i++)
            if (parser_at_word(parser, datetimes[i].word))
                return parser_advance(parser) ? parse_datetime(parser, datetimes[i].kind) : NULL;
    if (parser_at_word(parser, "INTERVAL") && (next.kind == TOKEN_STRING || next.kind == TOKEN_WHOLE || next.kind == TOKEN_PARAMETER)) {
        uint32_t at = parser->token.at;
        return parser_advance(parser) ? parse_interval_literal(parser, at) : NULL;
    }
    for (size_t i = 0; i < sizeof niladic / sizeof niladic[0]; i++)
        if (parser_at_word(parser, niladic[i]))
            return parse_function(parser);
    return parse_column(parser);
}

struct expression *parse_primary(struct parser *parser)
{
    struct expression *expression = NULL;

    if (!parser_enter(parser))
        return NULL;
    switch (parser->token.kind) {
    case TOKEN_WHOLE:
    case TOKEN_DECIMAL:
    case TOKEN_FLOAT:
    case TOKEN_STRING:
    case TOKEN_BINARY:
        expression = parse_literal(parser, false);
        break;
    case TOKEN_PARAMETER:
        expression = parse_parameter(parser);
        break;
    case TOKEN_QUOTED:
        expression = parse_column(parser);
        break;
    case TOKEN_WORD:
        if (parser_at_word(parser, "NULL") || parser_at_word(parser, "TRUE") || parser_at_word(parser, "FALSE"))
            expression = parse_literal(parser, false);
        else if (parser_at_word(parser, "CASE"))
            expression = parse_case(parser);
        else if (parser_at_word(parser, "EXISTS"))
            expression = parse_exists(parser);
        else if (parser_at_name(parser))
            expression = parse_word(parser);
        else
            parser_expected(parser, "an expression");
        break;
    default:
        if (parser_at_mark(parser, '('))
            expression = parse_parenthesis(parser);
        else if (parser_at_mark(parser, '{'))
            expression = parse_escape(parser);
        else
            parser_expected(parser, "an expression");
    }
    parser_leave(parser);
    return expression;
}
