#!/usr/bin/python3
"""TLS: which certificates are accepted by which SSLServerCert, handshakes that come to nothing, and answers that are cut off where no one
says that they end. Nothing of a request is told to whom is not trusted."""
import os
import ssl
import sys

from harness import SOURCE, check, equal, run

sys.path.insert(0, os.path.join(SOURCE, "test", "clients", "faulty"))
from certificates import Certificates                                   # noqa: E402
from service import CLOSE, GOODBYE, Outcome, RESET, STALL, Service, connected, folder, http, judge, things, tls_context  # noqa: E402

ALL = "SELECT Id FROM Things"
ROWS = [("1",), ("2",)]
PAGE = http(things(1, 2))
certificates = Certificates(folder.name)


def context(name, version=None):
    made = tls_context(certificates.path(name + ".pem"), certificates.path(name + ".key"))
    if version:
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version, made.maximum_version = ssl.TLSVersion.TLSv1, version
    return made


def ask(name, server, trusted, state, *words, host="127.0.0.1", **options):
    """One query of the server that has this certificate; SSLServerCert is `trusted`."""
    with Service({"/things": [PAGE]}, tls=context(server, **options)) as service, \
            connected(f"https://{host}:{service.port}", SSLServerCert=trusted, RetryMax=0) as connection:
        statement = connection.statement()
        judge(name, Outcome(statement, ALL), ROWS if state is None else [], state, words)
        equal(len(service.asked), 1 if state is None else 0, f"{name}: the requests")
        statement.free()


def certificates_and_trust():
    authority, both = certificates.path("authority.pem"), certificates.print("expired") + ";" + certificates.pin("good")
    for name, server, trusted, state, *words in (
            ("an authority that nobody knows", "good", None, "08001", "not trusted", "SSLServerCert"),
            ("the authority in a file", "good", authority, None),
            ("the authority's text", "good", certificates.text("authority"), None),
            ("two authorities in one text", "good", certificates.text("alone") + certificates.text("authority"), None),
            ("another authority", "good", certificates.path("alone.pem"), "08001", "not trusted"),
            ("expired", "expired", authority, "08001", "not trusted", "expired"),
            ("not valid yet", "early", authority, "08001", "not trusted", "not yet valid"),
            ("for another host", "elsewhere", authority, "08001", "not trusted", "127.0.0.1"),
            ("signed by itself", "alone", None, "08001", "not trusted", "self"),
            ("signed by itself, its file", "alone", certificates.path("alone.pem"), None),
            ("signed by itself, its text", "alone", certificates.text("alone"), None),
            ("the server's own certificate in a file", "good", certificates.path("good.pem"), None),
            ("the key", "alone", certificates.pin("alone"), None),
            ("the key of an expired certificate", "expired", certificates.pin("expired"), None),
            ("another key", "good", certificates.pin("alone"), "08001", "another certificate"),
            ("the authority's key is not the server's", "good", certificates.pin("authority"), "08001", "another certificate"),
            ("the fingerprint", "alone", certificates.print("alone"), None),
            ("the fingerprint in capitals", "alone", certificates.print("alone").upper(), None),
            ("the fingerprint with colons", "alone", ":".join(certificates.print("alone")[i:i + 2] for i in range(0, 64, 2)), None),
            ("the fingerprint by SHA-1", "alone", certificates.print("alone", "sha1"), None),
            ("another fingerprint", "alone", certificates.print("good"), "08001", "another certificate"),
            ("one of two", "good", both, None), ("none of two", "alone", both, "08001", "another certificate")):
        ask(name, server, trusted, state, *words)
    ask("the right certificate at another name", "good", authority, "08001", "localhost", host="localhost")
    ask("TLS 1.1 and no later", "good", authority, "08S01", "TLS", version=ssl.TLSVersion.TLSv1_1)


def handshakes():
    authority = certificates.path("authority.pem")
    for name, greeting, state in (("an end in place of the handshake", [CLOSE], ("08S01", "08001")), ("a reset in place of it", [RESET], ("08S01", "08001")),
                                  ("plain HTTP in place of it", [http("", "400 Bad Request"), CLOSE], ("08S01", "08001")),
                                  ("silence in place of it", [STALL], ("HYT01", "08001"))):
        with Service(greeting=greeting) as service, connected(f"https://127.0.0.1:{service.port}", SSLServerCert=authority, RetryMax=0, Timeout=1) as connection:
            statement = connection.statement()
            judge(name, Outcome(statement, ALL), [], state, ("127.0.0.1",))
            statement.free()


def answers_that_are_cut():
    """Without a length, the end of the connection is the end; half a page is none all the same."""
    authority = certificates.path("authority.pem")
    text = things(1, 2)
    for name, steps, state in (
            ("cut in the body", [http(text)[:-9], CLOSE], "08S01"), ("a reset in the body", [http(text)[:-9], RESET], "08S01"),
            ("without a length, half a page", [http(text[:-9], Content_Length=None, Connection="close"), CLOSE], "08S01"),
            ("without a length, ended", [http(text, Content_Length=None, Connection="close"), GOODBYE], None)):
        with Service({"/things": [steps]}, tls=context("good")) as service, connected(service.base, SSLServerCert=authority) as connection:
            statement = connection.statement()
            judge(name, Outcome(statement, ALL), ROWS if state is None else [], state)
            equal(len(service.asked), 2 if name.endswith("in the body") else 1, f"{name}: the requests")
            statement.free()


run(certificates_and_trust, handshakes, answers_that_are_cut)
