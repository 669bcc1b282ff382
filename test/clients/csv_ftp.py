#!/usr/bin/python3
"""Files at an FTP server: a small one here, which lists folders as Unix or DOS do, and speaks TLS when it is told to."""
import os
import re
import socket
import ssl
import subprocess
import tempfile
import threading

import pyodbc
from harness import DRIVER, check, equal, refused, rows, run, tables

LARGE = "id,name\n" + "".join(f"{i},name {i}\n" for i in range(200000))
FILES = {"in/sales.csv": "id,name\n1,one\n2,two\n", "in/Schema.ini": "[sales.csv]\nCol1=No Long\nCol2=What Text\n", "in/a b+c&d%.csv": "x\n7\n",
         "in/ten Jan 5 10:00.csv": "x\n10\n", "in/größe.csv": "x\n4\n", "in/notes.dat": "x\n3\n", "in/deep/er.csv": "x\n5\n", "in/deep/est/b.csv": "x\n6\n",
         "in/empty.csv": "", "in/.hidden.csv": "x\n", "large/all.csv": LARGE, "short/t.csv": LARGE, "odd/t.csv": "x\n1\n"}


class Server:
    """tls: None, "asked" (AUTH TLS) or "always"; style: of its lists."""

    def __init__(self, certificate, tls=None, style="unix", user=None, password=None):
        self.tls, self.style, self.user, self.password, self.seen = tls, style, user, password, []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.socket = socket.create_server(("0.0.0.0", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.tls == "always":
                connection = self.context.wrap_socket(connection, server_side=True)
            Session(self, connection).converse()
        except OSError:
            pass
        finally:
            connection.close()


class Session:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.folder, self.user, self.let_in, self.private, self.passive = "", None, False, server.tls == "always", None

    def say(self, text):
        self.connection.sendall((text + "\r\n").encode())

    def lines(self):
        """Line by line, because the connection may change in between."""
        line = b""
        while True:
            byte = self.connection.recv(1)
            if not byte:
                return
            line += byte
            if line.endswith(b"\n"):
                yield line.decode().rstrip("\r\n")
                line = b""

    def converse(self):
        self.say("220 ready")
        for line in self.lines():
            word, _, rest = line.partition(" ")
            self.server.seen.append((word, rest, self.private))
            if word == "QUIT":
                return self.say("221 bye")
            getattr(self, "on_" + word.lower(), lambda _: self.say("502 unknown"))(rest)

    def on_auth(self, kind):
        if self.server.tls != "asked":
            return self.say("502 no TLS")
        self.say("234 go on")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.private = True

    def on_user(self, name):
        self.user = name
        self.say("331 password")

    def on_pass(self, password):
        wanted = (self.server.user or "anonymous", self.server.password)
        self.let_in = self.user == wanted[0] and wanted[1] in (None, password)
        self.say("230 in" if self.let_in else "530 no")

    def on_pbsz(self, _):
        self.say("200 0")

    def on_prot(self, level):
        self.say("200 private" if level == "P" else "536 no")

    def on_pwd(self, _):
        self.say('257 "/"')

    def on_type(self, _):
        self.say("200 type")

    def on_cwd(self, path):
        if not self.let_in:
            return self.say("530 sign in first")
        wanted = (path[1:] if path.startswith("/") else self.folder + path).rstrip("/")
        wanted += "/" if wanted else ""
        if any(name.startswith(wanted) for name in FILES):
            self.folder = wanted
            return self.say("250 there")
        return self.say("550 no such folder")

    def on_size(self, name):
        if self.folder + name not in FILES:
            return self.say("550 no such file")
        return self.say(f"213 {len(FILES[self.folder + name].encode())}")

    def on_epsv(self, _):
        self.passive = socket.create_server(("0.0.0.0", 0))
        self.say(f"229 (|||{self.passive.getsockname()[1]}|)")

    def send(self, data, short=False):
        self.say("150 here it comes")
        connection, _ = self.passive.accept()
        self.passive.close()
        if self.private:
            connection = self.server.context.wrap_socket(connection, server_side=True)
        try:
            connection.sendall(data[:len(data) // 2] if short else data)
            connection = connection.unwrap() if self.private and not short else connection
        except OSError:
            pass
        connection.close()
        self.say("426 broken off" if short else "226 done")

    def on_retr(self, name):
        if self.folder + name not in FILES:
            return self.say("550 no such file")
        return self.send(FILES[self.folder + name].encode(), short=self.folder == "short/")

    def on_list(self, _):
        names = {name[len(self.folder):].partition("/")[::2] for name in FILES if name.startswith(self.folder)}
        folders = {name for name, rest in names if rest}
        lines = [self.line(name, name in folders) for name in sorted({name for name, _ in names})]
        if self.folder == "odd/":
            lines = ["what is this"]
        self.send("".join(line + "\r\n" for line in lines).encode())

    def line(self, name, folder):
        if self.server.style == "dos":
            return f"01-05-24  10:00AM       {'<DIR>         ' if folder else '            34'} {name}"
        return f"{'d' if folder else '-'}rw-r--r--   1 anna     my users        34 Jan  5 10:00 {name}"


folder = tempfile.TemporaryDirectory(prefix="restodbc-csv-")
CERTIFICATE = os.path.join(folder.name, "certificate.pem")
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=files", "-addext",
                "subjectAltName=IP:127.0.0.1,IP:0.0.0.0", "-keyout", CERTIFICATE, "-out", os.path.join(folder.name, "only")],
               check=True, capture_output=True)
with open(os.path.join(folder.name, "only"), encoding="ascii") as only, open(CERTIFICATE, "a", encoding="ascii") as out:
    out.write(only.read())


def connect(server, path, scheme="ftp", host="127.0.0.1", **properties):
    given = {"URI": f"{scheme}://{host}:{server.port}/{path}", "RetryMax": 0, **properties}
    return pyodbc.connect(f"Driver={DRIVER};Provider=CSV;" + ";".join(f"{name}={{{value}}}" for name, value in given.items()), autocommit=True)


def folders():
    for style in ("unix", "dos"):
        server = Server(CERTIFICATE, style=style)
        connection = connect(server, "in")
        equal(tables(connection), ["a b+c&d%.csv", "empty.csv", "größe.csv", "sales.csv", "ten Jan 5 10:00.csv"], f"the files of a folder are listed ({style})")
        equal(rows(connection, "SELECT No, What FROM [sales.csv]"), [(1, "one"), (2, "two")], "a file is read, as the Schema.ini there says")
        equal(rows(connection, "SELECT x FROM [a b+c&d%.csv] UNION ALL SELECT x FROM [größe.csv] UNION ALL SELECT x FROM [ten Jan 5 10:00.csv]"),
              [(7,), (4,), (10,)], "whatever its name is")
        equal(rows(connection, "SELECT x FROM [deep/er.csv] UNION ALL SELECT x FROM [notes.dat]"), [(5,), (3,)], "paths that are not listed lead to files")
        equal(rows(connection, "SELECT COUNT(*) FROM [empty.csv]"), [(0,)], "an empty file")
        refused(lambda: rows(connection, "SELECT * FROM [none.csv]"), "42S02", "a file that is not there", "none.csv")
        connection.close()
    server = Server(CERTIFICATE)
    for depth, wanted in ((-1, ["deep_er.csv", "deep_est_b.csv"]), (1, ["deep_er.csv"]), (0, [])):
        connection = connect(server, "in/", IncludeSubdirectories="true", DirectoryRetrievalDepth=depth)
        equal([name for name in tables(connection) if name.startswith("deep")], wanted, f"files of folders within, {depth} deep")
        connection.close()
    connection = connect(server, "in/sales.csv")
    equal((tables(connection), rows(connection, "SELECT COUNT(*) FROM [sales.csv]")), (["sales.csv"], [(2,)]), "a single file")
    plan = connection.execute("EXPLAIN SELECT * FROM [sales.csv]").fetchone()
    equal(plan.Request, f"GET ftp://127.0.0.1:{server.port}/in/sales.csv", "EXPLAIN tells the address")
    connection.close()
    connection = connect(server, "large/all.csv")
    equal(rows(connection, "SELECT COUNT(*), SUM(id) FROM [all.csv]"), [(200000, sum(range(200000)))], "a large file")
    equal(tuple(connection.execute("SELECT * FROM [all.csv]").fetchone()), (0, "name 0"), "of which only the beginning is read")
    equal(rows(connection, "SELECT MAX(id) FROM [all.csv]"), [(199999,)], "and then all of it")
    connection.close()
    connection = connect(server, "in", Location="/")
    refused(lambda: rows(connection, "EXEC CreateSchema TableName = 'sales.csv'"), "HYC00", "no script is written that could not read it", "script")
    connection.close()


def sign_ins():
    server = Server(CERTIFICATE, user="me", password="top secret")
    log = os.path.join(folder.name, "log")
    connection = connect(server, "in", User="me", Password="top secret", Logfile=log, Verbosity=5)
    equal(rows(connection, "SELECT COUNT(*) FROM [sales.csv]"), [(2,)], "user and password")
    connection.close()
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    check("sales.csv" in text and "top secret" not in text, "no password is in the log")
    refused(lambda: connect(server, "in", User="me", Password="wrong"), "28000", "a wrong password", "User and Password")
    refused(lambda: connect(server, "in"), "28000", "nobody, where one has to sign in", "User and Password")
    refused(lambda: connect(server, "in", User="me", Password="top secret", AuthScheme="None"), "28000", "AuthScheme=None presents nobody", "User and Password")
    refused(lambda: connect(server, "in", User="me", AuthScheme="Digest"), "HYC00", "an AuthScheme of HTTP", "Digest", "Basic")
    server.seen.clear()
    refused(lambda: connect(server, "in", host="0.0.0.0", User="me", Password="top secret"), "08001", "no password travels in the clear", "TLS")
    check(not any(word in ("USER", "PASS") for word, _, _ in server.seen), "it is not sent", server.seen)


def private():
    for tls, scheme in (("asked", "ftp"), ("always", "ftps")):
        server = Server(CERTIFICATE, tls=tls, user="me", password="top secret")
        for host in ("127.0.0.1", "0.0.0.0"):
            server.seen.clear()
            connection = connect(server, "in", scheme=scheme, host=host, User="me", Password="top secret", SSLServerCert=os.path.join(folder.name, "only"))
            equal(rows(connection, "SELECT No FROM [sales.csv]"), [(1,), (2,)], f"over TLS, by {scheme}:// and {host}")
            connection.close()
            check(all(is_private for word, _, is_private in server.seen if word == "PASS") and ("PROT", "P", True) in server.seen, "the password and the files")
        refused(lambda: connect(server, "in", scheme=scheme, User="me", Password="top secret"), "08001", f"a certificate that nobody knows, {scheme}", "SSLServerCert")


def failures():
    server = Server(CERTIFICATE)
    refused(lambda: connect(server, "none/"), "42S02", "a folder that is not there", "none/")
    refused(lambda: rows(connect(server, "in/none.csv"), "SELECT * FROM [none.csv]"), "42S02", "a file that is not there", "none.csv")
    refused(lambda: connect(server, "odd"), "08S01", "a list of another form", "what is this")
    refused(lambda: rows(connect(server, "short/t.csv"), "SELECT COUNT(*) FROM [t.csv]"), "08S01", "a file that breaks off is no shorter file", "t.csv")
    refused(lambda: connect(server, "in/a?b.csv"), "HY000", "a question mark in a path", "%3F")
    server.socket.close()
    for scheme in ("gdrive", "azureblob"):
        refused(lambda: pyodbc.connect(f"Driver={DRIVER};Provider=CSV;URI={scheme}://folder"), "HYC00", f"files at {scheme}", scheme, "sftp")
    refused(lambda: pyodbc.connect(f"Driver={DRIVER};Provider=CSV;URI=ftp://me:word@127.0.0.1/in"), "HY000", "a password in the URI", "URI")


run(folders, sign_ins, private, failures)
