/* The user's password (RFC 6749 4.3), for services that know nothing better; only where OAuthGrantType asks for it. */
#include "base/error.h"
#include "base/property.h"
#include "oauth/family.h"
#include "oauth/service_grant.h"

static bool check(struct credential *credential, struct error *err)
{
    if (credential->initiate == INITIATE_OFF ||
        (credential_property(credential, PROPERTY_USER) && credential_property(credential, PROPERTY_PASSWORD)))
        return true;
    return error_set(err, "28000", "OAuthGrantType=PASSWORD needs User and Password");
}

static bool fetch(struct credential *credential, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                  struct error *err)
{
    const struct token_field fields[] = {
        {"username", credential_property(credential, PROPERTY_USER)},
        {"password", credential_property(credential, PROPERTY_PASSWORD)},
    };
    *refused = false;
    if (!fields[0].value || !fields[1].value)
        return error_set(err, "28000", "OAuthGrantType=PASSWORD needs User and Password");
    if (service_grant_fetch(credential, "password", fields, 2, false, lane, tokens, refused, cancel, err))
        return true;
    return *refused ? error_set(err, "28000", "%s does not accept this User and Password", credential->profile.provider) : false;
}

const struct grant_family family_password = {.name = "PASSWORD", .check = check, .fetch = fetch};
