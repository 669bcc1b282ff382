#include "sql/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Every byte of a multi-byte character that is no blank counts as a letter, so names may be of any script. */
static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '#' || (unsigned char)c >= 0x80;
}

static char char_at(const struct lexer *lexer, uint32_t at)
{
    return at < lexer->length ? lexer->text[at] : '\0';
}

/* Bytes of the blank that stands there, 0 when none does. Copied text has other blanks than those of a keyboard (Unicode, White_Space),
 * and a file may begin with a byte order mark. */
static uint32_t blank_at(const struct lexer *lexer, uint32_t at)
{
    static const char *const wide[] = {
        "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
        "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff",
    };
    char c = char_at(lexer, at);

    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v')
        return 1;
    for (size_t i = 0; (unsigned char)c >= 0x80 && i < sizeof wide / sizeof wide[0]; i++) {
        size_t length = strlen(wide[i]);
        if (lexer->length - at >= length && memcmp(lexer->text + at, wide[i], length) == 0)
            return (uint32_t)length;
    }
    return 0;
}

static bool is_word_at(const struct lexer *lexer, uint32_t at)
{
    char c = char_at(lexer, at);
    return (is_word_start(c) && !blank_at(lexer, at)) || is_digit(c) || c == '$';
}

void lexer_place(const char *text, uint32_t at, unsigned *line, unsigned *column)
{
    *line = *column = 1;
    for (uint32_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

bool lexer_error(const char *text, uint32_t at, struct error *err, const char *sqlstate, const char *format, ...)
{
    char message[sizeof err->message];
    unsigned line, column;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    lexer_place(text, at, &line, &column);
    return error_set(err, sqlstate, "%s (line %u, column %u)", message, line, column);
}

static bool skip_blanks_and_comments(struct lexer *lexer, struct error *err)
{
    for (;;) {
        char c = char_at(lexer, lexer->at);
        uint32_t blank = blank_at(lexer, lexer->at);
        if (blank) {
            lexer->at += blank;
        } else if (c == '-' && char_at(lexer, lexer->at + 1) == '-') {
            while (lexer->at < lexer->length && lexer->text[lexer->at] != '\n')
                lexer->at++;
        } else if (c == '/' && char_at(lexer, lexer->at + 1) == '*') {
            uint32_t start = lexer->at;
            lexer->at += 2;
            while (lexer->at < lexer->length && !(lexer->text[lexer->at] == '*' && char_at(lexer, lexer->at + 1) == '/'))
                lexer->at++;
            if (lexer->at >= lexer->length)
                return lexer_error(lexer->text, start, err, "42000", "The comment that starts here is not closed; expected */");
            lexer->at += 2;
        } else {
            return true;
        }
    }
}

/* From the opening quote to the closing one; a doubled closing quote stands for itself. */
static bool scan_quoted(struct lexer *lexer, char close, const char *what, struct error *err)
{
    uint32_t start = lexer->at++;
    for (; lexer->at < lexer->length; lexer->at++) {
        if (lexer->text[lexer->at] != close)
            continue;
        if (char_at(lexer, lexer->at + 1) != close) {
            lexer->at++;
            return true;
        }
        lexer->at++;
    }
    return lexer_error(lexer->text, start, err, "42000", "The %s that starts here is not closed; expected %c", what, close);
}

static bool scan_number(struct lexer *lexer, struct token *token, struct error *err)
{
    token->kind = TOKEN_WHOLE;
    while (is_digit(char_at(lexer, lexer->at)))
        lexer->at++;
    if (char_at(lexer, lexer->at) == '.') {
        token->kind = TOKEN_DECIMAL;
        lexer->at++;
        while (is_digit(char_at(lexer, lexer->at)))
            lexer->at++;
    }
    char e = char_at(lexer, lexer->at);
    if (e == 'e' || e == 'E') {
        char sign = char_at(lexer, lexer->at + 1);
        uint32_t digits = lexer->at + (sign == '+' || sign == '-' ? 2 : 1);
        if (is_digit(char_at(lexer, digits))) {
            token->kind = TOKEN_FLOAT;
            lexer->at = digits;
            while (is_digit(char_at(lexer, lexer->at)))
                lexer->at++;
        }
    }
    if (is_word_at(lexer, lexer->at))
        return lexer_error(lexer->text, token->at, err, "42000",
                           "Syntax error: a number runs into a name; write a space between them, or put the name in double quotes");
    return true;
}

static int two_character_mark(char first, char second)
{
    static const struct { char first, second; int mark; } marks[] = {
        {'|', '|', MARK_CONCATENATE}, {'<', '>', MARK_NOT_EQUAL}, {'!', '=', MARK_NOT_EQUAL},
        {'<', '=', MARK_LESS_EQUAL}, {'>', '=', MARK_GREATER_EQUAL}, {'=', '>', MARK_ARROW},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (marks[i].first == first && marks[i].second == second)
            return marks[i].mark;
    return 0;
}

static bool scan_mark(struct lexer *lexer, struct token *token, struct error *err)
{
    char c = lexer->text[lexer->at];
    token->kind = TOKEN_OPERATOR;
    token->mark = two_character_mark(c, char_at(lexer, lexer->at + 1));
    if (token->mark) {
        lexer->at += 2;
        return true;
    }
    if (c != '\0' && strchr("(),.;*/+-%=<>{}", c)) {
        token->mark = c;
        lexer->at++;
        return true;
    }
    if ((unsigned char)c < 0x20 || c == 0x7f)
        return lexer_error(lexer->text, token->at, err, "42000", "Syntax error: found the control character 0x%02x", (unsigned)c);
    return lexer_error(lexer->text, token->at, err, "42000", "Syntax error: found the character %c, which starts nothing in SQL", c);
}

static bool scan_token(struct lexer *lexer, struct token *token, struct error *err)
{
    char c = lexer->text[lexer->at], next = char_at(lexer, lexer->at + 1);

    if ((c == 'n' || c == 'N' || c == 'x' || c == 'X') && next == '\'') {
        lexer->at++;
        token->kind = c == 'x' || c == 'X' ? TOKEN_BINARY : TOKEN_STRING;
        return scan_quoted(lexer, '\'', "string", err);
    }
    if (is_word_start(c) || (c == '@' && is_word_start(next) && !blank_at(lexer, lexer->at + 1))) {
        token->kind = c == '@' ? TOKEN_AT_WORD : TOKEN_WORD;
        do
            lexer->at++;
        while (is_word_at(lexer, lexer->at));
        return true;
    }
    if (is_digit(c) || (c == '.' && is_digit(next)))
        return scan_number(lexer, token, err);
    switch (c) {
    case '\'':
        token->kind = TOKEN_STRING;
        return scan_quoted(lexer, '\'', "string", err);
    case '"':
    case '`':
        token->kind = TOKEN_QUOTED;
        return scan_quoted(lexer, c, "quoted name", err);
    case '[':
        token->kind = TOKEN_QUOTED;
        return scan_quoted(lexer, ']', "quoted name", err);
    case '?':
        token->kind = TOKEN_PARAMETER;
        lexer->at++;
        return true;
    default:
        return scan_mark(lexer, token, err);
    }
}

bool lexer_next(struct lexer *lexer, struct token *token, struct error *err)
{
    if (!skip_blanks_and_comments(lexer, err))
        return false;
    *token = (struct token){.kind = TOKEN_END, .at = lexer->at};
    if (lexer->at >= lexer->length)
        return true;
    if (!scan_token(lexer, token, err))
        return false;
    token->length = lexer->at - token->at;
    return true;
}

char *lexer_content(const struct lexer *lexer, const struct token *token, struct arena *arena, size_t *length)
{
    const char *start = lexer->text + token->at, *end = start + token->length;
    char *content = arena_alloc(arena, token->length + 1), *out = content;
    char close = '\0';

    if (!content)
        return NULL;
    if (token->kind == TOKEN_STRING || token->kind == TOKEN_BINARY || token->kind == TOKEN_QUOTED) {
        start += *start == '\'' || token->kind == TOKEN_QUOTED ? 1 : 2; /* N and X stand before their quote */
        close = *--end;
    } else if (token->kind == TOKEN_AT_WORD) {
        start++;
    }
    for (; start < end; start++) {
        *out++ = *start;
        if (*start == close && close)
            start++;
    }
    *out = '\0';
    if (length)
        *length = (size_t)(out - content);
    return content;
}

bool lexer_is_word(const struct lexer *lexer, const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && name_equal_length(lexer->text + token->at, token->length, word);
}
