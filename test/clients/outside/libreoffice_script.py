"""LibreOffice Base, headless: its ODBC driver (sdbc:odbc:) by way of UNO answers the questions of client.py."""
import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sdbc import SQLException
from com.sun.star.sdbc.DataType import (BIGINT, BIT, BOOLEAN, CHAR, DATE, DECIMAL, DOUBLE, INTEGER, LONGVARCHAR, NUMERIC, TIME, TIMESTAMP,
                                        VARCHAR)
from com.sun.star.util import Date, DateTime, Time

ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
TYPES = {BIGINT: "BIGINT", BIT: "BIT", BOOLEAN: "BOOLEAN", CHAR: "CHAR", DATE: "DATE", DECIMAL: "DECIMAL", DOUBLE: "DOUBLE",
         INTEGER: "INTEGER", LONGVARCHAR: "LONGVARCHAR", NUMERIC: "NUMERIC", TIME: "TIME", TIMESTAMP: "TIMESTAMP", VARCHAR: "VARCHAR"}


def start(profile):
    """The office, and its component context."""
    pipe = f"restodbc{os.getpid()}"
    office = subprocess.Popen(["soffice", "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;",
                               f"-env:UserInstallation=file://{profile}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    while True:
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if office.poll() is not None:
                sys.exit("the office did not start")
            time.sleep(0.1)


def text_of(value):
    return "\\N" if value is None else "".join(ESCAPES.get(character, character) for character in str(value))


def unescape(field):
    plain = field.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\0", "\\")
    return None if field == "\\N" else plain


def row(*cells):
    print("|", *map(text_of, cells), sep="\t")


def cell(result, index, kind):
    """The value by the getter that an application would choose for the column's type."""
    if kind == DATE:
        value = result.getDate(index)
        text = f"{value.Year:04}-{value.Month:02}-{value.Day:02}"
    elif kind == TIME:
        value = result.getTime(index)
        text = f"{value.Hours:02}:{value.Minutes:02}:{value.Seconds:02}"
    elif kind == TIMESTAMP:
        value = result.getTimestamp(index)
        text = f"{value.Year:04}-{value.Month:02}-{value.Day:02} {value.Hours:02}:{value.Minutes:02}:{value.Seconds:02}"
    elif kind == INTEGER:
        text = result.getInt(index)
    elif kind == BIGINT:
        text = result.getLong(index)
    elif kind == DOUBLE:
        text = repr(result.getDouble(index))
    elif kind in (BIT, BOOLEAN):
        text = int(result.getBoolean(index))
    else:
        text = result.getString(index)
    return None if result.wasNull() else text


def rows(result, *names):
    description = result.getMetaData()
    wanted = [result.findColumn(name) for name in names] or range(1, description.getColumnCount() + 1)
    kinds = {index: description.getColumnType(index) for index in wanted}
    while result.next():
        row(*(cell(result, index, kinds[index]) for index in wanted))
    result.close()


def bind(statement, index, kind, text):
    if text is None:
        statement.setNull(index, VARCHAR)
    elif kind == "date":
        year, month, day = map(int, text.split("-"))
        statement.setDate(index, Date(day, month, year))
    elif kind == "time":
        hours, minutes, seconds = map(int, text.split(":"))
        statement.setTime(index, Time(0, seconds, minutes, hours, False))
    elif kind == "timestamp":
        day, clock = text.split(" ")
        year, month, day = map(int, day.split("-"))
        hours, minutes, seconds = map(int, clock.split(":"))
        statement.setTimestamp(index, DateTime(0, seconds, minutes, hours, day, month, year, False))
    elif kind == "integer":
        statement.setInt(index, int(text))
    elif kind == "bigint":
        statement.setLong(index, int(text))
    elif kind == "double":
        statement.setDouble(index, float(text))
    elif kind == "boolean":
        statement.setBoolean(index, text == "1")
    elif kind == "decimal":
        statement.setObjectWithInfo(index, text, DECIMAL, 2)
    else:
        statement.setString(index, text)


def answer_query(sql, *given):
    if given:
        statement = connection.prepareStatement(sql)
        for i in range(0, len(given), 2):
            bind(statement, i // 2 + 1, given[i], given[i + 1])
        result = statement.executeQuery()
    else:
        statement = connection.createStatement()
        result = statement.executeQuery(sql)
    rows(result)
    statement.close()


def answer_types(sql):
    statement = connection.prepareStatement(sql)
    description = statement.getMetaData()
    for index in range(1, description.getColumnCount() + 1):
        row(TYPES.get(description.getColumnType(index), description.getColumnType(index)))
    statement.close()


def answer_tables():
    rows(connection.getMetaData().getTables(None, "%", "%", ()), "TABLE_NAME")


def answer_columns(table):
    rows(connection.getMetaData().getColumns(None, "%", table, "%"), "COLUMN_NAME")


def answer_keys(table):
    rows(connection.getMetaData().getPrimaryKeys(None, "", table), "COLUMN_NAME")


def answer_foreign(table):
    rows(connection.getMetaData().getImportedKeys(None, "", table), "FKCOLUMN_NAME", "PKTABLE_NAME", "PKCOLUMN_NAME")


def answer_procedures():
    rows(connection.getMetaData().getProcedures(None, "%", "%"), "PROCEDURE_NAME")


def answer_inputs(procedure):
    rows(connection.getMetaData().getProcedureColumns(None, "%", procedure, "%"), "COLUMN_NAME")


office, context = start(os.path.join(os.environ["HOME"], "office"))
manager = context.ServiceManager.createInstanceWithContext("com.sun.star.sdbc.DriverManager", context)
connection = manager.getConnectionWithInfo(f"sdbc:odbc:{sys.argv[1]}", (PropertyValue("CharSet", 0, "utf-8", 0),))
for line in sys.stdin:
    question, *fields = map(unescape, line.rstrip("\n").split("\t"))
    try:
        globals()["answer_" + question](*fields)
    except SQLException as failure:
        print("!", text_of(f"{failure.SQLState} {failure.Message}"), sep="\t")
    print(".", flush=True)
connection.close()
context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
sys.exit(office.wait(60))
