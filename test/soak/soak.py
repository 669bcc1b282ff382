#!/usr/bin/python3
"""`make soak`: 8 threads with 4 connections each ask the sandbox for SOAK_SECONDS. One request in ten meets a fault, tokens live 5 s, and
every answer is compared: see soak.c."""
import os
import random
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "clients"))
from harness import BROWSER, BUILD, Session, check, own_environment, run  # noqa: E402

SECONDS = int(os.environ.get("SOAK_SECONDS", "3600"))
SHARE = 0.1
# What passes when it is asked again, and what is final.
PASSING = ({"status": 500, "retry_after": 0}, {"status": 503, "retry_after": 0}, {"status": 429, "retry_after": 0}, {"status": 502, "html": True, "retry_after": 0},
           {"close": True}, {"cut": 60}, {"cut": 0}, {"stall": 200}, {"stall": 200, "stall_at": 50})
# A lost answer to a renewal would end the sign-in: the old token is used up, and nobody has the new one.
TABLES = ("users", "groups", "jobcodes", "timesheets")
FINAL = ({"status": 404}, {"body": '{"results":{'}, {"body": "[1,2"}, {"html": True, "status": 200})
STRICT = {"TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1", "ASAN_OPTIONS": "detect_leaks=1", "LSAN_OPTIONS": "exitcode=23"}
os.environ["TSAN_OPTIONS"] = "report_bugs=0"


def order_faults(session, over, counts):
    """As many as one request in ten: each waits until so many others have passed."""
    chance, due = random.Random(20240229), 40.0
    while True:
        while due >= 1:
            fault = chance.choice(FINAL if chance.random() < 0.1 else PASSING)
            session.fault(match="/api/v1/" + chance.choice(TABLES), skip=chance.randrange(19), **fault)
            counts["faults"] += 1
            due -= 1
        if over.wait(0.5):
            return
        requests = sum("/api/" in entry["path"] for entry in session.log())
        session.forget()
        counts["requests"] += requests
        due += requests * SHARE


def soak():
    with Session("--rows", "400", "--token-lifetime", "5") as session:
        os.environ["BROWSER"] = BROWSER
        login = {"Driver": "RestODBC", "OAuthAccessToken": None, "RetryMax": 8, "Timeout": 60}
        environment = {**own_environment(), **STRICT, "SOAK_SECONDS": str(SECONDS), "RESTODBC_TEST_STRING": session.string(InitiateOAuth="REFRESH", **login),
                       "RESTODBC_TEST_LOGIN": session.string(InitiateOAuth="GETANDREFRESH", CallbackURL="http://127.0.0.1:0", **login)}
        if not os.environ["RESTODBC_TEST_RUNTIME"] and "SOAK_SANITIZED" not in os.environ:
            environment["SOAK_MEMORY"] = "judged"       # a sanitizer keeps what was freed
        counts, over = {"faults": 0, "requests": 0}, threading.Event()
        with subprocess.Popen([os.path.join(BUILD, "test", "soak", "soak")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", env=environment) as program:
            lines = [program.stdout.readline()]
            feeder = threading.Thread(target=order_faults, args=(session, over, counts), daemon=True)
            if lines[0] == "ready\n":
                feeder.start()
                program.stdin.write("\n")
                program.stdin.flush()
            watch = threading.Timer(SECONDS + 400, program.kill)
            watch.start()
            lines += program.stdout.readlines()
            watch.cancel()
            status = program.wait()
            over.set()
            if feeder.ident:
                feeder.join(60)
        print("# " + "# ".join(lines[:40]) + f"# {counts['requests']} requests to the service, {counts['faults']} faults ordered")
        check(status == 0, f"{SECONDS} s with faults, short-lived tokens and {8 * 4} connections", f"status {status}")
        check(counts["faults"] > 40 and counts["requests"] > 200, "there were faults and requests", counts)


run(soak)
