/* What the parts of a credential share; nobody outside oauth/ includes this.
 *
 * A credential has a scheme, which decides how requests are signed, and where that is OAuth a family (family.h), which decides how tokens
 * are got. All schemes stand behind one interface: a new one is a new file and one more line in credential.c. */
#ifndef OAUTH_STATE_H
#define OAUTH_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/property.h"
#include "oauth/credential.h"
#include "oauth/oauth1_signature.h"

struct discovery;
struct grant_family;
struct private_key;

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

extern const struct credential_scheme scheme_none, scheme_bearer, scheme_basic, scheme_digest, scheme_ntlm, scheme_negotiate, scheme_oauth1,
    scheme_oauth2;

/* A grant as it is known here: what the server gave, and when. */
struct grant {
    char *access_token;      /* NULL while there is none */
    char *token_secret;      /* of OAuth 1.0a */
    char *refresh_token;     /* NULL when the server gave none */
    char *scope;             /* as granted, NULL when not told */
    char *other;             /* what else it sent, a JSON object; NULL when nothing */
    int64_t lifetime;        /* seconds from `issued` on; -1 = not known */
    int64_t issued;          /* seconds since the epoch, by the server's clock */
    int64_t skew;            /* seconds that the server's clock is ahead of this machine's */
    int64_t issued_ticks;    /* clock_milliseconds() likewise; 0 = it came from another process */
};

enum initiate { INITIATE_OFF, INITIATE_REFRESH, INITIATE_GET_AND_REFRESH };

struct credential {
    struct http_signer signer;               /* first: a signer is turned back into its credential */
    const struct credential_scheme *scheme;
    const struct grant_family *family;       /* NULL where the scheme is not OAuth */
    struct oauth_profile profile;
    const struct properties *properties;
    struct http_client *client;
    struct log *log;
    enum initiate initiate;
    pid_t process;                           /* who opened it: after a fork nobody else holds the locks that were held */
    enum oauth1_method sign_method;
    struct private_key *key;                 /* what RSA signs with, or the JWT grant; NULL = none */
    char *settings;                          /* path of the settings file, wherever the program goes; NULL = tokens are not kept */

    pthread_mutex_t lock;                    /* guards the following, for moments only */
    struct grant grant;
    int64_t not_before;                      /* clock_milliseconds() before which no early renewal is tried again */
    struct oauth_question pending;           /* the last that was asked here */
    int64_t pending_until;                   /* clock_milliseconds() at which its device code is over; 0 = not known */
    struct discovery *discovery;             /* once the issuer's metadata were read; then it stays */
    int64_t skew;                            /* as in a grant, by the last answer that told */
    bool skew_known;
    char *unsaved;                           /* why tokens could not be saved, while nobody has been told; NULL = they could */
    char *allowed[8];                        /* URLs at whose origins requests may be signed, besides the profile's service_url */
    size_t allowed_count;

    pthread_mutex_t renewing;                /* held by the thread that gets new tokens */
};

/* To be called wherever somebody from outside enters: in a child made by fork the locks start anew, because the thread that may have held
 * them has not come along. */
void credential_enter(struct credential *credential);

/* A property's text, NULL when empty or not set. */
const char *credential_property(const struct credential *credential, enum property property);

enum { CLOCKS_APART = 60 /* seconds from which on a refusal may be the clock's fault: servers bear some minutes */ };

/* Seconds that the server's clock is ahead of this machine's; 0 and false while no answer has told. */
bool credential_skew(struct credential *credential, int64_t *skew);

/* Seconds since the epoch by the server's clock, as far as it is known. */
int64_t credential_clock(struct credential *credential);

/* Learns from an answer how far the server's clock is from ours. False: it does not tell. */
bool credential_learn_clock(struct credential *credential, const struct http_response *response);

/* New tokens could not be saved: the log says so, and credential_warn will. */
void credential_note_unsaved(struct credential *credential, const struct error *err);

void grant_clear(struct grant *grant);

/* Moves a grant: *to gets what *from held, *from is empty then. */
void grant_take(struct grant *to, struct grant *from);

/* A copy of the grant in use. False: out of memory. */
bool credential_copy_grant(struct credential *credential, struct grant *copy, struct error *err);

/* Makes the grant the one in use; takes it over and leaves *grant empty. Its secrets become known to the log. */
void credential_use_grant(struct credential *credential, struct grant *grant);

/* Puts "Authorization: Bearer …" on a request; word stands in the place of "Bearer" where it is not NULL. */
bool bearer_sign(struct http_exchange *exchange, const char *word, const char *token, struct error *err);

/* Whether the request that was refused carried this very token. */
bool bearer_was_sent(const struct http_exchange *exchange, const char *token);

/* Whether the token should be renewed: it has ended, or ends soon. *ended: the former. */
bool grant_is_stale(const struct grant *grant, bool *ended);

#endif
