#!/usr/bin/python3
"""A service that there is not, described only in XML (bazaar/bazaar.xml) and played by a server of its own (bazaar/server.py): everything
that a definition can say, by the rows that come and by the requests that the server saw.

What is expected is worked out here in Python from the server's data, not from its JSON; requests are compared exactly.
"""
import base64
import collections
import datetime
import decimal
import os
import shutil
import sys
import tempfile
import threading

import direct
from harness import DRIVER, SOURCE, check, equal, plain, plain_rows, run

sys.path.insert(0, os.path.join(SOURCE, "test", "clients", "bazaar"))
import server as bazaar                                                 # noqa: E402

BASE = "/accounts/7/v3"
ALL = " WHERE StoreId = '*'"
PATIENCE = 120


class Place:
    """A folder with the definition, where Location= and the ODBC configuration point, and a server; both end together."""
    folder = tempfile.TemporaryDirectory(prefix="restodbc-bazaar-")
    name = folder.name
    ready = False

    def __init__(self, stores=7):
        if not Place.ready:
            shutil.copytree(os.path.join(SOURCE, "test", "clients", "bazaar"), os.path.join(self.name, "bazaar"))
            shutil.copy(os.path.join(SOURCE, "providers", "provider.rng"), self.name)
            with open(os.path.join(self.name, "odbcinst.ini"), "w") as file:
                file.write(f"[RestODBC]\nDriver={DRIVER}\nThreading=0\n")
            os.environ.update(ODBCSYSINI=self.name, ODBCINI=os.path.join(self.name, "odbc.ini"), HOME=self.name, BROWSER="/bin/false")
            Place.ready = True
        self.server = bazaar.Server(stores)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()

    def string(self, **changes):
        pairs = {"Driver": "RestODBC", "Provider": "Bazaar", "Location": self.name, "OAuthAccessToken": "fixed-token",
                 "Other": f"ApiHost={self.server.base}", "RetryMax": "3", **changes}
        return ";".join(f"{name}={{{value}}}" if name not in ("Driver", "Provider") else f"{name}={value}" for name, value in pairs.items() if value is not None)

    def connect(self, **changes):
        import pyodbc
        return pyodbc.connect(self.string(**changes), autocommit=True)


def asked(server):
    """What the server was asked, without the account's base: "GET /stores?a=b&c=d"."""
    return [f"{method} {path.removeprefix(BASE)}" + ("?" + "&".join(f"{name}={value}" for name, value in query) if query else "")
            for method, path, query in server.asked()]


def requests_of(place, connection, query, *parameters):
    place.server.forget()
    rows = plain_rows(connection.execute(query, *parameters).fetchall())
    return rows, asked(place.server)


def refused(connection, query, *parameters):
    """(SQLSTATE, message) of a query that fails."""
    try:
        connection.execute(query, *parameters).fetchall()
    except Exception as failure:
        return failure.args[0], failure.args[1]
    return "", "it went through"


# ---- What the rows are, read from the server's data ------------------------------------------------------------------------------

def joined(values):
    return ",".join(map(str, values)) if values else None


def stores_of(data):
    rows = []
    for row in data.stores:
        dock = row["main"] or row["id"] % 2
        settings = None if not row["settings"] else '{"heat":%d,"hours":[9,%d]}' % (row["settings"]["heat"], row["settings"]["hours"][1])
        rows.append((row["id"], row["name"], row["main"], row["open"], row["city"], row["opened"], row["closed"], joined(row["tags"]), settings,
                     decimal.Decimal(row["stars"]), row["id"] * 3 if dock else None, f"/stores/{row['id']}/shelves" if dock else None))
    return rows


def shelves_of(data):
    names = {row["id"]: (row["name"], row["main"] or row["id"] % 2) for row in data.stores}
    return [(row["id"], row["store"], names[row["store"]][0], row["label"], row["items"]) for row in data.shelves if names[row["store"]][1]]


def items_of(data):
    shown = {row[0] for row in shelves_of(data)}
    return [(row["id"], row["shelf"], row["store"], row["name"], decimal.Decimal(str(row["price"])), row["added"], row["kind"])
            for row in data.items if row["shelf"] in shown]


def photos_of(data):
    pictures = {row["id"]: row["photos"] or [] for row in data.items}
    return [(row[0], row[3], row[2], number, url) for row in items_of(data) for number, url in enumerate(pictures[row[0]])]


def reviews_of(data):
    stores = {row["id"]: row["store"] for row in data.items}
    shown = {row[0] for row in items_of(data)} | {0}
    return [(row["id"], row["item"], stores.get(row["item"]), row["stars"], None if row["words"] == "n/a" else row["words"])
            for row in data.reviews if row["item"] in shown]


def due(text):
    return None if text in ("1900-01-01", "0000-00-00", "") else text


def orders_of(data):
    return [(row["id"], row["placed"], ["", "new", "paid", "sent"][row["state"]], row["buyer"]["name"] if row["buyer"] else None,
             None if row["coupon"] == "n/a" else row["coupon"], due(row["due"]), decimal.Decimal(row["total"])) for row in data.orders]


def order_lines_of(data):
    return [(row["id"], number, line["sku"], line["quantity"], row["buyer"]["name"] if row["buyer"] else None, "2024-06-01")
            for row in data.orders for number, line in enumerate(row["lines"])]


def events_of(data):
    return [(row["id"], row["what"], int(row["size"]) if isinstance(row["size"], (int, str)) and row["size"] != "much" else None) for row in data.events]


def rates_of(data):
    return [(day, name, rate, source, number) for number, (day, (source, found)) in enumerate(data.days.items()) for name, rate in found.items()]


TABLES = {
    "Accounts": lambda data: [(row["id"], row["name"], row["product"]) for row in data.accounts],
    "Account": lambda data: [(7, "large", "2011-04-05")],
    "Stores": stores_of, "Shelves": shelves_of, "Items": items_of, "Photos": photos_of, "Reviews": reviews_of,
    "Orders": orders_of, "OrderLines": order_lines_of, "Events": events_of,
    "Counters": lambda data: list(data.counters.items()), "Rates": rates_of,
    "FieldKinds": lambda data: [(row["key"], row["label"], row["of"]) for row in data.fields],
    "Customers": lambda data: [(row["id"], row["name"]) for row in data.customers],
    "Suppliers": lambda data: [(row["id"], row["name"]) for row in data.suppliers],
    "Visits": lambda data: [(row["id"], row["door"]) for row in data.visits],
}
OF_STORES = {"Shelves": 1, "Items": 2, "Photos": 2, "Reviews": 2}       # where the store stands that a query without one means
MAIN = 103


def key(row):
    return tuple((value is None, str(plain(value))) for value in row)


def same_rows(got, wanted, name):
    return equal(sorted(plain_rows(got), key=key), sorted(plain_rows(wanted), key=key), name)


def every_table():
    with Place() as place:
        data = place.server.data
        for pushdown in ("", ",Pushdown=0"):
            connection = place.connect(Other=f"ApiHost={place.server.base}{pushdown}")
            how = "without pushdown" if pushdown else "with pushdown"
            for name, rows in TABLES.items():
                wanted = rows(data)
                if name in OF_STORES:
                    wanted = [row for row in wanted if row[OF_STORES[name]] == MAIN]
                same_rows(connection.execute(f"SELECT * FROM {name}").fetchall(), wanted, f"{name}, {how}")
                check(wanted, f"{name} has rows")
                if name in OF_STORES:
                    same_rows(connection.execute(f"SELECT * FROM {name}{ALL}").fetchall(), [row for row in rows(data) if row[OF_STORES[name]]], f"{name} of all stores, {how}")
                equal(connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0], len(wanted), f"{name} counted, {how}")
            connection.close()
        connection = place.connect(ProjectId="*")
        for name in OF_STORES:
            same_rows(connection.execute(f"SELECT * FROM {name}").fetchall(), TABLES[name](data), f"{name}: the property may name all, and then that nothing is left out")
        connection.close()
        connection = place.connect(ProjectId="101")
        same_rows(connection.execute("SELECT Id FROM Items").fetchall(), [row[:1] for row in items_of(data) if row[2] == 101], "the property names another store")
        connection.close()


# ---- Requests --------------------------------------------------------------------------------------------------------------------

STATE = "state=any"
# query, where of a reading in Python, the requests
FILTERS = [
    ("SELECT Id FROM Stores WHERE Name = 'Nook'", lambda row: row[1] == "Nook", "Stores", ["GET /stores?state=any&name=Nook&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Name LIKE 'No%'", lambda row: row[1].startswith("No"), "Stores", ["GET /stores?state=any&name=No*&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Name LIKE 'South* %'", lambda row: row[1].startswith("South* "), "Stores", ["GET /stores?state=any&name=South*&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Name LIKE 'No_k'", lambda row: row[1] == "Nook", "Stores", ["GET /stores?state=any&name=No*&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE City LIKE '%iga'", lambda row: row[4] and row[4].endswith("iga"), "Stores", ["GET /stores?state=any&q=iga&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE City LIKE 'N%Rig%'", lambda row: row[4] == "New Riga", "Stores", ["GET /stores?state=any&q=Rig&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE City = 'Riga'", lambda row: row[4] == "Riga", "Stores", ["GET /stores?state=any&q=Riga&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE IsMain = 1", lambda row: row[2], "Stores", ["GET /stores?state=any&main=yes&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Open = 0", lambda row: not row[3], "Stores", ["GET /stores?state=shut&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Opened >= {d '2024-04-30'} AND Opened <= {d '2024-06-09'}", lambda row: "2024-04-30" <= row[5] <= "2024-06-09", "Stores",
     ["GET /stores?state=any&opened_from=2024-04-30&opened_to=2024-06-09&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Opened > {d '2024-06-09'}", lambda row: row[5] > "2024-06-09", "Stores",
     ["GET /stores?state=any&opened_from=2024-06-09&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Closed IS NULL", lambda row: row[6] is None, "Stores", ["GET /stores?state=any&closed=none&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Closed IS NOT NULL", lambda row: row[6], "Stores", ["GET /stores?state=any&closed=some&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Near = 'Riga'", lambda row: row[0] < 104, "Stores", ["GET /stores?state=any&near=Riga&per_page=4&page=1"]),
    ("SELECT Id FROM Stores WHERE Id = 104", lambda row: row[0] == 104, "Stores", ["GET /stores/104"]),
    ("SELECT Id FROM Stores WHERE Id IN (104, 101, 999)", lambda row: row[0] in (101, 104), "Stores", ["GET /stores/101", "GET /stores/104", "GET /stores/999"]),
    ("SELECT Stars FROM Stores WHERE Id = 104", None, "Stores", ["GET /stores/104"]),
    ("SELECT Id FROM Shelves WHERE StoreId = 101", lambda row: row[1] == 101, "Shelves", ["GET /stores/101/shelves?per_page=3"]),
    ("SELECT Id FROM Shelves WHERE StoreId IN (101, 107)", lambda row: row[1] in (101, 107), "Shelves",
     ["GET /stores/101/shelves?per_page=3", "GET /stores/107/shelves?per_page=3"]),
    ("SELECT StoreName FROM Shelves WHERE StoreId = 107", None, "Shelves", ["GET /stores/107", "GET /stores/107/shelves?per_page=3"]),
    ("SELECT Id FROM Shelves WHERE StoreId = '*' AND StoreName = 'West'", lambda row: row[2] == "West", "Shelves",
     ["GET /stores?state=any&name=West&per_page=4&page=1", "GET /stores/107/shelves?per_page=3"]),
    # No filter of the stores does it, but which stores are asked for their shelves is known all the same.
    ("SELECT Id FROM Shelves WHERE StoreId = '*' AND StoreName > 'V'", lambda row: row[2] > "V", "Shelves",
     ["GET /stores?state=any&per_page=4&page=1", "GET /stores?state=any&per_page=4&page=2", "GET /stores/103/shelves?per_page=3",
      "GET /stores/103/shelves?per_page=3&from=3", "GET /stores/107/shelves?per_page=3"]),
    ("SELECT Id FROM Items WHERE ShelfId = 1071 AND StoreId = '*'", lambda row: row[1] == 1071, "Items",
     [f"GET /shelves/1071/items?take=5&skip={skip}" for skip in (0, 5, 10)]),
    ("SELECT Id FROM Items WHERE ShelfId IN (1010, 1070) AND StoreId = '*' AND Kind IN ('toy', 'book') AND Name IN ('item 1', 'item 2', 'item 3')",
     lambda row: row[1] in (1010, 1070) and row[6] in ("toy", "book") and row[3] in ("item 1", "item 2", "item 3"), "Items",
     [f"GET /shelves/{shelf}/items?{names}&kind=Kind.book,Kind.toy&take=5&skip=0" for shelf in (1010, 1070) for names in ("name=item 1&name=item 2", "name=item 3")]),
    ("SELECT Id FROM Items WHERE ShelfId = 1010 AND StoreId = '*' AND Id <> 1002 AND Added > {ts '2024-01-02 00:01:01'} AND Added < {ts '2024-01-05 00:04:04'}",
     lambda row: row[1] == 1010 and row[0] != 1002 and datetime.datetime(2024, 1, 2, 0, 1, 1) < row[5] < datetime.datetime(2024, 1, 5, 0, 4, 4), "Items",
     ["GET /shelves/1010/items?not_id=1002&since=1704153660&until=2024-01-05T00:04:05Z&take=5&skip=0"]),
    ("SELECT Id FROM Items WHERE ShelfId = 1010 AND StoreId = 101 AND Added = {ts '2024-01-03 00:02:02'}",
     lambda row: row[1] == 1010 and row[5] == datetime.datetime(2024, 1, 3, 0, 2, 2), "Items", ["GET /shelves/1010/items?day=2024-01-03&take=5&skip=0"]),
    ("SELECT Id FROM Photos WHERE ItemId = 1007 AND StoreId = '*'", None, "Photos", ["GET /items/1007", "GET /items/1007/photos"]),
    ("SELECT Id FROM Reviews WHERE ItemId IN (1000, 1003, 1006, 1009, 1012, 1015, 1018) AND StoreId = '*'", lambda row: row[1] in (1000, 1003, 1006, 1009, 1012, 1015, 1018), "Reviews",
     ["GET /reviews?items=1000,1003,1006,1009,1012&limit=4", "GET /reviews?items=1000,1003,1006,1009,1012&limit=4&cursor=@4", "GET /reviews?items=1000,1003,1006,1009,1012&limit=4&cursor=@8", "GET /reviews?items=1015,1018&limit=4"]),
    ("SELECT Id FROM Orders WHERE Id IN (301, 302, 305, 306)", lambda row: row[0] in (301, 302, 305, 306), "Orders",
     ["GET /orders?ids=301,302,305&limit=4", "GET /orders?ids=306&limit=4"]),
    ("SELECT Id FROM Orders WHERE State = 'sent' AND Placed >= {ts '2024-03-20 00:00:00'}", lambda row: row[2] == "sent" and row[1] >= datetime.datetime(2024, 3, 20), "Orders",
     ["GET /orders?placed_from=2024-03-20T00:00:00+0000&state=3&limit=4"]),
    ("SELECT Id FROM Orders WHERE Placed = {ts '2024-01-04 00:00:01'}", lambda row: row[0] == 301, "Orders",
     ["GET /orders?placed_from=2024-01-04T00:00:01+0000&placed_to=2024-01-04T00:00:01+00:00&limit=4"]),
    ("SELECT Id FROM Orders WHERE Placed < {ts '2024-01-10 00:00:00'}", lambda row: row[1] < datetime.datetime(2024, 1, 10), "Orders",
     ["GET /orders?placed_to=2024-01-10T00:00:00+00:00&limit=4"]),
    ("SELECT Sku FROM OrderLines WHERE OrderId = 302", None, "OrderLines", ["GET /orders?placed_from=2000-01-01T00:00:00+0000&ids=302&limit=4"]),
]


def shown(requests):
    """The cursors are the server's own business: what is in them is the number of the first row."""
    out = []
    for request in requests:
        head, cursor, code = request.partition("cursor=")
        out.append(head + cursor + ("@" + base64.b64decode(code).decode().split(":")[1] if cursor else ""))
    return sorted(out)


def filters():
    with Place() as place:
        data = place.server.data
        with place.connect(AccountId=7, ProjectId=MAIN) as connection, place.connect(AccountId=7, ProjectId=MAIN, Other=f"ApiHost={place.server.base},Pushdown=0") as plainly:
            for query, where, table, wanted in FILTERS:
                if where is None:               # only the requests are of interest
                    rows, requests = requests_of(place, connection, query.replace("SELECT Id FROM Photos", "SELECT Url FROM Photos"))
                    check(rows, f"there are rows: {query}")
                else:
                    expected = sorted((row[0],) for row in TABLES[table](data) if where(row) and not (table == "Reviews" and row[1] == 0))
                    check(expected, f"there is an answer: {query}")
                    rows, requests = requests_of(place, connection, query)
                    equal(sorted(rows), expected, f"rows: {query}")
                    equal(sorted(plain_rows(plainly.execute(query).fetchall())), expected, f"rows without pushdown: {query}")
                equal(shown(requests), shown(wanted) if "@" not in str(wanted) else sorted(wanted), f"requests: {query}")
            everything = requests_of(place, connection, "SELECT Stars, Id FROM Stores")[1]
            equal(everything, ["GET /stores?state=any&include=stars&per_page=4&page=1", "GET /stores?state=any&include=stars&per_page=4&page=2"],
                  "what costs extra is asked for when it is wanted")
            for query in ("SELECT Id FROM Stores WHERE Id = NULL", "SELECT Id FROM Stores WHERE Id = 1 AND Id = 2", "SELECT Id FROM Shelves WHERE StoreId = 5 AND StoreId IN (6, 7)",
                          "SELECT Id FROM Items WHERE Kind = 'pet' AND ShelfId = 1010 AND StoreId = 101", "SELECT Id FROM Stores WHERE Id IS NULL"):
                equal(requests_of(place, connection, query), ([], []), f"no row can be: {query}")
            equal(refused(connection, "SELECT Id FROM Stores WHERE Near > 'A'")[0], "42000", "an input is not compared otherwise")


def posted():
    with Place() as place, place.connect(AccountId=7) as connection:
        sent = lambda: [entry["body"] for entry in place.server.entries()]
        rows, requests = requests_of(place, connection, "SELECT Kind, Sold, Period, Currency FROM Sales WHERE Period = '2024-01' AND Currency = 'EUR' AND Kind IN ('toy', 'tool')")
        month = collections.Counter(row["kind"] for row in place.server.data.items if row["added"].month == 1)
        equal(sorted(rows), [(kind, month[kind], "2024-01", "EUR") for kind in ("tool", "toy")], "a report: its rows, and what was asked for")
        equal(requests, ["POST /reports/sales"], "a report is one request")
        equal(sent(), [{"report": {"query": {"unit": "day", "kinds": ["tool", "toy"], "period": "2024-01", "currency": "eur"}}}], "a report: its body")
        rows, _ = requests_of(place, connection, "SELECT Kind, Sold FROM Sales WHERE Period = ? AND Kind = 'book' AND City = 'Ulm'", "2024-01")
        equal(rows, [("book", month["book"])], "a report: its one row stands elsewhere")
        equal(sent(), [{"report": {"query": {"unit": "day", "kinds": ["book"], "period": "2024-01", "where": {"city": "Ulm"}}}}], "a report: one value of a list is a list, and a name leads into an object")
        rows, requests = requests_of(place, connection, "SELECT Id FROM Search WHERE Word IN ('4', 'sons')")
        equal(sorted(rows), sorted((row["id"],) for row in place.server.data.items if "4" in row["name"] or "sons" in row["name"]), "tokens in a body: the rows")
        pages = -(-len(rows) // 4)
        equal(requests, ["POST /search"] * pages, "tokens in a body: the requests")
        equal([entry.get("cursor") is None for entry in sent()], [True] + [False] * (pages - 1), "tokens in a body: the first has none")
        equal([(entry["words"], entry["limit"]) for entry in sent()], [("4 sons", "4")] * pages, "tokens in a body: the rest is the same")
        equal(refused(connection, "SELECT * FROM Search")[1].count("Table Search can only be read with a condition on Word, as in WHERE Word = …"), 1, "a required filter")
        equal(refused(connection, "SELECT * FROM Sales")[1].count("Table Sales can only be read with a condition on Period"), 1, "a required input")
        equal(refused(connection, "SELECT * FROM Sales WHERE Period = '2024-01' AND Currency = 'GBP'"),
              ("22023", "[22023] [restodbc][Bazaar]Currency of table Sales can not be \"GBP\"; it can be EUR or USD (0) (SQLExecDirectW)"), "a value that an input does not know")
        state, message = refused(connection, "SELECT * FROM Sales WHERE Period = 'May'")
        check(state == "HY000" and "May is no month (code 57)" in message, "an error in a body with status 200", message)


def pages():
    with Place() as place, place.connect(AccountId=7, ProjectId=MAIN) as connection:
        _, requests = requests_of(place, connection, "SELECT Id FROM Events")
        equal([request.partition("?")[2].split("=")[0] for request in requests], ["since"] + ["at"] * 8, "addresses of next pages, through empty ones")
        _, requests = requests_of(place, connection, "SELECT Name FROM Counters")
        equal(sorted(requests), [f"GET /counters?page={page}" for page in range(4)], "the number of all tells the last page")
        equal(requests_of(place, connection, "SELECT COUNT(*) FROM Counters"), ([(10,)], ["GET /counters?page=0"]), "counted by a header field")
        equal(requests_of(place, connection, "SELECT COUNT(*) FROM Orders"), ([(31,)], ["GET /orders?placed_from=2000-01-01T00:00:00+0000&limit=1"]), "counted by the total")
        rows, requests = requests_of(place, connection, "SELECT COUNT(*) FROM OrderLines")
        equal((rows, len(requests)), ([(len(order_lines_of(place.server.data)),)], 8), "what is counted by the total are the orders, not their lines")
        rows, requests = requests_of(place, connection, "SELECT COUNT(*) FROM Items WHERE ShelfId = 1030")
        equal((rows, len(requests)), ([(13,)], 3), "no total where rows are looked at here")
        equal(requests_of(place, connection, "SELECT Id FROM Orders WHERE State = 'new' LIMIT 3")[1],
              ["GET /orders?placed_from=2000-01-01T00:00:00+0000&state=1&limit=3"], "LIMIT makes the page as small")
        rows, requests = requests_of(place, connection, "SELECT Id FROM Orders LIMIT 6")
        equal((len(rows), shown(requests)), (6, ["GET /orders?placed_from=2000-01-01T00:00:00+0000&limit=3", "GET /orders?placed_from=2000-01-01T00:00:00+0000&limit=3&cursor=@3"]),
              "LIMIT over pages")
        rows, requests = requests_of(place, connection, "SELECT Id FROM Orders ORDER BY Placed DESC LIMIT 2")
        equal((rows, requests), ([(330,), (329,)], ["GET /orders?placed_from=2000-01-01T00:00:00+0000&sort=placed&dir=desc&limit=2"]), "an order of the service's, and LIMIT")
        rows, requests = requests_of(place, connection, "SELECT Id FROM Stores ORDER BY Id DESC LIMIT 2")
        equal((rows, requests), ([(107,), (106,)], ["GET /stores?state=any&sort=-id&per_page=2&page=1"]), "another")
        rows, requests = requests_of(place, connection, "SELECT Id FROM Items WHERE StoreId = '*' LIMIT 2")
        equal((len(rows), len(requests)), (2, 3), "LIMIT over a walk goes no further than it must")
        rows, requests = requests_of(place, connection, "SELECT Id FROM Items WHERE StoreId = '*' ORDER BY Price DESC, Id LIMIT 3")
        wanted = sorted(items_of(place.server.data), key=lambda row: (-row[4], row[0]))[:3]
        equal(rows, [row[:1] for row in wanted], "ORDER BY and LIMIT over a walk")
        with place.connect(AccountId=7, Pagesize=2) as small:
            equal(len(requests_of(place, small, "SELECT Id FROM Orders WHERE State = 'new'")[1]), 6, "Pagesize")
        with place.connect(AccountId=7, MaxRows=3) as few:
            equal(requests_of(place, few, "SELECT 1 FROM Counters")[0], [(1,)] * 3, "MaxRows over rows that are only counted")
            equal(requests_of(place, few, "SELECT COUNT(*) FROM Counters")[0], [(10,)], "MaxRows bounds the result, not the count")
        rows, requests = requests_of(place, connection, "SELECT 1 FROM Counters LIMIT 4")
        equal(rows, [(1,)] * 4, "LIMIT over rows of which no cell is wanted")


def pages_of_another_size():
    """A service that gives fewer rows than it was asked for: nothing is left out where it tells how many there are."""
    with Place() as place, place.connect(AccountId=7) as connection:
        rows = items_of(place.server.data)
        shelf = [row for row in rows if row[1] == 1030]
        original = bazaar.Handler.offsets
        bazaar.Handler.offsets = lambda handler, name, all_rows, *known: {
            "page": {"total": len(all_rows)}, name: all_rows[int(handler.one("skip", 0)):int(handler.one("skip", 0)) + 2]}
        try:
            got, requests = requests_of(place, connection, "SELECT Id FROM Items WHERE ShelfId = 1030 AND StoreId = '*'")
        finally:
            bazaar.Handler.offsets = original
        equal(sorted(got), sorted(row[:1] for row in shelf), "pages of 2 where 5 were asked for: the rows, each once")
        offsets = [int(request.rpartition("=")[2]) for request in requests if "skip" in request]
        check(set(range(0, 13, 2)) <= set(offsets) and len(offsets) <= 9, "the offsets follow the rows that came", offsets)


# ---- Walks -----------------------------------------------------------------------------------------------------------------------

def standards():
    """A column that a service restricts while nobody names it: who names it in a condition means all rows, whether or not the service can be asked for that."""
    with Place() as place, place.connect(AccountId=7) as connection:
        rows = [(row[2], row[0], row[3]) for row in items_of(place.server.data)]
        count = lambda text: connection.execute("SELECT COUNT(*) FROM " + text).fetchone()[0]
        for text, wanted in (("Items", sum(1 for row in rows if row[0] == MAIN)), ("Items WHERE StoreId = 101 OR StoreId = 103", sum(1 for row in rows if row[0] in (101, 103))),
                             ("Items WHERE StoreId = '*' AND (StoreId = 101 OR Name = 'item 1')", sum(1 for row in rows if row[0] == 101 or row[2] == "item 1")),
                             ("Items i LEFT JOIN Stores s ON s.Id = i.StoreId", sum(1 for row in rows if row[0] == MAIN)), ("Items i JOIN Stores s ON s.Id = i.StoreId", len(rows)),
                             ("Stores s LEFT JOIN Items i ON s.Id = i.StoreId", len(rows) + 3), ("Stores s LEFT JOIN Items i ON s.Id = i.StoreId WHERE i.StoreId IS NULL", 3),
                             ("Items WHERE StoreId IN (SELECT Id FROM Stores WHERE Id > 103)", sum(1 for row in rows if row[0] > 103)),
                             ("Items WHERE StoreId <> 103 AND (ShelfId = 1010 OR Name = 'item 1')", sum(1 for row in items_of(place.server.data) if row[2] != 103 and (row[1] == 1010 or row[3] == "item 1"))),
                             ("Items WHERE StoreId BETWEEN 101 AND 104", sum(1 for row in rows if row[0] <= 104)), ("Items WHERE StoreId <> 103", sum(1 for row in rows if row[0] != 103)),
                             ("(SELECT StoreId AS s FROM Items) x", sum(1 for row in rows if row[0] == MAIN)), ("Items WHERE StoreId = ?", None),
                             ("Stores s WHERE EXISTS (SELECT 1 FROM Items i WHERE i.StoreId = s.Id)", 4)):
            if wanted is None:
                equal(connection.execute("SELECT COUNT(*) FROM " + text, 107).fetchone()[0], sum(1 for row in rows if row[0] == 107), f"counted: {text}")
            else:
                equal(count(text), wanted, f"counted: {text}")
        # The column is named, in whatever way: all stores are meant.
        for text, wanted in (("Items WHERE StoreId = 101 OR Name = 'item 1'", lambda store, name: store == 101 or name == "item 1"), ("Items WHERE StoreId + 0 = 101", lambda store, name: store == 101),
                             ("Items WHERE NOT (StoreId = 101)", lambda store, name: store != 101), ("Items WHERE StoreId NOT IN (101)", lambda store, name: store != 101),
                             ("Items WHERE StoreId IS NOT DISTINCT FROM 101", lambda store, name: store == 101), ("Items WHERE COALESCE(StoreId, 0) = 103", lambda store, name: store == 103),
                             ("Items WHERE CASE WHEN StoreId = 103 THEN 1 ELSE 0 END = 1", lambda store, name: store == 103), ("Items WHERE StoreId > 0 OR 1 = 1", lambda store, name: True),
                             ("(SELECT Name, StoreId AS s FROM Items) x WHERE ABS(x.s) = 103", lambda store, name: store == 103),
                             ("(SELECT StoreId AS s, COUNT(*) AS n FROM Items GROUP BY StoreId HAVING ABS(StoreId) > 0) x JOIN Items i ON x.s + 0 = i.StoreId + 0", lambda store, name: True)):
            equal(count(text), sum(1 for row in rows if wanted(row[0], row[2])), f"counted: {text}")
        equal(count("Stores s LEFT JOIN Items i ON i.Id = s.Id WHERE i.StoreId IS NULL"), 7, "counted: stores without an item of the same number")
        # A common table is named by all who use it; the rows of an outer join's own side are not what its ON narrows.
        equal(count("Items i FULL JOIN Stores s ON s.Id = i.StoreId"), sum(1 for row in rows if row[0] == MAIN) + 6, "counted: a full join")
        equal(connection.execute("WITH x AS (SELECT * FROM Items) SELECT COUNT(*) FROM x WHERE x.StoreId + 0 = 103").fetchone()[0], sum(1 for row in rows if row[0] == 103), "a common table")
        told = [row.ServiceFilters for row in connection.execute("EXPLAIN SELECT * FROM Items").fetchall()]
        equal(told, [f"StoreId = {MAIN} (when not asked for)"], "EXPLAIN tells what stands in")
        equal([row.ServiceFilters for row in connection.execute("EXPLAIN SELECT * FROM Items WHERE StoreId + 0 = 101").fetchall()], [None], "and that nothing does")
        kept = connection.execute("SELECT s.Id, h.Id FROM Stores s LEFT JOIN Shelves h ON h.StoreId = s.Id AND s.Name LIKE 'N%' AND s.Closed IS NOT NULL AND s.Id <> 5").fetchall()
        equal(sorted({row[0] for row in kept}), [row["id"] for row in place.server.data.stores], "conditions of ON on the side that keeps its rows leave none of them out")


def walks():
    with Place() as place, place.connect(AccountId=7) as connection:
        data = place.server.data
        _, requests = requests_of(place, connection, "SELECT Id FROM Items WHERE StoreId = '*'")
        wanted = ["GET /stores?state=any&per_page=4&page=1", "GET /stores?state=any&per_page=4&page=2"]
        for store in data.stores:
            count = sum(1 for row in data.shelves if row["store"] == store["id"])
            if store["main"] or store["id"] % 2:                        # the others have no set of shelves, and are not asked
                wanted += [f"GET /stores/{store['id']}/shelves?per_page=3" + (f"&from={start}" if start else "") for start in range(0, max(count, 1), 3)]
        for shelf in data.shelves:
            if shelf["store"] % 2 and shelf["items"]:                   # nor are empty shelves
                wanted += [f"GET /shelves/{shelf['id']}/items?take=5&skip={start}" for start in range(0, shelf["items"], 5)]
        equal(sorted(requests), sorted(wanted), "three tables deep: every request is needed, and made once")
        rows, requests = requests_of(place, connection, "SELECT ItemId, Number FROM Photos WHERE StoreId = 101")
        equal(sorted(rows), sorted((row[0], row[3]) for row in photos_of(data) if row[2] == 101), "four tables deep, by the outermost key")
        equal([request for request in requests if "/stores" in request], ["GET /stores/101/shelves?per_page=3"], "the other stores are left alone")
        rows, requests = requests_of(place, connection, "SELECT p.Url, i.Price FROM Photos p JOIN Items i ON i.Id = p.ItemId AND i.StoreId = p.StoreId WHERE p.ItemId IN (1007, 1010)")
        check(len(rows) == len([row for row in photos_of(data) if row[0] in (1007, 1010)]), "a join against walked tables, by keys", rows)
        names = {row["id"]: row["name"] for row in data.stores}
        rows, _ = requests_of(place, connection, "SELECT s.Name, COUNT(*) FROM Stores s JOIN Items i ON i.StoreId = s.Id GROUP BY s.Name")
        equal(sorted(rows), sorted(collections.Counter(names[row[2]] for row in items_of(data)).items()), "a join whose keys reach the walk")
        rows, _ = requests_of(place, connection, "SELECT s.Id, i.Id FROM Stores s LEFT JOIN Items i ON i.StoreId = s.Id AND i.Price > 90 ORDER BY 1, 2")
        wanted = [(store["id"], item) for store in data.stores
                  for item in ([row[0] for row in items_of(data) if row[2] == store["id"] and row[4] > 90] or [None])]
        equal(rows, wanted, "an outer join against a walked table")
        rows, _ = requests_of(place, connection, "SELECT Id FROM Reviews WHERE StoreId = '107'")
        equal(sorted(rows), sorted(row[:1] for row in reviews_of(data) if row[2] == 107), "grouped parents of one store")
        equal(requests_of(place, connection, "SELECT Id FROM Reviews WHERE StoreId IS NULL"), ([(6000,), (6001,), (6002,)],
              ["GET /stores?state=any&per_page=4&page=1", "GET /stores?state=any&per_page=4&page=2", "GET /reviews?items=0&limit=4"]),
              "what no parent can be for is asked for once, without one")
        rows, requests = requests_of(place, connection, "SELECT COUNT(*) FROM Reviews WHERE StoreId = 101")
        lists = [request.partition("items=")[2].split("&")[0].split(",") for request in requests if "cursor" not in request and "/reviews" in request]
        equal(sorted(sum(lists, [])), sorted([str(row[0]) for row in items_of(data) if row[2] == 101] + ["0"]), "each parent is in one list, and the one more value in one")
        check(all(len(each) <= 5 for each in lists), "no list is longer than the service takes", lists)


def under_way():
    """As many requests at once as may be, and never more: counted by the server while it holds them back."""
    for properties, most in (({}, 6), ({"MaxConcurrentRequests": 3}, 3), ({"MaxConcurrentRequests": 1}, 1)):
        with Place() as place, place.connect(AccountId=7, **properties) as connection:
            gate = place.server.gate("/photos", most, skip=2 * most)
            cursor = connection.execute("SELECT ItemId FROM Photos WHERE StoreId IN (101, 103, 105, 107)")
            rows = plain_rows(cursor.fetchall())
            equal(len(rows), len(photos_of(place.server.data)), f"at most {most} at once: all rows came")
            equal(gate["reached"], most, f"at most {most} at once: so many were")
            check(place.server.most_under_way <= most, f"at most {most} at once: never more", place.server.most_under_way)
            place.server.forget()
            rows = connection.execute("SELECT COUNT(*) FROM Photos p JOIN Items i ON i.Id = p.ItemId JOIN Shelves s ON s.Id = i.ShelfId AND s.StoreId = i.StoreId "
                                      "WHERE p.StoreId = 101 AND i.StoreId = 101 AND s.StoreId = 101").fetchone()
            equal(rows[0], len([row for row in photos_of(place.server.data) if row[2] == 101]), f"at most {most} at once: a join of three walks")
            check(place.server.most_under_way <= most, f"at most {most} at once: not even in a join", place.server.most_under_way)


def trouble_in_walks():
    with Place() as place:
        with place.connect(AccountId=7) as connection:
            wanted = sorted(row[:1] for row in items_of(place.server.data))
            for name, match, fault in (("a child is asked to wait", "/shelves/1030/items", {"status": 429, "headers": [("Retry-After", "1")]}),
                                       ("a parent is asked to wait", "/stores/103/shelves", {"status": 429, "headers": [("Retry-After", "1")]}),
                                       ("several are", "/items", {"status": 429, "headers": [("Retry-After", "1")], "times": 3}),
                                       ("one has a fault that passes", "/shelves/1031/items", {"status": 503, "headers": [("Retry-After", "0")]})):
                place.server.fault(match, **fault)
                equal(sorted(requests_of(place, connection, "SELECT Id FROM Items WHERE StoreId = '*'")[0]), wanted, f"{name}: all rows come")
                check(any(entry["status"] in (429, 503) for entry in place.server.entries()), f"{name}: it was so")
            place.server.fault("/stores/105/shelves", status=500, times=99, body={"code": 5, "message": "out of shelves"})
            state, message = refused(connection, "SELECT Id FROM Items WHERE StoreId = '*'")
            check(state == "08S01" and "Table Shelves: " in message and "out of shelves (code 5)" in message and "fixed-token" not in message, "a parent that fails is told", message)
            cursor = connection.execute("SELECT Id FROM Items WHERE StoreId = '*'")
            seen = [cursor.fetchone()[0]]
            try:
                for row in cursor:
                    seen.append(row[0])
                check(False, "a parent that fails midway")
            except Exception as failure:
                check(failure.args[0] == "08S01" and set(seen) < {row[0] for row in wanted}, "a parent that fails midway: the rows before it came", (seen, failure))
            place.server.heal()
            place.server.fault("/shelves/1031/items", status=404, body={"code": 4, "message": "the shelf is gone"})
            equal(sorted(requests_of(place, connection, "SELECT Id FROM Items WHERE StoreId = '*'")[0]), [row[:1] for row in sorted(items_of(place.server.data)) if row[1] != 1031],
                  "a child that is gone meanwhile has no rows")
            place.server.fault("/shelves/1031/items", status=404, headers=[("X-Bazaar-Reason", "the account is closed")])
            state, message = refused(connection, "SELECT Id FROM Items WHERE StoreId = '*'")
            check(state == "42S02" and "the account is closed" in message, "but not where a header field says otherwise", message)
            place.server.fault("/orders", status=402, body={"code": 8, "message": "no orders in this plan"})
            state, message = refused(connection, "SELECT Id FROM Orders")
            check(state == "28000" and "no orders in this plan (code 8). The plan of the account does not include this: upgrade it" in message, "a status with words of the definition", message)
            place.server.fault("/reviews", status=422, body={"errors": [{"kind": 9, "text": "too many"}]})
            state, message = refused(connection, "SELECT Id FROM Reviews WHERE ItemId = 1000")
            check("answered 422: too many (code 9)" in message, "an error in a list", message)
            place.server.fault("/stores/101/shelves", status=200, body=[], headers=[("Link", "<https://elsewhere.example/stores>; rel=next")])
            state, message = refused(connection, "SELECT Id FROM Shelves WHERE StoreId = 101")
            check(state == "08S01" and "https://elsewhere.example/stores does not belong to Bazaar" in message, "a link that leads elsewhere is not followed", message)
            place.server.fault("/stores/101/shelves", times=9, status=200, body=[{"id": 1}], headers=[("Link", f"<{BASE}/stores/101/shelves>; rel=next")])
            state, message = refused(connection, "SELECT Id FROM Shelves WHERE StoreId = 101")
            check(state == "08S01" and "Table Shelves" in message and ("again and again" in message or "in a circle" in message), "links in a circle end", message)
            place.server.heal()
        # The token runs out in the middle of a walk.
        settings = os.path.join(place.name, "settings-of-a-walk")
        with place.connect(AccountId=7, OAuthAccessToken=None, InitiateOAuth="REFRESH", OAuthVerifier="the-code", OAuthClientId=bazaar.CLIENT,
                           OAuthClientSecret=bazaar.SECRET, OAuthSettingsLocation=settings) as connection:
            equal(place.server.signed_in, 1, "OAuth 2.0: a code was exchanged")
            cursor = connection.execute("SELECT Id FROM Items WHERE StoreId = '*'")
            rows = [tuple(cursor.fetchone())]
            place.server.forget()
            place.server.tokens.clear()
            rows += [tuple(row) for row in cursor]
            equal((sorted(rows), place.server.signed_in), (wanted, 2), "a token that runs out in a walk is renewed, once")
            equal({entry["status"] for entry in place.server.entries()} - {200, 401}, set(), "and nothing else is refused")
        with place.connect(AccountId=7, OAuthAccessToken=None, InitiateOAuth="REFRESH", OAuthClientId=bazaar.CLIENT, OAuthClientSecret=bazaar.SECRET,
                           OAuthSettingsLocation=settings) as connection:
            equal((len(connection.execute("SELECT Id FROM Stores").fetchall()), place.server.signed_in), (7, 2), "the settings file serves the next connection")


def cancelled():
    with Place() as place:
        for name, held, query in (("in a walk", "/shelves/1030/items", "SELECT COUNT(*) FROM Photos WHERE StoreId = 103"), ("in a parent", "/stores/105/shelves", "SELECT COUNT(*) FROM Items WHERE StoreId = '*'"),
                                  ("in a look-up", "/me", "SELECT COUNT(*) FROM Orders")):
            place.server.forget()
            with direct.Connection() as connection:
                connection.connect(place.string(Timeout=3600))
                statement = connection.statement()
                place.server.fault(held, hold=True)
                ended = []

                def work():
                    try:
                        statement.query(query)
                        ended.append("went through")
                    except direct.Failure as failure:
                        ended.append(failure.state)
                thread = threading.Thread(target=work, daemon=True)
                thread.start()
                waited = threading.Event()
                while not any(held in entry["path"] for entry in place.server.entries()) and thread.is_alive():
                    waited.wait(0.01)
                statement.cancel()
                thread.join(PATIENCE)
                equal(ended, ["HY008"], f"cancelled {name}")
                place.server.open_gates()
                place.server.heal()
                check(int(statement.query(query)[0][0]) > 0, f"cancelled {name}: the statement can be used again")
                statement.free()


def closed_early():
    with Place() as place, place.connect(AccountId=7) as connection:
        for query in ("SELECT Id FROM Items WHERE StoreId = '*'", "SELECT ItemId FROM Photos", "SELECT Id FROM Reviews", "SELECT Id FROM Orders", "SELECT Id FROM Events"):
            cursors = [connection.execute(query) for _ in range(3)]
            for cursor in cursors:
                cursor.fetchone()
            for cursor in cursors:
                cursor.close()
            check(connection.execute(query).fetchall(), f"read a little, closed, and read again: {query}")
        place.server.forget()
        cursor = connection.execute("SELECT Id FROM Orders")
        cursor.fetchone()
        equal(len(place.server.asked()), 1, "the second page is asked for when somebody comes for it")
        cursor.close()


def fewer_pages_ahead_than_read():
    with Place() as place, place.connect(AccountId=7) as connection:
        place.server.forget()
        cursor = connection.execute("SELECT Id FROM Items WHERE StoreId = '*'")
        for row in cursor:
            made = sum(1 for request in asked(place.server) if "/shelves/" in request)
            if row[0] < 1003:
                check(made <= 3, "who has read a page is not far ahead", made)
        cursor.close()


# ---- Words of diagnostics --------------------------------------------------------------------------------------------------------

def warnings():
    """What pyodbc hides: SQL_SUCCESS_WITH_INFO, once for each column."""
    with Place() as place, direct.Connection() as connection:
        connection.connect(place.string(AccountId=7))
        statement = connection.statement()
        result = direct.odbc.SQLExecDirect(statement.handle, b"SELECT Id, What, Size FROM Events", direct.NTS)
        told, rows = list(direct.records(direct.STATEMENT, statement.handle)) if result == direct.WITH_INFO else [], 0
        while True:
            result = direct.odbc.SQLFetch(statement.handle)
            if result not in (direct.SUCCESS, direct.WITH_INFO):
                break
            rows += 1
            if result == direct.WITH_INFO:
                told += direct.records(direct.STATEMENT, statement.handle)
        equal((result, rows), (direct.NO_DATA, 23), "rows with values that do not fit come all the same")
        equal(sorted((state, message.partition("]")[2].partition("]")[2]) for state, _, message in told), [
            ("01000", "Column Size of table Events: the service sent \"much\", which is no value of type integer; it is NULL here"),
            ("01000", "Column What of table Events: the service sends texts that are longer than its type string(8) says"),
        ], "and each column's first is told")
        statement.free()


def explained():
    with Place() as place:
        names = lambda cursor: [column[0] for column in cursor.description]
        with place.connect(Region="EU", Other=None) as connection:      # nothing is there to be asked, so nothing may be
            rows = lambda query: [{name: value for name, value in zip(names(cursor), row) if value is not None} for cursor in [connection.execute("EXPLAIN " + query)] for row in cursor.fetchall()]
            start = "https://eu.bazaar.example/accounts/{AccountId}/v3"
            one = rows("SELECT Id FROM Stores WHERE Open = 1")[0]
            equal((one["Request"], one["Paging"], one["ServiceFilters"]), (start + "/stores?state=open&per_page=4&page=1", "pages of 4 rows, by page=1, 2…", "Open = 1"), "EXPLAIN of pages")
            one = rows("SELECT Id, StoreName FROM Shelves")[0]
            equal((one["Request"], one["Paging"]), (start + "/stores/{Stores.Id}/shelves?per_page=3", "pages of 3 rows, by the Link field of each answer; once for each row of Stores"), "EXPLAIN of a walk")
            one = rows("SELECT Id FROM Shelves")[0]
            equal(one["Request"], start + "/stores/{StoreId}/shelves?per_page=3", "EXPLAIN of a standard that must be looked up")
            one = rows("SELECT Id FROM Items WHERE ShelfId = 5 AND StoreId = '*'")[0]
            equal((one["Request"], one["Paging"]), (start + "/shelves/5/items?take=5&skip=0", "pages of 5 rows, by skip=0…"), "EXPLAIN of one of several endpoints")
            one = rows("SELECT Id FROM Reviews")[0]
            equal((one["Request"], one["Paging"]), (start + "/reviews?items={Items.Id}&limit=4", "pages of 4 rows, by cursor, which each answer tells; once for each row of Items"), "EXPLAIN of parents in a list")
            one = rows("SELECT Id FROM Reviews WHERE ItemId IN (1, 2, 3, 4, 5, 6)")[0]
            equal((one["Request"], one["Paging"]), (start + "/reviews?items=1%2C2%2C3%2C4%2C5&limit=4", "pages of 4 rows, by cursor, which each answer tells; the list is split over several requests"), "EXPLAIN of a list")
            one = rows("SELECT Kind FROM Sales WHERE Period = '2024-05'")[0]
            equal((one["Request"], one["Paging"]), ("POST " + start + '/reports/sales {"report":{"query":{"unit":"day","period":"2024-05"}}}', "one answer"), "EXPLAIN of a report")
            two = rows("SELECT 1 FROM Stores s JOIN Shelves h ON h.StoreId = s.Id")
            equal(two[1]["Request"], start + "/stores/{s.Id}/shelves?per_page=3", "EXPLAIN of a join")
            equal(rows("SELECT Id FROM Visits")[0]["Request"], start + "/visits?per_page=4&page=1", "EXPLAIN of an included table")
            equal(place.server.asked(), [], "EXPLAIN asks nobody")
        with place.connect(AccountId=7) as connection:
            cursor = connection.execute("EXPLAIN ANALYZE SELECT Id FROM Items WHERE StoreId = '*'")
            row = dict(zip(names(cursor), cursor.fetchone()))
            equal((row["Requests"], row["Rows"]), (len(place.server.asked()), len(items_of(place.server.data))), "EXPLAIN ANALYZE counts the parents' requests too")
            check(row["Bytes"] > 1000, "and their bytes", row)
        with place.connect(AccountId=7, Other=f"ApiHost={place.server.base},Pushdown=0") as connection:
            cursor = connection.execute("EXPLAIN SELECT Id FROM Stores WHERE Open = 1")
            row = dict(zip(names(cursor), cursor.fetchone()))
            equal((row["Request"].partition("/v3")[2], row["NotPushed"]), ("/stores?state=any&per_page=4&page=1", "Open = 1: pushdown is off"), "EXPLAIN without pushdown")


# ---- Variables, schemas, fields ---------------------------------------------------------------------------------------------------

def failure_of(work):
    try:
        work()
    except Exception as failure:
        return failure.args[0], failure.args[1]
    return "", "it went through"


def variables():
    with Place() as place:
        with place.connect() as connection:
            _, requests = requests_of(place, connection, "SELECT COUNT(*) FROM Shelves")
            equal(requests, ["GET /me", "GET /stores?state=any&per_page=4&page=1", "GET /stores/103/shelves?per_page=3", "GET /stores/103/shelves?per_page=3&from=3"],
                  "what is not told is looked up: the one account, the preferred store")
            _, requests = requests_of(place, connection, "SELECT COUNT(*) FROM Shelves")
            equal(requests, ["GET /stores/103/shelves?per_page=3", "GET /stores/103/shelves?per_page=3&from=3"], "once for each connection")
            headers = place.server.entries()[0]["headers"]
            equal((headers["User-Agent"], headers["X-Bazaar-Version"]), ("restodbc (nobody@bazaar.example)", "3"), "header fields with variables in them")
        with place.connect(User="me@home.example", UserAgent="mine", AccountId=7) as connection:
            requests_of(place, connection, "SELECT Id FROM Account")
            equal(place.server.entries()[0]["headers"]["User-Agent"], "mine", "the connection's own User-Agent wins")
        with place.connect(User="me@home.example", AccountId=7) as connection:
            requests_of(place, connection, "SELECT Id FROM Account")
            equal(place.server.entries()[0]["headers"]["User-Agent"], "restodbc (me@home.example)", "a variable is a property")
        with place.connect(AccountId="7", ProjectId="", Region="") as connection:
            _, requests = requests_of(place, connection, "SELECT COUNT(*) FROM Shelves")
            equal(len(requests), 3, "a property that is set to nothing is not set")
        with place.connect(Other=f"ApiHost={place.server.base},Version=9", AccountId="5") as connection:
            state, message = refused(connection, "SELECT Id FROM Account")
            equal((state, asked(place.server)[-1]), ("42S02", "GET /accounts/5/v9/account"), "Other gives any variable a value")
            check("no such address" in message, "and the service says what it thinks of it", message)
        place.server.data.accounts.append({"id": 9, "name": "Second", "product": "bazaar"})
        with place.connect() as connection:
            state, message = refused(connection, "SELECT Id FROM Account")
            check(state == "HY000" and "set the connection property AccountId to one of 7 (Riga), 9 (Second)" in message, "several accounts: the user must say which", message)
            equal(len(connection.execute("SELECT Id FROM Accounts").fetchall()), 3, "and can read which there are")
        place.server.data.accounts[:] = []
        with place.connect() as connection:
            state, message = refused(connection, "SELECT Id FROM Account")
            check(state == "HY000" and "nothing tells AccountId, the account that is read: there is no row for it in Accounts; set the connection property AccountId" in message,
                  "no account at all", message)
        place.server.fault("/me", status=403, body={"code": 1, "message": "not you"}, times=9)
        with place.connect() as connection:
            state, message = refused(connection, "SELECT Id FROM Account")
            check(state == "42000" and "AccountId of Bazaar could not be found out" in message and "not you" in message, "a look-up that fails", message)
        place.server.heal()
        equal(failure_of(lambda: place.connect(Region="Mars", Other=None))[1].count("Region=Mars is not possible: it can be EU, US"), 1, "a region that there is not")
        equal(failure_of(lambda: place.connect(Other="Moon=1"))[1].count("Other=Moon=… is not possible"), 1, "a variable that there is not")
        equal(failure_of(lambda: place.connect(Schema="Nowhere"))[1].count('Schema can not be "Nowhere"; Bazaar has: Live, Archive'), 1, "a schema that there is not")
        place.server.other_members = {"api_host": place.server.base}
        place.server.codes.add("another-code")
        with place.connect(Other=None, OAuthAccessToken=None, InitiateOAuth="REFRESH", OAuthVerifier="another-code", OAuthClientId=bazaar.CLIENT, OAuthClientSecret=bazaar.SECRET,
                           OAuthAccessTokenURL=place.server.base + "/oauth/token", OAuthSettingsLocation=os.path.join(place.name, "settings-of-a-reply"), AccountId=7) as connection:
            equal(requests_of(place, connection, "SELECT Id FROM Account")[0], [(7,)], "the token's reply tells where the service is")
        with place.connect(Other=None, OAuthAccessToken=None, InitiateOAuth="REFRESH", OAuthClientId=bazaar.CLIENT, OAuthClientSecret=bazaar.SECRET,
                           OAuthAccessTokenURL=place.server.base + "/oauth/token", OAuthSettingsLocation=os.path.join(place.name, "settings-of-a-reply"), AccountId=7) as connection:
            equal(requests_of(place, connection, "SELECT Id FROM Account")[0], [(7,)], "and is remembered")
        with place.connect(Other="ApiHost=http://bazaar.example", AccountId=7) as connection:
            state, message = refused(connection, "SELECT Id FROM Account")
            check("http://bazaar.example" in message and "https" in message, "an address that is neither https nor of this machine", message)
        with place.connect(Schema="archive", AccountId=7) as connection:
            rows, requests = requests_of(place, connection, "SELECT * FROM Visits")
            same_rows(rows, [(row["id"], row["door"], row["year"]) for row in place.server.data.visits], "another schema: its rows")
            equal(requests, ["GET /archive/visits?per_page=3", "GET /archive/visits?per_page=3&from=3", "GET /archive/visits?per_page=3&from=6"], "another schema: its address and paging")


def looked_up_by_several():
    """Threads on one connection that need the same variable at once: all get the same, and their rows."""
    with Place() as place:
        with direct.Connection() as connection:
            connection.connect(place.string())
            place.server.gate("/me", 2)             # opens by itself, should the lock of the engine let only one through
            counts, threads = [], []

            def work():
                statement = connection.statement()
                counts.append(statement.query("SELECT COUNT(*) FROM Orders"))
                statement.free()
            threading.Timer(0.2, place.server.open_gates).start()
            for _ in range(4):
                threads.append(threading.Thread(target=work, daemon=True))
                threads[-1].start()
            for thread in threads:
                thread.join(PATIENCE)
            equal(counts, [[("31",)]] * 4, "four threads look the account up at once")


def own_fields():
    with Place() as place:
        with place.connect(AccountId=7, IncludeCustomFields="true") as connection:
            place.server.forget()
            cursor = connection.execute("SELECT * FROM Customers")
            equal([column[0] for column in cursor.description], ["Id", "Name", "MyShoe size", "MyOdd key", "MyName"], "fields by a table that lists them")
            same_rows(cursor.fetchall(), [(row["id"], row["name"], str(row["id"] - 70 + 36) if row["id"] % 2 else None, f"odd {row['id'] - 70}", "inner")
                                          for row in place.server.data.customers], "their values, chosen by their keys")
            _, requests = requests_of(place, connection, "SELECT Name FROM Customers")
            equal(requests, [f"GET /customers?per_page=4&page={page}" for page in (1, 2)], "fields that must be asked for are not when none is wanted")
            _, requests = requests_of(place, connection, 'SELECT "MyOdd key" FROM Customers')
            equal(requests, [f"GET /customers?fields=all&per_page=4&page={page}" for page in (1, 2)], "and are when one is")
            cursor = connection.execute("SELECT * FROM Suppliers")
            equal([column[0] for column in cursor.description], ["Id", "Name", "Colour", "Weight kg"], "fields by the first rows")
            same_rows(cursor.fetchall(), [(row["id"], row["name"], row["more"]["Colour"], str(row["more"]["Weight kg"])) for row in place.server.data.suppliers], "their values")
            equal([row[0] for row in connection.execute("SELECT ColumnName FROM sys_tablecolumns WHERE TableName = 'Suppliers' ORDER BY Ordinal")], ["Id", "Name", "Colour", "Weight kg"],
                  "the catalog has them")
        with place.connect(AccountId=7) as connection:
            equal(len(connection.execute("SELECT * FROM Suppliers").description), 2, "without IncludeCustomFields there are none")
        # More columns than there are bits in SQLite's word for those that a query uses.
        fields = place.server.data.fields
        many = [{"key": f"k{n}", "label": f"Field {n}", "of": "customer"} for n in range(120)]
        fields.extend(many)
        customers = place.server.data.customers
        for row in customers:
            row["fields"] = row["fields"] + [{"key": field["key"], "value": row["id"] * 1000 + n} for n, field in enumerate(many) if (n + row["id"]) % 7]
        with place.connect(AccountId=7, IncludeCustomFields="true") as connection:
            value = {(row["id"], n): str(row["id"] * 1000 + n) if (n + row["id"]) % 7 else None for row in customers for n in range(120)}
            rows = connection.execute("SELECT * FROM Customers").fetchall()
            equal([len(row) for row in rows], [125] * len(customers), "a table of 125 columns")
            equal({(row[0], n): row[5 + n] for row in rows for n in range(120)}, value, "has them all")
            for number in (57, 58, 59, 60, 61, 100, 119):     # around bit 63, and past it
                same_rows(connection.execute(f'SELECT Id, "MyField {number}" FROM Customers').fetchall(), [(row["id"], value[row["id"], number]) for row in customers],
                          f"column {number + 5} by itself")
                same_rows(connection.execute(f'SELECT Name FROM Customers WHERE "MyField {number}" = ?', str(73000 + number)).fetchall(),
                          [("customer 3",)] if (number + 73) % 7 else [], f"column {number + 5} in a condition")
            same_rows(connection.execute('SELECT a.Id, b."MyField 3" FROM Customers a JOIN Customers b ON a."MyField 119" = b."MyField 119" WHERE b."MyField 118" IS NOT NULL').fetchall(),
                      [(row["id"], value[row["id"], 3]) for row in customers if value[row["id"], 119] and value[row["id"], 118]], "late columns in a join")
        del fields[-120:]
        place.server.fault("/fields", status=403, body={"code": 2, "message": "not for you"}, times=9)
        state, message = failure_of(lambda: place.connect(AccountId=7, IncludeCustomFields="true"))
        check(state == "42000" and "The custom fields of table Customers: Table FieldKinds: " in message and "not for you" in message and "fixed-token" not in message,
              "when they can not be read, the connection says so", message)
        place.server.heal()
        place.server.fault("/suppliers", status=200, body={"code": 3, "message": "later"}, times=9)
        state, message = failure_of(lambda: place.connect(AccountId=7, IncludeCustomFields="true"))
        check("The custom fields of table Suppliers: Table Suppliers: " in message and "later (code 3)" in message, "nor when the answer is an error in disguise", message)


# ---- Procedures -------------------------------------------------------------------------------------------------------------------

def procedures():
    with Place() as place, place.connect(AccountId=7) as connection:
        server = place.server

        def call(text, *parameters):
            cursor = connection.execute(text, *parameters)
            return [column[0] for column in cursor.description], plain_rows(cursor.fetchall())
        server.forget()
        got = call("EXEC AddItem ShelfId = 1010, Name = 'a \"cup\" & ünder', Price = 12.50, Fragile = 1, Extra = '{\"a\":[1,{}]}', DryRun = 1, Once = 'k-1', Who = 'someone'")
        equal(got, (["Id", "Name", "Tags"], [(9000, 'a "cup" & ünder', "1010,restodbc 3,1")]), "a procedure: its row")
        entry = server.entries()[0]
        equal((entry["method"], entry["path"].removeprefix(BASE), entry["query"]), ("POST", "/shelves/1010/items", [("source", "restodbc 3"), ("dry_run", "1")]), "its address and query")
        equal(entry["body"], {"item": {"meta": {"by": "nobody@bazaar.example"}, "name": 'a "cup" & ünder', "price": "12.50", "counts": [{"n": 1}], "fragile": True,
                                       "extra": {"a": [1, {}]}}}, "its body: constants, inputs, one that is standard")
        equal((entry["headers"]["Idempotency-Key"], entry["headers"]["X-On-Behalf-Of"]), ("k-1", "someone"), "its header fields, several of them")
        server.forget()
        call("{call AddItem(?, ?, ?)}", 1010, "x", None)
        entry = server.entries()[0]
        equal((entry["body"]["item"], entry["query"]), ({"meta": {"by": "nobody@bazaar.example"}, "name": "x", "counts": [{"n": 1}]}, [("source", "restodbc 3")]), "what is not given is not sent")
        equal(refused(connection, "EXEC AddItem ShelfId = 5")[1].count("AddItem needs the input Name"), 1, "a required input")
        got = call("EXEC FindItems Most = 5")
        same_rows(got[1], [(row["id"], decimal.Decimal(str(row["price"]))) for row in server.data.items if row["price"] <= 5], "a procedure with several rows")
        server.forget()
        equal(call("EXEC RemoveItem Id = 1001"), (["Success"], [(1,)]), "a procedure without an answer succeeds")
        equal(asked(server), ["DELETE /items/1001"], "its request")
        state, message = refused(connection, "EXEC RemoveItem Id = 404")
        check(state == "HY000" and "Procedure RemoveItem: " in message and "it is sold (code 12)" in message, "a procedure that is refused", message)
        equal(call("EXEC RateItems Ids = '[1002, 1]'")[1], [(1002, 200, None), (1, 404, "it is not here")], "where some of what was sent was not done, the rows tell")
        state, message = refused(connection, "EXEC RateItems Ids = '[1, 2]'")
        check(state == "42S02" and "Procedure RateItems: " in message and "was not done: it is not here (code 404)" in message, "where nothing was, it is an error", message)
        equal(call("EXEC RateItems Ids = '[]'")[1], [], "nothing is no failure")
        server.forget()
        server.fault("/items/1001", status=500, times=3)
        check(refused(connection, "EXEC RemoveItem Id = 1001")[0] == "08S01" and len(server.asked()) == 1, "what may have been done is not done again", asked(server))
        server.heal()
        picture = os.path.join(place.name, "picture")
        for content in (bytes(range(256)) * 33, b""):
            with open(picture, "wb") as file:
                file.write(content)
            server.forget()
            equal(call("EXEC SendPicture Id = 5, File = ?", picture), (["Bytes"], [(len(content),)]), f"{len(content)} bytes of a file, as they are")
            equal((server.entries()[0]["method"], server.entries()[0]["body"]), ("PUT", content), f"{len(content)} bytes: the request")
            server.forget()
            equal(call("EXEC SendPaper Title = 't', File = ?", picture)[1], [(len(content),)], f"{len(content)} bytes of a file, within JSON")
            equal(server.entries()[0]["body"], {"paper": {"title": "t", "content": base64.b64encode(content).decode()}}, f"{len(content)} bytes: the body")
        equal(refused(connection, "EXEC SendPicture Id = 5, File = '/nowhere/at/all'")[1].count("the file /nowhere/at/all can not be read"), 1, "a file that there is not")
        for number, content in server.data.pictures.items():
            equal(call(f"EXEC FetchPicture Id = {number}"), (["Picture"], [(content,)]), f"a file of {len(content)} bytes as a value")
            target = os.path.join(place.name, f"fetched-{number}")
            equal(call(f"EXEC FetchPicture Id = {number}, Target = ?", target), (["Picture"], [(None,)]), f"a file of {len(content)} bytes, written")
            with open(target, "rb") as file:
                equal(file.read(), content, f"a file of {len(content)} bytes: what was written")
        check(not os.path.exists(target + ".part"), "nothing half written is left")
        state, message = refused(connection, "EXEC FetchPicture Id = 77")
        check(state == "42S02" and "no picture" in message, "a file that the service has not", message)
        equal(refused(connection, "EXEC FetchPicture Id = 1000, Target = '/nowhere/at/all'")[1].count("the file /nowhere/at/all can not be written"), 1, "a place that can not be written")
        names = {row[0] for row in connection.execute("SELECT ProcedureName FROM sys_procedures")}
        check({"AddItem", "FindItems", "RemoveItem", "SendPicture", "SendPaper", "FetchPicture", "GetOAuthAccessToken"} <= names, "the catalog has them", names)


def catalog():
    with Place() as place, place.connect(AccountId=7, PseudoColumns="Stores=Near") as connection:
        cursor = connection.cursor()
        names = {row.table_name for row in cursor.tables()}
        check(set(TABLES) <= names and not {"Wrong", "WrongToo"} & names, "a faulty table is not listed, the others are", names)
        for name, part in (("Wrong", 'faulty.xml:5: column Id: there is no type "number"'), ("WrongToo", "faulty.xml:8: ")):
            state, message = refused(connection, f"SELECT * FROM {name}")
            check(state == "42S02" and part in message, f"{name}: why it can not be used", message)
        check("Near" in {row.column_name for row in cursor.columns("Stores")}, "an input that PseudoColumns names is listed")
        equal([(row.fkcolumn_name, row.pktable_name, row.pkcolumn_name) for row in cursor.foreignKeys(foreignTable="Items")],
              [("ShelfId", "Shelves", "Id"), ("StoreId", "Stores", "Id")], "references")
        equal([row.column_name for row in cursor.primaryKeys("Photos")], ["ItemId", "Number"], "a key of two columns")
        equal(failure_of(lambda: place.connect(PseudoColumns="Stores=Far"))[1].count("PseudoColumns=Stores=Far is not possible"), 1, "an input that there is not")
        place.server.forget()
        place.connect(AccountId=7, ConnectOnOpen="true").close()
        equal(asked(place.server), ["GET /account"], "ConnectOnOpen asks the table that the definition names")
        place.server.fault("/account", status=402, body={"code": 8, "message": "expired"}, times=9)
        equal(failure_of(lambda: place.connect(AccountId=7, ConnectOnOpen="true"))[0], "28000", "and fails as it does")
    check(place.server.most_under_way > 0, "the server was asked")


if __name__ == "__main__":
    run(every_table, filters, posted, pages, pages_of_another_size, standards, walks, under_way, trouble_in_walks, cancelled, closed_early, fewer_pages_ahead_than_read, warnings,
        explained, variables, looked_up_by_several, own_fields, procedures, catalog)
