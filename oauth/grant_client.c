/* Client credentials (RFC 6749 4.4): the application gets a token for itself. */
#include "base/error.h"
#include "base/property.h"
#include "oauth/family.h"
#include "oauth/service_grant.h"

static bool check(struct credential *credential, struct error *err)
{
    if (credential->initiate == INITIATE_OFF || credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET))
        return true;
    return error_set(err, "28000", "OAuthGrantType=CLIENT needs OAuthClientId and OAuthClientSecret: the application signs in itself");
}

static bool fetch(struct credential *credential, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                  struct error *err)
{
    return service_grant_fetch(credential, "client_credentials", NULL, 0, false, lane, tokens, refused, cancel, err);
}

const struct grant_family family_client = {.name = "CLIENT", .check = check, .fetch = fetch};
