/* Proves engine/names.c and sql/place.c: what the names of a connection lead to, where several tables have one, and what is told of the
 * tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
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

static const struct table *table_of(const struct service *names, const char *name)
{
    const struct table *table = service_table(names, name);
    if (!table)
        fail_msg("there is no table %s", name);
    return table;
}

/* As "X>P.B Y>P.A, cascade, set null" for each reference. */
static const char *references_of(const struct table *table, struct buffer *out)
{
    static const char *const actions[] = {"no action", "cascade", "restrict", "set null", "set default"};

    buffer_reset(out);
    for (size_t i = 0; i < table->reference_count; i++) {
        const struct table_reference *reference = &table->references[i];
        buffer_append_text(out, i ? "; " : "");
        for (size_t j = 0; j < reference->column_count; j++)
            buffer_printf(out, "%s%s>%s.%s", j ? " " : "", table->columns[reference->columns[j]].name, reference->parent,
                          reference->parent_columns[j]);
        buffer_printf(out, ", %s, %s", actions[reference->on_update], actions[reference->on_delete]);
    }
    return buffer_text(out);
}

static void keys_and_references_are_told_as_they_were_defined(void **state)
{
    static const struct { const char *sql, *table, *references; } cases[] = {
        {"CREATE TABLE Named (X INTEGER, Y INTEGER, FOREIGN KEY (X, Y) REFERENCES P (B, A) ON UPDATE CASCADE ON DELETE SET NULL)", "Named",
         "X>P.B Y>P.A, cascade, set null"},
        {"CREATE TABLE Plain (X INTEGER, Y INTEGER, FOREIGN KEY (X, Y) REFERENCES P)", "Plain", "X>P.A Y>P.B, no action, no action"},
        {"CREATE TABLE Two (X INTEGER REFERENCES Q ON DELETE CASCADE, Y INTEGER, FOREIGN KEY (X) REFERENCES R ON UPDATE RESTRICT, "
         "FOREIGN KEY (Y, X) REFERENCES P ON DELETE SET DEFAULT)", "Two",
         "X>Q.A, no action, cascade; X>R.A, restrict, no action; Y>P.A X>P.B, no action, set default"},
        {"CREATE TABLE Own (Id INTEGER PRIMARY KEY, Up INTEGER REFERENCES Own)", "Own", "Up>Own.Id, no action, no action"},
    };
    struct buffer text;
    struct run run;
    (void)state;
    buffer_init(&text, 1000);
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE P (C INTEGER, B INTEGER, A INTEGER, PRIMARY KEY (A, B), UNIQUE (B, A))", "");
    does(&run, "CREATE TABLE Q (A INTEGER PRIMARY KEY)", "");
    does(&run, "CREATE TABLE R (A INTEGER PRIMARY KEY)", "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct service *names;
        does(&run, cases[i].sql, "");
        assert_true(engine_names(run.engine, NULL, &names, &run.err));
        assert_string_equal(references_of(table_of(names, cases[i].table), &text), cases[i].references);
        const struct table *keyed = table_of(names, "P");
        assert_int_equal(table_next_key(keyed, -1), 2);
        assert_int_equal(table_next_key(keyed, 2), 1);
        assert_int_equal(table_next_key(keyed, 1), -1);
        assert_false(keyed->columns[1].automatic || keyed->columns[2].automatic); /* only one column alone counts on by itself */
        engine_names_release(names);
    }
    does(&run, "INSERT INTO P VALUES (0, 2, 1)", "");
    does(&run, "INSERT INTO Named VALUES (1, 2)", "error 23000");
    does(&run, "INSERT INTO Named VALUES (2, 1)", "");
    fails_saying(&run, "INSERT INTO Plain VALUES (2, 1)", "error 23000", "X (of P.A), Y (of P.B)");
    does(&run, "INSERT INTO Plain VALUES (1, 2)", "");
    buffer_clear(&text);
    run_clear(&run);
}

/* Of tables that another program made: SQLite's rule for what is the number of a row (sqlite.org/lang_createtable.html, 5). */
static void only_the_number_of_the_row_counts_on(void **state)
{
    static const struct { const char *table, *definition, *automatic; } cases[] = {
        {"Number", "(A INTEGER PRIMARY KEY, B INTEGER)", "A"},
        {"Lower", "(B integer, A integer, PRIMARY KEY (A))", "A"},
        {"Indexed", "(A INTEGER PRIMARY KEY, B INTEGER UNIQUE)", "A"},
        {"Counting", "(A INTEGER PRIMARY KEY AUTOINCREMENT)", "A"},
        {"Other", "(A INT PRIMARY KEY, B INTEGER)", NULL},
        {"Large", "(A BIGINT PRIMARY KEY)", NULL},
        {"Texts", "(A TEXT PRIMARY KEY, B INTEGER)", NULL},
        {"Two", "(A INTEGER, B TEXT, PRIMARY KEY (A, B))", NULL},
        {"Turned", "(B TEXT, A INTEGER, PRIMARY KEY (A, B))", NULL},
        {"Twins", "(A INTEGER, B INTEGER, PRIMARY KEY (A, B))", NULL},
        {"Downwards", "(A INTEGER PRIMARY KEY DESC)", NULL},
        {"Apart", "(A INTEGER PRIMARY KEY, B TEXT) WITHOUT ROWID", NULL},
        {"Keyless", "(A INTEGER UNIQUE, B INTEGER)", NULL},
    };
    char path[] = "/tmp/restodbc-names-XXXXXX", sql[200];
    const struct service *names;
    sqlite3 *foreign;
    struct run run;
    (void)state;

    close(mkstemp(path));
    assert_int_equal(sqlite3_open(path, &foreign), SQLITE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(sql, sizeof sql, "CREATE TABLE %s %s", cases[i].table, cases[i].definition);
        assert_int_equal(sqlite3_exec(foreign, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    sqlite3_close(foreign);
    open_run(&run, path);
    assert_true(engine_names(run.engine, NULL, &names, &run.err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct table *table = service_table(names, cases[i].table);
        assert_non_null(table);
        for (size_t c = 0; c < table->column_count; c++) {
            const struct column *column = &table->columns[c];
            if (column->automatic != (cases[i].automatic && strcmp(column->name, cases[i].automatic) == 0))
                fail_msg("%s.%s counts %son", cases[i].table, column->name, column->automatic ? "" : "not ");
            if (column->automatic)
                assert_true(column->type.kind == TYPE_BIGINT && !column->nullable && column->key);
        }
    }
    engine_names_release(names);
    does(&run, "INSERT INTO Number (B) VALUES (5), (6)", "");
    does(&run, "SELECT A, B FROM Number", "1|5;2|6");
    does(&run, "INSERT INTO Apart (B) VALUES ('x')", "error 23000");
    run_clear(&run);
    unlink(path);
}

/* As "key; reference reference; unique". */
static const char *constraint_names(const struct table *table, struct buffer *out)
{
    buffer_reset(out);
    buffer_printf(out, "%s;", table->key_name ? table->key_name : "-");
    for (size_t i = 0; i < table->reference_count; i++)
        buffer_printf(out, " %s", table->references[i].name ? table->references[i].name : "-");
    buffer_append_char(out, ';');
    for (size_t i = 0; i < table->index_count; i++)
        buffer_printf(out, " %s%s", table->indexes[i].name, table->indexes[i].constraint ? "" : "*");
    return buffer_text(out);
}

static void constraints_have_their_names(void **state)
{
    static const struct { const char *sql, *table, *names; } cases[] = {
        {"CREATE TABLE P (A INTEGER, B INTEGER, CONSTRAINT PKey PRIMARY KEY (B, A), CONSTRAINT \"u 1\" UNIQUE (A))", "P", "PKey;; u 1"},
        {"CREATE TEMPORARY TABLE I (Id INTEGER IDENTITY, A INTEGER, CONSTRAINT Ids PRIMARY KEY (Id))", "I", "Ids;;"},
        {"CREATE TABLE C (X INTEGER CONSTRAINT ToA REFERENCES P (A), Y INTEGER, FOREIGN KEY (X) REFERENCES P (A), CONSTRAINT ToP FOREIGN KEY (Y, X) "
         "REFERENCES P)", "C", "-; ToA - ToP;"},
        {"ALTER TABLE C ADD Z INTEGER CONSTRAINT ToA2 REFERENCES P (A)", "C", "-; ToA2 ToA - ToP;"},
        {"ALTER TABLE P RENAME COLUMN A TO AA", "P", "PKey;; u 1"},
        {"CREATE UNIQUE INDEX ByB ON P (B)", "P", "PKey;; ByB* u 1"},
        {"ALTER TABLE P RENAME TO PP", "PP", "PKey;; ByB* u 1"},
    };
    struct buffer text;
    struct run run;
    (void)state;
    buffer_init(&text, 1000);
    open_run(&run, ":memory:");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct service *names;
        does(&run, cases[i].sql, "");
        assert_true(engine_names(run.engine, NULL, &names, &run.err));
        assert_string_equal(constraint_names(table_of(names, cases[i].table), &text), cases[i].names);
        engine_names_release(names);
    }
    fails_saying(&run, "DROP INDEX \"u 1\"", "error 42000", "constraint of PP");
    buffer_clear(&text);
    run_clear(&run);
}

/* ---- other programs ---- */

/* What happens while the driver waits for a lock; it stands in the place of the pause between two tries. */
static sqlite3 *waited_for;

int nanosleep(const struct timespec *pause, struct timespec *left)
{
    (void)pause;
    (void)left;
    if (waited_for && sqlite3_exec(waited_for, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        abort();
    waited_for = NULL;
    return 0;
}

/* A program that has the file locked while it changes definitions: what needs the file waits for the new ones. */
static void definitions_are_waited_for(void **state)
{
    static const struct { const char *change, *sql, *wanted; } cases[] = {
        {"ALTER TABLE T ADD COLUMN B BIGINT", "SELECT * FROM T", "1|~"},
        {"ALTER TABLE T DROP COLUMN B", "SELECT * FROM T", "1"},
        {"CREATE TABLE N (A BIGINT)", "SELECT COUNT(*) FROM N", "0"},
        {"CREATE TABLE M (A BIGINT)", "CREATE TABLE M (B BIGINT)", "error 42S01"},
        {"ALTER TABLE T RENAME TO T2", "UPDATE T2 SET A = 1", ""},
        {"DROP TABLE N", "INSERT INTO N VALUES (1)", "error 42S02"},
        {"DROP TABLE M", "DROP TABLE M", "error 42S02"},
    };
    char path[] = "/tmp/restodbc-names-XXXXXX";
    struct query *prepared;
    struct run run;
    sqlite3 *other;
    (void)state;
    close(mkstemp(path));
    open_run(&run, path);
    does(&run, "CREATE TABLE T (A BIGINT)", "");
    does(&run, "INSERT INTO T VALUES (1)", "");
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
        if (sqlite3_exec(other, cases[i].change, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", cases[i].change, sqlite3_errmsg(other));
        does(&run, "SELECT COUNT(*) FROM Users", "6"); /* it waits for nobody */
        waited_for = other;
        does(&run, cases[i].sql, cases[i].wanted);
        assert_null(waited_for);
    }
    static const char sql[] = "SELECT * FROM T2";
    assert_true(query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &prepared, &run.err));
    assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE; ALTER TABLE T2 RENAME COLUMN A TO C", NULL, NULL, NULL), SQLITE_OK);
    waited_for = other;
    assert_string_equal(run_rows(&run, prepared, 0), "error HY000");
    assert_non_null(strstr(run.err.message, "prepare it again"));
    query_close(prepared);
    sqlite3_close(other);
    run_clear(&run);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_one_name_are_told_apart),
        cmocka_unit_test(names_that_are_held_stay),
        cmocka_unit_test(definitions_are_waited_for),
        cmocka_unit_test(constraints_have_their_names),
        cmocka_unit_test(keys_and_references_are_told_as_they_were_defined), cmocka_unit_test(only_the_number_of_the_row_counts_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
