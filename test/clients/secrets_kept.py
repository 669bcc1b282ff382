#!/usr/bin/python3
"""No token, code, verifier, secret or password reaches the log, a diagnostic, an attribute, the completed connection string, a system
table, another program's arguments and environment or an unencrypted file, however much is logged and whatever goes wrong.

With SECRETS_TO=file the secrets of this run are written there at its end: outside/traced.py looks for them in what strace saw.
"""
import json
import os
import re
import shlex
import stat
import subprocess
import tempfile
import threading
import urllib.parse

from harness import BROWSER, SECRET, Session, browser, check, equal, own_definition, run
from direct import Connection, Failure
from signing_in import Login
from secrets_known import Recorder, connection_texts, found_in, seen_in_proc

COUNT = "SELECT COUNT(*) FROM Groups"
CALLBACK = "http://127.0.0.1:1/back"
PASSWORD = "pass=word;&1"               # anna's, at the sandbox
# What an endpoint or a service says back: it may be what it was sent.
ECHOES = ('{{"error": "invalid_grant", "error_description": "{refresh_token}{code} with {code_verifier} and {client_secret} is not known here"}}',
          '{{"error": "{refresh_token}{code}"}}', '{{"error": {{"code": "{client_secret}", "message": "{refresh_token}{code}"}}}}',
          "<html>{refresh_token} {code} {client_secret}</html>", '{{"access_token": "{client_secret}\\n", "refresh_token": 7}}',
          '{{"access_token": "{client_secret}", "token_type": "{refresh_token}{code}"}}')


class Flows:
    """Runs what handles secrets; keeps all that an application got to see."""

    def __init__(self, session, recorder):
        self.session, self.recorder = session, recorder
        self.seen, self.own, self.proc = [], {SECRET}, []
        self.log = {"Logfile": session.path("restodbc.log"), "Verbosity": 5, "OAuthAccessTokenURL": recorder.url, "OAuthAccessToken": None}
        self.numbers = 0

    def settings(self):
        self.numbers += 1
        return self.session.path(f"settings-{self.numbers}")

    def source(self, **properties):
        """All by the data source, so that the completed connection string has no reason to hold anything. Each has a new name, because the
        driver manager remembers them."""
        name = self.session.source(f"flow{len(self.session.sources)}", **{**self.log, **properties})
        return f"DSN={name}"

    def tell(self, records):
        self.seen += [f"{state} {message}" for state, _, message in records]

    def attempt(self, query, text=None, given="", **properties):
        """The rows, or None where it failed. What is given stands in the connection string, whose completed form repeats it."""
        text = text or self.source(**properties) + given
        with Connection() as connection:
            try:
                self.tell(connection.connect(text))
                self.seen.append("" if given else connection.completed)
                rows = connection.statement().query(query)
                self.seen += connection_texts(connection)
                return rows
            except Failure as failure:
                self.tell(failure.records)
                return None

    def come_back(self, url, button="Allow"):
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url, button)).query))

    # -- desktop --

    def desktop(self):
        login = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0/back", "OAuthSettingsLocation": self.settings()}
        check(self.attempt(COUNT, **login), "a login by the browser")
        self.session.request("/_tokens?kind=access", "DELETE")
        check(self.attempt(COUNT, **login), "a renewal after a refusal")
        check(self.attempt(COUNT, text=self.source() + ";" + ";".join(f"{name}={value}" for name, value in login.items())),
              "a connection by the settings file")
        login["OAuthSettingsLocation"] = None
        check(self.attempt(COUNT, **login), "a login with the settings file in its usual place")
        for mood in ("deny", "state:of-somebody-else"):
            os.environ["ALLOW_BROWSER"] = mood
            with Connection() as connection:
                connection.login_timeout(3)
                try:
                    connection.connect(self.source(**{**login, "OAuthSettingsLocation": self.settings()}))
                    check(False, f"a login with the browser that will {mood} fails")
                except Failure as failure:
                    self.tell(failure.records)
            del os.environ["ALLOW_BROWSER"]
        wrong = {"OAuthClientSecret": "wrong-secret-0815", "Password": "pass-word-4711"}
        self.own |= set(wrong.values())
        check(self.attempt(COUNT, **{**login, **wrong, "OAuthSettingsLocation": self.settings()}) is None, "a wrong client secret is refused")

    # -- web --

    def web(self):
        properties = {"OAuthSettingsLocation": self.settings(), "CallbackURL": CALLBACK}
        url, state, verifier = self.attempt(f"CALL GetOAuthAuthorizationURL('WEB', '{CALLBACK}', 'my-own-state')", **properties)[0][:3]
        code = self.come_back(url)["code"]
        self.own |= {code, verifier}
        exchange = f"EXEC GetOAuthAccessToken AuthMode = 'WEB', CallbackURL = '{CALLBACK}', Verifier = '{code}', PKCEVerifier = '{verifier}'"
        tokens = self.attempt(exchange, **properties)
        check(tokens, "an exchange by a procedure")
        check(self.attempt(exchange, **properties) is None, "a code that comes twice is refused")
        url, state, verifier = self.attempt(f"CALL GetOAuthAuthorizationURL('WEB', '{CALLBACK}')", **properties)[0][:3]
        tokens = self.attempt(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = '{self.come_back(url)['code']}'", **properties)[0]
        renewed = self.attempt(f"CALL RefreshOAuthAccessToken('{tokens[1]}')", **properties)
        check(renewed, "a renewal by a procedure")
        check(self.attempt(f"CALL RefreshOAuthAccessToken('{tokens[1]}')", **properties) is None, "a refresh token that comes twice is refused")
        return self.come_back(self.attempt(f"CALL GetOAuthAuthorizationURL('WEB', '{CALLBACK}')", **properties)[0][0])["code"]

    # -- headless --

    def headless(self):
        properties = {"InitiateOAuth": "REFRESH", "CallbackURL": CALLBACK}
        for whole in (False, True):
            url = self.attempt("CALL GetOAuthAuthorizationURL", **{**properties, "InitiateOAuth": "OFF"})[0][0]
            back = browser.come_back(url)
            code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["code"]
            settings = self.settings()
            verifier = {"OAuthVerifier": back if whole else code, "OAuthSettingsLocation": settings}
            check(self.attempt(COUNT, **properties, **verifier), f"a verifier{' as a whole URL' if whole else ''} signs in")
            check(self.attempt(COUNT, **properties, **verifier), "and may stay where it is")
            self.session.request("/_tokens", "DELETE")
            check(self.attempt(COUNT, **properties, **verifier) is None, "when all is revoked one must sign in again")
            check(self.attempt(COUNT, **properties, **{**verifier, "OAuthSettingsLocation": self.settings()}) is None,
                  "a spent verifier is refused")
        self.own.add("a-verifier-nobody-gave")
        check(self.attempt(COUNT, **properties, OAuthVerifier="a-verifier-nobody-gave", OAuthSettingsLocation=self.settings()) is None,
              "a wrong verifier is refused")

    # -- the other grants, OAuth 1.0, and user and password --

    def everything_else(self):
        """A definition of the same service that knows every way."""
        oauth = '<oauth schemes="OAuth Bearer Basic Digest" versions="2.0 1.0" grants="CODE PASSWORD CLIENT JWT DEVICE" ' \
                'authorize="/authorize" token="/grant" device="/device_authorization" request-token="/none" client="body"/>'
        own_definition(self.session.path("definitions"), "all", lambda text: re.sub(r"<oauth [^>]*/>", oauth, text, count=1))
        return {"Provider": "All", "Location": self.session.path("definitions")}

    def grants(self, everything):
        key = os.path.join(self.keys, "key.pem")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
        self.session.request("/_oauth", "POST", {"public_key": public, "interval": 0})
        text = read(key).decode()
        self.own |= {line for line in text.split("\n") if len(line) == 64}
        self.own |= {PASSWORD, "not-her-password"}
        fresh = {**everything, "InitiateOAuth": "REFRESH"}
        for name, properties in (("CLIENT", {}), ("PASSWORD", {"User": "anna", "Password": PASSWORD}), ("JWT", {"OAuthJWTCert": key}),
                                 ("JWT", {"given": f";OAuthJWTCert={{{text}}}"})):
            kept = {**fresh, "OAuthGrantType": name, **properties, "OAuthSettingsLocation": self.settings(),
                    "OAuthJWTAudience": self.session.base + "/api/v1/grant" if name == "JWT" else None}
            check(self.attempt(COUNT, **kept), f"the grant {name}")
            self.session.request("/_tokens?kind=access", "DELETE")
            check(self.attempt(COUNT, **kept), f"the grant {name}, renewed")
            wrong = {"OAuthClientSecret": "wrong-secret-0815", "Password": "not-her-password", "OAuthSettingsLocation": self.settings()}
            if name == "JWT":
                wrong["OAuthJWTAudience"] = "https://elsewhere.example/"
            check(self.attempt(COUNT, **{**kept, **wrong}) is None, f"the grant {name}, refused")
        for memory in ("memory://", "memory://mine"):
            check(self.attempt(COUNT, **fresh, OAuthGrantType="CLIENT", OAuthSettingsLocation=memory), f"tokens kept in {memory}")

    def device(self, everything):
        text = self.source(**everything, OAuthSettingsLocation=self.settings())
        with Connection() as connection:
            connection.connect(text)
            statement = connection.statement()
            row = statement.query("CALL GetOAuthAuthorizationURL('DEVICE')")[0]
            url, device = row[0], row[6]
            self.own.add(device)
            self.seen += connection_texts(connection)
            browser.press(f"{url}?user_code={row[5]}" if "user_code" not in url else url)
            check(statement.query(f"EXEC GetOAuthAccessToken AuthMode = 'DEVICE', DeviceCode = '{device}'"), "the grant DEVICE")
            self.seen += connection_texts(connection)
        properties = {**everything, "OAuthGrantType": "DEVICE", "InitiateOAuth": "GETANDREFRESH", "OAuthSettingsLocation": self.settings()}
        with Connection() as connection:
            connection.login_timeout(2)
            try:
                connection.connect(self.source(**properties))
                check(False, "a device that nobody has allowed waits")
            except Failure as failure:
                self.tell(failure.records)
                check("device" in failure.message, "a device that nobody has allowed waits", failure)

    def version_one(self, everything):
        base = self.session.base + "/oauth1"
        one = {**everything, "OAuthVersion": "1.0", "URL": base + "/api/v1", "OAuthRequestTokenURL": base + "/request_token",
               "OAuthAuthorizationURL": base + "/authorize", "OAuthAccessTokenURL": base + "/access_token", "CallbackURL": CALLBACK}
        for method in ("HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT", "RSA-SHA1"):
            signed = {**one, "SignMethod": method, "Cert": os.path.join(self.keys, "key.pem") if method == "RSA-SHA1" else None}
            login = {**signed, "InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0/back", "OAuthSettingsLocation": self.settings()}
            check(self.attempt(COUNT, **login), f"OAuth 1.0 by {method}: a login by the browser")
            check(self.attempt(COUNT, **login), f"OAuth 1.0 by {method}: and by the settings file")
            row = self.attempt("CALL GetOAuthAuthorizationURL", **signed)[0]
            back = self.come_back(row[0])
            self.own |= {row[4], back["oauth_verifier"]}
            exchange = (f"EXEC GetOAuthAccessToken AuthMode = 'WEB', AuthToken = '{row[3]}', AuthKey = '{row[4]}', "
                        f"Verifier = '{back['oauth_verifier']}'")
            tokens = self.attempt(exchange, **signed)
            check(tokens, f"OAuth 1.0 by {method}: the procedures")
            check(self.attempt(exchange, **signed) is None, f"OAuth 1.0 by {method}: not twice")
            given = {"OAuthAccessToken": tokens[0][0], "OAuthAccessTokenSecret": tokens[0][4]}
            check(self.attempt(COUNT, **{**signed, **given}), f"OAuth 1.0 by {method}: tokens at hand")
            self.own.add("another-secret-4711")
            check(method.startswith("RSA") or self.attempt(COUNT, **{**signed, **given, "OAuthAccessTokenSecret": "another-secret-4711"}) is None,
                  f"OAuth 1.0 by {method}: a wrong secret is refused")

    def user_and_password(self, everything):
        for scheme in ("Basic", "Digest"):
            url = f"{self.session.base}/{scheme.lower()}/api/v1"
            for password, works in ((PASSWORD, True), ("not-her-password", False)):
                rows = self.attempt(COUNT, **everything, AuthScheme=scheme, URL=url, User="anna", Password=password)
                check(bool(rows) == works, f"{scheme} with {'the' if works else 'another'} password")

    def others(self):
        everything = self.everything_else()
        with tempfile.TemporaryDirectory(dir="/tmp") as self.keys:      # outside of what is searched: a key must stand somewhere
            self.grants(everything)
            self.device(everything)
            self.version_one(everything)
            self.user_and_password(everything)

    # -- tokens at hand --

    def given(self):
        token = self.session.properties()["OAuthAccessToken"]
        self.own |= {token, "wrong-token-4711", "wrong-refresh-4711"}
        for scheme in ("OAuth", "Bearer"):
            check(self.attempt("SELECT * FROM Users", AuthScheme=scheme, OAuthAccessToken=token), f"a query with a token ({scheme})")
            check(self.attempt("SELECT 1", AuthScheme=scheme, OAuthAccessToken="wrong-token-4711", ConnectOnOpen="true") is None,
                  f"a wrong token is refused ({scheme})")
        check(self.attempt(COUNT, InitiateOAuth="REFRESH", OAuthAccessToken="wrong-token-4711", OAuthRefreshToken="wrong-refresh-4711",
                           OAuthSettingsLocation=self.settings()) is None, "wrong tokens are refused")
        check(self.attempt("SELECT FristName FROM Users", OAuthAccessToken=token) is None, "a wrong query with a token")
        # What is no property, or none with such a value, stands in warnings and errors.
        self.attempt(COUNT, text=self.source(OAuthAccessToken=token) + f";OAuthTokn={token}")
        self.attempt(COUNT, text=self.source(OAuthAccessToken=token) + f";OAuthClientSecret={{{SECRET}")
        self.attempt(COUNT, text=f"DSN={token}")
        for rest in ("rest/of-it-4711", "rest/of-it-4711=x"):
            self.own.add(rest)
            self.attempt(COUNT, text=self.source(OAuthAccessToken=token) + f";PWD=half;{rest}")

    # -- an endpoint that misbehaves --

    def echoes(self):
        script = os.environ["BROWSER"]
        for answer in ECHOES:
            for status in (200, 400, 500):
                self.recorder.answer = (status, answer)
                code = f"a-code-{len(self.own)}-0123456789"
                refresh = f"a-refresh-token-{len(self.own)}-0123456789"
                self.own |= {code, refresh}
                self.attempt(f"CALL RefreshOAuthAccessToken('{refresh}')", RetryMax=0)
                self.attempt(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = '{code}', CallbackURL = '{CALLBACK}'", RetryMax=0,
                             OAuthSettingsLocation=self.settings())
                self.attempt(COUNT, RetryMax=0, InitiateOAuth="REFRESH", OAuthRefreshToken=refresh, OAuthSettingsLocation=self.settings())
                if "<" not in answer:
                    with Login(self.session, **{**self.log, "OAuthSettingsLocation": self.settings()}) as login:
                        self.seen.append(browser.open_url(browser.come_back(login.url))[2])
                        login.outcome()
        os.environ["BROWSER"] = script
        check("You are not signed in" in self.seen[-1], "a failed exchange shows its page", self.seen[-1])
        self.recorder.answer = None
        token = self.session.properties()["OAuthAccessToken"]
        for status in (400, 401, 403, 404, 500):
            self.session.fault(match="/api/v1/groups", status=status, times=9,
                               body={"error": {"code": status, "message": f"Bearer {token} is not good for this"}})
            self.attempt(COUNT, OAuthAccessToken=token, RetryMax=0)
            self.session.heal()

    # -- a browser at work, and isql --

    def looked_at(self):
        """While the browser is open: what /proc shows of it and of whoever starts it."""
        script, go = self.session.path("watched-browser"), self.session.path("go")
        with open(script, "w") as file:
            file.write(f"#!/bin/sh\nwhile [ ! -e {shlex.quote(go)} ]; do sleep 0.05; done\nexec {shlex.quote(BROWSER)} \"$1\"\n")
        os.chmod(script, stat.S_IRWXU)
        os.environ["BROWSER"] = script
        done = []
        thread = threading.Thread(target=lambda: done.append(self.attempt(COUNT, InitiateOAuth="GETANDREFRESH", CallbackURL="http://127.0.0.1:0/back",
                                                                        OAuthSettingsLocation=self.settings())))
        thread.start()
        while thread.is_alive() and not any("watched-browser" in text and "code_challenge" in text for text in self.proc):
            self.proc = seen_in_proc(os.getpid())
        open(go, "w").close()
        thread.join()
        check(done and done[0], "a login that is looked at in /proc")

    def by_isql(self):
        name = self.source(InitiateOAuth="GETANDREFRESH", CallbackURL="http://127.0.0.1:0/back", OAuthSettingsLocation=self.settings())[4:]
        self.seen += self.session.isql("SELECT FristName FROM Users", name)[1:]
        self.seen += self.session.isql(COUNT, name)[1:]


def files_below(folder):
    return [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def look_for(secrets, flows, session, arguments):
    log = b"".join(read(path) for path in files_below(session.folder) if os.path.basename(path).startswith("restodbc.log"))
    for proof in (b"/api/v1/users", b"/grant", b"authorization", b"select", b"sqldriverconnect", b"asking for tokens", b"refresh_token"):
        check(proof in log.lower(), f"the log is as full as level 5 should be: {proof.decode()}", log[:300])
    equal(found_in(log, secrets), [], "no secret in the log")
    seen = sorted(set(flows.seen))
    found = found_in("\n".join(seen), secrets)
    equal(found, [], "no secret in diagnostics, attributes, completed strings, system tables")
    for text in seen if found else ():
        if found_in(text, secrets):
            print("#   " + repr(text)[:600])
    for proof in ("28000", "refused:", "***", "TSheets", "OAuthClientSecret"):
        check(any(proof in text for text in seen), f"of which there is enough: {proof}", len(seen))
    equal(found_in(read(arguments), secrets), [], "no secret among the browser's arguments and environment")
    check(any("code_challenge" in text for text in flows.proc), "the browser was seen in /proc", flows.proc)
    equal(found_in("\n".join(flows.proc), secrets), [], "no secret in the command line and environment of any process")
    looked = 0
    for path in files_below(session.folder):
        name = os.path.relpath(path, session.folder)
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        looked += 1
        found = found_in(read(path), secrets)
        if found or found_in(name, secrets):
            check(False, f"no secret in the file {name}", found)
        if "OAuthSettings" in name or "settings-" in name or "restodbc.log" in name:
            equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, f"{name} is for its owner only") if os.stat(path).st_mode & 0o077 else None
    usual = [path for path in files_below(session.path(".config/restodbc")) if path.endswith("/OAuthSettings.txt")]
    check(looked > 20 and usual, "no secret in any file of HOME or TMPDIR", looked)


def secrets_stay():
    with Session("--rows", "40") as session:
        recorder = Recorder(session.base + "/api/v1/grant")
        arguments, script = session.path("arguments"), session.path("browser")
        with open(script, "w") as file:
            file.write(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {arguments}\nenv >> {arguments}\nexec {BROWSER} "$1"\n')
        os.chmod(script, 0o700)
        os.environ.update(BROWSER=script, TMPDIR=session.path("temporary"))
        os.mkdir(session.path("temporary"))
        tempfile.tempdir = None
        flows = Flows(session, recorder)
        for flow in (flows.desktop, flows.web, flows.headless, flows.others, flows.given, flows.echoes, flows.by_isql, flows.looked_at):
            flow()
        recorder.close()
        secrets = sorted(set(session.get("/_secrets")) | flows.own | recorder.secrets)
        check(len(secrets) > 60 and recorder.requests > 40, "there are secrets to look for", (len(secrets), recorder.requests))
        look_for(secrets, flows, session, arguments)
        if "SECRETS_TO" in os.environ:
            with open(os.environ["SECRETS_TO"], "w") as file:
                json.dump(secrets, file)

        # A connection string is completed without secrets that the caller did not write into it, and with those that were.
        session.source("quiet")
        with Connection() as connection:
            connection.connect("DSN=quiet")
            check("quiet" in connection.completed, "the completed connection string names the data source", connection.completed)
        with Connection() as connection:
            connection.connect("DSN=quiet;OAuthClientSecret=given-here")
            check("given-here" in connection.completed, "and holds what was given", connection.completed)
            equal(found_in(connection.completed, secrets), [], "and nothing more")


run(secrets_stay)
