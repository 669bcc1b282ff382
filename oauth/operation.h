/* The operations of API scripts, oauthGetAccessToken and oauthGetUserAuthorizationURL: the same grants as a connection's own, with inputs
 * of a script's. No SQL, no tables: names and texts go in, names and texts come out.
 *
 * An input that is not given takes the connection property of the same name. Names are compared without case and underscores:
 *   OAuthVersion                 1.0 or 2.0; 1.0 where the connection says nothing
 *   GrantType                    CODE (default), PASSWORD, CLIENT, JWT, DEVICE, REFRESH, or as the standard calls them (authorization_code…)
 *   AuthMode                     APP (default), WEB, DEVICE
 *   Verifier, PKCEVerifier, DeviceCode, CallbackURL, State, Scope, Prompt
 *   OAuthAccessToken, OAuthAccessTokenSecret or OAuthTokenSecret    OAuth 1.0: the request token and its secret; also AuthToken, AuthKey
 *   OAuthRefreshToken            of GrantType REFRESH
 *   OAuthParam:NAME, PostData    further parameters of the requests
 *   Timeout                      seconds for the whole operation; 60 where it is not given, 0 = no bound
 *   LogFile                      a file for this operation alone
 *   every connection property that concerns it: the URLs, client id and secret, SignMethod, Cert, CertPassword, OAuthJWT…, ProxyServer…
 *   Proxy_SSLType ALWAYS, Proxy_AuthScheme NONE; Firewall_Type TUNNEL, SOCKS4 or SOCKS5 with Firewall_Server, _Port, _User and _Password
 * All others are ignored, since a script hands on whatever it holds; but a wish that can not be fulfilled is an error (HYC00). */
#ifndef OAUTH_OPERATION_H
#define OAUTH_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

struct cancel;
struct error;
struct log;
struct properties;

struct oauth_item {
    const char *name, *value;
};

struct oauth_operation {
    const char *provider;                    /* for messages */
    const struct properties *properties;     /* of the connection */
    struct log *log;
    const struct oauth_item *inputs;         /* of equal names the last counts */
    size_t input_count;
    /* Gets each output; the texts are gone when it returns, and it wipes what it copies of them when that is not needed any more. */
    void (*output)(void *context, const char *name, const char *value);
    void *context;
};

/* Outputs: OAuthAccessToken, OAuthTokenSecret, OAuthRefreshToken, ExpiresIn and OAuthParam:NAME for what else the server sent; each only
 * where there is one. Nothing is kept: what becomes of the tokens is the caller's business. False: as oauth_access_token and
 * oauth_refresh say. */
bool oauth_operation_access_token(const struct oauth_operation *operation, struct cancel *cancel, struct error *err);

/* Outputs: URL; State and PKCEVerifier, or OAuthAccessToken and OAuthTokenSecret (of the request token), or UserCode and DeviceCode. */
bool oauth_operation_authorization_url(const struct oauth_operation *operation, struct cancel *cancel, struct error *err);

#endif
