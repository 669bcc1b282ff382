#!/usr/bin/python3
"""doc/sql.md: every example in it gives what stands behind it, and its lists of functions, types and reserved words are the driver's own.

Without an argument: the page must be what the driver says. With --write: puts the driver's answers into it, where an answer is shown.

A block ```sql is one text for SQLExecDirect, on a connection that all such blocks share. Words behind `sql` change that:
  workspace       the connection with Workspace=:memory:, which these blocks share
  fresh [P=V …]   a connection of its own, with these properties
  with (…)        the values of its parameters, as Python writes a tuple
The block ```json before it is the file views.json.

Behind a block stand the results that it shows: a table for each result set, or one line with an SQLSTATE in backquotes and a text that
its message contains. A block without either must succeed. A cell … is not compared; a last row of … stands for any further rows.

In the tables of functions each name has a value for its example, and takes the arguments and gives the type of driver/sql/functions.c.
"""
import ast
import datetime
import decimal
import os
import re
import sys

from harness import SOURCE, Session, check, equal, run

PAGE = os.path.join(SOURCE, "doc", "sql.md")
ANY = "…"
ADDRESS = "https://rest.tsheets.com"                    # shown in the place of the sandbox's
FUNCTION_HEAD = ["function", "type", "gives", "example", "value"]
NUMBERS = "(VALUES (1), (2), (4), (NULL)) t(n)"        # what the examples of aggregates and window functions are over
# How the page names the results of driver/sql/functions.h.
RESULTS = {"RESULT_BOOLEAN": "boolean", "RESULT_INTEGER": "integer", "RESULT_BIGINT": "bigint", "RESULT_DOUBLE": "double", "RESULT_DATE": "date",
           "RESULT_TIME": "time", "RESULT_TIMESTAMP": "timestamp", "RESULT_STRING": "string", "RESULT_STRING_OF_1": "string",
           "RESULT_STRING_OF_ALL": "string", "RESULT_STRING_SHORT": "string", "RESULT_SAME_AS_1": "that of x", "RESULT_WHOLE_OF_1": "that of x, whole",
           "RESULT_ROUNDED_1": "that of x, a digit more",
           "RESULT_COMMON": "the common one", "RESULT_TIMESTAMP_OF_3": "date or timestamp", "RESULT_TRUNCATED_DATE": "date or timestamp",
           "RESULT_OF_TYPE_ARGUMENT": "the one named", "RESULT_SUM": "see above", "RESULT_AVERAGE": "see above", "RESULT_MODULO": "that of %"}


# ---- The page ----

def cells(line):
    return [re.sub(r"\\([|<])", r"\1", cell).strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def line_of(row):
    return "| " + " | ".join(re.sub(r"([|<])", r"\\\1", cell) for cell in row) + " |"


class Block:
    """One example: its text, how it is run, and the lines that show what it gives."""

    def __init__(self, lines, start):
        self.start = start
        self.words = lines[start][len("```sql"):].strip()
        end = lines.index("```", start)
        self.text = "\n".join(lines[start + 1:end])
        self.json = "\n".join(lines[:start]).rpartition("```json\n")[2].partition("```")[0]
        self.first = end + 1            # the first line behind the block, and where what it shows ends
        self.tables, self.failure, at = [], None, end + 1
        self.end = at
        while at < len(lines):
            if not lines[at].strip():
                at += 1
            elif lines[at].startswith("|"):
                table = []
                while at < len(lines) and lines[at].startswith("|"):
                    table.append(lines[at])
                    at += 1
                self.tables.append([cells(line) for i, line in enumerate(table) if i != 1])
                self.end = at
            else:
                match = re.match(r"`([0-9A-Z?]{5})` (.*)", lines[at])
                if match and not self.tables:
                    self.failure = match.groups()
                    self.end = at + 1
                break


def page_lines():
    with open(PAGE, encoding="utf-8") as file:
        return file.read().split("\n")


def blocks(lines):
    return [Block(lines, i) for i, line in enumerate(lines) if re.match(r"```sql\b", line)]


# ---- Running ----

def shown(value, sandbox=re.compile(r"http://127\.0\.0\.1:\d+")):
    """A value as the page writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(value)[:-2] if repr(value).endswith(".0") else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray)):
        return f"X'{value.hex().upper()}'"
    return re.sub(r"\s+", " ", sandbox.sub(ADDRESS, str(value))).strip()


def results(cursor):
    """The result sets of what has been executed, each a list of rows with the labels first."""
    found, more = [], True
    while more:
        if cursor.description:
            found.append([[label[0] for label in cursor.description]] + [[shown(value) for value in row] for row in cursor.fetchall()])
        more = cursor.nextset()
    return found


class Connections:
    def __init__(self, session):
        self.session = session
        self.kept = {}

    def of(self, block):
        """The connection that a block asks for, and the values of its parameters."""
        words, _, values = block.words.partition("with ")
        words = words.split()
        parameters = ast.literal_eval(values) if values else ()
        if words[:1] == ["fresh"]:
            with open(self.session.path("views.json"), "w", encoding="utf-8") as file:
                file.write(block.json)
            pairs = dict(word.split("=", 1) for word in words[1:])
            return self.session.connect(**{name: value.replace("views.json", file.name) for name, value in pairs.items()}), parameters
        name = words[0] if words else ""
        if name not in self.kept:
            properties = {"": {}, "workspace": {"Workspace": ":memory:"}}[name]
            self.kept[name] = self.session.connect(**properties)
        return self.kept[name], parameters

    def answer(self, block):
        """(result sets, None) or (None, (SQLSTATE, message))"""
        import pyodbc
        connection, parameters = self.of(block)
        try:
            return results(connection.cursor().execute(block.text, *parameters)), None
        except pyodbc.Error as error:
            return None, (error.args[0], error.args[1])


def same_row(got, wanted):
    return len(got) == len(wanted) and all(w == ANY or g == w for g, w in zip(got, wanted))


def same_table(got, wanted):
    """Whether the rows are those shown; a row of … stands for any number of them."""
    open_ended = set(wanted[-1]) == {ANY} and len(wanted) > 1
    if open_ended:
        wanted = wanted[:-1]
    return (len(got) >= len(wanted) if open_ended else len(got) == len(wanted)) and all(map(same_row, got, wanted))


def as_text(tables):
    return "\n".join(" | ".join(row) for table in tables or [] for row in table)


def judge(block, found, failure):
    name = f"line {block.start + 1}: " + re.sub(r"\s+", " ", block.text)[:100]
    if block.failure:
        state, message = block.failure
        check(failure and failure[0] == state and message in failure[1], name, f"got    {failure or as_text(found)}\nwanted {state} {message}")
    elif failure:
        check(False, name, failure)
    else:
        check(not block.tables or (len(found) == len(block.tables) and all(map(same_table, found, block.tables))), name,
              f"got\n{as_text(found)}\nwanted\n{as_text(block.tables)}")


def examples():
    with Session() as session:
        connections, found = Connections(session), blocks(page_lines())
        check(len(found) > 40, "the page has examples", len(found))
        for block in found:
            judge(block, *connections.answer(block))


# ---- The lists ----

def source(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def known_functions():
    """name → (engine name, smallest, largest, result), of driver/sql/functions.c"""
    rows = re.findall(r'\{"(\w+)", "(\w+)", (\d+), (-?\d+), "\w*", (RESULT_\w+), NULLS_\w+, (?:true|false)\}', source("driver/sql/functions.c"))
    return {name: (engine, int(smallest), int(largest), result) for name, engine, smallest, largest, result in rows}


def shape(form):
    """LOCATE(a, b [, start]) → ("LOCATE", 2, 3): the name, and how many arguments it takes; −1 for any number."""
    name, _, arguments = form.partition("(")
    arguments = re.sub(r" (FROM|IN) ", ", ", arguments.removesuffix(")"))
    needed = re.sub(r"\[[^\]]*\]", "", arguments)
    most = -1 if ANY in arguments else len([a for a in arguments.replace("[", ",").split(",") if a.strip(" ]")])
    return name.strip(), len([a for a in needed.split(",") if a.strip(f" {ANY}")]), most


def function_rows(lines):
    rows, inside = [], False
    for line in lines:
        if not line.startswith("|"):
            inside = False
        elif cells(line) == FUNCTION_HEAD:
            inside = True
        elif inside and not line.startswith("|--"):
            rows.append(cells(line))
    return rows


def column(connection, expression):
    """The values of an expression, divided by commas; over the numbers where it is an aggregate or stands with OVER."""
    over = f" FROM {NUMBERS}" if re.search(r"\bn\b", expression) or " OVER " in expression else ""
    return ", ".join(shown(row[0]) for row in connection.cursor().execute(f"SELECT {expression}{over}").fetchall())


def functions():
    known, told = known_functions(), set()
    check(len(known) > 90, "the functions are found in the source", len(known))
    with Session() as session:
        connection = session.connect()
        for forms, kind, _, example, value in function_rows(page_lines()):
            forms = re.findall(r"`([^`]*)`", forms)
            engines = set()
            for form in forms:
                name, smallest, largest = shape(form)
                told.add(name)
                if name in known:       # the others have a grammar of their own; that their example runs is the proof
                    engine, *numbers, result = known[name]
                    engines.add(engine)
                    equal((smallest, largest, kind), (*numbers, RESULTS[result]), f"{form} takes as many arguments and gives its type")
            check(len(engines) <= 1, f"{', '.join(forms)} are the same function", engines)
            example = example.strip("`")
            if value.strip("`") == ANY:
                column(connection, example)
            else:
                equal(column(connection, example), value.strip("`").strip(), example)
            if re.fullmatch(re.escape(shape(forms[0])[0]) + r"\(.*\)", example) and " FROM " not in example and not re.search(r"\bn\b", example):
                column(connection, "{fn " + example + "}")
    equal(sorted(told & set(known)), sorted(known), "the page tells of every function")


def words_behind(heading):
    """The backquoted words of the first paragraph or table behind a marker of the page."""
    text = source("doc/sql.md").split(f"<!-- {heading} -->", 1)[1].split("\n<!--", 1)[0]
    return [word for span in re.findall(r"`([^`]*)`", text) for word in re.split(r"[ ,]+", span) if word]


def lists():
    reserved = re.findall(r'\{"([A-Z]+)", false\}', re.search(r"reserved\[\] = \{(.*?)\n\};", source("driver/sql/parser.c"), re.S).group(1))
    equal(sorted(words_behind("reserved words")), sorted(reserved), "the reserved words are the parser's")
    types = set(re.findall(r'\{"([A-Z0-9_]+)", TYPE_', source("driver/sql/parser_type.c")))
    told = {word for word in words_behind("type names") if re.fullmatch(r"[A-Z0-9_]+", word)}
    equal(sorted(told), sorted(name for name in types if not name.startswith("SQL_")), "the names of types are the parser's")


# ---- Writing ----

def table_lines(got, wanted):
    """A result as the page shows it; where it showed … in a column or for the last rows, it does so again."""
    skipped = {i for row in wanted[1:] for i, cell in enumerate(row) if cell == ANY and set(row) != {ANY}}
    rows = [[ANY if i in skipped else cell for i, cell in enumerate(row)] for row in got[1:]]
    if len(wanted) > 1 and set(wanted[-1]) == {ANY}:
        rows = rows[:len(wanted) - 2] + [[ANY] * len(got[0])]
    return [line_of(got[0]), "|" + "---|" * len(got[0]), *map(line_of, rows)]


def write():
    lines = page_lines()
    with Session() as session:
        connections = Connections(session)
        changes = []
        for block in blocks(lines):
            found, failure = connections.answer(block)
            new = None
            if failure and (block.failure or block.tables):
                if not (block.failure and failure[0] == block.failure[0] and block.failure[1] in failure[1]):
                    new = ["", f"`{failure[0]}` " + re.sub(r"^(\[[^\]]*\])+ ?|(\[[^\]]*\] ?)+(?=[A-Z])| \(\d+\) \(SQL\w+\)$", "", failure[1])]
            elif failure:
                print(f"line {block.start + 1}: {failure}")
            elif block.tables:
                new = []
                for i, table in enumerate(found):
                    new += ["", *table_lines(table, block.tables[i] if i < len(block.tables) else [])]
            elif block.failure:
                print(f"line {block.start + 1}: succeeds")
            if new:
                changes.append((block.first, block.end, new))
        known, connection = known_functions(), session.connect()
        rows = {line_of(row): row for row in function_rows(lines)}
        for first, end, new in reversed(changes):
            lines[first:end] = new
        for i, line in enumerate(lines):
            if line in rows:
                forms, kind, gives, example, value = rows[line]
                name = shape(re.findall(r"`([^`]*)`", forms)[0])[0]
                kind = RESULTS[known[name][3]] if name in known else kind
                value = value if value == ANY else column(connection, example.strip("`"))
                lines[i] = line_of((forms, kind, gives, example, value))
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if sys.argv[1:] == ["--write"]:
    write()
else:
    run(examples, functions, lists)
