/* The authorization endpoint with its login page, the token endpoint, and the tokens they give out. */
#include "test/sandbox/oauth_server.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { CODE_LIFETIME = 60, TOKEN_BYTES = 32, TOKEN_TEXT = 44 };

/* An authorization request that waits for the user, then its code. */
struct consent {
    struct consent *next;
    char ticket[TOKEN_TEXT];        /* names it in the login form */
    char code[TOKEN_TEXT];          /* "" until allowed */
    char *redirect_uri;
    char *state;
    char *challenge;                /* NULL = the client uses no PKCE */
    time_t expires;
    bool used;
    unsigned family;                /* of the tokens that the code gave */
};

struct token {
    struct token *next;
    char access[TOKEN_TEXT];
    char refresh[TOKEN_TEXT];
    time_t access_expires;
    time_t refresh_expires;
    unsigned family;
    bool rotated;                   /* a newer pair took its place */
    bool revoked;
};

struct oauth_server {
    pthread_mutex_t lock;
    unsigned token_lifetime;
    unsigned refresh_lifetime;
    struct consent *consents;
    struct token *tokens;           /* the newest first */
    unsigned families;
    char lasting[TOKEN_TEXT];
};

/* Base64url without padding (RFC 4648, 5). */
static void base64url(const unsigned char *bytes, size_t length, char *out)
{
    int written = EVP_EncodeBlock((unsigned char *)out, bytes, (int)length);
    while (written > 0 && out[written - 1] == '=')
        written--;
    out[written] = '\0';
    for (char *c = out; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
}

static void random_token(char *out)
{
    unsigned char bytes[TOKEN_BYTES];
    char text[TOKEN_TEXT + 4];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    base64url(bytes, sizeof bytes, text);
    memcpy(out, text, TOKEN_TEXT);
}

struct oauth_server *oauth_server_open(unsigned token_lifetime, unsigned refresh_lifetime)
{
    struct oauth_server *server = zeroed(1, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    server->token_lifetime = token_lifetime;
    server->refresh_lifetime = refresh_lifetime;
    random_token(server->lasting);
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
    pthread_mutex_destroy(&server->lock);
    free(server);
}

const char *oauth_server_lasting_token(const struct oauth_server *server)
{
    return server->lasting;
}

static void escape_html(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text, out);
        }
}

static void escape_url(FILE *out, const char *text)
{
    for (; *text; text++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", *text))
            fputc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*text);
}

/* 302 to the client's redirect URI with the pairs (name, value, …, NULL) and the state added to its query. */
static void redirect(struct answer *answer, const char *uri, const char *state, const char *const *pairs)
{
    char *location = NULL;
    size_t length;
    FILE *out = open_memstream(&location, &length);

    if (!out)
        abort();
    fputs(uri, out);
    char mark = strchr(uri, '?') ? '&' : '?';
    for (; *pairs; pairs += 2, mark = '&') {
        fprintf(out, "%c%s=", mark, pairs[0]);
        escape_url(out, pairs[1]);
    }
    if (state) {
        fprintf(out, "%cstate=", mark);
        escape_url(out, state);
    }
    fclose(out);
    answer_text(answer, 302, "text/html; charset=utf-8", "<!DOCTYPE html><title>Signed in</title>\n");
    answer_header(answer, "Location", location);
    answer_header(answer, "Cache-Control", "no-store");
    free(location);
}

static void refuse_page(struct answer *answer, const char *why)
{
    char page[512];
    snprintf(page, sizeof page, "<!DOCTYPE html><title>Sign-in</title><h1>This sign-in can not go on</h1><p>%s</p>\n", why);
    answer_text(answer, 400, "text/html; charset=utf-8", page);
}

/* Registered: any https URL, and any http URL on the loopback interface (RFC 8252, 7.3: the port is free). */
static bool redirect_registered(const char *uri)
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

static void login_page(struct answer *answer, const char *ticket, const char *path, const char *redirect_uri)
{
    char *page = NULL;
    size_t length;
    FILE *out = open_memstream(&page, &length);

    if (!out)
        abort();
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in to the sandbox</title></head><body>\n"
          "<h1>Sandbox</h1>\n<p><b>" OAUTH_CLIENT_ID "</b> asks to read the time sheets of your company. It returns to <code>", out);
    escape_html(out, redirect_uri);
    fputs("</code>.</p>\n<form method=\"post\" action=\"", out);
    escape_html(out, path);
    fprintf(out, "\">\n<input type=\"hidden\" name=\"ticket\" value=\"%s\">\n"
            "<button type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n"
            "<button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n</form></body></html>\n", ticket);
    fclose(out);
    answer_bytes(answer, 200, "text/html; charset=utf-8", page, length);
    answer_header(answer, "Cache-Control", "no-store");
}

/* GET /authorize (RFC 6749, 4.1.1). A wrong client or redirect URI must not be redirected (4.1.2.1). */
static void authorize(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *client = request_query(request, "client_id"), *uri = request_query(request, "redirect_uri");
    const char *type = request_query(request, "response_type"), *state = request_query(request, "state");
    const char *challenge = request_query(request, "code_challenge"), *how = request_query(request, "code_challenge_method");

    if (!client || strcmp(client, OAUTH_CLIENT_ID) != 0) {
        refuse_page(answer, "The client_id is not known here.");
        return;
    }
    if (!uri || !redirect_registered(uri)) {
        refuse_page(answer, "The redirect_uri is not registered.");
        return;
    }
    if (!type || strcmp(type, "code") != 0) {
        redirect(answer, uri, state, (const char *const[]){"error", "unsupported_response_type", NULL});
        return;
    }
    if (!state) {
        redirect(answer, uri, NULL, (const char *const[]){"error", "invalid_request", "error_description", "state is missing", NULL});
        return;
    }
    if (challenge && (!how || strcmp(how, "S256") != 0 || strlen(challenge) != 43)) {
        redirect(answer, uri, state, (const char *const[]){"error", "invalid_request", "error_description",
                                                           "code_challenge_method must be S256", NULL});
        return;
    }

    struct consent *consent = zeroed(1, sizeof *consent);
    random_token(consent->ticket);
    consent->redirect_uri = text_copy(uri);
    consent->state = text_copy(state);
    consent->challenge = challenge ? text_copy(challenge) : NULL;
    pthread_mutex_lock(&server->lock);
    consent->next = server->consents;
    server->consents = consent;
    pthread_mutex_unlock(&server->lock);
    login_page(answer, consent->ticket, request->path, uri);
}

/* POST /authorize: a button of the login page was pressed. */
static void decide(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *ticket = request_form(request, "ticket"), *decision = request_form(request, "decision");
    struct consent *consent;

    pthread_mutex_lock(&server->lock);
    for (consent = server->consents; consent; consent = consent->next)
        if (ticket && consent->ticket[0] && strcmp(consent->ticket, ticket) == 0)
            break;
    if (!consent) {
        refuse_page(answer, "This form was sent already, or it is not from here.");
    } else if (decision && strcmp(decision, "allow") == 0) {
        random_token(consent->code);
        consent->ticket[0] = '\0';
        consent->expires = time(NULL) + CODE_LIFETIME;
        redirect(answer, consent->redirect_uri, consent->state, (const char *const[]){"code", consent->code, NULL});
    } else {
        consent->ticket[0] = '\0';
        redirect(answer, consent->redirect_uri, consent->state,
                 (const char *const[]){"error", "access_denied", "error_description", "The user pressed Deny", NULL});
    }
    pthread_mutex_unlock(&server->lock);
}

static void grant_error(struct answer *answer, unsigned status, const char *error, const char *description)
{
    answer_json(answer, status, json_pack("{s:s, s:s}", "error", error, "error_description", description));
    answer_header(answer, "Cache-Control", "no-store");
    if (status == 401)
        answer_header(answer, "WWW-Authenticate", "Basic realm=\"sandbox\"");
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static void form_decode(char *text)
{
    char *out = text;
    for (; *text; text++) {
        if (*text == '%' && hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
            *out++ = (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
            text += 2;
        } else {
            *out++ = *text == '+' ? ' ' : *text;
        }
    }
    *out = '\0';
}

/* "Basic …": id and secret were form-encoded before base64 (RFC 6749, 2.3.1). */
static bool basic_client(const char *authorization)
{
    size_t length = strlen(authorization + 6);
    unsigned char plain[512] = {0};
    char *colon;

    if (length == 0 || length % 4 || length / 4 * 3 >= sizeof plain ||
        EVP_DecodeBlock(plain, (const unsigned char *)authorization + 6, (int)length) < 0)
        return false;
    colon = strchr((char *)plain, ':');
    if (!colon)
        return false;
    *colon++ = '\0';
    form_decode((char *)plain);
    form_decode(colon);
    return strcmp((char *)plain, OAUTH_CLIENT_ID) == 0 && strcmp(colon, OAUTH_CLIENT_SECRET) == 0;
}

static bool client_known(const struct request *request)
{
    const char *id = request_form(request, "client_id"), *secret = request_form(request, "client_secret");
    if (request->authorization && strncasecmp(request->authorization, "Basic ", 6) == 0)
        return basic_client(request->authorization);
    return id && secret && strcmp(id, OAUTH_CLIENT_ID) == 0 && strcmp(secret, OAUTH_CLIENT_SECRET) == 0;
}

/* RFC 7636, 4.6: BASE64URL(SHA256(verifier)) == challenge. */
static bool verifier_fits(const char *challenge, const char *verifier)
{
    unsigned char digest[32];
    char text[TOKEN_TEXT + 4];

    if (!challenge)
        return verifier == NULL;
    if (!verifier || strlen(verifier) < 43 || strlen(verifier) > 128)
        return false;
    if (!EVP_Digest(verifier, strlen(verifier), digest, NULL, EVP_sha256(), NULL))
        abort();
    base64url(digest, sizeof digest, text);
    return strcmp(text, challenge) == 0;
}

static void revoke_family(struct oauth_server *server, unsigned family)
{
    for (struct token *token = server->tokens; token; token = token->next)
        if (token->family == family)
            token->revoked = true;
}

static void give_token(struct oauth_server *server, unsigned family, struct answer *answer)
{
    struct token *token = zeroed(1, sizeof *token);
    random_token(token->access);
    random_token(token->refresh);
    token->family = family;
    token->access_expires = time(NULL) + (time_t)server->token_lifetime;
    token->refresh_expires = time(NULL) + (time_t)server->refresh_lifetime;
    token->next = server->tokens;
    server->tokens = token;
    answer_json(answer, 200, json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "access_token", token->access, "expires_in",
                                       (json_int_t)server->token_lifetime, "token_type", "bearer", "scope", "",
                                       "refresh_token", token->refresh, "user_id", "510001", "company_id", "77001",
                                       "client_url", "sandbox"));
    answer_header(answer, "Cache-Control", "no-store");
}

static void grant_code(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *code = request_form(request, "code"), *uri = request_form(request, "redirect_uri");
    struct consent *consent;

    for (consent = server->consents; consent; consent = consent->next)
        if (code && consent->code[0] && strcmp(consent->code, code) == 0)
            break;
    if (!code || !uri) {
        grant_error(answer, 400, "invalid_request", "code and redirect_uri are required");
    } else if (!consent) {
        grant_error(answer, 400, "invalid_grant", "The code is not known");
    } else if (consent->used) {
        revoke_family(server, consent->family);     /* RFC 6749, 4.1.2 */
        grant_error(answer, 400, "invalid_grant", "The code was used before");
    } else if (time(NULL) >= consent->expires) {
        grant_error(answer, 400, "invalid_grant", "The code has expired");
    } else if (strcmp(uri, consent->redirect_uri) != 0) {
        grant_error(answer, 400, "invalid_grant", "The redirect_uri is not the one of the authorization request");
    } else if (!verifier_fits(consent->challenge, request_form(request, "code_verifier"))) {
        grant_error(answer, 400, "invalid_grant", "The code_verifier does not fit the code_challenge");
    } else {
        consent->used = true;
        consent->family = ++server->families;
        give_token(server, consent->family, answer);
    }
}

static void grant_refresh(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *refresh = request_form(request, "refresh_token");
    struct token *token;

    for (token = server->tokens; token; token = token->next)
        if (refresh && strcmp(token->refresh, refresh) == 0)
            break;
    if (!refresh) {
        grant_error(answer, 400, "invalid_request", "refresh_token is required");
    } else if (!token || token->revoked) {
        grant_error(answer, 400, "invalid_grant", "The refresh token is not known");
    } else if (token->rotated) {
        revoke_family(server, token->family);       /* somebody has a stolen or a stale copy (RFC 9700, 4.14.2) */
        grant_error(answer, 400, "invalid_grant", "The refresh token was used before");
    } else if (time(NULL) >= token->refresh_expires) {
        grant_error(answer, 400, "invalid_grant", "The refresh token has expired");
    } else {
        token->rotated = true;
        give_token(server, token->family, answer);
    }
}

static void grant(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *type = request_form(request, "grant_type");

    if (!client_known(request)) {
        grant_error(answer, 401, "invalid_client", "The client_id or client_secret is wrong");
        return;
    }
    pthread_mutex_lock(&server->lock);
    if (!type)
        grant_error(answer, 400, "invalid_request", "grant_type is required");
    else if (strcmp(type, "authorization_code") == 0)
        grant_code(server, request, answer);
    else if (strcmp(type, "refresh_token") == 0)
        grant_refresh(server, request, answer);
    else
        grant_error(answer, 400, "unsupported_grant_type", "authorization_code or refresh_token");
    pthread_mutex_unlock(&server->lock);
}

bool oauth_server_answer(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *path = strncmp(request->path, "/api/v1/", 8) == 0 ? request->path + 7 : request->path;
    bool get = strcmp(request->method, "GET") == 0, post = strcmp(request->method, "POST") == 0;

    if (strcmp(path, "/authorize") == 0 && get)
        authorize(server, request, answer);
    else if (strcmp(path, "/authorize") == 0 && post)
        decide(server, request, answer);
    else if (strcmp(path, "/grant") == 0 && post)
        grant(server, request, answer);
    else if (strcmp(path, "/authorize") == 0 || strcmp(path, "/grant") == 0)
        answer_json(answer, 405, json_pack("{s:s, s:s}", "error", "invalid_request", "error_description", "Method not allowed"));
    else
        return false;
    return true;
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
            if (time(NULL) >= token->access_expires)
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
    json_t *all = json_pack("[s, s]", OAUTH_CLIENT_SECRET, server->lasting);
    pthread_mutex_lock(&server->lock);
    for (struct consent *consent = server->consents; consent; consent = consent->next)
        if (consent->code[0])
            json_array_append_new(all, json_string(consent->code));
    for (struct token *token = server->tokens; token; token = token->next) {
        json_array_append_new(all, json_string(token->access));
        json_array_append_new(all, json_string(token->refresh));
    }
    pthread_mutex_unlock(&server->lock);
    return all;
}

void oauth_server_revoke(struct oauth_server *server, bool refresh_too)
{
    pthread_mutex_lock(&server->lock);
    for (struct token *token = server->tokens; token; token = token->next) {
        token->access_expires = 0;
        token->revoked = token->revoked || refresh_too;
    }
    pthread_mutex_unlock(&server->lock);
}
