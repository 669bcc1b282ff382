#!/usr/bin/python3
"""Scripts in Location= beside files of delimited text: their tables and procedures beside the files' own, the sign-in of an address by scripts,
rows of delimited text within scripts (csvproviderGet), and the scripts that CreateSchema writes of files."""
import datetime
import decimal
import glob
import gzip
import http.server
import io
import os
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
import zipfile

from harness import BROWSER, CLIENT, DRIVER, SECRET, SOURCE, Session, check, equal, rows, run

SCRIPTS = os.path.join(SOURCE, "test", "clients", "scripts")
SALES = "id,region,amount,day\n1,north,10.50,2024-01-31\n2,south,20.25,2024-02-29\n3,north,,2024-03-01\n"


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("in.csv", "x\n3\n4\n")
    return out.getvalue()


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

    def handle_error(self, *_):
        """Who has seen enough goes away."""

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


def put_scripts(session, name):
    """A Location= with the scripts of scripts_oauth.py."""
    location = session.path("scripts")
    os.mkdir(location)
    for path in glob.glob(os.path.join(SCRIPTS, name, "*")):
        with open(path, encoding="utf-8") as file, open(os.path.join(location, os.path.basename(path)), "w", encoding="utf-8") as out:
            out.write(file.read().replace("@BASE@", session.base))
    return location


def signing_in_by_oauth1():
    """The sandbox checks every signature of OAuth 1.0; what it answers is read as text of one column."""
    with Session("--rows", "20") as session:
        location = put_scripts(session, "oauth1")
        given = {"Driver": "RestODBC", "Provider": "CSV", "URI": session.base + "/oauth1/api/v1/groups", "Location": location, "OAuthClientId": CLIENT,
                 "OAuthClientSecret": SECRET, "CallbackURL": "http://127.0.0.1:0", "OAuthSettingsLocation": session.path("kept"),
                 "InitiateOAuth": "GETANDREFRESH", "FMT": "|", "QuoteCharacter": "None", "IncludeColumnHeaders": "false"}
        session.source("files")
        session.sources["files"] = given
        session.source("sandbox")
        query = "SELECT COUNT(*) FROM streamedtable WHERE Col1 LIKE '%results%'"
        equal(session.isql_rows(query, "files", BROWSER=BROWSER), [["1"]], "isql signs in by scripts of OAuth 1.0, and the file is asked for with a signature")
        session.forget()
        equal(session.isql_rows(query, "files"), [["1"]], "a second connection takes the kept token")
        equal({entry["path"] for entry in session.log()}, {"/oauth1/api/v1/groups"}, "and asks nobody for another")
        kept = {name: value for name, value in given.items() if name != "Driver"}
        connection = connect(**kept)
        equal(tuple(connection.execute("SELECT COUNT(*) FROM Me").fetchone()), (1,), "a script's table is asked with the same token")
        connection.close()
        wrong = connect(**{**kept, "InitiateOAuth": "OFF", "OAuthSettingsLocation": "memory://", "OAuthAccessToken": "a", "OAuthAccessTokenSecret": "b",
                           "AuthScheme": "OAuth", "OAuthVersion": "1.0"})
        check("401" in failure(lambda: rows(wrong, query)), "a token that nobody gave is refused")
        wrong.close()


def signing_in():
    with Session("--rows", "20") as session, Server(session.base) as server:
        location = put_scripts(session, "oauth2")
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
        server.files["all.zip"] = zipped()
        given.update(URI=server.base + "/kept/all.zip")
        early = connect(**{name: value for name, value in given.items() if name not in ("Driver", "InitiateOAuth", "OAuthSettingsLocation")})
        check(early.execute("EXEC GetOAuthAuthorizationURL").fetchone().URL, "an archive that can not be looked into yet does not stand in the way of it")
        check("28000" in failure(lambda: rows(early, "EXEC CreateSchema")), "there is no file to describe yet")
        early.close()
        late = connect(**{name: value for name, value in given.items() if name != "Driver"})
        equal(rows(late, "SELECT * FROM [in.csv]"), [(3,), (4,)], "and is looked into with the token")
        late.close()


GET = '<api:script method="GET"><api:push op="csvproviderGet"/></api:script>'
COLUMNS = '<attr name="id" xs:type="integer" key="true"/><attr name="Area" xs:type="string" other:xPath="region"/>' \
          '<attr name="amount" xs:type="decimal" columnsize="10" scale="2"/><attr name="day" xs:type="date"/>'
D = decimal.Decimal
WANTED = [(1, "north", D("10.50"), datetime.date(2024, 1, 31)), (2, "south", D("20.25"), datetime.date(2024, 2, 29)),
          (3, "north", None, datetime.date(2024, 3, 1))]


def tables_of_text():
    """csvproviderGet as the body of a table: of a file, of an address, and of a text."""
    with Folder() as folder, Server() as server:
        folder.write("files/kinds.dat", "a;b;j;x;t\n1;\"x;\"\"y\"\"\";{\"k\": [1]};414243;12:30\n\n2;;;;\n")
        folder.write("files/packed.csv.gz", gzip.compress(SALES.encode()))
        folder.write("files/all.zip", b"PK")
        folder.write("files/empty.csv", "")
        folder.write("files/latin.csv", "größe\nzwölf\n".encode("latin-1"))
        folder.write("files/fixed.dat", "ab12\ncd34\n")
        folder.write("files/Schema.ini", "[fixed.dat]\nFormat=FixedLength\nColNameHeader=False\nCol1=code Text Width 2\nCol2=n Long Width 2\n")
        folder.write("secret.csv", "a\n1\n")
        folder.script("Sales.rsd", GET, COLUMNS, uri=folder.at("files/sales.csv"))
        folder.script("Kinds.rsd", GET, '<attr name="a" xs:type="smallint"/><attr name="b"/><attr name="j" xs:type="json"/><attr name="x" xs:type="binary"/>'
                      '<attr name="t" xs:type="time"/>', uri=folder.at("files/kinds.dat"), FMT=";", IgnoreBlankRows="true")
        folder.script("Packed.rsd", GET, COLUMNS, uri="file://" + folder.at("files/packed.csv.gz"))
        folder.script("Zip.rsd", GET, COLUMNS, uri=folder.at("files/all.zip"))
        folder.script("Empty.rsd", GET, COLUMNS, uri=folder.at("files/empty.csv"))
        folder.script("Latin.rsd", GET, '<attr name="größe"/>', uri=folder.at("files/latin.csv"), Charset="ISO-8859-1")
        folder.script("Fixed.rsd", GET, '<attr name="code"/><attr name="n" xs:type="int"/>', uri=folder.at("files/fixed.dat"))
        folder.script("Secret.rsd", GET, '<attr name="a"/>', uri=folder.at("files/../secret.csv"))
        folder.script("Misspelt.rsd", GET, '<attr name="id"/><attr name="regoin"/>', uri=folder.at("files/sales.csv"))
        folder.script("Typed.rsd", GET, '<attr name="region" xs:type="integer"/>', uri=folder.at("files/sales.csv"))
        folder.script("Wrong.rsd", GET, '<attr name="id"/>', uri=folder.at("files/sales.csv"), FMT="ab")
        folder.script("Chosen.rsd", '<api:set attr="Source" value="[_input.File | def(\'sales\')]"/>' + GET,
                      COLUMNS + '<attr name="Source"/><input name="File"/>', uri=folder.at("files/") + "[_input.File | def('sales')].csv")
        folder.script("Text.rsd", GET, '<attr name="n" xs:type="integer"/><attr name="s"/>', data="n,s&#10;1,one&#10;2,&quot;two,2&quot;&#10;")
        folder.script("Web.rsd", GET, COLUMNS.replace('other:xPath="region"', 'other:xPath="region" other:filter="region"'), uri=server.base + "/sales.csv")
        folder.script("Large.rsd", GET, '<attr name="n" xs:type="integer"/><attr name="s"/>', uri=server.base + "/large.csv")
        folder.script("None.rsd", GET, COLUMNS, uri=server.base + "/none.csv")
        folder.script("Elsewhere.rsd", '<api:call op="csvproviderGet" out="got"><api:set attr="uri" value="[got.next]"/><api:push op="csvproviderGet"/></api:call>',
                      '<attr name="next"/>', uri=server.base + "/next.csv")
        server.files["large.csv"] = "n,s\n" + "".join(f"{n},{'x' * (n % 50)}\n" for n in range(60000))
        server.files["next.csv"] = "next\nhttp://localhost:1/secrets.csv\n"
        connection = folder.connect()
        equal(rows(connection, "SELECT * FROM Sales ORDER BY id"), WANTED, "a file's rows, by names, as the declared types")
        equal(rows(connection, "SELECT COUNT(*), MAX(day) FROM Sales WHERE Area = 'north'"), [(2, datetime.date(2024, 3, 1))], "conditions and groups")
        equal(rows(connection, "SELECT * FROM Kinds"), [(1, 'x;"y"', '{"k": [1]}', b"ABC", datetime.time(12, 30)), (2, None, None, None, None)],
              "properties as attributes, and every type")
        equal(rows(connection, "SELECT * FROM Packed ORDER BY id"), WANTED, "a packed file")
        equal(rows(connection, "SELECT * FROM Empty"), [], "an empty one")
        equal(rows(connection, "SELECT * FROM Latin"), [("zwölf",)], "one in another character set")
        equal(rows(connection, "SELECT * FROM Fixed"), [("ab", 12), ("cd", 34)], "what the Schema.ini beside it says")
        equal(rows(connection, "SELECT * FROM Text"), [(1, "one"), (2, "two,2")], "a text")
        equal(rows(connection, "SELECT id, Source FROM Chosen WHERE File = 'sales'"), [(1, "sales"), (2, "sales"), (3, "sales")],
              "an input chooses the file; a column that is set says so")
        check("archive" in failure(lambda: rows(connection, "SELECT * FROM Zip")), "an archive is none")
        check("secret.csv" in failure(lambda: rows(connection, "SELECT * FROM Secret")), "no file outside of URI and Location is read")
        told = failure(lambda: rows(connection, "SELECT * FROM Misspelt"))
        check("Misspelt" in told and "regoin" in told and "sales.csv" in told, "a column that the file lacks is an error", told)
        equal(rows(connection, "SELECT id FROM Misspelt WHERE id = '2'"), [("2",)], "unless nobody looks at it")
        cursor = connection.execute("SELECT region FROM Typed")
        equal([tuple(row) for row in cursor.fetchall()], [(None,)] * 3, "cells that do not fit their column are NULL")
        strict = folder.connect(Other="StrictTypes=1")
        told = failure(lambda: rows(strict, "SELECT region FROM Typed"))
        check(told.startswith("22018") and "sales.csv, line 2, column region" in told, "or an error that tells file, line and column", told)
        strict.close()
        check("FMT=ab" in failure(lambda: rows(connection, "SELECT * FROM Wrong")), "a property that is wrong is told")
        server.asked()
        equal(rows(connection, "SELECT * FROM Web ORDER BY id"), WANTED, "an address's answer")
        equal(server.asked(), ["/sales.csv"], "is asked for once")
        equal(rows(connection, "SELECT id FROM Web WHERE Area = 'south'"), [(2,)], "with a filter")
        equal(server.asked(), ["/sales.csv?region=south"], "that the address has")
        equal(rows(connection, "SELECT COUNT(*), SUM(n), SUM(CHAR_LENGTH(s)) FROM Large"), [(60000, sum(range(60000)), sum(n % 50 for n in range(60000)))],
              "an answer of many blocks is read as it comes")
        equal(server.asked(), ["/large.csv"], "once, too")
        equal(rows(connection, "SELECT TOP 3 n FROM Large"), [(0,), (1,), (2,)], "or not to its end")
        told = failure(lambda: rows(connection, "SELECT * FROM None"))
        check("404" in told and "none.csv" in told, "a refusal is told", told)
        told = failure(lambda: rows(connection, "SELECT * FROM Elsewhere"))
        check("localhost" in told and "not asked" in told, "an address out of a text leads nowhere", told)
        connection.close()
        other = folder.connect(Provider="JSON", URI=None)
        equal(rows(other, "SELECT * FROM Web ORDER BY id"), WANTED, "the operation is there with other providers")
        check("outside" in failure(lambda: rows(other, "SELECT * FROM Sales")), "and sees the files of their folder alone")
        other.close()


def items_of_text():
    """csvproviderGet within scripts: an item for each row."""
    with Folder() as folder, Server() as server:
        folder.write("files/list.csv", "name;size\nsales;3\nnone;0\n")
        folder.script("Totals.rsb", '<api:call op="csvproviderGet" in="source" out="row"><api:if exp="[row.amount | def(0)] &gt; [_input.Least]">'
                      '<api:set attr="out.Line" value="[row.id]: [row.region | toupper] [row.amount]"/><api:push item="out"/></api:if></api:call>',
                      '<input name="Least" default="0"/><output name="Line"/>', **{"source.uri": folder.at("files/sales.csv")})
        folder.script("Answer.rsb", f'<api:set attr="http.url" value="{server.base}/sales.csv"/><api:call op="httpGet" in="http" out="got">'
                      '<api:set attr="text.data" value="[got.http:content]"/><api:call op="csvproviderGet" in="text" out="row">'
                      '<api:set attr="out.Day" value="[row.day]"/><api:push item="out"/></api:call></api:call>', '<output name="Day"/>')
        folder.script("Any.rsb", '<api:call op="csvproviderGet"><api:push/></api:call>', uri=folder.at("files/list.csv"), FMT=";")
        connection = folder.connect()
        equal(rows(connection, "EXEC Totals"), [("1: NORTH 10.50",), ("2: SOUTH 20.25",)], "a procedure goes through a file's rows")
        equal(rows(connection, "EXEC Totals Least = '15'"), [("2: SOUTH 20.25",)], "with its inputs")
        equal(rows(connection, "EXEC Answer"), [("2024-01-31",), ("2024-02-29",), ("2024-03-01",)], "and through a text that it has got")
        equal(rows(connection, "EXEC Any"), [('{"name":"sales","size":"3"}',), ('{"name":"none","size":"0"}',)], "undeclared outputs are the file's columns")
        connection.close()


def schema_of(folder, table, file=None, **properties):
    """What CreateSchema makes of a file: the text of the script, and the rows of both tables."""
    connection = folder.connect(**properties)
    told = connection.execute("EXEC CreateSchema TableName = ?, FileName = ?", table, file).fetchone()
    before = connection.execute(f"SELECT * FROM [{table}]")
    columns, wanted = [column[:6] for column in before.description], before.fetchall()
    connection.close()
    connection = folder.connect(**properties)
    made = os.path.basename(told.FileName)[:-4]
    after = connection.execute(f"SELECT * FROM [{made}]")
    equal([column[:6] for column in after.description], columns, f"{made}: the script has the file's columns, of the same types")
    equal([tuple(row) for row in after.fetchall()], [tuple(row) for row in wanted], f"{made}: and its rows")
    connection.close()
    with open(told.FileName, encoding="utf-8") as script:
        return told, script.read()


def schemas():
    """CreateSchema: scripts of files, which are tables of the next connection."""
    with Folder() as folder, Server() as server:
        folder.write("files/odd.csv", 'a [b]|"x""&<y>"|a [b]|"two\nlines"|when|flag|large\n1|p|2|q|2024-01-01 10:00:00.123456|true|12345678901234567890\n'
                     '3|none||r|2024-01-02 11:30:00|false|1\n')
        folder.write("files/wide.csv", "t,big,real\n12:30:15,1234567890123,1.5e300\n01:02:03,1,2.5\n,,\n")
        folder.write("files/plain.tsv", "007\tone\n008\ttwo\n")
        folder.write("files/quoted.csv", "a,b\n'it\\'s','x,y'\n'[2]','\\\\'\n")
        folder.write("files/long.csv", "t\n" + "x" * 5000 + "\n")
        os.mkdir(folder.at("files/year"))
        folder.write("files/year/deep.csv", "n\n5\n")
        told, text = schema_of(folder, "sales.csv")
        equal((told.Result, told.FileName), ("Success", folder.at("scripts/sales.rsd")), "CreateSchema writes a script beside the others, called as the file")
        check('<attr name="amount" xs:type="decimal"' in text and f'<api:set attr="uri" value="{folder.at("files/sales.csv")}"/>' in text
              and '<api:push op="csvproviderGet"/>' in text, "of attributes, the address and the operation", text)
        told, text = schema_of(folder, "odd.csv", folder.at("scripts") + "/Odd.rsd", FMT="|", NullValues="none,[x]", UseRowNumbers="true")
        check('<attr name="RowNumber" xs:type="bigint" key="true"/>' in text and '<api:set attr="FMT" value="|"/>' in text, "what the connection says is in it",
              text)
        schema_of(folder, "wide.csv")
        schema_of(folder, "plain.tsv", IncludeFiles="TSV", IncludeColumnHeaders="false", TypeDetectionScheme="None")
        schema_of(folder, "quoted.csv", QuoteCharacter="'", QuoteEscapeCharacter="\\")
        schema_of(folder, "long.csv")
        schema_of(folder, "year/deep.csv")
        folder.write("files/Schema.ini", "[sales.csv]\nCol1=No Long\nCol2=Where Text Width 10\nCol3=Sum Decimal\nCol4=Day Text Width 10\n")
        schema_of(folder, "sales.csv", "Told.rsd")
        connection = folder.connect(AggregateFiles="true", IncludeFiles="CSV")
        check("several files" in failure(lambda: rows(connection, "EXEC CreateSchema")), "files that are one table are none")
        connection.close()
        connection = folder.connect()
        check("TableName" in failure(lambda: rows(connection, "EXEC CreateSchema")), "of several files it must be said of which")
        check("nothing.csv" in failure(lambda: rows(connection, "EXEC CreateSchema TableName = 'nothing.csv'")), "a file that is not there is told")
        for name in ("../x.rsd", "/tmp/x.rsd", "x.txt", ".rsd"):
            check("22023" in failure(lambda name=name: rows(connection, "EXEC CreateSchema TableName = 'long.csv', FileName = ?", name)),
                  f"{name} is no place for a script")
        connection.close()
        web = {"URI": server.base + "/sales.csv?v=1", "CustomUrlParams": "key=secret"}
        told, text = schema_of(folder, "streamedtable", "Web.rsd", **web)
        check(f'value="{server.base}/sales.csv?v=1"' in text and "secret" not in text, "of an address all but what the connection adds is in the script", text)


run(beside, signing_in, signing_in_by_oauth1, tables_of_text, items_of_text, schemas)
