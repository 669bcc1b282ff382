/* A connection of the transport to a wire server, one request at a time. What goes wrong with the set-up ends the test. */
#ifndef HTTP_BENCH_H
#define HTTP_BENCH_H

#include <stdbool.h>

#include "base/error.h"
#include "base/property.h"
#include "http/client.h"

struct cancel;

struct bench {
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct http_exchange *exchange;
    struct http_response response;
    struct error err;
};

void bench_open(struct bench *bench, const char *settings);
void bench_close(struct bench *bench);

/* One request, a GET unless the template says otherwise; the exchange before it ends. False with bench->err. */
bool bench_ask(struct bench *bench, const struct http_request *template, const char *url, struct cancel *cancel);

extern const struct http_request bench_safe_get, bench_unsafe_post;

#endif
