#!/usr/bin/python3
"""R: RODBC, which has no parameters and makes room for one byte a character."""
from client import FOLDER, conversation, run

run(conversation("RODBC", ["Rscript", f"{FOLDER}/r.R"], offers={"tables", "columns", "keys", "types"}, sizes=False,
         types=("integer", "integer", "numeric", "numeric", "Date", "character", "POSIXct", "integer", "character", "character"), environment={"TZ": "UTC"}))
