/* Proves sql/aggregate.c and the engine's side of groups that a service makes: what it is asked for, and that the answer is the one of
 * grouping here, also where the service finds out late that it can not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "run.h"
#include "table/aggregation.h"

static const struct { const char *sql, *rows, *scans; } cases[] = {
    {"SELECT COUNT(*) FROM Users", "6", "Users wanted= aggregates=n\n"},
    {"SELECT COUNT(*), COUNT(Name), SUM(GroupId), MIN(Name), MAX(Born) FROM Users", "6|5|90|Ann|2000-02-29",
     "Users wanted= aggregates=n,cName,sGroupId,lName,hBorn\n"},
    {"SELECT SUM(Balance) FROM Users", "104.80", "Users wanted= aggregates=sBalance\n"},
    {"SELECT GroupId, COUNT(*) AS n FROM Users GROUP BY GroupId ORDER BY n DESC, GroupId", "10|2;20|2;~|1;30|1",
     "Users wanted= groups=GroupId aggregates=n\n"},
    {"SELECT Active, SUM(Balance) * 2 AS twice, COUNT(*) + 1 FROM Users GROUP BY Active HAVING COUNT(*) > 2 ORDER BY Active", "1|219.60|5",
     "Users wanted= groups=Active aggregates=sBalance,n\n"},
    {"SELECT UPPER(Name), COUNT(*) FROM Users WHERE GroupId > 9 AND Active = 1 GROUP BY Name ORDER BY Name", "ANN|1;BOB|1;DAVE|1",
     "Users wanted= GroupId>9 Active=1 groups=Name aggregates=n\n"},
    {"SELECT COUNT(*) FROM Users WHERE Id IN (1, 2, 99)", "2", "Users wanted= Id.in(1,2,99) aggregates=n\n"},
    {"SELECT COUNT(*) FROM Users WHERE Balance BETWEEN 0.15 AND 50", "2", "Users wanted= Balance>=0.15 Balance<=50.00 aggregates=n\n"},
    {"SELECT SUM(GroupId), COUNT(*) FROM Users WHERE Id = 99", "~|0", "Users wanted= Id=99 aggregates=sGroupId,n\n"},
    {"SELECT GroupId, COUNT(*) FROM Users WHERE Id = 99 GROUP BY GroupId", "", "Users wanted= Id=99 groups=GroupId aggregates=n\n"},
    {"SELECT GroupId FROM Users GROUP BY GroupId ORDER BY 1 DESC", "30;20;10;~", "Users wanted= groups=GroupId\n"},
    {"SELECT MAX(n) FROM (SELECT GroupId, COUNT(*) AS n FROM Users GROUP BY GroupId) x", "2", "Users wanted= groups=GroupId aggregates=n\n"},
    {"WITH g AS (SELECT GroupId, MAX(Balance) AS most FROM Users GROUP BY GroupId) SELECT GroupId FROM g WHERE most > 50", "20",
     "Users wanted= groups=GroupId aggregates=hBalance\n"},
    {"SELECT COUNT(*) FROM Users UNION ALL SELECT SUM(Duration) FROM Sheets", "6;12695",
     "Users wanted= aggregates=n\nSheets wanted= aggregates=sDuration\n"},
    /* One list of keys costs less than one request for each. */
    {"SELECT u.Name, (SELECT SUM(s.Duration) FROM Sheets s WHERE s.UserId = u.Id) FROM Users u WHERE u.Id <= 2 ORDER BY u.Id", "Ann|5400;Bob|90",
     "Users wanted=Id,Name order=Id\nSheets wanted=UserId,Duration UserId.in(1,2)\n"},
    {"SELECT Name, COUNT(*) FROM Users GROUP BY Name HAVING Name LIKE 'A%'", "Ann|2", "Users wanted= groups=Name aggregates=n\n"},
    {"SELECT DISTINCT COUNT(*) FROM Users GROUP BY GroupId ORDER BY 1", "1;2", "Users wanted= groups=GroupId aggregates=n\n"},
    {"SELECT GroupId, COUNT(*) FROM Users GROUP BY GroupId ORDER BY SUM(Balance) DESC LIMIT 1", "20|2",
     "Users wanted= groups=GroupId aggregates=n,sBalance\n"},
    /* A SELECT for each grouping. */
    {"SELECT GroupId, COUNT(*), GROUPING(GroupId) FROM Users WHERE Active = 1 GROUP BY ROLLUP (GroupId) ORDER BY 3, 1", "~|1|0;10|2|0;20|1|0;~|4|1",
     "Users wanted= Active=1 groups=GroupId aggregates=n\nUsers wanted= Active=1 aggregates=n\n"},
    /* Groups that are looked at once for each row around them are asked for once. */
    {"SELECT u.Name, (SELECT x.n FROM (SELECT UserId, COUNT(*) AS n FROM Sheets GROUP BY UserId) x WHERE x.UserId = u.Id) FROM Users u WHERE u.Id < 4",
     "Ann|2;Bob|2;Carol|1", "Users wanted=Id,Name\nSheets wanted= groups=UserId aggregates=n\n"},
    {"SELECT x.GroupId, y.m FROM (SELECT GroupId, COUNT(*) AS n FROM Users GROUP BY GroupId) x JOIN (SELECT GroupId, MIN(Id) AS m FROM Users "
     "GROUP BY GroupId) y ON y.GroupId = x.GroupId ORDER BY 1", "10|1;20|3;30|6",
     "Users wanted= groups=GroupId aggregates=n\nUsers wanted= groups=GroupId aggregates=lId\n"},
    {"SELECT x.* FROM (VALUES (20), (10), (99)) v (g) JOIN (SELECT GroupId, COUNT(*) AS n FROM Users GROUP BY GroupId) x ON x.GroupId = v.g ORDER BY 1",
     "10|2;20|2", "Users wanted= groups=GroupId aggregates=n\n"},
    {"SELECT u.Name FROM Users u WHERE EXISTS (SELECT 1 FROM (SELECT UserId FROM Sheets WHERE UserId IN (1, 2) GROUP BY UserId) x WHERE x.UserId = u.Id)",
     "Ann;Bob", "Users wanted=Id,Name\nSheets wanted= UserId.in(1,2) groups=UserId\n"},
    /* Of several ways to group one table, each has its own groups. */
    {"SELECT u.Id, (SELECT SUM(x.n) FROM (SELECT UserId, COUNT(*) AS n FROM Sheets GROUP BY UserId) x WHERE x.UserId >= u.Id), "
     "(SELECT COUNT(*) FROM (SELECT UserId, SUM(Duration) AS d FROM Sheets GROUP BY UserId) y WHERE y.d > 100 * u.Id) FROM Users u WHERE u.Id < 3 ORDER BY 1",
     "1|5|2;2|3|2", "Users wanted=Id order=Id\nSheets wanted= groups=UserId aggregates=n\nSheets wanted= groups=UserId aggregates=sDuration\n"},
    /* The service says beforehand that it can not. */
    {"SELECT AVG(GroupId) FROM Users", "18", "Users wanted=GroupId\n"},
    /* It finds out when it is asked. */
    {"SELECT COUNT(DISTINCT Name) FROM Users", "4", "Users wanted= aggregates=dName\nUsers wanted=Name\n"},
    /* Its answer would have to be checked: Name = is no exact filter; OR, functions and comparisons of columns no filters at all. */
    {"SELECT COUNT(*) FROM Users WHERE Name = 'Ann'", "2", "Users wanted=Name Name=Ann\n"},
    {"SELECT COUNT(*) FROM Users WHERE Id = 1 OR GroupId = 20", "3", "Users wanted=Id,GroupId Id=1\nUsers wanted=Id,GroupId GroupId=20\n"},
    {"SELECT COUNT(*) FROM Users WHERE UPPER(Name) = 'ANN'", "2", "Users wanted=Name\n"},
    {"SELECT COUNT(*) FROM Users WHERE Id < GroupId AND Active = 1", "3", "Users wanted=Id,GroupId,Active Active=1\n"},
    {"SELECT COUNT(*) FROM Users WHERE Born > '1990-01-01'", "3", "Users wanted=Born\n"},
    /* Groups that are no columns, aggregates of expressions, joins, windows. */
    {"SELECT YEAR(Born), COUNT(*) FROM Users GROUP BY YEAR(Born) HAVING COUNT(*) > 1", "1990|2", "Users wanted=Born\n"},
    {"SELECT SUM(GroupId + 1) FROM Users", "95", "Users wanted=GroupId\n"},
    {"SELECT COUNT(*) FILTER (WHERE Active = 1) FROM Users", "4", "Users wanted=Active\n"},
    {"SELECT GroupId, SUM(COUNT(*)) OVER () FROM Users WHERE GroupId = 20 GROUP BY GroupId", "20|2", "Users wanted=GroupId GroupId=20\n"},
    {"SELECT COUNT(*) FROM Users u JOIN Sheets s ON s.UserId = u.Id", "5", NULL},
    /* Nothing can satisfy the conditions: what that means for groups is found here. */
    {"SELECT COUNT(*), SUM(GroupId) FROM Users WHERE Id = 1 AND Id = 2", "0|~", NULL},
    {"SELECT COUNT(*) FROM Users WHERE 1 = 0", "0", NULL},
    {"SELECT COUNT(*) FROM Users WHERE Id = 1 AND GroupId > 50 AND Id > 5", "0", NULL},
    {"SELECT COUNT(*) FROM Users WHERE GroupId > 50 AND GroupId < 10", "0", NULL},
    {"SELECT COUNT(*) FROM Users WHERE Id IN (1, 2) AND Id IN (3, 4)", "0", NULL},
    {"SELECT COUNT(*) FROM Users WHERE Id IN (1) AND Id = 2", "0", NULL},
    {"SELECT COUNT(*) FROM Users WHERE Active = 1 AND Active", "4", NULL},
    {"SELECT COUNT(*) FROM Users WHERE GroupId = NULL", "0", NULL},
    {"SELECT COUNT(*) FROM Pairs WHERE Token = 'x' AND a = 1", "4", "Pairs wanted= Token=x a=1 aggregates=n\n"},
};

static void the_service_groups_what_it_can(void **state)
{
    struct run run, plain;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    run_init(&plain, 0);
    fake_service_group(&run.fake);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *rows = run_text(&run, cases[i].sql), *here = run_text(&plain, cases[i].sql);
        if (strcmp(rows, cases[i].rows) == 0 && strcmp(here, rows) == 0 && (!cases[i].scans || strcmp(run_log(&run), cases[i].scans) == 0))
            continue;
        bad++;
        print_error("%s\n  is %s\n%s not %s\n%s here %s %s\n", cases[i].sql, rows, run_log(&run), cases[i].rows, cases[i].scans, here, run.err.message);
    }
    run_clear(&plain);
    run_clear(&run);
    assert_int_equal(bad, 0);
}

/* The service counts its batches of two. */
static void no_more_groups_are_fetched_than_are_looked_at(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    fake_service_group(&run.fake);
    assert_string_equal(run_text(&run, "SELECT GroupId, COUNT(*) FROM Users WHERE GroupId > 0 GROUP BY GroupId LIMIT 1"), "10|2");
    assert_int_equal(run.fake.nexts, 1);
    run_clear(&run);
}

static void a_late_refusal_is_remembered(void **state)
{
    struct run run;
    struct query *query;
    (void)state;

    run_init(&run, 0);
    fake_service_group(&run.fake);
    const char *text = "SELECT COUNT(DISTINCT Name) FROM Users";
    assert_true(query_prepare(run.engine, text, strlen(text), NULL, 0, &run.cancel, &query, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "4");
    buffer_reset(&run.fake.log);
    assert_string_equal(run_rows(&run, query, 0), "4");
    assert_string_equal(run_log(&run), "Users wanted=Name\n");
    query_close(query);
    run_clear(&run);
}

static void parameters_reach_the_service(void **state)
{
    struct run run;
    struct query *query;
    struct value value = value_integer(20);
    (void)state;

    run_init(&run, 0);
    fake_service_group(&run.fake);
    const char *text = "SELECT COUNT(*) FROM Users WHERE GroupId = ?";
    assert_true(query_prepare(run.engine, text, strlen(text), NULL, 0, &run.cancel, &query, &run.err));
    assert_true(query_bind(query, 0, &value, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "2");
    assert_string_equal(run_log(&run), "Users wanted= GroupId=20 aggregates=n\n");
    value = value_null();
    assert_true(query_bind(query, 0, &value, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "0"); /* no row, but one group */
    query_close(query);
    run_clear(&run);
}

static void grouping_travels_as_a_text(void **state)
{
    static const char *const good[] = {"n:bigint", "g0", "g3,g12,n:bigint,s7:decimal(38,2),d1:bigint,v2:double,l4:timestamp(3),h5:string(10),c6:bigint"};
    static const char *const bad[] = {"", "g", "x3:bigint", "s7", "s7:number", "n", ",", "g1,,g2"};
    struct arena arena = {0};
    struct aggregation aggregation;
    struct buffer out;
    (void)state;

    buffer_init(&out, 4096);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(aggregation_read(good[i], strlen(good[i]), &arena, &aggregation));
        buffer_reset(&out);
        aggregation_print(&aggregation, &out);
        assert_string_equal(buffer_text(&out), good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (aggregation_read(bad[i], strlen(bad[i]), &arena, &aggregation))
            fail_msg("%s is taken", bad[i]);
    buffer_clear(&out);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_service_groups_what_it_can),
        cmocka_unit_test(no_more_groups_are_fetched_than_are_looked_at), cmocka_unit_test(a_late_refusal_is_remembered),
        cmocka_unit_test(parameters_reach_the_service),
        cmocka_unit_test(grouping_travels_as_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
