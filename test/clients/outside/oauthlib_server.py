"""An OAuth 1.0a service whose verifying side is Debian's python3-oauthlib: request tokens, the user's consent, access tokens, and notes that
a signed request reads. What oauthlib refuses is counted, with its words."""
import html
import http.server
import json
import secrets
import threading
import time
import urllib.parse

import oauthlib.oauth1
from oauthlib.common import add_params_to_uri

REALMS = ["notes"]


class Validator(oauthlib.oauth1.RequestValidator):
    """What oauthlib asks about clients and tokens. Only the given signature method is accepted, and no nonce twice."""

    enforce_ssl = False                                 # the service is on the loopback interface
    timestamp_lifetime = 10 ** 9                        # the clock is looked at below

    def __init__(self, method, client, secret, public_key):
        super().__init__()
        self.method, self.client, self.secret, self.public_key = method, client, secret, public_key
        self.skew = 0                                   # seconds that the service's clock is ahead of ours
        self.lock, self.nonces = threading.Lock(), set()
        self.request_tokens, self.access_tokens = {}, {}        # token → {"secret", "redirect", "verifier"} or {"secret"}

    @property
    def allowed_signature_methods(self):
        return (self.method,)

    # lengths and characters: the client id and secret here have what the class would not allow by itself
    def check_client_key(self, client_key):
        return 0 < len(client_key) <= 100

    def check_request_token(self, request_token):
        return len(request_token) >= 20

    check_access_token = check_nonce = check_verifier = check_request_token

    def check_realms(self, realms):
        return set(realms) <= set(REALMS)

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None, access_token=None):
        with self.lock:
            known = (timestamp, nonce) in self.nonces
            self.nonces.add((timestamp, nonce))
        return not known and abs(int(timestamp) - time.time() - self.skew) < 300

    def validate_client_key(self, client_key, request):
        return client_key == self.client

    def validate_request_token(self, client_key, token, request):
        return token in self.request_tokens

    def validate_access_token(self, client_key, token, request):
        return token in self.access_tokens

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or urllib.parse.urlsplit(redirect_uri).hostname in ("127.0.0.1", "localhost")

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_verifier(self, client_key, token, verifier, request):
        known = self.request_tokens.get(token, {}).get("verifier")
        return known is not None and secrets.compare_digest(known, verifier)

    def verify_request_token(self, token, request):
        return token in self.request_tokens

    def verify_realms(self, token, realms, request):
        return True

    def get_client_secret(self, client_key, request):
        return self.secret

    def get_request_token_secret(self, client_key, token, request):
        return self.request_tokens.get(token, {"secret": "dummy"})["secret"]

    def get_access_token_secret(self, client_key, token, request):
        return self.access_tokens.get(token, {"secret": "dummy"})["secret"]

    def get_rsa_key(self, client_key, request):
        return self.public_key

    def get_default_realms(self, client_key, request):
        return REALMS

    def get_realms(self, token, request):
        return REALMS

    def get_redirect_uri(self, token, request):
        return self.request_tokens[token]["redirect"]

    # oauthlib checks these when client or token is not known, so that the time does not tell
    dummy_client = dummy_request_token = dummy_access_token = "dummy"

    def save_request_token(self, token, request):
        self.request_tokens[token["oauth_token"]] = {"secret": token["oauth_token_secret"], "redirect": request.redirect_uri}

    def save_verifier(self, token, verifier, request):
        self.request_tokens[token]["verifier"] = verifier["oauth_verifier"]

    def save_access_token(self, token, request):
        self.access_tokens[token["oauth_token"]] = {"secret": token["oauth_token_secret"]}

    def invalidate_request_token(self, client_key, request_token, request):
        self.request_tokens.pop(request_token, None)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def date_time_string(self, timestamp=None):
        """Of the service's own clock."""
        return super().date_time_string((timestamp or time.time()) + self.server.service.validator.skew)

    def log_message(self, *_):
        pass

    def _body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def _send(self, status, headers, text):
        data = (text or "").encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _json(self, status, value, **headers):
        self._send(status, {"Content-Type": "application/json", **headers}, json.dumps(value))

    def do_GET(self):
        self._answer("GET", "")

    def do_POST(self):
        self._answer("POST", self._body())

    def _answer(self, method, body):
        service, url = self.server.service, self.server.service.base + self.path
        path, headers = urllib.parse.urlsplit(self.path).path, dict(self.headers.items())
        service.requests.append((method, path, headers.get("Authorization", "")))
        if path == "/request_token":
            self._endpoint(service.server.create_request_token_response(url, method, body, headers))
        elif path == "/access_token":
            self._endpoint(service.server.create_access_token_response(url, method, body, headers))
        elif path == "/authorize" and method == "GET":
            self._ask(url)
        elif path == "/authorize":
            self._decide(body)
        elif path.startswith("/notes"):
            self._notes(url, method, body, headers)
        else:
            self._json(404, {"error": "there is nothing"})

    def _endpoint(self, answer):
        headers, text, status = answer
        if status >= 400:
            self.server.service.refused.append(text or str(status))
        self._send(status, headers, text)

    def _ask(self, url):
        token = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)).get("oauth_token", "")
        known = token in self.server.service.validator.request_tokens
        self._send(200 if known else 400, {"Content-Type": "text/html; charset=utf-8"},
                   '<!DOCTYPE html><form method="post" action="/authorize"><input type="hidden" name="oauth_token" value="'
                   f'{html.escape(token)}"><button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button>'
                   "</form>" if known else "<!DOCTYPE html>This sign-in is not known")

    def _decide(self, body):
        service, form = self.server.service, dict(urllib.parse.parse_qsl(body))
        token = form.get("oauth_token", "")
        if form.get("decision") == "allow":
            headers, text, status = service.server.create_authorization_response(service.base + "/authorize?oauth_token=" + token, "GET", "", {},
                                                                                 realms=REALMS)
            self._send(status, headers, text)
        else:
            back = add_params_to_uri(service.validator.request_tokens[token]["redirect"], [("denied", token)])
            self._send(302, {"Location": back}, "")

    def _notes(self, url, method, body, headers):
        service = self.server.service
        good, request = service.server.validate_protected_resource_request(url, method, body, headers, realms=None)
        if not good:
            service.refused.append("notes: " + ", ".join(name for name, fine in request.validator_log.items() if fine is False)
                                   if request is not None else "notes")
            self._json(401, {"error": "the signature does not fit"}, **{"WWW-Authenticate": 'OAuth realm="notes"'})
            return
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query, keep_blank_values=True))
        notes = [{"id": number, "text": f"Note {number}", "tag": query.get("tag", "")} for number in (1, 2, 3)]
        self._json(200, {"notes": notes})


class Service:
    """method: the one signature method that is accepted; .refused: what oauthlib has refused."""

    def __init__(self, method, client, secret, public_key=None):
        self.validator = Validator(method, client, secret, public_key)
        self.server = oauthlib.oauth1.WebApplicationServer(self.validator)
        self.requests, self.refused = [], []
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.service = self
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
