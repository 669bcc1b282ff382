/* The parser's entrance, and what all its files stand on: looking at tokens, names, errors, lists. */
#include "sql/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"

/* Words that can not be names unless quoted. Those marked weak can be a column's name but not an alias without AS. */
static const struct { const char *word; bool weak; } reserved[] = {
    {"ALL", false}, {"AND", false}, {"AS", false}, {"ASC", true}, {"BETWEEN", false}, {"BY", false}, {"CASE", false},
    {"COLLATE", true}, {"CROSS", true}, {"DESC", true}, {"DISTINCT", false}, {"ELSE", false}, {"END", true},
    {"ESCAPE", true}, {"EXCEPT", false}, {"EXISTS", false}, {"FETCH", true}, {"FOR", true}, {"FROM", false},
    {"FULL", true}, {"GROUP", false}, {"HAVING", false}, {"IN", false}, {"INNER", false}, {"INTERSECT", false},
    {"INTO", false}, {"IS", false}, {"JOIN", false}, {"LEFT", true}, {"LIKE", false}, {"LIMIT", true}, {"MINUS", true},
    {"NATURAL", true}, {"NOT", false}, {"NULL", false}, {"NULLS", true}, {"OFFSET", true}, {"ON", false}, {"OR", false},
    {"ORDER", false}, {"OUTER", true}, {"RIGHT", true}, {"SELECT", false}, {"THEN", false}, {"UNION", false},
    {"USING", false}, {"WHEN", false}, {"WHERE", false}, {"WINDOW", true}, {"WITH", false},
};

bool parser_error(struct parser *parser, uint32_t at, const char *sqlstate, const char *format, ...)
{
    char message[sizeof parser->err->message];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return lexer_error(parser->lexer.text, at, parser->err, sqlstate, "%s", message);
}

static bool is_reserved(const struct parser *parser, bool weak_too)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if ((weak_too || !reserved[i].weak) && lexer_is_word(&parser->lexer, &parser->token, reserved[i].word))
            return true;
    return false;
}

bool parser_expected(struct parser *parser, const char *expected)
{
    enum { SHOWN = 40 };
    const struct token *token = &parser->token;
    bool name_fits = expected[0] == 'a'; /* "a table name", "an expression", but not "BY" */
    const char *quote_it = name_fits && is_reserved(parser, false) ? "; a name that is a reserved word needs double quotes" : "";

    if (token->kind == TOKEN_END)
        return parser_error(parser, token->at, "42000", "Syntax error: the statement ends where %s was expected", expected);
    int shown = token->length > SHOWN ? SHOWN : (int)token->length;
    while (token->length > SHOWN && shown > 0 && ((unsigned char)parser->lexer.text[token->at + (uint32_t)shown] & 0xc0) == 0x80)
        shown--;
    return parser_error(parser, token->at, "42000", "Syntax error: found %.*s%s where %s was expected%s", shown,
                        parser->lexer.text + token->at, token->length > SHOWN ? "…" : "", expected, quote_it);
}

bool parser_advance(struct parser *parser)
{
    return lexer_next(&parser->lexer, &parser->token, parser->err);
}

bool parser_peek(struct parser *parser, struct token *token)
{
    struct lexer ahead = parser->lexer;
    return lexer_next(&ahead, token, parser->err);
}

bool parser_at_word(const struct parser *parser, const char *word)
{
    return lexer_is_word(&parser->lexer, &parser->token, word);
}

bool parser_at_mark(const struct parser *parser, int mark)
{
    return parser->token.kind == TOKEN_OPERATOR && parser->token.mark == mark;
}

bool parser_take_word(struct parser *parser, const char *word, bool *found)
{
    *found = parser_at_word(parser, word);
    return !*found || parser_advance(parser);
}

bool parser_take_mark(struct parser *parser, int mark, bool *found)
{
    *found = parser_at_mark(parser, mark);
    return !*found || parser_advance(parser);
}

bool parser_need_word(struct parser *parser, const char *word)
{
    return parser_at_word(parser, word) ? parser_advance(parser) : parser_expected(parser, word);
}

bool parser_need_mark(struct parser *parser, int mark)
{
    char expected[2] = {(char)mark, '\0'};
    return parser_at_mark(parser, mark) ? parser_advance(parser) : parser_expected(parser, expected);
}

bool parser_enter(struct parser *parser)
{
    if (++parser->nesting > PARSER_NESTING)
        return parser_error(parser, parser->token.at, "42000", "The statement is nested more than %d levels deep", PARSER_NESTING);
    return true;
}

void parser_leave(struct parser *parser)
{
    parser->nesting--;
}

/* Capacities are 4, 8, 16…, so the count alone tells when the room is full. */
void *parser_grow(struct parser *parser, void *items, size_t count, size_t size)
{
    bool full = count == 0 || (count >= 4 && (count & (count - 1)) == 0);
    if (!full)
        return items;
    void *larger = arena_array(parser->arena, count ? count * 2 : 4, size);
    if (!larger) {
        error_memory(parser->err);
        return NULL;
    }
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

bool parser_at_name(const struct parser *parser)
{
    return parser->token.kind == TOKEN_QUOTED || (parser->token.kind == TOKEN_WORD && !is_reserved(parser, false));
}

bool parser_at_alias(const struct parser *parser)
{
    return parser->token.kind == TOKEN_QUOTED || (parser->token.kind == TOKEN_WORD && !is_reserved(parser, true));
}

char *parser_any_name(struct parser *parser, const char *expected)
{
    size_t length;

    if (parser->token.kind != TOKEN_QUOTED && parser->token.kind != TOKEN_WORD) {
        parser_expected(parser, expected);
        return NULL;
    }
    char *name = lexer_content(&parser->lexer, &parser->token, parser->arena, &length);
    if (!name) {
        error_memory(parser->err);
        return NULL;
    }
    if (length == 0 || strlen(name) != length) {
        parser_error(parser, parser->token.at, "42000", "Syntax error: the name in quotes is %s",
                     length ? "broken by a zero byte" : "empty");
        return NULL;
    }
    return parser_advance(parser) ? name : NULL;
}

char *parser_name(struct parser *parser, const char *expected)
{
    if (!parser_at_name(parser)) {
        parser_expected(parser, expected);
        return NULL;
    }
    return parser_any_name(parser, expected);
}

bool parser_qualified_name(struct parser *parser, const char *expected, struct name *name)
{
    const char *part = parser_name(parser, expected);
    bool more = true;

    *name = (struct name){{part}, 1};
    if (!part)
        return false;
    for (;;) {
        if (!parser_take_mark(parser, '.', &more))
            return false;
        if (!more)
            return true;
        if (name->count == NAME_PARTS)
            return parser_expected(parser, "the end of a name (it has four parts at most)");
        part = parser_any_name(parser, expected);
        if (!part)
            return false;
        name->parts[name->count++] = part;
    }
}

bool parser_alias(struct parser *parser, const char **alias)
{
    bool as;

    *alias = NULL;
    if (!parser_take_word(parser, "AS", &as))
        return false;
    if (as && parser->token.kind == TOKEN_STRING) {
        *alias = lexer_content(&parser->lexer, &parser->token, parser->arena, NULL);
        return *alias ? parser_advance(parser) : error_memory(parser->err);
    }
    if (!as && !parser_at_alias(parser))
        return true;
    *alias = parser_any_name(parser, "an alias");
    return *alias != NULL;
}

bool parser_name_list(struct parser *parser, const char ***names, size_t *count)
{
    bool more;

    *names = NULL;
    *count = 0;
    if (!parser_need_mark(parser, '('))
        return false;
    do {
        *names = parser_grow(parser, *names, *count, sizeof **names);
        if (!*names)
            return false;
        const char *name = parser_any_name(parser, "a column name");
        if (!name)
            return false;
        (*names)[(*count)++] = name;
        if (!parser_take_mark(parser, ',', &more))
            return false;
    } while (more);
    return parser_need_mark(parser, ')');
}

/* Leaves the lexer behind the parenthesis that closes the one just read. */
static bool skip_parenthesis(struct lexer *lexer, struct error *err)
{
    struct token token;
    unsigned open = 1;

    while (open > 0) {
        if (!lexer_next(lexer, &token, err))
            return false;
        if (token.kind == TOKEN_END)
            return true;
        if (token.kind == TOKEN_OPERATOR)
            open = token.mark == '(' ? open + 1 : token.mark == ')' ? open - 1 : open;
    }
    return true;
}

bool parser_at_query(const struct lexer *lexer, const struct token *token)
{
    struct lexer ahead = *lexer;
    struct token next;
    struct error ignored;

    if (lexer_is_word(lexer, token, "VALUES"))
        return lexer_next(&ahead, &next, &ignored) && next.kind == TOKEN_OPERATOR && next.mark == '(';
    return lexer_is_word(lexer, token, "SELECT") || lexer_is_word(lexer, token, "WITH");
}

bool parser_parenthesis_holds_query(struct parser *parser, bool *query)
{
    static const char *const continuations[] = {"UNION", "INTERSECT", "EXCEPT", "MINUS", "ORDER", "LIMIT", "OFFSET", "FETCH"};
    struct lexer inside = parser->lexer, after;
    struct token token;
    bool nested = false;

    if (!lexer_next(&inside, &token, parser->err))
        return false;
    after = inside;
    while (token.kind == TOKEN_OPERATOR && token.mark == '(') {
        nested = true;
        if (!lexer_next(&inside, &token, parser->err))
            return false;
    }
    *query = parser_at_query(&inside, &token);
    if (!*query || !nested)
        return true;

    /* ((SELECT …) … : a query in parentheses is a term of a query only when a set operator or the end follows. */
    if (!skip_parenthesis(&after, parser->err) || !lexer_next(&after, &token, parser->err))
        return false;
    *query = token.kind == TOKEN_OPERATOR && token.mark == ')';
    for (size_t i = 0; i < sizeof continuations / sizeof continuations[0]; i++)
        *query = *query || lexer_is_word(&after, &token, continuations[i]);
    return true;
}

struct expression *parser_new(struct parser *parser, enum expression_kind kind, uint32_t at)
{
    struct expression *expression = arena_alloc(parser->arena, sizeof *expression);
    if (!expression) {
        error_memory(parser->err);
        return NULL;
    }
    expression->kind = kind;
    expression->at = at;
    expression->depth = 1;
    return expression;
}

bool parser_operand(struct parser *parser, struct expression *expression, struct expression *operand)
{
    if (!operand)
        return false;
    struct expression **operands =
        parser_grow(parser, expression->operands, expression->operand_count, sizeof *operands);
    if (!operands)
        return false;
    expression->operands = operands;
    operands[expression->operand_count++] = operand;
    return parser_depth(parser, expression->at, operand->depth, &expression->depth);
}

bool parser_depth(struct parser *parser, uint32_t at, uint16_t below, uint16_t *depth)
{
    if (below >= *depth)
        *depth = (uint16_t)(below + 1);
    if (*depth > parser->deepest)
        parser->deepest = *depth;
    return *depth <= PARSER_DEPTH ||
           parser_error(parser, at, "42000", "The statement is too complex: an expression or join has more than %d levels", PARSER_DEPTH);
}

bool parser_inner_query(struct parser *parser, struct expression *expression)
{
    expression->query = parse_query(parser);
    return expression->query && parser_depth(parser, expression->at, expression->query->depth, &expression->depth);
}

static bool refuse_kind(struct parser *parser)
{
    static const char *const known[] = {
        "MERGE", "REPLACE", "GRANT", "REVOKE", "SET", "USE", "SHOW", "DESCRIBE", "PRAGMA", "CACHE", "ATTACH", "DECLARE",
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (parser_at_word(parser, known[i]))
            return parser_error(parser, parser->token.at, "42000",
                                "%s is not possible on this connection: it answers SELECT, runs procedures with CALL or EXECUTE, and has "
                                "tables of its own (CREATE, INSERT, UPDATE, DELETE, DROP)", known[i]);
    return parser_expected(parser, "a statement (SELECT, CALL, INSERT, CREATE…)");
}

/* The first SELECT of a query: the one in which INTO can stand. */
static struct select *first_select(struct query *query)
{
    while (!query->terms[0].select)
        query = query->terms[0].query;
    return query->terms[0].select;
}

/* SELECT … INTO t is CREATE TABLE t AS SELECT … */
static bool parse_select_statement(struct parser *parser, struct parsed *parsed)
{
    parsed->kind = STATEMENT_SELECT;
    parsed->query = parse_query(parser);
    struct select *first = parsed->query ? first_select(parsed->query) : NULL;
    if (!first || !first->into.count)
        return first != NULL;
    parsed->definition = arena_alloc(parser->arena, sizeof *parsed->definition);
    if (!parsed->definition)
        return error_memory(parser->err);
    *parsed->definition = (struct definition){.action = DEFINE_CREATE_TABLE, .at = first->into_at, .name = first->into, .into = true,
                                              .temporary = first->into_temporary, .query = parsed->query};
    first->into.count = 0;
    parsed->kind = STATEMENT_DEFINE;
    return true;
}

/* What changes something. *found false: no such statement stands here. */
static bool parse_changing_statement(struct parser *parser, struct parsed *parsed, bool *found)
{
    static const struct { const char *word; enum statement_kind kind; } words[] = {
        {"CREATE", STATEMENT_DEFINE}, {"ALTER", STATEMENT_DEFINE}, {"DROP", STATEMENT_DEFINE},
        {"INSERT", STATEMENT_CHANGE}, {"UPDATE", STATEMENT_CHANGE}, {"DELETE", STATEMENT_CHANGE}, {"TRUNCATE", STATEMENT_CHANGE},
        {"BEGIN", STATEMENT_TRANSACTION}, {"START", STATEMENT_TRANSACTION}, {"COMMIT", STATEMENT_TRANSACTION},
        {"END", STATEMENT_TRANSACTION}, {"ROLLBACK", STATEMENT_TRANSACTION}, {"SAVEPOINT", STATEMENT_TRANSACTION},
        {"RELEASE", STATEMENT_TRANSACTION},
    };

    *found = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !*found; i++) {
        *found = parser_at_word(parser, words[i].word);
        if (*found)
            parsed->kind = words[i].kind;
    }
    if (!*found)
        return true;
    if (parsed->kind == STATEMENT_DEFINE)
        return (parsed->definition = parse_definition(parser)) != NULL;
    if (parsed->kind == STATEMENT_CHANGE)
        return (parsed->change = parse_change(parser)) != NULL;
    return (parsed->transaction = parse_transaction(parser)) != NULL;
}

/* {call …} and {? = call …}; *braces tells whether a } must follow. */
static bool open_call(struct parser *parser, bool *braces, int *returns)
{
    if (!parser_take_mark(parser, '{', braces))
        return false;
    if (!*braces)
        return true;
    if (parser->token.kind == TOKEN_PARAMETER) {
        *returns = (int)parser->parameter_count++;
        return parser_advance(parser) && parser_need_mark(parser, '=');
    }
    return true;
}

static bool parse_statement(struct parser *parser, struct parsed *parsed)
{
    bool braces = false;
    int returns = -1;

    bool changes;

    if (parser_at_query(&parser->lexer, &parser->token) || parser_at_mark(parser, '('))
        return parse_select_statement(parser, parsed);
    if (parser_at_word(parser, "EXPLAIN"))
        return parse_explain(parser, parsed);
    if (!parse_changing_statement(parser, parsed, &changes) || changes)
        return changes && (parsed->definition || parsed->change || parsed->transaction);
    if (!open_call(parser, &braces, &returns))
        return false;
    if (!parser_at_word(parser, "CALL") && (braces || (!parser_at_word(parser, "EXEC") && !parser_at_word(parser, "EXECUTE"))))
        return braces ? parser_expected(parser, "CALL") : refuse_kind(parser);
    parsed->kind = STATEMENT_CALL;
    parsed->call = parse_call(parser);
    if (!parsed->call)
        return false;
    parsed->call->returns = returns;
    return !braces || parser_need_mark(parser, '}');
}

static bool skip_semicolons(struct parser *parser)
{
    bool more = true;
    while (more)
        if (!parser_take_mark(parser, ';', &more))
            return false;
    return true;
}

static bool parse_batch(struct parser *parser, struct parsed **first)
{
    struct parsed **end = first;

    *first = NULL;
    if (!parser_advance(parser) || !skip_semicolons(parser))
        return false;
    while (parser->token.kind != TOKEN_END) {
        *end = arena_alloc(parser->arena, sizeof **end);
        if (!*end)
            return error_memory(parser->err);
        struct parsed *parsed = *end;
        parsed->text_at = parser->token.at;
        parsed->first_parameter = parser->parameter_count;
        if (!parse_statement(parser, parsed))
            return false;
        parsed->text_length = parser->token.at - parsed->text_at;
        if (parser->token.kind != TOKEN_END && !parser_at_mark(parser, ';'))
            return parser_expected(parser, "the end of the statement");
        if (!skip_semicolons(parser))
            return false;
        end = &(*end)->next;
    }
    return *first || error_set(parser->err, "42000", "The statement is empty");
}

bool sql_parse(const char *text, size_t length, struct arena *arena, struct parsed **first, size_t *parameter_count, struct error *err)
{
    if (length > SQL_TEXT_LIMIT)
        return error_set(err, "42000", "The statement has %zu bytes; the most is %d", length, SQL_TEXT_LIMIT);

    struct parser parser = {.lexer = {text, (uint32_t)length, 0}, .arena = arena, .err = err};
    if (!parse_batch(&parser, first))
        return false;
    *parameter_count = parser.parameter_count;
    return true;
}
