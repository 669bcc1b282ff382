#!/usr/bin/python3
"""Proves the writes of the sandbox's Basecamp 2 and 3: what they answer, and that later reads show them."""
import json
import os
import unittest

from basecamp_client import Basecamp, ids, samples
from basecamp_shapes import BASECAMP2, BASECAMP3, Shapes


class Writes(unittest.TestCase):
    def setUp(self):
        self.sandbox = Basecamp().__enter__()
        self.addCleanup(self.sandbox.__exit__)
        self.shapes = {"2": Shapes(BASECAMP2, "2"), "3": Shapes(BASECAMP3, "3")}

    def write3(self, method, path, body=None, status=204, shape=None):
        got, _, answer = self.sandbox.ask(self.sandbox.path3(path), method, body)
        self.assertEqual((method, path, body, got), (method, path, body, status), answer)
        if shape:
            self.assertEqual(self.shapes["3"].complaints(shape, answer), [])
        return answer

    def write2(self, method, path, body=None, status=204, shape=None):
        got, headers, answer = self.sandbox.ask(self.sandbox.path2(path), method, body)
        self.assertEqual((method, path, body, got), (method, path, body, status), answer)
        if shape:
            self.assertEqual(self.shapes["2"].complaints(shape, answer), [])
        self.location = headers["Location"]
        return answer

    def first3(self, kind, keep=lambda row: True):
        return next(r for r in self.sandbox.data3(kind) if r["status"] == "active" and keep(r))


class Basecamp3(Writes):
    def board(self):
        project = next(p for p in self.sandbox.list3("/projects") if any(t["name"] == "kanban_board" and t["enabled"] for t in p["dock"]))
        tool = next(t for t in project["dock"] if t["name"] == "kanban_board")
        return project["id"], self.sandbox.get3(f"/card_tables/{tool['id']}")

    def cards(self, column):
        return self.sandbox.list3(f"/card_tables/lists/{column}/cards")

    def test_cards_move(self):
        _, board = self.board()
        columns = [c["id"] for c in board["lists"]]
        here, there = self.cards(columns[2]), self.cards(columns[3])
        card = here[1]["id"]
        self.write3("POST", f"/card_tables/cards/{card}/moves", {"column_id": columns[3], "position": 2})
        self.assertEqual(ids(self.cards(columns[2])), [i for i in ids(here) if i != card])
        self.assertEqual(ids(self.cards(columns[3])), [there[0]["id"], card] + ids(there[1:]))
        self.assertEqual([c["position"] for c in self.cards(columns[3])], list(range(1, len(there) + 2)))
        self.assertEqual(self.sandbox.get3(f"/card_tables/cards/{card}")["parent"]["id"], columns[3])
        event = self.sandbox.list3(f"/recordings/{card}/events")[0]
        self.assertEqual((event["action"], event["details"]), ("adopted", {"new_parent_id": columns[3], "parent_id_was": columns[2],
                                                                           "notified_recipient_ids": []}))
        self.write3("POST", f"/card_tables/cards/{card}/moves", {"column_id": columns[2]})
        self.assertEqual(ids(self.cards(columns[2]))[0], card)
        counts = {c["id"]: c["cards_count"] for c in self.sandbox.get3(f"/card_tables/{board['id']}")["lists"]}
        self.assertEqual(counts[columns[3]], len(there))
        self.write3("POST", f"/card_tables/cards/{card}/moves", {"position": 1}, 404)
        self.write3("POST", f"/card_tables/cards/{card}/moves", {"column_id": board["id"]}, 404)
        self.write3("POST", f"/card_tables/cards/{card}/moves", {"column_id": columns[0], "position": "x"}, 400)

    def test_columns(self):
        bucket, board = self.board()
        plain = [c["id"] for c in board["lists"] if c["type"] == "Kanban::Column"]
        moves = f"/card_tables/{board['id']}/moves"

        def order():
            return [c["id"] for c in self.sandbox.get3(f"/card_tables/{board['id']}")["lists"] if c["type"] == "Kanban::Column"]
        self.write3("POST", moves, {"source_id": plain[2], "target_id": board["id"], "position": 1})
        self.assertEqual(order(), [plain[2], plain[0], plain[1]])
        self.write3("POST", moves, {"source_id": plain[2], "target_id": plain[1]})
        self.assertEqual(order(), [plain[0], plain[1], plain[2]])
        self.write3("POST", moves, {"source_id": board["lists"][0]["id"], "target_id": board["id"]}, 422)
        self.write3("POST", moves, {"source_id": 1, "target_id": board["id"]}, 404)
        path = f"/card_tables/columns/{plain[0]}"
        for place in (path, f"/buckets/{bucket}{path}"):
            column = self.write3("PUT", place + "/color", {"color": "aqua"}, 200, "COLUMN")
            self.assertEqual((column["color"], self.sandbox.get3(path)["color"]), ("aqua", "aqua"))
            self.write3("PUT", place + "/color", {"color": "mauve"}, 422)
        me = self.sandbox.get3("/my/profile")["id"]
        watch = f"/card_tables/lists/{plain[0]}/subscription"
        for method, watching in (("DELETE", False), ("POST", True), ("POST", True), ("DELETE", False)):
            self.write3(method, watch)
            self.assertEqual(ids(self.sandbox.get3(path)["subscribers"]).count(me), watching)
            self.assertEqual(self.sandbox.get3(f"/recordings/{plain[0]}/subscription")["subscribed"], watching)
        self.assertNotIn("on_hold", self.sandbox.get3(path))
        for _ in range(2):
            column = self.write3("POST", path + "/on_hold", None, 200, "COLUMN")
        cards = self.cards(plain[0])
        self.write3("POST", f"/card_tables/cards/{cards[0]['id']}/moves", {"column_id": column["on_hold"]["id"]})
        self.assertEqual(self.sandbox.get3(path)["on_hold"]["cards_count"], 1)
        self.assertEqual(ids(self.cards(column["on_hold"]["id"])), [cards[0]["id"]])
        self.assertNotIn("on_hold", self.write3("DELETE", path + "/on_hold", None, 200, "COLUMN"))
        self.assertEqual(sorted(ids(self.cards(plain[0]))), sorted(ids(cards)), "what was on hold is back")
        new = self.write3("POST", f"/card_tables/{board['id']}/columns", {"title": "New", "description": "d"}, 201, "COLUMN")
        self.assertEqual(order(), plain + [new["id"]])

    def test_todos(self):
        todo = self.first3("Todo", lambda t: not t["completed"])
        path, todolist = f"/todos/{todo['id']}", todo["parent"]["id"]
        listed = f"/todolists/{todolist}/todos"
        for _ in range(2):
            self.write3("POST", path + "/completion")
        done = self.sandbox.get3(path)
        self.assertTrue(done["completed"] and done["completion"] and "position" not in done)
        self.assertNotIn(todo["id"], ids(self.sandbox.list3(listed)))
        self.assertIn(todo["id"], ids(self.sandbox.list3(listed, completed="true")))
        self.assertEqual([e["action"] for e in self.sandbox.list3(f"/recordings/{todo['id']}/events")].count("completed"), 1)
        self.assertEqual(self.sandbox.list3("/reports/progress")[0]["kind"], "todo_completed")
        self.write3("DELETE", path + "/completion")
        self.assertFalse(self.sandbox.get3(path)["completed"])
        self.assertEqual(self.shapes["3"].complaints("TODO", self.sandbox.get3(path)), [])
        for status in ("archived", "trashed", "active"):
            self.write3("PUT", f"/recordings/{todo['id']}/status/{status}")
            self.assertEqual(self.sandbox.get3(path)["status"], status)
            self.assertIn(todo["id"], ids(self.sandbox.list3(listed, status=status)))
            self.assertIn(todo["id"], ids(self.sandbox.list3("/projects/recordings", type="Todo", status=status)))
        self.write3("PUT", f"/recordings/{todo['id']}/status/odd", None, 404)
        person = self.sandbox.list3("/people")[3]["id"]
        new = self.write3("POST", listed, {"content": "Neu", "assignee_ids": [person], "due_on": "2026-03-09"}, 201, "TODO")
        self.assertEqual((ids(new["assignees"]), new["due_on"], new["completed"]), ([person], "2026-03-09", False))
        self.assertEqual(self.sandbox.list3(listed)[-1]["id"], new["id"])
        changed = self.write3("PUT", f"/todos/{new['id']}", {"content": "Anders"}, 200, "TODO")
        self.assertEqual((changed["content"], changed["assignees"], changed["due_on"]), ("Anders", [], None), "what is left out is cleared")
        self.write3("PUT", f"/todos/{new['id']}", {"due_on": "2026-03-09"}, 400)
        self.assertEqual(self.sandbox.get3(f"/todos/{new['id']}")["content"], "Anders")
        self.write3("PUT", f"/todos/{new['id']}/position", {"position": 1})
        self.assertEqual(self.sandbox.list3(listed)[0]["id"], new["id"])
        other = self.first3("Todolist", lambda r: r["bucket"] == todo["bucket"] and r["id"] != todolist)["id"]
        self.write3("PUT", f"/todos/{new['id']}/position", {"position": 1, "parent_id": other})
        self.assertEqual(self.sandbox.list3(f"/todolists/{other}/todos")[0]["id"], new["id"])
        before = self.sandbox.get3("/my/assignments")
        some = before["non_priorities"][0]["id"]
        self.write3("POST", "/my/priorities", {"recording_id": some})
        self.assertIn(some, ids(self.sandbox.get3("/my/assignments")["priorities"]))
        self.write3("DELETE", f"/my/priorities/{some}")
        self.assertEqual(self.sandbox.get3("/my/assignments"), before)

    def test_what_is_due_when(self):
        """Each scope's first and last day; today is a Monday."""
        path, me = f"/todolists/{self.first3('Todolist')['id']}/todos", self.sandbox.get3("/my/profile")["id"]
        due = {}
        for scope, dates in (("overdue", ("2026-02-01", "2026-03-01")), ("due_today", ("2026-03-02",)), ("due_tomorrow", ("2026-03-03",)),
                             ("due_later_this_week", ("2026-03-04", "2026-03-08")), ("due_next_week", ("2026-03-09", "2026-03-15")),
                             ("due_later", ("2026-03-16", "2027-01-01"))):
            for date in dates:
                due[self.write3("POST", path, {"content": date, "due_on": date, "assignee_ids": [me]}, 201)["id"]] = scope
        for scope in set(due.values()):
            found = set(ids(self.sandbox.get3("/my/assignments/due", scope=scope))) & set(due)
            self.assertEqual(found, {i for i, s in due.items() if s == scope}, scope)

    def test_steps_and_pins(self):
        step = self.first3("Kanban::Step", lambda s: not s["completed"])
        card = step["parent"]["id"]
        for completion, done in (("on", True), ("off", False)):
            answer = self.write3("PUT", f"/card_tables/steps/{step['id']}/completions", {"completion": completion}, 200, "STEP")
            self.assertEqual((answer["completed"], self.sandbox.get3(f"/card_tables/steps/{step['id']}")["completed"]), (done, done))
        new = self.write3("POST", f"/card_tables/cards/{card}/steps", {"title": "Noch einer"}, 201, "STEP")
        self.write3("POST", f"/card_tables/cards/{card}/positions", {"source_id": new["id"], "position": 0})
        self.assertEqual(ids(self.sandbox.get3(f"/card_tables/cards/{card}")["steps"])[0], new["id"])
        message = self.first3("Message")["id"]
        self.write3("POST", f"/recordings/{message}/pin")
        self.write3("DELETE", f"/recordings/{message}/pin")
        self.write3("POST", f"/recordings/{card}/pin", None, 404)
        question = self.first3("Question")["id"]
        self.write3("POST", f"/questions/{question}/pause", None, 200)
        self.assertTrue(self.sandbox.get3(f"/questions/{question}")["paused"])
        settings = {"responding": True, "subscribed": False}
        self.assertEqual(self.write3("PUT", f"/questions/{question}/notification_settings", settings, 200), settings)

    def test_making(self):
        """A record of each kind that has a list to be put into: it is in the list, and its URL leads to it."""
        def tool(name):
            return next(t["id"] for t in self.sandbox.list3("/projects")[0]["dock"] if t["name"] == name)
        message, card, chat, project = self.first3("Message"), self.first3("Kanban::Card"), tool("chat"), self.sandbox.list3("/projects")[0]["id"]
        cases = (
            (f"/todosets/{tool('todoset')}/todolists", {"name": "L"}, "TODOLIST"),
            (f"/todolists/{self.first3('Todolist')['id']}/groups", {"name": "G"}, "TODOLIST"),
            (f"/message_boards/{tool('message_board')}/messages", {"subject": "S", "content": "<b>c</b>"}, "MESSAGE"),
            (f"/recordings/{message['id']}/comments", {"content": "c"}, "COMMENT"), (f"/recordings/{message['id']}/boosts", {"content": "!"}, "BOOST_WHOLE"),
            (f"/vaults/{tool('vault')}/vaults", {"title": "V"}, "VAULT"), (f"/vaults/{tool('vault')}/documents", {"title": "D", "content": "c"}, "DOCUMENT"),
            (f"/schedules/{tool('schedule')}/entries", {"summary": "E", "starts_at": "2026-03-09T10:00:00Z", "ends_at": "2026-03-09T11:30:00.000+01:00"},
             "ENTRY_WHOLE"),
            (f"/card_tables/lists/{card['parent']['id']}/cards", {"title": "C", "due_on": "2026-03-09"}, "CARD"),
            (f"/chats/{chat}/lines", {"content": "hi"}, "LINE"), (f"/chats/{chat}/lines", {"content": "<b>hi</b>", "content_type": "text/html"}, "LINE"),
            (f"/buckets/{project}/categories", {"name": "K", "icon": "☀"}, "CATEGORY"),
            (f"/buckets/{project}/webhooks", {"payload_url": "https://example.com/"}, "WEBHOOK"),
            (f"/buckets/{project}/chats/{chat}/integrations", {"service_name": "bot"}, "CHATBOT"),
            (f"/projects/{project}/gauge/needles", {"gauge_needle": {"position": 50, "color": "red"}}, "NEEDLE"),
            ("/projects", {"name": "P"}, "PROJECT"), ("/templates", {"name": "T"}, "TEMPLATE"),
        )
        for path, body, shape in cases:
            made = self.write3("POST", path, body, 201, shape)
            self.assertIn(made["id"], ids(self.sandbox.list3(path)), path)
            if "url" in made:
                self.assertEqual(self.sandbox.ask(made["url"].removeprefix(self.sandbox.base))[2]["id"], made["id"])
        entry = self.sandbox.list3(f"/schedules/{tool('schedule')}/entries")
        self.assertTrue([e for e in entry if e["starts_at"] == "2026-03-09T10:00:00.000Z" and e["ends_at"] == "2026-03-09T10:30:00.000Z"])
        self.assertEqual(self.write3("POST", f"/recordings/{message['id']}/timesheet/entries", {"date": "2026-03-01", "hours": "1.5"}, 201,
                                     "TIMESHEET_ENTRY")["hours"], "1.5")
        self.assertEqual(self.write3("POST", "/lineup/markers", {"name": "M", "date": "2026-05-01"}, 201), b"")
        self.assertIn("M", [m["name"] for m in self.sandbox.get3("/lineup/markers")])
        status, _, attachment = self.sandbox.ask(self.sandbox.path3("/attachments", {"name": "a.png"}), "POST", {})
        self.assertEqual((status, self.shapes["3"].complaints("ATTACHMENT", attachment)), (201, []))
        path = self.sandbox.path3(f"/chats/{chat}/uploads", {"name": "a.png"})
        status, _, line = self.sandbox.ask(path, "POST", {})
        self.assertEqual((status, self.shapes["3"].complaints("LINE_UPLOAD", line)), (201, []))
        self.assertEqual(self.sandbox.list3(f"/chats/{chat}/uploads")[0]["id"], line["id"])
        template = self.sandbox.list3("/templates")[0]["id"]
        pending = self.write3("POST", f"/templates/{template}/project_constructions", {"project": {"name": "Built"}}, 201, "CONSTRUCTION")
        built = self.sandbox.get3(f"/templates/{template}/project_constructions/{pending['id']}")
        self.assertEqual((pending["status"], built["status"], built["project"]["name"]), ("pending", "completed", "Built"))
        self.assertIn(built["project"]["id"], ids(self.sandbox.list3("/projects")))

    def test_changing_and_taking_away(self):
        project = self.sandbox.list3("/projects")[0]
        for path, body, shape in ((f"/projects/{project['id']}", {"name": "N", "description": "d"}, "PROJECT"),
                                  (f"/documents/{self.first3('Document')['id']}", {"title": "N"}, "DOCUMENT"),
                                  (f"/messages/{self.first3('Message')['id']}", {"subject": "N"}, "MESSAGE"),
                                  (f"/vaults/{project['dock'][2]['id']}", {"title": "N"}, "VAULT"),
                                  (f"/card_tables/cards/{self.first3('Kanban::Card')['id']}", {"title": "N"}, "CARD"),
                                  (f"/dock/tools/{project['dock'][3]['id']}", {"title": "N"}, "TOOL"),
                                  ("/account/name", {"name": "N"}, "ACCOUNT"), ("/my/notes", {"note": {"content": "N"}}, "NOTE"),
                                  ("/my/preferences", {"person": {"first_week_day": "Sunday"}}, "PREFERENCES")):
            answer = self.write3("PUT", path, body, 200, shape)
            for name, value in (next(iter(body.values())) if path.startswith("/my") else body).items():
                self.assertEqual(answer[name], value, path)
        self.write3("PUT", "/my/profile", {"name": "Neuer Name"})
        self.assertEqual(self.sandbox.get3("/my/profile")["name"], "Neuer Name")
        self.assertIn("Neuer Name", [t["creator"]["name"] for t in self.sandbox.list3("/projects/recordings", type="Todo")])
        person = self.sandbox.list3("/people")[1]["id"]
        dates = {"start_date": "2026-03-01", "end_date": "2026-03-05"}
        self.assertTrue(self.write3("POST", f"/people/{person}/out_of_office", {"out_of_office": dates}, 200, "OUT_OF_OFFICE")["ongoing"])
        self.assertEqual(self.sandbox.get3(f"/people/{person}")["out_of_office"], dates)
        self.write3("DELETE", f"/people/{person}/out_of_office")
        self.assertNotIn("out_of_office", self.sandbox.get3(f"/people/{person}"))
        granted = self.write3("PUT", f"/projects/{project['id']}/people/users", {"revoke": [person], "create": [
            {"name": "Neu", "email_address": "neu@example.com"}]}, 200, None)
        self.assertEqual(ids(granted["revoked"]), [person])
        people = ids(self.sandbox.list3(f"/projects/{project['id']}/people"))
        self.assertTrue(person not in people and granted["granted"][0]["id"] in people)
        for kind, path in (("Boost", "/boosts/{}"), ("Timesheet::Entry", "/timesheet_entries/{}"), ("Gauge::Needle", "/gauge_needles/{}"),
                           ("Webhook", "/webhooks/{}")):
            path = path.format(self.sandbox.data3(kind)[0]["id"])
            self.write3("DELETE", path)
            self.assertEqual(self.sandbox.ask(self.sandbox.path3(path))[0], 404)
        subscription = self.write3("PUT", f"/recordings/{self.first3('Message')['id']}/subscription", {"subscriptions": [person]}, 200, "SUBSCRIPTION")
        self.assertIn(person, ids(subscription["subscribers"]))
        bookmark = f"/recordings/{self.first3('Todo')['id']}/bookmark"
        self.write3("POST", bookmark, None, 201, "BOOKMARK")
        self.assertTrue(self.sandbox.get3(bookmark)["bookmarked"])
        self.write3("DELETE", bookmark)
        self.assertFalse(self.sandbox.get3(bookmark)["bookmarked"])
        unread = self.sandbox.get3("/my/readings")["unreads"][0]
        self.write3("PUT", "/my/unreads", {"readables": [unread["readable_sgid"]]}, 200)
        self.assertNotIn(unread["id"], ids(self.sandbox.get3("/my/readings")["unreads"]))
        todoset = project["dock"][1]["id"]
        dots = ids(self.sandbox.get3(f"/todosets/{todoset}/hill")["dots"])
        self.assertEqual(ids(self.write3("PUT", f"/todosets/{todoset}/hills/settings", {"untracked": dots[:1]}, 200, "HILL")["dots"]), dots[1:])

    def test_tools_and_projects(self):
        project = next(p for p in self.sandbox.list3("/projects") if any(not t["enabled"] for t in p["dock"]))
        tool = next(t for t in project["dock"] if t["name"] == "questionnaire" and not t["enabled"])["id"]
        self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/questionnaires/{tool}"))[0], 404)
        self.write3("POST", f"/recordings/{tool}/position", None, 201)
        self.assertEqual(self.sandbox.get3(f"/questionnaires/{tool}")["id"], tool)
        self.write3("DELETE", f"/recordings/{tool}/position")
        self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/questionnaires/{tool}"))[0], 404)
        new = self.write3("POST", f"/buckets/{project['id']}/dock/tools", {"source_recording_id": tool, "title": "Noch eins"}, 201, "TOOL")
        self.assertIn(new["id"], ids(self.sandbox.get3(f"/projects/{project['id']}")["dock"]))
        path = f"/projects/{project['id']}"
        for method, end, status in (("PUT", "/status/archived", "archived"), ("DELETE", "", "trashed"), ("PUT", "/status/active", "active")):
            self.write3(method, path + end)
            self.assertIn(project["id"], ids(self.sandbox.list3("/projects", status=status)))
            todos = [t for t in self.sandbox.list3("/projects/recordings", type="Todo", status="active") if t["bucket"]["id"] == project["id"]]
            self.assertEqual(bool(todos), status == "active")
            todoset = project["dock"][1]["id"]
            self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/todosets/{todoset}"))[0], 404 if status == "trashed" else 200)

    def test_the_samples_of_replies(self):
        folder = samples("basecamp")
        if folder is None:
            self.skipTest("the samples are not at hand")
        for name, product, shape in (("campfires.post-chats-2-lines-json", "3", "LINE"), ("campfires.post-chats-2-lines-json-rich-text", "3", "LINE"),
                                     ("campfires.post-chats-2-uploads-json", "3", "LINE_UPLOAD"), ("attachments.post-attachments-json", "3", "ATTACHMENT"),
                                     ("subscriptions.put-recordings-2-subscription-json", "3", "SUBSCRIPTION"), ("account.put-account-name-json", "3", "ACCOUNT"),
                                     ("out_of_office.post-people-2-out-of-office-json", "3", "OUT_OF_OFFICE"),
                                     ("people.put-projects-1-people-users-json", "3", "GRANTED"), ("templates.create-a-template", "3", "ERROR"),
                                     ("templates.post-templates-1-project-constructions-json", "3", "CONSTRUCTION"),
                                     ("my_assignments.get-due-assignments", "3", "ERROR"),
                                     ("authentication.3-exchange-the-code-for-an-access-token", "3", "TOKEN"),
                                     ("authentication.get-https-launchpad-37signals-com-authorization-json", "3", "AUTHORIZATION"),
                                     ("comments.create-comment", "2", "COMMENT_CREATED"), ("attachments.create-attachment", "2", "TOKEN")):
            with open(os.path.join(folder, "v" + product, name + ".response.json"), encoding="utf-8") as file:
                self.assertEqual(self.shapes[product].complaints(shape, json.load(file)), [], name)


class Basecamp2(Writes):
    def test_projects(self):
        draft = self.sandbox.get2("/projects/drafts")[0]["id"]
        self.assertFalse(self.write2("POST", f"/projects/{draft}/publish", None, 201, "PROJECT")["draft"])
        self.assertEqual(self.sandbox.get2("/projects/drafts"), [])
        self.assertIn(draft, ids(self.sandbox.get2("/projects")))
        for method, status, starred in (("POST", 201, True), ("POST", 201, True), ("DELETE", 204, False), ("DELETE", 204, False)):
            self.write2(method, f"/projects/{draft}/star", None, status)
            self.assertEqual(self.sandbox.get2(f"/projects/{draft}")["starred"], starred)
            self.assertEqual([s["project_id"] for s in self.sandbox.get2("/stars")].count(draft), starred)
        self.assertTrue(self.write2("PUT", f"/projects/{draft}", {"archived": True}, 200, "PROJECT")["archived"])
        self.assertIn(draft, ids(self.sandbox.list2("/projects/archived")))
        self.write2("PUT", f"/projects/{draft}", {"archived": False, "name": "N"}, 200, "PROJECT")
        self.write2("DELETE", f"/projects/{draft}")
        self.assertEqual(self.sandbox.ask(self.sandbox.path2(f"/projects/{draft}"))[0], 404)
        self.assertNotIn(draft, ids(self.sandbox.get2("/projects")))
        new = self.write2("POST", "/projects", {"name": "P"}, 201, "PROJECT")
        self.assertEqual(self.sandbox.ask(self.location.removeprefix(self.sandbox.base))[2], new)
        template = self.sandbox.get2("/project_templates")[0]["id"]
        self.write2("POST", f"/project_templates/{template}/projects", {"name": "P"}, 201, "PROJECT")
        person = self.sandbox.get2("/people")[2]["id"]
        path = f"/projects/{new['id']}/accesses"
        self.write2("POST", path, {"ids": [person], "email_addresses": ["new@example.com"]})
        self.assertEqual(len(self.sandbox.list2(path)), 3)
        self.write2("DELETE", f"{path}/{person}")
        self.assertNotIn(person, ids(self.sandbox.list2(path)))

    def test_todos_and_discussions(self):
        plain = next(p["id"] for p in self.sandbox.get2("/projects") if not p["is_client_project"])
        client = next(p["id"] for p in self.sandbox.get2("/projects") if p["is_client_project"])
        todolist = self.write2("POST", f"/projects/{plain}/todolists", {"name": "L", "description": "d"}, 201, "TODOLIST")
        person = self.sandbox.get2("/people")[2]["id"]
        base = f"/projects/{plain}/todolists/{todolist['id']}"
        todo = self.write2("POST", base + "/todos", {"content": "T", "due_at": "2026-03-09", "assignee": {"id": person, "type": "Person"}}, 201, "TODO")
        self.assertEqual((todo["due_on"], todo["assignee"]["id"], todo["completed_at"]), ("2026-03-09", person, False))
        path = f"/projects/{plain}/todos/{todo['id']}"
        done = self.write2("PUT", path, {"completed": True}, 200, "TODO")
        self.assertTrue(done["completed"] and isinstance(done["completed_at"], str))
        self.assertEqual(ids(self.sandbox.list2(base + "/todos/completed")), [todo["id"]])
        self.assertIn(todolist["id"], ids(self.sandbox.get2("/todolists/completed")))
        cleared = self.write2("PUT", path, {"completed": False, "assignee": None, "due_at": None}, 200, "TODO")
        self.assertTrue("assignee" not in cleared and cleared["due_at"] is None and cleared["completed_at"] is False)
        self.write2("POST", path + "/comments", {"content": "c"}, 201, "COMMENT_CREATED")
        self.assertEqual(len(self.sandbox.get2(path)["comments"]), 1)
        topic = self.sandbox.list2(f"/projects/{plain}/topics")[0]
        self.assertEqual(topic["topicable"]["id"], todo["id"], "a comment makes a topic, which is the newest")
        self.assertEqual(self.sandbox.list2("/events")[0]["action"].split("<")[0], "commented on")
        self.write2("PUT", f"/projects/{plain}/topics/{topic['id']}/archive")
        self.assertIn(topic["id"], ids(self.sandbox.list2(f"/projects/{plain}/topics/archived")))
        self.write2("DELETE", path)
        self.assertEqual(ids(self.sandbox.list2(base + "/todos/trashed")), [todo["id"]])
        message = {"subject": "S", "content": "c", "private": True}
        self.write2("POST", f"/projects/{plain}/messages", message, 422)
        made = self.write2("POST", f"/projects/{client}/messages", message, 201, "MESSAGE")
        self.assertIn(made["id"], [t["topicable"]["id"] for t in self.sandbox.list2(f"/projects/{client}/topics")])
        document = self.write2("POST", f"/projects/{plain}/documents", {"title": "D", "content": "c"}, 201)
        self.assertEqual(self.write2("PUT", f"/projects/{plain}/documents/{document['id']}", {"title": "E"}, 200)["title"], "E")
        file = self.sandbox.list2(f"/projects/{plain}/attachments")[0]
        path = f"/projects/{plain}/attachments/{file['id']}"
        self.write2("POST", path + "/tags", {"name": "x y"}, 201)
        self.assertEqual(ids(self.sandbox.list2("/tags/x%20y/attachments")), [file["id"]])
        self.write2("DELETE", path + "/tags/x%20y")
        self.assertEqual(self.sandbox.list2("/tags/x%20y/attachments"), [])

    def test_calendars(self):
        calendar = self.write2("POST", "/calendars", {"name": "C"}, 201, "CALENDAR")
        path = f"/calendars/{calendar['id']}/calendar_events"
        event = self.write2("POST", path, {"summary": "E", "all_day": True, "starts_at": "2026-03-09", "ends_at": "2026-03-10"}, 201, "CALENDAR_EVENT")
        self.assertEqual((event["starts_at"], event["ends_at"]), ("2026-03-09", "2026-03-10"))
        self.assertEqual(ids(self.sandbox.list2(path)), [event["id"]])
        timed = self.write2("PUT", f"{path}/{event['id']}", {"summary": "E", "all_day": False, "starts_at": "2026-03-09T10:00:00-06:00",
                                                            "ends_at": "2026-03-09T11:00:00-06:00"}, 200, "CALENDAR_EVENT")
        self.assertEqual(timed["starts_at"], "2026-03-09T10:00:00-06:00")
        self.write2("POST", path, {"summary": "E", "starts_at": "soon", "ends_at": "later"}, 400)
        self.write2("DELETE", f"{path}/{event['id']}")
        self.assertEqual(self.sandbox.list2(path), [])
        self.write2("DELETE", f"/calendars/{calendar['id']}")
        self.assertNotIn(calendar["id"], ids(self.sandbox.get2("/calendars")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
