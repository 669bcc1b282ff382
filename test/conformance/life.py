#!/usr/bin/python3
"""A long life through the driver manager, with real requests: connecting and disconnecting over and over leaves nothing behind, with
pooling and without; a process that forks is not harmed, nor its child. CYCLES says how often; few unless told."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."), "test", "clients"))
from harness import BUILD, Session, check, own_environment, run  # noqa: E402

CYCLES = os.environ.get("CYCLES", "200")


def lives():
    with Session("--rows", "200") as session:
        for arguments in (["fork"], ["cycles", CYCLES]):
            if "pooled" in arguments:       # the manager pools where it is told to, for a driver that says for how long
                with open(os.path.join(os.environ["ODBCSYSINI"], "odbcinst.ini"), "a") as file:
                    file.write("CPTimeout=60\n\n[ODBC]\nPooling=Yes\n")
            session.source("sandbox", Pagesize=5 if arguments == ["fork"] else 200)
            done = subprocess.run([os.path.join(BUILD, "test", "conformance", "life"), *arguments], env=own_environment(),
                                  capture_output=True, text=True, errors="replace", timeout=1500)
            print("# " + done.stdout.strip().replace("\n", "\n# "))
            check(done.returncode == 0, " ".join(["life", *arguments]), f"status {done.returncode}\n{done.stdout}{done.stderr}")
            session.forget()


run(lives)
