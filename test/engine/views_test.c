/* Proves engine/views.c: views of the workspace and of UserDefinedViews, and workspaces whose table of views is not as this version makes
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "own.h"

static void views_are_expanded_and_described(void **state)
{
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE VIEW Ones AS SELECT Id, Name FROM Users WHERE Id = 1", "");
    does(&run, "SELECT COUNT(*) FROM Ones", "1");
    assert_non_null(strstr(run_log(&run), "Id=1")); /* its condition reaches the service */
    does(&run, "CREATE VIEW Ones AS SELECT 1 AS A", "error 42S01");
    does(&run, "CREATE VIEW Two AS SELECT Id FROM Ones", "");
    does(&run, "SELECT COUNT(*) FROM Two", "1");
    does(&run, "DROP VIEW Ones", "");
    does(&run, "SELECT * FROM Two", "error 42S02");
    assert_non_null(strstr(run.err.message, "Two"));
    run_clear(&run);
}

/* A run over a file that another program has filled. */
static void open_file(struct run *run, char *path, const char *content)
{
    sqlite3 *database;

    close(mkstemp(path));
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, content, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", content, sqlite3_errmsg(database));
    sqlite3_close(database);
    open_run(run, path);
}

static void further_columns_are_left_to_their_defaults(void **state)
{
    char path[] = "/tmp/restodbc-views-XXXXXX";
    struct run run;
    (void)state;
    open_file(&run, path, "CREATE TABLE restodbc_views(id INTEGER PRIMARY KEY, name TEXT, query TEXT, made TEXT DEFAULT 'now');"
                          "INSERT INTO restodbc_views(name, query) VALUES ('Old', 'SELECT 1 AS One'), ('', 'SELECT 2'), (NULL, NULL)");
    does(&run, "SELECT * FROM old", "1");
    does(&run, "CREATE VIEW New AS SELECT Id FROM Users WHERE Id = 3", "");
    does(&run, "SELECT * FROM New", "3");
    does(&run, "CREATE OR REPLACE VIEW OLD AS SELECT 4 AS Four", "");
    does(&run, "SELECT * FROM Old", "4");
    does(&run, "DROP VIEW oLd", "");
    does(&run, "SELECT * FROM Old", "error 42S02");
    does(&run, "CREATE VIEW Old AS SELECT 5 AS Five", "");
    run_clear(&run);
    unlink(path);
}

static void what_can_not_hold_a_view_is_left_as_it_is(void **state)
{
    static const char *const tables[] = {
        "CREATE TABLE restodbc_views(name TEXT, query TEXT, language TEXT NOT NULL)", "CREATE TABLE restodbc_views(id INTEGER, text TEXT)",
        "CREATE TABLE restodbc_views(id INTEGER, query TEXT)", "CREATE VIEW restodbc_views AS SELECT 'V' AS name, 'SELECT 1 AS A' AS query",
    };
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char path[] = "/tmp/restodbc-views-XXXXXX";
        struct run run;
        open_file(&run, path, tables[i]);
        fails_saying(&run, "CREATE VIEW New AS SELECT 1 AS A", i == 0 ? "error 23000" : "error HY000", "restodbc_views");
        assert_non_null(strstr(run.err.message, "newer version"));
        does(&run, "SELECT * FROM New", "error 42S02");
        does(&run, "CREATE TABLE T (A BIGINT)", "");
        does(&run, "SELECT COUNT(*) FROM T", "0");
        run_clear(&run);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_are_expanded_and_described),
        cmocka_unit_test(further_columns_are_left_to_their_defaults),
        cmocka_unit_test(what_can_not_hold_a_view_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
