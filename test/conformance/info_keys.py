#!/usr/bin/python3
"""No information type of the system's ODBC headers is left out: the suite asks SQLGetInfo for each of them (info_keys.h)."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."), "test", "clients"))
from harness import SOURCE, check, plain_environment, run  # noqa: E402

# Where the headers list them: from a comment to the first line that is no longer of the list.
PARTS = (("sql.h", "Information requested by SQLGetInfo", "SQL_ALTER_TABLE bitmasks"),
         ("sqlext.h", "Extended definitions for SQLGetInfo", "SQL_ALTER_TABLE bitmasks"))
# They stand in those lists and are something else.
OTHERS = {"SQL_INFO_FIRST", "SQL_INFO_LAST", "SQL_INFO_DRIVER_START", "SQL_ASYNC_NOTIFICATION_NOT_CAPABLE", "SQL_ASYNC_NOTIFICATION_CAPABLE"}


# Information types that the headers name elsewhere, or not at all.
MORE = {"SQL_DATABASE_NAME", "SQL_RETURN_ESCAPE_CLAUSE"}
INCLUDES = "#include <sql.h>\n#include <sqlext.h>\n#include <sqlucode.h>\n"


def preprocess(*options):
    flags = subprocess.run(["pkg-config", "--cflags", "odbc"], capture_output=True, text=True).stdout.split()
    return subprocess.run(["cc", "-E", *options, *flags, "-"], input=INCLUDES, capture_output=True, text=True, check=True,
                          env=plain_environment()).stdout


def header(name):
    path = re.search(rf'^# \d+ "([^"]*/{re.escape(name)})"', preprocess(), re.M).group(1)
    with open(path) as file:
        return file.read()


def numbers():
    """name → number, aliases resolved, of every constant of the headers."""
    defined = dict(re.findall(r"^#define (\w+)[ \t]+(.+?)\s*$", preprocess("-dM"), re.M))
    found = {}
    for name in defined:
        value = defined[name]
        while value in defined:
            value = defined[value]
        if re.fullmatch(r"\d+", value):
            found[name] = int(value)
    return found


def every_key_is_asked():
    values = numbers()
    with open(os.path.join(SOURCE, "test", "conformance", "info_keys.h")) as file:
        asked = re.findall(r"^KEY\((\w+), \w+\)$", file.read(), re.M)
    check(len(asked) == len(set(asked)), "no information type is asked twice", asked)
    told = set()
    for name, begin, end in PARTS:
        text = header(name)
        start = text.index(begin)
        told |= set(re.findall(r"^#[ \t]*define[ \t]+(SQL_\w+)[ \t]+\w+", text[start:text.index(end, start)], re.M)) - OTHERS
    told = {name for name in told if name in values}
    check(len(told) > 190, "the headers tell the information types", sorted(told))
    covered = {values[name] for name in asked if name in values}
    missing = sorted(name for name in told if values[name] not in covered)
    check(not missing, "every information type of sql.h and sqlext.h is asked", missing)
    unknown = sorted(name for name in asked if name not in told and name not in MORE)
    check(not unknown, "nothing else is asked", unknown)


run(every_key_is_asked)
