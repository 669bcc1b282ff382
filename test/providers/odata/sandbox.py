#!/usr/bin/python3
"""The sandbox's shop in V2, V3 and V4: random SELECTs by its connection strings have the answers of SQLite over its raw data, however it is
told to answer; and what it answers is what the standard says, by requests of the test's own."""
import datetime
import decimal
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
from harness import Session, check, equal, plain_rows, run
import answers
from shop_condition import Condition
from shop_query import TABLES, Query, database

COUNT = 40
# version, properties, how the sandbox answers
WAYS = {
    "V4": (4, {}, {}),
    "V4 in small pages": (4, {}, {"page": 9, "quirks": ["relative", "inner pages"]}),
    "V4 with groups": (4, {"Other": "ExactText=1"}, {"quirks": ["apply"]}),
    "V4 paged by the client": (4, {"UseClientSidePaging": "True", "Pagesize": "11"}, {"page": 1000}),
    "V4 refusing": (4, {}, {"refuse": ["in", "functions", "orderby", "nested", "count", "apply", "exact"]}),
    "V4 counting little": (4, {}, {"refuse": ["calculations"]}),
    "V4 one by one": (4, {}, {"refuse": ["terms"]}),
    "V4 stumbling": (4, {"RetryMax": "0"}, {"refuse": ["in", "filter", "apply"], "quirks": ["stumbles"]}),
    "V3": (3, {}, {"quirks": ["empty page"]}),
    "V3 Atom": (3, {"DataFormat": "ATOM"}, {"page": 9, "quirks": ["inner pages"]}),
    "V2": (2, {}, {"page": 9, "quirks": ["inner pages"]}),
    "V2 Atom alone": (2, {}, {"refuse": ["expand"], "quirks": ["only atom"]}),
}


def raw(session):
    """The rows with values of Python."""
    rows = {name: session.get(f"/_data/odata/{name}") for name in ("Categories", "Products", "Lines")}
    for row in rows["Products"]:
        row["Price"] = row["Price"] and decimal.Decimal(row["Price"])
        row["Since"] = row["Since"] and datetime.date.fromisoformat(row["Since"])
        row["Changed"] = row["Changed"] and datetime.datetime.fromisoformat(row["Changed"])
    for row in rows["Lines"]:
        row["Discount"] = row["Discount"] and decimal.Decimal(row["Discount"])
    return rows


def connect(session, version, **properties):
    import pyodbc
    text = session.get("/_dsn")[f"odata{version}"]
    return pyodbc.connect(text + "".join(f";{name}={{{value}}}" for name, value in properties.items()), autocommit=True)


def random_selects():
    with Session("--rows", "100") as session:
        theirs = database(raw(session))
        known = answers.samples(theirs, TABLES)
        for name, (version, properties, ways) in WAYS.items():
            session.request("/_odata", "PUT", ways)
            ours = connect(session, version, **properties)
            failed = empty = 0
            for seed in range(1, COUNT * 2 + 1):
                query = (Query if seed % 2 else Condition)(seed, known)
                wanted = plain_rows(answers.told(theirs.execute(query.theirs).fetchall(), query.scales))
                empty += not wanted
                got = answers.answer(ours, query)
                if isinstance(got, str) or not answers.same(got, wanted, query.ordered):
                    failed += 1
                    check(False, f"{name}: seed {seed}", f"{query.ours}\n{query.parameters}\n{query.theirs}\ngot    {got}\nwanted {wanted}")
                    if failed == 5:
                        break
            ours.close()
            check(not failed, f"{name}: {COUNT * 2} random SELECTs have SQLite's answers ({empty} have no rows)")


# ---- Without the driver ----

def ask(session, path, **headers):
    """(status, text)"""
    request = urllib.request.Request(session.base + urllib.parse.quote(path, safe="/$?&=(),:+%"), headers={name.replace("_", "-"): value for name, value in headers.items()})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8-sig")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def rows_of(session, version, path, **headers):
    status, text = ask(session, f"/odata{version}/{path}", **headers)
    if status != 200:
        return status
    document = json.loads(text)
    return document["d"]["results"] if version == 2 else document["value"]


def filters_hold_for_the_raw_rows():
    with Session("--rows", "100") as session:
        products = raw(session)["Products"]
        cases = [
            ("Stock gt 20 and not (Active eq true)", "Stock gt 20 and not (Active eq true)", lambda row: row["Stock"] > 20 and not row["Active"]),
            ("Price le 30.5", "Price le 30.5M", lambda row: row["Price"] is not None and row["Price"] <= decimal.Decimal("30.5")),
            ("Price eq null or ID in (3,5)", "Price eq null or ID eq 3L or ID eq 5L", lambda row: row["Price"] is None or row["ID"] in (3, 5)),
            ("contains(Name,'uct 01')", "substringof('uct 01',Name)", lambda row: "uct 01" in row["Name"]),
            ("startswith(Maker/City,'K')", "startswith(Maker/City,'K')", lambda row: (row["Maker"] or {}).get("City", "").startswith("K")),
            ("Since ge 2020-03-01", "Since ge datetime'2020-03-01T00:00:00'", lambda row: row["Since"] is not None and row["Since"] >= datetime.date(2020, 3, 1)),
            ("Changed lt 2024-01-02T00:00:00Z", "Changed lt datetime'2024-01-02T00:00:00'", lambda row: row["Changed"] is not None and row["Changed"] < datetime.datetime(2024, 1, 2)),
            ("Category/Name eq 'Größe & Söhne''s'", "Category/Name eq 'Größe & Söhne''s'", lambda row: row["CategoryID"] in (4, 8, 12)),
            ("Color eq Shop.Color'Blue'", "Color eq 'Blue'", lambda row: row["Color"] == "Blue"),
            ("Stock add 1 gt 2 mul 15", "Stock add 1 gt 2 mul 15", lambda row: row["Stock"] + 1 > 30),
            ("(Stock mod 7) eq 3 or Stock div 10 eq 3", "(Stock mod 7) eq 3 or Stock div 10 eq 3", lambda row: row["Stock"] % 7 == 3 or row["Stock"] // 10 == 3),
            ("Weight div 2 lt 1.5", "Weight div 2 lt 1.5d", lambda row: row["Weight"] is not None and row["Weight"] / 2 < 1.5),
            ("Price mul 2 eq 147.4", "Price mul 2 eq 147.4M", lambda row: row["Price"] is not None and row["Price"] * 2 == decimal.Decimal("147.4")),
            ("Stock gt CategoryID", "Stock gt CategoryID", lambda row: row["CategoryID"] is not None and row["Stock"] > row["CategoryID"]),
            ("toupper(Name) eq 'PRODUCT 013'", "toupper(Name) eq 'PRODUCT 013'", lambda row: row["Name"] == "Product 013"),
            ("length(Name) gt 11", "length(Name) gt 11", lambda row: len(row["Name"]) > 11),
            ("indexof(Name,'ü') eq 12", "indexof(Name,'ü') eq 12", lambda row: row["Name"].endswith("ü")),
            ("substring(Name,8,2) eq '02'", "substring(Name,8,2) eq '02'", lambda row: row["Name"][8:10] == "02"),
            ("concat(trim(concat(Name,' ')),'x') eq 'Product 005x'", "concat(trim(concat(Name,' ')),'x') eq 'Product 005x'", lambda row: row["Name"] == "Product 005"),
            ("month(Since) eq 5 and day(Since) le 9", "month(Since) eq 5 and day(Since) le 9", lambda row: row["Since"] is not None and row["Since"].month == 5 and row["Since"].day <= 9),
            ("hour(Changed) eq second(Changed)", "hour(Changed) eq second(Changed)", lambda row: row["Changed"] is None or row["Changed"].hour == row["Changed"].second),
            ("floor(Price) eq 37 or ceiling(Price) eq 41", "floor(Price) eq 37 or ceiling(Price) eq 41", lambda row: row["Price"] is not None and (int(row["Price"]) == 37 or 40 < row["Price"] <= 41)),
            # halves go away from zero in V4, to the even number before
            ("round(Weight) eq 3", "round(Weight) eq 2", lambda row: row["Weight"] is not None and 2.5 <= row["Weight"] < 3.5, lambda row: row["Weight"] is not None and 1.5 <= row["Weight"] <= 2.5),
            ("not startswith(Maker/City,'K')", "not startswith(Maker/City,'K')", lambda row: not (row["Maker"] or {}).get("City", "K").startswith("K")),
        ]
        for version in (2, 3, 4):
            for new, old, *ways in cases:
                text, holds = (new, ways[0]) if version == 4 else (old, ways[-1])
                got = rows_of(session, version, "Products?$select=ID&$filter=" + urllib.parse.quote(text))
                equal(got if isinstance(got, int) else [int(row["ID"]) for row in got], [row["ID"] for row in products if holds(row)], f"V{version}: {text}")
        for version, text in ((4, "ID eq 5L"), (4, "Since eq datetime'2020-01-01T00:00:00'"), (2, "ID in (1,2)"), (2, "Since eq 2020-01-01"), (4, "Nothing eq 1"), (4, "Name eq 'a"),
                              (4, "(Name eq 'a'"), (4, "Name eq 'a' Stock"), (4, "substringof('a',Name)"), (4, ""), (4, "length(Name,1) eq 1"), (4, "replace(Name,'a','b') eq 'c'"),
                              (2, "contains(Name,'a')"), (4, "Stock add gt 1")):
            equal(rows_of(session, version, "Products?$filter=" + urllib.parse.quote(text)), 400, f"V{version}: {text!r} is refused")


def options_are_kept():
    with Session("--rows", "30") as session:
        equal([row["ID"] for row in rows_of(session, 4, "Categories?$orderby=ID desc&$skip=2&$top=3".replace(" ", "%20"))], [10, 9, 8], "$orderby, $skip, $top")
        equal(ask(session, "/odata4/Products/$count?$filter=Stock gt 20".replace(" ", "%20")), (200, "10"), "/$count")
        equal(rows_of(session, 4, "Categories?$select=ID&$top=1&$expand=Products($select=ID;$filter=ID%20lt%2013)"), [{"ID": 1, "Products": [{"ID": 12}]}], "options inside of $expand")
        status, text = ask(session, "/odata4/Products(5)", Accept="application/json;IEEE754Compatible=true")
        equal((status, json.loads(text)["ID"]), (200, "5"), "exact numbers are texts")
        equal(ask(session, "/odata4/Products(5000)")[0], 404, "no such row")
        equal(ask(session, "/odata4/Products(19)/Category")[0], 204, "no such category")
        equal(json.loads(ask(session, "/odata4/Lines?$apply=groupby((OrderID),aggregate(Discount%20with%20sum%20as%20D))/x")[1])["value"][0], {"OrderID": 1, "D": 0.4}, "$apply")
        session.request("/_odata", "PUT", {"page": 5})
        document = json.loads(ask(session, "/odata4/Categories?$count=true")[1])
        equal((len(document["value"]), document["@odata.count"], document["@odata.nextLink"]), (5, 12, f"{session.base}/odata4/Categories?$count=true&%24skiptoken=5"), "pages")
        session.request("/_odata", "PUT", {"refuse": ["filter"]})
        status, text = ask(session, "/odata4/Categories?$filter=ID%20eq%201")
        equal((status, json.loads(text)["error"]["code"]), (400, "E1"), "what is refused")
        session.request("/_odata", "DELETE")
        equal(ask(session, "/odata4/Categories?$filter=ID%20eq%201")[0], 200, "until it is as at the start")


def words_are_searched():
    with Session("--rows", "30") as session:
        cursor = connect(session, 4).cursor()
        equal([tuple(row) for row in cursor.execute("SELECT ID, Search FROM Products WHERE Search = 'ü 007'").fetchall()], [(7, "ü 007")], "a pseudo column is $search")
        equal(cursor.execute("SELECT COUNT(*) FROM Products WHERE Search = 'product' AND Stock > 20").fetchval(), 10, "beside conditions and for /$count")
        equal(cursor.execute("SELECT p.ID FROM Products p JOIN Lines l ON l.ProductID = p.ID WHERE p.Search = '007'").fetchval(), 7, "and in joins")
        asked = [urllib.parse.unquote(entry["raw_query"]) for entry in session.log() if "search=" in entry["raw_query"]]
        check(all("$search=" in query for query in asked) and len(asked) >= 3, "each by $search", asked)
        equal(failure(cursor, "SELECT ID FROM Products WHERE Search = 'a' OR Stock = 1")[0], "42000", "below OR it can not be told")
        session.request("/_odata", "PUT", {"refuse": ["search"]})
        state, message = failure(cursor, "SELECT ID FROM Products WHERE Search = 'x'")
        check("$search" in message, "a service that refuses it: its words", (state, message))
        session.request("/_odata", "DELETE")
        for version in (2, 3):
            state, message = failure(connect(session, version).cursor(), "SELECT ID FROM Products WHERE Search = 'x'")
            check(state == "42S22" and "Search" in message, f"V{version} has no such column", (state, message))
            equal(ask(session, f"/odata{version}/Products?$search=x")[0], 400, f"nor V{version} the option")


def failure(cursor, sql):
    try:
        return "", str(cursor.execute(sql).fetchall())
    except Exception as error:
        return error.args


def changes_need_a_token():
    with Session("--rows", "10") as session:
        session.request("/_odata", "PUT", {"quirks": ["csrf"]})
        for version in (2, 4):
            rows = connect(session, version).execute("CALL Reset()").fetchall()
            equal([tuple(row) for row in rows], [(True,)], f"V{version}: an action")
        posts = [(entry["status"]) for entry in session.log() if entry["method"] == "POST" and "Reset" in entry["path"]]
        equal(posts, [403, 204, 403, 204], "is refused without a token and done with it")
        equal([tuple(row) for row in connect(session, 4).execute("CALL Twice(4503599627370497)").fetchall()], [(9007199254740994,)], "a function")


run(filters_hold_for_the_raw_rows, options_are_kept, words_are_searched, changes_need_a_token, random_selects)
