/* A credential towards an authorization server. */
#include "test/oauth/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "http/url.h"

char folder[] = "/tmp/restodbc-life-XXXXXX";
struct authority authority;
struct oauth_profile profile = {.provider = "TSheets", .schemes = "OAuth Bearer None", .client_in_body = true, .pkce = true};
static char authorize_url[128], token_url[128], api_url[128];

void connection_open(struct connection *connection, const char *settings)
{
    char text[2048];
    memset(connection, 0, sizeof *connection);
    snprintf(text, sizeof text, settings, folder);
    assert_true(properties_read_string(&connection->properties, text, strlen(text), NULL, NULL, &connection->err));
    assert_true(http_client_open(&connection->properties, NULL, &connection->client, &connection->err));
    assert_true(http_lane_borrow(connection->client, &connection->lane, &connection->err));
    if (!credential_open(&profile, &connection->properties, connection->client, NULL, &connection->credential, &connection->err))
        connection->credential = NULL;
}

void connection_close(struct connection *connection)
{
    credential_close(connection->credential);
    http_lane_return(connection->lane);
    http_client_close(connection->client);
    properties_clear(&connection->properties);
}

int connection_call_at(struct connection *connection, const char *url)
{
    struct http_request request = {.method = "GET", .url = url, .signer = credential_signer(connection->credential),
                                   .safe_to_repeat = true};
    struct http_exchange *exchange;
    struct http_response response = {0};
    if (!http_start(connection->lane, &request, NULL, &exchange, &connection->err))
        return 0;
    bool done = http_wait(exchange, NULL, &response, &connection->err);
    http_finish(exchange);
    return done ? response.status : 0;
}

int connection_call(struct connection *connection)
{
    return connection_call_at(connection, api_url);
}

bool connection_connect(struct connection *connection)
{
    return credential_connect(connection->credential, NULL, &connection->err);
}

void connection_sign_in_elsewhere(struct connection *connection, const struct oauth_authorization *input, char answer[2048],
                                  struct buffer *verifier)
{
    struct oauth_question question;
    buffer_init(verifier, 1000);
    assert_true(oauth_authorization_url(connection->credential, input, &question, NULL, &connection->err));
    buffer_append_text(verifier, question.pkce_verifier);
    assert_int_equal(authority_browse(question.url, NULL, answer, NULL), 302);
    oauth_question_clear(&question);
}

void connection_code(const char *answer, struct buffer *code)
{
    buffer_init(code, 1000);
    assert_true(url_parameter(strchr(answer, '?') + 1, "code", code));
}

int connection_fresh(void **state)
{
    char command[128];
    (void)state;
    struct authority_shared *shared = authority.shared;
    memset(shared, 0, sizeof *shared);
    atomic_store(&shared->lifetime, 3600);
    snprintf(command, sizeof command, "rm -rf %s; mkdir -m 700 %s", folder, folder);
    return system(command);
}

int connection_begin(void **state)
{
    (void)state;
    authority_start(&authority);
    snprintf(authorize_url, sizeof authorize_url, "%s/authorize", authority.url);
    snprintf(token_url, sizeof token_url, "%s/token", authority.url);
    snprintf(api_url, sizeof api_url, "%s/api", authority.url);
    profile.authorize_url = authorize_url;
    profile.token_url = token_url;
    return mkdtemp(folder) ? 0 : -1;
}

int connection_end(void **state)
{
    char command[64];
    (void)state;
    authority_stop(&authority);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}
