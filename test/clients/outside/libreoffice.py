#!/usr/bin/python3
"""LibreOffice Base, headless."""
from client import EVERYTHING, FOLDER, conversation, run

run(conversation("LibreOffice", ["/usr/bin/python3", f"{FOLDER}/libreoffice_script.py"], offers=EVERYTHING, survives=False,
                 types=("BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "BIT", "VARCHAR", "VARCHAR")))
