/* Proves providers/definition/flight.c: what belongs to one statement shares one count, and room is made by waiting for an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "base/property.h"
#include "providers/definition/flight.h"
#include "test/http/wire.h"

struct bench {
    struct wire wire;
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct flights flights;
    struct cancel cancel;
    struct error err;
};

static void start(struct bench *bench, const struct wire_answer *answers, size_t count)
{
    memset(bench, 0, sizeof *bench);
    wire_start(&bench->wire, answers, count);
    cancel_init(&bench->cancel);
    assert_true(properties_read_string(&bench->properties, "RetryMax=0", 10, NULL, NULL, &bench->err));
    assert_true(http_client_open(&bench->properties, NULL, &bench->client, &bench->err));
    assert_true(http_lane_borrow(bench->client, &bench->lane, &bench->err));
    assert_true(flights_open(&bench->flights, &bench->err));
}

static void stop(struct bench *bench)
{
    assert_null(bench->flights.first);
    flights_close(&bench->flights);
    http_lane_return(bench->lane);
    http_client_close(bench->client);
    properties_clear(&bench->properties);
    cancel_clear(&bench->cancel);
    wire_stop(&bench->wire);
}

static void send(struct bench *bench, struct flight *flight, struct sent_request *sent)
{
    const struct http_request request = {.method = "GET", .url = bench->wire.url, .safe_to_repeat = true};

    *sent = (struct sent_request){0};
    assert_true(http_start(bench->lane, &request, &bench->cancel, &sent->exchange, &bench->err));
    flight_add(flight, sent);
}

static void take_back(struct flight *flight, struct sent_request *sent)
{
    flight_remove(flight, sent);
    http_finish(sent->exchange);
}

static void a_statement_has_one_flight(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = NULL}};
    struct flight *first, *second, *alone, *other;
    struct cancel another;
    struct bench bench;
    (void)state;

    start(&bench, answers, 1);
    cancel_init(&another);
    assert_true(flight_join(&bench.flights, &bench.cancel, 2, &first, &bench.err));
    assert_true(flight_join(&bench.flights, &bench.cancel, 2, &second, &bench.err));
    assert_true(flight_join(&bench.flights, NULL, 2, &alone, &bench.err));
    assert_true(flight_join(&bench.flights, NULL, 2, &other, &bench.err));
    assert_ptr_equal(first, second);
    assert_ptr_not_equal(alone, other);
    flight_leave(&bench.flights, other);
    assert_true(flight_join(&bench.flights, &another, 2, &other, &bench.err));
    assert_ptr_not_equal(other, first);
    flight_leave(&bench.flights, first);
    assert_true(flight_join(&bench.flights, &bench.cancel, 2, &first, &bench.err)); /* its last member keeps it */
    assert_ptr_equal(first, second);
    flight_leave(&bench.flights, first);
    flight_leave(&bench.flights, second);
    flight_leave(&bench.flights, other);
    flight_leave(&bench.flights, alone);
    cancel_clear(&another);
    stop(&bench);
}

static void room_is_made_by_an_answer(void **state)
{
    static const struct wire_answer answers[] = {
        {.bytes = WIRE_OK(2, "{}"), .delay = 30}, {.bytes = WIRE_OK(2, "[]"), .delay = 30}, {.bytes = WIRE_OK(1, "7")},
    };
    struct sent_request sent[3];
    struct http_response response;
    struct flight *flight;
    struct bench bench;
    (void)state;

    start(&bench, answers, 3);
    assert_true(flight_join(&bench.flights, &bench.cancel, 2, &flight, &bench.err));
    assert_true(flight_has_room(flight));
    send(&bench, flight, &sent[0]);
    assert_true(flight_has_room(flight));
    send(&bench, flight, &sent[1]);
    assert_true(flight_make_room(flight, &bench.cancel, &bench.err));
    assert_true(sent[0].settled || sent[1].settled);
    send(&bench, flight, &sent[2]);
    for (size_t i = 3; i-- > 0;) { /* an answer that has been waited for already is still there */
        assert_true(flight_wait(&sent[i], NULL, NULL, &bench.cancel, &response, &bench.err));
        assert_true(flight_wait(&sent[i], NULL, NULL, &bench.cancel, &response, &bench.err));
        assert_int_equal(response.status, 200);
    }
    assert_true(flight_has_room(flight));
    take_back(flight, &sent[1]);
    take_back(flight, &sent[2]);
    send(&bench, flight, &sent[1]); /* the list's end is found again */
    take_back(flight, &sent[0]);
    take_back(flight, &sent[1]);
    assert_true(flight_has_room(flight));
    flight_leave(&bench.flights, flight);
    stop(&bench);
}

static void a_failure_meanwhile_is_told_to_its_owner(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", .close = true}, {.bytes = NULL}};
    struct sent_request sent[2];
    struct http_response response;
    struct flight *flight;
    struct bench bench;
    (void)state;

    start(&bench, answers, 2);
    assert_true(flight_join(&bench.flights, &bench.cancel, 1, &flight, &bench.err));
    send(&bench, flight, &sent[0]);
    assert_true(flight_make_room(flight, &bench.cancel, &bench.err));
    assert_string_equal(bench.err.sqlstate, "");
    send(&bench, flight, &sent[1]);
    assert_false(flight_wait(&sent[0], NULL, NULL, &bench.cancel, &response, &bench.err));
    assert_string_equal(bench.err.sqlstate, "08S01");
    cancel_request(&bench.cancel);
    assert_false(flight_make_room(flight, &bench.cancel, &bench.err)); /* the server says nothing any more */
    assert_string_equal(bench.err.sqlstate, "HY008");
    take_back(flight, &sent[0]);
    take_back(flight, &sent[1]);
    flight_leave(&bench.flights, flight);
    stop(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_has_one_flight),
        cmocka_unit_test(room_is_made_by_an_answer),
        cmocka_unit_test(a_failure_meanwhile_is_told_to_its_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
