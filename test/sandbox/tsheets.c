/* TSheets in the sandbox: who may ask, which of its parts answers, the raw data. */
#include "test/sandbox/tsheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/oauth_server.h"
#include "test/sandbox/tsheets_answer.h"

static void answer_file(const struct tsheets_data *data, const struct request *request, struct answer *answer)
{
    const char *id = request_query(request, "id");
    const struct tsheets_row *row = id ? tsheets_find(data, TSHEETS_FILES, strtoll(id, NULL, 10)) : NULL;

    if (!row) {
        tsheets_fail(answer, id ? 404 : 417, id ? "File not found!" : "Expectation failed: 'id' is required");
        return;
    }
    size_t length = (size_t)json_integer_value(json_object_get(row->object, "size"));
    char *copy = zeroed(length, 1);
    memcpy(copy, row->bytes, length);
    answer_bytes(answer, 200, "application/octet-stream", copy, length);
}

/* False when nothing is asked for by GET there. */
static bool answer_get(const struct tsheets_data *data, const char *name, const struct request *request, struct answer *answer)
{
    const struct tsheets_list *list = tsheets_list_named(name);

    if (list)
        tsheets_answer_list(list, data, request, answer);
    else if (strcmp(name, "current_user") == 0)
        tsheets_answer_current_user(data, request, answer);
    else if (strcmp(name, "files/raw") == 0)
        answer_file(data, request, answer);
    else if (strcmp(name, "effective_settings") == 0)
        tsheets_answer_settings(data, request, answer);
    else if (strcmp(name, "last_modified_timestamps") == 0)
        tsheets_answer_timestamps(data, request, answer);
    else
        return false;
    return true;
}

static bool is_report(const char *name)
{
    return strncmp(name, "reports/", 8) == 0;
}

static void answer_any(struct tsheets *tsheets, const char *name, const struct request *request, struct answer *answer)
{
    bool get = strcmp(request->method, "GET") == 0, post = strcmp(request->method, "POST") == 0, done;

    if (get || is_report(name)) {
        pthread_rwlock_rdlock(&tsheets->lock);
        done = get ? answer_get(tsheets->data, name, request, answer) : post && tsheets_answer_report(tsheets, name + 8, request, answer);
    } else {
        pthread_rwlock_wrlock(&tsheets->lock);
        done = tsheets_answer_change(tsheets, name, request, answer);
    }
    pthread_rwlock_unlock(&tsheets->lock);
    if (!done && (is_report(name) || tsheets_list_named(name) || strcmp(name, "current_user") == 0 || strcmp(name, "invitations") == 0))
        tsheets_fail(answer, 501, "The method is not implemented for this object");
    else if (!done)
        tsheets_fail(answer, 404, "There is no such object or method");
}

/* An account that the caller's manages can be acted for; the sandbox gives it the same data. */
static bool may_act_for(struct tsheets *tsheets, const struct request *request)
{
    const char *id = request_header(request, "vnd.tsheets.managedclientid");
    pthread_rwlock_rdlock(&tsheets->lock);
    const struct tsheets_row *client = id ? tsheets_find(tsheets->data, TSHEETS_CLIENTS, strtoll(id, NULL, 10)) : NULL;
    bool may = !id || (client && client->active);
    pthread_rwlock_unlock(&tsheets->lock);
    return may;
}

static void tsheets_answer(void *context, const struct request *request, struct answer *answer)
{
    struct tsheets *tsheets = context;
    enum token_state token = oauth_server_check(tsheets->oauth, request->authorization);

    if (token != TOKEN_VALID) {
        tsheets_fail(answer, 401, token == TOKEN_MISSING ? "The access token is missing" :
                                  token == TOKEN_EXPIRED ? "The access token has expired" : "The access token is not valid");
        answer_header(answer, "WWW-Authenticate", token == TOKEN_MISSING ? "Bearer" : "Bearer error=\"invalid_token\"");
    } else if (!may_act_for(tsheets, request)) {
        tsheets_fail(answer, 403, "The managed client is not one of yours, or is not active");
    } else {
        answer_any(tsheets, request->path + strlen("/api/v1/"), request, answer);
    }
}

static char *tsheets_dsn(void *context, const char *base)
{
    const struct tsheets *tsheets = context;
    char text[640];
    snprintf(text, sizeof text,
             "Driver=RestODBC;Provider=TSheets;URL=%s/api/v1;OAuthAuthorizationURL=%s/api/v1/authorize;"
             "OAuthAccessTokenURL=%s/api/v1/grant;OAuthClientId=%s;OAuthClientSecret={%s};InitiateOAuth=OFF;OAuthAccessToken=%s",
             base, base, base, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, oauth_server_lasting_token(tsheets->oauth));
    return text_copy(text);
}

static bool tsheets_raw(void *context, const char *table, char **text, size_t *length)
{
    struct tsheets *tsheets = context;
    enum tsheets_table which = tsheets_table_named(table, strlen(table));

    if (which == TSHEETS_TABLES)
        return false;
    FILE *out = open_memstream(text, length);
    if (!out)
        abort();
    pthread_rwlock_rdlock(&tsheets->lock);
    const struct tsheets_rows *rows = &tsheets->data->tables[which];
    fputc('[', out);
    for (size_t row = 0; row < rows->count; row++)
        fprintf(out, "%s%s", row ? ",\n" : "", which == TSHEETS_JOBCODES ? rows->rows[row].extended : rows->rows[row].json);
    pthread_rwlock_unlock(&tsheets->lock);
    fputs("]\n", out);
    fclose(out);
    return true;
}

/* POST /_tsheets {"old_key": true}: the API key is from the time before advanced overtime. */
static bool tsheets_control(void *context, const struct request *request, struct answer *answer)
{
    struct tsheets *tsheets = context;
    if (strcmp(request->path, "/_tsheets") != 0 || strcmp(request->method, "POST") != 0)
        return false;
    json_t *body = json_loadb(request->body, request->body_length, 0, NULL);
    pthread_rwlock_wrlock(&tsheets->lock);
    tsheets->old_key = json_is_true(json_object_get(body, "old_key"));
    pthread_rwlock_unlock(&tsheets->lock);
    json_decref(body);
    answer_bytes(answer, 204, NULL, text_copy(""), 0);
    return true;
}

struct tsheets *tsheets_open(unsigned timesheets, struct oauth_server *oauth)
{
    struct tsheets *tsheets = zeroed(1, sizeof *tsheets);
    tsheets->data = tsheets_data_open(timesheets);
    tsheets->oauth = oauth;
    pthread_rwlock_init(&tsheets->lock, NULL);
    return tsheets;
}

void tsheets_close(struct tsheets *tsheets)
{
    pthread_rwlock_destroy(&tsheets->lock);
    tsheets_data_close(tsheets->data);
    free(tsheets);
}

struct service_play tsheets_play(struct tsheets *tsheets)
{
    return (struct service_play){.name = "tsheets", .prefix = "/api/v1/", .data = tsheets, .answer = tsheets_answer,
                                 .dsn = tsheets_dsn, .rows = tsheets_raw, .control = tsheets_control};
}
