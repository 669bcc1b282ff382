/* Signing out: the tokens are taken back (RFC 7009) and forgotten. */
#include <stdlib.h>

#include "base/error.h"
#include "base/log.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/home.h"
#include "oauth/secret.h"
#include "oauth/settings_use.h"
#include "oauth/token_endpoint.h"

static bool take_back(struct credential *credential, const char *token, const char *kind, const char *home, struct cancel *cancel,
                      struct error *why)
{
    const struct token_field fields[] = {{"token", token}, {"token_type_hint", kind}};
    const struct token_request request = {.endpoint = ENDPOINT_REVOKE, .fields = fields, .count = sizeof fields / sizeof fields[0],
                                          .home = home};
    char word[TOKEN_ERROR];

    return !token || token_post(credential, &request, NULL, NULL, word, cancel, why);
}

/* The refresh token first: with it the server ends the whole sign-in, where the access token alone would leave the door open. */
static bool revoke(struct credential *credential, const struct grant *grant, struct cancel *cancel, struct error *why)
{
    if (!grant->access_token && !grant->refresh_token)
        return error_set(why, "28000", "There are no tokens");
    if (credential->family == &family_oauth1)
        return error_set(why, "HY000", "OAuth 1.0 knows no way to take tokens back: the user can do so in the settings of %s",
                         credential->profile.provider);
    log_write(credential->log, LOG_REQUEST, "oauth", "signing out");
    char *home = home_kept(&credential->profile, grant->other);
    bool done = take_back(credential, grant->refresh_token, "refresh_token", home, cancel, why) &&
                take_back(credential, grant->access_token, "access_token", home, cancel, why);
    free(home);
    return done;
}

/* What is to be taken back: the saved tokens, which may be newer, else those in use, else those given. */
static bool find_tokens(struct credential *credential, const struct settings_use *use, struct grant *grant, struct error *err)
{
    if (!credential_copy_grant(credential, grant, err))
        return false;
    if (!grant->access_token && !grant->refresh_token) {
        grant_clear(grant);
        if (!grant_from_properties(credential, grant, err))
            return false;
    }
    const struct grant *saved = use && use->found ? &use->record.grant : NULL;
    bool done = !saved || (secret_set(&grant->access_token, saved->access_token) && secret_set(&grant->refresh_token, saved->refresh_token) &&
                            secret_set(&grant->other, saved->other)) ||
                error_memory(err);
    if (!done)
        grant_clear(grant);
    return done;
}

/* use: the settings file, locked; NULL where there is none. */
static bool sign_out(struct credential *credential, struct settings_use *use, bool *revoked, struct error *why, struct cancel *cancel,
                     struct error *err)
{
    struct grant grant, none = {.lifetime = -1};

    if (!find_tokens(credential, use, &grant, err))
        return false;
    *revoked = revoke(credential, &grant, cancel, why);
    if (!*revoked)
        log_write(credential->log, LOG_QUERY, "oauth", "the tokens were not taken back: %s", why->message);
    grant_clear(&grant);
    credential_use_grant(credential, &none);
    return !use || settings_use_forget(use, credential, err);
}

bool oauth_sign_out(struct credential *credential, bool *revoked, struct error *why, struct cancel *cancel, struct error *err)
{
    struct settings_use use;
    bool kept = grant_is_kept(credential);

    *revoked = false;
    credential_enter(credential);
    if (!credential->family)
        return error_set(err, "HY000", "With AuthScheme=%s there are no tokens that could be taken back", credential->scheme->name);
    if (!grant_enter_renewal(credential, cancel, err))
        return false;
    bool done = !kept || settings_use_begin(&use, credential, cancel, err);
    if (done) {
        done = sign_out(credential, kept ? &use : NULL, revoked, why, cancel, err);
        if (kept)
            settings_use_end(&use);
    }
    grant_leave_renewal(credential);
    return done;
}
