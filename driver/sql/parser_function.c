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

static struct expression *cast_to_type(struct parser *parser, struct expression *operand, uint32_t at)
{
    struct expression *cast = parser_new(parser, EXPRESSION_CAST, at);
    return cast && parser_operand(parser, cast, operand) && parse_type(parser, &cast->type) ? cast : NULL;
}

/* CAST(x AS type), the parenthesis has been read. */
static struct expression *parse_cast(struct parser *parser, uint32_t at)
{
    struct expression *operand = parse_expression(parser);
    if (!operand || !parser_need_word(parser, "AS"))
        return NULL;
    struct expression *cast = cast_to_type(parser, operand, at);
    return cast && parser_need_mark(parser, ')') ? cast : NULL;
}

/* CONVERT(x, type) */
static struct expression *parse_convert(struct parser *parser, uint32_t at)
{
    struct expression *operand = parse_expression(parser);
    if (!operand || !parser_need_mark(parser, ','))
        return NULL;
    struct expression *cast = cast_to_type(parser, operand, at);
    return cast && parser_need_mark(parser, ')') ? cast : NULL;
}

/* SQL_TSI_DAY, DAY or 'day' → "day" */
static bool parse_interval(struct parser *parser, const char **word)
{
    static const char *const intervals[] = {"frac_second", "second", "minute", "hour", "day", "week", "month", "quarter", "year"};
    static const char prefix[] = "SQL_TSI_";
    size_t length;

    if (parser->token.kind != TOKEN_WORD && parser->token.kind != TOKEN_STRING)
        return parser_expected(parser, "an interval such as DAY");
    char *text = lexer_content(&parser->lexer, &parser->token, parser->arena, &length);
    if (!text)
        return error_memory(parser->err);
    if (length > strlen(prefix) && name_equal_length(text, strlen(prefix), prefix)) {
        text += strlen(prefix);
        length -= strlen(prefix);
    }
    for (size_t i = 0; i < sizeof intervals / sizeof intervals[0]; i++)
        if (name_equal_length(text, length, intervals[i])) {
            *word = intervals[i];
            return parser_advance(parser);
        }
    return parser_expected(parser, "FRAC_SECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR");
}

/* EXTRACT(YEAR FROM x) */
static bool parse_extract(struct parser *parser, struct expression *call)
{
    return parse_interval(parser, &call->word) && parser_need_word(parser, "FROM") &&
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

    if (!parser_operand(parser, call, parse_expression(parser)) || !parser_take_word(parser, "FROM", &from))
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
    if (function && function->arguments[0] == 'u' && (!parse_interval(parser, &call->word) || !parser_need_mark(parser, ',')))
        return false;
    while (more)
        if (!parser_operand(parser, call, parse_expression(parser)) || !parser_take_mark(parser, ',', &more))
            return false;
    return parser_need_mark(parser, ')');
}

static bool parse_bound(struct parser *parser, struct frame_bound *bound)
{
    bool unbounded, current, preceding;

    if (!parser_take_word(parser, "CURRENT", &current))
        return false;
    if (current) {
        bound->kind = BOUND_CURRENT_ROW;
        return parser_need_word(parser, "ROW");
    }
    if (!parser_take_word(parser, "UNBOUNDED", &unbounded))
        return false;
    if (!unbounded && !(bound->distance = parse_additive(parser)))
        return false;
    if (!parser_take_word(parser, "PRECEDING", &preceding))
        return false;
    if (preceding)
        bound->kind = unbounded ? BOUND_UNBOUNDED_PRECEDING : BOUND_PRECEDING;
    else
        bound->kind = unbounded ? BOUND_UNBOUNDED_FOLLOWING : BOUND_FOLLOWING;
    return preceding || parser_need_word(parser, "FOLLOWING");
}

/* ROWS|RANGE|GROUPS bound, or BETWEEN bound AND bound. */
static bool parse_frame(struct parser *parser, struct window *window)
{
    static const char *const units[] = {"ROWS", "RANGE", "GROUPS"};
    bool found = false;

    for (size_t i = 0; i < 3 && !found; i++) {
        if (!parser_take_word(parser, units[i], &found))
            return false;
        window->unit = found ? units[i] : NULL;
    }
    if (!found)
        return true;
    if (!parser_take_word(parser, "BETWEEN", &found) || !parse_bound(parser, &window->start))
        return false;
    return !found || (parser_need_word(parser, "AND") && parse_bound(parser, &window->end));
}

/* ([PARTITION BY …] [ORDER BY …] [frame]), OVER has been read. */
static bool parse_window(struct parser *parser, struct expression *call)
{
    struct window *window = arena_alloc(parser->arena, sizeof *window);
    bool found, more = true;

    if (!window)
        return error_memory(parser->err);
    call->window = window;
    if (!parser_need_mark(parser, '(') || !parser_take_word(parser, "PARTITION", &found))
        return false;
    if (found && !parser_need_word(parser, "BY"))
        return false;
    while (found && more) {
        window->partition = parser_grow(parser, window->partition, window->partition_count, sizeof *window->partition);
        struct expression *key = window->partition ? parse_expression(parser) : NULL;
        if (!key)
            return false;
        window->partition[window->partition_count++] = key;
        if (!parser_take_mark(parser, ',', &more))
            return false;
    }
    if (!parser_take_word(parser, "ORDER", &found))
        return false;
    if (found && (!parser_need_word(parser, "BY") || !parse_order_items(parser, &window->order, &window->order_count)))
        return false;
    return parse_frame(parser, window) && parser_need_mark(parser, ')');
}

struct expression *parse_function(struct parser *parser)
{
    static const struct { const char *name; bool (*parse)(struct parser *, struct expression *); } own_syntax[] = {
        {"EXTRACT", parse_extract}, {"POSITION", parse_position}, {"SUBSTRING", parse_substring}, {"TRIM", parse_trim},
    };
    struct expression *call = parser_new(parser, EXPRESSION_FUNCTION, parser->token.at);
    bool (*parse)(struct parser *, struct expression *) = parse_arguments;
    bool open, over;

    if (!call)
        return NULL;
    const char *name = parser_name(parser, "a function");
    if (!name || !parser_take_mark(parser, '(', &open))
        return NULL;
    call->name = (struct name){{name}, 1};
    call->function = sql_function_find(name, strlen(name));
    if (!open)
        return call;
    if (name_equal(name, "CAST"))
        return parse_cast(parser, call->at);
    if (name_equal(name, "CONVERT"))
        return parse_convert(parser, call->at);
    for (size_t i = 0; i < sizeof own_syntax / sizeof own_syntax[0]; i++)
        if (name_equal(name, own_syntax[i].name))
            parse = own_syntax[i].parse;
    if (!parse(parser, call) || !parser_take_word(parser, "OVER", &over))
        return NULL;
    return !over || parse_window(parser, call) ? call : NULL;
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
        if (!found) {
            parser_expected(parser, "d, t, ts, fn or guid (the ODBC escapes that can stand in an expression)");
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
