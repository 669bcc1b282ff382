/* The shop as a service of the sandbox: its three versions, how they answer, what is changed. */
#include "test/sandbox/odata.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/odata_answer.h"

enum { PAGE = 100, LONGEST_REQUEST = 200 };

struct version {
    struct odata *odata;
    int number;
    char prefix[10];
};

struct odata {
    pthread_rwlock_t lock;
    struct shop shop;
    struct odata_ways ways;
    struct version versions[3];
};

static const char token[] = "token5", cookie[] = "session=5";

struct word {
    const char *word;
    unsigned bit;
};

static const struct word refusals[] = {
    {"filter", REFUSE_FILTER}, {"select", REFUSE_SELECT}, {"orderby", REFUSE_ORDERBY}, {"top", REFUSE_TOP}, {"skip", REFUSE_SKIP}, {"expand", REFUSE_EXPAND},
    {"nested", REFUSE_NESTED}, {"in", REFUSE_IN}, {"functions", REFUSE_FUNCTIONS}, {"count", REFUSE_COUNT}, {"apply", REFUSE_APPLY}, {"key", REFUSE_KEY},
    {"exact", REFUSE_EXACT}, {"calculations", REFUSE_CALCULATIONS}, {"terms", REFUSE_TERMS}, {"search", REFUSE_SEARCH}, {NULL, 0},
};

static const struct word quirks[] = {
    {"relative", QUIRK_RELATIVE}, {"empty page", QUIRK_EMPTY_PAGE}, {"inner pages", QUIRK_INNER_PAGES}, {"only atom", QUIRK_ONLY_ATOM},
    {"stumbles", QUIRK_STUMBLES}, {"broken", QUIRK_BROKEN}, {"csrf", QUIRK_CSRF}, {"apply", QUIRK_APPLY}, {NULL, 0},
};

/* Requests. */

static bool may_change(const struct odata *odata, const struct request *request)
{
    const char *given = request_header(request, "x-csrf-token"), *cookies = request_header(request, "cookie");
    return !(odata->ways.quirks & QUIRK_CSRF) || (given && strcmp(given, token) == 0 && cookies && strstr(cookies, cookie));
}

/* The one thing that can be done: everything is as at the start, which it is already. */
static void answer_post(const struct version *version, const char *path, const struct request *request, struct answer *answer)
{
    if (!may_change(version->odata, request)) {
        answer_text(answer, 403, "text/plain", "CSRF token validation failed\n");
        answer_header(answer, "X-CSRF-Token", "Required");
    } else if (strcmp(path, "Reset") == 0) {
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    } else {
        odata_fail(version->number, &version->odata->ways, 404, "There is nothing there", answer);
    }
}

static void answer_any(void *data, const struct request *request, struct answer *answer)
{
    const struct version *version = data;
    const char *path = request->path + strlen(version->prefix), *fetch = request_header(request, "x-csrf-token");

    pthread_rwlock_rdlock(&version->odata->lock);
    if (strcmp(request->method, "POST") == 0)
        answer_post(version, path, request, answer);
    else if (strcmp(request->method, "GET") == 0)
        odata_answer(&version->odata->shop, version->number, &version->odata->ways, path, request, answer);
    else
        odata_fail(version->number, &version->odata->ways, 405, "That is not allowed", answer);
    pthread_rwlock_unlock(&version->odata->lock);
    if (fetch && strcmp(fetch, "Fetch") == 0) {
        answer_header(answer, "X-CSRF-Token", token);
        answer_header(answer, "Set-Cookie", "session=5; path=/");
    }
    answer_header(answer, version->number == 4 ? "OData-Version" : "DataServiceVersion", version->number == 4 ? "4.0" : version->number == 3 ? "3.0" : "2.0");
}

static char *dsn(void *data, const char *base)
{
    const struct version *version = data;
    char text[LONGEST_REQUEST];

    snprintf(text, sizeof text, "Driver=RestODBC;Provider=OData;URL=%s/odata%d", base, version->number);
    return text_copy(text);
}

static bool rows(void *data, const char *table, char **text, size_t *length)
{
    const struct version *version = data;
    const struct shop_type *type = strncmp(table, "odata/", 6) == 0 ? shop_type_named(table + 6, true) : NULL;

    if (!type)
        return false;
    *text = json_dumps(shop_rows(&version->odata->shop, type), JSON_COMPACT);
    *length = strlen(*text);
    return true;
}

/* How it answers. */

static unsigned read_words(const json_t *list, const struct word *known)
{
    unsigned bits = 0;
    const json_t *word;
    size_t i;

    json_array_foreach(list, i, word)
        for (size_t j = 0; known[j].word; j++)
            if (json_string_value(word) && strcmp(json_string_value(word), known[j].word) == 0)
                bits |= known[j].bit;
    return bits;
}

static bool control(void *data, const struct request *request, struct answer *answer)
{
    struct odata *odata = ((struct version *)data)->odata;
    bool put = strcmp(request->method, "PUT") == 0;

    if (strcmp(request->path, "/_odata") != 0 || (!put && strcmp(request->method, "DELETE") != 0))
        return false;
    json_t *body = put ? json_loadb(request->body, request->body_length, 0, NULL) : NULL;
    json_int_t page = json_integer_value(json_object_get(body, "page"));
    pthread_rwlock_wrlock(&odata->lock);
    odata->ways = (struct odata_ways){
        .page = page > 0 ? (size_t)page : PAGE, .refuse = read_words(json_object_get(body, "refuse"), refusals),
        .quirks = read_words(json_object_get(body, "quirks"), quirks),
    };
    pthread_rwlock_unlock(&odata->lock);
    json_decref(body);
    answer_bytes(answer, 204, NULL, text_copy(""), 0);
    return true;
}

struct odata *odata_open(unsigned products)
{
    struct odata *odata = zeroed(1, sizeof *odata);

    pthread_rwlock_init(&odata->lock, NULL);
    shop_make(&odata->shop, products);
    odata->ways.page = PAGE;
    for (int i = 0; i < 3; i++) {
        odata->versions[i] = (struct version){.odata = odata, .number = i + 2};
        snprintf(odata->versions[i].prefix, sizeof odata->versions[i].prefix, "/odata%d/", i + 2);
    }
    return odata;
}

void odata_close(struct odata *odata)
{
    shop_clear(&odata->shop);
    pthread_rwlock_destroy(&odata->lock);
    free(odata);
}

struct service_play odata_play(struct odata *odata, int version)
{
    static const char *const service_names[] = {"odata2", "odata3", "odata4"};
    struct version *own = &odata->versions[version - 2];

    return (struct service_play){.name = service_names[version - 2], .prefix = own->prefix, .data = own, .answer = answer_any, .dsn = dsn, .rows = rows,
                                 .control = control};
}
