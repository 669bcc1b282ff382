/* How long a service asks us to wait (RFC 9110, 10.2.3), and how long we wait where it says nothing. */
#ifndef HTTP_RETRY_AFTER_H
#define HTTP_RETRY_AFTER_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* The longest wait that a service can ask for; who asks for more has refused us. */
enum { RETRY_AFTER_LARGEST = 300 /* seconds */ };

enum retry_after {
    RETRY_AFTER_NONE,      /* no field, or an unreadable one: use a backoff of our own */
    RETRY_AFTER_WAIT,      /* *seconds is the wait */
    RETRY_AFTER_TOO_LONG,  /* more than RETRY_AFTER_LARGEST */
};

/* Reads the field's value: a number of seconds, or an HTTP-date, of which the distance to now counts (0 when it has passed).
 * value    NUL-terminated, without the field's name, spaces around it allowed; NULL when the field is missing
 * now      seconds since the epoch
 * seconds  set for RETRY_AFTER_WAIT only */
enum retry_after retry_after_read(const char *value, time_t now, unsigned *seconds);

/* Milliseconds to wait before attempt number `attempt` (the first repetition is 1): doubling from `first`, at most 60,000,
 * spread over the upper half by `random` so that many clients do not come back at the same moment. */
int64_t retry_backoff(unsigned attempt, int64_t first, uint32_t random);

#endif
