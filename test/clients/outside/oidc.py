#!/usr/bin/python3
"""An OAuth server that nobody here wrote: npm's oidc-provider, pinned by oidc/package-lock.json and installed once in outside-oidc/ of the
build folder. It insists on PKCE, its access tokens live 5 seconds, its refresh tokens serve once, and one that comes twice ends the
sign-in. The user is a headless Chromium."""
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from harness import BUILD, SOURCE, Session, check, equal, plain_environment, run     # noqa: E402
import npm                                                                           # noqa: E402
from direct import Connection, Failure                                               # noqa: E402
from processes import at_once                                                        # noqa: E402
from signing_in import hand_over, until                                              # noqa: E402
from webdriver import Chromium                                                       # noqa: E402

FOLDER = os.path.join(SOURCE, "test", "clients", "outside", "oidc")
PLACE = os.path.join(BUILD, "outside-oidc")
LIFETIME, EXPIRIES, PROCESSES = 5, 3, 6
AWAY = "http://127.0.0.1:1/back"        # where nobody listens
QUERY = "SELECT Id, Text FROM Notes ORDER BY Id"
ROWS = [["1", "Note 1 of anna"], ["2", "Note 2 of anna"], ["3", "Note 3 of anna"]]
DEFINITION = """<?xml version="1.0" encoding="UTF-8"?>
<provider xmlns="urn:restodbc:provider:1" name="Notes" title="Notes" url="https://notes.example">
  <oauth authorize="/auth" token="/token" scope="openid notes" client="{client}"/>
  <failure code="/error" message="/error_description"/>
  <table name="Notes" path="/notes" rows="/notes/*" description="Notes">
    <column name="Id" type="bigint" at="id" key="yes"/>
    <column name="Text" type="string(100)" at="text"/>
  </table>
</provider>
"""
# How the client authenticates itself: by Basic, whose parts are form-encoded, by form fields, or not at all.
CLIENTS = (("by-header", "s3cret+/=&odd %41chars", "header"), ("by-body", "an0ther+/=&odd %41secret", "body"), ("public", None, "header"))


class Server:
    def __init__(self, lifetime):
        self.process = subprocess.Popen(["node", os.path.join(FOLDER, "server.mjs"), PLACE, str(lifetime)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=plain_environment())
        port = self.process.stdout.readline().strip()
        if not port:
            raise RuntimeError("the server did not start: " + self.process.stderr.read())
        self.base = f"http://127.0.0.1:{port}"

    def counts(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.base + "/_counts", timeout=60) as answer:
            return json.load(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.process.stderr.close()


def source(session, server, name, client, secret, way, **changes):
    """Writes the definition and a data source for one of the clients; returns the source's name."""
    folder = session.path("definitions-" + way)
    os.makedirs(os.path.join(folder, "notes"), exist_ok=True)
    with open(os.path.join(folder, "notes", "notes.xml"), "w", encoding="utf-8") as file:
        file.write(DEFINITION.format(client=way))
    shutil.copyfile(os.path.join(SOURCE, "providers", "provider.rng"), os.path.join(folder, "provider.rng"))
    properties = {"Provider": "Notes", "Location": folder, "URL": server.base, "OAuthAuthorizationURL": None, "OAuthAccessTokenURL": None,
                  "OAuthRefreshTokenURL": None, "OAuthClientId": client, "OAuthClientSecret": secret, "OAuthAccessToken": None,
                  "InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0/back",
                  "OAuthSettingsLocation": session.path("settings-" + name)}
    return session.source(name, **{**properties, **changes})


def sign_in(session, browser, name, button="Allow"):
    """isql as the program that connects; (its output, the page that the browser shows at the end)."""
    script = session.path("hand-over")
    url = hand_over(script)
    if os.path.exists(url):
        os.unlink(url)
    program = subprocess.Popen(["isql", name, "-b", "-v", "-d\x01"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, env={**os.environ, "BROWSER": script})
    program.stdin.write(QUERY + "\n")
    program.stdin.flush()
    if until(lambda: os.path.exists(url) or program.poll() is not None) and os.path.exists(url):
        with open(url, encoding="utf-8") as file:
            browser.open(file.read())
        browser.press(button)
        browser.says("signed in")
    output = program.communicate(timeout=120)[0]
    return [line.split("\x01") for line in output.split("\n") if line], browser.text()


def logins(session, server, browser):
    for client, secret, way in CLIENTS:
        name = source(session, server, client, client, secret, way)
        rows, page = sign_in(session, browser, name)
        equal(rows, ROWS, f"{client}: signs in and reads")
        check("You are signed in" in page, f"{client}: and the browser says so", page)
        equal(session.isql_rows(QUERY, name, BROWSER="/bin/false"), ROWS, f"{client}: the next connection needs no browser")
    counts = server.counts()
    equal((counts["signed_in"], counts["refused"], counts["revoked"]), (len(CLIENTS), [], 0), "nothing was refused")
    name = source(session, server, "denied", *CLIENTS[0])
    browser.forget_cookies()
    rows, page = sign_in(session, browser, name, "Deny")
    check("access_denied" in str(rows) and "The user said no" in str(rows), "a denial is told in the server's words", rows)
    check("You are not signed in" in page, "a denial: and the browser says so", page)


def headless(session, server, browser):
    """The code is carried to another machine by hand, in the whole URL of the callback, which no one answers."""
    for client, secret, way in CLIENTS[:2]:
        browser.forget_cookies()
        away = {"CallbackURL": AWAY}
        name = source(session, server, "away", client, secret, way, InitiateOAuth="OFF", **away)
        browser.open(session.isql_rows("CALL GetOAuthAuthorizationURL", name)[0][0])
        browser.press("Allow")
        name = source(session, server, "headless-" + client, client, secret, way, InitiateOAuth="REFRESH", OAuthVerifier=browser.arrive(AWAY), **away)
        equal(session.isql_rows(QUERY, name), ROWS, f"{client}: the verifier signs in")
        equal(session.isql_rows(QUERY, name), ROWS, f"{client}: and does no harm when it is left there")


def querying(seconds):
    """The work of one process: queries until the time is over. Half of a client's processes keep one connection, the others open new ones."""
    def prepare(index):
        text = f"DSN={CLIENTS[index % len(CLIENTS)][0]};InitiateOAuth=REFRESH"
        connection = Connection()
        connection.connect(text)
        return text, connection, index // len(CLIENTS) % 2 == 0

    def act(state):
        text, connection, keeps = state
        end, answers = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            if not keeps:
                connection.close()
                connection = Connection()
                connection.connect(text)
            rows = [list(row) for row in connection.statement().query(QUERY)]
            if rows != ROWS:
                raise Failure("query", [("?????", 0, str(rows))])
            answers += 1
            time.sleep(0.05)
        return answers

    return prepare, act


def across_expiries(session, server):
    before, begin = server.counts(), time.monotonic()
    answers, failures = at_once(PROCESSES * len(CLIENTS), *querying(LIFETIME * EXPIRIES))
    took, after = time.monotonic() - begin, server.counts()
    equal(failures, [], f"{PROCESSES} processes of each client query over the ends of {EXPIRIES} tokens")
    check(min(answers, default=0) > EXPIRIES, "all of them all the time", answers)
    for client, _, _ in CLIENTS:
        refreshed = after["refreshed"].get(client, 0) - before["refreshed"].get(client, 0)
        # A token is renewed a tenth of its life before its end, of whose seconds one may be lost in the file.
        check(EXPIRIES - 1 <= refreshed <= took / (LIFETIME - 2) + 1, f"{client}: a token is renewed once, by one of them", (refreshed, took))
        equal(session.isql_rows(QUERY, client, BROWSER="/bin/false"), ROWS, f"{client}: the sign-in outlives it")
    equal((server.counts()["revoked"], after["refused"][len(before["refused"]):]), (0, []),
          "no refresh token came twice, and no grant was refused")
    print(f"# {sum(answers)} answers, {after['refreshed']} renewals, {after['turned_away'] - before['turned_away']} requests turned away, "
          f"{took:.1f} s")


def used_twice(session, server, browser):
    """That the server would have noticed; and how the driver tells it."""
    browser.forget_cookies()
    away = {"InitiateOAuth": "OFF", "CallbackURL": AWAY}
    name = source(session, server, "by-hand", *CLIENTS[0], **away)
    browser.open(session.isql_rows("CALL GetOAuthAuthorizationURL", name)[0][0])
    browser.press("Allow")
    with Connection() as connection:
        connection.connect(f"DSN={name}")
        statement = connection.statement()
        refresh = statement.query(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = '{browser.arrive(AWAY)}'")[0][1]
        renew = f"CALL RefreshOAuthAccessToken('{refresh}')"
        equal(len(statement.query(renew)), 1, "a refresh token serves once")
        try:
            statement.query(renew)
            check(False, "and not twice")
        except Failure as failure:
            check(failure.state == "28000" and "invalid_grant" in failure.message, "and not twice", failure)
    equal(server.counts()["revoked"], 1, "which ends the sign-in")


def foreign_server():
    with Session("--rows", "40") as session, Server(LIFETIME) as server, Chromium() as browser:
        logins(session, server, browser)
        headless(session, server, browser)
        across_expiries(session, server)
        used_twice(session, server, browser)


def lock_file():
    with open(os.path.join(FOLDER, "package-lock.json"), encoding="utf-8") as file:
        lock = json.load(file)
    equal([name for name, package in lock["packages"].items() if "resolved" in package], [], "the lock file names no registry")
    equal([name for name, package in lock["packages"].items() if name and not package.get("integrity")], [], "and a digest for every package")


trouble = npm.install(FOLDER, PLACE)
if trouble:
    print(trouble)
    sys.exit("oidc-provider could not be installed")
run(lock_file, foreign_server)
