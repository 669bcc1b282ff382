/* The schemes of a user name and a password: Basic (RFC 7617), and those that the transfer itself must speak, Digest, NTLM and Negotiate. */
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "oauth/base64.h"
#include "oauth/secret.h"
#include "oauth/state.h"

enum { LONGEST = 8 * 1024 };

static const char *text_of(const struct credential *credential, enum property property)
{
    const char *text = credential_property(credential, property);
    return text ? text : "";
}

/* Whoever is signed in to Kerberos needs neither. */
static bool open_scheme(struct credential *credential, struct error *err)
{
    const char *user = text_of(credential, PROPERTY_USER);
    bool given = *user && credential_property(credential, PROPERTY_PASSWORD);

    if (!given && credential->scheme != &scheme_negotiate)
        return error_set(err, "28000", "AuthScheme=%s needs User and Password", credential->scheme->name);
    if (credential->scheme == &scheme_basic && strchr(user, ':'))
        return error_set(err, "HY000", "User may not hold a colon with AuthScheme=Basic: that divides it from the password");
    return true;
}

static bool sign_basic(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                       struct error *err)
{
    struct buffer pair, field;
    (void)lane;
    (void)cancel;
    bool done = secret_buffer_init(&pair, LONGEST);
    done = secret_buffer_init(&field, LONGEST * 2) && done;
    done = (done && buffer_append_text(&pair, text_of(credential, PROPERTY_USER)) && buffer_append_char(&pair, ':') &&
            buffer_append_text(&pair, text_of(credential, PROPERTY_PASSWORD)) && buffer_append_text(&field, "Basic ") &&
            base64_encode(&field, pair.data, pair.length)) || error_set(err, "HY000", "User and Password are too long to be sent");
    done = done && http_exchange_header(exchange, "Authorization", field.data, err);
    secret_buffer_clear(&pair);
    secret_buffer_clear(&field);
    return done;
}

static bool authenticate(struct credential *credential, struct http_exchange *exchange, enum http_authentication how, struct error *err)
{
    return http_exchange_authenticate(exchange, how, text_of(credential, PROPERTY_USER), text_of(credential, PROPERTY_PASSWORD), err);
}

static bool sign_digest(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                        struct error *err)
{
    (void)lane;
    (void)cancel;
    return authenticate(credential, exchange, HTTP_DIGEST, err);
}

static bool sign_ntlm(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                      struct error *err)
{
    (void)lane;
    (void)cancel;
    return authenticate(credential, exchange, HTTP_NTLM, err);
}

static bool sign_negotiate(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                           struct error *err)
{
    (void)lane;
    (void)cancel;
    return authenticate(credential, exchange, HTTP_NEGOTIATE, err);
}

static bool refused(struct credential *credential, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    const char *advice = "check User and Password, and that the service allows signing in like this";
    (void)lane;
    (void)cancel;
    *again = false;
    if (credential->scheme == &scheme_negotiate)
        advice = "sign in to Kerberos (kinit), and check that the service is known there";
    return error_set(err, "28000", "%s does not accept this sign-in by AuthScheme=%s (401 for %s): %s", credential->profile.provider,
                     credential->scheme->name, response->url, advice);
}

const struct credential_scheme scheme_basic = {.name = "Basic", .open = open_scheme, .sign = sign_basic, .refused = refused};
const struct credential_scheme scheme_digest = {.name = "Digest", .open = open_scheme, .sign = sign_digest, .refused = refused};
const struct credential_scheme scheme_ntlm = {.name = "NTLM", .open = open_scheme, .sign = sign_ntlm, .refused = refused};
const struct credential_scheme scheme_negotiate = {.name = "Negotiate", .open = open_scheme, .sign = sign_negotiate, .refused = refused};
