"""What every outside client is asked, one question after the other, and what it must answer.

A client's script reads questions from its standard input, asks them through its own ODBC binding and writes the answers. A line is a
list of fields with tabs between them; in a field \\\\ \\t \\n \\r stand for themselves and \\N alone for NULL. Questions:

    tables | columns TABLE | keys TABLE | foreign TABLE | procedures | inputs PROCEDURE | types SQL | query SQL (KIND VALUE)…

An answer is a line "|" with cells for each row, a line "!" with the message where it failed, and a line "." at its end. KIND is one of
the names in KINDS below. What a binding does not offer its script does not answer, and its test says so in `offers`.

The wanted answers are computed from the sandbox's raw JSON, here and in oracle.py.
"""
import datetime
import decimal
import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import BUILD, CLIENT, SOURCE, WRAPPER, Session, browser, check, equal, plain_environment, run    # noqa: E402
import oracle   # noqa: E402

FOLDER = os.path.join(SOURCE, "test", "clients", "outside")
CALLBACK = "http://127.0.0.1:33333/back"
PROCEDURES = ["CreateInvitation", "DownloadFile", "GetOAuthAccessToken", "GetOAuthAuthorizationURL", "RefreshOAuthAccessToken", "RevokeOAuthAccessToken",
              "UpdateProjectActivityReadTime", "UploadFile"]
FOREIGN = [["CreatedByUserId", "Users", "Id"], ["JobcodeId", "JobCodes", "Id"], ["UserId", "Users", "Id"]]
INPUTS = ["AuthMode", "CallbackURL", "State", "Scope", "Prompt"]
EVERYTHING = {"tables", "columns", "keys", "foreign", "procedures", "inputs", "types", "parameters"}
# What a binding has no function for is asked of the system tables.
SYSTEM = {
    "tables": "SELECT TableName FROM sys_tables",
    "columns": "SELECT ColumnName FROM sys_tablecolumns WHERE TableName = '{}' ORDER BY Ordinal",
    "keys": "SELECT ColumnName FROM sys_primarykeys WHERE TableName = '{}'",
    "foreign": "SELECT ColumnName, ReferencedTableName, ReferencedColumnName FROM sys_foreignkeys WHERE TableName = '{}'",
    "procedures": "SELECT ProcedureName FROM sys_procedures",
    "inputs": "SELECT ColumnName FROM sys_procedureparameters WHERE ProcedureName = '{}' AND Direction = 1 ORDER BY Ordinal",
}
TYPED = ("SELECT Id, EmployeeNumber, PayRate, CAST(PayRate AS DECIMAL(12,2)) AS Rate, HireDate, CAST(Created AS TIME) AS Clock, Created, "
         "Active, FirstName, DisplayName FROM Users ORDER BY Id")
TYPED_KINDS = ("bigint", "integer", "double", "decimal", "date", "time", "timestamp", "boolean", "string", "string")
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
UNESCAPES = {escape: character for character, escape in ESCAPES.items()}


# ---- Cells as values: whatever a client prints for a value of that kind, equal values become equal ----

def _number(text):
    return round(decimal.Decimal(text), 6).normalize() + 0


def _boolean(text):
    return {"1": True, "0": False, "true": True, "false": False}[text.lower()]


def _time(text):
    return re.sub(r"\.0+$", "", text)


KINDS = {
    "integer": lambda text: int(_number(text)), "bigint": lambda text: int(_number(text)), "double": _number, "decimal": _number,
    "boolean": _boolean, "date": str, "time": _time, "timestamp": lambda text: _time(text.replace("T", " ")),
    "string": str, "json": json.loads,
}


def values(rows, kinds):
    return [tuple(None if cell is None else KINDS[kind](str(int(cell)) if kind == "boolean" and isinstance(cell, (bool, int)) else str(cell))
                  for kind, cell in zip(kinds, row)) for row in rows]


# ---- Asking ----

class Refused(Exception):
    """The client reported a failure; its text is the client's."""


class Client:
    """A client's script as a process that is asked questions."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen([*WRAPPER, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, **(environment or {})})

    def ask(self, *fields):
        """The rows of the answer as lists of texts and None."""
        line = "\t".join("\\N" if field is None else "".join(ESCAPES.get(character, character) for character in str(field))
                         for field in fields)
        watchdog = threading.Timer(120, self.process.kill)
        watchdog.start()
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
            return self._answer()
        finally:
            watchdog.cancel()

    def _answer(self):
        rows, refusal = [], None
        for line in self.process.stdout:
            cells = [None if cell == "\\N" else re.sub(r"\\.", lambda match: UNESCAPES[match.group()], cell)
                     for cell in line.decode().rstrip("\n").split("\t")]
            if cells[0] == ".":
                if refusal is not None:
                    raise Refused(refusal)
                return rows
            if cells[0] == "|":
                rows.append(cells[1:])
            elif cells[0] == "!":
                refusal = cells[1] if len(cells) > 1 else ""
            else:
                print("# " + line.decode().rstrip())
        raise RuntimeError(f"the client ended with {self.process.wait(60)}")

    def end(self):
        """Lets the client end by itself; its exit status."""
        self.process.stdin.close()
        for line in self.process.stdout:
            print("# " + line.decode().rstrip())
        return self.process.wait(120)


# ---- The questions ----

class Conversation:
    """One client asked everything that it offers."""

    def __init__(self, name, session, client, offers, astral, sizes):
        self.name, self.session, self.client, self.offers = name, session, client, offers
        self.astral, self.sizes = astral, sizes
        self.database = oracle.database(session)

    def rows_told(self, title, wanted, kinds, *question):
        """Compares values; rows that the client can not show are left out on both sides."""
        wanted = values(wanted, kinds)
        hidden = [i for i, row in enumerate(wanted) if not self.astral and any(character > "\uffff" for character in repr(row))]

        def shown(rows):
            return [row for i, row in enumerate(rows) if i not in hidden]
        self.told(title, shown(wanted), ("query", *question), lambda rows: values(shown(rows), kinds))

    def told(self, title, wanted, question, make=lambda rows: rows):
        try:
            equal(make(self.client.ask(*question)), wanted, f"{self.name}: {title}")
        except Refused as refusal:
            check(False, f"{self.name}: {title}", refusal)

    def catalog(self):
        for what, title, wanted, subject, make in (
                ("tables", "lists the tables", sorted(oracle.TABLES), (), lambda rows: sorted({row[0] for row in rows} & set(oracle.TABLES))),
                ("columns", "lists the columns, in order", [name for name, _, _ in oracle.TABLES["Timesheets"][1]], ("Timesheets",),
                 lambda rows: [row[0] for row in rows if row[0] in {name for name, _, _ in oracle.TABLES["Timesheets"][1]}]),
                ("keys", "finds the primary key", [["Id"]], ("Timesheets",), list),
                ("foreign", "finds the foreign keys", FOREIGN, ("Timesheets",), sorted),
                ("procedures", "lists the procedures", PROCEDURES, (), lambda rows: sorted(row[0] for row in rows)),
                ("inputs", "lists a procedure's inputs", INPUTS, ("GetOAuthAuthorizationURL",), lambda rows: [row[0] for row in rows][:len(INPUTS)])):
            if what in self.offers:
                self.told(title, wanted, (what, *subject), make)
            else:
                self.told(title + " in SQL", wanted, ("query", SYSTEM[what].format(*subject)), make)

    def types(self, wanted):
        if "types" in self.offers:
            self.told("each column has its type", list(wanted), ("types", TYPED), lambda rows: [row[0] for row in rows])

    def reading(self):
        wanted = []
        for row in oracle.rows_of(self.session, "Users"):
            wanted.append((row["Id"], row["EmployeeNumber"], row["PayRate"], row["PayRate"], row["HireDate"],
                           row["Created"] and row["Created"][11:], row["Created"], row["Active"], row["FirstName"], row["DisplayName"]))
        check(any(None in row for row in wanted), "there are NULLs")
        self.rows_told("reads every type, NULLs and every script", sorted(wanted), TYPED_KINDS, TYPED)
        wanted = self.database.execute("SELECT Id, Notes FROM Timesheets ORDER BY Id").fetchall()
        check(max(len(row[1] or "") for row in wanted) > 5000, "there are long texts")
        self.rows_told("reads long texts and line breaks", wanted, ("bigint", "string"), "SELECT Id, Notes FROM Timesheets ORDER BY Id")
        fields = sorted((int(row["id"]), row["customfields"]) for row in self.session.raw("timesheets") if row["customfields"])
        check(fields, "there is JSON")
        self.told("reads JSON", fields, ("query", "SELECT Id, CustomFields FROM Timesheets WHERE CustomFields IS NOT NULL ORDER BY Id"),
                  lambda rows: values(rows, ("bigint", "json")))
        full = "李" * 255
        if self.sizes:
            self.told("a text that fills its column in long characters", [[full]], ("query", f"SELECT '{full}' AS Name"))
        self.told("a result without rows", [], ("query", "SELECT Id, FirstName FROM Users WHERE Id = 1"))
        self.rows_told("a name beyond ASCII in the query", self.database.execute("SELECT Id FROM Users WHERE FirstName = '李' ORDER BY Id"),
                       ("bigint",), "SELECT Id AS \"名前 é\" FROM Users WHERE FirstName = '李' ORDER BY Id")

    def parameters(self):
        if "parameters" not in self.offers:
            return
        notes = next(row["Notes"] for row in oracle.rows_of(self.session, "Timesheets") if row["Notes"] and len(row["Notes"]) > 5000)
        number = next(row["EmployeeNumber"] for row in oracle.rows_of(self.session, "Users") if row["EmployeeNumber"])
        rate = next(row["PayRate"] for row in oracle.rows_of(self.session, "Users") if row["PayRate"])
        moment = "2024-06-01 12:30:00"
        for title, sql, reference, given in (
                ("an integer", "SELECT Id FROM Users WHERE EmployeeNumber = ? ORDER BY Id", None, [("integer", number)]),
                ("a bigint", "SELECT Id FROM Users WHERE Id >= ? ORDER BY Id", None, [("bigint", 510010)]),
                ("a double", "SELECT Id FROM Users WHERE PayRate = ? ORDER BY Id", None, [("double", rate)]),
                ("a decimal", "SELECT Id FROM Users WHERE CAST(PayRate AS DECIMAL(12,2)) = ? ORDER BY Id",
                 "SELECT Id FROM Users WHERE PayRate = ? ORDER BY Id", [("decimal", rate)]),
                ("a date", "SELECT Id FROM Timesheets WHERE Date >= ? ORDER BY Id", None, [("date", "2024-12-01")]),
                ("a time", "SELECT Id FROM Timesheets WHERE CAST(StartTime AS TIME) >= ? ORDER BY Id",
                 "SELECT Id FROM Timesheets WHERE substr(StartTime, 12) >= ? ORDER BY Id", [("time", "14:30:00")]),
                ("a timestamp", "SELECT Id FROM Timesheets WHERE StartTime >= ? ORDER BY Id", None, [("timestamp", moment)]),
                ("true", "SELECT Id FROM Users WHERE Active = ? ORDER BY Id", None, [("boolean", 1)]),
                ("false", "SELECT Id FROM Users WHERE Active = ? ORDER BY Id", None, [("boolean", 0)]),
                ("a text", "SELECT Id FROM Users WHERE LastName LIKE ? ORDER BY Id", "SELECT Id FROM Users WHERE LastName LIKE ? ORDER BY Id",
                 [("string", "Smith%")]),
                ("texts of every script", "SELECT Id FROM Users WHERE FirstName = ? OR FirstName = ? OR FirstName = ? ORDER BY Id", None,
                 [("string", "Zoe\u0308"), ("string", "李"), ("string", "Robin \U0001F98A" if self.astral else "Ada")]),
                ("a quote", "SELECT Id FROM Users WHERE FirstName = ? ORDER BY Id", None, [("string", "O'Brian")]),
                ("NULL", "SELECT Id FROM Users WHERE COALESCE(DisplayName, ?) IS NULL ORDER BY Id", None, [("string", None)]),
                ("a long text", "SELECT Id FROM Timesheets WHERE Notes = ? ORDER BY Id", None, [("string", notes)]),
                ("several of several types", "SELECT Id FROM Timesheets WHERE UserId = ? AND Date >= ? AND Duration > ? AND Notes <> ? ORDER BY Id",
                 None, [("bigint", 510004), ("date", "2024-02-01"), ("integer", 100), ("string", "é\t李")])):
            wanted = self.database.execute(reference or sql, [value for _, value in given]).fetchall()
            check(wanted, f"a parameter, {title}: there is an answer")
            self.rows_told(f"a parameter: {title}", wanted, ("bigint",), sql, *[field for pair in given for field in pair])
        json_text = json.dumps(next(row["customfields"] for row in self.session.raw("timesheets") if row["customfields"]))
        self.told("a parameter comes back as it went", [[json_text]], ("query", "SELECT CAST(? AS VARCHAR(4000)) AS Same", "string", json_text))

    def called(self, title, name, *inputs):
        """The only row of a procedure's answer; inputs go as parameters where the client has them."""
        if "parameters" in self.offers:
            question = (f"CALL {name}({', '.join('?' * len(inputs))})", *[field for value in inputs for field in ("string", value)])
        else:
            question = (f"CALL {name}({', '.join(repr(value) for value in inputs)})",)
        return self.row_told(title, *question)

    def row_told(self, title, *question):
        try:
            rows = self.client.ask("query", *question)
        except Refused as refusal:
            rows = refusal
        return rows[0] if check(isinstance(rows, list) and len(rows) == 1, f"{self.name}: {title} answers with a row", rows) else None

    def procedures(self):
        row = self.row_told("the call escape", f"{{call GetOAuthAuthorizationURL('WEB', '{CALLBACK}')}}") and \
            self.called("GetOAuthAuthorizationURL", "GetOAuthAuthorizationURL", "WEB", CALLBACK)
        if not row:
            return
        url = urllib.parse.urlsplit(row[0])
        query = dict(urllib.parse.parse_qsl(url.query))
        equal((f"{url.scheme}://{url.netloc}{url.path}", query.get("client_id"), query.get("redirect_uri"), query.get("state")),
              (self.session.base + "/api/v1/authorize", CLIENT, CALLBACK, row[1]), f"{self.name}: it gives the URL to sign in at")
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(row[0])).query))["code"]
        tokens = self.called("GetOAuthAccessToken", "GetOAuthAccessToken", "WEB", CALLBACK, code)
        renewed = tokens and self.called("RefreshOAuthAccessToken", "RefreshOAuthAccessToken", tokens[1])
        if renewed:
            secrets = self.session.get("/_secrets")
            check({*tokens[:2], *renewed[:2]} <= set(secrets) and len({*tokens[:2], *renewed[:2]}) == 4,
                  f"{self.name}: the tokens are the service's, and new each time", (tokens, renewed))
            self.told("goes on with the new token", [[str(len(self.session.raw("groups")))]], ("query", "SELECT COUNT(*) FROM Groups"))

    def refused(self, title, state, *question):
        try:
            self.client.ask(*question)
            check(False, f"{self.name}: {title} is refused")
        except Refused as refusal:
            check(re.search(state, str(refusal)), f"{self.name}: {title} is refused, and said why", refusal)
        self.told(f"goes on after {title}", [[str(len(self.session.raw("users")))]], ("query", "SELECT COUNT(*) FROM Users"))

    def errors(self, version):
        unknown = {3: ("42S22", "42S02", "42000", "HY000"), 2: ("S0022", "S0002", "37000", "S1000"), None: ("Nope",) * 2 + (".",) * 2}[version]
        self.refused("an unknown column", unknown[0], "query", "SELECT Nope FROM Users")
        self.refused("an unknown table", unknown[1], "query", "SELECT Id FROM Nope")
        self.refused("a syntax error", unknown[2], "query", "SELECT Id FROM Users WHERE")
        if "parameters" in self.offers:
            self.refused("a wrong parameter", {3: "22018", 2: "22005", None: "."}[version], "query", "SELECT Id FROM Timesheets WHERE Date = ?",
                         "string", "yesterday")
        self.session.fault(match="/api/v1/groups", status=400, times=9)
        try:
            self.refused("a failure of the service", unknown[3], "query", "SELECT Id FROM Groups")
        finally:
            self.session.heal()


def conversation(name, command, offers=EVERYTHING, types=(), version=3, astral=True, sizes=True, environment=None, survives=True):
    """The whole test of a client. version: of ODBC, whose SQLSTATEs its messages hold, or None; types: its words for the types of TYPED;
    astral: it can read characters beyond U+FFFF; sizes: it makes room for more bytes than a column has characters; survives: the
    sanitizers' runtime can be loaded into it."""
    if os.environ["RESTODBC_TEST_RUNTIME"] and not survives:
        print(f"{name} does not bear the sanitizers' runtime")
        sys.exit(77)

    def test():
        with Session("--rows", "200") as session:
            client = Client([*command[:2], "sandbox", *command[2:]], environment)
            talk = Conversation(name, session, client, offers, astral, sizes)
            try:
                talk.catalog()
                talk.types(types)
                talk.reading()
                talk.parameters()
                talk.procedures()
                talk.errors(version)
            finally:
                equal(client.end(), 0, f"{name}: ends well")
    test.__name__ = name
    return test
