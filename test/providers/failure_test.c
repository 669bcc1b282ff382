/* Proves the words of a service that refuses: from JSON, from a header field, from plain text; what to do by the status or by
 * the service's own code; and whether to ask again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/property.h"
#include "decoding.h"
#include "providers/definition/service.h"
#include "table/service.h"
#include "test/http/wire.h"

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<limit requests='100' seconds='60' reset='Room-In'/>\n"
    "<failure code='/code' message='/message' fine='0'/><failure message='/error'/><failure message='/errors/color/0'/><failure header='Reason'/>\n"
    "<failure status='404' sqlstate='42S02' text='It is not there'/>\n"
    "<failure of='45 46' sqlstate='HYT00' text='Enough for today' again='no'/><failure of='44' sqlstate='08S01' text='Slower' wait='0'/>\n"
    "<failure of='57' sqlstate='42000' text='Sign in with the scope {scope}, please' again='no'/><failure of='47' sqlstate='08S01' text='Later' wait='300'/>\n"
    "<table name='T' path='/t' rows='/*' scope='things.READ' description=''><column name='Id' type='bigint' at='id'/></table>\n"
    "</provider>\n";

/* The words of one answer, after the URL; how often it was asked. */
static int words(const char *answer, int repetitions, char sqlstate[6], char message[512])
{
    struct wire wire;
    struct properties properties;
    struct service *service;
    struct error err = {0};
    struct batch batch = {0};
    struct scan *scan;
    bool wanted[1] = {true};

    wire_start(&wire, (struct wire_answer[]){{.bytes = answer, .close = true}}, 1);
    service = decoding_open(text, &properties, "URL=%s;RetryMax=%d", wire.url, repetitions);
    const struct table *table = service_table(service, "T");
    struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
    assert_true(scan_open(&request, &scan, &err));
    assert_false(scan_next(table, scan, &batch, &err));
    snprintf(sqlstate, 6, "%s", err.sqlstate);
    const char *after = strstr(err.message, "/t answered ");
    snprintf(message, 512, "%.500s", after ? after + strlen("/t answered ") : err.message);
    scan_close(table, scan);
    service->class->close(service);
    properties_clear(&properties);
    int requests = atomic_load(&wire.seen->requests);
    wire_stop(&wire);
    return requests;
}

static void the_services_words_are_shown(void **state)
{
    static const struct { const char *answer, *sqlstate, *message; } cases[] = {
        {"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"error\":\"Say it so\"}", "HY000",
         "400: Say it so. The service refuses the request"},
        {"HTTP/1.1 422 No\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"errors\":{\"color\":[\"odd\"]}}", "HY000", "422: odd. The service refuses the request"},
        {"HTTP/1.1 404 Not Found\r\nReason: Account Inactive\r\nConnection: close\r\n\r\n", "42S02", "404: Account Inactive. It is not there"},
        {"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", "42S02", "404. It is not there"},
        {"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n\nWho\x01 are\n you.\n", "HY000",
         "400: Who  are  you. The service refuses the request"},
        {"HTTP/1.1 401 No\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n \n", "28000", "401. The service did not accept the credential"},
        {"HTTP/1.1 507 Full\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"error\":\"The project limit ...\"}", "08S01", "507: The project limit .... The service has a fault"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sqlstate[6], message[512];
        words(cases[i].answer, 0, sqlstate, message);
        assert_string_equal(sqlstate, cases[i].sqlstate);
        if (strncmp(message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("case %zu: %s instead of %s", i, message, cases[i].message);
    }
}

/* Answers of JSON, with what stands before the body. */
#define JSON_ANSWER(status, fields, body) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n" fields "Connection: close\r\n\r\n" body

static void the_services_code_tells_more_than_the_status(void **state)
{
    static const struct { const char *answer, *sqlstate, *message; int requests; } cases[] = {
        {JSON_ANSWER("429 Busy", "Retry-After: 0\r\n", "{\"code\":45,\"message\":\"Too many\"}"), "HYT00", "429: Too many (code 45). Enough for today", 1},
        {JSON_ANSWER("429 Busy", "Retry-After: 0\r\n", "{\"code\":44,\"message\":\"Too many\"}"), "08S01", "429: Too many (code 44). Slower (Made allows 100 requests in 60 s)", 3},
        {JSON_ANSWER("400 Bad", "Retry-After: 0\r\n", "{\"code\":\"44\",\"message\":\"Too many\"}"), "08S01", "400: Too many (code 44). Slower", 3},
        {JSON_ANSWER("400 Bad", "Retry-After: 0\r\n", "{\"code\":7,\"message\":\"Odd\"}"), "HY000", "400: Odd (code 7). The service refuses the request", 1},
        {JSON_ANSWER("429 Busy", "Room-In: 400\r\n", "{\"code\":44,\"message\":\"Too many\"}"), "08S01", "429: Too many (code 44). Slower", 1},
        {JSON_ANSWER("429 Busy", "Room-In: 0\r\nRetry-After: 0\r\n", "{\"code\":47,\"message\":\"Wait\"}"), "08S01", "429: Wait (code 47). Later", 3},
        {JSON_ANSWER("401 No", "", "{\"code\":57,\"message\":\"Not you\"}"), "42000", "401: Not you (code 57). Sign in with the scope things.READ, please", 1},
        {JSON_ANSWER("404 No", "", "{\"code\":1002,\"message\":\"None\"}"), "42S02", "404: None (code 1002). It is not there", 1},
        {JSON_ANSWER("200 OK", "", "{\"code\":57,\"message\":\"Not you\"}"), "42000", "200: Not you (code 57). Sign in with the scope things.READ, please", 1},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sqlstate[6], message[512];
        int requests = words(cases[i].answer, 2, sqlstate, message);
        assert_string_equal(sqlstate, cases[i].sqlstate);
        if (strncmp(message, cases[i].message, strlen(cases[i].message)) != 0 || requests != cases[i].requests)
            fail_msg("case %zu: %s, %d requests, instead of %s", i, message, requests, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_services_words_are_shown),
        cmocka_unit_test(the_services_code_tells_more_than_the_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
