#!/usr/bin/python3
"""Perl: DBD::ODBC with tables that it makes itself, in a workspace without a service."""
import re
import subprocess

from client import FOLDER, WRAPPER, Session, check, run


def tables():
    with Session():
        done = subprocess.run([*WRAPPER, "perl", f"{FOLDER}/perl_tables.pl", "DRIVER=RestODBC;Workspace=:memory:"], capture_output=True,
                              text=True, errors="replace", timeout=540)
        for word, name in re.findall(r"^(ok|not ok) \d+ - (.*)$", done.stdout, re.MULTILINE):
            check(word == "ok", name, done.stderr)
        check(done.returncode == 0, "it goes through", done.stdout + done.stderr)


run(tables)
