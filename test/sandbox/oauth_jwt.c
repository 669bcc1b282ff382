/* Judges a JWT that a client signed (RFC 7519, 7515, 7523, 3). */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/oauth_state.h"

enum { LARGEST = 8192, LONGEST_LIFE = 86400 };

/* One part, decoded; false when it is no base64url. */
static bool decode_part(const char *part, size_t length, unsigned char *out, size_t *size)
{
    char text[LARGEST + 4];
    size_t padded = (length + 3) / 4 * 4;

    if (length == 0 || padded >= LARGEST || length % 4 == 1)
        return false;
    for (size_t i = 0; i < padded; i++)
        text[i] = i >= length ? '=' : part[i] == '-' ? '+' : part[i] == '_' ? '/' : part[i];
    text[padded] = '\0';
    int decoded = EVP_DecodeBlock(out, (const unsigned char *)text, (int)padded);
    *size = decoded < 0 ? 0 : (size_t)decoded - (padded - length);
    return decoded >= 0;
}

static json_t *json_part(const char *part, size_t length)
{
    unsigned char text[LARGEST + 4];
    size_t size;
    return decode_part(part, length, text, &size) ? json_loadb((const char *)text, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

static bool is_signed(const char *pem, const char *jwt, const char *last_dot)
{
    unsigned char signature[LARGEST + 4];
    size_t length;
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = key && decode_part(last_dot + 1, strlen(last_dot + 1), signature, &length) &&
                EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
                EVP_DigestVerify(context, signature, length, (const unsigned char *)jwt, (size_t)(last_dot - jwt)) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return good;
}

static bool names_us(const json_t *audience, const char *base)
{
    char *endpoint = zeroed(strlen(base) + 32, 1);
    size_t index;
    json_t *one;
    bool is = false;

    strcat(strcpy(endpoint, base), "/api/v1/grant");
    if (json_is_string(audience))
        is = strcmp(json_string_value(audience), endpoint) == 0 || strcmp(json_string_value(audience), base) == 0;
    json_array_foreach(audience, index, one)
        is = is || (json_is_string(one) && strcmp(json_string_value(one), endpoint) == 0);
    free(endpoint);
    return is;
}

static const char *claims_fault(const struct oauth_server *server, const json_t *claims, const char *base)
{
    json_int_t now = oauth_now(server);
    json_int_t end = json_integer_value(json_object_get(claims, "exp")), issued = json_integer_value(json_object_get(claims, "iat"));

    if (!json_is_string(json_object_get(claims, "iss")) || !json_is_string(json_object_get(claims, "sub")))
        return "iss and sub are required";
    if (!names_us(json_object_get(claims, "aud"), base))
        return "aud is not this token endpoint";
    if (end <= now || end > now + LONGEST_LIFE || issued > now + 60)
        return "It has expired, or it is good for too long";
    return json_is_string(json_object_get(claims, "jti")) ? NULL : "jti is missing";
}

const char *oauth_jwt_fault(const struct oauth_server *server, const char *jwt, const char *base)
{
    const char *key = oauth_mood(server, "public_key", NULL);
    const char *first = strchr(jwt, '.'), *second = first ? strchr(first + 1, '.') : NULL;
    const char *fault = NULL;

    if (!key)
        return "The sandbox was not told a public_key";
    if (!second || strchr(second + 1, '.'))
        return "It is no JWT";
    json_t *header = json_part(jwt, (size_t)(first - jwt)), *claims = json_part(first + 1, (size_t)(second - first - 1));
    const char *algorithm = json_string_value(json_object_get(header, "alg"));
    if (!algorithm || strcmp(algorithm, "RS256") != 0)
        fault = "alg must be RS256";
    else if (!is_signed(key, jwt, second))
        fault = "The signature is wrong";
    else
        fault = claims_fault(server, claims, base);
    json_decref(header);
    json_decref(claims);
    return fault;
}
