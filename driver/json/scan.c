#include "json/scan.h"

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#ifdef __SSE2__
const char *json_plain_end(const char *at, const char *end)
{
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');

    while (end - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        /* Signed comparison: bytes past 0x7F are below a space, as control characters are. */
        __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                                       _mm_cmplt_epi8(bytes, space));
        int mask = _mm_movemask_epi8(special);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
        at += 16;
    }
    while (at < end && is_plain((unsigned char)*at))
        at++;
    return at;
}
#else
const char *json_plain_end(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

    /* Eight bytes at a time: the word has its high bit set in a byte that is special (and perhaps in some above it). */
    while (end - at >= 8) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        uint64_t quote = bytes ^ ones * '"', backslash = bytes ^ ones * '\\';
        uint64_t special = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((bytes - ones * ' ') & ~bytes) | bytes;
        if (special & highs)
            break;
        at += 8;
    }
    while (at < end && is_plain((unsigned char)*at))
        at++;
    return at;
}
#endif

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
