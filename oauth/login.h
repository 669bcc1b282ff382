/* The desktop login (RFC 8252): browser, loopback listener, code, tokens. */
#ifndef OAUTH_LOGIN_H
#define OAUTH_LOGIN_H

#include <stdbool.h>

#include "oauth/state.h"

/* Lets the user sign in with the browser and exchanges the code. callback_url, scope: NULL = the properties'.
 * False: 28000 denied, not in time (180 s), or no browser can be started; HY000 CallbackURL is not a loopback one or its
 * port is in use; HY008 and HYT00 interrupted; those of the token endpoint. */
bool login_with_browser(struct credential *credential, const char *callback_url, const char *scope, struct oauth_tokens *tokens,
                        struct cancel *cancel, struct error *err);

#endif
