/* Digests of texts: RFC 1321, FIPS 180-4, and with a key RFC 2104. */
#ifndef OAUTH_DIGEST_H
#define OAUTH_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 };
enum { DIGEST_LARGEST = 64 };

/* key NULL: without one. *length gets the bytes of the digest. False: OpenSSL has it not. */
bool digest_text(enum digest digest, const char *key, const char *text, unsigned char out[DIGEST_LARGEST], size_t *length);

#endif
