/* Getting, renewing and keeping a grant: the steps that connecting, signing and the procedures are made of. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/life_cycle.h"
#include "oauth/secret.h"
#include "oauth/settings.h"
#include "oauth/settings_use.h"
#include "oauth/token_endpoint.h"

bool grant_exchange_code(struct credential *credential, const char *code, const char *callback_url, const char *verifier,
                         struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    const struct token_field fields[] = {
        {"grant_type", "authorization_code"},
        {"code", code},
        {"redirect_uri", callback_url},
        {"code_verifier", verifier && *verifier ? verifier : NULL},
    };
    log_hide(credential->log, code);
    log_hide(credential->log, verifier);
    return token_request(credential, credential_token_url(credential), fields, 4, NULL, NULL, tokens, refused, cancel, err);
}

bool grant_renew(struct credential *credential, const char *refresh_token, const char *access_token, struct http_lane *lane,
                 struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    const struct token_field fields[] = {
        {"grant_type", "refresh_token"},
        {"refresh_token", refresh_token},
    };
    const char *bearer = credential->profile.bearer_on_refresh ? access_token : NULL;
    return token_request(credential, credential_refresh_url(credential), fields, 2, bearer, lane, tokens, refused, cancel, err);
}

bool grant_from_tokens(struct grant *grant, const struct oauth_tokens *tokens, const struct grant *old, struct error *err)
{
    const char *refresh = tokens->refresh_token;
    const char *scope = tokens->scope;
    if (!refresh && old)
        refresh = old->refresh_token;
    if (!scope && old)
        scope = old->scope;

    *grant = (struct grant){
        .lifetime = tokens->expires_in,
        .issued = (int64_t)time(NULL),
        .issued_ticks = clock_milliseconds(),
    };
    if (secret_set(&grant->access_token, tokens->access_token) && secret_set(&grant->refresh_token, refresh) &&
        secret_set(&grant->scope, scope))
        return true;
    grant_clear(grant);
    return error_memory(err);
}

bool grant_is_kept(const struct credential *credential)
{
    return credential->initiate != INITIATE_OFF || credential_property(credential, PROPERTY_OAUTH_SETTINGS_LOCATION);
}

bool grant_can_be_kept(struct credential *credential, struct cancel *cancel, struct error *err)
{
    struct settings_use use;
    if (!grant_is_kept(credential))
        return true;
    if (!settings_use_begin(&use, credential, cancel, err))
        return false;
    bool has_room = settings_use_has_room(&use, err);
    settings_use_end(&use);
    return has_room;
}

void grant_keep(struct credential *credential, struct grant *grant)
{
    struct settings_use use;
    struct error err;

    if (grant_is_kept(credential)) {
        if (settings_use_begin(&use, credential, NULL, &err)) {
            settings_use_save(&use, credential, grant);
            settings_use_end(&use);
        } else {
            log_write(credential->log, LOG_QUERY, "oauth", "the new tokens could not be saved and will be lost with this connection: %s",
                      err.message);
        }
    }
    credential_use_grant(credential, grant);
}

bool grant_enter_renewal(struct credential *credential, struct cancel *cancel, struct error *err)
{
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 20000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_mutex_timedlock(&credential->renewing, &until) == 0)
            return true;
        if (!cancel_check(cancel, err))
            return false;
    }
}

void grant_leave_renewal(struct credential *credential)
{
    pthread_mutex_unlock(&credential->renewing);
}

void grant_fingerprint_given(const struct credential *credential, char out[])
{
    const char *const texts[] = {credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN),
                                 credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN)};
    out[0] = '\0';
    if (texts[0] || texts[1])
        sealed_fingerprint(texts, 2, out);
}

void grant_fingerprint_verifier(const struct credential *credential, char out[])
{
    const char *const text = credential_property(credential, PROPERTY_OAUTH_VERIFIER);
    out[0] = '\0';
    if (text)
        sealed_fingerprint(&text, 1, out);
}
