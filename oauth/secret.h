/* Texts that must not stay in memory: wiped before they are given back. */
#ifndef OAUTH_SECRET_H
#define OAUTH_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* Wipes and frees; NULL is fine. */
void secret_free(char *secret);

/* Replaces *secret by a copy of value (NULL allowed), wiping the old one. False when out of memory: *secret is as it was. */
bool secret_set(char **secret, const char *value);

/* Prepares a buffer that takes `limit` bytes without ever moving, so that no copy of them is left behind. False: out of memory. */
bool secret_buffer_init(struct buffer *buffer, size_t limit);
void secret_buffer_clear(struct buffer *buffer);

/* Whether two secrets are equal, in a time that does not depend on where they differ. */
bool secret_equal(const char *a, const char *b);

/* Appends `bytes` random bytes of a CSPRNG as base64url without padding (RFC 4648 5). False when there is no randomness. */
bool secret_random(struct buffer *out, size_t bytes);

#endif
