/* An authorization server for tests, with a resource beside it: rotating refresh tokens, PKCE, short lives.
 * It runs in a process of its own; what it did can be read, and what it does can be changed, in shared memory. */
#ifndef TEST_OAUTH_AUTHORITY_H
#define TEST_OAUTH_AUTHORITY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* Paths: /authorize (redirects back with a code at once), /token, /api (200 with the newest access token, else 401). */
struct authority_shared {
    atomic_int codes, refreshes, api_calls, refused_refreshes; /* what was asked for */
    atomic_int lifetime;         /* expires_in of the tokens given; -1 = not told */
    atomic_int silent_refresh;   /* renewals give no new refresh token */
    atomic_int broken;           /* the next so many token requests answer an HTML page */
    atomic_int delay;            /* milliseconds before a token answer */
    atomic_int deny;             /* /authorize answers with error=access_denied */
    atomic_int serial;           /* the newest access token is "access-<serial>", the newest refresh token "refresh-<serial>" */
    char challenge[128];         /* of the newest code */
    char last_form[4096];        /* the newest token request's */
    char last_head[8192];        /* and its head */
};

struct authority {
    int port;
    pid_t process;
    struct authority_shared *shared;
    char url[64];                /* "http://127.0.0.1:port" */
};

void authority_start(struct authority *authority);
void authority_stop(struct authority *authority);

/* GETs a URL like a browser: no redirect is followed. Returns the status; *location, where not NULL, gets that field or "".
 * host: another Host field than the URL's, or NULL. The body goes to `body` (room 16384), where not NULL. */
int authority_browse(const char *url, const char *host, char location[2048], char *body);

#endif
