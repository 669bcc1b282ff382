/* Judges the signature of a request, from RFC 5849 alone: nothing here comes from the driver. */
#ifndef SANDBOX_OAUTH1_CHECK_H
#define SANDBOX_OAUTH1_CHECK_H

#include "test/sandbox/server.h"

/* The parameters of an Authorization field "OAuth a="b", …", decoded: name → string; NULL when it is none, or names one twice. */
json_t *oauth1_parameters(const char *authorization);

/* Whether the request is signed with these secrets (PLAINTEXT, HMAC-SHA1, HMAC-SHA256), or with the private half of the PEM public key
 * (RSA-SHA1, RSA-SHA256); NULL when it is, else why not: an oauth_problem. */
const char *oauth1_fault(const struct request *request, json_t *parameters, const char *client_secret, const char *token_secret,
                         const char *public_key);

#endif
