/* httpGet, httpPost, httpPut, httpPatch and httpDelete: one request, whose answer is the one output. */
#include <stdio.h>
#include <string.h>

#include "providers/script/ask.h"
#include "providers/script/operation.h"
#include "providers/script/world.h"

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

/* The fields that scripts look at; libcurl's own list is not told. */
static const char *const fields[] = {"Content-Type", "Content-Length", "Date", "ETag", "Last-Modified", "Link", "Location", "Retry-After",
                                     "X-Next-Page", "X-Total", "X-Total-Count", "X-Total-Pages", "X-Page", "X-Per-Page", "X-Request-Id",
                                     "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Cache-Control", "Expires", "Server"};

static bool put_answer(struct run *run, const struct answer *answer, struct item *item)
{
    char status[16], name[80];

    snprintf(status, sizeof status, "%d", answer->status);
    item_clear(&run->headers);
    bool done = item_set(item, "http:content", answer->body) && item_set(item, "http:statuscode", status);
    for (size_t i = 0; done && answer->exchange && i < sizeof fields / sizeof fields[0]; i++) {
        const char *value = http_response_header(&answer->response, fields[i]);
        snprintf(name, sizeof name, "header:%s", fields[i]);
        if (value)
            done = item_set(item, name, value) && item_set(&run->headers, fields[i], value);
    }
    return done;
}

static bool call(const struct operation *operation, struct calling *calling, struct error *err)
{
    struct run *run = calling->run;
    const struct run_setup *setup = run->setup;
    struct answer answer;
    struct item item;
    struct ask ask;
    bool more;

    bool done = ask_read(&ask, setup->world, setup->script, setup->input, calling->input, methods[operation->which], NULL, err)
                && ask_send(&ask, setup->world, NULL, setup->cancel, &answer, err);
    if (done) {
        run_asked(run);
        item_init(&item, run->bound);
        if (answer.status >= 400) {
            done = answer_refused(&ask, setup->world, &answer, err);
            snprintf(run->thrown, sizeof run->thrown, "%d", answer.status);
        } else {
            done = put_answer(run, &answer, &item) || run_no_room(run, calling->element, err);
        }
        answer_clear(&answer);
        done = done && calling->output(calling, &item, &more, err);
        item_clear(&item);
    }
    ask_clear(&ask);
    return done;
}

const struct operation operations_of_http[] = {
    {"httpGet", call, 0}, {"httpPost", call, 1}, {"httpPut", call, 2}, {"httpPatch", call, 3}, {"httpDelete", call, 4}, {NULL, NULL, 0},
};
