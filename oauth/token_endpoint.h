/* The token endpoint (RFC 6749 3.2): sending a grant, and reading the answer. */
#ifndef OAUTH_TOKEN_ENDPOINT_H
#define OAUTH_TOKEN_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "oauth/state.h"

struct token_field {
    const char *name;
    const char *value;   /* NULL = not sent */
};

/* Posts the fields and the client's authentication to the endpoint; never repeated once it may have arrived.
 * bearer    the present access token, where the service wants it along; NULL = not sent
 * lane      the lane to use, or NULL to borrow one
 * *refused  true when the server itself said that the grant is not valid (invalid_grant): only a new sign-in helps
 * False: 28000 the server's refusal in its words and what to do, 08S01 an answer that is none, and those of http_wait. */
bool token_request(struct credential *credential, const char *url, const struct token_field *fields, size_t count, const char *bearer,
                   struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err);

/* Reads an answer (RFC 6749 5.1, 5.2). url: for messages. */
bool token_answer_read(const char *url, int status, const char *body, size_t length, struct oauth_tokens *tokens, bool *refused,
                       struct error *err);

#endif
