#!/usr/bin/python3
"""Qt: QODBC."""
from client import FOLDER, conversation, run

run(conversation("QODBC", ["/usr/bin/python3", f"{FOLDER}/qt_script.py"], offers={"tables", "columns", "keys", "types", "parameters"},
                 version=None, types=("qlonglong", "int", "double", "double", "QDate", "QTime", "QDateTime", "uint", "QString", "QString")))
