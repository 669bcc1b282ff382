/* The credential of one connection: which scheme it is, and what all schemes have in common. */
#include "oauth/credential.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "base/warnings.h"
#include "http/url.h"
#include "oauth/discovery.h"
#include "oauth/family.h"
#include "oauth/private_key.h"
#include "oauth/secret.h"
#include "oauth/settings.h"
#include "oauth/state.h"

static const struct credential_scheme *const schemes[] = {&scheme_oauth2, &scheme_bearer, &scheme_basic, &scheme_digest, &scheme_ntlm,
                                                          &scheme_negotiate, &scheme_none};

const struct credential_scheme scheme_none = {.name = "None"};

void oauth_question_clear(struct oauth_question *question)
{
    secret_free(question->url);
    secret_free(question->callback_url);
    secret_free(question->state);
    secret_free(question->pkce_verifier);
    secret_free(question->auth_token);
    secret_free(question->auth_key);
    secret_free(question->user_code);
    secret_free(question->device_code);
    *question = (struct oauth_question){0};
}

const char *credential_property(const struct credential *credential, enum property property)
{
    const char *text = properties_text(credential->properties, property);
    if (text && *text)
        return text;
    /* An application of the definition's own takes the place of one that nobody names: both of its words or none. */
    const char *id = properties_text(credential->properties, PROPERTY_OAUTH_CLIENT_ID);
    bool own = id && *id;
    return property == PROPERTY_OAUTH_CLIENT_ID ? credential->profile.client_id
           : property == PROPERTY_OAUTH_CLIENT_SECRET && !own ? credential->profile.client_secret : NULL;
}

bool credential_skew(struct credential *credential, int64_t *skew)
{
    pthread_mutex_lock(&credential->lock);
    bool known = credential->skew_known;
    *skew = credential->skew;
    pthread_mutex_unlock(&credential->lock);
    return known;
}

int64_t credential_clock(struct credential *credential)
{
    int64_t skew;
    credential_skew(credential, &skew);
    return (int64_t)time(NULL) + skew;
}

bool credential_learn_clock(struct credential *credential, const struct http_response *response)
{
    int64_t date = http_response_date(response);
    if (date <= 0)
        return false;
    pthread_mutex_lock(&credential->lock);
    credential->skew = date - (int64_t)time(NULL);
    credential->skew_known = true;
    pthread_mutex_unlock(&credential->lock);
    return true;
}

void grant_clear(struct grant *grant)
{
    secret_free(grant->access_token);
    secret_free(grant->token_secret);
    secret_free(grant->refresh_token);
    free(grant->scope);
    secret_free(grant->other);
    *grant = (struct grant){.lifetime = -1};
}

void grant_take(struct grant *to, struct grant *from)
{
    grant_clear(to);
    *to = *from;
    *from = (struct grant){.lifetime = -1};
}

bool credential_copy_grant(struct credential *credential, struct grant *copy, struct error *err)
{
    pthread_mutex_lock(&credential->lock);
    const struct grant *grant = &credential->grant;
    *copy = *grant;
    copy->access_token = copy->token_secret = copy->refresh_token = copy->scope = copy->other = NULL;
    bool copied = secret_set(&copy->access_token, grant->access_token) && secret_set(&copy->token_secret, grant->token_secret) &&
                  secret_set(&copy->refresh_token, grant->refresh_token) && secret_set(&copy->scope, grant->scope) &&
                  secret_set(&copy->other, grant->other);
    pthread_mutex_unlock(&credential->lock);
    if (copied)
        return true;
    grant_clear(copy);
    return error_memory(err);
}

void credential_use_grant(struct credential *credential, struct grant *grant)
{
    log_hide(credential->log, grant->access_token);
    log_hide(credential->log, grant->token_secret);
    log_hide(credential->log, grant->refresh_token);
    pthread_mutex_lock(&credential->lock);
    struct grant old = credential->grant;
    credential->grant = *grant;
    credential->not_before = 0;
    pthread_mutex_unlock(&credential->lock);
    grant_clear(&old);
    *grant = (struct grant){.lifetime = -1};
}

static const struct credential_scheme *find_scheme(const char *name)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (name_equal(schemes[i]->name, name))
            return schemes[i];
    return NULL;
}

static bool choose_scheme(struct credential *credential, struct error *err)
{
    const char *offered = credential->profile.schemes && *credential->profile.schemes ? credential->profile.schemes : "None";
    const char *wanted = credential_property(credential, PROPERTY_AUTH_SCHEME);
    char first[32] = "";

    if (family_in_scheme(wanted))
        wanted = scheme_oauth2.name;
    if (!wanted) {
        size_t length = strcspn(offered, " ");
        memcpy(first, offered, length < sizeof first ? length : 0);
        wanted = first;
    } else if (!name_among(offered, wanted)) {
        return error_set(err, "HY000", "AuthScheme=%s is not possible with %s%s%s, which knows: %s", wanted, credential->profile.provider,
                         credential->profile.schema ? " " : "", credential->profile.schema ? credential->profile.schema : "", offered);
    }
    credential->scheme = find_scheme(wanted);
    if (!credential->scheme)
        return error_set(err, "HY000", "The driver does not know the AuthScheme %s", wanted);
    if (credential->scheme != &scheme_oauth2)
        return true;
    if (!family_choose(credential, &credential->family, err))
        return false;
    if (family_is_first_version(credential))
        credential->scheme = &scheme_oauth1;
    return true;
}

void credential_note_unsaved(struct credential *credential, const struct error *err)
{
    log_write(credential->log, LOG_QUERY, "oauth", "the new tokens could not be saved and will be lost with this connection: %s",
              err->message);
    pthread_mutex_lock(&credential->lock);
    free(credential->unsaved);
    credential->unsaved = strdup(err->message);
    pthread_mutex_unlock(&credential->lock);
}

void credential_warn(struct credential *credential, struct warnings *warnings)
{
    pthread_mutex_lock(&credential->lock);
    char *why = credential->unsaved;
    credential->unsaved = NULL;
    pthread_mutex_unlock(&credential->lock);
    if (why)
        warnings_add(warnings, "unsaved tokens", "01000", "The new tokens of %s could not be saved; they serve this connection, but the next "
                     "one may have to sign in again: %s", credential->profile.provider, why);
    free(why);
}

bool credential_told(struct credential *credential, const char *member, struct buffer *out)
{
    pthread_mutex_lock(&credential->lock);
    json_t *others = credential->grant.other ? json_loads(credential->grant.other, 0, NULL) : NULL;
    pthread_mutex_unlock(&credential->lock);
    const char *text = json_string_value(json_object_get(others, member));
    bool told = text && buffer_append_text(out, text);
    json_decref(others);
    return told;
}

bool credential_token(struct credential *credential, struct buffer *out)
{
    pthread_mutex_lock(&credential->lock);
    const char *token = credential->grant.access_token;
    bool there = token && buffer_append_text(out, token);
    pthread_mutex_unlock(&credential->lock);
    return there;
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
    pthread_mutex_lock(&credential->lock);
    const char *service = credential->profile.service_url;
    bool own = service && url_same_origin(service, http_exchange_url(exchange));
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

void credential_enter(struct credential *credential)
{
    if (credential->process == getpid())
        return;
    credential->process = getpid();
    pthread_mutex_init(&credential->lock, NULL);
    pthread_mutex_init(&credential->renewing, NULL);
}

static bool sign(struct http_signer *signer, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err)
{
    struct credential *credential = (struct credential *)signer;
    credential_enter(credential);
    if (!credential->scheme->sign)
        return true;
    return is_own_host(credential, exchange, err) && credential->scheme->sign(credential, exchange, lane, cancel, err);
}

static bool refused(struct http_signer *signer, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    struct credential *credential = (struct credential *)signer;
    credential_enter(credential);
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
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (property_info((enum property)i)->secret)
            log_hide(credential->log, credential_property(credential, (enum property)i));
}

/* Where tokens are kept: with InitiateOAuth always, else where it is said. */
static bool find_settings(struct credential *credential, struct error *err)
{
    const char *location = credential_property(credential, PROPERTY_OAUTH_SETTINGS_LOCATION);
    const char *source = credential_property(credential, PROPERTY_DSN);

    if (!credential->family || (credential->initiate == INITIATE_OFF && !location))
        return true;
    return settings_path(location, source ? source : credential->profile.provider, &credential->settings, err);
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
    made->process = getpid();
    made->initiate = read_initiate(properties);
    made->grant.lifetime = -1;
    pthread_mutex_init(&made->lock, NULL);
    pthread_mutex_init(&made->renewing, NULL);
    hide_given_secrets(made);

    if (!choose_scheme(made, err) || !find_settings(made, err) || (made->scheme->open && !made->scheme->open(made, err))) {
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
    oauth_question_clear(&credential->pending);
    discovery_free(credential->discovery);
    free(credential->unsaved);
    free(credential->settings);
    private_key_close(credential->key);
    for (size_t i = 0; i < credential->allowed_count; i++)
        free(credential->allowed[i]);
    pthread_mutex_destroy(&credential->lock);
    pthread_mutex_destroy(&credential->renewing);
    free(credential);
}

bool credential_connect(struct credential *credential, struct cancel *cancel, struct error *err)
{
    credential_enter(credential);
    return !credential->scheme->connect || credential->scheme->connect(credential, cancel, err);
}

struct http_signer *credential_signer(struct credential *credential)
{
    return &credential->signer;
}
