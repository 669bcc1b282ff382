#!/usr/bin/python3
"""AuthScheme=NTLM, and ProxyAuthScheme=NTLM, against a server of the test's own, which speaks the three messages of MS-NLMP on one connection and
computes the NTLMv2 answer itself: what the driver sends must be what the password gives, and a wrong one is 28000, of a proxy 08001."""
import base64
import hashlib
import hmac
import http.server
import os
import struct
import sys
import time
import urllib.parse

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
from harness import check, equal, run
from loopback import PROXY, SERVICE, Loopback
import shop
import shop_client

SIGNATURE = b"NTLMSSP\0"
UNICODE, TARGET, NTLM, DOMAIN_TARGET, EXTENDED, TARGET_INFO = 0x1, 0x4, 0x200, 0x10000, 0x80000, 0x800000
USER, PASSWORD, DOMAIN = "Anna", "geheim-8", "SHOP"


def md4(data):
    """RFC 1320: OpenSSL 3 keeps it away."""
    mask = 0xFFFFFFFF
    rotate = lambda value, count: ((value << count) | (value >> (32 - count))) & mask
    rounds = [
        (lambda x, y, z: (x & y) | (~x & mask & z), 0, list(range(16)), (3, 7, 11, 19)),
        (lambda x, y, z: (x & y) | (x & z) | (y & z), 0x5A827999, [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], (3, 9, 11, 15)),
    ]
    padded = data + b"\x80" + b"\0" * (-(len(data) + 9) % 64) + struct.pack("<Q", 8 * len(data))
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    for at in range(0, len(padded), 64):
        words, (a, b, c, d) = struct.unpack("<16I", padded[at:at + 64]), state
        for mix, constant, order, shifts in rounds:
            for step, index in enumerate(order):
                a, b, c, d = d, rotate((a + mix(b, c, d) + words[index] + constant) & mask, shifts[step % 4]), b, c
        state = [(old + new) & mask for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def field(message, at):
    length, _, offset = struct.unpack_from("<HHI", message, at)
    return message[offset:offset + length]


def challenge_message(challenge):
    pairs = b""
    for kind, text in ((2, DOMAIN), (1, "SERVER"), (4, "shop.example"), (3, "server.shop.example")):
        pairs += struct.pack("<HH", kind, 2 * len(text)) + text.encode("utf-16-le")
    pairs += struct.pack("<HHQ", 7, 8, int((time.time() + 11644473600) * 10 ** 7)) + struct.pack("<HH", 0, 0)
    name, start = DOMAIN.encode("utf-16-le"), 48
    flags = UNICODE | TARGET | NTLM | DOMAIN_TARGET | EXTENDED | TARGET_INFO
    return SIGNATURE + struct.pack("<IHHII", 2, len(name), len(name), start, flags) + challenge + bytes(8) \
        + struct.pack("<HHI", len(pairs), len(pairs), start + len(name)) + name + pairs


class Server(Loopback):
    """The shop, or a proxy that speaks for it, for those who know the password, each connection for itself. messages: what it was told: (kind, user, domain, whether it fits)."""

    def __init__(self, asks=SERVICE):
        self.shop, self.messages, self.connections = shop.Shop(4), [], 0
        refusing, answer, question = asks
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def setup(self):
                super().setup()
                self.challenge, self.known = None, False
                server.connections += 1

            def log_message(self, *_):
                pass

            def verify(self, message):
                answer, domain, user = field(message, 20), field(message, 28).decode("utf-16-le"), field(message, 36).decode("utf-16-le")
                key = hmac.digest(md4(PASSWORD.encode("utf-16-le")), (user.upper() + domain).encode("utf-16-le"), "md5")
                proof = hmac.digest(key, self.challenge + answer[16:], "md5")
                fits = len(answer) > 24 and hmac.compare_digest(proof, answer[:16]) and user == USER and domain in (DOMAIN, "")
                server.messages.append((3, user, domain, fits))
                return fits

            def sign_in(self):
                """None: go on; else what the question says."""
                word, _, text = self.headers.get(answer, "").partition(" ")
                if self.known and word != "NTLM":
                    return None
                if word != "NTLM":
                    return "NTLM"
                message = base64.b64decode(text)
                assert message[:8] == SIGNATURE, message
                kind, = struct.unpack_from("<I", message, 8)
                if kind == 1:
                    server.messages.append((1, None, None, None))
                    self.challenge = os.urandom(8)
                    return "NTLM " + base64.b64encode(challenge_message(self.challenge)).decode()
                assert kind == 3 and self.challenge, "the third message comes on the connection of the second"
                self.known = self.verify(message)
                self.challenge = None
                return None if self.known else "NTLM"

            def do_GET(self):
                path, _, query = self.path.removeprefix(server.url).partition("?")
                refused, data, kind = self.sign_in(), b"Who are you?", "text/plain"
                status = refusing if refused else 200
                if not refused:
                    pairs = [tuple(urllib.parse.unquote(one) for one in part.partition("=")[::2]) for part in query.split("&") if part]
                    status, kind, text = server.shop.answer(path[4:], pairs, self.headers, f"http://{self.headers['Host']}/v4")
                    data = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                if refused:
                    self.send_header(question, refused)
                self.end_headers()
                self.wfile.write(data)

        super().__init__(Handler)


def hashes_are_those_of_the_standards():
    equal(md4(b"abc").hex(), "a448017aaf21d8525fc10ae87aa6729d", "MD4 of RFC 1320")
    equal(md4(b"1234567890" * 8).hex(), "e33b4ddc9c38f2199c3e7b164fcc0536", "of several blocks")
    # MS-NLMP 4.2.4: the key of NTLMv2 of User, Password and Domain
    key = hmac.digest(md4("Password".encode("utf-16-le")), "USERDomain".encode("utf-16-le"), "md5")
    equal(key.hex(), "0c868a403bfd7a93a3001ef22ef02e3f", "NTLMv2 of MS-NLMP")


def the_password_signs_in():
    server = Server()
    for name, wanted in ((USER, ("",)), (f"{DOMAIN}\\{USER}", (DOMAIN,))):
        server.messages.clear()
        cursor = shop_client.connect(server, 4, AuthScheme="NTLM", User=name, Password=PASSWORD).cursor()
        rows = [tuple(row) for row in cursor.execute("SELECT ID, Name FROM Categories WHERE ID < 3").fetchall()]
        equal(rows, [(1, "Category 1"), (2, "Category 2")], f"User={name}: rows")
        told = [message for message in server.messages if message[0] == 3]
        check(told and all(fits and user == USER and domain in wanted for _, user, domain, fits in told), "each third message fits the challenge", server.messages)
        check(server.messages[0][0] == 1, "after a first one", server.messages)
    server.close()


def a_wrong_password_is_told():
    server = Server()
    try:
        shop_client.connect(server, 4, AuthScheme="NTLM", User=USER, Password="falsch")
        state, message = "", "connected"
    except Exception as failure:
        state, message = failure.args[:2]
    equal(state, "28000", "a wrong password")
    check("User" in message and "Password" in message and "falsch" not in message, "the message says what to look at", message)
    told = [message for message in server.messages if message[0] == 3]
    check(0 < len(told) <= 2 and not any(fits for *_, fits in told), "it was tried, and not again and again", server.messages)
    server.close()


def a_proxy_is_signed_in_to():
    server = Server(PROXY)
    through = {"ProxyServer": "127.0.0.1", "ProxyPort": server.url.rpartition(":")[2], "ProxyAuthScheme": "NTLM", "ProxyUser": f"{DOMAIN}\\{USER}"}
    cursor = shop_client.connect(server, 4, ProxyPassword=PASSWORD, **through).cursor()
    equal([tuple(row) for row in cursor.execute("SELECT ID FROM Categories WHERE ID < 3").fetchall()], [(1,), (2,)], "rows through a proxy")
    told = [message for message in server.messages if message[0] == 3]
    check(told and all(fits for *_, fits in told), "each third message fits the challenge", server.messages)
    server.messages.clear()
    try:
        shop_client.connect(server, 4, ProxyPassword="falsch", **through)
        state, message = "", "connected"
    except Exception as failure:
        state, message = failure.args[:2]
    check(state == "08001" and "ProxyPassword" in message and "falsch" not in message, "a wrong password of the proxy", (state, message))
    check(server.messages and not any(fits for kind, _, _, fits in server.messages if kind == 3), "it was refused", server.messages)
    server.close()


run(hashes_are_those_of_the_standards, the_password_signs_in, a_wrong_password_is_told, a_proxy_is_signed_in_to)
