/* EXPLAIN [ANALYZE] query. */
#include "sql/parser.h"

bool parse_explain(struct parser *parser, struct parsed *parsed)
{
    parsed->kind = STATEMENT_EXPLAIN;
    if (!parser_advance(parser) || !parser_take_word(parser, "ANALYZE", &parsed->analyze))
        return false;
    if (!parser_at_query(&parser->lexer, &parser->token) && !parser_at_mark(parser, '('))
        return parser_error(parser, parser->token.at, "42000",
                            "EXPLAIN tells how a query is run: SELECT or WITH must follow. What CALL, INSERT and other statements do "
                            "stands in their text");
    parsed->query = parse_query(parser);
    return parsed->query;
}
