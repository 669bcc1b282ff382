/* Proves engine/names.c and sql/place.c: what the names of a connection lead to, where several tables have one, and what is told of the
 * tables. */
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

/* An engine over the file alone makes what `sql` says; then the run opens the file with the service. */
static void open_after(struct run *run, char *path, const char *const *sql)
{
    struct service *none;

    close(mkstemp(path));
    open_run(run, path);
    struct engine *with_service = run->engine;
    const struct engine_options options = {.workspace = path};
    assert_true(service_open_empty("Workspace", &none, &run->err));
    assert_true(engine_open(none, &options, &run->cancel, &run->engine, &run->err));
    for (; *sql; sql++)
        does(run, *sql, "");
    engine_close(run->engine);
    none->class->close(none);
    run->engine = with_service;
}

/* A file that was made without the service can have tables of the same names: each is found by its catalog, the bare name is the
 * service's, and no statement takes one for the other. */
static void tables_of_one_name_are_told_apart(void **state)
{
    static const char *const before[] = {"CREATE TABLE uSERS (Id BIGINT, Mine VARCHAR(5))", "INSERT INTO Users VALUES (77, 'mine')",
                                         "CREATE INDEX ByMine ON Users (Mine)", "CREATE VIEW Sheets AS SELECT 5 AS Five", NULL};
    char path[] = "/tmp/restodbc-names-XXXXXX";
    struct run run;
    (void)state;
    open_after(&run, path, before);
    does(&run, "SELECT COUNT(*) FROM Users", "6");
    does(&run, "SELECT COUNT(*) FROM Fake.Users", "6");
    does(&run, "SELECT * FROM Workspace.Users", "77|mine");
    does(&run, "SELECT COUNT(u.Id), MIN(w.Mine) FROM Users u CROSS JOIN WORKSPACE.users w", "6|mine");
    does(&run, "SELECT Mine FROM Workspace.Users WHERE NOT EXISTS (SELECT 1 FROM Users WHERE Id = 77)", "mine");
    does(&run, "INSERT INTO Workspace.Users (Id) SELECT MIN(Id) FROM Users", "");
    does(&run, "UPDATE Workspace.Users SET Mine = 'own' WHERE Mine IS NULL", "");
    does(&run, "SELECT Id, Mine FROM Workspace.Users ORDER BY Id", "1|own;77|mine");
    does(&run, "SELECT * INTO #Users FROM Workspace.Users", "");
    fails_saying(&run, "INSERT INTO Users (Id) VALUES (1)", "error 42000", "Workspace.Users");
    fails_saying(&run, "DROP TABLE Users", "error 42000", "Workspace.Users");
    fails_saying(&run, "DROP VIEW Sheets", "error 42000", "Workspace.Sheets");
    fails_saying(&run, "CREATE TABLE Users (A INTEGER)", "error 42S01", "Users in Fake");
    does(&run, "SELECT * FROM Workspace.Sheets", "5");
    does(&run, "DROP VIEW Workspace.Sheets", "");
    does(&run, "DROP INDEX ByMine", "");
    does(&run, "DROP TABLE Workspace.Users", "");
    does(&run, "SELECT * FROM Workspace.Users", "error 42S02");
    does(&run, "SELECT COUNT(*) FROM Users", "6");
    run_clear(&run);
    unlink(path);
}

static void names_that_are_held_stay(void **state)
{
    const struct service *before, *after;
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A INTEGER NOT NULL, B DECIMAL(5,1), PRIMARY KEY (A))", "");
    does(&run, "CREATE UNIQUE INDEX ByB ON T (B DESC, A)", "");
    assert_true(engine_names(run.engine, NULL, &before, &run.err));
    does(&run, "DROP TABLE T", "");
    assert_true(engine_names(run.engine, NULL, &after, &run.err));
    const struct table *table = service_table(before, "t");
    assert_non_null(table);
    assert_null(service_table(after, "T"));
    assert_int_equal(table->place, PLACE_WORKSPACE);
    assert_string_equal(table->service->name, "Workspace");
    assert_int_equal(table->column_count, 2);
    assert_true(table->columns[0].key && !table->columns[0].nullable && table->columns[1].nullable);
    assert_int_equal(table->columns[1].type.kind, TYPE_DECIMAL);
    assert_int_equal(table->columns[1].type.scale, 1);
    assert_int_equal(table->index_count, 1);
    assert_true(table->indexes[0].unique && table->indexes[0].descending[0] && !table->indexes[0].descending[1]);
    assert_int_equal(table->indexes[0].columns[0], 1);
    engine_names_release(before);
    engine_names_release(after);
    run_clear(&run);
}

static void keys_of_several_columns_are_told(void **state)
{
    static const struct { const char *table, *column, *references_table, *references_column; } cases[] = {
        {"Named", "X", "P", "B"}, {"Named", "Y", "P", "A"}, {"Plain", "X", "P", "A"}, {"Plain", "Y", "P", "B"},
    };
    const struct service *names;
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE P (A INTEGER, B INTEGER, PRIMARY KEY (A, B), UNIQUE (B, A))", "");
    does(&run, "CREATE TABLE Named (X INTEGER, Y INTEGER, FOREIGN KEY (X, Y) REFERENCES P (B, A))", "");
    does(&run, "CREATE TABLE Plain (X INTEGER, Y INTEGER, FOREIGN KEY (X, Y) REFERENCES P)", "");
    assert_true(engine_names(run.engine, NULL, &names, &run.err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct table *table = service_table(names, cases[i].table);
        assert_non_null(table);
        const struct column *column = &table->columns[table_column(table, cases[i].column)];
        assert_string_equal(column->references_table, cases[i].references_table);
        assert_string_equal(column->references_column, cases[i].references_column);
    }
    const struct table *keyed = service_table(names, "P");
    assert_true(keyed->columns[0].key && keyed->columns[1].key);
    assert_false(keyed->columns[0].automatic || keyed->columns[1].automatic); /* only one column alone counts on by itself */
    engine_names_release(names);
    does(&run, "INSERT INTO P VALUES (1, 2)", "");
    does(&run, "INSERT INTO Named VALUES (1, 2)", "error 23000");
    does(&run, "INSERT INTO Named VALUES (2, 1)", "");
    does(&run, "INSERT INTO Plain VALUES (1, 2)", "");
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_one_name_are_told_apart),
        cmocka_unit_test(names_that_are_held_stay),
        cmocka_unit_test(keys_of_several_columns_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
