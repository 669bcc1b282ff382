/* Proves sql/parser_sets.c and bind_sets.c: ROLLUP, CUBE and GROUPING SETS give what a SELECT for each grouping gives, one behind the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "run.h"

#define ALL "SELECT NULL, NULL, COUNT(*), SUM(Balance) FROM Users"
#define BOTH "SELECT GroupId, Active, COUNT(*), SUM(Balance) FROM Users GROUP BY GroupId, Active"
#define GROUP "SELECT GroupId, NULL, COUNT(*), SUM(Balance) FROM Users GROUP BY GroupId"
#define ACTIVE "SELECT NULL, Active, COUNT(*), SUM(Balance) FROM Users GROUP BY Active"
#define AND " UNION ALL "
#define SETS(groups) "SELECT GroupId, Active, COUNT(*), SUM(Balance) FROM Users GROUP BY " groups

static void groupings_stand_behind_each_other(void **state)
{
    static const struct { const char *sets, *selects; } cases[] = {
        {SETS("ROLLUP (GroupId, Active)"), BOTH AND GROUP AND ALL},
        {SETS("GroupId, Active WITH ROLLUP"), BOTH AND GROUP AND ALL},
        {SETS("CUBE (GroupId, Active)"), BOTH AND GROUP AND ACTIVE AND ALL},
        {SETS("GROUPING SETS ((GroupId, Active), Active, ())"), BOTH AND ACTIVE AND ALL},
        {SETS("GROUPING SETS (ROLLUP (GroupId, Active), CUBE (Active))"), BOTH AND GROUP AND ALL AND ACTIVE AND ALL},
        {SETS("GROUPING SETS (GROUPING SETS (GroupId, Active), (GroupId, Active))"), GROUP AND ACTIVE AND BOTH},
        {SETS("ROLLUP ((GroupId, Active))"), BOTH AND ALL},
        {SETS("GroupId, ROLLUP (Active)"), BOTH AND GROUP},
        {SETS("ROLLUP (GroupId), ROLLUP (Active)"), BOTH AND GROUP AND ACTIVE AND ALL},
        {SETS("ROLLUP (GroupId), GroupId, Active"), BOTH AND BOTH},
        {SETS("(GroupId, Active)"), BOTH},
        {SETS("GROUPING SETS ((GroupId, Active))"), BOTH},
        {SETS("ROLLUP (1, 2)"), BOTH AND GROUP AND ALL},
        {SETS("ROLLUP (GroupId, Active) HAVING COUNT(*) > 1 AND Active IS NULL"), GROUP " HAVING COUNT(*) > 1" AND ALL},
        {SETS("ROLLUP (GroupId, Active) ORDER BY GroupId, Active, COUNT(*) DESC"), "SELECT * FROM (" BOTH AND GROUP AND ALL ") x(a, b, c, d) ORDER BY a, b, c DESC"},
        {SETS("ROLLUP (GroupId, Active) ORDER BY SUM(Balance) DESC LIMIT 2"), "SELECT * FROM (" BOTH AND GROUP AND ALL ") x(a, b, c, d) ORDER BY d DESC LIMIT 2"},
        {SETS("ROLLUP (GroupId, Active) UNION ALL SELECT 1, TRUE, 2, 3"), BOTH AND GROUP AND ALL AND "SELECT 1, TRUE, 2, 3"},
        {"SELECT GroupId AS g, GROUPING(GroupId), GROUPING(Active, GroupId), GROUPING_ID(GroupId, Active) + 1 FROM Users GROUP BY CUBE (g, Active)",
         "SELECT GroupId, 0, 0, 1 FROM Users GROUP BY GroupId, Active UNION ALL SELECT GroupId, 0, 2, 2 FROM Users GROUP BY GroupId "
         "UNION ALL SELECT NULL, 1, 1, 3 FROM Users GROUP BY Active UNION ALL SELECT NULL, 1, 3, 4"},
        {"SELECT GROUPING(GroupId), GroupId FROM Users GROUP BY GroupId HAVING GROUPING(GroupId) = 0 ORDER BY GROUPING(GroupId), GroupId DESC",
         "SELECT 0, GroupId FROM Users GROUP BY GroupId ORDER BY 2 DESC"},
        {"SELECT CASE WHEN GROUPING(Name) = 1 THEN 'all' ELSE COALESCE(Name, 'none') END, MAX(Name), COUNT(Name), UPPER(Name) FROM Users GROUP BY ROLLUP (Name)",
         "SELECT COALESCE(Name, 'none'), MAX(Name), COUNT(Name), UPPER(Name) FROM Users GROUP BY Name UNION ALL SELECT 'all', MAX(Name), COUNT(Name), NULL FROM Users"},
        {"SELECT GroupId + 1, GroupId + 1 + COUNT(*) FROM Users GROUP BY ROLLUP (GroupId + 1)",
         "SELECT GroupId + 1, GroupId + 1 + COUNT(*) FROM Users GROUP BY GroupId + 1 UNION ALL SELECT NULL, NULL"},
        {"SELECT 1 FROM Users WHERE Id = 99 GROUP BY ROLLUP (GroupId)", "SELECT 1"},
        {"SELECT 1 FROM Users GROUP BY ()", "SELECT 1"},
        {"SELECT COUNT(*) FROM Users WHERE Id = 99 GROUP BY (), ROLLUP (Active)", "SELECT 0"},
        {"SELECT DISTINCT Active FROM Users GROUP BY CUBE (Active, GroupId)", "SELECT NULL UNION SELECT Active FROM Users"},
        {"SELECT TOP 2 WITH TIES GroupId, COUNT(*) AS n FROM Users GROUP BY ROLLUP (GroupId) ORDER BY n DESC",
         "SELECT * FROM (SELECT GroupId, COUNT(*) FROM Users GROUP BY GroupId UNION ALL SELECT NULL, COUNT(*) FROM Users) x(a, b) ORDER BY b DESC FETCH FIRST 2 ROWS WITH TIES"},
        {"SELECT u.GroupId, COUNT(*) FROM Users u GROUP BY ROLLUP (u.GroupId) ORDER BY u.GroupId, 2",
         "SELECT * FROM (SELECT GroupId, COUNT(*) FROM Users GROUP BY GroupId UNION ALL SELECT NULL, COUNT(*) FROM Users) x(a, b) ORDER BY a, b"},
        {"SELECT x.Active, SUM(x.n) FROM (SELECT Active, COUNT(*) AS n FROM Users GROUP BY CUBE (Active, GroupId)) x WHERE x.Active = 1 GROUP BY ROLLUP (x.Active)",
         "SELECT 1, 8 UNION ALL SELECT NULL, 8"},
        {"SELECT x.Active, COUNT(*) FROM (SELECT Active FROM Users GROUP BY ROLLUP (Active, GroupId)) x WHERE x.Active = 1 GROUP BY ROLLUP (x.Active)",
         "SELECT 1, 4 UNION ALL SELECT NULL, 4"},
        {"SELECT GROUPING(GroupId), RANK() OVER (ORDER BY GroupId DESC) FROM Users GROUP BY GroupId", "SELECT 0, Id FROM Users WHERE Id < 5"},
        {"SELECT COALESCE(GroupId, NULL, 7), COUNT(*) FROM Users GROUP BY ROLLUP (COALESCE(GroupId, NULL, 7)) ORDER BY COALESCE(GroupId, NULL, 7) DESC",
         "SELECT * FROM (SELECT COALESCE(GroupId, 7), COUNT(*) FROM Users GROUP BY COALESCE(GroupId, 7) UNION ALL SELECT NULL, 6) x(a, b) ORDER BY a DESC"},
        {"SELECT Id FROM Users WHERE Id IN (SELECT MAX(Id) FROM Users GROUP BY ROLLUP (Active)) ORDER BY Id", "SELECT 5 UNION SELECT 6 ORDER BY 1"},
    };
    struct run run;
    char wanted[2000];
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(wanted, sizeof wanted, "%s", run_text(&run, cases[i].selects));
        assert_string_not_equal(wanted, "error 42000");
        const char *got = run_text(&run, cases[i].sets);
        if (strcmp(got, wanted) != 0) {
            bad++;
            print_error("%s\n  %s\n  not %s  %s\n", cases[i].sets, got, wanted, run.err.message);
        }
    }
    assert_int_equal(bad, 0);
    assert_string_equal(run_text(&run, SETS("ROLLUP (GroupId, Active)")), run_text(&run, BOTH AND GROUP AND ALL));
    assert_string_equal(run_log(&run), "Users wanted=GroupId,Active,Balance\n"); /* the table is read once */
    run_clear(&run);
}

static void keeps_the_parameters_of_every_grouping_alike(void **state)
{
    static const char sql[] = "SELECT GroupId, COUNT(*), ? FROM Users WHERE Id > ? GROUP BY ROLLUP (GroupId) HAVING COUNT(*) > ?";
    const struct value one = value_integer(1), three = value_integer(3), text = value_text("x", 1);
    struct run run;
    struct query *query;
    (void)state;

    run_init(&run, 0);
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    assert_int_equal(query_statement(query)->parameter_count, 3);
    assert_int_equal(query_statement(query)->parameters[1].type.kind, TYPE_BIGINT);
    assert_true(query_bind(query, 0, &text, &run.err) && query_bind(query, 1, &one, &run.err) && query_bind(query, 2, &one, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "20|2|x;~|5|x");
    assert_true(query_bind(query, 1, &three, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "~|3|x");
    query_close(query);
    run_clear(&run);
}

static void says_what_can_not_be(void **state)
{
    static const struct { const char *sql, *sqlstate, *words; } cases[] = {
        {"SELECT Name FROM Users GROUP BY ROLLUP (GroupId)", "42000", "The column Name stands neither"},
        {"SELECT GROUPING(Name) FROM Users GROUP BY ROLLUP (GroupId)", "42000", "GROUPING takes what GROUP BY is by"},
        {"SELECT GroupId, COUNT(*) FROM Users GROUP BY ROLLUP (GroupId) ORDER BY GROUPING(GroupId)", "42000", "GROUPING takes what GROUP BY is by"},
        {"SELECT Id FROM Users WHERE GROUPING(Id) = 1", "42000", "GROUPING can not stand in WHERE"},
        {"SELECT GROUPING(Id) FROM Users", "42000", "GROUPING takes what GROUP BY is by"},
        {"SELECT RANK() OVER (ORDER BY GroupId) FROM Users GROUP BY ROLLUP (GroupId)", "42000", "put the grouped query into a derived table"},
        {"SELECT 1 FROM Users GROUP BY ROLLUP (COUNT(*))", "42000", "The aggregate COUNT can not stand in GROUP BY"},
        {"SELECT 1 FROM Users GROUP BY ROLLUP ()", "42000", "an expression was expected"},
        {"SELECT 1 FROM Users GROUP BY GROUPING SETS ()", "42000", "an expression was expected"},
        {"SELECT 1 FROM Users GROUP BY ROLLUP (GroupId", "42000", "Syntax error"},
        {"SELECT 1 FROM Users GROUP BY GroupId WITH CUBES", "42000", "Syntax error"},
        {"SELECT 1 FROM Users GROUP BY CUBE (Id, GroupId, Active, Name, Balance, Born, 1 + 1)", "54000", "more than 64 groupings"},
        {"SELECT 1 FROM Users GROUP BY CUBE (Id, GroupId, Active), CUBE (Name, Balance, Born), ROLLUP (1 + 1)", "54000", "more than 64 groupings"},
        {"SELECT TOP 1 COUNT(*) FROM Users GROUP BY ROLLUP (GroupId) LIMIT 2", "42000", "bounded twice"},
    };
    struct run run;
    char text[8000], wanted[20];
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *got = run_text(&run, cases[i].sql);
        snprintf(wanted, sizeof wanted, "error %s", cases[i].sqlstate);
        if (strcmp(got, wanted) != 0 || !strstr(run.err.message, cases[i].words))
            fail_msg("%s: %s, not %s  %s", cases[i].sql, got, wanted, run.err.message);
    }
    /* groupings within groupings are read again and again */
    const char *inner = "SELECT MAX(Id) AS Id FROM Users GROUP BY CUBE (Id, GroupId, Active, Name, Balance, Born)";
    snprintf(text, sizeof text, "SELECT COUNT(*) FROM (SELECT Id FROM (%s) x GROUP BY CUBE (Id, Id + 1, Id + 2, Id + 3, Id + 4, Id + 5)) y", inner);
    assert_string_equal(run_text(&run, text), "error 54000");
    assert_non_null(strstr(run.err.message, "1000"));
    run_clear(&run);
}

/* Parentheses and queries inside of keys: what is looked at beforehand is not looked at twice for each of them. */
static void nested_keys_cost_no_more_each(void **state)
{
    enum { DEEP = 24 };
    static char text[8000];
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (int sets = 0; sets < 2; sets++) {
        size_t used = 0;
        for (int i = 0; i < DEEP; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "SELECT 1 FROM Users WHERE Id = 1 GROUP BY %s((", sets ? "ROLLUP" : "((");
        used += (size_t)snprintf(text + used, sizeof text - used, "Id");
        for (int i = 0; i < DEEP; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s))", sets ? "" : "))");
        const char *rows = run_text(&run, text); /* too deep or too many groupings, or the one group: but at once */
        assert_true(strcmp(rows, "1") == 0 || strncmp(rows, "error 54000", 11) == 0 || strncmp(rows, "error 42", 8) == 0);
    }
    assert_string_equal(run_text(&run, "SELECT COUNT(*) FROM Users GROUP BY ((GroupId)), (COALESCE(Active, 0), (Id)) HAVING GroupId = 10 AND Id = 1"), "1");
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groupings_stand_behind_each_other),
        cmocka_unit_test(keeps_the_parameters_of_every_grouping_alike),
        cmocka_unit_test(says_what_can_not_be),
        cmocka_unit_test(nested_keys_cost_no_more_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
