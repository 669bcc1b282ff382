/* Texts that must not stay in memory. */
#include "oauth/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "oauth/base64.h"

void secret_free(char *secret)
{
    if (secret)
        OPENSSL_cleanse(secret, strlen(secret));
    free(secret);
}

bool secret_set(char **secret, const char *value)
{
    char *copy = value ? strdup(value) : NULL;
    if (value && !copy)
        return false;
    secret_free(*secret);
    *secret = copy;
    return true;
}

bool secret_buffer_init(struct buffer *buffer, size_t limit)
{
    buffer_init(buffer, limit);
    buffer->data = calloc(1, limit + 1);
    buffer->capacity = buffer->data ? limit + 1 : 0;
    return buffer->data != NULL;
}

void secret_buffer_clear(struct buffer *buffer)
{
    if (buffer->data)
        OPENSSL_cleanse(buffer->data, buffer->capacity);
    buffer_clear(buffer);
}

bool secret_equal(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length == strlen(b) && CRYPTO_memcmp(a, b, length) == 0;
}

bool secret_random(struct buffer *out, size_t bytes)
{
    unsigned char random[64];
    if (bytes > sizeof random || RAND_bytes(random, (int)bytes) != 1)
        return false;
    bool done = base64url_encode(out, random, bytes);
    OPENSSL_cleanse(random, sizeof random);
    return done;
}
