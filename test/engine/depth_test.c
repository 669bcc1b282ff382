/* Proves how deep a statement may be (doc/sql.md, Limits), that what is printed so that SQLite's parser goes along means the same, and
 * that preparing ends when it is cancelled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum { ROOM = 1 << 17 };

static const char *nested(const char *before, const char *open, const char *middle, const char *close, const char *after, int times)
{
    static char text[ROOM];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", before);

    for (int i = 0; i < times; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", open);
    used += (size_t)snprintf(text + used, sizeof text - used, "%s", middle);
    for (int i = 0; i < times; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", close);
    snprintf(text + used, sizeof text - used, "%s", after);
    return text;
}

/* The depths that doc/sql.md tells. */
static void goes_as_deep_as_is_told(void **state)
{
    static const struct { const char *before, *open, *middle, *close, *after; int times; const char *rows; } cases[] = {
        {"", "SELECT Id FROM (", "SELECT Id FROM Users WHERE Id < 3", ") x", "", 90, "1;2"},
        {"", "SELECT x.Id, n FROM (", "SELECT Id, 1 AS n FROM Users", ") x JOIN (SELECT Id FROM Users WHERE Id = 4) y ON x.Id = y.Id", "", 30, "4|1"},
        {"", "SELECT Id, COUNT(*) AS n FROM (", "SELECT Id FROM Users WHERE Id = 4", ") x GROUP BY Id", "", 60, "4|1"},
        {"SELECT COUNT(*) FROM (", "(SELECT Id FROM Users UNION ALL ", "SELECT 1", ")", ") x", 90, "541"},
        {"", "(", "SELECT Id FROM Users WHERE Id < 3", " EXCEPT SELECT 2 UNION SELECT 3)", "", 90, "1;3"},
        {"SELECT ", "CASE WHEN Id = 1 THEN 1 ELSE ", "2", " END", " FROM Users WHERE Id < 3", 190, "1;2"},
        {"SELECT ", "CASE WHEN Id = 1 THEN ", "2", " ELSE 3 END", " FROM Users WHERE Id < 3", 190, "2;3"},
        {"SELECT ", "CASE Id WHEN 1 THEN ", "2", " WHEN 2 THEN 4 END", " FROM Users WHERE Id < 4", 190, "2;4;~"},
        {"SELECT ", "CASE WHEN Id = 1 THEN IIF(Id < 9, IIF(Id < 8, IIF(Id < 7, IIF(Id < 6, IIF(Id < 5, IIF(Id < 4, IIF(Id < 3, 1, 9), 9), 9), 9), 9), "
         "9), 9) ELSE ", "2", " END", " FROM Users WHERE Id < 3", 90, "1;2"},
        {"SELECT ", "IIF(Id = 1, 5, ", "6", ")", " FROM Users WHERE Id < 3", 190, "5;6"},
        {"SELECT ", "REPLACE(", "'abc'", ", 'b', 'bb')", "", 8, "abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc"},
        {"SELECT ", "REPLACE(", "'abc'", ", 'a', 'x')", "", 190, "xbc"},
        {"SELECT ", "COALESCE(GroupId, ", "-1", ")", " FROM Users WHERE Id > 4", 190, "-1;30"},
        {"SELECT ", "LENGTH(CONCAT('x', CONCAT(", "'a'", ", 'y')))", "", 1, "3"},
        {"SELECT LENGTH(", "CONCAT('x', ", "'a'", ")", ")", 190, "191"},
        {"SELECT ", "GREATEST(Id, ", "2", ")", " FROM Users WHERE Id < 4", 190, "2;2;3"},
        {"SELECT Id", " + Id - 1", "", "", " FROM Users WHERE Id < 3", 190, "1;192"},
        {"SELECT Balance", " - 1 + Balance", "", "", " FROM Users WHERE Id < 3", 190, "-170.90;-151.80"},
        {"SELECT 1", " * 1", "", "", "", 390, "1"},
        {"SELECT ", "UPPER(", "'a'", ")", "", 30, "A"},
        {"SELECT ", "CASE WHEN 1 = ", "1", " THEN 1 END", "", 18, "1"},
        {"SELECT Id FROM Users WHERE ", "Id IN (SELECT Id FROM Users WHERE ", "Id < 3", ")", "", 10, "1;2"},
    };
    struct run run;
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *sql = nested(cases[i].before, cases[i].open, cases[i].middle, cases[i].close, cases[i].after, cases[i].times);
        const char *rows = run_text(&run, sql);
        if (strcmp(rows, cases[i].rows) != 0) {
            bad++;
            print_error("%.200s…\n  %s\n  not %s  %s\n", sql, rows, cases[i].rows, run.err.message);
        }
    }
    assert_int_equal(bad, 0);
    /* past them it is told, and by whom */
    assert_string_equal(run_text(&run, nested("", "SELECT Id FROM (", "SELECT Id FROM Users", ") x", "", 110)), "error 42000");
    assert_non_null(strstr(run.err.message, "200 levels"));
    assert_string_equal(run_text(&run, nested("SELECT ", "UPPER(", "'a'", ")", "", 40)), "error 54000");
    run_clear(&run);
}

/* ---- CASE ---- */

/* The value of the nested CASE below by its definition: CASE WHEN GroupId > level THEN (the next) WHEN Id = level THEN -level ELSE level END. */
static int by_hand(int id, int group, int level, int depth)
{
    if (level == depth)
        return 100 / (group - 10);
    if (group > level && group != 0)
        return by_hand(id, group, level + 1, depth);
    return id == level ? -level : level;
}

/* A CASE that is deep in THEN is turned around: neither NULL nor what its condition keeps away may be lost. */
static void turned_cases_choose_the_same(void **state)
{
    enum { DEPTH = 15 };
    static const int groups[] = {10, 10, 20, 20, 0 /* NULL */, 30};
    static char text[ROOM];
    struct run run;
    char expected[200];
    (void)state;

    run_init(&run, 0);
    size_t used = (size_t)snprintf(text, sizeof text, "SELECT "), told = 0;
    for (int level = 0; level < DEPTH; level++)
        used += (size_t)snprintf(text + used, sizeof text - used, "CASE WHEN GroupId > %d THEN ", level);
    used += (size_t)snprintf(text + used, sizeof text - used, "100 / (GroupId - 10)");
    for (int level = DEPTH - 1; level >= 0; level--)
        used += (size_t)snprintf(text + used, sizeof text - used, " WHEN Id = %d THEN %d ELSE %d END", level, -level, level);
    snprintf(text + used, sizeof text - used, " FROM Users");
    for (int id = 1; id <= 6; id++)
        told += (size_t)snprintf(expected + told, sizeof expected - told, "%s%d", id > 1 ? ";" : "", by_hand(id, groups[id - 1], 0, DEPTH));
    assert_string_equal(run_text(&run, text), expected);
    /* without ELSE, and where the deep one stands in the middle */
    const char *deep = "CASE WHEN Id < 9 THEN CASE WHEN Id < 8 THEN CASE WHEN Id < 7 THEN CASE WHEN Id < 6 THEN CASE WHEN Id < 5 THEN CASE WHEN Id < 4 "
                       "THEN CASE WHEN Id < 3 THEN CASE WHEN Id < 2 THEN 1 END END END END END END END END";
    snprintf(text, sizeof text, "SELECT CASE WHEN Id = 2 THEN 2 WHEN GroupId < 25 THEN %s WHEN GroupId = 30 THEN 30 END FROM Users", deep);
    assert_string_equal(run_text(&run, text), "1;2;~;~;~;30");
    snprintf(text, sizeof text, "SELECT CASE WHEN GroupId < 25 THEN %s END FROM Users", deep);
    assert_string_equal(run_text(&run, text), "1;~;~;~;~;~");
    snprintf(text, sizeof text, "SELECT CASE GroupId WHEN 10 THEN %s WHEN 30 THEN 30 ELSE 0 END FROM Users", deep);
    assert_string_equal(run_text(&run, text), "1;~;0;0;0;30");
    run_clear(&run);
}

/* The comparison of decimals in a CASE says nothing of the order of the texts that it chooses. */
static void nested_cases_keep_their_order(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, "SELECT CASE WHEN Active = 0 THEN 'x' ELSE CASE WHEN Balance > 1 THEN '1.0' ELSE '1' END END = '1' FROM Users"),
                        "1;1;0;0;0;0");
    assert_string_equal(run_text(&run, "SELECT COALESCE(Name, COALESCE(CASE WHEN Id > 1.5 THEN '1.0' END, 'y')) = '1' FROM Users WHERE Id = 6"), "0");
    run_clear(&run);
}

/* ---- Chains of arithmetic ---- */

static void chains_are_their_steps(void **state)
{
    static const struct { const char *expression, *value; } cases[] = {
        {"9223372036854775807 - 1 + 1", "9223372036854775807"},
        {"9223372036854775807 + 1 - 1", "error 22003"},
        {"-9223372036854775808 + 1 - 2", "error 22003"},
        {"-1 + 0 - -9223372036854775808", "9223372036854775807"},
        {"10 - 2 - 3 + 4 - 1", "8"},
        {"2 * 3 * 4", "24"},
        {"4611686018427387904 * 2 * 0", "error 22003"},
        {"0 * 4611686018427387904 * 2", "0"},
        {"100 / 7 / 2", "7"},
        {"100 / (9 / 2)", "25"},
        {"100 % 30 % 7", "3"},
        {"2 * 3 + 4 * 5 - 6", "20"},
        {"10 - (2 - 3) + 1", "12"},
        {"10 - (2 + 3) - 1", "4"},
        {"1e0 - 0.1e0 - 0.2e0 + 0.3e0", "1"},
        {"1e308 + 1e308 - 1e308", "error 22003"},
        {"0.1 + 0.25 - 0.125", "0.225"},
        {"10.5 - 1 - 0.25 + 100.125", "109.375"},
        {"1.5 * 1.5 * 1.5", "3.375"},
        /* a sum that is rounded to six digits is rounded before more is added */
        {"CAST(0.0000004 AS DECIMAL(38,7)) + CAST(0 AS DECIMAL(38,0)) + CAST(0.0000004 AS DECIMAL(38,7))", "0.000000"},
        {"CAST(0 AS DECIMAL(38,0)) + CAST(0.0000004 AS DECIMAL(38,7)) + CAST(0.0000004 AS DECIMAL(38,7))", "0.000000"},
        {"CAST(0 AS DECIMAL(38,0)) - CAST(0.0000004 AS DECIMAL(38,7)) + CAST(0.0000004 AS DECIMAL(38,7))", "0.000000"},
        {"CAST(0.0000014 AS DECIMAL(38,7)) - CAST(0 AS DECIMAL(38,0)) - CAST(0.0000006 AS DECIMAL(38,7))", "0.000000"},
        {"CAST(0.0000004 AS DECIMAL(20,7)) + CAST(0.0000004 AS DECIMAL(20,7)) + CAST(0 AS DECIMAL(38,0))", "0.000001"},
    };
    struct run run;
    char sql[400];
    int bad = 0;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(sql, sizeof sql, "SELECT %s", cases[i].expression);
        const char *value = run_text(&run, sql);
        if (strcmp(value, cases[i].value) != 0) {
            bad++;
            print_error("%s: %s, not %s  %s\n", cases[i].expression, value, cases[i].value, run.err.message);
        }
    }
    assert_int_equal(bad, 0);
    run_clear(&run);
}

/* ---- What would take too long to prepare ---- */

/* n common tables, each of which uses the one before twice. */
static const char *doubling(const char *first, int n)
{
    static char text[ROOM];
    size_t used = (size_t)snprintf(text, sizeof text, "WITH q0 AS (%s)", first);

    for (int i = 1; i <= n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, ", q%d AS (SELECT MAX(a.Id) AS Id FROM q%d a, q%d b)", i, i - 1, i - 1);
    snprintf(text + used, sizeof text - used, " SELECT Id FROM q%d", n);
    return text;
}

static void refuses_common_tables_that_multiply(void **state)
{
    static char text[ROOM];
    struct run run;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, doubling("SELECT 1 AS Id", 11)), "1");
    assert_string_equal(run_text(&run, doubling("SELECT 1 AS Id", 25)), "error 54000");
    assert_non_null(strstr(run.err.message, "q12 in a temporary table"));
    assert_string_equal(run_text(&run, doubling("SELECT Id FROM Users", 25)), "error 54000");
    snprintf(text, sizeof text, "SELECT * FROM (%.*s) x", ROOM - 20, doubling("SELECT 1 AS Id", 25));
    assert_string_equal(run_text(&run, text), "error 54000");
    /* each used once is no more than is written; nor does one cost that nobody uses */
    size_t used = (size_t)snprintf(text, sizeof text, "WITH q0 AS (SELECT Id FROM Users WHERE Id = 3)");
    for (int i = 1; i <= 300; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, ", q%d AS (SELECT Id FROM q%d)", i, i - 1);
    snprintf(text + used, sizeof text - used, " SELECT Id FROM q300");
    assert_string_equal(run_text(&run, text), "3");
    run_clear(&run);
}

static void preparing_can_be_cancelled(void **state)
{
    static const char sql[] = "SELECT a.Id FROM Users a, Users b, Users c, Users d WHERE a.Id = b.Id AND b.Id = c.Id AND c.Id = d.Id";
    struct run run;
    struct query *query;
    (void)state;

    run_init(&run, 0);
    assert_string_equal(run_text(&run, sql), "1;2;3;4;5;6");
    assert_true(run.fake.plans > 4);
    run.fake.plans = 0;
    run.fake.cancel_at_plan = &run.cancel;
    assert_false(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    assert_string_equal(run.err.sqlstate, "HY008");
    assert_int_equal(run.fake.plans, 1);
    run.fake.cancel_at_plan = NULL;
    cancel_reset(&run.cancel);
    assert_string_equal(run_text(&run, sql), "1;2;3;4;5;6");
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_as_deep_as_is_told),
        cmocka_unit_test(turned_cases_choose_the_same),
        cmocka_unit_test(nested_cases_keep_their_order),
        cmocka_unit_test(chains_are_their_steps),
        cmocka_unit_test(refuses_common_tables_that_multiply),
        cmocka_unit_test(preparing_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
