#!/usr/bin/python3
"""A long life through the driver manager, with real requests: connecting and disconnecting over and over leaves nothing behind, with
pooling and without; a process that forks is not harmed, nor its child. CYCLES says how often; few unless told."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."), "test", "clients"))
from harness import BUILD, Session, check, equal, own_environment, run  # noqa: E402

CYCLES = os.environ.get("CYCLES", "200")


def life(*arguments):
    done = subprocess.run([os.path.join(BUILD, "test", "conformance", "life"), *arguments], env=own_environment(), capture_output=True,
                          text=True, errors="replace", timeout=1500)
    print("# " + done.stdout.strip().replace("\n", "\n# "))
    check(done.returncode == 0, " ".join(["life", *arguments]), f"status {done.returncode}\n{done.stdout}{done.stderr}")


def lives():
    with Session("--rows", "200") as session:
        session.source("sandbox", Pagesize=5)
        life("fork")
        session.source("sandbox", Pagesize=200)
        life("cycles", CYCLES)

        # The manager pools where it is told to, for a driver that says for how long: the driver is connected once and used again.
        with open(os.path.join(os.environ["ODBCSYSINI"], "odbcinst.ini"), "a") as file:
            file.write("CPTimeout=60\n\n[ODBC]\nPooling=Yes\n")
        log = session.path("log")
        session.source("sandbox", Pagesize=200, Logfile=log, Verbosity=2)
        life("pooled", "100")
        with open(log) as file:
            text = file.read()
        equal((text.count("connected to "), text.count("SELECT COUNT(*)")), (1, 100), "100 queries on one pooled connection")


run(lives)
