"""What the tests of secrets know: every secret that went over the wire, the disguises of each, and where it must not stand."""
import base64
import contextlib
import ctypes
import http.server
import json
import os
import re
import threading
import urllib.error
import urllib.parse
import urllib.request

import direct
from harness import CLIENT

FIELDS = ("code", "code_verifier", "client_secret", "refresh_token", "access_token", "password", "assertion", "device_code")


# ---- Forms ----

def _core(encode, shift, secret):
    """What of an encoding in groups of three bytes is the same whatever stands before and behind the secret."""
    return encode(b"\0" * shift + secret)[4 if shift else 0:-4 if len(secret) > 12 else None].rstrip(b"=").decode()


def forms(secret):
    """The disguises in which a secret could be written."""
    data = secret.encode()
    quoted = urllib.parse.quote(secret, safe="")
    yield secret
    yield quoted
    yield urllib.parse.quote_plus(secret)
    yield urllib.parse.quote(quoted, safe="")
    yield secret.replace("/", "\\/")
    yield json.dumps(secret)[1:-1]
    yield data.hex()
    for shift in range(3):
        yield _core(base64.b64encode, shift, data)
        yield _core(base64.urlsafe_b64encode, shift, data)
    for client in (CLIENT, urllib.parse.quote_plus(CLIENT)):
        for form in (secret, urllib.parse.quote_plus(secret)):
            yield base64.b64encode(f"{client}:{form}".encode()).decode()


def found_in(text, secrets):
    """The secrets (their beginnings, for the report) that stand in the text in any form, in letters of any case."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    text = text.lower()
    return sorted({secret[:6] + "…" for secret in secrets for form in set(forms(secret)) if form.lower() in text})


# ---- The wire ----

class Recorder:
    """Stands between the driver and the sandbox's token endpoint, and keeps what must be kept secret: what came in the form, in
    Authorization and in the answer. .answer, when set, is (status, text) to be answered in place of the sandbox."""

    def __init__(self, endpoint):
        recorder = self
        self.secrets, self.requests, self.answer = set(), 0, None

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, text = recorder._forward(endpoint, body, self.headers)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/grant"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _keep(self, pairs):
        self.secrets.update(str(value) for name, value in pairs if name in FIELDS and len(str(value)) > 3)

    def _forward(self, endpoint, body, headers):
        self.requests += 1
        form = dict(urllib.parse.parse_qsl(body.decode()))
        self._keep(form.items())
        authorization = headers.get("Authorization")
        if authorization:
            self.secrets.add(authorization.partition(" ")[2])
        if self.answer:
            status, text = self.answer
            return status, text.format(**{**dict.fromkeys(FIELDS, "-"), **form}).encode()
        request = urllib.request.Request(endpoint, body, {name: headers[name] for name in ("Authorization", "Content-Type") if headers[name]})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read()
        with contextlib.suppress(ValueError, AttributeError):
            self._keep(json.loads(text).items())
        return status, text

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# ---- What an application can ask of a connection ----

def connection_texts(connection):
    """Every text that the connection's attributes and SQLGetInfo give."""
    texts, buffer, length = [], ctypes.create_string_buffer(4096), ctypes.c_int()
    for attribute in [*range(100, 130), *range(1200, 1300), 10012, 10013, 10014]:
        ctypes.memset(buffer, 0, len(buffer))
        direct.odbc.SQLGetConnectAttr(connection.handle, attribute, buffer, len(buffer), ctypes.byref(length))
        texts.append(buffer.raw.rstrip(b"\0").decode("latin-1"))
    short = ctypes.c_short()
    for info in [*range(0, 180), *range(10000, 10030), *range(20000, 20003)]:
        ctypes.memset(buffer, 0, len(buffer))
        direct.odbc.SQLGetInfo(connection.handle, ctypes.c_ushort(info), buffer, ctypes.c_short(len(buffer)), ctypes.byref(short))
        texts.append(buffer.raw.rstrip(b"\0").decode("latin-1"))
    texts += [repr(row) for row in connection.statement().query("SELECT * FROM sys_connection_props")]
    texts += [repr(row) for row in connection.statement().query("SELECT * FROM sys_information")]
    texts += [repr(row) for row in connection.statement().query("EXPLAIN SELECT * FROM Users")]
    return texts


# ---- Processes ----

def descendants(ancestor):
    """The processes that come from this one, itself not among them."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{entry}/stat") as file:
                parents[int(entry)] = int(re.sub(r".*\) ", "", file.read(), flags=re.S).split()[1])
    found, grew = set(), True
    while grew:
        new = {child for child, parent in parents.items() if (parent == ancestor or parent in found) and child not in found}
        found |= new
        grew = bool(new)
    return found


def seen_in_proc(ancestor):
    """The command lines and environments of these processes, as anybody who may read /proc sees them."""
    texts = []
    for process in descendants(ancestor):
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError), open(f"/proc/{process}/{name}", "rb") as file:
                texts.append(file.read().decode("latin-1"))
    return texts
