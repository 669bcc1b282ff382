#!/usr/bin/python3
"""Perl: DBD::ODBC."""
from client import EVERYTHING, FOLDER, conversation, run

run(conversation("DBD::ODBC", ["perl", f"{FOLDER}/perl.pl"], offers=EVERYTHING - {"procedures", "inputs"},
         types=("BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "BIT", "VARCHAR", "VARCHAR")))
