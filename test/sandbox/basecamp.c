/* Who may ask, and of which account: the gate before Basecamp 2 and 3, what is common to all their answers, and the tests' controls. */
#include "test/sandbox/basecamp.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "test/sandbox/basecamp_config.h"
#include "test/sandbox/basecamp_route.h"
#include "test/sandbox/launchpad.h"
#include "test/sandbox/oauth_server.h"

struct basecamp {
    pthread_mutex_t lock;           /* around accounts and all that lies in them */
    struct oauth_server *oauth;
    struct launchpad *launchpad;
    json_t *at_start;               /* the accounts that the command line wants */
    struct accounts accounts;
    unsigned generation;            /* how often something else was played */
    char basic[96];                 /* the Authorization that Basecamp 2 takes */
    struct side {
        struct basecamp *basecamp;
        const struct product *product;
    } sides[2];
};

struct basecamp *basecamp_open(unsigned projects, unsigned todos, struct oauth_server *oauth)
{
    static const char credentials[] = OAUTH_USER ":" OAUTH_PASSWORD;
    struct basecamp *basecamp = zeroed(1, sizeof *basecamp);

    pthread_mutex_init(&basecamp->lock, NULL);
    basecamp->oauth = oauth;
    basecamp->launchpad = launchpad_open(oauth);
    basecamp->at_start = config_standard(projects, todos);
    accounts_read(&basecamp->accounts, basecamp->at_start);
    snprintf(basecamp->basic, sizeof basecamp->basic, "Basic ");
    EVP_EncodeBlock((unsigned char *)basecamp->basic + 6, (const unsigned char *)credentials, sizeof credentials - 1);
    basecamp->sides[0] = (struct side){basecamp, &basecamp2};
    basecamp->sides[1] = (struct side){basecamp, &basecamp3};
    return basecamp;
}

void basecamp_close(struct basecamp *basecamp)
{
    accounts_clear(&basecamp->accounts);
    json_decref(basecamp->at_start);
    launchpad_close(basecamp->launchpad);
    pthread_mutex_destroy(&basecamp->lock);
    free(basecamp);
}

/* ---- The gate ---- */

/* "/195540001/…" → 195540001 and the rest; false for other paths. */
static bool split_account(const char *path, int64_t *id, const char **rest)
{
    char *end;
    if (*path != '/' || path[1] < '1' || path[1] > '9')
        return false;
    *id = strtoll(path + 1, &end, 10);
    *rest = end;
    return *end == '/';
}

static bool is_2(const char *rest)
{
    return strncmp(rest, "/api/v1/", 8) == 0;
}

static void not_found_page(struct answer *answer)
{
    answer_text(answer, 404, "text/html; charset=utf-8",
                "<!DOCTYPE html>\n<html><head><title>The page you were looking for doesn't exist (404)</title></head>"
                "<body><h1>Nothing to see here</h1></body></html>\n");
}

/* Whether the request may go on; else it is answered. */
static bool let_in(const struct basecamp *basecamp, const struct product *product, const struct request *request, struct answer *answer)
{
    const char *agent = request_header(request, "user-agent"), *authorization = request->authorization;

    if (!agent || !*agent) {
        answer_text(answer, 400, "text/plain; charset=utf-8",
                    "Please set a User-Agent header with the name of your application and a link to it or your email address\n");
        return false;
    }
    if (product == &basecamp2 && authorization && strncasecmp(authorization, "Basic ", 6) == 0 &&
        strcmp(authorization + 6, basecamp->basic + 6) == 0)
        return true;
    if (oauth_server_check(basecamp->oauth, authorization) == TOKEN_VALID)
        return true;
    if (product == &basecamp2) {
        answer_text(answer, 401, "text/plain; charset=utf-8", "HTTP Basic: Access denied.\n");
        answer_header(answer, "WWW-Authenticate", "Basic realm=\"Basecamp\"");
    } else {
        answer_json(answer, 401, json_pack("{s:s}", "error", "OAuth token could not be verified. Sign in again."));
        answer_header(answer, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }
    return false;
}

/* ---- Caching ---- */

static uint64_t hashed(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3u;   /* FNV-1a */
    return hash;
}

/* An entity tag that tells two answers apart, and two pages that differ only in whether there is a next one. */
static void write_tag(const struct answer *answer, char *tag, size_t room)
{
    const char *link = json_string_value(json_object_get(answer->headers, "Link"));
    const char *total = json_string_value(json_object_get(answer->headers, "X-Total-Count"));
    uint64_t hash = hashed(0xCBF29CE484222325u, answer->body, answer->length);
    hash = hashed(hash, link ? link : "", link ? strlen(link) : 0);
    hash = hashed(hash, total ? total : "", total ? strlen(total) : 0);
    snprintf(tag, room, "W/\"%016llx\"", (unsigned long long)hash);
}

static bool unchanged(const struct request *request, const char *tag, time_t changed)
{
    const char *tags = request_header(request, "if-none-match"), *since = request_header(request, "if-modified-since");
    struct tm tm = {0};

    if (tags)
        return strcmp(tags, "*") == 0 || strstr(tags, tag);
    return since && strptime(since, "%a, %d %b %Y %H:%M:%S GMT", &tm) && timegm(&tm) >= changed;
}

/* The fields of a cache, and 304 for an answer that the client has. */
static void answer_validators(const struct request *request, time_t changed, struct answer *answer)
{
    char tag[32], date[40];
    struct tm tm;

    if (strcmp(request->method, "GET") != 0 || answer->status != 200)
        return;
    write_tag(answer, tag, sizeof tag);
    gmtime_r(&changed, &tm);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    if (unchanged(request, tag, changed)) {
        answer_bytes(answer, 304, NULL, text_copy(""), 0);
        json_decref(answer->headers);
        answer->headers = NULL;
    }
    answer_header(answer, "ETag", tag);
    answer_header(answer, "Last-Modified", date);
    answer_header(answer, "Cache-Control", "max-age=0, private, must-revalidate");
}

/* ---- Answering ---- */

/* What URLs in answers to a client begin with. */
struct bases {
    char api[80];
    char app[64];
};

static struct view view_of(const struct account *account, const char *base, struct bases *bases)
{
    bool two = account->product == &basecamp2;
    snprintf(bases->api, sizeof bases->api, "%s/%lld%s", base, (long long)account->id, two ? "/api/v1" : "");
    snprintf(bases->app, sizeof bases->app, "https://%sbasecamp.com/%lld", two ? "" : "3.", (long long)account->id);
    return (struct view){.shapes = account->shapes, .store = account->store, .api = bases->api, .app = bases->app};
}

/* The path without ".json", from malloc; NULL when the answer is not wanted as JSON. */
static char *bare_path(const struct request *request, const char *path)
{
    const char *accept = request_header(request, "accept");
    size_t length = strlen(path);
    bool named = length > 5 && strcmp(path + length - 5, ".json") == 0;
    char *bare = text_copy(path);

    if (named)
        bare[length - 5] = '\0';
    else if (strcmp(request->method, "GET") == 0 && (!accept || !strstr(accept, "application/json"))) {
        free(bare);
        return NULL;
    }
    return bare;
}

static void answer_account(struct basecamp *basecamp, struct account *account, const struct request *request, const char *path,
                           struct answer *answer)
{
    struct bases bases;
    char *bare = bare_path(request, path);

    if (account->state == ACCOUNT_INACTIVE) {
        answer_bytes(answer, 404, NULL, text_copy(""), 0);
        answer_header(answer, "Reason", "Account Inactive");
    } else if (account->state == ACCOUNT_FORBIDDEN) {
        answer_json(answer, 403, json_pack("{s:s}", "error", "You do not have access to this account"));
    } else if (!bare) {
        not_found_page(answer);
    } else {
        account_fill(account);
        struct call call = {.account = account, .product = account->product, .store = account->store, .request = request,
                            .answer = answer, .view = view_of(account, request->base, &bases)};
        if (!route_answer(&call, bare))
            not_found_page(answer);
        answer_validators(request, (time_t)(account->store->changed / 1000 + basecamp->generation), answer);
    }
    free(bare);
}

static void basecamp_answer(void *data, const struct request *request, struct answer *answer)
{
    const struct side *side = data;
    struct basecamp *basecamp = side->basecamp;
    const char *rest = "";
    int64_t id;

    if (launchpad_owns(request->path)) {
        pthread_mutex_lock(&basecamp->lock);
        json_t *accounts = accounts_for_launchpad(&basecamp->accounts, request->base);
        pthread_mutex_unlock(&basecamp->lock);
        launchpad_answer(basecamp->launchpad, request, accounts, answer);
        return;
    }
    if (!let_in(basecamp, side->product, request, answer))
        return;
    pthread_mutex_lock(&basecamp->lock);
    struct account *account = split_account(request->path, &id, &rest) ? accounts_find(&basecamp->accounts, id) : NULL;
    if (account && account->product == side->product)
        answer_account(basecamp, account, request, rest + (is_2(rest) ? 7 : 0), answer);
    else
        not_found_page(answer);
    pthread_mutex_unlock(&basecamp->lock);
}

static bool owns_2(void *data, const char *path)
{
    int64_t id;
    const char *rest;
    (void)data;
    return split_account(path, &id, &rest) && is_2(rest);
}

static bool owns_3(void *data, const char *path)
{
    int64_t id;
    const char *rest;
    (void)data;
    return launchpad_owns(path) || (split_account(path, &id, &rest) && !is_2(rest));
}

/* ---- The tests' controls ---- */

static char *basecamp_dsn(void *data, const char *base)
{
    const struct side *side = data;
    char text[760];

    pthread_mutex_lock(&side->basecamp->lock);
    const struct account *account = accounts_first(&side->basecamp->accounts, side->product);
    long long id = account ? account->id : 0;
    pthread_mutex_unlock(&side->basecamp->lock);
    snprintf(text, sizeof text,
             "Driver=RestODBC;Provider=Basecamp;Schema=%s;URL=%s;OAuthAuthorizationURL=%s/authorization/new;"
             "OAuthAccessTokenURL=%s/authorization/token;OAuthClientId=%s;OAuthClientSecret={%s};InitiateOAuth=OFF;OAuthAccessToken=%s;"
             "AccountId=%lld", side->product == &basecamp2 ? "V2" : "V3", base, base, base, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET,
             oauth_server_lasting_token(side->basecamp->oauth), id);
    return text_copy(text);
}

/* "ACCOUNT/KIND" or "ACCOUNT/KIND/listed": all records of the kind. */
static bool answer_rows(struct account *account, const char *base, const char *kind_name, bool listed, struct answer *answer)
{
    struct bases bases;
    size_t count;

    account_fill(account);
    for (const struct kind *kind = account->store->kinds; kind->name; kind++) {
        if (strcmp(kind->name, kind_name) != 0 || !kind->listed)
            continue;
        struct view view = view_of(account, base, &bases);
        struct record *const *all = store_all(account->store, kind, &count);
        json_t *rows = json_array();
        for (size_t i = 0; i < count; i++)
            if (!all[i]->gone)
                json_array_append_new(rows, listed ? shape_write_listed(&view, all[i]) : shape_write_whole(&view, all[i]));
        answer_json(answer, 200, rows);
        return true;
    }
    return false;
}

static bool answer_data(struct basecamp *basecamp, const struct product *product, const struct request *request, struct answer *answer)
{
    char start[32], kind[64] = "", listed[8] = "";
    long long id;
    int used = 0;
    bool answered = false;

    snprintf(start, sizeof start, "/_data/%s/", product->play);
    if (strncmp(request->path, start, strlen(start)) != 0 ||
        sscanf(request->path + strlen(start), "%lld/%n", &id, &used) != 1 || used == 0 ||
        sscanf(request->path + strlen(start) + used, "%63[^/]/%7s", kind, listed) < 1)
        return false;
    pthread_mutex_lock(&basecamp->lock);
    struct account *account = accounts_find(&basecamp->accounts, id);
    if (account && account->product == product)
        answered = answer_rows(account, request->base, kind, strcmp(listed, "listed") == 0, answer);
    pthread_mutex_unlock(&basecamp->lock);
    return answered;
}

static void play(struct basecamp *basecamp, const json_t *config, struct answer *answer)
{
    struct accounts accounts = {0};
    const json_t *list = json_object_get(config, "accounts");
    const char *refresh = json_string_value(json_object_get(config, "refresh_token"));

    if (!json_is_object(config) || !accounts_read(&accounts, list ? list : basecamp->at_start)) {
        accounts_clear(&accounts);
        answer_text(answer, 400, "text/plain", "accounts: [{id, product (bc3, bcx or another), name, state (active, inactive, forbidden), "
                    "projects, todos, people, admin, project_limit}], refresh_token (same, none)\n");
        return;
    }
    pthread_mutex_lock(&basecamp->lock);
    accounts_clear(&basecamp->accounts);
    basecamp->accounts = accounts;
    basecamp->generation++;
    pthread_mutex_unlock(&basecamp->lock);
    launchpad_repeat_refresh_token(basecamp->launchpad, !refresh || strcmp(refresh, "none") != 0);
    answer_bytes(answer, 204, NULL, text_copy(""), 0);
}

static void answer_config(struct basecamp *basecamp, struct answer *answer)
{
    pthread_mutex_lock(&basecamp->lock);
    json_t *accounts = accounts_write(&basecamp->accounts);
    pthread_mutex_unlock(&basecamp->lock);
    answer_json(answer, 200, json_pack("{s:o, s:s, s:s, s:s}", "accounts", accounts, "today", BASECAMP_TODAY, "user", OAUTH_USER,
                                       "password", OAUTH_PASSWORD));
}

static bool basecamp_control(void *data, const struct request *request, struct answer *answer)
{
    const struct side *side = data;
    struct basecamp *basecamp = side->basecamp;
    bool get = strcmp(request->method, "GET") == 0;

    if (strcmp(request->path, "/_basecamp") != 0)
        return get && answer_data(basecamp, side->product, request, answer);
    if (get) {
        answer_config(basecamp, answer);
        return true;
    }
    bool put = strcmp(request->method, "PUT") == 0, erase = strcmp(request->method, "DELETE") == 0;
    json_t *config = put ? json_loadb(request->body, request->body_length, 0, NULL) : erase ? json_object() : NULL;
    if (put || erase)
        play(basecamp, config, answer);
    json_decref(config);
    return put || erase;
}

struct service_play basecamp_play_2(struct basecamp *basecamp)
{
    return (struct service_play){.name = basecamp2.play, .data = &basecamp->sides[0], .owns = owns_2, .answer = basecamp_answer,
                                 .dsn = basecamp_dsn, .control = basecamp_control};
}

struct service_play basecamp_play_3(struct basecamp *basecamp)
{
    return (struct service_play){.name = basecamp3.play, .data = &basecamp->sides[1], .owns = owns_3, .answer = basecamp_answer,
                                 .dsn = basecamp_dsn, .control = basecamp_control};
}
