/* GetOAuthAuthorizationURL, GetOAuthAccessToken and RefreshOAuthAccessToken. */
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/secret.h"
#include "oauth/settings_use.h"

/* --- what is asked on a connection and answered on the same --- */

static bool copy_question(struct oauth_question *copy, const struct oauth_question *question)
{
    *copy = (struct oauth_question){.expires_in = question->expires_in, .interval = question->interval};
    return secret_set(&copy->callback_url, question->callback_url) && secret_set(&copy->state, question->state) &&
           secret_set(&copy->pkce_verifier, question->pkce_verifier) && secret_set(&copy->auth_token, question->auth_token) &&
           secret_set(&copy->auth_key, question->auth_key) && secret_set(&copy->device_code, question->device_code);
}

/* The question is asked (NULL: answered; it can not be answered twice). */
static bool remember(struct credential *credential, const struct oauth_question *question, struct error *err)
{
    struct oauth_question copy = {0};
    bool done = !question || copy_question(&copy, question);

    if (done) {
        pthread_mutex_lock(&credential->lock);
        struct oauth_question old = credential->pending;
        credential->pending = copy;
        credential->pending_until = copy.device_code && copy.expires_in >= 0 ? clock_milliseconds() + copy.expires_in * 1000 : 0;
        pthread_mutex_unlock(&credential->lock);
        copy = old;
    }
    oauth_question_clear(&copy);
    return done || error_memory(err);
}

static bool enter(struct credential *credential, struct error *err)
{
    credential_enter(credential);
    return credential->family ||
           error_set(err, "HY000", "With AuthScheme=%s there are no OAuth tokens to get: set AuthScheme=OAuth", credential->scheme->name);
}

bool oauth_authorization_url(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question,
                             struct cancel *cancel, struct error *err)
{
    const struct grant_family *family;

    *question = (struct oauth_question){.expires_in = -1};
    if (!enter(credential, err) || !family_of_mode(credential, input->auth_mode, &family, err))
        return false;
    if (!family->ask)
        return error_set(err, "HY000", "Nobody has to sign in with OAuthGrantType=%s: call GetOAuthAccessToken", family->name);
    if (family->ask(credential, input, question, cancel, err) && remember(credential, question, err)) {
        log_hide(credential->log, question->pkce_verifier);
        log_hide(credential->log, question->auth_key);
        log_hide(credential->log, question->device_code);
        return true;
    }
    oauth_question_clear(question);
    return false;
}

/* --- new tokens --- */

/* By the way that the grant and the inputs want. */
static bool get_tokens(struct credential *credential, const struct grant_family *family, const struct oauth_exchange *input,
                       struct oauth_tokens *tokens, struct cancel *cancel, struct error *err)
{
    const char *mode = text_given(input->auth_mode);
    bool has_verifier = text_given(input->verifier) || (!mode && credential_property(credential, PROPERTY_OAUTH_VERIFIER));
    bool exchanges = has_verifier || (mode && !name_equal(mode, "APP")) || family == &family_device;
    char *pending = NULL;
    bool refused;

    if (family->fetch)
        return family->fetch(credential, NULL, tokens, &refused, cancel, err);
    if (exchanges)
        return family->exchange(credential, input, tokens, &refused, cancel, err);
    bool done = family->sign_in(credential, input, &pending, tokens, cancel, err);
    secret_free(pending);
    return done;
}

bool oauth_access_token(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens,
                        struct cancel *cancel, struct error *err)
{
    const struct grant_family *family;
    struct grant grant;

    *tokens = (struct oauth_tokens){.expires_in = -1};
    if (!enter(credential, err) || !family_of_mode(credential, input->auth_mode, &family, err) ||
        !grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = grant_can_be_kept(credential, NULL, cancel, err) && get_tokens(credential, family, input, tokens, cancel, err) &&
                remember(credential, NULL, err) && grant_from_tokens(credential, &grant, tokens, NULL, err);
    if (done)
        grant_keep(credential, &grant);
    else
        oauth_tokens_clear(tokens);
    grant_leave_renewal(credential);
    return done;
}

/* --- renewed ones --- */

/* The refresh token to use: given, else the one in the settings file, in use, or in the properties. */
static bool choose_refresh_token(struct credential *credential, const char *refresh_token, struct grant *old, struct error *err)
{
    if (!text_given(refresh_token))
        refresh_token = old->refresh_token ? old->refresh_token : credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN);
    if (!refresh_token)
        return error_set(err, "28000", "RefreshOAuthAccessToken needs a refresh token: give OAuthRefreshToken");
    log_hide(credential->log, refresh_token);
    return refresh_token == old->refresh_token || secret_set(&old->refresh_token, refresh_token) || error_memory(err);
}

/* With the settings file locked where there is one: nobody else spends the refresh token at the same time. */
static bool refresh_locked(struct credential *credential, const char *refresh_token, struct settings_use *use, struct oauth_tokens *tokens,
                           struct cancel *cancel, struct error *err)
{
    struct grant old, fresh;
    bool refused;

    if (!credential_copy_grant(credential, &old, err))
        return false;
    bool done = !use || !use->found || !use->record.grant.refresh_token ||
                (secret_set(&old.refresh_token, use->record.grant.refresh_token) && secret_set(&old.other, use->record.grant.other)) ||
                error_memory(err);
    done = done && choose_refresh_token(credential, refresh_token, &old, err) && (!use || settings_use_has_room(use, err)) &&
           grant_renew(credential, &old, NULL, tokens, &refused, cancel, err) &&
           (tokens->refresh_token || secret_set(&tokens->refresh_token, old.refresh_token) || error_memory(err)) &&
           grant_from_tokens(credential, &fresh, tokens, &old, err);
    if (done && use)
        settings_use_save(use, credential, &fresh);
    if (done)
        credential_use_grant(credential, &fresh);
    grant_clear(&old);
    return done;
}

bool oauth_refresh(struct credential *credential, const char *refresh_token, struct oauth_tokens *tokens,
                   struct cancel *cancel, struct error *err)
{
    struct settings_use use;
    bool kept = grant_is_kept(credential);

    *tokens = (struct oauth_tokens){.expires_in = -1};
    if (!enter(credential, err))
        return false;
    if (credential->family == &family_oauth1)
        return error_set(err, "HY000", "Tokens of OAuth 1.0 are not renewed: they are good until they are revoked. When they are, sign in again");
    if (!grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = !kept || settings_use_begin(&use, credential, cancel, err);
    if (done) {
        done = refresh_locked(credential, refresh_token, kept ? &use : NULL, tokens, cancel, err);
        if (kept)
            settings_use_end(&use);
    }
    if (!done)
        oauth_tokens_clear(tokens);
    grant_leave_renewal(credential);
    return done;
}
