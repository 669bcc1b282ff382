#!/usr/bin/python3
"""AuthScheme=Negotiate and ProxyAuthScheme=Negotiate against a KDC of MIT Kerberos and a server that accepts by python3-gssapi, both only for this
test: the ticket of kinit signs in to the shop and to a proxy, and without one the error says so."""
import base64
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(FOLDER, ".."), os.path.join(FOLDER, "..", "..", "providers", "odata")]
from harness import check, equal, plain_environment, run     # noqa: E402

REALM, USER, PASSWORD, HOST = "SHOP.TEST", "anna", "geheim-8", "localhost"
PLACE = tempfile.mkdtemp(prefix="restodbc-kerberos-")
PATHS = {name: os.path.join(PLACE, name) for name in ("krb5.conf", "kdc.conf", "keytab", "tickets")}
os.environ.update(KRB5_CONFIG=PATHS["krb5.conf"], KRB5_KDC_PROFILE=PATHS["kdc.conf"], KRB5_KTNAME="FILE:" + PATHS["keytab"],
                  KRB5CCNAME="FILE:" + PATHS["tickets"], PATH=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
import gssapi             # noqa: E402  reads what is set above
import shop               # noqa: E402
from loopback import PROXY, SERVICE, Loopback  # noqa: E402
import shop_client        # noqa: E402


def environment():
    return {**plain_environment(), **{name: value for name, value in os.environ.items() if name.startswith("KRB5") or name == "PATH"}}


def program(*words, text=None):
    return subprocess.run(words, input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(), timeout=120)


class Realm:
    """A KDC on a free port with the user and the server's key."""

    def __init__(self):
        self.choose_port()
        self.words = program("kdb5_util", "create", "-s", "-r", REALM, "-P", "master").stdout
        for question in (f"addprinc -pw {PASSWORD} {USER}", f"addprinc -randkey HTTP/{HOST}", f"ktadd -k {PATHS['keytab']} HTTP/{HOST}"):
            self.words += program("kadmin.local", "-r", REALM, "-q", question).stdout
        self.start()

    def start(self):
        self.process = subprocess.Popen(["krb5kdc", "-n", "-r", REALM], env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def choose_port(self):
        """The KDC ends where it is not free for both UDP and TCP; others may still be quicker than it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
            one.bind(("", 0))
            port = one.getsockname()[1]
            try:
                other.bind(("", port))
            except OSError:
                self.choose_port()
                return
        with open(PATHS["krb5.conf"], "w") as file:
            file.write(f"[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n"
                       f" dns_canonicalize_hostname = false\n[realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n[domain_realm]\n {HOST} = {REALM}\n")
        with open(PATHS["kdc.conf"], "w") as file:
            file.write(f"[kdcdefaults]\n kdc_ports = {port}\n kdc_tcp_ports = {port}\n[realms]\n {REALM} = {{\n  database_name = {PLACE}/principal\n"
                       f"  key_stash_file = {PLACE}/stash\n  acl_file = {PLACE}/acl\n }}\n[logging]\n kdc = FILE:{PLACE}/log\n")

    def sign_in(self):
        """Until the KDC answers; what kinit said at last."""
        for _ in range(100):
            done = program("kinit", USER, text=PASSWORD + "\n")
            if done.returncode == 0:
                return ""
            if self.process.poll() is not None:
                self.choose_port()
                self.start()
            time.sleep(0.1)
        return self.words + done.stdout

    def close(self):
        self.process.terminate()
        self.process.wait(60)


class Server(Loopback):
    """The shop, or a proxy that speaks for it, for whom Kerberos knows. users: the names that were accepted."""

    def __init__(self, asks=SERVICE):
        self.shop, self.users = shop.Shop(4), []
        refusing, answer, question = asks
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def log_message(self, *_):
                pass

            def accepts(self):
                word, _, token = self.headers.get(answer, "").partition(" ")
                if word != "Negotiate":
                    return False
                context = gssapi.SecurityContext(creds=gssapi.Credentials(usage="accept"), usage="accept")
                try:
                    context.step(base64.b64decode(token))
                except gssapi.exceptions.GSSError:
                    return False
                server.users.append(str(context.initiator_name))
                return context.complete

            def do_GET(self):
                path, _, query = self.path.removeprefix(server.url).partition("?")
                status, kind, data = refusing, "text/plain", b"Who are you?"
                if self.accepts():
                    pairs = [tuple(urllib.parse.unquote(one) for one in part.partition("=")[::2]) for part in query.split("&") if part]
                    status, kind, text = server.shop.answer(path[4:], pairs, self.headers, f"http://{self.headers['Host']}/v4")
                    data = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                if status == refusing:
                    self.send_header(question, "Negotiate")
                self.end_headers()
                self.wfile.write(data)

        super().__init__(Handler, HOST)


def a_ticket_signs_in():
    realm, server, proxy = Realm(), Server(), Server(PROXY)
    through = {"ProxyServer": HOST, "ProxyPort": proxy.url.rpartition(":")[2], "ProxyAuthScheme": "Negotiate"}
    try:
        try:
            shop_client.connect(server, 4, AuthScheme="Negotiate")
            state, message = "", "connected"
        except Exception as failure:
            state, message = failure.args[:2]
        check(state == "28000" and "kinit" in message, "without a ticket the error says what to do", (state, message))
        try:
            shop_client.connect(proxy, 4, **through)
            state, message = "", "connected"
        except Exception as failure:
            state, message = failure.args[:2]
        check(state == "08001" and "proxy" in message and "kinit" in message, "without a ticket the proxy refuses, and the error says what to do", (state, message))
        problem = realm.sign_in()
        if check(not problem, "kinit", problem):
            cursor = shop_client.connect(server, 4, AuthScheme="Negotiate").cursor()
            equal([tuple(row) for row in cursor.execute("SELECT ID FROM Categories WHERE ID < 3").fetchall()], [(1,), (2,)], "with one the rows come")
            check(server.users and all(re.fullmatch(f"{USER}@{REALM}", user) for user in server.users), "each request is the user's", server.users)
            cursor = shop_client.connect(proxy, 4, **through).cursor()
            equal([tuple(row) for row in cursor.execute("SELECT ID FROM Categories WHERE ID < 3").fetchall()], [(1,), (2,)], "with one the rows come through a proxy")
            check(set(proxy.users) == {f"{USER}@{REALM}"}, "each request through it is the user's", proxy.users)
    finally:
        server.close()
        proxy.close()
        realm.close()
        shutil.rmtree(PLACE)


run(a_ticket_signs_in)
