/* Proves what engine/native.c, workspace.c and transaction.c tell and keep when a workspace's file can not be written: a full disk, write
 * protection, what a program that was killed has left, a process that forked. The disk is full because SQLite's system calls say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "own.h"

/* ---- a disk that can be full ---- */

static bool full;

static ssize_t write_some(int file, const void *bytes, size_t length)
{
    if (!full)
        return write(file, bytes, length);
    errno = ENOSPC;
    return -1;
}

static ssize_t write_at(int file, const void *bytes, size_t length, off_t offset)
{
    if (!full)
        return pwrite(file, bytes, length, offset);
    errno = ENOSPC;
    return -1;
}

static int fill_disk(void **state)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    (void)state;
    vfs->xSetSystemCall(vfs, "write", (sqlite3_syscall_ptr)write_some);
    vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_at);
    vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_at);
    return 0;
}

static int free_disk(void **state)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    (void)state;
    full = false;
    return vfs->xSetSystemCall(vfs, NULL, NULL) != SQLITE_OK;
}

/* ---- files ---- */

/* A folder of its own with a workspace in it; root is nobody while `as_nobody`. */
struct place {
    char folder[40], file[60], journal[70];
};

static void make_place(struct run *run, struct place *place)
{
    strcpy(place->folder, "/tmp/restodbc-disk-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/w.db", place->folder);
    snprintf(place->journal, sizeof place->journal, "%s-journal", place->file);
    open_run(run, place->file);
    does(run, "CREATE TABLE T (A BIGINT)", "");
    does(run, "INSERT INTO T VALUES (7)", "");
}

static void leave_place(struct run *run, struct place *place)
{
    run_clear(run);
    unlink(place->file);
    assert_int_equal(rmdir(place->folder), 0); /* no journal stayed */
}

static void as_nobody(bool yes)
{
    enum { NOBODY = 65534 };
    if (getuid() == 0)
        assert_int_equal(seteuid(yes ? NOBODY : 0), 0);
}

/* What another connection reads from the file. */
static void holds(struct run *run, struct place *place, const char *sql, const char *wanted)
{
    struct engine *mine = run->engine;

    run->engine = engine_with(run, place->file, NULL, 100);
    assert_non_null(run->engine);
    does(run, sql, wanted);
    engine_close(run->engine);
    run->engine = mine;
}

/* ---- full ---- */

static void a_full_disk_is_told_and_nothing_is_lost(void **state)
{
    static const char *const changes[] = {
        "INSERT INTO T VALUES (8)", "UPDATE T SET A = 8", "DELETE FROM T", "INSERT INTO T SELECT Id FROM Users", "SELECT Id INTO Copy FROM Users",
        "CREATE TABLE Made (A BIGINT)", "CREATE VIEW V AS SELECT A FROM T", "CREATE INDEX I ON T (A)", "DROP TABLE T",
    };
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        full = true;
        fails_saying(&run, changes[i], "error HY000", "full");
        assert_memory_equal(run.err.message, "Workspace=", 10);
        assert_non_null(strstr(run.err.message, place.file));
        does(&run, "SELECT COUNT(*) FROM Users", "6");
        does(&run, "SELECT A FROM T", "7");
        full = false;
        holds(&run, &place, "SELECT A FROM T", "7");
    }
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        if (strncmp(changes[i], "DROP", 4) != 0)
            does(&run, changes[i], "");
    holds(&run, &place, "SELECT COUNT(*) FROM T", "6");
    leave_place(&run, &place);
}

static void a_commit_on_a_full_disk_says_that_all_is_undone(void **state)
{
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    does(&run, "CREATE TABLE Made (A BIGINT)", "");
    does(&run, "INSERT INTO T VALUES (8)", "");
    full = true;
    assert_false(engine_end(run.engine, true, &run.cancel, &run.err));
    full = false;
    assert_string_equal(run.err.sqlstate, "HY000");
    assert_non_null(strstr(run.err.message, "The whole transaction was rolled back"));
    assert_non_null(strstr(run.err.message, place.file));
    assert_false(engine_in_transaction(run.engine));
    does(&run, "SELECT A FROM T", "7");
    does(&run, "SELECT * FROM Made", "error 42S02");
    ends(&run, true);
    holds(&run, &place, "SELECT A FROM T", "7");
    leave_place(&run, &place);
}

/* SQLite gives a whole transaction up for a temporary file that a query can not write. */
static void a_query_without_room_says_what_it_took_along(void **state)
{
    static const char sorted[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
                                 "SELECT MIN(i) FROM (SELECT i, RAND() AS r FROM n ORDER BY r LIMIT 299999) x CROSS JOIN T";
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    full = true;
    fails_saying(&run, sorted, "error HY000", "SQLITE_TMPDIR");
    assert_null(strstr(run.err.message, "rolled back"));
    full = false;
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    does(&run, "CREATE TABLE Made (A BIGINT)", "");
    does(&run, "INSERT INTO T VALUES (8)", "");
    full = true;
    fails_saying(&run, sorted, "error HY000", "The whole transaction was rolled back: ");
    full = false;
    assert_false(engine_in_transaction(run.engine));
    does(&run, "SELECT * FROM Made", "error 42S02");
    does(&run, "SELECT A FROM T", "7");
    ends(&run, true);
    leave_place(&run, &place);
}

/* ---- files that go ---- */

static void a_file_that_is_gone_takes_no_changes(void **state)
{
    char other[80];
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    snprintf(other, sizeof other, "%s-moved", place.file);
    assert_int_equal(rename(place.file, other), 0);
    fails_saying(&run, "INSERT INTO T VALUES (8)", "error HY000", "moved or deleted");
    assert_non_null(strstr(run.err.message, place.file));
    fails_saying(&run, "CREATE VIEW V AS SELECT A FROM T", "error HY000", "connect again");
    does(&run, "SELECT A INTO #T FROM T", "");
    holds(&run, &place, "SELECT A FROM T", "error 42S02"); /* a new file is at its place */
    fails_saying(&run, "DELETE FROM T", "error HY000", "moved or deleted");
    assert_int_equal(rename(other, place.file), 0);
    does(&run, "INSERT INTO T VALUES (8)", "");
    holds(&run, &place, "SELECT A FROM T ORDER BY A", "7;8");
    leave_place(&run, &place);
}

/* ---- write protection ---- */

static void reads_but_refuses_changes(struct run *run, struct place *place, bool opens_for_writing)
{
    struct engine *mine = run->engine;

    as_nobody(true);
    run->engine = engine_with(run, place->file, NULL, 100);
    as_nobody(false);
    if (!run->engine)
        fail_msg("%s", run->err.message);
    assert_int_equal(engine_can_change(run->engine), opens_for_writing);
    as_nobody(true);
    does(run, "SELECT A FROM T", "7");
    fails_saying(run, "INSERT INTO T VALUES (8)", "error 42000", "Workspace=");
    assert_non_null(strstr(run->err.message, place->file));
    fails_saying(run, "CREATE TABLE Made (A BIGINT)", "error 42000", "write-protected");
    does(run, "SELECT A INTO #Own FROM T", "");
    does(run, "INSERT INTO #Own VALUES (8)", "");
    does(run, "SELECT COUNT(*) FROM T t JOIN #Own o ON o.A = t.A", "1");
    as_nobody(false);
    engine_close(run->engine);
    run->engine = mine;
}

static void what_is_write_protected_can_be_read(void **state)
{
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    assert_int_equal(chmod(place.folder, 0755), 0);
    assert_int_equal(chmod(place.file, 0444), 0);
    reads_but_refuses_changes(&run, &place, false);
    assert_int_equal(chmod(place.file, 0666), 0);
    assert_int_equal(chmod(place.folder, 0555), 0);
    reads_but_refuses_changes(&run, &place, true); /* only writing shows it */
    assert_int_equal(chmod(place.folder, 0755), 0);
    leave_place(&run, &place);
}

static void refused(struct run *run, const char *path, const char *word)
{
    as_nobody(true);
    struct engine *engine = engine_with(run, path, NULL, 100);
    as_nobody(false);
    assert_null(engine);
    assert_string_equal(run->err.sqlstate, "HY000");
    if (strncmp(run->err.message, "Workspace=", 10) != 0 || !strstr(run->err.message, path) || !strstr(run->err.message, word))
        fail_msg("%s does not say %s", run->err.message, word);
}

static void what_can_not_be_opened_says_why(void **state)
{
    char path[100];
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    assert_int_equal(chmod(place.folder, 0755), 0);
    assert_int_equal(chmod(place.file, 0200), 0);
    refused(&run, place.file, "may not be read");
    snprintf(path, sizeof path, "%s/none/w.db", place.folder);
    refused(&run, path, "No such file");
    snprintf(path, sizeof path, "%s/new.db", place.folder);
    assert_int_equal(chmod(place.folder, 0555), 0);
    refused(&run, path, "Permission denied");
    assert_int_equal(chmod(place.folder, 0755), 0);
    leave_place(&run, &place);
}

/* ---- programs that were killed ---- */

/* A process that ends in the middle of a transaction that has reached the file. */
static void kill_a_writer(struct place *place)
{
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        static const char fill[] = "PRAGMA cache_size = 5; BEGIN; CREATE TABLE Half (A); UPDATE T SET A = 8; INSERT INTO Half WITH RECURSIVE "
                                   "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n";
        sqlite3 *database;
        _exit(sqlite3_open(place->file, &database) != SQLITE_OK || sqlite3_exec(database, fill, NULL, NULL, NULL) != SQLITE_OK);
    }
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
    assert_int_equal(access(place->journal, F_OK), 0);
}

static void half_a_transaction_is_undone_when_it_is_opened(void **state)
{
    struct place place;
    struct run run;
    (void)state;
    make_place(&run, &place);
    kill_a_writer(&place);
    assert_int_equal(chmod(place.file, 0666), 0);
    assert_int_equal(chmod(place.journal, 0666), 0);
    assert_int_equal(chmod(place.folder, 0555), 0);
    refused(&run, place.file, "w.db-journal"); /* what undoes it must be able to write */
    assert_int_equal(chmod(place.folder, 0755), 0);
    holds(&run, &place, "SELECT A FROM T", "7");
    holds(&run, &place, "SELECT * FROM Half", "error 42S02");
    does(&run, "INSERT INTO T VALUES (9)", "");
    leave_place(&run, &place);
}

/* ---- forks ---- */

/* In the child: no statement is run. */
static bool is_left_alone(struct run *run)
{
    static const char *const texts[] = {"SELECT A FROM T", "INSERT INTO T VALUES (9)", "ROLLBACK", "CREATE TEMPORARY TABLE Own (A BIGINT)"};
    bool fine = !engine_in_transaction(run->engine);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        fine = fine && strcmp(run_text(run, texts[i]), "error HY000") == 0 && strstr(run->err.message, "fork");
    return fine && !engine_end(run->engine, false, &run->cancel, &run->err) && strstr(run->err.message, "Workspace=");
}

/* Two processes with one connection would undo each other's halves: SQLite forbids it, closing included. */
static void a_forked_process_touches_nothing(void **state)
{
    static const char sql[] = "SELECT A FROM T ORDER BY A";
    struct query *query;
    struct place place;
    struct run run;
    bool row;
    int status;
    (void)state;
    make_place(&run, &place);
    assert_true(engine_set_autocommit(run.engine, false, &run.cancel, &run.err));
    does(&run, "INSERT INTO T WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n", "");
    assert_int_equal(access(place.journal, F_OK), 0);
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err));
    assert_true(query_execute(query, 0, &run.err) && query_step(query, &row, &run.err) && row);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool fine = is_left_alone(&run) && !query_step(query, &row, &run.err);
        query_close(query);
        engine_close(run.engine);
        _exit(!fine);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(access(place.journal, F_OK), 0);
    assert_true(query_step(query, &row, &run.err) && row);
    query_close(query);
    ends(&run, true);
    holds(&run, &place, "SELECT COUNT(*) FROM T", "299992");
    leave_place(&run, &place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_is_told_and_nothing_is_lost, fill_disk, free_disk),
        cmocka_unit_test_setup_teardown(a_commit_on_a_full_disk_says_that_all_is_undone, fill_disk, free_disk),
        cmocka_unit_test_setup_teardown(a_query_without_room_says_what_it_took_along, fill_disk, free_disk),
        cmocka_unit_test(a_file_that_is_gone_takes_no_changes),
        cmocka_unit_test(what_is_write_protected_can_be_read),
        cmocka_unit_test(what_can_not_be_opened_says_why),
        cmocka_unit_test(half_a_transaction_is_undone_when_it_is_opened),
        cmocka_unit_test(a_forked_process_touches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
