#!/usr/bin/python3
"""The least work over the wire: for each query exactly the requests that it may make, read from the sandbox's log.

A request is written as endpoint?parameters, without what every request of its table has and without a full page's size; page=2 and
the later ones of a list are written as +4: so many requests more that differ in the page alone. {…} stands for values that the test
fills in from the sandbox's own rows. Each query is run twice from one prepared statement; both runs must cost the same and give the
rows that SQLite has for it.
"""
import re
import urllib.parse

from harness import Session, check, equal, plain_rows, run
import oracle

CONSTANT = {
    "timesheets": {"on_the_clock": "both", "supplemental_data": "no"},
    "timesheets_deleted": {"supplemental_data": "no"},
    "users": {"active": "both", "supplemental_data": "no"},
    "groups": {"active": "both", "supplemental_data": "no"},
    "jobcodes": {"active": "both", "type": "all", "supplemental_data": "no"},
    "jobcode_assignments": {"type": "all", "supplemental_data": "no"},
}
EVER = "start_date=1970-01-01"

# Query, parameters, requests.
CASES = [
    # Probes of BI tools, and what can have no rows.
    ("SELECT * FROM Users WHERE 1 = 0", (), []),
    ("SELECT Id FROM Users LIMIT 0", (), []),
    ("SELECT TOP 0 Id FROM Users", (), []),
    ("SELECT * FROM (SELECT Id, Username FROM Users) x WHERE 0 = 1", (), []),
    ("SELECT COUNT(*) FROM Users WHERE 1 = 0", (), []),
    ("SELECT Id FROM Users WHERE Id = 1 AND Id = 2", (), []),
    ("SELECT Id FROM Users WHERE Id = ? AND Id = ?", (1, 2), []),
    ("SELECT Id FROM Users WHERE Id = ? AND Id = ?", (510004, 510004), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE Id > 5 AND Id < 3", (), []),
    ("SELECT Id FROM Users WHERE Id > 5 AND Id < 6", (), []),
    ("SELECT Id FROM Users WHERE Id BETWEEN 9 AND 8", (), []),
    ("SELECT Id FROM Users WHERE Id = NULL", (), []),
    ("SELECT Id FROM Users WHERE Id = ?", (None,), []),
    ("SELECT Id FROM Users WHERE Id IS NULL", (), []),
    ("SELECT Id FROM Users WHERE Id IN (1, 2) AND Id IN (3, 4)", (), []),
    ("SELECT Id FROM Timesheets WHERE Date > '2024-03-02' AND Date < '2024-03-02'", (), []),
    ("SELECT Id FROM Timesheets WHERE Date > '2024-03-02' AND Date < '2024-03-03'", (), []),
    ("SELECT Id FROM Timesheets WHERE Date BETWEEN ? AND ?", ("2024-03-02", "2024-03-01"), []),
    ("SELECT Id FROM JobCodes WHERE Type = 'pto' AND Type = 'regular'", (), []),
    ("SELECT u.Id, t.Id FROM Users u LEFT JOIN Timesheets t ON 1 = 0", (), ["users?"]),
    ("SELECT u.Id, t.Id FROM Users u LEFT JOIN Timesheets t ON t.UserId = u.Id AND t.Id = 1 AND t.Id = 2", (), ["users?"]),
    ("SELECT u.Id FROM Users u JOIN Timesheets t ON t.UserId = u.Id WHERE 1 = 0", (), []),
    ("SELECT x.n, y.n FROM (SELECT GroupId, COUNT(*) AS n FROM Users GROUP BY GroupId) x JOIN (SELECT UserId, COUNT(*) AS n FROM Timesheets "
     "GROUP BY UserId) y ON x.n = y.n WHERE 1 = 0", (), []),
    ("WITH q AS (SELECT Id, (SELECT COUNT(*) FROM Groups) AS n FROM Users) SELECT * FROM q WHERE 1 = 0", (), []),
    ("SELECT GroupId, COUNT(*) FROM Users GROUP BY GroupId HAVING 1 = 0", (), []),
    ("SELECT COUNT(*) FROM Users HAVING 1 = 0", (), []),
    ("WITH q AS (SELECT * FROM Users) SELECT * FROM q a, q b WHERE 1 = 0", (), []),
    ("WITH q AS (SELECT * FROM Users WHERE Id = ?) SELECT * FROM q a, q b WHERE 1 = 0 AND a.Id = ?", (510001, 510004), []),
    ("WITH q AS (SELECT * FROM Users), r AS (SELECT a.Id FROM q a JOIN q b ON a.Id = b.Id) SELECT * FROM r a, r b LIMIT 0", (), []),
    ("SELECT * FROM (WITH q AS (SELECT * FROM Users) SELECT a.Id FROM q a JOIN q b ON a.Id = b.Id) x WHERE 1 = 0", (), []),
    ("WITH RECURSIVE t (Id) AS (SELECT Id FROM JobCodes WHERE Id = 17280011 UNION ALL SELECT j.Id FROM JobCodes j JOIN t ON j.ParentId = t.Id) "
     "SELECT * FROM t a JOIN t b ON a.Id = b.Id WHERE 1 = 0", (), []),
    ("SELECT * FROM Users WHERE EXISTS (SELECT 1 FROM Groups WHERE 1 = 0 AND Id = ?)", (12,), []),
    ("SELECT COUNT(*) FROM Groups WHERE NOT EXISTS (SELECT 1 FROM Users WHERE 1 = 0)", (), ["groups?"]),
    ("SELECT Id FROM Users WHERE EXISTS (SELECT COUNT(*) FROM Groups WHERE 1 = 0) AND Id = 510001", (), ["users?ids=510001"]),
    ("SELECT COUNT(*), (SELECT MAX(Id) FROM Groups) FROM Users WHERE 1 = 0", (), ["groups?"]),
    ("SELECT COUNT(*) FROM (SELECT Id FROM Users LIMIT 0) x", (), []),
    ("SELECT u.Id FROM Users u LEFT JOIN (SELECT UserId FROM Timesheets) t ON t.UserId = u.Id AND 1 = 0", (), ["users?"]),
    ("SELECT Id FROM Users WHERE Id = 510004 UNION ALL SELECT Id FROM Groups WHERE 1 = 0", (), ["users?ids=510004"]),
    ("SELECT x.Id FROM (SELECT Id FROM Users WHERE Id = 1 AND Id = 2) x LEFT JOIN Groups g ON g.Id = x.Id", (), []),
    # Keys and lists.
    ("SELECT Id FROM Users WHERE Id = 510004", (), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE 510004 = Id", (), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE Id = 510000 + 4", (), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE Id = CAST('510004' AS BIGINT)", (), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE NOT (Id <> 510004)", (), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE NOT (Id <> 510004 OR Active <> 1)", (), ["users?active=yes&ids=510004"]),
    ("SELECT Id FROM Users WHERE Id IN (510004, 510007, 510004, 510004)", (), ["users?ids=510004,510007"]),
    ("SELECT Id FROM Users WHERE Id = 510004 OR Id = 510007", (), ["users?ids=510004,510007"]),
    ("SELECT Id FROM Users WHERE (1 = 0 OR Id = 510004) AND 'a' = 'a'", (), ["users?ids=510004"]),
    ("SELECT Id FROM Users WHERE 'a' = 'b'", (), []),
    ("SELECT Id FROM Users WHERE Id IN (510004) OR Id = 510007", (), ["users?ids=510004,510007"]),
    ("SELECT Id FROM Users WHERE Id IN (510004, 510007) AND Id = 510007", (), ["users?ids=510007"]),
    ("SELECT Id FROM Users WHERE Id IN (510004, 510007) AND Id IN (510007, 510010)", (), ["users?ids=510007"]),
    ("SELECT Id FROM Users WHERE Id IN (510004, 510007, 510010) AND Id > 510004", (), ["users?ids=510007,510010"]),
    ("SELECT Id FROM Users WHERE Id IN (?, ?, ?)", (510004, 510007, 510004), ["users?ids=510004,510007"]),
    ("SELECT Id FROM Timesheets WHERE Id IN ({250 timesheets})", (),
     ["timesheets?ids={timesheets 0 100}", "timesheets?ids={timesheets 100 200}", "timesheets?ids={timesheets 200 250}"]),
    # Booleans, patterns, mapped values.
    ("SELECT Id FROM Users WHERE Active = 1", (), ["users?active=yes"]),
    ("SELECT Id FROM Users WHERE Active <> 0", (), ["users?active=yes"]),
    ("SELECT Id FROM JobCodes WHERE Type = 'pto' AND Active = 1", (), ["jobcodes?active=yes&type=pto"]),
    ("SELECT Id FROM Users WHERE LastName LIKE 'Sm%'", (), ["users?last_name=Sm*"]),
    ("SELECT Id FROM Users WHERE Username IN ('user3', 'user4')", (), ["users?usernames=user3,user4"]),
    # Dates in every form.
    ("SELECT Id FROM Timesheets WHERE Date = {d '2024-03-01'}", (), ["timesheets?end_date=2024-03-01&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date = DATE '2024-03-01'", (), ["timesheets?end_date=2024-03-01&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date = '2024-03-01'", (), ["timesheets?end_date=2024-03-01&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date = CAST('2024-03-01' AS DATE)", (), ["timesheets?end_date=2024-03-01&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date = ?", ("2024-03-01",), ["timesheets?end_date=2024-03-01&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date = {fn TIMESTAMPADD(SQL_TSI_DAY, -7, {d '2024-03-08'})}", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date >= {ts '2024-12-20 00:00:00'}", (), ["timesheets?start_date=2024-12-20"]),
    ("SELECT Id FROM Timesheets WHERE Date BETWEEN '2024-03-01' AND '2024-03-09'", (), ["timesheets?end_date=2024-03-09&start_date=2024-03-01"]),
    ("SELECT Id FROM Timesheets WHERE Date >= '2024-03-01' AND Date >= ? AND Date < '2024-05-01' AND Date < '2024-04-09'", ("2024-04-01",),
     ["timesheets?end_date=2024-04-09&start_date=2024-04-01"]),
    ("SELECT Id FROM Users WHERE Id BETWEEN ? AND ?", (510007, 510004), []),
    ("SELECT Id FROM Users WHERE LastName > ? AND ? > LastName", ("m", "b"), []),
    ("SELECT Id FROM Users WHERE LastName > ?", (None,), []),
    ("SELECT Id FROM Timesheets WHERE {fn YEAR(Date)} = 2023", (), ["timesheets?end_date=2023-12-31&start_date=2023-01-01"]),
    ("SELECT Id FROM Timesheets WHERE {fn YEAR(Date)} IN (2023, 2020, 2021)", (), ["timesheets?end_date=2023-12-31&start_date=2020-01-01"]),
    ("SELECT Id FROM Timesheets WHERE Date = '2024-03-01' OR Date = '2024-05-01'", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "timesheets?end_date=2024-05-01&start_date=2024-05-01"]),
    # Joins, both ways.
    ("SELECT t.Id, u.Username FROM Timesheets t JOIN Users u ON u.Id = t.UserId WHERE t.Date = '2024-03-01'", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={users of 2024-03-01}"]),
    ("SELECT t.Id, u.Username FROM Users u JOIN Timesheets t ON t.UserId = u.Id WHERE t.Date = '2024-03-01'", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={users of 2024-03-01}"]),
    ("SELECT t.Id, u.Username FROM Timesheets t LEFT JOIN Users u ON u.Id = t.UserId WHERE t.Date = '2024-03-01'", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={users of 2024-03-01}"]),
    ("SELECT t.Id, u.Username FROM Timesheets t LEFT JOIN Users u ON u.Id = t.UserId AND u.Active = 0 WHERE t.Date = '2024-03-01'", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?active=no&ids={users of 2024-03-01}"]),
    ("SELECT g.Name, SUM(t.Duration) FROM Timesheets t JOIN Users u ON u.Id = t.UserId JOIN Groups g ON g.Id = u.GroupId WHERE t.Date = '2024-03-01' "
     "GROUP BY g.Name", (), ["groups?ids={groups of 2024-03-01}", "timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={users of 2024-03-01}"]),
    ("SELECT g.Name, u.Username FROM Groups g LEFT JOIN Users u ON u.GroupId = g.Id AND u.Active = 0", (),
     ["groups?", "users?active=no&group_ids={groups}"]),
    ("SELECT g.Name, u.Username FROM Groups g RIGHT JOIN Users u ON u.GroupId = g.Id WHERE u.Id = 510004", (),
     ["users?ids=510004", "groups?ids={group of 510004}"]),
    ("SELECT u.Username, t.Id FROM Users u JOIN Timesheets t ON t.UserId = u.Id WHERE u.Id IN (510004, 510007)", (),
     ["users?ids=510004,510007", f"timesheets?{EVER}&user_ids=510004,510007"]),
    ("SELECT a.Id, b.Username FROM Users a JOIN Users b ON a.Id = b.Id WHERE a.Id = 510004", (), ["users?ids=510004"]),
    ("SELECT a.Id, b.Username FROM Users a JOIN Users b ON a.Id = b.Id WHERE a.Id IN (510004, 510007)", (), ["users?ids=510004,510007"]),
    ("SELECT t.Id, u.Username, j.Name FROM Timesheets t, Users u, JobCodes j WHERE t.UserId = u.Id AND t.JobcodeId = j.Id AND t.Date = '2024-03-01'", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={users of 2024-03-01}", "jobcodes?ids={jobs of 2024-03-01}"]),
    ("SELECT COUNT(*) FROM Timesheets t JOIN Users u ON u.Id = t.UserId", (), [f"timesheets?{EVER}", "+4", "users?ids={users of all}"]),
    ("SELECT t.Id, u.Username FROM Timesheets t LEFT JOIN Users u ON u.Id = t.UserId AND u.Id IN (510001, 510004, 510999) "
     "WHERE t.Date BETWEEN '2024-02-01' AND '2024-02-29'", (),
     ["timesheets?end_date=2024-02-29&start_date=2024-02-01", "users?ids=510001,510004"]),
    # Joins with a list.
    ("SELECT u.Id, u.Username, v.Bonus FROM Users u JOIN (SELECT 510001 AS i, 5 AS Bonus UNION ALL SELECT 510004, 7 UNION ALL SELECT 510007, 9) v "
     "ON u.Id = v.i", (), ["users?ids=510001,510004,510007"]),
    ("SELECT u.Username, v.Bonus FROM (SELECT 510001 AS i, 5 AS Bonus UNION ALL SELECT 510004, 7) v LEFT JOIN Users u ON u.Id = v.i", (),
     ["users?ids=510001,510004"]),
    ("SELECT Id, Username FROM Users NATURAL JOIN (SELECT ? AS Id UNION SELECT ?) v", (510001, 510004), ["users?ids=510001,510004"]),
    # Semi joins and subqueries.
    ("SELECT Id FROM Users WHERE Id IN (SELECT UserId FROM Timesheets WHERE Date = '2024-03-01')", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={users of 2024-03-01}"]),
    ("SELECT Id FROM Users WHERE Id = (SELECT MIN(UserId) FROM Timesheets WHERE Date = '2024-03-01')", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?ids={first user of 2024-03-01}"]),
    ("SELECT Id FROM Users WHERE Id NOT IN (SELECT UserId FROM Timesheets WHERE Date = '2024-03-01')", (),
     ["timesheets?end_date=2024-03-01&start_date=2024-03-01", "users?"]),
    ("SELECT g.Id FROM Groups g WHERE EXISTS (SELECT 1 FROM Users u WHERE u.GroupId = g.Id AND u.Active = 0)", (),
     ["groups?", "users?active=no&group_ids={groups}"]),
    ("SELECT g.Id FROM Groups g WHERE NOT EXISTS (SELECT 1 FROM Users u WHERE u.GroupId = g.Id AND u.Active = 0)", (),
     ["groups?", "users?active=no&group_ids={groups}"]),
    ("SELECT g.Id, (SELECT COUNT(*) FROM Users u WHERE u.GroupId = g.Id) FROM Groups g", (), ["groups?", "users?group_ids={groups}"]),
    ("SELECT (SELECT COUNT(*) FROM Users), (SELECT MIN(Id) FROM Users), (SELECT MAX(Id) FROM Users)", (), ["users?"]),
    # Derived tables, common tables, unions, groups.
    ("SELECT * FROM (SELECT Id, Active FROM Users) x WHERE x.Id = 510004", (), ["users?ids=510004"]),
    ("WITH q AS (SELECT Id, UserId FROM Timesheets) SELECT * FROM q WHERE UserId = 510004", (), [f"timesheets?{EVER}&user_ids=510004"]),
    ("SELECT * FROM (SELECT Id, Active FROM Users UNION ALL SELECT Id, Active FROM Groups) x WHERE Id = 6", (), ["users?ids=6", "groups?ids=6"]),
    ("SELECT x.UserId, x.d FROM (SELECT UserId, SUM(Duration) AS d FROM Timesheets GROUP BY UserId) x WHERE x.UserId = 510004", (),
     [f"timesheets?{EVER}&user_ids=510004"]),
    ("SELECT UserId, COUNT(*) FROM Timesheets GROUP BY UserId HAVING UserId = 510004", (), [f"timesheets?{EVER}&user_ids=510004"]),
    ("SELECT u.Username, x.d FROM Users u JOIN (SELECT UserId, SUM(Duration) AS d FROM Timesheets GROUP BY UserId) x ON x.UserId = u.Id "
     "WHERE u.Id IN (510004, 510007)", (), ["users?ids=510004,510007", f"timesheets?{EVER}&user_ids=510004,510007"]),
    ("SELECT u.Username, x.d FROM Users u LEFT JOIN (SELECT UserId, SUM(Duration) AS d FROM Timesheets GROUP BY UserId) x ON x.UserId = u.Id "
     "WHERE u.Id = 510004", (), ["users?ids=510004", f"timesheets?{EVER}&user_ids=510004"]),
    ("SELECT Id FROM (SELECT Id, Active FROM (SELECT Id, Active, LastName FROM Users) x WHERE Active = 1) y WHERE Id = 510004", (),
     ["users?active=yes&ids=510004"]),
    ("SELECT TOP 5 Id FROM (SELECT Id, Active FROM (SELECT Id, Active, LastName FROM Users) x WHERE Active = 1) y", (), ["users?active=yes&limit=5"]),
    ("SELECT g.Id FROM Groups g WHERE EXISTS (SELECT 1 FROM (SELECT GroupId FROM (SELECT GroupId, Active FROM Users) x WHERE Active = 0) u "
     "WHERE u.GroupId = g.Id)", (), ["groups?", "users?active=no&group_ids={groups}"]),
    ("SELECT DISTINCT Type FROM JobCodes", (), ["jobcodes?"]),
    ("SELECT MIN(Date), MAX(Date) FROM Timesheets WHERE UserId = 510004", (), [f"timesheets?{EVER}&user_ids=510004"]),
    ("SELECT COUNT(*) FROM Timesheets", (), [f"timesheets?{EVER}", "+4"]),
    # First rows, and order.
    ("SELECT TOP 10 Id FROM Users", (), ["users?limit=10"]),
    ("SELECT Id FROM Users WHERE Active = 1 LIMIT 5 OFFSET 5", (), ["users?active=yes&limit=10"]),
    ("SELECT Id FROM Users WHERE Id IN (510004, 510007) LIMIT 1", (), ["users?ids=510004,510007&limit=1"]),
    ("SELECT Id, Date FROM TimesheetsDeleted ORDER BY Date DESC LIMIT 3", (),
     ["timesheets_deleted?end_date=2999-12-31&limit=3&order_results_by=date&order_results_reverse=1&start_date=1970-01-01"]),
    ("SELECT Id FROM Users ORDER BY Id DESC LIMIT 3", (), ["users?"]),
    ("SELECT Id FROM Timesheets WHERE Duration > 30000 LIMIT 3", (), [f"timesheets?{EVER}"]),
]
# Which of equal rows a LIMIT leaves is the service's choice: only their number is compared.
ANY_ROWS = re.compile(r"LIMIT|TOP")


def made(session, cursor, query, parameters):
    session.forget()
    rows = plain_rows(cursor.execute(query, parameters).fetchall())
    requests, later = [], 0
    for entry in session.log():
        if not entry["path"].startswith("/api/v1/"):
            continue
        check(entry["status"] == 200 and entry["method"] == "GET", f"every request succeeds: {query}", entry)
        endpoint = entry["path"][len("/api/v1/"):]
        sent = dict(entry["query"])
        page = sent.pop("page", "1")
        if sent.get("limit") == "200":
            del sent["limit"]
        for name, value in CONSTANT[endpoint].items():
            if sent.get(name) == value:
                del sent[name]
        if page != "1":
            later += 1
            continue
        parameters_ = "&".join(f"{name}={ordered(value)}" for name, value in sorted(sent.items()))
        requests.append(f"{endpoint}?{parameters_}")
    return rows, sorted(requests + ([f"+{later}"] if later else []))


def ordered(value):
    return ",".join(sorted(value.split(",")))


def values_of(session):
    """What {…} stands for."""
    timesheets = oracle.rows_of(session, "Timesheets")
    of_day = [row for row in timesheets if row["Date"] == "2024-03-01"]
    ids = sorted(row["Id"] for row in timesheets)
    values = {
        "250 timesheets": ids[:250], "timesheets 0 100": ids[:100], "timesheets 100 200": ids[100:200], "timesheets 200 250": ids[200:250],
        "users of 2024-03-01": {row["UserId"] for row in of_day}, "first user of 2024-03-01": [min(row["UserId"] for row in of_day)],
        "jobs of 2024-03-01": {row["JobcodeId"] for row in of_day}, "users of all": {row["UserId"] for row in timesheets},
        "groups": {row["Id"] for row in oracle.rows_of(session, "Groups")},
        "groups of 2024-03-01": {row["GroupId"] for row in oracle.rows_of(session, "Users") if row["Id"] in {one["UserId"] for one in of_day}},
        "group of 510004": [row["GroupId"] for row in oracle.rows_of(session, "Users") if row["Id"] == 510004],
    }
    return {"{" + name + "}": ",".join(sorted(map(str, those))) for name, those in values.items()}


def filled(text, values):
    for name, those in values.items():
        text = text.replace(name, those)
    return text


def plain_sql(query):
    """The query as SQLite reads it."""
    query = re.sub(r"\{fn TIMESTAMPADD\(SQL_TSI_DAY, (-?\d+), \{d ('[^']*')\}\)\}", r"DATE(\2, '\1 days')", query)
    query = re.sub(r"\{fn YEAR\(Date\)\}", "CAST(SUBSTR(Date, 1, 4) AS INTEGER)", query)
    query = re.sub(r"\{ts '(\S+) 00:00:00'\}", r"'\1'", query)
    query = re.sub(r"\{d ('[^']*')\}|DATE ('[^']*')|CAST\(('[^']*') AS DATE\)", lambda found: found[1] or found[2] or found[3], query)
    return re.sub(r"SELECT TOP (\d+) (.*)", r"SELECT \2 LIMIT \1", query)


def exactly_these():
    with Session("--rows", "1000") as session:
        connection = session.connect()
        database = oracle.database(session)
        values = values_of(session)
        for query, parameters, wanted in CASES:
            query = filled(query, values)
            wanted = sorted(one if one.startswith("+") else re.sub(r"=([^&]*)", lambda found: "=" + ordered(found[1]), filled(one, values))
                            for one in wanted)
            cursor = connection.cursor()
            shown = query if len(query) < 200 else query[:200] + "…"
            rows, requests = made(session, cursor, query, parameters)
            equal(requests, wanted, f"requests: {shown} {parameters or ''}")
            again, same = made(session, cursor, query, parameters)
            equal((same, sorted(map(repr, again))), (wanted, sorted(map(repr, rows))), f"… and executed once more: {shown}")
            reference = plain_rows(database.execute(plain_sql(query), parameters).fetchall())
            if ANY_ROWS.search(query):
                equal(len(rows), len(reference), f"… its rows: {shown}")
            else:
                equal(sorted(map(repr, rows)), sorted(map(repr, reference)), f"… its rows: {shown}")
        check(len(CASES) >= 60, "sixty queries", len(CASES))
        connection.close()


def explained():
    """EXPLAIN asks for nothing, and its requests are those that the log shows when the query is run; EXPLAIN ANALYZE counts them."""
    with Session("--rows", "1000") as session:
        connection = session.connect()
        values = values_of(session)
        for query, parameters, _ in CASES:
            query = filled(query, values)
            shown = query if len(query) < 200 else query[:200] + "…"
            session.forget()
            told = [row.Request for row in connection.execute("EXPLAIN " + query, parameters).fetchall() if row.Table]
            equal(api_entries(session), [], f"EXPLAIN makes no request: {shown}")
            rows = [row for row in connection.execute("EXPLAIN ANALYZE " + query, parameters).fetchall() if row.Table]
            entries = api_entries(session)
            equal(sum(row.Requests for row in rows), len(entries), f"EXPLAIN ANALYZE counts the requests: {shown}")
            equal([row.Request for row in rows], told, f"… and tells of the same: {shown}")
            made_none = [row.Request for row in rows if row.Request.startswith("none") and row.Requests]
            equal(made_none, [], f"what is told not to be asked for is not: {shown}")
            if not entries:
                check(all(request.startswith("none") or "{" in request for request in told), f"that nothing is asked for is told: {shown}", told)
            for request in (row.Request for row in rows if row.Requests and "{" not in row.Request):
                url = urllib.parse.urlsplit(request)
                check((url.path, dict(urllib.parse.parse_qsl(url.query))) in entries, f"what is told is asked for: {shown}", f"{request}\n{entries[:3]}")
        connection.close()


def api_entries(session):
    return [(entry["path"], entry["query"]) for entry in session.log() if entry["path"].startswith("/api/v1/")]


def without_pushdown():
    """The same answers, and no parameter in any request that the table could be read without."""
    allowed = {"supplemental_data", "active", "type", "on_the_clock", "start_date", "end_date", "limit", "page"}
    with Session("--rows", "400") as session:
        with_it, without_it = session.connect(), session.connect(Other="Pushdown=0")
        values = values_of(session)
        for query, parameters, _ in CASES:
            query = filled(query, values)
            shown = query if len(query) < 200 else query[:200] + "…"
            wanted = plain_rows(with_it.execute(query, parameters).fetchall())
            session.forget()
            rows = plain_rows(without_it.execute(query, parameters).fetchall())
            if ANY_ROWS.search(query):
                equal(len(rows), len(wanted), f"without pushdown: {shown}")
            else:
                equal(sorted(map(repr, rows)), sorted(map(repr, wanted)), f"without pushdown: {shown}")
            sent = [entry["query"] for entry in session.log() if entry["path"].startswith("/api/v1/")]
            check(all(set(one) <= allowed and one.get("start_date", "1970-01-01") == "1970-01-01" and one.get("limit") == "200" for one in sent),
                  f"… asks for whole tables: {shown}", sent[:3])
        with_it.close()
        without_it.close()


def keys_without_lists():
    """A join to a table whose key takes no list: where there are more keys ahead than the table has pages, it is read whole; where there are few, they are asked for."""
    for rows in ("60", "2000"):
        with Session("--rows", rows, play="zohobooks") as session, session.connect() as connection:
            contacts, invoices = session.raw("zohobooks/contacts"), session.raw("zohobooks/invoices")

            def asked(query):
                session.forget()
                got = connection.execute(query).fetchall()
                entries = [(entry["path"].rpartition("/books/v3/")[2], entry["query"]) for entry in session.log() if "/books/v3/" in entry["path"]]
                return sorted(map(tuple, got)), [(path, int(query.get("page", "1"))) for path, query in entries if "customer_id" not in query], [query["customer_id"] for _, query in entries if "customer_id" in query]
            connection.execute("SELECT COUNT(*) FROM Organizations").fetchall()
            connection.execute("SELECT TOP 1 ContactId FROM Contacts").fetchall()   # so that the organization is known
            names = {row["contact_id"]: row["contact_name"] for row in contacts}
            wanted = sorted((row["invoice_number"], names[row["customer_id"]]) for row in invoices if row["customer_id"] in names)
            got, pages, by_key = asked("SELECT i.InvoiceNumber, c.ContactName FROM Invoices i JOIN Contacts c ON c.ContactId = i.CustomerId")
            equal(got, wanted, f"{rows} invoices and their customers: the rows")
            equal((by_key, len(pages), len(set(pages))), ([], len(pages), len(pages)), "each table is read whole, each page once")
            most = sum(-(-len(table) // 200) for table in (contacts, invoices))
            check(len(pages) <= most + 3, f"… and no more than its pages, but for those asked for ahead: {most}", pages)
            few = sorted({row["customer_id"] for row in invoices})[:3]
            listed = ", ".join(f"'{one}'" for one in few)
            got, pages, by_key = asked(f"SELECT i.InvoiceNumber, v.x FROM (SELECT ContactId AS x FROM Contacts WHERE ContactId IN ({listed})) v JOIN Invoices i ON i.CustomerId = v.x")
            equal((got, len(by_key) <= 3), (sorted((row["invoice_number"], row["customer_id"]) for row in invoices if row["customer_id"] in few), True), "three of the customers")


run(exactly_these, explained, without_pushdown, keys_without_lists)
