"""Every table of a service against what its sandbox holds: the harness. A test names the service and, in lists that are meant to be short,
what the rules below do not give; tsheets_tables.py is one.

The rows that are expected come from the sandbox's raw JSON by rules of naming and of values, never from the definition:

* a column is called as its member, in PascalCase: `group_id` is GroupId, case does not matter;
* what stands within an object is a column too where the service says how they are called (Service.flat), else the object is JSON;
* its type is told by the values that the member has in all rows: a JSON boolean makes it a boolean, whatever else stands there; numbers
  with a fraction a double; texts that all look like it a date, a time or a timestamp (compared in UTC); objects are compared as JSON,
  lists of numbers and texts as one text with commas;
* what a service writes for nothing (null, "", [], {}, 0000-00-00, 1970-01-01) is NULL, but "" in a text is a text;
* the primary key is Id, and a member whose name ends like one of the service's `references` refers to that table.

The definition is read for one thing only: which filters it declares. Each is exercised once pushed and once with Pushdown=0; both answers
must be the rows that Python finds in the raw data, and what the log of the sandbox has must be the value that was asked for.
"""
import collections
import dataclasses
import datetime
import glob
import json
import os
import re
import traceback
import xml.etree.ElementTree as ElementTree

from harness import SOURCE, check, equal, plain

SPACE = "{urn:restodbc:provider:1}"
OPERATORS = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
KINDS = {-7: "boolean", 4: "integer", -5: "integer", 8: "double", 3: "double", 91: "date", 92: "time", 93: "timestamp", -9: "string", -10: "string",
         -11: "guid"}


@dataclasses.dataclass
class Table:
    """One table. raw: a list of the sandbox's (GET /_data/<raw>), or a function of the service that gives the rows as dictionaries;
    members whose name begins with _ are no columns, only something to look at in Input.keep."""
    raw: object
    key: tuple = ("Id",)
    names: dict = dataclasses.field(default_factory=dict)       # member → column, where the rule does not give it
    inner: dict = dataclasses.field(default_factory=dict)       # "member.member" → column: what stands within objects
    without: tuple = ()                                         # members that are no columns
    kinds: dict = dataclasses.field(default_factory=dict)       # column → kind, where the values do not tell it
    never: tuple = ()                                           # columns that the sandbox has nothing for
    references: dict = dataclasses.field(default_factory=dict)  # column → "Table.Column" or None, where the rule does not give it
    where: dict = dataclasses.field(default_factory=dict)       # column → value: what every query names
    beside: dict = dataclasses.field(default_factory=dict)      # column → {column: value}: what else a query by its filter names; [value]: what it
    # means without naming it
    quiet: tuple = ()                                           # columns whose filter only tells how a path is filled
    text_ids: bool = False                                      # numbers of columns that end in Id are texts here


@dataclasses.dataclass
class Input:
    """What an input of a table means. keep(row, values) tells whether a raw row is among those asked for; rows(service, values) gives
    them all in its place. also: what else the query names."""
    values: list
    keep: object = None
    rows: object = None
    also: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Service:
    session: object                                 # a harness.Session
    folder: str                                     # of the definition, below providers/
    tables: dict                                    # name → Table
    references: dict                                # the end of a member's name → table that has the id as its key
    inputs: dict                                    # (table or "*", input) → Input
    properties: dict = dataclasses.field(default_factory=dict)   # of every connection
    files: str = "*.xml"                            # of the definition
    without_rows: tuple = ()                        # tables that are empty here
    unproven: dict = dataclasses.field(default_factory=dict)     # (table, column) → why no value of it is here to ask for
    flat: object = None                             # names of members from the row inwards → column; None: objects are JSON
    kind: object = None                             # (column, values) → its kind where the rule of the values does not count, else None
    nothing: tuple = ()                             # texts that are NULL also in a text
    no_columns: str = "$^"                          # members that are no columns in any table: a regular expression of their whole name
    asked: object = None                            # entry of the log → {parameter: text}; the query and the JSON body when None

    def raw(self, table):
        source = self.tables[table].raw
        return self.session.raw(source) if isinstance(source, str) else source(self)


# ---- From raw JSON to rows ----

def pascal(member):
    return "".join(part[:1].upper() + part[1:] for part in member.split("_"))


def digits(value):
    return isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"-?\d+", value))


def kind_of(name, values):
    """The kind of a column by its values; None when they tell nothing."""
    there = [value for value in values if value is not None and value != "" and value != [] and value != {}]
    if any(isinstance(value, bool) for value in there):
        return "boolean"
    if not there:
        return None
    if all(isinstance(value, list) for value in there):
        return "json" if any(isinstance(one, (list, dict)) for value in there for one in value) else "list"
    if any(isinstance(value, (dict, list)) for value in there):
        return "json"
    if any(isinstance(value, float) for value in there):
        return "double"
    if all(digits(value) for value in there):
        return "integer" if any(isinstance(value, int) for value in there) or name.lower().endswith("id") else "string"
    for kind, form in (("timestamp", r"\d{4}-\d\d-\d\dT.*"), ("date", r"\d{4}-\d\d-\d\d"), ("time", r"\d\d:\d\d:\d\d")):
        if all(isinstance(value, str) and re.fullmatch(form, value) for value in there):
            return kind
    return "string"


def text_of(value):
    return "true" if value is True else "false" if value is False else str(value)


def cell(kind, value):
    """A raw value as the cell that it must become, in the form of harness.plain."""
    if value is None or value == [] or value == {} or (value == "" and kind not in ("string", "list")):
        return None
    if kind == "boolean":
        return int(value in (True, 1, "1", "yes", "true"))
    if kind == "integer":
        return int(value)
    if kind == "double":
        return plain(float(value))
    if kind == "json":
        return json.dumps(value, sort_keys=True)
    if kind == "list":
        return ",".join(map(text_of, value)) if isinstance(value, list) else text_of(value)
    if kind in ("date", "timestamp") and re.match(r"0000|1970-01-01", value):
        return None
    if kind == "timestamp":
        moment = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        return (moment.astimezone(datetime.timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment).isoformat(" ")
    if kind == "date":
        return value[:10]
    return text_of(value)


def walk_members(service, table, raw, path=()):
    """(column, raw value) of each member; of those of objects that are laid flat."""
    for member, value in raw.items():
        if member.startswith("_") or (not path and member in table.without) or re.fullmatch(service.no_columns, member):
            continue
        inward = path + (member,)
        dotted = ".".join(inward)
        if service.flat and isinstance(value, dict) and dotted not in table.names:
            yield from walk_members(service, table, value, inward)
        else:
            yield table.names.get(dotted) or (service.flat(inward) if path else pascal(member)), value


def members_of(service, table, raw):
    """A raw row as {column in lower case: (column, raw value)}."""
    members = {name.lower(): (name, value) for name, value in walk_members(service, table, raw)}
    for path, name in table.inner.items():
        value = raw
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        members[name.lower()] = (name, value)
    return members


class Expected:
    """The rows of a table as they must come: .columns {lower name: name}, .kinds, .rows [(raw, {lower name: cell})]."""

    def __init__(self, service, table, raw_rows, told_kinds):
        split = [members_of(service, table, raw) for raw in raw_rows]
        self.columns = {name.lower(): name for name in table.never}
        for members in split:
            self.columns.update({lower: name for lower, (name, _) in members.items()})
        self.kinds = {}
        for lower, name in self.columns.items():
            values = [members[lower][1] for members in split if lower in members]
            kind = service.kind and service.kind(name, values) or kind_of(name, values)
            kind = {key.lower(): value for key, value in table.kinds.items()}.get(lower, kind)
            if table.text_ids and kind == "integer" and lower.endswith("id"):
                kind = "string"
            self.kinds[lower] = kind or told_kinds.get(lower)       # nothing tells it: whatever the driver says is as good
        self.rows = [(raw, {lower: cell(self.kinds[lower], members[lower][1])
                            if lower in members and members[lower][1] not in service.nothing else None for lower in self.columns})
                     for raw, members in zip(raw_rows, split)]


def comparable(kinds, row):
    """A row of pyodbc, {lower name: value}, in the form of cells."""
    return {name: json.dumps(json.loads(value), sort_keys=True) if kinds.get(name) == "json" and value is not None else plain(value)
            for name, value in row.items()}


def as_bag(rows):
    return collections.Counter(tuple(sorted(row.items(), key=lambda item: item[0])) for row in rows)


def same(got, wanted, name):
    """Equal rows, in any order; says which differ."""
    got, wanted = as_bag(got), as_bag(wanted)
    more, less = list((got - wanted).elements())[:2], list((wanted - got).elements())[:2]
    differing = sorted(set(more[0]) ^ set(less[0]), key=str) if more and less else []
    return check(not more and not less, name, f"{sum(got.values())} rows, wanted {sum(wanted.values())}\ndiffer  {differing}\ngot     {more}\nmissing {less}")


# ---- Asking ----

def quoted(name):
    return '"' + name + '"'


def where_text(conditions):
    """conditions: (column, operator, values). The text of a WHERE, or none, and its parameters."""
    texts, values = [], []
    for column, operator, given in conditions:
        if operator in ("null", "not-null"):
            texts.append(f"{quoted(column)} IS {'NOT ' if operator == 'not-null' else ''}NULL")
        elif given == ["*"]:            # all: only the statement's own text says so
            texts.append(f"{quoted(column)} {operator} '*'")
        elif operator == "in":
            texts.append(f"{quoted(column)} IN ({', '.join('?' * len(given))})")
            values += given
        else:
            texts.append(f"{quoted(column)} {operator} ?")
            values += given
    return " WHERE " + " AND ".join(texts) if texts else "", values


def read(connection, table, kinds, conditions=(), columns="*", more=""):
    """The rows as comparable dictionaries."""
    texts, values = where_text(conditions)
    cursor = connection.execute(f"SELECT {columns} FROM {quoted(table)}" + texts + more, *values)
    names = [column[0].lower() for column in cursor.description]
    return [comparable(kinds, dict(zip(names, row))) for row in cursor.fetchall()]


def where_of(table, but=()):
    return [(column, "=", [value]) for column, value in table.where.items() if column not in but]


class Tester:
    def __init__(self, service):
        self.service = service
        self.plain = service.session.connect(**service.properties)
        self.unpushed = service.session.connect(**{**service.properties, "Other": "Pushdown=0"})
        self.paged = service.session.connect(**{**service.properties, "Pagesize": 7})
        self.definition = declared(service)
        self.cursor = self.plain.cursor()

    # -- the catalog --

    def told(self, name):
        """What SQLColumns says: [(column, SQL type, nullable)], of the columns that SELECT * has."""
        rows = self.cursor.columns(table=name).fetchall()
        pseudo = {column for column, is_input, _ in self.definition[name] if is_input}
        return [(row.column_name, row.data_type, row.nullable, row.ordinal_position) for row in rows if row.column_name not in pseudo]

    def catalog(self, name, expected, told, cursor_names):
        table = self.service.tables[name]
        equal([row[0] for row in told], cursor_names, f"{name}: SQLColumns has the columns of SELECT *, in order")
        equal([row[3] for row in told], list(range(1, len(told) + 1)), f"{name}: numbered from 1")
        columns = {row[0].lower() for row in told}
        check(columns == set(expected.columns), f"{name}: the columns are the members of the raw rows",
              f"no members {sorted(columns - set(expected.columns))}\nno columns {sorted(set(expected.columns) - columns)}")
        wrong = [(column, sql_type, expected.kinds[column.lower()]) for column, sql_type, *_ in told
                 if not fits(sql_type, expected.kinds.get(column.lower()), column)]
        equal(wrong, [], f"{name}: the types are those of the values")
        keys = [row.column_name for row in self.cursor.primaryKeys(table=name).fetchall()]
        equal(keys, list(table.key), f"{name}: SQLPrimaryKeys")
        equal([row[0] for row in told if row[2] == 0 and row[0] not in keys and
               any(cells[row[0].lower()] is None for _, cells in expected.rows)], [], f"{name}: what is told to be never NULL is not")
        if keys:
            found = [tuple(cells[key.lower()] for key in keys) for _, cells in expected.rows]
            check(len(set(found)) == len(found) and not any(None in key for key in found), f"{name}: the primary key is one",
                  [key for key, count in collections.Counter(found).items() if count > 1][:5])
        self.references(name, expected)

    def references(self, name, expected):
        table = self.service.tables[name]
        got = {row.fkcolumn_name.lower(): f"{row.pktable_name}.{row.pkcolumn_name}" for row in
               self.cursor.foreignKeys(foreignTable=name).fetchall()}
        wanted = {}
        for lower, column in expected.columns.items():
            member = re.sub(r"(?<!^)(?=[A-Z])", "_", column).lower()
            ends = [end for end in self.service.references if member == end or member.endswith("_" + end)]
            integers = ("string",) if table.text_ids else ("integer", "string") if self.service.kind else ("integer",)
            if ends and expected.kinds[lower] in integers:
                to = self.service.references[max(ends, key=len)]
                wanted[lower] = to if to is None or "." in to else to + ".Id"
        wanted.update({column.lower(): to for column, to in table.references.items()})
        wanted = {column: to for column, to in wanted.items() if to}
        for key in table.key:           # not to itself
            if wanted.get(key.lower()) == f"{name}.{key}":
                del wanted[key.lower()]
        equal(got, wanted, f"{name}: SQLForeignKeys")

    # -- the rows --

    def table(self, name):
        table = self.service.tables[name]
        told = self.told(name)
        kinds = {row[0].lower(): KINDS.get(row[1]) for row in told}
        expected = Expected(self.service, table, self.service.raw(name), kinds)
        conditions = where_of(table)
        texts, values = where_text(conditions)
        cursor = self.plain.execute(f"SELECT * FROM {quoted(name)}" + texts, *values)
        names = [column[0] for column in cursor.description]
        got = [comparable(expected.kinds, dict(zip((n.lower() for n in names), row))) for row in cursor.fetchall()]
        wanted = [cells for _, cells in expected.rows]
        check(wanted or name in self.service.without_rows, f"{name}: there are rows to compare")
        same(got, wanted, f"{name}: SELECT * is what the raw JSON has")
        same(read(self.paged, name, expected.kinds, conditions), wanted, f"{name}: and in pages of 7")
        self.catalog(name, expected, told, names)
        self.counts(name, expected, conditions)
        for column, is_input, filters in self.definition[name]:
            for one in filters:
                for op in one["op"].split():
                    if is_input:
                        self.input(name, expected, column, one, op)
                    else:
                        self.filter(name, expected, column, one, op)

    def counts(self, name, expected, conditions):
        rows = read(self.plain, name, {}, conditions, "COUNT(*) AS n")
        equal(rows, [{"n": len(expected.rows)}], f"{name}: COUNT(*)")
        keys = self.service.tables[name].key
        if not keys or not expected.rows:
            return
        order = ", ".join(f"{quoted(key)} DESC" for key in keys)
        got = read(self.plain, name, {}, conditions, ", ".join(map(quoted, keys)), f" ORDER BY {order} LIMIT 3")
        wanted = sorted((tuple(cells[key.lower()] for key in keys) for _, cells in expected.rows), reverse=True)[:3]
        equal([tuple(row.values()) for row in got], wanted, f"{name}: ORDER BY {order} LIMIT 3")

    # -- filters --

    def filter(self, name, expected, column, one, op):
        table, kind = self.service.tables[name], expected.kinds[column.lower()]
        label = f"{name}: {column} {op} as {one.get('parameter', 'a part of the path')}"
        values = choose(kind, [cells[column.lower()] for _, cells in expected.rows], one, op)
        if values is None:
            why = self.service.unproven.get((name, column))
            check(why, f"{label}: no value to ask for" + (f" ({why})" if why else ""))
            return
        beside = table.beside.get(column, {})
        conditions = where_of(table, (column, *beside)) + [(other, "=", [value]) for other, value in beside.items() if not isinstance(value, list)]
        conditions.append((column, op, [typed(kind, value) for value in values]))
        wanted = [cells for _, cells in expected.rows if passes(cells[column.lower()], op, values)
                  and all(value == "*" or cells[other.lower()] in (value if isinstance(value, list) else [value]) for other, value in beside.items())]
        self.both(name, expected, conditions, wanted, label, one, [] if column in table.quiet else sent_texts(kind, one, op, values), bool(wanted) or op not in ("=", "in"))

    def input(self, name, expected, column, one, op):
        meaning = self.service.inputs.get((name, column)) or self.service.inputs.get(("*", column))
        label = f"{name}: the input {column} {op} as {one.get('parameter', 'a part of the path')}"
        why = self.service.unproven.get((name, column))
        if not check(meaning or why, f"{label} has a meaning here" + (f" ({why})" if why else "")) or not meaning:
            return
        values = meaning.values[:1] if op != "in" else meaning.values
        if meaning.rows:
            wanted = [cells for _, cells in Expected(self.service, self.service.tables[name], meaning.rows(self.service, values), expected.kinds).rows]
            wanted = [{lower: cells.get(lower) for lower in expected.columns} for cells in wanted]
        else:
            wanted = [cells for raw, cells in expected.rows if meaning.keep(raw, values)]
        conditions = where_of(self.service.tables[name], (column, *meaning.also)) + [(other, "=", [value]) for other, value in meaning.also.items()]
        conditions.append((column, op, values))
        kind = kind_of(column, values) if not isinstance(values[0], (datetime.date, datetime.datetime)) else \
            "timestamp" if isinstance(values[0], datetime.datetime) else "date"
        texts = sent_texts(kind, one, op, [plain(value) if kind != "boolean" else int(value) for value in values])
        self.both(name, expected, conditions, wanted, label, one, texts, bool(wanted) or name in self.service.without_rows)

    def both(self, name, expected, conditions, wanted, label, one, texts, proves):
        check(proves, f"{label}: finds something", "so it proves little")
        self.service.session.forget()
        got = read(self.plain, name, expected.kinds, conditions)
        log = self.service.session.log()
        same(got, wanted, f"{label}: pushed")
        sent = set()
        if "parameter" not in one:
            sent = {text for text in texts if any(text in entry["path"] for entry in log)}
        for entry in log if "parameter" in one else []:
            value = (self.service.asked or parameters)(entry).get(one["parameter"])
            if value is not None:
                sent |= set(value) if isinstance(value, list) else {value} if "separator" not in one or one["separator"] == "[]" else \
                    set(value.split(one["separator"]))
        check(set(texts) - {""} <= sent, f"{label}: the request has it", f"sent   {sorted(sent)}\nwanted {texts}")
        same(read(self.unpushed, name, expected.kinds, conditions), wanted, f"{label}: not pushed")


def fits(sql_type, kind, column):
    told = KINDS.get(sql_type)
    if column.lower().endswith("id") and kind == "integer":
        return sql_type == -5
    return kind is None or told == {"list": "string", "json": "string"}.get(kind, kind) or (kind == "integer" and told == "double")


def declared(service):
    """{table: [(column, is an input, [attributes of a filter])]} of the definition."""
    found = {}
    for path in sorted(glob.glob(os.path.join(SOURCE, "providers", service.folder, service.files))):
        for table in ElementTree.parse(path).getroot().iter(SPACE + "table"):
            found[table.get("name")] = [(one.get("name"), one.tag == SPACE + "input", [dict(f.attrib) for f in one.iter(SPACE + "filter")])
                                        for one in table if one.tag in (SPACE + "column", SPACE + "input")]
    return found


def parameters(entry):
    """What a request of the log carried: query parameters, or the members of its JSON body by their paths below `data`."""
    found = dict(entry["query"])

    def go(value, path):
        if isinstance(value, dict):
            for name, inner in value.items():
                go(inner, path + [name])
        else:
            found["/".join(path)] = [text_of(one) for one in value] if isinstance(value, list) else text_of(value)
    if "body" in entry:
        body = entry["body"]
        go(body["data"] if isinstance(body, dict) and isinstance(body.get("data"), dict) else body, [])
    return found


def choose(kind, cells, one, op):
    """Values of the column that the filter can be asked with: the middle ones. None when there are none."""
    if op in ("null", "not-null"):
        return []
    values = sorted({value for value in cells if value is not None and value != ""})
    if "map" in one:
        known = {pair.rsplit("=", 1)[0] for pair in one["map"].split()}
        values = [value for value in values if (("false", "true")[value] if kind == "boolean" else str(value)) in known]
    if kind == "string":
        separator = one.get("separator", "\0")
        values = [value for value in values if separator not in value and value.strip() == value]
        if op == "like":
            values = [value for value in values if re.match(r"[^%_\\]{2}", value)]
    if not values:
        return None
    middle = len(values) // 2
    if op == "in":
        return values[max(0, middle - 1):middle + 2]
    return [values[middle][:2] + "%"] if op == "like" else [values[middle]]


def typed(kind, value):
    """A cell as what is bound."""
    if kind == "boolean":
        return bool(value)
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(value)
    return datetime.date.fromisoformat(value) if kind == "date" else value


def passes(value, op, values):
    if op in ("null", "not-null"):
        return (value is None) == (op == "null")
    if value is None:
        return False
    one = values[0]
    return {"=": lambda: value == one, "in": lambda: value in values, "<>": lambda: value != one, "<": lambda: value < one,
            "<=": lambda: value <= one, ">": lambda: value > one, ">=": lambda: value >= one,
            "like": lambda: str(value).startswith(one[:-1])}[op]()


def sent_texts(kind, one, op, values):
    """How the values must stand in the request."""
    if op in ("null", "not-null"):
        return [one.get("prefix", "")]
    mapping = [pair.rsplit("=", 1) for pair in one["map"].split()] if "map" in one else None
    texts = []
    for value in values:
        text = ("false", "true")[int(value)] if kind == "boolean" else str(value)
        if mapping:
            texts += [one.get("prefix", "") + sent for key, sent in mapping if key.lower() == text.lower()]
            continue
        elif kind == "timestamp":
            moment = datetime.datetime.fromisoformat(text).replace(microsecond=0) + datetime.timedelta(seconds=int(one.get("shift", 0)))
            text = {"iso": moment.isoformat() + "+00:00", "compact-offset": moment.isoformat() + "+0000", "zulu": moment.isoformat() + "Z",
                    "seconds": str(int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())), "day": moment.date().isoformat()}[one.get("form", "iso")]
        elif op == "like":
            text = text[:-1] + one["wildcard"]
        texts.append(one.get("prefix", "") + text)
    return texts


def run_tables(service):
    """All tables of the service, and that there are no others."""
    tester = Tester(service)
    found = {row.table_name for row in tester.cursor.tables() if not row.table_name.lower().startswith("sys_")}
    for names, what in ((found, "the catalog has"), (set(tester.definition), "and the definition has")):
        check(names == set(service.tables), f"{what} exactly the tables that are known here",
              f"more    {sorted(names - set(service.tables))}\nmissing {sorted(set(service.tables) - names)}")
    for name in sorted(service.tables):
        try:
            tester.table(name)
        except Exception:               # the other tables are looked at all the same
            check(False, f"{name} is gone through", traceback.format_exc())
    return tester
