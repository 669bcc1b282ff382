/* Sealing a text so that only who has the secret can read or change it: AES-256-GCM (NIST SP 800-38D) under a key that
 * HKDF-SHA256 (RFC 5869) makes of the secret and a random salt, both new for every sealing. */
#ifndef OAUTH_SEALED_H
#define OAUTH_SEALED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct error;

/* The sealed form, each part as base64. */
struct sealed {
    struct buffer salt, nonce, data;   /* data: the ciphertext and its tag */
};

enum { SEALED_LARGEST = 256 * 1024, SEALED_FINGERPRINT = 65 };

void sealed_init(struct sealed *sealed);
void sealed_clear(struct sealed *sealed);

/* secret   what the key is made of
 * context  bound to the text without being in it: opening it with another one fails
 * False: HY000 when the library fails, HY001. */
bool sealed_make(struct sealed *sealed, const char *secret, const struct buffer *context, const struct buffer *plain,
                 struct error *err);

/* Opens what sealed_make made; plain is cleared by secret_buffer_clear. False with 28000: another secret or context, or damaged. */
bool sealed_open(const char *salt, const char *nonce, const char *data, const char *secret, const struct buffer *context,
                 struct buffer *plain, struct error *err);

/* Derives `length` (up to 64) bytes from a secret for one purpose. */
bool sealed_derive(const char *secret, const void *salt, size_t salt_length, const char *purpose, unsigned char *out, size_t length);

/* SHA-256 of the texts (each with its NUL, NULL like ""), in hex: tells whether something was seen before without keeping it. */
bool sealed_fingerprint(const char *const *texts, size_t count, char out[SEALED_FINGERPRINT]);

#endif
