"""The sandbox as its Zoho tests use it, and the descriptions of Zoho Books as Python reads them."""
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

SOURCES = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, SOURCES)
from sandbox_test import CALLBACK, CLIENT, SECRET, Sandbox, browser  # noqa: E402

ORGANIZATION = "10234696"       # the default one


class Books(Sandbox):
    """The program with its data centres: `us` as 127.0.0.1, `eu` as the host localhost of the same address."""

    def __init__(self, *options):
        super().__init__(*options)
        self.tokens = {name: centre["token"] for name, centre in self.json("/_play/zohobooks")["data_centres"].items()}

    def host(self, centre):
        return {"Host": f"{'localhost' if centre == 'eu' else '127.0.0.1'}:{self.port}"}

    def call(self, path, method="GET", body=None, token=None, centre="us", headers=None, **query):
        """(status, headers, JSON or bytes); the default organization unless the query names one, none for None."""
        query.setdefault("organization_id", ORGANIZATION)
        query = {name: value for name, value in query.items() if value is not None}
        headers = {"Authorization": "Zoho-oauthtoken " + (token or self.tokens[centre]), **self.host(centre), **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        status, answered, text = self.send("/books/v3" + path + "?" + urllib.parse.urlencode(query), method, data, headers)
        return status, answered, json.loads(text) if answered["Content-Type"].startswith("application/json") else text

    def books(self, path, **query):
        """The answer of a call that must succeed."""
        status, _, body = self.call(path, **query)
        assert status == 200 and body["code"] == 0 and body["message"] == "success", (path, query, status, body)
        return body

    def error(self, path, *arguments, **query):
        """(status, code)"""
        status, _, body = self.call(path, *arguments, **query)
        assert set(body) == {"code", "message"} and body["message"], body
        return status, body["code"]

    def rows(self, path, **query):
        """All rows of a list, of all its pages."""
        rows, page = [], 1
        while True:
            body = self.books(path, page=page, **query)
            rows += wrapped(body)
            if not body.get("page_context", {}).get("has_more_page"):
                return rows
            page += 1

    def raw(self, table, organization=ORGANIZATION):
        return self.json(f"/_data/zohobooks/{organization}/{table}")

    def switch(self, **switches):
        status, _, body = self.send("/_play/zohobooks", "PUT", json.dumps(switches).encode())
        assert status == 204, body

    def reset(self):
        assert self.send("/_play/zohobooks", "DELETE")[0] == 204

    def login(self, centre="us", button="Allow", **query):
        """The pairs that come back to the callback; an online sign-in for everything unless the query says otherwise."""
        query = {"response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK, "scope": "ZohoBooks.fullaccess.all",
                 "state": "s t", **query}
        query = {name: value for name, value in query.items() if value is not None}
        base = self.base if centre == "us" else self.base.replace("127.0.0.1", "localhost")
        back = browser.come_back(base + "/oauth/v2/auth?" + urllib.parse.urlencode(query), button)
        assert back.startswith(query["redirect_uri"] + "?"), back
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))

    def grant(self, centre="us", in_query=False, path="/oauth/v2/token", **form):
        """(status, JSON) of the token endpoint; the good client unless the form says otherwise."""
        form = {"client_id": CLIENT, "client_secret": SECRET, **form}
        form = urllib.parse.urlencode({name: value for name, value in form.items() if value is not None})
        status, _, body = self.send(path + ("?" + form if in_query else ""), "POST", b"" if in_query else form.encode(), self.host(centre))
        return status, json.loads(body)

    def token(self, centre="us", **query):
        """The answer of the token endpoint to a sign-in."""
        code = self.login(centre, **query)["code"]
        status, body = self.grant(centre, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
        assert status == 200 and "access_token" in body, body
        return body


def wrapped(body):
    """The array of a list's answer."""
    return next(value for name, value in body.items() if isinstance(value, list))


def answers():
    """The answers of zoho_answers_*.txt: dictionaries keyword → text, with `path`."""
    groups, found = {}, []
    for name in ("groups", "books", "sales", "purchases", "unshaped"):
        with open(os.path.join(SOURCES, f"zoho_answers_{name}.txt"), encoding="utf-8") as file:
            text = re.sub(r"\\\n", " ", file.read())
        for line in text.split("\n"):
            if line.startswith("define "):
                current, defined = None, line.split()[1]
                groups[defined] = ""
            elif line.startswith("GET "):
                current = {"path": line[4:].strip()}
                found.append(current)
            elif line.startswith(" ") and current is None:
                groups[defined] += " " + line.strip()
            elif line.startswith(" "):
                keyword, _, rest = line.strip().partition(" ")
                current[keyword] = (current.get(keyword, "") + " " + rest).strip()
    for answer in found:
        for keyword in ("fields", "also"):
            while "@" in answer.get(keyword, ""):
                answer[keyword] = re.sub(r"@(\w+)", lambda match: groups[match.group(1)].strip(), answer[keyword])
    return found


TYPES = {"": "string", "i": "integer", "n": "number", "b": "boolean", "d": "date", "t": "datetime", "l": "array<s>"}


def members(text):
    """(dotted name, type) of what a `fields` line says: "a{b:i} c[d]" → a obj, a.b integer, c[] array<obj>, c[].d string."""
    found, around = [], []
    for name, kind, open_, close in re.findall(r"(\w+)(?:=\w+)?(?::(\w))?([\[{]?)|([\]}]!?)", text):
        if close:
            around.pop()
        elif name:
            dotted = ".".join(around + [name])
            if not open_:
                found.append((dotted, TYPES[kind]))
            else:
                found.append((dotted, "array<obj>" if open_ == "[" else "obj"))
                around.append(name + ("[]" if open_ == "[" else ""))
    return found
