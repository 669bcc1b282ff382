/* The authorization-code grant with PKCE (RFC 6749 4.1, RFC 7636): the user signs in with a browser, here or elsewhere. */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "oauth/authorization.h"
#include "oauth/callback.h"
#include "oauth/endpoint.h"
#include "oauth/family.h"
#include "oauth/grant.h"
#include "oauth/home.h"
#include "oauth/login.h"
#include "oauth/secret.h"
#include "oauth/token_endpoint.h"

enum { LONGEST_URL = 64 * 1024 };

/* --- asking --- */

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
    return authorization_random(verifier, err);
}

/* Writes the URL of a question whose other texts are there. */
static bool write_url(struct credential *credential, const char *scope, const char *prompt, struct oauth_question *question,
                      struct cancel *cancel, struct error *err)
{
    const struct authorization authorization = {question->callback_url, question->state, question->pkce_verifier,
                                                authorization_scope(credential, scope), prompt};
    const char *endpoint;
    struct buffer url;

    if (!authorization_needs_client(credential, err) || !endpoint_find(credential, ENDPOINT_AUTHORIZE, NULL, &endpoint, cancel, err))
        return false;
    buffer_init(&url, LONGEST_URL);
    bool done = authorization_url(credential, endpoint, &authorization, &url, err) && (secret_set(&question->url, url.data) || error_memory(err));
    buffer_clear(&url);
    return done;
}

static bool ask(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question,
                struct cancel *cancel, struct error *err)
{
    const char *callback = input->callback_url && *input->callback_url ? input->callback_url
                                                                       : credential_property(credential, PROPERTY_CALLBACK_URL);
    const char *state = input->state && *input->state ? input->state : credential_property(credential, PROPERTY_STATE);

    if (!secret_set(&question->callback_url, callback) || !secret_set(&question->state, state))
        return error_memory(err);
    return (question->state || authorization_random(&question->state, err)) &&
           choose_verifier(credential, input, &question->pkce_verifier, err) &&
           write_url(credential, input->scope, input->prompt, question, cancel, err);
}

/* --- exchanging --- */

static struct callback_question expect(struct credential *credential, const struct oauth_question *question, char **home)
{
    return (struct callback_question){"state", question->state, "code", endpoint_issuer(credential), endpoint_promises_issuer(credential),
                                      &credential->profile, home};
}

/* home: the server that has the account, where the callback told it; it is kept with the tokens. */
static bool exchange_code(struct credential *credential, const char *code, const char *home, const struct oauth_question *question,
                          struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    const char *verifier = question->pkce_verifier;
    const struct token_field fields[] = {
        {"grant_type", "authorization_code"},
        {"code", code},
        {"redirect_uri", question->callback_url},
        {"code_verifier", verifier && *verifier ? verifier : NULL},
    };
    struct token_request request = {.endpoint = ENDPOINT_TOKEN, .fields = fields, .count = 4, .home = home};
    char error[TOKEN_ERROR];

    *refused = false;
    log_hide(credential->log, code);
    log_hide(credential->log, verifier);
    bool done = token_get(credential, &request, tokens, error, cancel, err);
    *refused = token_is_over(error);
    if (done && !home_keep(&credential->profile, home, tokens, err)) {
        oauth_tokens_clear(tokens);
        return false;
    }
    return done;
}

/* What is known of the sign-in that the verifier comes from: what the caller says, else what was asked on this connection before. A caller
 * with a PKCE verifier keeps its own accounts, and the connection may be one of a pool: what it last asked does not count then. */
static bool find_question(struct credential *credential, const struct oauth_exchange *input, struct oauth_question *question,
                          struct error *err)
{
    const char *callback = text_given(input->callback_url);
    const char *verifier = text_given(input->pkce_verifier);
    const char *state = text_given(input->state);

    pthread_mutex_lock(&credential->lock);
    const struct oauth_question *asked = &credential->pending;
    bool pending = asked->state && !verifier;
    bool done = secret_set(&question->state, pending ? asked->state : NULL) &&
                secret_set(&question->pkce_verifier, pending ? asked->pkce_verifier : NULL) &&
                secret_set(&question->callback_url, pending ? asked->callback_url : NULL);
    pthread_mutex_unlock(&credential->lock);

    if (done && pending && state && !secret_equal(state, question->state))
        return error_set(err, "28000", "State is another one than that of the sign-in that was begun here; the code may not be yours. "
                         "Begin again with GetOAuthAuthorizationURL");
    if (!verifier)
        verifier = credential_property(credential, PROPERTY_PKCE_VERIFIER);
    if (!callback && !question->callback_url)
        callback = credential_property(credential, PROPERTY_CALLBACK_URL);
    if (!state)
        state = credential_property(credential, PROPERTY_STATE);
    done = done && (!verifier || secret_set(&question->pkce_verifier, verifier)) &&
           (!callback || secret_set(&question->callback_url, callback)) &&
           (question->state || !state || secret_set(&question->state, state));
    if (!done)
        return error_memory(err);
    if (question->pkce_verifier)
        return true;
    if (credential->profile.pkce && credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET))
        return authorization_derived_verifier(credential, &question->pkce_verifier, err);
    return secret_set(&question->pkce_verifier, "") || error_memory(err);
}

static bool exchange(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens, bool *refused,
                     struct cancel *cancel, struct error *err)
{
    struct oauth_question question = {0};
    char *code = NULL, *home = NULL;
    const char *verifier = text_given(input->verifier), *token_url;
    if (!verifier)
        verifier = credential_property(credential, PROPERTY_OAUTH_VERIFIER);

    *refused = false;
    if (!verifier)
        return error_set(err, "28000", "The verifier is missing: give the code of the callback, or the whole callback URL, as Verifier "
                         "or OAuthVerifier");
    /* Who tells the endpoint also tells what the callback must carry. */
    bool done = find_question(credential, input, &question, err) && endpoint_find(credential, ENDPOINT_TOKEN, NULL, &token_url, cancel, err);
    const struct callback_question expected = expect(credential, &question, &home);
    done = done && callback_read_verifier(verifier, &expected, &code, err) &&
           exchange_code(credential, code, home, &question, tokens, refused, cancel, err);
    secret_free(code);
    secret_free(home);
    oauth_question_clear(&question);
    return done;
}

/* --- signing in here --- */

static bool sign_in_at(struct credential *credential, struct login *login, const char *scope, struct oauth_tokens *tokens,
                       struct cancel *cancel, struct error *err)
{
    struct oauth_question question = {0};
    char *code = NULL, *home = NULL;
    bool refused;

    bool done = secret_set(&question.callback_url, login->loopback.redirect_uri) || error_memory(err);
    done = done && authorization_random(&question.state, err) &&
           (credential->profile.pkce ? authorization_random(&question.pkce_verifier, err)
                                     : secret_set(&question.pkce_verifier, "") || error_memory(err)) &&
           write_url(credential, scope, NULL, &question, cancel, err);
    const struct callback_question expected = expect(credential, &question, &home);
    done = done && login_ask(login, credential, question.url, &expected, &code, cancel, err) &&
           exchange_code(credential, code, home, &question, tokens, &refused, cancel, err);
    secret_free(code);
    secret_free(home);
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

const struct grant_family family_code = {.name = "CODE", .ask = ask, .exchange = exchange, .sign_in = sign_in};
