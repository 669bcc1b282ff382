/* CALL p(…), EXEC[UTE] p name = value, …: the procedure's name and its arguments, which are constants or parameters. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

static struct expression *parse_constant(struct parser *parser)
{
    uint32_t at = parser->token.at;
    struct expression *value = parse_additive(parser);

    if (value && value->kind != EXPRESSION_LITERAL && value->kind != EXPRESSION_PARAMETER) {
        parser_error(parser, at, "42000", "Syntax error: an argument of a procedure is a literal, NULL, DEFAULT or ?; put text in single quotes");
        return NULL;
    }
    return value;
}

/* name = value, name => value, @name = value, or a value alone. */
static bool parse_call_item(struct parser *parser, struct call_item *item)
{
    bool named = parser->token.kind == TOKEN_AT_WORD;
    struct token next;

    item->at = parser->token.at;
    if (!named && parser_at_name(parser)) {
        if (!parser_peek(parser, &next))
            return false;
        named = next.kind == TOKEN_OPERATOR && (next.mark == '=' || next.mark == MARK_ARROW);
    }
    if (named) {
        item->name = lexer_content(&parser->lexer, &parser->token, parser->arena, NULL);
        if (!item->name)
            return error_memory(parser->err);
        if (!parser_advance(parser))
            return false;
        if (!parser_at_mark(parser, '=') && !parser_at_mark(parser, MARK_ARROW))
            return parser_expected(parser, "=");
        if (!parser_advance(parser))
            return false;
    }
    if (parser_at_word(parser, "DEFAULT"))
        return parser_advance(parser);
    item->value = parse_constant(parser);
    return item->value != NULL;
}

static bool parse_call_items(struct parser *parser, struct call *call)
{
    bool more = true;

    while (more) {
        call->items = parser_grow(parser, call->items, call->item_count, sizeof *call->items);
        if (!call->items || !parse_call_item(parser, &call->items[call->item_count++]) || !parser_take_mark(parser, ',', &more))
            return false;
    }
    return true;
}

struct call *parse_call(struct parser *parser)
{
    struct call *call = arena_alloc(parser->arena, sizeof *call);
    bool parenthesis;

    if (!call) {
        error_memory(parser->err);
        return NULL;
    }
    if (!parser_advance(parser))
        return NULL;
    call->at = parser->token.at;
    if (!parser_qualified_name(parser, "a procedure's name", &call->name) || !parser_take_mark(parser, '(', &parenthesis))
        return NULL;
    if (parenthesis) {
        if (!parser_at_mark(parser, ')') && !parse_call_items(parser, call))
            return NULL;
        return parser_need_mark(parser, ')') ? call : NULL;
    }
    if (parser->token.kind == TOKEN_END || parser_at_mark(parser, ';') || parser_at_mark(parser, '}'))
        return call;
    return parse_call_items(parser, call) ? call : NULL;
}
