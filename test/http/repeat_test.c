/* Proves what the transport sends again, how often and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "bench.h"
#include "wire.h"

static const char busy[] = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nwait";
static const char broken[] = "HTTP/1.1 502 Bad Gateway\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
static const char fine[] = WIRE_OK(4, "done");

static void repeats_what_may_pass(void **state)
{
    static const struct {
        const char *what;
        struct wire_answer first;
        bool safe;
        int requests;        /* how many must be made */
        int status;          /* 0 = it fails */
        const char *sqlstate;
    } cases[] = {
        {"429 of a GET", {.bytes = busy}, true, 2, 200, ""},
        {"429 of a POST: it was not done", {.bytes = busy}, false, 2, 200, ""},
        {"500 of a GET", {.bytes = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"}, true, 2, 200, ""},
        {"504 of a GET", {.bytes = "HTTP/1.1 504 Late\r\nContent-Length: 0\r\n\r\n"}, true, 2, 200, ""},
        {"502 of a GET", {.bytes = broken}, true, 2, 200, ""},
        {"502 of a POST: it may have been done", {.bytes = broken}, false, 1, 502, ""},
        {"404", {.bytes = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}, true, 1, 404, ""},
        {"a cut body of a GET", {.bytes = WIRE_CUT, .close = true}, true, 2, 200, ""},
        {"a cut body of a POST", {.bytes = WIRE_CUT, .close = true}, false, 1, 0, "08S01"},
        {"silence and close after a POST", {.bytes = "", .close = true}, false, 1, 0, "08S01"},
        {"a head of a GET that ends too early", {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConte", .close = true}, true, 2, 200, ""},
        {"a head of a POST that ends too early", {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n", .close = true}, false, 1, 0, "08S01"},
        {"nothing but an interim answer", {.bytes = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n", .close = true}, false, 1, 0, "08S01"},
        {"a date to wait for, by the server's clock", /* which is told, and far from ours */
         {.bytes = "HTTP/1.1 503 Busy\r\nDate: Thu, 01 Jan 2037 00:00:00 GMT\r\nRetry-After: Thu, 01 Jan 2037 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"},
         true, 2, 200, ""},
        {"a wait longer than we obey",
         {.bytes = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 301\r\nContent-Length: 0\r\n\r\n"}, true, 1, 429, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire_answer answers[] = {cases[i].first, {.bytes = fine}};
        struct wire wire;
        struct bench bench;
        print_message("  %s\n", cases[i].what);
        wire_start(&wire, answers, 2);
        bench_open(&bench, "RetryMax=3;");
        bool done = bench_ask(&bench, cases[i].safe ? &bench_safe_get : &bench_unsafe_post, wire.url, NULL);
        assert_int_equal(done, cases[i].status != 0);
        if (done)
            assert_int_equal(bench.response.status, cases[i].status);
        else
            assert_string_equal(bench.err.sqlstate, cases[i].sqlstate);
        assert_int_equal(atomic_load(&wire.seen->requests), cases[i].requests);
        bench_close(&bench);
        wire_stop(&wire);
    }
}

/* libcurl by itself sends anything again when a connection that it had kept ends without a byte. */
static void what_is_not_safe_to_repeat_is_not_sent_twice(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = fine}, {.bytes = "", .close = true}, {.bytes = fine}};
    struct wire wire;
    struct bench bench;
    (void)state;
    wire_start(&wire, answers, 3);
    bench_open(&bench, "RetryMax=3;");
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_false(bench_ask(&bench, &bench_unsafe_post, wire.url, NULL));
    assert_string_equal(bench.err.sqlstate, "08S01");
    assert_int_equal(atomic_load(&wire.seen->requests), 2);
    bench_close(&bench);
    wire_stop(&wire);
}

/* What the body says is read by whoever asks. */
static void judge_by_body(void *context, const struct http_response *response, struct http_verdict *verdict)
{
    int *asked = context;

    ++*asked;
    verdict->final = strstr(response->body, "last") != NULL;
    verdict->again = strstr(response->body, "again") != NULL;
    verdict->seconds = strstr(response->body, "in 400 s") ? 400 : 0;
}

static void asks_a_judge_whether_to_repeat(void **state)
{
#define ANSWER(status, field, length, body) "HTTP/1.1 " status "\r\n" field "Content-Length: " length "\r\n\r\n" body
    static const struct { const char *first; int requests, status; } cases[] = {
        {ANSWER("429 Busy", "Retry-After: 0\r\n", "4", "wait"), 2, 200},
        {ANSWER("429 Busy", "Retry-After: 0\r\n", "4", "last"), 1, 429},
        {ANSWER("400 Bad", "Retry-After: 0\r\n", "5", "again"), 2, 200},
        {ANSWER("400 Bad", "Retry-After: 0\r\n", "3", "bad"), 1, 400},
        {ANSWER("429 Busy", "", "8", "in 400 s"), 1, 429},       /* longer than we obey */
        {ANSWER("401 No", "", "4", "last"), 1, 401},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire_answer answers[] = {{.bytes = cases[i].first}, {.bytes = fine}};
        struct http_request request = bench_safe_get;
        struct wire wire;
        struct bench bench;
        int asked = 0;
        request.judge = judge_by_body;
        request.judge_context = &asked;
        wire_start(&wire, answers, 2);
        bench_open(&bench, "RetryMax=3;");
        assert_true(bench_ask(&bench, &request, wire.url, NULL));
        assert_int_equal(bench.response.status, cases[i].status);
        assert_int_equal(atomic_load(&wire.seen->requests), cases[i].requests);
        assert_int_not_equal(asked, 0);
        bench_close(&bench);
        wire_stop(&wire);
    }
}

static void gives_up_after_retrymax(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = busy}};
    struct wire wire;
    struct bench bench;
    (void)state;
    wire_start(&wire, answers, 1);
    bench_open(&bench, "RetryMax=2;");
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_int_equal(bench.response.status, 429);
    assert_string_equal(bench.response.body, "wait");
    assert_int_equal(atomic_load(&wire.seen->requests), 3);

    struct http_request once = bench_safe_get;
    once.no_retry = true;
    assert_true(bench_ask(&bench, &once, wire.url, NULL));
    assert_int_equal(atomic_load(&wire.seen->requests), 4);
    bench_close(&bench);
    wire_stop(&wire);
}

static void those_refused_together_wait_together(void **state)
{
    enum { REFUSED = 6 };
    static const char later[] = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 4\r\nContent-Length: 4\r\n\r\nwait";
    struct wire_answer answers[REFUSED + 1];
    struct http_exchange *exchanges[REFUSED];
    struct http_request request = bench_safe_get;
    struct wire wire;
    struct bench bench;
    (void)state;
    for (size_t i = 0; i <= REFUSED; i++)
        answers[i] = (struct wire_answer){.bytes = i < REFUSED ? later : fine};
    wire_start(&wire, answers, REFUSED + 1);
    bench_open(&bench, "");
    request.method = "GET";
    request.url = wire.url;
    int64_t start = clock_milliseconds();
    for (size_t i = 0; i < REFUSED; i++)
        assert_true(http_start(bench.lane, &request, NULL, &exchanges[i], &bench.err));
    for (size_t i = 0; i < REFUSED; i++) {
        assert_true(http_wait(exchanges[i], NULL, &bench.response, &bench.err));
        assert_int_equal(bench.response.status, 200);
    }
    assert_true(clock_milliseconds() - start < 20000); /* far from the 24 s of one after the other */
    assert_int_equal(atomic_load(&wire.seen->requests), 2 * REFUSED);
    for (size_t i = 0; i < REFUSED; i++)
        http_finish(exchanges[i]);
    bench_close(&bench);
    wire_stop(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_what_may_pass),
        cmocka_unit_test(what_is_not_safe_to_repeat_is_not_sent_twice),
        cmocka_unit_test(asks_a_judge_whether_to_repeat),
        cmocka_unit_test(gives_up_after_retrymax),
        cmocka_unit_test(those_refused_together_wait_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
