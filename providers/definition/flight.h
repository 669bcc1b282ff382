/* How many requests of one statement are under way at once.
 *
 * The scans of a statement, the parents that they walk through and what they look up share one count: the most that the connection's
 * MaxConcurrentRequests and the service allow. They belong to one thread at a time, as the statement does. */
#ifndef PROVIDERS_DEFINITION_FLIGHT_H
#define PROVIDERS_DEFINITION_FLIGHT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "http/client.h"

struct cancel;
struct flight;

/* Those of a connection, by the cancel of their statement. */
struct flights {
    pthread_mutex_t lock;
    struct flight *first;
};

bool flights_open(struct flights *flights, struct error *err);
void flights_close(struct flights *flights);

/* The flight of a statement; of its own where cancel is NULL. Each that has joined leaves, all its requests removed. */
bool flight_join(struct flights *flights, struct cancel *cancel, size_t most, struct flight **flight, struct error *err);
void flight_leave(struct flights *flights, struct flight *flight);

/* One request. Its exchange is its owner's. */
struct sent_request {
    struct sent_request *next;       /* in the flight */
    struct http_exchange *exchange;
    bool settled;                    /* no longer under way */
    bool answered, failed;           /* has been waited for; badly */
    struct http_response response;
    struct error failure;
};

void flight_add(struct flight *flight, struct sent_request *sent);
void flight_remove(struct flight *flight, struct sent_request *sent);

/* Whether one more may be sent now. */
bool flight_has_room(struct flight *flight);

/* Waits until one more may be sent. False only when interrupted: a request that fails meanwhile says so when it is waited for. */
bool flight_make_room(struct flight *flight, struct cancel *cancel, struct error *err);

/* The answer. work (may be NULL): what can be done meanwhile. False as http_wait_working. */
bool flight_wait(struct sent_request *sent, http_work *work, void *context, struct cancel *cancel, struct http_response *response,
                 struct error *err);

#endif
