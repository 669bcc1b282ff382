/* Proves that answers which the service can tell to be unchanged are kept, asked about, and never told to somebody else. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "wire.h"

#define TAGGED(tag, length, body) \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: " tag "\r\nX-Total-Count: 7\r\nSet-Cookie: session=s3cret\r\nContent-Length: " #length "\r\n\r\n" body
#define UNCHANGED "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nX-Now: 2\r\n\r\n"

/* Connections to one server, and a folder. */
struct bench {
    struct wire wire;
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct error err;
    char folder[64];
};

static void connect_anew(struct bench *bench, const char *settings)
{
    properties_init(&bench->properties);
    assert_true(properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &bench->err));
    if (!http_client_open(&bench->properties, NULL, &bench->client, &bench->err))
        fail_msg("%s", bench->err.message);
    assert_true(http_lane_borrow(bench->client, &bench->lane, &bench->err));
}

static void disconnect(struct bench *bench)
{
    http_lane_return(bench->lane);
    http_client_close(bench->client);
    properties_clear(&bench->properties);
}

static void start(struct bench *bench, const struct wire_answer *answers, size_t count)
{
    memset(bench, 0, sizeof *bench);
    wire_start(&bench->wire, answers, count);
    connect_anew(bench, "UserAgent=test;");
}

static void stop(struct bench *bench)
{
    disconnect(bench);
    wire_stop(&bench->wire);
}

/* Asks once; the answer's body must be as wanted. Returns whether the request asked about something that was kept. */
static bool ask_for(struct bench *bench, const char *method, const char *url, const char *authorization, const char *wanted)
{
    struct http_header header = {"Authorization", authorization};
    struct http_request request = {.method = method, .url = url, .headers = &header, .header_count = authorization != NULL};
    struct http_exchange *exchange;
    struct http_response response;

    assert_true(http_start(bench->lane, &request, NULL, &exchange, &bench->err));
    if (!http_wait(exchange, NULL, &response, &bench->err))
        fail_msg("%s", bench->err.message);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, wanted);
    assert_string_equal(http_response_header(&response, "X-Total-Count"), "7");
    http_finish(exchange);
    const char *sent = bench->wire.seen->request[bench->wire.seen->requests - 1];
    return strstr(sent, "If-None-Match:") || strstr(sent, "If-Modified-Since:");
}

static bool ask(struct bench *bench, const char *method, const char *authorization, const char *wanted)
{
    return ask_for(bench, method, bench->wire.url, authorization, wanted);
}

static void an_unchanged_answer_is_not_sent_again(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = TAGGED("\"1\"", 3, "[1]")}, {.bytes = UNCHANGED}, {.bytes = UNCHANGED},
                                                 {.bytes = TAGGED("\"2\"", 3, "[2]")}, {.bytes = UNCHANGED}};
    struct bench bench;
    (void)state;
    start(&bench, answers, 5);
    assert_false(ask(&bench, "GET", "Bearer a", "[1]"));
    assert_true(ask(&bench, "GET", "Bearer a", "[1]"));
    assert_non_null(strstr(bench.wire.seen->request[1], "If-None-Match: \"1\"\r\n"));
    assert_true(ask(&bench, "GET", "Bearer a", "[1]"));
    assert_true(ask(&bench, "GET", "Bearer a", "[2]"));
    assert_true(ask(&bench, "GET", "Bearer a", "[2]"));
    assert_non_null(strstr(bench.wire.seen->request[4], "If-None-Match: \"2\"\r\n"));
    stop(&bench);
}

static void a_date_will_do(void **state)
{
    static const struct wire_answer answers[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nLast-Modified: Mon, 02 Mar 2026 10:00:00 GMT\r\nX-Total-Count: 7\r\nContent-Length: 2\r\n\r\n{}"},
        {.bytes = "HTTP/1.1 304 Not Modified\r\n\r\n"}};
    struct bench bench;
    (void)state;
    start(&bench, answers, 2);
    assert_false(ask(&bench, "GET", NULL, "{}"));
    assert_true(ask(&bench, "GET", NULL, "{}"));
    assert_non_null(strstr(bench.wire.seen->request[1], "If-Modified-Since: Mon, 02 Mar 2026 10:00:00 GMT\r\n"));
    stop(&bench);
}

static void nobody_is_asked_about_what_another_got(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = TAGGED("\"1\"", 3, "[1]")}};
    static const struct {
        const char *method, *authorization;
        bool asks;
    } requests[] = {
        {"GET", "Bearer a", false}, {"GET", "Bearer a", true}, {"GET", "Bearer b", false}, {"GET", NULL, false}, {"POST", "Bearer a", false},
        {"GET", "OAuth a=\"1\", n=\"2\"", false}, {"GET", "OAuth a=\"1\", n=\"2\"", false},     /* differs each time: never kept */
        {"GET", "Basic YWRhOjE=", false}, {"GET", "Basic YWRhOjI=", true}, {"GET", "Basic YmVuOjE=", false},   /* ada:1, ada:2, ben:1 */
    };
    struct bench bench;
    (void)state;
    start(&bench, answers, 1);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
        if (ask(&bench, requests[i].method, requests[i].authorization, "[1]") != requests[i].asks)
            fail_msg("request %zu", i);
    stop(&bench);
}

static void what_is_not_to_be_stored_is_not(void **state)
{
    static const char *const heads[] = {"Cache-Control: private, No-Store\r\nETag: 1", "ETag: 1\r\nVary: *", "X-Other: 1"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char bytes[200];
        struct wire_answer answer = {.bytes = bytes};
        struct bench bench;
        snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\n%s\r\nX-Total-Count: 7\r\nContent-Length: 2\r\n\r\n{}", heads[i]);
        start(&bench, &answer, 1);
        assert_false(ask(&bench, "GET", "Bearer a", "{}"));
        if (ask(&bench, "GET", "Bearer a", "{}"))
            fail_msg("%s", heads[i]);
        stop(&bench);
    }
}

/* ---- In files ---- */

/* The one answer in a folder; its bytes. */
static size_t read_file(const char *folder, char *path, size_t room, char *bytes, size_t most)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    struct stat status;
    int count = 0;

    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.') {
            snprintf(path, room, "%s/%s", folder, entry->d_name);
            count++;
        }
    closedir(directory);
    assert_int_equal(count, 1);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(folder, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, most, file);
    fclose(file);
    return length;
}

static void answers_in_files_outlive_the_connection(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = TAGGED("\"1\"", 5, "[123]")}, {.bytes = UNCHANGED}, {.bytes = TAGGED("\"1\"", 5, "[123]")}};
    char parent[] = "/tmp/cache-test-XXXXXX", folder[80], settings[200], path[400], bytes[4096];
    struct bench bench;
    (void)state;

    assert_non_null(mkdtemp(parent));
    snprintf(folder, sizeof folder, "%s/answers", parent);
    snprintf(settings, sizeof settings, "UserAgent=test;CacheLocation=%s", folder);
    start(&bench, answers, 3);
    disconnect(&bench);
    connect_anew(&bench, settings);
    assert_false(ask(&bench, "GET", "Bearer t0ken", "[123]"));
    disconnect(&bench);
    connect_anew(&bench, settings);
    assert_true(ask(&bench, "GET", "Bearer t0ken", "[123]"));
    disconnect(&bench);
    size_t length = read_file(folder, path, sizeof path, bytes, sizeof bytes);
    assert_non_null(memmem(bytes, length, "[123]", 5));     /* and tells no secret */
    assert_null(memmem(bytes, length, "t0ken", 5));
    assert_null(memmem(bytes, length, "s3cret", 6));

    /* a file that was cut is no answer, nor one that says other lengths */
    assert_int_equal(truncate(path, (off_t)length - 1), 0);
    connect_anew(&bench, settings);
    assert_false(ask(&bench, "GET", "Bearer t0ken", "[123]"));
    disconnect(&bench);
    connect_anew(&bench, settings);
    assert_false(ask(&bench, "GET", "Bearer other", "[123]"));
    disconnect(&bench);
    snprintf(path, sizeof path, "rm -r %s", parent);
    assert_int_equal(system(path), 0);
    wire_stop(&bench.wire);
}

/* A scan that is larger than the room, and the same once more: what came first is still there. */
static void what_was_kept_lately_goes_for_no_other(void **state)
{
    static char body[3000001];
    const struct wire_answer large = {.bytes = TAGGED("\"1\"", 3000000, ""), .filler = sizeof body - 1}, unchanged = {.bytes = UNCHANGED};
    const struct wire_answer answers[] = {large, large, large, unchanged, large, large};
    struct bench bench;
    char url[256];
    (void)state;

    memset(body, 'x', sizeof body - 1);
    start(&bench, answers, 6);
    for (int i = 0; i < 6; i++) {
        snprintf(url, sizeof url, "%s?page=%d", bench.wire.url, i % 3);
        assert_int_equal(ask_for(&bench, "GET", url, NULL, body), i == 3); /* one takes up 4 MiB of the room */
    }
    stop(&bench);
}

static void a_folder_of_others_is_refused(void **state)
{
    char folder[] = "/tmp/cache-test-XXXXXX", settings[200];
    struct properties properties;
    struct http_client *client;
    struct error err;
    (void)state;

    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0777), 0);
    for (int i = 0; i < 2; i++) {
        snprintf(settings, sizeof settings, "CacheLocation=%s%s", folder, i ? "/none/such" : "");
        properties_init(&properties);
        assert_true(properties_read_string(&properties, settings, strlen(settings), NULL, NULL, &err));
        assert_false(http_client_open(&properties, NULL, &client, &err));
        assert_string_equal(err.sqlstate, "HY000");
        assert_non_null(strstr(err.message, "CacheLocation"));
        properties_clear(&properties);
    }
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unchanged_answer_is_not_sent_again),
        cmocka_unit_test(a_date_will_do),
        cmocka_unit_test(nobody_is_asked_about_what_another_got),
        cmocka_unit_test(what_is_not_to_be_stored_is_not),
        cmocka_unit_test(answers_in_files_outlive_the_connection),
        cmocka_unit_test(what_was_kept_lately_goes_for_no_other),
        cmocka_unit_test(a_folder_of_others_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
