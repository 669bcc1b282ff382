#!/usr/bin/python3
"""Random SELECTs through ODBC: each answer is the one that SQLite gives over the same rows in plain tables, whether the service does
its part of the work or, with Other=Pushdown=0, hands over its tables whole.

random_selects.py [--count N] [--first SEED]   seeds SEED, SEED+1… (make check-random N=100000)
random_selects.py --seed SEED                  one query, shown in both spellings with both answers
"""
import argparse
import decimal
import math

from harness import Session, check, plain_rows, run
import oracle
import random_query

ENOUGH = 20     # failures, after which there is no use in going on


def samples(database):
    """The values that stand in the tables, by kind."""
    found = {}
    for table, (_, columns) in oracle.TABLES.items():
        for name, _, kind in columns:
            values = found.setdefault(kind, set())
            values.update(row[0] for row in database.execute(f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL"))
    found["text"] = {text for text in found["text"] if len(text) < 40 and "\0" not in text}
    return {kind: sorted(values) for kind, values in found.items()}


def told(rows, scales):
    """SQLite's rows with decimals in place of the whole numbers that stand for them."""
    return [tuple(cell if scale is None or cell is None else decimal.Decimal(cell).scaleb(-scale) for cell, scale in zip(row, scales))
            for row in rows]



def near(a, b):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


def same(got, wanted, ordered):
    if not ordered:
        text = lambda row: [(str(type(cell) is str), "" if cell is None else cell if isinstance(cell, str) else f"{cell:.12g}") for cell in row]
        got, wanted = sorted(got, key=text), sorted(wanted, key=text)
    return len(got) == len(wanted) and all(len(a) == len(b) and all(map(near, a, b)) for a, b in zip(got, wanted))


def answer(connection, query):
    """The rows, or the error as text."""
    try:
        return plain_rows(connection.execute(query.ours, *query.parameters).fetchall())
    except Exception as error:
        return str(error)


def differential(first, count, show):
    with Session("--rows", "60") as session:
        database = oracle.database(session)
        random_query.emulate(database)
        known = samples(database)
        connections = {"": session.connect(), ", without pushdown": session.connect(Other="Pushdown=0")}
        failed = empty = 0
        for seed in range(first, first + count):
            query = random_query.Query(seed, known)
            wanted = plain_rows(told(database.execute(query.theirs).fetchall(), query.scales))
            empty += not wanted
            if show:
                print(f"# {query.ours}\n# {query.parameters}\n# {query.theirs}\n# {wanted}")
            for name, connection in connections.items():
                got = answer(connection, query)
                if isinstance(got, str) or not same(got, wanted, query.ordered):
                    failed += 1
                    check(False, f"seed {seed}{name}", f"{query.ours}\n{query.parameters}\n{query.theirs}\ngot    {got}\nwanted {wanted}")
            if failed >= ENOUGH:
                break
        for connection in connections.values():
            connection.close()
        check(not failed, f"{count} random SELECTs have SQLite's answers ({empty} have no rows)")


parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=5000)
parser.add_argument("--first", type=int, default=1)
parser.add_argument("--seed", type=int)
options = parser.parse_args()


def random_selects():
    if options.seed is None:
        differential(options.first, options.count, False)
    else:
        differential(options.seed, 1, True)


run(random_selects)
