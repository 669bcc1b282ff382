#!/usr/bin/python3
"""Runs order_test, which calls the driver through the driver manager in every order, against a sandbox of its own."""
import os
import subprocess

from harness import BUILD, Session, check, own_environment, run


def any_order():
    with Session("--rows", "400") as session:
        long_note = next(row["notes"] for row in session.raw("timesheets") if row["notes"] and len(row["notes"]) > 3000)
        environment = {**own_environment(), "GROUPS": str(len(session.raw("groups"))), "USERS": str(len(session.raw("users"))),
                       "LONG_NOTE": str(len(long_note.encode()))}
        done = subprocess.run([os.path.join(BUILD, "test", "clients", "order_test")], env=environment, capture_output=True, text=True,
                              errors="replace", timeout=300)
        output = done.stdout + done.stderr
        orders = [line[13:] for line in output.splitlines() if line.startswith("[       OK ] ")]
        for order in orders:
            check(True, order)
        check(done.returncode == 0 and orders, "calls in any order", output)


run(any_order)
