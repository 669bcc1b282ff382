/* A credential and a server of written-down answers beside each other. */
#include "test/oauth/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "http/url.h"

/* Puts the server's URL in the place of every "%s". */
static void fill(const struct bench *bench, const char *text, char *out, size_t room)
{
    size_t length = 0;
    while (*text && length + 100 < room) {
        if (strncmp(text, "%s", 2) == 0) {
            length += (size_t)snprintf(out + length, room - length, "%s", bench->wire.url);
            text += 2;
        } else {
            out[length++] = *text++;
        }
    }
    assert_int_equal(*text, '\0');
    out[length] = '\0';
}

static void write_replies(struct bench *bench, const struct reply *replies, size_t count, struct wire_answer *answers)
{
    char body[BENCH_TEXT];
    for (size_t i = 0; i < count; i++) {
        fill(bench, replies[i].body, body, sizeof body);
        int length = snprintf(bench->replies[i], BENCH_TEXT, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%s",
                              replies[i].status, replies[i].fields ? replies[i].fields : "", strlen(body), body);
        assert_in_range(length, 1, BENCH_TEXT - 1);
        const char *delay = replies[i].fields ? strstr(replies[i].fields, "Delay: ") : NULL;
        answers[i] = (struct wire_answer){.bytes = bench->replies[i], .delay = delay ? (unsigned)strtoul(delay + 7, NULL, 10) : 0};
    }
}

static void complete_urls(struct bench *bench)
{
    const char **const urls[] = {&bench->profile.authorize_url, &bench->profile.token_url, &bench->profile.refresh_url,
                                 &bench->profile.request_token_url, &bench->profile.device_url, &bench->profile.issuer,
                                 &bench->profile.revoke_url};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        if (!*urls[i] || **urls[i] != '/')
            continue;
        snprintf(bench->urls[i], sizeof bench->urls[i], "%s%s", bench->wire.url, strcmp(*urls[i], "/") == 0 ? "" : *urls[i]);
        *urls[i] = bench->urls[i];
    }
}

static void open_credential(struct bench *bench, const char *settings)
{
    char text[4096];
    fill(bench, settings, text, sizeof text);
    if (!properties_read_string(&bench->properties, text, strlen(text), NULL, NULL, &bench->err))
        fail_msg("%s", bench->err.message);
    assert_true(http_client_open(&bench->properties, NULL, &bench->client, &bench->err));
    assert_true(http_lane_borrow(bench->client, &bench->lane, &bench->err));
    if (!credential_open(&bench->profile, &bench->properties, bench->client, NULL, &bench->credential, &bench->err))
        bench->credential = NULL;
}

void bench_open(struct bench *bench, const struct oauth_profile *profile, const char *settings, const struct reply *replies, size_t count)
{
    struct wire_answer answers[BENCH_REPLIES];
    memset(bench, 0, sizeof *bench);
    bench->profile = *profile;
    assert_in_range(count, 1, BENCH_REPLIES);
    wire_listen(&bench->wire);
    write_replies(bench, replies, count, answers);
    wire_serve(&bench->wire, answers, count);
    complete_urls(bench);
    open_credential(bench, settings);
}

static void close_credential(struct bench *bench)
{
    credential_close(bench->credential);
    http_lane_return(bench->lane);
    http_client_close(bench->client);
    properties_clear(&bench->properties);
}

void bench_reopen(struct bench *bench, const char *settings)
{
    close_credential(bench);
    open_credential(bench, settings);
}

void bench_close(struct bench *bench)
{
    close_credential(bench);
    wire_stop(&bench->wire);
}

bool bench_connect(struct bench *bench)
{
    if (!bench->credential)
        fail_msg("%s", bench->err.message);
    return credential_connect(bench->credential, NULL, &bench->err);
}

int bench_call(struct bench *bench, const char *path, const char *form)
{
    char url[512];
    struct http_request request = {.method = form ? "POST" : "GET", .url = url, .signer = credential_signer(bench->credential),
                                   .safe_to_repeat = true};
    struct http_exchange *exchange;
    struct http_response response = {0};

    snprintf(url, sizeof url, "%s%s", bench->wire.url, path);
    if (form) {
        request.content_type = "application/x-www-form-urlencoded; charset=utf-8";
        request.body = form;
        request.body_length = strlen(form);
    }
    if (!http_start(bench->lane, &request, NULL, &exchange, &bench->err))
        return 0;
    bool done = http_wait(exchange, NULL, &response, &bench->err);
    http_finish(exchange);
    return done ? response.status : 0;
}

int bench_requests(const struct bench *bench)
{
    return atomic_load(&bench->wire.seen->requests);
}

const char *bench_request(const struct bench *bench, int number)
{
    assert_in_range(number, 0, bench_requests(bench) - 1);
    return bench->wire.seen->request[number];
}

static const char *find(const char *query, const char *name)
{
    static char value[BENCH_TEXT];
    struct buffer out;
    buffer_init(&out, sizeof value - 1);
    snprintf(value, sizeof value, "%s", url_parameter(query, name, &out) ? buffer_text(&out) : "");
    buffer_clear(&out);
    return value;
}

const char *bench_field(const struct bench *bench, int number, const char *name)
{
    return find(strstr(bench_request(bench, number), "\r\n\r\n") + 4, name);
}

const char *bench_parameter(const struct bench *bench, int number, const char *name)
{
    char query[BENCH_TEXT];
    const char *line = bench_request(bench, number);
    const char *mark = memchr(line, '?', strcspn(line, "\r"));
    snprintf(query, sizeof query, "%.*s", mark ? (int)strcspn(mark + 1, " \r") : 0, mark ? mark + 1 : "");
    return find(query, name);
}

const char *bench_signed(const struct bench *bench, int number, const char *name)
{
    char form[BENCH_TEXT], quoted[64];
    const char *field = strstr(bench_request(bench, number), "\r\nAuthorization: OAuth ");
    snprintf(quoted, sizeof quoted, " %s=\"", name);
    const char *at = field ? strstr(field, quoted) : NULL;
    if (!at || at > field + strcspn(field + 2, "\r") + 2)
        return "";
    at += strlen(quoted);
    snprintf(form, sizeof form, "x=%.*s", (int)strcspn(at, "\""), at);
    return find(form, "x");
}
