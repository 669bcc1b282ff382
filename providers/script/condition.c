/* Conditions of exp="…": comparisons of values, joined with &&, || and !. */
#include <string.h>

#include "providers/script/script.h"

enum { DEEPEST = 20, MOST = 200 };

struct reading {
    struct arena *arena;
    const char *at, *end;
    const char *wrong;
    int depth, made;
};

static const struct condition *refuse(struct reading *reading, const char *wrong)
{
    if (!reading->wrong)
        reading->wrong = wrong;
    return NULL;
}

static void skip_blanks(struct reading *reading)
{
    while (reading->at < reading->end && strchr(" \t\r\n", *reading->at) && *reading->at)
        reading->at++;
}

static bool take(struct reading *reading, const char *word)
{
    size_t length = strlen(word);

    skip_blanks(reading);
    if ((size_t)(reading->end - reading->at) < length || memcmp(reading->at, word, length) != 0)
        return false;
    reading->at += length;
    return true;
}

static struct condition *make(struct reading *reading, enum condition_kind kind)
{
    if (++reading->made > MOST) {
        refuse(reading, "the condition is too long");
        return NULL;
    }
    struct condition *made = arena_alloc(reading->arena, sizeof *made);
    if (made)
        made->kind = kind;
    return made;
}

static bool take_comparison(struct reading *reading, enum comparison *comparison)
{
    static const struct { const char *word; enum comparison comparison; } words[] = {
        {"==", COMPARE_EQUAL}, {"!=", COMPARE_NOT_EQUAL}, {"<>", COMPARE_NOT_EQUAL}, {"<=", COMPARE_LESS_EQUAL},
        {">=", COMPARE_GREATER_EQUAL}, {"<", COMPARE_LESS}, {">", COMPARE_GREATER}, {"=", COMPARE_EQUAL},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (take(reading, words[i].word)) {
            *comparison = words[i].comparison;
            return true;
        }
    }
    return false;
}

/* Where the bracket at text is closed, or the end. */
static const char *bracket_end(const char *text, const char *end)
{
    int depth = 0;
    bool quoted = false;

    for (; text < end; text++) {
        if (*text == '\'')
            quoted = !quoted;
        depth += !quoted && *text == '[';
        if (!quoted && *text == ']' && --depth == 0)
            return text + 1;
    }
    return end;
}

/* A text in quotes, or a run of characters and expressions up to an operator. */
static bool read_operand(struct reading *reading, struct phrase *operand)
{
    skip_blanks(reading);
    const char *start = reading->at, *stop;
    char quote = start < reading->end && (*start == '\'' || *start == '"') ? *start : '\0';

    if (quote) {
        for (stop = ++start; stop < reading->end && *stop != quote;)
            stop = *stop == '[' ? bracket_end(stop, reading->end) : stop + 1;
        if (stop >= reading->end) {
            refuse(reading, "a quotation mark is not closed");
            return false;
        }
        reading->at = stop + 1;
    } else {
        for (stop = start; stop < reading->end && !strchr("=!<>&|()", *stop);)
            stop = *stop == '[' ? bracket_end(stop, reading->end) : stop + 1;
        reading->at = stop;
        while (stop > start && strchr(" \t\r\n", stop[-1]))
            stop--;
        if (stop == start) {
            refuse(reading, "a value is missing");
            return false;
        }
    }
    const char *wrong;
    if (phrase_read(reading->arena, start, (size_t)(stop - start), operand, &wrong))
        return true;
    reading->wrong = wrong;
    return false;
}

static const struct condition *read_or(struct reading *reading);

static const struct condition *read_comparison(struct reading *reading)
{
    struct condition *made = make(reading, CONDITION_VALUE);

    if (!made || !read_operand(reading, &made->a))
        return NULL;
    if (!take_comparison(reading, &made->comparison))
        return made;
    made->kind = CONDITION_COMPARE;
    return read_operand(reading, &made->b) ? made : NULL;
}

static const struct condition *read_simple(struct reading *reading)
{
    if (++reading->depth > DEEPEST)
        return refuse(reading, "the condition is nested too deep");
    const struct condition *made;
    skip_blanks(reading);
    if (reading->at + 1 < reading->end && *reading->at == '!' && reading->at[1] != '=') {
        reading->at++;
        struct condition *not = make(reading, CONDITION_NOT);
        if (not && !(not->left = read_simple(reading)))
            not = NULL;
        made = not;
    } else if (take(reading, "(")) {
        made = read_or(reading);
        if (made && !take(reading, ")"))
            made = refuse(reading, "a parenthesis is not closed");
    } else {
        made = read_comparison(reading);
    }
    reading->depth--;
    return made;
}

static const struct condition *join(struct reading *reading, enum condition_kind kind, const struct condition *left, const struct condition *right)
{
    struct condition *made = right ? make(reading, kind) : NULL;

    if (made) {
        made->left = left;
        made->right = right;
    }
    return made;
}

static const struct condition *read_and(struct reading *reading)
{
    const struct condition *left = read_simple(reading);

    while (left && take(reading, "&&"))
        left = join(reading, CONDITION_AND, left, read_simple(reading));
    return left;
}

static const struct condition *read_or(struct reading *reading)
{
    const struct condition *left = read_and(reading);

    while (left && take(reading, "||"))
        left = join(reading, CONDITION_OR, left, read_and(reading));
    return left;
}

bool condition_read(struct arena *arena, const char *text, size_t length, const struct condition **condition, const char **wrong)
{
    struct reading reading = {.arena = arena, .at = text, .end = text + length};

    *condition = read_or(&reading);
    skip_blanks(&reading);
    if (*condition && reading.at < reading.end)
        *condition = refuse(&reading, "something stands behind the condition that does not belong to it");
    *wrong = reading.wrong;
    return *condition;
}
