"""Random SELECTs over the shop whose conditions are those that go to a service as a whole: alternatives over several columns, columns compared
with each other, functions and arithmetic. Constants are mostly made of values that stand in the tables, so that rows are found."""

from random_query import COMPARISONS, Term, quoted
from shop_query import Query, TABLES

SIGNS = [*COMPARISONS, "=", "=", "=", "="]
LINKS = [("Products", "CategoryID", "Categories", "ID"), ("Lines", "ProductID", "Products", "ID"), ("Categories", "ID", "Products", "CategoryID")]


def both(text):
    """The same in both spellings."""
    return Term("boolean", text)


class Condition(Query):
    def statement(self):
        if self.chance(15):
            return self.joined()
        source = self.base(self.pick("Products", "Products", "Products", "Products", *TABLES))
        table = next(name for name, (_, columns) in TABLES.items() if len(columns) == len(source.columns) and all(f".{c[0]}" in t.ours for c, t in zip(columns, source.columns)))
        condition = self.chain([source], self.pick(0, 0, 1, 2))
        self.ordered = self.chance(30)
        tail = f" ORDER BY {source.key}" if self.ordered else ""
        tail += f" LIMIT {self.random.randrange(1, 30)}" if self.ordered and self.chance(50) else ""
        columns = [source.columns[0], *self.random.sample(source.columns, self.random.randrange(1, 3))]
        inside = f"(SELECT * FROM {table})" if self.chance(25) else table
        return self.written(columns, f"FROM {inside} {source.alias} WHERE ", condition, tail)

    def written(self, columns, head, condition, tail, more=None):
        names = ", ".join(column.ours for column in columns)
        return (f"SELECT {names} {head}{condition.ours}{tail}", f"SELECT {names} {head if more is None else more}{condition.theirs}{tail}", columns)

    def joined(self):
        left, key, right, other = self.pick(*LINKS)
        a, b = self.base(left), self.base(right)
        on, where, word = self.chain([a, b], 1), self.chain([a, b] if self.chance(50) else [a], 1), self.pick("JOIN", "LEFT JOIN")
        inner = f"(SELECT * FROM {right})" if self.chance(25) else right
        head = f"FROM {left} {a.alias} {word} {inner} {b.alias} ON {a.alias}.{key} = {b.alias}.{other}"
        return self.written([a.columns[0], b.columns[0]], f"{head} AND ({on.ours}) WHERE ", where, "", f"{head} AND ({on.theirs}) WHERE ")

    # -- conditions --

    def chain(self, sources, depth):
        form = self.random.randrange(12)
        if depth and form < 6:
            parts = [self.chain(sources, depth - 1) for _ in range(self.random.randrange(2, 4))]
            word = self.pick(" OR ", " OR ", " AND ")
            return Term("boolean", "(" + word.join(part.ours for part in parts) + ")", "(" + word.join(part.theirs for part in parts) + ")")
        if depth and form == 6:
            part = self.chain(sources, depth - 1)
            return Term("boolean", f"NOT ({part.ours})", f"NOT ({part.theirs})")
        if form == 7:
            return self.compare(sources, 0)
        if form == 8:
            return self.pick(self.listed, self.between, self.like)(sources, 0)
        source = self.pick(*sources)
        makers = [maker for maker, kind in ((self.of_text, "text"), (self.of_text, "text"), (self.of_number, "integer"), (self.of_money, "decimal"),
                                            (self.of_real, "number"), (self.of_real, "number"), (self.of_moment, "moment"), (self.of_day, "date"), (self.of_columns, "integer"))
                  if self.column([source], kind)]
        return self.pick(*makers)(source)

    def of_columns(self, source):
        kind = self.pick(*(kind for kind in ("integer", "text", "date", "moment", "number", "decimal") if self.column([source], kind)))
        a, b = self.column([source], kind), self.column([source], kind)
        return both(f"{a.ours} {self.pick(*COMPARISONS)} {b.ours}")

    def text_beside(self, text):
        """A text as a constant or a parameter."""
        return self.as_parameter("text", text) if self.chance(30) else quoted(text)

    def of_text(self, source):
        column, sample = self.column([source], "text"), self.value("text")
        if column.ours.endswith(".Name") and self.chance(70):
            sample = self.pick(*(text for text in self.samples["text"] if text.lower().startswith("product")))
        name, form, sign = column.ours, self.random.randrange(11), self.pick(*SIGNS)
        if form == 0:
            word, theirs, change = self.pick(("UPPER", "e_upper", str.upper), ("LOWER", "e_lower", str.lower))
            constant = change(sample) if len(change(sample)) == len(sample) else "x"
            equal = self.pick("=", "=", "<>")
            return Term("boolean", f"{word}({name}) {equal} {self.text_beside(constant)}", f"{theirs}({name}) {equal} {quoted(constant)}")
        if form == 1:
            start, count = self.random.randrange(1, 5), self.random.randrange(1, 8)
            part = sample[start - 1:start - 1 + count]
            return Term("boolean", f"SUBSTRING({name}, {start}, {count}) = {self.text_beside(part)}", f"substr({name}, {start}, {count}) = {quoted(part)}")
        if form == 2:
            count = self.random.randrange(1, 8)
            return Term("boolean", f"LEFT({name}, {count}) = {quoted(sample[:count])}", f"substr({name}, 1, {count}) = {quoted(sample[:count])}")
        if form == 3:
            at = self.random.randrange(len(sample))
            part, place = sample[at:at + 2], self.random.randrange(0, 6)
            return Term("boolean", f"LOCATE({quoted(part)}, {name}) {sign} {place}", f"instr({name}, {quoted(part)}) {sign} {place}")
        if form == 4:
            ours, theirs = self.pick(("LENGTH({})", "length(rtrim({}))"), ("CHAR_LENGTH({})", "length({})"))
            size = max(0, len(sample) + self.random.randrange(-2, 3))
            return Term("boolean", f"{ours.format(name)} {sign} {size}", f"{theirs.format(name)} {sign} {size}")
        if form == 5:
            tail = self.pick("x", " ü", "'")
            other = self.column([source], "text").ours
            if self.chance(50):
                return both(f"{name} || {quoted(tail)} = {quoted(sample + tail)}")
            return Term("boolean", f"CONCAT({name}, {other}) LIKE {quoted(sample[:3] + '%')}", f"({name} || {other}) LIKE {quoted(sample[:3] + '%')}")
        if form in (6, 9):
            return both(f"TRIM({name}) = {quoted(sample)}")
        if form == 7:
            word = self.pick("LIKE", "NOT LIKE")
            pattern = sample[:3].upper() + "%"
            return Term("boolean", f"UPPER({name}) {word} {quoted(pattern)}", f"e_upper({name}) {word} {quoted(pattern)}")
        return both(f"{name} NOT LIKE {quoted(self.pick(sample[:4] + '%', sample[:4] + '%', sample[:4] + '%', '%' + sample[-2:], '%' + sample[1:3] + '%', sample))}")

    def of_number(self, source):
        a, b = self.column([source], "integer").ours, self.column([source], "integer").ours
        value, small = self.value("integer"), self.random.randrange(1, 12)
        sign = self.pick(*COMPARISONS)
        form = self.random.randrange(5)
        if form == 0:
            return both(f"{a} {self.pick('+', '-')} {small} {sign} {value}")
        if form == 1:
            return both(f"{a} * {small} {sign} {value}")
        if form == 2:
            return both(f"{a} % {small} {sign} {self.random.randrange(small)}")
        if form == 3:
            return both(f"{a} / {small} {sign} {self.random.randrange(20)}")
        return both(f"{a} + {b} {sign} {value + small}")

    def of_money(self, source):
        column, value = self.column([source], "decimal"), self.random.randrange(0, 150)
        name, sign, form = column.ours, self.pick(*SIGNS), self.random.randrange(5)
        if form == 0:
            return Term("boolean", f"ROUND({name}) {sign} {value}", f"e_round({name}, 2) {sign} {value * 100}")
        if form == 1:
            word, theirs = self.pick(("FLOOR", "e_floor"), ("CEILING", "e_ceiling"))
            return Term("boolean", f"{word}({name}) {sign} {value}", f"{theirs}({name}, 2) {sign} {value}")
        if form == 2:
            return Term("boolean", f"{name} * 1.5 {sign} {value}", f"{name} * 15 {sign} {value * 1000}")
        if form == 3:
            return Term("boolean", f"{name} + 0.5 {sign} {value}", f"{name} + 50 {sign} {value * 100}")
        number = self.column([source], "integer").ours
        return Term("boolean", f"{name} {sign} {number}", f"{name} {sign} {number} * 100")

    def of_real(self, source):
        name, value = self.column([source], "number").ours, self.random.randrange(0, 160) / 4
        form, sign = self.random.randrange(5), self.pick(*COMPARISONS)
        if form == 0:
            return both(f"{name} * 2e0 {sign} {value}e0")
        if form < 4:
            whole, sign = self.random.randrange(14), self.pick(*SIGNS)     # among them halves
            return Term("boolean", f"ROUND({name}) {sign} {whole}", f"e_round_real({name}, 0) {sign} {whole}")
        return both(f"{name} / 4e0 + 1e0 {sign} {value}e0")

    def of_moment(self, source):
        name = self.column([source], "moment").ours
        word, form, most = self.pick(("YEAR", "%Y", 0), ("MONTH", "%m", 12), ("DAYOFMONTH", "%d", 31), ("HOUR", "%H", 23), ("MINUTE", "%M", 59), ("SECOND", "%S", 59))
        sign, value = self.pick(*SIGNS), self.random.randrange(1, most + 1) if most else 2024
        return Term("boolean", f"{word}({name}) {sign} {value}", f"CAST(strftime('{form}', {name}) AS INTEGER) {sign} {value}")

    def of_day(self, source):
        name = self.column([source], "date").ours
        word, form, most = self.pick(("MONTH", "%m", 12), ("DAY", "%d", 31))
        values = ", ".join(str(self.random.randrange(1, most + 1)) for _ in range(self.random.randrange(1, 4)))
        not_ = self.pick("", "", "NOT ")
        return Term("boolean", f"{word}({name}) {not_}IN ({values})", f"CAST(strftime('{form}', {name}) AS INTEGER) {not_}IN ({values})")
