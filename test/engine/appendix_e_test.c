/* Proves every scalar function of ODBC's Appendix E from the text of a query on, as an escape and plain: an answer that is known,
 * and NULL for an argument that is NULL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"

/* result: "~" = NULL */
struct call {
    const char *call, *result;
};

enum { MOST_TEXT = 400 };

static int run_one(struct run *run, const char *form, const struct call *call)
{
    char sql[MOST_TEXT];

    assert_in_range(snprintf(sql, sizeof sql, form, call->call), 1, sizeof sql - 1);
    const char *result = run_text(run, sql);
    if (strcmp(result, call->result) == 0)
        return 0;
    print_error("%s is %s, not %s %s\n", sql, result, call->result, run->err.message);
    return 1;
}

static void run_calls(const struct call *calls, size_t count)
{
    struct run run;
    int bad = 0;

    run_init(&run, 0);
    for (size_t i = 0; i < count; i++) {
        bad += run_one(&run, "SELECT %s", &calls[i]);
        bad += run_one(&run, "SELECT {fn %s}", &calls[i]);
    }
    run_clear(&run);
    assert_int_equal(bad, 0);
}

#define RUN(calls) run_calls(calls, sizeof(calls) / sizeof((calls)[0]))

static void strings(void **state)
{
    static const struct call calls[] = {
        {"ASCII('A')", "65"}, {"ASCII(NULL)", "~"},
        {"BIT_LENGTH('abc')", "24"}, {"BIT_LENGTH(NULL)", "~"},
        {"CHAR(65)", "A"}, {"CHAR(NULL)", "~"},
        {"CHAR_LENGTH('abé')", "3"}, {"CHAR_LENGTH(NULL)", "~"},
        {"CHARACTER_LENGTH('abé ')", "4"}, {"CHARACTER_LENGTH(NULL)", "~"},
        {"CONCAT('a', 'b')", "ab"}, {"CONCAT('a', NULL)", "~"}, {"CONCAT(NULL, 'b')", "~"},
        {"DIFFERENCE('Smith', 'Smythe')", "4"}, {"DIFFERENCE('Smith', NULL)", "~"}, {"DIFFERENCE(NULL, 'Smith')", "~"},
        {"INSERT('abcdef', 2, 3, 'X')", "aXef"}, {"INSERT(NULL, 2, 3, 'X')", "~"}, {"INSERT('abc', NULL, 3, 'X')", "~"},
        {"INSERT('abc', 1, NULL, 'X')", "~"}, {"INSERT('abc', 1, 1, NULL)", "~"},
        {"LCASE('AbÉ')", "abé"}, {"LCASE(NULL)", "~"},
        {"LEFT('abc', 2)", "ab"}, {"LEFT(NULL, 2)", "~"}, {"LEFT('abc', NULL)", "~"},
        {"LENGTH('ab  ')", "2"}, {"LENGTH(NULL)", "~"},
        {"LOCATE('b', 'abcb')", "2"}, {"LOCATE('b', 'abcb', 3)", "4"}, {"LOCATE('z', 'abc')", "0"}, {"LOCATE(NULL, 'abc')", "~"},
        {"LOCATE('b', NULL)", "~"}, {"LOCATE('b', 'abc', NULL)", "~"},
        {"LTRIM('  a ')", "a "}, {"LTRIM(NULL)", "~"},
        {"OCTET_LENGTH('é')", "2"}, {"OCTET_LENGTH(X'01FF00')", "3"}, {"BIT_LENGTH(X'FF')", "8"}, {"OCTET_LENGTH(12.50)", "5"}, {"OCTET_LENGTH(NULL)", "~"},
        {"POSITION('c' IN 'abc')", "3"}, {"POSITION(NULL IN 'abc')", "~"}, {"POSITION('c' IN NULL)", "~"},
        {"REPEAT('ab', 2)", "abab"}, {"REPEAT(NULL, 2)", "~"}, {"REPEAT('ab', NULL)", "~"},
        {"REPLACE('banana', 'an', 'x')", "bxxa"}, {"REPLACE(NULL, 'a', 'b')", "~"}, {"REPLACE('a', NULL, 'b')", "~"},
        {"REPLACE('a', 'a', NULL)", "~"},
        {"RIGHT('abc', 2)", "bc"}, {"RIGHT(NULL, 2)", "~"}, {"RIGHT('abc', NULL)", "~"},
        {"RTRIM(' a  ')", " a"}, {"RTRIM(NULL)", "~"},
        {"SOUNDEX('Robert')", "R163"}, {"SOUNDEX(NULL)", "~"},
        {"SPACE(3)", "   "}, {"SPACE(NULL)", "~"},
        {"SUBSTRING('abcdef', 2, 3)", "bcd"}, {"SUBSTRING(NULL, 2, 3)", "~"}, {"SUBSTRING('abc', NULL, 3)", "~"},
        {"SUBSTRING('abc', 2, NULL)", "~"},
        {"UCASE('aé')", "AÉ"}, {"UCASE(NULL)", "~"},
    };
    (void)state;
    RUN(calls);
}

static void numbers(void **state)
{
    static const struct call calls[] = {
        {"ABS(-7)", "7"}, {"ABS(-1.50)", "1.50"}, {"ABS(NULL)", "~"},
        {"ACOS(1)", "0"}, {"ACOS(NULL)", "~"}, {"ASIN(0)", "0"}, {"ASIN(NULL)", "~"}, {"ATAN(0)", "0"}, {"ATAN(NULL)", "~"},
        {"ATAN2(0, 1)", "0"}, {"ATAN2(NULL, 1)", "~"}, {"ATAN2(0, NULL)", "~"},
        {"CEILING(1.2)", "2"}, {"CEILING(-1.2)", "-1"}, {"CEILING(NULL)", "~"},
        {"COS(0)", "1"}, {"COS(NULL)", "~"},
        {"ROUND(COT(1), 6)", "0.642093"}, {"COT(NULL)", "~"},
        {"DEGREES(0)", "0"}, {"ROUND(DEGREES(1), 6)", "57.29578"}, {"DEGREES(NULL)", "~"},
        {"EXP(0)", "1"}, {"EXP(NULL)", "~"},
        {"FLOOR(1.8)", "1"}, {"FLOOR(-1.2)", "-2"}, {"FLOOR(NULL)", "~"},
        {"LOG(1)", "0"}, {"ROUND(LOG(10), 6)", "2.302585"}, {"LOG(NULL)", "~"},
        {"LOG10(1000)", "3"}, {"LOG10(NULL)", "~"},
        {"MOD(17, 5)", "2"}, {"MOD(-17, 5)", "-2"}, {"MOD(NULL, 5)", "~"}, {"MOD(17, NULL)", "~"},
        {"ROUND(PI(), 6)", "3.141593"},
        {"POWER(2, 10)", "1024"}, {"POWER(NULL, 2)", "~"}, {"POWER(2, NULL)", "~"},
        {"ROUND(RADIANS(180), 6)", "3.141593"}, {"RADIANS(NULL)", "~"},
        {"FLOOR(RAND())", "0"}, {"FLOOR(RAND(7))", "0"},
        {"ROUND(2.345, 2)", "2.350"}, {"ROUND(1250, -2)", "1300"}, {"ROUND(NULL, 2)", "~"}, {"ROUND(2.345, NULL)", "~"},
        {"SIGN(-3)", "-1"}, {"SIGN(0.00)", "0"}, {"SIGN(NULL)", "~"},
        {"SIN(0)", "0"}, {"SIN(NULL)", "~"},
        {"SQRT(16)", "4"}, {"SQRT(NULL)", "~"},
        {"TAN(0)", "0"}, {"TAN(NULL)", "~"},
        {"TRUNCATE(2.349, 2)", "2.340"}, {"TRUNCATE(-1299, -2)", "-1200"}, {"TRUNCATE(NULL, 2)", "~"}, {"TRUNCATE(2.3, NULL)", "~"},
    };
    (void)state;
    RUN(calls);
}

#define MOMENT "TIMESTAMP '2024-02-29 13:14:15.5'"

static void dates_and_times(void **state)
{
    static const struct call calls[] = {
        {"DAYNAME(DATE '2024-02-29')", "Thursday"}, {"DAYNAME(NULL)", "~"},
        {"DAYOFMONTH(DATE '2024-02-29')", "29"}, {"DAYOFMONTH(NULL)", "~"},
        {"DAYOFWEEK(DATE '2024-02-29')", "5"}, {"DAYOFWEEK(NULL)", "~"},
        {"DAYOFYEAR(DATE '2024-02-29')", "60"}, {"DAYOFYEAR(NULL)", "~"},
        {"EXTRACT(YEAR FROM " MOMENT ")", "2024"}, {"EXTRACT(MONTH FROM " MOMENT ")", "2"}, {"EXTRACT(DAY FROM " MOMENT ")", "29"},
        {"EXTRACT(HOUR FROM " MOMENT ")", "13"}, {"EXTRACT(MINUTE FROM " MOMENT ")", "14"}, {"EXTRACT(SECOND FROM " MOMENT ")", "15"},
        {"EXTRACT(YEAR FROM NULL)", "~"},
        {"HOUR(" MOMENT ")", "13"}, {"HOUR(TIME '09:08:07')", "9"}, {"HOUR(NULL)", "~"},
        {"MINUTE(" MOMENT ")", "14"}, {"MINUTE(NULL)", "~"},
        {"MONTH(" MOMENT ")", "2"}, {"MONTH(NULL)", "~"},
        {"MONTHNAME(" MOMENT ")", "February"}, {"MONTHNAME(NULL)", "~"},
        {"QUARTER(" MOMENT ")", "1"}, {"QUARTER(NULL)", "~"},
        {"SECOND(" MOMENT ")", "15"}, {"SECOND(NULL)", "~"},
        {"TIMESTAMPADD(SQL_TSI_FRAC_SECOND, 1, TIMESTAMP '2024-02-29 00:00:00')", "2024-02-29 00:00:00.000000001"},
        {"TIMESTAMPADD(SQL_TSI_SECOND, 60, " MOMENT ")", "2024-02-29 13:15:15.5"},
        {"TIMESTAMPADD(SQL_TSI_MINUTE, -14, " MOMENT ")", "2024-02-29 13:00:15.5"},
        {"TIMESTAMPADD(SQL_TSI_HOUR, 11, " MOMENT ")", "2024-03-01 00:14:15.5"},
        {"TIMESTAMPADD(SQL_TSI_DAY, 1, DATE '2024-02-29')", "2024-03-01"},
        {"TIMESTAMPADD(SQL_TSI_WEEK, 1, DATE '2024-02-29')", "2024-03-07"},
        {"TIMESTAMPADD(SQL_TSI_MONTH, 12, DATE '2024-02-29')", "2025-02-28"},
        {"TIMESTAMPADD(SQL_TSI_QUARTER, 1, DATE '2024-02-29')", "2024-05-29"},
        {"TIMESTAMPADD(SQL_TSI_YEAR, 4, DATE '2024-02-29')", "2028-02-29"},
        {"TIMESTAMPADD(SQL_TSI_DAY, NULL, DATE '2024-02-29')", "~"}, {"TIMESTAMPADD(SQL_TSI_DAY, 1, NULL)", "~"},
        {"TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, TIMESTAMP '2024-02-29 00:00:00', TIMESTAMP '2024-02-29 00:00:00.000000002')", "2"},
        {"TIMESTAMPDIFF(SQL_TSI_SECOND, TIMESTAMP '2024-02-29 00:00:00', TIMESTAMP '2024-02-29 00:01:01')", "61"},
        {"TIMESTAMPDIFF(SQL_TSI_MINUTE, TIMESTAMP '2024-02-29 00:00:00', TIMESTAMP '2024-02-29 01:01:00')", "61"},
        {"TIMESTAMPDIFF(SQL_TSI_HOUR, TIMESTAMP '2024-02-29 00:00:00', TIMESTAMP '2024-03-01 01:00:00')", "25"},
        {"TIMESTAMPDIFF(SQL_TSI_DAY, DATE '2024-02-28', DATE '2024-03-01')", "2"},
        {"TIMESTAMPDIFF(SQL_TSI_WEEK, DATE '2024-02-01', DATE '2024-02-15')", "2"},
        {"TIMESTAMPDIFF(SQL_TSI_MONTH, DATE '2024-02-29', DATE '2025-02-28')", "12"},
        {"TIMESTAMPDIFF(SQL_TSI_QUARTER, DATE '2024-01-01', DATE '2024-12-31')", "3"},
        {"TIMESTAMPDIFF(SQL_TSI_YEAR, DATE '2024-12-31', DATE '2023-01-01')", "-1"},
        {"TIMESTAMPDIFF(SQL_TSI_DAY, NULL, DATE '2024-03-01')", "~"}, {"TIMESTAMPDIFF(SQL_TSI_DAY, DATE '2024-03-01', NULL)", "~"},
        {"WEEK(DATE '2024-01-01')", "1"}, {"WEEK(DATE '2021-01-01')", "53"}, {"WEEK(NULL)", "~"},
        {"YEAR(" MOMENT ")", "2024"}, {"YEAR(NULL)", "~"},
    };
    (void)state;
    RUN(calls);
}

/* What differs from one moment to the next is compared within one statement. */
static void the_present(void **state)
{
    static const struct call calls[] = {
        {"SELECT CASE WHEN {fn CURRENT_DATE()} = CURRENT_DATE AND {fn CURDATE()} = CURDATE() AND CURDATE() = CURRENT_DATE THEN 1 ELSE 0 END", "1"},
        {"SELECT CASE WHEN {fn CURRENT_TIME()} = CURRENT_TIME AND {fn CURTIME()} = CURTIME() AND CURTIME() = CURRENT_TIME THEN 1 ELSE 0 END", "1"},
        {"SELECT CASE WHEN {fn CURRENT_TIMESTAMP()} = CURRENT_TIMESTAMP AND {fn NOW()} = NOW() AND NOW() = CURRENT_TIMESTAMP THEN 1 ELSE 0 END", "1"},
        {"SELECT CASE WHEN {fn CURRENT_TIME(3)} = CURRENT_TIME(3) AND {fn CURRENT_TIMESTAMP(3)} = CURRENT_TIMESTAMP(3) THEN 1 ELSE 0 END", "1"},
        {"SELECT CASE WHEN CAST(NOW() AS DATE) = CURDATE() AND CAST({fn NOW()} AS TIME) = {fn CURTIME()} THEN 1 ELSE 0 END", "1"},
        {"SELECT {fn LENGTH({fn CURDATE()})} || '|' || {fn LENGTH({fn CURTIME()})} || '|' || {fn LENGTH({fn NOW()})}", "10|8|19"},
    };
    struct run run;
    int bad = 0;

    (void)state;
    run_init(&run, 0);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        bad += run_one(&run, "%s", &calls[i]);
    run_clear(&run);
    assert_int_equal(bad, 0);
}

static void system_functions(void **state)
{
    static const struct call calls[] = {
        {"IFNULL(NULL, 5)", "5"}, {"IFNULL(4, 5)", "4"}, {"IFNULL(NULL, NULL)", "~"}, {"IFNULL('a', NULL)", "a"},
        {"CONVERT('42', SQL_INTEGER)", "42"}, {"CONVERT(NULL, SQL_INTEGER)", "~"}, /* its pairs of types: promises_chapter.c */
        {"NULLIF(USER(), {fn USER()})", "~"}, {"NULLIF(DATABASE(), {fn DATABASE()})", "~"},
    };
    (void)state;
    RUN(calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings), cmocka_unit_test(numbers), cmocka_unit_test(dates_and_times), cmocka_unit_test(the_present),
        cmocka_unit_test(system_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
