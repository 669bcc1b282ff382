#!/usr/bin/python3
"""Every table, column, key, reference, filter and procedure of Basecamp 2 against the sandbox, by the rules of every_table.py. What they
do not give stands in the lists below."""
import datetime
import json
import urllib.error
import urllib.parse
import urllib.request

from basecamp3_tables import asked, column, failure, without
from every_table import Input, Service, Table as AnyTable, pascal, run_tables
from harness import Session, check, equal, plain_rows, run

ACCOUNT = 999540001
REFERENCES = {"creator_id": "People", "person_id": "People", "last_updater_id": "People", "project_id": "Projects", "calendar_id": "Calendars", "group_id": "Groups",
              "subgroup_id": "Subgroups", "to_do_list_id": "ToDoLists", "to_do_id": "ToDos", "topic_id": "Topics"}
FLAT = ("creator bucket accesses attachments calendar_events documents topics todolists events assigned_todos last_updater assignee topicable eventable "
        "attachable recurring urls").split()
SECTIONS = {"Message": "messages", "Todo": "todos", "Todolist": "todolists", "Document": "documents", "Upload": "uploads", "CalendarEvent": "calendar_events",
            "Forward": "forwards"}
DAYS = (datetime.date(2026, 3, 1), datetime.date(2026, 4, 5))


def Table(raw, **more):
    return AnyTable(raw, text_ids=True, **more)


# ---- From the sandbox's JSON to rows ----

def flat(row, prefix=""):
    """The members of a row as columns: objects flattened, subscribers by their ids."""
    cells = {}
    for member, value in row.items():
        name = prefix + column(member)
        if member in FLAT and isinstance(value, dict):
            cells.update(flat(value, name))
        elif value is False and member.endswith("_at"):
            cells[name] = None
        elif member == "subscribers":
            cells.update(SubscriberIds=[person["id"] for person in value], Subscribers=value)
        elif name.endswith("Id") and isinstance(value, int):
            cells[name] = str(value)
        else:
            cells[name] = value
    return cells


class World:
    def __init__(self, session):
        self.session, self.kept = session, {}
        self.token = session.properties()["OAuthAccessToken"]

    def ask(self, path, paged=True, **query):
        """The service's answer; of a list all pages, those of a list that is not paged once."""
        key = path + "?" + urllib.parse.urlencode(query)
        if key in self.kept:
            return self.kept[key]
        rows, page, last = [], 1, None
        while True:
            url = f"{self.session.base}/{ACCOUNT}/api/v1{path}?" + urllib.parse.urlencode({**query, "page": page})
            request = urllib.request.Request(url, headers={"Authorization": "Bearer " + self.token, "User-Agent": "test (test@example.com)"})
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                body = json.load(answer)
            if not isinstance(body, list):
                return self.kept.setdefault(key, body)
            if not body or body == last:
                return self.kept.setdefault(key, rows)
            rows, page, last = rows + body, page + 1, body

    def projects(self):
        return self.ask("/projects.json") + self.ask("/projects/drafts.json")


WORLDS = {}


def world(service):
    return WORLDS.setdefault(service.session, World(service.session))


def answer(*paths, make=flat, **query):
    return lambda service: [make(row) for path in paths for row in world(service).ask(path, **query)]


def detailed(paths, one, *names):
    """Rows of lists, each with what its own answer tells besides."""
    return lambda service: [{**flat(world(service).ask(one.format(**row, project=(row.get("bucket") or {}).get("id")))), **{name: value for name, value in flat(row).items()}}
                            for path in paths for row in world(service).ask(path)]


def bucket_of(project):
    return {"BucketAppUrl": project["app_url"], "BucketColor": project["color"], "BucketId": str(project["id"]), "BucketName": project["name"], "BucketType": "Project",
            "BucketUrl": project["url"], "ProjectId": str(project["id"])}


def everywhere(*paths, make=flat):
    """Lists of the whole account, which tell the project of each row."""
    return lambda service: [{**make(row), "ProjectId": str(row["bucket"]["id"]) if row["bucket"]["type"] == "Project" else None} for path in paths for row in world(service).ask(path)]


def of_projects(path, make, inner=None):
    def rows(service):
        found = []
        for project in world(service).projects():
            body = world(service).ask(path.format(project["id"]))
            found += [{**make(one), "ProjectId": str(project["id"])} for one in (body[inner] if inner else body)]
        return found
    return rows


def documents(kind, path):
    def rows(service):
        found = []
        for row in world(service).ask(f"/{path}.json"):
            whole = world(service).ask(f"/projects/{row['bucket']['id']}/{path}/{row['id']}.json")
            found.append({**without(flat({n: v for n, v in whole.items() if n != "attachments"}), "Comments", "Subscribers"), **flat(row), "ProjectId": str(row["bucket"]["id"]),
                          **({"Attachments": whole["attachments"]} if "attachments" in whole else {})})
        return found
    return rows


def topics(service):
    return everywhere("/topics.json", "/topics/archived.json", make=lambda row: {**flat({n: v for n, v in row.items() if n != "attachments"}), "Attachments": row["attachments"]})(service)


def topics_of(archived):
    return lambda service, *_: [row for row in topics(service) if row["Id"] in {str(one["id"]) for one in world(service).ask("/topics/archived.json" if archived else "/topics.json")}]


def about(make, inner=None, kind=None):
    """A request for each topic of a project."""
    def rows(service):
        found = []
        for topic in topics(service):
            if topic["ProjectId"] is None or (kind and topic["TopicableType"] != kind):
                continue
            try:
                body = world(service).ask(f"/projects/{topic['ProjectId']}/{SECTIONS[topic['TopicableType']]}/{topic['TopicableId']}.json")
            except urllib.error.HTTPError as error:
                assert error.code == 404
                continue
            for one in (body.get(inner) or [] if inner else [body]):
                found.append({**make(one), "ProjectId": topic["ProjectId"], **({"TopicableType": topic["TopicableType"], "TopicableId": topic["TopicableId"], "TopicId": topic["Id"]} if inner else {})})
        return found
    return rows


def keep_lists(row):
    """Members that are lists of objects here stay so."""
    return {**flat({name: value for name, value in row.items() if name != "attachments"}), **({"Attachments": row["attachments"]} if "attachments" in row else {})}


def todos(service):
    return of_projects("/projects/{0}/todos.json", lambda row: {**flat({n: v for n, v in row.items() if n != "todolist"}), "ToDoListName": row["todolist"]["name"], "ToDoList": row["todolist"]})(service)


def todo_details(service):
    rows = []
    for row in todos(service):
        told = world(service).ask(f"/projects/{row['ProjectId']}/todos/{row['Id']}.json")
        rows.append({"ToDoId": row["Id"], "ProjectId": row["ProjectId"], "ToDoListId": row["ToDoListId"], "Content": told["content"], "Attachments": told["attachments"],
                     "SubscriberIds": [one["id"] for one in told["subscribers"]], "Subscribers": told["subscribers"]})
    return rows


def people_each(path, make):
    return lambda service: [{"PersonId": str(person["id"]), **made} for person in world(service).ask("/people.json") for row in world(service).ask(path.format(person["id"]))
                            for made in make(row)]


def assigned(row):
    return [{**flat(todo), "ToDoListId": str(row["id"]), "ToDoListName": row["name"], "ProjectId": str(row["bucket"]["id"]), "ProjectName": row["bucket"]["name"]} for todo in row["assigned_todos"]]


def memberships(service):
    rows = []
    for group in world(service).ask("/groups.json"):
        told = world(service).ask(f"/groups/{group['id']}.json")
        rows += [{"GroupId": str(group["id"]), "GroupName": told["name"], "PersonId": str(one["id"]), **without(flat(one), "Id")} for one in told["memberships"]]
    return rows


def submemberships(service):
    rows = []
    for group in world(service).ask("/groups.json"):
        for sub in group.get("subgroups") or []:
            told = world(service).ask(f"/groups/{group['id']}/subgroups/{sub['id']}.json")
            rows += [{"SubgroupId": str(sub["id"]), "GroupId": str(group["id"]), "SubgroupName": told["name"], "SubgroupCreatedAt": told["created_at"],
                      "SubgroupUpdatedAt": told["updated_at"], "PersonId": str(one["id"]), **without(flat(one), "Id")} for one in told["memberships"]]
    return rows


def calendar_events(*endings):
    def rows(service, *_):
        return [{**flat(row), **bucket_of(project), "CalendarId": None} for project in world(service).projects() for ending in endings
                for row in world(service).ask(f"/projects/{project['id']}/calendar_events{ending}.json")]
    return rows


def occurrences(first=DAYS[0], last=DAYS[1]):
    def rows(service, *_):
        found = []
        for row in world(service).ask("/calendar_events.json", start_date=first, end_date=last):
            again = row.get("recurrence") or {"number": None, "master": {"id": None, "url": None, "app_url": None}}
            cells = flat({name: value for name, value in row.items() if name != "recurrence"})
            cells.update(RecurrenceNumber=again["number"], MasterId=str(again["master"]["id"]) if again["master"]["id"] else None, MasterUrl=again["master"]["url"],
                         MasterAppUrl=again["master"]["app_url"])
            for kind in ("Project", "Calendar"):
                cells[kind + "Id"] = str(row["bucket"]["id"]) if row["bucket"]["type"] == kind else None
            found.append(cells)
        return found
    return rows


def accounts(service):
    request = urllib.request.Request(service.session.base + "/authorization.json", headers={"Authorization": "Bearer " + world(service).token})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as told:
        body = json.load(told)
    return [{**{pascal(name): value for name, value in row.items()}, "ExpiresAt": body["expires_at"], **{"Identity" + pascal(name): value for name, value in body["identity"].items()}}
            for row in body["accounts"]]


TAG = {}
TIMES = {"StartsAt": "timestamp", "EndsAt": "timestamp", "RecurringUntil": "timestamp"}
TABLES = {
    "Accounts": AnyTable(accounts),
    "Projects": Table(detailed(["/projects.json", "/projects/drafts.json", "/projects/archived.json"], "/projects/{id}.json"), where={"Archived": "*"}),
    "ProjectTemplates": Table(detailed(["/project_templates.json"], "/projects/{id}.json")),
    "Stars": Table(answer("/stars.json"), key=("ProjectId",)),
    "People": Table(detailed(["/people.json", "/people/trashed.json"], "/people/{id}.json"), where={"Trashed": "*"}),
    "Me": Table(lambda service: [flat(world(service).ask("/people/me.json"))]),
    "PeopleProjects": Table(people_each("/people/{0}/projects.json", lambda row: [{**without(flat(row), "Id"), "ProjectId": str(row["id"])}]), key=("PersonId", "ProjectId")),
    "Accesses": Table(of_projects("/projects/{0}/accesses.json", flat), never=("CalendarId",), kinds={"CalendarId": "string"}, key=(), references={"Id": "People.Id"}),
    "CalendarAccesses": Table(lambda service: [{**flat(row), "CalendarId": str(one["id"])} for one in world(service).ask("/calendars.json")
                                               for row in world(service).ask(f"/calendars/{one['id']}/accesses.json")], key=("CalendarId", "Id")),
    "Groups": Table(lambda service: [{**flat(row), "SubgroupIds": [one["id"] for one in row.get("subgroups") or []]} for row in world(service).ask("/groups.json")]),
    "Subgroups": Table(lambda service: [{**flat(one), "GroupId": str(row["id"])} for row in world(service).ask("/groups.json") for one in row.get("subgroups") or []]),
    "GroupMemberships": Table(memberships, key=("GroupId", "PersonId")),
    "SubgroupMemberships": Table(submemberships, key=("SubgroupId", "PersonId")),
    "ToDoLists": Table(everywhere("/todolists.json", "/todolists/completed.json", "/todolists/trashed.json"), where={"Trashed": "*"}),
    "ToDos": Table(todos, kinds={"DueAt": "date", "CompletedAt": "timestamp"}),
    "ToDoDetails": Table(todo_details, key=("ToDoId",), kinds={"Attachments": "json"}),
    "AssignedToDos": Table(people_each("/people/{0}/assigned_todos.json", assigned), key=("PersonId", "Id")),
    "Topics": Table(topics),
    "Comments": Table(about(keep_lists, "comments"), kinds={"Attachments": "json"}),
    "Subscribers": Table(about(lambda one: {"PersonId": str(one["id"]), "PersonName": one["name"]}, "subscribers"), key=("TopicId", "PersonId")),
    "Messages": Table(about(keep_lists, kind="Message"), kinds={"Comments": "json"}),
    "Uploads": Table(about(keep_lists, kind="Upload"), kinds={"Comments": "json", "Attachments": "json"}),
    "Documents": Table(documents("Document", "documents")),
    "Forwards": Table(documents("Forward", "forwards"), kinds={"Attachments": "json"}),
    "Attachments": Table(of_projects("/projects/{0}/attachments.json", flat)),
    "AccountAttachments": Table(answer("/attachments.json")),
    "TaggedAttachments": Table(lambda service: [{**flat(row), "Tag": TAG["Tag"]} for row in world(service).ask(f"/tags/{urllib.parse.quote(TAG['Tag'])}/attachments.json")], key=("Tag", "Id"), where=TAG, never=("LinkedSource", "LinkedType", "LinkUrl")),
    "Events": Table(of_projects("/projects/{0}/events.json", keep_lists), kinds={"Attachments": "json"}),
    "AccountEvents": Table(answer("/events.json", make=keep_lists), kinds={"Attachments": "json"}),
    "PersonEvents": Table(people_each("/people/{0}/events.json", lambda row: [keep_lists(row)]), kinds={"Attachments": "json"}),
    "Calendars": Table(detailed(["/calendars.json"], "/calendars/{id}.json")),
    "CalendarEvents": Table(calendar_events("", "/past"), kinds={"CalendarId": "string", **TIMES}),
    "CalendarEventOccurrences": Table(occurrences(), key=(), where={"StartDate": DAYS[0], "EndDate": DAYS[1]}, kinds=TIMES, references={"MasterId": "CalendarEvents.Id"}),
}
INPUTS = {
    ("Projects", "Drafts"): Input([True], rows=detailed(["/projects/drafts.json"], "/projects/{id}.json")),
    ("Topics", "Archived"): Input([True], rows=topics_of(True)),
    ("CalendarEvents", "Past"): Input([True], rows=calendar_events("/past")),
    ("CalendarEventOccurrences", "StartDate"): Input([datetime.date(2026, 3, 10)], rows=occurrences(datetime.date(2026, 3, 10)), also={"EndDate": DAYS[1]}),
    ("CalendarEventOccurrences", "EndDate"): Input([datetime.date(2026, 3, 20)], rows=occurrences(last=datetime.date(2026, 3, 20)), also={"StartDate": DAYS[0]}),
}
for given in INPUTS.values():
    given.rows = (lambda rows: lambda service, *_: rows(service))(given.rows)


def service_of(session, **more):
    return Service(session, "basecamp", TABLES, REFERENCES, INPUTS, properties={"ProjectId": "*"}, files="[bv][a2]*.xml", asked=asked,
                   unproven={("CalendarEvents", "BucketType"): "a calendar's own events come WHERE CalendarId = …"}, **more)


def every_table():
    with Session(play="basecamp2") as session:
        service = service_of(session)
        TAG.update(Tag=next(tag for row in world(service).ask("/attachments.json") for tag in row["tags"] if tag.isascii()))
        for name in ("ToDoLists", "Topics", "Documents", "Forwards"):
            TABLES[name].beside["BucketType"] = {"ProjectId": str(world(service).projects()[0]["id"])}
            TABLES[name].quiet = ("BucketType",)
        run_tables(service)


# ---- What is not a matter of one table ----

def asked_by(session, connection, query, *values):
    """(rows, [path with its query]) of a statement."""
    session.forget()
    rows = connection.execute(query, *values).fetchall()
    return rows, [urllib.parse.unquote(entry["path"].split("/api/v1/")[1] + ("?" + entry["raw_query"] if entry["raw_query"] else "")) for entry in session.log()]


def walks():
    """Which requests are made, and what is chosen without asking for more."""
    with Session(play="basecamp2") as session, session.connect() as connection, session.connect(ProjectId="*") as everywhere:
        w = World(session)
        first = str(w.projects()[0]["id"])

        def requests(query, *values, connection=connection):
            return asked_by(session, connection, query, *values)[1]
        made = requests("SELECT Id FROM ToDos WHERE Completed = 0")
        equal((made[0], made[1]), ("projects.json?page=1", f"projects/{first}/todos/remaining.json?page=1"), "the open to-dos of the first project")
        made = requests("SELECT Id FROM ToDos WHERE Completed = 1 AND ProjectId = ?", str(w.projects()[1]["id"]))
        check(all(path.startswith(f"projects/{w.projects()[1]['id']}/todos/completed.json") for path in made), "the done ones of another", made)
        some = w.ask(f"/projects/{first}/todos.json")[0]
        rows, made = asked_by(session, connection, "SELECT Id FROM ToDos WHERE ToDoListId = ?", str(some["todolist_id"]))
        equal({row[0] for row in rows}, {str(one["id"]) for one in w.ask(f"/projects/{first}/todos.json") if one["todolist_id"] == some["todolist_id"]}, "the to-dos of a list")
        rows, made = asked_by(session, everywhere, "SELECT Id FROM ToDos WHERE Trashed = 1")
        wanted = {str(one["id"]) for todolist in w.ask("/todolists.json") + w.ask("/todolists/completed.json") for one in
                  w.ask(f"/projects/{todolist['bucket']['id']}/todolists/{todolist['id']}/todos/trashed.json")}
        equal(({row[0] for row in rows}, bool(wanted)), (wanted, True), "trashed to-dos, list by list")
        due = sorted(one["due_on"] for one in w.ask(f"/projects/{first}/todos.json") if one["due_on"])
        rows, made = asked_by(session, connection, "SELECT Id FROM ToDos WHERE DueOn >= ?", datetime.date.fromisoformat(due[len(due) // 2]))
        equal((len(rows), made[0]), (len([one for one in due if one >= due[len(due) // 2]]), f"projects/{first}/todos.json?due_since={due[len(due) // 2]}&page=1"), "due since a day")
        calendar = str(w.ask("/calendars.json")[0]["id"])
        rows, made = asked_by(session, connection, "SELECT Id, CalendarId, BucketType, BucketName, ProjectId FROM CalendarEvents WHERE CalendarId = ?", calendar)
        wanted = {(str(one["id"]), calendar, "Calendar", w.ask("/calendars.json")[0]["name"], None) for ending in ("", "/past")
                  for one in w.ask(f"/calendars/{calendar}/calendar_events{ending}.json")}
        equal((set(map(tuple, rows)), bool(wanted)), (wanted, True), "what stands in a calendar of no project")
        rows, made = asked_by(session, connection, "SELECT Id, CalendarId FROM Accesses WHERE CalendarId = ?", calendar)
        equal((set(map(tuple, rows)), made), ({(str(one["id"]), calendar) for one in w.ask(f"/calendars/{calendar}/accesses.json")}, [f"calendars/{calendar}/accesses.json?page=1"]),
              "who may see a calendar")
        rows, made = asked_by(session, everywhere, "SELECT Id FROM Documents")
        check(all(path.startswith("documents.json") for path in made), "documents without what they say: the list of the account", made)
        rows, made = asked_by(session, connection, "SELECT Content FROM Documents WHERE Id = ?", str(w.ask(f"/projects/{first}/documents.json")[0]["id"]))
        equal((len(rows), made), (1, [f"projects/{first}/documents/{w.ask(f'/projects/{first}/documents.json')[0]['id']}.json"]), "one document of the project")
        rows, made = asked_by(session, everywhere, "SELECT Name FROM Projects")
        check(set(path.split("?")[0] for path in made) == {"projects.json", "projects/drafts.json"}, "projects without what is counted in them", made)


def signing_in():
    with Session(play="basecamp2") as session:
        user, password = session.get("/_basecamp")["user"], session.get("/_basecamp")["password"]
        with session.connect(AuthScheme="Basic", User=user, Password=password, OAuthAccessToken=None) as connection:
            check(connection.execute("SELECT COUNT(*) FROM Projects").fetchone()[0] > 0, "Basic")
        def count(**changes):
            with session.connect(**changes) as connection:
                return connection.execute("SELECT COUNT(*) FROM Projects").fetchone()[0]
        message = failure(lambda: count(AuthScheme="Basic", User=user, Password="wrong", OAuthAccessToken=None)) or ""
        check("28000" in message and "Password" in message, "a wrong password", message)
        message = failure(lambda: count(AuthScheme="Basic", User=user, Password=password, Schema="V3", AccountId=195540001)) or ""
        check("Basic" in message, "Basic is of V2 only", message)
        message = failure(lambda: count(AccountId=None)) or ""
        check("999540001 (Nordwind Classic)" in message and "195540001" not in message.replace("999540001", ""), "several accounts of Basecamp 2: they are listed", message)
        message = failure(lambda: count(AccountId=999540002)) or ""
        check(all(word in message for word in ("42S02", "404")), "a suspended account", message)


def procedures():
    with Session(play="basecamp2") as session, session.connect(ProjectId="*") as connection:
        draft = connection.execute("SELECT Id FROM Projects WHERE Drafts = 1").fetchone()[0]
        equal(plain_rows(connection.execute("CALL PublishProject(?)", draft).fetchall()), [(1,)], "PublishProject")
        equal(connection.execute("SELECT Draft FROM Projects WHERE Id = ?", draft).fetchone()[0], False, "it is none any more")
        for name, starred in (("StarProject", True), ("UnstarProject", False)):
            equal(plain_rows(connection.execute(f"CALL {name}(?)", draft).fetchall()), [(1,)], name)
            equal(draft in {row[0] for row in connection.execute("SELECT ProjectId FROM Stars").fetchall()}, starred, f"{name}: Stars")


if __name__ == "__main__":
    run(every_table, walks, signing_in, procedures)
