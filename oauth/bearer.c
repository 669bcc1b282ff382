/* Bearer tokens (RFC 6750): the header field, how long one is good for, and the scheme of a token that is simply given. */
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/property.h"
#include "oauth/secret.h"
#include "oauth/state.h"

enum { LONGEST_TOKEN = 64 * 1024 };

bool bearer_sign(struct http_exchange *exchange, const char *word, const char *token, struct error *err)
{
    struct buffer value;

    if (strlen(token) > LONGEST_TOKEN)
        return error_set(err, "28000", "The access token is longer than %d bytes: it can not be one", LONGEST_TOKEN);
    if (!word)
        word = "Bearer";
    if (!secret_buffer_init(&value, strlen(word) + strlen(token) + 1))
        return error_memory(err);
    buffer_append_text(&value, word);
    buffer_append_char(&value, ' ');
    buffer_append_text(&value, token);
    bool done = http_exchange_header(exchange, "Authorization", value.data, err);
    secret_buffer_clear(&value);
    return done;
}

bool bearer_was_sent(const struct http_exchange *exchange, const char *token)
{
    const char *field = http_exchange_field(exchange, "Authorization");
    const char *sent = field ? strchr(field, ' ') : NULL;
    return sent && secret_equal(sent + 1, token);
}

/* How long before its end a token is renewed: a tenth of its life, at least a minute where it lives long enough for that. */
static int64_t margin(int64_t lifetime)
{
    int64_t tenth = lifetime / 10;
    return tenth < 60000 && lifetime > 120000 ? 60000 : tenth;
}

/* Milliseconds the token has lived. The wall clock may have been set meanwhile, and the ticks stop in a sleeping machine:
 * the greater age counts. A token from the future means a clock set back: how old it is nobody knows, so it is old. */
static int64_t age(const struct grant *grant)
{
    int64_t by_wall = ((int64_t)time(NULL) + grant->skew - grant->issued) * 1000;
    int64_t by_ticks = grant->issued_ticks ? clock_milliseconds() - grant->issued_ticks : 0;

    if (by_wall < -60000 && !grant->issued_ticks)
        return INT64_MAX;
    return by_wall > by_ticks ? by_wall : by_ticks;
}

bool grant_is_stale(const struct grant *grant, bool *ended)
{
    *ended = false;
    if (grant->lifetime < 0)
        return false; /* not told: it is good until it is refused */
    int64_t lifetime = grant->lifetime > INT64_MAX / 1000 ? INT64_MAX : grant->lifetime * 1000;
    int64_t lived = age(grant);
    *ended = lived >= lifetime;
    return *ended || lifetime - lived < margin(lifetime);
}

static bool bearer_open(struct credential *credential, struct error *err)
{
    struct grant grant = {.lifetime = -1};
    const char *token = credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN);
    if (!token)
        return error_set(err, "28000", "AuthScheme=Bearer needs a token: set OAuthAccessToken");
    if (!secret_set(&grant.access_token, token))
        return error_memory(err);
    credential_use_grant(credential, &grant);
    return true;
}

static bool sign(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err)
{
    (void)lane;
    (void)cancel;
    return bearer_sign(exchange, credential->profile.token_word, credential->grant.access_token, err); /* it never changes */
}

static bool refused(struct credential *credential, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    (void)lane;
    (void)cancel;
    *again = false;
    return error_set(err, "28000", "%s refused the access token (401 for %s): it has expired or been revoked. Set OAuthAccessToken "
                     "to a new one", credential->profile.provider, response->url);
}

const struct credential_scheme scheme_bearer = {.name = "Bearer", .open = bearer_open, .sign = sign, .refused = refused};
