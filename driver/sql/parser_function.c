/* Calls of functions, those with a syntax of their own among them, OVER, and the ODBC escapes { … }. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/parser.h"

/* TRIM with a character to cut: SQLite's own functions of two arguments do that. */
static const struct sql_function trims[] = {
    {"TRIM", "trim", 2, 2, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"TRIM", "ltrim", 2, 2, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"TRIM", "rtrim", 2, 2, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
};

/* The call of a function by name, made by the parser itself. */
static struct expression *new_call(struct parser *parser, const char *name, uint32_t at)
{
    struct expression *call = parser_new(parser, EXPRESSION_FUNCTION, at);
    if (!call)
        return NULL;
    call->name = (struct name){{name}, 1};
    call->function = sql_function_find(name, strlen(name));
    return call;
}

static struct expression *cast_to_type(struct parser *parser, struct expression *operand, uint32_t at)
{
    struct expression *cast = parser_new(parser, EXPRESSION_CAST, at);
    return cast && parser_operand(parser, cast, operand) && parse_type(parser, &cast->type, &cast->unbounded) ? cast : NULL;
}

/* CAST(x AS type), the parenthesis has been read. */
static struct expression *parse_cast(struct parser *parser, uint32_t at, bool or_null)
{
    struct expression *operand = parse_expression(parser);
    if (!operand || !parser_need_word(parser, "AS"))
        return NULL;
    struct expression *cast = cast_to_type(parser, operand, at);
    if (cast)
        cast->or_null = or_null;
    return cast && parser_need_mark(parser, ')') ? cast : NULL;
}

/* DATE(x), with the parenthesis read. */
static struct expression *parse_cast_call(struct parser *parser, struct type type, uint32_t at)
{
    struct expression *cast = parser_new(parser, EXPRESSION_CAST, at);
    if (!cast || !parser_operand(parser, cast, parse_expression(parser)) || !parser_need_mark(parser, ')'))
        return NULL;
    cast->type = type;
    return cast;
}

/* Whether a type stands here, alone or with its lengths, and a comma behind it: CONVERT(VARCHAR(10), x). */
static bool at_type_and_comma(struct parser *parser, bool *type_first)
{
    struct parser ahead = *parser;
    struct error ignored;
    struct type type;
    bool unbounded;

    ahead.err = &ignored;
    *type_first = parser->token.kind == TOKEN_WORD && parse_type(&ahead, &type, &unbounded) && parser_at_mark(&ahead, ',');
    if (!*type_first)
        return true;
    /* CONVERT(Date, SQL_CHAR) of a column by the name of a type: a type stands behind the comma */
    *type_first = !parser_advance(&ahead) || ahead.token.kind != TOKEN_WORD || !parse_type(&ahead, &type, &unbounded) || !parser_at_mark(&ahead, ')');
    return true;
}

/* The styles of SQL Server that say what our texts are; 0 is what is taken when none is given. */
static bool parse_style(struct parser *parser)
{
    static const char *const styles[] = {"0", "20", "21", "120", "121", "23", "25", "126", "127", "24", "108", "114", "8", "1", "2"};
    bool comma;

    if (!parser_take_mark(parser, ',', &comma) || !comma)
        return !comma;
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
        if (parser->token.kind == TOKEN_WHOLE && parser->token.length == strlen(styles[i]) &&
            memcmp(parser->lexer.text + parser->token.at, styles[i], parser->token.length) == 0)
            return parser_advance(parser);
    return parser_error(parser, parser->token.at, "42000", "CONVERT knows the styles of ISO 8601 only (120, 121, 126, 23, 108…); for others build the "
                        "text of YEAR, MONTH, DAYOFMONTH and ||");
}

/* CONVERT(x, type), or CONVERT(type, x [, style]) as SQL Server has it */
static struct expression *parse_convert(struct parser *parser, uint32_t at, bool or_null)
{
    struct expression *cast = NULL, *operand;
    bool type_first;

    if (!at_type_and_comma(parser, &type_first))
        return NULL;
    if (type_first) {
        cast = parser_new(parser, EXPRESSION_CAST, at);
        if (!cast || !parse_type(parser, &cast->type, &cast->unbounded) || !parser_need_mark(parser, ',') ||
            !parser_operand(parser, cast, parse_expression(parser)) || !parse_style(parser))
            return NULL;
    } else {
        operand = parse_expression(parser);
        if (!operand || !parser_need_mark(parser, ',') || !(cast = cast_to_type(parser, operand, at)))
            return NULL;
    }
    cast->or_null = or_null;
    return parser_need_mark(parser, ')') ? cast : NULL;
}

/* EXTRACT(YEAR FROM x) */
static bool parse_extract(struct parser *parser, struct expression *call)
{
    return parse_unit(parser, &call->word) && parser_need_word(parser, "FROM") &&
           parser_operand(parser, call, parse_expression(parser)) && parser_need_mark(parser, ')');
}

/* POSITION(a IN b), whose IN must not be read as a predicate. */
static bool parse_position(struct parser *parser, struct expression *call)
{
    bool in;

    if (!parser_operand(parser, call, parse_additive(parser)) || !parser_take_word(parser, "IN", &in))
        return false;
    return (in || parser_need_mark(parser, ',')) && parser_operand(parser, call, parse_additive(parser)) &&
           parser_need_mark(parser, ')');
}

/* SUBSTRING(x FROM a [FOR b]) or with commas. */
static bool parse_substring(struct parser *parser, struct expression *call)
{
    bool from, more;

    if (!parser_operand(parser, call, parse_expression(parser)))
        return false;
    if (parser_at_word(parser, "FOR")) { /* from the first character on */
        struct expression *first = parser_new(parser, EXPRESSION_LITERAL, call->at);
        if (!first)
            return false;
        first->typed = true;
        first->type = (struct type){.kind = TYPE_INTEGER};
        first->value = value_integer(1);
        return parser_operand(parser, call, first) && parser_advance(parser) && parser_operand(parser, call, parse_expression(parser)) &&
               parser_need_mark(parser, ')');
    }
    if (!parser_take_word(parser, "FROM", &from))
        return false;
    if ((!from && !parser_need_mark(parser, ',')) || !parser_operand(parser, call, parse_expression(parser)))
        return false;
    if (!(from ? parser_take_word(parser, "FOR", &more) : parser_take_mark(parser, ',', &more)))
        return false;
    return (!more || parser_operand(parser, call, parse_expression(parser))) && parser_need_mark(parser, ')');
}

/* TRIM([LEADING|TRAILING|BOTH] [character] FROM x) or TRIM(x) */
static bool parse_trim(struct parser *parser, struct expression *call)
{
    static const char *const sides[] = {"BOTH", "LEADING", "TRAILING"};
    static const char *const plain[] = {"TRIM", "LTRIM", "RTRIM"};
    struct expression *first = NULL;
    bool given = false, from = false;
    size_t side = 0;

    for (size_t i = 0; i < 3 && !given; i++) {
        if (!parser_take_word(parser, sides[i], &given))
            return false;
        side = given ? i : 0;
    }
    if (!parser_at_word(parser, "FROM") && !(first = parse_expression(parser)))
        return false;
    if (given || parser_at_word(parser, "FROM")) {
        from = true;
        if (!parser_need_word(parser, "FROM"))
            return false;
    }
    call->function = from && first ? &trims[side] : sql_function_find(plain[side], strlen(plain[side]));
    return parser_operand(parser, call, from ? parse_expression(parser) : first) &&
           (!from || !first || parser_operand(parser, call, first)) && parser_need_mark(parser, ')');
}

/* OVERLAY(x PLACING y FROM a [FOR b]): INSERT; without FOR as many characters as y has. */
static bool parse_overlay(struct parser *parser, struct expression *call)
{
    struct expression *text = parse_expression(parser), *placed = text && parser_need_word(parser, "PLACING") ? parse_expression(parser) : NULL;
    struct expression *from = placed && parser_need_word(parser, "FROM") ? parse_expression(parser) : NULL, *length = NULL;
    bool given;

    if (!from || !parser_take_word(parser, "FOR", &given))
        return false;
    if (given) {
        length = parse_expression(parser);
    } else if (placed->kind == EXPRESSION_LITERAL || placed->kind == EXPRESSION_COLUMN || placed->kind == EXPRESSION_PARAMETER) {
        length = new_call(parser, "CHAR_LENGTH", call->at);
        if (length && !parser_operand(parser, length, placed))
            return false;
    } else {
        return parser_expected(parser, "FOR and a length");
    }
    call->name = (struct name){{"INSERT"}, 1};
    call->function = sql_function_find("INSERT", strlen("INSERT"));
    return parser_operand(parser, call, text) && parser_operand(parser, call, from) && parser_operand(parser, call, length) &&
           parser_operand(parser, call, placed) && parser_need_mark(parser, ')');
}

/* The unit of DATEADD(day, …) and its like, and the comma. */
static bool parse_unit_argument(struct parser *parser, struct expression *call)
{
    if (!parse_unit(parser, &call->word) || !parser_need_mark(parser, ','))
        return false;
    bool moves = call->function->arguments[1] == 'i' || call->function->largest == 3;
    if (moves && (strcmp(call->word, "dayofyear") == 0 || strcmp(call->word, "weekday") == 0))
        call->word = "day";
    return true;
}

/* GROUP_CONCAT(x ORDER BY y SEPARATOR ';'), STRING_AGG(x, ';' ORDER BY y) */
static bool parse_inner_order(struct parser *parser, struct expression *call)
{
    bool found;

    if (!parser_take_word(parser, "ORDER", &found))
        return false;
    if (found && (!parser_need_word(parser, "BY") || !parse_order_items(parser, &call->order, &call->order_count)))
        return false;
    if (!parser_take_word(parser, "SEPARATOR", &found))
        return false;
    return !found || parser_operand(parser, call, parse_expression(parser));
}

/* (a, b…) with DISTINCT, * and the interval word where they may stand; the parenthesis has been read. */
static bool parse_arguments(struct parser *parser, struct expression *call)
{
    const struct sql_function *function = call->function;
    bool more = true, all;

    if (!parser_take_mark(parser, '*', &call->star))
        return false;
    if (call->star || parser_at_mark(parser, ')'))
        return parser_need_mark(parser, ')');
    if (!parser_take_word(parser, "DISTINCT", &call->distinct) || !parser_take_word(parser, "ALL", &all))
        return false;
    if (function && function->arguments[0] == 'u' && !parse_unit_argument(parser, call))
        return false;
    while (more)
        if (!parser_operand(parser, call, parse_expression(parser)) || !parser_take_mark(parser, ',', &more))
            return false;
    if (!parse_inner_order(parser, call))
        return false;
    return parser_need_mark(parser, ')');
}

/* FILTER (WHERE …) */
static bool parse_filter(struct parser *parser, struct expression *call)
{
    struct token next;
    bool found;

    if (!parser_at_word(parser, "FILTER"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    if (next.kind != TOKEN_OPERATOR || next.mark != '(') /* an alias */
        return true;
    if (!parser_take_word(parser, "FILTER", &found) || !parser_need_mark(parser, '(') || !parser_need_word(parser, "WHERE"))
        return false;
    call->filter = parse_expression(parser);
    return call->filter && parser_need_mark(parser, ')');
}

/* WITHIN GROUP (ORDER BY …) */
static bool parse_within_group(struct parser *parser, struct expression *call)
{
    bool found;

    if (!parser_take_word(parser, "WITHIN", &found) || !found)
        return !found;
    if (call->order)
        return parser_expected(parser, "one ORDER BY only");
    return parser_need_word(parser, "GROUP") && parser_need_mark(parser, '(') && parser_need_word(parser, "ORDER") &&
           parser_need_word(parser, "BY") && parse_order_items(parser, &call->order, &call->order_count) && parser_need_mark(parser, ')');
}

/* IGNORE NULLS, RESPECT NULLS */
static bool parse_null_treatment(struct parser *parser, const struct expression *call)
{
    struct token next;
    bool ignore = parser_at_word(parser, "IGNORE"), found;

    if (!ignore && !parser_at_word(parser, "RESPECT"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    if (!lexer_is_word(&parser->lexer, &next, "NULLS"))
        return true;
    if (ignore)
        return parser_error(parser, parser->token.at, "42000", "%s … IGNORE NULLS is not possible; an aggregate as in MAX(x) OVER (… ROWS BETWEEN "
                            "UNBOUNDED PRECEDING AND CURRENT ROW) passes over NULLs", call->name.parts[0]);
    return parser_advance(parser) && parser_take_word(parser, "NULLS", &found);
}

/* What may stand behind the closing parenthesis of a call. */
static bool parse_call_end(struct parser *parser, struct expression *call)
{
    bool over;

    if (!parse_within_group(parser, call) || !parse_filter(parser, call) || !parse_null_treatment(parser, call) ||
        !parser_take_word(parser, "OVER", &over))
        return false;
    return !over || parse_over(parser, call);
}

/* IIF(a, b, c), NVL2(a, b, c), DECODE(x, a, b, …): the call so far as a CASE. */
static struct expression *as_case(struct parser *parser, struct expression *call)
{
    const char *name = call->name.parts[0];
    bool decode = name_equal(name, "DECODE"), nvl2 = name_equal(name, "NVL2");
    struct expression *choice = parser_new(parser, EXPRESSION_CASE, call->at);

    if (!choice)
        return NULL;
    if (decode ? call->operand_count < 3 : call->operand_count != 3) {
        parser_error(parser, call->at, "42000", "%s takes %s3 arguments, but %zu are given", name, decode ? "at least " : "", call->operand_count);
        return NULL;
    }
    choice->simple = decode;
    choice->has_else = !decode || call->operand_count % 2 == 0;
    for (size_t i = 0; i < call->operand_count; i++) {
        struct expression *operand = call->operands[i];
        bool searched = decode && i > 0 && i % 2 == 1 && i + 1 < call->operand_count;
        if (searched && operand->kind == EXPRESSION_LITERAL && value_is_null(&operand->value)) {
            parser_error(parser, operand->at, "42000", "DECODE can not look for NULL; write CASE WHEN … IS NULL THEN … END");
            return NULL;
        }
        if (nvl2 && i == 0) {
            struct expression *given = parser_new(parser, EXPRESSION_IS_NULL, call->at);
            if (!given || !parser_operand(parser, given, operand))
                return NULL;
            given->negated = true;
            operand = given;
        }
        if (!parser_operand(parser, choice, operand))
            return NULL;
    }
    return choice;
}

/* Functions whose arguments other databases have in another order or that are CASEs; *call may be replaced. */
static bool rewrite_call(struct parser *parser, struct expression **call)
{
    static const char *const cases[] = {"IIF", "NVL2", "DECODE"};
    static const char *const reversed[] = {"INSTR", "STRPOS"};
    const char *name = (*call)->name.parts[0];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (name_equal(name, cases[i])) {
            *call = as_case(parser, *call);
            return *call != NULL;
        }
    for (size_t i = 0; i < sizeof reversed / sizeof reversed[0]; i++)
        if (name_equal(name, reversed[i]) && (*call)->operand_count == 2) {
            struct expression *text = (*call)->operands[0];
            (*call)->operands[0] = (*call)->operands[1];
            (*call)->operands[1] = text;
            (*call)->name = (struct name){{"LOCATE"}, 1};
            (*call)->function = sql_function_find("LOCATE", strlen("LOCATE"));
        }
    return true;
}

struct expression *parse_function(struct parser *parser)
{
    static const struct { const char *name; bool (*parse)(struct parser *, struct expression *); } own_syntax[] = {
        {"EXTRACT", parse_extract}, {"POSITION", parse_position}, {"SUBSTRING", parse_substring}, {"TRIM", parse_trim},
        {"OVERLAY", parse_overlay},
    };
    static const struct { const char *name; struct type type; } casts[] = {
        {"DATE", {TYPE_DATE, 0, 0}}, {"TIME", {TYPE_TIME, 0, 0}}, {"TIMESTAMP", {TYPE_TIMESTAMP, 0, 6}}, {"DATETIME", {TYPE_TIMESTAMP, 0, 6}},
    };
    struct expression *call = parser_new(parser, EXPRESSION_FUNCTION, parser->token.at);
    bool (*parse)(struct parser *, struct expression *) = parse_arguments;
    bool open;

    if (!call || parser_refuse_foreign(parser))
        return NULL;
    const char *name = parser_name(parser, "a function");
    if (!name || !parser_take_mark(parser, '(', &open))
        return NULL;
    call->name = (struct name){{name}, 1};
    call->function = sql_function_find(name, strlen(name));
    if (!open)
        return call;
    if (name_equal(name, "CAST") || name_equal(name, "TRY_CAST"))
        return parse_cast(parser, call->at, name_equal(name, "TRY_CAST"));
    if (name_equal(name, "TRY_CONVERT"))
        return parse_convert(parser, call->at, true);
    if (name_equal(name, "CONVERT"))
        return parse_convert(parser, call->at, false);
    for (size_t i = 0; i < sizeof casts / sizeof casts[0]; i++)
        if (name_equal(name, casts[i].name))
            return parse_cast_call(parser, casts[i].type, call->at);
    for (size_t i = 0; i < sizeof own_syntax / sizeof own_syntax[0]; i++)
        if (name_equal(name, own_syntax[i].name))
            parse = own_syntax[i].parse;
    return parse(parser, call) && parse_call_end(parser, call) && rewrite_call(parser, &call) ? call : NULL;
}

/* {guid '…'} */
static struct expression *parse_guid(struct parser *parser)
{
    struct expression *text = parser->token.kind == TOKEN_STRING ? parse_literal(parser, false) : NULL;
    if (!text) {
        if (parser->token.kind != TOKEN_STRING)
            parser_expected(parser, "a string in single quotes");
        return NULL;
    }
    struct type guid = {.kind = TYPE_GUID};
    struct value value = text->value;
    if (!value_from_text(&guid, value.text, value.length, parser->arena, &text->value, parser->err)) {
        struct error cause = *parser->err;
        parser_error(parser, text->at, cause.sqlstate, "%s", cause.message);
        return NULL;
    }
    text->type = guid;
    return text;
}

/* {interval '3' day} */
static struct expression *parse_interval_escape(struct parser *parser)
{
    uint32_t at = parser->token.at;
    struct expression *interval = parser_advance(parser) ? parse_interval_literal(parser, at) : NULL;
    return interval && parser_need_mark(parser, '}') ? interval : NULL;
}

struct expression *parse_escape(struct parser *parser)
{
    static const struct { const char *word; enum type_kind kind; } datetimes[] = {
        {"d", TYPE_DATE}, {"t", TYPE_TIME}, {"ts", TYPE_TIMESTAMP},
    };
    struct expression *inside = NULL;
    bool found = false;

    if (!parser_advance(parser))
        return NULL;
    for (size_t i = 0; i < sizeof datetimes / sizeof datetimes[0] && !found; i++) {
        if (!parser_take_word(parser, datetimes[i].word, &found))
            return NULL;
        if (found)
            inside = parse_datetime(parser, datetimes[i].kind);
    }
    if (!found) {
        if (!parser_take_word(parser, "guid", &found))
            return NULL;
        inside = found ? parse_guid(parser) : NULL;
    }
    if (!found) {
        if (!parser_take_word(parser, "fn", &found))
            return NULL;
        if (!found && parser_at_word(parser, "INTERVAL"))
            return parse_interval_escape(parser);
        if (!found) {
            parser_expected(parser, "d, t, ts, fn, interval or guid (the ODBC escapes that can stand in an expression)");
            return NULL;
        }
        if (parser->token.kind != TOKEN_WORD) {
            parser_expected(parser, "a function");
            return NULL;
        }
        inside = parse_primary(parser);
    }
    return inside && parser_need_mark(parser, '}') ? inside : NULL;
}
