/* Base64 in its two alphabets (RFC 4648). */
#ifndef OAUTH_BASE64_H
#define OAUTH_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* Each appends and is false when the buffer's limit or memory ends. */
bool base64_encode(struct buffer *out, const void *bytes, size_t length);      /* section 4: with padding */
bool base64url_encode(struct buffer *out, const void *bytes, size_t length);   /* section 5: without padding */

/* Decodes section 4 strictly: padding where it belongs, unused bits zero, nothing else in between. False when it is not that,
 * or when more than `room` bytes come out. *length gets their number. */
bool base64_decode(const char *text, unsigned char *out, size_t room, size_t *length);

#endif
