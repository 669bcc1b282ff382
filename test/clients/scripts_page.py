#!/usr/bin/python3
"""doc/scripts.md: every script in it runs and every query answers as it stands, with nothing but addresses and folders filled in.

  xml NAME            a file of the folder
  csv NAME            one of the folder of files
  sql SOURCE          a query, on a connection with the folder, or with what the ini block of that name says and what follows it
  rows, requests      what the query before answers, and what the service is asked by it
"""
import http.server
import json
import os
import re
import shutil
import tempfile
import threading
import urllib.parse

from harness import DRIVER, SOURCE, check, equal, run

with open(os.path.join(SOURCE, "doc", "scripts.md"), encoding="utf-8") as page:
    PAGE = page.read()
DATA = json.loads(re.search(r"^```json\n(.*?)^```$", PAGE, re.M | re.S).group(1))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, content, status=200):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.seen.append("GET " + self.path)
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        self.answer({**DATA, "people": [p for p in DATA["people"] if query.get("last") in (None, p["name"]["last"])]})

    def do_POST(self):
        self.server.seen.append("POST " + self.path)
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.answer({"access_token": "opensesame", "expires_in": 3600} if form["grant_type"] == "client_credentials" else {}, 200)


def blocks():
    for match in re.finditer(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE, re.M | re.S):
        yield PAGE.count("\n", 0, match.start()) + 1, match.group(1), match.group(2), match.group(3)


def examples():
    import pyodbc
    folder = tempfile.mkdtemp(prefix="restodbc-scripts-")
    scripts = os.path.join(folder, "scripts")
    os.mkdir(scripts)
    os.mkdir(os.path.join(folder, "looks"))
    os.mkdir(os.path.join(folder, "files"))
    with open(os.path.join(folder, "odbcinst.ini"), "w", encoding="utf-8") as file:
        file.write(f"[RestODBC]\nDriver={DRIVER}\nThreading=0\n")
    os.environ.update(ODBCSYSINI=folder, HOME=folder, BROWSER="/bin/false")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"

    def filled(text):
        return text.replace("http://service.example", base).replace("/home/anna", folder)

    sources, rows, ran = {}, None, 0
    for line, kind, name, text in blocks():
        if kind == "ini":
            section = re.match(r"\[(\w+)\]\n", text).group(1)
            sources[section] = dict(pair.split("=", 1) for pair in filled(text).splitlines()[1:] if "=" in pair)
        elif kind in ("xml", "csv"):
            with open(os.path.join(scripts if kind == "xml" else os.path.join(folder, "files"), name), "w", encoding="utf-8") as file:
                file.write(filled(text))
        elif kind == "sql":
            source, _, more = (name or "people").partition(";")
            pairs = {**sources[source], "OAuthClientId": "c", "OAuthClientSecret": "s", **dict(pair.split("=", 1) for pair in more.split(";") if pair)}
            connection = pyodbc.connect(";".join(f"{key}={{{value}}}" if key != "Driver" else f"{key}={value}" for key, value in pairs.items()), autocommit=True)
            server.seen.clear()
            rows = [" | ".join(map(str, row)) for row in connection.execute(text.strip()).fetchall()]
            connection.close()
            ran += 1
        elif kind == "rows":
            equal(rows, filled(text).splitlines(), f"line {line}: the query before answers so")
        elif kind == "requests":
            equal(server.seen, text.splitlines(), f"line {line}: and asks so")
    check(ran >= 11, "the page has examples", ran)
    server.shutdown()
    server.server_close()
    thread.join()
    shutil.rmtree(folder)


run(examples)
