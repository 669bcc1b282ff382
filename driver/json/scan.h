/* The reader's innermost loops: how far a run of plain bytes, a character, a number reaches. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool json_is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* The first byte from `at` on that ends a run of plain string bytes: a quote, a backslash, a control character
 * or one past 0x7F; `end` when there is none. */
#ifdef __SSE2__
static inline const char *json_plain_end(const char *at, const char *end)
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
    while (at < end && json_is_plain((unsigned char)*at))
        at++;
    return at;
}
#else
static inline const char *json_plain_end(const char *at, const char *end)
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
    while (at < end && json_is_plain((unsigned char)*at))
        at++;
    return at;
}
#endif

/* Whether both have the same bytes. Names are short: memcmp would spend more on being called than on comparing. */
static inline bool json_same_bytes(const char *a, const char *b, size_t length)
{
    uint64_t one, other;

    if (length < sizeof one)
        return memcmp(a, b, length) == 0;
    for (size_t at = 0; at + sizeof one < length; at += sizeof one) {
        memcpy(&one, a + at, sizeof one);
        memcpy(&other, b + at, sizeof other);
        if (one != other)
            return false;
    }
    memcpy(&one, a + length - sizeof one, sizeof one);
    memcpy(&other, b + length - sizeof other, sizeof other);
    return one == other;
}

/* Bytes of the UTF-8 character that starts at `at` (a byte past 0x7F), or 0 when it is malformed or cut by `end`. */
size_t json_character(const char *at, const char *end);

/* Bytes that a character wants which starts with this byte; 1 for a byte that starts none. */
size_t json_character_length(char first);

/* Bytes of a plain whole number that starts at `at` and ends before `end`, such as -12; 0 for any other number, and for what is none. */
static inline size_t json_quick_integer(const char *at, const char *end)
{
    const char *start = at;

    if (at < end && *at == '-')
        at++;
    const char *digits = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    if (at == end || at == digits || (*digits == '0' && at - digits > 1) || *at == '.' || *at == 'e' || *at == 'E' || *at == '+' || *at == '-')
        return 0;
    return (size_t)(at - start);
}

/* The first byte from `at` on that no number has. */
const char *json_number_end(const char *at, const char *end);

/* Whether the text is a number (RFC 8259, 6). On false *good is how many bytes of it are the beginning of one. */
bool json_number_valid(const char *text, size_t length, size_t *good);

/* Passes over a value, or the members of an object behind its brace and the brace that closes it, where they stand there as services write
 * them: whole before `end`, without white space, nested no more than `levels` deep. All that is passed over is checked as strictly as what
 * is read. Returns the place behind it, before `end`; NULL where it is not so, be it well-formed or not. */
const char *json_quick_value(const char *at, const char *end, int levels);
const char *json_quick_members(const char *at, const char *end, int levels);

#endif
