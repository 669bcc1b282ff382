"""$filter of the shop's three versions, evaluated over rows in memory; and what else needs to find its way through parentheses."""
import base64
import datetime
import decimal
import re

Decimal = decimal.Decimal


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status, message, code="E1"):
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


# ---- $filter ----

TOKEN = re.compile(r"""\s*(?:
    (?P<duration>duration'[^']*')|(?P<wrapped>(?:datetimeoffset|datetime|time|guid|binary|X)'[^']*')|(?P<enum>[A-Za-z_][\w.]*\.\w+'[^']*')|
    (?P<string>'(?:[^']|'')*')|(?P<guid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})|
    (?P<moment>\d{4}-\d\d-\d\dT[\d:.]+Z)|(?P<date>\d{4}-\d\d-\d\d)|(?P<tod>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)|
    (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[LMmdf]?)|(?P<name>[A-Za-z_][\w./]*)|(?P<sign>[(),]))""", re.X)


def moment(text):
    text = text.rstrip("Z")
    head, _, fraction = text.partition(".")
    return datetime.datetime.fromisoformat(head) + datetime.timedelta(microseconds=int((fraction + "000000")[:6]) if fraction else 0)


def duration(text):
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?", text)
    return datetime.time(*(int(part or 0) for part in match.groups()))


def whole(value):
    """A day as the moment that it begins at: before V4 there are no days."""
    return datetime.datetime.combine(value, datetime.time()) if type(value) is datetime.date else value


def units(text):
    """How long old services take a text for: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def truncated(a, b):
    """The quotient of whole numbers, cut off."""
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def alike(a, b):
    """Two numbers as one kind, as services bring them to one: real before decimal before whole."""
    if isinstance(a, float) or isinstance(b, float):
        return float(a), float(b)
    return (Decimal(a), Decimal(b)) if isinstance(a, Decimal) or isinstance(b, Decimal) else (a, b)


def is_number(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


ARITHMETIC = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: truncated(a, b) if isinstance(a, int) and isinstance(b, int) else a / b,
    "mod": lambda a, b: a - truncated(a, b) * b if isinstance(a, int) else a % b,
}
PARTS = ("year", "month", "day", "hour", "minute", "second")
PATTERNS = ("startswith", "endswith", "contains", "substringof")


class Filter:
    """Parses an expression; then tells of each row whether it holds: True, False, or None where V4 has null.

    refuse: functions (all), calculations (arithmetic and functions but those of patterns), terms (or, and columns compared with each other), in.
    quirks: caseless (texts are compared without regard to case), elsewhere (parts of moments are those of a place 14 hours ahead)."""

    def __init__(self, text, version, refuse=(), quirks=()):
        self.version, self.refuse, self.quirks = version, refuse, quirks
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise Refusal(400, f"$filter: syntax error at {text[at:at + 20]!r}")
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()
        self.at = 0
        whole = self.either()
        self.holds = lambda row: whole(row) is True
        if self.at != len(self.tokens):
            raise Refusal(400, f"$filter: {self.tokens[self.at][1]!r} is not expected")

    def peek(self, *words):
        return self.at < len(self.tokens) and self.tokens[self.at][1] in words

    def take(self, *words):
        if self.peek(*words):
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def refused(self, word, what):
        if word in self.refuse:
            raise Refusal(501 if word == "functions" else 400, f"$filter: {what} is not implemented")

    def either(self):
        terms = [self.both()]
        while self.take("or"):
            # alternatives of one property stand for a list
            names = [text for kind, text in self.tokens if kind == "name" and text not in ("or", "and", "eq", "null", "true", "false")]
            if len(set(names)) > 1:
                self.refused("terms", "or")
            terms.append(self.both())
        if len(terms) == 1:
            return terms[0]

        def any_of(row):
            values = [term(row) for term in terms]
            return True if True in values else None if None in values else False
        return any_of

    def both(self):
        terms = [self.comparison()]
        while self.take("and"):
            terms.append(self.comparison())
        if len(terms) == 1:
            return terms[0]

        def all_of(row):
            values = [term(row) for term in terms]
            return False if False in values else None if None in values else True
        return all_of

    def comparison(self):
        if self.take("not"):
            inner = self.comparison()
            return lambda row: None if inner(row) is None else not inner(row)
        start = self.at
        left = self.sum()
        word = self.take("eq", "ne", "gt", "ge", "lt", "le", "in")
        if word is None:
            return left
        if word == "in":
            if self.version < 4 or "in" in self.refuse:
                raise Refusal(400, "$filter: the operator 'in' is not known")
            self.expect("(")
            values = [self.operand()]
            while self.take(","):
                values.append(self.operand())
            self.expect(")")
            return lambda row: any(self.equal(left(row), value(row)) for value in values)
        right, old = self.sum(), self.version < 4
        names = [text for kind, text in self.tokens[start:self.at] if kind == "name" and text[0].isupper()]
        if len(names) > 1:
            self.refused("terms", "the comparison of properties")

        def compare(row):
            a, b = (whole(side(row)) if old else side(row) for side in (left, right))
            if word in ("eq", "ne"):
                return self.equal(a, b) == (word == "eq")
            if a is None or b is None:
                return False
            if is_number(a) and is_number(b):
                a, b = alike(a, b)
            return {"gt": a > b, "ge": a >= b, "lt": a < b, "le": a <= b}[word]
        return compare

    def equal(self, a, b):
        if is_number(a) and is_number(b):
            a, b = alike(a, b)
        return self.text(a) == self.text(b)

    def text(self, value):
        return value.lower() if "caseless" in self.quirks and isinstance(value, str) else value

    def expect(self, word):
        if not self.take(word):
            raise Refusal(400, f"$filter: {word!r} is missing")

    def chain(self, inner, *words):
        left = inner()
        while word := self.take(*words):
            self.refused("calculations", word)
            left = self.calculated(word, left, inner())
        return left

    def calculated(self, word, left, right):
        def value(row):
            a, b = left(row), right(row)
            return None if a is None or b is None else ARITHMETIC[word](*alike(a, b))
        return value

    def sum(self):
        return self.chain(self.product, "add", "sub")

    def product(self):
        return self.chain(self.operand, "mul", "div", "mod")

    def operand(self):
        if self.at >= len(self.tokens):
            raise Refusal(400, "$filter ends too early")
        kind, text = self.tokens[self.at]
        self.at += 1
        if text == "(":
            inner = self.either()
            self.expect(")")
            return inner
        if kind == "name" and self.peek("("):
            return self.function(text)
        if kind == "name" and text in ("null", "true", "false"):
            value = {"null": None, "true": True, "false": False}[text]
            return lambda row: value
        if kind == "name":
            return lambda row: reach(row, text)
        value = self.literal(kind, text)
        return lambda row: value

    def function(self, name):
        if "functions" in self.refuse:
            raise Refusal(501, f"The function {name} of $filter is not implemented")
        if name not in PATTERNS:
            self.refused("calculations", name)
        self.expect("(")
        arguments = [self.sum()]
        while self.take(","):
            arguments.append(self.sum())
        self.expect(")")
        old = self.version < 4
        known = {"startswith": lambda a, b: self.text(a).startswith(self.text(b)), "endswith": lambda a, b: self.text(a).endswith(self.text(b)),
                 "toupper": str.upper, "tolower": str.lower, "trim": str.strip, "concat": lambda a, b: a + b,
                 "length": units if old else len, "indexof": self.index, "substring": self.substring, "floor": self.whole("ROUND_FLOOR"),
                 "ceiling": self.whole("ROUND_CEILING"), "round": self.whole("ROUND_HALF_EVEN" if old else "ROUND_HALF_UP")}
        known.update({part: self.part(part) for part in PARTS})
        known.update({"substringof": lambda a, b: self.text(a) in self.text(b)} if old else {"contains": lambda a, b: self.text(b) in self.text(a)})
        if name not in known:
            raise Refusal(400, f"$filter: there is no function {name}")

        def value(row):
            values = [one(row) for one in arguments]
            return None if None in values else known[name](*values)
        return value

    def index(self, text, part):
        at = self.text(text).find(self.text(part))
        return units(text[:at]) if self.version < 4 and at >= 0 else at

    def substring(self, text, start, length=None):
        if self.version == 4:
            return text[start:] if length is None else text[start:start + length]
        code = text.encode("utf-16-le")[2 * start:]
        return (code if length is None else code[:2 * length]).decode("utf-16-le", "replace")

    def whole(self, rounding):
        def value(number):
            near = Decimal(number).to_integral_value(rounding=rounding)
            return float(near) if isinstance(number, float) else near if isinstance(number, Decimal) else int(near)
        return value

    def part(self, name):
        def value(moment):
            if self.version == 4 and "elsewhere" in self.quirks and isinstance(moment, datetime.datetime):
                moment += datetime.timedelta(hours=14)
            return getattr(whole(moment), name)
        return value

    def literal(self, kind, text):
        old = self.version < 4
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            if text[-1] in "LMmdf":
                if not old:
                    raise Refusal(400, f"$filter: {text} is no literal of V4")
                return int(text[:-1]) if text[-1] == "L" else Decimal(text[:-1]) if text[-1] in "Mm" else float(text[:-1])
            return Decimal(text) if "." in text or "e" in text.lower() else int(text)
        if kind in ("guid", "moment", "date", "tod"):
            if old:
                raise Refusal(400, f"$filter: {text} is no literal of V{self.version}")
            return {"guid": str.lower, "moment": moment, "date": datetime.date.fromisoformat, "tod": datetime.time.fromisoformat}[kind](text)
        if kind == "enum":
            return text.split("'")[1]
        word, inner = text.split("'")[:2]
        if word == "binary" and not old:
            return base64.urlsafe_b64decode(inner + "=" * (-len(inner) % 4))
        if not old:
            raise Refusal(400, f"$filter: {text} is no literal of V4")
        return {"guid": str.lower, "datetime": moment, "datetimeoffset": moment, "time": duration,
                "X": bytes.fromhex, "binary": bytes.fromhex}[word](inner)


def reach(row, path):
    for step in path.split("/"):
        if row is None:
            return None
        if step not in row:
            raise Refusal(400, f"There is no property {step}")
        row = row[step]
    return row


def split(text, divider):
    """Parts that stand outside of parentheses and quotes."""
    parts, depth, quoted, part = [], 0, False, ""
    for character in text:
        quoted ^= character == "'"
        depth += (character == "(") - (character == ")") if not quoted else 0
        if character == divider and not depth and not quoted:
            parts.append(part)
            part = ""
        else:
            part += character
    return [one for one in [*parts, part] if one]


def closing(text, at):
    depth, quoted = 0, False
    for i in range(at, len(text)):
        quoted ^= text[i] == "'"
        depth += (text[i] == "(") - (text[i] == ")") if not quoted else 0
        if depth == 0 and not quoted:
            return i
    raise Refusal(400, "$apply: a parenthesis is missing")
