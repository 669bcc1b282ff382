#!/usr/bin/python3
"""Files of delimited text as tables, over the driver manager with pyodbc: every property, Schema.ini, archives, paths, types and what is said
of cells, rows and files that are not as they should be."""
import datetime
import decimal
import gzip
import io
import os
import resource
import subprocess
import tarfile
import tempfile
import zipfile

import pyodbc
from harness import DRIVER, Session, check, equal, plain_environment, refused, run, tables

D = decimal.Decimal


class Folder:
    """A folder with files in it, and connections to them."""

    def __init__(self, **files):
        self._folder = tempfile.TemporaryDirectory(prefix="restodbc-csv-")
        self.path = self._folder.name
        for name, content in files.items():
            self.write(name, content)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def write(self, name, content):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def connect(self, at="", **properties):
        string = f"Driver={DRIVER};Provider=CSV;URI={os.path.join(self.path, at)}" + "".join(f";{name}={{{value}}}" for name, value in properties.items())
        return pyodbc.connect(string, autocommit=True)


def rows_of(connection, sql):
    return [tuple(row) for row in connection.execute(sql).fetchall()]


def answer(content, sql='SELECT * FROM "t.csv"', **properties):
    """The rows of one file."""
    with Folder() as folder:
        folder.write("t.csv", content)
        connection = folder.connect(**properties)
        try:
            return rows_of(connection, sql)
        finally:
            connection.close()


def columns_of(content, **properties):
    """Names and types, as the catalog tells them."""
    with Folder() as folder:
        folder.write("t.csv", content)
        connection = folder.connect(**properties)
        found = [(row.column_name, row.type_name, row.column_size, row.decimal_digits) for row in connection.cursor().columns(table="t.csv")]
        connection.close()
        return found


def warned(content, **properties):
    """Rows and the messages that came with them."""
    with Folder() as folder:
        folder.write("t.csv", content)
        connection = folder.connect(**properties)
        cursor = connection.execute('SELECT * FROM "t.csv"')
        messages, rows = list(cursor.messages), []
        while True:
            row = cursor.fetchone()
            messages += cursor.messages
            if row is None:
                break
            rows.append(tuple(row))
        connection.close()
        return rows, sorted({text for _, text in messages})


# ---- Rows and cells ----

def quoting():
    equal(answer('a,b\n"x, y","say ""so"""\n'), [("x, y", 'say "so"')], "quoted cells")
    equal(answer('a,b\r\n"one\r\ntwo",2\r\n'), [("one\r\ntwo", 2)], "a line break within quotes")
    equal(answer("a,b\n1,2\r\n3,4\r5,6"), [(1, 2), (3, 4), (5, 6)], "line ends of all kinds, and none at the end")
    equal(answer('a\nb"c\n'), [('b"c',)], "a quote within a cell that begins with none")
    equal(answer('a\n"b"c\n'), [("bc",)], "something behind the closing quote")
    equal(answer("a,b\n'x,y',z\n", QuoteCharacter="'"), [("x,y", "z")], "QuoteCharacter")
    equal(answer("a,b\n'x,y',z\n", QuoteChar="'"), [("x,y", "z")], "QuoteChar, its other name")
    equal(answer('a,b\n"x,y\n', QuoteCharacter="None"), [('"x', "y")], "no QuoteCharacter at all")
    equal(answer('a,b\n"x\\",y",z\n', QuoteEscapeCharacter="\\"), [('x",y', "z")], "QuoteEscapeCharacter")
    refused(lambda: answer('a,b\n1,2\n3,"open\n4,5\n'), "42S02", "a quote that is never closed", "t.csv", "line 3", "position 3", "never closed")


def delimiters():
    equal(answer("a;b\n1;2\n", FMT=";"), [(1, 2)], "FMT=;")
    equal(answer("a\tb\n1\t2\n", FMT="TabDelimited"), [(1, 2)], "FMT=TabDelimited")
    equal(answer("a§b\n1§2\n", FMT="§"), [(1, 2)], "a delimiter of two bytes")
    equal(answer("a|b\n1|2\n", ExtendedProperties="HDR=Yes;FMT=Delimited(|)"), [(1, 2)], "ExtendedProperties: FMT")
    equal(answer("1,2\n", ExtendedProperties="text;HDR=No"), [(1, 2)], "ExtendedProperties: HDR")
    equal(answer("a;b\n1;2\n", FMT=";", ExtendedProperties="FMT=Delimited(|)"), [(1, 2)], "FMT itself wins over ExtendedProperties")
    with Folder() as folder:
        folder.write("t.tab", "a\tb\n1\t2\n")
        folder.write("u.tsv", "a\tb\n1\t2\n")
        connection = folder.connect(IncludeFiles="tab,tsv")
        equal([rows_of(connection, f'SELECT * FROM "{name}"') for name in ("t.tab", "u.tsv")], [[(1, 2)]] * 2, "files .tab and .tsv have tabs")
        connection.close()
    refused(lambda: answer("a\n", FMT="too long"), "HY000", "an FMT that is none", "FMT", "CsvDelimited")
    refused(lambda: answer("a\n", FMT='"'), "HY000", "an FMT that is the quote", "FMT", "QuoteCharacter")
    refused(lambda: answer("a\n", QuoteCharacter="ab"), "HY000", "a quote of two characters", "QuoteCharacter")
    refused(lambda: answer("a\n", ExtendedProperties="HDR=Perhaps"), "HY000", "an HDR that is none", "HDR")


def rows_of_all_lengths():
    equal(answer("a,b,c\n1,2,3\n4\n5,6\n"), [(1, 2, 3), (4, None, None), (5, 6, None)], "missing cells are NULL")
    equal(answer("a,b,c\n1,2,3\n4\n5,6\n", IgnoreIncompleteRows="true"), [(1, 2, 3)], "IgnoreIncompleteRows")
    equal(answer("a,b\n1,2\n\n3,4\n"), [(1, 2), (None, None), (3, 4)], "an empty line is a row of NULLs")
    equal(answer("a,b\n1,2\n\n3,4\n", IgnoreBlankRows="true"), [(1, 2), (3, 4)], "IgnoreBlankRows")
    equal(answer("a\n1\n\n3\n", 'SELECT COUNT(*) FROM "t.csv"', IgnoreBlankRows="true"), [(2,)], "IgnoreBlankRows counts")
    rows, messages = warned("a,b\n1,2\n3,4,5\n")
    equal(rows, [(1, 2), (3, 4)], "cells past the last column are not read")
    check(len(messages) == 1 and all(word in messages[0] for word in ("t.csv", "line 3", "3 cells", "2")), "and are told of", messages)
    refused(lambda: answer("a,b\n1,2\n3,4,5\n", Other="StrictTypes=1"), "22000", "unless types are strict", "t.csv", "line 3", "3 cells")
    equal(answer("note\nmore\n\na,b\n1,2\n", SkipTop=3), [(1, 2)], "SkipTop")
    equal(answer("note\r\n\r\na,b\n1,2\n", SkipTop=2), [(1, 2)], "SkipTop over CR LF")
    equal(answer("a,b\n1,2\n3,4\n", 'SELECT RowNumber, a FROM "t.csv"', UseRowNumbers="true"), [(1, 1), (2, 3)], "UseRowNumbers")
    equal(answer("a,b\n1,2\n3,4\n", 'SELECT a FROM "t.csv" WHERE RowNumber = 2', UseRowNumbers="true"), [(3,)], "a row by its number")
    equal(answer("1,2\n3,4\n", 'SELECT * FROM "t.csv"', UseRowNumbers="true", IncludeColumnHeaders="false"), [(1, 1, 2), (2, 3, 4)],
          "row numbers without a header")


def names_of_columns():
    names = lambda *arguments, **properties: [name for name, *_ in columns_of(*arguments, **properties)]
    equal(names("a,a,A,b\n"), ["a", "a_2", "A_3", "b"], "names that are there already")
    equal(names("a,,b\n1,2,3\n"), ["a", "b"], "a column without a name is not shown")
    equal(answer("a,,b\n1,2,3\n"), [(1, 3)], "and the next one keeps its place")
    equal(names("a,,b\n1,2,3\n", IncludeEmptyHeaders="true"), ["a", "Col2", "b"], "IncludeEmptyHeaders")
    equal(names("1,2,3\n", IncludeColumnHeaders="false"), ["Col1", "Col2", "Col3"], "IncludeColumnHeaders=false")
    equal(names('"First ""Name""","two\nlines"\n'), ['First "Name"', "two lines"], "names that are quoted")
    equal(names("\ufeffa,b\n"), ["a", "b"], "a byte order mark is no part of a name")
    equal(answer("SELECT,from\n1,2\n", 'SELECT "SELECT", [from] FROM "t.csv"'), [(1, 2)], "names that are words of SQL")
    wide = ",".join(f"c{i}" for i in range(1500)) + "\n" + ",".join(str(i) for i in range(1500)) + "\n"
    widest = ",".join(f"c{i}" for i in range(10000)) + "\n" + ",".join(str(i) for i in range(10000)) + "\n"
    equal(answer(widest), [tuple(range(10000))], "10000 columns")
    equal(answer(widest, 'SELECT c9999, c0 FROM "t.csv"'), [(9999, 0)], "two of them")
    refused(lambda: answer(widest, 'SELECT COUNT(*) FROM "t.csv"'), "54000", "what the engine has no room for", "t.csv", "10000 columns")
    equal(answer(wide, 'SELECT COUNT(*), SUM(c1), MAX(c1499) FROM "t.csv"'), [(1, 1, 1499)], "groups of 1500 columns")
    wider = wide.replace("\n", ",".join([""] + [f"d{i}" for i in range(450)]) + "\n", 1)
    equal(answer(wider, 'SELECT COUNT(*), SUM(c1), MAX(c1499) FROM "t.csv"'), [(1, 1, 1499)], "and of 1950, which the engine makes")
    equal(answer(wide, 'SELECT c0, c1499, c700 FROM "t.csv" WHERE c1498 = 1498'), [(0, 1499, 700)], "1500 columns")


def values_of_cells():
    equal(answer("a,b\n x , y \n"), [(" x ", " y ")], "spaces belong to a cell")
    equal(answer('a,b\n x ,"\t y "\n', TrimSpaces="true"), [("x", "\t y ")], "TrimSpaces leaves what is quoted")
    equal(answer('a,b\nx,\n"",z\n'), [("x", None), (None, "z")], "an empty cell is NULL")
    equal(answer('a,b\nx,\n"",z\n', PushEmptyValuesAsNull="false"), [("x", ""), ("", "z")], "PushEmptyValuesAsNull=false")
    equal(answer("a,b\n1,\n2,3\n", PushEmptyValuesAsNull="false"), [(1, None), (2, 3)], "of a number it is NULL all the same")
    equal(answer("a,b\nNA,-\n1,x\n", NullValues="NA,-"), [(None, None), (1, "x")], "NullValues")
    equal(answer("a\n" + "x" * 50 + "\n", MaxCellLength=50), [("x" * 50,)], "as long as MaxCellLength")
    refused(lambda: answer("a\n" + "x" * 51 + "\n", MaxCellLength=50), "42S02", "longer than MaxCellLength", "t.csv", "line 2", "MaxCellLength")
    equal(answer("a\n" + "ä" * 100000 + "\n"), [("ä" * 100000,)], "a cell of 200 kB")


def character_sets():
    text = "name,price\nGröße,1\nmüde,2\n"
    wanted = [("Größe", 1), ("müde", 2)]
    for charset in ("ISO-8859-1", "windows-1252", "UTF-16LE", "CP850", "UTF-8"):
        equal(answer(text.encode({"windows-1252": "cp1252", "CP850": "cp850"}.get(charset, charset)), Charset=charset), wanted, f"Charset={charset}")
    for encoding in ("utf-16", "utf-8-sig", "utf-32"):
        equal(answer(text.encode(encoding)), wanted, f"a byte order mark of {encoding}")
    equal(answer(text.encode("utf-8-sig"), Charset="windows-1252"), wanted, "the mark wins over Charset")
    equal(answer("日本,b\n語,2\n".encode("shift_jis"), Charset="SHIFT_JIS"), [("語", 2)], "SHIFT_JIS")
    refused(lambda: answer("a\n1\n", Charset="no-such"), "HY000", "a Charset that is none", "Charset=no-such", "iconv")
    rows, messages = warned(b"a,b\nx,1\n\xff\xfe\xfd,2\n")
    equal(rows, [("x", 1), (None, 2)], "what is no UTF-8 is NULL")
    check(len(messages) == 1 and "line 3" in messages[0] and "Charset" in messages[0], "and is told of", messages)
    refused(lambda: answer(b"a,b\nx,1\n\xff\xfe\xfd,2\n", Other="StrictTypes=1"), "22018", "unless types are strict", "line 3", "column a", "UTF-8")


# ---- Types ----

def types():
    content = ("whole,large,exact,real,truth,day,clock,moment,words,zeros\n"
               "1,3000000000,1.50,1.5e3,true,2024-02-29,12:30:00,2024-02-29 12:30:00,a,007\n"
               "-5,-1,-22.25,2.25e-7,false,1999-12-31,23:59:59,1999-12-31T23:59:59.25,bcd,01\n")
    equal(columns_of(content, RowScanDepth=0),
          [("whole", "INTEGER", 10, 0), ("large", "BIGINT", 19, 0), ("exact", "DECIMAL", 4, 2), ("real", "DOUBLE", 15, None),
           ("truth", "BIT", 1, 0), ("day", "DATE", 10, None), ("clock", "TIME", 8, 0), ("moment", "TIMESTAMP", 22, 2),
           ("words", "VARCHAR", 3, None), ("zeros", "VARCHAR", 3, None)], "types that hold all cells")
    equal(answer(content),
          [(1, 3000000000, D("1.50"), 1500.0, True, datetime.date(2024, 2, 29), datetime.time(12, 30), datetime.datetime(2024, 2, 29, 12, 30), "a", "007"),
           (-5, -1, D("-22.25"), 2.25e-7, False, datetime.date(1999, 12, 31), datetime.time(23, 59, 59),
            datetime.datetime(1999, 12, 31, 23, 59, 59, 250000), "bcd", "01")], "and their values")
    equal(answer(content, TypeDetectionScheme="None")[0], tuple("1,3000000000,1.50,1.5e3,true,2024-02-29,12:30:00,2024-02-29 12:30:00,a,007".split(",")),
          "TypeDetectionScheme=None")
    equal(answer('"n:integer","p:decimal(10,2)",q\n1,2.5,3\n', 'SELECT n, p, q FROM "t.csv"', TypeDetectionScheme="ColumnFormat"), [(1, D("2.50"), "3")],
          "TypeDetectionScheme=ColumnFormat")
    equal(answer("a,b\n1.234.567,1.234,56\n".replace("1.234,56", '"1.234,56"'), Culture="de-DE"), [(1234567, D("1234.56"))], "Culture: numbers")
    equal(answer("a;b\n29.02.2024;29.02.2024 12:30\n", FMT=";", Culture="de-DE"), [(datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30))],
          "Culture: dates")
    equal(answer("a\n02/03/2024\n", Culture="en-US"), [(datetime.date(2024, 2, 3),)], "en-US has the month first")
    equal(answer("a\n02/03/2024\n", Culture="en-GB"), [(datetime.date(2024, 3, 2),)], "en-GB the day")
    refused(lambda: answer("a\n", Culture="xx-YY"), "HY000", "a Culture that is none", "Culture=xx-YY")
    equal(answer("a\n12345678901234567890123456789012345678\n"), [(D("12345678901234567890123456789012345678"),)], "38 digits")
    equal(answer("a\n+491234\n007\n"), [("+491234",), ("007",)], "telephone numbers and postal codes are texts")


def what_does_not_fit():
    content = "a,b\n" + "1,2024-01-01\n" * 3 + "x,2024-01-02\n2,31.12.2024\n3,\n"
    rows, messages = warned(content, RowScanDepth=3)
    equal([row[0] for row in rows], [1, 1, 1, None, 2, 3], "a cell that is no number is NULL")
    equal(rows[4][1], None, "a cell that is no date is NULL")
    check(len(messages) == 2 and any("t.csv, line 5, column a" in text and '"x" is no integer' in text for text in messages)
          and any("line 6, column b" in text and "31.12.2024" in text for text in messages), "with file, line, column and cell told", messages)
    refused(lambda: answer(content, RowScanDepth=3, Other="StrictTypes=1"), "22018", "StrictTypes=1: it is an error", "t.csv", "line 5", "column a")
    refused(lambda: answer(content, 'SELECT COUNT(a) FROM "t.csv"', RowScanDepth=3, Other="StrictTypes=1"), "22018", "also where it is only counted", "line 5")
    equal(answer(content, 'SELECT COUNT(*), COUNT(a) FROM "t.csv"', RowScanDepth=3), [(6, 5)], "NULL is not counted")
    equal(answer(content, 'SELECT b FROM "t.csv" WHERE a = 2 OR a IS NULL', RowScanDepth=3), [(datetime.date(2024, 1, 2),), (None,)], "conditions see NULL")
    equal(warned(content, ColumnCount=3), (rows, messages), "ColumnCount, the other name of RowScanDepth")
    equal(answer(content)[3], ("x", "2024-01-02"), "with more rows looked at the types hold all")
    multi = 'a,b\n1,"two\nlines"\n' + '1,"x\r\ny\rz"\n' + "bad,end\n"
    _, messages = warned(multi, RowScanDepth=2)
    check(len(messages) == 1 and "line 7, column a" in messages[0], "lines are counted as an editor does", messages)
    long = "a\n" + "short\n" * 3 + "x" * 300 + "\n"
    rows, messages = warned(long, RowScanDepth=2)
    check(rows[3][0] == "x" * 300 and len(messages) == 1 and "longer" in messages[0], "a text longer than its type is whole, and told of", messages)
    refused(lambda: answer(long, RowScanDepth=2, Other="StrictTypes=1"), "22001", "StrictTypes=1: it is an error", "line 5")


def empty_files():
    equal(answer(""), [], "a file without any byte has no rows")
    equal(answer("", 'SELECT COUNT(*) FROM "t.csv"'), [(0,)], "their number is 0")
    equal(answer("a,b\n"), [], "nor has one with names alone")
    equal(answer("a,b", 'SELECT COUNT(*), COUNT(b), MAX(a) FROM "t.csv"'), [(0, 0, None)], "aggregates of nothing")
    equal(answer("\ufeff"), [], "a byte order mark alone")
    refused(lambda: answer("\na,b\n1,2\n"), "42S02", "a first row without any name", "t.csv", "IncludeEmptyHeaders")


# ---- Queries ----

SALES = "region,product,amount,price,day\n" + "".join(
    f"{'north' if i % 3 else ''},p{i % 7},{i},{i}.{i % 100:02d},2024-01-{i % 28 + 1:02d}\n" for i in range(5000))


def queries():
    with Folder() as folder:
        folder.write("sales.csv", SALES)
        folder.write("names.csv", "product,name\n" + "".join(f"p{i},Product {i}\n" for i in range(6)))
        connection = folder.connect()
        ask = lambda sql: rows_of(connection, sql)
        equal(ask("SELECT COUNT(*) FROM [sales.csv]"), [(5000,)], "COUNT(*)")
        of = lambda p: [i for i in range(5000) if i % 7 == p]
        equal(ask("SELECT product, COUNT(*), SUM(amount), MIN(day) FROM [sales.csv] GROUP BY product ORDER BY 1"),
              [(f"p{p}", len(of(p)), sum(of(p)), datetime.date(2024, 1, min(i % 28 for i in of(p)) + 1)) for p in range(7)], "groups")
        exact = [D(f"{i}.{i % 100:02d}") for i in range(5000)]
        equal(ask("SELECT SUM(price), MAX(price), COUNT(region) FROM [sales.csv]"), [(sum(exact), max(exact), len([i for i in range(5000) if i % 3]))],
              "sums of decimals are exact, NULLs are left out")
        equal(ask("SELECT AVG(amount), AVG(price) FROM [sales.csv] WHERE amount < 4"), [(1.5, D("1.515000"))], "averages")
        equal(ask("SELECT region, COUNT(*) FROM [sales.csv] GROUP BY region HAVING COUNT(*) > 1000 ORDER BY 2"),
              [(None, 1667), ("north", 3333)], "NULL is a group, and HAVING")
        equal(ask("SELECT COUNT(DISTINCT product) FROM [sales.csv]"), [(7,)], "COUNT(DISTINCT …), which is made by the engine")
        for condition, matches in (("amount = 77", lambda i: i == 77), ("amount IN (1, 5, 4999, 6000)", lambda i: i in (1, 5, 4999)),
                                   ("amount BETWEEN 10 AND 20", lambda i: 10 <= i <= 20), ("price > 4998.5", lambda i: exact[i] > D("4998.5")),
                                   ("product LIKE '%6' AND amount < 50", lambda i: i % 7 == 6 and i < 50), ("region IS NULL AND amount < 9", lambda i: i % 3 == 0 and i < 9),
                                   ("region IS NOT NULL AND amount < 9", lambda i: i % 3 and i < 9), ("amount <> 0 AND amount < 3", lambda i: 0 < i < 3),
                                   ("NOT (amount > 2)", lambda i: i <= 2), ("amount < 5 OR product = 'none'", lambda i: i < 5),
                                   ("day = {d '2024-01-02'} AND amount < 100", lambda i: i % 28 == 1 and i < 100), ("UPPER(product) = 'P3' AND amount < 20", lambda i: i % 7 == 3 and i < 20)):
            equal(ask(f"SELECT amount FROM [sales.csv] WHERE {condition}"), [(i,) for i in range(5000) if matches(i)], condition)
            equal(ask(f"SELECT COUNT(*), SUM(amount) FROM [sales.csv] WHERE {condition}"),
                  [(len([i for i in range(5000) if matches(i)]), sum(i for i in range(5000) if matches(i)))], f"{condition}, counted")
        equal(ask("SELECT n.name, COUNT(*) FROM [sales.csv] s JOIN [names.csv] n ON n.product = s.product WHERE s.amount < 700 GROUP BY n.name ORDER BY 1"),
              [(f"Product {i}", 100) for i in range(6)], "a join")
        equal(ask("SELECT TOP 3 amount FROM [sales.csv] ORDER BY amount DESC"), [(4999,), (4998,), (4997,)], "ORDER BY and TOP")
        equal(ask("SELECT amount FROM [sales.csv] LIMIT 2"), [(0,), (1,)], "LIMIT")
        equal(rows_of(connection, "SELECT a.amount FROM [sales.csv] a WHERE a.amount = (SELECT MAX(amount) FROM [sales.csv])"), [(4999,)], "the same file twice")
        cursor = connection.execute("SELECT amount FROM [sales.csv] WHERE amount > ? AND product = ?", 4990, "p3")
        equal([row[0] for row in cursor.fetchall()], [i for i in range(4991, 5000) if i % 7 == 3], "parameters")
        plan = connection.execute("EXPLAIN SELECT price FROM [sales.csv] WHERE amount > 3").fetchone()
        check(plan.Request.endswith("/sales.csv") and "amount" in plan.ServiceFilters and not plan.LocalFilters, "EXPLAIN tells file and conditions", plan)
        cost = connection.execute("EXPLAIN ANALYZE SELECT price FROM [sales.csv] WHERE amount > 3").fetchone()
        equal((cost.Requests, cost.Bytes, cost.Rows), (0, len(SALES), 4996), "EXPLAIN ANALYZE tells bytes and rows")
        refused(lambda: connection.execute("DELETE FROM [sales.csv]"), "42000", "files are only read", "read-only")
        connection.close()
        connection = folder.connect(Other="Pushdown=0")
        equal(rows_of(connection, "SELECT COUNT(*), SUM(price) FROM [sales.csv] WHERE amount > 3"), [(4996, sum(exact[4:]))], "the same without pushdown")
        connection.close()


def overflows():
    equal(answer("a,b\n" + "9000000000000000000,1\n", 'SELECT SUM(a) FROM "t.csv"'), [(9000000000000000000,)], "a sum that fits")
    refused(lambda: answer("a,b\n" + "9000000000000000000,1\n" * 2, 'SELECT SUM(a) FROM "t.csv"'), "22003", "a sum that does not", "sum")
    groups = "k,v\n" + "".join(f"key number {i} with some more text to it,1\n" for i in range(3000))
    equal(answer(groups, 'SELECT COUNT(*) FROM (SELECT k, SUM(v) AS s FROM "t.csv" GROUP BY k) g WHERE s = 1'), [(3000,)], "3000 groups")


# ---- Folders, archives and paths ----

def folders():
    with Folder() as folder:
        for name in ("a.csv", "b.TXT", "c.dat", "noext", "d.tab", "sub/e.csv", "sub/deep/f.csv", ".hidden.csv", "sales1.csv"):
            folder.write(name, "x\n1\n")
        listed = lambda **properties: tables(folder.connect(**properties))
        equal(listed(), ["a.csv", "b.TXT", "d.tab", "sales1.csv"], "the files of a folder")
        equal(listed(IncludeFiles="DAT,NOEXT"), ["c.dat", "noext"], "IncludeFiles")
        equal(listed(IncludeFiles="sales*.csv"), ["sales1.csv"], "a pattern")
        equal(listed(ExcludeFiles="TXT,TAB,sales*"), ["a.csv"], "ExcludeFiles")
        equal(listed(ExcludeFileExtensions="true"), ["a", "b", "d", "sales1"], "ExcludeFileExtensions")
        equal(listed(IncludeSubdirectories="true", IncludeFiles="csv"), ["a.csv", "sales1.csv", "sub_deep_f.csv", "sub_e.csv"], "IncludeSubdirectories")
        equal(listed(IncludeSubdirectories="true", IncludeFiles="csv", DirectoryRetrievalDepth=1), ["a.csv", "sales1.csv", "sub_e.csv"],
              "DirectoryRetrievalDepth")
        equal(tables(folder.connect("a.csv")), ["a.csv"], "one file")
        equal(rows_of(folder.connect("sub"), "SELECT * FROM [deep/f.csv]"), [(1,)], "a path below the folder")
        equal(rows_of(folder.connect(), "SELECT * FROM [c.dat]"), [(1,)], "a file that is not listed")
        equal(rows_of(folder.connect(), "SELECT f.x FROM [sub\\deep\\f.csv] f"), [(1,)], "a path with backslashes")
        equal(rows_of(folder.connect(), f"SELECT * FROM [{folder.path}/sub/e.csv]"), [(1,)], "a whole path below the folder")
        refused(lambda: rows_of(folder.connect("sub"), "SELECT * FROM [../a.csv]"), "42S02", "no path leads out of the folder", "../a.csv")
        refused(lambda: rows_of(folder.connect("sub"), "SELECT * FROM [/etc/passwd]"), "42S02", "nor does a whole one", "/etc/passwd")
        refused(lambda: folder.connect("nothing"), "HY000", "a URI that is not there", "URI=", "nothing", "No such file")
        connection = pyodbc.connect(f"Driver={DRIVER};Provider=CSV;URI=file://{folder.path}/a.csv", autocommit=True)
        equal(rows_of(connection, "SELECT * FROM [a.csv]"), [(1,)], "file://")
        connection.close()


def archives():
    with Folder() as folder:
        folder.write("one.csv.gz", gzip.compress(b"x,y\n1,a\n"))
        folder.write("empty.csv.gz", gzip.compress(b""))
        plain = folder.write("zst.csv", "x,y\n2,b\n")
        subprocess.run(["zstd", "-q", "--rm", plain], check=True, env=plain_environment())
        with zipfile.ZipFile(os.path.join(folder.path, "many.zip"), "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("in.csv", "x\n3\n4\n")
            file.writestr("dir/other.txt", "x;y\n5;6\n")
            file.writestr("readme.md", "no table")
        with tarfile.open(os.path.join(folder.path, "tar.tar.gz"), "w:gz") as file:
            data = b"x\n7\n"
            entry = tarfile.TarInfo("t.csv")
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
        connection = folder.connect()
        equal(tables(connection), ["empty.csv", "one.csv", "zst.csv"], "packed files are tables")
        equal([rows_of(connection, f"SELECT * FROM [{name}]") for name in ("one.csv", "zst.csv", "empty.csv")], [[(1, "a")], [(2, "b")], []], "their rows")
        connection.close()
        connection = folder.connect("many.zip")
        equal(tables(connection), ["dir_other.txt", "in.csv"], "the files of a zip")
        equal(rows_of(connection, "SELECT SUM(x) FROM [in.csv]"), [(7,)], "their rows")
        connection.close()
        connection = folder.connect("tar.tar.gz")
        equal(rows_of(connection, "SELECT * FROM [t.csv]"), [(7,)], "a tar.gz")
        connection.close()
        connection = folder.connect(IncludeFiles="csv,zip")
        equal([name for name in tables(connection) if name.startswith("many")], ["many_in.csv"], "an archive within a folder, where IncludeFiles names it")
        connection.close()
        folder.write("broken.csv.gz", gzip.compress(b"x,y\n" + b"1,a\n" * 5000)[:60])
        connection = folder.connect()
        refused(lambda: rows_of(connection, "SELECT COUNT(*) FROM [broken.csv]"), "42S02", "an archive that breaks off", "broken.csv.gz", "unpacked")
        connection.close()


def aggregated():
    with Folder() as folder:
        folder.write("a.csv", "id,name\n1,a\n2,b\n")
        folder.write("b.csv", "name,id\nc,3\n")
        folder.write("c.csv", "id,other\n4,x\n")
        folder.write("all.txt", "name,id,other\nz,0,z\n")
        connection = folder.connect(AggregateFiles="true", IncludeFiles="csv")
        equal(tables(connection), ["AggregatedFiles"], "all files are one table")
        equal(rows_of(connection, "SELECT * FROM AggregatedFiles"), [(1, "a"), (2, "b"), (3, "c"), (4, None)], "columns are found by their names")
        equal(rows_of(connection, "SELECT COUNT(*), SUM(id) FROM AggregatedFiles WHERE id > 1"), [(3, 9)], "counted and summed")
        equal(rows_of(connection, "SELECT COUNT(*) FROM AggregatedFiles"), [(4,)], "COUNT(*) of all files")
        connection.close()
        connection = folder.connect(AggregateFiles="true", IncludeFiles="csv", MetadataDiscoveryURI="all.txt", UseRowNumbers="true")
        equal(rows_of(connection, "SELECT * FROM AggregatedFiles WHERE id > 1"), [(2, "b", 2, None), (3, "c", 3, None), (4, None, 4, "x")],
              "MetadataDiscoveryURI tells the columns, and rows are numbered on")
        connection.close()
        refused(lambda: folder.connect(AggregateFiles="true", MetadataDiscoveryURI="none.csv").execute("SELECT * FROM AggregatedFiles"), "42S02",
                "a MetadataDiscoveryURI that leads nowhere", "none.csv")


# ---- Schema.ini ----

def schema_ini():
    with Folder() as folder:
        folder.write("Schema.ini", "\r\n".join([
            "; a comment", "[Sales.csv]", "Format=Delimited(;)", "ColNameHeader=False", 'Col1=Id Long', 'Col2="First Name" Text Width 30',
            "Col3=Price Decimal", "Col4=Since DateTime", "DecimalSymbol=,", "NumberDigits=2", "DateTimeFormat=dd.mm.yyyy hh:nn", "TextDelimiter='", "",
            "[fixed.dat]", "Format=FixedLength", "ColNameHeader=False", "Col1=code Text Width 4", "Col2=n Integer Width 3", "Col3=rest Text Width 10", "",
            "[old.txt]", "CharacterSet=ANSI", "Format=TabDelimited", ""]))
        folder.write("sales.csv", "1;'O;K';2,50;29.02.2024 12:30\n2;x;-1,00;01.03.2024 00:00\n")
        folder.write("fixed.dat", "ab  12 öäü\ncd   7 second\n")
        folder.write("old.txt", "größe\tn\nmüde\t1\n".encode("cp1252"))
        connection = folder.connect()
        equal(tables(connection), ["fixed.dat", "old.txt", "sales.csv"], "files that Schema.ini names are tables")
        equal([column.column_name for column in connection.cursor().columns(table="sales.csv")], ["Id", "First Name", "Price", "Since"], "columns are as it says")
        equal(rows_of(connection, "SELECT * FROM [sales.csv]"), [(1, "O;K", D("2.50"), datetime.datetime(2024, 2, 29, 12, 30)),
                                                                (2, "x", D("-1.00"), datetime.datetime(2024, 3, 1))], "and so are the cells")
        equal(rows_of(connection, "SELECT * FROM [fixed.dat]"), [("ab", 12, "öäü"), ("cd", 7, "second")], "fields of fixed widths")
        equal(rows_of(connection, "SELECT * FROM [old.txt]"), [("müde", 1)], "CharacterSet")
        connection.close()
        connection = folder.connect("sales.csv", ExtendedProperties="HDR=Yes;FMT=Delimited(|)")
        equal(rows_of(connection, "SELECT COUNT(*) FROM [sales.csv]"), [(2,)], "Schema.ini wins over ExtendedProperties, also for one file")
        connection.close()
        folder.write("Schema.ini", "[sales.csv]\nCol1=Id Nonsense\n")
        connection = folder.connect()
        refused(lambda: rows_of(connection, "SELECT * FROM [sales.csv]"), "42S02", "a type that is none", "Schema.ini:2", "Nonsense")
        connection.close()
        folder.write("Schema.ini", "Format=CSVDelimited\n")
        refused(lambda: folder.connect(), "HY000", "an entry before any section", "Schema.ini:1")


# ---- Other programs ----

def files_change():
    with Folder() as folder:
        folder.write("t.csv", "a,b\n1,2\n")
        connection = folder.connect()
        equal(rows_of(connection, "SELECT a, b FROM [t.csv]"), [(1, 2)], "a file")
        folder.write("t.csv", "b,new,a\n3,x,4\n5,y,6\n")
        equal(rows_of(connection, "SELECT a, b FROM [t.csv]"), [(4, 3), (6, 5)], "is read anew by each query, its columns by their names")
        folder.write("t.csv", "b\n3\n")
        refused(lambda: rows_of(connection, "SELECT a, b FROM [t.csv]"), "HY000", "one without some of them", "t.csv", "no column a")
        equal(rows_of(connection, "SELECT b FROM [t.csv]"), [(3,)], "which need not be wanted")
        os.unlink(os.path.join(folder.path, "t.csv"))
        refused(lambda: rows_of(connection, "SELECT b FROM [t.csv]"), "HY000", "one that is gone", "t.csv", "No such file")
        connection.close()


def isql():
    with Folder() as folder, Session() as session:
        folder.write("t.csv", "id,name\n1,Größe\n2,b\n")
        session.sources["files"] = {"Driver": DRIVER, "Provider": "CSV", "URI": folder.path}
        with open(os.environ["ODBCINI"], "a") as file:
            file.write(f"[files]\nDriver={DRIVER}\nProvider=CSV\nURI={folder.path}\n")
        equal(session.isql_rows('SELECT * FROM "t.csv"', "files"), [["1", "Größe"], ["2", "b"]], "isql reads a file")


def memory_is_bounded():
    """A file of 60 MB is read in far less; the sanitizers keep what was freed, and so are not asked."""
    with Folder() as folder:
        path = os.path.join(folder.path, "t.csv")
        with open(path, "w") as file:
            file.write("a,b,c\n")
            for i in range(600):
                file.write("".join(f"{i * 1000 + j},{'x' * 80},{j}\n" for j in range(1000)))
        connection = folder.connect()
        rows_of(connection, 'SELECT COUNT(*) FROM "t.csv"')
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cursor, count = connection.execute('SELECT * FROM "t.csv"'), 0
        while rows := cursor.fetchmany(1000):
            count += len(rows)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        connection.close()
        equal(count, 600000, "600,000 rows of a file of 60 MB")
        if "ASAN_OPTIONS" not in os.environ:
            check(grown < 40000, "in less than 40 MB", f"{grown} kB")


run(quoting, delimiters, rows_of_all_lengths, names_of_columns, values_of_cells, character_sets, types, what_does_not_fit, empty_files, queries, overflows,
    folders, archives, aggregated, schema_ini, files_change, isql, memory_is_bounded)
