/* The life of a grant, whatever family it is of: from the connect to its renewals. What the schemes OAuth 1.0a and 2.0 share. */
#ifndef OAUTH_LIFE_CYCLE_H
#define OAUTH_LIFE_CYCLE_H

#include <stdbool.h>

#include "oauth/state.h"

/* credential_scheme.open and .connect. */
bool life_cycle_open(struct credential *credential, struct error *err);
bool life_cycle_connect(struct credential *credential, struct cancel *cancel, struct error *err);

/* Gets a token other than *failed, which has run out or been refused: from another thread, another process, the server, or — where
 * GETANDREFRESH allows it and nothing else is left — from the user, or a sign-in that was revoked could never be replaced. */
bool life_cycle_renew(struct credential *credential, const char *failed, struct http_lane *lane, struct cancel *cancel, struct error *err);

/* Whether another token can be got without the user. Where none can, this one may be all there is, and our clock may be wrong: the service
 * decides whether it is still good. */
bool life_cycle_renews(const struct credential *credential, const struct grant *grant);

/* 28000 that says how to get a token. Returns false. */
bool life_cycle_no_token(const struct credential *credential, struct error *err);

/* 28000 that says that this token is not accepted, where it is not ours to renew. Returns false. */
bool life_cycle_refused(const struct credential *credential, const char *url, struct error *err);

/* Whether a failure only means that somebody or some deadline interrupted. */
bool life_cycle_interrupted(struct cancel *cancel);

#endif
