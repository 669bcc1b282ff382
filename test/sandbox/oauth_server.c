/* The authorization endpoint with its login page, the metadata, and what the server knows of tokens. */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/oauth_state.h"

enum { CODE_LIFETIME = 60 };

/* --- moods --- */

static const char *const moods[] = {
    "rotate", "answer", "expires_in", "client", "iss", "metadata", "issuer", "extra", "interval", "slow_down", "public_key", "clock",
    "confirmed", "resources", "revoke",
};

static bool is_mood(const char *name)
{
    for (size_t i = 0; i < sizeof moods / sizeof moods[0]; i++)
        if (strcmp(moods[i], name) == 0)
            return true;
    return false;
}

bool oauth_server_moods(struct oauth_server *server, json_t *wanted)
{
    const char *name;
    json_t *value;

    json_object_foreach(wanted, name, value)
        if (!is_mood(name))
            return false;
    pthread_mutex_lock(&server->lock);
    if (wanted)
        json_object_update(server->moods, wanted);
    else
        json_object_clear(server->moods);
    pthread_mutex_unlock(&server->lock);
    return true;
}

const char *oauth_mood(const struct oauth_server *server, const char *name, const char *standard)
{
    const char *text = json_string_value(json_object_get(server->moods, name));
    return text ? text : standard;
}

bool oauth_mood_is(const struct oauth_server *server, const char *name, const char *value)
{
    return strcmp(oauth_mood(server, name, ""), value) == 0;
}

long oauth_mood_number(const struct oauth_server *server, const char *name, long standard)
{
    json_t *value = json_object_get(server->moods, name);
    return json_is_integer(value) ? (long)json_integer_value(value) : standard;
}

time_t oauth_now(const struct oauth_server *server)
{
    return time(NULL) + (time_t)oauth_mood_number(server, "clock", 0);
}

long oauth_server_clock(struct oauth_server *server)
{
    pthread_mutex_lock(&server->lock);
    long ahead = oauth_mood_number(server, "clock", 0);
    pthread_mutex_unlock(&server->lock);
    return ahead;
}

/* --- texts --- */

void oauth_base64url(const unsigned char *bytes, size_t length, char *out)
{
    int written = EVP_EncodeBlock((unsigned char *)out, bytes, (int)length);
    while (written > 0 && out[written - 1] == '=')
        written--;
    out[written] = '\0';
    for (char *c = out; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
}

void oauth_random_token(char *out)
{
    unsigned char bytes[TOKEN_BYTES];
    char text[TOKEN_TEXT + 4];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    oauth_base64url(bytes, sizeof bytes, text);
    memcpy(out, text, TOKEN_TEXT);
}

struct oauth_server *oauth_server_open(unsigned token_lifetime, unsigned refresh_lifetime)
{
    struct oauth_server *server = zeroed(1, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    server->token_lifetime = token_lifetime;
    server->refresh_lifetime = refresh_lifetime;
    server->moods = json_object();
    server->remembered = json_array();
    oauth_random_token(server->lasting);
    return server;
}

void oauth_server_close(struct oauth_server *server)
{
    while (server->consents) {
        struct consent *consent = server->consents;
        server->consents = consent->next;
        free(consent->redirect_uri);
        free(consent->state);
        free(consent->challenge);
        free(consent);
    }
    while (server->tokens) {
        struct token *token = server->tokens;
        server->tokens = token->next;
        free(token);
    }
    while (server->devices) {
        struct device *device = server->devices;
        server->devices = device->next;
        free(device);
    }
    json_decref(server->moods);
    json_decref(server->remembered);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

const char *oauth_server_lasting_token(const struct oauth_server *server)
{
    return server->lasting;
}

void oauth_escape_html(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text, out);
        }
}

void oauth_escape_url(FILE *out, const char *text)
{
    for (; *text; text++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", *text))
            fputc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*text);
}

void oauth_redirect(struct answer *answer, const char *uri, const char *const *pairs)
{
    char *location = NULL;
    size_t length;
    FILE *out = open_memstream(&location, &length);

    if (!out)
        abort();
    fputs(uri, out);
    char mark = strchr(uri, '?') ? '&' : '?';
    for (; *pairs; pairs += 2) {
        if (!pairs[1])
            continue;
        fprintf(out, "%c%s=", mark, pairs[0]);
        oauth_escape_url(out, pairs[1]);
        mark = '&';
    }
    fclose(out);
    answer_text(answer, 302, "text/html; charset=utf-8", "<!DOCTYPE html><title>Signed in</title>\n");
    answer_header(answer, "Location", location);
    answer_header(answer, "Cache-Control", "no-store");
    free(location);
}

void oauth_refuse_page(struct answer *answer, const char *why)
{
    char page[512];
    snprintf(page, sizeof page, "<!DOCTYPE html><title>Sign-in</title><h1>This sign-in can not go on</h1><p>%s</p>\n", why);
    answer_text(answer, 400, "text/html; charset=utf-8", page);
}

bool oauth_redirect_registered(const char *uri)
{
    static const char *const loopback[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    if (strchr(uri, '#'))
        return false;
    if (strncmp(uri, "https://", 8) == 0)
        return uri[8] != '\0' && uri[8] != '/';
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++) {
        size_t length = strlen(loopback[i]);
        if (strncmp(uri, loopback[i], length) == 0 && strchr(":/?", uri[length]))   /* or the end */
            return true;
    }
    return false;
}

void oauth_login_page(struct answer *answer, const char *path, const char *question, const char *const *hidden)
{
    char *page = NULL;
    size_t length;
    FILE *out = open_memstream(&page, &length);

    if (!out)
        abort();
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in to the sandbox</title></head><body>\n"
          "<h1>Sandbox</h1>\n<p><b>" OAUTH_CLIENT_ID "</b> asks to read the time sheets of your company. ", out);
    oauth_escape_html(out, question);
    fputs("</p>\n<form method=\"post\" action=\"", out);
    oauth_escape_html(out, path);
    fputs("\">\n", out);
    for (; *hidden; hidden += 2) {
        fprintf(out, "<input type=\"hidden\" name=\"%s\" value=\"", hidden[0]);
        oauth_escape_html(out, hidden[1]);
        fputs("\">\n", out);
    }
    fputs("<button type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n"
          "<button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n</form></body></html>\n", out);
    fclose(out);
    answer_bytes(answer, 200, "text/html; charset=utf-8", page, length);
    answer_header(answer, "Cache-Control", "no-store");
}

/* --- the authorization endpoint --- */

/* GET /authorize (RFC 6749, 4.1.1). A wrong client or redirect URI must not be redirected (4.1.2.1). */
static void authorize(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *client = request_query(request, "client_id"), *uri = request_query(request, "redirect_uri");
    const char *type = request_query(request, "response_type"), *state = request_query(request, "state");
    const char *challenge = request_query(request, "code_challenge"), *how = request_query(request, "code_challenge_method");

    if (!client || strcmp(client, OAUTH_CLIENT_ID) != 0) {
        oauth_refuse_page(answer, "The client_id is not known here.");
        return;
    }
    if (!uri || !oauth_redirect_registered(uri)) {
        oauth_refuse_page(answer, "The redirect_uri is not registered.");
        return;
    }
    if (!type || strcmp(type, "code") != 0) {
        oauth_redirect(answer, uri, (const char *const[]){"error", "unsupported_response_type", "state", state, NULL});
        return;
    }
    if (!state) {
        oauth_redirect(answer, uri, (const char *const[]){"error", "invalid_request", "error_description", "state is missing", NULL});
        return;
    }
    if (challenge && (!how || strcmp(how, "S256") != 0 || strlen(challenge) != 43)) {
        oauth_redirect(answer, uri, (const char *const[]){"error", "invalid_request", "error_description",
                                                          "code_challenge_method must be S256", "state", state, NULL});
        return;
    }

    struct consent *consent = zeroed(1, sizeof *consent);
    char question[512];
    oauth_random_token(consent->ticket);
    consent->redirect_uri = text_copy(uri);
    consent->state = text_copy(state);
    consent->challenge = challenge ? text_copy(challenge) : NULL;
    pthread_mutex_lock(&server->lock);
    consent->next = server->consents;
    server->consents = consent;
    pthread_mutex_unlock(&server->lock);
    snprintf(question, sizeof question, "It returns to %.400s.", uri);
    oauth_login_page(answer, request->path, question, (const char *const[]){"ticket", consent->ticket, NULL});
}

/* POST /authorize: a button of the login page was pressed. */
static void decide(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *ticket = request_form(request, "ticket"), *decision = request_form(request, "decision");
    const char *issuer = NULL;
    struct consent *consent;

    pthread_mutex_lock(&server->lock);
    for (consent = server->consents; consent; consent = consent->next)
        if (ticket && consent->ticket[0] && strcmp(consent->ticket, ticket) == 0)
            break;
    if (oauth_mood_is(server, "iss", "right"))
        issuer = oauth_mood(server, "issuer", request->base);
    else if (oauth_mood_is(server, "iss", "wrong"))
        issuer = "https://another.example";
    if (!consent) {
        oauth_refuse_page(answer, "This form was sent already, or it is not from here.");
    } else if (decision && strcmp(decision, "allow") == 0) {
        oauth_random_token(consent->code);
        consent->ticket[0] = '\0';
        consent->expires = oauth_now(server) + CODE_LIFETIME;
        oauth_redirect(answer, consent->redirect_uri,
                       (const char *const[]){"code", consent->code, "state", consent->state, "iss", issuer, NULL});
    } else {
        consent->ticket[0] = '\0';
        oauth_redirect(answer, consent->redirect_uri,
                       (const char *const[]){"error", "access_denied", "error_description", "The user pressed Deny", "state",
                                             consent->state, "iss", issuer, NULL});
    }
    pthread_mutex_unlock(&server->lock);
}

/* --- metadata (RFC 8414; OpenID Connect Discovery) --- */

static json_t *endpoint_json(const char *base, const char *path)
{
    return json_sprintf("%s/api/v1%s", base, path);
}

static bool answer_metadata(struct oauth_server *server, const struct request *request, bool openid, struct answer *answer)
{
    pthread_mutex_lock(&server->lock);
    bool none = oauth_mood_is(server, "metadata", "none") || (!openid && oauth_mood_is(server, "metadata", "openid"));
    json_t *document = none ? NULL : json_pack("{s:s, s:o, s:o, s:o, s:o, s:[s], s:[s], s:b}",
        "issuer", oauth_mood(server, "issuer", request->base), "authorization_endpoint", endpoint_json(request->base, "/authorize"),
        "token_endpoint", endpoint_json(request->base, "/grant"), "device_authorization_endpoint",
        endpoint_json(request->base, "/device_authorization"), "revocation_endpoint", endpoint_json(request->base, "/revoke"), "code_challenge_methods_supported", "S256",
        "token_endpoint_auth_methods_supported", oauth_mood_is(server, "client", "body") ? "client_secret_post" : "client_secret_basic",
        "authorization_response_iss_parameter_supported", oauth_mood_is(server, "iss", "right") || oauth_mood_is(server, "iss", "wrong"));
    pthread_mutex_unlock(&server->lock);
    if (document)
        answer_json(answer, 200, document);
    else
        answer_text(answer, 404, "text/plain", "Not found\n");
    return true;
}

/* --- all together --- */

bool oauth_server_answer(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    static const struct {
        const char *path, *method;
        void (*answer)(struct oauth_server *server, const struct request *request, struct answer *answer);
    } endpoints[] = {
        {"/authorize", "GET", authorize}, {"/authorize", "POST", decide}, {"/grant", "POST", oauth_grant},
        {"/revoke", "POST", oauth_revoke},
        {"/device_authorization", "POST", oauth_device_authorization}, {"/device", "GET", oauth_device_page},
        {"/device", "POST", oauth_device_page},
    };
    const char *path = strncmp(request->path, "/api/v1/", 8) == 0 ? request->path + 7 : request->path;
    bool known = false;

    if (strcmp(path, "/.well-known/oauth-authorization-server") == 0)
        return answer_metadata(server, request, false, answer);
    if (strcmp(path, "/.well-known/openid-configuration") == 0)
        return answer_metadata(server, request, true, answer);
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        if (strcmp(path, endpoints[i].path) != 0)
            continue;
        known = true;
        if (strcmp(request->method, endpoints[i].method) == 0) {
            endpoints[i].answer(server, request, answer);
            return true;
        }
    }
    if (known)
        answer_json(answer, 405, json_pack("{s:s, s:s}", "error", "invalid_request", "error_description", "Method not allowed"));
    return known;
}

enum token_state oauth_server_check(struct oauth_server *server, const char *authorization)
{
    enum token_state state = TOKEN_REFUSED;

    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return TOKEN_MISSING;
    authorization += 7;
    if (strcmp(authorization, server->lasting) == 0)
        return TOKEN_VALID;
    pthread_mutex_lock(&server->lock);
    for (struct token *token = server->tokens; token; token = token->next)
        if (strcmp(token->access, authorization) == 0) {
            if (oauth_now(server) >= token->access_expires)
                state = TOKEN_EXPIRED;
            else if (!token->revoked && !token->rotated)
                state = TOKEN_VALID;
            break;
        }
    pthread_mutex_unlock(&server->lock);
    return state;
}

json_t *oauth_server_secrets(struct oauth_server *server)
{
    json_t *all = json_pack("[s, s, s]", OAUTH_CLIENT_SECRET, OAUTH_PASSWORD, server->lasting);
    pthread_mutex_lock(&server->lock);
    json_array_extend(all, server->remembered);
    for (struct consent *consent = server->consents; consent; consent = consent->next)
        if (consent->code[0])
            json_array_append_new(all, json_string(consent->code));
    for (struct token *token = server->tokens; token; token = token->next) {
        json_array_append_new(all, json_string(token->access));
        if (token->refresh[0])
            json_array_append_new(all, json_string(token->refresh));
    }
    for (struct device *device = server->devices; device; device = device->next)
        json_array_append_new(all, json_string(device->device_code));
    pthread_mutex_unlock(&server->lock);
    return all;
}

void oauth_server_revoke(struct oauth_server *server, bool refresh_too)
{
    pthread_mutex_lock(&server->lock);
    server->access_ended++;
    server->refresh_ended += refresh_too;
    for (struct token *token = server->tokens; token; token = token->next) {
        token->access_expires = 0;
        token->revoked = token->revoked || refresh_too;
    }
    pthread_mutex_unlock(&server->lock);
}

void oauth_remember(struct oauth_server *server, const char *secret)
{
    pthread_mutex_lock(&server->lock);
    json_array_append_new(server->remembered, json_string(secret));
    pthread_mutex_unlock(&server->lock);
}

unsigned oauth_ended(struct oauth_server *server, bool refresh)
{
    pthread_mutex_lock(&server->lock);
    unsigned ended = refresh ? server->refresh_ended : server->access_ended;
    pthread_mutex_unlock(&server->lock);
    return ended;
}
