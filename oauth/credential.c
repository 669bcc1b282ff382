/* The credential of one connection: which scheme it is, and what all schemes have in common. */
#include "oauth/credential.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/secret.h"
#include "oauth/state.h"

static const struct credential_scheme *const schemes[] = {&scheme_oauth2, &scheme_bearer, &scheme_none};

const struct credential_scheme scheme_none = {.name = "None"};

const char *credential_property(const struct credential *credential, enum property property)
{
    const char *text = properties_text(credential->properties, property);
    return text && *text ? text : NULL;
}

const char *credential_authorize_url(const struct credential *credential)
{
    const char *url = credential_property(credential, PROPERTY_OAUTH_AUTHORIZATION_URL);
    return url ? url : credential->profile.authorize_url;
}

const char *credential_token_url(const struct credential *credential)
{
    const char *url = credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN_URL);
    return url ? url : credential->profile.token_url;
}

const char *credential_refresh_url(const struct credential *credential)
{
    const char *url = credential_property(credential, PROPERTY_OAUTH_REFRESH_TOKEN_URL);
    if (!url && !credential_property(credential, PROPERTY_OAUTH_ACCESS_TOKEN_URL))
        url = credential->profile.refresh_url;
    return url ? url : credential_token_url(credential);
}

void grant_clear(struct grant *grant)
{
    secret_free(grant->access_token);
    secret_free(grant->refresh_token);
    free(grant->scope);
    *grant = (struct grant){.lifetime = -1};
}

bool credential_copy_grant(struct credential *credential, struct grant *copy, struct error *err)
{
    *copy = (struct grant){.lifetime = -1};
    pthread_mutex_lock(&credential->lock);
    const struct grant *grant = &credential->grant;
    bool copied = secret_set(&copy->access_token, grant->access_token) && secret_set(&copy->refresh_token, grant->refresh_token) &&
                  secret_set(&copy->scope, grant->scope);
    copy->lifetime = grant->lifetime;
    copy->issued = grant->issued;
    copy->issued_ticks = grant->issued_ticks;
    pthread_mutex_unlock(&credential->lock);
    if (copied)
        return true;
    grant_clear(copy);
    return error_memory(err);
}

void credential_use_grant(struct credential *credential, struct grant *grant)
{
    log_hide(credential->log, grant->access_token);
    log_hide(credential->log, grant->refresh_token);
    pthread_mutex_lock(&credential->lock);
    struct grant old = credential->grant;
    credential->grant = *grant;
    credential->not_before = 0;
    pthread_mutex_unlock(&credential->lock);
    grant_clear(&old);
    *grant = (struct grant){.lifetime = -1};
}

/* Whether "OAuth Bearer" holds this word. */
static bool has_word(const char *words, const char *word)
{
    for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
        size_t length = strcspn(words, " ");
        if (name_equal_length(words, length, word))
            return true;
        words += length;
    }
    return false;
}

static bool choose_scheme(struct credential *credential, struct error *err)
{
    const char *offered = credential->profile.schemes && *credential->profile.schemes ? credential->profile.schemes : "None";
    const char *wanted = credential_property(credential, PROPERTY_AUTH_SCHEME);
    char first[32] = "";

    if (!wanted) {
        size_t length = strcspn(offered, " ");
        memcpy(first, offered, length < sizeof first ? length : 0);
        wanted = first;
    } else if (!has_word(offered, wanted)) {
        return error_set(err, "HY000", "AuthScheme=%s is not possible with %s, which knows: %s", wanted, credential->profile.provider,
                         offered);
    }
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (name_equal(schemes[i]->name, wanted))
            credential->scheme = schemes[i];
    return credential->scheme ? true : error_set(err, "HY000", "The driver does not know the AuthScheme %s", wanted);
}

bool credential_allow(struct credential *credential, const char *url, struct error *err)
{
    bool known = credential->profile.service_url && url_same_origin(credential->profile.service_url, url);
    size_t most = sizeof credential->allowed / sizeof credential->allowed[0];

    pthread_mutex_lock(&credential->lock);
    for (size_t i = 0; i < credential->allowed_count && !known; i++)
        known = url_same_origin(credential->allowed[i], url);
    char *copy = known || credential->allowed_count == most ? NULL : strdup(url);
    if (copy)
        credential->allowed[credential->allowed_count++] = copy;
    pthread_mutex_unlock(&credential->lock);
    return known || copy || error_memory(err);
}

/* The credential leaves only for the service it belongs to, whoever made up the URL of the request. */
static bool is_own_host(struct credential *credential, const struct http_exchange *exchange, struct error *err)
{
    const char *service = credential->profile.service_url;
    bool own = service && url_same_origin(service, http_exchange_url(exchange));

    pthread_mutex_lock(&credential->lock);
    own |= !service && credential->allowed_count == 0;
    for (size_t i = 0; i < credential->allowed_count && !own; i++)
        own = url_same_origin(credential->allowed[i], http_exchange_url(exchange));
    pthread_mutex_unlock(&credential->lock);
    if (own)
        return true;
    struct buffer url;
    buffer_init(&url, 4096);
    url_print_hidden(&url, http_exchange_url(exchange));
    error_set(err, "08S01", "%.300s does not belong to %s (%.200s): the credential is not sent there", buffer_text(&url),
              credential->profile.provider, service ? service : credential->allowed[0]);
    buffer_clear(&url);
    return false;
}

static bool sign(struct http_signer *signer, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err)
{
    struct credential *credential = (struct credential *)signer;
    if (!credential->scheme->sign)
        return true;
    return is_own_host(credential, exchange, err) && credential->scheme->sign(credential, exchange, lane, cancel, err);
}

static bool refused(struct http_signer *signer, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    struct credential *credential = (struct credential *)signer;
    *again = false;
    if (!credential->scheme->refused)
        return true;
    return credential->scheme->refused(credential, response, lane, again, cancel, err);
}

static enum initiate read_initiate(const struct properties *properties)
{
    if (properties_choice(properties, PROPERTY_INITIATE_OAUTH, "GETANDREFRESH"))
        return INITIATE_GET_AND_REFRESH;
    return properties_choice(properties, PROPERTY_INITIATE_OAUTH, "REFRESH") ? INITIATE_REFRESH : INITIATE_OFF;
}

static void hide_given_secrets(const struct credential *credential)
{
    static const enum property secrets[] = {PROPERTY_OAUTH_CLIENT_SECRET, PROPERTY_OAUTH_ACCESS_TOKEN, PROPERTY_OAUTH_REFRESH_TOKEN,
                                            PROPERTY_OAUTH_VERIFIER, PROPERTY_PASSWORD};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        log_hide(credential->log, credential_property(credential, secrets[i]));
}

bool credential_open(const struct oauth_profile *profile, const struct properties *properties, struct http_client *client,
                     struct log *log, struct credential **credential, struct error *err)
{
    struct credential *made = calloc(1, sizeof *made);
    if (!made)
        return error_memory(err);
    made->signer = (struct http_signer){sign, refused};
    made->profile = *profile;
    made->properties = properties;
    made->client = client;
    made->log = log;
    made->initiate = read_initiate(properties);
    made->grant.lifetime = -1;
    pthread_mutex_init(&made->lock, NULL);
    pthread_mutex_init(&made->renewing, NULL);
    hide_given_secrets(made);

    if (!choose_scheme(made, err) || (made->scheme->open && !made->scheme->open(made, err))) {
        credential_close(made);
        return false;
    }
    *credential = made;
    return true;
}

void credential_close(struct credential *credential)
{
    if (!credential)
        return;
    grant_clear(&credential->grant);
    secret_free(credential->pending_state);
    secret_free(credential->pending_verifier);
    secret_free(credential->pending_callback);
    for (size_t i = 0; i < credential->allowed_count; i++)
        free(credential->allowed[i]);
    pthread_mutex_destroy(&credential->lock);
    pthread_mutex_destroy(&credential->renewing);
    free(credential);
}

bool credential_connect(struct credential *credential, struct cancel *cancel, struct error *err)
{
    return !credential->scheme->connect || credential->scheme->connect(credential, cancel, err);
}

struct http_signer *credential_signer(struct credential *credential)
{
    return &credential->signer;
}
