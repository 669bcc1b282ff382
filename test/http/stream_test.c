/* Proves http_read: bodies of any size by pieces of bounded size, what waits while nobody reads, and what is said when a body breaks off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "wire.h"

enum { WINDOW = 64 << 10, LARGE = 40 << 20, SLACK = 64 << 10 /* one piece of libcurl's more */ };

struct bench {
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct http_response response;
    struct error err;
};

static void bench_open(struct bench *bench, const char *settings)
{
    memset(bench, 0, sizeof *bench);
    properties_init(&bench->properties);
    assert_true(properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &bench->err));
    assert_true(http_client_open(&bench->properties, NULL, &bench->client, &bench->err));
    assert_true(http_lane_borrow(bench->client, &bench->lane, &bench->err));
}

static void bench_close(struct bench *bench)
{
    http_lane_return(bench->lane);
    http_client_close(bench->client);
    properties_clear(&bench->properties);
}

static struct http_exchange *start(struct bench *bench, const char *url, struct cancel *cancel)
{
    const struct http_request request = {.method = "GET", .url = url, .window = WINDOW, .safe_to_repeat = true, .nothing_secret = true,
                                         .follow_redirects = true};
    struct http_exchange *exchange;

    assert_true(http_start(bench->lane, &request, cancel, &exchange, &bench->err));
    return exchange;
}

/* Reads to the end; *largest gets the size of the largest piece. False as http_read. */
static bool read_all(struct bench *bench, struct http_exchange *exchange, int64_t *total, size_t *largest)
{
    const char *bytes;
    size_t length;

    *total = 0;
    *largest = 0;
    do {
        if (!http_read(exchange, NULL, &bytes, &length, &bench->err))
            return false;
        *total += (int64_t)length;
        if (length > *largest)
            *largest = length;
        for (size_t i = 0; i < length; i++)
            assert_int_equal(bytes[i], 'x');
    } while (length);
    return true;
}

#define HEAD(length) "HTTP/1.1 200 OK\r\nX-Kind: large\r\nContent-Length: " #length "\r\n\r\n"
static const char large_head[] = HEAD(41943040);

static void reads_a_large_body_by_pieces(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = large_head, .filler = LARGE}, {.bytes = WIRE_OK(2, "{}")}};
    struct wire wire;
    struct bench bench;
    int64_t total;
    size_t largest;
    (void)state;

    wire_start(&wire, answers, 2);
    bench_open(&bench, "");
    struct http_exchange *exchange = start(&bench, wire.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_int_equal(bench.response.status, 200);
    assert_int_equal(bench.response.body_length, 0);
    assert_string_equal(http_response_header(&bench.response, "X-Kind"), "large");
    assert_true(read_all(&bench, exchange, &total, &largest));
    assert_int_equal(total, LARGE);
    assert_true(largest > 0 && largest <= WINDOW + SLACK);
    http_finish(exchange);

    /* The connection serves the next request. */
    exchange = start(&bench, wire.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    const char *bytes;
    size_t length;
    assert_true(http_read(exchange, NULL, &bytes, &length, &bench.err) && length == 2 && memcmp(bytes, "{}", 2) == 0);
    assert_true(http_read(exchange, NULL, &bytes, &length, &bench.err) && length == 0);
    assert_true(http_read(exchange, NULL, &bytes, &length, &bench.err) && length == 0);
    assert_int_equal(atomic_load(&wire.seen->connections), 1);
    http_finish(exchange);
    bench_close(&bench);
    wire_stop(&wire);
}

/* While another exchange of the lane is waited for, the bytes that nobody reads do not pile up. */
static void keeps_the_sender_waiting(void **state)
{
    static const struct wire_answer large[] = {{.bytes = large_head, .filler = LARGE}};
    static const struct wire_answer late[] = {{.bytes = WIRE_OK(2, "{}"), .delay = 300}};
    struct wire first, second;
    struct bench bench;
    int64_t total;
    size_t largest;
    (void)state;

    wire_start(&first, large, 1);
    wire_start(&second, late, 1);
    bench_open(&bench, "");
    struct http_exchange *exchange = start(&bench, first.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    struct http_exchange *other = start(&bench, second.url, NULL);
    assert_true(http_wait(other, NULL, &bench.response, &bench.err)); /* drives both transfers for as long as the answer takes */
    http_finish(other);
    assert_true(read_all(&bench, exchange, &total, &largest));
    assert_int_equal(total, LARGE);
    assert_true(largest <= WINDOW + SLACK);
    http_finish(exchange);
    bench_close(&bench);
    wire_stop(&first);
    wire_stop(&second);
}

static void gives_up_a_body_that_is_not_read_to_its_end(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = large_head, .filler = LARGE}};
    struct wire wire;
    struct bench bench;
    const char *bytes;
    size_t length;
    (void)state;

    wire_start(&wire, answers, 1);
    bench_open(&bench, "");
    struct http_exchange *exchange = start(&bench, wire.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_true(http_read(exchange, NULL, &bytes, &length, &bench.err) && length > 0);
    http_finish(exchange);
    exchange = start(&bench, wire.url, NULL);
    http_finish(exchange); /* nor one that has not begun */
    bench_close(&bench);
    wire_stop(&wire);
}

static void tells_of_a_body_that_breaks_off(void **state)
{
    static const char cut[] = HEAD(5000000), refused[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone";
    static const struct wire_answer answers[] = {{.bytes = cut, .filler = 1000000, .close = true}, {.bytes = refused}};
    struct wire wire;
    struct bench bench;
    int64_t total;
    size_t largest;
    (void)state;

    wire_start(&wire, answers, 2);
    bench_open(&bench, "");
    struct http_exchange *exchange = start(&bench, wire.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_false(read_all(&bench, exchange, &total, &largest));
    assert_string_equal(bench.err.sqlstate, "08S01");
    assert_non_null(strstr(bench.err.message, "broke off its answer"));
    assert_int_equal(total, 1000000); /* what came before is not lost */
    assert_int_equal(atomic_load(&wire.seen->requests), 1);
    http_finish(exchange);

    /* An answer that is no success comes as a whole. */
    exchange = start(&bench, wire.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_int_equal(bench.response.status, 404);
    assert_string_equal(bench.response.body, "none");
    http_finish(exchange);
    bench_close(&bench);
    wire_stop(&wire);
}

static void repeats_while_nothing_was_read(void **state)
{
    static const struct wire_answer answers[] = {
        {.bytes = "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nwait"}, {.bytes = WIRE_OK(3, "xxx")},
    };
    struct wire wire;
    struct bench bench;
    int64_t total;
    size_t largest;
    (void)state;

    wire_start(&wire, answers, 2);
    bench_open(&bench, "");
    struct http_exchange *exchange = start(&bench, wire.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_true(read_all(&bench, exchange, &total, &largest));
    assert_int_equal(total, 3);
    assert_int_equal(atomic_load(&wire.seen->requests), 2);
    http_finish(exchange);
    bench_close(&bench);
    wire_stop(&wire);
}

static void reading_can_be_cancelled_and_times_out(void **state)
{
    static const char stuck[] = HEAD(10) "xxxxx";
    static const struct wire_answer answers[] = {{.bytes = stuck}};
    struct wire wire;
    struct bench bench;
    struct cancel cancel;
    const char *bytes;
    size_t length;
    (void)state;

    cancel_init(&cancel);
    wire_start(&wire, answers, 1);
    bench_open(&bench, "Timeout=1");
    struct http_exchange *exchange = start(&bench, wire.url, &cancel);
    assert_true(http_wait(exchange, &cancel, &bench.response, &bench.err));
    assert_true(http_read(exchange, &cancel, &bytes, &length, &bench.err) && length == 5);
    assert_false(http_read(exchange, &cancel, &bytes, &length, &bench.err));
    assert_string_equal(bench.err.sqlstate, "HYT01");
    http_finish(exchange);

    exchange = start(&bench, wire.url, &cancel);
    assert_true(http_wait(exchange, &cancel, &bench.response, &bench.err));
    assert_true(http_read(exchange, &cancel, &bytes, &length, &bench.err) && length == 5);
    cancel_request(&cancel);
    assert_false(http_read(exchange, &cancel, &bytes, &length, &bench.err));
    assert_string_equal(bench.err.sqlstate, "HY008");
    http_finish(exchange);
    bench_close(&bench);
    wire_stop(&wire);
    cancel_clear(&cancel);
}

static void leaves_its_host_only_with_nothing_secret(void **state)
{
    struct wire first, second;
    char moved[200];
    struct bench bench;
    int64_t total;
    size_t largest;
    (void)state;

    wire_start(&second, (const struct wire_answer[]){{.bytes = WIRE_OK(3, "xxx")}}, 1);
    snprintf(moved, sizeof moved, "HTTP/1.1 302 Found\r\nLocation: %s/x.csv\r\nContent-Length: 0\r\n\r\n", second.url);
    wire_start(&first, (const struct wire_answer[]){{.bytes = moved}}, 1);
    bench_open(&bench, "");
    struct http_exchange *exchange = start(&bench, first.url, NULL);
    assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_true(read_all(&bench, exchange, &total, &largest) && total == 3);
    http_finish(exchange);

    struct http_request request = {.method = "GET", .url = first.url, .follow_redirects = true};
    assert_true(http_start(bench.lane, &request, NULL, &exchange, &bench.err));
    assert_false(http_wait(exchange, NULL, &bench.response, &bench.err));
    assert_string_equal(bench.err.sqlstate, "08S01");
    http_finish(exchange);

    /* Nor does plain http leave this machine with a signer, or without saying so. */
    struct http_signer signer = {0};
    request.url = "http://192.0.2.1/x.csv";
    assert_false(http_start(bench.lane, &request, NULL, &exchange, &bench.err));
    request.nothing_secret = true;
    request.signer = &signer;
    assert_false(http_start(bench.lane, &request, NULL, &exchange, &bench.err));
    assert_non_null(strstr(bench.err.message, "https://"));
    bench_close(&bench);
    wire_stop(&first);
    wire_stop(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_large_body_by_pieces),
        cmocka_unit_test(keeps_the_sender_waiting),
        cmocka_unit_test(gives_up_a_body_that_is_not_read_to_its_end),
        cmocka_unit_test(tells_of_a_body_that_breaks_off),
        cmocka_unit_test(repeats_while_nothing_was_read),
        cmocka_unit_test(reading_can_be_cancelled_and_times_out),
        cmocka_unit_test(leaves_its_host_only_with_nothing_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
