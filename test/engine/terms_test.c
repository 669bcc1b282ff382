/* Proves sql/tell.c and the engine's side of conditions that are shown to services as a whole: which are, with which values, that the answer is
 * the same as without, and that services which take none see none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "run.h"
#include "table/term.h"

struct told {
    const char *sql, *rows, *scans;
};

static const struct told cases[] = {
    {"SELECT Id FROM Users WHERE GroupId = 20 OR Balance > 5", "3;4;5", "Users wanted=Id,GroupId,Balance any(GroupId=20,Balance>5.00)\n"},
    {"SELECT Id FROM Users WHERE UPPER(Name) = 'DAVE'", "4", "Users wanted=Id,Name call5(Name)=DAVE\n"},
    {"SELECT Id FROM Users WHERE GroupId <= Id * 5 AND Active = 1", "2;4", NULL},
    {"SELECT Id FROM Users WHERE GroupId > Id", "1;2;3;4;6", "Users wanted=Id,GroupId GroupId>Id\n"},
    {"SELECT Id FROM Users WHERE NOT (GroupId = 10 AND Name = 'Ann') ORDER BY Id", "2;3;4;6", "Users wanted=Id,Name,GroupId any(GroupId<>10,Name<>Ann) order=Id\n"},
    {"SELECT Id FROM Users WHERE Name IS NULL OR Balance NOT BETWEEN 0 AND 50", "3;4;6",
     "Users wanted=Id,Name,Balance any(Name.null,any(Balance<0.00,Balance>50.00))\n"},
    /* What only SQLite can tell is left out of AND; OR needs all of its parts. */
    {"SELECT Id FROM Users WHERE (GroupId = 20 AND REVERSE(Name) = 'loraC') OR Id = 1", "1;3", "Users wanted=Id,Name,GroupId any(GroupId=20,Id=1)\n"},
    {"SELECT Id FROM Users WHERE REVERSE(Name) = 'loraC' OR Id = 1", "1;3", "Users wanted=Id,Name\n"},
    /* No more rows than the LIMIT may be asked for: it counts what is left. */
    {"SELECT Id FROM Users WHERE GroupId = 20 OR Balance > 5 LIMIT 2", "3;4", "Users wanted=Id,GroupId,Balance any(GroupId=20,Balance>5.00)\n"},
    {"SELECT Id FROM Users WHERE GroupId = 20 OR Balance > 5 ORDER BY Id", "3;4;5", "Users wanted=Id,GroupId,Balance any(GroupId=20,Balance>5.00) order=Id\n"},
    {"SELECT COUNT(*) FROM Users WHERE GroupId = 20 OR Balance > 5", "3", "Users wanted=GroupId,Balance any(GroupId=20,Balance>5.00)\n"},
    /* Each table hears of its own. */
    {"SELECT u.Id, s.Id FROM Users u JOIN Sheets s ON s.UserId = u.Id AND (s.Duration > 3000 OR s.Notes = 'beta') WHERE u.GroupId = 10 OR u.Balance < 0",
     "1|100;2|102;3|103", NULL},
    {"SELECT u.Id, s.Id FROM Users u, Sheets s WHERE (u.Id = 1 AND s.Duration = 30) OR (u.Id = 3 AND s.Duration = 60)", "1|104;3|102", NULL},
    /* In ON, the side whose rows come all the same does not. */
    {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND (u.GroupId = 20 OR u.Balance > 5) AND (s.Duration > 3000 OR s.Notes = 'beta') "
     "WHERE u.Id < 4 ORDER BY 1", "1|~;2|~;3|103", NULL},
    {"SELECT u.Id, s.Id FROM Users u LEFT JOIN Sheets s ON s.UserId = u.Id AND s.Duration > 7000 WHERE s.Id IS NULL OR s.Duration < s.Id ORDER BY 1",
     "1|~;2|~;4|~;5|~;6|~", NULL},
    {"SELECT u.Id, s.Id FROM Users u RIGHT JOIN Sheets s ON s.UserId = u.Id AND (u.GroupId = 20 OR u.Balance > 5) WHERE s.Id < 104 ORDER BY 2",
     "~|100;~|101;~|102;3|103", NULL},
    {"SELECT u.Id, (SELECT COUNT(*) FROM Sheets s WHERE s.UserId = u.Id AND (s.Duration > 3000 OR s.Notes = u.Name)) FROM Users u WHERE u.Id < 3", "1|1;2|0", NULL},
    {"SELECT Id FROM (SELECT Id, GroupId, Balance FROM Users WHERE GroupId = 20 OR Balance > 5) x WHERE Id > 3", "4;5", NULL},
    /* Inside of derived tables whose rows are rows of the table; also what they make of its columns. */
    {"SELECT Id FROM (SELECT * FROM Users) x WHERE x.GroupId = 20 OR x.Balance > 5", "3;4;5", "Users wanted=Id,GroupId,Balance any(GroupId=20,Balance>5.00)\n"},
    {"SELECT n FROM (SELECT UPPER(Name) AS n FROM (SELECT * FROM Users) y) x WHERE n = 'DAVE'", "DAVE", "Users wanted=Name call5(Name)=DAVE\n"},
    {"SELECT COUNT(*) FROM (SELECT u.Id AS a, s.Duration AS b, s.Notes AS c FROM Users u JOIN Sheets s ON s.UserId = u.Id) x WHERE (b > 3000 OR c = 'beta') AND (a = 1 OR b = 60)", "2", NULL},
    {"SELECT COUNT(*) FROM (SELECT Id, GroupId, Balance FROM Users LIMIT 4) x WHERE GroupId = 20 OR Balance > 5", "2", "Users wanted=Id,GroupId,Balance limit=4\n"},
    {"SELECT n FROM (SELECT GroupId, COUNT(*) AS n FROM Users GROUP BY GroupId) x WHERE GroupId = 20 OR n > 1 ORDER BY 1", "2;2", "Users wanted=GroupId\n"},
    {"SELECT r FROM (SELECT Id, GroupId, ROW_NUMBER() OVER (ORDER BY Id) AS r FROM Users) x WHERE GroupId = 20 OR Id = 6 ORDER BY 1", "3;4;6", NULL},
    {"SELECT s.Id, x.Id FROM Sheets s LEFT JOIN (SELECT * FROM Users) x ON x.Id = s.UserId AND (x.GroupId = 20 OR x.Balance > 5) ORDER BY 1",
     "100|~;101|~;102|~;103|3;104|~;105|~", NULL},
    /* A missing row is none that is left out. */
    {"SELECT s.Id, x.Id FROM Sheets s LEFT JOIN (SELECT * FROM Users) x ON x.Id = s.UserId WHERE x.GroupId IS NULL OR x.GroupId = 20 ORDER BY 1", "103|3;105|~", NULL},
    {"SELECT s.Id, x.Id, y.Id FROM Sheets s LEFT JOIN (Users y LEFT JOIN (SELECT * FROM Users) x ON x.Id = y.Id) ON y.Id = s.UserId AND (x.GroupId IS NULL OR x.GroupId = 20) "
     "ORDER BY 1", "100|~|~;101|~|~;102|~|~;103|3|3;104|~|~;105|~|~", NULL},
    {"SELECT Id FROM Users WHERE GroupId = 20 OR Balance > 5 UNION SELECT Id FROM Sheets WHERE Duration < 10 OR Notes = 'gamma' ORDER BY 1", "3;4;5;104;105", NULL},
    {"SELECT Name, COUNT(*) FROM Users WHERE GroupId = 10 OR Balance > 5 GROUP BY Name ORDER BY 1", "Ann|2;Bob|1;dave|1", NULL},
};

static void shows_what_sqlite_does_not(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    fake_service_tell(&run.fake);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *rows = run_text(&run, cases[i].sql);
        if (strcmp(rows, cases[i].rows) != 0)
            fail_msg("%s:\ngot    %s (%s)\nwanted %s", cases[i].sql, rows, run.err.message, cases[i].rows);
        if (cases[i].scans && strcmp(run_log(&run), cases[i].scans) != 0)
            fail_msg("%s:\ngot    %s\nwanted %s", cases[i].sql, run_log(&run), cases[i].scans);
    }
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

/* Rows in any order: read part by part, they come in another one. */
static bool same_rows(const char *rows, const char *wanted)
{
    if (strlen(rows) != strlen(wanted))
        return false;
    for (const char *at = rows; *at; at += strcspn(at, ";") + (at[strcspn(at, ";")] == ';')) {
        int length = (int)strcspn(at, ";");
        char row[100], all[600];
        snprintf(row, sizeof row, ";%.*s;", length, at);
        snprintf(all, sizeof all, ";%s;", wanted);
        if (!strstr(all, row))
            return false;
    }
    return true;
}

/* A service that takes none is not bothered, and the answers are the same. */
static void shows_them_to_nobody_else(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *rows = run_text(&run, cases[i].sql);
        if (!same_rows(rows, cases[i].rows))
            fail_msg("%s: %s", cases[i].sql, rows);
        assert_null(strstr(run_log(&run), "any("));
        assert_null(strstr(run_log(&run), "call"));
    }
    run_clear(&run);
}

static const char *bound(struct run *run, struct query *query, const char *group, const char *balance)
{
    struct value values[] = {value_integer(strtoll(group, NULL, 10)), value_text(balance, strlen(balance))};

    buffer_reset(&run->fake.log);
    for (size_t i = 0; i < 2; i++)
        if (!query_bind(query, i, &values[i], &run->err))
            fail_msg("%s", run->err.message);
    return run_rows(run, query, 0);
}

/* Each execution has its own values. */
static void has_the_parameters(void **state)
{
    static const char sql[] = "SELECT Id FROM Users WHERE GroupId = ? OR Balance > ?";
    struct run run;
    struct query *query;
    (void)state;

    run_init(&run, 0);
    fake_service_tell(&run.fake);
    if (!query_prepare(run.engine, sql, strlen(sql), NULL, 0, &run.cancel, &query, &run.err))
        fail_msg("%s", run.err.message);
    assert_string_equal(bound(&run, query, "20", "5.00"), "3;4;5");
    assert_string_equal(run_log(&run), "Users wanted=Id,GroupId,Balance any(GroupId=20,Balance>5.00)\n");
    assert_string_equal(bound(&run, query, "10", "50.00"), "1;2;4");
    assert_string_equal(run_log(&run), "Users wanted=Id,GroupId,Balance any(GroupId=10,Balance>50.00)\n");
    query_close(query);
    run_clear(&run);
}

/* The same table, asked for in two ways of one statement: one's rows are not the other's. */
static void keeps_scans_apart(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    fake_service_tell(&run.fake);
    assert_string_equal(run_text(&run, "SELECT COUNT(*), (SELECT COUNT(*) FROM Users WHERE Id = 1 OR Balance > 5), (SELECT COUNT(*) FROM Users WHERE Id = 1 OR Balance > 50) "
                                       "FROM Users WHERE Id = 1 OR Balance > 0.15"), "4|3|2");
    assert_non_null(strstr(run_log(&run), "any(Id=1,Balance>5.00)"));
    assert_non_null(strstr(run_log(&run), "any(Id=1,Balance>50.00)"));
    assert_non_null(strstr(run_log(&run), "any(Id=1,Balance>0.15)"));
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_sqlite_does_not), cmocka_unit_test(shows_them_to_nobody_else), cmocka_unit_test(has_the_parameters),
        cmocka_unit_test(keeps_scans_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
