/* The front half of the authorization-code grant: the URL that the user is sent to. */
#include "oauth/authorization.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "base/utf.h"
#include "http/url.h"
#include "oauth/base64.h"
#include "oauth/parameters.h"
#include "oauth/sealed.h"
#include "oauth/secret.h"

enum {
    RANDOM_BYTES = 32,        /* 43 characters in base64url, the fewest that RFC 7636 4.1 allows for a verifier */
    LONGEST_URL = 32 * 1024,
};

bool authorization_random(char **text, struct error *err)
{
    struct buffer out;
    if (!secret_buffer_init(&out, 64))
        return error_memory(err);
    bool done = secret_random(&out, RANDOM_BYTES) ? secret_set(text, out.data) || error_memory(err)
                                                  : error_set(err, "HY000", "The system gives no random numbers for the sign-in");
    secret_buffer_clear(&out);
    return done;
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

bool authorization_join_scope(const struct credential *credential, const char *scope, struct buffer *joined)
{
    const char *separator = credential->profile.scope_separator;
    for (scope += strspn(scope, " "); *scope; scope += strspn(scope, " ")) {
        size_t length = strcspn(scope, " ");
        if (joined->length)
            buffer_append_text(joined, separator && *separator ? separator : " ");
        buffer_append(joined, scope, length);
        scope += length;
    }
    return !joined->failed;
}

static bool add_scope(const struct credential *credential, const char *scope, struct buffer *url)
{
    struct buffer joined;
    buffer_init(&joined, LONGEST_URL);
    bool done = authorization_join_scope(credential, scope, &joined) &&
                (!joined.length || url_add_parameter(url, "scope", joined.data, false));
    buffer_clear(&joined);
    return done;
}

bool authorization_needs_client(const struct credential *credential, struct error *err)
{
    return credential_property(credential, PROPERTY_OAUTH_CLIENT_ID) ||
           error_set(err, "28000", "The sign-in needs OAuthClientId: the client id that %s gave your application. This installation has none of its own",
                     credential->profile.provider);
}

bool authorization_url(const struct credential *credential, const char *endpoint, const struct authorization *authorization,
                       struct buffer *url, struct error *err)
{
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    struct buffer challenge;

    if (!authorization_needs_client(credential, err))
        return false;
    buffer_append_text(url, endpoint);
    url_add_parameter(url, "response_type", "code", false);
    url_add_parameter(url, "client_id", client, false);
    url_add_parameter(url, "redirect_uri", authorization->callback_url, false);
    url_add_parameter(url, "state", authorization->state, false);
    if (authorization->scope && !add_scope(credential, authorization->scope, url))
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
    if (!parameters_add(url, false, credential->profile.authorize_params, "The definition's authorization parameters", err) ||
        !parameters_add(url, false, credential_property(credential, PROPERTY_OAUTH_PARAMS), "OAuthParams", err))
        return false;
    return url->failed ? error_memory(err) : true;
}

/* Control characters of both sets, line separators, marks and brackets of direction: with them words can look like others. */
static bool is_steering(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F) || character == 0x200E || character == 0x200F ||
           (character >= 0x2028 && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}

void authorization_plain_words(const char *text, char *out, size_t room)
{
    size_t size = strlen(text), length = 0;
    for (size_t at = 0; at < size;) {
        char bytes[4];
        uint32_t character = utf8_next(text, size, &at);
        size_t count = utf8_put(bytes, is_steering(character) ? ' ' : character);
        if (length + count >= room)
            break;
        memcpy(out + length, bytes, count);
        length += count;
    }
    out[length] = '\0';
}

bool authorization_is_plain(const char *text, size_t longest)
{
    size_t size = strlen(text);
    bool plain = size <= longest && utf8_valid(text, size, NULL);
    for (size_t at = 0; plain && at < size;)
        plain = !is_steering(utf8_next(text, size, &at));
    return plain;
}

bool authorization_refused(const char *where, int status, const char *error, const char *description, struct error *err)
{
    static const struct {
        const char *error, *advice;   /* NULL: to try again later */
    } known[] = {
        {"access_denied", "Consent was denied: sign in again and allow the access"},
        {"invalid_grant", "The code, the refresh token or the PKCE verifier is not valid (any more): sign in again, for example by "
                          "connecting with InitiateOAuth=GETANDREFRESH"},
        {"invalid_client", "Check OAuthClientId and OAuthClientSecret"},
        {"unauthorized_client", "Check the registration of your application, and OAuthClientId"},
        {"invalid_scope", "Check Scope"},
        {"redirect_uri_mismatch", "CallbackURL must be the redirect URI that your application is registered with"},
        {"invalid_request", "Check CallbackURL, Scope and OAuthParams against the registration of your application"},
        {"signature_invalid", "Check OAuthClientSecret and SignMethod"},
        {"consumer_key_unknown", "Check OAuthClientId"},
        {"consumer_key_rejected", "Check OAuthClientId"},
        {"token_rejected", "The token is not valid (any more): sign in again"},
        {"expired_token", "Nobody has signed in in time: begin the sign-in again"},
        {"temporarily_unavailable", NULL},
        {"server_error", NULL},
    };
    char name[80], words[300];
    const char *advice = status == 429 || status >= 500 ? NULL : "Sign in again, and check the registration of your application";

    authorization_plain_words(error, name, sizeof name);
    authorization_plain_words(description ? description : "", words, sizeof words);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(error, known[i].error) == 0)
            advice = known[i].advice;
    return error_set(err, advice ? "28000" : "08S01", "%s refused: %s%s%s%s. %s", where, name, *words ? " (" : "", words, *words ? ")" : "",
                     advice ? advice : "Try again later");
}
