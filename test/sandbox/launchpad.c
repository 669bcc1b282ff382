/* Speaks for the authorization server with Launchpad's words. Its refresh tokens last, while those of the server rotate: it keeps which
 * of the server's stands behind which of its own. */
#include "test/sandbox/launchpad.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/oauth_server.h"

struct launchpad {
    pthread_mutex_t lock;
    struct oauth_server *oauth;
    json_t *present;            /* refresh token that was given out → the server's present one */
    bool repeat;
};

struct launchpad *launchpad_open(struct oauth_server *oauth)
{
    struct launchpad *launchpad = zeroed(1, sizeof *launchpad);
    pthread_mutex_init(&launchpad->lock, NULL);
    launchpad->oauth = oauth;
    launchpad->present = json_object();
    launchpad->repeat = true;
    return launchpad;
}

void launchpad_close(struct launchpad *launchpad)
{
    json_decref(launchpad->present);
    pthread_mutex_destroy(&launchpad->lock);
    free(launchpad);
}

void launchpad_repeat_refresh_token(struct launchpad *launchpad, bool repeat)
{
    pthread_mutex_lock(&launchpad->lock);
    launchpad->repeat = repeat;
    pthread_mutex_unlock(&launchpad->lock);
}

bool launchpad_owns(const char *path)
{
    return strncmp(path, "/authorization/", 15) == 0 || strcmp(path, "/authorization.json") == 0;
}

static void fail(struct answer *answer, unsigned status, const char *error, const char *description)
{
    answer_json(answer, status, json_pack("{s:s, s:s}", "error", error, "error_description", description));
}

static void answer_new(struct launchpad *launchpad, const struct request *request, struct answer *answer)
{
    struct request plain = *request;
    const char *type = request_query(request, "type");

    plain.path = "/authorize";
    plain.query = json_copy(request->query);
    if (type && strcmp(type, "web_server") == 0)
        json_object_set_new(plain.query, "response_type", json_string("code"));
    if (!request_query(request, "state"))
        json_object_set_new(plain.query, "state", json_string(""));
    json_object_del(plain.query, "code_challenge");         /* Launchpad knows nothing of it */
    oauth_server_answer(launchpad->oauth, &plain, answer);
    json_decref(plain.query);
}

/* What the server's reply becomes: fewer members, "Bearer" with a capital, a refresh token that lasts. */
static void reword(struct launchpad *launchpad, const char *renewed, struct answer *answer)
{
    json_t *reply = json_loadb(answer->body, answer->length, 0, NULL);
    const char *refresh = json_string_value(json_object_get(reply, "refresh_token"));
    const char *lasting = renewed ? renewed : refresh;
    json_t *worded;

    if (answer->status != 200 || !lasting) {
        json_decref(reply);
        return;
    }
    json_object_set(launchpad->present, lasting, json_object_get(reply, "refresh_token"));
    worded = json_pack("{s:O, s:s, s:O}", "access_token", json_object_get(reply, "access_token"), "token_type", "Bearer", "expires_in",
                       json_object_get(reply, "expires_in"));
    if (!renewed || launchpad->repeat)
        json_object_set_new(worded, "refresh_token", json_string(lasting));
    json_decref(reply);
    answer_json(answer, 200, worded);
}

static void answer_token(struct launchpad *launchpad, const struct request *request, struct answer *answer)
{
    struct request plain = *request;
    const char *type, *given = NULL;

    if (strcmp(request->method, "POST") != 0) {
        fail(answer, 405, "invalid_request", "Send a POST");
        return;
    }
    plain.path = "/grant";
    plain.form = json_copy(request->query);
    json_object_update(plain.form, request->form);
    json_object_del(plain.form, "code_verifier");
    type = request_form(&plain, "type");
    if (type && strcmp(type, "web_server") == 0)
        json_object_set_new(plain.form, "grant_type", json_string("authorization_code"));
    else if (type && strcmp(type, "refresh") == 0)
        json_object_set_new(plain.form, "grant_type", json_string("refresh_token"));

    type = request_form(&plain, "grant_type");
    if (type && strcmp(type, "authorization_code") != 0 && strcmp(type, "refresh_token") != 0) {
        fail(answer, 400, "unsupported_grant_type", "authorization_code or refresh_token");
        json_decref(plain.form);
        return;
    }
    pthread_mutex_lock(&launchpad->lock);
    if (type && strcmp(type, "refresh_token") == 0 && (given = request_form(&plain, "refresh_token")) != NULL) {
        json_t *present = json_object_get(launchpad->present, given);
        given = request_form(request, "refresh_token") ? request_form(request, "refresh_token") : request_query(request, "refresh_token");
        if (present)
            json_object_set(plain.form, "refresh_token", present);
    }
    oauth_server_answer(launchpad->oauth, &plain, answer);
    reword(launchpad, given, answer);
    pthread_mutex_unlock(&launchpad->lock);
    json_decref(plain.form);
}

static void answer_accounts(const struct launchpad *launchpad, const struct request *request, json_t *accounts, struct answer *answer)
{
    enum { TWO_WEEKS = 1209600 };
    time_t expires = time(NULL) + TWO_WEEKS;
    struct tm tm;
    char text[32];

    if (oauth_server_check(launchpad->oauth, request->authorization) != TOKEN_VALID) {
        answer_json(answer, 401, json_pack("{s:s}", "error", "The access token is not valid or has expired"));
        answer_header(answer, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
        return;
    }
    gmtime_r(&expires, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &tm);
    answer_json(answer, 200, json_pack("{s:s, s:{s:i, s:s, s:s, s:s}, s:O}", "expires_at", text, "identity", "id", 9900017,
                                       "first_name", "Ada", "last_name", "Løvelace", "email_address", "ada@example.com",
                                       "accounts", accounts));
}

void launchpad_answer(struct launchpad *launchpad, const struct request *request, json_t *accounts, struct answer *answer)
{
    if (strcmp(request->path, "/authorization/new") == 0)
        answer_new(launchpad, request, answer);
    else if (strcmp(request->path, "/authorization/token") == 0)
        answer_token(launchpad, request, answer);
    else if (strcmp(request->path, "/authorization.json") == 0 && strcmp(request->method, "GET") == 0)
        answer_accounts(launchpad, request, accounts, answer);
    else
        answer_text(answer, 404, "text/html; charset=utf-8", "<!DOCTYPE html><title>404</title><h1>Not Found</h1>\n");
    json_decref(accounts);
}
