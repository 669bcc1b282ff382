"""Certificates as a service may have them, made with the program openssl in a folder."""
import base64
import hashlib
import os
import re
import subprocess

CONFIGURATION = """[ca]
default_ca = made
[made]
database = {folder}/index
new_certs_dir = {folder}
default_md = sha256
rand_serial = yes
unique_subject = no
policy = any
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = keyCertSign
[here]
subjectAltName = IP:127.0.0.1
[elsewhere]
subjectAltName = DNS:elsewhere.example
[req]
distinguished_name = name
[name]
"""


class Certificates:
    """authority signs good, elsewhere (for another host), expired and early (not valid yet); alone signed itself. Each name has a
    certificate name.pem and a key name.key."""

    def __init__(self, folder):
        self.folder = folder
        with open(self.path("made.cnf"), "w") as file:
            file.write(CONFIGURATION.format(folder=folder))
        open(self.path("index"), "w").close()
        year = ["-startdate", "20240101000000Z", "-enddate", "20491231235959Z"]
        self._request("authority")
        self._sign("authority", "authority", ["-selfsign", *year])
        for name, extensions, dates in (("good", "here", year), ("elsewhere", "elsewhere", year),
                                        ("expired", "here", ["-startdate", "20240101000000Z", "-enddate", "20240301000000Z"]),
                                        ("early", "here", ["-startdate", "20480101000000Z", "-enddate", "20491231235959Z"])):
            self._request(name)
            self._sign(name, extensions, ["-cert", self.path("authority.pem"), *dates])
        self._request("alone")
        self._sign("alone", "here", ["-selfsign", *year])

    def path(self, name):
        return os.path.join(self.folder, name)

    def _openssl(self, *arguments):
        environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "ASAN_OPTIONS")}
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, env=environment)

    def _request(self, name):
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", self.path("made.cnf"),
                      "-subj", f"/CN={name}", "-keyout", self.path(name + ".key"), "-out", self.path(name + ".req"))

    def _sign(self, name, extensions, arguments):
        key = name if "-selfsign" in arguments else "authority"
        self._openssl("ca", "-batch", "-notext", "-config", self.path("made.cnf"), "-extensions", extensions, "-keyfile", self.path(key + ".key"),
                      "-in", self.path(name + ".req"), "-out", self.path(name + ".pem"), *arguments)

    def text(self, name):
        with open(self.path(name + ".pem")) as file:
            return file.read()

    def print(self, name, digest="sha256"):
        """The fingerprint in hexadecimal digits."""
        der = base64.b64decode(re.search("-----BEGIN CERTIFICATE-----(.*?)-----END", self.text(name), re.S).group(1))
        return hashlib.new(digest, der).hexdigest()

    def pin(self, name):
        self._openssl("pkey", "-in", self.path(name + ".key"), "-pubout", "-outform", "DER", "-out", self.path(name + ".der"))
        with open(self.path(name + ".der"), "rb") as file:
            return "sha256//" + base64.b64encode(hashlib.sha256(file.read()).digest()).decode()
