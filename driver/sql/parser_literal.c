/* Literals: what the text says by itself, without any table. */
#include <string.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/error.h"
#include "sql/parser.h"

/* Says where a literal that has been refused stands. */
static bool place_error(struct parser *parser, uint32_t at)
{
    struct error cause = *parser->err;
    return parser_error(parser, at, cause.sqlstate, "%s", cause.message);
}

static bool read_value(struct parser *parser, struct expression *literal, const char *text, size_t length)
{
    literal->typed = true;
    return value_from_text(&literal->type, text, length, parser->arena, &literal->value, parser->err) ||
           place_error(parser, literal->at);
}

/* integer where 32 bits do, bigint where 64 do, else decimal. */
static bool read_exact_number(struct parser *parser, struct expression *literal, const char *text, size_t length)
{
    struct decimal decimal;
    long long whole;

    if (!decimal_parse(text, length, &decimal))
        return parser_error(parser, literal->at, "22003", "The number %.60s has more than %d digits", text, DECIMAL_DIGITS);
    if (decimal.scale == 0 && decimal_to_integer(&decimal, &whole, NULL)) {
        literal->type = (struct type){.kind = whole >= INT32_MIN && whole <= INT32_MAX ? TYPE_INTEGER : TYPE_BIGINT};
        literal->value = value_integer(whole);
        literal->typed = true;
        return true;
    }
    int32_t digits = 1;
    decimal_magnitude rest = decimal.unscaled < 0 ? (decimal_magnitude)-decimal.unscaled : (decimal_magnitude)decimal.unscaled;
    for (; rest >= 10; rest /= 10)
        digits++;
    literal->type = (struct type){TYPE_DECIMAL, digits > decimal.scale ? digits : decimal.scale, (int16_t)decimal.scale};
    return read_value(parser, literal, text, length);
}

static bool read_string(struct parser *parser, struct expression *literal, const char *text, size_t length)
{
    size_t characters = 0;
    for (size_t i = 0; i < length; i++)
        characters += ((unsigned char)text[i] & 0xc0) != 0x80;
    literal->type = (struct type){.kind = TYPE_STRING, .size = characters ? (int32_t)characters : 1};
    literal->value = value_text(text, length);
    literal->typed = true;
    return strlen(text) == length || parser_error(parser, literal->at, "42000", "A string must not hold a zero byte");
}

static bool read_binary(struct parser *parser, struct expression *literal, const char *text, size_t length)
{
    literal->type = (struct type){.kind = TYPE_BINARY, .size = length > 1 ? (int32_t)(length / 2) : 1};
    return read_value(parser, literal, text, length);
}

struct expression *parse_literal(struct parser *parser, bool negative)
{
    struct expression *literal = parser_new(parser, EXPRESSION_LITERAL, parser->token.at);
    enum token_kind kind = parser->token.kind;
    size_t length = 0;
    bool done;

    char *text = literal ? lexer_content(&parser->lexer, &parser->token, parser->arena, &length) : NULL;
    if (literal && negative)
        text = text ? arena_printf(parser->arena, "-%s", text) : NULL;
    if (!text) {
        error_memory(parser->err);
        return NULL;
    }
    length += negative;

    if (kind == TOKEN_STRING) {
        done = read_string(parser, literal, text, length);
    } else if (kind == TOKEN_BINARY) {
        done = read_binary(parser, literal, text, length);
    } else if (kind == TOKEN_FLOAT) {
        literal->type = (struct type){.kind = TYPE_DOUBLE};
        done = read_value(parser, literal, text, length);
    } else if (kind == TOKEN_WORD) {
        literal->nullable = parser_at_word(parser, "NULL");
        literal->typed = !literal->nullable;
        literal->type = (struct type){.kind = TYPE_BOOLEAN};
        literal->value = literal->nullable ? value_null() : value_integer(parser_at_word(parser, "TRUE"));
        done = true;
    } else {
        done = read_exact_number(parser, literal, text, length);
    }
    return done && parser_advance(parser) ? literal : NULL;
}

/* A fraction of a second is as long as it is written. */
static int16_t fraction_digits(const char *text)
{
    const char *point = strchr(text, '.');
    size_t digits = point ? strspn(point + 1, "0123456789") : 0;
    return digits > TIMESTAMP_FRACTION ? TIMESTAMP_FRACTION : (int16_t)digits;
}

struct expression *parse_datetime(struct parser *parser, enum type_kind kind)
{
    struct expression *literal = parser_new(parser, EXPRESSION_LITERAL, parser->token.at);
    size_t length;

    if (!literal)
        return NULL;
    if (parser->token.kind != TOKEN_STRING) {
        parser_expected(parser, "a string in single quotes");
        return NULL;
    }
    char *text = lexer_content(&parser->lexer, &parser->token, parser->arena, &length);
    if (!text) {
        error_memory(parser->err);
        return NULL;
    }
    literal->type = (struct type){.kind = kind, .scale = kind == TYPE_DATE ? 0 : fraction_digits(text)};
    return read_value(parser, literal, text, length) && parser_advance(parser) ? literal : NULL;
}
