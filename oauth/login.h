/* The desktop login (RFC 8252): listener, browser, answer. What is asked and what is made of the answer is the grant's. */
#ifndef OAUTH_LOGIN_H
#define OAUTH_LOGIN_H

#include <stdbool.h>

#include "oauth/callback.h"
#include "oauth/loopback.h"
#include "oauth/state.h"

/* Between open and close nobody else can take the callback; loopback.redirect_uri is what the request must carry. */
struct login {
    struct loopback loopback;
};

/* Listens. callback_url: NULL = the property's. False: HY000 CallbackURL is not a loopback one or its port is in use. */
bool login_open(struct login *login, const struct credential *credential, const char *callback_url, struct error *err);

/* Sends the user to the URL and waits for the answer: as long as the deadline of cancel allows, 180 s where it has none.
 * False: 28000 denied, not in time, or no browser can be started; HY008 and HYT00. */
bool login_ask(struct login *login, const struct credential *credential, const char *url, const struct callback_question *question,
               char **answer, struct cancel *cancel, struct error *err);

/* Tells the user's browser how it ended, and stops listening. *err is looked at only when it did not end well. */
void login_close(struct login *login, bool done, const struct error *err);

#endif
