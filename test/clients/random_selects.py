#!/usr/bin/python3
"""Random SELECTs through ODBC: each answer is the one that SQLite gives over the same rows in plain tables, whether the service does
its part of the work or, with Other=Pushdown=0, hands over its tables whole.

random_selects.py [--count N] [--first SEED]   seeds SEED, SEED+1… (make check-random N=100000)
random_selects.py --seed SEED                  one query, shown in both spellings with both answers
"""
import argparse

from harness import Session, check, plain_rows, run
from answers import answer, same, samples, told
import oracle
import random_query

ENOUGH = 20     # failures, after which there is no use in going on


def differential(first, count, show):
    with Session("--rows", "60") as session:
        database = oracle.database(session)
        random_query.emulate(database)
        known = samples(database, oracle.TABLES)
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
