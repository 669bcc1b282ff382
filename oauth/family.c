/* Which way to get tokens a connection goes. */
#include "oauth/family.h"

#include <string.h>

#include "base/error.h"
#include "base/name.h"

/* Those of OAuth 2.0. */
static const struct grant_family *const families[] = {&family_code, &family_password, &family_client, &family_jwt, &family_device};

const char *family_in_scheme(const char *scheme)
{
    static const struct {
        const char *scheme;
        const struct grant_family *family;
    } schemes[] = {
        {"OAuthPKCE", &family_code}, {"OAuthPassword", &family_password}, {"OAuthClient", &family_client}, {"OAuthJWT", &family_jwt},
    };
    for (size_t i = 0; scheme && i < sizeof schemes / sizeof schemes[0]; i++)
        if (name_equal(schemes[i].scheme, scheme))
            return schemes[i].family->name;
    return NULL;
}

/* Whether the service knows what is wanted. */
static bool is_offered(const struct credential *credential, enum property property, const char *wanted, const char *offered,
                       struct error *err)
{
    return name_among(offered, wanted) ||
           error_set(err, "HY000", "%s=%.40s is not possible with %s, which knows: %s", property_info(property)->name, wanted,
                     credential->profile.provider, offered);
}

/* Whether a list of words begins with this one. */
static bool begins_with(const char *words, const char *word)
{
    return name_equal_length(words, strcspn(words, " "), word);
}

static bool choose_version(const struct credential *credential, bool *first, struct error *err)
{
    const char *offered = credential->profile.versions ? credential->profile.versions : "2.0";
    const char *wanted = credential_property(credential, PROPERTY_OAUTH_VERSION);

    *first = wanted ? name_equal(wanted, family_oauth1.name) : begins_with(offered, family_oauth1.name);
    return !wanted || is_offered(credential, PROPERTY_OAUTH_VERSION, wanted, offered, err);
}

static bool choose_grant(const struct credential *credential, const struct grant_family **family, struct error *err)
{
    const char *offered = credential->profile.grants ? credential->profile.grants : family_code.name;
    const char *scheme = credential_property(credential, PROPERTY_AUTH_SCHEME), *in_scheme = family_in_scheme(scheme);
    const char *wanted = credential_property(credential, PROPERTY_OAUTH_GRANT_TYPE);

    if (wanted && in_scheme && !name_equal(wanted, in_scheme))
        return error_set(err, "HY000", "AuthScheme=%s and OAuthGrantType=%s contradict each other: set one of them", scheme, wanted);
    if (in_scheme)
        wanted = in_scheme;
    if (wanted && !is_offered(credential, PROPERTY_OAUTH_GRANT_TYPE, wanted, offered, err))
        return false;
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (wanted ? name_equal(wanted, families[i]->name) : begins_with(offered, families[i]->name)) {
            *family = families[i];
            return true;
        }
    return error_set(err, "HY000", "The driver knows none of the grants of %s: %s", credential->profile.provider, offered);
}

bool family_is_first_version(const struct credential *credential)
{
    struct error ignored;
    bool first;
    return credential->family && choose_version(credential, &first, &ignored) && first;
}

bool family_choose(const struct credential *credential, const struct grant_family **family, struct error *err)
{
    bool first;
    if (!choose_version(credential, &first, err))
        return false;
    const struct oauth_hooks *hooks = credential->profile.hooks;
    if (hooks && hooks->get) {
        *family = hooks->alone ? &family_hooked_alone : &family_hooked;
        return true;
    }
    if (first)
        *family = &family_oauth1;
    return first || choose_grant(credential, family, err);
}

bool family_of_mode(const struct credential *credential, const char *auth_mode, const struct grant_family **family, struct error *err)
{
    *family = credential->family;
    if (!auth_mode || !*auth_mode || name_equal(auth_mode, "APP") || name_equal(auth_mode, "WEB"))
        return true;
    if (!name_equal(auth_mode, "DEVICE"))
        return error_set(err, "HY000", "AuthMode must be APP, WEB or DEVICE, not \"%.40s\"", auth_mode);
    if (credential->family == &family_oauth1)
        return error_set(err, "HY000", "AuthMode=DEVICE belongs to OAuth 2.0; with OAuthVersion=1.0 it must be APP or WEB");
    *family = &family_device;
    return true;
}
