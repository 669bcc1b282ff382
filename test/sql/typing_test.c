/* Proves sql/typing.c and the binder: the type and nullability of every result column are known after preparing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"

/* "type" or "type!" where it can not be NULL. */
static void describe(const struct type *type, bool nullable, char *out, size_t room)
{
    type_print(type, out, room - 1);
    if (!nullable)
        strcat(out, "!");
}

static void types_every_expression(void **state)
{
    static const struct { const char *expression, *type; } cases[] = {
        /* literals */
        {"1", "integer!"}, {"-5", "integer!"}, {"2147483647", "integer!"}, {"2147483648", "bigint!"}, {"-2147483648", "integer!"},
        {"-9223372036854775808", "bigint!"}, {"9223372036854775808", "decimal(19,0)!"}, {"1.5", "decimal(2,1)!"}, {"0.05", "decimal(2,2)!"},
        {"100.00", "decimal(5,2)!"}, {"1e3", "double!"}, {"'abc'", "string(3)!"}, {"'äö'", "string(2)!"}, {"''", "string(1)!"},
        {"X'0AFF'", "binary(2)!"}, {"TRUE", "boolean!"}, {"NULL", "string"}, {"DATE '2024-02-29'", "date!"}, {"{d '2024-02-29'}", "date!"},
        {"TIME '10:00:00.5'", "time(1)!"}, {"{t '10:00:00'}", "time!"}, {"{ts '2024-02-29 10:00:00.123'}", "timestamp(3)!"},
        {"{guid '12345678-1234-1234-1234-123456789ABC'}", "guid!"},
        /* columns */
        {"UserId", "bigint!"}, {"Date", "date!"}, {"Rate", "decimal(12,4)"}, {"Distance", "double"}, {"Notes", "string"},
        {"Billable", "boolean"}, {"Start", "timestamp(3)"}, {"ModifiedSince", "timestamp"},
        /* arithmetic */
        {"Duration + 1", "bigint!"}, {"Duration - UserId", "bigint!"}, {"Duration * Duration", "bigint!"}, {"Duration / 2", "integer!"},
        {"UserId / 2", "bigint!"}, {"Duration % 7", "integer!"}, {"-Duration", "bigint!"}, {"+Duration", "integer!"},
        {"Rate + 1", "decimal(13,4)"}, {"Rate + Rate", "decimal(13,4)"}, {"Rate * 2", "decimal(14,4)"}, {"Rate * Rate", "decimal(25,8)"},
        {"Rate / 2", "decimal(14,6)"}, {"Rate / 3.00", "decimal(18,8)"}, {"Rate % 7", "decimal(5,4)"}, {"-Rate", "decimal(12,4)"},
        {"Rate + Duration", "decimal(15,4)"}, {"Rate + UserId", "decimal(24,4)"}, {"Rate * Rate * Rate", "decimal(38,12)"},
        {"Rate * Rate * Rate * Rate", "decimal(38,6)"}, {"Distance + 1", "double"}, {"Distance / Rate", "double"}, {"-Distance", "double"},
        {"1 + 1.5", "decimal(3,1)!"}, {"1e0 * 2", "double!"}, {"'5' + 1", "bigint!"},
        /* text */
        {"'ab' || 'cde'", "string(5)!"}, {"Notes || 'a'", "string"}, {"'a' || Duration", "string(12)!"}, {"'a' || Date", "string(11)!"},
        {"UPPER('abc')", "string(3)!"}, {"{fn CONCAT('ab', 'c', Notes)}", "string"}, {"CONCAT('ab', 'c')", "string(3)!"},
        {"SUBSTRING(Notes FROM 2)", "string"}, {"TRIM(LEADING 'x' FROM 'xxa')", "string(3)!"}, {"LEFT('abc', 1)", "string(3)!"},
        {"LENGTH(Notes)", "integer"}, {"POSITION('a' IN 'abc')", "integer!"}, {"CHAR(65)", "string(64)"}, {"REPLACE('a', 'b', 'c')", "string!"},
        {"SPACE(3)", "string!"}, {"USER()", "string(64)!"},
        /* conditions */
        {"Duration = 1", "boolean!"}, {"Rate > 1", "boolean"}, {"Notes LIKE 'a%'", "boolean"}, {"Duration IN (1, 2)", "boolean!"},
        {"Rate IS NULL", "boolean!"}, {"NOT Billable", "boolean"}, {"Billable IS TRUE", "boolean!"}, {"Billable AND Duration = 1", "boolean"},
        {"Duration BETWEEN 1 AND 2", "boolean!"}, {"Rate IS DISTINCT FROM 1", "boolean!"}, {"EXISTS (SELECT 1)", "boolean!"},
        {"Duration IN (SELECT 1)", "boolean!"}, {"Duration > ALL (SELECT Rate FROM Timesheets)", "boolean"},
        /* choices */
        {"CASE WHEN Billable THEN 1 ELSE 2 END", "integer!"}, {"CASE WHEN Billable THEN 1 END", "integer"},
        {"CASE WHEN Billable THEN 1 ELSE Rate END", "decimal(12,4)"}, {"CASE WHEN Billable THEN UserId ELSE Rate END", "decimal(23,4)"},
        {"CASE Duration WHEN 1 THEN 'a' ELSE 'bcd' END", "string(3)!"}, {"CASE WHEN Billable THEN NULL ELSE Date END", "date"},
        {"CASE WHEN Billable THEN Date ELSE Start END", "timestamp(3)"}, {"CASE WHEN Billable THEN Distance ELSE 1 END", "double"},
        {"COALESCE(Rate, 0)", "decimal(12,4)!"}, {"COALESCE(Rate, Distance)", "double"}, {"COALESCE(Notes, 'none')", "string!"},
        {"IFNULL(Start, Date)", "timestamp(3)!"}, {"NULLIF(Duration, 0)", "integer"}, {"COALESCE(NULL, 1)", "integer!"},
        {"COALESCE(Date, '2024-01-01')", "date!"}, {"COALESCE(Start, '2024-01-01 10:00:00.12345')", "timestamp(5)!"},
        /* a parameter may be longer and finer than what stands beside it */
        {"COALESCE(?, 'x')", "string!"}, {"COALESCE(?, 0.0)", "double!"}, {"? * 1.5", "double"}, {"COALESCE(Start, ?)", "timestamp(9)"},
        {"CASE WHEN Billable THEN 'x' ELSE ? END", "string"}, {"CAST(? AS VARCHAR(3))", "string(3)"}, {"COALESCE(Rate, ?)", "decimal(12,4)"},
        {"COALESCE(NULL, 'ab')", "string(2)!"}, {"IFNULL('ab', 'none')", "string(4)!"}, {"COALESCE('ab', 'c', 'none')", "string(4)!"},
        {"GREATEST(1.25, Duration)", "decimal(12,2)!"}, {"LEAST('b', 'abc')", "string(3)!"}, {"NULLIF('ab', 'none')", "string(2)"},
        {"COALESCE(1.25, UserId)", "decimal(21,2)!"},
        /* casts */
        {"CAST(Duration AS VARCHAR(30))", "string(30)!"}, {"CAST(Rate AS DOUBLE PRECISION)", "double"}, {"CAST(NULL AS BIGINT)", "bigint"},
        {"CAST('a' AS VARCHAR(20))", "string(20)!"}, {"CAST(X'00' AS VARBINARY(20))", "binary(20)!"}, {"CAST(NULL AS VARCHAR(20))", "string(20)"},
        {"CAST(Rate AS DECIMAL(20,4))", "decimal(20,4)"}, {"CAST(CAST('a' AS VARCHAR(5)) AS CHAR(9))", "string(9)!"},
        {"{fn CONVERT('a', SQL_VARCHAR(20))}", "string(20)!"}, {"CAST('1' AS INTEGER)", "integer!"}, {"CAST('a' AS VARCHAR)", "string(1)!"},
        {"CAST('1.5' AS DECIMAL(5, 2))", "decimal(5,2)!"}, {"CAST(Start AS DATE)", "date"}, {"CAST(Date AS TIMESTAMP(3))", "timestamp(3)!"},
        {"CAST(Date AS TIMESTAMP)", "timestamp(6)!"}, {"{fn CONVERT(Date, SQL_TIMESTAMP)}", "timestamp(6)!"}, {"CAST(Date AS TIMESTAMP(0))", "timestamp!"},
        {"CAST(Notes AS NUMERIC)", "decimal(38,0)"}, {"CAST(Notes AS NATIONAL CHARACTER VARYING(10))", "string(10)"},
        {"{fn CONVERT(Duration, SQL_VARCHAR)}", "string(11)!"}, {"CONVERT(Duration, SQL_BIGINT)", "bigint!"}, {"CAST(Duration AS BIT)", "boolean!"},
        {"CAST(Notes AS VARBINARY(16))", "binary(16)"}, {"CAST(Notes AS UUID)", "guid"}, {"CAST(Start AS TIME WITHOUT TIME ZONE)", "time"},
        /* without a length: as long as it can become; TEXT and the like have no bound */
        {"CAST(Rate AS VARCHAR)", "string(15)"}, {"CAST(Date AS CHAR)", "string(10)!"}, {"TRY_CAST(UserId AS NVARCHAR)", "string(20)"},
        {"CAST(X'4142' AS CHAR)", "string(4)!"}, {"CAST('4142' AS VARBINARY)", "binary(2)!"}, {"CAST(X'4142' AS BINARY)", "binary(2)!"},
        {"CAST(UserId AS TEXT)", "string!"}, {"CAST('ab' AS LONG VARCHAR)", "string!"}, {"CAST('ab' AS VARCHAR(MAX))", "string!"},
        {"CAST('ab' AS CHARACTER LARGE OBJECT)", "string!"}, {"CAST('ab' AS CLOB(5))", "string(5)!"}, {"CAST(X'4142' AS BLOB)", "binary!"},
        {"{fn CONVERT('ab', SQL_LONGVARCHAR)}", "string!"}, {"{fn CONVERT(X'41', SQL_LONGVARBINARY)}", "binary!"}, {"CAST(NULL AS VARCHAR)", "string"},
        /* small whole numbers keep their type only by themselves */
        {"CAST(Duration AS SMALLINT)", "smallint!"}, {"CAST(5 AS TINYINT)", "tinyint!"}, {"{fn CONVERT(Duration, SQL_TINYINT)}", "tinyint!"},
        {"TRY_CAST(Duration AS SMALLINT)", "smallint"}, {"COALESCE(CAST(NULL AS TINYINT), CAST(Duration AS SMALLINT))", "smallint!"},
        {"COALESCE(CAST(NULL AS TINYINT), CAST(Duration AS TINYINT))", "tinyint!"}, {"IIF(Billable, CAST(1 AS TINYINT), Duration)", "integer!"},
        {"MAX(CAST(1 AS SMALLINT))", "smallint"}, {"SUM(CAST(1 AS TINYINT))", "bigint"}, {"AVG(CAST(1 AS TINYINT))", "double"},
        {"CAST(1 AS SMALLINT) + CAST(1 AS TINYINT)", "bigint!"}, {"CAST(1 AS SMALLINT) / CAST(1 AS TINYINT)", "integer!"},
        {"CAST(1 AS SMALLINT) % UserId", "bigint!"}, {"-CAST(1 AS TINYINT)", "bigint!"}, {"ABS(CAST(1 AS TINYINT))", "integer!"},
        {"ROUND(CAST(1 AS SMALLINT), -1)", "integer!"}, {"CAST(Duration AS SMALLINT) * 0.5", "decimal(7,1)!"}, {"CAST(Duration AS TINYINT) || 'x'", "string(5)!"},
        /* numbers */
        {"ABS(Rate)", "decimal(12,4)"}, {"ROUND(Rate, 1)", "decimal(13,4)"}, {"ROUND(Duration, -1)", "integer!"}, {"FLOOR(Rate)", "decimal(9,0)"}, {"CEILING(Duration)", "integer!"},
        {"CEILING(Distance)", "double"}, {"SIGN(Rate)", "integer"}, {"NULLIF(Duration, 1.5)", "integer"}, {"NULLIF(Duration, Distance)", "integer"}, {"MOD(Duration, 3)", "integer!"}, {"MOD(Rate, 2)", "decimal(5,4)"}, {"MOD(Distance, 2)", "double"}, {"POWER(2, 3)", "double!"}, {"PI()", "double!"},
        {"RAND()", "double!"}, {"TRUNCATE(Rate, 1)", "decimal(12,4)"},
        /* dates */
        {"CURRENT_DATE", "date!"}, {"{fn CURDATE()}", "date!"}, {"CURRENT_TIME", "time!"}, {"NOW()", "timestamp!"},
        {"CURRENT_TIMESTAMP(3)", "timestamp(3)!"}, {"YEAR(Date)", "integer!"}, {"EXTRACT(MONTH FROM Start)", "integer"},
        {"YEAR('2024-01-01')", "integer!"}, {"DAYNAME(Date)", "string(64)!"}, {"TIMESTAMPADD(SQL_TSI_DAY, 1, Date)", "date!"},
        {"TIMESTAMPADD(SQL_TSI_HOUR, 1, Date)", "timestamp!"}, {"Date + 1", "date!"}, {"Date - Date", "bigint!"}, {"Start - 7", "timestamp(3)"},
        {"Date + INTERVAL '1' MONTH", "date!"}, {"Date - INTERVAL '1' HOUR", "timestamp!"}, {"INTERVAL '1:30' MINUTE TO SECOND + Start", "timestamp(3)"},
        {"Start + INTERVAL '0.5' SECOND", "timestamp(9)"}, {"At + INTERVAL '1' HOUR", "time"}, {"Date - '2024-01-01'", "bigint!"},
        {"Date + ?", "date"}, {"CURRENT_DATE - INTERVAL ? DAY", "date"}, {"DATE_TRUNC('month', Date)", "date!"}, {"DATE_TRUNC('month', Start)", "timestamp"},
        {"DATEADD(mi, 5, Start)", "timestamp(3)"}, {"DATEPART(dw, Date)", "integer!"}, {"EOMONTH(Date)", "date!"}, {"DATE(Start)", "date"},
        {"TRY_CAST(Notes AS INTEGER)", "integer"}, {"CONVERT(VARCHAR(10), Date, 120)", "string(10)!"}, {"GREATEST(Rate, 1)", "decimal(12,4)"},
        {"IIF(Duration = 1, 1, 2.5)", "decimal(2,1)!"}, {"NVL(Rate, 0)", "decimal(12,4)!"}, {"DECODE(Duration, 1, 'a', 'bc')", "string(2)!"}, {"TIMESTAMPADD('day', 1, Start)", "timestamp(3)"},
        {"{fn TIMESTAMPDIFF(SQL_TSI_HOUR, Start, \"End\")}", "bigint"},
        /* subqueries */
        {"(SELECT MAX(Name) FROM Users)", "string(100)"}, {"(SELECT 1)", "integer"},
    };
    char text[512], found[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        snprintf(text, sizeof text, "SELECT %s FROM Timesheets", cases[i].expression);
        struct statement *statement = fake_prepare(text, &arena);
        assert_int_equal(statement->column_count, 1);
        describe(&statement->columns[0].type, statement->columns[0].nullable == NULLABLE_YES, found, sizeof found);
        if (strcmp(found, cases[i].type) != 0)
            fail_msg("%s: %s, not %s", cases[i].expression, found, cases[i].type);
        arena_clear(&arena);
    }
}

static void types_aggregates_windows_and_combinations(void **state)
{
    static const struct { const char *text, *types; } cases[] = {
        {"SELECT COUNT(*), COUNT(Rate), COUNT(DISTINCT Notes) FROM Timesheets", "bigint! bigint! bigint!"},
        {"SELECT SUM(Duration), SUM(UserId), SUM(Rate), SUM(Distance), SUM(Billable) FROM Timesheets", "bigint bigint decimal(38,4) double bigint"},
        {"SELECT AVG(Duration), AVG(Rate), AVG(Distance) FROM Timesheets", "double decimal(38,6) double"},
        {"SELECT MIN(Date), MAX(Rate), MIN(Notes) FROM Timesheets", "date decimal(12,4) string"},
        {"SELECT ROW_NUMBER() OVER (ORDER BY Date), RANK() OVER (ORDER BY Date), DENSE_RANK() OVER (ORDER BY Date) FROM Timesheets", "bigint! bigint! bigint!"},
        {"SELECT SUM(Rate) OVER (PARTITION BY UserId), LAG(Rate) OVER (ORDER BY Date), NTILE(4) OVER (ORDER BY Date) FROM Timesheets", "decimal(38,4) decimal(12,4) bigint!"},
        {"SELECT 1 UNION SELECT 2.5", "decimal(2,1)!"},
        {"SELECT Duration FROM Timesheets UNION ALL SELECT NULL", "integer"},
        {"SELECT NULL UNION ALL SELECT Date FROM Timesheets", "date"},
        {"SELECT Id, PayRate FROM Users UNION SELECT Id, Rate FROM Timesheets", "bigint! decimal(12,4)"},
        {"SELECT 'a' UNION SELECT 'bcd' UNION SELECT NULL", "string(3)"},
        {"SELECT Id FROM Users EXCEPT SELECT NULL", "bigint!"},
        {"SELECT Date FROM Timesheets UNION SELECT Created FROM Users", "timestamp"},
        {"SELECT Date FROM Timesheets UNION SELECT '2024-01-01'", "date!"},
        {"(SELECT NULL LIMIT 1) UNION SELECT 5", "integer"},
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n", "integer"},
        /* the side of an outer join that can be missing */
        {"SELECT u.Name, g.Title FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId", "string(100)! string(50)"},
        {"SELECT u.Name, g.Title FROM Users u RIGHT JOIN Groups g ON u.GroupId = g.GroupId", "string(100) string(50)!"},
        {"SELECT u.Name, g.Title FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId", "string(100) string(50)"},
        {"SELECT u.Name, g.Title FROM Users u JOIN Groups g ON u.GroupId = g.GroupId", "string(100)! string(50)!"},
        {"SELECT g.Title, x.n FROM Groups g LEFT JOIN (SELECT GroupId, COUNT(*) n FROM Users GROUP BY GroupId) x ON x.GroupId = g.GroupId", "string(50)! bigint"},
        {"SELECT GroupId FROM Users RIGHT JOIN Groups USING (GroupId)", "integer!"},
        {"SELECT GroupId FROM Users FULL JOIN Groups USING (GroupId)", "integer"},
        {"SELECT UPPER(g.Title), COALESCE(g.Title, 'none') FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId", "string(50) string(50)!"},
    };
    char found[512], one[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct statement *statement = fake_prepare(cases[i].text, &arena);
        found[0] = '\0';
        for (size_t c = 0; c < statement->column_count; c++) {
            describe(&statement->columns[c].type, statement->columns[c].nullable == NULLABLE_YES, one, sizeof one);
            strcat(strcat(found, c ? " " : ""), one);
        }
        if (strcmp(found, cases[i].types) != 0)
            fail_msg("%s: %s, not %s", cases[i].text, found, cases[i].types);
        arena_clear(&arena);
    }
}

static void gives_parameters_the_type_of_what_they_meet(void **state)
{
    static const struct { const char *text, *types; } cases[] = {
        {"SELECT Id FROM Users WHERE Id = ? AND ? <> Name AND PayRate BETWEEN ? AND ?", "bigint string(100) decimal(10,2) decimal(10,2)"},
        {"SELECT Id FROM Timesheets WHERE UserId IN (?, 5, ?) AND Duration NOT IN (?)", "bigint bigint integer"},
        {"SELECT Id FROM Users WHERE Name LIKE ? AND Email LIKE 'a' ESCAPE ?", "string string"},
        {"SELECT Id FROM Users LIMIT ? OFFSET ?", "bigint bigint"},
        {"SELECT TOP (?) Id FROM Users", "bigint"},
        {"SELECT ? + 1, Rate * ?, ? + ? FROM Timesheets", "integer decimal(12,4) double double"},
        {"SELECT CASE WHEN Billable THEN ? ELSE Rate END, CASE Duration WHEN ? THEN ? END FROM Timesheets", "decimal(12,4) integer string"},
        {"SELECT COALESCE(?, Rate), NULLIF(Date, ?) FROM Timesheets", "decimal(12,4) date"},
        {"SELECT Id FROM Timesheets WHERE COALESCE(?, ?) = Date", "date date"},
        {"SELECT SUBSTRING(Notes, ?, ?), LEFT(?, 2), ABS(?), SQRT(?) FROM Timesheets", "bigint bigint string double double"},
        {"SELECT TIMESTAMPADD(DAY, ?, ?), YEAR(?) FROM Timesheets", "bigint timestamp(9) timestamp(9)"},
        {"SELECT CAST(? AS DECIMAL(5,2)), ?, -?", "decimal(5,2) string double"},
        {"SELECT Id FROM Users WHERE ? AND (NOT ?) AND ? IS NULL AND Active = ?", "boolean boolean string boolean"},
        {"SELECT Id FROM Users UNION SELECT ?", "bigint"},
        {"SELECT Id FROM Users WHERE ? IN (SELECT Date FROM Timesheets)", "date"},
        {"SELECT Id FROM Users WHERE PayRate > ALL (SELECT Rate FROM Timesheets WHERE Notes = ?)", "string"},
        {"SELECT COUNT(*) FROM Users GROUP BY GroupId HAVING COUNT(*) > ? AND MAX(PayRate) < ?", "bigint decimal(10,2)"},
        {"SELECT ? || 'a', ? = ?", "string string string"},
        {"SELECT ? = 1.5, Id + ? FROM Users", "double bigint"},
    };
    char found[512], one[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct statement *statement = fake_prepare(cases[i].text, &arena);
        found[0] = '\0';
        for (size_t p = 0; p < statement->parameter_count; p++) {
            type_print(&statement->parameters[p].type, one, sizeof one);
            strcat(strcat(found, p ? " " : ""), one);
            assert_false(statement->parameters[p].output);
        }
        if (strcmp(found, cases[i].types) != 0)
            fail_msg("%s: %s, not %s", cases[i].text, found, cases[i].types);
        arena_clear(&arena);
    }
}

static void refuses_what_does_not_go_together(void **state)
{
    static const struct { const char *text, *sqlstate, *message; } cases[] = {
        {"SELECT Id FROM Users WHERE Active = Created", "42000", "can not be compared or mixed; use CAST"},
        {"SELECT Id FROM Users WHERE Id IN (SELECT Name FROM Users)", "42000", "A text and a number can not be compared by IN (SELECT"},
        {"SELECT Id FROM Users WHERE Created = Id", "42000", "(line 1, column 36)"},
        {"SELECT Id FROM Timesheets WHERE Date = 5", "42000", "types date and integer"},
        {"SELECT Id FROM Timesheets WHERE At > Start", "42000", "types time and timestamp(3)"},
        {"SELECT Id FROM Users WHERE Id = 'abc'", "22018", "\"abc\" is not a value of type bigint (line 1, column 33)"},
        {"SELECT Id FROM Users WHERE Id IN (1, 'x')", "22018", "(line 1, column 38)"},
        {"SELECT Id FROM Timesheets WHERE Date = 'soon'", "22007", "(line 1, column 40)"},
        {"SELECT Id FROM Timesheets WHERE Date >= '2024-02-30'", "22007", "(line 1, column 41)"},
        {"SELECT Id FROM Users WHERE Active = 'maybe'", "22018", "(line 1, column 37)"},
        {"SELECT Id FROM Users WHERE Name", "42000", "A condition is expected here"},
        {"SELECT Id FROM Users WHERE Id AND Active", "42000", "value of type bigint"},
        {"SELECT Date + 1.5 FROM Timesheets", "42000", "use TIMESTAMPADD"},
        {"SELECT Start - \"End\" FROM Timesheets", "42000", "use TIMESTAMPADD"},
        {"SELECT INTERVAL '1' DAY", "42000", "An interval can only be added"},
        {"SELECT INTERVAL '1' DAY / 2", "42000", "An interval can only be added"},
        {"SELECT (1, 2)", "42000", "A list in parentheses can only be compared"},
        {"SELECT 1 WHERE (1, 2) IN (SELECT 1)", "42000", "must have 2 columns, but has 1"},
        {"SELECT UPPER('a') FILTER (WHERE TRUE)", "42000", "Only aggregates take FILTER"},
        {"SELECT LISTAGG(Notes, ',') OVER () FROM Timesheets", "42000", "can not have OVER"},
        {"SELECT COUNT(DISTINCT Notes) OVER () FROM Timesheets", "42000", "DISTINCT is not possible with OVER"},
        {"SELECT CORR(DISTINCT Id, Duration) FROM Timesheets", "42000", "CORR takes no DISTINCT"},
        {"SELECT PERCENTILE_CONT(0.5) FROM Timesheets", "42000", "needs WITHIN GROUP"},
        {"SELECT SUM(Rate) WITHIN GROUP (ORDER BY Id) FROM Timesheets", "42000", "takes no ORDER BY"},
        {"SELECT SUM(Id) OVER w FROM Users", "42000", "There is no window w"},
        {"SELECT SUM(Id) OVER w FROM Users WINDOW w AS (v), v AS ()", "42000", "There is no window v"},
        {"SELECT SUM(Id) OVER (w ORDER BY Id) FROM Users WINDOW w AS (ORDER BY Id)", "42000", "already has an ORDER BY"},
        {"SELECT SUM(Id) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM Users", "42000", "ends before it starts"},
        {"SELECT SUM(Id) OVER (ORDER BY Name RANGE 1 PRECEDING) FROM Users", "42000", "a number, date, time or timestamp, not of string"},
        {"SELECT Id FROM Users FETCH FIRST 1 ROW WITH TIES", "42000", "WITH TIES needs ORDER BY"},
        {"SELECT TOP 1.5 Id FROM Users", "42000", "must be a whole number"},
        {"SELECT TOP 1 PERCENT Id FROM Users UNION SELECT 1", "42000", "put it into a derived table"},
        {"SELECT CAST(Id AS DATE), TRY_CAST(Active AS DATE) FROM Users", "42000", "can not be converted"},
        {"SELECT Notes + 'a' FROM Timesheets", "42000", "texts are joined with ||"},
        {"SELECT -Notes FROM Timesheets", "42000", "The sign - needs a number"},
        {"SELECT CAST(Id AS DATE) FROM Users", "42000", "A value of type bigint can not be converted to date"},
        {"SELECT CAST('x' AS INTEGER)", "22018", "(line 1, column 13)"},
        {"SELECT CAST('abc' AS VARCHAR(2))", "22001", "(line 1, column 13)"},
        {"SELECT COALESCE(Id, Name) FROM Users", "42000", "types bigint and string(100)"},
        {"SELECT Id FROM Users UNION SELECT Name FROM Users", "42000", "types bigint and string(100)"},
        {"SELECT Id, Name FROM Users UNION SELECT Id FROM Users", "42000", "2 and 1 columns"},
        {"SELECT SUM(Name) FROM Users", "42000", "SUM needs a number here"},
        {"SELECT YEAR(Id) FROM Users", "42000", "YEAR needs a date, time or timestamp"},
        {"SELECT LEFT(Name) FROM Users", "42000", "LEFT takes 2 arguments, but 1 is given"},
        {"SELECT COUNT() FROM Users", "42000", "COUNT takes 1 argument, but 0 are given"},
        {"SELECT LOCATE('a') FROM Users", "42000", "LOCATE takes 2 to 3 arguments"},
        {"SELECT CONCAT('a') FROM Users", "42000", "CONCAT takes at least 2 arguments"},
        {"SELECT SUM(*) FROM Users", "42000", "Only COUNT takes a *"},
        {"SELECT UPPER(DISTINCT Name) FROM Users", "42000", "Only aggregates take DISTINCT"},
        {"SELECT LENGHT(Name) FROM Users", "42000", "There is no function LENGHT; did you mean LENGTH? (line 1, column 8)"},
        {"SELECT ROW_NUMBER() FROM Users", "42000", "ROW_NUMBER needs OVER"},
        {"SELECT UPPER(Name) OVER () FROM Users", "42000", "UPPER can not have OVER"},
        {"SELECT Id FROM Users WHERE Id IN (SELECT Id, Name FROM Users)", "42000", "must have one column, but has 2"},
        {"SELECT Id FROM Users WHERE Name LIKE 'a' ESCAPE 'ab'", "22019", "one character"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        if (strcmp(err.sqlstate, cases[i].sqlstate) != 0 || !strstr(err.message, cases[i].message))
            fail_msg("%s: %s %s", cases[i].text, err.sqlstate, err.message);
    }
}

static void takes_the_bound_type_where_the_text_tells_none(void **state)
{
    static const struct type bound[] = {{.kind = TYPE_DATE}, {TYPE_DECIMAL, 10, 2}};
    static const struct { const char *text, *columns, *open; } cases[] = {
        {"SELECT ?, ?, ?", "date decimal(10,2) string", "111"}, {"SELECT Id FROM Users WHERE Id = ? AND PayRate > ?", "bigint", "00"},
        {"SELECT ? || 'a', ?", "string decimal(10,2)", "01"},
        {"SELECT Rate + ? FROM Timesheets WHERE Rate = ?", "decimal(13,4)", "10"}, /* of a date, which is no number */
        {"SELECT Id = ?, Rate + ? FROM Timesheets", "boolean decimal(13,4)", "01"},
        {"SELECT ? = '2024-01-01', -? FROM Timesheets", "boolean decimal(10,2)", "01"},
        {"SELECT ? = '2024-01-01', Id * ? FROM Timesheets", "boolean decimal(30,2)", "01"},
        {"SELECT ? = '2024-01-01', COALESCE(Id, ?), ROUND(?, 1) FROM Timesheets", "boolean decimal(21,2) double", "011"}, {"SELECT x FROM (SELECT ? AS x) t", "date", "1"},
        {"SELECT Id FROM Users UNION SELECT ?", "bigint", "1"}, {"SELECT ?; SELECT ?", "date", "11"}, {"SELECT CAST(? AS GUID)", "guid", "0"},
    };
    char found[256], open[8], one[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct statement *statement;
        struct error err = {0};
        if (!statement_prepare(cases[i].text, strlen(cases[i].text), bound, 2, NULL, &fake_service, false, &arena, &statement, &err))
            fail_msg("%s: %s", cases[i].text, err.message);
        found[0] = '\0';
        for (size_t c = 0; c < statement->column_count; c++) {
            type_print(&statement->columns[c].type, one, sizeof one);
            strcat(strcat(found, c ? " " : ""), one);
        }
        memset(open, 0, sizeof open);
        for (size_t p = 0; p < statement->parameter_count; p++)
            open[p] = statement->parameters[p].open ? '1' : '0';
        if (strcmp(found, cases[i].columns) != 0 || strcmp(open, cases[i].open) != 0)
            fail_msg("%s: %s and %s, not %s and %s", cases[i].text, found, open, cases[i].columns, cases[i].open);
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_bound_type_where_the_text_tells_none),
        cmocka_unit_test(types_every_expression), cmocka_unit_test(types_aggregates_windows_and_combinations),
        cmocka_unit_test(gives_parameters_the_type_of_what_they_meet), cmocka_unit_test(refuses_what_does_not_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
