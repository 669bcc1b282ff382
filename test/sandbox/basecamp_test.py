#!/usr/bin/python3
"""Proves what Basecamp 2 and 3 of the sandbox have in common: who gets in, errors, caching, pages, sign-in, the tests' controls."""
import base64
import http.client
import json
import re
import unittest
import urllib.parse

from basecamp_client import AGENT, FORBIDDEN3, INACTIVE2, INACTIVE3, MAIN2, MAIN3, SECOND3, Basecamp, ids
from basecamp_shapes import BASECAMP3, Shapes
from sandbox_test import CALLBACK, CLIENT, SECRET, browser

JSON = {"Content-Type": "application/json; charset=utf-8"}


class Shared(unittest.TestCase):
    """Tests that change nothing share a sandbox."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Basecamp().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def status(self, path, method="GET", data=None, **headers):
        return self.sandbox.send(path, method, data, headers)[0]


class Gate(Shared):
    def raw(self, path, **headers):
        """As http.client sends it: no field of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox.port, timeout=30)
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def test_user_agent(self):
        bearer = "Bearer " + self.sandbox.token
        for path in (f"/{MAIN3}/projects.json", f"/{MAIN2}/api/v1/projects.json"):
            self.assertEqual(self.raw(path, Authorization=bearer), 400)
            self.assertEqual(self.raw(path, Authorization=bearer, User_Agent=""), 400)
            self.assertEqual(self.raw(path, Authorization=bearer, User_Agent=AGENT), 200)

    def test_credentials(self):
        three, two = f"/{MAIN3}/projects.json", f"/{MAIN2}/api/v1/projects.json"
        config = self.sandbox.json("/_basecamp")
        basic = "Basic " + base64.b64encode(f"{config['user']}:{config['password']}".encode()).decode()
        wrong = "Basic " + base64.b64encode(b"anna:wrong").decode()
        agent = {"User-Agent": AGENT}
        for path, credential, status in ((three, None, 401), (three, "Bearer wrong", 401), (three, basic, 401), (two, None, 401),
                                         (two, "Bearer wrong", 401), (two, wrong, 401), (two, basic, 200)):
            headers = {**agent, "Authorization": credential} if credential else agent
            got, answered, _ = self.sandbox.send(path, headers=headers)
            self.assertEqual((path, credential, got), (path, credential, status))
            self.assertEqual("WWW-Authenticate" in answered, status == 401)
        self.assertIn("error", json.loads(self.sandbox.send(three, headers=agent)[2]))

    def test_accounts(self):
        for path in (self.sandbox.path3("/projects", account=INACTIVE3), self.sandbox.path2("/projects", account=INACTIVE2)):
            status, headers, body = self.sandbox.ask(path)
            self.assertEqual((status, headers["Reason"], body), (404, "Account Inactive", b""))
        status, _, body = self.sandbox.ask(self.sandbox.path3("/projects", account=FORBIDDEN3))
        self.assertEqual((status, list(body)), (403, ["error"]))
        for path in ("/4711/projects.json", "/4711/api/v1/projects.json", f"/{MAIN2}/projects.json", f"/{MAIN3}/api/v1/projects.json"):
            status, headers, body = self.sandbox.ask(path)
            self.assertEqual((path, status, headers["Reason"], headers["Content-Type"][:9]), (path, 404, None, "text/html"))
        self.assertEqual(len(self.sandbox.list3("/projects", account=SECOND3)), 2)

    def test_paths(self):
        self.assertEqual(self.sandbox.ask(f"/{MAIN3}/projects")[0], 404, "neither .json nor an Accept field")
        self.assertEqual(self.sandbox.ask(f"/{MAIN3}/projects", headers={"Accept": "application/json"})[0], 200)
        for path in ("/nothing", "/projects/1/nothing"):
            self.assertEqual(self.sandbox.ask(self.sandbox.path3(path))[1]["Content-Type"], "text/html; charset=utf-8")
        for path in ("/projects/1", "/todos/1", "/todos/x", "/todos/" + "9" * 30, "/buckets/1/todosets/1", "/my/nothing/1"):
            self.assertEqual(self.sandbox.ask(self.sandbox.path3(path))[0], 404, path)
        todo = self.sandbox.list3("/projects/recordings", type="Todo")[0]
        other = next(p for p in self.sandbox.list3("/projects") if p["id"] != todo["bucket"]["id"])
        flat = self.sandbox.get3(f"/todos/{todo['id']}")
        self.assertEqual(self.sandbox.get3(f"/buckets/{todo['bucket']['id']}/todos/{todo['id']}"), flat)
        self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/buckets/{other['id']}/todos/{todo['id']}"))[0], 404)
        self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/messages/{todo['id']}"))[0], 404, "a to-do is no message")
        self.assertEqual(self.sandbox.ask(self.sandbox.path3(f"/buckets/{other['id']}/chats"))[0], 404)

    def test_out_of_reach(self):
        trashed = [p for p in self.sandbox.list3("/projects", status="trashed")]
        self.assertTrue(trashed)
        self.assertEqual(self.sandbox.get3(f"/projects/{trashed[0]['id']}")["status"], "trashed")
        for tool in trashed[0]["dock"]:
            self.assertEqual(self.sandbox.ask(tool["url"].removeprefix(self.sandbox.base))[0], 404)
        disabled = [t for p in self.sandbox.list3("/projects") for t in p["dock"] if not t["enabled"]]
        self.assertTrue(disabled)
        self.assertIsNone(disabled[0]["position"])
        self.assertEqual(self.sandbox.ask(disabled[0]["url"].removeprefix(self.sandbox.base))[0], 404)
        self.assertNotIn("position", self.sandbox.get3(f"/dock/tools/{disabled[0]['id']}"))

    def test_writes_say_what_is_wrong(self):
        todolist = self.sandbox.list3("/projects/recordings", type="Todolist")[0]
        path = self.sandbox.path3(f"/todolists/{todolist['id']}/todos")
        headers = self.sandbox.headers()
        self.assertEqual(self.sandbox.send(path, "POST", b"content=x", {**headers, "Content-Type": "application/x-www-form-urlencoded"})[0], 415)
        self.assertEqual(self.sandbox.send(path, "POST", b"{", {**headers, **JSON})[0], 400)
        for body, status in (({}, 400), ({"content": ""}, 400), ({"content": "x", "due_on": "tomorrow"}, 400)):
            got, _, answer = self.sandbox.ask(path, "POST", body)
            self.assertEqual((body, got, list(answer)), (body, status, ["error"]))
        self.assertEqual(self.sandbox.ask(path, "DELETE")[0], 404)

    def test_faults_and_limits(self):
        for fault, status in (({"status": 429, "retry_after": 3, "body": {"error": "Slow down"}}, 429), ({"status": 503, "html": True}, 503),
                              ({"status": 500, "body": ""}, 500), ({"status": 504}, 504)):
            self.sandbox.fault(match=f"/{MAIN3}/", **fault)
            got, headers, _ = self.sandbox.ask(self.sandbox.path3("/projects"))
            self.assertEqual((got, headers["Retry-After"]), (status, "3" if status == 429 else None))
            self.assertEqual(self.sandbox.ask(self.sandbox.path3("/projects"))[0], 200)
        self.sandbox.fault(rate_limit={"requests": 2, "seconds": 10, "match": f"/{MAIN3}/", "retry_after": True, "body": {"error": "Slow"}})
        answers = [self.sandbox.ask(self.sandbox.path3("/account")) for _ in range(3)]
        self.sandbox.fault(rate_limit={"requests": 0})
        self.assertEqual([answer[0] for answer in answers], [200, 200, 429])
        self.assertTrue(1 <= int(answers[2][1]["Retry-After"]) <= 10)
        self.assertEqual(answers[2][2], {"error": "Slow"})

    def test_log(self):
        self.sandbox.send("/_log", "DELETE")
        self.sandbox.get3("/projects/recordings", type="Todo", bucket="1,2")
        self.sandbox.ask(self.sandbox.path3("/my/priorities"), "POST", {"recording_id": 1})
        self.sandbox.get2("/topics", sort="oldest", page=2)
        log = self.sandbox.json("/_log")
        self.assertEqual([(e["method"], e["path"], e["query"], e["status"]) for e in log], [
            ("GET", f"/{MAIN3}/projects/recordings.json", {"type": "Todo", "bucket": "1,2"}, 200),
            ("POST", f"/{MAIN3}/my/priorities.json", {}, 404),
            ("GET", f"/{MAIN2}/api/v1/topics.json", {"sort": "oldest", "page": "2"}, 200)])
        self.assertEqual((log[0]["headers"]["user-agent"], log[1]["body"]), (AGENT, {"recording_id": 1}))


class Pages(unittest.TestCase):
    def test_gears(self):
        with Basecamp("--projects", "3", "--todos", "800") as sandbox:
            todoset = next(t for t in sandbox.list3("/projects")[0]["dock"] if t["name"] == "todoset")
            todolist = sandbox.list3(f"/todosets/{todoset['id']}/todolists")[0]
            pages = list(sandbox.pages3(f"/todolists/{todolist['id']}/todos", completed="false"))
            self.assertEqual([len(page) for page in pages[:4]], [15, 30, 50, 100])
            rows = [row["id"] for page in pages for row in page]
            self.assertEqual((len(rows), len(set(rows))), (sandbox.total, sandbox.total))
            for page, size in ((1, 15), (3, 50), (5, 100), (9, 100), (10 ** 6, 0)):
                body = sandbox.get3("/projects/recordings", type="Todo", page=page)
                self.assertEqual((page, len(body)), (page, size))
            for page in ("0", "-1", "x", ""):
                self.assertEqual(sandbox.ask(sandbox.path3("/people", {"page": page}))[0], 400, page)
            _, headers, _ = sandbox.ask(sandbox.path3("/projects/recordings", {"type": "Todo", "page": 2, "sort": "updated_at"}))
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Link"][1:headers["Link"].index(">")]).query))
            self.assertEqual(query, {"type": "Todo", "sort": "updated_at", "page": "3"})
            project = sandbox.get2("/projects")[0]["id"]
            todos = sandbox.list2(f"/projects/{project}/todos")
            self.assertGreater(len(todos), 500)
            self.assertEqual(len(set(ids(todos))), len(todos))
            status, headers, body = sandbox.ask(sandbox.path2(f"/projects/{project}/todos"))
            self.assertEqual((status, len(body), headers["Link"], headers["X-Total-Count"]), (200, 50, None, None))

    def test_any_size(self):
        with Basecamp() as sandbox:
            sandbox.play(accounts=[{"id": 7, "product": "bc3", "name": "A", "projects": 200, "todos": 10, "people": 40},
                                   {"id": 8, "product": "bcx", "name": "B", "projects": 200, "todos": 4}])
            everywhere = [sandbox.list3("/projects", account=7, status=status) for status in ("active", "archived", "trashed")]
            self.assertEqual(sum(map(len, everywhere)), 200)
            self.assertGreater(max(project["id"] for project in everywhere[0]), 2 ** 31)
            self.assertLess(min(project["id"] for project in everywhere[0]), 2 ** 31)
            todos = sandbox.list3("/projects/recordings", account=7, type="Todo")
            self.assertGreater(len(todos), 1000)
            self.assertGreater(min(ids(todos)), 2 ** 31)
            self.assertTrue(any(i > 2 ** 53 and i % 2 for i in ids(todos)), "what a double can not hold")
            self.assertEqual(len(sandbox.get2("/projects", account=8)) + len(sandbox.get2("/projects/drafts", account=8)) +
                             len(sandbox.list2("/projects/archived", account=8)), 200)


class Caching(unittest.TestCase):
    def test_validators(self):
        with Basecamp() as sandbox:
            for path in (sandbox.path3("/projects"), sandbox.path2("/projects")):
                _, first, _ = sandbox.ask(path)
                for condition in ({"If-None-Match": first["ETag"]}, {"If-None-Match": '"x", ' + first["ETag"]},
                                  {"If-Modified-Since": first["Last-Modified"]}):
                    status, headers, body = sandbox.ask(path, headers=condition)
                    self.assertEqual((status, body, headers["ETag"], headers["Link"]), (304, b"", first["ETag"], None))
                for condition in ({"If-None-Match": 'W/"x"'}, {"If-None-Match": 'W/"x"', "If-Modified-Since": first["Last-Modified"]},
                                  {"If-Modified-Since": "Sun, 01 Mar 2026 12:00:00 GMT"}):
                    self.assertEqual(sandbox.ask(path, headers=condition)[0], 200)
            _, first, projects = sandbox.ask(sandbox.path3("/projects"))
            sandbox.ask(sandbox.path3(f"/projects/{projects[0]['id']}"), "PUT", {"name": "Other"})
            for condition in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
                status, _, body = sandbox.ask(sandbox.path3("/projects"), headers=condition)
                self.assertEqual((status, body[0]["name"]), (200, "Other"))
            self.assertNotIn("ETag", sandbox.ask(sandbox.path3("/projects/1"))[1])

    def test_a_page_that_gets_a_next_one_is_another(self):
        with Basecamp() as sandbox:
            sandbox.play(accounts=[{"id": 7, "product": "bc3", "name": "A", "projects": 1, "people": 15}])
            path = sandbox.path3("/people", account=7)
            _, first, _ = sandbox.ask(path)
            project = sandbox.get3("/projects", account=7)[0]["id"]
            self.assertNotIn("Link", first)
            sandbox.ask(sandbox.path3(f"/projects/{project}/people/users", account=7), "PUT",
                        {"create": [{"name": "New", "email_address": "new@example.com"}]})
            status, headers, _ = sandbox.ask(path, headers={"If-None-Match": first["ETag"]})
            self.assertEqual(status, 200)
            self.assertIn("Link", headers)


class Launchpad(unittest.TestCase):
    def sign_in(self, sandbox, **query):
        query = {"response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK, "state": "s t", **query}
        button = query.pop("button", "Allow")
        query = {name: value for name, value in query.items() if value is not None}
        back = browser.come_back(sandbox.base + "/authorization/new?" + urllib.parse.urlencode(query), button)
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))

    def ask_token(self, sandbox, place="form", **pairs):
        pairs = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uri": CALLBACK, **pairs}
        text = urllib.parse.urlencode({name: value for name, value in pairs.items() if value is not None})
        path = "/authorization/token" + ("?" + text if place == "query" else "")
        status, _, body = sandbox.send(path, "POST", text.encode() if place == "form" else b"")
        return status, json.loads(body)

    def reaches(self, sandbox, token):
        return sandbox.send(sandbox.path3("/account"), headers={"User-Agent": AGENT, "Authorization": "Bearer " + token})[0]

    def test_sign_in(self):
        with Basecamp() as sandbox:
            for words in ({}, {"response_type": None, "type": "web_server"}, {"code_challenge": "c" * 43, "code_challenge_method": "S256"}):
                back = self.sign_in(sandbox, **words)
                self.assertEqual((sorted(back), back["state"]), (["code", "state"], "s t"))
            self.assertEqual(sorted(self.sign_in(sandbox, state=None)), ["code"])
            self.assertEqual(self.sign_in(sandbox, button="Deny")["error"], "access_denied")
            for place, kind in (("form", {"grant_type": "authorization_code"}), ("query", {"type": "web_server"})):
                status, token = self.ask_token(sandbox, place, code=self.sign_in(sandbox)["code"], **kind)
                self.assertEqual((status, Shapes(BASECAMP3, "3").complaints("TOKEN", token)), (200, []))
                self.assertEqual((token["token_type"], self.reaches(sandbox, token["access_token"])), ("Bearer", 200))
            for wrong in ({"code": "x"}, {"client_secret": "x"}, {"grant_type": "password"}, {"grant_type": None}):
                pairs = {"grant_type": "authorization_code", "code": self.sign_in(sandbox)["code"], **wrong}
                status, body = self.ask_token(sandbox, **pairs)
                self.assertIn((status, "error" in body), ((400, True), (401, True)))
            self.assertEqual(sandbox.send("/authorization/token")[0], 405)

    def test_renewing_keeps_the_refresh_token(self):
        with Basecamp() as sandbox:
            _, token = self.ask_token(sandbox, grant_type="authorization_code", code=self.sign_in(sandbox)["code"])
            refresh = token["refresh_token"]
            for kind in ({"grant_type": "refresh_token"}, {"type": "refresh"}):
                status, second = self.ask_token(sandbox, refresh_token=refresh, **kind)
                self.assertEqual((status, second["refresh_token"]), (200, refresh))
                self.assertEqual([self.reaches(sandbox, t["access_token"]) for t in (token, second)], [401, 200])
                token = second
            sandbox.play(refresh_token="none")
            status, third = self.ask_token(sandbox, refresh_token=refresh, grant_type="refresh_token")
            self.assertEqual((status, sorted(third)), (200, ["access_token", "expires_in", "token_type"]))
            self.assertEqual(self.reaches(sandbox, third["access_token"]), 200)
            sandbox.send("/_tokens", "DELETE")
            self.assertEqual(self.ask_token(sandbox, refresh_token=refresh, grant_type="refresh_token")[0], 400)
            self.assertTrue({refresh, third["access_token"]} <= set(sandbox.json("/_secrets")))

    def test_accounts(self):
        with Basecamp() as sandbox:
            status, _, body = sandbox.ask("/authorization.json")
            self.assertEqual((status, Shapes(BASECAMP3, "3").complaints("AUTHORIZATION", body)), (200, []))
            accounts = [(account["product"], account["id"]) for account in body["accounts"]]
            self.assertEqual(accounts, [("bc3", MAIN3), ("bc3", SECOND3), ("bc3", INACTIVE3), ("bcx", MAIN2), ("bcx", INACTIVE2),
                                        ("campfire", 777540001)])
            for account in body["accounts"][:2] + body["accounts"][3:4]:
                self.assertEqual(sandbox.ask(account["href"].removeprefix(sandbox.base) + "/projects.json")[0], 200)
            self.assertEqual(sandbox.send("/authorization.json", headers={"Authorization": "Bearer x"})[0], 401)
            self.assertEqual(sandbox.send("/authorization.json")[0], 401)
            sandbox.play(accounts=[{"id": 9, "product": "bcx", "name": "One"}])
            self.assertEqual([a["id"] for a in sandbox.ask("/authorization.json")[2]["accounts"]], [9])


class Control(unittest.TestCase):
    def test_configuration(self):
        with Basecamp("--projects", "2", "--todos", "3") as sandbox:
            start = sandbox.json("/_basecamp")
            self.assertEqual([(a["projects"], a["todos"]) for a in start["accounts"] if a["id"] in (MAIN2, MAIN3)], [(2, 3), (2, 3)])
            sandbox.play(accounts=[{"id": 7, "product": "bc3", "name": "A", "admin": False, "project_limit": 2, "people": 4}])
            project = {"name": "One too many"}
            status, _, body = sandbox.ask(sandbox.path3("/projects", account=7), "POST", project)
            self.assertEqual((status, body), (507, {"error": "The project limit for this account has been reached."}))
            for path in ("/templates", f"/buckets/{sandbox.get3('/projects', account=7)[0]['id']}/webhooks"):
                self.assertEqual(sandbox.ask(sandbox.path3(path, account=7))[0], 403, path)
            self.assertEqual(sandbox.ask(sandbox.path3("/account/name", account=7), "PUT", {"name": "B"})[0], 403)
            self.assertEqual(sandbox.ask(sandbox.path3("/account"))[0], 404)
            self.assertEqual(sandbox.send("/_basecamp", "DELETE")[0], 204)
            self.assertEqual(sandbox.json("/_basecamp"), start)
            sandbox.ask(sandbox.path3("/account/name"), "PUT", {"name": "B"})
            self.assertEqual(sandbox.get3("/account")["name"], "B")
            sandbox.send("/_basecamp", "DELETE")
            self.assertNotEqual(sandbox.get3("/account")["name"], "B", "a new beginning undoes all changes")
            for bad in ("", "[]", '{"accounts": 1}', '{"accounts": [{"id": 1, "product": "bc3"}]}',
                        '{"accounts": [{"id": 1, "product": "bc3", "name": "A", "projects": -1}]}',
                        '{"accounts": [{"id": 1, "product": "bc3", "name": "A", "state": "odd"}]}',
                        '{"accounts": [{"id": 1, "product": "bc3", "name": "A"}, {"id": 1, "product": "bcx", "name": "B"}]}'):
                self.assertEqual(sandbox.send("/_basecamp", "PUT", bad.encode())[0], 400, bad)
            self.assertEqual(sandbox.send("/_basecamp", "POST", b"{}")[0], 404)
            self.assertEqual(sandbox.send("/_data/basecamp3/1/Todo")[0], 404)
            self.assertEqual(sandbox.send(f"/_data/basecamp3/{MAIN3}/Nothing")[0], 404)

    def test_same_data_every_time(self):
        def all_of(sandbox):
            text = json.dumps([sandbox.data3(kind) for kind in ("Project", "Todo", "Kanban::Card", "Comment", "Event", "Person")] +
                              [sandbox.data2(kind) for kind in ("Project", "Todo", "Message", "CalendarEvent", "Topic")])
            return text.replace(sandbox.base, "")
        with Basecamp() as one, Basecamp() as other:
            text = all_of(one)
            self.assertEqual(all_of(other), text)
            one.send("/_basecamp", "DELETE")
            self.assertEqual(all_of(one), text)
            self.assertTrue(re.search(r"\\u65e5|\\u4e00|\\ud83d|\\u00fc", text), "letters from everywhere")
            self.assertNotEqual(ids(one.data3("Todo", account=SECOND3)), ids(one.data3("Todo")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
