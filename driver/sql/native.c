/* SQLNativeSql: every ODBC escape as plain SQL, everything else as it stands. Works on tokens, so that spacing, comments and names
 * stay as the application wrote them. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "sql/lexer.h"
#include "sql/statement.h"

enum { NATIVE_NESTING = 200 };

static const struct { const char *word, *open, *close; } escapes[] = {
    {"d", "DATE", ""}, {"t", "TIME", ""}, {"ts", "TIMESTAMP", ""}, {"guid", "CAST(", " AS GUID)"},
    {"fn", "", ""}, {"oj", "", ""}, {"escape", "ESCAPE", ""}, {"interval", "INTERVAL", ""}, {"call", "CALL", ""},
};

struct translation {
    struct lexer lexer;
    struct buffer out;
    const char *closers[NATIVE_NESTING];
    unsigned open;
    uint32_t copied;   /* the text up to here stands in `out` */
    struct error *err;
};

/* Copies what stands before an offset, then goes on behind another. */
static void copy_until(struct translation *translation, uint32_t until, uint32_t resume)
{
    buffer_append(&translation->out, translation->lexer.text + translation->copied, until - translation->copied);
    translation->copied = resume;
}

/* { has been read. */
static bool open_escape(struct translation *translation, const struct token *brace)
{
    struct lexer *lexer = &translation->lexer;
    struct lexer ahead = *lexer;
    struct token word, equals;

    if (translation->open == NATIVE_NESTING)
        return lexer_error(lexer->text, brace->at, translation->err, "42000", "The escapes are nested more than %d levels deep", NATIVE_NESTING);
    if (!lexer_next(&ahead, &word, translation->err))
        return false;
    if (word.kind == TOKEN_PARAMETER) { /* {? = call p(…)} */
        if (!lexer_next(&ahead, &equals, translation->err))
            return false;
        if (equals.kind == TOKEN_OPERATOR && equals.mark == '=') {
            copy_until(translation, brace->at, brace->at + brace->length);
            translation->closers[translation->open++] = "";
            return true;
        }
    }
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        if (!lexer_is_word(lexer, &word, escapes[i].word))
            continue;
        uint32_t resume = word.at + word.length;
        bool silent = !escapes[i].open[0]; /* {fn f()}: also the space behind the word goes */
        while (silent && resume < lexer->length && lexer->text[resume] == ' ')
            resume++;
        copy_until(translation, brace->at, resume);
        buffer_append_text(&translation->out, escapes[i].open);
        translation->closers[translation->open++] = escapes[i].close;
        *lexer = ahead;
        return true;
    }
    return lexer_error(lexer->text, brace->at, translation->err, "42000",
                       "Syntax error: { opens no ODBC escape; expected d, t, ts, guid, fn, oj, escape, interval or call behind it");
}

static bool translate(struct translation *translation)
{
    struct token token = {.kind = TOKEN_OPERATOR};

    while (token.kind != TOKEN_END) {
        if (!lexer_next(&translation->lexer, &token, translation->err))
            return false;
        if (token.kind != TOKEN_OPERATOR)
            continue;
        if (token.mark == '{' && !open_escape(translation, &token))
            return false;
        if (token.mark != '}')
            continue;
        if (translation->open == 0)
            return lexer_error(translation->lexer.text, token.at, translation->err, "42000", "Syntax error: this } closes nothing");
        copy_until(translation, token.at, token.at + token.length);
        buffer_append_text(&translation->out, translation->closers[--translation->open]);
    }
    if (translation->open > 0)
        return lexer_error(translation->lexer.text, token.at, translation->err, "42000",
                           "Syntax error: the statement ends where } was expected");
    copy_until(translation, translation->lexer.length, translation->lexer.length);
    return true;
}

bool statement_native(const char *text, size_t length, struct arena *arena, const char **native, struct error *err)
{
    if (length > SQL_TEXT_LIMIT)
        return error_set(err, "42000", "The statement has %zu bytes; the most is %d", length, SQL_TEXT_LIMIT);

    struct translation translation = {.lexer = {text, (uint32_t)length, 0}, .err = err};
    buffer_init(&translation.out, SQL_TEXT_LIMIT * 4);
    bool done = translate(&translation);
    if (done) {
        *native = translation.out.failed ? NULL : arena_copy(arena, buffer_text(&translation.out), translation.out.length);
        done = *native || error_memory(err);
    }
    buffer_clear(&translation.out);
    return done;
}
