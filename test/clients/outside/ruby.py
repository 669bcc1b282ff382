#!/usr/bin/python3
"""Ruby: ruby-odbc, by the ANSI functions and by the wide ones.

Debian's library binds to its own empty stand-ins before it opens the driver manager, so the driver manager is loaded before it. Its wide
form takes the two halves of a surrogate pair in the wrong order.
"""
import os

from client import FOLDER, conversation, run

TYPES = ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "BIT", "VARCHAR", "VARCHAR")
LOADED = {"LD_PRELOAD": " ".join((os.environ["RESTODBC_TEST_RUNTIME"], "libodbc.so.2", "libodbcinst.so.2")).strip()}
run(conversation("ruby-odbc", ["ruby", f"{FOLDER}/ruby.rb", "odbc"], version=2, types=TYPES, environment=LOADED),
    conversation("ruby-odbc, wide", ["ruby", f"{FOLDER}/ruby.rb", "odbc_utf8"], types=TYPES, environment=LOADED, astral=False))
