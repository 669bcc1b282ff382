#!/usr/bin/python3
"""Every way to sign in times every way to get tokens, through ODBC: OAuth 1.0a, password, client credentials, JWT, a second device, an issuer's
metadata, user and password; signing out; desktop, web, headless."""
import os
import shutil
import subprocess
import time
import urllib.parse

from harness import BROWSER, Session, browser, check, equal, own_definition, run
from direct import Connection, Failure

COUNT = "SELECT COUNT(*) FROM Groups"
CALLBACK = "http://127.0.0.1:1/back"
USER, PASSWORD = "anna", "pass=word;&1"
FIRST = 'versions="1.0" request-token="/oauth1/request_token" authorize="/oauth1/authorize" token="/oauth1/access_token"'
SECOND = 'grants="CODE PASSWORD CLIENT JWT DEVICE" authorize="/api/v1/authorize" token="/api/v1/grant" device="/device_authorization"'


def groups(session):
    return len(session.raw("groups"))


def definition(session, oauth, prefix="/api/v1"):
    """TSheets once more, with another way to sign in; returns what a connection string needs for it."""
    def change(text):
        start = text.index("<oauth ")
        text = text[:start] + f"<oauth {oauth}/>" + text[text.index("/>", start) + 2:]
        text = text.replace("https://rest.tsheets.com/api/v1", session.base + prefix)
        for name in ("request-token", "authorize", "token", "device", "revoke"):
            text = text.replace(f' {name}="/', f' {name}="{session.base}/')
        return text
    own_definition(session.path("providers"), "clock", change)
    return {"Provider": "Clock", "Location": session.path("providers"), "URL": None, "OAuthAccessToken": None,
            "OAuthAuthorizationURL": None, "OAuthAccessTokenURL": None}


def moods(session, **moods):
    session.request("/_oauth", "POST", moods)


def requests(session, *paths):
    return [entry["path"] for entry in session.log() if any(entry["path"].endswith(path) for path in paths)]


def refusal(session, **properties):
    """The SQLSTATE and message of a connect that must fail."""
    with Connection() as connection:
        try:
            connection.connect(session.string(**properties))
        except Failure as failure:
            return failure.records[0][0], failure.records[0][2]
    return "", "connected"


def row_of(connection, text, *parameters):
    cursor = connection.cursor()
    row = cursor.execute(text, *parameters).fetchone()
    return {column[0]: value for column, value in zip(cursor.description, row)}


def callback_of(url, button="Allow"):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url, button)).query))


def keys(session):
    """An RSA key, as PEM and as PFX."""
    pem, pfx = session.path("key.pem"), session.path("key.pfx")
    for command in (["genrsa", "-out", pem, "2048"],
                    ["req", "-new", "-x509", "-key", pem, "-out", session.path("cert.pem"), "-subj", "/CN=me"],
                    ["pkcs12", "-export", "-inkey", pem, "-in", session.path("cert.pem"), "-out", pfx, "-passout", "pass:hush hush"]):
        subprocess.run(["openssl", *command], check=True, capture_output=True, env={**os.environ, "LD_PRELOAD": ""})
    public = subprocess.run(["openssl", "rsa", "-in", pem, "-pubout"], check=True, capture_output=True, text=True,
                            env={**os.environ, "LD_PRELOAD": ""}).stdout
    moods(session, public_key=public)
    return pem, pfx


# ---- OAuth 1.0a ----

def first_desktop():
    with Session("--rows", "40") as session:
        pem, pfx = keys(session)
        common = {**definition(session, FIRST, "/oauth1/api/v1"), "InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0"}
        methods = {"HMAC-SHA1": {}, "HMAC-SHA256": {}, "PLAINTEXT": {}, "RSA-SHA1": {"Cert": pfx, "CertPassword": "hush hush"},
                   "RSA-SHA256": {"Cert": pem}}
        for method, more in methods.items():
            source = session.source("first-" + method, **common, **more, SignMethod=method, OAuthSettingsLocation=session.path(method))
            equal(session.isql_rows(COUNT, source, BROWSER=BROWSER), [[str(groups(session))]], f"{method}: the browser signs in to OAuth 1.0")
            session.forget()
            equal(session.isql_rows(COUNT, source), [[str(groups(session))]], f"{method}: the token is kept")
            equal(requests(session, "token"), [], f"{method}: and no other is asked for")
            with open(session.path(method), "rb") as file:
                content = file.read()
            equal([secret for secret in session.get("/_secrets") if secret.encode() in content], [], f"{method}: encrypted")
        os.environ["BROWSER"] = BROWSER
        os.environ["ALLOW_BROWSER"] = "deny"
        state, message = refusal(session, **common, OAuthSettingsLocation=session.path("denied"))
        equal(state, "28000", "who presses Deny is not signed in")
        check("Consent was denied" in message, "and told so", message)
        del os.environ["ALLOW_BROWSER"]
        moods(session, confirmed="no")
        state, message = refusal(session, **common, OAuthSettingsLocation=session.path("old"))
        check("oauth_callback_confirmed" in message, "a server without the repair of 1.0a is refused", message)

        moods(session, confirmed="yes")
        session.forget()
        session.request("/_tokens", "DELETE")
        equal(session.isql_rows(COUNT, "first-HMAC-SHA1", BROWSER=BROWSER), [[str(groups(session))]],
              "a token that was revoked is replaced by a new sign-in, under GETANDREFRESH")
        os.environ["BROWSER"] = "/bin/false"


def first_web():
    with Session("--rows", "40") as session:
        common = {**definition(session, FIRST, "/oauth1/api/v1"), "OAuthSettingsLocation": None}
        connection = session.connect(**common)
        asked = row_of(connection, "CALL GetOAuthAuthorizationURL('WEB', ?)", CALLBACK)
        check(asked["AuthToken"] and asked["AuthKey"] and asked["PKCEVerifier"] is None, "GetOAuthAuthorizationURL gives AuthToken and AuthKey",
              asked)
        back = callback_of(asked["URL"])
        equal(back["oauth_token"], asked["AuthToken"], "the callback is bound to it")
        connection.close()
        other = session.connect(**common)
        tokens = row_of(other, "EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = ?, AuthToken = ?, AuthKey = ?", back["oauth_verifier"],
                        asked["AuthToken"], asked["AuthKey"])
        check(tokens["OAuthAccessToken"] and tokens["OAuthAccessTokenSecret"], "another connection exchanges it for a token and its secret", tokens)
        check("510001" in tokens["Other"], "and shows what else the server sent", tokens["Other"])
        equal(other.execute(COUNT).fetchval(), groups(session), "and uses it at once")
        other.close()
        given = session.connect(**common | {"OAuthAccessToken": tokens["OAuthAccessToken"],
                                            "OAuthAccessTokenSecret": tokens["OAuthAccessTokenSecret"]})
        equal(given.execute(COUNT).fetchval(), groups(session), "token and secret alone connect")
        equal(given.execute("SELECT COUNT(*) FROM Timesheets WHERE UserId IN (510001, 510004) AND Date >= {d '2000-01-01'}").fetchval(),
              len([row for row in session.raw("timesheets") if int(row["user_id"]) in (510001, 510004) and not row["on_the_clock"]]),
              "parameters that must be encoded are signed as they are sent")
        given.close()


def first_headless():
    with Session("--rows", "40") as session:
        common = {**definition(session, FIRST, "/oauth1/api/v1"), "OAuthSettingsLocation": session.path("headless"), "CallbackURL": "oob"}
        connection = session.connect(**common)
        asked = row_of(connection, "CALL GetOAuthAuthorizationURL()")
        connection.close()
        page = browser.press(asked["URL"])[2]
        verifier = page.split("<code>")[1].split("</code>")[0]
        session.source("headless", **common, InitiateOAuth="REFRESH", OAuthVerifier=verifier, AuthToken=asked["AuthToken"],
                       AuthKey=asked["AuthKey"])
        equal(session.isql_rows(COUNT, "headless"), [[str(groups(session))]], "OAuth 1.0 out of band: verifier, AuthToken and AuthKey connect")
        session.forget()
        equal(session.isql_rows(COUNT, "headless"), [[str(groups(session))]], "and again, with the verifier spent")
        equal(requests(session, "token"), [], "from the settings file")
        moods(session, clock=7200)
        equal(session.isql_rows(COUNT, "headless"), [[str(groups(session))]], "a server whose clock is two hours ahead is answered")
        moods(session, clock=0)
        shutil.copy(session.path("headless"), session.path("copied"))
        os.chmod(session.path("copied"), 0o600)
        session.source("copied", **common | {"InitiateOAuth": "REFRESH", "OAuthSettingsLocation": session.path("copied")})
        equal(session.isql_rows(COUNT, "copied"), [[str(groups(session))]], "the file serves wherever the client's secret is known")


# ---- OAuth 2.0 without a browser ----

def by_itself():
    """PASSWORD, CLIENT and JWT: the first connection, the next, one whose token is refused, and the procedure."""
    with Session("--rows", "40", "--token-lifetime", "864000") as session:
        pem, pfx = keys(session)
        common = definition(session, SECOND)
        jwt = {"OAuthJWTIssuer": "app@clock", "OAuthJWTSubject": "510001", "OAuthClientId": None, "OAuthClientSecret": None}
        ways = {
            "CLIENT": {"OAuthGrantType": "CLIENT"},
            "PASSWORD": {"OAuthGrantType": "PASSWORD", "User": USER, "Password": PASSWORD},
            "JWT by PEM": {"OAuthGrantType": "JWT", "OAuthJWTCert": pem, "OAuthJWTCertType": "PEMKEY_FILE", **jwt},
            "JWT by PFX": {"AuthScheme": "OAuthJWT", "OAuthJWTCert": pfx, "OAuthJWTCertType": "PFXFILE", "OAuthJWTCertPassword": "hush hush", **jwt},
        }
        for number, (name, way) in enumerate(ways.items()):
            place = {"OAuthSettingsLocation": session.path(f"itself{number}")}
            session.forget()
            connection = session.connect(**common | way | place | {"InitiateOAuth": "REFRESH"})
            equal(connection.execute(COUNT).fetchval(), groups(session), f"{name}: connects without anybody")
            session.request("/_tokens?kind=access", "DELETE")
            equal(connection.execute(COUNT).fetchval(), groups(session), f"{name}: a refused token is replaced")
            connection.close()
            equal(len(requests(session, "/grant")), 2, f"{name}: by one request")
            again = session.connect(**common | way | place | {"InitiateOAuth": "REFRESH"})
            equal(again.execute(COUNT).fetchval(), groups(session), f"{name}: the next connection")
            equal(len(requests(session, "/grant")), 2, f"{name}: finds the token in the settings file")
            again.close()
            plain = session.connect(**common | way | {"OAuthSettingsLocation": None})
            tokens = row_of(plain, "CALL GetOAuthAccessToken()")
            check(tokens["OAuthAccessToken"] in session.get("/_secrets"), f"{name}: the procedure gets a token", tokens)
            equal(plain.execute(COUNT).fetchval(), groups(session), f"{name}: which the connection uses")
            plain.close()
        state, message = refusal(session, **common | ways["PASSWORD"] | {"Password": "wrong", "InitiateOAuth": "REFRESH",
                                                                         "OAuthSettingsLocation": session.path("no")})
        equal((state, "User and Password" in message), ("28000", True), "a wrong password is told")
        state, message = refusal(session, **common | ways["CLIENT"] | {"OAuthClientSecret": "wrong", "InitiateOAuth": "REFRESH",
                                                                       "OAuthSettingsLocation": session.path("no")})
        equal((state, "OAuthClientSecret" in message), ("28000", True), "so is a wrong client secret")


def expiring():
    with Session("--rows", "40", "--token-lifetime", "1") as session:
        common = {**definition(session, SECOND), "OAuthGrantType": "CLIENT", "InitiateOAuth": "REFRESH", "OAuthSettingsLocation": "memory://x"}
        connection = session.connect(**common)
        deadline, answers = time.monotonic() + 2.5, set()
        while time.monotonic() < deadline:
            answers.add(connection.execute(COUNT).fetchval())
            time.sleep(0.2)
        equal(answers, {groups(session)}, "client credentials: queries go on over the end of a token's life")
        check(len(requests(session, "/grant")) >= 2, "because another is got", requests(session, "/grant"))
        second = session.connect(**common)
        equal(second.execute(COUNT).fetchval(), groups(session), "memory:// serves several connections of one process")
        second.close()
        connection.close()
        check(not os.path.exists(session.path("x")), "and writes no file")


def not_rotating():
    with Session("--rows", "40", "--token-lifetime", "1") as session:
        moods(session, rotate="no", expires_in="string", answer="form")
        os.environ["BROWSER"] = BROWSER
        connection = session.connect(InitiateOAuth="GETANDREFRESH", CallbackURL="http://127.0.0.1:0", OAuthAccessToken=None)
        for _ in range(3):
            equal(connection.execute(COUNT).fetchval(), groups(session), "a server that never gives a new refresh token is renewed with the old")
            time.sleep(1)
        connection.close()
        os.environ["BROWSER"] = "/bin/false"
        again = session.connect(InitiateOAuth="REFRESH", OAuthAccessToken=None)
        equal(again.execute(COUNT).fetchval(), groups(session), "which is still in the settings file")
        again.close()
        check(len(requests(session, "/grant")) >= 3, "after several renewals", requests(session, "/grant"))


# ---- A second device ----

def device():
    with Session("--rows", "40") as session:
        moods(session, interval=0)
        common = {**definition(session, SECOND), "OAuthGrantType": "DEVICE", "OAuthSettingsLocation": session.path("device")}
        properties = {**common, "InitiateOAuth": "GETANDREFRESH"}
        messages = [refusal(session, **properties) for _ in range(2)]
        equal([state for state, _ in messages], ["28000", "28000"], "a device that nobody has signed in on can not connect")
        message = messages[0][1]
        check("enter the code" in message and session.base + "/device" in message, "the diagnostic tells URL and code", message)
        url = message.split("open ")[1].split(" ")[0]
        check(url in messages[1][1], "a second connect tells the same", messages[1][1])
        equal(len(requests(session, "/device_authorization")), 1, "and asks for no second code")
        equal(browser.press(url)[0], 200, "the user enters it elsewhere")
        connection = session.connect(**properties)
        equal(connection.execute(COUNT).fetchval(), groups(session), "the next connect works")
        connection.close()
        session.forget()
        later = session.connect(**common, InitiateOAuth="REFRESH")
        equal(later.execute(COUNT).fetchval(), groups(session), "and later ones from the settings file")
        equal(requests(session, "/grant"), [], "without asking")
        later.close()

        denied = {**properties, "OAuthSettingsLocation": session.path("denied")}
        browser.press(refusal(session, **denied)[1].split("open ")[1].split(" ")[0], "Deny")
        check("Consent was denied" in refusal(session, **denied)[1], "a denial is told")

        web = session.connect(**definition(session, SECOND), OAuthSettingsLocation=None)
        asked = row_of(web, "CALL GetOAuthAuthorizationURL('DEVICE')")
        check(asked["UserCode"] and asked["DeviceCode"] and asked["ExpiresIn"] == 900, "the procedure gives URL, UserCode and DeviceCode", asked)
        browser.press(asked["URL"])
        tokens = row_of(web, "CALL GetOAuthAccessToken('DEVICE')")
        check(tokens["OAuthRefreshToken"], "GetOAuthAccessToken polls, on the same connection", tokens)
        asked = row_of(web, "CALL GetOAuthAuthorizationURL('DEVICE')")
        browser.press(asked["URL"])
        other = session.connect(**definition(session, SECOND), OAuthSettingsLocation=None)
        tokens = row_of(other, "EXEC GetOAuthAccessToken AuthMode = 'DEVICE', DeviceCode = ?", asked["DeviceCode"])
        equal(other.execute(COUNT).fetchval(), groups(session), "and on another one with the DeviceCode")
        web.close()
        other.close()


# ---- An issuer ----

def issuer():
    with Session("--rows", "40") as session:
        os.environ["BROWSER"] = BROWSER
        common = {"OAuthAuthorizationURL": None, "OAuthAccessTokenURL": None, "OAuthAccessToken": None, "OAuthIssuer": session.base,
                  "InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0"}
        for number, (mood, name) in enumerate((({}, "nothing said of iss"), ({"iss": "right"}, "iss in the callback"),
                                               ({"metadata": "openid", "client": "body", "iss": "right"}, "OpenID's place, and the secret in the body"),
                                               ({"client": "header", "metadata": "both"}, "the secret in the header"))):
            moods(session, **mood)
            session.forget()
            location = {"OAuthSettingsLocation": session.path(f"issuer{number}")}
            connection = session.connect(**common | location)
            equal(connection.execute(COUNT).fetchval(), groups(session), f"an issuer alone tells the endpoints: {name}")
            connection.close()
            session.forget()
            again = session.connect(**common | location)
            again.close()
            equal(requests(session, "-server", "-configuration"), [], "and is not asked again where the token is good")
        moods(session, iss="wrong", client="any")
        session.forget()
        state, message = refusal(session, **common, OAuthSettingsLocation=session.path("wrong"))
        equal((state, "https://another.example" in message), ("28000", True), "an answer that names another issuer is refused")
        equal(requests(session, "/grant"), [], "and not exchanged")
        moods(session, iss="none", issuer="https://evil.example")
        state, message = refusal(session, **common, OAuthSettingsLocation=session.path("evil"))
        equal((state, "evil.example" in message), ("08S01", True), "metadata of another issuer are refused")
        os.environ["BROWSER"] = "/bin/false"


# ---- User and password ----

def user_and_password():
    with Session("--rows", "40") as session:
        for scheme, prefix in (("Basic", "/basic/api/v1"), ("Digest", "/digest/api/v1")):
            common = {**definition(session, f'schemes="{scheme} None"', prefix), "OAuthSettingsLocation": None}
            connection = session.connect(**common, User=USER, Password=PASSWORD)
            equal(connection.execute(COUNT).fetchval(), groups(session), f"{scheme} answers")
            equal(connection.execute("SELECT COUNT(*) FROM Users WHERE Id IN (510001, 510004)").fetchval(), 2, f"{scheme}: with parameters, too")
            procedures = [row.procedure_name for row in connection.cursor().procedures()]
            equal([name for name in procedures if "OAuth" in name], [], f"{scheme}: there are no OAuth procedures")
            connection.close()
            state, message = refusal(session, **common, User=USER, Password="wrong", ConnectOnOpen="true")
            equal((state, "User and Password" in message, "wrong" in message), ("28000", True, False), f"{scheme}: a wrong password is told")
            state, message = refusal(session, **common, User=USER, Password=PASSWORD, AuthScheme="OAuth")
            check("which knows: " + scheme in message, f"{scheme}: another scheme is refused, and those there are told", message)


# ---- Signing out ----

def signing_out():
    with Session("--rows", "40") as session:
        oauth = SECOND + ' revoke="/api/v1/revoke"'
        common = {**definition(session, oauth), "InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0"}
        for fails in (False, True):
            os.environ["BROWSER"] = BROWSER
            connection, other = session.connect(**common), session.connect(**common)
            equal(connection.execute(COUNT).fetchval(), groups(session), "signed in")
            if fails:
                moods(session, revoke="fails")
            row = row_of(connection, "CALL RevokeOAuthAccessToken()")
            equal((row["Revoked"], "temporarily_unavailable" in (row["Reason"] or "")), (not fails, fails), "signing out tells whether the service took the tokens back")
            os.environ["BROWSER"] = "/bin/false"
            for name, one in (("here", connection), ("on another connection", other)):
                try:
                    count = one.execute(COUNT).fetchval()
                except Exception as failure:
                    count = failure.args[0]
                equal(count, groups(session) if fails and one is other else "28000", f"signed out {name}")
                one.close()
            state, _ = refusal(session, **common)
            equal(state, "28000", "the settings file has forgotten the tokens" + (" though the service did not take them back" if fails else ""))


# ---- Where tokens are kept ----

def kept_in_memory():
    with Session("--rows", "40") as session:
        common = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", "OAuthAccessToken": None}
        os.environ["BROWSER"] = BROWSER
        session.connect(**common, OAuthSettingsLocation="memory://one").close()
        os.environ["BROWSER"] = "/bin/false"
        connection = session.connect(**common, OAuthSettingsLocation="memory://one")
        equal(connection.execute(COUNT).fetchval(), groups(session), "memory:// outlives the connection that signed in")
        connection.close()
        state, _ = refusal(session, **common, OAuthSettingsLocation="memory://two")
        equal(state, "28000", "under its own name only")
        equal(session.isql("SELECT 1", session.source("memory", **common, OAuthSettingsLocation="memory://one"))[0] == 0, False,
              "and in its own process only")
        check(not [name for name in os.listdir(session.folder) if "memory" in name or "OAuthSettings" in name], "nothing is on the disk")


def kept_for_a_data_source():
    with Session("--rows", "40") as session:
        os.environ["XDG_CONFIG_HOME"] = session.path("config")
        common = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", "OAuthAccessToken": None, "OAuthSettingsLocation": None}
        session.source("My hours", **common)
        session.source("Others", **common)
        for name in ("My hours", "Others"):
            equal(session.isql_rows(COUNT, name, BROWSER=BROWSER), [[str(groups(session))]], f"{name}: signs in")
            path = session.path(f"config/restodbc/{name}/OAuthSettings.txt")
            equal(os.stat(path).st_mode & 0o777, 0o600, f"{name}: has a settings file of its own")
            equal(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700, f"{name}: in a private folder")
        os.environ["BROWSER"] = BROWSER
        session.connect(**common).close()
        check(os.path.exists(session.path("config/restodbc/TSheets/OAuthSettings.txt")), "without a data source it is the provider's")
        state, message = refusal(session, **common, OAuthClientId="another", OAuthClientSecret="another-one")
        equal((state, "another" in message and "sandbox-client" in message), ("28000", True), "a file of another client is a clear error")
        del os.environ["XDG_CONFIG_HOME"]
        os.environ["BROWSER"] = "/bin/false"


run(first_desktop, first_web, first_headless, by_itself, expiring, not_rotating, device, issuer, user_and_password, signing_out, kept_in_memory, kept_for_a_data_source)
