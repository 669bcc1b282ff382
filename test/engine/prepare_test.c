/* Proves engine/prepare.c: SQL as applications write it, through parser, types and engine, to the scans and rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"

static void runs_what_applications_write(void **state)
{
    static const struct { const char *sql, *rows, *scans; } cases[] = {
        {"SELECT * FROM Users WHERE Id = 2", "2|Bob|10|1|0.20|1985-12-01", "Users wanted=Id,Name,GroupId,Active,Balance,Born Id=2\n"},
        {"SELECT Id, Duration FROM Sheets WHERE UserId IN (1,2) AND Date BETWEEN '2024-01-02' AND {d '2024-02-02'}",
         "101|1800;102|60;104|30", "Sheets wanted=Id,UserId,Date,Duration UserId.in(1,2) Date>=2024-01-02 Date<=2024-02-02\n"},
        {"SELECT TOP 2 Id FROM Users ORDER BY Id DESC", "6;5", "Users wanted=Id order=Id- limit=2\n"},
        {"SELECT Id FROM Users LIMIT 3 OFFSET 2", "3;4;5", "Users wanted=Id limit=5\n"},
        /* bounds past all values of the column */
        {"SELECT Id FROM Sheets WHERE Duration > -3000000000 AND UserId = 1", "100;101", "Sheets wanted=Id,UserId,Duration UserId=1\n"},
        {"SELECT Id FROM Sheets WHERE Duration < -3000000000 AND UserId = 1", "", ""},
        {"SELECT Id FROM Sheets WHERE Duration >= -2147483648 AND UserId = 1", "100;101", "Sheets wanted=Id,UserId,Duration Duration>=-2147483648 UserId=1\n"},
        {"SELECT Id FROM Sheets WHERE Duration < 3000000000 AND UserId = 1", "100;101", "Sheets wanted=Id,UserId,Duration UserId=1\n"},
        {"SELECT ROUND(CAST(-2147483647 AS INTEGER), -1)", "error 22003", ""}, {"SELECT ROUND(CAST(2147483647 AS INTEGER), -1)", "error 22003", ""},
        {"SELECT Id FROM Users WHERE Id = '2'", "2", "Users wanted=Id Id=2\n"},
        {"SELECT Id FROM Users WHERE Balance > 9.5", "4", "Users wanted=Id,Balance Balance>9.50\n"},
        {"SELECT Id FROM Users WHERE Balance BETWEEN 0 AND 10.00 ORDER BY Balance DESC", "5;2;1",
         "Users wanted=Id,Balance Balance>=0.00 Balance<=10.00 order=Balance-\n"},
        {"SELECT Name FROM Users WHERE Name LIKE 'A%' AND Active = 1", "Ann;Ann", "Users wanted=Name,Active Active=1 Name.like:A%\n"},
        {"SELECT SUM(Balance), AVG(Balance), MIN(Balance), MAX(Balance), COUNT(*) FROM Users", "104.80|20.960000|-5.00|100.00|6",
         "Users wanted=Balance\n"},
        {"SELECT SUM(DISTINCT Balance), AVG(DISTINCT Balance), COUNT(DISTINCT Balance) FROM Users WHERE Id IN (1,1,2)", "0.30|0.150000|2",
         "Users wanted=Id,Balance Id.in(1,2)\n"},
        {"SELECT 10 - 1 - 2 + 3 + 4, 1.5 - 0.25 - 0.125", "14|1.125", ""},
        {"SELECT SUM(Duration), AVG(Score) FROM Sheets", "12695|1.4", "Sheets wanted=Duration,Score\n"},
        {"SELECT Balance + 0.1, Balance * 2, Balance / 3, -Balance FROM Users WHERE Id = 1", "0.20|0.20|0.033333|-0.10",
         "Users wanted=Id,Balance Id=1\n"},
        {"SELECT i.Title FROM Items i JOIN Users u ON u.Id = i.ParentId WHERE u.GroupId = 10", "pen;ink;pen",
         "Users wanted=Id,GroupId GroupId=10\nItems wanted=ParentId,Title ParentId=1\nItems wanted=ParentId,Title ParentId=2\n"},
        {"SELECT Id FROM Users WHERE Id IN (SELECT UserId FROM Sheets WHERE Date >= '2024-02-01')", "2;3",
         "Sheets wanted=UserId,Date Date>=2024-02-01\nUsers wanted=Id Id.in(2,3)\n"},
        {"SELECT c FROM Pairs WHERE a = b LIMIT 1", "x", "Pairs wanted=a,b,c\n"},
        /* LIMIT beside what is no filter, a list that is gone through, and orders */
        {"SELECT Id FROM Users WHERE Id IS NOT DISTINCT FROM 5 LIMIT 1", "5", "Users wanted=Id\n"},
        {"SELECT Id FROM Users WHERE Active = 1 AND GroupId IS NOT DISTINCT FROM 20 LIMIT 1", "4", "Users wanted=Id,GroupId,Active Active=1\n"},
        {"SELECT Id FROM Items WHERE ParentId = 1 AND Title IN ('ink', 'pen') LIMIT 2", "12;11",
         "Items wanted=ParentId,Id,Title ParentId=1 Title=ink\nItems wanted=ParentId,Id,Title ParentId=1 Title=pen\n"},
        {"SELECT Id FROM Users ORDER BY GroupId + 1 LIMIT 2", "5;1", "Users wanted=Id,GroupId\n"},
        {"SELECT DISTINCT Active FROM Users ORDER BY Active LIMIT 1", "0", "Users wanted=Active\n"},
        {"SELECT GroupId FROM Users GROUP BY GroupId ORDER BY GroupId LIMIT 2", "~;10", "Users wanted=GroupId\n"},
        {"SELECT Name FROM Users GROUP BY Name ORDER BY Name LIMIT 2", "~;Ann", "Users wanted=Name\n"},
        /* LIMIT beside BETWEEN, and beside an order by decimals */
        {"SELECT Id FROM Users WHERE Balance BETWEEN 0 AND 10.00 LIMIT 2", "1;2", "Users wanted=Id,Balance Balance>=0.00 Balance<=10.00 limit=2\n"},
        {"SELECT Id FROM Sheets WHERE UserId = 2 AND Date BETWEEN '2024-01-02' AND '2024-02-02' LIMIT 1", "102",
         "Sheets wanted=Id,UserId,Date UserId=2 Date>=2024-01-02 Date<=2024-02-02 limit=1\n"},
        {"SELECT Id FROM Users WHERE Balance NOT BETWEEN 0 AND 10.00 LIMIT 2", "3;4", "Users wanted=Id,Balance\n"},
        {"SELECT Id FROM Users ORDER BY Balance DESC LIMIT 2", "4;5", "Users wanted=Id,Balance order=Balance- limit=2\n"},
        {"SELECT Id, Balance FROM Users ORDER BY Balance LIMIT 3", "6|~;3|-5.00;1|0.10", "Users wanted=Id,Balance order=Balance limit=3\n"},
        {"SELECT Balance AS b FROM Users WHERE Balance BETWEEN -5 AND 9.5 ORDER BY 1 DESC LIMIT 2", "9.50;0.20",
         "Users wanted=Balance Balance>=-5.00 Balance<=9.50 order=Balance- limit=2\n"},
        {"SELECT Balance + 1 FROM Users ORDER BY 1 DESC LIMIT 2", "101.00;10.50", "Users wanted=Balance\n"},
        /* a RIGHT JOIN whose right side needs a condition */
        {"SELECT u.Name, i.Title FROM Users u RIGHT JOIN Items i ON u.Id = i.Id - 10 WHERE i.ParentId = 1", "Ann|pen;Bob|ink",
         "Items wanted=ParentId,Id,Title ParentId=1\nUsers wanted=Id,Name Id=1\nUsers wanted=Id,Name Id=2\n"},
        {"SELECT u.Name, i.Title FROM Users u RIGHT JOIN Items i ON u.Id = i.Id WHERE i.ParentId IN (2, 3)", "~|pen;~|cup",
         "Items wanted=ParentId,Id,Title ParentId=2\nUsers wanted=Id,Name Id=21\nItems wanted=ParentId,Id,Title ParentId=3\n"
         "Users wanted=Id,Name Id=31\n"},
        {"SELECT u.Id, i.Title FROM Items i RIGHT JOIN Users u ON i.ParentId = u.Id WHERE u.Id < 3", "1|pen;1|ink;2|pen",
         "Users wanted=Id\nItems wanted=ParentId,Title ParentId=1\nItems wanted=ParentId,Title ParentId=2\n"},
        {"SELECT Title FROM Items", "error 42000", ""},
        {"SELECT Title FROM Nothing", "error 42S02", ""},
        {"SELECT 1/0", "error 22012", ""},
        {"SELECT 9223372036854775807 + 1", "error 22003", ""},
        {"SELECT USER(), DATABASE(), {fn UCASE('straße')}", "ann|Fake|STRAßE", ""},
        {"SELECT TIMESTAMPADD(SQL_TSI_DAY, 1, Born), EXTRACT(YEAR FROM Born), CAST(Balance AS INTEGER) FROM Users WHERE Id = 5",
         "1990-02-01|1990|9", "Users wanted=Id,Balance,Born Id=5\n"},
        {"SELECT Modified FROM Sheets WHERE Modified IS NOT NULL", "2024-01-01 10:00:00;2024-01-03 00:00:00.5", "Sheets wanted=Modified\n"},
    };
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *rows = run_text(&run, cases[i].sql);
        if (strcmp(rows, cases[i].rows) != 0 || strcmp(run_log(&run), cases[i].scans) != 0) {
            bad++;
            print_error("%s\n  rows  %s\n  not   %s\n  scans %s  not   %s  %s\n", cases[i].sql, rows, cases[i].rows, run_log(&run),
                        cases[i].scans, run.err.message);
        }
    }
    assert_int_equal(bad, 0);
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

/* SQLite's parser alone goes some thirty calls deep. */
static void adds_as_many_terms_as_are_written(void **state)
{
    static const struct { const char *first, *more, *sum; } cases[] = {
        {"SELECT 1", " + 1", "300"}, {"SELECT 1000", " - 1", "701"}, {"SELECT 0.5", " + 0.25", "75.25"}, {"SELECT 1e0", " + 1", "300"},
    };
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[4096];
        strcpy(sql, cases[i].first);
        for (int terms = 1; terms < 300; terms++)
            strcat(sql, cases[i].more);
        assert_string_equal(run_text(&run, sql), cases[i].sum);
    }
    run_clear(&run);
}

static void types_parameters_by_their_use(void **state)
{
    static const char sql[] = "SELECT Name FROM Users WHERE Balance >= ? AND Born < ?";
    struct run run;
    struct query *query;
    (void)state;

    run_init(&run, 0);
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    assert_int_equal(query_statement(query)->parameter_count, 2);
    assert_int_equal(query_statement(query)->parameters[0].type.kind, TYPE_DECIMAL);
    struct value balance = value_text("0.20", 4), born = value_text("1990-01-01", 10);
    assert_true(query_bind(query, 0, &balance, &run.err));
    assert_true(query_bind(query, 1, &born, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "Bob");
    assert_string_equal(run_log(&run), "Users wanted=Name,Balance,Born Balance>=0.20\n");
    query_close(query);
    run_clear(&run);
}

/* A number that is finer than the column is no number that the column has; what goes to the service are numbers that it has. */
static void compares_decimals_of_any_scale(void **state)
{
    static const struct { const char *condition, *number, *rows, *asked; } cases[] = {
        {"Balance = ?", "9.50", "5", " Balance=9.50"},
        {"Balance = ?", "9.500", "5", " Balance=9.50"},
        {"Balance = ?", "9.503", "", NULL},
        {"Balance <> ?", "9.503", "1;2;3;4;5", ""},
        {"Balance < ?", "9.503", "1;2;3;5", " Balance<9.51"},
        {"Balance <= ?", "9.503", "1;2;3;5", " Balance<=9.50"},
        {"Balance > ?", "9.503", "4", " Balance>9.50"},
        {"Balance >= ?", "9.503", "4", " Balance>=9.51"},
        {"Balance > ?", "9.497", "4;5", " Balance>9.49"},
        {"Balance >= ?", "9.497", "4;5", " Balance>=9.50"},
        {"Balance < ?", "9.497", "1;2;3", " Balance<9.50"},
        {"Balance <= ?", "9.497", "1;2;3", " Balance<=9.49"},
        {"Balance >= ?", "-5.001", "1;2;3;4;5", " Balance>=-5.00"},
        {"Balance > ?", "-4.999", "1;2;4;5", " Balance>-5.00"},
        {"Balance < ?", "99999999.999", "1;2;3;4;5", ""}, /* rounded, it would be more than the column can hold */
        {"Balance > ?", "99999999.999", "", " Balance>99999999.99"},
        {"Balance IN (?, 0.2)", "9.503", "2", " Balance=0.20"}, /* the other value asks for nothing */
        {"Balance BETWEEN ? AND 0.20", "0.101", "2", " Balance>=0.11 Balance<=0.20"},
        {"? = Balance", "0.101", "", NULL},
        {"NOT Balance = ?", "9.503", "1;2;3;4;5", ""},
        {"CASE WHEN Balance = ? THEN 1 ELSE 0 END = 1", "9.503", "", ""},
        {"Balance + 1.00 = ?", "10.503", "", ""},
        {"Balance + 1.00 >= ?", "10.497", "4;5", ""},
    };
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[200], scan[200] = "";
        struct value number = value_text(cases[i].number, strlen(cases[i].number));
        struct query *query;
        snprintf(sql, sizeof sql, "SELECT Id FROM Users WHERE %s", cases[i].condition);
        if (cases[i].asked)
            snprintf(scan, sizeof scan, "Users wanted=Id,Balance%s\n", cases[i].asked);
        buffer_reset(&run.fake.log);
        assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
        assert_true(query_bind(query, 0, &number, &run.err));
        const char *rows = run_rows(&run, query, 0);
        if (strcmp(rows, cases[i].rows) != 0 || strcmp(run_log(&run), scan) != 0) {
            bad++;
            print_error("%s with %s gives %s (%s), asking %s", cases[i].condition, cases[i].number, rows, run.err.message, run_log(&run));
        }
        query_close(query);
    }
    assert_int_equal(bad, 0);
    run_clear(&run);
}

static void runs_the_statements_of_a_batch_apart(void **state)
{
    static const char sql[] = "; SELECT Name FROM Users WHERE Id = ?;; SELECT ? + 1 ;SELECT Id FROM Users WHERE Name = ? ORDER BY Id;";
    struct value id = value_integer(2), number = value_integer(41), name = value_text("Ann", 3);
    struct run run;
    struct query *first;
    (void)state;

    run_init(&run, 0);
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &first, &run.err));
    struct query *second = query_next(first), *third = query_next(second);
    assert_null(query_next(third));
    assert_int_equal(query_statement(first)->parameter_count, 3);
    assert_int_equal(query_statement(third)->parameter_count, 3);
    assert_int_equal(query_statement(first)->parameters[0].type.kind, TYPE_BIGINT);
    assert_int_equal(query_statement(first)->parameters[2].type.kind, TYPE_STRING);
    assert_true(query_bind(first, 0, &id, &run.err));
    assert_true(query_bind(second, 1, &number, &run.err));
    assert_true(query_bind(first, 2, &name, &run.err));
    for (int again = 0; again < 2; again++) {
        assert_string_equal(run_rows(&run, first, 0), "Bob");
        assert_string_equal(run_rows(&run, second, 0), "42");
        assert_string_equal(run_rows(&run, third, 0), "1;5");
        assert_string_equal(run_rows(&run, third, 1), "1"); /* a bound of our own stands behind the batch's parameters */
    }
    query_close(first);
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

static void refuses_a_batch_whose_end_is_impossible(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, "SELECT 1; SELECT Title FROM Nothing"), "error 42S02");
    assert_string_equal(run_text(&run, "SELECT 1; SELECT Title FROM Items"), "error 42000");
    assert_string_equal(run_text(&run, "SELECT Id FROM Users; SELECT 1 1"), "error 42000");
    assert_string_equal(run_log(&run), "");
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_what_applications_write),
        cmocka_unit_test(adds_as_many_terms_as_are_written),
        cmocka_unit_test(types_parameters_by_their_use),
        cmocka_unit_test(compares_decimals_of_any_scale),
        cmocka_unit_test(runs_the_statements_of_a_batch_apart),
        cmocka_unit_test(refuses_a_batch_whose_end_is_impossible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
