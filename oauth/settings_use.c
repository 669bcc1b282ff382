/* One use of the settings file by a credential. */
#include "oauth/settings_use.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/grant_jwt.h"

static struct settings_key key_of(const struct credential *credential)
{
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    const char *user = credential_property(credential, PROPERTY_USER);
    if (credential->family == &family_jwt) { /* where the application may have no client id, and its subject is its user */
        client = client ? client : grant_jwt_issuer(credential);
        user = user ? user : credential_property(credential, PROPERTY_OAUTH_JWT_SUBJECT);
    }
    return (struct settings_key){
        .provider = credential->profile.provider,
        .token_url = endpoint_server(credential),
        .client_id = client ? client : "",
        .user = user ? user : "",
        .client_secret = credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET),
    };
}

static void prepare(struct settings_use *use, const struct credential *credential)
{
    *use = (struct settings_use){.path = credential->settings, .lock = STORE_UNLOCKED, .record.grant.lifetime = -1};
}

bool settings_use_reread(struct settings_use *use, struct credential *credential, struct error *err)
{
    struct settings_key key = key_of(credential);
    int64_t skew;

    settings_record_clear(&use->record);
    if (!settings_read(use->path, &key, &use->record, &use->found, err))
        return false;
    /* What this connection has itself heard of the server's clock tells more than what another machine once did. */
    if (credential_skew(credential, &skew))
        use->record.grant.skew = skew;
    log_hide(credential->log, use->record.grant.access_token);
    log_hide(credential->log, use->record.grant.token_secret);
    log_hide(credential->log, use->record.grant.refresh_token);
    return true;
}

static bool read_record(struct settings_use *use, struct credential *credential, struct error *err)
{
    if (settings_use_reread(use, credential, err))
        return true;
    settings_use_end(use);
    return false;
}

bool settings_use_look(struct settings_use *use, struct credential *credential, struct error *err)
{
    prepare(use, credential);
    return read_record(use, credential, err);
}

bool settings_use_begin(struct settings_use *use, struct credential *credential, struct cancel *cancel, struct error *err)
{
    prepare(use, credential);
    if (!settings_lock(use->path, cancel, &use->lock, err)) {
        settings_use_end(use);
        return false;
    }
    return read_record(use, credential, err);
}

bool settings_use_has_room(const struct settings_use *use, struct error *err)
{
    return settings_have_room(use->path, err);
}

void settings_use_save(struct settings_use *use, struct credential *credential, const struct grant *grant)
{
    struct error err;
    struct settings_key key = key_of(credential);
    struct settings_record record = use->record;

    if (grant) {
        record.grant = *grant; /* only borrowed */
        record.pending = NULL;
        grant_know_given(credential, &record);
    }
    if (settings_write(use->path, &key, &record, &err))
        log_write(credential->log, LOG_REQUEST, "oauth", "the sign-in at %s was saved in %s", key.provider, use->path);
    else
        credential_note_unsaved(credential, &err);
}

bool settings_use_forget(const struct settings_use *use, const struct credential *credential, struct error *err)
{
    struct settings_key key = key_of(credential);
    return settings_remove(use->path, &key, err);
}

void settings_use_end(struct settings_use *use)
{
    settings_unlock(&use->lock);
    settings_record_clear(&use->record);
}
