#!/usr/bin/python3
"""isql, iusql and pyodbc run the same queries; their answers are those computed from the sandbox's raw JSON."""
import datetime
import re

from harness import Session, check, equal, narrow, plain, plain_rows, run
import oracle

# name, the query, and the same question to plain tables in SQLite's own words (None: the text is the same).
# Every query has an ORDER BY that decides, so that answers are compared row by row.
QUERIES = [
    ("a list of everything", "SELECT * FROM Groups ORDER BY Id",
     "SELECT Id, Active, Name, LastModified, Created, ManagerIds FROM Groups ORDER BY Id"),
    ("columns under new names", 'SELECT Id AS "User Number", LastName [Family], FirstName AS `Given` FROM Users ORDER BY Id',
     "SELECT Id, LastName, FirstName FROM Users ORDER BY Id"),
    ("comparisons with AND, OR, NOT",
     "SELECT Id, Duration FROM Timesheets WHERE (Duration > 30000 OR Duration < 2000) AND NOT Type = 'manual' ORDER BY Id", None),
    ("IN a list", "SELECT Id, Username FROM Users WHERE Id IN (510001, 510007, 510016, 42) ORDER BY Id", None),
    ("NOT IN, BETWEEN", "SELECT Id, UserId, Duration FROM Timesheets WHERE Duration BETWEEN 10000 AND 12000 AND UserId NOT IN "
     "(510001, 510004) ORDER BY Duration DESC, Id", None),
    ("LIKE from the beginning, in the middle, escaped",
     "SELECT Id, FirstName, LastName FROM Users WHERE FirstName LIKE 'Ada%' OR LastName LIKE '%mit%' OR FirstName LIKE '100\\%%' "
     "ESCAPE '\\' OR LastName LIKE 'Sm_th' ORDER BY Id", None),
    ("an inner join", "SELECT t.Id, u.Username, j.Name FROM Timesheets t JOIN Users u ON u.Id = t.UserId JOIN JobCodes j "
     "ON j.Id = t.JobcodeId WHERE t.Date = {d '2024-03-01'} ORDER BY t.Id",
     "SELECT t.Id, u.Username, j.Name FROM Timesheets t JOIN Users u ON u.Id = t.UserId JOIN JobCodes j "
     "ON j.Id = t.JobcodeId WHERE t.Date = '2024-03-01' ORDER BY t.Id"),
    ("a left join, in ODBC's escape", "SELECT u.Id, g.Name FROM {oj Users u LEFT OUTER JOIN Groups g ON g.Id = u.GroupId} ORDER BY u.Id",
     "SELECT u.Id, g.Name FROM Users u LEFT JOIN Groups g ON g.Id = u.GroupId ORDER BY u.Id"),
    ("GROUP BY and HAVING", "SELECT UserId, COUNT(*) AS Entries, SUM(Duration), MIN(Date), MAX(Duration) FROM Timesheets "
     "GROUP BY UserId HAVING COUNT(*) >= 20 ORDER BY Entries DESC, UserId", None),
    ("an average, and counts of what is there", "SELECT COUNT(*), COUNT(TermDate), COUNT(DISTINCT GroupId), AVG(Duration) FROM Users "
     "LEFT JOIN (SELECT UserId, Duration FROM Timesheets WHERE Duration > 0) t ON t.UserId = Users.Id",
     "SELECT COUNT(*), COUNT(TermDate), COUNT(DISTINCT GroupId), AVG(Duration) FROM Users "
     "LEFT JOIN (SELECT UserId, Duration FROM Timesheets WHERE Duration > 0) t ON t.UserId = Users.Id"),
    ("DISTINCT, and an order by position", "SELECT DISTINCT Type, Active FROM JobCodes ORDER BY 1, 2 DESC", None),
    ("LIMIT and OFFSET", "SELECT Id, Date FROM Timesheets ORDER BY Date DESC, Id LIMIT 7 OFFSET 5", None),
    ("TOP", "SELECT TOP 5 Id, Duration FROM Timesheets ORDER BY Duration DESC, Id",
     "SELECT Id, Duration FROM Timesheets ORDER BY Duration DESC, Id LIMIT 5"),
    ("subqueries: IN, EXISTS, scalar",
     "SELECT Id, Username, (SELECT COUNT(*) FROM Timesheets t WHERE t.UserId = u.Id) FROM Users u WHERE Id IN (SELECT UserId FROM "
     "Timesheets WHERE OnTheClock = 1) OR NOT EXISTS (SELECT 1 FROM Timesheets x WHERE x.UserId = u.Id) ORDER BY Id", None),
    ("UNION and UNION ALL", "SELECT Id, Name FROM Groups WHERE Id < 12 UNION SELECT Id, Name FROM Groups WHERE Id < 16 UNION ALL "
     "SELECT Id, Username FROM Users WHERE Id < 510008 ORDER BY 1, 2", None),
    ("date and time escapes", "SELECT Id, StartTime FROM Timesheets WHERE StartTime >= {ts '2024-04-01 00:00:00'} AND StartTime < "
     "{ts '2024-04-08 12:00:00'} AND Date <> {d '2024-04-03'} ORDER BY StartTime, Id",
     "SELECT Id, StartTime FROM Timesheets WHERE StartTime >= '2024-04-01 00:00:00' AND StartTime < '2024-04-08 12:00:00' "
     "AND Date <> '2024-04-03' ORDER BY StartTime, Id"),
    ("function escapes", "SELECT Id, {fn UCASE(Username)}, {fn LENGTH(Username)}, {fn LEFT(Username, 3)}, {fn CONCAT(PayrollId, '!')}, "
     "{fn MOD(EmployeeNumber, 7)}, {fn YEAR(Created)}, {fn MONTH(Created)} FROM Users WHERE Id < 510031 ORDER BY Id",
     "SELECT Id, upper(Username), length(Username), substr(Username, 1, 3), PayrollId || '!', EmployeeNumber % 7, "
     "CAST(strftime('%Y', Created) AS INTEGER), CAST(strftime('%m', Created) AS INTEGER) FROM Users WHERE Id < 510031 ORDER BY Id"),
    ("CASE, COALESCE, arithmetic", "SELECT Id, CASE WHEN Duration >= 28800 THEN 'long' WHEN Duration > 0 THEN 'short' ELSE 'open' END, "
     "COALESCE(EndTime, StartTime), Duration / 60, Duration * 2 + 1 FROM Timesheets WHERE Id >= 135281900 ORDER BY Id", None),
    ("NULL and booleans", "SELECT Id, HireDate, TermDate, DisplayName, Active FROM Users WHERE (TermDate IS NOT NULL OR HireDate IS NULL) "
     "AND EmailVerified = 0 ORDER BY Id", None),
    ("a view of permissions, joined", "SELECT u.Username, p.Admin, p.Mobile, p.ManageTimesheets, p.TimeTracking FROM UserPermissions p "
     "JOIN Users u ON u.Id = p.UserId WHERE p.ManageTimesheets = 1 ORDER BY u.Id", None),
    ("text of every script", "SELECT Id, FirstName, LastName, FirstName || ' ' || LastName AS Whole FROM Users WHERE FirstName > 'Zo' "
     "OR LastName > 'Smith' ORDER BY Id", None),
]
# iusql takes its input for Latin-1, so this one is for the others.
BEYOND_ASCII = [
    ("every script in the query", "SELECT Id, FirstName AS \"Prénom 名\" FROM Users WHERE FirstName IN ('Jürgen', '李', 'Zoe\u0308', "
     "'O''Brian', 'Robin \U0001F98A') OR LastName = 'Ångström' OR LastName LIKE 'Петр%' ORDER BY Id", None),
]
SAME_FOR_TEXT = re.compile(r"-?\d+(\.\d+)?$")


def as_text(value):
    """How a plain value is compared with what a text client prints: numbers as numbers, NULL as nothing."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return round(float(value), 9)
    return round(float(value), 9) if SAME_FOR_TEXT.match(value) else value


def answers():
    with Session("--rows", "1000") as session:
        database = oracle.database(session)
        connection = session.connect()
        for name, query, reference in QUERIES + BEYOND_ASCII:
            wanted = plain_rows(database.execute(reference or query).fetchall())
            check(wanted, f"{name}: there is an answer")
            try:
                equal(plain_rows(connection.execute(query).fetchall()), wanted, f"pyodbc: {name}")
            except Exception as error:
                check(False, f"pyodbc: {name}", error)
            for program in ("isql", "iusql") if query.isascii() else ("isql",):
                try:
                    got = [[as_text(cell) for cell in row] for row in session.isql_rows(query, program=program)]
                except RuntimeError as error:
                    check(False, f"{program}: {name}", error)
                    continue
                texts = [[as_text(cell) for cell in row] for row in wanted]
                if program == "iusql":
                    texts = [[narrow(cell) if isinstance(cell, str) else cell for cell in row] for row in texts]
                equal(got, texts, f"{program}: {name}")
        connection.close()


def parameters():
    with Session("--rows", "400") as session:
        database = oracle.database(session)
        connection = session.connect()
        cursor = connection.cursor()
        for name, query, values in (
                ("integers", "SELECT Id, Duration FROM Timesheets WHERE UserId = ? AND Duration > ? ORDER BY Id", (510004, 3600)),
                ("a date", "SELECT Id FROM Timesheets WHERE Date = ? ORDER BY Id", (datetime.date(2024, 3, 5),)),
                ("a date as text", "SELECT Id FROM Timesheets WHERE Date >= ? ORDER BY Id", ("2024-12-01",)),
                ("a timestamp", "SELECT Id FROM Timesheets WHERE StartTime >= ? ORDER BY Id", (datetime.datetime(2024, 11, 1, 12, 30),)),
                ("text beyond ASCII", "SELECT Id FROM Users WHERE FirstName = ? OR FirstName = ? ORDER BY Id", ("李", "Robin \U0001F98A")),
                ("a quote that must not end the text", "SELECT Id FROM Users WHERE FirstName = ?", ("O'Brian",)),
                ("a boolean", "SELECT Id FROM Users WHERE Active = ? ORDER BY Id", (False,)),
                ("NULL", "SELECT Id FROM Users WHERE COALESCE(DisplayName, ?) IS NULL ORDER BY Id", (None,)),
                ("in a list", "SELECT Id FROM Users WHERE Id IN (?, ?, ?) ORDER BY Id", (510001, 510010, 7)),
                ("with LIKE", "SELECT Id FROM Users WHERE LastName LIKE ? ORDER BY Id", ("Smith%",)),
                ("for a limit", "SELECT Id FROM Timesheets ORDER BY Id LIMIT ?", (3,))):
            reference = [plain(value) for value in values]
            wanted = plain_rows(database.execute(query, reference).fetchall())
            try:
                equal(plain_rows(cursor.execute(query, values).fetchall()), wanted, f"pyodbc, a parameter: {name}")
            except Exception as error:
                check(False, f"pyodbc, a parameter: {name}", error)
        query = "SELECT COUNT(*) FROM Timesheets WHERE UserId = ?"
        counts = [cursor.execute(query, user).fetchval() for user in (510001, 510004, 510007)]
        equal(counts, [database.execute(query, (user,)).fetchone()[0] for user in (510001, 510004, 510007)],
              "a prepared statement answers each parameter anew")
        connection.close()


def types():
    """What pyodbc makes of each type is what the type promises, and the description stands before the first row."""
    with Session("--rows", "100") as session:
        connection = session.connect()
        cursor = connection.execute("SELECT Id, FirstName, Active, HireDate, Created, PayRate FROM Users WHERE Id = 510004")
        kinds = [column[1] for column in cursor.description]
        equal([kind.__name__ for kind in kinds[1:5]], ["str", "bool", "date", "datetime"], "the types of columns")
        row = cursor.fetchone()
        wanted = next(row for row in oracle.rows_of(session, "Users") if row["Id"] == 510004)
        equal([plain(cell) for cell in row], [plain(wanted[name]) for name in ("Id", "FirstName", "Active", "HireDate", "Created", "PayRate")],
              "their values")
        long_notes = [row for row in oracle.rows_of(session, "Timesheets") if row["Notes"] and len(row["Notes"]) > 5000]
        check(long_notes, "there are long notes")
        for row in long_notes:
            equal(connection.execute("SELECT Notes FROM Timesheets WHERE Id = ?", row["Id"]).fetchval(), row["Notes"], "a long text comes whole")
        odd = [row for row in oracle.rows_of(session, "Timesheets") if row["Notes"] and "\n" in row["Notes"]]
        check(odd, "there are notes with line breaks")
        equal(connection.execute("SELECT Notes FROM Timesheets WHERE Id = ?", odd[0]["Id"]).fetchval(), odd[0]["Notes"],
              "line breaks and tabs come as they are")
        connection.close()


def catalog():
    with Session("--rows", "20") as session:
        connection = session.connect()
        tables = {row.table_name for row in connection.cursor().tables()}
        check(set(oracle.TABLES) <= tables, "pyodbc lists the tables", tables)
        for table, (_, columns) in oracle.TABLES.items():
            names = [row.column_name for row in connection.cursor().columns(table=table)]
            check({column for column, _, _ in columns} <= set(names), f"pyodbc lists the columns of {table}", names)
        keys = [row.column_name for row in connection.cursor().primaryKeys("Users")]
        equal(keys, ["Id"], "pyodbc finds the primary key")
        connection.close()
        for program in ("isql", "iusql"):
            status, out, err = session.isql("help", program=program)
            check(status == 0 and "Timesheets" in out and "JobCodes" in out, f"{program} lists the tables", out + err)
            status, out, err = session.isql("help Timesheets", program=program)
            check(status == 0 and "Duration" in out and "JobcodeId" in out, f"{program} lists columns", out + err)


run(answers, parameters, types, catalog)
