/* The operations of API scripts: a credential of their own, made of the script's inputs over the connection's properties. */
#include "oauth/operation.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/client.h"
#include "http/url.h"
#include "oauth/credential.h"
#include "oauth/parameters.h"
#include "oauth/secret.h"

enum { LONGEST_NAME = 64, LONGEST_PARAMETERS = 64 * 1024, STANDARD_TIMEOUT = 60 /* seconds */ };

/* One run of an operation. */
struct run {
    const struct oauth_operation *operation;
    struct properties properties;            /* the connection's, with the inputs over them */
    struct log *log;                         /* of its own where LogFile is given */
    struct http_client *client;
    struct credential *credential;
};

/* --- inputs --- */

/* Without underscores: "Sign_Method" is SignMethod. False when it is too long to be any of ours. */
static bool plain_name(const char *name, char out[LONGEST_NAME])
{
    size_t length = 0;
    for (; *name; name++) {
        if (*name == '_')
            continue;
        if (length + 1 == LONGEST_NAME)
            return false;
        out[length++] = *name;
    }
    out[length] = '\0';
    return true;
}

/* The value of an input, NULL where it is not given or empty. */
static const char *input(const struct run *run, const char *name)
{
    const struct oauth_operation *operation = run->operation;
    char plain[LONGEST_NAME];

    for (size_t i = operation->input_count; i-- > 0;) {
        const struct oauth_item *item = &operation->inputs[i];
        if (plain_name(item->name, plain) && name_equal(plain, name))
            return item->value && *item->value ? item->value : NULL;
    }
    return NULL;
}

static const char *either(const char *first, const char *second)
{
    return first ? first : second;
}

/* What such a script may ask for and the driver has no way to do; the words that ask for nothing special are fine. */
static bool check_wishes(const struct run *run, struct error *err)
{
    static const struct {
        const char *name, *fine;
    } wishes[] = {
        {"ProxyAuto", "FALSE"}, {"ProxyAuthToken", ""}, {"ProxySSLType", "AUTO ALWAYS NEVER TUNNEL"},
        {"FirewallType", "NONE TUNNEL SOCKS4 SOCKS5"},
    };
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        const char *value = input(run, wishes[i].name);
        enum property property;
        if (value && !properties_find(wishes[i].name, &property) && !name_among(wishes[i].fine, value))
            return error_set(err, "HYC00", "oauthGetAccessToken can not do %s=%.40s", wishes[i].name, value);
    }
    return true;
}

/* The grant that GrantType means, in the words of OAuthGrantType, or REFRESH. NULL: not given. */
static const char *grant_of(const struct run *run)
{
    static const struct {
        const char *word, *grant;
    } words[] = {
        {"authorization_code", "CODE"}, {"client_credentials", "CLIENT"}, {"password", "PASSWORD"}, {"refresh_token", "REFRESH"},
        {"urn:ietf:params:oauth:grant-type:jwt-bearer", "JWT"}, {"urn:ietf:params:oauth:grant-type:device_code", "DEVICE"},
    };
    const char *given = either(input(run, "GrantType"), input(run, "OAuthGrantType"));
    for (size_t i = 0; given && i < sizeof words / sizeof words[0]; i++)
        if (name_equal(given, words[i].word))
            return words[i].grant;
    return given;
}

static bool is_refresh(const struct run *run)
{
    const char *grant = grant_of(run);
    return grant && name_equal(grant, "REFRESH");
}

/* Whether a property is about signing in or about the way there: a script may hold attributes that happen to be called like others. */
static bool concerns(enum property property)
{
    static const char *const categories[] = {"Authentication", "OAuth", "TLS", "Proxy"};
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++)
        if (strcmp(property_category(property), categories[i]) == 0)
            return property != PROPERTY_OAUTH_GRANT_TYPE;
    return false;
}

/* Every input that is a connection property's name takes its place. Those that mean something else here, and where tokens are kept, stay
 * away. */
static bool override_properties(struct run *run, struct error *err)
{
    const struct oauth_operation *operation = run->operation;
    char plain[LONGEST_NAME];
    enum property property;

    for (size_t i = 0; i < operation->input_count; i++) {
        const struct oauth_item *item = &operation->inputs[i];
        if (!item->value || !*item->value || !plain_name(item->name, plain) || !properties_find(plain, &property) ||
            !concerns(property))
            continue;
        if (!properties_override(&run->properties, property, item->value, err))
            return false;
    }
    return properties_override(&run->properties, PROPERTY_AUTH_SCHEME, "OAuth", err) &&
           properties_override(&run->properties, PROPERTY_INITIATE_OAUTH, "OFF", err) &&
           properties_override(&run->properties, PROPERTY_OAUTH_SETTINGS_LOCATION, NULL, err) &&
           properties_override(&run->properties, PROPERTY_OAUTH_ACCESS_TOKEN, NULL, err) &&
           properties_override(&run->properties, PROPERTY_OAUTH_ACCESS_TOKEN_SECRET, NULL, err);
}

static bool override_both(struct run *run, enum property property, const char *scheme, const char *value, struct error *err)
{
    struct buffer text;

    buffer_init(&text, 4096);
    bool done = (buffer_printf(&text, "%s%s", scheme, value) || error_memory(err)) && properties_override(&run->properties, property, text.data, err);
    buffer_clear(&text);
    return done;
}

/* A firewall is a proxy of another kind, and comes before one. */
static bool set_firewall(struct run *run, struct error *err)
{
    static const struct {
        const char *type, *scheme;
    } schemes[] = {{"TUNNEL", "http://"}, {"SOCKS4", "socks4a://"}, {"SOCKS5", "socks5h://"}};
    const char *type = input(run, "FirewallType"), *server = input(run, "FirewallServer"), *port = input(run, "FirewallPort");

    for (size_t i = 0; type && i < sizeof schemes / sizeof schemes[0]; i++) {
        if (!name_equal(type, schemes[i].type))
            continue;
        if (!server)
            return error_set(err, "HY000", "FirewallType=%s needs FirewallServer", schemes[i].type);
        return override_both(run, PROPERTY_PROXY_SERVER, schemes[i].scheme, server, err) &&
               properties_override(&run->properties, PROPERTY_PROXY_PORT, port ? port : i == 0 ? "80" : "1080", err) &&
               properties_override(&run->properties, PROPERTY_PROXY_USER, input(run, "FirewallUser"), err) &&
               properties_override(&run->properties, PROPERTY_PROXY_PASSWORD, input(run, "FirewallPassword"), err);
    }
    return true;
}

/* What Proxy_SSLType says of the proxy. */
static bool set_proxy(struct run *run, struct error *err)
{
    const char *type = input(run, "ProxySSLType"), *server = properties_text(&run->properties, PROPERTY_PROXY_SERVER);

    bool secure = type && name_equal(type, "ALWAYS") && server && *server && !strstr(server, "://");
    return !secure || override_both(run, PROPERTY_PROXY_SERVER, "https://", server, err);
}

/* OAuthParam:NAME and PostData join OAuthParams. */
static bool join_parameters(struct run *run, struct error *err)
{
    static const char prefix[] = "OAuthParam:";
    const struct oauth_operation *operation = run->operation;
    struct buffer joined;

    buffer_init(&joined, LONGEST_PARAMETERS);
    bool done = parameters_add(&joined, true, properties_text(&run->properties, PROPERTY_OAUTH_PARAMS), "OAuthParams", err) &&
                parameters_add(&joined, true, input(run, "PostData"), "PostData", err);
    for (size_t i = 0; done && i < operation->input_count; i++) {
        const struct oauth_item *item = &operation->inputs[i];
        struct buffer pair;
        if (strncasecmp(item->name, prefix, sizeof prefix - 1) != 0 || !item->name[sizeof prefix - 1] || !item->value)
            continue;
        buffer_init(&pair, LONGEST_PARAMETERS);
        done = url_add_parameter(&pair, item->name + sizeof prefix - 1, item->value, true) || error_memory(err);
        done = done && parameters_add(&joined, true, pair.data, prefix, err);
        buffer_clear(&pair);
    }
    done = done && properties_override(&run->properties, PROPERTY_OAUTH_PARAMS, joined.length ? joined.data : NULL, err);
    buffer_clear(&joined);
    return done;
}

static bool choose_grant(struct run *run, struct error *err)
{
    const char *grant = grant_of(run);
    if (!properties_text(&run->properties, PROPERTY_OAUTH_VERSION) && !properties_override(&run->properties, PROPERTY_OAUTH_VERSION, "1.0", err))
        return false;
    if (grant && name_equal(grant, "REFRESH"))
        grant = "CODE"; /* it is not asked for again */
    return !grant || properties_override(&run->properties, PROPERTY_OAUTH_GRANT_TYPE, grant, err);
}

/* --- the run --- */

static void end(struct run *run)
{
    credential_close(run->credential);
    http_client_close(run->client);
    if (run->log != run->operation->log)
        log_close(run->log);
    properties_clear(&run->properties);
}

static bool open_credential(struct run *run, struct error *err)
{
    const struct oauth_profile profile = {
        .provider = run->operation->provider, .schemes = "OAuth", .versions = "1.0 2.0", .grants = "CODE PASSWORD CLIENT JWT DEVICE", .pkce = true,
    };
    const char *file = input(run, "LogFile");

    if (file && !log_open(file, LOG_HEADER, &run->log, err)) {
        run->log = run->operation->log;
        return false;
    }
    return http_client_open(&run->properties, run->log, &run->client, err) &&
           credential_open(&profile, &run->properties, run->client, run->log, &run->credential, err);
}

static bool begin(struct run *run, const struct oauth_operation *operation, struct error *err)
{
    *run = (struct run){.operation = operation, .log = operation->log};
    if (!properties_copy(&run->properties, operation->properties, err))
        return false;
    if (check_wishes(run, err) && override_properties(run, err) && set_proxy(run, err) && set_firewall(run, err) && join_parameters(run, err) && choose_grant(run, err) &&
        open_credential(run, err))
        return true;
    end(run);
    return false;
}

/* Timeout bounds the whole operation; what bounds the caller bounds it, too. */
struct bound {
    struct cancel own;
    struct cancel *cancel;
    int64_t before;
    long seconds;
};

static bool bound_begin(struct bound *bound, const struct run *run, struct cancel *cancel, struct error *err)
{
    const char *given = input(run, "Timeout");
    char *rest = NULL;
    long seconds = given ? strtol(given, &rest, 10) : STANDARD_TIMEOUT;

    if (given && (*rest || seconds < 0 || seconds > 86400))
        return error_set(err, "HY000", "Timeout=%.40s is not possible: it takes a number of seconds from 0 to 86400", given);
    cancel_init(&bound->own);
    bound->cancel = cancel ? cancel : &bound->own;
    bound->before = bound->cancel->deadline;
    bound->seconds = seconds;
    int64_t deadline = seconds ? clock_milliseconds() + seconds * 1000 : 0;
    if (deadline && (!bound->before || deadline < bound->before))
        bound->cancel->deadline = deadline;
    return true;
}

static bool bound_end(struct bound *bound, bool done, struct error *err)
{
    bool ours = bound->cancel->deadline != bound->before;
    bound->cancel->deadline = bound->before;
    cancel_clear(&bound->own);
    if (!done && ours && strcmp(err->sqlstate, "HYT00") == 0)
        error_set(err, "HYT00", "oauthGetAccessToken did not end within its Timeout of %ld s", bound->seconds);
    return done;
}

static void put(const struct run *run, const char *name, const char *value)
{
    if (value && *value)
        run->operation->output(run->operation->context, name, value);
}

/* --- tokens --- */

static bool put_others(const struct run *run, const char *others, struct error *err)
{
    json_t *document = others ? json_loads(others, 0, NULL) : NULL;
    const char *name;
    json_t *value;
    bool done = true;

    json_object_foreach(document, name, value) {
        char *full = NULL;
        char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        done = asprintf(&full, "OAuthParam:%s", name) >= 0 && (text || json_is_string(value)) && done;
        if (done)
            put(run, full, text ? text : json_string_value(value));
        free(full);
        free(text);
    }
    json_decref(document);
    return done || error_memory(err);
}

static bool put_tokens(const struct run *run, const struct oauth_tokens *tokens, struct error *err)
{
    char expires[32] = "";
    if (tokens->expires_in >= 0)
        snprintf(expires, sizeof expires, "%" PRId64, tokens->expires_in);
    put(run, "OAuthAccessToken", tokens->access_token);
    put(run, "OAuthTokenSecret", tokens->token_secret);
    put(run, "OAuthRefreshToken", tokens->refresh_token);
    put(run, "ExpiresIn", expires);
    return put_others(run, tokens->other, err);
}

static bool get_tokens(struct run *run, struct cancel *cancel, struct error *err)
{
    const char *mode = input(run, "AuthMode");
    const struct oauth_exchange exchange = {
        .auth_mode = mode ? mode : "APP",
        .callback_url = input(run, "CallbackURL"),
        .verifier = input(run, "Verifier"),
        .pkce_verifier = input(run, "PKCEVerifier"),
        .auth_token = either(input(run, "OAuthAccessToken"), input(run, "AuthToken")),
        .auth_key = either(input(run, "OAuthAccessTokenSecret"), either(input(run, "OAuthTokenSecret"), input(run, "AuthKey"))),
        .device_code = input(run, "DeviceCode"),
        .state = input(run, "State"),
        .scope = input(run, "Scope"),
    };
    struct oauth_tokens tokens;

    bool done = is_refresh(run) ? oauth_refresh(run->credential, input(run, "OAuthRefreshToken"), &tokens, cancel, err)
                                : oauth_access_token(run->credential, &exchange, &tokens, cancel, err);
    if (!done)
        return false;
    done = put_tokens(run, &tokens, err);
    oauth_tokens_clear(&tokens);
    return done;
}

bool oauth_operation_access_token(const struct oauth_operation *operation, struct cancel *cancel, struct error *err)
{
    struct run run;
    struct bound bound;

    if (!begin(&run, operation, err))
        return false;
    bool done = bound_begin(&bound, &run, cancel, err);
    done = done && bound_end(&bound, get_tokens(&run, bound.cancel, err), err);
    end(&run);
    return done;
}

/* --- the URL --- */

static bool get_url(struct run *run, struct cancel *cancel, struct error *err)
{
    const struct oauth_authorization authorization = {
        .auth_mode = input(run, "AuthMode"), .callback_url = input(run, "CallbackURL"), .state = input(run, "State"),
        .scope = input(run, "Scope"), .prompt = input(run, "Prompt"),
    };
    struct oauth_question question;

    if (!oauth_authorization_url(run->credential, &authorization, &question, cancel, err))
        return false;
    put(run, "URL", question.url);
    put(run, "State", question.state);
    put(run, "PKCEVerifier", question.pkce_verifier);
    put(run, "OAuthAccessToken", question.auth_token);
    put(run, "OAuthTokenSecret", question.auth_key);
    put(run, "UserCode", question.user_code);
    put(run, "DeviceCode", question.device_code);
    oauth_question_clear(&question);
    return true;
}

bool oauth_operation_authorization_url(const struct oauth_operation *operation, struct cancel *cancel, struct error *err)
{
    struct run run;
    struct bound bound;

    if (!begin(&run, operation, err))
        return false;
    bool done = bound_begin(&bound, &run, cancel, err);
    done = done && bound_end(&bound, get_url(&run, bound.cancel, err), err);
    end(&run);
    return done;
}
