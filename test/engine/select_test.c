/* Proves joins, subqueries, common tables, windows, orders, literals, names and comments of SELECT over the tables of a service: the
 * rows that SQL says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"

/* rows: cells divided by |, rows by ;, NULL is ~ */
struct answer {
    const char *sql, *rows;
};

static void run_answers(const struct answer *answers, size_t count)
{
    struct run run;
    int bad = 0;

    run_init(&run, 0);
    for (size_t i = 0; i < count; i++) {
        const char *rows = run_text(&run, answers[i].sql);
        if (strcmp(rows, answers[i].rows) == 0)
            continue;
        bad++;
        print_error("%s\n  is %s\n not %s %s\n", answers[i].sql, rows, answers[i].rows, run.err.message);
    }
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
    assert_int_equal(bad, 0);
}

#define RUN(answers) run_answers(answers, sizeof(answers) / sizeof((answers)[0]))

#define A "(VALUES (1, 'a'), (2, 'b'), (3, 'c')) a(k, x)"
#define B "(VALUES (2, 'p'), (3, 'q'), (4, 'r')) b(k, y)"
#define C "(VALUES (3, 's'), (4, 't'), (5, 'u')) c(k, z)"

static void joins_of_three(void **state)
{
    static const struct answer answers[] = {
        {"SELECT * FROM " A " NATURAL JOIN " B " NATURAL JOIN " C, "3|c|q|s"},
        {"SELECT * FROM " A " NATURAL LEFT JOIN " B " NATURAL LEFT JOIN " C " ORDER BY k", "1|a|~|~;2|b|p|~;3|c|q|s"},
        {"SELECT * FROM " A " NATURAL RIGHT JOIN " B " NATURAL RIGHT JOIN " C " ORDER BY k", "3|c|q|s;4|~|r|t;5|~|~|u"},
        {"SELECT * FROM " A " NATURAL FULL JOIN " B " NATURAL FULL JOIN " C " ORDER BY k", "1|a|~|~;2|b|p|~;3|c|q|s;4|~|r|t;5|~|~|u"},
        {"SELECT * FROM " A " JOIN " B " USING (k) JOIN " C " USING (k)", "3|c|q|s"},
        {"SELECT * FROM " A " LEFT JOIN " B " USING (k) RIGHT JOIN " C " USING (k) ORDER BY k", "3|c|q|s;4|~|~|t;5|~|~|u"},
        {"SELECT * FROM " A " FULL JOIN " B " USING (k) LEFT JOIN " C " USING (k) ORDER BY k", "1|a|~|~;2|b|p|~;3|c|q|s;4|~|r|t"},
        {"SELECT * FROM " A " FULL OUTER JOIN " B " USING (k) FULL OUTER JOIN " C " USING (k) ORDER BY k", "1|a|~|~;2|b|p|~;3|c|q|s;4|~|r|t;5|~|~|u"},
        {"SELECT a.k, b.k, c.k FROM " A " LEFT JOIN (" B " JOIN " C " ON b.k = c.k) ON a.k = b.k ORDER BY 1", "1|~|~;2|~|~;3|3|3"},
        {"SELECT COUNT(*) FROM " A " CROSS JOIN " B ", " C, "27"},
        {"SELECT a.k, c.k FROM {oj " A " LEFT OUTER JOIN " B " ON a.k = b.k} INNER JOIN " C " ON c.k = b.k", "3|3"},
        {"SELECT u.Id, s.Id, i.Id FROM Users u JOIN Sheets s ON s.UserId = u.Id LEFT JOIN Items i ON i.ParentId = u.Id AND i.Price > 2 ORDER BY 2",
         "1|100|12;1|101|12;2|102|21;3|103|~;2|104|21"},
    };
    (void)state;
    RUN(answers);
}

static void correlated_in_every_clause(void **state)
{
    static const struct answer answers[] = {
        {"SELECT Id, (SELECT COUNT(*) FROM Sheets s WHERE s.UserId = u.Id) FROM Users u ORDER BY Id", "1|2;2|2;3|1;4|0;5|0;6|0"},
        {"SELECT Id FROM Users u WHERE (SELECT MAX(Duration) FROM Sheets s WHERE s.UserId = u.Id) > 1000 ORDER BY Id", "1;3"},
        {"SELECT Id FROM Users u WHERE NOT EXISTS (SELECT 1 FROM Sheets s WHERE s.UserId = u.Id) ORDER BY Id", "4;5;6"},
        {"SELECT Id FROM Users u WHERE 100 IN (SELECT s.Id FROM Sheets s WHERE s.UserId = u.Id)", "1"},
        {"SELECT Id FROM Users u WHERE 60 >= ALL (SELECT Duration FROM Sheets s WHERE s.UserId = u.Id) ORDER BY Id", "2;4;5;6"},
        {"SELECT a.Id, b.Id FROM Users a JOIN Users b ON b.Id = (SELECT MAX(c.Id) FROM Users c WHERE c.GroupId = a.GroupId) ORDER BY 1",
         "1|2;2|2;3|4;4|4;6|6"},
        {"SELECT GroupId, COUNT(*) FROM Users u GROUP BY GroupId HAVING COUNT(*) > (SELECT COUNT(*) FROM Items i WHERE i.ParentId = GroupId / 10) "
         "ORDER BY 1", "~|1;20|2"},
        {"SELECT Id FROM Users u ORDER BY (SELECT COUNT(*) FROM Sheets s WHERE s.UserId = u.Id) DESC, Id DESC", "2;1;3;6;5;4"},
        {"SELECT CASE WHEN EXISTS (SELECT 1 FROM Sheets s WHERE s.UserId = u.Id) THEN 'y' ELSE 'n' END FROM Users u ORDER BY Id", "y;y;y;n;n;n"},
        /* three levels deep, the innermost looking at the outermost */
        {"SELECT Id FROM Users u WHERE EXISTS (SELECT 1 FROM Sheets s WHERE s.UserId = u.Id AND s.Duration = (SELECT MAX(t.Duration) FROM Sheets t "
         "WHERE t.UserId = s.UserId AND EXISTS (SELECT 1 FROM Users v WHERE v.Id = t.UserId AND v.GroupId = u.GroupId AND u.Active))) ORDER BY Id", "1;2"},
    };
    (void)state;
    RUN(answers);
}

#define PAIRS "(VALUES (1, 10), (2, NULL), (3, 30)) p(a, b)"

static void rows_as_wholes(void **state)
{
    static const struct answer answers[] = {
        {"SELECT a FROM " PAIRS " WHERE (a, b) = (SELECT 3, 30)", "3"}, {"SELECT a FROM " PAIRS " WHERE (SELECT 1, 10) = (a, b)", "1"},
        {"SELECT (a, b) = (SELECT 2, 10), (a, b) <> (SELECT 2, 10) FROM " PAIRS, "0|1;~|~;0|1"},
        {"SELECT (a, b) < (SELECT 3, 10), (SELECT 3, 10) > (a, b), (a, b) >= (SELECT 1, 10) FROM " PAIRS, "1|1|1;1|1|1;0|0|1"},
        {"SELECT (1, 2) = (SELECT 1, 2 FROM Users WHERE Id = 99), ((1, 2) <> (SELECT 1, 2 FROM Users WHERE Id = 99)) IS UNKNOWN", "~|1"},
        {"SELECT Id FROM Users u WHERE (Id, 100) = (SELECT s.UserId, MIN(s.Id) FROM Sheets s WHERE s.UserId = u.Id GROUP BY s.UserId)", "1"},
        {"SELECT (1, 2) = (SELECT Id, 2 FROM Users)", "error 21000"}, {"SELECT (1, 2) = (SELECT 1, 2, 3)", "error 42000"},
        {"SELECT (1, 2) < ANY (SELECT 1)", "error 42000"},
        {"SELECT a FROM " PAIRS " WHERE (a, b) = ANY (SELECT Id, Id * 10 FROM Users)", "1;3"},
        {"SELECT a FROM " PAIRS " WHERE (a, b) <> ALL (SELECT Id, 10 FROM Users)", "3"},
        {"SELECT (a, b) > ANY (SELECT Id, 10 FROM Users WHERE Id < 3), (a, b) <= ALL (SELECT Id, 10 FROM Users WHERE Id > 1) FROM " PAIRS, "0|1;1|~;1|0"},
        {"SELECT (a, b) <> ANY (SELECT 1, 10), (a, b) = ALL (SELECT 1, 10), (a, b) > ALL (SELECT 1, 10 FROM Users WHERE Id = 99) FROM " PAIRS, "0|1|1;1|0|1;1|0|1"},
        {"SELECT (1, 1.50) = (SELECT 1e0, '1.5'), (DATE '2024-02-29', 1) = (SELECT TIMESTAMP '2024-02-29 00:00:00', 1)", "1|1"},
        {"SELECT (a, b) BETWEEN (1, 10) AND (3, 0), (a, b) NOT BETWEEN (1, 11) AND (3, 30) FROM " PAIRS, "1|1;1|0;0|0"},
        {"SELECT (a, b) IS NULL, (a, b) IS NOT NULL, (NULL, b) IS NULL, NOT ((a, b) IS NULL) FROM " PAIRS, "0|1|0|1;0|0|1|1;0|1|0|1"},
        {"SELECT a FROM " PAIRS " WHERE ROW(a, b) = ROW(3, 30) OR ROW (a) = 2", "2;3"}, {"SELECT a FROM " PAIRS " WHERE ROW(a, b) IN (SELECT 1, 10)", "1"},
        {"SELECT (1, 2) = 3", "error 42000"}, {"SELECT (1, 2) BETWEEN (1, 2) AND 3", "error 42000"}, {"SELECT (1, 2) BETWEEN (1, 2) AND (1, 2, 3)", "error 42000"},
    };
    (void)state;
    RUN(answers);
}

static void common_tables(void **state)
{
    static const struct answer answers[] = {
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT SUM(i), MAX(i) FROM n", "15|5"},
        {"WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n", "1;2;3"},
        {"WITH n(i) AS (SELECT i + 1 FROM n) SELECT i FROM n", "error 42S02"}, {"WITH RECURSIVE n(i) AS (SELECT i + 1 FROM n) SELECT i FROM n", "error 42000"},
        /* used in places that are hard to see */
        {"WITH q AS (SELECT 7 AS i) SELECT Id, ROW_NUMBER() OVER (ORDER BY (SELECT i FROM q) - Id) FROM Users WHERE Id < 3 ORDER BY 1", "1|2;2|1"},
        {"WITH q AS (SELECT 7 AS i) SELECT SUM(Id) OVER (PARTITION BY (SELECT COUNT(*) FROM q)) FROM Users WHERE Id < 3", "3;3"},
        {"WITH q AS (SELECT 1 AS i) SELECT LISTAGG(Id, '') WITHIN GROUP (ORDER BY Id * (SELECT i - 2 FROM q)) FROM Users WHERE Id < 4", "321"},
        {"WITH q AS (SELECT 1 AS i) SELECT COUNT(*) FILTER (WHERE Id = (SELECT i FROM q)) FROM Users", "1"},
        {"WITH q AS (SELECT 1 AS i) SELECT Id FROM Users WHERE (Id, 1) < ANY (SELECT i + 1, 1 FROM q)", "1"},
        {"WITH q AS (SELECT 2 AS i) SELECT Id FROM Users WHERE Id < 3 ORDER BY CASE Id WHEN (SELECT i FROM q) THEN 0 ELSE 1 END", "2;1"},
        {"WITH q AS (SELECT 2 AS i) SELECT a.Id, q.i FROM (SELECT Id FROM q, Users WHERE 1 = 0) a FULL JOIN q ON a.Id = q.i", "~|2"},
        {"WITH q AS (SELECT 1 AS i), r AS (SELECT i FROM q) SELECT (SELECT COUNT(*) FROM r a, r b), COUNT(*) FROM r WHERE 1 = 0", "1|0"},
        {"SELECT COUNT(*) FROM Users WHERE NOT EXISTS (SELECT 1 FROM Users LIMIT 0) AND EXISTS (SELECT COUNT(*) FROM Users WHERE 1 = 0)", "6"},
        {"SELECT 1 WHERE EXISTS (SELECT 1 WHERE 1 = 0 UNION SELECT 2)", "1"}, {"SELECT COUNT(*) FROM (SELECT COUNT(*) FROM Users WHERE 1 = 0) x", "1"},
        /* without the word, a name that means a table means it */
        {"WITH Users AS (SELECT Id FROM Users WHERE Id = 1 UNION ALL SELECT Id + 10 FROM Users WHERE Id = 2) SELECT Id FROM Users", "1;12"},
        {"WITH n AS (SELECT 1 AS i), m AS (WITH n AS (SELECT 5 AS i UNION ALL SELECT i FROM n) SELECT * FROM n) SELECT * FROM m", "5;1"},
        /* one that does not use itself is as any other */
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 2.5), m(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM m WHERE i < 2) SELECT * FROM n, m", "1.0|1;1.0|2;2.5|1;2.5|2"},
        {"WITH RECURSIVE n(s) AS (SELECT 'a' UNION ALL SELECT 'bcd') SELECT s FROM n", "a;bcd"},
        /* a text grows with its steps */
        {"WITH RECURSIVE n(s, i) AS (SELECT 'a', 1 UNION ALL SELECT s || '/b', i + 1 FROM n WHERE i < 3) SELECT s FROM n", "a;a/b;a/b/b"},
        {"WITH RECURSIVE n(s, i) AS (SELECT 'a', 1 UNION ALL SELECT CAST(s || '/b' AS VARCHAR(3)), i + 1 FROM n WHERE i < 3) SELECT s FROM n", "error 22001"},
        {"WITH RECURSIVE up(Id, Level) AS (SELECT Id, 0 FROM Users WHERE Id = 1 UNION ALL SELECT u.Id, up.Level + 1 FROM Users u JOIN up "
         "ON u.Id = up.Id + 2) SELECT Id, Level FROM up ORDER BY Level", "1|0;3|1;5|2"},
        {"WITH RECURSIVE f(a, b) AS (SELECT 0, 1 UNION SELECT b, a + b FROM f WHERE b < 20) SELECT MAX(a) FROM f", "13"},
        {"WITH p AS (SELECT Id FROM Users WHERE Active = 1), q AS (SELECT Id FROM p WHERE Id > 2) SELECT COUNT(*) FROM p, q", "8"},
    };
    (void)state;
    RUN(answers);
}

static void windows_and_orders(void **state)
{
    static const struct answer answers[] = {
        {"SELECT Id, SUM(Id) OVER (PARTITION BY GroupId ORDER BY Id) FROM Users ORDER BY Id", "1|1;2|3;3|3;4|7;5|5;6|6"},
        {"SELECT SUM(Id) OVER (ORDER BY Id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM Users ORDER BY Id", "1;3;6;10;15;21"},
        {"SELECT SUM(Id) OVER (ORDER BY Id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM Users ORDER BY Id", "21;20;18;15;11;6"},
        {"SELECT SUM(Id) OVER (ORDER BY Id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM Users ORDER BY Id", "~;1;3;5;7;9"},
        {"SELECT COUNT(*) OVER (ORDER BY GroupId RANGE BETWEEN 10 PRECEDING AND CURRENT ROW) FROM Users ORDER BY Id", "2;2;4;4;1;3"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE BETWEEN 0.05 PRECEDING AND 1 FOLLOWING) FROM (VALUES (0.10), (0.15), (1.1), (1.15), (NULL)) v(x) ORDER BY x", "1;3;4;2;2"},
        {"SELECT COUNT(*) OVER (ORDER BY x DESC RANGE BETWEEN 0.005 PRECEDING AND 0.05 FOLLOWING) FROM (VALUES (0.10), (0.15), (1.1)) v(x) ORDER BY x", "1;2;1"},
        {"SELECT COUNT(*) OVER w, MIN(x) OVER w FROM (VALUES (DATE '2024-02-28'), (DATE '2024-03-01'), (DATE '2024-03-08')) v(x) "
         "WINDOW w AS (ORDER BY x RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND INTERVAL '1' WEEK FOLLOWING) ORDER BY x", "2|2024-02-28;3|2024-02-28;1|2024-03-08"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE 2 PRECEDING) FROM (VALUES (DATE '2024-02-28'), (DATE '2024-03-01'), (DATE '2024-03-08')) v(x) ORDER BY x", "1;2;1"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE BETWEEN INTERVAL '1:30' MINUTE TO SECOND PRECEDING AND INTERVAL '0.25' SECOND FOLLOWING) FROM (VALUES "
         "(TIMESTAMP '2024-02-29 23:59:00'), (TIMESTAMP '2024-03-01 00:00:30'), (TIMESTAMP '2024-03-01 00:00:30.25')) v(x) ORDER BY x", "1;3;2"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE INTERVAL '1' HOUR PRECEDING) FROM (VALUES (TIME '23:59:59'), (TIME '22:59:59'), (TIME '00:00:00')) v(x) ORDER BY x", "1;1;2"},
        {"SELECT SUM(Id) OVER (ORDER BY Id RANGE INTERVAL '1' DAY PRECEDING) FROM Users", "error 42000"},
        {"SELECT SUM(Id) OVER (ORDER BY Name RANGE 1 PRECEDING) FROM Users", "error 42000"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE INTERVAL '1' MONTH PRECEDING) FROM (VALUES (DATE '2024-02-28')) v(x)", "error 42000"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE 1e0 PRECEDING) FROM (VALUES (1.5)) v(x)", "error 42000"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE 1 PRECEDING) FROM (VALUES (CAST(1.5 AS DECIMAL(30, 2)))) v(x)", "error 42000"},
        {"SELECT COUNT(*) OVER (ORDER BY x RANGE 9999999999999999999 PRECEDING) FROM (VALUES (1.5)) v(x)", "error 22003"},
        {"SELECT SUM(Id) OVER (ORDER BY Id ROWS -1 PRECEDING) FROM Users", "error 22013"},
        {"SELECT Id FROM Users ORDER BY GroupId NULLS FIRST, Id", "5;1;2;3;4;6"}, {"SELECT Id FROM Users ORDER BY GroupId NULLS LAST, Id", "1;2;3;4;6;5"},
        {"SELECT Id FROM Users ORDER BY GroupId DESC NULLS FIRST, Id", "5;6;3;4;1;2"},
        {"SELECT Id FROM Users ORDER BY GroupId DESC NULLS LAST, Id", "6;3;4;1;2;5"},
        {"SELECT Id FROM Users ORDER BY CASE WHEN Balance > 1.00 THEN 'B' ELSE 'a' END, Id", "4;5;1;2;3;6"},
        {"SELECT MAX(CASE WHEN Balance > 1.00 THEN '9' ELSE '10' END) FROM Users", "9"},
        {"SELECT DISTINCT GroupId FROM Users ORDER BY Name", "error 42000"},
    };
    (void)state;
    RUN(answers);
}

static void literals_names_and_comments(void **state)
{
    static const struct answer answers[] = {
        {"SELECT DATE '2024-02-29', TIME '13:14:15', TIMESTAMP '2024-02-29 13:14:15.5', {d '2024-02-29'}, {t '13:14:15'}, {ts '2024-02-29 13:14:15.5'}",
         "2024-02-29|13:14:15|2024-02-29 13:14:15.5|2024-02-29|13:14:15|2024-02-29 13:14:15.5"},
        {"SELECT DATE '2024-02-30'", "error 22007"},
        {"SELECT \"Id\" FROM \"Users\" WHERE \"Users\".\"Id\" = 1", "1"}, {"SELECT [Id] FROM [Users] WHERE [Users].[Id] = 1", "1"},
        {"SELECT `Id` FROM `Users` WHERE `Users`.`Id` = 1", "1"},
        {"SELECT Users.Id FROM Fake.Users WHERE Fake.Users.Id = 1", "1"}, {"SELECT Id FROM Fake.Fake.Users WHERE Fake.Fake.Users.Id = 1", "1"},
        {"SELECT \"Fake\".\"Users\".\"Id\" FROM \"Fake\".\"Users\" WHERE Id = 1", "1"}, {"SELECT [Fake].[Users].[Id] FROM [Fake].[Fake].[Users] WHERE Id = 1", "1"},
        {"SELECT `Fake`.`Users`.* FROM `Fake`.`Users` WHERE Id = 1", "1|Ann|10|1|0.10|1990-01-31"}, {"SELECT Id FROM Other.Users", "error 42S02"},
        {"SELECT /* one /* two */ Id -- three\n FROM Users -- four\n WHERE Id = 1 -- five", "1"},
        {"SELECT '--', '/*', \"Id\"/**/FROM/**/Users WHERE Id=1", "--|/*|1"},
        {"SELECT CASE GroupId WHEN 10 THEN 'a' ELSE CASE WHEN Id = 3 THEN 'b' ELSE 'c' END END FROM Users ORDER BY Id", "a;a;b;c;c;c"},
        {"SELECT (CAST(1 AS DECIMAL(38,20)) + CAST(0.1 AS DECIMAL(38,30))) + 1", "2.100000000000000000"}, /* as many places as whole digits leave */
        /* a chain is what its steps are, each with its own scale */
        {"SELECT 0.1 + 0.02 + 0.003, 1 + 0.5 + 2, 10 - 0.5 - 0.25, 10 - (0.5 - 0.25)", "0.123|3.5|9.25|9.75"},
        {"SELECT 1.5 * 1.25 * 2.0, 0.1 * 0.1 * 0.1, 2 * 0.5 * 3", "3.7500|0.001|3.0"},
        {"SELECT CAST(0.001 AS DECIMAL(38,19)) * CAST(0.0006 AS DECIMAL(38,19)) * CAST(1000000 AS DECIMAL(38,0))", "1.000000"},
        {"SELECT Balance + 0.005 + Balance FROM Users WHERE Id = 1", "0.205"},
        {"SELECT CEILING(99.5), -CAST(-2147483648 AS INTEGER)", "100|2147483648"},
    };
    (void)state;
    RUN(answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_of_three), cmocka_unit_test(correlated_in_every_clause), cmocka_unit_test(rows_as_wholes), cmocka_unit_test(common_tables),
        cmocka_unit_test(windows_and_orders), cmocka_unit_test(literals_names_and_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
