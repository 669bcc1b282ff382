/* Proves the words of a service that refuses: from JSON, from a header field, from plain text; and what to do by the status. */
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
    "<failure message='/error'/><failure message='/errors/color/0'/><failure header='Reason'/>\n"
    "<failure status='404' sqlstate='42S02' text='It is not there'/>\n"
    "<table name='T' path='/t' rows='/*' description=''><column name='Id' type='bigint' at='id'/></table>\n"
    "</provider>\n";

/* The words of one answer, after the URL. */
static void words(const char *answer, char sqlstate[6], char message[512])
{
    struct wire wire;
    struct properties properties;
    struct service *service;
    struct error err = {0};
    struct batch batch = {0};
    struct scan *scan;
    char settings[100];
    bool wanted[1] = {true};

    wire_start(&wire, (struct wire_answer[]){{.bytes = answer, .close = true}}, 1);
    snprintf(settings, sizeof settings, "URL=%s;RetryMax=0", wire.url);
    properties_init(&properties);
    assert_true(properties_read_string(&properties, settings, strlen(settings), NULL, NULL, &err));
    assert_true(described_service_open(decoding_define(text), &properties, NULL, NULL, &service, &err));
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
    wire_stop(&wire);
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
        words(cases[i].answer, sqlstate, message);
        assert_string_equal(sqlstate, cases[i].sqlstate);
        if (strncmp(message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("case %zu: %s instead of %s", i, message, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_services_words_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
