#!/usr/bin/python3
"""Proves the sandbox: filters against the raw data, paging, errors, the login, the log and the faults."""
import base64
import email.utils
import hashlib
import hmac
import http.client
import importlib.machinery
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

SOURCES = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(os.getcwd(), "test", "sandbox", "restodbc-sandbox")
CLIENT, SECRET = "sandbox-client", "s3cret+/=&odd %41chars"
CALLBACK = "http://127.0.0.1:1/back"

loader = importlib.machinery.SourceFileLoader("allow_browser", os.path.join(SOURCES, "allow-browser"))
sys.dont_write_bytecode = True
browser = importlib.util.module_from_spec(importlib.util.spec_from_loader("allow_browser", loader))
loader.exec_module(browser)


class Sandbox:
    """The program, running; `with` ends it and looks at how it ended."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory()
        port_file = os.path.join(self.folder.name, "port")
        self.process = subprocess.Popen([PROGRAM, "--port-file", port_file, *options], stdout=subprocess.DEVNULL)
        while not os.path.exists(port_file):
            if self.process.poll() is not None:
                raise SystemExit("the sandbox did not start")
            time.sleep(0.01)
        with open(port_file) as file:
            self.port = int(file.read())
        self.base = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self.folder.cleanup()
        if status != 0:
            raise AssertionError(f"the sandbox ended with {status}")

    def send(self, path, method="GET", data=None, headers=None):
        """(status, headers, bytes)"""
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def json(self, path):
        return json.loads(self.send(path)[2])

    def dsn(self):
        text = self.json("/_dsn")["tsheets"]
        return dict(pair.split("=", 1) for pair in text.split(";"))

    def api(self, path, token=None, **query):
        token = token or self.dsn()["OAuthAccessToken"]
        if query:
            path += "?" + urllib.parse.urlencode(query)
        status, _, body = self.send("/api/v1/" + path, headers={"Authorization": "Bearer " + token})
        return status, json.loads(body)

    def ids(self, entity, **query):
        """The ids of all pages, as numbers, in order."""
        ids, page = [], 1
        while True:
            status, body = self.api(entity, page=page, supplemental_data="no", **query)
            assert status == 200, body
            rows = body["results"][entity]
            ids += [int(key) for key in rows] if rows else []
            if not body.get("more", body["results"].get("more")):
                return ids
            page += 1

    def fault(self, **fault):
        status, _, body = self.send("/_fault", "POST", json.dumps(fault).encode())
        assert status == 204, body

    def moods(self, **moods):
        status, _, body = self.send("/_oauth", "POST", json.dumps(moods).encode())
        assert status == 204, body

    def grant(self, **form):
        form = {"client_id": CLIENT, "client_secret": SECRET, **form}
        status, _, body = self.send("/api/v1/grant", "POST", urllib.parse.urlencode(form).encode())
        return status, json.loads(body)

    def sign_in(self, **query):
        """The pairs that come back to the callback."""
        query = {"response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK, "state": "s t", **query}
        button = query.pop("button", "Allow")
        back = browser.come_back(self.base + "/authorize?" + urllib.parse.urlencode(query), button)
        assert back.startswith(query["redirect_uri"] + "?"), back
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))

    def token(self):
        status, body = self.grant(grant_type="authorization_code", code=self.sign_in()["code"], redirect_uri=CALLBACK)
        assert status == 200, body
        return body


class Login(unittest.TestCase):
    def test_code_with_challenge(self):
        verifier = "v" * 43
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        with Sandbox() as sandbox:
            back = sandbox.sign_in(code_challenge=challenge, code_challenge_method="S256")
            self.assertEqual(back["state"], "s t")
            exchange = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
            self.assertEqual(sandbox.grant(**exchange)[1]["error"], "invalid_grant")
            self.assertEqual(sandbox.grant(code_verifier="w" * 43, **exchange)[1]["error"], "invalid_grant")
            status, token = sandbox.grant(code_verifier=verifier, **exchange)
            self.assertEqual(status, 200)
            self.assertEqual((token["expires_in"], token["token_type"], token["scope"]), (864000, "bearer", ""))
            self.assertTrue(all(isinstance(token[name], str) for name in ("user_id", "company_id", "client_url")))
            self.assertEqual(sandbox.api("users", token["access_token"])[0], 200)
            self.assertEqual(sandbox.grant(code_verifier=verifier, **exchange)[1]["error"], "invalid_grant")
            self.assertEqual(sandbox.api("users", token["access_token"])[0], 401, "a code used twice takes its tokens back")

    def test_refusals(self):
        with Sandbox() as sandbox:
            self.assertEqual(sandbox.sign_in(button="Deny")["error"], "access_denied")
            self.assertEqual(sandbox.sign_in(response_type="token")["error"], "unsupported_response_type")
            self.assertEqual(sandbox.sign_in(code_challenge="x" * 43)["error"], "invalid_request")
            for query in ({"client_id": "other"}, {"redirect_uri": "http://example.com/"}, {"redirect_uri": "http://127.0.0.1.example.com/"}):
                with self.assertRaises(SystemExit):
                    sandbox.sign_in(**query)
            self.assertEqual(sandbox.sign_in(redirect_uri="https://app.example.com/cb").keys(), {"code", "state"})
            status, body = sandbox.grant(grant_type="authorization_code", client_secret="wrong", code="x", redirect_uri=CALLBACK)
            self.assertEqual((status, body["error"]), (401, "invalid_client"))
            self.assertEqual(sandbox.grant(grant_type="urn:odd")[1]["error"], "unsupported_grant_type")
            self.assertEqual(sandbox.grant(grant_type="authorization_code", code="x")[1]["error"], "invalid_request")
            code = sandbox.sign_in()["code"]
            self.assertEqual(sandbox.grant(grant_type="authorization_code", code=code, redirect_uri=CALLBACK + "/")[1]["error"], "invalid_grant")

    def test_basic_client(self):
        with Sandbox() as sandbox:
            pair = urllib.parse.quote_plus(CLIENT) + ":" + urllib.parse.quote_plus(SECRET)
            form = {"grant_type": "authorization_code", "code": sandbox.sign_in()["code"], "redirect_uri": CALLBACK}
            for secret, wanted in ((pair + "x", 401), (pair, 200)):
                header = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
                status, _, _ = sandbox.send("/grant", "POST", urllib.parse.urlencode(form).encode(), header)
                self.assertEqual(status, wanted)

    def test_rotation_and_reuse(self):
        with Sandbox() as sandbox:
            first = sandbox.token()
            status, second = sandbox.grant(grant_type="refresh_token", refresh_token=first["refresh_token"])
            self.assertEqual(status, 200)
            self.assertNotEqual(first["refresh_token"], second["refresh_token"])
            self.assertEqual(sandbox.api("users", second["access_token"])[0], 200)
            self.assertEqual(sandbox.api("users", first["access_token"])[0], 401)
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=first["refresh_token"])[1]["error"], "invalid_grant")
            self.assertEqual(sandbox.api("users", second["access_token"])[0], 401, "reuse revokes the family")
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=second["refresh_token"])[0], 400)
            other = sandbox.token()
            sandbox.send("/_tokens?kind=access", "DELETE")
            self.assertEqual(sandbox.api("users", other["access_token"])[0], 401)
            status, other = sandbox.grant(grant_type="refresh_token", refresh_token=other["refresh_token"])
            self.assertEqual(status, 200)
            sandbox.send("/_tokens", "DELETE")
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=other["refresh_token"])[0], 400)

    def test_revocation(self):
        def revoke(sandbox, **form):
            form = {"client_id": CLIENT, "client_secret": SECRET, **form}
            return sandbox.send("/revoke", "POST", urllib.parse.urlencode(form).encode())[0]

        with Sandbox() as sandbox:
            one, other = sandbox.token(), sandbox.token()
            self.assertEqual(revoke(sandbox, token=one["access_token"], client_secret="wrong"), 401)
            self.assertEqual(revoke(sandbox), 400)
            self.assertEqual(sandbox.api("users", one["access_token"])[0], 200)
            self.assertEqual(revoke(sandbox, token=one["access_token"]), 200)
            self.assertEqual(sandbox.api("users", one["access_token"])[0], 401)
            status, one = sandbox.grant(grant_type="refresh_token", refresh_token=one["refresh_token"])
            self.assertEqual(status, 200, "the refresh token stays good")
            self.assertEqual(revoke(sandbox, token=one["refresh_token"]), 200)
            self.assertEqual(sandbox.api("users", one["access_token"])[0], 401, "the access token goes with it")
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=one["refresh_token"])[0], 400)
            self.assertEqual(revoke(sandbox, token="never seen"), 200)
            self.assertEqual(sandbox.api("users", other["access_token"])[0], 200, "nobody else is signed out")
            sandbox.moods(revoke="fails")
            self.assertEqual(revoke(sandbox, token=other["refresh_token"]), 503)

    def test_lifetimes(self):
        with Sandbox("--token-lifetime", "1", "--refresh-lifetime", "1") as sandbox:
            token = sandbox.token()
            while sandbox.api("users", token["access_token"])[0] == 200:
                time.sleep(0.1)
            _, body = sandbox.api("users", token["access_token"])
            self.assertIn("expired", body["error"]["message"])
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])[1]["error"], "invalid_grant")
            self.assertEqual(sandbox.api("users")[0], 200, "the token of /_dsn lasts")


USER, PASSWORD = "anna", "pass=word;&1"


class KeyPair:
    """An RSA key, made and used by the openssl program."""

    def __init__(self, folder):
        self.file = os.path.join(folder, "key.pem")
        subprocess.run(["openssl", "genrsa", "-out", self.file, "2048"], check=True, capture_output=True)
        self.public = subprocess.run(["openssl", "rsa", "-in", self.file, "-pubout"], check=True, capture_output=True, text=True).stdout

    def sign(self, digest, text):
        return subprocess.run(["openssl", "dgst", f"-{digest}", "-sign", self.file], input=text.encode(), check=True, capture_output=True).stdout


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Grants(unittest.TestCase):
    def test_client_credentials_and_password(self):
        with Sandbox() as sandbox:
            status, token = sandbox.grant(grant_type="client_credentials")
            self.assertEqual(status, 200)
            self.assertNotIn("refresh_token", token)
            self.assertEqual(sandbox.api("users", token["access_token"])[0], 200)
            self.assertEqual(sandbox.grant(grant_type="client_credentials", client_secret="wrong")[0], 401)
            status, token = sandbox.grant(grant_type="password", username=USER, password=PASSWORD)
            self.assertEqual(status, 200)
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])[0], 200)
            self.assertEqual(sandbox.grant(grant_type="password", username=USER, password="wrong")[1]["error"], "invalid_grant")
            self.assertEqual(sandbox.grant(grant_type="password", username=USER)[1]["error"], "invalid_request")

    def test_jwt(self):
        with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
            key, now = KeyPair(folder), int(time.time())
            good = {"iss": "app", "sub": "app", "aud": sandbox.base + "/api/v1/grant", "iat": now, "exp": now + 60, "jti": "1"}

            def ask(claims, header=None, damage=""):
                parts = ".".join(base64url(json.dumps(part).encode()) for part in (header or {"alg": "RS256"}, claims))
                jwt = parts + "." + base64url(key.sign("sha256", parts + damage))
                form = urllib.parse.urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": jwt})
                status, _, body = sandbox.send("/grant", "POST", form.encode())
                return status, json.loads(body)
            self.assertIn("public_key", ask(good)[1]["error_description"])
            sandbox.moods(public_key=key.public)
            status, token = ask(good)
            self.assertEqual(status, 200)
            self.assertEqual(sandbox.api("users", token["access_token"])[0], 200)
            for claims in ({**good, "aud": "https://elsewhere.example"}, {**good, "exp": now - 1}, {**good, "exp": now + 10**6},
                           {name: value for name, value in good.items() if name != "sub"}):
                self.assertEqual(ask(claims)[1]["error"], "invalid_grant")
            self.assertEqual(ask(good, damage="x")[1]["error_description"], "The signature is wrong")
            self.assertIn("alg", ask(good, {"alg": "none"})[1]["error_description"])

    def test_device(self):
        device_grant = "urn:ietf:params:oauth:grant-type:device_code"
        with Sandbox() as sandbox:
            sandbox.moods(interval=0)

            def begin():
                status, _, body = sandbox.send("/device_authorization", "POST", f"client_id={CLIENT}".encode())
                self.assertEqual(status, 200)
                return json.loads(body)

            def poll(begun):
                status, body = sandbox.grant(grant_type=device_grant, device_code=begun["device_code"])
                return body.get("error", status)
            begun = begin()
            self.assertRegex(begun["user_code"], "^[A-Z]{4}-[A-Z]{4}$")
            self.assertEqual(poll(begun), "authorization_pending")
            sandbox.moods(slow_down="yes")
            self.assertEqual([poll(begun), poll(begun)], ["slow_down", "authorization_pending"])
            self.assertEqual(browser.press(begun["verification_uri_complete"])[0], 200)
            self.assertEqual([poll(begun), poll(begun)], [200, "invalid_grant"])
            begun = begin()
            self.assertEqual(browser.press(begun["verification_uri_complete"], "Deny")[0], 200)
            self.assertEqual(poll(begun), "access_denied")
            sandbox.moods(clock=1000)
            begun = begin()
            sandbox.moods(clock=2000)
            self.assertEqual(poll(begun), "expired_token")
            sandbox.moods(interval=60)
            begun = begin()
            self.assertEqual([poll(begun), poll(begun)], ["authorization_pending", "slow_down"])
            self.assertIn(begun["device_code"], sandbox.json("/_secrets"))

    def test_moods(self):
        with Sandbox() as sandbox:
            document = sandbox.json("/.well-known/oauth-authorization-server")
            self.assertEqual((document["issuer"], document["token_endpoint"]), (sandbox.base, sandbox.base + "/api/v1/grant"))
            self.assertEqual(sandbox.json("/.well-known/openid-configuration"), document)
            self.assertNotIn("iss", sandbox.sign_in())
            sandbox.moods(iss="right", metadata="openid", client="body", expires_in="string", extra={"api_domain": "https://x.example"})
            self.assertEqual(sandbox.send("/.well-known/oauth-authorization-server")[0], 404)
            document = sandbox.json("/.well-known/openid-configuration")
            self.assertTrue(document["authorization_response_iss_parameter_supported"])
            self.assertEqual(document["token_endpoint_auth_methods_supported"], ["client_secret_post"])
            self.assertEqual(sandbox.sign_in()["iss"], sandbox.base)
            self.assertEqual(sandbox.sign_in(button="Deny")["iss"], sandbox.base)
            token = sandbox.token()
            self.assertEqual((token["expires_in"], token["api_domain"]), ("864000", "https://x.example"))
            sandbox.moods(iss="wrong", client="header", expires_in="absent", rotate="no", metadata="none")
            self.assertEqual(sandbox.sign_in()["iss"], "https://another.example")
            self.assertEqual(sandbox.send("/.well-known/openid-configuration")[0], 404)
            self.assertEqual(sandbox.grant(grant_type="client_credentials")[0], 401)
            sandbox.moods(client="any", answer="form")
            form = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": token["refresh_token"], "client_id": CLIENT,
                                           "client_secret": SECRET}).encode()
            for answer, kind in (("form", "application/x-www-form-urlencoded"), ("form-unlabelled", "application/json")):
                sandbox.moods(answer=answer)
                status, headers, body = sandbox.send("/grant", "POST", form)    # the same refresh token again and again
                pairs = dict(urllib.parse.parse_qsl(body.decode()))
                self.assertEqual((status, headers["Content-Type"]), (200, kind))
                self.assertEqual((pairs["token_type"], "refresh_token" in pairs, "expires_in" in pairs), ("bearer", False, False))
                self.assertEqual(sandbox.api("users", pairs["access_token"])[0], 200)
            self.assertEqual(sandbox.send("/_oauth", "POST", b'{"odd": 1}')[0], 400)
            self.assertEqual(sandbox.send("/_oauth", "DELETE")[0], 204)
            self.assertIn("refresh_token", sandbox.token())
            sandbox.moods(clock=-7200)
            date = sandbox.send("/_log")[1]["Date"]
            self.assertLess(abs(email.utils.parsedate_to_datetime(date).timestamp() - time.time() + 7200), 60)


def escape(text):
    return urllib.parse.quote(str(text), safe="-._~")


class OAuth1(unittest.TestCase):
    """Signed by a few lines of Python's own."""

    def signed(self, sandbox, method, path, token=("", ""), how="HMAC-SHA1", form=None, key=None, change=None, **extra):
        parameters = {"oauth_consumer_key": CLIENT, "oauth_signature_method": how, "oauth_timestamp": int(time.time()),
                      "oauth_nonce": os.urandom(8).hex(), **extra}
        if token[0]:
            parameters["oauth_token"] = token[0]
        parameters.update(change or {})
        path, _, query = path.partition("?")
        pairs = urllib.parse.parse_qsl(query, True) + urllib.parse.parse_qsl(form or "", True) + list(parameters.items())
        pairs = sorted((escape(name), escape(value)) for name, value in pairs)
        base = "&".join(escape(part) for part in (method, sandbox.base + path, "&".join(f"{name}={value}" for name, value in pairs)))
        secrets = escape(SECRET) + "&" + escape(token[1])
        if how == "PLAINTEXT":
            signature = secrets
        elif how.startswith("HMAC"):
            signature = base64.b64encode(hmac.new(secrets.encode(), base.encode(), how[5:].lower()).digest()).decode()
        else:
            signature = base64.b64encode(key.sign(how[4:].lower(), base)).decode()
        field = "OAuth " + ", ".join(f'{escape(name)}="{escape(value)}"' for name, value in {**parameters, "oauth_signature": signature}.items())
        headers = {"Authorization": field}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, _, body = sandbox.send(path + ("?" + query if query else ""), method, (form or "").encode() if method == "POST" else None, headers)
        return status, body.decode()

    def pair(self, answer):
        self.assertEqual(answer[0], 200, answer)
        pairs = dict(urllib.parse.parse_qsl(answer[1]))
        return (pairs["oauth_token"], pairs["oauth_token_secret"]), pairs

    def access(self, sandbox, **how):
        temporary, pairs = self.pair(self.signed(sandbox, "POST", "/oauth1/request_token", oauth_callback=CALLBACK, **how))
        self.assertEqual(pairs["oauth_callback_confirmed"], "true")
        back = browser.come_back(sandbox.base + "/oauth1/authorize?oauth_token=" + temporary[0])
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
        self.assertEqual(back["oauth_token"], temporary[0])
        exchange = {"token": temporary, "oauth_verifier": back["oauth_verifier"], **how}
        token, _ = self.pair(self.signed(sandbox, "POST", "/oauth1/access_token", **exchange))
        self.assertIn("token_rejected", self.signed(sandbox, "POST", "/oauth1/access_token", **exchange)[1])
        return token

    def test_every_method(self):
        with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
            key = KeyPair(folder)
            sandbox.moods(public_key=key.public)
            for how in ("HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "RSA-SHA256", "PLAINTEXT"):
                token = self.access(sandbox, how=how, key=key)
                status, body = self.signed(sandbox, "GET", "/oauth1/api/v1/users?first_name=Ada%20B*&ids=510001%2C9", token, how, key=key)
                self.assertEqual((status, "results" in json.loads(body)), (200, True), how)

    def test_refusals(self):
        with Sandbox() as sandbox:
            token = self.access(sandbox)
            path = "/oauth1/api/v1/users"
            self.assertEqual(self.signed(sandbox, "GET", path, token)[0], 200)
            now = int(time.time())
            for change, problem in (({"oauth_timestamp": now - 3600}, "timestamp_refused"), ({"oauth_consumer_key": "other"}, "consumer_key_unknown"),
                                    ({"oauth_token": "other"}, "token_rejected"), ({"oauth_version": "2.0"}, "version_rejected"),
                                    ({"oauth_nonce": ""}, "parameter_absent"), ({"oauth_signature_method": "MD5"}, "signature_method_rejected")):
                status, body = self.signed(sandbox, "GET", path, token, change=change)
                self.assertEqual(status, 401)
                self.assertIn(problem, body)
            self.assertIn("signature_invalid", self.signed(sandbox, "GET", path, (token[0], "wrong"))[1])
            fixed = {"oauth_nonce": "n1", "oauth_timestamp": now}
            self.assertEqual(self.signed(sandbox, "GET", path, token, change=fixed)[0], 200)
            self.assertIn("nonce_used", self.signed(sandbox, "GET", path, token, change=fixed)[1])
            self.assertEqual(sandbox.send(path)[0], 401)
            self.assertIn("callback_rejected", self.signed(sandbox, "POST", "/oauth1/request_token", oauth_callback="http://example.com/")[1])
            self.assertIn("parameter_absent", self.signed(sandbox, "POST", "/oauth1/request_token")[1])
            temporary, _ = self.pair(self.signed(sandbox, "POST", "/oauth1/request_token", oauth_callback=CALLBACK))
            self.assertIn("permission_unknown", self.signed(sandbox, "POST", "/oauth1/access_token", temporary, oauth_verifier="x")[1])
            self.assertIn("token_rejected", self.signed(sandbox, "GET", path, temporary)[1], "a request token opens nothing")
            back = browser.come_back(sandbox.base + "/oauth1/authorize?oauth_token=" + temporary[0], "Deny")
            self.assertEqual(back, CALLBACK + "?denied=" + temporary[0])
            temporary, pairs = self.pair(self.signed(sandbox, "POST", "/oauth1/request_token", oauth_callback="oob"))
            page = browser.press(sandbox.base + "/oauth1/authorize?oauth_token=" + temporary[0])[2]
            verifier = page.split("<code>")[1].split("</code>")[0]
            self.pair(self.signed(sandbox, "POST", "/oauth1/access_token", temporary, oauth_verifier=verifier))
            sandbox.moods(confirmed="no")
            _, pairs = self.pair(self.signed(sandbox, "POST", "/oauth1/request_token", oauth_callback=CALLBACK))
            self.assertNotIn("oauth_callback_confirmed", pairs)
            sandbox.moods(clock=7200)
            self.assertIn("timestamp_refused", self.signed(sandbox, "GET", path, token)[1])
            self.assertEqual(self.signed(sandbox, "GET", path, token, change={"oauth_timestamp": now + 7200})[0], 200)
            secrets = sandbox.json("/_secrets")
            self.assertTrue(set(token) <= set(secrets) and verifier in secrets)
            sandbox.send("/_tokens", "DELETE")
            self.assertIn("token_rejected", self.signed(sandbox, "GET", path, token, change={"oauth_timestamp": now + 7200})[1])

    def test_form_bodies_are_signed(self):
        with Sandbox() as sandbox:
            token = self.access(sandbox)
            form = "a=2+q&a=1&empty=&x=%26"
            self.assertEqual(self.signed(sandbox, "POST", "/oauth1/api/v1/users?z=1", token, form=form)[0], 417, "past the signature")


class Fronts(unittest.TestCase):
    def test_basic_and_digest(self):
        with Sandbox() as sandbox:
            status, headers, _ = sandbox.send("/basic/api/v1/users")
            self.assertEqual((status, headers["WWW-Authenticate"].split()[0]), (401, "Basic"))
            for password, wanted in ((PASSWORD, 200), ("wrong", 401)):
                pair = base64.b64encode(f"{USER}:{password}".encode()).decode()
                self.assertEqual(sandbox.send("/basic/api/v1/users", headers={"Authorization": "Basic " + pair})[0], wanted)
                manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
                manager.add_password(None, sandbox.base, USER, password)
                opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(manager))
                try:
                    status = opener.open(sandbox.base + "/digest/api/v1/users?ids=510001").status
                except (urllib.error.HTTPError, ValueError) as failure:
                    status = getattr(failure, "code", 401)
                self.assertEqual(status, wanted)


class Control(unittest.TestCase):
    def test_log(self):
        with Sandbox() as sandbox:
            token = sandbox.token()
            secrets = sandbox.json("/_secrets")
            self.assertTrue({token["access_token"], token["refresh_token"], SECRET} <= set(secrets))
            sandbox.api("users", first_name="Ada B*", ids="1,2")
            sandbox.api("nothing")
            text = sandbox.send("/_log")[2].decode()
            log = json.loads(text)
            self.assertEqual([(e["method"], e["path"], e["status"]) for e in log],
                             [("GET", "/authorize", 200), ("POST", "/authorize", 302), ("POST", "/api/v1/grant", 200),
                              ("GET", "/api/v1/users", 200), ("GET", "/api/v1/nothing", 404)])
            self.assertEqual(log[3]["query"], {"first_name": "Ada B*", "ids": "1,2"})
            self.assertEqual(log[3]["raw_query"], "first_name=Ada+B%2A&ids=1%2C2")
            self.assertEqual((log[2]["form"]["client_id"], log[2]["form"]["code"]), (CLIENT, "***"))
            self.assertEqual({entry["running"] for entry in log}, {1})
            for secret in secrets:
                self.assertNotIn(secret, text)
            sandbox.send("/api/v1/x", "PUT", b'{"a": [1], "password": "p"}', {
                "Content-Type": "application/json; charset=utf-8", "User-Agent": "Me", "If-None-Match": '"e"',
                "Authorization": "Bearer " + token["access_token"]})
            entry = sandbox.json("/_log")[-1]
            self.assertEqual(entry["body"], {"a": [1], "password": "***"})
            self.assertEqual(entry["headers"], {"content-type": "application/json; charset=utf-8", "user-agent": "Me",
                                                "if-none-match": '"e"'})
            self.assertEqual(sandbox.send("/_log", "DELETE")[0], 204)
            self.assertEqual(sandbox.json("/_log"), [])

    def test_faults(self):
        with Sandbox() as sandbox:
            sandbox.fault(match="/api/v1/users", status=429, retry_after=7, times=2, headers={"X-Odd": "1"})
            status, headers, body = sandbox.send("/api/v1/users")
            self.assertEqual((status, headers["Retry-After"], headers["X-Odd"]), (429, "7", "1"))
            self.assertEqual(json.loads(body)["error"]["code"], 429)
            self.assertEqual(sandbox.api("groups")[0], 200, "another path is left alone")
            self.assertEqual(sandbox.api("users")[0], 429)
            self.assertEqual(sandbox.api("users")[0], 200)
            sandbox.fault(match="/api/v1/users", skip=1, body='{"results": {', times=1)
            self.assertEqual(sandbox.api("users")[0], 200)
            self.assertEqual(sandbox.send("/api/v1/users")[2], b'{"results": {')
            sandbox.fault(match="/api/v1/users", status=429, every=3, times=2)
            self.assertEqual([sandbox.api("users")[0] for _ in range(7)], [200, 200, 429, 200, 200, 429, 200], "each third one, twice")
            sandbox.fault(html=True, status=503)
            status, headers, body = sandbox.send("/api/v1/users")
            self.assertEqual((status, headers["Content-Type"].split(";")[0], body[:9]), (503, "text/html", b"<!DOCTYPE"))
            sandbox.fault(cut=10)
            with self.assertRaises(http.client.IncompleteRead) as cut:
                sandbox.api("users")
            self.assertEqual(len(cut.exception.partial), 10)
            sandbox.fault(close=True)
            with self.assertRaises((http.client.RemoteDisconnected, ConnectionError)):
                sandbox.api("users")
            sandbox.fault(status=500, times=9)
            sandbox.send("/_fault", "DELETE")
            self.assertEqual(sandbox.api("users")[0], 200)
            for bad in (b"", b"[]", b'{"status": 42}', b'{"times": 0}'):
                self.assertEqual(sandbox.send("/_fault", "POST", bad)[0], 400)
            sandbox.fault(rate_limit={"requests": 2, "seconds": 300})
            self.assertEqual([sandbox.api("users")[0] for _ in range(3)], [200, 200, 429])
            sandbox.fault(rate_limit={"requests": 1, "seconds": 300, "match": "/api/v1/gr", "retry_after": True, "body": {"error": "Slow"}})
            self.assertEqual([sandbox.api("users")[0] for _ in range(3)], [200] * 3, "the new limit is for other paths")
            sandbox.api("groups")
            status, headers, body = sandbox.send("/api/v1/groups")
            self.assertEqual((status, json.loads(body)), (429, {"error": "Slow"}))
            self.assertTrue(280 <= int(headers["Retry-After"]) <= 300, headers["Retry-After"])

    def test_a_stall_holds_up_nobody_else(self):
        with Sandbox() as sandbox:
            for fault in ({"stall": 60000}, {"stall": 60000, "stall_at": 100}):
                sandbox.fault(match="/api/v1/groups", **fault)

                def stalled():
                    try:
                        sandbox.api("groups")
                    except (OSError, http.client.HTTPException, ValueError):
                        pass
                thread = threading.Thread(target=stalled)
                sandbox.send("/_log", "DELETE")
                thread.start()
                while not sandbox.json("/_log"):
                    time.sleep(0.01)
                self.assertEqual(sandbox.api("users")[0], 200)
                self.assertTrue(thread.is_alive())
                self.assertGreater(sandbox.json("/_log")[-1]["running"], 1)
        thread.join(30)
        self.assertFalse(thread.is_alive(), "the end of the sandbox ends the stall")

    def test_command_line(self):
        for arguments, status in ((["--help"], 0), (["--port", "x"], 1), (["--projects", "x"], 1), (["--odd"], 1), (["more"], 1), (["--port", "70000"], 1)):
            done = subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=30)
            self.assertEqual(done.returncode, status, arguments)
            self.assertTrue(done.stdout if status == 0 else done.stderr)
        with Sandbox() as sandbox:
            taken = subprocess.run([PROGRAM, "--port", str(sandbox.port)], capture_output=True, timeout=30)
            self.assertEqual(taken.returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
