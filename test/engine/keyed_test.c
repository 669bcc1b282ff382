/* Proves engine/keyed.c and replay.c: a join asks for each key once at most, and reads the table whole when that is cheaper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"

/* Joins the numbers from 1 to `keys`, each `times` times, with Long: 100 batches, in which 1 to 49 and 51 to 99 stand twice. */
static const char *join(struct run *run, int keys, int times, const char *more)
{
    char sql[500];
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) "
             "SELECT COUNT(*), COUNT(DISTINCT \"Id\") FROM (SELECT i %% %d + 1 AS k FROM n) CROSS JOIN \"Long\" AS l ON l.\"Id\" = k %s",
             keys * times, keys, more);
    run->fake.opens = run->fake.closes = run->fake.nexts = 0;
    return run_sql(run, sql, "bigint bigint");
}

static int scans_with(const struct run *run, const char *words)
{
    int count = 0;
    for (const char *at = run_log(run); (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void asks_for_a_key_once(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(join(&run, 3, 20, ""), "120|3");
    /* the first scan of an execution is not kept: mostly it is the outermost, and large */
    assert_string_equal(run_log(&run), "Long wanted=Id Id=1\nLong wanted=Id Id=2\nLong wanted=Id Id=3\nLong wanted=Id Id=1\n");
    run_clear(&run);
}

/* Long has 100 batches: readings of it are given up after 4, 16 and 64, and the one of up to 256 ends. */
static void reads_the_table_whole_when_that_is_cheaper(void **state)
{
    static const struct { int keys; const char *result; int by_key, whole; } cases[] = {
        {4, "8|4", 4, 0}, {5, "10|5", 5, 1}, {40, "80|40", 40, 2}, {100, "196|98", 100, 3}, {300, "196|98", 256, 4},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(join(&run, cases[i].keys, 1, ""), cases[i].result);
        assert_int_equal(scans_with(&run, " Id="), cases[i].by_key);
        assert_int_equal(scans_with(&run, "Long wanted=Id\n"), cases[i].whole);
        assert_int_equal(run.fake.opens, run.fake.closes);
    }
    run_clear(&run);
}

static void keeps_the_other_conditions(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(join(&run, 300, 1, "AND l.\"Word\" = 'a'"), "100|50");
    assert_int_equal(scans_with(&run, "Id="), 64); /* half the batches: 64 suffice */
    assert_int_equal(scans_with(&run, "Long wanted=Id,Word Word=a\n"), 3);
    run_clear(&run);
}

/* What can be read only by key is. */
static void respects_required_conditions(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_sql(&run, "SELECT COUNT(*) FROM \"Long\" l JOIN \"Items\" i ON i.\"ParentId\" = l.\"Id\"", "bigint"), "10");
    assert_int_equal(scans_with(&run, "Items wanted="), scans_with(&run, "Items wanted=ParentId ParentId="));
    assert_in_range(scans_with(&run, "Items wanted="), 98, 99);
    run_clear(&run);
}

/* Rows do not tell what an input would have been asked for. */
static void asks_for_every_value_of_an_input(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_sql(&run, "WITH RECURSIVE n(i) AS (VALUES(10) UNION ALL SELECT i + 1 FROM n WHERE i < 29) "
                                      "SELECT COUNT(*), COUNT(DISTINCT \"Token\") FROM n CROSS JOIN \"Pairs\" p ON p.\"Token\" = CAST(i AS TEXT)",
                                "bigint bigint"), "120|20");
    assert_int_equal(scans_with(&run, "Pairs wanted=Token Token="), 20);
    assert_int_equal(scans_with(&run, "Pairs wanted="), 20);
    run_clear(&run);
}

/* Two keys may cost two batches; Many has three rows of each, which makes five and more. Then no list is asked for again. */
static void gives_lists_up_that_cost_more_than_their_keys(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, "SELECT u.Id, COUNT(m.Id) FROM Users u LEFT JOIN Many m ON m.Owner = u.Id WHERE u.Active = 1 "
                                       "GROUP BY u.Id ORDER BY u.Id"), "1|3;2|3;4|0;5|0");
    assert_string_equal(run_log(&run), "Users wanted=Id,Active Active=1\nMany wanted=Owner,Id Owner.in(1,2)\nMany wanted=Owner,Id Owner=1\n"
                                       "Many wanted=Owner,Id Owner=2\nMany wanted=Owner,Id Owner=4\nMany wanted=Owner,Id Owner=5\n");
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

/* Each list is four times as long as the one before, up to a thousand; the fifth question is for all of Users, which is small. */
static void lists_grow_to_a_bound(void **state)
{
    static const int lengths[] = {100, 400, 1000, 1000};
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, "SELECT COUNT(Id) FROM (SELECT u.Id FROM Big b LEFT JOIN Users u ON u.Id = b.n LIMIT 4000) x"), "6");
    const char *at = run_log(&run);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        int length = 1;
        at = strstr(at, "Id.in(");
        assert_non_null(at);
        for (; *at != ')'; at++)
            length += *at == ',';
        assert_int_equal(length, lengths[i]);
    }
    assert_null(strstr(at, "Id.in("));
    assert_string_equal(at, ")\nUsers wanted=Id\n");
    run_clear(&run);
}

/* A failure of a reading that nobody asked for is nobody's; one of a scan by key is the query's. */
static void survives_a_failing_try(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    run.fake.fail_open = 5;
    assert_string_equal(join(&run, 10, 1, ""), "20|10");
    assert_int_equal(scans_with(&run, " Id="), 10);
    run.fake.fail_open = 6;
    assert_string_equal(join(&run, 10, 1, ""), "error 08S01");
    run.fake.fail_open = 0;
    run.fake.cancel_at_next = &run.cancel;
    assert_string_equal(join(&run, 10, 1, ""), "error HY008");
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_a_key_once),
        cmocka_unit_test(reads_the_table_whole_when_that_is_cheaper),
        cmocka_unit_test(keeps_the_other_conditions),
        cmocka_unit_test(respects_required_conditions),
        cmocka_unit_test(asks_for_every_value_of_an_input),
        cmocka_unit_test(gives_lists_up_that_cost_more_than_their_keys),
        cmocka_unit_test(lists_grow_to_a_bound),
        cmocka_unit_test(survives_a_failing_try),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
