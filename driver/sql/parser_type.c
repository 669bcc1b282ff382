/* The names of types, in CAST, CONVERT and the definition of a table: those of SQL-92, of ODBC, and the common ones of other databases. */
#include <string.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/parser.h"

/* What may stand in parentheses behind the word. */
enum length_rule { LENGTH_NONE, LENGTH_SIZE, LENGTH_FRACTION, LENGTH_DECIMAL, LENGTH_DISPLAY /* INT(11): says nothing of the values */ };

static const struct { const char *word; enum type_kind kind; enum length_rule length; int32_t size; int16_t scale; } type_words[] = {
    {"BIT", TYPE_BOOLEAN, LENGTH_DISPLAY, 0, 0}, {"BOOLEAN", TYPE_BOOLEAN, LENGTH_NONE, 0, 0}, {"BOOL", TYPE_BOOLEAN, LENGTH_NONE, 0, 0},
    {"SQL_BIT", TYPE_BOOLEAN, LENGTH_NONE, 0, 0},

    {"INTEGER", TYPE_INTEGER, LENGTH_DISPLAY, 0, 0}, {"INT", TYPE_INTEGER, LENGTH_DISPLAY, 0, 0}, {"INT4", TYPE_INTEGER, LENGTH_NONE, 0, 0},
    {"MEDIUMINT", TYPE_INTEGER, LENGTH_DISPLAY, 0, 0}, {"SQL_INTEGER", TYPE_INTEGER, LENGTH_NONE, 0, 0},
    {"SMALLINT", TYPE_SMALLINT, LENGTH_DISPLAY, 0, 0}, {"INT2", TYPE_SMALLINT, LENGTH_NONE, 0, 0}, {"SQL_SMALLINT", TYPE_SMALLINT, LENGTH_NONE, 0, 0},
    {"TINYINT", TYPE_TINYINT, LENGTH_DISPLAY, 0, 0}, {"SQL_TINYINT", TYPE_TINYINT, LENGTH_NONE, 0, 0},
    {"BIGINT", TYPE_BIGINT, LENGTH_DISPLAY, 0, 0}, {"INT8", TYPE_BIGINT, LENGTH_NONE, 0, 0}, {"SIGNED", TYPE_BIGINT, LENGTH_NONE, 0, 0},
    {"SQL_BIGINT", TYPE_BIGINT, LENGTH_NONE, 0, 0},

    {"DOUBLE", TYPE_DOUBLE, LENGTH_NONE, 0, 0}, {"FLOAT", TYPE_DOUBLE, LENGTH_FRACTION, 0, 0}, {"REAL", TYPE_DOUBLE, LENGTH_NONE, 0, 0},
    {"FLOAT4", TYPE_DOUBLE, LENGTH_NONE, 0, 0}, {"FLOAT8", TYPE_DOUBLE, LENGTH_NONE, 0, 0}, {"BINARY_FLOAT", TYPE_DOUBLE, LENGTH_NONE, 0, 0},
    {"BINARY_DOUBLE", TYPE_DOUBLE, LENGTH_NONE, 0, 0},
    {"SQL_DOUBLE", TYPE_DOUBLE, LENGTH_NONE, 0, 0}, {"SQL_FLOAT", TYPE_DOUBLE, LENGTH_NONE, 0, 0}, {"SQL_REAL", TYPE_DOUBLE, LENGTH_NONE, 0, 0},

    {"DECIMAL", TYPE_DECIMAL, LENGTH_DECIMAL, DECIMAL_DIGITS, 0}, {"NUMERIC", TYPE_DECIMAL, LENGTH_DECIMAL, DECIMAL_DIGITS, 0},
    {"DEC", TYPE_DECIMAL, LENGTH_DECIMAL, DECIMAL_DIGITS, 0}, {"NUMBER", TYPE_DECIMAL, LENGTH_DECIMAL, DECIMAL_DIGITS, 10},
    {"MONEY", TYPE_DECIMAL, LENGTH_NONE, 19, 4}, {"SMALLMONEY", TYPE_DECIMAL, LENGTH_NONE, 10, 4},
    {"SQL_DECIMAL", TYPE_DECIMAL, LENGTH_DECIMAL, DECIMAL_DIGITS, 0}, {"SQL_NUMERIC", TYPE_DECIMAL, LENGTH_DECIMAL, DECIMAL_DIGITS, 0},

    {"DATE", TYPE_DATE, LENGTH_NONE, 0, 0}, {"SQL_DATE", TYPE_DATE, LENGTH_NONE, 0, 0}, {"SQL_TYPE_DATE", TYPE_DATE, LENGTH_NONE, 0, 0},
    {"TIME", TYPE_TIME, LENGTH_FRACTION, 0, 0}, {"TIMETZ", TYPE_TIME, LENGTH_FRACTION, 0, 0}, {"SQL_TIME", TYPE_TIME, LENGTH_NONE, 0, 0},
    {"SQL_TYPE_TIME", TYPE_TIME, LENGTH_NONE, 0, 0},
    /* six digits of a second: SQL-92 6.1 */
    {"TIMESTAMP", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6}, {"TIMESTAMPTZ", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6},
    {"DATETIME", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6}, {"DATETIME2", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6},
    {"DATETIMEOFFSET", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6}, {"SMALLDATETIME", TYPE_TIMESTAMP, LENGTH_NONE, 0, 0},
    {"SQL_TIMESTAMP", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6}, {"SQL_TYPE_TIMESTAMP", TYPE_TIMESTAMP, LENGTH_FRACTION, 0, 6},

    {"CHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"CHARACTER", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"VARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"NCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"NVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"WCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"WVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"VARCHAR2", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"NVARCHAR2", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"STRING", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"SYSNAME", TYPE_STRING, LENGTH_NONE, 128, 0},
    {"TEXT", TYPE_STRING, LENGTH_DISPLAY, 0, 0}, {"NTEXT", TYPE_STRING, LENGTH_NONE, 0, 0}, {"CLOB", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"NCLOB", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"TINYTEXT", TYPE_STRING, LENGTH_NONE, 0, 0}, {"MEDIUMTEXT", TYPE_STRING, LENGTH_NONE, 0, 0},
    {"LONGTEXT", TYPE_STRING, LENGTH_NONE, 0, 0}, {"XML", TYPE_STRING, LENGTH_NONE, 0, 0},
    {"LONGVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"WLONGVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"SQL_CHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"SQL_VARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"SQL_LONGVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"SQL_WCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0},
    {"SQL_WVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0}, {"SQL_WLONGVARCHAR", TYPE_STRING, LENGTH_SIZE, 0, 0},

    {"BINARY", TYPE_BINARY, LENGTH_SIZE, 0, 0}, {"VARBINARY", TYPE_BINARY, LENGTH_SIZE, 0, 0}, {"RAW", TYPE_BINARY, LENGTH_SIZE, 0, 0},
    {"BLOB", TYPE_BINARY, LENGTH_SIZE, 0, 0}, {"TINYBLOB", TYPE_BINARY, LENGTH_NONE, 0, 0}, {"MEDIUMBLOB", TYPE_BINARY, LENGTH_NONE, 0, 0},
    {"LONGBLOB", TYPE_BINARY, LENGTH_NONE, 0, 0}, {"IMAGE", TYPE_BINARY, LENGTH_NONE, 0, 0}, {"BYTEA", TYPE_BINARY, LENGTH_NONE, 0, 0},
    {"LONGVARBINARY", TYPE_BINARY, LENGTH_SIZE, 0, 0}, {"SQL_BINARY", TYPE_BINARY, LENGTH_SIZE, 0, 0},
    {"SQL_VARBINARY", TYPE_BINARY, LENGTH_SIZE, 0, 0}, {"SQL_LONGVARBINARY", TYPE_BINARY, LENGTH_SIZE, 0, 0},

    {"GUID", TYPE_GUID, LENGTH_NONE, 0, 0}, {"UUID", TYPE_GUID, LENGTH_NONE, 0, 0}, {"UNIQUEIDENTIFIER", TYPE_GUID, LENGTH_NONE, 0, 0},
    {"SQL_GUID", TYPE_GUID, LENGTH_NONE, 0, 0}, {"JSON", TYPE_JSON, LENGTH_NONE, 0, 0}, {"JSONB", TYPE_JSON, LENGTH_NONE, 0, 0},
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

/* No value has more characters or bytes than this, so a type of more has no bound. */
enum { LONGEST_SIZE = 999999999 };

/* (n) or (p, s), where the type has them. Oracle says of what VARCHAR2(20 CHAR) has 20. */
static bool parse_lengths(struct parser *parser, enum length_rule rule, struct type *type)
{
    bool open, comma = false, found;
    int32_t scale = 0, unused;

    if (rule == LENGTH_NONE || !parser_at_mark(parser, '('))
        return true;
    if (!parser_take_mark(parser, '(', &open))
        return false;
    switch (rule) {
    case LENGTH_SIZE:
        if (!parse_length(parser, 1, INT32_MAX, &type->size) || !parser_take_word(parser, "CHAR", &found) ||
            !parser_take_word(parser, "BYTE", &found))
            return false;
        if (type->size > LONGEST_SIZE)
            type->size = 0;
        break;
    case LENGTH_DISPLAY:
        if (!parse_length(parser, 1, INT32_MAX, &unused))
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

/* The words that belong to a type: DOUBLE PRECISION, CHARACTER VARYING, BINARY LARGE OBJECT. *large: the last */
static bool parse_second_words(struct parser *parser, const struct type *type, bool *large)
{
    bool found;

    *large = false;

    if (type->kind == TYPE_DOUBLE)
        return parser_take_word(parser, "PRECISION", &found);
    if (type->kind != TYPE_STRING && type->kind != TYPE_BINARY)
        return true;
    if (!parser_take_word(parser, "VARYING", &found) || found)
        return found;
    return parser_take_word(parser, "LARGE", large) && (!*large || parser_need_word(parser, "OBJECT"));
}

/* TEXT, CLOB, LONGVARCHAR… */
static bool is_long_word(const char *word)
{
    static const char *const parts[] = {"TEXT", "LOB", "LONG", "XML", "IMAGE"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(word, parts[i]))
            return true;
    return false;
}

/* INT UNSIGNED reaches past INTEGER, into the next larger type; TIMESTAMP WITH TIME ZONE is kept in UTC. */
static bool parse_last_words(struct parser *parser, struct type *type)
{
    struct token next;
    bool found;

    if (type_is_whole(type->kind)) {
        if (!parser_take_word(parser, "UNSIGNED", &found))
            return false;
        if (found && type->kind != TYPE_BIGINT)
            type->kind++;
        return parser_take_word(parser, "ZEROFILL", &found);
    }
    if (type->kind != TYPE_TIME && type->kind != TYPE_TIMESTAMP)
        return true;
    if (!parser_at_word(parser, "WITH") && !parser_at_word(parser, "WITHOUT"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    bool zone = lexer_is_word(&parser->lexer, &next, "TIME") || lexer_is_word(&parser->lexer, &next, "LOCAL");
    if (!zone)
        return true;
    return parser_advance(parser) && parser_take_word(parser, "LOCAL", &found) && parser_need_word(parser, "TIME") &&
           parser_need_word(parser, "ZONE");
}

static bool no_type(struct parser *parser)
{
    struct name_guess guess = {0};
    uint32_t at = parser->token.at;

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

bool parse_type(struct parser *parser, struct type *type, bool *unbounded)
{
    bool national, is_long, large, found;

    if (!parser_take_word(parser, "NATIONAL", &national) || !parser_take_word(parser, "LONG", &is_long))
        return false;
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++) {
        if (!parser_at_word(parser, type_words[i].word))
            continue;
        *type = (struct type){type_words[i].kind, type_words[i].size, type_words[i].scale};
        if (!parser_take_word(parser, type_words[i].word, &found) || !parse_second_words(parser, type, &large))
            return false;
        bool told = is_long || large || is_long_word(type_words[i].word) || parser_at_mark(parser, '('); /* VARCHAR(MAX) */
        if (!parse_lengths(parser, type_words[i].length, type) || !parse_last_words(parser, type))
            return false;
        *unbounded = told && type->size == 0;
        return true;
    }
    return no_type(parser);
}
