/* The front half of the authorization-code grant: the URL that the user is sent to, and what comes back. */
#include "oauth/authorization.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "base/utf.h"
#include "http/url.h"
#include "oauth/base64.h"
#include "oauth/sealed.h"
#include "oauth/secret.h"

enum {
    RANDOM_BYTES = 32,        /* 43 characters in base64url, the fewest that RFC 7636 4.1 allows for a verifier */
    LONGEST_URL = 32 * 1024,
    LONGEST_CODE = 16 * 1024,
};

void authorization_clear(struct authorization *authorization)
{
    secret_free(authorization->callback_url);
    secret_free(authorization->state);
    secret_free(authorization->verifier);
    free(authorization->scope);
    *authorization = (struct authorization){0};
}

static bool random_text(char **text, struct error *err)
{
    struct buffer out;
    if (!secret_buffer_init(&out, 64))
        return error_memory(err);
    bool done = secret_random(&out, RANDOM_BYTES) ? secret_set(text, out.data) || error_memory(err)
                                                  : error_set(err, "HY000", "The system gives no random numbers for the sign-in");
    secret_buffer_clear(&out);
    return done;
}

bool authorization_random_state(char **state, struct error *err)
{
    return random_text(state, err);
}

bool authorization_random_verifier(char **verifier, struct error *err)
{
    return random_text(verifier, err);
}

bool authorization_derived_verifier(const struct credential *credential, char **verifier, struct error *err)
{
    const char *secret = credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET);
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    unsigned char bytes[RANDOM_BYTES];
    struct buffer out;

    if (!secret_buffer_init(&out, 64))
        return error_memory(err);
    bool done = sealed_derive(secret ? secret : "", client ? client : "", client ? strlen(client) : 0, "restodbc PKCE verifier", bytes,
                              sizeof bytes);
    if (!done)
        error_set(err, "HY000", "The cryptographic library (OpenSSL) refuses to work");
    else if (!base64url_encode(&out, bytes, sizeof bytes) || !secret_set(verifier, out.data))
        done = error_memory(err);
    OPENSSL_cleanse(bytes, sizeof bytes);
    secret_buffer_clear(&out);
    return done;
}

bool authorization_challenge(struct buffer *out, const char *verifier)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    return EVP_Digest(verifier, strlen(verifier), digest, &length, EVP_sha256(), NULL) == 1 && base64url_encode(out, digest, length);
}

const char *authorization_scope(const struct credential *credential, const char *given)
{
    if (!given || !*given)
        given = credential_property(credential, PROPERTY_SCOPE);
    if (!given)
        given = credential->profile.default_scope;
    return given && *given ? given : NULL;
}

/* What the sign-in itself rests on: with a second value its answer would not be known again, or not be safe. */
static bool is_own_parameter(const char *name)
{
    static const char *const own[] = {"response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (name_equal(name, own[i]))
            return true;
    return false;
}

/* Parameters that are written down ready-made: "a=b&c=d". They are decoded and encoded again, so that nothing else slips in. */
static bool add_ready_made(struct buffer *url, const char *parameters, const char *source, struct error *err)
{
    for (const char *at = parameters; at && *at;) {
        size_t length = strcspn(at, "&");
        const char *equals = memchr(at, '=', length);
        struct buffer name, value;
        buffer_init(&name, LONGEST_URL);
        buffer_init(&value, LONGEST_URL);
        bool fine = equals && equals > at && url_decode(&name, at, (size_t)(equals - at), true) &&
                    url_decode(&value, equals + 1, length - (size_t)(equals + 1 - at), true);
        if (!fine && length)
            error_set(err, "HY000", "%s must be written a=b&c=d, but holds \"%.*s\"", source, (int)(length < 80 ? length : 80), at);
        else if (fine && is_own_parameter(buffer_text(&name)))
            fine = error_set(err, "HY000", "%s must not set %s, which the driver sets itself; where there is one, use the property for it",
                             source, buffer_text(&name));
        else if (fine)
            url_add_parameter(url, buffer_text(&name), buffer_text(&value), false);
        buffer_clear(&name);
        buffer_clear(&value);
        if (!fine && length)
            return false;
        at += length + (at[length] == '&');
    }
    return true;
}

/* The scopes, which stand between spaces, with the service's own separator between them. */
static bool add_scope(struct buffer *url, const char *scope, const char *separator)
{
    struct buffer joined;
    buffer_init(&joined, LONGEST_URL);
    for (scope += strspn(scope, " "); *scope; scope += strspn(scope, " ")) {
        size_t length = strcspn(scope, " ");
        if (joined.length)
            buffer_append_text(&joined, separator && *separator ? separator : " ");
        buffer_append(&joined, scope, length);
        scope += length;
    }
    bool done = !joined.failed && (!joined.length || url_add_parameter(url, "scope", joined.data, false));
    buffer_clear(&joined);
    return done;
}

bool authorization_url(const struct credential *credential, const struct authorization *authorization, struct buffer *url,
                       struct error *err)
{
    const char *endpoint = credential_authorize_url(credential);
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    struct buffer challenge;

    if (!client)
        return error_set(err, "28000", "The sign-in needs OAuthClientId: the client id that %s gave your application",
                         credential->profile.provider);
    if (!endpoint)
        return error_set(err, "HY000", "%s names no address to sign in at: set OAuthAuthorizationURL", credential->profile.provider);
    if (!url_is_allowed(endpoint, "OAuthAuthorizationURL", err))
        return false;

    buffer_append_text(url, endpoint);
    url_add_parameter(url, "response_type", "code", false);
    url_add_parameter(url, "client_id", client, false);
    url_add_parameter(url, "redirect_uri", authorization->callback_url, false);
    url_add_parameter(url, "state", authorization->state, false);
    if (authorization->scope && !add_scope(url, authorization->scope, credential->profile.scope_separator))
        return error_memory(err);
    if (authorization->prompt && *authorization->prompt)
        url_add_parameter(url, "prompt", authorization->prompt, false);
    if (*authorization->verifier) {
        buffer_init(&challenge, 64);
        if (authorization_challenge(&challenge, authorization->verifier)) {
            url_add_parameter(url, "code_challenge", challenge.data, false);
            url_add_parameter(url, "code_challenge_method", "S256", false);
        } else {
            url->failed = true;
        }
        buffer_clear(&challenge);
    }
    if (!add_ready_made(url, credential->profile.authorize_params, "The definition's authorization parameters", err) ||
        !add_ready_made(url, credential_property(credential, PROPERTY_OAUTH_PARAMS), "OAuthParams", err))
        return false;
    return url->failed ? error_memory(err) : true;
}

void authorization_plain_words(const char *text, char *out, size_t room)
{
    size_t length = 0;
    for (; *text && length + 1 < room; text++) {
        unsigned char byte = (unsigned char)*text;
        out[length++] = byte < 0x20 || byte == 0x7F ? ' ' : *text;
    }
    out[utf8_whole(out, length)] = '\0';
}

bool authorization_refused(const char *where, const char *error, const char *description, struct error *err)
{
    static const struct {
        const char *error, *advice;
    } known[] = {
        {"access_denied", "Consent was denied: sign in again and allow the access"},
        {"invalid_grant", "The code, the refresh token or the PKCE verifier is not valid (any more): sign in again, for example by "
                          "connecting with InitiateOAuth=GETANDREFRESH"},
        {"invalid_client", "Check OAuthClientId and OAuthClientSecret"},
        {"unauthorized_client", "Check the registration of your application, and OAuthClientId"},
        {"invalid_scope", "Check Scope"},
        {"redirect_uri_mismatch", "CallbackURL must be the redirect URI that your application is registered with"},
        {"invalid_request", "Check CallbackURL, Scope and OAuthParams against the registration of your application"},
        {"temporarily_unavailable", "Try again later"},
        {"server_error", "Try again later"},
    };
    char name[80], words[300];
    const char *advice = "Sign in again, and check the registration of your application";

    authorization_plain_words(error, name, sizeof name);
    authorization_plain_words(description ? description : "", words, sizeof words);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(error, known[i].error) == 0)
            advice = known[i].advice;
    return error_set(err, "28000", "%s refused: %s%s%s%s. %s", where, name, *words ? " (" : "", words, *words ? ")" : "", advice);
}

static bool read_callback(const char *query, const char *state, struct buffer *code, struct error *err)
{
    struct buffer value;
    bool fine = true;

    if (!secret_buffer_init(&value, LONGEST_CODE))
        return error_memory(err);
    if (state && url_parameter(query, "state", &value) && !secret_equal(value.data, state))
        fine = error_set(err, "28000", "The callback URL carries another state than the sign-in that was begun here; it may not be yours. "
                         "Begin again with GetOAuthAuthorizationURL");
    buffer_reset(&value);
    if (fine && url_parameter(query, "error", &value)) {
        struct buffer description;
        buffer_init(&description, LONGEST_CODE);
        url_parameter(query, "error_description", &description);
        fine = authorization_refused("The authorization server", value.data, buffer_text(&description), err);
        buffer_clear(&description);
    }
    if (fine && (!url_parameter(query, "code", code) || !code->length))
        fine = error_set(err, "28000", "The callback URL given as the verifier holds no code");
    secret_buffer_clear(&value);
    return fine;
}

bool authorization_read_answer(const char *text, const char *state, char **code, struct error *err)
{
    struct buffer found;
    bool is_url = strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;

    if (strlen(text) > LONGEST_CODE)
        return error_set(err, "28000", "The verifier is longer than %d bytes: it can not be one", LONGEST_CODE);
    if (!secret_buffer_init(&found, LONGEST_CODE))
        return error_memory(err);
    bool fine = true;
    if (is_url) {
        const char *query = strchr(text, '?');
        char *end = NULL;
        char *copy = strdup(query ? query + 1 : "");
        if (copy && (end = strchr(copy, '#')))
            *end = '\0';
        fine = copy ? read_callback(copy, state, &found, err) : error_memory(err);
        secret_free(copy);
    } else {
        buffer_append_text(&found, text);
    }
    if (fine && !secret_set(code, found.data))
        fine = error_memory(err);
    secret_buffer_clear(&found);
    return fine;
}

/* --- the procedure --- */

/* Remembers what binds the answer, for an exchange on the same connection. */
static bool remember(struct credential *credential, const struct authorization *authorization, struct error *err)
{
    pthread_mutex_lock(&credential->lock);
    bool done = secret_set(&credential->pending_state, authorization->state) &&
                secret_set(&credential->pending_verifier, authorization->verifier) &&
                secret_set(&credential->pending_callback, authorization->callback_url);
    pthread_mutex_unlock(&credential->lock);
    return done ? true : error_memory(err);
}

/* A web application that tells sign-ins apart by a State of its own gets a verifier that is new for each. Otherwise, with a client secret,
 * it is the one that the secret yields: a code that somebody notes down and carries to another machine can then be exchanged there
 * with no more than the client id and secret. */
static bool choose_verifier(const struct credential *credential, const struct oauth_authorization *input, char **verifier,
                            struct error *err)
{
    bool tracked = input->state && *input->state && input->auth_mode && name_equal(input->auth_mode, "WEB");
    if (!credential->profile.pkce)
        return secret_set(verifier, "") || error_memory(err);
    if (!tracked && credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET))
        return authorization_derived_verifier(credential, verifier, err);
    return authorization_random_verifier(verifier, err);
}

static bool prepare(const struct credential *credential, const struct oauth_authorization *input, struct authorization *made,
                    struct error *err)
{
    const char *callback = input->callback_url && *input->callback_url ? input->callback_url
                                                                       : credential_property(credential, PROPERTY_CALLBACK_URL);
    const char *state = input->state && *input->state ? input->state : credential_property(credential, PROPERTY_STATE);

    if (input->auth_mode && *input->auth_mode && !name_equal(input->auth_mode, "APP") && !name_equal(input->auth_mode, "WEB"))
        return error_set(err, "HY000", "AuthMode must be APP or WEB, not \"%.40s\"", input->auth_mode);
    if (!callback)
        return error_set(err, "HY000", "CallbackURL is missing: the redirect URI that your application is registered with");
    made->prompt = input->prompt;
    if (!secret_set(&made->callback_url, callback) || !secret_set(&made->state, state) ||
        !secret_set(&made->scope, authorization_scope(credential, input->scope)))
        return error_memory(err);
    return (made->state || authorization_random_state(&made->state, err)) &&
           choose_verifier(credential, input, &made->verifier, err);
}

bool oauth_authorization_url(struct credential *credential, const struct oauth_authorization *input, struct buffer *url,
                             struct buffer *state, struct buffer *pkce_verifier, struct error *err)
{
    struct authorization made = {0};
    bool done = prepare(credential, input, &made, err) && authorization_url(credential, &made, url, err) &&
                remember(credential, &made, err);
    if (done) {
        log_hide(credential->log, made.verifier);
        buffer_append_text(state, made.state);
        buffer_append_text(pkce_verifier, made.verifier);
        if (state->failed || pkce_verifier->failed)
            done = error_memory(err);
    }
    authorization_clear(&made);
    return done;
}
