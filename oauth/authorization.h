/* The front half of the authorization-code grant (RFC 6749 4.1, PKCE RFC 7636): the URL that the user is sent to. */
#ifndef OAUTH_AUTHORIZATION_H
#define OAUTH_AUTHORIZATION_H

#include <stdbool.h>

#include "base/buffer.h"
#include "oauth/state.h"

/* What stands in it. All strings borrowed. */
struct authorization {
    const char *callback_url;   /* the redirect_uri, byte for byte */
    const char *state;
    const char *verifier;       /* of PKCE; "" when none is used */
    const char *scope;          /* NULL = none is sent */
    const char *prompt;         /* may be NULL */
};

/* A new random text of 43 characters: a state, or a PKCE verifier. False: HY000 without randomness, HY001. */
bool authorization_random(char **text, struct error *err);

/* The verifier that who knows the client secret can find again. */
bool authorization_derived_verifier(const struct credential *credential, char **verifier, struct error *err);

/* Appends code_challenge = BASE64URL(SHA256(verifier)) (RFC 7636 4.2). */
bool authorization_challenge(struct buffer *out, const char *verifier);

/* Appends the URL to send the user to. False: HY000/28000 for what is missing. */
bool authorization_url(const struct credential *credential, const char *endpoint, const struct authorization *authorization,
                       struct buffer *url, struct error *err);

/* False with 28000 while OAuthClientId is not set. */
bool authorization_needs_client(const struct credential *credential, struct error *err);

/* Makes 28000 of an error answer (RFC 6749 4.1.2.1, 5.2), or 08S01 of one that time alone will heal: the server's words, tamed and cut.
 * status  the HTTP status that it came with, 0 = it came by way of the browser */
bool authorization_refused(const char *where, int status, const char *error, const char *description, struct error *err);

/* Copies `text` with blanks in the place of what steers a terminal or turns the direction of writing, at most room - 1 bytes, never half a
 * character. */
void authorization_plain_words(const char *text, char *out, size_t room);

/* Whether a text holds nothing of that, and at most `longest` bytes. */
bool authorization_is_plain(const char *text, size_t longest);

/* The scope to ask for: given, else the property, else the profile's. NULL = none. */
const char *authorization_scope(const struct credential *credential, const char *given);

/* Appends the scopes of a text, which stand between spaces, with the service's own separator between them. */
bool authorization_join_scope(const struct credential *credential, const char *scope, struct buffer *joined);

#endif
