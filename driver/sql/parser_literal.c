/* Literals and type names: what the text says by itself, without any table. */
#include <string.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/name.h"
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

enum length_rule { LENGTH_NONE, LENGTH_SIZE, LENGTH_FRACTION, LENGTH_DECIMAL };

static const struct { const char *word; enum type_kind kind; enum length_rule length; } type_words[] = {
    {"BIT", TYPE_BOOLEAN, LENGTH_NONE}, {"BOOLEAN", TYPE_BOOLEAN, LENGTH_NONE}, {"BOOL", TYPE_BOOLEAN, LENGTH_NONE},
    {"SQL_BIT", TYPE_BOOLEAN, LENGTH_NONE},
    {"INTEGER", TYPE_INTEGER, LENGTH_NONE}, {"INT", TYPE_INTEGER, LENGTH_NONE}, {"SMALLINT", TYPE_INTEGER, LENGTH_NONE},
    {"TINYINT", TYPE_INTEGER, LENGTH_NONE}, {"SQL_INTEGER", TYPE_INTEGER, LENGTH_NONE},
    {"SQL_SMALLINT", TYPE_INTEGER, LENGTH_NONE}, {"SQL_TINYINT", TYPE_INTEGER, LENGTH_NONE},
    {"BIGINT", TYPE_BIGINT, LENGTH_NONE}, {"SIGNED", TYPE_BIGINT, LENGTH_NONE}, {"SQL_BIGINT", TYPE_BIGINT, LENGTH_NONE},
    {"DOUBLE", TYPE_DOUBLE, LENGTH_NONE}, {"FLOAT", TYPE_DOUBLE, LENGTH_FRACTION}, {"REAL", TYPE_DOUBLE, LENGTH_NONE},
    {"SQL_DOUBLE", TYPE_DOUBLE, LENGTH_NONE}, {"SQL_FLOAT", TYPE_DOUBLE, LENGTH_NONE}, {"SQL_REAL", TYPE_DOUBLE, LENGTH_NONE},
    {"DECIMAL", TYPE_DECIMAL, LENGTH_DECIMAL}, {"NUMERIC", TYPE_DECIMAL, LENGTH_DECIMAL}, {"DEC", TYPE_DECIMAL, LENGTH_DECIMAL},
    {"SQL_DECIMAL", TYPE_DECIMAL, LENGTH_DECIMAL}, {"SQL_NUMERIC", TYPE_DECIMAL, LENGTH_DECIMAL},
    {"DATE", TYPE_DATE, LENGTH_NONE}, {"SQL_DATE", TYPE_DATE, LENGTH_NONE}, {"SQL_TYPE_DATE", TYPE_DATE, LENGTH_NONE},
    {"TIME", TYPE_TIME, LENGTH_FRACTION}, {"SQL_TIME", TYPE_TIME, LENGTH_NONE}, {"SQL_TYPE_TIME", TYPE_TIME, LENGTH_NONE},
    {"TIMESTAMP", TYPE_TIMESTAMP, LENGTH_FRACTION}, {"DATETIME", TYPE_TIMESTAMP, LENGTH_FRACTION},
    {"DATETIME2", TYPE_TIMESTAMP, LENGTH_FRACTION}, {"SMALLDATETIME", TYPE_TIMESTAMP, LENGTH_NONE},
    {"SQL_TIMESTAMP", TYPE_TIMESTAMP, LENGTH_FRACTION}, {"SQL_TYPE_TIMESTAMP", TYPE_TIMESTAMP, LENGTH_FRACTION},
    {"CHAR", TYPE_STRING, LENGTH_SIZE}, {"CHARACTER", TYPE_STRING, LENGTH_SIZE}, {"VARCHAR", TYPE_STRING, LENGTH_SIZE},
    {"NCHAR", TYPE_STRING, LENGTH_SIZE}, {"NVARCHAR", TYPE_STRING, LENGTH_SIZE}, {"WCHAR", TYPE_STRING, LENGTH_SIZE},
    {"WVARCHAR", TYPE_STRING, LENGTH_SIZE}, {"VARCHAR2", TYPE_STRING, LENGTH_SIZE}, {"STRING", TYPE_STRING, LENGTH_SIZE},
    {"TEXT", TYPE_STRING, LENGTH_NONE}, {"NTEXT", TYPE_STRING, LENGTH_NONE}, {"CLOB", TYPE_STRING, LENGTH_NONE},
    {"LONGVARCHAR", TYPE_STRING, LENGTH_NONE}, {"WLONGVARCHAR", TYPE_STRING, LENGTH_NONE},
    {"SQL_CHAR", TYPE_STRING, LENGTH_SIZE}, {"SQL_VARCHAR", TYPE_STRING, LENGTH_SIZE},
    {"SQL_LONGVARCHAR", TYPE_STRING, LENGTH_SIZE}, {"SQL_WCHAR", TYPE_STRING, LENGTH_SIZE},
    {"SQL_WVARCHAR", TYPE_STRING, LENGTH_SIZE}, {"SQL_WLONGVARCHAR", TYPE_STRING, LENGTH_SIZE},
    {"BINARY", TYPE_BINARY, LENGTH_SIZE}, {"VARBINARY", TYPE_BINARY, LENGTH_SIZE}, {"BLOB", TYPE_BINARY, LENGTH_NONE},
    {"LONGVARBINARY", TYPE_BINARY, LENGTH_NONE}, {"SQL_BINARY", TYPE_BINARY, LENGTH_SIZE},
    {"SQL_VARBINARY", TYPE_BINARY, LENGTH_SIZE}, {"SQL_LONGVARBINARY", TYPE_BINARY, LENGTH_SIZE},
    {"GUID", TYPE_GUID, LENGTH_NONE}, {"UUID", TYPE_GUID, LENGTH_NONE}, {"UNIQUEIDENTIFIER", TYPE_GUID, LENGTH_NONE},
    {"SQL_GUID", TYPE_GUID, LENGTH_NONE}, {"JSON", TYPE_JSON, LENGTH_NONE},
};

/* One number of a length; MAX stands for no bound. */
static bool parse_length(struct parser *parser, long long smallest, long long largest, int32_t *length)
{
    struct decimal decimal;
    long long whole = -1;

    *length = 0;
    if (largest == INT32_MAX && parser_at_word(parser, "MAX"))
        return parser_advance(parser);
    if (parser->token.kind != TOKEN_WHOLE)
        return parser_expected(parser, "a whole number");
    if (!decimal_parse(parser->lexer.text + parser->token.at, parser->token.length, &decimal) ||
        !decimal_to_integer(&decimal, &whole, NULL) || whole < smallest || whole > largest)
        return parser_error(parser, parser->token.at, "42000", "The length of this type must be from %lld to %lld", smallest, largest);
    *length = (int32_t)whole;
    return parser_advance(parser);
}

/* (n) or (p, s), where the type has them. */
static bool parse_lengths(struct parser *parser, enum length_rule rule, struct type *type)
{
    bool open, comma = false;
    int32_t scale = 0;

    if (type->kind == TYPE_DECIMAL)
        type->size = DECIMAL_DIGITS;
    if (type->kind == TYPE_TIMESTAMP && rule == LENGTH_FRACTION)
        type->scale = 6; /* SQL-92 6.1 */
    if (rule == LENGTH_NONE || !parser_at_mark(parser, '('))
        return true;
    if (!parser_take_mark(parser, '(', &open))
        return false;
    switch (rule) {
    case LENGTH_SIZE:
        if (!parse_length(parser, 1, INT32_MAX, &type->size))
            return false;
        break;
    case LENGTH_FRACTION:
        if (!parse_length(parser, 0, type->kind == TYPE_DOUBLE ? 53 : TIMESTAMP_FRACTION, &scale))
            return false;
        type->scale = type->kind == TYPE_DOUBLE ? 0 : (int16_t)scale;
        break;
    default:
        if (!parse_length(parser, 1, DECIMAL_DIGITS, &type->size) || !parser_take_mark(parser, ',', &comma) ||
            (comma && !parse_length(parser, 0, type->size, &scale)))
            return false;
        type->scale = (int16_t)scale;
    }
    return parser_need_mark(parser, ')');
}

bool parse_type(struct parser *parser, struct type *type)
{
    struct name_guess guess = {0};
    uint32_t at = parser->token.at;
    bool found;

    if (!parser_take_word(parser, "NATIONAL", &found) || !parser_take_word(parser, "LONG", &found))
        return false;
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++) {
        if (!parser_at_word(parser, type_words[i].word))
            continue;
        *type = (struct type){.kind = type_words[i].kind};
        if (!parser_advance(parser))
            return false;
        if (type->kind == TYPE_DOUBLE && !parser_take_word(parser, "PRECISION", &found))
            return false;
        if ((type->kind == TYPE_STRING || type->kind == TYPE_BINARY) && !parser_take_word(parser, "VARYING", &found))
            return false;
        if (!parse_lengths(parser, type_words[i].length, type))
            return false;
        if (type->kind != TYPE_TIME && type->kind != TYPE_TIMESTAMP)
            return true;
        if (!parser_take_word(parser, "WITHOUT", &found))
            return false;
        return !found || (parser_need_word(parser, "TIME") && parser_need_word(parser, "ZONE"));
    }
    if (parser->token.kind != TOKEN_WORD)
        return parser_expected(parser, "a type");
    guess.wanted = arena_copy(parser->arena, parser->lexer.text + at, parser->token.length);
    if (!guess.wanted)
        return error_memory(parser->err);
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++)
        name_guess_show(&guess, type_words[i].word);
    return parser_error(parser, at, "42000", "There is no type %.60s%s%s%s", guess.wanted, guess.best ? "; did you mean " : "",
                        guess.best ? guess.best : "", guess.best ? "?" : "");
}
