#!/usr/bin/python3
"""Every way to sign in: browser and loopback, the settings file, automatic renewal, the procedures, a headless machine."""
import os
import shutil
import stat
import subprocess
import time
import urllib.parse

from harness import BROWSER, CLIENT, SECRET, Session, browser, check, equal, run

COUNT = "SELECT COUNT(*) FROM Groups"
NO_TOKEN = {"OAuthAccessToken": None}
CALLBACK = "http://127.0.0.1:1/back"


def groups(session):
    return len(session.raw("groups"))


def oauth_log(session):
    """(last part of the path, grant_type) of the requests to the authorization server."""
    return [(entry["path"].rsplit("/", 1)[1], entry.get("form", {}).get("grant_type"))
            for entry in session.log() if entry["path"].rsplit("/", 1)[1] in ("authorize", "grant")]


def sign_in(session, name="login", **changes):
    """A data source that has signed in once by the browser, through isql."""
    changes = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", **NO_TOKEN, **changes}
    session.source(name, **changes)
    return session.isql_rows(COUNT, name, BROWSER=BROWSER)


def by_browser():
    with Session("--rows", "40") as session:
        rows = sign_in(session)
        equal(rows, [[str(groups(session))]], "isql signs in through the browser and answers")
        authorize = next(e for e in session.log() if e["path"].endswith("/authorize"))["query"]
        equal((authorize["response_type"], authorize["client_id"], authorize["code_challenge_method"]), ("code", CLIENT, "S256"),
              "the authorization request is a code request with PKCE")
        check(len(authorize["state"]) >= 22 and len(authorize["code_challenge"]) == 43, "with a state of 128 bits", authorize)
        check(authorize["redirect_uri"].startswith("http://127.0.0.1:") and not authorize["redirect_uri"].startswith("http://127.0.0.1:0"),
              "port 0 of CallbackURL became a free port", authorize["redirect_uri"])
        check("client_secret" not in authorize, "the URL holds no secret")
        grant = next(e for e in session.log() if e["path"].endswith("/grant"))["form"]
        equal((grant["grant_type"], grant["redirect_uri"]), ("authorization_code", authorize["redirect_uri"]),
              "the exchange repeats the redirect URI")
        check("code_verifier" in grant, "and proves the challenge")

        settings = session.path("settings")
        with open(settings, "rb") as file:
            content = file.read()
        equal(stat.S_IMODE(os.stat(settings).st_mode), 0o600, "the settings file is for its owner only")
        found = [secret for secret in session.get("/_secrets") if secret.encode() in content]
        equal(found, [], "the settings file holds no token in clear")

        session.forget()
        rows = session.isql_rows(COUNT, "login")
        equal(rows, [[str(groups(session))]], "a second connection needs no browser")
        equal(oauth_log(session), [], "nor any request to the authorization server")

        shutil.copy(settings, session.path("copied"))
        os.chmod(session.path("copied"), 0o600)
        session.source("copied", InitiateOAuth="REFRESH", OAuthSettingsLocation=session.path("copied"), **NO_TOKEN)
        equal(session.isql_rows(COUNT, "copied"), [[str(groups(session))]], "the file serves wherever the client's secret is known")


def by_browser_in_python():
    with Session("--rows", "40") as session:
        os.environ["BROWSER"] = BROWSER
        connection = session.connect(InitiateOAuth="GETANDREFRESH", CallbackURL="http://localhost:0", **NO_TOKEN)
        equal(connection.execute(COUNT).fetchval(), groups(session), "pyodbc signs in through the browser")
        connection.close()
        redirect = next(e for e in session.log() if e["path"].endswith("/authorize"))["query"]["redirect_uri"]
        check(redirect.startswith("http://localhost:"), "CallbackURL's host is kept as registered", redirect)


def renewal():
    with Session("--rows", "40", "--token-lifetime", "2", "--refresh-lifetime", "600") as session:
        sign_in(session)
        connection = session.connect(InitiateOAuth="REFRESH", **NO_TOKEN)
        session.forget()
        deadline = time.monotonic() + 2.2
        answers = set()
        while time.monotonic() < deadline:
            answers.add(connection.execute(COUNT).fetchval())
            time.sleep(0.2)
        equal(answers, {groups(session)}, "queries go on over the end of a token's life")
        renewals = oauth_log(session)
        check(renewals and set(renewals) == {("grant", "refresh_token")}, "the driver renewed by itself", renewals)
        connection.close()
        session.forget()
        equal(session.isql_rows(COUNT, "login"), [[str(groups(session))]], "the rotated tokens were saved for the next connection")
        check(("authorize", None) not in oauth_log(session), "which needs no browser", oauth_log(session))


def refused_token():
    with Session("--rows", "40") as session:
        sign_in(session)
        connection = session.connect(InitiateOAuth="REFRESH", **NO_TOKEN)
        session.forget()
        session.fault(match="/api/v1/groups", status=401)
        equal(connection.execute(COUNT).fetchval(), groups(session), "a refused token is renewed and the request repeated")
        equal(oauth_log(session), [("grant", "refresh_token")], "by one renewal")
        equal([e["status"] for e in session.log() if e["path"].endswith("/groups")], [401, 200], "and one repetition")
        connection.close()

        # Several processes find their token refused at the same time: only one may spend the refresh token.
        session.forget()
        session.request("/_tokens?kind=access", "DELETE")
        environment = {**os.environ, "BROWSER": "/bin/false"}
        programs = [subprocess.Popen(["isql", "login", "-b", "-v"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     env=environment) for _ in range(4)]
        outputs = [program.communicate((COUNT + "\n").encode(), timeout=120) for program in programs]
        equal([program.returncode for program in programs], [0] * 4, "four processes with the same refused token all get their answer")
        check(all(b"rows fetched" in out or b"SQLRowCount" in out for out, _ in outputs), "and print it", outputs)
        equal(oauth_log(session), [("grant", "refresh_token")], "after one renewal, which the others found in the settings file")
        equal(session.isql_rows(COUNT, "login"), [[str(groups(session))]], "the family of tokens survives")


def procedures():
    with Session("--rows", "40") as session:
        connection = session.connect(OAuthSettingsLocation=session.path("web"), **NO_TOKEN)
        cursor = connection.cursor()
        row = cursor.execute("CALL GetOAuthAuthorizationURL('WEB', ?)", CALLBACK).fetchone()
        names = [column[0] for column in cursor.description]
        equal(names[0], "URL", "GetOAuthAuthorizationURL answers with the URL")
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(row[0]).query))
        equal((query["redirect_uri"], query["client_id"]), (CALLBACK, CLIENT), "of this client and callback")
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(row[0])).query))
        equal(back["state"], query["state"], "the state comes back")

        row = cursor.execute("{call GetOAuthAccessToken(?, ?, ?)}", "WEB", CALLBACK, back["code"]).fetchone()
        names = [column[0] for column in cursor.description]
        check({"OAuthAccessToken", "OAuthRefreshToken", "ExpiresIn"} <= set(names), "GetOAuthAccessToken answers with the tokens", names)
        tokens = dict(zip(names, row))
        secrets = session.get("/_secrets")
        check(tokens["OAuthAccessToken"] in secrets and tokens["OAuthRefreshToken"] in secrets, "which the server gave")
        equal(int(tokens["ExpiresIn"]), 864000, "and their life")
        equal(connection.execute(COUNT).fetchval(), groups(session), "the connection uses the new token at once")

        row = cursor.execute("CALL RefreshOAuthAccessToken(?)", tokens["OAuthRefreshToken"]).fetchone()
        renewed = dict(zip([column[0] for column in cursor.description], row))
        check(renewed["OAuthAccessToken"] not in (None, "", tokens["OAuthAccessToken"]), "RefreshOAuthAccessToken gives a new token")
        check(renewed["OAuthRefreshToken"] not in (None, "", tokens["OAuthRefreshToken"]), "and a new refresh token")
        equal(connection.execute(COUNT).fetchval(), groups(session), "and the connection goes on with it")
        connection.close()

        with_token = session.connect(OAuthAccessToken=renewed["OAuthAccessToken"], OAuthClientId=None, OAuthClientSecret=None)
        equal(with_token.execute(COUNT).fetchval(), groups(session), "the token alone connects, without client id and secret")
        with_token.close()


def procedures_in_isql():
    with Session("--rows", "40") as session:
        session.source("web", OAuthSettingsLocation=session.path("web"), CallbackURL=CALLBACK, **NO_TOKEN)
        first = session.isql_rows(f"EXEC GetOAuthAuthorizationURL AuthMode = 'WEB', CallbackURL = '{CALLBACK}', State = 'my state'", "web")
        url, verifier = first[0][0], first[0][2]
        check(url.startswith(session.base + "/api/v1/authorize?"), "isql: EXEC with named inputs gives the URL", url)
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))
        equal(back.get("state"), "my state", "isql: with the state that was asked for")
        rows = session.isql_rows("EXECUTE GetOAuthAccessToken AuthMode = 'WEB', Verifier = '%s', PKCEVerifier = '%s', CallbackURL = '%s'"
                                 % (back["code"], verifier, CALLBACK), "web")
        check(any(cell in session.get("/_secrets") for cell in rows[0]), "isql: another connection exchanges the code", len(rows))


def headless():
    with Session("--rows", "40") as session:
        connection = session.connect(OAuthSettingsLocation=session.path("headless"), CallbackURL=CALLBACK, **NO_TOKEN)
        url = connection.execute("CALL GetOAuthAuthorizationURL('WEB', ?)", CALLBACK).fetchone()[0]
        connection.close()
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))["code"]
        session.source("headless", InitiateOAuth="REFRESH", OAuthVerifier=code, CallbackURL=CALLBACK,
                       OAuthSettingsLocation=session.path("headless"), **NO_TOKEN)
        equal(session.isql_rows(COUNT, "headless"), [[str(groups(session))]], "a headless machine connects with OAuthVerifier")
        session.forget()
        equal(session.isql_rows(COUNT, "headless"), [[str(groups(session))]], "and again, with the code spent and the tokens saved")
        equal(oauth_log(session), [], "without another exchange")


def plain_token():
    with Session("--rows", "40") as session:
        check(SECRET not in session.isql("SELECT 1", "sandbox")[1], "a token in the data source connects")
        equal(session.isql_rows(COUNT, "sandbox"), [[str(groups(session))]], "and answers")
        equal(oauth_log(session), [], "without the authorization server")


run(plain_token, by_browser, by_browser_in_python, renewal, refused_token, procedures, procedures_in_isql, headless)
