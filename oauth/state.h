/* What the parts of a credential share; nobody outside oauth/ includes this.
 *
 * A credential has a scheme, which decides how requests are signed. All schemes stand behind one interface, so that a new
 * one (Basic, OAuth 1.0a) is a new file and one more line in credential.c. */
#ifndef OAUTH_STATE_H
#define OAUTH_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/property.h"
#include "oauth/credential.h"

struct credential_scheme {
    const char *name;   /* as AuthScheme calls it */
    /* Checks the properties. May be NULL. */
    bool (*open)(struct credential *credential, struct error *err);
    /* At connect. May be NULL. */
    bool (*connect)(struct credential *credential, struct cancel *cancel, struct error *err);
    /* Puts the credential on one request, and says what to do after a 401: see struct http_signer. May be NULL: nothing is sent. */
    bool (*sign)(struct credential *credential, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err);
    bool (*refused)(struct credential *credential, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err);
};

extern const struct credential_scheme scheme_none, scheme_bearer, scheme_oauth2;

/* A grant as it is known here: what the server gave, and when. */
struct grant {
    char *access_token;      /* NULL while there is none */
    char *refresh_token;     /* NULL when the server gave none */
    char *scope;             /* as granted, NULL when not told */
    int64_t lifetime;        /* seconds from `issued` on; -1 = not known */
    int64_t issued;          /* wall clock, seconds since the epoch */
    int64_t issued_ticks;    /* clock_milliseconds() likewise; 0 = it came from another process */
};

enum initiate { INITIATE_OFF, INITIATE_REFRESH, INITIATE_GET_AND_REFRESH };

struct credential {
    struct http_signer signer;               /* first: a signer is turned back into its credential */
    const struct credential_scheme *scheme;
    struct oauth_profile profile;
    const struct properties *properties;
    struct http_client *client;
    struct log *log;
    enum initiate initiate;

    pthread_mutex_t lock;                    /* guards the following, for moments only */
    struct grant grant;
    int64_t not_before;                      /* clock_milliseconds() before which no early renewal is tried again */
    char *pending_state, *pending_verifier, *pending_callback; /* of the last authorization URL made here */
    char *allowed[8];                        /* URLs at whose origins requests may be signed, besides the profile's service_url */
    size_t allowed_count;

    pthread_mutex_t renewing;                /* held by the thread that gets new tokens */
};

/* The endpoint in force: property, else profile. NULL when there is none. */
const char *credential_authorize_url(const struct credential *credential);
const char *credential_token_url(const struct credential *credential);
const char *credential_refresh_url(const struct credential *credential);

/* A property's text, NULL when empty or not set. */
const char *credential_property(const struct credential *credential, enum property property);

void grant_clear(struct grant *grant);

/* A copy of the grant in use. False: out of memory. */
bool credential_copy_grant(struct credential *credential, struct grant *copy, struct error *err);

/* Makes the grant the one in use; takes it over and leaves *grant empty. Its secrets become known to the log. */
void credential_use_grant(struct credential *credential, struct grant *grant);

/* Puts "Authorization: Bearer …" on a request. */
bool bearer_sign(struct http_exchange *exchange, const char *token, struct error *err);

/* Whether the request that was refused carried this very token. */
bool bearer_was_sent(const struct http_exchange *exchange, const char *token);

/* Whether the token should be renewed: it has ended, or ends soon. *ended: the former. */
bool grant_is_stale(const struct grant *grant, bool *ended);

#endif
