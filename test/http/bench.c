#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

const struct http_request bench_safe_get = {.safe_to_repeat = true};
const struct http_request bench_unsafe_post = {.method = "POST", .content_type = "application/x-www-form-urlencoded", .body = "a=1", .body_length = 3};

void bench_open(struct bench *bench, const char *settings)
{
    memset(bench, 0, sizeof *bench);
    properties_init(&bench->properties);
    assert_true(properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &bench->err));
    assert_true(http_client_open(&bench->properties, NULL, &bench->client, &bench->err));
    assert_true(http_lane_borrow(bench->client, &bench->lane, &bench->err));
}

void bench_close(struct bench *bench)
{
    http_finish(bench->exchange);
    http_lane_return(bench->lane);
    http_client_close(bench->client);
    properties_clear(&bench->properties);
}

bool bench_ask(struct bench *bench, const struct http_request *template, const char *url, struct cancel *cancel)
{
    struct http_request request = *template;
    http_finish(bench->exchange);
    bench->exchange = NULL;
    request.method = request.method ? request.method : "GET";
    request.url = url;
    return http_start(bench->lane, &request, cancel, &bench->exchange, &bench->err) &&
           http_wait(bench->exchange, cancel, &bench->response, &bench->err);
}
