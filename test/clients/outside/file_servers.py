#!/usr/bin/python3
"""Files at servers that nobody here wrote: OpenSSH's sftp, and pyftpdlib. HOME, where .ssh/known_hosts stands, is a folder of this test."""
import getpass
import os
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
os.environ.setdefault("ASAN_OPTIONS", "replace_intrin=0")        # libssh2 1.10 moves what overlaps by memcpy
import pyodbc                                                                        # noqa: E402
from harness import DRIVER, check, equal, plain_environment, refused, rows, run  # noqa: E402

LARGE = 200000
holder = tempfile.TemporaryDirectory(prefix="restodbc-files-")
HOME = holder.name
FILES = os.path.join(HOME, "files")


def write(path, text):
    path = os.path.join(HOME, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


write("files/sales.csv", "id,name\n1,one\n2,two\n")
write("files/a b+c&d%.csv", "x\n7\n")
write("files/größe -> so.csv", "x\n4\n")
write("files/deep/er.csv", "x\n5\n")
write("files/large.csv", "id,name\n" + "".join(f"{i},name {i}\n" for i in range(LARGE)))
write("files/Schema.ini", "[sales.csv]\nCol1=No Long\nCol2=What Text\n")
os.symlink("sales.csv", os.path.join(FILES, "linked.csv"))


def connect(uri, **properties):
    given = {"URI": uri, "RetryMax": 0, **properties}
    return pyodbc.connect(f"Driver={DRIVER};Provider=CSV;" + ";".join(f"{name}={{{value}}}" for name, value in given.items()), autocommit=True)


def read_all(base, **login):
    """What stands in the folder, through a server."""
    scheme = base.partition(":")[0]
    connection = connect(base + "/", **login)
    equal([row.table_name for row in connection.cursor().tables(tableType="TABLE")],
          ["a b+c&d%.csv", "größe -> so.csv", "large.csv", "linked.csv", "sales.csv"], f"{scheme}: the files of a folder")
    equal(rows(connection, "SELECT s.No, l.name FROM [sales.csv] s JOIN [linked.csv] l ON l.id = s.No"), [(1, "one"), (2, "two")], f"{scheme}: a file, and a link to it")
    equal(rows(connection, "SELECT COUNT(*), SUM(id) FROM [large.csv]"), [(LARGE, LARGE * (LARGE - 1) // 2)], f"{scheme}: a large file")
    equal(tuple(connection.execute("SELECT * FROM [large.csv]").fetchone()), (0, "name 0"), f"{scheme}: its beginning")
    equal(rows(connection, "SELECT x FROM [deep/er.csv] UNION ALL SELECT x FROM [a b+c&d%.csv]"), [(5,), (7,)], f"{scheme}: paths")
    refused(lambda: rows(connection, "SELECT * FROM [none.csv]"), "42S02", f"{scheme}: a file that is not there", "none.csv")
    connection.close()
    connection = connect(base + "/", IncludeSubdirectories="true", **login)
    check("deep_er.csv" in [row.table_name for row in connection.cursor().tables(tableType="TABLE")], f"{scheme}: the files of folders within, too")
    connection.close()
    refused(lambda: connect(base + "/none/", **login), "42S02", f"{scheme}: a folder that is not there", "none")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def start(port, *command):
    """A server, once it listens."""
    with open(os.path.join(HOME, "server.log"), "wb") as log:
        process = subprocess.Popen(command, env=plain_environment(), stdout=log, stderr=log)
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process
        except OSError:
            time.sleep(0.05)
    with open(os.path.join(HOME, "server.log"), encoding="utf-8") as log:
        raise RuntimeError(f"{command[0]} did not start: {log.read()}")


def ftp():
    port = free_port()
    server = start(port, sys.executable, "-m", "pyftpdlib", "-i", "127.0.0.1", "-p", str(port), "-u", "me", "-P", "top secret", "-d", FILES)
    base = f"ftp://127.0.0.1:{port}"
    read_all(base, User="me", Password="top secret")
    refused(lambda: connect(base + "/", User="me", Password="wrong"), "28000", "ftp: a wrong password", "Password")
    server.terminate()
    server.wait()


class Ssh:
    """sshd, which lets in whoever runs this, by a key."""

    def __enter__(self):
        for name, word in (("host", ""), ("user", ""), ("locked", "locked word")):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", word, "-f", os.path.join(HOME, name)], check=True)
        with open(os.path.join(HOME, "keys"), "w", encoding="ascii") as out:
            for name in ("user", "locked"):
                with open(os.path.join(HOME, name + ".pub"), encoding="ascii") as key:
                    out.write(key.read())
        self.port = free_port()
        write("sshd_config", f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {HOME}/host\nAuthorizedKeysFile {HOME}/keys\nStrictModes no\nUsePAM no\n"
              "PasswordAuthentication no\nPermitRootLogin yes\nPidFile none\nSubsystem sftp internal-sftp\n")
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self.process = start(self.port, "/usr/sbin/sshd", "-D", "-e", "-f", os.path.join(HOME, "sshd_config"))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def known(self, key="host"):
        with open(os.path.join(HOME, key + ".pub"), encoding="ascii") as file:
            write(".ssh/known_hosts", f"[127.0.0.1]:{self.port} {' '.join(file.read().split()[:2])}\n")


def sftp():
    os.environ["HOME"] = HOME
    with Ssh() as server:
        base = f"sftp://127.0.0.1:{server.port}{FILES}"
        login = {"User": getpass.getuser(), "SSHClientCert": os.path.join(HOME, "user")}
        refused(lambda: connect(base + "/", **login), "08001", "a server whose key nobody knows", "known_hosts", "SSHServerFingerprint")
        server.known("user")
        refused(lambda: connect(base + "/", **login), "08001", "a server with another key", "known_hosts")
        server.known()
        read_all(base, **login)
        os.unlink(os.path.join(HOME, ".ssh", "known_hosts"))
        shown = subprocess.run(["ssh-keygen", "-l", "-f", os.path.join(HOME, "host.pub")], capture_output=True, check=True, text=True).stdout.split()[1]
        equal(rows(connect(base + "/sales.csv", SSHServerFingerprint=shown, **login), "SELECT COUNT(*) FROM [sales.csv]"), [(2,)], "the key's fingerprint")
        refused(lambda: connect(base + "/", SSHServerFingerprint="SHA256:" + "A" * 43, **login), "08001", "another fingerprint", "SSHServerFingerprint")
        locked = {**login, "SSHClientCert": os.path.join(HOME, "locked"), "SSHServerFingerprint": shown}
        equal(rows(connect(base + "/sales.csv", SSHClientCertPassword="locked word", **locked), "SELECT COUNT(*) FROM [sales.csv]"), [(2,)], "an encrypted key")
        refused(lambda: connect(base + "/", SSHClientCertPassword="wrong", **locked), "28000", "its password is wrong", "let the user in")
        refused(lambda: connect(base + "/", SSHServerFingerprint=shown, User=login["User"], Password="no"), "28000", "a password that is not taken", "let the user in")
        refused(lambda: connect(base + "/", SSHServerFingerprint=shown), "HY000", "nobody", "User")


run(ftp, sftp)
