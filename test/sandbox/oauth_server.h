/* The authorization server the sandbox plays: OAuth 2.0 with every grant (RFC 6749, 7636, 7523, 8628), its metadata (RFC 8414), and how it
 * can be told to behave otherwise. */
#ifndef SANDBOX_OAUTH_SERVER_H
#define SANDBOX_OAUTH_SERVER_H

#include "test/sandbox/server.h"

/* The one registered client. The secret has every character that a form, a URL or a connection string treats as special. */
#define OAUTH_CLIENT_ID "sandbox-client"
#define OAUTH_CLIENT_SECRET "s3cret+/=&odd %41chars"

/* The one user who has a password. */
#define OAUTH_USER "anna"
#define OAUTH_PASSWORD "pass=word;&1"

/* Lifetimes in seconds. */
struct oauth_server *oauth_server_open(unsigned token_lifetime, unsigned refresh_lifetime);
void oauth_server_close(struct oauth_server *server);

/* Answers /authorize, /grant, /revoke, /device_authorization and /device, alone or below /api/v1, and the metadata; false for other paths. */
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

/* How it shall behave from now on; NULL: as it does by itself. False when it does not know one of the names:
 *   rotate      "no": a renewal gives no new refresh token, and the old stays good
 *   answer      "form", or "form-unlabelled": token answers are forms, the latter called application/json
 *   expires_in  "string", "absent"
 *   client      "body", "header": the only way in which it takes client id and secret
 *   iss         "right", "wrong": callbacks name the issuer (RFC 9207)
 *   metadata    "openid" (at that place only), "none"
 *   issuer      what the metadata say the issuer is
 *   extra       an object whose members stand in token answers
 *   interval    seconds between polls of a device; slow_down "yes": the first poll that comes is too early
 *   revoke      "fails": no token is taken back
 *   public_key  PEM: whose JWTs and RSA signatures are good
 *   clock       seconds that the server's clock is ahead
 *   confirmed   "no": request tokens of OAuth 1.0 come without oauth_callback_confirmed
 *   resources   of OAuth 1.0: "no" refuses the signed request once more, though it is good */
bool oauth_server_moods(struct oauth_server *server, json_t *moods);

/* The mood "clock". */
long oauth_server_clock(struct oauth_server *server);

#endif
