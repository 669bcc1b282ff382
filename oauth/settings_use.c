/* One use of the settings file by a credential. */
#include "oauth/settings_use.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/life_cycle.h"

static struct settings_key key_of(const struct credential *credential)
{
    const char *token_url = credential_token_url(credential);
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    const char *user = credential_property(credential, PROPERTY_USER);
    return (struct settings_key){
        .provider = credential->profile.provider,
        .token_url = token_url ? token_url : "",
        .client_id = client ? client : "",
        .user = user ? user : "",
        .client_secret = credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET),
    };
}

static bool find_path(struct settings_use *use, const struct credential *credential, struct error *err)
{
    *use = (struct settings_use){.lock = -1, .record.grant.lifetime = -1};
    return settings_path(credential_property(credential, PROPERTY_OAUTH_SETTINGS_LOCATION), &use->path, err);
}

static bool read_record(struct settings_use *use, const struct credential *credential, struct error *err)
{
    struct settings_key key = key_of(credential);
    if (!settings_read(use->path, &key, &use->record, &use->found, &use->others, err)) {
        settings_use_end(use);
        return false;
    }
    log_hide(credential->log, use->record.grant.access_token);
    log_hide(credential->log, use->record.grant.refresh_token);
    return true;
}

bool settings_use_look(struct settings_use *use, const struct credential *credential, struct error *err)
{
    return find_path(use, credential, err) && read_record(use, credential, err);
}

bool settings_use_begin(struct settings_use *use, const struct credential *credential, struct cancel *cancel, struct error *err)
{
    if (!find_path(use, credential, err))
        return false;
    if (!settings_lock(use->path, cancel, &use->lock, err)) {
        use->lock = -1;
        settings_use_end(use);
        return false;
    }
    return read_record(use, credential, err);
}

bool settings_use_has_room(const struct settings_use *use, struct error *err)
{
    return settings_have_room(use->path, err);
}

void settings_use_save(struct settings_use *use, const struct credential *credential, const struct grant *grant)
{
    char fingerprint[SEALED_FINGERPRINT];
    struct error err;
    struct settings_key key = key_of(credential);
    struct settings_record record = use->record;

    record.grant = *grant; /* both only borrowed */
    grant_fingerprint_given(credential, fingerprint);
    if (*fingerprint)
        memcpy(record.given, fingerprint, sizeof fingerprint);
    grant_fingerprint_verifier(credential, fingerprint);
    if (*fingerprint)
        memcpy(record.verifier, fingerprint, sizeof fingerprint);
    if (settings_write(use->path, &key, &record, &err))
        log_write(credential->log, LOG_REQUEST, "oauth", "tokens of %s saved in %s", key.provider, use->path);
    else
        log_write(credential->log, LOG_QUERY, "oauth", "the new tokens could not be saved and will be lost with this connection: %s",
                  err.message);
}

void settings_use_end(struct settings_use *use)
{
    if (use->lock >= 0)
        settings_unlock(use->lock);
    use->lock = -1;
    settings_record_clear(&use->record);
    free(use->path);
    use->path = NULL;
}
