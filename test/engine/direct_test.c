/* Proves engine/direct.c: of which statements SQLite only hands over rows, and that their rows, bounds and failures are those of any statement. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/state.h"
#include "run.h"

static struct query *prepared(struct run *run, const char *sql, int64_t max_rows)
{
    struct query *query = NULL;
    if (!query_prepare(run->engine, sql, strlen(sql), NULL, 0, &run->cancel, &query, &run->err)
        || !query_execute(query, max_rows, &run->err))
        fail_msg("%s: %s %s", sql, run->err.sqlstate, run->err.message);
    return query;
}

static void which_programs_only_hand_over(void **state)
{
    static const struct { const char *sql; bool direct; } cases[] = {
        {"SELECT * FROM Users", true},
        {"SELECT Name, Id, Name FROM Users", true},
        {"SELECT u.Id AS x FROM Users u WHERE u.Id = 2", true},             /* the service does it exactly */
        {"SELECT Id FROM (SELECT Id, Name FROM Users) x", true},
        {"SELECT Id FROM Users WHERE Name LIKE '%n%'", true},               /* so here */
        {"SELECT Id FROM Users WHERE Name = 'Ann'", false},                 /* looked at here, too */
        {"SELECT Id FROM Users WHERE Id + 0 = 2", false},
        {"SELECT Id + 0 FROM Users", false},
        {"SELECT DISTINCT Active FROM Users", false},
        {"SELECT Id FROM Users LIMIT 2", false},
        {"SELECT Id FROM Users ORDER BY LENGTH(Name)", false},
        {"SELECT COUNT(*) FROM Users", false},
        {"SELECT Id FROM Users UNION ALL SELECT Id FROM Sheets", false},
        {"SELECT u.Id FROM Users u, Sheets s", false},
        {"SELECT a.Id FROM Users a, Users b", false},
        {"SELECT Id FROM Users WHERE EXISTS (SELECT 1 FROM Users)", false},
        {"SELECT Id, ROW_NUMBER() OVER (ORDER BY Id) FROM Users", false},
        {"WITH RECURSIVE r(i) AS (SELECT Id FROM Users UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT i FROM r", false},
    };
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct query *query = prepared(&run, cases[i].sql, 0);
        if ((query->columns || query->run->plain) != cases[i].direct) {
            bad++;
            print_error("%s: is %sdirect\n", cases[i].sql, cases[i].direct ? "not " : "");
        }
        query_close(query);
    }
    assert_int_equal(bad, 0);
    run_clear(&run);
}

static void read_past_the_engine(const char *sql, int count)
{
    struct run run;
    bool row;
    struct value value;

    run_init(&run, 0);
    struct query *query = prepared(&run, sql, 0);
    assert_int_equal(query_following(query), 0); /* nothing was read yet */
    assert_true(query_step(query, &row, &run.err) && row);
    size_t following = query_following(query);
    assert_true(following > 0);
    const struct value *ids = query_cells(query, 1);
    assert_int_equal(ids[0].integer, 1);
    assert_int_equal(ids[following].integer, (int64_t)following + 1);
    query_pass(query, 1);
    assert_true(query_value(query, 1, &value, &run.err));
    assert_int_equal(value.integer, 2);
    assert_int_equal(query_following(query), following - 1);
    int rows = 2;
    while (query_step(query, &row, &run.err) && row)
        rows++;
    assert_int_equal(rows, count);
    assert_int_equal(run.fake.opens, run.fake.closes);
    assert_int_equal(query_following(query), 0);
    assert_true(query_execute(query, 0, &run.err)); /* and once more, given up in its midst */
    assert_true(query_step(query, &row, &run.err) && row && query_step(query, &row, &run.err) && row);
    query_reset(query);
    assert_int_equal(run.fake.opens, run.fake.closes);
    query_close(query);
    run_clear(&run);
}

static void rows_are_read_past_the_engine(void **state)
{
    (void)state;
    read_past_the_engine("SELECT Name, Id FROM Users", 6);                      /* all of it */
    read_past_the_engine("SELECT Name, Id FROM Users WHERE Balance > -100", 5); /* what SQLite has opened */
}

static void the_bound_of_rows_is_kept(void **state)
{
    struct run run;
    bool row;
    (void)state;

    run_init(&run, 0);
    struct query *query = prepared(&run, "SELECT n FROM Big", 3);
    assert_true(query_step(query, &row, &run.err) && row);
    assert_int_equal(query_following(query), 2);
    query_pass(query, 2);
    assert_int_equal(query_following(query), 0);
    assert_true(query_step(query, &row, &run.err) && !row);
    query_close(query);
    run_clear(&run);
}

/* In the midst of the rows, by a batch that fails and by a cancel. */
static void failures_are_told(void **state)
{
    struct run run;
    bool row = true;
    int rows = 0;
    (void)state;

    run_init(&run, 0);
    run.fake.fail_next = 2;
    struct query *query = prepared(&run, "SELECT n FROM Big", 0);
    while (query_step(query, &row, &run.err) && row)
        rows++;
    assert_true(rows > 0);
    assert_string_equal(run.err.sqlstate, "08S01");
    query_close(query);

    run.fake.fail_next = 0;
    query = prepared(&run, "SELECT n FROM Big", 0);
    assert_true(query_step(query, &row, &run.err) && row);
    query_pass(query, query_following(query));
    cancel_request(&run.cancel);
    assert_false(query_step(query, &row, &run.err));
    assert_string_equal(run.err.sqlstate, "HY008");
    query_close(query);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_programs_only_hand_over),
        cmocka_unit_test(rows_are_read_past_the_engine),
        cmocka_unit_test(the_bound_of_rows_is_kept),
        cmocka_unit_test(failures_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
