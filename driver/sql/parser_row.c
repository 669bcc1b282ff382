/* Rows that are compared as a whole, (a, b) = (c, d), become comparisons of their columns (SQL-92 8.2): so they reach the service. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

/* The columns stand in the tree more than once; a row in a row in a row would make it grow beyond any bound. */
static bool check_nesting(struct parser *parser, uint32_t start)
{
    if (parser->shared_at > start)
        return parser_error(parser, start, "42000", "A comparison of rows by <, > or IN can not stand inside another one; compare their columns one by one");
    parser->shared_at = parser->token.at;
    return true;
}

static struct expression *compare(struct parser *parser, enum operator op, uint32_t at, struct expression *left, struct expression *right)
{
    struct expression *comparison = parser_new(parser, EXPRESSION_COMPARE, at);
    if (!comparison || !parser_operand(parser, comparison, left) || !parser_operand(parser, comparison, right))
        return NULL;
    comparison->op = op;
    return comparison;
}

/* Appends a part to a chain of ANDs or ORs; a single part stays itself. */
static struct expression *chain(struct parser *parser, enum operator op, struct expression *first, struct expression *part)
{
    if (!first || !part)
        return part;
    if (first->kind == EXPRESSION_LOGICAL && first->op == op)
        return parser_operand(parser, first, part) ? first : NULL;
    struct expression *logical = parser_new(parser, EXPRESSION_LOGICAL, first->at);
    if (!logical || !parser_operand(parser, logical, first) || !parser_operand(parser, logical, part))
        return NULL;
    logical->op = op;
    return logical;
}

/* Equal: all columns are. Different: one is. */
static struct expression *compare_columns(struct parser *parser, enum operator op, uint32_t at, const struct expression *left,
                                          const struct expression *right)
{
    bool any = op == OPERATOR_NOT_EQUAL || op == OPERATOR_DIFFERENT;
    struct expression *all = NULL;

    for (size_t i = 0; i < left->operand_count; i++) {
        struct expression *one = compare(parser, op, at, left->operands[i], right->operands[i]);
        all = chain(parser, any ? OPERATOR_OR : OPERATOR_AND, all, one);
        if (!all)
            return NULL;
    }
    return all;
}

/* (a, b) < (c, d): a < c OR a = c AND b < d. */
static struct expression *compare_order(struct parser *parser, enum operator op, uint32_t at, const struct expression *left,
                                        const struct expression *right)
{
    size_t last = left->operand_count - 1;
    enum operator strict = op == OPERATOR_LESS_EQUAL ? OPERATOR_LESS : op == OPERATOR_GREATER_EQUAL ? OPERATOR_GREATER : op;
    struct expression *any = NULL;

    for (size_t i = 0; i <= last; i++) {
        struct expression *all = NULL;
        for (size_t j = 0; j <= i; j++) {
            enum operator own = j < i ? OPERATOR_EQUAL : i == last ? op : strict;
            all = chain(parser, OPERATOR_AND, all, compare(parser, own, at, left->operands[j], right->operands[j]));
            if (!all)
                return NULL;
        }
        any = chain(parser, OPERATOR_OR, any, all);
        if (!any)
            return NULL;
    }
    return any;
}

static bool check_width(struct parser *parser, uint32_t at, const struct expression *row)
{
    enum { MOST_COLUMNS = 100 };
    return row->operand_count <= MOST_COLUMNS ||
           parser_error(parser, at, "42000", "Rows of more than %d columns can not be compared", MOST_COLUMNS);
}

static bool check_rows(struct parser *parser, uint32_t at, const struct expression *left, const struct expression *right)
{
    const struct expression *other = left->kind == EXPRESSION_ROW ? right : left;

    if (other->kind == EXPRESSION_SUBQUERY)
        return parser_error(parser, at, "42000", "A row is compared with a subquery by =, <>, <, <=, >, >= or IN: (a, b) IN (SELECT …)");
    if (other->kind != EXPRESSION_ROW)
        return parser_error(parser, at, "42000", "A row can only be compared with a row: (a, b) = (c, d)");
    if (left->operand_count != right->operand_count)
        return parser_error(parser, at, "42000", "The rows that are compared have %zu and %zu columns; the number must be the same",
                            left->operand_count, right->operand_count);
    return check_width(parser, at, left);
}

static bool is_order(enum operator op)
{
    return op >= OPERATOR_LESS && op <= OPERATOR_GREATER_EQUAL;
}

static struct expression *compare_rows(struct parser *parser, enum operator op, uint32_t at, const struct expression *left,
                                       const struct expression *right)
{
    return is_order(op) ? compare_order(parser, op, at, left, right) : compare_columns(parser, op, at, left, right);
}

struct expression *parse_row_quantified(struct parser *parser, uint32_t start, struct expression *quantified)
{
    const struct expression *left = quantified->operands[0];
    struct expression *row = parser_new(parser, EXPRESSION_ROW, quantified->at);

    if (!row || !check_width(parser, quantified->at, left) || (is_order(quantified->op) && !check_nesting(parser, start)))
        return NULL;
    for (size_t i = 0; i < left->operand_count; i++)
        if (!parser_operand(parser, row, parser_new(parser, EXPRESSION_COLUMN, quantified->at)))
            return NULL;
    quantified->row = row;
    quantified->comparison = compare_rows(parser, quantified->op, quantified->at, left, row);
    quantified->operands = left->operands;
    quantified->operand_count = left->operand_count;
    return quantified->comparison && parser_depth(parser, quantified->at, quantified->comparison->depth, &quantified->depth) ? quantified : NULL;
}

static enum operator mirrored(enum operator op)
{
    switch (op) {
    case OPERATOR_LESS: return OPERATOR_GREATER;
    case OPERATOR_LESS_EQUAL: return OPERATOR_GREATER_EQUAL;
    case OPERATOR_GREATER: return OPERATOR_LESS;
    case OPERATOR_GREATER_EQUAL: return OPERATOR_LESS_EQUAL;
    default: return op;
    }
}

/* (a, b) op (query), and the other way around. */
static struct expression *compare_query(struct parser *parser, enum operator op, uint32_t start, uint32_t at, struct expression *left,
                                        struct expression *right)
{
    bool turned = right->kind == EXPRESSION_ROW;
    struct expression *quantified = parser_new(parser, EXPRESSION_QUANTIFIED, at);

    if (!quantified || !parser_operand(parser, quantified, turned ? right : left))
        return NULL;
    quantified->op = turned ? mirrored(op) : op;
    quantified->single = true;
    quantified->query = (turned ? left : right)->query;
    return parser_depth(parser, at, (turned ? left : right)->depth, &quantified->depth) ? parse_row_quantified(parser, start, quantified) : NULL;
}

struct expression *parse_row_comparison(struct parser *parser, enum operator op, uint32_t start, uint32_t at, struct expression *left,
                                        struct expression *right)
{
    bool query = left->kind == EXPRESSION_SUBQUERY || right->kind == EXPRESSION_SUBQUERY;

    if (query && op != OPERATOR_SAME && op != OPERATOR_DIFFERENT)
        return compare_query(parser, op, start, at, left, right);
    if (!check_rows(parser, at, left, right) || (is_order(op) && !check_nesting(parser, start)))
        return NULL;
    return compare_rows(parser, op, at, left, right);
}

static struct expression *negated_if(struct parser *parser, bool negated, struct expression *expression)
{
    struct expression *not = negated && expression ? parser_new(parser, EXPRESSION_NOT, expression->at) : NULL;
    if (!negated)
        return expression;
    return not && parser_operand(parser, not, expression) ? not : NULL;
}

struct expression *parse_row_between(struct parser *parser, uint32_t start, const struct expression *between)
{
    struct expression *const *operands = between->operands;
    struct expression *both = NULL;

    if (!check_nesting(parser, start))
        return NULL;
    for (size_t i = 1; i <= 2; i++) {
        if (!check_rows(parser, between->at, operands[0], operands[i]))
            return NULL;
        both = chain(parser, OPERATOR_AND, both,
                     compare_order(parser, i == 1 ? OPERATOR_GREATER_EQUAL : OPERATOR_LESS_EQUAL, between->at, operands[0], operands[i]));
        if (!both)
            return NULL;
    }
    return negated_if(parser, between->negated, both);
}

struct expression *parse_row_is_null(struct parser *parser, const struct expression *is)
{
    const struct expression *row = is->operands[0];
    struct expression *all = NULL;

    for (size_t i = 0; i < row->operand_count; i++) {
        struct expression *one = parser_new(parser, EXPRESSION_IS_NULL, is->at);
        if (!one || !parser_operand(parser, one, row->operands[i]))
            return NULL;
        one->negated = is->negated;
        all = chain(parser, OPERATOR_AND, all, one);
        if (!all)
            return NULL;
    }
    return all;
}

struct expression *parse_row_list(struct parser *parser, uint32_t start, const struct expression *in)
{
    const struct expression *left = in->operands[0];
    struct expression *any = NULL;

    if (!check_nesting(parser, start))
        return NULL;
    for (size_t i = 1; i < in->operand_count; i++) {
        const struct expression *row = in->operands[i];
        if (!check_rows(parser, row->at, left, row))
            return NULL;
        any = chain(parser, OPERATOR_OR, any, compare_columns(parser, OPERATOR_EQUAL, in->at, left, row));
        if (!any)
            return NULL;
    }
    return negated_if(parser, in->negated, any);
}
