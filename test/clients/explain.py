#!/usr/bin/python3
"""EXPLAIN in words: what the service does, what is done here, and why."""
from harness import Session, check, equal, run

PLAIN = ["Step", "Table", "Request", "ServiceFilters", "LocalFilters", "OrderBy", "Limit", "Paging", "NotPushed"]
COUNTS = ["Requests", "Bytes", "Rows", "Milliseconds"]


def rows_of(connection, query, *parameters):
    cursor = connection.execute(query, *parameters)
    names = [column[0] for column in cursor.description]
    return [{name: value for name, value in zip(names, row) if value is not None} for row in cursor.fetchall()]


def words():
    with Session("--rows", "300") as session:
        connection = session.connect()
        cursor = connection.execute("EXPLAIN SELECT Id FROM Users")
        equal([(column[0], column[1]) for column in cursor.description], list(zip(PLAIN, [int, str, str, str, str, str, int, str, str])),
              "the columns of EXPLAIN")
        cursor = connection.execute("EXPLAIN ANALYZE SELECT Id FROM Users")
        equal([(column[0], column[1]) for column in cursor.description[9:]], list(zip(COUNTS, [int, int, int, float])), "and of EXPLAIN ANALYZE")
        start = f"{session.base}/api/v1/"
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Timesheets WHERE UserId = 510004 AND Notes LIKE '%x%' AND Date >= '2024-01-01' "
                                  "AND Duration > 5 LIMIT 10")
        equal(one, [{
            "Step": 1, "Table": "Timesheets", "Paging": "pages of 200 rows, by page=1, 2…",
            "Request": start + "timesheets?supplemental_data=no&on_the_clock=both&user_ids=510004&start_date=2024-01-01&limit=200&page=1",
            "ServiceFilters": "UserId = 510004 AND Date >= '2024-01-01'", "LocalFilters": "Duration > 5 AND Notes LIKE '%x%'",
            "NotPushed": "Duration > 5: the service has no such filter; Notes LIKE '%x%': the service has no such filter; "
                         "LIMIT: Duration > 5 is checked here",
        }], "filters of the service and of ours")
        one = rows_of(connection, "EXPLAIN SELECT Id FROM TimesheetsDeleted ORDER BY Date DESC LIMIT 3 OFFSET 2")
        equal((one[0].get("OrderBy"), one[0].get("Limit"), one[0].get("NotPushed"), len(one)), ("Date DESC", 5, None, 1), "order and limit go down")
        check("order_results_by=date" in one[0]["Request"] and "limit=5" in one[0]["Request"], "and stand in the request", one)
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Timesheets ORDER BY Date DESC LIMIT 3")
        check("ORDER BY Date DESC: the service has no such order; LIMIT: rows are sorted" in one[0]["NotPushed"], "an order of our own", one)
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Users WHERE Id IN (?, ?) AND Active = ?", 510004, 510007, True)
        equal((one[0]["ServiceFilters"], one[0]["Request"]),
              ("Id IN (510004, 510007) AND Active = 1", start + "users?supplemental_data=no&active=yes&ids=510004%2C510007&limit=200&page=1"),
              "parameters with their values")
        one = rows_of(connection, "EXPLAIN ANALYZE SELECT u.Username FROM Timesheets t JOIN Users u ON u.Id = t.UserId "
                                  "WHERE t.Date >= '2024-11-01' AND UPPER(u.Username) <> 'X'")
        equal([row["Table"] for row in one], ["Timesheets", "Users"], "a join: the order of its tables")
        check("ids={t.UserId}" in one[1]["Request"], "a join: where the keys come from", one[1])
        equal(one[1]["NotPushed"], "UPPER(u.Username) <> 'X': not a comparison of one column with values", "a condition that no service knows")
        check(all(row["Requests"] == 1 and row["Bytes"] > 0 and row["Rows"] > 0 for row in one), "a join: counted", one)
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Timesheets WHERE Date >= DATEADD(day, -7, GETDATE())")
        check("start_date={CAST(DATEADD(day, -7, GETDATE()) AS date)}" in one[0]["Request"], "a value that is computed when the query runs", one)
        for bound in ("CURRENT_DATE - 7", "DATEADD(day, -7, CURRENT_DATE)", "{fn TIMESTAMPADD(SQL_TSI_DAY, -7, {fn CURDATE()})}",
                      "DATEADD(day, -7, GETDATE())", "CURRENT_TIMESTAMP - INTERVAL '7' DAY"):
            session.forget()
            day = connection.execute("SELECT CURRENT_DATE - 7").fetchone()[0]
            rows_of(connection, f"SELECT Id FROM Timesheets WHERE Date >= {bound}")
            sent = [entry["query"]["start_date"] for entry in session.log() if entry["path"] == "/api/v1/timesheets"]
            check(sent and set(sent) <= {str(day), str(connection.execute("SELECT CURRENT_DATE - 7").fetchone()[0])}, f"{bound} reaches the service", sent)
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Users WHERE Id = 1 AND Id = 2")
        equal(one[0]["Request"], "none: no row can satisfy the conditions", "a contradiction")
        ids = start + "users?supplemental_data=no&active=both&ids={}&limit=200&page=1"
        for condition, filters, request in [
                ("Id IN (510004, 510007, 510010) AND Id > 510004", "Id IN (510007, 510010)", ids.format("510007%2C510010")),
                ("Id IN (510004, 510007) AND Id IN (510007, 510010)", "Id IN (510007)", ids.format("510007")),
                ("Id IN (510004, 510007) AND Id = 510007", "Id = 510007", ids.format("510007")),
                ("Id IN (510004, 510007) AND Id = 510001", "Id = 510001", "none: no row can satisfy the conditions"),
                ("Id = NULL", "Id = NULL", "none: no row can satisfy the conditions"),
                ("Id = 510004 AND 1 = 0", "Id = 510004", "none: no row can satisfy the conditions"),
                ("Id = 510004 AND 'a' > 'b'", "Id = 510004", "none: no row can satisfy the conditions"),
                ("1 = 0 OR Id = 510004", "Id = 510004", ids.format("510004"))]:
            one = rows_of(connection, f"EXPLAIN SELECT Id FROM Users WHERE {condition}")
            equal((one[0]["ServiceFilters"], one[0]["Request"]), (filters, request), f"what is sent of {condition}")
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Users WHERE Id IN (?, ?) AND Id IN (?, ?)", 510004, 510007, 510007, 510010)
        equal((one[0]["ServiceFilters"], one[0]["Request"]), ("Id IN (510007)", ids.format("510007")), "lists of parameters")
        one = rows_of(connection, "EXPLAIN SELECT v.i, u.Id FROM (SELECT 510001 AS i UNION SELECT 510004) v LEFT JOIN Users u ON u.Id = v.i")
        equal([(row["ServiceFilters"], row["Request"]) for row in one if "Table" in row], [("Id = v.i", ids.format("{v.i}"))], "keys that come from VALUES")
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Users LIMIT 0")
        equal(one[0]["Request"], "none: no row is wanted", "LIMIT 0")
        one = rows_of(connection, "EXPLAIN WITH q AS (SELECT Id FROM Users) SELECT * FROM q a JOIN q b ON a.Id = b.Id WHERE 1 = 0")
        equal(one[0]["Request"], "none: no row can satisfy the conditions", "a common table whose rows nobody sees, used twice")
        tables = lambda query: [row.get("Table") for row in rows_of(connection, query) if row.get("Table")]
        equal(tables("EXPLAIN SELECT Id FROM Users UNION SELECT Id FROM Groups"), ["Users", "Groups"], "a union")
        equal(sorted(tables("EXPLAIN WITH q AS (SELECT Id FROM Users) SELECT * FROM q WHERE Id IN (SELECT UserId FROM Timesheets)")),
              ["Timesheets", "Users"], "a common table and a subquery")
        equal(rows_of(connection, "EXPLAIN SELECT 1"), [], "nothing is read")
        cursor = connection.cursor()
        for text in ("EXPLAIN CALL GetOAuthAccessToken()", "EXPLAIN INSERT INTO t VALUES (1)", "EXPLAIN", "EXPLAIN ANALYZE UPDATE t SET a = 1"):
            try:
                cursor.execute(text)
                check(False, f"{text} is refused")
            except Exception as refusal:
                check(refusal.args[0] == "42000" and "SELECT or WITH must follow" in refusal.args[1], f"{text} is refused with its reason", refusal)
        connection.close()
        connection = session.connect(Other="Pushdown=0")
        one = rows_of(connection, "EXPLAIN SELECT Id FROM Users WHERE Id = 510004")
        equal((one[0].get("ServiceFilters"), one[0]["LocalFilters"], one[0]["NotPushed"]),
              (None, "Id = 510004", "Id = 510004: pushdown is off"), "without pushdown")
        connection.close()
        token = session.properties().get("OAuthAccessToken")
        check(token is None or all(token not in str(row) for row in one), "no secret is shown")


run(words)
