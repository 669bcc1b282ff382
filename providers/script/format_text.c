/* Formatters of texts: parts of them, comparisons, replacements, padding. Places are counted in characters. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/space.h"
#include "base/utf.h"
#include "providers/script/formatter.h"

enum { WIDEST = 100000 };

typedef const struct formatter self;

static bool put(struct formatting *f, const char *text)
{
    buffer_append_text(f->out, text);
    return true;
}

/* --- characters --- */

static size_t characters(const char *text)
{
    return utf8_count(text, strlen(text));
}

/* The place of the character of that number, or the end. */
static const char *character_at(const char *text, size_t number)
{
    for (; *text && number; number--)
        for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
            ;
    return text;
}

/* --- what is there --- */

static bool apply_default(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    return put(f, f->missing || !*f->value ? f->arguments[0] : f->value);
}

static bool apply_null(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    f->null = !*f->value;
    return put(f, f->value);
}

/* empty(value): what stands for an empty one; notempty(value): what stands for any other. */
static bool apply_empty(self *s, struct formatting *f, struct error *err)
{
    (void)err;
    if (s->which == 0)
        return put(f, *f->value ? f->value : f->arguments[0]);
    return put(f, *f->value ? f->arguments[0] : formatter_argument(f, 1, ""));
}

/* --- comparisons --- */

enum { TEST_EQUAL, TEST_EQUAL_CASE, TEST_NOT_EQUAL, TEST_STARTS, TEST_ENDS, TEST_CONTAINS };

static bool apply_test(self *s, struct formatting *f, struct error *err)
{
    const char *other = f->arguments[0];
    size_t length = strlen(f->value), others = strlen(other);
    bool truth = false;
    (void)err;

    switch (s->which) {
    case TEST_EQUAL: truth = strcmp(f->value, other) == 0; break;
    case TEST_EQUAL_CASE: truth = name_equal(f->value, other); break;
    case TEST_NOT_EQUAL: truth = strcmp(f->value, other) != 0; break;
    case TEST_STARTS: truth = length >= others && memcmp(f->value, other, others) == 0; break;
    case TEST_ENDS: truth = length >= others && memcmp(f->value + length - others, other, others) == 0; break;
    case TEST_CONTAINS: truth = strstr(f->value, other); break;
    }
    formatter_answer(f, truth, 1);
    return true;
}

/* ifequal(value, iftrue, iffalse): where it does not hold and nothing is said, the text stays. */
static bool apply_if_equal(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    return put(f, strcmp(f->value, f->arguments[0]) == 0 ? f->arguments[1] : formatter_argument(f, 2, f->value));
}

/* --- places --- */

static bool apply_find(self *s, struct formatting *f, struct error *err)
{
    long start;

    if (!formatter_number(s, f, 1, 0, 0, FORMATTER_LARGEST, &start, err))
        return false;
    const char *found = strstr(character_at(f->value, (size_t)start), f->arguments[0]);
    if (!found)
        return put(f, "-1");
    buffer_printf(f->out, "%zu", utf8_count(f->value, (size_t)(found - f->value)));
    return true;
}

static bool apply_length(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    buffer_printf(f->out, "%zu", characters(f->value));
    return true;
}

static bool apply_count(self *s, struct formatting *f, struct error *err)
{
    const char *part = f->arguments[0];
    size_t count = 0;
    (void)s, (void)err;

    for (const char *at = f->value; *part && (at = strstr(at, part)); at += strlen(part))
        count++;
    buffer_printf(f->out, "%zu", count);
    return true;
}

/* arrayfind(value[, separator]): its place in a list of lines, from 1; 0: it is not there. */
static bool apply_array_find(self *s, struct formatting *f, struct error *err)
{
    const char *separator = formatter_argument(f, 1, "\n"), *at = f->value;
    size_t wanted = strlen(f->arguments[0]);
    (void)s, (void)err;

    for (size_t place = 1; *separator; place++) {
        const char *next = strstr(at, separator);
        size_t length = next ? (size_t)(next - at) : strlen(at);
        if (length == wanted && memcmp(at, f->arguments[0], wanted) == 0) {
            buffer_printf(f->out, "%zu", place);
            return true;
        }
        if (!next)
            break;
        at = next + strlen(separator);
    }
    return put(f, "0");
}

static bool apply_substring(self *s, struct formatting *f, struct error *err)
{
    long start, length;

    if (!formatter_number(s, f, 0, 0, 0, FORMATTER_LARGEST, &start, err)
        || !formatter_number(s, f, 1, FORMATTER_LARGEST, 0, FORMATTER_LARGEST, &length, err))
        return false;
    const char *first = character_at(f->value, (size_t)start);
    buffer_append(f->out, first, (size_t)(character_at(first, (size_t)length) - first));
    return true;
}

/* --- changes --- */

static bool replace_all(struct formatting *f, const char *old, const char *new)
{
    const char *at = f->value;

    for (const char *found; *old && (found = strstr(at, old)); at = found + strlen(old)) {
        buffer_append(f->out, at, (size_t)(found - at));
        buffer_append_text(f->out, new);
    }
    return put(f, at);
}

static bool apply_replace(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    return replace_all(f, f->arguments[0], f->arguments[1]);
}

/* remove(text), or remove(start, length) in numbers. */
static bool apply_remove(self *s, struct formatting *f, struct error *err)
{
    long start, length;

    if (f->count < 2)
        return replace_all(f, f->arguments[0], "");
    if (!formatter_number(s, f, 0, 0, 0, FORMATTER_LARGEST, &start, err) || !formatter_number(s, f, 1, 0, 0, FORMATTER_LARGEST, &length, err))
        return false;
    const char *first = character_at(f->value, (size_t)start);
    buffer_append(f->out, f->value, (size_t)(first - f->value));
    return put(f, character_at(first, (size_t)length));
}

static bool apply_insert(self *s, struct formatting *f, struct error *err)
{
    long place;

    if (!formatter_number(s, f, 0, 0, 0, FORMATTER_LARGEST, &place, err))
        return false;
    const char *at = character_at(f->value, (size_t)place);
    buffer_append(f->out, f->value, (size_t)(at - f->value));
    buffer_append_text(f->out, f->arguments[1]);
    return put(f, at);
}

enum { CASE_LOWER, CASE_UPPER, CASE_FIRST, CASE_WORDS };

/* ASCII letters alone: which are others' capitals depends on a language that nobody tells. */
static bool apply_case(self *s, struct formatting *f, struct error *err)
{
    bool start = true;
    (void)err;

    for (const char *c = f->value; *c; c++) {
        bool upper = s->which == CASE_UPPER || (s->which != CASE_LOWER && start);
        char changed = *c;
        if (upper && *c >= 'a' && *c <= 'z')
            changed = (char)(*c - 'a' + 'A');
        else if (s->which == CASE_LOWER && *c >= 'A' && *c <= 'Z')
            changed = (char)(*c - 'A' + 'a');
        buffer_append_char(f->out, changed);
        start = s->which == CASE_WORDS && is_space(*c);
    }
    return true;
}

enum { TRIM_START = 1, TRIM_END = 2 };

static bool apply_trim(self *s, struct formatting *f, struct error *err)
{
    const char *start = f->value, *end = start + strlen(start);
    (void)err;

    while (s->which & TRIM_START && start < end && is_space(*start))
        start++;
    while (s->which & TRIM_END && start < end && is_space(end[-1]))
        end--;
    buffer_append(f->out, start, (size_t)(end - start));
    return true;
}

enum { PAD_LEFT, PAD_RIGHT, PAD_BOTH };

static bool apply_pad(self *s, struct formatting *f, struct error *err)
{
    const char *filler = formatter_argument(f, 1, " ");
    size_t length = characters(f->value);
    long width;

    if (!formatter_number(s, f, 0, 0, 0, WIDEST, &width, err))
        return false;
    size_t missing = (size_t)width > length && *filler ? (size_t)width - length : 0;
    size_t before = s->which == PAD_LEFT ? missing : s->which == PAD_BOTH ? missing / 2 : 0;
    for (size_t i = 0; i < before; i++)
        buffer_append(f->out, filler, (size_t)(character_at(filler, 1) - filler));
    put(f, f->value);
    for (size_t i = before; i < missing; i++)
        buffer_append(f->out, filler, (size_t)(character_at(filler, 1) - filler));
    return true;
}

static bool apply_truncate(self *s, struct formatting *f, struct error *err)
{
    long length;

    if (!formatter_number(s, f, 0, 0, 0, FORMATTER_LARGEST, &length, err))
        return false;
    const char *end = character_at(f->value, (size_t)length);
    buffer_append(f->out, f->value, (size_t)(end - f->value));
    return put(f, *end ? formatter_argument(f, 1, "") : "");
}

/* Lines of at most so many characters, broken at blanks. */
static bool apply_wrap(self *s, struct formatting *f, struct error *err)
{
    const char *ending = formatter_argument(f, 1, "\n");
    size_t column = 0;
    long width;

    if (!formatter_number(s, f, 0, 80, 1, WIDEST, &width, err))
        return false;
    for (const char *word = f->value; *word;) {
        size_t length = strcspn(word, " \t\r\n"), count = utf8_count(word, length);
        if (column && column + 1 + count > (size_t)width) {
            put(f, ending);
            column = 0;
        } else if (column) {
            buffer_append_char(f->out, ' ');
            column++;
        }
        buffer_append(f->out, word, length);
        column += count;
        word += length;
        word += strspn(word, " \t\r\n");
    }
    return true;
}

static bool apply_no_blanks(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    for (const char *c = f->value; *c; c++)
        if (!is_space(*c))
            buffer_append_char(f->out, *c);
    return true;
}

static bool apply_obfuscate(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    for (size_t i = characters(f->value); i > 0; i--)
        buffer_append_char(f->out, '*');
    return true;
}

/* split(separator, number from 1): one part. */
static bool apply_split(self *s, struct formatting *f, struct error *err)
{
    const char *separator = f->arguments[0], *at = f->value, *next;
    long number;

    if (!formatter_number(s, f, 1, 1, 1, FORMATTER_LARGEST, &number, err))
        return false;
    if (!*separator)
        return put(f, number == 1 ? f->value : "");
    while (--number > 0 && (next = strstr(at, separator)))
        at = next + strlen(separator);
    if (number > 0)
        return true;
    next = strstr(at, separator);
    buffer_append(f->out, at, next ? (size_t)(next - at) : strlen(at));
    return true;
}

/* join(separator): the lines of a value with several. */
static bool apply_join(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    return replace_all(f, "\n", formatter_argument(f, 0, ","));
}

static bool apply_same(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    return put(f, f->value);
}

/* --- patterns --- */

enum { GROUPS = 10, LONGEST_SUBJECT = 1 << 20, LONGEST_PATTERN = 1000 };

/* Patterns are POSIX's extended ones, with \d \w \s and their kin, which others write. */
static bool compile(self *s, const char *pattern, const char *option, regex_t *compiled, struct error *err)
{
    static const struct { char letter; const char *inside, *outside; } classes[] = {
        {'d', "0-9", "[0-9]"}, {'D', NULL, "[^0-9]"}, {'w', "A-Za-z0-9_", "[A-Za-z0-9_]"}, {'W', NULL, "[^A-Za-z0-9_]"},
        {'s', " \t\r\n", "[ \t\r\n]"}, {'S', NULL, "[^ \t\r\n]"},
    };
    struct buffer text;
    bool inside = false, done = true;

    buffer_init(&text, LONGEST_PATTERN * 20);
    for (const char *c = pattern; *c; c++) {
        const char *class = NULL;
        for (size_t i = 0; *c == '\\' && c[1] && i < sizeof classes / sizeof classes[0]; i++)
            if (classes[i].letter == c[1])
                class = inside ? classes[i].inside : classes[i].outside;
        if (class) {
            buffer_append_text(&text, class);
            c++;
        } else if (*c == '\\' && c[1]) {
            if (!inside)
                buffer_append_char(&text, *c);
            buffer_append_char(&text, *++c);
        } else if (*c == '(' && !inside && c[1] == '?' && c[2] == ':') {
            buffer_append_char(&text, *c);
            c += 2;
        } else {
            inside = inside ? *c != ']' : *c == '[';
            buffer_append_char(&text, *c);
        }
    }
    int flags = REG_EXTENDED | (option && strchr(option, 'i') ? REG_ICASE : 0);
    if (strlen(pattern) > LONGEST_PATTERN || text.failed || regcomp(compiled, buffer_text(&text), flags) != 0)
        done = formatter_refuse(s, err, "does not understand the pattern \"%.100s\"", pattern);
    buffer_clear(&text);
    return done;
}

static bool check_subject(self *s, const struct formatting *f, struct error *err)
{
    return strlen(f->value) <= LONGEST_SUBJECT || formatter_refuse(s, err, "takes texts of at most %d bytes", LONGEST_SUBJECT);
}

/* match(pattern[, group[, option]]): what the group is; nothing where the pattern does not match. */
static bool apply_match(self *s, struct formatting *f, struct error *err)
{
    regmatch_t groups[GROUPS];
    regex_t compiled;
    long group;

    if (!formatter_number(s, f, 1, 0, 0, GROUPS - 1, &group, err) || !check_subject(s, f, err)
        || !compile(s, f->arguments[0], formatter_argument(f, 2, NULL), &compiled, err))
        return false;
    if (regexec(&compiled, f->value, GROUPS, groups, 0) == 0 && groups[group].rm_so >= 0)
        buffer_append(f->out, f->value + groups[group].rm_so, (size_t)(groups[group].rm_eo - groups[group].rm_so));
    regfree(&compiled);
    return true;
}

/* $1 and so on stand for groups. */
static void put_replacement(struct formatting *f, const char *at, const regmatch_t *groups)
{
    for (const char *c = f->arguments[1]; *c; c++) {
        if (*c != '$' || c[1] < '0' || c[1] > '9') {
            buffer_append_char(f->out, *c);
            continue;
        }
        const regmatch_t *group = &groups[*++c - '0'];
        if (group->rm_so >= 0)
            buffer_append(f->out, at + group->rm_so, (size_t)(group->rm_eo - group->rm_so));
    }
}

static bool apply_regex_replace(self *s, struct formatting *f, struct error *err)
{
    regmatch_t groups[GROUPS];
    regex_t compiled;
    long start;

    if (!formatter_number(s, f, 2, 0, 0, FORMATTER_LARGEST, &start, err) || !check_subject(s, f, err)
        || !compile(s, f->arguments[0], NULL, &compiled, err))
        return false;
    const char *at = character_at(f->value, (size_t)start);
    buffer_append(f->out, f->value, (size_t)(at - f->value));
    bool first = true;
    while (*at && regexec(&compiled, at, GROUPS, groups, first ? 0 : REG_NOTBOL) == 0) {
        buffer_append(f->out, at, (size_t)groups[0].rm_so);
        put_replacement(f, at, groups);
        bool empty = groups[0].rm_so == groups[0].rm_eo;
        at += groups[0].rm_eo;
        if (empty && *at) {
            const char *next = character_at(at, 1);
            buffer_append(f->out, at, (size_t)(next - at));
            at = next;
        }
        first = false;
    }
    regfree(&compiled);
    return put(f, at);
}

static const struct formatter formatters[] = {
    {"def", 1, 1, apply_default, 0},
    {"default", 1, 1, apply_default, 0},
    {"allownull", 0, 0, apply_null, 0},
    {"empty", 1, 1, apply_empty, 0},
    {"notempty", 1, 2, apply_empty, 1},
    {"notnull", 1, 2, apply_empty, 1},
    {"equals", 1, 3, apply_test, TEST_EQUAL},
    {"isequal", 1, 3, apply_test, TEST_EQUAL},
    {"equalsignorecase", 1, 3, apply_test, TEST_EQUAL_CASE},
    {"notequals", 1, 3, apply_test, TEST_NOT_EQUAL},
    {"startswith", 1, 3, apply_test, TEST_STARTS},
    {"endswith", 1, 3, apply_test, TEST_ENDS},
    {"contains", 1, 3, apply_test, TEST_CONTAINS},
    {"ifequal", 2, 3, apply_if_equal, 0},
    {"find", 1, 2, apply_find, 0},
    {"getlength", 0, 0, apply_length, 0},
    {"length", 0, 0, apply_length, 0},
    {"count", 1, 1, apply_count, 0},
    {"arrayfind", 1, 2, apply_array_find, 0},
    {"substring", 1, 2, apply_substring, 0},
    {"replace", 2, 2, apply_replace, 0},
    {"remove", 1, 2, apply_remove, 0},
    {"insert", 2, 2, apply_insert, 0},
    {"tolower", 0, 0, apply_case, CASE_LOWER},
    {"toupper", 0, 0, apply_case, CASE_UPPER},
    {"capitalize", 0, 0, apply_case, CASE_FIRST},
    {"capitalizeall", 0, 0, apply_case, CASE_WORDS},
    {"trim", 0, 0, apply_trim, TRIM_START | TRIM_END},
    {"trimstart", 0, 0, apply_trim, TRIM_START},
    {"trimend", 0, 0, apply_trim, TRIM_END},
    {"center", 1, 2, apply_pad, PAD_BOTH},
    {"rjust", 1, 2, apply_pad, PAD_LEFT},
    {"padleft", 1, 2, apply_pad, PAD_LEFT},
    {"ljust", 1, 2, apply_pad, PAD_RIGHT},
    {"padright", 1, 2, apply_pad, PAD_RIGHT},
    {"truncate", 1, 2, apply_truncate, 0},
    {"wordwrap", 0, 2, apply_wrap, 0},
    {"nowhitespace", 0, 0, apply_no_blanks, 0},
    {"obfuscate", 0, 0, apply_obfuscate, 0},
    {"split", 1, 2, apply_split, 0},
    {"splitattr", 1, 2, apply_split, 0},
    {"join", 0, 1, apply_join, 0},
    {"print", 0, 0, apply_same, 0},
    {"match", 1, 3, apply_match, 0},
    {"regexmatch", 1, 3, apply_match, 0},
    {"regexreplace", 2, 3, apply_regex_replace, 0},
};

const struct formatter_family formatters_of_text = {formatters, sizeof formatters / sizeof formatters[0]};
