#!/usr/bin/python3
"""Proves that every resource of the sandbox's Basecamp has exactly the members, and their types, that basecamp_shapes.py knows; that
those are the ones of the services' published samples, where these are at hand; and that the URLs in answers lead somewhere."""
import json
import os
import re
import unittest

from basecamp_client import MAIN2, MAIN3, Basecamp, samples
from basecamp_shapes import BASECAMP2, BASECAMP3, Shapes

# (path, shape of the answer, sample). {Kind} is the id of such a record, {bucket} and {parent} those of the last one named so; <first> is
# the id of the first element at the path before it.
RESOURCES3 = (
    ("/account", "ACCOUNT", "account.get-account-json"), ("/people", "[PERSON]", "people.get-people-json"),
    ("/people/{Person}", "PERSON", "people.get-people-2-json"), ("/circles/people", "[PERSON]", None), ("/my/profile", "PERSON", None),
    ("/people/{Person}/out_of_office", "OUT_OF_OFFICE", "out_of_office.get-people-2-out-of-office-json"),
    ("/projects/{Project}/people", "[PERSON]", None), ("/my/preferences", "PREFERENCES", "people.get-my-preferences-json"),
    ("/my/readings", "READINGS", "my_notifications.get-my-readings-json"), ("/my/assignments", "ASSIGNMENTS", "my_assignments.get-my-assignments-json"),
    ("/my/assignments/completed", "[ASSIGNMENT]", "my_assignments.get-my-assignments-completed-json"),
    ("/my/assignments/due", "[ASSIGNMENT]", "my_assignments.get-my-assignments-due-json"),
    ("/my/question_reminders", "[REMINDER]", "question_reminders.get-my-question-reminders-json"),
    ("/my/bookmarks", "[BOOKMARK]", None), ("/my/drafts", "[DRAFT]", None), ("/my/notes", "NOTE", None),
    ("/projects", "[PROJECT_LISTED]", "projects.get-projects-json"), ("/projects/{Project}", "PROJECT", "projects.get-projects-1-json"),
    ("/templates", "[TEMPLATE]", "templates.get-templates-json"), ("/templates/{Template}", "TEMPLATE", "templates.get-templates-1-json"),
    ("/templates/{parent}/project_constructions/{Construction}", "CONSTRUCTION", "templates.get-templates-1-project-constructions-1-json"),
    ("/calendars/{Calendar}", "CALENDAR", None), ("/stacks", "[STACK]", None), ("/stacks/<first>", "STACK_WHOLE", None),
    ("/dock/tools/{Chat::Transcript}", "TOOL", "tools.get-dock-tools-2-json"), ("/dock/tools/{Vault}", "TOOL", None),
    ("/buckets/{Project}/categories", "[CATEGORY]", "message_types.get-buckets-1-categories-json"),
    ("/buckets/{Project}/categories/<first>", "CATEGORY", "message_types.get-buckets-1-categories-2-json"),
    ("/buckets/{Project}/webhooks", "[WEBHOOK_LISTED]", "webhooks.get-buckets-1-webhooks-json"),
    ("/webhooks/{Webhook}", "WEBHOOK", "webhooks.get-webhooks-3-json"),
    ("/todosets/{Todoset}", "TODOSET", "todosets.get-todosets-2-json"), ("/todosets/{Todoset}/hill", "HILL", "hill_charts.get-todosets-1-hill-json"),
    ("/todosets/{Todoset}/todolists", "[TODOLIST]", "todolists.get-todosets-3-todolists-json"),
    ("/todolists/{Todolist}", "TODOLIST", "todolists.get-todolists-2-json"), ("/todolists/{Todolist}", "TODOLIST", "todolist_groups.get-todolists-3-json"),
    ("/todolists/{group}/groups", "[TODOLIST]", "todolist_groups.get-todolists-2-groups-json"),
    ("/todolists/{list}/todos", "[TODO_LISTED]", "todos.get-todolists-3-todos-json"), ("/todos/{Todo}", "TODO", "todos.get-todos-2-json"),
    ("/todos/open", "[TODOS_OF_BUCKET]", None), ("/todos/completed", "[TODOS_OF_BUCKET]", None), ("/todos/unassigned", "[TODOS_OF_BUCKET]", None),
    ("/todos/no_due_date", "[TODOS_OF_BUCKET]", None), ("/todos/overdue", "[TODO_LISTED]", None),
    ("/message_boards/{Message::Board}", "MESSAGE_BOARD", "message_boards.get-message-boards-2-json"),
    ("/message_boards/{Message::Board}/messages", "[MESSAGE]", "messages.get-message-boards-3-messages-json"),
    ("/messages/{Message}", "MESSAGE", "messages.get-messages-2-json"), ("/messages", "[MESSAGE]", None),
    ("/recordings/{Message}/comments", "[COMMENT]", "comments.get-recordings-3-comments-json"),
    ("/comments/{Comment}", "COMMENT", "comments.get-comments-2-json"), ("/comments", "[COMMENT]", None),
    ("/vaults/{Vault}", "VAULT", "vaults.get-vaults-2-json"), ("/vaults/{Vault}/vaults", "[VAULT]", "vaults.get-vaults-2-vaults-json"),
    ("/vaults/{Vault}/documents", "[DOCUMENT]", "documents.get-vaults-2-documents-json"), ("/vaults/{Vault}/uploads", "[UPLOAD]", None),
    ("/documents/{Document}", "DOCUMENT", "documents.get-documents-2-json"), ("/uploads/{Upload}", "UPLOAD", None),
    ("/uploads/{Upload}/versions", "[VERSION]", None), ("/google_documents/{GoogleDocument}", "GOOGLE_DOCUMENT", None),
    ("/cloud_files/{CloudFile}", "CLOUD_FILE", None),
    ("/schedules/{Schedule}", "SCHEDULE", "schedules.get-schedules-2-json"), ("/schedules/{Schedule}/entries", "[ENTRY]", None),
    ("/schedule_entries/{Schedule::Entry}", "ENTRY_WHOLE", None),
    ("/reports/schedules/upcoming?window_starts_on=2026-02-20&window_ends_on=2026-03-20", "UPCOMING", "reports.get-reports-schedules-upcoming-json"),
    ("/card_tables/{Kanban::Board}", "BOARD", "card_tables.get-card-tables-2-json"), ("/card_tables/columns/{Kanban::Column}", "COLUMN", None),
    ("/card_tables/lists/{Kanban::Column}/cards", "[CARD_LISTED]", None), ("/card_tables/cards/{Kanban::Card}", "CARD", None),
    ("/card_tables/steps/{Kanban::Step}", "STEP", None), ("/cards/open", "[CARDS_OF_BUCKET]", None), ("/cards/overdue", "[CARD_LISTED]", None),
    ("/questionnaires/{Questionnaire}", "QUESTIONNAIRE", "questionnaires.get-questionnaires-2-json"),
    ("/questionnaires/{Questionnaire}/questions", "[QUESTION]", "questions.get-questionnaires-2-questions-json"),
    ("/questions/{Question}", "QUESTION", "questions.get-questions-2-json"), ("/questions/{Question}/answers", "[ANSWER]", None),
    ("/questions/{Question}/answers/by", "[PERSON]", None), ("/question_answers/{Question::Answer}", "ANSWER", None), ("/checkins", "[ANSWER]", None),
    ("/inboxes/{Inbox}", "INBOX", "inboxes.get-inboxes-2-json"),
    ("/inboxes/{Inbox}/inbox_forwards", "[FORWARD]", "forwards.get-inboxes-3-inbox-forwards-json"),
    ("/inbox_forwards/{Inbox::Forward}", "FORWARD", "forwards.get-inbox-forwards-2-json"), ("/forwards", "[FORWARD]", None),
    ("/inbox_forwards/{parent}/replies", "[FORWARD_REPLY]", "inbox_replies.get-inbox-forwards-2-replies-json"),
    ("/inbox_forwards/{parent}/replies/{Inbox::Reply}", "FORWARD_REPLY", "inbox_replies.get-inbox-forwards-2-replies-3-json"),
    ("/chats", "[CHAT]", "campfires.get-chats-json"), ("/chats/{Chat::Transcript}", "CHAT", "campfires.get-chats-2-json"),
    ("/chats/{Chat::Transcript}/lines", "[LINE]", "campfires.get-chats-2-lines-json"),
    ("/chats/{parent}/lines/{Chat::Lines::Text}", "LINE", "campfires.get-chats-2-lines-3-json"),
    ("/chats/{Chat::Transcript}/uploads", "[LINE_UPLOAD]", "campfires.get-chats-2-uploads-json"),
    ("/buckets/{bucket}/chats/{Chat::Transcript}/integrations", "[CHATBOT]", "chatbots.get-buckets-1-chats-1-integrations-json"),
    ("/buckets/{bucket}/chats/{Chat::Transcript}/integrations/<first>", "CHATBOT", None),
    ("/buckets/{bucket}/client/board", "CLIENT_BOARD", None), ("/buckets/{bucket}/client/approvals", "[APPROVAL]",
                                                               "client_approvals.get-buckets-1-client-approvals-json"),
    ("/client/approvals/{Client::Approval}", "APPROVAL_WHOLE", "client_approvals.get-client-approvals-2-json"),
    ("/buckets/{bucket}/client/correspondences", "[CORRESPONDENCE]", "client_correspondences.get-buckets-1-client-correspondences-json"),
    ("/client/correspondences/{Client::Correspondence}", "CORRESPONDENCE", "client_correspondences.get-client-correspondences-2-json"),
    ("/buckets/{bucket}/client/recordings/{parent}/replies", "[CLIENT_REPLY]", "client_replies.get-buckets-1-client-recordings-2-replies-json"),
    ("/buckets/{bucket}/client/recordings/{parent}/replies/{Client::Reply}", "CLIENT_REPLY",
     "client_replies.get-buckets-1-client-recordings-2-replies-3-json"),
    ("/recordings/{Todo}/events", "[EVENT]", "events.get-recordings-2-events-json"),
    ("/recordings/{Comment}/boosts", "[BOOST]", "boosts.get-recordings-2-boosts-json"), ("/boosts/{Boost}", "BOOST_WHOLE", "boosts.get-boosts-2-json"),
    ("/recordings/{Message}/subscription", "SUBSCRIPTION", "subscriptions.get-recordings-2-subscription-json"),
    ("/recordings/{Message}/bookmark", "BOOKMARKED", None),
    ("/reports/progress", "[TIMELINE_EVENT]", "timeline.get-reports-progress-json"),
    ("/projects/{Project}/timeline", "[TIMELINE_EVENT]", "timeline.get-projects-1-timeline-json"),
    ("/reports/users/progress/{Person}", "PERSON_TIMELINE", "timeline.get-reports-users-progress-1-json"),
    ("/reports/todos/assigned", "[PERSON]", "reports.get-reports-todos-assigned-json"),
    ("/reports/todos/assigned/{Person}", "ASSIGNED", "reports.get-reports-todos-assigned-1-json"),
    ("/reports/todos/overdue", "OVERDUE", "reports.get-reports-todos-overdue-json"), ("/reports/timesheet", "[TIMESHEET_ENTRY]", None),
    ("/projects/{bucket}/timesheet", "[TIMESHEET_ENTRY]", None), ("/timesheet_entries/{Timesheet::Entry}", "TIMESHEET_ENTRY", None),
    ("/reports/gauges", "[GAUGE]", None), ("/projects/{bucket}/gauge/needles", "[NEEDLE]", None),
    ("/gauge_needles/{Gauge::Needle}", "NEEDLE", None), ("/lineup/markers", "[MARKER]", "lineup_markers.get-lineup-markers-json"),
    ("/search?q=u&type=Todolist", "[FOUND_TODOLIST]", "search.get-search-json"),
    ("/searches/metadata", "METADATA", "search.get-searches-metadata-json"),
)
KINDS3 = {"Person": "PERSON", "Project": "PROJECT", "Template": "TEMPLATE", "Construction": "CONSTRUCTION", "Todoset": "TODOSET",
          "Todolist": "TODOLIST", "Todo": "TODO", "Message": "MESSAGE", "Comment": "COMMENT", "Vault": "VAULT", "Document": "DOCUMENT",
          "Upload": "UPLOAD", "Schedule::Entry": "ENTRY_WHOLE", "Kanban::Board": "BOARD", "Kanban::Triage": "COLUMN", "Kanban::Column": "COLUMN",
          "Kanban::DoneColumn": "COLUMN", "Kanban::NotNowColumn": "COLUMN", "Kanban::Card": "CARD", "Kanban::Step": "STEP",
          "Kanban::Wormhole": "WORMHOLE", "Question::Answer": "ANSWER", "Client::Approval": "APPROVAL_WHOLE", "Client::Reply": "CLIENT_REPLY",
          "Gauge": "GAUGE", "Gauge::Needle": "NEEDLE", "Timesheet::Entry": "TIMESHEET_ENTRY", "Event": "EVENT", "Boost": "BOOST_WHOLE",
          "Webhook": "WEBHOOK", "Inbox::Forward": "FORWARD", "Chat::Lines::RichText": "LINE", "Chat::Lines::Upload": "LINE_UPLOAD"}

RESOURCES2 = (
    ("/projects", "[PROJECT_LISTED]", "projects.get-projects"), ("/projects/drafts", "[PROJECT_LISTED]", None),
    ("/projects/archived", "[PROJECT_LISTED]", None), ("/projects/{Project}", "PROJECT", "projects.get-project"),
    ("/project_templates", "[TEMPLATE_LISTED]", "project_templates.get-project-templates"),
    ("/projects/{Template}", "TEMPLATE", "project_templates.get-project-template"), ("/stars", "[STAR]", "stars.list-all-stars"),
    ("/people", "[PERSON_LISTED]", "people.get-people"), ("/people/trashed", "[PERSON_LISTED]", None), ("/people/me", "PERSON", "people.get-person"),
    ("/people/{Person}/projects", "[OF_PERSON]", "people.get-projects-a-person-has-access-to"), ("/people/{Person}/events", "[EVENT]", None),
    ("/people/{Person}/assigned_todos", "[TODOLIST_ASSIGNED]", None), ("/projects/{Project}/accesses", "[ACCESS]", "accesses.get-accesses"),
    ("/calendars/{Calendar}/accesses", "[ACCESS]", None), ("/groups", "[GROUP_LISTED]", "groups.get-groups"), ("/groups/{Group}", "GROUP", "groups.get-group"),
    ("/groups/{parent}/subgroups/{Subgroup}", "SUBGROUP", "groups.get-subgroup"), ("/events", "[EVENT]", "events.get-events"),
    ("/projects/{Project}/events", "[EVENT]", None), ("/topics", "[TOPIC_EVERYWHERE]", None), ("/topics/archived", "[TOPIC_EVERYWHERE]", None),
    ("/projects/{Project}/topics", "[TOPIC]", None), ("/todolists", "[TODOLIST_EVERYWHERE]", None),
    ("/todolists/completed", "[TODOLIST_EVERYWHERE]", None), ("/todolists/trashed", "[TODOLIST_EVERYWHERE]", None),
    ("/projects/{Project}/todolists", "[TODOLIST_LISTED]", None), ("/projects/{bucket}/todolists/{Todolist}", "TODOLIST", None),
    ("/projects/{Project}/todos", "[TODO_LISTED]", "todos.get-to-dos"), ("/projects/{bucket}/todos/{Todo}", "TODO", "todos.get-to-do"),
    ("/projects/{bucket}/messages/{Message}", "MESSAGE", "messages.get-message"), ("/documents", "[DOCUMENT_EVERYWHERE]", None),
    ("/projects/{Project}/documents", "[DOCUMENT_LISTED]", None), ("/projects/{bucket}/documents/{Document}", "DOCUMENT", None),
    ("/attachments", "[ATTACHMENT]", "attachments.get-attachments"), ("/projects/{Project}/attachments", "[ATTACHMENT]", None),
    ("/projects/{bucket}/attachments/{Attachment}", "ATTACHMENT", "attachments.get-attachment"),
    ("/projects/{bucket}/attachments/{LinkedAttachment}", "ATTACHMENT", "attachments.get-attachments.response-2"),
    ("/projects/{bucket}/uploads/{Upload}", "UPLOAD", "uploads.get-upload"), ("/forwards", "[FORWARD_EVERYWHERE]", "forwards.get-forwards"),
    ("/projects/{Project}/forwards", "[FORWARD_LISTED]", None), ("/projects/{bucket}/forwards/{Forward}", "FORWARD", "forwards.get-forward"),
    ("/calendars", "[CALENDAR_LISTED]", "calendars.get-calendars"), ("/calendars/{Calendar}", "CALENDAR", "calendars.get-calendar"),
    ("/calendars/{Calendar}/calendar_events", "[CALENDAR_EVENT_LISTED]", None),
    ("/calendars/{Calendar}/calendar_events/past", "[CALENDAR_EVENT_LISTED]", None),
)

# What the samples leave out of what is known of the services, or spell in another way.
LACKING = {
    "messages.get-message": r"\.comments\[\d+\]\.(private|trashed|attachments)", "uploads.get-upload": r"\.comments\[\d+\]\.(private|trashed)",
    "forwards.get-forward": r"\.(comments\[\d+\]\.(private|trashed)|attachments\[\d+\]\.app_url)",
    "project_templates.get-project-template": r"$^", "todos.get-to-do": r"\.comments", "groups.get-group": r"$^",
    "webhooks.get-webhooks-3-json": r"$^",
}


class Everything(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Basecamp().__enter__()
        cls.shapes = {"2": Shapes(BASECAMP2, "2"), "3": Shapes(BASECAMP3, "3")}

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def record(self, product, kind):
        """The active record of an active project that has most comments, boosts, documents…"""
        rows = self.sandbox.data3(kind) if product == "3" else self.sandbox.data2(kind)
        rows = [r for r in rows if r.get("status", "active") in ("active", "completed") and not r.get("trashed") and r.get("position", 1)]
        return max(rows, key=lambda r: sum(n for name, n in r.items() if name.endswith("_count")))

    def path(self, product, pattern):
        """The pattern with ids filled in."""
        names = {"list": "Todolist", "group": "Todolist"}
        kinds = [names.get(k, k) for k in re.findall(r"\{([^}]+)\}", pattern) if k not in ("bucket", "parent")]
        known = {"/inbox_forwards/{parent}/replies": "Inbox::Reply", "/buckets/{bucket}/client/board": "Client::Board",
                 "/buckets/{bucket}/client/approvals": "Client::Approval", "/buckets/{bucket}/client/correspondences": "Client::Correspondence",
                 "/buckets/{bucket}/client/recordings/{parent}/replies": "Client::Reply", "/projects/{bucket}/timesheet": "Timesheet::Entry",
                 "/projects/{bucket}/gauge/needles": "Gauge::Needle"}
        record = self.record(product, kinds[-1] if kinds else known[pattern]) if "{" in pattern else {}
        if pattern == "/todolists/{group}/groups":
            record = next(r["parent"] for r in self.sandbox.data3("Todolist") if "group_position_url" in r and r["status"] == "active")
        self.bucket = record.get("bucket", {}).get("id")
        values = {"bucket": record.get("bucket", {}).get("id"), "parent": record.get("parent", {}).get("id", record.get("parent_id"))}
        if product == "2" and "{bucket}" in pattern:
            values["bucket"] = self.bucket2(record, kinds[-1])
        if pattern.endswith("{Construction}"):
            return record["url"].removeprefix(f"{self.sandbox.base}/{MAIN3}").removesuffix(".json")
        path = re.sub(r"\{([^}]+)\}", lambda m: str(values.get(m[1], record.get("id"))), pattern)
        if "<first>" in path:
            before = path[:path.index("/<first>")]
            path = path.replace("<first>", str(self.sandbox.get3(before)[0]["id"]))
        return path

    def bucket2(self, record, kind):
        section = {"Todolist": "todolists", "Todo": "todos", "LinkedAttachment": "attachments"}.get(kind, kind.lower() + "s")
        for project in self.sandbox.data2("Project"):
            if self.sandbox.ask(self.sandbox.path2(f"/projects/{project['id']}/{section}/{record['id']}"))[0] == 200:
                return project["id"]
        raise AssertionError(kind)

    def check(self, product, resources):
        for pattern, shape, _ in resources:
            path, _, query = self.path(product, pattern).partition("?")
            base = f"/{MAIN3}{path}.json" if product == "3" else f"/{MAIN2}/api/v1{path}.json"
            status, _, body = self.sandbox.ask(base + ("?" + query if query else ""))
            self.assertEqual((pattern, path, status), (pattern, path, 200))
            self.assertEqual(self.shapes[product].complaints(shape, body, pattern), [])
            if product == "3" and self.bucket and not path.startswith("/buckets/"):
                again = f"/{MAIN3}/buckets/{self.bucket}{path}.json" + ("?" + query if query else "")
                self.assertEqual(self.sandbox.ask(again)[2], body, again)
            if shape.startswith("["):
                self.assertTrue(body, f"{path} is empty, which proves nothing")

    def test_basecamp_3(self):
        self.check("3", RESOURCES3)
        for kind, shape in KINDS3.items():
            rows = self.sandbox.data3(kind)
            self.assertTrue(rows, kind)
            self.assertEqual(self.shapes["3"].complaints(f"[{shape}]", rows, kind), [])
        self.assertEqual(self.shapes["3"].complaints("[TIMELINE_EVENT]", self.sandbox.list3("/reports/progress"), "progress"), [])
        away = [self.sandbox.get3(f"/people/{p['id']}/out_of_office") for p in self.sandbox.data3("Person")]
        self.assertEqual(self.shapes["3"].complaints("[OUT_OF_OFFICE]", away, "out_of_office"), [])
        self.met("3", {"ACCOUNT.trial_ends_on", "PLAN.project_limit", "RECURRENCE.week_instance",
                       "QUESTION_SCHEDULE.week_instance", "QUESTION_SCHEDULE.week_interval", "QUESTION_SCHEDULE.month_interval",
                       "QUESTION_SCHEDULE.duration", "QUESTION_SCHEDULE.end_date", "STACK.gauges_url", "STACK.image_url", "STACK_WHOLE.gauges_url",
                       "STACK_WHOLE.image_url", "WORMHOLE.color", "DRAFT.parent",
                       "DRAFT.scheduled_posting_at", "FOUND_TODOLIST.description", "FOUND_TODOLIST.content"})

    def test_basecamp_2(self):
        self.check("2", RESOURCES2)
        window = self.sandbox.get2("/calendar_events", start_date="2026-02-20", end_date="2026-03-20")
        for event in window:
            shape = "CALENDAR_EVENT_EVERYWHERE" if "id" in event else "OCCURRENCE_EVERYWHERE"
            self.assertEqual(self.shapes["2"].complaints(shape, event, "calendar_events"), [])
        for kind in ("Todo", "Document", "Upload", "Forward", "CalendarEvent", "Message", "Attachment", "Todolist"):
            shape = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper()
            self.assertEqual(self.shapes["2"].complaints(f"[{shape}]", self.sandbox.data2(kind), kind), [])
        self.met("2", set())

    def met(self, product, never):
        """Every member of a shape that was met has had a value somewhere, but for those that never have."""
        absent = set()
        for (shape, name), how in self.shapes[product].seen.items():
            if "value" not in how:
                absent.add(f"{shape}.{name}")
        self.assertEqual(absent, never)

    def test_the_samples(self):
        folder = samples("basecamp")
        if folder is None:
            self.skipTest("the samples are not at hand")
        compared = set()
        for product, resources in (("3", RESOURCES3), ("2", RESOURCES2)):
            shapes = Shapes({"3": BASECAMP3, "2": BASECAMP2}[product], product)
            for _, shape, name in resources:
                if name is None:
                    continue
                place = os.path.join(folder, "v" + product, name if name.endswith("-2") else name + ".response") + ".json"
                with open(place, encoding="utf-8") as file:
                    complaints = shapes.complaints(shape, json.load(file))
                pattern = LACKING.get(name)
                left = [c for c in complaints if not (pattern and c.endswith(f"is missing ({c.rsplit('(', 1)[-1]}") and
                                                      re.search(pattern + r":", c))]
                self.assertEqual(left, [], name)
                compared.add(f"v{product}/{os.path.basename(place)}")
        known = {f"v{p}/{f}" for p in "23" for f in os.listdir(os.path.join(folder, "v" + p)) if ".response" in f}
        replies = {f for f in known if re.search(r"\.(put|post)-|\.create-|authentication|rich_text|webhooks\.webhooks|chatbots\.chatbots", f)}
        odd = {f for f in known - compared - replies}
        self.assertEqual(odd, {"v3/boosts.get-recordings-2-events-3-boosts-json.response.json", "v3/my_assignments.get-due-assignments.response.json",
                               "v3/chatbots.get-buckets-1-chats-1-integrations-3-json.response.json", "v3/timeline.schedule-entry-data.response.json",
                               "v2/comments.get-comments.response.json"}, "a sample that nothing is compared with")

    def test_urls_lead_somewhere(self):
        """Of each kind of URL that an answer has, a few are followed."""
        no_resource = {"bookmark_url", "completion_url", "memory_url", "unread_url", "group_position_url", "star_url", "subscription_url",
                       "avatar_url", "download_url", "fullsize_avatar_url", "thumbnail_url"}
        odd = re.compile(r"/(gauges|timesheets|wormholes|comments|integrations|blobs)/\d|/stacks/\d+/star|/api/v1/projects/\d+/(star|comments)")
        begin = [f"/{MAIN3}/{p}.json" for p in ("projects", "chats", "people", "templates", "reports/progress", "my/readings", "comments",
                                                "files", "my/assignments", "todos/open", "cards/open", "stacks")]
        begin += [f"/{MAIN2}/api/v1/{p}.json" for p in ("projects", "people", "calendars", "topics", "documents", "forwards", "groups", "events")]
        waiting, seen, followed = list(begin), set(begin), {}
        while waiting:
            path = waiting.pop()
            status, _, body = self.sandbox.ask(path)
            self.assertEqual((path, status), (path, 200))
            for name, url in self.urls(body):
                if not url.startswith(self.sandbox.base) or not url.endswith(".json") or (name in no_resource) or odd.search(url):
                    continue
                path = url.removeprefix(self.sandbox.base)
                sort = name, re.sub(r"\d+(-[a-z0-9-]*)?", "N", path)
                if path not in seen and followed.get(sort, 0) < 4:
                    followed[sort] = followed.get(sort, 0) + 1
                    seen.add(path)
                    waiting.append(path)
        names = {name for name, _ in followed}
        self.assertTrue({"url", "answers_url", "boosts_url", "cards_url", "comments_url", "documents_url", "entries_url", "files_url", "forwards_url",
                         "groups_url", "lines_url", "messages_url", "questions_url", "replies_url", "todolists_url", "todos_url", "uploads_url",
                         "vaults_url"} <= names, names)
        self.assertGreater(len(followed), 60, followed)

    def urls(self, value, enabled=True):
        if isinstance(value, dict):
            enabled = value.get("enabled") is not False
            for name, inner in value.items():
                if isinstance(inner, str) and name.endswith("url") and enabled:
                    yield name, inner
                elif isinstance(inner, (dict, list)):
                    yield from self.urls(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.urls(inner)


if __name__ == "__main__":
    unittest.main(verbosity=2)
