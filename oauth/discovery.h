/* The metadata of an authorization server (RFC 8414, OpenID Connect Discovery 1.0). */
#ifndef OAUTH_DISCOVERY_H
#define OAUTH_DISCOVERY_H

#include <stdbool.h>

#include "oauth/state.h"

struct discovery {
    char *authorize_url, *token_url, *device_url, *revoke_url;   /* NULL where there is none */
    bool client_in_body;    /* the token endpoint takes the client's secret in the body only */
    bool promises_issuer;   /* callbacks carry `iss` */
};

/* Asks at both places where metadata may stand.
 * lane  NULL = borrow one
 * False: HY000 the issuer's URL, 08S01 no metadata there or those of another issuer, and those of http_wait. */
bool discovery_fetch(struct credential *credential, const char *issuer, struct http_lane *lane, struct discovery **discovery,
                     struct cancel *cancel, struct error *err);
void discovery_free(struct discovery *discovery);

/* Reads a document that was found at `url`. False: 08S01. */
bool discovery_read(const char *url, const char *issuer, const char *text, size_t length, struct discovery **discovery, struct error *err);

#endif
