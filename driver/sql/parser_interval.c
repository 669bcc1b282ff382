/* Intervals: INTERVAL '3' DAY, INTERVAL '1-6' YEAR TO MONTH, INTERVAL 3 DAY, {interval -'3' day}. Each is a number of one unit:
 * months for years and months together, seconds or nanoseconds for days down to seconds. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/parser.h"

static const char *const units[] = {
    "microsecond", "millisecond", "frac_second", "second", "minute", "hour", "day", "week", "month", "quarter", "year",
    "dayofyear", "weekday",
};

/* Other words for the same, of SQL Server above all. */
static const struct { const char *word, *unit; } synonyms[] = {
    {"ns", "frac_second"}, {"nanosecond", "frac_second"}, {"mcs", "microsecond"}, {"ms", "millisecond"}, {"ss", "second"}, {"s", "second"},
    {"seconds", "second"}, {"mi", "minute"}, {"n", "minute"}, {"minutes", "minute"}, {"hh", "hour"}, {"hours", "hour"}, {"dd", "day"},
    {"d", "day"}, {"days", "day"}, {"dayofmonth", "day"}, {"wk", "week"}, {"ww", "week"}, {"weeks", "week"}, {"isowk", "week"},
    {"isoww", "week"}, {"iso_week", "week"}, {"mm", "month"}, {"m", "month"}, {"months", "month"}, {"qq", "quarter"}, {"q", "quarter"},
    {"quarters", "quarter"}, {"yy", "year"}, {"yyyy", "year"}, {"years", "year"}, {"dy", "dayofyear"}, {"y", "dayofyear"},
    {"doy", "dayofyear"}, {"dw", "weekday"}, {"dayofweek", "weekday"},
};

static const char *find_unit(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (name_equal_length(text, length, synonyms[i].word))
            return synonyms[i].unit;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (name_equal_length(text, length, units[i]))
            return units[i];
    return NULL;
}

bool parse_unit(struct parser *parser, const char **word)
{
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
    *word = find_unit(text, length);
    return *word ? parser_advance(parser) : parser_expected(parser, "FRAC_SECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR");
}

/* The fields of SQL's intervals, the largest first. */
enum field { FIELD_YEAR, FIELD_MONTH, FIELD_DAY, FIELD_HOUR, FIELD_MINUTE, FIELD_SECOND, FIELD_COUNT };
static const char *const field_words[] = {"year", "month", "day", "hour", "minute", "second"};

static enum field field_of(const char *unit)
{
    enum field field = FIELD_YEAR;
    while (field < FIELD_COUNT && strcmp(unit, field_words[field]) != 0)
        field++;
    return field;
}

struct reading {
    const char *at, *end;
};

static bool read_mark(struct reading *text, char mark)
{
    bool found = text->at < text->end && *text->at == mark;
    text->at += found;
    return found;
}

static bool read_number(struct reading *text, int64_t *number)
{
    const char *start = text->at;

    *number = 0;
    for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++)
        if (__builtin_mul_overflow(*number, (int64_t)10, number) || __builtin_add_overflow(*number, (int64_t)(*text->at - '0'), number))
            return false;
    return text->at > start;
}

/* .5 as nanoseconds */
static bool read_fraction(struct reading *text, int64_t *nanoseconds)
{
    enum { MOST_DIGITS = 9 };
    int digits = 0;

    *nanoseconds = 0;
    if (!read_mark(text, '.'))
        return true;
    for (; text->at < text->end && *text->at >= '0' && *text->at <= '9' && digits < MOST_DIGITS; text->at++, digits++)
        *nanoseconds = *nanoseconds * 10 + (*text->at - '0');
    for (int i = digits; i < MOST_DIGITS; i++)
        *nanoseconds *= 10;
    return digits > 0;
}

static bool add_up(int64_t *total, int64_t number, int64_t factor)
{
    return !__builtin_mul_overflow(*total, factor, total) && !__builtin_add_overflow(*total, number, total);
}

/* "3", "1-6", "3 04:05:06.7": the fields from the first to the last, as a number of *unit. */
static bool read_interval(struct reading *text, enum field first, enum field last, const char **unit, int64_t *count)
{
    static const char between[] = {[FIELD_MONTH] = '-', [FIELD_HOUR] = ' ', [FIELD_MINUTE] = ':', [FIELD_SECOND] = ':'};
    static const int64_t sizes[] = {[FIELD_MONTH] = 12, [FIELD_HOUR] = 24, [FIELD_MINUTE] = 60, [FIELD_SECOND] = 60};
    int64_t number, nanoseconds = 0;
    bool minus = read_mark(text, '-');

    if (!minus)
        read_mark(text, '+');
    *unit = field_words[last];
    if (!read_number(text, count))
        return false;
    for (enum field field = first + 1; field <= last; field++)
        if (!read_mark(text, between[field]) || !read_number(text, &number) || number >= sizes[field] || !add_up(count, number, sizes[field]))
            return false;
    if (last == FIELD_SECOND && !read_fraction(text, &nanoseconds))
        return false;
    if (nanoseconds) {
        *unit = "frac_second";
        if (!add_up(count, nanoseconds, 1000000000))
            return false;
    }
    *count = minus ? -*count : *count;
    return text->at == text->end;
}

/* (2) or (2, 6) behind a field: the digits it may have, which bound nothing here. */
static bool skip_precision(struct parser *parser)
{
    bool open, comma;

    if (!parser_take_mark(parser, '(', &open) || !open)
        return !open;
    do {
        if (parser->token.kind != TOKEN_WHOLE)
            return parser_expected(parser, "a whole number");
        if (!parser_advance(parser) || !parser_take_mark(parser, ',', &comma))
            return false;
    } while (comma);
    return parser_need_mark(parser, ')');
}

static struct expression *whole(struct parser *parser, int64_t count, uint32_t at)
{
    struct expression *literal = parser_new(parser, EXPRESSION_LITERAL, at);
    if (!literal)
        return NULL;
    literal->typed = true;
    literal->type = (struct type){.kind = TYPE_BIGINT};
    literal->value = value_integer(count);
    return literal;
}

static struct expression *new_interval(struct parser *parser, const char *unit, struct expression *count, uint32_t at)
{
    struct expression *interval = parser_new(parser, EXPRESSION_INTERVAL, at);
    if (!interval || !parser_operand(parser, interval, count))
        return NULL;
    interval->word = unit;
    return interval;
}

/* '3 days', as PostgreSQL has it: the unit inside the text. */
static const char *unit_inside(struct reading *text)
{
    const char *blank = memchr(text->at, ' ', (size_t)(text->end - text->at));
    const char *unit = blank ? find_unit(blank + 1, (size_t)(text->end - blank - 1)) : NULL;
    if (unit)
        text->end = blank;
    return unit;
}

static struct expression *of_text(struct parser *parser, uint32_t at, bool minus)
{
    size_t length;
    char *content = lexer_content(&parser->lexer, &parser->token, parser->arena, &length);
    const char *unit;
    int64_t count = 0;
    bool to, read;

    if (!content) {
        error_memory(parser->err);
        return NULL;
    }
    if (!parser_advance(parser))
        return NULL;
    struct reading text = {content, content + length};
    unit = unit_inside(&text);
    bool inside = unit != NULL;
    if (!inside && (!parse_unit(parser, &unit) || !skip_precision(parser)))
        return NULL;
    enum field first = field_of(unit), last = first;
    if (!inside) {
        if (!parser_take_word(parser, "TO", &to))
            return NULL;
        if (to) {
            const char *unit_to;
            if (!parse_unit(parser, &unit_to) || !skip_precision(parser))
                return NULL;
            last = field_of(unit_to);
            if (last == FIELD_COUNT || first >= last || (first <= FIELD_MONTH) != (last <= FIELD_MONTH)) {
                parser_error(parser, at, "42000", "There is no interval %s TO %s; there are YEAR TO MONTH, and DAY to HOUR, MINUTE and SECOND",
                             unit, unit_to);
                return NULL;
            }
        }
    }
    if (first == FIELD_COUNT) {
        bool negative = read_mark(&text, '-');
        read = read_number(&text, &count) && text.at == text.end;
        count = negative ? -count : count;
    } else {
        read = read_interval(&text, first, last, &unit, &count);
    }
    if (!read) {
        parser_error(parser, at, "22007", "\"%.40s\" is no interval of this kind; written as in INTERVAL '3' DAY, INTERVAL '1-6' YEAR TO MONTH, "
                     "INTERVAL '3 04:05:06' DAY TO SECOND", content);
        return NULL;
    }
    struct expression *number = whole(parser, minus ? -count : count, at);
    return number ? new_interval(parser, unit, number, at) : NULL;
}

struct expression *parse_interval_literal(struct parser *parser, uint32_t at)
{
    const char *unit;
    bool minus, plus = false;

    if (!parser_take_mark(parser, '-', &minus) || (!minus && !parser_take_mark(parser, '+', &plus)))
        return NULL;
    if (parser->token.kind == TOKEN_STRING)
        return of_text(parser, at, minus);
    if (minus || plus || (parser->token.kind != TOKEN_WHOLE && parser->token.kind != TOKEN_PARAMETER)) {
        parser_expected(parser, "a string in single quotes");
        return NULL;
    }
    struct expression *count = parse_primary(parser);
    return count && parse_unit(parser, &unit) ? new_interval(parser, unit, count, at) : NULL;
}
