/* GetOAuthAccessToken and RefreshOAuthAccessToken. (GetOAuthAuthorizationURL is in authorization.c.) */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "oauth/authorization.h"
#include "oauth/life_cycle.h"
#include "oauth/login.h"
#include "oauth/secret.h"
#include "oauth/settings_use.h"

static const char *given(const char *input)
{
    return input && *input ? input : NULL;
}

/* What is known of the sign-in that the verifier comes from: what the caller says, else what was asked on this connection before. A caller
 * with a PKCE verifier keeps its own accounts, and the connection may be one of a pool: what it last asked does not count then. */
static bool find_question(struct credential *credential, const struct oauth_exchange *input, struct authorization *question,
                          struct error *err)
{
    const char *callback = given(input->callback_url);
    const char *verifier = given(input->pkce_verifier);
    const char *state = given(input->state);

    pthread_mutex_lock(&credential->lock);
    bool pending = credential->pending_state && !verifier;
    bool done = secret_set(&question->state, pending ? credential->pending_state : NULL) &&
                secret_set(&question->verifier, pending ? credential->pending_verifier : NULL) &&
                secret_set(&question->callback_url, pending ? credential->pending_callback : NULL);
    pthread_mutex_unlock(&credential->lock);

    if (done && pending && state && !secret_equal(state, question->state))
        return error_set(err, "28000", "State is another one than that of the sign-in that was begun here; the code may not be yours. "
                         "Begin again with GetOAuthAuthorizationURL");
    if (!verifier)
        verifier = credential_property(credential, PROPERTY_PKCE_VERIFIER);
    if (!callback && !question->callback_url)
        callback = credential_property(credential, PROPERTY_CALLBACK_URL);
    if (!state)
        state = credential_property(credential, PROPERTY_STATE);
    done = done && (!verifier || secret_set(&question->verifier, verifier)) &&
           (!callback || secret_set(&question->callback_url, callback)) &&
           (question->state || !state || secret_set(&question->state, state));
    if (!done)
        return error_memory(err);
    if (question->verifier)
        return true;
    if (credential->profile.pkce && credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET))
        return authorization_derived_verifier(credential, &question->verifier, err);
    return secret_set(&question->verifier, "") || error_memory(err);
}

/* The question is answered: it can not be answered twice. */
static void forget_question(struct credential *credential)
{
    pthread_mutex_lock(&credential->lock);
    secret_set(&credential->pending_state, NULL);
    secret_set(&credential->pending_verifier, NULL);
    secret_set(&credential->pending_callback, NULL);
    pthread_mutex_unlock(&credential->lock);
}

bool oauth_exchange_verifier(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens,
                             bool *refused, struct cancel *cancel, struct error *err)
{
    struct authorization question = {0};
    char *code = NULL;
    const char *verifier = given(input->verifier);
    if (!verifier)
        verifier = credential_property(credential, PROPERTY_OAUTH_VERIFIER);

    *tokens = (struct oauth_tokens){.expires_in = -1};
    *refused = false;
    if (!verifier)
        return error_set(err, "28000", "The verifier is missing: give the code of the callback, or the whole callback URL, as Verifier "
                         "or OAuthVerifier");
    bool done = find_question(credential, input, &question, err) && authorization_read_answer(verifier, question.state, &code, err) &&
                grant_exchange_code(credential, code, question.callback_url, question.verifier, tokens, refused, cancel, err);
    if (done)
        forget_question(credential);
    secret_free(code);
    authorization_clear(&question);
    return done;
}

bool oauth_access_token(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens,
                        struct cancel *cancel, struct error *err)
{
    const char *mode = given(input->auth_mode);
    bool web = mode && name_equal(mode, "WEB");
    bool has_verifier = given(input->verifier) || (!mode && credential_property(credential, PROPERTY_OAUTH_VERIFIER));
    bool refused;
    struct grant grant;

    *tokens = (struct oauth_tokens){.expires_in = -1};
    if (mode && !web && !name_equal(mode, "APP"))
        return error_set(err, "HY000", "AuthMode must be APP or WEB, not \"%.40s\"", mode);
    if (!grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = grant_can_be_kept(credential, cancel, err);
    if (done && (web || has_verifier))
        done = oauth_exchange_verifier(credential, input, tokens, &refused, cancel, err);
    else if (done)
        done = login_with_browser(credential, given(input->callback_url), given(input->scope), tokens, cancel, err);
    if (done && (done = grant_from_tokens(&grant, tokens, NULL, err)))
        grant_keep(credential, &grant);
    if (!done)
        oauth_tokens_clear(tokens);
    grant_leave_renewal(credential);
    return done;
}

/* The refresh token to use: given, else the one in the settings file, in use, or in the properties. */
static bool choose_refresh_token(struct credential *credential, const char *refresh_token, struct grant *old, struct error *err)
{
    if (!given(refresh_token))
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
                secret_set(&old.refresh_token, use->record.grant.refresh_token) || error_memory(err);
    done = done && choose_refresh_token(credential, refresh_token, &old, err) && (!use || settings_use_has_room(use, err)) &&
           grant_renew(credential, old.refresh_token, old.access_token, NULL, tokens, &refused, cancel, err) &&
           grant_from_tokens(&fresh, tokens, &old, err);
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
