/* OAuth 1.0a (RFC 5849) as a credential speaks it: the Authorization field of one request, with a timestamp and a nonce of its own. */
#ifndef OAUTH_OAUTH1_H
#define OAUTH_OAUTH1_H

#include <stdbool.h>

#include "oauth/state.h"

/* What is to be signed. All strings borrowed. */
struct oauth1_call {
    const char *method, *url;
    const char *form;                  /* NULL when the body is no form */
    const char *token, *token_secret;  /* NULL before there are any */
    const char *extra_name, *extra;    /* a further oauth_… parameter, or NULL */
};

/* Appends the field's value. False: 28000 without OAuthClientId, HY000 the library fails. */
bool oauth1_write_field(struct credential *credential, const struct oauth1_call *call, struct buffer *out, struct error *err);

/* After a 401: whether the server's clock is so far from ours that the timestamp was the reason; it is known from then on. */
bool oauth1_clock_was_wrong(struct credential *credential, const struct http_response *response);

#endif
