"""Answers to random SELECTs and how they are compared with SQLite's."""
import decimal
import math

from harness import plain_rows


def samples(database, tables):
    """The values that stand in the tables, by kind."""
    found = {}
    for table, (_, columns) in tables.items():
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
