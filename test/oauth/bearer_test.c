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
    } cases[] = {
        {"an hour, new", 3600, 0, 0, false, false},
        {"an hour, half gone", 3600, 1800, 1800, false, false},
        {"an hour, its last tenth", 3600, 3300, 3300, true, false},
        {"an hour, over", 3600, 3700, 3700, true, true},
        {"ten days, its last day", 864000, 864000 - 80000, -1, true, false},
        {"five minutes, 70 s left", 300, 230, 230, false, false},
        {"five minutes, 50 s left", 300, 250, 250, true, false},
        {"two minutes, half gone", 120, 60, 60, false, false},
        {"twenty seconds, new", 20, 0, 0, false, false},
        {"a hundred seconds, 5 s left", 100, 95, 95, true, false},
        {"no life at all", 0, 0, 0, true, true},
        {"not told", -1, 1000000, -1, false, false},
        {"the wall clock was set back", 3600, -7200, 3700, true, true},
        {"the wall clock was set back, still young", 3600, -7200, 10, false, false},
        {"the wall clock was set forward", 3600, 7200, 10, true, true},
        {"saved in the future: a clock was set back", 3600, -7200, -1, true, true},
        {"saved by a machine whose clock is a little ahead", 3600, -30, -1, false, false},
        {"more seconds than there are", INT64_MAX, 5, 5, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct grant grant = {.lifetime = cases[i].lifetime, .issued = (int64_t)time(NULL) - cases[i].age};
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
