/* Proves sql/push.c, sql/simplify.c, engine/narrow.c and the keys ahead of engine/keyed.c: from the text of a query to the scans
 * that it costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"

struct cost {
    const char *sql, *rows, *scans;
};

static void run_costs(struct run *run, const struct cost *costs, size_t count)
{
    int bad = 0;

    for (size_t i = 0; i < count; i++) {
        const char *rows = run_text(run, costs[i].sql);
        if (strcmp(rows, costs[i].rows) == 0 && strcmp(run_log(run), costs[i].scans) == 0)
            continue;
        bad++;
        print_error("%s\n  is %s\n%s not %s\n%s %s\n", costs[i].sql, rows, run_log(run), costs[i].rows, costs[i].scans, run->err.message);
    }
    assert_int_equal(bad, 0);
}

#define RUN(run, costs) run_costs(run, costs, sizeof(costs) / sizeof((costs)[0]))

static void contradictions_cost_nothing(void **state)
{
    static const struct cost costs[] = {
        {"SELECT Id FROM Users WHERE Id = 1 AND Id = 2", "", ""},
        {"SELECT Id FROM Users WHERE Id IN (1, 2) AND Id IN (3, 4)", "", ""},
        {"SELECT Id FROM Users WHERE GroupId > 20 AND GroupId < 10", "", ""},
        {"SELECT Id FROM Users WHERE GroupId > 20 AND GroupId < 21", "", ""},
        {"SELECT Id FROM Users WHERE GroupId >= 20 AND GroupId < 20", "", ""},
        {"SELECT Id FROM Users WHERE GroupId = 10 AND GroupId IS NULL", "", ""},
        {"SELECT Id FROM Users WHERE Born > '1990-01-01' AND Born < '1990-01-02'", "", ""},
        {"SELECT Id FROM Users WHERE Id IS NULL", "", ""},
        {"SELECT Id FROM Users WHERE Id = 1 AND 1 = 0", "", ""},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON 1 = 0 WHERE u.Id = 2", "2|~", "Users wanted=Id Id=2\n"},
        {"SELECT u.Id, s.n FROM Users u LEFT JOIN (SELECT UserId, COUNT(*) AS n FROM Sheets GROUP BY UserId) s ON s.UserId = u.Id AND 1 = 0 "
         "WHERE u.Id = 2", "2|~", "Users wanted=Id Id=2\n"},
        /* bounds that leave something */
        {"SELECT Id FROM Users WHERE GroupId >= 20 AND GroupId <= 20", "3;4", "Users wanted=Id,GroupId GroupId.notnull\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    run_costs(&run, costs, sizeof costs / sizeof costs[0] - 1);
    assert_string_equal(run_text(&run, costs[11].sql), costs[11].rows);
    run_clear(&run);
}

/* ON of an outer join leaves no row of the kept side out, whatever it says of it. */
static void what_on_says_of_the_kept_side_stays_there(void **state)
{
    static const struct cost costs[] = {
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.Name LIKE 'B%' WHERE u.Id < 4 ORDER BY 1, 2", "1|~;2|102;2|104;3|~",
         "Users wanted=Id,Name\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.Id <> 1 WHERE u.Id < 4 ORDER BY 1, 2", "1|~;2|102;2|104;3|103",
         "Users wanted=Id\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.GroupId IS NOT NULL WHERE u.Id > 3 ORDER BY 1, 2", "4|~;5|~;6|~",
         "Users wanted=Id,GroupId\n"
         "Sheets wanted=Id,UserId UserId=4\n"
         "Sheets wanted=Id,UserId UserId.in(5,6)\n"},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.GroupId IS DISTINCT FROM 10 WHERE u.Id < 4 ORDER BY 1, 2", "1|~;2|~;3|103",
         "Users wanted=Id,GroupId\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT u.Id, s.Id FROM Sheets s RIGHT JOIN Users u ON s.UserId = u.Id AND u.Name LIKE 'B%' WHERE u.Id < 4 ORDER BY 1, 2", "1|~;2|102;2|104;3|~",
         "Users wanted=Id,Name\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT a.Id, u.Id, s.Id FROM Users a JOIN Users u ON a.Id = u.Id LEFT JOIN Sheets s ON s.UserId = u.Id AND (u.Name LIKE 'B%' AND a.Id <> 3) WHERE a.Id < 4 "
         "ORDER BY 1, 3", "1|1|~;2|2|102;2|2|104;3|3|~",
         "Users wanted=Id,Name\n"
         "Users wanted=Id,Name Id.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Users wanted=Id,Name Id.in(3,4)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT u.Id, s.Id FROM (SELECT * FROM Users) u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.Id <> (SELECT 1) WHERE u.Id < 4 ORDER BY 1, 2", "1|~;2|102;2|104;3|103",
         "Users wanted=Id\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND s.Id <> 100 WHERE u.Id < 4 ORDER BY 1, 2", "1|101;2|102;2|104;3|103",
         "Users wanted=Id\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"},
        {"SELECT u.Id, s.Id FROM Users u FULL JOIN Sheets s ON s.UserId = u.Id AND u.Name LIKE 'B%' AND s.Id <> 103 ORDER BY 1, 2", "~|100;~|101;~|103;~|105;1|~;2|102;2|104;3|~;4|~;5|~;6|~",
         "Users wanted=Id,Name\n"
         "Sheets wanted=Id,UserId UserId.in(1,2)\n"
         "Sheets wanted=Id,UserId UserId.in(3,4)\n"
         "Sheets wanted=Id,UserId UserId.in(5,6)\n"
         "Sheets wanted=Id,UserId\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    RUN(&run, costs);
    run_clear(&run);
}

static void lists_are_cut_to_what_can_be(void **state)
{
    static const struct cost costs[] = {
        {"SELECT Id FROM Users WHERE Id IN (1, 2, 3) AND Id IN (2, 3, 9) AND Id <> 3", "2", "Users wanted=Id Id.in(2)\n"},
        {"SELECT Id FROM Users WHERE Id IN (1, 2, 3) AND Id = 2", "2", "Users wanted=Id Id=2\n"},
        {"SELECT Id FROM Users WHERE Id IN (1, 2, 3) AND Id > 1", "2;3", "Users wanted=Id Id.in(2,3)\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++)
        assert_string_equal(run_text(&run, costs[i].sql), costs[i].rows);
    run_costs(&run, costs + 2, 1);
    run_clear(&run);
}

static void conditions_are_brought_into_reach(void **state)
{
    static const struct cost costs[] = {
        {"SELECT Id FROM Users WHERE NOT (Id <> 2)", "2", "Users wanted=Id Id=2\n"},
        {"SELECT Id FROM Users WHERE NOT Active", "3;6", "Users wanted=Id,Active Active=0\n"},
        {"SELECT Id FROM Users WHERE Active IS FALSE", "3;6", "Users wanted=Id,Active Active=0\n"},
        {"SELECT Id FROM Users WHERE Active <> 1", "3;6", "Users wanted=Id,Active Active=0\n"},
        {"SELECT Id FROM Users WHERE NOT (Id <> 2 OR Active <> 1)", "2", "Users wanted=Id,Active Id=2 Active=1\n"},
        {"SELECT Id FROM Sheets WHERE YEAR(Date) = 2023", "", "Sheets wanted=Id,Date Date>=2023-01-01 Date<=2023-12-31\n"},
        {"SELECT Id FROM Sheets WHERE CAST({fn EXTRACT(YEAR FROM Date)} AS INTEGER) = 2023", "", "Sheets wanted=Id,Date Date>=2023-01-01 Date<=2023-12-31\n"},
        {"SELECT Id FROM Sheets WHERE YEAR(Date) IN (2022, 2019, 2020)", "", "Sheets wanted=Id,Date Date>=2019-01-01 Date<=2022-12-31\n"},
        {"SELECT Id FROM Sheets WHERE DATEPART(year, Date) BETWEEN 2019 AND 2022", "", "Sheets wanted=Id,Date Date>=2019-01-01 Date<=2022-12-31\n"},
        {"SELECT Id FROM Sheets WHERE Date >= '2024-01-01' AND Date >= '2024-02-01' AND Date <= '2024-12-31' AND Date < '2024-02-02'", "103",
         "Sheets wanted=Id,Date Date>=2024-02-01 Date>=2024-02-01 Date<=2024-02-02\n"},
        {"SELECT Id FROM Sheets WHERE Date > '2024-01-01' AND Date >= '2024-02-01'", "103;104;105",
         "Sheets wanted=Id,Date Date>=2024-02-01\n"},
        {"SELECT Id FROM Sheets WHERE YEAR(Date) NOT IN (2024)", "", "Sheets wanted=Id,Date\n"},
        {"SELECT Id FROM Sheets WHERE EXTRACT(MONTH FROM Date) = 13", "", "Sheets wanted=Id,Date\n"},
        {"SELECT Id FROM Sheets WHERE Date > {ts '2024-02-01 12:00:00'}", "104;105", "Sheets wanted=Id,Date Date>=2024-02-01\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    RUN(&run, costs);
    run_clear(&run);
}

static void joins_ask_for_their_keys_together(void **state)
{
    static const struct cost costs[] = {
        {"SELECT s.Id, u.Name FROM Sheets s LEFT JOIN Users u ON u.Id = s.UserId WHERE s.Duration > 1000", "100|Ann;101|Ann;103|Carol",
         "Sheets wanted=Id,UserId,Duration Duration>1000\nUsers wanted=Id,Name Id=1\nUsers wanted=Id,Name Id=3\n"},
        {"SELECT u.Id, (SELECT COUNT(*) FROM Sheets s WHERE s.UserId = u.Id) FROM Users u WHERE u.Id IN (1, 2)", "1|2;2|2",
         "Users wanted=Id Id.in(1,2)\nSheets wanted=UserId UserId.in(1,2)\n"},
        {"SELECT u.Id, s.n FROM Users u LEFT JOIN (SELECT UserId, COUNT(*) AS n FROM Sheets GROUP BY UserId) s ON s.UserId = u.Id "
         "WHERE u.Id = 2", "2|2", "Users wanted=Id Id=2\nSheets wanted=UserId UserId=2\n"},
        {"SELECT (SELECT COUNT(*) FROM Users), (SELECT SUM(Id) FROM Users)", "6|21", "Users wanted=Id\n"},
        {"SELECT a.Id, b.Name FROM Users a JOIN Users b ON b.Id = a.Id WHERE a.Id = 2", "2|Bob", "Users wanted=Id,Name Id=2\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    RUN(&run, costs);
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

/* A list beside the comparison with the other table's key: it adds no condition to the requests, but says which keys there can be. */
static void keys_are_chosen_from_lists(void **state)
{
    static const struct cost costs[] = {
        {"SELECT u.Id, s.Id FROM Users u JOIN Sheets s ON s.UserId = u.Id WHERE u.Active = 1 AND s.UserId IN (1, 2, 4)", "1|100;1|101;2|102;2|104",
         "Users wanted=Id,Active Active=1 Id.in(1,2,4)\nSheets wanted=Id,UserId UserId.in(1,2)\nSheets wanted=Id,UserId UserId=4\n"},
        /* 2 and 4 come in one batch, but 4 is not in the list */
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND s.UserId IN (2, 5) WHERE u.Balance > 0.1",
         "2|102;2|104;4|~;5|~", "Users wanted=Id,Balance Balance>0.10\nSheets wanted=Id,UserId UserId.in(2,5)\n"},
        /* the service takes a list, but no value */
        {"SELECT x.i, l.n FROM (SELECT Id + 0 AS i FROM Users) x LEFT JOIN Listed l ON l.n = x.i AND l.n IN (1, 2) WHERE x.i < 4", "1|1;2|2;3|~",
         "Users wanted=Id\nListed wanted=n n.in(1)\nListed wanted=n n.in(2)\n"},
        /* nothing is joined, or not by this column */
        {"SELECT Id FROM Users WHERE Id IN (1, 2) AND Id = 2", "2", "Users wanted=Id Id=2\n"},
        {"SELECT Id FROM Users WHERE Id IN (1, 2) AND 2 = Id", "2", "Users wanted=Id Id=2\n"},
        {"SELECT s.Id FROM (SELECT DATE '2024-01-01' + 1 AS d FROM Users WHERE Id = 1) x JOIN Sheets s ON s.Date = x.d WHERE s.UserId IN (1, 2) AND s.UserId = 1",
         "101", "Sheets wanted=Id,UserId,Date UserId=1\nUsers wanted=Id Id=1\n"},
        /* nobody sees the keys to come: all of the list are asked for */
        {"SELECT x.i, u.Name FROM (SELECT Id + 0 AS i FROM Users) x LEFT JOIN Users u ON u.Id = x.i AND u.Id IN (1, 2, 5)",
         "1|Ann;2|Bob;3|~;4|~;5|Ann;6|~", "Users wanted=Id,Name\nUsers wanted=Id,Name Id.in(1,2,5)\n"},
        {"SELECT x.i, u.Name FROM (SELECT Id + 0 AS i FROM Users) x LEFT JOIN Users u ON u.Id = x.i AND u.Id IN (1, 2, 3) AND u.Active = 1",
         "1|Ann;2|Bob;3|~;4|~;5|~;6|~", "Users wanted=Id,Name,Active\nUsers wanted=Id,Name,Active Id.in(1,2,3) Active=1\n"},
        /* the service takes one value, but no list */
        {"SELECT i.Id FROM (SELECT Id + 0 AS i FROM Users) x LEFT JOIN Items i ON i.ParentId = x.i AND i.ParentId IN (1, 2) WHERE x.i < 3", "11;12;21",
         "Users wanted=Id\nItems wanted=ParentId,Id ParentId=1\nItems wanted=ParentId,Id ParentId=2\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    RUN(&run, costs);
    run_clear(&run);
}

static void what_is_joined_with_values_is_among_them(void **state)
{
    static const struct cost costs[] = {
        {"SELECT u.Name, v.x FROM Users u JOIN (VALUES (1, 'a'), (2, 'b'), (5, 'c')) v(i, x) ON u.Id = v.i", "Ann|a;Bob|b;Ann|c",
         "Users wanted=Id,Name Id.in(1,2,5)\n"},
        {"SELECT Id, Name FROM Users NATURAL JOIN (VALUES (1), (2), (3)) v(Id)", "1|Ann;2|Bob;3|Carol", "Users wanted=Id,Name Id.in(1,2,3)\n"},
        {"SELECT u.Name, v.i FROM (VALUES (1), (2), (9)) v(i) LEFT JOIN Users u ON u.Id = v.i", "Ann|1;Bob|2;~|9", "Users wanted=Id,Name Id.in(1,2,9)\n"},
        {"SELECT u.Name FROM Users u, (SELECT 1 AS i UNION ALL SELECT 1 + 1 UNION SELECT NULL) v WHERE u.Id = v.i", "Ann;Bob", "Users wanted=Id,Name Id.in(1,2)\n"},
        {"WITH v(i) AS (VALUES (1), (3)) SELECT u.Name FROM v JOIN Users u ON u.Id = v.i", "Ann;Carol", "Users wanted=Id,Name Id.in(1,3)\n"},
        {"SELECT s.Id FROM Sheets s JOIN (VALUES (1), (2)) v(i) ON s.UserId = v.i JOIN Users u ON u.Id = s.UserId", "100;101;102;104",
         "Sheets wanted=Id,UserId UserId.in(1,2)\nUsers wanted=Id Id.in(1,2)\n"},
        {"SELECT u.Name FROM Users u JOIN (VALUES (1), (NULL)) v(i) ON u.Id = v.i", "Ann", "Users wanted=Id,Name Id=1\n"},
        {"SELECT u.Name FROM Users u JOIN (SELECT 1 AS i FROM Sheets WHERE UserId = 1 INTERSECT SELECT 1) v ON u.Id = v.i", "Ann",
         "Sheets wanted=UserId UserId=1\nUsers wanted=Id,Name Id=1\n"},
        {"SELECT u.Id, v.i, s.Id FROM Users u LEFT JOIN (VALUES (1), (2)) v(i) ON u.Id = v.i LEFT JOIN Sheets s ON s.UserId = v.i WHERE u.Active = 1",
         "1|1|100;1|1|101;2|2|102;2|2|104;4|~|~;5|~|~", "Users wanted=Id,Active Active=1\nSheets wanted=Id,UserId UserId.in(1,2)\n"},
        /* where the missing side of a join is, and rows that are no constants, say nothing */
        {"SELECT u.Id, v.i FROM Users u LEFT JOIN (VALUES (1), (2)) v(i) ON u.Id = v.i WHERE u.Active = 0", "3|~;6|~", "Users wanted=Id,Active Active=0\n"},
        {"SELECT u.Id, v.i FROM Users u FULL JOIN (VALUES (1), (12)) v(i) ON u.Id = v.i", "1|1;2|~;3|~;4|~;5|~;6|~;~|12", "Users wanted=Id\n"},
        {"SELECT u.Name FROM Users u JOIN (SELECT 1 AS i UNION ALL SELECT Id FROM Users WHERE Id = 4) v ON u.Id = v.i", "Ann;dave",
         "Users wanted=Id,Name\nUsers wanted=Id,Name Id=4\n"},
        {"SELECT u.Name FROM Users u JOIN (SELECT 1 AS i EXCEPT SELECT 1) v ON u.Id = v.i", "", ""},
        {"WITH RECURSIVE v(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM v WHERE i < 2) SELECT u.Name FROM Users u JOIN v ON u.Id = v.i", "Ann;Bob",
         "Users wanted=Id,Name\n"},
        {"SELECT u.Id, (SELECT COUNT(*) FROM Sheets s JOIN (VALUES (u.Id)) v(i) ON s.UserId = v.i) FROM Users u WHERE u.Id IN (1, 2)", "1|2;2|2",
         "Users wanted=Id Id.in(1,2)\nSheets wanted=UserId UserId.in(1,2)\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    RUN(&run, costs);
    run_clear(&run);
}

/* A thousand values are asked for, more are not. */
static void long_lists_of_values_are_left_alone(void **state)
{
    static char sql[20000];
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (int rows = 1000; rows <= 1001; rows++) {
        size_t used = (size_t)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM Users u JOIN (VALUES (1)");
        for (int i = 2; i <= rows; i++)
            used += (size_t)snprintf(sql + used, sizeof sql - used, ", (%d)", i);
        snprintf(sql + used, sizeof sql - used, ") v(i) ON u.Id = v.i");
        assert_string_equal(run_text(&run, sql), "6");
        assert_int_equal(strncmp(run_log(&run), "Users wanted=Id Id.in(1,2,3,", 28) == 0, rows == 1000);
    }
    run_clear(&run);
}

/* EXPLAIN of a table that takes every condition: Step, Table, Request, ServiceFilters, LocalFilters, OrderBy, Limit, Paging, NotPushed. */
static void conditions_are_explained_as_they_are_sent(void **state)
{
    static const char none[] = "none: no row can satisfy the conditions";
    static const struct { const char *query, *request, *filters; } cases[] = {
        {"SELECT Id FROM Users WHERE Id IN (1, 2, 3) AND Id IN (2, 5)", "~", "Id IN (2)"},
        {"SELECT Id FROM Users WHERE Id IN (1, 2, 3) AND Id = 2", "~", "Id = 2"},
        {"SELECT Id FROM Users WHERE Id IN (1, 2, 3) AND Id = 5", none, "Id IN (1, 2, 3) AND Id = 5"},
        {"SELECT Id FROM Users WHERE Id = 2 AND Id = 2 AND Active = 1", "~", "Id = 2 AND Active = 1"},
        {"SELECT Id FROM Users WHERE Id IN (1, 2) AND 1 = 0", none, "Id IN (1, 2)"},
        {"SELECT Id FROM Users WHERE GroupId > 5 AND GroupId < 3", none, "GroupId > 5 AND GroupId < 3"},
        {"SELECT Id FROM Users WHERE Balance = 1.234", "~", "~"},
        {"SELECT u.Id FROM (VALUES (1), (2), (5)) v(i) LEFT JOIN Users u ON u.Id = v.i", "~", "Id = v.i AND Id IN (1, 2, 5)"},
        {"SELECT u.Id FROM Users u LIMIT 0", "none: no row is wanted", "~"},
        {"SELECT Id FROM (SELECT Id, ROW_NUMBER() OVER (ORDER BY Name) AS n FROM Users LIMIT 3) x WHERE 1 = 0", none, "~"},
    };
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[300], row[300];
        snprintf(sql, sizeof sql, "EXPLAIN %s", cases[i].query);
        snprintf(row, sizeof row, "1|Users|%s|%s|", cases[i].request, cases[i].filters);
        const char *rows = run_text(&run, sql);
        if (strncmp(rows, row, strlen(row)) != 0) {
            bad++;
            print_error("%s\n  is %s\n not %s\n", sql, rows, row);
        }
    }
    assert_int_equal(bad, 0);
    run_clear(&run);
}

#define SHEETS "Sheets wanted=Id,UserId UserId.in(1,2)\nSheets wanted=Id,UserId UserId.in(3,4)\nSheets wanted=Id,UserId UserId.in(5,6)\n"

static void what_is_sent_leaves_the_answer_as_it_is(void **state)
{
    static const struct cost costs[] = {
        /* a condition of a join that rows may miss holds for none of them */
        {"SELECT u.Id, s.Id, p.Id FROM Users u JOIN Sheets s ON s.UserId = u.Id AND u.Id = 2 RIGHT JOIN (VALUES (1), (2)) p(Id) ON p.Id = u.Id "
         "ORDER BY 3, 2", "~|~|1;2|102|2;2|104|2",
         "Users wanted=Id\nSheets wanted=Id,UserId UserId.in(1,2)\nSheets wanted=Id,UserId UserId.in(3,4)\nSheets wanted=Id,UserId UserId.in(5,6)\n"},
        /* and a condition of ON on the side that keeps its rows leaves none of them out */
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.Name LIKE 'B%' AND s.Id < 103 ORDER BY 1, 2", "1|~;2|102;3|~;4|~;5|~;6|~",
         "Users wanted=Id,Name\n" SHEETS},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND u.GroupId IS NOT NULL AND s.Id < 101 ORDER BY 1, 2",
         "1|100;2|~;3|~;4|~;5|~;6|~", "Users wanted=Id,GroupId\n" SHEETS},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND (u.GroupId <> 10 AND s.Id < 101) ORDER BY 1, 2",
         "1|~;2|~;3|~;4|~;5|~;6|~", "Users wanted=Id,GroupId\n" SHEETS},
        {"SELECT x.Id, s.Id FROM (VALUES (1), (2)) v(k) JOIN Users x ON x.Id = v.k LEFT JOIN Sheets s ON s.UserId = v.k AND x.GroupId <> 10 AND s.Id < 101 ORDER BY 1, 2",
         "1|~;2|~", "Users wanted=Id,GroupId Id.in(1,2)\nSheets wanted=Id,UserId UserId.in(1,2)\n"},
        /* nor may it go into a derived table whose rows depend on each other, or past an EXCEPT */
        {"SELECT u.Id, x.Id FROM Users u LEFT JOIN (SELECT Id, UserId FROM Sheets ORDER BY Id LIMIT 2) x ON x.UserId = u.Id AND x.UserId = 2 "
         "ORDER BY 1", "1|~;2|~;3|~;4|~;5|~;6|~", "Users wanted=Id order=Id\nSheets wanted=Id,UserId order=Id limit=2\n"},
        {"SELECT u.Id, x.n FROM Users u LEFT JOIN (SELECT UserId, ROW_NUMBER() OVER (ORDER BY Id) AS n FROM Sheets) x "
         "ON x.UserId = u.Id AND x.UserId = 2 WHERE u.Id < 4 ORDER BY 1, 2", "1|~;2|3;2|5;3|~",
         "Users wanted=Id\nSheets wanted=Id,UserId order=Id\n"},
        {"SELECT u.Id, x.k FROM Users u LEFT JOIN (SELECT Id AS k FROM Users EXCEPT SELECT Id FROM Users WHERE Id = 2) x "
         "ON x.k = u.Id AND x.k = 3 ORDER BY 1", "1|~;2|~;3|3;4|~;5|~;6|~", "Users wanted=Id order=Id\nUsers wanted=Id\nUsers wanted=Id Id=2\n"},
        {"SELECT u.Id, x.c FROM Users u LEFT JOIN (SELECT GroupId, COUNT(*) AS c FROM Users GROUP BY GroupId) x "
         "ON x.GroupId = u.GroupId AND x.GroupId = 20 ORDER BY 1", "1|~;2|~;3|2;4|2;5|~;6|~",
         "Users wanted=Id,GroupId order=Id\nUsers wanted=Id,GroupId GroupId=20\n"},
        {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND NULL = 1 WHERE u.Id = 2", "2|~", "Users wanted=Id Id=2\n"},
        /* moments and days */
        {"SELECT Id FROM Sheets WHERE CAST(Date AS TIMESTAMP) > TIMESTAMP '2024-02-01 12:00:00'", "104;105", "Sheets wanted=Id,Date Date>=2024-02-01\n"},
        {"SELECT Id FROM Sheets WHERE CAST(Date AS TIMESTAMP) < TIMESTAMP '2024-01-02 00:00:01'", "100;101;102",
         "Sheets wanted=Id,Date Date<=2024-01-02\n"},
        {"SELECT Id FROM Sheets WHERE Date >= DATEADD(day, 1, TIMESTAMP '2024-02-01 12:00:00')", "105", "Sheets wanted=Id,Date Date>=2024-02-02\n"},
        {"SELECT Id FROM Sheets WHERE TIMESTAMP '2024-02-03 12:00:00' - INTERVAL '1' DAY > Date", "100;101;102;103;104",
         "Sheets wanted=Id,Date Date<=2024-02-02\n"},
        {"SELECT Id FROM Sheets WHERE Date >= TIMESTAMPADD(SQL_TSI_DAY, RAND() * 0, TIMESTAMP '2024-03-01 00:00:00')", "105",
         "Sheets wanted=Id,Date\n"}, /* another value in each row */
        {"SELECT Id FROM Sheets WHERE YEAR(Date) = 9999", "", "Sheets wanted=Id,Date\n"},
        {"SELECT Id FROM Sheets WHERE YEAR(Date) = 0", "", "Sheets wanted=Id,Date\n"},
        /* a bound past every value still leaves the NULLs out, so a LIMIT stays here */
        {"SELECT Id FROM Users WHERE Balance < 999999999999.5 ORDER BY Balance LIMIT 1", "3", "Users wanted=Id,Balance order=Balance\n"},
        /* truth values */
        {"SELECT Id FROM Users WHERE Active IS NOT TRUE", "3;6", "Users wanted=Id,Active\n"},
        {"SELECT Id FROM Users WHERE (Active AND GroupId = 10) IS NOT FALSE", "1;2;5", "Users wanted=Id,GroupId,Active\n"},
        {"SELECT Id FROM Users WHERE NOT (GroupId IS NOT DISTINCT FROM 10)", "3;4;5;6", "Users wanted=Id,GroupId\n"},
        /* whose LIMIT SQLite checks a condition for */
        {"SELECT Id FROM Users WHERE Id < GroupId LIMIT 1", "1", "Users wanted=Id,GroupId\n"},
        /* a decimal is no key of a list; a query that looks at its first rows reads a foreign key's rows one by one */
        {"SELECT u.Id FROM Users u, Users v WHERE u.Balance = v.Balance AND v.Id < 3 ORDER BY 1", "1;2",
         "Users wanted=Id,Balance order=Id\nUsers wanted=Id,Balance Balance=0.10\nUsers wanted=Id,Balance Balance=0.20\n"
         "Users wanted=Id,Balance Balance=-5.00\nUsers wanted=Id,Balance Balance=100.00\nUsers wanted=Id,Balance Balance=9.50\n"},
        {"SELECT s.Id, u.Id FROM Users u JOIN Sheets s ON u.Id = s.UserId WHERE u.Active = 1 LIMIT 2", "100|1;101|1",
         "Users wanted=Id,Active Active=1\nSheets wanted=Id,UserId UserId=1\n"},
        /* what is compared with every row of a query that has NULLs is unknown */
        {"SELECT Id FROM Users WHERE (Balance <= ALL (SELECT Balance FROM Users WHERE Id IN (5, 6))) IS UNKNOWN ORDER BY Id", "1;2;3;5;6",
         "Users wanted=Id,Balance order=Id\nUsers wanted=Id,Balance Id.in(5,6)\n"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    RUN(&run, costs);
    run_clear(&run);
}

static void without_pushdown_only_what_a_table_requires(void **state)
{
    static const struct cost costs[] = {
        {"SELECT Id FROM Users WHERE Id = 2", "2", "Users wanted=Id\n"},
        {"SELECT Id FROM Users WHERE Id IN (2, 3) ORDER BY Id DESC LIMIT 1", "3", "Users wanted=Id\n"},
        {"SELECT Id FROM Users LIMIT 2", "1;2", "Users wanted=Id\n"},
        {"SELECT Id FROM Items WHERE ParentId = 1 AND Title = 'ink'", "12", "Items wanted=ParentId,Id,Title ParentId=1\n"},
        {"SELECT a FROM Pairs WHERE Token = 'k' AND a = 2", "2", "Pairs wanted=a,Token Token=k\n"},
        {"SELECT a FROM Pairs WHERE Least = 1.5 AND a = 2", "2", "Pairs wanted=a,Least Least=1.50\n"},
        {"SELECT Id FROM Items", "error 42000", ""},
    };
    const struct engine_options options = {.pushdown = false};
    struct run run;
    (void)state;

    run_init(&run, 0);
    engine_close(run.engine);
    assert_true(engine_open(&run.fake.service, &options, NULL, &run.engine, &run.err));
    RUN(&run, costs);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contradictions_cost_nothing),
        cmocka_unit_test(what_on_says_of_the_kept_side_stays_there), cmocka_unit_test(lists_are_cut_to_what_can_be),
        cmocka_unit_test(conditions_are_brought_into_reach),
        cmocka_unit_test(joins_ask_for_their_keys_together), cmocka_unit_test(keys_are_chosen_from_lists),
        cmocka_unit_test(what_is_joined_with_values_is_among_them), cmocka_unit_test(long_lists_of_values_are_left_alone),
        cmocka_unit_test(conditions_are_explained_as_they_are_sent),
        cmocka_unit_test(what_is_sent_leaves_the_answer_as_it_is),
        cmocka_unit_test(without_pushdown_only_what_a_table_requires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
