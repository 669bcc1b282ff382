#!/usr/bin/python3
"""Cancelling and timeouts while HTTP requests hang: a statement ends by SQLCancel, SQLCancelHandle or its timeout wherever it waits,
and so does a login. No clock proves it: the sandbox holds its answer for an hour, and its log says that it still does."""
import ctypes
import os
import stat
import threading
import time

import direct
from direct import Connection, Failure, NTS, STATEMENT, CONNECTION
from harness import BROWSER, DRIVER, Session, check, equal, run

HOUR = 3600
GROUPS = "SELECT COUNT(*) FROM Groups"
USERS = "SELECT COUNT(*) FROM Users"
WHERE = "/api/v1/users"
NEED_DATA, AT_EXECUTION, QUERY_TIMEOUT, LOGIN_TIMEOUT, PARAMSET_SIZE = 99, -2, 0, 103, 22
PATIENCE = 120          # seconds after which what hangs has failed


class Work(threading.Thread):
    """Something that waits in a thread of its own; .failure is what it ended with."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.failure = work, None
        self.start()

    def run(self):
        try:
            self.work()
        except Failure as failure:
            self.failure = failure

    def state(self):
        self.join(PATIENCE)
        return "still waits" if self.is_alive() else self.failure.state if self.failure else "went through"


def until(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def held(session, where):
    """The requests that have come and are not answered."""
    return [entry for entry in session.log() if where in entry["path"] and not entry.get("status")]


# ---- what waits -------------------------------------------------------------------------------------------------------------

def executing(statement):
    statement.query(USERS)


def fetching(statement):
    statement.query("SELECT Id FROM Users")


def later_result(statement):
    statement.execute(GROUPS + "; " + USERS)
    while statement.fetch() is not None:
        pass
    statement._done("SQLMoreResults", direct.odbc.SQLMoreResults(statement.handle))
    statement.fetch()


def bind(statement, length):
    statement.value = (ctypes.c_int * 3)(1, 2, 3)
    statement.length = (ctypes.c_ssize_t * 3)(length, length, length)
    direct.odbc.SQLBindParameter(statement.handle, ctypes.c_ushort(1), ctypes.c_short(1), ctypes.c_short(4), ctypes.c_short(4),
                                 ctypes.c_size_t(0), ctypes.c_short(0), statement.value, ctypes.c_ssize_t(0), statement.length)


def array(statement):
    direct.odbc.SQLSetStmtAttr(statement.handle, PARAMSET_SIZE, ctypes.c_void_p(3), 0)
    bind(statement, 4)
    statement.execute("SELECT Id FROM Users WHERE Id > ?")


def late_data(statement):
    bind(statement, AT_EXECUTION)
    token = ctypes.c_void_p()
    result = direct.odbc.SQLExecDirect(statement.handle, b"SELECT Id FROM Users WHERE Id > ?", NTS)
    while result == NEED_DATA:
        result = direct.odbc.SQLParamData(statement.handle, ctypes.byref(token))
        if result == NEED_DATA:
            direct.odbc.SQLPutData(statement.handle, ctypes.byref(ctypes.c_int(1)), ctypes.c_ssize_t(4))
    statement._done("SQLParamData", result)
    statement.fetch()


STALL = {"stall": HOUR * 1000}
WAITS = (("SQLExecDirect before the answer", executing, STALL),
         ("SQLExecDirect in the middle of a page", executing, {**STALL, "stall_at": 200}),
         ("SQLExecDirect in the pause that Retry-After asks for", executing, {"status": 429, "retry_after": 60, "times": 99}),
         ("SQLFetch for a later page", fetching, {**STALL, "skip": 1}),
         ("SQLMoreResults", later_result, STALL),
         ("SQLExecDirect with an array of parameters", array, STALL),
         ("SQLParamData after the last data", late_data, STALL))


def with_statement(session, how, work, fault, end):
    """One wait, ended by `end`; the SQLSTATE it ended with."""
    session.heal()
    session.forget()
    session.fault(match=WHERE, **fault)
    with Connection() as connection:
        connection.connect(session.string(Driver="RestODBC", Pagesize=5, RetryMax=5, Timeout=HOUR))
        statement = connection.statement()
        if end is None:
            direct.odbc.SQLSetStmtAttr(statement.handle, QUERY_TIMEOUT, ctypes.c_void_p(1), 0)
        waiting = Work(lambda: work(statement))
        silent = "status" not in fault and "stall_at" not in fault     # nothing of the answer has been sent
        check(until(lambda: held(session, WHERE) if silent else session.log()), f"{how}: it waits")
        begin = time.monotonic()
        if end is not None:
            end(statement)
        state = waiting.state()
        took = (time.monotonic() - begin) * 1000
        wanted = "HYT00" if end is None else "HY008"
        equal(state, wanted, how)
        equal(len(waiting.failure.records) if waiting.failure else 0, 1, f"{how}: one diagnostic record")
        if silent:
            check(held(session, WHERE), f"{how}: while the service still holds its answer", session.log())
        print(f"# {took:.0f} ms")
        session.heal()
        direct.odbc.SQLFreeStmt(statement.handle, ctypes.c_ushort(0))
        direct.odbc.SQLFreeStmt(statement.handle, ctypes.c_ushort(3))
        direct.odbc.SQLSetStmtAttr(statement.handle, PARAMSET_SIZE, ctypes.c_void_p(1), 0)
        direct.odbc.SQLSetStmtAttr(statement.handle, QUERY_TIMEOUT, ctypes.c_void_p(0), 0)
        equal(statement.query(GROUPS), [(str(len(session.raw("groups"))),)], f"{how}: the statement can be used again")
        statement.free()


def cancel(statement):
    """Once is enough: a call is under way."""
    direct.odbc.SQLCancel(statement.handle)


def cancel_handle(statement):
    direct.odbc.SQLCancelHandle(ctypes.c_short(STATEMENT), statement.handle)


def statements():
    with Session("--rows", "200") as session:
        for library, path in (("the driver", DRIVER), ("the driver manager", direct.MANAGER)):
            direct.use(path)
            for name, work, fault in WAITS:
                with_statement(session, f"SQLCancel ends {name} ({library})", work, fault, cancel)
                with_statement(session, f"SQL_ATTR_QUERY_TIMEOUT ends {name} ({library})", work, fault, None)
            with_statement(session, f"SQLCancelHandle ends {WAITS[0][0]} ({library})", *WAITS[0][1:], cancel_handle)
        direct.use(direct.MANAGER)


# ---- logging in -------------------------------------------------------------------------------------------------------------

LOGIN = {"InitiateOAuth": "GETANDREFRESH", "CallbackURL": "http://127.0.0.1:0", "OAuthAccessToken": None}


def script(session, name, text):
    path = session.path(name)
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(path, stat.S_IRWXU)
    return path


def with_login(session, how, reached, cancels, **changes):
    """A connection that hangs, ended by SQLCancelHandle or by SQL_ATTR_LOGIN_TIMEOUT: long enough to come as far as it shall."""
    session.forget()
    with Connection() as connection:
        if not cancels:
            direct.odbc.SQLSetConnectAttr(connection.handle, LOGIN_TIMEOUT, ctypes.c_void_p(5), 0)
        text = session.string(Driver="RestODBC", Timeout=HOUR, **changes)
        waiting = Work(lambda: connection.connect(text))
        check(until(lambda: reached() or not waiting.is_alive()) and reached(), f"{how}: the login waits",
              waiting.failure or "it went through")
        begin = time.monotonic()
        if cancels:
            direct.odbc.SQLCancelHandle(ctypes.c_short(CONNECTION), connection.handle)
        equal(waiting.state(), "HY008" if cancels else "HYT00", how)
        print(f"# {(time.monotonic() - begin) * 1000:.0f} ms")
        if waiting.is_alive():
            return
        session.heal()
        direct.odbc.SQLSetConnectAttr(connection.handle, LOGIN_TIMEOUT, ctypes.c_void_p(0), 0)
        connection.connect(session.string(Driver="RestODBC"))
        equal(connection.statement().query(GROUPS), [(str(len(session.raw("groups"))),)], f"{how}: the handle connects afterwards")


def logins():
    with Session("--rows", "40") as session:
        for library, path, ways in (("the driver", DRIVER, (True, False)), ("the driver manager", direct.MANAGER, (False,))):
            direct.use(path)
            for cancels in ways:
                way = f"{'SQLCancelHandle' if cancels else 'SQL_ATTR_LOGIN_TIMEOUT'} ends %s ({library})"

                session.fault(match="/api/v1/", **STALL)
                with_login(session, way % "a connect that asks the service", lambda: held(session, "/api/v1/"), cancels, ConnectOnOpen="true")

                opened = session.path("opened")
                os.environ["BROWSER"] = script(session, "idle-browser", f"touch {opened}\n")
                with_login(session, way % "the wait for the browser", lambda: os.path.exists(opened), cancels, ConnectOnOpen="true", **LOGIN)
                os.unlink(opened)

                os.environ["BROWSER"] = BROWSER
                session.fault(match="/api/v1/grant", **STALL)
                with_login(session, way % "the exchange of the code", lambda: held(session, "/grant"), cancels, ConnectOnOpen="true", **LOGIN)
                check(not os.path.exists(session.path("settings")), "nothing was written to the settings file")
        direct.use(direct.MANAGER)


run(statements, logins)
