/* The desktop login: listener, browser, answer. */
#include "oauth/login.h"

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "oauth/browser.h"

enum { LOGIN_TIME = 180000 /* milliseconds */ };

bool login_open(struct login *login, const struct credential *credential, const char *callback_url, struct error *err)
{
    if (!callback_url || !*callback_url)
        callback_url = credential_property(credential, PROPERTY_CALLBACK_URL);
    if (name_equal(callback_url, "oob"))
        return error_set(err, "HY000", "With CallbackURL=oob the service shows the verifier to the user, who must hand it on: call "
                         "GetOAuthAuthorizationURL, sign in at its URL, and give what is shown there to GetOAuthAccessToken as Verifier; or "
                         "set CallbackURL=http://localhost:33333");
    return loopback_open(&login->loopback, callback_url, err);
}

bool login_ask(struct login *login, const struct credential *credential, const char *url, const struct callback_question *question,
               char **answer, struct cancel *cancel, struct error *err)
{
    struct browser browser;
    int64_t until = cancel_remaining(cancel) >= 0 ? INT64_MAX : clock_milliseconds() + LOGIN_TIME;

    if (!browser_start(&browser, url, err))
        return false;
    log_write(credential->log, LOG_QUERY, "oauth", "waiting for the sign-in at %s in the browser", credential->profile.provider);
    bool done = loopback_wait(&login->loopback, question, &browser, until, cancel, answer, err);
    browser_end(&browser);
    return done;
}

void login_close(struct login *login, bool done, const struct error *err)
{
    loopback_answer(&login->loopback, done, done ? NULL : err->message);
    loopback_close(&login->loopback);
}
