#!/usr/bin/python3
"""What the machine does to a program: no room for the log, the settings and the cache, a signal for writing to who has gone, a process that
forks. Nothing of it ends the program, hangs it or changes a result."""
import os
import resource
import signal
import sys
import time
import traceback

from harness import SOURCE, BROWSER, Session, check, equal, run

sys.path.insert(0, os.path.join(SOURCE, "test", "clients", "faulty"))
from direct import Connection, Failure                                           # noqa: E402
from service import CLOSE, Outcome, RESET, Service, connected, folder, http, judge, string, things  # noqa: E402

ALL = "SELECT Id FROM Things"
ROWS = [("1",), ("2",)]
PAGE = http(things(1, 2))


def child(name, work):
    """work() in a process of its own, with the signals as a C program has them; what it returns must be true."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(120)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            status = 0 if work() else 3
        except BaseException:
            traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
        finally:
            os._exit(status)
    status = os.waitpid(pid, 0)[1]
    return check(status == 0, name, f"status {status}: signal {status & 127}, exit {status >> 8}")


def rows_of(url, **changes):
    with connected(url, **changes) as connection:
        statement = connection.statement()
        outcome = Outcome(statement, ALL)
        statement.free()
        return outcome


def no_room():
    """A log that can not be written loses lines, a cache answers; neither is worth a query."""
    def limited(ignored, **changes):
        def work():     # which can say nothing: its output may be a file too
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN if ignored else signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
            with connected(service.base, **changes) as connection:
                statement = connection.statement()
                return all(Outcome(statement, ALL).rows == ROWS for _ in range(3))
        return work

    with Service({"/things": [http(things(1, 2), ETag='"one"')]}) as service:
        judge("a log on a full disk", rows_of(service.base, Logfile="/dev/full", Verbosity=5), ROWS)
        child("a log that reaches the limit of a file", limited(False, Logfile=folder.path("limited.log"), Verbosity=5))
        child("a cache that reaches the limit of a file", limited(True, CacheLocation=folder.path("limited-cache")))
        left = os.listdir(folder.path("limited-cache"))
        check(all(os.path.getsize(os.path.join(folder.path("limited-cache"), file)) == 0 for file in left), "no half answer is left in the cache", left)
        reader, writer = os.pipe()
        os.close(reader)
        child("a log whose reader has gone", lambda: rows_of(service.base, Logfile=f"/dev/fd/{writer}", Verbosity=5).rows == ROWS)
        os.close(writer)


def no_room_for_settings():
    """Tokens that can not be kept are not got: the file stays as it was, and the record says where there is no room."""
    with Session("--rows", "40") as session:
        os.environ["BROWSER"] = BROWSER
        login = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", "OAuthAccessToken": None}

        def work():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
            with Connection() as connection:
                try:
                    connection.connect(session.string(Driver="RestODBC", **login))
                except Failure as failure:
                    return failure.state in ("HY000", "28000") and session.path("settings") in failure.message
            return False

        os.environ["ODBCSYSINI"] = folder.name
        child("no room for the settings: the sign-in says so", work)
        check(not os.path.exists(session.path("settings")), "no half settings file is left")
        grants = [entry for entry in session.log() if entry["path"].endswith("/grant")]
        equal(grants, [], "no code was spent for nothing")


def writing_to_who_has_gone():
    """SIGPIPE ends a program that has not asked for it; the driver never causes it."""
    for name, tls, steps in (("a reset before each answer", None, [RESET]), ("an end before each answer", None, [CLOSE])):
        with Service({"/things": [steps]}, tls=tls) as service:
            child(f"{name} ends no program", lambda: rows_of(service.base, RetryMax=2).failure.state == "08S01")
    with Service({"/things": [[PAGE, RESET]]}) as service:
        def again():
            with connected(service.base) as connection:
                statement = connection.statement()
                return all(Outcome(statement, ALL).rows == ROWS and not time.sleep(0.02) for _ in range(5))
        child("connections that are reset while they are kept end no program", again)


def forks():
    with Service({"/things": [http(things(1, 2, next="/second"))], "/second": [http(things(3, 4))]}) as service, connected(service.base) as connection:
        statement = connection.statement()
        wanted = ROWS + [("3",), ("4",)]
        judge("before the fork", Outcome(statement, ALL), wanted)
        statement.execute(ALL)
        first = statement.fetch()

        def also():
            other = connection.statement()
            return Outcome(other, ALL).rows == wanted

        child("the child uses the connection that it inherited", also)
        child("the child ends with a cursor open, and the parent's stays", lambda: True)
        child("the child closes what it inherited", lambda: connection.close() or True)
        rest = []
        while (row := statement.fetch()) is not None:
            rest.append(row)
        equal([first] + rest, wanted, "the parent goes on where it was")
        import direct
        direct.odbc.SQLFreeStmt(statement.handle, direct.ctypes.c_ushort(0))
        judge("after the fork", Outcome(statement, ALL), wanted)
        statement.free()


run(no_room, no_room_for_settings, writing_to_who_has_gone, forks)
