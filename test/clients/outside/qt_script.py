"""Qt's QODBC, by way of PyQt5, answers the questions of client.py."""
import sys

from PyQt5.QtCore import QCoreApplication, QDate, QDateTime, QMetaType, QTime, QVariant
from PyQt5.QtSql import QSql, QSqlDatabase, QSqlQuery

ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
KINDS = {"integer": int, "bigint": int, "double": float, "boolean": lambda text: text == "1",
         "date": lambda text: QDate.fromString(text, "yyyy-MM-dd"), "time": lambda text: QTime.fromString(text, "HH:mm:ss"),
         "timestamp": lambda text: QDateTime.fromString(text, "yyyy-MM-dd HH:mm:ss")}


def text_of(value):
    if value is None:
        return "\\N"
    if isinstance(value, QDateTime):
        value = value.toString("yyyy-MM-dd HH:mm:ss")
    elif isinstance(value, QDate):
        value = value.toString("yyyy-MM-dd")
    elif isinstance(value, QTime):
        value = value.toString("HH:mm:ss")
    return "".join(ESCAPES.get(character, character) for character in str(value))


def unescape(field):
    plain = field.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\0", "\\")
    return None if field == "\\N" else plain


def row(*cells):
    print("|", *map(text_of, cells), sep="\t")


def asked(sql, *given):
    query = QSqlQuery(database)
    query.setForwardOnly(True)
    done = query.prepare(sql)
    for kind, value in zip(given[::2], given[1::2]):
        query.addBindValue(QVariant(QVariant.String) if value is None else KINDS.get(kind, str)(value))
    if not done or not query.exec_():
        raise RuntimeError(query.lastError().text())
    return query


def answer_query(sql, *given):
    query = asked(sql, *given)
    while query.next():
        row(*(None if query.isNull(i) else query.value(i) for i in range(query.record().count())))


def answer_types(sql):
    record = asked(sql).record()
    for i in range(record.count()):
        row(QMetaType.typeName(record.field(i).type()))


def answer_columns(table):
    record = database.record(table)
    for i in range(record.count()):
        row(record.fieldName(i))


def answer_keys(table):
    index = database.primaryIndex(table)
    for i in range(index.count()):
        row(index.fieldName(i))


def answer_tables():
    for table in database.tables(QSql.AllTables):
        row(table)


application = QCoreApplication(sys.argv)
database = QSqlDatabase.addDatabase("QODBC3")
database.setDatabaseName(sys.argv[1])
if not database.open():
    sys.exit(database.lastError().text())
for line in sys.stdin:
    question, *fields = map(unescape, line.rstrip("\n").split("\t"))
    try:
        globals()["answer_" + question](*fields)
    except RuntimeError as failure:
        print("!", text_of(failure), sep="\t")
    print(".", flush=True)
database.close()
