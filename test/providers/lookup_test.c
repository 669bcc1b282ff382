/* Proves what a connection finds out for itself, against a server that answers with bytes written down here: an account of the right kind
 * among those that the sign-in opens, and the words where there are several, none, or only such of another kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "decoding.h"
#include "providers/definition/service.h"
#include "table/service.h"
#include "test/http/wire.h"

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example' prefix='/{AccountId}'>\n"
    "<variable name='Kind' standard='new'><when property='Region' is='Old' value='old'/><when property='Region' is='New' value='new'/></variable>\n"
    "<variable name='Home' standard='http://127.0.0.1:1'/>\n"
    "<variable name='AccountId' property='AccountId' table='Accounts' column='Id' where='Product' is='{Kind}' only='yes' label='Name' description='the account'/>\n"
    "<table name='Accounts' url='{Home}' path='/accounts' rows='/*' description=''><column name='Id' type='bigint' at='id'/>"
    "<column name='Name' type='string' at='name'/><column name='Product' type='string' at='product'/></table>\n"
    "<table name='Things' path='/things' rows='/*' description=''><column name='Id' type='bigint' at='id'/></table>\n"
    "</provider>\n";

struct finding {
    const char *settings, *accounts;
    const char *expected;                /* the rows, or how the message begins */
    const char *requests;
};

static void read_things(const struct finding *finding, const char *url, struct buffer *out)
{
    struct properties properties;
    struct service *service;
    struct error err = {0};
    struct batch batch = {0};
    struct scan *scan;
    bool wanted[1] = {true};

    service = decoding_open(text, &properties, "URL=%s;Other=Home=%s;RetryMax=0;%s", url, url, finding->settings);
    const struct table *table = service_table(service, "Things");
    struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
    assert_true(scan_open(&request, &scan, &err));
    while (scan_next(table, scan, &batch, &err) && batch.row_count)
        for (size_t row = 0; row < batch.row_count; row++)
            buffer_printf(out, "%lld ", (long long)batch.cells[0][row].integer);
    buffer_append_text(out, err.message);
    scan_close(table, scan);
    service->class->close(service);
    properties_clear(&properties);
}

static void accounts_are_found(void **state)
{
    static const struct finding findings[] = {
        {"", "[{\"id\":7,\"name\":\"A\",\"product\":\"new\"}]", "5 ", "/accounts /7/things"},
        {"", "[{\"id\":8,\"name\":\"B\",\"product\":\"old\"},{\"id\":7,\"name\":\"A\",\"product\":\"New\"}]", "5 ", "/accounts /7/things"},
        {"Region=Old", "[{\"id\":8,\"name\":\"B\",\"product\":\"old\"},{\"id\":7,\"name\":\"A\",\"product\":\"new\"}]", "5 ", "/accounts /8/things"},
        {"AccountId=9", "[]", "5 ", "/9/things"},
        {"", "[{\"id\":8,\"name\":\"B\",\"product\":\"new\"},{\"id\":7,\"name\":\"7\",\"product\":\"new\"},{\"id\":6,\"product\":\"old\"}]",
         "The sign-in opens several: set the connection property AccountId to one of 8 (B), 7", "/accounts"},
        {"Region=Old", "[{\"id\":7,\"name\":\"A\",\"product\":\"new\"},{\"id\":9,\"name\":\"\",\"product\":\"chat\"}]",
         "Made: there is no row with Product old in Accounts, only 7 (A; new), 9 (chat): set the connection property AccountId, or another Region", "/accounts"},
        {"", "[]", "Made: nothing tells AccountId, the account: there is no row for it in Accounts; set the connection property AccountId", "/accounts"},
        {"", "{", "AccountId of Made could not be found out (the connection property AccountId tells it): ", "/accounts"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 4096);
    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        char bytes[2][500];
        const char *bodies[2] = {findings[i].accounts, "[{\"id\":5}]"};
        for (int j = 0; j < 2; j++)
            snprintf(bytes[j], sizeof bytes[j], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(bodies[j]), bodies[j]);
        const struct wire_answer answers[] = {
            {.target = "/accounts", .bytes = bytes[0]}, {.target = "/7/things", .bytes = bytes[1]}, {.target = "/8/things", .bytes = bytes[1]},
            {.target = "/9/things", .bytes = bytes[1]},
        };
        struct wire wire;
        wire_start(&wire, answers, sizeof answers / sizeof answers[0]);
        buffer_reset(&out);
        read_things(&findings[i], wire.url, &out);
        if (strncmp(buffer_text(&out), findings[i].expected, strlen(findings[i].expected)) != 0)
            fail_msg("case %zu: %s instead of %s", i, buffer_text(&out), findings[i].expected);
        buffer_reset(&out);
        for (int j = 0; j < wire.seen->requests; j++) {
            const char *path = wire.seen->request[j] + strlen("GET ");
            buffer_printf(&out, "%s%.*s", j ? " " : "", (int)strcspn(path, " "), path);
        }
        assert_string_equal(buffer_text(&out), findings[i].requests);
        wire_stop(&wire);
    }
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
