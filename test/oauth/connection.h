/* A credential towards the authorization server of authority.h, with a folder for its settings file. */
#ifndef TEST_OAUTH_CONNECTION_H
#define TEST_OAUTH_CONNECTION_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "oauth/credential.h"
#include "test/oauth/authority.h"

#define CLIENT "OAuthClientId=client;OAuthClientSecret=s3cr3t/with+odd chars&=;RetryMax=0;"
#define FILE_SETTINGS "OAuthSettingsLocation=%s/OAuthSettings.txt;"
#define REFRESH CLIENT FILE_SETTINGS "InitiateOAuth=REFRESH;"
#define GET CLIENT FILE_SETTINGS "InitiateOAuth=GETANDREFRESH;CallbackURL=http://localhost:0/back;"

extern char folder[];                   /* of this test alone */
extern struct authority authority;
extern struct oauth_profile profile;

struct connection {
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct credential *credential;      /* NULL when it could not be opened: err says why */
    struct error err;
};

/* Start and end of a group of tests, and what stands at the beginning of each: the server as new, the folder empty. */
int connection_begin(void **state);
int connection_fresh(void **state);
int connection_end(void **state);

/* settings  may use %s once, for the folder */
void connection_open(struct connection *connection, const char *settings);
void connection_close(struct connection *connection);

bool connection_connect(struct connection *connection);

/* The status of a signed request to the server's resource, or to a URL; 0 when it failed. */
int connection_call(struct connection *connection);
int connection_call_at(struct connection *connection, const char *url);

/* What is common to the ways by which a user gets a code without our listener: asks for the URL, and signs in there.
 * answer    gets the callback's URL
 * verifier  gets the PKCEVerifier; both buffers are the caller's to clear */
void connection_sign_in_elsewhere(struct connection *connection, const struct oauth_authorization *input, char answer[2048],
                                  struct buffer *verifier);
void connection_code(const char *answer, struct buffer *code);

#endif
