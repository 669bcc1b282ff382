/* The front of Zoho Books: who may ask for what in which organization; what tests can switch. */
#include "test/sandbox/zoho.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/control.h"
#include "test/sandbox/oauth_server.h"
#include "test/sandbox/zoho_accounts.h"
#include "test/sandbox/zoho_call.h"
#include "test/sandbox/zoho_change.h"
#include "test/sandbox/zoho_json.h"
#include "test/sandbox/zoho_limit.h"
#include "test/sandbox/zoho_raw.h"
#include "test/sandbox/zoho_report.h"
#include "test/sandbox/zoho_switch.h"

#define API "/books/v3"
#define PLAY "/_play/zohobooks"

enum { SCOPES_ROOM = 4096 };

struct zoho {
    pthread_mutex_t lock;
    struct control *control;
    struct zoho_switches switches;
    struct zoho_accounts *accounts;
    struct zoho_books books;
    struct zoho_routes routes;
    struct zoho_calls *calls;       /* by organization */
};

struct zoho *zoho_open(unsigned invoices, unsigned token_lifetime, struct oauth_server *oauth, struct control *control)
{
    struct zoho *zoho = zeroed(1, sizeof *zoho);
    pthread_mutex_init(&zoho->lock, NULL);
    zoho->control = control;
    zoho_switches_reset(&zoho->switches);
    zoho->accounts = zoho_accounts_open(oauth, &zoho->switches, token_lifetime);
    zoho_books_open(&zoho->books, invoices, &zoho->switches);
    zoho_routes_read(&zoho->routes, &zoho->books.schema);
    zoho_reports_read(&zoho->routes, &zoho->books.schema);
    zoho_books_settle(&zoho->books);
    zoho->calls = zeroed(zoho->books.schema.organization_count, sizeof *zoho->calls);
    return zoho;
}

void zoho_close(struct zoho *zoho)
{
    zoho_books_close(&zoho->books);
    zoho_accounts_close(zoho->accounts);
    pthread_mutex_destroy(&zoho->lock);
    free(zoho->calls);
    free(zoho);
}

/* Whether the list, divided by commas, has the item. */
static bool listed(const char *list, const char *item)
{
    size_t length = strlen(item);
    for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
        if (strcspn(at, ",") == length && strncmp(at, item, length) == 0)
            return true;
    return false;
}

/* scope "contacts.READ" is also in ZohoBooks.contacts.ALL and in ZohoBooks.fullaccess.all. */
static bool has_scope(const char *scopes, const char *scope)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "ZohoBooks.%s", scope);
    if (listed(scopes, wanted) || listed(scopes, "ZohoBooks.fullaccess.all"))
        return true;
    snprintf(strrchr(wanted, '.'), 5, ".ALL");
    return listed(scopes, wanted);
}

static bool find_organization(struct zoho_call *call)
{
    const struct zoho_schema *schema = &call->books->schema;
    const char *id = request_query(call->request, "organization_id");

    for (unsigned o = 0; o < schema->organization_count; o++)
        if (strcmp(schema->organizations[o].data_centre, call->data_centre) == 0 &&
            (!id || strcmp(schema->organizations[o].id, id) == 0)) {
            call->organization = o;
            if (id)
                return true;
            break;
        }
    if (call->route->segments[0] && strcmp(call->route->segments[0], "organizations") == 0)
        return true;
    if (!id || !*id)
        return zoho_invalid(call->answer, "organization_id");
    return zoho_fail(call->answer, 400, 6041, "This user is not associated with the CompanyID/CompanyName:%.40s.", id);
}

static int method_of(const char *method)
{
    static const char *const methods[METHODS] = {"GET", "POST", "PUT", "DELETE"};
    int m = 0;
    while (m < METHODS && strcmp(methods[m], method) != 0)
        m++;
    return m;
}

/* The paths of an account's transactions come and go by a switch. */
static bool hidden(const struct zoho *zoho, const char *path)
{
    bool fresh = strcmp(path, "/chartofaccounts/accounttransactions") == 0, old = strcmp(path, "/chartofaccounts/transactions") == 0;
    return (fresh && zoho_switched(&zoho->switches, SWITCH_LEDGER, "old")) ||
           (old && zoho_switched(&zoho->switches, SWITCH_LEDGER, "new"));
}

/* Route, method, organization, scope, plan; false with an answer. */
static bool admitted(struct zoho *zoho, struct zoho_call *call, const char *scopes)
{
    const char *path = call->request->path + strlen(API);
    int method = method_of(call->request->method);

    call->route = zoho_route_find(&zoho->routes, path, call->parameters);
    if (!call->route || hidden(zoho, path))
        return zoho_no_url(call->answer);
    if (method == METHODS || !call->route->scopes[method])
        return zoho_fail(call->answer, 405, 37, "The HTTP method is not allowed for the requested resource");
    if (!find_organization(call))
        return false;
    if (zoho_switched(&zoho->switches, SWITCH_SCOPES, "check") && !has_scope(scopes, call->route->scopes[method]))
        return zoho_fail(call->answer, 401, 57, "You are not authorized to perform this operation");
    if (listed(zoho_property(&zoho->books.schema.organizations[call->organization], "without"), call->route->module))
        return zoho_fail(call->answer, 400, 4003, "The module %s is not available in the plan of this organization. Upgrade the plan "
                         "to use it.", call->route->module);
    return true;
}

static void respond(struct zoho *zoho, struct zoho_call *call)
{
    zoho->books.request = call->request;
    zoho->books.parameters = call->parameters;
    if (strcmp(call->route->path, "/reports/{report}") == 0)
        zoho_report(call);
    else if (strcmp(call->request->method, "GET") == 0)
        zoho_get(call);
    else
        zoho_change(call);
    zoho->books.request = NULL;
    zoho->books.parameters = NULL;
    zoho_clear(&zoho->books.scratch);
}

/* Waits while the switch `hold` is on. */
static void held(struct zoho *zoho)
{
    while (zoho_switched(&zoho->switches, SWITCH_HOLD, "yes") && !control_stopped(zoho->control)) {
        pthread_mutex_unlock(&zoho->lock);
        control_wait(zoho->control, 5);
        pthread_mutex_lock(&zoho->lock);
    }
}

static void zoho_answer(void *context, const struct request *request, struct answer *answer)
{
    struct zoho *zoho = context;
    char scopes[SCOPES_ROOM] = "";
    struct zoho_call call = {.books = &zoho->books, .routes = &zoho->routes, .request = request,
                             .data_centre = zoho_data_centre(request), .parameters = json_object(), .answer = answer};
    enum token_state token = zoho_accounts_check(zoho->accounts, request->authorization, call.data_centre, scopes, sizeof scopes);

    pthread_mutex_lock(&zoho->lock);
    if (token != TOKEN_VALID) {
        zoho_fail(answer, 401, 14, "Invalid value passed for authtoken.");
    } else if (admitted(zoho, &call, scopes)) {
        struct zoho_calls *calls = &zoho->calls[call.organization];
        if (zoho_limit_begin(calls, &zoho->switches, answer)) {
            held(zoho);
            respond(zoho, &call);
            zoho_limit_end(calls);
        }
        zoho_limit_headers(calls, &zoho->switches, answer);
    }
    pthread_mutex_unlock(&zoho->lock);
    json_decref(call.parameters);
}

static char *zoho_dsn(void *context, const char *base)
{
    const struct zoho *zoho = context;
    char text[640];
    snprintf(text, sizeof text,
             "Driver=RestODBC;Provider=ZohoBooks;URL=%s" API ";OAuthAuthorizationURL=%s/oauth/v2/auth;"
             "OAuthAccessTokenURL=%s/oauth/v2/token;OAuthClientId=%s;OAuthClientSecret={%s};InitiateOAuth=OFF;OAuthAccessToken=%s",
             base, base, base, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, zoho_accounts_lasting_token(zoho->accounts, "us"));
    return text_copy(text);
}

/* "zohobooks/invoices", or "zohobooks/10234697/invoices" of another organization: each row with every member there is a rule or a
 * change for. */
static bool zoho_raw(void *context, const char *table, char **text, size_t *length)
{
    struct zoho *zoho = context;
    struct zoho_books *books = &zoho->books;
    unsigned organization = 1;

    if (strncmp(table, "zohobooks/", 10) != 0)
        return false;
    table += 10;
    for (unsigned o = 0; o < books->schema.organization_count; o++) {
        size_t id = strlen(books->schema.organizations[o].id);
        if (strncmp(table, books->schema.organizations[o].id, id) == 0 && table[id] == '/') {
            organization = o;
            table += id + 1;
            break;
        }
    }
    pthread_mutex_lock(&zoho->lock);
    bool known = zoho_raw_rows(&zoho->routes, books, organization, table, text, length);
    zoho_clear(&books->scratch);
    pthread_mutex_unlock(&zoho->lock);
    return known;
}

static void answer_state(struct zoho *zoho, const struct request *request, struct answer *answer)
{
    json_t *centres = json_object();
    unsigned at_once = 0;

    for (size_t c = 0; c < ZOHO_DATA_CENTRES; c++) {
        const char *name = c ? "eu" : "us";
        char base[64];
        zoho_data_centre_base(request->base, name, base);
        json_object_set_new(centres, name, json_pack("{s:s, s:s}", "base", base, "token",
                                                     zoho_accounts_lasting_token(zoho->accounts, name)));
    }
    for (size_t o = 0; o < zoho->books.schema.organization_count; o++)
        at_once += zoho->calls[o].at_once;
    answer_json(answer, 200, json_pack("{s:o, s:o, s:i, s:s}", "switches", zoho_switches_json(&zoho->switches), "data_centres", centres,
                                       "at_once", (int)at_once, "today", zoho_day_text(&zoho->books, zoho->books.schema.today)));
    zoho_clear(&zoho->books.scratch);
}

static void set_switches(struct zoho *zoho, const struct request *request, struct answer *answer)
{
    json_t *wanted = json_loadb(request->body, request->body_length, 0, NULL);
    char *why = NULL;

    if (!json_is_object(wanted))
        answer_text(answer, 400, "text/plain", "A JSON object should be here: switch → value\n");
    else if (zoho_switches_set(&zoho->switches, wanted, &why))
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    else
        answer_text(answer, 400, "text/plain", why);
    zoho->books.changes++;      /* lists may be others now */
    free(why);
    json_decref(wanted);
}

static void reset(struct zoho *zoho, struct answer *answer)
{
    zoho_switches_reset(&zoho->switches);
    for (size_t o = 0; o < zoho->books.schema.organization_count; o++) {
        zoho->calls[o].minute_began = 0;
        zoho->calls[o].in_day = 0;
    }
    zoho_change_forget(&zoho->books);
    answer_bytes(answer, 204, NULL, text_copy(""), 0);
}

static bool zoho_control(void *context, const struct request *request, struct answer *answer)
{
    struct zoho *zoho = context;

    if (strcmp(request->path, PLAY "/code") == 0 && strcmp(request->method, "POST") == 0) {
        const char *scope = request_query(request, "scope"), *centre = request_query(request, "data_centre");
        char code[ZOHO_TOKEN_TEXT];
        zoho_accounts_self_code(zoho->accounts, centre ? centre : "us", scope ? scope : "ZohoBooks.fullaccess.all", code);
        answer_json(answer, 200, json_pack("{s:s}", "code", code));
        return true;
    }
    if (strcmp(request->path, PLAY) != 0)
        return false;
    pthread_mutex_lock(&zoho->lock);
    if (strcmp(request->method, "GET") == 0)
        answer_state(zoho, request, answer);
    else if (strcmp(request->method, "PUT") == 0)
        set_switches(zoho, request, answer);
    else if (strcmp(request->method, "DELETE") == 0)
        reset(zoho, answer);
    pthread_mutex_unlock(&zoho->lock);
    return answer->status != 0;
}

static void accounts_answer(void *context, const struct request *request, struct answer *answer)
{
    struct zoho *zoho = context;
    pthread_mutex_lock(&zoho->lock);    /* of the switches */
    zoho_accounts_answer(zoho->accounts, request, answer);
    pthread_mutex_unlock(&zoho->lock);
}

struct service_play zoho_play(struct zoho *zoho)
{
    return (struct service_play){.name = "zohobooks", .prefix = API "/", .data = zoho, .answer = zoho_answer, .dsn = zoho_dsn,
                                 .rows = zoho_raw, .control = zoho_control};
}

struct service_play zoho_accounts_play(struct zoho *zoho)
{
    return (struct service_play){.name = "zohoaccounts", .prefix = "/oauth/v2/", .data = zoho, .answer = accounts_answer};
}
