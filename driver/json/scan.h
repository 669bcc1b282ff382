/* The reader's innermost loops: how far a run of plain bytes, a character, a number reaches. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* The first byte from `at` on that ends a run of plain string bytes: a quote, a backslash, a control character
 * or one past 0x7F; `end` when there is none. */
const char *json_plain_end(const char *at, const char *end);

/* Bytes of the UTF-8 character that starts at `at` (a byte past 0x7F), or 0 when it is malformed or cut by `end`. */
size_t json_character(const char *at, const char *end);

/* Bytes that a character wants which starts with this byte; 1 for a byte that starts none. */
size_t json_character_length(char first);

/* The first byte from `at` on that no number has. */
const char *json_number_end(const char *at, const char *end);

/* Whether the text is a number (RFC 8259, 6). On false *good is how many bytes of it are the beginning of one. */
bool json_number_valid(const char *text, size_t length, size_t *good);

#endif
