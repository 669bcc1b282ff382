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
from harness import BUILD, DRIVER, SOURCE, Session, check, own_environment, run  # noqa: E402

PAGE = os.path.join(SOURCE, "doc", "odbc.md")
HEAD = """# ODBC, function by function

This page is made by `make reference` from the driver's own answers and from the conformance suite in `test/conformance/`; `make check` fails when it is stale. A rule is a case of the suite that runs over the driver manager. Every function with text arguments exists in an ANSI and a wide form.

"""
# Answers that name the connection rather than the driver.
OF_CONNECTION = {"SQL_SERVER_NAME": "the address of the service", "SQL_USER_NAME": "the property User",
                 "SQL_DATA_SOURCE_NAME": "the DSN of the connection; empty without one", "SQL_DM_VER": "the driver manager's"}


def rules():
    """function → [(rule, chapter)], information type → [(rule, chapter)]."""
    found, of_key = collections.OrderedDict(), collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(SOURCE, "test", "conformance", "*_chapter.c"))):
        chapter = os.path.basename(path)[:-len("_chapter.c")]
        with open(path) as file:
            text = file.read()
        for function, rule in re.findall(r'\{"(SQL[A-Za-z]+): ((?:[^"\\]|\\.)*)', text):
            rule = rule.replace('\\"', '"').strip()
            key = re.match(r"(SQL_\w+)", rule) if function == "SQLGetInfo" else None
            if key:
                of_key[key.group(1)].append((rule, chapter))
            else:
                found.setdefault(function, []).append((rule, chapter))
    return found, of_key


def page(lines):
    found, of_key = rules()
    functions, info = [], []
    exported = set(re.findall(r" T (SQL\w+)", subprocess.run(["nm", "-D", DRIVER], capture_output=True, text=True, check=True).stdout))
    for kind, name, number, state, value in lines:
        if kind == "function":
            proofs = found.get(name, [])
            chapters = sorted({chapter for _, chapter in proofs})
            where = ", ".join(f"[{chapter}](../test/conformance/{chapter}_chapter.c)" for chapter in chapters)
            if state == "no" and name in exported:
                state = "yes, though the driver manager does not tell"
            functions.append(f"| `{name}` | {state} | {len(proofs)} | {where} |")
            continue
        if name in OF_CONNECTION:
            answer = OF_CONNECTION[name]
        elif state == "text":
            answer = f"`{value}`" if value else "empty"
        elif state == "number":
            answer = f"`0x{int(value):X}`" if int(value) > 9 else f"`{value}`"
        else:
            answer = {"manager": "the driver manager's", "none": "**not answered**"}[state]
        more = "; ".join(rule.split(" ", 1)[1] for rule, _ in of_key[name] if " " in rule)
        info.append(f"| `{name}` | {number} | {answer.replace('|', chr(92) + '|')} | answered in its documented form, A and W alike"
                    f"{'; ' + more if more else ''} |")
    text = HEAD + "## Functions\n\n| function | supported | rules proven | chapters |\n|---|---|---|---|\n" + "\n".join(functions)
    text += "\n\n## SQLGetInfo\n\nEvery information type of `sql.h` and `sqlext.h` that is the driver's to answer. Proven by " \
            "[info](../test/conformance/info_chapter.c).\n\n| information type | number | answer | rules |\n|---|---|---|---|\n" + "\n".join(info)
    text += "\n\n## The rules\n"
    for function in sorted(found):
        text += f"\n### {function}\n\n" + "".join(f"* {rule.replace('|', chr(92) + '|')} ({chapter})\n" for rule, chapter in found[function])
    return text


def compare():
    with Session("--rows", "10"):
        done = subprocess.run([os.path.join(BUILD, "test", "conformance", "print_info")], env=own_environment(), capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, "the driver tells what it answers", done.stdout + done.stderr)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    text = page(lines)
    if "--write" in sys.argv:
        with open(PAGE, "w") as file:
            file.write(text)
        return
    with open(PAGE) as file:
        present = file.read()
    difference = [line for line in text.splitlines() if line not in present.splitlines()]
    check(present == text, "doc/odbc.md is up to date (make reference)", "\n".join(difference[:10]))
    missing = [line[1] for line in lines if line[0] == "function" and line[3] == "yes" and line[1] not in rules()[0]]
    check(not missing, "every supported function has a rule that proves it", missing)
    check(not [line for line in lines if line[3] == "none"], "every information type is answered")


run(compare)
