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
from shop_query import TABLES, Query, database

COUNT = 40
# version, properties, how the sandbox answers
WAYS = {
    "V4": (4, {}, {}),
    "V4 in small pages": (4, {}, {"page": 9, "quirks": ["relative", "inner pages"]}),
    "V4 with groups": (4, {"Other": "ExactText=1"}, {"quirks": ["apply"]}),
    "V4 paged by the client": (4, {"UseClientSidePaging": "True", "Pagesize": "11"}, {"page": 1000}),
    "V4 refusing": (4, {}, {"refuse": ["in", "functions", "orderby", "nested", "count", "apply", "exact"]}),
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
            for seed in range(1, COUNT + 1):
                query = Query(seed, known)
                wanted = plain_rows(answers.told(theirs.execute(query.theirs).fetchall(), query.scales))
                empty += not wanted
                got = answers.answer(ours, query)
                if isinstance(got, str) or not answers.same(got, wanted, query.ordered):
                    failed += 1
                    check(False, f"{name}: seed {seed}", f"{query.ours}\n{query.parameters}\n{query.theirs}\ngot    {got}\nwanted {wanted}")
                    if failed == 5:
                        break
            ours.close()
            check(not failed, f"{name}: {COUNT} random SELECTs have SQLite's answers ({empty} have no rows)")


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
        ]
        for version in (2, 3, 4):
            for new, old, holds in cases:
                text = new if version == 4 else old
                got = rows_of(session, version, "Products?$select=ID&$filter=" + urllib.parse.quote(text))
                equal(got if isinstance(got, int) else [int(row["ID"]) for row in got], [row["ID"] for row in products if holds(row)], f"V{version}: {text}")
        for version, text in ((4, "ID eq 5L"), (4, "Since eq datetime'2020-01-01T00:00:00'"), (2, "ID in (1,2)"), (2, "Since eq 2020-01-01"), (4, "Nothing eq 1"), (4, "Name eq 'a"),
                              (4, "(Name eq 'a'"), (4, "Name eq 'a' Stock"), (4, "substringof('a',Name)"), (4, "")):
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


def changes_need_a_token():
    with Session("--rows", "10") as session:
        session.request("/_odata", "PUT", {"quirks": ["csrf"]})
        for version in (2, 4):
            rows = connect(session, version).execute("CALL Reset()").fetchall()
            equal([tuple(row) for row in rows], [(True,)], f"V{version}: an action")
        posts = [(entry["status"]) for entry in session.log() if entry["method"] == "POST" and "Reset" in entry["path"]]
        equal(posts, [403, 204, 403, 204], "is refused without a token and done with it")
        equal([tuple(row) for row in connect(session, 4).execute("CALL Twice(4503599627370497)").fetchall()], [(9007199254740994,)], "a function")


run(filters_hold_for_the_raw_rows, options_are_kept, changes_need_a_token, random_selects)
