/* The scheme OAuth 2.0: signs with the bearer token, and sees to it that there is a fresh one. */
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "oauth/life_cycle.h"
#include "oauth/state.h"

enum { EARLY_AGAIN = 60000 /* milliseconds between two tries to renew a token that is still good */ };

/* A token near its end is renewed; when that fails while it is still good, it is used on, and the next try comes a minute later. */
static bool renew_early(struct credential *credential, struct grant *grant, bool ended, struct http_lane *lane, struct cancel *cancel,
                        struct error *err)
{
    if (life_cycle_renew(credential, grant->access_token, lane, cancel, err)) {
        grant_clear(grant);
        return credential_copy_grant(credential, grant, err);
    }
    if (ended || life_cycle_interrupted(cancel))
        return false;
    log_write(credential->log, LOG_QUERY, "oauth", "the token could not be renewed ahead of its end: %s", err->message);
    pthread_mutex_lock(&credential->lock);
    credential->not_before = clock_milliseconds() + EARLY_AGAIN;
    pthread_mutex_unlock(&credential->lock);
    return true;
}

static bool is_due(struct credential *credential, const struct grant *grant, bool *ended)
{
    if (credential->initiate == INITIATE_OFF || !grant_is_stale(grant, ended))
        return false;
    pthread_mutex_lock(&credential->lock);
    bool waiting = clock_milliseconds() < credential->not_before;
    pthread_mutex_unlock(&credential->lock);
    return life_cycle_renews(credential, grant) && (*ended || !waiting);
}

static bool sign(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err)
{
    struct grant grant;
    bool ended = false;

    if (!credential_copy_grant(credential, &grant, err))
        return false;
    bool done = grant.access_token || life_cycle_no_token(credential, err);
    if (done && is_due(credential, &grant, &ended))
        done = renew_early(credential, &grant, ended, lane, cancel, err);
    done = done && bearer_sign(exchange, credential->profile.token_word, grant.access_token, err);
    grant_clear(&grant);
    return done;
}

static bool refused(struct credential *credential, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    struct grant grant;

    if (credential->initiate == INITIATE_OFF)
        return life_cycle_refused(credential, response->url, err);
    if (!credential_copy_grant(credential, &grant, err))
        return false;
    bool current = grant.access_token && bearer_was_sent(response->exchange, grant.access_token);
    *again = !current || life_cycle_renew(credential, grant.access_token, lane, cancel, err);
    grant_clear(&grant);
    return *again;
}

const struct credential_scheme scheme_oauth2 = {
    .name = "OAuth", .open = life_cycle_open, .connect = life_cycle_connect, .sign = sign, .refused = refused,
};
