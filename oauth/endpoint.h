/* Where the authorization server's endpoints are: as a property says, else the definition, else the issuer's metadata. */
#ifndef OAUTH_ENDPOINT_H
#define OAUTH_ENDPOINT_H

#include <stdbool.h>

#include "oauth/state.h"

enum endpoint { ENDPOINT_AUTHORIZE, ENDPOINT_TOKEN, ENDPOINT_REFRESH, ENDPOINT_REQUEST_TOKEN, ENDPOINT_DEVICE, ENDPOINT_REVOKE, ENDPOINTS };

/* The URL, asking the issuer for its metadata where nothing else tells it.
 * lane  NULL = borrow one
 * *url  lives as long as the credential
 * False: HY000 there is none or it is neither https nor on this machine, naming the property; those of http_wait and of discovery. */
bool endpoint_find(struct credential *credential, enum endpoint endpoint, struct http_lane *lane, const char **url, struct cancel *cancel,
                   struct error *err);

/* Whether there will be one: false for an endpoint that neither property nor definition nor any issuer can tell. */
bool endpoint_is_told(const struct credential *credential, enum endpoint endpoint);

/* Whether the connection's properties say where it is. */
bool endpoint_is_given(const struct credential *credential, enum endpoint endpoint);

/* As endpoint_find, without asking anybody: NULL when it is not known (yet). */
const char *endpoint_known(struct credential *credential, enum endpoint endpoint);

/* Name of the property that sets it. */
const char *endpoint_property(enum endpoint endpoint);

/* The issuer in force, or NULL. */
const char *endpoint_issuer(const struct credential *credential);

/* What tells this authorization server from others, known without a request: its token endpoint, else its issuer. "" when neither is. */
const char *endpoint_server(const struct credential *credential);

/* Whether the issuer's metadata say that callbacks carry `iss` (RFC 9207 3), and that the client's secret goes into the body; both false
 * while they have not been read. */
bool endpoint_promises_issuer(struct credential *credential);
bool endpoint_wants_body(struct credential *credential);

#endif
