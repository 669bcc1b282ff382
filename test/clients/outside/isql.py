#!/usr/bin/python3
"""unixODBC: isql, by the ANSI functions, and iusql, by the wide ones; statements come in by standard input, many to a run.

They have no parameters, print nothing for NULL and the first 300 characters of a text (iusql none at all of a longer one). iusql prints
the low byte of each UTF-16 unit and takes its input for Latin-1."""
import re
import urllib.parse

from client import (CALLBACK, CLIENT, FOREIGN, INPUTS, PROCEDURES, SYSTEM, TYPED, TYPED_KINDS, Session, browser, check, equal, oracle, run,
                    values)
from harness import narrow

# What each tells of an error: isql is an ODBC 2 application, iusql shows the message alone.
ERRORS = (("SELECT Nope FROM Users", "S0022", "There is no column Nope"), ("SELECT Id FROM Nope", "S0002", "Nope"),
          ("SELECT Id FROM Users WHERE", "37000", "WHERE|end"), ("CALL GetOAuthAuthorizationURL('NEITHER')", "22023", "AuthMode"))
PIECE = 200


def texts(rows):
    """Cells as these programs print them: NULL is nothing."""
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def catalog(session, program):
    rows = session.isql_rows("help", program=program)
    equal(sorted({row[2] for row in rows} & set(oracle.TABLES)), sorted(oracle.TABLES), f"{program}: help lists the tables")
    rows = session.isql_rows("help Timesheets", program=program)
    names = [name for name, _, _ in oracle.TABLES["Timesheets"][1]]
    equal([row[3] for row in rows if row[3] in names], names, f"{program}: help lists the columns of a table, in order")
    for what, subject, wanted in (("keys", "Timesheets", [["Id"]]), ("foreign", "Timesheets", sorted(FOREIGN)),
                                  ("procedures", "", [[name] for name in PROCEDURES]),
                                  ("inputs", "GetOAuthAuthorizationURL", [[name] for name in INPUTS])):
        rows = session.isql_rows(SYSTEM[what].format(subject), program=program)
        equal(rows[:len(INPUTS)] if what == "inputs" else sorted(rows), wanted, f"{program}: lists in SQL: {what}")


def reading(session, program):
    as_shown = narrow if program == "iusql" else str
    wanted = sorted((row["Id"], row["EmployeeNumber"], row["PayRate"], row["PayRate"], row["HireDate"], row["Created"] and row["Created"][11:],
                     row["Created"], row["Active"], row["FirstName"], row["DisplayName"]) for row in oracle.rows_of(session, "Users"))
    wanted = [[as_shown(cell) if isinstance(cell, str) else cell for cell in row] for row in wanted]
    rows = [[cell or None for cell in row] for row in session.isql_rows(TYPED, program=program)]
    equal(values(rows, TYPED_KINDS), values([[None if cell == "" else cell for cell in row] for row in wanted], TYPED_KINDS),
          f"{program}: reads every type, NULLs and every script")
    row = next(row for row in sorted(oracle.rows_of(session, "Timesheets"), key=lambda row: row["Id"]) if len(row["Notes"] or "") > 5000)
    pieces = "".join(f"SELECT SUBSTRING(Notes, {start + 1}, {PIECE}) FROM Timesheets WHERE Id = {row['Id']}\n"
                     for start in range(0, len(row["Notes"]), PIECE))
    got = session.isql_rows(pieces.rstrip("\n"), program=program)
    equal("".join(cell for cell, in got), as_shown(row["Notes"]), f"{program}: reads a long text, in pieces, as many statements")
    if program == "isql":
        shown = session.isql_rows(f"SELECT Notes FROM Timesheets WHERE Id = {row['Id']}")[0][0]
        check(shown.endswith("...") and len(shown.encode()) > 250 and row["Notes"].startswith(shown[:-3]), "isql: shows the beginning of it", shown)
        equal(session.isql_rows("SELECT Id AS \"名前 é\" FROM Users WHERE FirstName = '李' ORDER BY Id"),
              texts(sorted([row["Id"]] for row in oracle.rows_of(session, "Users") if row["FirstName"] == "李")), "isql: a name beyond ASCII in the query")
    equal(session.isql_rows("SELECT Id FROM Users WHERE Id = 1", program=program), [], f"{program}: a result without rows")


def procedures(session, program):
    row = session.isql_rows(f"{{call GetOAuthAuthorizationURL('WEB', '{CALLBACK}')}}", program=program)[0]
    url = urllib.parse.urlsplit(row[0])
    query = dict(urllib.parse.parse_qsl(url.query))
    equal((f"{url.scheme}://{url.netloc}{url.path}", query.get("client_id"), query.get("redirect_uri"), query.get("state")),
          (session.base + "/api/v1/authorize", CLIENT, CALLBACK, row[1]), f"{program}: GetOAuthAuthorizationURL gives the URL to sign in at")
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(row[0])).query))["code"]
    tokens = session.isql_rows(f"CALL GetOAuthAccessToken('WEB', '{CALLBACK}', '{code}', '{row[2]}')", program=program)[0]
    renewed = session.isql_rows(f"EXEC RefreshOAuthAccessToken OAuthRefreshToken = '{tokens[1]}'\nSELECT COUNT(*) FROM Groups", program=program)
    check({*tokens[:2], *renewed[0][:2]} <= set(session.get("/_secrets")) and len({*tokens[:2], *renewed[0][:2]}) == 4,
          f"{program}: GetOAuthAccessToken and RefreshOAuthAccessToken give the service's tokens, new each time", (tokens, renewed))
    equal(renewed[1:], [[str(len(session.raw("groups")))]], f"{program}: goes on with the new token")


def errors(session, program):
    users = str(len(session.raw("users")))
    for sql, state, message in ERRORS:
        status, out, err = session.isql(f"{sql}\nSELECT COUNT(*) FROM Users", program=program, options=("-v", "-d\x01"))
        told, _, counted = out.rstrip("\n").rpartition("\n")
        check(status == 0 and "[ISQL]ERROR" in err and re.search(message, told) and (program == "iusql" or told.startswith(f"[{state}]")),
              f"{program}: tells the error of {sql}", (status, out, err))
        equal(counted, users, f"{program}: and goes on after it")
    session.fault(match="/api/v1/groups", status=400, times=1)
    status, out, err = session.isql("SELECT Id FROM Groups\nSELECT COUNT(*) FROM Groups", program=program, options=("-v", "-d\x01"))
    session.heal()
    check("[ISQL]ERROR" in err and out.endswith(f"\n{len(session.raw('groups'))}\n"), f"{program}: a failure of the service, and goes on after it", (out, err))
    status, out, err = session.isql("SELECT 1", source="nowhere", program=program, options=("-v",))
    check(status != 0 and re.search(r"\[ISQL\]ERROR: Could not SQL(Driver)?Connect", err) and "not found" in out,
          f"{program}: a data source that is not there", (status, out, err))


def both():
    for program in ("isql", "iusql"):
        for part in (catalog, reading, procedures, errors):
            with Session("--rows", "200") as session:
                part(session, program)


run(both)
