/* Proves engine/plain.c and which statements are plain (sql/statement.c): rows without SQLite, bounds, ends, failures and cancels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "engine/state.h"
#include "run.h"

static struct query *prepared(struct run *run, const char *sql)
{
    struct query *query = NULL;
    if (!query_prepare(run->engine, sql, strlen(sql), NULL, 0, &run->cancel, &query, &run->err))
        fail_msg("%s: %s", sql, run->err.message);
    return query;
}

static void knows_what_is_plain(void **state)
{
    static const char *const plain[] = {"SELECT Id FROM Users", "SELECT * FROM Users", "SELECT u.Name AS n, Id, u.Name FROM Users u", "SELECT Users.* FROM Users",
                                        "SELECT ALL Id FROM Users"};
    static const char *const others[] = {
        "SELECT DISTINCT Id FROM Users", "SELECT Id FROM Users WHERE Id = 1", "SELECT Id FROM Users ORDER BY Id", "SELECT TOP 1 Id FROM Users",
        "SELECT Id FROM Users LIMIT 1", "SELECT Id + 1 FROM Users", "SELECT Id, 1 FROM Users", "SELECT COUNT(*) FROM Users", "SELECT MAX(Id) FROM Users",
        "SELECT Id FROM Users GROUP BY Id", "SELECT Id FROM Users UNION ALL SELECT Id FROM Users", "SELECT a.Id FROM Users a, Users b",
        "SELECT Id FROM (SELECT Id FROM Users) u", "WITH u AS (SELECT Id FROM Users) SELECT Id FROM u", "SELECT ROW_NUMBER() OVER (ORDER BY Id) FROM Users",
        "SELECT (SELECT MAX(Id) FROM Users) FROM Users", "SELECT 1", "SELECT Id FROM Users OFFSET 1 ROWS",
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0] + sizeof others / sizeof others[0]; i++) {
        bool is = i < sizeof plain / sizeof plain[0];
        const char *sql = is ? plain[i] : others[i - sizeof plain / sizeof plain[0]];
        struct query *query = prepared(&run, sql);
        if (query->run->plain != is)
            fail_msg("%s is %splain", sql, is ? "not " : "");
        query_close(query);
    }
    run_clear(&run);
}

static void gives_rows(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, "SELECT Name, Id, Name AS again FROM Users"), "Ann|1|Ann;Bob|2|Bob;Carol|3|Carol;dave|4|dave;Ann|5|Ann;~|6|~");
    assert_string_equal(run_log(&run), "Users wanted=Id,Name\n");
    assert_int_equal(run.fake.opens, run.fake.closes);
    struct query *query = prepared(&run, "SELECT Id FROM Users");
    assert_null(query->program); /* SQLite does not know of it */
    assert_string_equal(run_rows(&run, query, 0), "1;2;3;4;5;6");
    buffer_reset(&run.fake.log);
    assert_string_equal(run_rows(&run, query, 3), "1;2;3"); /* again, bounded */
    assert_string_equal(run_log(&run), "Users wanted=Id limit=3\n");
    query_close(query);
    run_clear(&run);

    run_init(&run, 2); /* MaxRows */
    assert_string_equal(run_text(&run, "SELECT Id FROM Users"), "1;2");
    assert_string_equal(run_log(&run), "Users wanted=Id limit=2\n");
    run_clear(&run);
}

static void step(struct run *run, struct query *query, const char *expected)
{
    char scratch[VALUE_SCRATCH];
    struct value value;
    size_t length;
    bool row;

    assert_true(query_step(query, &row, &run->err));
    assert_int_equal(row, expected != NULL);
    if (row) {
        assert_true(query_value(query, 0, &value, &run->err));
        assert_string_equal(value_as_text(&value, scratch, &length), expected);
    }
}

static void interleaves_and_ends(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    struct query *first = prepared(&run, "SELECT Name FROM Users"), *second = prepared(&run, "SELECT Name FROM Users");
    assert_true(query_execute(first, 0, &run.err) && query_execute(second, 0, &run.err));
    assert_int_equal(run.fake.opens, 0); /* requests start with the first step */
    step(&run, first, "Ann");
    step(&run, second, "Ann");
    step(&run, first, "Bob");
    step(&run, first, "Carol");
    step(&run, second, "Bob");
    query_close(first); /* unfinished */
    step(&run, second, "Carol");
    assert_true(query_execute(second, 0, &run.err)); /* without a reset */
    step(&run, second, "Ann");
    query_reset(second);
    assert_int_equal(run.fake.opens, run.fake.closes);
    query_close(second);
    run_clear(&run);
}

static void fails_as_the_service_does(void **state)
{
    struct run run;
    bool row;
    (void)state;

    run_init(&run, 0);
    run.fake.fail_open = 1;
    assert_string_equal(run_text(&run, "SELECT Id FROM Users"), "error 08S01");
    assert_string_equal(run_text(&run, "SELECT Id FROM Users"), "1;2;3;4;5;6");
    run.fake.fail_next = run.fake.nexts + 2;
    struct query *query = prepared(&run, "SELECT Id FROM Users");
    assert_true(query_execute(query, 0, &run.err));
    step(&run, query, "1");
    step(&run, query, "2");
    assert_false(query_step(query, &row, &run.err));
    assert_string_equal(run.err.sqlstate, "08S01");
    assert_true(query_step(query, &row, &run.err) && !row); /* it has ended */
    run.fake.cancel_at_next = &run.cancel;
    assert_true(query_execute(query, 0, &run.err));
    step(&run, query, "1");
    step(&run, query, "2");
    bool more = true;
    while (more && query_step(query, &row, &run.err))
        more = row;
    assert_string_equal(run.err.sqlstate, "HY008");
    query_close(query);
    assert_int_equal(run.fake.opens - 1, run.fake.closes); /* the first was not opened */
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_is_plain), cmocka_unit_test(gives_rows), cmocka_unit_test(interleaves_and_ends),
        cmocka_unit_test(fails_as_the_service_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
