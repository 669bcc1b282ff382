#!/usr/bin/python3
"""Bad input and bad weather: each fault gives one diagnostic record that says what, where and what to do; the handles stay usable
and the settings file stays as it was, byte for byte."""
import os
import re
import socket

from harness import BROWSER, SECRET, Session, check, equal, own_definition, run
from direct import Connection, Failure

COUNT = "SELECT COUNT(*) FROM Groups"
NO_TOKEN = {"OAuthAccessToken": None}
LOGIN = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", **NO_TOKEN}


known_secrets = [SECRET]


def secrets_of(session):
    if session.process.poll() is None:
        known_secrets[1:] = session.get("/_secrets")
    return known_secrets


def one_record(session, failure, name, states, *words):
    """The record is alone, has one of the states, names every word (a tuple: one of them), and holds no secret."""
    equal(len(failure.records), 1, f"{name}: one diagnostic record") or print("#   ", failure.records)
    check(failure.state in states, f"{name}: SQLSTATE {failure.state} is one of {', '.join(states)}", failure.message)
    missing = [word for word in words
               if not any(w.lower() in failure.message.lower() for w in (word if isinstance(word, tuple) else (word,)))]
    check(not missing, f"{name}: the message names {words}", failure.message)
    check(not any(secret in failure.message for secret in secrets_of(session)), f"{name}: the message holds no secret")
    check(not re.search(r"[\x00-\x1f]", failure.message), f"{name}: the message is one line", repr(failure.message))


def refused(session, name, states, *words, **properties):
    """A connection that must fail; then the same handle connects with what is right."""
    settings = session.path("settings")
    before = content(settings)
    with Connection() as connection:
        try:
            connection.connect(session.string(**properties))
            check(False, f"{name}: the connection is refused")
        except Failure as failure:
            one_record(session, failure, name, states, *words)
        equal(content(settings), before, f"{name}: the settings file is as it was")
        if not connection.connected:
            try:
                connection.connect(session.string())
                statement = connection.statement()
                equal(statement.query(COUNT), [(str(len(session.raw("groups"))),)], f"{name}: the handle connects afterwards")
                statement.free()
            except Failure as failure:
                check(False, f"{name}: the handle connects afterwards", failure)


def content(path):
    if not os.path.isfile(path):
        return os.path.isdir(path)
    with open(path, "rb") as file:
        return file.read()


def bad_properties():
    with Session("--rows", "40") as session:
        refused(session, "unknown provider", ("HY000",), "Provider", "TSheetz", "TSheets", Provider="TSheetz")
        refused(session, "no provider", ("HY000",), "Provider", "TSheets", Provider=None)
        refused(session, "missing client id", ("HY000", "28000"), "OAuthClientId", OAuthClientId=None, **LOGIN)
        refused(session, "a bad choice", ("HY000",), "InitiateOAuth", "GETANDREFRESH", InitiateOAuth="MAYBE")
        refused(session, "a bad number", ("HY000",), "Timeout", "soon", Timeout="soon")
        refused(session, "a URL that is none", ("HY000", "08001"), "URL", "ftp:", URL="ftp://127.0.0.1/", ConnectOnOpen="true")
        refused(session, "a log that can not be written", ("HY000",), "/nowhere/log", Logfile="/nowhere/log")
        refused(session, "a token that is wrong, asked at connect", ("28000",), "token", ConnectOnOpen="true", OAuthAccessToken="wrong-token-4711")
        with Connection() as connection:
            warnings = connection.connect(session.string(OAuthClientIdd="x"))
            check(len(warnings) == 1 and warnings[0][0] == "01S00" and "OAuthClientIdd" in warnings[0][2],
                  "an unknown property is one warning", warnings)


def bad_logins():
    with Session("--rows", "40") as session:
        os.environ["BROWSER"] = BROWSER
        refused(session, "wrong secret", ("28000",), ("OAuthClientSecret", "client secret"), "invalid_client",
                OAuthClientSecret="wrong-secret-0815", **LOGIN)
        os.environ["ALLOW_BROWSER"] = "deny"
        refused(session, "denied consent", ("28000",), ("denied", "access_denied"), **LOGIN)
        del os.environ["ALLOW_BROWSER"]
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            refused(session, "port of the callback in use", ("08001", "HY000"), str(port), "CallbackURL",
                    **{**LOGIN, "CallbackURL": f"http://127.0.0.1:{port}"})
        refused(session, "a token endpoint that answers HTML", ("08S01", "28000", "08001"), "/grant",
                OAuthAccessTokenURL=session.base + "/nothing/grant", **LOGIN)

        with Connection() as connection:
            connection.connect(session.string(**NO_TOKEN))
            statement = connection.statement()
            try:
                statement.query(COUNT)
                check(False, "no token: the query is refused")
            except Failure as failure:
                one_record(session, failure, "no token", ("28000",), ("OAuthAccessToken", "InitiateOAuth"))
            try:
                statement.query("CALL GetOAuthAccessToken('WEB', 'http://127.0.0.1:1/back', 'no-such-code-1234')")
                check(False, "an unknown code is refused")
            except Failure as failure:
                one_record(session, failure, "an unknown code", ("28000",), "invalid_grant")
            try:
                statement.query("EXEC GetOAuthAccessToken AuthMode = 'WEB', CallbackURL = 'http://127.0.0.1:1/back', State = 'mine', "
                                "Verifier = 'http://127.0.0.1:1/back?code=some-code-1234&state=theirs'")
                check(False, "mismatched state: refused")
            except Failure as failure:
                one_record(session, failure, "mismatched state", ("28000",), "state")
            statement.free()


def mismatched_state_at_the_listener():
    """A callback with a foreign state is not ours: it ends nothing, and the true one that follows signs in."""
    with Session("--rows", "40") as session:
        script = session.path("two-answers")
        with open(script, "w") as file:
            file.write(f"#!/bin/sh\n{BROWSER} --state forged \"$1\"\nexec {BROWSER} \"$1\"\n")
        os.chmod(script, 0o700)
        os.environ["BROWSER"] = script
        with Connection() as connection:
            try:
                connection.connect(session.string(**LOGIN))
                check(True, "a forged callback does not end the login")
                used = [e for e in session.log() if e["path"].endswith("/grant")]
                equal([e["status"] for e in used], [200], "its code is never exchanged")
            except Failure as failure:
                one_record(session, failure, "mismatched state at the listener", ("28000",), "state")


def bad_settings():
    with Session("--rows", "40") as session:
        os.environ["BROWSER"] = BROWSER
        settings = session.path("settings")
        refresh = {"InitiateOAuth": "REFRESH", **NO_TOKEN}
        refused(session, "no settings file", ("28000", "HY000"), ("sign in", "GETANDREFRESH"), **refresh)
        os.symlink("settings", settings)
        refused(session, "settings that can not be read", ("HY000", "28000"), settings, **refresh)
        os.unlink(settings)
        with Connection() as connection:
            connection.connect(session.string(**LOGIN))
        good = content(settings)
        os.chmod(settings, 0o644)
        refused(session, "settings that others can read", ("HY000", "28000"), settings, "chmod", **refresh)
        os.chmod(settings, 0o600)
        for name, bad in (("a byte of the settings changed", good[:-9] + bytes([good[-9] ^ 4]) + good[-8:]),
                          ("settings cut short", good[:len(good) // 2]), ("something else in place of settings", b"hello\n"),
                          ("an empty settings file", b"")):
            with open(settings, "wb") as file:
                file.write(bad)
            refused(session, name, ("HY000", "28000"), settings, **refresh)
        with open(settings, "wb") as file:
            file.write(good)
        refused(session, "settings of another secret", ("HY000", "28000"), settings, OAuthClientSecret="another-secret", **refresh)

        # The refresh token is dead: the query says so, and the file is not touched.
        with Connection() as connection:
            connection.connect(session.string(**refresh))
            statement = connection.statement()
            session.request("/_tokens", "DELETE")
            try:
                statement.query(COUNT)
                check(False, "expired refresh token: refused")
            except Failure as failure:
                one_record(session, failure, "expired refresh token", ("28000",), ("sign in", "GETANDREFRESH"))
            equal(content(settings), good, "expired refresh token: the settings file is as it was")
            statement.free()
        with Connection() as connection:
            connection.connect(session.string(**LOGIN))
            equal(connection.statement().query(COUNT), [(str(len(session.raw("groups"))),)], "signing in again mends it")


def bad_definitions():
    with Session("--rows", "40") as session:
        folder = session.path("definitions")        # one fault at a time, in a copy
        path = own_definition(folder)
        with open(path, encoding="utf-8") as file:
            good = file.read()
        line = good[:good.index("<table")].count("\n") + 1
        for name, bad in (("a definition that is not well-formed", good.replace("<table", "<table <", 1)),
                          ("a definition with an unknown element", good.replace("<table", "<tabel/><table", 1))):
            with open(path, "w", encoding="utf-8") as file:
                file.write(bad)
            refused(session, name, ("HY000",), "tsheets.xml", str(line), Location=folder)


def bad_weather():
    with Session("--rows", "400") as session:
        with Connection() as connection:
            connection.connect(session.string(RetryMax=1, Timeout=20))
            statement = connection.statement()
            wanted = [(str(len(session.raw("groups"))),)]
            where = "/api/v1/groups"
            for name, fault, states, words in (
                    ("404", {"status": 404}, ("42S02", "HY000", "08S01"), ("404", where, "Groups")),
                    ("403", {"status": 403}, ("42000", "28000", "HY000"), ("403", "Groups")),
                    ("417, the service's own complaint", {"status": 417, "body": {"error": {"code": 417, "message": "No such wind"}}},
                     ("HY000", "42000", "22018"), ("417", "No such wind")),
                    ("malformed JSON", {"body": '{"results":{"groups":{"6":{"id":6,,}}}}', "times": 9}, ("HY000", "08S01"), ("JSON", where)),
                    ("JSON that ends early", {"body": '{"results":{"groups":{"6":{"id"', "times": 9}, ("HY000", "08S01"), ("JSON", where)),
                    ("HTML instead of JSON", {"html": True, "status": 200, "times": 9}, ("HY000", "08S01"), ("web page", where)),
                    ("a page that breaks off, again and again", {"cut": 40, "times": 9}, ("08S01",), (where,)),
                    ("no answer at all", {"close": True, "times": 9}, ("08S01",), (where,)),
                    ("500, again and again", {"status": 500, "times": 9}, ("08S01", "HY000"), ("500", where)),
                    ("an id that is no number", {"body": '{"results":{"groups":{"6":{"id":"six","name":"x"}}},"more":false}', "times": 9},
                     ("22018", "22003", "HY000"), ("Id", "Groups"))):
                session.fault(match=where, **fault)
                try:
                    rows = statement.query("SELECT Id, Name FROM Groups")
                    check(False, f"{name}: the query fails", rows[:2])
                except Failure as failure:
                    one_record(session, failure, name, states, *words)
                session.heal()
                try:
                    equal(statement.query(COUNT), wanted, f"{name}: the statement works afterwards")
                except Failure as failure:
                    check(False, f"{name}: the statement works afterwards", failure)

            for name, fault in (("one 503", {"status": 503}), ("one 429 with Retry-After", {"status": 429, "retry_after": 1}),
                                ("one broken connection", {"close": True}), ("one page cut short", {"cut": 100})):
                session.fault(match=where, **fault)
                try:
                    equal(statement.query(COUNT), wanted, f"{name} is got over by asking again")
                except Failure as failure:
                    check(False, f"{name} is got over by asking again", failure)
                session.heal()

            # The third page fails: no partial result is taken for a whole one.
            session.fault(match="/api/v1/timesheets", skip=1, status=404, times=9)
            try:
                rows = statement.query("SELECT Id FROM Timesheets")
                check(False, "a later page that fails fails the query", len(rows))
            except Failure as failure:
                one_record(session, failure, "a later page that fails", ("42S02", "HY000", "08S01"), "404", "Timesheets")
            session.heal()

            session.stop()
            try:
                statement.query(COUNT)
                check(False, "sandbox stopped: the query fails")
            except Failure as failure:
                one_record(session, failure, "sandbox stopped", ("08001", "08S01"), "127.0.0.1")
            statement.free()


def bad_sql():
    with Session("--rows", "40") as session:
        with Connection() as connection:
            connection.connect(session.string())
            statement = connection.statement()
            for query, state, words in (
                    ("SELEC Id FROM Users", "42000", ("line 1",)), ("SELECT Id FROM\nUsers WHERE (Id = 1", "42000", ("line 2",)),
                    ("SELECT Id FROM User", "42S02", ("User", "Users")), ("SELECT FristName FROM Users", "42S22", ("FristName", "FirstName")),
                    ("SELECT Id FROM Users u JOIN Groups g ON 1 = 1", "42000", ("Id",)), ("CALL NoSuchThing()", "42000", ("NoSuchThing",)),
                    ("SELECT {d '2024-13-01'} FROM Users", "22007", ("2024-13-01",)), ("DELETE FROM Users", "42000", ("Users", "read-only")),
                    ("SELECT SUM(*) FROM Users", "42000", ("SUM",)), ("", "42000", ())):
                try:
                    statement.query(query)
                    check(False, f"refused: {query!r}")
                except Failure as failure:
                    accepted = (state,) if state != "42000" else ("42000", "HYC00", "HY090")
                    one_record(session, failure, repr(query), accepted, *words)
                equal(statement.query("SELECT 1"), [("1",)], f"the statement works after {query!r}")


run(bad_properties, bad_logins, mismatched_state_at_the_listener, bad_settings, bad_definitions, bad_weather, bad_sql)
