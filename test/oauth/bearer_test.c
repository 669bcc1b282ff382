/* Proves when a token is renewed: in time for long lives, late enough for short ones, and whatever the clocks do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "oauth/state.h"

static void tokens_go_stale_by_age(void **state)
{
    static const struct {
        const char *what;
        int64_t lifetime, age;       /* seconds, by the wall clock */
        int64_t ticks;               /* seconds by the clock that never jumps; -1 = from another process */
        bool stale, ended;
        int64_t skew;                /* seconds that the server's clock, by which the token was issued, is ahead */
    } cases[] = {
        {"an hour, new", 3600, 0, 0, false, false, 0},
        {"an hour, half gone", 3600, 1800, 1800, false, false, 0},
        {"an hour, its last tenth", 3600, 3300, 3300, true, false, 0},
        {"an hour, over", 3600, 3700, 3700, true, true, 0},
        {"ten days, its last day", 864000, 864000 - 80000, -1, true, false, 0},
        {"five minutes, 70 s left", 300, 230, 230, false, false, 0},
        {"five minutes, 50 s left", 300, 250, 250, true, false, 0},
        {"two minutes, half gone", 120, 60, 60, false, false, 0},
        {"twenty seconds, new", 20, 0, 0, false, false, 0},
        {"a hundred seconds, 5 s left", 100, 95, 95, true, false, 0},
        {"no life at all", 0, 0, 0, true, true, 0},
        {"not told", -1, 1000000, -1, false, false, 0},
        {"the wall clock was set back", 3600, -7200, 3700, true, true, 0},
        {"the wall clock was set back, still young", 3600, -7200, 10, false, false, 0},
        {"the wall clock was set forward", 3600, 7200, 10, true, true, 0},
        {"saved in the future: a clock was set back", 3600, -7200, -1, true, true, 0},
        {"saved by a machine whose clock is a little ahead", 3600, -30, -1, false, false, 0},
        {"more seconds than there are", INT64_MAX, 5, 5, false, false, 0},
        {"a machine an hour behind the server: new", 3600, -3600, -1, false, false, 3600},
        {"a machine an hour behind the server: over", 3600, 100, -1, true, true, 3600},
        {"a machine an hour ahead of the server: new", 3600, 3600, -1, false, false, -3600},
        {"a machine an hour ahead of the server: over", 3600, 7300, -1, true, true, -3600},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct grant grant = {.lifetime = cases[i].lifetime, .issued = (int64_t)time(NULL) - cases[i].age,
                              .skew = cases[i].skew};
        bool ended = false;
        if (cases[i].ticks >= 0)
            grant.issued_ticks = clock_milliseconds() - cases[i].ticks * 1000;
        print_message("  %s\n", cases[i].what);
        assert_int_equal(grant_is_stale(&grant, &ended), cases[i].stale);
        assert_int_equal(ended, cases[i].ended);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tokens_go_stale_by_age)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
