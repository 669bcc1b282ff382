/* The token endpoint: sending a grant, and reading the answer. */
#include "oauth/token_endpoint.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/base64.h"
#include "oauth/secret.h"

enum { LARGEST_ANSWER = 64 * 1024, LARGEST_FORM = 128 * 1024 };

void oauth_tokens_clear(struct oauth_tokens *tokens)
{
    secret_free(tokens->access_token);
    secret_free(tokens->refresh_token);
    free(tokens->scope);
    secret_free(tokens->other);
    *tokens = (struct oauth_tokens){.expires_in = -1};
}

/* --- reading the answer --- */

/* Jansson frees its texts as they are: what is secret among them is wiped first. */
static void wipe_json(json_t *document)
{
    const char *name;
    json_t *value;
    json_object_foreach(document, name, value) {
        if (json_is_string(value))
            OPENSSL_cleanse((void *)json_string_value(value), json_string_length(value));
    }
    json_decref(document);
}

/* Visible characters only (RFC 6749 A.12, A.17): anything else could break out of a header field. */
static bool is_token(const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at < 0x20 || *at > 0x7E)
            return false;
    return *text != '\0';
}

static int64_t read_lifetime(const json_t *value)
{
    double seconds = -1;
    if (json_is_number(value)) {
        seconds = json_number_value(value);
    } else if (json_is_string(value)) {
        char *end;
        const char *text = json_string_value(value);
        seconds = strtod(text, &end);
        if (end == text || *end)
            return -1;
    }
    if (!(seconds >= 0))
        return -1;
    return seconds < 1e12 ? (int64_t)seconds : (int64_t)1e12;
}

static bool is_plain_member(const char *name)
{
    static const char *const names[] = {"access_token", "refresh_token", "expires_in", "scope"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* What else the server sent, as a JSON object; NULL when nothing. */
static bool read_others(json_t *document, char **out, struct error *err)
{
    const char *name;
    json_t *value;
    json_t *others = json_object();
    bool done = others != NULL;

    json_object_foreach(document, name, value) {
        if (!is_plain_member(name))
            done = done && json_object_set(others, name, value) == 0;
    }
    if (done && json_object_size(others) > 0) {
        *out = json_dumps(others, JSON_COMPACT);
        done = *out != NULL;
    }
    json_decref(others);
    return done ? true : error_memory(err);
}

static bool read_tokens(const char *url, json_t *document, struct oauth_tokens *tokens, struct error *err)
{
    const char *access = json_string_value(json_object_get(document, "access_token"));
    const char *refresh = json_string_value(json_object_get(document, "refresh_token"));
    const char *scope = json_string_value(json_object_get(document, "scope"));
    const char *type = json_string_value(json_object_get(document, "token_type"));

    if (!access || !is_token(access))
        return error_set(err, "08S01", "%s answered without a usable access_token; check OAuthAccessTokenURL", url);
    if (type && !name_equal(type, "bearer"))
        return error_set(err, "08S01", "%s gave a token of the type \"%.40s\"; only bearer tokens can be used", url, type);
    if (refresh && *refresh && !is_token(refresh))
        return error_set(err, "08S01", "%s answered with a refresh_token that holds control characters", url);
    if (!secret_set(&tokens->access_token, access) || !secret_set(&tokens->refresh_token, refresh && *refresh ? refresh : NULL) ||
        !secret_set(&tokens->scope, scope))
        return error_memory(err);
    tokens->expires_in = read_lifetime(json_object_get(document, "expires_in"));
    return read_others(document, &tokens->other, err);
}

/* An error answer: {"error": "invalid_grant", …}; some services put an object or a number there. */
static bool read_refusal(const char *url, const json_t *document, bool *refused, struct error *err)
{
    const json_t *error = json_object_get(document, "error");
    const char *description = json_string_value(json_object_get(document, "error_description"));
    const char *name = json_string_value(error);

    if (json_is_object(error)) {
        name = json_string_value(json_object_get(error, "code"));
        description = json_string_value(json_object_get(error, "message"));
    }
    if (!name)
        name = "an error without a name";
    *refused = strcmp(name, "invalid_grant") == 0;
    return authorization_refused(url, name, description, err);
}

static bool no_answer(const char *url, int status, struct error *err)
{
    const char *advice = "Check OAuthAccessTokenURL and URL";
    if (status >= 300 && status < 400)
        advice = "It redirects, which is not followed with secrets in hand: check OAuthAccessTokenURL";
    else if (status == 429 || status >= 500)
        advice = "Try again later";
    error_set(err, status == 401 || status == 403 ? "28000" : "08S01",
              "%s answered with status %d and not with the JSON of a token endpoint. %s", url, status, advice);
    err->native = status;
    return false;
}

bool token_answer_read(const char *url, int status, const char *body, size_t length, struct oauth_tokens *tokens, bool *refused,
                       struct error *err)
{
    *tokens = (struct oauth_tokens){.expires_in = -1};
    *refused = false;
    json_t *document = length <= LARGEST_ANSWER ? json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool done;

    if (!json_is_object(document))
        done = no_answer(url, status, err);
    else if (json_object_get(document, "error"))
        done = read_refusal(url, document, refused, err);
    else if (status < 200 || status > 299)
        done = no_answer(url, status, err);
    else
        done = read_tokens(url, document, tokens, err);
    if (document)
        wipe_json(document);
    if (!done)
        oauth_tokens_clear(tokens);
    return done;
}

/* --- sending --- */

/* Basic with id and secret form-encoded before base64 (RFC 6749 2.3.1). */
static bool add_basic(struct buffer *header, const char *client, const char *secret)
{
    struct buffer pair;
    if (!secret_buffer_init(&pair, (strlen(client) + strlen(secret)) * 3 + 1))
        return false;
    url_encode(&pair, client, strlen(client));
    buffer_append_char(&pair, ':');
    bool done = url_encode(&pair, secret, strlen(secret)) && buffer_append_text(header, "Basic ") &&
                base64_encode(header, pair.data, pair.length);
    secret_buffer_clear(&pair);
    return done;
}

static bool write_form(const struct token_field *fields, size_t count, const char *client, const char *secret_in_body,
                       struct buffer *form)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].value)
            url_add_parameter(form, fields[i].name, fields[i].value, true);
    if (client)
        url_add_parameter(form, "client_id", client, true);
    if (secret_in_body)
        url_add_parameter(form, "client_secret", secret_in_body, true);
    return !form->failed;
}

static bool send_form(const char *url, const struct buffer *form, const char *authorization, struct http_lane *lane,
                      struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    struct http_header headers[2] = {{"Accept", "application/json"}, {"Authorization", authorization}};
    struct http_request request = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .header_count = authorization ? 2 : 1,
        .content_type = "application/x-www-form-urlencoded",
        .body = form->data,
        .body_length = form->length,
        .largest = LARGEST_ANSWER,
        .confidential = true,
    };
    struct http_exchange *exchange;
    struct http_response response;

    if (!http_start(lane, &request, cancel, &exchange, err))
        return false;
    bool done = http_wait(exchange, cancel, &response, err) &&
                token_answer_read(response.url, response.status, response.body, response.body_length, tokens, refused, err);
    http_finish(exchange);
    return done;
}

/* The Authorization field: the present token where the service wants it, else the client's own where it is sent that way. */
static bool write_authorization(struct buffer *header, const char *bearer, const char *client, const char *secret)
{
    if (bearer)
        return buffer_append_text(header, "Bearer ") && buffer_append_text(header, bearer);
    return !secret || add_basic(header, client, secret);
}

bool token_request(struct credential *credential, const char *url, const struct token_field *fields, size_t count, const char *bearer,
                   struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err)
{
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    const char *secret = credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET);
    bool in_body = credential->profile.client_in_body || bearer || !secret;
    struct buffer form, header;
    struct http_lane *borrowed = NULL;

    *refused = false;
    if (!url || !*url)
        return error_set(err, "HY000", "%s names no token endpoint: set OAuthAccessTokenURL", credential->profile.provider);
    if (!client)
        return error_set(err, "28000", "OAuthClientId is missing: the client id that %s gave your application",
                         credential->profile.provider);
    if (!url_is_allowed(url, "OAuthAccessTokenURL", err) || (!lane && !http_lane_borrow(credential->client, &borrowed, err)))
        return false;

    bool room = secret_buffer_init(&form, LARGEST_FORM);
    room = secret_buffer_init(&header, LARGEST_FORM) && room;
    bool done = room && write_form(fields, count, in_body ? client : NULL, in_body ? secret : NULL, &form) &&
                write_authorization(&header, bearer, client, in_body ? NULL : secret);
    if (!done)
        error_memory(err);
    log_write(credential->log, LOG_REQUEST, "oauth", "asking for tokens with grant type %s", fields[0].value);
    done = done && send_form(url, &form, header.length ? header.data : NULL, lane ? lane : borrowed, tokens, refused, cancel, err);
    if (done) {
        log_hide(credential->log, tokens->access_token);
        log_hide(credential->log, tokens->refresh_token);
    }
    secret_buffer_clear(&form);
    secret_buffer_clear(&header);
    http_lane_return(borrowed);
    return done;
}
