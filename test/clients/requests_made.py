#!/usr/bin/python3
"""What a query costs: the requests that the service saw, read from the sandbox's log, are exactly those the API allows.

Each case names the query, the endpoint, the parameters that must be there and the pages read. Parameters that only undo the
service's own narrowing (on_the_clock=both, active=both, type=all) or keep side data away are the same in every request of a table.
"""
from harness import Session, check, equal, plain_rows, run
import oracle

CONSTANT = {
    "timesheets": {"on_the_clock": "both", "supplemental_data": "no"},
    "users": {"active": "both", "supplemental_data": "no"},
    "groups": {"active": "both", "supplemental_data": "no"},
    "jobcodes": {"active": "both", "type": "all", "supplemental_data": "no"},
    "jobcode_assignments": {"type": "all", "supplemental_data": "no"},
}
# Where the API demands a filter and the query has none, the driver asks for everything since a day before all data.
SINCE_EVER = ("start_date", "modified_since")


def api_requests(session):
    return [entry for entry in session.log() if entry["path"].startswith("/api/v1/")]


def made(session, connection, query, *parameters):
    """Runs a query; its rows and the (endpoint, parameters) of each request."""
    session.forget()
    rows = plain_rows(connection.execute(query, *parameters).fetchall())
    requests = []
    for entry in api_requests(session):
        check(entry["status"] == 200 and entry["method"] == "GET", f"every request succeeds: {query}", entry)
        requests.append((entry["path"][len("/api/v1/"):], entry["query"]))
    return rows, requests


def pages(endpoint, filters, count, limit=200):
    """The requests for a whole list of count rows."""
    last = max(1, -(-count // limit))
    return [(endpoint, {**CONSTANT[endpoint], **filters, "limit": str(limit), "page": str(page)}) for page in range(1, last + 1)]


def normal(requests):
    """Without what two drivers may do differently: page=1 may be left out, a list may stand in any order, and the order of requests."""
    result = []
    for endpoint, query in requests:
        query = {name: ",".join(sorted(value.split(","))) if name.endswith("ids") or name == "usernames" else value
                 for name, value in query.items()}
        query.setdefault("page", "1")
        result.append((endpoint, sorted(query.items())))
    return sorted(result)


def the_documented_example():
    with Session("--rows", "6000") as session:
        connection = session.connect()
        rows = oracle.rows_of(session, "Timesheets")
        by_user = {}
        for row in rows:
            if "2024-02-01" <= row["Date"] <= "2024-10-31":
                by_user.setdefault(row["UserId"], []).append((row["Id"], row["Duration"]))
        users = sorted(by_user, key=lambda user: -len(by_user[user]))[:30]
        wanted = sorted(pair for user in users for pair in by_user[user])
        check(len(wanted) > 400, "the example spans several pages", len(wanted))
        query = (f"SELECT Id, Duration FROM Timesheets WHERE UserId IN ({', '.join(map(str, users))}) "
                 "AND Date BETWEEN '2024-02-01' AND '2024-10-31'")
        got, requests = made(session, connection, query)
        equal(sorted(got), wanted, "users and a range of dates: the rows")
        filters = {"user_ids": ",".join(map(str, users)), "start_date": "2024-02-01", "end_date": "2024-10-31"}
        equal(normal(requests), normal(pages("timesheets", filters, len(wanted))), "users and a range of dates: the requests, and nothing else")
        session.forget()
        out = session.isql_rows(query)
        equal(sorted((int(a), int(b)) for a, b in out), wanted, "the same through isql")
        equal(normal((e["path"][8:], e["query"]) for e in api_requests(session)),
              normal(pages("timesheets", filters, len(wanted))), "the same requests through isql")
        many = [row["Id"] for row in oracle.rows_of(session, "Users")][:150]
        got, requests = made(session, connection, f"SELECT Id FROM Users WHERE Id IN ({', '.join(map(str, many))})")
        equal(sorted(row[0] for row in got), many, "a long list: the rows")
        asked = [int(user) for _, query_ in requests for user in query_["ids"].split(",")]
        equal((len(requests), sorted(asked)), (2, many), "a long list: asked for in pieces that a URL can hold, each id once")
        connection.close()


def filters():
    with Session("--rows", "1000") as session:
        connection = session.connect()
        database = oracle.database(session)
        # query, parameters, endpoint, what narrows the request
        cases = [
            ("SELECT Id FROM Users WHERE Active = 1", (), "users", {"active": "yes"}),
            ("SELECT Id FROM Users WHERE Active = 0", (), "users", {"active": "no"}),
            ("SELECT Id, Username FROM Users WHERE Id = 510010", (), "users", {"ids": "510010"}),
            ("SELECT Id FROM Users WHERE Id = ?", (510010,), "users", {"ids": "510010"}),
            ("SELECT Id FROM Users WHERE Id IN (510001, 510010, 4)", (), "users", {"ids": "510001,510010,4"}),
            ("SELECT Id FROM Users WHERE FirstName LIKE 'Ada%'", (), "users", {"first_name": "Ada*"}),
            ("SELECT Id FROM Users WHERE LastName LIKE 'Sm%h%'", (), "users", {"last_name": "Sm*"}),
            ("SELECT Id FROM Users WHERE GroupId = 6", (), "users", {"group_ids": "6"}),
            ("SELECT Id FROM Users WHERE Username = 'user3'", (), "users", {"usernames": "user3"}),
            ("SELECT Id FROM Users WHERE FirstName LIKE '%da'", (), "users", {}),
            ("SELECT Id FROM JobCodes WHERE Type = 'pto'", (), "jobcodes", {"type": "pto"}),
            ("SELECT Id FROM JobCodes WHERE ParentId IN (17280011, 17280019)", (), "jobcodes", {"parent_ids": "17280011,17280019"}),
            ("SELECT Id FROM JobCodes WHERE Name LIKE 'Assembly%'", (), "jobcodes", {"name": "Assembly*"}),
            ("SELECT Id FROM Timesheets WHERE Date >= {d '2024-12-01'}", (), "timesheets", {"start_date": "2024-12-01"}),
            ("SELECT Id FROM Timesheets WHERE Date = {d '2024-03-01'}", (), "timesheets",
             {"start_date": "2024-03-01", "end_date": "2024-03-01"}),
            ("SELECT Id FROM Timesheets WHERE UserId = 510004 AND Date BETWEEN {d '2024-03-01'} AND {d '2024-03-31'}", (), "timesheets",
             {"user_ids": "510004", "start_date": "2024-03-01", "end_date": "2024-03-31"}),
            ("SELECT Id FROM Timesheets WHERE Id IN (135280001, 135280003)", (), "timesheets", {"ids": "135280001,135280003"}),
            ("SELECT Id FROM JobcodeAssignments WHERE UserId = 510001", (), "jobcode_assignments", {"user_ids": "510001"}),
        ]
        for query, parameters, endpoint, filters_ in cases:
            reference = query.replace("{d ", "").replace("}", "")
            wanted = sorted(plain_rows(database.execute(reference, parameters).fetchall()))
            check(wanted, f"there is an answer: {query}")
            got, requests = made(session, connection, query, *parameters)
            equal(sorted(got), wanted, f"rows: {query}")
            # What the filter lets through may be more than the answer; it decides the number of pages.
            check(requests and all(endpoint == request[0] for request in requests), f"one endpoint: {query}", requests)
            equal(normal(requests), normal(pages(endpoint, filters_, 200 * len(requests))), f"requests: {query}")
        connection.close()


def open_bounds():
    """Bounds the API can not say exactly are widened, never narrowed, and checked again here."""
    with Session("--rows", "1000") as session:
        connection = session.connect()
        database = oracle.database(session)
        for query, reference, names in (
                ("SELECT Id FROM Timesheets WHERE Date > {d '2024-12-01'} AND Date < {d '2024-12-20'}",
                 "SELECT Id FROM Timesheets WHERE Date > '2024-12-01' AND Date < '2024-12-20'", {"start_date", "end_date"}),
                ("SELECT Id FROM Users WHERE LastModified > {ts '2024-09-01 10:00:00'}",
                 "SELECT Id FROM Users WHERE LastModified > '2024-09-01 10:00:00'", {"modified_since"}),
                ("SELECT Id FROM Users WHERE LastModified <= {ts '2024-03-01 10:00:00'}",
                 "SELECT Id FROM Users WHERE LastModified <= '2024-03-01 10:00:00'", {"modified_before"})):
            wanted = sorted(database.execute(reference).fetchall())
            got, requests = made(session, connection, query)
            check(wanted, f"there is an answer: {query}")
            equal(sorted(got), wanted, f"rows: {query}")
            check(all(names <= set(request[1]) for request in requests), f"the bounds go down: {query}", requests)
        got, requests = made(session, connection, "SELECT COUNT(*) FROM Timesheets")
        equal(got, [(1000,)], "all timesheets")
        check(all(set(SINCE_EVER) & set(request[1]) for request in requests), "a required filter has its default", requests)
        equal(len(requests), 5, "all timesheets: five pages")
        connection.close()


def limits():
    with Session("--rows", "1000") as session:
        connection = session.connect()
        got, requests = made(session, connection, "SELECT Id FROM Timesheets WHERE Date >= {d '2024-01-01'} LIMIT 10")
        equal((len(got), len(requests)), (10, 1), "LIMIT 10 reads one page")
        equal(requests[0][1].get("limit"), "10", "LIMIT 10 asks for ten rows when every filter is exact")
        got, requests = made(session, connection, "SELECT TOP 10 Id FROM Users")
        equal((len(got), [r[1].get("limit") for r in requests]), (10, ["10"]), "TOP 10 does the same")
        got, requests = made(session, connection, "SELECT Id FROM Timesheets LIMIT 250")
        equal(len(got), 250, "LIMIT 250")
        check(len(requests) == 2, "LIMIT 250 reads two pages", requests)
        got, requests = made(session, connection, "SELECT Id FROM Timesheets WHERE Duration > 30000 LIMIT 10")
        check(len(got) == 10 and requests[0][1].get("limit") == "200", "a filter of our own keeps the whole page size", requests)
        got, requests = made(session, connection, "SELECT Id FROM Timesheets ORDER BY Duration DESC LIMIT 10")
        equal((len(got), len(requests)), (10, 5), "an order of our own needs all pages")
        query = "SELECT Id, Date FROM TimesheetsDeleted WHERE Date >= {d '2024-02-01'} ORDER BY Date DESC LIMIT 5"
        got, requests = made(session, connection, query)
        last = sorted((row["Date"] for row in oracle.rows_of(session, "TimesheetsDeleted")), reverse=True)[:5]
        equal([row[1] for row in got], last, "an order of the service: the rows")
        check(len(requests) == 1 and requests[0][1].get("order_results_reverse") == "1" and requests[0][1].get("order_results_by") == "date",
              "an order of the service goes down with the limit", requests)
        connection.close()
        connection = session.connect(Pagesize=50)
        got, requests = made(session, connection, "SELECT Id FROM Timesheets WHERE Date >= {d '2024-12-01'}")
        check({request[1]["limit"] for request in requests} == {"50"}, "Pagesize is the size of a page", requests)
        connection.close()
        connection = session.connect(MaxRows=7)
        got, requests = made(session, connection, "SELECT Id FROM Timesheets")
        equal((len(got), len(requests)), (7, 1), "MaxRows bounds a result and stops the reading")
        connection.close()


def joins_and_ends():
    with Session("--rows", "1000") as session:
        connection = session.connect()
        database = oracle.database(session)
        query = ("SELECT t.Id, u.Username FROM Users u JOIN Timesheets t ON t.UserId = u.Id WHERE u.Id = 510004 AND t.Date >= {d '2024-06-01'}")
        wanted = database.execute(query.replace("{d ", "").replace("}", "")).fetchall()
        got, requests = made(session, connection, query)
        equal(sorted(got), sorted(wanted), "a join: the rows")
        by_endpoint = {}
        for endpoint, parameters in requests:
            by_endpoint.setdefault(endpoint, []).append(parameters)
        equal([p.get("ids") for p in by_endpoint.get("users", [])], ["510004"], "a join: the user is asked for by id")
        check(all(p.get("user_ids") == "510004" and p.get("start_date") == "2024-06-01" for p in by_endpoint["timesheets"]),
              "a join: the timesheets are narrowed to that user", by_endpoint["timesheets"])
        query = "SELECT COUNT(*) FROM Timesheets t JOIN JobCodes j ON j.Id = t.JobcodeId WHERE j.Type = 'regular'"
        wanted = database.execute(query).fetchall()
        got, requests = made(session, connection, query)
        equal(got, wanted, "a join over everything: the answer")
        jobs = sum(row["Type"] == "regular" for row in oracle.rows_of(session, "JobCodes"))
        check(jobs > 60 and len(requests) <= 30, f"a join over everything does not ask for each of {jobs} jobcodes", [r[0] for r in requests])
        cursor = connection.cursor()
        session.forget()
        cursor.execute("SELECT Id FROM Timesheets")
        cursor.fetchone()
        cursor.close()
        check(len(api_requests(session)) < 5, "a result that is closed early is not read to its end", len(api_requests(session)))
        session.forget()
        cursor = connection.cursor()
        for query in ("SELECT Id FROM Users WHERE 1 = 0", "SELECT Id FROM Users WHERE Id IS NULL", "SELECT 1 + 1"):
            made(session, connection, query)
            check(len(api_requests(session)) <= 1, f"what needs no data asks for little: {query}", api_requests(session))
        session.forget()
        connection.cursor().tables().fetchall()
        connection.cursor().columns(table="Users").fetchall()
        equal(api_requests(session), [], "the catalog costs no request")
        connection.close()


run(the_documented_example, filters, open_bounds, limits, joins_and_ends)
