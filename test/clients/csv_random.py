#!/usr/bin/python3
"""Files made at random, read by the driver and by Python's csv module: the same rows. CASES= is how many, SEED= of which."""
import codecs
import csv
import datetime
import decimal
import gzip
import io
import os
import random
import sys
import tempfile

import pyodbc
from harness import DRIVER, check, equal, run

CASES, SEED = int(os.environ.get("CASES", 800)), int(os.environ.get("SEED", 20240229))
PER_CONNECTION = 50
QUOTES = {"quote": '"', "escape": None}


def connect(folder, **properties):
    string = f"Driver={DRIVER};Provider=CSV;URI={folder}" + "".join(f";{name}={{{value}}}" for name, value in properties.items())
    return pyodbc.connect(string, autocommit=True)


# ---- Texts of any kind, as rows of strings ----

def junk(random, delimiter, quote):
    """Bytes in no order at all, of those that mean something."""
    parts = [quote, quote, quote + quote, delimiter, delimiter, "\n", "\r\n", "\r", "a", "bc", " ", "é", "日本", "\t", "x" * 70, "'"]
    return "".join(random.choice(parts) for _ in range(random.randrange(0, 120)))


def orderly(random, delimiter, quote, ending):
    """What a writer of such files makes."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator=ending,
                        quoting=random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    letters = ["a", "b", quote, delimiter, "\n", "\r\n", " ", "ü", "𝄞", "0", "-", "word " * 9]
    width = random.choice([1, 2, 3, 7, 40])
    for _ in range(random.randrange(0, 60)):
        writer.writerow(["".join(random.choice(letters) for _ in range(random.randrange(0, 6)))
                         for _ in range(width if random.random() < 0.9 else random.randrange(1, width + 3))])
    text = out.getvalue()
    return text[:-len(ending)] if text and random.random() < 0.3 else text


def long(random, delimiter, quote):
    """More than one block, with fields over its end."""
    row = delimiter.join(random.choice(["plain", f"{quote}in{quote}{quote}quotes{delimiter}{quote}", "", f"{quote}two\nlines{quote}"]) for _ in range(6))
    return "\n".join(row + str(i) for i in range(random.randrange(9000, 12000)))


def is_closed(text, delimiter, quote):
    """Whether no quote is open at the end: what comes behind is a row of its own."""
    rows = list(csv.reader(io.StringIO(text + "\nsentinel", newline=""), delimiter=delimiter, quotechar=quote))
    return rows[-1] == ["sentinel"]


def wanted_rows(text, delimiter, quote):
    rows = [row or [""] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)]
    width = max((len(row) for row in rows), default=1)
    return [tuple(row + [None] * (width - len(row))) for row in rows]


def encode(random, text):
    """The bytes of a text, and how they are told to be."""
    name, mark = random.choice([("UTF-8", b""), ("UTF-8", b""), ("UTF-8", codecs.BOM_UTF8), ("UTF-16LE", codecs.BOM_UTF16_LE),
                                ("UTF-16BE", codecs.BOM_UTF16_BE), ("UTF-32LE", codecs.BOM_UTF32_LE), ("UTF-16LE", b""), ("UTF-8", b"")])
    return name, mark, mark + text.encode(name)


def one_group(random, folder, count):
    """Files that one connection reads; how many of them were read as they should be, and the first that was not."""
    delimiter, quote = random.choice([",", ";", "\t", "|", ","]), random.choice(['"', '"', "'"])
    charset = random.choice(["UTF-8", "UTF-8", "windows-1252"])
    texts, right, wrong = {}, 0, ""
    for i in range(count):
        kind = random.random()
        text = (junk(random, delimiter, quote) if kind < 0.6 else long(random, delimiter, quote) if kind > 0.995
                else orderly(random, delimiter, quote, random.choice(["\n", "\r\n", "\r"])))
        if charset == "UTF-8":
            _, mark, data = encode(random, text)
            if data[:1] and not mark and b"\0" in data[:2]:
                pass
            elif not mark and not data.startswith(text.encode()[:1]):
                data = text.encode()        # UTF-16 that does not show at the start
        else:
            text = "".join(letter for letter in text if letter.encode("cp1252", "ignore"))
            data = text.encode("cp1252")
        name = f"f{i}.csv"
        texts[name] = text
        packed = random.random() < 0.1
        with (gzip.open if packed else open)(os.path.join(folder, name + (".gz" if packed else "")), "wb") as file:
            file.write(data)
    connection = connect(folder, FMT=delimiter, QuoteCharacter=quote, QuoteEscapeCharacter=quote, Charset=charset, IncludeColumnHeaders="false",
                         RowScanDepth=0, TypeDetectionScheme="None", PushEmptyValuesAsNull="false")
    for name, text in texts.items():
        closed = is_closed(text, delimiter, quote)
        try:
            got = [tuple(row) for row in connection.execute(f'SELECT * FROM "{name}"').fetchall()]
            counted = connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
        except pyodbc.Error as error:
            got, counted = error.args, None
        if closed and got == wanted_rows(text, delimiter, quote) and counted == len(got):
            right += 1
        elif not closed and counted is None and "never closed" in got[1]:
            right += 1
        elif not wrong:
            wrong = f"FMT={delimiter!r} quote={quote!r} Charset={charset} {text[:300]!r}\n got {str(got)[:400]}\n of {str(wanted_rows(text, delimiter, quote) if closed else 'a quote that is not closed')[:400]}"
    connection.close()
    return right, wrong


def rows_are_those_of_python():
    made = random.Random(SEED)
    right, wrong = 0, ""
    for first in range(0, CASES, PER_CONNECTION):
        count = min(PER_CONNECTION, CASES - first)
        with tempfile.TemporaryDirectory(prefix="restodbc-csv-") as folder:
            some, problem = one_group(made, folder, count)
        right += some
        wrong = wrong or problem
    check(right == CASES, f"{CASES} files of seed {SEED} have the rows that Python's csv module finds", f"{CASES - right} have not\n{wrong}")


# ---- Values of all types ----

def value_of(random, kind):
    """A value and how a file writes it."""
    if random.random() < 0.1:
        return None, ""
    if kind == "integer":
        value = random.randrange(-2**31, 2**31) if random.random() < 0.3 else random.randrange(-50, 1000)
        return value, str(value)
    if kind == "bigint":
        value = random.randrange(-2**63, 2**63)
        return value, str(value)
    if kind == "decimal":
        value = decimal.Decimal(random.randrange(-10**9, 10**9)).scaleb(-3)
        return value, str(value) if "E" not in str(value) else format(value, "f")
    if kind == "double":
        value = random.choice([random.random() * 10**random.randrange(-30, 30), float(random.randrange(10**6)) / 7, -0.5])
        return value, f"{value!r}" if "e" in repr(value) and "." in repr(value) else f"{value:.17e}"
    if kind == "boolean":
        value = random.random() < 0.5
        return value, random.choice(["true", "TRUE"] if value else ["false", "False"])
    if kind == "date":
        value = datetime.date(1900, 1, 1) + datetime.timedelta(random.randrange(60000))
        return value, value.isoformat()
    if kind == "time":
        value = datetime.time(random.randrange(24), random.randrange(60), random.randrange(60))
        return value, value.isoformat()
    if kind == "timestamp":
        value = datetime.datetime(1950, 1, 1) + datetime.timedelta(seconds=random.randrange(3 * 10**9))
        return value, value.isoformat(random.choice([" ", "T"]))
    value = random.choice(["one", "two, three", 'say "so"', "line\nbreak", "007", "1e5", "1-2-3", "12:30", "Größe", "-", "+5"])
    return value, value


KINDS = ["integer", "bigint", "decimal", "double", "boolean", "date", "time", "timestamp", "string"]
CONDITIONS = ["=", "<>", "<", "<=", ">", ">="]


def holds(value, op, other):
    return {"=": value == other, "<>": value != other, "<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other}[op]


def literal(kind, value):
    if kind in ("date", "time"):
        return f"{{{'d' if kind == 'date' else 't'} '{value.isoformat()}'}}"
    if kind == "timestamp":
        return f"{{ts '{value.isoformat(' ')}'}}"
    if kind == "string":
        return "'" + value.replace("'", "''") + "'"
    if kind == "double":
        return f"{value:.17e}"
    return str(int(value)) if kind == "boolean" else format(value, "f") if kind == "decimal" else str(value)


def check_conditions(made, connection, kinds, rows, label):
    for column, kind in enumerate(kinds):
        known = [row[column] for row in rows if row[column] is not None]
        if not known:
            continue
        op, bound = made.choice(CONDITIONS), made.choice(known)
        if kind == "string" and op not in ("=", "<>"):
            op = "="
        got = connection.execute(f"SELECT c{column} FROM \"t.csv\" WHERE c{column} {op} {literal(kind, bound)}").fetchall()
        equal([row[0] for row in got], [value for value in known if holds(value, op, bound)], f"{label}: {kind} {op} {bound!r}")
        if kind in ("integer", "decimal", "bigint") and abs(sum(known)) < 2**63:
            got = connection.execute(f'SELECT COUNT(c{column}), SUM(c{column}), MIN(c{column}), MAX(c{column}), COUNT(*) FROM "t.csv"').fetchone()
            equal(tuple(got), (len(known), sum(known), min(known), max(known), len(rows)), f"{label}: aggregates of a {kind}")


def values_are_those_that_were_written():
    made = random.Random(SEED)
    for case in range(40):
        kinds = [made.choice(KINDS) for _ in range(made.randrange(1, 9))]
        rows, texts = [], []
        for _ in range(made.randrange(1, 300)):
            pairs = [value_of(made, kind) for kind in kinds]
            rows.append(tuple(value for value, _ in pairs))
            texts.append([text for _, text in pairs])
        for column, kind in enumerate(kinds):   # a column of nothing but NULL is of no type
            if all(row[column] is None for row in rows):
                value, text = None, ""
                while value is None:
                    value, text = value_of(made, kind)
                rows[0] = rows[0][:column] + (value,) + rows[0][column + 1:]
                texts[0][column] = text
        if any(kind == "string" and all(row[i] in (None, "1e5", "-") or str(row[i]).lstrip("+-").isdigit() for row in rows) for i, kind in enumerate(kinds)):
            continue                            # such a column may look like another type
        with tempfile.TemporaryDirectory(prefix="restodbc-csv-") as folder:
            with open(os.path.join(folder, "t.csv"), "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator=made.choice(["\n", "\r\n"]))
                writer.writerow([f"c{i}" for i in range(len(kinds))])
                writer.writerows(texts)
            connection = connect(folder, RowScanDepth=0)
            got = [tuple(row) for row in connection.execute('SELECT * FROM "t.csv"').fetchall()]
            if len(kinds) == 1:                 # the writer quotes what would be a blank line
                pass
            if check(got == rows, f"file {case}: {', '.join(kinds)}, {len(rows)} rows", next((f"{a} {b}" for a, b in zip(got, rows) if a != b), (len(got), len(rows)))):
                check_conditions(made, connection, kinds, rows, f"file {case}")
            connection.close()


run(rows_are_those_of_python, values_are_those_that_were_written)
