/* The metadata of an authorization server: asking for them, and what of them counts here. */
#include "oauth/discovery.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "http/url.h"
#include "oauth/authorization.h"

enum { LARGEST_DOCUMENT = 256 * 1024, LONGEST_URL = 4096 };

void discovery_free(struct discovery *discovery)
{
    if (!discovery)
        return;
    free(discovery->authorize_url);
    free(discovery->token_url);
    free(discovery->device_url);
    free(discovery->revoke_url);
    free(discovery);
}

/* --- reading --- */

static bool copy_url(const json_t *document, const char *name, const char *where, char **out, struct error *err)
{
    const char *text = json_string_value(json_object_get(document, name));
    struct error fault;
    char words[400];

    *out = NULL;
    if (!text || !*text)
        return true;
    if (!url_is_allowed(text, name, &fault)) {
        authorization_plain_words(fault.message, words, sizeof words);
        return error_set(err, "08S01", "The metadata at %s can not be used: %s", where, words);
    }
    *out = strdup(text);
    return *out || error_memory(err);
}

static bool lists(const json_t *document, const char *name, const char *word)
{
    size_t index;
    json_t *item;

    json_array_foreach(json_object_get(document, name), index, item) {
        if (json_is_string(item) && strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

/* The issuer in the document must be the one that was asked, letter by letter (RFC 8414 3.3): else somebody else's endpoints
 * would be taken for its own. */
static bool is_of_issuer(const char *where, const char *issuer, const json_t *document, struct error *err)
{
    const char *own = json_string_value(json_object_get(document, "issuer"));
    char words[200];
    if (own && strcmp(own, issuer) == 0)
        return true;
    authorization_plain_words(own ? own : "", words, sizeof words);
    return error_set(err, "08S01", "The metadata at %s are those of the issuer \"%s\", not of \"%.200s\": set OAuthIssuer to exactly what "
                     "the authorization server calls itself", where, words, issuer);
}

bool discovery_read(const char *url, const char *issuer, const char *text, size_t length, struct discovery **discovery, struct error *err)
{
    json_t *document = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    struct discovery *made = calloc(1, sizeof *made);
    bool done;

    if (!made) {
        done = error_memory(err);
    } else if (!json_is_object(document)) {
        done = error_set(err, "08S01", "%s answered with something else than metadata in JSON; check OAuthIssuer", url);
    } else {
        done = is_of_issuer(url, issuer, document, err) &&
               copy_url(document, "authorization_endpoint", url, &made->authorize_url, err) &&
               copy_url(document, "token_endpoint", url, &made->token_url, err) &&
               copy_url(document, "device_authorization_endpoint", url, &made->device_url, err) &&
               copy_url(document, "revocation_endpoint", url, &made->revoke_url, err);
        made->promises_issuer = json_is_true(json_object_get(document, "authorization_response_iss_parameter_supported"));
        made->client_in_body = lists(document, "token_endpoint_auth_methods_supported", "client_secret_post") &&
                               !lists(document, "token_endpoint_auth_methods_supported", "client_secret_basic");
    }
    json_decref(document);
    if (done)
        *discovery = made;
    else
        discovery_free(made);
    return done;
}

/* --- asking --- */

/* The well-known part stands between host and path (RFC 8414 3.1), or, as OpenID Connect has it, behind the path. */
static bool write_place(const char *issuer, bool openid, struct buffer *out)
{
    const char *host = strstr(issuer, "://") + 3;
    size_t front = (size_t)(host - issuer) + strcspn(host, "/");
    size_t length = strlen(issuer);

    while (length > front && issuer[length - 1] == '/')
        length--;
    if (openid) {
        buffer_append(out, issuer, length);
        return buffer_append_text(out, "/.well-known/openid-configuration");
    }
    buffer_append(out, issuer, front);
    buffer_append_text(out, "/.well-known/oauth-authorization-server");
    return buffer_append(out, issuer + front, length - front);
}

/* Whether the server knows nothing of this place: it says so in one of many ways, or answers whatever it is asked with a page. */
static bool is_nothing(const struct http_response *response)
{
    const char *text = response->body + strspn(response->body, " \t\r\n");
    return (response->status >= 400 && response->status < 500 && response->status != 429) || (response->status == 200 && *text != '{');
}

/* *found false when there is nothing at this place, and then it is no failure. */
static bool ask(const char *url, const char *issuer, struct http_lane *lane, bool *found, struct discovery **discovery,
                struct cancel *cancel, struct error *err)
{
    const struct http_header accept = {"Accept", "application/json"};
    const struct http_request request = {.method = "GET", .url = url, .headers = &accept, .header_count = 1, .largest = LARGEST_DOCUMENT,
                                         .safe_to_repeat = true};
    struct http_exchange *exchange;
    struct http_response response;

    *found = false;
    if (!http_start(lane, &request, cancel, &exchange, err))
        return false;
    bool done = http_wait(exchange, cancel, &response, err);
    *found = done && !is_nothing(&response);
    if (*found && response.status == 200) {
        done = discovery_read(response.url, issuer, response.body, response.body_length, discovery, err);
    } else if (*found) {
        done = error_set(err, "08S01", "%s answered with status %d instead of the issuer's metadata; check OAuthIssuer", response.url,
                         response.status);
        err->native = response.status;
    }
    http_finish(exchange);
    return done;
}

static bool ask_both(const char *issuer, struct http_lane *lane, struct discovery **discovery, struct cancel *cancel, struct error *err)
{
    bool found = false, done = true;
    struct buffer url;

    buffer_init(&url, LONGEST_URL);
    for (int i = 0; i < 2 && done && !found; i++) {
        buffer_reset(&url);
        done = write_place(issuer, i == 1, &url) ? ask(url.data, issuer, lane, &found, discovery, cancel, err)
                                                 : error_set(err, "HY000", "OAuthIssuer is too long for a URL");
    }
    buffer_clear(&url);
    if (done && !found)
        return error_set(err, "08S01", "The issuer %.300s has no metadata at its well-known places: check OAuthIssuer, or set "
                         "OAuthAuthorizationURL and OAuthAccessTokenURL", issuer);
    return done;
}

bool discovery_fetch(struct credential *credential, const char *issuer, struct http_lane *lane, struct discovery **discovery,
                     struct cancel *cancel, struct error *err)
{
    struct http_lane *borrowed = NULL;

    if (!url_is_allowed(issuer, "OAuthIssuer", err))
        return false;
    if (!strstr(issuer, "://") || strpbrk(issuer, "?#"))
        return error_set(err, "HY000", "OAuthIssuer must be written https://host/path, without a query or fragment: \"%.200s\"", issuer);
    if (!lane && !http_lane_borrow(credential->client, &borrowed, err))
        return false;
    log_write(credential->log, LOG_REQUEST, "oauth", "asking %s for its endpoints", issuer);
    bool done = ask_both(issuer, lane ? lane : borrowed, discovery, cancel, err);
    http_lane_return(borrowed);
    return done;
}
