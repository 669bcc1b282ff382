#!/usr/bin/python3
"""The driver manager's pool ([ODBC] Pooling=Yes, CPTimeout): who gets a connection from it finds it as a new one, whatever the last user
left behind, and a server that went away and came back does no harm. In a process of its own, for the driver manager reads once whether
it pools."""
import ctypes
import os

import direct
from harness import Session, check, equal, run

ODBC3_80, TIMEOUT = 380, 60
ACCESS_MODE, LOGIN_TIMEOUT, METADATA_ID, CONNECTION_DEAD = 101, 103, 10014, 1209
COUNT = "SELECT COUNT(*) FROM Groups"
CHANGED = ((ACCESS_MODE, "SQL_ATTR_ACCESS_MODE", 1), (METADATA_ID, "SQL_ATTR_METADATA_ID", 1), (LOGIN_TIMEOUT, "SQL_ATTR_LOGIN_TIMEOUT", 7))


def pooled(session):
    """Turns pooling on; the path of the log that counts the connections of the driver itself."""
    with open(os.path.join(os.environ["ODBCSYSINI"], "odbcinst.ini"), "a") as file:
        file.write(f"CPTimeout={TIMEOUT}\n\n[ODBC]\nPooling=Yes\n")
    log = session.path("log")
    open(log, "w").close()
    session.source("sandbox", Logfile=log, Verbosity=2, RetryMax=0)
    return log


def connected(log):
    with open(log) as file:
        return file.read().count("connected to ")


def attribute(connection, number):
    value = ctypes.c_uint(99)
    result = direct.odbc.SQLGetConnectAttr(connection.handle, ctypes.c_int(number), ctypes.byref(value), ctypes.c_int(0), None)
    return value.value if result in (direct.SUCCESS, direct.WITH_INFO) else direct.records(direct.CONNECTION, connection.handle)


def set_attribute(connection, number, value):
    return direct.odbc.SQLSetConnectAttr(connection.handle, ctypes.c_int(number), ctypes.c_void_p(value), ctypes.c_int(0))


def count(connection):
    statement = connection.statement()
    rows = statement.query(COUNT)
    statement.free()
    return int(rows[0][0])


def counted(title, connection, wanted):
    try:
        equal(count(connection), wanted, title)
    except direct.Failure as failure:
        check(False, title, failure)


def left_open(connection):
    """What users leave behind: cursors in the middle, a prepared statement, one that failed."""
    for sql in ("SELECT Id FROM Users", "SELECT Id, Notes FROM Timesheets"):
        statement = connection.statement()
        statement.execute(sql)
        check(statement.fetch(), f"a cursor is left open: {sql}")
    prepared = connection.statement()
    equal(direct.odbc.SQLPrepare(prepared.handle, b"SELECT Id FROM Users WHERE Id = ?", ctypes.c_int(direct.NTS)), direct.SUCCESS, "a statement is left prepared")
    failed = connection.statement()
    try:
        failed.execute("SELECT Nope FROM Users")
        check(False, "a statement fails")
    except direct.Failure as failure:
        equal(failure.state, "42S22", "a statement is left with its error")


def uses(version, log, groups):
    """One user after the other, each leaving behind what it likes; how many connections the driver made for them."""
    before = connected(log)
    connection = direct.Connection(version)
    connection.connect("DSN=sandbox")
    fresh = {number: attribute(connection, number) for number, _, _ in CHANGED}
    for user in range(1, 4):
        who = f"ODBC {version}, user {user}"
        counted(f"{who} gets an answer", connection, groups)
        left_open(connection)
        for number, name, value in CHANGED if version == ODBC3_80 else ():
            equal((set_attribute(connection, number, value), attribute(connection, number)), (direct.SUCCESS, value), f"{who} changes {name}")
        equal(direct.odbc.SQLDisconnect(connection.handle), direct.SUCCESS, f"{who} disconnects with all of it open")
        connection.connected = False
        connection.close()
        connection = direct.Connection(version)
        connection.connect("DSN=sandbox")
        for number, name, _ in CHANGED if version == ODBC3_80 else ():
            equal(attribute(connection, number), fresh[number], f"after {who}: {name} is as in a new connection")
    connection.close()
    return connected(log) - before


def failing(title, states):
    """A user of the pool whose query fails; connecting does not, for it makes no request."""
    with direct.Connection(ODBC3_80) as connection:
        connection.connect("DSN=sandbox")
        try:
            count(connection)
            check(False, title)
        except direct.Failure as failure:
            check(failure.state in states, title, failure)
        equal(attribute(connection, CONNECTION_DEAD), 0, "no connection is dead for that: the next request makes a new one")


def a_pool():
    with Session("--rows", "60") as session:
        log = pooled(session)
        groups = len(session.raw("groups"))
        # An application of ODBC 3.80 gets the connection reset; of an older one the driver manager tells the driver nothing.
        equal(uses(ODBC3_80, log, groups), 1, "all of them had one connection of the driver")
        check(uses(3, log, groups) <= 1, "and so had those of ODBC 3")
        made = connected(log)

        first, second = direct.Connection(ODBC3_80), direct.Connection(ODBC3_80)
        first.connect("DSN=sandbox")
        statement = first.statement()
        statement.execute("SELECT Id FROM Users")
        check(statement.fetch(), "a cursor of one user is open")
        second.connect("DSN=sandbox")
        counted("who connects meanwhile gets another connection, which answers", second, groups)
        second.close()
        check(statement.fetch(), "and when it goes back the cursor is still there")
        statement.free()
        first.close()
        check(connected(log) - made <= 2, "no more than two were needed", connected(log) - made)

        made = connected(log)
        with direct.Connection(ODBC3_80) as other:
            other.connect("DSN=sandbox;Pagesize=7")
            counted("another connection string gets an answer", other, groups)
        equal(connected(log) - made, 1, "of a connection of its own")

        made = connected(log)
        session.fault(match="/api/v1/groups", close=True, times=99)
        for attempt in range(2):
            failing(f"a service that hangs up is an error ({attempt + 1})", ("08S01",))
        session.heal()
        with direct.Connection(ODBC3_80) as connection:
            connection.connect("DSN=sandbox")
            counted("when it is back, the pooled connection answers", connection, groups)
        session.stop()
        for attempt in range(2):
            failing(f"a service that is gone is an error ({attempt + 1})", ("08001", "08S01"))
        equal(connected(log) - made, 0, "and the connection of the pool was used all the while")


run(a_pool)
