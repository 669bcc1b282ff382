/* SQL text → tokens, one at a time. */
#ifndef SQL_LEXER_H
#define SQL_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,        /* a bare identifier or keyword */
    TOKEN_QUOTED,      /* "x", [x] or `x` */
    TOKEN_STRING,      /* 'x', N'x' */
    TOKEN_BINARY,      /* X'0aff' */
    TOKEN_WHOLE,       /* 12 */
    TOKEN_DECIMAL,     /* 1.5 */
    TOKEN_FLOAT,       /* 1e3 */
    TOKEN_PARAMETER,   /* ? */
    TOKEN_AT_WORD,     /* @name */
    TOKEN_OPERATOR,    /* one of the punctuation marks; `mark` tells which */
};

/* Two-character marks; one-character marks are their own character. */
enum token_mark { MARK_CONCATENATE = 256, MARK_NOT_EQUAL, MARK_LESS_EQUAL, MARK_GREATER_EQUAL, MARK_ARROW };

struct token {
    enum token_kind kind;
    int mark;
    uint32_t at, length;   /* its bytes in the text, quotes included */
};

/* The place after which the next token is looked for is the whole state, so a copy of a lexer is a bookmark. */
struct lexer {
    const char *text;
    uint32_t length;
    uint32_t at;
};

enum { SQL_TEXT_LIMIT = 1 << 20 /* bytes of the longest statement */ };

/* The next token; TOKEN_END at the end of the text, again and again. False with 42000 for an unclosed quote or comment,
 * a malformed number, or a character that starts nothing. */
bool lexer_next(struct lexer *lexer, struct token *token, struct error *err);

/* What a string or identifier token means: without its quotes, doubled quotes undone. NULL when out of memory. */
char *lexer_content(const struct lexer *lexer, const struct token *token, struct arena *arena, size_t *length);

/* Whether the token is this bare word, case ignored. */
bool lexer_is_word(const struct lexer *lexer, const struct token *token, const char *word);

/* Line and column of an offset, both from 1; columns count characters, not bytes. */
void lexer_place(const char *text, uint32_t at, unsigned *line, unsigned *column);

/* Fills *err with the message and, behind it, the place: "… (line 2, column 7)". Returns false. */
bool lexer_error(const char *text, uint32_t at, struct error *err, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
