/* The services once more, behind other ways to sign in: /oauth1/…, /basic/…, /digest/… are what … is with a bearer token. */
#ifndef SANDBOX_FRONT_H
#define SANDBOX_FRONT_H

#include "test/sandbox/server.h"

/* Looks at the credential of a request whose path begins with such a prefix, takes the prefix away and puts a good bearer token in the
 * place of the credential. False: the request is answered already. Other requests stay as they are.
 * token  room for the Authorization field that the request gets */
bool front_admit(struct sandbox *sandbox, struct request *request, char token[128], struct answer *answer);

#endif
