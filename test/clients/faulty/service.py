"""A service whose every byte and every silence the test writes down, a definition for it, and what a query of it comes to.

An answer is a list of steps: bytes that are sent, and what else can become of a connection. The n-th request for a path gets the n-th
answer, the last one serves all that follow.
"""
import ctypes
import os
import shutil
import signal
import socket
import ssl
import struct
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import direct                                                           # noqa: E402
from direct import Connection, Failure                                  # noqa: E402
from harness import DRIVER, SOURCE, check, equal                         # noqa: E402

PATIENCE = 300          # seconds after which what hangs has failed
RESET, CLOSE, STALL, GOODBYE = "reset", "close", "stall", "goodbye"    # an end of TLS is said, or is not
TOKEN = "the-token-of-the-user"


class Drip:
    """Bytes that come one by one."""

    def __init__(self, data, seconds=0.002):
        self.data, self.seconds = data, seconds


def http(body, status="200 OK", length=None, **fields):
    """The bytes of an answer; a field's name has _ for -, a length that is a lie may be told."""
    body = body.encode() if isinstance(body, str) else body
    fields = {"Content_Type": "application/json", "Content_Length": len(body) if length is None else length, **fields}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def things(*ids, next=None):
    """A page with these rows, and where the next one stands."""
    rows = ",".join('{"id":%d,"name":"thing %d"}' % (number, number) for number in ids)
    return '{"things":[%s],"next":%s}' % (rows, f'"{next}"' if next else "null")


class Service:
    """Answers on a port of its own; TLS with a context."""

    def __init__(self, answers=None, tls=None, greeting=()):
        self.answers, self.tls, self.greeting = answers or {}, tls, list(greeting)
        self.asked, self.connections, self.lock, self.over = [], 0, threading.Lock(), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)        # who waits in accept holds it open otherwise
        self.listener.close()

    def tell(self, **answers):
        """New answers for paths, `things=[…]`; what was asked is forgotten."""
        with self.lock:
            self.answers = {"/" + path: list(steps) for path, steps in answers.items()}
            self.asked, self.connections = [], 0

    def targets(self):
        with self.lock:
            return [target for _, target, _ in self.asked]

    def _accept(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with self.lock:
            self.connections += 1
        try:
            if self.greeting and not self.play(connection, self.greeting):
                return
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while (request := self._read(connection)) and self.play(connection, self.answer(*request)):
                pass
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def _read(self, connection):
        text = b""
        while b"\r\n\r\n" not in text:
            piece = connection.recv(65536)
            if not piece:
                return None
            text += piece
        head, body = text.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        while len(body) < int(fields.get("content-length", 0)):
            body += connection.recv(65536)
        method, target, _ = first.split(" ")
        return method, target, fields

    def answer(self, method, target, fields):
        with self.lock:
            self.asked.append((method, target, fields))
            found = self.answers.get(target.split("?")[0], [[http("", "404 Not Found")]])
            steps = found.pop(0) if len(found) > 1 else found[0]
        return steps(method, target, fields) if callable(steps) else steps

    def play(self, connection, steps):
        """False when the connection has ended."""
        for step in steps if isinstance(steps, (list, tuple)) else [steps]:
            if step == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            if step == CLOSE:
                return False
            if step == GOODBYE:
                connection.unwrap()
                return False
            if step == STALL:
                self.over.wait(PATIENCE)
                return False
            if isinstance(step, Drip):
                for at in range(len(step.data)):
                    connection.sendall(step.data[at:at + 1])
                    if self.over.wait(step.seconds):
                        return False
            else:
                connection.sendall(step)
        return True


class Folder:
    """The definition, and an ODBC configuration; one for the whole process, because the driver manager remembers where it was."""
    folder = tempfile.TemporaryDirectory(prefix="restodbc-faulty-")
    name = folder.name

    def __init__(self):
        os.makedirs(os.path.join(self.name, "faulty"))
        shutil.copy(os.path.join(SOURCE, "test", "clients", "faulty", "faulty.xml"), os.path.join(self.name, "faulty"))
        shutil.copy(os.path.join(SOURCE, "providers", "provider.rng"), self.name)
        with open(os.path.join(self.name, "odbcinst.ini"), "w") as file:
            file.write(f"[RestODBC]\nDriver={DRIVER}\nThreading=0\n")
        os.environ.update(ODBCSYSINI=self.name, ODBCINI=os.path.join(self.name, "odbc.ini"), HOME=self.name, BROWSER="/bin/false")
        signal.alarm(PATIENCE)

    def path(self, name):
        return os.path.join(self.name, name)


folder = Folder()


def string(url, **changes):
    pairs = {"Driver": "RestODBC", "Provider": "Faulty", "Location": folder.name, "URL": url, "AuthScheme": "Bearer", "OAuthAccessToken": TOKEN,
             "RetryMax": 1, **changes}
    return ";".join(f"{name}={{{str(value).replace('}', '}}')}}}" if name not in ("Driver", "Provider") else f"{name}={value}"
                    for name, value in pairs.items() if value is not None)


class Outcome:
    """What a query came to: the rows that were handed out, and the failure or the warnings after them."""

    def __init__(self, statement, query):
        self.rows, self.failure, self.warnings = [], None, []
        try:
            statement.execute(query)
            self.warnings += direct.records(direct.STATEMENT, statement.handle)
            while (row := statement.fetch()) is not None:
                self.warnings += direct.records(direct.STATEMENT, statement.handle)
                self.rows.append(row)
        except Failure as failure:
            self.failure = failure
        finally:
            direct.odbc.SQLFreeStmt(statement.handle, ctypes.c_ushort(0))

    def __repr__(self):
        return f"rows {self.rows!r}, {self.failure and self.failure.records}, warnings {self.warnings!r}"


def judge(name, outcome, rows=None, state=None, words=(), warning=None):
    """rows: those that are handed out, also before a failure; None = whichever. state and words of the failure; None = there is none."""
    if state is None:
        check(outcome.failure is None, f"{name}: it goes through", outcome)
    else:
        found = outcome.failure and outcome.failure.records
        states = state if isinstance(state, tuple) else (state,)
        good = bool(found) and len(found) == 1 and found[0][0] in states and all(word.lower() in found[0][2].lower() for word in words)
        check(good, f"{name}: {' or '.join(states)}" + (f" that says {', '.join(words)}" if words else ""), outcome)
        check(not found or (TOKEN not in found[0][2] and found[0][2].isprintable()), f"{name}: one line without the token", outcome)
    if rows is not None:
        equal(outcome.rows, rows, f"{name}: the rows")
    if warning is not None:
        check(any(record[0] == warning for record in outcome.warnings), f"{name}: the warning {warning}", outcome)
    return outcome


def connected(url, **changes):
    connection = Connection()
    connection.connect(string(url, **changes))
    return connection


def http_date(seconds_from_now):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds_from_now))


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
