/* The scheme OAuth 1.0a: signs every request anew. */
#include "oauth/oauth1.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/life_cycle.h"
#include "oauth/secret.h"

enum {
    NONCE = 16,                  /* bytes: 128 bits */
    LARGEST_FIELD = 128 * 1024,
};

/* Letters and digits only: some servers take nothing else. */
static bool make_nonce(char out[2 * NONCE + 1], struct error *err)
{
    unsigned char bytes[NONCE];
    if (RAND_bytes(bytes, NONCE) != 1)
        return error_set(err, "HY000", "The system gives no random numbers to sign requests with");
    for (size_t i = 0; i < NONCE; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

bool oauth1_write_field(struct credential *credential, const struct oauth1_call *call, struct buffer *out, struct error *err)
{
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    const char *secret = credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET);
    char nonce[2 * NONCE + 1], timestamp[24];
    struct oauth1_parameter protocol[7] = {
        {"oauth_consumer_key", client},
        {"oauth_signature_method", oauth1_method_name(credential->sign_method)},
        {"oauth_timestamp", timestamp},
        {"oauth_nonce", nonce},
        {"oauth_version", "1.0"},
    };
    size_t count = 5;

    if (!client)
        return error_set(err, "28000", "OAuth 1.0 needs OAuthClientId, the consumer key that %s gave your application, and "
                         "OAuthClientSecret", credential->profile.provider);
    if (!make_nonce(nonce, err))
        return false;
    snprintf(timestamp, sizeof timestamp, "%lld", (long long)credential_clock(credential));
    if (call->token)
        protocol[count++] = (struct oauth1_parameter){"oauth_token", call->token};
    if (call->extra_name)
        protocol[count++] = (struct oauth1_parameter){call->extra_name, call->extra};
    const struct oauth1_request request = {call->method, call->url, call->form, protocol, count};
    const struct oauth1_secrets secrets = {secret ? secret : "", call->token_secret ? call->token_secret : "", credential->key};
    return oauth1_authorization(credential->sign_method, &request, &secrets, out, err);
}

bool oauth1_clock_was_wrong(struct credential *credential, const struct http_response *response)
{
    int64_t before = credential_clock(credential);
    if (!credential_learn_clock(credential, response))
        return false;
    int64_t apart = credential_clock(credential) - before;
    if (apart < CLOCKS_APART && apart > -CLOCKS_APART)
        return false;
    log_write(credential->log, LOG_REQUEST, "oauth", "this machine's clock is %lld s away from that of %s, whose counts from now on",
              (long long)apart, credential->profile.provider);
    return true;
}

/* Its parameters are signed too (3.4.1.3.1). */
static const char *form_of(const struct http_exchange *exchange)
{
    static const char type[] = "application/x-www-form-urlencoded";
    const char *told = http_exchange_field(exchange, "Content-Type");
    size_t length;
    const char *body = http_exchange_body(exchange, &length);
    return told && name_equal_length(told, strcspn(told, " ;"), type) && length == strlen(body) ? body : NULL;
}

static bool sign_with(struct credential *credential, const struct grant *grant, struct http_exchange *exchange, struct error *err)
{
    const struct oauth1_call call = {
        .method = http_exchange_method(exchange), .url = http_exchange_url(exchange), .form = form_of(exchange),
        .token = grant->access_token, .token_secret = grant->token_secret,
    };
    struct buffer field;
    if (!secret_buffer_init(&field, LARGEST_FIELD))
        return error_memory(err);
    bool done = oauth1_write_field(credential, &call, &field, err) && http_exchange_header(exchange, "Authorization", field.data, err);
    secret_buffer_clear(&field);
    return done;
}

static bool sign(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err)
{
    struct grant grant;
    (void)lane;
    (void)cancel;
    if (!credential_copy_grant(credential, &grant, err))
        return false;
    bool done = (grant.access_token || life_cycle_no_token(credential, err)) && sign_with(credential, &grant, exchange, err);
    grant_clear(&grant);
    return done;
}

/* Whether the request that was refused carried this very token. */
static bool was_sent(const struct http_exchange *exchange, const char *token)
{
    const char *field = http_exchange_field(exchange, "Authorization");
    struct buffer part;
    buffer_init(&part, strlen(token) * 3 + 32);
    buffer_append_text(&part, "oauth_token=\"");
    url_encode(&part, token, strlen(token));
    buffer_append_char(&part, '"');
    bool sent = field && !part.failed && strstr(field, part.data);
    buffer_clear(&part);
    return sent;
}

static bool refused(struct credential *credential, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    struct grant grant;

    *again = oauth1_clock_was_wrong(credential, response);
    if (*again)
        return true;
    if (credential->initiate == INITIATE_OFF)
        return error_set(err, "28000", "%s refused the signed request (401 for %s): the token has been revoked, or OAuthClientId, "
                         "OAuthClientSecret, OAuthAccessToken, OAuthAccessTokenSecret or SignMethod is not right",
                         credential->profile.provider, response->url);
    if (!credential_copy_grant(credential, &grant, err))
        return false;
    bool current = grant.access_token && was_sent(response->exchange, grant.access_token);
    *again = !current || life_cycle_renew(credential, grant.access_token, lane, cancel, err);
    grant_clear(&grant);
    return *again;
}

const struct credential_scheme scheme_oauth1 = {
    .name = "OAuth", .open = life_cycle_open, .connect = life_cycle_connect, .sign = sign, .refused = refused,
};
