#include "json/scan.h"

size_t json_character_length(char first)
{
    unsigned char c = (unsigned char)first;
    return c >= 0xF0 && c <= 0xF4 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC2 && c < 0xE0 ? 2 : 1;
}

/* Table 3-7 of the Unicode standard. */
size_t json_character(const char *at, const char *end)
{
    const unsigned char *c = (const unsigned char *)at;
    size_t length = json_character_length(*at);

    if (length == 1 || (size_t)(end - at) < length)
        return 0;
    unsigned char low = c[0] == 0xE0 ? 0xA0 : c[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c[0] == 0xED ? 0x9F : c[0] == 0xF4 ? 0x8F : 0xBF;
    if (c[1] < low || c[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (c[i] < 0x80 || c[i] > 0xBF)
            return 0;
    return length;
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *json_number_end(const char *at, const char *end)
{
    while (at < end && (is_digit(*at) || *at == '-' || *at == '.' || *at == '+' || *at == 'e' || *at == 'E'))
        at++;
    return at;
}

static size_t digits(const char *text, size_t length, size_t at)
{
    size_t start = at;
    while (at < length && is_digit(text[at]))
        at++;
    return at - start;
}

bool json_number_valid(const char *text, size_t length, size_t *good)
{
    size_t at = 0, count;

    if (at < length && text[at] == '-')
        at++;
    count = digits(text, length, at);
    if (count > 1 && text[at] == '0')
        count = 1;
    *good = at += count;
    if (count == 0)
        return false;
    if (at < length && text[at] == '.') {
        count = digits(text, length, at + 1);
        *good = at += 1 + count;
        if (count == 0)
            return false;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        if (at < length && (text[at] == '+' || text[at] == '-'))
            at++;
        count = digits(text, length, at);
        *good = at += count;
        if (count == 0)
            return false;
    }
    return at == length;
}

/* Behind the opening quote. */
static const char *quick_string(const char *at, const char *end)
{
    for (;;) {
        at = json_plain_end(at, end);
        if (at == end)
            return NULL;
        unsigned char c = (unsigned char)*at;
        if (c == '"')
            return at + 1 < end ? at + 1 : NULL;
        if (c >= 0x80) {
            size_t length = json_character(at, end);
            if (length == 0)
                return NULL;
            at += length;
        } else if (c == '\\' && end - at > 2 && at[1] != 'u' && at[1] != '\0' && strchr("\"\\/bfnrt", at[1])) {
            at += 2;
        } else {
            return NULL;
        }
    }
}

static const char *quick_word(const char *at, const char *end, const char *word, size_t length)
{
    return (size_t)(end - at) > length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

static const char *quick_number(const char *at, const char *end)
{
    size_t quick = json_quick_integer(at, end), good;
    if (quick)
        return at + quick;
    const char *stop = json_number_end(at, end);
    return stop < end && json_number_valid(at, (size_t)(stop - at), &good) ? stop : NULL;
}

/* Behind the opening bracket. */
static const char *quick_elements(const char *at, const char *end, int levels)
{
    if (at < end && *at == ']')
        return at + 1 < end ? at + 1 : NULL;
    while ((at = json_quick_value(at, end, levels)) != NULL) {
        if (*at == ']')
            return at + 1 < end ? at + 1 : NULL;
        if (*at++ != ',')
            return NULL;
    }
    return NULL;
}

const char *json_quick_members(const char *at, const char *end, int levels)
{
    if (at < end && *at == '}')
        return at + 1 < end ? at + 1 : NULL;
    while (at < end && *at == '"' && (at = quick_string(at + 1, end)) != NULL && *at == ':' && (at = json_quick_value(at + 1, end, levels)) != NULL) {
        if (*at == '}')
            return at + 1 < end ? at + 1 : NULL;
        if (*at++ != ',')
            return NULL;
    }
    return NULL;
}

const char *json_quick_value(const char *at, const char *end, int levels)
{
    if (at == end)
        return NULL;
    switch (*at) {
    case '"': return quick_string(at + 1, end);
    case '{': return levels > 0 ? json_quick_members(at + 1, end, levels - 1) : NULL;
    case '[': return levels > 0 ? quick_elements(at + 1, end, levels - 1) : NULL;
    case 't': return quick_word(at, end, "true", 4);
    case 'f': return quick_word(at, end, "false", 5);
    case 'n': return quick_word(at, end, "null", 4);
    default: return quick_number(at, end);
    }
}
