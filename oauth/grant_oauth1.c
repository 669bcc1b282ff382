/* The three-legged way of OAuth 1.0a (RFC 5849 2): a request token, which the user authorizes, and which becomes a token with a secret. */
#include <jansson.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/callback.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/login.h"
#include "oauth/oauth1.h"
#include "oauth/parameters.h"
#include "oauth/private_key.h"
#include "oauth/secret.h"
#include "oauth/token_endpoint.h"

enum { LARGEST_ANSWER = 64 * 1024, LARGEST_FIELD = 128 * 1024, LONGEST_URL = 64 * 1024 };

static bool check(struct credential *credential, struct error *err)
{
    const char *name = credential_property(credential, PROPERTY_SIGN_METHOD);
    const char *certificate = credential_property(credential, PROPERTY_CERT);

    if (!name)
        name = credential->profile.sign_method;
    if (!oauth1_method_find(name ? name : "HMAC-SHA1", &credential->sign_method))
        return error_set(err, "HY000", "The driver does not know the SignMethod %s", name);
    if (!oauth1_method_needs_key(credential->sign_method))
        return true;
    if (!certificate)
        return error_set(err, "28000", "SignMethod=%s needs Cert: the file with your application's private key (PFX or PEM)",
                         oauth1_method_name(credential->sign_method));
    return private_key_open(certificate, NULL, credential_property(credential, PROPERTY_CERT_PASSWORD), "Cert", &credential->key, err);
}

/* --- the two requests for tokens --- */

static bool read_pair(void *context, const char *url, const void *json, struct error *err)
{
    struct oauth_tokens *tokens = context;
    const json_t *document = json;
    const char *token = json_string_value(json_object_get(document, "oauth_token"));
    const char *secret = json_string_value(json_object_get(document, "oauth_token_secret"));

    if (!token || !*token || !secret)
        return error_set(err, "08S01", "%s answered without a usable oauth_token and oauth_token_secret", url);
    if (!secret_set(&tokens->access_token, token) || !secret_set(&tokens->token_secret, secret))
        return error_memory(err);
    return token_read_others(document, "oauth_token oauth_token_secret", &tokens->other, err);
}

/* One sending. *status: of the answer, 0 when there was none. */
static bool post(struct credential *credential, struct http_lane *lane, enum endpoint endpoint, const struct oauth1_call *call,
                 struct oauth_tokens *tokens, int *status, bool *clock_was_wrong, struct cancel *cancel, struct error *err)
{
    struct buffer field;
    struct http_exchange *exchange;
    struct http_response response;
    char word[TOKEN_ERROR];

    *status = 0;
    *clock_was_wrong = false;
    if (!secret_buffer_init(&field, LARGEST_FIELD))
        return error_memory(err);
    bool done = oauth1_write_field(credential, call, &field, err);
    const struct http_header header = {"Authorization", field.data};
    const struct http_request request = {.method = call->method, .url = call->url, .headers = &header, .header_count = 1, .body = "",
                                         .largest = LARGEST_ANSWER, .confidential = true};
    done = done && http_start(lane, &request, cancel, &exchange, err);
    secret_buffer_clear(&field);
    if (!done)
        return false;
    done = http_wait(exchange, cancel, &response, err);
    if (done) {
        *status = response.status;
        *clock_was_wrong = response.status == 401 && oauth1_clock_was_wrong(credential, &response);
        const struct token_answer answer = {response.url, endpoint, response.status, response.body, response.body_length, true};
        done = token_answer_parse(&answer, read_pair, tokens, word, err);
        if (!done && !word[0] && (response.status == 400 || response.status == 401))
            error_set(err, "28000", "%s refused the signed request (status %d): check OAuthClientId, OAuthClientSecret and SignMethod; a "
                      "verifier serves only once", response.url, response.status);
    }
    http_finish(exchange);
    return done;
}

/* *refused: the server looked at it and said no. */
static bool get_pair(struct credential *credential, enum endpoint endpoint, const struct oauth1_call *call, struct oauth_tokens *tokens,
                     bool *refused, struct cancel *cancel, struct error *err)
{
    struct http_lane *lane;
    bool again = false;
    int status = 0;

    *tokens = (struct oauth_tokens){.expires_in = -1};
    *refused = false;
    if (!http_lane_borrow(credential->client, &lane, err))
        return false;
    bool done = post(credential, lane, endpoint, call, tokens, &status, &again, cancel, err);
    if (!done && again)
        done = post(credential, lane, endpoint, call, tokens, &status, &again, cancel, err);
    http_lane_return(lane);
    *refused = !done && (status == 400 || status == 401);
    if (!done)
        oauth_tokens_clear(tokens);
    log_hide(credential->log, tokens->access_token);
    log_hide(credential->log, tokens->token_secret);
    return done;
}

/* --- asking --- */

/* Scope and OAuthParams: some services want them with the request token, others with the user. */
static bool add_wishes(const struct credential *credential, const char *scope, struct buffer *url, struct error *err)
{
    const char *chosen = authorization_scope(credential, scope);
    struct buffer joined;

    buffer_init(&joined, LONGEST_URL);
    bool done = !chosen || (authorization_join_scope(credential, chosen, &joined) && url_add_parameter(url, "scope", buffer_text(&joined), false));
    buffer_clear(&joined);
    return done ? parameters_add(url, false, credential_property(credential, PROPERTY_OAUTH_PARAMS), "OAuthParams", err) : error_memory(err);
}

static bool is_confirmed(const struct oauth_tokens *tokens)
{
    json_t *others = tokens->other ? json_loads(tokens->other, 0, NULL) : NULL;
    const char *confirmed = json_string_value(json_object_get(others, "oauth_callback_confirmed"));
    bool is = (confirmed && strcmp(confirmed, "true") == 0) || json_is_true(json_object_get(others, "oauth_callback_confirmed"));
    json_decref(others);
    return is;
}

static bool get_request_token(struct credential *credential, const char *scope, struct oauth_question *question, struct cancel *cancel,
                              struct error *err)
{
    const char *endpoint;
    struct buffer url;
    struct oauth_tokens tokens = {0};
    bool refused;

    if (!endpoint_find(credential, ENDPOINT_REQUEST_TOKEN, NULL, &endpoint, cancel, err))
        return false;
    buffer_init(&url, LONGEST_URL);
    bool done = buffer_append_text(&url, endpoint) ? add_wishes(credential, scope, &url, err) : error_memory(err);
    const struct oauth1_call call = {.method = "POST", .url = url.data, .extra_name = "oauth_callback", .extra = question->callback_url};
    log_write(credential->log, LOG_REQUEST, "oauth", "asking for a request token");
    done = done && get_pair(credential, ENDPOINT_REQUEST_TOKEN, &call, &tokens, &refused, cancel, err);
    buffer_clear(&url);
    /* Without it the sign-in could be finished by somebody else than who began it (the session fixation that 1.0a mends). */
    if (done && !is_confirmed(&tokens))
        done = error_set(err, "08S01", "%.300s did not confirm the callback (oauth_callback_confirmed=true): it speaks OAuth 1.0 without the "
                         "repair of 1.0a, which is not safe to sign in with", endpoint);
    done = done && ((secret_set(&question->auth_token, tokens.access_token) && secret_set(&question->auth_key, tokens.token_secret)) ||
                    error_memory(err));
    oauth_tokens_clear(&tokens);
    return done;
}

static bool write_url(struct credential *credential, const char *scope, struct oauth_question *question, struct cancel *cancel,
                      struct error *err)
{
    const char *endpoint;
    struct buffer url;

    if (!endpoint_find(credential, ENDPOINT_AUTHORIZE, NULL, &endpoint, cancel, err))
        return false;
    buffer_init(&url, LONGEST_URL);
    buffer_append_text(&url, endpoint);
    url_add_parameter(&url, "oauth_token", question->auth_token, false);
    bool done = parameters_add(&url, false, credential->profile.authorize_params, "The definition's authorization parameters", err) &&
                add_wishes(credential, scope, &url, err) && ((!url.failed && secret_set(&question->url, url.data)) || error_memory(err));
    buffer_clear(&url);
    return done;
}

static bool ask_for(struct credential *credential, const char *callback, const char *scope, struct oauth_question *question,
                    struct cancel *cancel, struct error *err)
{
    return (secret_set(&question->callback_url, callback) || error_memory(err)) &&
           get_request_token(credential, scope, question, cancel, err) && write_url(credential, scope, question, cancel, err);
}

static bool ask(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question,
                struct cancel *cancel, struct error *err)
{
    const char *callback = text_given(input->callback_url);
    return ask_for(credential, callback ? callback : credential_property(credential, PROPERTY_CALLBACK_URL), input->scope, question, cancel,
                   err);
}

/* --- exchanging --- */

static struct callback_question expect(const struct oauth_question *question)
{
    return (struct callback_question){.binding = "oauth_token", .expected = question->auth_token, .answer = "oauth_verifier"};
}

static bool exchange_verifier(struct credential *credential, const char *verifier, const struct oauth_question *question,
                              struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    struct oauth1_call call = {.method = "POST", .token = question->auth_token, .token_secret = question->auth_key,
                               .extra_name = "oauth_verifier", .extra = verifier};
    *refused = false;
    log_hide(credential->log, verifier);
    log_write(credential->log, LOG_REQUEST, "oauth", "asking for the access token");
    return endpoint_find(credential, ENDPOINT_TOKEN, NULL, &call.url, cancel, err) &&
           get_pair(credential, ENDPOINT_TOKEN, &call, tokens, refused, cancel, err);
}

/* The request token that the verifier belongs to: given, else asked for on this connection, else the properties'. */
static bool find_question(struct credential *credential, const struct oauth_exchange *input, struct oauth_question *question,
                          struct error *err)
{
    const char *token = text_given(input->auth_token), *key = text_given(input->auth_key);

    pthread_mutex_lock(&credential->lock);
    const struct oauth_question *asked = &credential->pending;
    bool pending = asked->auth_token && (!token || secret_equal(token, asked->auth_token));
    bool done = secret_set(&question->auth_token, pending ? asked->auth_token : NULL) &&
                secret_set(&question->auth_key, pending ? asked->auth_key : NULL);
    pthread_mutex_unlock(&credential->lock);

    if (!token && !pending)
        token = credential_property(credential, PROPERTY_AUTH_TOKEN);
    if (!key && !pending)
        key = credential_property(credential, PROPERTY_AUTH_KEY);
    done = done && (!token || secret_set(&question->auth_token, token)) && (!key || secret_set(&question->auth_key, key));
    if (!done)
        return error_memory(err);
    if (!question->auth_token || !question->auth_key)
        return error_set(err, "28000", "The request token is missing: give AuthToken and AuthKey as GetOAuthAuthorizationURL returned them "
                         "with the URL that the user signed in at");
    log_hide(credential->log, question->auth_key);
    return true;
}

static bool exchange(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens, bool *refused,
                     struct cancel *cancel, struct error *err)
{
    struct oauth_question question = {0};
    char *answer = NULL;
    const char *verifier = text_given(input->verifier);
    if (!verifier)
        verifier = credential_property(credential, PROPERTY_OAUTH_VERIFIER);

    *refused = false;
    if (!verifier)
        return error_set(err, "28000", "The verifier is missing: give the oauth_verifier of the callback, or the whole callback URL, as "
                         "Verifier or OAuthVerifier");
    bool done = find_question(credential, input, &question, err);
    const struct callback_question expected = expect(&question);
    done = done && callback_read_verifier(verifier, &expected, &answer, err) &&
           exchange_verifier(credential, answer, &question, tokens, refused, cancel, err);
    secret_free(answer);
    oauth_question_clear(&question);
    return done;
}

/* --- signing in here --- */

static bool sign_in_at(struct credential *credential, struct login *login, const char *scope, struct oauth_tokens *tokens,
                       struct cancel *cancel, struct error *err)
{
    struct oauth_question question = {0};
    char *verifier = NULL;
    bool refused;

    bool done = ask_for(credential, login->loopback.redirect_uri, scope, &question, cancel, err);
    const struct callback_question expected = expect(&question);
    done = done && login_ask(login, credential, question.url, &expected, &verifier, cancel, err) &&
           exchange_verifier(credential, verifier, &question, tokens, &refused, cancel, err);
    secret_free(verifier);
    oauth_question_clear(&question);
    return done;
}

static bool sign_in(struct credential *credential, const struct oauth_exchange *input, char **pending, struct oauth_tokens *tokens,
                    struct cancel *cancel, struct error *err)
{
    struct login login;
    (void)pending;
    if (!login_open(&login, credential, input->callback_url, err))
        return false;
    bool done = sign_in_at(credential, &login, input->scope, tokens, cancel, err);
    login_close(&login, done, err);
    return done;
}

const struct grant_family family_oauth1 = {.name = "1.0", .check = check, .ask = ask, .exchange = exchange, .sign_in = sign_in};
