/* Proves sql/place.c and sql/bind_view.c: which table a name leads to, and that a view is what its query says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"
#include "local_database.h"

static void finds_tables_by_their_place(void **state)
{
    static const struct { const char *text, *printed; } cases[] = {
        {"SELECT 1 FROM Users", "\"main\".\"Users\" AS \"t1\""}, {"SELECT 1 FROM Shop.Users", "\"main\".\"Users\" AS \"t1\""}, {"SELECT 1 FROM shop.Shop.users", "\"main\".\"Users\" AS \"t1\""},
        {"SELECT 1 FROM Workspace.Users", "\"workspace\".\"Users\" AS \"t1\""}, {"SELECT 1 FROM workspace.Workspace.Users", "\"workspace\".\"Users\" AS \"t1\""},
        {"SELECT 1 FROM Notes", "\"workspace\".\"Notes\" AS \"t1\""}, {"SELECT 1 FROM #TAGS", "\"temp\".\"#tags\" AS \"t1\""},
        {"SELECT 1 FROM \"#tags\"", "\"temp\".\"#tags\" AS \"t1\""}, {"SELECT 1 FROM Temp.[#tags]", "\"temp\".\"#tags\" AS \"t1\""},
        {"CREATE TEMP TABLE x (a INT); CREATE TABLE Workspace.y (a INT); SELECT 1 FROM x", "\"temp\".\"x\" AS \"t1\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        const struct statement *statement = fake_local_prepare(cases[i].text, &arena);
        while (statement->next)
            statement = statement->next;
        const char *from = strstr(statement->engine_sql, "FROM ");
        if (!from || strcmp(from + 5, cases[i].printed) != 0)
            fail_msg("%s: %s", cases[i].text, statement->engine_sql);
        arena_clear(&arena);
    }
}

static void a_column_may_name_its_place_too(void **state)
{
    static const struct { const char *text; size_t count; const char *message; } cases[] = {
        {"SELECT Workspace.Users.NoteId, Shop.a.Id FROM Workspace.Users, Shop.Users a", 2, NULL},
        {"SELECT Temp.t.Name FROM #tags t", 1, NULL}, {"SELECT Workspace.Busy.Who, Shop.Active.Id FROM Busy, Active", 2, NULL},
        {"SELECT Shop.Users.NoteId FROM Workspace.Users", 0, "There is no table Shop.Users in this FROM"},
        {"SELECT Temp.Notes.Id FROM Notes", 0, "There is no table Temp.Notes in this FROM"},
        {"SELECT Other.Notes.Id FROM Notes", 0, "There is no catalog or schema Other; this connection has only Shop, Workspace and Temp"},
        {"SELECT 1 FROM Temp.Notes", 0, "There is no table Notes in Shop or Workspace"},
        {"SELECT 1 FROM Shop.Notes", 0, "There is no table Notes in Shop"},
        {"DROP TABLE Workspace.Users; SELECT 1 FROM Workspace.Users", 0, "There is no table Users"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error err;
        if (!cases[i].message) {
            assert_int_equal(fake_local_prepare(cases[i].text, &arena)->column_count, cases[i].count);
            arena_clear(&arena);
            continue;
        }
        fake_local_refuse(cases[i].text, &err);
        if (strcmp(err.sqlstate, "42S02") != 0 || !strstr(err.message, cases[i].message))
            fail_msg("%s: %s %s", cases[i].text, err.sqlstate, err.message);
    }
}

static void a_view_is_its_query(void **state)
{
    static const struct { const char *text; size_t tables; const char *label, *type; } views[] = {
        {"SELECT * FROM Active", 1, "Who", "string(100)"},
        {"SELECT b.Who, b.* FROM Busy b WHERE b.Who LIKE 'x%'", 2, "Who", "string(100)"},
        {"SELECT MAX(Who), COUNT(*) FROM Active", 1, "Expr2", "bigint"},
        {"WITH Users AS (SELECT 1 AS x) SELECT Users.x, Who FROM Active, Users", 1, "Who", "string(100)"},
        {"SELECT Text, (SELECT MAX(Who) FROM Active a WHERE a.Id = n.Id) FROM Notes n", 2, "Expr2", "string(100)"},
        {"CREATE VIEW v (a, b) AS SELECT 1, 2.50; SELECT * FROM v", 0, "b", "decimal(3,2)"},
    };
    sqlite3 *db = local_database_open();
    (void)state;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct arena arena = {0};
        char type[48];
        const struct statement *statement = fake_local_prepare(views[i].text, &arena);
        while (statement->next)
            statement = statement->next;
        type_print(&statement->columns[1].type, type, sizeof type);
        if (i == 1)
            type_print(&statement->columns[0].type, type, sizeof type);
        assert_int_equal(statement->table_count, views[i].tables);
        assert_string_equal(statement->columns[1].label, views[i].label);
        assert_string_equal(type, views[i].type);
        local_database_run(db, statement->engine_sql);
        arena_clear(&arena);
    }
    sqlite3_close(db);
}

static void refuses_views_that_can_not_be_run(void **state)
{
    static const struct { const char *text, *sqlstate, *message; } wrong[] = {
        {"SELECT * FROM Ring", "42000", "View Ring: View Round: The view Ring uses itself (line 1, column 15)"},
        {"SELECT 1 FROM Notes WHERE Id IN (SELECT 1 FROM Round)", "42000", "View Round: View Ring: The view Round uses itself"},
        {"SELECT *\nFROM Broken", "42S22", "View Broken: There is no column Nmae in Users; did you mean Name? (line 1, column 8)"},
        {"SELECT Name FROM Active", "42S22", "There is no column Name in Active"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error err;
        fake_local_refuse(wrong[i].text, &err);
        if (strcmp(err.sqlstate, wrong[i].sqlstate) != 0 || !strstr(err.message, wrong[i].message))
            fail_msg("%s: %s %s", wrong[i].text, err.sqlstate, err.message);
    }
}

/* Each view reads the one before twice: the last stands for more than a million. */
static void views_of_views_are_bounded(void **state)
{
    char text[4000];
    size_t used = 0;
    struct error err;
    (void)state;
    used += (size_t)snprintf(text, sizeof text, "CREATE VIEW v0 AS SELECT 1 AS x;");
    for (int i = 1; i <= 20; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "CREATE VIEW v%d AS SELECT a.x FROM v%d a, v%d b;", i, i - 1, i - 1);
    fake_local_refuse(text, &err);
    assert_string_equal(err.sqlstate, "42000");
    assert_non_null(strstr(err.message, "more than 1000 views"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_tables_by_their_place), cmocka_unit_test(a_column_may_name_its_place_too), cmocka_unit_test(a_view_is_its_query),
        cmocka_unit_test(refuses_views_that_can_not_be_run), cmocka_unit_test(views_of_views_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
