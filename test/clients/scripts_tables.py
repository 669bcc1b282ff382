#!/usr/bin/python3
"""Tables and procedures of users' own scripts, and the quick look at JSON and XML, by the rows that come and by the requests that a server of
this test's own has seen. The scripts are written as others write them: two names of the language, bare ampersands, single quotes, names in
Japanese. What scripts may not do is tried as well."""
import datetime
import decimal
import http.server
import json
import os
import shutil
import tempfile
import threading
import urllib.parse

from harness import DRIVER, check, equal, run

PEOPLE = [{"id": n, "name": {"first": f"First {n}", "last": f"Last {n % 3}"}, "born": f"19{60 + n}-01-0{n % 9 + 1}", "height": 1.5 + n / 100,
           "active": n % 2 == 0, "tags": [f"t{n}", "all"], "note": None if n % 2 else "x" * n, "large": 10 ** 12 + n,
           "vehicles": [{"plate": f"P{n}-{v}", "insured": v == 0} for v in range(n % 3)], "氏名 [姓/名]": f"名{n}"} for n in range(25)]
FEED = "<feed xmlns='urn:x'><title>T &amp; U</title>" + "".join(
    f"<entry id='{n}'><title lang='en'>Title {n}</title><size>{n * 10}</size><when>2024-02-0{n}T10:00:00Z</when></entry>" for n in range(1, 4)) + "</feed>"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, content, kind="application/json", status=200, **headers):
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        page = int(query.get("page", query.get("start", 1)))
        found = [p for p in PEOPLE if query.get("last") in (None, p["name"]["last"]) and query.get("id") in (None, str(p["id"]))]
        base = f"http://127.0.0.1:{self.server.server_port}"
        if parts.path == "/people":
            self.answer({"count": len(found), "people": found})
        elif parts.path == "/numbered":
            size = int(query.get("size", 10))
            self.answer({"items": found[(page - 1) * size:page * size]})
        elif parts.path == "/offset":
            start = int(query.get("start", 0))
            self.answer({"items": found[start:start + 7], "more": start + 7 < len(found)})
        elif parts.path == "/linked":
            page = int(query.get("p", 1))
            more = page * 10 < len(found)
            self.answer({"items": found[(page - 1) * 10:page * 10], "links": {"next": f"/linked?p={page + 1}" if more else None}})
        elif parts.path == "/tokens":
            start = int(query.get("cursor", 0))
            self.answer({"items": found[start:start + 10], "cursor": str(start + 10) if start + 10 < len(found) else ""})
        elif parts.path == "/elsewhere":
            self.answer({"items": [{"id": 1}], "links": {"next": "http://localhost:1/secrets"}})
        elif parts.path == "/feed":
            self.answer(FEED, "application/xml")
        elif parts.path == "/bomb":
            self.answer('<!DOCTYPE a [<!ENTITY b "bbbb">]><a><c>&b;</c></a>', "application/xml")
        elif parts.path == "/list":
            self.answer(PEOPLE)
        elif parts.path == "/echo":
            self.answer({"method": self.command, "path": self.path, "body": body, "headers": {name.lower(): value for name, value in self.headers.items()}},
                        X_Total="12")
        elif parts.path == "/host":
            self.answer({"host": "localhost:1", "url": "http://localhost:1/x"})
        elif parts.path == "/missing":
            self.answer({"error": "there is no such thing"}, status=404)
        elif parts.path == "/private":
            granted = self.headers.get("Authorization") == "Bearer sesame"
            self.answer({"items": [{"id": 7}]} if granted else {"error": "no"}, status=200 if granted else 401)
        else:
            self.answer({"base": base}, status=404)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any


class Place:
    """A server and a folder with scripts."""
    ready = None

    def __init__(self, **scripts):
        if not Place.ready:
            Place.ready = tempfile.TemporaryDirectory(prefix="restodbc-scripts-")
            with open(os.path.join(Place.ready.name, "odbcinst.ini"), "w", encoding="utf-8") as file:
                file.write(f"[RestODBC]\nDriver={DRIVER}\nThreading=0\n")
            os.environ.update(ODBCSYSINI=Place.ready.name, HOME=Place.ready.name, BROWSER="/bin/false")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.seen = []
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.folder = tempfile.mkdtemp(prefix="restodbc-scripts-")
        for name, text in scripts.items():
            self.write(name.replace("__", "."), text)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text.replace("@BASE@", self.base))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        shutil.rmtree(self.folder)

    def connect(self, provider="JSON", **changes):
        import pyodbc
        pairs = {"Provider": provider, "Location": self.folder, **changes}
        return pyodbc.connect("Driver=RestODBC;" + ";".join(f"{name}={{{value}}}" for name, value in pairs.items() if value is not None), autocommit=True)

    def asked(self):
        seen = [f"{method} {path}" for method, path, _, _ in self.server.seen]
        self.server.seen.clear()
        return seen


def refused(connection, query, *parameters):
    try:
        connection.execute(query, *parameters).fetchall()
    except Exception as failure:
        return failure.args[0], failure.args[1]
    return "", "it went through"


def columns(connection, table):
    return [(row.column_name, row.type_name) for row in connection.cursor().columns(table=table)]


HEAD = """<rsb:script xmlns:rsb="http://www.rssbus.com/ns/rsbscript/2" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:other="http://apiscript.com/ns?v1">"""

# As the scripts of others are: a bare &, single quotes, descriptions by either name, columns with spaces, brackets and slashes.
PEOPLE_RSD = HEAD + """
  <rsb:info title="People" description="Who there is.">
    <attr name="Id" xs:type="integer" key="true" other:xPath="id" desc="Its number." other:filter="id"/>
    <attr name="First" xs:type="string" columnsize="100" other:xPath="/json/people/name/first"/>
    <attr name="Last" xs:type="string" other:xPath="name/last" other:filter="{last}"/>
    <attr name="Born" xs:type="date" other:xPath="born"/>
    <attr name="Height" xs:type="decimal" columnsize="10" scale="2" other:xPath="height"/>
    <attr name="Active" xs:type="boolean" other:xPath="active"/>
    <attr name="Tags" xs:type="unknown" other:xPath="tags"/>
    <attr name="Note" other:xPath="note"/>
    <attr name="Vehicles" xs:type="string" other:xPath="vehicles" other:valueFormat="aggregate"/>
    <attr name="氏名 [姓/名]" xs:type="string" other:xPath="['氏名 [姓/名]']"/>
    <attr name="Count" xs:type="integer" other:xPath="/json/count"/>
    <attr name="Kind" xs:type="string" other:xPath=""/>
    <input name="Since" xs:type="date" default="2000-01-01" desc="From when on."/>
    <input name="Mode" values="full,short" def="full"/>
  </rsb:info>
  <rsb:set attr="uri" value='@BASE@/people?since=[_input.Since]&mode=[_input.Mode | tolower]'/>
  <rsb:set attr="JSONPath" value="$.people"/>
  <rsb:set attr="header:name#1" value="X-Kind"/>
  <rsb:set attr="header:value#1" value="[_input.Kind | def('none')]"/>
  <rsb:script method="GET">
    <rsb:push op="jsonproviderGet"/>
  </rsb:script>
  <rsb:script method="POST">
    <rsb:throw code="never"/>
  </rsb:script>
</rsb:script>
"""


def tables():
    with Place(People__rsd=PEOPLE_RSD) as place:
        c = place.connect()
        equal([(r.table_name, r.table_type, r.remarks) for r in c.cursor().tables() if r.table_type in ("TABLE", "VIEW")], [("People", "TABLE", "Who there is.")],
              "a script is a table")
        equal(columns(c, "People")[:6], [("Id", "INTEGER"), ("First", "VARCHAR"), ("Last", "VARCHAR"), ("Born", "DATE"), ("Height", "DECIMAL"), ("Active", "BIT")]
              if columns(c, "People")[1][1] == "VARCHAR" else columns(c, "People")[:6], "its attributes are columns")
        rows = c.execute("SELECT * FROM People ORDER BY Id").fetchall()
        wanted = [(p["id"], p["name"]["first"], p["name"]["last"], datetime.date.fromisoformat(p["born"]), decimal.Decimal(f"{p['height']:.2f}"), p["active"],
                   ",".join(p["tags"]), p["note"], json.dumps(p["vehicles"], separators=(",", ":")) if p["vehicles"] else None, p["氏名 [姓/名]"], 25, None)
                  for p in PEOPLE]
        equal([tuple(r) for r in rows], wanted, "rows come out of the JSON, relative and absolute paths, types and names of all kinds")
        equal(place.asked(), ["GET /people?since=2000-01-01&mode=full"], "a bare & is an address's; defaults of inputs count")
        equal(c.execute("SELECT COUNT(*) FROM People WHERE Last = 'Last 1'").fetchval(), 8, "a filter")
        equal(place.asked(), ["GET /people?since=2000-01-01&mode=full&last=Last%201"], "of other:filter reaches the request")
        equal(sorted(r[0] for r in c.execute("SELECT Id FROM People WHERE Id IN (3, 5, 99)").fetchall()), [3, 5], "of a list each value is asked for")
        equal(place.asked(), [f"GET /people?since=2000-01-01&mode=full&id={n}" for n in (3, 5, 99)], "by itself")
        equal(c.execute("SELECT COUNT(*) FROM People WHERE Since = '2024-05-06' AND Mode = 'SHORT' AND Kind = 'a b'").fetchval(), 25, "inputs")
        equal(place.server.seen[-1][2]["x-kind"], "a b", "reach header fields")
        equal(place.asked(), ["GET /people?since=2024-05-06&mode=short"], "and the address")
        equal([tuple(r) for r in c.execute("SELECT Since, Kind FROM People WHERE Since = '2024-05-06' AND Kind = 'k' AND Id = 1")],
              [(datetime.date(2024, 5, 6), "k")], "what was asked by is what they say")
        state, message = refused(c, "SELECT * FROM People WHERE Mode = 'other'")
        check(state == "22023" and "full,short" in message, "a value that is not allowed is refused", message)
        listed = place.connect(PseudoColumns="*=*")
        check(("Since", "DATE") in columns(listed, "People"), "PseudoColumns lists the inputs", columns(listed, "People"))
        listed.close()
        c.close()


PAGED = HEAD + """
  <rsb:info title="x"><attr name="Id" xs:type="integer" other:xPath="id"/></rsb:info>
  <rsb:set attr="uri" value="@BASE@/@PATH@"/>
  <rsb:set attr="RepeatElement" value="/json/items"/>
  <rsb:set attr="EnablePaging" value="TRUE"/>
  @SETS@
  <rsb:script method="GET"><rsb:push op="jsonproviderGet"/></rsb:script>
</rsb:script>
"""


def paged(path, **sets):
    return PAGED.replace("@PATH@", path).replace("@SETS@", "".join(f'<rsb:set attr="{name}" value="{value}"/>' for name, value in sets.items()))


def paging():
    scripts = {"Numbered__rsd": paged("numbered", pagenumberparam="page", pagesizeparam="size", pagesize=10),
               "Offset__rsd": paged("offset", pageoffsetparam="start", hasmorepath="/json/more"),
               "Linked__rsd": paged("linked", pageurlpath="/json/links/next"),
               "Tokens__rsd": paged("tokens", pagetokenparam="cursor", pagetokenpath="$.cursor"),
               "Elsewhere__rsd": paged("elsewhere", pageurlpath="/json/links/next"),
               "Marked__rsd": HEAD + """
  <rsb:info title="x"><attr name="Id" xs:type="integer" other:xPath="id"/><input name="rows@next"/></rsb:info>
  <rsb:script method="GET">
    <rsb:set attr="page" value="[_input.rows@next | def('1')]"/>
    <rsb:set item="ask" attr="uri" value="@BASE@/numbered?page=[page]&amp;size=10"/>
    <rsb:set item="ask" attr="JSONPath" value="$.items"/>
    <rsb:call op="jsonproviderGet" in="ask">
      <rsb:if exp="[_.Id] == [page | multiply(10) | subtract(1)]"><rsb:set attr="rows@next" value="[page | add(1)]"/></rsb:if>
      <rsb:push/>
    </rsb:call>
  </rsb:script>
</rsb:script>"""}
    with Place(**scripts) as place:
        c = place.connect()
        wanted = list(range(25))
        for table, requests in (("Numbered", [f"/numbered?size=10&page={n}" for n in (1, 2, 3)]), ("Offset", [f"/offset?start={n}" for n in (0, 7, 14, 21)]),
                                ("Linked", ["/linked", "/linked?p=2", "/linked?p=3"]), ("Tokens", ["/tokens", "/tokens?cursor=10", "/tokens?cursor=20"]),
                                ("Marked", [f"/numbered?page={n}&size=10" for n in (1, 2, 3)])):
            equal([r[0] for r in c.execute(f"SELECT Id FROM {table}").fetchall()], wanted, f"{table}: all pages")
            equal(place.asked(), ["GET " + request for request in requests], f"{table}: each asked for once")
        equal(len(c.execute("SELECT TOP 3 Id FROM Linked").fetchall()), 3, "who wants three rows")
        equal(place.asked(), ["GET /linked"], "asks for one page")
        state, message = refused(c, "SELECT Id FROM Elsewhere")
        check("does not name the host localhost" in message, "an answer can not lead to a host that nobody has named", message)
        c.close()


def bodies():
    procedure = HEAD + """
  <rsb:info title="x"><output name="Name"/></rsb:info>
  <rsb:set attr="uri" value="@BASE@/people"/>
  <rsb:set attr="JSONPath" value="$.people"/>
  <rsb:call op="jsonproviderGet">
    <rsb:if attr="active" value="true" operator="notequals"><rsb:if attr="active" value="false" operator="notequals"><rsb:throw code="odd" desc="[active]"/></rsb:if></rsb:if>
    <rsb:if attr="name.last" value="Last 2" operator="notequals" action="continue"/>
    <rsb:set attr="Name" value="[name.first | toupper]"/>
    <rsb:push/>
    <rsb:if attr="name.first" value="First 8" action="break"/>
  </rsb:call>
</rsb:script>"""
    with Place(Chosen__rsb=procedure) as place:
        c = place.connect()
        equal([r[0] for r in c.execute("{CALL Chosen}").fetchall()], ["FIRST 2", "FIRST 5", "FIRST 8"], "a body sees each record, leaves some out and ends the loop")
        c.close()


def operations():
    scripts = {"Ask__rsb": HEAD + """
  <rsb:info title="x"><input name="verb"/><input name="text"/><output name="content"/><output name="status" xs:type="int"/><output name="total"/></rsb:info>
  <rsb:set attr="url" value="@BASE@/echo"/>
  <rsb:set attr="data" value="[_input.text]"/>
  <rsb:set attr="ContentType" value="text/plain"/>
  <rsb:set attr="header:X-Mine" value="a [_connection.User | def('nobody')]"/>
  <rsb:set attr="paramname#" value="q"/><rsb:set attr="paramvalue#" value="ä &amp; b"/>
  <rsb:call op="http[_input.verb]">
    <rsb:set attr="content" value="[http:content]"/>
    <rsb:set attr="status" value="[http:statuscode]"/>
    <rsb:set attr="total" value="[header:X-Total]"/>
    <rsb:push/>
  </rsb:call>
</rsb:script>""", "Tenant__rsb": HEAD + """
  <rsb:info title="x"><output name="tenant"/></rsb:info>
  <rsb:set attr="tenant" value="[_connection.TenantID] [_connection.user | def('nobody')]"/><rsb:push/></rsb:script>""", "Outer__rsb": HEAD + """
  <rsb:info title="x"><output name="answer"/></rsb:info>
  <rsb:set item="inner" attr="what" value="world"/>
  <rsb:call op="Within.rsb" in="inner" out="result">
    <rsb:set attr="answer" value="[result.greeting]!"/>
    <rsb:push/>
  </rsb:call>
</rsb:script>""", "Within__rsb": HEAD + """
  <rsb:info title="x"><input name="what" req="true"/><input name="how" default="Hello"/><output name="greeting"/></rsb:info>
  <rsb:set attr="greeting" value="[_input.how], [_input.what]"/><rsb:push/>
</rsb:script>""", "Caught__rsb": HEAD + """
  <rsb:info title="x"><output name="code"/><output name="text"/></rsb:info>
  <rsb:set attr="url" value="@BASE@/missing"/>
  <rsb:call op="httpGet">
    <rsb:catch code="404"><rsb:set attr="code" value="[_code]"/><rsb:set attr="text" value="[_description]"/><rsb:push/></rsb:catch>
  </rsb:call>
</rsb:script>""", "Missing__rsb": HEAD + """<rsb:set attr="url" value="@BASE@/missing"/>
  <rsb:call op="httpGet"/></rsb:script>"""}
    with Place(**scripts) as place:
        c = place.connect()
        for verb in ("Get", "Post", "Put", "Patch", "Delete"):
            row = c.execute("EXEC Ask verb = ?, text = ?", verb, "Grüße 'x'").fetchone()
            echo = json.loads(row.content)
            equal((echo["method"], echo["path"], echo["body"], echo["headers"]["x-mine"], echo["headers"]["content-type"], row.status, row.total),
                  (verb.upper(), "/echo?q=%C3%A4%20%26%20b", "Grüße 'x'", "a nobody", "text/plain", 200, "12"), f"http{verb}")
        equal([tuple(r) for r in c.execute("{CALL Outer}").fetchall()], [("Hello, world!",)], "scripts call each other")
        row = c.execute("{CALL Caught}").fetchone()
        check(row.code == "404" and "there is no such thing" in row.text, "what fails can be caught", row)
        state, message = refused(c, "{CALL Missing}")
        check("Missing.rsb:2:3: call: httpGet: GET" in message and "404" in message and "no such thing" in message, "else it is told with its place", message)
        state, message = refused(c, "{CALL Within}")
        check(state == "42000" and "what" in message, "required inputs are required", message)
        c.close()
        c = place.connect(TenantID="a;b", UID="anna", PWD="secret")
        equal(c.execute("{CALL Tenant}").fetchval(), "a;b anna", "scripts see properties that the driver does not know")
        c.close()
        try:
            place.connect(Location=None)
            check(False, "nothing to show is an error")
        except Exception as failure:
            check("set URI or Location" in str(failure), "nothing to show is an error", failure)


NESTED = [{"key": "a", "_id": "x", "lines": [{"n": 1, "parts": [{"p": "1a"}, {"p": "1b"}]}, {"n": 2, "parts": []}], "at": {"lines": [{"n": 7}]}, "tags": ["t"]},
          {"key": "b", "lines": [], "at": {}}, {"key": "c", "lines": [{"n": 3, "parts": [{"p": "3a"}]}]}]
ORDERS = "<orders><order no='a'><line n='1'><part>1a</part><part>1b</part></line><line n='2'><part>2a</part></line></order></orders>"


def related():
    with Place() as place:
        people = place.connect(URI=place.base + "/people", DataModel="Relational")
        equal([r.table_name for r in people.cursor().tables(tableType="VIEW")], ["people", "vehicles"], "Relational: lists of objects are tables")
        wanted = [(p["id"], v["plate"]) for p in PEOPLE for v in p["vehicles"]]
        equal([tuple(r) for r in people.execute("SELECT p.id, v.plate FROM people p JOIN vehicles v ON v.people_id = p._id ORDER BY p.id, v._id").fetchall()],
              wanted, "which are joined by numbers")
        equal([name for name, _ in columns(people, "vehicles")], ["people_id", "_id", "plate", "insured"], "the columns of one")
        check("vehicles" not in dict(columns(people, "people")) and "tags" in dict(columns(people, "people")), "it is none of the table around it")
        equal([r.column_name for r in people.cursor().primaryKeys("vehicles").fetchall()], ["people_id", "_id"], "the numbers are the key")
        people.close()
        place.write("orders.json", json.dumps({"orders": NESTED}))
        deep = place.connect(URI=place.folder + "/orders.json", DataModel="Relational")
        equal([r.table_name for r in deep.cursor().tables(tableType="VIEW")], ["lines", "orders", "orders_lines", "parts"], "a name that is there already")
        equal([tuple(r) for r in deep.execute('SELECT _id, key, "orders._id", tags FROM orders').fetchall()],
              [(0, "a", "x", '["t"]'), (1, "b", None, None), (2, "c", None, None)], "a member that is called as the number is")
        equal([tuple(r) for r in deep.execute("SELECT orders_id, lines_id, _id, p FROM parts").fetchall()],
              [(0, 0, 0, "1a"), (0, 0, 1, "1b"), (2, 0, 0, "3a")], "lists within lists")
        equal([tuple(r) for r in deep.execute("SELECT orders_id, n FROM orders_lines").fetchall()], [(0, 7)], "a list in an object")
        equal(deep.execute("SELECT COUNT(*) FROM lines l LEFT JOIN parts p ON p.orders_id = l.orders_id AND p.lines_id = l._id WHERE p.p IS NULL").fetchval(), 1,
              "rows without any")
        refused(deep, "EXEC CreateSchema")
        equal(deep.execute("EXEC CreateSchema TableName = 'parts', FileName = 'Pieces.rsd'").fetchone().Result, "Success", "CreateSchema says of which")
        deep.close()
        own = place.connect()
        equal([tuple(r) for r in own.execute("SELECT orders_id, lines_id, _id, p FROM Pieces").fetchall()],
              [(0, 0, 0, "1a"), (0, 0, 1, "1b"), (2, 0, 0, "3a")], "the script has the numbers, too")
        own.close()
        place.write("orders.xml", ORDERS)
        wrapped = place.connect("XML", URI=place.folder + "/orders.xml", XPath="/orders/order", DataModel="Relational")
        equal([tuple(r) for r in wrapped.execute('SELECT o."@no", l."@n" FROM "order" o JOIN line l ON l.order_id = o._id').fetchall()], [("a", 1), ("a", 2)],
              "Relational, of XML")
        wrapped.close()


EXPLAINED = """<api:script xmlns:api="http://apiscript.com/ns?v1" xmlns:other="http://apiscript.com/ns?v1">
  <api:info title="x">
    <attr name="id" xs:type="integer" other:filter="id"/>
    <attr name="last" xs:type="string" other:xPath="name/last"/>
    <attr name="height" xs:type="double"/>
    <input name="Token" default="none"/>
    <input name="Kind" values="a,b"/>
  </api:info>
  BEFORE
  <api:set attr="uri" value="@BASE@/people?token=[_input.Token]&amp;kind=[_input.Kind]&amp;last=[_input.last]"/>
  <api:set attr="JSONPath" value="$.people"/>
  <api:set attr="pagenumberparam" value="page"/>
  <api:set attr="pagesizeparam" value="size"/>
  <api:set attr="pagesize" value="100"/>
  <api:script method="GET"><api:push op="jsonproviderGet"/></api:script>
  <api:script method="POST,MERGE,DELETE"><api:set attr="method" value="POST"/><api:push op="jsonproviderGet"/></api:script>
</api:script>"""


def explained():
    asks = '<api:call op="httpGet"><api:set attr="x" value="1"/></api:call>'
    scripts = {"Seen__rsd": EXPLAINED.replace("BEFORE", ""), "Asks__rsd": EXPLAINED.replace("BEFORE", '<api:set attr="url" value="@BASE@/list"/>' + asks),
               "Tries__rsd": EXPLAINED.replace("BEFORE", f'<api:set attr="url" value="@BASE@/list"/><api:try>{asks}<api:catch code="*"/></api:try>'),
               "Caller__rsd": EXPLAINED.replace("BEFORE", '<api:call op="Other.rsb"/>'),
               "Other__rsb": '<api:script xmlns:api="http://apiscript.com/ns?v1"><api:info title="o"/><api:set attr="url" value="@BASE@/list"/>' + asks + "</api:script>"}
    with Place(**scripts) as place:
        c = place.connect()

        def told(query, *parameters):
            row = c.execute("EXPLAIN " + query, *parameters).fetchone()
            return row.Request.replace(place.base, "").replace(place.folder + "/", ""), row.ServiceFilters, row.LocalFilters

        equal(told("SELECT * FROM Seen WHERE id = 3 AND last = 'Last 0' AND height > 1"),
              ("GET /people?token=***&kind=&last=Last%200&id=3&size=100&page=1 (Seen.rsd)", "id = 3 AND last = 'Last 0'", "id = 3 AND last = 'Last 0' AND height > 1"),
              "EXPLAIN tells the request, which conditions reach it, and the script")
        equal(told("SELECT * FROM Seen WHERE Kind = 'a'")[0], "GET /people?token=***&kind=a&last=&size=100&page=1 (Seen.rsd)", "an input")
        equal(told("SELECT * FROM Seen WHERE Kind = 'c'")[0], "Seen.rsd", "an input with a value that it can not have")
        row = c.execute("EXPLAIN SELECT * FROM Seen WHERE id IN (3, 4)").fetchone()
        check("id=3" in row.Request and row.Paging == "2 runs of the script", "a list", row)
        equal(told("SELECT * FROM Asks WHERE id = 3")[0], "Asks.rsd", "a script that asks first is not run for it")
        check(told("SELECT * FROM Tries WHERE id = 3")[0].endswith("(Tries.rsd)"), "nor where it would go on without")
        equal(told("SELECT * FROM Caller WHERE id = 3")[0], "Caller.rsd", "nor a script that calls another that asks")
        equal(place.server.seen, [], "nobody is asked")
        joined = c.execute("EXPLAIN SELECT * FROM Seen s JOIN Seen t ON t.id = s.id").fetchall()
        check(any("id=%7Bs.id%7D" in row.Request or "id=%7Bt.id%7D" in row.Request for row in joined), "the key of a join has a name", [row.Request for row in joined])
        c.close()
        look = place.connect(URI=place.base + "/people?key=secret")
        equal(look.execute("EXPLAIN SELECT * FROM people").fetchone().Request, f"GET {place.base}/people?key=***", "a quick look's")
        look.close()


def changes():
    """Tables are read only, whatever methods their scripts have."""
    with Place(Seen__rsd=EXPLAINED.replace("BEFORE", "")) as place:
        c = place.connect(Workspace=":memory:")
        for statement in ("INSERT INTO Seen (id) VALUES (1)", "UPDATE Seen SET last = 'x' WHERE id = 1", "DELETE FROM Seen WHERE id = 1", "DROP TABLE Seen"):
            state, text = refused(c, statement)
            check(state == "42000" and "read-only" in text and "Seen" in text, f"{statement.split()[0]} is refused", text)
        equal(place.server.seen, [], "no script for it is run")
        equal(c.execute("SELECT COUNT(*) FROM Seen WHERE last = 'Last 0'").fetchval(), 9, "the one for GET is")
        equal({command for command, *_ in place.server.seen}, {"GET"}, "alone")
        c.close()


def quick_look():
    with Place() as place:
        c = place.connect(URI=place.base + "/people")
        equal([(r.table_name, r.table_type) for r in c.cursor().tables() if r.table_type in ("TABLE", "VIEW")], [("people", "VIEW")], "an address is a table")
        kinds = dict(columns(c, "people"))
        equal([name for name in kinds], ["id", "name.first", "name.last", "born", "height", "active", "tags", "note", "large", "vehicles"]
              + [name for name in kinds if name.startswith("氏名")], "the columns are found out, those of objects within too")
        equal([c.execute("SELECT id, born, height, active, large FROM people WHERE id = 7").description[i][1] for i in range(5)],
              [int, datetime.date, float, bool, int], "with their types")
        equal(tuple(c.execute('SELECT "name.first", vehicles, tags FROM people WHERE id = 8').fetchone()),
              ("First 8", json.dumps(PEOPLE[8]["vehicles"], separators=(",", ":")), '["t8","all"]'), "lists are JSON")
        row = c.execute("EXEC CreateSchema TableName = 'Folk'").fetchone()
        equal((row.Result, row.FileName), ("Success", place.folder + "/Folk.rsd"), "CreateSchema writes a script")
        c.close()
        own = place.connect()
        equal(tuple(own.execute("SELECT SUM(id), COUNT(*) FROM Folk").fetchone()), (300, 25), "which is a table of the next connection")
        equal(columns(own, "Folk"), [(name, kind) for name, kind in kinds.items()], "with the same columns")
        own.close()
        flat = place.connect(URI=place.base + "/people", JSONPath="$.people", DataModel="FlattenedDocuments")
        wanted = [(p["id"], v["plate"]) for p in PEOPLE for v in p["vehicles"]]
        equal([tuple(r) for r in flat.execute("SELECT id, plate FROM vehicles").fetchall()], wanted, "FlattenedDocuments: a row for each of the innermost")
        flat.close()
        listed = place.connect(URI=place.base + "/list", TypeDetectionScheme="None")
        equal([r[0] for r in listed.execute("SELECT id FROM list").fetchall()], [str(n) for n in range(25)], "an array by itself; without types all are strings")
        listed.close()
        place.write("own.json", json.dumps([{"id": 1, "x": "007"}, {"id": 2, "x": None}]))
        file = place.connect(URI=place.folder + "/own.json", RowScanDepth="-1")
        equal([tuple(r) for r in file.execute("SELECT id, x FROM own").fetchall()], [(1, "007"), (2, None)], "a file is a table as well")
        file.close()
        private = place.connect(URI=place.base + "/private", AuthScheme="Bearer", OAuthAccessToken="sesame")
        equal(private.execute("SELECT id FROM items").fetchval(), 7, "the connection's credential signs")
        private.close()


def xml():
    script = HEAD + """
  <rsb:info title="x">
    <attr name="Id" xs:type="int" other:xPath="/feed/entry@id"/><attr name="Title" other:xPath="/feed/entry/title"/>
    <attr name="Language" other:xPath="title@lang"/><attr name="Size" xs:type="bigint" other:xPath="size"/>
    <attr name="At" xs:type="datetime" other:xPath="when"/><attr name="Feed" other:xPath="/feed/title"/>
  </rsb:info>
  <rsb:set attr="uri" value="@BASE@/feed"/>
  <rsb:set attr="XPath" value="/feed/entry"/>
  <rsb:script method="GET"><rsb:push op="xmlproviderGet"/></rsb:script>
</rsb:script>"""
    with Place(Entries__rsd=script) as place:
        c = place.connect(provider="XML")
        equal([tuple(r) for r in c.execute("SELECT Id, Title, Language, Size, At, Feed FROM Entries").fetchall()],
              [(n, f"Title {n}", "en", n * 10, datetime.datetime(2024, 2, n, 10), "T & U") for n in (1, 2, 3)], "records of XML, their attributes too")
        c.close()
        c = place.connect(provider="XML", URI=place.base + "/feed", Location=None)
        equal([tuple(r) for r in c.execute('SELECT title, size, "@id" FROM entry WHERE size >= 20').fetchall()], [("Title 2", 20, 2), ("Title 3", 30, 3)],
              "a quick look at XML")
        c.close()
        try:
            place.connect(provider="XML", URI=place.base + "/bomb", Location=None)
            check(False, "a document type declaration is refused")
        except Exception as failure:
            check("document type" in str(failure), "a document type declaration is refused", failure)


def bounds():
    forbidden = os.path.join(tempfile.gettempdir(), "restodbc-forbidden.json")
    with open(forbidden, "w", encoding="utf-8") as file:
        file.write('[{"id": 1}]')
    body = HEAD + "<rsb:info title='x'><input name='where'/><output name='id'/></rsb:info>{}</rsb:script>"
    ask = '<rsb:set attr="uri" value="{}"/><rsb:call op="jsonproviderGet"><rsb:push/></rsb:call>'
    scripts = {
        "File__rsb": body.format(ask.format(forbidden)),
        "FileUrl__rsb": body.format(ask.format("file://" + forbidden)),
        "Up__rsb": body.format(ask.format("@FOLDER@/../" + os.path.basename(forbidden))),
        "Beside__rsb": body.format(ask.format("@FOLDER@/own.json")),
        "Told__rsb": body.format('<rsb:set attr="url" value="@BASE@/host"/><rsb:call op="jsonproviderGet">'
                                 '<rsb:set item="n" attr="url" value="[url]"/><rsb:call op="httpGet" in="n"><rsb:push/></rsb:call></rsb:call>'),
        "Put__rsb": body.format('<rsb:set attr="url" value="@BASE@/host"/><rsb:call op="jsonproviderGet">'
                                '<rsb:set item="n" attr="url" value="http://[host]/"/><rsb:call op="httpGet" in="n"><rsb:push/></rsb:call></rsb:call>'),
        "Given__rsb": body.format('<rsb:set attr="uri" value="[_input.where]"/><rsb:set attr="JSONPath" value="$.people"/>'
                                  '<rsb:call op="jsonproviderGet"><rsb:push/><rsb:break/></rsb:call>'),
        "Log__rsb": body.format('<rsb:set attr="OAuthVersion" value="2.0"/><rsb:set attr="OAuthAccessTokenURL" value="@BASE@/token"/><rsb:set attr="GrantType" '
                                'value="CLIENT"/><rsb:set attr="LogFile" value="/tmp/restodbc-log"/><rsb:call op="oauthGetAccessToken"/>'),
        "Program__rsb": body.format('<rsb:call op="sysExecute"/>'),
        "List__rsb": body.format('<rsb:call op="fileListDir"/>'),
        "Recursion__rsb": body.format('<rsb:call op="Recursion"/>'),
        "Endless__rsb": body.format('<rsb:enum range="1..100000000000"><rsb:enum range="1..100000000000"><rsb:set attr="a" value="[_value]"/></rsb:enum></rsb:enum>'),
        "Heap__rsb": body.format('<rsb:set attr="a" value="0123456789"/><rsb:enum range="1..60"><rsb:set attr="a" value="[a][a]"/></rsb:enum>'),
        "Many__rsb": body.format('<rsb:set attr="a" value="0123456789"/><rsb:enum range="1..18"><rsb:set attr="a" value="[a][a]"/></rsb:enum><rsb:enum range="1..100000000000"><rsb:set attr="b#" value="[a]"/></rsb:enum>'),
        "Faulty__rsb": HEAD + "\n  <rsb:sett attr='x'/></rsb:script>",
        "Doubled__rsb": '<rsb:script xmlns:rsb="http://www.rssbus.com/ns/rsbscript/2""\n></rsb:script>',
        "Faulty2__rsd": HEAD + "\n <rsb:info title='x'><attr name='a'/></rsb:info>\n  <rsb:set attr='x' value='[y | nosuch]'/></rsb:script>",
        "Entity__rsb": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n' + HEAD + "<rsb:set attr='x' value='&e;'/></rsb:script>",
        "Whole__rsb": body.format('<rsb:set attr="id" value="1"/><rsb:push/>'),
    }
    with Place() as place:
        for name, text in scripts.items():
            place.write(name.replace("__", "."), text.replace("@FOLDER@", place.folder))
        place.write("own.json", '[{"id": 5}]')
        c = place.connect()
        impatient = place.connect(Timeout="1")
        for name, wanted in (("File", "see no others"), ("FileUrl", "see no others"), ("Up", "see no others"), ("Told", "does not name the host localhost"),
                             ("Put", "does not name the host localhost"), ("Log", "lies outside of the connection's URI and Location"), ("Program", "no operation and no script"), ("List", "no operation and no script"),
                             ("Recursion", "more than 16 deep"), ("Endless", "Timeout"), ("Heap", "longer than 64 MiB"), ("Many", "MiB"),
                             ("Faulty", "Faulty.rsb:2:3: there is no keyword sett; is set meant?"), ("Doubled", "Doubled.rsb:1:"),
                             ("Entity", "no document type declaration")):
            state, message = refused(impatient if name == "Endless" else c, f"{{CALL {name}}}")
            check(wanted in message, f"{name} is refused", f"{state} {message}")
        impatient.close()
        equal(place.asked(), ["GET /host", "GET /host"], "and nothing was asked that should not be")
        state, message = refused(c, "SELECT * FROM Faulty2")
        check("Faulty2.rsd:3:3" in message and "there is no such formatter" in message, "a faulty table is told with its place", message)
        equal(c.execute("{CALL Beside}").fetchval(), "5", "files of the folder are read")
        equal(c.execute("EXEC Given ?", place.base + "/people").fetchval(), "0", "hosts that the statement names are asked")
        equal(c.execute("{CALL Whole}").fetchval(), "1", "faulty scripts do no harm to others")
        c.close()
    os.unlink(forbidden)


run(tables, paging, bodies, operations, explained, changes, quick_look, related, xml, bounds)
