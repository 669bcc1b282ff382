/* Codes, refresh tokens that do not rotate, access tokens with scopes; errors that come with status 200. */
#include "test/sandbox/zoho_accounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/oauth_state.h"

enum { CODE_LIFETIME = 120, ACCESS_LIFETIME = 3600, REFRESH_TOKENS = 20, REFRESH_WINDOW = 600 };

static const char *const data_centres[ZOHO_DATA_CENTRES] = {"us", "eu"};

/* A sign-in that waits for the user, then its code. */
struct sign_in {
    struct sign_in *next;
    char ticket[ZOHO_TOKEN_TEXT];       /* "" once it is decided */
    char code[ZOHO_TOKEN_TEXT];         /* "" until allowed, and once used */
    char *redirect_uri;                 /* NULL of a self client */
    char *state;                        /* NULL = none */
    char *challenge;                    /* NULL = no PKCE */
    char *scopes;
    const char *data_centre;            /* where the code is good */
    bool offline;
    time_t expires;
};

struct refresh_token {
    struct refresh_token *next;         /* the newest first */
    char text[ZOHO_TOKEN_TEXT];
    char *scopes;
    const char *data_centre;
    unsigned generation;
    bool revoked;
    time_t *given;                      /* when it gave access tokens */
    size_t given_count;
};

struct access_token {
    struct access_token *next;
    char text[ZOHO_TOKEN_TEXT];
    char *scopes;
    const char *data_centre;
    const struct refresh_token *refresh; /* NULL = none */
    unsigned generation;
    time_t expires;
};

struct zoho_accounts {
    pthread_mutex_t lock;
    struct oauth_server *oauth;
    const struct zoho_switches *switches;
    unsigned token_lifetime;
    struct sign_in *sign_ins;
    struct refresh_token *refresh_tokens;
    struct access_token *access_tokens;
    bool consented[ZOHO_DATA_CENTRES];
    char lasting[ZOHO_DATA_CENTRES][ZOHO_TOKEN_TEXT];
};

/* By the clock that tests can set. */
static time_t now_of(struct zoho_accounts *accounts)
{
    return time(NULL) + (time_t)oauth_server_clock(accounts->oauth);
}

static size_t centre_index(const char *data_centre)
{
    return strcmp(data_centre, data_centres[1]) == 0;
}

static void new_token(struct zoho_accounts *accounts, char text[ZOHO_TOKEN_TEXT])
{
    char random[TOKEN_TEXT];
    oauth_random_token(random);
    snprintf(text, ZOHO_TOKEN_TEXT, "1000.%s", random);
    oauth_remember(accounts->oauth, text);
}

struct zoho_accounts *zoho_accounts_open(struct oauth_server *oauth, const struct zoho_switches *switches, unsigned token_lifetime)
{
    struct zoho_accounts *accounts = zeroed(1, sizeof *accounts);
    pthread_mutex_init(&accounts->lock, NULL);
    accounts->oauth = oauth;
    accounts->switches = switches;
    accounts->token_lifetime = token_lifetime < ACCESS_LIFETIME ? token_lifetime : ACCESS_LIFETIME;
    for (size_t c = 0; c < ZOHO_DATA_CENTRES; c++)
        new_token(accounts, accounts->lasting[c]);
    return accounts;
}

void zoho_accounts_close(struct zoho_accounts *accounts)
{
    while (accounts->sign_ins) {
        struct sign_in *sign_in = accounts->sign_ins;
        accounts->sign_ins = sign_in->next;
        free(sign_in->redirect_uri);
        free(sign_in->state);
        free(sign_in->challenge);
        free(sign_in->scopes);
        free(sign_in);
    }
    while (accounts->refresh_tokens) {
        struct refresh_token *token = accounts->refresh_tokens;
        accounts->refresh_tokens = token->next;
        free(token->scopes);
        free(token->given);
        free(token);
    }
    while (accounts->access_tokens) {
        struct access_token *token = accounts->access_tokens;
        accounts->access_tokens = token->next;
        free(token->scopes);
        free(token);
    }
    pthread_mutex_destroy(&accounts->lock);
    free(accounts);
}

const char *zoho_data_centre(const struct request *request)
{
    const char *host = request_header(request, "host");
    return data_centres[host && strncasecmp(host, "localhost", 9) == 0];
}

void zoho_data_centre_base(const char *base, const char *data_centre, char text[64])
{
    snprintf(text, 64, "http://%s%s", centre_index(data_centre) ? "localhost" : "127.0.0.1", strrchr(base, ':'));
}

const char *zoho_accounts_lasting_token(const struct zoho_accounts *accounts, const char *data_centre)
{
    return accounts->lasting[centre_index(data_centre)];
}

/* Back to the client: with code, location and accounts-server, or with an error. */
static void return_code(const struct request *request, const struct sign_in *sign_in, struct answer *answer)
{
    char accounts_server[64];
    zoho_data_centre_base(request->base, sign_in->data_centre, accounts_server);
    oauth_redirect(answer, sign_in->redirect_uri,
                   (const char *const[]){"code", sign_in->code, "location", sign_in->data_centre, "accounts-server", accounts_server,
                                         "state", sign_in->state, NULL});
}

static void allow(struct zoho_accounts *accounts, struct sign_in *sign_in)
{
    new_token(accounts, sign_in->code);
    sign_in->ticket[0] = '\0';
    sign_in->expires = now_of(accounts) + CODE_LIFETIME;
}

/* "ZohoBooks.module.RIGHT", divided by commas. */
static bool scopes_good(const char *scopes)
{
    if (!scopes || !*scopes)
        return false;
    for (const char *at = scopes;;) {
        size_t length = strcspn(at, ","), dots = 0;
        for (size_t i = 0; i < length; i++)
            dots += at[i] == '.';
        if (dots != 2 || memchr(at, ' ', length))
            return false;
        if (!at[length])
            return true;
        at += length + 1;
    }
}

static void authorize(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    const char *client = request_query(request, "client_id"), *uri = request_query(request, "redirect_uri");
    const char *type = request_query(request, "response_type"), *scopes = request_query(request, "scope");
    const char *access = request_query(request, "access_type"), *prompt = request_query(request, "prompt");
    const char *state = request_query(request, "state"), *challenge = request_query(request, "code_challenge");
    const char *how = request_query(request, "code_challenge_method");

    if (!client || strcmp(client, OAUTH_CLIENT_ID) != 0) {
        oauth_refuse_page(answer, "Invalid client: the client_id is not known here.");
    } else if (!uri || !oauth_redirect_registered(uri)) {
        oauth_refuse_page(answer, "Invalid redirect URI: it is not registered.");
    } else if (!type || strcmp(type, "code") != 0) {
        oauth_refuse_page(answer, "Invalid response type: it must be code.");
    } else if (!scopes_good(scopes)) {
        oauth_refuse_page(answer, "Invalid scope: scopes are divided by commas and have the form Service.module.RIGHT.");
    } else if (access && strcmp(access, "offline") != 0 && strcmp(access, "online") != 0) {
        oauth_refuse_page(answer, "Invalid access type: it is offline or online.");
    } else if (challenge && (!how || strcmp(how, "S256") != 0)) {
        oauth_refuse_page(answer, "Invalid code challenge method: it must be S256.");
    } else {
        struct sign_in *sign_in = zeroed(1, sizeof *sign_in);
        bool again = prompt && strstr(prompt, "consent");
        new_token(accounts, sign_in->ticket);
        sign_in->redirect_uri = text_copy(uri);
        sign_in->state = state ? text_copy(state) : NULL;
        sign_in->challenge = challenge ? text_copy(challenge) : NULL;
        sign_in->scopes = text_copy(scopes);
        sign_in->data_centre = data_centres[zoho_switched(accounts->switches, SWITCH_HOME, "eu")];
        pthread_mutex_lock(&accounts->lock);
        bool *consented = &accounts->consented[centre_index(sign_in->data_centre)], known = *consented && !again;
        /* whoever has consented before gets no second refresh token without asking for consent */
        sign_in->offline = access && strcmp(access, "offline") == 0 && !known;
        sign_in->next = accounts->sign_ins;
        accounts->sign_ins = sign_in;
        if (known) {
            allow(accounts, sign_in);
            return_code(request, sign_in, answer);
        } else {
            oauth_login_page(answer, request->path, "It asks to read and change the books.",
                             (const char *const[]){"ticket", sign_in->ticket, NULL});
        }
        pthread_mutex_unlock(&accounts->lock);
    }
}

/* A button of the login page was pressed. */
static void decide(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    const char *ticket = request_form(request, "ticket"), *decision = request_form(request, "decision");
    struct sign_in *sign_in;

    pthread_mutex_lock(&accounts->lock);
    for (sign_in = accounts->sign_ins; sign_in; sign_in = sign_in->next)
        if (ticket && sign_in->ticket[0] && strcmp(sign_in->ticket, ticket) == 0)
            break;
    if (!sign_in) {
        oauth_refuse_page(answer, "This form was sent already, or it is not from here.");
    } else if (decision && strcmp(decision, "allow") == 0) {
        accounts->consented[centre_index(sign_in->data_centre)] = true;
        allow(accounts, sign_in);
        return_code(request, sign_in, answer);
    } else {
        sign_in->ticket[0] = '\0';
        oauth_redirect(answer, sign_in->redirect_uri,
                       (const char *const[]){"error", "access_denied", "state", sign_in->state, NULL});
    }
    pthread_mutex_unlock(&accounts->lock);
}

/* Of the form, or else of the query. */
static const char *field(const struct request *request, const char *name)
{
    const char *value = request_form(request, name);
    return value ? value : request_query(request, name);
}

static void refuse(struct zoho_accounts *accounts, struct answer *answer, const char *error)
{
    answer_json(answer, zoho_switch_number(accounts->switches, SWITCH_TOKEN_ERRORS), json_pack("{s:s}", "error", error));
    answer_header(answer, "Cache-Control", "no-store");
}

static void give(struct zoho_accounts *accounts, const struct request *request, const char *scopes, const char *data_centre,
                 const struct refresh_token *refresh, bool show_refresh, struct answer *answer)
{
    struct access_token *token = zeroed(1, sizeof *token);
    char api_domain[64];

    new_token(accounts, token->text);
    token->scopes = text_copy(scopes);
    token->data_centre = data_centre;
    token->refresh = refresh;
    token->generation = oauth_ended(accounts->oauth, false);
    token->expires = now_of(accounts) + (time_t)accounts->token_lifetime;
    token->next = accounts->access_tokens;
    accounts->access_tokens = token;
    zoho_data_centre_base(request->base, data_centre, api_domain);
    json_t *json = json_pack("{s:s, s:s, s:s, s:I}", "access_token", token->text, "api_domain", api_domain, "token_type", "Bearer",
                             "expires_in", (json_int_t)accounts->token_lifetime);
    if (show_refresh)
        json_object_set_new(json, "refresh_token", json_string(refresh->text));
    answer_json(answer, 200, json);
    answer_header(answer, "Cache-Control", "no-store");
}

/* One more of a user; the oldest of those above the limit goes. */
static struct refresh_token *new_refresh_token(struct zoho_accounts *accounts, const char *scopes, const char *data_centre)
{
    struct refresh_token *token = zeroed(1, sizeof *token);
    size_t living = 0;

    new_token(accounts, token->text);
    token->scopes = text_copy(scopes);
    token->data_centre = data_centre;
    token->generation = oauth_ended(accounts->oauth, true);
    token->next = accounts->refresh_tokens;
    accounts->refresh_tokens = token;
    for (struct refresh_token *other = token; other; other = other->next)
        if (other->data_centre == data_centre && !other->revoked && ++living > REFRESH_TOKENS)
            other->revoked = true;
    return token;
}

/* Counts an access token of a refresh token; false when it is one too many. */
static bool may_give(struct zoho_accounts *accounts, struct refresh_token *refresh)
{
    unsigned most = zoho_switch_number(accounts->switches, SWITCH_REFRESH);
    time_t now = now_of(accounts);
    size_t recent = 0;

    for (size_t i = 0; i < refresh->given_count; i++)
        if (now - refresh->given[i] < REFRESH_WINDOW)
            refresh->given[recent++] = refresh->given[i];
    refresh->given_count = recent;
    if (most && recent >= most)
        return false;
    time_t *larger = realloc(refresh->given, (recent + 1) * sizeof *larger);
    if (!larger)
        abort();
    refresh->given = larger;
    refresh->given[refresh->given_count++] = now;
    return true;
}

static void grant_code(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    const char *code = field(request, "code"), *uri = field(request, "redirect_uri");
    const char *centre = zoho_data_centre(request);
    struct sign_in *sign_in = accounts->sign_ins;
    struct refresh_token *refresh = NULL;

    while (sign_in && !(code && sign_in->code[0] && strcmp(sign_in->code, code) == 0))
        sign_in = sign_in->next;
    if (!sign_in || strcmp(sign_in->data_centre, centre) != 0 || now_of(accounts) >= sign_in->expires) {
        refuse(accounts, answer, "invalid_code");
    } else if (sign_in->redirect_uri && (!uri || strcmp(uri, sign_in->redirect_uri) != 0)) {
        refuse(accounts, answer, "invalid_redirect_uri");
    } else if (!oauth_verifier_fits(sign_in->challenge, field(request, "code_verifier"))) {
        refuse(accounts, answer, "invalid_code");
    } else {
        sign_in->code[0] = '\0';
        if (sign_in->offline) {
            refresh = new_refresh_token(accounts, sign_in->scopes, sign_in->data_centre);
            may_give(accounts, refresh);
        }
        give(accounts, request, sign_in->scopes, sign_in->data_centre, refresh, refresh != NULL, answer);
    }
}

static struct refresh_token *refresh_token_of(struct zoho_accounts *accounts, const char *text, const char *centre)
{
    struct refresh_token *token = accounts->refresh_tokens;
    while (token && !(text && strcmp(token->text, text) == 0 && strcmp(token->data_centre, centre) == 0 && !token->revoked &&
                      token->generation == oauth_ended(accounts->oauth, true)))
        token = token->next;
    return token;
}

static void grant_refresh(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    struct refresh_token *refresh = refresh_token_of(accounts, field(request, "refresh_token"), zoho_data_centre(request));

    if (!refresh) {
        refuse(accounts, answer, "invalid_code");
    } else if (!may_give(accounts, refresh)) {
        answer_json(answer, zoho_switch_number(accounts->switches, SWITCH_TOKEN_ERRORS),
                    json_pack("{s:s, s:s}", "error", "Access Denied", "error_description",
                              "You have made too many requests continuously. Please try again after some time."));
    } else {
        give(accounts, request, refresh->scopes, refresh->data_centre, refresh, false, answer);
    }
}

static bool secret_fits(const struct zoho_accounts *accounts, const char *secret, const char *centre)
{
    char wanted[sizeof OAUTH_CLIENT_SECRET + 4];
    bool own = centre_index(centre) && zoho_switched(accounts->switches, SWITCH_SECRETS, "own");
    snprintf(wanted, sizeof wanted, "%s%s", OAUTH_CLIENT_SECRET, own ? ".eu" : "");
    return secret && strcmp(secret, wanted) == 0;
}

static void grant(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    const char *client = field(request, "client_id"), *type = field(request, "grant_type");

    pthread_mutex_lock(&accounts->lock);
    if (!client || strcmp(client, OAUTH_CLIENT_ID) != 0)
        refuse(accounts, answer, "invalid_client");
    else if (!secret_fits(accounts, field(request, "client_secret"), zoho_data_centre(request)))
        refuse(accounts, answer, "invalid_client_secret");
    else if (type && strcmp(type, "authorization_code") == 0)
        grant_code(accounts, request, answer);
    else if (type && strcmp(type, "refresh_token") == 0)
        grant_refresh(accounts, request, answer);
    else
        refuse(accounts, answer, "unsupported_grant_type");
    pthread_mutex_unlock(&accounts->lock);
}

static void revoke(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    pthread_mutex_lock(&accounts->lock);
    struct refresh_token *refresh = refresh_token_of(accounts, field(request, "token"), zoho_data_centre(request));
    if (refresh) {
        refresh->revoked = true;
        answer_json(answer, 200, json_pack("{s:s}", "status", "success"));
    } else {
        refuse(accounts, answer, "invalid_token");
    }
    pthread_mutex_unlock(&accounts->lock);
}

void zoho_accounts_answer(struct zoho_accounts *accounts, const struct request *request, struct answer *answer)
{
    const char *path = request->path + strlen("/oauth/v2");
    bool get = strcmp(request->method, "GET") == 0, post = strcmp(request->method, "POST") == 0;

    if (strcmp(path, "/auth") == 0 && get)
        authorize(accounts, request, answer);
    else if (strcmp(path, "/auth") == 0 && post)
        decide(accounts, request, answer);
    else if (strcmp(path, "/token") == 0 && post)
        grant(accounts, request, answer);
    else if (strcmp(path, "/token/revoke") == 0 && post)
        revoke(accounts, request, answer);
    else
        answer_text(answer, strcmp(path, "/auth") == 0 || strncmp(path, "/token", 6) == 0 ? 405 : 404, "text/html;charset=UTF-8",
                    "<!DOCTYPE html><title>Zoho accounts</title><h1>There is nothing here for this method</h1>\n");
}

enum token_state zoho_accounts_check(struct zoho_accounts *accounts, const char *authorization, const char *data_centre, char *scopes,
                                     size_t room)
{
    enum token_state state = TOKEN_REFUSED;
    const char *text;

    if (!authorization || strncasecmp(authorization, "Zoho-oauthtoken ", 16) != 0)
        return TOKEN_MISSING;
    text = authorization + 16;
    if (strcmp(text, zoho_accounts_lasting_token(accounts, data_centre)) == 0) {
        snprintf(scopes, room, "ZohoBooks.fullaccess.all");
        return TOKEN_VALID;
    }
    pthread_mutex_lock(&accounts->lock);
    for (struct access_token *token = accounts->access_tokens; token; token = token->next) {
        if (strcmp(token->text, text) != 0 || strcmp(token->data_centre, data_centre) != 0)
            continue;
        snprintf(scopes, room, "%s", token->scopes);
        if (now_of(accounts) >= token->expires)
            state = TOKEN_EXPIRED;
        else if (token->generation == oauth_ended(accounts->oauth, false) && !(token->refresh && token->refresh->revoked))
            state = TOKEN_VALID;
        break;
    }
    pthread_mutex_unlock(&accounts->lock);
    return state;
}

void zoho_accounts_self_code(struct zoho_accounts *accounts, const char *data_centre, const char *scopes, char code[ZOHO_TOKEN_TEXT])
{
    struct sign_in *sign_in = zeroed(1, sizeof *sign_in);

    pthread_mutex_lock(&accounts->lock);
    sign_in->scopes = text_copy(scopes);
    sign_in->data_centre = data_centres[centre_index(data_centre)];
    sign_in->offline = true;
    allow(accounts, sign_in);
    sign_in->next = accounts->sign_ins;
    accounts->sign_ins = sign_in;
    memcpy(code, sign_in->code, ZOHO_TOKEN_TEXT);
    pthread_mutex_unlock(&accounts->lock);
}
