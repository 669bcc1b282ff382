/* Proves every SQL function of the engine, each against what ODBC (Appendix E) or SQL-92 says of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"
#include "sql/functions.h"

struct value_case {
    const char *sql;       /* an expression */
    const char *result;    /* as text; "~" = NULL, "error 22003" */
};

static void run_cases(const struct value_case *cases, size_t count)
{
    struct run run;
    char sql[600];
    int bad = 0;

    run_init(&run, 0);
    for (size_t i = 0; i < count; i++) {
        snprintf(sql, sizeof sql, "SELECT %s", cases[i].sql);
        const char *result = run_sql(&run, sql, "string");
        if (strcmp(result, cases[i].result) != 0) {
            bad++;
            print_error("%s is %s, not %s %s\n", cases[i].sql, result, cases[i].result, run.err.message);
        }
    }
    run_clear(&run);
    assert_int_equal(bad, 0);
}

#define RUN(cases) run_cases(cases, sizeof(cases) / sizeof((cases)[0]))

static void text(void **state)
{
    static const struct value_case cases[] = {
        {"fn_ascii('A')", "65"}, {"fn_ascii('')", "0"}, {"fn_ascii('éx')", "233"}, {"fn_ascii(NULL)", "~"},
        {"fn_bit_length('abc')", "24"}, {"fn_bit_length('é')", "16"}, {"fn_bit_length(NULL)", "~"},
        {"fn_octet_length('é€')", "5"}, {"fn_octet_length('')", "0"}, {"fn_octet_length(NULL)", "~"},
        {"fn_char(65)", "A"}, {"fn_char(8364)", "€"}, {"fn_char(-1)", "~"}, {"fn_char(55296)", "~"}, {"fn_char(1114112)", "~"},
        {"fn_char(NULL)", "~"}, {"fn_octet_length(fn_char(0))", "1"},
        {"fn_char_length('héllo ')", "6"}, {"fn_char_length('')", "0"}, {"fn_char_length('😀')", "1"}, {"fn_char_length(NULL)", "~"},
        {"fn_length('héllo  ')", "5"}, {"fn_length('  ')", "0"}, {"fn_length(NULL)", "~"},
        {"fn_concat('a','é','c')", "aéc"}, {"fn_concat('a',NULL)", "~"}, {"fn_concat('','')", ""},
        {"fn_octet_length(fn_concat(fn_char(0),'x'))", "2"},
        {"fn_soundex('Robert')", "R163"}, {"fn_soundex('Rupert')", "R163"}, {"fn_soundex('Ashcraft')", "A261"},
        {"fn_soundex('Tymczak')", "T522"}, {"fn_soundex('Pfister')", "P236"}, {"fn_soundex('')", "0000"}, {"fn_soundex(NULL)", "~"},
        {"fn_difference('Smith','Smythe')", "4"}, {"fn_difference('Robert','Lee')", "0"}, {"fn_difference(NULL,'x')", "~"},
        {"fn_insert('Höhle',2,1,'oe')", "Hoehle"}, {"fn_insert('abc',4,5,'d')", "abcd"}, {"fn_insert('abc',9,1,'d')", "abcd"},
        {"fn_insert('abc',0,1,'d')", "error 22011"}, {"fn_insert('abc',1,-1,'d')", "error 22011"}, {"fn_insert('abc',1,1,NULL)", "~"},
        {"fn_lcase('ÄÖÜ ΑΒΓ ЖЗ Abc')", "äöü αβγ жз abc"}, {"fn_lcase(NULL)", "~"},
        {"fn_ucase('äöü αβγ жз abc ß š')", "ÄÖÜ ΑΒΓ ЖЗ ABC ß Š"}, {"fn_ucase('')", ""}, {"fn_ucase(NULL)", "~"},
        {"fn_left('héllo',2)", "hé"}, {"fn_left('abc',0)", ""}, {"fn_left('abc',-1)", ""}, {"fn_left('abc',99)", "abc"},
        {"fn_left('abc',9223372036854775807)", "abc"}, {"fn_left(NULL,1)", "~"}, {"fn_left('a',NULL)", "~"},
        {"fn_right('héllo',4)", "éllo"}, {"fn_right('abc',0)", ""}, {"fn_right('abc',-5)", ""}, {"fn_right('abc',99)", "abc"},
        {"fn_right(NULL,1)", "~"},
        {"fn_locate('l','héllo')", "3"}, {"fn_locate('l','héllo',4)", "4"}, {"fn_locate('l','héllo',5)", "0"},
        {"fn_locate('x','abc')", "0"}, {"fn_locate('','abc')", "1"}, {"fn_locate('a','abc',-3)", "1"}, {"fn_locate('','abc',9)", "0"},
        {"fn_locate(NULL,'a')", "~"},
        {"fn_ltrim('  a b ')", "a b "}, {"fn_ltrim('   ')", ""}, {"fn_ltrim(NULL)", "~"},
        {"fn_rtrim(' a b  ')", " a b"}, {"fn_rtrim('  ')", ""}, {"fn_rtrim(NULL)", "~"},
        {"fn_trim('  é  ')", "é"}, {"fn_trim('   ')", ""}, {"fn_trim('')", ""}, {"fn_trim(NULL)", "~"},
        {"fn_repeat('ab',3)", "ababab"}, {"fn_repeat('ab',0)", ""}, {"fn_repeat('ab',-1)", ""}, {"fn_repeat('',1000000000000)", ""},
        {"fn_repeat('x',9223372036854775807)", "error 54000"}, {"fn_repeat(NULL,2)", "~"},
        {"fn_space(3) || '.'", "   ."}, {"fn_space(-1)", ""}, {"fn_space(1000000000000)", "error 54000"}, {"fn_space(NULL)", "~"},
        {"fn_replace('banana','an','AN')", "bANANa"}, {"fn_replace('abc','','x')", "abc"}, {"fn_replace('aaa','a','')", ""},
        {"fn_replace('abc','x',NULL)", "~"},
        {"fn_substring('héllo',2,3)", "éll"}, {"fn_substring('abc',2)", "bc"}, {"fn_substring('abc',0,2)", "a"},
        {"fn_substring('abc',-5,3)", ""}, {"fn_substring('abc',9,3)", ""}, {"fn_substring('abc',2,-1)", "error 22011"},
        {"fn_substring('abc',2,9223372036854775807)", "bc"}, {"fn_substring('abc',-9223372036854775807,3)", ""},
        {"fn_substring(NULL,1,1)", "~"}, {"fn_substring('abc',NULL,1)", "~"},
    };
    (void)state;
    RUN(cases);
}

static void patterns(void **state)
{
    static const struct value_case cases[] = {
        {"'abc' LIKE 'abc'", "1"}, {"'abc' LIKE 'ABC'", "0"}, {"'abc' LIKE 'a%'", "1"}, {"'abc' LIKE '%c'", "1"}, {"'abc' LIKE '%b%'", "1"},
        {"'abc' LIKE '%'", "1"}, {"'' LIKE '%'", "1"}, {"'' LIKE ''", "1"}, {"'' LIKE '_'", "0"}, {"'é' LIKE '_'", "1"},
        {"'ab' LIKE '_'", "0"}, {"'héllo' LIKE 'h_ll_'", "1"}, {"'mississippi' LIKE '%iss%ip%'", "1"}, {"'mississippi' LIKE '%iss%is'", "0"},
        {"'aab' LIKE '%ab'", "1"}, {"'😀é' LIKE '%_é'", "1"}, {"'é' LIKE '%__'", "0"}, {"'ab' LIKE 'ab%'", "1"}, {"'ab' LIKE 'abc'", "0"},
        {"NULL LIKE 'a'", "~"}, {"'a' LIKE NULL", "~"}, {"'a' LIKE 'a' ESCAPE NULL", "~"},
        {"'10%' LIKE '10\\%' ESCAPE '\\'", "1"}, {"'100' LIKE '10\\%' ESCAPE '\\'", "0"}, {"'a_b' LIKE 'a!_b' ESCAPE '!'", "1"},
        {"'axb' LIKE 'a!_b' ESCAPE '!'", "0"}, {"'a!' LIKE 'a!!' ESCAPE '!'", "1"}, {"'a\\b' LIKE 'a\\b'", "1"},
        {"'a' LIKE 'a' ESCAPE ''", "error 22019"}, {"'a' LIKE 'a' ESCAPE 'xy'", "error 22019"},
        {"'a' LIKE 'a!' ESCAPE '!'", "error 22025"}, {"'a' LIKE '!a' ESCAPE '!'", "error 22025"},
        {"'%' LIKE 'é%' ESCAPE 'é'", "1"},
        {"fn_repeat('a',20000) LIKE fn_concat(fn_repeat('%a',200),'%b')", "0"}, /* in time */
    };
    (void)state;
    RUN(cases);
}

static void numbers(void **state)
{
    static const struct value_case cases[] = {
        {"fn_abs(-5)", "5"}, {"fn_abs(-1.5)", "1.5"}, {"fn_abs('-12.50')", "12.50"}, {"fn_abs(-9223372036854775807-1)", "error 22003"},
        {"fn_abs(NULL)", "~"},
        {"fn_acos(1)", "0"}, {"fn_acos(2)", "error 22003"}, {"fn_acos(NULL)", "~"}, {"fn_asin(0)", "0"}, {"fn_asin(-1.1)", "error 22003"},
        {"fn_atan(0)", "0"}, {"fn_atan(NULL)", "~"}, {"fn_atan2(0,1)", "0"}, {"fn_atan2(1,NULL)", "~"},
        {"fn_cos(0)", "1"}, {"fn_sin(0)", "0"}, {"fn_tan(0)", "0"}, {"fn_cot(0)", "error 22003"}, {"fn_cot(fn_pi()/4) BETWEEN 0.999999 AND 1.000001", "1"},
        {"fn_cos(NULL)", "~"}, {"fn_sin(NULL)", "~"}, {"fn_tan(NULL)", "~"}, {"fn_asin(NULL)", "~"}, {"fn_cot(NULL)", "~"},
        {"fn_degrees(fn_pi())", "180"}, {"fn_radians(180) = fn_pi()", "1"}, {"fn_degrees(NULL)", "~"}, {"fn_radians(NULL)", "~"},
        {"fn_exp(0)", "1"}, {"fn_exp(1000)", "error 22003"}, {"fn_exp(NULL)", "~"},
        {"fn_log(1)", "0"}, {"fn_log(0)", "error 22003"}, {"fn_log(NULL)", "~"}, {"fn_log10(1000)", "3"}, {"fn_log10(-1)", "error 22003"},
        {"fn_sqrt(16)", "4"}, {"fn_sqrt(-1)", "error 22003"}, {"fn_sqrt(NULL)", "~"},
        {"fn_power(2,10)", "1024"}, {"fn_power(0,-1)", "error 22012"}, {"fn_power(-8,0.5)", "error 22003"}, {"fn_power(-2,3)", "-8"},
        {"fn_power(10,400)", "error 22003"}, {"fn_power(2,NULL)", "~"},
        {"fn_pi()", "3.141592653589793"}, {"fn_log10(NULL)", "~"},
        {"fn_sign(-3)", "-1"}, {"fn_sign(0.0)", "0"}, {"fn_sign('0.01')", "1"}, {"fn_sign('0.00')", "0"}, {"fn_sign(NULL)", "~"},
        {"fn_ceiling(1.2)", "2"}, {"fn_ceiling(-1.2)", "-1"}, {"fn_ceiling('1.20')", "2"}, {"fn_ceiling('-1.20')", "-1"},
        {"fn_ceiling(7)", "7"}, {"fn_ceiling('3.00')", "3"}, {"fn_ceiling(NULL)", "~"},
        {"fn_floor(1.8)", "1"}, {"fn_floor(-1.2)", "-2"}, {"fn_floor('-1.20')", "-2"}, {"fn_floor('99.99')", "99"}, {"fn_floor(7)", "7"},
        {"fn_floor(NULL)", "~"},
        {"fn_round(2.675,2)", "2.68"}, {"fn_round(-2.5,0)", "-3"}, {"fn_round(2.5)", "3"}, {"fn_round(1234.5,-2)", "1200"},
        {"fn_round(1250,-2)", "1300"}, {"fn_round(-1250,-2)", "-1300"}, {"fn_round(49,-2)", "0"}, {"fn_round(50,-2)", "100"},
        {"fn_round(7,5)", "7"}, {"fn_round(7,-30)", "0"}, {"fn_round(9223372036854775807,-1)", "error 22003"},
        {"fn_round('12.345',2)", "12.350"}, {"fn_round('-12.345',2)", "-12.350"}, {"fn_round('12.345',9)", "12.345"},
        {"fn_round('12.345',-1)", "10.000"}, {"fn_round('12.345',-100)", "0.000"}, {"fn_round('99.99',0)", "100.00"},
        {"fn_round('99999999999999999999999999999999999999',-1)", "error 22003"}, {"fn_round(1e300,2)", "1e+300"}, {"fn_round(1e-300,2)", "0"},
        {"fn_round(1e300,-9223372036854775807-1)", "0"},
        {"fn_round(NULL,2)", "~"}, {"fn_round(1.5,NULL)", "~"},
        {"fn_truncate(0.29,2)", "0.29"}, {"fn_truncate(-2.79,1)", "-2.7"}, {"fn_truncate(1299,-2)", "1200"}, {"fn_truncate(-1299,-2)", "-1200"},
        {"fn_truncate('12.349',2)", "12.340"}, {"fn_truncate('-12.349',0)", "-12.000"}, {"fn_truncate(9223372036854775807,-1)", "9223372036854775800"},
        {"fn_truncate(NULL,1)", "~"},
        {"fn_rand(7) = fn_rand(7)", "1"}, {"fn_rand() BETWEEN 0 AND 0.9999999999999999", "1"}, {"fn_rand() = fn_rand()", "0"},
        {"fn_rand(NULL) >= 0", "1"},
    };
    (void)state;
    RUN(cases);
}

static void times(void **state)
{
    static const struct value_case cases[] = {
        {"fn_year('2024-02-29')", "2024"}, {"fn_month('2024-02-29 23:59:59.5')", "2"}, {"fn_dayofmonth('2024-02-29')", "29"},
        {"fn_hour('2024-02-29 23:58:57')", "23"}, {"fn_hour('2024-02-29')", "0"}, {"fn_hour('07:08:09')", "7"}, {"fn_minute('07:08:09')", "8"},
        {"fn_second('07:08:09.75')", "9"}, {"fn_quarter('2024-03-31')", "1"}, {"fn_quarter('2024-10-01')", "4"},
        {"fn_year(NULL)", "~"}, {"fn_month(NULL)", "~"}, {"fn_dayofmonth(NULL)", "~"}, {"fn_hour(NULL)", "~"}, {"fn_minute(NULL)", "~"},
        {"fn_second(NULL)", "~"}, {"fn_quarter(NULL)", "~"}, {"fn_year('soon')", "error 22007"}, {"fn_hour('25:00:00')", "error 22007"},
        {"fn_dayofweek('2024-02-25')", "1"}, {"fn_dayofweek('2024-02-24')", "7"}, {"fn_dayofweek('0001-01-01')", "2"}, {"fn_dayofweek(NULL)", "~"},
        {"fn_dayofyear('2024-12-31')", "366"}, {"fn_dayofyear('2023-01-01')", "1"}, {"fn_dayofyear(NULL)", "~"},
        {"fn_week('2024-01-01')", "1"}, {"fn_week('2021-01-01')", "53"}, {"fn_week('2024-12-30')", "1"}, {"fn_week('2024-12-29')", "52"},
        {"fn_week('2020-12-31')", "53"}, {"fn_week('9999-12-31')", "52"}, {"fn_week('0001-01-01')", "1"}, {"fn_week(NULL)", "~"},
        {"fn_dayname('2024-02-29')", "Thursday"}, {"fn_dayname(NULL)", "~"}, {"fn_monthname('2024-12-01')", "December"}, {"fn_monthname(NULL)", "~"},
        {"fn_extract('year','2024-02-29 01:02:03.25')", "2024"}, {"fn_extract('day','2024-02-29')", "29"}, {"fn_extract('week','2024-02-29')", "9"},
        {"fn_extract('frac_second','2024-02-29 01:02:03.25')", "250000000"}, {"fn_extract('second','01:02:03')", "3"},
        {"fn_extract('eon','2024-02-29')", "error 42000"}, {"fn_extract('day',NULL)", "~"},
        {"fn_timestampadd('day',1,'2024-02-28')", "2024-02-29"}, {"fn_timestampadd('month',1,'2024-01-31')", "2024-02-29"},
        {"fn_timestampadd('month',-1,'2024-03-31 10:00:00')", "2024-02-29 10:00:00"}, {"fn_timestampadd('year',1,'2024-02-29')", "2025-02-28"},
        {"fn_timestampadd('quarter',-1,'2024-05-31')", "2024-02-29"}, {"fn_timestampadd('week',2,'2024-02-29')", "2024-03-14"},
        {"fn_timestampadd('hour',1,'2024-02-29')", "2024-02-29 01:00:00"}, {"fn_timestampadd('minute',-1,'2024-01-01 00:00:00')", "2023-12-31 23:59:00"},
        {"fn_timestampadd('second',86400,'2024-02-29 00:00:00')", "2024-03-01 00:00:00"},
        {"fn_timestampadd('frac_second',500000000,'2024-02-29 00:00:00.75')", "2024-02-29 00:00:01.25"},
        {"fn_timestampadd('frac_second',-1,'2024-01-01')", "2023-12-31 23:59:59.999999999"},
        {"fn_timestampadd('day',1,'9999-12-31')", "error 22008"}, {"fn_timestampadd('year',-3000,'2024-01-01')", "error 22008"},
        {"fn_timestampadd('year',9223372036854775807,'2024-01-01')", "error 22008"},
        {"fn_timestampadd('second',9223372036854775807,'2024-01-01')", "error 22008"}, {"fn_timestampadd('day',NULL,'2024-01-01')", "~"},
        {"fn_timestampadd('century',1,'2024-01-01')", "error 42000"},
        {"fn_timestampadd('second',1,'23:59:59') = fn_timestampadd('day',1,current_date_value()) || ' 00:00:00'", "1"},
        {"fn_timestampdiff('day','2024-02-28 23:59:59','2024-02-29 00:00:01')", "1"}, {"fn_timestampdiff('year','2023-12-31','2024-01-01')", "1"},
        {"fn_timestampdiff('month','2024-03-31','2024-02-01')", "-1"}, {"fn_timestampdiff('quarter','2023-12-31','2024-04-01')", "2"},
        {"fn_timestampdiff('week','2024-02-24','2024-02-25')", "1"}, {"fn_timestampdiff('week','2024-02-25','2024-03-02')", "0"},
        {"fn_timestampdiff('hour','2024-01-01 00:59:00','2024-01-01 01:00:00')", "1"}, {"fn_timestampdiff('minute','2024-01-01','2024-01-02')", "1440"},
        {"fn_timestampdiff('second','10:00:00','10:01:00.9')", "60"}, {"fn_timestampdiff('frac_second','10:00:00.25','10:00:01')", "750000000"},
        {"fn_timestampdiff('frac_second','1000-01-01','2024-01-01')", "error 22003"}, {"fn_timestampdiff('day',NULL,'2024-01-01')", "~"},
        {"fn_timestampdiff('day','x','2024-01-01')", "error 22007"},
        {"current_timestamp_value() = current_timestamp_value()", "1"}, {"fn_char_length(current_timestamp_value(0))", "19"},
        {"fn_left(current_timestamp_value(0),10) = current_date_value()", "1"}, {"fn_left(current_timestamp_value(),19) = current_date_value() || ' ' || current_time_value()", "1"},
        {"fn_char_length(current_time_value(0))", "8"}, {"current_timestamp_value(10)", "error 42000"}, {"current_timestamp_value(-1)", "error 42000"},
    };
    (void)state;
    RUN(cases);
}

static void exact_arithmetic(void **state)
{
    static const struct value_case cases[] = {
        {"decimal_add('0.1','0.2',1)", "0.3"}, {"decimal_add('0.10','-0.10',2)", "0.00"}, {"decimal_add(1,'2.5',3)", "3.500"},
        {"decimal_add('99999999999999999999999999999999999999','1',0)", "error 22003"}, {"decimal_add(NULL,'1',0)", "~"},
        {"decimal_add('x','1',0)", "error 22018"}, {"decimal_add('0.1','0.02','0.003',3)", "0.123"}, {"decimal_add('0.4','0.4','0.4',0)", "1"},
        {"decimal_add('99999999999999999999999999999999999999','1','-1',0)", "error 22003"}, {"decimal_add('1','2',NULL,0)", "~"},
        {"decimal_add('1','2','x',0)", "error 22018"}, {"decimal_subtract('10','0.5','0.25',2)", "9.25"},
        {"decimal_subtract('1.00','0.99',2)", "0.01"}, {"decimal_subtract('-99999999999999999999999999999999999999','1',0)", "error 22003"},
        {"decimal_subtract('1',NULL,0)", "~"},
        {"decimal_multiply('1.10','1.10',4)", "1.2100"}, {"decimal_multiply('-3','0.33',2)", "-0.99"},
        {"decimal_multiply('99999999999999999999','99999999999999999999',0)", "error 22003"}, {"decimal_multiply(NULL,NULL,0)", "~"},
        {"decimal_divide('10','3',6)", "3.333333"}, {"decimal_divide('20','3',2)", "6.67"}, {"decimal_divide('-1','8',2)", "-0.13"},
        {"decimal_divide('1','0.00',2)", "error 22012"}, {"decimal_divide(NULL,'0',2)", "~"},
        {"decimal_divide('99999999999999999999999999999999999999','0.1',0)", "error 22003"},
        {"decimal_modulo('7.5','2',1)", "1.5"}, {"decimal_modulo('-7.5','2',1)", "-1.5"}, {"decimal_modulo('7.5','0',1)", "error 22012"},
        {"decimal_modulo('7',NULL,1)", "~"}, {"decimal_modulo('99999999999999999999999999999999999999','0.5',1)", "error 22003"},
        {"decimal_negate('1.50')", "-1.50"}, {"decimal_negate('0.00')", "0.00"}, {"decimal_negate(NULL)", "~"},
        {"integer_add(9223372036854775806,1)", "9223372036854775807"}, {"integer_add(9223372036854775807,1)", "error 22003"}, {"integer_add(1,NULL)", "~"},
        {"integer_subtract(-9223372036854775807,1)", "-9223372036854775808"}, {"integer_subtract(-9223372036854775807,2)", "error 22003"},
        {"integer_multiply(3037000500,3037000500)", "error 22003"}, {"integer_multiply(-4,5)", "-20"}, {"integer_multiply(NULL,5)", "~"},
        {"integer_divide(7,2)", "3"}, {"integer_divide(-7,2)", "-3"}, {"integer_divide(1,0)", "error 22012"},
        {"integer_divide(-9223372036854775807-1,-1)", "error 22003"}, {"integer_divide(1,NULL)", "~"}, {"integer_subtract(NULL,1)", "~"},
        {"integer_modulo(-7,2)", "-1"}, {"integer_modulo(7,0)", "error 22012"}, {"integer_modulo(-9223372036854775807-1,-1)", "0"}, {"integer_modulo(NULL,0)", "~"},
        {"integer_negate(5)", "-5"}, {"integer_negate(-9223372036854775807-1)", "error 22003"}, {"integer_negate(NULL)", "~"},
        {"double_divide(1,4)", "0.25"}, {"double_divide(1,0)", "error 22012"}, {"double_divide(1,NULL)", "~"},
        {"double_divide(1e300,1e-300)", "error 22003"}, {"double_divide(-1e-300,1e300)", "-0"}, {"double_divide(0.0,0.0)", "error 22012"},
        {"double_add(0.5,0.25,1)", "1.75"}, {"double_add(1e308,1e308)", "error 22003"}, {"double_add(1e308,1e308,-1e308)", "error 22003"},
        {"double_add(1,NULL)", "~"}, {"double_subtract(1,0.5,2)", "-1.5"}, {"double_subtract(-1e308,1e308)", "error 22003"},
        {"double_multiply(1.5,2,-2)", "-6"}, {"double_multiply(1e200,1e200)", "error 22003"}, {"double_multiply(9e999,0)", "error 22003"},
        {"double_modulo(7.5,2)", "1.5"}, {"double_modulo(-7.5,2)", "-1.5"}, {"double_modulo(1,0)", "error 22012"}, {"double_modulo(1,NULL)", "~"},
        {"(SELECT sum_double(column1) FROM (VALUES(1e100),(1.0),(NULL),(-1e100)))", "1"},
        {"(SELECT sum_double(column1) FROM (VALUES(1e308),(1e308)))", "error 22003"}, {"(SELECT sum_double(1) WHERE 0)", "~"},
        {"(SELECT average_double(column1) FROM (VALUES(1.0),(NULL),(2.0)))", "1.5"}, {"(SELECT average_double(NULL))", "~"},
        {"(SELECT group_concat(s,' ') FROM (SELECT sum_double(column1) OVER (ORDER BY column1 ROWS 1 PRECEDING) AS s FROM "
         "(VALUES(0.1),(0.2),(0.4))))", "0.1 0.3 0.6"},
        {"(SELECT average_integer(column1) FROM (VALUES(9223372036854775807),(9223372036854775805),(NULL)))", "9.223372036854776e+18"},
        {"(SELECT average_integer(column1) FROM (VALUES(1),(2)))", "1.5"}, {"(SELECT average_integer(NULL))", "~"},
        {"'9.50' < '100.00' COLLATE decimal", "1"}, {"'-5.00' < '-4.99' COLLATE decimal", "1"}, {"'1.0' = '1.00' COLLATE decimal", "1"},
        {"'x' > '5' COLLATE decimal", "1"}, {"'x' < 'y' COLLATE decimal", "1"},
        {"(SELECT sum_decimal(column1,2) FROM (VALUES('0.10'),('0.20'),(NULL),('99.99')))", "100.29"},
        {"(SELECT sum_decimal(column1,1) FROM (VALUES('0.1'),('0.2')))", "0.3"},
        {"(SELECT sum_decimal(column1,2) FROM (VALUES(NULL)))", "~"}, {"(SELECT sum_decimal(1,2) WHERE 0)", "~"},
        {"(SELECT sum_decimal(column1,0) FROM (VALUES('99999999999999999999999999999999999999'),('1')))", "error 22003"},
        {"(SELECT average_decimal(column1,6) FROM (VALUES('1.00'),('2.00'),(NULL),('2.00')))", "1.666667"},
        {"(SELECT average_decimal(column1,6) FROM (VALUES(NULL)))", "~"},
        {"(SELECT sum_integer(column1) FROM (VALUES(1),(NULL),(41)))", "42"}, {"(SELECT sum_integer(column1) FROM (VALUES(NULL)))", "~"},
        {"(SELECT sum_integer(column1) FROM (VALUES(9223372036854775807),(1)))", "error 22003"},
        {"(SELECT sum_integer(column1) FROM (VALUES(9223372036854775807),(1),(-1)))", "9223372036854775807"},
        {"(SELECT group_concat(s,' ') FROM (SELECT sum_decimal(column1,1) OVER (ORDER BY column2 ROWS 1 PRECEDING) AS s FROM "
         "(VALUES('0.1',1),('0.2',2),(NULL,3),('5.0',4))))", "0.1 0.3 0.2 5.0"},
        {"(SELECT group_concat(s,' ') FROM (SELECT sum_integer(column1) OVER (ORDER BY column1 ROWS 1 PRECEDING) AS s FROM "
         "(VALUES(1),(2),(3))))", "1 3 5"},
        {"(SELECT group_concat(s,' ') FROM (SELECT average_decimal(column1,2) OVER (ORDER BY column1 ROWS 1 PRECEDING) AS s FROM "
         "(VALUES('1.00'),('2.00'),('3.00'))))", "1.00 1.50 2.50"},
        {"(SELECT max(column1 COLLATE decimal) FROM (VALUES('9.50'),('100.00'),('-200.00')))", "100.00"},
        {"(SELECT min(column1 COLLATE decimal) FROM (VALUES('9.50'),('100.00'),('-200.00')))", "-200.00"},
        {"(SELECT sum(column1) FROM (VALUES(9223372036854775807),(1)))", "error 22003"},
    };
    (void)state;
    RUN(cases);
}

static void system_and_casts(void **state)
{
    static const struct value_case cases[] = {
        {"fn_database()", "Fake"}, {"fn_user()", "ann"},
        {"cast_value(5,'integer','decimal(5,2)')", "5.00"}, {"cast_value('5.67','decimal(5,2)','integer')", "5"},
        {"cast_value('2024-02-29','string','date')", "2024-02-29"}, {"cast_value('2024-02-29 10:00:00','timestamp','date')", "2024-02-29"},
        {"cast_value('x','string','integer')", "error 22018"}, {"cast_value('300000000000','string','integer')", "error 22003"},
        {"cast_value('abc','string','string(2)')", "error 22001"}, {"cast_value(NULL,'string','integer')", "~"},
        {"cast_value('yes','string','boolean')", "1"}, {"cast_value(1,'nothing','integer')", "error HY000"},
        {"cast_value(0.1,'double','string')", "0.1"},
        {"coalesce(NULL,2)", "2"}, {"nullif(1,1)", "~"},
    };
    (void)state;
    RUN(cases);
}

static bool known(struct run *run, const char *name)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) > 0 FROM pragma_function_list WHERE name = '%s'", name);
    return strcmp(run_sql(run, sql, "string"), "1") == 0;
}

static void every_function_of_the_list_is_there(void **state)
{
    static const char *const others[] = {
        "integer_add", "integer_subtract", "integer_multiply", "integer_divide", "integer_modulo", "integer_negate", "double_divide",
        "double_add", "double_subtract", "double_multiply", "double_modulo", "sum_double", "average_double", "average_integer",
        "decimal_add", "decimal_subtract", "decimal_multiply", "decimal_divide", "decimal_modulo", "decimal_negate", "cast_value",
        "sum_decimal", "average_decimal", "sum_integer", "current_date_value", "current_time_value", "current_timestamp_value",
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sql_function_count; i++)
        if (!known(&run, sql_functions[i].engine_name) && strcmp(sql_functions[i].engine_name, "coalesce") != 0)
            fail_msg("%s is not there", sql_functions[i].engine_name);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (!known(&run, others[i]))
            fail_msg("%s is not there", others[i]);
    run_clear(&run);
}

/* The message says what to do, and the state is the function's, not SQLite's. */
static void errors_carry_their_cause(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_sql(&run, "SELECT integer_divide(\"Id\", \"Id\" - 3) FROM \"Users\"", "bigint"), "error 22012");
    assert_string_equal(run.err.message, "Division by zero; NULLIF(divisor, 0) gives NULL instead");
    assert_string_equal(run_sql(&run, "SELECT 1", "bigint"), "1");
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text),
        cmocka_unit_test(patterns),
        cmocka_unit_test(numbers),
        cmocka_unit_test(times),
        cmocka_unit_test(exact_arithmetic),
        cmocka_unit_test(system_and_casts),
        cmocka_unit_test(every_function_of_the_list_is_there),
        cmocka_unit_test(errors_carry_their_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
