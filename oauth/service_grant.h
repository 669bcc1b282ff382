/* Grants in which nobody signs in: one request to the token endpoint, whenever tokens are needed. */
#ifndef OAUTH_SERVICE_GRANT_H
#define OAUTH_SERVICE_GRANT_H

#include <stdbool.h>
#include <stddef.h>

#include "oauth/token_endpoint.h"

enum { SERVICE_GRANT_FIELDS = 4 };

/* Asks for tokens with a grant type, its fields (at most SERVICE_GRANT_FIELDS), and the scope that is to be asked for.
 * anonymous  as in struct token_request
 * *refused   the server said that this will not help again either */
bool service_grant_fetch(struct credential *credential, const char *grant_type, const struct token_field *fields, size_t count,
                         bool anonymous, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                         struct error *err);

#endif
