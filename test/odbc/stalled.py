#!/usr/bin/python3
"""Runs stalled, threads of all kinds at once over HTTP transfers that stall, against a sandbox: its silence lasts an hour, so whatever
ends was ended by a cancel or a timeout. In a build with ThreadSanitizer it is what that looks at."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."), "test", "clients"))
from harness import BUILD, Session, check, equal, own_environment, run  # noqa: E402

HOUR = 3600
RUNNERS, ROUNDS, LOGINS = 7, 6, 6
# ThreadSanitizer judges the driver. libmicrohttpd under the sandbox is not built with it, so that it can not see how that orders its threads.
JUDGED = {"TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"}
os.environ["TSAN_OPTIONS"] = "report_bugs=0"


def threads_at_once():
    with Session("--rows", "40") as session:
        groups = len(session.raw("groups"))
        session.fault(match="/api/v1/users", stall=HOUR * 1000, times=10000)
        session.fault(match="/api/v1/jobcodes", stall=HOUR * 1000, stall_at=10, times=10000)
        session.fault(match="/api/v1/timesheets", status=429, retry_after=60, times=10000)
        session.fault(match="/api/v1/current_user", stall=HOUR * 1000, times=10000)
        strings = {"RESTODBC_TEST_STRING": session.string(Driver="RestODBC", Timeout=HOUR, RetryMax=5),
                   "RESTODBC_TEST_LOGIN": session.string(Driver="RestODBC", Timeout=HOUR, ConnectOnOpen="true")}
        done = subprocess.run([os.path.join(BUILD, "test", "odbc", "stalled")], capture_output=True, text=True, errors="replace", timeout=300,
                              env={**own_environment(), **JUDGED, **strings, "SANDBOX_PORT": str(session.port), "GROUPS": str(groups)})
        print("# " + done.stdout.strip().replace("\n", "\n# "))
        check(done.returncode == 0, "statements and logins over stalled transfers end as they shall", f"status {done.returncode}\n{done.stderr}")
        found = re.search(r"(\d+) cancelled, (\d+) timed out", done.stdout)
        equal(found and tuple(map(int, found.groups())), (RUNNERS * ROUNDS + LOGINS, 4), "all of them were cancelled or timed out")
        paths = {entry["path"] for entry in session.log()}
        check(all(any(path.startswith("/api/v1/" + name) for path in paths) for name in ("users", "jobcodes", "timesheets", "current_user")),
              "the service was asked for each", sorted(paths))


run(threads_at_once)
