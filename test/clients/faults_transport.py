#!/usr/bin/python3
"""A service that can not be reached, breaks off in each phase of an answer, drips or falls silent: what is asked again, what the record
says, which rows come before it; and that statement and connection work afterwards."""
import os
import sys

from harness import SOURCE, check, equal, run

sys.path.insert(0, os.path.join(SOURCE, "test", "clients", "faulty"))
import direct                                                           # noqa: E402
from direct import Connection, Failure                                  # noqa: E402
from service import CLOSE, Drip, Outcome, RESET, STALL, Service, connected, http, judge, string, things  # noqa: E402

ALL = "SELECT Id FROM Things"
ONE, TWO, THREE = [("1",), ("2",)], [("3",), ("4",)], [("5",)]
PAGE = http(things(1, 2))
FIRST, SECOND = http(things(1, 2, next="/second")), http(things(3, 4))
HEAD, BODY = PAGE.split(b"\r\n\r\n")[0] + b"\r\n\r\n", PAGE.split(b"\r\n\r\n")[1]
CHUNKED = http("", Content_Length=None, Transfer_Encoding="chunked")

# What becomes of an answer; how often it is asked for: once more, as RetryMax says, and where not a byte has come on a connection that was
# kept, one more time by libcurl, which can not know that it was not closed before; words of the message.
BREAKS = (
    ("a reset before the request is read", None, 2, ()),
    ("a reset after the request", [RESET], 3, ("127.0.0.1",)),
    ("an end without an answer", [CLOSE], 3, ("127.0.0.1", "broke off")),
    ("a reset in the status line", [HEAD[:9], RESET], 3, ("127.0.0.1",)),
    ("a reset in the head", [HEAD[:40], RESET], 2, ("127.0.0.1",)),
    ("an end in the head", [HEAD[:40], CLOSE], 2, ("127.0.0.1",)),
    ("a reset behind the head", [HEAD, RESET], 2, ("127.0.0.1",)),
    ("a reset in the body", [HEAD + BODY[:20], RESET], 2, ("127.0.0.1",)),
    ("an end in the body", [HEAD + BODY[:20], CLOSE], 2, ("broke off",)),
    ("an end in a chunk", [CHUNKED + b"ff\r\n" + BODY[:20], CLOSE], 2, ("127.0.0.1",)),
    ("chunks without the last", [CHUNKED + b"%x\r\n%s\r\n" % (len(BODY), BODY), CLOSE], 2, ("127.0.0.1",)),
    ("a chunk whose length is none", [CHUNKED + b"zz\r\n" + BODY + b"\r\n0\r\n\r\n", CLOSE], 2, ("127.0.0.1",)),
    ("no HTTP at all", [b"220 mail.example ESMTP\r\n" * 40, CLOSE], 1, ("127.0.0.1",)),
)


def greeted(steps):
    """The service for one row of BREAKS."""
    return Service(greeting=[RESET] if steps is None else ())


def nobody_listens():
    with Service() as service:
        gone = service.base
    with Connection() as connection:
        connection.connect(string(gone))
        statement = connection.statement()
        judge("connection refused", Outcome(statement, ALL), [], "08001", ("127.0.0.1", "Check that the service is running"))
        statement.free()
    for name, url, words in (("a host that there is not", "https://no-such-host.invalid", ("no-such-host.invalid", "name service")),
                             ("a host whose name is none", "https://" + "a" * 70 + ".invalid", ("name service",))):
        with Connection() as connection:
            connection.connect(string(url))
            statement = connection.statement()
            judge(name, Outcome(statement, ALL), [], "08001", words)
            statement.free()
    with Connection() as connection:
        try:
            connection.connect(string(gone, ConnectOnOpen="true"))
            check(False, "connection refused at connect")
        except Failure as failure:
            equal([record[0] for record in failure.records], ["08001"], "connection refused at connect: one record, 08001")
        with Service({"/things": [PAGE]}) as service:
            connection.connect(string(service.base, ConnectOnOpen="true"))
            check(True, "the same handle connects when the service is there")


def broken_once():
    """GET may be asked again: the rows are those of the second answer, none twice."""
    for name, steps, times, words in BREAKS:
        with greeted(steps) as service, connected(service.base) as connection:
            statement = connection.statement()
            service.tell(things=[FIRST], second=[steps or [RESET], SECOND])
            if steps is None:
                service.greeting = []
                judge(name + ", once", Outcome(statement, ALL), ONE + TWO)
            elif times > 1:
                judge(name + ", once", Outcome(statement, ALL), ONE + TWO)
                equal(service.targets(), ["/things", "/second", "/second"], f"{name}, once: the second page was asked for twice")
            statement.free()


def broken_for_ever():
    """RetryMax=1: two requests, then the record, behind the rows of the pages before; nothing takes those for the whole."""
    for name, steps, times, words in BREAKS:
        with greeted(steps) as service, connected(service.base) as connection:
            statement = connection.statement()
            if steps is None:
                judge(name, Outcome(statement, ALL), [], ("08S01", "08001"), words)
                equal(service.connections, 2, f"{name}: two connections were tried")
                statement.free()
                continue
            service.tell(things=[FIRST], second=[steps])
            judge(name, Outcome(statement, ALL), ONE, "08S01", words)
            equal(service.targets(), ["/things"] + ["/second"] * times, f"{name}: the requests")
            judge(name + ", counted", Outcome(statement, "SELECT COUNT(*) FROM Things"), [], "08S01", words)
            judge(name + ", sorted", Outcome(statement, ALL + " ORDER BY Id DESC"), [], "08S01", words)
            service.tell(things=[PAGE])
            judge(name + ", afterwards", Outcome(statement, ALL), ONE)
            statement.free()


def slow_and_silent():
    with Service() as service, connected(service.base, RetryMax=0, Timeout=1) as connection:
        statement = connection.statement()
        for name, steps in (("silence before the answer", [STALL]), ("silence in the head", [HEAD[:30], STALL]),
                            ("silence in the body", [HEAD + BODY[:30], STALL])):
            service.tell(things=[FIRST], second=[steps])
            judge(name, Outcome(statement, ALL), ONE, "HYT01", ("Timeout", "/second"))
            equal(service.targets(), ["/things", "/second"], f"{name}: it is not asked again")
        service.tell(things=[[Drip(FIRST)]], second=[[Drip(SECOND)]])
        judge("answers that come byte by byte", Outcome(statement, ALL), ONE + TWO)
        statement.free()
    # What moves, however slowly, is not stopped by Timeout; the query's own timeout ends it.
    with Service({"/things": [[HEAD, Drip(BODY, 600)]]}) as service, connected(service.base, Timeout=3600) as connection:
        statement = connection.statement()
        direct.odbc.SQLSetStmtAttr(statement.handle, 0, direct.ctypes.c_void_p(1), 0)
        judge("a drip without end under a query timeout", Outcome(statement, ALL), [], "HYT00")
        statement.free()
    # Nobody accepts: the queue of the listener is the answer.
    with Service(greeting=[STALL]) as service, connected(service.base, RetryMax=0, Timeout=1) as connection:
        statement = connection.statement()
        judge("a connection that nobody serves", Outcome(statement, ALL), [], "HYT01", ("Timeout",))
        statement.free()


def lengths_that_lie():
    for name, steps, rows, state in (
            ("Content-Length too large", [http(things(1, 2), length=len(BODY) + 9), CLOSE], [], "08S01"),
            ("Content-Length too small: half a body is no page", [http(things(1, 2), length=len(BODY) - 9), CLOSE], [], "08S01"),
            ("Content-Length below zero", [http(things(1, 2), length=-5), CLOSE], [], "08S01"),
            ("Content-Length that is no number", [http(things(1, 2), length="many"), CLOSE], [], "08S01"),
            ("Content-Length beyond all measure", [http(things(1, 2), length=10 ** 15), CLOSE], [], "08S01"),
            ("two that differ", [HEAD[:-2] + b"Content-Length: 7\r\n\r\n" + BODY, CLOSE], [], "08S01"),
            ("none: the end of the connection is the end", [http(things(1, 2), Content_Length=None, Connection="close"), CLOSE], ONE, None)):
        with Service({"/things": [steps]}) as service, connected(service.base, RetryMax=0) as connection:
            statement = connection.statement()
            judge(name, Outcome(statement, ALL), rows, state, () if state is None else ("127.0.0.1",))
            service.tell(things=[PAGE])
            judge(name + ", afterwards", Outcome(statement, ALL), ONE)
            statement.free()


def kept_connections():
    """A connection that the service has closed meanwhile is no fault: the request goes out on a new one, without RetryMax."""
    with Service({"/things": [[PAGE, CLOSE]]}) as service, connected(service.base, RetryMax=0) as connection:
        statement = connection.statement()
        for turn in range(3):
            judge(f"a kept connection was closed ({turn + 1})", Outcome(statement, ALL), ONE)
        equal(service.connections, 3, "each request had a connection of its own")
        statement.free()


run(nobody_listens, broken_once, broken_for_ever, slow_and_silent, lengths_that_lie, kept_connections)
