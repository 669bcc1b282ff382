/* Proves parser_change, bind_change, bind_stored and print_change: what INSERT, UPDATE and DELETE tell the engine, that SQLite takes it,
 * how their parameters are described, and what is refused with which SQLSTATE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "fake_service.h"
#include "local_database.h"

static const struct { const char *text, *target, *printed; } cases[] = {
    {"INSERT INTO Notes (Text) VALUES ('a')", "Notes", "INSERT INTO \"workspace\".\"Notes\" (\"Text\", \"Made\") VALUES ('a', current_timestamp_value())"},
    {"INSERT Notes VALUES (DEFAULT, ?, ?, ?, ?, ?, ?, ?)", "Notes",
     "INSERT INTO \"workspace\".\"Notes\" (\"Id\", \"Text\", \"Price\", \"Count\", \"Made\", \"Day\", \"Done\", \"Bytes\") VALUES "
     "(NULL, store_value(?1, 'string(20)', 'string(20)', 'Text'), store_value(?2, 'decimal(10,2)', 'decimal(10,2)', 'Price'), ?3, "
     "store_value(?4, 'timestamp(6)', 'timestamp(6)', 'Made'), ?5, ?6, store_value(?7, 'binary(4)', 'binary(4)', 'Bytes'))"},
    {"INSERT INTO Notes (\"Text\", Price, [Count], Made, Day, Done, Bytes) VALUES ('eighteen and blanks     ', '12.345', '7', {d '2024-02-29'}, '2024-02-29', 'true', "
     "'FF00'), (5, 1e1, 2.5, DEFAULT, NULL, 0, X'01')", "Notes",
     "INSERT INTO \"workspace\".\"Notes\" (\"Text\", \"Price\", \"Count\", \"Made\", \"Day\", \"Done\", \"Bytes\") VALUES "
     "('eighteen and blanks ', '12.35', 7, '2024-02-29 00:00:00', '2024-02-29', 1, X'FF00'), ('5', '10.00', 2, current_timestamp_value(), NULL, 0, X'01')"},
    {"INSERT INTO Notes (Text, Price, Count) VALUES (UCASE('a'), DEFAULT, DEFAULT)", "Notes",
     "INSERT INTO \"workspace\".\"Notes\" (\"Text\", \"Price\", \"Count\", \"Made\") VALUES (fn_ucase('a'), '1.50', -5, current_timestamp_value())"},
    {"INSERT INTO #tags (NoteId) VALUES (CASE WHEN 1 = 1 THEN ? ELSE ? END)", "#tags",
     "INSERT INTO \"temp\".\"#tags\" (\"NoteId\") VALUES (CASE WHEN 1 = 1 THEN ?1 ELSE ?2 END)"},
    {"UPDATE Notes SET Text = CASE WHEN Done THEN ? ELSE ? END, Price = COALESCE(?, ?)", "Notes",
     "UPDATE \"workspace\".\"Notes\" AS \"t1\" SET \"Text\" = store_value(CASE WHEN \"t1\".\"Done\" = 1 THEN ?1 ELSE ?2 END, 'string(20)', 'string(20)', 'Text'), "
     "\"Price\" = store_value(coalesce(?3, ?4), 'decimal(10,2)', 'decimal(10,2)', 'Price')"},
    {"INSERT INTO Notes DEFAULT VALUES", "Notes", "INSERT INTO \"workspace\".\"Notes\" (\"Made\") VALUES (current_timestamp_value())"},
    {"INSERT INTO #tags DEFAULT VALUES", "#tags", "INSERT INTO \"temp\".\"#tags\" DEFAULT VALUES"},
    {"INSERT INTO Foreign DEFAULT VALUES", "Foreign", "INSERT INTO \"workspace\".\"Foreign\" DEFAULT VALUES"},
    {"INSERT INTO Foreign VALUES (DEFAULT)", "Foreign",
     "INSERT INTO \"workspace\".\"Foreign\" (\"x\") VALUES (store_value(fn_abs(-1), 'integer', 'double', 'x'))"},
    {"INSERT INTO Workspace.Users VALUES ('a', 1)", "Users", "INSERT INTO \"workspace\".\"Users\" (\"Name\", \"NoteId\") VALUES ('a', 1)"},
    {"INSERT INTO #tags SELECT Who, Id FROM Active", "#tags",
     "INSERT INTO \"temp\".\"#tags\" (\"Name\", \"NoteId\") WITH \"t2\" AS (SELECT \"t3\".\"Id\" AS \"c1\", \"t3\".\"Name\" AS \"c2\" "
     "FROM \"main\".\"Users\" AS \"t3\" WHERE \"t3\".\"Active\" = 1) SELECT \"t2\".\"c2\", \"t2\".\"c1\" FROM \"t2\""},
    {"INSERT INTO \"#tags\" (NoteId) (SELECT Id FROM Users)", "#tags", "INSERT INTO \"temp\".\"#tags\" (\"NoteId\") SELECT \"t2\".\"Id\" FROM \"main\".\"Users\" AS \"t2\""},
    {"INSERT INTO Notes (Text, Day) SELECT ?, '2024-01-01' UNION ALL SELECT Name, Date FROM Users u JOIN Timesheets t ON u.Id = t.UserId", "Notes",
     "INSERT INTO \"workspace\".\"Notes\" (\"Text\", \"Day\", \"Made\") SELECT store_value(\"q\".\"c1\", 'string', 'string(20)', 'Text'), \"q\".\"c2\", "
     "current_timestamp_value() FROM (SELECT ?1 AS \"c1\", '2024-01-01' AS \"c2\" UNION ALL SELECT \"t2\".\"Name\" AS \"c1\", \"t3\".\"Date\" AS \"c2\" "
     "FROM \"main\".\"Users\" AS \"t2\" JOIN \"main\".\"Timesheets\" AS \"t3\" ON \"t2\".\"Id\" = \"t3\".\"UserId\") AS \"q\""},
    {"INSERT INTO #tags (NoteId) WITH q AS (SELECT Id FROM Notes) SELECT Id FROM q", "#tags",
     "INSERT INTO \"temp\".\"#tags\" (\"NoteId\") WITH \"q1\"(\"c1\") AS (SELECT \"t2\".\"Id\" AS \"c1\" FROM \"workspace\".\"Notes\" AS \"t2\") "
     "SELECT \"t3\".\"c1\" FROM \"q1\" AS \"t3\""},
    {"UPDATE Notes SET Price = Price * 1.1, Notes.Text = Text || ?, Count = NULL, Made = DEFAULT, Day = {d '2024-01-01'} "
     "WHERE Id IN (SELECT NoteId FROM #tags) OR Notes.Price > ?", "Notes",
     "UPDATE \"workspace\".\"Notes\" AS \"t1\" SET \"Price\" = store_value(decimal_multiply(\"t1\".\"Price\", '1.1', 3), 'decimal(13,3)', 'decimal(10,2)', 'Price'), "
     "\"Text\" = store_value(\"t1\".\"Text\" || ?1, 'string', 'string(20)', 'Text'), \"Count\" = NULL, \"Made\" = current_timestamp_value(), \"Day\" = '2024-01-01' "
     "WHERE \"t1\".\"Id\" IN (SELECT \"t2\".\"NoteId\" FROM \"temp\".\"#tags\" AS \"t2\") OR \"t1\".\"Price\" > ?2 COLLATE decimal"},
    {"UPDATE Workspace.Notes AS n SET Count = (SELECT COUNT(*) FROM Timesheets t WHERE t.UserId = n.Id), Done = Count > 3", "Notes",
     "UPDATE \"workspace\".\"Notes\" AS \"t1\" SET \"Count\" = store_value((SELECT count(*) FROM \"main\".\"Timesheets\" AS \"t2\" WHERE \"t2\".\"UserId\" = \"t1\".\"Id\"), "
     "'bigint', 'integer', 'Count'), \"Done\" = \"t1\".\"Count\" > 3"},
    {"DELETE FROM Notes", "Notes", "DELETE FROM \"workspace\".\"Notes\" AS \"t1\""},
    {"DELETE Notes n WHERE NOT n.Done AND EXISTS (SELECT 1 FROM Users u WHERE u.Id = n.Id)", "Notes",
     "DELETE FROM \"workspace\".\"Notes\" AS \"t1\" WHERE \"t1\".\"Done\" = 0 AND EXISTS (SELECT 1 FROM \"main\".\"Users\" AS \"t2\" WHERE \"t2\".\"Id\" = \"t1\".\"Id\")"},
    {"TRUNCATE TABLE \"#tags\"", "#tags", "DELETE FROM \"temp\".\"#tags\" AS \"t1\""},
};

static void tells_the_engine_what_to_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        const struct statement *statement = fake_local_prepare(cases[i].text, &arena);
        assert_int_equal(statement->kind, STATEMENT_CHANGE);
        assert_int_equal(statement->column_count, 0);
        assert_string_equal(statement->target->name, cases[i].target);
        assert_int_not_equal(statement->target->place, PLACE_SERVICE);
        if (strcmp(statement->engine_sql, cases[i].printed) != 0)
            fail_msg("%s: %s", cases[i].text, statement->engine_sql);
        arena_clear(&arena);
    }
}

static void sqlite_takes_all_of_it(void **state)
{
    sqlite3 *db = local_database_open();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(db, cases[i].printed, -1, &statement, NULL) != SQLITE_OK)
            fail_msg("%s: %s", cases[i].printed, sqlite3_errmsg(db));
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static void changes_what_it_says(void **state)
{
    static const struct { const char *text, *look, *value; } changes[] = {
        {"INSERT INTO Notes (Text, Day) VALUES ('a', '2024-01-01'), ('b', NULL)", "SELECT group_concat(Text || Price || Count) FROM workspace.Notes", "a1.50-5,b1.50-5"},
        {"INSERT INTO Notes (Text) SELECT 'c' UNION ALL SELECT 'd'", "SELECT count(*) || max(Id) FROM workspace.Notes", "44"},
        {"INSERT INTO Notes VALUES (9, 'e', 1, 2, '2024-01-01', NULL, TRUE, NULL)", "SELECT Price || Count || Made || Done FROM workspace.Notes WHERE Id = 9",
         "1.002" "2024-01-01 00:00:00" "1"},
        {"UPDATE Notes SET Count = 3, Price = DEFAULT WHERE Text IN ('a', 'e')", "SELECT sum(Count) || sum(Price) FROM workspace.Notes", "-9" "7.5"},
        {"DELETE FROM Notes WHERE Count = (SELECT MAX(n.Count) FROM Notes n)", "SELECT group_concat(Text) FROM workspace.Notes", "b,c,d"},
        {"SELECT Text INTO #x FROM Notes WHERE Id < 4", "SELECT group_concat(Text) FROM temp.[#x]", "b,c"},
        {"TRUNCATE TABLE Notes", "SELECT count(*) FROM workspace.Notes", "0"},
    };
    sqlite3 *db = local_database_open();
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct arena arena = {0};
        const struct statement *statement = fake_local_prepare(changes[i].text, &arena);
        local_database_run(db, statement->engine_sql);
        if (statement->fill_sql)
            local_database_run(db, statement->fill_sql);
        const char *value = local_database_value(db, changes[i].look);
        if (strcmp(value, changes[i].value) != 0)
            fail_msg("%s: %s", changes[i].text, value);
        arena_clear(&arena);
    }
    sqlite3_close(db);
}

static void describes_parameters_by_the_column_they_go_to(void **state)
{
    static const struct { const char *text; size_t parameter; const char *type; enum nullability nullable; } parameters[] = {
        {"INSERT INTO Notes (Text, Price) VALUES (?, ?)", 0, "string(20)", NULLABLE_NO},
        {"INSERT INTO Notes (Text, Price) VALUES (?, ?)", 1, "decimal(10,2)", NULLABLE_YES},
        {"INSERT INTO Notes (Text, Made) VALUES ('a', ?), (?, NULL)", 0, "timestamp(6)", NULLABLE_YES},
        {"INSERT INTO Notes (Text, Made) VALUES ('a', ?), (?, NULL)", 1, "string(20)", NULLABLE_NO},
        {"INSERT INTO Notes (Text, Bytes) SELECT Name, ? FROM Users WHERE GroupId = ?", 0, "binary(4)", NULLABLE_YES},
        {"INSERT INTO Notes (Text, Bytes) SELECT Name, ? FROM Users WHERE GroupId = ?", 1, "integer", NULLABLE_YES},
        {"UPDATE Notes SET Day = ?, Done = ? WHERE Count BETWEEN ? AND 5", 0, "date", NULLABLE_YES},
        {"UPDATE Notes SET Day = ?, Done = ? WHERE Count BETWEEN ? AND 5", 1, "boolean", NULLABLE_YES},
        {"UPDATE Notes SET Day = ?, Done = ? WHERE Count BETWEEN ? AND 5", 2, "integer", NULLABLE_YES},
        {"DELETE FROM Notes WHERE Id = ?", 0, "bigint", NULLABLE_YES},
        {"SELECT Id INTO #x FROM Users WHERE PayRate > ?", 0, "decimal(10,2)", NULLABLE_YES},
        {"SELECT ? ; INSERT INTO #tags VALUES ('a', ?)", 1, "bigint", NULLABLE_YES},
    };
    char type[48];
    (void)state;
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        struct arena arena = {0};
        const struct parameter *parameter = &fake_local_prepare(parameters[i].text, &arena)->parameters[parameters[i].parameter];
        type_print(&parameter->type, type, sizeof type);
        if (strcmp(type, parameters[i].type) != 0 || parameter->nullable != parameters[i].nullable)
            fail_msg("%s: %s %d", parameters[i].text, type, parameter->nullable);
        arena_clear(&arena);
    }
}

static void refuses_what_does_not_fit(void **state)
{
    static const struct { const char *text, *sqlstate, *message; } wrong[] = {
        {"INSERT INTO Users (Id) VALUES (1)", "42000", "The table Users of Shop is read-only; the one of the workspace is Workspace.Users (line 1, column 13)"},
        {"UPDATE Timesheets SET Notes = 'x'", "42000", "The table Timesheets of Shop is read-only; only tables of the workspace and temporary ones can be changed"},
        {"DELETE FROM Shop.Users", "42000", "is read-only"},
        {"INSERT INTO Active VALUES (1, 'x')", "42000", "Active is a view, which can only be read"},
        {"INSERT INTO Note VALUES (1)", "42S02", "There is no table Note in Shop or Workspace; did you mean Notes?"},
        {"INSERT INTO Notes (Texd) VALUES (1)", "42S22", "There is no column Texd in Notes; did you mean Text? (line 1, column 20)"},
        {"INSERT INTO Notes (Text, text) VALUES (1, 2)", "42000", "The column Text is given twice (line 1, column 26)"},
        {"UPDATE Notes SET Text = 'a', Text = 'b'", "42000", "The column Text is given twice"},
        {"UPDATE Notes SET Texd = 'a'", "42S22", "did you mean Text?"},
        {"UPDATE Notes SET Text = Texd", "42S22", "did you mean Text?"},
        {"INSERT INTO Notes (Text) VALUES (1, 2)", "21S01", "2 values are given for 1 column of Notes (line 1, column 34)"},
        {"INSERT INTO Notes VALUES ('a')", "21S01", "1 value is given for 8 columns of Notes"},
        {"INSERT INTO Notes (Text, Price) VALUES ('a', 1), ('b')", "21S01", "This row has 1 values, the first one has 2"},
        {"INSERT INTO Notes (Text, Price) SELECT Id FROM Users", "21S01", "1 value is given for 2 columns of Notes"},
        {"INSERT INTO Notes (Text) VALUES ('123456789012345678901')", "22001", "The column Text: \"123456789012345678901\" is too long"},
        {"INSERT INTO Notes (Text, Bytes) VALUES ('a', X'0102030405')", "22001", "The column Bytes: 5 bytes are too long"},
        {"INSERT INTO Notes (Count) VALUES (3000000000)", "22003", "The column Count: \"3000000000\" is out of the range of type integer"},
        {"INSERT INTO Notes (Price) VALUES (123456789.5)", "22003", "The column Price"},
        {"INSERT INTO Notes (Count) VALUES ('x')", "22018", "The column Count: \"x\" is not a value of type integer"},
        {"INSERT INTO Notes (Day) VALUES ('soon')", "22007", "The column Day: \"soon\" is not a value of type date (line 1, column 33)"},
        {"INSERT INTO Notes (Day) VALUES (5)", "42000", "A value of type integer can not be stored in the column Day of type date; use CAST"},
        {"INSERT INTO Notes (Day) SELECT Id FROM Users", "42000", "A value of type bigint can not be stored in the column Day"},
        {"INSERT INTO Notes (Text) VALUES (Name)", "42S22", "There is no column Name"},
        {"INSERT INTO Notes (Text) VALUES (COUNT(*))", "42000", "can not stand in VALUES"},
        {"UPDATE Notes SET Count = COUNT(*)", "42000", "can not stand in SET"},
        {"DELETE FROM Notes WHERE COUNT(*) > 1", "42000", "can not stand in WHERE"},
        {"DELETE FROM Notes WHERE CURRENT OF c", "42000", "WHERE CURRENT OF"},
        {"UPDATE Notes SET Count = 1 FROM Users", "42000", "FROM is not possible here: further tables stand in subqueries"},
        {"UPDATE Notes n JOIN Users u ON u.Id = n.Id SET Count = 1", "42000", "JOIN is not possible here"},
        {"UPDATE Notes SET Count = 1 ORDER BY Id LIMIT 1", "42000", "ORDER is not possible here: WHERE alone says which rows"},
        {"DELETE n FROM Notes n", "42000", "FROM is not possible here"},
        {"DELETE FROM Notes USING Users WHERE 1 = 1", "42000", "USING is not possible here"},
        {"DELETE FROM Notes WHERE Id = 1 RETURNING Id", "42000", "RETURNING is not possible here: no rows come back"},
        {"DELETE FROM Notes LIMIT 1", "42000", "LIMIT is not possible here"},
        {"INSERT OR REPLACE INTO Notes (Id) VALUES (1)", "42000", "OR is not possible here: UPDATE changes rows that are there"},
        {"INSERT INTO Notes (Id) VALUES (1) ON CONFLICT DO NOTHING", "42000", "ON is not possible here: UPDATE changes rows that are there"},
        {"INSERT INTO Notes (Id) VALUES (1) ON DUPLICATE KEY UPDATE Count = 1", "42000", "ON is not possible here"},
        {"INSERT INTO Notes (Id) OUTPUT INSERTED.Id VALUES (1)", "42000", "OUTPUT is not possible here"},
        {"INSERT INTO Notes (Id) VALUES (1) RETURNING Id", "42000", "RETURNING is not possible here"},
        {"MERGE INTO Notes USING Users ON 1 = 1 WHEN MATCHED THEN DELETE", "42000", "MERGE is not possible"},
        {"REPLACE INTO Notes (Id) VALUES (1)", "42000", "REPLACE is not possible"},
        {"UPDATE Notes n SET Count = Notes.Count", "42S02", "did you mean n?"},
        {"INSERT INTO Notes (Text)", "42000", "VALUES, SELECT or DEFAULT VALUES was expected"},
        {"INSERT INTO Notes (Text) DEFAULT VALUES", "42000", "found DEFAULT where VALUES, SELECT or DEFAULT VALUES was expected"},
        {"INSERT INTO Notes () VALUES ()", "42000", "a column name was expected"},
        {"UPDATE Notes SET", "42000", "a column name was expected"},
        {"SELECT DEFAULT FROM Notes", "42S22", "There is no column DEFAULT"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error err;
        fake_local_refuse(wrong[i].text, &err);
        if (strcmp(err.sqlstate, wrong[i].sqlstate) != 0 || !strstr(err.message, wrong[i].message))
            fail_msg("%s: %s %s", wrong[i].text, err.sqlstate, err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_engine_what_to_change), cmocka_unit_test(sqlite_takes_all_of_it), cmocka_unit_test(changes_what_it_says),
        cmocka_unit_test(describes_parameters_by_the_column_they_go_to), cmocka_unit_test(refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
