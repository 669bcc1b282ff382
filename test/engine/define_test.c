/* Proves sql/bind_define.c, sql/bind_column.c and engine/native.c where SQLite has the last word: what a definition is refused for is said in
 * our words, and what numbers itself gives no number twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "own.h"

static void a_column_that_is_needed_is_not_dropped(void **state)
{
    static const char *const cases[][2] = {
        {"Id", "part of the primary key"}, {"Indexed", "the index ByIndexed is over it; DROP INDEX"}, {"Alone", "UNIQUE is defined over it"},
        {"Up", "it refers to P"}, {"Checked", "needs what would go"}, {"Code", "C refers to it"},
    };
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE P (Id INTEGER PRIMARY KEY, Indexed INTEGER, Alone INTEGER UNIQUE, Up INTEGER REFERENCES P, Checked INTEGER "
               "CHECK (Checked > 0), Code INTEGER, Free INTEGER)", "");
    does(&run, "CREATE INDEX ByIndexed ON P (Indexed)", "");
    does(&run, "CREATE UNIQUE INDEX Codes ON P (Code)", "");
    does(&run, "CREATE TABLE C (A INTEGER REFERENCES P (Code))", "");
    does(&run, "DROP INDEX Codes", "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "ALTER TABLE P DROP COLUMN %s", cases[i][0]);
        fails_saying(&run, sql, "error 42000", cases[i][1]);
    }
    does(&run, "ALTER TABLE P DROP COLUMN Free", "");
    does(&run, "DROP INDEX ByIndexed", "");
    does(&run, "ALTER TABLE P DROP COLUMN Indexed", "");
    run_clear(&run);
}

static void a_foreign_key_leads_to_a_key(void **state)
{
    static const struct { const char *sql, *word; } wrong[] = {
        {"CREATE TABLE C (X INTEGER REFERENCES P (A))", "must lead to the primary key"},
        {"CREATE TABLE C (X INTEGER, Y INTEGER, FOREIGN KEY (X, Y) REFERENCES P (A, B))", "UNIQUE together"},
        {"CREATE TABLE C (X INTEGER PRIMARY KEY, Up INTEGER REFERENCES C (Up))", "must lead to"},
        {"CREATE TEMPORARY TABLE C (X INTEGER, Y INTEGER UNIQUE REFERENCES C (X))", "must lead to"},
        {"ALTER TABLE Own ADD Z INTEGER REFERENCES P (A)", "must lead to"},
        {"CREATE TABLE C (X INTEGER REFERENCES Keyless)", "has no primary key"},
    };
    struct run run;
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE P (A INTEGER, B INTEGER UNIQUE, C DECIMAL(5,2) PRIMARY KEY)", "");
    does(&run, "CREATE TABLE Keyless (A INTEGER)", "");
    does(&run, "CREATE TABLE Own (X INTEGER PRIMARY KEY)", "");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fails_saying(&run, wrong[i].sql, "error 42000", wrong[i].word);
        does(&run, "SELECT * FROM C", "error 42S02");
        does(&run, "SELECT COUNT(*) FROM Own", "0");
        does(&run, "SELECT Z FROM Own", "error 42S22");
    }
    does_all(&run, "CREATE UNIQUE INDEX U ON P (A); CREATE TABLE C (X INTEGER REFERENCES P (A), Y DECIMAL(9,4) REFERENCES P, Up INTEGER REFERENCES P (B))");
    does(&run, "INSERT INTO P VALUES (1, 2, 3)", "");
    does(&run, "INSERT INTO C VALUES (1, 3, 2)", "");
    does(&run, "INSERT INTO C VALUES (1, 3.01, 2)", "error 23000");
    run_clear(&run);
}

static void names_are_taken_once(void **state)
{
    struct run run;
    char sql[400], name[140];
    (void)state;
    open_run(&run, ":memory:");
    does(&run, "CREATE TABLE T (A INTEGER)", "");
    does(&run, "CREATE INDEX I ON T (A)", "");
    fails_saying(&run, "CREATE INDEX T ON T (A)", "error 42S01", "table named T");
    fails_saying(&run, "CREATE TABLE I (A INTEGER)", "error 42S11", "index named I");
    fails_saying(&run, "DROP TABLE Workspace.Users", "error 42S02", "there is one in Fake");
    fails_saying(&run, "DROP TABLE Temp.T", "error 42S02", "there is one in Workspace");

    memset(name, 'n', 128);
    name[128] = '\0';
    snprintf(sql, sizeof sql, "CREATE TABLE %s (%s INTEGER)", name, name);
    does(&run, sql, "");
    snprintf(sql, sizeof sql, "CREATE TABLE T2 (%sx INTEGER)", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    snprintf(sql, sizeof sql, "CREATE TABLE %sx (A INTEGER)", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    snprintf(sql, sizeof sql, "ALTER TABLE T RENAME TO %sx", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    snprintf(sql, sizeof sql, "ALTER TABLE T RENAME COLUMN A TO %sx", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    snprintf(sql, sizeof sql, "CREATE INDEX %sx ON T (A)", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    snprintf(sql, sizeof sql, "SELECT A AS %sx INTO T3 FROM T", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    snprintf(sql, sizeof sql, "CREATE VIEW V AS SELECT A AS %sx FROM T", name);
    fails_saying(&run, sql, "error 42000", "more than 128");
    run_clear(&run);
}

static void a_number_is_given_once(void **state)
{
    static const char *const tables[] = {"CREATE TABLE T (Id INTEGER IDENTITY(1,1), A INTEGER)", "CREATE TEMPORARY TABLE T (Id SERIAL, A INTEGER)",
                                         "CREATE TABLE T (Id BIGINT GENERATED ALWAYS AS IDENTITY, A INTEGER, PRIMARY KEY (Id))"};
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct run run;
        open_run(&run, ":memory:");
        does(&run, tables[i], "");
        does(&run, "INSERT INTO T (A) VALUES (1), (2)", "");
        does(&run, "DELETE FROM T WHERE Id = 2", "");
        does(&run, "INSERT INTO T VALUES (DEFAULT, 3)", "");
        does(&run, "TRUNCATE TABLE T", "");
        does(&run, "INSERT INTO T (A) SELECT Id FROM Users WHERE Id = 1", "");
        does(&run, "INSERT INTO T VALUES (10, 5)", "");
        does(&run, "INSERT INTO T (A) VALUES (6)", "");
        does(&run, "SELECT Id, A FROM T ORDER BY Id", "4|1;10|5;11|6");
        does(&run, "SELECT * FROM sqlite_sequence", "error 42S02");
        does(&run, "DROP TABLE T", "");
        does(&run, tables[i], "");
        does(&run, "INSERT INTO T (A) VALUES (1)", "");
        does(&run, "SELECT Id FROM T", "1");
        run_clear(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_that_is_needed_is_not_dropped),
        cmocka_unit_test(a_foreign_key_leads_to_a_key),
        cmocka_unit_test(names_are_taken_once),
        cmocka_unit_test(a_number_is_given_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
