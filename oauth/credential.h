/* The credential of one connection: has a token, gets one, renews it, and signs requests with it.
 *
 * One interface for every AuthScheme: OAuth 2.0 (RFC 6749, 6750), OAuth 1.0a (RFC 5849), a token that is given, user and password, or
 * nothing. Each grant of OAuth stands in a file of its own (family.h). */
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
struct warnings;

struct oauth_authorization;
struct oauth_exchange;
struct oauth_question;
struct oauth_tokens;

/* Who gets tokens in place of the grants that stand here. Each fills in what comes out, as from malloc, or fails with 28000 where asking again
 * is of no use. Members may be NULL: what stands here does it then. */
struct oauth_hooks {
    bool (*get)(void *context, const struct oauth_exchange *input, struct oauth_tokens *tokens, struct cancel *cancel, struct error *err);
    bool (*refresh)(void *context, const char *refresh_token, const char *access_token, struct oauth_tokens *tokens, struct cancel *cancel,
                    struct error *err);
    bool (*ask)(void *context, const struct oauth_authorization *input, struct oauth_question *question, struct cancel *cancel, struct error *err);
    bool alone;                     /* get needs nobody who signs in */
    void *context;
};

/* What a provider's definition says of its service and its authorization server. The connection's properties of the same purpose
 * (OAuthAuthorizationURL, Scope, SignMethod…) win over it. All strings outlive the credential. */
struct oauth_profile {
    const char *provider;           /* its name: part of the settings file's key */
    const char *schema;             /* which of the service's schemas the connection has, for messages; NULL = none */
    const char *client_id, *client_secret; /* of an application that the definition brings, for who sets no OAuthClientId; or NULL */
    const char *schemes;            /* AuthSchemes the service knows, the first is the default: "OAuth Bearer" */
    const char *versions;           /* of OAuth that it knows, the first is the default: "2.0 1.0"; NULL = "2.0" */
    const char *grants;             /* OAuthGrantTypes that it knows, likewise; NULL = "CODE" */
    const char *authorize_url;
    const char *token_url;
    const char *refresh_url;        /* NULL = token_url */
    const char *request_token_url;  /* of OAuth 1.0a */
    const char *device_url;         /* the device authorization endpoint (RFC 8628) */
    const char *revoke_url;         /* where tokens are taken back (RFC 7009) */
    const char *issuer;             /* whose metadata (RFC 8414) tell the endpoints that do not stand here */
    const char *default_scope;      /* NULL = no scope parameter is sent */
    const char *scope_separator;    /* what stands between scopes in the URL; NULL = " ". In properties and here they stand between spaces */
    bool client_in_body;            /* client_id and client_secret as form fields (client_secret_post) instead of Basic */
    bool form_answers;              /* the token endpoint answers in a form, whatever it calls it */
    bool pkce;                      /* send code_challenge; harmless where the server ignores it */
    bool bearer_on_refresh;         /* the refresh request carries the present access token as well */
    const char *token_word;         /* what stands before the token in the Authorization field; NULL = "Bearer" */
    const char *authorize_params;   /* further "a=b&c=d" for the authorization URL, or NULL */
    const char *home;               /* the callback's parameter that names the authorization server where the account lives, or NULL */
    const char *homes;              /* the origins that it may name, divided by spaces */
    const char *sign_method;        /* of OAuth 1.0a; NULL = HMAC-SHA1 */
    const struct oauth_hooks *hooks; /* or NULL; outlive the credential */
    const char *service_url;        /* requests to another origin than this one's are refused, not signed; NULL = any */
};

/* properties, client and log outlive the credential. Does not touch the network. False: HY000/28000 for missing or contradictory properties,
 * naming them. */
bool credential_open(const struct oauth_profile *profile, const struct properties *properties, struct http_client *client,
                     struct log *log, struct credential **credential, struct error *err);
void credential_close(struct credential *credential);

/* Requests to this URL's origin may be signed as well: it is one of the service's own, as its definition says. False: out of memory. */
bool credential_allow(struct credential *credential, const char *url, struct error *err);

/* At connect: sees to it that there is a token, as InitiateOAuth says. OFF: takes OAuthAccessToken if there is one; without a token it
 * still succeeds, because the OAuth procedures must be callable. REFRESH: from settings file, OAuthAccessToken/OAuthRefreshToken, by
 * exchanging OAuthVerifier, or by a grant that needs nobody (CLIENT, PASSWORD, JWT); saves. GETANDREFRESH: likewise, else the user signs
 * in, with browser and loopback listener or at another device; saves.
 * InitiateOAuth=GETANDREFRESH is the user's own word that a browser may open; without it none does. A token or verifier that is left
 * in the DSN after it has served is known again and does no harm: the settings file's newer tokens win over it.
 * False: 28000 no token can be had, with what to do; HY000 settings file or properties; those of http_wait. */
bool credential_connect(struct credential *credential, struct cancel *cancel, struct error *err);

/* For requests to the service. Signing without a token: 28000 that says how to get one. */
struct http_signer *credential_signer(struct credential *credential);

/* Tells, once, that new tokens could not be saved (01000): the connection goes on with them, but no later one will have them. */
void credential_warn(struct credential *credential, struct warnings *warnings);

/* What else the service sent with the token in use: appends the text of a member such as "api_domain". False: there is none. */
bool credential_told(struct credential *credential, const char *member, struct buffer *out);

/* Appends the access token in use. False: there is none. */
bool credential_token(struct credential *credential, struct buffer *out);

/* The procedures. NULL inputs take the connection property of the same name. */
struct oauth_authorization {
    const char *auth_mode;       /* in: APP, WEB or DEVICE; NULL = APP. With WEB and a state of the caller's own the PKCE verifier is random
                                  * and must come back with the exchange, unless that happens on this very connection. Otherwise it is
                                  * derived from the client secret, if there is one, so that a code alone can be carried to another
                                  * machine. DEVICE: the device grant, whatever OAuthGrantType says */
    const char *callback_url;
    const char *state;           /* NULL = a random one */
    const char *scope;
    const char *prompt;
};

/* What the user is to be asked, and what must be known when the answer comes. Texts are NULL where the way of signing in has no such
 * thing. Wipe with oauth_question_clear. */
struct oauth_question {
    char *url;                   /* to send the user to */
    char *callback_url;          /* where the answer goes */
    char *state, *pkce_verifier; /* of the code grant; pkce_verifier "" where none is used */
    char *auth_token, *auth_key; /* of OAuth 1.0a: the request token and its secret */
    char *user_code, *device_code; /* of the device grant: what the user types in at the URL, and what tokens are asked for with */
    int64_t expires_in;          /* seconds that the device code is good for; -1 = not told */
    int64_t interval;            /* seconds between two polls */
};
void oauth_question_clear(struct oauth_question *question);

/* False: HY000/28000 for what is missing; those of http_wait where the service must be asked first (OAuth 1.0a, the device grant,
 * an issuer's metadata). */
bool oauth_authorization_url(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question,
                             struct cancel *cancel, struct error *err);

struct oauth_exchange {
    const char *auth_mode;       /* WEB: a verifier must be given. APP: browser and loopback listener, unless one is given. DEVICE: polls until
                                  * the user has signed in. NULL: WEB when there is a verifier, also as the property OAuthVerifier; else
                                  * APP. Without meaning where nobody has to sign in */
    const char *callback_url;
    const char *verifier;        /* the `code` or `oauth_verifier` of the callback, or the whole callback URL */
    const char *pkce_verifier;
    const char *auth_token, *auth_key;
    const char *device_code;
    const char *state;
    const char *scope;
};

/* A token endpoint's answer. Wipe with oauth_tokens_clear. */
struct oauth_tokens {
    char *access_token;
    char *token_secret;          /* of OAuth 1.0a; NULL otherwise */
    char *refresh_token;         /* NULL when the server sent none */
    char *scope;
    char *other;                 /* further members as a JSON object text, or NULL */
    int64_t expires_in;          /* seconds; -1 when not told */
};
void oauth_tokens_clear(struct oauth_tokens *tokens);

/* Exchanges, lets the user sign in, or gets tokens without anybody, as the grant is; the credential uses the new token from then on, and
 * saves it when OAuthSettingsLocation says where. */
bool oauth_access_token(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens,
                        struct cancel *cancel, struct error *err);
bool oauth_refresh(struct credential *credential, const char *refresh_token, struct oauth_tokens *tokens,
                   struct cancel *cancel, struct error *err);

/* Signs out: asks the authorization server to take the tokens back (RFC 7009), and forgets them, here and in the settings file, whether it
 * does or not.
 * *revoked  it did; else why tells the reason
 * False: HY000 there are no tokens with this AuthScheme; those of the settings file. */
bool oauth_sign_out(struct credential *credential, bool *revoked, struct error *why, struct cancel *cancel, struct error *err);

#endif
