/* Proves that numbers are exact or an error, whatever they are made by: every operator, aggregate, function and cast, over columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "run.h"

static void sums_of_decimals_are_exact(void **state)
{
    static const struct { const char *sql, *rows; } cases[] = {
        {"SELECT SUM(a), AVG(a), COUNT(*) FROM (SELECT CASE WHEN n >= 0 THEN 0.01 END AS a FROM Big) x", "10000.00|0.010000|1000000"},
        {"SELECT SUM(a) - 10000 = 0 FROM (SELECT CASE WHEN n >= 0 THEN 0.01 END AS a FROM Big) x", "1"},
        {"SELECT a + b = c, a + b, c - a = b, a * 3 = c, c / b FROM (VALUES (0.1, 0.2, 0.3)) v(a, b, c)", "1|0.3|1|1|1.500000"},
        {"SELECT a + b = c FROM (VALUES (0.1e0, 0.2e0, 0.3e0)) v(a, b, c)", "0"}, /* doubles are not */
        {"SELECT SUM(Balance) OVER (ORDER BY Id ROWS 1 PRECEDING) FROM Users ORDER BY Id LIMIT 3", "0.10;0.30;-4.80"},
        {"CREATE TABLE #d (a DECIMAL(5,1), b DECIMAL(5,1), c DECIMAL(5,2)); INSERT INTO #d VALUES (0.1, 0.2, 0.3), (0.7, 0.1, 0.8)", ""},
        {"SELECT a + b = c, a + b FROM #d", "1|0.3;1|0.8"},
        {"SELECT COUNT(*) FROM #d WHERE a + b = c", "2"},
        {"SELECT COUNT(*) FROM #d x JOIN #d y ON x.a + x.b = y.c", "2"},
        {"SELECT SUM(a + b), SUM(c), SUM(a) + SUM(b) = SUM(c) FROM #d", "1.1|1.10|1"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[400];
        snprintf(sql, sizeof sql, "%s", cases[i].sql);
        for (char *one = strtok(sql, ";"); one; one = strtok(NULL, ";")) {
            const char *rows = run_text(&run, one);
            if (strcmp(rows, cases[i].rows) != 0)
                fail_msg("%s: %s, not %s  %s", one, rows, cases[i].rows, run.err.message);
        }
    }
    run_clear(&run);
}

/* An expression over the columns of one row, which says what its names are: a greatest, m least of its kind, o one, z zero. */
static void check(struct run *run, const char *row, const char *names, const char *expression, const char *wanted, int *bad)
{
    char sql[400];

    snprintf(sql, sizeof sql, "SELECT %s FROM (%s) v(%s)", expression, row, names);
    const char *got = run_text(run, sql);
    if (strcmp(got, wanted) != 0) {
        (*bad)++;
        print_error("%s: %s, not %s  %s\n", sql, got, wanted, run->err.message);
    }
}

static void what_is_out_of_range_is_an_error(void **state)
{
    static const char bigints[] = "VALUES (9223372036854775807, -9223372036854775808, 1, 0)";
    static const char integers[] = "SELECT CAST(2147483647 AS INTEGER), CAST(-2147483648 AS INTEGER), 1, 0 UNION ALL SELECT NULL, NULL, NULL, NULL WHERE 1 = 0";
    static const char decimals[] = "VALUES (99999999999999999999999999999999999999, -99999999999999999999999999999999999999, 1.0, 0.0)";
    static const char doubles[] = "VALUES (1.7976931348623157e308, -1.7976931348623157e308, 1e0, 0e0)";
    static const struct { const char *row, *expression, *wanted; } cases[] = {
        /* operators */
        {bigints, "a + o", "error 22003"}, {bigints, "m - o", "error 22003"}, {bigints, "a * 2", "error 22003"}, {bigints, "m * -1", "error 22003"},
        {bigints, "m / -1", "error 22003"}, {bigints, "m % -1", "0"}, {bigints, "-m", "error 22003"}, {bigints, "-a - o", "-9223372036854775808"},
        {bigints, "a + o - o", "error 22003"}, {bigints, "a - o + o", "9223372036854775807"}, {bigints, "a * z", "0"}, {bigints, "m + a", "-1"},
        {integers, "a + o", "2147483648"}, {integers, "m - o", "-2147483649"}, {integers, "a * a", "4611686014132420609"}, {integers, "-m", "2147483648"},
        {integers, "m / -1", "error 22003"}, /* an integer is typed integer there */
        {decimals, "a + a", "error 22003"}, {decimals, "m - a", "error 22003"}, {decimals, "a * a", "error 22003"}, {decimals, "a / 0.1", "error 22003"},
        {decimals, "-m = a", "1"}, {decimals, "a - a", "0"},
        {doubles, "a + a", "error 22003"}, {doubles, "m - a", "error 22003"}, {doubles, "a * 10e0", "error 22003"}, {doubles, "a / 0.1e0", "error 22003"},
        {doubles, "a + a - a", "error 22003"}, {doubles, "-m = a", "1"},
        /* functions */
        {bigints, "ABS(m)", "error 22003"}, {bigints, "ABS(a)", "9223372036854775807"}, {integers, "ABS(m)", "error 22003"},
        {bigints, "ROUND(a, -1)", "error 22003"}, {integers, "ROUND(a, -1)", "error 22003"}, {integers, "TRUNCATE(m, -1)", "-2147483640"},
        {bigints, "CEILING(a)", "9223372036854775807"}, {decimals, "ROUND(a, -1)", "error 22003"}, {decimals, "ABS(m) = a", "1"},
        {doubles, "POWER(a, 2)", "error 22003"}, {bigints, "POWER(a, 400)", "error 22003"}, {doubles, "EXP(a)", "error 22003"},
        {doubles, "POWER(m, 0.5)", "error 22003"}, {doubles, "SQRT(m)", "error 22003"}, {doubles, "LOG(z)", "error 22003"}, {doubles, "ACOS(a)", "error 22003"},
        {bigints, "MOD(m, -1)", "0"}, {bigints, "GREATEST(a, o)", "9223372036854775807"}, {doubles, "DEGREES(a)", "error 22003"},
        {bigints, "TIMESTAMPADD(DAY, a, DATE '2024-01-01')", "error 22008"}, {bigints, "DATE '2024-01-01' + a", "error 22008"},
        {bigints, "TIMESTAMPDIFF(FRAC_SECOND, TIMESTAMP '0001-01-01 00:00:00', TIMESTAMP '9999-01-01 00:00:00')", "error 22003"},
        /* aggregates */
        {"VALUES (9223372036854775807, 0, 0, 0), (1, 0, 0, 0)", "SUM(a)", "error 22003"},
        {"VALUES (9223372036854775807, 0, 0, 0), (1, 0, 0, 0), (-1, 0, 0, 0)", "SUM(a)", "9223372036854775807"}, /* only the sum counts */
        {"VALUES (9223372036854775807, 0, 0, 0), (1, 0, 0, 0)", "SUM(DISTINCT a)", "error 22003"},
        {"VALUES (9223372036854775807, 0, 0, 0), (1, 0, 0, 0)", "MAX(a)", "9223372036854775807"},
        {"VALUES (-9223372036854775808, 0, 0, 0), (-1, 0, 0, 0)", "SUM(a)", "error 22003"},
        {"VALUES (9223372036854775807, 1, 0, 0), (1, 2, 0, 0)", "SUM(a) OVER (ORDER BY m)", "error 22003"},
        {"VALUES (9223372036854775807, 0, 0, 0), (1, 0, 0, 0)", "AVG(a)", "4.611686018427388e+18"},
        {"VALUES (99999999999999999999999999999999999999, 0, 0, 0), (1, 0, 0, 0)", "SUM(a)", "error 22003"},
        {"VALUES (1.7e308, 0, 0, 0), (1.7e308, 0, 0, 0)", "SUM(a)", "error 22003"},
        /* casts */
        {bigints, "CAST(a AS INTEGER)", "error 22003"}, {bigints, "CAST(m AS INTEGER)", "error 22003"}, {integers, "CAST(a AS SMALLINT)", "error 22003"},
        {integers, "CAST(m AS TINYINT)", "error 22003"}, {doubles, "CAST(a AS BIGINT)", "error 22003"}, {doubles, "CAST(a AS DECIMAL(38,0))", "error 22003"},
        {decimals, "CAST(a AS BIGINT)", "error 22003"}, {decimals, "CAST(a AS DECIMAL(10,2))", "error 22003"}, {bigints, "CAST(a AS DECIMAL(18,0))", "error 22003"},
        {bigints, "CAST(CAST(a AS VARCHAR) || '0' AS BIGINT)", "error 22003"}, {bigints, "CAST(a AS DOUBLE)", "9.223372036854776e+18"},
        {bigints, "TRY_CAST(a AS INTEGER)", "~"}, {bigints, "{fn CONVERT(a, SQL_INTEGER)}", "error 22003"},
        {bigints, "CAST(CAST(a AS VARCHAR) || 'e300' AS DOUBLE)", "error 22003"},
    };
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&run, cases[i].row, "a, m, o, z", cases[i].expression, cases[i].wanted, &bad);
    assert_int_equal(bad, 0);
    run_clear(&run);
}

static void a_division_by_zero_is_an_error(void **state)
{
    static const char *const kinds[] = {"CAST(7 AS TINYINT), CAST(0 AS TINYINT)", "CAST(7 AS SMALLINT), CAST(0 AS SMALLINT)", "7, 0", "7000000000, CAST(0 AS BIGINT)", "7.5, 0.0",
                                        "7.5e0, 0e0", "7.5, 0", "7, 0e0", "7e0, -0e0"};
    static const char *const divisions[] = {"a / z", "a % z", "MOD(a, z)", "z / z", "{fn MOD(a, z)}", "SUM(a / z)", "CASE WHEN a > 0 THEN a / z END",
                                            "COALESCE(a / z, 1)", "a / (z * a)"};
    static const struct { const char *expression, *wanted; } others[] = {
        {"a / NULLIF(z, 0)", "~"}, {"z / a > 1", "0"}, {"CASE WHEN z <> 0 THEN a / z ELSE -1 END < 0", "1"}, {"POWER(z, -1)", "error 22012"},
        {"COUNT(a / z)", "error 22012"},
    };
    struct run run;
    char row[120];
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        snprintf(row, sizeof row, "VALUES (%s)", kinds[kind]);
        for (size_t i = 0; i < sizeof divisions / sizeof divisions[0]; i++)
            check(&run, row, "a, z", divisions[i], "error 22012", &bad);
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            check(&run, row, "a, z", others[i].expression, others[i].wanted, &bad);
    }
    assert_int_equal(bad, 0);
    run_clear(&run);
}

static void a_text_that_is_none_is_an_error(void **state)
{
    static const struct { const char *text, *type, *wanted; } cases[] = {
        {"12 hours", "INTEGER", "error 22018"}, {"", "INTEGER", "error 22018"}, {"1.5", "INTEGER", "error 22018"}, {" 12 ", "INTEGER", "12"},
        {"twelve", "BIGINT", "error 22018"}, {"x", "SMALLINT", "error 22018"}, {"0x10", "TINYINT", "error 22018"}, {"1,5", "DECIMAL(5,2)", "error 22018"},
        {"1.2.3", "DECIMAL(5,2)", "error 22018"}, {"1e", "DOUBLE", "error 22018"}, {"nan", "DOUBLE", "error 22018"}, {"inf", "DOUBLE", "error 22018"},
        {"1.5", "DOUBLE", "1.5"}, {"perhaps", "BIT", "error 22018"}, {"true", "BIT", "1"}, {"2024-02-30", "DATE", "error 22018"},
        {"yesterday", "DATE", "error 22018"}, {"25:00", "TIME", "error 22018"}, {"2024-01-01 25:00:00", "TIMESTAMP", "error 22018"},
        {"no guid", "GUID", "error 22018"}, {"4x", "VARBINARY", "error 22018"}, {"414", "VARBINARY", "error 22018"},
    };
    struct run run;
    char sql[200];
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t way = 0; way < 3; way++) {
            static const char *const ways[] = {"SELECT CAST(t AS %s) FROM (VALUES ('%s')) v(t)", "SELECT {fn CONVERT('%2$s', %1$s)}",
                                               "SELECT TRY_CAST(t AS %s) FROM (VALUES ('%s')) v(t)"};
            const char *wanted = way == 2 && strncmp(cases[i].wanted, "error", 5) == 0 ? "~" : cases[i].wanted;
            snprintf(sql, sizeof sql, ways[way], cases[i].type, cases[i].text);
            const char *got = run_text(&run, sql);
            if (strcmp(got, wanted) != 0) {
                bad++;
                print_error("%s: %s, not %s  %s\n", sql, got, wanted, run.err.message);
            }
        }
    assert_int_equal(bad, 0);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_decimals_are_exact),
        cmocka_unit_test(what_is_out_of_range_is_an_error),
        cmocka_unit_test(a_division_by_zero_is_an_error),
        cmocka_unit_test(a_text_that_is_none_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
