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


class Filter:
    """Parses an expression; then tells of each row whether it holds."""

    def __init__(self, text, version, refuse=()):
        self.version, self.refuse = version, refuse
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise Refusal(400, f"$filter: syntax error at {text[at:at + 20]!r}")
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()
        self.at = 0
        self.holds = self.either()
        if self.at != len(self.tokens):
            raise Refusal(400, f"$filter: {self.tokens[self.at][1]!r} is not expected")

    def peek(self, *words):
        return self.at < len(self.tokens) and self.tokens[self.at][1] in words

    def take(self, *words):
        if self.peek(*words):
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def either(self):
        terms = [self.both()]
        while self.take("or"):
            terms.append(self.both())
        return lambda row: any(term(row) for term in terms)

    def both(self):
        terms = [self.comparison()]
        while self.take("and"):
            terms.append(self.comparison())
        return lambda row: all(term(row) for term in terms)

    def comparison(self):
        if self.take("not"):
            inner = self.comparison()
            return lambda row: not inner(row)
        if self.take("("):
            inner = self.either()
            self.expect(")")
            return inner
        left = self.operand()
        word = self.take("eq", "ne", "gt", "ge", "lt", "le", "in")
        if word is None:
            return lambda row: left(row) is True
        if word == "in":
            if self.version < 4 or "in" in self.refuse:
                raise Refusal(400, "$filter: the operator 'in' is not known")
            self.expect("(")
            values = [self.operand()]
            while self.take(","):
                values.append(self.operand())
            self.expect(")")
            return lambda row: left(row) in [value(row) for value in values]
        right, old = self.operand(), self.version < 4

        def compare(row):
            a, b = (whole(side(row)) if old else side(row) for side in (left, right))
            if word in ("eq", "ne"):
                return (a == b) == (word == "eq")
            if a is None or b is None:
                return False
            return {"gt": a > b, "ge": a >= b, "lt": a < b, "le": a <= b}[word]
        return compare

    def expect(self, word):
        if not self.take(word):
            raise Refusal(400, f"$filter: {word!r} is missing")

    def operand(self):
        if self.at >= len(self.tokens):
            raise Refusal(400, "$filter ends too early")
        kind, text = self.tokens[self.at]
        self.at += 1
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
        self.expect("(")
        arguments = [self.operand()]
        while self.take(","):
            arguments.append(self.operand())
        self.expect(")")
        known = {"startswith": lambda a, b: a.startswith(b), "endswith": lambda a, b: a.endswith(b)}
        known.update({"contains": lambda a, b: b in a} if self.version == 4 else {"substringof": lambda a, b: a in b})
        if name not in known:
            raise Refusal(400, f"$filter: there is no function {name}")
        return lambda row: None not in [one(row) for one in arguments] and known[name](*[one(row) for one in arguments])

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
