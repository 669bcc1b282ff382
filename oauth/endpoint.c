/* Where the authorization server's endpoints are. */
#include "oauth/endpoint.h"

#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "http/url.h"
#include "oauth/discovery.h"

/* Where each may stand. A definition's relative URLs are made whole before the credential is opened. */
static const struct {
    enum property property;
    size_t profile, discovery;   /* offsets of members; SIZE_MAX where there is none */
} places[ENDPOINTS] = {
    [ENDPOINT_AUTHORIZE] = {PROPERTY_OAUTH_AUTHORIZATION_URL, offsetof(struct oauth_profile, authorize_url),
                            offsetof(struct discovery, authorize_url)},
    [ENDPOINT_TOKEN] = {PROPERTY_OAUTH_ACCESS_TOKEN_URL, offsetof(struct oauth_profile, token_url), offsetof(struct discovery, token_url)},
    [ENDPOINT_REFRESH] = {PROPERTY_OAUTH_REFRESH_TOKEN_URL, offsetof(struct oauth_profile, refresh_url), SIZE_MAX},
    [ENDPOINT_REQUEST_TOKEN] = {PROPERTY_OAUTH_REQUEST_TOKEN_URL, offsetof(struct oauth_profile, request_token_url), SIZE_MAX},
    [ENDPOINT_DEVICE] = {PROPERTY_OAUTH_DEVICE_AUTHORIZATION_URL, offsetof(struct oauth_profile, device_url),
                         offsetof(struct discovery, device_url)},
    [ENDPOINT_REVOKE] = {PROPERTY_OAUTH_REVOCATION_URL, offsetof(struct oauth_profile, revoke_url), offsetof(struct discovery, revoke_url)},
};

static const char *member(const void *structure, size_t offset)
{
    const char *text;
    memcpy(&text, (const char *)structure + offset, sizeof text);
    return text && *text ? text : NULL;
}

const char *endpoint_property(enum endpoint endpoint)
{
    return property_info(places[endpoint].property)->name;
}

const char *endpoint_issuer(const struct credential *credential)
{
    const char *issuer = credential_property(credential, PROPERTY_OAUTH_ISSUER);
    return issuer ? issuer : credential->profile.issuer;
}

static struct discovery *found_discovery(struct credential *credential)
{
    pthread_mutex_lock(&credential->lock);
    struct discovery *discovery = credential->discovery; /* once set it stays until the credential is closed */
    pthread_mutex_unlock(&credential->lock);
    return discovery;
}

bool endpoint_promises_issuer(struct credential *credential)
{
    const struct discovery *discovery = found_discovery(credential);
    return discovery && discovery->promises_issuer;
}

bool endpoint_wants_body(struct credential *credential)
{
    const struct discovery *discovery = found_discovery(credential);
    return discovery && discovery->client_in_body;
}

/* An issuer that the user names tells more than the definition, whose endpoints are those of another one. */
static bool issuer_is_given(const struct credential *credential)
{
    return credential_property(credential, PROPERTY_OAUTH_ISSUER) != NULL;
}

/* What stands in property or definition, without any fallback. */
static const char *written(const struct credential *credential, enum endpoint endpoint)
{
    const char *url = credential_property(credential, places[endpoint].property);
    if (!url && !issuer_is_given(credential))
        url = member(&credential->profile, places[endpoint].profile);
    return url;
}

static const char *known(const struct credential *credential, enum endpoint endpoint, const struct discovery *discovery)
{
    bool beside_token = endpoint == ENDPOINT_REFRESH || endpoint == ENDPOINT_REVOKE;
    const char *url = written(credential, endpoint);
    /* The definition's belong to its own token endpoint. */
    if (beside_token && !credential_property(credential, places[endpoint].property) &&
        credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN_URL))
        url = NULL;
    if (endpoint == ENDPOINT_REFRESH)
        return url ? url : known(credential, ENDPOINT_TOKEN, discovery);
    if (!url && discovery && places[endpoint].discovery != SIZE_MAX)
        url = member(discovery, places[endpoint].discovery);
    return url;
}

const char *endpoint_known(struct credential *credential, enum endpoint endpoint)
{
    return known(credential, endpoint, found_discovery(credential));
}

bool endpoint_is_told(const struct credential *credential, enum endpoint endpoint)
{
    return known(credential, endpoint, NULL) || (endpoint != ENDPOINT_REQUEST_TOKEN && endpoint_issuer(credential));
}

bool endpoint_is_given(const struct credential *credential, enum endpoint endpoint)
{
    bool beside_token = endpoint == ENDPOINT_REFRESH || endpoint == ENDPOINT_REVOKE;
    return credential_property(credential, places[endpoint].property) || issuer_is_given(credential) ||
           (beside_token && credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN_URL));
}

const char *endpoint_server(const struct credential *credential)
{
    const char *url = known(credential, ENDPOINT_TOKEN, NULL);
    if (!url)
        url = endpoint_issuer(credential);
    return url ? url : "";
}

/* Two threads may ask at the same time: the first answer counts. */
static bool discover(struct credential *credential, const char *issuer, struct http_lane *lane, const struct discovery **discovery,
                     struct cancel *cancel, struct error *err)
{
    struct discovery *made;
    if (!discovery_fetch(credential, issuer, lane, &made, cancel, err))
        return false;
    pthread_mutex_lock(&credential->lock);
    struct discovery *spare = credential->discovery ? made : NULL;
    if (!spare)
        credential->discovery = made;
    *discovery = credential->discovery;
    pthread_mutex_unlock(&credential->lock);
    discovery_free(spare);
    return true;
}

static bool not_told(const struct credential *credential, enum endpoint endpoint, struct error *err)
{
    static const char *const purposes[ENDPOINTS] = {
        [ENDPOINT_AUTHORIZE] = "to sign in at", [ENDPOINT_TOKEN] = "to get tokens at", [ENDPOINT_REFRESH] = "to renew tokens at",
        [ENDPOINT_REQUEST_TOKEN] = "to get request tokens at", [ENDPOINT_DEVICE] = "to begin the sign-in of a device at",
        [ENDPOINT_REVOKE] = "to take tokens back at",
    };
    const char *issuer = endpoint_issuer(credential);
    return error_set(err, "HY000", "%s names no address %s%s%.200s: set %s", credential->profile.provider, purposes[endpoint],
                     issuer ? ", nor does its issuer " : "", issuer ? issuer : "", endpoint_property(endpoint));
}

bool endpoint_find(struct credential *credential, enum endpoint endpoint, struct http_lane *lane, const char **url, struct cancel *cancel,
                   struct error *err)
{
    const struct discovery *discovery = found_discovery(credential);
    const char *issuer = endpoint_issuer(credential);

    *url = known(credential, endpoint, discovery);
    if (!*url && issuer && !discovery && places[endpoint].property != PROPERTY_OAUTH_REQUEST_TOKEN_URL) {
        if (!discover(credential, issuer, lane, &discovery, cancel, err))
            return false;
        *url = known(credential, endpoint, discovery);
    }
    return *url ? url_is_allowed(*url, endpoint_property(endpoint), err) : not_told(credential, endpoint, err);
}
