#include "base/cancel.h"

#include <stddef.h>
#include <time.h>

#include "base/error.h"

void cancel_init(struct cancel *cancel)
{
    atomic_init(&cancel->requested, false);
    cancel->deadline = 0;
    pthread_mutex_init(&cancel->lock, NULL);
    cancel->wake = NULL;
    cancel->context = NULL;
}

void cancel_clear(struct cancel *cancel)
{
    pthread_mutex_destroy(&cancel->lock);
}

void cancel_request(struct cancel *cancel)
{
    pthread_mutex_lock(&cancel->lock);
    atomic_store(&cancel->requested, true);
    if (cancel->wake)
        cancel->wake(cancel->context);
    pthread_mutex_unlock(&cancel->lock);
}

void cancel_reset(struct cancel *cancel)
{
    atomic_store(&cancel->requested, false);
}

void cancel_enter_wait(struct cancel *cancel, void (*wake)(void *context), void *context)
{
    if (!cancel)
        return;
    pthread_mutex_lock(&cancel->lock);
    cancel->wake = wake;
    cancel->context = context;
    pthread_mutex_unlock(&cancel->lock);
}

void cancel_leave_wait(struct cancel *cancel)
{
    cancel_enter_wait(cancel, NULL, NULL);
}

bool cancel_check(struct cancel *cancel, struct error *err)
{
    if (!cancel)
        return true;
    if (atomic_load(&cancel->requested))
        return error_set(err, "HY008", "The operation was cancelled");
    if (cancel->deadline && clock_milliseconds() >= cancel->deadline)
        return error_set(err, "HYT00", "The query timeout (SQL_ATTR_QUERY_TIMEOUT) expired");
    return true;
}

struct sleeper {
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool up;
};

static void wake_sleeper(void *context)
{
    struct sleeper *sleeper = context;
    pthread_mutex_lock(&sleeper->lock);
    sleeper->up = true;
    pthread_cond_signal(&sleeper->woken);
    pthread_mutex_unlock(&sleeper->lock);
}

bool cancel_sleep(struct cancel *cancel, int64_t milliseconds, struct error *err)
{
    struct sleeper sleeper = {.lock = PTHREAD_MUTEX_INITIALIZER, .woken = PTHREAD_COND_INITIALIZER};
    int64_t left = cancel_remaining(cancel);
    int64_t end = clock_milliseconds() + (left >= 0 && left < milliseconds ? left : milliseconds);
    const struct timespec until = {(time_t)(end / 1000), (long)(end % 1000) * 1000000};

    cancel_enter_wait(cancel, wake_sleeper, &sleeper);
    pthread_mutex_lock(&sleeper.lock);
    /* A request that came before is seen by the check; one that comes later wakes. */
    while (!sleeper.up && cancel_check(cancel, err) && clock_milliseconds() < end)
        pthread_cond_clockwait(&sleeper.woken, &sleeper.lock, CLOCK_MONOTONIC, &until);
    pthread_mutex_unlock(&sleeper.lock);
    cancel_leave_wait(cancel);
    pthread_cond_destroy(&sleeper.woken);
    pthread_mutex_destroy(&sleeper.lock);
    return cancel_check(cancel, err);
}

int64_t cancel_remaining(const struct cancel *cancel)
{
    if (!cancel || !cancel->deadline)
        return -1;
    int64_t left = cancel->deadline - clock_milliseconds();
    return left > 0 ? left : 0;
}

int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
