/* Proves the loopback listener: of all that knocks at the port, only the one true callback ends the wait. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "base/error.h"
#include "oauth/callback.h"
#include "oauth/loopback.h"
#include "oauth/loopback_page.h"
#include "oauth/secret.h"

enum { SOON = 20000 /* milliseconds: a wait that should end by itself long before */ };

static const struct callback_question right = {.binding = "state", .expected = "the-right-state-0123456789", .answer = "code"};

/* One knock: bytes as sent, with %P for the port; and the status that must come back. */
struct knock {
    const char *what, *bytes;
    int status;
    size_t filler;      /* so many 'x' after the bytes */
    bool keep_open;     /* says no more, and stays */
};

static int connect_to(int port, bool six)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 long_one = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = six ? connect(fd, (struct sockaddr *)&long_one, sizeof long_one) : connect(fd, (struct sockaddr *)&four, sizeof four);
    if (result == 0)
        return fd;
    close(fd);
    return -1;
}

static void with_port(const char *bytes, int port, char *out, size_t room)
{
    const char *mark = strstr(bytes, "%P");
    if (mark)
        snprintf(out, room, "%.*s%d%s", (int)(mark - bytes), bytes, port, mark + 2);
    else
        snprintf(out, room, "%s", bytes);
}

/* Returns the status; the page goes to `page` (room 16384). */
static int knock(int port, const struct knock *one, char *page)
{
    char text[4096], filler[4096];
    int status = 0;
    size_t got = 0;
    int fd = connect_to(port, false);

    if (fd < 0)
        return -1;
    with_port(one->bytes, port, text, sizeof text);
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        return -2;
    memset(filler, 'x', sizeof filler);
    for (size_t left = one->filler; left > 0; left -= left < sizeof filler ? left : sizeof filler)
        if (send(fd, filler, left < sizeof filler ? left : sizeof filler, MSG_NOSIGNAL) < 0)
            break;
    if (one->keep_open)
        return 0; /* the process's end closes it */
    for (ssize_t some; got < 16383 && (some = recv(fd, page + got, 16383 - got, 0)) > 0;)
        got += (size_t)some;
    page[got] = '\0';
    close(fd);
    sscanf(page, "HTTP/1.1 %d", &status);
    return status;
}

#define CALLBACK "GET /back?code=the-code&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n"

/* Runs knocks in another process, then the true callback; tells which knock was answered wrongly. */
static pid_t start_knocking(int port, const struct knock *knocks, size_t count)
{
    static const struct knock last = {.bytes = CALLBACK};
    char page[16384];
    pid_t child = fork();
    if (child != 0)
        return child;
    for (size_t i = 0; i < count; i++) {
        int status = knock(port, &knocks[i], page);
        if (status == knocks[i].status)
            continue;
        fprintf(stderr, "%s: answered with %d\n", knocks[i].what, status);
        _exit((int)i + 1);
    }
    _exit(knock(port, &last, page) == 200 && strstr(page, "You are signed in") && strstr(page, "Content-Security-Policy") &&
                  strstr(page, "no-store") && strstr(page, "Referrer-Policy: no-referrer") && !strstr(page, "the-code")
              ? 0
              : 99);
}

static void hostile_knocks_do_not_end_the_wait(void **state)
{
    static const struct knock knocks[] = {
        {"no state", "GET /back?code=bad HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"wrong state", "GET /back?code=bad&state=wrong HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"a longer state", "GET /back?code=bad&state=the-right-state-0123456789x HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"a beginning of the state", "GET /back?code=bad&state=the HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"error without state", "GET /back?error=access_denied HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"no code", "GET /back?state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"empty code", "GET /back?code=&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"a code with NUL", "GET /back?code=a%00b&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"favicon", "GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 404, 0, false},
        {"a longer path", "GET /back/x?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 404, 0, false},
        {"the root", "GET /?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 404, 0, false},
        {"POST", "POST /back?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 405, 0, false},
        {"HEAD", "HEAD /back?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 405, 0, false},
        {"another host", "GET /back?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: evil.example:%P\r\n\r\n", 421, 0, false},
        {"another port", "GET /back?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 421, 0, false},
        {"no host", "GET /back?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\n\r\n", 421, 0, false},
        {"two hosts", "GET /back?code=bad&state=the-right-state-0123456789 HTTP/1.1\r\nHost: localhost:1\r\nHost: 127.0.0.1:%P\r\n\r\n", 421, 0,
         false},
        {"not HTTP", "GET /back\r\n\r\n", 400, 0, false},
        {"a full URL", "GET http://evil.example/back HTTP/1.1\r\nHost: 127.0.0.1:%P\r\n\r\n", 400, 0, false},
        {"a huge request", "GET /back?code=", 431, LOOPBACK_REQUEST, false},
        {"silence", "", 0, 0, true},
        {"half a request", "GET /back?code=bad", 0, 0, true},
    };
    struct loopback loopback;
    struct error err = {0};
    char *code = NULL;
    int status;
    (void)state;
    assert_true(loopback_open(&loopback, "http://127.0.0.1:0/back", &err));
    pid_t child = start_knocking(loopback.port, knocks, sizeof knocks / sizeof knocks[0]);
    bool done = loopback_wait(&loopback, &right, NULL, clock_milliseconds() + SOON, NULL, &code, &err);
    loopback_answer(&loopback, true, NULL);
    assert_true(done);
    assert_string_equal(code, "the-code");
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(connect_to(loopback.port, false), -1); /* one callback, and the door is shut */
    secret_free(code);
    loopback_close(&loopback);
}

static void slow_senders_are_many_and_lock_nobody_out(void **state)
{
    static struct knock knocks[LOOPBACK_CALLERS * 2];
    struct loopback loopback;
    struct error err = {0};
    char *code = NULL;
    int status;
    (void)state;
    for (size_t i = 0; i < sizeof knocks / sizeof knocks[0]; i++)
        knocks[i] = (struct knock){.what = "slow", .bytes = "GET", .keep_open = true};
    assert_true(loopback_open(&loopback, "http://127.0.0.1:0/back", &err));
    pid_t child = start_knocking(loopback.port, knocks, sizeof knocks / sizeof knocks[0]);
    assert_true(loopback_wait(&loopback, &right, NULL, clock_milliseconds() + SOON, NULL, &code, &err));
    loopback_answer(&loopback, true, NULL);
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    secret_free(code);
    loopback_close(&loopback);
}

static void a_denial_is_told_in_the_servers_words(void **state)
{
    static const struct knock denial = {
        .bytes = "GET /back?error=access_denied&error_description=%3Cb%3Eno%3C/b%3E%0D%0Away&state=the-right-state-0123456789 HTTP/1.1\r\n"
                 "Host: LOCALHOST:%P\r\n\r\n"};
    struct loopback loopback;
    struct error err = {0};
    char *code = NULL, page[16384];
    int status;
    (void)state;
    assert_true(loopback_open(&loopback, "http://localhost:0/back", &err));
    pid_t child = fork();
    if (child == 0)
        _exit(knock(loopback.port, &denial, page) == 403 && strstr(page, "&lt;b&gt;no&lt;/b&gt;") && !strstr(page, "<b>") ? 0 : 1);
    assert_false(loopback_wait(&loopback, &right, NULL, clock_milliseconds() + SOON, NULL, &code, &err));
    assert_string_equal(err.sqlstate, "28000");
    assert_non_null(strstr(err.message, "access_denied (<b>no</b>  way)"));
    loopback_answer(&loopback, false, err.message);
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    loopback_close(&loopback);
}

static void listens_on_loopback_only(void **state)
{
    struct loopback loopback;
    struct error err = {0};
    char expected[64];
    (void)state;
    assert_true(loopback_open(&loopback, "http://localhost:0/x?y=z", &err));
    for (size_t i = 0; i < loopback.socket_count; i++) {
        union {
            struct sockaddr any;
            struct sockaddr_in four;
            struct sockaddr_in6 six;
        } address;
        socklen_t size = sizeof address;
        assert_int_equal(getsockname(loopback.sockets[i], &address.any, &size), 0);
        if (address.any.sa_family == AF_INET)
            assert_int_equal(address.four.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
        else
            assert_true(IN6_IS_ADDR_LOOPBACK(&address.six.sin6_addr));
    }
    snprintf(expected, sizeof expected, "http://localhost:%d/x?y=z", loopback.port);
    assert_string_equal(loopback.redirect_uri, expected); /* the real port, in the host's own spelling */
    loopback_close(&loopback);
}

static void the_redirect_uri_is_byte_for_byte_what_was_registered(void **state)
{
    struct loopback first, second;
    struct error err = {0};
    char url[64];
    (void)state;
    assert_true(loopback_open(&first, "http://127.0.0.1:0", &err));
    int port = first.port;
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
    assert_false(loopback_open(&second, url, &err)); /* in use */
    assert_string_equal(err.sqlstate, "HY000");
    assert_non_null(strstr(err.message, "CallbackURL"));
    assert_non_null(strstr(err.message, strrchr(url, ':') + 1));
    loopback_close(&first);

    assert_true(loopback_open(&second, url, &err));
    assert_string_equal(second.redirect_uri, url); /* no slash added */
    loopback_close(&second);
}

static void only_loopback_urls_can_be_listened_on(void **state)
{
    static const char *const urls[] = {"https://localhost:1234/", "http://example.com:1234/", "http://0.0.0.0:1234/", "https://web.example/cb",
                                       "nonsense", "http://localhost:99999/"};
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct loopback loopback;
        struct error err = {0};
        assert_false(loopback_open(&loopback, urls[i], &err));
        assert_string_equal(err.sqlstate, "HY000");
        assert_non_null(strstr(err.message, "CallbackURL"));
    }
}

static void *cancel_soon(void *context)
{
    struct timespec moment = {0, 50 * 1000000};
    nanosleep(&moment, NULL);
    cancel_request(context);
    return NULL;
}

static void the_wait_ends_in_time_or_when_cancelled(void **state)
{
    struct loopback loopback;
    struct cancel cancel;
    struct error err = {0};
    char *code = NULL;
    pthread_t other;
    (void)state;
    assert_true(loopback_open(&loopback, "http://127.0.0.1:0/", &err));
    assert_false(loopback_wait(&loopback, &right, NULL, clock_milliseconds() + 50, NULL, &code, &err));
    assert_string_equal(err.sqlstate, "28000");
    assert_non_null(strstr(err.message, "Nobody has signed in"));

    cancel_init(&cancel);
    pthread_create(&other, NULL, cancel_soon, &cancel);
    assert_false(loopback_wait(&loopback, &right, NULL, clock_milliseconds() + SOON, &cancel, &code, &err));
    assert_string_equal(err.sqlstate, "HY008");
    pthread_join(other, NULL);

    cancel_reset(&cancel);
    cancel.deadline = clock_milliseconds() + 50;
    assert_false(loopback_wait(&loopback, &right, NULL, clock_milliseconds() + SOON, &cancel, &code, &err));
    assert_string_equal(err.sqlstate, "HYT00");
    cancel_clear(&cancel);
    loopback_close(&loopback);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_knocks_do_not_end_the_wait),
        cmocka_unit_test(slow_senders_are_many_and_lock_nobody_out),
        cmocka_unit_test(a_denial_is_told_in_the_servers_words),
        cmocka_unit_test(listens_on_loopback_only),
        cmocka_unit_test(the_redirect_uri_is_byte_for_byte_what_was_registered),
        cmocka_unit_test(only_loopback_urls_can_be_listened_on),
        cmocka_unit_test(the_wait_ends_in_time_or_when_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
