#!/usr/bin/python3
"""What strace sees: every program that is started, with its arguments and environment, and every file that is opened, while secrets_kept.py
runs all its flows, and no secret among it; and the settings file when the driver is killed at each single system call of saving it.

LeakSanitizer can not be traced, so this is for a build without sanitizers."""
import json
import os
import re
import subprocess
import sys
import urllib.parse

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, ".."))
from harness import Session, browser, check, equal, plain_environment, run  # noqa: E402
from secrets_known import found_in                                          # noqa: E402

COUNT = "SELECT COUNT(*) FROM Groups"
CALLBACK = "http://127.0.0.1:1/back"
# The calls of saving: of making room beforehand, of the new file, of putting it in its place, and of letting go.
CALLS = ("unlink", "openat", "fchmod", "write", "fsync", "rename", "flock", "close")


# ---- Secrets ----

def nothing_shows():
    with Session("--rows", "40") as session:
        trace, secrets = session.path("trace"), session.path("secrets")
        environment = {name: value for name, value in plain_environment().items() if name not in ("RESTODBC_TEST_RUNTIME", "BROWSER", "HOME")}
        done = subprocess.run(["strace", "-f", "-v", "-s", "1000000", "-o", trace, "-e", "trace=execve,execveat,openat,?open,?creat,?rename,?unlink,?mkdir",
                               "-e", "signal=none", sys.executable, os.path.join(FOLDER, "..", "secrets_kept.py")],
                              env={**environment, "SECRETS_TO": secrets}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=500)
        equal((done.returncode, re.findall(r"^not ok.*", done.stdout, re.M)), (0, []), "the flows run under strace")
        with open(secrets) as file:
            known = json.load(file)
        with open(trace, encoding="latin-1") as file:
            seen = file.read()
        started = re.findall(r'execve\("([^"]*)"', seen)
        check(sum(path.endswith("/browser") for path in started) > 5 and any("isql" in path for path in started)
              and "code_challenge" in seen and "OAuthSettings.txt" in seen, "browsers, isql and files were seen", sorted(set(started)))
        # strace writes bytes that are not plain as \ooo, which no secret here has; a quote in one would stand as \".
        equal(found_in(seen, known), [], f"none of {len(known)} secrets is in what was started, with which arguments and environment, or opened")


# ---- Killed at every call ----

def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def grants(session):
    return [entry["status"] for entry in session.log() if entry["path"].endswith("/grant")]


def killed_at(session, source, call, number):
    """isql under strace, which kills it as it enters this call the number-th time. True when it came so far."""
    done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}",
                           "isql", source, "-b"], input=COUNT + "\n", env=os.environ, capture_output=True, text=True, timeout=120)
    return done.returncode != 0


def calls_of_saving(session, source):
    """How often each call is made in a run that renews, before the token endpoint has answered and at the end: between them lies what is
    killed here."""
    session.request("/_tokens?kind=access", "DELETE")
    trace = session.path("calls")
    subprocess.run(["strace", "-f", "-qq", "-y", "-s", "300", "-o", trace, "-e", "trace=" + ",".join(CALLS) + ",sendto,write", "isql", source, "-b"],
                   input=COUNT + "\n", env=os.environ, capture_output=True, text=True, timeout=120)
    with open(trace, encoding="latin-1") as file:
        lines = [line.split(maxsplit=1)[1] for line in file]
    asked = next(i for i, line in enumerate(lines) if "POST /api/v1/grant" in line)
    locked = max(i for i, line in enumerate(lines[:asked]) if line.startswith("flock"))
    released = next(i for i, line in enumerate(lines) if i > asked and line.startswith("flock"))
    found = {}
    for call in CALLS:
        at = [i for i, line in enumerate(lines) if line.startswith(call + "(")]
        found[call] = [number + 1 for number, i in enumerate(at) if locked <= i <= released]
    return found


def at_every_call():
    with Session("--rows", "40") as session:
        path = session.path("settings")
        away = session.source("away", InitiateOAuth="OFF", OAuthAccessToken=None, CallbackURL=CALLBACK)
        url = session.isql_rows("CALL GetOAuthAuthorizationURL", away)[0][0]

        def sign_in():
            code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))["code"]
            return session.isql_rows(COUNT, session.source("again", InitiateOAuth="REFRESH", OAuthAccessToken=None, CallbackURL=CALLBACK,
                                                           OAuthVerifier=code))

        source = session.source("saved", InitiateOAuth="REFRESH", OAuthAccessToken=None, CallbackURL=CALLBACK)
        rows = sign_in()
        calls = calls_of_saving(session, source)
        check(all(calls[call] for call in CALLS) and len(calls["fsync"]) >= 3, "the calls of saving are known", calls)
        outcomes = {"old": 0, "new": 0, "window": 0}
        for call in CALLS:
            for number in calls[call]:
                session.request("/_tokens?kind=access", "DELETE")
                session.forget()
                before = read(path)
                came_so_far = killed_at(session, source, call, number)
                after, given = read(path), grants(session)
                what = f"killed at {call} {number}"
                try:
                    json.loads(after)
                except (TypeError, ValueError):
                    check(False, f"{what}: the file is whole", after)
                status, out, _ = session.isql(COUNT, source, options=("-v", "-d\x01"))
                if status == 0 and out.strip() == rows[0][0]:
                    outcomes["new" if after != before else "old"] += 1
                elif came_so_far and after == before and 200 in given and "28000" in out and "sign in again" in out.lower():
                    outcomes["window"] += 1
                    equal(sign_in(), rows, f"{what}: signing in again heals it")
                else:
                    check(False, f"{what}: the next connection works", (out, given, after == before))
                check(came_so_far, f"{what}: it was")
        check(outcomes["old"] and outcomes["new"] and outcomes["window"], "old file, new file and the window between were all met", outcomes)
        print("# " + ", ".join(f"{name} {count} times" for name, count in outcomes.items()))


if os.environ["RESTODBC_TEST_RUNTIME"]:
    print("LeakSanitizer can not be traced")
    sys.exit(77)
run(nothing_shows, at_every_call)
