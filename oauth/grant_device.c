/* The device grant (RFC 8628): the user signs in at another device, with a code that this one shows. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/secret.h"
#include "oauth/token_endpoint.h"

enum {
    INTERVAL = 5, SLOW_DOWN = 5,                          /* seconds between polls */
    SHORTEST_INTERVAL = 1, LONGEST_INTERVAL = 60,         /* whatever the server says */
    PATIENCE = 180,                                       /* seconds, where neither the server nor a deadline bounds the wait */
    LONGEST_CODE = 60, LONGEST_PLACE = 400,               /* bytes of what is shown to the user */
    LONGEST_TEXT = 16 * 1024,
};

static const char grant_type[] = "urn:ietf:params:oauth:grant-type:device_code";

/* --- asking --- */

static int64_t bounded_interval(int64_t interval)
{
    return interval < SHORTEST_INTERVAL ? SHORTEST_INTERVAL : interval > LONGEST_INTERVAL ? LONGEST_INTERVAL : interval;
}

/* The user reads and types it: it must be whole, and may not look like something else than it is. */
static bool read_question(void *context, const char *url, const void *json, struct error *err)
{
    struct oauth_question *question = context;
    const json_t *document = json;
    const char *device = json_string_value(json_object_get(document, "device_code"));
    const char *user = json_string_value(json_object_get(document, "user_code"));
    const char *whole = json_string_value(json_object_get(document, "verification_uri_complete"));
    const char *place = json_string_value(json_object_get(document, "verification_uri"));

    if (!place)
        place = json_string_value(json_object_get(document, "verification_url")); /* as it was called in early drafts */
    if (whole && strlen(whole) <= LONGEST_PLACE)
        place = whole;
    if (!device || !*device || !user || !*user || !authorization_is_plain(user, LONGEST_CODE) || !place ||
        !authorization_is_plain(place, LONGEST_PLACE))
        return error_set(err, "08S01", "%s answered without a usable device_code, user_code and verification_uri", url);
    if (!url_is_allowed(place, "The device sign-in's URL", err))
        return false;
    question->expires_in = token_seconds(json_object_get(document, "expires_in"));
    question->interval = token_seconds(json_object_get(document, "interval"));
    if (question->interval < 0)
        question->interval = INTERVAL;
    question->interval = bounded_interval(question->interval);
    return (secret_set(&question->device_code, device) && secret_set(&question->user_code, user) &&
            secret_set(&question->url, place)) || error_memory(err);
}

static bool ask_for(struct credential *credential, const char *scope, struct oauth_question *question, struct cancel *cancel,
                    struct error *err)
{
    const char *chosen = authorization_scope(credential, scope);
    struct buffer joined;
    char error[TOKEN_ERROR];

    if (!authorization_needs_client(credential, err))
        return false;
    buffer_init(&joined, LONGEST_TEXT);
    bool done = !chosen || authorization_join_scope(credential, chosen, &joined) || error_memory(err);
    const struct token_field field = {"scope", joined.length ? joined.data : NULL};
    struct token_request request = {.endpoint = ENDPOINT_DEVICE, .fields = &field, .count = 1};
    log_write(credential->log, LOG_REQUEST, "oauth", "asking for a device code");
    done = done && token_post(credential, &request, read_question, question, error, cancel, err);
    buffer_clear(&joined);
    log_hide(credential->log, question->device_code);
    return done;
}

static bool ask(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question,
                struct cancel *cancel, struct error *err)
{
    return ask_for(credential, input->scope, question, cancel, err);
}

/* --- polling --- */

enum poll { POLL_FAILED, POLL_DONE, POLL_PENDING };

/* One poll. POLL_PENDING: the user has not signed in yet; *interval is as the server now wants it. */
static enum poll poll_once(struct credential *credential, const char *device_code, int64_t *interval, struct oauth_tokens *tokens,
                           char error[TOKEN_ERROR], struct cancel *cancel, struct error *err)
{
    const struct token_field fields[] = {{"grant_type", grant_type}, {"device_code", device_code}};
    struct token_request request = {.endpoint = ENDPOINT_TOKEN, .fields = fields, .count = 2};

    error[0] = '\0';
    if (token_get(credential, &request, tokens, error, cancel, err))
        return POLL_DONE;
    if (strcmp(error, "slow_down") == 0)
        *interval = bounded_interval(*interval + SLOW_DOWN);
    return strcmp(error, "authorization_pending") == 0 || strcmp(error, "slow_down") == 0 ? POLL_PENDING : POLL_FAILED;
}

static bool is_dead(const char *error)
{
    return token_is_over(error) || strcmp(error, "expired_token") == 0 || strcmp(error, "access_denied") == 0;
}

/* Polls until the user has signed in, or until clock_milliseconds() says `until`. */
static bool poll_until(struct credential *credential, const char *device_code, int64_t interval, int64_t until, struct oauth_tokens *tokens,
                       bool *refused, struct cancel *cancel, struct error *err)
{
    char error[TOKEN_ERROR];

    log_write(credential->log, LOG_QUERY, "oauth", "waiting for the sign-in at %s on another device", credential->profile.provider);
    for (;;) {
        enum poll poll = poll_once(credential, device_code, &interval, tokens, error, cancel, err);
        *refused = is_dead(error);
        if (poll != POLL_PENDING)
            return poll == POLL_DONE;
        if (clock_milliseconds() + interval * 1000 > until)
            return error_set(err, "28000", "Nobody has signed in on another device within the time allowed: sign in at the URL that "
                             "GetOAuthAuthorizationURL gave, and then call GetOAuthAccessToken with the same DeviceCode again");
        if (!cancel_sleep(cancel, interval * 1000, err))
            return false;
    }
}

/* The device code: given, else asked for on this connection, else OAuthVerifier. */
static bool exchange(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens, bool *refused,
                     struct cancel *cancel, struct error *err)
{
    const char *given = text_given(input->device_code);
    int64_t interval = INTERVAL, until = 0;
    char *code = NULL;

    *refused = false;
    if (!given)
        given = text_given(input->verifier);
    pthread_mutex_lock(&credential->lock);
    const struct oauth_question *asked = &credential->pending;
    bool pending = asked->device_code && (!given || secret_equal(given, asked->device_code));
    bool done = secret_set(&code, pending ? asked->device_code : given);
    if (pending) {
        interval = asked->interval;
        until = credential->pending_until;
    }
    pthread_mutex_unlock(&credential->lock);
    if (done && !code)
        done = secret_set(&code, credential_property(credential, PROPERTY_OAUTH_VERIFIER));
    if (!done)
        return error_memory(err);
    if (!code)
        return error_set(err, "28000", "The device code is missing: call GetOAuthAuthorizationURL with AuthMode=DEVICE first, and give the "
                         "DeviceCode that it returns");
    if (!until)
        until = cancel_remaining(cancel) >= 0 ? INT64_MAX : clock_milliseconds() + PATIENCE * 1000;
    log_hide(credential->log, code);
    done = poll_until(credential, code, interval, until, tokens, refused, cancel, err);
    secret_free(code);
    return done;
}

/* --- at connect: nobody sees what is to be typed in while a connect waits, so it does not wait. The first connect ends with URL and code
 * in its diagnostic; the next ones look whether the user has done it. What must be known for that is kept in the settings file. --- */

struct begun {
    struct oauth_question question;   /* its url, user_code, device_code, interval */
    int64_t until, polled;            /* seconds since the epoch */
};

static bool read_text(const char *form, const char *name, char **out)
{
    struct buffer value;
    if (!secret_buffer_init(&value, LONGEST_TEXT))
        return false;
    bool found = url_parameter(form, name, &value) && secret_set(out, value.data);
    secret_buffer_clear(&value);
    return found;
}

static int64_t read_number(const char *form, const char *name)
{
    char *text = NULL;
    int64_t number = read_text(form, name, &text) ? strtoll(text, NULL, 10) : 0;
    secret_free(text);
    return number;
}

static bool read_begun(const char *form, struct begun *begun)
{
    *begun = (struct begun){0};
    if (form && read_text(form, "url", &begun->question.url) && read_text(form, "user_code", &begun->question.user_code) &&
        read_text(form, "device_code", &begun->question.device_code)) {
        begun->question.interval = read_number(form, "interval");
        begun->until = read_number(form, "until");
        begun->polled = read_number(form, "polled");
        return true;
    }
    oauth_question_clear(&begun->question);
    return false;
}

static bool write_begun(const struct begun *begun, char **form)
{
    struct buffer out;
    char number[32];

    if (!secret_buffer_init(&out, LONGEST_TEXT))
        return false;
    url_add_parameter(&out, "url", begun->question.url, true);
    url_add_parameter(&out, "user_code", begun->question.user_code, true);
    url_add_parameter(&out, "device_code", begun->question.device_code, true);
    snprintf(number, sizeof number, "%" PRId64, begun->question.interval);
    url_add_parameter(&out, "interval", number, true);
    snprintf(number, sizeof number, "%" PRId64, begun->until);
    url_add_parameter(&out, "until", number, true);
    snprintf(number, sizeof number, "%" PRId64, begun->polled);
    bool done = url_add_parameter(&out, "polled", number, true) && secret_set(form, out.data);
    secret_buffer_clear(&out);
    return done;
}

static bool tell_user(const struct credential *credential, const struct begun *begun, struct error *err)
{
    int64_t left = (begun->until - (int64_t)time(NULL) + 59) / 60;
    return error_set(err, "28000", "To sign in to %s, open %s on any device and enter the code %s within %" PRId64 " minutes; then "
                     "connect again", credential->profile.provider, begun->question.url, begun->question.user_code, left);
}

static bool begin(struct credential *credential, const char *scope, char **pending, struct cancel *cancel, struct error *err)
{
    struct begun begun = {.question = {.expires_in = -1}};
    bool done = ask_for(credential, scope, &begun.question, cancel, err);
    if (done) {
        int64_t life = begun.question.expires_in >= 0 ? begun.question.expires_in : PATIENCE;
        begun.polled = (int64_t)time(NULL);
        begun.until = begun.polled + life;
        done = write_begun(&begun, pending) ? tell_user(credential, &begun, err) : error_memory(err);
    }
    oauth_question_clear(&begun.question);
    return done;
}

/* Looks whether the user has signed in. *dead: the code is of no use any more. */
static bool look(struct credential *credential, struct begun *begun, char **pending, bool *dead, struct oauth_tokens *tokens,
                 struct cancel *cancel, struct error *err)
{
    char error[TOKEN_ERROR];
    int64_t since = (int64_t)time(NULL) - begun->polled;

    *dead = false;
    if (since >= 0 && since < begun->question.interval && !cancel_sleep(cancel, (begun->question.interval - since) * 1000, err))
        return false;
    enum poll poll = poll_once(credential, begun->question.device_code, &begun->question.interval, tokens, error, cancel, err);
    if (poll == POLL_DONE)
        return true;
    if (strcmp(error, "access_denied") == 0) {
        secret_free(*pending);
        *pending = NULL;
        return false;
    }
    *dead = is_dead(error);
    if (poll == POLL_FAILED)
        return false;
    begun->polled = (int64_t)time(NULL);
    return write_begun(begun, pending) ? tell_user(credential, begun, err) : error_memory(err);
}

static bool sign_in(struct credential *credential, const struct oauth_exchange *input, char **pending, struct oauth_tokens *tokens,
                    struct cancel *cancel, struct error *err)
{
    struct begun begun;
    bool dead = true, done = false, known = read_begun(*pending, &begun);

    if (known && (int64_t)time(NULL) < begun.until)
        done = look(credential, &begun, pending, &dead, tokens, cancel, err);
    if (known)
        oauth_question_clear(&begun.question);
    if (done || !dead)
        return done;
    secret_free(*pending);
    *pending = NULL;
    return begin(credential, input->scope, pending, cancel, err);
}

static bool check(struct credential *credential, struct error *err)
{
    if (credential->initiate == INITIATE_OFF || endpoint_is_told(credential, ENDPOINT_DEVICE))
        return true;
    return error_set(err, "HY000", "OAuthGrantType=DEVICE needs OAuthDeviceAuthorizationURL: %s names no device authorization endpoint",
                     credential->profile.provider);
}

const struct grant_family family_device = {.name = "DEVICE", .check = check, .ask = ask, .exchange = exchange, .sign_in = sign_in};
