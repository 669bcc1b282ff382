#!/usr/bin/python3
"""Files of delimited text behind addresses: a small server here hands them out, with and without a sign-in; what is asked of it, and what is said
when it refuses, breaks off or sends something else."""
import base64
import gzip
import hashlib
import io
import json
import os
import re
import tempfile
import threading
import urllib.parse
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyodbc
from harness import DRIVER, check, equal, refused, run

ROWS = "id,name\n" + "".join(f"{i},name {i}\n" for i in range(20000))


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("in.csv", "x\n3\n4\n")
    return out.getvalue()


FILES = {"/t.csv": ROWS.encode(), "/t.csv.gz": gzip.compress(ROWS.encode()), "/folder/a b.csv": b"x,y\n1,2\n", "/folder/deep/b.csv": b"x\n5\n",
         "/all.zip": zipped(), "/empty.csv": b"", "/page.html": b"<html>", "/utf16.csv": "größe\n1\n".encode("utf-16")}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.tokens += 1
        self.server.seen.append(("token", body.get("grant_type", [""])[0]))
        self.answer(200, json.dumps({"access_token": f"token-{self.server.tokens}", "token_type": "Bearer", "expires_in": 3600}).encode(),
                    Content_Type="application/json")

    def do_GET(self):
        path, _, query = self.path.partition("?")
        path = urllib.parse.unquote(path)
        self.server.seen.append((path, query, dict(self.headers)))
        given = self.headers.get("Authorization", "")
        if path.startswith("/basic/") and given != "Basic " + base64.b64encode(b"me:secret").decode():
            return self.answer(401, b"no", WWW_Authenticate='Basic realm="files"')
        if path.startswith("/digest/") and not self.digest_is_right(given):
            return self.answer(401, b"no", WWW_Authenticate='Digest realm="files", nonce="abc", qop="auth", algorithm=MD5')
        if path.startswith("/bearer/") and given != f"Bearer token-{self.server.tokens}" and given != "Bearer given":
            return self.answer(401, b"no", WWW_Authenticate="Bearer")
        if path.startswith("/moved/"):
            return self.answer(302, b"", Location=f"http://localhost:{self.server.server_port}/t.csv")
        path = re.sub("^/(basic|digest|bearer)", "", path)
        if path == "/busy.csv" and self.server.busy:
            self.server.busy -= 1
            return self.answer(503, b"later", Retry_After="0")
        if path == "/busy.csv":
            path = "/t.csv"
        if path == "/short.csv":
            self.send_response(200)
            self.send_header("Content-Length", str(len(ROWS)))
            self.end_headers()
            self.wfile.write(ROWS[:len(ROWS) // 2].encode())
            self.close_connection = True
            return None
        if path in FILES:
            return self.answer(200, FILES[path], Content_Type="text/csv")
        return self.answer(403 if path == "/secret.csv" else 404, b"no such file")

    def digest_is_right(self, given):
        words = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
        if not words:
            return False
        secret = md5("me:files:secret")
        return words.get("response") == md5(":".join((secret, "abc", words.get("nc", ""), words.get("cnonce", ""), "auth", md5("GET:" + words.get("uri", "")))))


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen, self.tokens, self.busy = [], 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def asked(self):
        """The paths since the last call."""
        seen, self.seen = self.seen, []
        return [entry[0] for entry in seen]


server = Server()
BASE = f"http://127.0.0.1:{server.server_port}"


def connect(path, **properties):
    string = f"Driver={DRIVER};Provider=CSV;URI={{{BASE}{path}}}" + "".join(f";{name}={{{value}}}" for name, value in properties.items())
    return pyodbc.connect(string, autocommit=True)


def rows_of(path, sql, **properties):
    connection = connect(path, **properties)
    try:
        return [tuple(row) for row in connection.execute(sql).fetchall()]
    finally:
        connection.close()


def files():
    server.asked()
    connection = connect("/t.csv")
    equal([row.table_name for row in connection.cursor().tables(tableType="TABLE")], ["streamedtable"], "an address is the table streamedtable")
    equal(server.asked(), [], "connecting asks for nothing")
    equal([tuple(row) for row in connection.execute("SELECT COUNT(*), SUM(id) FROM streamedtable")], [(20000, sum(range(20000)))], "its rows are counted")
    equal(server.asked(), ["/t.csv", "/t.csv"], "once for the columns, once for the rows")
    equal([tuple(row) for row in connection.execute("SELECT name FROM streamedtable WHERE id > 19997")], [("name 19998",), ("name 19999",)], "and filtered")
    equal(server.asked(), ["/t.csv"], "then once for each query")
    plan = connection.execute("EXPLAIN SELECT name FROM streamedtable").fetchone()
    equal(plan.Request, f"GET {BASE}/t.csv", "EXPLAIN tells the request")
    connection.close()
    equal(rows_of("/t.csv.gz", "SELECT COUNT(*) FROM streamedtable"), [(20000,)], "a packed file")
    equal(rows_of("/utf16.csv", "SELECT [größe] FROM streamedtable"), [(1,)], "a file in UTF-16")
    equal(rows_of("/empty.csv", "SELECT COUNT(*) FROM streamedtable"), [(0,)], "an empty file")
    equal(rows_of("/all.zip", "SELECT * FROM [in.csv]"), [(3,), (4,)], "a file of an archive")
    equal(rows_of("/folder/", "SELECT * FROM [a b.csv]"), [(1, 2)], "a path below an address that ends with /")
    equal(rows_of("", "SELECT COUNT(*) FROM [t.csv]"), [(20000,)], "a path below a host that stands alone")
    equal(rows_of("/folder/", "SELECT * FROM [deep/b.csv]"), [(5,)], "a longer one")
    equal(rows_of("/moved/x.csv", "SELECT COUNT(*) FROM streamedtable"), [(20000,)], "a redirect")


def sign_ins():
    equal(rows_of("/basic/t.csv", "SELECT COUNT(*) FROM streamedtable", User="me", Password="secret"), [(20000,)], "Basic")
    equal(rows_of("/digest/t.csv", "SELECT COUNT(*) FROM streamedtable", AuthScheme="Digest", User="me", Password="secret"), [(20000,)], "Digest")
    equal(rows_of("/bearer/t.csv", "SELECT COUNT(*) FROM streamedtable", AuthScheme="Bearer", OAuthAccessToken="given"), [(20000,)], "Bearer")
    with tempfile.TemporaryDirectory(prefix="restodbc-csv-") as folder:
        oauth = {"AuthScheme": "OAuth", "OAuthGrantType": "CLIENT", "InitiateOAuth": "GETANDREFRESH", "OAuthClientId": "c", "OAuthClientSecret": "s",
                 "OAuthAccessTokenURL": BASE + "/token", "OAuthSettingsLocation": os.path.join(folder, "settings")}
        equal(rows_of("/bearer/t.csv", "SELECT COUNT(*) FROM streamedtable", **oauth), [(20000,)], "OAuth")
        server.asked()
        equal(rows_of("/bearer/t.csv", "SELECT COUNT(*) FROM streamedtable", **oauth), [(20000,)], "OAuth, with the token that was kept")
        check("token" not in server.asked(), "no other token is got")
        server.tokens += 1      # the one that was given is no good any more
        equal(rows_of("/bearer/t.csv", "SELECT COUNT(*) FROM streamedtable", **oauth), [(20000,)], "OAuth, with one that is renewed")
        connection = connect("/bearer/t.csv", **oauth)
        check(any(row.procedure_name == "GetOAuthAccessToken" for row in connection.cursor().procedures()), "the procedures of OAuth are there")
        connection.close()
    refused(lambda: rows_of("/basic/t.csv", "SELECT * FROM streamedtable"), "28000", "no sign-in where one is needed", "401", "AuthScheme")
    refused(lambda: rows_of("/basic/t.csv", "SELECT * FROM streamedtable", User="me", Password="wrong"), "28000", "a wrong password", "401")


def extras():
    server.asked()
    rows_of("/t.csv", "SELECT COUNT(*) FROM streamedtable", CustomHeaders="X-One: 1|X-Two: two", CustomUrlParams="key=k1&v=2")
    connection = connect("/t.csv?given=1", CustomUrlParams="key=k1", UserAgent="me/1")
    connection.execute("SELECT COUNT(*) FROM streamedtable")
    connection.close()
    first, last = server.seen[0], server.seen[-1]
    check(first[1] == "key=k1&v=2" and first[2].get("X-One") == "1" and first[2].get("X-Two") == "two", "CustomHeaders and CustomUrlParams", first)
    check(last[1] == "given=1&key=k1" and last[2].get("User-Agent") == "me/1", "a query of one's own, and UserAgent", last)
    refused(lambda: connect("/t.csv", CustomHeaders="no colon"), "HY000", "CustomHeaders that are none, which may be secret", "CustomHeaders", "Name: value")
    server.seen.clear()
    server.busy = 2
    equal(rows_of("/busy.csv", "SELECT COUNT(*) FROM streamedtable"), [(20000,)], "a server that is busy is asked again")


def failures():
    refused(lambda: rows_of("/none.csv", "SELECT * FROM streamedtable"), "42S02", "no such file", "404", "none.csv")
    refused(lambda: rows_of("/secret.csv", "SELECT * FROM streamedtable"), "42S02", "a file that one may not read", "403")
    refused(lambda: rows_of("/folder/", "SELECT * FROM [c.csv]"), "42S02", "no such file below", "404", "c.csv")
    refused(lambda: rows_of("/short.csv", "SELECT COUNT(*) FROM streamedtable"), "08S01", "an answer that breaks off is no shorter file", "short.csv")
    refused(lambda: rows_of("/none.zip", "SELECT 1"), "42S02", "no such archive", "404")
    refused(lambda: rows_of("/t.csv", "SELECT * FROM streamedtable", ConnectOnOpen="true", AuthScheme="Basic"), "28000", "Basic without a user", "User")
    refused(lambda: connect("/none.csv", ConnectOnOpen="true"), "42S02", "ConnectOnOpen asks", "404")
    closed = Server()
    closed.server_close()
    closed.shutdown()
    refused(lambda: pyodbc.connect(f"Driver={DRIVER};Provider=CSV;RetryMax=0;URI=http://127.0.0.1:{closed.server_port}/t.csv", autocommit=True)
            .execute("SELECT * FROM streamedtable"), "08001", "nobody there", str(closed.server_port))
    refused(lambda: pyodbc.connect(f"Driver={DRIVER};Provider=CSV;User=me;Password=p;URI=http://files.example/t.csv", autocommit=True), "HY000",
            "no password travels in the clear", "https")
    refused(lambda: pyodbc.connect(f"Driver={DRIVER};Provider=CSV;URI=https://", autocommit=True), "HY000", "an address that is none", "URI")


run(files, sign_ins, extras, failures)
