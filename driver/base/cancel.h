/* How a statement is interrupted: by SQLCancel from another thread, or by its deadline. */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct error;

/* Belongs to one statement. Only `requested` and the wake-up pair are touched by other threads. */
struct cancel {
    atomic_bool requested;
    int64_t deadline;             /* clock_milliseconds() at which the statement ends with HYT00; 0 = none */
    pthread_mutex_t lock;         /* guards the two below, for moments only */
    void (*wake)(void *context);  /* ends the wait that the statement's thread is in; NULL while it is in none */
    void *context;
};

void cancel_init(struct cancel *cancel);
void cancel_clear(struct cancel *cancel);

/* From any thread: the statement's current work ends with HY008 as soon as it looks, and its wait is woken. */
void cancel_request(struct cancel *cancel);

/* Forgets a request; called before the statement's next execution. */
void cancel_reset(struct cancel *cancel);

/* Between these two, cancel_request calls wake(context). wake must be safe from any thread and at any moment between them. */
void cancel_enter_wait(struct cancel *cancel, void (*wake)(void *context), void *context);
void cancel_leave_wait(struct cancel *cancel);

/* True to go on; false with HY008 (cancelled) or HYT00 (deadline passed). A NULL cancel always goes on. */
bool cancel_check(struct cancel *cancel, struct error *err);

/* Sleeps; a request or the deadline ends it early. True when the whole time has passed; false as cancel_check. */
bool cancel_sleep(struct cancel *cancel, int64_t milliseconds, struct error *err);

/* Milliseconds until the deadline, at least 0; -1 when there is none or cancel is NULL. */
int64_t cancel_remaining(const struct cancel *cancel);

/* A clock that never jumps (CLOCK_MONOTONIC), in milliseconds. */
int64_t clock_milliseconds(void);

#endif
