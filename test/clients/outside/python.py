#!/usr/bin/python3
"""Python: pyodbc, and with it SQLAlchemy, pandas and the others that stand on it."""
from client import EVERYTHING, FOLDER, conversation, run

run(conversation("pyodbc", ["/usr/bin/python3", f"{FOLDER}/python_script.py"], offers=EVERYTHING,
                 types=("int(19,0)", "int(10,0)", "float", "Decimal(12,2)", "date", "time", "datetime", "bool", "str", "str")))
