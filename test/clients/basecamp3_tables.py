#!/usr/bin/python3
"""Every table, column, key, reference, filter and procedure of Basecamp 3 against the sandbox, by the rules of every_table.py. What they
do not give stands in the lists below."""
import datetime
import json
import urllib.error
import urllib.parse
import urllib.request

from every_table import Input, Service, Table, pascal, run_tables
from harness import Session, run

ACCOUNT = 195540001
EVERYTHING = {"Status": "*"}

REFERENCES = {
    "creator_id": "People", "person_id": "People", "booster_id": "People", "approver_id": "People", "project_id": "Projects",
    "to_do_list_id": "ToDoLists", "to_do_set_id": "ToDoSets", "to_do_id": "ToDos", "message_board_id": "MessageBoards", "chat_id": "Chats",
    "calendar_id": "Calendars", "calendar_event_id": "CalendarEvents", "card_table_id": "CardTables", "card_table_column_id": "CardTableColumns",
    "card_table_card_id": "CardTableCards", "questionnaire_id": "Questionnaires", "question_id": "Questions", "inbox_id": "Inboxes",
    "forward_id": "Forwards", "vault_id": "Vaults", "upload_id": "Uploads", "template_id": "Templates", "stack_id": "Stacks",
    "client_approval_id": "ClientApprovals", "client_correspondence_id": "ClientCorrespondences", "webhook_id": "Webhooks",
    "chat_upload_id": "ChatUploads", "category_id": "MessageTypes", "kanban_board_id": "CardTables", "event_id": "Events",
}
# Objects within objects that columns are made of.
FLAT = ("bucket parent category limits subscription settings schedule recurrence_schedule on_hold company out_of_office client_company "
        "clientside service").split()
PEOPLE = {"assignees": "AssigneeIds", "completion_subscribers": "CompletionSubscriberIds", "participants": "ParticipantsIds",
          "subscribers": "SubscriberIds", "steps": "StepIds", "children": "ChildrenIds"}


# ---- From the sandbox's JSON to rows ----

def column(member):
    return pascal(member).replace("Todoslist", "ToDoList").replace("Todolist", "ToDoList").replace("Todos", "ToDos")


def flat(row):
    """The members of a row as columns: objects flattened, people by their ids and as they are."""
    cells = {}
    for member, value in row.items():
        name = column(member)
        if member in FLAT and isinstance(value, dict):
            cells.update({name + column(inner): inner_value for inner, inner_value in value.items()})
        elif member in ("creator", "booster", "approver", "person"):
            cells.update(person(value, name))
        elif member in PEOPLE:
            cells.update({PEOPLE[member]: [person["id"] for person in value], name: value})
        else:
            cells[name] = value
    if isinstance(row.get("bucket"), dict):
        cells["ProjectId"] = row["bucket"]["id"]
    return cells


def without(cells, *names):
    return {name: value for name, value in cells.items() if name not in names}


def person(value, name="Person"):
    return {name: value, name + "Id": value["id"], name + "Name": value["name"]}


class World:
    """What the sandbox holds, asked for once."""

    def __init__(self, session):
        self.session, self.kept = session, {}
        self.token = session.properties()["OAuthAccessToken"]

    def data(self, kind, listed=True):
        if (kind, listed) not in self.kept:
            self.kept[kind, listed] = self.session.raw(f"basecamp3/{ACCOUNT}/{kind}" + ("/listed" if listed else ""))
        return self.kept[kind, listed]

    def projects(self, *states):
        return {row["id"]: row for row in self.data("Project") if row["status"] in (states or ("active",))}

    def within(self, kind, listed=True, states=("active",)):
        """Of projects that are there, by the rows' status."""
        there = self.projects("active", "archived")
        return [row for row in self.data(kind, listed) if row["bucket"]["id"] in there and row["status"] in states]

    def current(self, kind, listed=True):
        """In active projects, however it got there, and itself active."""
        there = self.projects()
        return [row for row in self.within(kind, listed) if row["bucket"]["id"] in there]

    def dock(self, kind):
        there = {tool["id"] for project in self.projects().values() for tool in project["dock"] if tool["enabled"]}
        return [row for row in self.current(kind, False) if row["id"] in there]

    def ask(self, path, pages=True, **query):
        """The service's own answer; lists with all their pages."""
        if isinstance(query, dict) and query:
            path += "?" + urllib.parse.urlencode(query, doseq=True)
        url, rows = f"{self.session.base}/{ACCOUNT}{path}", None
        while url:
            request = urllib.request.Request(url, headers={"Authorization": "Bearer " + self.token, "User-Agent": "test (test@example.com)"})
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                body, link = json.load(answer), answer.headers["Link"]
            if not isinstance(body, list):
                return body
            rows = (rows or []) + body
            url = link[1:link.index(">")] if link and pages else None
        return rows


WORLDS = {}


def world(service):
    return WORLDS.setdefault(service.session, World(service.session))


def recordings(kind, more=lambda row: {}, states=("active", "archived", "trashed")):
    """Of the lists across projects: kind is one kind or several with |."""
    return lambda service: [{**flat(row), **more(row)} for one in kind.split("|") for row in world(service).within(one, True, states)]


def below(kind, parent, more=lambda row: {}, listed=True):
    """Of lists within something: the parent's id gets a name."""
    return lambda service: [{**flat(row), parent: row["parent"]["id"], **more(row)} for one in kind.split("|") for row in world(service).current(one, listed)]


def tool(kind):
    return lambda service: [flat(row) for row in world(service).dock(kind)]


def answer(path, make=flat, **query):
    return lambda service: [make(row) for row in world(service).ask(path, **query)]


def single(path, make=flat):
    return lambda service: [make(world(service).ask(path))]


def dock_columns(row):
    def first(kind):
        return next((tool["id"] for tool in row["dock"] if tool["name"] == kind and tool["enabled"]), None)
    return {"CalendarId": first("schedule"), "ChatId": first("chat"), "ToDoSetId": first("todoset"), "MessageBoardId": first("message_board"),
            "QuestionnaireId": first("questionnaire"), "VaultId": first("vault"), "InboxId": first("inbox"), "KanbanBoardId": first("kanban_board")}


def projects(service):
    return [without({**flat(row), **dock_columns(row)}, "Dock") for row in world(service).data("Project")]


def project_tools(service):
    rows = []
    for project in world(service).data("Project"):
        rows += [{**flat(one), "ProjectId": project["id"], "ProjectName": project["name"], "ProjectStatus": project["status"]} for one in project["dock"]]
    return rows


def template_tools(service):
    return [{**flat(one), "TemplateId": row["id"]} for row in world(service).data("Template") if row["status"] == "active" for one in row["dock"]]


def each_of(rows, path, make, inner=None):
    """A request for each row of a list of ours: path(row) → the answer, or the list within it; make(row, one) → cells."""
    def all_rows(service):
        found = []
        for row in rows(service):
            try:
                body = world(service).ask(path(row))
            except urllib.error.HTTPError as error:
                assert error.code == 404, path(row)
                continue
            body = body[inner] if inner else body
            found += [made for one in (body if isinstance(body, list) else [body]) if (made := make(row, one)) is not None]
        return found
    return all_rows


def of_projects(path, make, inner=None):
    return each_of(lambda service: [{"id": key} for key in world(service).projects()], lambda row: path.format(row["id"]), make, inner)


def of_current(kinds, path, make, inner=None):
    return each_of(lambda service: [row for kind in kinds.split("|") for row in world(service).current(kind)],
                   lambda row: path.format(row["id"], row["bucket"]["id"]), make, inner)


def of_tools(kind, path, make, inner=None):
    return each_of(lambda service: world(service).dock(kind), lambda row: path.format(row["id"]), make, inner)


RECORDED = "Comment|Document|Kanban::Card|Kanban::Step|Message|Question::Answer|Schedule::Entry|Todo|Todolist|Upload|Vault"


def all_recordings(service):
    w = world(service)
    off = {one["id"] for project in w.data("Project") for one in project["dock"] if not one["enabled"]}
    return [row for kind in RECORDED.split("|") for row in w.within(kind) if row["id"] not in off]


def recording_rows(service):
    names = ("id status visible_to_clients created_at updated_at title inherits_status type url app_url bookmark_url bucket creator subscription_url "
             "comments_count comments_url boosts_count boosts_url position parent content description completed").split()
    off = {one["id"] for project in world(service).data("Project") for one in project["dock"] if not one["enabled"]}
    rows = [row for kind in RECORDED.split("|") for row in world(service).within(kind, True, ("active", "archived", "trashed")) if row["id"] not in off]
    return [flat({name: row[name] for name in names if name in row}) for row in rows]


def boosts(service):
    return [{**flat(one), "RecordingId": row["id"], "ProjectId": row["bucket"]["id"]}
            for row in all_recordings(service) if row.get("boosts_count") for one in world(service).ask(f"/recordings/{row['id']}/boosts.json")]


def boosted(service):
    told = world(service).ask(f"/boosts/{WHICH['BoostRecordings']['Id']}.json")
    return [{**flat({name: value for name, value in told.items() if name != "recording"}), **{"Recording" + pascal(name): value for name, value in told["recording"].items()}}]


def details(row):
    told = row.get("details") or {}
    return {"Details" + pascal(name): told.get(name) for name in ("notified_recipient_ids", "added_person_ids", "removed_person_ids", "new_parent_id", "parent_id_was")}


def events(service):
    return [{**flat(one), **details(one), "RecordingId": row["id"], "ProjectId": row["bucket"]["id"]} for row in all_recordings(service)
            for one in world(service).ask(f"/recordings/{row['id']}/events.json")]


def event_boosts(service):
    return [{**flat(boost), "EventId": one["Id"], "RecordingId": one["RecordingId"], "ProjectId": one["ProjectId"]}
            for one in events(service) if one.get("BoostsUrl") for boost in world(service).ask(f"/recordings/{one['RecordingId']}/events/{one['Id']}/boosts.json")]


def subscriptions(service):
    return [{**flat(world(service).ask(f"/recordings/{row['id']}/subscription.json")), "RecordingId": row["id"], "ProjectId": row["bucket"]["id"]}
            for row in all_recordings(service) if row.get("subscription_url")]


def grouped(path, member, **query):
    return lambda service: [flat(row) for group in world(service).ask(path, **query) for row in group[member]]


def cards(state, **query):
    return lambda service, *_: [{**row, "CardTableColumnId": row["ParentId"]} for row in grouped(f"/cards/{state}.json", "cards", **query)(service)]


def list_parent(row):
    there = row["parent"]
    return {"ToDoSetId": there["id"] if there["type"] == "Todoset" else None, "ToDoListId": there["id"] if there["type"] == "Todolist" else None}


def vault_parent(row):
    return {"VaultId": row["parent"]["id"] if row.get("parent", {}).get("type") == "Vault" else None}


def enabled_only(rows):
    """Without the recordings that are tools which are switched off."""
    def kept(service):
        off = {one["id"] for project in world(service).data("Project") for one in project["dock"] if not one["enabled"]}
        return [row for row in rows(service) if row["Id"] not in off]
    return kept


def upcoming(member, first="2026-02-20", last="2026-04-01"):
    def rows(service, *_):
        found = world(service).ask("/reports/schedules/upcoming.json", window_starts_on=first, window_ends_on=last)[member]
        return [{**without(flat(row), "Creator", "BucketId"), **({"CreatorAvatarUrl": row["creator"]["avatar_url"]} if "creator" in row else {})} for row in found]
    return rows


WINDOW = {"WindowStartsOn": datetime.date(2026, 2, 20), "WindowEndsOn": datetime.date(2026, 4, 1)}


def readings(member):
    def rows(service):
        found, page = [], 1
        while True:
            more = world(service).ask("/my/readings.json", page=page)[member]
            if not more or (page > 1 and member != "reads"):
                return [flat(row) for row in found]
            found, page = found + more, page + 1
    return rows


def assignments(service):
    return [{**flat(row), "Priority": name} for name, rows in world(service).ask("/my/assignments.json").items() for row in rows]


def assigned(service):
    rows = []
    for one in world(service).ask("/reports/todos/assigned.json"):
        report = world(service).ask(f"/reports/todos/assigned/{one['id']}.json")
        rows += [{**flat(row), **person(report["person"]), "ToDoListId": row["parent"]["id"], "GroupedBy": report["grouped_by"]} for row in report["todos"]]
    return rows


def overdue(service):
    return [{**flat(row), "Lateness": name, "ToDoListId": row["parent"]["id"]} for name, rows in world(service).ask("/reports/todos/overdue.json").items() for row in rows]


def search(**query):
    def rows(service, *_):
        names = ("id status visible_to_clients created_at updated_at title inherits_status type url app_url bookmark_url bucket creator subscription_url comments_count "
                 "comments_url boosts_count boosts_url position parent content description plain_text_content plain_text_description completed completed_ratio "
                 "name color subject groups_url todos_url app_todos_url comments_app_url").split()
        found = [flat({name: row[name] for name in names if name in row}) for row in world(service).ask("/search.json", **{"q": "budget", **query})]
        return found
    return rows


def sheet_entry(row):
    return {**flat(row), "RecordingId": row["parent"]["id"]}


def timeline(row):
    return {name: value for name, value in flat(row).items() if name not in ("BucketId",)}


def reminder(row):
    return {"ReminderId": row["reminder_id"], "RemindAt": row["remind_at"], "GroupOn": row["group_on"], "QuestionId": row["question"]["id"],
            "QuestionTitle": row["question"]["title"], "ProjectId": row["question"]["bucket"]["id"], "Question": row["question"]}


def bookmark(row):
    told = row["recording"]
    return {"Id": row["id"], "CreatedAt": row["created_at"], "UpdatedAt": row["updated_at"], "RecordingId": told["id"], "RecordingTitle": told["title"],
            "RecordingType": told["type"], "Recording": told}


def draft(row):
    told = {name: value for name, value in row.items() if name not in ("parent", "bucket")}
    return {**flat(told), "Parent": row["parent"], "ProjectId": row["bucket"]["id"], "BucketName": row["bucket"]["name"], "BucketAppUrl": row["bucket"]["app_url"]}


def reports_row(row):
    return {name: value for name, value in flat(row).items() if name != "BucketId"}


def completions(service):
    rows = []
    for row in world(service).within("Todo"):
        if row["completed"]:
            told = world(service).ask(f"/todos/{row['id']}.json")
            rows.append({"ToDoId": row["id"], "ProjectId": row["bucket"]["id"], "ToDoListId": row["parent"]["id"], "Content": row["content"], "CreatedAt": told["completion"]["created_at"],
                         "Creator": told["completion"]["creator"], "CreatorId": told["completion"]["creator"]["id"], "CreatorName": told["completion"]["creator"]["name"]})
    return rows


RULE = "frequency days hour minute week_instance week_interval month_interval start_date duration end_date".split()


def recurrence(told):
    return {"RecurrenceSchedule" + pascal(name): (told.get("recurrence_schedule") or {}).get(name) for name in RULE}


def recurrences(service):
    rows = []
    for row in world(service).within("Schedule::Entry"):
        told = world(service).ask(f"/schedule_entries/{row['id']}.json")
        rows.append({"CalendarEventId": row["id"], "ProjectId": row["bucket"]["id"], "CalendarId": row["parent"]["id"], "Summary": told["summary"], "StartsAt": told["starts_at"],
                     "EndsAt": told["ends_at"], **recurrence(told)})
    return rows


def recurring(service):
    return next(row for row in world(service).within("Schedule::Entry", False) if row.get("recurrence_schedule"))


# What a table that has one row at a time is asked for; filled when the sandbox runs.
WHICH = {name: {} for name in ("Tools", "PersonalCalendars", "ProjectConstructions", "GoogleDocuments", "CloudFiles", "BoostRecordings")}
OCCURRENCE = {}


def occurrence(service):
    told = world(service).ask(f"/schedule_entries/{OCCURRENCE['CalendarEventId']}/occurrences/{OCCURRENCE['Date']}.json")
    return [{**without(flat({n: v for n, v in told.items() if n != "recurrence_schedule"}), "Id"), **recurrence(told), "CalendarEventId": told["id"], "Date": OCCURRENCE["Date"]}]


def schedule_rule(row):
    return {"Schedule" + pascal(name): (row.get("schedule") or {}).get(name) for name in RULE}


def one_of(kind):
    return lambda service: [{**flat(row), "VaultId": row["parent"]["id"]} for row in world(service).within(kind, False)[:1]]


def construction(service):
    """Of the first template, begun when the test began, and done by now."""
    told = world(service).ask(f"/templates/{WHICH['ProjectConstructions']['TemplateId']}/project_constructions/{WHICH['ProjectConstructions']['Id']}.json")
    return [{"TemplateId": WHICH["ProjectConstructions"]["TemplateId"], "ProjectId": (told.get("project") or {}).get("id"), "Project": told.get("project"),
             "Id": told["id"], "Status": told["status"], "Url": told["url"]}]


def deliveries(service):
    rows = []
    for hook in webhooks(service):
        for one in world(service).ask(f"/webhooks/{hook['Id']}.json")["recent_deliveries"]:
            rows.append({"Id": one["id"], **{"Webhook" + name: hook[name] for name in ("Id", "Active", "PayloadUrl", "Types", "Url", "AppUrl", "CreatedAt", "UpdatedAt")},
                         "ProjectId": hook["ProjectId"], "CreatedAt": one["created_at"],
                         **{part.title() + pascal(name): value for part in ("request", "response") for name, value in one[part].items()}})
    return rows


def webhooks(service):
    return of_projects("/buckets/{0}/webhooks.json", lambda row, one: {**flat(one), "ProjectId": row["id"]})(service)


def accounts(service):
    request = urllib.request.Request(service.session.base + "/authorization.json", headers={"Authorization": "Bearer " + world(service).token})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as told:
        body = json.load(told)
    return [{**flat(row), "ExpiresAt": body["expires_at"], **{"Identity" + pascal(name): value for name, value in body["identity"].items()}} for row in body["accounts"]]


TABLES = {
    # projects
    "Accounts": Table(accounts),
    "Projects": Table(projects, where=EVERYTHING),
    "ProjectTools": Table(project_tools, where={"ProjectStatus": "*"}),
    "Tools": Table(lambda service: [flat(world(service).ask(f"/dock/tools/{WHICH['Tools']['Id']}.json"))], where=WHICH["Tools"]),
    "PersonalCalendars": Table(lambda service: [flat(row) for row in world(service).data("Calendar")[:1]], where=WHICH["PersonalCalendars"]),
    "ProjectConstructions": Table(construction, where=WHICH["ProjectConstructions"]),
    "Templates": Table(lambda service: [without(flat(row), "Dock") for row in world(service).data("Template")], where=EVERYTHING),
    "TemplateTools": Table(template_tools),
    "People": Table(answer("/people.json"), references={}),
    "PingablePeople": Table(answer("/circles/people.json")),
    "Profile": Table(single("/my/profile.json"), never=("OutOfOfficeStartDate", "OutOfOfficeEndDate")),
    "ProjectPeople": Table(of_projects("/projects/{0}/people.json", lambda row, one: {**flat(one), "ProjectId": row["id"]}), key=("ProjectId", "Id")),
    "OutOfOffice": Table(each_of(lambda service: world(service).ask("/people.json"), lambda row: f"/people/{row['id']}/out_of_office.json",
                                 lambda row, one: {**without(flat(one), "Person"), **without(person(one["person"]), "Person")}), key=("PersonId",)),
    "Account": Table(single("/account.json")),
    "Preferences": Table(single("/my/preferences.json"), key=()),
    "Stacks": Table(answer("/stacks.json")),
    "StackProjects": Table(each_of(lambda service: world(service).ask("/stacks.json"), lambda row: f"/stacks/{row['id']}.json", lambda row, one: {
        "StackId": row["id"], "ProjectId": one["id"], "ProjectName": one["name"], "ProjectStatus": one["status"]}, "projects"), key=("StackId", "ProjectId")),
    "LineupMarkers": Table(answer("/lineup/markers.json")),
    "Webhooks": Table(webhooks),
    "WebhookDeliveries": Table(deliveries),
    # to-dos
    "ToDoSets": Table(tool("Todoset")),
    "ToDoLists": Table(recordings("Todolist", list_parent), where=EVERYTHING),
    "ToDoListGroups": Table(lambda service: [without({**flat(row), "ToDoListId": row["parent"]["id"]}, "GroupsUrl") for row in world(service).within("Todolist") if row["parent"]["type"] == "Todolist"]),
    "ToDos": Table(recordings("Todo", lambda row: {"ToDoListId": row["parent"]["id"]}), where=EVERYTHING),
    "ToDoCompletions": Table(completions, key=("ToDoId",)),
    "HillCharts": Table(of_tools("Todoset", "/todosets/{0}/hill.json", lambda row, one: {**without(flat(one), "Dots"), "ToDoSetId": row["id"], "ProjectId": row["bucket"]["id"]}), key=("ToDoSetId",)),
    "HillChartDots": Table(of_tools("Todoset", "/todosets/{0}/hill.json", lambda row, one: {**without(flat(one), "Id"), "ToDoListId": one["id"], "ToDoSetId": row["id"], "ProjectId": row["bucket"]["id"]}, "dots"),
                           key=("ToDoListId",)),
    # messages
    "MessageBoards": Table(tool("Message::Board")),
    "Messages": Table(recordings("Message", lambda row: {"MessageBoardId": row["parent"]["id"]}), where=EVERYTHING),
    "MessageTypes": Table(of_projects("/buckets/{0}/categories.json", lambda row, one: {**flat(one), "ProjectId": row["id"]})),
    "Chats": Table(answer("/chats.json")),
    "ChatLines": Table(below("Chat::Lines::Text|Chat::Lines::RichText", "ChatId")),
    "ChatUploads": Table(below("Chat::Lines::Upload", "ChatId"), kinds={"Attachments": "json"}),
    "ChatAttachments": Table(lambda service: [{**flat(one), "ChatUploadId": row["id"], "Number": number, "ChatId": row["parent"]["id"], "ProjectId": row["bucket"]["id"]}
                                              for row in world(service).current("Chat::Lines::Upload") for number, one in enumerate(row["attachments"])], key=("ChatUploadId", "Number")),
    "Chatbots": Table(each_of(lambda service: world(service).ask("/chats.json"), lambda row: f"/buckets/{row['bucket']['id']}/chats/{row['id']}/integrations.json",
                              lambda row, one: {**flat(one), "ChatId": row["id"], "ProjectId": row["bucket"]["id"]}), key=("Id", "ChatId")),
    "Inboxes": Table(tool("Inbox")),
    "Forwards": Table(below("Inbox::Forward", "InboxId")),
    "InboxReplies": Table(below("Inbox::Reply", "ForwardId")),
    "ClientApprovals": Table(lambda service: [flat(row) for row in world(service).current("Client::Approval")]),
    "ClientApprovalResponses": Table(of_current("Client::Approval", "/client/approvals/{0}.json", lambda row, one: {**flat(one), "ClientApprovalId": row["id"]}, "responses"), never=("Url",)),
    "ClientApprovalReplies": Table(lambda service: [{**flat(row), "ClientApprovalId": row["parent"]["id"]} for row in world(service).current("Client::Reply") if row["parent"]["type"] == "Client::Approval"]),
    "ClientCorrespondences": Table(lambda service: [flat(row) for row in world(service).current("Client::Correspondence")]),
    "ClientReplies": Table(lambda service: [{**flat(row), "ClientCorrespondenceId": row["parent"]["id"]} for row in world(service).current("Client::Reply") if row["parent"]["type"] == "Client::Correspondence"]),
    "Questionnaires": Table(tool("Questionnaire")),
    "Questions": Table(below("Question", "QuestionnaireId", lambda row: schedule_rule(row))),
    "QuestionAnswers": Table(recordings("Question::Answer", lambda row: {"QuestionId": row["parent"]["id"]}), where=EVERYTHING),
    "QuestionAnswerers": Table(of_current("Question", "/questions/{0}/answers/by.json", lambda row, one: {**flat(one), "QuestionId": row["id"], "ProjectId": row["bucket"]["id"]}), key=("QuestionId", "Id")),
    "QuestionReminders": Table(answer("/my/question_reminders.json", reminder), key=("ReminderId",)),
    # files
    "Vaults": Table(enabled_only(recordings("Vault", vault_parent)), where=EVERYTHING, references={"VaultId": "Vaults.Id"}),
    "Documents": Table(recordings("Document", lambda row: {"VaultId": row["parent"]["id"]}), where=EVERYTHING),
    "Uploads": Table(recordings("Upload", lambda row: {"VaultId": row["parent"]["id"]}), where=EVERYTHING, kinds={"Width": "integer", "Height": "integer"}),
    "UploadVersions": Table(each_of(lambda service: world(service).within("Upload"), lambda row: f"/uploads/{row['id']}/versions.json",
                                    lambda row, one: {**without(flat(one), "RecordingId"), "UploadId": row["id"], "ProjectId": row["bucket"]["id"]})),
    "Files": Table(answer("/files.json", lambda row: {**flat(row), "VaultId": row["parent"]["id"]}), kinds={"Width": "integer", "Height": "integer"}),
    "GoogleDocuments": Table(one_of("GoogleDocument"), where=WHICH["GoogleDocuments"], kinds={"DescriptionAttachments": "json"}),
    "CloudFiles": Table(one_of("CloudFile"), where=WHICH["CloudFiles"], kinds={"DescriptionAttachments": "json"}),
    # schedules
    "Calendars": Table(tool("Schedule")),
    "CalendarEvents": Table(recordings("Schedule::Entry", lambda row: {"CalendarId": row["parent"]["id"]}), where=EVERYTHING, kinds={"StartsAt": "timestamp", "EndsAt": "timestamp"}),
    "CalendarEventRecurrences": Table(recurrences, key=("CalendarEventId",), kinds={"StartsAt": "timestamp", "EndsAt": "timestamp"}),
    "CalendarEventOccurrences": Table(occurrence, key=("CalendarEventId", "Date"), kinds={"Date": "string"}, where=OCCURRENCE),
    # cards
    "CardTables": Table(lambda service: [flat(row) for row in world(service).dock("Kanban::Board")], kinds={"Lists": "json", "Wormholes": "json"}),
    "CardTableColumns": Table(lambda service: [{**flat(one), "CardTableId": row["id"]} for row in world(service).dock("Kanban::Board") for one in row["lists"]]),
    "CardTableCards": Table(recordings("Kanban::Card", lambda row: {"CardTableColumnId": row["parent"]["id"]}), where=EVERYTHING),
    "Cards": Table(cards("open"), where={"State": "open"}, kinds={"Steps": "json"}),
    "CardTableSteps": Table(recordings("Kanban::Step", lambda row: {"CardTableCardId": row["parent"]["id"]}), where=EVERYTHING),
    "CardTableWormholes": Table(lambda service: [{**flat(one), "CardTableId": row["id"]} for row in world(service).dock("Kanban::Board") for one in row.get("wormholes", [])]),
    # recordings
    "Recordings": Table(recording_rows, where=EVERYTHING),
    "Comments": Table(recordings("Comment", lambda row: {"RecordingId": row["parent"]["id"]}), where=EVERYTHING),
    "Events": Table(events, references={"RecordingId": "Recordings.Id"}),
    "BoostRecordings": Table(boosted, where=WHICH["BoostRecordings"], references={"RecordingId": "Recordings.Id"}),
    "Boosts": Table(boosts, references={"RecordingId": "Recordings.Id"}),
    "EventBoosts": Table(event_boosts, references={"RecordingId": "Recordings.Id"}),
    "Subscriptions": Table(subscriptions, key=("RecordingId",), references={"RecordingId": "Recordings.Id"}),
    "Bookmarks": Table(answer("/my/bookmarks.json", bookmark)),
    "Drafts": Table(answer("/my/drafts.json", draft), kinds={"ScheduledPostingAt": "timestamp"}),
    "Notes": Table(single("/my/notes.json"), key=(), kinds={"ContentAttachments": "json"}),
    # reports
    "Timeline": Table(answer("/reports/progress.json", timeline), kinds={"AvatarsSample": "json", "Attachments": "json"}),
    "Assignments": Table(assignments, kinds={"Children": "json"}, without=("BucketId",)),
    "CompletedAssignments": Table(answer("/my/assignments/completed.json", reports_row), kinds={"Children": "json"}),
    "DueAssignments": Table(lambda service: [reports_row(row) for scope in SCOPES for row in world(service).ask("/my/assignments/due.json", scope=scope)], kinds={"Children": "json"}),
    "ToDoAssignees": Table(answer("/reports/todos/assigned.json")),
    "AssignedToDos": Table(assigned, key=("PersonId", "Id")),
    "OverdueToDos": Table(overdue),
    "UpcomingEvents": Table(upcoming("schedule_entries"), where=WINDOW, kinds={"StartsAt": "timestamp", "EndsAt": "timestamp"}),
    "UpcomingOccurrences": Table(upcoming("recurring_schedule_entry_occurrences"), where=WINDOW, key=("Id", "StartsAt")),
    "UpcomingAssignables": Table(upcoming("assignables"), where=WINDOW),
    "TimesheetEntries": Table(answer("/reports/timesheet.json", sheet_entry), kinds={"Hours": "double"}),
    "Gauges": Table(answer("/reports/gauges.json")),
    "GaugeNeedles": Table(lambda service: [flat(row) for row in world(service).current("Gauge::Needle")]),
    "Notifications": Table(readings("reads"), never=("MemoryUrl",)),
    "UnreadNotifications": Table(readings("unreads"), never=("MemoryUrl",)),
    "Memories": Table(readings("memories")),
    "Search": Table(search(), where={"Query": "budget"}, never=tuple("Completed CompletedRatio Name Color GroupsUrl ToDosUrl AppToDosUrl CommentsAppUrl".split())),
    "SearchTypes": Table(lambda service: world(service).ask("/searches/metadata.json")["recording_search_types"], key=()),
    "SearchFileTypes": Table(lambda service: world(service).ask("/searches/metadata.json")["file_search_types"], key=()),
    "SearchLabels": Table(lambda service: [{n: v for n, v in world(service).ask("/searches/metadata.json").items() if n.startswith("default")}], key=()),
}
SCOPES = "overdue due_today due_tomorrow due_later_this_week due_next_week due_later".split()


# ---- The inputs ----

def files(**query):
    return lambda service, *_: [{**flat(row), "VaultId": row["parent"]["id"]} for row in world(service).ask("/files.json", **query)]


def with_values(make, parameter):
    return lambda service, values: make(**{parameter: values})(service)


INPUTS = {
    ("Cards", "State"): Input(["completed"], rows=cards("completed")),
    ("Cards", "AssignedTo"): Input(["1049715913", "1049715914"], rows=with_values(lambda **query: cards("open", **query), "assignee_ids[]")),
    ("Cards", "Due"): Input(["with"], rows=cards("open", due="with")),
    ("DueAssignments", "Scope"): Input(["overdue", "due_later"], rows=lambda service, values: [
        reports_row(row) for scope in values for row in world(service).ask("/my/assignments/due.json", scope=scope)]),
    ("Files", "Kind"): Input(["images"], rows=files(kind="images")),
    ("Files", "PersonIds"): Input(["1049715913", "1049715914"], rows=with_values(files, "people_ids[]")),
    ("Search", "Query"): Input(["logo"], rows=search(q="logo")),
    ("Search", "FileType"): Input(["image"], rows=search(q="logo", file_type="image"), also={"Query": "logo"}),
    ("Search", "ExcludeChat"): Input([True], rows=search(q="e", exclude_chat=1), also={"Query": "e"}),
}
for name, member in (("UpcomingEvents", "schedule_entries"), ("UpcomingOccurrences", "recurring_schedule_entry_occurrences"), ("UpcomingAssignables", "assignables")):
    INPUTS[name, "WindowStartsOn"] = Input([datetime.date(2026, 3, 1)], rows=upcoming(member, first="2026-03-01"), also={"WindowEndsOn": WINDOW["WindowEndsOn"]})
    INPUTS[name, "WindowEndsOn"] = Input([datetime.date(2026, 3, 20)], rows=upcoming(member, last="2026-03-20"), also={"WindowStartsOn": WINDOW["WindowStartsOn"]})


def asked(entry):
    """A request's parameters; those that repeat as lists."""
    return {name: values if name.endswith("[]") else values[-1] for name, values in urllib.parse.parse_qs(entry["raw_query"], keep_blank_values=True).items()}


def service_of(session, **more):
    return Service(session, "basecamp", TABLES, REFERENCES, INPUTS, properties={"ProjectId": "*"}, files="[bv][a3]*.xml", asked=asked, **more)


def every_table():
    with Session(play="basecamp3") as session:
        service = service_of(session)
        with session.connect(ProjectId="*") as connection:
            template = world(service).data("Template")[0]["id"]
            made = connection.execute("CALL CreateProjectFromTemplate(?, 'Made')", template).fetchone()[0]
            connection.execute("SELECT * FROM ProjectConstructions WHERE TemplateId = ? AND Id = ?", template, made).fetchall()
        entry = recurring(service)
        OCCURRENCE.update(CalendarEventId=entry["id"], Date=entry["starts_at"][:10].replace("-", ""))
        WHICH["BoostRecordings"].update(Id=world(service).data("Boost")[0]["id"])
        WHICH["Tools"].update(Id=world(service).dock("Chat::Transcript")[0]["id"])
        WHICH["PersonalCalendars"].update(Id=world(service).data("Calendar")[0]["id"])
        WHICH["ProjectConstructions"].update(TemplateId=template, Id=made)
        for name, kind in (("GoogleDocuments", "GoogleDocument"), ("CloudFiles", "CloudFile")):
            WHICH[name].update(Id=world(service).within(kind, False)[0]["id"])
        done = next(row for row in world(service).within("Todo") if row["completed"])
        TABLES["ToDos"].beside["Completed"] = {"ToDoListId": done["parent"]["id"], "Status": ["active"]}
        told = sorted({row["group_on"] for row in world(service).within("Question::Answer", True, ("active", "archived", "trashed"))})
        said = next(row for row in world(service).within("Question::Answer") if row["group_on"] == told[len(told) // 2])
        TABLES["QuestionAnswers"].beside["GroupOn"] = {"QuestionId": said["parent"]["id"], "Status": ["active"]}
        WORLDS.clear()
        run_tables(service)


def failure(work):
    """The message of an error; None when there was none."""
    try:
        work()
    except Exception as error:
        return str(error)
    return None


if __name__ == "__main__":
    run(every_table)
