/* Proves sql/print*.c and sql/convert.c: the text that the engine gets, above all that conditions stay such that a virtual table can
 * take them; and that a real SQLite parses all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"

/* Conditions on Timesheets t1, as text and as printed. */
static const struct { const char *condition, *printed; } conditions[] = {
    {"UserId = 5", "\"t1\".\"UserId\" = 5"},
    {"5 < UserId", "5 < \"t1\".\"UserId\""},
    {"1 = 0 OR UserId = 5", "\"t1\".\"UserId\" = 5"},
    {"UserId = 5 AND 1 = 1 AND 'a' < 'b'", "\"t1\".\"UserId\" = 5"},
    {"NOT (1 = 1 AND UserId = 5)", "\"t1\".\"UserId\" <> 5"},
    {"(UserId = 5 OR NULL) AND (2 < 1 OR Duration = 6 OR 'a' = 'b')", "\"t1\".\"UserId\" = 5 AND \"t1\".\"Duration\" = 6"},
    {"1 = 0 OR 2 = 3", "2 = 3"},
    {"10.50 < 9.5 OR UserId = 5", "\"t1\".\"UserId\" = 5"},
    {"1 = 1 OR UserId = 5", "1 = 1 OR \"t1\".\"UserId\" = 5"},
    {"UserId = '5'", "\"t1\".\"UserId\" = 5"},
    {"10.50 < NULL", "'10.50' < NULL COLLATE decimal"},
    {"Notes = 5", "number_of_text(\"t1\".\"Notes\") = '5' COLLATE decimal"},
    {"Notes > Distance", "cast_value(\"t1\".\"Notes\", 'string', 'double') > \"t1\".\"Distance\""},
    {"UserId = ?", "\"t1\".\"UserId\" = ?1"},
    {"UserId IN (1, '2', 3.0, ?)", "\"t1\".\"UserId\" IN (1, 2, 3, ?1)"},
    {"UserId NOT IN (1)", "\"t1\".\"UserId\" NOT IN (1)"},
    {"Date BETWEEN '2024-01-01' AND {d '2024-01-31'}", "\"t1\".\"Date\" >= '2024-01-01' AND \"t1\".\"Date\" <= '2024-01-31'"},
    {"Date BETWEEN '2024-01-01' AND '2024-01-31' AND Duration = 5",
     "(\"t1\".\"Date\" >= '2024-01-01' AND \"t1\".\"Date\" <= '2024-01-31') AND \"t1\".\"Duration\" = 5"},
    {"NOT Date BETWEEN '2024-01-01' AND '2024-01-31'", "NOT (\"t1\".\"Date\" >= '2024-01-01' AND \"t1\".\"Date\" <= '2024-01-31')"},
    {"Duration + 1 BETWEEN 5 AND 6", "integer_add(\"t1\".\"Duration\", 1) BETWEEN 5 AND 6"},
    {"Date NOT BETWEEN ? AND ?", "\"t1\".\"Date\" NOT BETWEEN ?1 AND ?2"},
    {"Date = {ts '2024-01-01 00:00:00'}", "\"t1\".\"Date\" = '2024-01-01'"},
    {"Date > '2024-01-01 00:00:00'", "\"t1\".\"Date\" > '2024-01-01'"},
    {"Date > '2024-01-01 12:00:00'", "cast_value(\"t1\".\"Date\", 'date', 'timestamp') > '2024-01-01 12:00:00' AND \"t1\".\"Date\" >= '2024-01-01'"},
    {"Start >= {d '2024-01-01'}", "\"t1\".\"Start\" >= '2024-01-01 00:00:00'"},
    {"Start >= '2024-01-01T10:00:00+02:00'", "\"t1\".\"Start\" >= '2024-01-01 08:00:00'"},
    {"Start < '2024-01-01 10:00:00.500'", "\"t1\".\"Start\" < '2024-01-01 10:00:00.5'"},
    {"Start < '2024-01-01 10:00:00.1234'", "\"t1\".\"Start\" < '2024-01-01 10:00:00.1234'"},
    {"Start IN (?, '2024-01-01 10:00:00.1234')", "\"t1\".\"Start\" IN (?1, '2024-01-01 10:00:00.1234')"},
    {"Start > Date", "\"t1\".\"Start\" > cast_value(\"t1\".\"Date\", 'date', 'timestamp(3)')"},
    {"COALESCE(Start, '2024-01-01 10:00:00.1234') = Start",
     "coalesce(cast_value(\"t1\".\"Start\", 'timestamp(3)', 'timestamp(4)'), '2024-01-01 10:00:00.1234') = \"t1\".\"Start\""},
    {"Notes = CAST(? AS VARCHAR(3))", "\"t1\".\"Notes\" = cast_value(?1, 'string', 'string(3)')"},
    {"At = {t '10:00:00'}", "\"t1\".\"At\" = '10:00:00'"},
    {"Notes LIKE 'abc%'", "\"t1\".\"Notes\" LIKE 'abc%'"},
    {"Notes NOT LIKE 'a!%' {escape '!'}", "\"t1\".\"Notes\" NOT LIKE 'a!%' ESCAPE '!'"},
    {"UserId LIKE '1%'", "cast_value(\"t1\".\"UserId\", 'bigint', 'string(20)') LIKE '1%'"},
    {"Notes = 'it''s'", "\"t1\".\"Notes\" = 'it''s'"},
    {"Notes IS NOT NULL", "\"t1\".\"Notes\" IS NOT NULL"},
    {"Billable", "\"t1\".\"Billable\" = 1"},
    {"NOT Billable", "\"t1\".\"Billable\" = 0"},
    {"Billable = TRUE", "\"t1\".\"Billable\" = 1"},
    {"Billable = 1", "\"t1\".\"Billable\" = 1"},
    {"Billable = 'false'", "\"t1\".\"Billable\" = 0"},
    {"Billable OR NOT (Billable AND UserId = 1)", "\"t1\".\"Billable\" = 1 OR (\"t1\".\"Billable\" = 0 OR \"t1\".\"UserId\" <> 1)"},
    {"(Billable OR UserId = 1) AND Billable IS NOT FALSE", "(\"t1\".\"Billable\" = 1 OR \"t1\".\"UserId\" = 1) AND \"t1\".\"Billable\" IS NOT 0"},
    {"(UserId = 1) = Billable", "(\"t1\".\"UserId\" = 1) = \"t1\".\"Billable\""},
    {"Duration = 5.0", "\"t1\".\"Duration\" = 5"},
    {"Duration < 1e1", "\"t1\".\"Duration\" < 10"},
    {"Duration > 5.5", "cast_value(\"t1\".\"Duration\", 'integer', 'decimal(11,1)') > '5.5' COLLATE decimal"},
    {"Duration = 3000000000", "\"t1\".\"Duration\" = 3000000000"},
    {"Rate = 1", "\"t1\".\"Rate\" = '1.0000'"},
    {"Rate = '1.5'", "\"t1\".\"Rate\" = '1.5000'"},
    {"Rate >= -1.5", "\"t1\".\"Rate\" >= '-1.5000' COLLATE decimal"},
    {"Rate BETWEEN 1 AND ?", "\"t1\".\"Rate\" >= '1.0000' COLLATE decimal AND \"t1\".\"Rate\" <= ?1 COLLATE decimal"},
    {"Rate IN (1, 2.5)", "\"t1\".\"Rate\" IN ('1.0000', '2.5000')"},
    {"Rate > 1.23456", "cast_value(\"t1\".\"Rate\", 'decimal(12,4)', 'decimal(13,5)') > '1.23456' COLLATE decimal"},
    {"Rate > 1e2", "\"t1\".\"Rate\" > '100.0000' COLLATE decimal"},
    {"Rate = Duration", "\"t1\".\"Rate\" = cast_value(\"t1\".\"Duration\", 'integer', 'decimal(14,4)')"},
    {"Rate = Distance", "cast_value(\"t1\".\"Rate\", 'decimal(12,4)', 'double') = \"t1\".\"Distance\""},
    {"UserId = Distance", "\"t1\".\"UserId\" = \"t1\".\"Distance\""},
    {"Distance > 1", "\"t1\".\"Distance\" > 1.0"},
    {"Distance = 0.1", "\"t1\".\"Distance\" = 0.1"},
    {"Distance * 2 - -1 > -Distance", "double_subtract(double_multiply(\"t1\".\"Distance\", 2.0), -1.0) > -\"t1\".\"Distance\""},
    {"Distance - (Distance - 1) / 3 > 0", "double_subtract(\"t1\".\"Distance\", double_divide(double_subtract(\"t1\".\"Distance\", 1.0), 3.0)) > 0.0"},
    {"(Distance + 1) * 2 * 3 > 0", "double_multiply(double_add(\"t1\".\"Distance\", 1.0), 2.0, 3.0) > 0.0"},
    {"Distance % 2 = MOD(Duration, 2)", "double_modulo(\"t1\".\"Distance\", 2.0) = integer_modulo(\"t1\".\"Duration\", 2)"},
    {"Duration + 1 > 2 * Duration", "integer_add(\"t1\".\"Duration\", 1) > integer_multiply(2, \"t1\".\"Duration\")"},
    {"Rate * 2 > Rate / 3", "decimal_multiply(\"t1\".\"Rate\", '2', 4) > decimal_divide(\"t1\".\"Rate\", '3', 6) COLLATE decimal"},
    {"Notes || 'x' || Duration = 'y'", "\"t1\".\"Notes\" || 'x' || cast_value(\"t1\".\"Duration\", 'integer', 'string(11)') = 'y'"},
    {"Notes IS NOT DISTINCT FROM ?", "\"t1\".\"Notes\" IS ?1"},
    {"UserId = ANY (SELECT Id FROM Users)", "\"t1\".\"UserId\" IN (SELECT \"t2\".\"Id\" FROM \"main\".\"Users\" AS \"t2\")"},
    {"UserId = (SELECT Id FROM Users WHERE Active)", "\"t1\".\"UserId\" = (SELECT single_value(1, \"c1\") FROM (SELECT \"t2\".\"Id\" AS \"c1\" FROM "
                                                  "\"main\".\"Users\" AS \"t2\" WHERE \"t2\".\"Active\" = 1))"},
    {"UserId = (SELECT MAX(Id) FROM Users)", "\"t1\".\"UserId\" = (SELECT max(\"t2\".\"Id\") FROM \"main\".\"Users\" AS \"t2\")"},
    {"UserId = (SELECT Id FROM Users LIMIT 1)", "\"t1\".\"UserId\" = (SELECT \"t2\".\"Id\" FROM \"main\".\"Users\" AS \"t2\" LIMIT 1)"},
    {"UserId NOT IN (SELECT Id FROM Users)", "\"t1\".\"UserId\" NOT IN (SELECT \"t2\".\"Id\" FROM \"main\".\"Users\" AS \"t2\")"},
    {"Rate IN (SELECT PayRate FROM Users)", "\"t1\".\"Rate\" IN (SELECT cast_value(\"t2\".\"PayRate\", 'decimal(10,2)', 'decimal(12,4)') FROM \"main\".\"Users\" AS \"t2\")"},
    {"Date IN (SELECT Created FROM Users)", "cast_value(\"t1\".\"Date\", 'date', 'timestamp') IN (SELECT \"t2\".\"Created\" FROM \"main\".\"Users\" AS \"t2\")"},
    {"Start IN (SELECT Date FROM Timesheets)", "\"t1\".\"Start\" IN (SELECT cast_value(\"t2\".\"Date\", 'date', 'timestamp(3)') FROM \"main\".\"Timesheets\" AS \"t2\")"},
    {"Rate > ALL (SELECT 1.5)", "(SELECT CASE WHEN min(\"v\") = 0 THEN 0 WHEN count(\"v\") < count(*) THEN NULL ELSE 1 END FROM (SELECT \"t1\".\"Rate\" > "
                                "\"t2\".\"c1\" COLLATE decimal AS \"v\" FROM (SELECT '1.5' AS \"c1\") AS \"t2\"))"},
    {"CASE WHEN Billable THEN 1 ELSE CASE WHEN UserId = 1 THEN 2 ELSE 3 END END = 1",
     "CASE WHEN \"t1\".\"Billable\" = 1 THEN 1 WHEN \"t1\".\"UserId\" = 1 THEN 2 ELSE 3 END = 1"},
    {"NOT (NOT EXISTS (SELECT Id FROM Users))", "EXISTS (SELECT \"t2\".\"Id\" FROM \"main\".\"Users\" AS \"t2\")"},
    {"CASE WHEN Rate > 1 THEN Notes END = 'a'", "CASE WHEN \"t1\".\"Rate\" > '1.0000' COLLATE decimal THEN \"t1\".\"Notes\" END COLLATE binary = 'a'"},
    {"CASE WHEN Billable THEN 'a' ELSE CASE WHEN Rate > 1 THEN Notes END END = 'a'",
     "CASE WHEN \"t1\".\"Billable\" = 1 THEN 'a' WHEN \"t1\".\"Rate\" > '1.0000' COLLATE decimal THEN \"t1\".\"Notes\" END COLLATE binary = 'a'"},
    {"UPPER(CASE WHEN Rate > 1 THEN Notes END) || 'x' = 'AX'",
     "fn_ucase(CASE WHEN \"t1\".\"Rate\" > '1.0000' COLLATE decimal THEN \"t1\".\"Notes\" END COLLATE binary) || 'x' = 'AX'"},
    {"'x' || CASE WHEN Rate > 1 THEN Notes END = 'xa'",
     "'x' || (CASE WHEN \"t1\".\"Rate\" > '1.0000' COLLATE decimal THEN \"t1\".\"Notes\" END COLLATE binary) = 'xa'"},
    {"CASE UserId WHEN 1 THEN 2 ELSE CASE Duration WHEN 3 THEN 4 END END = 5",
     "CASE WHEN \"t1\".\"UserId\" = 1 THEN 2 WHEN \"t1\".\"Duration\" = 3 THEN 4 END = 5"},
    {"CASE WHEN Billable THEN CASE WHEN UserId = 1 THEN 2 END ELSE 3 END = 2",
     "CASE WHEN \"t1\".\"Billable\" = 1 THEN CASE WHEN \"t1\".\"UserId\" = 1 THEN 2 END ELSE 3 END = 2"},
    {"Duration + 1 - 2 + UserId > 0", "integer_chain('+-+', \"t1\".\"Duration\", 1, 2, \"t1\".\"UserId\") > 0"},
    {"Duration * 2 * UserId > 0", "integer_multiply(\"t1\".\"Duration\", 2, \"t1\".\"UserId\") > 0"},
    {"Rate - 1 + 0.5 > 0", "decimal_chain('-+', \"t1\".\"Rate\", '1', '0.5', 4) > '0.0000' COLLATE decimal"},
    {"Duration + 1 - Distance > 0", "double_subtract(cast_value(integer_add(\"t1\".\"Duration\", 1), 'bigint', 'double'), \"t1\".\"Distance\") > 0.0"},
    {"COALESCE(Notes, COALESCE(Notes, 'a'), 'b') = 'c'", "coalesce(\"t1\".\"Notes\", \"t1\".\"Notes\", 'a', 'b') = 'c'"},
    {"REPLACE(Notes, REPLACE('d', 'e', 'f'), 'g') = 'h'", "fn_replace(\"t1\".\"Notes\", fn_replace('d', 'e', 'f'), 'g') = 'h'"},
    {"REPLACE(REPLACE(Notes, 'a', 'b'), 'c', REPLACE('d', 'e', 'f')) = 'g'",
     "fn_replace(\"t1\".\"Notes\", 'a', 'b', 'c', fn_replace('d', 'e', 'f')) = 'g'"},
    {"GREATEST(UserId, LEAST(Duration, 1), GREATEST(2, Duration)) = 3", "max(\"t1\".\"UserId\", min(\"t1\".\"Duration\", 1), 2, \"t1\".\"Duration\") = 3"},
    {"GREATEST(Rate, GREATEST(Rate, 2)) = 3", "max(\"t1\".\"Rate\" COLLATE decimal, max(\"t1\".\"Rate\" COLLATE decimal, '2.0000')) = '3.0000'"},
    {"CASE Rate WHEN 1 THEN TRUE END", "CASE \"t1\".\"Rate\" WHEN '1.0000' THEN 1 END"},
    {"CAST(Duration AS BIGINT) = 5", "\"t1\".\"Duration\" = 5"},
    {"CAST(Duration AS VARCHAR(20)) = '5'", "cast_value(\"t1\".\"Duration\", 'integer', 'string(20)') = '5'"},
    {"{fn TIMESTAMPDIFF(SQL_TSI_DAY, Date, Start)} > 1", "fn_timestampdiff('day', \"t1\".\"Date\", \"t1\".\"Start\") > 1"},
    {"LENGTH(TRIM(BOTH 'x' FROM Notes)) > 1", "fn_length(trim(\"t1\".\"Notes\", 'x')) > 1"},
};

static const struct { const char *text, *printed; } queries[] = {
    {"SELECT 1", "SELECT 1"},
    {"SELECT 1 FROM Users u JOIN Users g ON g.Id = u.GroupId AND ? = 1 FULL JOIN Users h ON h.Id = g.Id",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Users\" AS \"t2\" ON \"t2\".\"Id\" = \"t1\".\"GroupId\" AND (?1 = 1) = (\"t1\".\"Id\" IS "
     "\"t1\".\"Id\") FULL JOIN \"main\".\"Users\" AS \"t3\" ON \"t3\".\"Id\" = \"t2\".\"Id\""},
    {"SELECT -5, 1.50, 1e3, 0.1e0, 'a''b', NULL, TRUE, X'0aff', -9223372036854775808",
     "SELECT -5, '1.50', 1000.0, 0.1, 'a''b', NULL, 1, X'0AFF', -9223372036854775808"},
    {"SELECT Title FROM Groups", "SELECT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\""},
    {"SELECT [a \"quoted\" name] FROM \"Odd Table\"", "SELECT \"t1\".\"a \"\"quoted\"\" name\" FROM \"main\".\"Odd Table\" AS \"t1\""},
    {"SELECT DISTINCT Title FROM Groups ORDER BY Title DESC NULLS LAST OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY",
     "SELECT DISTINCT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\" ORDER BY 1 DESC NULLS LAST LIMIT 10 OFFSET 5"},
    {"SELECT TOP 3 Title FROM Groups", "SELECT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\" LIMIT 3"},
    {"SELECT Title FROM Groups LIMIT 5, 10", "SELECT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\" LIMIT 10 OFFSET 5"},
    {"SELECT Title FROM Groups OFFSET 5", "SELECT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\" LIMIT -1 OFFSET 5"},
    {"SELECT Title FROM Groups LIMIT ALL", "SELECT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\""},
    {"SELECT Title FROM Groups FETCH FIRST ROW ONLY", "SELECT \"t1\".\"Title\" FROM \"main\".\"Groups\" AS \"t1\" LIMIT 1"},
    {"SELECT Id FROM Users ORDER BY PayRate, Id + 1", "SELECT \"t1\".\"Id\" FROM \"main\".\"Users\" AS \"t1\" ORDER BY \"t1\".\"PayRate\", integer_add(\"t1\".\"Id\", 1)"},
    {"SELECT PayRate p FROM Users ORDER BY p, 1", "SELECT \"t1\".\"PayRate\" FROM \"main\".\"Users\" AS \"t1\" ORDER BY 1, 1"},
    {"SELECT COALESCE(PayRate, 0) p FROM Users ORDER BY p",
     "SELECT coalesce(\"t1\".\"PayRate\", '0.00') FROM \"main\".\"Users\" AS \"t1\" ORDER BY 1 COLLATE decimal"},
    {"SELECT GroupId, COUNT(*), MIN(PayRate), SUM(PayRate), AVG(PayRate), SUM(Id), SUM(DISTINCT PayRate) FROM Users GROUP BY 1 HAVING COUNT(*) > 1",
     "SELECT \"t1\".\"GroupId\", count(*), min(\"t1\".\"PayRate\" COLLATE decimal), sum_decimal(\"t1\".\"PayRate\", 2), average_decimal(\"t1\".\"PayRate\", 6), "
     "sum_integer(\"t1\".\"Id\"), sum_decimal(DISTINCT \"t1\".\"PayRate\") FROM \"main\".\"Users\" AS \"t1\" GROUP BY \"t1\".\"GroupId\" HAVING count(*) > 1"},
    {"SELECT MAX(GREATEST(Id, GroupId)), GREATEST(MAX(Id), 2, LEAST(MIN(Id), 3)) FROM Users",
     "SELECT max(max(\"t1\".\"Id\", \"t1\".\"GroupId\")), max(max(\"t1\".\"Id\"), 2, min(min(\"t1\".\"Id\"), 3)) "
     "FROM \"main\".\"Users\" AS \"t1\""},
    {"SELECT 5 AS five, COUNT(*) FROM Users GROUP BY five", "SELECT 5, count(*) FROM \"main\".\"Users\" AS \"t1\" GROUP BY CAST(5 AS INTEGER)"},
    {"SELECT g.Title FROM Users u LEFT OUTER JOIN Groups g ON u.GroupId = g.GroupId AND u.Active",
     "SELECT \"t2\".\"Title\" FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" AND \"t1\".\"Active\" = 1"},
    {"SELECT Title FROM {oj Users u RIGHT JOIN Groups g ON u.GroupId = g.GroupId}",
     "SELECT \"t2\".\"Title\" FROM \"main\".\"Groups\" AS \"t2\" LEFT JOIN \"main\".\"Users\" AS \"t1\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\""},
    {"SELECT GroupId FROM Users FULL JOIN Groups USING (GroupId)",
     "SELECT coalesce(\"t1\".\"GroupId\", \"t2\".\"GroupId\") FROM \"main\".\"Users\" AS \"t1\" FULL JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\""},
    {"SELECT Title FROM Users NATURAL JOIN Groups", "SELECT \"t2\".\"Title\" FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\""},
    {"SELECT 1 FROM Users a, Users b LEFT JOIN Groups g ON b.GroupId = g.GroupId CROSS JOIN Groups h",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Users\" AS \"t2\" LEFT JOIN \"main\".\"Groups\" AS \"t3\" ON \"t2\".\"GroupId\" = \"t3\".\"GroupId\" JOIN \"main\".\"Groups\" AS \"t4\""},
    {"SELECT 1 FROM Users a, Users b RIGHT JOIN Groups g ON b.GroupId = g.GroupId",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN (\"main\".\"Groups\" AS \"t3\" LEFT JOIN \"main\".\"Users\" AS \"t2\" ON \"t2\".\"GroupId\" = \"t3\".\"GroupId\")"},
    {"SELECT 1 FROM Users a LEFT JOIN (Users b JOIN Groups g ON b.GroupId = g.GroupId) ON a.Id = b.Id",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN (\"main\".\"Users\" AS \"t2\" JOIN \"main\".\"Groups\" AS \"t3\" ON \"t2\".\"GroupId\" = \"t3\".\"GroupId\") ON \"t1\".\"Id\" = \"t2\".\"Id\""},
    {"SELECT 1 FROM Users a LEFT JOIN Users b JOIN Groups g ON b.GroupId = g.GroupId ON a.Id = b.Id",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN (\"main\".\"Users\" AS \"t2\" JOIN \"main\".\"Groups\" AS \"t3\" ON \"t2\".\"GroupId\" = \"t3\".\"GroupId\") ON \"t1\".\"Id\" = \"t2\".\"Id\""},
    {"SELECT 1 FROM Users a RIGHT JOIN (Users b JOIN Groups g ON b.GroupId = g.GroupId) ON a.Id = b.Id LEFT JOIN Groups h ON TRUE",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t2\" JOIN \"main\".\"Groups\" AS \"t3\" ON \"t2\".\"GroupId\" = \"t3\".\"GroupId\" LEFT JOIN \"main\".\"Users\" AS \"t1\" ON "
     "\"t1\".\"Id\" = \"t2\".\"Id\" LEFT JOIN \"main\".\"Groups\" AS \"t4\" ON 1"},
    {"SELECT 1 FROM Users a JOIN Users b ON a.Id = b.Id RIGHT JOIN Groups g ON b.GroupId = g.GroupId",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Users\" AS \"t2\" ON \"t1\".\"Id\" = \"t2\".\"Id\" RIGHT JOIN \"main\".\"Groups\" AS \"t3\" ON \"t2\".\"GroupId\" = "
     "\"t3\".\"GroupId\""},
    /* an outer join whose outer rows WHERE leaves out is inner */
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title = 'a' AND u.Active",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" = 'a' AND \"t1\".\"Active\" = 1"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title NOT LIKE 'a%' OR g.Title IS NOT NULL",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" NOT LIKE 'a%' OR \"t2\".\"Title\" IS NOT NULL"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title = 'a' OR u.Active",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" = 'a' OR \"t1\".\"Active\" = 1"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title IS NULL",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" IS NULL"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE NOT g.Title = 'a'",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" <> 'a'"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE u.Name = 'a'",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t1\".\"Name\" = 'a'"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title IS DISTINCT FROM 'a'",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" IS NOT 'a'"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE COALESCE(g.Title, 'a') = 'a'",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE coalesce(\"t2\".\"Title\", 'a') = 'a'"},
    {"SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title NOT IN (SELECT Name FROM Users)",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" NOT IN (SELECT \"t3\".\"Name\" FROM \"main\".\"Users\" AS \"t3\")"},
    {"SELECT 1 FROM Users u RIGHT JOIN Groups g ON u.GroupId = g.GroupId WHERE u.Name > 'a'",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t1\".\"Name\" > 'a'"},
    {"SELECT 1 FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId WHERE u.Name BETWEEN 'a' AND 'b'",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" LEFT JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t1\".\"Name\" >= 'a' AND \"t1\".\"Name\" <= 'b'"},
    {"SELECT 1 FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title IN ('a', 'b')",
     "SELECT 1 FROM \"main\".\"Groups\" AS \"t2\" LEFT JOIN \"main\".\"Users\" AS \"t1\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" IN ('a', 'b')"},
    {"SELECT 1 FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title = u.Name",
     "SELECT 1 FROM \"main\".\"Users\" AS \"t1\" JOIN \"main\".\"Groups\" AS \"t2\" ON \"t1\".\"GroupId\" = \"t2\".\"GroupId\" WHERE \"t2\".\"Title\" = \"t1\".\"Name\""},
    {"SELECT d.x FROM (SELECT Id x, Name x2 FROM Users WHERE Active) d WHERE d.x > 5",
     "WITH \"t1\" AS (SELECT \"t2\".\"Id\" AS \"c1\", \"t2\".\"Name\" AS \"c2\" FROM \"main\".\"Users\" AS \"t2\" WHERE \"t2\".\"Active\" = 1) SELECT \"t1\".\"c1\" FROM \"t1\" WHERE \"t1\".\"c1\" > 5"},
    {"SELECT a.x FROM (SELECT b.y AS x FROM (SELECT Id AS y FROM Users) b) a JOIN (SELECT 7 AS z) c ON c.z = a.x",
     "WITH \"t2\" AS (SELECT \"t3\".\"Id\" AS \"c1\" FROM \"main\".\"Users\" AS \"t3\"), \"t1\" AS (SELECT \"t2\".\"c1\" AS \"c1\" FROM \"t2\"), \"t4\" AS (SELECT 7 AS \"c1\") "
     "SELECT \"t1\".\"c1\" FROM \"t1\" JOIN \"t4\" ON \"t4\".\"c1\" = \"t1\".\"c1\" WHERE \"t1\".\"c1\" IN (7)"},
    /* what may use a common table stays where it is in sight; a derived table that looks outside stays within its query */
    {"SELECT Id FROM (WITH a AS (SELECT Id FROM Users) SELECT Id FROM (SELECT Id FROM a) b) c",
     "WITH \"t1\" AS (WITH \"q1\"(\"c1\") AS (SELECT \"t2\".\"Id\" AS \"c1\" FROM \"main\".\"Users\" AS \"t2\"), \"t3\" AS (SELECT \"t4\".\"c1\" AS \"c1\" FROM \"q1\" AS \"t4\") "
     "SELECT \"t3\".\"c1\" AS \"c1\" FROM \"t3\") SELECT \"t1\".\"c1\" FROM \"t1\""},
    {"WITH a AS (SELECT Id FROM (SELECT Id FROM Users) b) SELECT c.Id FROM a c, (SELECT Id FROM a) d",
     "WITH \"q1\"(\"c1\") AS (WITH \"t1\" AS (SELECT \"t2\".\"Id\" AS \"c1\" FROM \"main\".\"Users\" AS \"t2\") SELECT \"t1\".\"c1\" AS \"c1\" FROM \"t1\"), \"t4\" AS (SELECT "
     "\"t5\".\"c1\" AS \"c1\" FROM \"q1\" AS \"t5\") SELECT \"t3\".\"c1\" FROM \"q1\" AS \"t3\" JOIN \"t4\""},
    {"SELECT Id FROM Users u WHERE EXISTS (SELECT 1 FROM (SELECT u.Id AS x) d WHERE d.x = 5)",
     "SELECT \"t1\".\"Id\" FROM \"main\".\"Users\" AS \"t1\" WHERE EXISTS (WITH \"t2\" AS (SELECT \"t1\".\"Id\" AS \"c1\") SELECT 1 FROM \"t2\" WHERE \"t2\".\"c1\" = 5)"},
    {"WITH a AS (SELECT Id FROM Users), b(x) AS (SELECT Id FROM a) SELECT x FROM b",
     "WITH \"q1\"(\"c1\") AS (SELECT \"t1\".\"Id\" AS \"c1\" FROM \"main\".\"Users\" AS \"t1\"), \"q2\"(\"c1\") AS (SELECT \"t2\".\"c1\" AS \"c1\" FROM \"q1\" AS \"t2\") "
     "SELECT \"t3\".\"c1\" FROM \"q2\" AS \"t3\""},
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
     "WITH RECURSIVE \"q1\"(\"c1\") AS (SELECT 1 AS \"c1\" UNION ALL SELECT cast_value(integer_add(\"t1\".\"c1\", 1), 'bigint', 'integer') AS \"c1\" FROM \"q1\" AS \"t1\" "
     "WHERE \"t1\".\"c1\" < 5) SELECT \"t2\".\"c1\" FROM \"q1\" AS \"t2\""},
    {"SELECT Id, PayRate FROM Users UNION ALL SELECT Id, Rate FROM Timesheets ORDER BY PayRate DESC",
     "SELECT \"t1\".\"Id\", cast_value(\"t1\".\"PayRate\", 'decimal(10,2)', 'decimal(12,4)') FROM \"main\".\"Users\" AS \"t1\" UNION ALL SELECT \"t2\".\"Id\", \"t2\".\"Rate\" "
     "FROM \"main\".\"Timesheets\" AS \"t2\" ORDER BY 2 COLLATE decimal DESC"},
    {"SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4", "WITH \"t1\" AS (SELECT 2 AS \"c1\" INTERSECT SELECT 3 AS \"c1\") SELECT 1 UNION SELECT * FROM \"t1\" EXCEPT SELECT 4"},
    {"SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3", "WITH \"t1\" AS (SELECT 2 AS \"c1\" INTERSECT SELECT 3 AS \"c1\") SELECT 1 UNION ALL SELECT * FROM \"t1\""},
    {"SELECT 1 EXCEPT (SELECT 2 INTERSECT SELECT 3)", "WITH \"t1\" AS (SELECT 2 AS \"c1\" INTERSECT SELECT 3 AS \"c1\") SELECT 1 EXCEPT SELECT * FROM \"t1\""},
    {"SELECT 1 UNION ALL (SELECT 2 EXCEPT SELECT 3) UNION ALL (SELECT 4)", "WITH \"t1\" AS (SELECT 2 AS \"c1\" EXCEPT SELECT 3 AS \"c1\") SELECT 1 UNION ALL SELECT * FROM \"t1\" UNION ALL SELECT 4"},
    {"(SELECT TOP 1 Id FROM Users) UNION (SELECT Id FROM Users ORDER BY Id LIMIT 3) ORDER BY Id",
     "WITH \"t3\" AS (SELECT \"t2\".\"Id\" AS \"c1\" FROM \"main\".\"Users\" AS \"t2\" ORDER BY 1 LIMIT 3) SELECT * FROM (SELECT \"t1\".\"Id\" FROM \"main\".\"Users\" AS \"t1\" LIMIT 1) "
     "UNION SELECT * FROM \"t3\" ORDER BY 1"},
    {"((SELECT 1))", "SELECT 1"},
    {"SELECT (SELECT MAX(t.Id) FROM Timesheets t WHERE t.UserId = u.Id) FROM Users u",
     "SELECT (SELECT max(\"t2\".\"Id\") FROM \"main\".\"Timesheets\" AS \"t2\" WHERE \"t2\".\"UserId\" = \"t1\".\"Id\") FROM \"main\".\"Users\" AS \"t1\""},
    {"SELECT SUM(PayRate) OVER (PARTITION BY GroupId ORDER BY PayRate DESC ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING), ROW_NUMBER() OVER () FROM Users",
     "SELECT sum_decimal(\"t1\".\"PayRate\", 2) OVER (PARTITION BY \"t1\".\"GroupId\" ORDER BY \"t1\".\"PayRate\" COLLATE decimal DESC ROWS BETWEEN 1 PRECEDING "
     "AND UNBOUNDED FOLLOWING), row_number() OVER () FROM \"main\".\"Users\" AS \"t1\""},
    {"SELECT COALESCE(PayRate, 0), NULLIF(Name, ''), TIMESTAMPADD(DAY, 1, Created) FROM Users",
     "SELECT coalesce(\"t1\".\"PayRate\", '0.00'), nullif(\"t1\".\"Name\", ''), fn_timestampadd('day', 1, \"t1\".\"Created\") FROM \"main\".\"Users\" AS \"t1\""},
};

static void prints_conditions_that_a_virtual_table_can_take(void **state)
{
    static const char start[] = "SELECT 1 FROM \"main\".\"Timesheets\" AS \"t1\" WHERE ";
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        struct arena arena = {0};
        snprintf(text, sizeof text, "SELECT 1 FROM Timesheets WHERE %s", conditions[i].condition);
        const char *printed = fake_prepare(text, &arena)->engine_sql;
        assert_memory_equal(printed, start, sizeof start - 1);
        if (strcmp(printed + sizeof start - 1, conditions[i].printed) != 0)
            fail_msg("%s: %s", conditions[i].condition, printed + sizeof start - 1);
        arena_clear(&arena);
    }
}

static void prints_every_clause(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct arena arena = {0};
        const char *printed = fake_prepare(queries[i].text, &arena)->engine_sql;
        if (strcmp(printed, queries[i].printed) != 0)
            fail_msg("%s: %s", queries[i].text, printed);
        arena_clear(&arena);
    }
}

/* The engine's functions by name only: enough for SQLite to parse. */
static void stub(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_null(context);
}

static void stub_final(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

static int stub_compare(void *data, int a_length, const void *a, int b_length, const void *b)
{
    (void)data, (void)a, (void)b;
    return a_length - b_length;
}

static sqlite3 *open_database(void)
{
    static const char *const scalars[] = {"cast_value", "integer_add", "integer_subtract", "integer_chain", "integer_multiply", "integer_divide", "integer_modulo", "double_divide",
                                          "double_add", "double_subtract", "double_chain", "double_multiply", "double_modulo", "decimal_chain", "fn_ucase", "fn_replace",
                                          "decimal_multiply", "decimal_divide", "fn_timestampdiff", "fn_timestampadd", "fn_length", "number_of_text"};
    static const char *const aggregates[] = {"sum_decimal", "average_decimal", "sum_integer", "average_integer", "sum_double", "average_double", "single_value"};
    sqlite3 *db = NULL;
    char sql[4096];

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        sqlite3_create_function(db, scalars[i], -1, SQLITE_UTF8, NULL, stub, NULL, NULL);
    for (size_t i = 0; i < sizeof aggregates / sizeof aggregates[0]; i++)
        sqlite3_create_window_function(db, aggregates[i], -1, SQLITE_UTF8, NULL, stub, stub_final, stub_final, stub, NULL);
    sqlite3_create_collation(db, "decimal", SQLITE_UTF8, NULL, stub_compare);
    for (size_t i = 0; i < fake_service.table_count; i++) {
        const struct table *table = fake_service.tables[i];
        size_t used = (size_t)snprintf(sql, sizeof sql, "CREATE TABLE \"%s\" (", table->name);
        for (size_t c = 0; c < table->column_count; c++) {
            char *name = sqlite3_mprintf("%s\"%w\"", c ? ", " : "", table->columns[c].name);
            used += (size_t)snprintf(sql + used, sizeof sql - used, "%s", name);
            sqlite3_free(name);
        }
        snprintf(sql + used, sizeof sql - used, ")");
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int result = sqlite3_step(statement);
    assert_true(result == SQLITE_ROW || result == SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void sqlite_understands_all_of_it(void **state)
{
    sqlite3 *db = open_database();
    char text[1024];
    (void)state;
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        snprintf(text, sizeof text, "SELECT 1 FROM \"main\".\"Timesheets\" AS \"t1\" WHERE %s", conditions[i].printed);
        run(db, text);
    }
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        run(db, queries[i].printed);
    sqlite3_close(db);
}

/* Chains and nestings longer than SQLite's own bounds on depth. */
static void long_chains_stay_within_what_sqlite_takes(void **state)
{
    static const struct { const char *before, *open, *middle, *close; int times; } cases[] = {
        {"SELECT Id FROM Users WHERE Id = 1", "", "", " OR Id = 2 AND Name = 'x'", 5000},
        {"SELECT Id FROM Users WHERE Id = 1", "", "", " AND Id <> 2", 5000},
        {"SELECT ", "CASE WHEN Active THEN 1 ELSE ", "2", " END", 90},
        {"SELECT ", "(", "1", ")", 150},
        {"SELECT 'a'", "", "", " || 'b'", 300},
        {"SELECT ", "CASE WHEN Active THEN ", "2", " ELSE 3 END", 90},
        {"SELECT ", "CASE Id WHEN 1 THEN ", "2", " WHEN 2 THEN 4 ELSE CASE WHEN Active THEN 5 END END", 90},
        {"SELECT ", "CASE Id WHEN 1 THEN 4 ELSE ", "2", " END", 90},
        {"SELECT * FROM ", "(SELECT Id FROM ", "Users", ") x", 90},
        {"", "(SELECT Id FROM Users UNION ALL ", "SELECT 1", ")", 90},
        {"SELECT ", "REPLACE(", "Name", ", 'a', 'b')", 90},
        {"SELECT ", "COALESCE(Id, ", "1", ")", 90},
        {"SELECT Id", " + Id - Id", "", "", 90},
    };
    static char text[200000];
    sqlite3 *db = open_database();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        size_t used = (size_t)snprintf(text, sizeof text, "%s", cases[i].before);
        for (int n = 0; n < cases[i].times; n++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s", cases[i].open);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", cases[i].middle);
        for (int n = 0; n < cases[i].times; n++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s", cases[i].close);
        if (!strstr(cases[i].before, "FROM") && !strstr(cases[i].open, "FROM"))
            snprintf(text + used, sizeof text - used, " FROM Users");
        run(db, fake_prepare(text, &arena)->engine_sql);
        arena_clear(&arena);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_conditions_that_a_virtual_table_can_take), cmocka_unit_test(prints_every_clause),
        cmocka_unit_test(sqlite_understands_all_of_it), cmocka_unit_test(long_chains_stay_within_what_sqlite_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
