/* The private key that an application proves itself with. */
#include "oauth/private_key.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/space.h"
#include "oauth/base64.h"
#include "oauth/secret.h"

enum { LARGEST_KEY = 256 * 1024, P256_NUMBER = 32 };

struct private_key {
    EVP_PKEY *pkey;
    char *issuer, *id;     /* of a service account */
};

void private_key_close(struct private_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey); /* OpenSSL wipes what it frees of a key */
    free(key->issuer);
    free(key->id);
    free(key);
}

const char *private_key_issuer(const struct private_key *key)
{
    return key->issuer;
}

const char *private_key_id(const struct private_key *key)
{
    return key->id;
}

const char *private_key_algorithm(const struct private_key *key)
{
    char group[32] = "";
    if (EVP_PKEY_is_a(key->pkey, "RSA"))
        return "RS256";
    if (EVP_PKEY_is_a(key->pkey, "EC") && EVP_PKEY_get_group_name(key->pkey, group, sizeof group, NULL) &&
        strcmp(group, "prime256v1") == 0)
        return "ES256";
    return NULL;
}

/* --- reading --- */

static bool read_file(const char *path, const char *property, struct buffer *out, struct error *err)
{
    char reason[128];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = -1;

    while (fd >= 0 && (got = read(fd, out->data + out->length, out->limit - out->length)) > 0)
        out->length += (size_t)got;
    const char *words = strerror_r(errno, reason, sizeof reason);
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return error_set(err, "HY000", "%s: the file %.300s can not be read: %s", property, path, words);
    out->data[out->length] = '\0';
    if (out->length == out->limit)
        return error_set(err, "HY000", "%s: the file %.300s is too large for a private key", property, path);
    return true;
}

static bool begins(const struct buffer *text, const char *with)
{
    return strncmp(space_skip_lead(buffer_text(text), text->length), with, strlen(with)) == 0;
}

static bool wrong_password(const char *property, const char *password, struct error *err)
{
    return error_set(err, "28000", "%s can not be opened: %s. Check %sPassword", property,
                     password ? "the password is another one, or it is damaged" : "it is protected by a password", property);
}

static int give_password(char *out, int room, int writing, void *context)
{
    const char *password = context;
    (void)writing;
    size_t length = password ? strlen(password) : 0;
    if (!password || length > (size_t)room)
        return -1;
    memcpy(out, password, length);
    return (int)length;
}

static bool read_pem(struct private_key *key, const struct buffer *text, const char *password, const char *property, struct error *err)
{
    BIO *bio = BIO_new_mem_buf(text->data, (int)text->length);
    key->pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, give_password, (void *)password) : NULL;
    BIO_free(bio);
    if (key->pkey)
        return true;
    if (strstr(text->data, "ENCRYPTED"))
        return wrong_password(property, password, err);
    return error_set(err, "HY000", "%s holds PEM text, but no private key that can be read", property);
}

/* Moves a key out of a library context of its own into the usual one. */
static EVP_PKEY *take_over(EVP_PKEY *foreign)
{
    unsigned char *bytes = NULL;
    int length = foreign ? i2d_PrivateKey(foreign, &bytes) : -1;
    const unsigned char *at = bytes;
    EVP_PKEY *own = length > 0 ? d2i_AutoPrivateKey(NULL, &at, length) : NULL;

    if (bytes)
        OPENSSL_clear_free(bytes, (size_t)length);
    EVP_PKEY_free(foreign);
    return own;
}

/* A PFX may be encrypted as it was the habit in the nineties, which OpenSSL 3 keeps in its `legacy` provider: that is loaded into a
 * context of ours, not into the host program's. *right tells whether the password fits. */
static EVP_PKEY *open_pfx(const void *bytes, size_t length, const char *password, bool *is_pfx, bool *right)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *usual = context ? OSSL_PROVIDER_load(context, "default") : NULL;
    OSSL_PROVIDER *old = context ? OSSL_PROVIDER_try_load(context, "legacy", 1) : NULL;
    PKCS12 *pfx = usual ? PKCS12_init_ex(NID_pkcs7_data, context, NULL) : NULL;
    BIO *bio = BIO_new_mem_buf(bytes, (int)length);
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;

    *is_pfx = pfx && bio && d2i_PKCS12_bio(bio, &pfx);
    *right = *is_pfx && (PKCS12_verify_mac(pfx, password, -1) || (!password && PKCS12_verify_mac(pfx, "", 0)));
    if (*right && PKCS12_parse(pfx, password, &key, &certificate, NULL))
        key = take_over(key);
    X509_free(certificate);
    PKCS12_free(pfx);
    BIO_free(bio);
    OSSL_PROVIDER_unload(old);
    OSSL_PROVIDER_unload(usual);
    OSSL_LIB_CTX_free(context);
    return key;
}

static bool read_pfx(struct private_key *key, const struct buffer *bytes, const char *password, const char *property, struct error *err)
{
    bool is_pfx, right;
    key->pkey = open_pfx(bytes->data, bytes->length, password, &is_pfx, &right);
    if (!is_pfx)
        return error_set(err, "HY000", "%s is neither a PEM private key nor a PFX (PKCS #12) file", property);
    if (!right)
        return wrong_password(property, password, err);
    return key->pkey || error_set(err, "HY000", "%s is a PFX file without a private key that can be read", property);
}

/* A PFX in the connection string: base64, perhaps in lines. */
static bool decode_pfx(struct buffer *text)
{
    size_t length = 0;
    for (size_t i = 0; i < text->length; i++)
        if (!isspace((unsigned char)text->data[i]))
            text->data[length++] = text->data[i];
    text->data[length] = '\0';
    /* Decoding never writes past what it has read. */
    bool done = base64_decode(text->data, (unsigned char *)text->data, length, &text->length);
    return done && text->length;
}

static bool read_service_account(struct private_key *key, const struct buffer *text, const char *password, const char *property,
                                 struct error *err)
{
    json_t *document = json_loadb(text->data, text->length, JSON_REJECT_DUPLICATES, NULL);
    const char *pem = json_string_value(json_object_get(document, "private_key"));
    const char *issuer = json_string_value(json_object_get(document, "client_email"));
    const char *id = json_string_value(json_object_get(document, "private_key_id"));
    struct buffer copy = {0};
    bool done;

    if (!pem) {
        done = error_set(err, "HY000", "%s is JSON, but without the private_key of a service account", property);
    } else if (!secret_buffer_init(&copy, strlen(pem)) || !buffer_append_text(&copy, pem) || !secret_set(&key->issuer, issuer) ||
               !secret_set(&key->id, id)) {
        done = error_memory(err);
    } else {
        done = read_pem(key, &copy, password, property, err);
        OPENSSL_cleanse((void *)pem, strlen(pem));
    }
    secret_buffer_clear(&copy);
    json_decref(document);
    return done;
}

static bool is_file(const struct buffer *source, const char *type)
{
    static const char *const files[] = {"PEMKEY_FILE", "PFXFILE", "GOOGLEJSON"};
    if (!type)
        return !begins(source, "-----BEGIN") && !begins(source, "{");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (name_equal(type, files[i]))
            return true;
    return false;
}

static bool read_key(struct private_key *key, const char *source, const char *type, const char *password, const char *property,
                     struct buffer *text, struct error *err)
{
    if (!buffer_append_text(text, source))
        return error_set(err, "HY000", "%s is too long for a private key", property);
    bool from_file = is_file(text, type);
    if (from_file) {
        buffer_reset(text);
        if (!read_file(source, property, text, err))
            return false;
    }
    if (begins(text, "{"))
        return read_service_account(key, text, password, property, err);
    if (begins(text, "-----BEGIN"))
        return read_pem(key, text, password, property, err);
    if (!from_file && !decode_pfx(text))
        return error_set(err, "HY000", "%s is neither a PEM private key nor a PFX in base64", property);
    return read_pfx(key, text, password, property, err);
}

bool private_key_open(const char *source, const char *type, const char *password, const char *property, struct private_key **key,
                      struct error *err)
{
    struct buffer text;
    struct private_key *made = calloc(1, sizeof *made);

    if (!made || !secret_buffer_init(&text, LARGEST_KEY)) {
        free(made);
        return error_memory(err);
    }
    bool done = read_key(made, source, type, password, property, &text, err);
    secret_buffer_clear(&text);
    ERR_clear_error(); /* ours are told; the host program shall not find them */
    if (done)
        *key = made;
    else
        private_key_close(made);
    return done;
}

/* --- signing --- */

/* ECDSA as a sequence (DER) becomes the two numbers beside each other. */
static bool append_numbers(const unsigned char *bytes, size_t length, struct buffer *out)
{
    unsigned char numbers[2 * P256_NUMBER];
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &bytes, (long)length);
    bool done = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), numbers, P256_NUMBER) == P256_NUMBER &&
                BN_bn2binpad(ECDSA_SIG_get0_s(signature), numbers + P256_NUMBER, P256_NUMBER) == P256_NUMBER;
    ECDSA_SIG_free(signature);
    return done && buffer_append(out, numbers, sizeof numbers);
}

bool private_key_sign(const struct private_key *key, const char *digest, const void *bytes, size_t length, struct buffer *out,
                      struct error *err)
{
    unsigned char *signature = NULL;
    size_t size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context && EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, key->pkey, NULL) == 1 &&
                EVP_DigestSign(context, NULL, &size, bytes, length) == 1 && (signature = malloc(size)) != NULL &&
                EVP_DigestSign(context, signature, &size, bytes, length) == 1;

    if (done)
        done = EVP_PKEY_is_a(key->pkey, "EC") ? append_numbers(signature, size, out) : buffer_append(out, signature, size);
    free(signature);
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return done || error_set(err, "HY000", "The cryptographic library (OpenSSL) does not sign with %s and this private key", digest);
}
