/* The signature of a request, as RFC 5849 builds it. */
#include "oauth/oauth1_signature.h"

#include <ctype.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "http/url.h"
#include "oauth/base64.h"
#include "oauth/private_key.h"
#include "oauth/secret.h"

enum { LONGEST_BASE = 4 * 1024 * 1024, LONGEST_KEY = 64 * 1024, LONGEST_SIGNATURE = 64 * 1024 };

static const struct {
    const char *name, *digest;
    bool rsa;
} methods[] = {
    [OAUTH1_HMAC_SHA1] = {"HMAC-SHA1", "SHA1", false}, [OAUTH1_HMAC_SHA256] = {"HMAC-SHA256", "SHA256", false},
    [OAUTH1_RSA_SHA1] = {"RSA-SHA1", "SHA1", true},    [OAUTH1_RSA_SHA256] = {"RSA-SHA256", "SHA256", true},
    [OAUTH1_PLAINTEXT] = {"PLAINTEXT", NULL, false},
};

const char *oauth1_method_name(enum oauth1_method method)
{
    return methods[method].name;
}

bool oauth1_method_find(const char *name, enum oauth1_method *method)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (!name_equal(methods[i].name, name))
            continue;
        *method = (enum oauth1_method)i;
        return true;
    }
    return false;
}

bool oauth1_method_needs_key(enum oauth1_method method)
{
    return methods[method].rsa;
}

/* --- the parameters: encoded as they are collected, because that is the form in which they are sorted --- */

struct encoded {
    char *name, *value;
};

struct collection {
    struct encoded *items;
    size_t count, room;
};

static void collection_clear(struct collection *collection)
{
    for (size_t i = 0; i < collection->count; i++) {
        free(collection->items[i].name);
        free(collection->items[i].value);
    }
    free(collection->items);
    *collection = (struct collection){0};
}

static char *encode(const char *text, size_t length)
{
    struct buffer out;
    buffer_init(&out, length * 3 + 1);
    if (url_encode(&out, text, length) && buffer_append(&out, "", 0))
        return out.data;
    buffer_clear(&out);
    return NULL;
}

static bool collect(struct collection *collection, const char *name, size_t name_length, const char *value, size_t value_length)
{
    if (collection->count == collection->room) {
        size_t room = collection->room ? collection->room * 2 : 16;
        struct encoded *items = realloc(collection->items, room * sizeof *items);
        if (!items)
            return false;
        collection->items = items;
        collection->room = room;
    }
    struct encoded item = {encode(name, name_length), encode(value, value_length)};
    if (!item.name || !item.value) {
        free(item.name);
        free(item.value);
        return false;
    }
    collection->items[collection->count++] = item;
    return true;
}

/* One side of a pair, decoded as a form is; what is no valid encoding counts as it stands. */
static bool decode(struct buffer *out, const char *text, size_t length)
{
    buffer_init(out, length + 1);
    if (url_decode(out, text, length, true))
        return true;
    bool malformed = out->length < length && memchr(text, '%', length) != NULL;
    buffer_clear(out);
    return malformed && buffer_append(out, text, length);
}

/* The pairs of a query or form (3.4.1.3.1). */
static bool collect_form(struct collection *collection, const char *form)
{
    bool done = true;
    while (done && *(form += strspn(form, "&"))) {
        size_t length = strcspn(form, "&"), name_length = strcspn(form, "=&");
        size_t value_at = name_length < length ? name_length + 1 : length;
        struct buffer name, value;
        done = decode(&name, form, name_length);
        done = decode(&value, form + value_at, length - value_at) && done;
        done = done && collect(collection, buffer_text(&name), name.length, buffer_text(&value), value.length);
        buffer_clear(&name);
        buffer_clear(&value);
        form += length;
    }
    return done;
}

static bool collect_all(struct collection *collection, const struct oauth1_parameter *parameters, size_t count)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = collect(collection, parameters[i].name, strlen(parameters[i].name), parameters[i].value, strlen(parameters[i].value));
    return done;
}

static int by_name_and_value(const void *a, const void *b)
{
    const struct encoded *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : strcmp(left->value, right->value);
}

static bool write_sorted(struct collection *collection, struct buffer *out)
{
    if (collection->count)
        qsort(collection->items, collection->count, sizeof *collection->items, by_name_and_value);
    for (size_t i = 0; i < collection->count; i++)
        buffer_printf(out, "%s%s=%s", i ? "&" : "", collection->items[i].name, collection->items[i].value);
    return !out->failed;
}

bool oauth1_normalize(const struct oauth1_parameter *parameters, size_t count, struct buffer *out, struct error *err)
{
    struct collection collection = {0};
    bool done = collect_all(&collection, parameters, count) && write_sorted(&collection, out);
    collection_clear(&collection);
    return done || error_memory(err);
}

/* --- the base string --- */

static void append_lower(struct buffer *out, const char *text)
{
    for (; *text; text++)
        buffer_append_char(out, (char)(*text >= 'A' && *text <= 'Z' ? *text + 'a' - 'A' : *text));
}

static bool write_base_uri(const struct url *url, struct buffer *out)
{
    bool bracket = strchr(url->host, ':') != NULL;
    bool usual = (name_equal(url->scheme, "http") && url->port == 80) || (name_equal(url->scheme, "https") && url->port == 443);

    append_lower(out, url->scheme);
    buffer_append_text(out, bracket ? "://[" : "://");
    append_lower(out, url->host);
    buffer_append_text(out, bracket ? "]" : "");
    if (!usual)
        buffer_printf(out, ":%d", url->port);
    return buffer_append_text(out, url->path);
}

bool oauth1_base_uri(const char *text, struct buffer *out, struct error *err)
{
    struct url url;
    if (!url_parse(text, "The URL to sign", &url, err))
        return false;
    bool done = write_base_uri(&url, out);
    url_clear(&url);
    return done || error_memory(err);
}

static bool append_encoded(struct buffer *out, const struct buffer *part)
{
    return !part->failed && url_encode(out, buffer_text(part), part->length);
}

bool oauth1_base_string(const struct oauth1_request *request, struct buffer *out, struct error *err)
{
    struct collection collection = {0};
    struct buffer uri, parameters;
    struct url url;

    if (!url_parse(request->url, "The URL to sign", &url, err))
        return false;
    buffer_init(&uri, LONGEST_BASE);
    buffer_init(&parameters, LONGEST_BASE);
    bool done = write_base_uri(&url, &uri) && collect_form(&collection, url.query) &&
                (!request->form || collect_form(&collection, request->form)) &&
                collect_all(&collection, request->protocol, request->protocol_count) && write_sorted(&collection, &parameters);
    for (const char *at = request->method; *at; at++)
        buffer_append_char(out, (char)toupper((unsigned char)*at));
    buffer_append_char(out, '&');
    done = done && append_encoded(out, &uri) && buffer_append_char(out, '&') && append_encoded(out, &parameters);
    buffer_clear(&uri);
    buffer_clear(&parameters);
    collection_clear(&collection);
    url_clear(&url);
    return done || error_memory(err);
}

/* --- signatures --- */

/* Both secrets, encoded, with '&' between them: the key of HMAC, and the signature of PLAINTEXT. */
static bool write_key(const struct oauth1_secrets *secrets, struct buffer *out)
{
    return url_encode(out, secrets->client_secret, strlen(secrets->client_secret)) && buffer_append_char(out, '&') &&
           url_encode(out, secrets->token_secret, strlen(secrets->token_secret));
}

static bool sign_hmac(const char *digest, const struct oauth1_secrets *secrets, const char *base, struct buffer *out, struct error *err)
{
    unsigned char signature[EVP_MAX_MD_SIZE];
    size_t length = 0;
    struct buffer key;

    if (!secret_buffer_init(&key, LONGEST_KEY))
        return error_memory(err);
    bool done = write_key(secrets, &key) || error_set(err, "HY000", "The client's or the token's secret is too long to sign with");
    if (done && !EVP_Q_mac(NULL, "HMAC", NULL, digest, NULL, key.data, key.length, (const unsigned char *)base, strlen(base), signature,
                           sizeof signature, &length))
        done = error_set(err, "HY000", "The cryptographic library (OpenSSL) refuses HMAC with %s", digest);
    secret_buffer_clear(&key);
    return done && (base64_encode(out, signature, length) || error_memory(err));
}

static bool sign_rsa(const char *digest, const struct oauth1_secrets *secrets, const char *base, struct buffer *out, struct error *err)
{
    struct buffer signature;
    buffer_init(&signature, LONGEST_SIGNATURE);
    bool done = private_key_sign(secrets->key, digest, base, strlen(base), &signature, err) &&
                (base64_encode(out, buffer_text(&signature), signature.length) || error_memory(err));
    buffer_clear(&signature);
    return done;
}

bool oauth1_sign(enum oauth1_method method, const struct oauth1_secrets *secrets, const char *base_string, struct buffer *out,
                 struct error *err)
{
    if (method == OAUTH1_PLAINTEXT)
        return write_key(secrets, out) || error_memory(err);
    if (methods[method].rsa)
        return sign_rsa(methods[method].digest, secrets, base_string, out, err);
    return sign_hmac(methods[method].digest, secrets, base_string, out, err);
}

/* --- the header field --- */

static void write_parameter(struct buffer *out, const char *name, const char *value, bool first)
{
    buffer_append_text(out, first ? "" : ", ");
    url_encode(out, name, strlen(name));
    buffer_append_text(out, "=\"");
    url_encode(out, value, strlen(value));
    buffer_append_char(out, '"');
}

bool oauth1_authorization(enum oauth1_method method, const struct oauth1_request *request, const struct oauth1_secrets *secrets,
                          struct buffer *out, struct error *err)
{
    struct buffer base, signature;

    buffer_init(&base, LONGEST_BASE);
    if (!secret_buffer_init(&signature, LONGEST_SIGNATURE))
        return error_memory(err);
    bool done = oauth1_base_string(request, &base, err) && oauth1_sign(method, secrets, buffer_text(&base), &signature, err);
    if (done) {
        buffer_append_text(out, "OAuth ");
        for (size_t i = 0; i < request->protocol_count; i++)
            write_parameter(out, request->protocol[i].name, request->protocol[i].value, i == 0);
        write_parameter(out, "oauth_signature", buffer_text(&signature), request->protocol_count == 0);
        done = !out->failed || error_memory(err);
    }
    buffer_clear(&base);
    secret_buffer_clear(&signature);
    return done;
}
