#!/usr/bin/python3
"""The files of csv_cases.json: texts that readers of delimited text get wrong, each with the columns and rows that it has, typed by hand. Each
is read by pyodbc and by isql."""
import glob
import json
import os
import re

import pyodbc
from harness import DRIVER, SOURCE, Session, check, equal, run

with open(os.path.join(SOURCE, "test", "clients", "csv_cases.json"), encoding="utf-8") as cases:
    CASES = json.load(cases)
QUERY = "SELECT * FROM [t.csv]"


def shown(rows):
    """As isql prints them."""
    text = lambda value: "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)
    return "".join("\x01".join(text(value) for value in row) + "\n" for row in rows)


def everywhere():
    check(len({case["name"] for case in CASES}) == len(CASES) > 50, "no case has another's name")
    with Session() as session:
        for number, case in enumerate(CASES):
            folder = session.path(str(number))
            os.mkdir(folder)
            with open(os.path.join(folder, "t.csv"), "wb") as file:
                file.write(case["text"].encode(case.get("encoding", "utf-8")))
            pairs = {"Driver": DRIVER, "Provider": "CSV", "URI": folder, **case.get("options", {})}
            connection = pyodbc.connect(";".join(f"{name}={{{value}}}" for name, value in pairs.items()), autocommit=True)
            cursor = connection.execute(QUERY)
            equal(([column[0] for column in cursor.description], [list(row) for row in cursor.fetchall()]), (case["columns"], case["rows"]), case["name"])
            connection.close()
            session.sources["cases"] = {**pairs, "Driver": "RestODBC"}
            session.source("sandbox")
            status, out, _ = session.isql(QUERY, "cases", options=("-d\x01",))
            equal((status, out), (0, shown(case["rows"])), f"{case['name']}, isql")


def every_property():
    """What the README says of delimited text is tried by some test."""
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as readme:
        rows = re.findall(r"^\| (.*?) \| .*? \| (?:CSV|CSV, JSON, XML): ", readme.read(), re.M)
    names = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    tests = ""
    for path in glob.glob(os.path.join(SOURCE, "test", "clients", "csv_*")) + [os.path.join(SOURCE, "test", "clients", "outside", "file_servers.py")]:
        with open(path, encoding="utf-8") as file:
            tests += file.read()
    check(len(names) > 30, "there are properties of delimited text", names)
    equal([name for name in names if not re.search(rf"\b{name}\b[\"']?\s*[=:]", tests)], [], "each has a test")


run(everywhere, every_property)
