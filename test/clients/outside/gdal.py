#!/usr/bin/python3
"""GDAL: ogrinfo, one run a question; its ODBC driver has no parameters and takes a table's primary key for its FID."""
import re
import subprocess
import urllib.parse

from client import (CALLBACK, CLIENT, FOREIGN, INPUTS, PROCEDURES, SYSTEM, TYPED, TYPED_KINDS, Session, browser, check, equal, oracle, run,
                    values)


def ogrinfo(*arguments):
    """(exit status, what it printed, its errors)."""
    done = subprocess.run(["ogrinfo", "-ro", "ODBC:@sandbox", *arguments], capture_output=True, timeout=120)
    # It writes each half of a surrogate pair by itself.
    out = done.stdout.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
    return done.returncode, out, done.stderr.decode()


def features(output):
    """The rows of an answer as lists of texts and None, and the fields as [(name, type)]."""
    head, *found = re.split(r"\n{1,2}OGRFeature\(\w+\):\d+\n", output)
    fields = re.findall(r"^(\w+): (\w+) \(", head.partition("Layer SRS WKT:")[2], re.MULTILINE)
    rows = []
    for text in found:
        cells = re.split(r"(?:\A|\n)  \w+ \(\w+\) = ", text.removesuffix("\n\n"))[1:]
        rows.append([None if cell == "(null)" else cell for cell in cells])
    return rows, fields


def ask(sql):
    status, out, err = ogrinfo("-sql", sql)
    if status or "ERROR" in err:
        raise RuntimeError(f"ogrinfo ended with {status}: {err}{out[:500]}")
    return features(out)[0]


def catalog():
    with Session("--rows", "60") as session:
        status, out, err = ogrinfo()
        layers = re.findall(r"^\d+: (\w+)$", out, re.MULTILINE)
        check(status == 0 and set(oracle.TABLES) <= set(layers), "ogrinfo lists the tables", out + err)
        status, out, err = ogrinfo("-al", "-so", "--debug", "OGR_ODBC", "Timesheets")
        fields = [name for name, _ in features(out)[1]]
        wanted = [name for name, _, _ in oracle.TABLES["Timesheets"][1] if name != "Id"]
        equal([name for name in fields if name in wanted], wanted, "it lists the columns")
        check("Using column Id as FID for table Timesheets" in err, "it finds the key", err[:500])
        check(f"Feature Count: {len(session.raw('timesheets'))}" in out, "it counts the rows", out[:500])
        status, out, err = ogrinfo("-al", "-where", "Duration > 20000", "Timesheets")
        equal(len(features(out)[0]), sum(row["Duration"] > 20000 for row in oracle.rows_of(session, "Timesheets")), "it filters a layer")
        status, out, err = ogrinfo("-fid", "510004", "Users")
        check("FirstName (String) = Jürgen" in out, "it finds a row by its key", out)
        for what, subject, wanted in (("foreign", "Timesheets", sorted(FOREIGN)), ("procedures", "", PROCEDURES),
                                      ("inputs", "GetOAuthAuthorizationURL", INPUTS)):
            rows = ask(SYSTEM[what].format(subject))
            equal(rows[:len(INPUTS)] if what == "inputs" else sorted(rows), [cell if isinstance(cell, list) else [cell] for cell in wanted],
                  f"it lists in SQL: {what}")


def reading():
    with Session("--rows", "200") as session:
        status, out, err = ogrinfo("-sql", TYPED)
        rows, fields = features(out)
        equal([kind for _, kind in fields], ["Integer64", "Integer", "Real", "Real", "Date", "Time", "DateTime", "String", "String", "String"],
              "each column has its type")
        wanted = sorted((row["Id"], row["EmployeeNumber"], row["PayRate"], row["PayRate"], row["HireDate"], row["Created"] and row["Created"][11:],
                         row["Created"], row["Active"], row["FirstName"], row["DisplayName"]) for row in oracle.rows_of(session, "Users"))
        rows = [[cell.replace("/", "-") if cell and kind in ("date", "timestamp") else cell for cell, kind in zip(row, TYPED_KINDS)] for row in rows]
        equal(values(rows, TYPED_KINDS), values(wanted, TYPED_KINDS), "ogrinfo reads every type, NULLs and every script")
        wanted = sorted((row["Id"], row["Notes"]) for row in oracle.rows_of(session, "Timesheets"))
        equal(values(ask("SELECT Id, Notes FROM Timesheets ORDER BY Id"), ("bigint", "string")), values(wanted, ("bigint", "string")),
              "it reads long texts and line breaks")
        fields = sorted((int(row["id"]), row["customfields"]) for row in session.raw("timesheets") if row["customfields"])
        equal(values(ask("SELECT Id, CustomFields FROM Timesheets WHERE CustomFields IS NOT NULL ORDER BY Id"), ("bigint", "json")), fields,
              "it reads JSON")
        equal(len(ask("SELECT Id FROM Users WHERE FirstName = '李'")),
              sum(row["FirstName"] == "李" for row in oracle.rows_of(session, "Users")), "a text beyond ASCII in the query")


def procedures_and_errors():
    with Session("--rows", "20") as session:
        row = ask(f"CALL GetOAuthAuthorizationURL('WEB', '{CALLBACK}')")[0]
        check(row[0].startswith(session.base + "/api/v1/authorize?") and f"client_id={CLIENT}" in row[0] and f"state={row[1]}" in row[0],
              "ogrinfo calls a procedure", row)
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(row[0])).query))["code"]
        # It executes a query again for its rows, after it has counted them; a code is good once.
        status, out, err = ogrinfo("-so", "-sql", f"CALL GetOAuthAccessToken('WEB', '{CALLBACK}', '{code}', '{row[2]}')")
        check("Feature Count: 1\n" in out and "OAuthAccessToken: String" in out, "and another, with its inputs", err + out)
        for sql, state in (("SELECT Nope FROM Users", "S0022"), ("SELECT Id FROM Nope", "S0002"), ("SELECT Id FROM Users WHERE", "37000")):
            status, out, err = ogrinfo("-sql", sql)
            check(state in err and not features(out)[0], f"it shows the error of {sql}", err + out)


run(catalog, reading, procedures_and_errors)
