#!/usr/bin/python3
"""Proves the lists of the sandbox's Basecamp 2: what belongs where, filters, orders, calendars, against the raw data."""
import datetime
import json
import unittest

from basecamp_client import MAIN2, Basecamp, ids

TODAY = datetime.date(2026, 3, 2)


def day(offset):
    return str(TODAY + datetime.timedelta(days=offset))


def moment(text):
    return datetime.datetime.fromisoformat(text)


class Basecamp2(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Basecamp().__enter__()
        cls.projects = cls.sandbox.data2("Project", True)
        cls.current = [p for p in cls.projects if not p["archived"]]
        cls.first = cls.projects[0]["id"]

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def expect(self, got, wanted, ordered=False):
        got, wanted = ids(got), ids(wanted)
        self.assertTrue(wanted, "nothing is wanted, so this proves nothing")
        self.assertEqual(got if ordered else sorted(got), wanted if ordered else sorted(wanted))

    def everywhere(self, path, **query):
        """What the lists of all current projects say together."""
        return [row for p in self.current for row in self.sandbox.list2(f"/projects/{p['id']}/{path}", **query)]

    def whole(self, path):
        """A list that is one page."""
        rows = self.sandbox.get2(path)
        self.assertEqual(self.sandbox.get2(path, page=2), rows, "it has no pages")
        return rows

    def test_projects(self):
        self.expect(self.whole("/projects"), [p for p in self.current if not p["draft"]])
        self.expect(self.whole("/projects/drafts"), [p for p in self.current if p["draft"]])
        self.expect(self.sandbox.list2("/projects/archived"), [p for p in self.projects if p["archived"]])
        templates = self.sandbox.list2("/project_templates")
        self.assertTrue(templates and all(t["template"] for t in templates))
        self.assertTrue(self.sandbox.get2(f"/projects/{templates[0]['id']}")["template"])
        self.assertEqual({s["project_id"] for s in self.sandbox.list2("/stars")}, {p["id"] for p in self.projects if p["starred"]})
        person = self.sandbox.get2("/people")[1]["id"]
        access = {p["id"] for p in self.projects if person in ids(self.sandbox.list2(f"/projects/{p['id']}/accesses"))}
        self.assertEqual({p["id"] for p in self.sandbox.list2(f"/people/{person}/projects")}, access - {p["id"] for p in self.projects if p["archived"]})
        one = self.sandbox.get2(f"/projects/{self.first}")
        self.assertEqual(one["accesses"]["count"], len(self.sandbox.list2(f"/projects/{self.first}/accesses")))
        self.assertEqual(one["todolists"]["remaining_count"], len(self.sandbox.get2(f"/projects/{self.first}/todolists")))
        self.assertEqual(one["todolists"]["completed_count"], len(self.sandbox.get2(f"/projects/{self.first}/todolists/completed")))

    def test_people(self):
        people = self.whole("/people")
        trashed = self.sandbox.list2("/people/trashed")
        self.assertTrue(trashed and not set(ids(trashed)) & set(ids(people)) and all(p["trashed"] for p in trashed))
        me = self.sandbox.get2("/people/me")
        self.assertEqual(self.sandbox.get2(f"/people/{me['id']}"), me)
        self.assertEqual(self.sandbox.ask(people[0]["url"].removeprefix(self.sandbox.base))[2], me, "its URL ends in its name")
        assigned = self.sandbox.list2(f"/people/{me['id']}/assigned_todos")
        todos = [t for row in assigned for t in row["assigned_todos"]]
        wanted = [t for t in self.sandbox.data2("Todo", True) if t.get("assignee", {}).get("id") == me["id"] and not t["completed"] and
                  not t["trashed"] and t["todolist"]["id"] not in self.archived_lists()]
        self.expect(todos, wanted)
        since = sorted(t["due_at"] for t in todos if t["due_at"])[1]
        some = [t for row in self.sandbox.get2(f"/people/{me['id']}/assigned_todos", due_since=since) for t in row["assigned_todos"]]
        self.expect(some, [t for t in todos if t["due_at"] and t["due_at"] >= since])
        group = next(g for g in self.sandbox.list2("/groups") if "subgroups" in g)
        whole = self.sandbox.get2(f"/groups/{group['id']}")
        self.assertEqual(whole["subgroups"], group["subgroups"])
        subgroup = self.sandbox.get2(f"/groups/{group['id']}/subgroups/{group['subgroups'][0]['id']}")
        self.assertEqual(subgroup["parent_id"], group["id"])
        self.assertTrue([g for g in self.sandbox.list2("/groups") if "subgroups" not in g])

    def archived_lists(self):
        archived = [p for p in self.projects if p["archived"]]
        return {row["id"] for p in archived for kind in ("", "/completed", "/trashed") for row in
                self.sandbox.get2(f"/projects/{p['id']}/todolists{kind}")}

    def test_todolists(self):
        for kind in ("", "/completed", "/trashed"):
            rows = self.whole("/todolists" + kind)
            self.expect(rows, [row for p in self.projects if kind == "/trashed" or not p["archived"]
                               for row in self.sandbox.get2(f"/projects/{p['id']}/todolists{kind}")])
            self.assertTrue(all("bucket" in row for row in rows))
        self.assertTrue(all(row["completed"] for row in self.sandbox.get2("/todolists/completed")))
        row = self.sandbox.get2(f"/projects/{self.first}/todolists")[0]
        path = f"/projects/{self.first}/todolists/{row['id']}"
        one = self.sandbox.get2(path)
        self.assertNotIn("todos", self.sandbox.get2(path, exclude_todos="true"))
        for kind in ("remaining", "completed", "trashed"):
            self.expect(self.sandbox.list2(f"{path}/todos/{kind}"), one["todos"][kind])
        self.assertEqual((len(one["todos"]["remaining"]), len(one["todos"]["completed"])), (row["remaining_count"], row["completed_count"]))

    def test_todos(self):
        of_first = [t for t in self.sandbox.data2("Todo", True) if f"/projects/{self.first}/" in t["url"]]
        kept = [t for t in of_first if not t["trashed"]]
        path = f"/projects/{self.first}/todos"
        self.expect(self.sandbox.list2(path), kept)
        self.expect(self.sandbox.list2(path + "/completed"), [t for t in kept if t["completed"]])
        self.expect(self.sandbox.list2(path + "/remaining"), [t for t in kept if not t["completed"]])
        for since in (day(-10), day(10)):
            self.expect(self.sandbox.list2(path, due_since=since), [t for t in kept if t["due_at"] and t["due_at"] >= since])
        self.assertEqual(self.sandbox.ask(self.sandbox.path2(path, {"due_since": "soon"}))[0], 400)
        self.assertEqual({t["completed_at"] for t in kept if not t["completed"]}, {False}, "false for no time")
        self.assertTrue(all(moment(t["completed_at"]) for t in kept if t["completed"]))
        self.assertTrue([t for t in kept if "assignee" not in t] and [t for t in kept if "assignee" in t])

    def test_topics(self):
        everywhere = self.sandbox.list2("/topics")
        rows = [r for r in everywhere if r["bucket"]["type"] == "Project"]
        self.assertTrue([r for r in everywhere if r["bucket"]["type"] == "Calendar"])
        current = self.everywhere("topics") + self.everywhere("topics/archived")
        self.expect(rows + [t for t in self.sandbox.list2("/topics/archived") if t["bucket"]["id"] in ids(self.current)], current)
        self.assertGreater(len(rows), 50)
        self.assertEqual([r["updated_at"] for r in everywhere], sorted((r["updated_at"] for r in everywhere), key=moment, reverse=True))
        self.expect(self.sandbox.list2("/topics", sort="oldest"), everywhere[::-1], True)
        self.assertEqual({r["topicable"]["type"] for r in rows} >= {"Message", "Todo", "Document", "Upload", "Forward", "CalendarEvent"}, True)
        comments, messages = [], set()
        for row in current:
            status, _, whole = self.sandbox.ask(row["topicable"]["url"].removeprefix(self.sandbox.base))
            self.assertEqual((status, whole["id"]), (200, row["topicable"]["id"]))
            comments += whole["comments"]
            messages |= {whole["id"]} if row["topicable"]["type"] == "Message" else set()
        found = self.sandbox.data2("Message", True)
        self.assertEqual(messages, {m["id"] for m in found if self.bucket_of("Message", m["id"]) in ids(self.current)})
        self.assertEqual(len(ids(comments)), len(set(ids(comments))))
        self.assertTrue(any(c["attachments"] for c in comments))
        self.assertEqual(self.sandbox.ask(self.sandbox.path2("/topics", {"sort": "odd"}))[0], 400)

    def bucket_of(self, kind, number):
        for project in self.projects:
            if self.sandbox.ask(self.sandbox.path2(f"/projects/{project['id']}/{kind.lower()}s/{number}"))[0] == 200:
                return project["id"]
        return None

    def test_files_and_documents(self):
        for path in ("documents", "forwards", "attachments"):
            rows = self.sandbox.list2("/" + path)
            self.expect(rows, self.everywhere(path))
            title = {"documents": "title", "forwards": "subject", "attachments": "name"}[path]

            def key(row):
                return "".join(c.lower() if c.isascii() else c for c in row[title]).encode(), row["id"]
            self.expect(self.sandbox.list2("/" + path, sort="az"), sorted(rows, key=key), True)
            self.expect(self.sandbox.list2("/" + path, sort="za"), sorted(rows, key=key, reverse=True), True)
            self.expect(self.sandbox.list2("/" + path, sort="oldest"), self.sandbox.list2("/" + path, sort="newest")[::-1], True)
            self.assertEqual(self.sandbox.get2(f"/projects/{self.first}/{path}/{self.of_first(path)[0]['id']}")["id"], self.of_first(path)[0]["id"])
        files = self.sandbox.list2("/attachments")
        self.expect(self.sandbox.list2("/attachments", sort="biggest"), sorted(files, key=lambda f: (f["byte_size"], f["id"]), reverse=True), True)
        self.expect(self.sandbox.list2("/attachments", sort="smallest"), sorted(files, key=lambda f: (f["byte_size"], f["id"])), True)
        self.expect(self.sandbox.list2("/tags/favorite%20gifs/attachments"), [f for f in files if "favorite gifs" in f["tags"]])
        self.assertTrue([f for f in files if "link_url" in f and "key" not in f] and [f for f in files if "key" in f])
        self.assertTrue(all("bucket" in row for row in self.sandbox.list2("/documents") + self.sandbox.list2("/forwards")))
        self.assertFalse(any("bucket" in row for row in self.of_first("documents") + self.of_first("forwards")))

    def of_first(self, path):
        return self.sandbox.list2(f"/projects/{self.first}/{path}")

    def test_events(self):
        rows = self.sandbox.list2("/events")
        self.assertEqual([r["created_at"] for r in rows], sorted((r["created_at"] for r in rows), key=moment, reverse=True))
        self.expect([e for p in self.projects for e in self.sandbox.list2(f"/projects/{p['id']}/events")],
                    [r for r in rows if "/projects/" in r["url"]])
        self.assertTrue([r for r in rows if "/calendars/" in r["url"]])
        me = self.sandbox.get2("/people/me")
        self.expect(self.sandbox.list2(f"/people/{me['id']}/events"), [r for r in rows if r["creator"]["id"] == me["id"]])
        since = rows[len(rows) // 3]["created_at"]
        for text in (since, moment(since).astimezone(datetime.timezone.utc).isoformat()):
            self.expect(self.sandbox.list2("/events", since=text), [r for r in rows if moment(r["created_at"]) >= moment(since)])
        self.assertEqual(self.sandbox.ask(f"/{MAIN2}/api/v1/events.json?since=2026-01-01T00:00:00+01:00")[0], 400, "+ is %2B in a query")
        self.assertEqual(self.sandbox.ask(self.sandbox.path2("/events", {"since": "yesterday"}))[0], 400)
        self.assertTrue([r for r in rows if "excerpt" in r] and [r for r in rows if "excerpt" not in r])

    def test_calendar_events(self):
        def last(event):
            return event["ends_at"][:10] if event["all_day"] else str(moment(event["ends_at"]).astimezone(datetime.timezone.utc).date())

        def first(event):
            return event["starts_at"][:10] if event["all_day"] else str(moment(event["starts_at"]).astimezone(datetime.timezone.utc).date())
        places = [f"/calendars/{c['id']}" for c in self.whole("/calendars")] + [f"/projects/{p['id']}" for p in self.current]
        raw = self.sandbox.data2("CalendarEvent", True)
        upcoming = [e for place in places for e in self.sandbox.list2(place + "/calendar_events")]
        past = [e for place in places for e in self.sandbox.list2(place + "/calendar_events/past")]
        raw = [e for e in raw if any(place in e["url"] for place in places)]
        self.expect(upcoming, [e for e in raw if last(e) >= str(TODAY)])
        self.expect(past, [e for e in raw if last(e) < str(TODAY)])
        self.assertTrue([e for e in raw if e["all_day"] and len(e["starts_at"]) == 10] and [e for e in raw if not e["all_day"]])
        window = {"start_date": day(-7), "end_date": day(7)}
        rows = self.sandbox.list2("/calendar_events", **window)
        self.expect([e for e in rows if "id" in e], [e for e in raw if first(e) <= day(7) and last(e) >= day(-7)])
        again = [e for e in rows if "id" not in e]
        self.assertTrue(again and all("url" not in e and day(-7) <= first(e) <= day(7) for e in again))
        keys = [(e["recurrence"]["master"]["id"], e["recurrence"]["number"]) for e in again]
        self.assertEqual(len(keys), len(set(keys)))
        masters = {e["id"]: e for e in raw}
        for event in again:
            rule = masters[event["recurrence"]["master"]["id"]]["recurring"]
            self.assertNotIn(event["recurrence"]["number"], rule["excluding"])
            self.assertTrue(rule["count"] is None or event["recurrence"]["number"] < rule["count"])
        def texts(events):
            return sorted(json.dumps(e, sort_keys=True) for e in events)
        without = [{n: v for n, v in e.items() if n != "bucket"} for e in rows]
        self.assertEqual(texts(without), texts(e for place in places for e in self.sandbox.list2(place + "/calendar_events", **window)))
        self.assertTrue(all("bucket" in e for e in rows))
        self.assertEqual(len(self.sandbox.get2("/calendar_events", start_date=day(-7))), 50, "without an end: six weeks, and fifty a page")
        for query in ({}, {"end_date": day(0)}, {"start_date": "x"}, {"start_date": day(0), "end_date": day(43)}, {"start_date": day(0), "end_date": day(-1)}):
            self.assertEqual(self.sandbox.ask(self.sandbox.path2("/calendar_events", query))[0], 400, query)


if __name__ == "__main__":
    unittest.main(verbosity=2)
