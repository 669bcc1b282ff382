"""Random SELECTs over the sandbox's tables, each in two spellings: in the driver's SQL, and in SQLite's over the tables of oracle.py.

Where the two mean different things by the same words, the second spelling says what SQL means: a decimal is the whole number of its
last digits (12.34 is 1234 with scale 2), a date beside a timestamp is its midnight, functions that SQLite lacks are those of `emulate`.
A query is made from its seed alone, so a failing one can be made again.
"""
import datetime
import decimal
import random
import re

import oracle

KEYS = {table: "UserId" if table == "UserPermissions" else "Id" for table in oracle.TABLES}
LINKS = [("Timesheets", "UserId", "Users", "Id"), ("Timesheets", "JobcodeId", "JobCodes", "Id"), ("Users", "GroupId", "Groups", "Id"),
         ("JobcodeAssignments", "UserId", "Users", "Id"), ("JobcodeAssignments", "JobcodeId", "JobCodes", "Id"),
         ("JobCodes", "ParentId", "JobCodes", "Id"), ("UserPermissions", "UserId", "Users", "Id"),
         ("TimesheetsDeleted", "UserId", "Users", "Id"), ("TimesheetsDeleted", "JobcodeId", "JobCodes", "Id"),
         ("Timesheets", "UserId", "UserPermissions", "UserId"), ("Timesheets", "UserId", "JobcodeAssignments", "UserId")]
SMALL = ("Groups", "UserPermissions", "Users")
KINDS = ["integer", "text", "boolean", "date", "moment", "number", "decimal"]
COMPARISONS = ["=", "<>", "<", "<=", ">", ">="]


# ---- What SQLite lacks ----

def _rounded(value, scale):
    return int(decimal.Decimal(repr(value)).scaleb(scale).quantize(decimal.Decimal(1), decimal.ROUND_HALF_UP))


def _shown(unscaled, scale):
    return str(decimal.Decimal(unscaled).scaleb(-scale)) if scale else str(unscaled)


def _strict(function):
    return lambda *arguments: None if None in arguments else function(*arguments)


def _quotient(a, b, shift):
    """a * 10^shift / b, half away from zero."""
    size = (2 * abs(a) * 10 ** shift + abs(b)) // (2 * abs(b))
    return size if (a < 0) == (b < 0) else -size


EMULATED = {
    "e_upper": lambda text: "".join(c.upper() if len(c.upper()) == 1 else c for c in text),
    "e_lower": lambda text: "".join(c.lower() if len(c.lower()) == 1 else c for c in text),
    "e_right": lambda text, count: text[-count:] if count > 0 else "",
    "e_repeat": lambda text, count: text * count,
    "e_decimal": _rounded,
    "e_shown": _shown,
    "e_quotient": _quotient,
    "e_floor": lambda unscaled, scale: unscaled // 10 ** scale,
    "e_ceiling": lambda unscaled, scale: -(-unscaled // 10 ** scale),
    "e_round": lambda unscaled, cut: _quotient(unscaled, 10 ** cut, 0) * 10 ** cut,
    "e_round_real": lambda value, digits: float(decimal.Decimal(repr(value)).quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP)),
    "e_days": lambda a, b: (datetime.date.fromisoformat(b[:10]) - datetime.date.fromisoformat(a[:10])).days,
}


def emulate(database):
    """Gives an SQLite connection the functions that the second spelling uses."""
    for name, function in EMULATED.items():
        database.create_function(name, function.__code__.co_argcount, _strict(function), deterministic=True)


# ---- Terms ----

class Term:
    """An expression: its kind, both spellings, and for decimals the digits after the point."""

    def __init__(self, kind, ours, theirs=None, scale=0):
        self.kind, self.ours, self.theirs, self.scale = kind, ours, ours if theirs is None else theirs, scale

    def to_scale(self, scale):
        """The second spelling at another scale."""
        return self.theirs if scale == self.scale else f"({self.theirs} * {10 ** (scale - self.scale)})"


class Source:
    """Something in a FROM clause: its alias, its columns as terms, and its key when each row has one."""

    def __init__(self, alias, columns, key=None):
        self.alias, self.columns, self.key = alias, columns, key


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Query:
    """What a seed makes: .ours with .parameters, .theirs, .ordered, .scales (of decimal columns, else None)."""

    def __init__(self, seed, samples):
        self.random = random.Random(seed)
        self.samples = samples
        self.names = 0
        self.held = []              # values of parameters by the number in their mark
        self.constant = 0           # above 0: no parameters, the text must be the same wherever it stands
        self.ordered = False
        ours, theirs, columns = self.statement()
        marks = re.findall("\0(\\d+)\0", ours)
        self.parameters = [self.held[int(mark)] for mark in marks]
        self.ours = re.sub("\0\\d+\0", "?", ours)
        self.theirs = theirs
        self.scales = [column.scale if column.kind == "decimal" else None for column in columns]

    # -- chance --

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, *choices):
        return self.random.choice(choices)

    def name(self, letter):
        self.names += 1
        return f"{letter}{self.names}"

    # -- constants --

    def value(self, kind):
        """A value of a kind, most often one that stands in some column."""
        if kind == "decimal":
            return decimal.Decimal(self.random.randrange(-5000, 99999)).scaleb(-self.pick(1, 2, 3))
        if kind == "integer" and self.chance(40):
            return self.random.randrange(-3, 50)
        if kind == "boolean":
            return self.random.randrange(2)
        return self.pick(*self.samples[kind])

    def as_parameter(self, kind, value):
        if kind == "date":
            value = self.pick(value, datetime.date.fromisoformat(value))
        elif kind == "moment":
            value = self.pick(value, value.replace(" ", "T"), value + "Z", datetime.datetime.fromisoformat(value))
        elif kind == "boolean":
            value = self.pick(bool(value), int(value))
        elif kind == "integer":
            value = self.pick(value, str(value)) if self.chance(20) else value
        elif kind == "decimal":
            value = self.pick(value, str(value))
        self.held.append(value)
        return f"\0{len(self.held) - 1}\0"

    def spelled(self, kind, value, beside):
        """A constant in the driver's SQL. beside: something of its kind tells what a plain text is."""
        if kind == "text":
            return quoted(value)
        if kind == "boolean":
            return self.pick("TRUE" if value else "FALSE", str(value)) if beside else "TRUE" if value else "FALSE"
        if kind == "number":
            return f"{value!r}e0" if "e" not in repr(value) else repr(value)
        if kind == "date":
            forms = [f"DATE '{value}'", f"{{d '{value}'}}"]
            if beside:
                plain = datetime.date.fromisoformat(value)
                forms += [f"'{value}'", f"'{plain.year}-{plain.month}-{plain.day}'", f"'{value} 00:00:00'"]
            return self.pick(*forms)
        if kind == "moment":
            forms = [f"TIMESTAMP '{value}'", f"{{ts '{value}'}}", f"{{ts '{value}.000'}}"]
            if beside:
                later = (datetime.datetime.fromisoformat(value) + datetime.timedelta(hours=2)).isoformat()
                forms += [f"'{value}'", f"'{value.replace(' ', 'T')}'", f"'{value}Z'", f"'{later}+02:00'"]
            return self.pick(*forms)
        return f"({value})" if str(value).startswith("-") else str(value)

    def constant_of(self, kind, beside=False):
        value = self.value(kind)
        scale = -value.as_tuple().exponent if kind == "decimal" else 0
        theirs = {"text": quoted, "date": quoted, "moment": quoted, "decimal": lambda v: f"({int(v.scaleb(scale))})"}.get(
            kind, lambda v: f"({v!r})")(value)
        if beside and not self.constant and self.chance(35):
            return Term(kind, self.as_parameter(kind, value), theirs, scale)
        return Term(kind, self.spelled(kind, value, beside), theirs, scale)

    # -- expressions --

    def column(self, sources, kind):
        found = [column for source in sources for column in source.columns if column.kind == kind]
        return self.pick(*found) if found else None

    def term(self, sources, kind, depth):
        """An expression of a kind over the columns of sources."""
        plain = self.column(sources, kind)
        if depth <= 0 or self.chance(45):
            if plain and not self.chance(8):
                return plain
            if kind == "decimal":
                number = self.column(sources, "integer") or self.constant_of("integer")
                scale = self.pick(0, 1, 2)
                return Term(kind, f"CAST({number.ours} AS DECIMAL(20,{scale}))", f"({number.theirs} * {10 ** scale})", scale)
            return self.constant_of(kind)
        if not self.constant and self.chance(6):
            return self.scalar(sources, kind)
        maker = self.random.choice([self.choice_of, self.choice_of, getattr(self, "make_" + kind), getattr(self, "make_" + kind)])
        return maker(sources, kind, depth - 1)

    def scalar(self, sources, kind):
        """The one value of a subquery, which may look at the row outside."""
        table = self.pick(*(table for table, (_, columns) in oracle.TABLES.items() if kind == "decimal" or any(k == kind for _, _, k in columns)))
        inner = self.base(table)
        value, outer = self.term([inner], kind, 0), self.column(sources, "integer")
        key = self.column([inner], "integer")
        where = f" WHERE {key.ours} = {outer.ours}" if outer and self.chance(70) else ""
        word = self.pick("MAX", "MIN")
        return Term(kind, f"(SELECT {word}({value.ours}) FROM {table} {inner.alias}{where})",
                    f"(SELECT {word}({value.theirs}) FROM {table} {inner.alias}{where})", value.scale)

    def choice_of(self, sources, kind, depth):
        """CASE, COALESCE, NULLIF."""
        form = self.random.randrange(4)
        terms = [self.term(sources, kind, depth) for _ in range(2)]
        scale = max(term.scale for term in terms)
        a, b = terms
        a2, b2 = a.to_scale(scale), b.to_scale(scale)
        if form == 0:
            condition = self.condition(sources, depth)
            return Term(kind, f"CASE WHEN {condition.ours} THEN {a.ours} ELSE {b.ours} END",
                        f"CASE WHEN {condition.theirs} THEN {a2} ELSE {b2} END", scale)
        if form == 1:
            word = self.pick("COALESCE", "IFNULL", "{fn IFNULL")
            return Term(kind, f"{word}({a.ours}, {b.ours})" + ("}" if word[0] == "{" else ""), f"COALESCE({a2}, {b2})", scale)
        if form == 2:
            return Term(kind, f"NULLIF({a.ours}, {b.ours})", f"NULLIF({a2}, {b2})", scale)
        tested = self.term(sources, self.pick("integer", "text"), 0)
        when = self.constant_of(tested.kind)
        return Term(kind, f"CASE {tested.ours} WHEN {when.ours} THEN {a.ours} END", f"CASE {tested.theirs} WHEN {when.theirs} THEN {a.theirs} END", a.scale)

    def make_integer(self, sources, _, depth):
        form = self.random.randrange(10)
        if form < 3:
            a, b = self.term(sources, "integer", 0), self.term(sources, "integer", depth)
            sign = self.pick("+", "-")
            return Term("integer", f"({a.ours} {sign} {b.ours})", f"({a.theirs} {sign} {b.theirs})")
        if form < 5:
            a, factor = self.term(sources, "integer", 0), self.random.randrange(1, 30)
            sign = self.pick("*", "/", "%")
            if sign == "%" and self.chance(50):
                return Term("integer", f"{{fn MOD({a.ours}, {factor})}}", f"({a.theirs} % {factor})")
            return Term("integer", f"({a.ours} {sign} {factor})", f"({a.theirs} {sign} {factor})")
        if form == 5:
            a, b = self.term(sources, "integer", 0), self.term(sources, "integer", 0)
            return Term("integer", f"({a.ours} / NULLIF({b.ours}, 0))", f"({a.theirs} / NULLIF({b.theirs}, 0))")
        if form == 6:
            text = self.term(sources, "text", depth)
            ours, theirs = self.pick(("CHAR_LENGTH({})", "length({})"), ("LENGTH({})", "length(rtrim({}))"), ("{{fn LOCATE('a', {})}}", "instr({}, 'a')"),
                                     ("POSITION('e' IN {})", "instr({}, 'e')"))
            return Term("integer", ours.format(text.ours), theirs.format(text.theirs))
        if form == 7:
            day = self.term(sources, self.pick("date", "moment"), 0)
            function, format_ = self.pick(("YEAR", "%Y"), ("MONTH", "%m"), ("DAYOFMONTH", "%d"), ("DAYOFYEAR", "%j"))
            ours = self.pick(f"{{fn {function}({day.ours})}}", f"{function}({day.ours})",
                             f"EXTRACT({function} FROM {day.ours})" if function in ("YEAR", "MONTH") else f"{function}({day.ours})")
            return Term("integer", ours, f"CAST(strftime('{format_}', {day.theirs}) AS INTEGER)")
        if form == 8:
            a, b = (self.term(sources, self.pick("date", "moment"), 0) for _ in range(2))
            return Term("integer", f"TIMESTAMPDIFF({self.pick('SQL_TSI_DAY', 'DAY')}, {a.ours}, {b.ours})", f"e_days({a.theirs}, {b.theirs})")
        a = self.term(sources, "decimal", depth)
        return Term("integer", f"CAST({a.ours} AS BIGINT)", f"({a.theirs} / {10 ** a.scale})")

    def make_text(self, sources, _, depth):
        a = self.term(sources, "text", depth)
        form = self.random.randrange(8)
        if form == 0:
            b = self.term(sources, self.pick("text", "integer"), 0)
            return Term("text", f"({a.ours} || {b.ours})", f"({a.theirs} || {b.theirs})")
        if form == 1:
            ours, theirs = self.pick(("{{fn UCASE({})}}", "e_upper"), ("LOWER({})", "e_lower"), ("UPPER({})", "e_upper"))
            return Term("text", ours.format(a.ours), f"{theirs}({a.theirs})")
        if form == 2:
            count = self.random.randrange(6)
            ours, theirs = self.pick(("LEFT({}, {})", "substr({}, 1, {})"), ("{{fn RIGHT({}, {})}}", "e_right({}, {})"),
                                     ("REPEAT({}, {})", "e_repeat({}, {})"))
            return Term("text", ours.format(a.ours, count), theirs.format(a.theirs, count))
        if form == 3:
            start, count = self.random.randrange(1, 5), self.random.randrange(6)
            ours = self.pick(f"SUBSTRING({a.ours}, {start}, {count})", f"SUBSTRING({a.ours} FROM {start} FOR {count})")
            return Term("text", ours, f"substr({a.theirs}, {start}, {count})")
        if form == 4:
            return Term("text", f"REPLACE({a.ours}, 'e', 'xy')", f"replace({a.theirs}, 'e', 'xy')")
        if form == 5:
            ours, theirs = self.pick(("TRIM", "trim"), ("LTRIM", "ltrim"), ("RTRIM", "rtrim"))
            return Term("text", f"{ours}({a.ours})", f"{theirs}({a.theirs})")
        if form == 6:
            b = self.term(sources, self.pick("integer", "date", "boolean"), 0)
            return Term("text", f"CAST({b.ours} AS VARCHAR(30))", f"CAST({b.theirs} AS TEXT)")
        b = self.term(sources, "decimal", 0)
        return Term("text", f"CAST({b.ours} AS VARCHAR(60))", f"e_shown({b.theirs}, {b.scale})")

    def make_boolean(self, sources, _, depth):
        condition = self.condition(sources, depth)
        return Term("boolean", f"CASE WHEN {condition.ours} THEN TRUE ELSE FALSE END", f"CASE WHEN {condition.theirs} THEN 1 ELSE 0 END")

    def make_date(self, sources, _, depth):
        if self.chance(50):
            moment = self.term(sources, "moment", 0)
            return Term("date", self.pick(f"CAST({moment.ours} AS DATE)", f"{{fn CONVERT({moment.ours}, SQL_TYPE_DATE)}}"), f"date({moment.theirs})")
        day, count = self.term(sources, "date", depth), self.random.randrange(-40, 400)
        return Term("date", f"TIMESTAMPADD(DAY, {count}, {day.ours})", f"date({day.theirs}, '{count} days')")

    def make_moment(self, sources, _, depth):
        if self.chance(50):
            day = self.term(sources, "date", 0)
            return Term("moment", f"CAST({day.ours} AS TIMESTAMP)", f"({day.theirs} || ' 00:00:00')")
        moment, count = self.term(sources, "moment", depth), self.random.randrange(-4000, 4000)
        unit = self.pick("SECOND", "MINUTE", "HOUR")
        return Term("moment", f"{{fn TIMESTAMPADD(SQL_TSI_{unit}, {count}, {moment.ours})}}", f"datetime({moment.theirs}, '{count} {unit.lower()}s')")

    def make_number(self, sources, _, depth):
        a, b = self.term(sources, "number", depth), self.term(sources, self.pick("number", "integer"), 0)
        form = self.random.randrange(4)
        if form == 0:
            return Term("number", f"({a.ours} / NULLIF({b.ours}, 0))", f"({a.theirs} / NULLIF({b.theirs}, 0))")
        if form == 1:
            return Term("number", f"CAST({b.ours} AS DOUBLE)", f"CAST({b.theirs} AS REAL)")
        sign = self.pick("+", "-", "*")
        return Term("number", f"({a.ours} {sign} {b.ours})", f"({a.theirs} {sign} {b.theirs})")

    def make_decimal(self, sources, _, depth):
        a, b = self.term(sources, "decimal", depth), self.term(sources, self.pick("decimal", "integer"), 0)
        form = self.random.randrange(8)
        if form < 3:
            scale, sign = max(a.scale, b.scale), self.pick("+", "-")
            return Term("decimal", f"({a.ours} {sign} {b.ours})", f"({a.to_scale(scale)} {sign} {b.to_scale(scale)})", scale)
        if form == 3 and a.scale < 3:
            factor = decimal.Decimal(self.random.randrange(-99, 999)).scaleb(-2)
            return Term("decimal", f"({a.ours} * ({factor}))", f"({a.theirs} * ({int(factor.scaleb(2))}))", a.scale + 2)
        if form == 4 and a.scale:
            digits = self.random.randrange(a.scale)
            return Term("decimal", f"ROUND({a.ours}, {digits})", f"e_round({a.theirs}, {a.scale - digits})", a.scale)
        if form == 5:
            word, function = self.pick(("FLOOR", "e_floor"), ("CEILING", "e_ceiling"))
            return Term("decimal", f"{word}({a.ours})", f"{function}({a.theirs}, {a.scale})", 0)
        if form == 6:
            return Term("decimal", f"ABS(-{a.ours})", f"abs({a.theirs})", a.scale)
        number = self.column(sources, "number")
        if not number:
            return a
        scale = self.pick(0, 1, 2)
        return Term("decimal", f"CAST({number.ours} AS DECIMAL(12,{scale}))", f"e_decimal({number.theirs}, {scale})", scale)

    # -- conditions --

    def compared(self, a, b):
        """Both spellings of two terms, brought to a common form."""
        if a.kind == b.kind != "decimal":
            return a.theirs, b.theirs
        if "decimal" in (a.kind, b.kind):
            scale = max(a.scale, b.scale)
            return a.to_scale(scale), b.to_scale(scale)
        midnight = lambda term: f"({term.theirs} || ' 00:00:00')" if term.kind == "date" and "moment" in (a.kind, b.kind) else term.theirs
        return midnight(a), midnight(b)

    def other_kind(self, kind):
        others = {"integer": ["decimal", "number"], "decimal": ["integer"], "date": ["moment"], "moment": ["date"], "number": ["integer"]}
        return self.pick(*others[kind]) if kind in others and self.chance(20) else kind

    def compare(self, sources, depth):
        kind = self.pick(*KINDS)
        a, sign = self.term(sources, kind, depth), self.pick(*COMPARISONS, "=", "=")
        other = self.other_kind(kind)
        b = self.constant_of(kind, True) if other == kind and self.chance(65) else self.term(sources, other, depth)
        left, right = self.compared(a, b)
        if self.chance(6):
            return Term("boolean", f"{b.ours} {sign} {a.ours}", f"{right} {sign} {left}")
        if self.chance(5):
            return Term("boolean", f"({a.ours} IS DISTINCT FROM {b.ours})", f"({left} IS NOT {right})")
        return Term("boolean", f"{a.ours} {sign} {b.ours}", f"{left} {sign} {right}")

    def listed(self, sources, depth):
        kind = self.pick("integer", "text", "date", "moment", "decimal")
        a = self.term(sources, kind, depth)
        values = [self.constant_of(kind, True) for _ in range(self.random.randrange(1, 5))]
        scale = max(term.scale for term in [a, *values])
        theirs = ", ".join(value.to_scale(scale) for value in values)
        nothing = ", NULL" if self.chance(8) else ""
        word = self.pick("IN", "IN", "NOT IN")
        return Term("boolean", f"{a.ours} {word} ({', '.join(value.ours for value in values)}{nothing})", f"{a.to_scale(scale)} {word} ({theirs}{nothing})")

    def between(self, sources, depth):
        kind = self.pick("integer", "text", "date", "moment", "decimal", "number")
        a = self.term(sources, kind, depth)
        low, high = self.constant_of(kind, True), self.constant_of(kind, True)
        scale = max(a.scale, low.scale, high.scale)
        word = self.pick("BETWEEN", "BETWEEN", "NOT BETWEEN")
        return Term("boolean", f"{a.ours} {word} {low.ours} AND {high.ours}", f"{a.to_scale(scale)} {word} {low.to_scale(scale)} AND {high.to_scale(scale)}")

    def like(self, sources, depth):
        a, sample = self.term(sources, "text", depth), self.value("text")[:6].replace("\\", "")
        at = self.random.randrange(len(sample) + 1)
        pattern = self.pick(sample[:at] + "%", "%" + sample[at:], sample[:at] + "_" + sample[at + 1:], sample, "%" + sample[at:at + 1] + "%")
        pattern, escape = (pattern, "") if self.chance(60) else (pattern.replace("_", "\\_"), " ESCAPE '\\'")
        word = self.pick("LIKE", "LIKE", "NOT LIKE")
        return Term("boolean", f"{a.ours} {word} {quoted(pattern)}{escape}", f"{a.theirs} {word} {quoted(pattern)}{escape}")

    def with_subquery(self, sources, depth):
        table = self.pick(*oracle.TABLES)
        inner = self.base(table)
        kind = self.pick("integer", "text", "date")
        column = self.column([inner], kind) or self.column([inner], "integer")
        links = [(a, b) for a in sources for b in [inner] if self.column([a], "integer") and self.column([b], "integer")]
        where = self.condition([inner], 0)
        if links and self.chance(50):
            a, b = self.column([links[0][0]], "integer"), self.column([inner], "integer")
            where = Term("boolean", f"{a.ours} = {b.ours} AND ({where.ours})", f"{a.theirs} = {b.theirs} AND ({where.theirs})")
        tail = tuple(f" FROM {table} {self.pick('AS ', '') if i == 0 else ''}{inner.alias} WHERE {text}" for i, text in enumerate((where.ours, where.theirs)))
        form = self.random.randrange(4)
        if form == 0:
            word = self.pick("EXISTS", "NOT EXISTS")
            return Term("boolean", f"{word} (SELECT {self.pick('*', '1')}{tail[0]})", f"{word} (SELECT 1{tail[1]})")
        a = self.term(sources, column.kind, depth)
        if form == 1:
            word = self.pick("IN", "IN", "NOT IN")
            return Term("boolean", f"{a.ours} {word} (SELECT {column.ours}{tail[0]})", f"{a.theirs} {word} (SELECT {column.theirs}{tail[1]})")
        sign = self.pick(*COMPARISONS)
        if form == 2:
            word = self.pick("MAX", "MIN")
            return Term("boolean", f"{a.ours} {sign} (SELECT {word}({column.ours}){tail[0]})", f"{a.theirs} {sign} (SELECT {word}({column.theirs}){tail[1]})")
        word, end, other = self.pick(("ALL", "min", (0, 1)), ("ANY", "max", (1, 0)), ("SOME", "max", (1, 0)))
        name = self.name("v")
        theirs = (f"(SELECT CASE WHEN {end}({name}) = {other[0]} THEN {other[0]} WHEN count({name}) < count(*) THEN NULL ELSE {other[1]} END "
                  f"FROM (SELECT {a.theirs} {sign} {column.theirs} AS {name}{tail[1]}))")
        return Term("boolean", f"{a.ours} {sign} {word} (SELECT {column.ours}{tail[0]})", theirs)

    def condition(self, sources, depth, subqueries=True):
        form = self.random.randrange(100)
        if depth > 0 and form < 25:
            parts = [self.condition(sources, depth - 1, subqueries) for _ in range(self.random.randrange(2, 4))]
            word = self.pick(" AND ", " OR ")
            return Term("boolean", "(" + word.join(part.ours for part in parts) + ")", "(" + word.join(part.theirs for part in parts) + ")")
        if depth > 0 and form < 31:
            part = self.condition(sources, depth - 1, subqueries)
            return Term("boolean", f"NOT ({part.ours})", f"NOT ({part.theirs})")
        if form < 38:
            a, word = self.term(sources, self.pick(*KINDS), depth - 1), self.pick("IS NULL", "IS NOT NULL")
            return Term("boolean", f"{a.ours} {word}", f"{a.theirs} {word}")
        if form < 44:
            flag = self.column(sources, "boolean")
            if flag:
                return Term("boolean", self.pick(flag.ours, f"{flag.ours} = TRUE", f"{flag.ours} <> 0"), flag.theirs)
        if form < 54:
            return self.listed(sources, depth - 1)
        if form < 62:
            return self.between(sources, depth - 1)
        if form < 68:
            return self.like(sources, depth - 1)
        if form < 76 and depth > 0 and subqueries and not self.constant:
            return self.with_subquery(sources, 0)
        return self.compare(sources, depth - 1)

    # -- FROM --

    def base(self, table):
        alias = self.name("t")
        columns = [Term(kind, f"{alias}.{name}") for name, _, kind in oracle.TABLES[table][1] if kind in KINDS]
        return Source(alias, columns, f"{alias}.{KEYS[table]}")

    def derived(self):
        """A query with columns c1, c2…: both spellings and what stands in FROM."""
        ours, theirs, columns = self.select(1, False)
        alias = self.name("d")
        return ours, theirs, Source(alias, [Term(column.kind, f"{alias}.c{i + 1}", None, column.scale) for i, column in enumerate(columns)])

    def from_clause(self, depth):
        """(ours, theirs, sources)"""
        if depth and self.chance(12):
            ours, theirs, source = self.derived()
            return f"({ours}) {source.alias}", f"({theirs}) {source.alias}", [source]
        table = self.pick(*oracle.TABLES)
        first = self.base(table)
        ours, theirs, sources, tables = f"{table} {first.alias}", f"{table} {first.alias}", [first], [(table, first)]
        for _ in range(self.pick(0, 0, 0, 1, 1, 1, 2)):
            links = [(source, x, b, y) for a, x, b, y in LINKS for t, source in tables if t == a] + \
                    [(source, y, a, x) for a, x, b, y in LINKS for t, source in tables if t == b]
            if not links:
                break
            if self.chance(10):
                table = self.pick(*SMALL)
                right, word = self.base(table), self.pick(" CROSS JOIN ", ", ") if len(tables) == 1 else " CROSS JOIN "
                sources.append(right)
                tables.append((table, right))
                ours, theirs = (f"{text}{word}{table} {right.alias}" for text in (ours, theirs))
                if word == ", ":        # binds looser than a JOIN behind it; in SQLite it does not
                    break
                continue
            left, left_column, table, column = self.pick(*links)
            right = self.base(table)
            word = self.pick("JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "FULL JOIN")
            on = Term("boolean", f"{left.alias}.{left_column} = {right.alias}.{column}")
            sources.append(right)
            tables.append((table, right))
            if self.chance(25):
                extra = self.condition(sources if self.chance(50) else [right], 0, False)
                # SQLite 3.40 takes what looks at no row, in an inner join under a RIGHT JOIN, for a condition on the whole query.
                tie = "" if re.search("\\b[td]\\d+\\.", extra.theirs) else f" = ({right.key} IS {right.key})"
                on = Term("boolean", f"{on.ours} AND ({extra.ours})", f"{on.theirs} AND ({extra.theirs}){tie}")
            if left_column == column and "AND" not in on.ours and len(sources) == 2 and self.chance(30):
                ours += f" {word} {table} {right.alias} USING ({column})"
                theirs += f" {word} {table} {right.alias} ON {on.theirs}"
                continue
            ours += f" {word} {table} {right.alias} ON {on.ours}"
            theirs += f" {word} {table} {right.alias} ON {on.theirs}"
        return ours, theirs, sources

    # -- SELECT --

    def aggregate(self, sources, depth):
        form = self.random.randrange(7)
        distinct = "DISTINCT " if self.chance(20) else ""
        if form == 0:
            return Term("integer", "COUNT(*)")
        if form == 1:
            a = self.term(sources, self.pick(*KINDS), depth)
            return Term("integer", f"COUNT({distinct}{a.ours})", f"COUNT({distinct}{a.theirs})")
        if form < 4:
            a, word = self.term(sources, self.pick(*KINDS), depth), self.pick("MIN", "MAX")
            return Term(a.kind, f"{word}({a.ours})", f"{word}({a.theirs})", a.scale)
        a = self.term(sources, self.pick("integer", "decimal", "number"), depth)
        if form < 6:
            return Term({"number": "sum"}.get(a.kind, a.kind), f"SUM({distinct}{a.ours})", f"SUM({distinct}{a.theirs})", a.scale)
        if a.kind == "decimal":
            scale = max(a.scale, 6)
            return Term("decimal", f"AVG({distinct}{a.ours})", f"e_quotient(SUM({distinct}{a.theirs}), COUNT({distinct}{a.theirs}), {scale - a.scale})", scale)
        return Term("sum", f"AVG({distinct}{a.ours})", f"AVG({distinct}{a.theirs})")

    def window(self, sources, depth):
        """A window function over an order that decides."""
        order = self.term(sources, self.pick(*KINDS), depth)
        keys = ", ".join(source.key for source in sources)
        part = self.term(sources, self.pick("integer", "text", "boolean", "date"), 0) if self.chance(60) else None
        direction = self.pick("", " DESC", " ASC")
        nulls = self.pick("", "", " NULLS FIRST", " NULLS LAST")
        frame = self.pick("", "", " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", " ROWS UNBOUNDED PRECEDING", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING")
        a = self.term(sources, self.pick("integer", "text", "decimal", "date"), 0)
        form = self.random.randrange(7)
        if form == 0:
            call, frame = Term("integer", self.pick("ROW_NUMBER()", "RANK()", "DENSE_RANK()")), ""
        elif form == 1:
            word, frame = self.pick("LAG", "LEAD"), ""
            call = Term(a.kind, f"{word}({a.ours}, 2)", f"{word}({a.theirs}, 2)", a.scale)
        elif form == 2:
            word = self.pick("FIRST_VALUE", "LAST_VALUE")
            call = Term(a.kind, f"{word}({a.ours})", f"{word}({a.theirs})", a.scale)
        elif form == 3:
            call = Term("integer", f"COUNT({a.ours})", f"COUNT({a.theirs})")
        elif form == 4:
            word = self.pick("MIN", "MAX")
            call = Term(a.kind, f"{word}({a.ours})", f"{word}({a.theirs})", a.scale)
        else:
            a = self.term(sources, self.pick("integer", "decimal"), 0)
            call = Term(a.kind, f"SUM({a.ours})", f"SUM({a.theirs})", a.scale)
        over = [f"PARTITION BY {text} " if part else "" for text in ((part.ours, part.theirs) if part else ("", ""))]
        order = [f"ORDER BY {text}{direction}{nulls}, {keys}{frame}" for text in (order.ours, order.theirs)]
        return Term(call.kind, f"{call.ours} OVER ({over[0]}{order[0]})", f"{call.theirs} OVER ({over[1]}{order[1]})", call.scale)

    def spell(self, distinct, columns, clauses):
        texts = []
        for i, (start, *rest) in enumerate(clauses):
            items = ", ".join(f"{column.theirs if i else column.ours} AS c{n + 1}" for n, column in enumerate(columns))
            texts.append(f"SELECT {distinct}{items} FROM {start}" + "".join(rest))
        return texts

    def select(self, depth, approximate, kinds=None):
        """One SELECT: (ours, theirs, columns). approximate: sums of doubles may be among the columns."""
        ours, theirs, sources = self.from_clause(depth)
        where = self.condition(sources, 2) if self.chance(60) else None
        clauses = [[ours], [theirs]]
        if where:
            clauses[0].append(" WHERE " + where.ours)
            clauses[1].append(" WHERE " + where.theirs)
        if kinds:
            columns = [self.term(sources, kind, 1) for kind in kinds]
        elif self.chance(35):
            columns = self.grouped(sources, clauses, approximate)
        elif self.chance(25) and all(source.key for source in sources):
            columns = [Term("integer", source.key) for source in sources] + [self.window(sources, 1) for _ in range(self.pick(1, 1, 2))]
        else:
            columns = [self.term(sources, self.pick(*KINDS), 2) for _ in range(self.random.randrange(1, 6))]
        distinct = "DISTINCT " if self.chance(12) else ""
        return *self.spell(distinct, columns, clauses), columns

    def grouped(self, sources, clauses, approximate):
        self.constant += 1
        groups = [self.term(sources, self.pick("integer", "text", "boolean", "date", "moment", "decimal"), 1) for _ in range(self.pick(0, 1, 1, 2))]
        groups = [group for group in groups if any(column.ours in group.ours for source in sources for column in source.columns)]
        self.constant -= 1
        aggregates = []
        while len(aggregates) < (self.pick(1, 1, 2, 3)):
            made = self.aggregate(sources, 1)
            if approximate or made.kind != "sum":
                aggregates.append(made)
        if groups:
            ordinals = self.chance(20)
            clauses[0].append(" GROUP BY " + ", ".join(str(i + 1) if ordinals else group.ours for i, group in enumerate(groups)))
            clauses[1].append(" GROUP BY " + ", ".join(str(i + 1) if ordinals else group.theirs for i, group in enumerate(groups)))
        if self.chance(30):
            a = self.aggregate(sources, 0)
            if a.kind not in ("sum", "number"):
                b, sign = self.constant_of(a.kind, True), self.pick(*COMPARISONS)
                left, right = self.compared(a, b)
                clauses[0].append(f" HAVING {a.ours} {sign} {b.ours}")
                clauses[1].append(f" HAVING {left} {sign} {right}")
        return groups + aggregates

    def set_operation(self):
        kinds = [self.pick("integer", "text", "boolean", "date", "moment") for _ in range(self.random.randrange(1, 4))]
        ours, theirs, columns = self.select(0, False, kinds)
        for _ in range(self.pick(1, 1, 2)):
            word = self.pick("UNION", "UNION ALL", "INTERSECT", "EXCEPT")
            more, more_theirs, _ = self.select(0, False, kinds)
            if word == "INTERSECT" and " UNION" in ours or " EXCEPT " in ours:
                break       # SQL lets INTERSECT bind tighter, SQLite does not
            ours, theirs = f"{ours} {word} {more}", f"{theirs} {word} {more_theirs}"
        return ours, theirs, columns

    def statement(self):
        if self.chance(15):
            ours, theirs, columns = self.set_operation()
        elif self.chance(8):
            inner, inner_theirs, source = self.derived()
            name = source.alias
            columns = [self.term([source], self.pick(*{column.kind for column in source.columns if column.kind in KINDS} or {"integer"}), 1)
                       for _ in range(2)]
            where = self.condition([source], 1)
            ours = f"WITH {name} AS ({inner}) SELECT {', '.join(c.ours for c in columns)} FROM {name} WHERE {where.ours}"
            theirs = f"WITH {name} AS ({inner_theirs}) SELECT {', '.join(c.theirs for c in columns)} FROM {name} WHERE {where.theirs}"
        else:
            ours, theirs, columns = self.select(1, True)
        if self.chance(50) and all(column.kind != "sum" for column in columns):
            self.ordered = True
            ends = [self.pick("", "", " DESC", " ASC", " NULLS LAST", " DESC NULLS FIRST") for _ in columns]
            order = " ORDER BY " + ", ".join(f"{i + 1}{end}" for i, end in enumerate(ends))
            count, skipped = self.random.randrange(12), self.random.randrange(5)
            ends = self.pick(("", ""), (f" LIMIT {count}", f" LIMIT {count}"), (f" LIMIT {count} OFFSET {skipped}", f" LIMIT {count} OFFSET {skipped}"),
                             (f" OFFSET {skipped} ROWS FETCH NEXT {count + 1} ROWS ONLY", f" LIMIT {count + 1} OFFSET {skipped}"))
            ours, theirs = ours + order + ends[0], theirs + order + ends[1]
        return ours, theirs, columns
