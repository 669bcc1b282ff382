/* The token endpoint: the client's authentication, every grant, and the answers. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/oauth_state.h"

void oauth_grant_error(struct answer *answer, unsigned status, const char *error, const char *description)
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

bool oauth_client_known(const struct oauth_server *server, const struct request *request)
{
    const char *id = request_form(request, "client_id"), *secret = request_form(request, "client_secret");
    bool in_field = request->authorization && strncasecmp(request->authorization, "Basic ", 6) == 0;
    if (oauth_mood_is(server, "client", in_field ? "body" : "header"))
        return false;
    if (in_field)
        return basic_client(request->authorization);
    return id && secret && strcmp(id, OAUTH_CLIENT_ID) == 0 && strcmp(secret, OAUTH_CLIENT_SECRET) == 0;
}

bool oauth_verifier_fits(const char *challenge, const char *verifier)
{
    unsigned char digest[32];
    char text[TOKEN_TEXT + 4];

    if (!challenge)
        return verifier == NULL;
    if (!verifier || strlen(verifier) < 43 || strlen(verifier) > 128)
        return false;
    if (!EVP_Digest(verifier, strlen(verifier), digest, NULL, EVP_sha256(), NULL))
        abort();
    oauth_base64url(digest, sizeof digest, text);
    return strcmp(text, challenge) == 0;
}

static void revoke_family(struct oauth_server *server, unsigned family)
{
    for (struct token *token = server->tokens; token; token = token->next)
        if (token->family == family)
            token->revoked = true;
}

/* The members as a form. */
static void answer_form(struct answer *answer, json_t *members, bool labelled)
{
    char *text = NULL;
    size_t length;
    const char *name, *mark = "";
    json_t *value;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        abort();
    json_object_foreach(members, name, value) {
        fprintf(out, "%s%s=", mark, name);
        mark = "&";
        if (json_is_integer(value))
            fprintf(out, "%lld", (long long)json_integer_value(value));
        else
            oauth_escape_url(out, json_string_value(value) ? json_string_value(value) : "");
    }
    fclose(out);
    json_decref(members);
    answer_bytes(answer, 200, labelled ? "application/x-www-form-urlencoded" : "application/json", text, length);
}

void oauth_give_token(struct oauth_server *server, unsigned family, bool refresh, struct answer *answer)
{
    struct token *token = zeroed(1, sizeof *token);
    oauth_random_token(token->access);
    if (refresh)
        oauth_random_token(token->refresh);
    token->family = family;
    token->access_expires = oauth_now(server) + (time_t)server->token_lifetime;
    token->refresh_expires = oauth_now(server) + (time_t)server->refresh_lifetime;
    token->next = server->tokens;
    server->tokens = token;

    json_t *members = json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s}", "access_token", token->access, "expires_in",
                                (json_int_t)server->token_lifetime, "token_type", "bearer", "scope", "", "user_id", "510001",
                                "company_id", "77001", "client_url", "sandbox");
    if (refresh)
        json_object_set_new(members, "refresh_token", json_string(token->refresh));
    if (oauth_mood_is(server, "expires_in", "string"))
        json_object_set_new(members, "expires_in", json_sprintf("%u", server->token_lifetime));
    if (oauth_mood_is(server, "expires_in", "absent"))
        json_object_del(members, "expires_in");
    json_object_update(members, json_object_get(server->moods, "extra"));
    if (strncmp(oauth_mood(server, "answer", "json"), "form", 4) == 0)
        answer_form(answer, members, oauth_mood_is(server, "answer", "form"));
    else
        answer_json(answer, 200, members);
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
        oauth_grant_error(answer, 400, "invalid_request", "code and redirect_uri are required");
    } else if (!consent) {
        oauth_grant_error(answer, 400, "invalid_grant", "The code is not known");
    } else if (consent->used) {
        revoke_family(server, consent->family);     /* RFC 6749, 4.1.2 */
        oauth_grant_error(answer, 400, "invalid_grant", "The code was used before");
    } else if (oauth_now(server) >= consent->expires) {
        oauth_grant_error(answer, 400, "invalid_grant", "The code has expired");
    } else if (strcmp(uri, consent->redirect_uri) != 0) {
        oauth_grant_error(answer, 400, "invalid_grant", "The redirect_uri is not the one of the authorization request");
    } else if (!oauth_verifier_fits(consent->challenge, request_form(request, "code_verifier"))) {
        oauth_grant_error(answer, 400, "invalid_grant", "The code_verifier does not fit the code_challenge");
    } else {
        consent->used = true;
        consent->family = ++server->families;
        oauth_give_token(server, consent->family, true, answer);
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
        oauth_grant_error(answer, 400, "invalid_request", "refresh_token is required");
    } else if (!token || token->revoked) {
        oauth_grant_error(answer, 400, "invalid_grant", "The refresh token is not known");
    } else if (token->rotated) {
        revoke_family(server, token->family);       /* somebody has a stolen or a stale copy (RFC 9700, 4.14.2) */
        oauth_grant_error(answer, 400, "invalid_grant", "The refresh token was used before");
    } else if (oauth_now(server) >= token->refresh_expires) {
        oauth_grant_error(answer, 400, "invalid_grant", "The refresh token has expired");
    } else if (oauth_mood_is(server, "rotate", "no")) {
        oauth_give_token(server, token->family, false, answer);
    } else {
        token->rotated = true;
        oauth_give_token(server, token->family, true, answer);
    }
}

/* RFC 6749, 4.3. */
static void grant_password(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *user = request_form(request, "username"), *password = request_form(request, "password");

    if (!user || !password)
        oauth_grant_error(answer, 400, "invalid_request", "username and password are required");
    else if (strcmp(user, OAUTH_USER) != 0 || strcmp(password, OAUTH_PASSWORD) != 0)
        oauth_grant_error(answer, 400, "invalid_grant", "The user name or the password is wrong");
    else
        oauth_give_token(server, ++server->families, true, answer);
}

/* RFC 7523, 2.1: the assertion is all that is needed. */
static void grant_jwt(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *jwt = request_form(request, "assertion");
    const char *fault = jwt ? oauth_jwt_fault(server, jwt, request->base) : "assertion is required";

    if (fault)
        oauth_grant_error(answer, 400, jwt ? "invalid_grant" : "invalid_request", fault);
    else
        oauth_give_token(server, ++server->families, false, answer);
}

static void grant_by_client(struct oauth_server *server, const struct request *request, const char *type, struct answer *answer)
{
    if (!oauth_client_known(server, request))
        oauth_grant_error(answer, 401, "invalid_client", "The client_id or client_secret is wrong");
    else if (strcmp(type, "authorization_code") == 0)
        grant_code(server, request, answer);
    else if (strcmp(type, "refresh_token") == 0)
        grant_refresh(server, request, answer);
    else if (strcmp(type, "client_credentials") == 0)
        oauth_give_token(server, ++server->families, false, answer);
    else if (strcmp(type, "password") == 0)
        grant_password(server, request, answer);
    else if (strcmp(type, "urn:ietf:params:oauth:grant-type:device_code") == 0)
        oauth_grant_device(server, request, answer);
    else
        oauth_grant_error(answer, 400, *type ? "unsupported_grant_type" : "invalid_request", "There is no such grant_type here");
}

void oauth_grant(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *type = request_form(request, "grant_type");

    pthread_mutex_lock(&server->lock);
    if (type && strcmp(type, "urn:ietf:params:oauth:grant-type:jwt-bearer") == 0)
        grant_jwt(server, request, answer);
    else
        grant_by_client(server, request, type ? type : "", answer);
    pthread_mutex_unlock(&server->lock);
}

/* RFC 7009: a token that is not known counts as taken back. */
void oauth_revoke(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *wanted = request_form(request, "token");

    pthread_mutex_lock(&server->lock);
    if (oauth_mood_is(server, "revoke", "fails")) {
        oauth_grant_error(answer, 503, "temporarily_unavailable", "Tokens can not be taken back just now");
    } else if (!oauth_client_known(server, request)) {
        oauth_grant_error(answer, 401, "invalid_client", "The client_id or client_secret is wrong");
    } else if (!wanted) {
        oauth_grant_error(answer, 400, "invalid_request", "token is required");
    } else {
        for (struct token *token = server->tokens; token; token = token->next)
            if (token->refresh[0] && strcmp(token->refresh, wanted) == 0)
                revoke_family(server, token->family);
            else if (strcmp(token->access, wanted) == 0)
                token->access_expires = 0;
        answer_text(answer, 200, "text/plain", "");
    }
    pthread_mutex_unlock(&server->lock);
}
