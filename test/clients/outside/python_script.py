"""pyodbc answers the questions of client.py: python_script.py DSN."""
import datetime
import decimal
import sys

import pyodbc

ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
KINDS = {"integer": int, "bigint": int, "double": float, "decimal": decimal.Decimal, "boolean": lambda text: text == "1",
         "date": datetime.date.fromisoformat, "time": datetime.time.fromisoformat, "timestamp": datetime.datetime.fromisoformat, "string": str}


def text_of(value):
    if value is None:
        return "\\N"
    return "".join(ESCAPES.get(character, character) for character in str(value))


def unescape(field):
    plain = field.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\0", "\\")
    return None if field == "\\N" else plain


def rows(result, *names):
    for row in result:
        print("|", *map(text_of, (getattr(row, name) for name in names) if names else row), sep="\t")


def values(given):
    return [None if value is None else KINDS[kind](value) for kind, value in zip(given[::2], given[1::2])]


def described(sql):
    """The Python type, the precision and the scale of each column, before a row is read."""
    for _, kind, _, _, precision, scale, _ in cursor.execute(sql).description:
        print("|", f"{kind.__name__}({precision},{scale})" if kind in (int, decimal.Decimal) else kind.__name__, sep="\t")


connection = pyodbc.connect(f"DSN={sys.argv[1]}", autocommit=True)
cursor = connection.cursor()
ANSWERS = {
    "tables": lambda: rows(cursor.tables(), "table_name"),
    "columns": lambda table: rows(cursor.columns(table=table), "column_name"),
    "keys": lambda table: rows(cursor.primaryKeys(table=table), "column_name"),
    "foreign": lambda table: rows(cursor.foreignKeys(foreignTable=table), "fkcolumn_name", "pktable_name", "pkcolumn_name"),
    "procedures": lambda: rows(cursor.procedures(), "procedure_name"),
    "inputs": lambda procedure: rows(cursor.procedureColumns(procedure=procedure), "column_name"),
    "types": described,
    "query": lambda sql, *given: rows(cursor.execute(sql, values(given))),
}
for line in sys.stdin:
    question, *fields = map(unescape, line.rstrip("\n").split("\t"))
    try:
        ANSWERS[question](*fields)
    except pyodbc.Error as failure:
        print("!", text_of(failure), sep="\t")
    print(".", flush=True)
connection.close()
