#!/usr/bin/python3
"""Statements that bring the service's rows into tables of one's own, broken off in the middle: by SQLCancel from another thread, by the
query's timeout, by a service that fails, by kill -9. The target holds all of a statement or nothing, other cursors and the transaction go
on, and the file opens clean. No clock decides: what is to be broken off waits for a sandbox that holds its answer for an hour."""
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pyodbc
from harness import Session, check, equal, rows, run

HOUR, PATIENCE = 3600, 120
USERS = "/api/v1/users"
STALL = {"stall": HOUR * 1000}
# In the middle: the first page has come.
FAULTS = {"500 for ever": {"status": 500}, "broken JSON": {"body": '{"results":{"users":{"6":{"id":6,,}}}}'}, "a page cut short": {"cut": 40},
          "no answer": {"close": True}}
INSERT = "INSERT INTO Kept SELECT Id FROM Users"
STATEMENTS = (INSERT, "SELECT Id INTO Copy FROM Users", "CREATE TABLE Copy AS SELECT u.Id, k.A FROM Users u LEFT JOIN Kept k ON k.A = u.Id",
              "INSERT INTO Kept SELECT u.Id FROM Users u JOIN Other o ON o.A <> u.Id", "SELECT Id INTO #Copy FROM Users",
              "UPDATE Kept SET A = 0 WHERE A NOT IN (SELECT Id FROM Users)", "DELETE FROM Kept WHERE A NOT IN (SELECT Id FROM Users)")
COUNTED = "INSERT INTO Kept WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n"
ENDLESS, LARGE = COUNTED % 10**9, COUNTED % 1500000     # LARGE is written for seconds after the file has begun to grow


def until(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def outcome(call):
    try:
        call()
        return "went through"
    except pyodbc.Error as error:
        return error.args[0]


def tables(connection):
    cursor = connection.cursor()
    return sorted(row[2] for catalog in ("Workspace", "Temp") for row in cursor.tables(catalog=catalog))


def clean(path, name):
    database = sqlite3.connect(path)
    equal(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], name)
    database.close()


class Work:
    """A connection with the tables Kept (7) and Other (1, 2, 3); without autocommit a row 8 awaits its commit."""

    def __init__(self, session, path, autocommit):
        for name in (path, path + "-journal"):
            if os.path.exists(name):
                os.unlink(name)
        self.session, self.path = session, path
        self.connection = session.connect(Workspace=path, Pagesize=5, RetryMax=0, Timeout=HOUR)
        for sql in ("CREATE TABLE Kept (A BIGINT)", "INSERT INTO Kept VALUES (7)", "CREATE TABLE Other (A BIGINT)",
                    "INSERT INTO Other VALUES (1), (2), (3)"):
            self.connection.execute(sql)
        self.connection.autocommit = autocommit
        self.wanted = [(7,)]
        if not autocommit:
            self.connection.execute("INSERT INTO Kept VALUES (8)")
            self.wanted.append((8,))
        self.groups = len(session.raw("groups"))

    def break_off(self, sql, how, fault, end):
        """Runs sql, which ends by `end` (a function of its cursor) or by itself; two cursors stand open beside it."""
        session = self.session
        service, native = self.connection.cursor(), self.connection.cursor()
        service.execute("SELECT Id FROM Groups")
        native.execute("SELECT A FROM Other")
        service.fetchone(), native.fetchone()
        session.forget()
        session.fault(match=USERS, times=9999, skip=1, **fault)
        cursor = self.connection.cursor()
        watcher = threading.Thread(target=lambda: until(lambda: len(session.log()) > 1) and end(cursor)) if end else None
        if watcher:
            watcher.start()
        state = outcome(lambda: cursor.execute(sql))
        if watcher:
            watcher.join(PATIENCE)
        session.heal()
        name = f"{sql[:44]}… {how}"
        equal([len(native.fetchall()), len(service.fetchall())], [2, self.groups - 1], f"{name}: other cursors go on")
        equal(rows(self.connection, "SELECT A FROM Kept ORDER BY A"), self.wanted, f"{name}: nothing of it is there, and all that was")
        equal(tables(self.connection)[:2], ["Kept", "Other"], f"{name}: no table was made")
        return state

    def leave(self):
        if not self.connection.autocommit:
            self.connection.rollback()
            equal(rows(self.connection, "SELECT A FROM Kept"), [(7,)], "a rollback takes what awaited its commit")
            self.connection.rollback()
        self.connection.execute(INSERT)
        equal(rows(self.connection, "SELECT COUNT(*) FROM Kept"), [(1 + len(self.session.raw("users")),)], "then all of it goes through")
        self.connection.rollback()
        self.connection.close()
        clean(self.path, "the file is sound")


def broken_by_the_service():
    with Session("--rows", "200") as session:
        for autocommit in (True, False):
            work = Work(session, session.path("service.db"), autocommit)
            for sql in STATEMENTS:
                for how, fault in FAULTS.items():
                    equal(work.break_off(sql, how, fault, None), "08S01", f"{sql[:44]}… {how}: is 08S01")
            work.leave()


def broken_by_the_application():
    with Session("--rows", "200") as session:
        for autocommit in (True, False):
            work = Work(session, session.path("application.db"), autocommit)
            for sql in STATEMENTS:
                equal(work.break_off(sql, "cancelled", STALL, lambda cursor: cursor.cancel()), "HY008", f"{sql[:44]}… cancelled: is HY008")
            work.connection.timeout = 1
            for sql in (STATEMENTS[0], STATEMENTS[1], STATEMENTS[5]):
                equal(work.break_off(sql, "timed out", STALL, None), "HYT00", f"{sql[:44]}… timed out: is HYT00")
            equal(outcome(lambda: work.connection.execute(ENDLESS)), "HYT00", "so is one that only reads what is here")
            equal(rows(work.connection, "SELECT A FROM Kept ORDER BY A"), work.wanted, "and the transaction goes on")
            work.connection.timeout = 0
            work.leave()


PROGRAM = "import sys, pyodbc\nconnection = pyodbc.connect(sys.argv[1], autocommit=True)\nconnection.execute(sys.argv[2])"


def killed():
    with Session("--rows", "200") as session:
        path = session.path("killed.db")
        for sql in (INSERT, STATEMENTS[1], STATEMENTS[2], STATEMENTS[5], LARGE):
            work = Work(session, path, True)
            session.forget()
            if sql is not LARGE:
                session.fault(match=USERS, skip=1, **STALL)
            victim = subprocess.Popen([sys.executable, "-c", PROGRAM, session.string(Workspace=path, Pagesize=5), sql])
            if sql is LARGE:
                reached = until(lambda: os.path.exists(path + "-journal") and os.path.getsize(path) > 1 << 20)
            else:
                reached = until(lambda: len(session.log()) > 1)
            check(reached and victim.poll() is None, f"{sql[:44]}… is in the middle")
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            session.heal()
            equal(rows(work.connection, "SELECT A FROM Kept ORDER BY A"), [(7,)], f"{sql[:44]}… killed: nothing of it is there")
            equal(tables(work.connection)[:2], ["Kept", "Other"], f"{sql[:44]}… killed: no table was made")
            work.leave()


run(broken_by_the_service, broken_by_the_application, killed)
