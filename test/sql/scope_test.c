/* Proves sql/scope.c and the binding of FROM, GROUP BY and ORDER BY: which name means what, and what is said of one that means nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"

static void names_the_nearest_that_exists(void **state)
{
    static const struct { const char *text, *sqlstate, *message; } cases[] = {
        {"SELECT Usrid FROM Timesheets", "42S22", "There is no column Usrid in Timesheets; did you mean UserId? (line 1, column 8)"},
        {"SELECT u.Idd FROM Users u", "42S22", "There is no column Idd in Users; did you mean Id?"},
        {"SELECT Id\nFROM Users\nWHERE Nmae = 'x'", "42S22", "did you mean Name? (line 3, column 7)"},
        {"SELECT Zebra FROM Users", "42S22", "There is no column Zebra in Users (line 1, column 8)"},
        {"SELECT Titel FROM Users, Groups", "42S22", "in Users, Groups; did you mean Title?"},
        {"SELECT x", "42S22", "this SELECT has no FROM"},
        {"WITH RECURSIVE r(n) AS (SELECT 1.0 UNION ALL SELECT n / 3 FROM r WHERE n > 0.1) SELECT n FROM r", "42000", "starts as decimal(2,1)"},
        {"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n * 1.5 FROM r WHERE n < 9) SELECT n FROM r", "42000", "starts as integer"},
        {"SELECT DATE '2024-01-01' - INTERVAL '2' DAY * x", "42S22", "There is no column x"},
        {"SELECT Date + INTERVAL '2' DAY * Nme FROM Timesheets", "42S22", "There is no column Nme"},
        {"SELECT * FROM Timesheet", "42S02", "There is no table Timesheet in Shop; did you mean Timesheets? (line 1, column 15)"},
        {"SELECT Config, nValue FROM MSysConf", "42S02", "There is no table MSysConf in Shop"},
        {"SELECT us.Id FROM Users", "42S02", "There is no table or alias us in this FROM; did you mean Users?"},
        {"SELECT Users.Id FROM Users u", "42S02", "did you mean u?"},
        {"SELECT x.* FROM Users u", "42S02", "There is no table or alias x"},
        {"SELECT Id FROM Other.Users", "42S02", "There is no catalog or schema Other; this connection has only Shop"},
        {"SELECT Other.Users.Id FROM Users", "42S02", "no catalog or schema Other"},
        {"SELECT Id FROM Users JOIN Timesheets ON 1 = 1", "42000", "The column Id is ambiguous"},
        {"SELECT d.x FROM (SELECT 1 AS x, 2 AS x) d", "42000", "two columns have this name"},
        {"SELECT 1 FROM Users u JOIN Groups U ON 1 = 1", "42000", "stands twice in FROM"},
        {"SELECT 1 FROM Users JOIN Groups USING (Name)", "42S22", "There is no column Name on the right side of this join"},
        {"SELECT Id AS x FROM Users WHERE x = 1", "42S22", "There is no column x in Users"},
        {"SELECT 1 FROM Users u JOIN (SELECT u.Id) d ON 1 = 1", "42S02", "There is no table or alias u"},
        {"WITH a AS (SELECT 1), A AS (SELECT 2) SELECT 1", "42000", "stands twice in WITH"},
        {"WITH a(x, y) AS (SELECT 1) SELECT 1", "42000", "2 column names are given for 1 columns"},
        {"SELECT *", "42000", "SELECT * needs a FROM"},
        {"SELECT Id FROM Users ORDER BY 2", "42000", "ORDER BY 2: the select list has 1 column (line 1, column 31)"},
        {"SELECT Id FROM Users GROUP BY 0", "42000", "GROUP BY 0"},
        {"SELECT DISTINCT Name FROM Users ORDER BY Id", "42000", "With SELECT DISTINCT"},
        {"SELECT Id FROM Users UNION SELECT Id FROM Users ORDER BY Name", "42000", "by its name or position"},
        {"SELECT TOP 5 Id FROM Users LIMIT 3", "42000", "bounded twice"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        if (strcmp(err.sqlstate, cases[i].sqlstate) != 0 || !strstr(err.message, cases[i].message))
            fail_msg("%s: %s %s", cases[i].text, err.sqlstate, err.message);
    }
}

static void keeps_the_rules_of_grouping(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        {"SELECT Id FROM Users WHERE COUNT(*) > 1", "The aggregate COUNT can not stand in WHERE; use HAVING (line 1, column 28)"},
        {"SELECT 1 FROM Users GROUP BY MAX(Id)", "can not stand in GROUP BY"},
        {"SELECT 1 FROM Users u JOIN Groups g ON MAX(u.Id) = 1", "can not stand in ON"},
        {"SELECT SUM(COUNT(*)) FROM Users", "stands inside another aggregate"},
        {"SELECT Name, COUNT(*) FROM Users", "The column Name stands beside an aggregate"},
        {"SELECT Name, COUNT(*) FROM Users GROUP BY Email", "The column Name stands neither in GROUP BY nor in an aggregate (line 1, column 8)"},
        {"SELECT COUNT(*) FROM Users GROUP BY Email HAVING Name = 'x'", "The column Name"},
        {"SELECT COUNT(*) FROM Users GROUP BY Email ORDER BY Name", "The column Name"},
        {"SELECT GroupId + 2 FROM Users GROUP BY GroupId + 1", "The column GroupId"},
        {"SELECT (SELECT COUNT(*) FROM Timesheets t WHERE t.UserId = u.Id) FROM Users u GROUP BY u.GroupId", "The column Id"},
        {"SELECT Id FROM Users WHERE ROW_NUMBER() OVER (ORDER BY Id) = 1", "can not stand in WHERE"},
        {"SELECT SUM(Id) OVER (ORDER BY Name) FROM Users GROUP BY GroupId", "The column Id"},
    };
    static const char *const right[] = {
        "SELECT GroupId + 1, COUNT(*) FROM Users GROUP BY GroupId + 1 ORDER BY GroupId + 1",
        "SELECT UPPER(Name) || 'x' FROM Users GROUP BY UPPER(Name)",
        "SELECT (SELECT COUNT(*) FROM Timesheets t WHERE t.UserId = u.GroupId) FROM Users u GROUP BY u.GroupId",
        "SELECT MAX(Id) + MIN(Id) FROM Users HAVING COUNT(*) > 1",
        "SELECT COUNT(*) AS c FROM Users HAVING c > 1",
        "SELECT SUM(SUM(Id)) OVER () FROM Users GROUP BY GroupId",
        "SELECT YEAR(Date) y FROM Timesheets GROUP BY y ORDER BY COUNT(*) DESC",
        "SELECT 1 FROM Users GROUP BY Name HAVING Name > 'a'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        assert_string_equal(err.sqlstate, "42000");
        if (!strstr(err.message, cases[i].message))
            fail_msg("%s: %s", cases[i].text, err.message);
    }
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        struct arena arena = {0};
        fake_prepare(right[i], &arena);
        arena_clear(&arena);
    }
}

static void labels_columns_and_tells_their_origin(void **state)
{
    static const struct { const char *text; size_t column; const char *label, *table, *origin, *alias; } cases[] = {
        {"SELECT id FROM users", 0, "Id", "Users", "Id", "Users"},
        {"SELECT u.\"NAME\" FROM Users u", 0, "Name", "Users", "Name", "u"},
        {"SELECT Name AS \"Der Name\" FROM Users", 0, "Der Name", "Users", "Name", "Users"},
        {"SELECT Name 'x' FROM Users", 0, "Name", NULL, NULL, NULL},
        {"SELECT Name AS 'x y' FROM Users", 0, "x y", "Users", "Name", "Users"},
        {"SELECT 1, Id + 1 FROM Users", 1, "Expr2", NULL, NULL, ""},
        {"SELECT d.k FROM (SELECT Id AS k FROM Users) d", 0, "k", "Users", "Id", "d"},
        {"WITH q(z) AS (SELECT Id FROM Users) SELECT * FROM q", 0, "z", "Users", "Id", "q"},
        {"SELECT Id, PayRate FROM Users UNION SELECT Id, Rate FROM Timesheets", 1, "PayRate", NULL, NULL, ""},
        {"SELECT * FROM Users FULL JOIN Groups USING (GroupId)", 0, "GroupId", NULL, NULL, ""},
        {"SELECT * FROM Users NATURAL JOIN Groups", 0, "GroupId", "Users", "GroupId", "Users"},
        {"SELECT Shop.Shop.Users.Id FROM \"Shop\".\"Shop\".\"Users\"", 0, "Id", "Users", "Id", "Users"},
        {"SELECT g.*, Shop.u.* FROM Users u, Groups g", 2, "Id", "Users", "Id", "u"},
        {"SELECT \"a \"\"quoted\"\" name\" FROM [Odd Table]", 0, "a \"quoted\" name", "Odd Table", "a \"quoted\" name", "Odd Table"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        if (!cases[i].alias) { /* a string is no alias unless AS stands before it */
            struct error err;
            fake_refuse(cases[i].text, &err);
            continue;
        }
        const struct result_column *column = &fake_prepare(cases[i].text, &arena)->columns[cases[i].column];
        assert_string_equal(column->label, cases[i].label);
        assert_string_equal(column->table_alias, cases[i].alias);
        assert_int_equal(column->table != NULL, cases[i].table != NULL);
        if (cases[i].table) {
            assert_string_equal(column->table->name, cases[i].table);
            assert_string_equal(column->table->columns[column->column].name, cases[i].origin);
        }
        arena_clear(&arena);
    }
}

static void stars_leave_pseudo_columns_out(void **state)
{
    static const struct { const char *text; size_t count; } cases[] = {
        {"SELECT * FROM Timesheets", 11}, {"SELECT t.* FROM Timesheets t", 11}, {"SELECT *, ModifiedSince FROM Timesheets", 12},
        {"SELECT * FROM Users NATURAL JOIN Groups", 11}, {"SELECT * FROM Users, Groups", 12}, {"SELECT Users.*, Groups.* FROM Users NATURAL JOIN Groups", 12},
        {"SELECT *, * FROM Groups", 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        assert_int_equal(fake_prepare(cases[i].text, &arena)->column_count, cases[i].count);
        arena_clear(&arena);
    }
}

static void lists_each_table_once(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct statement *statement = fake_prepare("SELECT 1 FROM Users a, Users b WHERE EXISTS (SELECT 1 FROM Timesheets t WHERE t.UserId = a.Id)", &arena);
    assert_int_equal(statement->table_count, 2);
    assert_string_equal(statement->tables[0]->name, "Users");
    assert_string_equal(statement->tables[1]->name, "Timesheets");
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_nearest_that_exists), cmocka_unit_test(keeps_the_rules_of_grouping),
        cmocka_unit_test(labels_columns_and_tells_their_origin), cmocka_unit_test(stars_leave_pseudo_columns_out),
        cmocka_unit_test(lists_each_table_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
