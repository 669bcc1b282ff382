#!/usr/bin/python3
"""Tables of one's own, over the driver manager with pyodbc: in memory, in a file, temporary; filled by hand and from the service, joined
with it; transactions, views, and what goes wrong."""
import datetime
import decimal
import os
import sqlite3
import stat
import subprocess
import sys
import time

import pyodbc
from harness import DRIVER, Session, check, equal, refused, rows, run

D = decimal.Decimal


def alone(autocommit=True, workspace=":memory:", **more):
    """A connection that has only a workspace."""
    string = f"Driver={DRIVER};Workspace={workspace}" + "".join(f";{name}={value}" for name, value in more.items())
    return pyodbc.connect(string, autocommit=autocommit)


TYPES = "CREATE TABLE Types (Id INTEGER NOT NULL PRIMARY KEY, Small SMALLINT, Large BIGINT, Real DOUBLE PRECISION, Exact DECIMAL(10,2), " \
        "Day DATE, Clock TIME, Moment TIMESTAMP(3), Words VARCHAR(20), Wide NVARCHAR(20), Long TEXT, Bytes VARBINARY(10), Flag BIT)"


def types_come_back():
    connection = alone()
    connection.execute(TYPES)
    row = (1, 12, 2**40, 0.5, D("12.35"), datetime.date(2024, 2, 29), datetime.time(23, 59, 58),
           datetime.datetime(2024, 2, 29, 23, 59, 58, 123000), "Größe", "日本", "x" * 5000, b"\x00\xff", True)
    connection.execute("INSERT INTO Types VALUES (" + ",".join("?" * 13) + ")", row)
    equal(rows(connection, "SELECT * FROM Types"), [row], "every type comes back as it went in")
    connection.execute("INSERT INTO Types (Id) VALUES (2)")
    equal(rows(connection, "SELECT * FROM Types WHERE Id = 2")[0][1:], (None,) * 12, "what is left out is NULL")
    equal(rows(connection, "SELECT Id FROM Types WHERE Exact = 12.350 AND Moment > {ts '2024-02-29 00:00:00'}"), [(1,)],
          "decimals and timestamps compare as such")
    connection.close()


def constraints_hold():
    connection = alone()
    connection.execute("CREATE TABLE Parent (Id INTEGER PRIMARY KEY, Name VARCHAR(10) NOT NULL UNIQUE, Level INTEGER DEFAULT 3 CHECK (Level > 0))")
    connection.execute("CREATE TABLE Child (Id INTEGER PRIMARY KEY, ParentId INTEGER REFERENCES Parent (Id))")
    connection.execute("INSERT INTO Parent (Id, Name) VALUES (1, 'one')")
    connection.execute("INSERT INTO Child VALUES (1, 1)")
    for sql, state, words in (
            ("INSERT INTO Parent (Id, Name) VALUES (1, 'two')", "23000", ("Parent.Id",)),
            ("INSERT INTO Parent (Id, Name) VALUES (2, 'one')", "23000", ("Parent.Name",)),
            ("INSERT INTO Parent (Id, Name) VALUES (2, NULL)", "23000", ("Parent.Name",)),
            ("INSERT INTO Parent (Id, Name, Level) VALUES (2, 'two', 0)", "23000", ("Parent", "CHECK: Level > 0")),
            ("INSERT INTO Child VALUES (2, 7)", "23000", ("ParentId",)),
            ("DELETE FROM Parent", "23000", ("Parent",)),
            ("INSERT INTO Parent (Id, Name) VALUES (3, 'far too long')", "22001", ("Name",)),
            ("INSERT INTO Parent (Id, Name) VALUES (99999999999, 'x')", "22003", ("Id",)),
            ("CREATE TABLE Parent (Id INTEGER)", "42S01", ("Parent",)),
            ("DROP TABLE Nobody", "42S02", ("Nobody",)),
            ("UPDATE Parent SET Nothing = 1", "42S22", ("Nothing",)),
            ("ALTER TABLE Parent ADD COLUMN Name INTEGER", "42S21", ("Name",)),
            ("DROP INDEX Nowhere", "42S12", ("Nowhere",))):
        refused(lambda: connection.execute(sql), state, f"{sql} is {state}", *words)
    equal(rows(connection, "SELECT * FROM Parent"), [(1, "one", 3)], "and nothing of them stays")
    connection.execute("CREATE INDEX ByName ON Child (ParentId DESC)")
    refused(lambda: connection.execute("CREATE INDEX ByName ON Child (Id)"), "42S11", "an index twice is 42S11", "ByName")
    cursor = connection.cursor()
    equal([(row[5], row[8], row[9]) for row in cursor.statistics("Child") if row[5]],
          [("PK_Child", "Id", None), ("ByName", "ParentId", "D")], "SQLStatistics tells the key and the index")
    equal([(row[2], row[3], row[6], row[7]) for row in cursor.foreignKeys(table="Parent")], [("Parent", "Id", "Child", "ParentId")],
          "SQLForeignKeys tells the reference")
    equal([(row[3], row[10], row[12]) for row in cursor.columns("Parent")],
          [("Id", 0, None), ("Name", 0, None), ("Level", 1, "3")], "SQLColumns tells what may be NULL and the defaults")
    connection.close()


def counts_are_told():
    connection = alone()
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE Numbers (N INTEGER)")
    equal(cursor.rowcount, -1, "CREATE TABLE changes no rows")
    equal(cursor.execute("INSERT INTO Numbers VALUES (1), (2), (3)").rowcount, 3, "INSERT tells three")
    equal(cursor.execute("UPDATE Numbers SET N = N + 1 WHERE N > 1").rowcount, 2, "UPDATE tells two")
    equal(cursor.execute("DELETE FROM Numbers WHERE N = 77").rowcount, 0, "DELETE of nothing tells none")
    cursor.executemany("INSERT INTO Numbers VALUES (?)", [(n,) for n in range(100)])
    cursor.fast_executemany = True
    cursor.executemany("INSERT INTO Numbers VALUES (?)", [(n,) for n in range(100)])
    equal(rows(connection, "SELECT COUNT(*), SUM(N) FROM Numbers"), [(203, 9900 + 8)], "executemany inserts all, one by one and as an array")
    connection.execute("CREATE TABLE Keys (K INTEGER PRIMARY KEY)")
    refused(lambda: cursor.executemany("INSERT INTO Keys VALUES (?)", [(1,), (2,), (2,), (4,)]), "23000",
            "a row of an array that is refused is told, also to who asks for no statuses", "Keys")
    cursor.execute("INSERT INTO Numbers VALUES (500); SELECT MAX(N) FROM Numbers; DELETE FROM Numbers WHERE N = 500; SELECT MAX(N) FROM Numbers")
    seen = [cursor.rowcount]
    while cursor.nextset():
        seen.append(cursor.fetchone()[0] if cursor.description else cursor.rowcount)
    equal(seen, [1, 500, 1, 99], "SQLMoreResults goes over changes and selects in their order")
    cursor.execute("CREATE TABLE Fresh (A INTEGER); INSERT INTO Fresh VALUES (7); SELECT A FROM Fresh; DROP TABLE Fresh")
    cursor.nextset(), cursor.nextset()
    equal(cursor.fetchone()[0], 7, "a batch uses the table that it makes")
    cursor.nextset()
    refused(lambda: cursor.execute("SELECT A FROM Fresh"), "42S02", "and drops it")
    connection.close()


def a_prepared_insert_meets_a_new_table():
    connection = alone()
    connection.execute("CREATE TABLE T (A INTEGER)")
    cursor, insert = connection.cursor(), "INSERT INTO T VALUES (?)"
    cursor.execute(insert, "1")
    refused(lambda: cursor.execute(insert, "abc"), "22018", "a value that does not fit the column", "Parameter 1")
    cursor.execute(insert, "2")
    connection.execute("DROP TABLE T")
    connection.execute("CREATE TABLE T (A VARCHAR(3))")
    refused(lambda: cursor.execute(insert, "abc"), "HY000", "a value that fits the column only as it is now", "prepare it again")
    equal(rows(connection, "SELECT COUNT(*) FROM T"), [(0,)], "and nothing is stored by the old definition")
    connection.cursor().execute(insert, "abc")
    equal(rows(connection, "SELECT A FROM T"), [("abc",)], "prepared again it is stored")
    connection.close()


def transactions_are_real():
    connection = alone(autocommit=False)
    connection.execute("CREATE TABLE T (A INTEGER)")
    connection.rollback()
    refused(lambda: connection.execute("SELECT * FROM T"), "42S02", "CREATE TABLE is rolled back")
    connection.execute("CREATE TABLE T (A INTEGER)")
    connection.execute("INSERT INTO T VALUES (1)")
    connection.commit()
    connection.execute("INSERT INTO T VALUES (2)")
    connection.execute("SAVEPOINT here")
    connection.execute("DELETE FROM T")
    equal(rows(connection, "SELECT COUNT(*) FROM T"), [(0,)], "a change is seen within its transaction")
    connection.execute("ROLLBACK TO SAVEPOINT here")
    equal(rows(connection, "SELECT A FROM T ORDER BY A"), [(1,), (2,)], "a savepoint brings it back")
    connection.rollback()
    equal(rows(connection, "SELECT A FROM T"), [(1,)], "and the rollback takes the rest")
    refused(lambda: connection.execute("RELEASE SAVEPOINT nowhere"), "3B001", "an unknown savepoint is 3B001", "nowhere")
    refused(lambda: connection.execute("INSERT INTO T VALUES (1), ('x')"), "22018", "a statement that fails half way")
    equal(rows(connection, "SELECT COUNT(*) FROM T"), [(1,)], "leaves nothing half done")
    cursor = connection.execute("SELECT A FROM T")
    connection.rollback()
    connection.autocommit = True
    connection.execute("DROP TABLE T")
    refused(lambda: connection.execute("SELECT * FROM T"), "42S02", "a dropped table is gone")
    connection.execute("CREATE TABLE T (A INTEGER)")
    connection.execute("BEGIN TRANSACTION")
    connection.execute("INSERT INTO T VALUES (1)")
    connection.execute("ROLLBACK")
    equal(rows(connection, "SELECT COUNT(*) FROM T"), [(0,)], "BEGIN and ROLLBACK work as SQL too")
    equal(connection.getinfo(pyodbc.SQL_TXN_CAPABLE), 2, "SQL_TXN_CAPABLE is SQL_TC_ALL")
    del cursor
    connection.close()


def prepared_statements_follow():
    connection = alone()
    connection.execute("CREATE TABLE P (A INTEGER, B VARCHAR(5))")
    cursor = connection.cursor()
    cursor.execute("SELECT A FROM P WHERE A > ?", 0)
    connection.execute("CREATE TABLE Other (X INTEGER)")
    connection.execute("INSERT INTO P VALUES (4, 'x')")
    equal([tuple(row) for row in cursor.execute("SELECT A FROM P WHERE A > ?", 0)], [(4,)], "a prepared statement goes on under new definitions")
    connection.execute("DROP TABLE P")
    connection.execute("CREATE TABLE P (A VARCHAR(7))")
    refused(lambda: cursor.execute("SELECT A FROM P WHERE A > ?", 0), "HY000", "but not when its columns changed", "prepare it again")
    connection.close()


def views_are_tables(session):
    path = session.path("views.json")
    with open(path, "w") as file:
        file.write('{"Active": {"query": "SELECT Id, FirstName FROM Users WHERE Active = 1"}, "Twice": {"query": "SELECT Id FROM Active"}}')
    connection = session.connect(Workspace=":memory:", UserDefinedViews=path)
    wanted = rows(connection, "SELECT Id, FirstName FROM Users WHERE Active = 1 ORDER BY Id")
    check(wanted, "there are active users")
    session.forget()
    equal(rows(connection, "SELECT * FROM Active ORDER BY Id"), wanted, "a view of the file is its query")
    equal(rows(connection, "SELECT COUNT(*) FROM Twice"), [(len(wanted),)], "a view of a view")
    cursor = connection.cursor()
    equal([(row[2], row[3]) for row in cursor.tables("Active")], [("Active", "VIEW")], "SQLTables lists it")
    equal([row[3] for row in cursor.columns("Active")], ["Id", "FirstName"], "SQLColumns its columns")
    connection.execute("CREATE VIEW Named AS SELECT FirstName || '!' AS Loud, Id FROM Active")
    equal(rows(connection, "SELECT Loud FROM Named WHERE Id = ?", wanted[0][0]), [(wanted[0][1] + "!",)], "CREATE VIEW, over the service")
    equal([(row[3], row[6]) for row in cursor.columns("Named")][1], ("Id", 19), "its columns have their types")
    connection.execute("DROP VIEW Named")
    refused(lambda: connection.execute("SELECT * FROM Named"), "42S02", "DROP VIEW takes it away")
    refused(lambda: connection.execute("DROP VIEW Active"), "42000", "a view of the file stays")
    connection.close()
    for text, words in (("{", (path,)), ('{"A": {}}', ("A", "query")), ('{"A": {"query": "SELECT * FROM Nowhere"}}', ("A", "Nowhere", path)),
                        ('{"Users": {"query": "SELECT 1"}}', ("Users",)),
                        ('{"": {"query": "SELECT 1 AS A"}}', ("without a name", path)), ('{"A": {"query": "SELECT * FROM A"}}', ("A",))):
        with open(path, "w") as file:
            file.write(text)
        try:
            session.connect(UserDefinedViews=path).close()
            check(False, f"{text} is refused")
        except pyodbc.Error as error:
            check(all(word in error.args[1] for word in words), f"{text} is refused with what is wrong", error.args)


def names_meet_those_of_the_service(session):
    path, views = session.path("before.db"), session.path("meeting.json")
    before = alone(workspace=path)
    for sql in ("CREATE TABLE USERS (Id INTEGER PRIMARY KEY, Mine VARCHAR(5))", "INSERT INTO Users VALUES (77, 'mine')",
                "CREATE TABLE Active (A INTEGER)", "CREATE VIEW groups AS SELECT 5 AS Five", 'CREATE TABLE "a ""b"" [c] é" ("SELECT" INTEGER)'):
        before.execute(sql)
    before.close()
    with open(views, "w") as file:
        file.write('{"active": {"query": "SELECT Id FROM Users WHERE Active = 1"}, "x \\"y\\" ]": {"query": "SELECT 1 AS One"}}')
    connection = session.connect(Workspace=path, UserDefinedViews=views)
    users = len(session.raw("users"))
    for sql, wanted in (("SELECT COUNT(*) FROM Users", users), ("SELECT COUNT(*) FROM tsheets.users", users), ("SELECT MAX(Mine) FROM Workspace.users", "mine"),
                        ("SELECT COUNT(*) FROM Users u LEFT JOIN Workspace.Users w ON w.Id = u.Id WHERE w.Id IS NULL", users),
                        ("SELECT COUNT(*) FROM Workspace.Active", 0), ("SELECT Five FROM Workspace.Groups", 5), ('SELECT One FROM [x "y" ]]]', 1),
                        ('SELECT COUNT("SELECT") FROM "A ""B"" [C] é"', 0)):
        equal(connection.execute(sql).fetchval(), wanted, f"{sql} finds the right one")
    cursor = connection.cursor()
    equal([(row[0], row[2], row[3]) for row in cursor.tables("users")], [("TSheets", "Users", "TABLE"), ("Workspace", "USERS", "TABLE")],
          "SQLTables tells both")
    equal([row[3] for row in cursor.columns("users", catalog="Workspace")], ["Id", "Mine"], "SQLColumns by its catalog one of them")
    equal([(row[0], row[3]) for row in cursor.primaryKeys("Users", catalog="Workspace")], [("Workspace", "Id")], "so does SQLPrimaryKeys")
    equal([row[0] for row in cursor.statistics("Users", catalog="TSheets")][0], "TSheets", "and SQLStatistics")
    for sql, word in (("DELETE FROM Users", "Workspace.Users"), ("DROP TABLE users", "Workspace.Users"), ("DROP TABLE Active", "Workspace.active"),
                      ("DROP VIEW Groups", "Workspace.Groups"), ("CREATE TABLE sqlite_mine (A INTEGER)", "sqlite_"),
                      ("CREATE VIEW restodbc_views AS SELECT 1 AS A", "restodbc_")):
        refused(lambda: connection.execute(sql), "42000", f"{sql} is refused", word)
    for sql in ("CREATE TABLE Groups (A INTEGER)", "CREATE TEMPORARY TABLE Active (A INTEGER)", "CREATE VIEW Workspace.Users AS SELECT 1 AS A",
                "CREATE TABLE sys_tables (A INTEGER)"):
        refused(lambda: connection.execute(sql), "42S01", f"{sql} is a name that is taken")
    for sql in ("DELETE FROM Workspace.Users", "DROP TABLE Workspace.Users", "DROP TABLE Workspace.Active", "DROP VIEW Workspace.Groups",
                'DROP TABLE "A ""b"" [c] é"'):
        connection.execute(sql)
    equal([row[2] for row in cursor.tables(catalog="Workspace")], [], "by their whole names all can be dropped")
    equal(connection.execute("SELECT COUNT(*) FROM Users").fetchval(), users, "and the service's stay")
    connection.close()


def service_and_workspace(session):
    connection = session.connect(Workspace=":memory:")
    users = rows(connection, "SELECT Id, FirstName FROM Users ORDER BY Id")
    connection.execute("CREATE TABLE Kept (Id BIGINT PRIMARY KEY, Name VARCHAR(100), Added TIMESTAMP)")
    equal(connection.execute("INSERT INTO Kept (Id, Name) SELECT Id, FirstName FROM Users").rowcount, len(users), "INSERT … SELECT from the service")
    equal(rows(connection, "SELECT Id, Name FROM Kept ORDER BY Id"), users, "brings its rows")
    equal(rows(connection, "SELECT COUNT(*) FROM Kept k JOIN Users u ON u.Id = k.Id AND u.FirstName = k.Name"), [(len(users),)],
          "the workspace joins with the service")
    connection.execute("SELECT Id, FirstName INTO #Copy FROM Users")
    equal(rows(connection, "SELECT COUNT(*) FROM #Copy"), [(len(users),)], "SELECT … INTO a temporary table")
    cursor = connection.cursor()
    equal([(row[0], row[3]) for row in cursor.tables("Kept")], [("Workspace", "TABLE")], "SQLTables tells its catalog")
    equal([(row[0], row[3]) for row in cursor.tables("#Copy")], [("Temp", "LOCAL TEMPORARY")], "and that of a temporary table")
    equal([row[0] for row in cursor.tables(catalog="%", table="", schema="")], ["TSheets", "Temp", "Workspace"], "all catalogs are listed")
    equal(rows(connection, "SELECT CatalogName, IsUpdateable FROM sys_tables WHERE TableName = 'Kept'"), [("Workspace", True)],
          "sys_tables knows it")
    equal(rows(connection, "SELECT COUNT(*) FROM Workspace.Kept"), [(len(users),)], "Workspace.Kept is its whole name")
    for sql in ("DELETE FROM Users", "UPDATE Users SET FirstName = 'x'", "INSERT INTO Users (Id) VALUES (1)", "DROP TABLE Users",
                "DELETE FROM sys_tables"):
        refused(lambda: connection.execute(sql), "42000", f"{sql} is refused", "read")
    refused(lambda: connection.execute("CREATE TABLE Users (Id INTEGER)"), "42S01", "a name of the service is taken", "Users")
    refused(lambda: connection.execute("INSERT INTO Kept (Id) SELECT Id FROM Users"), "23000", "an INSERT … SELECT that fails")
    equal(rows(connection, "SELECT COUNT(*) FROM Kept"), [(len(users),)], "leaves nothing")
    connection.close()

    plain = session.connect()
    plain.execute("CREATE LOCAL TEMPORARY TABLE Scratch (A INTEGER)")
    plain.execute("INSERT INTO Scratch VALUES (1)")
    equal(rows(plain, "SELECT A FROM Scratch"), [(1,)], "temporary tables need no workspace")
    for sql in ("CREATE TABLE Mine (A INTEGER)", "CREATE VIEW Mine AS SELECT 1 AS A"):
        refused(lambda: plain.execute(sql), "42000", f"{sql} needs one", "Workspace=")
    equal(plain.getinfo(pyodbc.SQL_DATA_SOURCE_READ_ONLY), True, "the data source is read-only then")
    plain.close()
    fresh = session.connect()
    refused(lambda: fresh.execute("SELECT * FROM Scratch"), "42S02", "and ends with its connection")
    fresh.close()


def files_persist(session):
    path = session.path("mine.db")
    first = alone(workspace=path)
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "a new file is for its owner alone")
    first.execute("CREATE TABLE Kept (A INTEGER PRIMARY KEY, B DECIMAL(8,3))")
    first.execute("INSERT INTO Kept VALUES (1, 2.5)")
    first.execute("CREATE VIEW Doubled AS SELECT A * 2 AS Two FROM Kept")
    second = alone(workspace=path, Timeout=1)
    equal(rows(second, "SELECT * FROM Kept"), [(1, D("2.500"))], "another connection sees what was committed")
    second.execute("CREATE TABLE Later (X INTEGER)")
    equal(rows(first, "SELECT COUNT(*) FROM Later"), [(0,)], "and the first what the second made")
    equal(rows(first, "SELECT Two FROM Doubled"), [(2,)], "a view persists")

    first.autocommit = False
    first.execute("INSERT INTO Kept VALUES (2, 1)")
    began = time.monotonic()
    refused(lambda: second.execute("INSERT INTO Kept VALUES (3, 1)"), "HYT00", "a locked file is waited for, not for ever", "locked")
    check(time.monotonic() - began < 30, "by the property Timeout")
    first.commit()
    second.execute("INSERT INTO Kept VALUES (3, 1)")
    equal(rows(first, "SELECT COUNT(*) FROM Kept"), [(3,)], "then both go on")
    first.rollback()
    first.close()
    second.close()

    done = subprocess.run([sys.executable, "-c", "import pyodbc,sys\nc=pyodbc.connect(sys.argv[1],autocommit=True)\n"
                           "c.execute(\"INSERT INTO Kept VALUES (4, 4)\")\nprint(c.execute('SELECT SUM(A) FROM Kept').fetchone()[0])\nc.close()",
                           f"Driver={DRIVER};Workspace={path}"], capture_output=True, text=True, timeout=120)
    equal(done.stdout.strip(), "10", "another process goes on with the file")

    home = alone(workspace="~/at-home.db")
    home.execute("CREATE TABLE T (A INTEGER)")
    home.close()
    check(os.path.exists(session.path("at-home.db")), "~ is the user's folder")


PROGRAM = """import pyodbc, sys
c = pyodbc.connect(sys.argv[1], autocommit=True)
for i in range(30):
    c.execute("INSERT INTO Shared VALUES (?, ?)", int(sys.argv[2]), i)
    if i % 5 == 0:
        c.execute(f"CREATE TABLE Own{sys.argv[2]} (A INTEGER)")
        c.execute(f"CREATE VIEW Seen{sys.argv[2]} AS SELECT COUNT(*) AS N FROM Shared")
        assert c.execute(f"SELECT N FROM Seen{sys.argv[2]}").fetchone()[0] > i
        c.execute(f"DROP VIEW Seen{sys.argv[2]}")
        c.execute(f"DROP TABLE Own{sys.argv[2]}")
"""


def programs_write_at_once(session):
    path = session.path("shared.db")
    connection = alone(workspace=path)
    connection.execute("CREATE TABLE Shared (Who INTEGER, N INTEGER)")
    programs = [subprocess.Popen([sys.executable, "-c", PROGRAM, f"Driver={DRIVER};Workspace={path}", str(who)], stderr=subprocess.PIPE, text=True)
                for who in range(3)]
    equal([program.communicate(timeout=120)[1] for program in programs], [""] * 3, "three programs change one file at once and wait for each other")
    equal(rows(connection, "SELECT Who, COUNT(*), SUM(N) FROM Shared GROUP BY Who ORDER BY Who"), [(who, 30, 435) for who in range(3)],
          "and all that they wrote is there")
    connection.close()


def files_go_wrong(session):
    with open(session.path("text.db"), "w") as file:
        file.write("this is no database, though it is long enough to be one" * 50)
    for workspace, words in ((session.path("text.db"), ("no SQLite database",)), (session.path("no/such/folder.db"), ("No such file",)),
                             (session.folder, ("no file",))):
        refused(lambda: alone(workspace=workspace), "HY000", f"{os.path.basename(workspace)} is refused", workspace, *words)


    path = session.path("locked.db")
    alone(workspace=path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    refused(lambda: alone(workspace=path, Timeout=1), "HYT00", "a file that stays locked can not be opened", path, "locked")
    other.execute("COMMIT")
    with open(path, "r+b") as file:
        file.seek(0)
        file.write(b"\xff" * 200)
    refused(lambda: alone(workspace=path), "HY000", "nor can one that was damaged", path)
    other.close()


def open_cursors_hold_tables():
    connection = alone()
    connection.execute("CREATE TABLE T (A INTEGER)")
    connection.execute("INSERT INTO T VALUES (1), (2)")
    cursor = connection.cursor()
    cursor.execute("SELECT A FROM T")
    cursor.fetchone()
    refused(lambda: connection.execute("DROP TABLE T"), "HY000", "a table that is being read is not dropped", "cursor", "close")
    equal(cursor.fetchone()[0], 2, "its cursor goes on")
    cursor.close()
    connection.execute("DROP TABLE T")
    refused(lambda: connection.execute("SELECT A FROM T"), "42S02", "then it can be dropped")
    connection.close()


def files_of_others(session):
    path = session.path("foreign.db")
    foreign = sqlite3.connect(path)
    foreign.executescript("""CREATE TABLE Things (id INTEGER PRIMARY KEY AUTOINCREMENT, label VARCHAR(20), price DECIMAL(10,2), made DATETIME, note);
        INSERT INTO Things VALUES (1, 'a', 12.5, '2024-01-02T03:04:05Z', 7), (2, 'b', '3.005', NULL, 'x');
        CREATE VIEW Labels AS SELECT label FROM Things; CREATE VIEW Broken AS SELECT * FROM Gone;""")
    foreign.commit()
    connection = alone(workspace=path)
    equal(rows(connection, "SELECT id, label, price, made, note FROM Things ORDER BY id"),
          [(1, "a", D("12.50"), datetime.datetime(2024, 1, 2, 3, 4, 5), "7"), (2, "b", D("3.01"), None, "x")],
          "a file of another program is read by its declared types")
    equal(rows(connection, "SELECT label FROM Labels ORDER BY label"), [("a",), ("b",)], "and its views")
    refused(lambda: rows(connection, "SELECT * FROM Broken"), "42S02", "a view that reads what is not there keeps nobody from the rest", "Broken")
    connection.execute("INSERT INTO Things (label) VALUES ('c')")
    equal(rows(connection, "SELECT id FROM Things WHERE label = 'c'"), [(3,)], "its key counts on")
    foreign.execute("UPDATE Things SET made = 'yesterday' WHERE id = 1")
    foreign.commit()
    refused(lambda: rows(connection, "SELECT made FROM Things"), "22018", "a cell that is none of its type names table and column",
            "Things", "made", "yesterday")
    foreign.close()
    connection.close()


def main():
    with Session() as session:
        run(types_come_back, constraints_hold, counts_are_told, transactions_are_real, a_prepared_insert_meets_a_new_table,
            prepared_statements_follow, open_cursors_hold_tables, lambda: views_are_tables(session), lambda: service_and_workspace(session),
            lambda: names_meet_those_of_the_service(session), lambda: files_persist(session),
            lambda: programs_write_at_once(session),
            lambda: files_go_wrong(session), lambda: files_of_others(session))


main()
