/* What the parts of the authorization server share, and those of other services with it; nobody else includes this. */
#ifndef SANDBOX_OAUTH_STATE_H
#define SANDBOX_OAUTH_STATE_H

#include <pthread.h>
#include <time.h>

#include "test/sandbox/oauth_server.h"

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 44 };

/* An authorization request that waits for the user, then its code. */
struct consent {
    struct consent *next;
    char ticket[TOKEN_TEXT];        /* names it in the login form */
    char code[TOKEN_TEXT];          /* "" until allowed */
    char *redirect_uri;
    char *state;
    char *challenge;                /* NULL = the client uses no PKCE */
    time_t expires;
    bool used;
    unsigned family;                /* of the tokens that the code gave */
};

struct token {
    struct token *next;
    char access[TOKEN_TEXT];
    char refresh[TOKEN_TEXT];       /* "" where the grant gives none */
    time_t access_expires;
    time_t refresh_expires;
    unsigned family;
    bool rotated;                   /* a newer pair took its place */
    bool revoked;
};

/* A sign-in at another device (RFC 8628). */
struct device {
    struct device *next;
    char device_code[TOKEN_TEXT];
    char user_code[10];             /* "ABCD-EFGH" */
    time_t expires;
    time_t polled;                  /* 0 = never */
    enum { DEVICE_WAITS, DEVICE_ALLOWED, DEVICE_DENIED, DEVICE_USED } state;
};

struct oauth_server {
    pthread_mutex_t lock;           /* guards all of the following */
    unsigned token_lifetime;
    unsigned refresh_lifetime;
    struct consent *consents;
    struct token *tokens;           /* the newest first */
    struct device *devices;
    unsigned families;
    char lasting[TOKEN_TEXT];
    json_t *moods;
    json_t *remembered;             /* secrets of other authorization servers, an array */
    unsigned access_ended, refresh_ended;
};

/* How the server is told to behave (POST /_oauth); with the lock held. */
const char *oauth_mood(const struct oauth_server *server, const char *name, const char *standard);
bool oauth_mood_is(const struct oauth_server *server, const char *name, const char *value);
long oauth_mood_number(const struct oauth_server *server, const char *name, long standard);

/* The server's clock: the machine's, and as many seconds as the mood "clock" says. */
time_t oauth_now(const struct oauth_server *server);

/* TOKEN_TEXT - 1 characters, new each time. */
void oauth_random_token(char *out);

/* Base64url without padding (RFC 4648, 5); room for 4 characters per 3 bytes and a NUL. */
void oauth_base64url(const unsigned char *bytes, size_t length, char *out);

/* Prints text so that HTML, or a URL, takes it for nothing else. */
void oauth_escape_html(FILE *out, const char *text);
void oauth_escape_url(FILE *out, const char *text);

/* 302 to the client's redirect URI with the pairs (name, value, …, NULL) added to its query. */
void oauth_redirect(struct answer *answer, const char *uri, const char *const *pairs);

/* A page with a form: two buttons, Allow and Deny, and hidden fields (name, value, …, NULL). */
void oauth_login_page(struct answer *answer, const char *path, const char *question, const char *const *hidden);
void oauth_refuse_page(struct answer *answer, const char *why);

/* Registered: any https URL, and any http URL on the loopback interface (RFC 8252, 7.3: the port is free). */
bool oauth_redirect_registered(const char *uri);

/* RFC 7636, 4.6: BASE64URL(SHA256(verifier)) == challenge. */
bool oauth_verifier_fits(const char *challenge, const char *verifier);

/* A secret of another authorization server, for oauth_server_secrets. */
void oauth_remember(struct oauth_server *server, const char *secret);

/* How often oauth_server_revoke has ended all access tokens, or all refresh tokens: what another authorization server gave out before
 * is ended too. */
unsigned oauth_ended(struct oauth_server *server, bool refresh);

/* POST /grant, POST /revoke, and the device endpoints /device_authorization and /device. */
void oauth_grant(struct oauth_server *server, const struct request *request, struct answer *answer);
void oauth_revoke(struct oauth_server *server, const struct request *request, struct answer *answer);
void oauth_device_authorization(struct oauth_server *server, const struct request *request, struct answer *answer);
void oauth_device_page(struct oauth_server *server, const struct request *request, struct answer *answer);

/* With the lock held: a token answer, or an error answer (RFC 6749, 5). */
void oauth_give_token(struct oauth_server *server, unsigned family, bool refresh, struct answer *answer);
void oauth_grant_error(struct answer *answer, unsigned status, const char *error, const char *description);
bool oauth_client_known(const struct oauth_server *server, const struct request *request);

/* The device grant's part of POST /grant; with the lock held. */
void oauth_grant_device(struct oauth_server *server, const struct request *request, struct answer *answer);

/* Whether a JWT (RFC 7519) is signed with the key in the mood "public_key" and good for us; else why not. With the lock held. */
const char *oauth_jwt_fault(const struct oauth_server *server, const char *jwt, const char *base);

#endif
