#!/usr/bin/python3
"""Runs the chapters of the conformance suite through the driver manager against a sandbox: each case is a rule of the reference."""
import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."), "test", "clients"))
from harness import BUILD, SOURCE, Session, check, own_environment, run  # noqa: E402

LEAST = 400
WRAPPER = os.environ.get("WRAPPER", "").split()       # a program that runs them: valgrind


def chapters():
    return sorted(os.path.basename(path)[:-2] for path in glob.glob(os.path.join(SOURCE, "test", "conformance", "*_chapter.c")))


def every_chapter():
    cases = 0
    with Session("--rows", "200") as session:
        session.source("tokenless", OAuthAccessToken=None)
        session.source("bare", OAuthAccessToken=None, Provider=None, InitiateOAuth=None)
        environment = {**own_environment(), "RESTODBC_TEST_STRING": session.string(Driver="RestODBC"),
                       "RESTODBC_TEST_TOKEN": session.properties()["OAuthAccessToken"]}
        for chapter in sys.argv[1:] or chapters():
            done = subprocess.run([*WRAPPER, os.path.join(BUILD, "test", "conformance", chapter)], env=environment, capture_output=True, text=True,
                                  errors="replace", timeout=1200 if WRAPPER else 300)
            output = done.stdout + done.stderr
            for line in output.splitlines():
                if line.startswith("[       OK ] "):
                    check(True, line[13:])
                    cases += 1
            failures = [line for line in output.splitlines() if not line.startswith(("[       OK ]", "[ RUN      ]"))]
            check(done.returncode == 0, f"{chapter} passes", "\n".join(failures))
    check(sys.argv[1:] or cases >= LEAST, f"at least {LEAST} rules are proven", cases)


run(every_chapter)
