/* The OAuth 1.0a provider that the sandbox plays (RFC 5849): request tokens, their authorization, access tokens, and signed requests. */
#ifndef SANDBOX_OAUTH1_SERVER_H
#define SANDBOX_OAUTH1_SERVER_H

#include "test/sandbox/server.h"

/* Client and login page are those of the OAuth 2.0 server, and so are the moods "clock", "public_key", "confirmed" and "resources"; it
 * outlives this one. */
struct oauth1_server *oauth1_server_open(struct oauth_server *oauth);
void oauth1_server_close(struct oauth1_server *server);

/* Answers /oauth1/request_token, /oauth1/authorize and /oauth1/access_token; false for other paths. */
bool oauth1_server_answer(struct oauth1_server *server, const struct request *request, struct answer *answer);

/* Whether a request is signed with an access token that is good; else answers it with 401 and why. */
bool oauth1_server_check(struct oauth1_server *server, const struct request *request, struct answer *answer);

/* Appends every secret given out so far to the array. */
void oauth1_server_secrets(struct oauth1_server *server, json_t *all);

/* Ends all access tokens. */
void oauth1_server_revoke(struct oauth1_server *server);

#endif
