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
#include "base/space.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/base64.h"
#include "oauth/endpoint.h"
#include "oauth/home.h"
#include "oauth/parameters.h"
#include "oauth/secret.h"

enum { LARGEST_ANSWER = 64 * 1024, LARGEST_FORM = 128 * 1024 };

void oauth_tokens_clear(struct oauth_tokens *tokens)
{
    secret_free(tokens->access_token);
    secret_free(tokens->token_secret);
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

int64_t token_seconds(const void *json)
{
    const json_t *value = json;
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

bool token_read_others(const void *json, const char *known, char **out, struct error *err)
{
    const char *name;
    json_t *value;
    json_t *document = (json_t *)json; /* it is only read */
    json_t *others = json_object();
    bool done = others != NULL;

    json_object_foreach(document, name, value) {
        if (!name_among(known, name))
            done = done && json_object_set(others, name, value) == 0;
    }
    if (done && json_object_size(others) > 0) {
        *out = json_dumps(others, JSON_COMPACT);
        done = *out != NULL;
    }
    json_decref(others);
    return done ? true : error_memory(err);
}

static bool read_tokens(void *context, const char *url, const void *json, struct error *err)
{
    struct oauth_tokens *tokens = context;
    json_t *document = (json_t *)json; /* it is only read */
    const char *access = json_string_value(json_object_get(document, "access_token"));
    const char *refresh = json_string_value(json_object_get(document, "refresh_token"));
    const char *scope = json_string_value(json_object_get(document, "scope"));
    const char *type = json_string_value(json_object_get(document, "token_type"));

    if (!access || !is_token(access))
        return error_set(err, "08S01", "%s answered without a usable access_token; check OAuthAccessTokenURL", url);
    if (type && !name_equal(type, "bearer")) {
        char words[40];
        authorization_plain_words(type, words, sizeof words);
        return error_set(err, "08S01", "%s gave a token of the type \"%s\"; only bearer tokens can be used", url, words);
    }
    if (refresh && *refresh && !is_token(refresh))
        return error_set(err, "08S01", "%s answered with a refresh_token that holds control characters", url);
    if (!secret_set(&tokens->access_token, access) || !secret_set(&tokens->refresh_token, refresh && *refresh ? refresh : NULL) ||
        !secret_set(&tokens->scope, scope))
        return error_memory(err);
    tokens->expires_in = token_seconds(json_object_get(document, "expires_in"));
    return token_read_others(document, "access_token refresh_token expires_in scope", &tokens->other, err);
}

bool token_is_over(const char *error)
{
    /* The standard's word, and what some services say instead. */
    return strcmp(error, "invalid_grant") == 0 || strcmp(error, "invalid_code") == 0;
}

/* Some name an error in every answer, if only to say that there is none. */
static bool is_told(const json_t *error)
{
    return error && !json_is_null(error) && !json_is_false(error) && !(json_is_string(error) && !json_string_length(error));
}

/* An error answer: {"error": "invalid_grant", …}; some services put an object or a number there, and those of OAuth 1.0 have a habit of
 * their own. */
static bool read_refusal(const char *url, int status, const json_t *document, char word[TOKEN_ERROR], struct error *err)
{
    const json_t *error = json_object_get(document, "error");
    const char *description = json_string_value(json_object_get(document, "error_description"));
    const char *name = json_string_value(error);

    if (!is_told(error)) {
        name = json_string_value(json_object_get(document, "oauth_problem"));
        description = json_string_value(json_object_get(document, "oauth_problem_advice"));
    }
    if (json_is_object(error)) {
        name = json_string_value(json_object_get(error, "code"));
        description = json_string_value(json_object_get(error, "message"));
    }
    if (!name)
        name = "an error without a name";
    authorization_plain_words(name, word, TOKEN_ERROR);
    return authorization_refused(url, status, name, description, err);
}

static bool no_answer(const struct token_answer *answer, struct error *err)
{
    const char *property = endpoint_property(answer->endpoint);
    bool unknown = answer->status == 401 || answer->status == 403;

    if (answer->status == 429 || answer->status >= 500)
        error_set(err, "08S01", "%s answered with status %d and not as a token endpoint does, in JSON. Try again later", answer->url,
                  answer->status);
    else if (answer->status >= 300 && answer->status < 400)
        error_set(err, "08S01", "%s answered with status %d: it redirects, which is not followed with secrets in hand. Check %s", answer->url,
                  answer->status, property);
    else
        error_set(err, unknown ? "28000" : "08S01", "%s answered with status %d and not as a token endpoint does, in JSON. Check %s%s",
                  answer->url, answer->status, property, unknown ? ", OAuthClientId and OAuthClientSecret" : " and URL");
    err->native = answer->status;
    return false;
}

/* "access_token=…&expires_in=…" as an object of texts; NULL when a pair is not UTF-8 or there are none. */
static json_t *read_form(const char *body, size_t length)
{
    json_t *document = json_object();
    bool done = document && strlen(body) == length && strchr(body, '=') && !strpbrk(body, "{}<>\r\n");

    while (done && *(body += strspn(body, "&"))) {
        size_t pair = strcspn(body, "&"), name_length = strcspn(body, "=&");
        size_t value_at = name_length < pair ? name_length + 1 : pair;
        struct buffer name, value;
        bool room = secret_buffer_init(&name, pair);
        room = secret_buffer_init(&value, pair) && room;
        done = room && url_decode(&name, body, name_length, true) && url_decode(&value, body + value_at, pair - value_at, true) &&
               strlen(name.data) == name.length && !json_object_get(document, name.data) &&
               json_object_set_new(document, name.data, json_stringn(value.data, value.length)) == 0;
        secret_buffer_clear(&name);
        secret_buffer_clear(&value);
        body += pair;
    }
    if (done)
        return document;
    if (document)
        wipe_json(document);
    return NULL;
}

static json_t *read_json(const char *body, size_t length)
{
    const char *start = space_skip_lead(body, length);
    return json_loadb(start, (size_t)(body + length - start), JSON_REJECT_DUPLICATES, NULL);
}

bool token_answer_parse(const struct token_answer *answer, token_reader *read, void *context, char word[TOKEN_ERROR], struct error *err)
{
    json_t *document = answer->length <= LARGEST_ANSWER ? read_json(answer->body, answer->length) : NULL;
    bool done;

    word[0] = '\0';
    if (!document && answer->form && answer->length <= LARGEST_ANSWER)
        document = read_form(answer->body, answer->length);
    if (!json_is_object(document))
        done = no_answer(answer, err);
    else if (is_told(json_object_get(document, "error")) || is_told(json_object_get(document, "oauth_problem")))
        done = read_refusal(answer->url, answer->status, document, word, err);
    else if (answer->status < 200 || answer->status > 299)
        done = no_answer(answer, err);
    else
        done = read(context, answer->url, document, err);
    if (document)
        wipe_json(document);
    return done;
}

bool token_answer_read(const struct token_answer *answer, struct oauth_tokens *tokens, char word[TOKEN_ERROR], struct error *err)
{
    *tokens = (struct oauth_tokens){.expires_in = -1};
    bool done = token_answer_parse(answer, read_tokens, tokens, word, err);
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

static bool write_form(const struct credential *credential, const struct token_request *request, const char *client,
                       const char *secret_in_body, struct buffer *form, struct error *err)
{
    for (size_t i = 0; i < request->count; i++)
        if (request->fields[i].value)
            url_add_parameter(form, request->fields[i].name, request->fields[i].value, true);
    if (client)
        url_add_parameter(form, "client_id", client, true);
    if (secret_in_body)
        url_add_parameter(form, "client_secret", secret_in_body, true);
    if (form->failed)
        return error_memory(err);
    return parameters_add(form, true, credential_property(credential, PROPERTY_OAUTH_PARAMS), "OAuthParams", err);
}

/* Whether the answer may be a form: the definition says so, or the server itself. */
static bool may_be_form(const struct credential *credential, const struct http_response *response)
{
    static const char type[] = "application/x-www-form-urlencoded";
    const char *told = http_response_header(response, "Content-Type");
    return credential->profile.form_answers || (told && name_equal_length(told, strcspn(told, " ;"), type));
}

struct reading {
    token_reader *read;
    void *context;
    char *word;
};

static bool send_form(struct credential *credential, enum endpoint endpoint, const char *url, struct http_lane *lane, const struct buffer *form,
                      const char *authorization, const struct reading *reading, struct cancel *cancel, struct error *err)
{
    struct http_header headers[2] = {{"Accept", "application/json"}, {"Authorization", authorization}};
    struct http_request sent = {
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

    if (!http_start(lane, &sent, cancel, &exchange, err))
        return false;
    bool done = http_wait(exchange, cancel, &response, err);
    if (done) {
        credential_learn_clock(credential, &response);
        const struct token_answer answer = {response.url, endpoint, response.status, response.body, response.body_length,
                                            may_be_form(credential, &response)};
        bool says_enough = !reading->read && response.status >= 200 && response.status <= 299;
        done = says_enough || token_answer_parse(&answer, reading->read, reading->context, reading->word, err);
    }
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

/* What the definition says is said of its own server, not of an issuer that the user names. */
static bool wants_body(struct credential *credential)
{
    bool in_definition = credential->profile.client_in_body && !credential_property(credential, PROPERTY_OAUTH_ISSUER);
    return in_definition || endpoint_wants_body(credential) || properties_other(credential->properties, "ClientInBody", false);
}

/* An address that the user has set stays as it is. */
static bool find_address(struct credential *credential, const struct token_request *request, char **moved, const char **url, struct cancel *cancel,
                         struct error *err)
{
    *moved = NULL;
    if (!endpoint_find(credential, request->endpoint, request->lane, url, cancel, err))
        return false;
    if (request->home && !endpoint_is_given(credential, request->endpoint)) {
        if (!home_address(request->home, *url, moved, err))
            return false;
        *url = *moved;
    }
    return true;
}

bool token_post(struct credential *credential, const struct token_request *request, token_reader *read, void *context,
                char word[TOKEN_ERROR], struct cancel *cancel, struct error *err)
{
    const char *client = credential_property(credential, PROPERTY_OAUTH_CLIENT_ID);
    const char *secret = client ? credential_property(credential, PROPERTY_OAUTH_CLIENT_SECRET) : NULL;
    bool in_body = request->bearer || !secret || wants_body(credential);
    const struct reading reading = {read, context, word};
    struct buffer form, header;
    struct http_lane *borrowed = NULL;
    const char *url;
    char *moved;

    word[0] = '\0';
    if (!client && !request->anonymous)
        return error_set(err, "28000", "OAuthClientId is missing: the client id that %s gave your application. This installation has none of its own",
                         credential->profile.provider);
    if (!find_address(credential, request, &moved, &url, cancel, err) ||
        (!request->lane && !http_lane_borrow(credential->client, &borrowed, err))) {
        free(moved);
        return false;
    }

    bool room = secret_buffer_init(&form, LARGEST_FORM);
    room = secret_buffer_init(&header, LARGEST_FORM) && room;
    bool done = (room && write_authorization(&header, request->bearer, client, in_body ? NULL : secret)) || error_memory(err);
    done = done && write_form(credential, request, in_body ? client : NULL, in_body ? secret : NULL, &form, err);
    done = done && send_form(credential, request->endpoint, url, request->lane ? request->lane : borrowed, &form,
                             header.length ? header.data : NULL, &reading, cancel, err);
    if (!done)
        log_redact(credential->log, err->message); /* an endpoint may say back what it was sent, and the message is shown in the browser */
    secret_buffer_clear(&form);
    secret_buffer_clear(&header);
    http_lane_return(borrowed);
    free(moved);
    return done;
}

bool token_get(struct credential *credential, const struct token_request *request, struct oauth_tokens *tokens, char word[TOKEN_ERROR],
               struct cancel *cancel, struct error *err)
{
    *tokens = (struct oauth_tokens){.expires_in = -1};
    log_write(credential->log, LOG_REQUEST, "oauth", "asking for tokens with grant type %s", request->fields[0].value);
    if (!token_post(credential, request, read_tokens, tokens, word, cancel, err)) {
        oauth_tokens_clear(tokens);
        return false;
    }
    log_hide(credential->log, tokens->access_token);
    log_hide(credential->log, tokens->refresh_token);
    return true;
}
