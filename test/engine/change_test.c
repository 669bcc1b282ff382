/* Proves engine/change.c and fill.c: a statement that fails leaves nothing of itself, disturbs no other, and holds no lock for as long as a
 * service takes to answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "own.h"

/* A query that stands at its first row. */
static struct query *open_query(struct run *run, const char *sql)
{
    struct query *query;
    bool row = false;

    if (!query_prepare(run->engine, sql, strlen(sql), NULL, 0, &run->cancel, &query, &run->err) || !query_execute(query, 0, &run->err) ||
        !query_step(query, &row, &run->err) || !row)
        fail_msg("%s: %s", sql, run->err.message);
    return query;
}

/* The rest of its rows must be so many. */
static void ends_after(struct run *run, struct query *query, int wanted)
{
    bool row = true;
    int rows = 0;

    while (row) {
        if (!query_step(query, &row, &run->err))
            fail_msg("after %d rows: %s %s", rows, run->err.sqlstate, run->err.message);
        rows += row;
    }
    assert_int_equal(rows, wanted);
    query_close(query);
}

/* Statements whose query fails while it is read, and one that finds a broken constraint in its second row. */
static const char *const failing[] = {
    "INSERT INTO T SELECT Id FROM Users",
    "INSERT INTO T SELECT u.Id FROM Users u JOIN Other o ON o.A <> u.Id",
    "CREATE TABLE Copy AS SELECT Id, Name FROM Users",
    "SELECT o.A, u.Id INTO Copy FROM Other o LEFT JOIN Users u ON u.Id > o.A",
    "SELECT Id INTO #Copy FROM Users",
};
enum { FAILING = sizeof failing / sizeof failing[0] };

/* How the failing one is run: each of its own, within a transaction, within one that has changed definitions. */
enum mode { ALONE, WITHIN, AFTER_DEFINITION, MODES };

static void prepare_mode(struct run *run, enum mode mode)
{
    open_run(run, ":memory:");
    does(run, "CREATE TABLE T (A BIGINT)", "");
    does(run, "INSERT INTO T VALUES (7)", "");
    does(run, "CREATE TABLE Other (A BIGINT)", "");
    does(run, "INSERT INTO Other VALUES (1), (2), (3)", "");
    assert_true(engine_set_autocommit(run->engine, mode == ALONE, &run->cancel, &run->err));
    if (mode == AFTER_DEFINITION)
        does(run, "CREATE TABLE Made (A BIGINT)", "");
}

static void a_query_that_fails_disturbs_no_cursor(void **state)
{
    (void)state;
    for (enum mode mode = 0; mode < MODES; mode++)
        for (size_t i = 0; i < FAILING; i++)
            for (int cancelled = 0; cancelled < 2; cancelled++) {
                struct run run;
                prepare_mode(&run, mode);
                struct query *native = open_query(&run, "SELECT A FROM Other"), *service = open_query(&run, "SELECT Id FROM Users WHERE Id > 0");
                if (cancelled)
                    run.fake.cancel_at_next = &run.cancel;
                else
                    run.fake.fail_next = run.fake.nexts + 2; /* some rows have come then */
                run_text(&run, failing[i]);
                assert_string_equal(run.err.sqlstate, cancelled ? "HY008" : "08S01");
                run.fake.fail_next = 0;
                run.fake.cancel_at_next = NULL;
                cancel_reset(&run.cancel);
                ends_after(&run, native, 2);
                ends_after(&run, service, 5);
                does(&run, "SELECT A FROM T", "7");
                does(&run, "SELECT * FROM Copy", "error 42S02");
                does(&run, "SELECT * FROM #Copy", "error 42S02");
                if (mode == AFTER_DEFINITION)
                    does(&run, "SELECT COUNT(*) FROM Made", "0");
                ends(&run, false);
                run_clear(&run);
            }
}

/* What SQLite counts itself is interrupted between the rows, so that the transaction goes on. */
static void a_cancelled_insert_keeps_its_transaction(void **state)
{
    struct run run;
    (void)state;
    prepare_mode(&run, WITHIN);
    does(&run, "INSERT INTO T VALUES (8)", "");
    cancel_request(&run.cancel);
    does(&run, "INSERT INTO T WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n", "error HY008");
    cancel_reset(&run.cancel);
    assert_string_equal(run.err.message, "The operation was cancelled");
    assert_true(engine_in_transaction(run.engine));
    does(&run, "SELECT A FROM T ORDER BY A", "7;8");
    ends(&run, true);
    does(&run, "SELECT A FROM T ORDER BY A", "7;8");
    ends(&run, true);
    run_clear(&run);
}

/* SQLite rolls all of a change back that it is interrupted in, and no more where the change is all. */
static void a_cancelled_update_of_its_own_disturbs_no_cursor(void **state)
{
    struct run run;
    (void)state;
    prepare_mode(&run, ALONE);
    struct query *native = open_query(&run, "SELECT A FROM Other");
    cancel_request(&run.cancel);
    does(&run, "UPDATE T SET A = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT MAX(i) FROM n)",
         "error HY008");
    cancel_reset(&run.cancel);
    ends_after(&run, native, 2);
    does(&run, "SELECT A FROM T", "7");
    run_clear(&run);
}

static void a_row_that_is_refused_undoes_those_before_it(void **state)
{
    (void)state;
    for (enum mode mode = 0; mode < AFTER_DEFINITION; mode++) {
        struct run run;
        prepare_mode(&run, mode);
        does(&run, "CREATE TABLE Keyed (A BIGINT PRIMARY KEY, B VARCHAR(3))", "");
        does(&run, "INSERT INTO Keyed (A) VALUES (3)", "");
        does(&run, "INSERT INTO Keyed (A) SELECT Id FROM Users ORDER BY Id", "error 23000");
        does(&run, "INSERT INTO Keyed SELECT Id + 10, Name FROM Users ORDER BY Id", "error 22001");
        does(&run, "SELECT A FROM Keyed", "3");
        ends(&run, false);
        run_clear(&run);
    }
}

static void rows_are_stored_as_the_query_gives_them(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (Id BIGINT IDENTITY, A BIGINT, B DECIMAL(5,1) DEFAULT 2.5, Day DATE DEFAULT CURRENT_DATE)", "");
    does(&run, "INSERT INTO T (A) SELECT Id FROM Users ORDER BY Id DESC LIMIT 3", "");
    does(&run, "SELECT Id, A, B FROM T WHERE Day = CURRENT_DATE ORDER BY Id", "1|6|2.5;2|5|2.5;3|4|2.5");
    does(&run, "INSERT INTO T (A, B) SELECT A * 10, Id FROM T", ""); /* what it reads it also changes */
    does(&run, "SELECT A, B FROM T WHERE Id > 3 ORDER BY Id", "60|1.0;50|2.0;40|3.0");
    does(&run, "INSERT INTO T (A) SELECT Id FROM Users WHERE Id > 100", "");
    does(&run, "CREATE TABLE Twice AS SELECT A, A FROM T", "error 42S21");
    does(&run, "CREATE TABLE Twice (A, B) AS WITH x AS (SELECT A FROM T WHERE Id = 1) SELECT A, A FROM x UNION ALL SELECT 1, 2", "");
    does(&run, "SELECT A, B FROM Twice ORDER BY A", "1|2;6|6");
    run_clear(&run);
}

/* ---- locks ---- */

struct elsewhere {
    struct run *run;
    struct engine *engine;
    char outcome[64];
};

/* Another connection writes the file while the service is read. */
static void write_elsewhere(void *context)
{
    struct elsewhere *elsewhere = context;
    const char sql[] = "INSERT INTO T VALUES (99)";
    struct error err = {0};
    struct cancel cancel;
    struct query *query;

    if (*elsewhere->outcome)
        return;
    cancel_init(&cancel);
    bool fine = query_prepare(elsewhere->engine, sql, strlen(sql), NULL, 0, &cancel, &query, &err);
    if (fine) {
        fine = query_execute(query, 0, &err);
        query_close(query);
    }
    snprintf(elsewhere->outcome, sizeof elsewhere->outcome, "%s", fine ? "written" : err.sqlstate);
    cancel_clear(&cancel);
}

static void a_file_is_not_locked_while_the_service_answers(void **state)
{
    static const struct { const char *sql; int rows; } cases[] = {
        {"INSERT INTO T SELECT Id FROM Users", 7}, {"SELECT Id INTO Copy FROM Users", 1}, {"CREATE TABLE Copy AS SELECT Id FROM Users", 1},
    };
    (void)state;
    for (int manual = 0; manual < 2; manual++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            char path[] = "/tmp/restodbc-change-XXXXXX", wanted[20];
            struct run run;
            close(mkstemp(path));
            open_run(&run, path);
            does(&run, "CREATE TABLE T (A BIGINT)", "");
            struct elsewhere elsewhere = {.run = &run, .engine = engine_with(&run, path, NULL, 50)};
            assert_non_null(elsewhere.engine);
            assert_true(engine_set_autocommit(run.engine, !manual, &run.cancel, &run.err));
            run.fake.at_next = write_elsewhere;
            run.fake.context = &elsewhere;
            does(&run, cases[i].sql, "");
            run.fake.at_next = NULL;
            assert_string_equal(elsewhere.outcome, "written");
            ends(&run, true);
            snprintf(wanted, sizeof wanted, "%d", cases[i].rows);
            does(&run, "SELECT COUNT(*) FROM T", wanted);
            ends(&run, true);
            engine_close(elsewhere.engine);
            run_clear(&run);
            unlink(path);
        }
}

/* No change gives up before the time is over, whatever it looks at first. */
static void every_change_waits_for_a_locked_file(void **state)
{
    static const char *const changes[] = {
        "INSERT INTO T VALUES (2)", "DROP TABLE P", "CREATE VIEW V AS SELECT 1 AS A", "DROP VIEW Old", "CREATE TABLE C AS SELECT A FROM T",
        "INSERT INTO T SELECT A + 1 FROM T", "ALTER TABLE T ADD B INTEGER", "CREATE INDEX I ON T (A)", "DROP INDEX ByA", "UPDATE T SET A = 3",
    };
    char path[] = "/tmp/restodbc-change-XXXXXX";
    struct run run;
    (void)state;
    close(mkstemp(path));
    open_run(&run, path);
    does_all(&run, "CREATE TABLE T (A BIGINT); INSERT INTO T VALUES (1); CREATE TABLE P (A BIGINT); CREATE INDEX ByA ON P (A)");
    does(&run, "CREATE VIEW Old AS SELECT A FROM T", "");
    struct engine *mine = run.engine, *other = engine_with(&run, path, NULL, 50);
    assert_non_null(other);
    run.engine = other;
    does_all(&run, "BEGIN; UPDATE T SET A = 2");
    run.engine = mine;
    for (int mode = 0; mode < 3; mode++)
        for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
            assert_true(engine_set_autocommit(mine, mode != 1, &run.cancel, &run.err));
            if (mode == 2)
                does(&run, "BEGIN", "");
            fails_saying(&run, changes[i], "error HYT00", path);
            ends(&run, false);
        }
    run.engine = other;
    does(&run, "COMMIT", "");
    run.engine = mine;
    assert_true(engine_set_autocommit(mine, true, &run.cancel, &run.err));
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        if (strncmp(changes[i], "DROP TABLE", 10) != 0)
            does(&run, changes[i], "");
    engine_close(other);
    run_clear(&run);
    unlink(path);
}

/* ---- cursors ---- */

static void nothing_is_dropped_under_an_open_cursor(void **state)
{
    static const char *const drops[] = {"DROP TABLE Made", "DROP TABLE Other", "DROP INDEX ByA"};
    (void)state;
    for (enum mode mode = 0; mode < MODES; mode++)
        for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++) {
            struct run run;
            prepare_mode(&run, mode);
            if (mode != AFTER_DEFINITION)
                does(&run, "CREATE TABLE Made (A BIGINT)", "");
            does(&run, "CREATE INDEX ByA ON Other (A)", "");
            struct query *native = open_query(&run, "SELECT A FROM Other"), *service = open_query(&run, "SELECT Id FROM Users WHERE Id > 0");
            struct query *plain = open_query(&run, "SELECT Id FROM Users"); /* which SQLite does not know of */
            fails_saying(&run, drops[i], "error HY000", "close all of them first");
            ends_after(&run, native, 2);
            fails_saying(&run, drops[i], "error HY000", "cursor");
            ends_after(&run, service, 5);
            does(&run, drops[i], "");
            ends_after(&run, plain, 5);
            ends(&run, false);
            run_clear(&run);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_that_fails_disturbs_no_cursor),
        cmocka_unit_test(a_cancelled_insert_keeps_its_transaction),
        cmocka_unit_test(a_cancelled_update_of_its_own_disturbs_no_cursor),
        cmocka_unit_test(a_row_that_is_refused_undoes_those_before_it),
        cmocka_unit_test(rows_are_stored_as_the_query_gives_them),
        cmocka_unit_test(a_file_is_not_locked_while_the_service_answers),
        cmocka_unit_test(every_change_waits_for_a_locked_file),
        cmocka_unit_test(nothing_is_dropped_under_an_open_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
