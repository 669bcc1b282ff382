#include "http/trust.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

enum { DIGEST_SHA1 = 20, DIGEST_SHA256 = 32, BASE64_SHA256 = 44 };

static const char pin_mark[] = "sha256//", pem_mark[] = "-----BEGIN ";

/* --- reading the property --- */

/* "sha256//" and the digest of the public key in base64, as libcurl and HTTP write it. */
static bool read_pin(const char *text, size_t length, struct http_fingerprint *print)
{
    unsigned char bytes[BASE64_SHA256 / 4 * 3];

    if (length != sizeof pin_mark - 1 + BASE64_SHA256 || strncmp(text, pin_mark, sizeof pin_mark - 1) != 0 || text[length - 1] != '=')
        return false;
    if (EVP_DecodeBlock(bytes, (const unsigned char *)text + sizeof pin_mark - 1, BASE64_SHA256) != (int)sizeof bytes)
        return false;
    print->of = PRINT_KEY;
    memcpy(print->digest, bytes, DIGEST_SHA256);
    return true;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* Hexadecimal digits of a whole certificate, perhaps with colons or spaces between the bytes, as programs show them. */
static bool read_digits(const char *text, size_t length, struct http_fingerprint *print)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        if (i && (text[i] == ':' || text[i] == ' '))
            continue;
        int high = hex_value(text[i]), low = i + 1 < length ? hex_value(text[i + 1]) : -1;
        if (high < 0 || low < 0 || count == sizeof print->digest)
            return false;
        print->digest[count++] = (unsigned char)(high * 16 + low);
        i++;
    }
    print->of = count == DIGEST_SHA1 ? PRINT_SHA1 : PRINT_SHA256;
    return count == DIGEST_SHA1 || count == DIGEST_SHA256;
}

/* One or several, divided by semicolons: also the next certificate can be told before it is there. */
static bool read_prints(struct http_trust *trust, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, ";");
        struct http_fingerprint print = {0};
        if (length && trust->print_count == MOST_FINGERPRINTS)
            return false;
        if (length && !read_pin(text, length, &print) && !read_digits(text, length, &print))
            return false;
        if (length)
            trust->prints[trust->print_count++] = print;
        text += length + (text[length] == ';');
    }
    return trust->print_count > 0;
}

bool trust_read(struct http_trust *trust, const char *text, struct error *err)
{
    *trust = (struct http_trust){0};
    if (!text || !*text || read_prints(trust, text))
        return true;
    trust->print_count = 0;
    bool told = strncmp(text, pem_mark, sizeof pem_mark - 1) == 0;
    if (!told && access(text, R_OK) != 0)
        return error_set(err, "HY000", "SSLServerCert: there is no file \"%.300s\" that can be read; give the path of a PEM file or its text, "
                         "the SHA-256 or SHA-1 fingerprint of the server's certificate in hexadecimal digits, or sha256//… of its public key", text);
    char **place = told ? &trust->text : &trust->file;
    *place = strdup(text);
    return *place ? true : error_memory(err);
}

void trust_clear(struct http_trust *trust)
{
    free(trust->file);
    free(trust->text);
    *trust = (struct http_trust){0};
}

/* --- a server's certificate --- */

static bool digest_of(X509 *certificate, enum http_print of, unsigned char digest[EVP_MAX_MD_SIZE])
{
    unsigned char *der = NULL;

    if (of != PRINT_KEY)
        return X509_digest(certificate, of == PRINT_SHA1 ? EVP_sha1() : EVP_sha256(), digest, NULL) == 1;
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    bool done = length > 0 && EVP_Digest(der, (size_t)length, digest, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(der);
    return done;
}

/* In place of OpenSSL's own look at the chain. */
static int judge(X509_STORE_CTX *context, void *trusted)
{
    const struct http_trust *trust = trusted;
    X509 *certificate = X509_STORE_CTX_get0_cert(context);
    unsigned char digest[EVP_MAX_MD_SIZE];

    for (size_t i = 0; certificate && i < trust->print_count; i++) {
        const struct http_fingerprint *print = &trust->prints[i];
        if (digest_of(certificate, print->of, digest) && memcmp(digest, print->digest, print->of == PRINT_SHA1 ? DIGEST_SHA1 : DIGEST_SHA256) == 0) {
            X509_STORE_CTX_set_error(context, X509_V_OK);
            return 1;
        }
    }
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static CURLcode take_over(CURL *easy, void *ssl, void *trusted)
{
    (void)easy;
    SSL_CTX_set_cert_verify_callback(ssl, judge, trusted);
    return CURLE_OK;
}

/* Whether what libcurl hands over is what it is taken for. */
static bool speaks_openssl(void)
{
    const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return library && strncmp(library, "OpenSSL/3", 9) == 0;
}

CURLcode trust_apply(const struct http_trust *trust, CURL *easy)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, trust->print_count ? 0L : 2L);
    if (code == CURLE_OK && trust->file)
        code = curl_easy_setopt(easy, CURLOPT_CAINFO, trust->file);
    if (code == CURLE_OK && trust->text) {
        struct curl_blob blob = {.data = trust->text, .len = strlen(trust->text), .flags = CURL_BLOB_NOCOPY};
        code = curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    }
    if (code != CURLE_OK || !trust->print_count)
        return code;
    if (!speaks_openssl())
        return CURLE_NOT_BUILT_IN;
    code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, take_over);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, (void *)(uintptr_t)trust) : code;
}
