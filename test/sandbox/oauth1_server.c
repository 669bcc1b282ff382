/* The OAuth 1.0a provider: who may have which token, and which requests are good. */
#include "test/sandbox/oauth1_server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/oauth1_check.h"
#include "test/sandbox/oauth_state.h"

enum { CLOCKS_APART = 300 };

struct credentials {
    struct credentials *next;
    char token[TOKEN_TEXT];
    char secret[TOKEN_TEXT];
    char verifier[TOKEN_TEXT];      /* of a request token that the user has authorized; "" before */
    char *callback;                 /* of a request token; NULL = an access token */
    bool ended;
};

struct oauth1_server {
    struct oauth_server *oauth;
    pthread_mutex_t lock;
    struct credentials *all;
    json_t *nonces;                 /* those seen, as names */
};

struct oauth1_server *oauth1_server_open(struct oauth_server *oauth)
{
    struct oauth1_server *server = zeroed(1, sizeof *server);
    server->oauth = oauth;
    server->nonces = json_object();
    pthread_mutex_init(&server->lock, NULL);
    return server;
}

void oauth1_server_close(struct oauth1_server *server)
{
    while (server->all) {
        struct credentials *one = server->all;
        server->all = one->next;
        free(one->callback);
        free(one);
    }
    json_decref(server->nonces);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static void refuse(struct answer *answer, unsigned status, const char *problem)
{
    char text[128];
    snprintf(text, sizeof text, "oauth_problem=%s&oauth_problem_advice=The+sandbox+says+no", problem);
    answer_text(answer, status, "application/x-www-form-urlencoded", text);
    if (status == 401)
        answer_header(answer, "WWW-Authenticate", "OAuth realm=\"sandbox\"");
}

static struct credentials *find(struct oauth1_server *server, const char *token)
{
    struct credentials *one = server->all;
    while (one && (!token || strcmp(one->token, token) != 0))
        one = one->next;
    return one;
}

static struct credentials *make(struct oauth1_server *server)
{
    struct credentials *made = zeroed(1, sizeof *made);
    oauth_random_token(made->token);
    oauth_random_token(made->secret);
    made->next = server->all;
    server->all = made;
    return made;
}

/* 3.3: no nonce twice, and no timestamp that is far away. */
static const char *freshness_fault(struct oauth1_server *server, json_t *parameters)
{
    const char *timestamp = json_string_value(json_object_get(parameters, "oauth_timestamp"));
    const char *nonce = json_string_value(json_object_get(parameters, "oauth_nonce"));
    const char *version = json_string_value(json_object_get(parameters, "oauth_version"));
    char key[256];

    if (version && strcmp(version, "1.0") != 0)
        return "version_rejected";
    if (!timestamp || !nonce || !*nonce)
        return "parameter_absent";
    long long apart = strtoll(timestamp, NULL, 10) - (long long)time(NULL) - oauth_server_clock(server->oauth);
    if (apart > CLOCKS_APART || apart < -CLOCKS_APART)
        return "timestamp_refused";
    snprintf(key, sizeof key, "%s %s", timestamp, nonce);
    if (json_object_get(server->nonces, key))
        return "nonce_used";
    json_object_set_new(server->nonces, key, json_true());
    return NULL;
}

/* Looks at everything that is common to signed requests; with the lock held.
 * token  gets the credentials that sign besides the client's; stays NULL where none is named */
static const char *request_fault(struct oauth1_server *server, const struct request *request, json_t *parameters,
                                 struct credentials **token)
{
    const char *client = json_string_value(json_object_get(parameters, "oauth_consumer_key"));
    const char *name = json_string_value(json_object_get(parameters, "oauth_token"));

    if (!parameters || !client)
        return "parameter_absent";
    if (strcmp(client, OAUTH_CLIENT_ID) != 0)
        return "consumer_key_unknown";
    *token = find(server, name);
    if (name && (!*token || (*token)->ended))
        return "token_rejected";
    pthread_mutex_lock(&server->oauth->lock);
    char *key = text_copy(oauth_mood(server->oauth, "public_key", ""));
    pthread_mutex_unlock(&server->oauth->lock);
    const char *fault = oauth1_fault(request, parameters, OAUTH_CLIENT_SECRET, *token ? (*token)->secret : "", *key ? key : NULL);
    free(key);
    return fault ? fault : freshness_fault(server, parameters);
}

static bool mood_says_no(struct oauth1_server *server, const char *name)
{
    pthread_mutex_lock(&server->oauth->lock);
    bool no = oauth_mood_is(server->oauth, name, "no");
    pthread_mutex_unlock(&server->oauth->lock);
    return no;
}

static void give(struct answer *answer, const struct credentials *made, const char *more)
{
    char text[256];
    snprintf(text, sizeof text, "oauth_token=%s&oauth_token_secret=%s%s", made->token, made->secret, more);
    answer_text(answer, 200, "application/x-www-form-urlencoded", text);
}

/* 2.1. */
static void request_token(struct oauth1_server *server, const struct request *request, json_t *parameters, struct answer *answer)
{
    const char *callback = json_string_value(json_object_get(parameters, "oauth_callback"));
    struct credentials *token = NULL;
    const char *fault = request_fault(server, request, parameters, &token);

    if (!fault && (token || !callback))
        fault = "parameter_absent";
    if (!fault && strcmp(callback, "oob") != 0 && !oauth_redirect_registered(callback))
        fault = "callback_rejected";
    if (fault) {
        refuse(answer, 401, fault);
        return;
    }
    struct credentials *made = make(server);
    made->callback = text_copy(callback);
    give(answer, made, mood_says_no(server, "confirmed") ? "" : "&oauth_callback_confirmed=true");
}

/* 2.2. */
static void authorize(struct oauth1_server *server, const struct request *request, struct answer *answer)
{
    bool post = strcmp(request->method, "POST") == 0;
    const char *name = post ? request_form(request, "oauth_token") : request_query(request, "oauth_token");
    const char *decision = request_form(request, "decision");
    struct credentials *token = find(server, name);
    char page[256];

    if (!token || !token->callback || token->ended || token->verifier[0]) {
        oauth_refuse_page(answer, "This request token is not known here, or it was used.");
    } else if (!post) {
        oauth_login_page(answer, request->path, "It uses OAuth 1.0.", (const char *const[]){"oauth_token", token->token, NULL});
    } else if (!decision || strcmp(decision, "allow") != 0) {
        token->ended = true;
        oauth_redirect(answer, token->callback, (const char *const[]){"denied", token->token, NULL});
    } else {
        oauth_random_token(token->verifier);
        if (strcmp(token->callback, "oob") != 0) {
            oauth_redirect(answer, token->callback, (const char *const[]){"oauth_token", token->token, "oauth_verifier", token->verifier, NULL});
            return;
        }
        snprintf(page, sizeof page, "<!DOCTYPE html><title>Done</title><p>Enter <code>%s</code> in your program.</p>\n", token->verifier);
        answer_text(answer, 200, "text/html; charset=utf-8", page);
    }
}

/* 2.3. */
static void access_token(struct oauth1_server *server, const struct request *request, json_t *parameters, struct answer *answer)
{
    const char *verifier = json_string_value(json_object_get(parameters, "oauth_verifier"));
    struct credentials *token = NULL;
    const char *fault = request_fault(server, request, parameters, &token);

    if (!fault && (!token || !token->callback))
        fault = "token_rejected";
    if (!fault && (!verifier || !token->verifier[0] || strcmp(verifier, token->verifier) != 0))
        fault = "permission_unknown";
    if (fault) {
        refuse(answer, 401, fault);
        return;
    }
    token->ended = true;
    give(answer, make(server), "&user_id=510001");
}

bool oauth1_server_answer(struct oauth1_server *server, const struct request *request, struct answer *answer)
{
    const char *path = strncmp(request->path, "/oauth1/", 8) == 0 ? request->path + 7 : "";
    bool post = strcmp(request->method, "POST") == 0;
    json_t *parameters = oauth1_parameters(request->authorization);
    bool known = true;

    pthread_mutex_lock(&server->lock);
    if (strcmp(path, "/authorize") == 0)
        authorize(server, request, answer);
    else if (strcmp(path, "/request_token") == 0 && post)
        request_token(server, request, parameters, answer);
    else if (strcmp(path, "/access_token") == 0 && post)
        access_token(server, request, parameters, answer);
    else
        known = false;
    pthread_mutex_unlock(&server->lock);
    json_decref(parameters);
    return known;
}

bool oauth1_server_check(struct oauth1_server *server, const struct request *request, struct answer *answer)
{
    json_t *parameters = oauth1_parameters(request->authorization);
    struct credentials *token = NULL;

    pthread_mutex_lock(&server->lock);
    const char *fault = request_fault(server, request, parameters, &token);
    if (!fault && (!token || token->callback || mood_says_no(server, "resources")))
        fault = "token_rejected";
    pthread_mutex_unlock(&server->lock);
    json_decref(parameters);
    if (fault)
        refuse(answer, 401, fault);
    return !fault;
}

void oauth1_server_secrets(struct oauth1_server *server, json_t *all)
{
    pthread_mutex_lock(&server->lock);
    for (struct credentials *one = server->all; one; one = one->next) {
        json_array_append_new(all, json_string(one->secret));
        if (one->verifier[0])
            json_array_append_new(all, json_string(one->verifier));
        if (!one->callback)
            json_array_append_new(all, json_string(one->token));
    }
    pthread_mutex_unlock(&server->lock);
}

void oauth1_server_revoke(struct oauth1_server *server)
{
    pthread_mutex_lock(&server->lock);
    for (struct credentials *one = server->all; one; one = one->next)
        one->ended = one->ended || !one->callback;
    pthread_mutex_unlock(&server->lock);
}
