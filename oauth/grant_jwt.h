/* The JWT that the grant of that name sends. */
#ifndef OAUTH_GRANT_JWT_H
#define OAUTH_GRANT_JWT_H

#include <stdbool.h>

#include "oauth/state.h"

struct buffer;

/* Who it is from: OAuthJWTIssuer, else the service account's own name, else the client id; NULL when none of them is there. */
const char *grant_jwt_issuer(const struct credential *credential);

/* Appends a new signed JWT (RFC 7519, 7515) for this token endpoint. False: 28000 and HY000 naming the property that is missing or wrong. */
bool grant_jwt_write(struct credential *credential, const char *token_url, struct buffer *out, struct error *err);

#endif
