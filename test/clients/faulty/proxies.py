"""Proxies as a service of faulty/service.py plays them: HTTP with Basic and Digest, and SOCKS5."""
import base64
import hashlib
import re
import socket
import threading


def relay(one, other):
    """Bytes both ways until one ends."""
    def pump(source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
    thread = threading.Thread(target=pump, args=(other, one), daemon=True)
    thread.start()
    pump(one, other)
    thread.join()


class Proxy:
    """kind: "http" or "socks5"; auth: None, "basic", "digest" or (for SOCKS) "password"; refuse: a status, or a code of SOCKS, that it always answers."""

    def __init__(self, kind="http", auth=None, refuse=None, user="anna", password="pass:wörd"):
        self.kind, self.auth, self.refuse, self.user, self.password = kind, auth, refuse, user, password
        self.heads, self.reached = [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            (self._socks if self.kind == "socks5" else self._http)(connection)
        except (OSError, IndexError, ValueError):
            pass
        finally:
            connection.close()

    def _admits(self, head):
        field = re.search(r"^Proxy-Authorization: (.*?)\r$", head, re.M | re.I)
        if self.auth is None:
            return True
        if not field:
            return False
        if self.auth == "basic":
            return field.group(1) == "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        said = dict(re.findall(r'(\w+)="?([^",]*)"?', field.group(1)))
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()                           # noqa: E731
        method = head.split(" ")[0]
        return said.get("response") == md5(":".join((md5(f"{self.user}:proxy:{self.password}"), said["nonce"], said["nc"], said["cnonce"], "auth",
                                                     md5(f"{method}:{said['uri']}"))))

    def _http(self, connection):
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            text = head.decode("latin-1")
            self.heads.append(text)
            if self.refuse or not self._admits(text):
                status = self.refuse or 407
                challenge = {"basic": 'Basic realm="proxy"', "digest": 'Digest realm="proxy", qop="auth", nonce="n0nce"'}.get(self.auth, "")
                connection.sendall((f"HTTP/1.1 {status} No\r\n" + (f"Proxy-Authenticate: {challenge}\r\n" if status == 407 else "") +
                                    "Content-Length: 0\r\n\r\n").encode())
                continue
            method, target, _ = text.split("\r\n")[0].split(" ")
            host = target if method == "CONNECT" else re.match(r"http://([^/]*)", target).group(1)
            self.reached.append(host)
            other = socket.create_connection(host.rsplit(":", 1))
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
            else:
                other.sendall(re.sub(rb"^(\w+) http://[^/]*", rb"\1 ", head).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            return relay(connection, other)

    def _socks(self, connection):
        count = connection.recv(2)[1]
        offered = connection.recv(count)
        wanted = 2 if self.auth else 0
        if wanted not in offered:
            connection.sendall(b"\x05\xff")
            return
        connection.sendall(bytes((5, wanted)))
        if self.auth:
            said = connection.recv(1024)
            length = said[1]
            good = said[2:2 + length] == self.user.encode() and said[3 + length:] == self.password.encode()
            connection.sendall(bytes((1, 0 if good else 1)))
            if not good:
                return
        said = connection.recv(1024)
        name, rest = (said[5:5 + said[4]].decode(), said[5 + said[4]:]) if said[3] == 3 else (socket.inet_ntoa(said[4:8]), said[8:])
        if self.refuse:
            connection.sendall(bytes((5, self.refuse, 0, 1)) + bytes(6))
            return
        self.reached.append(f"{name}:{int.from_bytes(rest[:2], 'big')}")
        other = socket.create_connection((name, int.from_bytes(rest[:2], "big")))
        connection.sendall(bytes((5, 0, 0, 1)) + bytes(6))
        relay(connection, other)
