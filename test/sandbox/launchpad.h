/* Launchpad, where one signs in to Basecamp: its own paths and replies over the sandbox's authorization server.
 *
 *   GET  /authorization/new     the login page; response_type=code, or type=web_server as it was once spelled; state may be missing
 *   POST /authorization/token   trades a code, or renews (grant_type, or type=web_server and type=refresh); parameters in query or form
 *   GET  /authorization.json    who the token's owner is, and which accounts the token opens */
#ifndef SANDBOX_LAUNCHPAD_H
#define SANDBOX_LAUNCHPAD_H

#include "test/sandbox/server.h"

struct launchpad;

/* The authorization server outlives it. */
struct launchpad *launchpad_open(struct oauth_server *oauth);
void launchpad_close(struct launchpad *launchpad);

/* Whether renewing a token repeats the refresh token in its reply. It stays the same in any case. */
void launchpad_repeat_refresh_token(struct launchpad *launchpad, bool repeat);

bool launchpad_owns(const char *path);

/* Takes the reference to the array of accounts. */
void launchpad_answer(struct launchpad *launchpad, const struct request *request, json_t *accounts, struct answer *answer);

#endif
