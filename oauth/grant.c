/* Getting, renewing and keeping a grant: the steps that connecting, signing and the procedures are made of. */
#include "oauth/grant.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/endpoint.h"
#include "oauth/home.h"
#include "oauth/secret.h"
#include "oauth/settings_use.h"
#include "oauth/token_endpoint.h"

const char *text_given(const char *input)
{
    return input && *input ? input : NULL;
}

bool grant_renew(struct credential *credential, const struct grant *present, struct http_lane *lane,
                 struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    const struct token_field fields[] = {
        {"grant_type", "refresh_token"},
        {"refresh_token", present->refresh_token},
    };
    const struct oauth_hooks *hooks = credential->profile.hooks;
    char error[TOKEN_ERROR];

    *refused = false;
    if (hooks && hooks->refresh) {
        *tokens = (struct oauth_tokens){.expires_in = -1};
        bool got = hooks->refresh(hooks->context, present->refresh_token, present->access_token, tokens, cancel, err);
        if (got && !tokens->access_token)
            got = error_set(err, "28000", "The script that renews the tokens of %s has pushed no OAuthAccessToken", credential->profile.provider);
        *refused = !got && strcmp(err->sqlstate, "28000") == 0;
        if (!got)
            oauth_tokens_clear(tokens);
        return got;
    }
    char *home = home_kept(&credential->profile, present->other);
    struct token_request request = {.endpoint = ENDPOINT_REFRESH, .fields = fields, .count = 2, .lane = lane, .home = home};
    if (credential->profile.bearer_on_refresh)
        request.bearer = present->access_token;
    bool done = token_get(credential, &request, tokens, error, cancel, err);
    *refused = token_is_over(error);
    if (done && !home_keep(&credential->profile, home, tokens, err)) {
        oauth_tokens_clear(tokens);
        done = false;
    }
    free(home);
    return done;
}

bool grant_from_tokens(struct credential *credential, struct grant *grant, const struct oauth_tokens *tokens, const struct grant *old,
                       struct error *err)
{
    const char *refresh = tokens->refresh_token, *scope = tokens->scope, *other = tokens->other;
    if (!refresh && old)
        refresh = old->refresh_token;
    if (!scope && old)
        scope = old->scope;
    if (!other && old)
        other = old->other;

    int64_t now = (int64_t)time(NULL);
    int64_t clock = credential_clock(credential);
    *grant = (struct grant){.lifetime = tokens->expires_in, .issued = clock, .skew = clock - now, .issued_ticks = clock_milliseconds()};
    if (secret_set(&grant->access_token, tokens->access_token) && secret_set(&grant->token_secret, tokens->token_secret) &&
        secret_set(&grant->refresh_token, refresh) && secret_set(&grant->scope, scope) && secret_set(&grant->other, other))
        return true;
    grant_clear(grant);
    return error_memory(err);
}

/* When OAuthAccessToken was issued: now, unless OAuthTokenTimestamp says it (in seconds or milliseconds). */
static int64_t given_issued(const struct credential *credential)
{
    int64_t stamp = properties_number(credential->properties, PROPERTY_OAUTH_TOKEN_TIMESTAMP);
    if (stamp <= 0)
        return (int64_t)time(NULL);
    return stamp > 100000000000 ? stamp / 1000 : stamp;
}

bool grant_from_properties(const struct credential *credential, struct grant *grant, struct error *err)
{
    long lifetime = properties_number(credential->properties, PROPERTY_OAUTH_EXPIRES_IN);

    *grant = (struct grant){.lifetime = lifetime > 0 ? lifetime : -1, .issued = given_issued(credential)};
    if (secret_set(&grant->access_token, credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN)) &&
        secret_set(&grant->token_secret, credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN_SECRET)) &&
        secret_set(&grant->refresh_token, credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN)))
        return true;
    grant_clear(grant);
    return error_memory(err);
}

/* --- keeping --- */

bool grant_is_kept(const struct credential *credential)
{
    return credential->settings != NULL;
}

bool grant_can_be_kept(struct credential *credential, char **pending, struct cancel *cancel, struct error *err)
{
    struct settings_use use;
    if (pending)
        *pending = NULL;
    if (!grant_is_kept(credential))
        return true;
    if (!settings_use_begin(&use, credential, cancel, err))
        return false;
    bool done = settings_use_has_room(&use, err);
    if (done && pending) {
        *pending = use.record.pending;
        use.record.pending = NULL;
    }
    settings_use_end(&use);
    return done;
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
            credential_note_unsaved(credential, &err);
        }
    }
    credential_use_grant(credential, grant);
}

void grant_keep_pending(struct credential *credential, const char *pending)
{
    struct settings_use use;
    struct error err;

    if (!settings_use_begin(&use, credential, NULL, &err)) {
        credential_note_unsaved(credential, &err);
        return;
    }
    if (secret_set(&use.record.pending, pending))
        settings_use_save(&use, credential, NULL);
    settings_use_end(&use);
}

/* --- one at a time --- */

bool grant_enter_renewal(struct credential *credential, struct cancel *cancel, struct error *err)
{
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 20000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_mutex_clocklock(&credential->renewing, CLOCK_MONOTONIC, &until) == 0)
            return true;
        if (!cancel_check(cancel, err))
            return false;
    }
}

void grant_leave_renewal(struct credential *credential)
{
    pthread_mutex_unlock(&credential->renewing);
}

/* --- what the connection string holds, seen before or not --- */

static const char *given_text(const struct credential *credential, enum settings_given given)
{
    static const enum property properties[GIVEN_THINGS] = {
        [GIVEN_ACCESS_TOKEN] = PROPERTY_OAUTH_ACCESS_TOKEN, [GIVEN_TOKEN_SECRET] = PROPERTY_OAUTH_ACCESS_TOKEN_SECRET,
        [GIVEN_REFRESH_TOKEN] = PROPERTY_OAUTH_REFRESH_TOKEN, [GIVEN_VERIFIER] = PROPERTY_OAUTH_VERIFIER,
    };
    return credential_property(credential, properties[given]);
}

bool grant_is_given_anew(const struct credential *credential, const struct settings_record *record, enum settings_given given)
{
    const char *const saved[GIVEN_THINGS] = {
        [GIVEN_ACCESS_TOKEN] = record->grant.access_token, [GIVEN_TOKEN_SECRET] = record->grant.token_secret,
        [GIVEN_REFRESH_TOKEN] = record->grant.refresh_token,
    };
    const char *text = given_text(credential, given);
    char fingerprint[SEALED_FINGERPRINT] = "";

    if (!text || (saved[given] && secret_equal(text, saved[given])))
        return false;
    return !sealed_fingerprint(&text, 1, fingerprint) || strcmp(fingerprint, record->known[given]) != 0;
}

void grant_know_given(const struct credential *credential, struct settings_record *record)
{
    for (int i = 0; i < GIVEN_THINGS; i++) {
        const char *text = given_text(credential, (enum settings_given)i);
        if (text)
            sealed_fingerprint(&text, 1, record->known[i]);
    }
}
