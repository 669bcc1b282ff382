#!/usr/bin/python3
"""Random SELECTs over the shop (shop.py): whatever the version, the format, and what the service refuses or how it pages, the answers are
those of SQLite over the same rows, with pushdown and without.

differential.py [--count N] [--first SEED]     seeds of every way the shop is served
differential.py --way V4 --kind Query --seed SEED   one query, shown in both spellings with both answers
"""
import argparse
import os
import sqlite3
import sys
import urllib.parse

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
import harness
import answers
import shop
import shop_client
from shop_condition import Condition
from shop_query import TABLES, Query, database

ENOUGH = 5
# The ways in which services understand conditions differently: these are asked more.
LONGER = ("V4", "V4 exact", "V4 in its own way", "V3", "V2")
# What conditions are told by.
WORDS = (" or ", " add ", " sub ", " mul ", " mod ", "toupper(", "tolower(", "length(", "indexof(", "substring(", "concat(", "trim(", "round(", "floor(",
         "ceiling(", "month(", "day(", "second(")
# How the shop is served and connected to: version, properties, quirks, refusals.
WAYS = {
    "V4": (4, {}, (), ()),
    "V4 exact": (4, {"Other": "ExactText=1,Apply=1"}, ("apply", "relative"), ()),
    "V4 pages": (4, {"Pagesize": "7", "MaxFilterLength": "60"}, ("inner pages",), ()),
    "V4 client": (4, {"UseClientSidePaging": "True", "Pagesize": "15"}, ("no pages",), ()),
    "V4 refusing": (4, {}, (), ("functions", "in", "orderby", "apply", "nested", "count", "exact")),
    "V4 poor": (4, {"SupportsExpand": "False"}, (), ("filter", "select", "top", "key")),
    "V4 in its own way": (4, {}, ("caseless", "elsewhere"), ()),
    "V4 counting little": (4, {}, (), ("calculations",)),
    "V4 one by one": (4, {}, (), ("terms",)),
    "V4 whole": (4, {"Other": "Pushdown=0"}, (), ()),
    "V3": (3, {}, (), ()),
    "V3 Atom": (3, {"DataFormat": "ATOM"}, ("inner pages",), ()),
    "V2": (2, {}, ("inner pages",), ()),
    "V2 Atom": (2, {}, ("only atom",), ("expand",)),
}


def one_way(server, name, kind, first, count, show):
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
    told = set()
    for seed in range(first, first + count):
        query = kind(seed, known)
        try:
            wanted = harness.plain_rows(answers.told(theirs.execute(query.theirs).fetchall(), query.scales))
        except sqlite3.OperationalError as error:       # the shop has numbers so large that whole numbers in place of decimals overflow
            assert "integer overflow" in str(error), (str(error), query.theirs)
            continue
        empty += not wanted
        service.asked.clear()
        got = answers.answer(ours, query)
        told.update(word for _, path, _ in service.asked for word in WORDS if word in urllib.parse.unquote(path))
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
    if not refusals:
        harness.equal([path for path, message in service.refused if message.startswith("$filter")], [], f"{name}: no condition was refused")
    if kind is Condition and name in ("V4", "V3", "V2") and count >= 150:
        harness.equal(told, set(WORDS), f"{name}: everything was told")
    harness.check(not failed, f"{name}: {count} random SELECTs{' with conditions for services' if kind is Condition else ''} have SQLite's answers ({empty} have no rows)")


parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=50)
parser.add_argument("--first", type=int, default=1)
parser.add_argument("--seed", type=int)
parser.add_argument("--kind", choices=("Query", "Condition"))
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
        for kind in (Query, Condition):
            if options.way not in (None, name) or options.kind not in (None, kind.__name__):
                continue
            count = options.count if options.seed is None else 1
            if options.seed is None and kind is Condition and name in LONGER:
                count *= 3
            one_way(server, name, kind, options.first if options.seed is None else options.seed, count, options.seed is not None)
    server.close()


harness.run(random_selects)
