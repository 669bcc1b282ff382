/* A refused call does not count. */
#include "test/sandbox/zoho_limit.h"

#include <stdio.h>

#include "test/sandbox/zoho_call.h"

static void number_header(struct answer *answer, const char *name, long number)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", number);
    answer_header(answer, name, text);
}

static long seconds_left(const struct zoho_calls *calls)
{
    long left = 60 - (long)(time(NULL) - calls->minute_began);
    return left < 0 ? 0 : left;
}

bool zoho_limit_begin(struct zoho_calls *calls, const struct zoho_switches *switches, struct answer *answer)
{
    unsigned minute = zoho_switch_number(switches, SWITCH_MINUTE), day = zoho_switch_number(switches, SWITCH_DAY);
    unsigned concurrent = zoho_switch_number(switches, SWITCH_CONCURRENT);

    if (time(NULL) - calls->minute_began >= 60) {
        calls->minute_began = time(NULL);
        calls->in_minute = 0;
    }
    if (concurrent && calls->at_once >= concurrent)
        return zoho_fail(answer, 429, 1070, "You have reached the maximum number of requests in process. Try again after some time.");
    if (day && calls->in_day >= day)
        return zoho_fail(answer, 429, 45, "The organization has exceeded its calls of the day.");
    if (minute && calls->in_minute >= minute) {
        zoho_fail(answer, 429, 44, "The organization has exceeded %u calls in a minute.", minute);
        number_header(answer, "Retry-After", seconds_left(calls) + 1);
        return false;
    }
    calls->in_minute++;
    calls->in_day++;
    calls->at_once++;
    return true;
}

void zoho_limit_end(struct zoho_calls *calls)
{
    calls->at_once--;
}

void zoho_limit_headers(const struct zoho_calls *calls, const struct zoho_switches *switches, struct answer *answer)
{
    unsigned minute = zoho_switch_number(switches, SWITCH_MINUTE);
    if (!minute)
        return;
    number_header(answer, "X-Rate-Limit-Limit", minute);
    number_header(answer, "X-Rate-Limit-Remaining", (long)minute - (long)calls->in_minute);
    number_header(answer, "X-Rate-Limit-Reset", seconds_left(calls));
}
