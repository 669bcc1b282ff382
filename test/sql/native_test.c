/* Proves sql/native.c: escapes become plain SQL, all else stays, and what comes out means the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_service.h"

static void translates_escapes_and_nothing_else(void **state)
{
    static const struct { const char *text, *native; } cases[] = {
        {"SELECT 1", "SELECT 1"},
        {"SELECT  \"a{b}\" , '{d}' -- {fn}\n", "SELECT  \"a{b}\" , '{d}' -- {fn}\n"},
        {"SELECT {d '2024-01-01'}", "SELECT DATE '2024-01-01'"},
        {"SELECT {t '10:00:00'},{ts '2024-01-01 10:00:00'}", "SELECT TIME '10:00:00',TIMESTAMP '2024-01-01 10:00:00'"},
        {"SELECT {guid '12345678-1234-1234-1234-123456789ABC'}", "SELECT CAST( '12345678-1234-1234-1234-123456789ABC' AS GUID)"},
        {"SELECT {fn UCASE({fn LEFT(Name, 2)})} FROM Users", "SELECT UCASE(LEFT(Name, 2)) FROM Users"},
        {"SELECT 1 FROM {oj Users u LEFT OUTER JOIN Groups g ON u.GroupId = g.GroupId}", "SELECT 1 FROM Users u LEFT OUTER JOIN Groups g ON u.GroupId = g.GroupId"},
        {"SELECT 1 FROM Users WHERE Name LIKE 'a!%' {escape '!'}", "SELECT 1 FROM Users WHERE Name LIKE 'a!%' ESCAPE '!'"},
        {"{call MoveTimesheet(?, '2024-01-05')}", "CALL MoveTimesheet(?, '2024-01-05')"},
        {"SELECT {d '2024-01-01'}; {call MoveTimesheet(?, '2024-01-05')};", "SELECT DATE '2024-01-01'; CALL MoveTimesheet(?, '2024-01-05');"},
        {"CREATE TABLE #t (a DATE DEFAULT {d '2024-01-01'}); INSERT INTO #t VALUES ({d '2024-01-02'}); UPDATE #t SET a = {fn CURDATE()}; BEGIN",
         "CREATE TABLE #t (a DATE DEFAULT DATE '2024-01-01'); INSERT INTO #t VALUES (DATE '2024-01-02'); UPDATE #t SET a = CURDATE(); BEGIN"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error err = {0};
        const char *native;
        assert_true(statement_native(cases[i].text, strlen(cases[i].text), &arena, &native, &err));
        assert_string_equal(native, cases[i].native);
        if (native[0] && !strstr(native, "{b}")) {
            struct statement *before = fake_prepare(cases[i].text, &arena), *after = fake_prepare(native, &arena);
            if (before->engine_sql)
                assert_string_equal(before->engine_sql, after->engine_sql);
        }
        arena_clear(&arena);
    }
}

static void keeps_the_place_of_a_return_value(void **state)
{
    static const char text[] = "{? = call MoveTimesheet(?)}";
    struct arena arena = {0};
    struct error err = {0};
    const char *native;
    (void)state;
    assert_true(statement_native(text, strlen(text), &arena, &native, &err));
    assert_string_equal(native, "? = call MoveTimesheet(?)");
    arena_clear(&arena);
}

static void refuses_broken_escapes(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        {"SELECT {x 'a'}", "{ opens no ODBC escape"}, {"SELECT {d '2024-01-01'", "the statement ends where } was expected"},
        {"SELECT 1}", "this } closes nothing (line 1, column 9)"}, {"SELECT {fn 'a", "not closed"}, {"{", "opens no ODBC escape"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error err = {0};
        const char *native;
        assert_false(statement_native(cases[i].text, strlen(cases[i].text), &arena, &native, &err));
        assert_string_equal(err.sqlstate, "42000");
        assert_non_null(strstr(err.message, cases[i].message));
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(translates_escapes_and_nothing_else), cmocka_unit_test(keeps_the_place_of_a_return_value),
        cmocka_unit_test(refuses_broken_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
