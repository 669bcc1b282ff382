/* Proves the transport: what is refused, what is kept open, and how a wait ends. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/client.h"
#include "bench.h"
#include "wire.h"

static const char fine[] = WIRE_OK(4, "done");

static void keeps_the_connection_for_later_requests(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = WIRE_OK(2, "{}")}};
    struct wire wire;
    struct bench bench;
    (void)state;
    wire_start(&wire, answers, 1);
    bench_open(&bench, "UserAgent=restodbc-test;");
    for (int i = 0; i < 3; i++) {
        assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
        assert_int_equal(bench.response.status, 200);
        assert_string_equal(bench.response.body, "{}");
        assert_string_equal(http_response_header(&bench.response, "content-TYPE"), "application/json");
        assert_null(http_response_header(&bench.response, "Content"));
        http_finish(bench.exchange);
        bench.exchange = NULL;
        http_lane_return(bench.lane);
        assert_true(http_lane_borrow(bench.client, &bench.lane, &bench.err));
    }
    assert_int_equal(atomic_load(&wire.seen->connections), 1);
    assert_non_null(strstr(wire.seen->request[0], "User-Agent: restodbc-test\r\n"));
    assert_non_null(strstr(wire.seen->request[0], "Accept-Encoding: "));
    assert_null(strstr(wire.seen->request[0], "Expect:"));
    bench_close(&bench);
    wire_stop(&wire);
}

static void inflates_a_compressed_body_and_refuses_a_damaged_one(void **state)
{
#define GZIP_HEAD "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 51\r\n\r\n"
#define GZIP_START "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\xAB\x56\x2A\xCA\x2F\x2F\x56\xB2\x8A\x36\xD4\x31\xD2\x31\xD6\x31\xD1\x31\xD5\x31"
#define GZIP_END "\xD7\xB1\xD0\xB1\x8C\xAD\xAD\xA6\x81\x1C\x00\xB1\xD4\x43\xBE\x70\x00\x00\x00"
    static const char whole[] = GZIP_HEAD GZIP_START "\xD3\x31" GZIP_END, damaged[] = GZIP_HEAD GZIP_START "\xFF\xFF" GZIP_END;
    static const struct wire_answer answers[] = {{.bytes = whole, .length = sizeof whole - 1}, {.bytes = damaged, .length = sizeof damaged - 1}};
    struct wire wire;
    struct bench bench;
    (void)state;
    wire_start(&wire, answers, 2);
    bench_open(&bench, "RetryMax=1;");
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_int_equal(bench.response.body_length, 4 * strlen("{\"rows\":[1,2,3,4,5,6,7,8,9]}"));
    assert_memory_equal(bench.response.body, "{\"rows\":[1,2,3,4,5,6,7,8,9]}{", 29);
    assert_non_null(strstr(wire.seen->request[0], "gzip"));
    assert_false(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_string_equal(bench.err.sqlstate, "08S01");
    bench_close(&bench);
    wire_stop(&wire);
}

static void says_why_there_is_no_connection(void **state)
{
    struct bench bench;
    char url[64];
    (void)state;
    snprintf(url, sizeof url, "http://127.0.0.1:%d/x", wire_free_port());
    bench_open(&bench, "RetryMax=1;");
    assert_false(bench_ask(&bench, &bench_unsafe_post, url, NULL));
    assert_string_equal(bench.err.sqlstate, "08001");
    assert_non_null(strstr(bench.err.message, strrchr(url, '1') ? "127.0.0.1:" : ""));
    assert_non_null(strstr(bench.err.message, "Check that the service is running"));

    assert_false(bench_ask(&bench, &bench_safe_get, "https://host.invalid/", NULL));
    assert_string_equal(bench.err.sqlstate, "08001");
    assert_non_null(strstr(bench.err.message, "host.invalid:443"));

    assert_false(bench_ask(&bench, &bench_safe_get, "http://example.com/", NULL)); /* plain http beyond this machine */
    assert_string_equal(bench.err.sqlstate, "HY000");
    assert_non_null(strstr(bench.err.message, "https://"));

    snprintf(url, sizeof url, "file:///etc/passwd");
    assert_false(bench_ask(&bench, &bench_safe_get, url, NULL));
    assert_string_equal(bench.err.sqlstate, "HY000");
    bench_close(&bench);
}

static void takes_large_bodies_up_to_the_bound(void **state)
{
    static const struct wire_answer answers[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n", .filler = 3000000},
    };
    struct wire wire;
    struct bench bench;
    struct http_request bounded = bench_safe_get;
    (void)state;
    wire_start(&wire, answers, 1);
    bench_open(&bench, "");
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_int_equal(bench.response.body_length, 3000000);
    assert_int_equal(bench.response.body[2999999], 'x');
    assert_int_equal(bench.response.body[3000000], '\0');

    bounded.largest = 1000000;
    assert_false(bench_ask(&bench, &bounded, wire.url, NULL));
    assert_string_equal(bench.err.sqlstate, "08S01");
    assert_non_null(strstr(bench.err.message, "larger than 1000000"));
    bench_close(&bench);
    wire_stop(&wire);
}

static void a_header_beyond_all_measure_is_refused(void **state)
{
    static char bytes[400 * 1024] = "HTTP/1.1 200 OK\r\nX-Large: ";
    const struct wire_answer answers[] = {{.bytes = bytes, .close = true}};
    struct wire wire;
    struct bench bench;
    (void)state;
    size_t start = strlen(bytes);
    memset(bytes + start, 'x', sizeof bytes - start - 32);
    strcpy(bytes + sizeof bytes - 32, "\r\nContent-Length: 0\r\n\r\n");
    wire_start(&wire, answers, 1);
    bench_open(&bench, "RetryMax=0;");
    assert_false(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_string_equal(bench.err.sqlstate, "08S01"); /* and not that memory has run out */
    assert_non_null(strstr(bench.err.message, wire.url));
    bench_close(&bench);
    wire_stop(&wire);
}

static void follows_redirects_within_an_origin_only(void **state)
{
    static const struct wire_answer answers[] = {
        {.bytes = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /there?a=b\r\nContent-Length: 0\r\n\r\n"},
        {.bytes = fine},
        {.bytes = "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n"},
        {.bytes = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"},
        {.bytes = "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n"},
    };
    struct wire wire;
    struct bench bench;
    struct http_request following = bench_safe_get;
    (void)state;
    following.follow_redirects = true;
    wire_start(&wire, answers, 5);
    bench_open(&bench, "");
    assert_true(bench_ask(&bench, &following, wire.url, NULL));
    assert_string_equal(bench.response.body, "done");
    assert_int_equal(strncmp(wire.seen->request[1], "GET /there?a=b HTTP/1.1\r\n", 25), 0);

    for (int i = 0; i < 2; i++) {
        assert_false(bench_ask(&bench, &following, wire.url, NULL));
        assert_string_equal(bench.err.sqlstate, "08S01");
        assert_non_null(strstr(bench.err.message, "not followed"));
    }
    assert_int_equal(atomic_load(&wire.seen->requests), 4);

    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL)); /* not asked to follow: the answer is final */
    assert_int_equal(bench.response.status, 302);
    assert_false(bench_ask(&bench, &following, wire.url, NULL)); /* in circles */
    assert_string_equal(bench.err.sqlstate, "08S01");
    assert_int_equal(atomic_load(&wire.seen->requests), 5 + 6);
    bench_close(&bench);
    wire_stop(&wire);
}

static void *cancel_soon(void *context)
{
    struct timespec moment = {0, 100 * 1000000};
    nanosleep(&moment, NULL);
    cancel_request(context);
    return NULL;
}

static void a_wait_ends_when_it_is_cancelled_or_its_time_is_up(void **state)
{
    static const struct {
        const char *what;
        struct wire_answer answer;
        int64_t deadline;
        const char *settings;
        const char *sqlstate;
    } cases[] = {
        {"a stalled answer, cancelled", {.bytes = NULL}, 0, "", "HY008"},
        {"a stalled answer, deadline", {.bytes = NULL}, 150, "", "HYT00"},
        {"half an answer, cancelled", {.bytes = WIRE_CUT}, 0, "", "HY008"},
        {"waiting to repeat, cancelled",
         {.bytes = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 100\r\nContent-Length: 0\r\n\r\n"}, 0, "", "HY008"},
        {"waiting to repeat, deadline",
         {.bytes = "HTTP/1.1 503 Busy\r\nRetry-After: 100\r\nContent-Length: 0\r\n\r\n"}, 150, "", "HYT00"},
        {"a stalled answer, Timeout", {.bytes = NULL}, -1, "Timeout=1;", "HYT01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire wire;
        struct bench bench;
        struct cancel cancel;
        pthread_t other;
        print_message("  %s\n", cases[i].what);
        wire_start(&wire, &cases[i].answer, 1);
        bench_open(&bench, cases[i].settings);
        cancel_init(&cancel);
        if (cases[i].deadline > 0)
            cancel.deadline = clock_milliseconds() + cases[i].deadline;
        else if (cases[i].deadline == 0)
            assert_int_equal(pthread_create(&other, NULL, cancel_soon, &cancel), 0);
        int64_t start = clock_milliseconds();
        assert_false(bench_ask(&bench, &bench_safe_get, wire.url, &cancel));
        assert_string_equal(bench.err.sqlstate, cases[i].sqlstate);
        assert_true(clock_milliseconds() - start < 20000); /* far from the 60 s and 100 s that it would last otherwise */
        if (cases[i].deadline == 0)
            pthread_join(other, NULL);
        cancel_clear(&cancel);
        bench_close(&bench);
        wire_stop(&wire);
    }
}

struct test_signer {
    struct http_signer signer;
    int signed_times, refused_times;
    bool renews;
};

static bool sign(struct http_signer *signer, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                 struct error *err)
{
    struct test_signer *self = (struct test_signer *)signer;
    char value[64];
    (void)lane;
    (void)cancel;
    snprintf(value, sizeof value, "Bearer token-%d", ++self->signed_times);
    return http_exchange_header(exchange, "Authorization", value, err);
}

static bool refused(struct http_signer *signer, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err)
{
    struct test_signer *self = (struct test_signer *)signer;
    (void)lane;
    (void)cancel;
    assert_int_equal(response->status, 401);
    self->refused_times++;
    *again = self->renews;
    return self->renews || error_set(err, "28000", "no more");
}

static void a_refused_credential_is_renewed_once(void **state)
{
    static const char no[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    static const struct {
        struct wire_answer answers[2];
        bool renews;
        int requests, status;
    } cases[] = {
        {{{.bytes = no}, {.bytes = fine}}, true, 2, 200},
        {{{.bytes = no}, {.bytes = no}}, true, 2, 401},   /* never in a loop */
        {{{.bytes = no}, {.bytes = fine}}, false, 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire wire;
        struct bench bench;
        struct test_signer signer = {.signer = {sign, refused}, .renews = cases[i].renews};
        struct http_request request = bench_safe_get;
        request.signer = &signer.signer;
        wire_start(&wire, cases[i].answers, 2);
        bench_open(&bench, "");
        assert_int_equal(bench_ask(&bench, &request, wire.url, NULL), cases[i].status != 0);
        if (cases[i].status)
            assert_int_equal(bench.response.status, cases[i].status);
        else
            assert_string_equal(bench.err.sqlstate, "28000");
        assert_int_equal(signer.refused_times, 1);
        assert_int_equal(atomic_load(&wire.seen->requests), cases[i].requests);
        assert_non_null(strstr(wire.seen->request[0], "\r\nAuthorization: Bearer token-1\r\n"));
        if (cases[i].requests == 2) {
            assert_non_null(strstr(wire.seen->request[1], "\r\nAuthorization: Bearer token-2\r\n"));
            assert_null(strstr(wire.seen->request[1], "token-1"));
        }
        bench_close(&bench);
        wire_stop(&wire);
    }
}

struct authenticating_signer {
    struct http_signer signer;
    enum http_authentication how;
};

static bool authenticate(struct http_signer *signer, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel,
                         struct error *err)
{
    (void)lane;
    (void)cancel;
    return http_exchange_authenticate(exchange, ((struct authenticating_signer *)signer)->how, "me", "pass word", err);
}

static void a_signer_can_leave_the_authentication_to_the_transfer(void **state)
{
    static const char asks[] = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n1\"\r\n"
                               "Content-Length: 5\r\n\r\nasked";
    static const char ntlm[] = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    static const struct {
        enum http_authentication how;
        struct wire_answer answers[2];
        int requests, status;
        const char *first, *last;    /* what these requests carry */
    } cases[] = {
        {HTTP_DIGEST, {{.bytes = asks}, {.bytes = fine}}, 2, 200, "GET / ", "Authorization: Digest username=\"me\""},
        {HTTP_DIGEST, {{.bytes = asks}, {.bytes = asks}}, 2, 401, "GET / ", "Authorization: Digest "}, /* never in a loop */
        {HTTP_NTLM, {{.bytes = ntlm}, {.bytes = ntlm}}, 1, 401, "Authorization: NTLM TlRMTVNTUAAB", "Authorization: NTLM "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire wire;
        struct bench bench;
        struct authenticating_signer signer = {{authenticate, NULL}, cases[i].how};
        struct http_request request = bench_safe_get;
        request.signer = &signer.signer;
        wire_start(&wire, cases[i].answers, 2);
        bench_open(&bench, "");
        assert_true(bench_ask(&bench, &request, wire.url, NULL));
        assert_int_equal(bench.response.status, cases[i].status);
        if (cases[i].status == 200)
            assert_null(strstr(bench.response.body, "asked")); /* the question is no part of the answer */
        int requests = atomic_load(&wire.seen->requests);
        assert_in_range(requests, cases[i].requests, cases[i].requests + 1);
        assert_non_null(strstr(wire.seen->request[0], cases[i].first));
        assert_non_null(strstr(wire.seen->request[requests - 1], cases[i].last));
        for (int j = 0; j < requests; j++)
            assert_null(strstr(wire.seen->request[j], "pass word"));
        bench_close(&bench);
        wire_stop(&wire);
    }
}

static void the_servers_clock_is_read(void **state)
{
    static const struct {
        const char *field;
        int64_t date;
    } cases[] = {
        {"Date: Mon, 07 Nov 1994 12:00:00 GMT\r\n", 784209600}, {"Date: tomorrow\r\n", -1}, {"", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire wire;
        struct bench bench;
        char bytes[256];
        snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\n%sContent-Length: 0\r\n\r\n", cases[i].field);
        const struct wire_answer answer = {.bytes = bytes};
        wire_start(&wire, &answer, 1);
        bench_open(&bench, "");
        assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
        assert_int_equal(http_response_date(&bench.response), cases[i].date);
        bench_close(&bench);
        wire_stop(&wire);
    }
}

static void several_requests_fly_on_one_lane(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = WIRE_OK(2, "{}"), .delay = 20}};
    struct wire wire;
    struct bench bench;
    struct http_exchange *exchanges[4];
    struct http_request request = bench_safe_get;
    (void)state;
    wire_start(&wire, answers, 1);
    bench_open(&bench, "");
    request.method = "GET";
    request.url = wire.url;
    for (size_t i = 0; i < 4; i++)
        assert_true(http_start(bench.lane, &request, NULL, &exchanges[i], &bench.err));
    for (size_t i = 4; i-- > 1;) { /* the first is given up while in flight, the others are awaited out of order */
        assert_true(http_wait(exchanges[i], NULL, &bench.response, &bench.err));
        assert_int_equal(bench.response.status, 200);
    }
    for (size_t i = 0; i < 4; i++)
        http_finish(exchanges[i]);
    bench_close(&bench);
    wire_stop(&wire);
}

static void an_answer_is_settled_when_it_is_final(void **state)
{
    static const struct { struct wire_answer answer; bool settled; } cases[] = {
        {{.bytes = WIRE_OK(2, "{}")}, true},
        {{.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}, true},
        {{.bytes = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}, true},
        /* http_wait would send these again */
        {{.bytes = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"}, false},
        {{.bytes = "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire wire;
        struct bench bench;
        struct http_exchange *other;
        struct http_request request = bench_safe_get;
        const struct wire_answer answers[] = {cases[i].answer, {.bytes = WIRE_OK(2, "{}"), .delay = 50}};
        wire_start(&wire, answers, 2);
        bench_open(&bench, "");
        request.method = "GET";
        request.url = wire.url;
        request.follow_redirects = true;
        assert_true(http_start(bench.lane, &request, NULL, &bench.exchange, &bench.err));
        bool at_once = http_is_settled(bench.exchange);
        assert_true(!at_once || atomic_load(&wire.seen->requests) > 0); /* no sooner than the server has been asked */
        while (atomic_load(&wire.seen->requests) == 0 && !http_is_settled(bench.exchange))
            ;
        assert_true(http_start(bench.lane, &request, NULL, &other, &bench.err));
        assert_true(http_wait(other, NULL, &bench.response, &bench.err)); /* meanwhile the first has been answered */
        while (cases[i].settled && !http_is_settled(bench.exchange))
            ;
        assert_int_equal(http_is_settled(bench.exchange), cases[i].settled);
        http_finish(other);
        bench_close(&bench);
        wire_stop(&wire);
    }
}

static void header_fields_of_one_name_are_counted(void **state)
{
    static const struct wire_answer answers[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nLink: <a>\r\nX: y\r\nlink: <b>\r\nContent-Length: 0\r\nLINK:\r\n\r\n"},
    };
    struct wire wire;
    struct bench bench;
    (void)state;
    wire_start(&wire, answers, 1);
    bench_open(&bench, "");
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_string_equal(http_response_field(&bench.response, "Link", 0), "<a>");
    assert_string_equal(http_response_field(&bench.response, "Link", 1), "<b>");
    assert_string_equal(http_response_field(&bench.response, "Link", 2), "");
    assert_null(http_response_field(&bench.response, "Link", 3));
    bench_close(&bench);
    wire_stop(&wire);
}

static void a_proxy_is_used_when_it_may(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = fine}};
    struct wire proxy, service;
    struct bench bench;
    char settings[200], url[80], expected[128];
    (void)state;
    wire_start(&proxy, answers, 1);
    wire_start(&service, answers, 1);
    snprintf(settings, sizeof settings, "ProxyServer=127.0.0.1;ProxyPort=%d;ProxyUser=anna;ProxyPassword=pw;", proxy.port);
    snprintf(url, sizeof url, "%s/rows", service.url);
    bench_open(&bench, settings);
    assert_true(bench_ask(&bench, &bench_safe_get, url, NULL));
    assert_int_equal(atomic_load(&proxy.seen->requests), 1);
    snprintf(expected, sizeof expected, "GET %s HTTP/1.1\r\n", url);
    assert_int_equal(strncmp(proxy.seen->request[0], expected, strlen(expected)), 0);
    assert_non_null(strstr(proxy.seen->request[0], "Proxy-Authorization: Basic YW5uYTpwdw=="));
    bench_close(&bench);

    snprintf(settings, sizeof settings, "ProxyServer=127.0.0.1;ProxyPort=%d;RetryMax=0;", wire_free_port());
    bench_open(&bench, settings);
    assert_false(bench_ask(&bench, &bench_safe_get, url, NULL));
    assert_string_equal(bench.err.sqlstate, "08001");
    assert_non_null(strstr(bench.err.message, "ProxyServer")); /* it is not the service that can not be reached */
    bench_close(&bench);

    /* What goes to this machine does not leave it in clear by way of a proxy elsewhere, whoever named that. */
    snprintf(settings, sizeof settings, "http://127.0.0.1:%d", proxy.port);
    setenv("http_proxy", settings, 1);
    static const char *const elsewhere[] = {"", "ProxyServer=proxy.example;ProxyPort=3128;"};
    for (size_t i = 0; i < 2; i++) {
        bench_open(&bench, elsewhere[i]);
        assert_true(bench_ask(&bench, &bench_safe_get, url, NULL));
        bench_close(&bench);
    }
    unsetenv("http_proxy");
    assert_int_equal(atomic_load(&proxy.seen->requests), 1);
    assert_int_equal(atomic_load(&service.seen->requests), 2);
    wire_stop(&proxy);
    wire_stop(&service);
}

static void a_child_process_makes_connections_of_its_own(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = fine}};
    struct wire wire;
    struct bench bench;
    int status;
    (void)state;
    wire_start(&wire, answers, 1);
    bench_open(&bench, "");
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    http_finish(bench.exchange);
    bench.exchange = NULL;
    http_lane_return(bench.lane);
    pid_t child = fork();
    if (child == 0) {
        bool done = http_lane_borrow(bench.client, &bench.lane, &bench.err) && bench_ask(&bench, &bench_safe_get, wire.url, NULL);
        http_finish(bench.exchange);
        http_lane_return(bench.lane);
        _exit(done ? 0 : 1);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(atomic_load(&wire.seen->connections), 2);
    assert_true(http_lane_borrow(bench.client, &bench.lane, &bench.err));
    assert_true(bench_ask(&bench, &bench_safe_get, wire.url, NULL));
    assert_int_equal(atomic_load(&wire.seen->connections), 2); /* the parent's is still whole */
    bench_close(&bench);
    wire_stop(&wire);
}

static void header_fields_hold_no_line_breaks(void **state)
{
    static const struct http_header fields[] = {{"X-Test", "a\r\nInjected: b"}};
    struct http_request request = {.headers = fields, .header_count = 1};
    struct bench bench;
    (void)state;
    bench_open(&bench, "");
    assert_false(bench_ask(&bench, &request, "https://host.invalid/", NULL));
    assert_string_equal(bench.err.sqlstate, "HY000");
    bench_close(&bench);
}

static void the_log_shows_requests_but_no_secrets(void **state)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nSet-Cookie: id=hidden-cookie\r\nContent-Length: 26\r\n\r\n"
                                 "{\"note\": \"visible answer\"}";
    static const struct wire_answer answers[] = {{.bytes = answer}};
    static const struct http_header fields[] = {{"Authorization", "Bearer hidden-token"}, {"X-Api-Key", "hidden-key"},
                                                {"X-Plain", "visible-field"}};
    char path[] = "/tmp/restodbc-log-XXXXXX";
    char url[128], text[16384];
    struct wire wire;
    struct bench bench;
    struct log *log;
    struct http_client *client;
    struct http_lane *lane;
    (void)state;
    close(mkstemp(path));
    bench_open(&bench, "");
    assert_true(log_open(path, LOG_CALL, &log, &bench.err));
    assert_true(http_client_open(&bench.properties, log, &client, &bench.err));
    assert_true(http_lane_borrow(client, &lane, &bench.err));
    wire_start(&wire, answers, 1);
    snprintf(url, sizeof url, "%s/rows?page=7&access_token=hidden-query", wire.url);

    for (int i = 0; i < 2; i++) {
        struct http_request request = {.method = "POST", .url = url, .headers = fields, .header_count = 3,
                                       .body = i ? "hidden-body" : "visible-body", .body_length = i ? 11 : 12, .confidential = i == 1};
        struct http_exchange *exchange;
        assert_true(http_start(lane, &request, NULL, &exchange, &bench.err));
        assert_true(http_wait(exchange, NULL, &bench.response, &bench.err));
        assert_null(strstr(bench.response.url, "hidden"));
        http_finish(exchange);
    }
    wire_stop(&wire);
    http_lane_return(lane);
    http_client_close(client);
    log_close(log);
    bench_close(&bench);

    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(path);
    assert_non_null(strstr(text, "/rows?page=7&access_token=*** -> 200, 26 bytes"));
    assert_non_null(strstr(text, "visible-field"));
    assert_non_null(strstr(text, "visible-body"));
    assert_non_null(strstr(text, "visible answer"));
    const char *second = strstr(text, "not shown");
    assert_non_null(second);
    assert_null(strstr(second, "visible answer"));
    assert_null(strstr(text, "hidden"));
}

static void tells_what_libcurl_speaks(void **state)
{
    (void)state;
    assert_true(http_offers("https"));
    assert_true(http_offers("HTTP"));
    assert_false(http_offers("http "));
    assert_false(http_offers("gdrive"));
    assert_false(http_offers(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_libcurl_speaks),
        cmocka_unit_test(keeps_the_connection_for_later_requests),
        cmocka_unit_test(inflates_a_compressed_body_and_refuses_a_damaged_one),
        cmocka_unit_test(says_why_there_is_no_connection),
        cmocka_unit_test(takes_large_bodies_up_to_the_bound),
        cmocka_unit_test(a_header_beyond_all_measure_is_refused),
        cmocka_unit_test(follows_redirects_within_an_origin_only),
        cmocka_unit_test(a_wait_ends_when_it_is_cancelled_or_its_time_is_up),
        cmocka_unit_test(a_refused_credential_is_renewed_once),
        cmocka_unit_test(a_signer_can_leave_the_authentication_to_the_transfer),
        cmocka_unit_test(the_servers_clock_is_read),
        cmocka_unit_test(several_requests_fly_on_one_lane),
        cmocka_unit_test(an_answer_is_settled_when_it_is_final),
        cmocka_unit_test(header_fields_of_one_name_are_counted),
        cmocka_unit_test(a_proxy_is_used_when_it_may),
        cmocka_unit_test(a_child_process_makes_connections_of_its_own),
        cmocka_unit_test(header_fields_hold_no_line_breaks),
        cmocka_unit_test(the_log_shows_requests_but_no_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
