#!/usr/bin/python3
"""Runs clients that nobody here wrote under valgrind, in the conversation that test/clients/outside has with each, and counts what
memcheck finds in the driver: errors and definite leaks that have a frame of librestodbc. What the interpreters do is theirs."""
import glob
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from harness import SOURCE, check, run

CLIENTS = sys.argv[1:] or ("isql", "python", "perl")
OURS = "librestodbc"


def frames(error):
    return [(frame.findtext("obj") or "", frame.findtext("fn") or "", f"{frame.findtext('file')}:{frame.findtext('line')}")
            for frame in error.iter("frame")]


def told(error):
    what = error.findtext("what") or error.findtext("xwhat/text")
    return f"{error.findtext('kind')}: {what}\n" + "\n".join(f"    {fn} ({obj}) {where}" for obj, fn, where in frames(error))


def clients():
    for client in CLIENTS:
        with tempfile.TemporaryDirectory(prefix="restodbc-memcheck-") as folder:
            wrapper = ("valgrind -q --leak-check=full --show-leak-kinds=definite --keep-debuginfo=yes --num-callers=40 --child-silent-after-fork=yes "
                       f"--suppressions={SOURCE}/test/clients/interpreters.supp --xml=yes --xml-file={folder}/%p.xml")
            # isql and iusql are looked at together, in isql.py.
            done = subprocess.run([f"{SOURCE}/test/clients/outside/{client}.py"], env={**os.environ, "WRAPPER": wrapper, "PYTHONMALLOC": "malloc"},
                                  capture_output=True, text=True, errors="replace", timeout=540)
            check(done.returncode == 0, f"{client} goes through its conversation", "\n".join(
                line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("ok ")))
            reports = glob.glob(f"{folder}/*.xml")
            check(reports, f"{client} was looked at")
            loaded, found, theirs = 0, [], 0
            for report in reports:
                with open(report, errors="replace") as file:       # valgrind writes a command's arguments as they are: control characters are no XML
                    root = xml.etree.ElementTree.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "?", file.read()))
                loaded += 1
                for error in root.iter("error"):
                    if any(OURS in obj for obj, _, _ in frames(error)):
                        found.append(told(error))
                    else:
                        theirs += 1
            print(f"# {client}: {loaded} processes; {theirs} findings that are not ours")
            check(not found, f"valgrind finds nothing of the driver in {client}", "\n".join(found[:20]))


run(clients)
