/* The authorization server the sandbox plays: authorization code with PKCE (RFC 6749, 7636), rotating refresh tokens. */
#ifndef SANDBOX_OAUTH_SERVER_H
#define SANDBOX_OAUTH_SERVER_H

#include "test/sandbox/server.h"

/* The one registered client. The secret has every character that a form, a URL or a connection string treats as special. */
#define OAUTH_CLIENT_ID "sandbox-client"
#define OAUTH_CLIENT_SECRET "s3cret+/=&odd %41chars"

/* Lifetimes in seconds. */
struct oauth_server *oauth_server_open(unsigned token_lifetime, unsigned refresh_lifetime);
void oauth_server_close(struct oauth_server *server);

/* Answers /authorize and /grant, alone or below /api/v1; false for other paths. */
bool oauth_server_answer(struct oauth_server *server, const struct request *request, struct answer *answer);

enum token_state { TOKEN_VALID, TOKEN_MISSING, TOKEN_REFUSED, TOKEN_EXPIRED };

/* Judges the value of an Authorization field ("Bearer …"); NULL = there was none. */
enum token_state oauth_server_check(struct oauth_server *server, const char *authorization);

/* A token that does not expire, as a user makes it by hand in the service's settings. Lives as long as the server. */
const char *oauth_server_lasting_token(const struct oauth_server *server);

/* Every secret given out so far, an array of strings. */
json_t *oauth_server_secrets(struct oauth_server *server);

/* Ends all access tokens that logins have given out, and their refresh tokens too if told so; the lasting token stays. */
void oauth_server_revoke(struct oauth_server *server, bool refresh_too);

#endif
