#!/usr/bin/python3
"""Scripts that sign in: the files of test/clients/scripts/oauth1 and oauth2, with nothing but the sandbox's address filled in, by CALL and by
the driver's own sign-in, at the desktop, for a web application and on a machine without a browser. Where another checkout beside this one
keeps the reference of the operation, the two scripts that are printed there are run as well."""
import glob
import os
import re
import socket
import threading
import time
import urllib.parse

from harness import BROWSER, CLIENT, SECRET, SOURCE, Session, browser, check, equal, run

SCRIPTS = os.path.join(SOURCE, "test", "clients", "scripts")
CALLBACK = "http://127.0.0.1:1/back"
QUERY = "SELECT more FROM Me"


def folder(session, name, base=None):
    """A Location= with the scripts of that name."""
    made = session.path("scripts-" + name)
    os.makedirs(made, exist_ok=True)
    for path in glob.glob(os.path.join(SCRIPTS, name, "*")):
        with open(path, encoding="utf-8") as file, open(os.path.join(made, os.path.basename(path)), "w", encoding="utf-8") as out:
            out.write(file.read().replace("@BASE@", base or session.base))
    return made


def properties(location, **changes):
    return {"Driver": "RestODBC", "Provider": "JSON", "Location": location, "OAuthClientId": CLIENT, "OAuthClientSecret": SECRET, **changes}


def connect(location, **changes):
    import pyodbc
    pairs = properties(location, **changes)
    return pyodbc.connect(";".join(f"{name}={{{value}}}" for name, value in pairs.items() if value is not None), autocommit=True)


def source(session, name, location, **changes):
    """A data source of the scripts for isql."""
    session.source(name)
    session.sources[name] = {key: value for key, value in properties(location, **changes).items() if value is not None}
    session.source("sandbox")
    return name


def row(connection, query, *parameters):
    """The one row, by its columns' names."""
    cursor = connection.execute(query, *parameters)
    found = [dict(zip([column[0] for column in cursor.description], values)) for values in cursor.fetchall()]
    return found[0] if len(found) == 1 else {"rows": found}


def desktop(name):
    with Session("--rows", "20") as session:
        location = folder(session, name)
        source(session, "desk", location, InitiateOAuth="GETANDREFRESH", CallbackURL="http://127.0.0.1:0",
               OAuthSettingsLocation=session.path("kept"))
        equal(session.isql_rows(QUERY, "desk", BROWSER=BROWSER), [["0"]], f"{name}: isql signs in by the script through the browser and asks")
        session.forget()
        equal(session.isql_rows(QUERY, "desk"), [["0"]], f"{name}: a second connection takes the kept token")
        equal([entry["path"] for entry in session.log()], [("/oauth1" if name == "oauth1" else "") + "/api/v1/groups"],
              f"{name}: and asks for nothing but the rows")
        os.environ["BROWSER"] = BROWSER
        connection = connect(location)
        tokens = row(connection, "{CALL GetOAuthAccessToken(?, ?)}", "APP", "http://127.0.0.1:0")
        check(tokens.get("OAuthAccessToken"), f"{name}: CALL signs in through the browser", tokens)
        equal(bool(tokens.get("OAuthTokenSecret")), name == "oauth1", f"{name}: a secret belongs to tokens of OAuth 1.0")
        equal(bool(tokens.get("OAuthRefreshToken")), name == "oauth2", f"{name}: a refresh token to those of 2.0")
        connection.close()
        os.environ["BROWSER"] = "/bin/false"
        given = connect(location, OAuthAccessToken=tokens["OAuthAccessToken"], OAuthAccessTokenSecret=tokens.get("OAuthTokenSecret"))
        equal(tuple(given.execute(QUERY).fetchone()), (False,), f"{name}: the tokens of the row serve a connection")
        given.close()


def desktop_2():
    desktop("oauth2")


def desktop_1():
    desktop("oauth1")


def callback(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))


def web_2():
    with Session("--rows", "20") as session:
        connection = connect(folder(session, "oauth2"))
        asked = row(connection, "EXEC GetOAuthAuthorizationURL CallbackURL = ?, State = 'mine'", CALLBACK)
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(asked["URL"]).query))
        equal((query["client_id"], query["response_type"], query["redirect_uri"], query["state"]), (CLIENT, "code", CALLBACK, "mine"),
              "the address has what the script and the connection say")
        back = callback(asked["URL"])
        equal(back["state"], "mine", "the state comes back")
        failure = ""
        try:
            row(connection, "EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = 'wrong', CallbackURL = ?", CALLBACK)
        except Exception as error:
            failure = str(error)
        check("GetOAuthAccessToken.rsb:20:3: call: oauthGetAccessToken" in failure and "[28000]" in failure, "a wrong verifier is told with its place",
              failure)
        connection.close()

    with Session("--rows", "20") as session:
        location = folder(session, "oauth2")
        connection = connect(location)
        asked = row(connection, "EXEC GetOAuthAuthorizationURL CallbackURL = ?", CALLBACK)
        back = callback(asked["URL"])
        connection.close()
        connection = connect(location, PKCEVerifier=asked["PKCEVerifier"])
        tokens = row(connection, "EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = ?, CallbackURL = ?", back["code"], CALLBACK)
        check(tokens.get("OAuthAccessToken"), "CALL exchanges the verifier", tokens)
        renewed = row(connection, "EXEC RefreshOAuthAccessToken OAuthRefreshToken = ?", tokens["OAuthRefreshToken"])
        check(renewed.get("OAuthAccessToken") not in (None, tokens["OAuthAccessToken"]), "CALL renews", renewed)
        check(int(renewed["ExpiresIn"]) > 0, "and says how long that lasts", renewed)
        connection.close()
        kept = session.path("kept")
        options = {"InitiateOAuth": "REFRESH", "OAuthSettingsLocation": kept}
        given = connect(location, OAuthAccessToken=renewed["OAuthAccessToken"], OAuthRefreshToken=renewed["OAuthRefreshToken"], **options)
        equal(tuple(given.execute(QUERY).fetchone()), (False,), "a connection begins with the tokens of the row")
        given.close()
        session.request("/_tokens?kind=access", "DELETE")
        session.forget()
        again = connect(location, **options)
        equal(tuple(again.execute(QUERY).fetchone()), (False,), "when they have ended, the script renews them by itself")
        again.close()
        forms = [entry.get("form", {}).get("grant_type") for entry in session.log() if entry["path"].endswith("/grant")]
        equal(forms, ["refresh_token"], "once")


def web_1():
    with Session("--rows", "20") as session:
        connection = connect(folder(session, "oauth1"))
        asked = row(connection, "EXEC GetOAuthAuthorizationURL CallbackURL = ?", CALLBACK)
        check("oauth_token=" in asked["URL"] and asked["OAuthAccessToken"] and asked["OAuthTokenSecret"], "the request token comes with the address", asked)
        back = callback(asked["URL"])
        tokens = row(connection, "EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = ?, OAuthAccessToken = ?, OAuthAccessTokenSecret = ?",
                     back["oauth_verifier"], asked["OAuthAccessToken"], asked["OAuthTokenSecret"])
        check(tokens.get("OAuthAccessToken") and tokens.get("OAuthTokenSecret"), "CALL exchanges the verifier of OAuth 1.0", tokens)
        connection.close()


def headless():
    with Session("--rows", "20") as session:
        location = folder(session, "oauth2")
        connection = connect(location)
        asked = row(connection, "EXEC GetOAuthAuthorizationURL CallbackURL = ?", CALLBACK)
        code = callback(asked["URL"])["code"]
        connection.close()
        source(session, "headless", location, InitiateOAuth="REFRESH", OAuthVerifier=code, CallbackURL=CALLBACK, PKCEVerifier=asked["PKCEVerifier"],
               OAuthSettingsLocation=session.path("kept"))
        equal(session.isql_rows(QUERY, "headless"), [["0"]], "OAuthVerifier is exchanged by the script, without a browser")
        equal(session.isql_rows(QUERY, "headless"), [["0"]], "and does no harm afterwards")


def nobody_signs_in():
    with Session("--rows", "20") as session:
        location = folder(session, "oauth2")
        path = os.path.join(location, "GetOAuthAccessToken.rsb")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace('value="CODE"', 'value="CLIENT"'))
        source(session, "alone", location, InitiateOAuth="GETANDREFRESH", OAuthSettingsLocation=session.path("kept"))
        equal(session.isql_rows(QUERY, "alone"), [["0"]], "a script with the grant CLIENT needs nobody")


class Firewall:
    """Speaks SOCKS4a and SOCKS5, and passes on to where it is told; what it was asked stands in `seen`."""

    def __init__(self):
        self.seen = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(client, client.makefile("rb")), daemon=True).start()

    def serve(self, client, lines):
        version = lines.read(1)[0]
        if version == 4:
            port = int.from_bytes(lines.read(3)[1:], "big")
            address, user = lines.read(4), self.text(lines)
            host = self.text(lines) if address[:3] == b"\0\0\0" else socket.inet_ntoa(address)
            client.sendall(b"\0\x5a" + bytes(6))
        else:
            ways = lines.read(lines.read(1)[0])
            client.sendall(b"\5\2" if 2 in ways else b"\5\0")
            user = None
            if 2 in ways:
                user = lines.read(lines.read(2)[1]).decode() + ":" + lines.read(lines.read(1)[0]).decode()
                client.sendall(b"\1\0")
            kind = lines.read(4)[3]
            host = socket.inet_ntoa(lines.read(4)) if kind == 1 else lines.read(lines.read(1)[0]).decode()
            port = int.from_bytes(lines.read(2), "big")
            client.sendall(b"\5\0\0\1" + bytes(6))
        self.seen.append((version, host, port, user))
        server = socket.create_connection((host, port))
        threading.Thread(target=self.copy, args=(server.recv, client), daemon=True).start()
        self.copy(lines.read1, server)

    def text(self, lines):
        return b"".join(iter(lambda: lines.read(1), b"\0")).decode()

    def copy(self, read, out):
        try:
            for piece in iter(lambda: read(65536), b""):
                out.sendall(piece)
            out.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def firewalls():
    with Session("--rows", "20") as session:
        firewall = Firewall()
        location = folder(session, "oauth2")
        with open(os.path.join(location, "GetOAuthAccessToken.rsb"), encoding="utf-8") as file:
            text = file.read().replace('value="CODE"', 'value="CLIENT"')
        for kind, user, seen in (("SOCKS4", "anna", (4, "127.0.0.1", session.port, "anna")), ("SOCKS5", "anna", (5, "127.0.0.1", session.port, "anna:pass")),
                                 ("SOCKS5", "", (5, "127.0.0.1", session.port, None))):
            sets = {"Firewall_Type": kind, "Firewall_Server": "127.0.0.1", "Firewall_Port": firewall.port, "Firewall_User": user,
                    "Firewall_Password": "pass" if user else ""}
            inputs = "".join(f'<api:set attr="{name}" value="{value}"/>' for name, value in sets.items())
            with open(os.path.join(location, "GetOAuthAccessToken.rsb"), "w", encoding="utf-8") as file:
                file.write(text.replace("<api:call", inputs + "<api:call", 1))
            connection = connect(location)
            tokens = row(connection, "EXEC GetOAuthAccessToken AuthMode = 'WEB'")
            check(tokens.get("OAuthAccessToken"), f"a token comes by way of {kind}", tokens)
            equal(firewall.seen, [seen], "and the firewall has been told where to, and who asks")
            firewall.seen.clear()
            connection.close()


def older_name():
    with Session("--rows", "20") as session:
        location = session.path("older")
        os.mkdir(location)
        with open(os.path.join(location, "Token.rsb"), "w", encoding="utf-8") as file:
            file.write(f"""<rsb:script xmlns:rsb="http://www.rssbus.com/ns/rsbscript/2">
  <rsb:info title="Token"><input name="Verifier" req="true"/><output name="OAuthAccessToken"/><output name="*"/></rsb:info>
  <rsb:set attr="operation" value="GetOAuthAccessToken"/>
  <rsb:set attr="OAuthVersion" value="2.0"/>
  <rsb:set attr="OAuthAccessTokenURL" value="{session.base}/api/v1/grant"/>
  <rsb:set attr="AuthMode" value="WEB"/>
  <rsb:call op="utiladoCloudOAuth" out="toout" ignoreprefix="OAuthParam">
    <rsb:push item="toout"/>
  </rsb:call>
</rsb:script>""")
        connection = connect(location, OAuthAuthorizationURL=f"{session.base}/api/v1/authorize", OAuthAccessTokenURL=f"{session.base}/api/v1/grant",
                             AuthScheme="OAuth", CallbackURL=CALLBACK, OAuthVersion="2.0")
        asked = row(connection, "EXEC GetOAuthAuthorizationURL")
        connection.close()
        connection = connect(location, CallbackURL=CALLBACK, PKCEVerifier=asked["PKCEVerifier"])
        tokens = row(connection, "EXEC Token Verifier = ?", callback(asked["URL"])["code"])
        check(tokens["OAuthAccessToken"] and '"OAuthRefreshToken"' in tokens["Other"] and "OAuthParam" not in tokens["Other"],
              "utiladoCloudOAuth gets tokens, prefixes that nobody wants are left out, and what is not declared is JSON", tokens)
        connection.close()


def printed_in_the_reference():
    paths = glob.glob(os.path.join(os.environ.get("SHARED") or os.path.join(SOURCE, "..", "shared"), "seeds", "001_*"))
    if not paths:
        return
    with open(paths[0], encoding="utf-8") as file:
        text = file.read()
    scripts = re.findall(r"<api:script.*?</api:script>", text, re.S)
    equal(len(scripts), 2, "the reference prints two scripts")
    for version, prefix, token in (("2.0", "/api/v1", "grant"), ("1.0", "/oauth1", "access_token")):
        with Session("--rows", "20") as session:
            location = session.path("printed")
            os.mkdir(location)
            for name, script in zip(("GetOAuthAccessToken", "RefreshOAuthAccessToken"), scripts):
                filled = script.replace("MyOAuthVersion", version).replace("http://MyOAuthRequestTokenURL", f"{session.base}{prefix}/request_token")
                filled = filled.replace("http://MyOAuthAuthorizationURL", f"{session.base}{prefix}/authorize")
                filled = filled.replace("http://MyOAuthAccessTokenURL", f"{session.base}{prefix}/{token}")
                with open(os.path.join(location, name + ".rsb"), "w", encoding="utf-8") as file:
                    file.write(filled)
            os.environ["BROWSER"] = BROWSER
            connection = connect(location)
            tokens = row(connection, "EXEC GetOAuthAccessToken CallbackURL = 'http://127.0.0.1:0'")
            check(tokens.get("OAuthAccessToken"), f"the printed script gets a token of OAuth {version}", tokens)
            if version == "2.0":
                renewed = row(connection, "EXEC RefreshOAuthAccessToken OAuthRefreshToken = ?", tokens["OAuthRefreshToken"])
                check(renewed.get("OAuthAccessToken"), "and the other one renews it", renewed)
            connection.close()
            os.environ["BROWSER"] = "/bin/false"


run(desktop_2, desktop_1, web_2, web_1, headless, nobody_signs_in, firewalls, older_name, printed_in_the_reference)
