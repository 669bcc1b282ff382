/* A credential and a server of written-down answers beside each other, for tests of the grants. */
#ifndef TEST_OAUTH_BENCH_H
#define TEST_OAUTH_BENCH_H

#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "oauth/credential.h"
#include "test/http/wire.h"

enum { BENCH_REPLIES = 12, BENCH_TEXT = 8192 };

struct reply {
    int status;
    const char *body;     /* "%s" in it is the server's URL */
    const char *fields;   /* further header fields, each with its line break; may be NULL. "Delay: 300": it comes so many ms later */
};

struct bench {
    struct wire wire;
    struct properties properties;
    struct oauth_profile profile;
    struct http_client *client;
    struct http_lane *lane;
    struct credential *credential;   /* NULL when it could not be opened: err says why */
    struct error err;
    char replies[BENCH_REPLIES][BENCH_TEXT];
    char urls[7][128];
};

/* Starts the server and opens the credential.
 * profile   its endpoints and issuer may begin with '/': the server's then
 * settings  of the connection; "%s" in them is the server's URL
 * The n-th request is answered by the n-th reply, all later ones by the last. */
void bench_open(struct bench *bench, const struct oauth_profile *profile, const char *settings, const struct reply *replies, size_t count);
void bench_close(struct bench *bench);

/* Opens another credential with other settings towards the same server; the one before is closed. */
void bench_reopen(struct bench *bench, const char *settings);

bool bench_connect(struct bench *bench);

/* The status of a signed request to this path, 0 when it failed. form: NULL = a GET. */
int bench_call(struct bench *bench, const char *path, const char *form);

int bench_requests(const struct bench *bench);
const char *bench_request(const struct bench *bench, int number);

/* The decoded value of a field in the body of a request, or of a parameter in its URL; "" when there is none. Static, until the next call. */
const char *bench_field(const struct bench *bench, int number, const char *name);
const char *bench_parameter(const struct bench *bench, int number, const char *name);

/* The decoded value of a parameter of the request's Authorization field (RFC 5849 3.5.1). Likewise. */
const char *bench_signed(const struct bench *bench, int number, const char *name);

#endif
