/* UTF-8 and UTF-16, checked (RFC 3629; Unicode 15, 3.9). */
#ifndef BASE_UTF_H
#define BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The greatest number of the first `length` bytes that does not cut a character: `length` itself,
 * or up to three less when an unfinished sequence stands at the end. */
size_t utf8_whole(const char *text, size_t length);

/* Whether all bytes are well-formed UTF-8: no overlong form, no surrogate, nothing past U+10FFFF.
 * On false, *offset (where not NULL) is the index of the first bad sequence. */
bool utf8_valid(const char *text, size_t length, size_t *offset);

/* Reads the character that starts at text[*at] (*at < length) and moves *at past it.
 * A malformed sequence yields U+FFFD and moves past its maximal subpart. */
uint32_t utf8_next(const char *text, size_t length, size_t *at);

/* Writes one character into out (room for 4 bytes) and returns the bytes used. Surrogates and values past
 * U+10FFFF are written as U+FFFD. */
size_t utf8_put(char *out, uint32_t character);

/* Characters (code points) in the text; a malformed subpart counts as one. */
size_t utf8_count(const char *text, size_t length);

/* UTF-16 code units that the text needs. */
size_t utf16_units(const char *text, size_t length);

/* Writes the text as UTF-16 in the machine's byte order, at most `room` units, never half a surrogate pair;
 * no terminator. Returns the units written. *used (where not NULL) gets the bytes of text consumed. */
size_t utf8_to_utf16(const char *text, size_t length, uint16_t *out, size_t room, size_t *used);

/* Bytes that `units` code units need as UTF-8; a lone surrogate counts as U+FFFD. */
size_t utf16_bytes(const uint16_t *text, size_t units);

/* Writes UTF-16 as UTF-8 into out, which has room for utf16_bytes() bytes; no terminator. Returns the bytes written. */
size_t utf16_to_utf8(const uint16_t *text, size_t units, char *out);

#endif
