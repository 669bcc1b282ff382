/* The credential of one connection: has a token, gets one, renews it, and signs requests with it.
 *
 * One interface for every AuthScheme. OAuth 2.0 (RFC 6749, 7636, 6750, 8252) is one kind; each grant stands in a file of its own. */
#ifndef OAUTH_CREDENTIAL_H
#define OAUTH_CREDENTIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "http/client.h"

struct buffer;
struct cancel;
struct credential;
struct error;
struct log;
struct properties;

/* What a provider's definition says of its service and its authorization server. The properties OAuthAuthorizationURL, OAuthAccessTokenURL,
 * OAuthRefreshTokenURL, Scope and OAuthParams of the connection win over it. All strings outlive the credential. */
struct oauth_profile {
    const char *provider;           /* "TSheets": part of the settings file's key */
    const char *schemes;            /* AuthSchemes the service knows, the first is the default: "OAuth Bearer" */
    const char *authorize_url;
    const char *token_url;
    const char *refresh_url;        /* NULL = token_url */
    const char *default_scope;      /* NULL = no scope parameter is sent */
    const char *scope_separator;    /* what stands between scopes in the URL; NULL = " ". In properties and here they stand between spaces */
    bool client_in_body;            /* client_id and client_secret as form fields (client_secret_post) instead of Basic */
    bool pkce;                      /* send code_challenge; harmless where the server ignores it */
    bool bearer_on_refresh;         /* the refresh request carries the present access token as well */
    const char *authorize_params;   /* further "a=b&c=d" for the authorization URL, or NULL */
    const char *service_url;        /* requests to another origin than this one's are refused, not signed; NULL = any */
};

/* interactive  whether a browser may be opened: InitiateOAuth=GETANDREFRESH is the user's word for it
 * Does not touch the network. False: HY000/28000 for missing or contradictory properties, naming them. */
bool credential_open(const struct oauth_profile *profile, const struct properties *properties, struct http_client *client,
                     struct log *log, struct credential **credential, struct error *err);
void credential_close(struct credential *credential);

/* Requests to this URL's origin may be signed as well: it is one of the service's own, as its definition says. False: out of memory. */
bool credential_allow(struct credential *credential, const char *url, struct error *err);

/* At connect: sees to it that there is a token, as InitiateOAuth says. OFF: takes OAuthAccessToken if there is one; without a token it
 * still succeeds, because the OAuth procedures must be callable. REFRESH: from settings file, OAuthAccessToken/OAuthRefreshToken, or by
 * exchanging OAuthVerifier; saves. GETANDREFRESH: likewise, else the desktop login with browser and loopback listener; saves.
 * InitiateOAuth=GETANDREFRESH is the user's own word that a browser may open; without it none does. A token or verifier that is left
 * in the DSN after it has served is known again and does no harm: the settings file's newer tokens win over it.
 * False: 28000 no token can be had, with what to do; HY000 settings file or properties; those of http_wait. */
bool credential_connect(struct credential *credential, struct cancel *cancel, struct error *err);

/* For requests to the service. Signing without a token: 28000 that says how to get one. */
struct http_signer *credential_signer(struct credential *credential);

/* The three procedures. NULL inputs take the connection property of the same name. */
struct oauth_authorization {
    const char *auth_mode;       /* in: APP or WEB; NULL = APP. With WEB and a state of the caller's own the PKCE verifier is random and must
                                  * come back with the exchange, unless that happens on this very connection. Otherwise it is derived
                                  * from the client secret, if there is one, so that a code alone can be carried to another machine. */
    const char *callback_url;    /* in */
    const char *state;           /* in: NULL = a random one */
    const char *scope;           /* in */
    const char *prompt;          /* in */
};

/* Outputs are appended to the buffers: the URL to send the user to, the state in it and the PKCE verifier ("" when none is used). */
bool oauth_authorization_url(struct credential *credential, const struct oauth_authorization *input, struct buffer *url,
                             struct buffer *state, struct buffer *pkce_verifier, struct error *err);

struct oauth_exchange {
    const char *auth_mode;       /* WEB: a verifier must be given. APP: browser and loopback listener, unless one is given. NULL: WEB when
                                  * there is a verifier, also as the property OAuthVerifier; else APP */
    const char *callback_url;
    const char *verifier;        /* the `code` of the callback, or the whole callback URL */
    const char *pkce_verifier;
    const char *state;
    const char *scope;
};

/* A token endpoint's answer. Wipe with oauth_tokens_clear. */
struct oauth_tokens {
    char *access_token;
    char *refresh_token;         /* NULL when the server sent none */
    char *scope;
    char *other;                 /* further members as a JSON object text, or NULL */
    int64_t expires_in;          /* seconds; -1 when not told */
};
void oauth_tokens_clear(struct oauth_tokens *tokens);

/* Exchanges; the credential uses the new token from then on, and saves it when OAuthSettingsLocation says where. */
bool oauth_access_token(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens,
                        struct cancel *cancel, struct error *err);
bool oauth_refresh(struct credential *credential, const char *refresh_token, struct oauth_tokens *tokens,
                   struct cancel *cancel, struct error *err);

#endif
