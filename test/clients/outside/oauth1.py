#!/usr/bin/python3
"""OAuth 1.0a with every signature method, verified by a program that nobody here wrote: Debian's python3-oauthlib."""
import os
import re
import shutil
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cryptography.hazmat.primitives import serialization                             # noqa: E402
from cryptography.hazmat.primitives.asymmetric import rsa                            # noqa: E402
from cryptography.hazmat.primitives.serialization import pkcs12                      # noqa: E402
from harness import BROWSER, CLIENT, SECRET, SOURCE, Session, browser, check, equal, run     # noqa: E402
from direct import Connection, Failure                                               # noqa: E402
from oauthlib_server import Service                                                  # noqa: E402

AWAY = "http://127.0.0.1:1/back"        # where nobody listens
QUERY = "SELECT Id, Text FROM Notes ORDER BY Id"
ROWS = [["1", "Note 1"], ["2", "Note 2"], ["3", "Note 3"]]
ODD = "a b+c&d=e%20~é/?'(),;:@ü\\"       # a value in a query, which the signature covers
DEFINITION = """<?xml version="1.0" encoding="UTF-8"?>
<provider xmlns="urn:restodbc:provider:1" name="Notes" title="Notes" url="https://notes.example">
  <oauth versions="1.0" request-token="/request_token" authorize="/authorize" token="/access_token"/>
  <failure code="/error" message="/error_description"/>
  <table name="Notes" path="/notes" rows="/notes/*" description="Notes">
    <column name="Id" type="bigint" at="id" key="yes"/>
    <column name="Text" type="string(100)" at="text"/>
    <column name="Tag" type="string(100)" at="tag">
      <filter op="=" parameter="tag"/>
    </column>
  </table>
</provider>
"""


# ---- Keys ----

class Key:
    """One RSA key in the forms that Cert takes."""

    def __init__(self, session):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = key.public_key().public_bytes(serialization.Encoding.PEM, public).decode()
        self.password = "p;fx {word}"
        secret = serialization.BestAvailableEncryption(self.password.encode())

        def pem(layout, encryption):
            return key.private_bytes(serialization.Encoding.PEM, layout, encryption)

        plain = serialization.NoEncryption()
        self.files = {"pkcs8.pem": (pem(serialization.PrivateFormat.PKCS8, plain), None),
                      "traditional.pem": (pem(serialization.PrivateFormat.TraditionalOpenSSL, plain), None),
                      "encrypted.pem": (pem(serialization.PrivateFormat.PKCS8, secret), self.password),
                      "key.pfx": (pkcs12.serialize_key_and_certificates(b"key", key, None, None, secret), self.password)}
        for name, (data, _) in self.files.items():
            with open(session.path(name), "wb") as file:
                file.write(data)
            os.chmod(session.path(name), 0o600)


# ---- One service with one method ----

class Talk:
    def __init__(self, session, service, method, name, **properties):
        self.session, self.service, self.name, self.number = session, service, name, 0
        folder = session.path("definitions")
        os.makedirs(os.path.join(folder, "notes"), exist_ok=True)
        with open(os.path.join(folder, "notes", "notes.xml"), "w", encoding="utf-8") as file:
            file.write(DEFINITION)
        shutil.copyfile(os.path.join(SOURCE, "providers", "provider.rng"), os.path.join(folder, "provider.rng"))
        self.properties = {"Provider": "Notes", "Location": folder, "URL": service.base, "OAuthAuthorizationURL": None,
                           "OAuthAccessTokenURL": None, "OAuthRefreshTokenURL": None, "OAuthAccessToken": None, "OAuthVersion": "1.0",
                           "OAuthClientId": CLIENT, "OAuthClientSecret": SECRET, "SignMethod": method,
                           "OAuthSettingsLocation": session.path(f"settings-{name}"), **properties}

    def source(self, **changes):
        self.number += 1
        return self.session.source(f"{self.name}{self.number}", **{**self.properties, **changes})

    def rows(self, query, **changes):
        return self.session.isql_rows(query, self.source(**changes), BROWSER=changes.pop("BROWSER", "/bin/false"))

    def refusal(self, **changes):
        """The message with which isql ends."""
        return self.session.isql(QUERY, self.source(**changes), options=("-v",), BROWSER="/bin/false")[1]


DESKTOP = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0/back"}


def desktop(talk):
    source = talk.source(**DESKTOP)
    equal(talk.session.isql_rows(QUERY, source, BROWSER=BROWSER), ROWS, f"{talk.name}: signs in by the browser and reads")
    equal(talk.session.isql_rows(QUERY, source, BROWSER="/bin/false"), ROWS, f"{talk.name}: the next connection needs no browser")
    equal(talk.session.isql_rows(f"SELECT Id, Tag FROM Notes WHERE Tag = '{ODD.replace(chr(39), chr(39) * 2)}' AND Id = 2", source),
          [["2", ODD]], f"{talk.name}: what is in the query is signed as it is sent")
    equal(talk.service.refused, [], f"{talk.name}: oauthlib refused nothing")
    fields = [field for _, path, field in talk.service.requests if path != "/authorize"]
    check(all(re.match(r"OAuth ", field) for field in fields) and all("oauth_token=" not in path for _, path, _ in talk.service.requests),
          f"{talk.name}: what authenticates stands in the Authorization field", fields)


def web(talk):
    url, state, _, token, key = talk.rows("CALL GetOAuthAuthorizationURL", CallbackURL=AWAY)[0][:5]
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))
    with Connection() as connection:
        connection.connect(f"DSN={talk.source(CallbackURL=AWAY)}")
        row = connection.statement().query(f"EXEC GetOAuthAccessToken AuthMode = 'WEB', AuthToken = '{token}', AuthKey = '{key}', "
                                           f"Verifier = '{back['oauth_verifier']}'")[0]
    known = talk.service.validator.access_tokens
    check(row[0] in known and known[row[0]]["secret"] in row, f"{talk.name}: the procedures give the token and its secret")
    given = {"OAuthAccessToken": row[0], "OAuthAccessTokenSecret": known.get(row[0], {}).get("secret"), "OAuthSettingsLocation": None}
    equal(talk.rows(QUERY, **given), ROWS, f"{talk.name}: with which alone one connects")
    # RSA signs with the client's key alone; the others with both secrets.
    for name in ("OAuthAccessToken",) if talk.name.startswith("RSA") else ("OAuthAccessToken", "OAuthAccessTokenSecret"):
        talk.service.refused.clear()
        check("28000" in talk.refusal(**{**given, name: "another-one-than-was-given"}), f"{talk.name}: not with another {name}")
        check(talk.service.refused, f"{talk.name}: which oauthlib refused")


def headless(talk):
    settings = talk.session.path(f"headless-{talk.name}")
    url, _, _, token, key = talk.rows("CALL GetOAuthAuthorizationURL", CallbackURL=AWAY)[0][:5]
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.come_back(url)).query))
    carried = {"InitiateOAuth": "REFRESH", "CallbackURL": AWAY, "OAuthSettingsLocation": settings, "AuthToken": token, "AuthKey": key,
               "OAuthVerifier": back["oauth_verifier"]}
    equal(talk.rows(QUERY, **carried), ROWS, f"{talk.name}: a verifier is carried to another machine")
    equal(talk.rows(QUERY, **carried), ROWS, f"{talk.name}: and does no harm when it is left there")


def refused(talk, other):
    talk.service.refused.clear()
    fresh = {"OAuthSettingsLocation": talk.session.path("never")}
    with Connection() as connection:
        connection.connect(f"DSN={talk.source(SignMethod=other, CallbackURL=AWAY, **fresh)}")
        try:
            connection.statement().query("CALL GetOAuthAuthorizationURL")
            check(False, f"{talk.name}: signed by {other} it is refused")
        except Failure as failure:
            equal(failure.state, "28000", f"{talk.name}: signed by {other} it is refused")
    check(talk.service.refused, f"{talk.name}: by oauthlib")
    os.environ["ALLOW_BROWSER"] = "deny"
    out = talk.session.isql(QUERY, talk.source(**DESKTOP, **fresh), options=("-v",), BROWSER=BROWSER)[1]
    del os.environ["ALLOW_BROWSER"]
    check("28000" in out and "denied" in out, f"{talk.name}: a denial is told", out)


def clock(talk):
    """A service whose clock is far from ours: the driver learns that from the first refusal."""
    source = talk.source(**DESKTOP)
    for skew in (7200, -7200):
        talk.service.validator.skew = skew
        equal(talk.session.isql_rows(QUERY, source, BROWSER="/bin/false"), ROWS, f"{talk.name}: a clock that is {skew} s ahead of ours")
    talk.service.validator.skew = 0


def methods():
    with Session("--rows", "40") as session:
        key = Key(session)
        pem = {"Cert": session.path("pkcs8.pem")}
        for method, other, properties in (("HMAC-SHA1", "HMAC-SHA256", {}), ("HMAC-SHA256", "HMAC-SHA1", {}), ("PLAINTEXT", "HMAC-SHA1", {}),
                                          ("RSA-SHA1", "HMAC-SHA1", pem), ("RSA-SHA256", "HMAC-SHA1", pem)):
            with Service(method, CLIENT, SECRET, key.public) as service:
                talk = Talk(session, service, method, method, **properties)
                desktop(talk)
                web(talk)
                headless(talk)
                refused(talk, other)
                clock(talk)


def keys():
    with Session("--rows", "40") as session:
        key = Key(session)
        with Service("RSA-SHA1", CLIENT, SECRET, key.public) as service:
            for number, (name, (_, password)) in enumerate(key.files.items()):
                talk = Talk(session, service, "RSA-SHA1", f"key{number}", Cert=session.path(name), CertPassword=password)
                equal(talk.session.isql_rows(QUERY, talk.source(**DESKTOP), BROWSER=BROWSER), ROWS, f"RSA-SHA1 signs with {name}")
                if password:
                    out = talk.refusal(**DESKTOP, CertPassword="wrong")
                    check("CertPassword" in out, f"a wrong password for {name} is told", out)
            equal(service.refused, [], "oauthlib refused nothing")


run(methods, keys)
