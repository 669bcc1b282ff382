#!/usr/bin/python3
"""mono: System.Data.Odbc. Its GetSchema needs a file that mono does not ship."""
import os
import subprocess
import sys

from client import BUILD, FOLDER, conversation, run

PROGRAM = os.path.join(BUILD, "outside-mono.exe")
compiled = subprocess.run(["mcs", "-r:System.Data.dll", f"-out:{PROGRAM}", f"{FOLDER}/mono.cs"], capture_output=True, text=True)
if compiled.returncode:
    sys.exit(compiled.stdout + compiled.stderr)
run(conversation("System.Data.Odbc", ["mono", PROGRAM], offers={"keys", "types", "parameters"}, survives=False,
                 types=("Int64", "Int32", "Double", "Decimal", "DateTime", "TimeSpan", "DateTime", "Boolean", "String", "String")))
