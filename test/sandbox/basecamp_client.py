"""What the tests of the sandbox's Basecamp stand on: requests to both products, walks over pages, the raw data, the samples."""
import json
import os
import re
import sys
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sandbox_test import Sandbox  # noqa: E402

MAIN3, SECOND3, INACTIVE3, FORBIDDEN3 = 195540001, 5000000017, 195540003, 195540004
MAIN2, INACTIVE2 = 999540001, 999540002
AGENT = "Sandbox tests (https://example.com)"


def samples(part):
    """The folder of the services' published samples, when it stands beside the source tree or above it, or where $SAMPLES says; or None."""
    place = os.path.dirname(os.path.abspath(__file__))
    places = [os.environ["SAMPLES"]] if "SAMPLES" in os.environ else []
    while place != os.path.dirname(place):
        place = os.path.dirname(place)
        places.append(os.path.join(place, "shared", "data"))
    return next((os.path.join(p, part) for p in places if os.path.isdir(os.path.join(p, part))), None)


class Basecamp(Sandbox):
    def __init__(self, *options):
        super().__init__(*options)
        text = self.json("/_dsn")["basecamp3"]
        self.token = dict(pair.split("=", 1) for pair in text.split(";"))["OAuthAccessToken"]

    def headers(self, **more):
        return {"User-Agent": AGENT, "Authorization": "Bearer " + self.token, **more}

    def ask(self, path, method="GET", body=None, headers=None):
        """(status, headers, JSON or bytes)"""
        headers = self.headers(**(headers or {}))
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        status, answered, content = self.send(path, method, data, headers)
        is_json = (answered["Content-Type"] or "").startswith("application/json")
        return status, answered, json.loads(content) if is_json and content else content

    def path3(self, path, query=(), account=MAIN3):
        query = urllib.parse.urlencode(query, doseq=True)
        return f"/{account}{path}.json" + ("?" + query if query else "")

    def path2(self, path, query=(), account=MAIN2):
        query = urllib.parse.urlencode(query, doseq=True)
        return f"/{account}/api/v1{path}.json" + ("?" + query if query else "")

    def get3(self, path, account=MAIN3, **query):
        status, _, body = self.ask(self.path3(path, query, account))
        assert status == 200, (path, query, status, body)
        return body

    def get2(self, path, account=MAIN2, **query):
        status, _, body = self.ask(self.path2(path, query, account))
        assert status == 200, (path, query, status, body)
        return body

    def pages3(self, path, account=MAIN3, **query):
        """Pages as the Link field leads from one to the next."""
        url, total = self.path3(path, query, account), None
        while url:
            status, headers, body = self.ask(url)
            assert status == 200, (url, status, body)
            yield body
            total = int(headers["X-Total-Count"])
            link = re.fullmatch(r'<(http://[^>]*)>; rel="next"', headers["Link"] or "")
            assert link or not headers["Link"], headers["Link"]
            url = link and link[1].removeprefix(self.base)
        self.total = total

    def list3(self, path, account=MAIN3, **query):
        rows = [row for page in self.pages3(path, account, **query) for row in page]
        assert len(rows) == self.total, (path, len(rows), self.total)
        return rows

    def list2(self, path, account=MAIN2, **query):
        """All rows, page by page until an empty one."""
        rows, page = [], 1
        while True:
            more = self.get2(path, account, page=page, **query)
            assert len(more) <= 50, path
            if not more:
                return rows
            rows += more
            page += 1

    def data3(self, kind, listed=False, account=MAIN3):
        return self.json(f"/_data/basecamp3/{account}/{kind}" + ("/listed" if listed else ""))

    def data2(self, kind, listed=False, account=MAIN2):
        return self.json(f"/_data/basecamp2/{account}/{kind}" + ("/listed" if listed else ""))

    def play(self, **config):
        status, _, body = self.send("/_basecamp", "PUT", json.dumps(config).encode())
        assert status == 204, body


def ids(rows):
    return [row["id"] for row in rows]
