/* Proves that what the grammar of SELECT takes is also answered as SQL says: from the text to the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"

#define T "(VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w)"

#define T2 "(VALUES ('a'), ('a'), ('b')) u(s)"

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
        if (strcmp(rows, answers[i].rows) != 0) {
            bad++;
            print_error("%s\n  is %s\n not %s %s\n", answers[i].sql, rows, answers[i].rows, run.err.message);
        }
    }
    run_clear(&run);
    assert_int_equal(bad, 0);
}

#define RUN(answers) run_answers(answers, sizeof(answers) / sizeof((answers)[0]))

static void rows_and_values(void **state)
{
    static const struct answer answers[] = {
        {"VALUES (1, 'a'), (2, NULL)", "1|a;2|~"},
        {"SELECT column2, column1 + 1 FROM (VALUES (1, 'a'), (2.5, 'b')) v ORDER BY 1 DESC", "b|3.5;a|2.0"},
        {"SELECT * FROM VALUES (1), (2) AS v(n) WHERE n > 1", "2"},
        {"VALUES (2), (1) ORDER BY 1 LIMIT 1", "1"},
        {"SELECT 1 UNION ALL VALUES (2), (3)", "1;2;3"},
        {"SELECT i FROM " T " WHERE (i, s) = (1, 'a')", "1"},
        {"SELECT i FROM " T " WHERE (i, s) <> (1, 'a')", "2;3;4"},
        {"SELECT i FROM " T " WHERE (i, s) IN ((1, 'a'), (2, 'x'), (2, 'b'))", "1;2"},
        {"SELECT i FROM " T " WHERE (i, s) NOT IN ((1, 'a'), (2, 'x'), (4, 'b'))", "2;3"},
        {"SELECT i FROM " T " WHERE (d, i) < (10.5, 3) ORDER BY i", "1;2;4"},
        {"SELECT i FROM " T " WHERE (d, i) >= (10.5, 1) ORDER BY i", "1;3"},
        {"SELECT i FROM " T " WHERE (i, d) IN (SELECT i, 10.500 FROM " T ")", "1;3"},
        {"SELECT i FROM " T " WHERE (i, s) IN (SELECT a, b FROM (VALUES (1, 'a'), (2, NULL)) x(a, b))", "1"},
        {"SELECT i FROM " T " WHERE (i, s) NOT IN (SELECT a, b FROM (VALUES (1, 'a'), (2, NULL)) x(a, b))", "3;4"},
        {"SELECT i FROM " T " WHERE (i, s) IS NOT DISTINCT FROM (4, NULL)", "4"},
        /* a text beside a number is a number, with all its digits */
        {"SELECT s FROM (VALUES ('5'), (' 5.0 '), ('05'), ('5.0000000001'), ('6')) v(s) WHERE s = 5", "5; 5.0 ;05"},
        {"SELECT s FROM (VALUES ('5'), ('10'), (NULL)) v(s) WHERE s < 9.5", "5"},
        {"SELECT s FROM (VALUES ('5'), ('10')) v(s) WHERE s BETWEEN 9 AND 11", "10"},
        {"SELECT s FROM (VALUES ('5'), ('7.5')) v(s) WHERE s IN (1, 7.50)", "7.5"},
        {"SELECT s, i FROM (VALUES ('5', 5), ('1e1', 10), ('11', 10)) v(s, i) WHERE i = s", "5|5;1e1|10"},
        {"SELECT s FROM (VALUES ('0.5')) v(s) WHERE s = 0.5e0", "0.5"},
        {"SELECT s FROM (VALUES ('x')) v(s) WHERE s = 5", "error 22018"},
        {"SELECT s FROM (VALUES ('1e300')) v(s) WHERE s = 5", "error 22003"},
        {"SELECT CASE s WHEN 5 THEN 'five' ELSE 'other' END FROM (VALUES ('5.0'), ('6')) v(s)", "five;other"},
    };
    (void)state;
    RUN(answers);
}

static void set_operators_and_bounds(void **state)
{
    static const struct answer answers[] = {
        {"SELECT s FROM " T " INTERSECT ALL VALUES ('a'), ('a'), ('a'), (NULL) ORDER BY 1", "~;a;a"},
        {"SELECT s FROM " T " EXCEPT ALL VALUES ('a'), ('b') ORDER BY 1", "~;a"},
        {"VALUES (1), (1), (2) EXCEPT ALL VALUES (1) EXCEPT ALL VALUES (1)", "2"},
        {"VALUES (1), (1) UNION ALL VALUES (3) EXCEPT ALL VALUES (1) UNION ALL VALUES (9)", "1;3;9"},
        {"SELECT i FROM " T " UNION SELECT 7 ORDER BY -i", "7;4;3;2;1"},
        {"SELECT i FROM " T " WHERE i < 3 UNION ALL SELECT 9 ORDER BY CASE i WHEN 9 THEN 0 ELSE i END LIMIT 2", "9;1"},
        {"SELECT i FROM " T " ORDER BY d DESC FETCH FIRST 1 ROW WITH TIES", "1;3"},
        {"SELECT TOP 1 WITH TIES i, d FROM " T " ORDER BY d DESC", "1|10.50;3|10.50"},
        {"SELECT DISTINCT s FROM " T " ORDER BY s DESC FETCH FIRST 2 ROWS WITH TIES", "b;a"},
        {"SELECT s, SUM(d) FROM " T " GROUP BY s ORDER BY COUNT(*) FETCH FIRST 1 ROWS WITH TIES", "~|0.10;b|7.25"},
        {"SELECT i FROM " T " ORDER BY d DESC OFFSET 1 ROW FETCH NEXT 1 ROW WITH TIES", "3"},
        {"SELECT TOP 50 PERCENT i FROM " T " ORDER BY i", "1;2"},
        {"SELECT TOP (25.1) PERCENT i FROM " T " ORDER BY i DESC", "4;3"},
        {"SELECT i FROM " T " UNION ALL SELECT 5 ORDER BY 1 DESC FETCH FIRST 20 PERCENT ROWS ONLY", "5"},
        {"SELECT TOP 101 PERCENT i FROM " T, "error 2201W"},
        {"SELECT x.n FROM (SELECT TOP 1 WITH TIES i, d AS n FROM " T " ORDER BY d DESC) x", "10.50;10.50"},
    };
    (void)state;
    RUN(answers);
}

static void aggregates_and_windows(void **state)
{
    static const struct answer answers[] = {
        {"SELECT COUNT(*) FILTER (WHERE s = 'a'), SUM(d) FILTER (WHERE i > 1) FROM " T, "2|17.85"},
        {"SELECT LISTAGG(s, ', ') WITHIN GROUP (ORDER BY i DESC) FROM " T, "a, b, a"},
        {"SELECT STRING_AGG(DISTINCT s, '+'), GROUP_CONCAT(i ORDER BY d DESC, i SEPARATOR '') FROM " T, "a+b|1324"},
        {"SELECT GROUP_CONCAT(s), LISTAGG(s) FILTER (WHERE i > 9) FROM " T, "a,b,a|~"},
        {"SELECT LISTAGG(i, '') WITHIN GROUP (ORDER BY s NULLS FIRST, i), LISTAGG(i, '') WITHIN GROUP (ORDER BY s NULLS LAST, d, i) FROM " T, "4132|1324"},
        {"SELECT VAR_POP(i), VAR_SAMP(i) > 1.66, STDDEV_POP(i) > 1.118, VARIANCE(d) > 20 FROM " T, "1.25|1|1|1"},
        {"SELECT VAR_SAMP(i), VAR_POP(i) FROM " T " WHERE i = 1", "~|0"},
        {"SELECT STDDEV_POP(i) OVER (ORDER BY i ROWS 1 PRECEDING) FROM " T, "0;0.5;0.5;0.5"},
        {"SELECT CORR(i, i * 2), COVAR_POP(i, i), COVAR_SAMP(i, 5) FROM " T, "1|1.25|0"},
        {"SELECT MEDIAN(i), PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY i), PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY i DESC) FROM " T, "2.5|1.75|3.25"},
        {"SELECT MEDIAN(i) FROM " T " WHERE i > 9", "~"},
        {"SELECT PERCENTILE_CONT(2) WITHIN GROUP (ORDER BY i) FROM " T, "error 22003"},
        {"SELECT i, SUM(i) OVER w, COUNT(*) OVER (w ROWS CURRENT ROW) FROM " T " WINDOW w AS (ORDER BY i) ORDER BY i", "1|1|1;2|3|1;3|6|1;4|10|1"},
        {"SELECT SUM(i) OVER w FROM " T " WINDOW v AS (PARTITION BY s), w AS (v ORDER BY i) ORDER BY i", "1;2;4;4"},
        {"SELECT i, SUM(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM " T, "1|2;2|4;3|6;4|3"},
        {"SELECT SUM(i) OVER (ORDER BY i RANGE BETWEEN 1 PRECEDING AND 0.5 FOLLOWING) FROM " T, "1;3;5;7"},
        {"SELECT SUM(i) OVER (ORDER BY d GROUPS 1 PRECEDING) FROM " T " ORDER BY i", "6;6;6;4"},
        {"SELECT LAG(d, 1, 0) OVER (ORDER BY i), LEAD(s, 2, 'none') OVER (ORDER BY i) FROM " T, "0.00|a;10.50|~;7.25|none;10.50|none"},
        {"SELECT NTILE(2) OVER (ORDER BY i), NTH_VALUE(i, 2) OVER (ORDER BY i), FIRST_VALUE(s) RESPECT NULLS OVER (ORDER BY i) FROM " T, "1|~|a;1|2|a;2|2|a;2|2|a"},
        {"SELECT 1 AS one FROM " T " HAVING COUNT(*) > 3", "1"}, {"SELECT 1 FROM " T " HAVING COUNT(*) > 4", ""},
        {"SELECT 1 FROM " T " WHERE i > 9 HAVING COUNT(*) = 0", "1"}, {"SELECT 'x', 2 HAVING 1 = 1", "x|2"}, {"SELECT 1 HAVING 1 = 0", ""},
        {"SELECT DISTINCT 1.50 AS n FROM " T " HAVING SUM(i) = 10 ORDER BY n", "1.50"}, {"SELECT 1 FROM " T " ORDER BY COUNT(*)", "1"},
        {"SELECT i FROM " T " WHERE EXISTS (SELECT 1 FROM " T2 " WHERE u.s = t.s HAVING COUNT(*) > 1)", "1;3"},
        {"SELECT i, (SELECT t.i FROM " T2 " WHERE u.s = t.s HAVING COUNT(*) = 1) FROM " T, "1|~;2|2;3|~;4|~"},
        {"SELECT s, SUM(SUM(d)) OVER () FROM " T " GROUP BY s ORDER BY s", "~|28.35;a|28.35;b|28.35"},
        {"SELECT SUM(d) FILTER (WHERE s = 'a') OVER (ORDER BY i) FROM " T, "10.50;10.50;21.00;21.00"},
        {"SELECT ANY_VALUE(s), COUNT_BIG(*) FROM " T, "a|4"},
        {"SELECT (SELECT x FROM (VALUES (1)) v(x)), (SELECT x FROM (VALUES (1)) v(x) WHERE x > 1)", "1|~"},
        {"SELECT n, (SELECT x FROM (VALUES (1), (2)) v(x) WHERE x = n) FROM (VALUES (1), (2), (3)) w(n) ORDER BY n", "1|1;2|2;3|~"},
        {"SELECT (SELECT x FROM (VALUES (1), (2)) v(x))", "error 21000"},
        {"SELECT (SELECT x FROM (VALUES (NULL), (NULL)) v(x))", "error 21000"},
        {"SELECT (SELECT x FROM (VALUES (1), (2)) v(x) ORDER BY x DESC LIMIT 1)", "2"},
        {"SELECT 1, 'x' FROM " T " HAVING COUNT(*) > 1", "1|x"},
        {"SELECT 1 FROM " T " HAVING COUNT(*) > 9", ""},
        {"SELECT 1 FROM " T " HAVING 1 = 1", "1"},
        {"SELECT DISTINCT 7 FROM " T " ORDER BY 1", "7"},
        {"SELECT 7 FROM " T " ORDER BY COUNT(*)", "7"},
        {"SELECT n FROM (SELECT 1 AS n FROM " T " HAVING SUM(d) > 1) x UNION ALL SELECT 2 FROM " T " HAVING SUM(i) = 10", "1;2"},
    };
    (void)state;
    RUN(answers);
}

static void dates_and_intervals(void **state)
{
    static const struct answer answers[] = {
        {"SELECT '2024-02-05' - w, CAST('2024-02-05' AS DATE) - w FROM " T " WHERE i = 1", "5|5"},
        {"SELECT w + INTERVAL '1' MONTH, w - 1, 1 + w, w - DATE '2024-01-01', w - '2024-01-01' FROM " T " WHERE i = 1", "2024-02-29|2024-01-30|2024-02-01|30|30"},
        {"SELECT DATE '2024-02-29' + INTERVAL '1' YEAR, DATE '2024-02-29' - INTERVAL '1-1' YEAR TO MONTH", "2025-02-28|2023-01-29"},
        {"SELECT TIMESTAMP '2024-02-29 23:00:00' + INTERVAL '1 01:00:00.5' DAY TO SECOND", "2024-03-02 00:00:00.5"},
        {"SELECT TIMESTAMP '2024-02-29 23:00:00' - INTERVAL 90 MINUTE, INTERVAL '2' HOUR + DATE '2024-01-01'", "2024-02-29 21:30:00|2024-01-01 02:00:00"},
        {"SELECT DATE '2024-01-01' + {interval '3' day}, DATE '2024-01-01' + {interval -'3' day}, DATE '2024-01-01' - INTERVAL '2' DAY * 3", "2024-01-04|2023-12-29|2023-12-26"},
        {"SELECT DATE '2024-01-01' + INTERVAL '3 days', TIME '23:30:00' + INTERVAL '1' HOUR", "2024-01-04|00:30:00"},
        {"SELECT DATE '2024-01-01' + -INTERVAL '1' WEEK, DATE '2024-01-01' + INTERVAL '1' QUARTER", "2023-12-25|2024-04-01"},
        {"SELECT i FROM " T " WHERE w > DATE '2024-03-01' - INTERVAL '1' DAY - 1", "2"},
        {"SELECT DATE '9999-12-31' + 1", "error 22008"},
        {"SELECT DATEADD(month, 1, DATE '2024-01-31'), DATEDIFF(dd, DATE '2024-01-31', DATE '2024-02-29'), DATEPART(yy, DATE '2024-02-29')", "2024-02-29|29|2024"},
        {"SELECT DATENAME(mm, DATE '2024-02-29'), DATENAME(dw, DATE '2024-02-29'), DATENAME(dy, DATE '2024-02-29'), DATEPART(ms, TIMESTAMP '2024-01-01 00:00:00.123')", "February|Thursday|60|123"},
        {"SELECT DATE_TRUNC('month', DATE '2024-02-29'), DATE_TRUNC('hour', TIMESTAMP '2024-02-29 10:11:12.5'), DATE_TRUNC('week', DATE '2024-02-29')", "2024-02-01|2024-02-29 10:00:00|2024-02-26"},
        {"SELECT DATETRUNC(quarter, DATE '2024-06-29'), EOMONTH(DATE '2024-02-01'), EOMONTH(DATE '2024-01-31', 1), LAST_DAY(DATE '2023-02-01')", "2024-04-01|2024-02-29|2024-02-29|2023-02-28"},
        {"SELECT DATEFROMPARTS(2024, 2, 29), ISDATE('2024-02-30'), ISDATE('2024-02-29'), ISDATE(NULL), DAY(DATE '2024-02-29')", "2024-02-29|0|1|0|29"},
        {"SELECT DATEFROMPARTS(2024, 2, 30)", "error 22008"},
        {"SELECT DATEADD(millisecond, 1500, TIMESTAMP '2024-01-01 00:00:00'), DATEDIFF(ms, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 00:00:01.5')", "2024-01-01 00:00:01.5|1500"},
        {"SELECT GETDATE() = NOW(), LOCALTIMESTAMP = CURRENT_TIMESTAMP, CAST(GETDATE() AS DATE) = CURRENT_DATE, TIMESTAMPDIFF(HOUR, GETUTCDATE(), GETDATE()) BETWEEN -14 AND 14", "1|1|1|1"},
        {"SELECT DATE(TIMESTAMP '2024-02-29 10:00:00'), TIMESTAMP('2024-02-29'), EXTRACT(weekday FROM DATE '2024-02-29')", "2024-02-29|2024-02-29 00:00:00|5"},
    };
    (void)state;
    RUN(answers);
}

static void functions_of_other_databases(void **state)
{
    static const struct answer answers[] = {
        {"SELECT IIF(1 > 2, 'x', 'y'), NVL(NULL, 5), ISNULL(NULL, 'z'), NVL2(NULL, 1, 2), DECODE(2, 1, 'one', 2, 'two', 'many'), DECODE(9, 1, 'one')", "y|5|z|2|two|~"},
        {"SELECT GREATEST(1, 2.5, 2), LEAST('b', 'a'), GREATEST(1, NULL), LEAST(10.5, 9.25), GREATEST(100.00, 9.5)", "2.5|a|~|9.25|100.00"},
        {"SELECT LEN('ab  '), CHARINDEX('b', 'abcb'), CHARINDEX('b', 'abcb', 3), INSTR('abcb', 'b'), STRPOS('abc', 'c'), STUFF('abcd', 2, 2, 'XY')", "2|2|4|2|3|aXYd"},
        {"SELECT REPLICATE('ab', 2), REVERSE('héllo'), CONCAT_WS('-', 'a', NULL, 'b'), SPLIT_PART('a,b,c', ',', 2), LPAD('7', 3, '0'), RPAD('ab', 4), LPAD('abc', 2)", "abab|olléh|a-b|b|007|ab  |ab"},
        {"SELECT MID('abcdef', 2, 3), CHR(65), UNICODE('é'), DATALENGTH('é'), CEIL(1.2), LN(1), POW(2, 3), TRUNC(1.789), TRUNC(1.789, 1), ATN2(0, 1)", "bcd|A|233|2|2|0|8|1.000|1.700|0"},
        {"SELECT CONVERT(VARCHAR(10), DATE '2024-02-29', 120), CONVERT(INT, '5'), CONVERT('5', SQL_INTEGER), {fn CONVERT('5', SQL_DOUBLE)}", "2024-02-29|5|5|5"},
        {"SELECT TRY_CAST('x' AS INTEGER), TRY_CAST('12' AS INTEGER), TRY_CONVERT(DATE, '2024-02-30'), TRY_CAST(1e30 AS BIGINT)", "~|12|~|~"},
        {"SELECT CAST('x' AS INTEGER)", "error 22018"},
        {"SELECT OVERLAY('abcdef' PLACING 'XY' FROM 2 FOR 3), OVERLAY('abcdef' PLACING 'XY' FROM 2), SUBSTRING('abc' FOR 2), SUBSTRING('abc' FROM 2 FOR 1)", "aXYef|aXYdef|ab|b"},
        {"SELECT TRIM(BOTH 'x' FROM 'xax'), TRIM(TRAILING FROM 'a  '), TRIM('  a '), POSITION('b' IN 'abc')", "a|a|a|2"},
        {"SELECT 'ABC' ILIKE 'ab%', 'ABC' NOT ILIKE 'x%', ISNUMERIC('1.5'), ISNUMERIC('x'), ISNUMERIC(NULL)", "1|1|1|0|0"},
        {"SELECT CURRENT_USER = USER(), {fn USER()} = SESSION_USER", "1|1"},
        {"SELECT TRUE IS UNKNOWN, NULL IS UNKNOWN, (1 = NULL) IS NOT TRUE, (1 = 1) IS NOT FALSE", "0|1|1|1"},
        {"SELECT N'é', X'4142', 'it''s' /* comment */ -- end", "é|4142|it's"},
    };
    (void)state;
    RUN(answers);
}

static void a_parameter_bounds_rows_only_when_it_is_a_number_of_rows(void **state)
{
    struct run run;
    struct query *query = NULL;
    static const char sql[] = "SELECT n FROM (VALUES (1), (2), (3)) v(n) LIMIT ? OFFSET ?";
    const struct { struct value limit, offset; const char *rows; } cases[] = {
        {value_integer(1), value_integer(1), "2"}, {value_integer(-1), value_integer(0), "error 2201W"}, {value_null(), value_integer(0), "error 2201W"},
        {value_integer(1), value_integer(-1), "error 2201W"}, {value_integer(0), value_integer(0), ""},
    };
    (void)state;
    run_init(&run, 0);
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(query_bind(query, 0, &cases[i].limit, &run.err) && query_bind(query, 1, &cases[i].offset, &run.err));
        assert_string_equal(run_rows(&run, query, 0), cases[i].rows);
    }
    query_close(query);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_values), cmocka_unit_test(set_operators_and_bounds), cmocka_unit_test(aggregates_and_windows),
        cmocka_unit_test(dates_and_intervals), cmocka_unit_test(functions_of_other_databases),
        cmocka_unit_test(a_parameter_bounds_rows_only_when_it_is_a_number_of_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
