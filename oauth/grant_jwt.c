/* The JWT bearer grant (RFC 7523 2.1): the application signs with its private key who it is and for whom it asks. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/authorization.h"
#include "oauth/base64.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant_jwt.h"
#include "oauth/private_key.h"
#include "oauth/secret.h"
#include "oauth/service_grant.h"

enum { LARGEST_JWT = 64 * 1024 };

static const char grant_type[] = "urn:ietf:params:oauth:grant-type:jwt-bearer";

static bool needs_key(struct error *err)
{
    return error_set(err, "28000", "OAuthGrantType=JWT needs OAuthJWTCert: your application's private key, as a file (PEM, PFX, or the JSON "
                     "of a service account) or as text");
}

static bool check(struct credential *credential, struct error *err)
{
    const char *source = credential_property(credential, PROPERTY_OAUTH_JWT_CERT);
    if (!source)
        return credential->initiate == INITIATE_OFF || needs_key(err);
    return private_key_open(source, credential_property(credential, PROPERTY_OAUTH_JWT_CERT_TYPE),
                            credential_property(credential, PROPERTY_OAUTH_JWT_CERT_PASSWORD), "OAuthJWTCert", &credential->key, err);
}

const char *grant_jwt_issuer(const struct credential *credential)
{
    const char *issuer = credential_property(credential, PROPERTY_OAUTH_JWT_ISSUER);
    if (!issuer && credential->key)
        issuer = private_key_issuer(credential->key);
    return issuer ? issuer : credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
}

/* --- the claims --- */

/* One text, or a list where several stand between spaces. NULL: out of memory. */
static json_t *audience_of(const char *text)
{
    json_t *list = json_array();
    for (text += strspn(text, " "); list && *text; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        if (json_array_append_new(list, json_stringn(text, length)) != 0) {
            json_decref(list);
            list = NULL;
        }
        text += length;
    }
    if (json_array_size(list) != 1)
        return list;
    json_t *one = json_incref(json_array_get(list, 0));
    json_decref(list);
    return one;
}

static bool append_part(struct buffer *out, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    bool done = text && base64url_encode(out, text, strlen(text));
    free(text);
    json_decref(json);
    return done;
}

static json_t *make_header(const struct credential *credential)
{
    const char *id = credential_property(credential, PROPERTY_OAUTH_JWT_PUBLIC_KEY_ID);
    json_t *header = json_pack("{s:s, s:s}", "alg", private_key_algorithm(credential->key), "typ", "JWT");
    if (!id)
        id = private_key_id(credential->key);
    if (header && id && json_object_set_new(header, "kid", json_string(id)) != 0) {
        json_decref(header);
        return NULL;
    }
    return header;
}

/* The scope stands in the request as well; some services look for it here. */
static json_t *make_claims(struct credential *credential, const char *issuer, const char *token_url, const char *id)
{
    const char *subject = credential_property(credential, PROPERTY_OAUTH_JWT_SUBJECT);
    const char *audience = credential_property(credential, PROPERTY_OAUTH_JWT_AUDIENCE);
    const char *scope = authorization_scope(credential, NULL);
    json_int_t now = credential_clock(credential);
    json_int_t end = now + properties_number(credential->properties, PROPERTY_OAUTH_JWT_VALIDITY_TIME);

    return json_pack("{s:s, s:s, s:o, s:I, s:I, s:s, s:s*}", "iss", issuer, "sub", subject ? subject : issuer, "aud",
                     audience_of(audience ? audience : token_url), "iat", now, "exp", end, "jti", id, "scope", scope);
}

bool grant_jwt_write(struct credential *credential, const char *token_url, struct buffer *out, struct error *err)
{
    const char *issuer = grant_jwt_issuer(credential);
    const char *algorithm = private_key_algorithm(credential->key);
    char *id = NULL;
    struct buffer signature;

    if (!issuer)
        return error_set(err, "28000", "OAuthGrantType=JWT needs OAuthJWTIssuer: who the JWT is from, as the service knows your application");
    if (!algorithm)
        return error_set(err, "HY000", "OAuthJWTCert is neither an RSA key nor one on the curve P-256");
    if (!authorization_random(&id, err))
        return false;
    bool done = append_part(out, make_header(credential)) && buffer_append_char(out, '.') &&
                append_part(out, make_claims(credential, issuer, token_url, id));
    secret_free(id);
    if (!done)
        return error_set(err, "HY000", "OAuthJWTIssuer, OAuthJWTSubject, OAuthJWTAudience or Scope is not UTF-8, or too long");
    buffer_init(&signature, LARGEST_JWT);
    done = private_key_sign(credential->key, "SHA256", out->data, out->length, &signature, err) &&
           ((buffer_append_char(out, '.') && base64url_encode(out, buffer_text(&signature), signature.length)) || error_memory(err));
    buffer_clear(&signature);
    return done;
}

/* One try, with a JWT of its own. */
static bool ask(struct credential *credential, const char *token_url, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused,
                struct cancel *cancel, struct error *err)
{
    struct buffer jwt;

    if (!secret_buffer_init(&jwt, LARGEST_JWT))
        return error_memory(err);
    bool done = grant_jwt_write(credential, token_url, &jwt, err);
    const struct token_field field = {"assertion", jwt.data};
    log_hide(credential->log, jwt.data);
    done = done && service_grant_fetch(credential, grant_type, &field, 1, true, lane, tokens, refused, cancel, err);
    secret_buffer_clear(&jwt);
    return done;
}

/* A JWT tells the time: when the refusal tells that the clock here is wrong, it is tried once more by the server's. */
static bool fetch(struct credential *credential, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                  struct error *err)
{
    const char *token_url;
    int64_t before, after;

    *refused = false;
    if (!credential->key)
        return needs_key(err);
    if (!endpoint_find(credential, ENDPOINT_TOKEN, lane, &token_url, cancel, err))
        return false;
    credential_skew(credential, &before);
    if (ask(credential, token_url, lane, tokens, refused, cancel, err))
        return true;
    credential_skew(credential, &after);
    if (after - before < CLOCKS_APART && before - after < CLOCKS_APART)
        return false;
    log_write(credential->log, LOG_REQUEST, "oauth", "this machine's clock is wrong by that of %s, whose counts from now on",
              credential->profile.provider);
    return ask(credential, token_url, lane, tokens, refused, cancel, err);
}

const struct grant_family family_jwt = {.name = "JWT", .check = check, .fetch = fetch};
