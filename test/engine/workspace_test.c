/* Proves engine/workspace.c and transaction.c on the engine alone: what is kept, what is undone, and what several connections
 * see of each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "own.h"

static void makes_changes_and_drops(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":Memory:");
    assert_true(engine_can_change(run.engine));
    does(&run, "CREATE TABLE Parts (Id INTEGER PRIMARY KEY, Name VARCHAR(5) NOT NULL, Price DECIMAL(6,2) DEFAULT 1.5)", "");
    does(&run, "INSERT INTO Parts (Id, Name) VALUES (1, 'bolt'), (2, 'nut')", "");
    does(&run, "UPDATE Parts SET Price = Price * 2 WHERE Id = 2", "");
    does(&run, "SELECT * FROM Parts ORDER BY Id", "1|bolt|1.50;2|nut|3.00");
    does(&run, "DELETE FROM Parts WHERE Price > 2", "");
    does(&run, "SELECT Name FROM Parts", "bolt");
    does(&run, "INSERT INTO Parts (Id, Name) VALUES (3, 'washer')", "error 22001");
    does(&run, "INSERT INTO Parts (Id, Name) VALUES (1, 'x')", "error 23000");
    does(&run, "DROP TABLE Parts", "");
    does(&run, "SELECT * FROM Parts", "error 42S02");
    run_clear(&run);
}

static void needs_the_property_but_for_temporary_tables(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, NULL);
    assert_false(engine_has_workspace(run.engine));
    does(&run, "CREATE TABLE Parts (Id INTEGER)", "error 42000");
    assert_non_null(strstr(run.err.message, "Workspace="));
    does(&run, "CREATE TEMPORARY TABLE Parts (Id INTEGER)", "");
    does(&run, "INSERT INTO Parts VALUES (1)", "");
    does(&run, "SELECT Id FROM Temp.Parts", "1");
    run_clear(&run);
}

static void a_table_that_another_refers_to_is_not_dropped(void **state)
{
    static const char *const places[] = {"", "TEMPORARY "};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct run run;
        char text[200];
        open_run(&run, ":memory:");
        snprintf(text, sizeof text, "CREATE %sTABLE P (A INTEGER PRIMARY KEY, Up INTEGER REFERENCES P)", places[i]);
        does(&run, text, "");
        snprintf(text, sizeof text, "CREATE %sTABLE Other (A INTEGER PRIMARY KEY)", places[i]);
        does(&run, text, "");
        snprintf(text, sizeof text, "CREATE %sTABLE C (A INTEGER REFERENCES Other, FOREIGN KEY (A) REFERENCES p ON DELETE CASCADE)", places[i]);
        does(&run, text, "");
        does(&run, "INSERT INTO P VALUES (1, NULL)", "");
        does(&run, "INSERT INTO Other VALUES (1)", "");
        does(&run, "INSERT INTO C VALUES (1)", "");
        fails_saying(&run, "DROP TABLE P", "error 42000", "C refers to it; drop C first");
        fails_saying(&run, "DROP TABLE Other RESTRICT", "error 42000", "C refers to it");
        fails_saying(&run, "DROP TABLE IF EXISTS P CASCADE", "error 42000", "CASCADE");
        does(&run, "SELECT A FROM C", "1");
        does_all(&run, "DROP TABLE C; DROP TABLE P");
        does(&run, "DROP TABLE Other CASCADE", "");
        does(&run, "SELECT * FROM P", "error 42S02");
        run_clear(&run);
    }
}

static void a_check_is_told_as_it_was_written(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A VARCHAR(5) CHECK (UPPER(\"A\") = A), B INTEGER, CONSTRAINT Positive CHECK (B > 0), CHECK ( B <> 7 ))", "");
    does(&run, "ALTER TABLE T ADD COLUMN C DECIMAL(5,2) CHECK (C < 2.5)", "");
    does(&run, "INSERT INTO T VALUES ('X', 1, 2)", "");
    fails_saying(&run, "INSERT INTO T (A) VALUES ('x')", "error 23000", "row of T does not satisfy the CHECK: UPPER(\"A\") = A");
    fails_saying(&run, "UPDATE T SET B = -1", "error 23000", "row of T does not satisfy the CHECK: Positive");
    fails_saying(&run, "UPDATE T SET B = 7", "error 23000", "CHECK: B <> 7");
    fails_saying(&run, "UPDATE T SET C = 3", "error 23000", "CHECK: C < 2.5");
    run_clear(&run);
}

static void a_failure_undoes_the_whole_statement(void **state)
{
    static const char *const failing[] = {
        "INSERT INTO T SELECT Id FROM Users",
        "CREATE TABLE Copy AS SELECT Id, Name FROM Users",
        "SELECT Id INTO Copy FROM Users",
    };
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A BIGINT)", "");
    for (int manual = 0; manual < 2; manual++)
        for (size_t i = 0; i < sizeof failing / sizeof failing[0]; i++) {
            assert_true(engine_set_autocommit(run.engine, !manual, &run.cancel, &run.err));
            does(&run, "DELETE FROM T", "");
            does(&run, "INSERT INTO T VALUES (7)", "");
            run.fake.fail_next = run.fake.nexts + 2; /* some rows have come then */
            run_text(&run, failing[i]);
            assert_string_equal(run.err.sqlstate, "08S01");
            run.fake.fail_next = 0;
            does(&run, "SELECT A FROM T", "7");
            does(&run, "SELECT * FROM Copy", "error 42S02");
        }
    run_clear(&run);
}

static void a_cancel_undoes_the_statement(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A BIGINT)", "");
    run.fake.cancel_at_next = &run.cancel;
    does(&run, "INSERT INTO T SELECT n FROM Big", "error HY008");
    run.fake.cancel_at_next = NULL;
    cancel_reset(&run.cancel);
    does(&run, "SELECT COUNT(*) FROM T", "0");
    run_clear(&run);
}

/* SQLite interrupted within a change rolls back all that the transaction did, definitions too. */
static void a_transaction_that_sqlite_undid_is_told(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A BIGINT)", "");
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    does(&run, "CREATE TABLE U (A BIGINT)", "");
    does(&run, "INSERT INTO T VALUES (1)", "");
    cancel_request(&run.cancel);
    does(&run, "UPDATE T SET A = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT MAX(i) FROM n)",
         "error HY008");
    cancel_reset(&run.cancel);
    assert_string_equal(run.err.message, "The whole transaction was rolled back: The operation was cancelled");
    assert_false(engine_in_transaction(run.engine));
    does(&run, "SELECT COUNT(*) FROM T", "0");
    does(&run, "SELECT COUNT(*) FROM U", "error 42S02");
    run_clear(&run);
}

static void transactions_end_as_told(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A INTEGER)", "");
    assert_false(engine_in_transaction(run.engine));
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    does(&run, "SELECT COUNT(*) FROM Users WHERE Id = 1", "1");
    assert_false(engine_in_transaction(run.engine)); /* a service takes no part */
    does(&run, "INSERT INTO T VALUES (1)", "");
    assert_true(engine_in_transaction(run.engine));
    ends(&run, false);
    does(&run, "SELECT COUNT(*) FROM T", "0");
    does(&run, "DROP TABLE T", "");
    does(&run, "CREATE TABLE U (A INTEGER)", "");
    ends(&run, false);
    does(&run, "SELECT COUNT(*) FROM T", "0");
    does(&run, "SELECT COUNT(*) FROM U", "error 42S02");
    does(&run, "INSERT INTO T VALUES (1)", "");
    does(&run, "SAVEPOINT a", "");
    does(&run, "INSERT INTO T VALUES (2)", "");
    does(&run, "ROLLBACK TO a", "");
    does(&run, "RELEASE a", "");
    does(&run, "RELEASE a", "error 3B001");
    does(&run, "COMMIT", "");
    assert_false(engine_in_transaction(run.engine));
    does(&run, "SELECT A FROM T", "1");
    ends(&run, true);
    assert_true(engine_set_autocommit(run.engine, true, &run.cancel, &run.err));
    does(&run, "SAVEPOINT a", "error 25000");
    does(&run, "BEGIN", "");
    assert_true(engine_in_transaction(run.engine));
    does(&run, "BEGIN", "error 25000");
    does(&run, "RELEASE a", "error 3B001");
    does(&run, "COMMIT", "");
    assert_false(engine_in_transaction(run.engine));
    does(&run, "BEGIN", "");
    does(&run, "SAVEPOINT a", "");
    does(&run, "ROLLBACK TO a", "");
    does(&run, "BEGIN", "error 25000");
    does(&run, "DELETE FROM T", "");
    does(&run, "ROLLBACK", "");
    does(&run, "SELECT A FROM T", "1");
    run_clear(&run);
}

static void a_rollback_ends_cursors_over_native_tables(void **state)
{
    static const char sql[] = "SELECT A FROM T";
    struct run run;
    struct query *query;
    bool row = false;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A INTEGER)", "");
    does(&run, "INSERT INTO T VALUES (1), (2)", "");
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    assert_true(query_execute(query, 0, &run.err));
    assert_true(query_step(query, &row, &run.err));
    ends(&run, false);
    assert_false(query_step(query, &row, &run.err));
    assert_string_equal(run.err.sqlstate, "24000");
    assert_string_equal(run_rows(&run, query, 0), "1;2"); /* it can be executed again */
    ends(&run, false);
    query_close(query);
    run_clear(&run);
}

static void a_query_follows_new_definitions(void **state)
{
    static const char sql[] = "SELECT A FROM T; SELECT A + 1 FROM T";
    struct run run;
    struct query *query;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A INTEGER)", "");
    does(&run, "INSERT INTO T VALUES (1)", "");
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    does(&run, "ALTER TABLE T ADD COLUMN B INTEGER", "");
    assert_string_equal(run_rows(&run, query, 0), "1");
    assert_string_equal(run_rows(&run, query_next(query), 0), "2");
    does(&run, "DROP TABLE T", "");
    assert_string_equal(run_rows(&run, query, 0), "error 42S02");
    does(&run, "CREATE TABLE T (A VARCHAR(3))", "");
    assert_string_equal(run_rows(&run, query, 0), "error HY000");
    assert_non_null(strstr(run.err.message, "prepare it again"));
    query_close(query);
    run_clear(&run);
}

static void a_file_is_shared_and_its_lock_is_waited_for(void **state)
{
    char path[] = "/tmp/restodbc-workspace-XXXXXX";
    struct run run;
    (void)state;
    close(mkstemp(path));
    open_run(&run, path);
    does(&run, "CREATE TABLE T (A INTEGER)", "");
    struct engine *first = run.engine, *second = engine_with(&run, path, NULL, 100);
    assert_non_null(second);

    run.engine = second;
    does(&run, "SELECT COUNT(*) FROM T", "0");
    assert_true(engine_set_autocommit(second, false, &run.cancel, &run.err));
    does(&run, "INSERT INTO T VALUES (1)", "");
    run.engine = first;
    does(&run, "INSERT INTO T VALUES (2)", "error HYT00");
    assert_non_null(strstr(run.err.message, path));
    cancel_request(&run.cancel);
    does(&run, "INSERT INTO T VALUES (2)", "error HY008");
    cancel_reset(&run.cancel);
    run.engine = second;
    ends(&run, true);
    run.engine = first;
    does(&run, "INSERT INTO T VALUES (2)", "");
    does(&run, "SELECT A FROM T ORDER BY A", "1;2");

    /* Two that have read and want to write: the second begins again. */
    assert_true(engine_set_autocommit(first, false, &run.cancel, &run.err));
    does(&run, "SELECT COUNT(*) FROM T", "2");
    run.engine = second;
    does(&run, "SELECT COUNT(*) FROM T", "2");
    does(&run, "INSERT INTO T VALUES (3)", "");
    run.engine = first;
    does(&run, "INSERT INTO T VALUES (4)", "error 40001");
    ends(&run, false);
    run.engine = second;
    ends(&run, true);
    run.engine = first;
    does(&run, "INSERT INTO T VALUES (4)", "");
    ends(&run, true);
    does(&run, "SELECT COUNT(*) FROM T", "4");
    ends(&run, false);

    /* A commit that another's reading keeps from the file can be tried again. */
    does(&run, "INSERT INTO T VALUES (5)", "");
    run.engine = second;
    does(&run, "SELECT COUNT(*) FROM T", "4");
    run.engine = first;
    assert_false(engine_end(first, true, &run.cancel, &run.err));
    assert_string_equal(run.err.sqlstate, "HYT00");
    assert_non_null(strstr(run.err.message, "still open"));
    assert_non_null(strstr(run.err.message, path));
    fails_saying(&run, "COMMIT", "error HYT00", "tried again");
    assert_true(engine_in_transaction(first));
    run.engine = second;
    ends(&run, false);
    run.engine = first;
    ends(&run, true);
    does(&run, "SELECT COUNT(*) FROM T", "5");
    ends(&run, false);
    engine_close(second);
    run_clear(&run);
    unlink(path);
}

static bool knows(struct run *run, const char *table)
{
    const struct service *names;
    assert_true(engine_names(run->engine, NULL, &names, &run->err));
    bool known = service_table(names, table);
    engine_names_release(names);
    return known;
}

/* What another connection makes or drops in the file is known, or gone, the next time names are asked for. */
static void changes_by_others_are_noticed(void **state)
{
    static const struct { const char *sql, *name; bool known; } cases[] = {
        {"CREATE TABLE T (A INTEGER)", "T", true}, {"CREATE VIEW One AS SELECT Id FROM Users", "One", true},
        {"CREATE VIEW Two AS SELECT Id FROM Users", "Two", true}, {"DROP VIEW Two", "Two", false}, {"DROP TABLE T", "T", false},
    };
    char path[] = "/tmp/restodbc-workspace-XXXXXX";
    struct run run;
    (void)state;
    close(mkstemp(path));
    open_run(&run, path);
    struct engine *first = run.engine, *second = engine_with(&run, path, NULL, 100);
    assert_non_null(second);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run.engine = second;
        does(&run, cases[i].sql, "");
        run.engine = first;
        assert_int_equal(knows(&run, cases[i].name), cases[i].known);
    }
    engine_close(second);
    run_clear(&run);
    unlink(path);
}

/* Another process that writes the file holds all of SQLite's lock bytes (sqlite.org/fileformat.html, "The Lock-Byte Page"). */
static pid_t lock_elsewhere(const char *path, int *release)
{
    enum { LOCK_BYTES = 0x40000000, LOCK_LENGTH = 512 };
    int ready[2], end[2];
    char byte = 0;

    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t other = fork();
    assert_true(other >= 0);
    if (other == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_BYTES, .l_len = LOCK_LENGTH};
        int file = open(path, O_RDWR);
        close(end[1]);
        bool done = file >= 0 && fcntl(file, F_SETLK, &lock) == 0 && write(ready[1], "1", 1) == 1 && read(end[0], &byte, 1) == 0;
        _exit(!done);
    }
    close(ready[1]);
    close(end[0]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *release = end[1];
    return other;
}

/* What needs the file waits and then tells so; what does not goes on. */
static void a_busy_file_keeps_only_its_own_waiting(void **state)
{
    char path[] = "/tmp/restodbc-workspace-XXXXXX";
    struct run run;
    int release, status;
    (void)state;
    close(mkstemp(path));
    open_run(&run, path);
    does(&run, "CREATE TABLE T (A INTEGER)", "");
    pid_t other = lock_elsewhere(path, &release);
    does(&run, "SELECT COUNT(*) FROM Users", "6");
    assert_true(knows(&run, "T"));
    does(&run, "SELECT COUNT(*) FROM T", "error HYT00");
    assert_non_null(strstr(run.err.message, path));
    does(&run, "INSERT INTO T VALUES (1)", "error HYT00");
    assert_null(engine_with(&run, path, NULL, 100));
    assert_string_equal(run.err.sqlstate, "HYT00");
    close(release);
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal(status, 0);
    does(&run, "INSERT INTO T VALUES (1)", "");
    does(&run, "SELECT COUNT(*) FROM T", "1");
    run_clear(&run);
    unlink(path);
}

static void what_is_no_workspace_is_refused(void **state)
{
    static const char *const cases[][2] = {{"/no/such/folder/x.db", "No such file"}, {"/tmp", "no file"}};
    struct run run;
    (void)state;
    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_null(engine_with(&run, cases[i][0], NULL, 0));
        assert_string_equal(run.err.sqlstate, "HY000");
        assert_non_null(strstr(run.err.message, cases[i][0]));
        assert_non_null(strstr(run.err.message, cases[i][1]));
    }
    run_clear(&run);
}

static void the_next_user_finds_nothing(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    engine_set_read_only(run.engine, true);
    does(&run, "CREATE TEMPORARY TABLE A (A INTEGER PRIMARY KEY)", "");
    does(&run, "CREATE TEMPORARY TABLE B (A INTEGER REFERENCES A)", "");
    does(&run, "INSERT INTO A VALUES (1)", "");
    does(&run, "INSERT INTO B VALUES (1)", "");
    ends(&run, true);
    does(&run, "CREATE TEMPORARY TABLE Mine (A INTEGER)", "");
    does(&run, "CREATE TABLE Kept (A INTEGER)", "error 42000");
    assert_true(engine_reset(run.engine, &run.cancel, &run.err));
    assert_false(engine_in_transaction(run.engine));
    does(&run, "SELECT * FROM Mine", "error 42S02");
    does(&run, "CREATE TABLE Kept (A INTEGER)", "");
    assert_false(engine_in_transaction(run.engine));
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_changes_and_drops),
        cmocka_unit_test(needs_the_property_but_for_temporary_tables),
        cmocka_unit_test(a_failure_undoes_the_whole_statement),
        cmocka_unit_test(a_cancel_undoes_the_statement),
        cmocka_unit_test(a_transaction_that_sqlite_undid_is_told),
        cmocka_unit_test(transactions_end_as_told),
        cmocka_unit_test(a_rollback_ends_cursors_over_native_tables),
        cmocka_unit_test(a_query_follows_new_definitions),
        cmocka_unit_test(a_check_is_told_as_it_was_written),
        cmocka_unit_test(a_table_that_another_refers_to_is_not_dropped),
        cmocka_unit_test(a_file_is_shared_and_its_lock_is_waited_for),
        cmocka_unit_test(changes_by_others_are_noticed),
        cmocka_unit_test(a_busy_file_keeps_only_its_own_waiting),
        cmocka_unit_test(what_is_no_workspace_is_refused),
        cmocka_unit_test(the_next_user_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
