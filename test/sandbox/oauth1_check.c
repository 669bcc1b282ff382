/* Judges the signature of a request (RFC 5849, 3.4). */
#include "test/sandbox/oauth1_check.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct pair {
    char *name, *value;     /* encoded */
};

struct pairs {
    struct pair *items;
    size_t count;
};

/* 3.6: everything but letters, digits and -._~ becomes %XX. */
static char *encode(const char *text)
{
    char *out = zeroed(strlen(text) * 3 + 1, 1), *at = out;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
                     byte == '.' || byte == '_' || byte == '~';
        if (plain)
            *at++ = *text;
        else
            at += sprintf(at, "%%%02X", byte);
    }
    return out;
}

static int hex_value(int c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* plus: '+' is a space, as in forms. */
static char *decode(const char *text, size_t length, bool plus)
{
    char *out = zeroed(length + 1, 1), *at = out;
    for (size_t i = 0; i < length; i++) {
        int high = text[i] == '%' && i + 2 < length ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            *at++ = (char)(high * 16 + low);
            i += 2;
        } else {
            *at++ = plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

static void add(struct pairs *pairs, const char *name, const char *value)
{
    pairs->items = realloc(pairs->items, (pairs->count + 1) * sizeof *pairs->items);
    if (!pairs->items)
        abort();
    pairs->items[pairs->count++] = (struct pair){encode(name), encode(value)};
}

/* 3.4.1.3.1: of a query or a form body, each pair. */
static void add_form(struct pairs *pairs, const char *form)
{
    while (*form) {
        size_t length = strcspn(form, "&"), equals = strcspn(form, "=&");
        if (length) {
            char *name = decode(form, equals, true);
            char *value = equals < length ? decode(form + equals + 1, length - equals - 1, true) : text_copy("");
            add(pairs, name, value);
            free(name);
            free(value);
        }
        form += length + (form[length] == '&');
    }
}

static int compare(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    int by_name = strcmp(left->name, right->name);
    return by_name ? by_name : strcmp(left->value, right->value);
}

/* 3.4.1.3.2. */
static char *join_sorted(struct pairs *pairs)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        abort();
    if (pairs->count)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, compare);
    for (size_t i = 0; i < pairs->count; i++) {
        fprintf(out, "%s%s=%s", i ? "&" : "", pairs->items[i].name, pairs->items[i].value);
        free(pairs->items[i].name);
        free(pairs->items[i].value);
    }
    fclose(out);
    free(pairs->items);
    *pairs = (struct pairs){0};
    return text;
}

/* 3.4.1.1. The sandbox speaks http, so port 80 is the one that is left out. */
static char *base_string(const struct request *request, json_t *parameters)
{
    struct pairs pairs = {0};
    char *uri = zeroed(strlen(request->host) + strlen(request->raw_path) + 16, 1), *text = NULL;
    const char *name;
    json_t *value;

    add_form(&pairs, request->raw_query);
    if (request->is_form)
        add_form(&pairs, request->body);
    json_object_foreach(parameters, name, value)
        if (strcmp(name, "oauth_signature") != 0 && strcmp(name, "realm") != 0)
            add(&pairs, name, json_string_value(value));
    sprintf(uri, "http://%s%s", request->host, request->raw_path);
    for (char *at = uri; at < uri + 7 + strlen(request->host); at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    char *joined = join_sorted(&pairs), *encoded_uri = encode(uri), *encoded = encode(joined);
    if (asprintf(&text, "%s&%s&%s", request->method, encoded_uri, encoded) < 0)
        abort();
    free(uri);
    free(joined);
    free(encoded_uri);
    free(encoded);
    return text;
}

json_t *oauth1_parameters(const char *authorization)
{
    if (!authorization || strncasecmp(authorization, "OAuth ", 6) != 0)
        return NULL;
    json_t *parameters = json_object();
    for (const char *at = authorization + 6; *(at += strspn(at, " ,"));) {
        size_t name_length = strcspn(at, "=");
        const char *value = at[name_length] == '=' && at[name_length + 1] == '"' ? at + name_length + 2 : NULL;
        const char *end = value ? strchr(value, '"') : NULL;
        char *name = decode(at, name_length, false);
        bool fine = end && !json_object_get(parameters, name);
        if (fine) {
            char *decoded = decode(value, (size_t)(end - value), false);
            json_object_set_new(parameters, name, json_string(decoded));
            free(decoded);
        }
        free(name);
        if (!fine) {
            json_decref(parameters);
            return NULL;
        }
        at = end + 1;
    }
    return parameters;
}

/* 3.4.2 and, in the same way, with SHA-256. */
static bool hmac_fits(const EVP_MD *digest, const char *key, const char *base, const char *signature)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    char text[EVP_MAX_MD_SIZE * 2];
    unsigned length = 0;
    if (!HMAC(digest, key, (int)strlen(key), (const unsigned char *)base, strlen(base), bytes, &length))
        abort();
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    return strcmp(text, signature) == 0;
}

/* 3.4.3. */
static bool rsa_fits(const char *digest, const char *pem, const char *base, const char *signature)
{
    unsigned char bytes[2048];
    size_t length = strlen(signature);
    if (!pem || length == 0 || length % 4 || length > 2000)
        return false;
    int size = EVP_DecodeBlock(bytes, (const unsigned char *)signature, (int)length);
    size -= (signature[length - 1] == '=') + (signature[length - 2] == '=');
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fits = key && size > 0 && EVP_DigestVerifyInit_ex(context, NULL, digest, NULL, NULL, key, NULL) == 1 &&
                EVP_DigestVerify(context, bytes, (size_t)size, (const unsigned char *)base, strlen(base)) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return fits;
}

const char *oauth1_fault(const struct request *request, json_t *parameters, const char *client_secret, const char *token_secret,
                         const char *public_key)
{
    const char *method = json_string_value(json_object_get(parameters, "oauth_signature_method"));
    const char *signature = json_string_value(json_object_get(parameters, "oauth_signature"));
    char *first = encode(client_secret), *second = encode(token_secret), *key = NULL, *base = base_string(request, parameters);
    bool known = true, fits = false;

    if (asprintf(&key, "%s&%s", first, second) < 0)
        abort();
    if (!method || !signature)
        known = false;
    else if (strcmp(method, "PLAINTEXT") == 0)
        fits = strcmp(signature, key) == 0;
    else if (strcmp(method, "HMAC-SHA1") == 0)
        fits = hmac_fits(EVP_sha1(), key, base, signature);
    else if (strcmp(method, "HMAC-SHA256") == 0)
        fits = hmac_fits(EVP_sha256(), key, base, signature);
    else if (strcmp(method, "RSA-SHA1") == 0)
        fits = rsa_fits("SHA1", public_key, base, signature);
    else if (strcmp(method, "RSA-SHA256") == 0)
        fits = rsa_fits("SHA256", public_key, base, signature);
    else
        known = false;
    free(first);
    free(second);
    free(key);
    free(base);
    return fits ? NULL : known ? "signature_invalid" : "signature_method_rejected";
}
