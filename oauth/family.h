/* The ways to get tokens. Each stands in a file of its own, grant_*.c, and does what is its own; what is common — the settings file,
 * renewal, who may do what when — is life_cycle.c's and procedures.c's. */
#ifndef OAUTH_FAMILY_H
#define OAUTH_FAMILY_H

#include <stdbool.h>

#include "oauth/state.h"

struct grant_family {
    const char *name;   /* as OAuthGrantType calls it; for OAuth 1.0a, which knows but one way, its version */

    /* Whether the connection's properties suffice, for what can be known before anything is asked. May be NULL.
     * False: HY000 or 28000 naming the property. */
    bool (*check)(struct credential *credential, struct error *err);

    /* Gets tokens without anybody's help, so that it may be done anew whenever they run out. NULL: somebody must sign in.
     * lane      NULL = borrow one
     * *refused  the server said that this will not help again either */
    bool (*fetch)(struct credential *credential, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                  struct error *err);

    /* The rest is for families whose users sign in; NULL otherwise. */

    /* What to ask the user. */
    bool (*ask)(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question,
                struct cancel *cancel, struct error *err);

    /* Makes tokens of the answer. *refused: the answer is of no use (any more). */
    bool (*exchange)(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens, bool *refused,
                     struct cancel *cancel, struct error *err);

    /* Asks, waits for the answer and exchanges it, all at once.
     * *pending  what the last try left to be kept until the next (from malloc, wiped by secret_free), or NULL; likewise afterwards
     * False: 28000 the user has not signed in (yet), with what to do. */
    bool (*sign_in)(struct credential *credential, const struct oauth_exchange *input, char **pending, struct oauth_tokens *tokens,
                    struct cancel *cancel, struct error *err);
};

extern const struct grant_family family_code, family_password, family_client, family_jwt, family_device, family_oauth1;
/* Of the profile's hooks: where users sign in, and where nobody has to. */
extern const struct grant_family family_hooked, family_hooked_alone;

/* The family that OAuthVersion and OAuthGrantType (or AuthScheme) name, or the definition's first. False: HY000 for one that the service does not know. */
bool family_choose(const struct credential *credential, const struct grant_family **family, struct error *err);

/* Whether the tokens are those of OAuth 1.0. */
bool family_is_first_version(const struct credential *credential);

/* The grant that stands in the name of an AuthScheme such as OAuthClient; NULL for every other. */
const char *family_in_scheme(const char *scheme);

/* The family that a procedure with this AuthMode is about: DEVICE is one of its own. False: HY000 for another word than APP, WEB, DEVICE. */
bool family_of_mode(const struct credential *credential, const char *auth_mode, const struct grant_family **family, struct error *err);

#endif
