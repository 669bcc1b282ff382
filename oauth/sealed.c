/* Sealing a text so that only who has the secret can read or change it. */
#include "oauth/sealed.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "oauth/base64.h"
#include "oauth/secret.h"

enum { KEY = 32, SALT = 32, NONCE = 12, TAG = 16 };

static const char purpose_of_key[] = "restodbc OAuth settings";

void sealed_init(struct sealed *sealed)
{
    buffer_init(&sealed->salt, 64);
    buffer_init(&sealed->nonce, 64);
    buffer_init(&sealed->data, (SEALED_LARGEST + TAG) * 4 / 3 + 4);
}

void sealed_clear(struct sealed *sealed)
{
    buffer_clear(&sealed->salt);
    buffer_clear(&sealed->nonce);
    buffer_clear(&sealed->data);
}

static bool library_failed(struct error *err)
{
    return error_set(err, "HY000", "The cryptographic library (OpenSSL) refuses to work");
}

bool sealed_derive(const char *secret, const void *salt, size_t salt_length, const char *purpose, unsigned char *out, size_t length)
{
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, strlen(secret)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_length),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)purpose, strlen(purpose)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    bool done = context && EVP_KDF_derive(context, out, length, parameters) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return done;
}

/* Encrypts in place of *out: ciphertext and tag. */
static bool encrypt(const unsigned char *key, const unsigned char *nonce, const struct buffer *context, const struct buffer *plain,
                    unsigned char *out)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int length = 0, last = 0;
    bool done = cipher && EVP_EncryptInit_ex2(cipher, EVP_aes_256_gcm(), key, nonce, NULL) == 1 &&
                EVP_EncryptUpdate(cipher, NULL, &length, (const unsigned char *)buffer_text(context), (int)context->length) == 1 &&
                EVP_EncryptUpdate(cipher, out, &length, (const unsigned char *)buffer_text(plain), (int)plain->length) == 1 &&
                EVP_EncryptFinal_ex(cipher, out + length, &last) == 1 &&
                EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG, out + plain->length) == 1;
    EVP_CIPHER_CTX_free(cipher);
    return done;
}

bool sealed_make(struct sealed *sealed, const char *secret, const struct buffer *context, const struct buffer *plain,
                 struct error *err)
{
    unsigned char key[KEY], salt[SALT], nonce[NONCE];

    if (plain->length > SEALED_LARGEST || context->length > SEALED_LARGEST)
        return error_set(err, "HY000", "The tokens are too large to be saved");
    unsigned char *out = malloc(plain->length + TAG);
    if (!out)
        return error_memory(err);
    bool done = RAND_bytes(salt, SALT) == 1 && RAND_bytes(nonce, NONCE) == 1 &&
                sealed_derive(secret, salt, SALT, purpose_of_key, key, KEY) && encrypt(key, nonce, context, plain, out);
    OPENSSL_cleanse(key, sizeof key);
    if (!done) {
        free(out);
        return library_failed(err);
    }
    buffer_reset(&sealed->salt);
    buffer_reset(&sealed->nonce);
    buffer_reset(&sealed->data);
    done = base64_encode(&sealed->salt, salt, SALT) && base64_encode(&sealed->nonce, nonce, NONCE) &&
           base64_encode(&sealed->data, out, plain->length + TAG);
    free(out);
    return done ? true : error_memory(err);
}

static bool decrypt(const unsigned char *key, const unsigned char *nonce, const struct buffer *context, unsigned char *data,
                    size_t length, unsigned char *out)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int written = 0, last = 0;
    bool done = cipher && EVP_DecryptInit_ex2(cipher, EVP_aes_256_gcm(), key, nonce, NULL) == 1 &&
                EVP_DecryptUpdate(cipher, NULL, &written, (const unsigned char *)buffer_text(context), (int)context->length) == 1 &&
                EVP_DecryptUpdate(cipher, out, &written, data, (int)length) == 1 &&
                EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG, data + length) == 1 &&
                EVP_DecryptFinal_ex(cipher, out + written, &last) == 1;
    EVP_CIPHER_CTX_free(cipher);
    return done;
}

static bool unreadable(struct error *err)
{
    return error_set(err, "28000", "it can not be decrypted: OAuthClientSecret is another one than it was written with, or it is damaged");
}

bool sealed_open(const char *salt_text, const char *nonce_text, const char *data_text, const char *secret,
                 const struct buffer *context, struct buffer *plain, struct error *err)
{
    unsigned char key[KEY], salt[SALT], nonce[NONCE];
    size_t salt_length, nonce_length, length;
    size_t room = strlen(data_text) / 4 * 3;

    *plain = (struct buffer){0};
    if (!base64_decode(salt_text, salt, SALT, &salt_length) || salt_length != SALT ||
        !base64_decode(nonce_text, nonce, NONCE, &nonce_length) || nonce_length != NONCE || room > SEALED_LARGEST + TAG + 3)
        return unreadable(err);
    unsigned char *data = malloc(room + 1);
    if (!data)
        return error_memory(err);
    if (!base64_decode(data_text, data, room, &length) || length < TAG) {
        free(data);
        return unreadable(err);
    }
    if (!secret_buffer_init(plain, length)) {
        free(data);
        return error_memory(err);
    }
    plain->length = length - TAG;
    bool derived = sealed_derive(secret, salt, SALT, purpose_of_key, key, KEY);
    bool done = derived && decrypt(key, nonce, context, data, length - TAG, (unsigned char *)plain->data);
    OPENSSL_cleanse(key, sizeof key);
    free(data);
    if (done)
        return true;
    secret_buffer_clear(plain);
    return derived ? unreadable(err) : library_failed(err);
}

bool sealed_fingerprint(const char *const *texts, size_t count, char out[SEALED_FINGERPRINT])
{
    unsigned char digest[32];
    unsigned length = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;

    for (size_t i = 0; done && i < count; i++) {
        const char *text = texts[i] ? texts[i] : "";
        done = EVP_DigestUpdate(context, text, strlen(text) + 1) == 1;
    }
    done = done && EVP_DigestFinal_ex(context, digest, &length) == 1;
    EVP_MD_CTX_free(context);
    for (size_t i = 0; done && i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return done;
}
