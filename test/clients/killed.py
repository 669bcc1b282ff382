#!/usr/bin/python3
"""kill -9 while the driver signs in, renews or saves, 500 times at any moment: the settings file is the old one or the new one, never a
broken one, and the next connection works.

One window is nobody's to close: the server has taken the old refresh token and its answer has not reached the disk. Only then, which the
sandbox's log and the file's bytes must bear out, may the next connection say that one must sign in again; and then that heals it.

KILLS, SEED: how many and from which random numbers.
"""
import itertools
import json
import os
import random
import signal
import statistics
import sys
import time
import urllib.parse

from direct import Connection, Failure
from harness import Session, browser, check, equal, run
from processes import at_once
from signing_in import LOGIN, hand_over, until

KILLS = int(os.environ.get("KILLS", "500"))
SEED = int(os.environ.get("SEED", str(random.randrange(10**6))))
COUNT = "SELECT COUNT(*) FROM Groups"
CALLBACK = "http://127.0.0.1:1/back"
HOUR = 3600000


# ---- Processes that use the driver; this one never does ----

def work(text):
    """Connects and asks; what it ended with."""
    connection = Connection()
    try:
        connection.connect(text)
        return ["fine", connection.statement().query(COUNT)[0][0]]
    except Failure as failure:
        return [failure.state, failure.message]


def outcome(text):
    results, failures = at_once(1, lambda _: None, lambda _: work(text))
    return (results + [["crashed", failure] for failure in failures])[0]


def start(work, *arguments):
    """A process that does this. Never a thread: one that has just ended could hold a lock that a process forked meanwhile would find taken
    for ever."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)
        finally:
            os._exit(0)
    return child


def kill(child):
    """True when it had not come to its end by itself."""
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


# ---- What is left ----

def content(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def is_whole(path):
    """Not there, or a settings file to its last byte, its owner's alone."""
    text = content(path)
    try:
        return text is None or (json.loads(text)["version"] == 1 and os.stat(path).st_mode & 0o777 == 0o600)
    except ValueError:
        return False


def grants(session):
    """How the token endpoint has answered, in the order in which it was asked."""
    until(lambda: all(entry["status"] for entry in session.log()))
    return [entry["status"] for entry in session.log() if entry["path"].endswith("/grant")]


class Tally:
    def __init__(self, what):
        self.what, self.wrong = what, []
        self.counts = {"nothing happened": 0, "it had been saved": 0, "the window struck": 0}

    def judge(self, session, path, before, child_was_killed, text, healing):
        """After one kill. `healing` makes a new start where the window struck."""
        after = content(path)
        if not is_whole(path):
            self.wrong.append(f"a broken file: {after!r}")
        state, said = outcome(text)
        if state == "fine":
            self.counts["it had been saved" if after != before else "nothing happened"] += 1
        elif state == "28000" and after == before and child_was_killed and grants(session) == [200, 400]:     # its own, and this one's
            self.counts["the window struck"] += 1
            healing()
            state, said = outcome(text)
            if state != "fine":
                self.wrong.append(f"signing in again does not heal it: {state} {said}")
        else:
            self.wrong.append(f"{state} {said} (saved: {after != before}, grants: {grants(session)})")

    def close(self):
        equal(self.wrong[:5], [], f"{self.what}: after {sum(self.counts.values())} kills the file is whole and the next connection works")
        print("# " + ", ".join(f"{what} {count} times" for what, count in self.counts.items()))


def usual_time(action):
    """How long the work takes when nobody disturbs it."""
    times = []
    for _ in range(5):
        begin = time.monotonic()
        action()
        times.append(time.monotonic() - begin)
    return statistics.median(times)


# ---- Renewing ----

def authorization_url(session):
    return session.isql_rows("CALL GetOAuthAuthorizationURL", session.source("away", InitiateOAuth="OFF", OAuthAccessToken=None,
                                                                             CallbackURL=CALLBACK))[0][0]


def new_code(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))["code"]


def renewing(session, url, dice, kills):
    path = session.path("renewed")
    text = session.string(InitiateOAuth="REFRESH", OAuthAccessToken=None, CallbackURL=CALLBACK, OAuthSettingsLocation=path)

    def sign_in():
        return outcome(f"{text};OAuthVerifier={new_code(url)}")

    equal(sign_in()[0], "fine", "renewing: there is a sign-in to begin with")

    def renew():
        session.request("/_tokens?kind=access", "DELETE")
        return os.waitpid(start(work, text), 0)

    tally, longest = Tally("renewing"), usual_time(renew) * 1.2
    for _ in range(kills):
        session.request("/_tokens?kind=access", "DELETE")
        session.forget()
        before, child = content(path), start(work, text)
        time.sleep(dice.uniform(0, longest))
        tally.judge(session, path, before, kill(child), text, sign_in)
    tally.close()

    # The window itself, for certain: the server has answered, and the answer stays on its way.
    session.request("/_tokens?kind=access", "DELETE")
    session.forget()
    session.fault(match="/api/v1/grant", stall=HOUR, stall_at=0)
    before, child = content(path), start(work, text)
    until(lambda: any(entry["path"].endswith("/grant") and entry["status"] for entry in session.log()))
    kill(child)
    session.heal()
    equal(content(path), before, "the window: the file is the old one")
    state, said = outcome(text)
    check(state == "28000" and "sign in" in said.lower(), "the window: the next connection says to sign in again", (state, said))
    equal(content(path), before, "the window: and leaves the file alone")
    equal(sign_in()[0], "fine", "the window: which heals it")
    equal(outcome(text)[0], "fine", "the window: for later connections too")


# ---- Signing in ----

def exchanging(session, url, dice, kills):
    """The first connection of a headless machine. The verifier is left in the data source."""
    path = session.path("exchanged")

    def text_with(code):
        return session.string(InitiateOAuth="REFRESH", OAuthAccessToken=None, OAuthVerifier=code, CallbackURL=CALLBACK,
                              OAuthSettingsLocation=path)

    def exchange():
        if os.path.exists(path):
            os.unlink(path)
        return os.waitpid(start(work, text_with(new_code(url))), 0)

    tally, longest = Tally("exchanging a verifier"), usual_time(exchange) * 1.2
    for _ in range(kills):
        if os.path.exists(path):
            os.unlink(path)
        text = text_with(new_code(url))
        session.forget()
        child = start(work, text)
        time.sleep(dice.uniform(0, longest))
        tally.judge(session, path, None, kill(child), text, lambda: outcome(text_with(new_code(url))))
    tally.close()


def press_allow(url):
    try:
        browser.open_url(browser.come_back(url))
    except OSError:                     # nobody listens any more
        pass


def logging_in(session, dice, kills):
    """The desktop login, with the browser played here. What a killed one leaves behind must not hinder the next."""
    path, numbers = session.path("logged-in"), itertools.count()
    text = session.string(**{**LOGIN, "OAuthSettingsLocation": path})

    def log_in(end=None):
        """Until it is through, or killed at its end."""
        if os.path.exists(path):
            os.unlink(path)
        # A script of its own each time: that of a login that was killed may still be at work.
        os.environ["BROWSER"] = session.path(f"hand-over-{next(numbers)}")
        handed, user = hand_over(os.environ["BROWSER"]), None
        child = start(work, text)
        os.environ["BROWSER"] = "/bin/false"
        until(lambda: os.path.exists(handed) or (end and time.monotonic() >= end))
        if os.path.exists(handed):
            with open(handed, encoding="utf-8") as file:
                user = start(press_allow, file.read())
        if end:
            time.sleep(max(0, end - time.monotonic()))
            kill(child)
        else:
            os.waitpid(child, 0)
        if user:
            os.waitpid(user, 0)

    longest = usual_time(log_in) * 1.2
    counts, wrong = {"saved": 0, "not saved": 0}, []
    for _ in range(kills):
        log_in(time.monotonic() + dice.uniform(0, longest))
        there = os.path.exists(path)
        counts["saved" if there else "not saved"] += 1
        if not is_whole(path):
            wrong.append(f"a broken file: {content(path)!r}")
        state, said = outcome(text)
        if state != ("fine" if there else "28000"):
            wrong.append(f"{state} {said} (saved: {there})")
    equal(wrong[:5], [], f"signing in: after {kills} kills the next connection has the saved sign-in, or asks for one")
    print("# " + ", ".join(f"{what} {count} times" for what, count in counts.items()))
    log_in()
    equal(outcome(text)[0], "fine", "signing in: an undisturbed login works after all that")


def kills():
    dice = random.Random(SEED)
    print(f"# SEED={SEED} KILLS={KILLS}")
    with Session("--rows", "40") as session:
        url = authorization_url(session)
        renewing(session, url, dice, KILLS * 3 // 5)
        exchanging(session, url, dice, KILLS // 5)
        logging_in(session, dice, KILLS // 5)


run(kills)
