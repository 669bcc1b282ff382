#include "providers/definition/flight.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"

struct flight {
    struct flight *next;             /* of the connection */
    const struct cancel *statement;  /* NULL: of one scan alone */
    size_t joined;
    size_t most;
    struct sent_request *first, **end;
};

bool flights_open(struct flights *flights, struct error *err)
{
    flights->first = NULL;
    return pthread_mutex_init(&flights->lock, NULL) == 0 || error_memory(err);
}

void flights_close(struct flights *flights)
{
    pthread_mutex_destroy(&flights->lock);
}

static struct flight *find(const struct flights *flights, const struct cancel *statement)
{
    for (struct flight *flight = flights->first; flight && statement; flight = flight->next)
        if (flight->statement == statement)
            return flight;
    return NULL;
}

bool flight_join(struct flights *flights, struct cancel *cancel, size_t most, struct flight **flight, struct error *err)
{
    pthread_mutex_lock(&flights->lock);
    struct flight *found = find(flights, cancel);
    if (!found && (found = calloc(1, sizeof *found))) {
        *found = (struct flight){.next = flights->first, .statement = cancel, .most = most};
        found->end = &found->first;
        flights->first = found;
    }
    if (found)
        found->joined++;
    pthread_mutex_unlock(&flights->lock);
    *flight = found;
    return found || error_memory(err);
}

void flight_leave(struct flights *flights, struct flight *flight)
{
    struct flight **place = &flights->first;

    pthread_mutex_lock(&flights->lock);
    if (--flight->joined == 0) {
        while (*place != flight)
            place = &(*place)->next;
        *place = flight->next;
        free(flight);
    }
    pthread_mutex_unlock(&flights->lock);
}

void flight_add(struct flight *flight, struct sent_request *sent)
{
    sent->next = NULL;
    *flight->end = sent;
    flight->end = &sent->next;
}

void flight_remove(struct flight *flight, struct sent_request *sent)
{
    struct sent_request **place = &flight->first;

    while (*place && *place != sent)
        place = &(*place)->next;
    if (!*place)
        return;
    *place = sent->next;
    if (flight->end == &sent->next)
        flight->end = place;
}

static size_t count_under_way(const struct flight *flight)
{
    size_t count = 0;
    for (const struct sent_request *sent = flight->first; sent; sent = sent->next)
        count += !sent->settled;
    return count;
}

bool flight_has_room(struct flight *flight)
{
    if (count_under_way(flight) < flight->most)
        return true;
    for (struct sent_request *sent = flight->first; sent; sent = sent->next)
        sent->settled = sent->settled || http_is_settled(sent->exchange);
    return count_under_way(flight) < flight->most;
}

bool flight_make_room(struct flight *flight, struct cancel *cancel, struct error *err)
{
    struct http_response unused;
    struct error failure = {0};

    while (!flight_has_room(flight)) {
        struct sent_request *oldest = flight->first;
        while (oldest->settled)
            oldest = oldest->next;
        if (!flight_wait(oldest, NULL, NULL, cancel, &unused, &failure) && !cancel_check(cancel, err))
            return false;
    }
    return true;
}

bool flight_wait(struct sent_request *sent, http_work *work, void *context, struct cancel *cancel, struct http_response *response,
                 struct error *err)
{
    if (!sent->answered) {
        sent->failed = !http_wait_working(sent->exchange, work, context, cancel, &sent->response, &sent->failure);
        sent->settled = sent->answered = true;
    }
    if (sent->failed)
        *err = sent->failure;
    *response = sent->response;
    return !sent->failed;
}
