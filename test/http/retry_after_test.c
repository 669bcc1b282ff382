/* Proves http/retry_after.c against both forms of RFC 9110, 10.2.3, and the bounds of our own backoff. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/retry_after.h"

static const time_t now = 1704110400; /* Mon, 01 Jan 2024 12:00:00 GMT */

static void reads_seconds_and_dates(void **state)
{
    static const struct {
        const char *value;
        enum retry_after result;
        unsigned seconds;
    } cases[] = {
        {"0", RETRY_AFTER_WAIT, 0},
        {"17", RETRY_AFTER_WAIT, 17},
        {" 300 ", RETRY_AFTER_WAIT, 300},
        {"301", RETRY_AFTER_TOO_LONG, 0},
        {"99999999999999999999999", RETRY_AFTER_TOO_LONG, 0},
        {"Mon, 01 Jan 2024 12:01:15 GMT", RETRY_AFTER_WAIT, 75},
        {"Monday, 01-Jan-24 12:00:05 GMT", RETRY_AFTER_WAIT, 5},
        {"Mon Jan  1 12:00:09 2024", RETRY_AFTER_WAIT, 9},
        {"Mon, 01 Jan 2024 11:00:00 GMT", RETRY_AFTER_WAIT, 0},
        {"Tue, 02 Jan 2024 12:00:00 GMT", RETRY_AFTER_TOO_LONG, 0},
        {NULL, RETRY_AFTER_NONE, 0},
        {"", RETRY_AFTER_NONE, 0},
        {"soon", RETRY_AFTER_NONE, 0},
        {"-5", RETRY_AFTER_NONE, 0},
        {"5 minutes", RETRY_AFTER_NONE, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned seconds = 0;
        print_message("  %s\n", cases[i].value ? cases[i].value : "(none)");
        assert_int_equal(retry_after_read(cases[i].value, now, &seconds), cases[i].result);
        assert_int_equal(seconds, cases[i].seconds);
    }
}

static void backoff_doubles_within_bounds(void **state)
{
    static const struct {
        unsigned attempt;
        int64_t first, least, most;
    } cases[] = {{1, 250, 125, 250}, {2, 250, 250, 500}, {4, 1000, 4000, 8000}, {20, 1000, 30000, 60000}, {1, 1, 1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint32_t random = 0; random < 100000; random += 777) {
            int64_t wait = retry_backoff(cases[i].attempt, cases[i].first, random);
            assert_in_range(wait, cases[i].least, cases[i].most);
        }
    assert_true(retry_backoff(3, 1000, 1) != retry_backoff(3, 1000, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_seconds_and_dates),
        cmocka_unit_test(backoff_doubles_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
