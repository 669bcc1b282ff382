/* Proves that preparing a statement takes no longer than its text explains (doc/sql.md, Limits), and ends when it is cancelled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum { ROOM = 1 << 17 };

/* n common tables, each of which uses the one before twice. */
static const char *doubling(const char *first, int n)
{
    static char text[ROOM];
    size_t used = (size_t)snprintf(text, sizeof text, "WITH q0 AS (%s)", first);

    for (int i = 1; i <= n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, ", q%d AS (SELECT MAX(a.Id) AS Id FROM q%d a, q%d b)", i, i - 1, i - 1);
    snprintf(text + used, sizeof text - used, " SELECT Id FROM q%d", n);
    return text;
}

static void refuses_common_tables_that_multiply(void **state)
{
    static char text[ROOM];
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, doubling("SELECT 1 AS Id", 11)), "1");
    assert_string_equal(run_text(&run, doubling("SELECT 1 AS Id", 25)), "error 54000");
    assert_non_null(strstr(run.err.message, "q12 in a temporary table"));
    assert_string_equal(run_text(&run, doubling("SELECT Id FROM Users", 25)), "error 54000");
    snprintf(text, sizeof text, "SELECT * FROM (%s) x", doubling("SELECT 1 AS Id", 25));
    assert_string_equal(run_text(&run, text), "error 54000");
    /* each used once is no more than is written; nor does one cost that nobody uses */
    size_t used = (size_t)snprintf(text, sizeof text, "WITH q0 AS (SELECT Id FROM Users WHERE Id = 3)");
    for (int i = 1; i <= 300; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, ", q%d AS (SELECT Id FROM q%d)", i, i - 1);
    snprintf(text + used, sizeof text - used, " SELECT Id FROM q300");
    assert_string_equal(run_text(&run, text), "3");
    run_clear(&run);
}

static void preparing_can_be_cancelled(void **state)
{
    static const char sql[] = "SELECT a.Id FROM Users a, Users b, Users c, Users d WHERE a.Id = b.Id AND b.Id = c.Id AND c.Id = d.Id";
    struct run run;
    struct query *query;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, sql), "1;2;3;4;5;6");
    assert_true(run.fake.plans > 4);
    run.fake.plans = 0;
    run.fake.cancel_at_plan = &run.cancel;
    assert_false(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    assert_string_equal(run.err.sqlstate, "HY008");
    assert_int_equal(run.fake.plans, 1);
    run.fake.cancel_at_plan = NULL;
    cancel_reset(&run.cancel);
    assert_string_equal(run_text(&run, sql), "1;2;3;4;5;6");
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_common_tables_that_multiply),
        cmocka_unit_test(preparing_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
