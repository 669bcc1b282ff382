SELECT 1 FROM Timesheets WHERE UserId = 5

SELECT 5 < UserId FROM Timesheets

SELECT 1 FROM Timesheets WHERE UserId = '5'

SELECT 1 FROM Timesheets WHERE UserId = ?

SELECT UserId IN (1, '2', 3.0, ?) FROM Timesheets

SELECT UserId NOT IN (1) FROM Timesheets

SELECT 1 FROM Timesheets WHERE Date BETWEEN '2024-01-01' AND {d '2024-01-31'}

SELECT 1 FROM Timesheets WHERE Date BETWEEN '2024-01-01' AND '2024-01-31' AND Duration = 5

SELECT 1 FROM Timesheets WHERE NOT Date BETWEEN '2024-01-01' AND '2024-01-31'

SELECT 1 FROM Timesheets WHERE Duration + 1 BETWEEN 5 AND 6

SELECT 1 FROM Timesheets WHERE Date NOT BETWEEN ? AND ?

SELECT 1 FROM Timesheets WHERE Date = {ts '2024-01-01 00:00:00'}

SELECT Date > '2024-01-01 00:00:00' FROM Timesheets

SELECT Date > '2024-01-01 12:00:00' FROM Timesheets

SELECT Start >= {d '2024-01-01'} FROM Timesheets

SELECT Start >= '2024-01-01T10:00:00+02:00' FROM Timesheets

SELECT Start < '2024-01-01 10:00:00.500' FROM Timesheets

SELECT Start < '2024-01-01 10:00:00.1234' FROM Timesheets

SELECT Start IN (?, '2024-01-01 10:00:00.1234') FROM Timesheets

SELECT Start > Date FROM Timesheets

SELECT 1 FROM Timesheets WHERE COALESCE(Start, '2024-01-01 10:00:00.1234') = Start

SELECT 1 FROM Timesheets WHERE Notes = CAST(? AS VARCHAR(3))

SELECT 1 FROM Timesheets WHERE At = {t '10:00:00'}

SELECT 1 FROM Timesheets WHERE Notes LIKE 'abc%'

SELECT 1 FROM Timesheets WHERE Notes NOT LIKE 'a!%' {escape '!'}

SELECT 1 FROM Timesheets WHERE UserId LIKE '1%'

SELECT 1 FROM Timesheets WHERE Notes = 'it''s'

SELECT Notes IS NOT NULL FROM Timesheets

SELECT Billable FROM Timesheets

SELECT NOT Billable FROM Timesheets

SELECT 1 FROM Timesheets WHERE Billable = TRUE

SELECT 1 FROM Timesheets WHERE Billable = 1

SELECT 1 FROM Timesheets WHERE Billable = 'false'

SELECT 1 FROM Timesheets WHERE Billable OR NOT (Billable AND UserId = 1)

(Billable OR UserId = 1) AND Billable IS NOT FALSE

(UserId = 1) = Billable

SELECT 1 FROM Timesheets WHERE Duration = 5.0

SELECT Duration < 1e1 FROM Timesheets

SELECT Duration > 5.5 FROM Timesheets

SELECT 1 FROM Timesheets WHERE Duration = 3000000000

SELECT 1 FROM Timesheets WHERE Rate = 1

SELECT 1 FROM Timesheets WHERE Rate = '1.5'

SELECT Rate >= -1.5 FROM Timesheets

SELECT 1 FROM Timesheets WHERE Rate BETWEEN 1 AND ?

SELECT Rate IN (1, 2.5) FROM Timesheets

SELECT Rate > 1.23456 FROM Timesheets

SELECT Rate > 1e2 FROM Timesheets

SELECT 1 FROM Timesheets WHERE Rate = Duration

SELECT 1 FROM Timesheets WHERE Rate = Distance

SELECT 1 FROM Timesheets WHERE UserId = Distance

SELECT Distance > 1 FROM Timesheets

SELECT 1 FROM Timesheets WHERE Distance = 0.1

SELECT Distance * 2 - -1 > -Distance FROM Timesheets

SELECT Distance - (Distance - 1) / 3 > 0 FROM Timesheets

(Distance + 1) * 2 > 0

SELECT Duration + 1 > 2 * Duration FROM Timesheets

SELECT Rate * 2 > Rate / 3 FROM Timesheets

SELECT 1 FROM Timesheets WHERE Notes || 'x' || Duration = 'y'

SELECT Notes IS NOT DISTINCT FROM ? FROM Timesheets

SELECT 1 FROM Timesheets WHERE UserId = ANY (SELECT Id FROM Users)

SELECT UserId NOT IN (SELECT Id FROM Users) FROM Timesheets

SELECT Rate IN (SELECT PayRate FROM Users) FROM Timesheets

SELECT Date IN (SELECT Created FROM Users) FROM Timesheets

SELECT Start IN (SELECT Date FROM Timesheets) FROM Timesheets

SELECT Rate > ALL (SELECT 1.5) FROM Timesheets

SELECT 1 FROM Timesheets WHERE CASE WHEN Billable THEN 1 ELSE CASE WHEN UserId = 1 THEN 2 ELSE 3 END END = 1

SELECT CASE Rate WHEN 1 THEN TRUE END FROM Timesheets

SELECT 1 FROM Timesheets WHERE CAST(Duration AS BIGINT) = 5

SELECT 1 FROM Timesheets WHERE CAST(Duration AS VARCHAR(20)) = '5'

{fn TIMESTAMPDIFF(SQL_TSI_DAY, Date, Start)} > 1

SELECT LENGTH(TRIM(BOTH 'x' FROM Notes)) > 1 FROM Timesheets

SELECT 1

SELECT -5, 1.50, 1e3, 0.1e0, 'a''b', NULL, TRUE, X'0aff', -9223372036854775808

SELECT Title FROM Groups

SELECT [a "quoted" name] FROM "Odd Table"

SELECT DISTINCT Title FROM Groups ORDER BY Title DESC NULLS LAST OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY

SELECT TOP 3 Title FROM Groups

SELECT Title FROM Groups LIMIT 5, 10

SELECT Title FROM Groups OFFSET 5

SELECT Title FROM Groups LIMIT ALL

SELECT Title FROM Groups FETCH FIRST ROW ONLY

SELECT Id FROM Users ORDER BY PayRate, Id + 1

SELECT PayRate p FROM Users ORDER BY p, 1

SELECT COALESCE(PayRate, 0) p FROM Users ORDER BY p

SELECT GroupId, COUNT(*), MIN(PayRate), SUM(PayRate), AVG(PayRate), SUM(Id), SUM(DISTINCT PayRate) FROM Users GROUP BY 1 HAVING COUNT(*) > 1

SELECT 5 AS five, COUNT(*) FROM Users GROUP BY five

SELECT g.Title FROM Users u LEFT OUTER JOIN Groups g ON u.GroupId = g.GroupId AND u.Active

SELECT Title FROM {oj Users u RIGHT JOIN Groups g ON u.GroupId = g.GroupId}

SELECT GroupId FROM Users FULL JOIN Groups USING (GroupId)

SELECT Title FROM Users NATURAL JOIN Groups

SELECT 1 FROM Users a, Users b LEFT JOIN Groups g ON b.GroupId = g.GroupId CROSS JOIN Groups h

SELECT 1 FROM Users a, Users b RIGHT JOIN Groups g ON b.GroupId = g.GroupId

SELECT 1 FROM Users a LEFT JOIN (Users b JOIN Groups g ON b.GroupId = g.GroupId) ON a.Id = b.Id

SELECT 1 FROM Users a LEFT JOIN Users b JOIN Groups g ON b.GroupId = g.GroupId ON a.Id = b.Id

SELECT 1 FROM Users a RIGHT JOIN (Users b JOIN Groups g ON b.GroupId = g.GroupId) ON a.Id = b.Id LEFT JOIN Groups h ON TRUE

SELECT 1 FROM Users a JOIN Users b ON a.Id = b.Id RIGHT JOIN Groups g ON b.GroupId = g.GroupId

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title = 'a' AND u.Active

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title NOT LIKE 'a%' OR g.Title IS NOT NULL

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title = 'a' OR u.Active

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title IS NULL

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE NOT g.Title = 'a'

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE u.Name = 'a'

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title IS DISTINCT FROM 'a'

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE COALESCE(g.Title, 'a') = 'a'

SELECT 1 FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title NOT IN (SELECT Name FROM Users)

SELECT 1 FROM Users u RIGHT JOIN Groups g ON u.GroupId = g.GroupId WHERE u.Name > 'a'

SELECT 1 FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId WHERE u.Name BETWEEN 'a' AND 'b'

SELECT 1 FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title IN ('a', 'b')

SELECT 1 FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId WHERE g.Title = u.Name

SELECT d.x FROM (SELECT Id x, Name x2 FROM Users WHERE Active) d WHERE d.x > 5

WITH a AS (SELECT Id FROM Users), b(x) AS (SELECT Id FROM a) SELECT x FROM b

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n

SELECT Id, PayRate FROM Users UNION ALL SELECT Id, Rate FROM Timesheets ORDER BY PayRate DESC

SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4

SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3

SELECT 1 EXCEPT (SELECT 2 INTERSECT SELECT 3)

SELECT 1 UNION ALL (SELECT 2 EXCEPT SELECT 3) UNION ALL (SELECT 4)

(SELECT TOP 1 Id FROM Users) UNION (SELECT Id FROM Users ORDER BY Id LIMIT 3) ORDER BY Id

((SELECT 1))

SELECT (SELECT MAX(t.Id) FROM Timesheets t WHERE t.UserId = u.Id) FROM Users u

SELECT SUM(PayRate) OVER (PARTITION BY GroupId ORDER BY PayRate DESC ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING), ROW_NUMBER() OVER () FROM Users

SELECT COALESCE(PayRate, 0), NULLIF(Name, ''), TIMESTAMPADD(DAY, 1, Created) FROM Users

SELECT cast_value FROM Timesheets

SELECT sum_decimal FROM Timesheets

SELECT Id FROM Users WHERE Id = 1

SELECT 

SELECT 'a'

SELECT -5 FROM Timesheets

SELECT 2147483647 FROM Timesheets

SELECT 2147483648 FROM Timesheets

SELECT -2147483648 FROM Timesheets

SELECT -9223372036854775808 FROM Timesheets

SELECT 9223372036854775808 FROM Timesheets

SELECT 1.5 FROM Timesheets

SELECT 0.05 FROM Timesheets

SELECT 100.00 FROM Timesheets

SELECT 1e3 FROM Timesheets

SELECT 'abc' FROM Timesheets

SELECT 'äö' FROM Timesheets

SELECT '' FROM Timesheets

SELECT X'0AFF' FROM Timesheets

SELECT TRUE FROM Timesheets

SELECT NULL FROM Timesheets

SELECT DATE '2024-02-29' FROM Timesheets

{d '2024-02-29'}

SELECT TIME '10:00:00.5' FROM Timesheets

{t '10:00:00'}

{ts '2024-02-29 10:00:00.123'}

{guid '12345678-1234-1234-1234-123456789ABC'}

SELECT UserId FROM Timesheets

SELECT Date FROM Timesheets

SELECT Rate FROM Timesheets

SELECT Distance FROM Timesheets

SELECT Notes FROM Timesheets

SELECT Start FROM Timesheets

SELECT ModifiedSince FROM Timesheets

SELECT Duration + 1 FROM Timesheets

SELECT Duration - UserId FROM Timesheets

SELECT Duration * Duration FROM Timesheets

SELECT Duration / 2 FROM Timesheets

SELECT UserId / 2 FROM Timesheets

SELECT Duration % 7 FROM Timesheets

SELECT -Duration FROM Timesheets

SELECT +Duration FROM Timesheets

SELECT Rate + 1 FROM Timesheets

SELECT Rate + Rate FROM Timesheets

SELECT Rate * 2 FROM Timesheets

SELECT Rate * Rate FROM Timesheets

SELECT Rate / 2 FROM Timesheets

SELECT Rate / 3.00 FROM Timesheets

SELECT Rate % 7 FROM Timesheets

SELECT -Rate FROM Timesheets

SELECT Rate + Duration FROM Timesheets

SELECT Rate + UserId FROM Timesheets

SELECT Rate * Rate * Rate FROM Timesheets

SELECT Rate * Rate * Rate * Rate FROM Timesheets

SELECT Distance + 1 FROM Timesheets

SELECT Distance / Rate FROM Timesheets

SELECT -Distance FROM Timesheets

SELECT 1 + 1.5 FROM Timesheets

SELECT 1e0 * 2 FROM Timesheets

SELECT '5' + 1 FROM Timesheets

SELECT 'ab' || 'cde' FROM Timesheets

SELECT Notes || 'a' FROM Timesheets

SELECT 'a' || Duration FROM Timesheets

SELECT 'a' || Date FROM Timesheets

SELECT UPPER('abc') FROM Timesheets

{fn CONCAT('ab', 'c', Notes)}

SELECT CONCAT('ab', 'c') FROM Timesheets

SELECT SUBSTRING(Notes FROM 2) FROM Timesheets

SELECT TRIM(LEADING 'x' FROM 'xxa') FROM Timesheets

SELECT LEFT('abc', 1) FROM Timesheets

SELECT LENGTH(Notes) FROM Timesheets

SELECT POSITION('a' IN 'abc') FROM Timesheets

SELECT CHAR(65) FROM Timesheets

SELECT REPLACE('a', 'b', 'c') FROM Timesheets

SELECT SPACE(3) FROM Timesheets

SELECT USER() FROM Timesheets

SELECT 1 FROM Timesheets WHERE Duration = 1

SELECT Rate > 1 FROM Timesheets

SELECT 1 FROM Timesheets WHERE Notes LIKE 'a%'

SELECT Duration IN (1, 2) FROM Timesheets

SELECT Rate IS NULL FROM Timesheets

SELECT Billable IS TRUE FROM Timesheets

SELECT 1 FROM Timesheets WHERE Billable AND Duration = 1

SELECT 1 FROM Timesheets WHERE Duration BETWEEN 1 AND 2

SELECT Rate IS DISTINCT FROM 1 FROM Timesheets

SELECT EXISTS (SELECT 1) FROM Timesheets

SELECT Duration IN (SELECT 1) FROM Timesheets

SELECT Duration > ALL (SELECT Rate FROM Timesheets) FROM Timesheets

SELECT CASE WHEN Billable THEN 1 ELSE 2 END FROM Timesheets

SELECT CASE WHEN Billable THEN 1 END FROM Timesheets

SELECT CASE WHEN Billable THEN 1 ELSE Rate END FROM Timesheets

SELECT CASE WHEN Billable THEN UserId ELSE Rate END FROM Timesheets

SELECT CASE Duration WHEN 1 THEN 'a' ELSE 'bcd' END FROM Timesheets

SELECT CASE WHEN Billable THEN NULL ELSE Date END FROM Timesheets

SELECT CASE WHEN Billable THEN Date ELSE Start END FROM Timesheets

SELECT CASE WHEN Billable THEN Distance ELSE 1 END FROM Timesheets

SELECT COALESCE(Rate, 0) FROM Timesheets

SELECT COALESCE(Rate, Distance) FROM Timesheets

SELECT COALESCE(Notes, 'none') FROM Timesheets

SELECT IFNULL(Start, Date) FROM Timesheets

SELECT NULLIF(Duration, 0) FROM Timesheets

SELECT COALESCE(NULL, 1) FROM Timesheets

SELECT COALESCE(Date, '2024-01-01') FROM Timesheets

SELECT COALESCE(Start, '2024-01-01 10:00:00.12345') FROM Timesheets

SELECT COALESCE(?, 'x') FROM Timesheets

SELECT COALESCE(?, 0.0) FROM Timesheets

SELECT ? * 1.5 FROM Timesheets

SELECT COALESCE(Start, ?) FROM Timesheets

SELECT CASE WHEN Billable THEN 'x' ELSE ? END FROM Timesheets

SELECT CAST(? AS VARCHAR(3)) FROM Timesheets

SELECT COALESCE(Rate, ?) FROM Timesheets

SELECT COALESCE(NULL, 'ab') FROM Timesheets

SELECT CAST(Duration AS VARCHAR(30)) FROM Timesheets

SELECT CAST(Rate AS DOUBLE PRECISION) FROM Timesheets

SELECT CAST(NULL AS BIGINT) FROM Timesheets

SELECT CAST('a' AS VARCHAR(20)) FROM Timesheets

SELECT CAST(X'00' AS VARBINARY(20)) FROM Timesheets

SELECT CAST(NULL AS VARCHAR(20)) FROM Timesheets

SELECT CAST(Rate AS DECIMAL(20,4)) FROM Timesheets

SELECT CAST(CAST('a' AS VARCHAR(5)) AS CHAR(9)) FROM Timesheets

{fn CONVERT('a', SQL_VARCHAR(20))}

SELECT CAST('1' AS INTEGER) FROM Timesheets

SELECT CAST('a' AS VARCHAR) FROM Timesheets

SELECT CAST('1.5' AS DECIMAL(5, 2)) FROM Timesheets

SELECT CAST(Start AS DATE) FROM Timesheets

SELECT CAST(Date AS TIMESTAMP(3)) FROM Timesheets

SELECT CAST(Date AS TIMESTAMP) FROM Timesheets

{fn CONVERT(Date, SQL_TIMESTAMP)}

SELECT CAST(Date AS TIMESTAMP(0)) FROM Timesheets

SELECT CAST(Notes AS NUMERIC) FROM Timesheets

SELECT CAST(Notes AS NATIONAL CHARACTER VARYING(10)) FROM Timesheets

{fn CONVERT(Duration, SQL_VARCHAR)}

SELECT CONVERT(Duration, SQL_BIGINT) FROM Timesheets

SELECT CAST(Duration AS BIT) FROM Timesheets

SELECT CAST(Notes AS VARBINARY(16)) FROM Timesheets

SELECT CAST(Notes AS UUID) FROM Timesheets

SELECT CAST(Start AS TIME WITHOUT TIME ZONE) FROM Timesheets

SELECT ABS(Rate) FROM Timesheets

SELECT ROUND(Rate, 1) FROM Timesheets

SELECT FLOOR(Rate) FROM Timesheets

SELECT CEILING(Duration) FROM Timesheets

SELECT CEILING(Distance) FROM Timesheets

SELECT SIGN(Rate) FROM Timesheets

SELECT MOD(Duration, 3) FROM Timesheets

SELECT POWER(2, 3) FROM Timesheets

SELECT PI() FROM Timesheets

SELECT RAND() FROM Timesheets

SELECT TRUNCATE(Rate, 1) FROM Timesheets

SELECT CURRENT_DATE FROM Timesheets

{fn CURDATE()}

SELECT CURRENT_TIME FROM Timesheets

SELECT NOW() FROM Timesheets

SELECT CURRENT_TIMESTAMP(3) FROM Timesheets

SELECT YEAR(Date) FROM Timesheets

SELECT EXTRACT(MONTH FROM Start) FROM Timesheets

SELECT YEAR('2024-01-01') FROM Timesheets

SELECT DAYNAME(Date) FROM Timesheets

SELECT TIMESTAMPADD(SQL_TSI_DAY, 1, Date) FROM Timesheets

SELECT TIMESTAMPADD(SQL_TSI_HOUR, 1, Date) FROM Timesheets

SELECT TIMESTAMPADD('day', 1, Start) FROM Timesheets

{fn TIMESTAMPDIFF(SQL_TSI_HOUR, Start, "End")}

(SELECT MAX(Name) FROM Users)

(SELECT 1)

SELECT COUNT(*), COUNT(Rate), COUNT(DISTINCT Notes) FROM Timesheets

SELECT SUM(Duration), SUM(UserId), SUM(Rate), SUM(Distance), SUM(Billable) FROM Timesheets

SELECT AVG(Duration), AVG(Rate), AVG(Distance) FROM Timesheets

SELECT MIN(Date), MAX(Rate), MIN(Notes) FROM Timesheets

SELECT ROW_NUMBER() OVER (ORDER BY Date), RANK() OVER (ORDER BY Date), DENSE_RANK() OVER (ORDER BY Date) FROM Timesheets

SELECT SUM(Rate) OVER (PARTITION BY UserId), LAG(Rate) OVER (ORDER BY Date), NTILE(4) OVER (ORDER BY Date) FROM Timesheets

SELECT 1 UNION SELECT 2.5

SELECT Duration FROM Timesheets UNION ALL SELECT NULL

SELECT NULL UNION ALL SELECT Date FROM Timesheets

SELECT Id, PayRate FROM Users UNION SELECT Id, Rate FROM Timesheets

SELECT 'a' UNION SELECT 'bcd' UNION SELECT NULL

SELECT Id FROM Users EXCEPT SELECT NULL

SELECT Date FROM Timesheets UNION SELECT Created FROM Users

SELECT Date FROM Timesheets UNION SELECT '2024-01-01'

(SELECT NULL LIMIT 1) UNION SELECT 5

SELECT u.Name, g.Title FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId

SELECT u.Name, g.Title FROM Users u RIGHT JOIN Groups g ON u.GroupId = g.GroupId

SELECT u.Name, g.Title FROM Users u FULL JOIN Groups g ON u.GroupId = g.GroupId

SELECT u.Name, g.Title FROM Users u JOIN Groups g ON u.GroupId = g.GroupId

SELECT g.Title, x.n FROM Groups g LEFT JOIN (SELECT GroupId, COUNT(*) n FROM Users GROUP BY GroupId) x ON x.GroupId = g.GroupId

SELECT GroupId FROM Users RIGHT JOIN Groups USING (GroupId)

SELECT UPPER(g.Title), COALESCE(g.Title, 'none') FROM Users u LEFT JOIN Groups g ON u.GroupId = g.GroupId

SELECT Id FROM Users WHERE Id = ? AND ? <> Name AND PayRate BETWEEN ? AND ?

SELECT Id FROM Timesheets WHERE UserId IN (?, 5, ?) AND Duration NOT IN (?)

SELECT Id FROM Users WHERE Name LIKE ? AND Email LIKE 'a' ESCAPE ?

SELECT Id FROM Users LIMIT ? OFFSET ?

SELECT TOP (?) Id FROM Users

SELECT ? + 1, Rate * ?, ? + ? FROM Timesheets

SELECT CASE WHEN Billable THEN ? ELSE Rate END, CASE Duration WHEN ? THEN ? END FROM Timesheets

SELECT COALESCE(?, Rate), NULLIF(Date, ?) FROM Timesheets

SELECT Id FROM Timesheets WHERE COALESCE(?, ?) = Date

SELECT SUBSTRING(Notes, ?, ?), LEFT(?, 2), ABS(?), SQRT(?) FROM Timesheets

SELECT TIMESTAMPADD(DAY, ?, ?), YEAR(?) FROM Timesheets

SELECT CAST(? AS DECIMAL(5,2)), ?, -?

SELECT Id FROM Users WHERE ? AND (NOT ?) AND ? IS NULL AND Active = ?

SELECT Id FROM Users UNION SELECT ?

SELECT Id FROM Users WHERE ? IN (SELECT Date FROM Timesheets)

SELECT Id FROM Users WHERE PayRate > ALL (SELECT Rate FROM Timesheets WHERE Notes = ?)

SELECT COUNT(*) FROM Users GROUP BY GroupId HAVING COUNT(*) > ? AND MAX(PayRate) < ?

SELECT ? || 'a', ? = ?

SELECT ? = 1.5, Id + ? FROM Users

SELECT Id FROM Users WHERE Name = 5

SELECT Id FROM Users WHERE Name = Id

SELECT Id FROM Timesheets WHERE Date = 5

SELECT Id FROM Timesheets WHERE At > Start

SELECT Id FROM Users WHERE Id = 'abc'

SELECT Id FROM Users WHERE Id IN (1, 'x')

SELECT Id FROM Timesheets WHERE Date = 'soon'

SELECT Id FROM Timesheets WHERE Date >= '2024-02-30'

SELECT Id FROM Users WHERE Active = 'maybe'

SELECT Id FROM Users WHERE Name

SELECT Id FROM Users WHERE Id AND Active

SELECT Date + 1 FROM Timesheets

SELECT Notes + 'a' FROM Timesheets

SELECT Distance % 2 FROM Timesheets

SELECT -Notes FROM Timesheets

SELECT CAST(Id AS DATE) FROM Users

SELECT CAST('x' AS INTEGER)

SELECT CAST('abc' AS VARCHAR(2))

SELECT COALESCE(Id, Name) FROM Users

SELECT Id FROM Users UNION SELECT Name FROM Users

SELECT Id, Name FROM Users UNION SELECT Id FROM Users

SELECT SUM(Name) FROM Users

SELECT YEAR(Id) FROM Users

SELECT LEFT(Name) FROM Users

SELECT COUNT() FROM Users

SELECT LOCATE('a') FROM Users

SELECT CONCAT('a') FROM Users

SELECT SUM(*) FROM Users

SELECT UPPER(DISTINCT Name) FROM Users

SELECT LENGHT(Name) FROM Users

SELECT ROW_NUMBER() FROM Users

SELECT UPPER(Name) OVER () FROM Users

SELECT Id FROM Users WHERE Id IN (SELECT Id, Name FROM Users)

SELECT Id FROM Users WHERE Name LIKE 'a' ESCAPE 'ab'

SELECT ?, ?, ?

SELECT Id FROM Users WHERE Id = ? AND PayRate > ?

SELECT ? || 'a', ?

SELECT x FROM (SELECT ? AS x) t

SELECT ?; SELECT ?

SELECT CAST(? AS GUID)

SELECT  -- nothing FROM Timesheets

SELECT FROBNICATE FROM Timesheets

SELECT

SELECT Id,
  FROM Users

SELECT Id FROM

SELECT Id FROM Users WHERE

SELECT Id FROM Users WHERE Id =

SELECT Id Name Email FROM Users

SELECT Id FROM Users ORDER Id

SELECT (Id FROM Users

SELECT Id FROM Users)

SELECT  ; ; FROM Timesheets

SELECT Id FROM Users; FROBNICATE

SELECT Id FROM Users;
SELECT 1 2

SELECT Id FROM Users WHERE Id IN 5

SELECT Id FROM Users WHERE Id NOT 5

SELECT Id FROM Users WHERE Id IS 5

SELECT Id FROM Users WHERE Id BETWEEN 1 OR 2

SELECT CASE Id END FROM Users

SELECT CASE WHEN Active THEN 1

SELECT Id FROM Users LEFT Groups

SELECT Id FROM Users LEFT JOIN Groups

SELECT Id FROM Users LIMIT 'a'

SELECT Id FROM Users LIMIT 1 LIMIT 2

SELECT Id FROM Users FETCH FIRST 5 ROWS

SELECT TOP 5 PERCENT Id FROM Users

SELECT {x 'a'}

SELECT {d '2024-01-01'

SELECT {d 5}

SELECT CAST(Id AS VARCHAR(0)) FROM Users

SELECT CAST(Id AS DECIMAL(39)) FROM Users

SELECT CAST(Id AS DECIMAL(5,6)) FROM Users

SELECT CAST(Id AS BIGIN) FROM Users

SELECT TIMESTAMPADD(FORTNIGHT, 1, Created) FROM Users

SELECT a.b.c.d.e FROM Users

SELECT "" FROM Users

SELECT Id FROM Users WHERE (Id, Name) = (1, 'a')

SELECT Id FROM Users INTERSECT ALL SELECT 1

SELECT Id FROM Users EXCEPT ALL SELECT 1

SELECT * INTO #x FROM Users

CALL

CALL MoveTimesheet(Id)

{call MoveTimesheet(1)

{select 1}

SELECT INSERT INTO Users VALUES (1) FROM Timesheets

SELECT {d '2024-13-01'}

SELECT DATE '2023-02-29'

SELECT
{ts 'soon'}

SELECT {t '25:00:00'}

SELECT {guid 'x'}

SELECT X'0'

SELECT 123456789012345678901234567890123456789

SELECT 1 WHERE 

SELECT * FROM 

SELECT 1 WHERE 1 = 1

SELECT SUM(1) OVER (ORDER BY 

SELECT Id FROM Users WHERE Id IN (1

SELECT Id

SELECT 'x

SELECT Usrid FROM Timesheets

SELECT u.Idd FROM Users u

SELECT Id
FROM Users
WHERE Nmae = 'x'

SELECT Zebra FROM Users

SELECT Titel FROM Users, Groups

SELECT x

SELECT * FROM Timesheet

SELECT Config, nValue FROM MSysConf

SELECT us.Id FROM Users

SELECT Users.Id FROM Users u

SELECT x.* FROM Users u

SELECT Id FROM Other.Users

SELECT Other.Users.Id FROM Users

SELECT Id FROM Users JOIN Timesheets ON 1 = 1

SELECT d.x FROM (SELECT 1 AS x, 2 AS x) d

SELECT 1 FROM Users u JOIN Groups U ON 1 = 1

SELECT 1 FROM Users JOIN Groups USING (Name)

SELECT Id AS x FROM Users WHERE x = 1

SELECT 1 FROM Users u JOIN (SELECT u.Id) d ON 1 = 1

WITH a AS (SELECT 1), A AS (SELECT 2) SELECT 1

WITH a(x, y) AS (SELECT 1) SELECT 1

SELECT *

SELECT Id FROM Users ORDER BY 2

SELECT Id FROM Users GROUP BY 0

SELECT DISTINCT Name FROM Users ORDER BY Id

SELECT Id FROM Users UNION SELECT Id FROM Users ORDER BY Name

SELECT TOP 5 Id FROM Users LIMIT 3

SELECT Id FROM Users WHERE COUNT(*) > 1

SELECT 1 FROM Users GROUP BY MAX(Id)

SELECT 1 FROM Users u JOIN Groups g ON MAX(u.Id) = 1

SELECT SUM(COUNT(*)) FROM Users

SELECT Name, COUNT(*) FROM Users

SELECT Name, COUNT(*) FROM Users GROUP BY Email

SELECT COUNT(*) FROM Users GROUP BY Email HAVING Name = 'x'

SELECT COUNT(*) FROM Users GROUP BY Email ORDER BY Name

SELECT GroupId + 2 FROM Users GROUP BY GroupId + 1

SELECT (SELECT COUNT(*) FROM Timesheets t WHERE t.UserId = u.Id) FROM Users u GROUP BY u.GroupId

SELECT Id FROM Users WHERE ROW_NUMBER() OVER (ORDER BY Id) = 1

SELECT SUM(Id) OVER (ORDER BY Name) FROM Users GROUP BY GroupId

SELECT id FROM users

SELECT u."NAME" FROM Users u

SELECT Name AS "Der Name" FROM Users

SELECT Name 'x' FROM Users

SELECT Name AS 'x y' FROM Users

SELECT 1, Id + 1 FROM Users

SELECT d.k FROM (SELECT Id AS k FROM Users) d

WITH q(z) AS (SELECT Id FROM Users) SELECT * FROM q

SELECT * FROM Users FULL JOIN Groups USING (GroupId)

SELECT * FROM Users NATURAL JOIN Groups

SELECT Shop.Shop.Users.Id FROM "Shop"."Shop"."Users"

SELECT g.*, Shop.u.* FROM Users u, Groups g

SELECT "a ""quoted"" name" FROM [Odd Table]

SELECT * FROM Timesheets

SELECT t.* FROM Timesheets t

SELECT *, ModifiedSince FROM Timesheets

SELECT * FROM Users, Groups

SELECT Users.*, Groups.* FROM Users NATURAL JOIN Groups

SELECT *, * FROM Groups

VALUES (1, 'a'), (2, NULL)

SELECT column2, column1 + 1 FROM (VALUES (1, 'a'), (2.5, 'b')) v ORDER BY 1 DESC

SELECT * FROM VALUES (1), (2) AS v(n) WHERE n > 1

VALUES (2), (1) ORDER BY 1 LIMIT 1

SELECT 1 UNION ALL VALUES (2), (3)

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) = (1, 'a')

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) <> (1, 'a')

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) IN ((1, 'a'), (2, 'x'), (2, 'b'))

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) NOT IN ((1, 'a'), (2, 'x'), (4, 'b'))

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (d, i) < (10.5, 3) ORDER BY i

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (d, i) >= (10.5, 1) ORDER BY i

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, d) IN (SELECT i, 10.500 FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w))

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) IN (SELECT a, b FROM (VALUES (1, 'a'), (2, NULL)) x(a, b))

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) NOT IN (SELECT a, b FROM (VALUES (1, 'a'), (2, NULL)) x(a, b))

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE (i, s) IS NOT DISTINCT FROM (4, NULL)

SELECT s FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) INTERSECT ALL VALUES ('a'), ('a'), ('a'), (NULL) ORDER BY 1

SELECT s FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) EXCEPT ALL VALUES ('a'), ('b') ORDER BY 1

VALUES (1), (1), (2) EXCEPT ALL VALUES (1) EXCEPT ALL VALUES (1)

VALUES (1), (1) UNION ALL VALUES (3) EXCEPT ALL VALUES (1) UNION ALL VALUES (9)

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) UNION SELECT 7 ORDER BY -i

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE i < 3 UNION ALL SELECT 9 ORDER BY CASE i WHEN 9 THEN 0 ELSE i END LIMIT 2

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY d DESC FETCH FIRST 1 ROW WITH TIES

SELECT TOP 1 WITH TIES i, d FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY d DESC

SELECT DISTINCT s FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY s DESC FETCH FIRST 2 ROWS WITH TIES

SELECT s, SUM(d) FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) GROUP BY s ORDER BY COUNT(*) FETCH FIRST 1 ROWS WITH TIES

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY d DESC OFFSET 1 ROW FETCH NEXT 1 ROW WITH TIES

SELECT TOP 50 PERCENT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY i

SELECT TOP (25.1) PERCENT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY i DESC

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) UNION ALL SELECT 5 ORDER BY 1 DESC FETCH FIRST 20 PERCENT ROWS ONLY

SELECT x.n FROM (SELECT TOP 1 WITH TIES i, d AS n FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY d DESC) x

SELECT VAR_SAMP(i), VAR_POP(i) FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE i = 1

SELECT MEDIAN(i) FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE i > 9

SELECT i, SUM(i) OVER w, COUNT(*) OVER (w ROWS CURRENT ROW) FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WINDOW w AS (ORDER BY i) ORDER BY i

SELECT SUM(i) OVER w FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WINDOW v AS (PARTITION BY s), w AS (v ORDER BY i) ORDER BY i

SELECT SUM(i) OVER (ORDER BY d GROUPS 1 PRECEDING) FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) ORDER BY i

SELECT s, SUM(SUM(d)) OVER () FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) GROUP BY s ORDER BY s

SELECT '2024-02-05' - w, CAST('2024-02-05' AS DATE) - w FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE i = 1

SELECT w + INTERVAL '1' MONTH, w - 1, 1 + w, w - DATE '2024-01-01', w - '2024-01-01' FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE i = 1

SELECT DATE '2024-02-29' + INTERVAL '1' YEAR, DATE '2024-02-29' - INTERVAL '1-1' YEAR TO MONTH

SELECT TIMESTAMP '2024-02-29 23:00:00' + INTERVAL '1 01:00:00.5' DAY TO SECOND

SELECT TIMESTAMP '2024-02-29 23:00:00' - INTERVAL 90 MINUTE, INTERVAL '2' HOUR + DATE '2024-01-01'

SELECT DATE '2024-01-01' + {interval '3' day}, DATE '2024-01-01' + {interval -'3' day}, DATE '2024-01-01' - INTERVAL '2' DAY * 3

SELECT DATE '2024-01-01' + INTERVAL '3 days', TIME '23:30:00' + INTERVAL '1' HOUR

SELECT DATE '2024-01-01' + -INTERVAL '1' WEEK, DATE '2024-01-01' + INTERVAL '1' QUARTER

SELECT i FROM (VALUES (1, 'a', 10.50, DATE '2024-01-31'), (2, 'b', 7.25, DATE '2024-02-29'), (3, 'a', 10.50, NULL), (4, NULL, 0.10, DATE '2023-12-31')) t(i, s, d, w) WHERE w > DATE '2024-03-01' - INTERVAL '1' DAY - 1

SELECT DATE '9999-12-31' + 1

SELECT DATEADD(month, 1, DATE '2024-01-31'), DATEDIFF(dd, DATE '2024-01-31', DATE '2024-02-29'), DATEPART(yy, DATE '2024-02-29')

SELECT DATENAME(mm, DATE '2024-02-29'), DATENAME(dw, DATE '2024-02-29'), DATENAME(dy, DATE '2024-02-29'), DATEPART(ms, TIMESTAMP '2024-01-01 00:00:00.123')

SELECT DATE_TRUNC('month', DATE '2024-02-29'), DATE_TRUNC('hour', TIMESTAMP '2024-02-29 10:11:12.5'), DATE_TRUNC('week', DATE '2024-02-29')

SELECT DATETRUNC(quarter, DATE '2024-06-29'), EOMONTH(DATE '2024-02-01'), EOMONTH(DATE '2024-01-31', 1), LAST_DAY(DATE '2023-02-01')

SELECT DATEFROMPARTS(2024, 2, 29), ISDATE('2024-02-30'), ISDATE('2024-02-29'), ISDATE(NULL), DAY(DATE '2024-02-29')

SELECT DATEFROMPARTS(2024, 2, 30)

SELECT DATEADD(millisecond, 1500, TIMESTAMP '2024-01-01 00:00:00'), DATEDIFF(ms, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 00:00:01.5')

SELECT GETDATE() = NOW(), LOCALTIMESTAMP = CURRENT_TIMESTAMP, CAST(GETDATE() AS DATE) = CURRENT_DATE, TIMESTAMPDIFF(HOUR, GETUTCDATE(), GETDATE()) BETWEEN -14 AND 14

SELECT DATE(TIMESTAMP '2024-02-29 10:00:00'), TIMESTAMP('2024-02-29'), EXTRACT(weekday FROM DATE '2024-02-29')

SELECT IIF(1 > 2, 'x', 'y'), NVL(NULL, 5), ISNULL(NULL, 'z'), NVL2(NULL, 1, 2), DECODE(2, 1, 'one', 2, 'two', 'many'), DECODE(9, 1, 'one')

SELECT GREATEST(1, 2.5, 2), LEAST('b', 'a'), GREATEST(1, NULL), LEAST(10.5, 9.25), GREATEST(100.00, 9.5)

SELECT LEN('ab  '), CHARINDEX('b', 'abcb'), CHARINDEX('b', 'abcb', 3), INSTR('abcb', 'b'), STRPOS('abc', 'c'), STUFF('abcd', 2, 2, 'XY')

SELECT REPLICATE('ab', 2), REVERSE('héllo'), CONCAT_WS('-', 'a', NULL, 'b'), SPLIT_PART('a,b,c', ',', 2), LPAD('7', 3, '0'), RPAD('ab', 4), LPAD('abc', 2)

SELECT MID('abcdef', 2, 3), CHR(65), UNICODE('é'), DATALENGTH('é'), CEIL(1.2), LN(1), POW(2, 3), TRUNC(1.789), TRUNC(1.789, 1), ATN2(0, 1)

SELECT CONVERT(VARCHAR(10), DATE '2024-02-29', 120), CONVERT(INT, '5'), CONVERT('5', SQL_INTEGER), {fn CONVERT('5', SQL_DOUBLE)}

SELECT TRY_CAST('x' AS INTEGER), TRY_CAST('12' AS INTEGER), TRY_CONVERT(DATE, '2024-02-30'), TRY_CAST(1e30 AS BIGINT)

SELECT OVERLAY('abcdef' PLACING 'XY' FROM 2 FOR 3), OVERLAY('abcdef' PLACING 'XY' FROM 2), SUBSTRING('abc' FOR 2), SUBSTRING('abc' FROM 2 FOR 1)

SELECT TRIM(BOTH 'x' FROM 'xax'), TRIM(TRAILING FROM 'a  '), TRIM('  a '), POSITION('b' IN 'abc')

SELECT 'ABC' ILIKE 'ab%', 'ABC' NOT ILIKE 'x%', ISNUMERIC('1.5'), ISNUMERIC('x'), ISNUMERIC(NULL)

SELECT CURRENT_USER = USER(), {fn USER()} = SESSION_USER

SELECT TRUE IS UNKNOWN, NULL IS UNKNOWN, (1 = NULL) IS NOT TRUE, (1 = 1) IS NOT FALSE

SELECT N'é', X'4142', 'it''s' /* comment */ -- end

 -- nothing

FROBNICATE

 ; ;

SELECT Id FROM Users WHERE (Id, Name) = (1, 'a', 2)

SELECT Id FROM Users WHERE (Id, Name) = 1

SELECT Id FROM Users WHERE (Id, Name) = (SELECT 1, 2)

SELECT ((1, 2) = (1, 2), 3) = (TRUE, 3)

SELECT DISTINCT ON (Id) Id FROM Users

SELECT Id FROM Users, LATERAL (SELECT 1) x

SELECT Id FROM Users CROSS APPLY (SELECT 1) x

SELECT Id FROM Users u PIVOT (SUM(Id) FOR Id IN (1))

SELECT Id FROM UNNEST(1)

SELECT Id FROM Users ORDER BY Name COLLATE NOCASE

SELECT Id FROM Users WHERE Name SIMILAR TO 'a'

SELECT TO_CHAR(Created, 'YYYY') FROM Users

SELECT Id FROM Users WHERE CONTAINS(Name, 'a')

SELECT CONVERT(VARCHAR(8), Created, 3) FROM Users

SELECT FIRST_VALUE(Id) IGNORE NULLS OVER () FROM Users

SELECT INTERVAL '1' DAY TO MONTH

VALUES (1

SELECT * FROM (SELECT * INTO #x FROM Users) d

SELECT 1 UNION SELECT 2 INTO #x

MERGE INTO Users USING Groups ON 1 = 1

SELECT CURRENT_DATE + INTERVAL 'soon' DAY

SELECT CURRENT_DATE + INTERVAL '1:60' MINUTE TO SECOND

VALUES (1)

CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20) DEFAULT 'it''s', c DECIMAL(10,2) NOT NULL DEFAULT 1.5)

CREATE TABLE t (id INTEGER NOT NULL AUTO_INCREMENT, x NVARCHAR(5) CHARACTER SET utf8 COLLATE utf8_bin NULL);
CREATE LOCAL TEMPORARY TABLE "XTable" ("COL" INTEGER) ON COMMIT PRESERVE ROWS

SELECT TOP 1 Name, Active INTO t FROM Users

DROP TABLE IF EXISTS nothing;
ALTER TABLE Notes ADD COLUMN x DECIMAL(5,2) NOT NULL DEFAULT 1 CHECK (x > 0)

CREATE UNIQUE INDEX i ON Notes (Text ASC, price DESC)

DROP VIEW IF EXISTS nothing;
CREATE TABLE t (a INT, b DECIMAL(5,2)); INSERT INTO t VALUES (1, 2); SELECT * FROM t; DROP TABLE t; CREATE TABLE t (z INT); SELECT * FROM t

SELECT ? 

CREATE TEMP TABLE Users (a INT);
CREATE TABLE Busy (a INT)

CREATE TABLE x (a INT PRIMARY KEY, b INT PRIMARY KEY)

CREATE TABLE x (a VARCHAR(5) DEFAULT 'too long');
CREATE TABLE x (a INT CHECK (a IN (SELECT 1)))

CREATE TABLE x (a INT REFERENCES Nowhere)

CREATE TABLE x (a INT AS (1));
CREATE TABLE x (a INTERVAL)

CREATE TABLE RestODBC_views (a INT)

CREATE TABLE x (p) AS SELECT Id, Name FROM Users;
CREATE VIEW a (p) AS SELECT Id, Name FROM Users

CREATE OR REPLACE VIEW Busy AS SELECT * FROM Busy

DROP VIEW Notes;
DROP VIEW Active

CREATE INDEX i ON Notes (Nothing)

ALTER TABLE Notes ADD CONSTRAINT c UNIQUE (Text);
ALTER TABLE Notes DROP COLUMN Id

ALTER TABLE Notes ALTER COLUMN Text VARCHAR(5)

BEGIN TRANSACTION;
begin work

END TRANSACTION

ROLLBACK TO s;
ROLLBACK WORK TO SAVEPOINT s

INSERT INTO Notes DEFAULT VALUES

INSERT INTO "#tags" (NoteId) (SELECT Id FROM Users);
INSERT INTO Notes (Text, Day) SELECT ?, '2024-01-01' UNION ALL SELECT Name, Date FROM Users u JOIN Timesheets t ON u.Id = t.UserId

DELETE Notes n WHERE NOT n.Done AND EXISTS (SELECT 1 FROM Users u WHERE u.Id = n.Id)

DELETE FROM Notes WHERE Count = (SELECT MAX(n.Count) FROM Notes n);
SELECT Text INTO #x FROM Notes WHERE Id < 4

INSERT INTO Notes (Text, Made) VALUES ('a', ?), (?, NULL)

DELETE FROM Notes WHERE Id = ?;
SELECT Id INTO #x FROM Users WHERE PayRate > ?

INSERT INTO Active VALUES (1, 'x')

UPDATE Notes SET Text = Texd;
INSERT INTO Notes (Text) VALUES (1, 2)

INSERT INTO Notes (Text, Bytes) VALUES ('a', X'0102030405')

INSERT INTO Notes (Day) SELECT Id FROM Users;
INSERT INTO Notes (Text) VALUES (Name)

UPDATE Notes SET Count = 1 FROM Users

SELECT DEFAULT FROM Notes;
SELECT 1 FROM Users

SELECT 1 FROM Notes

SELECT Temp.t.Name FROM #tags t;
SELECT Workspace.Busy.Who, Shop.Active.Id FROM Busy, Active

SELECT 1 FROM Shop.Notes

CREATE VIEW v (a, b) AS SELECT 1, 2.50; SELECT * FROM v;
SELECT * FROM Ring

SELECT GroupId, Active, COUNT(*), GROUPING(Active, GroupId) FROM Users GROUP BY ROLLUP (GroupId, (Active, Name)) ORDER BY GROUPING(Active, GroupId), 1

SELECT TOP 3 GroupId FROM Users GROUP BY CUBE (GroupId, Active), GROUPING SETS ((Id, Name), ROLLUP (Id), ()) HAVING MAX(Id) > ?

SELECT GroupId, MAX(CAST(Id AS SMALLINT)) FROM Users GROUP BY GroupId WITH ROLLUP

SELECT Id FROM Users WHERE (Id, GroupId) >= ALL (SELECT Id, GroupId FROM Users) OR (SELECT 1, 2) = ROW (Id, GroupId) OR (Id, 1) BETWEEN (1, 2) AND (3, 4) OR (Id, 2) IS NOT NULL

SELECT SUM(Duration) OVER (ORDER BY Date RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND 2 FOLLOWING) FROM Timesheets

SELECT COUNT(*) OVER (ORDER BY PayRate DESC RANGE 1.50 PRECEDING) FROM Users

WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n a, n b WHERE 1 = 0 OR EXISTS (SELECT 1 FROM n WHERE 1 = 0)
