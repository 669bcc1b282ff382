#!/usr/bin/python3
"""An OData server that nobody here wrote: npm's @sap-ux/fe-mockserver-core, pinned by odata/package-lock.json and installed once in
outside-odata/ of the build folder. It serves the shop of test/providers/odata as V2 and V4, and random SELECTs have SQLite's answers."""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(FOLDER, ".."), os.path.join(FOLDER, "..", "..", "providers", "odata")]
from harness import BUILD, check, plain_environment, plain_rows, run     # noqa: E402
import npm                                                               # noqa: E402
import answers                                                           # noqa: E402
import shop                                                              # noqa: E402
import shop_client                                                       # noqa: E402
from shop_condition import Condition                                     # noqa: E402
from shop_query import TABLES, Query, database                           # noqa: E402

PLACE, FILES = os.path.join(BUILD, "outside-odata"), os.path.join(FOLDER, "odata")
COUNT = 100
PRODUCTS = 60
WAYS = {"V4": (4, {}), "V4 by groups": (4, {"Other": "Apply=1"}), "V4 without pushdown": (4, {"Other": "Pushdown=0"}), "V4 paged by the client": (4, {"UseClientSidePaging": "True", "Pagesize": "25"}),
        "V2": (2, {}), "V2 without pushdown": (2, {"Other": "Pushdown=0"})}


def few_rows():
    rows = shop.make_rows()
    rows["Products"] = rows["Products"][:PRODUCTS]
    kept = {row["ID"] for row in rows["Products"]}
    rows["Lines"] = [row for row in rows["Lines"] if row["ProductID"] in kept]
    for row in rows["Products"]:
        # The server has no whole numbers past 2^53, tells a null moment of V2 as 1970, and what is not there as an empty entity.
        row["CategoryID"] = row["CategoryID"] or 1
        row["Since"] = row["Since"] or datetime.date(2021, 1, 1)
        row["Changed"] = (row["Changed"] or datetime.datetime(2021, 1, 1)).replace(microsecond=0)
        row["Maker"] = row["Maker"] or {"City": None, "Land": None}      # nor complex values that are null
        row["ID"] = min(row["ID"], 10 ** 6 + row["ID"] % 1000)
    return rows


def write_rows(folder, version, rows):
    os.makedirs(folder)
    service = shop.Shop(version)
    service.rows = rows
    with open(os.path.join(folder, "metadata.xml"), "w") as file:
        file.write(service.metadata().replace("Edm.Int64", "Edm.Int32"))        # it does not read the L of keys in V2
    for name, kind in shop.SETS.items():
        made = [{member: value for member, value in service.entity(kind, row, None, {}, {}, "").items() if member in shop.TYPES[kind]["properties"]}
                for row in rows[name]]
        with open(os.path.join(folder, name + ".json"), "w") as file:
            file.write(json.dumps(made, cls=shop.Encoder))


class Server:
    def __init__(self, rows):
        self.process = subprocess.Popen(["node", os.path.join(FILES, "server.js"), PLACE, rows], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=plain_environment())
        port = self.process.stdout.readline().strip()
        if not port.isdigit():
            raise RuntimeError(f"the server did not start: {port} {self.process.stderr.read()}")
        self.url = f"http://127.0.0.1:{port}"

    def asked(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + "/_asked", timeout=60) as answer:
            return json.load(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.process.stderr.close()


def one_way(server, theirs, name):
    version, properties = WAYS[name]
    known = answers.samples(theirs, TABLES)
    ours = shop_client.connect(server, version, **properties)
    failed = empty = 0
    for seed in range(1, COUNT + 1):
        query = (Condition if seed % 2 else Query)(seed, known)
        wanted = plain_rows(answers.told(theirs.execute(query.theirs).fetchall(), query.scales))
        empty += not wanted
        server.asked()
        got = answers.answer(ours, query)
        if isinstance(got, str) or not answers.same(got, wanted, query.ordered):
            failed += 1
            check(False, f"{name}: seed {seed}", f"{query.ours}\n{query.parameters}\n{query.theirs}\ngot    {got}\nwanted {wanted}\n" + "\n".join(server.asked()[:5]))
            if failed == 5:
                break
    ours.close()
    check(not failed, f"{name}: {COUNT} random SELECTs have SQLite's answers ({empty} have no rows)")


def random_selects():
    problem = npm.install(FILES, PLACE)
    if not check(not problem, "npm installs @sap-ux/fe-mockserver-core", problem):
        return
    with tempfile.TemporaryDirectory(prefix="restodbc-odata-") as folder:
        rows = few_rows()
        for version in (2, 4):
            write_rows(os.path.join(folder, f"v{version}"), version, rows)
        server = Server(folder)
        theirs = database(rows)
        for name in WAYS:
            one_way(server, theirs, name)
        server.close()


run(random_selects)
