/* The life of a grant: seeing at connect that there is one, and renewing it. */
#include "oauth/life_cycle.h"

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/secret.h"
#include "oauth/settings_use.h"

/* --- opening --- */

bool life_cycle_open(struct credential *credential, struct error *err)
{
    struct grant grant;

    if (credential->family->check && !credential->family->check(credential, err))
        return false;
    bool hooked = credential->family == &family_hooked || credential->family == &family_hooked_alone;
    if (credential->initiate != INITIATE_OFF && !hooked) {
        const char *mode = credential->initiate == INITIATE_REFRESH ? "REFRESH" : "GETANDREFRESH";
        const char *token_url = endpoint_known(credential, ENDPOINT_TOKEN);
        if (!credential_property(credential, PROPERTY_OAUTH_CLIENT_ID) && credential->family != &family_jwt)
            return error_set(err, "28000", "InitiateOAuth=%s needs OAuthClientId: the client id that %s gave your application. This "
                             "installation has none of its own", mode, credential->profile.provider);
        if (!endpoint_is_told(credential, ENDPOINT_TOKEN))
            return error_set(err, "HY000", "InitiateOAuth=%s needs OAuthAccessTokenURL: %s names no token endpoint", mode,
                             credential->profile.provider);
        return !token_url || url_is_allowed(token_url, "OAuthAccessTokenURL", err);
    }
    if (credential->initiate != INITIATE_OFF)
        return true;
    if (!grant_from_properties(credential, &grant, err))
        return false;
    credential_use_grant(credential, &grant);
    return true;
}

bool life_cycle_interrupted(struct cancel *cancel)
{
    struct error ignored;
    return !cancel_check(cancel, &ignored);
}

/* --- new tokens in the place of old ones; with the settings file locked --- */

static bool take_tokens(struct credential *credential, struct grant *grant, struct oauth_tokens *tokens, const struct grant *old,
                        struct error *err)
{
    struct grant fresh;
    bool done = grant_from_tokens(credential, &fresh, tokens, old, err);
    oauth_tokens_clear(tokens);
    if (done)
        grant_take(grant, &fresh);
    return done;
}

/* After the server called a refresh token invalid that was taken from the file: perhaps somebody whom no lock of ours keeps out — another
 * machine with the same file — has renewed meanwhile. Then the sign-in lives on there. */
static bool reread(struct credential *credential, struct settings_use *use, struct grant *grant)
{
    struct error ignored;
    bool ended, was_taken = !use->record.grant.access_token && !use->record.grant.refresh_token;

    if (!was_taken || !settings_use_reread(use, credential, &ignored) || !use->found || !use->record.grant.access_token ||
        grant_is_stale(&use->record.grant, &ended) ||
        (grant->access_token && secret_equal(use->record.grant.access_token, grant->access_token)))
        return false;
    grant_take(grant, &use->record.grant);
    return true;
}

static bool nothing_renews(const struct credential *credential, struct error *err)
{
    if (family_is_first_version(credential))
        return error_set(err, "28000", "%s does not accept the signed request: the token has been revoked, or OAuthClientId, OAuthClientSecret, "
                         "SignMethod, OAuthAccessToken or OAuthAccessTokenSecret is not right. Check them, or sign in again "
                         "(InitiateOAuth=GETANDREFRESH at connect)", credential->profile.provider);
    return error_set(err, "28000", "The access token of %s has expired or been revoked, and there is no refresh token to renew it with: sign in "
                     "again (InitiateOAuth=GETANDREFRESH at connect), or set OAuthAccessToken and OAuthRefreshToken",
                     credential->profile.provider);
}

/* Renews with the refresh token, or gets tokens anew where nobody is needed for that. *renewed: the grant is to be saved; *over: only a
 * new sign-in helps. */
static bool replace(struct credential *credential, struct settings_use *use, struct grant *grant, struct http_lane *lane, bool *renewed,
                    bool *over, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens;
    bool fetches = credential->family->fetch != NULL;

    *renewed = *over = false;
    if (grant->refresh_token) {
        if (!settings_use_has_room(use, err))
            return false;
        if (grant_renew(credential, grant, lane, &tokens, over, cancel, err))
            return *renewed = take_tokens(credential, grant, &tokens, grant, err);
        if (*over && reread(credential, use, grant))
            return true;
        if (!*over || !fetches)
            return false;
    }
    if (fetches) {
        bool refused;
        *over = false;
        if (!credential->family->fetch(credential, lane, &tokens, &refused, cancel, err))
            return false;
        return *renewed = take_tokens(credential, grant, &tokens, NULL, err);
    }
    *over = true;
    return nothing_renews(credential, err);
}

/* --- connecting --- */

static bool tokens_are_new(const struct credential *credential, const struct settings_record *record)
{
    return grant_is_given_anew(credential, record, GIVEN_ACCESS_TOKEN) || grant_is_given_anew(credential, record, GIVEN_TOKEN_SECRET) ||
           grant_is_given_anew(credential, record, GIVEN_REFRESH_TOKEN);
}

/* Whether the record answers what the connection string asks for: nothing newer was given there. */
static bool is_up_to_date(const struct credential *credential, const struct settings_record *record)
{
    return !tokens_are_new(credential, record) && !grant_is_given_anew(credential, record, GIVEN_VERIFIER);
}

/* The tokens of the connection string. A refresh token among them that has been made use of is spent, maybe: what it became serves. */
static bool take_given(struct credential *credential, const struct settings_record *record, struct grant *grant, struct error *err)
{
    if (!grant_from_properties(credential, grant, err))
        return false;
    bool spent = grant->refresh_token && record->grant.refresh_token && !grant_is_given_anew(credential, record, GIVEN_REFRESH_TOKEN);
    return !spent || secret_set(&grant->refresh_token, record->grant.refresh_token) || error_memory(err);
}

/* Exchanges OAuthVerifier. */
static bool use_verifier(struct credential *credential, struct grant *grant, bool *refused, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens;
    const struct oauth_exchange nothing_else = {0};

    return credential->family->exchange(credential, &nothing_else, &tokens, refused, cancel, err) &&
           take_tokens(credential, grant, &tokens, NULL, err);
}

/* InitiateOAuth=GETANDREFRESH is the user's word that they are there to sign in. */
static bool may_sign_in(const struct credential *credential)
{
    return credential->initiate == INITIATE_GET_AND_REFRESH && credential->family->sign_in;
}

bool life_cycle_renews(const struct credential *credential, const struct grant *grant)
{
    return grant->refresh_token || credential->family->fetch;
}

/* Renews a grant that has run out; one that merely ends soon may stay as it is when that fails. */
static bool freshen(struct credential *credential, struct settings_use *use, struct grant *grant, bool *renewed, bool *over,
                    struct cancel *cancel, struct error *err)
{
    bool ended = false;
    bool stale = !grant->access_token || grant_is_stale(grant, &ended);
    bool left_alone = grant->access_token && !life_cycle_renews(credential, grant) && !(ended && may_sign_in(credential));

    *renewed = *over = false;
    if (!stale || left_alone)
        return true;
    if (replace(credential, use, grant, NULL, renewed, over, cancel, err))
        return true;
    return grant->access_token && !ended && !life_cycle_interrupted(cancel);
}

static bool nothing_to_start_from(const struct credential *credential, const struct settings_use *use, struct error *err)
{
    return error_set(err, "28000", "There is no token for %s yet: %s holds none. Sign in once with InitiateOAuth=GETANDREFRESH, or call "
                     "GetOAuthAuthorizationURL, sign in at its URL, and set OAuthVerifier to the code that comes back",
                     credential->profile.provider, use->path);
}

/* Tokens newly given in the connection string win, then a verifier newly given, then what the file holds. With the file locked.
 * *save  the grant must be written
 * False: *err says why. *over: a new sign-in would heal it. */
static bool find_grant(struct credential *credential, struct settings_use *use, struct grant *grant, bool *save, bool *over,
                       struct cancel *cancel, struct error *err)
{
    bool renewed = false;

    *save = *over = false;
    if (tokens_are_new(credential, &use->record)) {
        *save = true;
        if (!take_given(credential, &use->record, grant, err))
            return false;
    } else if (credential->family->exchange && grant_is_given_anew(credential, &use->record, GIVEN_VERIFIER)) {
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
        grant_take(grant, &use->record.grant);
    if (!grant->access_token && !grant->refresh_token && !credential->family->fetch) {
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
    bool asked = credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN) || credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN) ||
                 credential_property(credential, PROPERTY_OAUTH_VERIFIER) || credential->family->fetch;

    *have = *over = false;
    if (!settings_use_look(&use, credential, err))
        return false;
    *over = (!use.found || (!use.record.grant.access_token && !use.record.grant.refresh_token)) && !asked;
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
    const struct oauth_exchange nothing_given = {0};
    struct oauth_tokens tokens;
    struct grant grant;
    char *pending;

    if (!grant_can_be_kept(credential, &pending, cancel, err))
        return false;
    bool begun = pending != NULL;
    bool done = credential->family->sign_in(credential, &nothing_given, &pending, &tokens, cancel, err);
    if (!done && (begun || pending))
        grant_keep_pending(credential, pending);
    if (done) {
        done = grant_from_tokens(credential, &grant, &tokens, NULL, err);
        if (done)
            grant_keep(credential, &grant);
        oauth_tokens_clear(&tokens);
    }
    secret_free(pending);
    return done;
}

bool life_cycle_connect(struct credential *credential, struct cancel *cancel, struct error *err)
{
    bool have, over = false;

    if (credential->initiate == INITIATE_OFF)
        return true;
    if (!grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = connect_quickly(credential, &have, &over, err) && (have || connect_from_file(credential, &over, cancel, err));
    if (!done && over && may_sign_in(credential))
        done = sign_in(credential, cancel, err);
    grant_leave_renewal(credential);
    return done;
}

/* --- renewing --- */

bool life_cycle_no_token(const struct credential *credential, struct error *err)
{
    if (!credential->family->sign_in)
        return error_set(err, "28000", "There is no access token for %s: set InitiateOAuth=GETANDREFRESH, so that the driver gets one with "
                         "OAuthGrantType=%s, or call GetOAuthAccessToken", credential->profile.provider, credential->family->name);
    return error_set(err, "28000", "There is no access token for %s: set OAuthAccessToken, or InitiateOAuth=GETANDREFRESH to sign in with "
                     "the browser, or call GetOAuthAuthorizationURL and GetOAuthAccessToken", credential->profile.provider);
}

bool life_cycle_refused(const struct credential *credential, const char *url, struct error *err)
{
    return error_set(err, "28000", "%s refused the access token (401 for %s): it has expired or been revoked. Set OAuthAccessToken to a "
                     "new one, or let the driver keep it fresh with InitiateOAuth=REFRESH or GETANDREFRESH",
                     credential->profile.provider, url);
}

/* With the file locked: takes a token that another process has got meanwhile, else renews once. */
static bool renew_in_file(struct credential *credential, struct settings_use *use, struct grant *grant, struct http_lane *lane,
                          bool *over, struct cancel *cancel, struct error *err)
{
    bool ended, renewed;

    *over = false;
    if (use->found && use->record.grant.access_token) {
        bool other = !grant->access_token || !secret_equal(use->record.grant.access_token, grant->access_token);
        bool stale = grant_is_stale(&use->record.grant, &ended);
        grant_take(grant, &use->record.grant);
        if (other && !stale)
            return true;
    }
    if (!replace(credential, use, grant, lane, &renewed, over, cancel, err))
        return false;
    if (renewed)
        settings_use_save(use, credential, grant);
    return true;
}

bool life_cycle_renew(struct credential *credential, const char *failed, struct http_lane *lane, struct cancel *cancel, struct error *err)
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
        else if (over && may_sign_in(credential))
            done = sign_in(credential, cancel, err);
    }
    grant_clear(&grant);
    grant_leave_renewal(credential);
    return done;
}
