/* FROM: tables, derived tables, the joins between them. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

static struct from *new_from(struct parser *parser)
{
    struct from *from = arena_alloc(parser->arena, sizeof *from);
    if (!from) {
        error_memory(parser->err);
        return NULL;
    }
    from->at = parser->token.at;
    from->depth = 1;
    return from;
}

/* APPLY, PIVOT and their like behind a table. */
static bool refuse_behind_table(struct parser *parser)
{
    struct token next;
    bool pivot = parser_at_word(parser, "PIVOT") || parser_at_word(parser, "UNPIVOT"), sample = parser_at_word(parser, "TABLESAMPLE");
    bool joins = parser_at_word(parser, "CROSS") || parser_at_word(parser, "OUTER");

    if (!pivot && !sample && !joins)
        return false;
    if (!parser_peek(parser, &next))
        return true;
    if (joins && lexer_is_word(&parser->lexer, &next, "APPLY"))
        return !parser_error(parser, parser->token.at, "42000", "APPLY is not possible; write a join with a derived table and its condition in ON, "
                             "or a subquery in the select list");
    if (joins || next.kind != TOKEN_OPERATOR || next.mark != '(')
        return false;
    return !parser_error(parser, parser->token.at, "42000", pivot ? "PIVOT and UNPIVOT are not possible; write SUM(CASE WHEN … THEN x END) AS y for each "
                         "column" : "TABLESAMPLE is not possible; write LIMIT");
}

/* Alias and column aliases behind a table or a derived table. */
static bool parse_table_alias(struct parser *parser, struct from *from)
{
    if (refuse_behind_table(parser) || !parser_alias(parser, &from->alias) || refuse_behind_table(parser))
        return false;
    return !from->alias || !parser_at_mark(parser, '(') ||
           parser_name_list(parser, &from->column_aliases, &from->column_alias_count);
}

/* What may stand in FROM elsewhere. */
static bool refuse_table(struct parser *parser)
{
    struct token next;

    if (!parser_at_word(parser, "LATERAL") && !parser_at_word(parser, "UNNEST") && !parser_at_word(parser, "TABLE"))
        return false;
    if (!parser_peek(parser, &next))
        return true;
    if (next.kind != TOKEN_OPERATOR || next.mark != '(')
        return false;
    if (parser_at_word(parser, "LATERAL"))
        return !parser_error(parser, parser->token.at, "42000", "LATERAL is not possible; write a join with a derived table and its condition in ON, "
                             "or a subquery in the select list");
    return !parser_error(parser, parser->token.at, "42000", "FROM takes tables, derived tables, VALUES and joins, but no functions");
}

static struct from *parse_table(struct parser *parser)
{
    struct from *from = new_from(parser);
    bool query;

    if (!from)
        return NULL;
    if (parser_at_mark(parser, '{')) {
        if (!parser_advance(parser) || !parser_need_word(parser, "oj") || !(from = parse_from(parser)))
            return NULL;
        return parser_need_mark(parser, '}') ? from : NULL;
    }
    if (!parser_at_mark(parser, '(') && parser_at_query(&parser->lexer, &parser->token) && parser_at_word(parser, "VALUES")) {
        from->query = parse_query(parser);
        return from->query && parser_depth(parser, from->at, from->query->depth, &from->depth) && parse_table_alias(parser, from) ? from : NULL;
    }
    if (refuse_table(parser))
        return NULL;
    if (!parser_at_mark(parser, '('))
        return parser_qualified_name(parser, "a table name", &from->name) && parse_table_alias(parser, from) ? from : NULL;

    if (!parser_parenthesis_holds_query(parser, &query) || !parser_advance(parser))
        return NULL;
    if (!query) {
        from = parse_from(parser);
        return from && parser_need_mark(parser, ')') ? from : NULL;
    }
    from->query = parse_query(parser);
    return from->query && parser_depth(parser, from->at, from->query->depth, &from->depth) && parser_need_mark(parser, ')') &&
                   parse_table_alias(parser, from)
               ? from
               : NULL;
}

/* The words between two tables. *found false: no join stands here. */
static bool parse_join_words(struct parser *parser, struct from *join, bool *found)
{
    static const struct { const char *word; enum join_kind kind; bool outer; } kinds[] = {
        {"INNER", JOIN_INNER, false}, {"CROSS", JOIN_CROSS, false}, {"LEFT", JOIN_LEFT, true},
        {"RIGHT", JOIN_RIGHT, true}, {"FULL", JOIN_FULL, true},
    };
    bool outer;

    join->join = JOIN_INNER;
    if (!parser_take_word(parser, "NATURAL", &join->natural))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!parser_take_word(parser, kinds[i].word, found))
            return false;
        if (!*found)
            continue;
        join->join = kinds[i].kind;
        return (!kinds[i].outer || parser_take_word(parser, "OUTER", &outer)) && parser_need_word(parser, "JOIN");
    }
    if (join->natural) {
        *found = true;
        return parser_need_word(parser, "JOIN");
    }
    return parser_take_word(parser, "JOIN", found);
}

/* ON or USING behind the right table; a CROSS or NATURAL join has none, an inner one may go without. */
static bool parse_join_condition(struct parser *parser, struct from *join)
{
    bool found;

    if (join->join == JOIN_CROSS || join->natural)
        return true;
    if (!parser_take_word(parser, "ON", &found))
        return false;
    if (found) {
        join->condition = parse_expression(parser);
        return join->condition != NULL;
    }
    if (!parser_take_word(parser, "USING", &found))
        return false;
    if (found)
        return parser_name_list(parser, &join->using, &join->using_count);
    return join->join == JOIN_INNER || parser_expected(parser, "ON or USING");
}

static struct from *combine(struct parser *parser, struct from *join, struct from *left, struct from *right)
{
    if (!left || !right)
        return NULL;
    join->is_join = true;
    join->left = left;
    join->right = right;
    return parser_depth(parser, join->at, left->depth > right->depth ? left->depth : right->depth, &join->depth) ? join : NULL;
}

/* A JOIN B [JOIN C ON …] ON …: a join that begins before our ON belongs to our right side. */
static struct from *parse_joined(struct parser *parser)
{
    struct from *left = parser_enter(parser) ? parse_table(parser) : NULL;
    bool found = left != NULL;

    while (left && found) {
        struct from *join = new_from(parser);
        if (!join || !parse_join_words(parser, join, &found))
            return NULL;
        if (!found)
            break;
        bool conditional = join->join != JOIN_CROSS && !join->natural;
        struct from *right = parse_table(parser);
        while (right && conditional && !parser_at_word(parser, "ON") && !parser_at_word(parser, "USING")) {
            struct from *inner = new_from(parser);
            bool more;
            if (!inner || !parse_join_words(parser, inner, &more))
                return NULL;
            if (!more)
                break;
            right = combine(parser, inner, right, parse_table(parser));
            if (!right || !parse_join_condition(parser, inner))
                return NULL;
        }
        left = combine(parser, join, left, right);
        if (!left || !parse_join_condition(parser, join))
            return NULL;
    }
    parser_leave(parser);
    return left;
}

struct from *parse_from(struct parser *parser)
{
    struct from *left = parse_joined(parser);
    bool more = left != NULL;

    while (left && more) {
        struct from *join = new_from(parser);
        if (!join || !parser_take_mark(parser, ',', &more))
            return NULL;
        if (!more)
            break;
        join->join = JOIN_COMMA;
        left = combine(parser, join, left, parse_joined(parser));
    }
    return left;
}
