/* The scheme OAuth 2.0: sees at connect that there is a token, keeps it fresh, and signs with it. */
#include "oauth/life_cycle.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/login.h"
#include "oauth/secret.h"
#include "oauth/settings_use.h"

enum { EARLY_AGAIN = 60000 /* milliseconds between two tries to renew a token that is still good */ };

/* --- opening --- */

/* When OAuthAccessToken was issued: now, unless OAuthTokenTimestamp says it (in seconds or milliseconds). */
static int64_t given_issued(const struct credential *credential)
{
    int64_t stamp = properties_number(credential->properties, PROPERTY_OAUTH_TOKEN_TIMESTAMP);
    if (stamp <= 0)
        return (int64_t)time(NULL);
    return stamp > 100000000000 ? stamp / 1000 : stamp;
}

/* What the connection string itself gives. */
static bool given_grant(const struct credential *credential, struct grant *grant, struct error *err)
{
    const char *access = credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN);
    long lifetime = properties_number(credential->properties, PROPERTY_OAUTH_EXPIRES_IN);

    *grant = (struct grant){.lifetime = lifetime > 0 ? lifetime : -1, .issued = given_issued(credential)};
    if (secret_set(&grant->access_token, access) &&
        secret_set(&grant->refresh_token, credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN)))
        return true;
    grant_clear(grant);
    return error_memory(err);
}

static bool open_oauth2(struct credential *credential, struct error *err)
{
    struct grant grant;

    if (credential->initiate != INITIATE_OFF) {
        const char *mode = credential->initiate == INITIATE_REFRESH ? "REFRESH" : "GETANDREFRESH";
        if (!credential_property(credential, PROPERTY_OAUTH_CLIENT_ID))
            return error_set(err, "28000", "InitiateOAuth=%s needs OAuthClientId: the client id that %s gave your application", mode,
                             credential->profile.provider);
        if (!credential_token_url(credential))
            return error_set(err, "HY000", "InitiateOAuth=%s needs OAuthAccessTokenURL: %s names no token endpoint", mode,
                             credential->profile.provider);
        return url_is_allowed(credential_token_url(credential), "OAuthAccessTokenURL", err);
    }
    if (!given_grant(credential, &grant, err))
        return false;
    credential_use_grant(credential, &grant);
    return true;
}

/* --- connecting --- */

static bool is_interrupted(const struct error *err)
{
    return strcmp(err->sqlstate, "HY008") == 0 || strcmp(err->sqlstate, "HYT00") == 0;
}

/* Whether the record answers what the connection string asks for: nothing newer was given there. */
static bool is_up_to_date(const struct credential *credential, const struct settings_record *record)
{
    char given[SEALED_FINGERPRINT], verifier[SEALED_FINGERPRINT];
    grant_fingerprint_given(credential, given);
    grant_fingerprint_verifier(credential, verifier);
    return (!*given || strcmp(given, record->given) == 0) && (!*verifier || strcmp(verifier, record->verifier) == 0);
}

static void take(struct grant *to, struct grant *from)
{
    grant_clear(to);
    *to = *from;
    *from = (struct grant){.lifetime = -1};
}

/* Exchanges OAuthVerifier. */
static bool use_verifier(struct credential *credential, struct grant *grant, bool *refused, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens;
    const struct oauth_exchange nothing_else = {0};
    struct grant fresh;

    if (!oauth_exchange_verifier(credential, &nothing_else, &tokens, refused, cancel, err))
        return false;
    bool done = grant_from_tokens(&fresh, &tokens, NULL, err);
    oauth_tokens_clear(&tokens);
    if (done)
        take(grant, &fresh);
    return done;
}

/* Renews a grant that has run out; one that merely ends soon may stay as it is when that fails.
 * *over: it can not be renewed any more. */
static bool freshen(struct credential *credential, const struct settings_use *use, struct grant *grant, bool *renewed,
                    bool *over, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens;
    struct grant fresh;
    bool ended = false;
    bool stale = !grant->access_token || grant_is_stale(grant, &ended);

    *renewed = *over = false;
    if (!stale || (!grant->refresh_token && grant->access_token && !ended))
        return true;
    if (!grant->refresh_token) {
        *over = true;
        return error_set(err, "28000", "The access token of %s has expired and there is no refresh token to renew it with: sign in again",
                         credential->profile.provider);
    }
    if (!settings_use_has_room(use, err) ||
        !grant_renew(credential, grant->refresh_token, grant->access_token, NULL, &tokens, over, cancel, err))
        return grant->access_token && !ended && !is_interrupted(err);
    bool done = grant_from_tokens(&fresh, &tokens, grant, err);
    oauth_tokens_clear(&tokens);
    if (done)
        take(grant, &fresh);
    *renewed = done;
    return done;
}

static bool nothing_to_start_from(const struct credential *credential, const struct settings_use *use, struct error *err)
{
    if (use->others)
        return error_set(err, "28000", "The OAuth settings file %s holds sign-ins, but none of %s with this OAuthClientId%s: check "
                         "OAuthClientId and OAuthSettingsLocation", use->path, credential->profile.provider,
                         credential_property(credential, PROPERTY_USER) ? " and User" : "");
    return error_set(err, "28000", "There is no token for %s yet: %s holds none. Sign in once with InitiateOAuth=GETANDREFRESH, or call "
                     "GetOAuthAuthorizationURL, sign in at its URL, and set OAuthVerifier to the code that comes back",
                     credential->profile.provider, use->path);
}

static bool is_new(const char *fingerprint, const char *known)
{
    return *fingerprint && strcmp(fingerprint, known) != 0;
}

/* Tokens newly given in the connection string win, then a verifier newly given, then what the file holds. With the file locked.
 * *save  the grant must be written
 * False: *err says why. *over: a new sign-in would heal it. */
static bool find_grant(struct credential *credential, struct settings_use *use, struct grant *grant, bool *save, bool *over,
                       struct cancel *cancel, struct error *err)
{
    char given[SEALED_FINGERPRINT], verifier[SEALED_FINGERPRINT];
    bool renewed = false;

    *save = *over = false;
    grant_fingerprint_given(credential, given);
    grant_fingerprint_verifier(credential, verifier);
    if (is_new(given, use->record.given)) {
        *save = true;
        if (!given_grant(credential, grant, err))
            return false;
    } else if (is_new(verifier, use->record.verifier)) {
        *save = true;
        if (!settings_use_has_room(use, err))
            return false;
        if (use_verifier(credential, grant, over, cancel, err))
            return true;
        if (!*over || !use->found)
            return false;
        log_write(credential->log, LOG_QUERY, "oauth", "OAuthVerifier is of no use any more (%s); the saved tokens are", err->message);
    }
    if (!grant->access_token && !grant->refresh_token)
        take(grant, &use->record.grant);
    if (!grant->access_token && !grant->refresh_token) {
        *over = true;
        return nothing_to_start_from(credential, use, err);
    }
    bool done = freshen(credential, use, grant, &renewed, over, cancel, err);
    *save = *save || renewed;
    return done;
}

/* With the settings file locked, so that of many processes that start at once one renews and the others read. */
static bool connect_from_file(struct credential *credential, bool *over, struct cancel *cancel, struct error *err)
{
    struct settings_use use;
    struct grant grant = {.lifetime = -1};
    bool save;

    *over = false;
    if (!settings_use_begin(&use, credential, cancel, err))
        return false;
    bool done = find_grant(credential, &use, &grant, &save, over, cancel, err);
    if (done && save)
        settings_use_save(&use, credential, &grant);
    if (done)
        credential_use_grant(credential, &grant);
    grant_clear(&grant);
    settings_use_end(&use);
    return done;
}

/* Without the lock: a record that is good as it is, the common case; or nothing at all to begin with (*over), which must leave
 * no trace either. */
static bool connect_quickly(struct credential *credential, bool *have, bool *over, struct error *err)
{
    struct settings_use use;
    bool ended;
    bool asked = credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN) || credential_property(credential, PROPERTY_OAUTH_VERIFIER) ||
                 credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN);

    *have = *over = false;
    if (!settings_use_look(&use, credential, err))
        return false;
    *over = !use.found && !asked;
    *have = use.found && is_up_to_date(credential, &use.record) && use.record.grant.access_token &&
            !grant_is_stale(&use.record.grant, &ended);
    if (*have)
        credential_use_grant(credential, &use.record.grant);
    bool done = !*over || nothing_to_start_from(credential, &use, err);
    settings_use_end(&use);
    return done;
}

static bool sign_in(struct credential *credential, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens;
    struct grant grant;

    if (!grant_can_be_kept(credential, cancel, err) || !login_with_browser(credential, NULL, NULL, &tokens, cancel, err))
        return false;
    bool done = grant_from_tokens(&grant, &tokens, NULL, err);
    if (done)
        grant_keep(credential, &grant);
    oauth_tokens_clear(&tokens);
    return done;
}

static bool connect_oauth2(struct credential *credential, struct cancel *cancel, struct error *err)
{
    bool have, over = false;

    if (credential->initiate == INITIATE_OFF)
        return true;
    if (!grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = connect_quickly(credential, &have, &over, err) && (have || connect_from_file(credential, &over, cancel, err));
    if (!done && over && credential->initiate == INITIATE_GET_AND_REFRESH)
        done = sign_in(credential, cancel, err);
    grant_leave_renewal(credential);
    return done;
}

/* --- signing --- */

static bool no_token(const struct credential *credential, struct error *err)
{
    return error_set(err, "28000", "There is no access token for %s: set OAuthAccessToken, or InitiateOAuth=GETANDREFRESH to sign in with "
                     "the browser, or call GetOAuthAuthorizationURL and GetOAuthAccessToken", credential->profile.provider);
}

/* With the file locked: takes a token that another process has got meanwhile, else renews once.
 * *over: it can not be renewed any more. */
static bool renew_in_file(struct credential *credential, struct settings_use *use, struct grant *grant, struct http_lane *lane,
                          bool *over, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens;
    struct grant fresh;
    bool ended;

    if (use->found && use->record.grant.access_token) {
        bool other = !grant->access_token || !secret_equal(use->record.grant.access_token, grant->access_token);
        bool stale = grant_is_stale(&use->record.grant, &ended);
        take(grant, &use->record.grant);
        if (other && !stale)
            return true;
    }
    *over = !grant->refresh_token;
    if (*over)
        return error_set(err, "28000", "The access token of %s has expired or been revoked, and there is no refresh token: sign in again "
                         "(InitiateOAuth=GETANDREFRESH at connect), or set OAuthAccessToken and OAuthRefreshToken",
                         credential->profile.provider);
    if (!settings_use_has_room(use, err) ||
        !grant_renew(credential, grant->refresh_token, grant->access_token, lane, &tokens, over, cancel, err))
        return false;
    bool done = grant_from_tokens(&fresh, &tokens, grant, err);
    oauth_tokens_clear(&tokens);
    if (!done)
        return false;
    take(grant, &fresh);
    settings_use_save(use, credential, grant);
    return true;
}

/* Gets a token other than *failed, which has run out or been refused: from another thread, another process, the server, or — where
 * GETANDREFRESH allows it and nothing else is left — from the user, or a sign-in that was revoked could never be replaced. */
static bool renew(struct credential *credential, const char *failed, struct http_lane *lane, struct cancel *cancel, struct error *err)
{
    struct settings_use use;
    struct grant grant;
    bool over = false;

    if (!grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = credential_copy_grant(credential, &grant, err);
    if (done && (!grant.access_token || secret_equal(grant.access_token, failed))) {
        done = settings_use_begin(&use, credential, cancel, err);
        if (done) {
            done = renew_in_file(credential, &use, &grant, lane, &over, cancel, err);
            settings_use_end(&use);
        }
        if (done)
            credential_use_grant(credential, &grant);
        else if (over && credential->initiate == INITIATE_GET_AND_REFRESH)
            done = sign_in(credential, cancel, err);
    }
    grant_clear(&grant);
    grant_leave_renewal(credential);
    return done;
}

/* A token near its end is renewed; when that fails while it is still good, it is used on, and the next try comes a minute later. */
static bool renew_early(struct credential *credential, struct grant *grant, bool ended, struct http_lane *lane, struct cancel *cancel,
                        struct error *err)
{
    if (renew(credential, grant->access_token, lane, cancel, err)) {
        grant_clear(grant);
        return credential_copy_grant(credential, grant, err);
    }
    if (ended || is_interrupted(err))
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
    /* One that came without a refresh token may be all there is: the service decides whether it is still good. */
    return *ended || (!waiting && grant->refresh_token);
}

static bool sign_oauth2(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                        struct error *err)
{
    struct grant grant;
    bool ended = false;

    if (!credential_copy_grant(credential, &grant, err))
        return false;
    bool done = grant.access_token || no_token(credential, err);
    if (done && is_due(credential, &grant, &ended))
        done = renew_early(credential, &grant, ended, lane, cancel, err);
    done = done && bearer_sign(exchange, grant.access_token, err);
    grant_clear(&grant);
    return done;
}

static bool refused_oauth2(struct credential *credential, const struct http_response *response, struct http_lane *lane, bool *again,
                           struct cancel *cancel, struct error *err)
{
    struct grant grant;

    if (credential->initiate == INITIATE_OFF)
        return error_set(err, "28000", "%s refused the access token (401 for %s): it has expired or been revoked. Set OAuthAccessToken to a "
                         "new one, or let the driver keep it fresh with InitiateOAuth=REFRESH or GETANDREFRESH",
                         credential->profile.provider, response->url);
    if (!credential_copy_grant(credential, &grant, err))
        return false;
    bool current = grant.access_token && bearer_was_sent(response->exchange, grant.access_token);
    *again = !current || renew(credential, grant.access_token, lane, cancel, err);
    grant_clear(&grant);
    return *again;
}

const struct credential_scheme scheme_oauth2 = {
    .name = "OAuth", .open = open_oauth2, .connect = connect_oauth2, .sign = sign_oauth2, .refused = refused_oauth2,
};
