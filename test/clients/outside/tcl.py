#!/usr/bin/python3
"""Tcl: tdbc::odbc."""
from client import FOLDER, conversation, run

run(conversation("tdbc::odbc", ["tclsh", f"{FOLDER}/tcl.tcl"], offers={"tables", "columns", "keys", "foreign", "parameters"}))
