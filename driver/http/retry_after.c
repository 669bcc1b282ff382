/* How long a service asks us to wait, and how long we wait where it says nothing. */
#include "http/retry_after.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

static enum retry_after within_bounds(time_t wait, unsigned *seconds)
{
    if (wait > RETRY_AFTER_LARGEST)
        return RETRY_AFTER_TOO_LONG;
    *seconds = wait > 0 ? (unsigned)wait : 0;
    return RETRY_AFTER_WAIT;
}

enum retry_after retry_after_read(const char *value, time_t now, unsigned *seconds)
{
    if (!value)
        return RETRY_AFTER_NONE;
    value += strspn(value, " \t");

    size_t digits = strspn(value, "0123456789");
    if (digits && !value[digits + strspn(value + digits, " \t")]) {
        time_t wait = 0;
        for (size_t i = 0; i < digits && wait <= RETRY_AFTER_LARGEST; i++)
            wait = wait * 10 + (value[i] - '0');
        return within_bounds(wait, seconds);
    }

    time_t until = curl_getdate(value, NULL);
    if (digits == strlen(value) || until == (time_t)-1)
        return RETRY_AFTER_NONE;
    return within_bounds(until - now, seconds);
}

int64_t retry_backoff(unsigned attempt, int64_t first, uint32_t random)
{
    enum { LONGEST = 60000 };
    int64_t wait = first;

    for (unsigned i = 1; i < attempt && wait < LONGEST; i++)
        wait *= 2;
    if (wait > LONGEST)
        wait = LONGEST;
    int64_t half = wait / 2;
    return wait - half + (half ? random % half : 0);
}
