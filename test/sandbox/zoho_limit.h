/* The limits of calls: in a minute, in a day, at once; all switched off at the start. */
#ifndef SANDBOX_ZOHO_LIMIT_H
#define SANDBOX_ZOHO_LIMIT_H

#include <time.h>

#include "test/sandbox/server.h"
#include "test/sandbox/zoho_switch.h"

/* Of one organization. */
struct zoho_calls {
    time_t minute_began;
    unsigned in_minute, in_day, at_once;
};

/* Counts a call and lets it go on; false with an answer when it is one too many. */
bool zoho_limit_begin(struct zoho_calls *calls, const struct zoho_switches *switches, struct answer *answer);
void zoho_limit_end(struct zoho_calls *calls);
/* X-Rate-Limit-… of the minute, when there is such a limit. */
void zoho_limit_headers(const struct zoho_calls *calls, const struct zoho_switches *switches, struct answer *answer);

#endif
