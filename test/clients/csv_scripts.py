#!/usr/bin/python3
"""Scripts in Location= beside files of delimited text: their tables and procedures beside the files' own, the sign-in of an address by scripts,
rows of delimited text within scripts (csvproviderGet), and the scripts that CreateSchema writes of files."""
import glob
import http.server
import os
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

from harness import BROWSER, CLIENT, DRIVER, SECRET, SOURCE, Session, check, equal, run

OAUTH = os.path.join(SOURCE, "test", "clients", "scripts", "oauth2")
SALES = "id,region,amount,day\n1,north,10.50,2024-01-31\n2,south,20.25,2024-02-29\n3,north,,2024-03-01\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.server.seen.append(self.path)
        query = dict(urllib.parse.parse_qsl(query))
        if path.startswith("/kept/") and not self.server.lets_in(self.headers.get("Authorization", "")):
            return self.answer(401, b"no")
        content = self.server.files.get(path.rpartition("/")[2])
        if content is None:
            return self.answer(404, b"no such file")
        if "region" in query:
            head, *rows = content.splitlines(True)
            content = head + "".join(row for row in rows if row.split(",")[1] == query["region"])
        return self.answer(200, content if isinstance(content, bytes) else content.encode())


class Server(http.server.ThreadingHTTPServer):
    """Hands files out; those below /kept/ to whom the authorization server knows."""
    daemon_threads = True

    def __init__(self, authority=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen, self.files, self.authority = [], {"sales.csv": SALES}, authority
        self.base = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def lets_in(self, field):
        try:
            asked = urllib.request.Request(self.authority + "/api/v1/groups", headers={"Authorization": field})
            with urllib.request.urlopen(asked) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    def asked(self):
        seen, self.seen = self.seen, []
        return seen


class Folder:
    """Files, and scripts beside them."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="restodbc-csv-")
        self.path = self._folder.name
        for name in ("files", "scripts"):
            os.mkdir(self.at(name))
        self.write("files/sales.csv", SALES)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def at(self, name):
        return os.path.join(self.path, name)

    def write(self, name, content):
        with open(self.at(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def script(self, name, body, info="", **attributes):
        """A script of the usual form."""
        sets = "".join(f'<api:set attr="{attribute}" value="{value}"/>' for attribute, value in attributes.items())
        self.write("scripts/" + name, '<api:script xmlns:api="http://apiscript.com/ns?v1" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
                   f'xmlns:other="http://apiscript.com/ns?v1"><api:info title="{name[:-4]}" desc="of a test">{info}</api:info>{sets}{body}</api:script>')

    def connect(self, **properties):
        pairs = {"Provider": "CSV", "URI": self.at("files"), "Location": self.at("scripts"), **properties}
        return connect(**pairs)


def connect(**properties):
    import pyodbc
    return pyodbc.connect(f"Driver={DRIVER};" + ";".join(f"{name}={{{value}}}" for name, value in properties.items() if value is not None),
                          autocommit=True)


def rows(connection, query, *parameters):
    return [tuple(row) for row in connection.execute(query, *parameters).fetchall()]


def failure(call):
    try:
        return f"no failure: {call()!r}"
    except Exception as error:
        return f"{error.args[0]} {error}"


HELLO = '<api:set attr="Word" value="hello [_input.Who]"/><api:push/>'
NUMBERS = '<api:script method="GET"><api:set attr="N" value="1"/><api:push/><api:set attr="N" value="2"/><api:push/></api:script>'


def beside():
    with Folder() as folder:
        folder.script("Numbers.rsd", NUMBERS, '<attr name="N" xs:type="integer"/>')
        folder.script("Greet.rsb", HELLO, '<input name="Who"/><output name="Word"/>')
        folder.write("scripts/broken.rsd", "<api:script")
        connection = folder.connect()
        equal(sorted(row.table_name for row in connection.cursor().tables() if row.table_type != "SYSTEM TABLE"), ["Numbers", "sales.csv"],
              "scripts' tables and files are tables side by side")
        equal({row.table_cat for row in connection.cursor().tables() if row.table_type != "SYSTEM TABLE"}, {"CSV"}, "in one catalog")
        equal(rows(connection, "SELECT N FROM Numbers"), [(1,), (2,)], "a script's table is read")
        equal(rows(connection, "SELECT region, SUM(amount) FROM [sales.csv] GROUP BY region ORDER BY 1"), [("north", 10.5), ("south", 20.25)],
              "a file is read, groups and all")
        equal(rows(connection, "SELECT region FROM [sales.csv] JOIN Numbers ON N = id ORDER BY N"), [("north",), ("south",)], "both are joined")
        equal(rows(connection, "EXEC Greet Who = 'you'"), [("hello you",)], "a procedure is called")
        folder.write("files/notes.dat", "a\n7\n")
        equal(rows(connection, "SELECT a FROM [notes.dat]"), [(7,)], "a path that is not listed leads to its file")
        check("broken.rsd:1:" in failure(lambda: rows(connection, "SELECT * FROM broken")), "a faulty script is told when it is used")
        check("Greet" in [row.procedure_name for row in connection.cursor().procedures()], "the script's procedure is listed")
        connection.close()
        folder.script("sales.rsd", NUMBERS, '<attr name="N" xs:type="integer"/>')
        connection = folder.connect(ExcludeFileExtensions="true")
        equal(rows(connection, "SELECT * FROM sales"), [(1,), (2,)], "a script takes the place of the file that is called like it")
        connection.close()
        check("Location" in failure(lambda: folder.connect(Location=folder.at("none"))), "a Location that is no folder is told")
        connection = folder.connect(Location=None)
        equal([row.table_name for row in connection.cursor().tables(tableType="TABLE")], ["sales.csv"], "without Location there are files alone")
        connection.close()


def signing_in():
    with Session("--rows", "20") as session, Server(session.base) as server:
        location = session.path("scripts")
        os.mkdir(location)
        for path in glob.glob(os.path.join(OAUTH, "*")):
            with open(path, encoding="utf-8") as file, open(os.path.join(location, os.path.basename(path)), "w", encoding="utf-8") as out:
                out.write(file.read().replace("@BASE@", session.base))
        given = {"Driver": "RestODBC", "Provider": "CSV", "URI": server.base + "/kept/sales.csv", "Location": location, "OAuthClientId": CLIENT,
                 "OAuthClientSecret": SECRET, "CallbackURL": "http://127.0.0.1:0", "OAuthSettingsLocation": session.path("kept"),
                 "InitiateOAuth": "GETANDREFRESH"}
        session.source("files")
        session.sources["files"] = given
        session.source("sandbox")
        query = "SELECT id FROM streamedtable WHERE region = 'south'"
        equal(session.isql_rows(query, "files", BROWSER=BROWSER), [["2"]], "isql signs in by the folder's script through the browser, and the file is read")
        session.forget()
        equal(session.isql_rows(query, "files"), [["2"]], "a second connection takes the kept token")
        equal(session.log()[0]["path"], "/api/v1/groups", "and asks nobody for another")
        session.request("/_tokens?kind=access", "DELETE")
        session.forget()
        equal(session.isql_rows(query, "files"), [["2"]], "when that has ended, the script renews it")
        equal([entry.get("form", {}).get("grant_type") for entry in session.log() if entry["path"].endswith("/grant")], ["refresh_token"], "once")
        connection = connect(**{name: value for name, value in given.items() if name != "Driver"})
        equal(tuple(connection.execute("SELECT COUNT(*) FROM Me").fetchone()), (1,), "a script's table is asked with the same token")
        equal(rows(connection, query), [(2,)], "and so is the file")
        connection.close()
        bare = connect(**{name: value for name, value in given.items() if name not in ("Driver", "InitiateOAuth", "OAuthSettingsLocation")})
        check("401" in failure(lambda: rows(bare, query)), "without a sign-in the file is asked for as anybody can, and refused")
        address = rows(bare, "SELECT 1")
        equal(address, [(1,)], "the connection is there all the same")
        check(bare.execute("EXEC GetOAuthAuthorizationURL").fetchone().URL.startswith(session.base + "/api/v1/authorize?"),
              "and the script makes the address of the sign-in")
        bare.close()


run(beside, signing_in)
