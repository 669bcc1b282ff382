/* Which of a service's authorization servers has the account. Some services have a data centre for each part of the world; the user signs in
 * at one, the callback names the one where the account lives, and everything after that happens there. Its origin is kept with the tokens,
 * as the member of that name. */
#ifndef OAUTH_HOME_H
#define OAUTH_HOME_H

#include <stdbool.h>

#include "oauth/credential.h"

/* Whether the service has a server of that origin. */
bool home_is_known(const struct oauth_profile *profile, const char *server);

/* Keeps the origin with the tokens. server: NULL = nothing is kept. False: HY001. */
bool home_keep(const struct oauth_profile *profile, const char *server, struct oauth_tokens *tokens, struct error *err);

/* The origin that is kept in the members of a token answer, a JSON object as text or NULL: NULL when there is none, or none that the service
 * has; to be freed. */
char *home_kept(const struct oauth_profile *profile, const char *other);

/* The address of an endpoint on that server: its path stays. False: HY001. */
bool home_address(const char *server, const char *url, char **moved, struct error *err);

#endif
