#!/usr/bin/python3
"""Random SELECTs over the shop (shop.py): whatever the version, the format, and what the service refuses or how it pages, the answers are
those of SQLite over the same rows, with pushdown and without.

differential.py [--count N] [--first SEED]     seeds of every way the shop is served
differential.py --way V4 --seed SEED           one query, shown in both spellings with both answers
"""
import argparse
import os
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
import harness
import answers
import oracle
import random_query
import shop
import shop_client

ENOUGH = 5
PRODUCT = [("ID", None, "integer"), ("Name", None, "text"), ("Price", None, "decimal"), ("Weight", None, "number"), ("Stock", None, "integer"),
           ("Active", None, "boolean"), ("Since", None, "date"), ("Changed", None, "moment"), ("Color", None, "text"), ("Maker_City", None, "text"),
           ("CategoryID", None, "integer")]
TABLES = {
    "Categories": (None, [("ID", None, "integer"), ("Name", None, "text"), ("Note", None, "text")]),
    "Products": (None, PRODUCT),
    "Lines": (None, [("OrderID", None, "integer"), ("Number", None, "integer"), ("ProductID", None, "integer"), ("Amount", None, "integer"),
                     ("Discount", None, "decimal")]),
    "Categories_Products": (None, [("Categories_ID", None, "integer"), *PRODUCT]),
    "Products_Category": (None, [("Products_ID", None, "integer"), ("ID", None, "integer"), ("Name", None, "text"), ("Note", None, "text")]),
}
oracle.TABLES = TABLES
random_query.KEYS = {"Categories": "ID", "Products": "ID", "Lines": "ProductID", "Categories_Products": "ID", "Products_Category": "Products_ID"}
random_query.LINKS = [("Products", "CategoryID", "Categories", "ID"), ("Lines", "ProductID", "Products", "ID"), ("Categories_Products", "Categories_ID", "Categories", "ID"),
                      ("Products_Category", "Products_ID", "Products", "ID"), ("Products_Category", "ID", "Categories", "ID"), ("Lines", "ProductID", "Products_Category", "Products_ID")]
random_query.SMALL = ("Categories", "Lines")

# How the shop is served and connected to: version, properties, quirks, refusals.
WAYS = {
    "V4": (4, {}, (), ()),
    "V4 exact": (4, {"Other": "ExactText=1,Apply=1"}, ("apply", "relative"), ()),
    "V4 pages": (4, {"Pagesize": "7", "MaxFilterLength": "60"}, ("inner pages",), ()),
    "V4 client": (4, {"UseClientSidePaging": "True", "Pagesize": "15"}, ("no pages",), ()),
    "V4 refusing": (4, {}, (), ("functions", "in", "orderby", "apply", "nested", "count", "exact")),
    "V4 poor": (4, {"SupportsExpand": "False"}, (), ("filter", "select", "top", "key")),
    "V4 whole": (4, {"Other": "Pushdown=0"}, (), ()),
    "V3": (3, {}, (), ()),
    "V3 Atom": (3, {"DataFormat": "ATOM"}, ("inner pages",), ()),
    "V2": (2, {}, ("inner pages",), ()),
    "V2 Atom": (2, {}, ("only atom",), ("expand",)),
}


class Query(random_query.Query):
    """Decimals of the shop have two digits."""

    def base(self, table):
        alias = self.name("t")
        columns = [random_query.Term(kind, f"{alias}.{name}", None, 2 if kind == "decimal" else 0) for name, _, kind in TABLES[table][1]]
        return random_query.Source(alias, columns, f"{alias}.OrderID * 10 + {alias}.Number" if table == "Lines" else f"{alias}.{random_query.KEYS[table]}")


def plain(kind, value):
    if value is None:
        return None
    return {"decimal": lambda: int(value * 100), "date": value.__str__, "moment": lambda: value.isoformat(" "), "boolean": lambda: int(value)}.get(kind, lambda: value)()


def database(rows):
    """An SQLite connection with every table and view."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    categories = {row["ID"]: row for row in rows["Categories"]}
    products = [{**row, "Maker_City": row["Maker"] and row["Maker"]["City"]} for row in rows["Products"]]
    made = {
        "Categories": rows["Categories"], "Products": products, "Lines": rows["Lines"],
        "Categories_Products": [{**row, "Categories_ID": row["CategoryID"]} for row in products if row["CategoryID"]],
        "Products_Category": [{**categories[row["CategoryID"]], "Products_ID": row["ID"]} for row in products if row["CategoryID"]],
    }
    for table, (_, columns) in TABLES.items():
        connection.execute(f"CREATE TABLE {table} ({', '.join(name for name, _, _ in columns)})")
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})",
                               [tuple(plain(kind, row[name]) for name, _, kind in columns) for row in made[table]])
    random_query.emulate(connection)
    return connection


def one_way(server, name, first, count, show):
    version, properties, quirks, refusals = WAYS[name]
    service = server.shops[version]
    service.reset()
    service.quirks.update(quirks)
    service.refuse.update(refusals)
    service.page = 20
    theirs = database(service.rows)
    known = answers.samples(theirs, TABLES)
    ours = shop_client.connect(server, version, **properties)
    failed = empty = 0
    for seed in range(first, first + count):
        query = Query(seed, known)
        try:
            wanted = harness.plain_rows(answers.told(theirs.execute(query.theirs).fetchall(), query.scales))
        except sqlite3.OperationalError as error:       # the shop has numbers so large that whole numbers in place of decimals overflow
            assert "integer overflow" in str(error)
            continue
        empty += not wanted
        service.asked.clear()
        got = answers.answer(ours, query)
        if show:
            print(f"# {query.ours}\n# {query.parameters}\n# {query.theirs}\n# wanted {wanted}\n# got    {got}")
            print("".join(f"# {method} {path}\n" for method, path, _ in service.asked))
        if isinstance(got, str) or not answers.same(got, wanted, query.ordered):
            failed += 1
            harness.check(False, f"{name}: seed {seed}", f"{query.ours}\n{query.parameters}\n{query.theirs}\ngot    {got}\nwanted {wanted}\n"
                          + "\n".join(path for _, path, _ in service.asked[:5]))
            if failed >= ENOUGH:
                break
    ours.close()
    harness.check(not failed, f"{name}: {count} random SELECTs have SQLite's answers ({empty} have no rows)")


parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=60)
parser.add_argument("--first", type=int, default=1)
parser.add_argument("--seed", type=int)
parser.add_argument("--way", choices=WAYS)
options = parser.parse_args()


def random_selects():
    server = shop.Server()
    for version in server.shops.values():
        kept = {row["ID"] for row in version.rows["Products"][:100]}
        version.rows["Products"] = version.rows["Products"][:100]
        version.rows["Lines"] = [row for row in version.rows["Lines"] if row["ProductID"] in kept]
        for row in version.rows["Products"]:
            row["Changed"] = row["Changed"] and row["Changed"].replace(microsecond=0)
    for name in WAYS:
        if options.way in (None, name):
            one_way(server, name, options.first if options.seed is None else options.seed, options.count if options.seed is None else 1, options.seed is not None)
    server.close()


harness.run(random_selects)
