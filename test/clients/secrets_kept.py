#!/usr/bin/python3
"""No token, code, secret or password reaches the log, a diagnostic, the completed connection string, another program's arguments or
an unencrypted file, however much is logged and whatever goes wrong."""
import base64
import glob
import os
import urllib.parse

from harness import BROWSER, CLIENT, SECRET, Session, browser, check, equal, run
from direct import Connection, Failure

NO_TOKEN = {"OAuthAccessToken": None}
CALLBACK = "http://127.0.0.1:1/back"
WRONG = {"OAuthClientSecret": "wrong-secret-0815", "Password": "pass-word-4711"}


def forms(secret):
    """The disguises in which a secret could be written."""
    yield secret
    yield urllib.parse.quote(secret, safe="")
    yield urllib.parse.quote_plus(secret)
    yield secret.replace("/", "\\/")
    yield base64.b64encode(secret.encode()).decode()
    yield base64.b64encode(f"{urllib.parse.quote_plus(CLIENT)}:{urllib.parse.quote_plus(secret)}".encode()).decode()
    yield base64.b64encode(f"{CLIENT}:{secret}".encode()).decode()


def found_in(text, secrets):
    text = text.lower()
    return [secret[:6] + "…" for secret in secrets for form in forms(secret) if form.lower() in text]


def verifier_of(argument_file):
    with open(argument_file, encoding="utf-8") as file:
        return file.read()


def everything(session, seen):
    """Runs every flow that handles a secret; collects diagnostics and completed strings in seen."""
    log = {"Logfile": session.path("restodbc.log"), "Verbosity": 5}
    login = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", **NO_TOKEN, **log}

    def attempt(query, **properties):
        with Connection() as connection:
            try:
                seen.extend(message for _, _, message in connection.connect(session.string(**properties)))
                if properties.get("OAuthClientSecret", SECRET) is None:
                    seen.append(connection.completed)
                statement = connection.statement()
                rows = statement.query(query)
                statement.free()
                return rows
            except Failure as failure:
                seen.extend(message for _, _, message in failure.records)
                return None

    check(attempt("SELECT * FROM Users", **log), "a query with a token")
    check(attempt("SELECT COUNT(*) FROM Groups", **login), "a login by the browser")
    session.request("/_tokens?kind=access", "DELETE")
    check(attempt("SELECT COUNT(*) FROM Groups", **login), "a renewal after a refusal")
    check(attempt("SELECT 1", **{**login, **WRONG, "OAuthSettingsLocation": session.path("other")}) is None, "a wrong secret is refused")
    check(attempt("SELECT 1", **{**log, "ConnectOnOpen": "true", "OAuthAccessToken": "wrong-token-4711"}) is None, "a wrong token is refused")
    url = attempt(f"CALL GetOAuthAuthorizationURL('WEB', '{CALLBACK}')", **log, **NO_TOKEN)
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url[0][0])).query))["code"]
    verifier = url[0][2]
    tokens = attempt(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', CallbackURL = '{CALLBACK}', Verifier = '{code}', "
                     f"PKCEVerifier = '{verifier}'", **{**log, **NO_TOKEN, "OAuthSettingsLocation": session.path("web")})
    check(tokens, "an exchange by a procedure")
    secrets = set(session.get("/_secrets"))
    refresh = [cell for cell in tokens[0] if cell in secrets][-1]
    check(attempt(f"CALL RefreshOAuthAccessToken('{refresh}')", **{**log, **NO_TOKEN, "OAuthSettingsLocation": session.path("web")})
          or attempt(f"CALL RefreshOAuthAccessToken('{tokens[0][1]}')", **log, **NO_TOKEN), "a renewal by a procedure")
    attempt(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', CallbackURL = '{CALLBACK}', Verifier = '{code}', PKCEVerifier = '{verifier}'",
            **log, **NO_TOKEN)
    for fault in ({"status": 500, "times": 9}, {"html": True}, {"body": '{"access_token": 7'}, {"body": '{"error": "invalid_grant"}', "status": 400}):
        session.fault(match="/api/v1/grant", **fault)
        attempt("CALL RefreshOAuthAccessToken('a-refresh-token-of-mine')", **log, **NO_TOKEN, RetryMax=0)
        session.heal()
    session.source("logged", **login)
    session.isql("SELECT FristName FROM Users", "logged")
    return [code, verifier, "wrong-secret-0815", "pass-word-4711", "wrong-token-4711", "a-refresh-token-of-mine"]


def secrets_stay():
    with Session("--rows", "40") as session:
        arguments, script = session.path("arguments"), session.path("browser")
        with open(script, "w") as file:
            file.write(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {arguments}\nenv >> {arguments}\nexec {BROWSER} "$1"\n')
        os.chmod(script, 0o700)
        os.environ["BROWSER"] = script
        seen = []
        own = everything(session, seen)
        secrets = session.get("/_secrets") + own
        check(len(secrets) > 12, "there are secrets to look for", len(secrets))

        logs = glob.glob(session.path("restodbc.log*"))
        text = ""
        for path in logs:
            equal(os.stat(path).st_mode & 0o777, 0o600, "the log is for its owner only")
            with open(path, encoding="utf-8", errors="replace") as file:
                text += file.read()
        for proof in ("/api/v1/users", "/api/v1/grant", "authorization", "SELECT"):
            check(proof.lower() in text.lower(), f"the log is as full as level 5 should be: {proof}", text[:300])
        equal(found_in(text, secrets), [], "no secret in the log")
        equal(found_in("\n".join(seen), secrets), [], "no secret in a diagnostic")
        equal(found_in(verifier_of(arguments), secrets), [], "no secret among the browser's arguments and environment")
        for path in glob.glob(session.path("*")):
            name = os.path.basename(path)
            if os.path.isfile(path) and name != "arguments" and not name.startswith("restodbc.log"):
                with open(path, "rb") as file:
                    equal(found_in(file.read().decode("latin-1"), secrets), [], f"no secret in the file {name}")

        # A connection string is completed without secrets that the caller did not write into it.
        session.source("quiet")
        with Connection() as connection:
            connection.connect("DSN=quiet")
            equal(found_in(connection.completed, secrets), [], "no secret of the data source in the completed connection string")
            check("quiet" in connection.completed, "which names the data source", connection.completed)


run(secrets_stay)
