#!/usr/bin/python3
"""While a program signs in, anybody on the machine can knock at the port of the callback, and any web page can send the browser there.
Of all that comes, only the one true callback ends the wait, is exchanged, and is exchanged once; the connection then works."""
import os
import re
import socket
import struct
import threading
import time
import urllib.parse

from harness import Session, browser, check, equal, run
from signing_in import Login, until

PATIENCE = 60


class Target:
    """A login that waits: where it listens and what it waits for."""

    def __init__(self, url):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.url, self.redirect, self.state = url, query["redirect_uri"], query["state"]
        place = urllib.parse.urlsplit(self.redirect)
        self.port, self.path, self.host = place.port, place.path, place.netloc

    def connect(self, address="127.0.0.1"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        caller = socket.socket(family, socket.SOCK_STREAM)
        caller.settimeout(PATIENCE)
        caller.connect((address, self.port))
        return caller

    def knock(self, data, address="127.0.0.1", end=True):
        """Sends the bytes; (status, everything that came back). Status 0: closed without a word."""
        with self.connect(address) as caller:
            try:
                caller.sendall(data)
                if end:
                    caller.shutdown(socket.SHUT_WR)
            except OSError:
                pass                    # it is turned away before it has said all
            answer = b""
            try:
                while piece := caller.recv(65536):
                    answer += piece
            except ConnectionError:
                pass
        match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
        return (int(match.group(1)) if match else 0), answer

    def request(self, query, path=None, method="GET", host=None, version="HTTP/1.1", head=""):
        host = self.host if host is None else host
        return f"{method} {self.path if path is None else path}?{query} {version}\r\nHost: {host}\r\n{head}\r\n".encode("latin-1")


def strangers(target):
    """(what it is, its bytes, the statuses that are right)"""
    good = f"code=EVIL&state={target.state}"
    yield "a wrong state", target.request("code=EVIL&state=wrong"), {400}
    yield "no state", target.request("code=EVIL"), {400}
    yield "an empty state", target.request("code=EVIL&state="), {400}
    yield "a beginning of the state", target.request(f"code=EVIL&state={target.state[:-1]}"), {400}
    yield "more than the state", target.request(f"code=EVIL&state={target.state}x"), {400}
    yield "the state in another case", target.request(f"code=EVIL&state={target.state.swapcase()}"), {400}
    yield "a wrong state, then the right one", target.request(f"code=EVIL&state=wrong&state={target.state}"), {400}
    yield "the state twice", target.request(f"code=EVIL&state={target.state}&state={target.state}"), {400}
    yield "two codes", target.request(f"code=EVIL&state={target.state}&code=EVIL2"), {400}
    yield "two codes, one in disguise", target.request(f"code=EVIL&state={target.state}&c%6fde=EVIL2"), {400}
    yield "State in another case", target.request(f"code=EVIL&State={target.state}"), {400}
    yield "the state in the fragment", target.request(f"code=EVIL#state={target.state}"), {400}
    yield "the state encoded twice", target.request("code=EVIL&state=" + "".join(f"%25{ord(c):02X}" for c in target.state)), {400}
    yield "a state with a broken escape", target.request(f"code=EVIL&state={target.state[:-1]}%4"), {400}
    yield "a denial without the state", target.request("error=access_denied"), {400}
    yield "a denial in HTML, without the state", target.request("error=%3Cscript%3Ealert(1)%3C/script%3E&state=%22%3E%3Cscript%3E"), {400}
    yield "no code", target.request(f"state={target.state}"), {400}
    yield "an empty code", target.request(f"code=&state={target.state}"), {400}
    yield "a code with NUL", target.request(f"code=EVIL%00&state={target.state}"), {400}
    yield "only semicolons between", target.request(f"code=EVIL;state={target.state}"), {400}
    yield "favicon", target.request("", path="/favicon.ico"), {404}
    yield "another path", target.request(good, path="/other"), {404}
    yield "a path below", target.request(good, path=target.path + "/x"), {404}
    yield "a path with dots", target.request(good, path="/x/.." + target.path), {404}
    yield "a path with an escape", target.request(good, path="/%62ack"), {404}
    yield "a doubled slash", target.request(good, path="/" + target.path), {404}
    yield "a path in another case", target.request(good, path=target.path.upper()), {404}
    yield "a whole URL of somebody else", target.request(good, path=f"http://evil.example{target.path}"), {400}
    for method in ("POST", "HEAD", "PUT", "OPTIONS", "DELETE", "TRACE", "CONNECT", "get"):
        yield "the method " + method, target.request(good, method=method), {405}
    yield "a form", target.request("", method="POST", head=f"Content-Length: {len(good)}\r\nContent-Type: application/x-www-form-urlencoded\r\n") \
        + good.encode(), {405}
    yield "HTTP/0.9", f"GET {target.path}?{good}\r\n\r\n".encode(), {400}
    yield "HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {405}
    yield "a version that is none", target.request(good, version="HTTP/9"), {400}
    yield "TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2, {400}
    yield "garbage", bytes(range(255, 0, -1)) + b"\r\n\r\n", {400, 405}
    yield "NUL in the request", target.request(good).replace(b"HTTP", b"\0HTTP"), {400}
    yield "nothing but a line end", b"\r\n\r\n", {400, 405}
    yield "nothing", b"", {0}
    yield "half a request", target.request(good)[:-2], {0}
    yield "line ends of one byte", target.request(good).replace(b"\r\n", b"\n"), {0, 400}
    yield "a huge request line", target.request("x" * 100000 + "&" + good), {431}
    yield "a huge field", target.request(good, head="X-Filler: " + "x" * 100000 + "\r\n"), {431}
    yield "many fields", target.request(good, head="X: y\r\n" * 10000), {431}
    yield "a field broken into the query", target.request(good + "%0d%0aHost:%20evil.example", host="evil.example"), {421}
    for host in ("evil.example", f"evil.example:{target.port}", f"localhost.evil.example:{target.port}", f"127.0.0.1.evil.example:{target.port}",
                 f"0.0.0.0:{target.port}", f"192.0.2.1:{target.port}", f"{target.host}@evil.example", "127.0.0.1:1", "127.0.0.1", ""):
        yield f"the host {host!r}", target.request(good, host=host), {421}
    yield "no host", f"GET {target.path}?{good} HTTP/1.1\r\n\r\n".encode(), {421}
    yield "two hosts", target.request(good, head="Host: evil.example\r\n"), {421}
    yield "a host behind a folded line", f"GET {target.path}?{good} HTTP/1.1\r\nX: y\r\n Host: {target.host}\r\n\r\n".encode(), {421}


def slow_sender(target, request, fate):
    """A byte at a time of what could be the true callback; must be cut off before it is through."""
    caller = target.connect()
    sent = 0
    try:
        for byte in request:
            caller.sendall(bytes([byte]))
            sent += 1
            time.sleep(0.02)
    except OSError:
        pass
    fate.append(sent)
    caller.close()


def listening(port):
    """The local addresses with a listening socket at this port, in hexadecimal as /proc has them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if os.path.exists(table):
            with open(table) as file:
                for line in list(file)[1:]:
                    fields = line.split()
                    address, _, number = fields[1].rpartition(":")
                    if int(number, 16) == port and fields[3] == "0A":
                        found.add(address)
    return found


def grants(session):
    return [entry["status"] for entry in session.log() if entry["path"].endswith("/grant")]


def pressed(target, login):
    """Slow senders, many of them, and one that resets."""
    fate, request = [], target.request(f"code=EVIL&state={target.state}" + "&x=y" * 400)
    slow = threading.Thread(target=slow_sender, args=(target, request, fate), daemon=True)
    slow.start()
    slow.join(PATIENCE)
    check(fate and fate[0] < len(request), "a slow sender is cut off", (fate, len(request)))
    crowd = [target.connect() for _ in range(150)]
    for caller in crowd:
        caller.send(b"GET ")
    reset = target.connect()
    reset.send(target.request(f"code=EVIL&state={target.state}")[:20])
    reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reset.close()
    check(login.is_alive(), "150 who say no more do not end the wait", login.failure)
    return crowd


def knocked_at(session, callback, address="127.0.0.1", presses=False):
    """All strangers at one waiting login, then the user."""
    session.forget()
    with Login(session, CallbackURL=callback, OAuthSettingsLocation=session.path("settings-" + callback[7:10])) as login:
        target = Target(login.url)
        addresses = listening(target.port)
        check(addresses and addresses <= {"0100007F", "00000000000000000000000001000000"}, f"{callback}: listens on loopback only", addresses)
        for what, data, right in strangers(target):
            status, answer = target.knock(data, address)
            check(status in right and b"EVIL" not in answer and b"<script" not in answer and target.state.encode() not in answer,
                  f"{callback}: {what} is turned away", (status, right, answer[:300]))
        crowd = pressed(target, login) if presses else []
        check(login.is_alive() and grants(session) == [], f"{callback}: after all that the login still waits, and no code was exchanged",
              (login.failure, grants(session)))

        # The token endpoint holds its answer, so that there is a time between the callback and its end.
        session.fault(match="/api/v1/grant", stall=1500)
        back = browser.come_back(target.url)
        told = []
        user = threading.Thread(target=lambda: told.append(target.knock(target.request(back.partition("?")[2]), address, end=False)), daemon=True)
        user.start()
        check(until(lambda: listening(target.port) == set()), f"{callback}: with the true callback the door is shut", listening(target.port))
        for caller in crowd:
            caller.close()
        equal(login.outcome(), "signed in", f"{callback}: the user signs in all the same")
        user.join(PATIENCE)
        check(told and told[0][0] == 200 and b"You are signed in" in told[0][1], f"{callback}: and is told", told)
        head = told[0][1].partition(b"\r\n\r\n")[0].decode() if told else ""
        for field in ("Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff", "default-src 'none'"):
            check(field in head, f"{callback}: with {field}", head)
        equal(login.rows, [(str(len(session.raw("groups"))),)], f"{callback}: the connection works")
        equal(grants(session), [200], f"{callback}: one code was exchanged, once")


def denial_in_html(session):
    """An error that the true server sends: its words are shown, and nothing in them does anything."""
    words = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\x1b[2J\r\nSet-Cookie: a=b"
    with Login(session, OAuthSettingsLocation=session.path("never")) as login:
        target = Target(login.url)
        status, answer = target.knock(target.request("error=access_denied&error_description=" + urllib.parse.quote(words)
                                                     + "&state=" + target.state), end=False)
        equal((status, login.outcome()), (403, "28000"), "an error full of HTML ends the login with 28000")
        head, _, page = answer.partition(b"\r\n\r\n")
        check(b"&lt;script&gt;alert(1)" in page and b"<script" not in page and b"<img" not in page, "an error full of HTML: shown as text", page)
        check(b"Set-Cookie" not in head and b"\x1b" not in answer and "\x1b" not in login.failure.message and "\n" not in login.failure.message,
              "an error full of HTML: without control characters, on the page and in the diagnostic", (head, login.failure.message))
        check(not os.path.exists(session.path("never")), "an error full of HTML: nothing is saved")


def long_words(session):
    """Words without an end are cut, and what is left of a character at the cut is whole."""
    with Login(session, OAuthSettingsLocation=session.path("never")) as login:
        target = Target(login.url)
        target.knock(target.request("error=" + "e" * 1000 + "&error_description=" + "%C3%A4" * 1000 + "&state=" + target.state), end=False)
        equal(login.outcome(), "28000", "an endless error ends the login with 28000")
        check(len(login.failure.message) < 2000 and "\ufffd" not in login.failure.message, "an endless error: cut between characters",
              login.failure.message)


def port_in_use(session):
    """Who has the port before us is not given the callback: the login does not begin."""
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with Login(session, CallbackURL=f"http://127.0.0.1:{port}/back", OAuthSettingsLocation=session.path("never")) as login:
            equal((login.outcome(), login.url), ("HY000", None), "a port in use: no browser is opened")
            check(str(port) in login.failure.message and "CallbackURL" in login.failure.message, "a port in use: is told", login.failure.message)
    with Login(session, CallbackURL=f"http://127.0.0.1:{port}/back", OAuthSettingsLocation=session.path("never"), timeout=PATIENCE) as login:
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                thief.bind(("127.0.0.1", port))
                thief.listen()
                check(False, "our port can not be shared by another program")
            except OSError:
                check(True, "our port can not be shared by another program")
        target = Target(login.url)
        target.knock(target.request("error=access_denied&state=" + target.state), end=False)
        equal(login.outcome(), "28000", "and a registered port serves")


def has_ipv6():
    try:
        with open("/proc/net/if_inet6") as file:
            return any(line.startswith("0" * 31 + "1 ") for line in file)
    except OSError:
        return False


def hostile():
    with Session("--rows", "40") as session:
        knocked_at(session, "http://127.0.0.1:0/back", presses=True)
        knocked_at(session, "http://localhost:0/back")
        if has_ipv6():
            knocked_at(session, "http://[::1]:0/back", "::1")
        denial_in_html(session)
        long_words(session)
        port_in_use(session)


run(hostile)
