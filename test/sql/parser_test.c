/* Proves sql/parser*.c: what a syntax error says and where, and that no text makes the parser fall over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_service.h"
#include "sql/parser.h"

static void says_what_was_found_and_expected_and_where(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        {"", "The statement is empty"},
        {" -- nothing", "The statement is empty"},
        {"FROBNICATE", "found FROBNICATE where a statement (SELECT, CALL, INSERT, CREATE…) was expected (line 1, column 1)"},
        {"SELECT", "the statement ends where an expression was expected (line 1, column 7)"},
        {"SELECT Id,\n  FROM Users", "found FROM where an expression was expected; a name that is a reserved word needs double quotes (line 2, column 3)"},
        {"SELECT Id FROM", "the statement ends where a table name was expected (line 1, column 15)"},
        {"SELECT Id FROM Users WHERE", "the statement ends where an expression was expected (line 1, column 27)"},
        {"SELECT Id FROM Users WHERE Id =", "the statement ends where an expression was expected"},
        {"SELECT Id Name Email FROM Users", "found Email where the end of the statement was expected (line 1, column 16)"},
        {"SELECT Id FROM Users ORDER Id", "found Id where BY was expected (line 1, column 28)"},
        {"SELECT (Id FROM Users", "found FROM where ) was expected (line 1, column 12)"},
        {"SELECT Id FROM Users)", "found ) where the end of the statement was expected (line 1, column 21)"},
        {" ; ;", "The statement is empty"},
        {"SELECT Id FROM Users; FROBNICATE", "found FROBNICATE where a statement (SELECT, CALL, INSERT, CREATE…) was expected (line 1, column 23)"},
        {"SELECT Id FROM Users;\nSELECT 1 2", "found 2 where the end of the statement was expected (line 2, column 10)"},
        {"SELECT Id FROM Users WHERE Id IN 5", "found 5 where ( with a list or a query was expected"},
        {"SELECT Id FROM Users WHERE Id NOT 5", "found 5 where BETWEEN, IN or LIKE was expected"},
        {"SELECT Id FROM Users WHERE Id IS 5", "found 5 where NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM was expected"},
        {"SELECT Id FROM Users WHERE Id BETWEEN 1 OR 2", "found OR where AND was expected"},
        {"SELECT CASE Id END FROM Users", "found END where WHEN was expected"},
        {"SELECT CASE WHEN Active THEN 1", "the statement ends where END was expected"},
        {"SELECT Id FROM Users LEFT Groups", "found Groups where JOIN was expected"},
        {"SELECT Id FROM Users LEFT JOIN Groups", "the statement ends where ON or USING was expected"},
        {"SELECT Id FROM Users LIMIT 'a'", "found 'a' where a whole number or ? was expected (line 1, column 28)"},
        {"SELECT Id FROM Users LIMIT 1 LIMIT 2", "the number of rows is bounded twice"},
        {"SELECT Id FROM Users FETCH FIRST 5 ROWS", "the statement ends where ONLY was expected"},
        {"SELECT {x 'a'}", "found x where d, t, ts, fn, interval or guid"},
        {"SELECT {d '2024-01-01'", "the statement ends where } was expected (line 1, column 23)"},
        {"SELECT {d 5}", "found 5 where a string in single quotes was expected"},
        {"SELECT CAST(Id AS VARCHAR(0)) FROM Users", "from 1 to 2147483647"},
        {"SELECT CAST(Id AS DECIMAL(39)) FROM Users", "from 1 to 38"},
        {"SELECT CAST(Id AS DECIMAL(5,6)) FROM Users", "from 0 to 5"},
        {"SELECT CAST(Id AS BIGIN) FROM Users", "There is no type BIGIN; did you mean BIGINT? (line 1, column 19)"},
        {"SELECT TIMESTAMPADD(FORTNIGHT, 1, Created) FROM Users", "found FORTNIGHT where FRAC_SECOND"},
        {"SELECT a.b.c.d.e FROM Users", "it has four parts at most"},
        {"SELECT \"\" FROM Users", "the name in quotes is empty"},
        {"SELECT Id FROM Users WHERE (Id, Name) = (1, 'a', 2)", "have 2 and 3 columns; the number must be the same (line 1, column 39)"},
        {"SELECT Id FROM Users WHERE (Id, Name) = 1", "A row can only be compared with a row"},
        {"SELECT Id FROM Users WHERE (Id, Name) IS DISTINCT FROM (SELECT 1, 2)", "by =, <>, <, <=, >, >= or IN: (a, b) IN (SELECT …)"},
        {"SELECT ((1, 2) < (1, 2), 3) < (TRUE, 3)", "can not stand inside another one"},
        {"SELECT DISTINCT ON (Id) Id FROM Users", "DISTINCT ON is not possible; number the rows with ROW_NUMBER()"},
        {"SELECT Id FROM Users, LATERAL (SELECT 1) x", "LATERAL is not possible; write a join"},
        {"SELECT Id FROM Users CROSS APPLY (SELECT 1) x", "APPLY is not possible; write a join"},
        {"SELECT Id FROM Users u PIVOT (SUM(Id) FOR Id IN (1))", "write SUM(CASE WHEN"},
        {"SELECT Id FROM UNNEST(1)", "but no functions"},
        {"SELECT Id FROM Users ORDER BY Name COLLATE NOCASE", "COLLATE is not possible"},
        {"SELECT Id FROM Users WHERE Name SIMILAR TO 'a'", "patterns are those of LIKE"},
        {"SELECT TO_CHAR(Created, 'YYYY') FROM Users", "There is no function TO_CHAR; write CAST(x AS VARCHAR)"},
        {"SELECT Id FROM Users WHERE CONTAINS(Name, 'a')", "There is no function CONTAINS; write x LIKE '%word%'"},
        {"SELECT CONVERT(VARCHAR(8), Created, 3) FROM Users", "CONVERT knows the styles of ISO 8601 only"},
        {"SELECT FIRST_VALUE(Id) IGNORE NULLS OVER () FROM Users", "IGNORE NULLS is not possible"},
        {"SELECT INTERVAL '1' DAY TO MONTH", "There is no interval day TO month"},
        {"VALUES (1", "the statement ends where ) was expected"},
        {"SELECT * FROM (SELECT * INTO #x FROM Users) d", "INTO can only stand in the first SELECT of a statement (line 1, column 30)"},
        {"SELECT 1 UNION SELECT 2 INTO #x", "INTO can only stand in the first SELECT"},
        {"CALL", "the statement ends where a procedure's name was expected"},
        {"CALL MoveTimesheet(Id)", "an argument of a procedure is a literal, NULL, DEFAULT or ?"},
        {"{call MoveTimesheet(1)", "the statement ends where } was expected"},
        {"{select 1}", "found select where CALL was expected"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        assert_string_equal(err.sqlstate, "42000");
        if (!strstr(err.message, cases[i].message))
            fail_msg("%s: %s", cases[i].text, err.message);
    }
}

static void refuses_other_statements_in_clear_words(void **state)
{
    static const char *const texts[] = {"MERGE INTO Users USING Groups ON 1 = 1", "grant SELECT ON Users TO x", "SET NAMES utf8", "USE x", "PRAGMA x"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct error err;
        fake_refuse(texts[i], &err);
        assert_string_equal(err.sqlstate, "42000");
        assert_non_null(strstr(err.message, "is not possible on this connection"));
    }
}

static void refuses_malformed_literals_with_their_place(void **state)
{
    static const struct { const char *text, *sqlstate, *message; } cases[] = {
        {"SELECT {d '2024-13-01'}", "22007", "(line 1, column 11)"},
        {"SELECT DATE '2023-02-29'", "22007", "(line 1, column 13)"},
        {"SELECT\n{ts 'soon'}", "22007", "(line 2, column 5)"},
        {"SELECT {t '25:00:00'}", "22007", "(line 1, column 11)"},
        {"SELECT {guid 'x'}", "22018", "(line 1, column 14)"},
        {"SELECT CURRENT_DATE + INTERVAL 'soon' DAY", "22007", "is no interval of this kind"},
        {"SELECT CURRENT_DATE + INTERVAL '1:60' MINUTE TO SECOND", "22007", "is no interval of this kind"},
        {"SELECT X'0'", "22018", "(line 1, column 8)"},
        {"SELECT 123456789012345678901234567890123456789", "22003", "more than 38 digits"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        assert_string_equal(err.sqlstate, cases[i].sqlstate);
        if (!strstr(err.message, cases[i].message))
            fail_msg("%s: %s", cases[i].text, err.message);
    }
}

static void repeat(char *out, size_t *length, const char *text, size_t times)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < times; i++) {
        memcpy(out + *length, text, size);
        *length += size;
    }
    out[*length] = '\0';
}

/* Every way to nest, 3,000 times: refused with 42000 rather than by running out of stack. */
static void survives_deep_nesting(void **state)
{
    static const struct { const char *before, *open, *middle, *close; } cases[] = {
        {"SELECT ", "(", "1", ")"}, {"SELECT ", "-(", "1", ")"}, {"SELECT ", "- ", "1", ""}, {"SELECT ", "1+(", "1", ")"},
        {"SELECT 1", "", "", "+1"}, {"SELECT 'a'", "", "", "||'a'"}, {"SELECT ", "{fn ABS(", "1", ")}"}, {"SELECT ", "POSITION(", "1", " IN 'a')"},
        {"SELECT 1 WHERE ", "NOT ", "TRUE", ""}, {"SELECT ", "CASE WHEN TRUE THEN ", "1", " END"}, {"SELECT ", "(SELECT ", "1", ")"},
        {"", "(", "SELECT 1", ")"}, {"SELECT * FROM ", "(SELECT * FROM ", "Users", ") x"}, {"SELECT * FROM ", "(", "Users", ")"},
        {"SELECT * FROM ", "{oj ", "Users", "}"}, {"SELECT 1 WHERE ", "1 IN (", "1", ")"}, {"SELECT 1 WHERE ", "EXISTS (SELECT 1 WHERE ", "TRUE", ")"},
        {"SELECT ", "CAST(", "1", " AS INT)"}, {"SELECT 1 WHERE 1 = 1", "", "", " = TRUE"}, {"", "WITH a AS (", "SELECT 1", ") SELECT 1"},
        {"SELECT ", "IIF(TRUE, 1, ", "1", ")"}, {"SELECT 1 WHERE ", "(1, ", "1", ") = (1, 1)"}, {"", "VALUES ((", "VALUES (1)", "))"},
        {"SELECT 1", "", "", " INTERSECT ALL SELECT 1"}, {"SELECT 1", "", "", " EXCEPT ALL SELECT 1"},
        {"SELECT SUM(1) OVER (ORDER BY ", "SUM(1) OVER (ORDER BY ", "1", ")"},
    };
    char *text = malloc(SQL_TEXT_LIMIT);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        size_t length = 0;
        repeat(text, &length, cases[i].before, 1);
        repeat(text, &length, cases[i].open, 3000);
        repeat(text, &length, cases[i].middle, 1);
        repeat(text, &length, cases[i].close, 3000);
        fake_refuse(text, &err);
        assert_string_equal(err.sqlstate, "42000");
    }
    free(text);
}

static void takes_long_lists_and_chains(void **state)
{
    static const struct { const char *before, *again; size_t times; const char *after; } cases[] = {
        {"SELECT Id FROM Users WHERE Id IN (1", ", 12", 100000, ")"}, {"SELECT Id FROM Users WHERE Id = 1", " OR Id = 2", 20000, ""},
        {"SELECT Id FROM Users WHERE Id = 1", " AND Id <> 2", 20000, ""}, {"SELECT Id", ", Name", 20000, " FROM Users"},
        {"SELECT 1", " UNION ALL SELECT 2", 2000, ""}, {"VALUES (1)", ", (2)", 20000, ""}, {"SELECT 1", " ", 1000000, ""}, {"SELECT 'x", "x", 1000000, "'"},
    };
    char *text = malloc(SQL_TEXT_LIMIT + 1);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        size_t length = 0;
        repeat(text, &length, cases[i].before, 1);
        repeat(text, &length, cases[i].again, cases[i].times);
        repeat(text, &length, cases[i].after, 1);
        assert_non_null(fake_prepare(text, &arena)->engine_sql);
        arena_clear(&arena);
    }
    free(text);
}

static void refuses_a_text_that_is_too_long(void **state)
{
    struct error err;
    char *text = malloc(SQL_TEXT_LIMIT + 2);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', SQL_TEXT_LIMIT + 1);
    text[SQL_TEXT_LIMIT + 1] = '\0';
    fake_refuse(text, &err);
    assert_string_equal(err.sqlstate, "42000");
    assert_non_null(strstr(err.message, "1048577 bytes"));
    free(text);
}

/* Every text cut off at every byte: an error or a statement, and (under the sanitizers) no read past the end. */
static void takes_every_prefix(void **state)
{
    static const char text[] = "WITH a AS (SELECT u.\"Id\" x, {fn LEFT(Name, 2)} FROM Users u LEFT JOIN [Groups] g ON u.GroupId = g.GroupId "
                               "WHERE Name LIKE 'a''%' {escape '\\'} AND Created BETWEEN {ts '2024-01-01 10:00:00'} AND ?) "
                               "SELECT CASE WHEN x > 1.5e3 THEN 'ö' ELSE `x` || N'z' END, COUNT(*) OVER (PARTITION BY x ORDER BY x "
                               "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM a /* c */ UNION (SELECT 'a', 5) ORDER BY 1 DESC NULLS LAST "
                               "OFFSET 1 ROW FETCH NEXT ? ROWS ONLY;";
    (void)state;
    for (size_t length = 0; length < sizeof text; length++) {
        struct arena arena = {0};
        struct error err = {0};
        struct statement *statement;
        char *copy = malloc(length + 1);
        assert_non_null(copy);
        memcpy(copy, text, length);
        copy = realloc(copy, length ? length : 1);
        bool prepared = statement_prepare(copy, length, NULL, 0, NULL, &fake_service, false, &arena, &statement, &err);
        assert_true(prepared || (strlen(err.sqlstate) == 5 && err.message[0]));
        free(copy);
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_was_found_and_expected_and_where), cmocka_unit_test(refuses_other_statements_in_clear_words),
        cmocka_unit_test(refuses_malformed_literals_with_their_place), cmocka_unit_test(survives_deep_nesting),
        cmocka_unit_test(takes_long_lists_and_chains), cmocka_unit_test(refuses_a_text_that_is_too_long),
        cmocka_unit_test(takes_every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
