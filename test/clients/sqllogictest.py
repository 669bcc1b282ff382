#!/usr/bin/python3
"""Runs files of sqllogictest (sqlite.org/sqllogictest) through ODBC, each on a workspace of its own.

sqllogictest.py [FILE | FOLDER]…   without any: the files of test/sqllogic. A folder stands for all *.test below it.

A record whose skipif names this engine, or whose onlyif names another, is left out. Numbers are divided as SQL-92 lets them:
an INTEGER by an INTEGER is an INTEGER, as in most engines and in all records of the public suite but those of `onlyif mysql`.
"""
import argparse
import hashlib
import os
import sys

import harness
from harness import Session, check, run

ENGINE = "restodbc"
SHOWN = 5       # failures of a file that are told in full


class Record:
    def __init__(self, line, words, text):
        self.line, self.words, self.text, self.expected = line, words, text, None


def records(path):
    """The records of a file that are for this engine; (kind, value) pairs too for what changes the runner."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.rstrip("\n\r") for line in file]
    at, wanted = 0, True
    while at < len(lines):
        words = lines[at].split("#")[0].split()
        if not words or lines[at].startswith("#"):
            at += 1
        elif words[0] in ("skipif", "onlyif"):
            wanted = wanted and (words[1] == ENGINE) == (words[0] == "onlyif")
            at += 1
        elif words[0] == "halt":
            if wanted:
                return
            wanted, at = True, at + 1
        elif words[0] in ("statement", "query"):
            record, at = Record(at + 1, words, ""), at + 1
            text = []
            while at < len(lines) and lines[at].strip() and lines[at] != "----":
                text.append(lines[at])
                at += 1
            record.text = "\n".join(text)
            if at < len(lines) and lines[at] == "----":
                record.expected, at = [], at + 1
                while at < len(lines) and lines[at].strip():
                    record.expected.append(lines[at])
                    at += 1
            if wanted:
                yield record
            wanted = True
        elif words[0] == "hash-threshold":
            yield Record(at + 1, words, "")
            at += 1
        else:
            raise ValueError(f"{path}:{at + 1}: {lines[at]}")


def whole(value):
    """As sqlite3_column_int reads it."""
    if isinstance(value, str):
        digits = ""
        for character in value.strip():
            if not (character.isdigit() or (character in "+-" and not digits)):
                break
            digits += character
        return int(digits) if digits.strip("+-") else 0
    return int(value)


def shown(value, kind):
    if value is None:
        return "NULL"
    if kind == "I":
        return str(whole(value))
    if kind == "R":
        return f"{float(value):.3f}"
    text = str(int(value)) if isinstance(value, bool) else str(value)
    return "".join(c if " " <= c <= "~" else "@" for c in text) or "(empty)"


def answer(rows, kinds, mode):
    """The values in the order in which they are compared."""
    texts = [[shown(value, kind) for value, kind in zip(row, kinds)] for row in rows]
    if mode == "rowsort":
        texts.sort()
    values = [text for row in texts for text in row]
    return sorted(values) if mode == "valuesort" else values


def hashed(values):
    return f"{len(values)} values hashing to {hashlib.md5(''.join(value + chr(10) for value in values).encode()).hexdigest()}"


class File:
    """One file's run: how many records held, and what the others gave."""

    def __init__(self, path, connection):
        self.path, self.connection = path, connection
        self.held, self.failures, self.labels, self.threshold = 0, [], {}, 0

    def fail(self, record, got, wanted):
        self.failures.append(f"{self.path}:{record.line}: {record.text}\ngot    {str(got)[:400]}\nwanted {str(wanted)[:400]}")

    def statement(self, record):
        try:
            self.connection.execute(record.text).close()
            outcome = "ok"
        except Exception as error:
            outcome, message = "error", error
        if outcome == record.words[1]:
            self.held += 1
        else:
            self.fail(record, message if outcome == "error" else outcome, record.words[1])

    def query(self, record):
        kinds = record.words[1]
        mode = record.words[2] if len(record.words) > 2 else "nosort"
        try:
            cursor = self.connection.execute(record.text)
            width = len(cursor.description)
            values = answer(cursor.fetchall(), kinds, mode)
            cursor.close()
        except Exception as error:
            self.fail(record, error, record.expected)
            return
        if width != len(kinds):
            self.fail(record, f"{width} columns", kinds)
            return
        hash_ = hashed(values)
        label = record.words[3] if len(record.words) > 3 else None
        if label and self.labels.setdefault(label, hash_) != hash_:
            self.fail(record, hash_, f"{self.labels[label]}, as the other query of label {label}")
            return
        expected = record.expected
        if expected and len(expected) == 1 and " values hashing to " in expected[0]:
            right = expected == [hash_]
        elif expected is not None and len(kinds) > 1 and len(expected) * len(kinds) == len(values) and len(values) != len(expected):
            right = [" ".join(values[i:i + len(kinds)]) for i in range(0, len(values), len(kinds))] == [" ".join(line.split()) for line in expected]
        else:
            right = expected is None or values == expected
        if right:
            self.held += 1
        else:
            self.fail(record, values if len(values) < 40 else hash_, expected)

    def run(self):
        for record in records(self.path):
            if record.words[0] == "hash-threshold":
                continue        # both forms are understood, whatever it is
            (self.statement if record.words[0] == "statement" else self.query)(record)


def files_of(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, _, names in sorted(os.walk(path)):
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".test"))


parser = argparse.ArgumentParser()
parser.add_argument("paths", nargs="*", default=[os.path.join(harness.SOURCE, "test", "sqllogic")])
options = parser.parse_args()


def sqllogictest():
    import pyodbc
    with Session("--rows", "1"):
        held = failed = 0
        for path in files_of(options.paths):
            connection = pyodbc.connect("Driver=RestODBC;Workspace=:memory:", autocommit=True)
            file = File(path, connection)
            file.run()
            connection.close()
            held, failed = held + file.held, failed + len(file.failures)
            check(not file.failures, f"{os.path.relpath(path)}: {file.held} of {file.held + len(file.failures)} records",
                  "\n".join(file.failures[:SHOWN]))
            sys.stdout.flush()
        check(held, f"{held} of {held + failed} records hold")


run(sqllogictest)
