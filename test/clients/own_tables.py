#!/usr/bin/python3
"""What generic ODBC and DB-API test programs do: each test makes its own tables, fills them, reads them back and drops them. Nothing here
knows what driver it runs on, but for the connection string; there is no service behind it."""
import datetime
import decimal
import uuid

import pyodbc
from harness import DRIVER, Session, check, equal, run

STRING = f"Driver={DRIVER};Workspace=:memory:"


class Table:
    """A connection with a table T; both are gone at its end."""

    def __init__(self, columns, autocommit=False):
        self.connection = pyodbc.connect(STRING, autocommit=autocommit)
        self.cursor = self.connection.cursor()
        self.cursor.execute(f"create table t ({columns})")
        self.connection.commit()

    def __enter__(self):
        return self.cursor

    def __exit__(self, *_):
        self.connection.rollback()
        self.cursor.execute("drop table t")
        self.connection.commit()
        self.connection.close()


def values_round_trip():
    day, moment = datetime.date(1999, 12, 31), datetime.datetime(2024, 2, 29, 23, 59, 58, 120000)
    cases = {
        "integer": [0, 1, -1, 2**31 - 1, -2**31, None],
        "smallint": [-2**15, 2**15 - 1, None],
        "bigint": [2**63 - 1, -2**63, 0, None],
        "float": [0.0, -1.5, 1e300, 5e-324, 0.1, None],
        "real": [0.5, None],
        "double precision": [3.141592653589793, None],
        "decimal(38,0)": [decimal.Decimal("9" * 38), None],
        "numeric(12,4)": [decimal.Decimal(text) for text in ("0.0001", "-99999999.9999", "0.0000")] + [None],
        "bit": [True, False, None],
        "char(5)": ["abcde", None],
        "varchar(10)": ["", "a", "äöü€", "0123456789", None],
        "nvarchar(10)": ["日本語", "\U0001F600", None],
        "text": ["x" * size for size in (1, 255, 256, 4095, 4096, 40000)] + [None],
        "varbinary(20)": [b"", b"\x00\x01\xff", None],
        "blob": [bytes(range(256)) * 200, None],
        "date": [day, datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None],
        "time": [datetime.time(0, 0, 0), datetime.time(23, 59, 59), None],
        "timestamp": [moment, datetime.datetime(1970, 1, 1), None],
    }
    for kind, values in cases.items():
        with Table(f"n integer, v {kind}") as cursor:
            for number, value in enumerate(values):
                cursor.execute("insert into t values (?, ?)", number, value)
            got = [row.v for row in cursor.execute("select v from t order by n").fetchall()]
            equal(got, values, f"{kind} keeps {len(values)} values")
            known = [value for value in values if value is not None][0]
            count = cursor.execute("select count(*) from t where v = ?", known).fetchval()
            equal(count, sum(value == known for value in values), f"{kind} is found by its value")
    with Table("v guid") as cursor:
        value = uuid.uuid4()
        cursor.execute("insert into t values (?)", str(value))
        equal(str(cursor.execute("select v from t").fetchval()).lower(), str(value), "guid keeps its value")


def cursors_follow_the_rules():
    with Table("id integer primary key, s varchar(20)") as cursor:
        equal(cursor.execute("insert into t values (1, 'a')").rowcount, 1, "rowcount of an insert")
        cursor.executemany("insert into t values (?, ?)", [(number, f"s{number}") for number in range(2, 11)])
        cursor.execute("select id, s from t order by id")
        equal([(column[0], column[1], column[6]) for column in cursor.description], [("id", int, False), ("s", str, True)], "description")
        equal(tuple(cursor.fetchone()), (1, "a"), "fetchone")
        equal(len(cursor.fetchmany(4)), 4, "fetchmany")
        equal(len(cursor.fetchall()), 5, "fetchall")
        equal(cursor.fetchone(), None, "fetchone at the end")
        equal(cursor.execute("update t set s = s || '!' where id <= 3").rowcount, 3, "rowcount of an update")
        equal(cursor.execute("delete from t where id > 5").rowcount, 5, "rowcount of a delete")
        equal([tuple(row) for row in cursor.execute("select max(id), count(*), min(s) from t")], [(5, 5, "a!")], "aggregates")
        second = cursor.connection.cursor()
        cursor.execute("select id from t order by id")
        seen = []
        for row in cursor:
            second.execute("update t set s = 'seen' where id = ?", row.id)
            seen.append(row.id)
        equal(seen, [1, 2, 3, 4, 5], "a second cursor changes what the first reads")
        equal(second.execute("select count(*) from t where s = 'seen'").fetchval(), 5, "all of it")


def transactions_follow_the_rules():
    with Table("id integer") as cursor:
        connection = cursor.connection
        cursor.execute("insert into t values (1)")
        connection.rollback()
        equal(cursor.execute("select count(*) from t").fetchval(), 0, "rollback takes the row")
        cursor.execute("insert into t values (1)")
        connection.commit()
        connection.rollback()
        equal(cursor.execute("select count(*) from t").fetchval(), 1, "commit keeps it")
        try:
            cursor.executemany("insert into t values (?)", [(2,), ("three",)])
            check(False, "a bad value is refused")
        except pyodbc.Error as error:
            check(error.args[0] in ("22018", "HY000"), "a bad value is refused", error.args)
        connection.rollback()
        equal(cursor.execute("select count(*) from t").fetchval(), 1, "and nothing of it stays")


def savepoints_nest():
    with Table("id integer") as cursor:
        def content():
            return [row.id for row in cursor.execute("select id from t order by id")]
        for number, name in enumerate(("a", "b", "c"), 1):
            cursor.execute(f"savepoint {name}")
            cursor.execute("insert into t values (?)", number)
        cursor.execute("rollback to savepoint b")
        equal(content(), [1], "a rollback to the middle takes what came behind it")
        cursor.execute("insert into t values (20)")
        cursor.execute("release savepoint b")
        equal(content(), [1, 20], "a release keeps it")
        for gone in ("b", "c"):
            try:
                cursor.execute(f"rollback to savepoint {gone}")
                check(False, f"savepoint {gone} is gone")
            except pyodbc.Error as error:
                equal(error.args[0], "3B001", f"savepoint {gone} is gone")
        cursor.execute("rollback to savepoint a")
        equal(content(), [], "the outermost takes all")
        cursor.execute("insert into t values (30)")
        cursor.connection.commit()
        equal(content(), [30], "and the commit keeps what came after")


def cursors_meet_the_end_of_a_transaction():
    for sql in (False, True):
        with Table("id integer") as cursor:
            connection = cursor.connection
            cursor.executemany("insert into t values (?)", [(1,), (2,), (3,)])
            connection.commit()
            reader = connection.cursor().execute("select id from t order by id")
            reader.fetchone()
            cursor.execute("insert into t values (4)")
            cursor.execute("commit") if sql else connection.commit()
            equal(reader.fetchone().id, 2, "a cursor goes on over a commit, as SQL_CURSOR_COMMIT_BEHAVIOR says")
            equal(connection.getinfo(pyodbc.SQL_CURSOR_COMMIT_BEHAVIOR), 2, "which is SQL_CB_PRESERVE")
            cursor.execute("delete from t")
            cursor.execute("rollback") if sql else connection.rollback()
            try:
                reader.fetchone()
                check(False, "a rollback closes it")
            except pyodbc.Error as error:
                check(error.args[0] in ("24000", "HY010"), "a rollback closes it", error.args)
            equal(connection.getinfo(pyodbc.SQL_CURSOR_ROLLBACK_BEHAVIOR), 1, "as SQL_CB_CLOSE says")
            equal(reader.execute("select count(*) from t").fetchval(), 4, "and it can be executed again")


def a_context_commits():
    with Table("id integer") as cursor:
        with cursor.connection:
            cursor.execute("insert into t values (1)")
        try:
            with cursor.connection:
                cursor.execute("insert into t values (2)")
                raise KeyError
        except KeyError:
            pass
        cursor.connection.rollback()
        equal(cursor.execute("select count(*) from t").fetchval(), 1, "a with block commits when it ends well, and only then")


def generated_updates_compare_with_nulls():
    sql = "update t set name = ? where ((id = ?) and ((? = 1 and name is null) or (name = ?)) and ((? = 1 and pay is null) or (pay = ?)))"
    with Table("id integer not null primary key, name varchar(20), pay decimal(9,2)") as cursor:
        cursor.execute("insert into t values (1, 'a', 1.5), (2, null, null)")
        for values, count in ((("b", 1, 0, "a", 0, decimal.Decimal("1.50")), 1), (("b", 2, 1, None, 1, None), 1), (("c", 1, 0, "a", 0, 1.5), 0)):
            equal(cursor.execute(sql, *values).rowcount, count, f"an update that compares all old values changes {count}")
        equal([tuple(row) for row in cursor.execute("select id, name from t order by id")], [(1, "b"), (2, "b")], "the right ones")


def large_values_go_in_and_out():
    bytes_, text = bytes(range(256)) * 40960, "Größe 日本 \U0001F600 \0" * 200000
    with Table("id integer, b blob, c clob") as cursor:
        cursor.execute("insert into t values (1, ?, ?)", bytes_, text)
        row = cursor.execute("select b, c from t").fetchone()
        check(row.b == bytes_, "ten megabytes of bytes")
        check(row.c == text, "over two million characters, zeros among them")
        equal(tuple(cursor.execute("select octet_length(b), length(c) from t").fetchone()), (len(bytes_), len(text)), "have their lengths")


def errors_have_their_class():
    with Table("id integer primary key not null") as cursor:
        cursor.execute("insert into t values (1)")
        for sql, kind in (("insert into t values (1)", pyodbc.IntegrityError), ("insert into t values (null)", pyodbc.IntegrityError),
                          ("select * from missing", pyodbc.ProgrammingError), ("selec 1", pyodbc.ProgrammingError),
                          ("create table t (x integer)", pyodbc.ProgrammingError), ("insert into t values (1, 2)", pyodbc.Error)):
            try:
                cursor.execute(sql)
                check(False, f"{sql} fails")
            except pyodbc.Error as error:
                check(isinstance(error, kind), f"{sql} is a {kind.__name__}", repr(error))


def catalogs_know_the_table():
    with Table("id integer not null primary key, amount decimal(9,2) default 0, name varchar(30) not null") as cursor:
        equal([row.table_name for row in cursor.tables(tableType="TABLE")], ["t"], "tables")
        equal([(row.column_name, row.type_name, row.column_size, row.nullable) for row in cursor.columns(table="t")],
              [("id", "INTEGER", 10, 0), ("amount", "DECIMAL", 9, 1), ("name", "VARCHAR", 30, 0)], "columns")
        equal([row.column_name for row in cursor.primaryKeys(table="t")], ["id"], "primaryKeys")
        equal([row.column_name for row in cursor.rowIdColumns(table="t")], ["id"], "rowIdColumns")


def every_type_makes_a_column():
    with Table("id integer") as cursor:
        types = [(row.type_name, row.data_type, row.create_params) for row in cursor.getTypeInfo().fetchall()]
        check(len(types) > 10, "getTypeInfo lists types", types)
        for name, code, parameters in types:
            arguments = "" if not parameters else "(10,2)" if "," in parameters else "(20)"
            cursor.execute(f"create table typed (v {name}{arguments})")
            row = cursor.columns(table="typed").fetchone()
            equal((row.data_type, row.type_name), (code, name), f"a column of type {name}{arguments} is told as such")
            equal([column[0] for column in cursor.execute("select v from typed").description], ["v"], "and can be read")
            cursor.execute("drop table typed")


def catalogs_know_its_keys():
    with Table("a integer, b integer, c integer, d integer, constraint t_key primary key (c, a), constraint t_d unique (d)") as cursor:
        equal([(row[3], row[4], row[5]) for row in cursor.primaryKeys("t")], [("c", 1, "t_key"), ("a", 2, "t_key")],
              "primaryKeys, in the order of the key")
        equal([row[1] for row in cursor.rowIdColumns("t")], ["a", "c"], "rowIdColumns")
        cursor.execute("create table child (x integer, y integer, z integer references t (d), "
                       "constraint child_t foreign key (x, y) references t on delete cascade on update set null)")
        cascade, set_null, no_action = 0, 2, 3
        got = [(row[2], row[3], row[6], row[7], row[8], row[9], row[10]) for row in cursor.foreignKeys(foreignTable="child")]
        equal(sorted(got), sorted([("t", "c", "child", "x", 1, set_null, cascade), ("t", "a", "child", "y", 2, set_null, cascade),
                                   ("t", "d", "child", "z", 1, no_action, no_action)]), "foreignKeys of one and of several columns, with their rules")
        equal({row[7]: (row[11], row[12]) for row in cursor.foreignKeys(table="t")},
              {"x": ("child_t", "t_key"), "y": ("child_t", "t_key"), "z": ("FK_child_z", None)}, "a name for each foreign key and for the key it leads to")
        cursor.execute("create index by_b on t (b desc, a)")
        got = [(row[5], row[3], row[7], row[8], row[9]) for row in cursor.statistics("t") if row[5]]
        equal([row for row in got if row[0] == "by_b"], [("by_b", 1, 1, "b", "D"), ("by_b", 1, 2, "a", "A")], "statistics of an index")
        equal([(row[0], row[3]) for row in got if row[1] == 0], [("t_d", "d"), ("t_key", "c"), ("t_key", "a")],
              "statistics of the key and of what is unique")
        cursor.execute("drop table child")


def many_rows_go_in_and_out():
    with Table("id integer primary key, s varchar(40)") as cursor:
        cursor.fast_executemany = True
        cursor.executemany("insert into t values (?, ?)", [(number, "row %d" % number) for number in range(5000)])
        equal(tuple(cursor.execute("select count(*), sum(id) from t").fetchone()), (5000, 12497500), "five thousand rows as arrays")
        cursor.execute("select id from t order by id desc")
        equal([row.id for row in cursor.fetchmany(3)], [4999, 4998, 4997], "in order")
        cursor.execute("create table copy as select id, s from t where id < 10")
        equal(cursor.execute("select count(*) from copy natural join t").fetchval(), 10, "a copy joins with its source")


with Session():
    run(values_round_trip, cursors_follow_the_rules, transactions_follow_the_rules, savepoints_nest, cursors_meet_the_end_of_a_transaction,
        a_context_commits, generated_updates_compare_with_nulls, large_values_go_in_and_out, errors_have_their_class, catalogs_know_the_table,
        every_type_makes_a_column, catalogs_know_its_keys,
        many_rows_go_in_and_out)
