/* The desktop login: browser, loopback listener, code, tokens. */
#include "oauth/login.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/authorization.h"
#include "oauth/browser.h"
#include "oauth/life_cycle.h"
#include "oauth/loopback.h"
#include "oauth/secret.h"

enum { LOGIN_TIME = 180000 /* milliseconds */, LONGEST_URL = 64 * 1024 };

static bool prepare(const struct credential *credential, const struct loopback *loopback, const char *scope,
                    struct authorization *question, struct buffer *url, struct error *err)
{
    if (!secret_set(&question->callback_url, loopback->redirect_uri) ||
        !secret_set(&question->scope, authorization_scope(credential, scope)))
        return error_memory(err);
    if (!authorization_random_state(&question->state, err))
        return false;
    if (credential->profile.pkce ? !authorization_random_verifier(&question->verifier, err) : !secret_set(&question->verifier, ""))
        return credential->profile.pkce ? false : error_memory(err);
    return authorization_url(credential, question, url, err);
}

/* Sends the user to the URL and exchanges what comes back; their browser is told how it ended. */
static bool ask_user(struct credential *credential, struct loopback *loopback, const struct authorization *question, const char *url,
                     struct oauth_tokens *tokens, struct cancel *cancel, struct error *err)
{
    struct browser browser;
    char *code = NULL;
    bool refused;

    if (!browser_start(&browser, url, err))
        return false;
    log_write(credential->log, LOG_QUERY, "oauth", "waiting for the sign-in at %s in the browser", credential->profile.provider);
    bool done = loopback_wait(loopback, question->state, &browser, clock_milliseconds() + LOGIN_TIME, cancel, &code, err) &&
                grant_exchange_code(credential, code, question->callback_url, question->verifier, tokens, &refused, cancel, err);
    loopback_answer(loopback, done, done ? NULL : err->message);
    secret_free(code);
    browser_end(&browser);
    return done;
}

bool login_with_browser(struct credential *credential, const char *callback_url, const char *scope, struct oauth_tokens *tokens,
                        struct cancel *cancel, struct error *err)
{
    struct loopback loopback;
    struct authorization question = {0};
    struct buffer url;

    *tokens = (struct oauth_tokens){.expires_in = -1};
    if (!callback_url)
        callback_url = credential_property(credential, PROPERTY_CALLBACK_URL);
    if (!callback_url)
        return error_set(err, "HY000", "CallbackURL is missing: the redirect URI that your application is registered with");
    if (!loopback_open(&loopback, callback_url, err))
        return false;
    buffer_init(&url, LONGEST_URL);
    bool done = prepare(credential, &loopback, scope, &question, &url, err) &&
                ask_user(credential, &loopback, &question, url.data, tokens, cancel, err);
    buffer_clear(&url);
    authorization_clear(&question);
    loopback_close(&loopback);
    return done;
}
