#!/usr/bin/python3
"""Proves the lists of the sandbox's Basecamp 3: filters against the raw data, the ways down from projects, reports, search."""
import datetime
import unittest

from basecamp_client import MAIN3, Basecamp, ids

TODAY = datetime.date(2026, 3, 2)


def day(offset):
    return str(TODAY + datetime.timedelta(days=offset))


class Basecamp3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Basecamp().__enter__()
        cls.kept = {}
        cls.me = cls.sandbox.get3("/my/profile")
        cls.projects = {p["id"]: p for p in cls.sandbox.data3("Project")}
        cls.within_reach = {i for i, p in cls.projects.items() if p["status"] != "trashed"}

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def raw(self, kind, listed=True):
        """All records of projects that are not trashed; nothing here changes them."""
        if (kind, listed) not in self.kept:
            rows = self.sandbox.data3(kind, listed)
            self.kept[kind, listed] = [r for r in rows if r["bucket"]["id"] in self.within_reach]
        return self.kept[kind, listed]

    def active(self, kind, listed=True):
        return [r for r in self.raw(kind, listed) if r["status"] == "active"]

    def expect(self, got, wanted, ordered=False):
        got, wanted = ids(got), ids(wanted)
        self.assertTrue(wanted, "nothing is wanted, so this proves nothing")
        self.assertEqual(got if ordered else sorted(got), wanted if ordered else sorted(wanted))

    def dock(self, name):
        """The enabled tools of that kind of all active projects."""
        return [t for p in self.sandbox.list3("/projects") for t in p["dock"] if t["name"] == name and t["enabled"]]


class Lists(Basecamp3):
    def test_projects(self):
        for status in ("active", "archived", "trashed"):
            self.expect(self.sandbox.list3("/projects", status=status), [p for p in self.projects.values() if p["status"] == status])
        self.assertEqual(ids(self.sandbox.list3("/projects")), ids(self.sandbox.list3("/projects", status="active")))
        self.assertEqual(self.sandbox.ask(self.sandbox.path3("/projects", {"status": "odd"}))[0], 400)
        twice = [p for p in self.sandbox.list3("/projects") if [t["name"] for t in p["dock"] if t["enabled"]].count("todoset") == 2]
        self.assertTrue(twice, "a project with two tools of one kind")
        self.assertTrue([p for p in self.sandbox.list3("/templates", status="archived")])

    def test_recordings(self):
        for kind in ("Comment", "Document", "Kanban::Card", "Kanban::Step", "Message", "Question::Answer", "Schedule::Entry", "Todo", "Todolist",
                     "Upload"):
            for status in ("active", "archived", "trashed"):
                wanted = [r for r in self.raw(kind) if r["status"] == status]
                rows = self.sandbox.list3("/projects/recordings", type=kind, status=status)
                self.assertEqual(sorted(ids(rows)), sorted(ids(wanted)), (kind, status))
                if status == "active":
                    self.assertTrue(wanted, kind)
                    self.assertEqual({r["id"]: r for r in rows}, {r["id"]: r for r in wanted}, "each as its own lists have it")
        for kind, status in (("Todo", "archived"), ("Todo", "trashed"), ("Message", "trashed"), ("Todolist", "archived")):
            self.assertTrue([r for r in self.raw(kind) if r["status"] == status], (kind, status))
        vaults = self.sandbox.list3("/projects/recordings", type="Vault")
        self.assertTrue({t["id"] for t in self.dock("vault")} < set(ids(vaults)))
        buckets = sorted({t["bucket"]["id"] for t in self.active("Todo")})[:2]
        self.expect(self.sandbox.list3("/projects/recordings", type="Todo", bucket=",".join(map(str, buckets))),
                    [t for t in self.active("Todo") if t["bucket"]["id"] in buckets])
        for sort in ("created_at", "updated_at"):
            for direction in ("asc", "desc"):
                wanted = sorted(self.active("Message"), key=lambda m: (m[sort], m["id"]), reverse=direction == "desc")
                self.expect(self.sandbox.list3("/projects/recordings", type="Message", sort=sort, direction=direction), wanted, True)
        self.expect(self.sandbox.list3("/projects/recordings", type="Message"),
                    sorted(self.active("Message"), key=lambda m: (m["created_at"], m["id"]), reverse=True), True)
        for query in ({}, {"type": "Odd"}, {"type": "Todo", "sort": "title"}, {"type": "Todo", "direction": "up"}, {"type": "Todo", "status": "x"}):
            self.assertEqual(self.sandbox.ask(self.sandbox.path3("/projects/recordings", query))[0], 400, query)

    def test_todos_from_the_top(self):
        """Project by project, set by set, list by list, group by group: nothing is missing and nothing comes twice."""
        found = {"active": [], "completed": [], "archived": [], "trashed": []}
        lists = []
        for todoset in self.dock("todoset"):
            top = [row for status in ("active", "archived", "trashed")
                   for row in self.sandbox.list3(f"/todosets/{todoset['id']}/todolists", status=status)]
            for todolist in list(top):
                for status in ("active", "archived", "trashed"):
                    top += self.sandbox.list3(f"/todolists/{todolist['id']}/groups", status=status)
            lists += top
            for todolist in top:
                path = f"/todolists/{todolist['id']}/todos"
                found["active"] += self.sandbox.list3(path)
                found["completed"] += self.sandbox.list3(path, completed="true")
                found["archived"] += self.sandbox.list3(path, status="archived")
                found["trashed"] += self.sandbox.list3(path, status="trashed")
        current = [t for t in self.raw("Todo") if self.projects[t["bucket"]["id"]]["status"] == "active"]
        self.expect(found["active"], [t for t in current if t["status"] == "active" and not t["completed"]])
        self.expect(found["completed"], [t for t in current if t["status"] == "active" and t["completed"]])
        self.expect(found["archived"], [t for t in current if t["status"] == "archived"])
        self.expect(found["trashed"], [t for t in current if t["status"] == "trashed"])
        self.expect(lists, [r for r in self.raw("Todolist") if self.projects[r["bucket"]["id"]]["status"] == "active"])
        self.assertTrue(any("group_position_url" in row for row in lists) and any("groups_url" in row for row in lists))
        for todolist in lists[:6]:
            rows = self.sandbox.list3(f"/todolists/{todolist['id']}/todos")
            self.assertEqual([r["position"] for r in rows], sorted(r["position"] for r in rows))

    def test_the_other_trees(self):
        vaults, found = [t["id"] for t in self.dock("vault")], []
        for vault in vaults:
            below = self.sandbox.list3(f"/vaults/{vault}/vaults")
            whole = self.sandbox.get3(f"/vaults/{vault}")
            found += self.sandbox.list3(f"/vaults/{vault}/documents")
            self.assertEqual((whole["vaults_count"], whole["documents_count"]), (len(below), whole["documents_count"]))
            vaults += ids(below)
        current = {i for i, p in self.projects.items() if p["status"] == "active"}

        def of_current(kind):
            return [r for r in self.active(kind) if r["bucket"]["id"] in current]
        self.expect(found, of_current("Document"))
        self.assertGreater(len(vaults), 2 * len(self.dock("vault")))
        boards = [self.sandbox.get3(f"/card_tables/{t['id']}") for t in self.dock("kanban_board")]
        columns = [c for b in boards for c in b["lists"]]
        self.assertEqual([c["type"] for c in boards[0]["lists"]],
                         ["Kanban::Triage", "Kanban::NotNowColumn", "Kanban::Column", "Kanban::Column", "Kanban::Column", "Kanban::DoneColumn"])
        cards = [card for c in columns for card in self.sandbox.list3(f"/card_tables/lists/{c['id']}/cards")]
        held = [card for c in columns if "on_hold" in c for card in self.sandbox.list3(f"/card_tables/lists/{c['on_hold']['id']}/cards")]
        self.assertTrue(held)
        self.expect(cards + held, of_current("Kanban::Card"))
        steps = [step for card in cards + held for step in self.sandbox.get3(f"/card_tables/cards/{card['id']}")["steps"]]
        self.expect(steps, of_current("Kanban::Step"))
        messages = [m for t in self.dock("message_board") for m in self.sandbox.list3(f"/message_boards/{t['id']}/messages")]
        self.expect(messages, of_current("Message"))
        comments = [c for m in messages for c in self.sandbox.list3(f"/recordings/{m['id']}/comments")]
        self.assertEqual(len(comments), sum(m["comments_count"] for m in messages))
        self.assertTrue(any(m["comments_count"] > 30 for m in messages))
        entries = [e for t in self.dock("schedule") for s in ("active", "archived")
                   for e in self.sandbox.list3(f"/schedules/{t['id']}/entries", status=s)]
        self.expect(entries, [e for e in self.raw("Schedule::Entry") if e["bucket"]["id"] in current])
        answers = [a for t in self.dock("questionnaire") for q in self.sandbox.list3(f"/questionnaires/{t['id']}/questions")
                   for a in self.sandbox.list3(f"/questions/{q['id']}/answers")]
        self.expect(answers, of_current("Question::Answer"))
        replies = [r for t in self.dock("inbox") for f in self.sandbox.list3(f"/inboxes/{t['id']}/inbox_forwards")
                   for r in self.sandbox.list3(f"/inbox_forwards/{f['id']}/replies")]
        self.expect(replies, of_current("Inbox::Reply"))
        chats = self.sandbox.list3("/chats")
        self.assertEqual(sorted(ids(chats)), sorted(t["id"] for t in self.dock("chat")))
        lines = [row for c in chats for kind in ("lines", "uploads") for row in self.sandbox.list3(f"/chats/{c['id']}/{kind}")]
        self.expect(lines, [r for kind in ("Text", "RichText", "Upload") for r in of_current("Chat::Lines::" + kind)])

    def test_counts(self):
        """What a record counts (messages_count) is what its list (messages_url) has."""
        met, off = set(), {t["id"] for p in self.projects.values() for t in p["dock"] if not t["enabled"]}
        for kind in ("Todoset", "Todolist", "Todo", "Message::Board", "Message", "Vault", "Document", "Upload", "Schedule", "Questionnaire", "Question",
                     "Question::Answer", "Inbox", "Inbox::Forward", "Kanban::Column", "Kanban::Card", "Client::Correspondence", "Gauge::Needle"):
            rows = [r for r in self.active(kind, False) if r["id"] not in off]
            counted = [(r, n, sum(r[name] for name in r if name.endswith("_count"))) for n, r in enumerate(rows)]
            for row, _, _ in sorted(counted, key=lambda c: (-c[2], c[1]))[:2] + counted[-1:]:
                for name in [n for n in row if n.endswith("_count") and n.replace("_count", "s_url").replace("ss_url", "s_url") in row]:
                    url = row[name.replace("_count", "s_url").replace("ss_url", "s_url")]
                    path = url.removeprefix(f"{self.sandbox.base}/{MAIN3}").removesuffix(".json")
                    self.assertEqual(row[name], len(self.sandbox.list3(path)), (kind, name, path))
                    met |= {name} if row[name] else set()
        self.assertEqual(met, {"todolists_count", "comments_count", "comment_count", "boosts_count", "messages_count", "documents_count", "uploads_count", "vaults_count",
                               "entries_count", "questions_count", "answers_count", "forwards_count", "replies_count", "cards_count"})
        for todolist in self.active("Todolist")[:4]:
            done, total = map(int, todolist["completed_ratio"].split("/"))
            todos = [t for i in [todolist["id"]] + ids(self.sandbox.list3(f"/todolists/{todolist['id']}/groups"))
                     for c in ("true", "false") for t in self.sandbox.list3(f"/todolists/{i}/todos", completed=c)]
            self.assertEqual((done, total), (sum(t["completed"] for t in todos), len(todos)))

    def test_answers_and_events(self):
        question = self.active("Question")[0]
        answers = [a for a in self.active("Question::Answer") if a["parent"]["id"] == question["id"]]
        path = f"/questions/{question['id']}/answers"
        self.expect(self.sandbox.list3(path, date=answers[0]["group_on"]), [a for a in answers if a["group_on"] == answers[0]["group_on"]])
        creator = answers[1]["creator"]["id"]
        mine = [a for a in answers if a["creator"]["id"] == creator]
        self.assertLess(len(mine), len(answers))
        self.expect(self.sandbox.list3(path, creator_id=creator), mine)
        self.expect(self.sandbox.list3(path + f"/by/{creator}"), mine)
        people = self.sandbox.list3(path + "/by")
        self.assertEqual(set(ids(people)), {a["creator"]["id"] for a in answers})
        self.assertEqual(len(people), len(set(ids(people))))
        todo = next(t for t in self.active("Todo") if t["completed"])
        events = self.sandbox.list3(f"/recordings/{todo['id']}/events")
        self.assertEqual([e["action"] for e in events], ["completed", "created"])
        self.assertIn("boosts_url", events[0])
        self.assertNotIn("boosts_url", events[1])
        boosted = next(b for b in self.sandbox.data3("Boost") if b["recording"]["type"] == "Todo")
        events = self.sandbox.list3(f"/recordings/{boosted['recording']['id']}/events")
        self.assertIn(boosted["id"], [b["id"] for e in events
                                      for b in self.sandbox.list3(f"/recordings/{boosted['recording']['id']}/events/{e['id']}/boosts")])

    def test_recurring_entries(self):
        entry = next(e for e in self.active("Schedule::Entry", False) if "recurrence_schedule" in e)
        rule = entry["recurrence_schedule"]
        start = datetime.date.fromisoformat(rule["start_date"])
        path = self.sandbox.path3(f"/schedule_entries/{entry['id']}")
        self.sandbox.send("/_log", "DELETE")
        self.assertEqual(self.sandbox.ask(path)[2]["starts_at"][:10], str(start))
        first = self.sandbox.path3(f"/schedule_entries/{entry['id']}/occurrences/{start:%Y%m%d}")
        self.assertEqual([(e["path"], e["status"]) for e in self.sandbox.json("/_log")], [(path, 302), (first, 200)])
        days = [start + datetime.timedelta(days=i) for i in range(21)]
        for date in days:
            due = (date.weekday() + 1) % 7 in rule["days"] and (not rule["end_date"] or str(date) <= rule["end_date"])
            status, _, body = self.sandbox.ask(self.sandbox.path3(f"/schedule_entries/{entry['id']}/occurrences/{date:%Y%m%d}"))
            self.assertEqual(status, 200 if due else 404, date)
            if due:
                self.assertEqual(body["starts_at"][:10], str(date))
                self.assertEqual(body["recurrence_schedule"], rule)
        for bad in ("2026", "20260230", "2026-03-02"):
            self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/schedule_entries/{entry['id']}/occurrences/{bad}"))[0], 404)
        self.assertTrue([e for e in self.active("Schedule::Entry") if e["all_day"] and e["starts_at"].endswith("T00:00:00.000Z")])
        self.assertTrue([e for e in self.active("Schedule::Entry") if e["all_day"] and len(e["starts_at"]) == 10])


class Reports(Basecamp3):
    def done(self, row):
        return row["completed"] or row["parent"]["type"] == "Kanban::DoneColumn"

    def late(self, row):
        return not self.done(row) and bool(row["due_on"]) and row["due_on"] < str(TODAY)

    def test_everything(self):
        for kind, name in (("Todo", "todos"), ("Kanban::Card", "cards")):
            rows = self.active(kind)

            def parked(row):
                return row["parent"]["type"] == "Kanban::NotNowColumn"
            open_ones = [r for r in rows if not self.done(r) and not parked(r)]
            cases = {"open": open_ones, "completed": [r for r in rows if self.done(r)],
                     "unassigned": [r for r in open_ones if not r["assignees"]], "no_due_date": [r for r in open_ones if not r["due_on"]]}
            if name == "cards":
                cases["not_now"] = [r for r in rows if parked(r)]
            for which, wanted in cases.items():
                pages = list(self.sandbox.pages3(f"/{name}/{which}"))
                groups = [group for page in pages for group in page]
                self.assertTrue(all(len(page) <= 5 for page in pages))
                self.expect([row for group in groups for row in group[name]], wanted)
                self.assertTrue(all(row["bucket"] == group["bucket"] for group in groups for row in group[name]))
            person = next(r for r in open_ones if r["assignees"])["assignees"][0]["id"]
            mine = [r for r in open_ones if person in ids(r["assignees"])]

            def flat(**query):
                return [row for group in self.sandbox.list3(f"/{name}/open", **query) for row in group[name]]
            self.expect(flat(**{"assignee_ids[]": [person, 1]}), mine)
            self.expect(flat(due="with"), [r for r in open_ones if r["due_on"]])
            self.expect(flat(due="without"), [r for r in open_ones if not r["due_on"]])
            self.expect(flat(due="overdue"), [r for r in open_ones if self.late(r)])
            late = self.sandbox.get3(f"/{name}/overdue")
            self.expect(late, [r for r in rows if self.late(r)])
            self.assertEqual([r["due_on"] for r in late], sorted(r["due_on"] for r in late))
        for path, kind in (("messages", "Message"), ("comments", "Comment"), ("checkins", "Question::Answer"), ("forwards", "Inbox::Forward")):
            rows = self.sandbox.list3("/" + path)
            self.expect(rows, self.active(kind))
            self.assertEqual([r["created_at"] for r in rows], sorted((r["created_at"] for r in rows), reverse=True))
        files = self.active("Upload") + self.active("Document")
        self.expect(self.sandbox.list3("/files"), files)
        for kind, keep in (("images", lambda r: r.get("content_type", "").startswith("image/")), ("documents", lambda r: r["type"] == "Document"),
                           ("pdfs", lambda r: r.get("content_type") == "application/pdf")):
            self.expect(self.sandbox.list3("/files", kind=kind), [r for r in files if keep(r)])
        person = files[0]["creator"]["id"]
        self.expect(self.sandbox.list3("/files", **{"people_ids[]": person}), [r for r in files if r["creator"]["id"] == person])

    def test_assignments(self):
        todos = [t for t in self.active("Todo") if self.me["id"] in ids(t["assignees"])]
        mine = self.sandbox.get3("/my/assignments")
        rows = mine["priorities"] + mine["non_priorities"]
        self.assertTrue(mine["priorities"] and all("priority_recording_id" in r for r in mine["priorities"]))
        self.expect([r for r in rows if r["type"] == "todo"], [t for t in todos if not t["completed"]])
        self.assertTrue([r for r in rows if r["type"] == "card" and r["children"]], "a card by its steps")
        for row in rows:
            self.assertTrue(row["type"] == "card" or self.me["id"] in ids(row["assignees"]))
        self.expect([r for r in self.sandbox.get3("/my/assignments/completed") if r["type"] == "todo"], [t for t in todos if t["completed"]])
        scopes = {"overdue": (None, day(-1)), "due_today": (day(0), day(0)), "due_tomorrow": (day(1), day(1)),
                  "due_later_this_week": (day(2), day(6)), "due_next_week": (day(7), day(13)), "due_later": (day(14), "9")}
        dated = [r for r in rows if r["due_on"]]
        for scope, (first, last) in scopes.items():
            wanted = [r for r in dated if (first or "") <= r["due_on"] <= last]
            self.assertEqual(sorted(ids(self.sandbox.get3("/my/assignments/due", scope=scope))), sorted(ids(wanted)), scope)
        self.assertEqual(self.sandbox.get3("/my/assignments/due"), self.sandbox.get3("/my/assignments/due", scope="overdue"))
        status, _, body = self.sandbox.ask(self.sandbox.path3("/my/assignments/due", {"scope": "invalid"}))
        self.assertEqual((status, body["error"][:24]), (400, "Invalid scope 'invalid'."))
        for group in ("bucket", "date"):
            report = self.sandbox.get3(f"/reports/todos/assigned/{self.me['id']}", group_by=group)
            self.assertEqual((report["person"], report["grouped_by"]), (self.me, group))
            self.expect(report["todos"], [t for t in todos if not t["completed"]])
        self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/reports/todos/assigned/{self.me['id']}", {"group_by": "x"}))[0], 400)
        self.assertIn(self.me["id"], ids(self.sandbox.get3("/reports/todos/assigned")))

    def test_overdue(self):
        report = self.sandbox.get3("/reports/todos/overdue")
        bounds = {"under_a_week_late": (1, 6), "over_a_week_late": (7, 29), "over_a_month_late": (30, 89), "over_three_months_late": (90, 9999)}
        self.assertEqual(list(report), list(bounds))
        for name, (least, most) in bounds.items():
            wanted = [t for t in self.active("Todo") if self.late(t) and
                      least <= (TODAY - datetime.date.fromisoformat(t["due_on"])).days <= most]
            self.expect(report[name], wanted)

    def test_upcoming(self):
        window = {"window_starts_on": day(-5), "window_ends_on": day(20)}
        report = self.sandbox.get3("/reports/schedules/upcoming", **window)
        entries = self.active("Schedule::Entry", False)
        self.expect(report["schedule_entries"], [e for e in entries if "recurrence_schedule" not in e and day(-5) <= e["starts_at"][:10] <= day(20)])
        self.assertTrue(report["recurring_schedule_entry_occurrences"])
        self.assertTrue(all(o["recurring"] and day(-5) <= o["starts_at"][:10] <= day(20) for o in report["recurring_schedule_entry_occurrences"]))
        wanted = [r for kind in ("Todo", "Kanban::Card", "Kanban::Step") for r in self.active(kind)
                  if r["due_on"] and day(-5) <= r["due_on"] <= day(20)]
        self.expect(report["assignables"], wanted)
        for query in ({}, {"window_starts_on": day(0)}, {"window_starts_on": "x", "window_ends_on": day(0)}):
            self.assertEqual(self.sandbox.ask(self.sandbox.path3("/reports/schedules/upcoming", query))[0], 400, query)

    def test_timesheets(self):
        entries = self.active("Timesheet::Entry")
        self.expect(self.sandbox.get3("/reports/timesheet"), entries)
        for first, last in (("start_date", "end_date"), ("from", "to")):
            self.expect(self.sandbox.get3("/reports/timesheet", **{first: day(-20), last: day(-5)}),
                        [e for e in entries if day(-20) <= e["date"] <= day(-5)])
        person, bucket = entries[0]["person"]["id"], entries[-1]["bucket"]["id"]
        self.expect(self.sandbox.get3("/reports/timesheet", person_id=person), [e for e in entries if e["person"]["id"] == person])
        self.expect(self.sandbox.get3("/reports/timesheet", bucket_id=bucket), [e for e in entries if e["bucket"]["id"] == bucket])
        self.expect(self.sandbox.list3(f"/projects/{bucket}/timesheet"), [e for e in entries if e["bucket"]["id"] == bucket])
        recording = next(e for e in entries if e["parent"]["type"] == "Todo")["parent"]["id"]
        self.expect(self.sandbox.list3(f"/recordings/{recording}/timesheet"), [e for e in entries if e["parent"]["id"] == recording])
        for query in ({"start_date": day(0)}, {"to": day(0)}, {"start_date": "x", "end_date": "y"}):
            self.assertEqual(self.sandbox.ask(self.sandbox.path3("/reports/timesheet", query))[0], 400, query)

    def test_timelines(self):
        everything = self.sandbox.list3("/reports/progress")
        self.assertEqual([e["created_at"] for e in everything], sorted((e["created_at"] for e in everything), reverse=True))
        kinds = {e["kind"] for e in everything}
        self.assertTrue({"todo_created", "todo_completed", "message_created", "comment_created", "kanban_card_created", "schedule_entry_created",
                         "schedule_entry_rescheduled", "question_answer_created", "inbox_forward_created", "client_correspondence_created",
                         "document_created", "upload_created", "project_access_changed"} <= kinds, kinds)
        project = self.sandbox.list3("/projects")[0]["id"]
        self.expect(self.sandbox.list3(f"/projects/{project}/timeline"), [e for e in everything if e["bucket"]["id"] == project])
        person = everything[0]["creator"]["id"]
        pages = list(self.sandbox.pages3(f"/reports/users/progress/{person}"))
        self.assertEqual(pages[0]["person"]["id"], person)
        self.expect([e for page in pages for e in page["events"]], [e for e in everything if e["creator"]["id"] == person])

    def test_gauges_and_hills(self):
        gauges = self.sandbox.list3("/reports/gauges")
        order = {"red": 0, "yellow": 1, "green": 2}
        self.expect(gauges, self.active("Gauge"))
        self.assertEqual([order[g["last_needle_color"]] for g in gauges], sorted(order[g["last_needle_color"]] for g in gauges))
        two = [gauges[2]["bucket"]["id"], gauges[0]["bucket"]["id"]]
        self.assertEqual([g["bucket"]["id"] for g in self.sandbox.list3("/reports/gauges", bucket_ids=",".join(map(str, two)))], two)
        bucket = next(n for n in self.active("Gauge::Needle"))["bucket"]["id"]
        needles = self.sandbox.list3(f"/projects/{bucket}/gauge/needles")
        self.expect(needles, [n for n in self.active("Gauge::Needle") if n["bucket"]["id"] == bucket])
        gauge = next(g for g in gauges if g["bucket"]["id"] == bucket)
        self.assertEqual((gauge["last_needle_position"], gauge["last_needle_color"]), (needles[0]["position"], needles[0]["color"]))
        self.assertEqual(self.sandbox.get3(f"/projects/{bucket}")["last_needle_position"], needles[0]["position"])
        todoset = self.dock("todoset")[0]["id"]
        lists = ids(self.sandbox.list3(f"/todosets/{todoset}/todolists"))
        dots = ids(self.sandbox.get3(f"/todosets/{todoset}/hill")["dots"])
        self.assertTrue(dots and set(dots) < set(lists))

    def test_search(self):
        rows = self.sandbox.list3("/search", q="budget")
        self.assertTrue({"Message", "Document"} <= {r["type"] for r in rows}, {r["type"] for r in rows})
        for row in rows:
            self.assertIn("budget", (row["title"] + row["plain_text_content"] + row["plain_text_description"]).lower())
            self.assertEqual((row["content"], row["description"]), (None, None))
        messages = [r for r in rows if r["type"] == "Message"]
        self.expect(self.sandbox.list3("/search", q="budget", type="Message"), messages)
        self.expect(self.sandbox.list3("/search", q="budget", **{"type_names[]": ["Message", "Todo"]}), messages)
        bucket, creator = messages[0]["bucket"]["id"], messages[0]["creator"]["id"]
        self.expect(self.sandbox.list3("/search", q="budget", bucket_id=bucket), [r for r in rows if r["bucket"]["id"] == bucket])
        self.expect(self.sandbox.list3("/search", q="budget", creator_id=creator), [r for r in rows if r["creator"]["id"] == creator])
        files = self.sandbox.list3("/search", q="logo", file_type="image")
        self.assertTrue(files and all(r["content_type"].startswith("image/") for r in files))
        chatty, quiet = self.sandbox.list3("/search", q="一"), self.sandbox.list3("/search", q="一", exclude_chat=1)
        self.assertTrue([r for r in chatty if r["type"].startswith("Chat::")])
        self.expect(quiet, [r for r in chatty if not r["type"].startswith("Chat::")])
        self.assertEqual(len(self.sandbox.get3("/search", q="e", per_page=50)), 50)
        recent = self.sandbox.list3("/search", q="e", since="last_30_days")
        self.assertTrue(recent and all(r["created_at"] >= day(-31) for r in recent))
        self.assertEqual(self.sandbox.ask(self.sandbox.path3("/search"))[0], 400)

    def test_readings(self):
        first = self.sandbox.get3("/my/readings")
        self.assertTrue(first["unreads"] and first["memories"] and all(r["unread_count"] for r in first["unreads"]))
        reads, page = [], 1
        while True:
            rows = self.sandbox.get3("/my/readings", page=page)["reads"]
            if not rows:
                break
            reads, page = reads + rows, page + 1
        self.assertEqual(len(ids(reads)), len(set(ids(reads))))
        self.assertFalse(set(ids(reads)) & set(ids(first["unreads"])))

    def test_people(self):
        people = self.sandbox.list3("/people")
        self.assertEqual(ids(people), ids(self.sandbox.data3("Person")))
        self.assertEqual(ids(self.sandbox.get3("/circles/people")), ids(people))
        project = self.sandbox.list3("/projects")[1]["id"]
        some = self.sandbox.list3(f"/projects/{project}/people")
        self.assertTrue(set(ids(some)) < set(ids(people)))
        away = [self.sandbox.get3(f"/people/{p['id']}/out_of_office") for p in people[:8]]
        self.assertEqual({(a["enabled"], a["ongoing"]) for a in away}, {(True, True), (False, False)})
        self.assertEqual(self.sandbox.get3("/account")["id"], MAIN3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
