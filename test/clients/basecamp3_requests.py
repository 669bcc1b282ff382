#!/usr/bin/python3
"""Basecamp 3: which requests are made and that they are the least that can be, what the errors say, procedures, unchanged answers."""
import os

from basecamp3_tables import ACCOUNT, World, failure
from harness import Session, check, equal, plain_rows, run


def procedures():
    with Session(play="basecamp3") as session, session.connect(ProjectId="*") as connection:
        columns = connection.execute("SELECT ProjectId, CardTableId, Id FROM CardTableColumns WHERE Type = 'Kanban::Column'").fetchall()
        project, table, column = columns[0]
        other = next(row[2] for row in columns if row[1] == table and row[2] != column)
        card = connection.execute("SELECT Id FROM CardTableCards WHERE CardTableColumnId = ?", column).fetchone()[0]
        todo = connection.execute("SELECT Id FROM ToDos WHERE Completed = 0").fetchone()[0]

        def done(call, *values):
            session.forget()
            rows = plain_rows(connection.execute(call, *values).fetchall())
            equal(rows, [(1,)], call)
            entry = session.log()[-1]
            return entry["method"], entry["path"].split("/", 2)[2], entry.get("body")

        def one(query, *values):
            return connection.execute(query, *values).fetchone()
        equal(done("CALL ChangeColumnColor(?, ?, 'aqua')", project, column),
              ("PUT", f"buckets/{project}/card_tables/columns/{column}/color.json", {"color": "aqua"}), "ChangeColumnColor: the request")
        done("CALL CreateOnHoldSectionColumn(?, ?)", project, column)
        row = one("SELECT Color, OnHoldId, SubscriberIds FROM CardTableColumns WHERE Id = ?", column)
        equal((row[0], row[1] is not None), ("aqua", True), "a column's colour, and its section for what is on hold")
        done("CALL RemoveOnHoldSectionColumn(?, ?)", project, column)
        equal(one("SELECT OnHoldId FROM CardTableColumns WHERE Id = ?", column)[0], None, "and without it")
        me = str(one("SELECT Id FROM Profile")[0])
        done("CALL UnWatchColumn(?, ?)", project, column)
        check(me not in (one("SELECT SubscriberIds FROM CardTableColumns WHERE Id = ?", column)[0] or "").split(","), "UnWatchColumn")
        done("CALL WatchColumn(?, ?)", project, column)
        check(me in one("SELECT SubscriberIds FROM CardTableColumns WHERE Id = ?", column)[0].split(","), "WatchColumn")
        done("EXEC MoveCard ProjectId = ?, CardId = ?, ColumnId = ?, Position = 1", project, card, other)
        equal(tuple(one("SELECT CardTableColumnId, Position FROM CardTableCards WHERE Id = ?", card)), (other, 1), "MoveCard")
        equal(done("CALL MoveColumn(?, ?, ?, ?, 2)", project, table, column, other)[2], {"source_id": column, "target_id": other, "position": 2}, "MoveColumn: the request")
        done("CALL CompleteToDo(?)", todo)
        equal(one("SELECT Completed FROM ToDos WHERE Id = ?", todo)[0], True, "CompleteToDo")
        check(one("SELECT CreatedAt FROM ToDoCompletions WHERE ToDoId = ?", todo), "and when it was done")
        done("CALL UncompleteToDo(?)", todo)
        equal(one("SELECT Completed FROM ToDos WHERE Id = ?", todo)[0], False, "UncompleteToDo")
        done("CALL SetRecordingStatus(?, 'trashed')", todo)
        equal([one("SELECT COUNT(*) FROM ToDos WHERE Id = ? AND Status = ?", todo, status)[0] for status in ("active", "trashed")], [0, 1], "SetRecordingStatus")
        told = {(row.procedure_name, row.column_name) for row in connection.cursor().procedureColumns().fetchall()}
        check({("MoveCard", "Position"), ("MoveColumn", "TargetId"), ("ChangeColumnColor", "Color")} <= told, "SQLProcedureColumns tells their inputs", sorted(told))


def joins():
    """A join by key finds rows that the table does not show by itself, also where there are too many keys to ask for each."""
    with Session("--projects", "40", "--todos", "30", play="basecamp3") as session, session.connect(ProjectId="*") as connection:
        lists = {row[0] for row in connection.execute("SELECT Id FROM ToDoLists WHERE Status = '*'").fetchall()}
        todos = connection.execute("SELECT Id, ToDoListId FROM ToDos WHERE Status = 'archived'").fetchall()
        wanted = sorted(row[0] for row in todos if row[1] in lists)
        got = connection.execute("SELECT t.Id FROM ToDos t JOIN ToDoLists l ON l.Id = t.ToDoListId WHERE t.Status = 'archived'").fetchall()
        equal((sorted(row[0] for row in got), len(wanted) > 100), (wanted, True), "archived to-dos with their lists, of which some are archived, too")


def standards():
    """Which rows a table shows depends on what a query names, not on how the query is run: each spelling gives the same, pushed down or not."""
    with Session("--projects", "12", "--todos", "12", play="basecamp3") as session, session.connect(ProjectId="*") as connection, \
            session.connect(ProjectId="*", Other="Pushdown=0") as unpushed:
        def rows(query, connection=connection):
            return sorted(map(tuple, connection.execute(query).fetchall()))
        projects = {row["id"]: row["status"] for row in World(session).data("Project")}
        lists = dict(rows("SELECT Id, Status FROM ToDoLists WHERE Status = '*'"))
        todos = rows("SELECT Id, ToDoListId, ProjectId, Status FROM ToDos WHERE Status = '*'")
        check(len(set(projects.values())) > 1 and set(lists.values()) >= {"active", "archived"} and {"active", "archived"} <= {row[3] for row in todos}, "there are others than active ones")
        active = [row for row in todos if row[3] == "active"]
        for wanted, spellings in (
                ([(one,) for one, status in projects.items() if status == "active"], ("SELECT Id FROM Projects", "SELECT Id FROM Projects WHERE Name <> ''", "SELECT Id FROM (SELECT * FROM Projects) x",
                                                                                     "SELECT Id FROM Projects ORDER BY Id", "SELECT Id FROM Projects p WHERE 1 = (SELECT MAX(1) FROM People)")),
                ([(one,) for one in projects], ("SELECT Id FROM Projects WHERE Id > 0", "SELECT Id FROM Projects WHERE Status = '*'", "SELECT Id FROM Projects WHERE Id > 0 OR Name = 'x'",
                                                "SELECT Id FROM (SELECT * FROM Projects) x WHERE ABS(x.Id) > 0", "SELECT Id FROM Projects GROUP BY Id HAVING Id > 0",
                                                "WITH x AS (SELECT Id AS i FROM Projects) SELECT i FROM x WHERE i + 0 > 0")),
                ([(row[0],) for row in active if row[1] in lists], ("SELECT t.Id FROM ToDos t JOIN ToDoLists l ON l.Id = t.ToDoListId", "SELECT t.Id FROM ToDoLists l JOIN ToDos t ON l.Id = t.ToDoListId",
                                                                    "SELECT t.Id FROM ToDos t, ToDoLists l WHERE l.Id + 0 = t.ToDoListId + 0", "SELECT t.Id FROM ToDos t WHERE EXISTS (SELECT 1 FROM ToDoLists l WHERE l.Id = t.ToDoListId)",
                                                                    "SELECT t.Id FROM (SELECT * FROM ToDos) t JOIN (SELECT Id AS i FROM ToDoLists) l ON l.i = t.ToDoListId")),
                ([(row[0],) for row in active if row[2] in projects], ("SELECT t.Id FROM Projects p JOIN ToDos t ON t.ProjectId = p.Id", "SELECT t.Id FROM ToDos t JOIN Projects p ON t.ProjectId = p.Id",
                                                                       "SELECT t.Id FROM ToDos t JOIN Projects p ON t.ProjectId + 0 = p.Id + 0", "SELECT t.Id FROM Projects p CROSS JOIN ToDos t WHERE t.ProjectId = p.Id"))):
            for query in spellings:
                for way in (connection, unpushed):
                    equal(rows(query, way), sorted(wanted), f"{query}{'' if way is connection else ', without pushdown'}")
        # The word for every value is the same as a literal, in a list and as a parameter; an expression that comes to it is refused, not answered by no row.
        def refusal(query, *values):
            try:
                connection.execute(query, *values).fetchall()
            except Exception as error:
                return error.args
            return "", "it went through"
        everything = sorted((one,) for one in projects)
        cursor = connection.cursor()
        for value, count in (("*", len(projects)), ("trashed", list(projects.values()).count("trashed")), ("*", len(projects)), ("active", list(projects.values()).count("active"))):
            for query in ("SELECT Id FROM Projects WHERE Status = ?", "SELECT Id FROM Projects WHERE ? = Status", "SELECT Id FROM Projects WHERE Status IN ('trashed', ?) AND (Status = ? OR Name = 'x')"):
                given = [value] * query.count("?")
                equal(len(cursor.execute(query, *given).fetchall()), count, f"{query}: {given}")
        for condition in ("Status IN ('*')", "Status IN ('active', '*')", "'*' = Status", "(Status = '*' AND Id > 0)", "Status IN ('active', CAST('*' AS VARCHAR(3)))"):
            equal(rows(f"SELECT Id FROM Projects WHERE {condition}"), everything, condition)
        equal(rows("SELECT Id FROM Projects WHERE Status = 'act' || 'ive'"), sorted((one,) for one, status in projects.items() if status == "active"), "another expression is one value")
        for condition, values in (("Status = '*' || ''", ()), ("Status IN ('active', LOWER('*'))", ()), ("Status = UPPER(?)", ("*",)), ("Status = CAST(? AS VARCHAR(9))", ("*",))):
            state, message = refusal(f"SELECT Id FROM Projects WHERE {condition}", *values)[:2]
            check(state == "22023" and "Status = '*' means all rows only where" in message, f"{condition}: an error", message)
        state, message = refusal("SELECT Id FROM ToDos WHERE ProjectId = ?", "*")[:2]
        check(state == "22018", "a number that is given a text as a parameter: an error", message)
        told_all = [row.ServiceFilters for row in connection.execute("EXPLAIN SELECT Id FROM Projects WHERE Status = ?", "*").fetchall()]
        equal(told_all, [None], "EXPLAIN of it")

        def told(query):
            return [row.ServiceFilters for row in connection.execute("EXPLAIN " + query).fetchall() if row.Table]
        equal(told("SELECT * FROM Projects"), ["Status = 'active' (when not asked for)"], "EXPLAIN tells the condition that stands in")
        equal(told("SELECT * FROM Projects WHERE Id > 0"), [None], "and that it does not")


def asked_by(session, connection, query, *values):
    """(rows, [path with its query]) of a statement."""
    session.forget()
    rows = connection.execute(query, *values).fetchall()
    return rows, [entry["path"].split("/", 2)[2] + ("?" + entry["raw_query"] if entry["raw_query"] else "") for entry in session.log()]


def walks():
    """Which requests are made: no more than must be."""
    with Session(play="basecamp3") as session, session.connect() as connection, session.connect(ProjectId="*") as everywhere:
        first, second = list(World(session).projects())[:2]

        def requests(query, *values, connection=connection):
            return asked_by(session, connection, query, *values)[1]
        equal(requests("SELECT COUNT(*) FROM ToDos"), ["projects.json?status=active", f"projects/recordings.json?bucket={first}&status=active&type=Todo"],
              "ToDos without a project: those of the first one, which costs a request; a count, one")
        equal(requests("SELECT COUNT(*) FROM ToDos"), [f"projects/recordings.json?bucket={first}&status=active&type=Todo"], "once for each connection")
        equal(requests("SELECT Id FROM ToDos WHERE ProjectId = ?", second)[0], f"projects/recordings.json?bucket={second}&status=active&type=Todo", "of another")
        equal(requests("SELECT Id FROM ToDos WHERE ProjectId = '*'")[0], "projects/recordings.json?status=active&type=Todo", "of all")
        equal(requests("SELECT COUNT(*) FROM ToDos", connection=everywhere), ["projects/recordings.json?status=active&type=Todo"], "of all, by the property")
        todo = World(session).within("Todo")[0]
        equal(requests("SELECT Content FROM ToDos WHERE Id = ?", todo["id"]), [f"todos/{todo['id']}.json"], "one to-do, whose project nobody needs to know")
        equal(requests("SELECT Content FROM ToDos WHERE ToDoListId = ? AND Completed = 0", todo["parent"]["id"])[0].split("?")[0], f"todolists/{todo['parent']['id']}/todos.json",
              "those of a list")
        equal(requests("SELECT Title FROM ToDoSets"), [f"projects/{first}.json"] + [f"todosets/{one['id']}.json" for one in World(session).dock("Todoset") if one["bucket"]["id"] == first],
              "the to-do sets of the first project, through its dock")
        tools = [one for one in World(session).dock("Todoset")]
        equal(sorted(requests("SELECT Title FROM ToDoSets", connection=everywhere)), sorted(["projects.json?status=active"] + [f"todosets/{one['id']}.json" for one in tools]), "of all")
        rows, made = asked_by(session, everywhere, "SELECT p.Name, COUNT(*) FROM Projects p JOIN ToDos t ON t.ProjectId = p.Id WHERE t.Completed = 0 GROUP BY p.Name")
        wanted = {}
        for row in World(session).within("Todo"):
            if not row["completed"]:
                wanted[row["bucket"]["name"]] = wanted.get(row["bucket"]["name"], 0) + 1
        equal(dict(map(tuple, rows)), wanted, "to-dos by project")
        check(len([path for path in made if path.startswith("projects/recordings")]) <= 6, "and not a request for each project", made)
        rows, made = asked_by(session, everywhere, "SELECT Id FROM Messages ORDER BY CreatedAt DESC LIMIT 3")
        equal(([row[0] for row in rows], made), ([row["id"] for row in sorted(World(session).within("Message"), key=lambda m: m["created_at"], reverse=True)][:3],
                                                 ["projects/recordings.json?status=active&type=Message&sort=created_at&direction=desc"]), "the newest messages: one page")


def least_requests():
    """All to-dos of 200 projects: each of the pages that the service has, once; several under way, and with a limit slower but whole."""
    with Session("--projects", "200", "--todos", "20", play="basecamp3") as session, session.connect(ProjectId="*") as connection:
        total = len(World(session).within("Todo"))
        pages, size = 0, 0
        for pages, step in enumerate([15, 30, 50] + [100] * 1000):
            if size >= total:
                break
            size += step
        rows, made = asked_by(session, connection, "SELECT Id, Content, ProjectId FROM ToDos")
        equal((len({row[0] for row in rows}), len(rows)), (total, total), "all to-dos of 200 projects")
        check(total > 2000, "there are many", total)
        equal((len(made), len(set(made))), (pages, pages), "each page once, and no other request")
        session.fault(match=f"/{ACCOUNT}/projects/recordings", status=429, retry_after=0, times=3)
        rows, made = asked_by(session, connection, "SELECT Id FROM ToDos")
        refused = [entry for entry in session.log() if entry["status"] == 429]
        equal((len({row[0] for row in rows}), len(refused), len(set(made))), (total, 3, pages), "a limit of requests: no error, and no row is missing")
        session.heal()


def limited_walk():
    """A table that is walked to through 200 projects, by a server that refuses every few requests all the way: slower, but whole, and no request more
    than the refused ones."""
    query = "SELECT Id, ProjectId, Title FROM ToDoSets"
    with Session("--projects", "200", "--todos", "1", play="basecamp3") as session, session.connect(ProjectId="*", MaxConcurrentRequests="6", RetryMax="20") as patient, \
            session.connect(ProjectId="*", MaxConcurrentRequests="6") as connection:
        rows, made = asked_by(session, connection, query)
        wanted, least = sorted(map(tuple, rows)), sorted(made)
        check(len(wanted) > 150 and len(set(made)) == len(made) > len(wanted), "a request for each project that has any, and those that list them", (len(wanted), len(made)))

        def limited(what, connection):
            rows, made = asked_by(session, connection, query)
            log = session.log()
            session.heal()
            equal(sorted(map(tuple, rows)), wanted, f"{what}: the rows")
            fine = sorted(path for path, entry in zip(made, log) if entry["status"] != 429)
            refused = sum(entry["status"] == 429 for entry in log)
            equal((fine, len(made)), (least, len(least) + refused), f"{what}: each request is answered once, and sent again only where it was refused")
            check(max(entry["running"] for entry in log) <= 6, f"{what}: no more under way than may be", max(entry["running"] for entry in log))
            return refused, len(made)
        for every, wait in ((9, 0), (60, 1)):
            session.fault(match=f"/{ACCOUNT}/", status=429, retry_after=wait, every=every, times=100000)
            refused, made = limited(f"every {every}th request is refused", patient)
            equal(refused, made // every, "as many as the server refuses")
        session.fault(rate_limit={"requests": 60, "seconds": 2, "match": f"/{ACCOUNT}/", "retry_after": True})
        refused, made = limited("60 requests in two seconds", connection)
        check(refused > 0, "some are refused", (refused, made))
        session.fault(rate_limit={"requests": 0})


def accounts_and_projects():
    with Session(play="basecamp3") as session:
        def count(query="SELECT COUNT(*) FROM ToDos", **changes):
            with session.connect(**changes) as connection:
                return connection.execute(query).fetchone()[0]
        message = failure(lambda: count(AccountId=None))
        check(message and all(word in message for word in ("AccountId", "195540001 (Nordwind Übersee)", "5000000017 (Ada & Söhne)")) and "999540001" not in message,
              "a sign-in that opens several accounts: the error lists those of Basecamp 3", message)
        session.request("/_basecamp", "PUT", {"accounts": [{"id": 4242, "product": "bc3", "name": "Only", "projects": 2, "todos": 3},
                                                           {"id": 999540001, "product": "bcx", "name": "Classic"}]})
        equal(count(AccountId=None) > 0, True, "one account of that product is found")
        equal(count(AccountId=None, Schema=None) > 0, True, "and V3 is what nobody says")
        session.request("/_basecamp", "DELETE")
        for changes, words in (({"AccountId": 195540003}, ("42S02", "404", "Account Inactive", "AccountId")),
                               ({"AccountId": 195540004}, ("42000", "403", "You do not have access to this account", "administrator")),
                               ({"AccountId": 42}, ("42S02", "404", "AccountId"))):
            message = failure(lambda: count("SELECT COUNT(*) FROM People", **changes)) or ""
            check(all(word in message for word in words), f"{changes}: what the service says, and what to do", message)
        trashed = next(row["id"] for row in World(session).data("Project") if row["status"] == "trashed")
        for project in (77, trashed):
            message = failure(lambda: count("SELECT COUNT(*) FROM MessageTypes", ProjectId=project)) or ""
            check(all(word in message for word in ("42S02", "404", "trashed", "ProjectId")), f"the project {project}, which is not there or in the trash", message)
        # Where all projects are read in one list, the service is silent of those that there are not: it is asked once, and only when no row came.
        foreign = 77
        archived = next(row["id"] for row in World(session).data("Project") if row["status"] == "archived")
        empty = "SELECT Id FROM ToDos WHERE Title = 'no such title'"
        def told(query, *values, **changes):
            """(the error, the warnings, the requests that are for no recordings)"""
            session.forget()
            with session.connect(**changes) as connection:
                cursor = connection.cursor()
                message = failure(lambda: cursor.execute(query, *values).fetchall())
                return message or "", " ".join(text for _, text in cursor.messages or []), [entry["path"].split("/", 2)[2] for entry in session.log() if "recordings" not in entry["path"]]
        for query in ("SELECT COUNT(*) FROM ToDos", "SELECT Id FROM ToDos", "SELECT Id FROM Messages ORDER BY CreatedAt DESC LIMIT 3"):
            message, _, requests = told(query, ProjectId=foreign)
            check("ProjectId of table " in message and all(word in message for word in ("42S02", "404", "trashed", "AccountId")), f"{query}: a project that there is not", message)
            equal(requests, [f"projects/{foreign}.json"], "and the requests")
            for project, status in ((trashed, "trashed"), (archived, "archived")):
                message, warnings, requests = told(query, ProjectId=project)
                check(not message and f"has no rows of ProjectId {project}, which stands in Projects with Status {status}" in warnings, f"{query}: a project that is {status}", message + warnings)
                equal(requests, [f"projects/{project}.json"], "and the requests")
        with session.connect(ProjectId="*") as connection:
            def asked(query, *values):
                session.forget()
                return failure(lambda: connection.execute(query, *values).fetchall()), sum("recordings" not in entry["path"] for entry in session.log())
            for query, values in ((f"SELECT Id FROM ToDos WHERE ProjectId = {foreign}", ()), ("SELECT Id FROM ToDos WHERE ProjectId = ?", (foreign,)),
                                  (f"SELECT COUNT(*) FROM Messages WHERE ProjectId = {foreign}", ())):
                message, requests = asked(query, *values)
                check("42S02" in (message or "") and requests == 1, query, message)
            first = World(session).within("Todo")[0]["bucket"]["id"]
            equal(asked(f"{empty} AND ProjectId = {first}"), (None, 0), "rows came, of which none is wanted: the project is there")
            equal(asked(f"SELECT Id FROM ToDos WHERE ProjectId = {first} AND CreatedAt > '2999-01-01' AND Status = 'trashed'")[0], None, "no row of a project that is there")
            equal(asked("SELECT t.Id FROM Projects p JOIN ToDos t ON t.ProjectId = p.Id WHERE p.Status = '*'")[0], None, "keys of a join are there, and not asked for")
        message = failure(lambda: count("SELECT COUNT(*) FROM People", OAuthAccessToken="wrong")) or ""
        check(all(word in message for word in ("28000", "401", "expired or been revoked")), "a token that is not good", message)
        message = failure(lambda: count(OAuthClientId=None, OAuthClientSecret=None, OAuthAccessToken=None, InitiateOAuth="GETANDREFRESH")) or ""
        check("OAuthClientId" in message, "no application is brought along: the message says what is missing", message)


def unchanged():
    """What did not change is not sent again: to this connection, and with CacheLocation to the next ones of the same sign-in."""
    query = "SELECT Id, Content, Completed FROM ToDos"
    with Session(play="basecamp3") as session:
        folder = session.path("answers")

        def statuses(connection, statement=query):
            session.forget()
            rows = sorted(map(tuple, connection.execute(statement).fetchall()))
            return rows, [entry["status"] for entry in session.log() if "recordings" in entry["path"]]
        with session.connect(ProjectId="*") as connection:
            rows, first = statuses(connection)
            check(len(rows) > 100 and set(first) == {200}, "to-dos are read", first)
            equal(statuses(connection), (rows, [304] * len(first)), "and asked about: unchanged, the same rows")
            connection.execute("CALL CompleteToDo(?)", next(row[0] for row in rows if not row[2])).fetchall()
            more, again = statuses(connection)
            check(200 in again and sum(row[2] for row in more) == sum(row[2] for row in rows) + 1, "a change is seen at once", again)
        with session.connect(ProjectId="*", CacheLocation=folder) as connection:
            equal(statuses(connection), (more, [200] * len(first)), "a connection that keeps answers in files")
        with session.connect(ProjectId="*", CacheLocation=folder) as connection:
            equal(statuses(connection), (more, [304] * len(first)), "the next one finds them")
        names = os.listdir(folder)
        check(names and all(os.stat(os.path.join(folder, name)).st_mode & 0o777 == 0o600 for name in names), "private files", names)
        token = session.properties()["OAuthAccessToken"].encode()
        check(not any(token in open(os.path.join(folder, name), "rb").read() for name in names), "without the token")


if __name__ == "__main__":
    run(joins, standards, procedures, walks, least_requests, limited_walk, accounts_and_projects, unchanged)
