#!/usr/bin/python3
"""doc/odbc.md: what the driver answers to every function and information type, and which rules prove it.

Without an argument: the page must be what driver and suite say today. With --write: makes it so (`make reference`)."""
import collections
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."), "test", "clients"))
from harness import BUILD, DRIVER, SOURCE, Session, check, own_environment, plain_environment, run  # noqa: E402

PAGE = os.path.join(SOURCE, "doc", "odbc.md")
HEAD = """# ODBC, function by function

This page is made by `make reference` from the driver's own answers and from the conformance suite in `test/conformance/`; `make check` fails when it is stale. A rule is a case of the suite that runs over the driver manager. Every function with text arguments exists in an ANSI and a wide form.

"""
# Answers that name the connection rather than the driver.
OF_CONNECTION = {"SQL_SERVER_NAME": "the address of the service", "SQL_USER_NAME": "the property User",
                 "SQL_DATA_SOURCE_NAME": "the DSN of the connection; empty without one", "SQL_DM_VER": "the driver manager's"}


# What the driver leaves to the driver manager, and which of its functions serves there.
MAPPED = {"SQLAllocConnect": "SQLAllocHandle", "SQLAllocEnv": "SQLAllocHandle", "SQLAllocHandleStd": "SQLAllocHandle", "SQLAllocStmt": "SQLAllocHandle",
          "SQLBindParam": "SQLBindParameter", "SQLColAttributes": "SQLColAttribute", "SQLError": "SQLGetDiagRec", "SQLFreeConnect": "SQLFreeHandle",
          "SQLFreeEnv": "SQLFreeHandle", "SQLGetConnectOption": "SQLGetConnectAttr", "SQLGetStmtOption": "SQLGetStmtAttr",
          "SQLParamOptions": "SQLSetStmtAttr", "SQLSetConnectOption": "SQLSetConnectAttr", "SQLSetParam": "SQLBindParameter",
          "SQLSetScrollOptions": "SQLSetStmtAttr", "SQLSetStmtOption": "SQLSetStmtAttr", "SQLTransact": "SQLEndTran"}
MANAGERS = {"SQLDataSources", "SQLDrivers"}
# Of ODBC 3.80, but in no header of unixODBC.
MISSING = {"SQLCompleteAsync": "no: nothing runs asynchronously, as `SQL_ASYNC_MODE` and `SQL_ASYNC_NOTIFICATION` say"}


def declared():
    """The functions that the headers of ODBC declare, whatever their form."""
    flags = subprocess.run(["pkg-config", "--cflags", "odbc"], capture_output=True, text=True).stdout.split()
    text = subprocess.run(["cc", "-E", *flags, "-"], input="#include <sql.h>\n#include <sqlext.h>\n#include <sqlucode.h>\n", capture_output=True,
                          text=True, check=True, env=plain_environment()).stdout
    return {re.sub("[AW]$", "", name) for name in re.findall(r"\bSQLRETURN\s+(SQL\w+)\s*\(", text)}


def rules():
    """function → [(rule, chapter)], information type → [(rule, chapter)]: the names of the cases, as the chapters tell them."""
    found, of_key = collections.OrderedDict(), collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(SOURCE, "test", "conformance", "*_chapter.c"))):
        chapter = os.path.basename(path)[:-len("_chapter.c")]
        program = os.path.join(BUILD, "test", "conformance", chapter + "_chapter")
        for line in subprocess.run([program], env={**own_environment(), "RESTODBC_TEST_LIST": "1"}, capture_output=True, text=True,
                                   check=True, timeout=60).stdout.splitlines():
            function, _, rule = line.partition(": ")
            key = re.match(r"(SQL_\w+)", rule) if function == "SQLGetInfo" else None
            if key:
                of_key[key.group(1)].append((rule, chapter))
            else:
                found.setdefault(function, []).append((rule, chapter))
    return found, of_key


def support(name, told, exported):
    """What an application finds of a function."""
    if name in exported:
        return "yes" if told == "yes" else "yes, though the driver manager does not tell"
    if name in MAPPED and MAPPED[name] in exported:
        return f"yes: the driver manager makes it `{MAPPED[name]}`"
    return "the driver manager's own" if name in MANAGERS else MISSING.get(name, "**no**")


def page(lines, found, of_key):
    functions, info = [], []
    exported = set(re.findall(r" T (SQL\w+)", subprocess.run(["nm", "-D", DRIVER], capture_output=True, text=True, check=True).stdout))
    told = {name: state for kind, name, _, state, _ in lines if kind == "function"}
    for name in sorted({**told, **MISSING}):
        proofs = found.get(name, [])
        chapters = sorted({chapter for _, chapter in proofs})
        where = ", ".join(f"[{chapter}](../test/conformance/{chapter}_chapter.c)" for chapter in chapters)
        functions.append(f"| `{name}` | {support(name, told.get(name), exported)} | {len(proofs) or '**none**'} | {where} |")
    for kind, name, number, state, value in lines:
        if kind == "function":
            continue
        if name in OF_CONNECTION:
            answer = OF_CONNECTION[name]
        elif state == "text":
            answer = f"`{value}`" if value else "empty"
        elif state == "number":
            answer = f"`0x{int(value):X}`" if int(value) > 9 else f"`{value}`"
        else:
            answer = {"manager": "the driver manager's", "none": "**not answered**"}[state]
        more = "; ".join(rule.removeprefix(name + " ") for rule, _ in of_key[name])
        info.append(f"| `{name}` | {number} | {answer.replace('|', chr(92) + '|')} | {more.replace('|', chr(92) + '|') or '**none**'} |")
    text = HEAD + "## Functions\n\n| function | supported | rules proven | chapters |\n|---|---|---|---|\n" + "\n".join(functions)
    text += "\n\n## SQLGetInfo\n\nEvery information type of `sql.h` and `sqlext.h`. Proven by [info](../test/conformance/info_chapter.c) and, where a " \
            "rule tells what an answer promises, by [promises](../test/conformance/promises_chapter.c).\n\n" \
            "| information type | number | answer | rules |\n|---|---|---|---|\n" + "\n".join(info)
    text += "\n\n## The rules\n"
    for function in sorted(found):
        text += f"\n### {function}\n\n" + "".join(f"* {rule.replace('|', chr(92) + '|')} ({chapter})\n" for rule, chapter in found[function])
    return text


def compare():
    with Session("--rows", "10"):
        done = subprocess.run([os.path.join(BUILD, "test", "conformance", "print_info")], env=own_environment(), capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, "the driver tells what it answers", done.stdout + done.stderr)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    found, of_key = rules()
    text = page(lines, found, of_key)
    if "--write" in sys.argv:
        with open(PAGE, "w") as file:
            file.write(text)
        return
    with open(PAGE) as file:
        present = file.read()
    difference = [line for line in text.splitlines() if line not in present.splitlines()]
    check(present == text, "doc/odbc.md is up to date (make reference)", "\n".join(difference[:10]))
    functions = {line[1] for line in lines if line[0] == "function"} | set(MISSING)
    check(declared() <= functions and len(declared()) > 70, "every function of the headers is in the table", sorted(declared() - functions))
    check("**no**" not in text, "every function is answered", [line for line in text.splitlines() if "**no**" in line])
    check("**none**" not in text, "every function and every information type has a rule", [line for line in text.splitlines() if "**none**" in line])
    check(not [line for line in lines if line[3] == "none"], "every information type is answered")


run(compare)
